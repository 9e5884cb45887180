//! A hub that is killed again and again while tills push: what it acknowledged is there.
//!
//! The hub is this test's own program, started again as a child with `BARROW_HUB_FOLDER` set.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use barrow_hub::hub::{Hub, Who};
use barrow_hub::journal::Journal;
use barrow_hub::sqlite::SqliteStorage;
use barrow_hub::storage::Storage;
use barrow_log::id::Incarnation;
use barrow_log::key::DeviceSecret;
use barrow_log::stream::OpRef;
use barrow_store::Options;
use barrow_sync::enrol::{Enrolment, HubCode, Secret};
use barrow_sync::message::HalfHash;
use common::{Acknowledged, founded, name_hub, sell, talk_on, until};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

/// Kills so often; each time the hub is somewhere else in its work.
const KILLS: u64 = 25;
const SEED: [u8; 32] = [98; 32];

fn storage(folder: &Path) -> SqliteStorage {
    SqliteStorage::new(folder, &Options::default()).unwrap()
}

/// Is the hub, in the child, until it is killed.
#[test]
fn child() {
    let Some(folder) = std::env::var_os("BARROW_HUB_FOLDER") else {
        return;
    };
    let port = std::env::var("BARROW_HUB_PORT").unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    runtime.unwrap().block_on(async {
        let who = Who {
            secret: DeviceSecret::from_seed(SEED),
            incarnation: Incarnation::from_number(98),
            setup: Secret([7; 16]),
        };
        let storage = Box::new(storage(Path::new(&folder)));
        let hub = Hub::open(storage, who, Journal::new(|| 0, Box::new(|_| {}))).unwrap();
        let listener = hub
            .listen(format!("127.0.0.1:{port}").parse().unwrap())
            .await
            .unwrap();
        hub.run(listener).await;
    });
}

fn start(folder: &Path, port: u16) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "child", "--nocapture"])
        .env("BARROW_HUB_FOLDER", folder)
        .env("BARROW_HUB_PORT", port.to_string())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_again_and_again_it_holds_what_it_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let till = founded(&folder.path().join("till"), 1);
    let place = folder.path().join("hub");
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let code = HubCode {
        hub: DeviceSecret::from_seed(SEED).public(),
        incarnation: Incarnation::from_number(98),
        secret: Secret([7; 16]),
        addresses: vec![format!("127.0.0.1:{port}")],
    };
    let mut hub = start(&place, port);
    until("the hub", || {
        std::net::TcpStream::connect(("127.0.0.1", port)).is_ok()
    })
    .await;
    assert_eq!(name_hub(&till, &code).await, Enrolment::Welcome);
    let acknowledged = Acknowledged::default();
    let talking = tokio::spawn(talk_on(
        Arc::clone(&till),
        code.addresses[0].clone(),
        code.hub,
        Arc::clone(&acknowledged),
    ));
    let selling = tokio::spawn({
        let till = Arc::clone(&till);
        async move {
            for number in 0.. {
                sell(&till, 1_000 + number).await;
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        }
    });
    let mut proven = 0;
    for kill in 0..KILLS {
        tokio::time::sleep(Duration::from_millis(150 + 37 * (kill % 9))).await;
        hub.kill().unwrap();
        hub.wait().unwrap();
        let said = acknowledged.lock().unwrap().clone();
        let reader = storage(&place).reader(till.me().organisation).unwrap();
        for held in said.values().filter(|held| held.seq > 0) {
            let place = OpRef {
                stream: held.stream,
                seq: held.seq,
            };
            let there = reader.tip_at(&place).unwrap();
            let there = there.map(|tip| HalfHash::from(tip.head.hash));
            assert_eq!(
                there,
                Some(held.hash),
                "kill {kill}: op {} was acknowledged",
                held.seq
            );
            proven = proven.max(held.seq);
        }
        drop(reader);
        hub = start(&place, port);
    }
    assert!(
        proven > 50,
        "the hub acknowledged too little for this to say anything: {proven}"
    );
    selling.abort();
    // It heals: at the end the hub holds everything, and folds it to the same figures as the till.
    till.ask_flush().unwrap().await.unwrap();
    let book = till.durable().borrow().vector.clone();
    let all = || {
        let said = acknowledged.lock().unwrap();
        book.0
            .iter()
            .all(|(stream, head)| said.get(stream).is_some_and(|held| held.seq >= head.seq))
    };
    until("everything at the hub", all).await;
    talking.abort();
    hub.kill().unwrap();
    hub.wait().unwrap();
}

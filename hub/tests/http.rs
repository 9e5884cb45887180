//! What a hub shows, as a browser and Prometheus ask for it; and its copies.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use barrow_hub::backup::{backup, restore};
use barrow_hub::http;
use barrow_hub::hub::{Hub, Secret, Who};
use barrow_hub::journal::Journal;
use barrow_hub::run::ORGANISATIONS;
use barrow_hub::sqlite::SqliteStorage;
use barrow_hub::storage::Storage;
use barrow_log::id::Incarnation;
use barrow_log::key::DeviceSecret;
use barrow_store::Options;
use barrow_sync::enrol::Enrolment;
use common::{Acknowledged, founded, name_hub, sell, talk_on, until};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

fn open(folder: &Path) -> Arc<Hub> {
    let who = Who {
        secret: DeviceSecret::from_seed([99; 32]),
        incarnation: Incarnation::from_number(99),
        setup: Secret([7; 16]),
    };
    let storage = SqliteStorage::new(&folder.join(ORGANISATIONS), &Options::default()).unwrap();
    Hub::open(Box::new(storage), who, Journal::new(|| 0, Box::new(|_| {}))).unwrap()
}

async fn shown(hub: &Arc<Hub>, token: Option<&str>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(http::serve(Arc::clone(hub), listener, token.map(str::to_owned)));
    address
}

/// Asks, and reads until the text holds what is looked for or the answer ends.
async fn ask(address: SocketAddr, path: &str, headers: &str, look_for: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nConnection: close\r\n{headers}\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let (mut text, mut piece) = (String::new(), [0; 4096]);
    loop {
        let read = stream.read(&mut piece).await.unwrap();
        text.push_str(&String::from_utf8_lossy(&piece[..read]));
        if read == 0 || (!look_for.is_empty() && text.contains(look_for)) {
            return text;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn figures_are_shown_to_this_machine_or_for_the_token_alone() {
    let folder = tempfile::tempdir().unwrap();
    let one = founded(&folder.path().join("one"), 1);
    let hub = open(&folder.path().join("hub"));
    let listener = hub.listen("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let code = hub.code(vec![listener.address().unwrap().to_string()]);
    tokio::spawn(Arc::clone(&hub).run(listener));
    assert_eq!(name_hub(&one, &code).await, Enrolment::Welcome);
    let address = code.addresses[0].clone();
    tokio::spawn(talk_on(
        Arc::clone(&one),
        address,
        code.hub,
        Acknowledged::default(),
    ));
    sell(&one, 100).await;
    let shop = hub.organisations().into_values().next().unwrap();
    until("the sale at the hub", || shop.books().unwrap().sales == 1).await;

    let (here, elsewhere) = (shown(&hub, None).await, shown(&hub, Some("secret")).await);
    let local = "Host: localhost:7118\r\n";
    let page = ask(here, "/", local, "").await;
    assert!(
        page.starts_with("HTTP/1.1 200") && page.contains("<title>Barrow hub</title>"),
        "{page}"
    );
    assert!(
        page.contains("content-security-policy: default-src 'none'"),
        "{page}"
    );
    let shops = ask(here, "/api/shops", local, "").await;
    assert!(
        shops.contains(r#""shop":"Barrow sample market","sales":1"#),
        "{shops}"
    );
    let figures = ask(here, "/metrics", local, "").await;
    assert!(
        figures.contains("# TYPE barrow_hub_ops counter") && figures.contains("barrow_hub_well{shop="),
        "{figures}"
    );
    let live = ask(here, "/api/live", local, "\n\n").await;
    assert!(live.contains("text/event-stream"), "{live}");
    let live = ask(here, "/api/live", local, "event: shops").await;
    assert!(live.contains("event: shops"), "{live}");
    // A page from elsewhere whose name was made to point here asks by that name.
    let rebound = ask(here, "/api/shops", "Host: evil.example\r\n", "").await;
    assert!(
        rebound.starts_with("HTTP/1.1 401") && rebound.contains("application/problem+json"),
        "{rebound}"
    );

    let refused = ask(elsewhere, "/api/shops", local, "").await;
    assert!(
        refused.starts_with("HTTP/1.1 401") && !refused.contains("Barrow sample market"),
        "{refused}"
    );
    let wrong = ask(elsewhere, "/metrics?token=secre", local, "").await;
    assert!(wrong.starts_with("HTTP/1.1 401"), "{wrong}");
    let right = ask(elsewhere, "/api/shops?token=secret", local, "").await;
    assert!(right.starts_with("HTTP/1.1 200"), "{right}");
    let bearer = "Host: hub\r\nAuthorization: Bearer secret\r\n";
    assert!(
        ask(elsewhere, "/api/shops", bearer, "")
            .await
            .starts_with("HTTP/1.1 200")
    );
    let health = ask(elsewhere, "/health", "Host: hub\r\n", "").await;
    assert!(
        health.starts_with("HTTP/1.1 200") && health.contains(r#""status":"ok""#),
        "{health}"
    );
    let nothing = ask(here, "/nothing", local, "").await;
    assert!(
        nothing.starts_with("HTTP/1.1 404") && nothing.contains("application/problem+json"),
        "{nothing}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_comes_back_with_another_epoch_and_the_tills_send_what_it_lacks() {
    let folder = tempfile::tempdir().unwrap();
    let (data, target) = (folder.path().join("hub"), folder.path().join("copies"));
    let one = founded(&folder.path().join("one"), 1);
    let key = one.me().organisation;
    let hub = open(&data);
    let listener = hub.listen("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let address = listener.address().unwrap();
    let code = hub.code(vec![address.to_string()]);
    let running = tokio::spawn(Arc::clone(&hub).run(listener));
    assert_eq!(name_hub(&one, &code).await, Enrolment::Welcome);
    let acknowledged = Acknowledged::default();
    let talking = tokio::spawn(talk_on(
        Arc::clone(&one),
        address.to_string(),
        code.hub,
        Arc::clone(&acknowledged),
    ));
    let all = |hub: &Hub| {
        let shop = hub.organisations().into_values().next();
        shop.is_some_and(|shop| shop.durable().vector == one.durable().borrow().vector)
    };
    sell(&one, 100).await;
    until("the first sale at the hub", || all(&hub)).await;
    let copies = backup(&data, &target).unwrap();
    sell(&one, 101).await;
    until("the second sale at the hub", || all(&hub)).await;
    hub.stop();
    running.await.unwrap();
    drop(hub);
    let storage = || SqliteStorage::new(&data.join(ORGANISATIONS), &Options::default()).unwrap();
    let epoch = storage().shelf(key).unwrap().epoch([1; 16]).unwrap();
    assert_ne!(epoch, [1; 16]);
    restore(&data, &copies[0]).unwrap();
    let restored = storage().shelf(key).unwrap();
    let (then, now) = (
        restored.durable().unwrap().vector,
        one.durable().borrow().vector.clone(),
    );
    assert_ne!(then, now, "yesterday's copy");
    drop(restored);
    let hub = open(&data);
    assert_eq!(storage().organisations().unwrap(), [key]);
    let listener = hub.listen(address).await.unwrap();
    let running = tokio::spawn(Arc::clone(&hub).run(listener));
    until("all of it again", || all(&hub)).await;
    hub.stop();
    running.await.unwrap();
    drop(hub);
    assert_ne!(storage().shelf(key).unwrap().epoch([1; 16]).unwrap(), epoch);
    talking.abort();
    // Half a copy, or another file, changes nothing.
    let half = folder.path().join("half");
    let whole = std::fs::read(&copies[0]).unwrap();
    std::fs::write(&half, &whole[..whole.len() / 2]).unwrap();
    assert!(restore(&data, &half).is_err());
    assert!(restore(&data, Path::new("/nothing/here")).is_err());
    assert_eq!(storage().shelf(key).unwrap().durable().unwrap().vector, now);
}

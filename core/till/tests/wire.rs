//! Tills that meet over real sockets: TLS and WebSocket on loopback, with cuts in between.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use barrow_kernel::command::{Command, ItemRef, LineDraft};
use barrow_link::dial::dial;
use barrow_link::limits::Limits;
use barrow_link::listen::Listener;
use barrow_link::meet::{Side, clock, meet};
use barrow_link::testing::{Faults, Proxy};
use barrow_link::wire::Link;
use barrow_log::id::{CartId, CommandId};
use barrow_log::policy::Capability;
use barrow_store::Options;
use barrow_sync::session::{Ending, Output};
use barrow_till::Till;
use barrow_till::goods::sample;
use barrow_till::join::Joining;
use barrow_till::ports::{FixedClock, MemoryKeyStore, Ports, SeededChance};
use barrow_till::setup::{CASH, FIRST_LOCATION};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

const MORNING_MS: i64 = 1_780_000_000_000;

fn ports(seed: u64, keys: &Arc<MemoryKeyStore>) -> Ports {
    Ports {
        clock: Box::new(FixedClock::at(MORNING_MS)),
        chance: Box::new(SeededChance::new(seed)),
        keys: Box::new(Arc::clone(keys)),
    }
}

async fn talk(till: Arc<Till>, link: Link) -> Option<Ending> {
    let keeper = Arc::clone(&till);
    let side = Side {
        me: till.me(),
        heard: None,
        log: till.log().unwrap(),
        durable: till.durable(),
        keep: async move |arrived| keeper.keep(arrived).await,
        now: clock(),
        tell: |_: &mut _, _: &_, _: &_| true,
    };
    meet(side, link).await.unwrap()
}

/// Founds a shop and lets a second till join over a link.
async fn market(folder: &Path) -> (Arc<Till>, Arc<Till>) {
    let keys = [(); 2].map(|()| Arc::new(MemoryKeyStore::default()));
    let owner = tokio::task::block_in_place(|| {
        let (folder, ports) = (folder.join("one"), ports(1, &keys[0]));
        let owner = Till::found(&folder, &sample::setup(), ports, &Options::default()).unwrap();
        sample::load(&owner).unwrap();
        owner
    });
    let owner = Arc::new(owner);
    let mut joining = Joining::begin(
        &folder.join("two"),
        &ports(2, &keys[1]),
        owner.me().organisation,
        "Till 2",
        &Options::default(),
    )
    .unwrap();
    let sells = [Capability::Sell, Capability::Shift].into();
    let applicant = joining.applicant(FIRST_LOCATION, sells);
    let certifier = Arc::clone(&owner);
    tokio::task::spawn_blocking(move || certifier.certify(applicant).unwrap())
        .await
        .unwrap();
    let mut listener = listener(&owner).await;
    let address = listener.address().unwrap().to_string();
    let host = tokio::spawn({
        let owner = Arc::clone(&owner);
        async move { talk(owner, listener.accept().await.unwrap()).await }
    });
    let identity = joining.link_identity().unwrap();
    let link = dial(&address, &identity, Some(owner.me().device), &Limits::default())
        .await
        .unwrap();
    let side = Side {
        me: joining.me(),
        heard: None,
        log: joining.log().unwrap(),
        durable: joining.durable(),
        keep: async |arrived: Vec<_>| joining.keep(&arrived),
        now: clock(),
        tell: |session: &mut barrow_sync::session::Session, log: &_, _: &Output| {
            !session.is_in_step(log).unwrap()
        },
    };
    assert_eq!(meet(side, link).await.unwrap(), None);
    assert!(matches!(host.await.unwrap(), Some(Ending::Bye(_))));
    joining.finish().unwrap();
    let second = Till::open(&folder.join("two"), ports(3, &keys[1]), &Options::default()).unwrap();
    (owner, Arc::new(second))
}

async fn listener(till: &Till) -> Listener {
    Listener::bind(
        "127.0.0.1:0".parse().unwrap(),
        till.link_identity(),
        Limits::default(),
    )
    .await
    .unwrap()
}

async fn sell(till: &Till, number: u128) {
    let cart = CartId::from_number(number);
    let add = Command::AddLines {
        cart,
        lines: vec![LineDraft::of(ItemRef::Sku("LA-HONEY".into()))],
        approval: None,
    };
    let pay = Command::Tender {
        cart,
        tender: CASH,
        amount_minor: None,
        given_minor: None,
        reference: None,
    };
    till.dispatch(CommandId::from_number(number * 2), add)
        .await
        .unwrap();
    till.dispatch(CommandId::from_number(number * 2 + 1), pay)
        .await
        .unwrap();
}

/// Waits until two tills hold the same.
async fn in_step(one: &Till, two: &Till) {
    for _ in 0..4_000 {
        if one.durable().borrow().vector == two.durable().borrow().vector {
            return;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("the tills never come to hold the same");
}

async fn assert_same(one: &Till, two: &Till) {
    in_step(one, two).await;
    for _ in 0..2_000 {
        let digest = |till: &Till| till.own_reader().unwrap().digest().unwrap();
        let (a, b) = (digest(one), digest(two));
        if a.vector == one.durable().borrow().vector.hash() && a.is_comparable(&b) {
            assert_eq!(a, b);
            return;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("ops are never folded");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_till_joins_over_a_link_and_sales_pass_live_both_ways() {
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = market(folder.path()).await;
    let mut listener = listener(&one).await;
    let address = listener.address().unwrap().to_string();
    let limits = Limits::default();
    let link = dial(&address, two.link_identity(), Some(one.me().device), &limits);
    let (accepted, dialled) = tokio::join!(listener.accept(), link);
    tokio::spawn(talk(Arc::clone(&one), accepted.unwrap()));
    tokio::spawn(talk(Arc::clone(&two), dialled.unwrap()));
    for number in 0..20 {
        sell(&one, 100 + number).await;
        sell(&two, 200 + number).await;
    }
    assert_same(&one, &two).await;
    assert_eq!(two.sales(None, 100).unwrap().sales.len(), 40);
}

#[tokio::test(flavor = "multi_thread")]
async fn cut_again_and_again_in_the_middle_nothing_is_lost_and_nothing_doubled() {
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = market(folder.path()).await;
    let mut listener = listener(&one).await;
    let proxy = Proxy::before(listener.address().unwrap()).await.unwrap();
    let host = tokio::spawn({
        let one = Arc::clone(&one);
        async move {
            loop {
                if let Ok(link) = listener.accept().await {
                    tokio::spawn(talk(Arc::clone(&one), link));
                }
            }
        }
    });
    let guest = tokio::spawn({
        let (two, host, address) = (Arc::clone(&two), one.me().device, proxy.address().to_string());
        async move {
            loop {
                if let Ok(link) = dial(&address, two.link_identity(), Some(host), &Limits::default()).await {
                    talk(Arc::clone(&two), link).await;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
    });
    for number in 0..30 {
        sell(&one, 100 + number).await;
        sell(&two, 200 + number).await;
        if number % 3 == 0 {
            proxy.cut();
        }
    }
    proxy.set(Faults::default());
    assert_same(&one, &two).await;
    assert_eq!(one.sales(None, 100).unwrap().sales.len(), 60);
    guest.abort();
    host.abort();
}

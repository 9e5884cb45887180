//! A hub and tills over real sockets.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use barrow_hub::hub::{Hub, Who};
use barrow_hub::journal::Journal;
use barrow_hub::limits::LINKS_PER_DEVICE;
use barrow_hub::sqlite::SqliteStorage;
use barrow_log::id::{Incarnation, OrganisationId};
use barrow_log::key::DeviceSecret;
use barrow_log::policy::Capability;
use barrow_store::Options;
use barrow_sync::enrol::{Enrolment, HubCode, Secret};
use barrow_sync::session::Ending;
use barrow_till::Till;
use barrow_till::join::Joining;
use barrow_till::net::{Net, NetOptions, join};
use barrow_till::ports::MemoryKeyStore;
use barrow_till::setup::FIRST_LOCATION;
use common::{Acknowledged, founded, name_hub, sell, talk, talk_on, until};
use std::path::Path;
use std::sync::Arc;
use tokio::task::JoinHandle;

/// Starts a hub on a free port.
async fn hub(folder: &Path) -> (Arc<Hub>, HubCode, JoinHandle<()>) {
    let who = Who {
        secret: DeviceSecret::from_seed([99; 32]),
        incarnation: Incarnation::from_number(99),
        setup: Secret([7; 16]),
    };
    let storage = SqliteStorage::new(&folder.join("hub"), &Options::default()).unwrap();
    let hub = Hub::open(Box::new(storage), who, Journal::new(|| 0, Box::new(|_| {}))).unwrap();
    let listener = hub.listen("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let code = hub.code(vec![listener.address().unwrap().to_string()]);
    let running = tokio::spawn(Arc::clone(&hub).run(listener));
    (hub, code, running)
}

fn vector(till: &Till) -> [u8; 32] {
    till.durable().borrow().vector.hash()
}

fn kept(hub: &Hub, till: &Till) -> [u8; 32] {
    let id = OrganisationId::of(&till.me().organisation);
    hub.organisations()[&id].durable().vector.hash()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hub_becomes_the_shops_and_brings_two_tills_together_and_a_restart_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let one = founded(&folder.path().join("one"), 1);
    let (first, code, running) = hub(folder.path()).await;
    assert_eq!(name_hub(&one, &code).await, Enrolment::Welcome);
    assert_eq!(
        name_hub(&one, &code).await,
        Enrolment::Welcome,
        "an answer that got lost"
    );
    let policy = one.durable().borrow().policy.clone();
    assert_eq!(
        policy.hub_of_record(),
        Some((code.hub, code.addresses[0].as_str()))
    );
    assert_eq!(
        policy.certificate(&code.hub, code.incarnation).unwrap().series,
        ""
    );
    // A second till, invited before it ever met the first one: it learns all from the hub.
    let keys = Arc::new(MemoryKeyStore::default());
    let mut joining = Joining::begin(
        &folder.path().join("two"),
        &common::ports(2, &keys),
        one.me().organisation,
        "Till 2",
        &Options::default(),
    )
    .unwrap();
    let applicant = joining.applicant(FIRST_LOCATION, [Capability::Sell, Capability::Shift].into());
    assert_eq!(
        one.ask_certify(applicant, None).unwrap().await.unwrap().series,
        "B"
    );
    let acknowledged = Acknowledged::default();
    let talking = tokio::spawn(talk_on(
        Arc::clone(&one),
        code.addresses[0].clone(),
        code.hub,
        acknowledged,
    ));
    until("the first till at the hub", || kept(&first, &one) == vector(&one)).await;
    let link = barrow_link::dial::dial(
        &code.addresses[0],
        &joining.link_identity().unwrap(),
        Some(code.hub),
        &barrow_link::limits::Limits::default(),
    )
    .await
    .unwrap();
    let side = barrow_link::meet::Side {
        me: joining.me(),
        heard: None,
        log: joining.log().unwrap(),
        durable: joining.durable(),
        keep: async |arrived: Vec<_>| joining.keep(&arrived),
        now: barrow_link::meet::clock(),
        tell: |session: &mut barrow_sync::session::Session, log: &_, _: &_| !session.is_in_step(log).unwrap(),
    };
    assert_eq!(barrow_link::meet::meet(side, link).await.unwrap(), None);
    joining.finish().unwrap();
    let two = Till::open(
        &folder.path().join("two"),
        common::ports(3, &keys),
        &Options::default(),
    )
    .unwrap();
    let two = Arc::new(two);
    let talking_two = tokio::spawn(talk_on(
        Arc::clone(&two),
        code.addresses[0].clone(),
        code.hub,
        Acknowledged::default(),
    ));
    for number in 0..10 {
        sell(&one, 100 + number).await;
        sell(&two, 200 + number).await;
    }
    let both = || vector(&one) == vector(&two) && kept(&first, &one) == vector(&one);
    until("the same at both tills and the hub", both).await;
    // What is kept is folded a moment later.
    let folded = || two.sales(None, 100).unwrap().sales.len() == 20;
    until("every sale in the books of the second till", folded).await;
    let organisation = first.organisations().into_values().next().unwrap();
    until("the hub's figures", || organisation.work().borrow().folded > 0).await;
    drop(organisation);
    talking.abort();
    talking_two.abort();
    first.stop();
    running.await.unwrap();
    drop(first);
    let (again, _, _running) = hub(folder.path()).await;
    assert_eq!(kept(&again, &one), vector(&one));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_is_told_why_and_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let (one, stranger) = (
        founded(&folder.path().join("one"), 1),
        founded(&folder.path().join("stranger"), 5),
    );
    let (hub, code, _running) = hub(folder.path()).await;
    let address = &code.addresses[0];
    let early = talk(&one, address, code.hub, &Acknowledged::default()).await;
    assert!(
        matches!(&early, Some(Ending::Bye(why)) if why.contains("does not keep this shop")),
        "{early:?}"
    );
    let wrong = HubCode {
        secret: Secret([8; 16]),
        ..code.clone()
    };
    assert!(matches!(name_hub(&one, &wrong).await, Enrolment::Bye { .. }));
    assert!(hub.organisations().is_empty());
    assert_eq!(name_hub(&one, &code).await, Enrolment::Welcome);
    assert!(
        matches!(name_hub(&stranger, &code).await, Enrolment::Bye { .. }),
        "the code serves once"
    );
    assert_eq!(hub.organisations().len(), 1);
    assert_eq!(stranger.durable().borrow().policy.hub_of_record(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hub_passes_an_invitation_on_and_what_tills_send_is_safe() {
    let folder = tempfile::tempdir().unwrap();
    let one = founded(&folder.path().join("one"), 1);
    let (hub, code, running) = hub(folder.path()).await;
    let place = folder.path().join("two");
    let (till, text, address) = (Arc::clone(&one), code.to_text(), code.addresses[0].clone());
    let hub_stops = Arc::clone(&hub);
    // The till's own network waits for answers, as a screen's thread does.
    let work = tokio::task::spawn_blocking(move || {
        let net = Net::start(Arc::clone(&till), NetOptions::default()).unwrap();
        net.name_hub(&text).unwrap();
        let invited = net.invite([Capability::Sell, Capability::Shift].into()).unwrap();
        let keys = Arc::new(MemoryKeyStore::default());
        let (ports, folder) = (common::ports(2, &keys), place.clone());
        let joining = std::thread::spawn(move || {
            let mut digits = String::new();
            let mut tell = |told: &str| digits = told.to_owned();
            join(
                &folder,
                &ports,
                &invited.code,
                "Till 2",
                &Options::default(),
                &mut tell,
            )
            .map(|()| digits)
        });
        let asking = net.asking(std::time::Duration::from_secs(20)).unwrap();
        net.decide(true).unwrap();
        assert_eq!(joining.join().unwrap().unwrap(), asking.digits);
        let two = Till::open(&place, common::ports(3, &keys), &Options::default()).unwrap();
        let two = Arc::new(two);
        let other = Net::start(Arc::clone(&two), NetOptions::default()).unwrap();
        (net, other, till, two)
    });
    let (net, other, one, two) = work.await.unwrap();
    for number in 0..10 {
        sell(&one, 100 + number).await;
        sell(&two, 200 + number).await;
    }
    let safe = |till: &Till| {
        let view = till.spread().unwrap();
        view.to_send == 0 && view.tills.len() == 2 && view.tills.iter().all(|till| till.arrived == till.of)
    };
    until("everything safe", || {
        safe(&one) && safe(&two) && vector(&one) == vector(&two)
    })
    .await;
    let view = two.spread().unwrap();
    assert_eq!(
        view.hub.map(|hub| (hub.address, hub.linked)),
        Some((address, true))
    );
    let shop = hub.organisations().into_values().next().unwrap();
    let rows = shop.tills(OrganisationId::of(&one.me().organisation));
    assert!(
        rows.iter()
            .all(|row| row.linked && row.arrived == row.of && row.of >= 20),
        "{rows:?}"
    );
    until("the hub's books", || shop.books().unwrap().sales == 20).await;
    let books = shop.books().unwrap();
    assert_eq!((books.takings[0].sales, books.newest.len()), (20, 20));
    drop(shop);
    // Without the hub both sell on, and tell that it is to be sent.
    hub_stops.stop();
    running.await.unwrap();
    sell(&two, 300).await;
    until("the hub's absence", || {
        let view = two.spread().unwrap();
        view.to_send > 0 && view.hub.is_some_and(|hub| !hub.linked)
    })
    .await;
    tokio::task::spawn_blocking(move || drop((net, other)))
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn one_device_takes_no_more_links_than_its_share_and_who_says_nothing_keeps_nobody_out() {
    let folder = tempfile::tempdir().unwrap();
    let one = founded(&folder.path().join("one"), 1);
    let (hub, code, _running) = hub(folder.path()).await;
    assert_eq!(name_hub(&one, &code).await, Enrolment::Welcome);
    let limits = barrow_link::limits::Limits::default();
    // Callers that never say a word.
    let mut silent = Vec::new();
    for _ in 0..20 {
        let link = barrow_link::dial::dial(&code.addresses[0], one.link_identity(), Some(code.hub), &limits);
        silent.push(link.await.unwrap());
    }
    let shop = hub.organisations().into_values().next().unwrap();
    let links = || shop.present().get(&one.me().device).map_or(0, |here| here.links);
    let mut talking = Vec::new();
    for _ in 0..LINKS_PER_DEVICE {
        let (till, address) = (Arc::clone(&one), code.addresses[0].clone());
        talking.push(tokio::spawn(async move {
            talk(&till, &address, code.hub, &Acknowledged::default()).await
        }));
    }
    until("the device's links", || links() == LINKS_PER_DEVICE).await;
    let refused = talk(&one, &code.addresses[0], code.hub, &Acknowledged::default()).await;
    assert!(
        matches!(&refused, Some(Ending::Bye(why)) if why.contains("too many links")),
        "{refused:?}"
    );
    talking.into_iter().for_each(|talking| talking.abort());
    until("their end", || links() == 0).await;
    drop(silent);
    sell(&one, 100).await;
    let talking = tokio::spawn(talk_on(
        Arc::clone(&one),
        code.addresses[0].clone(),
        code.hub,
        Acknowledged::default(),
    ));
    until("the sale at the hub", || kept(&hub, &one) == vector(&one)).await;
    talking.abort();
}

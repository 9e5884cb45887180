//! A market for tests: tills with real stores, and links from them to a hub.

#![allow(dead_code, reason = "each test uses some of it")]

use barrow_kernel::command::{Command, ItemRef, LineDraft};
use barrow_link::dial::dial;
use barrow_link::limits::Limits;
use barrow_link::meet::{Side, clock, meet};
use barrow_log::id::{CartId, CommandId};
use barrow_log::stream::{DeviceKey, StreamId};
use barrow_store::Options;
use barrow_sync::enrol::{Enrolment, HubCode};
use barrow_sync::message::Held;
use barrow_sync::session::{Ending, Output, Session};
use barrow_till::ports::{FixedClock, MemoryKeyStore, Ports, SeededChance};
use barrow_till::setup::CASH;
use barrow_till::{Applicant, Till};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

pub const MORNING_MS: i64 = 1_780_000_000_000;

pub fn ports(seed: u64, keys: &Arc<MemoryKeyStore>) -> Ports {
    Ports {
        clock: Box::new(FixedClock::at(MORNING_MS)),
        chance: Box::new(SeededChance::new(seed)),
        keys: Box::new(Arc::clone(keys)),
    }
}

/// Founds a shop with the sample's goods.
pub fn founded(folder: &Path, seed: u64) -> Arc<Till> {
    let keys = Arc::new(MemoryKeyStore::default());
    let setup = barrow_till::goods::sample::setup();
    tokio::task::block_in_place(|| {
        let till = Till::found(folder, &setup, ports(seed, &keys), &Options::default()).unwrap();
        barrow_till::goods::sample::load(&till).unwrap();
        Arc::new(till)
    })
}

/// Asks a hub to keep a till's shop, and names it in policy when it says yes.
pub async fn name_hub(till: &Arc<Till>, code: &HubCode) -> Enrolment {
    let limits = Limits::default();
    let link = dial(&code.addresses[0], till.link_identity(), Some(code.hub), &limits);
    let mut link = link.await.unwrap();
    let admit = Enrolment::Admit {
        organisation: till.me().organisation,
        secret: code.secret,
    };
    link.send(admit.to_bytes()).await.unwrap();
    let said = Enrolment::from_bytes(&link.recv().await.unwrap().unwrap())
        .unwrap()
        .unwrap();
    if said == Enrolment::Welcome {
        let hub = Applicant::hub(code.hub, code.incarnation, "Hub");
        till.ask_certify(hub, Some(code.addresses[0].clone()))
            .unwrap()
            .await
            .unwrap();
    }
    said
}

pub async fn sell(till: &Till, number: u128) {
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

/// What a hub acknowledged, by stream: the furthest it ever said.
pub type Acknowledged = Arc<Mutex<BTreeMap<StreamId, Held>>>;

/// Dials a hub and talks until the link ends.
pub async fn talk(
    till: &Arc<Till>,
    address: &str,
    hub: DeviceKey,
    acknowledged: &Acknowledged,
) -> Option<Ending> {
    let link = dial(address, till.link_identity(), Some(hub), &Limits::default())
        .await
        .ok()?;
    let (keeper, noted) = (Arc::clone(till), Arc::clone(acknowledged));
    let side = Side {
        me: till.me(),
        heard: None,
        log: till.log().unwrap(),
        durable: till.durable(),
        keep: async move |arrived| keeper.keep(arrived).await,
        now: clock(),
        tell: move |_: &mut Session, _: &_, output: &Output| {
            if let Output::Holds(held) = output {
                let mut noted = noted.lock().unwrap();
                let last = noted.entry(held.stream).or_insert(*held);
                if held.seq > last.seq {
                    *last = *held;
                }
            }
            true
        },
    };
    meet(side, link).await.unwrap()
}

/// Talks again and again.
pub async fn talk_on(till: Arc<Till>, address: String, hub: DeviceKey, acknowledged: Acknowledged) {
    loop {
        talk(&till, &address, hub, &acknowledged).await;
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Waits until something holds.
pub async fn until(what: &str, mut holds: impl FnMut() -> bool) {
    for _ in 0..4_000 {
        if holds() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("{what} never happens");
}

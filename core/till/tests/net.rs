//! A till on the network by itself: it lets a device in, keeps links, and tells what arrived.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use barrow_kernel::command::{Command, ItemRef, LineDraft};
use barrow_log::id::{CartId, CommandId};
use barrow_log::policy::Capability;
use barrow_store::Options;
use barrow_till::Till;
use barrow_till::error::TillError;
use barrow_till::goods::sample;
use barrow_till::net::{Net, NetOptions, join};
use barrow_till::ports::{FixedClock, MemoryKeyStore, Ports, SeededChance};
use barrow_till::setup::CASH;
use std::path::Path;
use std::sync::{Arc, mpsc};
use std::thread::{self, JoinHandle};
use std::time::Duration;

const MORNING_MS: i64 = 1_780_000_000_000;
const SOON: Duration = Duration::from_secs(20);

fn ports(seed: u64, keys: &Arc<MemoryKeyStore>) -> Ports {
    Ports {
        clock: Box::new(FixedClock::at(MORNING_MS)),
        chance: Box::new(SeededChance::new(seed)),
        keys: Box::new(Arc::clone(keys)),
    }
}

fn founded(folder: &Path) -> Arc<Till> {
    let ports = ports(1, &Arc::default());
    let till = Till::found(folder, &sample::setup(), ports, &Options::default()).unwrap();
    sample::load(&till).unwrap();
    Arc::new(till)
}

fn hosting(till: &Arc<Till>) -> Net {
    let options = NetOptions {
        host: Some("127.0.0.1:0".parse().unwrap()),
        ..NetOptions::default()
    };
    Net::start(Arc::clone(till), options).unwrap()
}

/// A device that joins on a thread of its own.
struct Newcomer {
    digits: mpsc::Receiver<String>,
    joined: JoinHandle<Result<(), TillError>>,
}

fn newcomer(folder: &Path, seed: u64, keys: &Arc<MemoryKeyStore>, code: String) -> Newcomer {
    let (told, digits) = mpsc::channel();
    let (folder, ports) = (folder.to_path_buf(), ports(seed, keys));
    let joined = thread::spawn(move || {
        let mut tell = |digits: &str| told.send(digits.to_owned()).unwrap();
        join(&folder, &ports, &code, "Till 2", &Options::default(), &mut tell)
    });
    Newcomer { digits, joined }
}

fn sell(till: &Till, number: u128) {
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
    for (id, command) in [(number * 2, add), (number * 2 + 1, pay)] {
        till.submit(CommandId::from_number(id), command)
            .unwrap()
            .wait()
            .unwrap();
    }
}

fn until(what: &str, mut holds: impl FnMut() -> bool) {
    for _ in 0..4_000 {
        if holds() {
            return;
        }
        thread::sleep(Duration::from_millis(5));
    }
    panic!("{what} never happens");
}

#[test]
fn a_device_is_let_in_by_six_digits_and_both_sell_and_copy_each_other() {
    let folder = tempfile::tempdir().unwrap();
    let one = founded(&folder.path().join("one"));
    let net = hosting(&one);
    let invited = net.invite([Capability::Sell, Capability::Shift].into()).unwrap();
    let keys = Arc::default();
    let place = folder.path().join("two");
    let new = newcomer(&place, 2, &keys, invited.code.clone());
    let asking = net.asking(SOON).unwrap();
    assert_eq!(
        (asking.name.as_str(), asking.digits),
        ("Till 2", new.digits.recv_timeout(SOON).unwrap())
    );
    net.decide(true).unwrap();
    new.joined.join().unwrap().unwrap();
    // The code served its once.
    let late = newcomer(
        &folder.path().join("late"),
        9,
        &Arc::default(),
        invited.code.clone(),
    );
    let refused = late.joined.join().unwrap().unwrap_err().to_string();
    assert!(refused.contains("code was used"), "{refused}");
    let two = Arc::new(Till::open(&place, ports(3, &keys), &Options::default()).unwrap());
    let options = NetOptions {
        peers: vec![net.listening().unwrap().to_string()],
        ..NetOptions::default()
    };
    let other = Net::start(Arc::clone(&two), options).unwrap();
    for number in 0..5 {
        sell(&one, 100 + number);
        sell(&two, 200 + number);
    }
    let copied = |till: &Till| {
        let view = till.spread().unwrap();
        view.linked == 1 && view.copied > 0 && view.copied == view.to_send
    };
    until("everything at the other till", || copied(&one) && copied(&two));
    assert_eq!(one.durable().borrow().vector, two.durable().borrow().vector);
    let view = two.spread().unwrap();
    assert_eq!((view.hub, view.safe), (None, 0), "a copy is not safe");
    let names: Vec<_> = view
        .tills
        .iter()
        .map(|till| (till.series.as_str(), till.own))
        .collect();
    assert_eq!(names.len(), 2);
    assert!(
        names.contains(&("A", false)) && names.contains(&("B", true)),
        "{names:?}"
    );
    drop(other);
    until("the link's end", || one.spread().unwrap().linked == 0);
    // What was acknowledged stays known; what is new is not copied.
    sell(&one, 300);
    let view = one.spread().unwrap();
    assert!(view.copied < view.to_send && view.copied > 0, "{view:?}");
    // It outlives the program.
    let before = two.spread().unwrap();
    drop(two);
    let two = Till::open(&place, ports(4, &keys), &Options::default()).unwrap();
    assert_eq!(two.spread().unwrap(), before);
    assert!(before.copied > 0);
}

#[test]
fn who_is_not_let_in_is_told_and_may_try_again() {
    let folder = tempfile::tempdir().unwrap();
    let one = founded(&folder.path().join("one"));
    let net = hosting(&one);
    let sells = || [Capability::Sell].into();
    let (place, keys) = (folder.path().join("two"), Arc::default());
    let new = newcomer(&place, 2, &keys, net.invite(sells()).unwrap().code);
    net.asking(SOON).unwrap();
    net.decide(false).unwrap();
    let refused = new.joined.join().unwrap().unwrap_err().to_string();
    assert!(refused.contains("did not let this device in"), "{refused}");
    assert_eq!(one.durable().borrow().policy.certificates().count(), 1);
    assert!(net.decide(true).is_err(), "nobody asks");
    let again = newcomer(&place, 2, &keys, net.invite(sells()).unwrap().code);
    net.asking(SOON).unwrap();
    net.decide(true).unwrap();
    again.joined.join().unwrap().unwrap();
    assert_eq!(one.durable().borrow().policy.certificates().count(), 2);
    let wrong = join(
        &folder.path().join("three"),
        &ports(4, &Arc::default()),
        "BARROW-JOIN:AAAA",
        "Till 3",
        &Options::default(),
        &mut |_| {},
    );
    assert!(wrong.unwrap_err().to_string().contains("wrong or missing"));
}

#[test]
fn a_till_that_nobody_can_reach_invites_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let one = founded(folder.path());
    let net = Net::start(one, NetOptions::default()).unwrap();
    let why = net.invite([Capability::Sell].into()).unwrap_err().to_string();
    assert!(why.contains("name a hub first"), "{why}");
    assert!(net.name_hub("BARROW-JOIN:AAAA").is_err());
    assert!(net.asking(Duration::from_millis(20)).is_none());
}

//! Tills of one shop that meet: what one sold the other knows, and both come to the same.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use barrow_kernel::command::{Command, ItemRef, LineDraft};
use barrow_log::id::{CartId, CommandId};
use barrow_log::policy::Capability;
use barrow_log::stream::{DeviceKey, StreamId};
use barrow_store::Options;
use barrow_store::verify::{VerifyOptions, verify};
use barrow_sync::session::{Arrived, Ending, Output, Session};
use barrow_till::Till;
use barrow_till::goods::sample;
use barrow_till::join::Joining;
use barrow_till::ports::{FixedClock, MemoryKeyStore, Ports, SeededChance};
use barrow_till::setup::{CASH, FIRST_LOCATION};
use barrow_till::shelf::{Durable, HeldLog};
use std::collections::VecDeque;
use std::path::Path;
use std::sync::Arc;

const MORNING_MS: i64 = 1_780_000_000_000;

fn ports(seed: u64, keys: &Arc<MemoryKeyStore>) -> Ports {
    Ports {
        clock: Box::new(FixedClock::at(MORNING_MS)),
        chance: Box::new(SeededChance::new(seed)),
        keys: Box::new(Arc::clone(keys)),
    }
}

/// One end of a line: a till or a device that joins.
trait End {
    fn keep(&mut self, arrived: Vec<Arrived>);
    fn log(&self) -> HeldLog;
}

impl End for Till {
    fn keep(&mut self, arrived: Vec<Arrived>) {
        block(Till::keep(self, arrived)).unwrap();
    }

    fn log(&self) -> HeldLog {
        Till::log(self).unwrap()
    }
}

impl End for Joining {
    fn keep(&mut self, arrived: Vec<Arrived>) {
        Joining::keep(self, &arrived).unwrap();
    }

    fn log(&self) -> HeldLog {
        Joining::log(self).unwrap()
    }
}

/// Waits for a future without a runtime: what it waits for comes from the actor's thread.
fn block<T>(future: impl Future<Output = T>) -> T {
    struct Unpark(std::thread::Thread);
    impl std::task::Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = Arc::new(Unpark(std::thread::current())).into();
    let mut context = std::task::Context::from_waker(&waker);
    let mut future = std::pin::pin!(future);
    loop {
        match future.as_mut().poll(&mut context) {
            std::task::Poll::Ready(value) => return value,
            std::task::Poll::Pending => std::thread::park(),
        }
    }
}

/// Lets two ends talk until neither has anything to say. Returns how each session ended, if it did.
fn meet(
    a: &mut dyn End,
    a_me: barrow_sync::session::Me,
    b: &mut dyn End,
    b_me: barrow_sync::session::Me,
) -> [Option<Ending>; 2] {
    let keys: [DeviceKey; 2] = [a_me.device, b_me.device];
    let mut sessions = [
        Session::new(a_me, Some(keys[1])),
        Session::new(b_me, Some(keys[0])),
    ];
    let ends: [&mut dyn End; 2] = [a, b];
    let mut ways: [VecDeque<Vec<u8>>; 2] = Default::default();
    let mut endings = [None, None];
    let mut outputs: VecDeque<(usize, Output)> = VecDeque::new();
    for end in 0..2 {
        let said = sessions[end].start(&ends[end].log(), 0).unwrap();
        outputs.extend(said.into_iter().map(|output| (end, output)));
    }
    loop {
        while let Some((end, output)) = outputs.pop_front() {
            match output {
                Output::Send(bytes) => ways[end].push_back(bytes),
                Output::Store(arrived) => {
                    let stream: StreamId = arrived.stream.id();
                    ends[end].keep(vec![arrived]);
                    let said = sessions[end].stored(&[stream], &ends[end].log(), 0).unwrap();
                    outputs.extend(said.into_iter().map(|output| (end, output)));
                }
                Output::Ended(ending) => endings[end] = Some(ending),
                _ => {}
            }
        }
        let Some(from) = (0..2).find(|from| !ways[*from].is_empty()) else {
            return endings;
        };
        let bytes = ways[from].pop_front().unwrap();
        let to = 1 - from;
        let said = sessions[to].receive(&bytes, &ends[to].log(), 0).unwrap();
        outputs.extend(said.into_iter().map(|output| (to, output)));
    }
}

fn meet_tills(a: &mut Till, b: &mut Till) {
    let (a_me, b_me) = (a.me(), b.me());
    assert_eq!(meet(a, a_me, b, b_me), [None, None]);
}

/// Founds a shop with the sample's goods and lets a second till join.
fn market(folder: &Path) -> (Till, Till) {
    let (mut owner, keys) = founded(folder);
    let mut joining = begin(folder, &owner, &keys);
    admit(&owner, &joining);
    let (owner_me, joining_me) = (owner.me(), joining.me());
    assert_eq!(meet(&mut owner, owner_me, &mut joining, joining_me), [None, None]);
    joining.finish().unwrap();
    let second = Till::open(&folder.join("two"), ports(2, &keys), &Options::default()).unwrap();
    (owner, second)
}

fn founded(folder: &Path) -> (Till, Arc<MemoryKeyStore>) {
    let setup = sample::setup();
    let keys = Arc::new(MemoryKeyStore::default());
    let owner = Till::found(&folder.join("one"), &setup, ports(1, &keys), &Options::default()).unwrap();
    sample::load(&owner).unwrap();
    (owner, Arc::new(MemoryKeyStore::default()))
}

fn begin(folder: &Path, owner: &Till, keys: &Arc<MemoryKeyStore>) -> Joining {
    let organisation = owner.me().organisation;
    Joining::begin(
        &folder.join("two"),
        &ports(2, keys),
        organisation,
        "Till 2",
        &Options::default(),
    )
    .unwrap()
}

fn admit(owner: &Till, joining: &Joining) {
    let sells = [
        Capability::Sell,
        Capability::Refund,
        Capability::Shift,
        Capability::Stock,
    ]
    .into();
    let certificate = owner.certify(joining.applicant(FIRST_LOCATION, sells)).unwrap();
    assert_eq!(certificate.series, "B");
}

fn sell(till: &Till, number: u128, sku: &str, quantity: &str) {
    let cart = CartId::from_number(number);
    let add = Command::AddLines {
        cart,
        lines: vec![LineDraft {
            quantity: Some(quantity.parse().unwrap()),
            ..LineDraft::of(ItemRef::Sku(sku.into()))
        }],
        approval: None,
    };
    let pay = Command::Tender {
        cart,
        tender: CASH,
        amount_minor: None,
        given_minor: None,
        reference: None,
    };
    till.submit(CommandId::from_number(number * 2), add)
        .unwrap()
        .wait()
        .unwrap();
    till.submit(CommandId::from_number(number * 2 + 1), pay)
        .unwrap()
        .wait()
        .unwrap();
}

/// Waits until everything that was kept is folded.
fn quiet(till: &Till) {
    for _ in 0..2_000 {
        till.flush().unwrap();
        let reader = till.own_reader().unwrap();
        let vector = till.log().unwrap().durable().vector;
        if reader.digest().unwrap().vector == vector.hash() {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    panic!("ops are never folded");
}

fn assert_same(a: &Till, b: &Till) {
    quiet(a);
    quiet(b);
    let digest = |till: &Till| till.own_reader().unwrap().digest().unwrap();
    assert_eq!(digest(a), digest(b));
    for till in [a, b] {
        let report = verify(&till.own_reader().unwrap(), &VerifyOptions::default(), |_| {}).unwrap();
        assert!(report.is_good(), "{:#?}", report.problems);
    }
}

#[test]
fn a_second_till_joins_and_both_sell_apart_and_come_to_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let (mut one, mut two) = market(folder.path());
    for number in 0..10 {
        sell(&one, 100 + number, "LA-HONEY", "1");
        sell(&two, 200 + number, "LA-HONEY", "2");
    }
    meet_tills(&mut one, &mut two);
    assert_same(&one, &two);
    let sold = |till: &Till| till.own_reader().unwrap().counts().unwrap().sales;
    assert_eq!((sold(&one), sold(&two)), (20, 20));
    let numbers: Vec<String> = one
        .sales(None, 100)
        .unwrap()
        .sales
        .into_iter()
        .map(|sale| sale.number)
        .collect();
    assert!(
        numbers.contains(&"A-10".into()) && numbers.contains(&"B-10".into()),
        "{numbers:?}"
    );
    // Again nothing is new, and each goes on selling.
    sell(&two, 300, "LA-HONEY", "1");
    meet_tills(&mut two, &mut one);
    assert_same(&one, &two);
    assert_eq!(sold(&one), 21);
}

#[test]
fn a_device_that_the_owner_did_not_add_learns_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (mut owner, keys) = founded(folder.path());
    let mut joining = begin(folder.path(), &owner, &keys);
    let (owner_me, joining_me) = (owner.me(), joining.me());
    let endings = meet(&mut owner, owner_me, &mut joining, joining_me);
    assert_eq!(endings[0], Some(Ending::Unknown));
    assert!(joining.log().unwrap().durable().vector.0.is_empty());
    assert!(joining.finish().is_err());
    // Cut off in the middle it goes on where it was, as the same device.
    let mut again = begin(folder.path(), &owner, &keys);
    admit(&owner, &again);
    let (owner_me, again_me) = (owner.me(), again.me());
    assert_eq!(meet(&mut owner, owner_me, &mut again, again_me), [None, None]);
    again.finish().unwrap();
}

#[test]
fn open_carts_and_shifts_of_the_other_till_are_seen_as_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let (mut one, mut two) = market(folder.path());
    let cart = CartId::from_number(7);
    let add = |sku: &str| Command::AddLines {
        cart,
        lines: vec![LineDraft::of(ItemRef::Sku(sku.into()))],
        approval: None,
    };
    one.submit(CommandId::from_number(1), add("LA-HONEY"))
        .unwrap()
        .wait()
        .unwrap();
    sell(&two, 50, "FR-STRAWB", "2");
    one.flush().unwrap();
    meet_tills(&mut one, &mut two);
    assert_same(&one, &two);
    assert_eq!(two.open_carts(None, 10).unwrap(), [cart]);
    assert_eq!(two.cart(cart, 0).unwrap().unwrap().lines.len(), 1);
    let state = |till: &Till| till.snapshot().unwrap();
    assert_eq!(state(&one).carts, state(&two).carts);
    assert_eq!(state(&one).shifts, state(&two).shifts);
    assert_eq!(state(&one).series, state(&two).series);
    // The cart is paid where it was opened: it leaves the other till too.
    let pay = Command::Tender {
        cart,
        tender: CASH,
        amount_minor: None,
        given_minor: None,
        reference: None,
    };
    one.submit(CommandId::from_number(3), pay)
        .unwrap()
        .wait()
        .unwrap();
    meet_tills(&mut one, &mut two);
    assert_same(&one, &two);
    assert!(two.open_carts(None, 10).unwrap().is_empty());
    let before = state(&two);
    two.close();
    drop(two);
    let _ = before;
}

#[test]
fn what_is_durable_is_told_once_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let (one, _two) = market(folder.path());
    let mut durable = one.durable();
    let before: Durable = durable.borrow_and_update().clone();
    sell(&one, 9, "LA-HONEY", "1");
    assert!(durable.has_changed().unwrap());
    let grown = durable.borrow().grown_since(&before);
    assert_eq!(grown.len(), 2, "the book and the floor");
}

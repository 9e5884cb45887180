//! A till without a thread: it does what a running one does, when it is told to, and always the same.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use barrow_kernel::command::{Command, ItemRef, LineDraft};
use barrow_log::id::{CartId, CommandId};
use barrow_log::stream::Vector;
use barrow_store::Options;
use barrow_till::goods::sample;
use barrow_till::ports::{FixedClock, MemoryKeyStore, Ports, SeededChance};
use barrow_till::{Till, Worker};
use std::ops::ControlFlow;
use std::path::Path;
use std::time::Duration;

fn ports() -> Ports {
    Ports {
        clock: Box::new(FixedClock::at(1_780_000_000_000)),
        chance: Box::new(SeededChance::new(1)),
        keys: Box::new(MemoryKeyStore::default()),
    }
}

fn found(folder: &Path) -> (Till, Worker) {
    Till::found_stepped(folder, &sample::setup(), ports(), &Options::default()).unwrap()
}

fn add(till: &Till, number: u128) -> barrow_till::Pending {
    let command = Command::AddLines {
        cart: CartId::from_number(7),
        lines: vec![LineDraft::of(ItemRef::Sku("none".into()))],
        approval: None,
    };
    till.submit(CommandId::from_number(number), command).unwrap()
}

/// Steps until nothing is left to do at a time.
fn rest(worker: &mut Worker, uptime: Duration) -> Option<Duration> {
    for _ in 0..10_000 {
        match worker.step(uptime) {
            ControlFlow::Continue(Some(Duration::ZERO)) => {}
            ControlFlow::Continue(rest) => return rest,
            ControlFlow::Break(()) => panic!("nobody closed it"),
        }
    }
    panic!("it never rests");
}

fn opened(till: &Till) -> Vector {
    let float = barrow_kernel::shift::CashCount::amount(5_000);
    let command = Command::OpenShift {
        cash_box: None,
        float,
    };
    let _answer = till.submit(CommandId::from_number(9), command).unwrap();
    till.durable().borrow().vector.as_ref().clone()
}

#[test]
fn nothing_happens_between_two_steps_and_all_of_it_in_them() {
    let folder = tempfile::tempdir().unwrap();
    let (till, mut worker) = found(folder.path());
    let mut answer = add(&till, 1);
    assert!(answer.look().is_none(), "nobody works");
    assert!(worker.step(Duration::ZERO).is_continue());
    assert!(answer.look().unwrap().is_err(), "there are no such goods");
    let before = opened(&till);
    let after = |till: &Till| till.durable().borrow().vector.as_ref().clone();
    assert_eq!(after(&till), before);
    let _ = rest(&mut worker, Duration::from_millis(1));
    assert_ne!(after(&till), before, "money waits for no deadline");
    till.close();
    assert!(worker.step(Duration::from_millis(2)).is_break());
}

#[test]
fn the_same_steps_write_the_same_bytes() {
    let vectors = [1, 2].map(|_| {
        let folder = tempfile::tempdir().unwrap();
        let (till, mut worker) = found(folder.path());
        opened(&till);
        rest(&mut worker, Duration::ZERO);
        till.durable().borrow().vector.as_ref().clone()
    });
    assert_eq!(vectors[0], vectors[1]);
}

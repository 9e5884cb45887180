//! The till as its screens hold it: sells, comes back after a restart, answers a retry with the first outcome.

#![allow(clippy::unwrap_used, reason = "helpers of tests may fail their test")]

use barrow_kernel::catalogue::{Face, ItemDraft, Price, Trade};
use barrow_kernel::command::{Command, ItemRef, LineDraft};
use barrow_kernel::money::Currency;
use barrow_kernel::rejection::Rejection;
use barrow_kernel::shift::CashCount;
use barrow_log::id::{CartId, CommandId, ItemId};
use barrow_store::Options;
use barrow_till::Till;
use barrow_till::board::Topic;
use barrow_till::error::TillError;
use barrow_till::outcome::{Outcome, View};
use barrow_till::ports::{FixedClock, MemoryKeyStore, Ports, SeededChance};
use barrow_till::setup::{CASH, Setup};
use std::path::Path;
use std::sync::Arc;

/// A shop in a folder of its own, with keys that outlive the till.
struct Shop {
    folder: tempfile::TempDir,
    keys: Arc<MemoryKeyStore>,
    clock: Arc<FixedClock>,
    seed: u64,
}

impl Shop {
    fn new() -> Self {
        let clock = Arc::new(FixedClock::at(1_777_700_000_000));
        Self {
            folder: tempfile::tempdir().unwrap(),
            keys: Arc::default(),
            clock,
            seed: 7,
        }
    }

    fn ports(&mut self) -> Ports {
        self.seed += 1;
        Ports {
            clock: Box::new(Arc::clone(&self.clock)),
            chance: Box::new(SeededChance::new(self.seed)),
            keys: Box::new(Arc::clone(&self.keys)),
        }
    }

    fn path(&self) -> std::path::PathBuf {
        self.folder.path().join("shop")
    }

    fn found(&mut self) -> Till {
        let setup = Setup {
            name: "Rosa".into(),
            country: "DE".into(),
            currency: None,
            till: None,
            utc_offset_minutes: 60,
            language: None,
        };
        let ports = self.ports();
        let till = Till::found(&self.path(), &setup, ports, &Options::default()).unwrap();
        let bread = ItemDraft {
            id: ItemId::from_number(1),
            face: Some(Face {
                sku: "BREAD".into(),
                name: "Bread".into(),
                ..Face::default()
            }),
            price: Some(Price {
                unit_price: "4.80".parse().unwrap(),
                currency: Currency::iso("EUR").unwrap(),
                taxes: Vec::new(),
            }),
            trade: Some(Trade::default()),
            archived: None,
            sold_out: None,
            add_codes: vec!["4006381333931".into()],
            remove_codes: Vec::new(),
        };
        run(&till, 100, Command::PutItems { items: vec![bread] }).unwrap();
        till
    }

    fn open(&mut self) -> Till {
        let ports = self.ports();
        Till::open(&self.path(), ports, &Options::default()).unwrap()
    }
}

fn run(till: &Till, id: u128, command: Command) -> Result<Outcome, TillError> {
    till.submit(CommandId::from_number(id), command)?.wait()
}

fn add(cart: u128) -> Command {
    let lines = vec![LineDraft::of(ItemRef::Sku("BREAD".into()))];
    Command::AddLines {
        cart: CartId::from_number(cart),
        lines,
        approval: None,
    }
}

fn pay(cart: u128, given_minor: Option<i64>) -> Command {
    Command::Tender {
        cart: CartId::from_number(cart),
        tender: CASH,
        amount_minor: None,
        given_minor,
        reference: None,
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        std::fs::copy(&path, to.join(path.file_name().unwrap())).unwrap();
    }
}

#[test]
fn a_sale_is_durable_before_its_outcome_and_a_tap_soon_after() {
    let mut shop = Shop::new();
    let till = shop.found();
    let tap = run(&till, 1, add(1)).unwrap();
    assert!(!tap.durable);
    let View::Cart(cart) = tap.view else {
        panic!("a cart")
    };
    assert_eq!(cart.totals.open_minor, 480);
    let paid = run(&till, 2, pay(1, Some(1_000))).unwrap();
    assert!(paid.durable);
    let View::Sale(sale) = paid.view else {
        panic!("a sale")
    };
    assert_eq!((sale.total_minor, sale.payments[0].change_minor), (480, 520));
    assert_eq!(sale.number.to_string(), "A-1");
}

#[test]
fn open_carts_come_back_after_a_restart() {
    let mut shop = Shop::new();
    let till = shop.found();
    run(&till, 1, add(1)).unwrap();
    run(&till, 2, add(1)).unwrap();
    let before = till.snapshot().unwrap();
    drop(till);
    let till = shop.open();
    assert_eq!(till.snapshot().unwrap(), before);
    assert_eq!(till.open_carts(None, 10).unwrap(), vec![CartId::from_number(1)]);
    let paid = run(&till, 3, pay(1, None)).unwrap();
    let View::Sale(sale) = paid.view else {
        panic!("a sale")
    };
    assert_eq!((sale.total_minor, sale.number.to_string().as_str()), (960, "A-1"));
}

#[test]
fn a_retry_gets_the_first_outcome_also_after_a_restart() {
    let mut shop = Shop::new();
    let till = shop.found();
    run(&till, 1, add(1)).unwrap();
    let first = run(&till, 2, pay(1, None)).unwrap();
    assert_eq!(run(&till, 2, pay(1, None)).unwrap(), first);
    drop(till);
    let till = shop.open();
    let again = run(&till, 2, pay(1, None)).unwrap();
    assert_eq!(again, first);
    assert_eq!(till.read(|reader| reader.counts()).unwrap().sales, 1);
}

#[test]
fn a_rejection_changes_nothing_and_revisions_never_go_back() {
    let mut shop = Shop::new();
    let till = shop.found();
    let first = run(&till, 1, add(1)).unwrap().revision;
    let before = till.snapshot().unwrap();
    let fault = run(&till, 2, pay(9, None)).unwrap_err();
    assert!(matches!(
        fault,
        TillError::Rejected {
            rejection: Rejection::Unknown { .. }
        }
    ));
    assert_eq!(till.snapshot().unwrap(), before);
    drop(till);
    let till = shop.open();
    assert!(run(&till, 3, add(1)).unwrap().revision > first);
}

#[test]
fn what_lies_in_a_folder_that_was_copied_sells_under_a_new_series() {
    let mut shop = Shop::new();
    let till = shop.found();
    run(&till, 1, add(1)).unwrap();
    run(&till, 2, pay(1, None)).unwrap();
    drop(till);
    let old = shop.folder.path().join("old");
    copy(&shop.path(), &old);
    let till = shop.open();
    run(&till, 3, add(2)).unwrap();
    run(&till, 4, pay(2, None)).unwrap();
    drop(till);
    // Last week's copy comes back: its own numbers 2 and on were used already.
    std::fs::remove_dir_all(shop.path()).unwrap();
    copy(&old, &shop.path());
    let till = shop.open();
    run(&till, 5, add(3)).unwrap();
    let View::Sale(sale) = run(&till, 6, pay(3, None)).unwrap().view else {
        panic!("a sale")
    };
    assert_eq!(sale.number.to_string(), "B-1");
}

#[test]
fn changes_are_pulled_by_any_number_of_readers_and_end_with_the_till() {
    let mut shop = Shop::new();
    let till = shop.found();
    let since = run(&till, 1, add(1)).unwrap().revision;
    run(&till, 2, pay(1, None)).unwrap();
    for _ in 0..2 {
        let changes = block(till.changes(since)).unwrap();
        assert!(changes.revision > since);
        assert!(changes.topics.contains(&Topic::Sales) && !changes.topics.contains(&Topic::Catalogue));
    }
}

#[test]
fn who_is_told_of_a_sale_finds_it_in_the_list() {
    let mut shop = Shop::new();
    let till = shop.found();
    let since = run(&till, 1, add(1)).unwrap().revision;
    std::thread::scope(|scope| {
        let reader = scope.spawn(|| {
            // Each telling stands for at least one sale more; some stand for several.
            let (mut since, mut told, mut there) = (since, 0, 0);
            while there < 40 {
                let changes = block(till.changes(since)).unwrap();
                since = changes.revision;
                if changes.topics.contains(&Topic::Sales) {
                    told += 1;
                    there = till.read(|reader| reader.sales(None, 100)).unwrap().len();
                    assert!(there >= told, "told {told} times, and there are {there}");
                }
            }
        });
        for sale in 0..40 {
            run(&till, 1_000 + sale * 2, add(100 + sale)).unwrap();
            run(&till, 1_001 + sale * 2, pay(100 + sale, None)).unwrap();
        }
        reader.join().unwrap();
    });
}

/// Runs a future that needs no reactor.
fn block<T>(future: impl Future<Output = T>) -> T {
    let mut future = std::pin::pin!(future);
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    loop {
        if let std::task::Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return value;
        }
        std::thread::yield_now();
    }
}

#[test]
fn a_second_till_on_the_same_folder_is_told_so() {
    let mut shop = Shop::new();
    let _till = shop.found();
    let ports = shop.ports();
    let fault = Till::open(&shop.path(), ports, &Options::default())
        .err()
        .unwrap();
    assert!(fault.to_string().contains("Another Barrow is open"), "{fault}");
}

#[test]
fn a_day_closes_with_its_z_and_many_commands_share_a_commit() {
    let mut shop = Shop::new();
    let till = shop.found();
    let mut answers = Vec::new();
    for n in 0..100_u128 {
        answers.push(
            till.submit(CommandId::from_number(1_000 + 2 * n), add(1_000 + n))
                .unwrap(),
        );
        answers.push(
            till.submit(CommandId::from_number(1_001 + 2 * n), pay(1_000 + n, None))
                .unwrap(),
        );
    }
    for answer in answers {
        answer.wait().unwrap();
    }
    let close = Command::CloseShift {
        cash_box: None,
        counted: CashCount::amount(48_000),
        blind: true,
        note: None,
    };
    let View::Closed(report) = run(&till, 3, close).unwrap().view else {
        panic!("a Z")
    };
    assert_eq!(
        (report.totals.sales, report.difference_minor, report.number),
        (100, 0, 1)
    );
    assert_eq!(report.totals.last_receipt.unwrap().to_string(), "A-100");
}

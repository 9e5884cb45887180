//! Long work that is given up: it ends, leaves nothing half-written, and the next one does what it should. And what
//! helps where a shop can't be opened any more.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use barrow_kernel::command::{Command, ItemRef, LineDraft};
use barrow_kernel::limits::ITEMS_PER_COMMAND;
use barrow_kernel::shift::CashCount;
use barrow_log::id::{CartId, CommandId};
use barrow_store::work::{Cancel, Work};
use barrow_store::{DATABASE_FILE, Options, Reader, StoreError};
use barrow_till::Till;
use barrow_till::error::{FaultKind, TillError};
use barrow_till::goods::export::{export, rescue};
use barrow_till::goods::import::{Mode, import};
use barrow_till::goods::sample;
use barrow_till::ports::{FixedClock, MemoryKeyStore, Ports, SeededChance};
use barrow_till::setup::CASH;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::TempDir;

const NOW_MS: i64 = 1_777_707_000_000;
const PASSPHRASE: &str = "a long passphrase";

/// A shop whose keys outlive its till.
struct Shop {
    root: TempDir,
    keys: Arc<MemoryKeyStore>,
}

impl Shop {
    fn new() -> (Self, Till) {
        let shop = Self {
            root: tempfile::tempdir().unwrap(),
            keys: Arc::default(),
        };
        let till = Till::found(
            &shop.folder(),
            &sample::setup(),
            shop.ports(),
            &Options::default(),
        )
        .unwrap();
        sample::load(&till).unwrap();
        (shop, till)
    }

    fn folder(&self) -> PathBuf {
        self.root.path().join("shop")
    }

    fn ports(&self) -> Ports {
        Ports {
            clock: Box::new(FixedClock::at(NOW_MS)),
            chance: Box::new(SeededChance::new(7)),
            keys: Box::new(Arc::clone(&self.keys)),
        }
    }

    fn open(&self) -> Result<Till, TillError> {
        Till::open(&self.folder(), self.ports(), &Options::default())
    }
}

fn run(till: &Till, number: u128, command: Command) {
    let pending = till.submit(CommandId::from_number(number), command).unwrap();
    pending.wait().unwrap();
}

fn sell(till: &Till, number: u128) {
    let cart = CartId::from_number(number);
    let line = LineDraft::of(ItemRef::Sku("FR-LEMON".into()));
    let add = Command::AddLines {
        cart,
        lines: vec![line],
        approval: None,
    };
    run(till, number, add);
    let pay = Command::Tender {
        cart,
        tender: CASH,
        amount_minor: None,
        given_minor: None,
        reference: None,
    };
    run(till, number + 1, pay);
}

/// Runs work that is given up as soon as it tells that more than `after` is done.
fn given_up<T>(after: u64, work: impl FnOnce(&mut Work<'_>) -> Result<T, TillError>) {
    let cancel = Cancel::default();
    let hand = cancel.clone();
    let mut tell = move |done, _| {
        if done > after {
            hand.cancel();
        }
    };
    let ended = work(&mut Work::until(&mut tell, &cancel)).map(|_| ());
    assert_eq!(ended, Err(TillError::Cancelled));
}

fn done<T>(work: impl FnOnce(&mut Work<'_>) -> Result<T, TillError>) -> T {
    work(&mut Work::new(&mut |_, _| {})).unwrap()
}

fn names(folder: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn a_backup_that_is_given_up_leaves_no_file_and_the_next_one_works() {
    let (shop, till) = Shop::new();
    let to = shop.root.path().join("usb");
    let before = names(&shop.folder());
    given_up(0, |work| till.backup(&to, PASSPHRASE, work));
    assert_eq!((names(&to), names(&shop.folder())), (Vec::new(), before));
    assert_eq!(till.last_backup_ms().unwrap(), None, "none was made");
    let made = done(|work| till.backup(&to, PASSPHRASE, work));
    assert_eq!(names(&to).len(), 1);

    let again = shop.root.path().join("again");
    let options = Options::default();
    let restore = |work: &mut Work<'_>| {
        let file = Path::new(&made.file);
        Till::restore(file, &again, PASSPHRASE, shop.ports(), &options, work)
    };
    given_up(0, restore);
    assert_eq!(names(&again), Vec::<String>::new());
    assert_eq!(done(restore).search("lemon", 1).unwrap().len(), 1);
}

#[test]
fn a_check_that_is_given_up_is_no_problem_found() {
    let (_shop, till) = Shop::new();
    let cancel = Cancel::default();
    cancel.cancel();
    let ended = till.verify(&mut Work::until(&mut |_, _| {}, &cancel));
    assert_eq!(ended, Err(TillError::Cancelled));
    assert_eq!(done(|work| till.verify(work)).problem_count, 0);
}

#[test]
fn an_export_that_is_given_up_leaves_no_file() {
    let (shop, till) = Shop::new();
    let to = shop.root.path().join("csv");
    let reader = till.own_reader().unwrap();
    given_up(30, |work| export(&reader, &to, work));
    assert_eq!(names(&to), Vec::<String>::new());
    assert_eq!(done(|work| export(&reader, &to, work)).len(), 5);
}

#[test]
fn an_import_that_is_given_up_keeps_whole_batches() {
    let (_shop, till) = Shop::new();
    let count = || till.read(|reader| reader.counts()).unwrap().items as usize;
    let before = count();
    let rows = ITEMS_PER_COMMAND * 5 / 2;
    let goods: String = (0..rows)
        .map(|number| format!("N-{number:05},Nut {number:05},1.00\n"))
        .collect();
    let csv = format!("sku,name,price\n{goods}");
    let load = |work: &mut Work<'_>| import(&till, csv.as_bytes(), Mode::default(), work);
    let read = csv.len() as u64;
    given_up(read / 2, load);
    assert_eq!(count(), before, "nothing while rows are only checked");
    // Once to check, once for deposits, and then half of the goods.
    given_up(read * 2 + read / 2, load);
    assert_eq!(count() - before, ITEMS_PER_COMMAND);
    assert_eq!(done(load).added as usize, rows - ITEMS_PER_COMMAND);
    assert_eq!(count() - before, rows);
}

/// Fills the first page of a table with nonsense.
fn damage(shop: &Shop, table: &str) {
    let path = shop.folder().join(DATABASE_FILE);
    let conn = rusqlite::Connection::open(&path).unwrap();
    let root: usize = conn
        .query_row(
            "SELECT rootpage FROM sqlite_schema WHERE name = ?1",
            [table],
            |row| row.get::<_, i64>(0),
        )
        .unwrap() as usize;
    conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
        .unwrap();
    drop(conn);
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[(root - 1) * 4096..][..4096].fill(0x5a);
    std::fs::write(&path, bytes).unwrap();
}

fn is_damaged<T>(opened: Result<T, TillError>) -> bool {
    let damaged = FaultKind::Damaged;
    matches!(opened, Err(TillError::Unavailable { kind, .. }) if kind == damaged)
}

#[test]
fn of_a_damaged_shop_what_is_readable_is_saved_and_a_backup_takes_its_place() {
    let (shop, till) = Shop::new();
    sell(&till, 1);
    let usb = shop.root.path().join("usb");
    let made = done(|work| till.backup(&usb, PASSPHRASE, work));
    sell(&till, 3);
    drop(till);
    let over = |passphrase: &str| {
        let file = Path::new(&made.file);
        let mut quiet = |_, _| {};
        let work = &mut Work::new(&mut quiet);
        Till::restore_over(
            file,
            &shop.folder(),
            passphrase,
            &|| shop.ports(),
            &Options::default(),
            work,
        )
    };
    let exists = over(PASSPHRASE).map(|_| ()).unwrap_err();
    assert_eq!(
        exists,
        StoreError::Exists.into(),
        "what can be opened is never replaced"
    );

    damage(&shop, "open_entity");
    assert!(is_damaged(shop.open()));
    let reader = Reader::open(&shop.folder(), &Options::default()).unwrap();
    let to = shop.root.path().join("saved");
    let saved = done(|work| rescue(&reader, &to, work));
    assert_eq!((saved.files.len(), saved.cut), (5, Vec::<String>::new()));
    let sales = std::fs::read_to_string(to.join("sales.csv")).unwrap();
    assert_eq!(sales.lines().count(), 3, "{sales}");

    assert!(over("another passphrase").is_err());
    assert!(is_damaged(shop.open()), "a wrong passphrase changes nothing");
    let back = over(PASSPHRASE).unwrap();
    assert_eq!(back.sales(None, 9).unwrap().sales.len(), 1);
    sell(&back, 5);
    let kept = shop.folder().join("damaged-1").join(DATABASE_FILE);
    assert!(kept.is_file() && !names(&shop.folder()).contains(&"restored".to_owned()));
}

#[test]
fn a_rescue_ends_a_file_where_reading_fails_and_goes_on_with_the_next() {
    let (shop, till) = Shop::new();
    sell(&till, 1);
    drop(till);
    damage(&shop, "item");
    let reader = Reader::open(&shop.folder(), &Options::default()).unwrap();
    let to = shop.root.path().join("saved");
    let saved = done(|work| rescue(&reader, &to, work));
    assert_eq!(saved.cut, ["items.csv", "barcodes.csv"]);
    assert_eq!(
        std::fs::read_to_string(to.join("sales.csv"))
            .unwrap()
            .lines()
            .count(),
        2
    );
    let ended = export(
        &reader,
        &shop.root.path().join("whole"),
        &mut Work::new(&mut |_, _| {}),
    );
    assert!(is_damaged(ended), "an export is whole or not there");
    assert_eq!(names(&shop.root.path().join("whole")), Vec::<String>::new());
}

#[test]
fn closed_shifts_are_listed_newest_first_page_by_page() {
    let (_shop, till) = Shop::new();
    for number in 0..5 {
        sell(&till, 100 + number * 10);
        let close = Command::CloseShift {
            cash_box: None,
            counted: CashCount::amount(60),
            blind: true,
            note: None,
        };
        run(&till, 105 + number * 10, close);
    }
    sell(&till, 900);
    let (mut numbers, mut next, mut pages) = (Vec::new(), None, 0);
    loop {
        let page = till.closings(next, 2).unwrap();
        numbers.extend(page.closings.iter().map(|row| (row.number, row.counted_minor)));
        pages += 1;
        next = page.next;
        if next.is_none() {
            break;
        }
        assert_eq!(page.closings.len(), 2, "every page but the last is full");
    }
    assert_eq!(numbers, [5, 4, 3, 2, 1].map(|number| (number, 60)));
    assert!(pages <= 4);
}

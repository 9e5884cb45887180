//! What the screens behind the counter ask: new goods, counted cash against the box, one day against another, and why
//! a till can't be opened.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use barrow_kernel::catalogue::ItemDraft;
use barrow_kernel::command::{Command, ItemRef, LineDraft};
use barrow_kernel::context::Catalogue;
use barrow_kernel::shift::{CashCount, CashPieces};
use barrow_log::id::{CartId, CommandId};
use barrow_store::Options;
use barrow_till::Till;
use barrow_till::error::{FaultKind, TillError};
use barrow_till::goods::sample;
use barrow_till::ports::{FixedClock, MemoryKeyStore, Ports, SeededChance};
use barrow_till::setup::CASH;
use std::path::Path;
use std::sync::Arc;
use tempfile::TempDir;

/// A Saturday, 09:30 in the sample stall's time.
const SATURDAY_MS: i64 = 1_777_707_000_000;
const DAY_MS: i64 = 86_400_000;

struct Stall {
    _folder: TempDir,
    clock: Arc<FixedClock>,
    till: Till,
    commands: std::cell::Cell<u128>,
}

fn ports(clock: &Arc<FixedClock>) -> Ports {
    Ports {
        clock: Box::new(Arc::clone(clock)),
        chance: Box::new(SeededChance::new(7)),
        keys: Box::new(MemoryKeyStore::default()),
    }
}

impl Stall {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(FixedClock::at(SATURDAY_MS));
        let shop = folder.path().join("shop");
        let till = Till::found(&shop, &sample::setup(), ports(&clock), &Options::default()).unwrap();
        sample::load(&till).unwrap();
        Self {
            _folder: folder,
            clock,
            till,
            commands: std::cell::Cell::new(1),
        }
    }

    fn run(&self, command: Command) {
        let id = self.commands.get() + 1;
        self.commands.set(id);
        let pending = self.till.submit(CommandId::from_number(id), command).unwrap();
        pending.wait().unwrap();
    }

    /// Sells one of an item for exact cash.
    fn sell(&self, sku: &str) {
        let cart = CartId::from_number(self.commands.get());
        self.run(Command::AddLines {
            cart,
            lines: vec![LineDraft::of(ItemRef::Sku(sku.into()))],
            approval: None,
        });
        self.run(Command::Tender {
            cart,
            tender: CASH,
            amount_minor: None,
            given_minor: None,
            reference: None,
        });
    }
}

fn pieces(of: &[(i64, u32)]) -> Vec<CashPieces> {
    let piece = |&(value_minor, count): &(i64, u32)| CashPieces { value_minor, count };
    of.iter().map(piece).collect()
}

#[test]
fn a_fresh_item_lacks_only_its_name_and_price() {
    let stall = Stall::new();
    let draft = stall.till.fresh_item().unwrap();
    let mut face = draft.face.unwrap();
    let mut price = draft.price.unwrap();
    let pages = stall.till.pages("", 1).unwrap();
    assert_eq!((face.sku.as_str(), &face.page), ("61", &pages[0]));
    let last = stall.till.tiles(&face.page, (-1, 0), 100).unwrap().pop().unwrap();
    assert_eq!(face.slot, last.slot + 1, "it comes after the last one");
    let neighbour = stall.till.item(&last.item).unwrap().unwrap();
    assert_eq!(price.taxes, neighbour.price.taxes);
    face.name = "Quince".into();
    price.unit_price = "4.50".parse().unwrap();
    let item = ItemDraft {
        face: Some(face),
        price: Some(price),
        ..draft
    };
    stall.run(Command::PutItems { items: vec![item] });
    stall.sell("61");
    assert_eq!(stall.till.fresh_item().unwrap().face.unwrap().sku, "62");
}

#[test]
fn a_number_that_is_taken_is_passed_over() {
    let stall = Stall::new();
    let mut draft = stall.till.fresh_item().unwrap();
    let face = draft.face.as_mut().unwrap();
    (face.sku, face.name) = ("62".into(), "Sorrel".into());
    stall.run(Command::PutItems { items: vec![draft] });
    assert_eq!(stall.till.fresh_item().unwrap().face.unwrap().sku, "63");
}

#[test]
fn the_price_of_one_unit_follows_from_the_shown_one() {
    let stall = Stall::new();
    let elstar = stall
        .till
        .read(|reader| reader.item_by_sku("FR-ELSTAR"))
        .unwrap()
        .unwrap();
    let shown = "3.29".parse().unwrap();
    assert_eq!(
        stall.till.unit_price(&elstar.id, shown).unwrap(),
        shown,
        "per kg it is the same"
    );
    let mut trade = elstar.trade.clone();
    trade.price_per = "0.1".parse().unwrap();
    let draft = ItemDraft {
        id: elstar.id,
        face: None,
        price: None,
        trade: Some(trade),
        archived: None,
        sold_out: None,
        add_codes: Vec::new(),
        remove_codes: Vec::new(),
    };
    stall.run(Command::PutItems { items: vec![draft] });
    let per_hundred_grams = stall
        .till
        .unit_price(&elstar.id, "0.33".parse().unwrap())
        .unwrap();
    assert_eq!(per_hundred_grams, "3.3".parse().unwrap());
}

#[test]
fn counted_cash_is_held_against_the_box() {
    let stall = Stall::new();
    let counted = pieces(&[(5_000, 2), (200, 1), (10, 5)]);
    let closed = stall.till.count_cash(&counted).unwrap();
    assert_eq!((closed.total_minor, closed.expected_minor), (10_250, None));
    stall.run(Command::OpenShift {
        cash_box: None,
        float: CashCount::amount(10_000),
    });
    stall.sell("FR-STRAWB");
    let open = stall.till.count_cash(&counted).unwrap();
    assert_eq!(open.rows, [10_000, 200, 50]);
    assert_eq!(
        (open.expected_minor, open.difference_minor),
        (Some(10_450), Some(-200))
    );
}

#[test]
fn a_day_is_held_against_the_last_one() {
    let stall = Stall::new();
    stall.run(Command::OpenShift {
        cash_box: None,
        float: CashCount::amount(5_000),
    });
    stall.sell("FR-STRAWB");
    stall.run(Command::CloseShift {
        cash_box: None,
        counted: CashCount::amount(5_450),
        blind: true,
        note: None,
    });
    stall.clock.set(SATURDAY_MS + 7 * DAY_MS);
    let opening = stall.till.opening().unwrap();
    assert_eq!(
        (opening.last_float_minor, opening.last_opened_ms),
        (Some(5_000), Some(SATURDAY_MS))
    );
    stall.sell("LA-HONEY");
    let report = stall.till.today(None).unwrap();
    let last = report.last_time.unwrap();
    assert_eq!(
        (last.total_minor, report.total_minor, last.difference_minor),
        (450, 790, 340)
    );
}

#[test]
fn trouble_at_the_door_has_its_kind() {
    let clock = Arc::new(FixedClock::at(SATURDAY_MS));
    let folder = tempfile::tempdir().unwrap();
    let shop = folder.path().join("shop");
    let open = |path: &Path| match Till::open(path, ports(&clock), &Options::default()).map(drop) {
        Err(TillError::Unavailable { kind, .. }) => Some(kind),
        _ => None,
    };
    assert_eq!(open(&shop), Some(FaultKind::Missing));
    let till = Till::found(&shop, &sample::setup(), ports(&clock), &Options::default()).unwrap();
    assert_eq!(open(&shop), Some(FaultKind::InUse));
    drop(till);
    let database = shop.join(barrow_store::DATABASE_FILE);
    for log in ["-wal", "-shm"] {
        let _ = std::fs::remove_file(shop.join(format!("{}{log}", barrow_store::DATABASE_FILE)));
    }
    let mut bytes = std::fs::read(&database).unwrap();
    // The header keeps the schema's version here (SQLite, "The Database Header", offset 60).
    bytes[60..64].copy_from_slice(&999_u32.to_be_bytes());
    std::fs::write(&database, &bytes).unwrap();
    assert_eq!(open(&shop), Some(FaultKind::Newer));
    std::fs::write(&database, vec![7; 8_192]).unwrap();
    assert_eq!(open(&shop), Some(FaultKind::Damaged));
}

//! What might be sold next: quotes, parts of a total, goods without a tile, the same once more.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use barrow_kernel::command::{Command, ItemRef, LineDraft};
use barrow_log::id::{CartId, CommandId, SaleId};
use barrow_store::Options;
use barrow_till::Till;
use barrow_till::goods::sample;
use barrow_till::outcome::{Outcome, View};
use barrow_till::ports::{FixedClock, MemoryKeyStore, Ports, SeededChance};
use barrow_till::setup::CASH;
use std::cell::Cell;
use tempfile::TempDir;

const CART: CartId = CartId::from_number(71);

struct Stall {
    till: Till,
    sent: Cell<u128>,
    _folder: TempDir,
}

impl Stall {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let ports = Ports {
            clock: Box::new(FixedClock::at(1_777_674_600_000)),
            chance: Box::new(SeededChance::new(7)),
            keys: Box::new(MemoryKeyStore::default()),
        };
        let shop = folder.path().join("shop");
        let till = Till::found(&shop, &sample::setup(), ports, &Options::default()).unwrap();
        sample::load(&till).unwrap();
        Self {
            till,
            sent: Cell::new(1_000),
            _folder: folder,
        }
    }

    fn send(&self, command: Command) -> Outcome {
        self.sent.set(self.sent.get() + 1);
        let id = CommandId::from_number(self.sent.get());
        self.till.submit(id, command).unwrap().wait().unwrap()
    }

    fn add(&self, lines: Vec<LineDraft>) {
        self.send(Command::AddLines {
            cart: CART,
            lines,
            approval: None,
        });
    }

    fn pay(&self) -> SaleId {
        let paid = self.send(Command::Tender {
            cart: CART,
            tender: CASH,
            amount_minor: None,
            given_minor: None,
            reference: None,
        });
        match paid.view {
            View::Sale(sale) => sale.id,
            other => panic!("a sale: {other:?}"),
        }
    }
}

fn line(sku: &str) -> LineDraft {
    LineDraft::of(ItemRef::Sku(sku.into()))
}

fn gross(sku: &str, weight: &str) -> LineDraft {
    LineDraft {
        gross: Some(weight.parse().unwrap()),
        ..line(sku)
    }
}

#[test]
fn a_quote_is_what_the_line_comes_to_and_changes_nothing() {
    let stall = Stall::new();
    let apples = stall.till.quote(&gross("FR-ELSTAR", "1.240")).unwrap();
    assert_eq!(
        (apples.quantity.to_string(), apples.total_minor),
        ("1.234".into(), 431)
    );
    let juice = stall.till.quote(&line("DR-JUICEB")).unwrap();
    assert_eq!(juice.total_minor, 305, "with its deposit");
    let mut book = line("GI-BOOK");
    book.unit_price = Some("2.5".parse().unwrap());
    assert_eq!(stall.till.quote(&book).unwrap().total_minor, 250);
    assert!(
        stall.till.quote(&gross("FR-ELSTAR", "0.006")).is_err(),
        "no more than its tare"
    );
    assert!(stall.till.open_carts(None, 10).unwrap().is_empty());
}

#[test]
fn parts_sum_to_what_is_left() {
    let stall = Stall::new();
    stall.add(vec![
        gross("FR-ELSTAR", "1.240"),
        line("FR-STRAWB"),
        line("FR-STRAWB"),
    ]);
    assert_eq!(stall.till.split(&CART, 3).unwrap(), [444, 444, 443]);
    assert!(stall.till.split(&CART, 0).is_err());
    let part = stall.till.charge(&CART, Some(444)).unwrap().unwrap();
    assert_eq!(
        (part.open_minor, part.exact_minor, part.cash[0].given_minor),
        (1_331, 444, 500)
    );
    let given = stall.till.cash_given(&CART, Some(444), 1_000).unwrap();
    assert_eq!((given.back_minor, given.left_minor), (556, 887));
    let short = stall.till.cash_given(&CART, None, 1_000).unwrap();
    assert_eq!((short.back_minor, short.left_minor), (0, 331));
    assert!(
        stall.till.charge(&CART, Some(1_332)).is_err(),
        "more than is left"
    );
}

#[test]
fn a_typed_price_sells_without_a_tile() {
    let stall = Stall::new();
    let unknown = stall.till.price_item("Any price").unwrap();
    stall.send(Command::PutItems {
        items: vec![unknown.draft.unwrap()],
    });
    let known = stall.till.price_item("Any price").unwrap();
    assert!(known.draft.is_none());
    stall.add(vec![LineDraft {
        unit_price: Some("4".parse().unwrap()),
        ..LineDraft::of(ItemRef::Id(known.item))
    }]);
    let sale = stall.till.sale(&stall.pay()).unwrap().unwrap();
    assert_eq!(
        (sale.total_minor, sale.tax_minor),
        (400, 64),
        "with the usual tax, 19 %"
    );
}

#[test]
fn the_same_again_sells_the_same_goods() {
    let stall = Stall::new();
    stall.add(vec![line("DR-JUICEB"), gross("FR-ELSTAR", "1.240")]);
    let first = stall.till.sale(&stall.pay()).unwrap().unwrap();
    let drafts = stall.till.same_again(&first.id).unwrap();
    assert_eq!(drafts.len(), 2, "the deposit comes by itself");
    let again = CartId::from_number(72);
    let view = stall.send(Command::AddLines {
        cart: again,
        lines: drafts,
        approval: None,
    });
    match view.view {
        View::Cart(view) => assert_eq!(view.totals.total_minor, first.total_minor),
        other => panic!("a cart: {other:?}"),
    }
}

#[test]
fn pages_stand_in_the_order_in_which_their_first_tiles_came() {
    let stall = Stall::new();
    let pages = stall.till.pages("", 10).unwrap();
    assert_eq!(pages, ["Fruit", "Veg", "Larder", "Drinks", "Gifts"]);
    assert_eq!(stall.till.pages("Veg", 2).unwrap(), ["Larder", "Drinks"]);
}

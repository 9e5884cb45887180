//! What screens show: keys, carts, ways of paying, what to hand over, lists, the day.

#![allow(clippy::unwrap_used, reason = "helpers of tests may fail their test")]

use barrow_kernel::cart::GivenDiscount;
use barrow_kernel::cash::CashKey;
use barrow_kernel::command::{Command, ItemRef, LineDraft, ReturnDraft};
use barrow_kernel::price::Discount;
use barrow_kernel::sale::{Sale, SaleKind};
use barrow_kernel::shift::{CashCount, CashPieces};
use barrow_kernel::view::CartView;
use barrow_log::id::{CartId, CommandId, SaleId};
use barrow_store::Options;
use barrow_store::work::Work;
use barrow_till::Till;
use barrow_till::drawer::CashSum;
use barrow_till::goods::sample;
use barrow_till::outcome::{Outcome, View};
use barrow_till::ports::{FixedClock, MemoryKeyStore, Ports, SeededChance};
use barrow_till::setup::{CARD_TERMINAL, CASH};
use barrow_till::status::StorageState;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// A Saturday morning: 2026-05-02T08:00:00Z.
const MORNING_MS: i64 = 1_777_708_800_000;
const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;

/// The sample stall with a clock that a test moves.
struct Stall {
    till: Till,
    clock: Arc<FixedClock>,
    ids: AtomicU32,
    folder: tempfile::TempDir,
}

impl Stall {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(FixedClock::at(MORNING_MS));
        let ports = Ports {
            clock: Box::new(Arc::clone(&clock)),
            chance: Box::new(SeededChance::new(5)),
            keys: Box::new(MemoryKeyStore::default()),
        };
        let till = Till::found(
            &folder.path().join("shop"),
            &sample::setup(),
            ports,
            &Options::default(),
        )
        .unwrap();
        assert_eq!(sample::load(&till).unwrap(), 60);
        let ids = AtomicU32::new(0);
        Self {
            till,
            clock,
            ids,
            folder,
        }
    }

    fn id(&self) -> u128 {
        0xbeef_0000 + u128::from(self.ids.fetch_add(1, Ordering::SeqCst))
    }

    fn send(&self, command: Command) -> Outcome {
        let id = CommandId::from_number(self.id());
        self.till.submit(id, command).unwrap().wait().unwrap()
    }

    fn cart(&self) -> CartId {
        CartId::from_number(self.id())
    }

    fn add(&self, cart: CartId, lines: Vec<LineDraft>) -> CartView {
        let added = self.send(Command::AddLines {
            cart,
            lines,
            approval: None,
        });
        let View::Cart(view) = added.view else {
            panic!("no cart")
        };
        view
    }

    fn pay(&self, cart: CartId, tender: barrow_log::id::TenderId, given_minor: Option<i64>) -> Sale {
        let paid = self.send(Command::Tender {
            cart,
            tender,
            amount_minor: None,
            given_minor,
            reference: None,
        });
        let View::Sale(sale) = paid.view else {
            panic!("no sale")
        };
        sale
    }

    fn sell(&self, sku: &str, tender: barrow_log::id::TenderId) -> Sale {
        let cart = self.cart();
        self.add(cart, vec![line(sku)]);
        self.pay(cart, tender, None)
    }

    /// The basket of the reference pictures: 22.31.
    fn reference_basket(&self) -> CartId {
        let off = |amount, mut line: LineDraft| {
            line.discounts = vec![GivenDiscount {
                discount: Discount::Amount(amount),
                reason: None,
            }];
            line
        };
        let weighed = LineDraft {
            quantity: Some("1.234".parse().unwrap()),
            ..line("FR-ELSTAR")
        };
        let two = LineDraft {
            quantity: Some(2.into()),
            ..line("FR-STRAWB")
        };
        let cart = self.cart();
        let honey = off(95, line("LA-HONEY"));
        self.add(cart, vec![weighed, off(100, two), line("DR-JUICEB"), honey]);
        cart
    }
}

fn line(sku: &str) -> LineDraft {
    LineDraft::of(ItemRef::Sku(sku.into()))
}

#[test]
fn the_reference_basket_counts_five_items_and_its_keys_are_those_of_the_pictures() {
    let stall = Stall::new();
    let cart = stall.reference_basket();
    let view = stall.till.cart(cart, 0).unwrap().unwrap();
    assert_eq!((view.totals.total_minor, view.piece_count), (2_231, 5));
    assert_eq!(view.last_line.unwrap().sku, "LA-HONEY");

    let charge = stall.till.charge(&cart, None).unwrap().unwrap();
    let key = |given_minor, back_minor| CashKey {
        given_minor,
        back_minor,
    };
    assert_eq!(charge.cash, [key(2_500, 269), key(3_000, 769), key(5_000, 2_769)]);
    assert_eq!((charge.exact_minor, charge.open_minor), (2_231, 2_231));
    assert!(!charge.cash_differs && !charge.gives_back);
    let tenders: Vec<&str> = charge.tenders.iter().map(|key| key.name.as_str()).collect();
    assert_eq!(tenders, ["Cash", "Card terminal", "Voucher"]);
    assert!(
        stall
            .till
            .charge(&CartId::from_number(1), None)
            .unwrap()
            .is_none()
    );
}

#[test]
fn done_tells_the_pieces_to_hand_over() {
    let stall = Stall::new();
    let sale = stall.pay(stall.reference_basket(), CASH, Some(3_000));
    let done = stall.till.done(&sale.id).unwrap().unwrap();
    assert_eq!((done.number.as_str(), done.kind), ("A-1", SaleKind::Sale));
    assert_eq!((done.given_minor, done.change_minor), (Some(3_000), 769));
    let pieces: Vec<(i64, u32)> = done
        .pieces
        .iter()
        .map(|piece| (piece.value_minor, piece.count))
        .collect();
    assert_eq!(pieces, [(500, 1), (200, 1), (50, 1), (10, 1), (5, 1), (2, 2)]);
    assert!(done.can_correct);
    assert!(stall.till.done(&SaleId::from_number(1)).unwrap().is_none());

    // A wrong tender put right: no cash was given, nothing is handed over.
    let corrected = stall.send(Command::CorrectTender {
        sale: sale.id,
        payment: done.tenders[0].payment,
        tender: CARD_TERMINAL,
        reason: "it was the card".into(),
    });
    assert!(corrected.durable);
    let done = stall.till.done(&sale.id).unwrap().unwrap();
    assert_eq!(
        (done.tenders[0].name.as_str(), done.change_minor),
        ("Card terminal", 0)
    );
    assert!(done.pieces.is_empty() && done.given_minor.is_none());
    let row = &stall.till.sales(None, 10).unwrap().sales[0];
    assert_eq!(row.tenders, "Card terminal");

    stall.send(Command::CloseShift {
        cash_box: None,
        counted: CashCount::amount(0),
        blind: true,
        note: None,
    });
    assert!(!stall.till.done(&sale.id).unwrap().unwrap().can_correct);
}

#[test]
fn the_line_touched_last_is_shown_and_counts_follow() {
    let stall = Stall::new();
    let cart = stall.cart();
    let merged = |sku| LineDraft {
        merge: true,
        ..line(sku)
    };
    stall.add(cart, vec![merged("FR-LEMON")]);
    let view = stall.add(cart, vec![merged("DR-JUICEB")]);
    let last = view.last_line.unwrap();
    assert_eq!(
        (last.sku.as_str(), view.line_count, view.piece_count),
        ("DR-JUICEB", 3, 2),
        "its deposit is no piece"
    );
    let view = stall.add(cart, vec![merged("FR-LEMON")]);
    let lemon = view.last_line.clone().unwrap();
    assert_eq!(
        (lemon.sku.as_str(), lemon.quantity, view.piece_count),
        ("FR-LEMON", 2.into(), 3)
    );
    stall.send(Command::VoidLine { cart, line: lemon.id });
    let view = stall.till.cart(cart, 0).unwrap().unwrap();
    assert_eq!(
        view.last_line.unwrap().sku,
        "DR-JUICEB",
        "the one that is still there"
    );

    let apples = LineDraft {
        quantity: Some("0.5".parse().unwrap()),
        ..line("FR-ELSTAR")
    };
    let view = stall.add(cart, vec![apples.clone(), apples]);
    let item = view.last_line.unwrap().item;
    let counts = stall.till.cart_counts(&cart, &[item, lemon.item]).unwrap();
    assert_eq!(counts.len(), 1, "what was voided is not there");
    assert_eq!(
        (counts[0].quantity, counts[0].bubble),
        ("1".parse().unwrap(), 2),
        "two weighings"
    );

    stall.send(Command::Park {
        cart,
        name: Some("Rosa".into()),
    });
    let open = stall.till.cart_summaries(None, 10).unwrap();
    assert_eq!(
        (open.len(), open[0].name.as_deref(), open[0].parked),
        (1, Some("Rosa"), true)
    );
    assert_eq!(open[0].piece_count, 3);
}

#[test]
fn goods_come_as_keys_pages_and_stock() {
    let stall = Stall::new();
    let pages = stall.till.pages("", 20).unwrap();
    assert!(pages.contains(&"Fruit".into()), "{pages:?}");
    let tiles = stall.till.tiles("Fruit", (-1, 0), 3).unwrap();
    let skus: Vec<&str> = tiles.iter().map(|tile| tile.sku.as_str()).collect();
    assert_eq!(skus, ["FR-ELSTAR", "FR-BOSKOOP", "FR-PEAR"]);
    assert_eq!((tiles[0].price_minor, tiles[0].emoji.as_str()), (349, "🍎"));
    let next = stall
        .till
        .tiles("Fruit", (i64::from(tiles[2].slot), tiles[2].no), 1)
        .unwrap();
    assert_eq!(next[0].sku, "FR-DAMSON");
    assert_eq!(stall.till.search("apples els", 5).unwrap()[0], tiles[0]);
    let sheet = stall.till.item(&tiles[0].item).unwrap().unwrap();
    assert_eq!((sheet.on_hand, sheet.codes.len()), (60.into(), 1));

    let mut rows = Vec::new();
    let mut page = stall.till.stock(0, 7, false).unwrap();
    while let Some(next) = page.next {
        assert!(page.rows.len() <= 7);
        rows.extend(page.rows);
        page = stall.till.stock(next, 7, false).unwrap();
    }
    rows.extend(page.rows);
    assert!(
        rows.windows(2).all(|pair| pair[0].no < pair[1].no) && rows.len() > 40,
        "{}",
        rows.len()
    );
    assert!(
        stall
            .till
            .stock(0, 500, true)
            .unwrap()
            .rows
            .iter()
            .all(|row| row.low || row.sold_out)
    );
}

#[test]
fn finished_sales_come_newest_first_with_what_may_come_back() {
    let stall = Stall::new();
    let first = stall.pay(stall.reference_basket(), CASH, None);
    for _ in 0..4 {
        stall.clock.set(MORNING_MS + HOUR_MS);
        stall.sell("FR-LEMON", CARD_TERMINAL);
    }
    let page = stall.till.sales(None, 3).unwrap();
    let rest = stall.till.sales(page.next, 3).unwrap();
    assert_eq!((page.sales.len(), rest.sales.len(), rest.next), (3, 2, None));
    let oldest = &rest.sales[1];
    assert_eq!(
        (oldest.number.as_str(), oldest.item_count, oldest.refunded),
        ("A-1", 5, false)
    );
    assert_eq!(
        (oldest.first_item.as_str(), oldest.tenders.as_str()),
        ("Apples, Elstar", "Cash")
    );
    assert_eq!(stall.till.find_sale(" a-1 ").unwrap(), Some(first.id));
    assert_eq!(stall.till.find_sale("nonsense").unwrap(), None);

    let back = stall.cart();
    let strawberries = first.lines[1].id;
    stall.send(Command::AddReturns {
        cart: back,
        sale: first.id,
        lines: vec![ReturnDraft {
            line: strawberries,
            quantity: Some(1.into()),
            resaleable: None,
        }],
        reason: None,
    });
    let left = stall.till.returnable(&first.id).unwrap();
    assert_eq!((left[1].sold, left[1].left), (2.into(), 1.into()));
    let charge = stall.till.charge(&back, None).unwrap().unwrap();
    assert!(charge.gives_back && charge.cash.is_empty() && charge.open_minor == -400);
    let refund = stall.pay(back, CASH, None);
    let done = stall.till.done(&refund.id).unwrap().unwrap();
    assert_eq!(
        (done.kind, done.change_minor, done.pieces.len()),
        (SaleKind::Refund, 400, 1)
    );
    assert_eq!(
        done.pieces[0],
        CashPieces {
            value_minor: 200,
            count: 2
        }
    );
    let oldest = &stall.till.sales(None, 10).unwrap().sales[5];
    assert!(oldest.refunded);
    assert!(
        stall
            .till
            .receipt_text(&refund.id, 32, false)
            .unwrap()
            .contains("A-1")
    );
    assert!(
        stall
            .till
            .receipt_html(&first.id, true)
            .unwrap()
            .starts_with("<!")
    );
}

#[test]
fn a_day_is_added_up_against_the_last_one() {
    let stall = Stall::new();
    stall.sell("FR-LEMON", CASH);
    stall.clock.set(MORNING_MS + 7 * DAY_MS);
    stall.sell("FR-STRAWB", CASH);
    stall.sell("FR-STRAWB", CARD_TERMINAL);
    stall.clock.set(MORNING_MS + 7 * DAY_MS + 2 * HOUR_MS);
    stall.sell("FR-LEMON", CASH);
    let day = stall.till.today(None).unwrap();
    assert_eq!(
        (day.day, day.sales, day.refunds),
        ((MORNING_MS + 7 * DAY_MS) / DAY_MS, 3, 0)
    );
    assert_eq!((day.total_minor, day.best_hour), (960, Some(8)));
    let tenders: Vec<(&str, u32, i64, u32)> = day
        .tenders
        .iter()
        .map(|row| (row.name.as_str(), row.count, row.amount_minor, row.share_permille))
        .collect();
    assert_eq!(tenders, [("Cash", 2, 510, 531), ("Card terminal", 1, 450, 468)]);
    assert_eq!(
        (day.items[0].name.as_str(), day.items[0].count),
        ("Strawberries 500 g", 2)
    );
    let hours: Vec<(u8, u32, u32)> = day
        .hours
        .iter()
        .map(|row| (row.hour, row.permille_of_best, row.last_time_permille))
        .collect();
    assert_eq!(hours, [(8, 1_000, 66), (9, 0, 0), (10, 66, 0)]);
    let last = day.last_time.unwrap();
    assert_eq!(
        (last.day, last.total_minor, last.sales),
        (MORNING_MS / DAY_MS, 60, 1)
    );

    let earlier = stall.till.today(Some(MORNING_MS / DAY_MS)).unwrap();
    assert_eq!((earlier.total_minor, earlier.last_time), (60, None));
    assert!(stall.till.today(Some(0)).unwrap().hours.is_empty());
    // What the books say: every sale of the store, whatever the day.
    let sales = stall.till.sales(None, 100).unwrap().sales;
    let sum: i64 = sales.iter().map(|sale| sale.total_minor).sum();
    assert_eq!(sum, day.total_minor + earlier.total_minor);
}

#[test]
fn the_drawer_is_counted_and_opened_like_last_time() {
    let stall = Stall::new();
    let pieces = [(2_000, 3), (50, 4)].map(|(value_minor, count)| CashPieces { value_minor, count });
    let sum = CashSum::of(&pieces).unwrap();
    assert_eq!((sum.total_minor, sum.rows), (6_200, vec![6_000, 200]));
    assert!(
        CashSum::of(&[CashPieces {
            value_minor: -1,
            count: 1
        }])
        .is_err()
    );
    let opening = stall.till.opening().unwrap();
    assert_eq!((opening.shift_open, opening.last_float_minor), (false, None));
    assert_eq!(stall.till.x_text(42).unwrap(), None);
    let open = stall.send(Command::OpenShift {
        cash_box: None,
        float: CashCount::amount(10_000),
    });
    let View::Shift(shift) = open.view else {
        panic!("no shift")
    };
    assert_eq!(stall.till.opening().unwrap().float_minor, Some(10_000));
    assert!(stall.till.x_text(42).unwrap().unwrap().contains("100.00"));
    stall.send(Command::CloseShift {
        cash_box: None,
        counted: CashCount::amount(9_900),
        blind: true,
        note: Some("a euro rolled away".into()),
    });
    let opening = stall.till.opening().unwrap();
    assert_eq!(
        (opening.last_float_minor, opening.last_counted_minor),
        (Some(10_000), Some(9_900))
    );
    assert!(stall.till.z_text(&shift.shift, 42).unwrap().contains("99.00"));
    assert!(
        stall
            .till
            .z_text(&barrow_log::id::ShiftId::from_number(1), 42)
            .is_err()
    );
}

#[test]
fn a_till_tells_how_it_is_and_remembers_its_backup() {
    let stall = Stall::new();
    let shop = stall.till.shop().unwrap();
    assert_eq!(
        (shop.country_name.as_str(), shop.till.as_str()),
        ("Germany", "Till 1")
    );
    assert_eq!(
        (shop.location.as_str(), shop.organisation.len()),
        (sample::NAME, 8)
    );
    let status = stall.till.status().unwrap();
    assert_eq!(
        (status.last_backup_ms, status.storage, status.open_tasks),
        (None, StorageState::Well, 0)
    );
    assert!(stall.till.tasks(0, 10).unwrap().is_empty());
    let folder = stall.folder.path().join("backups");
    let made = stall
        .till
        .backup(&folder, "a long passphrase", &mut Work::new(&mut |_, _| {}))
        .unwrap();
    assert!(made.bytes > 1_000);
    assert_eq!(stall.till.status().unwrap().last_backup_ms, Some(MORNING_MS));
    let report = stall.till.verify(&mut Work::new(&mut |_, _| {})).unwrap();
    assert_eq!((report.problem_count, report.problems.len()), (0, 0));

    let into = stall.folder.path().join("again");
    let ports = || Ports {
        clock: Box::new(FixedClock::at(MORNING_MS)),
        chance: Box::new(SeededChance::new(6)),
        keys: Box::new(MemoryKeyStore::default()),
    };
    let file = std::path::Path::new(&made.file);
    let restore = |passphrase| {
        let mut quiet = |_, _| {};
        let work = &mut Work::new(&mut quiet);
        Till::restore(file, &into, passphrase, ports(), &Options::default(), work)
    };
    assert!(restore("a wrong passphrase").is_err());
    let again = restore("a long passphrase").unwrap();
    assert_eq!(
        again.status().unwrap().last_backup_ms,
        None,
        "that was another device"
    );
    assert_eq!(
        again.search("lemon", 3).unwrap().len(),
        stall.till.search("lemon", 3).unwrap().len()
    );
}

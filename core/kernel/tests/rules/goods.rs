//! Kinds of goods: weighed, open price, department, deposit, gifts; and stock.

use crate::common::*;
use barrow_kernel::cart::{LineId, Measure};
use barrow_kernel::catalogue::{ItemKind, Oversell};
use barrow_kernel::command::{Command, ItemRef, LineDraft};
use barrow_kernel::context::Stock;
use barrow_kernel::ledger::Account;
use barrow_kernel::quantity::Unit;
use barrow_kernel::rejection::Rejection;
use barrow_kernel::stock::{CountLine, MovementKind, MovementLine};

fn draft(number: u128) -> LineDraft {
    LineDraft::of(ItemRef::Id(item(number)))
}

/// 420 g olives 9.62 and 286 g cheese 6.55: 16.17, in Finland 16.15 in cash.
#[test]
fn golden_basket_e() {
    let mut till = Till::of(
        Setup::new("EUR")
            .cash_step(5)
            .goods(1, "0.0229", |g| g.weighed(Unit::Gram, "100"))
            .goods(2, "22.90", |g| g.weighed(Unit::Kilogram, "1")),
    );
    let cart = till.cart_of(&[(1, "420"), (2, "0.286")]);
    let view = till.view(cart);
    assert_eq!([view.lines[0].total_minor, view.lines[1].total_minor], [962, 655]);
    assert_eq!((view.totals.total_minor, view.cash_due_minor), (1617, 1615));
    let sale = till.pay(cart, CASH);
    assert_eq!((sale.total_minor, sale.rounding_minor), (1617, -2));
    assert_eq!(till.shift().expected_minor, 1615);
}

#[test]
fn weighed_goods_are_net_of_tare() {
    let mut till = Till::of(
        Setup::new("EUR")
            .goods(1, "10.00", |g| g.weighed(Unit::Kilogram, "1").tare("0.006"))
            .plain(2, "1.00"),
    );
    let cart = till.cart();
    let gross = |gross: &str, tare: Option<&str>| LineDraft {
        gross: Some(qty(gross)),
        tare: tare.map(qty),
        ..draft(1)
    };
    till.ok(add(cart, gross("1.006", None)));
    till.ok(add(cart, gross("0.5", Some("0.25"))));
    let view = till.view(cart);
    assert_eq!(
        [view.lines[0].total_minor, view.lines[1].total_minor],
        [1000, 250]
    );
    assert_eq!(
        view.lines[0].weighing.as_ref().map(|w| w.tare),
        Some(qty("0.006")),
        "the usual tare"
    );
    till.no(add(cart, gross("0.006", None)));
    till.no(add(cart, gross("0.1", Some("0.2"))));
    till.no(add(cart, gross("1", Some("-0.2"))));
    till.no(add(cart, draft(1)));
    let mut pieces = gross("1", None);
    pieces.item = ItemRef::Id(item(2));
    till.no(add(cart, pieces));
    let mut loose = line(1, "1");
    loose.tare = Some(qty("0.1"));
    till.no(add(cart, loose));
    till.ok(Command::SetQuantity {
        cart,
        line: LineId(1),
        quantity: qty("2"),
    });
    assert_eq!(
        till.view(cart).lines[0].weighing,
        None,
        "a typed weight has no gross"
    );
}

#[test]
fn the_amount_of_a_scale_is_the_fact_and_the_weight_follows() {
    let setup = Setup::new("EUR").goods(1, "3.00", |g| g.weighed(Unit::Kilogram, "1"));
    let mut till = Till::of(setup.clone());
    let cart = till.cart();
    let amount = |minor| LineDraft {
        amount_minor: Some(minor),
        ..draft(1)
    };
    till.ok(add(cart, amount(200)));
    let shown = &till.view(cart).lines[0];
    assert_eq!(
        (shown.quantity, shown.total_minor, shown.derived),
        (qty("0.667"), 200, true)
    );
    till.no(Command::SetQuantity {
        cart,
        line: LineId(1),
        quantity: qty("1"),
    });
    till.no(add(cart, amount(0)));
    let dearer = setup.goods(1, "4.00", |g| g.weighed(Unit::Kilogram, "1")).goods[1]
        .draft
        .clone();
    till.ok(Command::PutItems { items: vec![dearer] });
    assert_eq!(
        till.view(cart).lines[0].newer_price,
        None,
        "the scale has priced it"
    );
    till.no(Command::Reprice {
        cart,
        lines: Vec::new(),
    });
    let sale = till.pay(cart, CASH);
    assert_eq!(sale.lines[0].measure, Measure::Amount);
    let cart = till.take_back(sale.id, &[(1, "0.3")]);
    assert_eq!(till.view(cart).totals.total_minor, -90);
}

#[test]
fn open_prices_and_departments_are_typed() {
    let mut till = Till::of(
        Setup::new("EUR")
            .goods(1, "0", |g| g.kind(ItemKind::OpenPrice))
            .goods(2, "0", |g| g.kind(ItemKind::Department)),
    );
    let cart = till.cart();
    till.no(add(cart, draft(1)));
    till.no(add(cart, draft(2)));
    for number in [1, 2] {
        let typed = LineDraft {
            unit_price: Some("4.20".parse().expect("a price")),
            ..draft(number)
        };
        till.ok(add(cart, typed));
    }
    let keyed = LineDraft {
        amount_minor: Some(150),
        ..draft(2)
    };
    till.ok(add(cart, keyed));
    let sale = till.pay(cart, CASH);
    assert_eq!(sale.total_minor, 990);
    assert!(!sale.lines[1].goods.tracked, "no stock is kept of a department");
    till.no(Command::CountStock {
        location: None,
        lines: vec![CountLine {
            item: ItemRef::Id(item(2)),
            counted: qty("1"),
        }],
    });
}

#[test]
fn deposits_are_a_liability_and_come_back_up_to_the_limit() {
    let mut till = Till::of(
        Setup::new("EUR")
            .with(|shop| shop.deposit_returns = 3)
            .goods(9, "1.00", |g| g.kind(ItemKind::Deposit).taxes(&[]))
            .goods(1, "4.80", |g| g.brings(9)),
    );
    let cart = till.cart_of(&[(1, "2"), (9, "-3")]);
    let sale = till.pay(cart, CASH);
    assert_eq!(sale.total_minor, 860);
    assert_eq!(till.balance(&Account::Deposits), 100, "three back, two out");
    till.permissions
        .retain(|p| *p == barrow_kernel::context::Permission::Sell);
    let cart = till.cart_of(&[(9, "-2")]);
    assert!(matches!(
        till.no(add(cart, line(9, "-2"))),
        Rejection::NeedsApproval { .. }
    ));
    let set = |quantity: &str| Command::SetQuantity {
        cart,
        line: LineId(1),
        quantity: qty(quantity),
    };
    assert!(matches!(till.no(set("-4")), Rejection::NeedsApproval { .. }));
    till.ok(set("-3"));
    let one = LineId(1);
    till.ok(Command::VoidLine { cart, line: one });
    till.add(cart, 9, "-1");
    let restore = Command::RestoreLine { cart, line: one };
    assert!(
        matches!(till.no(restore), Rejection::NeedsApproval { .. }),
        "no way round the limit"
    );
    till.ok(add_approved(cart, line(9, "-5")));
    assert_eq!(till.pay(cart, CASH).total_minor, -600);
}

#[test]
fn linked_returns_of_deposits_do_not_use_up_the_limit() {
    let mut till = Till::of(
        Setup::new("EUR")
            .with(|shop| shop.deposit_returns = 1)
            .goods(9, "1.00", |g| g.kind(ItemKind::Deposit).taxes(&[]))
            .goods(1, "4.80", |g| g.brings(9)),
    );
    let sale = till.sell(&[(1, "5")]);
    let cart = till.take_back(sale.id, &[]);
    till.add(cart, 9, "-1");
    assert_eq!(till.pay(cart, CASH).total_minor, -3000);
}

#[test]
fn gifts_at_price_zero_are_sales() {
    let mut till = Till::of(Setup::new("EUR").plain(1, "0"));
    let sale = till.sell(&[(1, "3")]);
    assert_eq!((sale.total_minor, sale.payments.len()), (0, 1));
    assert!(sale.postings.is_empty() && sale.taxes.is_empty());
    assert_eq!(till.world.on_hand(&item(1), &PITCH), Ok(qty("-3")));
    let cart = till.take_back(sale.id, &[]);
    assert_eq!(till.pay(cart, CARD).total_minor, 0);
    assert_eq!(till.world.on_hand(&item(1), &PITCH), Ok(qty("0")));
}

#[test]
fn stock_is_the_fold_of_movements_and_counts() {
    let mut till = Till::of(Setup::new("EUR").plain(1, "1.00"));
    let moved = |movement, quantity: &str, reason: Option<&str>| Command::MoveStock {
        location: None,
        movement,
        lines: vec![MovementLine {
            item: ItemRef::Sku("SKU-1".into()),
            quantity: qty(quantity),
        }],
        reason: reason.map(Into::into),
    };
    till.ok(moved(MovementKind::Delivery, "10", None));
    till.sell(&[(1, "2")]);
    till.ok(moved(MovementKind::Waste, "1", Some("bruised")));
    till.ok(moved(MovementKind::TransferOut, "3", None));
    till.ok(moved(MovementKind::Correction, "-1", Some("miscounted")));
    till.no(moved(MovementKind::Waste, "1", None));
    till.no(moved(MovementKind::Correction, "0", Some("x")));
    till.no(moved(MovementKind::Delivery, "-1", None));
    assert_eq!(till.world.on_hand(&item(1), &PITCH), Ok(qty("3")));
    let count = |counted: &str, times| Command::CountStock {
        location: None,
        lines: vec![
            CountLine {
                item: ItemRef::Id(item(1)),
                counted: qty(counted),
            };
            times
        ],
    };
    till.ok(count("5", 1));
    assert_eq!(till.world.on_hand(&item(1), &PITCH), Ok(qty("5")));
    till.no(count("5", 2));
    till.no(count("-1", 1));
    till.no(count("1", 0));
}

#[test]
fn selling_more_than_there_is_warns_asks_or_refuses() {
    let shop = |oversell| {
        Setup::new("EUR")
            .with(|shop| shop.oversell = oversell)
            .plain(1, "1.00")
    };
    let mut warn = Till::of(shop(Oversell::Warn));
    let cart = warn.cart_of(&[(1, "1")]);
    assert_eq!(warn.view(cart).lines[0].short_of, Some(qty("0")));
    let mut ask = Till::of(shop(Oversell::Ask));
    let cart = ask.cart();
    ask.no(add(cart, line(1, "1")));
    let confirmed = LineDraft {
        oversell: true,
        ..line(1, "1")
    };
    ask.ok(add(cart, confirmed.clone()));
    let mut refuse = Till::of(shop(Oversell::Refuse));
    let cart = refuse.cart();
    refuse.no(add(cart, confirmed));
    refuse.ok(Command::MoveStock {
        location: None,
        movement: MovementKind::Delivery,
        lines: vec![MovementLine {
            item: ItemRef::Id(item(1)),
            quantity: qty("5"),
        }],
        reason: None,
    });
    refuse.add(cart, 1, "1");
    let merged = |quantity: &str| LineDraft {
        merge: true,
        ..line(1, quantity)
    };
    let twice = Command::AddLines {
        cart,
        lines: vec![merged("3"), merged("3")],
        approval: None,
    };
    refuse.no(twice);
    refuse.ok(add(cart, merged("3")));
    let set = |quantity: &str| Command::SetQuantity {
        cart,
        line: LineId(1),
        quantity: qty(quantity),
    };
    refuse.no(set("6"));
    refuse.ok(set("5"));
    let one = LineId(1);
    refuse.ok(Command::VoidLine { cart, line: one });
    refuse.add(cart, 1, "5");
    refuse.no(Command::RestoreLine { cart, line: one });
}

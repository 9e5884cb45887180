//! Lines, prices, taxes and discounts of an open cart.

use crate::common::*;
use barrow_kernel::cart::{GivenDiscount, LineId};
use barrow_kernel::command::Command;
use barrow_kernel::price::Discount;
use barrow_kernel::rejection::Rejection;

fn off(amount_minor: i64) -> Vec<GivenDiscount> {
    vec![GivenDiscount {
        discount: Discount::Amount(amount_minor),
        reason: Some("offer".into()),
    }]
}

fn percent(rate: &str) -> Vec<GivenDiscount> {
    vec![GivenDiscount {
        discount: Discount::Percent(rate.parse().expect("a rate")),
        reason: None,
    }]
}

/// The basket of the reference pictures: 22.31, VAT 7 % 1.26 and 19 % 0.49.
#[test]
fn golden_basket_f() {
    use barrow_kernel::catalogue::ItemKind;
    use barrow_kernel::quantity::Unit;
    let mut till = Till::of(
        Setup::new("EUR")
            .per_document()
            .goods(1, "3.49", |g| g.weighed(Unit::Kilogram, "1").taxes(&[2]))
            .goods(2, "4.50", |g| g.taxes(&[2]))
            .goods(9, "0.15", |g| g.kind(ItemKind::Deposit).taxes(&[3]))
            .goods(3, "2.90", |g| g.brings(9).taxes(&[3]))
            .goods(4, "7.90", |g| g.taxes(&[2])),
    );
    let cart = till.cart_of(&[(1, "1.234"), (2, "2"), (3, "1"), (4, "1")]);
    for (line, minor) in [(2, 100), (5, 95)] {
        till.ok(Command::DiscountLine {
            cart,
            line: LineId(line),
            discounts: off(minor),
        });
    }
    let view = till.view(cart);
    let lines: Vec<i64> = view.lines.iter().map(|line| line.total_minor).collect();
    assert_eq!(lines, [431, 800, 290, 15, 695]);
    assert_eq!(
        view.lines[3].parent,
        Some(LineId(3)),
        "the deposit hangs on its bottle"
    );
    assert_eq!(view.totals.total_minor, 2231);
    let sale = till.pay(cart, CASH);
    let taxes: Vec<i64> = sale.taxes.iter().map(|tax| tax.amount_minor).collect();
    assert_eq!(taxes, [126, 49]);
}

#[test]
fn a_cart_percent_is_exact_and_its_parts_sum() {
    let mut till = Till::of(
        Setup::new("EUR")
            .plain(1, "0.99")
            .plain(2, "1.01")
            .plain(3, "0.33"),
    );
    let cart = till.cart_of(&[(1, "1"), (2, "1"), (3, "1")]);
    till.ok(Command::DiscountCart {
        cart,
        discounts: percent("15"),
    });
    // round(2.33 x 0.85) = 1.98
    assert_eq!(till.view(cart).totals.total_minor, 198);
    assert_eq!(till.view(cart).totals.discount_minor, 35);
    till.pay(cart, CASH);
}

#[test]
fn no_discount_takes_a_line_below_zero_or_reaches_a_deposit() {
    use barrow_kernel::catalogue::ItemKind;
    let mut till = Till::of(
        Setup::new("EUR")
            .goods(9, "0.25", |g| g.kind(ItemKind::Deposit))
            .goods(1, "1.00", |g| g.brings(9)),
    );
    let cart = till.cart_of(&[(1, "1")]);
    till.ok(Command::DiscountLine {
        cart,
        line: LineId(1),
        discounts: off(500),
    });
    till.ok(Command::DiscountCart {
        cart,
        discounts: percent("100"),
    });
    assert_eq!(till.view(cart).totals.total_minor, 25);
    till.no(Command::DiscountLine {
        cart,
        line: LineId(2),
        discounts: off(5),
    });
    let mut free = line(9, "1");
    free.discounts = off(5);
    till.no(add(cart, free));
    let mut dear = line(9, "-1");
    (dear.unit_price, dear.reason) = (Some("500".parse().expect("a price")), Some("x".into()));
    till.no(add(cart, dear));
}

#[test]
fn a_line_keeps_its_price_until_a_newer_one_is_taken() {
    let setup = Setup::new("EUR").plain(1, "2.00");
    let mut till = Till::of(setup.clone());
    let cart = till.cart_of(&[(1, "2")]);
    let dearer = setup.plain(1, "2.50").goods[1].draft.clone();
    till.ok(Command::PutItems { items: vec![dearer] });
    assert_eq!(till.view(cart).totals.total_minor, 400);
    assert_eq!(
        till.view(cart).lines[0].newer_price,
        Some("2.50".parse().expect("a price"))
    );
    till.ok(Command::Reprice {
        cart,
        lines: Vec::new(),
    });
    assert_eq!(till.view(cart).totals.total_minor, 500);
    assert_eq!(till.view(cart).lines[0].newer_price, None);
    till.no(Command::Reprice {
        cart,
        lines: Vec::new(),
    });
}

#[test]
fn haggling_needs_a_reason_and_shows_both_prices() {
    let mut till = Till::of(Setup::new("EUR").plain(1, "12.00"));
    let cart = till.cart_of(&[(1, "1")]);
    let haggle = |reason: &str| Command::SetPrice {
        cart,
        line: LineId(1),
        unit_price: "10.00".parse().expect("a price"),
        reason: reason.into(),
    };
    assert!(matches!(till.no(haggle(" ")), Rejection::Missing { .. }));
    till.ok(haggle("last one"));
    let shown = &till.view(cart).lines[0];
    assert_eq!(shown.list_price.map(|price| price.to_string()), Some("12".into()));
    assert_eq!(shown.price_reason.as_deref(), Some("last one"));
    assert_eq!(shown.total_minor, 1000);
    let mut cheap = line(1, "1");
    cheap.unit_price = Some("1".parse().expect("a price"));
    assert!(matches!(
        till.no(add(cart, cheap.clone())),
        Rejection::Missing { .. }
    ));
    cheap.reason = Some("dent".into());
    till.ok(add(cart, cheap));
    let sale = till.pay(cart, CASH);
    assert_eq!(sale.total_minor, 1100);
    assert_eq!(sale.lines[1].price_reason.as_deref(), Some("dent"));
}

#[test]
fn switching_taxes_adapts_prices_that_include_tax_and_comes_back_exactly() {
    let setup = Setup::new("EUR")
        .tax(vat(5, "25"))
        .mapping("export", 5, &[4])
        .mapping("away", 5, &[2]);
    let mut till = Till::of(
        setup
            .goods(1, "0.07", |g| g.taxes(&[5]))
            .goods(2, "125.00", |g| g.taxes(&[5])),
    );
    let cart = till.cart_of(&[(1, "1"), (2, "1")]);
    let switch = |mapping: Option<&str>| Command::SwitchTaxes {
        cart,
        mapping: mapping.map(Into::into),
    };
    let before = till.view(cart).totals;
    till.ok(switch(Some("export")));
    assert_eq!(till.view(cart).totals.total_minor, 10_006);
    assert_eq!(till.view(cart).totals.tax_minor, 0);
    till.ok(switch(Some("away")));
    assert_eq!(till.view(cart).lines[1].total_minor, 10_700);
    till.ok(switch(None));
    assert_eq!(till.view(cart).totals, before);
    till.no(switch(None));
    till.no(switch(Some("nowhere")));
    till.ok(switch(Some("away")));
    till.add(cart, 2, "1");
    assert_eq!(
        till.view(cart).lines[2].total_minor,
        10_700,
        "new lines follow the switch"
    );
    assert_eq!(till.pay(cart, CASH).tax_mapping.as_deref(), Some("away"));
}

#[test]
fn equal_lines_merge_and_different_ones_do_not() {
    use barrow_kernel::catalogue::ItemKind;
    let mut till = Till::of(
        Setup::new("EUR")
            .goods(9, "0.25", |g| g.kind(ItemKind::Deposit))
            .goods(1, "1.00", |g| g.brings(9)),
    );
    let cart = till.cart_of(&[(1, "1")]);
    let mut more = line(1, "2");
    more.merge = true;
    till.ok(add(cart, more.clone()));
    let view = till.view(cart);
    assert_eq!(view.line_count, 2);
    assert_eq!(view.lines[1].quantity, qty("3"), "the deposit follows its bottle");
    more.note = Some("with ice".into());
    till.ok(add(cart, more));
    assert_eq!(till.view(cart).line_count, 4);
}

#[test]
fn a_merge_past_the_largest_quantity_is_refused_not_lost() {
    let mut till = Till::of(Setup::new("EUR").plain(1, "0"));
    let cart = till.cart_of(&[(1, "1000000000")]);
    let mut more = line(1, "1");
    more.merge = true;
    assert!(matches!(till.no(add(cart, more)), Rejection::OutOfRange { .. }));
}

#[test]
fn quantities_change_and_deposits_follow() {
    use barrow_kernel::catalogue::ItemKind;
    let mut till = Till::of(
        Setup::new("EUR")
            .goods(9, "0.25", |g| g.kind(ItemKind::Deposit))
            .goods(1, "1.00", |g| g.brings(9)),
    );
    let cart = till.cart_of(&[(1, "1")]);
    let set = |line, quantity: &str| Command::SetQuantity {
        cart,
        line: LineId(line),
        quantity: qty(quantity),
    };
    till.ok(set(1, "4"));
    assert_eq!(till.view(cart).totals.total_minor, 500);
    for wrong in [set(1, "0"), set(1, "-1"), set(1, "4"), set(2, "1"), set(7, "1")] {
        till.no(wrong);
    }
    let line = LineId(1);
    till.ok(Command::VoidLine { cart, line });
    assert_eq!(till.view(cart).line_count, 0);
    till.no(set(1, "2"));
    till.no(Command::VoidLine { cart, line });
    till.no(tender(cart, CASH, None, None));
    till.ok(Command::RestoreLine { cart, line });
    assert_eq!(till.view(cart).totals.total_minor, 500);
    till.no(Command::RestoreLine { cart, line });
}

#[test]
fn carts_park_resume_and_are_given_up_with_an_audit_entry() {
    let mut till = Till::of(Setup::new("EUR").plain(1, "1.00"));
    let cart = till.cart_of(&[(1, "1")]);
    till.ok(Command::Park {
        cart,
        name: Some("red hat".into()),
    });
    assert_eq!(till.view(cart).name.as_deref(), Some("red hat"));
    till.ok(Command::Resume { cart });
    till.no(Command::Resume { cart });
    let events = till.ok(Command::VoidCart {
        cart,
        reason: Some("left".into()),
    });
    assert!(matches!(
        events.as_slice(),
        [barrow_kernel::event::Event::CartVoided { void }] if void.total_minor == 100 && void.lines == 1
    ));
    assert!(matches!(
        till.no(add(cart, line(1, "1"))),
        Rejection::Closed { .. }
    ));
}

#[test]
fn two_versions_of_one_tax_keep_their_rows_apart() {
    for setup in [Setup::new("EUR"), Setup::new("EUR").per_document()] {
        let mut till = Till::of(setup.goods(1, "1.19", |g| g.taxes(&[3])));
        let cart = till.cart_of(&[(1, "1")]);
        till.ok(Command::PutTaxes {
            taxes: vec![vat(3, "16")],
        });
        till.add(cart, 1, "1");
        let sale = till.pay(cart, CASH);
        let rows: Vec<_> = sale
            .taxes
            .iter()
            .map(|tax| (tax.rate.map(|rate| rate.to_string()), tax.amount_minor))
            .collect();
        assert_eq!(rows, [(Some("19".into()), 19), (Some("16".into()), 16)]);
        let cart = till.take_back(sale.id, &[]);
        let refund = till.pay(cart, CASH);
        assert_eq!(refund.taxes.len(), 2);
        assert_eq!(refund.taxes[1].amount_minor, -16);
    }
}

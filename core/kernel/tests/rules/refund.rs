//! Goods that come back: linked to their sale to the cent, or by approval.

use crate::common::*;
use barrow_kernel::cart::{GivenDiscount, LineId};
use barrow_kernel::catalogue::ItemKind;
use barrow_kernel::command::{Command, ReturnDraft};
use barrow_kernel::context::{Permission, Stock};
use barrow_kernel::event::Event;
use barrow_kernel::price::Discount;
use barrow_kernel::rejection::Rejection;
use barrow_kernel::sale::{Sale, SaleKind};

/// A sale with mixed taxes, discounts, a weight and deposits.
fn mixed(setup: Setup) -> (Till, Sale) {
    let mut till = Till::of(
        setup
            .goods(9, "0.15", |g| g.kind(ItemKind::Deposit).taxes(&[3]))
            .goods(1, "3.33", |g| g.brings(9).taxes(&[2]))
            .goods(2, "7.77", |g| g.taxes(&[3, 2]))
            .goods(3, "1.49", |g| g.taxes(&[]))
            .goods(4, "2.19", |g| {
                g.weighed(barrow_kernel::quantity::Unit::Kilogram, "1")
                    .taxes(&[1])
            }),
    );
    let cart = till.cart_of(&[(1, "3"), (2, "7"), (3, "2"), (4, "1.237")]);
    let given = |discount| {
        vec![GivenDiscount {
            discount,
            reason: None,
        }]
    };
    till.ok(Command::DiscountLine {
        cart,
        line: LineId(3),
        discounts: given(Discount::Percent("12.5".parse().expect("a rate"))),
    });
    till.ok(Command::DiscountCart {
        cart,
        discounts: given(Discount::Amount(199)),
    });
    let sale = till.pay(cart, CASH);
    (till, sale)
}

fn policies() -> [Setup; 4] {
    let plain = || Setup::new("EUR");
    let top = |setup: Setup| setup.tax(on_top(3, "19")).tax(on_top(1, "20.5"));
    [
        plain(),
        plain().per_document(),
        top(plain()),
        top(plain().per_document()),
    ]
}

/// What a document came to, by line and in sum.
fn figures(sales: &[Sale]) -> Vec<i64> {
    let sum = |value: &dyn Fn(&Sale) -> i64| sales.iter().map(value).sum();
    let mut figures = vec![
        sum(&|sale| sale.total_minor),
        sum(&|sale| sale.tax_minor),
        sum(&|sale| sale.lines.iter().map(|line| line.discount_minor).sum()),
        sum(&|sale| sale.lines.iter().map(|line| line.extended_minor).sum()),
    ];
    for number in 1..=4 {
        let of = move |sale: &Sale| {
            let rows = sale.taxes.iter().filter(|tax| tax.tax == tax_id(number));
            rows.map(|tax| tax.amount_minor + 1_000_000 * tax.base_minor)
                .sum::<i64>()
        };
        figures.push(sum(&of));
    }
    figures
}

#[test]
fn taking_everything_back_mirrors_the_sale() {
    for setup in policies() {
        let (mut till, sale) = mixed(setup);
        let cart = till.take_back(sale.id, &[]);
        let refund = till.pay(cart, CASH);
        assert_eq!(refund.kind, SaleKind::Refund);
        let zero = figures(&[sale.clone(), refund]);
        assert!(zero.iter().all(|sum| *sum == 0), "{zero:?}");
        let left = till.ledger.iter().find(|(_, balance)| **balance != 0);
        assert_eq!(left, None, "nothing is left on any account");
        let everything = returns(till.cart(), sale.id, &[]);
        assert!(matches!(till.no(everything), Rejection::NotNow { .. }));
    }
}

#[test]
fn taking_it_back_in_any_steps_mirrors_it_too() {
    // Lines: bottle, deposit, two taxes, untaxed, weighed.
    let steps: [&[(u32, &str)]; 5] = [
        &[(3, "2"), (1, "1")],
        &[(3, "1"), (3, "1"), (5, "0.5")],
        &[(2, "1"), (4, "2")],
        &[(3, "2"), (5, "0.7"), (1, "1")],
        &[],
    ];
    for setup in policies() {
        let (mut till, sale) = mixed(setup);
        let mut documents = vec![sale.clone()];
        for step in steps {
            let cart = till.take_back(sale.id, step);
            documents.push(till.pay(cart, CASH));
        }
        let zero = figures(&documents);
        assert!(zero.iter().all(|sum| *sum == 0), "{zero:?}");
    }
}

#[test]
fn open_carts_share_the_rights_and_the_cents() {
    let setup = || Setup::new("EUR").plain(1, "3.34");
    let mut till = Till::of(setup());
    let cart = till.cart_of(&[(1, "3")]);
    till.ok(Command::DiscountLine {
        cart,
        line: LineId(1),
        discounts: vec![GivenDiscount {
            discount: Discount::Amount(2),
            reason: None,
        }],
    });
    // 10.00 for three: shares of 3.33, 3.34 and 3.33.
    let sale = till.pay(cart, CASH);
    let first = till.take_back(sale.id, &[(1, "1")]);
    let second = till.take_back(sale.id, &[(1, "1")]);
    let third = till.take_back(sale.id, &[(1, "1")]);
    assert!(matches!(
        till.no(returns(third, sale.id, &[(1, "1")])),
        Rejection::NotNow { .. }
    ));
    let mut paid = till.pay(second, CASH).total_minor;
    for cart in [first, third] {
        if let Err(why) = till.run(&tender(cart, CASH, None, None)) {
            assert!(
                why.to_string().contains("meanwhile"),
                "its share is another one by now: {why}"
            );
            let line = LineId(1);
            till.ok(Command::VoidLine { cart, line });
            till.ok(returns(cart, sale.id, &[(1, "1")]));
            till.pay(cart, CASH);
        }
        paid += till.last_sale().expect("a refund").total_minor;
    }
    assert_eq!(paid, -sale.total_minor, "not a cent more than was paid");
}

#[test]
fn no_more_comes_back_than_was_sold() {
    let mut till = Till::of(Setup::new("EUR").plain(1, "2.00"));
    let sale = till.sell(&[(1, "3")]);
    for quantity in ["0", "-1", "4"] {
        let cart = till.cart();
        till.no(returns(cart, sale.id, &[(1, quantity)]));
    }
    let cart = till.cart();
    till.no(returns(cart, sale.id, &[(1, "2"), (1, "2")]));
    till.no(returns(cart, sale.id, &[(9, "1")]));
    till.ok(returns(cart, sale.id, &[(1, "2")]));
    let line = LineId(1);
    till.ok(Command::VoidLine { cart, line });
    let other = till.take_back(sale.id, &[(1, "3")]);
    till.no(Command::RestoreLine { cart, line });
    let refund = till.pay(other, CASH);
    let cart = till.cart();
    till.no(returns(cart, refund.id, &[(1, "1")]));
    till.no(returns(cart, sale.id, &[(1, "1")]));
}

#[test]
fn a_linked_return_can_not_be_changed() {
    let mut till = Till::of(Setup::new("EUR").plain(1, "2.00"));
    let sale = till.sell(&[(1, "3")]);
    let cart = till.take_back(sale.id, &[(1, "1")]);
    let line = LineId(1);
    till.no(Command::SetQuantity {
        cart,
        line,
        quantity: qty("-3"),
    });
    till.no(Command::SetPrice {
        cart,
        line,
        unit_price: "9".parse().expect("a price"),
        reason: "x".into(),
    });
    till.no(Command::Reprice {
        cart,
        lines: vec![line],
    });
    till.no(Command::DiscountLine {
        cart,
        line,
        discounts: Vec::new(),
    });
}

#[test]
fn goods_without_a_receipt_need_an_approval_that_stays_in_the_op() {
    let setup = Setup::new("EUR").plain(1, "2.00");
    let mut till = Till::of(setup.clone());
    let cart = till.cart();
    assert!(matches!(
        till.no(add(cart, line(1, "-1"))),
        Rejection::NeedsApproval { .. }
    ));
    let events = till.ok(add_approved(cart, line(1, "-1")));
    let Some(Event::LinesAdded { lines, .. }) = events.last() else {
        panic!("a line: {events:?}")
    };
    let kept = lines[0].returns.as_ref().and_then(|back| back.approval.clone());
    assert_eq!(kept, Some(approval()));
    let one = LineId(1);
    let more = Command::SetQuantity {
        cart,
        line: one,
        quantity: qty("-9"),
    };
    assert!(matches!(till.no(more), Rejection::NotNow { .. }));
    let dearer = Command::SetPrice {
        cart,
        line: one,
        unit_price: "900".parse().expect("a price"),
        reason: "x".into(),
    };
    assert!(matches!(till.no(dearer), Rejection::NotNow { .. }));
    till.ok(Command::PutItems {
        items: vec![setup.plain(1, "90.00").goods[1].draft.clone()],
    });
    till.no(Command::Reprice {
        cart,
        lines: Vec::new(),
    });
    assert_eq!(till.pay(cart, CASH).total_minor, -200);
    till.permissions.remove(&Permission::RefundUnlinked);
    let cart = till.cart();
    assert!(matches!(
        till.no(add_approved(cart, line(1, "-1"))),
        Rejection::NotPermitted { .. }
    ));
    till.permissions.remove(&Permission::Refund);
    let sale = till.sell(&[(1, "1")]);
    assert!(matches!(
        till.no(returns(cart, sale.id, &[])),
        Rejection::NotPermitted { .. }
    ));
}

#[test]
fn an_exchange_is_one_document() {
    for setup in [Setup::new("EUR"), Setup::new("EUR").per_document()] {
        let mut till = Till::of(setup.plain(1, "2.00").plain(2, "5.00"));
        let sale = till.sell(&[(1, "1")]);
        let cart = till.take_back(sale.id, &[]);
        till.add(cart, 2, "1");
        let exchange = till.pay(cart, CASH);
        assert_eq!((exchange.kind, exchange.total_minor), (SaleKind::Exchange, 300));
        // An even exchange keeps its tax rows and its accounts.
        let cart = till.take_back(exchange.id, &[(2, "1")]);
        till.add(cart, 2, "1");
        let even = till.pay(cart, CARD);
        assert_eq!((even.total_minor, even.taxes.len()), (0, 1));
        assert!(even.postings.is_empty(), "{:?}", even.postings);
        let cart = till.take_back(even.id, &[]);
        let refund = till.pay(cart, CASH);
        assert_eq!((refund.total_minor, refund.tax_minor), (-500, -83));
        assert_eq!(refund.taxes.len(), 1);
    }
}

#[test]
fn damaged_goods_do_not_go_back_to_stock() {
    let mut till = Till::of(Setup::new("EUR").plain(1, "2.00"));
    let sale = till.sell(&[(1, "2")]);
    let cart = till.cart();
    let back = |resaleable| ReturnDraft {
        line: LineId(1),
        quantity: Some(qty("1")),
        resaleable: Some(resaleable),
    };
    till.ok(Command::AddReturns {
        cart,
        sale: sale.id,
        lines: vec![back(true), back(false)],
        reason: None,
    });
    till.pay(cart, CASH);
    assert_eq!(till.world.on_hand(&item(1), &PITCH), Ok(qty("-1")));
}

#[test]
fn a_fixed_levy_comes_back_under_its_own_row() {
    use barrow_kernel::tax::{Tax, TaxKind};
    let levy = Tax {
        kind: TaxKind::Fixed("0.10".parse().expect("a levy")),
        ..on_top(5, "0")
    };
    let mut till = Till::of(Setup::new("EUR").tax(levy).goods(1, "2.00", |g| g.taxes(&[1, 5])));
    let sale = till.sell(&[(1, "3")]);
    assert_eq!(sale.total_minor, 630);
    let cart = till.take_back(sale.id, &[(1, "1")]);
    till.add(cart, 1, "2");
    let exchange = till.pay(cart, CASH);
    assert_eq!(exchange.taxes.len(), 2, "{:?}", exchange.taxes);
    assert_eq!(till.shift().taxes.len(), 2, "one row for each tax of the shift");
}

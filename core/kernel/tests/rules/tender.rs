//! How a cart is paid: part payments, change, cash rounding, payouts, corrections.

use crate::common::*;
use barrow_kernel::cart::LineId;
use barrow_kernel::command::Command;
use barrow_kernel::event::Event;
use barrow_kernel::ledger::Account;
use barrow_kernel::rejection::Rejection;
use barrow_kernel::sale::{Sale, TenderCorrection};

fn correct(sale: &Sale, with: barrow_kernel::log::id::TenderId) -> Command {
    Command::CorrectTender {
        sale: sale.id,
        payment: sale.payments.last().expect("a payment").id,
        tender: with,
        reason: "wrong key".into(),
    }
}

fn correction(events: &[Event]) -> &TenderCorrection {
    match events {
        [Event::TenderCorrected { correction }] => correction,
        other => panic!("one correction: {other:?}"),
    }
}

#[test]
fn only_the_cash_share_is_rounded() {
    let mut till = Till::of(Setup::new("CHF").cash_step(5).plain(1, "15.72"));
    let cart = till.cart_of(&[(1, "1")]);
    till.ok(tender(cart, CARD, Some(68), None));
    let view = till.view(cart);
    assert_eq!((view.totals.open_minor, view.cash_due_minor), (1504, 1505));
    let sale = till.pay(cart, CASH);
    let moved: Vec<i64> = sale
        .payments
        .iter()
        .map(|payment| payment.moved_minor())
        .collect();
    assert_eq!(moved, [68, 1505]);
    assert_eq!(moved.iter().sum::<i64>(), 1573);
    assert_eq!((sale.total_minor, sale.rounding_minor), (1572, 1));
    assert_eq!(till.balance(&Account::Rounding), -1);
}

#[test]
fn change_is_given_from_cash_only() {
    let mut till = Till::of(Setup::new("EUR").plain(1, "9.28"));
    let cart = till.cart_of(&[(1, "1")]);
    till.no(tender(cart, CARD, None, Some(1000)));
    till.ok(tender(cart, CASH, None, Some(1000)));
    let sale = till.last_sale().expect("a sale");
    assert_eq!(
        (sale.payments[0].given_minor, sale.payments[0].change_minor),
        (Some(1000), 72)
    );
    assert_eq!(till.shift().expected_minor, 928);
}

#[test]
fn less_than_due_is_a_part_payment_and_the_rest_stays_open() {
    let mut till = Till::of(Setup::new("EUR").plain(1, "10.00"));
    let cart = till.cart_of(&[(1, "1")]);
    till.ok(tender(cart, CASH, None, Some(300)));
    till.ok(tender(cart, CARD, Some(200), None));
    assert_eq!(till.view(cart).totals.open_minor, 500);
    assert_eq!(till.balance(&Account::PartPayments), -500);
    for (amount, given) in [
        (Some(501), None),
        (Some(-1), None),
        (Some(0), None),
        (None, Some(0)),
    ] {
        till.no(tender(cart, CASH, amount, given));
    }
    let sale = till.pay(cart, CASH);
    assert_eq!(sale.payments.len(), 3);
    assert_eq!(till.balance(&Account::PartPayments), 0);
    assert_eq!(till.shift().expected_minor, 800);
}

#[test]
fn cash_between_the_exact_amount_and_its_rounding_is_not_taken_for_a_part_payment() {
    let shop = |allow_exact| {
        Setup::new("CHF")
            .cash_step(10)
            .plain(1, "9.28")
            .with(move |shop| {
                let rule = shop.cash_rounding.as_mut().expect("a rule");
                (rule.allow_exact, rule.never_to_zero) = (allow_exact, true);
            })
    };
    let mut till = Till::of(shop(false));
    let cart = till.cart_of(&[(1, "1")]);
    till.no(tender(cart, CASH, None, Some(928)));
    till.no(tender(cart, CASH, None, Some(929)));
    till.ok(tender(cart, CASH, None, Some(930)));
    let mut till = Till::of(shop(true));
    let cart = till.cart_of(&[(1, "1")]);
    till.ok(tender(cart, CASH, None, Some(928)));
    let sale = till.last_sale().expect("who insists pays exactly");
    assert_eq!((sale.rounding_minor, till.shift().expected_minor), (0, 928));
}

#[test]
fn a_paid_cart_loses_nothing_silently() {
    let mut till = Till::of(Setup::new("EUR").plain(1, "5.00").plain(2, "1.00"));
    let cart = till.cart_of(&[(1, "2")]);
    till.ok(tender(cart, CASH, Some(400), None));
    let line = LineId(1);
    let quantity = |text: &str| Command::SetQuantity {
        cart,
        line,
        quantity: qty(text),
    };
    let discount = Command::DiscountCart {
        cart,
        discounts: Vec::new(),
    };
    let price = Command::SetPrice {
        cart,
        line,
        unit_price: "1".parse().expect("a price"),
        reason: "x".into(),
    };
    let void = Command::VoidCart { cart, reason: None };
    for command in [
        Command::VoidLine { cart, line },
        quantity("1"),
        discount,
        price,
        void,
    ] {
        assert!(matches!(till.no(command), Rejection::NotNow { .. }));
    }
    till.ok(quantity("3"));
    till.add(cart, 2, "1");
    let payment = till.state.carts[&cart].payments[0].id;
    till.ok(Command::ReversePayment { cart, payment });
    till.no(Command::ReversePayment { cart, payment });
    assert_eq!(
        (till.shift().expected_minor, till.shift().tenders[0].count),
        (0, 0)
    );
    till.ok(Command::VoidCart { cart, reason: None });
}

#[test]
fn a_cart_overpaid_by_a_later_return_pays_out() {
    let mut till = Till::of(Setup::new("EUR").plain(1, "5.00").plain(2, "3.00"));
    let cart = till.cart_of(&[(1, "1")]);
    till.ok(tender(cart, CARD, Some(400), None));
    till.ok(add_approved(cart, line(2, "-1")));
    assert_eq!(till.view(cart).totals.open_minor, -200);
    till.no(tender(cart, CASH, Some(200), None));
    let sale = till.pay(cart, CASH);
    let paid: Vec<i64> = sale.payments.iter().map(|payment| payment.amount_minor).collect();
    assert_eq!(paid, [400, -200]);
}

#[test]
fn paid_to_the_last_cent_by_a_return_completes_with_nothing() {
    let mut till = Till::of(Setup::new("EUR").plain(1, "5.00").plain(2, "3.00"));
    let cart = till.cart_of(&[(1, "1")]);
    till.ok(tender(cart, CARD, Some(200), None));
    till.ok(add_approved(cart, line(2, "-1")));
    till.no(tender(cart, CASH, Some(1), None));
    till.ok(tender(cart, CASH, Some(0), None));
    assert_eq!(till.last_sale().map(|sale| sale.total_minor), Some(200));
}

#[test]
fn a_tender_is_put_right_within_the_shift_and_again() {
    let mut till = Till::of(Setup::new("CHF").cash_step(5).plain(1, "9.28"));
    let sale = till.sell(&[(1, "1")]);
    assert_eq!(till.shift().expected_minor, 930);
    let events = till.ok(correct(&sale, CARD));
    assert_eq!(
        correction(&events).new.rounding_minor,
        0,
        "a card pays to the cent"
    );
    assert_eq!((till.shift().expected_minor, till.shift().rounding_minor), (0, 0));
    till.no(correct(&sale, CARD));
    let events = till.ok(correct(&sale, CASH));
    assert_eq!(correction(&events).new.rounding_minor, 2);
    assert_eq!(till.shift().expected_minor, 930);
    let counts: Vec<_> = till.shift().tenders.iter().map(|t| (t.tender, t.count)).collect();
    assert_eq!(counts, [(CASH, 1), (CARD, 0)]);
    till.close(930);
    assert!(matches!(till.no(correct(&sale, CARD)), Rejection::NotNow { .. }));
}

#[test]
fn a_correction_never_reaches_into_a_closed_shift() {
    let mut till = Till::of(Setup::new("EUR").plain(1, "10.00"));
    let cart = till.cart_of(&[(1, "1")]);
    till.ok(tender(cart, CASH, Some(400), None));
    till.close(400);
    let sale = till.pay(cart, CASH);
    let first = Command::CorrectTender {
        sale: sale.id,
        payment: sale.payments[0].id,
        tender: CARD,
        reason: "wrong key".into(),
    };
    assert!(matches!(till.no(first), Rejection::NotNow { .. }));
    till.ok(correct(&sale, CARD));
    assert_eq!(till.shift().expected_minor, 0);
}

#[test]
fn card_numbers_never_enter() {
    let mut till = Till::of(Setup::new("EUR").plain(1, "10.00"));
    let cart = till.cart_of(&[(1, "1")]);
    let with = |reference: &str| Command::Tender {
        cart,
        tender: CARD,
        amount_minor: None,
        given_minor: None,
        reference: Some(reference.into()),
    };
    let why = till.no(with("4111 1111 1111 1111"));
    assert!(!why.to_string().contains("4111"));
    till.ok(with("slip 4711"));
}

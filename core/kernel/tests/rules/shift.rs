//! The cash box: float, pay-in, pay-out, drop, count, X and Z.

use crate::common::*;
use barrow_kernel::command::Command;
use barrow_kernel::event::Event;
use barrow_kernel::ledger::Account;
use barrow_kernel::rejection::Rejection;
use barrow_kernel::shift::{CashCount, CashPieces};

fn pay_in(amount_minor: i64) -> Command {
    Command::PayIn {
        cash_box: None,
        amount_minor,
        reason: "change from home".into(),
    }
}

fn pay_out(amount_minor: i64) -> Command {
    Command::PayOut {
        cash_box: None,
        amount_minor,
        reason: "pitch fee".into(),
    }
}

fn drop(amount_minor: i64) -> Command {
    Command::SafeDrop {
        cash_box: None,
        amount_minor,
    }
}

fn open(float: CashCount) -> Command {
    Command::OpenShift {
        cash_box: None,
        float,
    }
}

#[test]
fn expected_cash_is_float_and_movements() {
    let mut till = Till::of(Setup::new("EUR").plain(1, "4.50"));
    till.ok(open(CashCount::amount(10_000)));
    assert!(matches!(
        till.no(open(CashCount::amount(0))),
        Rejection::NotNow { .. }
    ));
    till.sell(&[(1, "2")]);
    till.ok(pay_in(500));
    till.ok(pay_out(1_200));
    till.ok(drop(5_000));
    for wrong in [pay_in(0), pay_out(-1), drop(9_000), pay_out(i64::MAX)] {
        till.no(wrong);
    }
    assert_eq!(till.shift().expected_minor, 10_000 + 900 + 500 - 1_200 - 5_000);
    let z = till.close(5_190);
    assert_eq!((z.number, z.difference_minor, z.totals.sales), (1, -10, 1));
    assert_eq!(till.balance(&Account::OverShort), 10);
    assert_eq!(till.balance(&Account::PaidOut("pitch fee".into())), 1_200);
    assert!(matches!(
        till.no(Command::CloseShift {
            cash_box: None,
            counted: CashCount::amount(0),
            blind: true,
            note: None
        }),
        Rejection::NotNow { .. }
    ));
    till.sell(&[(1, "1")]);
    assert_eq!(till.close(451).number, 2, "Z numbers go on");
    assert_eq!(till.balance(&Account::OverShort), 9);
}

#[test]
fn a_count_by_denomination_must_add_up() {
    let mut till = Till::of(Setup::new("EUR"));
    let pieces = |value_minor, count| CashPieces { value_minor, count };
    let count = |amount_minor, pieces| CashCount { amount_minor, pieces };
    till.no(open(count(Some(901), vec![pieces(200, 4), pieces(100, 1)])));
    till.no(open(count(None, vec![pieces(0, 4)])));
    till.no(open(count(None, vec![pieces(i64::MAX, 2)])));
    till.no(open(count(Some(-1), Vec::new())));
    till.ok(open(count(None, vec![pieces(200, 4), pieces(100, 1)])));
    assert_eq!(till.shift().expected_minor, 900);
}

#[test]
fn the_first_sale_opens_the_shift_by_itself() {
    let mut till = Till::of(Setup::new("EUR").plain(1, "1.00"));
    let cart = till.cart_of(&[(1, "1")]);
    let events = till.ok(tender(cart, CASH, None, None));
    let [Event::ShiftOpened { opening }, Event::SaleCompleted { sale }] = events.as_slice() else {
        panic!("a shift and a sale: {events:?}")
    };
    assert!(opening.by_itself && opening.shift == sale.shift);
    assert_eq!((opening.first_seq, opening.float_minor), (1, 0));
}

#[test]
fn a_shift_closes_while_a_part_payment_waits() {
    let mut till = Till::of(Setup::new("EUR").plain(1, "10.00"));
    let cart = till.cart_of(&[(1, "1")]);
    till.ok(tender(cart, CASH, Some(400), None));
    let z = till.close(400);
    assert_eq!(
        (z.open_carts, z.totals.sales, z.totals.expected_minor),
        (1, 0, 400)
    );
    till.pay(cart, CARD);
    assert_eq!(
        (till.shift().expected_minor, till.shift().sales_minor),
        (0, 1_000)
    );
    let z = till.close(0);
    assert_eq!((z.number, z.difference_minor), (2, 0));
}

#[test]
fn money_of_a_closed_shift_goes_back_out_of_the_present_one() {
    let mut till = Till::of(Setup::new("EUR").plain(1, "10.00"));
    let cart = till.cart_of(&[(1, "1")]);
    till.ok(tender(cart, CASH, Some(400), None));
    till.close(400);
    let payment = till.state.carts[&cart].payments[0].id;
    let events = till.ok(Command::ReversePayment { cart, payment });
    assert_eq!(events.len(), 2, "it opens a shift, since cash leaves the box");
    assert_eq!(till.shift().expected_minor, -400);
    assert_eq!(till.shift().tenders[0].count, 1);
}

#[test]
fn a_z_names_the_ops_of_its_shift() {
    let mut till = Till::of(Setup::new("EUR").plain(1, "1.00"));
    till.sell(&[(1, "1")]);
    till.sell(&[(1, "1")]);
    let z = till.close(200);
    assert_eq!((z.ranges[0].first, z.ranges[0].last), (1, 2));
    till.sell(&[(1, "1")]);
    assert_eq!(till.close(100).ranges[0].first, 4, "after the first Z");
    // Another till opens the box; this one closes it.
    till.seat = 1;
    till.sell(&[(1, "1")]);
    till.seat = 0;
    let z = till.close(100);
    assert_eq!(
        (z.ranges[0].first, z.ranges[0].last),
        (5, 5),
        "after what the last Z closed"
    );
    // A till that has written nothing has no range to close.
    till.seat = 1;
    till.sell(&[(1, "1")]);
    till.seat = 2;
    let events = till.ok(Command::CloseShift {
        cash_box: Some(BOX),
        counted: CashCount::amount(100),
        blind: false,
        note: None,
    });
    assert!(matches!(events.as_slice(), [Event::ShiftClosed { report }] if report.ranges.is_empty()));
}

#[test]
fn adjustments_need_approval_and_leave_cash_alone() {
    let mut till = Till::of(Setup::new("EUR"));
    let adjust = |debit, credit, amount_minor, approved| Command::Adjust {
        debit,
        credit,
        amount_minor,
        approval: if approved { Some(approval()) } else { None },
    };
    assert!(matches!(
        till.no(adjust(Account::BadDebt, Account::Receivable, 100, false)),
        Rejection::NeedsApproval { .. }
    ));
    till.ok(adjust(Account::BadDebt, Account::Receivable, 100, true));
    assert_eq!(till.balance(&Account::BadDebt), 100);
    till.no(adjust(Account::BadDebt, Account::BadDebt, 100, true));
    till.no(adjust(Account::CashBox(BOX), Account::BadDebt, 100, true));
    till.no(adjust(Account::BadDebt, Account::Receivable, 0, true));
}

#[test]
fn what_arrives_late_for_a_closed_shift_changes_no_other() {
    let mut till = Till::of(Setup::new("EUR").plain(1, "10.00"));
    let cart = till.cart_of(&[(1, "1")]);
    let mut late = till.ok(tender(cart, CASH, Some(400), None));
    late.extend(till.ok(pay_in(500)));
    late.retain(|event| !matches!(event, Event::ShiftOpened { .. }));
    till.close(900);
    till.ok(open(CashCount::amount(1_000)));
    let mut state = till.state.clone();
    for event in &late {
        barrow_kernel::state::apply(&mut state, event);
    }
    assert_eq!(late.len(), 2);
    assert_eq!(state.shifts, till.state.shifts);
}

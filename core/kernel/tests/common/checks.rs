//! What must be true after every step, whatever was commanded.

use super::Till;
use barrow_kernel::event::{Body, Event};
use barrow_kernel::ledger::{Account, balanced};
use barrow_kernel::price::{Priced, PricedLine, TaxTotal};
use barrow_kernel::sale::{Sale, SaleLine};
use barrow_kernel::view::{CartView, Totals, price_cart};

/// Checks that a body is the same after a journey through CBOR and JSON.
pub fn round_trips(events: &[Event]) {
    let body = Body {
        events: events.to_vec(),
        who: Some("Ada".into()),
    };
    let bytes = body.to_bytes();
    let back = Body::from_bytes(&bytes).expect("a body reads its own bytes");
    assert_eq!(back, body);
    assert_eq!(back.to_bytes(), bytes, "one value, one encoding");
    for event in events {
        let json = serde_json::to_string(event).expect("an event can be written as JSON");
        assert_eq!(
            &serde_json::from_str::<Event>(&json).expect("and read back"),
            event
        );
    }
}

/// Checks an event against the state before it.
pub fn follows(till: &Till, event: &Event) {
    assert!(balanced(event.postings()), "debits = credits");
    match event {
        Event::SaleCompleted { sale } => {
            let before = till.state.series(&sale.number.series);
            assert_eq!(sale.number.number, before.last_number + 1, "numbers are gapless");
            assert_eq!(sale.perpetual_minor, before.perpetual_minor + sale.total_minor);
            check_sale(sale);
            let view = price_cart(&till.state.carts[&sale.cart]).expect("the cart can be priced");
            assert_eq!(
                view.total_minor, sale.total_minor,
                "what was shown is what is sold"
            );
        }
        Event::ShiftClosed { report } => {
            assert_eq!(
                report.number,
                till.state.last_z(report.cash_box).number + 1,
                "Z numbers are gapless"
            );
            assert_eq!(
                report.difference_minor,
                report.counted_minor - report.totals.expected_minor
            );
        }
        _ => {}
    }
}

fn check_sale(sale: &Sale) {
    let sum = |value: fn(&SaleLine) -> i64| sale.lines.iter().map(value).sum::<i64>();
    assert_eq!(sum(|line| line.total_minor), sale.total_minor);
    assert_eq!(sum(|line| line.base_minor), sale.base_minor);
    assert_eq!(sale.base_minor + sale.tax_minor, sale.total_minor);
    assert_eq!(
        sale.payments
            .iter()
            .map(|payment| payment.amount_minor)
            .sum::<i64>(),
        sale.total_minor
    );
    for line in &sale.lines {
        let tax: i64 = line.taxes.iter().map(|tax| tax.amount_minor).sum();
        assert_eq!(
            line.base_minor + tax,
            line.total_minor,
            "base + tax = total on a line"
        );
        let size = line.total_minor.signum() * line.quantity.decimal().mantissa().signum() as i64;
        assert!(size >= 0, "a discount never takes a line past zero");
    }
    for total in &sale.taxes {
        let of = |line: &SaleLine| line.taxes.clone();
        let parts = sale.lines.iter().flat_map(of);
        let parts: Vec<_> = parts
            .filter(|part| (part.tax, part.rate) == (total.tax, total.rate))
            .collect();
        assert_eq!(
            parts.iter().map(|part| part.amount_minor).sum::<i64>(),
            total.amount_minor
        );
        assert_eq!(
            parts.iter().map(|part| part.base_minor).sum::<i64>(),
            total.base_minor
        );
    }
    let summed: i64 = sale.taxes.iter().map(|total| total.amount_minor).sum();
    assert_eq!(summed, sale.tax_minor, "the tax summary holds all tax");
}

fn check_priced(priced: &Priced) {
    let sum = |value: fn(&PricedLine) -> i64| priced.lines.iter().map(value).sum::<i64>();
    assert_eq!(sum(|line| line.total_minor), priced.total_minor);
    assert_eq!(sum(|line| line.base_minor), priced.base_minor);
    assert_eq!(sum(|line| line.tax_minor), priced.tax_minor);
    assert_eq!(
        sum(|line| line.extended_minor - line.net_minor),
        priced.discount_minor
    );
    assert_eq!(priced.base_minor + priced.tax_minor, priced.total_minor);
    let summed: i64 = priced
        .taxes
        .iter()
        .map(|total: &TaxTotal| total.amount_minor)
        .sum();
    assert_eq!(summed, priced.tax_minor);
}

/// Checks the state: carts, ledger and shifts agree, and it can be had back from the ops that are kept.
pub fn state(till: &Till) {
    let mut part_payments = 0;
    for cart in till.state.carts.values() {
        let priced = price_cart(cart).expect("an open cart can be priced");
        check_priced(&priced);
        let totals = Totals::of(cart, &priced);
        assert_eq!(totals.paid_minor + totals.open_minor, totals.total_minor);
        CartView::of(cart, &till.world, 0).expect("an open cart can be shown");
        part_payments += i128::from(cart.paid_minor());
    }
    assert_eq!(till.ledger.values().sum::<i128>(), 0, "debits = credits");
    assert_eq!(-till.balance(&Account::PartPayments), part_payments);
    for (account, balance) in &till.ledger {
        if let Account::CashBox(cash_box) = account {
            let shift = till.state.shifts.get(cash_box);
            let expected = shift.map_or(0, |shift| shift.totals.expected_minor);
            assert_eq!(
                *balance,
                i128::from(expected),
                "expected cash is what the ledger says"
            );
        }
    }
    assert_eq!(
        till.index.rebuild(&till.ops),
        till.state,
        "the open state comes back"
    );
}

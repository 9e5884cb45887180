//! Measures one full pricing of a cart: VAT 20 % in the price, 10 % off the first line, 10 % off the cart.
//!
//! Run with `cargo run --release -p barrow-kernel --example price_speed`. Prints p50 and p99 in microseconds, the
//! median of three rounds, for carts of 20, 100 and 1,114 lines, and how the time grows with the lines.

use barrow_kernel::log::id::TaxId;
use barrow_kernel::money::Currency;
use barrow_kernel::price::{Discount, LineInput, PricePolicy, price};
use barrow_kernel::quantity::{Quantity, UnitPrice};
use barrow_kernel::tax::{Tax, TaxClass, TaxKind, TaxPolicy};
use std::hint::black_box;
use std::time::Instant;

const ROUNDS: usize = 3;
const REPETITIONS: usize = 2_000;

// The clock is what a measurement is about; nothing here runs in a till.
#[allow(clippy::disallowed_methods)]
fn measure(
    policy: &PricePolicy,
    lines: &[LineInput<'_>],
    discounts: &[Discount],
    currency: Currency,
) -> (f64, f64) {
    let mut rounds: Vec<(f64, f64)> = (0..ROUNDS)
        .map(|_| {
            let mut times: Vec<f64> = (0..REPETITIONS)
                .map(|_| {
                    let start = Instant::now();
                    black_box(price(currency, policy, black_box(lines), discounts))
                        .expect("the cart has a price");
                    start.elapsed().as_secs_f64() * 1e6
                })
                .collect();
            times.sort_by(f64::total_cmp);
            (times[REPETITIONS / 2], times[REPETITIONS * 99 / 100])
        })
        .collect();
    rounds.sort_by(|a, b| a.0.total_cmp(&b.0));
    rounds[ROUNDS / 2]
}

fn main() {
    let percent = |text: &str| text.parse().expect("a rate");
    let vat = Tax {
        id: TaxId::from_number(1),
        name: "VAT 20 %".to_owned(),
        kind: TaxKind::Percent(percent("20")),
        price_include: true,
        include_base_amount: false,
        is_base_affected: true,
        sequence: 1,
        group: "VAT".to_owned(),
        class: TaxClass::Taxed,
    };
    let ten = [Discount::Percent(percent("10"))];
    let currency = Currency::iso("GBP").expect("pounds");
    // Every line has taxes of its own, as lines of a cart do.
    let taxes: Vec<[Tax; 1]> = (0..1_114).map(|_| [vat.clone()]).collect();
    let lines: Vec<LineInput<'_>> = taxes
        .iter()
        .enumerate()
        .map(|(n, taxes)| LineInput {
            quantity: Quantity::from(i32::try_from(n % 7).unwrap_or(0) + 1),
            unit_price: UnitPrice::try_from(rust_decimal::Decimal::new(85 + 37 * (n as i64 % 29), 2))
                .expect("a price"),
            amount_minor: None,
            offer_minor: 0,
            discounts: if n == 0 { &ten } else { &[] },
            taxes,
            discountable: true,
        })
        .collect();
    for tax_policy in [TaxPolicy::PerLine, TaxPolicy::PerDocument] {
        let policy = PricePolicy {
            tax_policy,
            ..PricePolicy::default()
        };
        let mut first = None;
        for count in [20, 100, 1_114] {
            let (p50, p99) = measure(&policy, &lines[..count], &ten, currency);
            let growth = p50 / *first.get_or_insert(p50);
            println!(
                "{tax_policy:?}: {count} lines: p50 {p50:.2} us, p99 {p99:.2} us, {growth:.1} x of 20 lines"
            );
        }
    }
}

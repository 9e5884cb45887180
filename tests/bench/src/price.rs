//! Full repricing of a cart: VAT 20 % inclusive, 10 % on line 1, 10 % on the cart; quantities and prices of the
//! longest real invoice.

use crate::Measured;
use crate::sale::{Ids, shop, stock};
use crate::stats::{median, now, percentile, round3, us_since};
use barrow_kernel::command::{Command, ItemRef, LineDraft};
use barrow_kernel::money::Currency;
use barrow_kernel::price::{Discount, LineInput, PricePolicy, price};
use barrow_kernel::quantity::{Quantity, Rate, UnitPrice};
use barrow_kernel::tax::{Tax, TaxClass, TaxKind};
use barrow_log::id::{ItemId, TaxId};
use serde_json::{Value, json};
use std::path::Path;

/// Reads the quantities and prices of the first invoice with more than 1,000 lines.
fn longest(path: &str) -> Result<Vec<(i64, i64)>, Box<dyn std::error::Error>> {
    for line in std::fs::read_to_string(path)?.lines() {
        let sale: Value = serde_json::from_str(line)?;
        let lines = sale["lines"].as_array().ok_or("a sale without lines")?;
        if lines.len() > 1_000 {
            let number = |value: &Value| value.as_i64().unwrap_or(1).abs().max(1);
            return Ok(lines
                .iter()
                .map(|line| (number(&line["qty"]), number(&line["price"])))
                .collect());
        }
    }
    Err("no invoice has more than 1,000 lines".into())
}

fn vat() -> Result<Tax, Box<dyn std::error::Error>> {
    Ok(Tax {
        id: TaxId::from_number(1),
        name: "VAT 20 %".into(),
        kind: TaxKind::Percent("20".parse()?),
        price_include: true,
        include_base_amount: false,
        is_base_affected: true,
        sequence: 0,
        group: "standard".into(),
        class: TaxClass::Taxed,
    })
}

/// Measures. The first input is the peers' `sales.jsonl`, the second a folder for the till.
pub fn measure(inputs: &[String]) -> Measured {
    let [sales, folder, ..] = inputs else {
        return Err("price needs sales.jsonl and a folder".into());
    };
    let real = longest(sales)?;
    let taxes = [vat()?];
    let ten = Discount::Percent("10".parse::<Rate>()?);
    let line_discount = [ten];
    let currency = Currency::iso("GBP")?;
    let mut result = json!({ "w": "W3", "peer": "Barrow", "version": env!("CARGO_PKG_VERSION") });
    for count in [20_usize, 100, 1_114] {
        let mut inputs = Vec::with_capacity(count);
        for n in 0..count {
            let (quantity, minor) = real[n % real.len()];
            inputs.push(LineInput {
                quantity: Quantity::from(i32::try_from(quantity)?),
                unit_price: UnitPrice::of_minor(minor, 2)?,
                amount_minor: None,
                offer_minor: 0,
                discounts: if n == 0 { &line_discount } else { &[] },
                taxes: &taxes,
                discountable: true,
            });
        }
        let (mut p50, mut p99, mut total) = (Vec::new(), Vec::new(), 0);
        for _ in 0..3 {
            let mut times = Vec::with_capacity(2_000);
            for _ in 0..2_000 {
                let start = now();
                let priced = price(currency, &PricePolicy::default(), &inputs, &[ten])?;
                times.push(us_since(start));
                total = priced.total_minor;
            }
            p50.push(median(&times));
            p99.push(percentile(&times, 0.99));
        }
        result[format!("n{count}")] =
            json!({ "p50_us": round3(median(&p50)), "p99_us": round3(median(&p99)), "total": total });
    }
    let of = |n: &str| result[n]["p50_us"].as_f64().unwrap_or(0.0);
    result["growth_1114_over_20"] = json!(round3(of("n1114") / of("n20")));
    Ok(vec![result, tap(Path::new(folder))?])
}

/// Measures a tap on a cart of 20 lines: from the command to the priced view, without the commit.
fn tap(folder: &Path) -> Result<Value, Box<dyn std::error::Error>> {
    let till = shop(&folder.join("tap"))?;
    let mut ids = Ids::new();
    stock(&till, &mut ids, 1_000)?;
    let cart = ids.cart();
    let lines = (1..=20)
        .map(|n| LineDraft::of(ItemRef::Id(ItemId::from_number(n))))
        .collect();
    let outcome = till
        .submit(
            ids.command(),
            Command::AddLines {
                cart,
                lines,
                approval: None,
            },
        )?
        .wait()?;
    let barrow_till::outcome::View::Cart(view) = outcome.view else {
        return Err("no cart".into());
    };
    let mut times = Vec::new();
    for n in 0..2_000 {
        let line = view.lines[n % 20].id;
        let quantity = Quantity::from(2 + i32::try_from(n / 20)?);
        // Taps share a commit; it is made between two clocks, as a person's taps would have it.
        if n % 40 == 0 {
            till.flush()?;
        }
        let id = ids.command();
        let start = now();
        till.submit(id, Command::SetQuantity { cart, line, quantity })?
            .wait()?;
        times.push(us_since(start));
    }
    Ok(json!({
        "w": "tap", "peer": "Barrow", "lines": 20,
        "p50_us": round3(median(&times)), "p99_us": round3(percentile(&times, 0.99)),
    }))
}

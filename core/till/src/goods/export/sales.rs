//! Sales for an accountant: one row a sale, or one a line. Amounts are major units with a point.

use super::Rows;
use crate::each;
use crate::goods::Fault;
use crate::goods::items::write::decimal;
use crate::shop_time;
use barrow_kernel::sale::{Sale, SaleKind, SaleLine};
use barrow_store::Reader;

const SALE: [&str; 14] = [
    "number", "date", "time", "kind", "lines", "base", "tax", "total", "currency", "rounding", "taxes",
    "payments", "till", "who",
];
const LINE: [&str; 19] = [
    "number",
    "date",
    "time",
    "kind",
    "line",
    "sku",
    "name",
    "category",
    "quantity",
    "unit",
    "unit_price",
    "discount",
    "base",
    "tax",
    "rate",
    "total",
    "currency",
    "payments",
    "note",
];

/// Writes the sales of a span, in milliseconds since 1970 from the first up to and without the second; one row a
/// sale or, with `lines`, one a line.
///
/// # Errors
/// When the store can't be read or the rows can't be written.
pub fn write(reader: &Reader, span: (i64, i64), lines: bool, rows: &mut Rows<'_, '_>) -> Result<(), Fault> {
    if lines {
        rows.row(LINE)?
    } else {
        rows.row(SALE)?
    }
    each::sale(reader, span.0, span.1, |sale| match lines {
        false => rows.row(sale_row(sale)),
        true => sale
            .lines
            .iter()
            .enumerate()
            .try_for_each(|(at, line)| rows.row(line_row(sale, at + 1, line))),
    })
}

fn kind(sale: &Sale) -> &'static str {
    match sale.kind {
        SaleKind::Sale => "sale",
        SaleKind::Refund => "refund",
        SaleKind::Exchange => "exchange",
    }
}

/// Lists payments: "Cash 22.31 + Card terminal 5.00".
fn payments(sale: &Sale) -> String {
    let amount = |minor| sale.currency.format(minor);
    let one = |payment: &barrow_kernel::tender::Payment| {
        format!("{} {}", payment.name, amount(payment.moved_minor()))
    };
    sale.payments.iter().map(one).collect::<Vec<_>>().join(" + ")
}

fn sale_row(sale: &Sale) -> Vec<String> {
    let money = |minor| sale.currency.format(minor);
    let taxes = sale.taxes.iter().map(|tax| {
        format!(
            "{} {} of {}",
            tax.name,
            money(tax.amount_minor),
            money(tax.base_minor)
        )
    });
    vec![
        sale.number.to_string(),
        shop_time::date(sale.at_ms, sale.utc_offset_minutes),
        shop_time::time(sale.at_ms, sale.utc_offset_minutes),
        kind(sale).into(),
        sale.lines.len().to_string(),
        money(sale.base_minor),
        money(sale.tax_minor),
        money(sale.total_minor),
        sale.currency.code_str().into(),
        money(sale.rounding_minor),
        taxes.collect::<Vec<_>>().join(" + "),
        payments(sale),
        sale.till.clone(),
        sale.who.clone().unwrap_or_default(),
    ]
}

fn line_row(sale: &Sale, number: usize, line: &SaleLine) -> Vec<String> {
    let money = |minor| sale.currency.format(minor);
    let rates = line.taxes.iter().filter_map(|tax| {
        let total = sale.taxes.iter().find(|total| total.tax == tax.tax)?;
        Some(
            total
                .rate
                .map_or_else(|| total.name.clone(), |rate| rate.to_string()),
        )
    });
    let shown = line.unit_price.decimal() * line.goods.price_per.decimal();
    let unit = match line.goods.price_per == barrow_kernel::quantity::Quantity::ONE {
        true => line.goods.unit.to_string(),
        false => format!("{} {}", line.goods.price_per, line.goods.unit),
    };
    vec![
        sale.number.to_string(),
        shop_time::date(sale.at_ms, sale.utc_offset_minutes),
        shop_time::time(sale.at_ms, sale.utc_offset_minutes),
        kind(sale).into(),
        number.to_string(),
        line.goods.sku.clone(),
        line.goods.name.clone(),
        line.goods.category.clone(),
        line.quantity.to_string(),
        unit,
        decimal(shown, sale.currency),
        money(line.discount_minor),
        money(line.base_minor),
        money(line.total_minor - line.base_minor),
        rates.collect::<Vec<_>>().join(" + "),
        money(line.total_minor),
        sale.currency.code_str().into(),
        payments(sale),
        line.note.clone().unwrap_or_default(),
    ]
}

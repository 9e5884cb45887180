//! `barrow report`: takings by day, hour, item, tax or tender, with a small chart.

use crate::Frame;
use crate::output::{Exit, Failure, Side, Table};
use crate::period::Period;
use crate::place;
use crate::progress::Progress;
use crate::shop::Shop;
use crate::till::screen::{amount_of, bar};
use barrow_kernel::money::Currency;
use barrow_kernel::quantity::Quantity;
use barrow_kernel::sale::Sale;
use barrow_till::shop_time;
use clap::ValueEnum;
use serde::Serialize;
use std::collections::BTreeMap;

/// Gives the columns of the longest bar.
const BAR: usize = 24;
/// Shows at most this many rows to people; JSON has all of them.
const ROWS: usize = 40;

/// Takings by day, hour, item, tax or tender
#[derive(clap::Args)]
pub struct Args {
    /// What to sum up by
    #[arg(long, default_value = "day")]
    by: By,
    #[command(flatten)]
    period: Period,
}

/// What takings are summed up by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// Days of the shop's time
    Day,
    /// Hours of the day
    Hour,
    /// Goods, the best first
    Item,
    /// Report groups of taxes
    Tax,
    /// Ways of paying
    Tender,
}

/// One row of a report.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Row {
    /// Names the day, hour, item, tax or tender.
    pub key: String,
    /// Gives a name beside the key: of goods, their own.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Counts sales, lines or payments.
    pub count: u64,
    /// Gives the quantity of goods.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quantity: Option<Quantity>,
    /// Gives the amount without tax, in minor units.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base_minor: Option<i64>,
    /// Gives the tax, in minor units.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tax_minor: Option<i64>,
    /// Gives the amount with tax, in minor units.
    pub total_minor: i64,
    #[serde(skip)]
    unit: barrow_kernel::quantity::Unit,
}

/// A report: its rows and what they come to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Tells what it is summed up by.
    pub by: By,
    /// Gives the currency of every amount.
    pub currency: Currency,
    /// Counts the documents: sales, refunds and exchanges.
    pub sales: u64,
    /// Lists the rows.
    pub rows: Vec<Row>,
    /// Gives the sum of the documents' totals, in minor units.
    pub total_minor: i64,
}

/// Reports.
///
/// # Errors
/// When the shop can't be read.
pub fn run(args: &Args, frame: &Frame) -> Result<Exit, Failure> {
    let shop = place::open(frame)?;
    let report = build(&shop, args.by, &args.period)?;
    frame.output.answer(&report, || text(&report))?;
    Ok(Exit::Done)
}

/// Sums up the sales of a period.
///
/// # Errors
/// When the shop can't be read.
pub fn build(shop: &Shop, by: By, period: &Period) -> Result<Report, Failure> {
    let (from, to) = period.span(shop)?;
    let currency = shop.settings()?.currency;
    let mut rows: BTreeMap<String, Row> = BTreeMap::new();
    let (mut sales, mut total_minor) = (0, 0_i64);
    let mut progress = Progress::new("adding up", 0);
    shop.sales(from, to, |sale| {
        sales += 1;
        progress.at(0, sales);
        total_minor = total_minor.saturating_add(sale.total_minor);
        match by {
            By::Day => by_time(
                &mut rows,
                shop_time::date(sale.at_ms, sale.utc_offset_minutes),
                sale,
            ),
            By::Hour => {
                let time = shop_time::time(sale.at_ms, sale.utc_offset_minutes);
                by_time(
                    &mut rows,
                    format!("{}:00", time.get(..2).unwrap_or_default()),
                    sale,
                );
            }
            By::Item => by_item(&mut rows, sale),
            By::Tax => by_tax(&mut rows, sale),
            By::Tender => by_tender(&mut rows, sale),
        }
        Ok(())
    })?;
    let mut rows: Vec<Row> = rows.into_values().collect();
    if by == By::Item {
        rows.sort_by(|a, b| b.total_minor.cmp(&a.total_minor).then_with(|| a.key.cmp(&b.key)));
    }
    Ok(Report {
        by,
        currency,
        sales,
        rows,
        total_minor,
    })
}

fn entry(rows: &mut BTreeMap<String, Row>, key: String) -> &mut Row {
    rows.entry(key.clone()).or_insert_with(|| Row {
        key,
        ..Row::default()
    })
}

fn add(sum: &mut Option<i64>, more: i64) {
    *sum = Some(sum.unwrap_or(0).saturating_add(more));
}

fn by_time(rows: &mut BTreeMap<String, Row>, key: String, sale: &Sale) {
    let row = entry(rows, key);
    row.count += 1;
    add(&mut row.base_minor, sale.base_minor);
    add(&mut row.tax_minor, sale.tax_minor);
    row.total_minor = row.total_minor.saturating_add(sale.total_minor);
}

fn by_item(rows: &mut BTreeMap<String, Row>, sale: &Sale) {
    for line in &sale.lines {
        let row = entry(rows, line.goods.sku.clone());
        row.count += 1;
        row.name.clone_from(&line.goods.name);
        row.unit.clone_from(&line.goods.unit);
        let before = row.quantity.unwrap_or(Quantity::ZERO);
        row.quantity = Some(before.checked_add(line.quantity).unwrap_or(before));
        add(&mut row.base_minor, line.base_minor);
        add(
            &mut row.tax_minor,
            line.total_minor.saturating_sub(line.base_minor),
        );
        row.total_minor = row.total_minor.saturating_add(line.total_minor);
    }
}

fn by_tax(rows: &mut BTreeMap<String, Row>, sale: &Sale) {
    for tax in &sale.taxes {
        let row = entry(rows, tax.name.clone());
        row.count += 1;
        add(&mut row.base_minor, tax.base_minor);
        add(&mut row.tax_minor, tax.amount_minor);
        row.total_minor = row
            .total_minor
            .saturating_add(tax.base_minor)
            .saturating_add(tax.amount_minor);
    }
    let untaxed = sale.lines.iter().filter(|line| line.taxes.is_empty());
    let untaxed: i64 = untaxed.map(|line| line.total_minor).sum();
    if untaxed != 0 {
        let row = entry(rows, "no tax".into());
        row.count += 1;
        add(&mut row.base_minor, untaxed);
        add(&mut row.tax_minor, 0);
        row.total_minor = row.total_minor.saturating_add(untaxed);
    }
}

fn by_tender(rows: &mut BTreeMap<String, Row>, sale: &Sale) {
    for payment in &sale.payments {
        let row = entry(rows, payment.name.clone());
        row.count += 1;
        row.total_minor = row.total_minor.saturating_add(payment.moved_minor());
    }
}

/// Draws a report: a table with a bar for each row.
pub fn text(report: &Report) -> String {
    if report.rows.is_empty() {
        return "Nothing was sold in that time.\n".into();
    }
    let money = |minor: i64| report.currency.format(minor);
    let heading = match report.by {
        By::Day => "Day",
        By::Hour => "Hour",
        By::Item => "SKU",
        By::Tax => "Tax",
        By::Tender => "Paid by",
    };
    let mut columns = vec![(heading, Side::Left)];
    match report.by {
        By::Item => columns.extend([("Item", Side::Left), ("Quantity", Side::Right)]),
        By::Tender => columns.push(("Payments", Side::Right)),
        _ => columns.push(("Sales", Side::Right)),
    }
    if report.by != By::Tender {
        columns.extend([("Net", Side::Right), ("Tax", Side::Right)]);
    }
    columns.extend([(report.currency.code_str(), Side::Right), ("", Side::Left)]);
    let most = report.rows.iter().map(|row| row.total_minor).max().unwrap_or(0);
    let mut table = Table::new(&columns);
    for row in report.rows.iter().take(ROWS) {
        let mut cells = vec![row.key.clone()];
        match report.by {
            By::Item => cells.extend([
                row.name.clone(),
                amount_of(row.quantity.unwrap_or_default(), &row.unit),
            ]),
            _ => cells.push(row.count.to_string()),
        }
        if report.by != By::Tender {
            cells.extend([
                money(row.base_minor.unwrap_or(0)),
                money(row.tax_minor.unwrap_or(0)),
            ]);
        }
        cells.extend([money(row.total_minor), bar(row.total_minor, most, BAR)]);
        table.row(cells);
    }
    let mut out = table.text();
    if report.rows.len() > ROWS {
        out.push_str(&format!(
            "... and {} more; --json lists all.\n",
            report.rows.len() - ROWS
        ));
    }
    out + &format!(
        "{} sales, {} {}\n",
        report.sales,
        money(report.total_minor),
        report.currency
    )
}

/// Tells the takings of the day in few lines, for the terminal till.
///
/// # Errors
/// When the shop can't be read.
pub fn today(shop: &Shop) -> Result<String, Failure> {
    let report = build(shop, By::Tender, &Period::today())?;
    Ok(text(&report).replace("Nothing was sold in that time.", "Nothing was sold today."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_lines_up_and_says_when_there_is_nothing() {
        let currency = Currency::iso("EUR").unwrap();
        let row = |key: &str, total_minor| Row {
            key: key.into(),
            count: 2,
            total_minor,
            ..Row::default()
        };
        let mut report = Report {
            by: By::Tender,
            currency,
            sales: 3,
            rows: vec![row("Card", 500), row("Cash", 1000)],
            total_minor: 1500,
        };
        let text = text(&report);
        assert!(
            text.contains("Cash            2  10.00  ████████████████████████\n"),
            "{text}"
        );
        assert!(
            text.contains("Card            2   5.00  ████████████\n"),
            "{text}"
        );
        assert!(text.ends_with("3 sales, 15.00 EUR\n"));
        report.rows.clear();
        assert_eq!(super::text(&report), "Nothing was sold in that time.\n");
    }
}

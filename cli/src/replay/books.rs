//! The books of a replay: every row by kind, exact and rounded sums, stock and ledger beside those of the store.

use super::invoice::RowKind;
use super::seller::refused;
use super::source::Row;
use crate::output::Failure;
use crate::progress::Progress;
use barrow_kernel::cart::LineId;
use barrow_kernel::context::Stock;
use barrow_kernel::ledger::Account;
use barrow_kernel::quantity::{Quantity, UnitPrice};
use barrow_kernel::rounding::{Rounding, round_decimal};
use barrow_kernel::sale::Sale;
use barrow_log::id::{ItemId, SaleId};
use barrow_store::verify::{self, VerifyOptions};
use barrow_till::Till;
use rust_decimal::Decimal;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Write;

/// Shows at most this many rows whose amount has more digits than the currency.
const SHOWN_ROUNDINGS: usize = 20;

/// An exact sum of quantity x price, and the same in whole pence.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Sum {
    /// Counts rows.
    pub rows: usize,
    /// Sums quantity x price exactly, in major units.
    pub exact: Decimal,
    /// Sums each row's amount rounded to minor units.
    pub rounded_minor: i64,
}

impl Sum {
    /// Adds a row.
    pub fn add(&mut self, row: &Row) {
        let exact = row.quantity.decimal() * row.price.decimal();
        self.rows += 1;
        self.exact += exact;
        self.rounded_minor += round_decimal(exact, 2, Rounding::HalfAwayFromZero).unwrap_or(0);
    }
}

/// A sold line of which something may still come back.
#[derive(Clone, Copy, Debug)]
pub struct SoldLine {
    /// Names the sale.
    pub sale: SaleId,
    /// Names its line.
    pub line: LineId,
    /// Gives how much is left.
    pub left: Quantity,
}

/// What each customer bought: for finding the sale that a cancellation belongs to.
#[derive(Default)]
pub struct Links(BTreeMap<(String, String, UnitPrice), Vec<SoldLine>>);

impl Links {
    /// Notes a sold line.
    pub fn sold(&mut self, customer: &str, sku: &str, price: UnitPrice, line: SoldLine) {
        self.0
            .entry((customer.into(), sku.into(), price))
            .or_default()
            .push(line);
    }

    /// Finds the newest purchase of the same goods by the same customer at the same price with enough left.
    pub fn take(&mut self, row: &Row) -> Option<(SaleId, LineId)> {
        if row.customer.is_empty() {
            return None;
        }
        let back = row.quantity.negated();
        let lines = self
            .0
            .get_mut(&(row.customer.clone(), row.sku.clone(), row.price))?;
        let sold = lines.iter_mut().rev().find(|sold| sold.left >= back)?;
        sold.left = sold.left.checked_sub(back).ok()?;
        Some((sold.sale, sold.line))
    }
}

/// Everything that a replay tells.
#[derive(Serialize)]
pub struct Books {
    /// Counts the rows of the file.
    pub file_rows: usize,
    /// Counts the invoices of the file.
    pub file_invoices: usize,
    /// Accounts for every row by kind.
    pub kinds: BTreeMap<RowKind, Sum>,
    /// Sums every row.
    pub exact: Sum,
    /// Lists rows whose amount has more digits than the currency.
    pub roundings: Vec<String>,
    /// Counts documents: sales, refunds, exchanges.
    pub documents: usize,
    /// Sums the totals of all documents, in minor units.
    pub total_minor: i64,
    /// Sums the adjustments, in minor units.
    pub adjusted_minor: i64,
    /// Counts closed shifts.
    pub shifts: usize,
    /// Holds the ledger, by account, in minor units.
    pub ledger: BTreeMap<String, i64>,
    /// Counts items whose stock was compared with its fold.
    pub stock_items: usize,
    /// Counts invoices that were sold line by line too.
    pub twice: usize,
    /// Counts ops.
    pub ops: u64,
    /// Gives the seconds of selling alone.
    pub seconds: f64,
    /// Lists whatever does not agree.
    pub problems: Vec<String>,
    #[serde(skip)]
    stock: BTreeMap<String, Quantity>,
    #[serde(skip)]
    pub(super) last_ms: i64,
}

impl Books {
    /// Starts empty.
    pub fn new(file_rows: usize, file_invoices: usize) -> Self {
        Self {
            file_rows,
            file_invoices,
            kinds: BTreeMap::new(),
            exact: Sum::default(),
            roundings: Vec::new(),
            documents: 0,
            total_minor: 0,
            adjusted_minor: 0,
            shifts: 0,
            ledger: BTreeMap::new(),
            stock_items: 0,
            twice: 0,
            ops: 0,
            seconds: 0.0,
            problems: Vec::new(),
            stock: BTreeMap::new(),
            last_ms: 0,
        }
    }

    /// Returns a row's amount in minor units, rounded as the till does.
    pub fn minor(row: &Row) -> Result<i64, Failure> {
        round_decimal(
            row.quantity.decimal() * row.price.decimal(),
            2,
            Rounding::HalfAwayFromZero,
        )
        .map_err(|fault| Failure::invalid(format!("Invoice {}: {fault}.", row.invoice)))
    }

    /// Accounts for a row.
    pub fn count(&mut self, kind: RowKind, row: &Row) {
        self.kinds.entry(kind).or_default().add(row);
        let exact = row.quantity.decimal() * row.price.decimal();
        let rounded = exact.round_dp(2);
        if rounded != exact && self.roundings.len() < SHOWN_ROUNDINGS {
            let booked = Self::minor(row).map_or(rounded, |minor| Decimal::new(minor, 2));
            self.roundings.push(format!(
                "{} {}: {exact} is booked as {booked}",
                row.invoice, row.sku
            ));
        }
    }

    /// Notes what a finished document did.
    pub fn add_sale(&mut self, sale: &Sale) {
        self.documents += 1;
        self.total_minor += sale.total_minor;
        for line in &sale.lines {
            self.move_stock(&line.goods.sku, line.stock_out().negated());
        }
    }

    /// Notes a change of stock.
    pub fn move_stock(&mut self, sku: &str, change: Quantity) {
        let known = self.stock.entry(sku.into()).or_insert(Quantity::ZERO);
        match known.checked_add(change) {
            Ok(sum) => *known = sum,
            Err(fault) => self.problems.push(format!("stock of {sku}: {fault}")),
        }
    }

    /// Compares ledger and stock with those of the store.
    pub fn compare(&mut self, till: &Till, items: &BTreeMap<String, ItemId>) -> Result<(), Failure> {
        let (mut sum, mut sales) = (0_i128, 0);
        for balance in till.read(|reader| reader.balances()).map_err(refused)? {
            sum += i128::from(balance.amount_minor);
            if matches!(balance.account, Account::Sales(_)) {
                sales -= balance.amount_minor;
            }
            *self.ledger.entry(balance.account.label()).or_default() += balance.amount_minor;
        }
        if sum != 0 {
            self.problems.push(format!("debits and credits differ by {sum}"));
        }
        if sales != self.total_minor {
            self.problems.push(format!(
                "the ledger holds sales of {sales}, the documents {}",
                self.total_minor
            ));
        }
        let booked = self.total_minor + self.adjusted_minor;
        if booked != self.exact.rounded_minor {
            self.problems.push(format!(
                "booked {booked}, the rows come to {}",
                self.exact.rounded_minor
            ));
        }
        let location = till.installation().location;
        for (sku, item) in items {
            let fold = self.stock.get(sku).copied().unwrap_or(Quantity::ZERO);
            let known = till
                .read(|reader| reader.on_hand(item, &location))
                .map_err(refused)?;
            if known != fold {
                self.problems
                    .push(format!("stock of {sku} is {known}, its movements come to {fold}"));
            }
            self.stock_items += 1;
        }
        Ok(())
    }

    /// Checks that no row was dropped.
    pub fn check_rows(&mut self) {
        let counted: usize = self.kinds.values().map(|sum| sum.rows).sum();
        if counted != self.exact.rows {
            self.problems.push(format!(
                "{} rows were read, {counted} are accounted for",
                self.exact.rows
            ));
        }
    }

    /// Verifies the store that was sold in: chains, signatures, and every projection against a full replay.
    pub fn verify(&mut self, till: &Till) -> Result<(), Failure> {
        let mut progress = Progress::new("verifying", 0);
        let options = VerifyOptions::default();
        let report = till
            .read(|reader| verify::verify(reader, &options, |at| progress.at(at.done, at.done)))
            .map_err(refused)?;
        self.ops = report.ops;
        self.problems
            .extend(report.problems.iter().map(ToString::to_string));
        Ok(())
    }

    /// Tells the result in words.
    pub fn text(&self) -> String {
        self.markdown()
            .replace("| ", "  ")
            .replace(" |", "  ")
            .replace('|', " ")
    }

    /// Tells the result as Markdown.
    pub fn markdown(&self) -> String {
        let mut text = String::new();
        let _ = self.write(&mut text);
        text
    }

    fn write(&self, out: &mut String) -> std::fmt::Result {
        writeln!(
            out,
            "| rows of the file | count | quantity x price, exact | booked, rounded by row |"
        )?;
        writeln!(out, "|---|---:|---:|---:|")?;
        for kind in RowKind::ALL {
            let sum = self.kinds.get(&kind).cloned().unwrap_or_default();
            writeln!(
                out,
                "| {} | {} | {} | {} |",
                kind.label(),
                sum.rows,
                sum.exact.normalize(),
                pounds(sum.rounded_minor)
            )?;
        }
        let all = &self.exact;
        writeln!(
            out,
            "| all | {} | {} | {} |",
            all.rows,
            all.exact.normalize(),
            pounds(all.rounded_minor)
        )?;
        writeln!(out)?;
        let apart = all.exact - Decimal::new(all.rounded_minor, 2);
        writeln!(
            out,
            "Exact and booked sums differ by {}, from these rows:",
            apart.normalize()
        )?;
        for line in &self.roundings {
            writeln!(out, "- {line}")?;
        }
        writeln!(out)?;
        writeln!(out, "| ledger | debit +, credit - |")?;
        writeln!(out, "|---|---:|")?;
        for (account, amount) in &self.ledger {
            writeln!(out, "| {account} | {} |", pounds(*amount))?;
        }
        writeln!(out)?;
        writeln!(out, "| checked | |")?;
        writeln!(out, "|---|---:|")?;
        for (what, figure) in self.figures() {
            writeln!(out, "| {what} | {figure} |")?;
        }
        for problem in &self.problems {
            writeln!(out, "\nPROBLEM: {problem}")?;
        }
        Ok(())
    }

    fn figures(&self) -> Vec<(&'static str, String)> {
        let per_second = |count: usize| {
            if self.seconds > 0.0 {
                format!("{:.0}", count as f64 / self.seconds)
            } else {
                String::new()
            }
        };
        vec![
            ("rows of the file", self.file_rows.to_string()),
            ("invoices of the file", self.file_invoices.to_string()),
            ("documents (sales and refunds)", self.documents.to_string()),
            ("sum of the documents", pounds(self.total_minor)),
            ("sum of the adjustments", pounds(self.adjusted_minor)),
            ("shifts closed", self.shifts.to_string()),
            (
                "items whose stock equals its movements",
                self.stock_items.to_string(),
            ),
            ("invoices sold line by line too, equal", self.twice.to_string()),
            ("ops in the log", self.ops.to_string()),
            ("durable documents a second", per_second(self.documents)),
            ("problems", self.problems.len().to_string()),
        ]
    }
}

fn pounds(minor: i64) -> String {
    Decimal::new(minor, 2).to_string()
}

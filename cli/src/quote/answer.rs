//! What comes back: the documents of docs/schema/quote-result-1.json, and the same as a table for people.

use crate::output::{ErrorBody, Side, Table};
use barrow_kernel::cash::{CashDue, CashRounding};
use barrow_kernel::money::Currency;
use barrow_kernel::quantity::{Quantity, Rate, UnitPrice};
use barrow_kernel::rounding::Rounding;
use barrow_kernel::tax::{TaxClass, TaxPolicy};
use rust_decimal::Decimal;
use serde::Serialize;
use serde_json::Value;

/// A result with the id of its request, or the reason why there is none.
#[derive(Serialize)]
pub struct Answer<'a, T: Serialize> {
    pub version: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<&'a Value>,
    #[serde(flatten)]
    pub result: Option<&'a T>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<ErrorBody<'a>>,
}

/// A priced cart.
#[derive(Serialize)]
pub struct Quote {
    pub terms: Terms,
    pub lines: Vec<Line>,
    pub taxes: Vec<TaxTotal>,
    pub discount_minor: i64,
    pub base_minor: i64,
    pub tax_minor: i64,
    pub total_minor: i64,
    pub cash_due: CashDue,
    pub payments: Vec<Payment>,
    pub change_minor: i64,
    pub change_pieces: Vec<Pieces>,
    pub open_minor: i64,
    pub open_cash_due: CashDue,
    pub suggestions_minor: Vec<i64>,
}

/// What the price was worked out by, defaults filled in.
#[derive(Serialize)]
pub struct Terms {
    pub currency: Currency,
    pub digits: u8,
    pub tax_policy: TaxPolicy,
    pub rounding: Rounding,
    pub tax_rounding: Rounding,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cash_rounding: Option<CashRounding>,
    pub denominations: Vec<i64>,
}

/// A priced line, step by step.
#[derive(Serialize)]
pub struct Line {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    pub quantity: Quantity,
    pub unit_price: UnitPrice,
    pub extended_minor: i64,
    pub offer_minor: i64,
    pub line_percent_minor: i64,
    pub cart_percent_minor: i64,
    pub line_amount_minor: i64,
    pub cart_amount_minor: i64,
    pub net_minor: i64,
    pub base_minor: i64,
    pub tax_minor: i64,
    pub total_minor: i64,
    #[serde(flatten)]
    pub exact: Option<ExactLine>,
    pub taxes: Vec<LineTax>,
}

/// The unrounded figures of a line, in major units.
#[derive(Serialize)]
pub struct ExactLine {
    pub net_exact: Decimal,
    pub base_exact: Decimal,
    pub tax_exact: Decimal,
    pub total_exact: Decimal,
}

/// A tax of a line.
#[derive(Serialize)]
pub struct LineTax {
    pub tax: String,
    pub base_minor: i64,
    pub amount_minor: i64,
    #[serde(flatten)]
    pub exact: Option<ExactTax>,
}

/// The unrounded figures of a tax of a line, in major units.
#[derive(Serialize)]
pub struct ExactTax {
    pub base_exact: Decimal,
    pub amount_exact: Decimal,
}

/// A tax of the document.
#[derive(Serialize)]
pub struct TaxTotal {
    pub tax: String,
    pub name: String,
    pub group: String,
    pub class: TaxClass,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate: Option<Rate>,
    pub base_minor: i64,
    pub amount_minor: i64,
}

/// A payment.
#[derive(Serialize)]
pub struct Payment {
    pub name: String,
    pub amount_minor: i64,
    pub rounding_minor: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub given_minor: Option<i64>,
    pub change_minor: i64,
}

/// Coins or notes of one kind.
#[derive(Serialize)]
pub struct Pieces {
    pub denomination_minor: i64,
    pub count: u32,
}

impl Quote {
    /// Lays the quote out for people.
    pub fn text(&self) -> String {
        let money = |minor: i64| self.terms.currency.format(minor);
        let mut lines = Table::new(&[
            ("Item", Side::Left),
            ("Quantity", Side::Right),
            ("Price", Side::Right),
            ("Discount", Side::Right),
            ("Tax", Side::Right),
            ("Total", Side::Right),
        ]);
        for (place, line) in self.lines.iter().enumerate() {
            let name = line.name.clone().or_else(|| line.id.clone());
            lines.row([
                name.unwrap_or_else(|| format!("Line {}", place + 1)),
                line.quantity.to_string(),
                line.unit_price.to_string(),
                money(line.extended_minor - line.net_minor),
                money(line.tax_minor),
                money(line.total_minor),
            ]);
        }
        let mut sums = Table::new(&[("", Side::Left), (self.terms.currency.code_str(), Side::Right)]);
        sums.row(["Without tax".to_owned(), money(self.base_minor)]);
        for tax in &self.taxes {
            let on = format!("{} on {}", tax.name, money(tax.base_minor));
            sums.row([on, money(tax.amount_minor)]);
        }
        sums.row(["Total".to_owned(), money(self.total_minor)]);
        if self.cash_due.difference_minor != 0 {
            sums.row(["Total in cash".to_owned(), money(self.cash_due.rounded_minor)]);
        }
        for payment in &self.payments {
            let given = payment
                .given_minor
                .unwrap_or(payment.amount_minor + payment.rounding_minor);
            sums.row([format!("Paid: {}", payment.name), money(given)]);
        }
        if self.change_minor != 0 {
            sums.row(["Change".to_owned(), money(self.change_minor)]);
        }
        if self.open_minor != 0 && !self.payments.is_empty() {
            sums.row(["Left to pay".to_owned(), money(self.open_minor)]);
        }
        format!("{}\n{}", lines.text(), sums.text().trim_start_matches('\n'))
    }
}

/// The answers to single steps, in the order asked.
#[derive(Default, Serialize)]
pub struct Steps {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allocate: Option<Vec<Value>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub round: Option<Vec<Value>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cash: Option<Vec<Value>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub money: Option<Vec<Value>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub adapt: Option<Vec<Value>>,
    /// How many entries were refused; their answers say why.
    #[serde(skip)]
    pub refused: usize,
}

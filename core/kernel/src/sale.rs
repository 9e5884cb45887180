//! The sale: finished and immutable. One event holds everything that its receipt needs for ever.
//!
//! A refund is a sale whose lines come back; an exchange has lines of both kinds.

mod complete;
mod correct;
mod refund;

pub use complete::NO_TAX_GROUP;
pub(crate) use complete::complete;
pub use correct::{TenderCorrection, correct_tender};
pub use refund::{add_returns, refundable};

use crate::cart::{
    AppliedOffer, GivenDiscount, Goods, LineId, Measure, Return, ReturnOf, TaxAmount, Weighing,
};
use crate::ledger::Posting;
use crate::money::Currency;
use crate::price::TaxTotal;
use crate::quantity::{Quantity, UnitPrice};
use crate::rejection::Rejection;
use crate::tender::Payment;
use barrow_log::id::{CartId, CashBoxId, LocationId, SaleId, ShiftId};
use barrow_log::stream::StreamId;
use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

/// Tells what kind of document a sale is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cbor(index_only)]
#[serde(rename_all = "snake_case")]
pub enum SaleKind {
    /// Goods went out.
    #[n(0)]
    Sale,
    /// Goods came back.
    #[n(1)]
    Refund,
    /// Goods went both ways.
    #[n(2)]
    Exchange,
}

/// A receipt number: gapless within its series, never renumbered.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, Serialize, Deserialize)]
pub struct ReceiptNumber {
    /// Gives the series code of the device's certificate.
    #[n(0)]
    pub series: String,
    /// Gives the number, from 1.
    #[n(1)]
    pub number: u64,
}

impl std::fmt::Display for ReceiptNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", self.series, self.number)
    }
}

impl std::str::FromStr for ReceiptNumber {
    type Err = Rejection;
    fn from_str(text: &str) -> Result<Self, Rejection> {
        text.rsplit_once('-')
            .and_then(|(series, number)| Some((series.to_string(), number.parse().ok()?)))
            .map(|(series, number)| Self { series, number })
            .ok_or_else(|| Rejection::range("receipt number", text, "write it as on the receipt, like A-17"))
    }
}

/// A line of a finished sale, with every amount as it was.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct SaleLine {
    /// Holds what the item was.
    #[n(0)]
    pub goods: Goods,
    /// Gives the price of one unit, in major units.
    #[n(1)]
    pub unit_price: UnitPrice,
    /// Names it; the same id as in the cart.
    #[n(2)]
    pub id: LineId,
    /// Gives its quantity; negative for goods that came back.
    #[n(3)]
    pub quantity: Quantity,
    /// Gives the amount before offers and discounts, in minor units.
    #[n(4)]
    pub extended_minor: i64,
    /// Gives the amount without tax, in minor units.
    #[n(5)]
    pub base_minor: i64,
    /// Gives the amount with tax, in minor units.
    #[n(6)]
    pub total_minor: i64,
    /// Lists its taxes.
    #[n(7)]
    pub taxes: Vec<TaxAmount>,
    /// Gives all that was taken off, in minor units, with the sign of the line.
    #[n(8)]
    #[cbor(default)]
    pub discount_minor: i64,
    /// Names the line that brought it.
    #[n(9)]
    pub parent: Option<LineId>,
    /// Tells whether the amount or the quantity was the fact.
    #[n(10)]
    pub measure: Measure,
    /// Tells how the weight was found.
    #[n(11)]
    pub weighing: Option<Weighing>,
    /// Gives the catalogue's price where the line's differs from it.
    #[n(12)]
    pub list_price: Option<UnitPrice>,
    /// Tells why the price differs.
    #[n(13)]
    pub price_reason: Option<String>,
    /// Lists the offers that applied.
    #[n(14)]
    #[cbor(default)]
    pub offers: Vec<AppliedOffer>,
    /// Lists the discounts given on the line.
    #[n(15)]
    #[cbor(default)]
    pub discounts: Vec<GivenDiscount>,
    /// Holds its note.
    #[n(16)]
    pub note: Option<String>,
    /// Tells why it came back.
    #[n(17)]
    pub returns: Option<Return>,
}

impl SaleLine {
    /// Returns what selling it takes from stock: zero when the item is not tracked, negative when goods that
    /// can be sold again come back.
    pub fn stock_out(&self) -> Quantity {
        let lost = self.returns.as_ref().is_some_and(|returns| !returns.resaleable);
        if self.goods.tracked && !lost {
            self.quantity
        } else {
            Quantity::ZERO
        }
    }
}

/// A finished sale, refund or exchange.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Sale {
    /// Names it; the id of the command that completed it.
    #[n(0)]
    pub id: SaleId,
    /// Names the cart that it closes.
    #[n(1)]
    pub cart: CartId,
    /// Gives its receipt number.
    #[n(2)]
    pub number: ReceiptNumber,
    /// Tells what kind of document it is.
    #[n(3)]
    pub kind: SaleKind,
    /// Gives the time in milliseconds since 1970.
    #[n(4)]
    pub at_ms: i64,
    /// Gives the minutes that shop time was ahead of UTC.
    #[n(5)]
    pub utc_offset_minutes: i32,
    /// Names the stream of the till that made it.
    #[n(6)]
    pub book: StreamId,
    /// Gives the name of that till.
    #[n(7)]
    pub till: String,
    /// Names the person at the till.
    #[n(8)]
    pub who: Option<String>,
    /// Names the place whose stock it moved.
    #[n(9)]
    pub location: LocationId,
    /// Names the cash box that it posts to.
    #[n(10)]
    pub cash_box: CashBoxId,
    /// Names the shift that it belongs to, for ever.
    #[n(11)]
    pub shift: ShiftId,
    /// Gives the currency of every amount.
    #[n(12)]
    pub currency: Currency,
    /// Lists its lines.
    #[n(13)]
    pub lines: Vec<SaleLine>,
    /// Sums up its taxes.
    #[n(14)]
    pub taxes: Vec<TaxTotal>,
    /// Gives the total without tax, in minor units.
    #[n(15)]
    pub base_minor: i64,
    /// Gives the tax, in minor units.
    #[n(16)]
    pub tax_minor: i64,
    /// Gives the total, in minor units.
    #[n(17)]
    pub total_minor: i64,
    /// Gives the difference that rounding the cash made, in minor units; not part of the total.
    #[n(18)]
    #[cbor(default)]
    pub rounding_minor: i64,
    /// Lists its payments; they sum to the total.
    #[n(19)]
    pub payments: Vec<Payment>,
    /// Lists discounts that were given on the whole cart.
    #[n(20)]
    #[cbor(default)]
    pub discounts: Vec<GivenDiscount>,
    /// Holds its note.
    #[n(21)]
    pub note: Option<String>,
    /// Names the tax mapping that the cart was switched to.
    #[n(22)]
    pub tax_mapping: Option<String>,
    /// Gives the sum of all totals of this series, this one included, in minor units.
    #[n(23)]
    pub perpetual_minor: i64,
    /// Holds the postings.
    #[n(24)]
    pub postings: Vec<Posting>,
    /// Names the customer (people come later; names and addresses never lie here).
    #[n(25)]
    pub customer: Option<String>,
    /// Holds the rule that its cash was rounded by, so that a corrected tender is rounded the same way.
    #[n(26)]
    pub cash_rounding: Option<crate::cash::CashRounding>,
}

impl Sale {
    /// Returns a line.
    pub fn line(&self, id: LineId) -> Option<&SaleLine> {
        self.lines.iter().find(|line| line.id == id)
    }

    /// Returns what may be taken back under it: one allowance for each line that was sold.
    pub fn refund_rights(&self) -> impl Iterator<Item = Allowance> + '_ {
        self.lines
            .iter()
            .filter(|line| line.quantity.is_positive())
            .map(|line| Allowance {
                what: Limited::Refund(ReturnOf {
                    sale: self.id,
                    line: line.id,
                }),
                holder: self.book,
                amount: line.quantity,
            })
    }
}

/// Something limited that may be spent apart: only its holder spends it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Allowance {
    /// Tells what is limited.
    #[n(0)]
    pub what: Limited,
    /// Names the stream of the till that may spend it.
    #[n(1)]
    pub holder: StreamId,
    /// Gives how much may be spent.
    #[n(2)]
    pub amount: Quantity,
}

/// What an allowance is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Limited {
    /// Goods of a sold line that may come back.
    #[n(0)]
    Refund(#[n(0)] ReturnOf),
}

/// A cart that was given up before it was paid.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct CartVoid {
    /// Names the cart.
    #[n(0)]
    pub cart: CartId,
    /// Gives what it came to, in minor units.
    #[n(1)]
    pub total_minor: i64,
    /// Counts its lines.
    #[n(2)]
    pub lines: u32,
    /// Tells why.
    #[n(3)]
    pub reason: Option<String>,
    /// Gives the time in milliseconds since 1970.
    #[n(4)]
    pub at_ms: i64,
    /// Names the cash box whose shift counts it.
    #[n(5)]
    pub cash_box: CashBoxId,
}

/// Finds the row of the tax summary that a line's tax is summed in.
fn summary<'a>(sale: &'a Sale, tax: &TaxAmount) -> Option<&'a TaxTotal> {
    sale.taxes
        .iter()
        .find(|total| total.tax == tax.tax && total.rate == tax.rate)
}

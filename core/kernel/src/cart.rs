//! The cart: lines that a customer wants, open until it is paid or voided.
//!
//! A line keeps the price, tax and offer that it had when it was added, until a person asks to re-price it.

use crate::approval::Approval;
use crate::cash::CashRounding;
use crate::catalogue::ItemKind;
use crate::money::Currency;
use crate::price::{Discount, PricePolicy};
use crate::quantity::{Quantity, Rate, Unit, UnitPrice};
use crate::rounding::Rounding;
use crate::tax::{Tax, TaxPolicy};
use crate::tender::Payment;
use barrow_log::id::{CartId, ItemId, LocationId, SaleId, TaxId};
use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

/// Names a line within its cart: the number of the device in this cart and that device's counter.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize,
)]
#[cbor(transparent)]
#[serde(transparent)]
pub struct LineId(#[n(0)] pub u32);

impl LineId {
    /// Builds the id of a device's n-th line; device 0 opened the cart.
    pub fn new(device: u8, counter: u16) -> Self {
        Self(u32::from(device) << 16 | u32::from(counter))
    }
}

impl std::fmt::Display for LineId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// What the shop's settings were when a cart was opened; they stay with it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Terms {
    /// Gives the currency of every amount.
    #[n(0)]
    pub currency: Currency,
    /// Tells whether each tax is rounded on each line or once a document.
    #[n(1)]
    pub tax_policy: TaxPolicy,
    /// Names the rounding of line amounts and discounts.
    #[n(2)]
    pub rounding: Rounding,
    /// Names the rounding of taxes.
    #[n(3)]
    pub tax_rounding: Rounding,
    /// Gives the cash rounding, if any.
    #[n(4)]
    pub cash_rounding: Option<CashRounding>,
}

impl Terms {
    /// Returns the part that pricing needs.
    pub fn price_policy(&self) -> PricePolicy {
        PricePolicy {
            tax_policy: self.tax_policy,
            rounding: self.rounding,
            tax_rounding: self.tax_rounding,
        }
    }
}

/// What was true of an item when it was added to a line: frozen for the receipt, for ever.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Goods {
    /// Names the item.
    #[n(0)]
    pub item: ItemId,
    /// Gives its SKU.
    #[n(1)]
    pub sku: String,
    /// Gives its name.
    #[n(2)]
    pub name: String,
    /// Tells how it is sold.
    #[n(3)]
    pub kind: ItemKind,
    /// Gives the unit of the quantity.
    #[n(4)]
    pub unit: Unit,
    /// Gives how many units the shown price is for.
    #[n(5)]
    pub price_per: Quantity,
    /// Tells whether selling it moves stock.
    #[n(6)]
    pub tracked: bool,
    /// Gives its category for reports.
    #[n(7)]
    pub category: String,
}

/// A discount that a person gave, with the reason.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct GivenDiscount {
    /// Gives the discount.
    #[n(0)]
    pub discount: Discount,
    /// Tells why.
    #[n(1)]
    #[serde(default)]
    pub reason: Option<String>,
}

/// An offer that applied to a line (promotions: a later issue fills it).
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct AppliedOffer {
    /// Names the offer.
    #[n(0)]
    pub offer: String,
    /// Gives the version of the offer that applied.
    #[n(1)]
    pub version: u32,
    /// Gives what it took off in minor units.
    #[n(2)]
    pub amount_minor: i64,
}

/// How a weight was found: net = gross - tare.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Weighing {
    /// Gives the weight with packaging, in the item's unit.
    #[n(0)]
    pub gross: Quantity,
    /// Gives the weight of the packaging, in the item's unit.
    #[n(1)]
    pub tare: Quantity,
}

/// Where the amount or quantity of a line comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cbor(index_only)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// The quantity was counted, typed or read, and the amount follows from it.
    #[n(0)]
    #[default]
    Quantity,
    /// The amount of a price-computing scale or label is the fact, and the quantity is derived from it.
    #[n(1)]
    Amount,
}

/// The amounts of a line that was sold before and now comes back: taken from the sale, never priced again.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct FrozenAmounts {
    /// Gives the amount before discounts, in minor units.
    #[n(0)]
    pub extended_minor: i64,
    /// Gives the amount without tax, in minor units.
    #[n(1)]
    pub base_minor: i64,
    /// Gives the amount with tax, in minor units.
    #[n(2)]
    pub total_minor: i64,
    /// Gives each tax of the line's tax set in its order: base and amount in minor units.
    #[n(3)]
    pub taxes: Vec<TaxAmount>,
    /// Gives what had been taken off when it was sold, in minor units.
    #[n(4)]
    #[cbor(default)]
    pub discount_minor: i64,
}

/// One tax of one line: base and amount in minor units.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct TaxAmount {
    /// Names the tax.
    #[n(0)]
    pub tax: TaxId,
    /// Gives what it was computed on, in minor units.
    #[n(1)]
    pub base_minor: i64,
    /// Gives the tax in minor units.
    #[n(2)]
    pub amount_minor: i64,
    /// Gives the rate of a percent or division tax: with the tax, it names the row of the document's tax summary.
    #[n(3)]
    pub rate: Option<Rate>,
}

/// Why a line takes goods back.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Return {
    /// Names the sale and the line that it was sold on; `None` for an unlinked return.
    #[n(0)]
    pub of: Option<ReturnOf>,
    /// Tells that the goods can be sold again and go back to stock.
    #[n(1)]
    pub resaleable: bool,
    /// Tells why.
    #[n(2)]
    pub reason: Option<String>,
    /// Gives the approval of an unlinked return.
    #[n(3)]
    pub approval: Option<Approval>,
    /// Gives the amounts of a linked return.
    #[n(4)]
    pub frozen: Option<FrozenAmounts>,
}

/// The line of a sale that a return gives back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, Serialize, Deserialize)]
pub struct ReturnOf {
    /// Names the sale.
    #[n(0)]
    pub sale: SaleId,
    /// Names its line.
    #[n(1)]
    pub line: LineId,
}

/// A line of an open cart.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Line {
    /// Holds what the item was when it was added.
    #[n(0)]
    pub goods: Goods,
    /// Gives the price of one unit that it is sold at, in major units.
    #[n(1)]
    pub unit_price: UnitPrice,
    /// Gives the index of its taxes: in an event, in that event's list; in a cart, in the cart's.
    #[n(2)]
    pub tax_set: u16,
    /// Names it.
    #[n(3)]
    pub id: LineId,
    /// Gives its quantity; negative for goods that come back.
    #[n(4)]
    pub quantity: Quantity,
    /// Names the line that brought it: a deposit belongs to its bottle.
    #[n(5)]
    pub parent: Option<LineId>,
    /// Tells whether the amount or the quantity is the fact.
    #[n(6)]
    pub measure: Measure,
    /// Gives the amount in minor units when that is the fact.
    #[n(7)]
    pub amount_minor: Option<i64>,
    /// Tells how the weight was found.
    #[n(8)]
    pub weighing: Option<Weighing>,
    /// Gives the catalogue's price when it was added, where the line's price differs from it.
    #[n(9)]
    pub list_price: Option<UnitPrice>,
    /// Tells why the price differs.
    #[n(10)]
    pub price_reason: Option<String>,
    /// Lists offers that apply.
    #[n(11)]
    pub offers: Vec<AppliedOffer>,
    /// Lists discounts given on the line.
    #[n(12)]
    pub discounts: Vec<GivenDiscount>,
    /// Holds a note for the receipt.
    #[n(13)]
    pub note: Option<String>,
    /// Tells why it takes goods back.
    #[n(14)]
    pub returns: Option<Return>,
    /// Tells that a person removed it; it can be brought back while the cart is open.
    #[n(15)]
    #[cbor(default)]
    pub voided: bool,
}

/// The taxes of a line, as they were when it was added.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct TaxSet {
    /// Lists them in the order in which they are computed.
    #[n(0)]
    pub taxes: Vec<Tax>,
}

/// An open cart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cart {
    /// Names it.
    pub id: CartId,
    /// Holds the terms of when it was opened.
    pub terms: Terms,
    /// Names the place whose stock it sells.
    pub location: LocationId,
    /// Gives the time it was opened, in milliseconds since 1970.
    pub opened_ms: i64,
    /// Gives the name it was parked under.
    pub name: Option<String>,
    /// Tells that it waits aside.
    pub parked: bool,
    /// Names the tax mapping it was switched to.
    pub tax_mapping: Option<String>,
    /// Holds the taxes of its lines.
    pub tax_sets: Vec<TaxSet>,
    /// Holds its lines in the order they were added, voided ones too.
    pub lines: Vec<Line>,
    /// Lists discounts on the whole cart.
    pub discounts: Vec<GivenDiscount>,
    /// Lists payments against it.
    pub payments: Vec<Payment>,
    /// Holds a note for the receipt.
    pub note: Option<String>,
    /// Counts the lines that this device has added.
    pub next_line: u16,
    /// Names the line that somebody added or changed last; `None` before the first.
    pub last_touched: Option<LineId>,
}

impl Cart {
    /// Returns a cart that was just opened at a time in milliseconds since 1970: nothing is in it.
    pub(crate) fn opened(id: CartId, terms: Terms, location: LocationId, opened_ms: i64) -> Self {
        Self {
            id,
            terms,
            location,
            opened_ms,
            name: None,
            parked: false,
            tax_mapping: None,
            tax_sets: Vec::new(),
            lines: Vec::new(),
            discounts: Vec::new(),
            payments: Vec::new(),
            note: None,
            next_line: 0,
            last_touched: None,
        }
    }

    /// Returns a line, voided or not.
    pub fn line(&self, id: LineId) -> Option<&Line> {
        self.lines.iter().find(|line| line.id == id)
    }

    /// Returns the lines that count.
    pub fn live_lines(&self) -> impl Iterator<Item = &Line> {
        self.lines.iter().filter(|line| !line.voided)
    }

    /// Returns the index of a tax set, adding it when it is new.
    pub(crate) fn intern(&mut self, set: &TaxSet) -> u16 {
        let index = self.tax_sets.iter().position(|known| known == set);
        let index = index.unwrap_or_else(|| {
            self.tax_sets.push(set.clone());
            self.tax_sets.len() - 1
        });
        u16::try_from(index).unwrap_or(u16::MAX)
    }

    /// Returns what was paid so far in minor units.
    pub fn paid_minor(&self) -> i64 {
        // Summed wide and bounded once: bounding every step would lose what a later payment takes back.
        let sum: i128 = self
            .payments
            .iter()
            .map(|payment| i128::from(payment.amount_minor))
            .sum();
        i64::try_from(sum).unwrap_or(if sum < 0 { i64::MIN } else { i64::MAX })
    }
}

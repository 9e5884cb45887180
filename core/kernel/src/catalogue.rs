//! Goods and shop settings: what they are, what may happen to them.
//!
//! Catalogue data are registers: groups of fields that are written as one. A write names the writes it
//! replaces; what nobody replaced is current (design: sync, "Prices, catalogue, promotions").

mod put;
mod settings;

pub use put::put_items;
pub use settings::{put_places, put_shop, put_taxes, put_tenders};

use crate::cash::CashRounding;
use crate::money::Currency;
use crate::quantity::{Quantity, Unit, UnitPrice};
use crate::rounding::Rounding;
use crate::tax::TaxPolicy;
use barrow_log::id::{CashBoxId, ItemId, LocationId, TaxId, TenderId};
use barrow_log::stream::OpRef;
use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

/// Tells how an item is sold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cbor(index_only)]
#[serde(rename_all = "snake_case")]
pub enum ItemKind {
    /// Sold by the piece at its price.
    #[n(0)]
    #[default]
    Plain,
    /// Sold by weight or measure: net = gross - tare.
    #[n(1)]
    Weighed,
    /// The price is typed at the till; the catalogue's price is a suggestion.
    #[n(2)]
    OpenPrice,
    /// A department key: an amount is typed, no stock is kept.
    #[n(3)]
    Department,
    /// A deposit on packaging: its own tax class, a liability, never discounted, may be returned without a sale.
    #[n(4)]
    Deposit,
    /// A gift card: a liability, no tax until it is spent.
    #[n(5)]
    GiftCard,
    /// A service: no stock.
    #[n(6)]
    Service,
}

/// A column of an import that Barrow keeps for later: its name and its text.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Extra {
    /// Names the column.
    #[n(0)]
    pub name: String,
    /// Holds its text, unchanged.
    #[n(1)]
    pub value: String,
}

/// What people see of an item: one register.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[serde(default)]
pub struct Face {
    /// Gives the shop's own code for it, unique among items that are not archived.
    #[n(0)]
    pub sku: String,
    /// Gives its name.
    #[n(1)]
    pub name: String,
    /// Gives its category for reports.
    #[n(2)]
    pub category: String,
    /// Names the page of quick keys that shows it; empty for none.
    #[n(3)]
    pub page: String,
    /// Gives its place on that page, from 1; 0 for none.
    #[n(4)]
    pub slot: u16,
    /// Names its tile colour.
    #[n(5)]
    pub colour: String,
    /// Gives its picture as one emoji.
    #[n(6)]
    pub emoji: String,
    /// Names its icon.
    #[n(7)]
    pub icon: String,
    /// Keeps columns of an import that Barrow does not read yet.
    #[n(8)]
    pub extras: Vec<Extra>,
}

/// What an item costs: price, currency and tax are one register.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Price {
    /// Gives the price of one unit, in major units.
    #[n(0)]
    pub unit_price: UnitPrice,
    /// Gives the currency of the price.
    #[n(1)]
    pub currency: Currency,
    /// Names the taxes, in any order.
    #[n(2)]
    #[serde(default)]
    pub taxes: Vec<TaxId>,
}

/// How an item is traded: one register.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[serde(default)]
pub struct Trade {
    /// Tells how it is sold.
    #[n(0)]
    pub kind: ItemKind,
    /// Gives the unit of its quantity, its price and its stock.
    #[n(1)]
    pub unit: Unit,
    /// Gives how many units the shown price is for: 100 for "per 100 g".
    #[n(2)]
    pub price_per: Quantity,
    /// Names the deposits it brings, one of each for each unit sold.
    #[n(3)]
    pub deposits: Vec<ItemId>,
    /// Gives its usual tare in its own unit.
    #[n(4)]
    pub tare: Option<Quantity>,
    /// Gives the age in years that a buyer must have.
    #[n(5)]
    pub min_age: Option<u8>,
    /// Tells whether stock is kept of it.
    #[n(6)]
    pub tracked: bool,
    /// Gives the stock at or below which it counts as low.
    #[n(7)]
    pub low_at: Option<Quantity>,
    /// Gives the number that scale labels carry for it (PLU); empty for none.
    #[n(8)]
    pub plu: String,
}

impl Default for Trade {
    fn default() -> Self {
        Self {
            kind: ItemKind::Plain,
            unit: Unit::Each,
            price_per: Quantity::ONE,
            deposits: Vec::new(),
            tare: None,
            min_age: None,
            tracked: true,
            low_at: None,
            plu: String::new(),
        }
    }
}

/// One item of the catalogue as a till reads it, with the writes that made it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Names it.
    pub id: ItemId,
    /// Tells what people see.
    pub face: Face,
    /// Tells what it costs.
    pub price: Price,
    /// Tells how it is traded.
    pub trade: Trade,
    /// Tells that it is hidden and no longer sold; it is never deleted.
    pub archived: bool,
    /// Tells that it is marked as sold out: greyed, and still sellable.
    pub sold_out: bool,
    /// Lists its barcodes in order.
    pub codes: Vec<String>,
    /// Names the writes that the next write of each group replaces.
    #[serde(skip)]
    pub writes: ItemWrites,
}

impl Item {
    /// Tells whether stock is kept of it: department keys, services and gift cards have none.
    pub fn keeps_stock(&self) -> bool {
        let none = matches!(
            self.trade.kind,
            ItemKind::Department | ItemKind::Service | ItemKind::GiftCard
        );
        self.trade.tracked && !none
    }
}

/// The current writes of each group of an item.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ItemWrites {
    /// Names the current writes of [`Face`].
    pub face: Vec<OpRef>,
    /// Names the current writes of [`Price`].
    pub price: Vec<OpRef>,
    /// Names the current writes of [`Trade`].
    pub trade: Vec<OpRef>,
    /// Names the current writes of the archive mark.
    pub archived: Vec<OpRef>,
    /// Names the current writes of the sold-out mark.
    pub sold_out: Vec<OpRef>,
}

/// A write of one register: the value and the writes that it replaces.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Write<T> {
    /// Gives the new value.
    #[n(0)]
    pub value: T,
    /// Names the writes that this one replaces.
    #[n(1)]
    #[serde(default)]
    pub replaces: Vec<OpRef>,
}

/// What a person wants an item to be; groups that are absent stay as they are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemDraft {
    /// Names the item; a new id makes a new item.
    pub id: ItemId,
    /// Tells what people see; needed for a new item.
    #[serde(default)]
    pub face: Option<Face>,
    /// Tells what it costs; needed for a new item.
    #[serde(default)]
    pub price: Option<Price>,
    /// Tells how it is traded; a new item without it is sold by the piece.
    #[serde(default)]
    pub trade: Option<Trade>,
    /// Hides the item or brings it back.
    #[serde(default)]
    pub archived: Option<bool>,
    /// Marks it as sold out or takes the mark away.
    #[serde(default)]
    pub sold_out: Option<bool>,
    /// Adds barcodes.
    #[serde(default)]
    pub add_codes: Vec<String>,
    /// Takes barcodes away.
    #[serde(default)]
    pub remove_codes: Vec<String>,
}

/// What was decided about one item: only the groups that changed.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct ItemPut {
    /// Names the item.
    #[n(0)]
    pub id: ItemId,
    /// Writes what people see.
    #[n(1)]
    pub face: Option<Write<Face>>,
    /// Writes what it costs.
    #[n(2)]
    pub price: Option<Write<Price>>,
    /// Writes how it is traded.
    #[n(3)]
    pub trade: Option<Write<Trade>>,
    /// Writes the archive mark.
    #[n(4)]
    pub archived: Option<Write<bool>>,
    /// Writes the sold-out mark.
    #[n(5)]
    pub sold_out: Option<Write<bool>>,
    /// Adds barcodes to the set of (code, item).
    #[n(6)]
    pub add_codes: Vec<String>,
    /// Takes barcodes out of the set.
    #[n(7)]
    pub remove_codes: Vec<String>,
}

/// Tells what kind of money a tender is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cbor(index_only)]
#[serde(rename_all = "snake_case")]
pub enum TenderClass {
    /// Notes and coins: change is given, cash rounding applies, it lies in a cash box.
    #[n(0)]
    Cash,
    /// The shop's own kind, taken at face value: a separate card terminal, a voucher, a market coin.
    #[n(1)]
    Custom,
}

/// A kind of tender that the shop takes.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct TenderKind {
    /// Names it.
    #[n(0)]
    pub id: TenderId,
    /// Gives the word on the key and on the receipt.
    #[n(1)]
    pub name: String,
    /// Tells what kind of money it is.
    #[n(2)]
    pub class: TenderClass,
    /// Hides it from the Charge screen.
    #[n(3)]
    #[serde(default)]
    pub archived: bool,
}

/// A place with stock.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Location {
    /// Names it.
    #[n(0)]
    pub id: LocationId,
    /// Gives its name.
    #[n(1)]
    pub name: String,
}

/// A place where cash lies.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct CashBox {
    /// Names it.
    #[n(0)]
    pub id: CashBoxId,
    /// Gives its name.
    #[n(1)]
    pub name: String,
}

/// Replaces one tax by others when a cart is switched: eat in or take away, another country, an exempt customer.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct TaxSwap {
    /// Names the tax that an item has.
    #[n(0)]
    pub from: TaxId,
    /// Names the taxes that take its place; none for exempt.
    #[n(1)]
    pub to: Vec<TaxId>,
}

/// A named set of tax swaps.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct TaxMapping {
    /// Gives its name, as the key on the cart shows it.
    #[n(0)]
    pub name: String,
    /// Lists the swaps; a tax that is not listed stays.
    #[n(1)]
    pub swaps: Vec<TaxSwap>,
}

/// Tells what happens when more is sold than is known to be there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cbor(index_only)]
#[serde(rename_all = "snake_case")]
pub enum Oversell {
    /// It is sold and shown as below zero: stock is never a reason to send a customer away.
    #[n(0)]
    #[default]
    Warn,
    /// It is sold when the command says that a person confirmed it.
    #[n(1)]
    Ask,
    /// It is not sold.
    #[n(2)]
    Refuse,
}

/// Settings of the shop: one register.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Shop {
    /// Gives the shop's name, first line of every receipt.
    #[n(0)]
    pub name: String,
    /// Names the country pack (ISO 3166 alpha-2).
    #[n(1)]
    pub country: String,
    /// Gives the currency of the ledger.
    #[n(2)]
    pub currency: Currency,
    /// Tells whether new prices include tax.
    #[n(3)]
    pub prices_include_tax: bool,
    /// Tells whether each tax is rounded on each line or once a document.
    #[n(4)]
    pub tax_policy: TaxPolicy,
    /// Names the rounding of line amounts and discounts.
    #[n(5)]
    pub rounding: Rounding,
    /// Names the rounding of taxes.
    #[n(6)]
    pub tax_rounding: Rounding,
    /// Gives the country's cash rounding, if any.
    #[n(7)]
    pub cash_rounding: Option<CashRounding>,
    /// Lists notes and coins in minor units, largest first.
    #[n(8)]
    pub denominations: Vec<i64>,
    /// Gives the minutes that shop time is ahead of UTC.
    #[n(9)]
    pub utc_offset_minutes: i32,
    /// Gives the language of receipts (BCP 47).
    #[n(10)]
    pub language: String,
    /// Lists lines above the goods on a receipt: address, tax number.
    #[n(11)]
    pub header: Vec<String>,
    /// Lists lines at the end of a receipt.
    #[n(12)]
    pub footer: Vec<String>,
    /// Limits deposit units given back in one cart without approval.
    #[n(13)]
    pub deposit_returns: u32,
    /// Tells what happens when more is sold than is there.
    #[n(14)]
    pub oversell: Oversell,
    /// Lists the tax sets a cart can be switched to.
    #[n(15)]
    pub tax_mappings: Vec<TaxMapping>,
    /// Names the national rule for price- and weight-embedded barcodes; empty for none.
    #[n(16)]
    pub embedded_rules: Vec<String>,
}

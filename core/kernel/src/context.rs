//! What a decision gets from outside: time, ids, who and where; and what it may read.

use crate::catalogue::{CashBox, Item, Location, Shop, TenderKind};
use crate::quantity::Quantity;
use crate::rejection::Rejection;
use crate::sale::Sale;
use crate::tax::Tax;
use barrow_log::id::{CashBoxId, CommandId, ItemId, LocationId, SaleId, TaxId, TenderId};
use barrow_log::stream::{Head, StreamId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::Arc;

use crate::cart::LineId;

/// A thing that a device may or may not do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Permission {
    /// Sell and take money.
    Sell,
    /// Take goods back that were sold with a receipt.
    Refund,
    /// Take goods back without a receipt, adjust the ledger.
    RefundUnlinked,
    /// Change goods, taxes, tenders and places.
    Catalogue,
    /// Move and count stock.
    Stock,
    /// Open and close shifts, pay in and out.
    Shift,
    /// Change the shop's settings.
    Administer,
}

/// What a decision knows of its surroundings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Context {
    /// Gives the wall clock in milliseconds since 1970, for people to read; it never orders anything.
    pub now_ms: i64,
    /// Names the command; what it makes bears the same id.
    pub command: CommandId,
    /// Names the person at the till, if one signed in.
    pub who: Option<String>,
    /// Gives the name of this till.
    pub till: String,
    /// Names the place whose stock this till sells from.
    pub location: LocationId,
    /// Names the cash box this till posts to.
    pub cash_box: CashBoxId,
    /// Gives the receipt series in this device's certificate.
    pub series: String,
    /// Names this till's stream of sales.
    pub book: StreamId,
    /// Gives the last op of that stream; `None` before the first.
    pub book_head: Option<Head>,
    /// Lists what this device may do.
    pub permissions: BTreeSet<Permission>,
}

impl Context {
    /// Checks that this device may do something.
    pub fn require(&self, permission: Permission, act: &str) -> Result<(), Rejection> {
        if self.permissions.contains(&permission) {
            return Ok(());
        }
        Err(Rejection::NotPermitted { act: act.into() })
    }

    /// Returns the number that this till's next book op will bear.
    pub fn next_book_seq(&self) -> u64 {
        self.book_head.as_ref().map_or(1, |head| head.seq + 1)
    }
}

/// Reads the catalogue.
pub trait Catalogue {
    /// Returns the shop's settings, if they were made.
    fn shop_if_set(&self) -> Result<Option<Arc<Shop>>, Rejection>;
    /// Returns an item, archived ones too.
    fn item(&self, id: &ItemId) -> Result<Option<Arc<Item>>, Rejection>;
    /// Returns the item with a SKU; one that is not archived goes first.
    fn item_by_sku(&self, sku: &str) -> Result<Option<Arc<Item>>, Rejection>;
    /// Returns every item that bears exactly this barcode.
    fn items_by_code(&self, code: &str) -> Result<Vec<Arc<Item>>, Rejection>;
    /// Returns the item whose scale labels bear this number.
    fn item_by_plu(&self, plu: &str) -> Result<Option<Arc<Item>>, Rejection>;
    /// Returns a tax.
    fn tax(&self, id: &TaxId) -> Result<Option<Arc<Tax>>, Rejection>;
    /// Returns a kind of tender.
    fn tender(&self, id: &TenderId) -> Result<Option<Arc<TenderKind>>, Rejection>;
    /// Returns a cash box.
    fn cash_box(&self, id: &CashBoxId) -> Result<Option<Arc<CashBox>>, Rejection>;
    /// Returns a location.
    fn location(&self, id: &LocationId) -> Result<Option<Arc<Location>>, Rejection>;

    /// Returns the shop's settings.
    fn shop(&self) -> Result<Arc<Shop>, Rejection> {
        self.shop_if_set()?
            .ok_or_else(|| Rejection::not_now("shop", "This till has no shop yet. Run init first."))
    }
}

/// Reads stock.
pub trait Stock {
    /// Returns what is on hand of an item at a place, in the item's unit, as far as this device knows; a sum beyond
    /// the bounds of a quantity is given as the bound, so that a cart can be shown whatever was booked.
    fn on_hand(&self, item: &ItemId, location: &LocationId) -> Result<Quantity, Rejection>;
}

/// Reads finished sales.
pub trait History {
    /// Returns a finished document.
    fn sale(&self, id: &SaleId) -> Result<Option<Arc<Sale>>, Rejection>;
    /// Returns how much of a sold line was taken back already, as a quantity of zero or more.
    fn returned(&self, sale: &SaleId, line: LineId) -> Result<Quantity, Rejection>;
    /// Tells whether anything was ever sold.
    fn has_sales(&self) -> Result<bool, Rejection>;
}

/// Everything that a decision may read.
pub trait World: Catalogue + Stock + History {}

impl<T: Catalogue + Stock + History> World for T {}

//! Finished sales in lists, and what of them may still come back.

use crate::counter::payments;
use crate::error::TillError;
use crate::till::Till;
use barrow_kernel::catalogue::ItemKind;
use barrow_kernel::context::History;
use barrow_kernel::money::Currency;
use barrow_kernel::quantity::{Quantity, Unit};
use barrow_kernel::sale::{ReceiptNumber, Sale, SaleKind, refundable};
use barrow_kernel::view;
use barrow_log::id::SaleId;
use barrow_store::Reader;
use serde::{Deserialize, Serialize};

/// Limits one page of sales: each row reads the sale itself.
pub const SALES_MAX: u32 = 100;

/// Where a page of sales goes on: before this time and sale.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaleKey {
    /// Gives the time in milliseconds since 1970.
    pub at_ms: i64,
    /// Names the sale.
    pub id: SaleId,
}

/// A finished document in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaleRow {
    /// Names it.
    pub id: SaleId,
    /// Gives its number as printed.
    pub number: String,
    /// Gives its time in milliseconds since 1970.
    pub at_ms: i64,
    /// Tells what kind of document it is.
    pub kind: SaleKind,
    /// Gives its total in minor units.
    pub total_minor: i64,
    /// Gives the currency of its total.
    pub currency: Currency,
    /// Names the tenders, parted by commas.
    pub tenders: String,
    /// Names its first item; empty for none.
    pub first_item: String,
    /// Counts its pieces, as a cart does.
    pub item_count: u32,
    /// Tells that something of it came back.
    pub refunded: bool,
}

/// A page of finished documents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SalePage {
    /// Lists them, the newest first.
    pub sales: Vec<SaleRow>,
    /// Gives the key of the next page; `None` after the last.
    pub next: Option<SaleKey>,
}

/// A sold line, and how much of it may still come back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReturnLine {
    /// Gives the line's number on the sale.
    pub line: u32,
    /// Gives the item's name.
    pub name: String,
    /// Gives the item's unit.
    pub unit: Unit,
    /// Gives how much was sold.
    pub sold: Quantity,
    /// Gives how much may still come back.
    pub left: Quantity,
    /// Gives what the whole line came to, in minor units.
    pub total_minor: i64,
}

impl Till {
    /// Lists finished sales, the newest first, before a key (`None` for the first page), at most [`SALES_MAX`].
    ///
    /// # Errors
    /// Those of the disk.
    pub fn sales(&self, before: Option<SaleKey>, limit: u32) -> Result<SalePage, TillError> {
        let limit = limit.clamp(1, SALES_MAX);
        let before = before.map(|key| (key.at_ms, key.id));
        let listed = self.read(|reader| reader.sales(before, limit))?;
        let mut sales = Vec::with_capacity(listed.len());
        for summary in &listed {
            let Some(sale) = self.sale(&summary.id)? else {
                continue;
            };
            sales.push(self.sale_row(&sale)?);
        }
        let full = listed.len() == limit as usize;
        let next = listed.last().filter(|_| full).map(|last| SaleKey {
            at_ms: last.at_ms,
            id: last.id,
        });
        Ok(SalePage { sales, next })
    }

    fn sale_row(&self, sale: &Sale) -> Result<SaleRow, TillError> {
        let mut names: Vec<String> = Vec::new();
        for payment in payments(sale, self.open_shift_of(sale)?.as_ref()) {
            if !names.contains(&payment.name) {
                names.push(payment.name);
            }
        }
        let goods = sale.lines.iter().map(|line| &line.goods);
        let first = goods.clone().find(|goods| goods.kind != ItemKind::Deposit);
        let counts = sale.lines.iter();
        Ok(SaleRow {
            id: sale.id,
            number: sale.number.to_string(),
            at_ms: sale.at_ms,
            kind: sale.kind,
            total_minor: sale.total_minor,
            currency: sale.currency,
            tenders: names.join(", "),
            first_item: first
                .or(goods.clone().next())
                .map_or_else(String::new, |goods| goods.name.clone()),
            item_count: counts
                .map(|line| view::pieces(line.goods.kind, &line.goods.unit, line.quantity))
                .fold(0, u32::saturating_add),
            refunded: self.read(|reader| came_back(reader, sale))?,
        })
    }

    /// Finds a finished sale by its number as printed, in any case; `None` when there is none.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn find_sale(&self, text: &str) -> Result<Option<SaleId>, TillError> {
        let Ok(number) = text.trim().to_uppercase().parse::<ReceiptNumber>() else {
            return Ok(None);
        };
        let sale = self.read(|reader| reader.sale_by_number(&number))?;
        Ok(sale.map(|sale| sale.id))
    }

    /// Lists the sold lines of a sale with what may still come back, open carts taken into account.
    ///
    /// # Errors
    /// When the sale can't be read.
    pub fn returnable(&self, sale: &SaleId) -> Result<Vec<ReturnLine>, TillError> {
        let Some(sale) = self.sale(sale)? else {
            return Ok(Vec::new());
        };
        let state = self.snapshot()?;
        self.read(|reader| {
            let sold = sale.lines.iter().filter(|line| line.quantity.is_positive());
            let lines = sold.map(|line| {
                Ok(ReturnLine {
                    line: line.id.0,
                    name: line.goods.name.clone(),
                    unit: line.goods.unit.clone(),
                    sold: line.quantity,
                    left: refundable(&state, reader, &sale, line)?,
                    total_minor: line.total_minor,
                })
            });
            lines.collect::<Result<_, TillError>>()
        })
    }
}

/// Tells whether something of a sale came back.
fn came_back(reader: &Reader, sale: &Sale) -> Result<bool, TillError> {
    for line in sale.lines.iter().filter(|line| line.quantity.is_positive()) {
        if reader.returned(&sale.id, line.id)?.is_positive() {
            return Ok(true);
        }
    }
    Ok(false)
}

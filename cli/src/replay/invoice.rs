//! One invoice of the file: what kind of act it was.

use super::source::Row;
use crate::output::Failure;
use serde::Serialize;

/// What a row of the file became.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RowKind {
    /// Goods sold at a price.
    Sold,
    /// Goods handed out at price zero.
    Gift,
    /// Goods that came back on a sale that was found.
    RefundLinked,
    /// Goods that came back, or money given back, without a sale to be found.
    RefundUnlinked,
    /// Goods written off: a movement of stock.
    WriteOff,
    /// A debt given up or recovered: an adjustment of the ledger.
    Adjustment,
}

impl RowKind {
    /// Lists every kind in the order of the table.
    pub const ALL: [Self; 6] = [
        Self::Sold,
        Self::Gift,
        Self::RefundLinked,
        Self::RefundUnlinked,
        Self::WriteOff,
        Self::Adjustment,
    ];

    /// Returns the words of the table.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Sold => "sold",
            Self::Gift => "gifts at price zero",
            Self::RefundLinked => "refunds, linked to their sale",
            Self::RefundUnlinked => "refunds, no sale found",
            Self::WriteOff => "write-offs (stock movements)",
            Self::Adjustment => "bad debts (ledger adjustments)",
        }
    }
}

/// What an invoice is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Goods go out.
    Sale,
    /// Goods or money come back.
    Refund,
    /// Goods are written off.
    WriteOff,
    /// A debt is adjusted.
    Adjustment,
}

/// An invoice with all its rows.
#[derive(Clone, Debug)]
pub struct Invoice {
    /// Gives its number in the file.
    pub number: String,
    /// Gives the time in milliseconds since 1970.
    pub at_ms: i64,
    /// Tells what it is.
    pub act: Act,
    /// Holds its rows.
    pub rows: Vec<Row>,
}

impl Invoice {
    /// Finds out what an invoice is. Its time is that of its last row.
    pub fn of(number: String, rows: Vec<Row>) -> Result<Self, Failure> {
        let at_ms = rows.last().map_or(Ok(0), Row::at_ms)?;
        let out = rows.iter().all(|row| row.quantity.is_positive());
        let back = rows.iter().all(|row| row.quantity.is_negative());
        let free = rows.iter().all(|row| row.price.is_zero());
        let act = match number.chars().next() {
            Some('A') => Act::Adjustment,
            Some('C') if back => Act::Refund,
            Some('0'..='9') if out => Act::Sale,
            Some('0'..='9') if back && free => Act::WriteOff,
            _ => {
                return Err(Failure::invalid(format!(
                    "Invoice {number} is neither a sale, a refund, a write-off nor an adjustment."
                )));
            }
        };
        Ok(Self {
            number,
            at_ms,
            act,
            rows,
        })
    }
}

//! Cash in the drawer: counting it, and what the day begins with.

use crate::error::TillError;
use crate::till::Till;
use barrow_kernel::context::Catalogue;
use barrow_kernel::money::Currency;
use barrow_kernel::shift::{CashCount, CashPieces};
use barrow_store::query::PAGE_MAX;
use serde::{Deserialize, Serialize};

/// What counted notes and coins come to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CashSum {
    /// Gives their sum in minor units.
    pub total_minor: i64,
    /// Gives what each kind comes to, in minor units, in the order in which they were given.
    pub rows: Vec<i64>,
    /// Gives what should lie in this till's cash box, in minor units; `None` while no shift is open.
    pub expected_minor: Option<i64>,
    /// Gives the sum less what is expected, in minor units.
    pub difference_minor: Option<i64>,
}

impl CashSum {
    /// Adds counted notes and coins up.
    ///
    /// # Errors
    /// When a piece is worth nothing, or the sum leaves its bounds.
    pub fn of(pieces: &[CashPieces]) -> Result<Self, TillError> {
        let counted = CashCount {
            amount_minor: None,
            pieces: pieces.to_vec(),
        };
        let total_minor = counted.total("pieces")?;
        // Each part is at most the sum, which is within bounds.
        let row = |pieces: &CashPieces| pieces.value_minor.saturating_mul(i64::from(pieces.count));
        Ok(Self {
            total_minor,
            rows: pieces.iter().map(row).collect(),
            expected_minor: None,
            difference_minor: None,
        })
    }
}

/// What a day begins with, and what it began and ended with last time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TodayOpening {
    /// Gives the float of the open shift in minor units; `None` while none is open.
    pub float_minor: Option<i64>,
    /// Gives the currency of every amount.
    pub currency: Currency,
    /// Gives the float of the shift before, in minor units.
    pub last_float_minor: Option<i64>,
    /// Gives what was counted when the shift before was closed, in minor units.
    pub last_counted_minor: Option<i64>,
    /// Gives the time when the shift before was opened, in milliseconds since 1970.
    pub last_opened_ms: Option<i64>,
    /// Tells that a shift of this till's cash box is open.
    pub shift_open: bool,
}

impl Till {
    /// Adds counted notes and coins up and holds the sum against what should lie in this till's cash box.
    ///
    /// # Errors
    /// As [`CashSum::of`].
    pub fn count_cash(&self, pieces: &[CashPieces]) -> Result<CashSum, TillError> {
        let sum = CashSum::of(pieces)?;
        let expected_minor = self.shift(None)?.map(|shift| shift.totals.expected_minor);
        Ok(CashSum {
            expected_minor,
            difference_minor: expected_minor.map(|expected| sum.total_minor.saturating_sub(expected)),
            ..sum
        })
    }

    /// Tells what the day begins with at this till's cash box, and how the last one went.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn opening(&self) -> Result<TodayOpening, TillError> {
        let cash_box = self.installation().cash_box;
        let open = self.shift(None)?;
        let last = self.read(|reader| {
            // A shop has few cash boxes: the last closed shift of ours is among the newest of all.
            let shifts = reader.shifts(None, PAGE_MAX)?;
            let ours = shifts
                .iter()
                .find(|shift| shift.cash_box == cash_box && shift.closed_ms.is_some());
            ours.map_or(Ok(None), |shift| reader.z_report(&shift.id))
        })?;
        let currency = self.read(|reader| reader.shop())?.currency;
        Ok(TodayOpening {
            float_minor: open.as_ref().map(|shift| shift.opening.float_minor),
            currency,
            last_float_minor: last.as_ref().map(|report| report.float_minor),
            last_counted_minor: last.as_ref().map(|report| report.counted_minor),
            last_opened_ms: last.as_ref().map(|report| report.opened_ms),
            shift_open: open.is_some(),
        })
    }
}

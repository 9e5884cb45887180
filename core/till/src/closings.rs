//! Closed shifts in lists: each with its Z report as it was frozen.

use crate::error::TillError;
use crate::till::Till;
use barrow_kernel::money::Currency;
use barrow_kernel::shift::ZReport;
use barrow_log::id::ShiftId;
use barrow_store::query::ShiftSummary;
use serde::{Deserialize, Serialize};

/// Limits one page of Z reports: each row reads the report itself.
pub const CLOSINGS_MAX: u32 = 100;

/// Where a page of Z reports goes on: before this shift.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClosingKey {
    /// Gives the time of opening in milliseconds since 1970.
    pub opened_ms: i64,
    /// Gives the shift's number in this store.
    pub no: i64,
}

/// A closed shift in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClosingRow {
    /// Names the shift.
    pub shift: ShiftId,
    /// Gives the number of its Z report.
    pub number: u64,
    /// Gives the time of closing in milliseconds since 1970.
    pub closed_ms: i64,
    /// Gives the currency of every amount.
    pub currency: Currency,
    /// Gives the counted cash in minor units.
    pub counted_minor: i64,
    /// Gives counted less expected, in minor units.
    pub difference_minor: i64,
}

/// A page of closed shifts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClosingPage {
    /// Lists them, the newest first.
    pub closings: Vec<ClosingRow>,
    /// Gives the key of the next page; `None` after the last.
    pub next: Option<ClosingKey>,
}

impl Till {
    /// Lists closed shifts, the newest first, before a key (`None` for the first page), at most [`CLOSINGS_MAX`].
    ///
    /// # Errors
    /// Those of the disk.
    pub fn closings(&self, before: Option<ClosingKey>, limit: u32) -> Result<ClosingPage, TillError> {
        let limit = limit.clamp(1, CLOSINGS_MAX) as usize;
        let mut page = ClosingPage {
            closings: Vec::new(),
            next: before,
        };
        self.read(|reader| {
            loop {
                let wanted = limit - page.closings.len();
                let shifts = reader.shifts(page.next.map(|key| (key.opened_ms, key.no)), wanted as u32)?;
                for shift in &shifts {
                    // A shift that is open has no report yet.
                    page.closings
                        .extend(reader.z_report(&shift.id)?.as_ref().map(row));
                }
                page.next = shifts.last().filter(|_| shifts.len() == wanted).map(key);
                if page.next.is_none() || page.closings.len() == limit {
                    return Ok::<_, TillError>(());
                }
            }
        })?;
        Ok(page)
    }
}

fn key(shift: &ShiftSummary) -> ClosingKey {
    ClosingKey {
        opened_ms: shift.opened_ms,
        no: shift.no,
    }
}

fn row(report: &ZReport) -> ClosingRow {
    ClosingRow {
        shift: report.shift,
        number: report.number,
        closed_ms: report.closed_ms,
        currency: report.currency,
        counted_minor: report.counted_minor,
        difference_minor: report.difference_minor,
    }
}

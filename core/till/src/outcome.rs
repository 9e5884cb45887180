//! What comes back from a command: how far it is saved, and what to show.

use crate::board::Revision;
use barrow_kernel::sale::Sale;
use barrow_kernel::shift::{ShiftOpening, ShiftTotals, ZReport};
use barrow_kernel::view::CartView;
use barrow_log::id::{CashBoxId, ShiftId};
use serde::{Deserialize, Serialize};

/// The answer to a command. A repeat of the same id gets the first answer again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// Gives the revision that holds the change.
    pub revision: Revision,
    /// Tells that the change survives a power cut. It is false only for taps on an open cart, for at most 50 ms.
    pub durable: bool,
    /// Shows what the command was about.
    pub view: View,
}

/// What a command was about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(clippy::large_enum_variant, reason = "one view lives for one answer")]
pub enum View {
    /// Nothing to show.
    Done,
    /// An open cart: totals and its first page of lines.
    Cart(CartView),
    /// A finished sale, refund or exchange.
    Sale(Sale),
    /// An open shift: its X report.
    Shift(ShiftView),
    /// A closed shift.
    Closed(ZReport),
}

/// An open shift with its running figures: an X report.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ShiftView {
    /// Names the shift.
    pub shift: ShiftId,
    /// Names the cash box.
    pub cash_box: CashBoxId,
    /// Tells how it was opened.
    pub opening: ShiftOpening,
    /// Holds the figures.
    pub totals: ShiftTotals,
}

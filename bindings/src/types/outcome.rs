//! What comes back from a command, and what changed.

use super::*;

#[uniffi::remote(Enum)]
pub enum Topic {
    Carts,
    Sales,
    Shift,
    Stock,
    Catalogue,
    Storage,
}

#[uniffi::remote(Record)]
pub struct Changes {
    pub revision: u64,
    pub topics: Vec<Topic>,
}

#[uniffi::remote(Record)]
pub struct Outcome {
    pub revision: u64,
    pub durable: bool,
    pub view: View,
}

#[uniffi::remote(Enum)]
pub enum View {
    Done,
    Cart(CartView),
    Sale(Sale),
    Shift(ShiftView),
    Closed(ZReport),
}

#[uniffi::remote(Record)]
pub struct ShiftView {
    pub shift: ShiftId,
    pub cash_box: CashBoxId,
    pub opening: ShiftOpening,
    pub totals: ShiftTotals,
}

#[uniffi::remote(Record)]
pub struct BackupMade {
    pub file: String,
    pub bytes: u64,
}

#[uniffi::remote(Record)]
pub struct Rescued {
    pub files: Vec<String>,
    pub cut: Vec<String>,
}

#[uniffi::remote(Record)]
pub struct VerifyReport {
    pub ops: u64,
    pub signatures: u64,
    pub problems: Vec<String>,
    pub problem_count: u64,
}

/// How far a long work is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Progress {
    /// Gives what is done, in units of the work.
    pub done: u64,
    /// Gives the whole in the same units; 0 while it is not known.
    pub total: u64,
}

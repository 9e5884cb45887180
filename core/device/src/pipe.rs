//! The one shape of a way to a printer.

use std::time::Duration;

/// The most bytes that one write takes. More than any printer buffers, so nothing is slower for it; little enough
/// that a job stops soon after it is told to.
pub const WRITE_MAX: usize = 16 * 1024;

/// The most bytes that one read returns, and that a pipe keeps unread: a status is a few bytes, and a printer that
/// says more than this unasked has lost its senses.
pub const READ_MAX: usize = 4096;

/// Says why a pipe could not do what was asked, in a sentence that tells what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PipeFault {
    /// The radio is off or missing.
    #[error("Bluetooth is off, or this device has none. Switch it on, then try again.")]
    Off,
    /// The person or the system has not allowed it.
    #[error("Barrow may not use Bluetooth. Allow it in the settings of this device, then try again.")]
    NotAllowed,
    /// The printer was not heard of.
    #[error("The printer is not near. Switch it on, bring it close, then try again.")]
    NotFound,
    /// The printer is known and does not answer.
    #[error(
        "The printer does not answer. See that it is on and not in use by another device, then try again."
    )]
    Silent,
    /// It answers, and offers no way to print.
    #[error("This device does not look like a printer. Choose another one.")]
    NoPrinter,
    /// The connection ended: out of range, switched off, unplugged.
    #[error("The connection to the printer broke. See that it is on and near, then try again.")]
    Broken,
    /// The pipe is not open.
    #[error("The printer is not connected. Connect to it first.")]
    Closed,
    /// Something else went wrong.
    #[error("The printer can't be reached: {why}")]
    Failed {
        /// Tells what, as the system put it.
        why: String,
    },
}

/// Says that a write broke. The pipe is closed then.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{fault}")]
pub struct WriteFault {
    /// How many of the bytes offered may have reached the printer; none of the ones after them did.
    pub possibly: usize,
    /// Why it broke.
    pub fault: PipeFault,
}

impl WriteFault {
    /// Says that surely nothing of what was offered left.
    pub(crate) fn nothing(fault: PipeFault) -> Self {
        Self { possibly: 0, fault }
    }
}

/// A way to one printer. It is closed until it is opened, and after every fault; it may be opened again.
///
/// Every call waits at most about as long as its patience.
pub trait BytePipe: Send {
    /// Connects. One that is open stays as it is.
    ///
    /// # Errors
    /// When the printer can't be reached; the pipe stays closed.
    fn open(&mut self, patience: Duration) -> Result<(), PipeFault>;

    /// Offers bytes and returns how many of the first have surely left: few, or none, when the printer is slow. The
    /// others have surely not; they are offered again.
    ///
    /// To have left is not to be printed: only the printer's own answer tells that.
    ///
    /// # Errors
    /// When the connection broke, with how many bytes may have left.
    fn write(&mut self, bytes: &[u8], patience: Duration) -> Result<usize, WriteFault>;

    /// Returns what the printer said since the last read, at most so many bytes, as soon as there is something;
    /// nothing when it was silent.
    ///
    /// # Errors
    /// When the connection broke.
    fn read(&mut self, most: usize, patience: Duration) -> Result<Vec<u8>, PipeFault>;

    /// Ends the connection, after what was taken has left where that can be known. One that is closed stays so.
    fn close(&mut self, patience: Duration);
}

/// Returns what one write may take of these bytes.
pub(crate) fn piece(bytes: &[u8], most: usize) -> &[u8] {
    bytes.get(..most.min(WRITE_MAX)).unwrap_or(bytes)
}

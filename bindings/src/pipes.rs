//! Ways to a printer that the device lends: Classic Bluetooth, a USB port, what a maker's own library opens.

use barrow_device::pipe::PipeFault;

/// Says why a lent pipe could not do what was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum PipeError {
    /// The radio is off or missing.
    #[error("the radio is off")]
    Off,
    /// The person or the system has not allowed it.
    #[error("it is not allowed")]
    NotAllowed,
    /// The printer is not there.
    #[error("the printer is not there")]
    NotFound,
    /// The printer is there and does not answer.
    #[error("the printer does not answer")]
    Silent,
    /// What is there is no printer.
    #[error("it is no printer")]
    NoPrinter,
    /// The connection ended.
    #[error("the connection broke")]
    Broken,
    /// Something else went wrong.
    #[error("{why}")]
    Failed {
        /// Tells what, as the system put it.
        why: String,
    },
}

impl From<uniffi::UnexpectedUniFFICallbackError> for PipeError {
    fn from(fault: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Failed { why: fault.reason }
    }
}

impl From<PipeError> for PipeFault {
    fn from(fault: PipeError) -> Self {
        match fault {
            PipeError::Off => Self::Off,
            PipeError::NotAllowed => Self::NotAllowed,
            PipeError::NotFound => Self::NotFound,
            PipeError::Silent => Self::Silent,
            PipeError::NoPrinter => Self::NoPrinter,
            PipeError::Broken => Self::Broken,
            PipeError::Failed { why } => Self::Failed { why },
        }
    }
}

/// A way to one printer. It is called from threads of the till, by one at a
/// time, and each call waits at most about as long as its patience.
#[uniffi::export(foreign)]
pub trait BytePipe: Send + Sync {
    /// Connects; also again after it was closed.
    fn open(&self, patience_ms: u32) -> Result<(), PipeError>;
    /// Takes some of the first bytes, or none, and returns how many have surely left. When it fails, any number may
    /// have left.
    fn write(&self, bytes: Vec<u8>, patience_ms: u32) -> Result<u32, PipeError>;
    /// Returns what the printer said, at most so many bytes, as soon as there is something; else nothing.
    fn read(&self, most: u32, patience_ms: u32) -> Result<Vec<u8>, PipeError>;
    /// Ends the connection, after what was taken has left. It may be called again.
    fn close(&self, patience_ms: u32) -> Result<(), PipeError>;
}

#[cfg_attr(
    not(feature = "testing"),
    allow(
        dead_code,
        reason = "the queue of print jobs will take it; the laws of pipes do"
    )
)]
mod lent {
    use super::BytePipe;
    use barrow_device::lent::Lender as CoreLender;
    use barrow_device::pipe::PipeFault;
    use std::sync::Arc;
    use std::time::Duration;

    /// A lent pipe as the core wants it.
    pub(crate) struct Lender(pub(crate) Arc<dyn BytePipe>);

    fn millis(patience: Duration) -> u32 {
        u32::try_from(patience.as_millis()).unwrap_or(u32::MAX)
    }

    impl CoreLender for Lender {
        fn open(&self, patience: Duration) -> Result<(), PipeFault> {
            Ok(self.0.open(millis(patience))?)
        }

        fn write(&self, bytes: &[u8], patience: Duration) -> Result<usize, PipeFault> {
            let count = self.0.write(bytes.to_vec(), millis(patience))?;
            Ok(usize::try_from(count).unwrap_or(usize::MAX))
        }

        fn read(&self, most: usize, patience: Duration) -> Result<Vec<u8>, PipeFault> {
            let most = u32::try_from(most).unwrap_or(u32::MAX);
            Ok(self.0.read(most, millis(patience))?)
        }

        fn close(&self, patience: Duration) {
            // An end that fails is an end.
            let _ = self.0.close(millis(patience));
        }
    }
}

#[cfg(feature = "testing")]
pub(crate) use lent::Lender;

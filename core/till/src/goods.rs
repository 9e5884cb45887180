//! Goods, taxes, barcodes and sales as files, for every front end: CSV in, CSV out, and the sample stall.
//!
//! Nothing is loaded unless every row is right, or the rest is asked for. What is exported can be imported again.

mod desk;
pub mod export;
pub mod import;
pub mod items;
pub mod sample;
pub mod sheet;

use crate::error::TillError;
use barrow_kernel::rejection::Rejection;
use barrow_store::work::Cancelled;
use thiserror::Error;

/// Says why a file could not be read or written.
#[derive(Debug, Error)]
pub enum Fault {
    /// The file is not one that can be read; the sentence says what to mend.
    #[error("{0}")]
    File(String),
    /// The rows could not be written.
    #[error("The file could not be written: {0}.")]
    Write(#[from] std::io::Error),
    /// The till refused.
    #[error("{0}")]
    Till(#[from] TillError),
}

impl From<Cancelled> for Fault {
    fn from(cancelled: Cancelled) -> Self {
        Self::Till(cancelled.into())
    }
}

impl From<Rejection> for Fault {
    fn from(rejection: Rejection) -> Self {
        Self::Till(rejection.into())
    }
}

impl From<Fault> for TillError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Till(fault) => fault,
            other => Self::Device {
                why: other.to_string(),
            },
        }
    }
}

//! Why a till could not do what was asked: few variants, a plain sentence each.

use barrow_kernel::rejection::Rejection;
use barrow_till::error::{FaultKind, TillError as CoreError};

#[uniffi::remote(Enum)]
pub enum FaultKind {
    InUse,
    Newer,
    Damaged,
    Full,
    NoPermission,
    Missing,
    Exists,
    Disk,
    Other,
}

/// Says why a till could not do what was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum TillError {
    /// The command was rejected; nothing was changed.
    #[error("{rejection}")]
    Rejected {
        /// Names the field and what is allowed.
        rejection: Rejection,
    },
    /// The command could not be made durable; the till went back to the last state that is.
    #[error("{why} What you did last was not saved. Everything before it is safe.")]
    NotSaved {
        /// Tells what happened.
        why: String,
        /// Tells what kind of trouble it is.
        kind: FaultKind,
    },
    /// The store can't take new sales, or the shop can't be opened.
    #[error("{why}")]
    Unavailable {
        /// Tells what happened and what to do.
        why: String,
        /// Tells what kind of trouble it is.
        kind: FaultKind,
    },
    /// The device can't lend what a till needs.
    #[error("{why}")]
    Device {
        /// Tells what happened and what to do.
        why: String,
    },
    /// Long work was given up; only whole batches of an import stay.
    #[error("{}", CoreError::Cancelled)]
    Cancelled,
    /// The till was shut.
    #[error("This till is closed. Open it again.")]
    Closed,
}

#[uniffi::export]
impl TillError {
    /// Says in a plain English sentence what happened and what to do.
    pub fn text(&self) -> String {
        self.to_string()
    }
}

impl From<CoreError> for TillError {
    fn from(fault: CoreError) -> Self {
        match fault {
            CoreError::Rejected { rejection } => Self::Rejected { rejection },
            CoreError::NotSaved { why, kind } => Self::NotSaved { why, kind },
            CoreError::Unavailable { why, kind } => Self::Unavailable { why, kind },
            CoreError::Device { why } => Self::Device { why },
            CoreError::Cancelled => Self::Cancelled,
            CoreError::Closed => Self::Closed,
        }
    }
}

impl From<uniffi::UnexpectedUniFFICallbackError> for TillError {
    fn from(fault: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Device { why: fault.reason }
    }
}

impl From<Rejection> for TillError {
    fn from(rejection: Rejection) -> Self {
        Self::Rejected { rejection }
    }
}

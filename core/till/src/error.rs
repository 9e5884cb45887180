//! The errors that leave a till: few, with named fields, each a plain sentence that says what to do.

use barrow_kernel::rejection::Rejection;
use barrow_store::error::StoreError;
use serde::Serialize;
use thiserror::Error;

/// Says why a till could not do what was asked.
#[derive(Clone, Debug, PartialEq, Eq, Error, Serialize)]
#[serde(rename_all = "snake_case")]
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
    },
    /// The store can't take new sales; old ones stay readable and can be exported.
    #[error("{why}")]
    Unavailable {
        /// Tells what happened and what to do.
        why: String,
    },
    /// The device can't lend what a till needs.
    #[error("{why}")]
    Device {
        /// Tells what happened and what to do.
        why: String,
    },
    /// The till was closed.
    #[error("This till is closed. Open it again.")]
    Closed,
}

impl TillError {
    /// Builds [`TillError::Device`].
    pub(crate) fn device(why: &str) -> Self {
        Self::Device { why: why.into() }
    }

    /// Builds [`TillError::Unavailable`].
    pub(crate) fn unavailable(why: impl Into<String>) -> Self {
        Self::Unavailable { why: why.into() }
    }
}

impl From<Rejection> for TillError {
    fn from(rejection: Rejection) -> Self {
        Self::Rejected { rejection }
    }
}

impl From<StoreError> for TillError {
    fn from(fault: StoreError) -> Self {
        Self::unavailable(fault.to_string())
    }
}

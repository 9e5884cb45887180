//! The errors that leave a till: few, with named fields, each a plain sentence that says what to do.

use barrow_kernel::rejection::Rejection;
use barrow_store::error::StoreError;
use barrow_store::work::Cancelled;
use serde::Serialize;
use thiserror::Error;

/// Tells what kind of trouble it is, for screens that say it in their own language.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// Another process has the store open.
    InUse,
    /// A later release wrote the store.
    Newer,
    /// What is stored is damaged.
    Damaged,
    /// The disk is full.
    Full,
    /// The folder or its files can't be written.
    NoPermission,
    /// There is no store.
    Missing,
    /// There is a store already.
    Exists,
    /// The disk or its connection failed.
    Disk,
    /// Anything else: only the sentence tells.
    #[default]
    Other,
}

impl From<&StoreError> for FaultKind {
    fn from(fault: &StoreError) -> Self {
        match fault {
            StoreError::Busy => Self::InUse,
            StoreError::Newer { .. } => Self::Newer,
            StoreError::Corrupt { .. } => Self::Damaged,
            StoreError::Full => Self::Full,
            StoreError::NoPermission => Self::NoPermission,
            StoreError::Missing => Self::Missing,
            StoreError::Exists => Self::Exists,
            StoreError::Io { .. } => Self::Disk,
            _ => Self::Other,
        }
    }
}

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
        /// Tells what kind of trouble it is.
        kind: FaultKind,
    },
    /// The store can't take new sales; old ones stay readable and can be exported.
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
    /// Long work was given up.
    #[error("{}", Cancelled)]
    Cancelled,
    /// The till was closed.
    #[error("This till is closed. Open it again.")]
    Closed,
}

impl TillError {
    /// Builds [`TillError::Device`].
    pub(crate) fn device(why: &str) -> Self {
        Self::Device { why: why.into() }
    }

    /// Builds [`TillError::Unavailable`] of a kind that only its sentence tells.
    pub fn unavailable(why: impl Into<String>) -> Self {
        Self::Unavailable {
            why: why.into(),
            kind: FaultKind::Other,
        }
    }
}

impl From<Cancelled> for TillError {
    fn from(_: Cancelled) -> Self {
        Self::Cancelled
    }
}

impl From<Rejection> for TillError {
    fn from(rejection: Rejection) -> Self {
        Self::Rejected { rejection }
    }
}

impl From<StoreError> for TillError {
    fn from(fault: StoreError) -> Self {
        match fault {
            StoreError::Cancelled(_) => Self::Cancelled,
            fault => Self::Unavailable {
                kind: FaultKind::from(&fault),
                why: fault.to_string(),
            },
        }
    }
}

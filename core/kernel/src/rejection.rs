//! Why a command was not carried out. State and log are untouched when one of these comes back.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Says why a command was rejected: what is wrong, in which field, and what is allowed instead.
///
/// Screens translate by variant and fields; the text is the English sentence. It never holds card data.
#[derive(Clone, Debug, PartialEq, Eq, Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rejection {
    /// The named thing does not exist here.
    #[error("There is no {field} {value}.")]
    Unknown {
        /// Names the field of the command.
        field: String,
        /// Gives what was asked for.
        value: String,
    },
    /// The cart, shift or line is finished and can't change any more.
    #[error("The {field} {value} is closed and can't be changed.")]
    Closed {
        /// Names the field of the command.
        field: String,
        /// Gives what was asked for.
        value: String,
    },
    /// A required value is missing.
    #[error("{field} is missing: {why}.")]
    Missing {
        /// Names the field of the command.
        field: String,
        /// Tells what is needed.
        why: String,
    },
    /// A text is longer than its limit.
    #[error("{field} is too long: at most {limit} characters.")]
    TooLong {
        /// Names the field of the command.
        field: String,
        /// Gives the limit in characters, or in entries for a list.
        limit: u32,
    },
    /// A value is outside what is allowed.
    #[error("{field} can't be {value}: {allowed}.")]
    OutOfRange {
        /// Names the field of the command.
        field: String,
        /// Gives what was asked for.
        value: String,
        /// Tells what is allowed.
        allowed: String,
    },
    /// The value is taken already.
    #[error("{field} {value} is already in use by {by}.")]
    Taken {
        /// Names the field of the command.
        field: String,
        /// Gives the value that must be unique.
        value: String,
        /// Names who has it.
        by: String,
    },
    /// Somebody with the right must approve this act, with a reason.
    #[error("{act} needs an approval with a reason.")]
    NeedsApproval {
        /// Names the act.
        act: String,
    },
    /// This device may not do that.
    #[error("This till may not {act}. Ask the owner to allow it.")]
    NotPermitted {
        /// Names the act.
        act: String,
    },
    /// The command makes no sense as things stand.
    #[error("{why}")]
    NotNow {
        /// Names the field of the command.
        field: String,
        /// Tells the reason as a whole sentence.
        why: String,
    },
    /// Stored data that the decision needs could not be read; nothing was changed.
    #[error("Stored data could not be read ({what}). Nothing was changed. Run verify, or restore a backup.")]
    Unreadable {
        /// Names what could not be read.
        what: String,
    },
}

impl Rejection {
    /// Builds [`Rejection::Unknown`].
    pub fn unknown(field: &str, value: impl ToString) -> Self {
        Self::Unknown {
            field: field.into(),
            value: value.to_string(),
        }
    }

    /// Builds [`Rejection::Closed`].
    pub fn closed(field: &str, value: impl ToString) -> Self {
        Self::Closed {
            field: field.into(),
            value: value.to_string(),
        }
    }

    /// Builds [`Rejection::Missing`].
    pub fn missing(field: &str, why: &str) -> Self {
        Self::Missing {
            field: field.into(),
            why: why.into(),
        }
    }

    /// Builds [`Rejection::OutOfRange`].
    pub fn range(field: &str, value: impl ToString, allowed: &str) -> Self {
        Self::OutOfRange {
            field: field.into(),
            value: value.to_string(),
            allowed: allowed.into(),
        }
    }

    /// Builds [`Rejection::NotNow`].
    pub fn not_now(field: &str, why: impl Into<String>) -> Self {
        Self::NotNow {
            field: field.into(),
            why: why.into(),
        }
    }

    /// Builds [`Rejection::NeedsApproval`].
    pub fn needs_approval(act: &str) -> Self {
        Self::NeedsApproval { act: act.into() }
    }
}

/// Checks that a text has at most `limit` characters and no control characters but line breaks and tabs.
pub(crate) fn check_text(field: &str, text: &str, limit: u32) -> Result<(), Rejection> {
    // Counting bytes first keeps the check cheap for texts that are absurdly long.
    if text.len() > limit as usize * 4 || text.chars().count() > limit as usize {
        return Err(Rejection::TooLong {
            field: field.into(),
            limit,
        });
    }
    if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
        return Err(Rejection::range(
            field,
            "a text with control characters",
            "use plain text",
        ));
    }
    Ok(())
}

/// Checks an optional text as [`check_text`] does.
pub(crate) fn check_optional(field: &str, text: &Option<String>, limit: u32) -> Result<(), Rejection> {
    text.as_deref()
        .map_or(Ok(()), |text| check_text(field, text, limit))
}

/// Checks a text that must not be empty.
pub(crate) fn check_required(field: &str, text: &str, limit: u32) -> Result<(), Rejection> {
    if text.trim().is_empty() {
        return Err(Rejection::missing(field, "it can't be empty"));
    }
    check_text(field, text, limit)
}

//! What can go wrong with a store, as plain sentences: what happened, what to do, and that nothing was lost.

use crate::work::Cancelled;
use barrow_log::header::HeaderError;
use barrow_log::stream::{Seq, StreamId};
use rusqlite::ErrorCode;

/// Says why the store could not do what was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// Another process has the store open.
    #[error("Another Barrow is open on this folder. Close it first, then try again.")]
    Busy,
    /// A later release wrote the database.
    #[error(
        "This database was written by a newer Barrow (schema {found}; this one knows {known}). \
         Update Barrow to open it. Nothing was changed."
    )]
    Newer {
        /// The database's schema version.
        found: u32,
        /// The newest schema version that this release knows.
        known: u32,
    },
    /// What is stored is damaged.
    #[error(
        "The stored data is damaged ({what}). New sales are stopped so that nothing is lost. \
         Run verify, export what can be read, and restore the newest backup."
    )]
    Corrupt {
        /// What was found.
        what: String,
    },
    /// The disk is full.
    #[error("The disk is full. Free some space, then try again. Everything before this is safe.")]
    Full,
    /// The folder or its files can't be written.
    #[error("This folder can't be written. Give Barrow the right to write there, or choose another folder.")]
    NoPermission,
    /// There is no store.
    #[error("There is no shop in this folder. Run init first, or name another folder.")]
    Missing,
    /// There is a store already.
    #[error("There is a shop in this folder already. Name another folder, or open it. Nothing was changed.")]
    Exists,
    /// The disk or its connection failed.
    #[error("The disk did not answer as it should ({what}). Check it, then open Barrow again.")]
    Io {
        /// What the system said.
        what: String,
    },
    /// The stream holds another op under this number.
    #[error(
        "Stream {stream} holds another op under the number {seq}. Both are evidence; nothing was changed."
    )]
    Fork {
        /// The stream.
        stream: StreamId,
        /// The number.
        seq: Seq,
    },
    /// The op is not the next one of its stream.
    #[error("Stream {stream} waits for op {expected}, not {found}. Nothing was changed.")]
    Gap {
        /// The stream.
        stream: StreamId,
        /// The number that is next.
        expected: Seq,
        /// The number that came.
        found: Seq,
    },
    /// The op is none that this store could take.
    #[error("An op was refused: {why}. Nothing was changed.")]
    Refused {
        /// What is wrong with it.
        why: String,
    },
    /// Ops can only be appended within a transaction.
    #[error("No transaction is open. Begin one first.")]
    NoTransaction,
    /// A transaction is open already.
    #[error("A transaction is open already. Commit it or roll it back first.")]
    InTransaction,
    /// The transaction can't be committed: an op in it failed halfway, or waits for its signature.
    #[error("The transaction was rolled back: {why}. Everything before it is safe.")]
    NotCommitted {
        /// The reason.
        why: String,
    },
    /// Long work was given up.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
    /// SQLite refused a statement: a fault of Barrow.
    #[error("The database refused a request ({what}). Nothing was changed. Please report this.")]
    Sql {
        /// What SQLite said.
        what: String,
    },
}

impl StoreError {
    /// Builds [`StoreError::Corrupt`].
    pub fn corrupt(what: &str) -> Self {
        Self::Corrupt { what: what.into() }
    }

    /// Builds [`StoreError::Refused`].
    pub(crate) fn refused(why: impl Into<String>) -> Self {
        Self::Refused { why: why.into() }
    }

    /// Tells whether the disk is full.
    pub fn is_full(&self) -> bool {
        matches!(self, Self::Full)
    }

    /// Tells whether trying again is in vain until a person has done something.
    pub fn is_lasting(&self) -> bool {
        matches!(
            self,
            Self::Corrupt { .. } | Self::Full | Self::NoPermission | Self::Io { .. } | Self::Newer { .. }
        )
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        let what = error.to_string();
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Corrupt { what },
            Some(ErrorCode::DiskFull) => Self::Full,
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => Self::NoPermission,
            Some(ErrorCode::CannotOpen) => Self::NoPermission,
            Some(ErrorCode::SystemIoFailure) => Self::Io { what },
            Some(ErrorCode::OperationInterrupted) => Self::Cancelled(Cancelled),
            Some(_) => Self::Sql { what },
            // A value of another type or range than the one that was written.
            None => match error {
                rusqlite::Error::FromSqlConversionFailure(..)
                | rusqlite::Error::IntegralValueOutOfRange(..)
                | rusqlite::Error::InvalidColumnType(..)
                | rusqlite::Error::Utf8Error(..) => Self::Corrupt { what },
                _ => Self::Sql { what },
            },
        }
    }
}

impl From<std::io::Error> for StoreError {
    fn from(error: std::io::Error) -> Self {
        use std::io::ErrorKind;
        match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Self::Full,
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => Self::NoPermission,
            ErrorKind::NotFound => Self::Missing,
            _ => Self::Io {
                what: error.to_string(),
            },
        }
    }
}

impl From<HeaderError> for StoreError {
    fn from(error: HeaderError) -> Self {
        Self::Corrupt {
            what: error.to_string(),
        }
    }
}

impl From<minicbor::decode::Error> for StoreError {
    fn from(error: minicbor::decode::Error) -> Self {
        Self::Corrupt {
            what: error.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rusqlite::ffi;

    fn of(code: i32) -> StoreError {
        rusqlite::Error::SqliteFailure(ffi::Error::new(code), None).into()
    }

    #[test]
    fn faults_of_sqlite_become_sentences_with_a_way_out() {
        assert_eq!(of(ffi::SQLITE_FULL), StoreError::Full);
        assert_eq!(of(ffi::SQLITE_BUSY), StoreError::Busy);
        assert_eq!(of(ffi::SQLITE_READONLY), StoreError::NoPermission);
        assert_eq!(of(ffi::SQLITE_CANTOPEN), StoreError::NoPermission);
        assert!(matches!(of(ffi::SQLITE_CORRUPT), StoreError::Corrupt { .. }));
        assert!(matches!(of(ffi::SQLITE_NOTADB), StoreError::Corrupt { .. }));
        assert!(matches!(of(ffi::SQLITE_IOERR), StoreError::Io { .. }));
        assert!(matches!(of(ffi::SQLITE_CONSTRAINT), StoreError::Sql { .. }));
    }

    #[test]
    fn what_a_person_must_mend_is_lasting() {
        for lasting in [
            ffi::SQLITE_FULL,
            ffi::SQLITE_READONLY,
            ffi::SQLITE_CORRUPT,
            ffi::SQLITE_IOERR,
        ] {
            assert!(of(lasting).is_lasting(), "{lasting}");
        }
        assert!(of(ffi::SQLITE_FULL).is_full());
        assert!(!StoreError::NoTransaction.is_lasting() && !StoreError::Busy.is_lasting());
    }

    #[test]
    fn a_value_of_another_type_is_damage() {
        let conn = rusqlite::Connection::open_in_memory().unwrap();
        let read = conn.query_row("SELECT 'text'", [], |row| row.get::<_, i64>(0));
        assert!(matches!(
            StoreError::from(read.unwrap_err()),
            StoreError::Corrupt { .. }
        ));
    }
}

//! SQLite: the log, its projections, and the state at start. One writer, any number of readers.
//!
//! An op enters by [`Store::append`], which keeps its bytes verbatim and folds its events ([`fold::fold`]) into the
//! projections in the same transaction. Everything but the log can be rebuilt from the log; [`verify`] does so and
//! compares.

/// Includes a statement from `sql/`.
macro_rules! sql {
    ($name:literal) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/sql/", $name, ".sql"))
    };
}

mod arrive;
mod cache;
mod held;
mod item;
mod judge;
mod numbers;
mod oplog;
mod policy;
mod projection;
mod reader;
mod state;
mod store;
mod streams;
mod tables;

pub mod backup;
pub mod database;
pub mod digest;
pub mod error;
pub mod fold;
pub mod local;
pub mod query;
pub mod rebuild;
pub mod reserve;
pub mod schema;
pub mod search;
pub mod text;
pub mod verify;
pub mod work;
pub mod world;

pub use arrive::Folded;
pub use database::{DATABASE_FILE, LOCK_FILE, Options, Synchronous};
pub use error::StoreError;
pub use reader::Reader;
pub use store::Store;

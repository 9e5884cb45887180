//! What this till holds durably, as sessions of sync see it. Only the actor puts things here, after each commit.

use barrow_store::{Reader, Store, StoreError};
use tokio::sync::watch;

pub use barrow_sync::log::Durable;

/// The log of this till as a session reads it: committed ops, on a connection of its own.
pub type HeldLog = barrow_sync::log::HeldLog<Reader>;

/// Reads the log beside the actor.
pub(crate) fn held_log(reader: Reader, durable: watch::Receiver<Durable>) -> HeldLog {
    HeldLog::new(reader, move || durable.borrow().clone())
}

/// The actor's side.
pub(crate) struct Shelf(watch::Sender<Durable>);

impl Shelf {
    /// Begins with what the store holds.
    pub(crate) fn new(store: &Store) -> Result<Self, StoreError> {
        Ok(Self(watch::Sender::new(store.durable()?)))
    }

    /// Shows what was committed.
    pub(crate) fn put(&self, store: &Store) -> Result<(), StoreError> {
        let now = store.durable()?;
        self.0.send_if_modified(|durable| {
            let changed = durable.vector != now.vector;
            if changed {
                *durable = now;
            }
            changed
        });
        Ok(())
    }

    /// Returns a reader's side.
    pub(crate) fn reader(&self) -> watch::Receiver<Durable> {
        self.0.subscribe()
    }
}

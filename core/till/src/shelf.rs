//! What this till holds durably, as sessions of sync see it. Only the actor puts things here, after each commit.

use crate::error::TillError;
use barrow_log::author::Tip;
use barrow_log::op::SignedRange;
use barrow_log::policy::Policy;
use barrow_log::stream::{Head, OpRef, Seq, StreamId, Vector};
use barrow_store::{Reader, Store, StoreError};
use barrow_sync::log::Log;
use std::sync::{Arc, Mutex};
use tokio::sync::watch;

/// What is durable: the newest op of each stream, and the policy.
#[derive(Clone, Debug, Default)]
pub struct Durable {
    /// The newest op of each stream.
    pub vector: Arc<Vector>,
    /// The policy.
    pub policy: Arc<Policy>,
}

impl Durable {
    /// Lists the streams that are further here than in what was there before.
    pub fn grown_since(&self, before: &Self) -> Vec<StreamId> {
        let grown = |(stream, head): (&StreamId, &Head)| {
            (before.vector.get(stream) != Some(*head)).then_some(*stream)
        };
        self.vector.0.iter().filter_map(grown).collect()
    }
}

/// The actor's side.
pub(crate) struct Shelf(watch::Sender<Durable>);

impl Shelf {
    /// Begins with what the store holds.
    pub(crate) fn new(store: &Store) -> Result<Self, StoreError> {
        let shelf = Self(watch::Sender::new(Durable::default()));
        shelf.put(store)?;
        Ok(shelf)
    }

    /// Shows what was committed.
    pub(crate) fn put(&self, store: &Store) -> Result<(), StoreError> {
        let vector = store.vector()?;
        let policy = store.shared_policy();
        self.0.send_if_modified(|durable| {
            let changed = *durable.vector != vector;
            if changed {
                durable.vector = Arc::new(vector);
                durable.policy = policy;
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

/// The log of this till as a session reads it: committed ops, on a connection of its own.
pub struct HeldLog {
    // A session moves between threads; only one of them reads at a time.
    reader: Mutex<Reader>,
    durable: watch::Receiver<Durable>,
}

impl HeldLog {
    pub(crate) fn new(reader: Reader, durable: watch::Receiver<Durable>) -> Self {
        Self {
            reader: Mutex::new(reader),
            durable,
        }
    }

    /// Returns what is durable now.
    pub fn durable(&self) -> Durable {
        self.durable.borrow().clone()
    }

    fn read<T>(&self, query: impl FnOnce(&Reader) -> Result<T, StoreError>) -> Result<T, TillError> {
        let reader = self.reader.lock().map_err(|_| TillError::Closed)?;
        Ok(query(&reader)?)
    }
}

impl Log for HeldLog {
    type Error = TillError;

    fn vector(&self) -> Result<Arc<Vector>, TillError> {
        Ok(Arc::clone(&self.durable.borrow().vector))
    }

    fn policy(&self) -> Result<Arc<Policy>, TillError> {
        Ok(Arc::clone(&self.durable.borrow().policy))
    }

    fn tip_at(&self, op: &OpRef) -> Result<Option<Tip>, TillError> {
        self.read(|reader| reader.tip_at(op))
    }

    fn ranges(
        &self,
        stream: &StreamId,
        from: Seq,
        ops: u64,
        bytes: usize,
    ) -> Result<Vec<SignedRange>, TillError> {
        self.read(|reader| reader.ranges(stream, from, ops, bytes))
    }

    fn branches(&self, _: &StreamId) -> Result<Vec<Head>, TillError> {
        // The store keeps no second branch yet: a fork ends in review of whoever meets it.
        Ok(Vec::new())
    }
}

//! The ops of this database as sessions of sync read them.

use crate::error::StoreError;
use crate::reader::Reader;
use crate::store::Store;
use barrow_log::author::Tip;
use barrow_log::op::SignedRange;
use barrow_log::stream::{Head, OpRef, Seq, StreamId};
use barrow_sync::log::{Durable, Ops};
use std::sync::Arc;

impl Store {
    /// Returns what sessions may tell of this database. Call it after a commit: what an open transaction holds is
    /// counted.
    ///
    /// # Errors
    /// When the store could not be read after a rollback.
    pub fn durable(&self) -> Result<Durable, StoreError> {
        Ok(Durable {
            vector: Arc::new(self.vector()?),
            policy: self.shared_policy(),
        })
    }
}

impl Ops for Reader {
    type Error = StoreError;

    fn tip_at(&self, op: &OpRef) -> Result<Option<Tip>, StoreError> {
        Self::tip_at(self, op)
    }

    fn ranges(
        &self,
        stream: &StreamId,
        from: Seq,
        ops: u64,
        bytes: usize,
    ) -> Result<Vec<SignedRange>, StoreError> {
        Self::ranges(self, stream, from, ops, bytes)
    }

    fn branches(&self, _: &StreamId) -> Result<Vec<Head>, StoreError> {
        // The store keeps no second branch yet: a fork ends in review of whoever meets it.
        Ok(Vec::new())
    }
}

//! What a session asks of whoever holds the ops.

use barrow_log::author::Tip;
use barrow_log::op::SignedRange;
use barrow_log::policy::Policy;
use barrow_log::stream::{Head, OpHash, OpRef, Seq, StreamId, Vector};
use std::sync::Arc;

/// Reads a log. Everything it tells is durable: what a session says is held must survive any crash.
pub trait Log {
    /// What goes wrong with it.
    type Error;

    /// Returns the newest op held of each stream, policy's own included.
    ///
    /// # Errors
    /// Those of the disk.
    fn vector(&self) -> Result<Arc<Vector>, Self::Error>;

    /// Returns the policy as far as it is held.
    ///
    /// # Errors
    /// Those of the disk.
    fn policy(&self) -> Result<Arc<Policy>, Self::Error>;

    /// Returns an op's number, hash, height and policy version; `None` when it is not held.
    ///
    /// # Errors
    /// Those of the disk.
    fn tip_at(&self, op: &OpRef) -> Result<Option<Tip>, Self::Error>;

    /// Returns ops of a stream from a number on as whole signed ranges: at least one when the number is held, and more
    /// until there are `ops` of them or `bytes` bytes. A range ends at an op that bears a signature.
    ///
    /// # Errors
    /// Those of the disk.
    fn ranges(
        &self,
        stream: &StreamId,
        from: Seq,
        ops: u64,
        bytes: usize,
    ) -> Result<Vec<SignedRange>, Self::Error>;

    /// Returns the last ops of every other branch that is held of a stream.
    ///
    /// # Errors
    /// Those of the disk.
    fn branches(&self, stream: &StreamId) -> Result<Vec<Head>, Self::Error>;

    /// Returns an op's hash; `None` when it is not held.
    ///
    /// # Errors
    /// Those of the disk.
    fn hash_at(&self, op: &OpRef) -> Result<Option<OpHash>, Self::Error> {
        Ok(self.tip_at(op)?.map(|tip| tip.head.hash))
    }
}

//! What a session asks of whoever holds the ops.

use barrow_log::author::Tip;
use barrow_log::op::SignedRange;
use barrow_log::policy::Policy;
use barrow_log::stream::{Head, OpHash, OpRef, Seq, StreamId, Vector};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

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

/// Reads the ops that are committed, wherever they lie.
pub trait Ops {
    /// What goes wrong with it.
    type Error;

    /// As [`Log::tip_at`].
    ///
    /// # Errors
    /// Those of the disk.
    fn tip_at(&self, op: &OpRef) -> Result<Option<Tip>, Self::Error>;

    /// As [`Log::ranges`].
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

    /// As [`Log::branches`].
    ///
    /// # Errors
    /// Those of the disk.
    fn branches(&self, stream: &StreamId) -> Result<Vec<Head>, Self::Error>;
}

impl<T: Ops + ?Sized> Ops for Box<T> {
    type Error = T::Error;

    fn tip_at(&self, op: &OpRef) -> Result<Option<Tip>, T::Error> {
        (**self).tip_at(op)
    }

    fn ranges(
        &self,
        stream: &StreamId,
        from: Seq,
        ops: u64,
        bytes: usize,
    ) -> Result<Vec<SignedRange>, T::Error> {
        (**self).ranges(stream, from, ops, bytes)
    }

    fn branches(&self, stream: &StreamId) -> Result<Vec<Head>, T::Error> {
        (**self).branches(stream)
    }
}

impl<T: Log> Log for Arc<T> {
    type Error = T::Error;

    fn vector(&self) -> Result<Arc<Vector>, T::Error> {
        (**self).vector()
    }

    fn policy(&self) -> Result<Arc<Policy>, T::Error> {
        (**self).policy()
    }

    fn tip_at(&self, op: &OpRef) -> Result<Option<Tip>, T::Error> {
        (**self).tip_at(op)
    }

    fn ranges(
        &self,
        stream: &StreamId,
        from: Seq,
        ops: u64,
        bytes: usize,
    ) -> Result<Vec<SignedRange>, T::Error> {
        (**self).ranges(stream, from, ops, bytes)
    }

    fn branches(&self, stream: &StreamId) -> Result<Vec<Head>, T::Error> {
        (**self).branches(stream)
    }
}

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

/// A log whose heads its only writer shows after each commit, and whose ops a session reads by a reader of its own.
pub struct HeldLog<R> {
    // A session moves between threads; only one of them reads at a time.
    ops: Mutex<R>,
    durable: Box<dyn Fn() -> Durable + Send + Sync>,
}

impl<R> HeldLog<R> {
    /// Reads ops by `ops`, and what is durable from what the writer shows.
    pub fn new(ops: R, durable: impl Fn() -> Durable + Send + Sync + 'static) -> Self {
        Self {
            ops: Mutex::new(ops),
            durable: Box::new(durable),
        }
    }

    /// Returns what is durable now.
    pub fn durable(&self) -> Durable {
        (self.durable)()
    }

    fn ops(&self) -> MutexGuard<'_, R> {
        // A reader changes nothing, so one whose thread panicked is as good as before.
        self.ops.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<R: Ops> Log for HeldLog<R> {
    type Error = R::Error;

    fn vector(&self) -> Result<Arc<Vector>, R::Error> {
        Ok(self.durable().vector)
    }

    fn policy(&self) -> Result<Arc<Policy>, R::Error> {
        Ok(self.durable().policy)
    }

    fn tip_at(&self, op: &OpRef) -> Result<Option<Tip>, R::Error> {
        self.ops().tip_at(op)
    }

    fn ranges(
        &self,
        stream: &StreamId,
        from: Seq,
        ops: u64,
        bytes: usize,
    ) -> Result<Vec<SignedRange>, R::Error> {
        self.ops().ranges(stream, from, ops, bytes)
    }

    fn branches(&self, stream: &StreamId) -> Result<Vec<Head>, R::Error> {
        self.ops().branches(stream)
    }
}

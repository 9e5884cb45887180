//! A log in memory: for tests, and for a market of many tills in one thread.

use crate::log::Log;
use barrow_log::author::Tip;
use barrow_log::op::{Op, SignedRange};
use barrow_log::policy::{Policy, decode_events};
use barrow_log::stream::{DeviceKey, Head, OpHash, OpRef, Seq, Signature, Stream, StreamId, Vector};
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;

/// An op with the signature that was kept for it.
#[derive(Clone, Debug)]
struct Kept {
    op: Op,
    tip: Tip,
    signature: Option<Signature>,
}

/// Everything that one device holds.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    streams: BTreeMap<StreamId, Vec<Kept>>,
    /// Ops of other branches, by their hash.
    aside: BTreeMap<StreamId, BTreeMap<OpHash, Kept>>,
    vector: Arc<Vector>,
    policy: Arc<Policy>,
    policy_stream: Option<StreamId>,
}

impl Memory {
    /// Begins with nothing, for the organisation with a public key.
    pub fn new(organisation: DeviceKey) -> Self {
        Self {
            policy_stream: Some(Stream::policy(organisation).id()),
            ..Self::default()
        }
    }

    /// Keeps a range whose chain and signature were checked. Ops that are held are passed over.
    ///
    /// # Panics
    /// When the range leaves a gap or does not continue the chain: whoever checked it made a mistake.
    pub fn store(&mut self, stream: StreamId, range: &SignedRange) {
        let kept = self.streams.entry(stream).or_default();
        let mut applied = Vec::new();
        let last = range.ops.len() - 1;
        for (i, op) in range.ops.iter().enumerate() {
            let tip = Tip::of(&op.header).expect("a checked header");
            let place = kept.len() as u64 + 1;
            let signature = (i == last).then_some(range.signature);
            if tip.head.seq < place {
                let held = &mut kept[tip.head.seq as usize - 1];
                assert_eq!(held.tip.head.hash, tip.head.hash, "a fork goes aside");
                held.signature = held.signature.or(signature);
                continue;
            }
            assert_eq!(tip.head.seq, place, "a gap in a checked range");
            kept.push(Kept {
                op: op.clone(),
                tip,
                signature,
            });
            applied.push(op.clone());
        }
        if let Some(newest) = kept.last() {
            Arc::make_mut(&mut self.vector).0.insert(stream, newest.tip.head);
        }
        if self.policy_stream == Some(stream) {
            self.fold_policy(&applied);
        }
    }

    fn fold_policy(&mut self, ops: &[Op]) {
        let policy = Arc::make_mut(&mut self.policy);
        for op in ops {
            let seq = Tip::of(&op.header).map_or(0, |tip| tip.head.seq);
            let events = op.content().and_then(|content| decode_events(content).ok());
            for event in events.iter().flatten() {
                policy.apply(seq, event);
            }
        }
    }

    /// Keeps a checked range of another branch, passing over what is held already.
    pub fn store_branch(&mut self, stream: StreamId, range: &SignedRange) {
        let trunk = self.streams.get(&stream).map(Vec::as_slice).unwrap_or_default();
        let aside = self.aside.entry(stream).or_default();
        let last = range.ops.len() - 1;
        for (i, op) in range.ops.iter().enumerate() {
            let tip = Tip::of(&op.header).expect("a checked header");
            let on_trunk = trunk
                .get(tip.head.seq as usize - 1)
                .map(|kept| kept.tip.head.hash);
            if on_trunk != Some(tip.head.hash) {
                aside.entry(tip.head.hash).or_insert(Kept {
                    op: op.clone(),
                    tip,
                    signature: (i == last).then_some(range.signature),
                });
            }
        }
    }

    /// Counts the ops of every stream.
    pub fn len(&self) -> usize {
        self.streams.values().map(Vec::len).sum()
    }

    /// Tells whether nothing is held.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns an op.
    pub fn op(&self, op: &OpRef) -> Option<&Op> {
        let index = usize::try_from(op.seq.checked_sub(1)?).ok()?;
        Some(&self.streams.get(&op.stream)?.get(index)?.op)
    }
}

impl Log for Memory {
    type Error = Infallible;

    fn vector(&self) -> Result<Arc<Vector>, Infallible> {
        Ok(Arc::clone(&self.vector))
    }

    fn policy(&self) -> Result<Arc<Policy>, Infallible> {
        Ok(Arc::clone(&self.policy))
    }

    fn tip_at(&self, op: &OpRef) -> Result<Option<Tip>, Infallible> {
        let index = op
            .seq
            .checked_sub(1)
            .and_then(|index| usize::try_from(index).ok());
        let kept = self.streams.get(&op.stream).zip(index);
        Ok(kept
            .and_then(|(kept, index)| kept.get(index))
            .map(|kept| kept.tip))
    }

    fn ranges(
        &self,
        stream: &StreamId,
        from: Seq,
        ops: u64,
        bytes: usize,
    ) -> Result<Vec<SignedRange>, Infallible> {
        let kept = self.streams.get(stream).map(Vec::as_slice).unwrap_or_default();
        let from = usize::try_from(from.saturating_sub(1)).unwrap_or(usize::MAX);
        let (mut ranges, mut range, mut taken, mut size) = (Vec::new(), Vec::new(), 0, 0);
        for kept in kept.get(from..).unwrap_or_default() {
            size += kept.op.header.len() + kept.op.body.as_ref().map_or(0, Vec::len);
            taken += 1;
            range.push(kept.op.clone());
            if let Some(signature) = kept.signature {
                ranges.push(SignedRange {
                    ops: std::mem::take(&mut range),
                    signature,
                });
                if taken >= ops || size >= bytes {
                    break;
                }
            }
        }
        Ok(ranges)
    }

    fn branches(&self, stream: &StreamId) -> Result<Vec<Head>, Infallible> {
        let aside = self.aside.get(stream);
        Ok(aside
            .into_iter()
            .flatten()
            .map(|(_, kept)| kept.tip.head)
            .collect())
    }
}

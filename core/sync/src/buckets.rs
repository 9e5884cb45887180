//! Comparing long vectors: streams are sorted into 256 buckets by the first byte of their id, which is a hash.

use crate::message::{BUCKETS, Held};
use barrow_log::stream::{Head, StreamId, Vector};

/// Some of the buckets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct BucketSet(pub(crate) [u8; BUCKETS / 8]);

impl BucketSet {
    /// Every bucket.
    pub(crate) const ALL: Self = Self([0xff; BUCKETS / 8]);

    pub(crate) fn add(&mut self, bucket: usize) {
        self.0[bucket / 8] |= 1 << (bucket % 8);
    }

    pub(crate) fn has(&self, bucket: usize) -> bool {
        self.0[bucket / 8] & (1 << (bucket % 8)) != 0
    }

    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Returns the buckets that are here and not there.
    pub(crate) fn without(&self, other: &Self) -> Self {
        Self(std::array::from_fn(|i| self.0[i] & !other.0[i]))
    }

    pub(crate) fn with(&self, other: &Self) -> Self {
        Self(std::array::from_fn(|i| self.0[i] | other.0[i]))
    }
}

/// Returns the bucket of a stream.
pub(crate) fn bucket(stream: &StreamId) -> usize {
    usize::from(stream.0[0])
}

/// Lists what a vector holds of some buckets.
pub(crate) fn held(vector: &Vector, buckets: &BucketSet) -> Vec<Held> {
    let here =
        |(stream, head): (&StreamId, &Head)| buckets.has(bucket(stream)).then(|| Held::up_to(*stream, *head));
    vector.0.iter().filter_map(here).collect()
}

/// Returns a hash of each bucket: of its streams' ids, numbers and hashes, in the order of the ids.
pub(crate) fn hashes(vector: &Vector) -> Vec<u64> {
    let mut parts: Vec<Vector> = (0..BUCKETS).map(|_| Vector::default()).collect();
    for (stream, head) in &vector.0 {
        parts[bucket(stream)].0.insert(*stream, *head);
    }
    let first = |part: &Vector| {
        let hash = part.hash();
        u64::from_be_bytes(std::array::from_fn(|i| hash[i]))
    };
    parts.iter().map(first).collect()
}

/// Returns the buckets in which two lists of hashes differ.
pub(crate) fn differing(ours: &[u64], theirs: &[u64]) -> BucketSet {
    let mut set = BucketSet::default();
    for (bucket, (ours, theirs)) in ours.iter().zip(theirs).enumerate() {
        if ours != theirs {
            set.add(bucket);
        }
    }
    set
}

#[cfg(test)]
mod tests {
    use super::*;
    use barrow_log::stream::OpHash;

    fn vector(streams: &[(u8, u64)]) -> Vector {
        let head = |seq| Head {
            seq,
            hash: OpHash([seq as u8; 32]),
        };
        Vector(
            streams
                .iter()
                .map(|(id, seq)| (StreamId([*id; 16]), head(*seq)))
                .collect(),
        )
    }

    #[test]
    fn only_buckets_that_differ_are_told() {
        let (ours, theirs) = (
            vector(&[(1, 5), (2, 6), (200, 1)]),
            vector(&[(1, 5), (2, 7), (9, 1), (200, 1)]),
        );
        let set = differing(&hashes(&ours), &hashes(&theirs));
        assert_eq!(
            (0..BUCKETS).filter(|bucket| set.has(*bucket)).collect::<Vec<_>>(),
            [2, 9]
        );
        let told = held(&theirs, &set);
        assert_eq!(told.iter().map(|held| held.seq).collect::<Vec<_>>(), [7, 1]);
        assert!(differing(&hashes(&ours), &hashes(&ours)).is_empty());
        assert_eq!(BucketSet::ALL.without(&set).with(&set), BucketSet::ALL);
    }
}

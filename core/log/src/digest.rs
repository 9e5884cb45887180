//! Digests: two devices that folded the same ops see at once that they came to the same.
//!
//! A digest is the sum of the hashes of all rows, so the order in which rows are added does not matter. Two digests
//! are compared only when they are of one projection version and one vector; a peer's digest is never adopted.

use crate::domain;
use serde::{Deserialize, Serialize};

/// The sum of hashes of rows, modulo 2^256.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RowSum([u64; 4]);

impl RowSum {
    /// Adds a row of a table: its bytes, the same on every device.
    pub fn add(&mut self, table: &str, row: &[u8]) {
        let length = (table.len() as u64).to_be_bytes();
        let hash = domain::hash(domain::ROW, &[&length, table.as_bytes(), row]);
        let mut carry = false;
        for (limb, bytes) in self.0.iter_mut().zip(hash.chunks_exact(8)) {
            let term = u64::from_le_bytes(std::array::from_fn(|i| bytes[i]));
            let (sum, first) = limb.overflowing_add(term);
            let (sum, second) = sum.overflowing_add(u64::from(carry));
            *limb = sum;
            carry = first || second;
        }
    }
}

/// What a device came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Digest {
    /// The version of the projections that were summed.
    pub projections: u32,
    /// The hash of the vector of everything folded.
    #[serde(with = "crate::bytes::hex")]
    pub vector: [u8; 32],
    /// The sum of the hashes of all rows.
    #[serde(with = "crate::bytes::hex")]
    pub rows: [u8; 32],
}

impl Digest {
    /// Puts a digest together.
    pub fn new(projections: u32, vector: [u8; 32], sum: RowSum) -> Self {
        let limbs = sum.0.map(u64::to_le_bytes);
        Self {
            projections,
            vector,
            rows: std::array::from_fn(|i| limbs[i / 8][i % 8]),
        }
    }

    /// Tells whether two digests may be compared at all.
    pub fn is_comparable(&self, other: &Self) -> bool {
        self.projections == other.projections && self.vector == other.vector
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sum(rows: &[(u8, Vec<u8>)]) -> RowSum {
        let mut sum = RowSum::default();
        for (table, row) in rows {
            sum.add(["stock", "sale", "s"][usize::from(table % 3)], row);
        }
        sum
    }

    #[test]
    fn table_and_row_do_not_run_into_each_other() {
        let (mut one, mut other) = (RowSum::default(), RowSum::default());
        one.add("ab", b"c");
        other.add("a", b"bc");
        assert_ne!(one, other);
    }

    proptest! {
        #[test]
        fn order_does_not_matter_and_every_row_does(
            rows in proptest::collection::vec(any::<(u8, Vec<u8>)>(), 1..12),
            seed in any::<prop::sample::Index>(),
        ) {
            let whole = sum(&rows);
            let mut turned = rows.clone();
            turned.rotate_left(seed.index(rows.len()));
            prop_assert_eq!(sum(&turned), whole);
            turned.pop();
            prop_assert_ne!(sum(&turned), whole);
        }
    }
}

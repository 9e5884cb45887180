//! Splitting an amount into parts that sum to it.

use crate::rounding::{Ratio, RoundingError, power_of_ten};
use rust_decimal::Decimal;
use std::cmp::Reverse;
use thiserror::Error;

/// States why an amount cannot be split.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum AllocateError {
    /// There is an amount and nobody to give it to.
    #[error("an amount cannot be split over nothing")]
    NoParts,
    /// A weight is below zero.
    #[error("weight {position} is negative: a share of an amount needs a weight of zero or more")]
    NegativeWeight {
        /// Which weight, counted from zero.
        position: usize,
    },
    /// The weights are too large or too precise for 128 bits.
    #[error("the weights are too large or have too many decimals")]
    Overflow,
}

impl From<RoundingError> for AllocateError {
    fn from(_: RoundingError) -> Self {
        Self::Overflow
    }
}

/// Splits `total` minor units by weight with the method of the largest remainder.
///
/// The parts sum to the total; equal remainders go to the earlier position; a zero weight gets nothing unless all
/// are zero, then the shares are equal; a negative total gives the mirror image of the positive one.
/// Negative weights are refused: a share against the direction of the total can exceed its own weight. Carts with
/// returns are split by [`round_parts`] (percents) or over the lines of the total's sign (amounts), see `price`.
pub fn allocate(total: i64, weights: &[i64]) -> Result<Vec<i64>, AllocateError> {
    let mut sum = 0_i128;
    for (position, weight) in weights.iter().enumerate() {
        if *weight < 0 {
            return Err(AllocateError::NegativeWeight { position });
        }
        sum += i128::from(*weight);
    }
    if let Ok(narrow) = u64::try_from(sum)
        && narrow > 0
        && let Some(parts) = split_narrow(total, weights, narrow)
    {
        return Ok(parts);
    }
    split(
        total,
        weights.iter().map(|weight| i128::from(*weight)),
        weights.len(),
        sum,
    )
}

/// Splits `total` minor units by decimal weights (hours worked, kilograms), by the rules of [`allocate`].
pub fn allocate_by(total: i64, weights: &[Decimal]) -> Result<Vec<i64>, AllocateError> {
    let scale = weights.iter().map(Decimal::scale).max().unwrap_or(0);
    let mut whole = Vec::with_capacity(weights.len());
    let mut sum = 0_i128;
    for (position, weight) in weights.iter().enumerate() {
        let weight = power_of_ten(scale - weight.scale())?
            .checked_mul(weight.mantissa())
            .ok_or(AllocateError::Overflow)?;
        if weight < 0 {
            return Err(AllocateError::NegativeWeight { position });
        }
        sum = sum.checked_add(weight).ok_or(AllocateError::Overflow)?;
        whole.push(weight);
    }
    split(total, whole.iter().copied(), whole.len(), sum)
}

/// Splits when every product fits 64 bits, which is nearly every cart; `None` when one does not.
fn split_narrow(total: i64, weights: &[i64], sum: u64) -> Option<Vec<i64>> {
    let size = total.unsigned_abs();
    size.checked_mul(weights.iter().copied().max()?.unsigned_abs())?;
    let mut given = 0_u64;
    let mut parts = Vec::with_capacity(weights.len());
    let mut rests = Vec::with_capacity(weights.len());
    for (position, weight) in weights.iter().enumerate() {
        let product = size * weight.unsigned_abs();
        let (part, rest) = (product / sum, product % sum);
        given += part;
        // Wrapping, because the least i64 is its own mirror image here.
        parts.push(if total < 0 {
            part.cast_signed().wrapping_neg()
        } else {
            part.cast_signed()
        });
        rests.push((Reverse(rest), position));
    }
    let left = usize::try_from(size - given).ok()?;
    give_remainders(&mut parts, rests, left, total.signum());
    Some(parts)
}

/// Splits within 128 bits; with a sum of zero everyone weighs the same.
fn split(
    total: i64,
    weights: impl Iterator<Item = i128>,
    count: usize,
    sum: i128,
) -> Result<Vec<i64>, AllocateError> {
    if count == 0 {
        return if total == 0 {
            Ok(Vec::new())
        } else {
            Err(AllocateError::NoParts)
        };
    }
    let overflow = AllocateError::Overflow;
    let equal = sum == 0;
    let sum = if equal {
        i128::try_from(count).map_err(|_| overflow)?
    } else {
        sum
    };
    let size = i128::from(total).abs();
    let (mut parts, mut rests, mut given) = (Vec::with_capacity(count), Vec::with_capacity(count), 0_i128);
    for (position, weight) in weights.enumerate() {
        let product = size.checked_mul(if equal { 1 } else { weight }).ok_or(overflow)?;
        let (part, rest) = (product / sum, product % sum);
        given += part;
        parts.push(i64::try_from(part * i128::from(total.signum())).map_err(|_| overflow)?);
        rests.push((Reverse(rest), position));
    }
    let left = usize::try_from(size - given).map_err(|_| overflow)?;
    give_remainders(&mut parts, rests, left, total.signum());
    Ok(parts)
}

/// Gives one unit each to the `left` first of `order`; fewer than the parts are ever left.
fn give_remainders<K: Ord>(parts: &mut [i64], mut order: Vec<(K, usize)>, left: usize, unit: i64) {
    if left == 0 {
        return;
    }
    if left < order.len() {
        order.select_nth_unstable(left - 1);
    }
    for (_, position) in order.into_iter().take(left) {
        // One step towards the total cannot pass it, so it stays within 64 bits.
        parts[position] += unit;
    }
}

/// Rounds exact parts to whole ones that sum to `total`, each less than one from its exact value.
///
/// `total` must be the exact sum rounded either way, else it is an [`AllocateError::Overflow`]. Parts may have
/// both signs: every part is cut towards zero, and what is missing goes, a unit each, to the parts that lost most in
/// the direction of the total. The whole turned in sign gives the result turned in sign.
pub fn round_parts(total: i64, exact: &[Ratio]) -> Result<Vec<i64>, AllocateError> {
    let overflow = AllocateError::Overflow;
    let mut parts = Vec::with_capacity(exact.len());
    let mut given = 0_i128;
    for value in exact {
        let part = value.split().0;
        given += part;
        parts.push(i64::try_from(part).map_err(|_| overflow)?);
    }
    let missing = i128::from(total) - given;
    if missing == 0 {
        return Ok(parts);
    }
    let upwards = missing > 0;
    let mut rests = Vec::with_capacity(exact.len());
    for (position, value) in exact.iter().enumerate() {
        let rest = value.split().1;
        let lost = if upwards { rest } else { rest.turned()? };
        if lost > Ratio::ZERO {
            rests.push((Reverse(lost), position));
        }
    }
    let left = usize::try_from(missing.unsigned_abs()).map_err(|_| overflow)?;
    if left > rests.len() {
        return Err(overflow);
    }
    give_remainders(&mut parts, rests, left, if upwards { 1 } else { -1 });
    Ok(parts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn remainders_go_to_the_largest_then_the_first() {
        for (total, weights, parts) in [
            (100, &[1, 1, 1][..], &[34, 33, 33][..]),
            (-100, &[1, 1, 1], &[-34, -33, -33]),
            (5, &[3, 7], &[2, 3]),
            (10, &[0, 0, 0], &[4, 3, 3]),
            (10, &[0, 1, 0], &[0, 10, 0]),
            (0, &[], &[]),
            (2, &[1, 1, 1], &[1, 1, 0]),
            (i64::MIN, &[i64::MAX, i64::MAX], &[i64::MIN / 2, i64::MIN / 2]),
            (i64::MAX, &[i64::MAX, 0], &[i64::MAX, 0]),
            (i64::MIN, &[1], &[i64::MIN]),
        ] {
            assert_eq!(allocate(total, weights).unwrap(), parts, "{total} by {weights:?}");
        }
        assert_eq!(allocate(1, &[]), Err(AllocateError::NoParts));
        assert_eq!(
            allocate(1, &[1, -1]),
            Err(AllocateError::NegativeWeight { position: 1 })
        );
    }

    #[test]
    fn decimal_weights_split_alike() {
        let weights = ["1.5", "0.25", "0"].map(|w| w.parse::<Decimal>().unwrap());
        assert_eq!(allocate_by(700, &weights), Ok(vec![600, 100, 0]));
        assert_eq!(
            allocate_by(1, &[Decimal::MAX, Decimal::new(1, 28)]),
            Err(AllocateError::Overflow)
        );
        assert_eq!(
            allocate_by(1, &[Decimal::NEGATIVE_ONE]),
            Err(AllocateError::NegativeWeight { position: 0 })
        );
        assert_eq!(allocate_by(3, &[Decimal::ZERO; 2]), Ok(vec![2, 1]));
    }

    #[test]
    fn parts_of_both_signs_keep_their_sum() {
        let exact = [(10, 1), (-99, 2), (1, 3)].map(|(num, den)| Ratio::new(num, den).unwrap());
        assert_eq!(round_parts(-39, &exact), Ok(vec![10, -49, 0]));
        assert_eq!(round_parts(-40, &exact), Ok(vec![10, -50, 0]));
        assert_eq!(round_parts(-38, &exact), Ok(vec![10, -49, 1]));
        assert_eq!(round_parts(-30, &exact), Err(AllocateError::Overflow));
    }

    proptest! {
        #[test]
        fn parts_sum_and_stay_within_one(total in any::<i64>(), weights in prop::collection::vec(prop_oneof![0..10_i64, 0..=i64::MAX], 1..20)) {
            let parts = allocate(total, &weights).unwrap();
            prop_assert_eq!(parts.iter().map(|p| i128::from(*p)).sum::<i128>(), i128::from(total));
            let sum: i128 = weights.iter().map(|w| i128::from(*w)).sum();
            for (part, weight) in parts.iter().zip(&weights) {
                if sum > 0 {
                    let exact = Ratio::new(i128::from(total) * i128::from(*weight), sum).unwrap();
                    let (low, high) = (exact.round(crate::rounding::Rounding::Floor).unwrap(), exact.round(crate::rounding::Rounding::Ceiling).unwrap());
                    prop_assert!((low..=high).contains(&i128::from(*part)));
                }
            }
            if let Some(turned) = total.checked_neg() {
                let mirror: Vec<i64> = parts.iter().map(|p| -p).collect();
                prop_assert_eq!(allocate(turned, &weights).unwrap(), mirror);
            }
        }
    }
}

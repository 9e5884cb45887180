//! Rounding: modes named by direction, and the only ways from an exact value to a whole one.

mod ratio;

pub(crate) use ratio::gcd;
pub use ratio::{Ratio, round_sum_mirrored};

use minicbor::{Decode, Encode};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;
use thiserror::Error;

/// How an exact value becomes a whole number.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Encode, Decode,
)]
#[serde(rename_all = "snake_case")]
#[cbor(index_only)]
pub enum Rounding {
    /// To the nearest, ties away from zero: what shops and tax offices expect. 2.5 is 3, -2.5 is -3.
    #[default]
    #[n(0)]
    HalfAwayFromZero,
    /// To the nearest, ties to the even neighbour. 2.5 is 2, 3.5 is 4.
    #[n(1)]
    HalfToEven,
    /// To the nearest, ties towards plus infinity. -2.5 is -2.
    #[n(2)]
    HalfUp,
    /// To the nearest, ties towards minus infinity. 2.5 is 2, -2.5 is -3.
    #[n(3)]
    HalfDown,
    /// Away from zero.
    #[n(4)]
    Up,
    /// Towards zero.
    #[n(5)]
    Down,
    /// Towards plus infinity.
    #[n(6)]
    Ceiling,
    /// Towards minus infinity.
    #[n(7)]
    Floor,
    /// Must be whole already; anything else is an error.
    #[n(8)]
    Exact,
}

/// States why a value could not be rounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum RoundingError {
    /// The mode asks for a whole value and it was not.
    #[error("the amount is not a whole number of the smallest unit")]
    NotExact,
    /// The exact value does not fit the arithmetic.
    #[error("the amount is too large or has too many decimals")]
    Overflow,
    /// A divisor or a rounding step is zero or negative.
    #[error("a rounding step must be greater than zero")]
    Step,
}

impl Rounding {
    /// Tells whether what was cut off makes the result one larger in size.
    #[inline]
    fn grows(self, negative: bool, odd: bool, half: Ordering) -> Result<bool, RoundingError> {
        let nearest = |tie: bool| half == Ordering::Greater || (half == Ordering::Equal && tie);
        Ok(match self {
            Self::HalfAwayFromZero => nearest(true),
            Self::HalfToEven => nearest(odd),
            Self::HalfUp => nearest(!negative),
            Self::HalfDown => nearest(negative),
            Self::Up => true,
            Self::Down => false,
            Self::Ceiling => !negative,
            Self::Floor => negative,
            Self::Exact => return Err(RoundingError::NotExact),
        })
    }
}

/// Rounds `num / den` to a whole number; `den` may be negative but not zero.
#[inline]
pub fn round_ratio(num: i128, den: i128, mode: Rounding) -> Result<i128, RoundingError> {
    // A 64-bit division is several times cheaper, and nearly every amount of a shop fits one.
    if let (Ok(num), Ok(den)) = (i64::try_from(num), i64::try_from(den))
        && den > 0
    {
        return round_narrow(num, den, mode).map(i128::from);
    }
    round_wide(num, den, mode)
}

/// Rounds within 64 bits, for a positive divisor.
#[inline]
fn round_narrow(num: i64, den: i64, mode: Rounding) -> Result<i64, RoundingError> {
    let (whole, rest) = (num / den, (num % den).unsigned_abs());
    if rest == 0 {
        return Ok(whole);
    }
    let half = rest.cmp(&(den.unsigned_abs() - rest));
    // A remainder means a divisor of two or more, so one step further cannot leave 64 bits.
    Ok(if mode.grows(num < 0, whole % 2 != 0, half)? {
        whole + num.signum()
    } else {
        whole
    })
}

/// Rounds within 128 bits, for any divisor.
#[cold]
fn round_wide(num: i128, den: i128, mode: Rounding) -> Result<i128, RoundingError> {
    let overflow = RoundingError::Overflow;
    let (num, den) = match den.signum() {
        0 => return Err(RoundingError::Step),
        1 => (num, den),
        _ => (
            num.checked_neg().ok_or(overflow)?,
            den.checked_neg().ok_or(overflow)?,
        ),
    };
    let (whole, rest) = (num / den, (num % den).unsigned_abs());
    if rest == 0 {
        return Ok(whole);
    }
    let half = rest.cmp(&(den.unsigned_abs() - rest));
    Ok(if mode.grows(num < 0, whole % 2 != 0, half)? {
        whole + num.signum()
    } else {
        whole
    })
}

/// Rounds the size of `num / den` and gives the sign back, so that a refund mirrors its sale in every mode.
#[inline]
pub fn round_ratio_mirrored(num: i128, den: i128, mode: Rounding) -> Result<i128, RoundingError> {
    if (num < 0) == (den < 0) {
        let (num, den) = if num < 0 {
            let overflow = RoundingError::Overflow;
            (
                num.checked_neg().ok_or(overflow)?,
                den.checked_neg().ok_or(overflow)?,
            )
        } else {
            (num, den)
        };
        return round_ratio(num, den, mode);
    }
    let num = num.checked_neg().ok_or(RoundingError::Overflow)?;
    Ok(-round_ratio(num, den, mode)?)
}

/// Returns ten to a power, or an overflow above what 128 bits hold.
pub(crate) fn power_of_ten(exponent: u32) -> Result<i128, RoundingError> {
    10_i128.checked_pow(exponent).ok_or(RoundingError::Overflow)
}

/// Rounds a value in major units to minor units of `digits` decimals, in one step.
pub fn round_decimal(value: Decimal, digits: u8, mode: Rounding) -> Result<i64, RoundingError> {
    let (mantissa, scale, digits) = (value.mantissa(), value.scale(), u32::from(digits));
    let minor = if scale <= digits {
        mantissa
            .checked_mul(power_of_ten(digits - scale)?)
            .ok_or(RoundingError::Overflow)?
    } else {
        round_ratio(mantissa, power_of_ten(scale - digits)?, mode)?
    };
    i64::try_from(minor).map_err(|_| RoundingError::Overflow)
}

/// Rounds a value in minor units, which may have decimals, to a multiple of `step` minor units, in one step.
pub fn round_to_step(value: Decimal, step: i64, mode: Rounding) -> Result<i64, RoundingError> {
    round_ratio_to_step(value.mantissa(), power_of_ten(value.scale())?, step, mode)
}

/// Rounds `num / den` minor units to a multiple of `step` minor units, in one step.
pub fn round_ratio_to_step(num: i128, den: i128, step: i64, mode: Rounding) -> Result<i64, RoundingError> {
    if step <= 0 {
        return Err(RoundingError::Step);
    }
    let den = den.checked_mul(i128::from(step)).ok_or(RoundingError::Overflow)?;
    let steps = round_ratio(num, den, mode)?;
    let rounded = steps
        .checked_mul(i128::from(step))
        .ok_or(RoundingError::Overflow)?;
    i64::try_from(rounded).map_err(|_| RoundingError::Overflow)
}

#[cfg(test)]
mod tests {
    use super::*;
    use Rounding::*;

    #[test]
    fn each_mode_goes_its_way() {
        let tenths = [-25, -21, -15, -5, 0, 5, 15, 21, 25, 26];
        for (mode, expected) in [
            (HalfAwayFromZero, [-3, -2, -2, -1, 0, 1, 2, 2, 3, 3]),
            (HalfToEven, [-2, -2, -2, 0, 0, 0, 2, 2, 2, 3]),
            (HalfUp, [-2, -2, -1, 0, 0, 1, 2, 2, 3, 3]),
            (HalfDown, [-3, -2, -2, -1, 0, 0, 1, 2, 2, 3]),
            (Up, [-3, -3, -2, -1, 0, 1, 2, 3, 3, 3]),
            (Down, [-2, -2, -1, 0, 0, 0, 1, 2, 2, 2]),
            (Ceiling, [-2, -2, -1, 0, 0, 1, 2, 3, 3, 3]),
            (Floor, [-3, -3, -2, -1, 0, 0, 1, 2, 2, 2]),
        ] {
            for (tenth, want) in tenths.into_iter().zip(expected) {
                assert_eq!(round_ratio(tenth, 10, mode), Ok(want), "{mode:?} {tenth}");
                assert_eq!(
                    round_ratio(-tenth, -10, mode),
                    Ok(want),
                    "{mode:?} {tenth} turned"
                );
                let big = 1_i128 << 70;
                assert_eq!(
                    round_ratio(tenth * big, 10 * big, mode),
                    Ok(want),
                    "{mode:?} {tenth} wide"
                );
                assert_eq!(
                    round_decimal(Decimal::new(tenth as i64, 3), 2, mode),
                    Ok(want as i64)
                );
                assert_eq!(
                    round_ratio_mirrored(-tenth.abs(), 10, mode),
                    round_ratio(tenth.abs(), 10, mode).map(|x| -x)
                );
                assert_eq!(
                    round_ratio_mirrored(tenth.abs(), -10, mode),
                    round_ratio(tenth.abs(), 10, mode).map(|x| -x)
                );
            }
        }
        assert_eq!(round_ratio(20, 10, Exact), Ok(2));
        assert_eq!(round_ratio(21, 10, Exact), Err(RoundingError::NotExact));
    }

    #[test]
    fn no_input_wraps_or_panics() {
        assert_eq!(round_ratio(1, 0, Up), Err(RoundingError::Step));
        assert_eq!(round_ratio(i128::MIN, -1, Up), Err(RoundingError::Overflow));
        assert_eq!(round_ratio(i128::MIN, 1, Up), Ok(i128::MIN));
        assert_eq!(round_ratio(i128::from(i64::MIN), -1, Up), Ok(1 << 63));
        assert_eq!(round_ratio(i128::MAX, i128::MAX, Up), Ok(1));
        assert_eq!(
            round_ratio_mirrored(i128::MIN, 3, Up),
            Err(RoundingError::Overflow)
        );
        assert_eq!(
            round_ratio_mirrored(i128::MIN, i128::MIN, Up),
            Err(RoundingError::Overflow)
        );
        assert_eq!(round_decimal(Decimal::MAX, 4, Up), Err(RoundingError::Overflow));
        assert_eq!(
            round_decimal(Decimal::ONE, u8::MAX, Up),
            Err(RoundingError::Overflow)
        );
        assert_eq!(round_to_step(Decimal::ONE, 0, Up), Err(RoundingError::Step));
        assert_eq!(round_to_step(Decimal::ONE, -5, Up), Err(RoundingError::Step));
    }

    #[test]
    fn a_step_is_reached_in_one_rounding() {
        // 1.0249 is nearer to 1.00 than to 1.05; by way of the cent it would be 1.02 and the same,
        // but 1.02499 by way of 1.025 would climb.
        assert_eq!(
            round_to_step(Decimal::new(102_499, 3), 5, HalfAwayFromZero),
            Ok(100)
        );
        assert_eq!(
            round_to_step(Decimal::new(1_025, 1), 5, HalfAwayFromZero),
            Ok(105)
        );
        assert_eq!(
            round_to_step(Decimal::new(-1_025, 1), 5, HalfAwayFromZero),
            Ok(-105)
        );
        assert_eq!(round_ratio_to_step(205, 2, 5, HalfDown), Ok(100));
    }
}

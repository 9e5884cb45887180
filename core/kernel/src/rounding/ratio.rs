//! Exact fractions in 128 bits: a tie is never lost to a division.

use super::{Rounding, RoundingError, power_of_ten, round_ratio, round_ratio_mirrored};
use rust_decimal::Decimal;
use std::cmp::Ordering;

/// Beyond these sizes a result is reduced at once, so that the next step still fits.
const REDUCE_ABOVE: u128 = 1 << 60;

/// Most decimals when a fraction without end is shown as a decimal.
const SHOWN_PLACES: u32 = 18;

/// A fraction. The denominator is positive; it is reduced when it grows, not always.
#[derive(Clone, Copy, Debug)]
pub struct Ratio {
    num: i128,
    den: i128,
}

impl Ratio {
    /// Nothing.
    pub const ZERO: Self = Self { num: 0, den: 1 };

    /// Makes a whole number.
    #[inline]
    pub const fn whole(value: i64) -> Self {
        Self {
            num: value as i128,
            den: 1,
        }
    }

    /// Makes `num / den`; a zero divisor is an error.
    #[inline]
    pub fn new(num: i128, den: i128) -> Result<Self, RoundingError> {
        let overflow = RoundingError::Overflow;
        match den.signum() {
            0 => Err(RoundingError::Step),
            1 => Ok(Self { num, den }),
            _ => Ok(Self {
                num: num.checked_neg().ok_or(overflow)?,
                den: den.checked_neg().ok_or(overflow)?,
            }),
        }
    }

    /// Restates a decimal exactly.
    pub fn from_decimal(value: Decimal) -> Result<Self, RoundingError> {
        Self::new(value.mantissa(), power_of_ten(value.scale())?)
    }

    /// Adds exactly.
    pub fn plus(self, other: Self) -> Result<Self, RoundingError> {
        self.try_add(other)
            .or_else(|| self.reduced().try_add(other.reduced()))
            .map(Self::kept_small)
            .ok_or(RoundingError::Overflow)
    }

    /// Subtracts exactly.
    pub fn minus(self, other: Self) -> Result<Self, RoundingError> {
        self.plus(other.turned()?)
    }

    /// Multiplies by `num / den` exactly; `den` is positive.
    pub fn mul(self, num: i128, den: i128) -> Result<Self, RoundingError> {
        let other = Self::new(num, den)?;
        self.try_mul(other)
            .or_else(|| {
                // Cancelling across before multiplying leaves nothing common, so it is the last resort.
                let (a, b) = (self.reduced(), other.reduced());
                let left = Self {
                    num: a.num,
                    den: b.den,
                }
                .reduced();
                let right = Self {
                    num: b.num,
                    den: a.den,
                }
                .reduced();
                left.try_mul(right)
            })
            .map(Self::kept_small)
            .ok_or(RoundingError::Overflow)
    }

    /// Turns the sign.
    pub fn turned(self) -> Result<Self, RoundingError> {
        Ok(Self {
            num: self.num.checked_neg().ok_or(RoundingError::Overflow)?,
            den: self.den,
        })
    }

    /// Rounds to a whole number by a mode named by direction.
    pub fn round(self, mode: Rounding) -> Result<i128, RoundingError> {
        round_ratio(self.num, self.den, mode)
    }

    /// Rounds the size to a whole number and gives the sign back.
    pub fn round_mirrored(self, mode: Rounding) -> Result<i128, RoundingError> {
        round_ratio_mirrored(self.num, self.den, mode)
    }

    /// Splits into the whole part, cut towards zero, and the rest with the same sign.
    pub fn split(self) -> (i128, Self) {
        (
            self.num / self.den,
            Self {
                num: self.num % self.den,
                den: self.den,
            },
        )
    }

    /// Tells whether it is less than nothing.
    pub const fn is_negative(self) -> bool {
        self.num < 0
    }

    /// Restates it as a decimal, shifted by `digits` places to major units: exact when it ends within
    /// 18 places, else cut there by the default rounding.
    pub fn to_decimal(self, digits: u8) -> Result<Decimal, RoundingError> {
        let reduced = self.reduced();
        let den = reduced
            .den
            .checked_mul(power_of_ten(u32::from(digits))?)
            .ok_or(RoundingError::Overflow)?;
        let value = Self {
            num: reduced.num,
            den,
        }
        .reduced();
        // Fewer places are tried when the whole part is large: a decimal holds 28 digits.
        (0..=SHOWN_PLACES)
            .rev()
            .find_map(|places| Decimal::try_from_i128_with_scale(value.shown(places)?, places).ok())
            .map(|decimal| decimal.normalize())
            .ok_or(RoundingError::Overflow)
    }

    /// Divides digit by digit to so many places, the last one rounded; `None` when the digits do not fit.
    fn shown(self, places: u32) -> Option<i128> {
        let (mut digits, mut rest) = (self.num / self.den, self.num % self.den);
        for _ in 0..places {
            let tenfold = rest.checked_mul(10)?;
            digits = digits.checked_mul(10)?.checked_add(tenfold / self.den)?;
            rest = tenfold % self.den;
        }
        let last = round_ratio(rest, self.den, Rounding::HalfAwayFromZero).ok()?;
        digits.checked_add(last)
    }

    /// Returns the first binary places after the point of what lies above the floor.
    fn binary_places(self) -> u128 {
        let den = self.den.unsigned_abs();
        let mut rest = self.num.rem_euclid(self.den).unsigned_abs();
        (0..SUM_PLACES).fold(0, |places, _| {
            // The rest is below a divisor of at most 127 bits, so doubling it stays within 128.
            rest *= 2;
            let bit = u128::from(rest >= den);
            rest -= bit * den;
            places * 2 + bit
        })
    }

    fn try_add(self, other: Self) -> Option<Self> {
        if self.den == other.den {
            return Some(Self {
                num: self.num.checked_add(other.num)?,
                den: self.den,
            });
        }
        let common = i128::try_from(gcd(self.den.unsigned_abs(), other.den.unsigned_abs())).ok()?;
        let left = self.num.checked_mul(other.den / common)?;
        let right = other.num.checked_mul(self.den / common)?;
        Some(Self {
            num: left.checked_add(right)?,
            den: self.den.checked_mul(other.den / common)?,
        })
    }

    fn try_mul(self, other: Self) -> Option<Self> {
        Some(Self {
            num: self.num.checked_mul(other.num)?,
            den: self.den.checked_mul(other.den)?,
        })
    }

    fn kept_small(self) -> Self {
        if self.num.unsigned_abs() < REDUCE_ABOVE && self.den.unsigned_abs() < REDUCE_ABOVE {
            return self;
        }
        self.reduced()
    }

    fn reduced(self) -> Self {
        // The denominator is positive, so the common divisor fits it.
        let common = i128::try_from(gcd(self.num.unsigned_abs(), self.den.unsigned_abs()))
            .unwrap_or(1)
            .max(1);
        Self {
            num: self.num / common,
            den: self.den / common,
        }
    }
}

impl From<i64> for Ratio {
    fn from(value: i64) -> Self {
        Self::whole(value)
    }
}

impl PartialEq for Ratio {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Ratio {}

impl PartialOrd for Ratio {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Ratio {
    fn cmp(&self, other: &Self) -> Ordering {
        if self.den == other.den {
            return self.num.cmp(&other.num);
        }
        match (self.num.checked_mul(other.den), other.num.checked_mul(self.den)) {
            (Some(left), Some(right)) => left.cmp(&right),
            _ => compare_by_parts(*self, *other),
        }
    }
}

/// Compares by continued fractions, which never leave the size of their operands.
fn compare_by_parts(mut left: Ratio, mut right: Ratio) -> Ordering {
    let mut turned = false;
    loop {
        let whole = left
            .num
            .div_euclid(left.den)
            .cmp(&right.num.div_euclid(right.den));
        let (a, b) = (left.num.rem_euclid(left.den), right.num.rem_euclid(right.den));
        let order = match (whole, a, b) {
            (Ordering::Equal, 0, 0) => Ordering::Equal,
            (Ordering::Equal, 0, _) => Ordering::Less,
            (Ordering::Equal, _, 0) => Ordering::Greater,
            (Ordering::Equal, _, _) => {
                (left, right) = (
                    Ratio {
                        num: left.den,
                        den: a,
                    },
                    Ratio {
                        num: right.den,
                        den: b,
                    },
                );
                turned = !turned;
                continue;
            }
            (decided, _, _) => decided,
        };
        return if turned { order.reverse() } else { order };
    }
}

/// Binary places to which a sum is known when its exact fraction does not fit.
const SUM_PLACES: u32 = 100;

/// Rounds a sum once, by the size of it, as [`Ratio::round_mirrored`] does with one fraction.
///
/// The sum is exact as long as its fraction fits. When many different divisors meet and it does not, the sum is
/// bounded to within 2^-86 of a unit; only if a tie or a whole number lies inside those bounds, so that the answer
/// would be a guess, is it an overflow.
pub fn round_sum_mirrored(parts: &[Ratio], mode: Rounding) -> Result<i128, RoundingError> {
    match parts.iter().try_fold(Ratio::ZERO, |sum, part| sum.plus(*part)) {
        Ok(sum) => sum.round_mirrored(mode),
        Err(_) => round_bounded_sum(parts, mode),
    }
}

/// Rounds a sum by lower and upper bound.
fn round_bounded_sum(parts: &[Ratio], mode: Rounding) -> Result<i128, RoundingError> {
    let overflow = RoundingError::Overflow;
    let (one, half) = (1_u128 << SUM_PLACES, 1_u128 << (SUM_PLACES - 1));
    let (mut floor, mut low, mut slack) = (0_i128, 0_u128, 0_u128);
    for part in parts {
        floor = floor.checked_add(part.num.div_euclid(part.den)).ok_or(overflow)?;
        low += part.binary_places();
        if low >= one {
            (floor, low) = (floor.checked_add(1).ok_or(overflow)?, low - one);
        }
        slack += 1;
    }
    let high = low + slack;
    let holds = |boundary: u128| low <= boundary && boundary <= high;
    if holds(0) || holds(half) || holds(one) {
        return Err(overflow);
    }
    let above_half = low > half;
    // Between floor and floor + 1, and neither: seen from zero, the whole part is the one nearer to it.
    let negative = floor < 0;
    let whole = if negative { -(floor + 1) } else { floor };
    let order = if negative == above_half {
        Ordering::Less
    } else {
        Ordering::Greater
    };
    let size = whole + i128::from(mode.grows(false, whole % 2 != 0, order)?);
    Ok(if negative { -size } else { size })
}

/// Finds the greatest common divisor; of zero and n it is n.
pub(crate) fn gcd(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        // The narrow loop is several times faster and is reached after few wide steps.
        if let (Ok(mut x), Ok(mut y)) = (u64::try_from(a), u64::try_from(b)) {
            while y != 0 {
                (x, y) = (y, x % y);
            }
            return u128::from(x);
        }
        (a, b) = (b, a % b);
    }
    a
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ratio(num: i128, den: i128) -> Ratio {
        Ratio::new(num, den).unwrap()
    }

    #[test]
    fn a_third_and_a_sixth_make_a_half() {
        let sum = ratio(1, 3).plus(ratio(1, 6)).unwrap();
        assert_eq!(sum, ratio(1, 2));
        assert_eq!(sum.round(Rounding::HalfAwayFromZero), Ok(1));
        assert_eq!(sum.turned().unwrap().round_mirrored(Rounding::HalfUp), Ok(-1));
        assert_eq!(ratio(7, -3).split(), (-2, ratio(-1, 3)));
        assert!(Ratio::new(1, 0).is_err());
    }

    #[test]
    fn order_holds_beyond_the_width() {
        let big = i128::MAX;
        assert!(ratio(big - 1, big) < ratio(big, big - 1));
        assert!(ratio(-big, big - 1) < ratio(-(big - 1), big));
        assert!(ratio(big - 2, big - 1) < ratio(big - 1, big));
        assert_eq!(ratio(big, big).cmp(&Ratio::whole(1)), Ordering::Equal);
    }

    #[test]
    fn arithmetic_cancels_before_it_gives_up() {
        let big = ratio(1 << 100, 3);
        assert_eq!(big.mul(3 << 20, 1 << 100).unwrap(), Ratio::whole(1 << 20));
        assert!(big.mul(1 << 100, 7).is_err());
        assert!(ratio(1, (1 << 100) - 1).plus(ratio(1, (1 << 101) - 1)).is_err());
    }

    #[test]
    fn a_sum_of_many_divisors_is_rounded_or_refused() {
        use Rounding::*;
        // Primes above 2^60: four of them leave 128 bits.
        let primes = [
            1_152_921_504_606_846_997,
            1_152_921_504_606_847_009,
            1_152_921_504_606_847_067,
            1_152_921_504_606_847_081,
        ];
        let parts = |sign: i128| primes.map(|prime| ratio(sign * (prime / 5), prime)).to_vec();
        for (mode, size) in [
            (HalfAwayFromZero, 1),
            (HalfDown, 1),
            (Down, 0),
            (Up, 1),
            (Floor, 0),
            (Ceiling, 1),
        ] {
            assert_eq!(round_sum_mirrored(&parts(1), mode), Ok(size), "{mode:?}");
            assert_eq!(round_sum_mirrored(&parts(-1), mode), Ok(-size), "{mode:?}");
        }
        let mut third = parts(1);
        third.push(ratio(-1, 2));
        assert_eq!(round_sum_mirrored(&third, HalfUp), Ok(0));
        assert_eq!(round_sum_mirrored(&third, Up), Ok(1));
        assert_eq!(round_sum_mirrored(&third, Exact), Err(RoundingError::NotExact));
        let mut none = parts(1);
        none.extend(parts(-1));
        assert_eq!(
            round_sum_mirrored(&none, Up),
            Err(RoundingError::Overflow),
            "nothing, or nearly: not to be guessed"
        );
    }

    #[test]
    fn a_fraction_shows_as_a_decimal() {
        assert_eq!(ratio(9375, 2).to_decimal(2).unwrap().to_string(), "46.875");
        assert_eq!(
            ratio(1, 3).to_decimal(0).unwrap().to_string(),
            "0.333333333333333333"
        );
        assert_eq!(
            ratio(i128::from(i64::MAX), 3).to_decimal(0).unwrap().to_string(),
            "3074457345618258602.3333333333"
        );
        assert_eq!(ratio(-10, 4).to_decimal(1).unwrap().to_string(), "-0.25");
    }
}

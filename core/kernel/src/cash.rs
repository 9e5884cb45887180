//! Cash: rounding to the coins that exist, what a customer may hand over, and change.

use crate::money::Currency;
use crate::rounding::{Rounding, RoundingError, power_of_ten, round_decimal, round_ratio_to_step};
use minicbor::{Decode, Encode};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// How many amounts a till suggests: what fits one row of buttons.
pub const MAX_SUGGESTIONS: usize = 6;
/// Limits the keys for cash that a screen shows beside the exact amount.
pub const MAX_CASH_KEYS: usize = 3;
/// A piece belongs to a handful when so many of it would pay the sum.
const HANDFUL: i64 = 8;
/// Looks at handfuls of this many different pieces: more than any currency has between an eighth of a sum and it.
const PARTS: usize = 8;

/// How many pieces of one kind a customer is thought to hand over at most.
const PIECES_OF_ONE_KIND: i64 = 25;

/// How many amounts the exact search for change looks at before it settles for the greedy answer.
const CHANGE_SEARCH_MAX: usize = 20_000;

/// What happens to cash that is paid out.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Encode, Decode,
)]
#[serde(rename_all = "snake_case")]
#[cbor(index_only)]
pub enum RefundRounding {
    /// It is rounded as the same amount paid in would be.
    #[default]
    #[n(0)]
    Mirror,
    /// It is paid to the smallest unit.
    #[n(1)]
    Exact,
}

/// A country's rule for amounts paid in cash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Encode, Decode)]
pub struct CashRounding {
    /// The step in minor units: 5 for Swiss francs, 50 for Danish kroner. 1 rounds nothing.
    #[n(0)]
    pub step_minor: i64,
    /// Which way to the step. A payout mirrors a payment, so the mode is read on the size of the amount.
    #[n(1)]
    pub mode: Rounding,
    /// What happens to cash that is paid out.
    #[n(2)]
    pub refunds: RefundRounding,
    /// An amount that would round to nothing becomes one step instead.
    #[n(3)]
    pub never_to_zero: bool,
    /// The customer may insist on paying the exact amount.
    #[n(4)]
    pub allow_exact: bool,
    /// The law leaves rounding to the shop.
    #[n(5)]
    pub voluntary: bool,
}

/// What is due in cash, before and after rounding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Encode, Decode)]
pub struct CashDue {
    /// The amount as owed, in minor units.
    #[n(0)]
    pub exact_minor: i64,
    /// The amount as paid in coins, in minor units.
    #[n(1)]
    pub rounded_minor: i64,
    /// Rounded less exact: the line of its own in the ledger and on the receipt.
    #[n(2)]
    pub difference_minor: i64,
}

impl CashDue {
    fn of(exact_minor: i64, rounded_minor: i64) -> Result<Self, RoundingError> {
        let difference_minor = rounded_minor
            .checked_sub(exact_minor)
            .ok_or(RoundingError::Overflow)?;
        Ok(Self {
            exact_minor,
            rounded_minor,
            difference_minor,
        })
    }
}

impl CashRounding {
    /// Tells whether this rule leaves an amount of this sign as it is.
    fn leaves(&self, negative: bool) -> bool {
        self.step_minor <= 1 || (negative && self.refunds == RefundRounding::Exact)
    }

    /// Gives one step back where the rule never lets an amount vanish.
    fn kept_from_zero(&self, rounded: i64, sign: i64) -> i64 {
        if rounded == 0 && self.never_to_zero {
            self.step_minor * sign
        } else {
            rounded
        }
    }
}

/// Rounds what is left to pay in cash, in minor units; negative when cash is paid out.
///
/// Only the cash share comes here: of 15.72 with 0.68 by card, 15.04 is rounded (to 15.05 by steps of 0.05).
/// A step of zero or less rounds nothing.
pub fn cash_due(exact_minor: i64, rule: &CashRounding) -> Result<CashDue, RoundingError> {
    if rule.leaves(exact_minor < 0) {
        return CashDue::of(exact_minor, exact_minor);
    }
    let size = i128::from(exact_minor).abs();
    let size = round_ratio_to_step(size, 1, rule.step_minor, rule.mode)?;
    let sign = exact_minor.signum();
    CashDue::of(exact_minor, rule.kept_from_zero(size * sign, sign))
}

/// Rounds an exact amount in major units, such as an unrounded total, straight to the step.
///
/// Going by way of the minor unit would round twice: 1.0249 by 0.05 is 1.00, but by way of 1.025 it would be 1.05.
/// `exact_minor` of the result is the amount to the minor unit, ties away from zero.
pub fn cash_due_exact(
    exact: Decimal,
    currency: Currency,
    rule: &CashRounding,
) -> Result<CashDue, RoundingError> {
    let exact_minor = round_decimal(exact, currency.digits, Rounding::HalfAwayFromZero)?;
    let negative = exact.is_sign_negative() && !exact.is_zero();
    if rule.leaves(negative) {
        return CashDue::of(exact_minor, exact_minor);
    }
    let minor = i128::from(currency.minor_per_major());
    let num = exact
        .mantissa()
        .abs()
        .checked_mul(minor)
        .ok_or(RoundingError::Overflow)?;
    let size = round_ratio_to_step(num, power_of_ten(exact.scale())?, rule.step_minor, rule.mode)?;
    let sign = if exact.is_zero() {
        0
    } else if negative {
        -1
    } else {
        1
    };
    CashDue::of(exact_minor, rule.kept_from_zero(size * sign, sign))
}

/// Cash that a customer may hand over, and what comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CashKey {
    /// Gives what is handed over, in minor units.
    pub given_minor: i64,
    /// Gives what comes back, in minor units.
    pub back_minor: i64,
}

/// Suggests at most [`MAX_CASH_KEYS`] amounts above `due_minor` that a hand would give, ascending.
///
/// Each is a handful of notes and coins, no two alike but of the largest, without any that could be kept. What is
/// small beside the sum stays in the purse: for 22.31 euros these are 25, 30 and 50.
pub fn cash_keys(due_minor: i64, denominations: &[i64]) -> Vec<CashKey> {
    let largest = denominations.iter().copied().max().unwrap_or(0);
    if due_minor <= 0 || largest <= 0 {
        return Vec::new();
    }
    // What the largest note pays in full times is no choice.
    let whole = (due_minor - 1) / largest * largest;
    let rest = due_minor - whole;
    let mut given = handfuls(rest, denominations);
    given.retain(|sum| *sum > rest);
    given
        .into_iter()
        .filter_map(|sum| {
            Some(CashKey {
                given_minor: sum.checked_add(whole)?,
                back_minor: sum - rest,
            })
        })
        .take(MAX_CASH_KEYS)
        .collect()
}

/// Lists the sums, ascending, that pay `due` with pieces of different kinds, each of them needed.
fn handfuls(due: i64, denominations: &[i64]) -> Vec<i64> {
    let mut pieces: Vec<i64> = denominations.to_vec();
    pieces.sort_unstable_by_key(|piece| std::cmp::Reverse(*piece));
    pieces.dedup();
    pieces.retain(|piece| *piece > 0 && piece.saturating_mul(HANDFUL) >= due);
    let (mut sums, mut parts): (Vec<i64>, Vec<i64>) = pieces.into_iter().partition(|piece| *piece >= due);
    parts.truncate(PARTS);
    for chosen in 1_u32..1 << parts.len() {
        let taken = parts
            .iter()
            .enumerate()
            .filter(|(index, _)| chosen >> index & 1 == 1);
        let (sum, least) = taken.fold((0, i64::MAX), |(sum, least), (_, piece)| {
            (sum + piece, least.min(*piece))
        });
        if sum >= due && sum - least < due {
            sums.push(sum);
        }
    }
    sums.sort_unstable();
    sums.dedup();
    sums
}

/// Suggests amounts that a customer may hand over for `due_minor`, ascending, the exact one first.
///
/// Each is the next amount payable in one kind of piece without handing over more than a purse would hold of it.
/// Nothing is suggested when nothing is due.
pub fn change_suggestions(due_minor: i64, denominations: &[i64]) -> Vec<i64> {
    if due_minor <= 0 {
        return Vec::new();
    }
    let fewest = due_minor / PIECES_OF_ONE_KIND;
    let mut amounts = vec![due_minor];
    amounts.extend(
        denominations
            .iter()
            .filter(|piece| **piece > 0 && **piece >= fewest)
            .filter_map(|piece| {
                let pieces = due_minor / piece + i64::from(due_minor % piece != 0);
                pieces.checked_mul(*piece)
            }),
    );
    amounts.sort_unstable();
    amounts.dedup();
    amounts.truncate(MAX_SUGGESTIONS);
    amounts
}

/// Makes change of few pieces, largest first, as (denomination, count).
///
/// The greedy answer is taken when it comes out even, as it does with every currency in use. Else a search over
/// small amounts finds an even one with the fewest pieces if there is one; failing that, the answer is the greedy one
/// and falls short of the amount. Nothing is given for an amount of zero or less.
pub fn make_change(amount: i64, denominations: &[i64]) -> Vec<(i64, u32)> {
    let mut pieces: Vec<i64> = denominations.iter().copied().filter(|piece| *piece > 0).collect();
    pieces.sort_unstable_by_key(|piece| std::cmp::Reverse(*piece));
    pieces.dedup();
    let mut left = amount.max(0);
    let mut greedy = Vec::new();
    for piece in &pieces {
        let count = u32::try_from(left / piece).unwrap_or(u32::MAX);
        left -= piece.saturating_mul(i64::from(count));
        if count > 0 {
            greedy.push((*piece, count));
        }
    }
    if left == 0 {
        greedy
    } else {
        search_change(amount, &pieces).unwrap_or(greedy)
    }
}

/// Finds the fewest pieces that sum to the amount, for amounts small enough to look at each.
fn search_change(amount: i64, pieces: &[i64]) -> Option<Vec<(i64, u32)>> {
    let amount = usize::try_from(amount)
        .ok()
        .filter(|amount| *amount <= CHANGE_SEARCH_MAX)?;
    // For every sum: how many pieces it takes and the last one put down.
    let mut best: Vec<Option<(u32, usize)>> = vec![None; amount + 1];
    best[0] = Some((0, 0));
    for sum in 1..=amount {
        best[sum] = pieces
            .iter()
            .filter_map(|piece| usize::try_from(*piece).ok())
            .filter_map(|piece| Some((best[sum.checked_sub(piece)?]?.0 + 1, piece)))
            .min_by_key(|(count, _)| *count);
    }
    let mut counts = std::collections::BTreeMap::<i64, u32>::new();
    let mut sum = amount;
    while sum > 0 {
        let (_, piece) = best[sum]?;
        *counts.entry(i64::try_from(piece).ok()?).or_default() += 1;
        sum -= piece;
    }
    Some(counts.into_iter().rev().collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    const EURO: &[i64] = &[
        1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000,
    ];

    fn rule(step_minor: i64) -> CashRounding {
        CashRounding {
            step_minor,
            mode: Rounding::HalfAwayFromZero,
            refunds: RefundRounding::Mirror,
            never_to_zero: false,
            allow_exact: false,
            voluntary: false,
        }
    }

    #[test]
    fn cash_keys_are_what_a_hand_gives() {
        let keys = |due, pieces: &[i64]| {
            let keys = cash_keys(due, pieces).into_iter();
            keys.map(|key| (key.given_minor, key.back_minor))
                .collect::<Vec<_>>()
        };
        assert_eq!(keys(2_231, EURO), [(2_500, 269), (3_000, 769), (5_000, 2_769)]);
        assert_eq!(keys(1_250, EURO), [(1_500, 250), (2_000, 750), (5_000, 3_750)]);
        assert_eq!(keys(400, EURO), [(500, 100), (1_000, 600), (2_000, 1_600)]);
        assert_eq!(
            keys(2_000, EURO),
            [(5_000, 3_000), (10_000, 8_000), (20_000, 18_000)]
        );
        assert_eq!(
            keys(61_200, EURO),
            [(61_500, 300), (62_000, 800), (65_000, 3_800)]
        );
        assert_eq!(keys(0, EURO), []);
        assert_eq!(keys(-500, EURO), []);
        assert_eq!(keys(500, &[]), []);
        assert_eq!(keys(i64::MAX, EURO), []);
    }

    #[test]
    fn only_the_cash_share_is_rounded() {
        let due = cash_due(1_572 - 68, &rule(5)).unwrap();
        assert_eq!(
            due,
            CashDue {
                exact_minor: 1_504,
                rounded_minor: 1_505,
                difference_minor: 1
            }
        );
        assert_eq!(due.rounded_minor + 68, 1_573);
    }

    #[test]
    fn a_payout_mirrors_or_is_exact() {
        assert_eq!(cash_due(-928, &rule(5)).unwrap().rounded_minor, -930);
        let ceiling = CashRounding {
            mode: Rounding::Ceiling,
            ..rule(5)
        };
        assert_eq!(cash_due(-926, &ceiling).unwrap().rounded_minor, -930);
        let exact = CashRounding {
            refunds: RefundRounding::Exact,
            ..rule(5)
        };
        assert_eq!(cash_due(-928, &exact).unwrap().difference_minor, 0);
        assert_eq!(cash_due(928, &exact).unwrap().rounded_minor, 930);
    }

    #[test]
    fn an_amount_need_not_vanish() {
        let kept = CashRounding {
            never_to_zero: true,
            ..rule(10)
        };
        assert_eq!(cash_due(4, &rule(10)).unwrap().rounded_minor, 0);
        assert_eq!(cash_due(4, &kept).unwrap().rounded_minor, 10);
        assert_eq!(cash_due(-4, &kept).unwrap().rounded_minor, -10);
        assert_eq!(cash_due(0, &kept).unwrap().rounded_minor, 0);
    }

    #[test]
    fn one_rounding_only() {
        let franc = Currency::iso("CHF").unwrap();
        let due = |text: &str| cash_due_exact(text.parse().unwrap(), franc, &rule(5)).unwrap();
        assert_eq!(due("1.0249").rounded_minor, 100);
        assert_eq!(due("1.025").rounded_minor, 105);
        assert_eq!(due("-1.025").rounded_minor, -105);
        assert_eq!(due("-0").rounded_minor, 0);
        assert_eq!(
            due("1.0249"),
            CashDue {
                exact_minor: 102,
                rounded_minor: 100,
                difference_minor: -2
            }
        );
    }

    #[test]
    fn extremes_are_errors_not_wraps() {
        assert!(cash_due(i64::MIN, &rule(10)).is_err());
        assert!(cash_due(i64::MAX, &rule(10)).is_err());
        assert_eq!(cash_due(i64::MIN, &rule(0)).unwrap().rounded_minor, i64::MIN);
        assert!(cash_due_exact(Decimal::MAX, Currency::iso("CHF").unwrap(), &rule(5)).is_err());
        assert_eq!(change_suggestions(i64::MAX, &[i64::MAX, 7]), [i64::MAX]);
        assert!(make_change(i64::MIN, EURO).is_empty());
    }

    #[test]
    fn suggestions_are_what_a_purse_holds() {
        assert_eq!(
            change_suggestions(930, EURO),
            [930, 950, 1_000, 2_000, 5_000, 10_000]
        );
        assert_eq!(
            change_suggestions(3_700, EURO),
            [3_700, 3_800, 4_000, 5_000, 10_000, 20_000]
        );
        assert!(change_suggestions(0, EURO).is_empty());
        assert_eq!(change_suggestions(5, &[0, -5, 5]), [5]);
    }

    #[test]
    fn change_is_made_of_few_pieces() {
        assert_eq!(make_change(1_070, EURO), [(1_000, 1), (50, 1), (20, 1)]);
        assert_eq!(make_change(30, &[25, 10]), [(10, 3)]);
        assert_eq!(
            make_change(3, &[5, 2]),
            [(2, 1)],
            "three cannot be paid in twos and fives"
        );
        assert!(make_change(0, EURO).is_empty());
        assert!(make_change(7, &[]).is_empty());
    }
}

//! Discounts of lines and carts, in whole minor units.

use super::{Discount, LineInput, MAX_DISCOUNTS, PriceError, PricedLine};
use crate::allocate::{allocate, round_parts};
use crate::quantity::Rate;
use crate::rounding::{Ratio, Rounding, RoundingError, round_ratio_mirrored};
use crate::tax::plan::{scaled, scaled_hundred};

/// Checks number and size of a list of discounts.
pub(super) fn check(discounts: &[Discount], line: Option<usize>) -> Result<(), PriceError> {
    if discounts.len() > MAX_DISCOUNTS {
        return Err(PriceError::TooManyDiscounts { line });
    }
    let sound = discounts.iter().all(|discount| match discount {
        Discount::Percent(rate) => (0..=scaled_hundred()).contains(&scaled(*rate)),
        Discount::Amount(minor) => *minor >= 0,
    });
    if sound {
        Ok(())
    } else {
        Err(PriceError::Discount { line })
    }
}

/// Returns what is left of an amount after a percentage, rounded.
fn after_percent(amount: i64, rate: Rate, mode: Rounding) -> Result<i64, RoundingError> {
    let kept = i128::from(amount) * i128::from(scaled_hundred() - scaled(rate));
    let left = round_ratio_mirrored(kept, i128::from(scaled_hundred()), mode)?;
    i64::try_from(left).map_err(|_| RoundingError::Overflow)
}

/// Returns what a line's own percents leave of its amount, each taken from what the one before left.
pub(super) fn after_percents(
    line: &LineInput<'_>,
    amount: i64,
    mode: Rounding,
) -> Result<i64, RoundingError> {
    if !line.discountable {
        return Ok(amount);
    }
    line.discounts
        .iter()
        .try_fold(amount, |left, discount| match discount {
            Discount::Percent(rate) => after_percent(left, *rate, mode),
            Discount::Amount(_) => Ok(left),
        })
}

/// The amounts of discountable lines at one step of the cart's discounts.
struct Reach {
    /// One per line; zero for a line that discounts do not reach.
    nets: Vec<i64>,
    sum: i64,
    /// Goods are sold and taken back in the same cart.
    mixed: bool,
}

impl Reach {
    fn of(lines: &[LineInput<'_>], priced: &[PricedLine]) -> Result<Self, PriceError> {
        let nets: Vec<i64> = lines
            .iter()
            .zip(priced)
            .map(|(line, p)| if line.discountable { p.net_minor } else { 0 })
            .collect();
        let (mut sum, mut below, mut above) = (0_i128, false, false);
        for net in &nets {
            sum += i128::from(*net);
            below |= *net < 0;
            above |= *net > 0;
        }
        let sum = i64::try_from(sum).map_err(|_| PriceError::overflow())?;
        Ok(Self {
            nets,
            sum,
            mixed: below && above,
        })
    }

    /// Turns the amounts that have the sign of the sum into weights; the others weigh nothing.
    fn weights(mut self) -> Result<Vec<i64>, PriceError> {
        for net in &mut self.nets {
            let along = (*net < 0) == (self.sum < 0);
            *net = if along {
                net.checked_abs().ok_or(PriceError::overflow())?
            } else {
                0
            };
        }
        Ok(self.nets)
    }
}

/// Takes each percent of the cart off its discountable lines, so that their sum is hit exactly.
pub(super) fn apply_cart_percents(
    mode: Rounding,
    lines: &[LineInput<'_>],
    priced: &mut [PricedLine],
    discounts: &[Discount],
) -> Result<(), PriceError> {
    for discount in discounts {
        let Discount::Percent(rate) = discount else {
            continue;
        };
        let reach = Reach::of(lines, priced)?;
        let taken = reach.sum - after_percent(reach.sum, *rate, mode)?;
        let parts = if reach.mixed {
            let exact: Result<Vec<Ratio>, RoundingError> = reach
                .nets
                .iter()
                .map(|net| {
                    Ratio::new(
                        i128::from(*net) * i128::from(scaled(*rate)),
                        i128::from(scaled_hundred()),
                    )
                })
                .collect();
            round_parts(taken, &exact?)?
        } else if taken == 0 {
            continue;
        } else {
            allocate(taken, &reach.weights()?)?
        };
        for (line, part) in priced.iter_mut().zip(parts) {
            line.cart_percent_minor += part;
            line.net_minor -= part;
        }
    }
    Ok(())
}

/// Takes each line's own amounts off, down to zero and no further.
pub(super) fn apply_line_amounts(lines: &[LineInput<'_>], priced: &mut [PricedLine]) {
    for (line, priced) in lines.iter().zip(priced).filter(|(line, _)| line.discountable) {
        for discount in line.discounts {
            let Discount::Amount(minor) = discount else {
                continue;
            };
            let taken = up_to(*minor, priced.net_minor);
            priced.line_amount_minor += taken;
            priced.net_minor -= taken;
        }
    }
}

/// Takes each amount of the cart off the lines with the sign of its sum.
pub(super) fn apply_cart_amounts(
    lines: &[LineInput<'_>],
    priced: &mut [PricedLine],
    discounts: &[Discount],
) -> Result<(), PriceError> {
    for discount in discounts {
        let Discount::Amount(minor) = discount else {
            continue;
        };
        let reach = Reach::of(lines, priced)?;
        let taken = up_to(*minor, reach.sum);
        if taken == 0 {
            continue;
        }
        let parts = allocate(taken, &reach.weights()?)?;
        for (line, part) in priced.iter_mut().zip(parts) {
            line.cart_amount_minor += part;
            line.net_minor -= part;
        }
    }
    Ok(())
}

/// Returns what an amount takes off a net: never more than the net, with the net's sign.
fn up_to(minor: i64, net: i64) -> i64 {
    // The amount is not negative, so its mirror image exists.
    if net < 0 { net.max(-minor) } else { net.min(minor) }
}

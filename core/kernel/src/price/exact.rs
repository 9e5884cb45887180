//! Unrounded figures of a line, for a quote and for checking against other systems. Never on the way to a sale.

use super::taxes::negative_price;
use super::{Discount, LineInput, PriceError, PricePolicy, PricedLine, extended_ratio, price};
use crate::money::Currency;
use crate::rounding::{Ratio, RoundingError};
use crate::tax::plan::{Plan, Reading};
use barrow_log::id::TaxId;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// A line before any rounding, in major units. A value without end is cut at 18 places.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExactLine {
    /// Unit price x quantity less the discounts as given in whole minor units.
    pub net: Decimal,
    /// Without any tax.
    pub base: Decimal,
    /// All taxes.
    pub tax: Decimal,
    /// Base and taxes.
    pub total: Decimal,
    /// Each tax, in order.
    pub taxes: Vec<ExactTax>,
}

/// One tax of a line before any rounding, in major units.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExactTax {
    /// Which tax.
    pub tax: TaxId,
    /// What it is computed on.
    pub base: Decimal,
    /// What it amounts to.
    pub amount: Decimal,
}

/// Gives the unrounded figures of one line without discounts of a cart.
pub fn exact_line(
    currency: Currency,
    policy: &PricePolicy,
    line: &LineInput<'_>,
) -> Result<ExactLine, PriceError> {
    let lines = exact_lines(currency, policy, std::slice::from_ref(line), &[])?;
    lines.into_iter().next().ok_or(PriceError::overflow())
}

/// Gives the unrounded figures of each line of a document.
pub fn exact_lines(
    currency: Currency,
    policy: &PricePolicy,
    lines: &[LineInput<'_>],
    cart_discounts: &[Discount],
) -> Result<Vec<ExactLine>, PriceError> {
    let priced = price(currency, policy, lines, cart_discounts)?;
    let each = lines.iter().zip(&priced.lines).enumerate();
    each.map(|(position, (line, priced))| {
        let plan = Plan::compile(line.taxes, Reading::AsWritten).map_err(|source| PriceError::Tax {
            line: position,
            source,
        })?;
        unrounded(currency, line, priced, &plan).map_err(PriceError::at(position))
    })
    .collect()
}

fn unrounded(
    currency: Currency,
    line: &LineInput<'_>,
    priced: &PricedLine,
    plan: &Plan<'_>,
) -> Result<ExactLine, RoundingError> {
    let extended = match line.amount_minor {
        Some(amount) => Ratio::whole(amount),
        None => {
            let (num, den) = extended_ratio(currency, line)?;
            Ratio::new(num, den)?
        }
    };
    let taken = priced
        .extended_minor
        .checked_sub(priced.net_minor)
        .ok_or(RoundingError::Overflow)?;
    let net = extended.minus(Ratio::whole(taken))?;
    let amounts = plan.amounts_exact(net, line.quantity, negative_price(line), currency.digits)?;
    let base = plan.base_exact(net, &amounts)?;
    let tax = amounts
        .iter()
        .try_fold(Ratio::ZERO, |sum, amount| sum.plus(*amount))?;
    let shown = |value: Ratio| value.to_decimal(currency.digits);
    let taxes: Result<Vec<ExactTax>, RoundingError> = plan
        .steps()
        .enumerate()
        .map(|(step, tax)| {
            let base = plan.base_of_exact(step, net, &amounts)?;
            Ok(ExactTax {
                tax: tax.id,
                base: shown(base)?,
                amount: shown(amounts[step])?,
            })
        })
        .collect();
    Ok(ExactLine {
        net: shown(net)?,
        base: shown(base)?,
        tax: shown(tax)?,
        total: shown(base.plus(tax)?)?,
        taxes: taxes?,
    })
}

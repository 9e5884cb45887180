//! A list of taxes, compiled: in which order amounts are found, and which of them join or leave whose base.

use super::{MAX_GROUP_DEPTH, MAX_TAXES, Tax, TaxClass, TaxError, TaxKind};
use crate::quantity::{Quantity, RATE_PLACES, Rate};
use crate::rounding::{Ratio, Rounding, RoundingError, power_of_ten, round_ratio_mirrored};

/// How the taxes of a list meet the price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reading {
    /// Included ones lie in the price, others come on top.
    AsWritten,
    /// All come on top: the price is known to be net.
    AllExcluded,
}

/// How one amount is found once its base is known.
#[derive(Clone, Copy, Debug)]
enum Amount {
    /// Base x num / den; den may be negative, never zero.
    Share { num: i64, den: i64 },
    /// Quantity x levy: the digits of the levy and the power of ten that divides them.
    Levy { mantissa: i64, scale: u32 },
}

/// An amount of another tax that joins (+1) or leaves (-1) a base.
#[derive(Clone, Copy, Debug)]
struct Term {
    step: usize,
    sign: i8,
}

/// One tax within a plan.
#[derive(Clone, Debug)]
struct Step<'t> {
    tax: &'t Tax,
    amount: Amount,
    /// The tax lies in the price, under this reading.
    included: bool,
    /// What the amount is computed on, beside the price.
    amount_terms: Vec<Term>,
    /// What the base shown is made of, beside the price.
    base_terms: Vec<Term>,
}

/// A compiled list of taxes.
#[derive(Clone, Debug)]
pub(crate) struct Plan<'t> {
    steps: Vec<Step<'t>>,
    /// The order in which amounts become known.
    order: Vec<usize>,
}

impl<'t> Plan<'t> {
    /// Compiles a list: groups laid open, sorted by sequence, batches found, bases linked.
    pub(crate) fn compile(taxes: &'t [Tax], reading: Reading) -> Result<Self, TaxError> {
        let mut flat = Vec::with_capacity(taxes.len());
        flatten(taxes, 0, &mut flat)?;
        let included: Vec<bool> = flat
            .iter()
            .map(|tax| reading == Reading::AsWritten && in_price(tax))
            .collect();
        let batches = batches(&flat, &included);
        let mut steps = Vec::with_capacity(flat.len());
        for (position, tax) in flat.iter().enumerate() {
            let batch = flat
                .iter()
                .zip(&batches)
                .filter(|(_, batch)| **batch == batches[position]);
            steps.push(Step {
                tax,
                amount: amount_rule(tax, included[position], batch.map(|(tax, _)| *tax)),
                included: included[position],
                amount_terms: Vec::new(),
                base_terms: Vec::new(),
            });
        }
        let order = link(&mut steps, &batches);
        Ok(Self { steps, order })
    }

    /// Lists the taxes in the order they are shown.
    pub(crate) fn steps(&self) -> impl Iterator<Item = &'t Tax> + '_ {
        self.steps.iter().map(|step| step.tax)
    }

    /// Returns how many taxes there are, groups laid open.
    pub(crate) fn len(&self) -> usize {
        self.steps.len()
    }

    /// Tells whether any tax comes on top of the price.
    pub(crate) fn any_excluded(&self) -> bool {
        self.steps.iter().any(|step| !step.included)
    }

    /// Tells whether a tax lies in the price.
    pub(crate) fn is_included(&self, step: usize) -> bool {
        self.steps[step].included
    }

    /// Computes the amounts of a line, each rounded before the next is computed, into `amounts`.
    ///
    /// `net` is the line in minor units as priced; `negative_price` gives a levy its sign.
    #[inline]
    pub(crate) fn amounts_rounded(
        &self,
        net: i64,
        line: &Levied,
        mode: Rounding,
        amounts: &mut [i64; MAX_TAXES],
    ) -> Result<(), RoundingError> {
        for &position in &self.order {
            let step = &self.steps[position];
            let amount = match step.amount {
                Amount::Share { num, den } => {
                    let base = joined(net, &step.amount_terms, amounts)?;
                    round_ratio_mirrored(i128::from(base) * i128::from(num), i128::from(den), mode)?
                }
                Amount::Levy { mantissa, scale } => {
                    let (num, den) = line.levy(mantissa, scale)?;
                    round_ratio_mirrored(num, den, mode)?
                }
            };
            amounts[position] = i64::try_from(amount).map_err(|_| RoundingError::Overflow)?;
        }
        Ok(())
    }

    /// Returns the base of one tax, given whole amounts of all.
    #[inline]
    pub(crate) fn base_of(&self, step: usize, net: i64, amounts: &[i64]) -> Result<i64, RoundingError> {
        joined(net, &self.steps[step].base_terms, amounts)
    }

    /// Computes the amounts of a line exactly, in the unit of `net`, which has `digits` more than the major unit.
    pub(crate) fn amounts_exact(
        &self,
        net: Ratio,
        quantity: Quantity,
        negative_price: bool,
        digits: u8,
    ) -> Result<Vec<Ratio>, RoundingError> {
        let line = Levied::new(quantity, negative_price, digits);
        let mut amounts = vec![Ratio::ZERO; self.steps.len()];
        for &position in &self.order {
            let step = &self.steps[position];
            amounts[position] = match step.amount {
                Amount::Share { num, den } => {
                    joined_exact(net, &step.amount_terms, &amounts)?.mul(i128::from(num), i128::from(den))?
                }
                Amount::Levy { mantissa, scale } => {
                    let (num, den) = line.levy(mantissa, scale)?;
                    Ratio::new(num, den)?
                }
            };
        }
        Ok(amounts)
    }

    /// Returns the exact base of one tax.
    pub(crate) fn base_of_exact(
        &self,
        step: usize,
        net: Ratio,
        amounts: &[Ratio],
    ) -> Result<Ratio, RoundingError> {
        joined_exact(net, &self.steps[step].base_terms, amounts)
    }

    /// Returns the price without any tax.
    pub(crate) fn base_exact(&self, net: Ratio, amounts: &[Ratio]) -> Result<Ratio, RoundingError> {
        self.steps
            .iter()
            .zip(amounts)
            .filter(|(step, _)| step.included)
            .try_fold(net, |base, (_, amount)| base.minus(*amount))
    }
}

/// What a levy per unit needs to know of its line.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Levied {
    mantissa: i64,
    scale: u32,
    digits: u8,
}

impl Levied {
    /// Takes the quantity with the sign that a levy follows: that of quantity x price.
    pub(crate) fn new(quantity: Quantity, negative_price: bool, digits: u8) -> Self {
        let (mantissa, scale) = quantity.parts();
        Self {
            mantissa: if negative_price { -mantissa } else { mantissa },
            scale,
            digits,
        }
    }

    /// Returns the levy for the whole line in minor units, as a fraction.
    fn levy(&self, mantissa: i64, scale: u32) -> Result<(i128, i128), RoundingError> {
        let product = i128::from(self.mantissa) * i128::from(mantissa);
        shifted(product, scale + self.scale, self.digits)
    }
}

/// Writes `mantissa / 10^scale` major units as a fraction of minor units.
#[inline]
pub(crate) fn shifted(mantissa: i128, scale: u32, digits: u8) -> Result<(i128, i128), RoundingError> {
    let digits = u32::from(digits);
    if scale >= digits {
        return Ok((mantissa, power_of_ten(scale - digits)?));
    }
    let num = mantissa
        .checked_mul(power_of_ten(digits - scale)?)
        .ok_or(RoundingError::Overflow)?;
    Ok((num, 1))
}

#[inline]
fn joined(net: i64, terms: &[Term], amounts: &[i64]) -> Result<i64, RoundingError> {
    terms
        .iter()
        .try_fold(net, |base, term| match term.sign {
            1 => base.checked_add(amounts[term.step]),
            _ => base.checked_sub(amounts[term.step]),
        })
        .ok_or(RoundingError::Overflow)
}

fn joined_exact(net: Ratio, terms: &[Term], amounts: &[Ratio]) -> Result<Ratio, RoundingError> {
    terms.iter().try_fold(net, |base, term| match term.sign {
        1 => base.plus(amounts[term.step]),
        _ => base.minus(amounts[term.step]),
    })
}

/// Lays groups open; each level is sorted by sequence, equal ones stay as given.
fn flatten<'t>(taxes: &'t [Tax], depth: usize, flat: &mut Vec<&'t Tax>) -> Result<(), TaxError> {
    let mut level: Vec<&Tax> = taxes.iter().collect();
    level.sort_by_key(|tax| tax.sequence);
    for tax in level {
        match &tax.kind {
            TaxKind::Group(_) if depth >= MAX_GROUP_DEPTH => return Err(TaxError::TooDeep),
            TaxKind::Group(children) => flatten(children, depth + 1, flat)?,
            _ if flat.len() >= MAX_TAXES => return Err(TaxError::TooMany),
            _ => flat.push(tax),
        }
    }
    Ok(())
}

/// Tells whether the price holds this tax: never one that the buyer owes to the state himself.
fn in_price(tax: &Tax) -> bool {
    tax.price_include && tax.class != TaxClass::ReverseCharge
}

/// Numbers the batch of each tax: taxes of one kind that meet the price alike and do not affect each other.
///
/// Seen from the last tax backwards, a tax joins the batch of the one behind it unless it would join that one's base.
/// Among taxes that lie in the price, others in between that concern neither do not separate them: the price holds
/// both shares of one base. (Public engines of earlier years do the same; a later one takes neighbours only and then
/// shows amounts that are not rate x base.)
fn batches(flat: &[&Tax], included: &[bool]) -> Vec<usize> {
    let alike = |a: usize, b: usize| {
        let (left, right) = (flat[a], flat[b]);
        std::mem::discriminant(&left.kind) == std::mem::discriminant(&right.kind)
            && included[a] == included[b]
            && left.include_base_amount == right.include_base_amount
            && !joins(left, right)
    };
    let share = |i: usize| included[i] && !matches!(flat[i].kind, TaxKind::Fixed(_));
    let mut batch: Vec<usize> = (0..flat.len()).collect();
    for i in (0..flat.len()).rev() {
        let behind = i + 1;
        let partner = if behind < flat.len() && alike(i, behind) {
            Some(behind)
        } else if share(i) {
            let next = (behind..flat.len()).find(|j| share(*j));
            next.filter(|j| alike(i, *j) && (behind..*j).all(|between| !joins(flat[between], flat[*j])))
        } else {
            None
        };
        if let Some(partner) = partner {
            batch[i] = batch[partner];
        }
    }
    batch
}

/// Tells whether the amount of an earlier tax joins the base of a later one.
fn joins(earlier: &Tax, later: &Tax) -> bool {
    earlier.include_base_amount && later.is_base_affected
}

/// Chooses the formula of a tax within its batch.
fn amount_rule<'t>(tax: &Tax, included: bool, batch: impl Iterator<Item = &'t Tax>) -> Amount {
    let hundred = scaled_hundred();
    if tax.class == TaxClass::ReverseCharge {
        return Amount::Share { num: 0, den: 1 };
    }
    let owed = batch.filter(|tax| tax.class != TaxClass::ReverseCharge);
    let sum: i64 = owed.filter_map(|tax| tax.rate()).map(scaled).sum();
    match tax.kind {
        TaxKind::Fixed(levy) => {
            let (mantissa, scale) = levy.parts();
            Amount::Levy { mantissa, scale }
        }
        TaxKind::Percent(rate) if included => match hundred + sum {
            0 => Amount::Share { num: 0, den: 1 },
            den => share(scaled(rate), den),
        },
        TaxKind::Division(rate) if !included && sum != hundred => share(scaled(rate), hundred - sum),
        TaxKind::Percent(rate) | TaxKind::Division(rate) => share(scaled(rate), hundred),
        TaxKind::Group(_) => Amount::Share { num: 0, den: 1 },
    }
}

/// Writes a rate as a whole number of millionths of a percent. Bounds of rate and batch keep any sum within 64 bits.
pub(crate) fn scaled(rate: Rate) -> i64 {
    let (mantissa, scale) = rate.parts();
    mantissa * 10_i64.pow(RATE_PLACES - scale)
}

/// One hundred percent, written like [`scaled`].
pub(crate) const fn scaled_hundred() -> i64 {
    100 * 10_i64.pow(RATE_PLACES)
}

/// Reduces a factor once, so that the arithmetic of every line stays narrow.
fn share(num: i64, den: i64) -> Amount {
    let common = crate::rounding::gcd(u128::from(num.unsigned_abs()), u128::from(den.unsigned_abs()));
    let common = i64::try_from(common).unwrap_or(1).max(1) * den.signum();
    Amount::Share {
        num: num / common,
        den: den / common,
    }
}

/// Links the bases and returns the order in which amounts become known: levies, then what lies in the price (both
/// from the last to the first), then what comes on top (from the first to the last).
fn link(steps: &mut [Step<'_>], batches: &[usize]) -> Vec<usize> {
    let is_levy = |step: &Step<'_>| matches!(step.amount, Amount::Levy { .. });
    let count = steps.len();
    let levies = (0..count).rev().filter(|i| is_levy(&steps[*i]));
    let inside = (0..count)
        .rev()
        .filter(|i| !is_levy(&steps[*i]) && steps[*i].included);
    let on_top = (0..count).filter(|i| !is_levy(&steps[*i]) && !steps[*i].included);
    let order: Vec<usize> = levies.chain(inside).chain(on_top).collect();
    let mut known = vec![false; count];
    for &step in &order {
        known[step] = true;
        propagate(steps, step, batches, &known);
    }
    for (position, step) in steps.iter_mut().enumerate().filter(|(_, step)| step.included) {
        let own = (0..count).filter(|other| batches[*other] == batches[position]);
        step.base_terms.extend(own.map(|step| Term { step, sign: -1 }));
    }
    order
}

/// Tells every tax outside the batch what a newly known amount does to its base.
fn propagate(steps: &mut [Step<'_>], step: usize, batches: &[usize], known: &[bool]) {
    let (tax, included) = (steps[step].tax, steps[step].included);
    for (other, target) in steps.iter_mut().enumerate() {
        let sign = if batches[other] == batches[step] {
            continue;
        } else if other < step {
            // What lies in the price above an earlier tax is no part of that tax's base.
            if included { -1 } else { continue }
        } else {
            // A later tax sees the price as written, so an included tax leaves its base unless it is to stay in,
            // and an excluded one joins only when it is told to.
            match (included, joins(tax, target.tax)) {
                (true, false) => -1,
                (false, true) => 1,
                _ => continue,
            }
        };
        let term = Term { step, sign };
        if !known[other] {
            target.amount_terms.push(term);
        }
        target.base_terms.push(term);
    }
}

//! The price of a document: lines, discounts, taxes, totals, from nothing but their arguments.
//!
//! The steps of a line, in this order: extended = round(unit price x quantity), the offer of a promotion, its own
//! percents, its share of the cart's percents, its own amounts, its share of the cart's amounts, taxes. Every step
//! ends in whole minor units. Rounding modes are read on the size of an amount and the sign is given back, so that
//! a document turned in sign gives figures turned in sign, to the cent, in every mode.

mod discounts;
mod exact;
mod taxes;

pub use exact::{ExactLine, ExactTax, exact_line, exact_lines};

use crate::allocate::AllocateError;
use crate::money::{Currency, MAX_DIGITS};
use crate::quantity::{Quantity, Rate, UnitPrice};
use crate::rounding::{Rounding, RoundingError, round_ratio_mirrored};
use crate::tax::plan::shifted;
use crate::tax::{Tax, TaxClass, TaxError, TaxPolicy};
use barrow_log::id::TaxId;
use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Most lines of a document: ten times the longest receipt in public sales data (1,114 lines).
pub const MAX_LINES: usize = 10_000;
/// Most discounts on a line, and on a cart: more cannot be explained to a customer.
pub const MAX_DISCOUNTS: usize = 32;

/// A reduction that a person gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Encode, Decode)]
#[serde(rename_all = "snake_case")]
pub enum Discount {
    /// A percentage, 0 to 100.
    #[n(0)]
    Percent(#[n(0)] Rate),
    /// An amount in minor units, not negative; it reduces the size of whatever it meets, never past zero.
    #[n(1)]
    Amount(#[n(0)] i64),
}

/// How a shop rounds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, Encode, Decode)]
pub struct PricePolicy {
    /// Where tax is rounded.
    #[n(0)]
    pub tax_policy: TaxPolicy,
    /// How line amounts and percents are rounded.
    #[n(1)]
    pub rounding: Rounding,
    /// How tax amounts are rounded.
    #[n(2)]
    pub tax_rounding: Rounding,
}

/// One line to price, borrowed from wherever the cart keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineInput<'a> {
    /// How much; negative when goods come back.
    pub quantity: Quantity,
    /// The price of one unit in major units.
    pub unit_price: UnitPrice,
    /// The amount in minor units when it is the fact (price-computing scale), in place of price x quantity.
    pub amount_minor: Option<i64>,
    /// What promotions take off, in minor units with the sign of the line.
    pub offer_minor: i64,
    /// The line's own discounts: percents first, each on what the one before left, amounts after the cart's percents.
    pub discounts: &'a [Discount],
    /// The taxes, in any order; they are sorted by sequence.
    pub taxes: &'a [Tax],
    /// Whether discounts of the line and of the cart reach it; deposits are not discountable.
    pub discountable: bool,
}

/// One line, priced. All amounts are minor units with the sign of the line; what was taken off is positive on a sale.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PricedLine {
    /// Unit price x quantity, or the amount given.
    pub extended_minor: i64,
    /// Taken off by promotions.
    pub offer_minor: i64,
    /// Taken off by the line's percents.
    pub line_percent_minor: i64,
    /// Taken off as share of the cart's percents.
    pub cart_percent_minor: i64,
    /// Taken off by the line's amounts.
    pub line_amount_minor: i64,
    /// Taken off as share of the cart's amounts.
    pub cart_amount_minor: i64,
    /// After discounts, as priced: with the taxes that the price includes.
    pub net_minor: i64,
    /// Without any tax.
    pub base_minor: i64,
    /// All taxes.
    pub tax_minor: i64,
    /// Base and taxes: what is paid.
    pub total_minor: i64,
    /// Each tax, in order.
    pub taxes: Vec<LineTax>,
}

/// One tax of one line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineTax {
    /// Which tax.
    pub tax: TaxId,
    /// What it was computed on, in minor units.
    pub base_minor: i64,
    /// What it amounts to, in minor units.
    pub amount_minor: i64,
    /// The rate of a percent or division tax: two versions of one tax differ by it.
    pub rate: Option<Rate>,
}

/// One tax of the document.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct TaxTotal {
    /// Which tax. An id appears twice when lines hold different versions of it.
    #[n(0)]
    pub tax: TaxId,
    /// What the receipt calls it.
    #[n(1)]
    pub name: String,
    /// The group of the tax report.
    #[n(2)]
    pub group: String,
    /// How it is reported.
    #[n(3)]
    pub class: TaxClass,
    /// The rate of a percent or division tax.
    #[n(4)]
    pub rate: Option<Rate>,
    /// Sum of the bases, in minor units.
    #[n(5)]
    pub base_minor: i64,
    /// Sum of the amounts, in minor units.
    #[n(6)]
    pub amount_minor: i64,
}

/// A document, priced. Lines sum to totals, and base + tax = total, under every policy.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Priced {
    /// The lines, in the order given.
    pub lines: Vec<PricedLine>,
    /// The taxes, in the order in which lines brought them.
    pub taxes: Vec<TaxTotal>,
    /// Without any tax.
    pub base_minor: i64,
    /// All taxes.
    pub tax_minor: i64,
    /// What is paid.
    pub total_minor: i64,
    /// All that was taken off, offers included.
    pub discount_minor: i64,
}

/// States why a document cannot be priced. Lines are counted from zero.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PriceError {
    /// There are more than [`MAX_LINES`].
    #[error("a document has at most {MAX_LINES} lines")]
    TooManyLines,
    /// There are more than [`MAX_DISCOUNTS`] on the line, or on the cart.
    #[error("a line or cart has at most {MAX_DISCOUNTS} discounts")]
    TooManyDiscounts {
        /// The line, or none for the cart.
        line: Option<usize>,
    },
    /// The currency claims more than [`MAX_DIGITS`].
    #[error("a currency has at most {MAX_DIGITS} decimals")]
    Currency,
    /// A percent outside 0 to 100, or a negative amount.
    #[error("a discount is a percentage from 0 to 100 or an amount of zero or more")]
    Discount {
        /// The line, or none for the cart.
        line: Option<usize>,
    },
    /// An offer that would raise the price.
    #[error("an offer takes something off: it has the sign of its line")]
    Offer {
        /// The line.
        line: usize,
    },
    /// An amount that does not fit, or is not whole under exact rounding.
    #[error("{source}")]
    Rounding {
        /// The line, or none for the whole.
        line: Option<usize>,
        /// What is wrong with it.
        source: RoundingError,
    },
    /// Taxes that cannot be computed.
    #[error("{source}")]
    Tax {
        /// The line.
        line: usize,
        /// What is wrong with them.
        source: TaxError,
    },
}

impl PriceError {
    /// Blames a line.
    fn at(line: usize) -> impl Fn(RoundingError) -> Self {
        move |source| Self::Rounding {
            line: Some(line),
            source,
        }
    }

    /// States that a sum of the document does not fit.
    const fn overflow() -> Self {
        Self::Rounding {
            line: None,
            source: RoundingError::Overflow,
        }
    }
}

impl From<RoundingError> for PriceError {
    fn from(source: RoundingError) -> Self {
        Self::Rounding { line: None, source }
    }
}

impl From<AllocateError> for PriceError {
    fn from(_: AllocateError) -> Self {
        Self::overflow()
    }
}

/// Prices a whole document.
///
/// A cart percent reaches the sum of its discountable lines and makes it round(sum x (100 - x) / 100) exactly. When
/// all those lines have one sign the reduction is allocated by their amounts; when goods come back in the same cart,
/// each line, either way, gives its own x percent, rounded so that the sum holds. A cart amount goes to the lines
/// with the sign of the sum, at most down to a sum of zero: what a customer brings back is paid back in full.
pub fn price(
    currency: Currency,
    policy: &PricePolicy,
    lines: &[LineInput<'_>],
    cart_discounts: &[Discount],
) -> Result<Priced, PriceError> {
    if lines.len() > MAX_LINES {
        return Err(PriceError::TooManyLines);
    }
    if currency.digits > MAX_DIGITS {
        return Err(PriceError::Currency);
    }
    let mut priced = Vec::with_capacity(lines.len());
    for (position, line) in lines.iter().enumerate() {
        discounts::check(line.discounts, Some(position))?;
        priced.push(open_line(currency, policy, line, position)?);
    }
    discounts::check(cart_discounts, None)?;
    discounts::apply_cart_percents(policy.rounding, lines, &mut priced, cart_discounts)?;
    discounts::apply_line_amounts(lines, &mut priced);
    discounts::apply_cart_amounts(lines, &mut priced, cart_discounts)?;
    let taxes = taxes::apply(currency, policy, lines, &mut priced)?;
    total(priced, taxes)
}

/// Returns what a quantity of goods costs before offers, discounts and taxes on top, in minor units.
///
/// # Errors
/// When the amount leaves its bounds.
pub fn amount_of(
    currency: Currency,
    unit_price: UnitPrice,
    quantity: Quantity,
    rounding: Rounding,
) -> Result<i64, RoundingError> {
    let line = LineInput {
        quantity,
        unit_price,
        amount_minor: None,
        offer_minor: 0,
        discounts: &[],
        taxes: &[],
        discountable: false,
    };
    extended(currency, &line, rounding)
}

/// Prices a line up to its own percents.
fn open_line(
    currency: Currency,
    policy: &PricePolicy,
    line: &LineInput<'_>,
    position: usize,
) -> Result<PricedLine, PriceError> {
    let extended_minor = match line.amount_minor {
        Some(amount) => amount,
        None => extended(currency, line, policy.rounding).map_err(PriceError::at(position))?,
    };
    let offer_minor = match (extended_minor.signum(), line.offer_minor.signum()) {
        (_, 0) | (0, _) => 0,
        (1, 1) => line.offer_minor.min(extended_minor),
        (-1, -1) => line.offer_minor.max(extended_minor),
        _ => return Err(PriceError::Offer { line: position }),
    };
    let offered = extended_minor - offer_minor;
    let net_minor =
        discounts::after_percents(line, offered, policy.rounding).map_err(PriceError::at(position))?;
    Ok(PricedLine {
        extended_minor,
        offer_minor,
        line_percent_minor: offered - net_minor,
        net_minor,
        ..PricedLine::default()
    })
}

/// Multiplies price and quantity and rounds once.
fn extended(currency: Currency, line: &LineInput<'_>, mode: Rounding) -> Result<i64, RoundingError> {
    let (num, den) = extended_ratio(currency, line)?;
    let minor = round_ratio_mirrored(num, den, mode)?;
    i64::try_from(minor).map_err(|_| RoundingError::Overflow)
}

/// Multiplies price and quantity exactly, as a fraction of minor units.
fn extended_ratio(currency: Currency, line: &LineInput<'_>) -> Result<(i128, i128), RoundingError> {
    let (price, price_scale) = line.unit_price.parts();
    let (quantity, quantity_scale) = line.quantity.parts();
    shifted(
        i128::from(price) * i128::from(quantity),
        price_scale + quantity_scale,
        currency.digits,
    )
}

/// Sums the lines.
fn total(lines: Vec<PricedLine>, taxes: Vec<TaxTotal>) -> Result<Priced, PriceError> {
    let mut sums = [0_i128; 4];
    for line in &lines {
        let taken = i128::from(line.extended_minor) - i128::from(line.net_minor);
        let figures = [line.base_minor, line.tax_minor, line.total_minor].map(i128::from);
        debug_assert_eq!(
            figures[0] + figures[1],
            figures[2],
            "base + tax = total on every line"
        );
        for (sum, figure) in sums.iter_mut().zip(figures.into_iter().chain([taken])) {
            *sum += figure;
        }
    }
    let narrow = |sum: i128| i64::try_from(sum).map_err(|_| PriceError::overflow());
    let [base, tax, total, discount] = sums;
    Ok(Priced {
        lines,
        taxes,
        base_minor: narrow(base)?,
        tax_minor: narrow(tax)?,
        total_minor: narrow(total)?,
        discount_minor: narrow(discount)?,
    })
}

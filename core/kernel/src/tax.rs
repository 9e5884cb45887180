//! Taxes: what one is, how it is stored, and how a price follows when the taxes of an article change.
//!
//! The model is the one of the public tax engines: taxes of a line are taken in order of their sequence, groups are
//! laid open, and neighbours that do not affect each other are computed together on one base. `plan` compiles a list
//! of taxes once; pricing runs it for every line.

mod codec;
pub(crate) mod plan;

use crate::quantity::{NumberError, Quantity, Rate, UNIT_PRICE_PLACES, UnitPrice};
use crate::rounding::{Ratio, Rounding, RoundingError, power_of_ten};
use barrow_log::id::TaxId;
use minicbor::{Decode, Encode};
use plan::{Plan, Reading};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Most taxes of one line, groups laid open: the longest public chain (Brazil) has under ten.
pub const MAX_TAXES: usize = 32;
/// How deep groups may nest. Real ones nest once; stored bytes may claim anything.
pub const MAX_GROUP_DEPTH: usize = 4;

/// States why taxes cannot be computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum TaxError {
    /// There are more than [`MAX_TAXES`].
    #[error("a line has at most {MAX_TAXES} taxes")]
    TooMany,
    /// Groups nest deeper than [`MAX_GROUP_DEPTH`].
    #[error("tax groups nest at most {MAX_GROUP_DEPTH} deep")]
    TooDeep,
    /// An amount does not fit, or is not whole where it must be.
    #[error(transparent)]
    Rounding(#[from] RoundingError),
    /// The adapted price is out of bounds.
    #[error("the adapted price is too large")]
    Price,
}

impl From<NumberError> for TaxError {
    fn from(_: NumberError) -> Self {
        Self::Price
    }
}

/// One tax of a line, frozen when the line was added.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Tax {
    /// Names the tax.
    pub id: TaxId,
    /// What the receipt calls it: "VAT 20 %".
    pub name: String,
    /// How the amount is found.
    pub kind: TaxKind,
    /// The unit price includes it.
    #[serde(default)]
    pub price_include: bool,
    /// Its amount joins the base of later taxes that are affected.
    #[serde(default)]
    pub include_base_amount: bool,
    /// Earlier taxes with `include_base_amount` join its base.
    #[serde(default = "affected")]
    pub is_base_affected: bool,
    /// Its place in the order; equal ones keep the order given.
    #[serde(default)]
    pub sequence: i32,
    /// The group of the tax report.
    #[serde(default)]
    pub group: String,
    /// How it is reported.
    #[serde(default)]
    pub class: TaxClass,
}

/// The usual answer for `is_base_affected`.
const fn affected() -> bool {
    true
}

/// How the amount of a tax is found.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaxKind {
    /// Base x rate. Included percents of one batch share base = price / (1 + sum of rates); rates that sum to
    /// -100 % leave no base to divide and amount to nothing.
    Percent(Rate),
    /// A levy in major units for each unit sold. Its sign is that of quantity x price; a price of zero counts as
    /// positive. Discounts never change it.
    Fixed(UnitPrice),
    /// Price x rate when included; base x rate / (100 - sum of rates of the batch) when not. A sum of 100 divides
    /// by one instead.
    Division(Rate),
    /// Several taxes under one name, laid open in the order of their sequence. The flags of the group itself mean
    /// nothing.
    Group(Vec<Tax>),
}

/// How a tax is reported.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Encode, Decode,
)]
#[serde(rename_all = "snake_case")]
#[cbor(index_only)]
pub enum TaxClass {
    /// Charged at its rate.
    #[default]
    #[n(0)]
    Taxed,
    /// Taxable at zero: the seller may deduct.
    #[n(1)]
    ZeroRated,
    /// Not taxable.
    #[n(2)]
    Exempt,
    /// The buyer owes it: the base is reported, the amount is zero whatever the rate, and no price includes it.
    #[n(3)]
    ReverseCharge,
    /// No supply in the sense of the tax.
    #[n(4)]
    OutsideScope,
}

/// Where tax is rounded.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Encode, Decode,
)]
#[serde(rename_all = "snake_case")]
#[cbor(index_only)]
pub enum TaxPolicy {
    /// Each tax of each line.
    #[default]
    #[n(0)]
    PerLine,
    /// Each tax total of the document, once; the lines get whole shares of it. The amounts of lines before tax are
    /// rounded all the same, because they are printed.
    #[n(1)]
    PerDocument,
}

impl Tax {
    /// Checks that the tax can be computed: its rates, its depth and the number of its children are within bounds.
    ///
    /// # Errors
    /// A [`TaxError`] that tells what is wrong.
    pub fn check(&self) -> Result<(), TaxError> {
        Plan::compile(std::slice::from_ref(self), Reading::AsWritten).map(drop)
    }

    /// Returns the rate of a percent or division tax.
    pub const fn rate(&self) -> Option<Rate> {
        match self.kind {
            TaxKind::Percent(rate) | TaxKind::Division(rate) => Some(rate),
            TaxKind::Fixed(_) | TaxKind::Group(_) => None,
        }
    }
}

/// Adapts a unit price when an article moves from one set of taxes to another.
///
/// Included old taxes are taken out, included new ones are put in, for one unit. A price that had any old tax on
/// top was a net price already and stays. The result is rounded to `places` decimals (at most those of a unit price)
/// by `rounding`; pass the currency's digits for a shelf price.
pub fn adapt_price(
    price: UnitPrice,
    from: &[Tax],
    to: &[Tax],
    places: u8,
    rounding: Rounding,
) -> Result<UnitPrice, TaxError> {
    let old = Plan::compile(from, Reading::AsWritten)?;
    if from == to || old.any_excluded() {
        return Ok(price);
    }
    let (mantissa, scale) = price.parts();
    let gross = Ratio::new(i128::from(mantissa), power_of_ten(scale)?)?;
    let net = old.base_exact(gross, &old.amounts_exact(gross, Quantity::ONE, mantissa < 0, 0)?)?;
    let new = Plan::compile(to, Reading::AllExcluded)?;
    let amounts = new.amounts_exact(net, Quantity::ONE, mantissa < 0, 0)?;
    let mut adapted = net;
    for (step, amount) in new.steps().zip(amounts) {
        if step.price_include {
            adapted = adapted.plus(amount)?;
        }
    }
    let places = u32::from(places).min(UNIT_PRICE_PLACES);
    let rounded = adapted.mul(power_of_ten(places)?, 1)?.round(rounding)?;
    let value = Decimal::try_from_i128_with_scale(rounded, places).map_err(|_| TaxError::Price)?;
    Ok(UnitPrice::try_from(value)?)
}

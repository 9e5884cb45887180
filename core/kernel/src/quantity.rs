//! Quantities, unit prices and rates: exact decimals that are checked where they enter.

mod unit;

pub use unit::{UNIT_NAME_MAX, Unit};

use minicbor::{
    Decode, Encode,
    data::{Tag, Type},
};
use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::fmt;
use std::str::FromStr;
use thiserror::Error;

/// Most places of a quantity: enough for 0.01 g in kilograms.
pub const QUANTITY_PLACES: u32 = 5;
/// Largest size of a quantity. A till that sells a billion of anything has misread a barcode.
pub const QUANTITY_MAX: i64 = 1_000_000_000;
/// Most places of a unit price: 0.0125 each, or a price per gram derived from one per tonne.
pub const UNIT_PRICE_PLACES: u32 = 8;
/// Largest size of a unit price in major units: with all places its digits still fit 64 bits.
pub const UNIT_PRICE_MAX: i64 = 90_000_000_000;
/// Most places of a rate: public tax tables use up to four (0.0825 of a sales tax is 8.25 %).
pub const RATE_PLACES: u32 = 6;
/// Largest size of a rate in percent. Duties of several hundred percent exist, of thousands none.
pub const RATE_MAX: i64 = 1_000;

/// States why a number is not a quantity, unit price or rate.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum NumberError {
    /// The text is not a plain decimal number.
    #[error("a {what} is a plain decimal number such as 1.25")]
    NotANumber {
        /// What was being read.
        what: &'static str,
    },
    /// It has more decimals than kept.
    #[error("a {what} has at most {places} decimals")]
    TooManyPlaces {
        /// What was being read.
        what: &'static str,
        /// The most decimals allowed.
        places: u32,
    },
    /// It is larger than any real one.
    #[error("a {what} is at most {max}")]
    TooLarge {
        /// What was being read.
        what: &'static str,
        /// The largest size allowed.
        max: i64,
    },
}

/// Checks places and size, and strips trailing zeros so that equal values have equal bytes.
fn checked(value: Decimal, what: &'static str, places: u32, max: i64) -> Result<Decimal, NumberError> {
    let value = value.normalize();
    if value.scale() > places {
        return Err(NumberError::TooManyPlaces { what, places });
    }
    if value.abs() > Decimal::from(max) {
        return Err(NumberError::TooLarge { what, max });
    }
    Ok(value)
}

/// Reads digits, one sign and one point; nothing else that a decimal library may tolerate.
fn parse(text: &str, what: &'static str) -> Result<Decimal, NumberError> {
    let plain = text
        .bytes()
        .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+'));
    let point_inside = !text.ends_with('.');
    if plain && point_inside {
        Decimal::from_str_exact(text).map_err(|_| NumberError::NotANumber { what })
    } else {
        Err(NumberError::NotANumber { what })
    }
}

/// Reads a JSON string or integer; a JSON number with a point has already lost its exact value.
struct NumberVisitor(&'static str);

impl serde::de::Visitor<'_> for NumberVisitor {
    type Value = Decimal;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a {} as text such as \"1.25\", or a whole number", self.0)
    }
    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Decimal, E> {
        parse(text, self.0).map_err(E::custom)
    }
    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<Decimal, E> {
        Ok(Decimal::from(value))
    }
    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<Decimal, E> {
        Ok(Decimal::from(value))
    }
    fn visit_f64<E: serde::de::Error>(self, _: f64) -> Result<Decimal, E> {
        Err(E::custom(format_args!(
            "write a {} with decimals as text such as \"1.25\": a JSON number is not exact",
            self.0
        )))
    }
}

/// Writes an int when whole, else RFC 8949's decimal fraction: tag 4 of [exponent, mantissa].
fn encode_decimal<W: minicbor::encode::Write>(
    value: Decimal,
    e: &mut minicbor::Encoder<W>,
) -> Result<(), minicbor::encode::Error<W::Error>> {
    let message = minicbor::encode::Error::message;
    let mantissa = i64::try_from(value.mantissa()).map_err(|_| message("the number has too many digits"))?;
    if value.scale() == 0 {
        return e.i64(mantissa)?.ok();
    }
    e.tag(Tag::new(4))?
        .array(2)?
        .i64(-i64::from(value.scale()))?
        .i64(mantissa)?
        .ok()
}

/// Reads what `encode_decimal` writes, and only that: one value has one encoding.
fn decode_decimal(d: &mut minicbor::Decoder<'_>) -> Result<Decimal, minicbor::decode::Error> {
    let message = minicbor::decode::Error::message;
    if d.datatype()? != Type::Tag {
        return Ok(Decimal::from(d.i64()?));
    }
    if d.tag()? != Tag::new(4) || d.array()? != Some(2) {
        return Err(message("a decimal is an int or a decimal fraction"));
    }
    let (exponent, mantissa) = (d.i64()?, d.i64()?);
    let scale = u32::try_from(exponent.unsigned_abs()).unwrap_or(u32::MAX);
    if exponent >= 0 || mantissa % 10 == 0 {
        return Err(message("a decimal fraction has no trailing zeros"));
    }
    Decimal::try_from_i128_with_scale(i128::from(mantissa), scale)
        .map_err(|_| message("the decimal has too many places"))
}

/// Declares the checked decimals, which differ in name, places and bound only.
macro_rules! numbers {
    ($($(#[$doc:meta])* $name:ident($what:literal, $places:ident, $max:ident);)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
        pub struct $name(Decimal);

        impl $name {
            /// Nothing.
            pub const ZERO: Self = Self(Decimal::ZERO);

            /// Returns the exact value, without trailing zeros.
            pub const fn decimal(self) -> Decimal {
                self.0
            }

            /// Returns the value with its sign turned.
            pub fn negated(self) -> Self {
                // Normalised again because a decimal knows a negative zero, and equal values have equal bytes.
                Self((-self.0).normalize())
            }

            /// Tells whether the value is exactly zero.
            pub fn is_zero(self) -> bool {
                self.0.is_zero()
            }

            /// Tells whether the value is below zero.
            pub fn is_negative(self) -> bool {
                self.0.is_sign_negative() && !self.0.is_zero()
            }

            /// Tells whether the value is above zero.
            pub fn is_positive(self) -> bool {
                self.0.is_sign_positive() && !self.0.is_zero()
            }

            /// Adds two values.
            ///
            /// # Errors
            /// When the sum leaves the bounds.
            pub fn checked_add(self, other: Self) -> Result<Self, NumberError> {
                // Within the bounds two decimals of at most eight places never overflow 96 bits.
                Self::try_from(self.0 + other.0)
            }

            /// Takes one value from the other.
            ///
            /// # Errors
            /// When the difference leaves the bounds.
            pub fn checked_sub(self, other: Self) -> Result<Self, NumberError> {
                Self::try_from(self.0 - other.0)
            }

            /// Splits the value into its digits and the power of ten that divides them.
            pub(crate) fn parts(self) -> (i64, u32) {
                // The bounds keep every mantissa within 64 bits.
                (i64::try_from(self.0.mantissa()).unwrap_or(0), self.0.scale())
            }
        }

        impl TryFrom<Decimal> for $name {
            type Error = NumberError;
            fn try_from(value: Decimal) -> Result<Self, NumberError> {
                checked(value, $what, $places, $max).map(Self)
            }
        }

        impl From<$name> for Decimal {
            fn from(value: $name) -> Self {
                value.0
            }
        }

        impl FromStr for $name {
            type Err = NumberError;
            fn from_str(text: &str) -> Result<Self, NumberError> {
                Self::try_from(parse(text, $what)?)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let value = deserializer.deserialize_any(NumberVisitor($what))?;
                Self::try_from(value).map_err(D::Error::custom)
            }
        }

        impl<C> Encode<C> for $name {
            fn encode<W: minicbor::encode::Write>(
                &self,
                e: &mut minicbor::Encoder<W>,
                _: &mut C,
            ) -> Result<(), minicbor::encode::Error<W::Error>> {
                encode_decimal(self.0, e)
            }
        }

        impl<'b, C> Decode<'b, C> for $name {
            fn decode(d: &mut minicbor::Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
                Self::try_from(decode_decimal(d)?).map_err(minicbor::decode::Error::custom)
            }
        }
    )*};
}

numbers! {
    /// How much is sold: up to [`QUANTITY_PLACES`] places, at most [`QUANTITY_MAX`] either way. Negative when goods come back.
    Quantity("quantity", QUANTITY_PLACES, QUANTITY_MAX);
    /// The price of one unit in major units of the currency: up to [`UNIT_PRICE_PLACES`] places, at most [`UNIT_PRICE_MAX`].
    UnitPrice("unit price", UNIT_PRICE_PLACES, UNIT_PRICE_MAX);
    /// A percentage as written: 20 is 20 %. Up to [`RATE_PLACES`] places, at most [`RATE_MAX`]; negative for taxes
    /// withheld from the seller.
    Rate("rate", RATE_PLACES, RATE_MAX);
}

impl Quantity {
    /// One unit.
    pub const ONE: Self = Self(Decimal::ONE);

    /// Returns the quantity in its smallest steps: hundred thousandths of a unit.
    pub fn steps(self) -> i64 {
        let (digits, places) = self.parts();
        digits * 10_i64.pow(QUANTITY_PLACES - places)
    }

    /// Returns the quantity of so many steps, the inverse of [`Quantity::steps`]; `None` when it is too large.
    pub fn of_steps(steps: i64) -> Option<Self> {
        Self::try_from(Decimal::new(steps, QUANTITY_PLACES)).ok()
    }

    /// Derives the quantity of an amount at a price per unit: three places, as scales show them, half away from
    /// zero, and never zero. `digits` are the currency's. `None` when the price is zero or the result too large.
    pub fn of_amount(amount_minor: i64, price: UnitPrice, digits: u8) -> Option<Self> {
        let amount = Decimal::try_from_i128_with_scale(i128::from(amount_minor), u32::from(digits)).ok()?;
        let exact = amount.checked_div(price.decimal())?;
        let mut rounded =
            exact.round_dp_with_strategy(3, rust_decimal::RoundingStrategy::MidpointAwayFromZero);
        if rounded.is_zero() {
            rounded = Decimal::new(amount_minor.signum(), 3);
        }
        Self::try_from(rounded).ok()
    }
}

impl Rate {
    /// A whole: everything.
    pub const HUNDRED: Self = Self(Decimal::ONE_HUNDRED);
}

impl UnitPrice {
    /// Returns the price that an amount of minor units is, for a currency with `digits` minor digits.
    pub fn of_minor(minor: i64, digits: u8) -> Result<Self, NumberError> {
        Self::try_from(Decimal::new(minor, u32::from(digits)))
    }
}

impl From<i32> for Quantity {
    fn from(count: i32) -> Self {
        Self(Decimal::from(count.clamp(-1_000_000_000, 1_000_000_000)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_bounded_and_plain() {
        assert_eq!("1.25000".parse::<Quantity>().unwrap().to_string(), "1.25");
        assert_eq!(
            "-1000000000".parse::<Quantity>().unwrap().to_string(),
            "-1000000000"
        );
        assert_eq!("-0.0".parse::<Quantity>(), Ok(Quantity::ZERO));
        for text in [
            "1.123456",
            "1000000000.1",
            "1e3",
            "1_0",
            "",
            "-",
            "1.",
            "NaN",
            "0x1",
            "1,5",
            " 1",
            "+-1",
        ] {
            assert!(text.parse::<Quantity>().is_err(), "{text}");
        }
        assert!("99999999999999999999999999999999".parse::<UnitPrice>().is_err());
        assert!("0.12345678".parse::<UnitPrice>().is_ok());
        assert!("1000.1".parse::<Rate>().is_err());
        assert!("-20".parse::<Rate>().is_ok());
    }

    #[test]
    fn json_takes_text_and_integers_but_no_floats() {
        assert_eq!(
            serde_json::from_str::<Rate>("\"7.70\"").unwrap().to_string(),
            "7.7"
        );
        assert_eq!(serde_json::from_str::<Rate>("20").unwrap().to_string(), "20");
        assert_eq!(
            serde_json::to_string(&"7.70".parse::<Rate>().unwrap()).unwrap(),
            "\"7.7\""
        );
        let error = serde_json::from_str::<Rate>("7.7").unwrap_err().to_string();
        assert!(error.starts_with("write a rate with decimals as text"), "{error}");
    }

    #[test]
    fn cbor_is_short_and_has_one_form() {
        for (text, length) in [
            ("20", 1),
            ("-3", 1),
            ("1.25", 5),
            ("0.00001", 4),
            ("90000000000", 9),
        ] {
            let value = text.parse::<UnitPrice>().unwrap();
            let bytes = minicbor::to_vec(value).unwrap();
            assert_eq!(bytes.len(), length, "{text}");
            assert_eq!(minicbor::decode::<UnitPrice>(&bytes).unwrap(), value);
        }
        for bytes in [
            &[0xc4, 0x82, 0x20, 0x0a][..],
            &[0xc4, 0x82, 0x00, 0x01],
            &[0xc4, 0x82, 0x29, 0x01],
            &[0xc4, 0x82, 0x3b, 255, 255, 255, 255, 255, 255, 255, 255, 1],
            &[0xc5, 0x82, 0x20, 0x01],
            &[0x1b, 255, 255, 255, 255, 255, 255, 255, 255],
            &[0xf9, 0, 0],
        ] {
            assert!(minicbor::decode::<Quantity>(bytes).is_err(), "{bytes:?}");
        }
    }
}

//! Units of measure, and exact conversion between those that measure the same.

use super::{NumberError, Quantity};
use minicbor::{Decode, Encode};
use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::fmt;
use std::str::FromStr;

/// Longest name of a unit of the shop's own, in characters: it is printed beside the quantity.
pub const UNIT_NAME_MAX: usize = 32;

/// What a quantity counts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Unit {
    /// Pieces.
    #[default]
    Each,
    /// Kilograms.
    Kilogram,
    /// Grams.
    Gram,
    /// Litres.
    Litre,
    /// Millilitres.
    Millilitre,
    /// Metres.
    Metre,
    /// Hours.
    Hour,
    /// A unit of the shop's own, by its name: "bunch". At most [`UNIT_NAME_MAX`] characters.
    Own(String),
}

impl Unit {
    /// Returns the short name: "each", "kg", "g", "l", "ml", "m", "hour", or the shop's own.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Each => "each",
            Self::Kilogram => "kg",
            Self::Gram => "g",
            Self::Litre => "l",
            Self::Millilitre => "ml",
            Self::Metre => "m",
            Self::Hour => "hour",
            Self::Own(name) => name,
        }
    }

    /// Restates a quantity of this unit in another one; `None` when that is not exact or not possible.
    pub fn convert(&self, quantity: Quantity, to: &Self) -> Option<Quantity> {
        let value = quantity.decimal();
        let value = match (self, to) {
            (a, b) if a == b => value,
            (Self::Kilogram, Self::Gram) | (Self::Litre, Self::Millilitre) => {
                value.checked_mul(Decimal::from(1_000))?
            }
            (Self::Gram, Self::Kilogram) | (Self::Millilitre, Self::Litre) => {
                value.checked_mul(Decimal::new(1, 3))?
            }
            _ => return None,
        };
        Quantity::try_from(value).ok()
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Unit {
    type Err = NumberError;
    fn from_str(text: &str) -> Result<Self, NumberError> {
        Ok(match text {
            "each" => Self::Each,
            "kg" => Self::Kilogram,
            "g" => Self::Gram,
            "l" => Self::Litre,
            "ml" => Self::Millilitre,
            "m" => Self::Metre,
            "hour" => Self::Hour,
            own if own.chars().count() <= UNIT_NAME_MAX => Self::Own(own.to_owned()),
            _ => {
                return Err(NumberError::TooLarge {
                    what: "unit's name",
                    max: UNIT_NAME_MAX as i64,
                });
            }
        })
    }
}

impl Serialize for Unit {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Unit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(D::Error::custom)
    }
}

impl<C> Encode<C> for Unit {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut minicbor::Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.str(self.as_str())?.ok()
    }
}

impl<'b, C> Decode<'b, C> for Unit {
    fn decode(d: &mut minicbor::Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        d.str()?.parse().map_err(minicbor::decode::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_convert_exactly_or_not_at_all() {
        let quantity = |text: &str| text.parse::<Quantity>().unwrap();
        assert_eq!(
            Unit::Kilogram.convert(quantity("1.25"), &Unit::Gram),
            Some(quantity("1250"))
        );
        assert_eq!(
            Unit::Gram.convert(quantity("5"), &Unit::Kilogram),
            Some(quantity("0.005"))
        );
        assert_eq!(Unit::Gram.convert(quantity("0.001"), &Unit::Kilogram), None);
        assert_eq!(Unit::Kilogram.convert(quantity("1000000000"), &Unit::Gram), None);
        assert_eq!(
            Unit::Millilitre.convert(quantity("330"), &Unit::Litre),
            Some(quantity("0.33"))
        );
        assert_eq!(Unit::Gram.convert(quantity("1"), &Unit::Litre), None);
        assert_eq!(
            serde_json::from_str::<Unit>("\"bunch\"").unwrap(),
            Unit::Own("bunch".into())
        );
        assert_eq!(serde_json::to_string(&Unit::Kilogram).unwrap(), "\"kg\"");
        assert!("x".repeat(33).parse::<Unit>().is_err());
    }
}

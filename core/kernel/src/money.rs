//! Money: whole minor units with their currency.
//!
//! The minor digits are those of ISO 4217. CLDR's digits are for display and cash only and live with
//! the country packs.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::fmt;
use thiserror::Error;

/// The most minor digits a currency may have: ISO 4217 knows up to 4 (CLF, UYW), books of others keep up to 6.
pub const MAX_DIGITS: u8 = 6;

/// ISO 4217 currencies with two minor digits.
const TWO_DIGITS: &[u8] = b"AEDAFNALLAMDANGAOAARSAUDAWGAZNBAMBBDBDTBGNBMDBNDBOBBOVBRLBSDBTNBWPBYNBZDCADCDFCHECHFCHWCNYCOPCOUCRCCUCCUPCVECZKDKKDOPDZDEGPERNETBEURFJDFKPGBPGELGHSGIPGMDGTQGYDHKDHNLHRKHTGHUFIDRILSINRIRRJMDKESKGSKHRKPWKYDKZTLAKLBPLKRLRDLSLMADMDLMGAMKDMMKMNTMOPMRUMURMVRMWKMXNMXVMYRMZNNADNGNNIONOKNPRNZDPABPENPGKPHPPKRPLNQARRONRSDRUBSARSBDSCRSDGSEKSGDSHPSLESLLSOSSRDSSPSTNSVCSYPSZLTHBTJSTMTTOPTRYTTDTWDTZSUAHUSDUSNUYUUZSVEDVESWSTXADXCDXCGYERZARZMWZWGZWL";
/// ISO 4217 currencies without a minor unit.
const NO_DIGITS: &[u8] = b"BIFCLPDJFGNFISKJPYKMFKRWPYGRWFUGXUYIVNDVUVXAFXOFXPF";
/// ISO 4217 currencies with three minor digits.
const THREE_DIGITS: &[u8] = b"BHDIQDJODKWDLYDOMRTND";
/// ISO 4217 currencies with four minor digits.
const FOUR_DIGITS: &[u8] = b"CLFUYW";

/// States that a currency is not one Barrow can count in.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error(
    "\"{code}\" is not a currency: expected an ISO 4217 code such as EUR, or a code with its digits such as XYZ:3"
)]
pub struct UnknownCurrency {
    /// What was asked for, cut to 16 characters.
    pub code: String,
}

impl UnknownCurrency {
    fn of(text: &str) -> Self {
        Self {
            code: text.chars().take(16).collect(),
        }
    }
}

/// States why an amount of money could not be made.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum MoneyError {
    /// Two currencies met in one sum.
    #[error("{left} and {right} cannot be added: convert one of them first")]
    Mixed {
        /// The currency of the first amount.
        left: Currency,
        /// The currency of the second amount.
        right: Currency,
    },
    /// The amount leaves the 64 bits of minor units.
    #[error("the amount is too large")]
    Overflow,
    /// The text is not a plain decimal number.
    #[error("an amount is written with digits and at most one point, such as 9.28")]
    NotAnAmount,
    /// The text has more decimals than the currency.
    #[error("{currency} has {} decimals", .currency.digits)]
    TooManyDecimals {
        /// The currency meant.
        currency: Currency,
    },
}

/// A currency: its three-letter code and how many decimals its minor unit has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency {
    /// Three upper-case ASCII letters.
    pub code: [u8; 3],
    /// Decimals of the minor unit, 0 to [`MAX_DIGITS`].
    pub digits: u8,
}

impl Currency {
    /// Gives the currency with its minor digits as ISO 4217 lists them.
    ///
    /// Funds codes with a minor unit are known; metals, SDR and the test codes, which have none, are not.
    pub fn iso(code: &str) -> Result<Self, UnknownCurrency> {
        let unknown = || UnknownCurrency::of(code);
        let code = <[u8; 3]>::try_from(code.as_bytes()).map_err(|_| unknown())?;
        let digits = iso_digits(code).ok_or_else(unknown)?;
        Ok(Self { code, digits })
    }

    /// Gives a currency outside ISO 4217 (a festival's token), or one whose digits the shop keeps otherwise.
    pub fn with_digits(code: &str, digits: u8) -> Result<Self, UnknownCurrency> {
        let unknown = || UnknownCurrency::of(code);
        let code = <[u8; 3]>::try_from(code.as_bytes()).map_err(|_| unknown())?;
        if digits > MAX_DIGITS || !code.iter().all(u8::is_ascii_uppercase) {
            return Err(unknown());
        }
        Ok(Self { code, digits })
    }

    /// Returns the three letters.
    pub fn code_str(&self) -> &str {
        std::str::from_utf8(&self.code).unwrap_or("???")
    }

    /// Returns how many minor units make one major unit: 100 for EUR.
    pub const fn minor_per_major(&self) -> i64 {
        match self.digits {
            0 => 1,
            1 => 10,
            2 => 100,
            3 => 1_000,
            4 => 10_000,
            5 => 100_000,
            _ => 1_000_000,
        }
    }

    /// Writes an amount of minor units as a plain number: 928 is "9.28" in EUR and "928" in JPY.
    pub fn format(&self, minor: i64) -> String {
        let (sign, size) = (if minor < 0 { "-" } else { "" }, minor.unsigned_abs());
        let scale = self.minor_per_major().unsigned_abs();
        match usize::from(self.digits.min(MAX_DIGITS)) {
            0 => format!("{sign}{size}"),
            width => format!("{sign}{}.{:0width$}", size / scale, size % scale),
        }
    }

    /// Reads a plain number as minor units: "9.28", "9.2", "9" and "-.50" in EUR.
    ///
    /// More decimals than the currency has are refused even when they are zeros: a typed "9.280" is more
    /// often a slip than a precision.
    pub fn parse(&self, text: &str) -> Result<i64, MoneyError> {
        let (negative, body) = match text.as_bytes().first() {
            Some(b'-') => (true, &text[1..]),
            Some(b'+') => (false, &text[1..]),
            _ => (false, text),
        };
        let (whole, decimals) = body.split_once('.').unwrap_or((body, ""));
        let digits_only = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        let empty = whole.is_empty() && decimals.is_empty();
        if empty || body.ends_with('.') || !digits_only(whole) || !digits_only(decimals) {
            return Err(MoneyError::NotAnAmount);
        }
        let width = usize::from(self.digits.min(MAX_DIGITS));
        if decimals.len() > width {
            return Err(MoneyError::TooManyDecimals { currency: *self });
        }
        let padding = std::iter::repeat_n(b'0', width - decimals.len());
        whole
            .bytes()
            .chain(decimals.bytes())
            .chain(padding)
            .try_fold(0_i64, |minor, digit| {
                let digit = i64::from(digit - b'0');
                let shifted = minor.checked_mul(10).ok_or(MoneyError::Overflow)?;
                // Counting away from zero on the side of the sign, so that the least i64 can be read too.
                let next = if negative {
                    shifted.checked_sub(digit)
                } else {
                    shifted.checked_add(digit)
                };
                next.ok_or(MoneyError::Overflow)
            })
    }

    /// Reads "EUR" or "XYZ:3".
    fn from_text(text: &str) -> Result<Self, UnknownCurrency> {
        match text.split_once(':') {
            None => Self::iso(text),
            Some((code, digits)) if digits.len() == 1 => {
                let digits = digits.parse().map_err(|_| UnknownCurrency::of(text))?;
                Self::with_digits(code, digits)
            }
            Some(_) => Err(UnknownCurrency::of(text)),
        }
    }

    /// Writes "EUR", or "XYZ:3" when the digits are not those of ISO 4217.
    fn to_text(self) -> String {
        if iso_digits(self.code) == Some(self.digits) {
            self.code_str().to_owned()
        } else {
            format!("{}:{}", self.code_str(), self.digits)
        }
    }
}

/// Looks up the minor digits of an ISO 4217 code.
fn iso_digits(code: [u8; 3]) -> Option<u8> {
    let listed = |table: &[u8]| table.chunks_exact(3).any(|entry| entry == code);
    [
        (TWO_DIGITS, 2),
        (NO_DIGITS, 0),
        (THREE_DIGITS, 3),
        (FOUR_DIGITS, 4),
    ]
    .into_iter()
    .find_map(|(table, digits)| listed(table).then_some(digits))
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code_str())
    }
}

impl std::str::FromStr for Currency {
    type Err = UnknownCurrency;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::from_text(text)
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_text())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::from_text(&text).map_err(D::Error::custom)
    }
}

impl<C> Encode<C> for Currency {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut minicbor::Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.str(&self.to_text())?.ok()
    }
}

impl<'b, C> Decode<'b, C> for Currency {
    fn decode(d: &mut minicbor::Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        Self::from_text(d.str()?).map_err(minicbor::decode::Error::custom)
    }
}

/// An amount of money in whole minor units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Encode, Decode)]
pub struct Money {
    /// Minor units: cents for EUR, yen for JPY.
    #[n(0)]
    pub minor: i64,
    /// The currency counted in.
    #[n(1)]
    pub currency: Currency,
}

impl Money {
    /// Makes an amount of minor units.
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// Adds two amounts of one currency.
    pub fn checked_add(self, other: Self) -> Result<Self, MoneyError> {
        self.same_currency(other)?;
        self.with(self.minor.checked_add(other.minor))
    }

    /// Takes an amount of the same currency off.
    pub fn checked_sub(self, other: Self) -> Result<Self, MoneyError> {
        self.same_currency(other)?;
        self.with(self.minor.checked_sub(other.minor))
    }

    /// Turns the sign.
    pub fn checked_neg(self) -> Result<Self, MoneyError> {
        self.with(self.minor.checked_neg())
    }

    fn same_currency(self, other: Self) -> Result<(), MoneyError> {
        let (left, right) = (self.currency, other.currency);
        if left == right {
            Ok(())
        } else {
            Err(MoneyError::Mixed { left, right })
        }
    }

    fn with(self, minor: Option<i64>) -> Result<Self, MoneyError> {
        let minor = minor.ok_or(MoneyError::Overflow)?;
        Ok(Self { minor, ..self })
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.currency.format(self.minor), self.currency)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn eur(minor: i64) -> Money {
        Money::new(minor, Currency::iso("EUR").unwrap())
    }

    #[test]
    fn iso_knows_every_number_of_digits() {
        for (code, digits) in [
            ("EUR", 2),
            ("JPY", 0),
            ("KWD", 3),
            ("CLF", 4),
            ("ISK", 0),
            ("XCG", 2),
            ("UYW", 4),
        ] {
            assert_eq!(Currency::iso(code).unwrap().digits, digits, "{code}");
        }
        for code in ["eur", "EURO", "XAU", "XXX", "EU", "", "ÄB", "URF"] {
            assert!(Currency::iso(code).is_err(), "{code}");
        }
        let all: Vec<_> = [TWO_DIGITS, NO_DIGITS, THREE_DIGITS, FOUR_DIGITS].concat();
        let mut codes: Vec<_> = all.chunks(3).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len() * 3, all.len(), "no code is listed twice, none is cut");
    }

    #[test]
    fn format_and_parse_mirror_each_other() {
        for (code, minor, text) in [
            ("EUR", 928, "9.28"),
            ("EUR", -5, "-0.05"),
            ("JPY", 928, "928"),
            ("KWD", 1, "0.001"),
            ("CLF", -10_000, "-1.0000"),
            ("EUR", i64::MIN, "-92233720368547758.08"),
        ] {
            let currency = Currency::iso(code).unwrap();
            assert_eq!(currency.format(minor), text);
            assert_eq!(currency.parse(text), Ok(minor));
        }
        let currency = Currency::iso("EUR").unwrap();
        assert_eq!(currency.parse("9"), Ok(900));
        assert_eq!(currency.parse("+.5"), Ok(50));
        assert_eq!(
            currency.parse("9.280"),
            Err(MoneyError::TooManyDecimals { currency })
        );
        assert_eq!(currency.parse("92233720368547758.08"), Err(MoneyError::Overflow));
        for text in ["", "-", ".", "9.", "1,0", "1e2", "--1", " 1", "1_0", "٣", "-+1"] {
            assert_eq!(currency.parse(text), Err(MoneyError::NotAnAmount), "{text}");
        }
    }

    #[test]
    fn amounts_never_mix_or_wrap() {
        let yen = Money::new(1, Currency::iso("JPY").unwrap());
        assert!(matches!(eur(1).checked_add(yen), Err(MoneyError::Mixed { .. })));
        assert_eq!(eur(i64::MAX).checked_add(eur(1)), Err(MoneyError::Overflow));
        assert_eq!(eur(i64::MIN).checked_neg(), Err(MoneyError::Overflow));
        assert_eq!(eur(928).checked_sub(eur(8)), Ok(eur(920)));
        assert_eq!(eur(928).to_string(), "9.28 EUR");
    }

    #[test]
    fn a_currency_is_its_code_with_digits_only_when_needed() {
        for (currency, text) in [
            (Currency::iso("EUR").unwrap(), "\"EUR\""),
            (Currency::with_digits("XYZ", 3).unwrap(), "\"XYZ:3\""),
            (Currency::with_digits("EUR", 3).unwrap(), "\"EUR:3\""),
        ] {
            assert_eq!(serde_json::to_string(&currency).unwrap(), text);
            assert_eq!(serde_json::from_str::<Currency>(text).unwrap(), currency);
            let bytes = minicbor::to_vec(currency).unwrap();
            assert_eq!(minicbor::decode::<Currency>(&bytes).unwrap(), currency);
        }
        for text in ["\"XYZ\"", "\"XYZ:9\"", "\"XYZ:\"", "\"xyz:2\"", "7"] {
            assert!(serde_json::from_str::<Currency>(text).is_err(), "{text}");
        }
    }
}

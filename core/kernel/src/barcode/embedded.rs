//! Numbers that carry a weight, a price or a count ("variable measure" trade items).
//!
//! Prefixes 02 and 20 to 29 are restricted circulation numbers: each national GS1 organisation says what the
//! digits mean there (GS1 General Specifications 2.1.12.2), and no prefix means the same everywhere. So a rule
//! is data: a pattern of thirteen (EAN-13), twelve (UPC-A) or eight (EAN-8) signs.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::quantity::{Quantity, Unit};

use super::{EmbeddedValue, Meaning, RefusedRule, check_digit, push_key};

/// How to read the measure in a number.
///
/// The signs of the pattern: a digit stands for itself, `I` item, `V` inner check digit over the measure,
/// `W` weight, `P` price, `N` count, `X` ignored, `C` check digit (last). Exactly one of `W`, `P`, `N` is used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmbeddedRule {
    /// A name to show, "DE 28" for a built-in rule.
    pub name: String,
    /// The country it belongs to (ISO 3166-1 alpha-2), empty for a shop's own rule.
    #[serde(default)]
    pub country: String,
    /// The pattern, for instance `28IIIIVWWWWWC`.
    pub pattern: String,
    /// The places after the decimal point of the measure: of `unit`, or of the currency's major unit.
    #[serde(default)]
    pub decimals: u32,
    /// The unit of a weight.
    #[serde(default = "kilogram")]
    pub unit: Unit,
    /// The currency of a price (ISO 4217), empty when it is the shop's.
    #[serde(default)]
    pub currency: String,
    /// The minor digits of that currency, which turn the price into minor units.
    #[serde(default = "two")]
    pub minor_digits: u32,
}

fn kilogram() -> Unit {
    Unit::Kilogram
}

fn two() -> u32 {
    2
}

/// Why a rule can't be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadRule {
    /// The pattern has another length than a number it could read.
    #[error("the pattern {pattern} has {} signs: it needs 13, 12 or 8", pattern.chars().count())]
    Length {
        /// The pattern.
        pattern: String,
    },
    /// A sign that means nothing.
    #[error("the pattern {pattern} holds \"{sign}\": use digits, I, V, W, P, N, X and a C at the end")]
    Sign {
        /// The pattern.
        pattern: String,
        /// The sign.
        sign: char,
    },
    /// Not exactly one measure, no item, a check digit in the wrong place.
    #[error("the pattern {pattern} {why}")]
    Shape {
        /// The pattern.
        pattern: String,
        /// What is wrong, in words.
        why: &'static str,
    },
    /// The price has more places than the currency.
    #[error("a price with {decimals} decimals can't be in a currency with {minor_digits}")]
    Decimals {
        /// The decimals of the rule.
        decimals: u32,
        /// The currency's.
        minor_digits: u32,
    },
}

/// The most places of a measure and of a currency: those of a quantity, and one more than any currency has.
const MAX_PLACES: u32 = 5;

impl EmbeddedRule {
    /// Reads a shop's own rule as people write it: the pattern, then, each after a colon and both optional, the
    /// decimals and the unit (of a price: the minor digits of the currency). `28IIIIVWWWWWC` is a weight in
    /// grams, `28IIIIVWWWWWC:2:kg` one in tens of grams, `02IIIIIVPPPPC` a price in cents.
    ///
    /// # Errors
    /// [`BadRule`], which names what is wrong.
    pub fn parse(text: &str) -> Result<Self, BadRule> {
        let mut fields = text.trim().split(':').map(str::trim);
        let pattern = fields.next().unwrap_or_default().to_ascii_uppercase();
        let (second, third) = (fields.next(), fields.next());
        let bad = |why| BadRule::Shape {
            pattern: pattern.clone(),
            why,
        };
        let price = pattern.contains('P');
        // Without more words a weight is in grams of a kilogram and a price in hundredths.
        let usual = if pattern.contains('W') {
            3
        } else {
            two() * u32::from(price)
        };
        let decimals = match second.map(str::parse::<u32>) {
            None => usual,
            Some(Ok(n)) => n,
            Some(Err(_)) => return Err(bad("needs a whole number of decimals after its colon")),
        };
        let (unit, minor_digits) = match third {
            None => (kilogram(), two().max(decimals * u32::from(price))),
            Some(digits) if price => (
                kilogram(),
                digits
                    .parse()
                    .map_err(|_| bad("needs the minor digits of its currency at its end"))?,
            ),
            Some(unit) => (
                unit.parse()
                    .map_err(|_| bad("has a unit that is too long or empty"))?,
                two(),
            ),
        };
        if fields.next().is_some() {
            return Err(bad("has more than two colons"));
        }
        let rule = Self {
            name: text.trim().to_owned(),
            country: String::new(),
            pattern: pattern.clone(),
            decimals,
            unit,
            currency: String::new(),
            minor_digits,
        };
        rule.check()?;
        Ok(rule)
    }

    /// Checks that the rule can be used.
    ///
    /// # Errors
    /// [`BadRule`], which names what is wrong.
    pub fn check(&self) -> Result<(), BadRule> {
        let pattern = self.pattern.clone();
        let shape = |why| BadRule::Shape {
            pattern: pattern.clone(),
            why,
        };
        if !matches!(self.pattern.chars().count(), 8 | 12 | 13) {
            return Err(BadRule::Length { pattern });
        }
        if let Some(sign) = self
            .pattern
            .chars()
            .find(|c| !c.is_ascii_digit() && !"IVWPNXC".contains(*c))
        {
            return Err(BadRule::Sign { pattern, sign });
        }
        if self.pattern.find('C') != Some(self.pattern.len() - 1) {
            return Err(shape("needs one C, at its end"));
        }
        if !self.pattern.starts_with(|c: char| c.is_ascii_digit()) {
            return Err(shape("needs the digits of its prefix at its start"));
        }
        if self.kinds() != 1 {
            return Err(shape("needs exactly one kind of measure: W, P or N"));
        }
        if !self.pattern.contains('I') {
            return Err(shape("needs the digits of the item, as I"));
        }
        let measure = self.pattern.chars().filter(|c| "WPN".contains(*c)).count();
        match self.pattern.chars().filter(|c| *c == 'V').count() {
            0 => {}
            1 if matches!(measure, 4 | 5) => {}
            1 => {
                return Err(shape(
                    "has an inner check digit, which exists for 4 or 5 digits only",
                ));
            }
            _ => return Err(shape("has more than one inner check digit")),
        }
        if self.decimals > MAX_PLACES
            || self.minor_digits > MAX_PLACES
            || (self.pattern.contains('P') && self.decimals > self.minor_digits)
        {
            return Err(BadRule::Decimals {
                decimals: self.decimals,
                minor_digits: self.minor_digits,
            });
        }
        Ok(())
    }

    fn kinds(&self) -> usize {
        ['W', 'P', 'N']
            .iter()
            .filter(|k| self.pattern.contains(**k))
            .count()
    }

    /// Returns the digits of a number that stand under a sign of the pattern.
    fn pick(&self, digits: &str, signs: &str) -> String {
        self.pattern
            .chars()
            .zip(digits.chars())
            .filter(|(p, _)| signs.contains(*p))
            .map(|(_, d)| d)
            .collect()
    }

    fn fits(&self, digits: &str) -> bool {
        self.pattern.len() == digits.len()
            && self
                .pattern
                .chars()
                .zip(digits.chars())
                .all(|(p, d)| !p.is_ascii_digit() || p == d)
    }

    /// Returns the number with its measure set to zero and its check digits made right: the key under which
    /// shops file an item whose label changes with every weighing.
    fn zeroed(&self, digits: &str) -> String {
        let zeros = "0".repeat(self.pick(digits, "WPN").len());
        let inner = variable_measure_digit(&zeros).unwrap_or(0);
        let mut out: String = self
            .pattern
            .chars()
            .zip(digits.chars())
            .filter(|(p, _)| *p != 'C')
            .map(|(p, d)| match p {
                'W' | 'P' | 'N' => '0',
                'V' => char::from(b'0' + inner),
                _ => d,
            })
            .collect();
        if let Some(check) = check_digit(&out) {
            out.push(char::from(b'0' + check));
        }
        out
    }
}

/// What the rules made of a number.
pub(super) enum Applied {
    Read(Meaning),
    Refused(RefusedRule),
    None,
}

/// Tries the rules in order on a number whose check digit is right. A rule that is not in order is skipped.
pub(super) fn apply(digits: &str, gtin14: &str, rules: &[EmbeddedRule]) -> Applied {
    let mut refused = None;
    for rule in rules {
        // A pattern of thirteen reads a UPC-A as the EAN-13 it is, and one of twelve the other way round.
        let Some(digits) = in_form(digits, gtin14, rule.pattern.len()) else {
            continue;
        };
        if !rule.fits(digits) || rule.check().is_err() {
            continue;
        }
        let measure = rule.pick(digits, "WPN");
        let inner = rule.pick(digits, "V");
        if let (Some(expected), Some(found)) = (
            variable_measure_digit(&measure),
            inner.bytes().next().map(|b| b - b'0'),
        ) && expected != found
        {
            refused.get_or_insert(RefusedRule {
                rule: rule.name.clone(),
                expected,
                found,
            });
            continue;
        }
        let Ok(number) = measure.parse::<i64>() else {
            continue;
        };
        let value = if rule.pattern.contains('P') {
            let Some(minor) = number.checked_mul(10i64.pow(rule.minor_digits - rule.decimals)) else {
                continue;
            };
            EmbeddedValue::Price { minor }
        } else {
            let Ok(quantity) = Quantity::try_from(Decimal::new(number, rule.decimals)) else {
                continue;
            };
            if rule.pattern.contains('W') {
                EmbeddedValue::Weight {
                    quantity,
                    unit: rule.unit.clone(),
                }
            } else {
                EmbeddedValue::Count { quantity }
            }
        };
        let item_code = rule.pick(digits, "I");
        let prefix: String = rule.pattern.chars().take_while(char::is_ascii_digit).collect();
        let mut item_keys = Vec::new();
        push_key(&mut item_keys, &rule.zeroed(digits));
        push_key(&mut item_keys, &format!("{prefix}{item_code}"));
        push_key(&mut item_keys, &item_code);
        push_key(&mut item_keys, item_code.trim_start_matches('0'));
        return Applied::Read(Meaning::Embedded {
            rule: rule.name.clone(),
            country: rule.country.clone(),
            item_code,
            item_keys,
            value,
            gtin14: gtin14.to_owned(),
        });
    }
    refused.map_or(Applied::None, Applied::Refused)
}

fn in_form<'a>(digits: &'a str, gtin14: &'a str, length: usize) -> Option<&'a str> {
    match length {
        8 => (digits.len() == 8).then_some(digits),
        // An EAN-8 padded to thirteen digits is not an EAN-13.
        12 | 13 if matches!(digits.len(), 12 | 13) => {
            let cut = gtin14.len().checked_sub(length)?;
            let (zeros, rest) = gtin14.split_at_checked(cut)?;
            zeros.bytes().all(|b| b == b'0').then_some(rest)
        }
        _ => None,
    }
}

/// Returns the inner check digit for a price or weight of four or five digits (General Specifications 7.9.2 to
/// 7.9.4). `None` for any other text.
pub fn variable_measure_digit(measure: &str) -> Option<u8> {
    if !measure.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let d: Vec<u8> = measure.bytes().map(|b| b - b'0').collect();
    // The weighting factors of 7.9.2: "2-" is twice the digit less its tens, and so on; units of the result.
    let two_minus = |d: u8| (2 * d - 2 * d / 10) % 10;
    let three = |d: u8| 3 * d % 10;
    let five_plus = |d: u8| (5 * d + 5 * d / 10) % 10;
    let five_minus = |d: u8| (5 * d - 5 * d / 10) % 10;
    match d[..] {
        [a, b, c, e] => Some((two_minus(a) + two_minus(b) + three(c) + five_minus(e)) * 3 % 10),
        [a, b, c, e, f] => {
            let sum = five_plus(a) + two_minus(b) + five_minus(c) + five_plus(e) + two_minus(f);
            let missing = (10 - sum % 10) % 10;
            // The digit whose "5-" product makes up what is missing to the next ten.
            (0..10).find(|digit| five_minus(*digit) == missing)
        }
        _ => None,
    }
}

/// One line of the built-in table: country, currency, prefix, pattern after the prefix, decimals.
type Line = (&'static str, &'static str, &'static str, &'static str, u32);

// National rules for restricted circulation numbers. Sources, as the national GS1 organisations publish them:
// DK gs1.dk "GTIN-13 pris" and "GTIN-13 vaegt"; FI gs1.fi "How to identify a product"; DE GS1 Germany "Globale
// Artikelnummer (GTIN) in der Anwendung" and the SAN-4 concept; GB gs1uk.org "How to barcode variable measure
// items"; SE gs1.se "variable weight numbers"; LV, EE, LT GS1 Latvia "Variable measure in Latvia"; NO publishes
// none, and labels found in shops follow the Swedish rule. US, CA: General Specifications 2.1.12.2, UPC-A with
// number system 2, five item digits, four-digit price with its check digit.
#[rustfmt::skip]
const LINES: &[Line] = &[
    ("DK", "DKK", "21", "IIIIPPPPPPC", 2),
    ("DK", "DKK", "22", "IIIIPPPPPPC", 2),
    ("DK", "DKK", "23", "IIIIPPPPPPC", 2),
    ("DK", "DKK", "24", "IIIIPPPPPPC", 2),
    ("DK", "DKK", "26", "IIIIWWWWWWC", 3),
    ("DK", "DKK", "27", "IIIIIWWWWWC", 3),
    ("DK", "DKK", "28", "IIIIWWWWWWC", 3),
    ("EE", "EUR", "23", "IIIIIIWWWWC", 3),
    ("EE", "EUR", "24", "IIIIIIWWWWC", 2),
    ("EE", "EUR", "25", "IIIIIIWWWWC", 1),
    ("FI", "EUR", "23", "IIIIIIWWWWC", 3),
    ("FI", "EUR", "24", "IIIIIIWWWWC", 2),
    ("FI", "EUR", "25", "IIIIIIWWWWC", 1),
    ("DE", "EUR", "22", "IIIIVPPPPPC", 2),
    ("DE", "EUR", "23", "IIIIVPPPPPC", 2),
    ("DE", "EUR", "25", "IIIIVNNNNNC", 0),
    ("DE", "EUR", "26", "IIIIVNNNNNC", 0),
    ("DE", "EUR", "28", "IIIIVWWWWWC", 3),
    ("DE", "EUR", "29", "IIIIVWWWWWC", 3),
    ("GB", "GBP", "20", "IIIIIVPPPPC", 2),
    ("LV", "EUR", "23", "IIIIIIWWWWC", 3),
    ("LV", "EUR", "24", "IIIIIIWWWWC", 2),
    ("LV", "EUR", "25", "IIIIIIWWWWC", 1),
    ("LT", "EUR", "23", "IIIIIIWWWWC", 3),
    ("LT", "EUR", "24", "IIIIIIWWWWC", 2),
    ("LT", "EUR", "25", "IIIIIIWWWWC", 1),
    ("NO", "NOK", "20", "IIIIIIPPPPC", 2),
    ("NO", "NOK", "21", "IIIIIIPPPPC", 1),
    ("NO", "NOK", "22", "IIIIIIPPPPC", 0),
    ("NO", "NOK", "23", "IIIIIIWWWWC", 3),
    ("NO", "NOK", "24", "IIIIIIWWWWC", 2),
    ("NO", "NOK", "25", "IIIIIIWWWWC", 1),
    ("SE", "SEK", "20", "IIIIIIPPPPC", 2),
    ("SE", "SEK", "21", "IIIIIIPPPPC", 1),
    ("SE", "SEK", "22", "IIIIIIPPPPC", 0),
    ("SE", "SEK", "23", "IIIIIIWWWWC", 3),
    ("SE", "SEK", "24", "IIIIIIWWWWC", 2),
    ("SE", "SEK", "25", "IIIIIIWWWWC", 1),
    ("US", "USD", "02", "IIIIIVPPPPC", 2),
    ("CA", "CAD", "02", "IIIIIVPPPPC", 2),
];

/// Returns the built-in rules of a country (ISO 3166-1 alpha-2, in capitals or small), none for a country whose
/// rule is not known.
pub fn builtin_rules(country: &str) -> Vec<EmbeddedRule> {
    LINES
        .iter()
        .filter(|line| line.0.eq_ignore_ascii_case(country))
        .map(|(country, currency, prefix, rest, decimals)| EmbeddedRule {
            name: format!("{country} {prefix}"),
            country: (*country).to_owned(),
            pattern: format!("{prefix}{rest}"),
            decimals: *decimals,
            unit: kilogram(),
            currency: if rest.contains('P') {
                (*currency).to_owned()
            } else {
                String::new()
            },
            minor_digits: 2,
        })
        .collect()
}

//! What a scanned, typed or photographed code says.
//!
//! [`read`] turns the text of a code into its catalogue keys and its meaning: a trade item number, a price or
//! weight embedded by a scale, GS1 element strings, a GS1 Digital Link, or plain text. It never looks anything
//! up: the caller tries [`Code::keys`] in the catalogue first, and only then believes an embedded rule, because
//! a shop's own static codes lie in the same prefixes as the scale labels of some countries.
//!
//! Sources: GS1 General Specifications (the sections are named where a rule is applied), GS1 Digital Link
//! Standard: URI Syntax, ISO/IEC 15424 for the symbology identifiers.

mod ai_table;
mod aim;
mod code_list;
mod digital_link;
mod embedded;
mod field_check;
mod gs1;
mod gtin;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::quantity::{Quantity, Unit};

pub use ai_table::{AiEntry, ai_entry, ai_table};
pub use aim::AimId;
pub use digital_link::{element_string, to_uri};
pub use embedded::{BadRule, EmbeddedRule, builtin_rules, variable_measure_digit};
pub use gtin::{check_digit, compress_upc_a, expand_upc_e, is_valid, to_gtin14};

/// The longest code that is read, in bytes: the alphanumeric capacity of the largest QR code (version 40-L),
/// which is more than any other symbol a till meets can hold. Longer input is a paste by mistake or an attack.
pub const MAX_CODE_BYTES: usize = 4_296;

/// The most element strings one code may carry. The largest real carriers hold under thirty; the bound keeps
/// the pair checks small.
pub const MAX_ELEMENTS: usize = 64;

/// The kind of symbol a code was read from, when the reader tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)] // the names are the symbologies' own
pub enum Symbology {
    Ean13,
    Ean8,
    UpcA,
    UpcE,
    Itf,
    Itf14,
    Code39,
    Code93,
    Code128,
    #[serde(rename = "gs1_128")]
    Gs1128,
    Codabar,
    #[serde(rename = "gs1_databar")]
    Gs1DataBar,
    DataMatrix,
    #[serde(rename = "gs1_datamatrix")]
    Gs1DataMatrix,
    Qr,
    #[serde(rename = "gs1_qr")]
    Gs1Qr,
    DotCode,
    #[serde(rename = "gs1_dotcode")]
    Gs1DotCode,
    Aztec,
    #[serde(rename = "gs1_aztec")]
    Gs1Aztec,
    Pdf417,
    Other,
}

impl Symbology {
    /// Says whether the symbol announces GS1 element strings (FNC1 in first position).
    pub fn is_gs1(self) -> bool {
        matches!(
            self,
            Self::Gs1128
                | Self::Gs1DataBar
                | Self::Gs1DataMatrix
                | Self::Gs1Qr
                | Self::Gs1DotCode
                | Self::Gs1Aztec
        )
    }
}

/// A code, read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Code {
    /// The text as it arrived, without the line end a wedge scanner adds.
    pub raw: String,
    /// The symbol it came from: by the AIM identifier in the text, else by the caller's hint.
    pub symbology: Option<Symbology>,
    /// The catalogue keys to try, the most exact first. Never empty, no key twice.
    pub keys: Vec<String>,
    /// What the code means when no key is in the catalogue.
    pub meaning: Meaning,
}

impl Code {
    /// Returns what is wrong with a code that was read without a known symbol and may therefore be something
    /// else than it looks: a number of GTIN length with another check digit than it should have. A caller that
    /// found no key in the catalogue shows it to the person, who most likely mistyped a digit.
    pub fn complaint(&self) -> Option<BadCode> {
        match &self.meaning {
            Meaning::Gtin {
                check_digit_ok: false,
                expected_check_digit,
                found_check_digit,
                ..
            } => Some(BadCode::CheckDigit {
                field: "GTIN".to_owned(),
                expected: expected_check_digit.to_string(),
                found: found_check_digit.to_string(),
            }),
            _ => None,
        }
    }

    /// Returns the measure that GS1 elements state beside their item: net weight in kilograms (310n), net volume
    /// in litres (315n), length in metres (311n), else a count (30). `None` for every other code, for one
    /// stated in other units, and for an embedded rule, whose measure is in [`Meaning::Embedded`].
    pub fn measure(&self) -> Option<EmbeddedValue> {
        self.elements().iter().find_map(|element| {
            let unit = match element.ai.get(..3) {
                Some("310") => Some(Unit::Kilogram),
                Some("315") => Some(Unit::Litre),
                Some("311") => Some(Unit::Metre),
                _ => None,
            };
            match (&element.data, unit) {
                (ElementData::Measure { value, .. }, Some(unit)) => Some(EmbeddedValue::Weight {
                    quantity: Quantity::try_from(*value).ok()?,
                    unit,
                }),
                (ElementData::Number { value }, None) if element.ai == "30" => Some(EmbeddedValue::Count {
                    quantity: Quantity::try_from(*value).ok()?,
                }),
                _ => None,
            }
        })
    }

    /// Returns the price that GS1 elements state (392n), in minor units of a currency with that many digits.
    /// `None` if there is none, or it is finer than the currency.
    pub fn price_minor(&self, digits: u8) -> Option<i64> {
        let element = self.elements().iter().find(|e| e.ai.starts_with("392"))?;
        let ElementData::Amount { value, .. } = &element.data else {
            return None;
        };
        let minor = value.checked_mul(Decimal::from(10i64.checked_pow(u32::from(digits))?))?;
        if minor.is_integer() {
            i64::try_from(minor).ok()
        } else {
            None
        }
    }

    /// Returns the day after which the goods must not be sold, ISO form: use by (17), else sell by (16).
    pub fn sell_until(&self) -> Option<&str> {
        ["17", "16"].iter().find_map(|ai| {
            let element = self.elements().iter().find(|e| e.ai == *ai)?;
            if let ElementData::Date { iso, .. } = &element.data {
                Some(iso.as_str())
            } else {
                None
            }
        })
    }

    /// Returns the GS1 elements, none for a code that has none.
    pub fn elements(&self) -> &[Element] {
        match &self.meaning {
            Meaning::Gs1 { elements, .. } | Meaning::DigitalLink { elements, .. } => elements,
            _ => &[],
        }
    }
}

/// Returns a code as plain text, without reading it: for one that the catalogue knows as it stands.
pub fn plain(input: &str) -> Code {
    let raw = trimmed(input).to_owned();
    Code {
        keys: vec![raw.clone()],
        raw,
        symbology: None,
        meaning: Meaning::Text,
    }
}

/// Takes off what a wedge scanner adds (Enter or Tab) and people paste (spaces); a separator stays.
fn trimmed(input: &str) -> &str {
    input.trim_matches(|c: char| c.is_whitespace() && c != gs1::SEPARATOR)
}

/// What a code means.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Meaning {
    /// A trade item number (EAN, UPC, ITF-14).
    Gtin {
        /// The number in 14 digits, padded with zeros on the left.
        gtin14: String,
        /// The form it was written in.
        form: GtinForm,
        /// Whether the last digit is the right check digit. False only when the symbol is unknown.
        check_digit_ok: bool,
        /// The check digit that the other digits ask for.
        expected_check_digit: u8,
        /// The check digit in the code.
        found_check_digit: u8,
        /// Where the number may circulate, by its GS1 prefix.
        circulation: Circulation,
        /// The digits of a two- or five-digit add-on symbol (an issue number, a suggested price), if scanned.
        add_on: Option<String>,
        /// An embedded rule whose prefix fits but whose inner check digit does not, if there was one.
        refused: Option<RefusedRule>,
    },
    /// A number that carries a weight, a price or a count, by the rule of a country or of the shop.
    Embedded {
        /// The name of the rule that read it.
        rule: String,
        /// The country whose rule it is (ISO 3166-1 alpha-2), empty for a shop's own rule.
        country: String,
        /// The item digits, as written, leading zeros kept.
        item_code: String,
        /// The keys under which the catalogue may know the item, most exact first: the code with its measure
        /// set to zero, the prefix with the item digits, the item digits, those without leading zeros.
        item_keys: Vec<String>,
        /// The measure.
        value: EmbeddedValue,
        /// The number in 14 digits.
        gtin14: String,
    },
    /// GS1 element strings.
    Gs1 {
        /// The elements, in the order of the code.
        elements: Vec<Element>,
        /// The same elements with their identifiers in brackets, as they are printed under a symbol.
        bracketed: String,
        /// What an item marked by this code alone would lack: associations the General Specifications (4.13)
        /// ask for, which another symbol on the same item may hold.
        notes: Vec<String>,
    },
    /// A GS1 Digital Link URI.
    DigitalLink {
        /// The elements: the key, its qualifiers, then the attributes of the query.
        elements: Vec<Element>,
        /// The same elements with their identifiers in brackets.
        bracketed: String,
        /// What the elements lack, as for element strings.
        notes: Vec<String>,
        /// The host name, with its port if it has one.
        domain: String,
        /// The same link on id.gs1.org, key and qualifiers in the path, attributes in the query.
        canonical: String,
        /// Parts of the query that are no GS1 identifiers, as `name=value`.
        other: Vec<String>,
    },
    /// Nothing but text: a shop's own code, a web address, a word.
    Text,
}

/// The written form of a trade item number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum GtinForm {
    Ean8,
    UpcA,
    UpcE,
    Ean13,
    Gtin14,
}

/// Where a number may circulate (GS1 General Specifications 1.4.2 and 2.1.11: the GS1 prefixes).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Circulation {
    /// Unique in the world.
    World,
    /// A restricted circulation number whose meaning the national GS1 organisation sets (02, 20 to 29).
    Region,
    /// A restricted circulation number that means something only within one company (04, 40 to 49, and EAN-8
    /// with 0 or 2).
    Company,
    /// A coupon (05, 98, 99).
    Coupon,
    /// A refund receipt (980).
    RefundReceipt,
    /// A book, printed music or serial (977, 978, 979).
    Publication,
    /// A number for demonstrations (952).
    Demonstration,
    /// A prefix that is not handed out.
    Unassigned,
}

/// An embedded rule that fits by its prefix, but whose inner check digit does not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedRule {
    /// The name of the rule.
    pub rule: String,
    /// The inner check digit that the measure asks for.
    pub expected: u8,
    /// The inner check digit in the code.
    pub found: u8,
}

/// A measure inside a number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum EmbeddedValue {
    /// A weight or another measure.
    Weight {
        /// The measure, in `unit`.
        quantity: Quantity,
        /// The unit of the measure, kilograms for all built-in rules.
        unit: Unit,
    },
    /// An amount of money.
    Price {
        /// The amount in minor units of the rule's currency.
        minor: i64,
    },
    /// A number of pieces.
    Count {
        /// The number.
        quantity: Quantity,
    },
}

/// One GS1 element string: an application identifier and its value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Element {
    /// The application identifier, two to four digits.
    pub ai: String,
    /// Its data title, as GS1 prints it.
    pub title: String,
    /// The value as encoded.
    pub value: String,
    /// The value, understood.
    pub data: ElementData,
}

/// The value of an element string, understood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ElementData {
    /// Text, or a number that only identifies.
    Text,
    /// A number of things.
    Number {
        /// The number.
        value: Decimal,
    },
    /// A measure.
    Measure {
        /// The measure, its decimal point set by the last digit of the identifier.
        value: Decimal,
        /// The unit: `kg`, `m`, `m²`, `l`, `m³`, `lb`, `in`, `kg/m²`, `°C`, ...
        unit: String,
    },
    /// A day.
    Date {
        /// The year, its century by the window of General Specifications 7.12.
        year: i32,
        /// The month, 1 to 12.
        month: u8,
        /// The day, absent when the code leaves it open (day 00), which means the last day of the month.
        day: Option<u8>,
        /// The day in ISO form; the last of the month when the code leaves it open.
        iso: String,
    },
    /// A day and a time of day, without a time zone.
    DateTime {
        /// `YYYY-MM-DDThh:mm` or `YYYY-MM-DDThh:mm:ss`; only `YYYY-MM-DDThh` when there are no minutes.
        iso: String,
    },
    /// A span of days, both ends included.
    DateRange {
        /// The first day, ISO form.
        from: String,
        /// The last day, ISO form.
        to: String,
    },
    /// An amount of money.
    Amount {
        /// The currency, ISO 4217 numeric code, empty when the code leaves it to the region.
        currency: String,
        /// The amount in major units.
        value: Decimal,
    },
    /// A share of a hundred.
    Percent {
        /// The percentage.
        value: Decimal,
    },
    /// A trade item number.
    Gtin {
        /// Where the number may circulate.
        circulation: Circulation,
    },
    /// Yes or no.
    Flag {
        /// The answer.
        value: bool,
    },
}

/// Why a code can't be read. Every sentence tells the person what to do; none is longer than a screen line or two.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum BadCode {
    /// There is nothing to read.
    #[error("the code is empty: scan or type it again")]
    Empty,
    /// The code is longer than [`MAX_CODE_BYTES`].
    #[error("the code has {bytes} bytes, and at most {limit} are read: scan one code at a time")]
    TooLong {
        /// Its length in bytes.
        bytes: usize,
        /// The limit.
        limit: usize,
    },
    /// The number of digits does not fit the symbol or the field.
    #[error("{field} has {found} characters and needs {expected}: scan or type it again")]
    Length {
        /// What has the wrong length.
        field: String,
        /// The length it needs, in words.
        expected: String,
        /// The length it has.
        found: usize,
    },
    /// A character that the field does not allow.
    #[error("{field} holds a character it can't hold at position {position}: {allowed}")]
    Character {
        /// What holds it.
        field: String,
        /// Which position, counted from 1.
        position: usize,
        /// What is allowed, in words.
        allowed: String,
    },
    /// The check digit or check characters are wrong.
    #[error(
        "the check digit of {field} should be {expected} and is {found}: scan again or correct the number"
    )]
    CheckDigit {
        /// What the digit belongs to.
        field: String,
        /// What it should be.
        expected: String,
        /// What it is.
        found: String,
    },
    /// A UPC-E of a number system other than 0 or 1.
    #[error("a UPC-E starts with 0 or 1, this one starts with {found}: it is no UPC-E")]
    NumberSystem {
        /// The first digit.
        found: char,
    },
    /// An application identifier that GS1 has not given out.
    #[error("({ai}) is no GS1 application identifier: the code is damaged or was not made by the GS1 rules")]
    UnknownAi {
        /// The characters where an identifier should be.
        ai: String,
    },
    /// An identifier without a value.
    #[error("({ai}) has no value: the code is damaged")]
    EmptyValue {
        /// The identifier.
        ai: String,
    },
    /// A value goes on after its longest length, so a separator is missing or the value is too long.
    #[error("the value of ({ai}) is longer than {longest}, or the separator after it is missing")]
    MissingSeparator {
        /// The identifier.
        ai: String,
        /// Its greatest length in characters.
        longest: usize,
    },
    /// A value that is formed well and still means nothing: a month 13, a country that is not one.
    #[error("({ai}) holds \"{value}\", and {why}")]
    Value {
        /// The identifier.
        ai: String,
        /// The part that is wrong.
        value: String,
        /// What is wrong, in words.
        why: String,
    },
    /// The same identifier twice with different values.
    #[error("({ai}) stands in the code twice, as {first} and as {second}: scan one code at a time")]
    Repeated {
        /// The identifier.
        ai: String,
        /// The first value.
        first: String,
        /// The second value.
        second: String,
    },
    /// Two identifiers that exclude each other (General Specifications 4.13).
    #[error("({ai}) and ({other}) can't stand in one code")]
    Excluded {
        /// The first identifier.
        ai: String,
        /// The one it can't stand with.
        other: String,
    },
    /// More elements than [`MAX_ELEMENTS`].
    #[error("the code holds more than {limit} elements: scan one code at a time")]
    TooManyElements {
        /// The limit.
        limit: usize,
    },
    /// The brackets of a typed element string are not in order.
    #[error("the brackets around the identifiers are not in order at position {position}")]
    Brackets {
        /// Where, counted from 1.
        position: usize,
    },
    /// A web address that claims to be a GS1 Digital Link and is not in order.
    #[error("the address is no GS1 Digital Link: {why}")]
    Link {
        /// What is wrong, in words.
        why: String,
    },
}

/// Reads one code.
///
/// `hint` is what the reader knows of the symbol; an AIM identifier in the text wins over it. `rules` are the
/// embedded rules to try, in order. `today_year` is the year in four digits, for the century of two-digit years.
///
/// # Errors
/// [`BadCode`] when the code is empty, too long, or breaks a rule of the symbol or of GS1. Without a hint or an
/// AIM identifier a number with a wrong check digit is no error, because it may be a code of the shop's own:
/// see [`Code::complaint`].
pub fn read(
    input: &str,
    hint: Option<Symbology>,
    rules: &[EmbeddedRule],
    today_year: i32,
) -> Result<Code, BadCode> {
    if input.len() > MAX_CODE_BYTES {
        return Err(BadCode::TooLong {
            bytes: input.len(),
            limit: MAX_CODE_BYTES,
        });
    }
    let raw = trimmed(input);
    let (aim, body) = aim::split(raw);
    if body.trim_matches(gs1::SEPARATOR).is_empty() {
        return Err(BadCode::Empty);
    }
    let symbology = aim.and_then(AimId::symbology).or(hint);
    let (mut keys, meaning) = understand(body, aim, symbology, rules, today_year)?;
    // The text itself is always worth a try: a shop may have stored any code as it was scanned.
    push_key(&mut keys, body);
    let symbology = symbology.or(match meaning {
        Meaning::Gtin {
            form: GtinForm::UpcE, ..
        } => Some(Symbology::UpcE),
        _ => None,
    });
    Ok(Code {
        raw: raw.to_owned(),
        symbology,
        keys,
        meaning,
    })
}

type Understood = (Vec<String>, Meaning);

fn understand(
    body: &str,
    aim: Option<AimId>,
    symbology: Option<Symbology>,
    rules: &[EmbeddedRule],
    today_year: i32,
) -> Result<Understood, BadCode> {
    match symbology {
        Some(Symbology::Ean13 | Symbology::Ean8 | Symbology::UpcA | Symbology::UpcE) => {
            // A composite symbol sends its linear part and then, after a bar, a message of its own.
            let primary = body.split('|').next().unwrap_or(body);
            return gtin::read_retail(primary, aim, symbology, rules);
        }
        Some(Symbology::Itf14) => return gtin::read_itf14(body),
        Some(Symbology::Itf) if gtin::is_digits(body) && body.len() == 14 => {
            // Plain ITF carries anything; a valid GTIN-14 is one, any other number stays a number.
            return Ok(gtin::read_itf14(body).unwrap_or_else(|_| (Vec::new(), Meaning::Text)));
        }
        Some(s) if s.is_gs1() => {
            let text = gs1::unescape(body);
            if digital_link::looks_like(&text) {
                return digital_link::read(&text, today_year);
            }
            return gs1::read(&text, today_year);
        }
        _ => {}
    }
    if digital_link::looks_like(body) {
        return digital_link::read(body, today_year);
    }
    let text = gs1::unescape(body);
    if gs1::looks_bracketed(body) || gs1::is_announced(&text) {
        match (gs1::read(&text, today_year), symbology) {
            // A symbol that is known and is no GS1 symbol may hold what only looks like element strings.
            (Err(_), Some(_)) => return Ok((Vec::new(), Meaning::Text)),
            (result, _) => return result,
        }
    }
    if symbology.is_none() {
        if let Some(found) = gtin::read_unmarked(body, rules) {
            return Ok(found);
        }
        // Scanners that send neither identifier nor a first separator: believed only when all of it is right
        // and it opens with a key, because a long number may be anything.
        if gs1::may_open_with_key(&text)
            && let Ok(found) = gs1::read(&text, today_year)
        {
            return Ok(found);
        }
    }
    Ok((Vec::new(), Meaning::Text))
}

/// Adds a key once.
fn push_key(keys: &mut Vec<String>, key: &str) {
    if !key.is_empty() && !keys.iter().any(|k| k == key) {
        keys.push(key.to_owned());
    }
}

//! `barrow scan`: what a code says.

use crate::Frame;
use crate::lines::{Line, Lines};
use crate::output::{ErrorBody, Exit, Failure, line, print, shown, unwritten};
use barrow_kernel::barcode::{self, Code, EmbeddedRule, EmbeddedValue, MAX_CODE_BYTES, Meaning, Symbology};
use barrow_kernel::country;
use barrow_kernel::scan::year_of;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use serde::Serialize;
use serde::de::IntoDeserializer;
use serde::de::value::{Error as NameError, StrDeserializer};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;

/// The only version so far.
const VERSION: u64 = 1;

/// The symbols a reader may name, as the kernel writes them; a test holds that each is one.
const SYMBOLOGIES: [&str; 22] = [
    "ean13",
    "ean8",
    "upc_a",
    "upc_e",
    "itf",
    "itf14",
    "code39",
    "code93",
    "code128",
    "gs1_128",
    "codabar",
    "gs1_databar",
    "data_matrix",
    "gs1_datamatrix",
    "qr",
    "gs1_qr",
    "dot_code",
    "gs1_dotcode",
    "aztec",
    "gs1_aztec",
    "pdf417",
    "other",
];

/// Tell what a code means: a GTIN, an embedded weight or price, GS1 elements, a Digital Link
///
/// With --json the answer is one JSON object a code, one a line (docs/schema/scan-1.json). The exit code is 1 when
/// a code is bad.
#[derive(clap::Args)]
pub struct Args {
    /// The codes, as scanned or typed; <GS> or \x1d stands for the separator
    #[arg(
        value_name = "CODE",
        required_unless_present = "lines",
        conflicts_with = "lines"
    )]
    codes: Vec<String>,
    /// Read one code a line from the standard input and write one JSON result a line, errors inside it, exit code 0
    #[arg(long)]
    lines: bool,
    /// The country whose rules for scale labels apply (ISO 3166-1 alpha-2)
    #[arg(long, value_name = "CODE", value_parser = known_country)]
    country: Option<String>,
    /// A rule of the shop's own, tried before the country's: PATTERN[:DECIMALS[:UNIT]], such as 28IIIIVWWWWWC:3:kg
    #[arg(long = "rule", value_name = "RULE", value_parser = EmbeddedRule::parse)]
    rules: Vec<EmbeddedRule>,
    /// The symbol it was read from; an AIM identifier in the code wins
    #[arg(long, value_name = "NAME", value_parser = PossibleValuesParser::new(SYMBOLOGIES).try_map(|name| symbology(&name)))]
    symbology: Option<Symbology>,
    /// The year that decides the century of two-digit years [default: this year]
    #[arg(long, value_parser = clap::value_parser!(i32).range(1900..=9999))]
    year: Option<i32>,
}

fn symbology(name: &str) -> Result<Symbology, NameError> {
    let name: StrDeserializer<'_, NameError> = name.into_deserializer();
    serde::Deserialize::deserialize(name)
}

fn known_country(code: &str) -> Result<String, String> {
    if country::pack(code).is_some() || !barcode::builtin_rules(code).is_empty() {
        return Ok(code.to_ascii_uppercase());
    }
    let known: Vec<&str> = country::all().iter().map(|pack| pack.code.as_str()).collect();
    Err(format!(
        "there is no country pack of this code; known: {}",
        known.join(", ")
    ))
}

/// What one code says, as JSON.
#[derive(Serialize)]
struct Reading<'a> {
    version: u64,
    input: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    symbology: Option<Symbology>,
    #[serde(skip_serializing_if = "Option::is_none")]
    keys: Option<&'a [String]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    meaning: Option<&'a Meaning>,
    #[serde(skip_serializing_if = "Option::is_none")]
    measure: Option<EmbeddedValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    price_minor: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sell_until: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<ErrorBody<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fault: Option<&'a barcode::BadCode>,
}

/// All that reading depends on, beside the code.
struct Reader {
    hint: Option<Symbology>,
    rules: Vec<EmbeddedRule>,
    year: i32,
    /// The minor digits of the country's currency.
    digits: Option<u8>,
}

/// A code that was read, a fault, or both: a number with a wrong check digit is understood and bad.
struct Read {
    code: Option<Code>,
    bad: Option<(barcode::BadCode, Failure)>,
}

impl Reader {
    fn new(args: &Args) -> Self {
        let mut rules = args.rules.clone();
        let country = args.country.as_deref();
        rules.extend(country.map(barcode::builtin_rules).into_iter().flatten());
        Self {
            hint: args.symbology,
            rules,
            year: args.year.unwrap_or_else(this_year),
            digits: country.and_then(country::pack).map(|pack| pack.currency.digits),
        }
    }

    fn read(&self, input: &str) -> Read {
        let (code, bad) = match barcode::read(input, self.hint, &self.rules, self.year) {
            Ok(code) => {
                let bad = code.complaint();
                (Some(code), bad)
            }
            Err(bad) => (None, Some(bad)),
        };
        let bad = bad.map(|bad| {
            let failure = Failure::invalid(bad.to_string());
            (bad, failure)
        });
        Read { code, bad }
    }

    fn reading<'a>(&self, input: &'a str, read: &'a Read) -> Reading<'a> {
        let code = read.code.as_ref();
        Reading {
            version: VERSION,
            input,
            symbology: code.and_then(|code| code.symbology).or(self.hint),
            keys: code.map(|code| code.keys.as_slice()),
            meaning: code.map(|code| &code.meaning),
            measure: code.and_then(Code::measure),
            price_minor: code
                .zip(self.digits)
                .and_then(|(code, digits)| code.price_minor(digits)),
            sell_until: code.and_then(Code::sell_until),
            error: read.bad.as_ref().map(|(_, failure)| failure.body()),
            fault: read.bad.as_ref().map(|(bad, _)| bad),
        }
    }
}

/// Returns the year by the clock of the machine, for want of one on the command line.
#[allow(clippy::disallowed_methods, reason = "the command is where the clock enters")]
fn this_year() -> i32 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let millis = since.map_or(0, |since| since.as_millis());
    year_of(i64::try_from(millis).unwrap_or(i64::MAX))
}

/// Reads the codes.
pub fn run(args: &Args, frame: &Frame) -> Result<Exit, Failure> {
    let reader = Reader::new(args);
    if args.lines {
        return each_line(&reader);
    }
    let mut exit = Exit::Done;
    for (place, input) in args.codes.iter().enumerate() {
        let read = reader.read(input);
        if frame.output.is_json() {
            line(&reader.reading(input, &read))?;
        } else {
            let gap = if place == 0 { "" } else { "\n" };
            print(&format!("{gap}{}", text(input, &read, &reader)))?;
        }
        if let Some((_, failure)) = &read.bad {
            exit = failure.exit();
            if !frame.output.is_json() {
                frame.output.failed(failure);
            }
        }
    }
    Ok(exit)
}

/// Answers each line of the standard input with one line, in order.
fn each_line(reader: &Reader) -> Result<Exit, Failure> {
    // One byte more than a code may have, so that the kernel names the limit.
    let mut lines = Lines::open(Path::new("-"), MAX_CODE_BYTES + 1)?;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    while let Some(next) = lines.next()? {
        let input = match next {
            Line::Whole(bytes) => std::str::from_utf8(bytes).map_err(|_| {
                Failure::invalid("The code is no UTF-8 text: set the scanner to send UTF-8 or ASCII.")
            }),
            Line::TooLong => Err(Failure::invalid(format!(
                "The code is longer than {MAX_CODE_BYTES} bytes: scan one code at a time."
            ))),
        };
        let written = match &input {
            Ok(input) => {
                let read = reader.read(input);
                serde_json::to_writer(&mut out, &reader.reading(input, &read))
            }
            Err(failure) => serde_json::to_writer(&mut out, &unreadable(failure)),
        };
        written
            .map_err(std::io::Error::from)
            .and_then(|()| out.write_all(b"\n"))
            .and_then(|()| if lines.waits() { out.flush() } else { Ok(()) })
            .map_err(unwritten)?;
    }
    out.flush().map_err(unwritten)?;
    Ok(Exit::Done)
}

fn unreadable(failure: &Failure) -> Reading<'_> {
    Reading {
        version: VERSION,
        input: "",
        symbology: None,
        keys: None,
        meaning: None,
        measure: None,
        price_minor: None,
        sell_until: None,
        error: Some(failure.body()),
        fault: None,
    }
}

/// Tells people what a code says.
fn text(input: &str, read: &Read, reader: &Reader) -> String {
    let mut out = String::new();
    let mut tell = |name: &str, what: &str| {
        // Writing to a string can't fail.
        let _ = writeln!(out, "{name:<11} {}", shown(what));
    };
    tell("Code", input);
    let Some(code) = &read.code else { return out };
    match &code.meaning {
        Meaning::Gtin { gtin14, form, .. } => {
            tell("Number", gtin14);
            tell("Form", &word(form));
        }
        Meaning::Embedded {
            rule,
            item_code,
            value,
            ..
        } => {
            tell("Rule", rule);
            tell("Item", item_code);
            tell("Holds", &measure(value));
        }
        Meaning::Gs1 { elements, notes, .. } => tell_elements(&mut tell, elements, notes),
        Meaning::DigitalLink {
            elements,
            notes,
            canonical,
            ..
        } => {
            tell("Link", canonical);
            tell_elements(&mut tell, elements, notes);
        }
        Meaning::Text => tell("Means", "plain text"),
    }
    if let Some(value) = code.measure() {
        tell("Measure", &measure(&value));
    }
    if let Some(minor) = reader.digits.and_then(|digits| code.price_minor(digits)) {
        tell("Price", &format!("{minor} minor units"));
    }
    if let Some(day) = code.sell_until() {
        tell("Sell until", day);
    }
    tell("Looked up", &code.keys.join(", "));
    out
}

fn tell_elements(tell: &mut impl FnMut(&str, &str), elements: &[barcode::Element], notes: &[String]) {
    for element in elements {
        tell(
            &format!("({})", element.ai),
            &format!("{} {}", element.title, element.value),
        );
    }
    for note in notes {
        tell("Note", note);
    }
}

fn measure(value: &EmbeddedValue) -> String {
    match value {
        EmbeddedValue::Weight { quantity, unit } => format!("{quantity} {unit}"),
        EmbeddedValue::Price { minor } => format!("a price of {minor} minor units"),
        EmbeddedValue::Count { quantity } => format!("{quantity} pieces"),
    }
}

/// Returns the name that JSON gives a value.
fn word(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => name,
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_symbology_has_its_name() {
        for name in SYMBOLOGIES {
            assert_eq!(word(&symbology(name).unwrap()), name);
        }
        let fault = symbology("none").unwrap_err().to_string();
        let known = SYMBOLOGIES
            .iter()
            .all(|name| fault.contains(&format!("`{name}`")));
        assert!(
            known && fault.matches('`').count() == 2 * (SYMBOLOGIES.len() + 1),
            "{fault}"
        );
    }
}

//! GS1 element strings: application identifiers and values, as scanned or typed with brackets.
//!
//! Source: GS1 General Specifications 3 (the identifiers), 4.13 (associations), 7.8 (processing element strings).

use rust_decimal::Decimal;

use super::ai_table::{AiEntry, ai_entry, leading_entry};
use super::field_check::{self, century, date_parts, last_day};
use super::{BadCode, Element, ElementData, MAX_ELEMENTS, Meaning, Understood, gtin, push_key};

/// The separator between a value of variable length and the next identifier, sent for FNC1 (7.8.3).
pub(super) const SEPARATOR: char = '\u{1D}';

/// The ways keyboard wedges and people write the separator. All but `<GS>` hold a character that no GS1 value
/// can hold, and `<GS>` is not seen in values.
const WRITTEN_SEPARATORS: [&str; 9] = [
    "{GS}", "<GS>", "[GS]", "\\x1D", "\\u001D", "\\u{1D}", "{FNC1}", "<FNC1>", "\u{241D}",
];

/// Puts separators where they are written as words, unless the text holds a real one; takes off the envelope of
/// ISO/IEC 15434 format 05.
pub(super) fn unescape(text: &str) -> String {
    let text = text
        .strip_prefix("[)>\u{1E}05\u{1D}")
        .map_or(text, |inner| inner.trim_end_matches(['\u{1E}', '\u{04}']));
    if text.contains(SEPARATOR) {
        return text.to_owned();
    }
    // A caret is no character of a GS1 value; a text that opens with one uses it for FNC1 throughout.
    if let Some(rest) = text.strip_prefix('^') {
        return format!("{SEPARATOR}{}", rest.replace('^', "\u{1D}"));
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let word = WRITTEN_SEPARATORS.iter().find(|w| {
            rest.get(..w.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(w))
        });
        if let Some(word) = word {
            out.push(SEPARATOR);
            rest = rest.get(word.len()..).unwrap_or_default();
        } else {
            out.push(c);
            rest = rest.get(c.len_utf8()..).unwrap_or_default();
        }
    }
    out
}

/// Says whether a text without a known symbol announces element strings: a separator in front or inside, and an
/// identifier in front.
pub(super) fn is_announced(text: &str) -> bool {
    text.contains(SEPARATOR) && leading_entry(text.trim_start_matches(SEPARATOR)).is_some()
}

/// Says whether a text may open with a key that has a check digit, and be longer than any GTIN.
pub(super) fn may_open_with_key(text: &str) -> bool {
    text.len() > 14
        && leading_entry(text).is_some_and(|(entry, ai)| {
            (entry.link_key.is_some() || matches!(ai, "02" | "03"))
                && entry
                    .parts()
                    .any(|part| part.checks.split(':').any(|check| check == "csum"))
        })
}

/// Says whether a text is typed with brackets.
pub(super) fn looks_bracketed(text: &str) -> bool {
    text.strip_prefix('(')
        .and_then(|t| t.split_once(')'))
        .is_some_and(|(ai, _)| (2..=4).contains(&ai.len()) && gtin::is_digits(ai))
}

/// Reads element strings as scanned.
pub(super) fn read(text: &str, today_year: i32) -> Result<Understood, BadCode> {
    if looks_bracketed(text) {
        return read_bracketed(text, today_year);
    }
    let pairs = split(text)?;
    let (elements, notes) = validate(&pairs, today_year)?;
    Ok(understood(elements, notes))
}

/// Reads element strings with their identifiers in brackets, spaces around values allowed, a bracket in a value
/// written `\(`.
pub(super) fn read_bracketed(text: &str, today_year: i32) -> Result<Understood, BadCode> {
    let mut pairs: Vec<(AiEntry, String, String)> = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let position = text.len() - rest.len() + 1;
        let (ai, after) = rest
            .strip_prefix('(')
            .and_then(|r| r.split_once(')'))
            .ok_or(BadCode::Brackets { position })?;
        let entry = ai_entry(ai).ok_or_else(|| unknown(ai))?;
        // The value ends at the next bracket that is not escaped.
        let mut value = String::new();
        let mut escaped = false;
        let mut end = after.len();
        for (at, c) in after.char_indices() {
            match c {
                '\\' if !escaped && after.get(at + 1..).is_some_and(|r| r.starts_with(['(', ')'])) => {
                    escaped = true;
                    continue;
                }
                '(' if !escaped => {
                    end = at;
                    break;
                }
                _ => value.push(c),
            }
            escaped = false;
        }
        rest = after.get(end..).unwrap_or_default();
        // People copy the line under the symbol, which has spaces; no GS1 value has one.
        push(&mut pairs, entry, ai, value.trim())?;
    }
    let (elements, notes) = validate(&pairs, today_year)?;
    Ok(understood(elements, notes))
}

fn unknown(text: &str) -> BadCode {
    BadCode::UnknownAi {
        ai: text.chars().take(4).collect(),
    }
}

fn push(
    pairs: &mut Vec<(AiEntry, String, String)>,
    entry: AiEntry,
    ai: &str,
    value: &str,
) -> Result<(), BadCode> {
    if value.is_empty() {
        return Err(BadCode::EmptyValue { ai: ai.to_owned() });
    }
    if pairs.len() >= MAX_ELEMENTS {
        return Err(BadCode::TooManyElements { limit: MAX_ELEMENTS });
    }
    pairs.push((entry, ai.to_owned(), value.to_owned()));
    Ok(())
}

/// Cuts a scanned text into identifiers and values (7.8.5: first by the known lengths, else to the separator).
fn split(text: &str) -> Result<Vec<(AiEntry, String, String)>, BadCode> {
    let mut rest = text.trim_start_matches(SEPARATOR);
    if rest.is_empty() {
        return Err(BadCode::Empty);
    }
    let mut pairs = Vec::new();
    while !rest.is_empty() {
        let (entry, ai) = leading_entry(rest).ok_or_else(|| unknown(rest))?;
        let after = rest.get(ai.len()..).unwrap_or_default();
        let (_, most) = entry.lengths();
        let to_separator = after.find(SEPARATOR).unwrap_or(after.len());
        // Too short a value falls to the length check; one cut inside a character to the character check.
        let end = if entry.fixed && after.is_char_boundary(most.min(after.len())) {
            most.min(to_separator)
        } else {
            to_separator
        };
        let (value, tail) = after.split_at_checked(end).ok_or_else(|| unknown(rest))?;
        if value.chars().count() > most {
            return Err(BadCode::MissingSeparator {
                ai: ai.to_owned(),
                longest: most,
            });
        }
        push(&mut pairs, entry, ai, value)?;
        // A separator after a value of fixed length is not needed and does no harm, nor does one too many.
        rest = tail.trim_start_matches(SEPARATOR);
    }
    Ok(pairs)
}

/// Checks identifiers and values, alone and together. Returns the elements, and what is missing beside them.
pub(super) fn validate(
    pairs: &[(AiEntry, String, String)],
    today_year: i32,
) -> Result<(Vec<Element>, Vec<String>), BadCode> {
    let mut elements: Vec<Element> = Vec::with_capacity(pairs.len());
    for (entry, ai, value) in pairs {
        check_value(entry, ai, value, today_year)?;
        if let Some(first) = elements.iter().find(|e| e.ai == *ai && e.value != *value) {
            return Err(BadCode::Repeated {
                ai: ai.clone(),
                first: first.value.clone(),
                second: value.clone(),
            });
        }
        elements.push(Element {
            ai: ai.clone(),
            title: entry.title.to_owned(),
            value: value.clone(),
            data: understand(entry, ai, value, today_year),
        });
    }
    let mut notes = Vec::new();
    for (entry, ai, _) in pairs {
        let excluded = entry
            .excludes
            .split(',')
            .find_map(|pattern| present(pairs, pattern, ai));
        if let Some(other) = excluded {
            return Err(BadCode::Excluded {
                ai: ai.clone(),
                other,
            });
        }
        let met = entry.needs.is_empty()
            || entry.needs.split(',').any(|group| {
                group
                    .split('+')
                    .all(|pattern| present(pairs, pattern, ai).is_some())
            });
        if !met {
            let groups: Vec<String> = entry
                .needs
                .split(',')
                .map(|g| {
                    g.split('+')
                        .map(|p| format!("({p})"))
                        .collect::<Vec<_>>()
                        .join(" with ")
                })
                .collect();
            let note = format!(
                "({ai}) says something about {}, which is not in this code",
                groups.join(" or ")
            );
            if !notes.contains(&note) {
                notes.push(note);
            }
        }
    }
    signature_needs_serial(pairs)?;
    Ok((elements, notes))
}

/// A digital signature (8030) signs one instance, so a key with an optional serial part must have it.
fn signature_needs_serial(pairs: &[(AiEntry, String, String)]) -> Result<(), BadCode> {
    if !pairs.iter().any(|(_, ai, _)| ai == "8030") {
        return Ok(());
    }
    for (entry, ai, value) in pairs {
        if matches!(ai.as_str(), "253" | "255" | "8003") && value.len() == entry.lengths().0 {
            return Err(BadCode::Value {
                ai: ai.clone(),
                value: value.clone(),
                why: "beside the signature (8030) it needs its serial part".to_owned(),
            });
        }
    }
    Ok(())
}

/// Finds an identifier that fits a pattern, `n` for any digit, other than the one that asks.
fn present(pairs: &[(AiEntry, String, String)], pattern: &str, asking: &str) -> Option<String> {
    pairs
        .iter()
        .map(|(_, ai, _)| ai)
        .find(|ai| {
            *ai != asking
                && ai.len() == pattern.len()
                && ai.chars().zip(pattern.chars()).all(|(a, p)| p == 'n' || a == p)
        })
        .cloned()
}

fn check_value(entry: &AiEntry, ai: &str, value: &str, today_year: i32) -> Result<(), BadCode> {
    let (least, most) = entry.lengths();
    let found = value.chars().count();
    if !(least..=most).contains(&found) {
        let expected = if least == most {
            most.to_string()
        } else {
            format!("{least} to {most}")
        };
        return Err(BadCode::Length {
            field: format!("({ai})"),
            expected,
            found,
        });
    }
    let mut rest = value;
    for part in entry.parts() {
        if rest.is_empty() && part.optional {
            break;
        }
        let offset = value.len() - rest.len();
        // By characters first, so that what is not ASCII is named and never cut.
        let piece: String = rest.chars().take(part.most).collect();
        field_check::characters(ai, part.set, &piece, offset)?;
        if piece.len() < part.least {
            return Err(BadCode::Length {
                field: format!("a part of ({ai})"),
                expected: part.least.to_string(),
                found: piece.len(),
            });
        }
        for check in part.checks.split(':') {
            field_check::run(check, ai, &piece, today_year)?;
        }
        rest = rest.get(piece.len()..).unwrap_or_default();
    }
    Ok(())
}

/// Makes sense of a value that has passed its checks.
fn understand(entry: &AiEntry, ai: &str, value: &str, today_year: i32) -> ElementData {
    interpret(entry, ai, value, today_year).unwrap_or(ElementData::Text)
}

fn interpret(entry: &AiEntry, ai: &str, value: &str, today_year: i32) -> Option<ElementData> {
    let whole = |text: &str| text.parse::<i64>().ok();
    let places = || ai.get(3..)?.parse::<u32>().ok();
    let iso_day = |yymmdd: &str| {
        let (year, month, day) = date_parts(&century(yymmdd, today_year))?;
        let shown = if day == 0 { last_day(year, month) } else { day };
        Some((year, month, day, format!("{year:04}-{month:02}-{shown:02}")))
    };
    let time = |digits: &str| -> Option<String> {
        let parts: Vec<&str> = (0..digits.len() / 2)
            .filter_map(|i| digits.get(2 * i..2 * i + 2))
            .collect();
        Some(parts.join(":"))
    };
    Some(match ai {
        "01" | "02" | "03" => ElementData::Gtin {
            circulation: gtin::circulation(value),
        },
        "30" | "37" | "7004" | "8005" | "8111" => ElementData::Number {
            value: Decimal::from(whole(value)?),
        },
        "11" | "12" | "13" | "15" | "16" | "17" | "4326" | "7006" => {
            let (year, month, day, iso) = iso_day(value)?;
            ElementData::Date {
                year,
                month,
                day: (day > 0).then_some(day),
                iso,
            }
        }
        "7250" => {
            let (year, month, day) = date_parts(value)?;
            ElementData::Date {
                year,
                month,
                day: Some(day),
                iso: format!("{year:04}-{month:02}-{day:02}"),
            }
        }
        "7251" => {
            let (day, clock) = value.split_at_checked(8)?;
            let (year, month, day) = date_parts(day)?;
            ElementData::DateTime {
                iso: format!("{year:04}-{month:02}-{day:02}T{}", time(clock)?),
            }
        }
        "7007" => {
            let (from, to) = value.split_at_checked(6)?;
            let from = iso_day(from)?.3;
            let to = if to.is_empty() {
                from.clone()
            } else {
                iso_day(to)?.3
            };
            ElementData::DateRange { from, to }
        }
        "7003" | "7011" | "8008" | "4324" | "4325" => {
            let (day, clock) = value.split_at_checked(6)?;
            let (year, month, day, iso) = iso_day(day)?;
            if clock.is_empty() {
                ElementData::Date {
                    year,
                    month,
                    day: (day > 0).then_some(day),
                    iso,
                }
            } else {
                ElementData::DateTime {
                    iso: format!("{iso}T{}", time(clock)?),
                }
            }
        }
        "4321" | "4322" | "4323" => ElementData::Flag { value: value == "1" },
        "4330" | "4331" | "4332" | "4333" => {
            // Hundredths of a degree, a minus sign behind.
            let digits = value.trim_end_matches('-');
            let size = whole(digits)?;
            let value = Decimal::new(if digits.len() < value.len() { -size } else { size }, 2);
            let unit = if entry.title.ends_with("F.") { "°F" } else { "°C" };
            ElementData::Measure {
                value,
                unit: unit.to_owned(),
            }
        }
        _ if ai.len() == 4 => match ai.get(..3)? {
            "390" | "392" | "395" => ElementData::Amount {
                currency: String::new(),
                value: Decimal::new(whole(value)?, places()?),
            },
            "391" | "393" => {
                let (currency, amount) = value.split_at_checked(3)?;
                ElementData::Amount {
                    currency: currency.to_owned(),
                    value: Decimal::new(whole(amount)?, places()?),
                }
            }
            "394" => ElementData::Percent {
                value: Decimal::new(whole(value)?, places()?),
            },
            three if ("310".."370").contains(&three) => ElementData::Measure {
                value: Decimal::new(whole(value)?, places()?),
                unit: unit_of(entry.title),
            },
            _ => return None,
        },
        _ => return None,
    })
}

/// Returns the unit that a title names in brackets.
fn unit_of(title: &str) -> String {
    match (title.find('('), title.rfind(')')) {
        (Some(open), Some(close)) if open < close => {
            title.get(open + 1..close).unwrap_or_default().to_owned()
        }
        _ if title == "KG PER m²" => "kg/m²".to_owned(),
        _ => String::new(),
    }
}

fn understood(elements: Vec<Element>, notes: Vec<String>) -> Understood {
    (
        keys_of(&elements),
        Meaning::Gs1 {
            bracketed: bracketed(&elements),
            elements,
            notes,
        },
    )
}

/// Returns the keys of elements: the trade item in all its forms, then the other keys as they stand.
pub(super) fn keys_of(elements: &[Element]) -> Vec<String> {
    let mut keys = Vec::new();
    let trade_items = elements.iter().filter(|e| matches!(e.ai.as_str(), "01" | "03"));
    for element in trade_items {
        for key in gtin::keys_of(&element.value, &element.value) {
            push_key(&mut keys, &key);
        }
    }
    for element in elements {
        if ai_entry(&element.ai).is_some_and(|e| e.link_key.is_some()) {
            push_key(&mut keys, &element.value);
        }
    }
    keys
}

/// Writes elements with their identifiers in brackets; a bracket in a value is escaped, so that it reads back.
pub(super) fn bracketed(elements: &[Element]) -> String {
    elements
        .iter()
        .map(|e| format!("({}){}", e.ai, e.value.replace('(', "\\(")))
        .collect()
}

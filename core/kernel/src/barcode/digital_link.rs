//! GS1 Digital Link: element strings in a web address.
//!
//! Source: GS1 Digital Link Standard, URI Syntax. The key and its qualifiers are in the path, in their order;
//! attributes are in the query. Anything may stand before the key in the path, and any domain may be used.

use super::ai_table::{AiEntry, ai_entry};
use super::{BadCode, Element, Meaning, Understood, gs1, gtin};

/// The names that the first versions of the standard allowed in the path instead of numbers. They are withdrawn,
/// and still printed on goods.
const NAMES: [(&str, &str); 22] = [
    ("cpid", "8010"),
    ("cpsn", "8011"),
    ("cpv", "22"),
    ("gcn", "255"),
    ("gdti", "253"),
    ("giai", "8004"),
    ("ginc", "401"),
    ("gln", "414"),
    ("glnx", "254"),
    ("gmn", "8013"),
    ("grai", "8003"),
    ("gsin", "402"),
    ("gsrn", "8018"),
    ("gsrnp", "8017"),
    ("gtin", "01"),
    ("itip", "8006"),
    ("lot", "10"),
    ("party", "417"),
    ("refno", "8020"),
    ("ser", "21"),
    ("srin", "8019"),
    ("sscc", "00"),
];

/// GS1's own resolver, where every path is meant as a Digital Link.
const RESOLVER: &str = "id.gs1.org";

/// The shortest key value that tells a Digital Link from a web page with a number in its path, such as a date.
const SHORTEST_KEY: usize = 8;

struct Address<'a> {
    domain: &'a str,
    segments: Vec<&'a str>,
    query: &'a str,
}

fn parse(text: &str) -> Option<Address<'_>> {
    let (scheme, rest) = text.split_once("://")?;
    // Small or capital letters, as QR codes save space by capitals; the standard allows no mixture.
    if !matches!(scheme, "http" | "https" | "HTTP" | "HTTPS") {
        return None;
    }
    let rest = rest.split_once('#').map_or(rest, |(before, _)| before);
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (domain, path) = path.split_once('/').unwrap_or((path, ""));
    let segments = path.split('/').collect();
    Some(Address {
        domain,
        segments,
        query,
    })
}

fn path_entry(segment: &str) -> Option<(AiEntry, &str)> {
    if gtin::is_digits(segment) {
        return ai_entry(segment).map(|e| (e, segment));
    }
    NAMES
        .iter()
        .find(|(name, _)| *name == segment)
        .and_then(|(_, ai)| ai_entry(ai).map(|e| (e, *ai)))
}

/// Finds where the key stands in the path: the rightmost pair of identifier and value whose identifier is a key,
/// with nothing but such pairs after it.
fn root(segments: &[&str]) -> Option<usize> {
    let mut at = segments.len();
    while at >= 2 {
        at -= 2;
        let (entry, _) = path_entry(segments.get(at)?)?;
        if entry.link_key.is_some() {
            return Some(at);
        }
    }
    None
}

/// Says whether a text is a web address meant as a Digital Link. Other web addresses are text.
pub(super) fn looks_like(text: &str) -> bool {
    let Some(address) = parse(text) else { return false };
    if address.domain.eq_ignore_ascii_case(RESOLVER) {
        return true;
    }
    root(&address.segments)
        .and_then(|at| address.segments.get(at + 1))
        .is_some_and(|value| value.len() >= SHORTEST_KEY && value.bytes().any(|b| b.is_ascii_digit()))
}

fn bad(why: impl Into<String>) -> BadCode {
    BadCode::Link { why: why.into() }
}

/// Reads a Digital Link.
pub(super) fn read(text: &str, today_year: i32) -> Result<Understood, BadCode> {
    let address = parse(text).ok_or_else(|| bad("it does not start with http:// or https://"))?;
    if address.domain.is_empty()
        || address
            .domain
            .chars()
            .any(|c| !(c.is_ascii_alphanumeric() || "-.:[]".contains(c)))
    {
        return Err(bad("its domain is missing or holds a character it can't hold"));
    }
    if let Some(c) = text
        .chars()
        .find(|c| !c.is_ascii_graphic() || "\"<>\\^`{|}".contains(*c))
    {
        return Err(bad(format!("\"{}\" must be percent-encoded", c.escape_default())));
    }
    let start = root(&address.segments).ok_or_else(|| bad("its path holds no GS1 key with a value"))?;
    let mut pairs = Vec::new();
    for pair in address.segments.get(start..).unwrap_or_default().chunks(2) {
        let [name, value] = *pair else {
            return Err(bad("an identifier in its path has no value"));
        };
        let (entry, ai) =
            path_entry(name).ok_or_else(|| bad(format!("({name}) in its path is no identifier")))?;
        push(&mut pairs, entry, ai, value_of(ai, value, false)?)?;
    }
    let path_length = pairs.len();
    let path: Vec<String> = pairs.iter().map(|(_, ai, _)| ai.clone()).collect();
    if !in_order(&path) {
        return Err(bad(format!(
            "({}) can't follow in this order in its path",
            path.join("), (")
        )));
    }
    let mut other = Vec::new();
    for parameter in address.query.split('&').filter(|p| !p.is_empty()) {
        let Some((name, value)) = parameter
            .split_once('=')
            .filter(|(name, _)| gtin::is_digits(name))
        else {
            other.push(parameter.to_owned());
            continue;
        };
        let entry = ai_entry(name).ok_or_else(|| BadCode::UnknownAi {
            ai: name.chars().take(4).collect(),
        })?;
        if !entry.link_attribute {
            return Err(bad(format!("({name}) can't be an attribute in its query")));
        }
        if pairs.iter().any(|(_, ai, _)| ai == name) {
            return Err(bad(format!("({name}) stands in it twice")));
        }
        if belongs_in_path(&path, name) {
            return Err(bad(format!("({name}) belongs in its path")));
        }
        push(&mut pairs, entry, name, value_of(name, value, true)?)?;
    }
    let (elements, notes) = gs1::validate(&pairs, today_year)?;
    let canonical = write(&elements, path_length, &format!("https://{RESOLVER}"));
    let keys = gs1::keys_of(&elements);
    let meaning = Meaning::DigitalLink {
        bracketed: gs1::bracketed(&elements),
        elements,
        notes,
        domain: address.domain.to_ascii_lowercase(),
        canonical,
        other,
    };
    Ok((keys, meaning))
}

fn push(
    pairs: &mut Vec<(AiEntry, String, String)>,
    entry: AiEntry,
    ai: &str,
    value: String,
) -> Result<(), BadCode> {
    if value.is_empty() {
        return Err(BadCode::EmptyValue { ai: ai.to_owned() });
    }
    if pairs.len() >= super::MAX_ELEMENTS {
        return Err(BadCode::TooManyElements {
            limit: super::MAX_ELEMENTS,
        });
    }
    pairs.push((entry, ai.to_owned(), value));
    Ok(())
}

/// Says whether a path is a key and qualifiers it may have, in their order.
fn in_order(path: &[String]) -> bool {
    let Some((key, qualifiers)) = path.split_first() else {
        return false;
    };
    let Some(allowed) = ai_entry(key).and_then(|e| e.link_key) else {
        return false;
    };
    allowed.split('|').any(|alternative| {
        let mut left = alternative.split(',');
        qualifiers.iter().all(|q| left.any(|a| a == q))
    })
}

/// Says whether an attribute is a qualifier that the key in this path could have.
fn belongs_in_path(path: &[String], ai: &str) -> bool {
    (1..=path.len()).any(|at| {
        let mut longer = path.to_vec();
        longer.insert(at, ai.to_owned());
        in_order(&longer)
    })
}

/// Returns the value of an identifier. A GTIN without its leading zeros, as the first versions of the standard
/// allowed and its examples still show, gets them back.
fn value_of(ai: &str, text: &str, query: bool) -> Result<String, BadCode> {
    let value = decode(ai, text, query)?;
    if ai == "01" {
        Ok(gtin::to_gtin14(&value).unwrap_or(value))
    } else {
        Ok(value)
    }
}

/// Undoes percent-encoding. A percent sign without two hexadecimal digits stays as it is.
fn decode(ai: &str, text: &str, query: bool) -> Result<String, BadCode> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let pair = tail.get(..2).and_then(|h| std::str::from_utf8(h).ok());
        match (first, pair.filter(|h| h.bytes().all(|b| b.is_ascii_hexdigit()))) {
            (b'%', Some(hex)) => {
                bytes.push(u8::from_str_radix(hex, 16).map_err(|_| bad("its percent-encoding is damaged"))?);
                rest = tail.get(2..).unwrap_or_default();
            }
            (b'+', _) if query => {
                bytes.push(b' ');
                rest = tail;
            }
            _ => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8(bytes).map_err(|_| {
        bad(format!(
            "the value of ({ai}) is no text when its percent-encoding is undone"
        ))
    })
}

fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for b in text.bytes() {
        if b.is_ascii_alphanumeric() || b"-._~".contains(&b) {
            out.push(char::from(b));
        } else {
            out.push_str(&format!("%{b:02X}"));
        }
    }
    out
}

fn write(elements: &[Element], path_length: usize, stem: &str) -> String {
    let mut out = stem.trim_end_matches('/').to_owned();
    for (i, e) in elements.iter().enumerate() {
        let value = encode(&e.value);
        match i {
            _ if i < path_length => out.push_str(&format!("/{}/{value}", e.ai)),
            _ if i == path_length => out.push_str(&format!("?{}={value}", e.ai)),
            _ => out.push_str(&format!("&{}={value}", e.ai)),
        }
    }
    out
}

/// Writes elements as a Digital Link under a stem such as `https://id.gs1.org`: the first key among them and its
/// qualifiers in the path, the rest in the query. `None` if no element is a key, or one may not be an attribute.
pub fn to_uri(elements: &[Element], stem: &str) -> Option<String> {
    let key = elements
        .iter()
        .find(|e| ai_entry(&e.ai).is_some_and(|a| a.link_key.is_some()))?;
    let alternatives = ai_entry(&key.ai)?.link_key?;
    // The alternative that takes most of the elements into the path.
    let path = alternatives
        .split('|')
        .map(|alternative| {
            let mut path = vec![key.clone()];
            path.extend(
                alternative
                    .split(',')
                    .filter_map(|q| elements.iter().find(|e| e.ai == q).cloned()),
            );
            path
        })
        .max_by_key(Vec::len)?;
    let length = path.len();
    let mut all = path;
    for e in elements {
        if all.iter().any(|p| p.ai == e.ai) {
            continue;
        }
        if !ai_entry(&e.ai)?.link_attribute {
            return None;
        }
        all.push(e.clone());
    }
    Some(write(&all, length, stem))
}

/// Writes elements as a scanner sends them, without a symbology identifier: a separator after each value of
/// variable length but the last.
pub fn element_string(elements: &[Element]) -> String {
    let mut out = String::new();
    let mut separator = false;
    for e in elements {
        if separator {
            out.push(gs1::SEPARATOR);
        }
        out.push_str(&e.ai);
        out.push_str(&e.value);
        separator = !ai_entry(&e.ai).is_some_and(|a| a.fixed);
    }
    out
}

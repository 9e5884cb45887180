//! Trade item numbers: EAN-8, UPC-A, UPC-E, EAN-13, GTIN-14, their check digit and how one form becomes another
//! (GS1 General Specifications 2.1, 5.2.1 and 7.9.1).

use super::{
    AimId, BadCode, Circulation, EmbeddedRule, GtinForm, Meaning, Symbology, Understood, embedded, push_key,
};

/// Says whether a text is digits 0 to 9 and nothing else, and not empty.
pub(super) fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// Returns the standard check digit for a payload of digits, the check digit itself not among them: weights 3
/// and 1 from the right, up to the next ten (General Specifications 7.9.1). `None` if the payload is not digits.
pub fn check_digit(payload: &str) -> Option<u8> {
    if !is_digits(payload) {
        return None;
    }
    // Modulo ten at each step, so that no length overflows.
    let sum = payload.bytes().rev().enumerate().fold(0u8, |sum, (i, b)| {
        (sum + (b - b'0') * if i % 2 == 0 { 3 } else { 1 }) % 10
    });
    Some((10 - sum) % 10)
}

/// Says whether a number of digits ends in its right check digit.
pub fn is_valid(digits: &str) -> bool {
    expected_and_found(digits).is_some_and(|(expected, found)| expected == found)
}

/// Returns the check digit a number should end in and the one it ends in.
pub(super) fn expected_and_found(digits: &str) -> Option<(u8, u8)> {
    if !is_digits(digits) {
        return None;
    }
    let (payload, last) = digits.split_at(digits.len() - 1);
    Some((check_digit(payload)?, last.bytes().next()? - b'0'))
}

/// Pads a GTIN of 8, 12, 13 or 14 digits to 14. `None` for any other text.
pub fn to_gtin14(digits: &str) -> Option<String> {
    (is_digits(digits) && matches!(digits.len(), 8 | 12 | 13 | 14)).then(|| format!("{digits:0>14}"))
}

/// Expands a UPC-E of six digits (number system 0 understood), seven (number system first) or eight (with its
/// check digit) to a UPC-A of twelve (General Specifications 5.2.2.4.2).
///
/// # Errors
/// [`BadCode::Length`], [`BadCode::Character`], [`BadCode::NumberSystem`] for a first digit other than 0 or 1,
/// [`BadCode::CheckDigit`] when the eighth digit is wrong.
pub fn expand_upc_e(code: &str) -> Result<String, BadCode> {
    digits_only("UPC-E", code)?;
    let (system, six, found) = match code.len() {
        6 => ("0", code, None),
        7 => (&code[..1], &code[1..], None),
        8 => (&code[..1], &code[1..7], code.as_bytes().get(7).copied()),
        found => {
            return Err(BadCode::Length {
                field: "UPC-E".to_owned(),
                expected: "6, 7 or 8".to_owned(),
                found,
            });
        }
    };
    if !matches!(system, "0" | "1") {
        return Err(BadCode::NumberSystem {
            found: system.chars().next().unwrap_or('?'),
        });
    }
    // The last digit says where the zeros were taken out.
    let body = match six.as_bytes()[5] {
        b'0'..=b'2' => format!("{}{}0000{}", &six[..2], &six[5..], &six[2..5]),
        b'3' => format!("{}00000{}", &six[..3], &six[3..5]),
        b'4' => format!("{}00000{}", &six[..4], &six[4..5]),
        _ => format!("{}0000{}", &six[..5], &six[5..]),
    };
    let payload = format!("{system}{body}");
    let expected = check_digit(&payload).unwrap_or(0);
    if let Some(found) = found.map(|b| b - b'0')
        && found != expected
    {
        return Err(wrong_check_digit("UPC-E", expected, found));
    }
    Ok(format!("{payload}{expected}"))
}

/// Compresses a UPC-A of twelve digits to a UPC-E of eight, if it has the zeros for it (General Specifications
/// 5.2.2.4.1). `None` if it has not, or is no UPC-A of number system 0 or 1.
pub fn compress_upc_a(code: &str) -> Option<String> {
    if !is_digits(code) || code.len() != 12 {
        return None;
    }
    let (system, maker, item, check) = (&code[..1], &code[1..6], &code[6..11], &code[11..]);
    if !matches!(system, "0" | "1") {
        return None;
    }
    let six = if matches!(&maker[2..], "000" | "100" | "200") && item.starts_with("00") {
        format!("{}{}{}", &maker[..2], &item[2..], &maker[2..3])
    } else if &maker[3..] == "00" && item.starts_with("000") {
        format!("{}{}3", &maker[..3], &item[3..])
    } else if &maker[4..] == "0" && item.starts_with("0000") {
        format!("{}{}4", &maker[..4], &item[4..])
    } else if item.starts_with("0000") && item.as_bytes()[4] >= b'5' {
        format!("{maker}{}", &item[4..])
    } else {
        return None;
    };
    Some(format!("{system}{six}{check}"))
}

/// Returns where a number may circulate by its GS1 prefix (General Specifications 1.4.2, 1.4.3 for EAN-8).
pub(super) fn circulation(gtin14: &str) -> Circulation {
    if gtin14.len() != 14 || !is_digits(gtin14) {
        return Circulation::Unassigned;
    }
    // EAN-8 has prefixes of its own; a longer number never starts with so many zeros (0000001 to 0000099 are
    // kept free for this).
    if gtin14.starts_with("000000") && !gtin14.starts_with("0000000") {
        return match &gtin14[6..9] {
            p if p.starts_with('2') => Circulation::Company,
            // 977 to 999 are kept for later use.
            p if p >= "977" => Circulation::Unassigned,
            _ => Circulation::World,
        };
    }
    let prefix = &gtin14[1..4];
    match prefix {
        // EAN-8 with 0, and the company range of UPC.
        _ if gtin14.starts_with("0000000") => Circulation::Company,
        "952" => Circulation::Demonstration,
        "977" | "978" | "979" => Circulation::Publication,
        "980" => Circulation::RefundReceipt,
        _ => match &prefix[..2] {
            "02" | "20" | "21" | "22" | "23" | "24" | "25" | "26" | "27" | "28" | "29" => Circulation::Region,
            "04" => Circulation::Company,
            "05" | "99" => Circulation::Coupon,
            "98" if matches!(prefix, "981" | "982" | "983" | "984") => Circulation::Coupon,
            "98" => Circulation::Unassigned,
            _ => Circulation::World,
        },
    }
}

/// Returns the keys of a number: as written, then its other forms from long to short.
pub(super) fn keys_of(gtin14: &str, written: &str) -> Vec<String> {
    let mut keys = Vec::new();
    push_key(&mut keys, written);
    if let Some(thirteen) = gtin14.strip_prefix('0') {
        push_key(&mut keys, thirteen);
        push_key(&mut keys, gtin14);
        if let Some(twelve) = thirteen.strip_prefix('0') {
            push_key(&mut keys, twelve);
            if let Some(eight) = compress_upc_a(twelve) {
                push_key(&mut keys, &eight);
            }
        }
        if let Some(eight) = gtin14.strip_prefix("000000") {
            push_key(&mut keys, eight);
        }
    } else {
        push_key(&mut keys, gtin14);
    }
    keys
}

/// Reads EAN-13, EAN-8, UPC-A or UPC-E from a symbol that is known to be one, so every rule binds.
pub(super) fn read_retail(
    text: &str,
    aim: Option<AimId>,
    symbology: Option<Symbology>,
    rules: &[EmbeddedRule],
) -> Result<Understood, BadCode> {
    let name = match symbology {
        Some(Symbology::Ean8) => "EAN-8",
        Some(Symbology::UpcA) => "UPC-A",
        Some(Symbology::UpcE) => "UPC-E",
        _ => "EAN-13",
    };
    digits_only(name, text)?;
    let with_add_on = aim.is_some_and(|a| a.modifier == '3');
    let (digits, add_on) = match (text.len(), with_add_on) {
        (15 | 18, true) => (&text[..13], Some(text[13..].to_owned())),
        (14 | 17, true) => (&text[..12], Some(text[12..].to_owned())),
        _ => (text, None),
    };
    let wrong_length = |expected: &str| BadCode::Length {
        field: name.to_owned(),
        expected: expected.to_owned(),
        found: digits.len(),
    };
    let form = match (symbology, digits.len()) {
        (Some(Symbology::UpcE), 6..=8) => GtinForm::UpcE,
        // A scanner may send a UPC-E or a UPC-A expanded, as it is set up.
        (Some(Symbology::UpcE | Symbology::UpcA), 12) => GtinForm::UpcA,
        (Some(Symbology::UpcE | Symbology::UpcA), 13) if digits.starts_with('0') => GtinForm::UpcA,
        (Some(Symbology::Ean8), 8) => GtinForm::Ean8,
        (Some(Symbology::Ean13), 12) => GtinForm::UpcA,
        (Some(Symbology::Ean13), 13) => GtinForm::Ean13,
        (Some(Symbology::Ean13), 8) if aim.is_some() => GtinForm::Ean8,
        (Some(Symbology::Ean8), _) => return Err(wrong_length("8")),
        (Some(Symbology::UpcA), _) => return Err(wrong_length("12")),
        (Some(Symbology::UpcE), _) => return Err(wrong_length("6, 7 or 8")),
        _ => return Err(wrong_length("13")),
    };
    if form == GtinForm::UpcE {
        return read_upc_e(digits);
    }
    if let Some((expected, found)) = expected_and_found(digits)
        && expected != found
    {
        return Err(wrong_check_digit(name, expected, found));
    }
    Ok(understood(digits, form, add_on, rules))
}

/// Reads an ITF-14, fourteen digits with a right check digit (General Specifications 5.3).
pub(super) fn read_itf14(text: &str) -> Result<Understood, BadCode> {
    digits_only("ITF-14", text)?;
    if text.len() != 14 {
        return Err(BadCode::Length {
            field: "ITF-14".to_owned(),
            expected: "14".to_owned(),
            found: text.len(),
        });
    }
    if let Some((expected, found)) = expected_and_found(text)
        && expected != found
    {
        return Err(wrong_check_digit("ITF-14", expected, found));
    }
    Ok(understood(text, GtinForm::Gtin14, None, &[]))
}

/// Reads a number of GTIN length whose symbol nobody knows. Never fails: a wrong check digit is a remark.
pub(super) fn read_unmarked(text: &str, rules: &[EmbeddedRule]) -> Option<Understood> {
    if !is_digits(text) {
        return None;
    }
    let form = match text.len() {
        8 => {
            let upc_e = expand_upc_e(text).is_ok();
            // EAN-8 with 0 is a number within one company, which is rarer than a UPC-E; with 1 it is the
            // other way round.
            if upc_e && (text.starts_with('0') || !is_valid(text)) {
                let (mut keys, meaning) = read_upc_e(text).ok()?;
                push_key(&mut keys, &format!("{text:0>14}"));
                return Some((keys, meaning));
            }
            let (mut keys, meaning) = understood(text, GtinForm::Ean8, None, rules);
            if upc_e {
                for key in read_upc_e(text).map(|(keys, _)| keys).unwrap_or_default() {
                    push_key(&mut keys, &key);
                }
            }
            return Some((keys, meaning));
        }
        12 => GtinForm::UpcA,
        13 => GtinForm::Ean13,
        14 => GtinForm::Gtin14,
        // A short number is a price look-up code as likely as a UPC-E: it stays text, its long forms are keys.
        6 | 7 => {
            let upc_a = expand_upc_e(text).ok()?;
            return Some((keys_of(&format!("{upc_a:0>14}"), text), Meaning::Text));
        }
        _ => return None,
    };
    Some(understood(text, form, None, rules))
}

fn read_upc_e(text: &str) -> Result<Understood, BadCode> {
    let upc_a = expand_upc_e(text)?;
    let gtin14 = format!("00{upc_a}");
    let mut keys = keys_of(&gtin14, text);
    if text.len() < 8
        && let Some(last) = upc_a.chars().last()
    {
        let system = if text.len() == 6 { "0" } else { "" };
        push_key(&mut keys, &format!("{system}{text}{last}"));
    }
    let (expected, found) = expected_and_found(&upc_a).unwrap_or((0, 0));
    let meaning = Meaning::Gtin {
        circulation: circulation(&gtin14),
        gtin14,
        form: GtinForm::UpcE,
        check_digit_ok: true,
        expected_check_digit: expected,
        found_check_digit: found,
        add_on: None,
        refused: None,
    };
    Ok((keys, meaning))
}

fn understood(digits: &str, form: GtinForm, add_on: Option<String>, rules: &[EmbeddedRule]) -> Understood {
    let gtin14 = format!("{digits:0>14}");
    let keys = keys_of(&gtin14, digits);
    let (expected, found) = expected_and_found(digits).unwrap_or((0, 0));
    let mut refused = None;
    if expected == found {
        match embedded::apply(digits, &gtin14, rules) {
            embedded::Applied::Read(meaning) => return (keys, meaning),
            embedded::Applied::Refused(why) => refused = Some(why),
            embedded::Applied::None => {}
        }
    }
    let meaning = Meaning::Gtin {
        circulation: circulation(&gtin14),
        gtin14,
        form,
        check_digit_ok: expected == found,
        expected_check_digit: expected,
        found_check_digit: found,
        add_on,
        refused,
    };
    (keys, meaning)
}

fn digits_only(field: &str, text: &str) -> Result<(), BadCode> {
    match text.chars().position(|c| !c.is_ascii_digit()) {
        None if text.is_empty() => Err(BadCode::Empty),
        None => Ok(()),
        Some(at) => Err(BadCode::Character {
            field: field.to_owned(),
            position: at + 1,
            allowed: "it holds digits only".to_owned(),
        }),
    }
}

fn wrong_check_digit(field: &str, expected: u8, found: u8) -> BadCode {
    BadCode::CheckDigit {
        field: field.to_owned(),
        expected: expected.to_string(),
        found: found.to_string(),
    }
}

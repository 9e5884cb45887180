//! The checks on one part of a GS1 value: character sets, check digits, dates, code lists.
//!
//! Sources: GS1 General Specifications 3 (each identifier), 7.9 (check digits and characters), 7.11 (character
//! sets), 7.12 (century); the names of the checks are those of the GS1 Barcode Syntax Tests.

use super::{BadCode, code_list, gtin};

/// Character set 82 in the order of its values (General Specifications 7.11, figure 7.11-1).
const SET_82: &str = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";

/// Checks that every character belongs to the set of the part. `offset` is where the part starts in its value.
pub(super) fn characters(ai: &str, set: char, part: &str, offset: usize) -> Result<(), BadCode> {
    let (allowed, words): (fn(char) -> bool, _) = match set {
        'N' => (|c| c.is_ascii_digit(), "digits only"),
        'Y' => (
            |c| c.is_ascii_digit() || c.is_ascii_uppercase() || "#-/".contains(c),
            "digits, capitals, #, - and / only",
        ),
        'Z' => (
            |c| c.is_ascii_alphanumeric() || "-_=".contains(c),
            "letters, digits, -, _ and = only",
        ),
        _ => (
            |c| SET_82.contains(c),
            "unaccented letters, digits and !\"%&'()*+,-./:;<=>?_ only",
        ),
    };
    match part.chars().position(|c| !allowed(c)) {
        // Padding of base64url: at most two signs, at the end, to a multiple of three.
        None if set == 'Z' && part.contains('=') => {
            let data = part.trim_end_matches('=');
            if data.contains('=') || part.len() - data.len() > 2 || !part.len().is_multiple_of(3) {
                return Err(BadCode::Value {
                    ai: ai.to_owned(),
                    value: part.to_owned(),
                    why: "its padding is wrong".to_owned(),
                });
            }
            Ok(())
        }
        None => Ok(()),
        Some(at) => Err(BadCode::Character {
            field: format!("({ai})"),
            position: offset + at + 1,
            allowed: words.to_owned(),
        }),
    }
}

/// Runs one named check on a part, whose characters and length are right already.
pub(super) fn run(check: &str, ai: &str, part: &str, today_year: i32) -> Result<(), BadCode> {
    let bad = |why: &str| {
        Err(BadCode::Value {
            ai: ai.to_owned(),
            value: part.to_owned(),
            why: why.to_owned(),
        })
    };
    let number = || part.parse::<u64>().unwrap_or(u64::MAX);
    match check {
        "" => Ok(()),
        "csum" => match gtin::expected_and_found(part) {
            Some((expected, found)) if expected == found => Ok(()),
            Some((expected, found)) => Err(BadCode::CheckDigit {
                field: format!("({ai})"),
                expected: expected.to_string(),
                found: found.to_string(),
            }),
            None => bad("it is no number"),
        },
        "csumalpha" => check_pair(ai, part),
        // A company prefix has at least four digits.
        "gcp" if part.len() < 4 || !part.bytes().take(4).all(|b| b.is_ascii_digit()) => {
            bad("it does not start with a GS1 company prefix")
        }
        "yymmd0" if !is_date(&century(part, today_year), true) => {
            bad("that is no date (YYMMDD, DD may be 00)")
        }
        "yymmdd" if !is_date(&century(part, today_year), false) => bad("that is no date (YYMMDD)"),
        "yyyymmdd" if !is_date(part, false) => bad("that is no date (YYYYMMDD)"),
        "hh" if number() > 23 => bad("an hour is 00 to 23"),
        "mi" | "ss" if number() > 59 => bad("minutes and seconds are 00 to 59"),
        "hhmi" if number() / 100 > 23 || number() % 100 > 59 => bad("that is no time (HHMM)"),
        "iso3166" if !code_list::holds(code_list::COUNTRY_NUMBERS, part) => {
            bad("that is no ISO 3166 country")
        }
        "iso3166999" if part != "999" && !code_list::holds(code_list::COUNTRY_NUMBERS, part) => {
            bad("that is neither an ISO 3166 country nor 999")
        }
        "iso3166alpha2" if !code_list::holds(code_list::COUNTRIES, part) => {
            bad("that is no ISO 3166 country")
        }
        "iso4217" if !code_list::holds(code_list::CURRENCY_NUMBERS, part) => {
            bad("that is no ISO 4217 currency")
        }
        "packagetype" if !code_list::holds(code_list::PACKAGE_TYPES, part) => bad("that is no package type"),
        "iban" if !is_iban(part) => bad("that is no IBAN"),
        "pcenc" if !is_percent_encoded(part) => bad("a % must be followed by two hexadecimal digits"),
        "yesno" if !matches!(part, "0" | "1") => bad("only 0 (no) and 1 (yes) are allowed"),
        "iso5218" if !matches!(part, "0" | "1" | "2" | "9") => bad("only 0, 1, 2 and 9 are allowed"),
        "winding" if !matches!(part, "0" | "1" | "9") => bad("only 0, 1 and 9 are allowed"),
        "zero" if part.bytes().any(|b| b != b'0') => bad("only zero is allowed here"),
        "nonzero" if part.bytes().all(|b| b == b'0') => bad("zero is not allowed here"),
        "nozeroprefix" if part.starts_with('0') => bad("it can't start with zero"),
        "hasnondigit" if part.bytes().all(|b| b.is_ascii_digit()) => {
            bad("it needs at least one character that is no digit")
        }
        "hyphen" if part.bytes().any(|b| b != b'-') => bad("only a minus sign is allowed here"),
        "latitude" if number() > 1_800_000_000 => bad("that is beyond a pole"),
        "longitude" if number() > 3_600_000_000 => bad("that is more than a full turn"),
        "mediatype" if !matches!(number(), 1..=10 | 80..=99) => bad("that media type is not assigned"),
        "importeridx"
            if part.len() != 1
                || !part
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || "-_".contains(c)) =>
        {
            bad("only a letter, a digit, - or _ is allowed here")
        }
        "pieceoftotal" => {
            let (piece, total) = (number() / 100, number() % 100);
            if piece == 0 || piece > total {
                bad("a piece is 1 to the number of pieces")
            } else {
                Ok(())
            }
        }
        "posinseqslash" => match part.split_once('/') {
            Some((piece, total))
                if counts(piece) && counts(total) && (piece.len(), piece) <= (total.len(), total) =>
            {
                Ok(())
            }
            _ => bad("it needs a position and a number of births, as in 1/2"),
        },
        "couponcode" => coupon(part).or_else(bad),
        "couponposoffer" => pos_offer(part).or_else(bad),
        _ => Ok(()),
    }
}

fn counts(text: &str) -> bool {
    gtin::is_digits(text) && !text.starts_with('0')
}

/// Puts the century before a two-digit year: the year that lies within 49 years before and 50 after today's
/// (General Specifications 7.12).
pub(super) fn century(yymmdd: &str, today_year: i32) -> String {
    let Some(Ok(year)) = yymmdd.get(..2).map(str::parse::<i32>) else {
        return String::new();
    };
    // Outside these years there is no window to speak of; the bound keeps the sum from overflowing.
    let today = today_year.clamp(1000, 9000);
    let mut full = today - today.rem_euclid(100) + year;
    match year - today.rem_euclid(100) {
        51.. => full -= 100,
        ..=-50 => full += 100,
        _ => {}
    }
    format!("{full:04}{}", yymmdd.get(2..).unwrap_or_default())
}

/// Splits `YYYYMMDD`.
pub(super) fn date_parts(text: &str) -> Option<(i32, u8, u8)> {
    if text.len() != 8 || !gtin::is_digits(text) {
        return None;
    }
    Some((
        text.get(..4)?.parse().ok()?,
        text.get(4..6)?.parse().ok()?,
        text.get(6..)?.parse().ok()?,
    ))
}

fn is_date(yyyymmdd: &str, open_day: bool) -> bool {
    date_parts(yyyymmdd).is_some_and(|(year, month, day)| {
        let last = last_day(year, month);
        last > 0 && day <= last && (day > 0 || open_day)
    })
}

/// Returns the last day of a month, 0 when there is no such month.
pub(super) fn last_day(year: i32, month: u8) -> u8 {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 0,
    }
}

/// Checks a pair of check characters (General Specifications 7.9.5): the values of the other characters in set
/// 82, weighted with the primes from the right, modulo 1021, as two characters of a set of 32.
fn check_pair(ai: &str, part: &str) -> Result<(), BadCode> {
    const SET_32: &[u8] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    const PRIMES: [usize; 30] = [
        2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101,
        103, 107, 109, 113,
    ];
    let bad = |why: &str| BadCode::Value {
        ai: ai.to_owned(),
        value: part.to_owned(),
        why: why.to_owned(),
    };
    let cut = part
        .len()
        .checked_sub(2)
        .ok_or_else(|| bad("it is too short to hold its two check characters"))?;
    let (payload, pair) = part
        .split_at_checked(cut)
        .ok_or_else(|| bad("its check characters are damaged"))?;
    if payload.len() > PRIMES.len() {
        return Err(bad("it is longer than its check characters can cover"));
    }
    let sum = payload
        .chars()
        .rev()
        .zip(PRIMES)
        .map(|(c, prime)| SET_82.find(c).unwrap_or(0) * prime)
        .sum::<usize>()
        % 1021;
    let expected: String = [sum / 32, sum % 32]
        .iter()
        .filter_map(|i| SET_32.get(*i))
        .map(|b| char::from(*b))
        .collect();
    if expected == pair {
        Ok(())
    } else {
        Err(BadCode::CheckDigit {
            field: format!("({ai})"),
            expected,
            found: pair.to_owned(),
        })
    }
}

fn is_iban(text: &str) -> bool {
    let Some((head, tail)) = text.split_at_checked(4) else {
        return false;
    };
    (11..=34).contains(&text.len())
        && code_list::holds(code_list::COUNTRIES, &head[..2])
        && tail
            .chars()
            .chain(head.chars())
            .try_fold(0u32, |rest, c| match c {
                '0'..='9' => Some((rest * 10 + u32::from(c) - u32::from('0')) % 97),
                'A'..='Z' => Some((rest * 100 + u32::from(c) - u32::from('A') + 10) % 97),
                _ => None,
            })
            == Some(1)
}

fn is_percent_encoded(text: &str) -> bool {
    text.split('%')
        .skip(1)
        .all(|rest| rest.len() >= 2 && rest.bytes().take(2).all(|b| b.is_ascii_hexdigit()))
}

/// Takes digits from the front of a coupon.
struct Digits<'a>(&'a str);

impl<'a> Digits<'a> {
    fn take(&mut self, n: usize, what: &'static str) -> Result<&'a str, &'static str> {
        let (head, tail) = self.0.split_at_checked(n).ok_or(what)?;
        self.0 = tail;
        Ok(head)
    }

    fn digit(&mut self, allowed: &str, what: &'static str) -> Result<usize, &'static str> {
        let d = self.take(1, what)?;
        if allowed.contains(d) {
            d.parse().map_err(|_| what)
        } else {
            Err(what)
        }
    }

    /// Takes a length digit and as many digits as it says, plus a constant.
    fn counted(&mut self, allowed: &str, plus: usize, what: &'static str) -> Result<(), &'static str> {
        let n = self.digit(allowed, what)?;
        // In a coupon nine means that the part is left out.
        self.take(
            if plus > 0 && n == 9 && allowed.ends_with("69") {
                0
            } else {
                n + plus
            },
            what,
        )
        .map(|_| ())
    }

    fn option(&mut self, tag: &str) -> bool {
        match self.0.strip_prefix(tag) {
            Some(rest) => {
                self.0 = rest;
                true
            }
            None => false,
        }
    }
}

/// Checks a North American coupon, (8110) (GS1 North American Coupon Application Guideline).
fn coupon(text: &str) -> Result<(), &'static str> {
    if !gtin::is_digits(text) {
        return Err("a coupon is digits only");
    }
    let mut rest = Digits(text);
    rest.counted("0123456", 6, "its company prefix is wrong")?;
    rest.take(6, "its offer code is cut off")?;
    rest.counted("12345", 0, "its save value is wrong")?;
    rest.counted("12345", 0, "its first purchase requirement is wrong")?;
    rest.digit("012349", "its first purchase requirement code is wrong")?;
    rest.take(3, "its first purchase family code is cut off")?;
    if rest.option("1") {
        rest.digit("0123", "its additional purchase rule is wrong")?;
        rest.counted("12345", 0, "its second purchase requirement is wrong")?;
        rest.digit("012349", "its second purchase requirement code is wrong")?;
        rest.take(3, "its second purchase family code is cut off")?;
        rest.counted("01234569", 6, "its second company prefix is wrong")?;
    }
    if rest.option("2") {
        rest.counted("12345", 0, "its third purchase requirement is wrong")?;
        rest.digit("012349", "its third purchase requirement code is wrong")?;
        rest.take(3, "its third purchase family code is cut off")?;
        rest.counted("01234569", 6, "its third company prefix is wrong")?;
    }
    let day = |rest: &mut Digits<'_>, what| {
        let day = rest.take(6, what)?.to_owned();
        // Years of coupons are of this century.
        if is_date(&format!("20{day}"), false) {
            Ok(day)
        } else {
            Err(what)
        }
    };
    let mut end = None;
    if rest.option("3") {
        end = Some(day(&mut rest, "its expiration date is wrong")?);
    }
    if rest.option("4") {
        let start = day(&mut rest, "its start date is wrong")?;
        if end.is_some_and(|end| start > end) {
            return Err("it ends before it starts");
        }
    }
    if rest.option("5") {
        rest.counted("0123456789", 6, "its serial number is wrong")?;
    }
    if rest.option("6") {
        rest.counted("1234567", 6, "its retailer number is wrong")?;
    }
    if rest.option("9") {
        rest.digit("01256", "its save value code is wrong")?;
        rest.digit("012", "it does not say which item the save value applies to")?;
        rest.digit("0123456789", "its store coupon flag is wrong")?;
        rest.digit("01", "its don't-multiply flag is wrong")?;
    }
    if rest.0.is_empty() {
        Ok(())
    } else {
        Err("digits follow after its end")
    }
}

/// Checks a positive offer file coupon, (8112).
fn pos_offer(text: &str) -> Result<(), &'static str> {
    if !gtin::is_digits(text) {
        return Err("a coupon is digits only");
    }
    let mut rest = Digits(text);
    rest.digit("01", "its format is wrong")?;
    rest.counted("0123456", 6, "its funder is wrong")?;
    rest.take(6, "its offer code is cut off")?;
    rest.counted("0123456789", 6, "its serial number is wrong")?;
    if rest.0.is_empty() {
        Ok(())
    } else {
        Err("digits follow after its end")
    }
}

//! What a person types at the terminal till, one thing a line: goods first, commands by their first word.

use barrow_kernel::money::Currency;
use barrow_kernel::quantity::{Quantity, Rate, Unit, UnitPrice};
use barrow_till::number;

/// Goods that a person wants in the cart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Goods {
    /// Gives the quantity and its unit, where they were typed.
    pub quantity: Option<(Quantity, Option<Unit>)>,
    /// Holds a barcode, a SKU or words to search by.
    pub words: String,
    /// Gives the price of one unit, where it was typed.
    pub price: Option<UnitPrice>,
    /// Tells why the price differs, where it was typed.
    pub reason: Option<String>,
}

/// How a person wants to be paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pay {
    /// Shows what is due.
    Ask,
    /// Takes exactly what is due, in cash.
    Exact,
    /// Takes cash that was handed over, in minor units.
    Given(i64),
    /// Takes another tender by the first letters of its name; all that is open when no amount is given.
    Tender(String, Option<i64>),
}

/// What goes off a price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Off {
    /// A percentage.
    Percent(Rate),
    /// An amount in minor units.
    Amount(i64),
}

/// One line of input, understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wish {
    /// An empty line shows the cart again.
    Look,
    /// Shows what can be typed.
    Help,
    /// Leaves; open carts stay.
    Quit,
    /// Adds goods, or takes them back when the quantity is negative.
    Add(Goods),
    /// Removes a line.
    Remove(usize),
    /// Takes the last change back.
    Undo,
    /// Sets the quantity of a line.
    Quantity(usize, Quantity),
    /// Sets the discount of a line, or of the cart.
    Discount(Off, Option<usize>, Option<String>),
    /// Sets another price of a line, with a reason.
    Price(usize, UnitPrice, Option<String>),
    /// Takes money.
    Pay(Pay),
    /// Gives the cart up.
    Void(Option<String>),
    /// Puts the cart aside.
    Park(Option<String>),
    /// Lists open carts.
    Carts,
    /// Takes up the n-th open cart.
    Resume(usize),
    /// Takes goods of a receipt back: all of it, one line, some of a line.
    Refund(String, Option<usize>, Option<Quantity>),
    /// Shows a receipt; the last one when none is named.
    Receipt(Option<String>),
    /// Puts a wrong tender right.
    Fix(String, String),
    /// Opens a shift with a float.
    Open(i64),
    /// Pays cash in, with a reason.
    PayIn(i64, String),
    /// Pays cash out, with a reason.
    PayOut(i64, String),
    /// Takes cash to the safe.
    Drop(i64),
    /// Shows the running figures of the shift.
    Report,
    /// Closes the shift with the cash that was counted.
    Close(i64, Option<String>),
    /// Shows what is on hand of goods.
    Stock(String),
    /// Books a count of one item.
    Count(String, Quantity),
    /// Books what was spoilt of one item, with the reason.
    Waste(String, Quantity, String),
    /// Shows the takings of the day.
    Today,
    /// Shows how much of what was done arrived at the hub and at other tills.
    Sync,
}

/// Understands one line.
///
/// # Errors
/// A sentence that says how to write what was meant.
pub fn read(line: &str, currency: Currency) -> Result<Wish, String> {
    let line = line.trim();
    let (first, rest) = split(line);
    let word = first.to_lowercase();
    match (word.as_str(), rest) {
        ("", _) => Ok(Wish::Look),
        ("help" | "?" | "h", "") => Ok(Wish::Help),
        ("quit" | "exit" | "bye", "") => Ok(Wish::Quit),
        ("undo" | "u", "") => Ok(Wish::Undo),
        ("carts", "") => Ok(Wish::Carts),
        ("today", "") => Ok(Wish::Today),
        ("sync", "") => Ok(Wish::Sync),
        ("x", "") => Ok(Wish::Report),
        ("x", rest) => one_line(rest).map(Wish::Remove),
        ("q", rest) if starts_with_digit(rest) => quantity_of_line(rest),
        ("%", rest) => percent(rest),
        ("off", rest) => amount_off(rest, currency),
        ("price", rest) if starts_with_digit(rest) => price_of_line(rest),
        ("void", rest) => Ok(Wish::Void(text(rest))),
        ("park", rest) => Ok(Wish::Park(text(rest))),
        ("resume", rest) => Ok(Wish::Resume(if rest.is_empty() { 1 } else { one_line(rest)? })),
        ("refund", rest) => refund(rest),
        ("receipt", rest) => Ok(Wish::Receipt(text(rest))),
        ("fix", rest) => fix(rest),
        _ => cash_or_goods(line, &word, rest, currency),
    }
}

fn cash_or_goods(line: &str, word: &str, rest: &str, currency: Currency) -> Result<Wish, String> {
    match word {
        "open" if rest.is_empty() => Ok(Wish::Open(0)),
        "open" if starts_with_digit(rest) => number::money(rest, currency).map(Wish::Open),
        "payin" => {
            with_reason(rest, currency, "payin 20 change from the bank").map(|(a, r)| Wish::PayIn(a, r))
        }
        "payout" => with_reason(rest, currency, "payout 15 pitch fee").map(|(a, r)| Wish::PayOut(a, r)),
        "drop" if starts_with_digit(rest) => number::money(rest, currency).map(Wish::Drop),
        "z" if rest.is_empty() => Err("Count the cash, then type z and the amount, like z 243.10".into()),
        "z" => {
            let (amount, note) = split(rest);
            Ok(Wish::Close(number::money(amount, currency)?, text(note)))
        }
        "stock" => Ok(Wish::Stock(rest.to_owned())),
        "count" => count(rest),
        "waste" => waste(rest),
        _ if line.starts_with('=') => pay(line[1..].trim(), currency),
        _ if line.starts_with('%') => percent(line[1..].trim()),
        _ => goods(line).map(Wish::Add),
    }
}

/// Splits the first word off.
fn split(text: &str) -> (&str, &str) {
    let text = text.trim();
    text.split_once(char::is_whitespace)
        .map_or((text, ""), |(first, rest)| (first, rest.trim()))
}

fn text(rest: &str) -> Option<String> {
    (!rest.is_empty()).then(|| rest.to_owned())
}

fn starts_with_digit(rest: &str) -> bool {
    rest.starts_with(|sign: char| sign.is_ascii_digit())
}

/// Reads the number of a line of the cart, from 1.
fn one_line(text: &str) -> Result<usize, String> {
    let number = text.parse::<usize>().ok().filter(|number| *number > 0);
    number.ok_or_else(|| format!("{text} is not the number of a line: it stands at its left, from 1"))
}

fn quantity(text: &str) -> Result<Quantity, String> {
    let number = number::plain(text, false)?;
    number
        .parse()
        .map_err(|fault| format!("{text} is not a quantity: {fault}"))
}

fn unit_price(text: &str) -> Result<UnitPrice, String> {
    let number = number::plain(text, true)?;
    number
        .parse()
        .map_err(|fault| format!("{text} is not a price: {fault}"))
}

fn quantity_of_line(rest: &str) -> Result<Wish, String> {
    let (line, amount) = split(rest);
    if amount.is_empty() {
        return Err("Name the line and its new quantity, like q 2 5".into());
    }
    Ok(Wish::Quantity(one_line(line)?, quantity(amount)?))
}

fn price_of_line(rest: &str) -> Result<Wish, String> {
    let (line, rest) = split(rest);
    let (price, reason) = split(rest);
    if price.is_empty() {
        return Err("Name the line and its new price, like price 2 3.00 bruised".into());
    }
    Ok(Wish::Price(one_line(line)?, unit_price(price)?, text(reason)))
}

fn percent(rest: &str) -> Result<Wish, String> {
    let (rate, rest) = split(rest);
    if rate.is_empty() {
        return Err("Name the percentage, like % 10, or % 10 2 for line 2".into());
    }
    let plain = number::plain(rate.trim_end_matches('%'), false)?;
    let rate: Rate = plain
        .parse()
        .map_err(|fault| format!("{rate} is not a percentage: {fault}"))?;
    let (line, reason) = line_and_reason(rest)?;
    Ok(Wish::Discount(Off::Percent(rate), line, reason))
}

fn amount_off(rest: &str, currency: Currency) -> Result<Wish, String> {
    let (amount, rest) = split(rest);
    if amount.is_empty() {
        return Err("Name what goes off, like off 0.95, or off 0.95 2 for line 2".into());
    }
    let (line, reason) = line_and_reason(rest)?;
    Ok(Wish::Discount(
        Off::Amount(number::money(amount, currency)?),
        line,
        reason,
    ))
}

fn line_and_reason(rest: &str) -> Result<(Option<usize>, Option<String>), String> {
    if !starts_with_digit(rest) {
        return Ok((None, text(rest)));
    }
    let (line, reason) = split(rest);
    Ok((Some(one_line(line)?), text(reason)))
}

fn refund(rest: &str) -> Result<Wish, String> {
    let (number, rest) = split(rest);
    if number.is_empty() {
        return Err("Name the receipt, like refund A-17, or refund A-17 2 for its second line".into());
    }
    let (line, amount) = split(rest);
    let line = if line.is_empty() {
        None
    } else {
        Some(one_line(line)?)
    };
    let amount = if amount.is_empty() {
        None
    } else {
        Some(quantity(amount)?)
    };
    Ok(Wish::Refund(number.to_uppercase(), line, amount))
}

fn fix(rest: &str) -> Result<Wish, String> {
    let (number, tender) = split(rest);
    if tender.is_empty() {
        return Err("Name the receipt and how it was really paid, like fix A-17 card".into());
    }
    Ok(Wish::Fix(number.to_uppercase(), tender.to_owned()))
}

fn with_reason(rest: &str, currency: Currency, example: &str) -> Result<(i64, String), String> {
    let (amount, reason) = split(rest);
    if reason.is_empty() {
        return Err(format!("Name the amount and the reason, like {example}"));
    }
    Ok((number::money(amount, currency)?, reason.to_owned()))
}

fn count(rest: &str) -> Result<Wish, String> {
    let usage = || "Name the goods and how many are there, like count LA-CROISS 40".to_owned();
    let (words, amount) = rest.rsplit_once(char::is_whitespace).ok_or_else(usage)?;
    Ok(Wish::Count(words.trim().to_owned(), quantity(amount)?))
}

fn waste(rest: &str) -> Result<Wish, String> {
    let (sku, rest) = split(rest);
    let (amount, reason) = split(rest);
    if reason.is_empty() {
        return Err("Name the SKU, how many and why, like waste FR-STRAWB 2 mouldy".into());
    }
    Ok(Wish::Waste(sku.to_owned(), quantity(amount)?, reason.to_owned()))
}

fn pay(rest: &str, currency: Currency) -> Result<Wish, String> {
    let (first, amount) = split(rest);
    if first.is_empty() {
        return Ok(Wish::Pay(Pay::Ask));
    }
    if starts_with_digit(first) || first.starts_with(['.', '-']) {
        return number::money(rest, currency).map(|given| Wish::Pay(Pay::Given(given)));
    }
    if first.eq_ignore_ascii_case("exact") {
        return Ok(Wish::Pay(Pay::Exact));
    }
    let amount = if amount.is_empty() {
        None
    } else {
        Some(number::money(amount, currency)?)
    };
    Ok(Wish::Pay(Pay::Tender(first.to_lowercase(), amount)))
}

/// Reads goods: a quantity in front, `@` and a price behind.
fn goods(line: &str) -> Result<Goods, String> {
    let (line, price, reason) = match line.rsplit_once('@') {
        Some((front, price)) if starts_with_digit(price.trim()) => {
            let (price, reason) = split(price);
            (front.trim(), Some(unit_price(price)?), text(reason))
        }
        _ => (line, None, None),
    };
    let (quantity, words) = match line.split_once('*') {
        Some((front, words)) if measure(front.trim()).is_some() => (measure(front.trim()), words.trim()),
        _ => {
            let (front, words) = split(line);
            match measure(front) {
                Some(found) if !words.is_empty() => (Some(found), words.trim_start_matches("x ").trim()),
                _ => (None, line),
            }
        }
    };
    if words.is_empty() {
        return Err("Name the goods: a barcode, a SKU, or words to search by".into());
    }
    Ok(Goods {
        quantity,
        words: words.to_owned(),
        price,
        reason,
    })
}

/// Reads "2", "-3", "1.234", "1,234", "420g", "1.2kg", "3x".
pub fn measure(text: &str) -> Option<(Quantity, Option<Unit>)> {
    let end = text.find(|sign: char| sign.is_alphabetic()).unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let unit = match unit {
        "" | "x" => None,
        "kg" | "g" | "l" | "ml" | "m" => unit.parse().ok(),
        _ => return None,
    };
    Some((quantity(number).ok()?, unit))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn euro() -> Currency {
        Currency::iso("EUR").unwrap()
    }

    fn q(text: &str) -> Quantity {
        text.parse().unwrap()
    }

    fn added(line: &str) -> Goods {
        match read(line, euro()).unwrap() {
            Wish::Add(goods) => goods,
            other => panic!("{line} was read as {other:?}"),
        }
    }

    #[test]
    fn goods_have_a_quantity_in_front_and_a_price_behind() {
        assert_eq!(added("croissant").quantity, None);
        assert_eq!(
            added("2 croissant"),
            Goods {
                quantity: Some((q("2"), None)),
                ..added("croissant")
            }
        );
        assert_eq!(added("1.234*elstar").quantity, Some((q("1.234"), None)));
        assert_eq!(added("1,234 FR-ELSTAR").words, "FR-ELSTAR");
        assert_eq!(added("420g olives").quantity, Some((q("420"), Some(Unit::Gram))));
        assert_eq!(added("-3 DP-CUP").quantity, Some((q("-3"), None)));
        assert_eq!(added("3 x pils").words, "pils");
        assert_eq!(
            added("2710000000013"),
            Goods {
                quantity: None,
                words: "2710000000013".into(),
                price: None,
                reason: None
            }
        );
        let book = added("book @3.50 signed");
        assert_eq!(
            (book.price, book.reason.as_deref()),
            (Some("3.5".parse().unwrap()), Some("signed"))
        );
        assert_eq!(book.words, "book");
    }

    #[test]
    fn money_is_taken_with_an_equals_sign() {
        let wish = |line: &str| read(line, euro()).unwrap();
        assert_eq!(wish("="), Wish::Pay(Pay::Ask));
        assert_eq!(wish("=30"), Wish::Pay(Pay::Given(3000)));
        assert_eq!(wish("= 7,50"), Wish::Pay(Pay::Given(750)));
        assert_eq!(wish("= exact"), Wish::Pay(Pay::Exact));
        assert_eq!(wish("= card 5"), Wish::Pay(Pay::Tender("card".into(), Some(500))));
        assert_eq!(
            wish("z 243.10 wet coins"),
            Wish::Close(24310, Some("wet coins".into()))
        );
        assert_eq!(
            wish("payout 15 pitch fee"),
            Wish::PayOut(1500, "pitch fee".into())
        );
    }

    #[test]
    fn lines_are_named_by_their_number() {
        let wish = |line: &str| read(line, euro()).unwrap();
        assert_eq!(wish("x 2"), Wish::Remove(2));
        assert_eq!(wish("x"), Wish::Report);
        assert_eq!(wish("q 2 5"), Wish::Quantity(2, q("5")));
        assert_eq!(
            wish("% 10"),
            Wish::Discount(Off::Percent("10".parse().unwrap()), None, None)
        );
        assert_eq!(
            wish("%10 2"),
            Wish::Discount(Off::Percent("10".parse().unwrap()), Some(2), None)
        );
        assert_eq!(
            wish("off 0.95 4 regular"),
            Wish::Discount(Off::Amount(95), Some(4), Some("regular".into()))
        );
        assert_eq!(
            wish("refund a-17 2 1"),
            Wish::Refund("A-17".into(), Some(2), Some(q("1")))
        );
    }

    #[test]
    fn a_slip_gets_an_example() {
        for line in [
            "q 2",
            "%",
            "off",
            "refund",
            "fix A-17",
            "payin 5",
            "z",
            "count croissant",
            "waste FR-STRAWB 2",
            "x 0",
            "= 3.999",
        ] {
            let told = read(line, euro()).unwrap_err();
            assert!(told.len() > 10, "{line}: {told}");
        }
    }

    proptest! {
        #[test]
        fn no_line_is_too_strange(line in "\\PC*") {
            let _ = read(&line, euro());
        }

        #[test]
        fn no_command_is_too_strange(word in "(x|q|%|off|=|z|refund|count|price|@|\\*)", rest in "[ 0-9.,*@x%-]{0,12}") {
            let _ = read(&format!("{word}{rest}"), euro());
            let _ = read(&format!("{word} {rest}"), euro());
        }
    }
}

//! How the terminal till looks: the cart with its total big, what is due, what to type next.

use crate::output::shown;
use barrow_kernel::cash::change_suggestions;
use barrow_kernel::catalogue::Item;
use barrow_kernel::money::Currency;
use barrow_kernel::price::Discount;
use barrow_kernel::quantity::{Quantity, Unit, UnitPrice};
use barrow_kernel::view::{CartView, LineView};
use rust_decimal::Decimal;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Gives the columns of the cart: they fit beside each other on the narrowest terminal in use, 72 wide.
const NAME: usize = 27;
const QUANTITY: usize = 12;
const PRICE: usize = 13;
const AMOUNT: usize = 11;
const WIDTH: usize = 4 + NAME + QUANTITY + PRICE + AMOUNT;

/// What a person can type, shown by `help`.
pub const HELP: &str = "\
Goods     croissant             words; choose when several fit
          2710000000013         a barcode, a scale label or a SKU
          2 croissant           the quantity stands in front
          1.234 FR-ELSTAR       a weight; 1,234*elstar and 420g olives too
          book @3.50            the price of open-price goods
          -3 DP-CUP             cups come back
Cart      x 2                   remove line 2
          q 2 5                 line 2 becomes 5
          % 10      % 10 2      ten percent off the cart, off line 2
          off 0.95 2 regular    an amount off line 2, with a reason
          price 2 3.00 bruised  another price for line 2
          undo                  take the last change back
          void                  give the cart up
          park Anna   carts   resume 1
Charge    =                     what is due
          = 30      = exact     cash
          = card    = card 5    card, or a part of it
After     receipt   receipt A-17
          refund A-17           all of it; refund A-17 2 1 is one of line 2
          fix A-17 card         it was paid otherwise
Cash box  open 100   payin 20 why   payout 15 why   drop 200
          x                     figures so far
          z 243.10              close, with the cash you counted
Stock     stock bread   count LA-CROISS 40   waste FR-STRAWB 2 mouldy
Look      today   sync   help   quit
";

/// Cuts a text to what fits into columns, with a mark where something is missing.
pub fn fit(text: &str, width: usize) -> String {
    let text = shown(text).replace('\n', " ");
    if text.width() <= width {
        return text;
    }
    let mut out = String::new();
    let mut used = 0;
    for sign in text.chars() {
        let wide = sign.width().unwrap_or(0);
        if used + wide >= width {
            break;
        }
        used += wide;
        out.push(sign);
    }
    out.push('…');
    out
}

/// Puts a text at the left of its columns.
fn left(text: &str, width: usize) -> String {
    let text = fit(text, width);
    let room = width.saturating_sub(text.width());
    text + &" ".repeat(room)
}

/// Puts a text at the right of its columns.
fn right(text: &str, width: usize) -> String {
    let text = fit(text, width);
    " ".repeat(width.saturating_sub(text.width())) + &text
}

/// Writes a quantity with its unit: "3", "1.234 kg".
pub fn amount_of(quantity: Quantity, unit: &Unit) -> String {
    match unit {
        Unit::Each => quantity.to_string(),
        unit => format!("{quantity} {unit}"),
    }
}

/// Writes the price of goods as people say it: "3.49", "2.29/100 g".
pub fn price_of(price: UnitPrice, per: Quantity, unit: &Unit, currency: Currency) -> String {
    let text = barrow_till::goods::items::write::decimal(price.decimal() * per.decimal(), currency);
    match (unit, per == Quantity::ONE) {
        (Unit::Each, true) => text,
        (unit, true) => format!("{text}/{unit}"),
        (unit, false) => format!("{text}/{per} {unit}"),
    }
}

/// Draws the cart: its lines, numbered as commands name them, and what they come to.
pub fn cart(view: &CartView, denominations: &[i64], big: bool) -> String {
    let mut out = String::new();
    let mut number = 0;
    let money = |minor| view.currency.format(minor);
    if let Some(name) = &view.name {
        out.push_str(&format!("{}\n", fit(name, WIDTH)));
    }
    for line in &view.lines {
        number += usize::from(line.parent.is_none());
        out.push_str(&line_text(line, number, view));
    }
    out.push_str(&" ".repeat(WIDTH - AMOUNT - PRICE));
    out.push_str(&"─".repeat(AMOUNT + PRICE));
    out.push('\n');
    let shown = view
        .lines
        .iter()
        .filter(|line| shows_discount(line, !view.discounts.is_empty()));
    let shown: i64 = shown.map(|line| line.discount_minor).sum();
    if let Some(given) = view.discounts.first() {
        let what = match given.discount {
            Discount::Percent(rate) => format!("{rate} % off everything"),
            Discount::Amount(minor) => format!("{} off everything", money(minor)),
        };
        out.push_str(&row(
            &what,
            &format!("-{}", money(view.totals.discount_minor - shown)),
        ));
    }
    out.push_str(&total(&money(view.totals.total_minor), view.currency, big));
    for payment in &view.payments {
        out.push_str(&row(
            &format!("paid, {}", payment.name),
            &format!("-{}", money(payment.amount_minor)),
        ));
    }
    if !view.payments.is_empty() {
        out.push_str(&row("left to pay", &money(view.totals.open_minor)));
    }
    if view.cash_differs() {
        out.push_str(&row("in cash", &money(view.cash_due_minor)));
    }
    out.push_str(&next(view, denominations));
    out
}

fn row(label: &str, amount: &str) -> String {
    format!("{}{}\n", right(label, WIDTH - AMOUNT), right(amount, AMOUNT))
}

/// Tells whether what goes off a line stands at the line; a share of the cart's discount stands at the end.
fn shows_discount(line: &LineView, cart_discounts: bool) -> bool {
    line.discount_minor != 0 && (line.returned || !line.discounts.is_empty() || !cart_discounts)
}

fn line_text(line: &LineView, number: usize, view: &CartView) -> String {
    let (currency, cart_discounts) = (view.currency, !view.discounts.is_empty());
    let mark = if line.parent.is_none() {
        format!("{number:>3} ")
    } else {
        "    ".into()
    };
    let indent = if line.parent.is_none() { "" } else { "  " };
    let times = match line.quantity == Quantity::ONE && line.unit == Unit::Each {
        true => String::new(),
        false => format!(
            "x {}",
            price_of(line.unit_price, line.price_per, &line.unit, currency)
        ),
    };
    let name = format!("{indent}{}", line.name);
    let mut out = format!(
        "{mark}{}{}{}{}\n",
        left(&name, NAME),
        right(&amount_of(line.quantity, &line.unit), QUANTITY),
        right(&format!(" {times}"), PRICE),
        right(&currency.format(line.extended_minor), AMOUNT),
    );
    let mut note = |text: String, amount: Option<i64>| {
        let amount = amount.map(|minor| currency.format(minor)).unwrap_or_default();
        let text = format!(
            "    {}{}",
            left(&format!("  {text}"), WIDTH - 4 - AMOUNT),
            right(&amount, AMOUNT)
        );
        out.push_str(text.trim_end());
        out.push('\n');
    };
    if shows_discount(line, cart_discounts) {
        let why = line
            .discounts
            .iter()
            .find_map(|given| given.reason.clone())
            .unwrap_or_else(|| "discount".into());
        note(why, Some(-line.discount_minor));
    }
    if let Some(weighing) = line.weighing.as_ref().filter(|weighing| !weighing.tare.is_zero()) {
        note(
            format!(
                "{} {u} with packaging, tare {} {u}",
                weighing.gross,
                weighing.tare,
                u = line.unit
            ),
            None,
        );
    }
    if let Some(reason) = &line.price_reason {
        note(reason.clone(), None);
    }
    if let Some(left) = line.short_of.filter(|_| line.parent.is_none()) {
        note(
            format!("only {} left by our count", amount_of(left, &line.unit)),
            None,
        );
    }
    if let Some(newer) = line.newer_price {
        note(
            format!(
                "price is now {}",
                price_of(newer, line.price_per, &line.unit, currency)
            ),
            None,
        );
    }
    if let Some(text) = &line.note {
        note(text.clone(), None);
    }
    out
}

/// Says what the customer may hand over, or gets back.
fn next(view: &CartView, denominations: &[i64]) -> String {
    let due = view.cash_due_minor;
    let money = |minor| view.currency.format(minor);
    match due {
        0 if view.totals.open_minor == 0 => "Nothing to pay: = completes it.\n".into(),
        due if due < 0 => format!("Give {} back: = exact completes it.\n", money(-due)),
        due => {
            let offers: Vec<String> = change_suggestions(due, denominations)
                .into_iter()
                .filter(|offer| *offer != due)
                .map(|offer| format!("= {}", short(&money(offer))))
                .collect();
            format!("Charge: = exact   {}   = card\n", offers.join("   "))
        }
    }
}

/// Writes whole amounts without their zeros, as people type them.
fn short(amount: &str) -> String {
    match amount.split_once('.') {
        Some((whole, decimals)) if decimals.bytes().all(|digit| digit == b'0') => whole.into(),
        _ => amount.into(),
    }
}

/// Draws an amount: in letters of three lines on a terminal, plainly elsewhere.
pub fn total(amount: &str, currency: Currency, big: bool) -> String {
    if !big {
        return row("TOTAL", &format!("{amount} {currency}"));
    }
    let glyphs: Vec<[&str; 3]> = amount.chars().filter_map(glyph).collect();
    let label = format!("TOTAL {currency}");
    let mut out = String::new();
    for level in 0..3 {
        let figures: Vec<&str> = glyphs.iter().map(|glyph| glyph[level]).collect();
        let label = if level == 1 { label.as_str() } else { "" };
        let text = format!("{label}   {}", figures.join(" "));
        out.push_str(right(&text, WIDTH).trim_end());
        out.push('\n');
    }
    out
}

fn glyph(sign: char) -> Option<[&'static str; 3]> {
    Some(match sign {
        '0' => ["█▀█", "█ █", "▀▀▀"],
        '1' => ["▀█ ", " █ ", "▀▀▀"],
        '2' => ["▀▀█", "█▀▀", "▀▀▀"],
        '3' => ["▀▀█", " ▀█", "▀▀▀"],
        '4' => ["█ █", "▀▀█", "  ▀"],
        '5' => ["█▀▀", "▀▀█", "▀▀▀"],
        '6' => ["█▀▀", "█▀█", "▀▀▀"],
        '7' => ["▀▀█", "  █", "  ▀"],
        '8' => ["█▀█", "█▀█", "▀▀▀"],
        '9' => ["█▀█", "▀▀█", "▀▀▀"],
        '.' => [" ", " ", "▀"],
        '-' => ["  ", "▀▀", "  "],
        _ => return None,
    })
}

/// Lists goods to choose from by number.
pub fn choices(items: &[std::sync::Arc<Item>]) -> String {
    let mut out = String::new();
    for (at, item) in items.iter().enumerate() {
        let trade = &item.trade;
        let price = price_of(
            item.price.unit_price,
            trade.price_per,
            &trade.unit,
            item.price.currency,
        );
        out.push_str(&format!(
            "{:>4} {}{}{}{}\n",
            at + 1,
            left(&item.face.name, NAME + 4),
            left(&item.face.sku, QUANTITY),
            right(&price, PRICE + 2),
            if item.sold_out { "  sold out" } else { "" },
        ));
    }
    out
}

/// Draws a bar of blocks, an eighth of a letter exact.
pub fn bar(value: i64, most: i64, width: usize) -> String {
    if value <= 0 || most <= 0 {
        return String::new();
    }
    let eighths = Decimal::from(value) / Decimal::from(most) * Decimal::from(width * 8);
    let eighths = usize::try_from(eighths.ceil().mantissa())
        .unwrap_or(0)
        .min(width * 8);
    let rest = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8];
    "█".repeat(eighths / 8) + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_fit_their_columns() {
        assert_eq!(fit("Kaffee", 10), "Kaffee");
        assert_eq!(fit("Kaffee mit Milch", 8), "Kaffee …");
        assert_eq!(fit("りんごジュース", 7), "りんご…");
        assert_eq!(fit("a\u{1b}[2Jb", 20), "a\\u{1b}[2Jb");
    }

    #[test]
    fn bars_are_as_long_as_their_share() {
        assert_eq!(bar(4, 4, 3), "███");
        assert_eq!(bar(2, 4, 3), "█▌");
        assert_eq!(bar(1, 10_000, 3), "▏");
        assert_eq!(bar(0, 4, 3), "");
        assert_eq!(bar(-1, 4, 3), "");
    }

    #[test]
    fn prices_are_said_as_the_shop_shows_them() {
        let euro = Currency::iso("EUR").unwrap();
        let price = |text: &str| text.parse::<UnitPrice>().unwrap();
        assert_eq!(
            price_of(price("0.0229"), Quantity::from(100), &Unit::Gram, euro),
            "2.29/100 g"
        );
        assert_eq!(
            price_of(price("3.5"), Quantity::ONE, &Unit::Kilogram, euro),
            "3.50/kg"
        );
        assert_eq!(
            price_of(price("0.0125"), Quantity::ONE, &Unit::Each, euro),
            "0.0125"
        );
    }

    #[test]
    fn the_total_is_big_on_a_terminal_and_a_word_elsewhere() {
        let euro = Currency::iso("EUR").unwrap();
        assert_eq!(total("22.31", euro, false).trim(), "TOTAL  22.31 EUR");
        assert_eq!(total("22.31", euro, true).lines().count(), 3);
    }
}

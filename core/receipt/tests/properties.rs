//! What must hold for every document: nothing wider than the paper, amounts whole and on one edge, nothing lost,
//! nothing hostile, HTML well formed.

#![allow(clippy::unwrap_used, reason = "a test that cannot be built has failed")]

mod common;

use barrow_kernel::quantity::Unit;
use barrow_receipt::{
    Align, Block, Direction, Document, MAX_WIDTH, MIN_WIDTH, QuoteOptions, ReceiptOptions, Row, TaxRow,
    TaxTable, Text, cart_quote, layout, receipt, to_html, to_text,
};
use common::{Basket, off, pay, percent, shop, tax};
use proptest::prelude::*;
use unicode_width::UnicodeWidthStr;

/// Parts of names that people, scripts and attackers write.
const PARTS: &[&str] = &[
    "Apples ",
    "crème brûlée ",
    "西湖龙井",
    "قهوة ",
    "אבטיח",
    "👩🏽‍🌾",
    "e\u{301}\u{301}\u{301}",
    "ᄀᄀᄀᄀᄀᄀᄀᄀ",
    "ผัดไทย ",
    "\u{1b}[31m",
    "\u{1b}@",
    "\u{1b}]0;title\u{7}",
    "\u{9b}2J",
    "\0",
    "\u{7f}",
    "\r\n",
    "\t",
    "\u{85}",
    "\u{202e}",
    "\u{2066}",
    "\u{2069}",
    "\u{200f}",
    "\u{200b}",
    "\u{feff}",
    "\u{e0041}",
    "\u{fffe}",
    "<script>alert(1)</script>",
    "</title>",
    "</style>",
    "\" onload=\"x",
    "' x='",
    "&amp;",
    "&",
    "<!--",
    "-->",
    "]]>",
    "9.99",
    "0.00 ",
    "----------",
    "لا",
    "ⵏ\u{2d7f}ⴾ",
];

fn hostile() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        4 => proptest::sample::select(PARTS).prop_map(str::to_owned),
        1 => any::<String>(),
        1 => "[a-z]{1,60} ?",
    ];
    proptest::collection::vec(part, 0..12).prop_map(|parts| parts.concat())
}

/// An amount within the kernel's bounds in a currency with 0 to 6 digits, as its formatter writes it.
fn amount() -> impl Strategy<Value = String> {
    (-10_000_000_000_000_i64..=10_000_000_000_000, 0_u8..=6).prop_map(|(minor, digits)| {
        barrow_kernel::money::Currency::with_digits("XYZ", digits)
            .unwrap()
            .format(minor)
    })
}

fn block() -> impl Strategy<Value = Block> {
    let text = || hostile().prop_map(Text::from);
    let row = || {
        (
            hostile(),
            prop_oneof![4 => amount(), 1 => Just(String::new())],
            0_u8..9,
        )
            .prop_map(|(label, amount, level)| Row::new(label, amount).at(level))
    };
    let cells = || (hostile(), hostile(), amount(), amount(), amount());
    let taxes = (hostile(), proptest::collection::vec(cells(), 0..4)).prop_map(|(head, rows)| TaxTable {
        heads: ["Tax", "Rate", "Net", &head, "Gross"].map(Text::new),
        rows: rows
            .into_iter()
            .map(|(name, rate, base, tax, gross)| TaxRow {
                name: name.into(),
                rate: rate.into(),
                base: base.into(),
                tax: tax.into(),
                gross: gross.into(),
            })
            .collect(),
    });
    let align = prop_oneof![Just(Align::Start), Just(Align::Centre), Just(Align::End)];
    prop_oneof![
        1 => text().prop_map(Block::Title),
        1 => text().prop_map(Block::Heading),
        1 => text().prop_map(Block::Mark),
        1 => (text(), align).prop_map(|(text, align)| Block::Text { text, align }),
        4 => row().prop_map(Block::Row),
        1 => row().prop_map(Block::Total),
        1 => taxes.prop_map(Block::Taxes),
        1 => Just(Block::Rule),
        1 => Just(Block::Space),
    ]
}

fn document() -> impl Strategy<Value = Document> {
    (
        hostile(),
        hostile(),
        proptest::collection::vec(block(), 0..12),
        any::<bool>(),
    )
        .prop_map(|(language, title, blocks, rtl)| Document {
            language: language.into(),
            direction: if rtl {
                Direction::RightToLeft
            } else {
                Direction::LeftToRight
            },
            title: title.into(),
            blocks,
        })
}

fn is_hostile(c: char) -> bool {
    (c.is_control() && c != '\n')
        || matches!(c, '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}' | '\u{e0000}'..='\u{e0fff}')
}

/// Returns the amounts of a document in their order.
fn amounts(document: &Document) -> Vec<String> {
    let mut amounts = Vec::new();
    for block in &document.blocks {
        match block {
            Block::Row(row) | Block::Total(row) if !row.amount.is_empty() => {
                amounts.push(row.amount.to_string())
            }
            Block::Taxes(table) => {
                amounts.extend(
                    table
                        .rows
                        .iter()
                        .flat_map(|row| [&row.base, &row.tax, &row.gross])
                        .map(Text::to_string),
                );
            }
            _ => {}
        }
    }
    amounts
}

/// Checks a drawing: no line too wide, and every amount whole on a line, in order.
fn check_text(document: &Document, width: usize) -> Result<(), TestCaseError> {
    let text = to_text(document, width);
    for line in text.lines() {
        prop_assert!(line.width() <= width, "{} > {width}: {line:?}", line.width());
        prop_assert!(!line.ends_with(' '));
    }
    prop_assert!(!text.contains(is_hostile), "{text:?}");
    let mut rest = text.as_str();
    for amount in amounts(document) {
        let at = rest.find(&amount);
        prop_assert!(at.is_some(), "{amount} is broken or gone: {text}");
        rest = &rest[at.unwrap_or(0)..];
    }
    Ok(())
}

/// Checks that a page is well formed: known tags nest, attributes are quoted, references are known.
fn check_html(html: &str) -> Result<(), TestCaseError> {
    prop_assert!(!html.contains(is_hostile), "{html:?}");
    let body = html
        .strip_prefix("<!DOCTYPE html>\n")
        .ok_or_else(|| TestCaseError::fail("no doctype"))?;
    let mut open: Vec<&str> = Vec::new();
    let mut rest = body;
    while let Some(at) = rest.find('<') {
        check_references(&rest[..at])?;
        let end = rest[at..]
            .find('>')
            .ok_or_else(|| TestCaseError::fail("a tag never ends"))?
            + at;
        let tag = &rest[at + 1..end];
        rest = &rest[end + 1..];
        if let Some(name) = tag.strip_prefix('/') {
            prop_assert_eq!(open.pop(), Some(name));
            continue;
        }
        let (name, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
        prop_assert!(TAGS.contains(&name), "unknown tag {}", name);
        check_attributes(attributes)?;
        if name == "style" {
            let end = rest
                .find("</style>")
                .ok_or_else(|| TestCaseError::fail("style never ends"))?;
            rest = &rest[end..];
        }
        if !["meta", "hr"].contains(&name) {
            open.push(name);
        }
    }
    prop_assert!(open.is_empty(), "never closed: {:?}", open);
    prop_assert_eq!(rest.trim(), "");
    Ok(())
}

const TAGS: &[&str] = &[
    "html", "head", "meta", "title", "style", "body", "main", "h1", "h2", "p", "strong", "hr", "div",
    "table", "thead", "tbody", "tr", "th", "td", "bdi",
];
const ATTRIBUTES: &[&str] = &[
    "lang",
    "dir",
    "charset",
    "name",
    "content",
    "http-equiv",
    "class",
    "scope",
    "colspan",
];

fn check_attributes(attributes: &str) -> Result<(), TestCaseError> {
    let mut rest = attributes;
    while !rest.is_empty() {
        let (name, after) = rest
            .split_once("=\"")
            .ok_or_else(|| TestCaseError::fail(rest.to_owned()))?;
        let (value, after) = after
            .split_once('"')
            .ok_or_else(|| TestCaseError::fail(rest.to_owned()))?;
        prop_assert!(ATTRIBUTES.contains(&name), "unknown attribute {}", name);
        check_references(value)?;
        rest = after.strip_prefix(' ').unwrap_or(after);
    }
    Ok(())
}

fn check_references(text: &str) -> Result<(), TestCaseError> {
    prop_assert!(!text.contains(['<', '>', '"']), "{text:?}");
    for after in text.split('&').skip(1) {
        let known = ["amp;", "lt;", "gt;", "quot;", "#39;"]
            .iter()
            .any(|name| after.starts_with(name));
        prop_assert!(known, "a bare ampersand: {text:?}");
    }
    Ok(())
}

/// Returns the characters of a text that ink is spent on, in a fixed order.
fn ink(text: &str) -> Vec<char> {
    let mut ink: Vec<char> = text.chars().filter(|c| *c != ' ' && *c != '\n').collect();
    ink.sort_unstable();
    ink
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_document_fits_and_is_clean(document in document(), width in 16_usize..=80) {
        check_text(&document, width)?;
        check_html(&to_html(&document))?;
    }

    #[test]
    fn a_row_loses_nothing_and_keeps_the_edge(label in hostile(), amount in amount(), width in 16_usize..=80, level in 0_u8..4) {
        let row = Row::new(label, amount).at(level);
        let document = Document {
            language: "en".into(),
            direction: Direction::LeftToRight,
            title: Text::default(),
            blocks: vec![Block::Row(row.clone()), Block::Row(Row { amount: Text::default(), ..row.clone() })],
        };
        let text = to_text(&document, width);
        prop_assert_eq!(ink(&text), ink(&format!("{}{}{}", row.label, row.amount, row.label)));
        let on_edge = |line: &str| line.ends_with(row.amount.as_str()) && line.width() == width;
        prop_assert!(text.lines().any(on_edge), "{}", text);
    }

    #[test]
    fn cleaning_twice_changes_nothing(raw in hostile()) {
        let clean = Text::from(raw);
        prop_assert_eq!(Text::new(clean.as_str()), clean);
    }

    #[test]
    fn every_sale_and_quote_fits_and_is_clean(
        names in proptest::collection::vec((hostile(), 0_i64..10_000_000, -9_i32..=9, 0_u8..6), 1..8),
        words in proptest::collection::vec(hostile(), 6),
        language in proptest::sample::select(&["en", "de", "fr", "es", "ar", "it", "<x>"][..]),
        on_all in any::<bool>(),
        width in 16_usize..=80,
    ) {
        let mut basket = Basket::new("EUR");
        basket.taxed(&[tax(1, &words[0], "7")]);
        for (name, cents, quantity, kind) in &names {
            let price = format!("{}.{:02}", cents / 100, cents % 100);
            let quantity = quantity.to_string();
            match kind {
                0 => basket.weighed(name, &price, &quantity, Some("0.005")),
                1 => basket.deposit(name, &price, &quantity, Some(barrow_kernel::cart::LineId(1))),
                2 => { let line = basket.add(name, &price, &quantity); line.discounts = vec![percent("10", Some(&words[1]))]; line }
                3 => { let line = basket.add(name, &price, &quantity); line.goods.unit = Unit::Own(words[2].clone()); line }
                _ => basket.add(name, &price, &quantity),
            }.note = Some(words[3].clone());
        }
        if on_all {
            basket.cart.discounts = vec![off(50, Some(&words[4]))];
        }
        basket.cart.note = Some(words[4].clone());
        basket.cart.name = Some(words[5].clone());
        let mut shop = shop("EUR", language);
        shop.name = words[5].clone();
        shop.footer = words.clone();
        let sale = basket.sale(vec![pay(&words[2], basket.total())]);
        let options = ReceiptOptions { copy: on_all, practice: !on_all, ..ReceiptOptions::default() };
        for document in [receipt(&sale, &shop, &options), cart_quote(&basket.view(), &shop, &QuoteOptions::default())] {
            check_text(&document, width)?;
            check_html(&to_html(&document))?;
            // Each line of the sale, whatever brought it, is drawn once: its amount stands among the rows.
            let rows = amounts(&document);
            for line in &sale.lines {
                let amount = barrow_kernel::money::Currency::iso("EUR").unwrap().format(line.extended_minor);
                let amount = if language == "en" || language == "ar" || language == "<x>" { amount } else { amount.replace('.', ",") };
                let count = |amounts: &[String]| amounts.iter().filter(|shown| **shown == amount).count();
                prop_assert!(count(&rows) >= sale.lines.iter().filter(|other| other.extended_minor == line.extended_minor).count());
            }
        }
    }
}

#[test]
fn widths_out_of_range_go_to_the_nearer_end() {
    let document = Document {
        language: "en".into(),
        direction: Direction::LeftToRight,
        title: Text::default(),
        blocks: vec![Block::Rule],
    };
    for (asked, drawn) in [(0, MIN_WIDTH), (1, MIN_WIDTH), (usize::MAX, MAX_WIDTH)] {
        assert_eq!(layout(&document, asked)[0].text.len(), drawn);
    }
}

#[test]
fn the_checker_of_pages_bites() {
    let page = |body: &str| format!("<!DOCTYPE html>\n<html lang=\"en\"><body>{body}</body></html>\n");
    assert!(check_html(&page("<p>a &amp; b</p><hr>")).is_ok());
    for bad in [
        "<p>",
        "</p>",
        "<script></script>",
        "a & b",
        "a > b",
        "<p class=x></p>",
        "<p onload=\"x\"></p>",
        "<p>\u{202e}</p>",
    ] {
        assert!(check_html(&page(bad)).is_err(), "{bad}");
    }
}

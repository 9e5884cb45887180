//! What must hold for every document: nothing wider than the paper, amounts whole and on one edge, nothing lost,
//! nothing hostile, HTML well formed.

#![allow(clippy::unwrap_used, reason = "a test that cannot be built has failed")]

mod common;
#[path = "common/decode.rs"]
mod decode;

use barrow_kernel::quantity::Unit;
use barrow_receipt::{
    Align, Block, Code, CommandSet, Direction, Document, Image, Line, MAX_WIDTH, MIN_WIDTH, Paint, Paper,
    Picture, Profile, QuoteOptions, ReceiptOptions, Row, Strip, Symbol, TaxRow, TaxTable, Text, beep,
    cart_quote, escpos, layout, open_drawer, receipt, to_html, to_text,
};
use common::{Basket, off, pay, percent, shop, tax};
use decode::Printed;
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

/// A code of any kind: digits with their check digit, or whatever it can hold.
fn code() -> impl Strategy<Value = Code> {
    let goods = |symbol, payload: String| {
        let check = barrow_kernel::barcode::check_digit(&payload).unwrap();
        Code::new(symbol, &format!("{payload}{check}")).unwrap()
    };
    prop_oneof![
        "[0-9]{12}".prop_map(move |digits| goods(Symbol::Ean13, digits)),
        "[0-9]{11}".prop_map(move |digits| goods(Symbol::UpcA, digits)),
        "[0-9]{7}".prop_map(move |digits| goods(Symbol::Ean8, digits)),
        "[ -~]{2,24}".prop_map(|text| Code::new(Symbol::Code128, &text).unwrap()),
        hostile().prop_map(|text| {
            let text: String = Text::from(text).as_str().chars().take(150).collect();
            Code::new(Symbol::Qr, if text.is_empty() { "x" } else { &text }).unwrap()
        }),
    ]
}

fn picture(width: u32, height: u32, seed: u32) -> Picture {
    let mut picture = Picture::blank(width, height);
    for y in 0..height {
        for x in 0..width {
            if (x ^ y).wrapping_mul(seed | 1) & 0x10 != 0 {
                picture.ink(x, y);
            }
        }
    }
    picture
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
        1 => code().prop_map(Block::Code),
        1 => (0_u32..700, 0_u32..50, any::<u32>()).prop_map(|(width, height, seed)| Block::Picture(picture(width, height, seed))),
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
    "html",
    "head",
    "meta",
    "title",
    "style",
    "body",
    "main",
    "h1",
    "h2",
    "p",
    "strong",
    "hr",
    "div",
    "figure",
    "svg",
    "path",
    "figcaption",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "bdi",
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
    "viewBox",
    "preserveAspectRatio",
    "role",
    "aria-label",
    "aria-hidden",
    "d",
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

/// Draws each line as a box as wide as its paper, so that a test needs no fonts.
struct Boxes;

impl Paint for Boxes {
    fn line(&mut self, line: &Line, paper: &Paper) -> Picture {
        let mut picture = Picture::blank(paper.dots, 30);
        for cell in &line.cells {
            let column = paper.dots / paper.columns as u32;
            picture.fill(cell.at as u32 * column, 5, cell.columns() as u32 * column, 20);
        }
        picture
    }
}

fn spoken(document: &Document, profile: &Profile, paint: bool) -> Vec<u8> {
    let mut boxes = Boxes;
    let paint: Option<&mut dyn Paint> = if paint { Some(&mut boxes) } else { None };
    escpos(document, profile, paint).flatten().collect()
}

/// Checks what a printer makes of a document: every byte understood, every amount whole on a line and in order.
fn check_printed(document: &Document, profile: &Profile) -> Result<(), TestCaseError> {
    let bytes = spoken(document, profile, true);
    let printed = decode::decode(&bytes, profile).map_err(TestCaseError::fail)?;
    let codes = document
        .blocks
        .iter()
        .filter(|block| matches!(block, Block::Code(_)))
        .count();
    let drawn = printed
        .iter()
        .filter(|printed| matches!(printed, Printed::Code(..)))
        .count();
    if profile.barcodes && profile.qr {
        prop_assert_eq!(codes, drawn);
    }
    let bytes = spoken(document, profile, false);
    let printed = decode::decode(&bytes, profile).map_err(TestCaseError::fail)?;
    let lines = printed.iter().filter_map(|printed| match printed {
        Printed::Text { text, .. } => Some(text.as_str()),
        _ => None,
    });
    let mut rest: Vec<&str> = lines.collect();
    rest.reverse();
    let wanted = if document.direction == Direction::LeftToRight {
        amounts(document)
    } else {
        Vec::new()
    };
    for amount in wanted {
        let found = loop {
            let Some(line) = rest.pop() else {
                break false;
            };
            if let Some(at) = line.find(amount.as_str()) {
                // The rest of this line may hold the next amount.
                rest.push(&line[at + amount.len()..]);
                break true;
            }
        };
        prop_assert!(found, "{amount} is not on the paper: {printed:?}");
    }
    Ok(())
}

/// Returns the known printers that are spoken to in ESC/POS, and one of each weakness.
fn printers() -> Vec<Profile> {
    let known = Profile::all().filter(|profile| profile.language == CommandSet::EscPos);
    let weak = |edit: fn(&mut Profile)| {
        let mut profile = Profile::known("80mm").unwrap();
        edit(&mut profile);
        profile
    };
    known
        .chain([
            weak(|profile| profile.pages.clear()),
            weak(|profile| profile.image = Image::None),
            weak(|profile| (profile.barcodes, profile.qr) = (false, false)),
            weak(|profile| (profile.columns, profile.dots) = (16, 128)),
            weak(|profile| (profile.columns, profile.dots) = (255, 2_048)),
        ])
        .collect()
}

#[test]
fn a_receipt_of_any_length_takes_the_memory_of_one_line() {
    let mut basket = Basket::new("EUR");
    for line in 0..1_114 {
        basket.add(&format!("Goods {line} of a long list"), "1.20", "2");
    }
    let document = receipt(
        &basket.sale(vec![]),
        &shop("EUR", "en"),
        &ReceiptOptions::default(),
    );
    let profile = Profile::known("58mm").unwrap();
    let (mut parts, mut longest) = (0, 0);
    for part in escpos(&document, &profile, None) {
        parts += 1;
        longest = longest.max(part.len());
    }
    assert!(parts > 2_228, "{parts}");
    assert!(longest < 64, "{longest}");
}

#[test]
fn a_printer_is_told_only_what_changes() {
    let mut basket = Basket::new("EUR");
    basket.add("Crème brûlée", "6.50", "1");
    basket.add("Éclair", "1.39", "2");
    let document = receipt(
        &basket.sale(vec![]),
        &shop("EUR", "en"),
        &ReceiptOptions::default(),
    );
    let bytes = spoken(&document, &Profile::known("80mm").unwrap(), false);
    let count = |command: &[u8]| {
        bytes
            .windows(command.len())
            .filter(|bytes| *bytes == command)
            .count()
    };
    assert_eq!(count(b"\x1b@"), 1);
    assert_eq!(count(b"\x1bt"), 1, "one page holds all letters");
    assert_eq!(count(b"\x1bE\x01"), count(b"\x1bE\x00"));
}

#[test]
fn control_bytes_of_a_name_never_reach_the_printer() {
    let mut basket = Basket::new("EUR");
    basket.add(
        "Free\u{1b}p\u{0}\u{19}\u{fa} \u{1d}V\u{0}\u{10}\u{14}\u{1}\u{0}\u{1} money\u{c}",
        "6.50",
        "1",
    );
    let document = receipt(
        &basket.sale(vec![]),
        &shop("EUR", "en"),
        &ReceiptOptions::default(),
    );
    for profile in printers() {
        let bytes = spoken(&document, &profile, false);
        decode::decode(&bytes, &profile).unwrap();
        for command in [&b"\x1bp"[..], b"\x1dV\x00", b"\x10\x14", b"\x0c"] {
            assert!(
                !bytes.windows(command.len()).any(|bytes| bytes == command),
                "{}",
                profile.id
            );
        }
    }
}

#[test]
fn drawer_and_buzzer_are_acts_of_their_own() {
    let mut profile = Profile::known("80mm").unwrap();
    assert_eq!(open_drawer(&profile), Some([0x1b, b'p', 0, 25, 250]));
    assert_eq!(beep(&profile), None);
    (profile.drawer, profile.buzzer) = (false, true);
    assert_eq!(open_drawer(&profile), None);
    assert_eq!(beep(&profile), Some([0x1b, b'B', 2, 2]));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_document_fits_and_is_clean(document in document(), width in 16_usize..=80) {
        check_text(&document, width)?;
        check_html(&to_html(&document))?;
    }

    #[test]
    fn every_byte_means_what_it_should(document in document(), profile in proptest::sample::select(printers())) {
        check_printed(&document, &profile)?;
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
        let Some(Strip::Line(rule)) = layout(&document, asked).next() else {
            panic!("no rule");
        };
        assert_eq!(rule.text().len(), drawn);
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

//! The report of a shift: X while it is open, Z when it is closed.

use crate::date::local_time;
use crate::document::{Block, Document, Row};
use crate::figures::Figures;
use crate::items::sum;
use crate::receipt::{head, tax_table};
use crate::text::Text;
use crate::words::{Language, Words};
use barrow_kernel::catalogue::{Shop, TenderClass};
use barrow_kernel::log::stream::StreamRange;
use barrow_kernel::money::Currency;
use barrow_kernel::sale::TenderCorrection;
use barrow_kernel::shift::{Shift, ShiftTotals, ZReport};

/// Bytes of a hash that are printed: 64 bits tell two books apart, and a person can compare them.
const SHORT_HASH_BYTES: usize = 8;

/// What a report is about.
#[derive(Clone, Copy, Debug)]
pub enum ShiftReport<'a> {
    /// An open shift: the figures so far.
    X(XReport<'a>),
    /// A closed shift: the frozen document.
    Z(&'a ZReport),
}

/// An open shift, and who looks at it when.
#[derive(Clone, Copy, Debug)]
pub struct XReport<'a> {
    /// Holds the shift.
    pub shift: &'a Shift,
    /// Gives the time of printing in milliseconds since 1970.
    pub at_ms: i64,
    /// Names the till that prints it.
    pub till: &'a str,
    /// Names the person at that till.
    pub who: Option<&'a str>,
    /// Lists the records that the figures come from, as far as the caller knows them.
    pub ranges: &'a [StreamRange],
}

/// How a report is printed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReportOptions {
    /// Marks it as a copy.
    pub copy: bool,
    /// Marks it as practice.
    pub practice: bool,
    /// Names the language (BCP 47); that of the shop when absent, English words when unknown.
    pub language: Option<String>,
    /// Names the cash box; its id is printed when absent.
    pub cash_box: Option<String>,
}

/// What X and Z have in common.
struct Facts<'a> {
    title: String,
    cash_box: String,
    currency: Currency,
    opened_ms: i64,
    end: (&'static str, i64),
    till: &'a str,
    who: Option<&'a str>,
    float_minor: i64,
    totals: &'a ShiftTotals,
    ranges: &'a [StreamRange],
    corrections: &'a [TenderCorrection],
    z: Option<&'a ZReport>,
}

/// Makes the report of a shift: takings, tenders, taxes, the way to the expected cash, the count, and the records
/// that were closed, so that anybody can check them.
pub fn shift_report(report: &ShiftReport<'_>, shop: &Shop, options: &ReportOptions) -> Document {
    let language = Language::of(options.language.as_deref().unwrap_or(&shop.language));
    let words = language.words;
    let facts = facts(report, words, options);
    let figures = Figures::new(facts.currency, &language);
    let mut document = Document::new(&language, format!("{} - {}", shop.name, facts.title));
    head(&mut document, words, shop, options.copy, options.practice);
    document.push(Block::Rule);
    document.push(Block::Heading(Text::new(&facts.title)));
    let time = |at_ms| local_time(at_ms, shop.utc_offset_minutes);
    document.detail(0, format!("{}: {}", words.cash_box, facts.cash_box));
    document.detail(0, format!("{}: {}", words.till, facts.till));
    if let Some(who) = facts.who {
        document.detail(0, format!("{}: {who}", words.who));
    }
    document.row(words.opened, time(facts.opened_ms));
    document.row(facts.end.0, time(facts.end.1));
    takings(&mut document, words, &figures, &facts);
    tenders(&mut document, words, &figures, &facts);
    tax_table(&mut document, words, &figures, &facts.totals.taxes);
    cash(&mut document, words, &figures, &facts);
    records(&mut document, words, &facts);
    if options.practice {
        document.push(Block::Mark(Text::new(words.practice)));
    }
    document
}

fn facts<'a>(report: &ShiftReport<'a>, words: &Words, options: &ReportOptions) -> Facts<'a> {
    let named = |id: &dyn std::fmt::Display| options.cash_box.clone().unwrap_or_else(|| id.to_string());
    match report {
        ShiftReport::X(x) => Facts {
            title: words.x_report.to_owned(),
            cash_box: named(&x.shift.opening.cash_box),
            currency: x.shift.opening.currency,
            opened_ms: x.shift.opening.at_ms,
            end: (words.printed, x.at_ms),
            till: x.till,
            who: x.who,
            float_minor: x.shift.opening.float_minor,
            totals: &x.shift.totals,
            ranges: x.ranges,
            corrections: &x.shift.corrections,
            z: None,
        },
        ShiftReport::Z(z) => Facts {
            title: format!("{} {}", words.z_report, z.number),
            cash_box: named(&z.cash_box),
            currency: z.currency,
            opened_ms: z.opened_ms,
            end: (words.closed, z.closed_ms),
            till: &z.till,
            who: z.who.as_deref(),
            float_minor: z.float_minor,
            totals: &z.totals,
            ranges: &z.ranges,
            corrections: &[],
            z: Some(z),
        },
    }
}

/// Begins a section.
fn section(document: &mut Document, title: &str) {
    document.push(Block::Rule);
    document.push(Block::Heading(Text::new(title)));
}

/// Writes a label with how many.
fn counted(label: &str, count: u64) -> String {
    format!("{label} ({count})")
}

fn takings(document: &mut Document, words: &Words, figures: &Figures, facts: &Facts<'_>) {
    let totals = facts.totals;
    section(document, words.takings);
    document.row(
        counted(words.sales, totals.sales),
        figures.money(totals.sales_minor),
    );
    document.row(
        counted(words.refunds, totals.refunds),
        figures.money(totals.refunds_minor),
    );
    let taken = totals.sales_minor.saturating_add(totals.refunds_minor);
    let label = format!("{} {}", words.total, figures.currency().code_str());
    document.push(Block::Total(Row::new(label, figures.money(taken))));
    document.row(words.discounts, figures.money(totals.discounts_minor));
    document.row(words.cash_rounding, figures.money(totals.rounding_minor));
    document.row(words.voids, totals.voids.to_string());
    if let Some(z) = facts.z {
        document.row(words.open_carts, z.open_carts.to_string());
    }
    for (label, number) in [
        (words.first, &totals.first_receipt),
        (words.last, &totals.last_receipt),
    ] {
        if let Some(number) = number {
            document.row(format!("{}: {label}", words.receipts), number.to_string());
        }
    }
}

fn tenders(document: &mut Document, words: &Words, figures: &Figures, facts: &Facts<'_>) {
    section(document, words.tenders);
    for tender in &facts.totals.tenders {
        document.row(
            counted(&tender.name, tender.count),
            figures.money(tender.amount_minor),
        );
    }
    for correction in facts.corrections {
        let moved = correction
            .new
            .amount_minor
            .saturating_add(correction.new.rounding_minor);
        let label = format!(
            "{}: {} > {}",
            words.corrections, correction.old.name, correction.new.name
        );
        document.row(label, figures.money(moved));
        document.detail(1, format!("{}: {}", words.reason, correction.reason));
    }
}

/// Adds the way from the float to the expected cash, and the count.
fn cash(document: &mut Document, words: &Words, figures: &Figures, facts: &Facts<'_>) {
    let totals = facts.totals;
    section(document, words.cash);
    let in_cash = totals
        .tenders
        .iter()
        .filter(|tender| tender.class == TenderClass::Cash);
    let taken = sum(in_cash.map(|tender| tender.amount_minor));
    let steps = [
        (words.float, facts.float_minor),
        (words.cash_taken, taken),
        (words.paid_in, totals.paid_in_minor),
        (words.paid_out, totals.paid_out_minor.saturating_neg()),
        (words.dropped, totals.dropped_minor.saturating_neg()),
    ];
    for (label, minor) in steps {
        document.row(label, figures.money(minor));
    }
    // The expected cash is the shift's own figure; should the steps not lead there, the paper says by how much.
    let other = totals
        .expected_minor
        .saturating_sub(sum(steps.iter().map(|(_, minor)| *minor)));
    if other != 0 {
        document.row(words.other, figures.money(other));
    }
    document.row(words.expected, figures.money(totals.expected_minor));
    if let Some(z) = facts.z {
        count(document, words, figures, z);
    }
}

fn count(document: &mut Document, words: &Words, figures: &Figures, z: &ZReport) {
    let label = match z.blind {
        true => format!("{} ({})", words.counted, words.blind),
        false => words.counted.to_owned(),
    };
    document.row(label, figures.money(z.counted_minor));
    for pieces in z.counted.pieces.iter().filter(|pieces| pieces.count > 0) {
        let value = pieces.value_minor.saturating_mul(i64::from(pieces.count));
        let label = format!("{} x {}", pieces.count, figures.money(pieces.value_minor));
        document.push(Block::Row(Row::new(label, figures.money(value)).at(1)));
    }
    document.push(Block::Total(Row::new(
        words.difference,
        figures.money(z.difference_minor),
    )));
    document.detail(0, z.note.as_deref().unwrap_or_default());
}

fn records(document: &mut Document, words: &Words, facts: &Facts<'_>) {
    if facts.ranges.is_empty() {
        return;
    }
    section(document, words.records);
    for range in facts.ranges {
        document.detail(0, range.stream.to_string());
        let hash: String = range.hash.0[..SHORT_HASH_BYTES]
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let row = Row::new(format!("{}..{}", range.first, range.last), hash).at(1);
        document.push(Block::Row(row));
    }
}

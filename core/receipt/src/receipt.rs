//! The receipt of a sale, refund or exchange.

use crate::code::Code;
use crate::date::local_time;
use crate::document::{Block, Document, Row, TaxRow, TaxTable};
use crate::figures::Figures;
use crate::items::{Item, Items, sum};
use crate::text::Text;
use crate::words::{Language, Words};
use barrow_kernel::cart::{Measure, Return};
use barrow_kernel::catalogue::Shop;
use barrow_kernel::log::id::SaleId;
use barrow_kernel::price::TaxTotal;
use barrow_kernel::sale::{ReceiptNumber, Sale, SaleKind, SaleLine};
use barrow_kernel::tax::TaxClass;
use barrow_kernel::tender::Payment;
use std::collections::BTreeMap;

/// What a receipt is printed as.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReceiptOptions {
    /// Marks it as a copy: it was printed before.
    pub copy: bool,
    /// Marks it as practice: nothing was sold.
    pub practice: bool,
    /// Names the language (BCP 47); that of the shop when absent, English words when unknown.
    pub language: Option<String>,
    /// Gives the receipt numbers of sales that goods came back from, as far as they are known; the id of the sale
    /// is printed for others.
    pub origins: BTreeMap<SaleId, ReceiptNumber>,
    /// Gives the code at the end, by which the receipt is found or shown again.
    pub code: Option<Code>,
}

/// Makes the receipt of a sale, refund or exchange.
pub fn receipt(sale: &Sale, shop: &Shop, options: &ReceiptOptions) -> Document {
    let language = Language::of(options.language.as_deref().unwrap_or(&shop.language));
    let words = language.words;
    let figures = Figures::new(sale.currency, &language);
    let kind = match sale.kind {
        SaleKind::Sale => words.receipt,
        SaleKind::Refund => words.refund,
        SaleKind::Exchange => words.exchange,
    };
    let mut document = Document::new(&language, format!("{} - {kind} {}", shop.name, sale.number));
    head(&mut document, words, shop, options.copy, options.practice);
    document.push(Block::Rule);
    document.push(Block::Heading(Text::from(format!("{kind} {}", sale.number))));
    let time = local_time(sale.at_ms, sale.utc_offset_minutes);
    document.row(format!("{}: {}", words.till, sale.till), time);
    if let Some(who) = &sale.who {
        document.detail(0, format!("{}: {who}", words.who));
    }
    document.push(Block::Rule);
    let items = Items {
        words,
        figures,
        lines: sale
            .lines
            .iter()
            .map(|line| item(line, words, &options.origins))
            .collect(),
        discounts: &sale.discounts,
    };
    items.draw(&mut document);
    document.push(Block::Rule);
    totals(&mut document, &items, sale.total_minor);
    payments(
        &mut document,
        words,
        &figures,
        &sale.payments,
        sale.rounding_minor,
    );
    tax_table(&mut document, words, &figures, &sale.taxes);
    document.detail(0, sale.note.as_deref().unwrap_or_default());
    if let Some(code) = &options.code {
        document.push(Block::Space);
        document.push(Block::Code(code.clone()));
    }
    foot(&mut document, words, shop, options.practice);
    document
}

/// Adds the shop's name and lines and the marks.
pub(crate) fn head(document: &mut Document, words: &Words, shop: &Shop, copy: bool, practice: bool) {
    document.push(Block::Title(Text::new(&shop.name)));
    for line in &shop.header {
        document.centred(line);
    }
    if practice {
        document.push(Block::Mark(Text::new(words.practice)));
    }
    if copy {
        document.push(Block::Mark(Text::new(words.copy)));
    }
}

/// Adds the shop's closing lines; practice is said twice, so that no torn-off end passes for a receipt.
pub(crate) fn foot(document: &mut Document, words: &Words, shop: &Shop, practice: bool) {
    if !shop.footer.is_empty() {
        document.push(Block::Space);
    }
    for line in &shop.footer {
        document.centred(line);
    }
    if practice {
        document.push(Block::Mark(Text::new(words.practice)));
    }
}

fn item<'a>(line: &'a SaleLine, words: &Words, origins: &BTreeMap<SaleId, ReceiptNumber>) -> Item<'a> {
    Item {
        id: line.id,
        parent: line.parent,
        name: &line.goods.name,
        sku: &line.goods.sku,
        quantity: line.quantity,
        unit: &line.goods.unit,
        unit_price: line.unit_price,
        price_per: line.goods.price_per,
        list_price: line.list_price,
        price_reason: line.price_reason.as_deref(),
        weighing: line.weighing.as_ref(),
        derived: line.measure == Measure::Amount,
        extended_minor: line.extended_minor,
        discount_minor: line.discount_minor,
        offers: &line.offers,
        discounts: &line.discounts,
        note: line.note.as_deref(),
        returned: line.returns.is_some(),
        origin: line
            .returns
            .as_ref()
            .map_or_else(Vec::new, |returns| origin(returns, words, origins)),
    }
}

/// Tells where returned goods come from, and why they came.
fn origin(returns: &Return, words: &Words, origins: &BTreeMap<SaleId, ReceiptNumber>) -> Vec<String> {
    let of = returns.of.map(|of| match origins.get(&of.sale) {
        Some(number) => format!("{} {number}", words.from_receipt),
        None => format!("{} {}", words.from_sale, of.sale),
    });
    let reason = returns
        .reason
        .as_ref()
        .map(|reason| format!("{}: {reason}", words.reason));
    of.into_iter().chain(reason).collect()
}

/// Adds the way from the lines to the total, and the total.
pub(crate) fn totals(document: &mut Document, items: &Items<'_>, total_minor: i64) {
    let (words, figures) = (items.words, &items.figures);
    let (subtotal, net) = (items.subtotal_minor(), items.net_minor());
    if subtotal != total_minor {
        document.row(words.subtotal, figures.money(subtotal));
    }
    items.draw_discount(document);
    if net != total_minor {
        document.row(words.tax, figures.money(total_minor.saturating_sub(net)));
    }
    total(document, words, figures, total_minor);
}

/// Adds the total with its currency.
pub(crate) fn total(document: &mut Document, words: &Words, figures: &Figures, total_minor: i64) {
    let label = format!("{} {}", words.total, figures.currency().code_str());
    document.push(Block::Total(Row::new(label, figures.money(total_minor))));
}

/// Adds cash rounding and payments. Total + rounding = the sum of the payments as drawn.
fn payments(
    document: &mut Document,
    words: &Words,
    figures: &Figures,
    payments: &[Payment],
    rounding_minor: i64,
) {
    if rounding_minor != 0 {
        document.row(words.cash_rounding, figures.money(rounding_minor));
    }
    for payment in payments {
        let moved = payment.amount_minor.saturating_add(payment.rounding_minor);
        let label = match moved < 0 {
            true => format!("{}, {}", payment.name, words.paid_back),
            false => payment.name.clone(),
        };
        document.row(label, figures.money(moved));
        let mut detail = |label: &str, minor: i64| {
            document.push(Block::Row(Row::new(label, figures.money(minor)).at(1)));
        };
        if let Some(given) = payment.given_minor.filter(|given| *given != moved) {
            detail(words.given, given);
        }
        if payment.change_minor != 0 {
            detail(words.change, payment.change_minor);
        }
        if let Some(reference) = &payment.reference {
            document.detail(1, format!("{} {reference}", words.reference));
        }
    }
}

/// Adds the tax table, if there is any tax to tell.
pub(crate) fn tax_table(document: &mut Document, words: &Words, figures: &Figures, taxes: &[TaxTotal]) {
    if taxes.is_empty() {
        return;
    }
    document.push(Block::Rule);
    let heads = [words.tax, words.rate, words.net, words.tax, words.with_tax].map(Text::new);
    let rows = taxes.iter().map(|tax| tax_row(words, figures, tax)).collect();
    document.push(Block::Taxes(TaxTable { heads, rows }));
}

fn tax_row(words: &Words, figures: &Figures, tax: &TaxTotal) -> TaxRow {
    let class = match tax.class {
        TaxClass::Taxed => None,
        TaxClass::ZeroRated => Some(words.zero_rated),
        TaxClass::Exempt => Some(words.exempt),
        TaxClass::ReverseCharge => Some(words.reverse_charge),
        TaxClass::OutsideScope => Some(words.outside_scope),
    };
    let rate = match (class, tax.rate) {
        (Some(class), _) => class.to_owned(),
        (None, Some(rate)) => figures.percent(rate),
        (None, None) => String::new(),
    };
    TaxRow {
        name: Text::new(&tax.name),
        rate: rate.into(),
        base: figures.money(tax.base_minor).into(),
        tax: figures.money(tax.amount_minor).into(),
        gross: figures
            .money(sum([tax.base_minor, tax.amount_minor].into_iter()))
            .into(),
    }
}

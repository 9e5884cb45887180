//! The quote: an open or parked cart on paper.

use crate::date::local_time;
use crate::document::{Block, Document};
use crate::figures::Figures;
use crate::items::{Item, Items};
use crate::receipt::{foot, head, tax_table, total, totals};
use crate::text::Text;
use crate::words::Language;
use barrow_kernel::catalogue::Shop;
use barrow_kernel::view::{CartView, LineView};

/// What a quote is printed as.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QuoteOptions {
    /// Marks it as practice.
    pub practice: bool,
    /// Names the language (BCP 47); that of the shop when absent, English words when unknown.
    pub language: Option<String>,
    /// Gives the time of printing in milliseconds since 1970; no time is printed when absent.
    pub at_ms: Option<i64>,
}

/// Makes a document of an open cart: what it holds, what it comes to, what is still to pay. It says that it is not
/// a receipt.
///
/// A view shows one page of a long cart; a document of one page says which lines it holds and leaves the subtotal
/// out. For the whole cart, join the lines of its pages in one view.
pub fn cart_quote(view: &CartView, shop: &Shop, options: &QuoteOptions) -> Document {
    let language = Language::of(options.language.as_deref().unwrap_or(&shop.language));
    let words = language.words;
    let figures = Figures::new(view.currency, &language);
    let mut document = Document::new(&language, format!("{} - {}", shop.name, words.quote));
    head(&mut document, words, shop, false, options.practice);
    document.push(Block::Rule);
    document.push(Block::Heading(Text::new(words.quote)));
    let time = options.at_ms.map(|at| local_time(at, shop.utc_offset_minutes));
    if view.name.is_some() || time.is_some() {
        document.row(view.name.as_deref().unwrap_or_default(), time.unwrap_or_default());
    }
    document.push(Block::Rule);
    let items = Items {
        words,
        figures,
        lines: view.lines.iter().map(item).collect(),
        discounts: &view.discounts,
    };
    items.draw(&mut document);
    let whole = view.lines.len() == view.line_count as usize;
    if !whole {
        let first = u64::from(view.first_line) + 1;
        let last = u64::from(view.first_line) + view.lines.len() as u64;
        document.detail(0, format!("{} {first}-{last} / {}", words.lines, view.line_count));
    }
    document.push(Block::Rule);
    if whole {
        totals(&mut document, &items, view.totals.total_minor);
    } else {
        total(&mut document, words, &figures, view.totals.total_minor);
    }
    open_balance(&mut document, words, &figures, view);
    tax_table(&mut document, words, &figures, &view.taxes);
    document.detail(0, view.note.as_deref().unwrap_or_default());
    document.push(Block::Space);
    document.centred(words.not_a_receipt);
    foot(&mut document, words, shop, options.practice);
    document
}

/// Adds what was paid, what is left, and what that is in coins.
fn open_balance(document: &mut Document, words: &crate::words::Words, figures: &Figures, view: &CartView) {
    let totals = &view.totals;
    if totals.paid_minor != 0 {
        document.row(words.paid, figures.money(totals.paid_minor));
        document.row(words.to_pay, figures.money(totals.open_minor));
    }
    if view.cash_differs() {
        document.row(words.in_cash, figures.money(view.cash_due_minor));
    }
}

fn item(line: &LineView) -> Item<'_> {
    Item {
        id: line.id,
        parent: line.parent,
        name: &line.name,
        sku: &line.sku,
        quantity: line.quantity,
        unit: &line.unit,
        unit_price: line.unit_price,
        price_per: line.price_per,
        list_price: line.list_price,
        price_reason: line.price_reason.as_deref(),
        weighing: line.weighing.as_ref(),
        derived: line.derived,
        extended_minor: line.extended_minor,
        discount_minor: line.discount_minor,
        offers: &[],
        discounts: &line.discounts,
        note: line.note.as_deref(),
        returned: line.returned,
        origin: Vec::new(),
    }
}

//! The goods of a document: one row each with its details, the same for a finished sale and an open cart.

use crate::document::{Block, Document, Row};
use crate::figures::Figures;
use crate::text::Text;
use crate::words::Words;
use barrow_kernel::cart::{AppliedOffer, GivenDiscount, LineId, Weighing};
use barrow_kernel::price::Discount;
use barrow_kernel::quantity::{Quantity, Unit, UnitPrice};
use std::collections::{BTreeMap, BTreeSet};

/// What a document shows of a line, wherever the line lies.
pub(crate) struct Item<'a> {
    pub id: LineId,
    pub parent: Option<LineId>,
    pub name: &'a str,
    pub sku: &'a str,
    pub quantity: Quantity,
    pub unit: &'a Unit,
    pub unit_price: UnitPrice,
    pub price_per: Quantity,
    pub list_price: Option<UnitPrice>,
    pub price_reason: Option<&'a str>,
    pub weighing: Option<&'a Weighing>,
    /// The amount is the fact, the quantity derived from it.
    pub derived: bool,
    pub extended_minor: i64,
    /// All that was taken off, with the sign of the line.
    pub discount_minor: i64,
    pub offers: &'a [AppliedOffer],
    pub discounts: &'a [GivenDiscount],
    pub note: Option<&'a str>,
    pub returned: bool,
    /// Where returned goods come from, and why.
    pub origin: Vec<String>,
}

impl Item<'_> {
    /// Returns what people took off, offers aside.
    fn given_minor(&self) -> i64 {
        let offers = sum(self.offers.iter().map(|offer| offer.amount_minor));
        self.discount_minor.saturating_sub(offers)
    }
}

/// Draws goods.
pub(crate) struct Items<'a> {
    pub words: &'a Words,
    pub figures: Figures,
    pub lines: Vec<Item<'a>>,
    /// Discounts on the whole document.
    pub discounts: &'a [GivenDiscount],
}

impl Items<'_> {
    /// Adds all lines, each under the line that brought it.
    pub(crate) fn draw(&self, document: &mut Document) {
        let tops: BTreeSet<LineId> = self
            .lines
            .iter()
            .filter(|line| line.parent.is_none())
            .map(|line| line.id)
            .collect();
        let top_of = |line: &Item<'_>| line.parent.filter(|parent| tops.contains(parent));
        let mut children: BTreeMap<LineId, Vec<&Item<'_>>> = BTreeMap::new();
        for line in &self.lines {
            if let Some(top) = top_of(line) {
                children.entry(top).or_default().push(line);
            }
        }
        for line in self.lines.iter().filter(|line| top_of(line).is_none()) {
            self.line(document, line, 0);
            for child in children.remove(&line.id).unwrap_or_default() {
                self.line(document, child, 1);
            }
        }
    }

    /// Returns the sum of the lines as drawn: what discounts below them and taxes on top start from.
    pub(crate) fn subtotal_minor(&self) -> i64 {
        let shown = self.lines.iter().map(|line| {
            let off = if self.below() {
                line.discount_minor.saturating_sub(line.given_minor())
            } else {
                line.discount_minor
            };
            line.extended_minor.saturating_sub(off)
        });
        sum(shown)
    }

    /// Returns the sum after all discounts, before taxes on top.
    pub(crate) fn net_minor(&self) -> i64 {
        sum(self
            .lines
            .iter()
            .map(|line| line.extended_minor.saturating_sub(line.discount_minor)))
    }

    /// Tells whether the discount on the whole is drawn once, below the lines. That is right when it is the only
    /// one: a sale keeps one amount per line, so where lines have discounts of their own too, each line shows all.
    fn below(&self) -> bool {
        let mixed =
            |line: &Item<'_>| line.given_minor() != 0 && (line.returned || !line.discounts.is_empty());
        !self.discounts.is_empty() && !self.lines.iter().any(mixed)
    }

    /// Adds the discount on the whole document, if it is drawn below the lines.
    pub(crate) fn draw_discount(&self, document: &mut Document) {
        let off = self.subtotal_minor().saturating_sub(self.net_minor());
        if self.below() && off != 0 {
            let label = self.discount_label(self.discounts.iter());
            document.row(label, self.figures.money(off.saturating_neg()));
        }
    }

    fn line(&self, document: &mut Document, line: &Item<'_>, level: u8) {
        let name = [line.name, line.sku]
            .map(Text::new)
            .into_iter()
            .find(|name| !name.is_empty());
        let name = name.unwrap_or_default();
        let label = match line.returned {
            true => Text::from(format!("{}: {name}", self.words.returned)),
            false => name,
        };
        let row = Row::new(label, self.figures.money(line.extended_minor)).at(level);
        document.push(Block::Row(row));
        self.measure(document, line, level + 1);
        for origin in &line.origin {
            document.detail(level + 1, origin.as_str());
        }
        self.taken_off(document, line, level + 1);
        document.detail(level + 1, line.note.unwrap_or_default());
    }

    /// Adds how the amount came about, where it is not one piece at its price.
    fn measure(&self, document: &mut Document, line: &Item<'_>, level: u8) {
        let (figures, words) = (&self.figures, self.words);
        // What a price is for is a positive number; anything else would make it unreadable.
        let per = if line.price_per.is_positive() {
            line.price_per
        } else {
            Quantity::ONE
        };
        let price =
            |price: UnitPrice| format!("{}{}", figures.price(price, per), figures.per(per, line.unit));
        let plain = line.quantity == Quantity::ONE && per == Quantity::ONE && *line.unit == Unit::Each;
        if !plain || line.derived {
            let quantity = figures.quantity(line.quantity, line.unit);
            let mark = if line.derived {
                format!(" ({})", words.computed)
            } else {
                String::new()
            };
            document.detail(level, format!("{quantity}{mark} x {}", price(line.unit_price)));
        }
        if let Some(Weighing { gross, tare }) = line.weighing.filter(|weighing| !weighing.tare.is_zero()) {
            let weight = |weight| figures.quantity(weight, line.unit);
            let (gross, tare) = (weight(*gross), weight(*tare));
            document.detail(level, format!("{} {gross}, {} {tare}", words.gross, words.tare));
        }
        if let Some(list) = line.list_price {
            let why = in_brackets(line.price_reason);
            document.detail(level, format!("{} {}{why}", words.usual_price, price(list)));
        }
    }

    /// Adds offers and discounts of a line.
    fn taken_off(&self, document: &mut Document, line: &Item<'_>, level: u8) {
        let mut push = |label: String, minor: i64| {
            let amount = self.figures.money(minor.saturating_neg());
            document.push(Block::Row(Row::new(label, amount).at(level)));
        };
        for offer in line.offers {
            push(
                format!("{} {}", self.words.offer, offer.offer),
                offer.amount_minor,
            );
        }
        let given = line.given_minor();
        if given != 0 && !self.below() {
            let on_all = if line.returned { &[][..] } else { self.discounts };
            push(self.discount_label(line.discounts.iter().chain(on_all)), given);
        }
    }

    /// Names discounts: "Discount 10 % (bruised), 5 %"; a single amount is not said twice.
    fn discount_label<'d>(&self, discounts: impl Iterator<Item = &'d GivenDiscount>) -> String {
        let discounts: Vec<&GivenDiscount> = discounts.collect();
        let part = |given: &&GivenDiscount| {
            let size = match given.discount {
                Discount::Percent(rate) => format!(" {}", self.figures.percent(rate)),
                Discount::Amount(_) if discounts.len() == 1 => String::new(),
                Discount::Amount(minor) => format!(" {}", self.figures.money(minor)),
            };
            size + &in_brackets(given.reason.as_deref())
        };
        let parts: Vec<String> = discounts.iter().map(part).collect();
        format!("{}{}", self.words.discount, parts.join(","))
    }
}

/// Puts a reason in brackets behind what it is for; nothing when there is none.
fn in_brackets(reason: Option<&str>) -> String {
    let reason = Text::new(reason.unwrap_or_default());
    if reason.is_empty() {
        String::new()
    } else {
        format!(" ({reason})")
    }
}

/// Sums amounts in minor units; at the end of an i64 it stays there, far outside the kernel's bounds.
pub(crate) fn sum(amounts: impl Iterator<Item = i64>) -> i64 {
    amounts.fold(0, i64::saturating_add)
}

//! The layout: a document as lines of characters for paper of a given width.
//!
//! Lines are in the order of writing (logical order); a reader that knows Unicode's bidi rules shows Arabic and
//! Hebrew from the right. Amounts stand whole and on one edge.

use crate::document::{Align, Block, Document, Row, TaxRow, TaxTable};
use crate::text::Text;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Characters on a line of 80 mm paper in the usual font with margins.
pub const DEFAULT_WIDTH: usize = 42;
/// Characters on a line of 58 mm paper.
pub const NARROW_WIDTH: usize = 32;
/// Narrowest line: the largest amount that the kernel takes (10^13 minor units with sign and point) fits.
pub const MIN_WIDTH: usize = 16;
/// Widest line: beyond it nobody reads from a name to its amount.
pub const MAX_WIDTH: usize = 255;

/// Blanks before rows of each deeper level.
const INDENT: usize = 2;
/// Deepest level that is still moved in.
const MAX_INDENT_LEVEL: usize = 3;
/// Narrowest column for a name beside an amount; where less is left, the amount gets a line of its own.
const MIN_COLUMN: usize = 8;

/// What stands on both sides of a mark.
const STARS: &str = "***";

/// How a line is to be printed, by what can do it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Style {
    /// As it is.
    #[default]
    Plain,
    /// Heavier: headings.
    Strong,
    /// The shop's name.
    Title,
    /// A mark that nobody may miss.
    Mark,
    /// The amount that counts.
    Total,
}

/// One line of a laid-out document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// Holds its characters, at most as wide as the paper, without blanks at the end.
    pub text: String,
    /// Tells how it is to be printed.
    pub style: Style,
}

/// Draws a document as plain text, every line at most `width_chars` columns wide (East Asian wide characters count
/// two) and totals underlined; widths outside [`MIN_WIDTH`] to [`MAX_WIDTH`] are taken to the nearer end.
///
/// An amount never breaks, unless it is alone wider than the paper, which no amount within the kernel's bounds is.
pub fn to_text(document: &Document, width_chars: usize) -> String {
    let lines = layout(document, width_chars);
    let mut text = String::new();
    for (at, line) in lines.iter().enumerate() {
        text.push_str(&line.text);
        text.push('\n');
        let ends_total =
            line.style == Style::Total && lines.get(at + 1).is_none_or(|next| next.style != Style::Total);
        if ends_total {
            text.push_str(&"=".repeat(clamped(width_chars)));
            text.push('\n');
        }
    }
    text
}

/// Lays a document out in lines of at most `width_chars` columns, for back-ends that count characters.
pub fn layout(document: &Document, width_chars: usize) -> Vec<Line> {
    let mut page = Page {
        width: clamped(width_chars),
        lines: Vec::new(),
    };
    for block in &document.blocks {
        match block {
            Block::Title(text) => page.words(text, Align::Centre, Style::Title),
            Block::Heading(text) => page.words(text, Align::Start, Style::Strong),
            Block::Mark(text) => page.mark(text),
            Block::Text { text, align } => page.words(text, *align, Style::Plain),
            Block::Row(row) => page.row(row, Style::Plain),
            Block::Total(row) => page.row(row, Style::Total),
            Block::Taxes(table) => page.taxes(table),
            Block::Rule => page.push("-".repeat(page.width), Style::Plain),
            Block::Space => page.push(String::new(), Style::Plain),
        }
    }
    page.lines
}

fn clamped(width_chars: usize) -> usize {
    width_chars.clamp(MIN_WIDTH, MAX_WIDTH)
}

struct Page {
    width: usize,
    lines: Vec<Line>,
}

impl Page {
    fn push(&mut self, mut text: String, style: Style) {
        text.truncate(text.trim_end_matches(' ').len());
        self.lines.push(Line { text, style });
    }

    fn words(&mut self, text: &Text, align: Align, style: Style) {
        for piece in wrap(text.as_str(), self.width) {
            self.aligned(piece, align, style);
        }
    }

    fn aligned(&mut self, piece: String, align: Align, style: Style) {
        let spare = self.width.saturating_sub(piece.width());
        let before = match align {
            Align::Start => 0,
            Align::Centre => spare / 2,
            Align::End => spare,
        };
        self.push(format!("{}{piece}", " ".repeat(before)), style);
    }

    fn mark(&mut self, text: &Text) {
        for piece in wrap(text.as_str(), self.width - 2 * (STARS.len() + 1)) {
            self.aligned(format!("{STARS} {piece} {STARS}"), Align::Centre, Style::Mark);
        }
    }

    fn row(&mut self, row: &Row, style: Style) {
        let indent = INDENT * usize::from(row.level).min(MAX_INDENT_LEVEL);
        let room = self.width - indent;
        let (label, amount) = (row.label.as_str(), row.amount.as_str());
        let free = room.saturating_sub(amount.width());
        let beside = amount.is_empty() || free > MIN_COLUMN || free > label.width();
        if !beside {
            self.words_at(indent, wrap(label, room), style);
            return self.words(&row.amount, Align::End, style);
        }
        let column = if amount.is_empty() { room } else { free - 1 };
        let mut pieces = wrap(label, column).into_iter();
        let first = pieces.next().unwrap_or_default();
        let gap = free.saturating_sub(first.width());
        let line = format!("{}{first}{}{amount}", " ".repeat(indent), " ".repeat(gap));
        self.push(line, style);
        self.words_at(indent, pieces, style);
    }

    fn words_at(&mut self, indent: usize, pieces: impl IntoIterator<Item = String>, style: Style) {
        for piece in pieces {
            self.push(format!("{}{piece}", " ".repeat(indent)), style);
        }
    }

    /// Draws taxes as a table, or one below the other where the paper is too narrow.
    fn taxes(&mut self, table: &TaxTable) {
        let [name, _, base, tax, gross] = &table.heads;
        let widest = |head: &Text, cell: fn(&TaxRow) -> &Text| {
            let cells = table.rows.iter().map(cell).chain([head]);
            cells.map(|text| text.as_str().width()).max().unwrap_or(0)
        };
        let widths = [
            widest(base, |row| &row.base),
            widest(tax, |row| &row.tax),
            widest(gross, |row| &row.gross),
        ];
        let taken: usize = widths.iter().map(|width| width + 1).sum();
        let column = self.width.saturating_sub(taken);
        let labels: Vec<String> = table.rows.iter().map(TaxRow::label).collect();
        let mut words = labels.iter().flat_map(|label| label.split(' '));
        if column < MIN_COLUMN || words.any(|word| word.width() > column) {
            return self.stacked_taxes(table);
        }
        self.tax_line(name.as_str(), [base, tax, gross], widths, column);
        for (row, label) in table.rows.iter().zip(&labels) {
            self.tax_line(label, [&row.base, &row.tax, &row.gross], widths, column);
        }
    }

    fn tax_line(&mut self, label: &str, cells: [&Text; 3], widths: [usize; 3], column: usize) {
        let mut pieces = wrap(label, column).into_iter();
        let first = pieces.next().unwrap_or_default();
        let mut line = format!("{first}{}", " ".repeat(column.saturating_sub(first.width())));
        for (cell, width) in cells.into_iter().zip(widths) {
            let spare = width.saturating_sub(cell.as_str().width());
            line.push_str(&" ".repeat(spare + 1));
            line.push_str(cell.as_str());
        }
        self.push(line, Style::Plain);
        self.words_at(0, pieces, Style::Plain);
    }

    fn stacked_taxes(&mut self, table: &TaxTable) {
        let [_, _, base, tax, gross] = &table.heads;
        for row in &table.rows {
            self.words(&Text::from(row.label()), Align::Start, Style::Plain);
            for (head, cell) in [(base, &row.base), (tax, &row.tax), (gross, &row.gross)] {
                let row = Row {
                    label: head.clone(),
                    amount: cell.clone(),
                    level: 1,
                };
                self.row(&row, Style::Plain);
            }
        }
    }
}

/// Breaks text into pieces at most `width` columns wide: between words, between wide characters (East Asian scripts
/// have no blanks), and inside a word that is alone too long. Nothing for empty text.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut pieces = Vec::new();
    let mut piece = String::new();
    let mut filled = 0;
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let mut gap = usize::from(!piece.is_empty());
        let whole = word.width();
        let breaks_anywhere = whole > width || word.chars().any(|c| c.width() == Some(2));
        let units: Vec<&str> = if breaks_anywhere {
            units(word, width)
        } else {
            vec![word]
        };
        for unit in units {
            let columns = unit.width();
            if filled + gap + columns > width && !piece.is_empty() {
                pieces.push(std::mem::take(&mut piece));
                (filled, gap) = (0, 0);
            }
            if gap == 1 {
                piece.push(' ');
            }
            piece.push_str(unit);
            filled += gap + columns;
            gap = 0;
        }
    }
    if !piece.is_empty() {
        pieces.push(piece);
    }
    pieces
}

/// Splits a word where it may break: between visible characters, and inside one only when it is wider than a line.
fn units(word: &str, width: usize) -> Vec<&str> {
    let mut units = Vec::new();
    for cluster in word.graphemes(true) {
        if cluster.width() <= width {
            units.push(cluster);
        } else {
            units.extend(
                cluster
                    .char_indices()
                    .map(|(at, c)| &cluster[at..at + c.len_utf8()]),
            );
        }
    }
    units
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_wrap_at_blanks_and_long_ones_inside() {
        assert_eq!(
            wrap("Apples from the old orchard", 12),
            ["Apples from", "the old", "orchard"]
        );
        assert_eq!(wrap("abcdefghij", 4), ["abcd", "efgh", "ij"]);
        assert_eq!(wrap("a abcdefghij", 4), ["a ab", "cdef", "ghij"]);
        assert!(wrap("", 4).is_empty());
        assert_eq!(wrap("fits", 4), ["fits"]);
    }

    #[test]
    fn wide_characters_count_two_and_break_anywhere() {
        assert_eq!(wrap("日本茶の葉", 5), ["日本", "茶の", "葉"]);
        assert_eq!(wrap("👩🏽‍🌾👩🏽‍🌾", 2), ["👩🏽‍🌾", "👩🏽‍🌾"]);
    }

    #[test]
    fn one_character_wider_than_the_line_is_split() {
        let jamo = "\u{1100}".repeat(8);
        assert_eq!(jamo.graphemes(true).count(), 1);
        assert!(wrap(&jamo, 4).iter().all(|piece| piece.width() <= 4));
    }

    #[test]
    fn an_amount_as_wide_as_the_paper_gets_its_own_line() {
        let mut page = Page {
            width: 16,
            lines: Vec::new(),
        };
        page.row(&Row::new("Takings", "-100000000000.00"), Style::Plain);
        page.row(&Row::new("", "-100000000000.00"), Style::Plain);
        page.row(&Row::new("Tin", "12345678901.00"), Style::Plain);
        let lines: Vec<&str> = page.lines.iter().map(|line| line.text.as_str()).collect();
        assert_eq!(
            lines,
            [
                "Takings",
                "-100000000000.00",
                "-100000000000.00",
                "Tin",
                "  12345678901.00"
            ]
        );
    }
}

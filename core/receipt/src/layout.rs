//! The layout: a document as lines of characters for paper of a given width.
//!
//! Lines are in the order of writing (logical order); a reader that knows Unicode's bidi rules shows Arabic and
//! Hebrew from the right. Amounts stand whole and on one edge.

use crate::code::Code;
use crate::document::{Align, Block, Document, Row, TaxRow, TaxTable};
use crate::picture::Picture;
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
    /// A line across, of hyphens where nothing can be drawn.
    Rule,
}

/// What follows each other down a laid-out document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Strip {
    /// A line of characters.
    Line(Line),
    /// A code, in the middle.
    Code(Code),
    /// A picture, in the middle.
    Picture(Picture),
}

/// One line of a laid-out document: its cells from left to right, none over another, all within the paper.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// Lists what stands on it; nothing for a blank line.
    pub cells: Vec<Cell>,
    /// Tells how it is to be printed.
    pub style: Style,
}

/// Words that belong together on a line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// Gives the column of its first character.
    pub at: usize,
    /// Holds its characters.
    pub text: String,
    /// Tells which of its edges stays where letters are not all of one width.
    pub align: Align,
}

impl Cell {
    /// Makes a cell that begins at a column.
    fn start(at: usize, text: impl Into<String>) -> Self {
        Self {
            at,
            text: text.into(),
            align: Align::Start,
        }
    }

    /// Makes a cell that ends before a column.
    fn end(column: usize, text: &str) -> Self {
        Self {
            at: column.saturating_sub(text.width()),
            text: text.to_owned(),
            align: Align::End,
        }
    }

    fn mirrored(&self, columns: usize) -> Self {
        let align = match self.align {
            Align::Start => Align::End,
            Align::Centre => Align::Centre,
            Align::End => Align::Start,
        };
        let at = columns.saturating_sub(self.at + self.columns());
        Self {
            at,
            text: self.text.clone(),
            align,
        }
    }

    /// Returns its columns (East Asian wide characters count two).
    pub fn columns(&self) -> usize {
        self.text.width()
    }
}

impl Line {
    /// Returns the line as it stands where reading begins on the right.
    pub fn mirrored(&self, columns: usize) -> Self {
        let mut cells: Vec<Cell> = self.cells.iter().map(|cell| cell.mirrored(columns)).collect();
        cells.reverse();
        Self {
            cells,
            style: self.style,
        }
    }

    /// Returns the line as characters, without blanks at the end.
    pub fn text(&self) -> String {
        let mut text = String::new();
        let mut filled = 0;
        for cell in &self.cells {
            text.push_str(&" ".repeat(cell.at.saturating_sub(filled)));
            text.push_str(&cell.text);
            filled = cell.at + cell.columns();
        }
        text
    }
}

/// Draws a document as plain text, every line at most `width_chars` columns wide (East Asian wide characters count
/// two) and totals underlined; widths outside [`MIN_WIDTH`] to [`MAX_WIDTH`] are taken to the nearer end.
///
/// An amount never breaks, unless it is alone wider than the paper, which no amount within the kernel's bounds is.
pub fn to_text(document: &Document, width_chars: usize) -> String {
    let width = clamped(width_chars);
    let mut text = String::new();
    let mut strips = layout(document, width).peekable();
    while let Some(strip) = strips.next() {
        let lines = match strip {
            Strip::Line(line) => vec![line],
            // What can't be scanned here can be read.
            Strip::Code(code) => Page::new(width).filled(|page| {
                page.words(&Text::new(code.content()), Align::Centre, Style::Plain);
            }),
            Strip::Picture(_) => Vec::new(),
        };
        for line in &lines {
            text.push_str(&line.text());
            text.push('\n');
        }
        let is_total = |strip: &Strip| matches!(strip, Strip::Line(line) if line.style == Style::Total);
        let ends_total = lines.last().is_some_and(|line| line.style == Style::Total)
            && !strips.peek().is_some_and(is_total);
        if ends_total {
            text.push_str(&"=".repeat(width));
            text.push('\n');
        }
    }
    text
}

/// Lays a document out on paper of `width_chars` columns, block by block as it is asked for.
pub fn layout(document: &Document, width_chars: usize) -> impl Iterator<Item = Strip> {
    let width = clamped(width_chars);
    document.blocks.iter().flat_map(move |block| match block {
        Block::Code(code) => vec![Strip::Code(code.clone())],
        Block::Picture(picture) => vec![Strip::Picture(picture.clone())],
        words => {
            let lines = Page::new(width).filled(|page| page.block(words));
            lines.into_iter().map(Strip::Line).collect()
        }
    })
}

fn clamped(width_chars: usize) -> usize {
    width_chars.clamp(MIN_WIDTH, MAX_WIDTH)
}

struct Page {
    width: usize,
    lines: Vec<Line>,
}

impl Page {
    fn new(width: usize) -> Self {
        Self {
            width,
            lines: Vec::new(),
        }
    }

    fn filled(mut self, fill: impl FnOnce(&mut Self)) -> Vec<Line> {
        fill(&mut self);
        self.lines
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Title(text) => self.words(text, Align::Centre, Style::Title),
            Block::Heading(text) => self.words(text, Align::Start, Style::Strong),
            Block::Mark(text) => self.mark(text),
            Block::Text { text, align } => self.words(text, *align, Style::Plain),
            Block::Row(row) => self.row(row, Style::Plain),
            Block::Total(row) => self.row(row, Style::Total),
            Block::Taxes(table) => self.taxes(table),
            Block::Rule => self.push([Cell::start(0, "-".repeat(self.width))], Style::Rule),
            Block::Space => self.push([], Style::Plain),
            Block::Code(_) | Block::Picture(_) => {}
        }
    }

    /// Adds a line of the cells that hold anything.
    fn push<const CELLS: usize>(&mut self, cells: [Cell; CELLS], style: Style) {
        let cells = cells.into_iter().filter(|cell| !cell.text.is_empty()).collect();
        self.lines.push(Line { cells, style });
    }

    fn words(&mut self, text: &Text, align: Align, style: Style) {
        for piece in wrap(text.as_str(), self.width) {
            self.aligned(piece, align, style);
        }
    }

    fn aligned(&mut self, piece: String, align: Align, style: Style) {
        let spare = self.width.saturating_sub(piece.width());
        let at = match align {
            Align::Start => 0,
            Align::Centre => spare / 2,
            Align::End => spare,
        };
        self.push(
            [Cell {
                at,
                text: piece,
                align,
            }],
            style,
        );
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
        self.push([Cell::start(indent, first), Cell::end(self.width, amount)], style);
        self.words_at(indent, pieces, style);
    }

    fn words_at(&mut self, indent: usize, pieces: impl IntoIterator<Item = String>, style: Style) {
        for piece in pieces {
            self.push([Cell::start(indent, piece)], style);
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
        let [base, tax, gross] = cells;
        let ends = [
            column + 1 + widths[0],
            column + 2 + widths[0] + widths[1],
            column + 3 + widths[0] + widths[1] + widths[2],
        ];
        let line = [
            Cell::start(0, first),
            Cell::end(ends[0], base.as_str()),
            Cell::end(ends[1], tax.as_str()),
            Cell::end(ends[2], gross.as_str()),
        ];
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
        let mut page = Page::new(16);
        page.row(&Row::new("Takings", "-100000000000.00"), Style::Plain);
        page.row(&Row::new("", "-100000000000.00"), Style::Plain);
        page.row(&Row::new("Tin", "12345678901.00"), Style::Plain);
        let lines: Vec<String> = page.lines.iter().map(Line::text).collect();
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

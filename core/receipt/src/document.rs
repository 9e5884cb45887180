//! The document: blocks of clean text without measures or fonts. Every back-end draws the same one.

use crate::code::Code;
use crate::picture::Picture;
use crate::text::Text;

/// A document for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Gives the language of its words (BCP 47).
    pub language: Text,
    /// Gives the direction that this language is written in.
    pub direction: Direction,
    /// Names it, for a window or a file.
    pub title: Text,
    /// Lists what it shows, from the top.
    pub blocks: Vec<Block>,
}

/// The direction of a language's lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Direction {
    /// From left to right.
    #[default]
    LeftToRight,
    /// From right to left: Arabic, Hebrew.
    RightToLeft,
}

/// Where a line of text stands. Start is left in languages that are written from left to right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Align {
    /// At the side where reading begins.
    #[default]
    Start,
    /// In the middle.
    Centre,
    /// At the side where amounts stand.
    End,
}

/// One part of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// The biggest words: the shop's name.
    Title(Text),
    /// What kind of document it is, or what a section is about.
    Heading(Text),
    /// A mark that nobody may miss: COPY, PRACTICE.
    Mark(Text),
    /// A line of words.
    Text {
        /// Holds the words.
        text: Text,
        /// Tells where they stand.
        align: Align,
    },
    /// A label with its amount.
    Row(Row),
    /// The amount that counts.
    Total(Row),
    /// The taxes of the document.
    Taxes(TaxTable),
    /// A code for scanners, in the middle.
    Code(Code),
    /// A picture in the middle: the shop's logo.
    Picture(Picture),
    /// A line across.
    Rule,
    /// A little room.
    Space,
}

/// A label on one side, an amount on the other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// Holds the label.
    pub label: Text,
    /// Holds the amount as written; empty for a row of words only.
    pub amount: Text,
    /// Tells how deep the row belongs to those above it: 0 for an item, 1 for its details, 2 for details of those.
    pub level: u8,
}

impl Row {
    /// Makes a row of level 0.
    pub fn new(label: impl Into<Text>, amount: impl Into<Text>) -> Self {
        Self {
            label: label.into(),
            amount: amount.into(),
            level: 0,
        }
    }

    /// Moves the row to another level.
    pub fn at(mut self, level: u8) -> Self {
        self.level = level;
        self
    }
}

/// The taxes of a document, one row each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TaxTable {
    /// Holds the words over name, rate, base, tax and gross.
    pub heads: [Text; 5],
    /// Lists the taxes.
    pub rows: Vec<TaxRow>,
}

/// One tax of a document, all as written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TaxRow {
    /// Names the tax.
    pub name: Text,
    /// Gives its rate, or why there is none.
    pub rate: Text,
    /// Gives what it was computed on.
    pub base: Text,
    /// Gives the tax.
    pub tax: Text,
    /// Gives base and tax together.
    pub gross: Text,
}

impl TaxRow {
    /// Returns name and rate in one, without saying the rate twice where the name tells it.
    pub fn label(&self) -> String {
        let said = |text: &Text| text.as_str().replace([' ', '.', ','], "");
        if self.rate.is_empty() || said(&self.name).contains(&said(&self.rate)) {
            return self.name.to_string();
        }
        format!("{} {}", self.name, self.rate)
    }
}

impl Document {
    /// Begins an empty document.
    pub(crate) fn new(language: &crate::words::Language, title: impl Into<Text>) -> Self {
        Self {
            language: Text::new(&language.tag),
            direction: language.words.direction,
            title: title.into(),
            blocks: Vec::new(),
        }
    }

    pub(crate) fn push(&mut self, block: Block) {
        self.blocks.push(block);
    }

    /// Adds a row of level 0.
    pub(crate) fn row(&mut self, label: impl Into<Text>, amount: impl Into<Text>) {
        self.push(Block::Row(Row::new(label, amount)));
    }

    /// Adds a row of words under the last row, unless there are none.
    pub(crate) fn detail(&mut self, level: u8, words: impl Into<Text>) {
        let words = words.into();
        if !words.is_empty() {
            self.push(Block::Row(Row::new(words, "").at(level)));
        }
    }

    /// Adds a line of words in the middle, unless there are none.
    pub(crate) fn centred(&mut self, words: &str) {
        let text = Text::new(words);
        if !text.is_empty() {
            self.push(Block::Text {
                text,
                align: Align::Centre,
            });
        }
    }
}

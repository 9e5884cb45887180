//! Lines as dots: shaped text of any script, drawn with fonts that are given as bytes.

use crate::document::{Align, Direction};
use crate::escpos::{Paint, Paper};
use crate::layout::{Cell, Line, Style};
use crate::picture::Picture;
use cosmic_text::fontdb::{Database, Source};
use cosmic_text::{
    Attrs, Buffer, Color, Fallback, Family, FontSystem, Metrics, PhysicalGlyph, Shaping, SwashCache, Wrap,
};
use std::sync::Arc;

/// Size of letters in columns: as wide characters (East Asian) are two columns wide, so are their squares.
const LETTER_COLUMNS: f32 = 2.0;
/// Size of titles, marks and totals in that of other letters.
const LARGE: f32 = 1.5;
/// Smallest letters that a cell is shrunk to, in dots: below it nobody reads one.
const SMALLEST: f32 = 10.0;
/// Room above the base line, in the size of letters: marks of Thai and Vietnamese stand on each other.
const ABOVE: f32 = 1.6;
/// Room below the base line.
const BELOW: f32 = 0.9;
/// Height above and below the base line that a line has whatever stands on it.
const USUAL_ABOVE: f32 = 0.95;
/// See [`USUAL_ABOVE`].
const USUAL_BELOW: f32 = 0.3;
/// A dot that a letter covers by so much is ink (255: wholly).
const INK: u8 = 112;

/// Draws lines with fonts. The first font that has a letter draws it.
pub struct Fonts {
    system: FontSystem,
    cache: SwashCache,
    family: String,
}

/// Why there is nothing to draw with, as a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("None of these files is a font. Name a file that ends in .ttf, .otf or .ttc.")]
pub struct NoFonts;

/// Leaves it to the order of the fonts which one stands in for a missing letter, the same on every system.
struct AsGiven;

impl Fallback for AsGiven {
    fn common_fallback(&self) -> &[&'static str] {
        &[]
    }

    fn forbidden_fallback(&self) -> &[&'static str] {
        &[]
    }

    fn script_fallback(&self, _: unicode_script::Script, _: &str) -> &[&'static str] {
        &[]
    }
}

impl Fonts {
    /// Takes fonts as the bytes of their files; `language` (BCP 47) decides between forms of the same letter.
    ///
    /// # Errors
    /// When no file is a font.
    pub fn new(files: impl IntoIterator<Item = Vec<u8>>, language: &str) -> Result<Self, NoFonts> {
        let mut fonts = Database::new();
        for file in files {
            fonts.load_font_source(Source::Binary(Arc::new(file)));
        }
        let first = fonts.faces().next().and_then(|face| face.families.first());
        let family = first.map(|(family, _)| family.clone()).ok_or(NoFonts)?;
        let system = FontSystem::new_with_locale_and_db_and_fallback(language.to_owned(), fonts, AsGiven);
        Ok(Self {
            system,
            cache: SwashCache::new(),
            family,
        })
    }

    fn shaped(&mut self, text: &str, size: f32) -> Shaped {
        let mut buffer = Buffer::new_empty(Metrics::new(size, size));
        let attrs = Attrs::new().family(Family::Name(&self.family));
        buffer.set_size(None, None);
        buffer.set_wrap(Wrap::None);
        buffer.set_text(text, &attrs, Shaping::Advanced, None);
        buffer.shape_until_scroll(&mut self.system, false);
        let mut shaped = Shaped {
            width: 0.0,
            glyphs: Vec::new(),
        };
        for run in buffer.layout_runs() {
            shaped.width = run.line_w.max(shaped.width);
            shaped
                .glyphs
                .extend(run.glyphs.iter().map(|glyph| glyph.physical((0.0, 0.0), 1.0)));
        }
        shaped
    }

    /// Shapes the cells of a line: larger where its style asks for it and there is room, smaller where there is not.
    fn cells<'l>(&mut self, line: &'l Line, paper: &Paper, column: f32) -> Vec<(&'l Cell, Shaped)> {
        let usual = column * LETTER_COLUMNS;
        if matches!(line.style, Style::Title | Style::Mark | Style::Total) {
            let large: Vec<_> = line
                .cells
                .iter()
                .map(|cell| (cell, self.shaped(&cell.text, usual * LARGE)))
                .collect();
            if apart(&large, paper, column) {
                return large;
            }
        }
        let cells: Vec<_> = line
            .cells
            .iter()
            .map(|cell| (cell, self.shaped(&cell.text, usual)))
            .collect();
        if apart(&cells, paper, column) {
            return cells;
        }
        let shrunk = |(cell, shaped): (&'l Cell, Shaped)| {
            let room = cell.columns() as f32 * column;
            if shaped.width <= room {
                return (cell, shaped);
            }
            let size = (usual * room / shaped.width).max(SMALLEST);
            (cell, self.shaped(&cell.text, size))
        };
        cells.into_iter().map(shrunk).collect()
    }
}

/// Glyphs at their places.
struct Shaped {
    width: f32,
    glyphs: Vec<PhysicalGlyph>,
}

/// Returns the left edge of a cell, in dots.
fn left(cell: &Cell, width: f32, paper: &Paper, column: f32) -> f32 {
    // What is centred is so on the paper, whatever its letters' width.
    let (start, end) = (
        cell.at as f32 * column,
        (cell.at + cell.columns()) as f32 * column,
    );
    match cell.align {
        Align::Start => start,
        Align::Centre => (paper.dots as f32 - width) / 2.0,
        Align::End => end - width,
    }
    .max(0.0)
}

/// Tells whether the cells of a line stand apart and on the paper.
fn apart(cells: &[(&Cell, Shaped)], paper: &Paper, column: f32) -> bool {
    let mut from = 0.0;
    cells.iter().all(|(cell, shaped)| {
        let start = left(cell, shaped.width, paper, column);
        let fits = start >= from && start + shaped.width <= paper.dots as f32 + 1.0;
        from = start + shaped.width + column / 2.0;
        fits
    })
}

impl Paint for Fonts {
    fn line(&mut self, line: &Line, paper: &Paper) -> Picture {
        let column = paper.dots as f32 / paper.columns.max(1) as f32;
        let size = column * LETTER_COLUMNS;
        if line.style == Style::Rule {
            return rule(paper, size);
        }
        let shown = match paper.direction {
            Direction::LeftToRight => line.clone(),
            Direction::RightToLeft => line.mirrored(paper.columns),
        };
        let large = matches!(line.style, Style::Title | Style::Mark | Style::Total);
        let tallest = if large { size * LARGE } else { size };
        let base = (tallest * ABOVE) as u32;
        let mut picture = Picture::blank(paper.dots, base + (tallest * BELOW) as u32);
        let bold = line.style != Style::Plain;
        for (cell, shaped) in self.cells(&shown, paper, column) {
            let start = left(cell, shaped.width, paper, column) as i32;
            for glyph in shaped.glyphs {
                self.glyph(&mut picture, &glyph, start, base, bold);
            }
        }
        thicken(&mut picture);
        cropped(&picture, base, tallest)
    }
}

impl Fonts {
    fn glyph(&mut self, picture: &mut Picture, glyph: &PhysicalGlyph, start: i32, base: u32, bold: bool) {
        let base = i32::try_from(base).unwrap_or(0);
        self.cache.with_pixels(
            &mut self.system,
            glyph.cache_key,
            Color::rgb(0, 0, 0),
            |x, y, colour| {
                // Colours are as dark as they look: emoji keep their drawing.
                let light =
                    (u32::from(colour.r()) * 3 + u32::from(colour.g()) * 6 + u32::from(colour.b())) / 10;
                if u32::from(colour.a()) * (255 - light) / 255 < u32::from(INK) {
                    return;
                }
                let (x, y) = (start + glyph.x + x, base + glyph.y + y);
                if let (Ok(x), Ok(y)) = (u32::try_from(x), u32::try_from(y)) {
                    // Bold is struck twice, as printers do it: no second font is needed.
                    picture.fill(x, y, 1 + u32::from(bold), 1);
                }
            },
        );
    }
}

/// Draws a line across, two dots thick.
fn rule(paper: &Paper, size: f32) -> Picture {
    let height = (size * (USUAL_ABOVE + USUAL_BELOW)) as u32;
    let mut picture = Picture::blank(paper.dots, height);
    picture.fill(0, height / 2, paper.dots, 2);
    picture
}

/// Makes strokes two dots thick where they are one: a thermal head loses single dots.
fn thicken(picture: &mut Picture) {
    let thin = picture.clone();
    for y in 0..thin.height() {
        for x in 0..thin.width() {
            if thin.is_ink(x, y) && !in_square(picture, x, y) {
                // At the right edge the square grows to the left, at the bottom upwards.
                let (left, top) = (
                    x.min(thin.width().saturating_sub(2)),
                    y.min(thin.height().saturating_sub(2)),
                );
                picture.fill(left, top, 2, 2);
            }
        }
    }
}

/// Tells whether a dot is part of a square of two by two.
fn in_square(picture: &Picture, x: u32, y: u32) -> bool {
    let square = |left: u32, top: u32| {
        [(0, 0), (1, 0), (0, 1), (1, 1)]
            .iter()
            .all(|(u, v)| picture.is_ink(left + u, top + v))
    };
    let (before, above) = (x.checked_sub(1), y.checked_sub(1));
    square(x, y)
        || before.is_some_and(|x| square(x, y))
        || above.is_some_and(|y| square(x, y))
        || before.zip(above).is_some_and(|(x, y)| square(x, y))
}

/// Takes the blank rows away that are more than a line's usual height.
fn cropped(picture: &Picture, base: u32, size: f32) -> Picture {
    let inked = |y: &u32| !picture.inked(*y).is_empty();
    let usual = (
        base.saturating_sub((size * USUAL_ABOVE) as u32),
        base + (size * USUAL_BELOW) as u32,
    );
    let top = (0..picture.height()).find(inked).unwrap_or(usual.0).min(usual.0);
    let last = (0..picture.height()).rev().find(inked).unwrap_or(usual.1);
    let bottom = (last + 4).max(usual.1).min(picture.height());
    picture.between(top, bottom)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Letters of the screens: Latin with Arabic.
    fn fonts() -> Fonts {
        let path = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../android/ui/src/main/resources/font/text-450.ttf"
        );
        Fonts::new([std::fs::read(path).unwrap()], "en").unwrap()
    }

    fn line(cells: &[(usize, &str, Align)], style: Style) -> Line {
        let cells = cells.iter().map(|(at, text, align)| Cell {
            at: *at,
            text: (*text).to_owned(),
            align: *align,
        });
        Line {
            cells: cells.collect(),
            style,
        }
    }

    const PAPER: Paper = Paper {
        dots: 384,
        columns: 32,
        direction: Direction::LeftToRight,
    };

    /// Returns the columns of dots from first to last ink.
    fn extent(picture: &Picture, within: std::ops::Range<u32>) -> Option<(u32, u32)> {
        let inked = |x: &u32| (0..picture.height()).any(|y| picture.is_ink(*x, y));
        Some((within.clone().find(inked)?, within.rev().find(inked)?))
    }

    #[test]
    fn strokes_are_two_dots_thick() {
        let mut fonts = fonts();
        for (text, style) in [
            ("Tea i.l'|-/ قهوة بالهيل 1.20", Style::Plain),
            ("مخبز", Style::Title),
        ] {
            let picture = fonts.line(&line(&[(0, text, Align::Start)], style), &PAPER);
            for y in 0..picture.height() {
                for x in (0..picture.width()).filter(|x| picture.is_ink(*x, y)) {
                    assert!(in_square(&picture, x, y), "{text}: a single dot at {x}, {y}");
                }
            }
        }
    }

    #[test]
    fn amounts_stand_whole_on_their_edge() {
        let mut fonts = fonts();
        let row = line(
            &[(0, "قهوة", Align::Start), (23, "123456.78", Align::End)],
            Style::Total,
        );
        let right = fonts.line(&row, &PAPER);
        let (first, last) = extent(&right, 192..384).unwrap();
        assert!(last >= 384 - 4 && first > 200, "{first}..{last}");
        let left = fonts.line(
            &row,
            &Paper {
                direction: Direction::RightToLeft,
                ..PAPER
            },
        );
        let (first, last) = extent(&left, 0..180).unwrap();
        assert!(first <= 4 && last < 180, "{first}..{last}");
    }

    #[test]
    fn letters_without_room_are_made_smaller() {
        let wide = "W".repeat(16);
        let row = line(
            &[(0, &wide, Align::Start), (25, "1234.00", Align::End)],
            Style::Plain,
        );
        let picture = fonts().line(&row, &PAPER);
        assert!(extent(&picture, 0..384).is_some_and(|(_, last)| last < 384));
        let gap = (0..384)
            .filter(|x| (0..picture.height()).all(|y| !picture.is_ink(*x, y)))
            .max();
        assert!(gap.is_some());
        let absurd = line(&[(0, &"م".repeat(2_000), Align::Start)], Style::Title);
        assert_eq!(fonts().line(&absurd, &PAPER).width(), 384);
    }

    #[test]
    fn a_letter_that_no_font_has_is_still_seen() {
        let picture = fonts().line(&line(&[(0, "茶", Align::Start)], Style::Plain), &PAPER);
        assert!(extent(&picture, 0..24).is_some());
    }

    #[test]
    fn a_file_that_is_no_font_is_told() {
        let fault = Fonts::new([b"not a font".to_vec()], "en").err();
        assert_eq!(fault, Some(NoFonts));
        assert!(Fonts::new([], "en").is_err());
    }
}

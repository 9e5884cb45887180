//! The PNG back-end: a document as one picture, dot for dot as wide as its paper.

use crate::code::{Code, Symbol};
use crate::document::{Align, Document};
use crate::escpos::{BAR_DOTS, BARS_OF_AN_INCH, Paint, Paper, qr_scale};
use crate::layout::{Cell, Line, Strip, Style, layout};
use crate::picture::Picture;

/// Blank dots around a document, so that codes keep their quiet zone.
const MARGIN: u32 = 24;
/// Most rows of a picture: a receipt of 2,000 lines.
const MAX_ROWS: usize = 120_000;

/// A document that can't be a picture, as a sentence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PngFault {
    /// It is too long.
    #[error("This document is too long for one picture. Print it, or show it as text.")]
    TooLong,
    /// It could not be written.
    #[error("The picture could not be written: {0}.")]
    Unwritten(String),
}

/// Draws a document as a PNG of two colours: what a printer of so many dots and columns prints, with a margin.
///
/// # Errors
/// When the document is longer than a picture may be.
pub fn to_png(
    document: &Document,
    dots: u32,
    columns: usize,
    dpi: u32,
    paint: &mut dyn Paint,
) -> Result<Vec<u8>, PngFault> {
    let paper = Paper {
        dots,
        columns,
        direction: document.direction,
    };
    let mut page = Page {
        rows: Vec::new(),
        width: dots + 2 * MARGIN,
    };
    page.blank(MARGIN);
    for strip in layout(document, columns) {
        for picture in strip_pictures(&strip, &paper, dpi, paint) {
            page.add(&picture, dots);
            if page.rows.len() > MAX_ROWS * page.stride() {
                return Err(PngFault::TooLong);
            }
        }
    }
    page.blank(MARGIN);
    page.written()
}

/// Draws a strip as pictures that follow each other.
fn strip_pictures(strip: &Strip, paper: &Paper, dpi: u32, paint: &mut dyn Paint) -> Vec<Picture> {
    match strip {
        Strip::Line(line) => vec![paint.line(line, paper)],
        Strip::Picture(picture) => vec![picture.fitted(paper.dots)],
        Strip::Code(code) => {
            let code = code.fitting(paper.dots / BAR_DOTS);
            let modules = code.modules();
            if code.symbol() == Symbol::Qr {
                let scale = qr_scale(&modules, paper.dots);
                return vec![modules.enlarged(scale, scale)];
            }
            let bars = modules.enlarged(BAR_DOTS, dpi / BARS_OF_AN_INCH);
            vec![bars, paint.line(&caption(&code, paper), paper)]
        }
    }
}

fn caption(code: &Code, paper: &Paper) -> Line {
    let at = paper.columns.saturating_sub(code.content().len()) / 2;
    let cell = Cell {
        at,
        text: code.content().to_owned(),
        align: Align::Centre,
    };
    Line {
        cells: vec![cell],
        style: Style::Plain,
    }
}

struct Page {
    /// Rows of whole bytes; ink is 1.
    rows: Vec<u8>,
    width: u32,
}

impl Page {
    fn stride(&self) -> usize {
        self.width.div_ceil(8) as usize
    }

    fn blank(&mut self, rows: u32) {
        self.rows
            .resize(self.rows.len() + rows as usize * self.stride(), 0);
    }

    /// Adds a picture in the middle.
    fn add(&mut self, picture: &Picture, dots: u32) {
        let mut rows = Picture::blank(self.width, picture.height());
        rows.stamp(picture, MARGIN + dots.saturating_sub(picture.width()) / 2, 0);
        for y in 0..rows.height() {
            self.rows.extend(rows.row(y));
        }
    }

    fn written(self) -> Result<Vec<u8>, PngFault> {
        let unwritten = |fault: png::EncodingError| PngFault::Unwritten(fault.to_string());
        let height = u32::try_from(self.rows.len() / self.stride().max(1)).unwrap_or(u32::MAX);
        let mut out = Vec::new();
        let mut encoder = png::Encoder::new(&mut out, self.width, height);
        encoder.set_color(png::ColorType::Grayscale);
        encoder.set_depth(png::BitDepth::One);
        let mut writer = encoder.write_header().map_err(unwritten)?;
        // In a picture 1 is white.
        let light: Vec<u8> = self.rows.iter().map(|byte| !byte).collect();
        writer.write_image_data(&light).map_err(unwritten)?;
        writer.finish().map_err(unwritten)?;
        Ok(out)
    }
}

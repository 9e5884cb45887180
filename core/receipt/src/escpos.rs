//! The ESC/POS back-end: the language of Epson's receipt printers and nearly all others.
//!
//! Bytes come strip by strip, so that a receipt of any length takes the memory of one line. Letters are sent as
//! letters in the printer's own code pages; a line with a character that no page has is sent as dots.

use crate::code::{Code, Symbol};
use crate::document::{Direction, Document};
use crate::layout::{Line, Strip, Style, layout};
use crate::letters::{Run, runs, runs_at_least};
use crate::picture::Picture;
use crate::profile::{Cut, Image, Profile};

const ESC: u8 = 0x1b;
const FS: u8 = 0x1c;
const GS: u8 = 0x1d;
const LF: u8 = b'\n';

/// Width and height of characters (GS !).
const NORMAL: u8 = 0x00;
const DOUBLE_HEIGHT: u8 = 0x01;
const DOUBLE: u8 = 0x11;

/// Most rows of dots in one command: small printers keep no more.
const BAND_ROWS: usize = 240;
/// Fewest blank rows that are a band of their own: fewer are inside letters.
const MIN_GAP_ROWS: usize = 8;
/// Rows of dots that ESC * takes at once.
const COLUMN_ROWS: usize = 24;
/// Lines that bring the end of a document over the edge where paper is torn.
const TEAR_LINES: u8 = 4;
/// Thickness of a bar in dots: two is the least that survives a worn head.
pub(crate) const BAR_DOTS: u32 = 2;
/// Thickest module of a QR code in dots.
const QR_DOTS: u32 = 6;
/// Height of bars: so many of them are an inch.
pub(crate) const BARS_OF_AN_INCH: u32 = 3;

/// Draws lines as dots, where a printer lacks their letters.
pub trait Paint {
    /// Draws a line across paper of so many dots and columns.
    fn line(&mut self, line: &Line, paper: &Paper) -> Picture;
}

/// The paper that lines are drawn on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paper {
    /// Gives the dots across.
    pub dots: u32,
    /// Gives the columns that the lines were laid out for.
    pub columns: usize,
    /// Tells on which side reading begins.
    pub direction: Direction,
}

/// Draws a document for an ESC/POS printer, a few bytes for each strip; without `paint`, question marks stand for
/// characters that the printer lacks.
pub fn escpos<'a>(
    document: &'a Document,
    profile: &'a Profile,
    paint: Option<&'a mut dyn Paint>,
) -> EscPos<'a> {
    EscPos {
        strips: Box::new(layout(document, profile.columns)),
        profile,
        paint,
        paper: Paper {
            dots: profile.dots,
            columns: profile.columns,
            direction: document.direction,
        },
        mode: Mode::default(),
        part: Part::Begin,
    }
}

/// Returns the bytes that open a drawer; `None` where the printer has no plug for one.
pub fn open_drawer(profile: &Profile) -> Option<[u8; 5]> {
    // 50 ms on, 500 ms off: what drawers are made for.
    profile.drawer.then_some([ESC, b'p', 0, 25, 250])
}

/// Returns the bytes that let a printer beep; `None` where it can't.
pub fn beep(profile: &Profile) -> Option<[u8; 4]> {
    // Twice, 100 ms each.
    profile.buzzer.then_some([ESC, b'B', 2, 2])
}

/// The bytes of a document, from its beginning to the cut.
pub struct EscPos<'a> {
    strips: Box<dyn Iterator<Item = Strip> + 'a>,
    profile: &'a Profile,
    paint: Option<&'a mut dyn Paint>,
    paper: Paper,
    mode: Mode,
    part: Part,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Begin,
    Body,
    Done,
}

/// What the printer was told last.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Mode {
    size: u8,
    bold: bool,
    centred: bool,
    page: Option<u8>,
}

impl Iterator for EscPos<'_> {
    type Item = Vec<u8>;

    fn next(&mut self) -> Option<Vec<u8>> {
        match self.part {
            Part::Begin => {
                self.part = Part::Body;
                Some(self.begin())
            }
            Part::Body => Some(match self.strips.next() {
                Some(strip) => self.strip(&strip),
                None => {
                    self.part = Part::Done;
                    self.end()
                }
            }),
            Part::Done => None,
        }
    }
}

impl EscPos<'_> {
    fn begin(&self) -> Vec<u8> {
        let mut out = vec![ESC, b'@'];
        if self.profile.double_byte {
            out.extend([FS, b'.']);
        }
        out
    }

    fn end(&mut self) -> Vec<u8> {
        match self.profile.cut {
            // These feed up to the knife themselves.
            Cut::Full => vec![GS, b'V', 65, 0],
            Cut::Part => vec![GS, b'V', 66, 0],
            Cut::None => vec![ESC, b'd', TEAR_LINES],
        }
    }

    fn strip(&mut self, strip: &Strip) -> Vec<u8> {
        let mut out = Vec::new();
        match strip {
            Strip::Line(line) => self.line(&mut out, line),
            Strip::Code(code) => self.code(&mut out, code),
            Strip::Picture(picture) => {
                self.centred(&mut out, true);
                self.dots(&mut out, &picture.fitted(self.profile.dots));
            }
        }
        out
    }

    fn line(&mut self, out: &mut Vec<u8>, line: &Line) {
        if line.cells.is_empty() {
            return out.push(LF);
        }
        let shown = match self.paper.direction {
            Direction::LeftToRight => line.clone(),
            Direction::RightToLeft => line.mirrored(self.paper.columns),
        };
        let (text, size, centred) = self.sized(&shown);
        let letters = runs(&text, &self.profile.pages, self.mode.page);
        let letters = match (letters, &mut self.paint) {
            (Some(letters), _) => letters,
            (None, Some(paint)) if self.profile.image != Image::None => {
                let picture = paint.line(line, &self.paper);
                self.centred(out, false);
                return self.dots(out, &picture);
            }
            (None, _) => runs_at_least(&text, &self.profile.pages, self.mode.page),
        };
        self.centred(out, centred);
        self.size(out, size);
        self.bold(
            out,
            matches!(
                line.style,
                Style::Strong | Style::Title | Style::Mark | Style::Total
            ),
        );
        self.letters(out, letters);
        out.push(LF);
    }

    /// Returns the characters of a line with their size; what has double width is put in the middle by the printer.
    fn sized(&self, line: &Line) -> (String, u8, bool) {
        let text = line.text();
        match (line.style, line.cells.as_slice()) {
            (Style::Title | Style::Mark, [cell]) if cell.columns() * 2 <= self.paper.columns => {
                (cell.text.clone(), DOUBLE, true)
            }
            (Style::Title | Style::Mark | Style::Total, _) => (text, DOUBLE_HEIGHT, false),
            (Style::Plain | Style::Strong | Style::Rule, _) => (text, NORMAL, false),
        }
    }

    fn letters(&mut self, out: &mut Vec<u8>, runs: Vec<Run>) {
        for run in runs {
            if let Some(page) = run.page.filter(|page| self.mode.page != Some(*page)) {
                out.extend([ESC, b't', page]);
                self.mode.page = Some(page);
            }
            out.extend(run.bytes);
        }
    }

    fn size(&mut self, out: &mut Vec<u8>, size: u8) {
        if self.mode.size != size {
            out.extend([GS, b'!', size]);
            self.mode.size = size;
        }
    }

    fn bold(&mut self, out: &mut Vec<u8>, bold: bool) {
        if self.mode.bold != bold {
            out.extend([ESC, b'E', u8::from(bold)]);
            self.mode.bold = bold;
        }
    }

    fn centred(&mut self, out: &mut Vec<u8>, centred: bool) {
        if self.mode.centred != centred {
            out.extend([ESC, b'a', u8::from(centred)]);
            self.mode.centred = centred;
        }
    }

    fn code(&mut self, out: &mut Vec<u8>, code: &Code) {
        let code = code.fitting(self.profile.dots / BAR_DOTS);
        self.centred(out, true);
        self.size(out, NORMAL);
        self.bold(out, false);
        let modules = code.modules();
        let bar_height = self.profile.dpi / BARS_OF_AN_INCH;
        if code.symbol() == Symbol::Qr {
            let scale = qr_scale(&modules, self.profile.dots);
            return match self.profile.qr {
                true => qr(out, code.content().as_bytes(), scale),
                false => self.dots(out, &modules.enlarged(scale, scale)),
            };
        }
        if self.profile.barcodes {
            return bars(out, &code, u8::try_from(bar_height).unwrap_or(u8::MAX));
        }
        self.dots(out, &modules.enlarged(BAR_DOTS, bar_height));
        let content = runs_at_least(code.content(), &self.profile.pages, self.mode.page);
        self.centred(out, true);
        self.letters(out, content);
        out.push(LF);
    }

    /// Sends a picture as bands no wider than their ink. Blank rows are sent too, a byte each: feeds are measured
    /// differently from printer to printer, dots are not.
    fn dots(&self, out: &mut Vec<u8>, picture: &Picture) {
        match self.profile.image {
            Image::Rows => bands(picture)
                .into_iter()
                .for_each(|band| rows(out, picture, band)),
            Image::Columns => columns(out, picture),
            Image::None => {}
        }
    }
}

/// Returns the scale of a QR code: three quarters of the paper at most, so that the margins are its quiet zone.
pub(crate) fn qr_scale(modules: &Picture, dots: u32) -> u32 {
    (dots * 3 / 4 / modules.width().max(1)).clamp(1, QR_DOTS)
}

/// Sends a QR code for the printer to draw (GS ( k): model 2, correction M.
fn qr(out: &mut Vec<u8>, content: &[u8], scale: u32) {
    out.extend([GS, b'(', b'k', 4, 0, b'1', b'A', b'2', 0]);
    out.extend([GS, b'(', b'k', 3, 0, b'1', b'C', u8::try_from(scale).unwrap_or(1)]);
    out.extend([GS, b'(', b'k', 3, 0, b'1', b'E', b'1']);
    let length = u16::try_from(content.len() + 3).unwrap_or(u16::MAX).to_le_bytes();
    out.extend([GS, b'(', b'k', length[0], length[1], b'1', b'P', b'0']);
    out.extend(content);
    out.extend([GS, b'(', b'k', 3, 0, b'1', b'Q', b'0']);
    out.push(LF);
}

/// Sends bars for the printer to draw (GS k), with what they hold written below.
fn bars(out: &mut Vec<u8>, code: &Code, height: u8) {
    let (kind, content) = match code.symbol() {
        Symbol::UpcA => (65, code.content().to_owned()),
        Symbol::Ean13 => (67, code.content().to_owned()),
        Symbol::Ean8 => (68, code.content().to_owned()),
        // A brace opens a command of its own, two are one.
        Symbol::Code128 | Symbol::Qr => (73, format!("{{B{}", code.content().replace('{', "{{"))),
    };
    out.extend([
        GS,
        b'h',
        height,
        GS,
        b'w',
        BAR_DOTS as u8,
        GS,
        b'H',
        2,
        GS,
        b'f',
        0,
    ]);
    out.extend([GS, b'k', kind, u8::try_from(content.len()).unwrap_or(u8::MAX)]);
    out.extend(content.into_bytes());
    out.push(LF);
}

/// Splits a picture into bands that hold ink and bands that are blank.
fn bands(picture: &Picture) -> Vec<std::ops::Range<u32>> {
    let blank = |y: u32| picture.inked(y).is_empty();
    let mut bands: Vec<std::ops::Range<u32>> = Vec::new();
    let mut at = 0;
    while at < picture.height() {
        let end = (at..picture.height())
            .find(|y| blank(*y) != blank(at))
            .unwrap_or(picture.height());
        let (short, is_end) = (
            ((end - at) as usize) < MIN_GAP_ROWS,
            end == picture.height() || at == 0,
        );
        let inked = |band: &&mut std::ops::Range<u32>| !blank(band.start);
        match bands.last_mut().filter(inked) {
            // Ink, or a gap inside letters: it goes with the ink above.
            Some(last) if !blank(at) || (short && !is_end) => last.end = end,
            _ => bands.push(at..end),
        }
        at = end;
    }
    bands
}

/// Sends a band row by row (GS v 0), no wider than its ink.
fn rows(out: &mut Vec<u8>, picture: &Picture, band: std::ops::Range<u32>) {
    let mut from = band.start;
    while from < band.end {
        let to = band.end.min(from + BAND_ROWS as u32);
        let width = (from..to)
            .map(|y| picture.inked(y).len())
            .max()
            .unwrap_or(0)
            .max(1);
        let [wide_low, wide_high] = u16::try_from(width).unwrap_or(u16::MAX).to_le_bytes();
        let [tall_low, tall_high] = u16::try_from(to - from).unwrap_or(u16::MAX).to_le_bytes();
        out.extend([GS, b'v', b'0', 0, wide_low, wide_high, tall_low, tall_high]);
        for y in from..to {
            let row = picture.row(y);
            out.extend(row.iter().chain(std::iter::repeat(&0)).take(width));
        }
        from = to;
    }
}

/// Sends a picture column by column (ESC *), 24 dots high, with lines as high.
fn columns(out: &mut Vec<u8>, picture: &Picture) {
    out.extend([ESC, b'3', COLUMN_ROWS as u8]);
    for top in (0..picture.height()).step_by(COLUMN_ROWS) {
        let width = (top..top + COLUMN_ROWS as u32)
            .map(|y| picture.inked(y).len() * 8)
            .max()
            .unwrap_or(0)
            .max(1);
        let [low, high] = u16::try_from(width).unwrap_or(u16::MAX).to_le_bytes();
        out.extend([ESC, b'*', 33, low, high]);
        for x in 0..u32::try_from(width).unwrap_or(0) {
            for byte in 0..3 {
                let bits = (0..8).map(|bit| top + byte * 8 + bit);
                out.push(bits.fold(0, |bits, y| bits << 1 | u8::from(picture.is_ink(x, y))));
            }
        }
        out.push(LF);
    }
    out.extend([ESC, b'2']);
}

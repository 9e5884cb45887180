//! Documents for people: receipts, shift reports and quotes as text, HTML and printer commands. Pure.
//!
//! A document function ([`receipt()`], [`shift_report`], [`cart_quote`]) turns facts of the kernel into a
//! [`Document`]: blocks without any measure. A back-end draws it: [`to_html`] as it is, everything that counts
//! characters from the strips of [`layout()`]: [`to_text`], and [`escpos()`] for a printer whose [`Profile`] says what
//! it can do. The feature `raster` adds fonts: `Fonts` draws the lines whose letters a printer lacks, and `to_png`
//! whole documents. Names and notes come from anybody, so a document holds only [`Text`], which can't carry control
//! characters or escape sequences to a printer.

mod code;
mod date;
mod document;
mod escpos;
mod figures;
mod html;
mod items;
mod layout;
mod letters;
mod pages;
mod picture;
#[cfg(feature = "raster")]
mod png;
mod profile;
mod quote;
#[cfg(feature = "raster")]
mod raster;
mod receipt;
mod report;
mod text;
mod words;

pub use code::{BARS_CHARS, Code, CodeFault, QR_BYTES, Symbol};
pub use document::{Align, Block, Direction, Document, Row, TaxRow, TaxTable};
pub use escpos::{EscPos, Paint, Paper, beep, escpos, open_drawer};
pub use html::to_html;
pub use layout::{
    Cell, DEFAULT_WIDTH, Line, MAX_WIDTH, MIN_WIDTH, NARROW_WIDTH, Strip, Style, layout, to_text,
};
pub use pages::CodePage;
pub use picture::{MAX_HEIGHT, Picture};
#[cfg(feature = "raster")]
pub use png::{PngFault, to_png};
pub use profile::{CommandSet, Cut, Image, MAX_DOTS, PROFILE_BYTES, Profile, ProfileFault};
pub use quote::{QuoteOptions, cart_quote};
#[cfg(feature = "raster")]
pub use raster::{Fonts, NoFonts};
pub use receipt::{ReceiptOptions, receipt};
pub use report::{ReportOptions, ShiftReport, XReport, shift_report};
pub use text::{TEXT_CHARS, Text};

//! Codes for scanners: bars and QR, checked when they are made, so that every back-end can draw them.

use crate::picture::Picture;
use barcoders::sym::{code128::Code128, ean8::EAN8, ean13::EAN13};
use barrow_kernel::barcode;
use qrcodegen::{QrCode, QrCodeEcc};

/// Most bytes in a QR code: what a receipt's link may have.
pub const QR_BYTES: usize = 700;
/// Most characters in bars: more can't be read from 58 mm paper.
pub const BARS_CHARS: usize = 24;

/// A kind of code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Symbol {
    /// QR code.
    Qr,
    /// 13 digits, as on goods everywhere.
    Ean13,
    /// 8 digits, on small goods.
    Ean8,
    /// 12 digits, as on goods in America.
    UpcA,
    /// Letters and digits.
    Code128,
}

/// A code that can be drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    symbol: Symbol,
    content: String,
}

/// Why something can't be a code, as a sentence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodeFault {
    /// It holds what this kind of code can't.
    #[error("This code can hold only {0}.")]
    Content(&'static str),
    /// Its check digit is wrong.
    #[error("The last digit of this barcode does not fit the others. Check how it was typed.")]
    CheckDigit,
}

impl Code {
    /// Makes a code of its content, check digit included.
    ///
    /// # Errors
    /// When this kind of code can't hold it, or its check digit is wrong.
    pub fn new(symbol: Symbol, content: &str) -> Result<Self, CodeFault> {
        let digits =
            |count: usize| content.len() == count && content.bytes().all(|byte| byte.is_ascii_digit());
        let printable = || content.bytes().all(|byte| (b' '..=b'~').contains(&byte));
        let (fits, allowed) = match symbol {
            Symbol::Qr => (
                (1..=QR_BYTES).contains(&content.len()) && !content.chars().any(char::is_control),
                "1 to 700 bytes of text without control characters",
            ),
            Symbol::Ean13 => (digits(13), "13 digits"),
            Symbol::Ean8 => (digits(8), "8 digits"),
            Symbol::UpcA => (digits(12), "12 digits"),
            Symbol::Code128 => (
                (2..=BARS_CHARS).contains(&content.len()) && printable(),
                "2 to 24 plain letters, digits and signs",
            ),
        };
        if !fits {
            return Err(CodeFault::Content(allowed));
        }
        if !matches!(symbol, Symbol::Qr | Symbol::Code128) && !barcode::is_valid(content) {
            return Err(CodeFault::CheckDigit);
        }
        Ok(Self {
            symbol,
            content: content.to_owned(),
        })
    }

    /// Makes the code that goods carry: EAN or UPC where the digits are one, else letters and digits.
    ///
    /// # Errors
    /// When bars can't hold it.
    pub fn of_goods(content: &str) -> Result<Self, CodeFault> {
        let trade = match content.len() {
            13 => Some(Symbol::Ean13),
            12 => Some(Symbol::UpcA),
            8 => Some(Symbol::Ean8),
            _ => None,
        };
        let made = trade.and_then(|symbol| Self::new(symbol, content).ok());
        made.map_or_else(|| Self::new(Symbol::Code128, content), Ok)
    }

    /// Returns the code itself where its bars fit into so many modules, else the same content as a QR code, which is
    /// as narrow as a thumb.
    pub fn fitting(&self, modules: u32) -> Self {
        if self.symbol == Symbol::Qr || self.modules().width() <= modules {
            return self.clone();
        }
        Self {
            symbol: Symbol::Qr,
            content: self.content.clone(),
        }
    }

    /// Returns its kind.
    pub fn symbol(&self) -> Symbol {
        self.symbol
    }

    /// Returns what it holds.
    pub fn content(&self) -> &str {
        &self.content
    }

    /// Draws it, one dot for each module and one row for bars, without the quiet zone around.
    pub fn modules(&self) -> Picture {
        let bars = match self.symbol {
            Symbol::Qr => return self.qr(),
            Symbol::Ean13 => EAN13::new(&self.content).map(|code| code.encode()),
            // UPC-A is EAN-13 that begins with 0.
            Symbol::UpcA => EAN13::new(format!("0{}", self.content)).map(|code| code.encode()),
            Symbol::Ean8 => EAN8::new(&self.content).map(|code| code.encode()),
            Symbol::Code128 => Code128::new(code128_sets(&self.content)).map(|code| code.encode()),
        };
        // What was checked when the code was made can be drawn.
        let bars = bars.unwrap_or_default();
        let mut picture = Picture::blank(u32::try_from(bars.len()).unwrap_or(0), 1);
        for (x, bar) in (0..).zip(bars) {
            if bar == 1 {
                picture.ink(x, 0);
            }
        }
        picture
    }

    fn qr(&self) -> Picture {
        let Ok(code) = QrCode::encode_text(&self.content, QrCodeEcc::Medium) else {
            return Picture::default();
        };
        let size = code.size();
        let mut picture = Picture::blank(size.unsigned_abs(), size.unsigned_abs());
        for (v, y) in (0..size).zip(0..) {
            for (u, x) in (0..size).zip(0..) {
                if code.get_module(u, v) {
                    picture.ink(x, y);
                }
            }
        }
        picture
    }
}

/// Names the character set of Code 128 as the encoder asks for it: pairs of digits take half the bars.
fn code128_sets(content: &str) -> String {
    let in_pairs = content.len().is_multiple_of(2) && content.bytes().all(|byte| byte.is_ascii_digit());
    let set = if in_pairs { '\u{106}' } else { '\u{181}' };
    format!("{set}{content}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_checked_when_they_are_made() {
        let long = "x".repeat(QR_BYTES + 1);
        for (symbol, content, fault) in [
            (Symbol::Ean13, "4006381333931", None),
            (
                Symbol::Ean13,
                "4006381333932",
                Some("The last digit of this barcode does not fit the others. Check how it was typed."),
            ),
            (
                Symbol::Ean13,
                "400638133393",
                Some("This code can hold only 13 digits."),
            ),
            (Symbol::Ean8, "96385074", None),
            (Symbol::UpcA, "036000291452", None),
            (
                Symbol::UpcA,
                "03600029145x",
                Some("This code can hold only 12 digits."),
            ),
            (Symbol::Code128, "A-17", None),
            (
                Symbol::Code128,
                "naïve",
                Some("This code can hold only 2 to 24 plain letters, digits and signs."),
            ),
            (
                Symbol::Code128,
                "A\u{1b}@",
                Some("This code can hold only 2 to 24 plain letters, digits and signs."),
            ),
            (Symbol::Qr, "https://barrow.example/#é", None),
            (
                Symbol::Qr,
                &long,
                Some("This code can hold only 1 to 700 bytes of text without control characters."),
            ),
            (
                Symbol::Qr,
                "a\u{1b}",
                Some("This code can hold only 1 to 700 bytes of text without control characters."),
            ),
        ] {
            let made = Code::new(symbol, content);
            assert_eq!(
                made.as_ref().err().map(ToString::to_string).as_deref(),
                fault,
                "{content}"
            );
        }
        assert_eq!(Code::of_goods("4006381333931").unwrap().symbol(), Symbol::Ean13);
        assert_eq!(Code::of_goods("4006381333932").unwrap().symbol(), Symbol::Code128);
    }

    #[test]
    fn every_code_can_be_drawn() {
        let width = |symbol, content: &str| Code::new(symbol, content).unwrap().modules().width();
        assert_eq!(width(Symbol::Ean13, "4006381333931"), 95);
        assert_eq!(width(Symbol::UpcA, "036000291452"), 95);
        assert_eq!(width(Symbol::Ean8, "96385074"), 67);
        assert_eq!(width(Symbol::Code128, "A-17"), 11 * 6 + 13);
        assert_eq!(width(Symbol::Code128, "123456"), 11 * 5 + 13);
        assert_eq!(width(Symbol::Qr, "A-17"), 21);
        let every: String = (' '..='~').collect();
        for part in every.as_bytes().chunks(BARS_CHARS) {
            assert!(width(Symbol::Code128, std::str::from_utf8(part).unwrap()) > 100);
        }
        assert!(width(Symbol::Qr, &"x".repeat(QR_BYTES)) > 100);
    }
}

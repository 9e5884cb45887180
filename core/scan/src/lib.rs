//! Codes in the pictures of a camera, as a scanner would send them. The camera itself is the device's.
//!
//! A [`CodeReader`] is shown picture after picture. It tells a code once it may be believed, in the form in which a
//! scanner sends it (ISO/IEC 15424), so that the kernel reads both alike.

use barrow_kernel::barcode::expand_upc_e;
use rxing::common::HybridBinarizer;
use rxing::{
    BarcodeFormat, BinaryBitmap, DecodeHints, Luma8Source, MultiFormatReader, RXingResult,
    RXingResultMetadataType, RXingResultMetadataValue, Reader,
};
use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Limits the side of a picture in pixels: larger ones take longer and read no more.
pub const SIDE_MAX: u32 = 4096;

/// A picture as cameras give it: brightness only.
#[derive(Clone, Copy)]
pub struct Picture<'a> {
    /// Holds one byte a pixel, row by row, without gaps.
    pub luma: &'a [u8],
    /// Gives the pixels of a row.
    pub width: u32,
    /// Gives the rows.
    pub height: u32,
    /// Gives the degrees by which the picture must turn clockwise to stand upright: 0, 90, 180 or 270.
    pub rotation: u32,
}

/// Reads codes in picture after picture of one camera.
#[derive(Default)]
pub struct CodeReader {
    seen: Option<String>,
}

impl CodeReader {
    /// Looks for a code. Bars without much of a check of their own (EAN, UPC) are told when two pictures in a row
    /// show the same: noise was seen to look like an EAN-8. Pictures of a wrong size show nothing.
    pub fn read(&mut self, picture: &Picture<'_>) -> Option<String> {
        // A picture is foreign data; whatever a decoder makes of it must not end the till.
        let found = catch_unwind(AssertUnwindSafe(|| look(picture))).ok().flatten();
        let Some((code, sure)) = found else {
            self.seen = None;
            return None;
        };
        let again = self.seen.as_ref() == Some(&code);
        self.seen = Some(code.clone());
        (sure || again).then_some(code)
    }
}

/// Looks for a code and tells whether it can be believed at once.
fn look(picture: &Picture<'_>) -> Option<(String, bool)> {
    let size = picture.width as usize * picture.height as usize;
    if picture.width.max(picture.height) > SIDE_MAX || size == 0 || picture.luma.len() != size {
        return None;
    }
    let (luma, width, height) = upright(picture);
    let source = Luma8Source::new_with_slice(&luma, width, height).ok()?;
    let mut bitmap = BinaryBitmap::new(HybridBinarizer::new(source));
    let read = MultiFormatReader::default()
        .decode_with_hints(&mut bitmap, &hints())
        .ok()?;
    sent(&read)
}

/// Turns a picture upright: bars are read along rows, and not every decoder reads them from behind.
fn upright<'a>(picture: &Picture<'a>) -> (Cow<'a, [u8]>, u32, u32) {
    let (luma, width, height) = (picture.luma, picture.width, picture.height);
    let (wide, high) = (width as usize, height as usize);
    match picture.rotation {
        90 => {
            let rows = (0..wide).flat_map(|x| (0..high).rev().map(move |y| luma[y * wide + x]));
            (rows.collect(), height, width)
        }
        180 => (luma.iter().rev().copied().collect(), width, height),
        270 => {
            let rows = (0..wide)
                .rev()
                .flat_map(|x| (0..high).map(move |y| luma[y * wide + x]));
            (rows.collect(), height, width)
        }
        _ => (Cow::Borrowed(luma), width, height),
    }
}

/// The symbols that goods, labels and receipts bear.
fn hints() -> DecodeHints {
    DecodeHints {
        PossibleFormats: Some(
            [
                BarcodeFormat::EAN_13,
                BarcodeFormat::EAN_8,
                BarcodeFormat::UPC_A,
                BarcodeFormat::UPC_E,
                BarcodeFormat::CODE_128,
                BarcodeFormat::RSS_14,
                BarcodeFormat::RSS_EXPANDED,
                BarcodeFormat::QR_CODE,
                BarcodeFormat::DATA_MATRIX,
            ]
            .into(),
        ),
        TryHarder: Some(true),
        AssumeGs1: Some(true),
        ..DecodeHints::default()
    }
}

/// Returns what a scanner would send, and whether the symbol has a strong check of its own.
fn sent(read: &RXingResult) -> Option<(String, bool)> {
    let text = read.getText();
    let kind = match read
        .getRXingResultMetadata()
        .get(&RXingResultMetadataType::SYMBOLOGY_IDENTIFIER)
    {
        Some(RXingResultMetadataValue::SymbologyIdentifier(kind)) => kind.as_str(),
        _ => "",
    };
    Some(match read.getBarcodeFormat() {
        BarcodeFormat::EAN_13 => (format!("]E0{text}"), false),
        BarcodeFormat::EAN_8 => (format!("]E4{text}"), false),
        BarcodeFormat::UPC_A => (format!("]E00{text}"), false),
        BarcodeFormat::UPC_E => (format!("]E00{}", expand_upc_e(text).ok()?), false),
        // It stands alone without its application identifier.
        BarcodeFormat::RSS_14 => (format!("]e001{text}"), false),
        // It comes with its application identifiers in brackets.
        BarcodeFormat::RSS_EXPANDED => (text.to_owned(), false),
        // Some symbols come with their identifier already.
        _ if text.starts_with(']') => (text.to_owned(), true),
        _ => (format!("{kind}{text}"), true),
    })
}

#[cfg(test)]
mod tests;

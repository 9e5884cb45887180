//! Codes drawn, blurred, turned and dirtied, and read back.

use super::*;
use rxing::{MultiFormatWriter, Writer};

const GREY: u8 = 200;

/// A picture of a code in the middle of a grey table: blurred, with noise of up to `noise`, turned by `rotation`.
struct Shot {
    luma: Vec<u8>,
    width: u32,
    height: u32,
    rotation: u32,
}

impl Shot {
    fn of(code: &str, format: BarcodeFormat, (wide, high): (i32, i32), rotation: u32, noise: u64) -> Self {
        let (width, height) = (1280_usize, 720_usize);
        let mut luma = vec![GREY; width * height];
        if !code.is_empty() {
            let symbol = MultiFormatWriter.encode(code, &format, wide, high).unwrap();
            let (wide, high) = (symbol.getWidth() as usize, symbol.getHeight() as usize);
            let turned = rotation % 180 == 90;
            let (across, down) = if turned { (high, wide) } else { (wide, high) };
            let (left, top) = ((width - across) / 2, (height - down) / 2);
            for y in 0..high {
                for x in 0..wide {
                    let dark = symbol.get(x as u32, y as u32);
                    // The camera lies on its side: the code stands turned against the clock.
                    let (px, py) = match rotation {
                        90 => (y, wide - 1 - x),
                        180 => (wide - 1 - x, high - 1 - y),
                        270 => (high - 1 - y, x),
                        _ => (x, y),
                    };
                    luma[(top + py) * width + left + px] = if dark { 40 } else { 215 };
                }
            }
        }
        Self {
            luma: dirty(&luma, width, height, noise),
            width: width as u32,
            height: height as u32,
            rotation,
        }
    }

    fn picture(&self) -> Picture<'_> {
        Picture {
            luma: &self.luma,
            width: self.width,
            height: self.height,
            rotation: self.rotation,
        }
    }
}

/// Blurs by a pixel and adds noise that repeats.
fn dirty(luma: &[u8], width: usize, height: usize, noise: u64) -> Vec<u8> {
    let (mut out, mut seed) = (luma.to_vec(), 7_u64);
    for y in 1..height - 1 {
        for x in 1..width - 1 {
            let around = (0..9).map(|at| u32::from(luma[(y + at / 3 - 1) * width + x + at % 3 - 1]));
            let blurred = (around.sum::<u32>() / 9) as i64;
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let speck = ((seed >> 40) % (2 * noise + 1)) as i64 - noise as i64;
            out[y * width + x] = (blurred + speck).clamp(0, 255) as u8;
        }
    }
    out
}

#[test]
fn what_goods_and_labels_bear_is_read_as_a_scanner_sends_it() {
    use BarcodeFormat::*;
    for (code, format, size, sent) in [
        ("4006381333931", EAN_13, (380, 150), "]E04006381333931"),
        ("40063812", EAN_8, (300, 150), "]E440063812"),
        ("036000291452", UPC_A, (380, 150), "]E00036000291452"),
        ("01234565", UPC_E, (300, 150), "]E00012345000065"),
        ("HELLO-123", CODE_128, (500, 150), "]C0HELLO-123"),
        (
            "\u{f1}0104006381333931\u{f1}10AB1",
            CODE_128,
            (690, 150),
            "]C10104006381333931\u{1d}10AB1",
        ),
        (
            "https://barrow.example/#abc",
            QR_CODE,
            (220, 220),
            "]Q1https://barrow.example/#abc",
        ),
        ("04006381333931", DATA_MATRIX, (220, 220), "]d104006381333931"),
    ] {
        for rotation in [0, 90, 180, 270] {
            let shot = Shot::of(code, format, size, rotation, 12);
            let mut reader = CodeReader::default();
            let first = reader.read(&shot.picture());
            let second = reader.read(&shot.picture());
            assert_eq!(second.as_deref(), Some(sent), "{format:?} turned by {rotation}");
            assert!(first.is_none() || first == second, "{format:?}");
        }
    }
}

#[test]
fn bars_are_believed_when_two_pictures_agree() {
    let shot = |code| Shot::of(code, BarcodeFormat::EAN_13, (380, 150), 0, 18);
    let (pen, tea) = (shot("4006381333931"), shot("4000417025005"));
    let nothing = Shot::of("", BarcodeFormat::EAN_13, (0, 0), 0, 18);
    let mut reader = CodeReader::default();
    assert_eq!(reader.read(&pen.picture()), None);
    assert_eq!(reader.read(&tea.picture()), None, "another code begins anew");
    assert_eq!(reader.read(&nothing.picture()), None);
    assert_eq!(
        reader.read(&tea.picture()),
        None,
        "a picture without a code begins anew"
    );
    assert_eq!(reader.read(&tea.picture()).as_deref(), Some("]E04000417025005"));
}

#[test]
fn noise_is_no_code() {
    let mut reader = CodeReader::default();
    for noise in [0, 30, 90, 200] {
        let shot = Shot::of("", BarcodeFormat::EAN_13, (0, 0), 0, noise);
        assert_eq!(reader.read(&shot.picture()), None);
        assert_eq!(reader.read(&shot.picture()), None);
    }
}

#[test]
fn pictures_of_a_wrong_size_show_nothing() {
    let luma = [0_u8; 12];
    let mut reader = CodeReader::default();
    for (width, height) in [
        (0, 0),
        (4, 4),
        (12, 0),
        (5000, 1),
        (u32::MAX, u32::MAX),
        (1, 12),
        (3, 4),
    ] {
        for rotation in [0, 90, 45] {
            let picture = Picture {
                luma: &luma,
                width,
                height,
                rotation,
            };
            assert_eq!(reader.read(&picture), None);
        }
    }
}

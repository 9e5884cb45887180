//! Codes that a camera sees: for shells that have one.

use barrow_scan::{CodeReader as Reader, Picture};
use std::sync::Mutex;

/// A picture as cameras give it: brightness only.
#[derive(uniffi::Record)]
pub struct CameraPicture {
    /// Holds one byte a pixel, row by row, without gaps.
    pub luma: Vec<u8>,
    /// Gives the pixels of a row.
    pub width: u32,
    /// Gives the rows.
    pub height: u32,
    /// Gives the degrees by which the picture must turn clockwise to stand upright: 0, 90, 180 or 270.
    pub rotation: u32,
}

/// Reads codes in picture after picture of one camera.
#[derive(Default, uniffi::Object)]
pub struct CodeReader(Mutex<Reader>);

#[uniffi::export]
impl CodeReader {
    /// Starts with nothing seen.
    #[uniffi::constructor]
    pub fn new() -> Self {
        crate::crossed();
        Self::default()
    }

    /// Looks for a code, for some tens of milliseconds: never on a screen's thread. Tells it in the form in which a
    /// scanner sends it, once it can be believed.
    pub fn read(&self, picture: CameraPicture) -> Option<String> {
        crate::crossed();
        let mut reader = self.0.lock().ok()?;
        reader.read(&Picture {
            luma: &picture.luma,
            width: picture.width,
            height: picture.height,
            rotation: picture.rotation,
        })
    }
}

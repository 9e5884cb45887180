//! Compression of a connection's frames: each frame may refer to those before it.

use zstd::stream::raw::{CParameter, DParameter, Decoder, Encoder, InBuffer, Operation, OutBuffer};

/// The level of compression: higher ones gain little on ops and cost a phone's battery.
const LEVEL: i32 = 3;
/// What a frame may refer back to: 2^17 bytes. A hub holds one such window for each till that is busy.
const WINDOW_LOG: u32 = 17;
/// The most bytes of a frame before compression: the signed runs of a busy author and no zip bomb.
pub const FRAME_MAX: usize = 16 * 1024 * 1024;

/// Says why a frame can't be opened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SqueezeError {
    /// It is longer than allowed when opened.
    #[error("the frame opens to more than {FRAME_MAX} bytes")]
    TooLong,
    /// It is no frame of this connection, or one before it is missing.
    #[error("the frame is damaged: {0}")]
    Damaged(String),
}

fn damaged(error: std::io::Error) -> SqueezeError {
    SqueezeError::Damaged(error.to_string())
}

/// Compresses one direction of a connection. It takes memory only after its first frame.
#[derive(Default)]
pub struct Squeezer(Option<Encoder<'static>>);

impl Squeezer {
    /// Compresses a frame. Also tells whether the other side must begin anew with it.
    ///
    /// # Errors
    /// When memory is short.
    pub fn squeeze(&mut self, frame: &[u8]) -> Result<(bool, Vec<u8>), SqueezeError> {
        let fresh = self.0.is_none();
        if fresh {
            let mut encoder = Encoder::new(LEVEL).map_err(damaged)?;
            encoder
                .set_parameter(CParameter::WindowLog(WINDOW_LOG))
                .map_err(damaged)?;
            self.0 = Some(encoder);
        }
        let Some(encoder) = &mut self.0 else {
            return Err(SqueezeError::Damaged("no encoder".into()));
        };
        let mut bytes = Vec::with_capacity(frame.len() / 4 + 64);
        let mut input = InBuffer::around(frame);
        while input.pos < frame.len() {
            push(&mut bytes, |out| encoder.run(&mut input, out))?;
        }
        while push(&mut bytes, |out| encoder.flush(out))? > 0 {}
        Ok((fresh, bytes))
    }

    /// Gives the memory back; the next frame begins anew.
    pub fn rest(&mut self) {
        self.0 = None;
    }
}

/// Runs one step with room to write in, and keeps what it wrote.
fn push(
    bytes: &mut Vec<u8>,
    step: impl FnOnce(&mut OutBuffer<'_, [u8]>) -> std::io::Result<usize>,
) -> Result<usize, SqueezeError> {
    let mut room = [0; 16 * 1024];
    let mut out = OutBuffer::around(&mut room[..]);
    let left = step(&mut out).map_err(damaged)?;
    bytes.extend_from_slice(out.as_slice());
    Ok(left)
}

/// Opens the frames of one direction of a connection.
#[derive(Default)]
pub struct Opener(Option<Decoder<'static>>);

impl Opener {
    /// Opens a frame. `fresh` is what the other side said of it.
    ///
    /// # Errors
    /// When the frame is damaged, follows one that did not come, or opens to more than [`FRAME_MAX`] bytes.
    pub fn open(&mut self, fresh: bool, frame: &[u8]) -> Result<Vec<u8>, SqueezeError> {
        if fresh {
            let mut decoder = Decoder::new().map_err(damaged)?;
            decoder
                .set_parameter(DParameter::WindowLogMax(WINDOW_LOG))
                .map_err(damaged)?;
            self.0 = Some(decoder);
        }
        let decoder = self
            .0
            .as_mut()
            .ok_or_else(|| SqueezeError::Damaged("it refers to a frame that never came".into()))?;
        let mut bytes = Vec::with_capacity(frame.len().saturating_mul(4).min(FRAME_MAX));
        let mut input = InBuffer::around(frame);
        loop {
            let before = bytes.len();
            push(&mut bytes, |out| decoder.run(&mut input, out))?;
            if bytes.len() > FRAME_MAX {
                return Err(SqueezeError::TooLong);
            }
            // All was read and the last step had room to spare: nothing is held back.
            if input.pos == frame.len() && bytes.len() - before < 16 * 1024 {
                return Ok(bytes);
            }
        }
    }

    /// Gives the memory back; the next frame must begin anew.
    pub fn rest(&mut self) {
        self.0 = None;
    }
}

impl std::fmt::Debug for Squeezer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Squeezer(busy: {})", self.0.is_some())
    }
}

impl std::fmt::Debug for Opener {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Opener(busy: {})", self.0.is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_frame_like_the_last_one_takes_few_bytes() {
        let (mut squeezer, mut opener) = (Squeezer::default(), Opener::default());
        let frame: Vec<u8> = (0..2_000_u32).map(|i| (i * i % 251) as u8).collect();
        let mut sizes = Vec::new();
        for _ in 0..3 {
            let (fresh, bytes) = squeezer.squeeze(&frame).unwrap();
            sizes.push((fresh, bytes.len()));
            assert_eq!(opener.open(fresh, &bytes).unwrap(), frame);
        }
        assert!(sizes[0].0 && !sizes[1].0, "{sizes:?}");
        assert!(sizes[1].1 * 10 < sizes[0].1, "{sizes:?}");
    }

    #[test]
    fn after_a_rest_both_begin_anew() {
        let (mut squeezer, mut opener) = (Squeezer::default(), Opener::default());
        for round in 0..3_u8 {
            let (fresh, bytes) = squeezer.squeeze(&[round; 100]).unwrap();
            assert!(fresh);
            assert_eq!(opener.open(fresh, &bytes).unwrap(), [round; 100]);
            squeezer.rest();
            opener.rest();
        }
    }

    #[test]
    fn a_missing_frame_a_bomb_and_garbage_are_refused() {
        let mut squeezer = Squeezer::default();
        let (_, first) = squeezer.squeeze(&[1; 100]).unwrap();
        let (fresh, second) = squeezer.squeeze(&[2; 100]).unwrap();
        assert!(Opener::default().open(fresh, &second).is_err());
        assert!(Opener::default().open(true, &first[1..]).is_err());
        let (_, bomb) = Squeezer::default().squeeze(&vec![0; FRAME_MAX + 1]).unwrap();
        assert!(bomb.len() < FRAME_MAX / 1000);
        assert_eq!(Opener::default().open(true, &bomb), Err(SqueezeError::TooLong));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn frames_of_any_content_come_out_as_they_went_in(
            frames in proptest::collection::vec(proptest::collection::vec(0_u8..4, 0..40_000), 1..5),
        ) {
            let (mut squeezer, mut opener) = (Squeezer::default(), Opener::default());
            for frame in frames {
                let (fresh, bytes) = squeezer.squeeze(&frame).unwrap();
                prop_assert_eq!(opener.open(fresh, &bytes).unwrap(), frame);
            }
        }

        #[test]
        fn any_bytes_are_opened_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = Opener::default().open(true, &bytes);
        }
    }
}

//! Running the table: the kept corpus first, then changes of it, the same for the same seed.

use crate::chance::Chance;
use crate::mutate::mutate;
use crate::table::{DECODERS, Decoder};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// The longest that one input may take; a crowded machine takes a hundredth of it.
const TIME_MAX: Duration = Duration::from_secs(10);

/// An input that a decoder does not stand.
#[derive(Debug)]
pub struct Found {
    /// Names the decoder.
    pub decoder: &'static str,
    /// Holds the input.
    pub input: Vec<u8>,
    /// Says what it does.
    pub why: String,
}

/// Finds a decoder by its name.
pub fn decoder(name: &str) -> Option<&'static Decoder> {
    DECODERS.iter().find(|decoder| decoder.name == name)
}

/// Returns the folder of a decoder's kept inputs.
pub fn corpus(decoder: &Decoder) -> PathBuf {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/corpus")).join(decoder.name)
}

/// Lists the kept inputs of a decoder, in the order of their names.
pub fn kept(decoder: &Decoder) -> Vec<Vec<u8>> {
    let folder = std::fs::read_dir(corpus(decoder)).into_iter().flatten();
    let mut paths: Vec<PathBuf> = folder.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    paths.iter().map(|path| std::fs::read(path).unwrap()).collect()
}

/// Feeds one input.
///
/// # Errors
/// The input, when it panics, takes too much of the heap or too long.
pub fn feed(decoder: &Decoder, input: &[u8]) -> Result<(), Found> {
    let found = |why| Found {
        decoder: decoder.name,
        input: input.to_vec(),
        why,
    };
    let (begun, may) = (now(), decoder.heap + decoder.heap_per_byte * input.len());
    let (done, most) = barrow_heap::peak(|| catch_unwind(AssertUnwindSafe(|| (decoder.check)(input))));
    let took = begun.elapsed();
    match done {
        Err(_) => Err(found("it panics".into())),
        Ok(()) if most > may => Err(found(format!(
            "{most} bytes of the heap for {} of input, more than {may}",
            input.len()
        ))),
        Ok(()) if took > TIME_MAX => Err(found(format!("it takes {took:?}"))),
        Ok(()) => Ok(()),
    }
}

/// Feeds the seeds, the corpus, and changes of both for a while. Returns how many inputs that were.
///
/// # Errors
/// The first input that does harm.
pub fn run(decoder: &Decoder, seed: u64, time: Duration) -> Result<u64, Found> {
    let seeds = [(decoder.seeds)(), kept(decoder)].concat();
    // What a thread makes once is no part of what an input takes.
    (decoder.check)(seeds.first().map_or(&[], Vec::as_slice));
    let (begun, mut chance, mut fed) = (now(), Chance::new(seed), 0);
    for input in &seeds {
        feed(decoder, input)?;
        fed += 1;
    }
    while begun.elapsed() < time {
        feed(decoder, &mutate(&mut chance, &seeds, decoder.longest))?;
        fed += 1;
    }
    Ok(fed)
}

#[allow(
    clippy::disallowed_methods,
    reason = "how long to go on is no part of what is tested"
)]
fn now() -> Instant {
    Instant::now()
}

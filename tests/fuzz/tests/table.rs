//! Every decoder against its kept corpus and changes of it, for as long as `BARROW_FUZZ_MS` says.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use barrow_fuzz::runner::{Found, corpus, decoder, run};
use barrow_fuzz::table::DECODERS;
use std::time::Duration;

/// How long each decoder is fed in daily work, in milliseconds.
const DAILY_MS: u64 = 1_000;

fn number(name: &str, otherwise: u64) -> u64 {
    let text = std::env::var(name).unwrap_or_default();
    text.parse().unwrap_or(otherwise)
}

/// Keeps an input that did harm, so that it is tried first ever after.
fn keep(found: &Found) -> String {
    let folder = corpus(decoder(found.decoder).unwrap());
    let sum = found.input.iter().fold(0xcbf2_9ce4_8422_2325_u64, |sum, byte| {
        (sum ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    let place = folder.join(format!("found-{sum:016x}"));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(&place, &found.input).unwrap();
    format!(
        "{}: {}. The input is kept as {}",
        found.decoder,
        found.why,
        place.display()
    )
}

#[test]
fn every_decoder_stands_what_nobody_honest_sends() {
    let time = Duration::from_millis(number("BARROW_FUZZ_MS", DAILY_MS));
    let seed = number("BARROW_FUZZ_SEED", 1);
    let only = std::env::var("BARROW_FUZZ_ONLY").unwrap_or_default();
    let mut harm = Vec::new();
    for decoder in DECODERS
        .iter()
        .filter(|decoder| only.is_empty() || decoder.name == only)
    {
        match run(decoder, seed, time) {
            Ok(fed) => println!("{}: {fed} inputs", decoder.name),
            Err(found) => harm.push(keep(&found)),
        }
    }
    assert!(harm.is_empty(), "seed {seed}:\n{}", harm.join("\n"));
}

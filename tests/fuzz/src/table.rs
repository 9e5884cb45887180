//! The table: a new decoder of what comes from outside is one line more.

use crate::{counter, log, seeds, shop, sync};

/// A decoder, what it is fed with, and what it may take.
pub struct Decoder {
    /// Names it, and the folder of its corpus.
    pub name: &'static str,
    /// Gives honest inputs to begin from.
    pub seeds: fn() -> Vec<Vec<u8>>,
    /// Reads an input. A panic says that a promise is broken.
    pub check: fn(&[u8]),
    /// Limits the bytes of an input.
    pub longest: usize,
    /// Limits what may be held of the heap, whatever the input.
    pub heap: usize,
    /// Limits what may be held beyond that for each byte of the input.
    pub heap_per_byte: usize,
}

const KIB: usize = 1 << 10;
const MIB: usize = 1 << 20;

const fn decoder(
    name: &'static str,
    seeds: fn() -> Vec<Vec<u8>>,
    check: fn(&[u8]),
    [longest, heap, heap_per_byte]: [usize; 3],
) -> Decoder {
    Decoder {
        name,
        seeds,
        check,
        longest,
        heap,
        heap_per_byte,
    }
}

/// Every decoder of bytes or text that come from outside: name, seeds, check, and its limits (longest input, heap,
/// heap for each byte of input).
pub const DECODERS: &[Decoder] = &[
    decoder(
        "enrolment",
        seeds::protocol,
        sync::enrolment,
        [64 * KIB, 64 * KIB, 16],
    ),
    decoder("invite", sync::codes, sync::code, [4 * KIB, 64 * KIB, 32]),
    decoder("header", seeds::protocol, log::header, [8 * KIB, 64 * KIB, 8]),
    decoder("range", log::ranges, log::range, [256 * KIB, 64 * KIB, 32]),
    decoder("policy", seeds::protocol, log::policy, [64 * KIB, 256 * KIB, 64]),
    decoder(
        "certificate",
        log::certificates,
        log::certificate,
        [16 * KIB, 64 * KIB, 64],
    ),
    decoder("vector", log::vectors, log::vector, [64 * KIB, 64 * KIB, 32]),
    decoder("recovery", log::sheets, log::recovery, [4 * KIB, 64 * KIB, 32]),
    decoder(
        "message",
        seeds::protocol,
        sync::message,
        [256 * KIB, 64 * KIB, 64],
    ),
    decoder("frame", seeds::protocol, sync::frame, [256 * KIB, 64 * KIB, 256]),
    decoder("squeeze", sync::squeezed, sync::open, [64 * KIB, 52 * MIB, 8]),
    decoder(
        "session",
        sync::sessions,
        sync::session,
        [256 * KIB, 8 * MIB, 256],
    ),
    decoder(
        "tls",
        sync::certificates,
        sync::certificate,
        [8 * KIB, 64 * KIB, 8],
    ),
    decoder("socket", sync::sockets, sync::socket, [64 * KIB, 9 * MIB, 8]),
    decoder("body", no_seeds, counter::body, [MIB, 64 * KIB, 64]),
    decoder("code", counter::codes, counter::code, [4 * KIB, 256 * KIB, 64]),
    decoder("label", counter::rules, counter::rule, [KIB, 64 * KIB, 64]),
    decoder("csv", counter::sheets, counter::csv, [256 * KIB, 4 * MIB, 64]),
    decoder("backup", shop::backups, shop::backup, [MIB, 4 * MIB, 16]),
    decoder("till", shop::bodies, shop::till, [256 * KIB, 32 * MIB, 256]),
];

/// Begins from the corpus alone.
fn no_seeds() -> Vec<Vec<u8>> {
    Vec::new()
}

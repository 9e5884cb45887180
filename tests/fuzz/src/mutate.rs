//! Changes to what was honest: bits and bytes for every decoder, whole items where the bytes are CBOR.

use crate::cbor::{self, Item};
use crate::chance::Chance;

/// Numbers at which something may give way.
const EDGES: [u64; 20] = [
    0,
    1,
    23,
    24,
    63,
    64,
    65,
    255,
    256,
    4_096,
    4_097,
    65_535,
    65_536,
    u32::MAX as u64,
    1 << 48,
    (1 << 62) + 1,
    i64::MAX as u64 - 1,
    i64::MAX as u64,
    i64::MAX as u64 + 1,
    u64::MAX,
];
/// Characters at which a reader of text may give way.
const MARKS: [&str; 16] = [
    "\"",
    "\u{1d}",
    "]C1",
    "(01)",
    "\0",
    "\r",
    "\n",
    ";",
    ",",
    ":",
    "%",
    "\u{feff}",
    "ﬁ",
    "🥨",
    "-",
    "9999999999999999999",
];

/// Returns a seed with one to four changes, of at most so many bytes.
pub fn mutate(chance: &mut Chance, seeds: &[Vec<u8>], most: usize) -> Vec<u8> {
    let mut bytes = chance.one(seeds).cloned().unwrap_or_default();
    for _ in 0..=chance.below(4) {
        bytes = match chance.below(3) {
            0 => change_bytes(chance, bytes, seeds),
            _ => change_items(chance, bytes, seeds, most),
        };
        bytes.truncate(most);
    }
    bytes
}

/// Changes bytes, whatever they mean.
fn change_bytes(chance: &mut Chance, mut bytes: Vec<u8>, seeds: &[Vec<u8>]) -> Vec<u8> {
    let at = chance.below(bytes.len());
    let until = at + chance.below((bytes.len() - at).min(64) + 1);
    match chance.below(8) {
        0 | 1 if !bytes.is_empty() => bytes[at] ^= 1 << chance.below(8),
        2 if !bytes.is_empty() => bytes[at] = chance.any() as u8,
        3 => bytes.insert(at, chance.any() as u8),
        4 => drop(bytes.drain(at..until)),
        5 => {
            let again = bytes[at..until].to_vec();
            bytes.splice(at..at, again);
        }
        6 => {
            let other = chance.one(seeds).cloned().unwrap_or_default();
            bytes.truncate(at);
            bytes.extend_from_slice(&other[chance.below(other.len())..]);
        }
        _ => {
            let mark = chance.one(&MARKS).copied().unwrap_or_default();
            bytes.splice(at..at, mark.bytes());
        }
    }
    bytes
}

/// Changes a whole item of CBOR; bytes where there is none.
fn change_items(chance: &mut Chance, bytes: Vec<u8>, seeds: &[Vec<u8>], most: usize) -> Vec<u8> {
    let items = cbor::items(&bytes);
    let Some(item) = chance.one(&items).copied() else {
        return change_bytes(chance, bytes, seeds);
    };
    let number = *chance.one(&EDGES).unwrap_or(&0);
    let with = |new: &[u8]| [&bytes[..item.at], new, &bytes[item.end..]].concat();
    match chance.below(7) {
        0 | 1 if item.major < 2 => with(&cbor::head(chance.below(2) as u8, number)),
        0..=2 => {
            let content = &bytes[item.head..item.end];
            with(&[&cbor::head(item.major, number)[..], content].concat())
        }
        3 => {
            let other = chance.one(seeds).cloned().unwrap_or_default();
            let from = cbor::items(&other);
            let piece = chance.one(&from).map(|item| &other[item.at..item.end]);
            with(piece.unwrap_or_default())
        }
        4 => with(&[0xf6]),
        5 => with(&[]),
        _ => repeat(chance, &bytes, &items, item, most),
    }
}

/// Repeats a part of a list until the bytes are nearly as many as may be: what is small to say may be large to hold.
fn repeat(chance: &mut Chance, bytes: &[u8], items: &[Item], list: Item, most: usize) -> Vec<u8> {
    let inner: Vec<&Item> = items
        .iter()
        .filter(|item| item.at >= list.head && item.end <= list.end)
        .collect();
    let Some(part) = chance.one(&inner).filter(|_| list.major == 4) else {
        return bytes.to_vec();
    };
    let part = &bytes[part.at..part.end];
    let room = most.saturating_sub(bytes.len() + 16) / part.len().max(1);
    let times = match chance.below(4) {
        0 => room,
        _ => chance.below(room.min(300)),
    };
    let head = cbor::head(4, list.number.saturating_add(times as u64));
    let content = [&bytes[list.head..list.end], &part.repeat(times)].concat();
    [&bytes[..list.at], &head, &content, &bytes[list.end..]].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_makes_the_same_input_and_nothing_is_too_long() {
        let seeds = vec![
            minicbor::to_vec((1, [2, 3], "text")).unwrap(),
            b"a,b;c".to_vec(),
            Vec::new(),
        ];
        let run = |seed| {
            let mut chance = Chance::new(seed);
            (0..2_000)
                .map(|_| mutate(&mut chance, &seeds, 500))
                .collect::<Vec<_>>()
        };
        let made = run(1);
        assert_eq!(made, run(1));
        assert_ne!(made, run(2));
        assert!(made.iter().all(|input| input.len() <= 500));
        assert!(made.iter().any(|input| input.len() > 400), "some are stretched");
    }
}

//! What a disk may hold after a power cut.

use crate::chance::Chance;
use crate::trace::{Change, Image, Inode, Trace};
use std::collections::BTreeMap;

/// Gives the bytes that a disk writes whole or not at all: the smallest sector in use.
pub const SECTOR: usize = 512;

/// A write or truncation that no sync has covered yet.
enum Unsynced {
    Write {
        offset: usize,
        bytes: std::sync::Arc<[u8]>,
    },
    Truncate {
        length: usize,
        from: usize,
    },
}

/// One file's content: what is durable, and what has happened since.
#[derive(Default)]
struct Content {
    durable: Vec<u8>,
    unsynced: Vec<Unsynced>,
    /// Lists the lengths since the last sync, the durable one first.
    lengths: Vec<usize>,
}

/// Where a name points: durably, and at each moment since the names were last made durable.
#[derive(Default)]
struct Name {
    since_sync: Vec<Option<Inode>>,
}

/// A disk that is led through a [`Trace`], change by change, and can be cut off anywhere.
#[derive(Default)]
pub struct Platter {
    contents: BTreeMap<Inode, Content>,
    names: BTreeMap<String, Name>,
}

/// How a power cut treats what one file has not synced.
#[derive(Clone, Copy)]
enum Cut {
    /// Nothing survives.
    Lost,
    /// All survives.
    Kept,
    /// A beginning survives, and the write after it is torn.
    Prefix,
    /// Each write survives or not, whole.
    Whole,
    /// All but one write survive.
    AllButOne,
    /// Each sector has one of its contents since the last sync.
    Sectors,
}

const CUTS: [Cut; 6] = [
    Cut::Lost,
    Cut::Kept,
    Cut::Prefix,
    Cut::Whole,
    Cut::AllButOne,
    Cut::Sectors,
];

impl Platter {
    /// Starts with the files of a trace's beginning.
    pub fn new(trace: &Trace) -> Self {
        let mut platter = Self::default();
        for (inode, (name, bytes)) in (0..).zip(&trace.base) {
            let content = Content {
                durable: bytes.clone(),
                lengths: vec![bytes.len()],
                ..Content::default()
            };
            platter.contents.insert(inode, content);
            platter.names.insert(
                name.clone(),
                Name {
                    since_sync: vec![Some(inode)],
                },
            );
        }
        platter
    }

    /// Takes one more change.
    pub fn apply(&mut self, change: &Change) {
        match change {
            Change::Create { name, inode } => {
                self.contents.insert(
                    *inode,
                    Content {
                        lengths: vec![0],
                        ..Content::default()
                    },
                );
                self.point(name, Some(*inode));
            }
            Change::Delete { name } => self.point(name, None),
            Change::Write { inode, offset, bytes } => self.content(*inode).write(*offset, bytes),
            Change::Truncate { inode, length } => self.content(*inode).truncate(*length),
            Change::Sync { inode } => self.content(*inode).sync(),
            Change::SyncNames => {
                for name in self.names.values_mut() {
                    let last = name.since_sync.last().copied().flatten();
                    name.since_sync = vec![last];
                }
            }
        }
    }

    /// Returns the disk that a power cut leaves now, as the seed decides.
    pub fn cut(&self, seed: u64) -> Image {
        let mut chance = Chance::new(seed);
        let mut image = Image::new();
        for (name, pointed) in &self.names {
            let Some(inode) = pointed.since_sync[chance.below(pointed.since_sync.len())] else {
                continue;
            };
            if let Some(content) = self.contents.get(&inode) {
                image.insert(name.clone(), content.cut(&mut chance));
            }
        }
        image
    }

    fn point(&mut self, name: &str, inode: Option<Inode>) {
        let name = self.names.entry(name.into()).or_insert_with(|| Name {
            since_sync: vec![None],
        });
        name.since_sync.push(inode);
    }

    fn content(&mut self, inode: Inode) -> &mut Content {
        self.contents.entry(inode).or_default()
    }
}

impl Content {
    fn length(&self) -> usize {
        self.lengths.last().copied().unwrap_or(0)
    }

    fn write(&mut self, offset: usize, bytes: &std::sync::Arc<[u8]>) {
        self.lengths.push(self.length().max(offset + bytes.len()));
        self.unsynced.push(Unsynced::Write {
            offset,
            bytes: bytes.clone(),
        });
    }

    fn truncate(&mut self, length: usize) {
        self.unsynced.push(Unsynced::Truncate {
            length,
            from: self.length(),
        });
        self.lengths.push(length);
    }

    fn sync(&mut self) {
        let length = self.length();
        for change in std::mem::take(&mut self.unsynced) {
            change.on(&mut self.durable, |_| true);
        }
        self.durable.resize(length, 0);
        self.lengths = vec![length];
    }

    fn cut(&self, chance: &mut Chance) -> Vec<u8> {
        let count = self.unsynced.len();
        let last = self.lengths.len().saturating_sub(1);
        let mut bytes = self.durable.clone();
        let (mut length_at, mut torn) = (last, BTreeMap::new());
        match CUTS[chance.below(CUTS.len())] {
            Cut::Lost => length_at = 0,
            Cut::Kept => self.keep(&mut bytes, |_, _| true),
            Cut::Prefix => {
                let kept = chance.below(count + 1);
                length_at = last.min(kept + chance.below(2));
                self.keep(&mut bytes, |index, sector| {
                    index < kept || (index == kept && *torn.entry(sector).or_insert_with(|| chance.coin()))
                });
            }
            Cut::Whole => {
                let kept: Vec<bool> = (0..count).map(|_| chance.coin()).collect();
                self.keep(&mut bytes, |index, _| kept[index]);
                length_at = chance.below(last + 1);
            }
            Cut::AllButOne => {
                let lost = chance.below(count);
                self.keep(&mut bytes, |index, _| index != lost);
            }
            Cut::Sectors => {
                let mut upto = BTreeMap::new();
                self.keep(&mut bytes, |index, sector| {
                    index < *upto.entry(sector).or_insert_with(|| chance.below(count + 1))
                });
                length_at = chance.below(last + 1);
            }
        }
        self.settle(bytes, self.lengths.get(length_at).copied().unwrap_or(0), chance)
    }

    /// Writes the changes that survive: which ones, by their place and the sector.
    fn keep(&self, bytes: &mut Vec<u8>, mut survives: impl FnMut(usize, usize) -> bool) {
        for (index, change) in self.unsynced.iter().enumerate() {
            change.on(bytes, |sector| survives(index, sector));
        }
    }

    /// Gives the file its length. Where it grew and nothing was written lies what the blocks held before: anything.
    fn settle(&self, mut bytes: Vec<u8>, length: usize, chance: &mut Chance) -> Vec<u8> {
        let garbage = chance.coin();
        while bytes.len() < length {
            let filler = if garbage { chance.draw() as u8 } else { 0 };
            bytes.push(filler);
        }
        bytes.truncate(length);
        bytes
    }
}

impl Unsynced {
    /// Does the change to those sectors of a file that take it.
    fn on(&self, file: &mut Vec<u8>, mut takes: impl FnMut(usize) -> bool) {
        let (start, end) = match self {
            Self::Write { offset, bytes } => (*offset, offset + bytes.len()),
            Self::Truncate { length, from } => (*length, (*from).max(*length)),
        };
        let mut at = start;
        while at < end {
            let stop = end.min((at / SECTOR + 1) * SECTOR);
            if takes(at / SECTOR) {
                if file.len() < stop {
                    file.resize(stop, 0);
                }
                match self {
                    Self::Write { offset, bytes } => {
                        file[at..stop].copy_from_slice(&bytes[at - offset..stop - offset])
                    }
                    Self::Truncate { .. } => file[at..stop].fill(0),
                }
            }
            at = stop;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    const SEEDS: u64 = 2_000;

    fn write(offset: usize, byte: u8, length: usize) -> Change {
        Change::Write {
            inode: 0,
            offset,
            bytes: vec![byte; length].into(),
        }
    }

    fn platter(changes: &[Change]) -> Platter {
        let base = Image::from([("db".to_string(), vec![b'o'; 2 * SECTOR])]);
        let mut platter = Platter::new(&Trace {
            base,
            changes: Vec::new(),
        });
        changes.iter().for_each(|change| platter.apply(change));
        platter
    }

    fn images(platter: &Platter) -> BTreeSet<Vec<u8>> {
        (0..SEEDS)
            .filter_map(|seed| platter.cut(seed).remove("db"))
            .collect()
    }

    #[test]
    fn what_was_synced_survives_every_cut() {
        let platter = platter(&[
            write(0, b'n', 2 * SECTOR),
            write(SECTOR, b'm', 4),
            Change::Sync { inode: 0 },
        ]);
        let mut expected = vec![b'n'; 2 * SECTOR];
        expected[SECTOR..SECTOR + 4].fill(b'm');
        assert_eq!(images(&platter), BTreeSet::from([expected]));
    }

    #[test]
    fn an_unsynced_write_survives_is_lost_or_is_torn_between_sectors() {
        let seen: BTreeSet<(u8, u8)> = images(&platter(&[write(0, b'n', 2 * SECTOR)]))
            .iter()
            .map(|file| (file[0], file[SECTOR]))
            .collect();
        let all = [(b'o', b'o'), (b'o', b'n'), (b'n', b'o'), (b'n', b'n')];
        assert_eq!(seen, BTreeSet::from(all));
        for file in images(&platter(&[write(0, b'n', 2 * SECTOR)])) {
            assert!(
                file.chunks(SECTOR)
                    .all(|sector| sector.iter().all(|byte| *byte == sector[0])),
                "a sector is whole"
            );
        }
    }

    #[test]
    fn writes_reach_the_disk_in_any_order() {
        let platter = platter(&[write(0, b'1', SECTOR), write(SECTOR, b'2', SECTOR)]);
        assert!(
            images(&platter)
                .iter()
                .any(|file| file[0] == b'o' && file[SECTOR] == b'2')
        );
    }

    #[test]
    fn a_file_may_have_grown_or_not_and_hold_anything_where_nothing_was_written() {
        let seen = images(&platter(&[write(2 * SECTOR, b'n', SECTOR)]));
        let lengths: BTreeSet<usize> = seen.iter().map(Vec::len).collect();
        assert_eq!(lengths, BTreeSet::from([2 * SECTOR, 3 * SECTOR]));
        let tails: Vec<&[u8]> = seen
            .iter()
            .filter(|file| file.len() > 2 * SECTOR)
            .map(|file| &file[2 * SECTOR..])
            .collect();
        assert!(
            tails.iter().any(|tail| tail.iter().all(|byte| *byte == 0)),
            "zeros"
        );
        assert!(
            tails
                .iter()
                .any(|tail| *tail != [b'n'; SECTOR] && tail.iter().any(|byte| *byte != 0)),
            "garbage"
        );
        assert!(
            seen.iter().all(|file| file[..2 * SECTOR] == [b'o'; 2 * SECTOR]),
            "synced bytes stay"
        );
    }

    #[test]
    fn a_truncation_is_kept_or_lost() {
        let changes = [Change::Truncate {
            inode: 0,
            length: SECTOR,
        }];
        let lengths: BTreeSet<usize> = images(&platter(&changes)).iter().map(Vec::len).collect();
        assert_eq!(lengths, BTreeSet::from([SECTOR, 2 * SECTOR]));
        let [cut, sync] = [changes[0].clone(), Change::Sync { inode: 0 }];
        assert_eq!(
            images(&platter(&[cut, sync])),
            BTreeSet::from([vec![b'o'; SECTOR]])
        );
    }

    #[test]
    fn a_name_is_durable_only_once_the_names_were_synced() {
        let create = Change::Create {
            name: "wal".into(),
            inode: 1,
        };
        let there = |platter: &Platter| -> BTreeSet<bool> {
            (0..100)
                .map(|seed| platter.cut(seed).contains_key("wal"))
                .collect()
        };
        let mut platter = platter(&[create, Change::Sync { inode: 1 }]);
        assert_eq!(there(&platter), BTreeSet::from([false, true]));
        platter.apply(&Change::SyncNames);
        assert_eq!(there(&platter), BTreeSet::from([true]));
        platter.apply(&Change::Delete { name: "wal".into() });
        assert_eq!(there(&platter), BTreeSet::from([false, true]));
        platter.apply(&Change::SyncNames);
        assert_eq!(there(&platter), BTreeSet::from([false]));
    }
}

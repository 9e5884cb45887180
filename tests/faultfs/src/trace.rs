//! What a run did to the disk, in order.

use std::collections::BTreeMap;
use std::sync::Arc;

/// Numbers a file's content; a name points at one.
pub(crate) type Inode = u64;

/// The files of a disk at rest: name and content.
pub type Image = BTreeMap<String, Vec<u8>>;

/// One change to the disk. A crash may happen before and after each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A name that did not exist came to be.
    Create {
        /// Names the file.
        name: String,
        /// Numbers its content.
        inode: u64,
    },
    /// A name went away.
    Delete {
        /// Names the file.
        name: String,
    },
    /// Bytes were written.
    Write {
        /// Numbers the content.
        inode: u64,
        /// Gives the first byte.
        offset: usize,
        /// Holds the bytes.
        bytes: Arc<[u8]>,
    },
    /// The file was cut or grown.
    Truncate {
        /// Numbers the content.
        inode: u64,
        /// Gives the new length in bytes.
        length: usize,
    },
    /// The content was made durable.
    Sync {
        /// Numbers the content.
        inode: u64,
    },
    /// All names were made durable.
    SyncNames,
}

/// A recorded run: how the disk was at first, and what happened to it.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    /// Holds the files at the start, all of them durable; the inode is the place in this order.
    pub base: Image,
    /// Lists the changes.
    pub changes: Vec<Change>,
}

impl Trace {
    /// Returns the same run on a disk that answers "done" to a sync and does nothing: a liar to be caught.
    pub fn without_syncs(mut self) -> Self {
        for change in &mut self.changes {
            if let Change::Sync { inode } = change {
                // An empty write keeps the numbers of the other crash points.
                *change = Change::Write {
                    inode: *inode,
                    offset: 0,
                    bytes: Arc::from([]),
                };
            }
        }
        self
    }

    /// Counts writes, syncs and other changes.
    pub fn counts(&self) -> (usize, usize, usize) {
        let count = |is: fn(&Change) -> bool| self.changes.iter().filter(|change| is(change)).count();
        let writes = count(|change| matches!(change, Change::Write { .. }));
        let syncs = count(|change| matches!(change, Change::Sync { .. }));
        (writes, syncs, self.changes.len() - writes - syncs)
    }
}

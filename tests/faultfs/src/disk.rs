//! The disk as the running program sees it, with the faults it has been told to have.

use crate::locks::{Handle, Locks};
use crate::shm::Shm;
use crate::trace::{Change, Image, Inode, Trace};
use rusqlite::ffi;
use std::collections::BTreeMap;

/// A result code of SQLite other than OK.
pub(crate) type Code = i32;

/// What can be made to fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Reading bytes.
    Read,
    /// Writing bytes.
    Write,
    /// Making a file durable.
    Sync,
}

/// The faults that a disk has been told to have; none at first.
#[derive(Default)]
pub struct Faults {
    /// Stops the disk before this change (its place in the trace): from then on every call fails.
    pub crash_at: Option<usize>,
    /// Fails one call of a kind: how many of them still go well.
    pub error_after: Option<(Operation, usize)>,
    /// Tells how many bytes fit on the disk now; a write beyond them is told that the disk is full.
    pub capacity: Option<Box<dyn Fn() -> u64 + Send>>,
}

/// One file's content.
#[derive(Default)]
struct Content {
    bytes: Vec<u8>,
    locks: Locks,
    shm: Shm,
}

/// A file that somebody has open.
struct Open {
    inode: Inode,
    /// Names what goes away on close.
    delete: Option<String>,
    /// Tells that it is a log that was made just now: SQLite's own VFS makes the names durable with its first sync.
    sync_names: bool,
    /// Tells that it has no name and would not survive anyway.
    temporary: bool,
}

/// The disk of one VFS.
#[derive(Default)]
pub(crate) struct Disk {
    contents: BTreeMap<Inode, Content>,
    names: BTreeMap<String, Inode>,
    open: BTreeMap<Handle, Open>,
    next: u64,
    dead: bool,
    trace: Trace,
    pub(crate) faults: Faults,
}

impl Disk {
    /// Replaces everything by the files of an image, without faults.
    pub(crate) fn load(&mut self, image: Image) {
        assert!(
            self.open.is_empty(),
            "a disk is changed while {} of its files are open",
            self.open.len()
        );
        *self = Self {
            next: image.len() as u64,
            ..Self::default()
        };
        for (inode, (name, bytes)) in (0..).zip(&image) {
            self.names.insert(name.clone(), inode);
            self.contents.insert(
                inode,
                Content {
                    bytes: bytes.clone(),
                    ..Content::default()
                },
            );
        }
        self.trace.base = image;
    }

    /// Returns the files as they are seen now.
    pub(crate) fn image(&self) -> Image {
        let file = |(name, inode): (&String, &Inode)| (name.clone(), self.contents[inode].bytes.clone());
        self.names.iter().map(file).collect()
    }

    pub(crate) fn trace(&self) -> &Trace {
        &self.trace
    }

    pub(crate) fn open_count(&self) -> usize {
        self.open.len()
    }

    /// Opens a file, making it where that is wanted; no name makes a temporary one.
    pub(crate) fn open(&mut self, name: Option<String>, flags: i32) -> Result<Handle, Code> {
        self.alive(ffi::SQLITE_CANTOPEN)?;
        let known = name.as_ref().and_then(|name| self.names.get(name)).copied();
        let (create, exclusive) = (
            flags & ffi::SQLITE_OPEN_CREATE != 0,
            flags & ffi::SQLITE_OPEN_EXCLUSIVE != 0,
        );
        let inode = match known {
            Some(_) if create && exclusive => return Err(ffi::SQLITE_CANTOPEN),
            Some(inode) => inode,
            None if name.is_some() && !create => return Err(ffi::SQLITE_CANTOPEN),
            None => {
                let inode = self.number();
                if let Some(name) = &name {
                    self.record(
                        || Change::Create {
                            name: name.clone(),
                            inode,
                        },
                        ffi::SQLITE_CANTOPEN,
                    )?;
                    self.names.insert(name.clone(), inode);
                }
                self.contents.insert(inode, Content::default());
                inode
            }
        };
        let log = flags & (ffi::SQLITE_OPEN_WAL | ffi::SQLITE_OPEN_MAIN_JOURNAL) != 0;
        let handle = self.number();
        let open = Open {
            inode,
            sync_names: log && known.is_none(),
            temporary: name.is_none(),
            delete: name.filter(|_| flags & ffi::SQLITE_OPEN_DELETEONCLOSE != 0),
        };
        self.open.insert(handle, open);
        Ok(handle)
    }

    /// Closes a file; this never fails.
    pub(crate) fn close(&mut self, handle: Handle) {
        let Some(open) = self.open.remove(&handle) else {
            return;
        };
        if let Some(content) = self.contents.get_mut(&open.inode) {
            content.locks.unlock(handle, ffi::SQLITE_LOCK_NONE);
            content.shm.unmap(handle);
        }
        if let Some(name) = open.delete {
            let _ = self.delete(&name, false);
        }
        self.forget(open.inode);
    }

    /// Takes a name away.
    pub(crate) fn delete(&mut self, name: &str, sync_names: bool) -> Result<(), Code> {
        self.alive(ffi::SQLITE_IOERR_DELETE)?;
        if !self.names.contains_key(name) {
            return Err(ffi::SQLITE_IOERR_DELETE_NOENT);
        }
        self.record(|| Change::Delete { name: name.into() }, ffi::SQLITE_IOERR_DELETE)?;
        if let Some(inode) = self.names.remove(name) {
            self.forget(inode);
        }
        if sync_names {
            self.record(|| Change::SyncNames, ffi::SQLITE_IOERR_DIR_FSYNC)?;
        }
        Ok(())
    }

    /// Tells whether a file with content is there.
    pub(crate) fn exists(&self, name: &str) -> Result<bool, Code> {
        self.alive(ffi::SQLITE_IOERR_ACCESS)?;
        Ok(self
            .names
            .get(name)
            .is_some_and(|inode| !self.contents[inode].bytes.is_empty()))
    }

    /// Reads bytes, zeros beyond the end; tells how many there were.
    pub(crate) fn read(&mut self, handle: Handle, offset: usize, into: &mut [u8]) -> Result<usize, Code> {
        self.try_call(Operation::Read, ffi::SQLITE_IOERR_READ)?;
        let bytes = &self.content(handle)?.bytes;
        let there = bytes.get(offset..).unwrap_or(&[]);
        let count = there.len().min(into.len());
        into[..count].copy_from_slice(&there[..count]);
        into[count..].fill(0);
        Ok(count)
    }

    /// Writes bytes; on a full disk only as many as fit.
    pub(crate) fn write(&mut self, handle: Handle, offset: usize, bytes: &[u8]) -> Result<(), Code> {
        self.try_call(Operation::Write, ffi::SQLITE_IOERR_WRITE)?;
        let (inode, temporary) = self.of(handle)?;
        let end = self.content(handle)?.bytes.len();
        let fits = (end + self.room()).saturating_sub(offset).min(bytes.len());
        let part = &bytes[..fits];
        if !temporary && !part.is_empty() {
            self.record(
                || Change::Write {
                    inode,
                    offset,
                    bytes: part.into(),
                },
                ffi::SQLITE_IOERR_WRITE,
            )?;
        }
        let file = &mut self.content(handle)?.bytes;
        file.resize(file.len().max(offset + fits), 0);
        file[offset..offset + fits].copy_from_slice(part);
        if fits < bytes.len() {
            Err(ffi::SQLITE_FULL)
        } else {
            Ok(())
        }
    }

    /// Cuts a file, or makes it longer.
    pub(crate) fn truncate(&mut self, handle: Handle, length: usize) -> Result<(), Code> {
        self.alive(ffi::SQLITE_IOERR_TRUNCATE)?;
        let (inode, temporary) = self.of(handle)?;
        if !temporary {
            self.record(|| Change::Truncate { inode, length }, ffi::SQLITE_IOERR_TRUNCATE)?;
        }
        self.content(handle)?.bytes.resize(length, 0);
        Ok(())
    }

    /// Makes a file durable.
    pub(crate) fn sync(&mut self, handle: Handle) -> Result<(), Code> {
        self.try_call(Operation::Sync, ffi::SQLITE_IOERR_FSYNC)?;
        let (inode, temporary) = self.of(handle)?;
        if temporary {
            return Ok(());
        }
        self.record(|| Change::Sync { inode }, ffi::SQLITE_IOERR_FSYNC)?;
        let names = self
            .open
            .get_mut(&handle)
            .is_some_and(|open| std::mem::take(&mut open.sync_names));
        if names {
            self.record(|| Change::SyncNames, ffi::SQLITE_IOERR_DIR_FSYNC)
        } else {
            Ok(())
        }
    }

    /// Returns a file's length in bytes.
    pub(crate) fn length(&mut self, handle: Handle) -> Result<usize, Code> {
        self.alive(ffi::SQLITE_IOERR_FSTAT)?;
        Ok(self.content(handle)?.bytes.len())
    }

    /// Returns the locks of a file.
    pub(crate) fn locks(&mut self, handle: Handle) -> Result<&mut Locks, Code> {
        Ok(&mut self.content(handle)?.locks)
    }

    /// Returns the shared memory of a file.
    pub(crate) fn shm(&mut self, handle: Handle) -> Result<&mut Shm, Code> {
        Ok(&mut self.content(handle)?.shm)
    }

    /// Checks that the power is still on.
    pub(crate) fn alive(&self, code: Code) -> Result<(), Code> {
        if self.dead { Err(code) } else { Ok(()) }
    }

    fn number(&mut self) -> u64 {
        self.next += 1;
        self.next - 1
    }

    fn of(&self, handle: Handle) -> Result<(Inode, bool), Code> {
        self.open
            .get(&handle)
            .map(|open| (open.inode, open.temporary))
            .ok_or(ffi::SQLITE_MISUSE)
    }

    fn content(&mut self, handle: Handle) -> Result<&mut Content, Code> {
        let (inode, _) = self.of(handle)?;
        self.contents.get_mut(&inode).ok_or(ffi::SQLITE_MISUSE)
    }

    /// Counts the bytes that files can still grow by.
    fn room(&self) -> usize {
        let Some(capacity) = &self.faults.capacity else {
            return usize::MAX / 2;
        };
        let used: usize = self.contents.values().map(|content| content.bytes.len()).sum();
        usize::try_from(capacity())
            .unwrap_or(usize::MAX / 2)
            .saturating_sub(used)
    }

    /// Drops a content that has neither name nor reader.
    fn forget(&mut self, inode: Inode) {
        let used = self.names.values().any(|named| *named == inode)
            || self.open.values().any(|open| open.inode == inode);
        if !used {
            self.contents.remove(&inode);
        }
    }

    fn try_call(&mut self, operation: Operation, code: Code) -> Result<(), Code> {
        self.alive(code)?;
        match &mut self.faults.error_after {
            Some((kind, left)) if *kind == operation => match left.checked_sub(1) {
                Some(fewer) => *left = fewer,
                None => {
                    self.faults.error_after = None;
                    return Err(code);
                }
            },
            _ => {}
        }
        Ok(())
    }

    /// Writes a change down, unless the power goes before it.
    fn record(&mut self, change: impl FnOnce() -> Change, code: Code) -> Result<(), Code> {
        if self
            .faults
            .crash_at
            .is_some_and(|at| self.trace.changes.len() >= at)
        {
            self.dead = true;
            return Err(code);
        }
        self.trace.changes.push(change());
        Ok(())
    }
}

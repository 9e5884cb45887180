//! Files, connections and checkpoints: one folder, one writer, write-ahead log with a sync in every commit.

use crate::error::StoreError;
use crate::schema;
use rusqlite::config::DbConfig;
use rusqlite::hooks::Wal;
use rusqlite::{Connection, OpenFlags};
use std::fs::{File, TryLockError};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicU32, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

/// Names the database in its folder.
pub const DATABASE_FILE: &str = "barrow.db";
/// Names the file in the same folder whose lock tells a second process that the store is open.
pub const LOCK_FILE: &str = "lock";

/// Gives the page size in bytes: one page is one block of most disks, so that it is torn as a whole or not at all.
const PAGE_BYTES: u32 = 4096;
/// Gives the cache of a connection in KiB.
const CACHE_KIB: u32 = 8 * 1024;
/// Gives the pages of write-ahead log at which the background thread copies them: 16 MiB, some 300 sales, so that
/// its two syncs meet few commits.
const CHECKPOINT_PAGES: u32 = 4_096;
/// Keeps so many statements ready on a connection: more than there are.
const STATEMENTS: usize = 256;
/// Waits so long for another connection of this process: the background thread never holds a lock for longer.
const BUSY: Duration = Duration::from_secs(5);

/// Tells how much is synced. Anything but `Full` loses sales on power loss and is there to prove that tests see it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Synchronous {
    /// Every commit is synced.
    #[default]
    Full,
    /// Only checkpoints are synced: for the fault tests, never for a till.
    Normal,
}

/// How a store is opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Gives the page cache of the writer in KiB.
    pub cache_kib: u32,
    /// Gives the page cache of each reader in KiB.
    pub reader_cache_kib: u32,
    /// Names a registered SQLite VFS to use instead of the system's.
    pub vfs: Option<String>,
    /// Tells how much is synced.
    pub synchronous: Synchronous,
    /// Gives the pages of write-ahead log at which they are copied in the background.
    pub checkpoint_pages: u32,
    /// Tells whether a background thread copies; without it, a transaction that finds a long log copies it first.
    pub background: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            cache_kib: CACHE_KIB,
            reader_cache_kib: CACHE_KIB,
            vfs: None,
            synchronous: Synchronous::Full,
            checkpoint_pages: CHECKPOINT_PAGES,
            background: true,
        }
    }
}

/// Takes the folder for this process.
pub(crate) fn lock(folder: &Path) -> Result<File, StoreError> {
    let path = folder.join(LOCK_FILE);
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .read(true)
        .open(path)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StoreError::Busy),
        Err(TryLockError::Error(error)) => Err(error.into()),
    }
}

/// Opens the connection that writes. `create` makes the file where there is none.
pub(crate) fn writer(folder: &Path, options: &Options, create: bool) -> Result<Connection, StoreError> {
    let path = folder.join(DATABASE_FILE);
    let mut flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    if create {
        flags |= OpenFlags::SQLITE_OPEN_CREATE;
    } else if options.vfs.is_none() && !path.try_exists()? {
        return Err(StoreError::Missing);
    }
    let conn = open(&path, options, flags)?;
    let found = schema::check(&conn)?;
    match (found, create) {
        (0, false) => return Err(StoreError::Missing),
        (1.., true) => return Err(StoreError::Exists),
        _ => {}
    }
    conn.pragma_update(None, "page_size", PAGE_BYTES)?;
    let mode: String = conn.pragma_update_and_check(None, "journal_mode", "wal", |row| row.get(0))?;
    if mode != "wal" {
        return Err(StoreError::Io {
            what: format!("the disk allows no write-ahead log, only {mode}"),
        });
    }
    let synchronous = match options.synchronous {
        Synchronous::Full => "FULL",
        Synchronous::Normal => "NORMAL",
    };
    conn.pragma_update(None, "synchronous", synchronous)?;
    conn.pragma_update(None, "fullfsync", true)?;
    conn.pragma_update(None, "checkpoint_fullfsync", true)?;
    conn.pragma_update(None, "wal_autocheckpoint", 0)?;
    configure(&conn, options.cache_kib)?;
    Ok(conn)
}

/// Opens a connection that only reads.
pub(crate) fn reader(folder: &Path, options: &Options) -> Result<Connection, StoreError> {
    // Reading the write-ahead log needs the right to write its index; `query_only` forbids the rest.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = open(&folder.join(DATABASE_FILE), options, flags)?;
    if schema::check(&conn)? == 0 {
        return Err(StoreError::Missing);
    }
    configure(&conn, options.reader_cache_kib)?;
    conn.pragma_update(None, "query_only", true)?;
    Ok(conn)
}

fn open(path: &Path, options: &Options, flags: OpenFlags) -> Result<Connection, StoreError> {
    let conn = match &options.vfs {
        Some(vfs) => Connection::open_with_flags_and_vfs(path, flags, vfs.as_str())?,
        None => Connection::open_with_flags(path, flags)?,
    };
    conn.busy_timeout(BUSY)?;
    conn.set_prepared_statement_cache_capacity(STATEMENTS);
    // The log stays between openings, so that commits overwrite a file instead of growing one.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    Ok(conn)
}

fn configure(conn: &Connection, cache_kib: u32) -> Result<(), StoreError> {
    conn.pragma_update(None, "foreign_keys", true)?;
    conn.pragma_update(None, "temp_store", "MEMORY")?;
    conn.pragma_update(None, "cache_size", -i64::from(cache_kib))?;
    conn.pragma_update(None, "cell_size_check", true)?;
    Ok(())
}

/// Copies the write-ahead log into the database as far as nobody reads or writes it. Another connection that does
/// so at the same moment is no error.
pub(crate) fn checkpoint(conn: &Connection) -> Result<(), StoreError> {
    let busy = conn.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| row.get::<_, i64>(0));
    match busy.map_err(StoreError::from) {
        Ok(_) | Err(StoreError::Busy) => Ok(()),
        Err(error) => Err(error),
    }
}

/// How far a copy of the write-ahead log is.
#[derive(Debug, Default)]
struct Copying {
    /// The pages in the log after the last commit.
    pages: AtomicU32,
    /// The pages at which the next copy begins.
    due_at: AtomicU32,
    /// One of the steps below.
    step: AtomicU8,
}

/// Nothing is to be copied.
const IDLE: u8 = 0;
/// The thread copies.
const BUSY_COPYING: u8 = 1;
/// The thread is done; what was committed meanwhile is left to the writer, because only a log that is copied to its
/// end is written again from its beginning.
const COPIED: u8 = 2;

/// Copies the write-ahead log when it is long: most of it in a thread, so that no commit pays for it, and the few pages
/// that were committed meanwhile before the next transaction.
#[derive(Debug)]
pub(crate) struct Checkpointer {
    copying: Arc<Copying>,
    threshold: u32,
    wake: Option<SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Checkpointer {
    /// Watches the commits of a connection.
    pub(crate) fn watch(conn: &mut Connection, folder: &Path, options: &Options) -> Result<Self, StoreError> {
        let copying = Arc::new(Copying::default());
        let threshold = options.checkpoint_pages.max(1);
        copying.due_at.store(threshold, Ordering::Relaxed);
        let (wake, thread) = match options.background {
            true => {
                let (wake, thread) = start(folder, options, Arc::clone(&copying))?;
                (Some(wake), Some(thread))
            }
            false => (None, None),
        };
        let (seen, waker) = (Arc::clone(&copying), wake.clone());
        conn.wal_hook(Some(move |_: &mut Wal, length: i32| {
            seen.committed(u32::try_from(length).unwrap_or(0), threshold, waker.as_ref());
            Ok(())
        }))?;
        Ok(Self {
            copying,
            threshold,
            wake,
            thread,
        })
    }

    /// Copies what is left, when it is time: called before a transaction.
    pub(crate) fn run(&self, conn: &Connection) -> Result<(), StoreError> {
        let due = match self.wake {
            Some(_) => self.copying.step.load(Ordering::Acquire) == COPIED,
            None => self.copying.pages.load(Ordering::Relaxed) >= self.copying.due_at.load(Ordering::Relaxed),
        };
        if !due {
            return Ok(());
        }
        // Where a reader keeps the log from being copied to its end, the next try waits until it has grown again.
        let pages = self.copying.pages.load(Ordering::Relaxed);
        self.copying
            .due_at
            .store(pages.saturating_add(self.threshold), Ordering::Relaxed);
        self.copying.step.store(IDLE, Ordering::Release);
        checkpoint(conn)
    }

    /// Stops the thread and waits for it. The connection that is watched must have let go of its hook.
    pub(crate) fn stop(&mut self) {
        self.wake = None;
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has nothing left to tell.
            let _ = thread.join();
        }
    }
}

impl Copying {
    /// Takes note of a commit, and wakes the thread when it is time.
    fn committed(&self, length: u32, threshold: u32, waker: Option<&SyncSender<()>>) {
        let before = self.pages.swap(length, Ordering::Relaxed);
        if length < before {
            // The log is written from its beginning again.
            self.due_at.store(threshold, Ordering::Relaxed);
        }
        let Some(waker) = waker.filter(|_| length >= self.due_at.load(Ordering::Relaxed)) else {
            return;
        };
        let begun = self
            .step
            .compare_exchange(IDLE, BUSY_COPYING, Ordering::AcqRel, Ordering::Relaxed);
        if begun.is_ok() {
            // A full queue means that the thread is told already.
            let _ = waker.try_send(());
        }
    }
}

fn start(
    folder: &Path,
    options: &Options,
    copying: Arc<Copying>,
) -> Result<(SyncSender<()>, JoinHandle<()>), StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = open(&folder.join(DATABASE_FILE), options, flags)?;
    conn.pragma_update(None, "checkpoint_fullfsync", true)?;
    conn.pragma_update(None, "synchronous", "FULL")?;
    let (wake, woken) = sync_channel(1);
    let thread = std::thread::Builder::new()
        .name("barrow-checkpoint".into())
        .spawn(move || {
            while woken.recv().is_ok() {
                // A copy that fails loses nothing: the writer tries again, and is told the same.
                let _ = checkpoint(&conn);
                copying.step.store(COPIED, Ordering::Release);
            }
        })?;
    Ok((wake, thread))
}

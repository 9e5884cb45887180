//! The one writer: a transaction that may stay open across calls, appends, and what is read beside them.

use crate::database::{self, Checkpointer, Options};
use crate::error::StoreError;
use crate::fold::fold;
use crate::judge::{Doubted, judge_events};
use crate::local::{self, Commands};
use crate::numbers::Numbers;
use crate::oplog::{self, OpenOps, Pending, Review, StoredOp};
use crate::policy;
use crate::reader::Reader;
use crate::schema;
use crate::streams::{StreamIds, Streams};
use crate::tables::SqliteTables;
use crate::world::{Caches, World};
use barrow_kernel::event::{Body, Event};
use barrow_log::author::Tip;
use barrow_log::header::Header;
use barrow_log::header::header_hash;
use barrow_log::op::Op;
use barrow_log::policy::{Policy, PolicyEvent};
use barrow_log::stream::{Head, OpRef, Place, Seq, Signature, Stream, StreamId, StreamKind};
use rusqlite::Connection;
use std::cell::RefCell;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Names the row of `local_meta` that is written after a failed commit.
const FAILED_COMMIT: &str = "failed_commit";

/// A store, open for writing. Only one process and one value can have it.
#[derive(Debug)]
pub struct Store {
    pub(crate) conn: Connection,
    pub(crate) open: OpenOps,
    pub(crate) ids: StreamIds,
    pub(crate) numbers: RefCell<Numbers>,
    pub(crate) caches: RefCell<Caches>,
    pub(crate) streams: Streams,
    pub(crate) policy: Arc<Policy>,
    /// The policy version under which the ops in review were judged last.
    pub(crate) judged: Option<u64>,
    pub(crate) commands: Commands,
    pub(crate) in_transaction: bool,
    /// Why the open transaction can't be committed.
    pub(crate) broken: Option<StoreError>,
    /// Why what is kept in memory may differ from what is stored.
    trouble: Option<StoreError>,
    checkpointer: Checkpointer,
    folder: PathBuf,
    options: Options,
    _lock: File,
}

impl Store {
    /// Makes a store in a folder, which is made too.
    ///
    /// # Errors
    /// [`StoreError::Exists`] when there is one, [`StoreError::Busy`] when another process has the folder,
    /// [`StoreError::NoPermission`], [`StoreError::Full`] or [`StoreError::Io`] of the disk.
    pub fn create(folder: &Path, options: &Options) -> Result<Self, StoreError> {
        std::fs::create_dir_all(folder)?;
        Self::start(folder, options, true)
    }

    /// Opens the store of a folder, bringing its schema to this release's.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when there is none, [`StoreError::Busy`] when another process has it,
    /// [`StoreError::Newer`] when a later release wrote it, [`StoreError::Corrupt`] when it is no such database.
    pub fn open(folder: &Path, options: &Options) -> Result<Self, StoreError> {
        if !folder.is_dir() {
            return Err(StoreError::Missing);
        }
        Self::start(folder, options, false)
    }

    fn start(folder: &Path, options: &Options, create: bool) -> Result<Self, StoreError> {
        let lock = database::lock(folder)?;
        let mut conn = database::writer(folder, options, create)?;
        schema::migrate(&mut conn)?;
        let checkpointer = Checkpointer::watch(&mut conn, folder, options)?;
        let mut store = Self {
            conn,
            open: OpenOps::default(),
            ids: StreamIds::default(),
            numbers: RefCell::default(),
            caches: RefCell::default(),
            streams: Streams::default(),
            policy: Arc::default(),
            judged: None,
            commands: Commands::default(),
            in_transaction: false,
            broken: None,
            trouble: None,
            checkpointer,
            folder: folder.to_path_buf(),
            options: options.clone(),
            _lock: lock,
        };
        store.reload()?;
        if store
            .meta(schema::REBUILD_DUE)?
            .is_some_and(|due| !due.is_empty())
        {
            store.rebuild(|_| {})?;
        }
        Ok(store)
    }

    /// Opens a connection that reads what is committed, for any thread.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn reader(&self) -> Result<Reader, StoreError> {
        Reader::new(database::reader(&self.folder, &self.options)?)
    }

    /// Returns the folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Forgets what is kept in memory and reads it again.
    fn reload(&mut self) -> Result<(), StoreError> {
        self.open.ops.clear();
        self.ids.clear();
        self.numbers.get_mut().clear();
        self.caches.get_mut().clear();
        self.open.last = self
            .conn
            .prepare_cached(sql!("op_last"))?
            .query_row([], |row| row.get(0))?;
        self.streams = Streams::load(&self.conn)?;
        self.policy = Arc::new(policy::load(&self.conn)?);
        self.judged = None;
        self.commands = Commands::load(&self.conn)?;
        Ok(())
    }

    /// Checks that what is kept in memory is what is stored.
    pub(crate) fn check_fresh(&self) -> Result<(), StoreError> {
        self.trouble.clone().map_or(Ok(()), Err)
    }

    /// Begins a transaction. It may stay open across calls.
    ///
    /// # Errors
    /// [`StoreError::InTransaction`] when one is open, or those of the disk.
    pub fn begin(&mut self) -> Result<(), StoreError> {
        if self.in_transaction {
            return Err(StoreError::InTransaction);
        }
        if self.trouble.is_some() {
            self.reload()?;
            self.trouble = None;
        }
        self.checkpointer.run(&self.conn)?;
        self.conn.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
        self.in_transaction = true;
        self.broken = None;
        Ok(())
    }

    /// Tells whether a transaction is open.
    pub fn in_transaction(&self) -> bool {
        self.in_transaction
    }

    /// Makes the open transaction durable.
    ///
    /// # Errors
    /// [`StoreError::NoTransaction`] without one; [`StoreError::NotCommitted`] when an op failed halfway or the last
    /// op of a stream is not signed; those of the disk. In each case the transaction is rolled back.
    pub fn commit(&mut self) -> Result<(), StoreError> {
        if !self.in_transaction {
            return Err(StoreError::NoTransaction);
        }
        let result = self.try_commit();
        match result {
            Ok(()) => {
                self.open.last += self.open.ops.len() as i64;
                self.open.ops.clear();
                self.in_transaction = false;
            }
            Err(_) => {
                self.rollback();
                self.overwrite_failed_commit();
            }
        }
        result
    }

    /// Writes over what a failed commit left in the write-ahead log. Its pages may lie there whole, only their sync
    /// failed; then the next opening would take them for a commit, and what was said not to be saved would be there.
    fn overwrite_failed_commit(&mut self) {
        // Where even this fails nobody can tell what the disk holds; a retry bears the same id and finds out.
        let _ = local::set_meta(&self.conn, FAILED_COMMIT, &[]);
    }

    fn try_commit(&mut self) -> Result<(), StoreError> {
        if let Some(cause) = self.broken.take() {
            return Err(cause);
        }
        self.open.check_sealed()?;
        self.open.write(&self.conn)?;
        self.conn.prepare_cached("COMMIT")?.execute([])?;
        Ok(())
    }

    /// Makes rebuilt projections durable, and forgets what was read of the old ones.
    pub(crate) fn commit_rebuilt(&mut self) -> Result<(), StoreError> {
        self.commit()?;
        self.reload()
    }

    /// Gives the open transaction up; without one it does nothing.
    pub fn rollback(&mut self) {
        if !self.in_transaction {
            return;
        }
        self.in_transaction = false;
        self.broken = None;
        // SQLite rolls back by itself after some faults of the disk.
        let rolled_back = match self.conn.is_autocommit() {
            true => Ok(()),
            false => self.conn.execute_batch("ROLLBACK").map_err(StoreError::from),
        };
        self.trouble = rolled_back.and_then(|()| self.reload()).err();
    }

    /// Appends an op of this device: keeps its bytes and folds its events. The same op twice is one.
    ///
    /// # Errors
    /// [`StoreError::NoTransaction`], [`StoreError::Gap`], [`StoreError::Fork`] and [`StoreError::Refused`] leave the
    /// transaction as it was; after one of the disk it can only be rolled back.
    pub fn append(&mut self, stream: &Stream, op: &Op, body: &Body) -> Result<(), StoreError> {
        if body.stream_kind() != Some(stream.kind) {
            return Err(StoreError::refused("its events belong to another kind of stream"));
        }
        self.take_in(stream, op, Content::Events(&body.events))
    }

    /// Appends an op of the policy stream.
    ///
    /// # Errors
    /// As [`Store::append`].
    pub fn append_policy(
        &mut self,
        stream: &Stream,
        op: &Op,
        events: &[PolicyEvent],
    ) -> Result<(), StoreError> {
        if stream.kind != StreamKind::Policy || events.is_empty() {
            return Err(StoreError::refused("its events belong to another kind of stream"));
        }
        self.take_in(stream, op, Content::Policy)
    }

    fn take_in(&mut self, stream: &Stream, op: &Op, content: Content<'_>) -> Result<(), StoreError> {
        if !self.in_transaction {
            return Err(StoreError::NoTransaction);
        }
        let Some(header) = oplog::admit(&self.conn, &self.streams, &self.open, stream, op)? else {
            return Ok(());
        };
        let taken = self.write_and_fold(stream, op, header, content);
        if let Err(cause) = &taken {
            self.broken = Some(cause.clone());
        }
        taken
    }

    fn write_and_fold(
        &mut self,
        stream: &Stream,
        op: &Op,
        header: Header,
        content: Content<'_>,
    ) -> Result<(), StoreError> {
        let op_no = self.open.next_no();
        let (place, seq, version) = (header.place(), header.seq, header.policy_version);
        match content {
            Content::Events(events) => {
                let hash = header_hash(&op.header);
                let judged = judge_events(&self.policy, stream, &header, &hash, events);
                self.write(stream, op, header)?;
                match judged {
                    Ok(()) => self.fold(op_no, &place, events)?,
                    Err(doubted) => self.review(op_no, &doubted)?,
                }
            }
            Content::Policy => {
                self.write(stream, op, header)?;
                policy::fold(Arc::make_mut(&mut self.policy), seq, op);
            }
        }
        debug_assert!(
            version <= self.policy.version(),
            "an own op names policy that is held"
        );
        self.streams.fold_to(&place.stream, seq);
        Ok(())
    }

    /// Marks an op for review.
    pub(crate) fn review(&mut self, op_no: i64, doubted: &Doubted) -> Result<(), StoreError> {
        let row = rusqlite::params![op_no, doubted.reason, doubted.again];
        self.conn.prepare_cached(sql!("review_put"))?.execute(row)?;
        Ok(())
    }

    /// Adds an op to the open transaction.
    pub(crate) fn write(&mut self, stream: &Stream, op: &Op, header: Header) -> Result<(), StoreError> {
        let stream_no = self.streams.number(&self.conn, stream)?;
        self.streams.advance(&header.stream, Tip::of(&op.header)?);
        self.open.ops.push(Pending {
            stream: header.stream,
            stream_no,
            header,
            op: op.clone(),
            signature: None,
        });
        Ok(())
    }

    pub(crate) fn fold(&mut self, op_no: i64, place: &Place, events: &[Event]) -> Result<(), StoreError> {
        let caches = self.caches.get_mut();
        let mut tables = SqliteTables {
            conn: &self.conn,
            streams: &self.streams,
            ids: &self.ids,
            numbers: self.numbers.get_mut(),
            items: &mut caches.items,
            registers_changed: false,
            search: true,
            op_no,
        };
        let folded = events
            .iter()
            .try_for_each(|event| fold(&mut tables, place, event));
        if tables.registers_changed {
            caches.clear_registers();
        }
        folded
    }

    /// Keeps the author's signature of an op of the open transaction.
    ///
    /// # Errors
    /// [`StoreError::Refused`] when there is no such op in it.
    pub fn seal(&mut self, stream: &StreamId, seq: Seq, signature: &Signature) -> Result<(), StoreError> {
        self.open.seal(stream, seq, signature)
    }

    /// Returns the newest op of a stream, those of the open transaction included.
    ///
    /// # Errors
    /// When the store could not be read after a rollback.
    pub fn tip(&self, stream: &StreamId) -> Result<Option<Tip>, StoreError> {
        self.check_fresh()?;
        Ok(self.streams.get(stream).and_then(|known| known.tip))
    }

    /// Returns the greatest height of any op, those of the open transaction included; 0 for none.
    ///
    /// # Errors
    /// When the store could not be read after a rollback.
    pub fn height(&self) -> Result<u64, StoreError> {
        self.check_fresh()?;
        Ok(self.streams.height())
    }

    /// Lists every stream with its newest op, in the order of their ids.
    pub fn streams(&self) -> Vec<(Stream, Option<Tip>)> {
        self.streams
            .iter()
            .map(|known| (known.stream, known.tip))
            .collect()
    }

    /// Returns an op's number and hash; `None` when it is not held.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn head_at(&self, op: &OpRef) -> Result<Option<Head>, StoreError> {
        let hash = oplog::hash_at(&self.conn, &self.streams, &self.open, op)?;
        Ok(hash.map(|hash| Head { seq: op.seq, hash }))
    }

    /// Lists committed ops of a stream from a number on, at most [`crate::query::OPS_MAX`].
    ///
    /// # Errors
    /// Those of the disk.
    pub fn ops(&self, stream: &StreamId, from: Seq, limit: u32) -> Result<Vec<StoredOp>, StoreError> {
        match self.streams.get(stream) {
            Some(known) => oplog::ops(&self.conn, known.no, from, limit),
            None => Ok(Vec::new()),
        }
    }

    /// Lists committed ops in review after a number of arrival, at most [`crate::query::REVIEWS_MAX`].
    ///
    /// # Errors
    /// Those of the disk.
    pub fn reviews(&self, after: i64, limit: u32) -> Result<Vec<Review>, StoreError> {
        oplog::reviews(&self.conn, after, limit)
    }

    /// Reads as the open transaction sees it.
    pub fn world(&self) -> World<'_> {
        World { store: self }
    }

    /// Returns what is damaged, once a read has met it: from then on nothing new should be sold.
    pub fn damage(&self) -> Option<StoreError> {
        self.caches.borrow().damage.clone()
    }

    /// Copies the write-ahead log into the database as far as nobody is in the way.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn checkpoint(&self) -> Result<(), StoreError> {
        database::checkpoint(&self.conn)
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        self.rollback();
        // Without its hook the connection lets go of the thread's channel, and the thread ends.
        let no_hook: Option<fn(&mut rusqlite::hooks::Wal, i32) -> rusqlite::Result<()>> = None;
        let _ = self.conn.wal_hook(no_hook);
        self.checkpointer.stop();
        // What is not copied now is read from the log at the next opening: nothing is lost.
        let _ = database::checkpoint(&self.conn);
    }
}

/// What an op of this device says to the store.
enum Content<'a> {
    Events(&'a [Event]),
    Policy,
}

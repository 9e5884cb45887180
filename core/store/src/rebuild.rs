//! Projections anew: every op again, in the order in which it came.

use crate::arrive;
use crate::cache::Cache;
use crate::error::StoreError;
use crate::fold::fold;
use crate::judge::{Doubted, judge};
use crate::numbers::Numbers;
use crate::projection;
use crate::schema;
use crate::search::{self, Rebuild};
use crate::store::Store;
use crate::streams::{self, StreamIds, Streams};
use crate::tables::SqliteTables;
use barrow_kernel::event::Event;
use barrow_log::author::Tip;
use barrow_log::header::Header;
use barrow_log::op::Op;
use barrow_log::stream::{Head, OpHash, Stream, StreamKind};
use rusqlite::{Connection, params};
use std::collections::BTreeMap;

/// Rebuilds so many items of the search table in one step: fastest where nobody waits.
const SEARCH_ROWS: usize = 10_000;

/// An op on its way through a replay.
pub(crate) struct Replayed<'a> {
    /// The stream.
    pub(crate) stream: &'a Stream,
    /// The header.
    pub(crate) header: &'a Header,
    /// The events; none for policy and for what is in review.
    pub(crate) events: &'a [Event],
}

/// Folds ops into the projections of a database, one after the other.
pub(crate) struct Replay<'a> {
    target: &'a Connection,
    streams: Streams,
    ids: StreamIds,
    numbers: Numbers,
}

impl<'a> Replay<'a> {
    /// Begins with empty projections. The target has the source's streams, or gets them.
    pub(crate) fn new(source: &Connection, target: &'a Connection) -> Result<Self, StoreError> {
        let mut streams = Streams::default();
        let there = streams::all(target)?;
        for (no, stream) in streams::all(source)? {
            match there.iter().any(|(known, _)| *known == no) {
                true => streams.know(no, &stream),
                false => streams.adopt(target, no, &stream)?,
            }
        }
        Ok(Self {
            target,
            streams,
            ids: StreamIds::default(),
            numbers: Numbers::default(),
        })
    }

    /// Folds one op.
    pub(crate) fn op(
        &mut self,
        op_no: i64,
        header: &Header,
        content: Result<&[Event], &Doubted>,
    ) -> Result<(), StoreError> {
        match content {
            Ok(events) => self.fold(op_no, header, events)?,
            Err(doubted) => {
                self.target.prepare_cached(sql!("review_put"))?.execute(params![
                    op_no,
                    doubted.reason,
                    doubted.again
                ])?;
            }
        }
        // Only the number is asked for: whether a write that another one replaces was here.
        let head = Head {
            seq: header.seq,
            hash: OpHash::NONE,
        };
        self.streams.advance(
            &header.stream,
            Tip {
                head,
                height: header.height,
                policy_version: header.policy_version,
            },
        );
        self.streams.fold_to(&header.stream, header.seq);
        Ok(())
    }

    fn fold(&mut self, op_no: i64, header: &Header, events: &[Event]) -> Result<(), StoreError> {
        let mut tables = SqliteTables {
            conn: self.target,
            streams: &self.streams,
            ids: &self.ids,
            numbers: &mut self.numbers,
            items: &mut Cache::new(0),
            registers_changed: false,
            search: false,
            op_no,
        };
        let place = header.place();
        events
            .iter()
            .try_for_each(|event| fold(&mut tables, &place, event))
    }
}

/// Reads every op that is folded in the order of arrival, hands it over, and folds it into the target. What can't be read of an op
/// is told to `unread`, and the op is left out.
pub(crate) fn replay(
    source: &Connection,
    target: &Connection,
    mut each: impl FnMut(i64, &Replayed<'_>),
    mut unread: impl FnMut(i64, StoreError),
) -> Result<(), StoreError> {
    let streams: BTreeMap<i64, Stream> = streams::all(source)?.into_iter().collect();
    let policy = crate::policy::load(source)?;
    let waiting = arrive::unfolded(source)?;
    let mut replay = Replay::new(source, target)?;
    let mut statement = source.prepare_cached(sql!("ops_all"))?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let op_no = row.get(0)?;
        if waiting
            .iter()
            .any(|(first, last)| (*first..=*last).contains(&op_no))
        {
            continue;
        }
        let op = Op {
            header: row.get(2)?,
            body: row.get(3)?,
        };
        let (Some(stream), Ok(header)) = (streams.get(&row.get(1)?), op.parsed()) else {
            unread(op_no, StoreError::corrupt("a header"));
            continue;
        };
        let content = judge(&policy, stream, &op);
        let events = content.as_ref().ok().and_then(Option::as_ref);
        let events = events.map_or(&[][..], |body| &body.events);
        each(
            op_no,
            &Replayed {
                stream,
                header: &header,
                events,
            },
        );
        replay.op(op_no, &header, content.as_ref().map(|_| events))?;
    }
    Ok(())
}

/// Makes an empty database for a replay: on disk, gone with its connection, so that memory stays bounded.
pub(crate) fn scratch() -> Result<Connection, StoreError> {
    let conn = Connection::open("")?;
    conn.set_prepared_statement_cache_capacity(256);
    conn.pragma_update(None, "synchronous", "OFF")?;
    conn.pragma_update(None, "journal_mode", "OFF")?;
    conn.pragma_update(None, "cache_size", -(64 * 1024))?;
    schema::projections(&conn)?;
    Ok(conn)
}

impl Store {
    /// Makes every projection anew from the log, in one transaction; the search table too. `progress` is told how
    /// many ops are done.
    ///
    /// # Errors
    /// [`StoreError::InTransaction`] while a transaction is open, [`StoreError::Corrupt`] when an op's header can't
    /// be read, or those of the disk. Nothing is changed then.
    pub fn rebuild(&mut self, mut progress: impl FnMut(u64)) -> Result<(), StoreError> {
        self.begin()?;
        let rebuilt = self.try_rebuild(&mut progress);
        match rebuilt {
            Ok(()) => self.commit_rebuilt(),
            Err(cause) => {
                self.rollback();
                Err(cause)
            }
        }
    }

    fn try_rebuild(&mut self, progress: &mut impl FnMut(u64)) -> Result<(), StoreError> {
        self.conn.execute_batch("DELETE FROM unfolded")?;
        self.set_meta(schema::REBUILD_DUE, &[])?;
        for table in projection::TABLES {
            self.conn.execute_batch(&format!("DELETE FROM {table}"))?;
        }
        let (mut done, mut damage) = (0, None);
        replay(
            &self.conn,
            &self.conn,
            |_, op| {
                debug_assert!(op.events.is_empty() || op.stream.kind != StreamKind::Policy);
                done += 1;
                progress(done);
            },
            |_, cause| damage = Some(cause),
        )?;
        if let Some(cause) = damage {
            return Err(cause);
        }
        let mut search = Some(self.plan_search()?);
        while let Some(rebuild) = search {
            search = self.rebuild_search(rebuild, SEARCH_ROWS)?;
        }
        Ok(())
    }

    /// Begins a rebuild of the search table in the order of popularity; [`Store::rebuild_search`] carries it out.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn plan_search(&self) -> Result<Rebuild, StoreError> {
        Rebuild::plan(&self.conn)
    }

    /// Does the next step of a rebuild of the search table, of at most so many items: in the open transaction, or in
    /// one of its own. Returns the rebuild while something is left to do.
    ///
    /// # Errors
    /// Those of the disk; the table in use stays as it was.
    pub fn rebuild_search(
        &mut self,
        mut rebuild: Rebuild,
        items: usize,
    ) -> Result<Option<Rebuild>, StoreError> {
        let own = !self.in_transaction;
        if own {
            self.begin()?;
        }
        match rebuild.step(&self.conn, items) {
            Ok(done) => {
                if own {
                    self.commit()?;
                }
                Ok((!done).then_some(rebuild))
            }
            Err(cause) => {
                self.broken = Some(cause.clone());
                if own {
                    self.rollback();
                }
                Err(cause)
            }
        }
    }

    /// Tells whether the search table must be rebuilt before it can be trusted.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn is_search_outdated(&self) -> Result<bool, StoreError> {
        search::is_outdated(&self.conn)
    }
}

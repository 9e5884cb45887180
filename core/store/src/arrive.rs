//! Ops that came from elsewhere: kept first, so that they can be acknowledged, and folded after, some at a time.
//!
//! Both take the same road as an op of this device; between the two an op waits in `unfolded`.

use crate::error::StoreError;
use crate::judge::judge;
use crate::oplog;
use crate::policy;
use crate::store::Store;
use crate::streams::{self, Streams};
use barrow_kernel::event::Event;
use barrow_log::op::{Op, SignedRange};
use barrow_log::stream::{Stream, StreamKind};
use rusqlite::{Connection, params};
use std::sync::Arc;

/// Lists the runs of ops that wait to be folded, by their numbers of arrival.
pub(crate) fn unfolded(conn: &Connection) -> Result<Vec<(i64, i64)>, StoreError> {
    let mut statement = conn.prepare_cached(sql!("unfolded"))?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// What a step of folding came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Folded {
    /// Counts the ops that were looked at; 0 when none is left.
    pub ops: u64,
    /// Counts the ops that left the review because of changed policy, and were folded.
    pub accepted: u64,
    /// Tells that ops which are folded count no more: the projections must be made anew, by [`Store::rebuild`].
    pub rebuild: bool,
}

/// An op as it lies in the log.
struct Row {
    op_no: i64,
    stream: Stream,
    op: Op,
}

impl Store {
    /// Keeps ops that came from elsewhere and whose chain and signature were checked. They are folded later, by
    /// [`Store::fold_some`]; those of policy count from now on. Ops that are held are passed over. Returns how many
    /// are new.
    ///
    /// # Errors
    /// [`StoreError::NoTransaction`]; [`StoreError::Gap`] and [`StoreError::Fork`], which leave the transaction as it
    /// was; after one of the disk it can only be rolled back.
    pub fn take(&mut self, stream: &Stream, range: &SignedRange) -> Result<u64, StoreError> {
        if !self.in_transaction {
            return Err(StoreError::NoTransaction);
        }
        let first = self.open.next_no();
        let mut last_seq = 0;
        for op in &range.ops {
            let Some(header) = oplog::admit(&self.conn, &self.streams, &self.open, stream, op)? else {
                continue;
            };
            last_seq = header.seq;
            let written = self.write(stream, op, header);
            self.break_on(&written);
            written?;
            if stream.kind == StreamKind::Policy {
                policy::fold(Arc::make_mut(&mut self.policy), last_seq, op);
            }
        }
        let new = self.open.next_no() - first;
        if new > 0 {
            self.open.seal(&stream.id(), last_seq, &range.signature)?;
            let noted = self.note_unfolded(first, first + new - 1);
            self.break_on(&noted);
            noted?;
        }
        Ok(new.unsigned_abs())
    }

    fn note_unfolded(&self, first: i64, last: i64) -> Result<(), StoreError> {
        let row = params![first, last];
        if self.conn.prepare_cached(sql!("unfolded_extend"))?.execute(row)? == 0 {
            self.conn.prepare_cached(sql!("unfolded_put"))?.execute(row)?;
        }
        Ok(())
    }

    /// Remembers a fault after which the open transaction can't be committed.
    fn break_on<T>(&mut self, result: &Result<T, StoreError>) {
        if let Err(cause) = result {
            self.broken = Some(cause.clone());
        }
    }

    /// Tells whether committed ops wait to be folded.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn has_unfolded(&self) -> Result<bool, StoreError> {
        Ok(!unfolded(&self.conn)?.is_empty())
    }

    /// Folds at most so many of the committed ops that wait, in the order in which they came, and hands over the events
    /// of those that count. Where policy changed since, what lies in review is judged again before.
    ///
    /// # Errors
    /// [`StoreError::NoTransaction`], or those of the disk; then the transaction can only be rolled back.
    pub fn fold_some(
        &mut self,
        most: u32,
        each: &mut dyn FnMut(&Stream, &[Event]),
    ) -> Result<Folded, StoreError> {
        if !self.in_transaction {
            return Err(StoreError::NoTransaction);
        }
        let folded = self.try_fold_some(most, each);
        self.break_on(&folded);
        folded
    }

    fn try_fold_some(
        &mut self,
        most: u32,
        each: &mut dyn FnMut(&Stream, &[Event]),
    ) -> Result<Folded, StoreError> {
        let mut folded = Folded::default();
        let Some((first, last)) = unfolded(&self.conn)?.first().copied() else {
            return Ok(folded);
        };
        if self.judged != Some(self.policy.version()) {
            folded.accepted = self.judge_again(each)?;
            folded.rebuild = self.has_cut_ops()?;
            self.judged = Some(self.policy.version());
        }
        // What the open transaction holds has no row yet.
        let to = last
            .min(first.saturating_add(i64::from(most)) - 1)
            .min(self.open.last);
        if to < first {
            return Ok(folded);
        }
        let rows = self.rows(first, to)?;
        folded.ops = rows.len() as u64;
        for row in rows {
            self.judge_and_fold(&row, each)?;
        }
        self.conn
            .prepare_cached(sql!("unfolded_done"))?
            .execute([first])?;
        if to < last {
            self.conn
                .prepare_cached(sql!("unfolded_put"))?
                .execute([to + 1, last])?;
        }
        Ok(folded)
    }

    fn rows(&self, first: i64, last: i64) -> Result<Vec<Row>, StoreError> {
        let mut statement = self.conn.prepare_cached(sql!("ops_between"))?;
        let rows = statement.query([first, last])?;
        read_rows(&self.streams, rows)
    }

    fn judge_and_fold(
        &mut self,
        row: &Row,
        each: &mut dyn FnMut(&Stream, &[Event]),
    ) -> Result<(), StoreError> {
        let header = row.op.parsed()?;
        match judge(&self.policy, &row.stream, &row.op) {
            Ok(Some(body)) => {
                self.fold(row.op_no, &header.place(), &body.events)?;
                each(&row.stream, &body.events);
            }
            Ok(None) => {}
            Err(doubted) => self.review(row.op_no, &doubted)?,
        }
        self.streams.fold_to(&header.stream, header.seq);
        Ok(())
    }

    /// Folds what lies in review and counts by now. Returns how many ops that were.
    fn judge_again(&mut self, each: &mut dyn FnMut(&Stream, &[Event])) -> Result<u64, StoreError> {
        let mut accepted = 0;
        for row in self.doubted()? {
            if judge(&self.policy, &row.stream, &row.op).is_ok() {
                self.conn
                    .prepare_cached(sql!("review_done"))?
                    .execute([row.op_no])?;
                self.judge_and_fold(&row, each)?;
                accepted += 1;
            }
        }
        Ok(accepted)
    }

    fn doubted(&self) -> Result<Vec<Row>, StoreError> {
        let mut statement = self.conn.prepare_cached(sql!("reviews_again"))?;
        let rows = statement.query([])?;
        read_rows(&self.streams, rows)
    }

    /// Tells whether anything beyond a revoked device's cut is folded.
    fn has_cut_ops(&self) -> Result<bool, StoreError> {
        for known in self.streams.iter() {
            if !self.policy.is_revoked(&known.stream.device) {
                continue;
            }
            let cut = self.policy.cut(&known.stream.id());
            let same = match cut.filter(|cut| cut.seq > 0 && cut.seq <= known.folded) {
                Some(cut) => {
                    let op = barrow_log::stream::OpRef {
                        stream: known.stream.id(),
                        seq: cut.seq,
                    };
                    oplog::hash_at(&self.conn, &self.streams, &self.open, &op)? == Some(cut.hash)
                }
                None => true,
            };
            // A cut on another branch lets the op with its number not count either.
            let after = cut.map_or(0, |cut| cut.seq - u64::from(!same));
            let row = params![known.no, streams::to_sql(after), streams::to_sql(known.folded)];
            let counted: i64 = self
                .conn
                .prepare_cached(sql!("ops_counted_after"))?
                .query_row(row, |row| row.get(0))?;
            if counted > 0 {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

fn read_rows(streams: &Streams, mut rows: rusqlite::Rows<'_>) -> Result<Vec<Row>, StoreError> {
    let mut read = Vec::new();
    while let Some(row) = rows.next()? {
        let stream = streams.by_no(row.get(1)?);
        read.push(Row {
            op_no: row.get(0)?,
            stream: *stream.ok_or_else(|| StoreError::corrupt("a stream without a row"))?,
            op: Op {
                header: row.get(2)?,
                body: row.get(3)?,
            },
        });
    }
    Ok(read)
}

//! The log: ops as bytes, in the order in which they came. What is open lies in memory and is written, with its
//! signature, in the commit; so each op's row is written once.

use crate::error::StoreError;
use crate::streams::{self, Streams, from_sql, to_sql};
use barrow_kernel::event::Body;
use barrow_log::body::Presence;
use barrow_log::header::{Header, header_hash};
use barrow_log::op::Op;
use barrow_log::stream::{OpHash, OpRef, Seq, Signature, Stream, StreamId};
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::BTreeSet;

/// Lists at most this many ops at once: those of one frame.
pub const OPS_MAX: u32 = 4_096;
/// Lists at most this many ops in review at once.
pub const REVIEWS_MAX: u32 = 500;

/// An op of the open transaction.
#[derive(Debug)]
pub(crate) struct Pending {
    pub(crate) stream: StreamId,
    pub(crate) stream_no: i64,
    pub(crate) header: Header,
    pub(crate) op: Op,
    pub(crate) signature: Option<Signature>,
}

/// The ops of the open transaction, numbered after those that are committed.
#[derive(Debug, Default)]
pub(crate) struct OpenOps {
    /// The number of the last committed op.
    pub(crate) last: i64,
    pub(crate) ops: Vec<Pending>,
}

impl OpenOps {
    /// Returns the number that the next op gets.
    pub(crate) fn next_no(&self) -> i64 {
        self.last + self.ops.len() as i64 + 1
    }

    /// Returns an op of the open transaction by its number.
    pub(crate) fn get(&self, op_no: i64) -> Option<&Pending> {
        let index = usize::try_from(op_no.checked_sub(self.last + 1)?).ok()?;
        self.ops.get(index)
    }

    fn find(&self, op: &OpRef) -> Option<&Pending> {
        self.ops
            .iter()
            .find(|pending| pending.stream == op.stream && pending.header.seq == op.seq)
    }

    /// Keeps the signature of an op of the open transaction.
    pub(crate) fn seal(
        &mut self,
        stream: &StreamId,
        seq: Seq,
        signature: &Signature,
    ) -> Result<(), StoreError> {
        let mut ops = self.ops.iter_mut();
        let pending = ops
            .find(|pending| pending.stream == *stream && pending.header.seq == seq)
            .ok_or_else(|| StoreError::refused(format!("stream {stream} has no open op {seq} to sign")))?;
        pending.signature = Some(*signature);
        Ok(())
    }

    /// Checks that the last op of each stream is signed: nothing may be durable that nobody vouches for.
    pub(crate) fn check_sealed(&self) -> Result<(), StoreError> {
        let mut later = BTreeSet::new();
        for pending in self.ops.iter().rev() {
            if later.insert(pending.stream) && pending.signature.is_none() {
                return Err(StoreError::NotCommitted {
                    why: format!(
                        "op {} of stream {} is not signed",
                        pending.header.seq, pending.stream
                    ),
                });
            }
        }
        Ok(())
    }

    /// Writes the rows, in order.
    pub(crate) fn write(&self, conn: &Connection) -> Result<(), StoreError> {
        let mut statement = conn.prepare_cached(sql!("op_put"))?;
        for (no, pending) in (self.last + 1..).zip(&self.ops) {
            let presence = match pending.op.body {
                Some(_) => Presence::Held,
                None => Presence::NotPermitted,
            };
            statement.execute(params![
                no,
                pending.stream_no,
                to_sql(pending.header.seq),
                to_sql(pending.header.height),
                presence.code(),
                pending.signature.map(|signature| signature.0),
                pending.op.header,
                pending.op.body,
            ])?;
        }
        Ok(())
    }
}

/// Checks that an op is the next one of its stream. Returns `None` when it is held already.
pub(crate) fn admit(
    conn: &Connection,
    streams: &Streams,
    open: &OpenOps,
    stream: &Stream,
    op: &Op,
) -> Result<Option<Header>, StoreError> {
    let header = op
        .parsed()
        .map_err(|error| StoreError::refused(error.to_string()))?;
    let id = stream.id();
    if header.stream != id {
        return Err(StoreError::refused(format!(
            "it belongs to stream {}, not {id}",
            header.stream
        )));
    }
    if !op.body_matches(&header) {
        return Err(StoreError::refused(
            "its body is not the one that its header names",
        ));
    }
    let tip = streams.get(&id).and_then(|known| known.tip);
    let last = tip.map_or(0, |tip| tip.head.seq);
    if header.seq <= last {
        let held = hash_at(conn, streams, open, &header.op())?;
        return match held == Some(header_hash(&op.header)) {
            true => Ok(None),
            false => Err(StoreError::Fork {
                stream: id,
                seq: header.seq,
            }),
        };
    }
    if header.seq != last + 1 {
        return Err(StoreError::Gap {
            stream: id,
            expected: last + 1,
            found: header.seq,
        });
    }
    if let Some(tip) = tip {
        if header.prev_hash != tip.head.hash {
            return Err(StoreError::Fork {
                stream: id,
                seq: last,
            });
        }
        if header.height <= tip.height || header.policy_version < tip.policy_version {
            return Err(StoreError::refused("its height or policy version falls"));
        }
    }
    Ok(Some(header))
}

/// Returns the hash of an op that is held.
pub(crate) fn hash_at(
    conn: &Connection,
    streams: &Streams,
    open: &OpenOps,
    op: &OpRef,
) -> Result<Option<OpHash>, StoreError> {
    if let Some(pending) = open.find(op) {
        return Ok(Some(header_hash(&pending.op.header)));
    }
    let Some(known) = streams.get(&op.stream) else {
        return Ok(None);
    };
    Ok(header(conn, known.no, op.seq)?.as_deref().map(header_hash))
}

/// Returns the header's bytes of a committed op; `None` when it is not held.
pub(crate) fn header(conn: &Connection, stream_no: i64, seq: Seq) -> Result<Option<Vec<u8>>, StoreError> {
    let mut statement = conn.prepare_cached(sql!("op_header"))?;
    let row = params![stream_no, to_sql(seq)];
    Ok(statement.query_row(row, |row| row.get(0)).optional()?)
}

/// Returns the events of a committed op.
pub(crate) fn body(conn: &Connection, op_no: i64) -> Result<Body, StoreError> {
    let mut statement = conn.prepare_cached(sql!("op_body"))?;
    let mut rows = statement.query([op_no])?;
    let row = rows
        .next()?
        .ok_or_else(|| StoreError::corrupt("an op that a projection names is missing"))?;
    let bytes = row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?;
    decode(bytes)
}

/// Reads a body's events.
pub(crate) fn decode(bytes: &[u8]) -> Result<Body, StoreError> {
    let content = barrow_log::body::content(bytes).ok_or_else(|| StoreError::corrupt("an op's body"))?;
    Ok(Body::from_bytes(content)?)
}

/// An op of a stream with the signature that was kept for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredOp {
    /// Gives its number in the stream.
    pub seq: Seq,
    /// Holds its bytes.
    pub op: Op,
    /// Holds the author's signature where one was kept: that of the last op of each commit.
    pub signature: Option<Signature>,
}

/// Lists committed ops of a stream from a number on, at most [`OPS_MAX`].
pub(crate) fn ops(
    conn: &Connection,
    stream_no: i64,
    from: Seq,
    limit: u32,
) -> Result<Vec<StoredOp>, StoreError> {
    let mut statement = conn.prepare_cached(sql!("ops_from"))?;
    let mut rows = statement.query(params![stream_no, to_sql(from), limit.min(OPS_MAX)])?;
    let mut ops = Vec::new();
    while let Some(row) = rows.next()? {
        ops.push(StoredOp {
            seq: from_sql(row.get(0)?)?,
            op: Op {
                header: row.get(1)?,
                body: row.get(2)?,
            },
            signature: row.get::<_, Option<[u8; 64]>>(3)?.map(Signature),
        });
    }
    Ok(ops)
}

/// An op that is kept and relayed, and not folded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review {
    /// Gives the order in which it came; the key of the next page.
    pub op_no: i64,
    /// Names the op.
    pub op: OpRef,
    /// Tells why it is in review.
    pub reason: String,
}

/// Lists ops in review after a number, at most [`REVIEWS_MAX`].
pub(crate) fn reviews(conn: &Connection, after: i64, limit: u32) -> Result<Vec<Review>, StoreError> {
    let ids = streams::StreamIds::default();
    let mut statement = conn.prepare_cached(sql!("reviews"))?;
    let mut rows = statement.query(params![after, limit.min(REVIEWS_MAX)])?;
    let mut reviews = Vec::new();
    while let Some(row) = rows.next()? {
        reviews.push(Review {
            op_no: row.get(0)?,
            op: streams::op_ref(ids.get(conn, row.get(1)?)?, from_sql(row.get(2)?)?),
            reason: row.get(3)?,
        });
    }
    Ok(reviews)
}

//! The state at start: the fold of the ops of open entities, in the accepted order; never read from view tables.

use crate::error::StoreError;
use crate::oplog;
use crate::streams::{self, StreamIds, from_sql, place_of, to_sql};
use barrow_kernel::state::{State, apply};
use barrow_log::stream::{Place, Seq, StreamKind};
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::BTreeMap;

/// Rebuilds the state from the committed log.
pub(crate) fn rebuild(conn: &Connection, ids: &StreamIds) -> Result<State, StoreError> {
    let mut ops: BTreeMap<Place, i64> = BTreeMap::new();
    let mut tail: Option<Place> = None;
    {
        let mut statement = conn.prepare_cached(sql!("entities"))?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let place = place_of(row.get_ref(2)?.as_blob().map_err(rusqlite::Error::from)?)?;
            ops.insert(place, row.get(0)?);
            if row.get(1)? {
                tail = Some(tail.map_or(place, |first| first.min(place)));
            }
        }
    }
    if let Some(first) = tail {
        add_tail(conn, ids, &first, &mut ops)?;
    }
    let mut state = State::default();
    for op_no in ops.into_values() {
        for event in &oplog::body(conn, op_no)?.events {
            apply(&mut state, event);
        }
    }
    Ok(state)
}

/// Adds every book op that is later than the first opening.
fn add_tail(
    conn: &Connection,
    ids: &StreamIds,
    first: &Place,
    ops: &mut BTreeMap<Place, i64>,
) -> Result<(), StoreError> {
    for (no, stream) in streams::all(conn)? {
        if stream.kind != StreamKind::Book {
            continue;
        }
        let id = ids.get(conn, no)?;
        let from = first_later(conn, no, |height, seq| {
            Place {
                height,
                stream: id,
                seq,
            } > *first
        })?;
        let mut statement = conn.prepare_cached(sql!("ops_tail"))?;
        let mut rows = statement.query(params![no, to_sql(from)])?;
        while let Some(row) = rows.next()? {
            let place = Place {
                height: from_sql(row.get(1)?)?,
                stream: id,
                seq: from_sql(row.get(2)?)?,
            };
            ops.insert(place, row.get(0)?);
        }
    }
    Ok(())
}

/// Finds the first op of a stream that is later: heights rise along a stream, so halving finds it.
fn first_later(conn: &Connection, no: i64, later: impl Fn(u64, Seq) -> bool) -> Result<Seq, StoreError> {
    let last = streams::tip(conn, no)?.map_or(0, |tip| tip.head.seq);
    let (mut low, mut high) = (1, last + 1);
    let mut statement = conn.prepare_cached(sql!("op_height"))?;
    while low < high {
        let middle = low + (high - low) / 2;
        let height: Option<i64> = statement
            .query_row(params![no, to_sql(middle)], |row| row.get(1))
            .optional()?;
        let height = height.ok_or_else(|| StoreError::corrupt("an op of a stream is missing"))?;
        if later(from_sql(height)?, middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    Ok(low)
}

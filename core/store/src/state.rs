//! The state at start: the fold of the ops of open entities, in the accepted order; never read from view tables.
//! And what is folded when it is asked for: policy.

use crate::error::StoreError;
use crate::oplog;
use crate::store::Store;
use crate::streams::{self, StreamIds, from_sql, place_of, to_sql};
use crate::tables::entity_key;
use barrow_kernel::cart::Cart;
use barrow_kernel::state::{Entity, State, apply};
use barrow_log::id::{CartId, CashBoxId, LocationId, OrganisationId};
use barrow_log::policy::Policy;
use barrow_log::stream::{DeviceKey, Place, Seq, StreamKind, Vector};
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::BTreeMap;
use std::sync::Arc;

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

/// Rebuilds one open cart from the committed ops about it, in the accepted order; `None` when it is not open.
fn rebuild_cart(conn: &Connection, id: &CartId) -> Result<Option<Cart>, StoreError> {
    let mut ops: BTreeMap<Place, i64> = BTreeMap::new();
    let cart = Entity::Cart(*id);
    let (kind, key) = entity_key(&cart);
    let mut statement = conn.prepare_cached(sql!("entity_ops"))?;
    let mut rows = statement.query(params![kind, key])?;
    while let Some(row) = rows.next()? {
        let place = place_of(row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?)?;
        ops.insert(place, row.get(0)?);
    }
    let mut state = State::default();
    for op_no in ops.into_values() {
        for event in &oplog::body(conn, op_no)?.events {
            apply(&mut state, event);
        }
    }
    Ok(state.carts.remove(id))
}

impl Store {
    /// Rebuilds one open cart from the committed log; `None` when it is not open.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn cart(&self, id: &CartId) -> Result<Option<Cart>, StoreError> {
        self.check_fresh()?;
        rebuild_cart(&self.conn, id)
    }

    /// Returns the newest op held of each stream, those of the open transaction included.
    ///
    /// # Errors
    /// When the store could not be read after a rollback.
    pub fn vector(&self) -> Result<Vector, StoreError> {
        self.check_fresh()?;
        let heads = self.streams.iter();
        let heads = heads.filter_map(|known| Some((known.stream.id(), known.tip?.head)));
        Ok(Vector(heads.collect()))
    }

    /// Rebuilds the state of everything open from the committed log.
    ///
    /// # Errors
    /// [`StoreError::InTransaction`] while a transaction is open, or those of the disk.
    pub fn state(&self) -> Result<State, StoreError> {
        if self.in_transaction {
            return Err(StoreError::InTransaction);
        }
        self.check_fresh()?;
        let mut state = rebuild(&self.conn, &self.ids)?;
        // A late tap on a finished cart must not open it again, on the day after a close either.
        state.remember_closed(self.commands.carts());
        Ok(state)
    }

    /// Returns the policy, that of the open transaction included.
    ///
    /// # Errors
    /// When the store could not be read after a rollback.
    pub fn policy(&self) -> Result<Policy, StoreError> {
        self.check_fresh()?;
        Ok((*self.policy).clone())
    }

    /// Shares the policy, that of the open transaction included.
    pub fn shared_policy(&self) -> Arc<Policy> {
        Arc::clone(&self.policy)
    }

    /// Returns the public key of the organisation that this store belongs to; `None` before its first policy op.
    pub fn organisation_key(&self) -> Option<DeviceKey> {
        let mut streams = self.streams.iter();
        let policy = streams.find(|known| known.stream.kind == StreamKind::Policy);
        policy.map(|known| known.stream.device)
    }

    /// Returns the organisation that this store belongs to; `None` before its first policy op.
    ///
    /// # Errors
    /// When the store could not be read after a rollback.
    pub fn organisation(&self) -> Result<Option<OrganisationId>, StoreError> {
        self.check_fresh()?;
        let mut streams = self.streams.iter();
        let policy = streams.find(|known| known.stream.kind == StreamKind::Policy);
        Ok(policy.map(|known| known.stream.organisation))
    }

    /// Returns a place to sell from when the device has none of its own: the first location and cash box by id.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when the shop has none, or those of the disk.
    pub fn default_place(&self) -> Result<(LocationId, CashBoxId), StoreError> {
        let location = crate::query::locations_of(&self.conn)?.into_iter().next();
        let cash_box = crate::query::cash_boxes_of(&self.conn)?.into_iter().next();
        match (location, cash_box) {
            (Some(location), Some(cash_box)) => Ok((location.id, cash_box.id)),
            _ => Err(StoreError::Missing),
        }
    }
}

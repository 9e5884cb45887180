//! The projections: which tables are folds of the log, and their rows in a form that is the same on every device.
//!
//! Rows name each other by small numbers that each database gives out in the order in which it met things; here the
//! long keys stand for them.

use crate::error::StoreError;
use crate::item;
use crate::streams::StreamIds;
use rusqlite::types::Value;
use rusqlite::{Connection, Row, Rows};

/// A table that is a fold of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Projection {
    /// Names the table.
    pub(crate) table: &'static str,
    /// Reads its rows in the order of their keys, which stand first.
    rows: &'static str,
    /// Counts the columns that name a row.
    pub(crate) keys: usize,
    /// Counts the columns at the end that mean something in this database alone.
    pub(crate) local: usize,
    /// Tells that a row is an item, whose parts name streams by small numbers.
    is_item: bool,
}

const fn projection(table: &'static str, rows: &'static str, keys: usize, local: usize) -> Projection {
    Projection {
        table,
        rows,
        keys,
        local,
        is_item: false,
    }
}

/// Every projection but the numbers themselves.
pub(crate) const PROJECTIONS: [Projection; 11] = [
    // A number of arrival means something here alone; the digest names the op.
    projection("review", sql!("rows_review"), 1, 3),
    projection("register", sql!("rows_register"), 2, 0),
    Projection {
        table: "item",
        rows: sql!("rows_item"),
        keys: 1,
        local: 0,
        is_item: true,
    },
    projection("code", sql!("rows_code"), 2, 0),
    projection("stock", sql!("rows_stock"), 2, 0),
    projection("ledger", sql!("rows_ledger"), 1, 0),
    projection("sale", sql!("rows_sale"), 2, 1),
    projection("returned", sql!("rows_returned"), 2, 0),
    projection("shift", sql!("rows_shift"), 1, 2),
    projection("open_entity", sql!("rows_open_entity"), 3, 1),
    projection("closed", sql!("rows_closed"), 2, 0),
];

/// The tables that a rebuild empties.
pub(crate) const TABLES: [&str; 12] = [
    "review",
    "dictionary",
    "register",
    "item",
    "code",
    "stock",
    "ledger",
    "sale",
    "returned",
    "shift",
    "open_entity",
    "closed",
];

impl Projection {
    /// Walks its rows in the order of their keys.
    pub(crate) fn each(
        &self,
        conn: &Connection,
        mut take: impl FnMut(&[Value]) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut statement = conn.prepare(self.rows)?;
        let (mut rows, ids) = (statement.query([])?, StreamIds::default());
        while let Some(values) = self.next(conn, &ids, &mut rows)? {
            take(&values)?;
        }
        Ok(())
    }

    /// Returns the statement that reads its rows.
    pub(crate) fn sql(&self) -> &'static str {
        self.rows
    }

    /// Reads the next row.
    pub(crate) fn next(
        &self,
        conn: &Connection,
        ids: &StreamIds,
        rows: &mut Rows<'_>,
    ) -> Result<Option<Vec<Value>>, StoreError> {
        let Some(row) = rows.next()? else { return Ok(None) };
        match self.is_item {
            true => item_values(conn, ids, row).map(Some),
            false => values(row).map(Some),
        }
    }
}

fn values(row: &Row<'_>) -> Result<Vec<Value>, StoreError> {
    let columns = row.as_ref().column_count();
    (0..columns).map(|index| Ok(row.get(index)?)).collect()
}

/// Returns an item's id, its record, and the columns that searches use.
fn item_values(conn: &Connection, ids: &StreamIds, row: &Row<'_>) -> Result<Vec<Value>, StoreError> {
    let (id, known, plu) = (row.get(1)?, row.get(2)?, row.get(19)?);
    // A record that can't be put together is no fold of anything.
    let record = match item::read(conn, ids, row) {
        Ok(read) => Value::Blob(item::canonical(&read.into_record())),
        Err(StoreError::Corrupt { .. }) => Value::Null,
        Err(fault) => return Err(fault),
    };
    Ok(vec![id, record, known, plu])
}

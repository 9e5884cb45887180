//! The digest of the projections: every row with the long keys that mean the same on every device.

use crate::error::StoreError;
use crate::item;
use crate::reader::Reader;
use crate::streams::StreamIds;
use barrow_log::digest::{Digest, RowSum};
use barrow_log::stream::{Head, Vector};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};

/// Gives the version of what is summed: another release may sum other rows.
pub const PROJECTIONS: u32 = 1;

/// Tables of plain rows, with statements that give every column in a form that is the same on every device.
const TABLES: [(&str, &str); 7] = [
    ("register", sql!("digest_register")),
    ("code", sql!("digest_code")),
    ("stock", sql!("digest_stock")),
    ("ledger", sql!("digest_ledger")),
    ("sale", sql!("digest_sale")),
    ("returned", sql!("digest_returned")),
    ("shift", sql!("digest_shift")),
];

impl Reader {
    /// Sums what was folded, as of one moment.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn digest(&self) -> Result<Digest, StoreError> {
        let snapshot = self.conn.unchecked_transaction()?;
        let mut sum = RowSum::default();
        for (table, sql) in TABLES {
            add_rows(&snapshot, table, sql, &mut sum)?;
        }
        add_rows(&snapshot, "review", sql!("digest_review"), &mut sum)?;
        add_items(&snapshot, &mut sum)?;
        Ok(Digest::new(PROJECTIONS, folded(&snapshot)?.hash(), sum))
    }
}

fn add_rows(conn: &Connection, table: &str, sql: &str, sum: &mut RowSum) -> Result<(), StoreError> {
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query([])?;
    let mut bytes = Vec::new();
    while let Some(row) = rows.next()? {
        bytes.clear();
        write_row(row, &mut bytes)?;
        sum.add(table, &bytes);
    }
    Ok(())
}

/// Writes a row's columns so that no two rows give the same bytes: a letter for the type, the length, the value.
fn write_row(row: &Row<'_>, bytes: &mut Vec<u8>) -> Result<(), StoreError> {
    for column in 0..row.as_ref().column_count() {
        let (letter, value): (u8, &[u8]) = match row.get_ref(column)? {
            ValueRef::Null => (b'n', &[]),
            ValueRef::Integer(number) => {
                bytes.push(b'i');
                bytes.extend(number.to_be_bytes());
                continue;
            }
            ValueRef::Text(text) => (b't', text),
            ValueRef::Blob(blob) => (b'b', blob),
            ValueRef::Real(_) => return Err(StoreError::corrupt("a fraction in a projection")),
        };
        bytes.push(letter);
        bytes.extend((value.len() as u64).to_be_bytes());
        bytes.extend(value);
    }
    Ok(())
}

fn add_items(conn: &Connection, sum: &mut RowSum) -> Result<(), StoreError> {
    let ids = StreamIds::default();
    let mut statement = conn.prepare_cached(sql!("digest_item"))?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let record = item::read(conn, &ids, row)?.into_record();
        sum.add("item", &item::canonical(&record));
    }
    Ok(())
}

/// Returns the vector of what is folded: ops that wait are left out.
fn folded(conn: &Connection) -> Result<Vector, StoreError> {
    let streams = crate::streams::Streams::load(conn)?;
    let mut vector = Vector::default();
    for known in streams.iter() {
        let Some(tip) = known.tip.filter(|_| known.folded > 0) else {
            continue;
        };
        let head = match known.folded == tip.head.seq {
            true => tip.head,
            false => {
                let ops = crate::oplog::ops(conn, known.no, known.folded, 1)?;
                let first = ops.first();
                Head {
                    seq: known.folded,
                    hash: first
                        .ok_or_else(|| StoreError::corrupt("an op of a stream is missing"))?
                        .op
                        .hash(),
                }
            }
        };
        vector.0.insert(known.stream.id(), head);
    }
    Ok(vector)
}

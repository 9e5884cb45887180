//! The digest of the projections: every row with the long keys that mean the same on every device.

use crate::error::StoreError;
use crate::projection::PROJECTIONS;
use crate::reader::Reader;
use barrow_log::digest::{Digest, RowSum};
use barrow_log::stream::{Head, Vector};
use rusqlite::Connection;
use rusqlite::types::Value;

/// Gives the version of what is summed: another release may sum other rows.
pub const VERSION: u32 = 1;

impl Reader {
    /// Sums what was folded, as of one moment.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn digest(&self) -> Result<Digest, StoreError> {
        let snapshot = self.conn.unchecked_transaction()?;
        let mut sum = RowSum::default();
        for projection in PROJECTIONS {
            let mut bytes = Vec::new();
            projection.each(&snapshot, |values| {
                bytes.clear();
                let shared = values.len() - projection.local;
                write_row(&values[..shared], &mut bytes);
                if shared > 0 {
                    sum.add(projection.table, &bytes);
                }
                Ok(())
            })?;
        }
        add_reviews(&snapshot, &mut sum)?;
        Ok(Digest::new(VERSION, folded(&snapshot)?.hash(), sum))
    }
}

/// Adds the ops in review, by stream and number.
fn add_reviews(conn: &Connection, sum: &mut RowSum) -> Result<(), StoreError> {
    let mut statement = conn.prepare_cached(sql!("digest_review"))?;
    let mut rows = statement.query([])?;
    let mut bytes = Vec::new();
    while let Some(row) = rows.next()? {
        bytes.clear();
        write_row(&[row.get(0)?, row.get(1)?, row.get(2)?], &mut bytes);
        sum.add("review", &bytes);
    }
    Ok(())
}

/// Writes columns so that no two rows give the same bytes: a letter for the type, the length, the value.
fn write_row(values: &[Value], bytes: &mut Vec<u8>) {
    for value in values {
        let (letter, value): (u8, &[u8]) = match value {
            Value::Null => (b'n', &[]),
            Value::Integer(number) => (b'i', &number.to_be_bytes()),
            Value::Text(text) => (b't', text.as_bytes()),
            Value::Blob(blob) => (b'b', blob),
            // No projection has fractions; should one come, its bits tell it apart.
            Value::Real(number) => (b'r', &number.to_bits().to_be_bytes()),
        };
        bytes.push(letter);
        bytes.extend((value.len() as u64).to_be_bytes());
        bytes.extend(value);
    }
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

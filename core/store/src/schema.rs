//! The schema: numbered files, applied in order, each in one transaction; `user_version` says which one is in force.

use crate::error::StoreError;
use crate::local;
use crate::search;
use rusqlite::Connection;

/// Every step from one schema version to the next; the first makes version 1 of an empty database.
const STEPS: [&[&str]; 2] = [&[sql!("schema_1"), search::SCHEMA], &[sql!("schema_2")]];

/// Names the row of `local_meta` that tells that the projections are to be made anew.
pub(crate) const REBUILD_DUE: &str = "rebuild_due";

/// Gives the newest schema version that this release knows.
pub const KNOWN: u32 = STEPS.len() as u32;

/// Returns the schema version of a database; 0 when it is empty.
pub(crate) fn version(conn: &Connection) -> Result<u32, StoreError> {
    Ok(conn.pragma_query_value(None, "user_version", |row| row.get(0))?)
}

/// Checks that this release can read a database, without changing it.
pub(crate) fn check(conn: &Connection) -> Result<u32, StoreError> {
    let found = version(conn)?;
    if found > KNOWN {
        return Err(StoreError::Newer { found, known: KNOWN });
    }
    Ok(found)
}

/// Makes the tables of the newest schema in an empty database that is only there to fold into.
pub(crate) fn projections(conn: &Connection) -> Result<(), StoreError> {
    conn.execute_batch(sql!("schema_1"))?;
    Ok(conn.execute_batch(sql!("schema_2"))?)
}

/// Brings a database to the newest schema, and notes that projections with new columns are to be made anew. A crash
/// leaves it at a whole version.
pub(crate) fn migrate(conn: &mut Connection) -> Result<(), StoreError> {
    let found = check(conn)?;
    let grown = found > 0 && found < KNOWN;
    for (version, step) in (1..).zip(STEPS).skip(found as usize) {
        let transaction = conn.transaction()?;
        for part in step {
            transaction.execute_batch(part)?;
        }
        if grown {
            local::set_meta(&transaction, REBUILD_DUE, &[1])?;
        }
        transaction.pragma_update(None, "user_version", version)?;
        transaction.commit()?;
    }
    Ok(())
}

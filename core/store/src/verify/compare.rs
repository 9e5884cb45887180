//! Each row of each projection against the replay.

use super::{Phase, Problem, Progress, Report};
use crate::error::StoreError;
use crate::projection::{PROJECTIONS, Projection};
use crate::streams::StreamIds;
use rusqlite::Connection;
use rusqlite::types::{Value, ValueRef};
use std::cmp::Ordering;

/// Compares every projection, and checks that debits equal credits.
pub(super) fn check(
    source: &Connection,
    replayed: &Connection,
    report: &mut Report,
    progress: &mut impl FnMut(Progress),
) -> Result<(), StoreError> {
    for (done, projection) in (1..).zip(&PROJECTIONS) {
        let compared = table(source, replayed, projection, report);
        report.note(compared)?;
        progress(Progress {
            phase: Phase::Compare,
            done,
        });
    }
    let mut statement = source.prepare_cached(sql!("ledger_sums"))?;
    let mut rows = statement.query([])?;
    while rows.next()?.is_some() {
        report.add(Problem::Projection {
            table: "ledger",
            key: "all accounts of a currency".into(),
            what: "debits and credits differ",
        });
    }
    Ok(())
}

/// Walks both tables in the order of their keys.
fn table(
    source: &Connection,
    replayed: &Connection,
    projection: &Projection,
    report: &mut Report,
) -> Result<(), StoreError> {
    let sql = projection.sql();
    let (mut stored, mut folded) = (source.prepare(sql)?, replayed.prepare(sql)?);
    let (mut stored, mut folded) = (stored.query([])?, folded.query([])?);
    let (left_ids, right_ids) = (StreamIds::default(), StreamIds::default());
    let mut next_left = || projection.next(source, &left_ids, &mut stored);
    let mut next_right = || projection.next(replayed, &right_ids, &mut folded);
    let (mut left, mut right) = (next_left()?, next_right()?);
    loop {
        let order = match (&left, &right) {
            (None, None) => return Ok(()),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(left), Some(right)) => key_order(&left[..projection.keys], &right[..projection.keys]),
        };
        report.rows += 1;
        let what = match order {
            Ordering::Less => Some("it is not in the log"),
            Ordering::Greater => Some("it is missing"),
            Ordering::Equal if left != right => Some("it is not the fold of the log"),
            Ordering::Equal => None,
        };
        if let Some(what) = what {
            let row = if order == Ordering::Greater { &right } else { &left };
            let key = row
                .as_ref()
                .map(|row| text(&row[..projection.keys]))
                .unwrap_or_default();
            report.add(Problem::Projection {
                table: projection.table,
                key,
                what,
            });
        }
        if order != Ordering::Greater {
            left = next_left()?;
        }
        if order != Ordering::Less {
            right = next_right()?;
        }
    }
}

/// Orders keys as SQLite does. Columns are typed, so both sides have the same type.
fn key_order(left: &[Value], right: &[Value]) -> Ordering {
    for (left, right) in left.iter().zip(right) {
        let order = match (left, right) {
            (Value::Integer(left), Value::Integer(right)) => left.cmp(right),
            (Value::Text(left), Value::Text(right)) => left.as_bytes().cmp(right.as_bytes()),
            (Value::Blob(left), Value::Blob(right)) => left.cmp(right),
            _ => Ordering::Equal,
        };
        if order != Ordering::Equal {
            return order;
        }
    }
    Ordering::Equal
}

fn text(key: &[Value]) -> String {
    let part = |value: &Value| match ValueRef::from(value) {
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
        ValueRef::Blob(bytes) => bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
        ValueRef::Null | ValueRef::Real(_) => "?".into(),
    };
    key.iter().map(part).collect::<Vec<_>>().join(" ")
}

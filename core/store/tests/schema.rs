//! A database of every schema version that was ever released opens, is good, and sells.
//!
//! The fixtures are committed, compressed with zstd. A new schema version adds one: change `WRITES` and run
//! `cargo test -p barrow-store --test schema -- --ignored`.
#![allow(clippy::unwrap_used, reason = "tests may panic")]

mod common;

use barrow_store::verify::{VerifyOptions, verify};
use common::*;
use std::path::PathBuf;

/// The schema version that the ignored test writes.
const WRITES: u32 = barrow_store::schema::KNOWN;

fn fixture(version: u32) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("tests/fixtures/schema_{version}.db.zst"))
}

fn trade(till: &mut Till) {
    till.sell(&[(1, "2"), (2, "6")]);
    for (number, words) in (0_u32..60).map(|n| (n, [n, n * 7, n * 3, n])) {
        let command = random_command(till, words);
        let _ = till.act(&command);
        if number % 4 == 0 {
            till.commit().unwrap();
        }
    }
    till.commit().unwrap();
}

#[test]
#[ignore = "writes the fixture of the newest schema version"]
fn write_the_fixture() {
    let folder = tempfile::tempdir().unwrap();
    let mut till = Till::new(folder.path());
    trade(&mut till);
    till.close();
    let path = folder.path().join("barrow.db");
    let conn = rusqlite::Connection::open(&path).unwrap();
    conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
        .unwrap();
    drop(conn);
    let bytes = zstd::bulk::compress(&std::fs::read(path).unwrap(), 19).unwrap();
    std::fs::write(fixture(WRITES), bytes).unwrap();
}

#[test]
fn a_database_of_every_schema_version_opens_and_sells() {
    for version in 1..=barrow_store::schema::KNOWN {
        let folder = tempfile::tempdir().unwrap();
        let bytes = std::fs::read(fixture(version)).expect("the fixture");
        let bytes = zstd::bulk::decompress(&bytes, 64 * 1024 * 1024).unwrap();
        std::fs::write(folder.path().join("barrow.db"), bytes).unwrap();
        let mut till = Till::resume(folder.path());
        let before = till.store().reader().unwrap().counts().unwrap();
        assert!(before.sales > 3 && before.items >= 3, "{before:?}");
        assert!(!till.state.series.is_empty());
        till.sell(&[(1, "1")]);
        let reader = till.store().reader().unwrap();
        assert_eq!(reader.counts().unwrap().sales, before.sales + 1);
        assert_eq!(till.store().state().unwrap(), till.state);
        let report = verify(
            &reader,
            &VerifyOptions {
                every_signature: true,
                replay: true,
            },
            |_| {},
        )
        .unwrap();
        assert!(report.is_good(), "version {version}: {:#?}", report.problems);
    }
}

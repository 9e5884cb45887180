//! The write-ahead log: a sale dirties few pages, the file stays bounded, and what lies in it survives a restart.
#![allow(clippy::unwrap_used, reason = "tests may panic")]

mod common;

use barrow_store::Options;
use common::*;
use std::path::Path;

/// Gives the bytes of a page in the log: its header and itself.
const FRAME: u64 = 24 + 4096;

fn frames(folder: &Path) -> u64 {
    std::fs::metadata(folder.join("barrow.db-wal")).unwrap().len() / FRAME
}

#[test]
fn a_sale_of_three_lines_dirties_few_pages() {
    let folder = tempfile::tempdir().unwrap();
    let options = Options {
        background: false,
        ..Options::default()
    };
    let mut till = Till::with(folder.path(), options, 7);
    for _ in 0..200 {
        till.sell(&[(1, "1"), (2, "2"), (3, "1")]);
    }
    let before = frames(folder.path());
    for _ in 0..100 {
        till.sell(&[(1, "1"), (2, "2"), (3, "1")]);
    }
    let pages = (frames(folder.path()) - before) as f64 / 100.0;
    // Op, its index, stock, ledger, sale with two indexes, open entities: one page each, and a new one now and then.
    assert!(pages < 14.0, "{pages} pages a sale");
}

#[test]
fn the_log_stays_bounded_with_and_without_the_thread() {
    for background in [true, false] {
        let folder = tempfile::tempdir().unwrap();
        let options = Options {
            background,
            checkpoint_pages: 50,
            ..Options::default()
        };
        let mut till = Till::with(folder.path(), options, 7);
        for _ in 0..150 {
            till.sell(&[(1, "1"), (2, "2"), (3, "1")]);
        }
        // What is committed while the thread copies comes on top, and takes turns with it.
        let length = frames(folder.path());
        assert!(length <= 6 * 50, "{length} pages, background {background}");
        till.reopen();
        assert_eq!(till.store().state().unwrap(), till.state);
        assert!(
            frames(folder.path()) > 0,
            "the file stays, so that commits overwrite it"
        );
    }
}

#[test]
fn sales_in_the_log_are_there_after_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let options = Options {
        background: false,
        ..Options::default()
    };
    let mut till = Till::with(folder.path(), options.clone(), 7);
    for _ in 0..20 {
        till.sell(&[(1, "1")]);
    }
    // What the disk holds at this moment is what a killed process leaves.
    let copy = tempfile::tempdir().unwrap();
    for file in ["barrow.db", "barrow.db-wal"] {
        std::fs::copy(folder.path().join(file), copy.path().join(file)).unwrap();
    }
    let store = barrow_store::Store::open(copy.path(), &options).unwrap();
    assert_eq!(store.state().unwrap(), till.state);
}

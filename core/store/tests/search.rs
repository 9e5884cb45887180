//! Search as a till uses it: words and prefixes, ranks, changes, rebuilds and swaps, and hostile queries.
#![allow(clippy::unwrap_used, reason = "tests may panic")]

use barrow_store::search::{self, PAGE_DEFAULT, PAGE_MAX, Page, Rebuild};
use barrow_store::text::TEXT_VERSION;
use proptest::prelude::*;
use rusqlite::{Connection, params};
use std::sync::atomic::{AtomicBool, Ordering};

fn prepare(conn: &Connection) {
    conn.execute_batch(include_str!("../sql/schema_1.sql")).unwrap();
    let tables: i64 = conn
        .query_row(
            "SELECT count(*) FROM sqlite_schema WHERE name = 'search_state'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    if tables == 0 {
        conn.execute_batch(include_str!("../sql/search.sql")).unwrap();
    }
}

fn shop() -> Connection {
    let conn = Connection::open_in_memory().unwrap();
    prepare(&conn);
    conn
}

/// Writes an item's row as the fold does.
fn put(conn: &Connection, no: i64, name: &str, sku: &str, archived: bool) {
    let before = search::words_of(conn, no).unwrap();
    conn.execute(
        "INSERT INTO item (item_no, id, known, archived, sold_out, slot, sku, name, category, page, colour, emoji,
             icon, plu, extras, codes, writes)
         VALUES (?1, CAST(?1 AS BLOB), 1, ?4, 0, 0, ?3, ?2, '', '', '', '', '', '', x'', x'', x'')
         ON CONFLICT (item_no) DO UPDATE SET archived = ?4, sku = ?3, name = ?2",
        params![no, name, sku, archived],
    )
    .unwrap();
    search::changed(conn, no, before.as_deref()).unwrap();
}

fn sell(conn: &Connection, no: i64, place: i64, lines: i64) {
    conn.execute(
        "INSERT INTO stock VALUES (?1, 0, ?2)",
        params![place << 32 | no, lines],
    )
    .unwrap();
}

fn find(conn: &Connection, query: &str) -> Vec<i64> {
    search::find(conn, query, None, PAGE_DEFAULT).unwrap().items
}

/// Runs a rebuild to its end in steps of so many rows, with work in between.
fn rebuild(conn: &mut Connection, rows: usize, mut between: impl FnMut(&Connection)) {
    let mut rebuild = Rebuild::plan(conn).unwrap();
    loop {
        let transaction = conn.transaction().unwrap();
        let done = rebuild.step(&transaction, rows).unwrap();
        transaction.commit().unwrap();
        if done {
            break;
        }
        between(conn);
    }
    sound(conn);
}

fn sound(conn: &Connection) {
    let said: String = conn
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .unwrap();
    assert_eq!(said, "ok");
}

#[test]
fn words_and_prefixes_of_any_script_are_found() {
    let conn = shop();
    let names = [
        "Crème brûlée",
        "Straßenkreide",
        "Чёрный чай",
        "Ελληνικός καφές",
        "قهوة عربية",
        "青岛啤酒",
        "น้ำส้มคั้น",
        "हिन्दी चाय",
        "Rødgrød med fløde",
        "T-Shirt blue",
    ];
    for (no, name) in (1..).zip(names) {
        put(&conn, no, name, &format!("SKU-{no:03}"), false);
    }
    for (query, no) in [
        ("creme", 1),
        ("BRULE", 1),
        ("brûlée crè", 1),
        ("strasse", 2),
        ("ЧЕРНЫИ", 3),
        ("чай", 3),
        ("ελληνικοσ κα", 4),
        ("قهوه", 5),
        ("عَرَبِيّة", 5),
        ("啤酒", 6),
        ("岛", 6),
        ("ส้ม", 7),
        ("चाय", 8),
        ("rodgrod flo", 9),
        ("tshirt", 10),
        ("t-sh", 10),
        ("SKU-003", 3),
        ("sku007", 7),
    ] {
        assert_eq!(find(&conn, query), [no], "{query}");
    }
    for query in [
        "brulee chai",
        "reme",
        "岛酒",
        "sku 011",
        "*",
        "OR",
        "NOT creme",
        "-",
        "\"",
        "words:creme",
    ] {
        assert_eq!(find(&conn, query), [] as [i64; 0], "{query}");
    }
}

#[test]
fn a_code_or_sku_that_fits_exactly_comes_first_and_once() {
    let mut conn = shop();
    for no in 1..=50 {
        put(&conn, no, "Tea 4006381333931", &format!("T{no}"), false);
        sell(&conn, no, 1, no);
    }
    for no in [7, 9] {
        conn.execute("INSERT INTO code VALUES ('4006381333931', ?1)", [no])
            .unwrap();
    }
    rebuild(&mut conn, 1000, |_| {});
    let all = pages(&conn, "4006381333931", 20);
    assert_eq!(all[..4], [7, 9, 50, 49]);
    let mut once = all.clone();
    once.sort_unstable();
    once.dedup();
    assert_eq!((all.len(), once.len()), (50, 50));
    assert_eq!(search::exact(&conn, "4006381333931").unwrap(), [7, 9]);
    assert_eq!(find(&conn, "T3")[0], 3);
    put(&conn, 7, "Tea", "T7", true);
    assert_eq!(search::exact(&conn, "4006381333931").unwrap(), [9]);
    assert_eq!(
        search::find(&conn, "4006381333931", None, 1).unwrap(),
        Page {
            items: vec![9],
            next: Some(0)
        }
    );
}

fn pages(conn: &Connection, query: &str, limit: usize) -> Vec<i64> {
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let page = search::find(conn, query, after, limit).unwrap();
        assert!(page.items.len() <= limit);
        all.extend(page.items);
        match page.next {
            Some(next) => after = Some(next),
            None => return all,
        }
    }
}

#[test]
fn rank_is_popularity_as_of_the_last_rebuild() {
    let mut conn = shop();
    for no in 1..=300 {
        put(&conn, no, &format!("Apple {no}"), "", false);
    }
    sell(&conn, 200, 1, 5);
    sell(&conn, 200, 2, 5);
    sell(&conn, 100, 1, 9);
    sell(&conn, 30, 2, 1);
    assert_eq!(find(&conn, "apple")[..3], [1, 2, 3]);
    rebuild(&mut conn, 7, |_| {});
    assert_eq!(find(&conn, "app")[..5], [200, 100, 30, 1, 2]);
    assert_eq!(find(&conn, "")[..5], [200, 100, 30, 1, 2]);
    assert_eq!(find(&conn, "apple").len(), PAGE_DEFAULT);
    assert_eq!(
        search::find(&conn, " ", None, 1_000_000).unwrap().items.len(),
        PAGE_MAX
    );
    assert_eq!(pages(&conn, "apple", 7).len(), 300);
    assert_eq!(pages(&conn, "apple", 7), pages(&conn, "", 100));
    // New items come at the end until the next rebuild; changed ones keep their rank.
    put(&conn, 301, "Apple cake", "", false);
    sell(&conn, 301, 1, 1000);
    put(&conn, 100, "Pear", "", false);
    put(&conn, 30, "Apple pie", "", false);
    assert_eq!(find(&conn, "apple")[..3], [200, 30, 1]);
    assert_eq!(pages(&conn, "apple", 20).last(), Some(&301));
    assert_eq!(
        (find(&conn, "pear"), find(&conn, "apple 100")),
        (vec![100], vec![])
    );
    rebuild(&mut conn, 1000, |_| {});
    assert_eq!(find(&conn, "apple")[..3], [301, 200, 30]);
}

#[test]
fn what_changes_during_a_rebuild_is_in_both_tables() {
    let mut conn = shop();
    for no in 1..=60 {
        put(&conn, no, &format!("Apple {no}"), "", no % 10 == 0);
        sell(&conn, no, 1, if no > 40 { no } else { 0 });
    }
    let mut touched = 0;
    rebuild(&mut conn, 3, |conn| {
        // Every item is touched once, at another moment of the rebuild.
        for _ in 0..3 {
            touched += 1;
            let no = touched * 37 % 61;
            match no % 4 {
                _ if touched > 60 => {}
                0 => put(conn, no, &format!("Pear {no}"), "", false),
                1 => put(conn, no, &format!("Apple {no}"), "", true),
                2 => put(conn, no, &format!("Apple {no}"), "", false),
                _ => put(conn, 100 + no, &format!("Pear {no}"), "", false),
            }
        }
    });
    assert!(touched > 60, "the rebuild ended before everything was touched");
    for no in 1..=60 {
        let (apple, pear) = (
            find(&conn, &format!("apple {no}")),
            find(&conn, &format!("pear {no}")),
        );
        let is = |found: &[i64], no: i64| found.contains(&no);
        let expected = match no % 4 {
            0 => (false, true),
            1 => (false, false),
            2 => (true, false),
            _ => (no % 10 != 0, false),
        };
        assert_eq!((is(&apple, no), is(&pear, no)), expected, "{no}");
        assert_eq!(is(&pear, 100 + no), no % 4 == 3, "{no}");
    }
    let items: i64 = conn
        .query_row("SELECT count(*) FROM item WHERE archived = 0", [], |row| {
            row.get(0)
        })
        .unwrap();
    assert_eq!(pages(&conn, "", 100).len() as i64, items);
}

#[test]
fn a_rebuild_that_was_cut_off_begins_anew() {
    let mut conn = shop();
    for no in 1..=40 {
        put(&conn, no, &format!("Apple {no}"), "", false);
    }
    for stop in 0..60 {
        let mut rebuild = Rebuild::plan(&conn).unwrap();
        for _ in 0..stop {
            let transaction = conn.transaction().unwrap();
            rebuild.step(&transaction, 3).unwrap();
            transaction.commit().unwrap();
        }
        put(&conn, 1 + stop % 40, &format!("Apple {}", 1000 + stop), "", false);
        assert_eq!(pages(&conn, "apple", 9).len(), 40, "{stop}");
        assert_eq!(find(&conn, &format!("apple {}", 1000 + stop)), [1 + stop % 40]);
    }
    sound(&conn);
    assert!(
        Rebuild::plan(&conn).unwrap().step(&conn, 1).is_err(),
        "a step needs a transaction"
    );
}

#[test]
fn a_reader_sees_the_old_order_or_the_new_one_and_never_less() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("barrow.db");
    let mut conn = Connection::open(&path).unwrap();
    conn.pragma_update(None, "journal_mode", "wal").unwrap();
    prepare(&conn);
    let transaction = conn.transaction().unwrap();
    for no in 1..=200 {
        put(&transaction, no, &format!("Apple {no}"), "", false);
        sell(&transaction, no, 1, 0);
    }
    transaction.commit().unwrap();
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let conn = Connection::open(&path).unwrap();
            let mut seen = std::collections::BTreeSet::new();
            while !stop.load(Ordering::Relaxed) {
                let found = search::find(&conn, "apple", None, 100).unwrap().items;
                assert_eq!(found.len(), 100);
                let rising = found.is_sorted() && found[0] == 1;
                let falling = found.is_sorted_by(|a, b| a > b) && found[0] == 200;
                assert!(rising || falling, "{found:?}");
                seen.insert(rising);
            }
            seen
        });
        for round in 0..20 {
            let sold = if round % 2 == 0 {
                "stock_key & 4294967295"
            } else {
                "0"
            };
            conn.execute(&format!("UPDATE stock SET sold = {sold}"), [])
                .unwrap();
            rebuild(&mut conn, 50, |_| {});
        }
        stop.store(true, Ordering::Relaxed);
        assert_eq!(reader.join().unwrap().len(), 2, "the reader saw both orders");
    });
}

#[test]
fn the_schema_names_the_rules_it_was_made_by() {
    let mut conn = shop();
    assert!(!search::is_outdated(&conn).unwrap());
    conn.execute("UPDATE search_state SET text_version = ?1", [TEXT_VERSION - 1])
        .unwrap();
    assert!(search::is_outdated(&conn).unwrap());
    rebuild(&mut conn, 10, |_| {});
    assert!(!search::is_outdated(&conn).unwrap());
}

#[test]
fn results_come_in_rank_order_without_a_sort() {
    let conn = shop();
    let sql = include_str!("../sql/search_find.sql").replace('@', "a");
    let mut statement = conn.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
    let plan: Vec<String> = statement
        .query_map(params!["\"a\"", 0, 20], |row| row.get(3))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    assert!(!plan.iter().any(|line| line.contains("B-TREE")), "{plan:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn no_text_is_ever_an_error(text in "\\PC{0,80}|[\"'*^:(){}+\\-ANDORNOTNEAR ,.a\u{0}]{0,40}", no in 1i64..5) {
        let conn = shop();
        put(&conn, no, &text, &text, false);
        prop_assert!(find(&conn, "").contains(&no));
        let page = search::find(&conn, &text, None, 3);
        prop_assert!(page.is_ok(), "{page:?}");
        put(&conn, no, "plain", "", false);
        prop_assert_eq!(find(&conn, "plain"), [no]);
        let after: Vec<i64> = find(&conn, &text);
        prop_assert!(after.is_empty() || text.trim().is_empty() || "plain".starts_with(&text.trim().to_lowercase()),
            "{:?} still finds {:?}", text, after);
    }
}

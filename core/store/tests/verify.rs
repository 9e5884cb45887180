//! Verify finds what was planted: a flipped byte, a changed row, a missing op, a sum that does not add up.
#![allow(clippy::unwrap_used, reason = "tests may panic")]

mod common;

use barrow_kernel::event::Event;
use barrow_log::policy::{Capability, PolicyEvent, encode_events};
use barrow_store::verify::{Phase, Problem, Report, VerifyOptions, verify};
use barrow_store::{Options, Reader, Store, StoreError};
use common::*;
use rusqlite::Connection;
use std::path::Path;

type Fault = fn(&mut barrow_kernel::sale::Sale);

const EVERYTHING: VerifyOptions = VerifyOptions {
    every_signature: true,
    replay: true,
};

fn check(store: &Store) -> Report {
    verify(&store.reader().unwrap(), &EVERYTHING, |_| {}).unwrap()
}

/// Makes a store with some trade, lets a vandal at its database, and verifies.
fn planted(vandal: impl FnOnce(&Connection)) -> Report {
    let folder = tempfile::tempdir().unwrap();
    trade(folder.path());
    let conn = Connection::open(folder.path().join("barrow.db")).unwrap();
    vandal(&conn);
    drop(conn);
    // A writer may refuse what is damaged; a reader tells what.
    let reader = Reader::open(folder.path(), &Options::default()).unwrap();
    verify(&reader, &EVERYTHING, |_| {}).unwrap()
}

fn trade(folder: &Path) {
    let mut till = Till::new(folder);
    for number in 1..=3 {
        till.sell(&[(number, "2"), (1, "1")]);
    }
    let report = check(till.store());
    assert!(report.is_good(), "{:#?}", report.problems);
    assert_eq!((report.sales, report.ops, report.bodies), (3, 12, 12));
    assert!(report.signatures >= 6 && report.rows > 20);
}

fn flip(conn: &Connection, column: &str, row: &str) {
    let sql = format!("SELECT {column} FROM op WHERE {row}");
    let mut bytes: Vec<u8> = conn.query_row(&sql, [], |row| row.get(0)).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 4;
    let changed = conn
        .execute(&format!("UPDATE op SET {column} = ?1 WHERE {row}"), [bytes])
        .unwrap();
    assert_eq!(changed, 1);
}

fn run(sql: &'static str) -> impl FnOnce(&Connection) {
    move |conn| assert!(conn.execute(sql, []).unwrap() > 0, "{sql}")
}

fn in_table(report: &Report, name: &str) -> bool {
    report
        .problems
        .iter()
        .any(|problem| matches!(problem, Problem::Projection { table, .. } if *table == name))
}

fn in_chain(report: &Report, text: &str) -> bool {
    report
        .problems
        .iter()
        .any(|problem| matches!(problem, Problem::Chain { what } if what.contains(text)))
}

#[test]
fn a_flipped_byte_of_header_body_or_signature_is_found() {
    for op_no in [1, 3, 8, 12] {
        let row = format!("op_no = {op_no}");
        let header = planted(|conn| flip(conn, "header", &row));
        assert!(!header.is_good(), "header {op_no}");
        let body = planted(|conn| flip(conn, "body", &row));
        assert!(in_chain(&body, "body"), "body {op_no}: {:#?}", body.problems);
    }
    let row = "op_no = (SELECT max(op_no) FROM op WHERE signature IS NOT NULL)";
    let signature = planted(|conn| flip(conn, "signature", row));
    assert!(in_chain(&signature, "signature"), "{:#?}", signature.problems);
    let first = "op_no = (SELECT min(op_no) FROM op WHERE signature IS NOT NULL AND op_no > 6)";
    let older = planted(|conn| flip(conn, "signature", first));
    assert!(in_chain(&older, "signature"), "{:#?}", older.problems);
}

#[test]
fn one_fault_is_told_once_and_the_chain_goes_on() {
    let report = planted(|conn| flip(conn, "body", "op_no = 8"));
    let told = report
        .problems
        .iter()
        .filter(|problem| matches!(problem, Problem::Chain { .. }))
        .count();
    assert_eq!(told, 1, "{:#?}", report.problems);
    assert_eq!(report.ops, 12);
}

#[test]
fn a_missing_op_is_found_in_the_middle_and_at_the_end() {
    let middle = planted(run("DELETE FROM op WHERE op_no = 8"));
    assert!(
        middle.problems.contains(&Problem::Missing { missing: 1 }),
        "{:#?}",
        middle.problems
    );
    let last = planted(run("DELETE FROM op WHERE op_no = 12"));
    assert!(in_table(&last, "sale"), "{:#?}", last.problems);
}

#[test]
fn a_missing_signature_is_found() {
    let report = planted(run("UPDATE op SET signature = NULL WHERE op_no = 12"));
    assert!(in_chain(&report, "not signed"), "{:#?}", report.problems);
}

#[test]
fn a_row_that_is_not_the_fold_of_the_log_is_found_in_every_projection() {
    let faults: [(&str, &'static str); 13] = [
        (
            "stock",
            "UPDATE stock SET steps = steps + 1 WHERE stock_key = (SELECT min(stock_key) FROM stock)",
        ),
        (
            "stock",
            "UPDATE stock SET sold = sold + 1 WHERE stock_key = (SELECT min(stock_key) FROM stock)",
        ),
        (
            "ledger",
            "UPDATE ledger SET amount_minor = amount_minor + 1 WHERE account_no = (SELECT min(account_no) FROM ledger)",
        ),
        (
            "ledger",
            "DELETE FROM ledger WHERE account_no = (SELECT max(account_no) FROM ledger)",
        ),
        ("sale", "UPDATE sale SET total_minor = total_minor - 1"),
        ("sale", "DELETE FROM sale WHERE number = 2"),
        ("item", "UPDATE item SET name = 'Cheaper' WHERE item_no = 1"),
        ("item", "UPDATE item SET price = NULL WHERE item_no = 2"),
        ("code", "DELETE FROM code WHERE item_no = 1"),
        ("register", "UPDATE register SET value = x'80' WHERE kind = 2"),
        ("shift", "UPDATE shift SET opened_ms = 0"),
        ("open_entity", "DELETE FROM open_entity"),
        (
            "returned",
            "INSERT INTO returned (sale, line, steps) VALUES (zeroblob(16), 1, 100000)",
        ),
    ];
    for (table, sql) in faults {
        let report = planted(run(sql));
        assert!(in_table(&report, table), "{sql}: {:#?}", report.problems);
    }
}

#[test]
fn a_sale_that_does_not_add_up_is_found_though_it_is_signed() {
    let faults: [(&str, Fault); 4] = [
        ("lines", |sale| sale.total_minor += 1),
        ("payments", |sale| sale.payments[0].amount_minor += 1),
        ("follows number", |sale| sale.number.number += 1),
        ("perpetual", |sale| sale.perpetual_minor += 1),
    ];
    for (what, fault) in faults {
        let folder = tempfile::tempdir().unwrap();
        let mut till = Till::new(folder.path());
        let mut sale = till.sell(&[(1, "2")]);
        sale.id = barrow_log::id::SaleId::from_number(0xbad);
        sale.number.number += 1;
        sale.perpetual_minor += sale.total_minor;
        fault(&mut sale);
        till.store().begin().unwrap();
        till.append(&[Event::SaleCompleted { sale }]).unwrap();
        till.commit().unwrap();
        let found = check(till.store()).problems;
        let told =
            |problem: &Problem| matches!(problem, Problem::Sums { what: said, .. } if said.contains(what));
        assert!(found.iter().any(told), "{what}: {found:#?}");
    }
}

#[test]
fn what_a_device_had_no_right_to_lies_in_review() {
    let folder = tempfile::tempdir().unwrap();
    let mut till = Till::new(folder.path());
    let policy = till.policy;
    let organisation = barrow_log::key::OrganisationKey::from_seed([9; 32]);
    let mut certificate = till
        .store()
        .policy()
        .unwrap()
        .certificates()
        .next()
        .unwrap()
        .clone();
    certificate.capabilities.remove(&Capability::Sell);
    let events = [PolicyEvent::DeviceCertified { certificate }];
    let (tip, height) = (
        till.store().tip(&policy.id()).unwrap(),
        till.store().height().unwrap(),
    );
    let mut author = barrow_log::author::Author::at(policy, tip);
    let op = author
        .next(op_draft(1, height + 1, encode_events(&events), 1))
        .unwrap();
    till.store().begin().unwrap();
    till.store().append_policy(&policy, &op, &events).unwrap();
    let signature = author.seal(organisation.writer()).unwrap();
    till.store().seal(&policy.id(), 2, &signature).unwrap();
    till.store().commit().unwrap();
    till.sell(&[(1, "1")]);
    assert!(check(till.store()).is_good(), "its ops name the older version");
    let line = Event::Parked {
        cart: Default::default(),
        parked: true,
        name: None,
    };
    let floor = barrow_kernel::event::Body {
        events: vec![line],
        who: None,
    };
    let draft = op_draft(4, till.store().height().unwrap() + 1, floor.to_bytes(), 2);
    let author = till
        .authors
        .get_mut(&barrow_log::stream::StreamKind::Floor)
        .unwrap();
    let op = author.next(draft).unwrap();
    let stream = *author.stream();
    till.store().begin().unwrap();
    till.store().append(&stream, &op, &floor).unwrap();
    till.commit().unwrap();
    assert!(check(till.store()).is_good());
    let reviews = till.store().reviews(0, 10).unwrap();
    assert_eq!(reviews.len(), 1);
    assert_eq!(reviews[0].reason, "its device had no right to sell");
}

#[test]
fn a_stream_without_a_certificate_is_found() {
    let report = planted(|conn| {
        conn.execute("DELETE FROM op WHERE op_no = 1", []).unwrap();
    });
    assert!(
        report
            .problems
            .iter()
            .any(|problem| matches!(problem, Problem::NoCertificate { .. }))
    );
}

#[test]
fn phases_come_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let mut till = Till::new(folder.path());
    let mut phases = Vec::new();
    verify(&till.store().reader().unwrap(), &EVERYTHING, |progress| {
        phases.push(progress.phase)
    })
    .unwrap();
    phases.dedup();
    assert_eq!(phases, [Phase::Pages, Phase::Log, Phase::Content, Phase::Compare]);
}

#[test]
fn a_damaged_page_is_told_and_the_rest_stays_readable() {
    let folder = tempfile::tempdir().unwrap();
    trade(folder.path());
    let path = folder.path().join("barrow.db");
    let root: u32 = {
        let conn = Connection::open(&path).unwrap();
        conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
            .unwrap();
        conn.query_row(
            "SELECT rootpage FROM sqlite_schema WHERE name = 'stock'",
            [],
            |row| row.get(0),
        )
        .unwrap()
    };
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[(root as usize - 1) * 4096..][..4096].fill(0x5a);
    std::fs::write(&path, bytes).unwrap();
    let store = Store::open(folder.path(), &Options::default()).unwrap();
    use barrow_kernel::context::{Catalogue, Stock};
    assert!(store.world().item(&item(1)).unwrap().is_some());
    assert!(store.damage().is_none());
    assert!(store.world().on_hand(&item(1), &PITCH).is_err());
    assert!(matches!(store.damage(), Some(StoreError::Corrupt { .. })));
    let reader = store.reader().unwrap();
    assert_eq!(reader.sales(None, 10).unwrap().len(), 3);
    assert!(matches!(
        reader.stock(&PITCH, 0, 10),
        Err(StoreError::Corrupt { .. })
    ));
    let report = verify(&reader, &EVERYTHING, |_| {}).unwrap();
    assert!(
        report
            .problems
            .iter()
            .any(|problem| matches!(problem, Problem::Pages { .. }))
    );
}

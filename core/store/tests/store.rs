//! The store as a till uses it: transactions, restarts, forks, and the state against the live fold.
#![allow(clippy::unwrap_used, reason = "tests may panic")]

mod common;

use barrow_kernel::context::{Catalogue, History, Stock};
use barrow_kernel::event::Body;
use barrow_log::body::Body as OpBody;
use barrow_log::id::*;
use barrow_log::key::DeviceSecret;
use barrow_log::op::{Op, SignedRange};
use barrow_log::stream::{OpRef, StreamKind};
use barrow_store::local::{COMMANDS_MAX, LocalOutcome, Subject};
use barrow_store::verify::{VerifyOptions, verify};
use barrow_store::{Options, Store, StoreError};
use common::*;
use proptest::prelude::*;
use std::path::Path;

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

fn assert_good(store: &Store) {
    let reader = store.reader().expect("a reader");
    let options = VerifyOptions {
        every_signature: true,
        replay: true,
    };
    let report = verify(&reader, &options, |_| {}).expect("a report");
    assert!(report.is_good(), "{:#?}", report.problems);
}

#[test]
fn a_sale_is_there_after_a_restart_with_everything_it_moved() {
    let folder = folder();
    let mut till = Till::new(folder.path());
    let sale = till.sell(&[(1, "2"), (2, "10")]);
    till.reopen();
    assert_eq!(till.store().state().expect("the state"), till.state);
    let reader = till.store().reader().expect("a reader");
    assert_eq!(*reader.sale(&sale.id).unwrap().expect("the sale"), sale);
    assert_eq!(reader.sale_by_number(&sale.number).unwrap(), Some(sale.clone()));
    assert_eq!(reader.on_hand(&item(2), &PITCH).unwrap(), qty("-10"));
    assert_eq!(
        reader
            .balances()
            .unwrap()
            .iter()
            .map(|balance| balance.amount_minor)
            .sum::<i64>(),
        0
    );
    let listed = reader.sales(None, 10).unwrap();
    assert_eq!(
        (listed.len(), listed[0].id, listed[0].total_minor),
        (1, sale.id, sale.total_minor)
    );
    assert_eq!(reader.stock(&PITCH, 0, 10).unwrap().len(), 2);
    assert_eq!(reader.counts().unwrap().sales, 1);
    let mut seen = Vec::new();
    reader
        .sales_between(0, i64::MAX, |sale| {
            seen.push(sale);
            true
        })
        .unwrap();
    assert_eq!(seen, [sale]);
    assert_good(till.store());
}

#[test]
fn a_rollback_takes_everything_back_and_the_numbers_go_on() {
    let folder = folder();
    let mut till = Till::new(folder.path());
    till.sell(&[(1, "1")]);
    let before = till.store().state().unwrap();
    let cart = CartId::from_number(till.fresh());
    let lines = vec![barrow_kernel::command::LineDraft::of(
        barrow_kernel::command::ItemRef::Id(item(1)),
    )];
    let add = barrow_kernel::command::Command::AddLines {
        cart,
        lines,
        approval: None,
    };
    till.act(&add).unwrap();
    till.act(&barrow_kernel::command::Command::PutItems {
        items: vec![draft(9, "Lost", "1.00")],
    })
    .unwrap();
    assert!(till.store().world().item(&item(9)).unwrap().is_some());
    assert_eq!(till.store().state(), Err(StoreError::InTransaction));
    till.rollback();
    assert_eq!(till.store().state().unwrap(), before);
    assert!(till.store().world().item(&item(9)).unwrap().is_none());
    let sale = till.sell(&[(1, "1")]);
    assert_eq!(sale.number.number, 2);
    assert_good(till.store());
}

#[test]
fn what_is_read_within_a_transaction_is_what_it_wrote() {
    let folder = folder();
    let mut till = Till::new(folder.path());
    let cart = CartId::from_number(till.fresh());
    let line = barrow_kernel::command::LineDraft::of(barrow_kernel::command::ItemRef::Id(item(1)));
    till.act(&barrow_kernel::command::Command::AddLines {
        cart,
        lines: vec![line],
        approval: None,
    })
    .unwrap();
    till.act(&pay(cart, CASH, None)).unwrap();
    let sale = till.sales[0];
    assert!(
        till.store().world().sale(&sale).unwrap().is_some(),
        "its op has no row yet"
    );
    assert!(
        till.store().reader().unwrap().sale(&sale).unwrap().is_none(),
        "it is not committed"
    );
    assert_eq!(till.store().world().on_hand(&item(1), &PITCH).unwrap(), qty("-1"));
    till.commit().unwrap();
    assert!(till.store().reader().unwrap().sale(&sale).unwrap().is_some());
}

#[test]
fn a_transaction_is_asked_for_and_signed() {
    let folder = folder();
    let mut till = Till::new(folder.path());
    let events = till
        .decide(&barrow_kernel::command::Command::PutItems {
            items: vec![draft(9, "Tea", "1.00")],
        })
        .unwrap();
    let before = till.authors.clone();
    assert_eq!(till.append(&events), Err(StoreError::NoTransaction));
    till.authors = before;
    assert_eq!(till.store().commit(), Err(StoreError::NoTransaction));
    till.store().begin().unwrap();
    assert_eq!(till.store().begin(), Err(StoreError::InTransaction));
    till.append(&events).unwrap();
    assert!(
        matches!(till.store().commit(), Err(StoreError::NotCommitted { .. })),
        "nobody signed it"
    );
    assert!(!till.store().in_transaction());
    assert!(till.store().world().item(&item(9)).unwrap().is_none());
}

#[test]
fn the_same_op_is_one_another_is_a_fork_and_a_gap_is_refused() {
    let folder = folder();
    let mut till = Till::new(folder.path());
    let put = |number: u128| barrow_kernel::command::Command::PutItems {
        items: vec![draft(number, "Tea", "1.00")],
    };
    let (events, others) = (till.decide(&put(9)).unwrap(), till.decide(&put(10)).unwrap());
    let stream = *till.authors[&StreamKind::Shop].stream();
    let mut twin = till.authors[&StreamKind::Shop].clone();
    till.store().begin().unwrap();
    let op = till.append(&events).unwrap();
    let body = Body {
        events: events.clone(),
        who: None,
    };
    assert_eq!(
        till.store().append(&stream, &op, &body),
        Ok(()),
        "in the same transaction"
    );
    till.commit().unwrap();
    till.store().begin().unwrap();
    assert_eq!(till.store().append(&stream, &op, &body), Ok(()));
    let other = Body {
        events: others,
        who: None,
    };
    let height = till.store().height().unwrap();
    let fork = twin.next(op_draft(2, height, other.to_bytes(), 1)).unwrap();
    let seq = fork.parsed().unwrap().seq;
    assert_eq!(
        till.store().append(&stream, &fork, &other),
        Err(StoreError::Fork {
            stream: stream.id(),
            seq
        })
    );
    let far = twin.next(op_draft(2, height + 1, other.to_bytes(), 1)).unwrap();
    assert_eq!(
        till.store().append(&stream, &far, &other),
        Err(StoreError::Fork {
            stream: stream.id(),
            seq
        }),
        "it continues another branch"
    );
    let further = twin.next(op_draft(2, height + 2, other.to_bytes(), 1)).unwrap();
    assert_eq!(
        till.store().append(&stream, &further, &other),
        Err(StoreError::Gap {
            stream: stream.id(),
            expected: seq + 1,
            found: seq + 2
        })
    );
    let wrong = Op {
        body: Some(OpBody::plain(b"x").into_bytes()),
        ..op
    };
    assert!(matches!(
        till.store().append(&stream, &wrong, &body),
        Err(StoreError::Refused { .. })
    ));
    till.store().rollback();
    assert_good(till.store());
}

#[test]
fn an_op_that_nobody_here_can_read_is_kept_and_marked() {
    let folder = folder();
    let mut till = Till::new(folder.path());
    till.store().begin().unwrap();
    let height = till.store().height().unwrap();
    let author = till.authors.get_mut(&StreamKind::Book).unwrap();
    let stream = *author.stream();
    let unknown = author
        .next(op_draft(900, height + 1, b"later".to_vec(), 1))
        .unwrap();
    let broken = author.next(op_draft(3, height + 2, vec![0xff], 1)).unwrap();
    let signature = author.seal(&DeviceSecret::from_seed([7; 32])).unwrap();
    let range = SignedRange {
        ops: vec![unknown.clone(), broken.clone()],
        signature,
    };
    assert_eq!(till.store().take(&stream, &range).unwrap(), 2);
    till.commit().unwrap();
    till.store().begin().unwrap();
    assert_eq!(till.store().fold_some(10, &mut |_, _| {}).unwrap().ops, 2);
    till.store().commit().unwrap();
    till.sell(&[(1, "1")]);
    let reviews = till.store().reviews(0, 10).unwrap();
    assert_eq!(
        reviews.iter().map(|review| review.op.seq).collect::<Vec<_>>(),
        [1, 2]
    );
    let ops = till.store().ops(&stream.id(), 1, 2).unwrap();
    assert_eq!([&ops[0].op, &ops[1].op], [&unknown, &broken], "byte for byte");
    assert_eq!(ops[0].signature, None);
    assert!(ops[1].signature.is_some());
    let op = OpRef {
        stream: stream.id(),
        seq: 2,
    };
    assert_eq!(till.store().head_at(&op).unwrap().unwrap().hash, broken.hash());
    assert_good(till.store());
}

#[test]
fn commands_are_remembered_to_a_bound_and_with_their_transaction() {
    let folder = folder();
    let mut till = Till::new(folder.path());
    let id = |number: u64| CommandId::from_number(0x9_0000_0000 + u128::from(number));
    let outcome = |number: u64| LocalOutcome {
        revision: number,
        subject: Subject::Cart(CartId::from_number(u128::from(number))),
        durable: number.is_multiple_of(2),
    };
    till.store().begin().unwrap();
    for number in 0..COMMANDS_MAX + 10 {
        till.store().remember(&id(number), &outcome(number)).unwrap();
    }
    till.store().set_meta("opened", b"3").unwrap();
    till.store().commit().unwrap();
    till.store().begin().unwrap();
    till.store().remember(&id(77_777), &outcome(77_777)).unwrap();
    till.store().rollback();
    for round in 0..2 {
        let store = till.store();
        assert_eq!(store.recall(&id(9)).unwrap(), None, "round {round}");
        assert_eq!(store.recall(&id(10)).unwrap(), Some(outcome(10)));
        assert_eq!(
            store.recall(&id(COMMANDS_MAX + 9)).unwrap(),
            Some(outcome(COMMANDS_MAX + 9))
        );
        assert_eq!(store.recall(&id(77_777)).unwrap(), None);
        assert_eq!(store.revision().unwrap(), COMMANDS_MAX + 9);
        assert_eq!(store.meta("opened").unwrap().as_deref(), Some(&b"3"[..]));
        till.reopen();
    }
}

#[test]
fn a_second_opener_is_told_so() {
    let folder = folder();
    let mut till = Till::new(folder.path());
    assert_eq!(
        Store::open(folder.path(), &Options::default()).err(),
        Some(StoreError::Busy)
    );
    till.close();
    assert!(Store::open(folder.path(), &Options::default()).is_ok());
    assert_eq!(
        Store::create(folder.path(), &Options::default()).err(),
        Some(StoreError::Exists)
    );
}

#[test]
fn what_is_no_store_is_told_in_a_sentence() {
    let empty = folder();
    let open = |path: &Path| Store::open(path, &Options::default()).err();
    assert_eq!(open(empty.path()), Some(StoreError::Missing));
    assert_eq!(open(&empty.path().join("nowhere")), Some(StoreError::Missing));
    std::fs::write(
        empty.path().join("barrow.db"),
        "this is a shopping list, not a database ".repeat(200),
    )
    .unwrap();
    assert!(matches!(open(empty.path()), Some(StoreError::Corrupt { .. })));
}

#[test]
fn a_newer_database_is_left_alone() {
    let folder = folder();
    let mut till = Till::new(folder.path());
    till.close();
    let conn = rusqlite::Connection::open(folder.path().join("barrow.db")).unwrap();
    conn.pragma_update(None, "user_version", 99).unwrap();
    drop(conn);
    let error = Store::open(folder.path(), &Options::default()).err().unwrap();
    assert_eq!(
        error,
        StoreError::Newer {
            found: 99,
            known: barrow_store::schema::KNOWN
        }
    );
    assert!(error.to_string().contains("99"), "{error}");
}

#[test]
fn projections_made_anew_are_the_same_and_search_follows() {
    let folder = folder();
    let mut till = Till::new(folder.path());
    till.sell(&[(3, "4"), (1, "1")]);
    till.store().rebuild(|_| {}).unwrap();
    assert_good(till.store());
    let reader = till.store().reader().unwrap();
    let (found, _) = reader.search("creme", None, 5).unwrap();
    assert_eq!(found.iter().map(|item| item.id).collect::<Vec<_>>(), [item(3)]);
    assert_eq!(till.store().state().unwrap(), till.state);
    till.sell(&[(2, "1")]);
    assert_good(till.store());
}

#[test]
fn lists_come_in_pages_without_gaps() {
    let folder = folder();
    let mut till = Till::new(folder.path());
    for round in 0..3 {
        let items = (0..40)
            .map(|n| draft(100 + round * 40 + n, &format!("Item {}", n % 7), "1.00"))
            .collect();
        till.act(&barrow_kernel::command::Command::PutItems { items })
            .unwrap();
    }
    till.commit().unwrap();
    for _ in 0..25 {
        till.sell(&[(1, "1")]);
    }
    let reader = till.store().reader().unwrap();
    let (mut names, mut after) = (Vec::new(), (String::new(), 0));
    loop {
        let page = reader.items_by_name((&after.0, after.1), 11).unwrap();
        let Some(last) = page.last() else { break };
        after = (last.item.face.name.clone(), last.no);
        names.extend(
            page.into_iter()
                .map(|listed| (listed.item.face.name.to_lowercase(), listed.no)),
        );
    }
    assert_eq!(names.len(), 123);
    assert!(names.is_sorted());
    let (mut sales, mut before) = (Vec::new(), None);
    loop {
        let page = reader.sales(before, 4).unwrap();
        let Some(last) = page.last() else { break };
        before = Some((last.at_ms, last.id));
        sales.extend(page.into_iter().map(|sale| sale.number.number));
    }
    assert_eq!(sales, (1..=25).rev().collect::<Vec<_>>());
    assert_eq!(reader.shifts(None, 10).unwrap().len(), 1);
    assert_eq!(reader.taxes().unwrap().len(), 1);
    assert_eq!(reader.tenders().unwrap().len(), 2);
    assert_eq!(reader.locations().unwrap().len(), 2);
    assert_eq!(till.store().default_place().unwrap(), (PITCH, TIN));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    /// After every step the rebuilt state is the live one; crashes and rollbacks fall anywhere.
    #[test]
    fn the_rebuilt_state_is_the_live_one(words in prop::collection::vec((any::<[u32; 4]>(), 0_u8..20), 1..120)) {
        let folder = folder();
        let mut till = Till::new(folder.path());
        for (words, fate) in words {
            let command = random_command(&mut till, words);
            let _ = till.act(&command);
            match fate {
                0 => till.rollback(),
                1 => till.reopen(),
                2..=6 => continue,
                _ => till.commit().expect("a commit"),
            }
            prop_assert_eq!(&till.store().state().expect("the state"), &till.state);
        }
        till.commit().expect("a commit");
        prop_assert_eq!(&till.store().state().expect("the state"), &till.state);
        assert_good(till.store());
    }
}

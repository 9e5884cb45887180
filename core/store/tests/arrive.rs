//! Ops that come from elsewhere: kept first, folded after, judged by the policy that is held.
#![allow(clippy::unwrap_used, reason = "tests may panic")]

mod common;

use barrow_kernel::event::Event;
use barrow_log::author::Author;
use barrow_log::key::OrganisationKey;
use barrow_log::op::SignedRange;
use barrow_log::policy::{Cut, PolicyEvent, encode_events};
use barrow_log::stream::{Stream, StreamKind};
use barrow_store::verify::{VerifyOptions, verify};
use barrow_store::{Options, Store, StoreError};
use common::*;
use proptest::prelude::*;

/// Reads everything that a store holds as signed ranges, stream by stream, policy first.
fn ranges(store: &Store) -> Vec<(Stream, Vec<SignedRange>)> {
    let mut streams = store.streams();
    streams.sort_by_key(|(stream, _)| stream.kind.code());
    let read = |(stream, _): (Stream, _)| {
        let (mut ranges, mut ops) = (Vec::new(), Vec::new());
        for stored in store.ops(&stream.id(), 1, 4_096).unwrap() {
            ops.push(stored.op);
            if let Some(signature) = stored.signature {
                ranges.push(SignedRange {
                    ops: std::mem::take(&mut ops),
                    signature,
                });
            }
        }
        (stream, ranges)
    };
    streams.into_iter().map(read).collect()
}

fn other(folder: &std::path::Path) -> Store {
    Store::create(folder, &Options::default()).unwrap()
}

fn take(store: &mut Store, stream: &Stream, range: &SignedRange) -> u64 {
    store.begin().unwrap();
    let taken = store.take(stream, range).unwrap();
    store.commit().unwrap();
    taken
}

fn fold_all(store: &mut Store, most: u32) -> Vec<Event> {
    let mut events = Vec::new();
    loop {
        store.begin().unwrap();
        let folded = store.fold_some(most, &mut |_, some| events.extend_from_slice(some));
        store.commit().unwrap();
        let folded = folded.unwrap();
        if folded.rebuild {
            store.rebuild(|_| {}).unwrap();
        }
        if folded.ops == 0 {
            return events;
        }
    }
}

fn write_policy(till: &mut Till, events: &[PolicyEvent]) -> SignedRange {
    let policy = till.policy;
    let tip = till.store().tip(&policy.id()).unwrap();
    let (version, height) = (tip.map_or(0, |tip| tip.head.seq), till.store().height().unwrap());
    let mut author = Author::at(policy, tip);
    let op = author
        .next(op_draft(1, height + 1, encode_events(events), version))
        .unwrap();
    let signature = author.seal(OrganisationKey::from_seed([9; 32]).writer()).unwrap();
    SignedRange {
        ops: vec![op],
        signature,
    }
}

fn assert_good(store: &Store) {
    let options = VerifyOptions {
        every_signature: true,
        replay: true,
    };
    let report = verify(&store.reader().unwrap(), &options, |_| {}).unwrap();
    assert!(report.is_good(), "{:#?}", report.problems);
}

#[test]
fn what_is_kept_is_there_at_once_and_folded_bit_by_bit() {
    let folder = tempfile::tempdir().unwrap();
    let mut till = Till::new(&folder.path().join("one"));
    for _ in 0..5 {
        till.sell(&[(1, "2"), (2, "1")]);
    }
    till.commit().unwrap();
    let mut store = other(&folder.path().join("two"));
    for (stream, ranges) in ranges(till.store()) {
        for range in &ranges {
            assert_eq!(take(&mut store, &stream, range), range.ops.len() as u64);
            assert_eq!(take(&mut store, &stream, range), 0, "the same twice is once");
        }
    }
    assert!(store.has_unfolded().unwrap());
    assert_eq!(
        store.reader().unwrap().counts().unwrap().sales,
        0,
        "nothing is folded yet"
    );
    assert_good(&store);
    let held = |store: &Store| -> Vec<_> { store.streams().into_iter().collect() };
    let (mine, theirs) = (held(till.store()), held(&store));
    assert!(mine.iter().all(|stream| theirs.contains(stream)));
    // A crash in between: what waits still waits.
    drop(store);
    let mut store = Store::open(&folder.path().join("two"), &Options::default()).unwrap();
    let events = fold_all(&mut store, 3);
    assert!(!store.has_unfolded().unwrap());
    let sales = events
        .iter()
        .filter(|event| matches!(event, Event::SaleCompleted { .. }));
    assert_eq!(sales.count(), 5);
    assert_eq!(
        store.reader().unwrap().digest().unwrap(),
        till.store().reader().unwrap().digest().unwrap()
    );
    assert_eq!(store.state().unwrap(), till.state);
    assert_good(&store);
}

#[test]
fn a_removed_device_counts_up_to_its_cut_and_an_owner_may_raise_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut till = Till::new(&folder.path().join("one"));
    till.sell(&[(1, "1")]);
    let book = *till.authors[&StreamKind::Book].stream();
    let honest = till.store().tip(&book.id()).unwrap().unwrap().head;
    till.sell(&[(1, "2")]);
    till.sell(&[(1, "3")]);
    let late = till.store().tip(&book.id()).unwrap().unwrap().head;
    let mut store = other(&folder.path().join("two"));
    for (stream, ranges) in ranges(till.store()) {
        for range in &ranges {
            take(&mut store, &stream, range);
        }
    }
    fold_all(&mut store, 100);
    let sales = |store: &Store| store.reader().unwrap().counts().unwrap().sales;
    assert_eq!(sales(&store), 3);
    let cut = |head: barrow_log::stream::Head| Cut {
        stream: book.id(),
        seq: head.seq,
        hash: head.hash,
    };
    let device = book.device;
    let revoked = write_policy(
        &mut till,
        &[PolicyEvent::DeviceRevoked {
            device,
            cuts: vec![cut(honest)],
        }],
    );
    take(&mut store, &till.policy, &revoked);
    store.begin().unwrap();
    let folded = store.fold_some(1, &mut |_, _| {}).unwrap();
    store.commit().unwrap();
    assert!(folded.rebuild, "what is folded counts no more");
    store.rebuild(|_| {}).unwrap();
    assert_eq!(sales(&store), 1);
    assert!(store.reviews(0, 500).unwrap().len() >= 2);
    assert_good(&store);
    // Whoever hears of the revocation first comes to the same.
    let mut third = other(&folder.path().join("three"));
    let all = ranges(till.store());
    for range in all[0].1.iter().chain([&revoked]) {
        take(&mut third, &all[0].0, range);
    }
    for (stream, ranges) in &all[1..] {
        for range in ranges {
            take(&mut third, stream, range);
        }
    }
    fold_all(&mut third, 2);
    let digest = |store: &Store| store.reader().unwrap().digest().unwrap();
    assert_eq!(digest(&third), digest(&store));
    take(till.store(), &all[0].0, &revoked);
    let raised = write_policy(&mut till, &[PolicyEvent::CutRaised { cut: cut(late) }]);
    for store in [&mut store, &mut third] {
        take(store, &all[0].0, &raised);
        store.begin().unwrap();
        let folded = store.fold_some(9, &mut |_, _| {}).unwrap();
        store.commit().unwrap();
        assert!(!folded.rebuild && folded.accepted >= 2, "{folded:?}");
        assert_eq!(sales(store), 3);
        assert_good(store);
    }
    assert_eq!(digest(&third), digest(&store));
}

#[test]
fn another_branch_and_a_gap_are_told_and_change_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut till = Till::new(&folder.path().join("one"));
    for _ in 0..2 {
        till.sell(&[(1, "1")]);
        till.commit().unwrap();
    }
    let mut store = other(&folder.path().join("two"));
    let all = ranges(till.store());
    let (stream, book) = all
        .iter()
        .find(|(stream, _)| stream.kind == StreamKind::Book)
        .unwrap();
    store.begin().unwrap();
    assert!(book.len() > 1);
    assert!(matches!(
        store.take(stream, &book[1]),
        Err(StoreError::Gap { .. })
    ));
    store.take(stream, &book[0]).unwrap();
    let mut forged = book[1].clone();
    forged.ops[0].header = {
        let mut header = forged.ops[0].parsed().unwrap();
        header.prev_hash = barrow_log::stream::OpHash([9; 32]);
        header.to_bytes()
    };
    assert!(matches!(
        store.take(stream, &forged),
        Err(StoreError::Fork { .. })
    ));
    store.take(stream, &book[1]).unwrap();
    store.commit().unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn any_order_and_batching_come_to_the_same(
        words in prop::collection::vec(any::<[u32; 4]>(), 20..60),
        order in prop::collection::vec(any::<(u8, u8)>(), 40),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let mut till = Till::new(&folder.path().join("one"));
        for (number, words) in words.into_iter().enumerate() {
            let command = random_command(&mut till, words);
            let _ = till.act(&command);
            if number % 3 == 0 {
                till.commit().unwrap();
            }
        }
        till.commit().unwrap();
        let mut store = other(&folder.path().join("two"));
        let mut left: Vec<(Stream, std::collections::VecDeque<SignedRange>)> = ranges(till.store())
            .into_iter()
            .map(|(stream, ranges)| (stream, ranges.into()))
            .collect();
        let mut order = order.iter().cycle();
        while left.iter().any(|(_, ranges)| !ranges.is_empty()) {
            let (next, batch) = order.next().copied().unwrap();
            let index = usize::from(next) % left.len();
            store.begin().unwrap();
            for _ in 0..1 + batch % 4 {
                if let Some(range) = left[index].1.pop_front() {
                    store.take(&left[index].0, &range).unwrap();
                }
            }
            store.commit().unwrap();
            if next % 3 == 0 {
                store.begin().unwrap();
                store.fold_some(u32::from(batch), &mut |_, _| {}).unwrap();
                store.commit().unwrap();
            }
        }
        fold_all(&mut store, 7);
        prop_assert_eq!(
            store.reader().unwrap().digest().unwrap(),
            till.store().reader().unwrap().digest().unwrap()
        );
        assert_good(&store);
    }
}

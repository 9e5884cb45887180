//! Two logs and two sessions in one thread: what they tell each other, and what comes of it.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use barrow_log::author::{Author, Tip};
use barrow_log::key::DeviceSecret;
use barrow_log::policy::PolicyEvent;
use barrow_log::stream::{OpRef, StreamKind};
use barrow_sync::interest::Interest;
use barrow_sync::log::Log;
use barrow_sync::message::Message;
use barrow_sync::session::{DEAD_MS, Ending, Output, SILENT_MS, Session};
use barrow_sync::testing::{Device, Line, Shop};

fn pair() -> (Shop, Device, Device) {
    let mut shop = Shop::founded(7);
    let a = shop.device(1);
    let b = shop.device(2);
    (shop, a, b)
}

fn in_step(line: &Line, a: &Device, b: &Device) -> bool {
    let vectors = (a.log.vector().unwrap(), b.log.vector().unwrap());
    vectors.0 == vectors.1
        && line.ends[0].is_in_step(&a.log).unwrap()
        && line.ends[1].is_in_step(&b.log).unwrap()
}

#[test]
fn what_one_holds_the_other_holds_afterwards_policy_first_and_each_knows() {
    let (_, mut a, mut b) = pair();
    // The first device was told of the shop before the second was certified: it learns of it from the second.
    for number in 0..200_u8 {
        a.write(StreamKind::Book, &[&[number; 40]]);
    }
    a.write(StreamKind::Shop, &[b"bread", b"cake", b"tea"]);
    b.write(StreamKind::Floor, &[b"cart"]);
    let mut line = Line::start(&mut a, &mut b);
    line.run(&mut a, &mut b);
    assert!(in_step(&line, &a, &b), "{:?}", line.said);
    assert_eq!(b.log.len(), 3 + 200 + 3 + 1);
    assert_eq!(line.held_by_peer(0, a.stream(StreamKind::Book)), Some(200));
    assert_eq!(line.held_by_peer(1, b.stream(StreamKind::Floor)), Some(1));
    // A second session finds nothing to do: two greetings, nothing else.
    let mut again = Line::start(&mut a, &mut b);
    again.run(&mut a, &mut b);
    assert!(in_step(&again, &a, &b));
    assert!(
        again.bytes < 400,
        "{} bytes to say that nothing changed",
        again.bytes
    );
}

#[test]
fn a_live_op_is_told_fetched_and_acknowledged_in_four_messages() {
    let (_, mut a, mut b) = pair();
    a.write(StreamKind::Book, &[b"first"]);
    let mut line = Line::start(&mut a, &mut b);
    line.run(&mut a, &mut b);
    let sent = |line: &Line| line.bytes;
    let before = sent(&line);
    a.write(StreamKind::Book, &[b"second"]);
    line.changed(0, &[a.stream(StreamKind::Book)], &mut a);
    line.run(&mut a, &mut b);
    assert!(in_step(&line, &a, &b));
    assert_eq!(line.held_by_peer(0, a.stream(StreamKind::Book)), Some(2));
    assert!(sent(&line) - before < 350, "{} bytes", sent(&line) - before);
}

#[test]
fn a_device_that_knows_nothing_yet_learns_the_policy_first() {
    let (mut shop, mut a, _) = pair();
    a.write(StreamKind::Book, &[b"sale"]);
    let certified = shop.device(3);
    shop.tell(&mut a);
    let mut fresh = Device::new(&shop, DeviceSecret::from_seed([3; 32]));
    assert_eq!(fresh.me.device, certified.me.device);
    let mut line = Line::start(&mut a, &mut fresh);
    line.run(&mut a, &mut fresh);
    assert!(in_step(&line, &a, &fresh), "{:?}", line.said);
    let first = line.said[1].iter().find_map(|output| match output {
        Output::Store(arrived) => Some(arrived.stream.kind),
        _ => None,
    });
    assert_eq!(first, Some(StreamKind::Policy));
}

#[test]
fn strangers_impostors_and_devices_that_policy_does_not_know_get_nothing() {
    let (shop, mut a, mut b) = pair();
    a.write(StreamKind::Book, &[b"secret"]);
    let mut other = Shop::founded(8);
    let mut stranger = other.device(9);
    let mut line = Line::start(&mut a, &mut stranger);
    line.run(&mut a, &mut stranger);
    assert_eq!(line.ending(0), Some(&Ending::Stranger));

    let mut unknown = Device::new(&shop, DeviceSecret::from_seed([4; 32]));
    let mut line = Line::start(&mut a, &mut unknown);
    line.run(&mut a, &mut unknown);
    assert_eq!(line.ending(0), Some(&Ending::Unknown));
    assert!(unknown.log.is_empty());

    let mut line = Line::new(&a, &b);
    line.ends[0] = Session::new(a.me.clone(), Some(shop.key.public()));
    for (end, device) in [&mut a, &mut b].into_iter().enumerate() {
        let outputs = line.ends[end].start(&device.log, 0).unwrap();
        line.carry_out(end, outputs, device);
    }
    line.run(&mut a, &mut b);
    assert_eq!(line.ending(0), Some(&Ending::Impostor));
    assert!(
        b.log
            .op(&OpRef {
                stream: a.stream(StreamKind::Book),
                seq: 1
            })
            .is_none()
    );
}

#[test]
fn a_revoked_device_may_bring_what_it_holds_and_takes_nothing() {
    let (mut shop, mut a, mut b) = pair();
    a.write(StreamKind::Book, &[b"ours"]);
    b.write(StreamKind::Book, &[b"honest", b"late"]);
    shop.write(&[PolicyEvent::DeviceRevoked {
        device: b.me.device,
        cuts: Vec::new(),
    }]);
    shop.tell(&mut a);
    let mut line = Line::start(&mut a, &mut b);
    line.run(&mut a, &mut b);
    let op = |stream, seq| OpRef { stream, seq };
    assert!(a.log.op(&op(b.stream(StreamKind::Book), 2)).is_some());
    assert!(b.log.op(&op(a.stream(StreamKind::Book), 1)).is_none());
    assert!(b.log.policy().unwrap().is_revoked(&b.me.device), "it hears of it");
}

#[test]
fn whole_places_are_left_out_when_nobody_here_wants_them() {
    use barrow_log::id::LocationId;
    let (mut shop, mut a, mut b) = pair();
    let mut certificate = a.log.policy().unwrap().certificates().next().unwrap().clone();
    let place = LocationId::from_number(5);
    certificate.location = Some(place);
    certificate.device = a.me.device;
    certificate.series = "S1".into();
    shop.write(&[PolicyEvent::DeviceCertified { certificate }]);
    shop.tell(&mut a);
    a.write(StreamKind::Book, &[b"elsewhere"]);
    a.write(StreamKind::Shop, &[b"bread"]);
    b.me.interest = Interest::Places([LocationId::from_number(6)].into());
    let mut line = Line::start(&mut a, &mut b);
    line.run(&mut a, &mut b);
    let seq = |kind| b.log.vector().unwrap().seq(&a.stream(kind));
    assert_eq!((seq(StreamKind::Book), seq(StreamKind::Shop)), (0, 1));
    assert!(line.ends[1].is_in_step(&b.log).unwrap());
}

#[test]
fn a_fork_is_found_and_both_keep_both_branches() {
    let (_, mut a, mut b) = pair();
    let (mut twin, _) = {
        let (_, twin, other) = pair();
        (twin, other)
    };
    let prefix = a.write(StreamKind::Book, &[b"one", b"two"]);
    let stream = a.stream(StreamKind::Book);
    twin.log.store(stream, &prefix);
    let tip = Tip::of(&prefix.ops[1].header).unwrap();
    let at = *twin.authors[&StreamKind::Book].stream();
    twin.authors.insert(StreamKind::Book, Author::at(at, Some(tip)));
    // The same device key writes on in two places: a copied phone.
    for number in 0..30_u8 {
        a.write(StreamKind::Book, &[&[number]]);
    }
    for number in 100..110_u8 {
        let range = twin.write(StreamKind::Book, &[&[number], b"x"]);
        if number == 100 {
            b.log.store(stream, &prefix);
        }
        b.log.store(stream, &range);
    }
    let mut line = Line::start(&mut a, &mut b);
    line.run(&mut a, &mut b);
    for (end, device) in [(0, &a), (1, &b)] {
        assert!(line.said[end].contains(&Output::Forked(stream)), "end {end}");
        assert!(line.ending(end).is_none(), "{:?}", line.ending(end));
        let aside = device.log.branches(&stream).unwrap();
        let theirs = if end == 0 { 20 } else { 30 };
        assert_eq!(aside.len(), theirs, "end {end}");
    }
    // Another session knows both and says little.
    let mut again = Line::start(&mut a, &mut b);
    again.run(&mut a, &mut b);
    assert!(!again.said[0].contains(&Output::Forked(stream)));
    // Both go on: the branch grows, and so does what the other keeps of it.
    let range = twin.write(StreamKind::Book, &[b"more"]);
    b.log.store(stream, &range);
    again.changed(1, &[stream], &mut b);
    again.run(&mut a, &mut b);
    assert_eq!(a.log.branches(&stream).unwrap().len(), 21);
}

#[test]
fn a_till_hears_that_others_hold_more_of_its_own_stream() {
    let (_, mut a, mut b) = pair();
    let range = a.write(StreamKind::Book, &[b"one", b"two"]);
    b.log.store(a.stream(StreamKind::Book), &range);
    // The phone comes back from yesterday's backup.
    let policy = a.log.clone();
    let mut restored = Device {
        log: policy,
        ..pair().1
    };
    let stream = restored.stream(StreamKind::Book);
    restored.log = {
        let (_, fresh, _) = pair();
        fresh.log
    };
    let mut line = Line::start(&mut restored, &mut b);
    line.run(&mut restored, &mut b);
    let ahead = line.said[0]
        .iter()
        .any(|output| matches!(output, Output::OwnAhead(held) if held.stream == stream && held.seq == 2));
    assert!(ahead, "{:?}", line.said[0]);
    assert_eq!(restored.log.vector().unwrap().seq(&stream), 2);
}

#[test]
fn a_message_that_comes_twice_is_dropped_and_one_that_is_lost_ends_the_session() {
    let (_, mut a, mut b) = pair();
    a.write(StreamKind::Book, &[b"one"]);
    let mut line = Line::start(&mut a, &mut b);
    for _ in 0..3 {
        let copies: Vec<Vec<u8>> = line.ways[0].iter().cloned().collect();
        line.ways[0].extend(copies);
    }
    line.run(&mut a, &mut b);
    assert!(in_step(&line, &a, &b));
    a.write(StreamKind::Book, &[b"two"]);
    line.changed(0, &[a.stream(StreamKind::Book)], &mut a);
    line.ways[0].clear();
    a.write(StreamKind::Book, &[b"three"]);
    line.changed(0, &[a.stream(StreamKind::Book)], &mut a);
    line.run(&mut a, &mut b);
    assert_eq!(line.ending(1), Some(&Ending::Lost));
    assert!(matches!(line.ending(0), Some(Ending::Bye(_))));
    let mut again = Line::start(&mut a, &mut b);
    again.run(&mut a, &mut b);
    assert!(in_step(&again, &a, &b));
}

#[test]
fn silence_is_noticed_and_then_given_up() {
    let (_, mut a, b) = pair();
    let mut line = Line::new(&a, &b);
    let outputs = line.ends[0].start(&a.log, 0).unwrap();
    line.carry_out(0, outputs, &mut a);
    let end = &mut line.ends[0];
    assert_eq!(end.wake_ms(), SILENT_MS);
    assert!(end.poll(SILENT_MS - 1).is_empty());
    assert_eq!(end.poll(SILENT_MS), [Output::Quiet]);
    assert!(end.poll(SILENT_MS + 1).is_empty());
    assert_eq!(end.poll(DEAD_MS), [Output::Ended(Ending::Silent)]);
}

#[test]
fn a_changed_byte_anywhere_ends_the_session_or_changes_nothing() {
    let (_, mut a, mut b) = pair();
    a.write(StreamKind::Book, &[b"one hundred loaves", b"two"]);
    let mut line = Line::start(&mut a, &mut b);
    let mut honest = Vec::new();
    while let Some(end) = (0..2).find(|end| !line.ways[*end].is_empty()) {
        let bytes = line.ways[end].pop_front().unwrap();
        if end == 0 {
            honest.push(bytes.clone());
        }
        let device = if end == 0 { &mut b } else { &mut a };
        let outputs = line.ends[1 - end].receive(&bytes, &device.log, 0).unwrap();
        line.carry_out(1 - end, outputs, device);
    }
    let whole = b.log.vector().unwrap();
    let stream = a.stream(StreamKind::Book);
    for target in 0..honest.len() {
        for place in 0..honest[target].len() {
            let (_, _, mut victim) = pair();
            let mut session = Session::new(victim.me.clone(), Some(a.me.device));
            let mut line = Line::new(&victim, &a);
            let outputs = session.start(&victim.log, 0).unwrap();
            line.ends[0] = session;
            line.carry_out(0, outputs, &mut victim);
            for (number, bytes) in honest.iter().enumerate() {
                let mut bytes = bytes.clone();
                if number == target {
                    bytes[place] ^= 0x10;
                }
                let outputs = line.ends[0].receive(&bytes, &victim.log, 0).unwrap();
                line.carry_out(0, outputs, &mut victim);
            }
            let held = victim.log.vector().unwrap().get(&stream);
            assert!(
                held.is_none() || held == whole.get(&stream),
                "message {target}, byte {place}: {:?}",
                Message::from_bytes(&honest[target])
            );
        }
    }
}

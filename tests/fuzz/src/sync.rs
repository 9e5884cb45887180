//! What `barrow-sync` and `barrow-link` read: messages, frames, compression, whole sessions, certificates of TLS.

use barrow_link::testing::{bytes_of_messages, certificate_of, key_of_certificate};
use barrow_log::id::Incarnation;
use barrow_log::stream::{DeviceKey, StreamKind};
use barrow_sync::enrol::{Enrolment, HubCode, Invite, Secret};
use barrow_sync::message::Message;
use barrow_sync::pack;
use barrow_sync::session::{Output, Session};
use barrow_sync::squeeze::{FRAME_MAX, Opener, Squeezer};
use barrow_sync::testing::{Device, Line, Shop};
use std::cell::RefCell;

pub(crate) fn message(bytes: &[u8]) {
    if let Ok((number, Some(message))) = Message::from_bytes(bytes) {
        let again = Message::from_bytes(&message.to_bytes(number));
        assert_eq!(again, Ok((number, Some(message))));
    }
}

pub(crate) fn enrolment(bytes: &[u8]) {
    if let Ok(Some(said)) = Enrolment::from_bytes(bytes) {
        assert_eq!(Enrolment::from_bytes(&said.to_bytes()), Ok(Some(said)));
    }
}

pub(crate) fn codes() -> Vec<Vec<u8>> {
    let (hub, secret) = (DeviceKey([3; 32]), Secret([4; 16]));
    let addresses = vec!["192.0.2.1:7780".to_owned(), "hub.example:7780".to_owned()];
    let code = HubCode {
        hub,
        incarnation: Incarnation::from_number(1),
        secret,
        addresses: addresses.clone(),
    };
    let invite = Invite {
        organisation: hub,
        host: hub,
        secret,
        expires_ms: 5,
        addresses,
    };
    vec![code.to_text().into_bytes(), invite.to_text().into_bytes()]
}

pub(crate) fn code(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Ok(code) = HubCode::from_text(&text) {
        assert_eq!(HubCode::from_text(&code.to_text()), Ok(code));
    }
    if let Ok(invite) = Invite::from_text(&text) {
        assert_eq!(Invite::from_text(&invite.to_text()), Ok(invite));
    }
}

pub(crate) fn frame(bytes: &[u8]) {
    let Ok(runs) = pack::runs(bytes).collect::<Result<Vec<_>, _>>() else {
        return;
    };
    let again: Vec<_> = pack::runs(&pack::frame(&runs)).map(Result::unwrap).collect();
    assert_eq!(again, runs);
    for run in runs {
        let _ = run.last();
        let _ = run.unpack(barrow_log::stream::OpHash::NONE);
    }
}

pub(crate) fn squeezed() -> Vec<Vec<u8>> {
    let mut squeezer = Squeezer::default();
    let frames = [vec![7; 300], (0..=255).collect(), vec![0; 4 * FRAME_MAX]];
    frames
        .iter()
        .map(|frame| squeezer.squeeze(frame).unwrap().1)
        .collect()
}

pub(crate) fn open(bytes: &[u8]) {
    let mut opener = Opener::default();
    // Frames follow each other in one stream; the first byte says where the second begins.
    let at = usize::from(bytes.first().copied().unwrap_or_default()).min(bytes.len());
    for (fresh, frame) in [(true, bytes), (true, &bytes[..at]), (false, &bytes[at..])] {
        if let Ok(opened) = opener.open(fresh, frame) {
            assert!(opened.len() <= FRAME_MAX);
        }
    }
}

struct Scene {
    peer: Device,
    victim: Device,
    /// What the peer says in an honest session, one message after the other.
    said: Vec<Vec<u8>>,
}

thread_local! {
    static SCENE: RefCell<Scene> = RefCell::new(scene());
}

/// Two tills of a shop; each sold, and the other does not know it yet.
fn scene() -> Scene {
    let mut shop = Shop::founded(7);
    let (mut peer, mut victim) = (shop.device(1), shop.device(2));
    shop.tell(&mut peer);
    for number in 0..20 {
        peer.write(StreamKind::Book, &[&[number; 30], b"more"]);
        victim.write(StreamKind::Book, &[&[number; 20]]);
    }
    peer.write(StreamKind::Shop, &[b"bread"]);
    let before = victim.log.clone();
    let mut line = Line::start(&mut peer, &mut victim);
    let mut said: Vec<Vec<u8>> = Vec::new();
    while let Some(end) = (0..2).find(|end| !line.ways[*end].is_empty()) {
        let bytes = line.ways[end].pop_front().unwrap();
        let device = if end == 0 { &mut victim } else { &mut peer };
        let outputs = line.ends[1 - end].receive(&bytes, &device.log, 0).unwrap();
        line.carry_out(1 - end, outputs, device);
        if end == 0 {
            said.push(bytes);
        }
    }
    victim.log = before;
    Scene { peer, victim, said }
}

/// Returns a session as one side says it: a CBOR list of messages.
pub(crate) fn sessions() -> Vec<Vec<u8>> {
    let list = |said: &[Vec<u8>]| {
        let mut bytes = crate::cbor::head(4, said.len() as u64);
        said.iter().for_each(|message| bytes.extend_from_slice(message));
        bytes
    };
    let said = scene().said;
    let mut seeds: Vec<Vec<u8>> = (1..=said.len()).map(|count| list(&said[..count])).collect();
    // Every message that there is, after an honest beginning.
    let examples = crate::seeds::protocol();
    let is_message = |bytes: &&Vec<u8>| matches!(Message::from_bytes(bytes), Ok((_, Some(_))));
    for example in examples.iter().filter(is_message) {
        seeds.push(list(&[&said[..], std::slice::from_ref(example)].concat()));
    }
    seeds
}

/// Lets a session hear a list of messages, each under the number that is its turn.
pub(crate) fn session(bytes: &[u8]) {
    SCENE.with_borrow(|scene| {
        let mut log = scene.victim.log.clone();
        let mut session = Session::new(scene.victim.me.clone(), Some(scene.peer.me.device));
        let mut outputs = session.start(&log, 0).unwrap();
        for (number, piece) in (0..).zip(pieces(bytes)) {
            let renumbered = match Message::from_bytes(piece) {
                Ok((_, Some(message))) => message.to_bytes(number),
                _ => piece.to_vec(),
            };
            outputs.extend(session.receive(&renumbered, &log, 0).unwrap());
            let mut streams = Vec::new();
            for output in outputs.drain(..) {
                match output {
                    Output::Store(arrived) => {
                        log.store(arrived.stream.id(), &arrived.range);
                        streams.push(arrived.stream.id());
                    }
                    Output::StoreBranch(arrived) => log.store_branch(arrived.stream.id(), &arrived.range),
                    _ => {}
                }
            }
            outputs.extend(session.stored(&streams, &log, 0).unwrap());
            outputs.extend(session.poll(0));
        }
    });
}

/// Cuts a list into its items; what is no list is one piece.
fn pieces(bytes: &[u8]) -> Vec<&[u8]> {
    let items = crate::cbor::items(bytes);
    let Some(list) = items.first().filter(|item| item.major == 4) else {
        return vec![bytes];
    };
    let (mut at, mut pieces) = (list.head, Vec::new());
    while let Some(item) = items
        .binary_search_by_key(&at, |item| item.at)
        .ok()
        .map(|found| &items[found])
        .filter(|item| item.end > at)
    {
        pieces.push(&bytes[at..item.end]);
        at = item.end;
    }
    pieces
}

pub(crate) fn certificates() -> Vec<Vec<u8>> {
    let key = barrow_log::key::DeviceSecret::from_seed([1; 32]);
    vec![
        certificate_of(&key),
        include_bytes!("../../../core/link/tests/fixtures/p256.der").to_vec(),
    ]
}

pub(crate) fn certificate(bytes: &[u8]) {
    let _ = key_of_certificate(bytes);
}

/// Returns frames as a dialling side sends them: masked, some in pieces.
pub(crate) fn sockets() -> Vec<Vec<u8>> {
    vec![
        vec![0x82, 0x83, 0, 0, 0, 0, 1, 2, 3, 0x89, 0x80, 0, 0, 0, 0],
        vec![0x02, 0x82, 9, 9, 9, 9, 1, 2, 0x80, 0x81, 1, 1, 1, 1, 7],
        vec![0x82, 0xfe, 1, 0, 0, 0, 0, 0, 0],
        vec![0x82, 0xff, 0, 0, 0, 0, 0, 0x80, 0, 0, 1, 2, 3, 4],
        vec![0x88, 0x82, 0, 0, 0, 0, 3, 0xe8],
    ]
}

pub(crate) fn socket(bytes: &[u8]) {
    // Messages that come in pieces are put together, up to the largest.
    let _ = bytes_of_messages(bytes);
}

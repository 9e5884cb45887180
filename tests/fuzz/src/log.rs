//! What `barrow-log` reads: headers, ranges, policy, vectors, recovery sheets.

use barrow_log::author::{Author, OpDraft};
use barrow_log::body::Body;
use barrow_log::clock::Hlc;
use barrow_log::header::Header;
use barrow_log::id::{Incarnation, OrganisationId};
use barrow_log::key::{DeviceSecret, OrganisationKey};
use barrow_log::op::SignedRange;
use barrow_log::policy::{Certificate, Policy, decode_events, encode_events};
use barrow_log::stream::{DeviceKey, Stream, StreamId, StreamKind, Vector};
use barrow_log::verify::ChainCheck;
use minicbor::{Decode, Encode};

/// Reads a value; what was read is written and read again, and must be the same.
fn again<T>(bytes: &[u8]) -> Option<T>
where
    T: for<'b> Decode<'b, ()> + Encode<()> + PartialEq + std::fmt::Debug,
{
    let read: T = minicbor::decode(bytes).ok()?;
    let written = minicbor::to_vec(&read).unwrap();
    assert_eq!(minicbor::decode::<T>(&written).unwrap(), read);
    Some(read)
}

pub(crate) fn header(bytes: &[u8]) {
    if let Ok(header) = Header::from_bytes(bytes) {
        assert_eq!(header.to_bytes(), bytes, "one header, one string");
    }
}

fn author() -> (Author, DeviceSecret) {
    let secret = DeviceSecret::from_seed([3; 32]);
    let stream = Stream {
        organisation: OrganisationId::from_number(1),
        device: secret.public(),
        incarnation: Incarnation::from_number(1),
        kind: StreamKind::Book,
    };
    (Author::new(stream), secret)
}

pub(crate) fn ranges() -> Vec<Vec<u8>> {
    let (mut author, secret) = author();
    let mut draft = |height| {
        let op = author.next(OpDraft {
            kind: 3,
            kind_version: 1,
            hlc: Hlc::new(5, 0),
            wall_ms: 5,
            height,
            policy_version: 1,
            deps: Vec::new(),
            body: Body::plain(b"loaf"),
        });
        op.unwrap()
    };
    let ops = vec![draft(1), draft(2), draft(3)];
    let signature = author.seal(&secret).unwrap();
    vec![minicbor::to_vec(SignedRange { ops, signature }).unwrap()]
}

pub(crate) fn range(bytes: &[u8]) {
    let Some(range) = again::<SignedRange>(bytes) else {
        return;
    };
    let (author, secret) = author();
    let mut check = ChainCheck::new(author.id(), secret.public());
    if let Ok(headers) = check.range(&range) {
        assert_eq!(check.vouched(), headers.last().unwrap().seq);
    }
}

pub(crate) fn policy(bytes: &[u8]) {
    let Ok(events) = decode_events(bytes) else { return };
    assert_eq!(decode_events(&encode_events(&events)).as_ref(), Ok(&events));
    let mut policy = Policy::default();
    for (seq, event) in (1..).zip(&events) {
        let _ = policy.check(event);
        policy.apply(seq, event);
    }
    let next = policy.next_series();
    assert!(!policy.series_taken(&next));
    let _ = policy.streams(OrganisationId::from_number(1)).count();
}

pub(crate) fn certificates() -> Vec<Vec<u8>> {
    let certificate = Certificate {
        device: DeviceKey([1; 32]),
        incarnation: Incarnation::from_number(1),
        name: "Van".into(),
        capabilities: barrow_log::policy::Capability::ALL.into(),
        location: None,
        series: "A".into(),
        issued_ms: 5,
        expires_ms: Some(9),
    };
    vec![minicbor::to_vec(certificate).unwrap()]
}

pub(crate) fn certificate(bytes: &[u8]) {
    if let Some(certificate) = again::<Certificate>(bytes) {
        let _ = certificate.expired(i64::MAX);
    }
}

pub(crate) fn vectors() -> Vec<Vec<u8>> {
    let head = barrow_log::stream::Head {
        seq: 7,
        hash: barrow_log::stream::OpHash([4; 32]),
    };
    let vector = |count| Vector((0..count).map(|id| (StreamId([id; 16]), head)).collect());
    [0, 3, 40]
        .map(|count| minicbor::to_vec(vector(count)).unwrap())
        .into()
}

pub(crate) fn vector(bytes: &[u8]) {
    if let Some(vector) = again::<Vector>(bytes) {
        assert_eq!(minicbor::decode::<Vector>(bytes).unwrap().hash(), vector.hash());
    }
    let _ = again::<Stream>(bytes);
}

pub(crate) fn sheets() -> Vec<Vec<u8>> {
    let key = OrganisationKey::from_seed([8; 32]);
    let words = key.words();
    let numbered: Vec<String> = (1..)
        .zip(&words)
        .map(|(i, word)| format!("{i}. {word}"))
        .collect();
    vec![
        key.recovery_text().as_bytes().to_vec(),
        words.join(" ").into_bytes(),
        numbered.join("\n").into_bytes(),
    ]
}

pub(crate) fn recovery(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    if let Ok(key) = OrganisationKey::from_words(text) {
        let again = OrganisationKey::from_words(&key.words().join(" ")).unwrap();
        assert_eq!(again.public(), key.public());
    }
    if let Ok(key) = OrganisationKey::from_recovery_text(text) {
        assert!(text.trim().eq_ignore_ascii_case(&key.recovery_text()));
    }
    let _ = text.parse::<DeviceKey>();
}

//! Test vectors: fixed seeds in, bytes out, so that another language can speak the log.
//!
//! `vectors.json` is compared with what this crate makes; `BARROW_WRITE_VECTORS=1` writes it anew. A second
//! test goes through the file with nothing but BLAKE3 and Ed25519, as a reader in another language would.

// All of this file is a test, its helpers too.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::path::PathBuf;

use barrow_log::author::{Author, OpDraft};
use barrow_log::body::Body;
use barrow_log::clock::Hlc;
use barrow_log::header::Header;
use barrow_log::id::{Incarnation, OrganisationId};
use barrow_log::key::{DeviceSecret, OrganisationKey, Purpose};
use barrow_log::op::{Op, SignedRange};
use barrow_log::policy::{Capability, Certificate, PolicyEvent, decode_events, encode_events};
use barrow_log::stream::{Dep, DeviceKey, Signature, Stream, StreamKind, Vector};
use barrow_log::verify::ChainCheck;
use serde_json::{Value, json};

const ORGANISATION_SEED: [u8; 32] = [0x11; 32];
const DEVICE_SEED: [u8; 32] = [0x22; 32];
const NOW_MS: i64 = 1_750_000_000_000;

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(value: &Value) -> Vec<u8> {
    let text = value.as_str().unwrap();
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap())
        .collect()
}

fn organisation() -> OrganisationKey {
    OrganisationKey::from_seed(ORGANISATION_SEED)
}

fn device() -> DeviceSecret {
    DeviceSecret::from_seed(DEVICE_SEED)
}

fn incarnation() -> Incarnation {
    Incarnation::from_bytes(std::array::from_fn(|i| i as u8))
}

fn events() -> Vec<PolicyEvent> {
    let certificate = Certificate {
        device: device().public(),
        incarnation: incarnation(),
        name: "Till 1".to_owned(),
        capabilities: BTreeSet::from([Capability::Sell, Capability::Refund, Capability::Other(900)]),
        location: None,
        series: "A".to_owned(),
        issued_ms: NOW_MS,
        expires_ms: Some(NOW_MS + 1),
    };
    vec![
        PolicyEvent::OrganisationCreated {
            name: "Loaf".to_owned(),
            country: "DK".to_owned(),
            at: NOW_MS,
        },
        PolicyEvent::DeviceCertified { certificate },
        PolicyEvent::Unknown {
            code: 900,
            fields: vec![0x81, 0x07],
        },
    ]
}

fn draft(kind: u16, height: u64, body: Body) -> OpDraft {
    let hlc = Hlc::new(NOW_MS, height as u16);
    OpDraft {
        kind,
        kind_version: 1,
        hlc,
        wall_ms: NOW_MS,
        height,
        policy_version: 0,
        deps: Vec::new(),
        body,
    }
}

/// Makes one range of the policy stream and one of the device's book.
fn ranges() -> [(Stream, SignedRange); 2] {
    let policy = Stream::policy(organisation().public());
    let mut author = Author::new(policy);
    let first = author
        .next(draft(1, 1, Body::plain(encode_events(&events()))))
        .unwrap();
    let signature = author.seal(organisation().writer()).unwrap();
    let (policy_head, policy_ops) = (author.head().unwrap(), vec![first]);

    let organisation = policy.organisation;
    let kind = StreamKind::Book;
    let book = Stream {
        organisation,
        device: device().public(),
        incarnation: incarnation(),
        kind,
    };
    let mut author = Author::new(book);
    let plain = author.next(draft(3, 2, Body::plain(b"two loaves"))).unwrap();
    let erasable = OpDraft {
        policy_version: 1,
        deps: vec![Dep::new(policy.id(), policy_head)],
        wall_ms: -1,
        ..draft(65_535, 1 << 40, Body::erasable([0x33; 16], b"Ada"))
    };
    let erasable = author.next(erasable).unwrap();
    let book_signature = author.seal(&device()).unwrap();
    [
        (
            policy,
            SignedRange {
                ops: policy_ops,
                signature,
            },
        ),
        (
            book,
            SignedRange {
                ops: vec![plain, erasable],
                signature: book_signature,
            },
        ),
    ]
}

fn op_json(op: &Op) -> Value {
    let header: Header = op.parsed().unwrap();
    json!({
        "fields": header,
        "header": hex(&op.header),
        "hash": op.hash(),
        "body": hex(op.body.as_deref().unwrap()),
    })
}

fn made() -> Value {
    let ranges = ranges();
    let mut vector = Vector::default();
    for (stream, range) in &ranges {
        vector.advance(stream.id(), range.ops.last().unwrap().parsed().unwrap().head());
    }
    let streams: Vec<Value> = ranges
        .iter()
        .map(|(stream, range)| {
            json!({
                "stream": stream,
                "stream_code": stream.kind.code(),
                "canonical": hex(&stream.to_bytes()),
                "id": stream.id(),
                "ops": range.ops.iter().map(op_json).collect::<Vec<_>>(),
                "signature": range.signature,
                "range": hex(&minicbor::to_vec(range).unwrap()),
            })
        })
        .collect();
    json!({
        "about": "BLAKE3 over a domain and bytes; Ed25519 over a domain and bytes. Domains are ASCII and end \
                  in one zero byte. Everything else is hexadecimal; ids are UUIDs.",
        "domains": {
            "stream": "barrow/1/stream\0",
            "organisation": "barrow/1/organisation\0",
            "header": "barrow/1/header\0",
            "body": "barrow/1/body\0",
            "vector": "barrow/1/vector\0",
            "recovery": "barrow/1/recovery\0",
            "sign_op": "barrow/1/sign-op\0",
        },
        "organisation": {
            "seed": hex(&ORGANISATION_SEED),
            "public": organisation().public(),
            "id": organisation().organisation(),
            "words": organisation().words().join(" "),
            "recovery_text": *organisation().recovery_text(),
        },
        "device": { "seed": hex(&DEVICE_SEED), "public": device().public() },
        "session_signature": device().sign(Purpose::Session, b"hello"),
        "policy_events": events(),
        "policy_content": hex(&encode_events(&events())),
        "streams": streams,
        "vector": { "heads": vector, "canonical": hex(&minicbor::to_vec(&vector).unwrap()),
                    "hash": hex(&vector.hash()) },
    })
}

fn path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/vectors.json")
}

fn stored() -> Value {
    serde_json::from_str(&std::fs::read_to_string(path()).unwrap()).unwrap()
}

#[test]
fn this_crate_makes_the_stored_vectors() {
    let made = made();
    if std::env::var_os("BARROW_WRITE_VECTORS").is_some() {
        std::fs::write(path(), serde_json::to_string_pretty(&made).unwrap() + "\n").unwrap();
    }
    assert_eq!(made, stored());
}

fn blake3_of(domain: &Value, bytes: &[u8]) -> [u8; 32] {
    *blake3::hash(&[domain.as_str().unwrap().as_bytes(), bytes].concat()).as_bytes()
}

#[test]
fn the_stored_vectors_hold_by_blake3_and_ed25519_alone() {
    let stored = stored();
    let domains = &stored["domains"];
    let public = unhex(&stored["organisation"]["public"]);
    let id: OrganisationId = serde_json::from_value(stored["organisation"]["id"].clone()).unwrap();
    assert_eq!(
        blake3_of(&domains["organisation"], &public)[..16],
        id.as_bytes()[..]
    );
    for stream in stored["streams"].as_array().unwrap() {
        assert_eq!(
            blake3_of(&domains["stream"], &unhex(&stream["canonical"]))[..16],
            unhex(&stream["id"])
        );
        let mut last = Vec::new();
        for op in stream["ops"].as_array().unwrap() {
            let header = unhex(&op["header"]);
            let body_hash = blake3_of(&domains["body"], &unhex(&op["body"]));
            assert!(header.ends_with(&body_hash));
            last = blake3_of(&domains["header"], &header).to_vec();
            assert_eq!(last, unhex(&op["hash"]));
        }
        let message = [domains["sign_op"].as_str().unwrap().as_bytes(), &last].concat();
        let key: [u8; 32] = unhex(&stream["stream"]["device"]).try_into().unwrap();
        let signature: [u8; 64] = unhex(&stream["signature"]).try_into().unwrap();
        let key = ed25519_dalek::VerifyingKey::from_bytes(&key).unwrap();
        key.verify_strict(&message, &ed25519_dalek::Signature::from_bytes(&signature))
            .unwrap();
    }
    let vector = &stored["vector"];
    assert_eq!(
        blake3_of(&domains["vector"], &unhex(&vector["canonical"])).to_vec(),
        unhex(&vector["hash"])
    );
}

#[test]
fn the_stored_vectors_are_read_by_this_crate() {
    let stored = stored();
    for stream in stored["streams"].as_array().unwrap() {
        let described: Stream = serde_json::from_value(stream["stream"].clone()).unwrap();
        let range: SignedRange = minicbor::decode(&unhex(&stream["range"])).unwrap();
        let signature: Signature = serde_json::from_value(stream["signature"].clone()).unwrap();
        assert_eq!(range.signature, signature);
        let headers = ChainCheck::new(described.id(), described.device)
            .range(&range)
            .unwrap();
        for (header, op) in headers.iter().zip(stream["ops"].as_array().unwrap()) {
            assert_eq!(*header, serde_json::from_value(op["fields"].clone()).unwrap());
        }
    }
    assert_eq!(
        decode_events(&unhex(&stored["policy_content"])).unwrap(),
        events()
    );
    let words = stored["organisation"]["words"].as_str().unwrap();
    let public: DeviceKey = serde_json::from_value(stored["organisation"]["public"].clone()).unwrap();
    assert_eq!(OrganisationKey::from_words(words).unwrap().public(), public);
}

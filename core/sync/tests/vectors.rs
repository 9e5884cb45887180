//! The examples of docs/protocol.md as bytes: what another language must make and read.
//!
//! `BARROW_WRITE_VECTORS=1 cargo test -p barrow-sync --test vectors` writes them anew.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use barrow_log::author::{Author, OpDraft};
use barrow_log::body::Body;
use barrow_log::clock::Hlc;
use barrow_log::id::{Incarnation, OrganisationId};
use barrow_log::key::{DeviceSecret, OrganisationKey};
use barrow_log::op::SignedRange;
use barrow_log::stream::{DeviceKey, Head, OpHash, Stream, StreamId, StreamKind, Vector};
use barrow_sync::enrol::{Enrolment, HubCode, Invite, Secret};
use barrow_sync::message::{HalfHash, Have, Held, Hello, Message, Wanted};
use barrow_sync::pack::{self, Run};
use serde_json::{Value, json};
use std::path::PathBuf;

fn file() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/protocol/vectors.json")
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Vec<u8> {
    let byte = |i| u8::from_str_radix(&text[i..i + 2], 16).unwrap();
    (0..text.len()).step_by(2).map(byte).collect()
}

/// Three ops of one device, the last one signed; the second is erasable, the third's body is withheld.
fn range() -> (Stream, SignedRange) {
    let organisation = OrganisationKey::from_seed([1; 32]);
    let secret = DeviceSecret::from_seed([2; 32]);
    let stream = Stream {
        organisation: organisation.organisation(),
        device: secret.public(),
        incarnation: Incarnation::from_number(3),
        kind: StreamKind::Book,
    };
    let mut author = Author::new(stream);
    let bodies = [
        Body::plain(b"bread"),
        Body::erasable([4; 16], b"a name"),
        Body::plain(b"withheld"),
    ];
    let mut ops = Vec::new();
    for (number, body) in (1_u64..).zip(bodies) {
        let draft = OpDraft {
            kind: 3,
            kind_version: 1,
            hlc: Hlc::new(1_750_000_000_000 + number as i64, 7),
            // The clock was set back between the ops: a difference below zero.
            wall_ms: 1_750_000_000_000 - number as i64 * 1_000,
            height: number * 10,
            policy_version: 2,
            deps: Vec::new(),
            body,
        };
        ops.push(author.next(draft).unwrap());
    }
    ops[2].body = None;
    let signature = author.seal(&secret).unwrap();
    (stream, SignedRange { ops, signature })
}

fn messages() -> Vec<Message> {
    let stream = StreamId([7; 16]);
    let held = Held {
        stream,
        seq: 1_000,
        hash: HalfHash([9; 16]),
    };
    let mut buckets = [0; 32];
    buckets[0] = 0x80;
    vec![
        Message::Hello(Hello {
            oldest: 1,
            newest: 1,
            features: 0,
            organisation: OrganisationId::from_number(1),
            device: DeviceKey([2; 32]),
            incarnation: Incarnation::from_number(3),
            policy: Some(Head {
                seq: 4,
                hash: OpHash([5; 32]),
            }),
            vector: [6; 32],
            epoch: [0; 16],
        }),
        Message::Have {
            have: Have::Whole(vec![held]),
        },
        Message::Have {
            have: Have::Buckets((0..256).collect()),
        },
        Message::Have {
            have: Have::Part {
                buckets,
                held: vec![held],
            },
        },
        Message::Have {
            have: Have::News(vec![Held::nothing(stream)]),
        },
        Message::Want {
            wanted: vec![Wanted {
                stream,
                from: 1,
                to: 64,
            }],
        },
        Message::Ops {
            last: true,
            fresh: true,
            bytes: vec![1, 2, 3],
        },
        Message::Fork {
            stream,
            ladder: vec![(9, HalfHash([1; 16])), (8, HalfHash([2; 16]))],
        },
        Message::Ping,
        Message::Pong,
        Message::Bye {
            reason: "This device belongs to another organisation.".into(),
        },
    ]
}

/// A hub's code, an invitation and what is said about both.
fn enrolment() -> Value {
    let organisation = OrganisationKey::from_seed([1; 32]).public();
    let [hub, device] = [[5; 32], [2; 32]].map(|seed| DeviceSecret::from_seed(seed).public());
    let incarnation = Incarnation::from_number(3);
    let code = HubCode {
        hub,
        incarnation,
        secret: Secret([6; 16]),
        addresses: vec!["192.168.1.4:7117".into()],
    };
    let invite = Invite {
        organisation,
        host: hub,
        secret: Secret([7; 16]),
        expires_ms: 1_750_000_000_000,
        addresses: vec!["192.168.1.4:7117".into(), "hub.example:7117".into()],
    };
    let request = invite.request(&device, incarnation, "Till 2");
    let admit = Enrolment::Admit {
        organisation,
        secret: code.secret,
    };
    let waits = Enrolment::Await {
        organisation: request.organisation,
        tag: invite.tag(),
    };
    let asks = Enrolment::Asks {
        device,
        request: request.clone(),
    };
    json!({
        "hub_code": code.to_text(),
        "invite": invite.to_text(),
        "device": device,
        "mark": hex(&invite.tag()),
        "digits": invite.digits(&device),
        "admit": hex(&admit.to_bytes()),
        "welcome": hex(&Enrolment::Welcome.to_bytes()),
        "join": hex(&Enrolment::Join(request).to_bytes()),
        "await": hex(&waits.to_bytes()),
        "asks": hex(&asks.to_bytes()),
    })
}

fn vectors() -> Value {
    let (stream, range) = range();
    let ops: Vec<Value> = range
        .ops
        .iter()
        .map(|op| {
            json!({
                "header": hex(&op.header),
                "body": op.body.as_deref().map(hex),
                "hash": op.hash(),
            })
        })
        .collect();
    let run = Run::pack(&range).unwrap();
    let mut vector = Vector::default();
    vector.advance(stream.id(), range.ops[2].parsed().unwrap().head());
    let messages: Vec<Value> = (0..)
        .zip(messages())
        .map(|(number, message)| {
            json!({ "number": number, "message": message, "bytes": hex(&message.to_bytes(number)) })
        })
        .collect();
    json!({
        "organisation": { "seed": hex(&[1; 32]), "id": stream.organisation },
        "device": { "seed": hex(&[2; 32]), "key": stream.device },
        "stream": { "bytes": hex(&stream.to_bytes()), "id": stream.id() },
        "ops": ops,
        "signature_of_last": range.signature,
        "frame_before_compression": hex(&pack::frame(std::slice::from_ref(&run))),
        "vector_hash": hex(&vector.hash()),
        "messages": messages,
        "enrolment": enrolment(),
    })
}

#[test]
fn the_examples_are_what_this_program_writes_and_reads() {
    let now = format!("{:#}\n", vectors());
    if std::env::var_os("BARROW_WRITE_VECTORS").is_some() {
        std::fs::write(file(), &now).unwrap();
    }
    let kept = std::fs::read_to_string(file()).unwrap();
    assert_eq!(now, kept, "docs/protocol/vectors.json says something else");
    let kept: Value = serde_json::from_str(&kept).unwrap();
    let messages = kept["messages"].as_array().unwrap();
    assert_eq!(messages.len(), 11);
    for example in messages {
        let (number, message) = Message::from_bytes(&unhex(example["bytes"].as_str().unwrap())).unwrap();
        assert_eq!(number, example["number"].as_u64().unwrap());
        assert_eq!(
            serde_json::to_value(message.unwrap()).unwrap(),
            example["message"]
        );
    }
}

#[test]
fn a_packed_run_unpacks_to_the_same_ops() {
    let (_, range) = range();
    let frame = pack::frame(&[Run::pack(&range).unwrap()]);
    let plain: usize = range.ops.iter().map(|op| op.header.len()).sum();
    let runs: Vec<_> = pack::runs(&frame).collect::<Result<_, _>>().unwrap();
    assert_eq!(runs.len(), 1);
    assert_eq!(runs[0].last(), 3);
    assert_eq!(runs[0].clone().unpack(OpHash::NONE).unwrap(), range);
    assert!(
        frame.len() < plain,
        "{} bytes for {plain} bytes of headers",
        frame.len()
    );
    for length in 0..frame.len() {
        assert!(
            pack::runs(&frame[..length]).any(|run| run.is_err()),
            "cut at {length}"
        );
    }
}

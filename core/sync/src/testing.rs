//! A shop and its devices with logs in memory, for tests of what passes between two sessions.

use crate::interest::Interest;
use crate::memory::Memory;
use crate::session::{Ending, Me, Output, Session};
use barrow_log::author::{Author, OpDraft};
use barrow_log::body::Body;
use barrow_log::clock::Hlc;
use barrow_log::id::Incarnation;
use barrow_log::key::{DeviceSecret, OrganisationKey};
use barrow_log::op::SignedRange;
use barrow_log::policy::{Capability, Certificate, PolicyEvent, encode_events};
use barrow_log::stream::{Stream, StreamId, StreamKind};
use std::collections::{BTreeMap, VecDeque};

/// An organisation whose key writes policy.
pub struct Shop {
    /// Holds its key.
    pub key: OrganisationKey,
    author: Author,
    ranges: Vec<SignedRange>,
}

impl Shop {
    /// Founds a shop whose key comes from a seed.
    pub fn founded(seed: u8) -> Self {
        let key = OrganisationKey::from_seed([seed; 32]);
        let author = Author::new(Stream::policy(key.public()));
        let mut shop = Self {
            key,
            author,
            ranges: Vec::new(),
        };
        shop.write(&[PolicyEvent::OrganisationCreated {
            name: "Loaf".into(),
            country: "DK".into(),
            at: 0,
        }]);
        shop
    }

    /// Writes policy as one op.
    pub fn write(&mut self, events: &[PolicyEvent]) {
        let version = self.author.head().map_or(0, |head| head.seq);
        let op = self
            .author
            .next(draft(1, version + 1, version, encode_events(events)));
        let signature = self.author.seal(self.key.writer()).expect("a signature");
        self.ranges.push(SignedRange {
            ops: vec![op.expect("an op")],
            signature,
        });
    }

    /// Names the stream of policy.
    pub fn policy_stream(&self) -> StreamId {
        self.author.id()
    }

    /// Certifies a device and returns it, holding the whole policy.
    pub fn device(&mut self, number: u8) -> Device {
        let secret = DeviceSecret::from_seed([number; 32]);
        let certificate = Certificate {
            device: secret.public(),
            incarnation: Incarnation::from_number(1),
            name: format!("Till {number}"),
            capabilities: [Capability::Sell].into(),
            location: None,
            series: format!("S{number}"),
            issued_ms: 0,
            expires_ms: None,
        };
        self.write(&[PolicyEvent::DeviceCertified { certificate }]);
        let mut device = Device::new(self, secret);
        self.tell(&mut device);
        device
    }

    /// Brings a device's policy up to date by another way than a session.
    pub fn tell(&self, device: &mut Device) {
        for range in &self.ranges {
            device.log.store(self.policy_stream(), range);
        }
    }
}

/// Drafts an op at a height.
pub fn draft(kind: u16, height: u64, policy_version: u64, content: Vec<u8>) -> OpDraft {
    OpDraft {
        kind,
        kind_version: 1,
        hlc: Hlc::new(height as i64, 0),
        wall_ms: height as i64 * 1000,
        height,
        policy_version,
        deps: Vec::new(),
        body: Body::plain(content),
    }
}

/// A device: its log and its streams.
pub struct Device {
    /// Holds its key.
    pub secret: DeviceSecret,
    /// Tells who it is.
    pub me: Me,
    /// Holds its ops.
    pub log: Memory,
    /// Holds the writers of its streams.
    pub authors: BTreeMap<StreamKind, Author>,
}

impl Device {
    /// Makes a device that holds nothing.
    pub fn new(shop: &Shop, secret: DeviceSecret) -> Self {
        let me = Me {
            organisation: shop.key.public(),
            device: secret.public(),
            incarnation: Incarnation::from_number(1),
            features: 0,
            epoch: [0; 16],
            interest: Interest::All,
        };
        let stream = |kind| Stream {
            organisation: shop.key.organisation(),
            device: secret.public(),
            incarnation: me.incarnation,
            kind,
        };
        let kinds = [StreamKind::Shop, StreamKind::Book, StreamKind::Floor];
        Self {
            authors: kinds.map(|kind| (kind, Author::new(stream(kind)))).into(),
            log: Memory::new(shop.key.public()),
            me,
            secret,
        }
    }

    /// Names one of its streams.
    pub fn stream(&self, kind: StreamKind) -> StreamId {
        self.authors[&kind].id()
    }

    /// Writes ops into one stream as one commit.
    pub fn write(&mut self, kind: StreamKind, bodies: &[&[u8]]) -> SignedRange {
        let author = self.authors.get_mut(&kind).expect("a stream");
        let mut ops = Vec::new();
        for body in bodies {
            let height = author.tip().map_or(0, |tip| tip.height) + 1;
            ops.push(
                author
                    .next(draft(kind.code(), height, 1, body.to_vec()))
                    .expect("an op"),
            );
        }
        let signature = author.seal(&self.secret).expect("a signature");
        let range = SignedRange { ops, signature };
        self.log.store(author.id(), &range);
        range
    }
}

/// A session at each end, and what is on the way.
pub struct Line {
    /// Holds the sessions.
    pub ends: [Session; 2],
    /// Holds what each end sent and the other did not hear yet.
    pub ways: [VecDeque<Vec<u8>>; 2],
    /// Lists what each session came to.
    pub said: [Vec<Output>; 2],
    /// Counts the bytes sent.
    pub bytes: usize,
    /// Gives the time in milliseconds.
    pub now_ms: i64,
}

impl Line {
    /// Prepares both ends; neither has greeted.
    pub fn new(a: &Device, b: &Device) -> Self {
        let session = |me: &Device, peer: &Device| Session::new(me.me.clone(), Some(peer.me.device));
        Self {
            ends: [session(a, b), session(b, a)],
            ways: Default::default(),
            said: Default::default(),
            bytes: 0,
            now_ms: 0,
        }
    }

    /// Lets both ends greet.
    pub fn start(a: &mut Device, b: &mut Device) -> Self {
        let mut line = Self::new(a, b);
        for (end, device) in [&mut *a, &mut *b].into_iter().enumerate() {
            let outputs = line.ends[end].start(&device.log, 0).expect("a log in memory");
            line.carry_out(end, outputs, device);
        }
        line
    }

    /// Does what the session of an end asks for.
    pub fn carry_out(&mut self, end: usize, outputs: Vec<Output>, device: &mut Device) {
        // What a session says later is sent later: the order is that of its numbers.
        let mut outputs = VecDeque::from(outputs);
        while let Some(output) = outputs.pop_front() {
            match &output {
                Output::Send(bytes) => {
                    self.bytes += bytes.len();
                    self.ways[end].push_back(bytes.clone());
                    continue;
                }
                Output::Store(arrived) => {
                    let stream = arrived.stream.id();
                    device.log.store(stream, &arrived.range);
                    let more = self.ends[end]
                        .stored(&[stream], &device.log, self.now_ms)
                        .expect("a log in memory");
                    outputs.extend(more);
                }
                Output::StoreBranch(arrived) => {
                    device.log.store_branch(arrived.stream.id(), &arrived.range);
                }
                _ => {}
            }
            self.said[end].push(output);
        }
    }

    /// Delivers everything until nothing is on the way.
    ///
    /// # Panics
    /// When the two talk for ever.
    pub fn run(&mut self, a: &mut Device, b: &mut Device) {
        for _ in 0..100_000 {
            let Some(end) = (0..2).find(|end| !self.ways[*end].is_empty()) else {
                return;
            };
            let bytes = self.ways[end].pop_front().expect("a message");
            let device = if end == 0 { &mut *b } else { &mut *a };
            let outputs = self.ends[1 - end]
                .receive(&bytes, &device.log, self.now_ms)
                .expect("a log in memory");
            self.carry_out(1 - end, outputs, device);
        }
        panic!("two sessions talk for ever");
    }

    /// Tells the session of an end that streams of its device grew.
    pub fn changed(&mut self, end: usize, streams: &[StreamId], device: &mut Device) {
        let outputs = self.ends[end]
            .changed(streams, &device.log, self.now_ms)
            .expect("a log in memory");
        self.carry_out(end, outputs, device);
    }

    /// Tells how the session of an end ended, if it did.
    pub fn ending(&self, end: usize) -> Option<&Ending> {
        self.said[end].iter().find_map(|output| match output {
            Output::Ended(ending) => Some(ending),
            _ => None,
        })
    }

    /// Tells up to where the peer of an end last said that it holds a stream.
    pub fn held_by_peer(&self, end: usize, stream: StreamId) -> Option<u64> {
        self.said[end].iter().rev().find_map(|output| match output {
            Output::Holds(held) if held.stream == stream => Some(held.seq),
            _ => None,
        })
    }
}

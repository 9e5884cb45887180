//! Whoever comes with bad intent: each kind of attack by name. It ends in a sentence or changes nothing, takes bounded
//! memory, and the device that it met goes on writing and meeting others.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use barrow_log::author::{Author, OpDraft};
use barrow_log::body::Body;
use barrow_log::id::Incarnation;
use barrow_log::key::DeviceSecret;
use barrow_log::op::{Op, RANGE_BYTES_MAX, SignedRange};
use barrow_log::policy::PolicyEvent;
use barrow_log::stream::{Head, OpHash, OpRef, Signature, Stream, StreamId, StreamKind};
use barrow_sync::log::Log;
use barrow_sync::message::{HalfHash, Have, Held, MESSAGE_MAX, Message, Wanted};
use barrow_sync::pack::{Run, frame};
use barrow_sync::session::{DEAD_MS, Ending, Output, Session};
use barrow_sync::squeeze::{FRAME_MAX, Squeezer};
use barrow_sync::testing::{Device, Line, Shop, draft};

const MIB: usize = 1 << 20;
/// What a session may take while it hears one message of the largest kind: the message, the frame that it opens to, and
/// one run of that.
const HEAP_MAX: usize = 64 * MIB;

/// A device that is attacked, one that attacks with its own key, and an honest one.
struct Scene {
    shop: Shop,
    victim: Device,
    thief: Device,
    honest: Device,
    session: Session,
    squeezer: Squeezer,
    number: u64,
    sent: Vec<Message>,
    sent_bytes: usize,
    ending: Option<Ending>,
    said: Vec<Output>,
    heap: usize,
}

impl Scene {
    fn set() -> Self {
        let mut shop = Shop::founded(7);
        let mut devices = [1, 2, 3].map(|number| shop.device(number));
        devices.iter_mut().for_each(|device| shop.tell(device));
        let [mut victim, thief, honest] = devices;
        victim.write(StreamKind::Book, &[b"a sale", b"another"]);
        let session = Session::new(victim.me.clone(), Some(thief.me.device));
        Self {
            shop,
            victim,
            thief,
            honest,
            session,
            squeezer: Squeezer::default(),
            number: 0,
            sent: Vec::new(),
            sent_bytes: 0,
            ending: None,
            said: Vec::new(),
            heap: 0,
        }
    }

    /// Sets the scene up to where the thief is greeted as one of the shop's.
    fn open() -> Self {
        let mut scene = Self::set();
        scene.greet(|_| {});
        assert!(scene.said.iter().any(|output| matches!(output, Output::Open(_))));
        scene
    }

    /// Greets, with some lies.
    fn greet(&mut self, lie: impl FnOnce(&mut barrow_sync::message::Hello)) {
        let started = self.session.start(&self.victim.log, 0).unwrap();
        self.carry_out(started, 0);
        let mut thief = Session::new(self.thief.me.clone(), Some(self.victim.me.device));
        let greeting = thief.start(&self.thief.log, 0).unwrap();
        let Some(Output::Send(bytes)) = greeting.first() else {
            panic!("no greeting")
        };
        let Ok((_, Some(Message::Hello(mut hello)))) = Message::from_bytes(bytes) else {
            panic!("no greeting")
        };
        lie(&mut hello);
        self.say(&Message::Hello(hello));
    }

    fn say(&mut self, message: &Message) {
        let bytes = message.to_bytes(self.number);
        self.number += 1;
        self.hear(&bytes, 0);
    }

    /// Lets the victim hear bytes at a time.
    fn hear(&mut self, bytes: &[u8], now_ms: i64) {
        let (session, log) = (&mut self.session, &self.victim.log);
        let (outputs, heap) = barrow_heap::peak(|| session.receive(bytes, log, now_ms).unwrap());
        self.heap = self.heap.max(heap);
        self.carry_out(outputs, now_ms);
    }

    fn carry_out(&mut self, outputs: Vec<Output>, now_ms: i64) {
        let mut outputs = std::collections::VecDeque::from(outputs);
        while let Some(output) = outputs.pop_front() {
            match &output {
                Output::Send(bytes) => {
                    self.sent_bytes += bytes.len();
                    self.sent.push(Message::from_bytes(bytes).unwrap().1.unwrap());
                }
                Output::Store(arrived) => {
                    let stream = arrived.stream.id();
                    self.victim.log.store(stream, &arrived.range);
                    let more = self.session.stored(&[stream], &self.victim.log, now_ms).unwrap();
                    outputs.extend(more);
                }
                Output::StoreBranch(arrived) => {
                    self.victim.log.store_branch(arrived.stream.id(), &arrived.range)
                }
                Output::Ended(ending) => self.ending = Some(ending.clone()),
                _ => {}
            }
            self.said.push(output);
        }
    }

    /// Says that a stream goes up to a number, so that the victim asks for it.
    fn offer(&mut self, stream: StreamId, seq: u64) {
        let held = Held {
            stream,
            seq,
            hash: HalfHash([9; 16]),
        };
        self.say(&Message::Have {
            have: Have::News(vec![held]),
        });
        assert!(
            matches!(self.sent.last(), Some(Message::Want { .. })),
            "{:?}",
            self.ending
        );
    }

    fn ops(&mut self, frame: &[u8], last: bool) {
        let (fresh, bytes) = self.squeezer.squeeze(frame).unwrap();
        self.say(&Message::Ops { last, fresh, bytes });
    }

    fn bring(&mut self, range: &SignedRange, last: bool) {
        self.ops(&frame(&[Run::pack(range).unwrap()]), last);
    }

    fn held(&self, stream: StreamId) -> u64 {
        self.victim.log.vector().unwrap().seq(&stream)
    }

    fn thiefs_book(&self) -> StreamId {
        self.thief.stream(StreamKind::Book)
    }

    /// Checks that the session ended because the peer broke the rules, in a sentence with these words.
    fn broke(&self, words: &str) {
        let sentence = self.ending.as_ref().map(Ending::to_string).unwrap_or_default();
        assert!(
            matches!(self.ending, Some(Ending::Broken(_))),
            "{:?}",
            self.ending
        );
        assert!(sentence.contains(words), "{sentence}");
        assert!(
            matches!(self.sent.last(), Some(Message::Bye { .. })),
            "the peer is told why"
        );
    }

    /// Checks that memory was bounded, and that the victim writes on and comes in step with an honest device.
    fn goes_on(mut self) {
        assert!(self.heap < HEAP_MAX, "{} MiB of the heap", self.heap / MIB);
        self.victim.write(StreamKind::Book, &[b"the next sale"]);
        self.honest.write(StreamKind::Book, &[b"elsewhere"]);
        self.shop.tell(&mut self.honest);
        let mut line = Line::start(&mut self.victim, &mut self.honest);
        line.run(&mut self.victim, &mut self.honest);
        assert_eq!((line.ending(0), line.ending(1)), (None, None));
        let vectors = [&self.victim, &self.honest].map(|device| device.log.vector().unwrap());
        assert_eq!(vectors[0], vectors[1]);
        let book = self.victim.stream(StreamKind::Book);
        assert_eq!(self.honest.log.vector().unwrap().seq(&book), self.held(book));
    }
}

/// Writes ops with bodies of its own making into a stream of a device, without keeping them.
fn write(device: &mut Device, kind: StreamKind, drafts: Vec<OpDraft>) -> SignedRange {
    let author = device.authors.get_mut(&kind).unwrap();
    let ops = drafts
        .into_iter()
        .map(|draft| author.next(draft).unwrap())
        .collect();
    let signature = author.seal(&device.secret).unwrap();
    SignedRange { ops, signature }
}

fn drafts(bodies: &[&[u8]]) -> Vec<OpDraft> {
    let number = |(height, body): (u64, &&[u8])| draft(3, height, 1, body.to_vec());
    (1..).zip(bodies).map(number).collect()
}

#[test]
fn forged_ops_of_another_device_are_refused() {
    let mut scene = Scene::open();
    let honest = scene.honest.stream(StreamKind::Book);
    let mut range = write(
        &mut scene.honest,
        StreamKind::Book,
        drafts(&[b"honest", b"sales"]),
    );
    // The thief signs what the honest device never did.
    range.signature = scene.thief.secret.sign_op(&range.ops[1].hash());
    scene.offer(honest, 2);
    scene.bring(&range, true);
    scene.broke("signature does not match");
    assert_eq!(scene.held(honest), 0);
    scene.honest.authors.insert(
        StreamKind::Book,
        Author::new(*scene.honest.authors[&StreamKind::Book].stream()),
    );
    scene.goes_on();
}

#[test]
fn forged_first_op_and_forged_policy_are_refused() {
    let mut scene = Scene::open();
    let stream = scene.thiefs_book();
    let mut range = write(&mut scene.thief, StreamKind::Book, drafts(&[b"first"]));
    range.signature = Signature([1; 64]);
    scene.offer(stream, 1);
    scene.bring(&range, true);
    scene.broke("signature does not match");
    scene.goes_on();

    // Policy that somebody else than the organisation's key wrote.
    let mut scene = Scene::set();
    let (policy, held) = (scene.shop.policy_stream(), scene.held(scene.shop.policy_stream()));
    let before = scene
        .victim
        .log
        .tip_at(&OpRef {
            stream: policy,
            seq: held,
        })
        .unwrap();
    let mut author = Author::at(Stream::policy(scene.shop.key.public()), before);
    let op = author.next(draft(1, held + 1, held, Vec::new())).unwrap();
    let head = Head {
        seq: held + 1,
        hash: op.hash(),
    };
    let signature = scene.thief.secret.sign_op(&op.hash());
    scene.greet(|hello| hello.policy = Some(head));
    scene.bring(
        &SignedRange {
            ops: vec![op],
            signature,
        },
        true,
    );
    scene.broke("signature does not match");
    assert_eq!(scene.held(policy), held);
    scene.goes_on();
}

#[test]
fn replayed_messages_and_ops_change_nothing() {
    let mut scene = Scene::open();
    let stream = scene.thiefs_book();
    let range = write(&mut scene.thief, StreamKind::Book, drafts(&[b"one", b"two"]));
    scene.offer(stream, 2);
    scene.bring(&range, true);
    assert_eq!(scene.held(stream), 2);
    let (sent, number) = (scene.sent.len(), scene.number);
    for old in 0..number {
        scene.hear(&Message::Ping.to_bytes(old), 0);
    }
    assert_eq!(scene.sent.len(), sent, "a number that came before is dropped");
    // The same ops again, under a number whose turn it is.
    scene.bring(&range, true);
    scene.broke("nobody asked for");
    scene.goes_on();
    // A greeting that somebody else recorded proves nothing: the transport knows another key.
    let mut scene = Scene::set();
    let honest = scene.honest.me.device;
    scene.greet(|hello| hello.device = honest);
    assert_eq!(scene.ending, Some(Ending::Impostor));
    scene.goes_on();
}

#[test]
fn jumped_numbers_are_refused_and_empty_claims_lead_to_nothing() {
    let mut scene = Scene::open();
    let stream = scene.thiefs_book();
    let first = write(&mut scene.thief, StreamKind::Book, drafts(&[b"one"]));
    let later = write(
        &mut scene.thief,
        StreamKind::Book,
        vec![draft(3, 2, 1, b"two".to_vec())],
    );
    scene.offer(stream, 2);
    scene.bring(&later, true);
    scene.broke("nobody asked for");
    assert_eq!(scene.held(stream), 0);
    scene.goes_on();

    let mut scene = Scene::open();
    scene.offer(stream, u64::MAX);
    scene.bring(&first, true);
    assert_eq!(scene.held(stream), 1);
    // It asks on from there, hears that there is no more, and leaves it at that.
    for _ in 0..10 {
        scene.ops(&frame(&[]), true);
    }
    let asked = scene
        .sent
        .iter()
        .filter(|message| matches!(message, Message::Want { .. }));
    assert!(asked.count() <= 3 && scene.ending.is_none(), "{:?}", scene.ending);
    scene.goes_on();
}

#[test]
fn more_than_was_asked_for_is_refused() {
    let mut scene = Scene::open();
    let stream = scene.thiefs_book();
    let ranges: Vec<SignedRange> = (1..=3)
        .map(|height| {
            write(
                &mut scene.thief,
                StreamKind::Book,
                vec![draft(3, height, 1, vec![])],
            )
        })
        .collect();
    scene.offer(stream, 1);
    for range in &ranges {
        scene.bring(range, false);
    }
    scene.broke("nobody asked for");
    assert_eq!(scene.held(stream), 1);
    scene.goes_on();
}

#[test]
fn oversized_messages_bodies_and_runs_are_refused() {
    let mut scene = Scene::open();
    scene.hear(&vec![0x84; MESSAGE_MAX + 1], 0);
    scene.broke("more than 8388608");
    scene.goes_on();

    // A run that a relay could not get into one message, in bodies that are each within their limit.
    let mut scene = Scene::open();
    let stream = scene.thiefs_book();
    let body = vec![7; MIB - 1];
    let bodies = vec![&body[..]; 5];
    let range = write(&mut scene.thief, StreamKind::Book, drafts(&bodies));
    assert!(range.bytes() > RANGE_BYTES_MAX);
    scene.offer(stream, 5);
    scene.bring(&range, true);
    scene.broke("a run of more than");
    assert_eq!(scene.held(stream), 0);
    scene.goes_on();

    let mut scene = Scene::open();
    scene.offer(stream, 1);
    let mut range = range;
    range.ops.truncate(1);
    range.ops[0].body = Some(vec![0; MIB + 1]);
    scene.bring(&range, true);
    scene.broke("longer than allowed");
    scene.goes_on();
}

#[test]
fn zip_bombs_are_refused() {
    let mut scene = Scene::open();
    let stream = scene.thiefs_book();
    scene.offer(stream, 10);
    scene.ops(&vec![0; 8 * FRAME_MAX], true);
    scene.broke("opens to more than");
    scene.goes_on();

    // A frame as large as it may be, of runs with as many of the smallest ops as they may have.
    let mut scene = Scene::open();
    scene.offer(stream, 4_096);
    let op = [0x88, 3, 1, 0, 0, 1, 0, 0x80, 0x40];
    let mut run = vec![0x85, 0x50];
    run.extend_from_slice(&stream.0);
    run.extend_from_slice(&[1, 0xf6, 0x99, 0x10, 0]);
    run.extend_from_slice(&op.repeat(4_096));
    run.extend_from_slice(&[0x58, 64]);
    run.extend_from_slice(&[0; 64]);
    let count = FRAME_MAX / run.len();
    let mut bomb = vec![0x99];
    bomb.extend_from_slice(&(count as u16).to_be_bytes());
    bomb.extend_from_slice(&run.repeat(count));
    scene.ops(&bomb, true);
    scene.broke("signature does not match");
    scene.goes_on();
}

#[test]
fn streams_of_another_organisation_are_neither_wanted_nor_taken() {
    let mut scene = Scene::open();
    let mut others = Shop::founded(8);
    let mut stranger = others.device(9);
    let stream = stranger.stream(StreamKind::Book);
    let range = stranger.write(StreamKind::Book, &[b"theirs"]);
    let before = scene.sent.len();
    let held = Held::up_to(stream, range.ops[0].parsed().unwrap().head());
    scene.say(&Message::Have {
        have: Have::News(vec![held]),
    });
    assert_eq!(
        scene.sent.len(),
        before,
        "what policy does not know is not asked for"
    );
    scene.bring(&range, true);
    scene.broke("nobody asked for");
    scene.goes_on();
    let mut scene = Scene::set();
    let organisation = barrow_log::id::OrganisationId::of(&others.key.public());
    scene.greet(|hello| hello.organisation = organisation);
    assert_eq!(scene.ending, Some(Ending::Stranger));
    scene.goes_on();
}

#[test]
fn truncated_messages_are_refused_wherever_they_are_cut() {
    let mut scene = Scene::open();
    let stream = scene.thiefs_book();
    let range = write(&mut scene.thief, StreamKind::Book, drafts(&[b"one", b"two"]));
    scene.offer(stream, 2);
    let (fresh, bytes) = scene
        .squeezer
        .squeeze(&frame(&[Run::pack(&range).unwrap()]))
        .unwrap();
    let whole = Message::Ops {
        last: true,
        fresh,
        bytes,
    }
    .to_bytes(scene.number);
    for length in 0..whole.len() {
        let mut scene = Scene::open();
        scene.offer(stream, 2);
        scene.hear(&whole[..length], 0);
        scene.broke("malformed");
        assert_eq!(scene.held(stream), 0, "{length} bytes");
    }
    // Compression that is cut inside a whole message.
    let Ok((_, Some(Message::Ops { bytes, .. }))) = Message::from_bytes(&whole) else {
        panic!("no ops")
    };
    for length in 0..bytes.len() {
        let mut scene = Scene::open();
        scene.offer(stream, 2);
        scene.say(&Message::Ops {
            last: true,
            fresh: true,
            bytes: bytes[..length].to_vec(),
        });
        assert!(scene.ending.is_some(), "{length} bytes");
        assert_eq!(scene.held(stream), 0, "{length} bytes");
    }
    scene.goes_on();
}

#[test]
fn slow_peers_are_given_up_whatever_else_they_say() {
    // It never greets, but says things that nobody knows.
    let mut scene = Scene::set();
    scene.session.start(&scene.victim.log, 0).unwrap();
    for second in 1..10 {
        scene.hear(&[0x82, scene.number as u8, 0x18, 99], second * 1_000);
        scene.number += 1;
        assert!(
            scene
                .session
                .poll(second * 1_000)
                .iter()
                .all(|output| !matches!(output, Output::Ended(_)))
        );
    }
    assert_eq!(scene.session.poll(DEAD_MS), [Output::Ended(Ending::Silent)]);
    scene.goes_on();

    // It is asked for ops and answers with signs of life.
    let mut scene = Scene::open();
    scene.offer(scene.thiefs_book(), 5);
    for second in 1..10 {
        let ping = Message::Ping.to_bytes(scene.number);
        scene.number += 1;
        scene.hear(&ping, second * 1_000);
        scene.session.poll(second * 1_000);
    }
    assert!(scene.session.wake_ms() <= DEAD_MS);
    assert_eq!(scene.session.poll(DEAD_MS), [Output::Ended(Ending::Silent)]);
    scene.goes_on();

    // It answers with nothing, again and again.
    let mut scene = Scene::open();
    scene.offer(scene.thiefs_book(), 5);
    scene.ops(&frame(&[]), false);
    scene.broke("without ops");
    scene.goes_on();
}

#[test]
fn a_certificate_of_another_incarnation_opens_nothing() {
    let mut scene = Scene::set();
    scene.greet(|hello| hello.incarnation = Incarnation::from_number(2));
    assert_eq!(scene.ending, Some(Ending::Unknown));
    scene.goes_on();
    let mut scene = Scene::open();
    let author = &scene.thief.authors[&StreamKind::Book];
    let other = Stream {
        incarnation: Incarnation::from_number(2),
        ..*author.stream()
    };
    scene.thief.authors.insert(StreamKind::Book, Author::new(other));
    let range = write(&mut scene.thief, StreamKind::Book, drafts(&[b"one"]));
    scene.bring(&range, true);
    scene.broke("nobody asked for");
    scene.goes_on();
}

#[test]
fn a_storm_of_questions_is_answered_one_at_a_time_with_so_much_and_no_more() {
    let mut scene = Scene::open();
    for number in 0..40 {
        scene.victim.write(StreamKind::Book, &[&vec![number; 100_000]]);
    }
    let stream = scene.victim.stream(StreamKind::Book);
    let wanted = |count| {
        vec![
            Wanted {
                stream,
                from: 1,
                to: u64::MAX
            };
            count
        ]
    };
    for count in [1, 4_096, 4_096, 4_096] {
        let before = scene.sent_bytes;
        let frames = scene.sent.len();
        scene.say(&Message::Want {
            wanted: wanted(count),
        });
        let Some(Message::Ops { last: true, .. }) = scene.sent.last() else {
            panic!("no answer")
        };
        assert!(
            scene.sent.len() - frames <= 16,
            "{} frames",
            scene.sent.len() - frames
        );
        assert!(scene.sent_bytes - before < 2 * MIB);
    }
    let absurd = [(0, 5), (9, 3), (u64::MAX, u64::MAX), (1 << 62, u64::MAX)];
    let wanted = absurd.map(|(from, to)| Wanted { stream, from, to }).to_vec();
    scene.say(&Message::Want { wanted });
    assert_eq!(scene.ending, None);
    let too_many = Message::Want {
        wanted: vec![
            Wanted {
                stream,
                from: 1,
                to: 1
            };
            4_097
        ],
    };
    scene.say(&too_many);
    scene.broke("too long");
    scene.goes_on();
}

#[test]
fn a_million_streams_end_the_session_before_they_fill_the_memory() {
    let mut scene = Scene::open();
    let mut number = 0_u128;
    while scene.ending.is_none() && number < 1 << 20 {
        let held = (0..60_000).map(|_| {
            number += 1;
            Held {
                stream: StreamId(number.to_be_bytes()),
                seq: 1,
                hash: HalfHash([1; 16]),
            }
        });
        let have = Have::News(held.collect());
        scene.say(&Message::Have { have });
    }
    scene.broke("more streams than a shop can have");
    assert!(number <= 120_000, "{number}");
    scene.goes_on();
    // Streams that nobody holds are no news worth a word each.
    let mut scene = Scene::open();
    let nothing = (0..60_000_u128).map(|number| Held::nothing(StreamId(number.to_be_bytes())));
    let said = scene.said.len();
    let have = Have::News(nothing.collect());
    scene.say(&Message::Have { have });
    assert!(
        scene.said.len() - said < 10 && scene.heap < 16 * MIB,
        "{}",
        scene.heap
    );
    scene.goes_on();
}

#[test]
fn messages_of_unknown_kinds_are_passed_over_and_numbers_left_out_end_the_session() {
    let mut scene = Scene::open();
    let sent = scene.sent.len();
    for kind in [8, 200, 300, 1 << 20, u64::MAX] {
        let mut bytes = Vec::new();
        minicbor::encode((scene.number, kind, "more"), &mut bytes).unwrap();
        scene.number += 1;
        scene.hear(&bytes, 0);
    }
    assert_eq!((scene.sent.len(), &scene.ending), (sent, &None));
    scene.number += 1;
    scene.say(&Message::Ping);
    assert_eq!(scene.ending, Some(Ending::Lost));
    scene.goes_on();
}

#[test]
fn a_second_policy_is_an_alarm_that_only_one_of_ours_can_raise() {
    let hash = OpHash([9; 32]);
    let mut scene = Scene::set();
    let seq = scene.held(scene.shop.policy_stream());
    scene.greet(|hello| hello.policy = Some(Head { seq, hash }));
    assert_eq!(scene.ending, Some(Ending::PolicyForked));
    scene.goes_on();

    // The other policy is longer, and signed by the key that somebody copied.
    let mut scene = Scene::set();
    let before = scene.victim.log.tip_at(&OpRef {
        stream: scene.shop.policy_stream(),
        seq: seq - 1,
    });
    let mut author = Author::at(Stream::policy(scene.shop.key.public()), before.unwrap());
    let drafts = [0, 1].map(|more| draft(1, seq + 9 + more, seq - 1, vec![0x80]));
    let ops: Vec<Op> = drafts
        .into_iter()
        .map(|draft| author.next(draft).unwrap())
        .collect();
    let head = Head {
        seq: seq + 1,
        hash: ops[1].hash(),
    };
    let signature = author.seal(scene.shop.key.writer()).unwrap();
    scene.greet(|hello| hello.policy = Some(head));
    let second = SignedRange {
        ops: ops[1..].to_vec(),
        signature,
    };
    scene.bring(&second, true);
    assert_eq!(scene.ending, Some(Ending::PolicyForked));
    assert_eq!(scene.held(scene.shop.policy_stream()), seq);
    scene.goes_on();

    // A stranger's claim is no alarm.
    let mut scene = Scene::set();
    let stranger = DeviceSecret::from_seed([77; 32]).public();
    scene.session = Session::new(scene.victim.me.clone(), Some(stranger));
    scene.greet(|hello| {
        hello.device = stranger;
        hello.policy = Some(Head { seq: 1, hash });
    });
    assert_eq!(scene.ending, Some(Ending::Unknown));
    scene.goes_on();

    // One of ours that changes its word in the middle of a session raises it, too.
    let mut scene = Scene::open();
    let policy = scene.shop.policy_stream();
    scene.say(&Message::Have {
        have: Have::News(vec![Held::up_to(policy, Head { seq, hash })]),
    });
    assert_eq!(scene.ending, Some(Ending::PolicyForked));
    scene.goes_on();
}

#[test]
fn a_claim_about_our_own_stream_is_believed_only_with_our_signature() {
    let mut scene = Scene::open();
    let own = scene.victim.stream(StreamKind::Book);
    scene.offer(own, 9);
    let ahead = |scene: &Scene| {
        scene
            .said
            .iter()
            .any(|output| matches!(output, Output::OwnAhead(_)))
    };
    assert!(!ahead(&scene));
    let before = scene.victim.log.tip_at(&OpRef { stream: own, seq: 2 }).unwrap();
    let mut author = Author::at(*scene.victim.authors[&StreamKind::Book].stream(), before);
    let ops = vec![author.next(draft(3, 9, 1, b"never sold".to_vec())).unwrap()];
    let signature = scene.thief.secret.sign_op(&ops[0].hash());
    scene.bring(&SignedRange { ops, signature }, true);
    scene.broke("signature does not match");
    assert!(!ahead(&scene));
    scene.goes_on();
}

#[test]
fn storms_of_forks_and_heartbeats_cost_a_word_each() {
    let mut scene = Scene::open();
    let own = scene.victim.stream(StreamKind::Book);
    let ladder: Vec<(u64, HalfHash)> = (1..=64).rev().map(|seq| (seq, HalfHash([3; 16]))).collect();
    for _ in 0..1_000 {
        scene.say(&Message::Fork {
            stream: own,
            ladder: ladder.clone(),
        });
        scene.say(&Message::Ping);
        scene.say(&Message::Pong);
    }
    assert!(scene.sent_bytes < 64 << 10, "{}", scene.sent_bytes);
    assert_eq!(scene.ending, None);
    let long = vec![(1, HalfHash([3; 16])); 65];
    scene.say(&Message::Fork {
        stream: own,
        ladder: long,
    });
    scene.broke("too long");
    scene.goes_on();
}

#[test]
fn a_revoked_thief_is_told_the_policy_and_nothing_else() {
    let mut scene = Scene::set();
    let device = scene.thief.me.device;
    scene.shop.write(&[PolicyEvent::DeviceRevoked {
        device,
        cuts: Vec::new(),
    }]);
    scene.shop.tell(&mut scene.victim);
    scene.greet(|_| {});
    let streams = [scene.victim.stream(StreamKind::Book), scene.shop.policy_stream()];
    for stream in streams {
        let wanted = vec![Wanted {
            stream,
            from: 1,
            to: 99,
        }];
        scene.say(&Message::Want { wanted });
    }
    let answers: Vec<usize> = scene
        .sent
        .iter()
        .filter_map(|message| match message {
            Message::Ops { bytes, .. } => Some(bytes.len()),
            _ => None,
        })
        .collect();
    assert!(answers[0] < 20 && answers[1] > 100, "{answers:?}");
    scene.goes_on();
}

/// Lets two devices talk until neither has anything to say.
fn meet(from: &mut Device, to: &mut Device) {
    let mut line = Line::start(from, to);
    line.run(from, to);
    assert_eq!((line.ending(0), line.ending(1)), (None, None));
}

#[test]
fn ops_of_kinds_that_this_release_does_not_know_are_relayed_byte_for_byte() {
    let mut shop = Shop::founded(7);
    let mut devices = [1, 2, 3].map(|number| shop.device(number));
    devices.iter_mut().for_each(|device| shop.tell(device));
    let [mut author, mut relay, mut reader] = devices;
    let unknown = OpDraft {
        kind: 900,
        kind_version: 77,
        body: Body::from_bytes([&[9][..], &[0xff; 50]].concat()),
        ..draft(3, 1, 1, Vec::new())
    };
    let empty = OpDraft {
        kind: 3,
        body: Body::from_bytes(Vec::new()),
        ..draft(3, 2, 1, Vec::new())
    };
    let range = write(&mut author, StreamKind::Book, vec![unknown, empty]);
    let stream = author.stream(StreamKind::Book);
    author.log.store(stream, &range);
    meet(&mut author, &mut relay);
    meet(&mut relay, &mut reader);
    for (seq, op) in (1..).zip(&range.ops) {
        assert_eq!(reader.log.op(&OpRef { stream, seq }), Some(op));
    }
    let kept = reader.log.ranges(&stream, 1, 9, MIB).unwrap();
    assert_eq!(kept, [range]);
}

#[test]
fn a_large_run_reaches_a_third_device_by_way_of_a_relay() {
    let mut shop = Shop::founded(7);
    let mut devices = [1, 2, 3].map(|number| shop.device(number));
    devices.iter_mut().for_each(|device| shop.tell(device));
    let [mut author, mut relay, mut reader] = devices;
    // Bodies that nothing compresses, as much as one commit may hold.
    let mut noise = 1_u64;
    let mut body = || -> Vec<u8> {
        let byte = |_| {
            noise = noise.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (noise >> 56) as u8
        };
        (0..MIB - 10).map(byte).collect()
    };
    author.write(StreamKind::Shop, &[&body()[..200_000]]);
    let bodies = [body(), body(), body()];
    author.write(StreamKind::Shop, &[&bodies[0], &bodies[1], &bodies[2]]);
    meet(&mut author, &mut relay);
    meet(&mut relay, &mut reader);
    assert_eq!(author.log.vector().unwrap(), reader.log.vector().unwrap());
}

//! One session with one peer: greeting, policy, what each holds, and the ops that are missing.
//!
//! It owns no socket, clock or disk. Bytes and the time come in; bytes to send and ops to store come out. What it
//! tells the peer is what the [`Log`] tells, and that is durable; a reconnection begins with nothing remembered.

use crate::buckets::{self, BucketSet};
use crate::interest::{self, Interest, Known};
use crate::ladder;
use crate::log::Log;
use crate::message::{HEADS_MAX, HalfHash, Have, Held, Hello, Message, REASON_MAX, VERSION, Wanted};
use crate::pack::{self, Run};
use crate::squeeze::{Opener, Squeezer};
use barrow_log::author::Tip;
use barrow_log::id::{Incarnation, OrganisationId};
use barrow_log::op::{RANGE_BYTES_MAX, SignedRange};
use barrow_log::stream::{DeviceKey, OpHash, OpRef, Seq, Stream, StreamId, StreamKind, Vector};
use barrow_log::verify::ChainCheck;
use std::collections::{BTreeMap, BTreeSet};

/// Tells all heads at once up to this many streams; with more, the buckets that differ are found first.
const WHOLE_MAX: usize = 64;
/// Asks for this many ops at a time: about 300 ms of projecting on a phone.
const WANT_OPS: u64 = 4_096;
/// Answers a question with about this many bytes, before compression; the rest is asked for again.
const ANSWER_BYTES: usize = 1024 * 1024;
/// Puts about this many bytes into one frame, before compression.
const FRAME_BYTES: usize = 256 * 1024;
/// Asks for nothing more while this many bytes wait to be stored.
const UNSTORED_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Takes an answer for missing after this time, in milliseconds: the screen says offline.
pub const SILENT_MS: i64 = 1_500;
/// Gives the session up after this time without an answer, in milliseconds.
pub const DEAD_MS: i64 = 10_000;
/// Says something at least this often while the till is in use, in milliseconds.
const PING_BUSY_MS: i64 = 1_000;
/// Says something at least this often otherwise, in milliseconds.
const PING_IDLE_MS: i64 = 15_000;
/// Gives the memory of the compression back after this time without a frame, in milliseconds.
const REST_MS: i64 = 30_000;

/// Who speaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Me {
    /// The organisation's public key.
    pub organisation: DeviceKey,
    /// This device's public key.
    pub device: DeviceKey,
    /// This device's run of numbers.
    pub incarnation: Incarnation,
    /// The level of features that this program reads.
    pub features: u32,
    /// The run of this hub's storage; zeros for a till.
    pub epoch: [u8; 16],
    /// What this device wants to hold.
    pub interest: Interest,
}

/// Ops that came, checked as far as chain and signature go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrived {
    /// The stream.
    pub stream: Stream,
    /// The ops; the first ones may be held by now.
    pub range: SignedRange,
}

/// How a session ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The peer belongs to another organisation.
    Stranger,
    /// The peer has no certificate of this organisation.
    Unknown,
    /// The transport proved another key than the greeting names.
    Impostor,
    /// No version of the protocol is understood by both.
    Version,
    /// Both hold policy that differs at the same number: somebody has the organisation's key who should not.
    PolicyForked,
    /// The peer broke the rules, or damage went unseen by the transport.
    Broken(String),
    /// The peer said goodbye, with its reason.
    Bye(String),
    /// A message is missing.
    Lost,
    /// The peer fell silent.
    Silent,
}

impl std::fmt::Display for Ending {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Stranger => f.write_str("This device belongs to another organisation."),
            Self::Unknown => {
                f.write_str("This device is not one of the shop's. Add it on the owner's till first.")
            }
            Self::Impostor => f.write_str("The device is another than it says."),
            Self::Version => f.write_str("The other device's Barrow is too old or too new. Update both."),
            Self::PolicyForked => {
                f.write_str("The shop's rules were changed in two places. Somebody may have the shop's key.")
            }
            Self::Broken(why) => write!(f, "The other device sent something that can't be right: {why}."),
            Self::Bye(reason) => f.write_str(reason),
            Self::Lost => f.write_str("Something got lost on the way. It is sent again."),
            Self::Silent => f.write_str("The other device does not answer."),
        }
    }
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// Send these bytes as one message.
    Send(Vec<u8>),
    /// Make these ops durable, then call [`Session::stored`].
    Store(Arrived),
    /// Keep these ops of another branch as evidence, durably, then call [`Session::stored`].
    StoreBranch(Arrived),
    /// The peer greeted and may be spoken with.
    Open(Hello),
    /// The peer holds durably what we hold, up to this op, or not even that any more.
    Holds(Held),
    /// The peer brought ops of our own stream, signed by our key, that we did not hold: this database was restored.
    /// Nothing more may be written under this incarnation. A mere claim of a peer is none of this.
    OwnAhead(Held),
    /// Two chains of one stream were met.
    Forked(StreamId),
    /// The peer owes an answer since [`SILENT_MS`]; show that it is not there.
    Quiet,
    /// The session is over.
    Ended(Ending),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Greeting,
    Policy,
    Open,
    Over,
}

/// What arrived of a stream and is not stored yet.
#[derive(Clone, Copy, Debug)]
struct Arriving {
    tip: Tip,
    bytes: usize,
}

/// A session with one peer.
#[derive(Debug)]
pub struct Session {
    me: Me,
    proven: Option<DeviceKey>,
    phase: Phase,
    greeted: [u8; 32],
    peer: Option<Hello>,
    sent: u64,
    received: u64,
    streams: BTreeMap<StreamId, Known>,
    policy_version: Option<u64>,
    told: BucketSet,
    heard: BucketSet,
    theirs: BTreeMap<StreamId, Held>,
    asked: BTreeMap<StreamId, Wanted>,
    answered: BTreeSet<StreamId>,
    arriving: BTreeMap<StreamId, Arriving>,
    laddered: BTreeSet<StreamId>,
    branches: BTreeMap<StreamId, Option<Tip>>,
    squeezer: Squeezer,
    opener: Opener,
    busy: bool,
    spoke_ms: i64,
    squeezed_ms: i64,
    owed_ms: Option<i64>,
    /// Since when a greeting or ops are waited for: other words of the peer do not count as an answer.
    waiting_ms: Option<i64>,
    quiet: bool,
}

impl Session {
    /// Prepares a session. `proven` is the key that the transport proved; a file proves none.
    pub fn new(me: Me, proven: Option<DeviceKey>) -> Self {
        Self {
            me,
            proven,
            phase: Phase::Greeting,
            greeted: [0; 32],
            peer: None,
            sent: 0,
            received: 0,
            streams: BTreeMap::new(),
            policy_version: None,
            told: BucketSet::default(),
            heard: BucketSet::default(),
            theirs: BTreeMap::new(),
            asked: BTreeMap::new(),
            answered: BTreeSet::new(),
            arriving: BTreeMap::new(),
            laddered: BTreeSet::new(),
            branches: BTreeMap::new(),
            squeezer: Squeezer::default(),
            opener: Opener::default(),
            busy: false,
            spoke_ms: 0,
            squeezed_ms: 0,
            owed_ms: None,
            waiting_ms: None,
            quiet: false,
        }
    }

    /// Greets. Call it once, first.
    ///
    /// # Errors
    /// Those of the log.
    pub fn start<L: Log>(&mut self, log: &L, now_ms: i64) -> Result<Vec<Output>, L::Error> {
        let mut out = Outbox::new(now_ms);
        let vector = log.vector()?;
        self.greeted = vector.hash();
        let hello = Hello {
            oldest: VERSION,
            newest: VERSION,
            features: self.me.features,
            organisation: OrganisationId::of(&self.me.organisation),
            device: self.me.device,
            incarnation: self.me.incarnation,
            policy: vector.get(&Stream::policy(self.me.organisation).id()),
            vector: self.greeted,
            epoch: self.me.epoch,
        };
        self.send(&Message::Hello(hello), &mut out);
        self.owe(now_ms);
        self.waiting_ms = Some(now_ms);
        Ok(out.list)
    }

    /// Tells whether the till is in use, or something waits to be sent: then silence is noticed sooner.
    pub fn set_busy(&mut self, busy: bool) {
        self.busy = busy;
    }

    /// Returns the greeting of the peer, once it came.
    pub fn peer(&self) -> Option<&Hello> {
        self.peer.as_ref()
    }

    /// Tells whether the peer owes an answer for longer than [`SILENT_MS`].
    pub fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// Returns what the peer last said that it holds of a stream.
    pub fn peer_holds(&self, stream: &StreamId) -> Option<Held> {
        self.theirs.get(stream).copied()
    }

    /// Tells whether the session is over.
    pub fn is_over(&self) -> bool {
        self.phase == Phase::Over
    }

    /// Tells whether the peer is known, and everything that it holds and we want is durable here.
    pub fn is_in_step<L: Log>(&self, log: &L) -> Result<bool, L::Error> {
        Ok(self.phase == Phase::Open
            && self.told == BucketSet::ALL
            && self.heard == BucketSet::ALL
            && self.asked.is_empty()
            && self.arriving.is_empty()
            && self.wants(log)?.is_empty())
    }

    /// Takes one message in.
    ///
    /// # Errors
    /// Those of the log; the session can't go on then.
    pub fn receive<L: Log>(&mut self, bytes: &[u8], log: &L, now_ms: i64) -> Result<Vec<Output>, L::Error> {
        let mut out = Outbox::new(now_ms);
        if self.phase == Phase::Over {
            return Ok(out.list);
        }
        match Message::from_bytes(bytes) {
            Ok((number, _)) if number < self.received => return Ok(out.list),
            Ok((number, _)) if number > self.received => self.end(Ending::Lost, &mut out),
            Ok((_, message)) => {
                self.received += 1;
                self.owed_ms = None;
                self.quiet = false;
                if let Some(message) = message {
                    self.take(message, log, &mut out)?;
                }
            }
            Err(fault) => self.end(Ending::Broken(fault.to_string()), &mut out),
        }
        self.advance(log, &mut out)?;
        Ok(out.list)
    }

    /// Hears that ops of these streams, which came by this session, are durable now.
    ///
    /// # Errors
    /// Those of the log.
    pub fn stored<L: Log>(
        &mut self,
        streams: &[StreamId],
        log: &L,
        now_ms: i64,
    ) -> Result<Vec<Output>, L::Error> {
        let mut out = Outbox::new(now_ms);
        let vector = log.vector()?;
        let mut news = Vec::new();
        for stream in streams {
            let Some(head) = vector.get(stream) else { continue };
            self.catch_up(stream, head.seq, log)?;
            news.push(Held::up_to(*stream, head));
        }
        self.tell(news, &mut out);
        self.advance(log, &mut out)?;
        Ok(out.list)
    }

    /// Hears that these streams grew, by this device's own ops or by another session.
    ///
    /// # Errors
    /// Those of the log.
    pub fn changed<L: Log>(
        &mut self,
        streams: &[StreamId],
        log: &L,
        now_ms: i64,
    ) -> Result<Vec<Output>, L::Error> {
        let mut out = Outbox::new(now_ms);
        let vector = log.vector()?;
        let mut news = Vec::new();
        for stream in streams {
            let Some(head) = vector.get(stream) else { continue };
            self.catch_up(stream, head.seq, log)?;
            let held = Held::up_to(*stream, head);
            let known = self.theirs.get(stream);
            // Beyond a fork a greater number of theirs says nothing about ours.
            let forked = !log.branches(stream)?.is_empty();
            if known.is_none_or(|theirs| theirs.seq < held.seq || (forked && *theirs != held)) {
                news.push(held);
            } else if known == Some(&held) {
                out.list.push(Output::Holds(held));
            }
        }
        self.tell(news, &mut out);
        self.advance(log, &mut out)?;
        Ok(out.list)
    }

    /// Forgets what was under way of a stream that is held up to `seq` now.
    fn catch_up<L: Log>(&mut self, stream: &StreamId, seq: Seq, log: &L) -> Result<(), L::Error> {
        let arriving = self.arriving.get(stream);
        if arriving.is_some_and(|arriving| arriving.tip.head.seq <= seq) {
            self.arriving.remove(stream);
        }
        // The log may have chosen the peer's branch since: then there is no fork between the two any more.
        if let Some(Some(branch)) = self.branches.get(stream) {
            let place = OpRef {
                stream: *stream,
                seq: branch.head.seq,
            };
            if log.hash_at(&place)? == Some(branch.head.hash) {
                self.branches.remove(stream);
                self.laddered.remove(stream);
            }
        }
        Ok(())
    }

    /// Does what the time asks for.
    pub fn poll(&mut self, now_ms: i64) -> Vec<Output> {
        let mut out = Outbox::new(now_ms);
        if self.phase == Phase::Over {
            return out.list;
        }
        let dead = |since: Option<i64>| since.is_some_and(|since| now_ms - since >= DEAD_MS);
        if dead(self.owed_ms) || dead(self.waiting_ms) {
            self.end(Ending::Silent, &mut out);
            return out.list;
        }
        if let Some(owed) = self.owed_ms {
            if now_ms - owed >= SILENT_MS && !self.quiet {
                self.quiet = true;
                out.list.push(Output::Quiet);
            }
        } else if now_ms - self.spoke_ms >= self.ping_ms() {
            self.send(&Message::Ping, &mut out);
            self.owe(now_ms);
        }
        if now_ms - self.squeezed_ms >= REST_MS {
            self.squeezer.rest();
        }
        out.list
    }

    /// Returns the time at which [`Session::poll`] has something to do next, in milliseconds since 1970.
    pub fn wake_ms(&self) -> i64 {
        let next = match self.owed_ms {
            Some(owed) if self.quiet => owed + DEAD_MS,
            Some(owed) => owed + SILENT_MS,
            None => self.spoke_ms + self.ping_ms(),
        };
        self.waiting_ms.map_or(next, |since| next.min(since + DEAD_MS))
    }

    fn ping_ms(&self) -> i64 {
        if self.busy { PING_BUSY_MS } else { PING_IDLE_MS }
    }

    fn owe(&mut self, now_ms: i64) {
        self.owed_ms.get_or_insert(now_ms);
    }

    fn send(&mut self, message: &Message, out: &mut Outbox) {
        out.list.push(Output::Send(message.to_bytes(self.sent)));
        self.sent += 1;
        self.spoke_ms = out.now_ms;
    }

    fn end(&mut self, ending: Ending, out: &mut Outbox) {
        if self.phase == Phase::Over {
            return;
        }
        if !matches!(ending, Ending::Bye(_) | Ending::Silent) {
            let mut reason = ending.to_string();
            while reason.len() > REASON_MAX {
                reason.pop();
            }
            self.send(&Message::Bye { reason }, out);
        }
        self.phase = Phase::Over;
        out.list.push(Output::Ended(ending));
    }

    fn broken(&mut self, why: &str, out: &mut Outbox) {
        self.end(Ending::Broken(why.to_owned()), out);
    }

    fn take<L: Log>(&mut self, message: Message, log: &L, out: &mut Outbox) -> Result<(), L::Error> {
        if (self.phase == Phase::Greeting) != matches!(message, Message::Hello(_))
            && !matches!(message, Message::Bye { .. })
        {
            self.broken("the greeting comes first, and once", out);
            return Ok(());
        }
        match message {
            Message::Hello(hello) => self.greet(hello, out),
            Message::Have { have } => return self.take_have(have, log, out),
            Message::Want { wanted } => return self.answer(&wanted, log, out),
            Message::Ops { last, fresh, bytes } => return self.take_ops(last, fresh, &bytes, log, out),
            Message::Fork { stream, ladder } => return self.take_ladder(stream, &ladder, log, out),
            Message::Ping => self.send(&Message::Pong, out),
            Message::Pong => {}
            Message::Bye { reason } => self.end(Ending::Bye(reason), out),
        }
        Ok(())
    }

    fn greet(&mut self, hello: Hello, out: &mut Outbox) {
        let ending = if hello.organisation != OrganisationId::of(&self.me.organisation) {
            Some(Ending::Stranger)
        } else if hello.newest < VERSION || hello.oldest > VERSION {
            Some(Ending::Version)
        } else if self.proven.is_some_and(|proven| proven != hello.device) {
            Some(Ending::Impostor)
        } else {
            None
        };
        if let Some(ending) = ending {
            return self.end(ending, out);
        }
        let policy = Stream::policy(self.me.organisation).id();
        let head = hello.policy.map(|head| Held::up_to(policy, head));
        self.theirs.insert(policy, head.unwrap_or(Held::nothing(policy)));
        self.peer = Some(hello);
        self.waiting_ms = None;
        self.phase = Phase::Policy;
    }

    /// Goes on as far as what is held lets it.
    fn advance<L: Log>(&mut self, log: &L, out: &mut Outbox) -> Result<(), L::Error> {
        if matches!(self.phase, Phase::Greeting | Phase::Over) {
            return Ok(());
        }
        self.know_streams(log)?;
        if self.phase == Phase::Policy {
            self.settle_policy(log, out)?;
        }
        if self.phase != Phase::Over {
            self.ask(log, out)?;
        }
        Ok(())
    }

    fn know_streams<L: Log>(&mut self, log: &L) -> Result<(), L::Error> {
        let policy = log.policy()?;
        if self.policy_version != Some(policy.version()) {
            self.streams = interest::known(&policy, self.me.organisation, &self.me.interest);
            self.policy_version = Some(policy.version());
        }
        Ok(())
    }

    /// Begins with everything else once the peer's policy is here.
    fn settle_policy<L: Log>(&mut self, log: &L, out: &mut Outbox) -> Result<(), L::Error> {
        let stream = Stream::policy(self.me.organisation).id();
        let (ours, theirs) = (log.vector()?.get(&stream), self.theirs.get(&stream).copied());
        let theirs = theirs.unwrap_or(Held::nothing(stream));
        if ours.map_or(0, |head| head.seq) < theirs.seq {
            return Ok(());
        }
        let Some(hello) = self.peer.clone() else {
            return Ok(());
        };
        let certificate = log
            .policy()?
            .certificate(&hello.device, hello.incarnation)
            .is_some();
        // Only one of ours can raise the alarm: any stranger may claim to hold another policy.
        if !certificate {
            self.end(Ending::Unknown, out);
            return Ok(());
        }
        if self.differs(theirs, log)? {
            self.end(Ending::PolicyForked, out);
            return Ok(());
        }
        self.phase = Phase::Open;
        out.list.push(Output::Open(hello.clone()));
        if hello.vector == self.greeted {
            self.told = BucketSet::ALL;
            return self.assume_equal(&BucketSet::ALL, log, out);
        }
        self.tell_all(log, out)
    }

    /// Tells everything that is held.
    fn tell_all<L: Log>(&mut self, log: &L, out: &mut Outbox) -> Result<(), L::Error> {
        let vector = log.vector()?;
        let have = match vector.0.len() <= WHOLE_MAX {
            true => Have::Whole(buckets::held(&vector, &BucketSet::ALL)),
            false => Have::Buckets(buckets::hashes(&vector)),
        };
        if matches!(have, Have::Whole(_)) {
            self.told = BucketSet::ALL;
        }
        self.send(&Message::Have { have }, out);
        Ok(())
    }

    /// Tells what is held of some buckets.
    fn tell_part<L: Log>(&mut self, set: &BucketSet, log: &L, out: &mut Outbox) -> Result<(), L::Error> {
        if set.is_empty() {
            return Ok(());
        }
        self.told = self.told.with(set);
        let have = Have::Part {
            buckets: set.0,
            held: buckets::held(&*log.vector()?, set),
        };
        self.send(&Message::Have { have }, out);
        Ok(())
    }

    /// Tells news of streams; before the session is open nothing is told.
    fn tell(&mut self, news: Vec<Held>, out: &mut Outbox) {
        if !news.is_empty() && matches!(self.phase, Phase::Open) {
            self.send(
                &Message::Have {
                    have: Have::News(news),
                },
                out,
            );
        }
    }

    /// Takes it that the peer holds of some buckets what we hold.
    fn assume_equal<L: Log>(&mut self, set: &BucketSet, log: &L, out: &mut Outbox) -> Result<(), L::Error> {
        self.heard = self.heard.with(set);
        for held in buckets::held(&*log.vector()?, set) {
            self.take_held(held, log, out)?;
        }
        Ok(())
    }

    fn take_have<L: Log>(&mut self, have: Have, log: &L, out: &mut Outbox) -> Result<(), L::Error> {
        match have {
            Have::Whole(held) => self.take_part(&BucketSet::ALL, held, log, out),
            Have::Part { buckets, held } => self.take_part(&BucketSet(buckets), held, log, out),
            Have::Buckets(theirs) => {
                let differing = buckets::differing(&buckets::hashes(&*log.vector()?), &theirs);
                self.assume_equal(&BucketSet::ALL.without(&differing), log, out)?;
                self.told = self.told.with(&BucketSet::ALL.without(&differing));
                self.tell_part(&differing, log, out)
            }
            Have::News(held) => self.take_all(held, log, out),
        }
    }

    /// Takes in all that the peer holds of some buckets: what is not named it does not hold.
    fn take_part<L: Log>(
        &mut self,
        set: &BucketSet,
        held: Vec<Held>,
        log: &L,
        out: &mut Outbox,
    ) -> Result<(), L::Error> {
        self.heard = self.heard.with(set);
        let named: BTreeSet<StreamId> = held.iter().map(|held| held.stream).collect();
        let ours = log.vector()?;
        let gone = ours
            .0
            .keys()
            .filter(|stream| set.has(buckets::bucket(stream)) && !named.contains(stream));
        for stream in gone {
            self.take_held(Held::nothing(*stream), log, out)?;
        }
        self.take_all(held, log, out)?;
        match self.phase {
            Phase::Over => Ok(()),
            _ => self.tell_part(&set.without(&self.told), log, out),
        }
    }

    fn take_all<L: Log>(&mut self, held: Vec<Held>, log: &L, out: &mut Outbox) -> Result<(), L::Error> {
        for held in held {
            self.take_held(held, log, out)?;
            if self.phase == Phase::Over {
                break;
            }
        }
        Ok(())
    }

    /// Takes in what the peer holds of one stream.
    fn take_held<L: Log>(&mut self, held: Held, log: &L, out: &mut Outbox) -> Result<(), L::Error> {
        if self.theirs.len() as u64 >= HEADS_MAX && !self.theirs.contains_key(&held.stream) {
            self.broken("more streams than a shop can have", out);
            return Ok(());
        }
        self.theirs.insert(held.stream, held);
        let ours = log.vector()?.get(&held.stream).map_or(0, |head| head.seq);
        if held.seq > ours {
            return Ok(());
        }
        if self.differs(held, log)? {
            self.fork(held, log, out)?;
        } else {
            self.branches.remove(&held.stream);
            self.laddered.remove(&held.stream);
            // Of a stream that nobody here knows there is nothing to tell.
            if ours > 0 || self.streams.contains_key(&held.stream) {
                out.list.push(Output::Holds(held));
            }
        }
        Ok(())
    }

    /// Tells whether what the peer holds is another op than ours with its number.
    fn differs<L: Log>(&self, held: Held, log: &L) -> Result<bool, L::Error> {
        if held.seq == 0 {
            return Ok(false);
        }
        if let Some(head) = log
            .vector()?
            .get(&held.stream)
            .filter(|head| head.seq == held.seq)
        {
            return Ok(HalfHash::from(head.hash) != held.hash);
        }
        let ours = log.hash_at(&OpRef {
            stream: held.stream,
            seq: held.seq,
        })?;
        Ok(ours.is_some_and(|ours| HalfHash::from(ours) != held.hash))
    }

    /// Two chains were met: unless theirs is known, both show where theirs went.
    fn fork<L: Log>(&mut self, held: Held, log: &L, out: &mut Outbox) -> Result<(), L::Error> {
        if is_known_branch(&held, log)? || !self.streams.contains_key(&held.stream) {
            return Ok(());
        }
        self.show_ladder(held.stream, log, out)
    }

    /// Shows our chain of a stream from its head backwards. Two chains of policy are an alarm and never put together.
    fn show_ladder<L: Log>(&mut self, stream: StreamId, log: &L, out: &mut Outbox) -> Result<(), L::Error> {
        if stream == Stream::policy(self.me.organisation).id() {
            self.end(Ending::PolicyForked, out);
            return Ok(());
        }
        if self.laddered.insert(stream) {
            out.list.push(Output::Forked(stream));
            let last = log.vector()?.get(&stream).map_or(0, |head| head.seq);
            let ladder = ladder::ladder(log, stream, last)?;
            self.send(&Message::Fork { stream, ladder }, out);
        }
        Ok(())
    }

    fn take_ladder<L: Log>(
        &mut self,
        stream: StreamId,
        ladder: &[(Seq, HalfHash)],
        log: &L,
        out: &mut Outbox,
    ) -> Result<(), L::Error> {
        if !self.streams.get(&stream).is_some_and(|known| known.wanted) {
            return Ok(());
        }
        self.show_ladder(stream, log, out)?;
        if self.phase == Phase::Over {
            return Ok(());
        }
        let seq = ladder::common(log, stream, ladder)?;
        self.branches.insert(stream, log.tip_at(&OpRef { stream, seq })?);
        Ok(())
    }

    /// Lists what is to be asked for, in the order of need.
    fn wants<L: Log>(&self, log: &L) -> Result<Vec<Wanted>, L::Error> {
        let vector = log.vector()?;
        let mut missing = Vec::new();
        for (stream, theirs) in &self.theirs {
            let Some(known) = self.streams.get(stream).filter(|known| known.wanted) else {
                continue;
            };
            let policy = known.stream.kind == StreamKind::Policy;
            let parting = self.laddered.contains(stream) && !self.branches.contains_key(stream);
            if (self.phase != Phase::Open && !policy) || parting {
                continue;
            }
            let held = match self.branches.get(stream) {
                Some(branch) => branch.map_or(0, |tip| tip.head.seq),
                None => self.held_seq(stream, &vector),
            };
            if theirs.seq > held && !is_known_branch(theirs, log)? {
                missing.push((interest::rank(known.stream.kind), *stream, held + 1, theirs.seq));
            }
        }
        missing.sort_unstable();
        let (mut wanted, mut left) = (Vec::new(), WANT_OPS);
        for (_, stream, from, last) in missing {
            if left == 0 {
                break;
            }
            let to = last.min(from + left - 1);
            left -= to - from + 1;
            wanted.push(Wanted { stream, from, to });
        }
        Ok(wanted)
    }

    fn held_seq(&self, stream: &StreamId, vector: &Vector) -> Seq {
        let arriving = self
            .arriving
            .get(stream)
            .map_or(0, |arriving| arriving.tip.head.seq);
        arriving.max(vector.seq(stream))
    }

    /// Asks for what is missing, one question at a time.
    fn ask<L: Log>(&mut self, log: &L, out: &mut Outbox) -> Result<(), L::Error> {
        let unstored: usize = self.arriving.values().map(|arriving| arriving.bytes).sum();
        if !self.asked.is_empty() || unstored >= UNSTORED_BYTES_MAX {
            return Ok(());
        }
        let wanted = self.wants(log)?;
        if wanted.is_empty() {
            return Ok(());
        }
        self.asked = wanted.iter().map(|wanted| (wanted.stream, *wanted)).collect();
        self.answered.clear();
        self.send(&Message::Want { wanted }, out);
        self.owe(out.now_ms);
        self.waiting_ms = Some(out.now_ms);
        Ok(())
    }

    /// Answers a question. A revoked device is told the policy, an unknown one nothing.
    fn answer<L: Log>(&mut self, wanted: &[Wanted], log: &L, out: &mut Outbox) -> Result<(), L::Error> {
        let policy = log.policy()?;
        let Some(peer) = self.peer.clone() else {
            return Ok(());
        };
        let known = policy.certificate(&peer.device, peer.incarnation).is_some();
        let trusted = known && !policy.is_revoked(&peer.device);
        let policy_stream = Stream::policy(self.me.organisation).id();
        let (mut runs, mut size, mut total) = (Vec::new(), 0, 0);
        for wanted in wanted {
            let allowed = trusted || (known && wanted.stream == policy_stream);
            if !allowed || wanted.from == 0 || wanted.to < wanted.from {
                continue;
            }
            let mut from = wanted.from;
            while from <= wanted.to && total < ANSWER_BYTES {
                let ranges = log.ranges(
                    &wanted.stream,
                    from,
                    wanted.to - from + 1,
                    FRAME_BYTES - size.min(FRAME_BYTES - 1),
                )?;
                if ranges.is_empty() {
                    break;
                }
                for range in ranges {
                    let bytes = range.bytes();
                    if size > 0 && size + bytes > FRAME_BYTES {
                        self.send_ops(&std::mem::take(&mut runs), false, out);
                        size = 0;
                    }
                    let Ok(run) = Run::pack(&range) else {
                        self.broken("an op here can't be read", out);
                        return Ok(());
                    };
                    from = run.last() + 1;
                    (size, total) = (size + bytes, total + bytes);
                    runs.push(run);
                }
                if size >= FRAME_BYTES {
                    self.send_ops(&std::mem::take(&mut runs), false, out);
                    size = 0;
                }
            }
        }
        self.send_ops(&runs, true, out);
        Ok(())
    }

    fn send_ops(&mut self, runs: &[Run], last: bool, out: &mut Outbox) {
        match self.squeezer.squeeze(&pack::frame(runs)) {
            Ok((fresh, bytes)) => {
                self.squeezed_ms = out.now_ms;
                self.send(&Message::Ops { last, fresh, bytes }, out);
            }
            Err(fault) => self.end(Ending::Broken(fault.to_string()), out),
        }
    }

    fn take_ops<L: Log>(
        &mut self,
        last: bool,
        fresh: bool,
        bytes: &[u8],
        log: &L,
        out: &mut Outbox,
    ) -> Result<(), L::Error> {
        let frame = match self.opener.open(fresh, bytes) {
            Ok(frame) => frame,
            Err(fault) => {
                self.broken(&fault.to_string(), out);
                return Ok(());
            }
        };
        let mut runs = pack::runs(&frame).peekable();
        if runs.peek().is_none() && !last {
            self.broken("an answer without ops that is not the last", out);
        }
        for run in runs {
            match run {
                Ok(run) => self.take_run(run, log, out)?,
                Err(fault) => self.broken(&fault.to_string(), out),
            }
            if self.phase == Phase::Over {
                return Ok(());
            }
        }
        self.waiting_ms = (!last).then_some(out.now_ms);
        if last {
            // What was asked for and did not come is not there; the next word of the peer tells.
            for stream in std::mem::take(&mut self.asked).into_keys() {
                if !self.answered.contains(&stream) {
                    self.theirs.remove(&stream);
                }
            }
        } else if !self.asked.is_empty() {
            self.owe(out.now_ms);
        }
        Ok(())
    }

    fn take_run<L: Log>(&mut self, run: Run, log: &L, out: &mut Outbox) -> Result<(), L::Error> {
        let known = self.streams.get(&run.stream).copied();
        let asked = self.asked.get_mut(&run.stream);
        let asked = asked.filter(|asked| asked.from == run.from && asked.from <= asked.to);
        let (Some(known), Some(asked)) = (known, asked) else {
            self.broken("ops that nobody asked for", out);
            return Ok(());
        };
        asked.from = run.last() + 1;
        self.answered.insert(run.stream);
        let branch = self.branches.contains_key(&run.stream);
        if self.laddered.contains(&run.stream) && !branch {
            // It came of a chain that is not ours; what is to come of it is asked for once it is known where they part.
            return Ok(());
        }
        let Some(before) = self.before(&run, log)? else {
            self.broken("ops after a gap", out);
            return Ok(());
        };
        if run.prev != before.map_or(OpHash::NONE, |tip| tip.head.hash).into() {
            // Ours and theirs part before this run.
            return self.show_ladder(run.stream, log, out);
        }
        let checked = self.check(&known.stream, run, before);
        match checked {
            Err(fault) => self.broken(&fault, out),
            Ok((range, tip)) => {
                let own =
                    known.stream.device == self.me.device && known.stream.incarnation == self.me.incarnation;
                if own {
                    out.list
                        .push(Output::OwnAhead(Held::up_to(known.stream.id(), tip.head)));
                }
                let arrived = Arrived {
                    stream: known.stream,
                    range,
                };
                if branch {
                    self.branches.insert(known.stream.id(), Some(tip));
                    out.list.push(Output::StoreBranch(arrived));
                } else {
                    let arriving = self.arriving.entry(known.stream.id());
                    let arriving = arriving.or_insert(Arriving { tip, bytes: 0 });
                    arriving.tip = tip;
                    arriving.bytes += arrived.range.bytes();
                    out.list.push(Output::Store(arrived));
                }
            }
        }
        Ok(())
    }

    /// Returns the op before a run: `None` when it is not here, `Some(None)` before a stream's first.
    #[allow(
        clippy::option_option,
        reason = "two kinds of nothing: not here, and nothing there is"
    )]
    fn before<L: Log>(&self, run: &Run, log: &L) -> Result<Option<Option<Tip>>, L::Error> {
        let seq = run.from - 1;
        if seq == 0 {
            return Ok(Some(None));
        }
        if let Some(Some(tip)) = self.branches.get(&run.stream)
            && tip.head.seq == seq
        {
            return Ok(Some(Some(*tip)));
        }
        if let Some(arriving) = self.arriving.get(&run.stream)
            && arriving.tip.head.seq == seq
        {
            return Ok(Some(Some(arriving.tip)));
        }
        let held = log.tip_at(&OpRef {
            stream: run.stream,
            seq,
        })?;
        Ok(held.map(Some))
    }

    /// Rebuilds a run and checks its chain and its signature.
    fn check(&self, stream: &Stream, run: Run, before: Option<Tip>) -> Result<(SignedRange, Tip), String> {
        let prev = before.map_or(OpHash::NONE, |tip| tip.head.hash);
        let range = run.unpack(prev).map_err(|fault| fault.to_string())?;
        if range.bytes() > RANGE_BYTES_MAX {
            return Err(format!("a run of more than {RANGE_BYTES_MAX} bytes"));
        }
        let mut check = match before {
            Some(tip) => ChainCheck::after(stream.id(), stream.device, tip),
            None => ChainCheck::new(stream.id(), stream.device),
        };
        check.range(&range).map_err(|fault| fault.to_string())?;
        let tip = check.tip().ok_or("a run without ops")?;
        Ok((range, tip))
    }
}

/// Tells whether what a peer holds of a stream is held here as another branch.
fn is_known_branch<L: Log>(theirs: &Held, log: &L) -> Result<bool, L::Error> {
    let branches = log.branches(&theirs.stream)?;
    let mut heads = branches.iter().map(|head| Held::up_to(theirs.stream, *head));
    Ok(heads.any(|head| head == *theirs))
}

/// What one call gives out.
struct Outbox {
    now_ms: i64,
    list: Vec<Output>,
}

impl Outbox {
    fn new(now_ms: i64) -> Self {
        Self {
            now_ms,
            list: Vec::new(),
        }
    }
}

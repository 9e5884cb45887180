//! Writing ops: numbering, chaining and signing one stream of this device.

use crate::body::Body;
use crate::clock::Hlc;
use crate::header::{
    BODY_MAX, HEADER_VERSION, HEIGHT_FOLLOWED_MAX, Header, HeaderError, body_hash, header_hash,
};
use crate::key::DeviceSecret;
use crate::op::Op;
use crate::stream::{Dep, DeviceKey, Head, OpHash, Signature, Stream, StreamId};

/// The most ops that one signature vouches for: what a reader may have to hold unproved stays small.
pub const COMMIT_OPS_MAX: usize = 64;
/// A commit with this many bytes takes no further op: with the largest op on top it stays well below what one range
/// may have.
pub const COMMIT_BYTES: usize = 1024 * 1024;

/// The newest op of a stream, with what the next one may not fall below.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tip {
    /// The op's number and hash.
    pub head: Head,
    /// The op's height.
    pub height: u64,
    /// The policy version it was made under.
    pub policy_version: u64,
}

impl Tip {
    /// Reads the tip from a header's canonical bytes.
    pub fn of(header: &[u8]) -> Result<Self, HeaderError> {
        let parsed = Header::from_bytes(header)?;
        Ok(Self::new(&parsed, header_hash(header)))
    }

    pub(crate) fn new(header: &Header, hash: OpHash) -> Self {
        let head = Head {
            seq: header.seq,
            hash,
        };
        Self {
            head,
            height: header.height,
            policy_version: header.policy_version,
        }
    }
}

/// What an author adds to a stream; number, chain and hashes are the author's work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpDraft {
    /// The family of the body's schema.
    pub kind: u16,
    /// The version of that schema.
    pub kind_version: u16,
    /// The device's hybrid logical clock.
    pub hlc: Hlc,
    /// The device's wall clock, in milliseconds since 1970.
    pub wall_ms: i64,
    /// 1 + the greatest height applied here, of any stream.
    pub height: u64,
    /// The policy version in force here.
    pub policy_version: u64,
    /// The ops that this one builds on, in any order.
    pub deps: Vec<Dep>,
    /// The body.
    pub body: Body,
}

/// Says why an op or a signature cannot be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AuthorError {
    /// The body is longer than allowed; the length is in bytes.
    #[error("the body has {0} bytes, more than {BODY_MAX}")]
    BodyTooLong(usize),
    /// One commit has no room for another op.
    #[error("a commit holds at most {COMMIT_OPS_MAX} ops")]
    CommitFull,
    /// The height is not above that of the stream's last op.
    #[error("height {height} is not above {last}, the height of the stream's last op")]
    Height {
        /// The draft's height.
        height: u64,
        /// The last op's height.
        last: u64,
    },
    /// The policy version is below that of the stream's last op.
    #[error("policy version {version} is below {last}, that of the stream's last op")]
    PolicyVersion {
        /// The draft's version.
        version: u64,
        /// The last op's version.
        last: u64,
    },
    /// A field is out of its range.
    #[error(transparent)]
    Header(#[from] HeaderError),
    /// There is no op that is not yet signed.
    #[error("there is nothing to sign")]
    NothingToSeal,
    /// The secret belongs to another key than the stream names.
    #[error("the stream is written by the key {expected}, not {found}")]
    WrongKey {
        /// The stream's key.
        expected: DeviceKey,
        /// The secret's public key.
        found: DeviceKey,
    },
}

/// Writes one stream. A copy made before a commit is the way back when the commit fails.
#[derive(Clone, Debug)]
pub struct Author {
    stream: Stream,
    id: StreamId,
    tip: Option<Tip>,
    unsealed: usize,
    unsealed_bytes: usize,
}

impl Author {
    /// Starts a stream.
    pub fn new(stream: Stream) -> Self {
        Self::at(stream, None)
    }

    /// Continues a stream after its newest op; `None` starts it.
    pub fn at(stream: Stream, tip: Option<Tip>) -> Self {
        Self {
            stream,
            id: stream.id(),
            tip,
            unsealed: 0,
            unsealed_bytes: 0,
        }
    }

    /// Returns what the stream is.
    pub fn stream(&self) -> &Stream {
        &self.stream
    }

    /// Returns the stream's id.
    pub fn id(&self) -> StreamId {
        self.id
    }

    /// Returns the newest op, written in this commit or before.
    pub fn tip(&self) -> Option<Tip> {
        self.tip
    }

    /// Returns the newest op's number and hash.
    pub fn head(&self) -> Option<Head> {
        self.tip.map(|tip| tip.head)
    }

    /// Returns the height of the next op: above that of the stream's last one, and above one that was met elsewhere.
    pub fn height_after(&self, met: u64) -> u64 {
        let last = self.tip.map_or(0, |tip| tip.height);
        last.max(met.min(HEIGHT_FOLLOWED_MAX)).saturating_add(1)
    }

    /// Returns how many ops wait for their signature.
    pub fn unsealed(&self) -> usize {
        self.unsealed
    }

    /// Returns how many bytes of headers and bodies wait for their signature.
    pub fn unsealed_bytes(&self) -> usize {
        self.unsealed_bytes
    }

    /// Builds the next op and moves on to it; on an error nothing moves.
    ///
    /// Dependencies are sorted here; of two that name one op the first in order stays.
    pub fn next(&mut self, draft: OpDraft) -> Result<Op, AuthorError> {
        let OpDraft {
            kind,
            kind_version,
            hlc,
            wall_ms,
            height,
            policy_version,
            mut deps,
            body,
        } = draft;
        if self.unsealed >= COMMIT_OPS_MAX {
            return Err(AuthorError::CommitFull);
        }
        let body = body.into_bytes();
        if body.len() > BODY_MAX {
            return Err(AuthorError::BodyTooLong(body.len()));
        }
        if let Some(tip) = self.tip {
            if height <= tip.height {
                return Err(AuthorError::Height {
                    height,
                    last: tip.height,
                });
            }
            if policy_version < tip.policy_version {
                return Err(AuthorError::PolicyVersion {
                    version: policy_version,
                    last: tip.policy_version,
                });
            }
        }
        deps.sort();
        deps.dedup_by_key(|dep| dep.op());
        let header = Header {
            version: HEADER_VERSION,
            stream: self.id,
            seq: self.tip.map_or(0, |tip| tip.head.seq).saturating_add(1),
            prev_hash: self.tip.map_or(OpHash::NONE, |tip| tip.head.hash),
            kind,
            kind_version,
            hlc,
            wall_ms,
            height,
            policy_version,
            deps,
            body_len: body.len() as u32,
            body_hash: body_hash(&body),
        };
        header.check()?;
        let bytes = header.to_bytes();
        self.tip = Some(Tip::new(&header, header_hash(&bytes)));
        let op = Op {
            header: bytes,
            body: Some(body),
        };
        self.unsealed += 1;
        self.unsealed_bytes += op.bytes();
        Ok(op)
    }

    /// Signs the last op of the commit, which vouches for all before it.
    pub fn seal(&mut self, secret: &DeviceSecret) -> Result<Signature, AuthorError> {
        let found = secret.public();
        if found != self.stream.device {
            return Err(AuthorError::WrongKey {
                expected: self.stream.device,
                found,
            });
        }
        let tip = self
            .tip
            .filter(|_| self.unsealed > 0)
            .ok_or(AuthorError::NothingToSeal)?;
        (self.unsealed, self.unsealed_bytes) = (0, 0);
        Ok(secret.sign_op(&tip.head.hash))
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::id::{Incarnation, OrganisationId};
    use crate::stream::StreamKind;

    pub(crate) fn secret() -> DeviceSecret {
        DeviceSecret::from_seed([7; 32])
    }

    pub(crate) fn stream() -> Stream {
        Stream {
            organisation: OrganisationId::from_number(1),
            device: secret().public(),
            incarnation: Incarnation::from_number(2),
            kind: StreamKind::Book,
        }
    }

    pub(crate) fn draft(height: u64, content: &[u8]) -> OpDraft {
        OpDraft {
            kind: 3,
            kind_version: 1,
            hlc: Hlc::new(1_750_000_000_000, height as u16),
            wall_ms: 1_750_000_000_000,
            height,
            policy_version: 1,
            deps: Vec::new(),
            body: Body::plain(content),
        }
    }

    #[test]
    fn ops_are_numbered_and_chained() {
        let mut author = Author::new(stream());
        let first = author.next(draft(1, b"a")).unwrap();
        let second = author.next(draft(5, b"b")).unwrap();
        let (one, two) = (first.parsed().unwrap(), second.parsed().unwrap());
        assert_eq!((one.seq, one.prev_hash), (1, OpHash::NONE));
        assert_eq!((two.seq, two.prev_hash), (2, first.hash()));
        assert_eq!(author.head(), Some(two.head()));
        assert_eq!(author.tip(), Some(Tip::of(&second.header).unwrap()));
        let signature = author.seal(&secret()).unwrap();
        assert_eq!(stream().device.verify_op(&second.hash(), &signature), Ok(()));
    }

    #[test]
    fn a_height_beyond_reason_is_not_followed_and_stops_nobody() {
        let mut author = Author::new(stream());
        assert_eq!(author.height_after(7), 8);
        let far = author.height_after(crate::header::NUMBER_MAX);
        assert_eq!(far, HEIGHT_FOLLOWED_MAX + 1);
        author.next(draft(far, b"a")).unwrap();
        assert_eq!(author.height_after(0), far + 1);
        author
            .next(draft(author.height_after(crate::header::NUMBER_MAX), b"b"))
            .unwrap();
    }

    #[test]
    fn a_failed_commit_leaves_no_trace() {
        let mut author = Author::new(stream());
        author.next(draft(1, b"a")).unwrap();
        author.seal(&secret()).unwrap();
        let before = author.clone();
        let lost = author.next(draft(2, b"lost")).unwrap();
        author = before;
        let kept = author.next(draft(2, b"kept")).unwrap();
        let (lost, kept) = (lost.parsed().unwrap(), kept.parsed().unwrap());
        assert_eq!((kept.seq, kept.prev_hash), (lost.seq, lost.prev_hash));
    }

    #[test]
    fn a_stream_goes_on_after_a_restart_as_if_there_was_none() {
        let mut author = Author::new(stream());
        let first = author.next(draft(1, b"a")).unwrap();
        let mut again = Author::at(stream(), Some(Tip::of(&first.header).unwrap()));
        assert_eq!(
            again.next(draft(2, b"b")).unwrap(),
            author.next(draft(2, b"b")).unwrap()
        );
    }

    #[test]
    fn a_refused_draft_moves_nothing() {
        let mut author = Author::new(stream());
        author.next(draft(5, b"a")).unwrap();
        let head = author.head();
        assert_eq!(
            author.next(draft(5, b"b")),
            Err(AuthorError::Height { height: 5, last: 5 })
        );
        let older = OpDraft {
            policy_version: 0,
            ..draft(6, b"b")
        };
        assert_eq!(
            author.next(older),
            Err(AuthorError::PolicyVersion { version: 0, last: 1 })
        );
        let long = draft(6, &vec![0; BODY_MAX]);
        assert_eq!(author.next(long), Err(AuthorError::BodyTooLong(BODY_MAX + 1)));
        let far = OpDraft {
            height: u64::MAX,
            ..draft(6, b"b")
        };
        assert_eq!(
            author.next(far),
            Err(AuthorError::Header(HeaderError::Range("height")))
        );
        assert_eq!((author.head(), author.unsealed()), (head, 1));
    }

    #[test]
    fn dependencies_come_in_any_order() {
        let dep = |seq| Dep {
            stream: StreamId([3; 16]),
            seq,
            hash8: [0; 8],
        };
        let unsorted = OpDraft {
            deps: vec![dep(9), dep(2), dep(9)],
            ..draft(1, b"")
        };
        let op = Author::new(stream()).next(unsorted).unwrap();
        assert_eq!(op.parsed().unwrap().deps, [dep(2), dep(9)]);
    }

    #[test]
    fn a_commit_is_bounded_and_signed_by_the_right_key_once() {
        let mut author = Author::new(stream());
        assert_eq!(author.seal(&secret()), Err(AuthorError::NothingToSeal));
        for height in 1..=COMMIT_OPS_MAX as u64 {
            author.next(draft(height, b"")).unwrap();
        }
        assert_eq!(author.next(draft(99, b"")), Err(AuthorError::CommitFull));
        let stranger = DeviceSecret::from_seed([8; 32]);
        assert!(matches!(
            author.seal(&stranger),
            Err(AuthorError::WrongKey { .. })
        ));
        author.seal(&secret()).unwrap();
        assert_eq!(author.seal(&secret()), Err(AuthorError::NothingToSeal));
        author.next(draft(99, b"")).unwrap();
    }
}

//! Writing ops: numbering, chaining and signing one stream of this device.

use crate::body::Body;
use crate::clock::Hlc;
use crate::header::{BODY_MAX, HEADER_VERSION, Header, HeaderError, body_hash, header_hash};
use crate::key::DeviceSecret;
use crate::op::Op;
use crate::stream::{Dep, DeviceKey, Head, OpHash, Signature, Stream, StreamId};

/// The most ops that one signature vouches for: what a reader may have to hold unproved stays small.
pub const COMMIT_OPS_MAX: usize = 64;

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

    /// Returns how many ops wait for their signature.
    pub fn unsealed(&self) -> usize {
        self.unsealed
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
        self.unsealed += 1;
        Ok(Op {
            header: bytes,
            body: Some(body),
        })
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
        self.unsealed = 0;
        Ok(secret.sign_op(&tip.head.hash))
    }
}

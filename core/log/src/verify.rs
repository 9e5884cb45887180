//! Checking a stream: numbers without gaps, an unbroken chain, bodies that match, signatures that hold.

use crate::author::{COMMIT_OPS_MAX, Tip};
use crate::header::{Header, HeaderError, body_hash, header_hash};
use crate::key::{Purpose, SignatureError, Verifier};
use crate::op::SignedRange;
use crate::stream::{DeviceKey, Head, OpHash, Seq, Signature, StreamId};

/// Says which op of which stream is wrong, and how.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("stream {stream}, op {seq}: {reason}")]
pub struct ChainError {
    /// The stream that was being checked.
    pub stream: StreamId,
    /// The number that the op has or should have had.
    pub seq: Seq,
    /// What is wrong.
    pub reason: ChainFault,
}

/// What can be wrong with an op in its stream.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChainFault {
    /// The header's bytes are no header.
    #[error(transparent)]
    Header(#[from] HeaderError),
    /// The op belongs to another stream.
    #[error("the op belongs to stream {0}")]
    Stream(StreamId),
    /// The op has another number than the next one.
    #[error("the op has number {found}: ops are missing or come twice")]
    Seq {
        /// The number that the op has.
        found: Seq,
    },
    /// The op continues another chain: a fork, or a changed op before it.
    #[error("the op does not continue the op before it")]
    PrevHash,
    /// The body has another length than the header says, in bytes.
    #[error("the body has {found} bytes, its header says {expected}")]
    BodyLen {
        /// What the header says.
        expected: u32,
        /// What the body has.
        found: usize,
    },
    /// The body is another than the header names.
    #[error("the body is not the one that its header names")]
    BodyHash,
    /// The height is not above that of the op before.
    #[error("height {found} is not above {last}, that of the op before")]
    Height {
        /// The height before.
        last: u64,
        /// The op's height.
        found: u64,
    },
    /// The policy version is below that of the op before.
    #[error("policy version {found} is below {last}, that of the op before")]
    PolicyVersion {
        /// The version before.
        last: u64,
        /// The op's version.
        found: u64,
    },
    /// The signature is for an op that was not fed, or too long ago.
    #[error("the signature is for none of the last {COMMIT_OPS_MAX} ops")]
    NotRecent,
    /// The range holds no op.
    #[error("the range holds no op")]
    Empty,
    /// The signature does not hold.
    #[error(transparent)]
    Signature(#[from] SignatureError),
}

/// Checks one stream, op by op. A refused op changes nothing, so the right one may follow.
#[derive(Clone, Debug)]
pub struct ChainCheck {
    stream: StreamId,
    verifier: Verifier,
    tip: Option<Tip>,
    /// The hashes of the last ops, by number modulo the length: one commit's worth, whatever was fed.
    recent: [OpHash; COMMIT_OPS_MAX],
    /// The number of the first op whose hash is in `recent`; later ones push earlier ones out.
    since: Seq,
    vouched: Seq,
}

impl ChainCheck {
    /// Begins before a stream's first op. The key is the one its certificate names.
    pub fn new(stream: StreamId, key: DeviceKey) -> Self {
        let recent = [OpHash::NONE; COMMIT_OPS_MAX];
        Self {
            stream,
            verifier: Verifier::new(&key),
            tip: None,
            recent,
            since: 1,
            vouched: 0,
        }
    }

    /// Continues after an op that is already known to be good and signed for.
    pub fn after(stream: StreamId, key: DeviceKey, tip: Tip) -> Self {
        let mut check = Self::new(stream, key);
        check.since = tip.head.seq;
        check.vouched = tip.head.seq;
        check.remember(tip);
        check
    }

    fn remember(&mut self, tip: Tip) {
        self.recent[tip.head.seq as usize % COMMIT_OPS_MAX] = tip.head.hash;
        self.tip = Some(tip);
    }

    /// Returns the newest op fed.
    pub fn tip(&self) -> Option<Tip> {
        self.tip
    }

    /// Returns the newest op's number and hash.
    pub fn head(&self) -> Option<Head> {
        self.tip.map(|tip| tip.head)
    }

    /// Returns the number up to which a signature vouches for every op; 0 for none.
    pub fn vouched(&self) -> Seq {
        self.vouched
    }

    /// Takes in the next op: its header's bytes and, when it is here, its body's. Whether an absent body is
    /// in order is for the caller to know.
    pub fn feed(&mut self, header: &[u8], body: Option<&[u8]>) -> Result<Header, ChainError> {
        let expected = self.tip.map_or(0, |tip| tip.head.seq).saturating_add(1);
        let parsed = Header::from_bytes(header).map_err(|error| self.fault(expected, error.into()))?;
        self.check(expected, &parsed, body)
            .map_err(|reason| self.fault(parsed.seq, reason))?;
        self.remember(Tip::new(&parsed, header_hash(header)));
        Ok(parsed)
    }

    fn check(&self, expected: Seq, header: &Header, body: Option<&[u8]>) -> Result<(), ChainFault> {
        if header.stream != self.stream {
            return Err(ChainFault::Stream(header.stream));
        }
        if header.seq != expected {
            return Err(ChainFault::Seq { found: header.seq });
        }
        if let Some(Tip {
            head,
            height,
            policy_version,
        }) = self.tip
        {
            if header.prev_hash != head.hash {
                return Err(ChainFault::PrevHash);
            }
            if header.height <= height {
                return Err(ChainFault::Height {
                    last: height,
                    found: header.height,
                });
            }
            if header.policy_version < policy_version {
                return Err(ChainFault::PolicyVersion {
                    last: policy_version,
                    found: header.policy_version,
                });
            }
        }
        let Some(body) = body else { return Ok(()) };
        if body.len() != header.body_len as usize {
            return Err(ChainFault::BodyLen {
                expected: header.body_len,
                found: body.len(),
            });
        }
        if body_hash(body) != header.body_hash {
            return Err(ChainFault::BodyHash);
        }
        Ok(())
    }

    /// Checks a signature over the op with this number, one of the last 64 fed.
    pub fn signature(&mut self, seq: Seq, signature: &Signature) -> Result<(), ChainError> {
        let last = self.tip.map_or(0, |tip| tip.head.seq);
        let oldest = self
            .since
            .max(last.saturating_add(1).saturating_sub(COMMIT_OPS_MAX as u64));
        if seq < oldest || seq > last {
            return Err(self.fault(seq, ChainFault::NotRecent));
        }
        let hash = self.recent[seq as usize % COMMIT_OPS_MAX];
        let checked = self.verifier.check(Purpose::Op, &hash.0, signature);
        checked.map_err(|error| self.fault(seq, error.into()))?;
        self.vouched = self.vouched.max(seq);
        Ok(())
    }

    /// Takes in a whole range with its signature, or nothing of it.
    pub fn range(&mut self, range: &SignedRange) -> Result<Vec<Header>, ChainError> {
        let mut next = self.clone();
        let feed = |op: &crate::op::Op| next.feed(&op.header, op.body.as_deref());
        let headers: Vec<Header> = range.ops.iter().map(feed).collect::<Result<_, _>>()?;
        let last = headers.last().ok_or_else(|| self.fault(0, ChainFault::Empty))?;
        next.signature(last.seq, &range.signature)?;
        *self = next;
        Ok(headers)
    }

    fn fault(&self, seq: Seq, reason: ChainFault) -> ChainError {
        ChainError {
            stream: self.stream,
            seq,
            reason,
        }
    }
}

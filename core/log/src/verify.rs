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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::author::Author;
    use crate::author::tests::{draft, secret, stream};
    use crate::key::DeviceSecret;
    use crate::op::Op;
    use proptest::prelude::*;

    fn commit(author: &mut Author, count: u64) -> SignedRange {
        let from = author.tip().map_or(0, |tip| tip.height) + 1;
        let op = |height: u64| {
            author
                .next(draft(height, format!("loaf {height}").as_bytes()))
                .unwrap()
        };
        let ops = (from..from + count).map(op).collect();
        SignedRange {
            ops,
            signature: author.seal(&secret()).unwrap(),
        }
    }

    fn check() -> ChainCheck {
        ChainCheck::new(stream().id(), stream().device)
    }

    fn feed(check: &mut ChainCheck, op: &Op) -> Result<Header, ChainFault> {
        check
            .feed(&op.header, op.body.as_deref())
            .map_err(|error| error.reason)
    }

    #[test]
    fn an_honest_stream_is_accepted_with_or_without_bodies() {
        let mut author = Author::new(stream());
        let mut check = check();
        for count in [1, 3, 64] {
            let mut range = commit(&mut author, count);
            range.ops[0].body = None;
            check.range(&range).unwrap();
        }
        assert_eq!((check.head(), check.vouched()), (author.head(), 68));
        let rest = commit(&mut author, 2);
        let mut later = ChainCheck::after(stream().id(), stream().device, check.tip().unwrap());
        assert_eq!(later.range(&rest).unwrap().len(), 2);
        assert_eq!(later.vouched(), 70);
    }

    #[test]
    fn every_flipped_bit_of_header_body_or_signature_is_found() {
        let range = commit(&mut Author::new(stream()), 3);
        check().range(&range).unwrap();
        for index in 0..range.ops.len() {
            for bit in 0..range.ops[index].header.len() * 8 {
                let mut bad = range.clone();
                bad.ops[index].header[bit / 8] ^= 1 << (bit % 8);
                assert!(check().range(&bad).is_err(), "op {index}, header bit {bit}");
            }
            for bit in 0..range.ops[index].body.as_ref().unwrap().len() * 8 {
                let mut bad = range.clone();
                bad.ops[index].body.as_mut().unwrap()[bit / 8] ^= 1 << (bit % 8);
                assert!(check().range(&bad).is_err(), "op {index}, body bit {bit}");
            }
        }
        for bit in 0..Signature::LEN * 8 {
            let mut bad = range.clone();
            bad.signature.0[bit / 8] ^= 1 << (bit % 8);
            assert!(check().range(&bad).is_err(), "signature bit {bit}");
        }
    }

    #[test]
    fn gaps_repeats_and_strange_streams_are_found_and_change_nothing() {
        let range = commit(&mut Author::new(stream()), 3);
        let mut check = check();
        assert_eq!(feed(&mut check, &range.ops[1]), Err(ChainFault::Seq { found: 2 }));
        feed(&mut check, &range.ops[0]).unwrap();
        assert_eq!(feed(&mut check, &range.ops[0]), Err(ChainFault::Seq { found: 1 }));
        let error = check.feed(&range.ops[2].header, None).unwrap_err();
        assert_eq!((error.stream, error.seq), (stream().id(), 3));
        assert!(error.to_string().contains("op 3: the op has number 3"), "{error}");
        feed(&mut check, &range.ops[1]).unwrap();
        let mut strange = ChainCheck::new(StreamId([9; 16]), stream().device);
        assert_eq!(
            feed(&mut strange, &range.ops[0]),
            Err(ChainFault::Stream(stream().id()))
        );
    }

    #[test]
    fn a_fork_is_found_where_it_leaves() {
        let mut author = Author::new(stream());
        let common = commit(&mut author, 2);
        let mut other = author.clone();
        let ours = commit(&mut author, 1);
        other.next(draft(9, b"another past")).unwrap();
        let theirs = other.next(draft(10, b"and more")).unwrap();
        let mut check = check();
        check.range(&common).unwrap();
        check.range(&ours).unwrap();
        assert_eq!(feed(&mut check, &theirs), Err(ChainFault::PrevHash));
    }

    #[test]
    fn a_body_of_another_length_or_content_is_found() {
        let op = &commit(&mut Author::new(stream()), 1).ops[0];
        let feed = |body: &[u8]| check().feed(&op.header, Some(body)).unwrap_err().reason;
        assert_eq!(
            feed(b""),
            ChainFault::BodyLen {
                expected: 7,
                found: 0
            }
        );
        assert_eq!(feed(b"\0loaf 2"), ChainFault::BodyHash);
    }

    /// Makes an op that an honest author never writes: the second in the stream, with fields changed.
    fn second(change: impl FnOnce(&mut Header)) -> Result<Header, ChainFault> {
        let range = commit(&mut Author::new(stream()), 2);
        let mut check = check();
        feed(&mut check, &range.ops[0]).unwrap();
        let mut header = range.ops[1].parsed().unwrap();
        change(&mut header);
        feed(
            &mut check,
            &Op {
                header: header.to_bytes(),
                body: None,
            },
        )
    }

    #[test]
    fn height_grows_and_the_policy_version_never_falls() {
        assert!(second(|_| {}).is_ok());
        assert_eq!(
            second(|h| h.height = 1),
            Err(ChainFault::Height { last: 1, found: 1 })
        );
        assert_eq!(
            second(|h| h.policy_version = 0),
            Err(ChainFault::PolicyVersion { last: 1, found: 0 })
        );
    }

    #[test]
    fn a_signature_counts_for_a_recent_op_of_the_right_key_only() {
        let mut author = Author::new(stream());
        let ranges: Vec<_> = (0..2).map(|_| commit(&mut author, 40)).collect();
        let mut check = check();
        assert_eq!(
            check.signature(0, &ranges[0].signature).unwrap_err().reason,
            ChainFault::NotRecent
        );
        for op in ranges.iter().flat_map(|range| &range.ops) {
            feed(&mut check, op).unwrap();
        }
        let mut reason = |seq, signature| check.signature(seq, signature).map_err(|error| error.reason);
        assert_eq!(reason(40, &ranges[0].signature), Ok(()));
        assert_eq!(reason(80, &ranges[1].signature), Ok(()));
        assert_eq!(reason(81, &ranges[1].signature), Err(ChainFault::NotRecent));
        assert_eq!(reason(16, &ranges[1].signature), Err(ChainFault::NotRecent));
        let mismatch = ChainFault::Signature(SignatureError::Mismatch);
        assert_eq!(reason(79, &ranges[1].signature), Err(mismatch.clone()));
        let stranger = DeviceSecret::from_seed([8; 32]).sign_op(&ranges[1].ops[39].hash());
        assert_eq!(reason(80, &stranger), Err(mismatch));
        let bad_key = DeviceKey([2; 32]);
        let mut weak = ChainCheck::new(stream().id(), bad_key);
        weak.feed(&ranges[0].ops[0].header, None).unwrap();
        let error = weak.signature(1, &ranges[0].signature).unwrap_err();
        assert!(matches!(error.reason, ChainFault::Signature(_)));
    }

    #[test]
    fn a_refused_range_leaves_no_op_behind() {
        let mut range = commit(&mut Author::new(stream()), 3);
        range.signature.0[0] ^= 1;
        let mut check = check();
        assert!(check.range(&range).is_err());
        assert_eq!((check.head(), check.vouched()), (None, 0));
        range.ops.clear();
        assert_eq!(check.range(&range).unwrap_err().reason, ChainFault::Empty);
    }

    proptest! {
        #[test]
        fn any_bytes_are_fed_without_panic(
            header in prop::collection::vec(any::<u8>(), 0..200), seq: u64, tip_seq: u64,
        ) {
            let head = Head { seq: tip_seq, hash: OpHash([1; 32]) };
            let tip = Tip { head, height: u64::MAX, policy_version: u64::MAX };
            let mut check = ChainCheck::after(stream().id(), stream().device, tip);
            prop_assert!(check.feed(&header, None).is_err());
            prop_assert!(check.signature(seq, &Signature([0; 64])).is_err());
        }
    }
}

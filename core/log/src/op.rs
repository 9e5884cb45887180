//! An op: one command's facts in one stream, as bytes that are stored and relayed verbatim.

use minicbor::decode::{Decoder, Error as DecodeError};
use minicbor::encode::{Encoder, Error as EncodeError, Write};
use minicbor::{Decode, Encode};

use crate::body;
use crate::header::{BODY_MAX, HEADER_MAX, Header, HeaderError, body_hash, header_hash};
use crate::stream::{OpHash, Signature};

/// The most ops of one range: a frame is cut long before, and a decoder must stop somewhere.
pub const RANGE_OPS_MAX: u64 = 4096;
/// The most bytes of headers and bodies of one range: whoever relays it must get it into one message, however badly
/// it can be compressed.
pub const RANGE_BYTES_MAX: usize = 4 * 1024 * 1024;

/// An op: its header's canonical bytes and, unless withheld, pruned or erased, its body's bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Op {
    /// The header's canonical bytes, never encoded again.
    pub header: Vec<u8>,
    /// The body's bytes, with flag and salt; `None` when the body is not here.
    pub body: Option<Vec<u8>>,
}

impl Op {
    /// Reads the header.
    pub fn parsed(&self) -> Result<Header, HeaderError> {
        Header::from_bytes(&self.header)
    }

    /// Counts the bytes of header and body.
    pub fn bytes(&self) -> usize {
        self.header.len() + self.body.as_ref().map_or(0, Vec::len)
    }

    /// Returns the hash of the op.
    pub fn hash(&self) -> OpHash {
        header_hash(&self.header)
    }

    /// Returns the body's content, without flag and salt; `None` when absent or of an unknown class.
    pub fn content(&self) -> Option<&[u8]> {
        self.body.as_deref().and_then(body::content)
    }

    /// Says whether the body, if here, is the one that the header names.
    pub fn body_matches(&self, header: &Header) -> bool {
        self.body
            .as_deref()
            .is_none_or(|body| body.len() == header.body_len as usize && body_hash(body) == header.body_hash)
    }
}

impl<C> Encode<C> for Op {
    fn encode<W: Write>(&self, e: &mut Encoder<W>, _: &mut C) -> Result<(), EncodeError<W::Error>> {
        e.array(2)?.bytes(&self.header)?;
        match &self.body {
            Some(body) => e.bytes(body)?.ok(),
            None => e.null()?.ok(),
        }
    }
}

impl<'b, C> Decode<'b, C> for Op {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, DecodeError> {
        if d.array()? != Some(2) {
            return Err(DecodeError::message("an op is an array of two"));
        }
        let header = bounded(d.bytes()?, HEADER_MAX)?;
        let body = if d.datatype()? == minicbor::data::Type::Null {
            d.null()?;
            None
        } else {
            Some(bounded(d.bytes()?, BODY_MAX)?)
        };
        Ok(Self { header, body })
    }
}

fn bounded(bytes: &[u8], max: usize) -> Result<Vec<u8>, DecodeError> {
    if bytes.len() > max {
        return Err(DecodeError::message("a header or body is longer than allowed"));
    }
    Ok(bytes.to_vec())
}

/// Consecutive ops of one stream with the signature of the last; the chain vouches for the rest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedRange {
    /// The ops in order, at least one.
    pub ops: Vec<Op>,
    /// The author's signature over the last op's hash.
    pub signature: Signature,
}

impl SignedRange {
    /// Counts the bytes of headers and bodies.
    pub fn bytes(&self) -> usize {
        self.ops.iter().map(Op::bytes).sum()
    }
}

impl<C> Encode<C> for SignedRange {
    fn encode<W: Write>(&self, e: &mut Encoder<W>, ctx: &mut C) -> Result<(), EncodeError<W::Error>> {
        e.array(2)?.array(self.ops.len() as u64)?;
        for op in &self.ops {
            op.encode(e, ctx)?;
        }
        self.signature.encode(e, ctx)
    }
}

impl<'b, C> Decode<'b, C> for SignedRange {
    fn decode(d: &mut Decoder<'b>, ctx: &mut C) -> Result<Self, DecodeError> {
        if d.array()? != Some(2) {
            return Err(DecodeError::message("a range is an array of two"));
        }
        let count = d.array()?.filter(|count| (1..=RANGE_OPS_MAX).contains(count));
        let count = count.ok_or_else(|| DecodeError::message("a range has no ops or too many"))?;
        // No capacity is reserved: the count is a stranger's claim until the ops are there.
        let mut ops = Vec::new();
        for _ in 0..count {
            ops.push(Op::decode(d, ctx)?);
        }
        Ok(Self {
            ops,
            signature: Signature::decode(d, ctx)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::author::Author;
    use crate::author::tests::{draft, secret, stream};
    use proptest::prelude::*;

    fn range() -> SignedRange {
        let mut author = Author::new(stream());
        let mut ops: Vec<Op> = (1..=3).map(|n| author.next(draft(n, b"loaf")).unwrap()).collect();
        ops[1].body = None;
        SignedRange {
            ops,
            signature: author.seal(&secret()).unwrap(),
        }
    }

    #[test]
    fn a_range_comes_back_byte_for_byte() {
        let bytes = minicbor::to_vec(range()).unwrap();
        let read: SignedRange = minicbor::decode(&bytes).unwrap();
        assert_eq!(read, range());
        assert_eq!(read.ops[0].content(), Some(&b"loaf"[..]));
        assert_eq!(read.ops[1].content(), None);
    }

    #[test]
    fn a_changed_body_is_told_from_its_header() {
        let mut op = range().ops[0].clone();
        let header = op.parsed().unwrap();
        assert!(op.body_matches(&header));
        op.body = Some(b"\0cake".to_vec());
        assert!(!op.body_matches(&header));
        op.body = None;
        assert!(op.body_matches(&header));
    }

    #[test]
    fn counts_and_lengths_are_bounded_before_memory_is_taken() {
        // An array of two, an array of 2^32 ops, and nothing more.
        assert!(minicbor::decode::<SignedRange>(&[0x82, 0x9a, 0xff, 0xff, 0xff, 0xff]).is_err());
        assert!(minicbor::decode::<SignedRange>(&[0x82, 0x80]).is_err());
        let long = Op {
            header: vec![0; HEADER_MAX + 1],
            body: None,
        };
        assert!(minicbor::decode::<Op>(&minicbor::to_vec(long).unwrap()).is_err());
        let long = Op {
            header: Vec::new(),
            body: Some(vec![0; BODY_MAX + 1]),
        };
        assert!(minicbor::decode::<Op>(&minicbor::to_vec(long).unwrap()).is_err());
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let _ = minicbor::decode::<SignedRange>(&bytes);
            let _ = minicbor::decode::<Op>(&bytes);
        }

        #[test]
        fn damaged_ranges_are_read_without_panic(at in any::<prop::sample::Index>(), to: u8) {
            let mut bytes = minicbor::to_vec(range()).unwrap();
            let at = at.index(bytes.len());
            bytes[at] = to;
            let _ = minicbor::decode::<SignedRange>(&bytes);
        }
    }
}

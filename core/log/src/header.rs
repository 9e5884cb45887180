//! The header of an op: what is chained, hashed and signed. Its bytes are canonical: one header, one string.

use minicbor::decode::{Decode, Decoder, Error as DecodeError};
use minicbor::encode::Encoder;
use serde::{Deserialize, Serialize};

use crate::clock::Hlc;
use crate::domain;
use crate::stream::{Dep, Head, OpHash, OpRef, Place, Seq, StreamId};

/// The version of the header's layout that this release writes and reads.
pub const HEADER_VERSION: u16 = 1;
/// The most bytes of a header. One with 64 dependencies takes about 2.6 KiB.
pub const HEADER_MAX: usize = 4 * 1024;
/// The most bytes of a body: an import of 500 items takes about 250 KiB.
pub const BODY_MAX: usize = 1024 * 1024;
/// The most dependencies of an op: a count names the tills that it heard, and a market has up to 50.
pub const DEPS_MAX: usize = 64;
/// The greatest seq, height, policy version and clock reading: databases keep numbers in 63 bits.
pub const NUMBER_MAX: u64 = i64::MAX as u64;
/// The greatest height of others that a device counts on from: a thousand ops in each millisecond for nine thousand
/// years. An op beyond it is a lie, and whoever followed it to the end of numbers could write nothing more.
pub const HEIGHT_FOLLOWED_MAX: u64 = 1 << 48;

const FIELDS: u64 = 13;

/// What an op says about itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// The layout's version, `HEADER_VERSION`.
    pub version: u16,
    /// The stream.
    pub stream: StreamId,
    /// The number in the stream, from 1.
    pub seq: Seq,
    /// The hash of the op before; `OpHash::NONE` for the first.
    pub prev_hash: OpHash,
    /// The family of the body's schema: 1 policy, 2 shop, 3 book, 4 floor; unknown ones are carried.
    pub kind: u16,
    /// The version of that schema.
    pub kind_version: u16,
    /// The author's hybrid logical clock.
    pub hlc: Hlc,
    /// The author's wall clock, in milliseconds since 1970.
    pub wall_ms: i64,
    /// 1 + the greatest height that the author had applied.
    pub height: u64,
    /// The policy version under which the op was made; 0 before there is any.
    pub policy_version: u64,
    /// The ops that this one builds on, ascending, no op named twice. Data for folds, never a gate.
    pub deps: Vec<Dep>,
    /// The body's length, in bytes.
    pub body_len: u32,
    /// The body's hash, by `body_hash`.
    #[serde(with = "crate::bytes::hex")]
    pub body_hash: [u8; 32],
}

/// Says why bytes are not a header.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HeaderError {
    /// The bytes are more than `HEADER_MAX`.
    #[error("the header has {0} bytes, more than {HEADER_MAX}")]
    TooLong(usize),
    /// The layout is of another version, from a later release.
    #[error("the header is of version {0}, this release reads {HEADER_VERSION}")]
    Version(u16),
    /// The bytes are no CBOR of this shape.
    #[error("the header is malformed: {0}")]
    Malformed(String),
    /// The bytes say the same in another way than the one allowed.
    #[error("the header is not in canonical form")]
    NotCanonical,
    /// A number is out of its range.
    #[error("the header's {0} is out of range")]
    Range(&'static str),
    /// Dependencies are too many, not ascending, or one is named twice.
    #[error("the header's dependencies are more than {DEPS_MAX}, out of order or doubled")]
    Deps,
}

impl Header {
    /// Returns the canonical bytes: a CBOR array of the thirteen fields in the order of their declaration,
    /// definite lengths, shortest integers.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(160 + 40 * self.deps.len());
        // A Vec takes every write, so encoding cannot fail.
        let _ = self.write(&mut Encoder::new(&mut bytes));
        bytes
    }

    fn write(
        &self,
        e: &mut Encoder<&mut Vec<u8>>,
    ) -> Result<(), minicbor::encode::Error<std::convert::Infallible>> {
        e.array(FIELDS)?
            .u16(self.version)?
            .bytes(&self.stream.0)?
            .u64(self.seq)?;
        e.bytes(&self.prev_hash.0)?
            .u16(self.kind)?
            .u16(self.kind_version)?;
        e.u64(self.hlc.0)?
            .i64(self.wall_ms)?
            .u64(self.height)?
            .u64(self.policy_version)?;
        e.array(self.deps.len() as u64)?;
        for dep in &self.deps {
            e.encode(dep)?;
        }
        e.u32(self.body_len)?.bytes(&self.body_hash)?.ok()
    }

    /// Reads canonical bytes. Fails on any others, and on numbers, lengths or counts beyond the limits.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, HeaderError> {
        if bytes.len() > HEADER_MAX {
            return Err(HeaderError::TooLong(bytes.len()));
        }
        let header = Self::read(&mut Decoder::new(bytes))?;
        header.check()?;
        if header.to_bytes() != bytes {
            return Err(HeaderError::NotCanonical);
        }
        Ok(header)
    }

    fn read(d: &mut Decoder<'_>) -> Result<Self, HeaderError> {
        let fields = d.array()?;
        let version = d.u16()?;
        if version != HEADER_VERSION {
            return Err(HeaderError::Version(version));
        }
        if fields != Some(FIELDS) {
            return Err(HeaderError::Malformed(format!("a header has {FIELDS} fields")));
        }
        Ok(Self {
            version,
            stream: d.decode()?,
            seq: d.u64()?,
            prev_hash: d.decode()?,
            kind: d.u16()?,
            kind_version: d.u16()?,
            hlc: d.decode()?,
            wall_ms: d.i64()?,
            height: d.u64()?,
            policy_version: d.u64()?,
            deps: Self::read_deps(d)?,
            body_len: d.u32()?,
            body_hash: hash(d.bytes()?)?,
        })
    }

    fn read_deps(d: &mut Decoder<'_>) -> Result<Vec<Dep>, HeaderError> {
        let count = d
            .array()?
            .filter(|count| *count <= DEPS_MAX as u64)
            .ok_or(HeaderError::Deps)?;
        (0..count).map(|_| Ok(Dep::decode(d, &mut ())?)).collect()
    }

    /// Checks what a header promises beyond its layout: ranges, and dependencies in order.
    pub(crate) fn check(&self) -> Result<(), HeaderError> {
        let within = |name, value: u64, low| {
            if value < low || value > NUMBER_MAX {
                Err(HeaderError::Range(name))
            } else {
                Ok(())
            }
        };
        within("seq", self.seq, 1)?;
        within("height", self.height, 1)?;
        within("policy version", self.policy_version, 0)?;
        within("clock", self.hlc.0, 0)?;
        if self.body_len as usize > BODY_MAX {
            return Err(HeaderError::Range("body length"));
        }
        if (self.seq == 1) != (self.prev_hash == OpHash::NONE) {
            return Err(HeaderError::Range("previous hash"));
        }
        self.deps
            .iter()
            .try_for_each(|dep| within("dependency", dep.seq, 1))?;
        if self.deps.len() > DEPS_MAX || !self.deps.is_sorted_by(|a, b| a.op() < b.op()) {
            return Err(HeaderError::Deps);
        }
        Ok(())
    }

    /// Returns the op's hash. Whoever holds the bytes takes `header_hash` and saves the encoding.
    pub fn hash(&self) -> OpHash {
        header_hash(&self.to_bytes())
    }

    /// Returns the op's number and hash.
    pub fn head(&self) -> Head {
        Head {
            seq: self.seq,
            hash: self.hash(),
        }
    }

    /// Returns where the op is.
    pub fn op(&self) -> OpRef {
        OpRef {
            stream: self.stream,
            seq: self.seq,
        }
    }

    /// Returns the op's place in the accepted order.
    pub fn place(&self) -> Place {
        Place {
            height: self.height,
            stream: self.stream,
            seq: self.seq,
        }
    }
}

impl From<DecodeError> for HeaderError {
    fn from(error: DecodeError) -> Self {
        Self::Malformed(error.to_string())
    }
}

/// Returns an op's hash: BLAKE3 over the header domain and the header's bytes.
pub fn header_hash(header: &[u8]) -> OpHash {
    OpHash(domain::hash(domain::HEADER, &[header]))
}

/// Returns a body's hash: BLAKE3 over the body domain and all bytes of the body, its flag and salt too.
pub fn body_hash(body: &[u8]) -> [u8; 32] {
    domain::hash(domain::BODY, &[body])
}

fn hash(bytes: &[u8]) -> Result<[u8; 32], HeaderError> {
    bytes
        .try_into()
        .map_err(|_| HeaderError::Malformed("a hash is 32 bytes".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::collection::vec;
    use proptest::prelude::*;

    fn sample() -> Header {
        Header {
            version: HEADER_VERSION,
            stream: StreamId([1; 16]),
            seq: 2,
            prev_hash: OpHash([2; 32]),
            kind: 3,
            kind_version: 1,
            hlc: Hlc::new(1_750_000_000_000, 3),
            wall_ms: 1_750_000_000_000,
            height: 9,
            policy_version: 4,
            deps: vec![Dep {
                stream: StreamId([5; 16]),
                seq: 6,
                hash8: [7; 8],
            }],
            body_len: 10,
            body_hash: [8; 32],
        }
    }

    fn refused(change: impl FnOnce(&mut Header)) -> HeaderError {
        let mut header = sample();
        change(&mut header);
        Header::from_bytes(&header.to_bytes()).unwrap_err()
    }

    #[test]
    fn numbers_out_of_range_are_refused() {
        assert_eq!(refused(|h| h.version = 2), HeaderError::Version(2));
        assert_eq!(refused(|h| h.seq = 0), HeaderError::Range("seq"));
        assert_eq!(refused(|h| h.seq = 1 << 63), HeaderError::Range("seq"));
        assert_eq!(refused(|h| h.height = 0), HeaderError::Range("height"));
        assert_eq!(
            refused(|h| h.policy_version = u64::MAX),
            HeaderError::Range("policy version")
        );
        assert_eq!(refused(|h| h.hlc = Hlc(u64::MAX)), HeaderError::Range("clock"));
        assert_eq!(
            refused(|h| h.body_len = BODY_MAX as u32 + 1),
            HeaderError::Range("body length")
        );
        assert_eq!(
            refused(|h| h.prev_hash = OpHash::NONE),
            HeaderError::Range("previous hash")
        );
        assert_eq!(refused(|h| h.seq = 1), HeaderError::Range("previous hash"));
        assert_eq!(refused(|h| h.deps[0].seq = 0), HeaderError::Range("dependency"));
    }

    #[test]
    fn dependencies_are_few_sorted_and_named_once() {
        assert_eq!(refused(|h| h.deps.push(h.deps[0])), HeaderError::Deps);
        let other_hash = Dep {
            hash8: [9; 8],
            ..sample().deps[0]
        };
        assert_eq!(refused(|h| h.deps.push(other_hash)), HeaderError::Deps);
        assert_eq!(
            refused(|h| h.deps.insert(0, Dep { seq: 7, ..h.deps[0] })),
            HeaderError::Deps
        );
        let many = |count| {
            (1..=count)
                .map(|seq| Dep {
                    seq,
                    ..sample().deps[0]
                })
                .collect()
        };
        assert_eq!(refused(|h| h.deps = many(DEPS_MAX as u64 + 1)), HeaderError::Deps);
        let full = Header {
            deps: many(DEPS_MAX as u64),
            ..sample()
        };
        assert_eq!(Header::from_bytes(&full.to_bytes()), Ok(full));
    }

    #[test]
    fn the_largest_header_fits_the_limit() {
        let dep = |seq| Dep {
            stream: StreamId([255; 16]),
            seq,
            hash8: [255; 8],
        };
        let max = Header {
            seq: NUMBER_MAX,
            kind: u16::MAX,
            kind_version: u16::MAX,
            hlc: Hlc::MAX,
            wall_ms: i64::MIN,
            height: NUMBER_MAX,
            policy_version: NUMBER_MAX,
            deps: (0..DEPS_MAX as u64)
                .rev()
                .map(|less| dep(NUMBER_MAX - less))
                .collect(),
            body_len: BODY_MAX as u32,
            ..sample()
        };
        assert!(max.to_bytes().len() <= HEADER_MAX, "{}", max.to_bytes().len());
        assert_eq!(Header::from_bytes(&max.to_bytes()), Ok(max));
    }

    #[test]
    fn the_same_said_otherwise_is_refused() {
        let bytes = sample().to_bytes();
        // 13 fields: 0x8d. The version 1 follows; 0x18 0x01 says 1 in two bytes.
        assert_eq!(bytes[..2], [0x8d, 1]);
        let long_number = [&[0x8d, 0x18, 0x01], &bytes[2..]].concat();
        assert_eq!(Header::from_bytes(&long_number), Err(HeaderError::NotCanonical));
        let long_array = [&[0x98, 13], &bytes[1..]].concat();
        assert_eq!(Header::from_bytes(&long_array), Err(HeaderError::NotCanonical));
        let trailing = [&bytes[..], &[0]].concat();
        assert_eq!(Header::from_bytes(&trailing), Err(HeaderError::NotCanonical));
        let indefinite = [&[0x9f], &bytes[1..], &[0xff]].concat();
        assert!(matches!(
            Header::from_bytes(&indefinite),
            Err(HeaderError::Malformed(_))
        ));
        assert_eq!(
            Header::from_bytes(&[0; HEADER_MAX + 1]),
            Err(HeaderError::TooLong(HEADER_MAX + 1))
        );
    }

    #[test]
    fn every_flipped_bit_is_refused_or_makes_another_op() {
        let bytes = sample().to_bytes();
        for bit in 0..bytes.len() * 8 {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            if let Ok(header) = Header::from_bytes(&flipped) {
                assert_eq!(header.to_bytes(), flipped);
                assert_ne!(header, sample());
                assert_ne!(header_hash(&flipped), sample().hash());
            }
        }
    }

    #[test]
    fn every_cut_is_refused() {
        let bytes = sample().to_bytes();
        for len in 0..bytes.len() {
            assert!(Header::from_bytes(&bytes[..len]).is_err(), "{len} bytes");
        }
    }

    fn any_dep() -> impl Strategy<Value = Dep> {
        (any::<[u8; 16]>(), 1..=NUMBER_MAX, any::<[u8; 8]>()).prop_map(|(stream, seq, hash8)| Dep {
            stream: StreamId(stream),
            seq,
            hash8,
        })
    }

    prop_compose! {
        fn any_header()(
            stream: [u8; 16], seq in 2..=NUMBER_MAX, prev in 1..=u128::MAX, kinds: (u16, u16),
            hlc in 0..=NUMBER_MAX, wall_ms: i64, height in 1..=NUMBER_MAX, policy_version in 0..=NUMBER_MAX,
            mut deps in vec(any_dep(), 0..10), body_len in 0..=BODY_MAX as u32, body_hash: [u8; 32],
            first: bool,
        ) -> Header {
            deps.sort();
            deps.dedup_by_key(|dep| dep.op());
            let mut prev_hash = [0; 32];
            prev_hash[..16].copy_from_slice(&prev.to_be_bytes());
            let (seq, prev_hash) = if first { (1, OpHash::NONE) } else { (seq, OpHash(prev_hash)) };
            Header {
                version: HEADER_VERSION, stream: StreamId(stream), seq, prev_hash, kind: kinds.0,
                kind_version: kinds.1, hlc: Hlc(hlc), wall_ms, height, policy_version, deps, body_len,
                body_hash,
            }
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(header in any_header()) {
            prop_assert_eq!(Header::from_bytes(&header.to_bytes()).unwrap(), header);
        }

        #[test]
        fn any_bytes_are_read_without_panic(bytes in vec(any::<u8>(), 0..300)) {
            if let Ok(header) = Header::from_bytes(&bytes) {
                prop_assert_eq!(header.to_bytes(), bytes);
            }
        }

        #[test]
        fn damaged_headers_are_read_without_panic(
            header in any_header(), at in any::<prop::sample::Index>(), to: u8, insert: bool,
        ) {
            let mut bytes = header.to_bytes();
            let at = at.index(bytes.len());
            if insert { bytes.insert(at, to) } else { bytes[at] = to }
            if let Ok(read) = Header::from_bytes(&bytes) {
                prop_assert_eq!(read.to_bytes(), bytes);
            }
        }
    }
}

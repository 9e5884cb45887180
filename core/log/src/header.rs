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

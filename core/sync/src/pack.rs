//! Ops on the wire: what the receiver can compute is left out, and rebuilt before anything is hashed.
//!
//! Left out are version, stream, number, previous hash, body hash and body length; clocks, heights and policy versions
//! are told as differences to the op before.

use crate::message::HalfHash;
use barrow_log::clock::Hlc;
use barrow_log::header::{BODY_MAX, DEPS_MAX, HEADER_VERSION, Header, HeaderError, body_hash, header_hash};
use barrow_log::op::{Op, RANGE_OPS_MAX, SignedRange};
use barrow_log::stream::{Dep, OpHash, Seq, Signature, StreamId};
use minicbor::decode::{Decoder, Error as DecodeError};
use minicbor::encode::{Encoder, Error as EncodeError};
use std::convert::Infallible;

/// The most runs in one frame.
pub const RUNS_MAX: u64 = 4_096;

/// Consecutive ops of one stream whose last bears a signature, as they came over the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// Names the stream.
    pub stream: StreamId,
    /// Gives the first op's number.
    pub from: Seq,
    /// Gives half of the hash of the op before it: it tells a fork from damage.
    pub prev: HalfHash,
    ops: Vec<Packed>,
    signature: Signature,
}

/// An op without what can be computed.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Packed {
    kind: u16,
    kind_version: u16,
    hlc: u64,
    wall: u64,
    height: u64,
    policy: u64,
    deps: Vec<Dep>,
    body: PackedBody,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum PackedBody {
    Here(Vec<u8>),
    /// It may not be read here, or is gone: its length and hash stand for it.
    Absent(u32, [u8; 32]),
}

impl Run {
    /// Packs a range. Fails when one of its headers is none.
    ///
    /// # Errors
    /// When a header's bytes can't be read.
    pub fn pack(range: &SignedRange) -> Result<Self, HeaderError> {
        let mut before: Option<Header> = None;
        let mut run: Option<Self> = None;
        for op in &range.ops {
            let header = op.parsed()?;
            let run = run.get_or_insert_with(|| Self {
                stream: header.stream,
                from: header.seq,
                prev: header.prev_hash.into(),
                ops: Vec::with_capacity(range.ops.len()),
                signature: range.signature,
            });
            run.ops.push(Packed::new(&header, before.as_ref(), op));
            before = Some(header);
        }
        run.ok_or(HeaderError::Malformed("a range has at least one op".into()))
    }

    /// Returns the last op's number.
    pub fn last(&self) -> Seq {
        (self.from - 1).saturating_add(self.ops.len() as u64)
    }

    /// Rebuilds the ops after one with a hash. Whether they hold is for the chain check to say.
    ///
    /// # Errors
    /// When a rebuilt header breaks a limit.
    pub fn unpack(self, prev: OpHash) -> Result<SignedRange, HeaderError> {
        let (mut seq, mut prev_hash) = (self.from, prev);
        let mut before = Differences::default();
        let mut ops = Vec::with_capacity(self.ops.len());
        for packed in self.ops {
            before = before.then(&packed);
            let (body_len, hash) = packed.body.length_and_hash();
            let header = Header {
                version: HEADER_VERSION,
                stream: self.stream,
                seq,
                prev_hash,
                kind: packed.kind,
                kind_version: packed.kind_version,
                hlc: Hlc(before.hlc),
                wall_ms: before.wall as i64,
                height: before.height,
                policy_version: before.policy,
                deps: packed.deps,
                body_len,
                body_hash: hash,
            };
            let bytes = header.to_bytes();
            prev_hash = header_hash(&bytes);
            seq = seq.saturating_add(1);
            ops.push(Op {
                header: bytes,
                body: packed.body.into_bytes(),
            });
        }
        Ok(SignedRange {
            ops,
            signature: self.signature,
        })
    }

    fn write(&self, e: &mut Encoder<&mut Vec<u8>>) -> Result<(), EncodeError<Infallible>> {
        e.array(5)?.encode(self.stream)?.u64(self.from)?;
        // Before the first op there is nothing to name.
        match self.from {
            1 => e.null()?,
            _ => e.encode(self.prev)?,
        };
        e.array(self.ops.len() as u64)?;
        for op in &self.ops {
            op.write(e)?;
        }
        e.encode(self.signature)?.ok()
    }

    fn read(d: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        if d.array()? != Some(5) {
            return Err(DecodeError::message("a run is an array of five"));
        }
        let (stream, from) = (d.decode()?, d.u64()?);
        if from == 0 {
            return Err(DecodeError::message("ops are numbered from 1"));
        }
        let prev: Option<HalfHash> = d.decode()?;
        if prev.is_none() != (from == 1) {
            return Err(DecodeError::message("a run names the op before it"));
        }
        let count = d.array()?.filter(|count| (1..=RANGE_OPS_MAX).contains(count));
        let count = count.ok_or_else(|| DecodeError::message("a run has no ops or too many"))?;
        let ops = (0..count).map(|_| Packed::read(d)).collect::<Result<_, _>>()?;
        Ok(Self {
            stream,
            from,
            prev: prev.unwrap_or(OpHash::NONE.into()),
            ops,
            signature: d.decode()?,
        })
    }
}

/// The values that ops tell as differences.
#[derive(Clone, Copy, Debug, Default)]
struct Differences {
    hlc: u64,
    wall: u64,
    height: u64,
    policy: u64,
}

impl Differences {
    fn of(header: &Header) -> Self {
        Self {
            hlc: header.hlc.0,
            wall: header.wall_ms as u64,
            height: header.height,
            policy: header.policy_version,
        }
    }

    /// Adds what an op tells. Sums wrap, so any two values have a difference; the header's limits are checked later.
    fn then(self, packed: &Packed) -> Self {
        Self {
            hlc: self.hlc.wrapping_add(packed.hlc),
            wall: self.wall.wrapping_add(packed.wall),
            height: self.height.wrapping_add(packed.height),
            policy: self.policy.wrapping_add(packed.policy),
        }
    }
}

impl Packed {
    fn new(header: &Header, before: Option<&Header>, op: &Op) -> Self {
        let (now, before) = (
            Differences::of(header),
            before.map(Differences::of).unwrap_or_default(),
        );
        Self {
            kind: header.kind,
            kind_version: header.kind_version,
            hlc: now.hlc.wrapping_sub(before.hlc),
            wall: now.wall.wrapping_sub(before.wall),
            height: now.height.wrapping_sub(before.height),
            policy: now.policy.wrapping_sub(before.policy),
            deps: header.deps.clone(),
            body: match &op.body {
                Some(body) => PackedBody::Here(body.clone()),
                None => PackedBody::Absent(header.body_len, header.body_hash),
            },
        }
    }

    fn write(&self, e: &mut Encoder<&mut Vec<u8>>) -> Result<(), EncodeError<Infallible>> {
        e.array(8)?.u16(self.kind)?.u16(self.kind_version)?;
        // As signed numbers a small step back stays short.
        e.i64(self.hlc as i64)?.i64(self.wall as i64)?;
        e.i64(self.height as i64)?.i64(self.policy as i64)?;
        e.encode(&self.deps)?;
        match &self.body {
            PackedBody::Here(body) => e.bytes(body)?.ok(),
            PackedBody::Absent(length, hash) => e.array(2)?.u32(*length)?.bytes(hash)?.ok(),
        }
    }

    fn read(d: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        if d.array()? != Some(8) {
            return Err(DecodeError::message("an op on the wire is an array of eight"));
        }
        Ok(Self {
            kind: d.u16()?,
            kind_version: d.u16()?,
            hlc: d.i64()? as u64,
            wall: d.i64()? as u64,
            height: d.i64()? as u64,
            policy: d.i64()? as u64,
            deps: read_deps(d)?,
            body: PackedBody::read(d)?,
        })
    }
}

fn read_deps(d: &mut Decoder<'_>) -> Result<Vec<Dep>, DecodeError> {
    let count = d.array()?.filter(|count| *count <= DEPS_MAX as u64);
    let count = count.ok_or_else(|| DecodeError::message("an op has too many dependencies"))?;
    (0..count).map(|_| d.decode()).collect()
}

impl PackedBody {
    fn length_and_hash(&self) -> (u32, [u8; 32]) {
        match self {
            Self::Here(body) => (body.len() as u32, body_hash(body)),
            Self::Absent(length, hash) => (*length, *hash),
        }
    }

    fn into_bytes(self) -> Option<Vec<u8>> {
        match self {
            Self::Here(body) => Some(body),
            Self::Absent(..) => None,
        }
    }

    fn read(d: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        if d.datatype()? == minicbor::data::Type::Array {
            d.array()?;
            let length = d.u32()?;
            let hash = <[u8; 32]>::try_from(d.bytes()?);
            let hash = hash.map_err(|_| DecodeError::message("a hash is 32 bytes"))?;
            return Ok(Self::Absent(length, hash));
        }
        let body = d.bytes()?;
        match body.len() <= BODY_MAX {
            true => Ok(Self::Here(body.to_vec())),
            false => Err(DecodeError::message("a body is longer than allowed")),
        }
    }
}

/// Returns the bytes of a frame of runs.
pub fn frame(runs: &[Run]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut e = Encoder::new(&mut bytes);
    // A Vec takes every write, so encoding cannot fail.
    let _ = e.array(runs.len() as u64);
    for run in runs {
        let _ = run.write(&mut e);
    }
    bytes
}

/// Reads the runs of a frame one after the other, so that a frame takes no more memory than its largest run: what takes
/// few bytes to say may take many to hold. Nothing follows a fault.
pub fn runs(frame: &[u8]) -> impl Iterator<Item = Result<Run, DecodeError>> {
    let mut d = Decoder::new(frame);
    let mut left = match d.array() {
        Ok(Some(count)) if count <= RUNS_MAX => Ok(count),
        Ok(_) => Err(DecodeError::message("a frame has too many runs")),
        Err(fault) => Err(fault),
    };
    std::iter::from_fn(move || match std::mem::replace(&mut left, Ok(0)) {
        Ok(0) => None,
        Ok(count) => {
            let run = Run::read(&mut d);
            left = Ok(if run.is_ok() { count - 1 } else { 0 });
            Some(run)
        }
        Err(fault) => Some(Err(fault)),
    })
}

//! Streams: one device's numbered ops of one kind, and the ways to point into them.

use std::collections::BTreeMap;

use minicbor::decode::{Decoder, Error as DecodeError};
use minicbor::encode::{Encoder, Error as EncodeError, Write};
use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::bytes::bytes;
use crate::domain;
use crate::id::{Incarnation, OrganisationId};

bytes! {
    /// A public Ed25519 key: a device's, or an organisation's.
    DeviceKey[32],
    /// Names a stream everywhere: 16 bytes of the hash of what the stream is.
    StreamId[16],
    /// The hash of an op: BLAKE3 over the header domain and the header's bytes.
    OpHash[32],
    /// An Ed25519 signature.
    Signature[64],
}

impl OpHash {
    /// Stands before a stream's first op, where there is no hash yet.
    pub const NONE: Self = Self([0; 32]);

    /// Returns the first eight bytes, as dependencies carry them.
    pub fn hash8(&self) -> [u8; 8] {
        domain::first(&self.0)
    }
}

/// An op's number in its stream: 1, 2, 3 ... without gaps.
pub type Seq = u64;

/// The most streams a vector may name. A market of 50 tills that each reinstall weekly for ten years stays
/// below; a decoded vector then takes at most about 6 MiB.
pub const VECTOR_STREAMS_MAX: u64 = 65_536;

/// Says who reads a stream and how long it lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StreamKind {
    /// The organisation's own: devices and what they may do. Everyone, for ever.
    Policy,
    /// Catalogue, settings, customers. Everyone; customers' bodies only to devices with that right.
    Shop,
    /// Sales, refunds, payments, stock, shift, audit. By location, for the legal term.
    Book,
    /// Open carts. By location, for days.
    Floor,
}

impl StreamKind {
    /// Every kind, in the order of its code.
    pub const ALL: [Self; 4] = [Self::Policy, Self::Shop, Self::Book, Self::Floor];

    /// Returns the number on the wire, which is also the `kind` of the ops that this stream mainly holds.
    pub const fn code(self) -> u16 {
        match self {
            Self::Policy => 1,
            Self::Shop => 2,
            Self::Book => 3,
            Self::Floor => 4,
        }
    }

    /// Finds the kind with this number; `None` when this release knows none.
    pub const fn from_code(code: u16) -> Option<Self> {
        match code {
            1 => Some(Self::Policy),
            2 => Some(Self::Shop),
            3 => Some(Self::Book),
            4 => Some(Self::Floor),
            _ => None,
        }
    }
}

impl<C> Encode<C> for StreamKind {
    fn encode<W: Write>(&self, e: &mut Encoder<W>, _: &mut C) -> Result<(), EncodeError<W::Error>> {
        e.u16(self.code())?.ok()
    }
}

impl<'b, C> Decode<'b, C> for StreamKind {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, DecodeError> {
        Self::from_code(d.u16()?).ok_or_else(|| DecodeError::message("unknown kind of stream"))
    }
}

/// What a stream is. Two devices that know a certificate derive the same ids from it.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Encode, Decode,
)]
pub struct Stream {
    /// Who owns the facts.
    #[n(0)]
    pub organisation: OrganisationId,
    /// Whose key signs the ops.
    #[n(1)]
    pub device: DeviceKey,
    /// Which run of numbers on the device.
    #[n(2)]
    pub incarnation: Incarnation,
    /// Who reads it.
    #[n(3)]
    pub kind: StreamKind,
}

impl Stream {
    /// Describes the one stream of policy that the organisation with this public key writes.
    pub fn policy(organisation: DeviceKey) -> Self {
        Self {
            organisation: OrganisationId::of(&organisation),
            device: organisation,
            incarnation: Incarnation::from_number(0),
            kind: StreamKind::Policy,
        }
    }

    /// Returns the canonical bytes: a CBOR array of organisation, device, incarnation and kind's code.
    pub fn to_bytes(&self) -> Vec<u8> {
        // A Vec takes every write, so encoding cannot fail.
        minicbor::to_vec(self).unwrap_or_default()
    }

    /// Returns the id: the first 16 bytes of BLAKE3 over the stream domain and the canonical bytes.
    pub fn id(&self) -> StreamId {
        StreamId(domain::first(&domain::hash(domain::STREAM, &[&self.to_bytes()])))
    }
}

impl OrganisationId {
    /// Derives the id of the organisation with this public key: 16 bytes of a BLAKE3 hash of it.
    pub fn of(organisation: &DeviceKey) -> Self {
        Self::from_bytes(domain::first(&domain::hash(
            domain::ORGANISATION,
            &[&organisation.0],
        )))
    }
}

/// The newest op of a stream that someone holds, with everything before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Encode, Decode)]
pub struct Head {
    /// The op's number.
    #[n(0)]
    pub seq: Seq,
    /// The op's hash.
    #[n(1)]
    pub hash: OpHash,
}

/// Points at an op.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Encode, Decode,
)]
pub struct OpRef {
    /// The op's stream.
    #[n(0)]
    pub stream: StreamId,
    /// The op's number in it.
    #[n(1)]
    pub seq: Seq,
}

/// Points at an op that another op builds on, with enough of its hash to tell which branch was meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Dep {
    /// The op's stream.
    pub stream: StreamId,
    /// The op's number in it.
    pub seq: Seq,
    /// The first eight bytes of the op's hash.
    #[serde(with = "crate::bytes::hex")]
    pub hash8: [u8; 8],
}

impl Dep {
    /// Points at the op with this hash.
    pub fn new(stream: StreamId, head: Head) -> Self {
        Self {
            stream,
            seq: head.seq,
            hash8: head.hash.hash8(),
        }
    }

    /// Returns the place pointed at, without the hash.
    pub fn op(&self) -> OpRef {
        OpRef {
            stream: self.stream,
            seq: self.seq,
        }
    }
}

impl<C> Encode<C> for Dep {
    fn encode<W: Write>(&self, e: &mut Encoder<W>, _: &mut C) -> Result<(), EncodeError<W::Error>> {
        e.array(3)?
            .bytes(&self.stream.0)?
            .u64(self.seq)?
            .bytes(&self.hash8)?
            .ok()
    }
}

impl<'b, C> Decode<'b, C> for Dep {
    fn decode(d: &mut Decoder<'b>, ctx: &mut C) -> Result<Self, DecodeError> {
        if d.array()? != Some(3) {
            return Err(DecodeError::message("a dependency is an array of three"));
        }
        let stream = StreamId::decode(d, ctx)?;
        let seq = d.u64()?;
        let hash8 = <[u8; 8]>::try_from(d.bytes()?)
            .map_err(|_| DecodeError::message("a dependency's hash is eight bytes"))?;
        Ok(Self { stream, seq, hash8 })
    }
}

/// A closed run of one stream's ops, as a Z report names what it closes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Encode, Decode)]
pub struct StreamRange {
    /// The stream.
    #[n(0)]
    pub stream: StreamId,
    /// The first op's number.
    #[n(1)]
    pub first: Seq,
    /// The last op's number.
    #[n(2)]
    pub last: Seq,
    /// The last op's hash, which vouches for all before it.
    #[n(3)]
    pub hash: OpHash,
}

impl StreamRange {
    /// Says whether the op lies in the run.
    pub fn contains(&self, op: &OpRef) -> bool {
        op.stream == self.stream && (self.first..=self.last).contains(&op.seq)
    }
}

/// The place of an op in the accepted order, by which every "later" and "winner" is decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    /// 1 + the greatest height that the author had applied.
    pub height: u64,
    /// The stream.
    pub stream: StreamId,
    /// The number in it.
    pub seq: Seq,
}

/// What someone holds: for each stream, the op up to which everything is there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Vector(pub BTreeMap<StreamId, Head>);

impl Vector {
    /// Returns the head held of a stream.
    pub fn get(&self, stream: &StreamId) -> Option<Head> {
        self.0.get(stream).copied()
    }

    /// Returns the number up to which a stream is held; 0 for none of it.
    pub fn seq(&self, stream: &StreamId) -> Seq {
        self.0.get(stream).map_or(0, |head| head.seq)
    }

    /// Takes a head in when it is further than the one held. Of two hashes at one number the lower stays, so
    /// the order of merging does not matter; `forks` tells that there were two.
    pub fn advance(&mut self, stream: StreamId, head: Head) {
        let held = self.0.entry(stream).or_insert(head);
        if head.seq > held.seq || (head.seq == held.seq && head.hash < held.hash) {
            *held = head;
        }
    }

    /// Takes in every head of another vector.
    pub fn merge(&mut self, other: &Self) {
        for (stream, head) in &other.0 {
            self.advance(*stream, *head);
        }
    }

    /// Says whether an op is held.
    pub fn covers(&self, op: &OpRef) -> bool {
        op.seq >= 1 && op.seq <= self.seq(&op.stream)
    }

    /// Says whether everything in another vector is held, going by numbers alone.
    pub fn covers_all(&self, other: &Self) -> bool {
        other.0.iter().all(|(stream, head)| head.seq <= self.seq(stream))
    }

    /// Lists the streams for which both hold the same number with another hash.
    pub fn forks(&self, other: &Self) -> Vec<StreamId> {
        let differs = |(stream, head): (&StreamId, &Head)| {
            let held = self.0.get(stream)?;
            (held.seq == head.seq && held.hash != head.hash).then_some(*stream)
        };
        other.0.iter().filter_map(differs).collect()
    }

    /// Returns the hash over the canonical bytes: equal hashes, equal vectors.
    pub fn hash(&self) -> [u8; 32] {
        // A Vec takes every write, so encoding cannot fail.
        domain::hash(domain::VECTOR, &[&minicbor::to_vec(self).unwrap_or_default()])
    }
}

impl<C> Encode<C> for Vector {
    fn encode<W: Write>(&self, e: &mut Encoder<W>, ctx: &mut C) -> Result<(), EncodeError<W::Error>> {
        e.map(self.0.len() as u64)?;
        for (stream, head) in &self.0 {
            stream.encode(e, ctx)?;
            head.encode(e, ctx)?;
        }
        Ok(())
    }
}

impl<'b, C> Decode<'b, C> for Vector {
    fn decode(d: &mut Decoder<'b>, ctx: &mut C) -> Result<Self, DecodeError> {
        let count = d.map()?.filter(|count| *count <= VECTOR_STREAMS_MAX);
        let count = count.ok_or_else(|| DecodeError::message("a vector has too many streams"))?;
        let mut heads = BTreeMap::new();
        for _ in 0..count {
            let stream = StreamId::decode(d, ctx)?;
            if heads.last_key_value().is_some_and(|(last, _)| *last >= stream) {
                return Err(DecodeError::message("a vector's streams are in ascending order"));
            }
            heads.insert(stream, Head::decode(d, ctx)?);
        }
        Ok(Self(heads))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn head(seq: Seq, hash: u8) -> Head {
        Head {
            seq,
            hash: OpHash([hash; 32]),
        }
    }

    #[test]
    fn every_part_of_a_stream_changes_its_id() {
        let stream = Stream::policy(DeviceKey([1; 32]));
        let others = [
            Stream {
                organisation: OrganisationId::from_number(9),
                ..stream
            },
            Stream {
                device: DeviceKey([9; 32]),
                ..stream
            },
            Stream {
                incarnation: Incarnation::from_number(9),
                ..stream
            },
            Stream {
                kind: StreamKind::Book,
                ..stream
            },
        ];
        assert_eq!(Stream::policy(DeviceKey([1; 32])).id(), stream.id());
        for other in others {
            assert_ne!(other.id(), stream.id());
            assert_eq!(minicbor::decode::<Stream>(&other.to_bytes()).unwrap(), other);
        }
    }

    #[test]
    fn kinds_have_lasting_numbers() {
        assert_eq!(StreamKind::ALL.map(StreamKind::code), [1, 2, 3, 4]);
        for kind in StreamKind::ALL {
            assert_eq!(StreamKind::from_code(kind.code()), Some(kind));
        }
        assert_eq!(StreamKind::from_code(5), None);
    }

    #[test]
    fn the_accepted_order_is_height_then_stream_then_seq() {
        let place = |height, stream, seq| Place {
            height,
            stream: StreamId([stream; 16]),
            seq,
        };
        assert!(place(1, 9, 9) < place(2, 1, 1));
        assert!(place(2, 1, 9) < place(2, 2, 1));
        assert!(place(2, 2, 1) < place(2, 2, 2));
    }

    #[test]
    fn a_vector_covers_what_it_holds_and_tells_forks() {
        let id = StreamId([1; 16]);
        let mut vector = Vector::default();
        vector.advance(id, head(3, 5));
        vector.advance(id, head(2, 1));
        assert_eq!(vector.get(&id), Some(head(3, 5)));
        let covers = |seq| vector.covers(&OpRef { stream: id, seq });
        assert_eq!(
            [covers(0), covers(1), covers(3), covers(4)],
            [false, true, true, false]
        );
        assert!(!vector.covers(&OpRef {
            stream: StreamId([2; 16]),
            seq: 1
        }));
        let other = Vector(BTreeMap::from([(id, head(3, 4))]));
        assert_eq!(vector.forks(&other), [id]);
        assert_eq!(vector.forks(&vector), []);
        assert!(vector.covers_all(&other) && other.covers_all(&vector));
    }

    #[test]
    fn ranges_and_pointers_come_back_from_cbor_and_json() {
        let range = StreamRange {
            stream: StreamId([1; 16]),
            first: 2,
            last: 9,
            hash: OpHash([3; 32]),
        };
        assert_eq!(
            minicbor::decode::<StreamRange>(&minicbor::to_vec(range).unwrap()).unwrap(),
            range
        );
        let json = serde_json::to_string(&range).unwrap();
        assert_eq!(serde_json::from_str::<StreamRange>(&json).unwrap(), range);
        let op = |seq| OpRef {
            stream: range.stream,
            seq,
        };
        assert_eq!(
            [1, 2, 9, 10].map(|seq| range.contains(&op(seq))),
            [false, true, true, false]
        );
        assert_eq!(
            minicbor::decode::<OpRef>(&minicbor::to_vec(op(7)).unwrap()).unwrap(),
            op(7)
        );
        let dep = Dep::new(range.stream, head(4, 6));
        assert_eq!((dep.op(), dep.hash8), (op(4), [6; 8]));
        assert_eq!(
            minicbor::decode::<Dep>(&minicbor::to_vec(dep).unwrap()).unwrap(),
            dep
        );
    }

    #[test]
    fn a_vector_out_of_order_or_too_long_is_refused() {
        let pair = |first: u8| [&[0x50][..], &[first; 16], &minicbor::to_vec(head(1, 1)).unwrap()].concat();
        let vector = |pairs: &[u8]| {
            let bytes = pairs.iter().flat_map(|first| pair(*first));
            minicbor::decode::<Vector>(
                &[0xa0 + pairs.len() as u8]
                    .into_iter()
                    .chain(bytes)
                    .collect::<Vec<_>>(),
            )
        };
        assert_eq!(vector(&[1, 2]).unwrap().0.len(), 2);
        assert!(vector(&[2, 1]).is_err());
        assert!(vector(&[1, 1]).is_err());
        assert!(minicbor::decode::<Vector>(&[0xba, 0x00, 0x01, 0x00, 0x01]).is_err());
    }

    fn any_vector() -> impl Strategy<Value = Vector> {
        let entry = (0..5u8, (1..5u64, 0..3u8).prop_map(|(seq, hash)| head(seq, hash)));
        prop::collection::btree_map(entry.0.prop_map(|id| StreamId([id; 16])), entry.1, 0..5).prop_map(Vector)
    }

    fn merged(a: &Vector, b: &Vector) -> Vector {
        let mut a = a.clone();
        a.merge(b);
        a
    }

    proptest! {
        #[test]
        fn merging_asks_neither_order_nor_times(a in any_vector(), b in any_vector(), c in any_vector()) {
            prop_assert_eq!(merged(&a, &b), merged(&b, &a));
            prop_assert_eq!(merged(&merged(&a, &b), &c), merged(&a, &merged(&b, &c)));
            prop_assert_eq!(&merged(&a, &a), &a);
            prop_assert!(merged(&a, &b).covers_all(&a) && merged(&a, &b).covers_all(&b));
        }

        #[test]
        fn a_vector_comes_back_and_its_hash_tells_it(a in any_vector(), b in any_vector()) {
            prop_assert_eq!(&minicbor::decode::<Vector>(&minicbor::to_vec(&a).unwrap()).unwrap(), &a);
            let json = serde_json::to_string(&a).unwrap();
            prop_assert_eq!(&serde_json::from_str::<Vector>(&json).unwrap(), &a);
            prop_assert_eq!(a.hash() == b.hash(), a == b);
        }

        #[test]
        fn any_bytes_are_read_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = minicbor::decode::<Vector>(&bytes);
            let _ = minicbor::decode::<Stream>(&bytes);
            let _ = minicbor::decode::<StreamRange>(&bytes);
        }
    }
}

//! What two sessions say to each other: one message, one CBOR array.
//!
//! Every message begins with its number in the session, from 0. A number that came before is a repeat and is dropped;
//! a number left out ends the session, for what lies between is lost and a new session begins with what is held.

use barrow_log::id::{Incarnation, OrganisationId};
use barrow_log::stream::{DeviceKey, Head, OpHash, Seq, StreamId};
use minicbor::decode::{Decoder, Error as DecodeError};
use minicbor::encode::{Encoder, Error as EncodeError, Write};
use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

/// The version of the protocol that this release speaks. The last two releases always understand each other.
pub const VERSION: u16 = 1;
/// The most bytes of one message: a frame of ops, or the whole of a vector with 65,536 streams.
pub const MESSAGE_MAX: usize = 8 * 1024 * 1024;
/// The most heads in one message: as many as a vector has.
pub const HEADS_MAX: u64 = barrow_log::stream::VECTOR_STREAMS_MAX;
/// The most ranges asked for at once: what one answer can hold of the smallest.
pub const WANTS_MAX: u64 = 4_096;
/// The parts that the ids of streams are sorted into, by their first byte.
pub const BUCKETS: usize = 256;
/// The most steps of a ladder: each doubles the distance, so 64 reach any number.
pub const LADDER_MAX: u64 = 64;
/// The most letters of a reason, in bytes.
pub const REASON_MAX: usize = 256;

/// The first half of an op's hash, by which two devices see that they mean the same op.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct HalfHash(pub [u8; 16]);

impl From<OpHash> for HalfHash {
    fn from(hash: OpHash) -> Self {
        Self(std::array::from_fn(|i| hash.0[i]))
    }
}

impl<C> Encode<C> for HalfHash {
    fn encode<W: Write>(&self, e: &mut Encoder<W>, _: &mut C) -> Result<(), EncodeError<W::Error>> {
        e.bytes(&self.0)?.ok()
    }
}

impl<'b, C> Decode<'b, C> for HalfHash {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, DecodeError> {
        <[u8; 16]>::try_from(d.bytes()?)
            .map(Self)
            .map_err(|_| DecodeError::message("half a hash is sixteen bytes"))
    }
}

/// The newest op of a stream that a device holds durably, with everything before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
pub struct Held {
    /// Names the stream.
    #[n(0)]
    pub stream: StreamId,
    /// Gives the op's number; 0 when nothing is held.
    #[n(1)]
    pub seq: Seq,
    /// Gives half of the op's hash; zeros when nothing is held.
    #[n(2)]
    pub hash: HalfHash,
}

impl Held {
    /// Says that a stream is held up to an op.
    pub fn up_to(stream: StreamId, head: Head) -> Self {
        Self {
            stream,
            seq: head.seq,
            hash: head.hash.into(),
        }
    }

    /// Says that nothing of a stream is held.
    pub fn nothing(stream: StreamId) -> Self {
        Self {
            stream,
            seq: 0,
            hash: OpHash::NONE.into(),
        }
    }
}

/// The greeting, the first message of both sides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
pub struct Hello {
    /// Gives the oldest version of the protocol that is understood.
    #[n(0)]
    pub oldest: u16,
    /// Gives the newest version of the protocol that is understood.
    #[n(1)]
    pub newest: u16,
    /// Gives the level of features that the program reads.
    #[n(2)]
    pub features: u32,
    /// Names the organisation.
    #[n(3)]
    pub organisation: OrganisationId,
    /// Gives the device's public key. The transport proves it.
    #[n(4)]
    pub device: DeviceKey,
    /// Names the device's run of numbers.
    #[n(5)]
    pub incarnation: Incarnation,
    /// Gives the newest policy op held; `None` before the first.
    #[n(6)]
    pub policy: Option<Head>,
    /// Gives the hash of the vector of everything held.
    #[n(7)]
    #[cbor(with = "minicbor::bytes")]
    pub vector: [u8; 32],
    /// Names the run of a hub's storage: another one means that what it had acknowledged may be gone. Zeros for a till.
    #[n(8)]
    #[cbor(with = "minicbor::bytes")]
    pub epoch: [u8; 16],
}

/// What a device says that it holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Have {
    /// All of it: what is not named is not held.
    Whole(Vec<Held>),
    /// A hash of each bucket of streams: whoever differs names the streams of those that differ.
    Buckets(Vec<u64>),
    /// All of some buckets; a bit for each, the first bucket's in the lowest bit of the first byte.
    Part {
        /// Tells which buckets.
        buckets: [u8; BUCKETS / 8],
        /// Lists their streams.
        held: Vec<Held>,
    },
    /// What changed, or was just stored: the acknowledgement.
    News(Vec<Held>),
}

/// Asks for ops of a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
pub struct Wanted {
    /// Names the stream.
    #[n(0)]
    pub stream: StreamId,
    /// Gives the first op's number.
    #[n(1)]
    pub from: Seq,
    /// Gives the last op's number; the answer may go on to the next op that bears a signature.
    #[n(2)]
    pub to: Seq,
}

/// One message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "message", rename_all = "snake_case")]
pub enum Message {
    /// Greets.
    Hello(Hello),
    /// Tells what is held.
    Have {
        /// Says what.
        have: Have,
    },
    /// Asks for ops.
    Want {
        /// Lists ranges in the order in which they are wanted.
        wanted: Vec<Wanted>,
    },
    /// Brings ops. Each question is answered by one or more of these, in order.
    Ops {
        /// Tells that the question is answered.
        last: bool,
        /// Tells that the compression begins anew.
        fresh: bool,
        /// Holds packed ranges, compressed.
        bytes: Vec<u8>,
    },
    /// Tells that two chains of a stream were met, with hashes of one's own chain from its head backwards. The other
    /// side answers with its own, and both ask for the ops after the last one they have in common.
    Fork {
        /// Names the stream.
        stream: StreamId,
        /// Lists numbers and hashes, the greatest number first.
        ladder: Vec<(Seq, HalfHash)>,
    },
    /// Asks whether anybody is there.
    Ping,
    /// Says so.
    Pong,
    /// Ends the session with a reason for people.
    Bye {
        /// Says why, in a sentence.
        reason: String,
    },
}

const HELLO: u8 = 0;
const HAVE: u8 = 1;
const WANT: u8 = 2;
const OPS: u8 = 3;
const FORK: u8 = 4;
const PING: u8 = 5;
const PONG: u8 = 6;
const BYE: u8 = 7;

/// Says why bytes are no message.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MessageError {
    /// The bytes are more than `MESSAGE_MAX`.
    #[error("the message has {0} bytes, more than {MESSAGE_MAX}")]
    TooLong(usize),
    /// The bytes are no such CBOR.
    #[error("the message is malformed: {0}")]
    Malformed(String),
}

impl From<DecodeError> for MessageError {
    fn from(error: DecodeError) -> Self {
        Self::Malformed(error.to_string())
    }
}

impl Message {
    /// Returns the bytes of the message with its number in the session.
    pub fn to_bytes(&self, number: u64) -> Vec<u8> {
        let mut bytes = Vec::new();
        // A Vec takes every write, so encoding cannot fail.
        let _ = self.write(number, &mut Encoder::new(&mut bytes));
        bytes
    }

    fn write(
        &self,
        number: u64,
        e: &mut Encoder<&mut Vec<u8>>,
    ) -> Result<(), EncodeError<std::convert::Infallible>> {
        match self {
            Self::Hello(hello) => e.array(3)?.u64(number)?.u8(HELLO)?.encode(hello)?.ok(),
            Self::Have { have } => {
                e.array(4)?.u64(number)?.u8(HAVE)?;
                write_have(have, e)
            }
            Self::Want { wanted } => e.array(3)?.u64(number)?.u8(WANT)?.encode(wanted)?.ok(),
            Self::Ops { last, fresh, bytes } => {
                e.array(5)?.u64(number)?.u8(OPS)?;
                e.bool(*last)?.bool(*fresh)?.bytes(bytes)?.ok()
            }
            Self::Fork { stream, ladder } => e
                .array(4)?
                .u64(number)?
                .u8(FORK)?
                .encode(stream)?
                .encode(ladder)?
                .ok(),
            Self::Ping => e.array(2)?.u64(number)?.u8(PING)?.ok(),
            Self::Pong => e.array(2)?.u64(number)?.u8(PONG)?.ok(),
            Self::Bye { reason } => e.array(3)?.u64(number)?.u8(BYE)?.str(reason)?.ok(),
        }
    }

    /// Reads a message and its number. `None` for a kind of message that this release does not know: it is passed
    /// over.
    ///
    /// # Errors
    /// When the bytes are too many, or no message.
    pub fn from_bytes(bytes: &[u8]) -> Result<(u64, Option<Self>), MessageError> {
        if bytes.len() > MESSAGE_MAX {
            return Err(MessageError::TooLong(bytes.len()));
        }
        let d = &mut Decoder::new(bytes);
        let fields = d
            .array()?
            .ok_or_else(|| malformed("a message is an array of known length"))?;
        let number = d.u64()?;
        // Any number may name a kind: what this release does not know is passed over.
        let Ok(kind) = u8::try_from(d.u64()?) else {
            return Ok((number, None));
        };
        let least = match kind {
            HELLO | WANT | BYE => 3,
            HAVE | FORK => 4,
            OPS => 5,
            PING | PONG => 2,
            _ => return Ok((number, None)),
        };
        if fields < least {
            return Err(malformed("the message has too few fields"));
        }
        Ok((number, Some(Self::read(kind, d)?)))
    }

    fn read(kind: u8, d: &mut Decoder<'_>) -> Result<Self, MessageError> {
        Ok(match kind {
            HELLO => Self::Hello(d.decode()?),
            HAVE => Self::Have { have: read_have(d)? },
            WANT => Self::Want {
                wanted: list(d, WANTS_MAX)?,
            },
            OPS => Self::Ops {
                last: d.bool()?,
                fresh: d.bool()?,
                bytes: d.bytes()?.to_vec(),
            },
            FORK => Self::Fork {
                stream: d.decode()?,
                ladder: list(d, LADDER_MAX)?,
            },
            PING => Self::Ping,
            PONG => Self::Pong,
            _ => Self::Bye { reason: reason(d)? },
        })
    }
}

fn write_have(
    have: &Have,
    e: &mut Encoder<&mut Vec<u8>>,
) -> Result<(), EncodeError<std::convert::Infallible>> {
    match have {
        Have::Whole(held) => e.u8(0)?.encode(held)?.ok(),
        Have::Buckets(hashes) => {
            e.u8(1)?.array(hashes.len() as u64)?;
            hashes
                .iter()
                .try_for_each(|hash| e.bytes(&hash.to_be_bytes())?.ok())
        }
        Have::Part { buckets, held } => e.u8(2)?.array(2)?.bytes(buckets)?.encode(held)?.ok(),
        Have::News(held) => e.u8(3)?.encode(held)?.ok(),
    }
}

fn read_have(d: &mut Decoder<'_>) -> Result<Have, MessageError> {
    Ok(match d.u8()? {
        0 => Have::Whole(list(d, HEADS_MAX)?),
        1 => Have::Buckets(read_hashes(d)?),
        2 => {
            if d.array()? != Some(2) {
                return Err(malformed("a part is an array of two"));
            }
            let buckets = d.bytes()?.try_into();
            let buckets = buckets.map_err(|_| malformed("a part has a bit for each of 256 buckets"))?;
            Have::Part {
                buckets,
                held: list(d, HEADS_MAX)?,
            }
        }
        3 => Have::News(list(d, HEADS_MAX)?),
        _ => return Err(malformed("an unknown way to say what is held")),
    })
}

fn read_hashes(d: &mut Decoder<'_>) -> Result<Vec<u64>, MessageError> {
    if d.array()? != Some(BUCKETS as u64) {
        return Err(malformed("there are 256 buckets"));
    }
    let hash = |bytes: &[u8]| <[u8; 8]>::try_from(bytes).map(u64::from_be_bytes);
    (0..BUCKETS)
        .map(|_| hash(d.bytes()?).map_err(|_| malformed("a bucket's hash is eight bytes")))
        .collect()
}

/// Reads a list of at most so many entries. No room is made for more than are there.
fn list<'b, T: Decode<'b, ()>>(d: &mut Decoder<'b>, max: u64) -> Result<Vec<T>, MessageError> {
    let count = d.array()?.filter(|count| *count <= max);
    let count = count.ok_or_else(|| malformed("a list is too long or of unknown length"))?;
    (0..count).map(|_| Ok(d.decode()?)).collect()
}

fn reason(d: &mut Decoder<'_>) -> Result<String, MessageError> {
    let text = d.str()?;
    match text.len() <= REASON_MAX {
        true => Ok(text.to_owned()),
        false => Err(malformed("a reason is too long")),
    }
}

fn malformed(why: &str) -> MessageError {
    MessageError::Malformed(why.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn examples() -> Vec<Message> {
        let held = Held {
            stream: StreamId([7; 16]),
            seq: 42,
            hash: HalfHash([9; 16]),
        };
        vec![
            Message::Hello(Hello {
                oldest: 1,
                newest: 1,
                features: 0,
                organisation: OrganisationId::from_number(1),
                device: DeviceKey([2; 32]),
                incarnation: Incarnation::from_number(3),
                policy: Some(Head {
                    seq: 4,
                    hash: OpHash([5; 32]),
                }),
                vector: [6; 32],
                epoch: [0; 16],
            }),
            Message::Have {
                have: Have::Whole(vec![held]),
            },
            Message::Have {
                have: Have::Buckets((0..256).collect()),
            },
            Message::Have {
                have: Have::Part {
                    buckets: [3; 32],
                    held: vec![held, held],
                },
            },
            Message::Have {
                have: Have::News(Vec::new()),
            },
            Message::Want {
                wanted: vec![Wanted {
                    stream: StreamId([7; 16]),
                    from: 1,
                    to: 64,
                }],
            },
            Message::Ops {
                last: true,
                fresh: false,
                bytes: vec![1, 2, 3],
            },
            Message::Fork {
                stream: StreamId([7; 16]),
                ladder: vec![(9, HalfHash([1; 16]))],
            },
            Message::Ping,
            Message::Pong,
            Message::Bye {
                reason: "Another organisation.".into(),
            },
        ]
    }

    #[test]
    fn every_message_is_read_as_it_was_written() {
        for (number, message) in (0..).zip(examples()) {
            let bytes = message.to_bytes(number);
            assert_eq!(Message::from_bytes(&bytes), Ok((number, Some(message))));
        }
    }

    #[test]
    fn a_message_cut_short_is_refused_at_every_byte() {
        for message in examples() {
            let bytes = message.to_bytes(300);
            for length in 0..bytes.len() {
                assert!(
                    Message::from_bytes(&bytes[..length]).is_err(),
                    "{message:?} at {length}"
                );
            }
        }
    }

    #[test]
    fn an_unknown_kind_is_passed_over_and_an_unknown_field_ignored() {
        assert_eq!(Message::from_bytes(&[0x83, 5, 200 - 177, 0xf6]), Ok((5, None)));
        assert_eq!(
            Message::from_bytes(&[0x83, 5, PING, 0xf6]),
            Ok((5, Some(Message::Ping)))
        );
    }

    #[test]
    fn a_claim_of_a_long_list_reserves_nothing() {
        // An array of 2^32 heads in a message of a few bytes.
        let bytes = [0x84, 0, HAVE, 0, 0x9b, 0, 0, 0, 1, 0, 0, 0, 0];
        assert!(Message::from_bytes(&bytes).is_err());
        assert!(Message::from_bytes(&vec![0; MESSAGE_MAX + 1]).is_err());
    }

    proptest! {
        #[test]
        fn nothing_panics_and_what_is_read_is_written_alike(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            if let Ok((number, Some(message))) = Message::from_bytes(&bytes) {
                let again = message.to_bytes(number);
                prop_assert_eq!(Message::from_bytes(&again), Ok((number, Some(message))));
            }
        }
    }
}

//! The events of policy, and the bytes of a policy op's content.

use minicbor::decode::{Decoder, Error as DecodeError};
use minicbor::encode::Encoder;
use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::certificate::{Certificate, SERIES_MAX};
use crate::stream::{DeviceKey, Head, OpHash, Seq, StreamId};

/// The version of the policy bodies' schema that this release writes.
pub const POLICY_KIND_VERSION: u16 = 1;
/// The most events of one policy op: a revocation or an enrolment takes a handful.
pub const EVENTS_MAX: u64 = 64;
/// The most bytes of a name or an address.
pub const TEXT_MAX: usize = 256;
/// The most streams that one revocation cuts: four kinds for each of a device's incarnations.
pub const CUTS_MAX: usize = 256;

/// The last op of a stream that counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
pub struct Cut {
    /// The stream.
    #[n(0)]
    pub stream: StreamId,
    /// The last op's number; 0 when none counts.
    #[n(1)]
    pub seq: Seq,
    /// The last op's hash.
    #[n(2)]
    pub hash: OpHash,
}

/// A fact of the policy stream.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum PolicyEvent {
    /// A later release knows; this one carries the bytes.
    #[n(0)]
    Unknown {
        /// The event's number.
        #[n(0)]
        code: u32,
        /// The event's fields, one CBOR item.
        #[n(1)]
        #[cbor(with = "minicbor::bytes")]
        fields: Vec<u8>,
    },
    /// The organisation exists. The stream's first event.
    #[n(1)]
    OrganisationCreated {
        /// What people call it.
        #[n(0)]
        name: String,
        /// Its country, two capital letters of ISO 3166-1.
        #[n(1)]
        country: String,
        /// When, in milliseconds since 1970.
        #[n(2)]
        at: i64,
    },
    /// A device counts from here on, or has another certificate than before.
    #[n(2)]
    DeviceCertified {
        /// The certificate.
        #[n(0)]
        certificate: Certificate,
    },
    /// A device no longer counts, beyond its cuts.
    #[n(3)]
    DeviceRevoked {
        /// The device.
        #[n(0)]
        device: DeviceKey,
        /// Up to where its streams count; of a stream not named nothing was known, and nothing counts.
        #[n(1)]
        cuts: Vec<Cut>,
    },
    /// An owner lets more of a revoked device's ops count.
    #[n(4)]
    CutRaised {
        /// The new last op that counts; lower than the cut in force, it changes nothing.
        #[n(0)]
        cut: Cut,
    },
    /// The hub whose acknowledgement makes an op safe.
    #[n(5)]
    HubOfRecord {
        /// The hub's public key; `None` when there is none from here on.
        #[n(0)]
        hub: Option<DeviceKey>,
        /// Where it is met: a URL, a hint only.
        #[n(1)]
        address: String,
    },
    /// Every live device reads this level of features, so it may be written.
    #[n(6)]
    FeatureLevel {
        /// The level. It never falls.
        #[n(0)]
        level: u32,
    },
    /// The key was brought to another device, which writes policy from here on.
    #[n(7)]
    TakenOver {
        /// The last policy op that it builds on.
        #[n(0)]
        builds_on: Head,
        /// The device that writes from here on.
        #[n(1)]
        writer: DeviceKey,
    },
}

/// The highest number of an event that this release knows; 0 and those above it are carried.
const KNOWN_CODE_MAX: u32 = 7;

/// Says why policy cannot be read or written so.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// The bytes are no policy body.
    #[error("the policy body is malformed: {0}")]
    Malformed(String),
    /// A list is longer than allowed.
    #[error("a list in the policy body is too long")]
    TooMany,
    /// A text is longer than allowed or empty where it may not be.
    #[error("a text in the policy body is empty or longer than {TEXT_MAX} bytes")]
    Text,
    /// The country is not two capital letters.
    #[error("a country is two capital letters")]
    Country,
    /// A series code has other characters than capitals and digits, or too many.
    #[error("\"{0}\" is no receipt series: 1 to {SERIES_MAX} capitals and digits")]
    Series(String),
    /// A series code belongs to another certificate.
    #[error("the receipt series \"{0}\" belongs to another device")]
    SeriesTaken(String),
    /// The organisation exists already, or not yet.
    #[error("the organisation must be created once, and before all else")]
    Creation,
    /// A feature level or a cut would fall.
    #[error("a feature level or a cut never falls")]
    Falls,
    /// The device has no certificate.
    #[error("the device {0} is not known")]
    UnknownDevice(DeviceKey),
    /// The device was revoked; a new key must be enrolled.
    #[error("the device {0} was revoked")]
    Revoked(DeviceKey),
}

impl From<DecodeError> for PolicyError {
    fn from(error: DecodeError) -> Self {
        Self::Malformed(error.to_string())
    }
}

impl PolicyEvent {
    /// Checks texts and lists against their limits.
    pub(super) fn check_limits(&self) -> Result<(), PolicyError> {
        match self {
            Self::OrganisationCreated { name, country, .. } => {
                check_text(name)?;
                let letters = country.bytes().all(|byte| byte.is_ascii_uppercase());
                if country.len() == 2 && letters {
                    Ok(())
                } else {
                    Err(PolicyError::Country)
                }
            }
            Self::DeviceCertified { certificate } => certificate.check(),
            Self::DeviceRevoked { cuts, .. } if cuts.len() > CUTS_MAX => Err(PolicyError::TooMany),
            Self::HubOfRecord { address, .. } if address.len() > TEXT_MAX => Err(PolicyError::Text),
            _ => Ok(()),
        }
    }
}

/// Returns the content of a policy op's body: a CBOR array of events, each an array of its number and an
/// array of its fields.
pub fn encode_events(events: &[PolicyEvent]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut e = Encoder::new(&mut bytes);
    // A Vec takes every write, so encoding cannot fail.
    let _ = e.array(events.len() as u64);
    for event in events {
        if let PolicyEvent::Unknown { code, fields } = event {
            let _ = e.array(2).and_then(|e| e.u32(*code));
            e.writer_mut().extend_from_slice(fields);
        } else {
            let _ = e.encode(event);
        }
    }
    bytes
}

/// Reads the content of a policy op's body. Fields that this release does not know are passed over, events
/// that it does not know are carried.
pub fn decode_events(content: &[u8]) -> Result<Vec<PolicyEvent>, PolicyError> {
    let mut d = Decoder::new(content);
    let count = d
        .array()?
        .filter(|count| *count <= EVENTS_MAX)
        .ok_or(PolicyError::TooMany)?;
    let events = (0..count)
        .map(|_| decode_event(&mut d))
        .collect::<Result<_, _>>()?;
    if d.position() != content.len() {
        return Err(PolicyError::Malformed("bytes follow the last event".to_owned()));
    }
    Ok(events)
}

fn decode_event(d: &mut Decoder<'_>) -> Result<PolicyEvent, PolicyError> {
    let mut ahead = d.clone();
    if ahead.array()? != Some(2) {
        return Err(PolicyError::Malformed("an event is an array of two".to_owned()));
    }
    let code = ahead.u32()?;
    if (1..=KNOWN_CODE_MAX).contains(&code) {
        let event: PolicyEvent = d.decode()?;
        event.check_limits()?;
        return Ok(event);
    }
    let start = ahead.position();
    ahead.skip()?;
    d.set_position(ahead.position());
    let fields = d.input().get(start..d.position()).unwrap_or_default().to_vec();
    Ok(PolicyEvent::Unknown { code, fields })
}

/// Checks a text that people read: not empty, not over `TEXT_MAX` bytes.
pub(super) fn check_text(text: &str) -> Result<(), PolicyError> {
    if text.trim().is_empty() || text.len() > TEXT_MAX {
        Err(PolicyError::Text)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::Incarnation;
    use crate::policy::Capability;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn certificate() -> Certificate {
        Certificate {
            device: DeviceKey([1; 32]),
            incarnation: Incarnation::from_number(1),
            name: "Till by the door".to_owned(),
            capabilities: BTreeSet::from([Capability::Sell, Capability::Other(900)]),
            location: None,
            series: "A".to_owned(),
            issued_ms: 1_750_000_000_000,
            expires_ms: None,
        }
    }

    fn every_event() -> Vec<PolicyEvent> {
        let cut = Cut {
            stream: StreamId([4; 16]),
            seq: 9,
            hash: OpHash([5; 32]),
        };
        let head = Head {
            seq: 3,
            hash: OpHash([6; 32]),
        };
        vec![
            PolicyEvent::OrganisationCreated {
                name: "Loaf".to_owned(),
                country: "DK".to_owned(),
                at: -1,
            },
            PolicyEvent::DeviceCertified {
                certificate: certificate(),
            },
            PolicyEvent::DeviceRevoked {
                device: DeviceKey([1; 32]),
                cuts: vec![cut],
            },
            PolicyEvent::CutRaised { cut },
            PolicyEvent::HubOfRecord {
                hub: Some(DeviceKey([2; 32])),
                address: "https://hub".to_owned(),
            },
            PolicyEvent::HubOfRecord {
                hub: None,
                address: String::new(),
            },
            PolicyEvent::FeatureLevel { level: 2 },
            PolicyEvent::TakenOver {
                builds_on: head,
                writer: DeviceKey([3; 32]),
            },
            PolicyEvent::Unknown {
                code: 900,
                fields: minicbor::to_vec(("new", 7)).unwrap(),
            },
            PolicyEvent::Unknown {
                code: 0,
                fields: vec![0xf6],
            },
        ]
    }

    #[test]
    fn every_event_comes_back() {
        assert_eq!(decode_events(&encode_events(&every_event())), Ok(every_event()));
        assert_eq!(decode_events(&encode_events(&[])), Ok(Vec::new()));
        let json = serde_json::to_string(&every_event()).unwrap();
        assert_eq!(
            serde_json::from_str::<Vec<PolicyEvent>>(&json).unwrap(),
            every_event()
        );
    }

    #[test]
    fn a_field_of_a_later_release_is_passed_over() {
        let later = minicbor::to_vec([(6, (2, "a new field", [1, 2]))]).unwrap();
        assert_eq!(
            decode_events(&later),
            Ok(vec![PolicyEvent::FeatureLevel { level: 2 }])
        );
    }

    fn refused(event: PolicyEvent) -> PolicyError {
        decode_events(&encode_events(&[event])).unwrap_err()
    }

    fn certified(change: impl FnOnce(&mut Certificate)) -> PolicyEvent {
        let mut certificate = certificate();
        change(&mut certificate);
        PolicyEvent::DeviceCertified { certificate }
    }

    #[test]
    fn what_is_beyond_the_limits_is_refused() {
        assert_eq!(refused(certified(|c| c.name = " ".to_owned())), PolicyError::Text);
        assert_eq!(
            refused(certified(|c| c.name = "n".repeat(TEXT_MAX + 1))),
            PolicyError::Text
        );
        assert_eq!(
            refused(certified(|c| c.series = "a".to_owned())),
            PolicyError::Series("a".to_owned())
        );
        let many = (1000..1257).map(Capability::Other).collect();
        assert_eq!(
            refused(certified(|c| c.capabilities = many)),
            PolicyError::TooMany
        );
        let created = |country: &str| PolicyEvent::OrganisationCreated {
            name: "Loaf".to_owned(),
            country: country.to_owned(),
            at: 0,
        };
        assert_eq!(refused(created("dk")), PolicyError::Country);
        assert_eq!(refused(created("DNK")), PolicyError::Country);
        let cut = Cut {
            stream: StreamId([0; 16]),
            seq: 1,
            hash: OpHash::NONE,
        };
        let revoked = PolicyEvent::DeviceRevoked {
            device: DeviceKey([1; 32]),
            cuts: vec![cut; CUTS_MAX + 1],
        };
        assert_eq!(refused(revoked), PolicyError::TooMany);
        let levels = vec![PolicyEvent::FeatureLevel { level: 1 }; EVENTS_MAX as usize + 1];
        assert_eq!(decode_events(&encode_events(&levels)), Err(PolicyError::TooMany));
    }

    #[test]
    fn broken_bodies_are_refused() {
        let good = encode_events(&every_event());
        for len in 0..good.len() {
            assert!(decode_events(&good[..len]).is_err(), "{len} bytes");
        }
        assert!(decode_events(&[&good[..], &[0]].concat()).is_err());
        assert!(decode_events(&[0x9f, 0xff]).is_err());
        assert!(decode_events(&[0x81, 0x83, 0x00, 0x00, 0x00]).is_err());
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = decode_events(&bytes);
        }

        #[test]
        fn damaged_bodies_are_read_without_panic(at in any::<prop::sample::Index>(), to: u8) {
            let mut bytes = encode_events(&every_event());
            let at = at.index(bytes.len());
            bytes[at] = to;
            let _ = decode_events(&bytes);
        }
    }
}

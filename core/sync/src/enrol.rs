//! How a device becomes one of the shop's, and a hub the shop's hub: codes that are shown, and what is said about them.
//!
//! It is a conversation of its own on a link of its own, before any session: the first message tells which it is.

use crate::message::{Message, MessageError, REASON_MAX};
use barrow_log::domain;
use barrow_log::id::{Incarnation, OrganisationId};
use barrow_log::policy::TEXT_MAX;
use barrow_log::stream::DeviceKey;
use minicbor::decode::{Decoder, Error as DecodeError};
use minicbor::encode::{Encoder, Error as EncodeError};
use minicbor::{Decode, Encode};

/// The most addresses in a code: one for each network that a shop's PC is on, and the code stays coarse enough.
pub const ADDRESSES_MAX: u64 = 4;
/// The most letters of a code: four long addresses and what else is in it.
pub const CODE_MAX: usize = 2_048;
/// How long an invitation may be used, in milliseconds: two people stand beside each other.
pub const INVITE_MS: i64 = 10 * 60 * 1_000;

const HUB_PREFIX: &str = "BARROW-HUB:";
const INVITE_PREFIX: &str = "BARROW-JOIN:";
const CHECK: usize = 4;

/// Something that only those know who saw a code.
#[derive(Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Secret(
    #[n(0)]
    #[cbor(with = "minicbor::bytes")]
    pub [u8; 16],
);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

/// What a hub shows at its start: whoever reads it may make it the shop's hub, once.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct HubCode {
    /// The hub's public key, which whoever dials expects.
    #[n(0)]
    pub hub: DeviceKey,
    /// The hub's run of numbers.
    #[n(1)]
    pub incarnation: Incarnation,
    /// Lets one organisation in.
    #[n(2)]
    pub secret: Secret,
    /// Where the hub may be dialled.
    #[n(3)]
    pub addresses: Vec<String>,
}

/// What the owner's till shows to a device that is to be one of the shop's.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Invite {
    /// The organisation's public key.
    #[n(0)]
    pub organisation: DeviceKey,
    /// The key of whoever is dialled: the owner's till, or the hub that passes it on.
    #[n(1)]
    pub host: DeviceKey,
    /// Lets one device in.
    #[n(2)]
    pub secret: Secret,
    /// When it ends, in milliseconds since 1970.
    #[n(3)]
    pub expires_ms: i64,
    /// Where the host may be dialled.
    #[n(4)]
    pub addresses: Vec<String>,
}

/// Says why a text is no code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    /// It is another kind of text.
    #[error("This is no {0} code. Copy the whole line that begins with {1}")]
    Other(&'static str, &'static str),
    /// A letter is wrong or missing.
    #[error("A letter of this code is wrong or missing. Copy it again.")]
    Changed,
}

impl HubCode {
    /// Writes the code: capitals and digits, so that a picture of it stays coarse.
    pub fn to_text(&self) -> String {
        write_code(HUB_PREFIX, self)
    }

    /// Reads the code as it was shown or typed.
    ///
    /// # Errors
    /// When it is another text, or not whole.
    pub fn from_text(text: &str) -> Result<Self, CodeError> {
        let code: Self = read_code(HUB_PREFIX, "hub", text)?;
        check_addresses(&code.addresses).map(|()| code)
    }
}

impl Invite {
    /// Writes the code.
    pub fn to_text(&self) -> String {
        write_code(INVITE_PREFIX, self)
    }

    /// Reads the code as it was shown or typed.
    ///
    /// # Errors
    /// When it is another text, or not whole.
    pub fn from_text(text: &str) -> Result<Self, CodeError> {
        let code: Self = read_code(INVITE_PREFIX, "join", text)?;
        check_addresses(&code.addresses).map(|()| code)
    }

    /// Returns the mark by which a hub finds who wrote the invitation. It tells nothing of the secret.
    pub fn tag(&self) -> [u8; 16] {
        domain::first(&domain::hash(domain::INVITE, &[&self.secret.0]))
    }

    /// Writes the request of a device that read the invitation.
    pub fn request(&self, device: &DeviceKey, incarnation: Incarnation, name: &str) -> JoinRequest {
        let mut request = JoinRequest {
            organisation: OrganisationId::of(&self.organisation),
            tag: self.tag(),
            incarnation,
            name: name.into(),
            proof: [0; 32],
        };
        request.proof = self.proof(device, &request);
        request
    }

    /// Tells whether a request was written by a device that holds the secret, and nobody changed it on its way.
    pub fn proves(&self, device: &DeviceKey, request: &JoinRequest) -> bool {
        // Both are hashes: how long comparing takes tells nothing that helps to find the secret.
        request.organisation == OrganisationId::of(&self.organisation)
            && request.proof == self.proof(device, request)
    }

    fn proof(&self, device: &DeviceKey, request: &JoinRequest) -> [u8; 32] {
        let parts: [&[u8]; 5] = [
            &self.secret.0,
            &self.organisation.0,
            &device.0,
            request.incarnation.as_bytes(),
            request.name.as_bytes(),
        ];
        domain::hash(domain::JOIN, &parts)
    }

    /// Returns the six digits that both screens show: they differ when somebody stands in between.
    pub fn digits(&self, device: &DeviceKey) -> String {
        let parts: [&[u8]; 4] = [&self.secret.0, &self.organisation.0, &self.host.0, &device.0];
        let first: [u8; 8] = domain::first(&domain::hash(domain::DIGITS, &parts));
        format!("{:06}", u64::from_be_bytes(first) % 1_000_000)
    }
}

/// A device asks to be one of the shop's. The transport proves its key.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct JoinRequest {
    /// Names the organisation.
    #[n(0)]
    pub organisation: OrganisationId,
    /// Names the invitation.
    #[n(1)]
    #[cbor(with = "minicbor::bytes")]
    pub tag: [u8; 16],
    /// Names the device's run of numbers.
    #[n(2)]
    pub incarnation: Incarnation,
    /// Gives its name.
    #[n(3)]
    pub name: String,
    /// Proves that the device holds the invitation's secret.
    #[n(4)]
    #[cbor(with = "minicbor::bytes")]
    pub proof: [u8; 32],
}

/// What is said about joining.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Enrolment {
    /// The owner's till to a hub: be this organisation's.
    Admit {
        /// The organisation's public key.
        organisation: DeviceKey,
        /// The secret that the hub showed.
        secret: Secret,
    },
    /// Yes: the hub keeps this organisation, or the device is one of the shop's now.
    Welcome,
    /// A new device to whoever invited it, or to a hub that passes it on.
    Join(JoinRequest),
    /// The owner's till to the hub: pass on who was invited by this mark.
    Await {
        /// Names the organisation.
        organisation: OrganisationId,
        /// Names the invitation.
        tag: [u8; 16],
    },
    /// The hub to the owner's till: this device asks.
    Asks {
        /// The key that it proved to the hub.
        device: DeviceKey,
        /// What it asked.
        request: JoinRequest,
    },
    /// No, with the reason for people.
    Bye {
        /// Says why, in a sentence.
        reason: String,
    },
}

const ADMIT: u8 = 16;
const WELCOME: u8 = 17;
const JOIN: u8 = 18;
const AWAIT: u8 = 19;
const ASKS: u8 = 20;

impl Enrolment {
    /// Returns the bytes of the message. Each of these conversations counts no messages: all have the number 0.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        if let Self::Bye { reason } = self {
            let mut reason = reason.clone();
            while reason.len() > REASON_MAX {
                reason.pop();
            }
            return Message::Bye { reason }.to_bytes(0);
        }
        // A Vec takes every write, so encoding cannot fail.
        let _ = self.write(&mut Encoder::new(&mut bytes));
        bytes
    }

    fn write(&self, e: &mut Encoder<&mut Vec<u8>>) -> Result<(), EncodeError<std::convert::Infallible>> {
        match self {
            Self::Admit { organisation, secret } => {
                e.array(4)?.u8(0)?.u8(ADMIT)?;
                e.encode(organisation)?.bytes(&secret.0)?.ok()
            }
            Self::Welcome | Self::Bye { .. } => e.array(2)?.u8(0)?.u8(WELCOME)?.ok(),
            Self::Join(request) => e.array(3)?.u8(0)?.u8(JOIN)?.encode(request)?.ok(),
            Self::Await { organisation, tag } => e
                .array(4)?
                .u8(0)?
                .u8(AWAIT)?
                .encode(organisation)?
                .bytes(tag)?
                .ok(),
            Self::Asks { device, request } => {
                e.array(4)?.u8(0)?.u8(ASKS)?.encode(device)?.encode(request)?.ok()
            }
        }
    }

    /// Reads a message; `None` for one that belongs to a session or to a later release.
    ///
    /// # Errors
    /// When the bytes are no message.
    pub fn from_bytes(bytes: &[u8]) -> Result<Option<Self>, MessageError> {
        if let (_, Some(message)) = Message::from_bytes(bytes)? {
            return Ok(match message {
                Message::Bye { reason } => Some(Self::Bye { reason }),
                _ => None,
            });
        }
        let d = &mut Decoder::new(bytes);
        d.array()?;
        d.u64()?;
        let Ok(kind) = u8::try_from(d.u64()?) else {
            return Ok(None);
        };
        let said = match kind {
            ADMIT => Self::Admit {
                organisation: d.decode()?,
                secret: Secret(sixteen(d)?),
            },
            WELCOME => Self::Welcome,
            JOIN => Self::Join(request(d)?),
            AWAIT => Self::Await {
                organisation: d.decode()?,
                tag: sixteen(d)?,
            },
            ASKS => Self::Asks {
                device: d.decode()?,
                request: request(d)?,
            },
            _ => return Ok(None),
        };
        Ok(Some(said))
    }
}

fn sixteen(d: &mut Decoder<'_>) -> Result<[u8; 16], MessageError> {
    let bytes = d.bytes()?;
    <[u8; 16]>::try_from(bytes).map_err(|_| MessageError::Malformed("sixteen bytes are wanted".into()))
}

fn request(d: &mut Decoder<'_>) -> Result<JoinRequest, MessageError> {
    let request: JoinRequest = d.decode()?;
    match request.name.trim().is_empty() || request.name.len() > TEXT_MAX {
        true => Err(MessageError::Malformed("a device needs a short name".into())),
        false => Ok(request),
    }
}

fn check_addresses(addresses: &[String]) -> Result<(), CodeError> {
    let few = (1..=ADDRESSES_MAX).contains(&(addresses.len() as u64));
    match few && addresses.iter().all(|address| address.len() <= TEXT_MAX) {
        true => Ok(()),
        false => Err(CodeError::Changed),
    }
}

fn write_code<T: Encode<()>>(prefix: &str, code: &T) -> String {
    let mut bytes = vec![0; CHECK];
    // A Vec takes every write, so encoding cannot fail.
    let _ = minicbor::encode(code, &mut bytes);
    let check: [u8; CHECK] = domain::first(&domain::hash(domain::INVITE, &[&bytes[CHECK..]]));
    bytes[..CHECK].copy_from_slice(&check);
    format!("{prefix}{}", data_encoding::BASE32_NOPAD.encode(&bytes))
}

fn read_code<T: for<'b> Decode<'b, ()>>(
    prefix: &'static str,
    kind: &'static str,
    text: &str,
) -> Result<T, CodeError> {
    if text.len() > CODE_MAX {
        return Err(CodeError::Changed);
    }
    let text: String = text.split_whitespace().collect::<String>().to_uppercase();
    let letters = text.strip_prefix(prefix).ok_or(CodeError::Other(kind, prefix))?;
    let bytes = data_encoding::BASE32_NOPAD
        .decode(letters.as_bytes())
        .map_err(|_| CodeError::Changed)?;
    let (check, code) = bytes.split_at_checked(CHECK).ok_or(CodeError::Changed)?;
    if domain::first::<CHECK>(&domain::hash(domain::INVITE, &[code])) != check {
        return Err(CodeError::Changed);
    }
    minicbor::decode(code).map_err(|_: DecodeError| CodeError::Changed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn invite() -> Invite {
        Invite {
            organisation: DeviceKey([1; 32]),
            host: DeviceKey([2; 32]),
            secret: Secret([3; 16]),
            expires_ms: 1_780_000_000_000,
            addresses: vec!["192.168.1.4:7117".into()],
        }
    }

    const DEVICE: DeviceKey = DeviceKey([4; 32]);

    #[test]
    fn a_code_is_read_as_people_copy_it_and_no_letter_may_be_wrong() {
        let text = invite().to_text();
        assert_eq!(Invite::from_text(&text), Ok(invite()));
        let spaced = format!(" {}\n  {}", &text[..30].to_lowercase(), &text[30..]);
        assert_eq!(Invite::from_text(&spaced), Ok(invite()));
        for place in INVITE_PREFIX.len()..text.len() {
            let mut wrong = text.clone().into_bytes();
            wrong[place] = if wrong[place] == b'A' { b'B' } else { b'A' };
            let wrong = String::from_utf8(wrong).unwrap();
            assert_eq!(Invite::from_text(&wrong), Err(CodeError::Changed), "{place}");
        }
        assert_eq!(
            Invite::from_text(&text[..text.len() - 8]),
            Err(CodeError::Changed)
        );
        assert!(matches!(HubCode::from_text(&text), Err(CodeError::Other(..))));
        let many = Invite {
            addresses: vec!["a:1".into(); 5],
            ..invite()
        };
        assert_eq!(Invite::from_text(&many.to_text()), Err(CodeError::Changed));
        let hub = HubCode {
            hub: DEVICE,
            incarnation: Incarnation::from_number(5),
            secret: Secret([6; 16]),
            addresses: vec!["hub.example:7117".into()],
        };
        assert_eq!(HubCode::from_text(&hub.to_text()), Ok(hub));
    }

    #[test]
    fn only_who_saw_the_code_can_ask_and_only_for_itself() {
        let request = invite().request(&DEVICE, Incarnation::from_number(5), "Till 2");
        assert!(invite().proves(&DEVICE, &request));
        assert!(
            !invite().proves(&DeviceKey([5; 32]), &request),
            "passed on by another device"
        );
        let renamed = JoinRequest {
            name: "Owner".into(),
            ..request.clone()
        };
        assert!(!invite().proves(&DEVICE, &renamed));
        let other = Invite {
            secret: Secret([7; 16]),
            ..invite()
        };
        assert!(!other.proves(&DEVICE, &request));
    }

    #[test]
    fn the_digits_change_with_everything_that_somebody_in_between_could_change() {
        let digits = invite().digits(&DEVICE);
        assert_eq!(digits.len(), 6);
        let other = |change: fn(&mut Invite)| {
            let mut invite = invite();
            change(&mut invite);
            invite.digits(&DEVICE)
        };
        assert_ne!(digits, other(|invite| invite.host = DeviceKey([9; 32])));
        assert_ne!(digits, other(|invite| invite.organisation = DeviceKey([9; 32])));
        assert_ne!(digits, other(|invite| invite.secret = Secret([9; 16])));
        assert_ne!(digits, invite().digits(&DeviceKey([9; 32])));
    }

    #[test]
    fn every_message_is_read_as_it_was_written_and_damage_is_refused() {
        let request = invite().request(&DEVICE, Incarnation::from_number(5), "Till 2");
        let organisation = OrganisationId::of(&DeviceKey([1; 32]));
        for said in [
            Enrolment::Admit {
                organisation: DeviceKey([1; 32]),
                secret: Secret([2; 16]),
            },
            Enrolment::Welcome,
            Enrolment::Join(request.clone()),
            Enrolment::Await {
                organisation,
                tag: [3; 16],
            },
            Enrolment::Asks {
                device: DEVICE,
                request,
            },
            Enrolment::Bye { reason: "No.".into() },
        ] {
            let bytes = said.to_bytes();
            assert_eq!(Enrolment::from_bytes(&bytes), Ok(Some(said)));
            for length in 0..bytes.len() {
                assert!(Enrolment::from_bytes(&bytes[..length]).is_err());
            }
        }
        assert_eq!(Enrolment::from_bytes(&Message::Ping.to_bytes(0)), Ok(None));
    }
}

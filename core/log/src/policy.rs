//! Policy: the organisation's own stream, which says which devices count and what they may do.
//!
//! It is linear: one writer holds the organisation's key, and every device folds the same events in order.

use std::collections::{BTreeMap, BTreeSet};

use minicbor::decode::{Decoder, Error as DecodeError};
use minicbor::encode::{Encoder, Error as EncodeError, Write};
use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::id::{Incarnation, LocationId, OrganisationId};
use crate::stream::{DeviceKey, Head, OpHash, Seq, Stream, StreamId, StreamKind};

/// The version of the policy bodies' schema that this release writes.
pub const POLICY_KIND_VERSION: u16 = 1;
/// The most events of one policy op: a revocation or an enrolment takes a handful.
pub const EVENTS_MAX: u64 = 64;
/// The most bytes of a name or an address.
pub const TEXT_MAX: usize = 256;
/// The most characters of a receipt series code: it is printed before every number.
pub const SERIES_MAX: usize = 8;
/// The most capabilities of one certificate: several times those that exist.
pub const CAPABILITIES_MAX: usize = 256;
/// The most streams that one revocation cuts: four kinds for each of a device's incarnations.
pub const CUTS_MAX: usize = 256;

/// Something a device may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Capability {
    /// Sells and takes payment.
    Sell,
    /// Gives back what a receipt shows.
    Refund,
    /// Gives back without a receipt.
    RefundUnlinked,
    /// Changes items, prices and taxes.
    Catalogue,
    /// Books movements and counts of stock.
    Stock,
    /// Opens and closes shifts and books cash in and out.
    Shift,
    /// Writes policy and settings.
    Administer,
    /// Grants discounts and sells at a price typed in.
    Discount,
    /// Reads customers' bodies and writes them.
    Customers,
    /// Reads reports across tills.
    Reports,
    /// Proposes sellers for enrolment.
    Enrol,
    /// A later release knows; this one carries the number.
    Other(u16),
}

impl Capability {
    /// Every capability that this release knows, in the order of its code.
    pub const ALL: [Self; 11] = [
        Self::Sell,
        Self::Refund,
        Self::RefundUnlinked,
        Self::Catalogue,
        Self::Stock,
        Self::Shift,
        Self::Administer,
        Self::Discount,
        Self::Customers,
        Self::Reports,
        Self::Enrol,
    ];

    /// Returns the number on the wire.
    pub const fn code(self) -> u16 {
        match self {
            Self::Sell => 1,
            Self::Refund => 2,
            Self::RefundUnlinked => 3,
            Self::Catalogue => 4,
            Self::Stock => 5,
            Self::Shift => 6,
            Self::Administer => 7,
            Self::Discount => 8,
            Self::Customers => 9,
            Self::Reports => 10,
            Self::Enrol => 11,
            Self::Other(code) => code,
        }
    }

    /// Returns the capability with this number; one that this release does not know is `Other`.
    pub fn from_code(code: u16) -> Self {
        Self::ALL
            .into_iter()
            .find(|known| known.code() == code)
            .unwrap_or(Self::Other(code))
    }

    /// Says whether an expired certificate still grants it: the market day goes on, administration stops.
    pub const fn outlives_certificate(self) -> bool {
        matches!(
            self,
            Self::Sell | Self::Refund | Self::Stock | Self::Shift | Self::Discount
        )
    }
}

impl<C> Encode<C> for Capability {
    fn encode<W: Write>(&self, e: &mut Encoder<W>, _: &mut C) -> Result<(), EncodeError<W::Error>> {
        e.u16(self.code())?.ok()
    }
}

impl<'b, C> Decode<'b, C> for Capability {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, DecodeError> {
        Ok(Self::from_code(d.u16()?))
    }
}

/// What the organisation says of a device: that it counts, what it may do, and its receipt series.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
pub struct Certificate {
    /// The device's public key.
    #[n(0)]
    pub device: DeviceKey,
    /// The run of numbers that the key signs.
    #[n(1)]
    pub incarnation: Incarnation,
    /// What people call the device.
    #[n(2)]
    pub name: String,
    /// What it may do.
    #[n(3)]
    pub capabilities: BTreeSet<Capability>,
    /// Where it works; `None` for everywhere.
    #[n(4)]
    pub location: Option<LocationId>,
    /// The code before its receipt numbers: capitals and digits, no other certificate has it.
    #[n(5)]
    pub series: String,
    /// When it was given, in milliseconds since 1970.
    #[n(6)]
    pub issued_ms: i64,
    /// When it ends, in milliseconds since 1970; `None` for never.
    #[n(7)]
    pub expires_ms: Option<i64>,
}

impl Certificate {
    /// Says whether its time is over.
    pub fn expired(&self, now_ms: i64) -> bool {
        self.expires_ms.is_some_and(|expires_ms| now_ms >= expires_ms)
    }

    /// Says whether it grants a capability at a time.
    pub fn allows(&self, capability: Capability, now_ms: i64) -> bool {
        self.capabilities.contains(&capability)
            && (capability.outlives_certificate() || !self.expired(now_ms))
    }

    /// Describes the device's stream of a kind.
    pub fn stream(&self, organisation: OrganisationId, kind: StreamKind) -> Stream {
        Stream {
            organisation,
            device: self.device,
            incarnation: self.incarnation,
            kind,
        }
    }

    fn check(&self) -> Result<(), PolicyError> {
        text(&self.name)?;
        if !series_is_valid(&self.series) {
            return Err(PolicyError::Series(
                self.series.chars().take(SERIES_MAX).collect(),
            ));
        }
        if self.capabilities.len() > CAPABILITIES_MAX {
            return Err(PolicyError::TooMany);
        }
        Ok(())
    }
}

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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum PolicyEvent {
    /// The organisation exists. The stream's first event.
    OrganisationCreated(OrganisationCreated),
    /// A device counts from here on, or has another certificate than before.
    DeviceCertified(DeviceCertified),
    /// A device no longer counts, beyond its cuts.
    DeviceRevoked(DeviceRevoked),
    /// An owner lets more of a revoked device's ops count.
    CutRaised(CutRaised),
    /// The hub whose acknowledgement makes an op safe.
    HubOfRecord(HubOfRecord),
    /// Every live device reads this level of features, so it may be written.
    FeatureLevel(FeatureLevel),
    /// The key was brought to another device, which writes policy from here on.
    TakenOver(TakenOver),
    /// A later release knows; this one carries the bytes.
    Unknown {
        /// The event's number.
        code: u32,
        /// The event's content, one CBOR item.
        content: Vec<u8>,
    },
}

/// The organisation's first words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
pub struct OrganisationCreated {
    /// What people call it.
    #[n(0)]
    pub name: String,
    /// Its country, two capital letters of ISO 3166-1.
    #[n(1)]
    pub country: String,
    /// When, in milliseconds since 1970.
    #[n(2)]
    pub at: i64,
}

/// A device is let in, or its certificate replaced.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
pub struct DeviceCertified {
    /// The certificate.
    #[n(0)]
    pub certificate: Certificate,
}

/// A device is shut out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
pub struct DeviceRevoked {
    /// The device.
    #[n(0)]
    pub device: DeviceKey,
    /// Up to where its streams count; of a stream not named, nothing more is known and nothing counts.
    #[n(1)]
    pub cuts: Vec<Cut>,
}

/// An owner's acceptance of ops beyond a cut.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
pub struct CutRaised {
    /// The new last op that counts; lower than the cut in force, it changes nothing.
    #[n(0)]
    pub cut: Cut,
}

/// Where ops become safe.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
pub struct HubOfRecord {
    /// The hub's public key; `None` when there is none from here on.
    #[n(0)]
    pub hub: Option<DeviceKey>,
    /// Where it is met: a URL, a hint only.
    #[n(1)]
    pub address: String,
}

/// What may be written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
pub struct FeatureLevel {
    /// The level. It never falls.
    #[n(0)]
    pub level: u32,
}

/// A new writer of the policy stream.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
pub struct TakenOver {
    /// The last policy op that it builds on.
    #[n(0)]
    pub builds_on: Head,
    /// The device that writes from here on.
    #[n(1)]
    pub writer: DeviceKey,
}

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
    /// Returns the number on the wire.
    pub const fn code(&self) -> u32 {
        match self {
            Self::OrganisationCreated(_) => 1,
            Self::DeviceCertified(_) => 2,
            Self::DeviceRevoked(_) => 3,
            Self::CutRaised(_) => 4,
            Self::HubOfRecord(_) => 5,
            Self::FeatureLevel(_) => 6,
            Self::TakenOver(_) => 7,
            Self::Unknown { code, .. } => *code,
        }
    }

    fn content(&self) -> Vec<u8> {
        let content = match self {
            Self::OrganisationCreated(content) => minicbor::to_vec(content),
            Self::DeviceCertified(content) => minicbor::to_vec(content),
            Self::DeviceRevoked(content) => minicbor::to_vec(content),
            Self::CutRaised(content) => minicbor::to_vec(content),
            Self::HubOfRecord(content) => minicbor::to_vec(content),
            Self::FeatureLevel(content) => minicbor::to_vec(content),
            Self::TakenOver(content) => minicbor::to_vec(content),
            Self::Unknown { content, .. } => Ok(content.clone()),
        };
        // A Vec takes every write, so encoding cannot fail.
        content.unwrap_or_default()
    }

    fn decode(code: u32, content: &[u8]) -> Result<Self, PolicyError> {
        let d = &mut Decoder::new(content);
        let event = match code {
            1 => Self::OrganisationCreated(d.decode()?),
            2 => Self::DeviceCertified(d.decode()?),
            3 => Self::DeviceRevoked(d.decode()?),
            4 => Self::CutRaised(d.decode()?),
            5 => Self::HubOfRecord(d.decode()?),
            6 => Self::FeatureLevel(d.decode()?),
            7 => Self::TakenOver(d.decode()?),
            _ => Self::Unknown {
                code,
                content: content.to_vec(),
            },
        };
        event.check_limits()?;
        Ok(event)
    }

    fn check_limits(&self) -> Result<(), PolicyError> {
        match self {
            Self::OrganisationCreated(created) => {
                text(&created.name)?;
                let letters = created.country.bytes().all(|byte| byte.is_ascii_uppercase());
                if created.country.len() == 2 && letters {
                    Ok(())
                } else {
                    Err(PolicyError::Text)
                }
            }
            Self::DeviceCertified(certified) => certified.certificate.check(),
            Self::DeviceRevoked(revoked) if revoked.cuts.len() > CUTS_MAX => Err(PolicyError::TooMany),
            Self::HubOfRecord(record) if record.address.len() > TEXT_MAX => Err(PolicyError::Text),
            _ => Ok(()),
        }
    }
}

/// Returns the content of a policy op's body: a CBOR array of events, each an array of its number and its
/// fields.
pub fn encode_events(events: &[PolicyEvent]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut e = Encoder::new(&mut bytes);
    // A Vec takes every write, so encoding cannot fail.
    let _ = e.array(events.len() as u64);
    for event in events {
        let _ = e.array(2).and_then(|e| e.u32(event.code()));
        e.writer_mut().extend_from_slice(&event.content());
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
    let mut events = Vec::new();
    for _ in 0..count {
        if d.array()? != Some(2) {
            return Err(PolicyError::Malformed("an event is an array of two".to_owned()));
        }
        let code = d.u32()?;
        let start = d.position();
        d.skip()?;
        let item = content.get(start..d.position()).unwrap_or_default();
        events.push(PolicyEvent::decode(code, item)?);
    }
    if d.position() != content.len() {
        return Err(PolicyError::Malformed("bytes follow the last event".to_owned()));
    }
    Ok(events)
}

fn text(text: &str) -> Result<(), PolicyError> {
    if text.trim().is_empty() || text.len() > TEXT_MAX {
        Err(PolicyError::Text)
    } else {
        Ok(())
    }
}

/// Says whether a text can be a receipt series code.
pub fn series_is_valid(code: &str) -> bool {
    (1..=SERIES_MAX).contains(&code.len())
        && code
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

/// What the policy stream says so far.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    version: u64,
    organisation: Option<OrganisationCreated>,
    /// By device, every certificate it had with the policy version that gave it, oldest first.
    certificates: BTreeMap<DeviceKey, Vec<(u64, Certificate)>>,
    /// Every series code ever given, with the first device and incarnation that had it.
    series: BTreeMap<String, (DeviceKey, Incarnation)>,
    revoked: BTreeMap<DeviceKey, u64>,
    cuts: BTreeMap<StreamId, Head>,
    hub: Option<HubOfRecord>,
    feature_level: u32,
    writer: Option<DeviceKey>,
}

impl Policy {
    /// Folds one event of the policy op with this number. Every event is taken as it is: the writer checks
    /// with `check` before, and a fold never fails.
    pub fn apply(&mut self, seq: Seq, event: &PolicyEvent) {
        self.version = self.version.max(seq);
        match event {
            PolicyEvent::OrganisationCreated(created) => {
                self.organisation.get_or_insert_with(|| created.clone());
            }
            PolicyEvent::DeviceCertified(DeviceCertified { certificate }) => self.certify(seq, certificate),
            PolicyEvent::DeviceRevoked(DeviceRevoked { device, cuts }) => {
                self.revoked.entry(*device).or_insert(seq);
                cuts.iter().for_each(|cut| self.raise(cut));
            }
            PolicyEvent::CutRaised(CutRaised { cut }) => self.raise(cut),
            PolicyEvent::HubOfRecord(record) => self.hub = Some(record.clone()),
            PolicyEvent::FeatureLevel(FeatureLevel { level }) => {
                self.feature_level = self.feature_level.max(*level);
            }
            PolicyEvent::TakenOver(TakenOver { writer, .. }) => self.writer = Some(*writer),
            PolicyEvent::Unknown { .. } => {}
        }
    }

    fn certify(&mut self, seq: Seq, certificate: &Certificate) {
        let holder = (certificate.device, certificate.incarnation);
        self.series.entry(certificate.series.clone()).or_insert(holder);
        let history = self.certificates.entry(certificate.device).or_default();
        if history
            .last()
            .is_none_or(|(last, held)| *last != seq || held != certificate)
        {
            history.push((seq, certificate.clone()));
        }
    }

    fn raise(&mut self, cut: &Cut) {
        let head = Head {
            seq: cut.seq,
            hash: cut.hash,
        };
        let held = self.cuts.entry(cut.stream).or_insert(head);
        if head.seq > held.seq {
            *held = head;
        }
    }

    /// Says whether an event may be written now. Nothing is changed.
    pub fn check(&self, event: &PolicyEvent) -> Result<(), PolicyError> {
        event.check_limits()?;
        if matches!(event, PolicyEvent::OrganisationCreated(_)) == self.organisation.is_some() {
            return Err(PolicyError::Creation);
        }
        match event {
            PolicyEvent::DeviceCertified(DeviceCertified { certificate }) => {
                let holder = (certificate.device, certificate.incarnation);
                if self.is_revoked(&certificate.device) {
                    return Err(PolicyError::Revoked(certificate.device));
                }
                match self.series.get(&certificate.series) {
                    Some(taken) if *taken != holder => {
                        Err(PolicyError::SeriesTaken(certificate.series.clone()))
                    }
                    _ => Ok(()),
                }
            }
            PolicyEvent::DeviceRevoked(DeviceRevoked { device, .. }) => self
                .certificates
                .get(device)
                .map(|_| ())
                .ok_or(PolicyError::UnknownDevice(*device)),
            PolicyEvent::CutRaised(CutRaised { cut }) => {
                let held = self.cuts.get(&cut.stream).map_or(0, |head| head.seq);
                if cut.seq < held {
                    Err(PolicyError::Falls)
                } else {
                    Ok(())
                }
            }
            PolicyEvent::FeatureLevel(FeatureLevel { level }) if *level < self.feature_level => {
                Err(PolicyError::Falls)
            }
            _ => Ok(()),
        }
    }

    /// Returns the number of the last policy op folded; 0 before the first.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// Returns what the organisation said of itself when it began.
    pub fn organisation(&self) -> Option<&OrganisationCreated> {
        self.organisation.as_ref()
    }

    /// Returns the certificate in force of a device's incarnation, revoked or not.
    pub fn certificate(&self, device: &DeviceKey, incarnation: Incarnation) -> Option<&Certificate> {
        self.certificate_at(device, incarnation, u64::MAX)
    }

    /// Returns the certificate that a device's incarnation had under a policy version.
    pub fn certificate_at(
        &self,
        device: &DeviceKey,
        incarnation: Incarnation,
        version: u64,
    ) -> Option<&Certificate> {
        let history = self.certificates.get(device)?;
        let newest = history
            .iter()
            .rev()
            .find(|(seq, held)| *seq <= version && held.incarnation == incarnation);
        newest.map(|(_, certificate)| certificate)
    }

    /// Lists every device's newest certificate, revoked devices too, in the order of their keys.
    pub fn certificates(&self) -> impl Iterator<Item = &Certificate> {
        self.certificates
            .values()
            .filter_map(|history| history.last())
            .map(|(_, certificate)| certificate)
    }

    /// Says whether a device may do something now, going by its newest certificate. Time is not asked:
    /// `Certificate::allows` does.
    pub fn may(&self, device: &DeviceKey, capability: Capability) -> bool {
        !self.is_revoked(device) && self.may_at(device, capability, u64::MAX)
    }

    /// Says whether a device might do something under a policy version; revocation is a matter of cuts.
    pub fn may_at(&self, device: &DeviceKey, capability: Capability, version: u64) -> bool {
        let history = self
            .certificates
            .get(device)
            .map(Vec::as_slice)
            .unwrap_or_default();
        let newest = history.iter().rev().find(|(seq, _)| *seq <= version);
        newest.is_some_and(|(_, certificate)| certificate.capabilities.contains(&capability))
    }

    /// Says whether a device was revoked.
    pub fn is_revoked(&self, device: &DeviceKey) -> bool {
        self.revoked.contains_key(device)
    }

    /// Returns the last op that counts of a stream whose device was revoked with a cut there.
    pub fn cut(&self, stream: &StreamId) -> Option<Head> {
        self.cuts.get(stream).copied()
    }

    /// Returns the hub of record, if one is named.
    pub fn hub_of_record(&self) -> Option<&HubOfRecord> {
        self.hub.as_ref().filter(|record| record.hub.is_some())
    }

    /// Returns the level of features that may be written.
    pub fn feature_level(&self) -> u32 {
        self.feature_level
    }

    /// Returns the device that took the writing of policy over, if one did.
    pub fn writer(&self) -> Option<DeviceKey> {
        self.writer
    }

    /// Says whether a series code was ever given, in either case of letters.
    pub fn series_taken(&self, code: &str) -> bool {
        self.series.contains_key(&code.to_ascii_uppercase())
    }

    /// Suggests the first free series code of A, B, ... Z, AA, AB, ...
    pub fn next_series(&self) -> String {
        let free = |number: &u64| !self.series.contains_key(&letters(*number));
        // Among one more codes than there are taken ones, one is free.
        letters((1..=self.series.len() as u64 + 1).find(free).unwrap_or_default())
    }
}

/// Writes a number from 1 in letters, as columns of a sheet are named: 26 is Z, 27 is AA.
fn letters(mut number: u64) -> String {
    let mut code = Vec::new();
    while number > 0 {
        code.push(char::from(b'A' + ((number - 1) % 26) as u8));
        number = (number - 1) / 26;
    }
    code.iter().rev().collect()
}

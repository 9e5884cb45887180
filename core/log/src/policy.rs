//! Policy: the organisation's own stream, which says which devices count and what they may do.
//!
//! It is linear: one writer holds the organisation's key, and every device folds the same events in order.

mod certificate;
mod event;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

pub use certificate::{CAPABILITIES_MAX, Capability, Certificate, SERIES_MAX, series_is_valid};
pub use event::{
    CUTS_MAX, Cut, EVENTS_MAX, POLICY_KIND_VERSION, PolicyError, PolicyEvent, TEXT_MAX, decode_events,
    encode_events,
};

use crate::id::{Incarnation, OrganisationId};
use crate::stream::{DeviceKey, Head, Seq, Stream, StreamId, StreamKind};

/// What the organisation said of itself when it began.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organisation {
    /// What people call it.
    pub name: String,
    /// Its country, two capital letters of ISO 3166-1.
    pub country: String,
    /// When it began, in milliseconds since 1970.
    pub at: i64,
}

/// What the policy stream says so far.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    version: u64,
    organisation: Option<Organisation>,
    /// By device, every certificate it had with the policy version that gave it, oldest first.
    certificates: BTreeMap<DeviceKey, Vec<(u64, Certificate)>>,
    /// Every series code ever given, with the first device and incarnation that had it.
    series: BTreeMap<String, (DeviceKey, Incarnation)>,
    revoked: BTreeMap<DeviceKey, u64>,
    cuts: BTreeMap<StreamId, Head>,
    hub: Option<(DeviceKey, String)>,
    feature_level: u32,
    writer: Option<DeviceKey>,
}

impl Policy {
    /// Folds one event of the policy op with this number. Every event is taken as it is: the writer checks
    /// with `check` before, and a fold never fails.
    pub fn apply(&mut self, seq: Seq, event: &PolicyEvent) {
        self.version = self.version.max(seq);
        match event {
            PolicyEvent::OrganisationCreated { name, country, at } => {
                self.organisation.get_or_insert_with(|| Organisation {
                    name: name.clone(),
                    country: country.clone(),
                    at: *at,
                });
            }
            PolicyEvent::DeviceCertified { certificate } => self.certify(seq, certificate),
            PolicyEvent::DeviceRevoked { device, cuts } => {
                self.revoked.entry(*device).or_insert(seq);
                cuts.iter().for_each(|cut| self.raise(cut));
            }
            PolicyEvent::CutRaised { cut } => self.raise(cut),
            PolicyEvent::HubOfRecord { hub, address } => self.hub = hub.map(|hub| (hub, address.clone())),
            PolicyEvent::FeatureLevel { level } => {
                self.feature_level = self.feature_level.max(*level);
            }
            PolicyEvent::TakenOver { writer, .. } => self.writer = Some(*writer),
            PolicyEvent::Unknown { .. } => {}
        }
    }

    fn certify(&mut self, seq: Seq, certificate: &Certificate) {
        let holder = (certificate.device, certificate.incarnation);
        if !certificate.series.is_empty() {
            self.series.entry(certificate.series.clone()).or_insert(holder);
        }
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
        if matches!(event, PolicyEvent::OrganisationCreated { .. }) == self.organisation.is_some() {
            return Err(PolicyError::Creation);
        }
        match event {
            PolicyEvent::DeviceCertified { certificate } => {
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
            PolicyEvent::DeviceRevoked { device, .. } => self
                .certificates
                .get(device)
                .map(|_| ())
                .ok_or(PolicyError::UnknownDevice(*device)),
            PolicyEvent::CutRaised { cut } => {
                let held = self.cuts.get(&cut.stream).map_or(0, |head| head.seq);
                if cut.seq < held {
                    Err(PolicyError::Falls)
                } else {
                    Ok(())
                }
            }
            PolicyEvent::FeatureLevel { level } if *level < self.feature_level => Err(PolicyError::Falls),
            _ => Ok(()),
        }
    }

    /// Returns the number of the last policy op folded; 0 before the first.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// Returns what the organisation said of itself when it began.
    pub fn organisation(&self) -> Option<&Organisation> {
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

    /// Says whether an op counts as far as policy goes: its device has a certificate, and if it was revoked
    /// the op lies at or below the cut of its stream.
    pub fn counts(&self, stream: &Stream, op: &Head) -> bool {
        if self.certificate(&stream.device, stream.incarnation).is_none() {
            return false;
        }
        let within = |cut: Head| op.seq < cut.seq || *op == cut;
        !self.is_revoked(&stream.device) || self.cut(&stream.id()).is_some_and(within)
    }

    /// Lists every stream that certificates let exist, of revoked devices too, policy's own not among them.
    pub fn streams(&self, organisation: OrganisationId) -> impl Iterator<Item = Stream> {
        let of_devices = [StreamKind::Shop, StreamKind::Book, StreamKind::Floor];
        let holders = self.certificates.values().flatten();
        let holders: BTreeSet<_> = holders.map(|(_, held)| (held.device, held.incarnation)).collect();
        holders.into_iter().flat_map(move |(device, incarnation)| {
            of_devices.map(|kind| Stream {
                organisation,
                device,
                incarnation,
                kind,
            })
        })
    }

    /// Returns the last op that counts of a stream whose device was revoked with a cut there.
    pub fn cut(&self, stream: &StreamId) -> Option<Head> {
        self.cuts.get(stream).copied()
    }

    /// Returns the hub of record's key and address, if one is named.
    pub fn hub_of_record(&self) -> Option<(DeviceKey, &str)> {
        self.hub.as_ref().map(|(hub, address)| (*hub, address.as_str()))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stream::OpHash;

    fn certificate(device: u8, series: &str, capabilities: &[Capability]) -> Certificate {
        Certificate {
            device: DeviceKey([device; 32]),
            incarnation: Incarnation::from_number(1),
            name: format!("Till {device}"),
            capabilities: capabilities.iter().copied().collect(),
            location: None,
            series: series.to_owned(),
            issued_ms: 0,
            expires_ms: None,
        }
    }

    fn certified(device: u8, series: &str, capabilities: &[Capability]) -> PolicyEvent {
        PolicyEvent::DeviceCertified {
            certificate: certificate(device, series, capabilities),
        }
    }

    fn created() -> PolicyEvent {
        PolicyEvent::OrganisationCreated {
            name: "Loaf".to_owned(),
            country: "DK".to_owned(),
            at: 5,
        }
    }

    fn fold(events: &[PolicyEvent]) -> Policy {
        let mut policy = Policy::default();
        for (seq, event) in (1..).zip(events) {
            policy.apply(seq, event);
        }
        policy
    }

    const DEVICE: DeviceKey = DeviceKey([1; 32]);

    #[test]
    fn a_device_may_what_its_newest_certificate_says_and_once_could_what_its_older_one_said() {
        use Capability::{Refund, Sell};
        let policy = fold(&[
            created(),
            certified(1, "A", &[Sell, Refund]),
            certified(1, "A", &[Sell]),
        ]);
        assert_eq!(policy.version(), 3);
        assert_eq!(policy.organisation().unwrap().name, "Loaf");
        let now = [Sell, Refund].map(|capability| policy.may(&DEVICE, capability));
        assert_eq!(now, [true, false]);
        let refund_at = |version| policy.may_at(&DEVICE, Refund, version);
        assert_eq!([1, 2, 3, 4].map(refund_at), [false, true, false, false]);
        assert!(!policy.may(&DeviceKey([2; 32]), Sell));
        assert_eq!(policy.certificates().count(), 1);
    }

    #[test]
    fn a_restored_device_is_another_incarnation() {
        let mut second = certificate(1, "B", &[]);
        second.incarnation = Incarnation::from_number(2);
        let policy = fold(&[
            created(),
            certified(1, "A", &[]),
            PolicyEvent::DeviceCertified { certificate: second },
        ]);
        let series = |number| {
            let certificate = policy.certificate(&DEVICE, Incarnation::from_number(number));
            certificate.map(|certificate| certificate.series.as_str())
        };
        assert_eq!([1, 2, 3].map(series), [Some("A"), Some("B"), None]);
        let streams: BTreeSet<_> = policy
            .streams(OrganisationId::from_number(1))
            .map(|stream| stream.id())
            .collect();
        assert_eq!(streams.len(), 6);
    }

    #[test]
    fn series_are_given_once_for_ever() {
        let policy = fold(&[
            created(),
            certified(1, "A", &[]),
            certified(2, "C", &[]),
            PolicyEvent::DeviceRevoked {
                device: DEVICE,
                cuts: Vec::new(),
            },
        ]);
        assert!(policy.series_taken("A") && policy.series_taken("c") && !policy.series_taken("B"));
        assert_eq!(policy.next_series(), "B");
        let taken = PolicyError::SeriesTaken("A".to_owned());
        assert_eq!(policy.check(&certified(3, "A", &[])), Err(taken));
        assert_eq!(policy.check(&certified(2, "C", &[Capability::Sell])), Ok(()));
        assert_eq!(policy.check(&certified(2, "D", &[])), Ok(()));
    }

    #[test]
    fn hubs_have_no_series_and_take_none_away() {
        let policy = fold(&[created(), certified(1, "", &[]), certified(2, "A", &[])]);
        assert!(!policy.series_taken(""));
        assert_eq!(policy.check(&certified(3, "", &[])), Ok(()));
        assert_eq!(policy.next_series(), "B");
    }

    #[test]
    fn series_are_suggested_as_columns_are_named() {
        assert_eq!(Policy::default().next_series(), "A");
        assert_eq!(
            [1, 26, 27, 52, 53, 702, 703].map(letters),
            ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]
        );
        let mut policy = Policy::default();
        for seq in 1..=30 {
            let series = policy.next_series();
            policy.apply(seq, &certified(seq as u8, &series, &[]));
        }
        assert_eq!(policy.next_series(), "AE");
    }

    #[test]
    fn revocation_stops_a_device_beyond_its_cuts_and_cuts_only_rise() {
        let stream = |kind| certificate(1, "A", &[]).stream(OrganisationId::from_number(1), kind);
        let (book, floor) = (stream(StreamKind::Book), stream(StreamKind::Floor));
        let head = |seq, hash| Head {
            seq,
            hash: OpHash([hash; 32]),
        };
        let cut = |seq, hash| Cut {
            stream: book.id(),
            seq,
            hash: OpHash([hash; 32]),
        };
        let mut policy = fold(&[created(), certified(1, "A", &[Capability::Sell])]);
        assert!(policy.counts(&book, &head(99, 1)));
        assert!(!policy.counts(
            &Stream {
                device: DeviceKey([2; 32]),
                ..book
            },
            &head(1, 1)
        ));
        policy.apply(
            3,
            &PolicyEvent::DeviceRevoked {
                device: DEVICE,
                cuts: vec![cut(5, 5)],
            },
        );
        assert!(!policy.may(&DEVICE, Capability::Sell));
        let counts = |policy: &Policy| {
            [head(4, 1), head(5, 5), head(5, 6), head(6, 1)].map(|head| policy.counts(&book, &head))
        };
        assert_eq!(counts(&policy), [true, true, false, false]);
        assert!(!policy.counts(&floor, &head(1, 1)));
        assert_eq!(
            policy.check(&PolicyEvent::CutRaised { cut: cut(4, 4) }),
            Err(PolicyError::Falls)
        );
        policy.apply(4, &PolicyEvent::CutRaised { cut: cut(4, 4) });
        assert_eq!(counts(&policy), [true, true, false, false]);
        policy.apply(5, &PolicyEvent::CutRaised { cut: cut(6, 1) });
        assert_eq!(policy.cut(&book.id()), Some(head(6, 1)));
        assert!(policy.counts(&book, &head(6, 1)));
        let again = certified(1, "A", &[Capability::Sell]);
        assert_eq!(policy.check(&again), Err(PolicyError::Revoked(DEVICE)));
        policy.apply(6, &again);
        assert!(
            !policy.may(&DEVICE, Capability::Sell),
            "a revoked key never comes back"
        );
    }

    #[test]
    fn the_organisation_is_created_once_and_first() {
        assert_eq!(Policy::default().check(&created()), Ok(()));
        assert_eq!(
            Policy::default().check(&certified(1, "A", &[])),
            Err(PolicyError::Creation)
        );
        assert_eq!(fold(&[created()]).check(&created()), Err(PolicyError::Creation));
        let other = PolicyEvent::OrganisationCreated {
            name: "Cake".to_owned(),
            country: "SE".to_owned(),
            at: 9,
        };
        assert_eq!(fold(&[created(), other]).organisation().unwrap().name, "Loaf");
    }

    #[test]
    fn hub_feature_level_and_writer_are_the_last_said() {
        let hub = |key, address: &str| PolicyEvent::HubOfRecord {
            hub: key,
            address: address.to_owned(),
        };
        let key = DeviceKey([9; 32]);
        let mut policy = fold(&[created(), hub(Some(key), "https://hub")]);
        assert_eq!(policy.hub_of_record(), Some((key, "https://hub")));
        policy.apply(3, &hub(None, ""));
        assert_eq!(policy.hub_of_record(), None);
        policy.apply(4, &PolicyEvent::FeatureLevel { level: 3 });
        policy.apply(5, &PolicyEvent::FeatureLevel { level: 2 });
        assert_eq!(policy.feature_level(), 3);
        assert_eq!(
            policy.check(&PolicyEvent::FeatureLevel { level: 2 }),
            Err(PolicyError::Falls)
        );
        let builds_on = Head {
            seq: 5,
            hash: OpHash([1; 32]),
        };
        policy.apply(
            6,
            &PolicyEvent::TakenOver {
                builds_on,
                writer: key,
            },
        );
        assert_eq!((policy.writer(), policy.version()), (Some(key), 6));
        assert_eq!(
            policy.check(&PolicyEvent::DeviceRevoked {
                device: key,
                cuts: Vec::new()
            }),
            Err(PolicyError::UnknownDevice(key))
        );
    }

    #[test]
    fn an_unknown_event_moves_the_version_alone_and_the_same_event_twice_changes_nothing() {
        let mut policy = fold(&[created(), certified(1, "A", &[])]);
        let before = policy.clone();
        policy.apply(2, &certified(1, "A", &[]));
        assert_eq!(policy, before);
        policy.apply(
            3,
            &PolicyEvent::Unknown {
                code: 900,
                fields: vec![0xf6],
            },
        );
        assert_eq!(policy.version(), 3);
        assert_eq!(Policy { version: 2, ..policy }, before);
    }
}

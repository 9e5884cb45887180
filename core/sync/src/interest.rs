//! Which streams a device wants: whole streams, by kind and by the place of their device.

use barrow_log::id::{LocationId, OrganisationId};
use barrow_log::policy::Policy;
use barrow_log::stream::{DeviceKey, Stream, StreamId, StreamKind};
use std::collections::{BTreeMap, BTreeSet};

/// What a device wants to hold. Policy and the shop's streams are always wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Interest {
    /// Everything, as a hub does.
    All,
    /// The books and the floor of some places, and of devices that belong to no place.
    Places(BTreeSet<LocationId>),
}

/// A stream that may be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    /// Tells what it is.
    pub stream: Stream,
    /// Tells that it is wanted.
    pub wanted: bool,
}

/// Lists the streams that policy lets exist, policy's own first, by id. A stream that is not here is not wanted.
pub fn known(policy: &Policy, organisation: DeviceKey, interest: &Interest) -> BTreeMap<StreamId, Known> {
    let own = Stream::policy(organisation);
    let streams = policy.streams(OrganisationId::of(&organisation));
    let device_streams = streams.map(|stream| {
        let certificate = policy.certificate(&stream.device, stream.incarnation);
        let place = certificate.and_then(|certificate| certificate.location);
        let wanted = match (stream.kind, interest, place) {
            (StreamKind::Policy | StreamKind::Shop, _, _)
            | (_, Interest::All, _)
            | (_, Interest::Places(_), None) => true,
            (_, Interest::Places(places), Some(place)) => places.contains(&place),
        };
        (stream.id(), Known { stream, wanted })
    });
    let policy_stream = Known {
        stream: own,
        wanted: true,
    };
    device_streams.chain([(own.id(), policy_stream)]).collect()
}

/// Returns the order in which kinds of streams are asked for: rights, then money, then open carts, then goods.
pub fn rank(kind: StreamKind) -> u8 {
    match kind {
        StreamKind::Policy => 0,
        StreamKind::Book => 1,
        StreamKind::Floor => 2,
        StreamKind::Shop => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use barrow_log::id::Incarnation;
    use barrow_log::policy::{Certificate, PolicyEvent};

    const OWNER: DeviceKey = DeviceKey([9; 32]);

    fn policy(places: &[Option<u128>]) -> Policy {
        let mut policy = Policy::default();
        for (number, place) in (1..).zip(places) {
            let certificate = Certificate {
                device: DeviceKey([number; 32]),
                incarnation: Incarnation::from_number(1),
                name: "Till".into(),
                capabilities: BTreeSet::new(),
                location: place.map(LocationId::from_number),
                series: format!("S{number}"),
                issued_ms: 0,
                expires_ms: None,
            };
            policy.apply(u64::from(number), &PolicyEvent::DeviceCertified { certificate });
        }
        policy
    }

    #[test]
    fn a_hub_wants_everything_and_a_phone_its_places_and_every_shop_stream() {
        let policy = policy(&[Some(1), Some(2), None]);
        let all = known(&policy, OWNER, &Interest::All);
        assert_eq!(all.len(), 10);
        assert!(all.values().all(|known| known.wanted));
        let here = Interest::Places([LocationId::from_number(1)].into());
        let unwanted: Vec<(u8, StreamKind)> = known(&policy, OWNER, &here)
            .values()
            .filter(|known| !known.wanted)
            .map(|known| (known.stream.device.0[0], known.stream.kind))
            .collect();
        assert_eq!(unwanted.len(), 2);
        assert!(
            unwanted
                .iter()
                .all(|(device, kind)| *device == 2 && matches!(kind, StreamKind::Book | StreamKind::Floor))
        );
    }

    #[test]
    fn rights_come_before_money_before_carts_before_goods() {
        let mut kinds = StreamKind::ALL;
        kinds.sort_by_key(|kind| rank(*kind));
        assert_eq!(
            kinds,
            [
                StreamKind::Policy,
                StreamKind::Book,
                StreamKind::Floor,
                StreamKind::Shop
            ]
        );
    }
}

//! How far what was done has spread: from what others acknowledged, and from nothing else.
//!
//! An op is *safe* when the hub of record says that it holds it, and *copied* when any other device does. What a
//! device says less of than before is not held there any more.

use crate::error::TillError;
use crate::till::Till;
use barrow_log::id::OrganisationId;
use barrow_log::policy::{Certificate, Policy};
use barrow_log::stream::{DeviceKey, Seq, Stream, StreamId, StreamKind};
use barrow_sync::log::Durable;
use barrow_sync::message::Held;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;

/// Names the row of `local_meta` that holds what others acknowledged.
pub(crate) const SPREAD: &str = "spread";

/// What one device acknowledged.
#[derive(Clone, Debug, Default)]
struct Peer {
    held: BTreeMap<StreamId, Seq>,
    links: u32,
    quiet: bool,
    in_step: bool,
}

/// What others acknowledged, and who is linked now. It outlives the program: what was safe is not sent again for a
/// restart, and a device that lost something says so when it is met.
#[derive(Clone, Debug)]
pub struct Spread {
    peers: Arc<Mutex<BTreeMap<DeviceKey, Peer>>>,
    changed: watch::Sender<()>,
}

impl Default for Spread {
    fn default() -> Self {
        Self {
            peers: Arc::default(),
            changed: watch::Sender::new(()),
        }
    }
}

/// A link that is counted until it is dropped.
pub struct Linked {
    spread: Spread,
    peer: DeviceKey,
}

impl Spread {
    /// Begins with what was remembered. What can't be read is as if it was never said.
    pub(crate) fn remembered(bytes: Option<&[u8]>) -> Self {
        let read = |bytes| serde_json::from_slice::<BTreeMap<DeviceKey, BTreeMap<StreamId, Seq>>>(bytes).ok();
        let known = bytes.and_then(read).unwrap_or_default();
        let peers = known.into_iter().map(|(device, held)| {
            let peer = Peer {
                held,
                ..Peer::default()
            };
            (device, peer)
        });
        Self {
            peers: Arc::new(Mutex::new(peers.collect())),
            ..Self::default()
        }
    }

    /// Writes what is to be remembered: of devices that policy knows, so that it stays small.
    #[cfg_attr(
        not(feature = "net"),
        allow(dead_code, reason = "only a network learns anything")
    )]
    pub(crate) fn to_bytes(&self, known: &Policy) -> Vec<u8> {
        let devices: BTreeSet<DeviceKey> = known.certificates().map(|known| known.device).collect();
        let peers = self.lock();
        let peers = peers.iter().filter(|(device, _)| devices.contains(device));
        let held: BTreeMap<_, _> = peers.map(|(device, peer)| (device, &peer.held)).collect();
        serde_json::to_vec(&held).unwrap_or_default()
    }

    /// Counts a link to a device.
    pub fn link(&self, peer: DeviceKey) -> Linked {
        self.change(peer, |peer| {
            peer.links += 1;
            (peer.quiet, peer.in_step) = (false, false);
        });
        Linked {
            spread: self.clone(),
            peer,
        }
    }

    /// Notes what a device says that it holds.
    pub fn holds(&self, peer: DeviceKey, held: &Held) {
        self.change(peer, |peer| {
            peer.held.insert(held.stream, held.seq);
        });
    }

    /// Notes whether a linked device owes an answer for too long, and whether all that it holds is here.
    pub fn stands(&self, peer: DeviceKey, quiet: bool, in_step: bool) {
        let now = (quiet, in_step);
        let known = self.lock().get(&peer).map(|peer| (peer.quiet, peer.in_step));
        if known != Some(now) {
            self.change(peer, |peer| (peer.quiet, peer.in_step) = now);
        }
    }

    /// Returns how much of a stream a device said to hold.
    pub fn held_by(&self, peer: &DeviceKey, stream: &StreamId) -> Seq {
        let peers = self.lock();
        let held = peers.get(peer).and_then(|peer| peer.held.get(stream));
        held.copied().unwrap_or(0)
    }

    /// Tells when something changed.
    pub fn changed(&self) -> watch::Receiver<()> {
        self.changed.subscribe()
    }

    fn change(&self, peer: DeviceKey, change: impl FnOnce(&mut Peer)) {
        change(self.lock().entry(peer).or_default());
        self.changed.send_replace(());
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<DeviceKey, Peer>> {
        // What is noted is whole between any two of its lines.
        self.peers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_linked(&self, peer: &DeviceKey) -> bool {
        self.lock()
            .get(peer)
            .is_some_and(|peer| peer.links > 0 && !peer.quiet)
    }
}

impl Drop for Linked {
    fn drop(&mut self) {
        self.spread
            .change(self.peer, |peer| peer.links = peer.links.saturating_sub(1));
    }
}

/// The hub of record, as this till sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HubView {
    /// Gives its name.
    pub name: String,
    /// Tells where it is found.
    pub address: String,
    /// Tells that it answers now.
    pub linked: bool,
    /// Tells that everything that it holds for this till is here.
    pub in_step: bool,
}

/// How much of one till's work arrived at the hub of record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TillArrival {
    /// Gives the till's name.
    pub name: String,
    /// Gives its receipt series.
    pub series: String,
    /// Tells that it is this till.
    pub own: bool,
    /// Tells that it is linked to this till now.
    pub linked: bool,
    /// Counts its ops that are held here.
    pub of: u64,
    /// Counts those of them that the hub of record acknowledged.
    pub arrived: u64,
}

/// How far this till's work has spread.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpreadView {
    /// Tells of the hub of record; `None` when the shop has none.
    pub hub: Option<HubView>,
    /// Counts this till's ops, and those of the shop's policy, that the hub of record has not acknowledged; all of them
    /// without a hub of record.
    pub to_send: u64,
    /// Counts those that some other device acknowledged.
    pub copied: u64,
    /// Counts those that the hub of record acknowledged.
    pub safe: u64,
    /// Counts the devices that are linked now.
    pub linked: u32,
    /// Lists the tills of the shop.
    pub tills: Vec<TillArrival>,
}

impl Till {
    /// Tells how far what was done has spread, from acknowledgements alone.
    ///
    /// # Errors
    /// [`TillError::Closed`] when the till has stopped.
    pub fn spread(&self) -> Result<SpreadView, TillError> {
        let durable = self.durable().borrow().clone();
        let me = self.me();
        Ok(view(self.acknowledged(), &durable, me.organisation, me.device))
    }
}

fn view(spread: &Spread, durable: &Durable, shop: DeviceKey, own: DeviceKey) -> SpreadView {
    let organisation = OrganisationId::of(&shop);
    let hub = durable.policy.hub_of_record();
    let peers = spread.lock().clone();
    let at_hub = hub.and_then(|(key, _)| peers.get(&key));
    let safe = |stream: &StreamId| at_hub.and_then(|hub| hub.held.get(stream)).copied().unwrap_or(0);
    let copied = |stream: &StreamId| {
        let held = peers.values().filter_map(|peer| peer.held.get(stream));
        held.max().copied().unwrap_or(0)
    };
    let held = |stream: &StreamId| durable.vector.seq(stream);
    let tills = durable
        .policy
        .certificates()
        .filter(|known| !known.series.is_empty());
    let tills: Vec<TillArrival> = tills
        .map(|known| {
            let streams = streams(known, organisation);
            TillArrival {
                name: known.name.clone(),
                series: known.series.clone(),
                own: known.device == own,
                linked: spread.is_linked(&known.device),
                of: streams.iter().map(held).sum(),
                arrived: streams.iter().map(|stream| safe(stream).min(held(stream))).sum(),
            }
        })
        .collect();
    let certificates = durable.policy.certificates();
    // The policy is the shop's: whichever till holds some of it that the hub lacks has it to send.
    let policy = [Stream::policy(shop).id()];
    let mine: Vec<StreamId> = certificates
        .filter(|known| known.device == own)
        .flat_map(|known| streams(known, organisation))
        .chain(policy)
        .collect();
    let of: u64 = mine.iter().map(held).sum();
    let is_safe: u64 = mine.iter().map(|stream| safe(stream).min(held(stream))).sum();
    SpreadView {
        hub: hub.map(|(key, address)| HubView {
            name: name(durable, &key),
            address: address.into(),
            linked: spread.is_linked(&key),
            in_step: at_hub.is_some_and(|hub| hub.in_step && hub.links > 0),
        }),
        to_send: of - is_safe,
        copied: mine.iter().map(|stream| copied(stream).min(held(stream))).sum(),
        safe: is_safe,
        linked: peers
            .values()
            .map(|peer| u32::from(peer.links > 0 && !peer.quiet))
            .sum(),
        tills,
    }
}

fn name(durable: &Durable, device: &DeviceKey) -> String {
    let mut known = durable.policy.certificates();
    let known = known.find(|known| known.device == *device);
    known.map_or_else(String::new, |known| known.name.clone())
}

fn streams(known: &Certificate, organisation: OrganisationId) -> [StreamId; 3] {
    [StreamKind::Shop, StreamKind::Book, StreamKind::Floor].map(|kind| {
        let stream: Stream = known.stream(organisation, kind);
        stream.id()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use barrow_log::id::Incarnation;
    use barrow_log::policy::{Capability, PolicyEvent};
    use barrow_log::stream::{Head, OpHash, Vector};
    use barrow_sync::message::HalfHash;

    const SHOP: DeviceKey = DeviceKey([9; 32]);
    const OWN: DeviceKey = DeviceKey([1; 32]);
    const OTHER: DeviceKey = DeviceKey([2; 32]);
    const HUB: DeviceKey = DeviceKey([3; 32]);
    const NEW_HUB: DeviceKey = DeviceKey([4; 32]);

    fn certificate(device: DeviceKey, series: &str) -> Certificate {
        Certificate {
            device,
            incarnation: Incarnation::from_number(1),
            name: format!("Device {}", device.0[0]),
            capabilities: [Capability::Sell].into(),
            location: None,
            series: series.into(),
            issued_ms: 0,
            expires_ms: None,
        }
    }

    fn book(device: DeviceKey) -> StreamId {
        certificate(device, "")
            .stream(OrganisationId::of(&SHOP), StreamKind::Book)
            .id()
    }

    fn durable(hub: Option<DeviceKey>) -> Durable {
        let mut policy = Policy::default();
        for (seq, (device, series)) in (1..).zip([(OWN, "A"), (OTHER, "B"), (HUB, ""), (NEW_HUB, "")]) {
            let certificate = certificate(device, series);
            policy.apply(seq, &PolicyEvent::DeviceCertified { certificate });
        }
        let address = "hub:7117".into();
        policy.apply(9, &PolicyEvent::HubOfRecord { hub, address });
        let mut vector = Vector::default();
        for (device, seq) in [(OWN, 42), (OTHER, 7)] {
            let hash = OpHash([9; 32]);
            vector.advance(book(device), Head { seq, hash });
        }
        Durable {
            vector: Arc::new(vector),
            policy: Arc::new(policy),
        }
    }

    fn held(device: DeviceKey, seq: Seq) -> Held {
        Held {
            stream: book(device),
            seq,
            hash: HalfHash([9; 16]),
        }
    }

    fn see(spread: &Spread, hub: Option<DeviceKey>) -> SpreadView {
        view(spread, &durable(hub), SHOP, OWN)
    }

    #[test]
    fn only_the_hub_of_record_makes_safe_and_anybody_else_makes_copied() {
        let spread = Spread::default();
        let counts = |view: &SpreadView| (view.to_send, view.copied, view.safe);
        assert_eq!(counts(&see(&spread, Some(HUB))), (42, 0, 0));
        spread.holds(OTHER, &held(OWN, 40));
        assert_eq!(counts(&see(&spread, Some(HUB))), (42, 40, 0));
        spread.holds(HUB, &held(OWN, 30));
        spread.holds(HUB, &held(OTHER, 7));
        let now = see(&spread, Some(HUB));
        assert_eq!(counts(&now), (12, 40, 30));
        let arrived: Vec<_> = now
            .tills
            .iter()
            .map(|till| (till.series.as_str(), till.arrived, till.of))
            .collect();
        assert_eq!(arrived, [("A", 30, 42), ("B", 7, 7)], "hubs are no tills");
        // Another hub of record has said nothing yet; and the old one's word makes copied.
        assert_eq!(counts(&see(&spread, Some(NEW_HUB))), (42, 40, 0));
        assert_eq!(counts(&see(&spread, None)), (42, 40, 0));
    }

    #[test]
    fn what_a_hub_lost_is_to_be_sent_again() {
        let spread = Spread::default();
        spread.holds(HUB, &held(OWN, 42));
        assert_eq!(see(&spread, Some(HUB)).to_send, 0);
        spread.holds(HUB, &held(OWN, 0));
        assert_eq!(see(&spread, Some(HUB)).to_send, 42);
    }

    #[test]
    fn what_was_acknowledged_is_remembered_and_strangers_are_not() {
        let spread = Spread::default();
        spread.holds(HUB, &held(OWN, 42));
        spread.holds(DeviceKey([77; 32]), &held(OWN, 42));
        let bytes = spread.to_bytes(&durable(Some(HUB)).policy);
        let again = Spread::remembered(Some(&bytes));
        let view = see(&again, Some(HUB));
        assert_eq!((view.to_send, view.safe), (0, 42));
        assert_eq!(again.lock().len(), 1);
        assert!(Spread::remembered(Some(b"{")).lock().is_empty());
    }

    #[test]
    fn a_link_counts_as_long_as_it_is_there_and_answers() {
        let spread = Spread::default();
        let linked = |spread: &Spread| see(spread, Some(HUB)).hub.is_some_and(|hub| hub.linked);
        let (first, second) = (spread.link(HUB), spread.link(HUB));
        drop(first);
        assert!(linked(&spread));
        spread.stands(HUB, true, true);
        assert!(!linked(&spread));
        spread.stands(HUB, false, true);
        assert!(linked(&spread));
        assert!(see(&spread, Some(HUB)).hub.unwrap().in_step);
        drop(second);
        assert!(!linked(&spread));
    }
}

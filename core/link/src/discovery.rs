//! Finding devices on the same network by multicast DNS. What is found is a hint: anybody may claim anything, and
//! only the link that is dialled then proves who is there.

use barrow_log::id::OrganisationId;
use barrow_log::stream::DeviceKey;
use mdns_sd::{Receiver, ResolvedService, ScopedIp, ServiceDaemon, ServiceEvent, ServiceInfo};
use std::collections::BTreeMap;
use std::net::{SocketAddr, SocketAddrV6};
use tokio::sync::watch;

/// The kind of service, as DNS writes it.
pub const SERVICE: &str = "_barrow._tcp.local.";
/// The most hints kept: every till of a large market, and no more however many a hostile neighbour invents.
pub const HINTS_MAX: usize = 64;
/// The most addresses kept of one device: a few networks, each with both kinds of address.
pub const ADDRESSES_MAX: usize = 8;

/// The first bytes of the organisation's id: enough to find one's own, too few to be followed by across towns.
const ORGANISATION_LEN: usize = 4;
/// The first bytes of the device's key: enough to tell the tills of a market apart.
const DEVICE_LEN: usize = 8;

/// Says that finding or being found on this network does not work.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("devices near by can't be found: {0}")]
pub struct DiscoveryError(String);

impl From<mdns_sd::Error> for DiscoveryError {
    fn from(error: mdns_sd::Error) -> Self {
        Self(error.to_string())
    }
}

/// What a device says of itself on the network: just enough to be dialled by its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Claim {
    organisation: [u8; ORGANISATION_LEN],
    device: [u8; DEVICE_LEN],
}

impl Claim {
    /// Shortens an organisation and a device to what is said aloud.
    pub fn of(organisation: &OrganisationId, device: &DeviceKey) -> Self {
        Self {
            organisation: first(organisation.as_bytes()),
            device: first(device.as_bytes()),
        }
    }

    /// Tells whether this may be a device of the organisation.
    pub fn may_belong_to(&self, organisation: &OrganisationId) -> bool {
        self.organisation == first(organisation.as_bytes())
    }

    /// Tells whether this may be the device.
    pub fn may_be(&self, device: &DeviceKey) -> bool {
        self.device == first(device.as_bytes())
    }

    /// Returns the name of the service instance: the organisation and the device in hexadecimal, a hyphen between.
    fn name(&self) -> String {
        let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        format!("{}-{}", hex(&self.organisation), hex(&self.device))
    }

    fn read(name: &str) -> Option<Self> {
        let (organisation, device) = name.split_once('-')?;
        Some(Self {
            organisation: bytes(organisation)?,
            device: bytes(device)?,
        })
    }
}

/// A device that may be there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// What it says of itself.
    pub claim: Claim,
    /// Where it may be dialled.
    pub addresses: Vec<SocketAddr>,
}

/// Lets this device be found until it is dropped.
pub struct Advert {
    daemon: ServiceDaemon,
    name: String,
}

/// Finds devices until it is dropped.
pub struct Search {
    daemon: ServiceDaemon,
    hints: watch::Receiver<Vec<Hint>>,
}

/// This device's ear and voice on the networks that it is on, loopback included. One is enough.
#[derive(Clone)]
pub struct Discovery(ServiceDaemon);

impl Discovery {
    /// Begins to listen to the network.
    ///
    /// # Errors
    /// When the system does not allow it.
    pub fn new() -> Result<Self, DiscoveryError> {
        Ok(Self(ServiceDaemon::new()?))
    }

    /// Begins at another port than the usual one, for tests among themselves.
    #[cfg(test)]
    fn at(port: u16) -> Result<Self, DiscoveryError> {
        Ok(Self(ServiceDaemon::new_with_port(port)?))
    }

    /// Lets this device be found: others will dial the port.
    ///
    /// # Errors
    /// When the system does not allow it.
    pub fn advertise(&self, claim: &Claim, port: u16) -> Result<Advert, DiscoveryError> {
        let instance = claim.name();
        let host = format!("barrow-{instance}.local.");
        let none: [(&str, &str); 0] = [];
        let service = ServiceInfo::new(SERVICE, &instance, &host, "", port, &none[..])?.enable_addr_auto();
        let name = service.get_fullname().to_owned();
        self.0.register(service)?;
        Ok(Advert {
            daemon: self.0.clone(),
            name,
        })
    }

    /// Begins to look for devices. Must be called within a tokio runtime, and once: a second search ends the first.
    ///
    /// # Errors
    /// When the system does not allow it.
    pub fn search(&self) -> Result<Search, DiscoveryError> {
        let events = self.0.browse(SERVICE)?;
        let (told, hints) = watch::channel(Vec::new());
        tokio::spawn(gather(events, told));
        Ok(Search {
            daemon: self.0.clone(),
            hints,
        })
    }

    /// Ends all of it. What was advertised is taken back, as far as the network still carries it.
    pub fn close(self) {
        // Where it already ended nothing is left to end.
        let _ = self.0.shutdown();
    }
}

impl Drop for Advert {
    fn drop(&mut self) {
        let _ = self.daemon.unregister(&self.name);
    }
}

impl Drop for Search {
    fn drop(&mut self) {
        let _ = self.daemon.stop_browse(SERVICE);
    }
}

impl Search {
    /// Returns the devices that may be there now, by their claims.
    pub fn hints(&self) -> Vec<Hint> {
        self.hints.borrow().clone()
    }

    /// Waits until the hints changed since the last call; false when there will be no more.
    ///
    /// It may be cancelled at any time and nothing is lost.
    pub async fn changed(&mut self) -> bool {
        self.hints.changed().await.is_ok()
    }
}

/// Keeps the hints true to what the network tells.
async fn gather(events: Receiver<ServiceEvent>, told: watch::Sender<Vec<Hint>>) {
    let mut known = Known::default();
    while let Ok(event) = events.recv_async().await {
        let changed = match event {
            ServiceEvent::ServiceResolved(service) => known.found(&service),
            ServiceEvent::ServiceRemoved(_, name) => known.gone(&name),
            ServiceEvent::SearchStopped(_) => return,
            _ => false,
        };
        if changed && told.send(known.hints()).is_err() {
            return;
        }
    }
}

/// The devices that may be there.
#[derive(Default)]
struct Known(BTreeMap<Claim, Vec<SocketAddr>>);

impl Known {
    /// Notes a device; tells whether that was news.
    fn found(&mut self, service: &ResolvedService) -> bool {
        let Some(claim) = claim_of(service.get_fullname()) else {
            return false;
        };
        // Who is known stays: a neighbour who invents devices must not drive out those that are there.
        if self.0.len() >= HINTS_MAX && !self.0.contains_key(&claim) {
            return false;
        }
        let mut addresses: Vec<SocketAddr> = service
            .get_addresses()
            .iter()
            .filter_map(|ip| address(ip, service.get_port()))
            .collect();
        addresses.sort();
        addresses.truncate(ADDRESSES_MAX);
        if addresses.is_empty() {
            return false;
        }
        self.0.insert(claim, addresses.clone()) != Some(addresses)
    }

    /// Notes that a device left or was not heard of for too long; tells whether that was news.
    fn gone(&mut self, name: &str) -> bool {
        claim_of(name).is_some_and(|claim| self.0.remove(&claim).is_some())
    }

    fn hints(&self) -> Vec<Hint> {
        let hint = |(claim, addresses): (&Claim, &Vec<SocketAddr>)| Hint {
            claim: *claim,
            addresses: addresses.clone(),
        };
        self.0.iter().map(hint).collect()
    }
}

fn claim_of(name: &str) -> Option<Claim> {
    Claim::read(name.strip_suffix(SERVICE)?.strip_suffix('.')?)
}

fn address(ip: &ScopedIp, port: u16) -> Option<SocketAddr> {
    if port == 0 {
        return None;
    }
    match ip {
        ScopedIp::V4(ip) => Some(SocketAddr::new((*ip.addr()).into(), port)),
        ScopedIp::V6(ip) if ip.addr().is_unicast_link_local() => {
            Some(SocketAddrV6::new(*ip.addr(), port, 0, ip.scope_id().index).into())
        }
        ScopedIp::V6(ip) => Some(SocketAddr::new((*ip.addr()).into(), port)),
        _ => None,
    }
}

fn first<const N: usize>(bytes: &[u8]) -> [u8; N] {
    std::array::from_fn(|at| bytes.get(at).copied().unwrap_or_default())
}

/// Reads bytes in small hexadecimal digits.
fn bytes<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digit = |at: usize| match text.as_bytes().get(at)? {
        digit @ b'0'..=b'9' => Some(digit - b'0'),
        digit @ b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    };
    let mut bytes = [0; N];
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = digit(2 * at)? << 4 | digit(2 * at + 1)?;
    }
    (text.len() == 2 * N).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::{Ipv4Addr, UdpSocket};
    use std::time::Duration;
    use tokio::time::timeout;

    fn claim(number: u8) -> Claim {
        Claim::of(&OrganisationId::from_bytes([1; 16]), &DeviceKey([number; 32]))
    }

    fn service(claim: &Claim, addresses: &str, port: u16) -> ResolvedService {
        let none: [(&str, &str); 0] = [];
        let service = ServiceInfo::new(SERVICE, &claim.name(), "x.local.", addresses, port, &none[..]);
        service.unwrap().as_resolved_service()
    }

    #[test]
    fn a_claim_is_short_and_comes_back() {
        assert_eq!(claim(0xa7).name(), "01010101-a7a7a7a7a7a7a7a7");
        assert_eq!(Claim::read(&claim(0xa7).name()), Some(claim(0xa7)));
        let (ours, theirs) = (
            OrganisationId::from_bytes([1; 16]),
            OrganisationId::from_bytes([2; 16]),
        );
        assert!(claim(3).may_belong_to(&ours) && !claim(3).may_belong_to(&theirs));
        assert!(claim(3).may_be(&DeviceKey([3; 32])) && !claim(3).may_be(&DeviceKey([4; 32])));
        for wrong in [
            "",
            "-",
            "01010101",
            "0101010-a7a7a7a7a7a7a7a7",
            "01010101-A7a7a7a7a7a7a7a7",
            "01010101-a7a7a7a7a7a7a7a7a7",
            "01010101-a7a7a7a7a7a7a7é",
            "01010101-a7a7a7a7a7a7a7a7-",
        ] {
            assert_eq!(Claim::read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn hints_are_bounded_and_those_known_stay() {
        let mut known = Known::default();
        for number in 0..=u8::MAX {
            known.found(&service(&claim(number), "10.0.0.1", 7117));
        }
        assert_eq!(known.hints().len(), HINTS_MAX);
        assert!(known.hints().iter().all(|hint| hint.claim <= claim(63)));
        // One that is known may move, and one that leaves makes room.
        assert!(known.found(&service(&claim(5), "10.0.0.2", 7117)));
        assert!(!known.found(&service(&claim(5), "10.0.0.2", 7117)), "no news");
        assert!(known.gone(&format!("{}.{SERVICE}", claim(5).name())));
        assert!(!known.gone(&format!("{}.{SERVICE}", claim(5).name())));
        assert!(known.found(&service(&claim(200), "10.0.0.3", 7117)));
        let many = (0..50)
            .map(|number| format!("10.0.1.{number}"))
            .collect::<Vec<_>>()
            .join(",");
        assert!(known.found(&service(&claim(200), &many, 7117)));
        let hint = known.hints().pop().unwrap();
        assert_eq!((hint.claim, hint.addresses.len()), (claim(200), ADDRESSES_MAX));
    }

    #[test]
    fn what_can_not_be_dialled_is_no_hint() {
        let mut known = Known::default();
        assert!(!known.found(&service(&claim(1), "10.0.0.1", 0)));
        assert!(!known.found(&service(&claim(1), "", 7117)));
        let mut printer = service(&claim(1), "10.0.0.1", 7117);
        printer.fullname = format!("Printer.{SERVICE}");
        assert!(!known.found(&printer));
        assert!(known.hints().is_empty());
    }

    /// Tells why multicast does not work here, if it does not.
    fn no_multicast() -> Result<(), std::io::Error> {
        let group = Ipv4Addr::new(224, 0, 0, 251);
        let ear = UdpSocket::bind("0.0.0.0:0")?;
        ear.join_multicast_v4(&group, &Ipv4Addr::LOCALHOST)?;
        ear.set_read_timeout(Some(Duration::from_secs(1)))?;
        let mouth = UdpSocket::bind("127.0.0.1:0")?;
        mouth.send_to(b"hello", (group, ear.local_addr()?.port()))?;
        ear.recv(&mut [0; 8]).map(|_| ())
    }

    async fn until(search: &mut Search, what: impl Fn(&[Hint]) -> bool) -> Vec<Hint> {
        let waiting = async {
            while !what(&search.hints()) {
                assert!(search.changed().await, "the search ended");
            }
            search.hints()
        };
        timeout(Duration::from_secs(20), waiting)
            .await
            .expect("nothing was found in time")
    }

    #[tokio::test]
    async fn devices_find_each_other_and_see_each_other_leave() {
        if let Err(why) = no_multicast() {
            eprintln!("skipped: this machine has no multicast on loopback: {why}");
            return;
        }
        // A port that no mDNS service of the machine listens at.
        let port = UdpSocket::bind("0.0.0.0:0").unwrap().local_addr().unwrap().port();
        let [one, two] = [0; 2].map(|_| Discovery::at(port).unwrap());
        let mut search = two.search().unwrap();
        let advert = one.advertise(&claim(1), 7117).unwrap();
        let _other = one.advertise(&claim(2), 7118).unwrap();
        let hints = until(&mut search, |hints| hints.len() == 2).await;
        assert_eq!(hints[0].claim, claim(1));
        assert!(
            hints[0].addresses.iter().all(|address| address.port() == 7117),
            "{hints:?}"
        );
        assert!(!hints[0].addresses.is_empty());
        drop(advert);
        let left = until(&mut search, |hints| hints.len() == 1).await;
        assert_eq!(left[0].claim, claim(2));
        drop(search);
        one.close();
        two.close();
    }
}

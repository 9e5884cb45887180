//! Finding devices on the same network. What is found is a hint: anybody may claim anything, and only the link that
//! is dialled then proves who is there.

mod mdns;

use barrow_log::id::OrganisationId;
use barrow_log::stream::DeviceKey;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::sync::watch;

/// The kind of service, as DNS writes it.
pub const SERVICE: &str = "_barrow._tcp";
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
pub struct DiscoveryError(pub String);

/// A way to find devices on the same network and to be found: multicast DNS of our own, or what a device lends.
///
/// It knows names only; what they mean is decided here.
pub trait LocalDiscovery: Send + Sync {
    /// Lets this device be found as an instance of [`SERVICE`]: others will dial the port. One name at a time.
    ///
    /// # Errors
    /// When the system does not allow it.
    fn advertise(&self, name: &str, port: u16) -> Result<(), DiscoveryError>;

    /// Takes the name back, as far as the network still carries it.
    fn withdraw(&self, name: &str);

    /// Tells the ear from now on who comes and who leaves. One search at a time. It is called within a tokio runtime.
    ///
    /// # Errors
    /// When the system does not allow it.
    fn search(&self, ear: Ear) -> Result<(), DiscoveryError>;

    /// Ends the search.
    fn stop_search(&self);

    /// Ends all of it.
    fn close(&self);
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
    way: Arc<dyn LocalDiscovery>,
    name: String,
}

/// Finds devices until it is dropped.
pub struct Search {
    way: Arc<dyn LocalDiscovery>,
    hints: watch::Receiver<Known>,
}

/// This device's ear and voice on the networks that it is on. One is enough.
#[derive(Clone)]
pub struct Discovery(Arc<dyn LocalDiscovery>);

impl Discovery {
    /// Begins to listen to the network by multicast DNS, loopback included.
    ///
    /// # Errors
    /// When the system does not allow it.
    pub fn new() -> Result<Self, DiscoveryError> {
        Ok(Self(Arc::new(mdns::Mdns::new()?)))
    }

    /// Listens by what a device lends.
    pub fn lent(way: Arc<dyn LocalDiscovery>) -> Self {
        Self(way)
    }

    /// Begins at another port than the usual one, for tests among themselves.
    #[cfg(test)]
    fn at(port: u16) -> Result<Self, DiscoveryError> {
        Ok(Self(Arc::new(mdns::Mdns::at(port)?)))
    }

    /// Lets this device be found: others will dial the port. One advert at a time.
    ///
    /// # Errors
    /// When the system does not allow it.
    pub fn advertise(&self, claim: &Claim, port: u16) -> Result<Advert, DiscoveryError> {
        let name = claim.name();
        self.0.advertise(&name, port)?;
        Ok(Advert {
            way: Arc::clone(&self.0),
            name,
        })
    }

    /// Begins to look for devices. Must be called within a tokio runtime, and once: a second search ends the first.
    ///
    /// # Errors
    /// When the system does not allow it.
    pub fn search(&self) -> Result<Search, DiscoveryError> {
        let (told, hints) = watch::channel(Known::default());
        self.0.search(Ear(Arc::new(told)))?;
        Ok(Search {
            way: Arc::clone(&self.0),
            hints,
        })
    }

    /// Ends all of it. What was advertised is taken back, as far as the network still carries it.
    pub fn close(self) {
        self.0.close();
    }
}

impl Drop for Advert {
    fn drop(&mut self) {
        self.way.withdraw(&self.name);
    }
}

impl Drop for Search {
    fn drop(&mut self) {
        self.way.stop_search();
    }
}

impl Search {
    /// Returns the devices that may be there now, by their claims.
    pub fn hints(&self) -> Vec<Hint> {
        self.hints.borrow().hints()
    }

    /// Waits until the hints changed since the last call; false when there will be no more.
    ///
    /// It may be cancelled at any time and nothing is lost.
    pub async fn changed(&mut self) -> bool {
        self.hints.changed().await.is_ok()
    }
}

/// Hears who comes and who leaves, from any thread, and keeps the hints of one search true to it.
#[derive(Clone)]
pub struct Ear(Arc<watch::Sender<Known>>);

impl Ear {
    /// Hears that an instance of the service is there, or is there by other addresses now. Names that are not ours
    /// are not kept.
    pub fn found(&self, name: &str, addresses: impl IntoIterator<Item = SocketAddr>) {
        if let Some(claim) = Claim::read(name) {
            self.0.send_if_modified(|known| known.found(claim, addresses));
        }
    }

    /// Hears that an instance left, or was not heard of for too long.
    pub fn gone(&self, name: &str) {
        if let Some(claim) = Claim::read(name) {
            self.0.send_if_modified(|known| known.0.remove(&claim).is_some());
        }
    }

    /// Tells whether nobody asks for the hints any more.
    pub fn is_deaf(&self) -> bool {
        self.0.is_closed()
    }
}

/// The devices that may be there.
#[derive(Default)]
struct Known(BTreeMap<Claim, Vec<SocketAddr>>);

impl Known {
    /// Notes a device; tells whether that was news.
    fn found(&mut self, claim: Claim, addresses: impl IntoIterator<Item = SocketAddr>) -> bool {
        // Who is known stays: a neighbour who invents devices must not drive out those that are there.
        if self.0.len() >= HINTS_MAX && !self.0.contains_key(&claim) {
            return false;
        }
        let dialled = addresses.into_iter().filter(|address| address.port() != 0);
        let mut addresses: Vec<SocketAddr> = dialled.collect();
        addresses.sort();
        addresses.truncate(ADDRESSES_MAX);
        if addresses.is_empty() {
            return false;
        }
        self.0.insert(claim, addresses.clone()) != Some(addresses)
    }

    fn hints(&self) -> Vec<Hint> {
        let hint = |(claim, addresses): (&Claim, &Vec<SocketAddr>)| Hint {
            claim: *claim,
            addresses: addresses.clone(),
        };
        self.0.iter().map(hint).collect()
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

    fn at(addresses: &str, port: u16) -> Vec<SocketAddr> {
        let ips = addresses.split(',').filter(|ip| !ip.is_empty());
        ips.map(|ip| SocketAddr::new(ip.parse().unwrap(), port)).collect()
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
            known.found(claim(number), at("10.0.0.1", 7117));
        }
        assert_eq!(known.hints().len(), HINTS_MAX);
        assert!(known.hints().iter().all(|hint| hint.claim <= claim(63)));
        // One that is known may move, and one that leaves makes room.
        assert!(known.found(claim(5), at("10.0.0.2", 7117)));
        assert!(!known.found(claim(5), at("10.0.0.2", 7117)), "no news");
        assert!(known.0.remove(&claim(5)).is_some());
        assert!(known.found(claim(200), at("10.0.0.3", 7117)));
        let many = (0..50)
            .map(|number| format!("10.0.1.{number}"))
            .collect::<Vec<_>>()
            .join(",");
        assert!(known.found(claim(200), at(&many, 7117)));
        let hint = known.hints().pop().unwrap();
        assert_eq!((hint.claim, hint.addresses.len()), (claim(200), ADDRESSES_MAX));
    }

    #[test]
    fn what_can_not_be_dialled_is_no_hint() {
        let mut known = Known::default();
        assert!(!known.found(claim(1), at("10.0.0.1", 0)));
        assert!(!known.found(claim(1), at("", 7117)));
        assert!(known.hints().is_empty());
    }

    #[test]
    fn an_ear_keeps_what_is_ours() {
        let (told, hints) = watch::channel(Known::default());
        let ear = Ear(Arc::new(told));
        ear.found("Printer", at("10.0.0.1", 9100));
        assert!(hints.borrow().hints().is_empty());
        ear.found(&claim(1).name(), at("10.0.0.1", 7117));
        assert_eq!(hints.borrow().hints().len(), 1);
        ear.gone("Printer");
        ear.gone(&claim(1).name());
        assert!(hints.borrow().hints().is_empty() && !ear.is_deaf());
        drop(hints);
        assert!(ear.is_deaf());
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

    #[tokio::test(flavor = "multi_thread")]
    async fn multicast_keeps_the_laws() {
        if let Err(why) = no_multicast() {
            eprintln!("skipped: this machine has no multicast on loopback: {why}");
            return;
        }
        let port = UdpSocket::bind("0.0.0.0:0").unwrap().local_addr().unwrap().port();
        let [one, two] = [0; 2].map(|_| Discovery::at(port).unwrap());
        assert_eq!(crate::conformance::local_discovery(&one, &two), Ok(()));
    }
}

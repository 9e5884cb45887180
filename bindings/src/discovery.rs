//! Finding devices on the same network by what the device lends.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

/// Says why devices near by can't be found.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum DiscoveryError {
    /// The system refused or broke.
    #[error("{why}")]
    Failed {
        /// Tells what, as the system put it.
        why: String,
    },
}

impl From<uniffi::UnexpectedUniFFICallbackError> for DiscoveryError {
    fn from(fault: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Failed { why: fault.reason }
    }
}

/// Finds devices of the kind `_barrow._tcp` on the same network, and lets this one be found. It knows names only. It
/// is called from threads of the till.
#[uniffi::export(foreign)]
pub trait LocalDiscovery: Send + Sync {
    /// Lets this device be found under a name: others will dial the port. One name at a time.
    fn advertise(&self, name: String, port: u16) -> Result<(), DiscoveryError>;
    /// Takes the name back.
    fn withdraw(&self, name: String) -> Result<(), DiscoveryError>;
    /// Tells the ear from now on who comes and who leaves. One search at a time: a second one ends the first.
    fn search(&self, ear: Arc<DiscoveryEar>) -> Result<(), DiscoveryError>;
    /// Ends the search.
    fn stop_search(&self) -> Result<(), DiscoveryError>;
    /// Ends all of it.
    fn end(&self) -> Result<(), DiscoveryError>;
}

/// What an ear tells on.
pub(crate) trait Hears: Send + Sync {
    /// Hears that a name is there.
    fn found(&self, name: &str, addresses: Vec<SocketAddr>);
    /// Hears that a name left.
    fn gone(&self, name: &str);
}

/// Hears who comes and who leaves, from any thread.
#[derive(uniffi::Object)]
pub struct DiscoveryEar(Box<dyn Hears>);

#[uniffi::export]
impl DiscoveryEar {
    /// Hears that a name is there, or there by other addresses now. What is no address is passed over.
    pub fn found(&self, name: String, addresses: Vec<String>, port: u16) {
        let addresses = addresses.iter().filter_map(|text| address(text, port));
        self.0.found(&name, addresses.collect());
    }

    /// Hears that a name left, or was not heard of for too long.
    pub fn gone(&self, name: String) {
        self.0.gone(&name);
    }
}

/// Reads an address; one of a single link has the number of the link behind a percent sign.
fn address(text: &str, port: u16) -> Option<SocketAddr> {
    match text.parse::<IpAddr>() {
        Ok(ip) => Some(SocketAddr::new(ip, port)),
        Err(_) => format!("[{text}]:{port}").parse().ok(),
    }
}

#[cfg(feature = "net")]
#[cfg_attr(
    not(feature = "testing"),
    allow(
        dead_code,
        reason = "the meetings of tills will take it; the laws of discovery do"
    )
)]
mod lent {
    use super::{DiscoveryEar, DiscoveryError, Hears, LocalDiscovery};
    use barrow_link::discovery::{self as core, Ear};
    use std::net::SocketAddr;
    use std::sync::Arc;

    impl Hears for Ear {
        fn found(&self, name: &str, addresses: Vec<SocketAddr>) {
            Ear::found(self, name, addresses);
        }
        fn gone(&self, name: &str) {
            Ear::gone(self, name);
        }
    }

    /// A lent discovery as the core wants it.
    pub(crate) struct Lent(pub(crate) Arc<dyn LocalDiscovery>);

    fn failed(fault: DiscoveryError) -> core::DiscoveryError {
        let DiscoveryError::Failed { why } = fault;
        core::DiscoveryError(why)
    }

    impl core::LocalDiscovery for Lent {
        fn advertise(&self, name: &str, port: u16) -> Result<(), core::DiscoveryError> {
            self.0.advertise(name.to_owned(), port).map_err(failed)
        }

        // What fails at an end has ended all the same.
        fn withdraw(&self, name: &str) {
            let _ = self.0.withdraw(name.to_owned());
        }

        fn search(&self, ear: Ear) -> Result<(), core::DiscoveryError> {
            let ear = Arc::new(DiscoveryEar(Box::new(ear)));
            self.0.search(ear).map_err(failed)
        }

        fn stop_search(&self) {
            let _ = self.0.stop_search();
        }

        fn close(&self) {
            let _ = self.0.end();
        }
    }
}

#[cfg(feature = "testing")]
pub(crate) use lent::Lent;

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn addresses_are_read_as_systems_write_them() {
        for (text, read) in [
            ("10.0.0.7", Some("10.0.0.7:7117")),
            ("fd00::7", Some("[fd00::7]:7117")),
            ("fe80::7%3", Some("[fe80::7%3]:7117")),
            ("fe80::7%wlan0", None),
            ("printer.local", None),
            ("", None),
        ] {
            assert_eq!(
                address(text, 7117).map(|read| read.to_string()).as_deref(),
                read,
                "{text}"
            );
        }
    }
}

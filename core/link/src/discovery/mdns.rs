//! Multicast DNS of our own, for systems that lend nothing.

use super::{DiscoveryError, Ear, LocalDiscovery, SERVICE};
use mdns_sd::{Receiver, ScopedIp, ServiceDaemon, ServiceEvent, ServiceInfo};
use std::net::{SocketAddr, SocketAddrV6};

impl From<mdns_sd::Error> for DiscoveryError {
    fn from(error: mdns_sd::Error) -> Self {
        Self(error.to_string())
    }
}

/// The service as multicast DNS writes it.
fn service() -> String {
    format!("{SERVICE}.local.")
}

/// Multicast DNS on the networks that this device is on.
pub(super) struct Mdns(ServiceDaemon);

impl Mdns {
    pub(super) fn new() -> Result<Self, DiscoveryError> {
        Ok(Self(ServiceDaemon::new()?))
    }

    #[cfg(test)]
    pub(super) fn at(port: u16) -> Result<Self, DiscoveryError> {
        Ok(Self(ServiceDaemon::new_with_port(port)?))
    }
}

impl LocalDiscovery for Mdns {
    fn advertise(&self, name: &str, port: u16) -> Result<(), DiscoveryError> {
        let host = format!("barrow-{name}.local.");
        let none: [(&str, &str); 0] = [];
        let service = ServiceInfo::new(&service(), name, &host, "", port, &none[..])?.enable_addr_auto();
        Ok(self.0.register(service)?)
    }

    fn withdraw(&self, name: &str) {
        let _ = self.0.unregister(&format!("{name}.{}", service()));
    }

    fn search(&self, ear: Ear) -> Result<(), DiscoveryError> {
        let events = self.0.browse(&service())?;
        tokio::spawn(gather(events, ear));
        Ok(())
    }

    fn stop_search(&self) {
        let _ = self.0.stop_browse(&service());
    }

    fn close(&self) {
        // Where it already ended nothing is left to end.
        let _ = self.0.shutdown();
    }
}

/// Tells the ear what the network tells.
async fn gather(events: Receiver<ServiceEvent>, ear: Ear) {
    while let Ok(event) = events.recv_async().await {
        match event {
            ServiceEvent::ServiceResolved(found) => {
                let ips = found.get_addresses().iter();
                let addresses = ips.filter_map(|ip| address(ip, found.get_port()));
                ear.found(instance(found.get_fullname()), addresses);
            }
            ServiceEvent::ServiceRemoved(_, name) => ear.gone(instance(&name)),
            ServiceEvent::SearchStopped(_) => return,
            _ => {}
        }
        if ear.is_deaf() {
            return;
        }
    }
}

/// Returns the name of the instance in the full name of a service; nothing in that of another service.
fn instance(full: &str) -> &str {
    full.strip_suffix(&service())
        .and_then(|name| name.strip_suffix('.'))
        .unwrap_or_default()
}

fn address(ip: &ScopedIp, port: u16) -> Option<SocketAddr> {
    match ip {
        ScopedIp::V4(ip) => Some(SocketAddr::new((*ip.addr()).into(), port)),
        ScopedIp::V6(ip) if ip.addr().is_unicast_link_local() => {
            Some(SocketAddrV6::new(*ip.addr(), port, 0, ip.scope_id().index).into())
        }
        ScopedIp::V6(ip) => Some(SocketAddr::new((*ip.addr()).into(), port)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_service_has_instances() {
        assert_eq!(instance("a-b._barrow._tcp.local."), "a-b");
        assert_eq!(instance("a-b._printer._tcp.local."), "");
    }
}

//! Devices, and links between them.

#![allow(dead_code, reason = "not every test needs all of it")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use barrow_link::dial::dial;
use barrow_link::error::LinkError;
use barrow_link::identity::Identity;
use barrow_link::limits::Limits;
use barrow_link::listen::{Listener, TurnedAway};
use barrow_link::wire::Link;
use barrow_log::key::DeviceSecret;
use std::future::Future;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::timeout;

/// Nothing in these tests takes longer unless it hangs.
pub const HANGS: Duration = Duration::from_secs(20);

/// Limits that a test can wait for.
pub const QUICK: Limits = Limits {
    handshake: Duration::from_secs(2),
    stall: Duration::from_millis(1500),
    half_open: 16,
    links_per_address: 1024,
};

pub fn identity(number: u8) -> Identity {
    Identity::new(&DeviceSecret::from_seed([number; 32])).unwrap()
}

/// Fails instead of hanging.
pub async fn soon<T>(what: impl Future<Output = T>) -> T {
    timeout(HANGS, what).await.expect("it hangs")
}

/// A listener that runs by itself and hands on what comes.
pub struct Host {
    pub address: String,
    pub arrivals: mpsc::UnboundedReceiver<Result<Link, TurnedAway>>,
}

impl Host {
    pub async fn start(number: u8, limits: Limits) -> Self {
        Self::at("127.0.0.1:0", number, limits).await
    }

    pub async fn at(address: &str, number: u8, limits: Limits) -> Self {
        let at = address.parse().unwrap();
        let mut listener = Listener::bind(at, &identity(number), limits).await.unwrap();
        let address = listener.address().unwrap().to_string();
        let (told, arrivals) = mpsc::unbounded_channel();
        tokio::spawn(async move { while told.send(listener.accept().await).is_ok() {} });
        Self { address, arrivals }
    }

    pub async fn next(&mut self) -> Result<Link, LinkError> {
        let arrived = soon(self.arrivals.recv()).await.unwrap();
        arrived.map_err(|turned_away| turned_away.why)
    }

    /// Returns the next link, whoever is turned away before.
    pub async fn link(&mut self) -> Link {
        loop {
            if let Ok(link) = self.next().await {
                return link;
            }
        }
    }
}

/// Dials with device 1.
pub async fn call(address: &str) -> Result<Link, LinkError> {
    soon(dial(address, &identity(1), None, &QUICK)).await
}

/// Links device 1, which dialled, with device 2, by way of an address.
pub async fn pair(host: &mut Host, address: &str) -> (Link, Link) {
    let (near, far) = tokio::join!(call(address), host.link());
    (near.unwrap(), far)
}

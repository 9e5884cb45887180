//! Dialling: from an address to a link.

use barrow_log::stream::DeviceKey;
use rustls::pki_types::ServerName;
use std::net::SocketAddr;
use tokio::net::{TcpStream, lookup_host};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tokio_rustls::{TlsConnector, TlsStream};
use tokio_tungstenite::client_async_with_config;
use tokio_tungstenite::tungstenite::ClientRequestBuilder;
use tokio_tungstenite::tungstenite::http::Uri;

use crate::error::LinkError;
use crate::identity::{Identity, peer};
use crate::limits::{ADDRESSES_MAX, CONNECT_TIMEOUT, Limits, NEXT_ADDRESS_AFTER};
use crate::stall::Watched;
use crate::wire::{Link, PATH, SUBPROTOCOL, config};

/// Dials an address, a name or a number with a port, and returns a link to the device that answers; with an expected
/// key, only to that one.
///
/// It may be cancelled at any time; the connection is dropped.
///
/// # Errors
/// When nobody answers in time, another device answers, or it does not speak this protocol.
pub async fn dial(
    address: &str,
    identity: &Identity,
    expected: Option<DeviceKey>,
    limits: &Limits,
) -> Result<Link, LinkError> {
    let target = Target::of(address)?;
    let stream =
        timeout(CONNECT_TIMEOUT, connect(address))
            .await
            .map_err(|_| LinkError::ConnectTimeout {
                address: address.to_owned(),
            })??;
    timeout(
        limits.handshake,
        greet(stream, target, identity, expected, limits),
    )
    .await
    .map_err(|_| LinkError::HandshakeTimeout)?
}

/// What is dialled, as TLS and HTTP write it.
struct Target {
    name: ServerName<'static>,
    uri: Uri,
}

impl Target {
    fn of(address: &str) -> Result<Self, LinkError> {
        Self::read(address).ok_or_else(|| LinkError::Address {
            address: address.to_owned(),
        })
    }

    fn read(address: &str) -> Option<Self> {
        let (name, authority) = match address.parse::<SocketAddr>() {
            // Without the zone of a link-local address: it means something on this device only.
            Ok(at) => (
                ServerName::from(at.ip()),
                SocketAddr::new(at.ip(), at.port()).to_string(),
            ),
            Err(_) => {
                let (host, port) = address.rsplit_once(':')?;
                port.parse::<u16>().ok()?;
                (ServerName::try_from(host.to_owned()).ok()?, address.to_owned())
            }
        };
        let uri = format!("wss://{authority}{PATH}").parse().ok()?;
        Some(Self { name, uri })
    }
}

/// Looks an address up and connects to it.
async fn connect(address: &str) -> Result<TcpStream, LinkError> {
    let connected = match lookup_host(address).await {
        Ok(numbers) => connect_first(numbers.take(ADDRESSES_MAX)).await,
        Err(error) => Err(error),
    };
    connected.map_err(|error| LinkError::Unreachable {
        address: address.to_owned(),
        why: error.to_string(),
    })
}

/// Connects to the first number that answers; each is given a head start on the next.
async fn connect_first(mut numbers: impl Iterator<Item = SocketAddr>) -> std::io::Result<TcpStream> {
    let mut tried = JoinSet::new();
    let mut last = std::io::Error::from(std::io::ErrorKind::AddrNotAvailable);
    loop {
        let next = numbers.next();
        let more = next.is_some();
        if let Some(number) = next {
            tried.spawn(TcpStream::connect(number));
        }
        tokio::select! {
            answer = tried.join_next() => match answer {
                Some(Ok(Ok(stream))) => return Ok(stream),
                Some(Ok(Err(error))) => last = error,
                Some(Err(_)) => {}
                None => return Err(last),
            },
            () = sleep(NEXT_ADDRESS_AFTER), if more => {}
        }
    }
}

/// Shakes hands on a connection.
async fn greet(
    stream: TcpStream,
    target: Target,
    identity: &Identity,
    expected: Option<DeviceKey>,
    limits: &Limits,
) -> Result<Link, LinkError> {
    stream.set_nodelay(true)?;
    let address = stream.peer_addr()?;
    let stream = Watched::new(stream, limits.stall);
    let connector = TlsConnector::from(identity.client_config(expected)?);
    let stream = connector.connect(target.name, stream).await?;
    let device = peer(stream.get_ref().1)?;
    let request = ClientRequestBuilder::new(target.uri).with_sub_protocol(SUBPROTOCOL);
    let (socket, _) = client_async_with_config(request, TlsStream::from(stream), Some(config()))
        .await
        .map_err(crate::error::upgrade)?;
    Ok(Link::new(socket, device, address, None))
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::net::{TcpListener, TcpSocket};
    use tokio::time::Instant;

    #[tokio::test]
    async fn a_number_that_refuses_or_is_silent_does_not_hide_the_next() {
        let local = || "127.0.0.1:0".parse().unwrap();
        let refuses = TcpListener::bind(local()).await.unwrap().local_addr().unwrap();
        // A listener whose queue is full answers no more.
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind(local()).unwrap();
        let full = socket.listen(1).unwrap();
        let silent = full.local_addr().unwrap();
        let mut waiting = JoinSet::new();
        for _ in 0..8 {
            waiting.spawn(TcpStream::connect(silent));
        }
        sleep(NEXT_ADDRESS_AFTER).await;
        let answers = TcpListener::bind(local()).await.unwrap();
        let numbers = [refuses, silent, refuses, answers.local_addr().unwrap()];
        let begun = Instant::now();
        let stream = timeout(CONNECT_TIMEOUT, connect_first(numbers.into_iter()))
            .await
            .unwrap()
            .unwrap();
        assert_eq!(stream.peer_addr().unwrap(), numbers[3]);
        assert!(
            begun.elapsed() >= NEXT_ADDRESS_AFTER,
            "the silent one was not silent"
        );
        assert!(connect_first([refuses, refuses].into_iter()).await.is_err());
        assert!(connect_first([].into_iter()).await.is_err());
    }

    #[test]
    fn addresses_are_read_as_people_write_them() {
        for (address, name, authority) in [
            ("shop.example:7117", "shop.example", "shop.example:7117"),
            ("10.0.0.1:7117", "10.0.0.1", "10.0.0.1:7117"),
            ("[::1]:7117", "::1", "[::1]:7117"),
            ("[fe80::1%3]:7117", "fe80::1", "[fe80::1]:7117"),
        ] {
            let target = Target::of(address).unwrap();
            assert_eq!(target.name.to_str(), name);
            assert_eq!(target.uri.to_string(), format!("wss://{authority}/sync"));
        }
    }
}

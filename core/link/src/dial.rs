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

/// Connects to the first of an address's numbers that answers; each is given a head start on the next.
async fn connect(address: &str) -> Result<TcpStream, LinkError> {
    let unreachable = |error: std::io::Error| LinkError::Unreachable {
        address: address.to_owned(),
        why: error.to_string(),
    };
    let mut left = lookup_host(address)
        .await
        .map_err(unreachable)?
        .take(ADDRESSES_MAX);
    let mut tried = JoinSet::new();
    let mut last = std::io::Error::from(std::io::ErrorKind::AddrNotAvailable);
    loop {
        let next = left.next();
        let more = next.is_some();
        if let Some(number) = next {
            tried.spawn(TcpStream::connect(number));
        }
        tokio::select! {
            answer = tried.join_next() => match answer {
                Some(Ok(Ok(stream))) => return Ok(stream),
                Some(Ok(Err(error))) => last = error,
                Some(Err(_)) => {}
                None => return Err(unreachable(last)),
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

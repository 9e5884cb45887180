//! Listening: links to whoever dials.

use std::collections::VecDeque;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::{sleep, timeout};
use tokio_rustls::{TlsAcceptor, TlsStream};
use tokio_tungstenite::accept_hdr_async_with_config;
use tokio_tungstenite::tungstenite::handshake::server::{ErrorResponse, Request, Response};
use tokio_tungstenite::tungstenite::http::{HeaderValue, StatusCode, header::SEC_WEBSOCKET_PROTOCOL};

use crate::error::LinkError;
use crate::identity::{Identity, peer};
use crate::limits::Limits;
use crate::seats::{Seat, Seats};
use crate::stall::Watched;
use crate::wire::{Link, PATH, SUBPROTOCOL, config};

/// How long accepting rests after the system refused (no more files, most often): it does not get better sooner.
const REST: Duration = Duration::from_millis(100);

/// Says who was turned away, and why. It concerns that one connection; the listener goes on.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{from} was turned away: {why}")]
pub struct TurnedAway {
    /// Where it came from.
    pub from: IpAddr,
    /// Why.
    pub why: LinkError,
}

/// Listens for devices. Hands are shaken with many at once, so that no slow or hostile one keeps others waiting.
pub struct Listener {
    socket: TcpListener,
    acceptor: TlsAcceptor,
    limits: Limits,
    seats: Seats,
    greetings: JoinSet<Result<Link, TurnedAway>>,
    /// The greetings under way, the oldest first.
    half_open: VecDeque<AbortHandle>,
}

impl Listener {
    /// Listens at an address. On Linux, Android and Apple's systems `[::]` takes IPv4 too.
    ///
    /// # Errors
    /// When the address is taken or not this device's.
    pub async fn bind(address: SocketAddr, identity: &Identity, limits: Limits) -> Result<Self, LinkError> {
        let unreachable = |error: std::io::Error| LinkError::Unreachable {
            address: address.to_string(),
            why: error.to_string(),
        };
        Ok(Self {
            socket: TcpListener::bind(address).await.map_err(unreachable)?,
            acceptor: identity.server_config()?.into(),
            limits,
            seats: Seats::default(),
            greetings: JoinSet::new(),
            half_open: VecDeque::new(),
        })
    }

    /// Returns where it listens: the real port when port 0 was asked for.
    ///
    /// # Errors
    /// When the system does not tell.
    pub fn address(&self) -> Result<SocketAddr, LinkError> {
        Ok(self.socket.local_addr()?)
    }

    /// Waits for the next device, or for the next one that was turned away.
    ///
    /// It may be cancelled at any time: greetings under way go on and are returned by a later call.
    ///
    /// # Errors
    /// When somebody was turned away. The listener is none the worse; call again.
    pub async fn accept(&mut self) -> Result<Link, TurnedAway> {
        loop {
            tokio::select! {
                Some(greeted) = self.greetings.join_next() => {
                    self.half_open.retain(|greeting| !greeting.is_finished());
                    // An error here is a greeting that gave up its place to a newcomer.
                    if let Ok(link) = greeted {
                        return link;
                    }
                }
                arrived = self.socket.accept() => match arrived {
                    Ok((stream, from)) => self.begin(stream, from)?,
                    Err(_) => sleep(REST).await,
                }
            }
        }
    }

    /// Begins to shake hands with a newcomer.
    fn begin(&mut self, stream: TcpStream, from: SocketAddr) -> Result<(), TurnedAway> {
        let from_ip = from.ip();
        let turned_away = move |why| TurnedAway { from: from_ip, why };
        let Some(seat) = self.seats.take(from_ip, self.limits.links_per_address) else {
            return Err(turned_away(LinkError::Crowded));
        };
        while self.half_open.len() >= self.limits.half_open.max(1) {
            if let Some(oldest) = self.half_open.pop_front() {
                oldest.abort();
            }
        }
        let (acceptor, limits) = (self.acceptor.clone(), self.limits);
        let greeting = self.greetings.spawn(async move {
            timeout(limits.handshake, greet(stream, from, &acceptor, limits, seat))
                .await
                .unwrap_or(Err(LinkError::HandshakeTimeout))
                .map_err(turned_away)
        });
        self.half_open.push_back(greeting);
        Ok(())
    }
}

/// Returns this machine's address as others on its network see it; loopback without a network. Nothing is sent.
pub fn own_address() -> IpAddr {
    // Documentation's own addresses (RFC 5737): choosing a way to them asks nobody.
    let seen = || {
        let socket = std::net::UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
        socket.connect((Ipv4Addr::new(192, 0, 2, 1), 9)).ok()?;
        Some(socket.local_addr().ok()?.ip())
    };
    seen().unwrap_or(Ipv4Addr::LOCALHOST.into())
}

/// Shakes hands on a connection.
async fn greet(
    stream: TcpStream,
    from: SocketAddr,
    acceptor: &TlsAcceptor,
    limits: Limits,
    seat: Seat,
) -> Result<Link, LinkError> {
    stream.set_nodelay(true)?;
    let stream = acceptor.accept(Watched::new(stream, limits.stall)).await?;
    let device = peer(stream.get_ref().1)?;
    let socket = accept_hdr_async_with_config(TlsStream::from(stream), upgrade, Some(config()))
        .await
        .map_err(crate::error::upgrade)?;
    Ok(Link::new(socket, device, from, Some(seat)))
}

/// Answers a request to speak WebSocket.
#[allow(clippy::result_large_err, reason = "tungstenite asks for this shape")]
fn upgrade(request: &Request, mut response: Response) -> Result<Response, ErrorResponse> {
    let refuse = |status, why: &str| {
        let mut answer = ErrorResponse::new(Some(why.to_owned()));
        *answer.status_mut() = status;
        Err(answer)
    };
    if request.uri().path() != PATH {
        return refuse(StatusCode::NOT_FOUND, "here is only /sync\n");
    }
    let offered = request.headers().get_all(SEC_WEBSOCKET_PROTOCOL);
    let mut offered = offered.iter().filter_map(|names| names.to_str().ok());
    if !offered.any(|names| names.split(',').any(|name| name.trim() == SUBPROTOCOL)) {
        return refuse(StatusCode::BAD_REQUEST, "the subprotocol here is barrow.1\n");
    }
    let chosen = HeaderValue::from_static(SUBPROTOCOL);
    response.headers_mut().insert(SEC_WEBSOCKET_PROTOCOL, chosen);
    Ok(response)
}

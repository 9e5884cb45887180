//! A link: whole messages to and from one proven device. One message is one binary WebSocket frame.

use barrow_log::stream::DeviceKey;
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::time::timeout;
use tokio_rustls::TlsStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;

use crate::error::LinkError;
use crate::limits::{CLOSE_TIMEOUT, MESSAGE_MAX};
use crate::seats::Seat;
use crate::stall::Watched;

/// The path that a dialling side asks for.
pub const PATH: &str = "/sync";
/// The WebSocket subprotocol. Both sides name it; without it there is no link.
pub const SUBPROTOCOL: &str = "barrow.1";

/// Both buffers of an idle link; a thousand idle tills fit in 150 MB with room to spare.
const BUFFER: usize = 16 << 10;

/// TLS over a watched TCP stream.
pub(crate) type Secure = TlsStream<Watched>;
type Socket = WebSocketStream<Secure>;

/// Returns what either side tells WebSocket.
pub(crate) fn config() -> WebSocketConfig {
    WebSocketConfig::default()
        .read_buffer_size(BUFFER)
        .write_buffer_size(BUFFER)
        .max_message_size(Some(MESSAGE_MAX))
        .max_frame_size(Some(MESSAGE_MAX))
}

/// A link to one device. Dropping it cuts the connection: the other side sees an error, not a goodbye.
pub struct Link {
    peer: DeviceKey,
    address: SocketAddr,
    sender: LinkSender,
    receiver: LinkReceiver,
}

impl std::fmt::Debug for Link {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Link(to {} at {})", self.peer, self.address)
    }
}

impl Link {
    pub(crate) fn new(socket: Socket, peer: DeviceKey, address: SocketAddr, seat: Option<Seat>) -> Self {
        let (sink, stream) = socket.split();
        let seat = Arc::new(seat);
        Self {
            peer,
            address,
            sender: LinkSender {
                sink,
                _seat: seat.clone(),
            },
            receiver: LinkReceiver {
                stream,
                ended: None,
                _seat: seat,
            },
        }
    }

    /// Returns the key that the other side proved.
    pub const fn peer(&self) -> DeviceKey {
        self.peer
    }

    /// Returns where the other side is, as this device sees it.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Sends one message. See [`LinkSender::send`].
    ///
    /// # Errors
    /// When the message is too large (nothing was sent, the link goes on) or the link is over.
    pub async fn send(&mut self, message: Vec<u8>) -> Result<(), LinkError> {
        self.sender.send(message).await
    }

    /// Waits for the next message. See [`LinkReceiver::recv`].
    ///
    /// # Errors
    /// When the link ended without a goodbye.
    pub async fn recv(&mut self) -> Result<Option<Vec<u8>>, LinkError> {
        self.receiver.recv().await
    }

    /// Splits the link, so that one task sends while another receives: two sides that both only send would wait for
    /// each other once the network is full.
    pub fn split(self) -> (LinkSender, LinkReceiver) {
        (self.sender, self.receiver)
    }

    /// Says goodbye and waits a moment for the answer. Messages that still come in are dropped.
    pub async fn close(mut self) {
        self.sender.close().await;
        let _ = timeout(CLOSE_TIMEOUT, async {
            while let Ok(Some(_)) = self.recv().await {}
        })
        .await;
    }
}

/// The sending half of a link. The connection lives until both halves are dropped.
pub struct LinkSender {
    sink: SplitSink<Socket, Message>,
    _seat: Arc<Option<Seat>>,
}

impl LinkSender {
    /// Sends one message and returns once the system took all of it; that does not tell that it arrived.
    ///
    /// When it is cancelled the message goes out whole with the next one, or not at all; never a part of it.
    ///
    /// # Errors
    /// When the message is too large (nothing was sent, the link goes on) or the link is over.
    pub async fn send(&mut self, message: Vec<u8>) -> Result<(), LinkError> {
        if message.len() > MESSAGE_MAX {
            return Err(LinkError::TooLarge);
        }
        Ok(self.sink.send(Message::Binary(message.into())).await?)
    }

    /// Says goodbye: the other side gets what was sent before and then the end. Nothing can be sent afterwards.
    pub async fn close(&mut self) {
        // A link that is over needs no goodbye.
        let _ = timeout(CLOSE_TIMEOUT, self.sink.send(Message::Close(None))).await;
    }
}

/// The receiving half of a link. The connection lives until both halves are dropped.
pub struct LinkReceiver {
    stream: SplitStream<Socket>,
    /// How the link ended, once it has.
    ended: Option<Result<(), LinkError>>,
    _seat: Arc<Option<Seat>>,
}

impl LinkReceiver {
    /// Waits for the next message; `None` once the other side said goodbye. It waits as long as it must: whether
    /// silence means trouble is for the session to judge.
    ///
    /// It may be cancelled at any time and nothing is lost.
    ///
    /// # Errors
    /// When the link ended without a goodbye, then and ever after.
    pub async fn recv(&mut self) -> Result<Option<Vec<u8>>, LinkError> {
        loop {
            if let Some(ended) = &self.ended {
                return ended.clone().map(|()| None);
            }
            match self.stream.next().await {
                Some(Ok(Message::Binary(message))) => return Ok(Some(message.into())),
                Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => {}
                Some(Ok(Message::Text(_))) => self.ended = Some(Err(LinkError::NotBinary)),
                Some(Ok(Message::Close(_))) => {
                    self.ended = Some(Ok(()));
                    // The answer to a goodbye goes out while we read on.
                    let _ = timeout(CLOSE_TIMEOUT, self.stream.next()).await;
                }
                Some(Err(error)) => self.ended = Some(Err(error.into())),
                None => self.ended = Some(Err(LinkError::Closed)),
            }
        }
    }
}

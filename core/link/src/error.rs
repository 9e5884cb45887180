//! Why a link did not come about, or ended.

use barrow_log::stream::DeviceKey;
use tokio_tungstenite::tungstenite;

use crate::identity::AnotherDevice;
use crate::limits::MESSAGE_MAX;

/// Says why a link did not come about, or ended.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum LinkError {
    /// The address can't be read.
    #[error("\"{address}\" is not an address: it needs a name or number and a port, as in shop.example:7117")]
    Address {
        /// The address as given.
        address: String,
    },
    /// Nobody answers there.
    #[error("{address} can't be reached: {why}")]
    Unreachable {
        /// The address as given.
        address: String,
        /// What the system said last.
        why: String,
    },
    /// Connecting took too long.
    #[error("{address} did not answer in time")]
    ConnectTimeout {
        /// The address as given.
        address: String,
    },
    /// TLS and WebSocket took too long to agree.
    #[error("the other side did not finish its greeting in time")]
    HandshakeTimeout,
    /// Another device answered than the one that was looked for.
    #[error("another device answered: {found} instead of {expected}")]
    AnotherDevice {
        /// The key that was looked for.
        expected: DeviceKey,
        /// The key that answered.
        found: DeviceKey,
    },
    /// TLS did not come about or broke: the other side is no Barrow device, or somebody tampered with the bytes.
    #[error("no secure connection: {0}")]
    Tls(#[source] rustls::Error),
    /// The other side does not speak this protocol.
    #[error("the other side does not speak barrow: {why}")]
    Upgrade {
        /// What was wrong with its greeting.
        why: String,
    },
    /// Its address has as many connections as one address may have.
    #[error("too many connections from this address")]
    Crowded,
    /// A message is larger than any may be.
    #[error("a message is larger than {MESSAGE_MAX} bytes")]
    TooLarge,
    /// The other side sent text.
    #[error("the other side sent text where only binary messages belong")]
    NotBinary,
    /// The other side broke the rules of WebSocket.
    #[error("the other side broke the protocol: {why}")]
    Protocol {
        /// The rule.
        why: String,
    },
    /// The other side took no byte for too long.
    #[error("the other side takes no bytes any more")]
    Stalled,
    /// The connection ended without a goodbye.
    #[error("the connection was cut: {why}")]
    Cut {
        /// What the system said.
        why: String,
    },
    /// The link was closed before.
    #[error("the link is closed")]
    Closed,
}

impl From<rustls::Error> for LinkError {
    fn from(error: rustls::Error) -> Self {
        if let rustls::Error::InvalidCertificate(rustls::CertificateError::Other(other)) = &error
            && let Some(AnotherDevice { expected, found }) = other.0.downcast_ref()
        {
            return Self::AnotherDevice {
                expected: *expected,
                found: *found,
            };
        }
        Self::Tls(error)
    }
}

impl From<std::io::Error> for LinkError {
    fn from(error: std::io::Error) -> Self {
        if let Some(tls) = error
            .get_ref()
            .and_then(|inner| inner.downcast_ref::<rustls::Error>())
        {
            return tls.clone().into();
        }
        if error.kind() == std::io::ErrorKind::TimedOut {
            return Self::Stalled;
        }
        Self::Cut {
            why: error.to_string(),
        }
    }
}

impl From<tungstenite::Error> for LinkError {
    fn from(error: tungstenite::Error) -> Self {
        use tungstenite::Error;
        use tungstenite::error::ProtocolError;
        match error {
            Error::Io(error) => error.into(),
            Error::ConnectionClosed | Error::AlreadyClosed => Self::Closed,
            Error::Protocol(ProtocolError::SendAfterClosing) => Self::Closed,
            Error::Protocol(ProtocolError::ResetWithoutClosingHandshake) => Self::Cut {
                why: error.to_string(),
            },
            Error::Capacity(_) | Error::WriteBufferFull(_) => Self::TooLarge,
            Error::Utf8(_) => Self::NotBinary,
            other => Self::Protocol {
                why: other.to_string(),
            },
        }
    }
}

/// Tells why a request to speak WebSocket came to nothing.
pub(crate) fn upgrade(error: tungstenite::Error) -> LinkError {
    match LinkError::from(error) {
        LinkError::Protocol { why } => LinkError::Upgrade { why },
        LinkError::Closed | LinkError::TooLarge => LinkError::Upgrade {
            why: "its greeting is no WebSocket greeting".to_owned(),
        },
        other => other,
    }
}

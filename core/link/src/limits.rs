//! What a link may cost: every limit with its reason.

pub use barrow_sync::message::MESSAGE_MAX;
use std::time::Duration;

/// How long looking up a name and connecting may take: longer than any network that can sell on its own second try
/// (a lost first packet is sent again after one second), short enough that the next address is tried soon.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

/// How long the next address of the same name waits for the one before it, as RFC 8305 has it.
pub const NEXT_ADDRESS_AFTER: Duration = Duration::from_millis(250);

/// The most addresses of one name that are tried.
pub const ADDRESSES_MAX: usize = 8;

/// How long TLS and WebSocket may take to agree: four ways there and back on the worst mobile network.
pub const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(5);

/// How long a peer may take none of the bytes that wait for it. A slow network takes a few each second; one that
/// takes none for this long is gone.
pub const STALL_TIMEOUT: Duration = Duration::from_secs(10);

/// How long a goodbye waits for its answer: whoever is gone by then does not need one.
pub const CLOSE_TIMEOUT: Duration = Duration::from_secs(1);

/// The most connections that are still shaking hands. A newcomer beyond them takes the place of the oldest: honest
/// ones are through within a few round trips, so a flood crowds out itself.
pub const HALF_OPEN_MAX: usize = 128;

/// The most connections from one address: a large shop behind one router, with each till dialling twice.
pub const LINKS_PER_ADDRESS: usize = 128;

/// The limits that a shell may set: a hub in a test takes a thousand tills from one address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How long TLS and WebSocket may take to agree.
    pub handshake: Duration,
    /// How long a peer may take none of the bytes that wait for it.
    pub stall: Duration,
    /// The most connections that are still shaking hands.
    pub half_open: usize,
    /// The most connections from one address.
    pub links_per_address: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            handshake: HANDSHAKE_TIMEOUT,
            stall: STALL_TIMEOUT,
            half_open: HALF_OPEN_MAX,
            links_per_address: LINKS_PER_ADDRESS,
        }
    }
}

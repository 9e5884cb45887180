//! The shell of sync: sockets, TLS and WebSocket between two devices that know each other's keys.
//!
//! A [`Link`](wire::Link) carries whole messages, in order, to a peer that proved which device it is. Whether that
//! device may say anything is decided above: here any device is let in, and its key is told.

pub mod backoff;
#[cfg(any(test, feature = "testing"))]
pub mod conformance;
pub mod dial;
pub mod discovery;
pub mod error;
pub mod identity;
pub mod limits;
pub mod listen;
pub mod meet;
mod seats;
mod stall;
#[cfg(feature = "testing")]
pub mod testing;
pub mod wire;

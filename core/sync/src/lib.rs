//! How two logs come to agree: sessions without sockets, clocks or disks.
//!
//! A [`session::Session`] takes bytes and the time, asks a [`log::Log`] what is held, and answers with bytes to send
//! and ops to store. The same messages serve a hub, a till in the same market, a file and a picture of codes.
//! `docs/protocol.md` writes them down for other languages.

mod buckets;
mod ladder;

pub mod enrol;
pub mod interest;
pub mod log;
pub mod memory;
pub mod message;
pub mod pack;
pub mod session;
pub mod squeeze;
#[cfg(feature = "testing")]
pub mod testing;

//! What a fact is and who may state it: op bytes, streams, chain, signatures, policy. No selling, no I/O.

mod bytes;

pub mod accepted;
pub mod author;
pub mod body;
pub mod clock;
pub mod digest;
pub mod domain;
pub mod header;
pub mod id;
pub mod key;
pub mod op;
pub mod policy;
pub mod stream;
pub mod verify;

pub use bytes::HexError;

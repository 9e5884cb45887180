//! What a fact is and who may state it: op bytes, streams, chain, signatures, policy. No selling, no I/O.

pub mod id;

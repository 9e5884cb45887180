//! Every decoder of bytes or text that come from outside, in one table, and what nobody honest would send.
//!
//! `tests/table.rs` runs the table for a while; `scripts/fuzz` hands the same table to libFuzzer for as long as asked.
//! An input that was found to do harm is kept in `corpus/<decoder>/` for ever.

#![allow(
    clippy::unwrap_used,
    reason = "this crate is a test; what cannot go on fails it"
)]

mod cbor;
pub mod chance;
mod counter;
mod log;
pub mod mutate;
pub mod runner;
mod seeds;
mod shop;
mod sync;
pub mod table;

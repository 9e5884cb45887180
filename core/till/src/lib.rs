//! One running till: the actor, its ports, its queues.
//!
//! A screen holds a [`Till`](till::Till): it pushes commands and gets outcomes, pulls changes, and reads pages.

mod actor;
pub mod board;
pub mod error;
mod identity;
pub mod outcome;
mod pace;
pub mod ports;
pub mod setup;
pub mod till;

pub use identity::Installation;
pub use till::{Pending, Till};

//! One running till: the actor, its ports, its queues.
//!
//! A screen holds a [`Till`](till::Till): it pushes commands and gets outcomes, pulls changes, and reads pages.

mod actor;
pub mod board;
mod each;
pub mod error;
pub mod goods;
mod identity;
pub mod number;
pub mod outcome;
mod pace;
pub mod ports;
pub mod setup;
pub mod shop_time;
pub mod till;

pub use identity::Installation;
pub use till::{Pending, Till};

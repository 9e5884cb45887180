//! One running till: the actor, its ports, its queues.
//!
//! A screen holds a [`Till`](till::Till): it pushes commands and gets outcomes, pulls changes, and reads pages.

mod actor;
mod arrivals;
pub mod board;
pub mod closings;
#[cfg(any(test, feature = "testing"))]
pub mod conformance;
pub mod counter;
pub mod day;
mod dispatch;
pub mod drawer;
mod each;
pub mod error;
pub mod fresh;
pub mod goods;
mod identity;
pub mod join;
#[cfg(feature = "net")]
mod meet;
#[cfg(feature = "net")]
pub mod net;
pub mod number;
pub mod offer;
pub mod outcome;
mod pace;
mod papers;
pub mod ports;
mod ranking;
pub mod safety;
pub mod sales;
pub mod setup;
pub mod shelf;
pub mod shop_time;
pub mod spread;
pub mod status;
pub mod tiles;
pub mod till;
mod worker;

pub use identity::{Applicant, Installation};
pub use till::{Pending, Till};
pub use worker::Worker;

//! A disk in memory that loses power, fills up and fails on demand, offered to SQLite as a named VFS. For tests only.
//!
//! A run on a [`FaultFs`] leaves a [`Trace`]: every write, truncation, sync and change of a name, in order. From any
//! prefix of it a [`Platter`] tells what a disk may hold after a power cut there: what was synced survives; what was
//! not survives, is lost or is torn between sectors, as a seed decides. One run without faults thus yields every crash
//! point, and no run has to be repeated to reach the next one.

mod chance;
mod disk;
mod locks;
mod platter;
mod shm;
mod trace;
mod vfs;

pub use chance::Chance;
pub use disk::{Faults, Operation};
pub use platter::{Platter, SECTOR};
pub use trace::{Change, Image, Trace};
pub use vfs::{FaultFs, Geometry};

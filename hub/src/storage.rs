//! What a hub asks of whatever keeps its ops. Every key begins with the organisation; nothing crosses two of them.
//!
//! [`Shelf::acknowledge`] writes ops and heads only, and what it returned from survives any crash; [`Shelf::project`]
//! folds later. So one storage can be many processes: only the heads decide what comes next.

use crate::report::Books;
use barrow_log::stream::DeviceKey;
use barrow_store::StoreError;
use barrow_sync::log::{Durable, Ops};
use barrow_sync::session::Arrived;

/// Keeps the ops of organisations apart from each other.
pub trait Storage: Send + Sync {
    /// Lists the organisations that it keeps.
    ///
    /// # Errors
    /// Those of the disk.
    fn organisations(&self) -> Result<Vec<DeviceKey>, StoreError>;

    /// Opens an organisation's shelf for its one writer, making it where there is none.
    ///
    /// # Errors
    /// [`StoreError::Busy`] while another writer has it, or those of the disk.
    fn shelf(&self, organisation: DeviceKey) -> Result<Box<dyn Shelf>, StoreError>;

    /// Opens a reader of an organisation that has a shelf.
    ///
    /// # Errors
    /// [`StoreError::Missing`] without one, or those of the disk.
    fn reader(&self, organisation: DeviceKey) -> Result<Box<dyn ShelfReader>, StoreError>;
}

/// One organisation's ops, as their only writer has them.
pub trait Shelf: Send {
    /// Makes what sessions brought durable, together. One entry that does not fit, by a fork or a gap, keeps no other
    /// out; its answer says so.
    ///
    /// # Errors
    /// Those of the disk: nothing of the batch is kept then.
    fn acknowledge(&mut self, batch: &[Vec<Arrived>]) -> Result<Vec<Result<(), StoreError>>, StoreError>;

    /// Folds at most so many ops that wait, durably. Returns how many it looked at: 0 when none waits.
    ///
    /// # Errors
    /// Those of the disk; the same ops wait then as before.
    fn project(&mut self, most: u32) -> Result<u64, StoreError>;

    /// Returns what is durable.
    ///
    /// # Errors
    /// Those of the disk.
    fn durable(&self) -> Result<Durable, StoreError>;

    /// Returns the name of this run of the storage. It is made of `fresh`, which is random, when there is none: at the
    /// beginning and after a restore.
    ///
    /// # Errors
    /// Those of the disk.
    fn epoch(&mut self, fresh: [u8; 16]) -> Result<[u8; 16], StoreError>;

    /// Counts the bytes that the organisation takes.
    ///
    /// # Errors
    /// Those of the disk.
    fn bytes(&self) -> Result<u64, StoreError>;
}

/// Reads what one organisation's writer made durable, on any thread.
pub trait ShelfReader: Ops<Error = StoreError> + Send {
    /// Tells what the books say, as far as they are folded.
    ///
    /// # Errors
    /// Those of the disk.
    fn books(&self) -> Result<Books, StoreError>;
}

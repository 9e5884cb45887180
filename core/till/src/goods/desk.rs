//! What an import needs of a till: commands under new ids, and what decisions read.

use crate::Till;
use crate::error::TillError;
use crate::outcome::Outcome;
use crate::ports::{Clock, SystemClock, fresh_id};
use barrow_kernel::catalogue::Shop;
use barrow_kernel::command::Command;
use barrow_kernel::context::{Context, Permission, World};
use barrow_kernel::rejection::Rejection;
use barrow_kernel::tax::Tax;
use barrow_log::id::CommandId;
use barrow_log::stream::StreamId;
use barrow_store::Reader;
use std::collections::BTreeSet;
use std::sync::Arc;

/// A till at which somebody keeps the catalogue.
#[derive(Clone, Copy)]
pub(super) struct Desk<'a>(pub(super) &'a Till);

impl Desk<'_> {
    /// Carries out a command under a new id and waits for its outcome.
    pub(super) fn send(self, command: Command) -> Result<Outcome, TillError> {
        self.0.submit(CommandId::from_bytes(fresh_id()?), command)?.wait()
    }

    /// Reads what decisions read; never from within another query.
    pub(super) fn world<T>(
        self,
        read: impl FnOnce(&dyn World) -> Result<T, Rejection>,
    ) -> Result<T, TillError> {
        self.0.read(|reader| read(reader))
    }

    /// Lends what decisions read.
    pub(super) fn read<T>(self, read: impl FnOnce(&dyn World) -> T) -> Result<T, TillError> {
        self.0.read(|reader| Ok::<T, TillError>(read(reader)))
    }

    pub(super) fn settings(self) -> Result<Arc<Shop>, TillError> {
        self.world(|world| world.shop())
    }

    pub(super) fn taxes(self) -> Result<Vec<Tax>, TillError> {
        self.0.read(Reader::taxes)
    }

    /// Returns what a decision about the catalogue would know, to check rows before they are sent.
    pub(super) fn context(self) -> Context {
        let here = self.0.installation();
        Context {
            now_ms: SystemClock.now_ms(),
            command: CommandId::default(),
            who: None,
            till: here.till.clone(),
            location: here.location,
            cash_box: here.cash_box,
            series: String::new(),
            book: StreamId([0; 16]),
            book_head: None,
            permissions: BTreeSet::from([Permission::Catalogue]),
        }
    }
}

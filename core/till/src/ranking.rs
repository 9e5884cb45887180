//! The search table in the order of popularity, made anew between commands.

use crate::actor::Actor;
use crate::error::TillError;
use crate::pace::RANK_AFTER;
use barrow_kernel::event::Event;
use barrow_store::error::StoreError;

/// Rebuilds this many rows of the search table between two commands: a few milliseconds at most.
const REBUILD_ROWS: usize = 500;
/// Names the row of `local_meta` that tells that the search table is to be ranked anew.
pub(crate) const RANK_DUE: &str = "rank_due";

impl Actor {
    pub(crate) fn plan_search(&mut self) {
        match self.store.plan_search() {
            Ok(rebuild) => self.rebuild = Some(rebuild),
            Err(fault) => self.note(&fault),
        }
    }

    /// Has the search table ranked anew once an import or a day is over.
    /// A program that ends before that finds the mark when it is opened again.
    pub(crate) fn plan_ranking(&mut self, events: &[Event]) -> Result<(), StoreError> {
        if events
            .iter()
            .any(|event| matches!(event, Event::ItemsPut { .. } | Event::ShiftClosed { .. }))
        {
            self.store.set_meta(RANK_DUE, &[1])?;
            self.rebuild = None;
            self.rank_due = Some(self.uptime + RANK_AFTER);
        }
        Ok(())
    }

    /// Ranks a few more rows of the search table; a command never waits longer than for these.
    pub(crate) fn rebuild_some(&mut self) {
        let Some(rebuild) = self.rebuild.take() else {
            return;
        };
        let result = self.store.rebuild_search(rebuild, REBUILD_ROWS).and_then(|next| {
            self.rebuild = next;
            if self.rebuild.is_none() {
                self.forget_ranking()
            } else {
                Ok(())
            }
        });
        if let Err(fault) = &result {
            self.note(fault);
        }
        if self.rebuild.is_none() {
            for reply in self.ranked.drain(..) {
                let _ = reply.send(result.clone().map_err(TillError::from));
            }
        }
    }

    /// Notes that the ranking is up to date.
    fn forget_ranking(&mut self) -> Result<(), StoreError> {
        self.store.begin()?;
        self.store.set_meta(RANK_DUE, &[])?;
        self.store.commit()
    }
}

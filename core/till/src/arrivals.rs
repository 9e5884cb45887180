//! Ops from elsewhere on their way through the actor: kept and made durable at once, folded between commands.

use crate::actor::{Actor, topics};
use crate::error::TillError;
use barrow_kernel::event::Event;
use barrow_kernel::state::apply;
use barrow_log::id::CartId;
use barrow_store::error::StoreError;
use barrow_sync::session::Arrived;
use std::collections::BTreeSet;

/// Folds so many ops at a time: a few milliseconds, so that a tap never waits longer.
const FOLD_OPS: u32 = 32;
/// Commits after so many folded ops: what a crash makes fold again is a second's work.
const FOLD_COMMIT: u64 = 2_048;

/// What folding has under way.
#[derive(Debug, Default)]
pub(crate) struct Arrivals {
    /// Ops wait to be folded.
    pub(crate) waiting: bool,
    /// Counts the ops folded since the last commit.
    folded: u64,
    /// Carts that are to be read again after the commit.
    carts: BTreeSet<CartId>,
    /// Everything open is to be read again after the commit.
    everything: bool,
    /// The projections are to be made anew after the commit: ops that were folded count no more.
    rebuild: bool,
}

impl Arrivals {
    /// Begins, with ops that wait or without.
    pub(crate) fn begin(waiting: bool) -> Self {
        Self {
            waiting,
            ..Self::default()
        }
    }
}

impl Actor {
    /// Keeps ops of a session in the open transaction; they are durable with the next commit.
    pub(crate) fn keep(&mut self, arrived: &[Arrived]) -> Result<(), TillError> {
        let kept = self.try_keep(arrived);
        kept.map_err(|fault| match fault {
            // Nothing of the transaction changed: what others wait for in it goes on.
            StoreError::Fork { .. } | StoreError::Gap { .. } | StoreError::Refused { .. } => fault.into(),
            fault => self.fail(&fault),
        })
    }

    fn try_keep(&mut self, arrived: &[Arrived]) -> Result<(), StoreError> {
        if !self.store.in_transaction() {
            self.store.begin()?;
        }
        for arrived in arrived {
            if self.store.take(&arrived.stream, &arrived.range)? > 0 {
                self.arrivals.waiting = true;
            }
        }
        self.height = self.height.max(self.store.height()?);
        Ok(())
    }

    /// Folds a few of the ops that wait, and commits now and then.
    pub(crate) fn fold_some(&mut self) {
        let folded = self.try_fold_some();
        match folded {
            Ok(0) => {
                self.arrivals.waiting = false;
                self.settle();
            }
            Ok(_) if self.arrivals.folded >= FOLD_COMMIT => self.settle(),
            Ok(_) => {}
            Err(fault) => {
                self.arrivals.waiting = false;
                self.fail(&fault);
            }
        }
    }

    fn try_fold_some(&mut self) -> Result<u64, StoreError> {
        if !self.store.in_transaction() {
            self.store.begin()?;
        }
        let mut told: Vec<Event> = Vec::new();
        let folded = self
            .store
            .fold_some(FOLD_OPS, &mut |_, events| told.extend_from_slice(events))?;
        self.arrivals.folded += folded.ops + folded.accepted;
        self.arrivals.rebuild |= folded.rebuild;
        self.untold.extend(topics(&told));
        self.plan_ranking(&told)?;
        for event in &told {
            self.take_event(event);
        }
        Ok(folded.ops)
    }

    /// Brings one folded event into what is open. Sums take events in any order; what does not is read again.
    fn take_event(&mut self, event: &Event) {
        if let Some(cart) = event.open_cart() {
            self.arrivals.carts.insert(cart);
        }
        match event {
            Event::ShiftOpened { .. } | Event::ShiftClosed { .. } | Event::TenderCorrected { .. } => {
                self.arrivals.everything = true;
            }
            _ => {
                if let Ok(mut state) = self.state.write() {
                    apply(&mut state, event);
                }
            }
        }
    }

    /// Brings what is open up to what was committed.
    pub(crate) fn catch_up(&mut self) -> Result<(), StoreError> {
        self.identity.follow(&self.store.shared_policy());
        let arrivals = std::mem::take(&mut self.arrivals);
        self.arrivals.waiting = arrivals.waiting;
        if arrivals.rebuild {
            self.store.rebuild(|_| {})?;
        }
        if arrivals.rebuild || arrivals.everything {
            let state = self.store.state()?;
            if let Ok(mut shared) = self.state.write() {
                *shared = state;
            }
            return Ok(());
        }
        for id in arrivals.carts {
            let cart = self.store.cart(&id)?;
            if let Ok(mut state) = self.state.write() {
                match cart {
                    Some(cart) => state.carts.insert(id, cart),
                    None => state.carts.remove(&id),
                };
            }
        }
        Ok(())
    }

    /// Forgets what was folded in a transaction that was rolled back.
    pub(crate) fn forget_arrivals(&mut self) {
        self.arrivals = Arrivals::begin(self.store.has_unfolded().unwrap_or(true));
    }
}

//! Long work: whoever waits for it hears how far it is, and may give it up.

use rusqlite::Connection;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Lets SQLite look at the flag after this many of its steps: well under a millisecond.
const STEPS: i32 = 10_000;

/// Gives long work up. Clones share one flag: the work looks at it, somebody else sets it.
#[derive(Clone, Debug, Default)]
pub struct Cancel(Arc<AtomicBool>);

/// Says that work was given up. What it had written is gone, unless the work says otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("It was stopped before it was done. Nothing half-written was left.")]
pub struct Cancelled;

impl Cancel {
    /// Gives the work up; it ends at its next look.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Fails once the work is given up.
    ///
    /// # Errors
    /// [`Cancelled`] then.
    pub fn check(&self) -> Result<(), Cancelled> {
        match self.0.load(Ordering::Relaxed) {
            true => Err(Cancelled),
            false => Ok(()),
        }
    }

    /// Lets statements of a connection end early too: one of them may take a minute.
    pub(crate) fn watch(&self, conn: &mut Connection) -> rusqlite::Result<()> {
        let flag = self.clone();
        conn.progress_handler(STEPS, Some(move || flag.check().is_err()))
    }
}

/// Long work as it is seen from within: it tells how far it is and hears whether to go on.
pub struct Work<'a> {
    progress: &'a mut dyn FnMut(u64, u64),
    cancel: Cancel,
}

impl<'a> Work<'a> {
    /// Begins work that nobody gives up; `progress` hears what is done of the whole.
    pub fn new(progress: &'a mut dyn FnMut(u64, u64)) -> Self {
        Self::until(progress, &Cancel::default())
    }

    /// Begins work that ends early once it is given up.
    pub fn until(progress: &'a mut dyn FnMut(u64, u64), cancel: &Cancel) -> Self {
        Self {
            progress,
            cancel: cancel.clone(),
        }
    }

    /// Tells what is done of the whole.
    ///
    /// # Errors
    /// [`Cancelled`] once the work is given up.
    pub fn at(&mut self, done: u64, whole: u64) -> Result<(), Cancelled> {
        self.cancel.check()?;
        (self.progress)(done, whole);
        Ok(())
    }

    /// Returns what gives the work up.
    pub fn cancel(&self) -> &Cancel {
        &self.cancel
    }
}

//! Long work as other languages see it: how far it is, and a way to give it up.

use crate::error::TillError;
use crate::types::Progress;
use barrow_store::work::{Cancel, Work};
use std::sync::{Arc, Mutex};

/// Work that may take minutes: ask how far it is, or give it up.
#[derive(Default, uniffi::Object)]
pub struct LongWork {
    cancel: Cancel,
    progress: Mutex<Option<Progress>>,
}

#[uniffi::export]
impl LongWork {
    /// Makes what is lent to a piece of work; it serves one.
    #[uniffi::constructor]
    pub fn new() -> Arc<Self> {
        crate::crossed();
        Arc::default()
    }

    /// Tells how far the work is; nothing before it can tell and when it is over.
    pub async fn progress(&self) -> Option<Progress> {
        crate::crossed();
        self.now()
    }

    /// Gives the work up: it ends soon with `Cancelled` and leaves nothing half-written. Work that is done stays done.
    pub async fn cancel(&self) {
        crate::crossed();
        self.give_up();
    }
}

impl LongWork {
    pub(crate) fn now(&self) -> Option<Progress> {
        self.progress.lock().ok().and_then(|progress| *progress)
    }

    pub(crate) fn give_up(&self) {
        self.cancel.cancel();
    }

    /// Runs the work, unless it was given up before its turn came.
    pub(crate) fn run<T, E: Into<TillError>>(
        &self,
        work: impl FnOnce(&mut Work<'_>) -> Result<T, E>,
    ) -> Result<T, TillError> {
        let set = |now: Option<Progress>| {
            if let Ok(mut progress) = self.progress.lock() {
                *progress = now;
            }
        };
        self.cancel.check().map_err(|_| TillError::Cancelled)?;
        let mut tell = |done, total| set(Some(Progress { done, total }));
        let answer = work(&mut Work::until(&mut tell, &self.cancel));
        set(None);
        answer.map_err(Into::into)
    }
}

/// The long works of a till: what runs and what waits for its turn.
#[derive(Clone, Default)]
pub(crate) struct Works(Arc<Mutex<Vec<Arc<LongWork>>>>);

impl Works {
    /// Enters a new work; it stays as long as what is returned.
    pub(crate) fn enter(&self) -> Entered {
        let work = Arc::<LongWork>::default();
        if let Ok(mut works) = self.0.lock() {
            works.push(Arc::clone(&work));
        }
        Entered {
            work,
            works: self.clone(),
        }
    }

    /// Lists the works at this moment, the oldest first.
    pub(crate) fn all(&self) -> Vec<Arc<LongWork>> {
        self.0.lock().map_or_else(|_| Vec::new(), |works| works.clone())
    }
}

/// A work in the list of its till. Dropping it, run or not, takes it out.
pub(crate) struct Entered {
    pub(crate) work: Arc<LongWork>,
    works: Works,
}

impl Drop for Entered {
    fn drop(&mut self) {
        if let Ok(mut works) = self.works.0.lock() {
            works.retain(|work| !Arc::ptr_eq(work, &self.work));
        }
    }
}

//! How long taps may wait for their commit. This is the one place of the till where real time runs.

use std::time::{Duration, Instant};

/// Gives how long taps on an open cart may wait: a crash loses at most these (house rule 5).
pub(crate) const TAP_COMMIT: Duration = Duration::from_millis(50);

/// Gives how long the catalogue must be quiet before the search table is ranked anew.
pub(crate) const RANK_AFTER: Duration = Duration::from_secs(2);

/// A moment by which something must be done.
#[derive(Clone, Copy)]
pub(crate) struct Deadline(Instant);

impl Deadline {
    /// Sets a deadline from now.
    #[allow(
        clippy::disallowed_methods,
        reason = "the actor is a shell: it paces real commits, and orders nothing by it"
    )]
    pub(crate) fn after(time: Duration) -> Self {
        Self(Instant::now() + time)
    }

    /// Returns what is left; nothing once it has passed.
    #[allow(
        clippy::disallowed_methods,
        reason = "the actor is a shell: it paces real commits, and orders nothing by it"
    )]
    pub(crate) fn left(self) -> Duration {
        self.0.saturating_duration_since(Instant::now())
    }
}

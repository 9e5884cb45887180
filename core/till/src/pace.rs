//! How long things may wait. Times count from the opening of the till and come as arguments; only its thread reads a
//! real clock.

use std::time::{Duration, Instant};

/// Gives how long taps on an open cart may wait: a crash loses at most these (house rule 5).
pub(crate) const TAP_COMMIT: Duration = Duration::from_millis(50);

/// Gives how long the catalogue must be quiet before the search table is ranked anew.
pub(crate) const RANK_AFTER: Duration = Duration::from_secs(2);

/// Tells how long a till runs, in real time.
pub(crate) struct Stopwatch(Instant);

impl Stopwatch {
    /// Begins.
    #[allow(
        clippy::disallowed_methods,
        reason = "the thread is a shell: it paces real commits, and orders nothing by it"
    )]
    pub(crate) fn start() -> Self {
        Self(Instant::now())
    }

    /// Returns the time since the beginning.
    pub(crate) fn uptime(&self) -> Duration {
        self.0.elapsed()
    }
}

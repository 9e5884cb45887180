//! How far long work has come, on the standard error, so that answers stay clean.

use crate::place;
use std::io::{IsTerminal, Write};

/// Tells nothing in the first moment: short work needs no word.
const QUIET_MS: i64 = 700;
/// Tells a person anew after this time.
const TERMINAL_MS: i64 = 100;
/// Tells a log file anew after this time.
const LOG_MS: i64 = 10_000;

/// Work that takes a while.
pub struct Progress {
    what: &'static str,
    total: u64,
    next_ms: i64,
    terminal: bool,
    told: bool,
}

impl Progress {
    /// Starts; `total` is 0 when nobody knows it.
    pub fn new(what: &'static str, total: u64) -> Self {
        let terminal = std::io::stderr().is_terminal();
        Self {
            what,
            total,
            next_ms: place::now_ms() + QUIET_MS,
            terminal,
            told: false,
        }
    }

    /// Tells how far it has come, if it is time to.
    pub fn at(&mut self, done: u64, count: u64) {
        let now = place::now_ms();
        if now < self.next_ms {
            return;
        }
        self.next_ms = now + if self.terminal { TERMINAL_MS } else { LOG_MS };
        self.told = true;
        let share = match self.total {
            0 => String::new(),
            total => format!(" {:>3} %", done.min(total) * 100 / total),
        };
        let (start, end) = if self.terminal { ("\r", "") } else { ("", "\n") };
        let mut error = std::io::stderr().lock();
        // Nobody reads it: the work goes on all the same.
        let _ = write!(error, "{start}{}{share}  {count}{end}", self.what);
        let _ = error.flush();
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.told && self.terminal {
            let _ = write!(std::io::stderr(), "\r{:60}\r", "");
        }
    }
}

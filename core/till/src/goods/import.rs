//! Loading goods, taxes and barcodes from CSV. Nothing is loaded unless every row is right, or the rest is asked for.

pub mod barcodes;
pub mod items;
pub mod taxes;

use super::Fault;
use super::sheet::{Problem, Source};
use crate::Till;
use crate::error::TillError;
use barrow_store::work::{Cancelled, Work};
use serde::Serialize;

/// Tells at most this many problems: whoever has more fixes these first.
pub const PROBLEMS_TOLD: usize = 100;

/// How strict an import is.
#[derive(Clone, Copy, Debug, Default)]
pub struct Mode {
    /// Changes nothing.
    pub dry_run: bool,
    /// Loads what is right when something is wrong.
    pub keep_going: bool,
}

/// What an import did, or would do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ImportReport {
    /// Counts the rows of the file.
    pub rows: u64,
    /// Counts what was not there before.
    #[serde(rename = "new")]
    pub added: u64,
    /// Counts what was there and changed.
    pub changed: u64,
    /// Counts what is as it was.
    pub unchanged: u64,
    /// Counts what is wrong, told or not.
    #[serde(rename = "wrong")]
    pub problem_count: u64,
    /// Tells what is wrong with the first rows, at most [`PROBLEMS_TOLD`].
    pub problems: Vec<Problem>,
    /// Tells that the rows were loaded.
    pub loaded: bool,
}

impl ImportReport {
    /// Notes something wrong.
    pub(super) fn wrong(&mut self, problem: Problem) {
        self.problem_count += 1;
        if self.problems.len() < PROBLEMS_TOLD {
            self.problems.push(problem);
        }
    }

    /// Tells whether rows may be loaded.
    pub(super) fn may_load(&self, mode: Mode) -> bool {
        !mode.dry_run && (self.problem_count == 0 || mode.keep_going)
    }
}

/// What an import is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Every row is checked.
    Checking,
    /// The rows are loaded.
    Loading,
}

/// Hears how far an import is, and may give it up.
pub type Told<'a> = &'a mut dyn FnMut(Progress) -> Result<(), Cancelled>;

/// How far an import has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Tells what it is at.
    pub step: Step,
    /// Gives the bytes that this step has read.
    pub done: u64,
    /// Gives the bytes that this step reads in all.
    pub whole: u64,
    /// Counts the rows so far.
    pub rows: u64,
}

impl Progress {
    fn new(step: Step, done: u64, whole: u64, rows: u64) -> Self {
        Self {
            step,
            done,
            whole,
            rows,
        }
    }
}

/// Loads goods from a CSV in memory: every row or, when one is wrong, none unless the mode keeps going. A file that can't be read at all is a
/// report with one problem on line 1. `work` is told what is done of the whole, both in bytes.
///
/// # Errors
/// Those of the till; [`TillError::Cancelled`] when it is given up: what was loaded by then, whole batches, stays.
pub fn import(till: &Till, bytes: &[u8], mode: Mode, work: &mut Work<'_>) -> Result<ImportReport, TillError> {
    let length = bytes.len() as u64;
    // A load reads the file once to check it and twice to load it.
    let whole = if mode.dry_run { length } else { length * 3 };
    let mut tell = |at: Progress| match at.step {
        Step::Checking => work.at(at.done, whole),
        Step::Loading => work.at(length + at.done, whole),
    };
    match items::load(till, Source::Text(bytes), mode, &mut tell) {
        Err(Fault::File(why)) => {
            let mut report = ImportReport::default();
            report.wrong(Problem::new(1, "", why));
            Ok(report)
        }
        report => Ok(report?),
    }
}

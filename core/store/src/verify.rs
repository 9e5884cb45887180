//! Checks everything that is stored against itself: chains, signatures, policy, the sums of every sale, receipt
//! numbers, and each projection against a replay of the whole log.

mod chain;
mod compare;
mod content;

use crate::error::StoreError;
use crate::reader::Reader;
use crate::rebuild;
use barrow_log::stream::OpRef;

/// Describes at most this many problems; the rest is counted. A person reads a few, and one cause has many effects.
pub const PROBLEMS_MAX: usize = 1_000;
/// Tells progress after every so many ops.
const STEP: u64 = 1_000;

/// What is being done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// The database's pages and indexes.
    Pages,
    /// Every header and body hash, the chain of each stream, and signatures.
    Log,
    /// The sums of every sale, postings, receipt numbers and rights, and the replay of projections.
    Content,
    /// Each row of each projection against the replay.
    Compare,
}

/// How far it is, for a person who waits; a caller who times phases watches them change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// What is being done.
    pub phase: Phase,
    /// How many ops, or tables, are done in this phase.
    pub done: u64,
}

/// What is to be checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VerifyOptions {
    /// Checks every signature that was kept, not only the newest of each stream: each vouches for all before it.
    pub every_signature: bool,
    /// Replays the log and compares every projection.
    pub replay: bool,
}

impl Default for VerifyOptions {
    fn default() -> Self {
        Self {
            every_signature: false,
            replay: true,
        }
    }
}

/// Something that is not as it must be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// A page or index of the database is damaged.
    #[error("the database file is damaged: {what}")]
    Pages {
        /// What SQLite said.
        what: String,
    },
    /// Something could not be read at all.
    #[error("could not be read: {cause}")]
    Unreadable {
        /// Why.
        cause: StoreError,
    },
    /// An op is not what its stream's chain or its author's signature says.
    #[error("{what}")]
    Chain {
        /// What is wrong with which op.
        what: String,
    },
    /// Ops are missing: the numbers of arrival have a gap.
    #[error("{missing} ops are missing from the log")]
    Missing {
        /// How many.
        missing: u64,
    },
    /// A stream's device has no certificate: nobody vouches for it.
    #[error("nobody vouches for stream {}, from op {} on", .op.stream, .op.seq)]
    NoCertificate {
        /// The first op.
        op: OpRef,
    },
    /// The amounts of a document do not add up.
    #[error("op {} of stream {}: {what}", .op.seq, .op.stream)]
    Sums {
        /// The op.
        op: OpRef,
        /// What does not add up.
        what: String,
    },
    /// A row of a projection is not the fold of the log.
    #[error("table {table}, row {key}: {what}")]
    Projection {
        /// The table.
        table: &'static str,
        /// The row.
        key: String,
        /// How it differs.
        what: &'static str,
    },
}

/// What was checked and what was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Counts the ops whose headers were checked.
    pub ops: u64,
    /// Counts the bodies that were checked; fewer when some are withheld or erased.
    pub bodies: u64,
    /// Counts the signatures that were checked.
    pub signatures: u64,
    /// Counts the documents that were added up.
    pub sales: u64,
    /// Counts the rows of projections that were compared.
    pub rows: u64,
    /// Counts the problems.
    pub problem_count: u64,
    /// Describes the first [`PROBLEMS_MAX`] problems.
    pub problems: Vec<Problem>,
}

impl Report {
    /// Tells whether everything is as it must be.
    pub fn is_good(&self) -> bool {
        self.problem_count == 0
    }

    fn add(&mut self, problem: Problem) {
        self.problem_count += 1;
        if self.problems.len() < PROBLEMS_MAX {
            self.problems.push(problem);
        }
    }

    /// Notes a phase that could not go on; what was given up is no problem and ends the check.
    fn note(&mut self, result: Result<(), StoreError>) -> Result<(), StoreError> {
        match result {
            Err(StoreError::Cancelled(cancelled)) => Err(cancelled.into()),
            Err(cause) => {
                self.add(Problem::Unreadable { cause });
                Ok(())
            }
            Ok(()) => Ok(()),
        }
    }
}

/// Checks a store as it is at this moment. Nothing is changed; other work may go on meanwhile. [`Reader::ends_with`]
/// lets it end early.
///
/// # Errors
/// Only when not even a beginning can be made, or it is given up; everything else is a problem in the report.
pub fn verify(
    reader: &Reader,
    options: &VerifyOptions,
    mut progress: impl FnMut(Progress),
) -> Result<Report, StoreError> {
    // One snapshot for all phases.
    let snapshot = reader.conn.unchecked_transaction()?;
    let mut report = Report::default();
    progress(Progress {
        phase: Phase::Pages,
        done: 0,
    });
    let pages = pages(&snapshot, &mut report);
    report.note(pages)?;
    progress(Progress {
        phase: Phase::Log,
        done: 0,
    });
    let log = chain::check(&snapshot, options, &mut report, &mut progress);
    report.note(log)?;
    if options.replay {
        progress(Progress {
            phase: Phase::Content,
            done: 0,
        });
        let target = rebuild::scratch()?;
        let content = content::check(&snapshot, &target, &mut report, &mut progress);
        report.note(content)?;
        progress(Progress {
            phase: Phase::Compare,
            done: 0,
        });
        let compared = compare::check(&snapshot, &target, &mut report, &mut progress);
        report.note(compared)?;
    }
    Ok(report)
}

/// Asks SQLite to check pages and indexes.
fn pages(conn: &rusqlite::Connection, report: &mut Report) -> Result<(), StoreError> {
    let mut statement = conn.prepare("PRAGMA quick_check")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let what: String = row.get(0)?;
        if what != "ok" {
            report.add(Problem::Pages { what });
        }
    }
    Ok(())
}

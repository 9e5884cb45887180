//! `barrow import`: goods, taxes and barcodes from CSV. Nothing is loaded unless every row is right, or the rest is
//! asked for.

mod barcodes;
mod goods;
mod taxes;

use crate::Frame;
use crate::output::{Exit, Failure};
use crate::place;
use crate::sheet::{Problem, Source};
use clap::ValueEnum;
use serde::Serialize;
use std::path::PathBuf;

pub use goods::load as load_items;
pub use taxes::COLUMNS as TAX_COLUMNS;

/// Tells at most this many problems: whoever has more fixes these first.
const PROBLEMS_TOLD: usize = 100;

/// Load goods, taxes or barcodes from CSV; docs/csv.md lists the columns
#[derive(clap::Args)]
pub struct Args {
    /// What the file holds
    what: What,
    /// The CSV file, or - for standard input
    file: PathBuf,
    /// Check every row and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Load the rows that are right and leave the others out
    #[arg(long)]
    keep_going: bool,
}

/// What can be imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// Goods, found again by their SKU
    Items,
    /// Taxes, found again by their name
    Taxes,
    /// Barcodes of goods that are there
    Barcodes,
}

/// How strict an import is.
#[derive(Clone, Copy, Debug, Default)]
pub struct Mode {
    /// Changes nothing.
    pub dry_run: bool,
    /// Loads what is right when something is wrong.
    pub keep_going: bool,
}

/// What an import did, or would do.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    /// Counts the rows of the file.
    pub rows: u64,
    /// Counts what was not there before.
    pub new: u64,
    /// Counts what was there and changed.
    pub changed: u64,
    /// Counts what is as it was.
    pub unchanged: u64,
    /// Counts rows that are wrong.
    pub wrong: u64,
    /// Tells what is wrong with the first of them.
    pub problems: Vec<Problem>,
    /// Tells that the rows were loaded.
    pub loaded: bool,
}

impl Report {
    /// Notes a wrong row.
    pub fn wrong(&mut self, problem: Problem) {
        self.wrong += 1;
        if self.problems.len() < PROBLEMS_TOLD {
            self.problems.push(problem);
        }
    }

    /// Tells whether rows may be loaded.
    pub fn may_load(&self, mode: Mode) -> bool {
        !mode.dry_run && (self.wrong == 0 || mode.keep_going)
    }
}

/// Imports a file.
///
/// # Errors
/// When the file or the shop can't be read.
pub fn run(args: &Args, frame: &Frame) -> Result<Exit, Failure> {
    let shop = place::open(frame)?;
    if args.file.as_os_str() != "-" && !args.file.exists() {
        return Err(Failure::new(
            Exit::NotFound,
            format!("There is no file {}.", args.file.display()),
        ));
    }
    let source = Source::named(&args.file).map_err(Failure::invalid)?;
    let mode = Mode {
        dry_run: args.dry_run,
        keep_going: args.keep_going,
    };
    let report = match args.what {
        What::Items => goods::load(&shop, &source, mode)?,
        What::Taxes => taxes::load(&shop, &source, mode)?,
        What::Barcodes => barcodes::load(&shop, &source, mode)?,
    };
    frame.output.answer(&report, || told(&report, mode))?;
    Ok(if report.wrong > 0 {
        Exit::Invalid
    } else {
        Exit::Done
    })
}

fn told(report: &Report, mode: Mode) -> String {
    let mut out = String::new();
    for problem in &report.problems {
        out.push_str(&format!("{problem}\n"));
    }
    let more = report.wrong.saturating_sub(report.problems.len() as u64);
    if more > 0 {
        out.push_str(&format!("... and {more} more rows that are wrong.\n"));
    }
    let figures = format!(
        "{} new, {} changed, {} as they were",
        report.new, report.changed, report.unchanged
    );
    out.push_str(&match (report.loaded, report.wrong) {
        (true, 0) => format!("Loaded {} rows: {figures}.\n", report.rows),
        (true, wrong) => format!("Loaded the right rows of {}: {figures}; {wrong} left out.\n", report.rows),
        (false, 0) if mode.dry_run => format!("All {} rows are right: {figures}. Nothing was changed.\n", report.rows),
        (false, wrong) if mode.dry_run => format!("{wrong} of {} rows are wrong. Nothing was changed.\n", report.rows),
        (false, wrong) => format!(
            "{wrong} of {} rows are wrong. Nothing was loaded. Mend them, or add --keep-going to load the others.\n",
            report.rows
        ),
    });
    out
}

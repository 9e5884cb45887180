//! `barrow import`: goods, taxes and barcodes from CSV. Nothing is loaded unless every row is right, or the rest is
//! asked for.

use crate::Frame;
use crate::output::{Exit, Failure};
use crate::place;
use crate::progress::Progress;
use barrow_till::Till;
use barrow_till::goods::import::{ImportReport, Mode, Step, barcodes, items, taxes};
use barrow_till::goods::sheet::Source;
use clap::ValueEnum;
use serde::Serialize;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Limits a CSV that comes through a pipe, which must be read twice and so is kept in memory.
const PIPE_BYTES: u64 = 64 << 20;

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

/// Imports a file.
///
/// # Errors
/// When the file or the shop can't be read.
pub fn run(args: &Args, frame: &Frame) -> Result<Exit, Failure> {
    let shop = place::open(frame)?;
    if !is_pipe(&args.file) && !args.file.exists() {
        return Err(Failure::new(
            Exit::NotFound,
            format!("There is no file {}.", args.file.display()),
        ));
    }
    let piped = match is_pipe(&args.file) {
        true => Some(pipe()?),
        false => None,
    };
    let source = piped.as_deref().map_or(Source::File(&args.file), Source::Text);
    let mode = Mode {
        dry_run: args.dry_run,
        keep_going: args.keep_going,
    };
    let report = match args.what {
        What::Items => load_items(shop.till(), source, mode)?,
        What::Taxes => taxes::load(shop.till(), source, mode)?,
        What::Barcodes => barcodes::load(shop.till(), source, mode)?,
    };
    frame.output.answer(&report, || told(&report, mode))?;
    Ok(if report.problem_count > 0 {
        Exit::Invalid
    } else {
        Exit::Done
    })
}

fn is_pipe(file: &Path) -> bool {
    file == Path::new("-")
}

/// Reads standard input to its end.
fn pipe() -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let read = std::io::stdin()
        .lock()
        .take(PIPE_BYTES + 1)
        .read_to_end(&mut bytes);
    match read {
        Err(fault) => Err(Failure::invalid(format!(
            "Standard input can't be read: {fault}."
        ))),
        Ok(length) if length as u64 > PIPE_BYTES => Err(Failure::invalid(format!(
            "More than {} MiB came through the pipe. Save it as a file first.",
            PIPE_BYTES >> 20
        ))),
        Ok(_) => Ok(bytes),
    }
}

/// Loads goods and shows how far it is.
fn load_items(till: &Till, source: Source<'_>, mode: Mode) -> Result<ImportReport, Failure> {
    let length = source.length();
    let mut checking = Progress::new("checking", length);
    let mut loading = None;
    let report = items::load(till, source, mode, &mut |at| {
        match at.step {
            Step::Checking => checking.at(at.done, at.rows),
            Step::Loading => loading
                .get_or_insert_with(|| Progress::new("loading", at.whole))
                .at(at.done, at.rows),
        }
        Ok(())
    })?;
    Ok(report)
}

fn told(report: &ImportReport, mode: Mode) -> String {
    let mut out = String::new();
    for problem in &report.problems {
        out.push_str(&format!("{problem}\n"));
    }
    let more = report.problem_count.saturating_sub(report.problems.len() as u64);
    if more > 0 {
        out.push_str(&format!("... and {more} more rows that are wrong.\n"));
    }
    let figures = format!(
        "{} new, {} changed, {} as they were",
        report.added, report.changed, report.unchanged
    );
    out.push_str(&match (report.loaded, report.problem_count) {
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

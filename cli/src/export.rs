//! `barrow export`: goods, taxes, barcodes and sales as CSV. What is exported can be imported again.

use crate::Frame;
use crate::output::{Exit, Failure};
use crate::period::Period;
use crate::place;
use crate::progress::Progress;
use barrow_store::work::Work;
use barrow_till::goods::export::{self, Rows};
use clap::ValueEnum;
use serde::Serialize;
use std::fs::File;
use std::io::{self, Write};
use std::path::PathBuf;

/// Write goods, taxes, barcodes or sales as CSV; docs/csv.md lists the columns
#[derive(clap::Args)]
pub struct Args {
    /// What to write
    what: What,
    /// The file, which must not be there yet; - or nothing for standard output
    file: Option<PathBuf>,
    #[command(flatten)]
    period: Period,
    /// One row a line of each sale instead of one a sale
    #[arg(long)]
    lines: bool,
    /// Write over a file that is there
    #[arg(long)]
    force: bool,
}

/// What can be exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Serialize)]
#[serde(rename_all = "snake_case")]
enum What {
    /// Goods
    Items,
    /// Taxes
    Taxes,
    /// Barcodes of goods
    Barcodes,
    /// Sales, for an accountant
    Sales,
}

/// What was exported.
#[derive(Serialize)]
struct Report {
    what: What,
    rows: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<PathBuf>,
}

/// Exports.
///
/// # Errors
/// When the shop can't be read or the file can't be written.
pub fn run(args: &Args, frame: &Frame) -> Result<Exit, Failure> {
    let shop = place::open(frame)?;
    let file = args.file.clone().filter(|file| file.as_os_str() != "-");
    let target: Box<dyn Write> = match &file {
        None => Box::new(io::stdout()),
        Some(path) => Box::new(create(path, args.force)?),
    };
    let mut shown = Progress::new("writing", 0);
    let mut tell = |rows, _| shown.at(0, rows);
    let mut work = Work::new(&mut tell);
    let mut rows = Rows::new(target, &mut work);
    let reader = shop.till().own_reader()?;
    match args.what {
        What::Items => export::items(&reader, &mut rows)?,
        What::Taxes => export::taxes(&reader, &mut rows)?,
        What::Barcodes => export::barcodes(&reader, &mut rows)?,
        What::Sales => export::sales(&reader, args.period.span(&shop)?, args.lines, &mut rows)?,
    }
    let report = Report {
        what: args.what,
        rows: rows.finish()?,
        file,
    };
    if let Some(path) = &report.file {
        let told = format!("{} rows in {}.\n", report.rows, path.display());
        frame.output.answer(&report, || told)?;
    }
    Ok(Exit::Done)
}

fn create(path: &PathBuf, force: bool) -> Result<File, Failure> {
    let mut options = File::options();
    options
        .write(true)
        .create_new(!force)
        .create(force)
        .truncate(force);
    options.open(path).map_err(|fault| match fault.kind() {
        io::ErrorKind::AlreadyExists => Failure::invalid(format!(
            "{} is there already. Choose another name, or add --force.",
            path.display()
        )),
        _ => Failure::new(
            Exit::Store,
            format!("{} can't be written: {fault}.", path.display()),
        ),
    })
}

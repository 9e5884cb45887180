//! `barrow replay`: a year of real trade through the one road, every row accounted for.
//!
//! The file is read twice as a stream: once for the catalogue, once to sell. Each invoice is one `AddLines` and one
//! tender; cancellations are refunds, write-offs movements of stock, bad debts adjustments of the ledger.

mod books;
mod invoice;
mod seller;
mod source;
mod twice;

use crate::output::{Exit, Failure};
use crate::progress::Progress;
use crate::{Frame, place};
use barrow_store::Options;
use barrow_till::Till;
use barrow_till::ports::Ports;
use barrow_till::setup::Setup;
use books::Books;
use clap::Args as ClapArgs;
use seller::Seller;
use source::{Catalogue, Source};
use std::path::{Path, PathBuf};

/// Sells this many invoices line by line as well, and compares.
const TWICE: usize = 500;

/// Replays a year of recorded trade (the "Online Retail" CSV, plain or .zst) in a new folder, and checks every row
#[derive(ClapArgs)]
pub struct Args {
    /// The file: InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
    file: PathBuf,
    /// Where to sell; it must be new [default: a folder beside the shop's that is removed afterwards]
    #[arg(long, value_name = "DIR")]
    into: Option<PathBuf>,
    /// Stop after this many invoices
    #[arg(long)]
    limit: Option<usize>,
    /// Write the table as Markdown to this file too
    #[arg(long, value_name = "FILE")]
    markdown: Option<PathBuf>,
}

/// Runs it.
pub fn run(args: &Args, frame: &Frame) -> Result<Exit, Failure> {
    if !args.file.exists() {
        return Err(Failure::new(
            Exit::NotFound,
            format!("There is no file {}.", args.file.display()),
        ));
    }
    let scratch = args.into.clone().unwrap_or_else(|| frame.folder.join("replay"));
    if scratch.exists() {
        return Err(Failure::invalid(format!(
            "{} is there already. Name a new folder with --into.",
            scratch.display()
        )));
    }
    let books = replay(args, &scratch)?;
    if let Some(file) = &args.markdown {
        std::fs::write(file, books.markdown()).map_err(|fault| {
            Failure::new(
                Exit::Store,
                format!("{} can't be written: {fault}.", file.display()),
            )
        })?;
    }
    if args.into.is_none() {
        // A scratch folder that can't be removed is in nobody's way.
        std::fs::remove_dir_all(&scratch).unwrap_or_default();
    }
    frame.output.answer(&books, || books.text())?;
    Ok(if books.problems.is_empty() {
        Exit::Done
    } else {
        Exit::Problem
    })
}

fn replay(args: &Args, scratch: &Path) -> Result<Books, Failure> {
    let catalogue = Catalogue::read(Source::open(&args.file)?)?;
    let mut seller = Seller::new(open(&scratch.join("store"))?, &catalogue)?;
    let mut invoices = catalogue.invoices(Source::open(&args.file)?);
    let limit = args.limit.unwrap_or(usize::MAX);
    let mut progress = Progress::new("selling", catalogue.invoice_count().min(limit) as u64);
    let mut count = 0;
    while count < limit
        && let Some(invoice) = invoices.next()?
    {
        seller.sell(&invoice)?;
        count += 1;
        progress.at(count as u64, count as u64);
    }
    drop(progress);
    let mut books = seller.finish()?;
    let sample = Source::open(&args.file)?;
    let samples = TWICE.min(limit);
    twice::compare(
        open(&scratch.join("twice"))?,
        &catalogue,
        sample,
        samples,
        &mut books,
    )?;
    Ok(books)
}

/// Opens a fresh shop whose clock is the file's.
fn open(folder: &Path) -> Result<Till, Failure> {
    std::fs::create_dir_all(folder).map_err(|fault| {
        Failure::new(
            Exit::Store,
            format!("{} can't be made: {fault}.", folder.display()),
        )
    })?;
    let setup = Setup {
        name: "Online Retail".into(),
        country: "GB".into(),
        currency: None,
        till: None,
        utc_offset_minutes: 0,
        language: None,
    };
    let ports = Ports::system(&folder.with_extension("keys"));
    Till::found(folder, &setup, ports, &Options::default()).map_err(|fault| place::failure(&fault))
}

//! `barrow export`: goods, taxes, barcodes and sales as CSV. What is exported can be imported again.

mod sales;

use crate::Frame;
use crate::items::{columns, write};
use crate::output::{Exit, Failure, unwritten};
use crate::period::Period;
use crate::place;
use crate::progress::Progress;
use crate::shop::Shop;
use barrow_kernel::catalogue::Item;
use barrow_kernel::context::World;
use barrow_kernel::rejection::Rejection;
use barrow_kernel::tax::{Tax, TaxKind};
use barrow_log::id::ItemId;
use clap::ValueEnum;
use serde::Serialize;
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufWriter, Write};
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

/// Rows on their way out.
pub struct Rows {
    writer: csv::Writer<Box<dyn Write>>,
    count: u64,
    progress: Progress,
}

impl Rows {
    /// Writes one row.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn row<T: AsRef<[u8]>>(&mut self, cells: impl IntoIterator<Item = T>) -> Result<(), Failure> {
        self.count += 1;
        self.progress.at(0, self.count);
        self.writer.write_record(cells).map_err(unsaved)
    }
}

fn unsaved(fault: csv::Error) -> Failure {
    match fault.into_kind() {
        csv::ErrorKind::Io(fault) => unwritten(fault),
        other => Failure::new(Exit::Store, format!("The rows could not be written ({other:?}).")),
    }
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
    let mut builder = csv::WriterBuilder::new();
    let writer = builder.terminator(csv::Terminator::CRLF).flexible(true);
    let mut rows = Rows {
        writer: writer.from_writer(Box::new(BufWriter::new(target))),
        count: 0,
        progress: Progress::new("writing", 0),
    };
    match args.what {
        What::Items => items(&shop, &mut rows)?,
        What::Taxes => taxes(&shop, &mut rows)?,
        What::Barcodes => barcodes(&shop, &mut rows)?,
        What::Sales => sales::write(&shop, &args.period, args.lines, &mut rows)?,
    }
    rows.writer.flush().map_err(unwritten)?;
    let report = Report {
        what: args.what,
        rows: rows.count.saturating_sub(1),
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

/// Writes all items; columns that Barrow keeps for later stand at the end.
fn items(shop: &Shop, rows: &mut Rows) -> Result<(), Failure> {
    let mut extras = BTreeSet::new();
    shop.items(|item| {
        extras.extend(item.face.extras.iter().map(|extra| extra.name.clone()));
        Ok(())
    })?;
    // A kept column whose name means something else here could not be read back.
    let kept = |name: &String| !columns::EXPORTED.iter().any(|(_, known)| known == name);
    let extras: Vec<String> = extras.into_iter().filter(kept).collect();
    let names = columns::EXPORTED.iter().map(|(_, name)| (*name).to_owned());
    rows.row(names.chain(extras.iter().cloned()))?;
    let all = shop.taxes()?;
    shop.items(|item| {
        let sku_of = |id: &ItemId| {
            let deposit = shop.world(|world: &dyn World| -> Result<_, Rejection> { world.item(id) });
            deposit
                .ok()
                .flatten()
                .map_or_else(|| id.to_string(), |item| item.face.sku.clone())
        };
        rows.row(write::row(item, &all, &extras, &sku_of))
    })
}

fn taxes(shop: &Shop, rows: &mut Rows) -> Result<(), Failure> {
    rows.row(crate::import::TAX_COLUMNS)?;
    for tax in shop.taxes()? {
        rows.row(tax_row(&tax))?;
    }
    Ok(())
}

fn tax_row(tax: &Tax) -> Vec<String> {
    let yes = |yes: bool| if yes { "yes" } else { "no" }.to_owned();
    let (kind, rate, children) = match &tax.kind {
        TaxKind::Percent(rate) => ("percent", rate.to_string(), String::new()),
        TaxKind::Division(rate) => ("division", rate.to_string(), String::new()),
        TaxKind::Fixed(amount) => ("fixed", amount.to_string(), String::new()),
        TaxKind::Group(taxes) => (
            "group",
            String::new(),
            serde_json::to_string(taxes).unwrap_or_default(),
        ),
    };
    let class = serde_json::to_value(tax.class)
        .ok()
        .and_then(|word| word.as_str().map(str::to_owned));
    vec![
        tax.id.to_string(),
        tax.name.clone(),
        kind.into(),
        rate,
        yes(tax.price_include),
        tax.group.clone(),
        class.unwrap_or_default(),
        tax.sequence.to_string(),
        yes(tax.include_base_amount),
        yes(tax.is_base_affected),
        children,
    ]
}

fn barcodes(shop: &Shop, rows: &mut Rows) -> Result<(), Failure> {
    rows.row(["sku", "barcode", "name"])?;
    shop.items(|item: &Item| {
        for code in &item.codes {
            rows.row([item.face.sku.as_str(), code, &item.face.name])?;
        }
        Ok(())
    })
}

//! Writing goods, taxes, barcodes and sales as CSV. What is exported can be imported again.

mod sales;

use super::Fault;
use super::desk::Desk;
use super::import;
use super::items::{columns, write};
use crate::Till;
use crate::error::TillError;
use barrow_kernel::catalogue::Item;
use barrow_kernel::tax::{Tax, TaxKind};
use barrow_log::id::ItemId;
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

pub use sales::write as sales;

/// Rows on their way out.
pub struct Rows<'a> {
    writer: csv::Writer<Box<dyn Write + 'a>>,
    count: u64,
    progress: &'a mut dyn FnMut(u64),
}

impl<'a> Rows<'a> {
    /// Writes to a target; `progress` is told the number of rows so far.
    pub fn new(target: impl Write + 'a, progress: &'a mut dyn FnMut(u64)) -> Self {
        let target: Box<dyn Write + 'a> = Box::new(BufWriter::new(target));
        let mut builder = csv::WriterBuilder::new();
        let writer = builder.terminator(csv::Terminator::CRLF).flexible(true);
        Self {
            writer: writer.from_writer(target),
            count: 0,
            progress,
        }
    }

    /// Writes one row.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn row<T: AsRef<[u8]>>(&mut self, cells: impl IntoIterator<Item = T>) -> Result<(), Fault> {
        self.count += 1;
        (self.progress)(self.count);
        self.writer.write_record(cells).map_err(unsaved)
    }

    /// Writes what is still held back and returns the number of rows below the header.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn finish(mut self) -> Result<u64, Fault> {
        self.writer.flush()?;
        Ok(self.count.saturating_sub(1))
    }
}

fn unsaved(fault: csv::Error) -> Fault {
    match fault.into_kind() {
        csv::ErrorKind::Io(fault) => Fault::Write(fault),
        other => Fault::Write(io::Error::other(format!("{other:?}"))),
    }
}

/// Writes one file.
type Export = fn(&Till, &mut Rows<'_>) -> Result<(), Fault>;

/// Lists what [`export`] writes.
const FILES: [(&str, Export); 5] = [
    ("items.csv", items),
    ("taxes.csv", taxes),
    ("barcodes.csv", barcodes),
    ("sales.csv", |till, rows| {
        sales(till, (i64::MIN, i64::MAX), false, rows)
    }),
    ("sale-lines.csv", |till, rows| {
        sales(till, (i64::MIN, i64::MAX), true, rows)
    }),
];

/// Writes everything as CSV into a folder, which is made when it is not there, and returns the files. A file that is
/// there already is never written over.
///
/// # Errors
/// When a file is there already (nothing is written then), the folder can't be written, or the till can't be read.
pub fn export(till: &Till, folder: &Path) -> Result<Vec<PathBuf>, TillError> {
    let unwritten =
        |fault: io::Error| TillError::device(&format!("{} can't be written: {fault}.", folder.display()));
    std::fs::create_dir_all(folder).map_err(unwritten)?;
    if let Some((taken, _)) = FILES.iter().find(|(name, _)| folder.join(name).exists()) {
        return Err(TillError::device(&format!(
            "{taken} is there already; nothing was written. Choose an empty folder."
        )));
    }
    let mut written = Vec::new();
    for (name, export) in FILES {
        let path = folder.join(name);
        let file = File::create_new(&path).map_err(unwritten)?;
        let mut quiet = |_| {};
        let mut rows = Rows::new(&file, &mut quiet);
        export(till, &mut rows)?;
        rows.finish()?;
        file.sync_all().map_err(unwritten)?;
        written.push(path);
    }
    Ok(written)
}

/// Writes all items; columns that Barrow keeps for later stand at the end.
///
/// # Errors
/// When the till can't be read or the rows can't be written.
pub fn items(till: &Till, rows: &mut Rows<'_>) -> Result<(), Fault> {
    let mut extras = BTreeSet::new();
    till.each_item(|item| {
        extras.extend(item.face.extras.iter().map(|extra| extra.name.clone()));
        Ok::<(), Fault>(())
    })?;
    // A kept column whose name means something else here could not be read back.
    let kept = |name: &String| !columns::EXPORTED.iter().any(|(_, known)| known == name);
    let extras: Vec<String> = extras.into_iter().filter(kept).collect();
    let names = columns::EXPORTED.iter().map(|(_, name)| (*name).to_owned());
    rows.row(names.chain(extras.iter().cloned()))?;
    let all = Desk(till).taxes()?;
    till.each_item(|item| {
        let sku_of = |id: &ItemId| {
            let deposit = Desk(till).world(|world| world.item(id));
            deposit
                .ok()
                .flatten()
                .map_or_else(|| id.to_string(), |item| item.face.sku.clone())
        };
        rows.row(write::row(item, &all, &extras, &sku_of))
    })
}

/// Writes all taxes.
///
/// # Errors
/// As [`items`].
pub fn taxes(till: &Till, rows: &mut Rows<'_>) -> Result<(), Fault> {
    rows.row(import::taxes::COLUMNS)?;
    for tax in Desk(till).taxes()? {
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

/// Writes all barcodes, one row a code.
///
/// # Errors
/// As [`items`].
pub fn barcodes(till: &Till, rows: &mut Rows<'_>) -> Result<(), Fault> {
    rows.row(["sku", "barcode", "name"])?;
    till.each_item(|item: &Item| {
        for code in &item.codes {
            rows.row([item.face.sku.as_str(), code, &item.face.name])?;
        }
        Ok(())
    })
}

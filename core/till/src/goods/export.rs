//! Writing goods, taxes, barcodes and sales as CSV. What is exported can be imported again.

mod sales;

use super::Fault;
use super::import;
use super::items::{columns, write};
use crate::each;
use crate::error::TillError;
use barrow_kernel::catalogue::Item;
use barrow_kernel::context::Catalogue;
use barrow_kernel::tax::{Tax, TaxKind};
use barrow_log::id::ItemId;
use barrow_store::Reader;
use barrow_store::work::Work;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

pub use sales::write as sales;

/// Rows on their way out.
pub struct Rows<'a, 'b> {
    writer: csv::Writer<Box<dyn Write + 'a>>,
    count: u64,
    work: &'a mut Work<'b>,
}

impl<'a, 'b> Rows<'a, 'b> {
    /// Writes to a target; `work` is told the number of rows so far, of a whole that nobody knows.
    pub fn new(target: impl Write + 'a, work: &'a mut Work<'b>) -> Self {
        let target: Box<dyn Write + 'a> = Box::new(BufWriter::new(target));
        let mut builder = csv::WriterBuilder::new();
        let writer = builder.terminator(csv::Terminator::CRLF).flexible(true);
        Self {
            writer: writer.from_writer(target),
            count: 0,
            work,
        }
    }

    /// Writes one row.
    ///
    /// # Errors
    /// When it can't be written, or the work is given up.
    pub fn row<T: AsRef<[u8]>>(&mut self, cells: impl IntoIterator<Item = T>) -> Result<(), Fault> {
        self.count += 1;
        self.work.at(self.count, 0)?;
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
type Export = fn(&Reader, &mut Rows<'_, '_>) -> Result<(), Fault>;

/// Lists what [`export`] writes.
const FILES: [(&str, Export); 5] = [
    ("items.csv", items),
    ("taxes.csv", taxes),
    ("barcodes.csv", barcodes),
    ("sales.csv", |reader, rows| {
        sales(reader, (i64::MIN, i64::MAX), false, rows)
    }),
    ("sale-lines.csv", |reader, rows| {
        sales(reader, (i64::MIN, i64::MAX), true, rows)
    }),
];

/// Writes everything as CSV into a folder, which is made when it is not there, and returns the files. A file that is
/// there already is never written over; what fails or is given up leaves no file.
///
/// # Errors
/// When a file is there already, the folder can't be written, or the store can't be read.
pub fn export(reader: &Reader, folder: &Path, work: &mut Work<'_>) -> Result<Vec<PathBuf>, TillError> {
    let mut written = Written::into(folder)?;
    for (name, export) in FILES {
        written.file(name, |rows| export(reader, rows), work)??;
    }
    Ok(written.keep())
}

/// What could be saved of a damaged store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rescued {
    /// Names the files that were written.
    pub files: Vec<String>,
    /// Names those of them that end early: the rest could not be read.
    pub cut: Vec<String>,
}

/// Writes what can still be read of a damaged store as CSV into a folder, as [`export`] does: where reading fails the
/// file ends, and the next one begins.
///
/// # Errors
/// As [`export`], or when nothing at all can be read; no file is left then.
pub fn rescue(reader: &Reader, folder: &Path, work: &mut Work<'_>) -> Result<Rescued, TillError> {
    let mut written = Written::into(folder)?;
    let (mut cut, mut first) = (Vec::new(), None);
    for (name, export) in FILES {
        if let Err(fault) = written.file(name, |rows| export(reader, rows), work)? {
            cut.push(name.to_owned());
            first.get_or_insert(fault);
        }
    }
    match first {
        Some(fault) if cut.len() == FILES.len() => Err(fault),
        _ => {
            let files = written.keep();
            Ok(Rescued {
                files: files.iter().map(|file| file.display().to_string()).collect(),
                cut,
            })
        }
    }
}

/// Files on their way into a folder: gone again unless they are kept.
struct Written<'a> {
    folder: &'a Path,
    files: Vec<PathBuf>,
}

impl<'a> Written<'a> {
    fn into(folder: &'a Path) -> Result<Self, TillError> {
        std::fs::create_dir_all(folder).map_err(|fault| unwritten(folder, &fault))?;
        if let Some((taken, _)) = FILES.iter().find(|(name, _)| folder.join(name).exists()) {
            return Err(TillError::device(&format!(
                "{taken} is there already; nothing was written. Choose an empty folder."
            )));
        }
        Ok(Self {
            folder,
            files: Vec::new(),
        })
    }

    /// Writes one file. The inner error is what could not be read; the rows before it are in the file.
    fn file(
        &mut self,
        name: &str,
        export: impl FnOnce(&mut Rows<'_, '_>) -> Result<(), Fault>,
        work: &mut Work<'_>,
    ) -> Result<Result<(), TillError>, TillError> {
        let failed = |fault: io::Error| unwritten(self.folder, &fault);
        let path = self.folder.join(name);
        let file = File::create_new(&path).map_err(failed)?;
        self.files.push(path);
        let mut rows = Rows::new(&file, work);
        let read = match export(&mut rows) {
            Err(Fault::Till(TillError::Cancelled)) => return Err(TillError::Cancelled),
            Err(Fault::Till(unreadable)) => Err(unreadable),
            Err(other) => return Err(other.into()),
            Ok(()) => Ok(()),
        };
        rows.finish()?;
        file.sync_all().map_err(failed)?;
        Ok(read)
    }

    fn keep(mut self) -> Vec<PathBuf> {
        std::mem::take(&mut self.files)
    }
}

impl Drop for Written<'_> {
    fn drop(&mut self) {
        for file in &self.files {
            // There is nobody left to tell: the fault that ended the export is told already.
            let _ = std::fs::remove_file(file);
        }
    }
}

fn unwritten(folder: &Path, fault: &io::Error) -> TillError {
    TillError::device(&format!("{} can't be written: {fault}.", folder.display()))
}

/// Writes all items; columns that Barrow keeps for later stand at the end.
///
/// # Errors
/// When the store can't be read or the rows can't be written.
pub fn items(reader: &Reader, rows: &mut Rows<'_, '_>) -> Result<(), Fault> {
    let mut extras = BTreeSet::new();
    each::item(reader, |item| {
        extras.extend(item.face.extras.iter().map(|extra| extra.name.clone()));
        Ok::<(), Fault>(rows.work.cancel().check()?)
    })?;
    // A kept column whose name means something else here could not be read back.
    let kept = |name: &String| !columns::EXPORTED.iter().any(|(_, known)| known == name);
    let extras: Vec<String> = extras.into_iter().filter(kept).collect();
    let names = columns::EXPORTED.iter().map(|(_, name)| (*name).to_owned());
    rows.row(names.chain(extras.iter().cloned()))?;
    let all = reader.taxes().map_err(TillError::from)?;
    each::item(reader, |item| {
        let sku_of = |id: &ItemId| {
            let deposit = reader.item(id);
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
pub fn taxes(reader: &Reader, rows: &mut Rows<'_, '_>) -> Result<(), Fault> {
    rows.row(import::taxes::COLUMNS)?;
    for tax in reader.taxes().map_err(TillError::from)? {
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
pub fn barcodes(reader: &Reader, rows: &mut Rows<'_, '_>) -> Result<(), Fault> {
    rows.row(["sku", "barcode", "name"])?;
    each::item(reader, |item: &Item| {
        for code in &item.codes {
            rows.row([item.face.sku.as_str(), code, &item.face.name])?;
        }
        Ok(())
    })
}

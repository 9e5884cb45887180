//! `barrow backup` and `barrow restore`: a sealed copy, and the way back.

use crate::Frame;
use crate::output::{Exit, Failure};
use crate::place;
use crate::progress::Progress;
use crate::verify;
use barrow_log::key::OrganisationKey;
use barrow_store::backup::{self, BackupError, Secret};
use barrow_store::work::Work;
use barrow_till::Till;
use serde::Serialize;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// Limits a file with a passphrase or recovery words.
const SECRET_BYTES: u64 = 4 << 10;

/// Make a sealed copy of the shop in a folder; it never overwrites an older one
#[derive(clap::Args)]
pub struct BackupArgs {
    /// The folder for the copy: another disk, a stick
    target: PathBuf,
    /// Seal it with the passphrase in the first line of a file
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with = "words",
        required_unless_present = "words"
    )]
    passphrase_file: Option<PathBuf>,
    /// Seal it with the recovery words that init showed
    #[arg(long)]
    words: bool,
}

/// Bring a backup back into a new folder; this device then sells under a new series
#[derive(clap::Args)]
pub struct RestoreArgs {
    /// The backup
    file: PathBuf,
    /// The folder of the shop, which must not hold one
    #[arg(long, value_name = "DIR")]
    into: PathBuf,
    /// Open it with the passphrase in the first line of a file
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with = "words_file",
        required_unless_present = "words_file"
    )]
    passphrase_file: Option<PathBuf>,
    /// Open it with the recovery words in a file, or - to type them
    #[arg(long, value_name = "FILE")]
    words_file: Option<PathBuf>,
}

/// A backup that was made.
#[derive(Serialize)]
struct Made {
    file: PathBuf,
    bytes: u64,
}

/// A shop that was brought back.
#[derive(Serialize)]
struct Back {
    folder: PathBuf,
    name: String,
    made_ms: i64,
    sales: u64,
    good: bool,
    next: &'static str,
}

impl From<BackupError> for Failure {
    fn from(fault: BackupError) -> Self {
        let exit = match fault {
            BackupError::Missing(_) => Exit::NotFound,
            BackupError::Full | BackupError::NoPermission | BackupError::Failed(_) => Exit::Store,
            _ => Exit::Invalid,
        };
        Self::new(exit, fault.to_string())
    }
}

/// Makes a backup.
///
/// # Errors
/// When the shop can't be opened, this device does not hold its key, or the folder can't be written.
pub fn backup(args: &BackupArgs, frame: &Frame) -> Result<Exit, Failure> {
    let shop = place::open(frame)?;
    let passphrase = args.passphrase_file.as_deref().map(first_line).transpose()?;
    let secret = |key| match &passphrase {
        Some(passphrase) => Secret::Passphrase(passphrase),
        None => Secret::Words(key),
    };
    let mut progress = Progress::new("sealing, KiB", 0);
    let mut tell = |done, _| progress.at(0, done / 1024);
    let file = shop
        .till()
        .seal::<Failure>(&args.target, secret, &mut Work::new(&mut tell))?;
    drop(progress);
    let made = Made {
        bytes: std::fs::metadata(&file).map_or(0, |meta| meta.len()),
        file,
    };
    frame.output.answer(&made, || {
        let opens = if args.words {
            "recovery words"
        } else {
            "passphrase"
        };
        format!(
            "{} ({} KiB). It opens with the {opens}.\n",
            made.file.display(),
            made.bytes.div_ceil(1024)
        )
    })?;
    Ok(Exit::Done)
}

/// Brings a backup back and opens the shop as a new device, with a series of its own.
///
/// # Errors
/// When the backup can't be opened, or the folder holds a shop.
pub fn restore(args: &RestoreArgs, frame: &Frame) -> Result<Exit, Failure> {
    let passphrase = args.passphrase_file.as_deref().map(first_line).transpose()?;
    let key = args.words_file.as_deref().map(typed_words).transpose()?;
    let secret = match (&passphrase, &key) {
        (Some(passphrase), _) => Secret::Passphrase(passphrase),
        (None, Some(key)) => Secret::Words(key),
        (None, None) => {
            return Err(Failure::new(
                Exit::Usage,
                "Give --passphrase-file or --words-file.",
            ));
        }
    };
    let mut progress = Progress::new("opening, KiB", 0);
    let mut tell = |done, _| progress.at(0, done);
    let restored = backup::restore(&args.file, &secret, &args.into, &mut Work::new(&mut tell))?;
    drop(progress);
    let ports = place::ports();
    Till::adopt(&ports, &restored.organisation_key).map_err(|fault| place::failure(&fault))?;
    let shop = place::open_at(&args.into, ports)?;
    // A backup leaves the search tables out; the first customer finds everything all the same.
    shop.rank_search()?;
    let checked = verify::check(&shop, false)?;
    let back = Back {
        folder: args.into.clone(),
        name: shop.settings()?.name.clone(),
        made_ms: restored.created_ms,
        sales: checked.sales,
        good: checked.good,
        next: "receipts go on under a new series",
    };
    frame.output.answer(&back, || {
        let check = if checked.good { "verify found no fault".to_owned() } else { verify::text(&checked) };
        format!(
            "{} is back in {}: {} sales, {check}.\nThis device sells under a new series of receipts. Do not sell on \
             with the old one.\n",
            back.name,
            back.folder.display(),
            back.sales
        )
    })?;
    Ok(if checked.good { Exit::Done } else { Exit::Problem })
}

/// Reads the first line of a file that holds a secret.
fn first_line(path: &Path) -> Result<Zeroizing<String>, Failure> {
    let text = secret_text(path)?;
    Ok(Zeroizing::new(text.lines().next().unwrap_or_default().to_owned()))
}

fn typed_words(path: &Path) -> Result<OrganisationKey, Failure> {
    let text = secret_text(path)?;
    OrganisationKey::from_words(&text).map_err(|fault| Failure::field("words-file", format!("{fault}.")))
}

fn secret_text(path: &Path) -> Result<Zeroizing<String>, Failure> {
    let unread = |fault: std::io::Error| match fault.kind() {
        std::io::ErrorKind::NotFound => {
            Failure::new(Exit::NotFound, format!("There is no file {}.", path.display()))
        }
        _ => Failure::invalid(format!("{} can't be read: {fault}.", path.display())),
    };
    let mut text = Zeroizing::new(String::new());
    if path == Path::new("-") {
        std::io::stdin()
            .lock()
            .take(SECRET_BYTES)
            .read_to_string(&mut text)
            .map_err(unread)?;
    } else {
        File::open(path)
            .map_err(unread)?
            .take(SECRET_BYTES)
            .read_to_string(&mut text)
            .map_err(unread)?;
    }
    Ok(text)
}

//! Copies of what a hub keeps, and the way back. A copy has no epoch, so a restored shop begins a new one: tills then
//! ask anew what the hub holds, and send again what it lacks.

use crate::hub::HubError;
use crate::run::ORGANISATIONS;
use barrow_store::backup::{self, BackupError};
use barrow_store::verify::{VerifyOptions, verify};
use barrow_store::work::Work;
use barrow_store::{DATABASE_FILE, Options, Reader, Store, StoreError};
use std::fs;
use std::path::{Path, PathBuf};

/// The ending of a copy's name.
const EXTENSION: &str = "barrow-hub";
/// Where a copy is checked before it takes its place.
const PART: &str = "restore.part";

impl From<BackupError> for HubError {
    fn from(fault: BackupError) -> Self {
        Self::Machine(fault.to_string())
    }
}

fn io(fault: std::io::Error) -> HubError {
    HubError::Store(fault.into())
}

/// Copies every shop of a hub's folder into another, over older copies; the hub may run. Returns the copies.
///
/// # Errors
/// When there is no hub, or those of the disk; a shop that could not be copied leaves its older copy.
pub fn backup(data: &Path, target: &Path) -> Result<Vec<PathBuf>, HubError> {
    fs::create_dir_all(target).map_err(io)?;
    let mut copies = Vec::new();
    for entry in fs::read_dir(data.join(ORGANISATIONS)).map_err(|_| StoreError::Missing)? {
        let folder = entry.map_err(io)?.path();
        let (Some(name), true) = (folder.file_name(), folder.join(DATABASE_FILE).exists()) else {
            continue;
        };
        let copy = target.join(name).with_extension(EXTENSION);
        backup::copy(&folder, &copy, &mut Work::new(&mut |_, _| {}))?;
        copies.push(copy);
    }
    Ok(copies)
}

/// Brings a copy back into a hub's folder; a shop that lies there goes aside, whole. Returns the shop's id.
///
/// # Errors
/// When a hub runs on it, or the copy is none, damaged or not whole.
pub fn restore(data: &Path, copy: &Path) -> Result<String, HubError> {
    let part = data.join(PART);
    if part.exists() {
        fs::remove_dir_all(&part).map_err(io)?;
    }
    fs::create_dir_all(&part).map_err(io)?;
    let restored = place(data, copy, &part);
    let _ = fs::remove_dir_all(&part);
    restored
}

fn place(data: &Path, copy: &Path, part: &Path) -> Result<String, HubError> {
    fs::copy(copy, part.join(DATABASE_FILE)).map_err(io)?;
    let options = Options::default();
    let organisation = {
        let store = Store::open(part, &options)?;
        store.organisation()?.ok_or(StoreError::Missing)?.to_string()
    };
    let report = verify(&Reader::open(part, &options)?, &VerifyOptions::default(), |_| {})?;
    if !report.is_good() {
        return Err(StoreError::corrupt("the copy's chain").into());
    }
    let folder = data.join(ORGANISATIONS).join(&organisation);
    if folder.join(DATABASE_FILE).exists() {
        backup::replace(&folder, part)?;
    } else {
        fs::create_dir_all(&folder).map_err(io)?;
        fs::rename(part.join(DATABASE_FILE), folder.join(DATABASE_FILE)).map_err(io)?;
    }
    Ok(organisation)
}

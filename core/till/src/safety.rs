//! A sealed copy of the shop, the way back, and a check of every op.

use crate::error::TillError;
use crate::ports::Ports;
use crate::till::Till;
use barrow_log::key::OrganisationKey;
use barrow_store::Options;
use barrow_store::backup::{self, BackupError, Secret};
use barrow_store::verify::{Phase, VerifyOptions, verify};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// A backup that was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupMade {
    /// Names the file.
    pub file: String,
    /// Gives its size in bytes.
    pub bytes: u64,
}

/// What was checked and found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerifyReport {
    /// Counts the ops that were checked.
    pub ops: u64,
    /// Counts the signatures that were checked.
    pub signatures: u64,
    /// Tells the first problems, one sentence each.
    pub problems: Vec<String>,
    /// Counts all problems.
    pub problem_count: u64,
}

impl From<BackupError> for TillError {
    fn from(fault: BackupError) -> Self {
        Self::unavailable(fault.to_string())
    }
}

impl Till {
    /// Makes a copy of the shop that a passphrase opens: [`Till::seal`] with what a screen tells of it.
    ///
    /// # Errors
    /// As [`Till::seal`].
    pub fn backup(
        &self,
        folder: &Path,
        passphrase: &str,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<BackupMade, TillError> {
        let made = self.seal::<TillError>(folder, |_| Secret::Passphrase(passphrase), progress)?;
        Ok(BackupMade {
            bytes: std::fs::metadata(&made).map_or(0, |meta| meta.len()),
            file: made.display().to_string(),
        })
    }

    /// Makes a sealed copy of the shop in a folder, which is made if need be, remembers when, and returns the file. It
    /// never writes over an older one. `secret` is told the shop's key; `progress` hears (bytes sealed, bytes in all).
    ///
    /// # Errors
    /// When this device does not hold the shop's key, or the folder can't be written.
    pub fn seal<'a, F: From<TillError> + From<BackupError>>(
        &'a self,
        folder: &Path,
        secret: impl FnOnce(&'a OrganisationKey) -> Secret<'a>,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<PathBuf, F> {
        self.flush()?;
        let key = self.organisation_key().ok_or_else(|| {
            TillError::unavailable(
                "This device does not hold the shop's key. Make the backup on the owner's till.",
            )
        })?;
        std::fs::create_dir_all(folder)
            .map_err(|fault| TillError::device(&format!("{} can't be made: {fault}.", folder.display())))?;
        let now_ms = self.now_ms();
        let mut dull = Ok(());
        let mut random = |bytes: &mut [u8]| dull = dull.clone().and_then(|()| self.fill(bytes));
        let made = backup::backup(
            self.folder(),
            folder,
            key,
            &secret(key),
            now_ms,
            &mut random,
            progress,
        )?;
        if let Err(fault) = dull {
            // A seal without chance is no seal.
            let _ = std::fs::remove_file(&made);
            return Err(fault.into());
        }
        self.note_backup(now_ms)?;
        Ok(made)
    }

    /// Checks every op, the signatures that vouch for them, every sum, and every table against a replay. It changes
    /// nothing and takes a while; `progress` is told what is done of the whole.
    ///
    /// # Errors
    /// When not even a beginning can be made.
    pub fn verify(&self, progress: &mut dyn FnMut(u64, u64)) -> Result<VerifyReport, TillError> {
        self.flush()?;
        let reader = self.own_reader()?;
        let ops = reader.counts()?.ops;
        // Every op is looked at twice: its bytes and signature, then what it says.
        let whole = ops.saturating_mul(2);
        let found = verify(&reader, &VerifyOptions::default(), |at| match at.phase {
            Phase::Pages => progress(0, whole),
            Phase::Log => progress(at.done.min(ops), whole),
            Phase::Content => progress(ops.saturating_add(at.done).min(whole), whole),
            Phase::Compare => progress(whole, whole),
        })?;
        Ok(VerifyReport {
            ops: found.ops,
            signatures: found.signatures,
            problems: found.problems.iter().map(ToString::to_string).collect(),
            problem_count: found.problem_count,
        })
    }

    /// Brings a backup back into a folder that holds no shop and opens it: this device then sells under a series of
    /// its own.
    ///
    /// # Errors
    /// When the backup can't be opened, or the folder holds a shop.
    pub fn restore(
        file: &Path,
        into: &Path,
        passphrase: &str,
        ports: Ports,
        options: &Options,
    ) -> Result<Self, TillError> {
        let restored = backup::restore(file, &Secret::Passphrase(passphrase), into, &mut |_, _| {})?;
        Self::adopt(&ports, &restored.organisation_key)?;
        let till = Self::open(into, ports, options)?;
        // A backup leaves the search tables out; the first customer finds everything all the same.
        till.rank_search()?;
        Ok(till)
    }
}

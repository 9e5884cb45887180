//! A sealed copy of the shop, the way back, and a check of every op.

use crate::error::{FaultKind, TillError};
use crate::ports::Ports;
use crate::till::Till;
use barrow_log::key::OrganisationKey;
use barrow_store::backup::{self, BackupError, Secret};
use barrow_store::verify::{Phase, VerifyOptions, verify};
use barrow_store::work::Work;
use barrow_store::{Options, StoreError};
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

/// A folder that is gone when this is dropped.
struct Beside(PathBuf);

impl Drop for Beside {
    fn drop(&mut self) {
        // What a crash leaves here is a backup that is restored again.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

impl From<BackupError> for TillError {
    fn from(fault: BackupError) -> Self {
        match fault {
            BackupError::Cancelled(_) => Self::Cancelled,
            other => Self::unavailable(other.to_string()),
        }
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
        work: &mut Work<'_>,
    ) -> Result<BackupMade, TillError> {
        let made = self.seal::<TillError>(folder, |_| Secret::Passphrase(passphrase), work)?;
        Ok(BackupMade {
            bytes: std::fs::metadata(&made).map_or(0, |meta| meta.len()),
            file: made.display().to_string(),
        })
    }

    /// Makes a sealed copy of the shop in a folder, which is made if need be, remembers when, and returns the file. It
    /// never writes over an older one. `secret` is told the shop's key; `work` is told (bytes sealed, bytes in all).
    ///
    /// # Errors
    /// When this device does not hold the shop's key, or the folder can't be written.
    pub fn seal<'a, F: From<TillError> + From<BackupError>>(
        &'a self,
        folder: &Path,
        secret: impl FnOnce(&'a OrganisationKey) -> Secret<'a>,
        work: &mut Work<'_>,
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
            work,
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
    /// nothing and takes a while; `work` is told what is done of the whole.
    ///
    /// # Errors
    /// When not even a beginning can be made, or it is given up.
    pub fn verify(&self, work: &mut Work<'_>) -> Result<VerifyReport, TillError> {
        self.flush()?;
        let mut reader = self.own_reader()?;
        reader.ends_with(work.cancel())?;
        let ops = reader.counts()?.ops;
        // Every op is looked at twice: its bytes and signature, then what it says.
        let whole = ops.saturating_mul(2);
        let found = verify(&reader, &VerifyOptions::default(), |at| {
            let done = match at.phase {
                Phase::Pages => 0,
                Phase::Log => at.done.min(ops),
                Phase::Content => ops.saturating_add(at.done).min(whole),
                Phase::Compare => whole,
            };
            // The reader ends with the work, so nothing goes on after a stop.
            let _ = work.at(done, whole);
        })?;
        work.cancel().check()?;
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
        work: &mut Work<'_>,
    ) -> Result<Self, TillError> {
        let restored = backup::restore(file, &Secret::Passphrase(passphrase), into, work)?;
        Self::adopt(&ports, &restored.organisation_key)?;
        let till = Self::open(into, ports, options)?;
        // A backup leaves the search tables out; the first customer finds everything all the same.
        till.rank_search()?;
        Ok(till)
    }

    /// Brings a backup back into a folder whose shop is damaged, and opens it as [`Till::restore`] does. The damaged
    /// one is kept, whole, in a folder inside; nothing is touched before the backup is found to be sound.
    ///
    /// # Errors
    /// As [`Till::restore`], or when the folder's shop is not damaged: what can be opened is never replaced.
    pub fn restore_over(
        file: &Path,
        folder: &Path,
        passphrase: &str,
        ports: &dyn Fn() -> Ports,
        options: &Options,
        work: &mut Work<'_>,
    ) -> Result<Self, TillError> {
        match Self::open(folder, ports(), options) {
            Err(TillError::Unavailable {
                kind: FaultKind::Damaged,
                ..
            }) => {}
            Err(other) => return Err(other),
            Ok(_) => return Err(StoreError::Exists.into()),
        }
        let beside = Beside(folder.join("restored"));
        let restored = backup::restore(file, &Secret::Passphrase(passphrase), &beside.0, work)?;
        Self::adopt(&ports(), &restored.organisation_key)?;
        backup::replace(folder, &beside.0)?;
        let till = Self::open(folder, ports(), options)?;
        till.rank_search()?;
        Ok(till)
    }
}

//! Files in and out: goods as CSV, backups, the way back, and a check of every op.

use crate::error::TillError;
use crate::keys::KeyStore;
use crate::runtime::run_alone;
use crate::till::{Till, ports};
use crate::types::*;
use barrow_store::Options;
use barrow_till::Till as Core;
use barrow_till::goods;
use std::path::Path;
use std::sync::Arc;

/// Which backup is brought back, and where to.
#[derive(uniffi::Record)]
pub struct RestoreRequest {
    /// Names the backup.
    pub file: String,
    /// Names the folder of the shop, which must not hold one.
    pub into: String,
    /// Names the folder for secrets where no key store is lent.
    pub keys_folder: String,
    /// Opens the backup.
    pub passphrase: String,
}

/// What takes a while: one at a time, so that screens stay quick.
#[uniffi::export]
impl Till {
    /// Loads goods from a CSV: every row or, when one is wrong, none; those that are right with `keep_going`. With
    /// `try_only` nothing is changed.
    #[uniffi::method(default(keep_going = false))]
    pub async fn import_items(
        &self,
        csv: Vec<u8>,
        try_only: bool,
        keep_going: bool,
    ) -> Result<ImportReport, TillError> {
        let mode = goods::import::Mode {
            dry_run: try_only,
            keep_going,
        };
        self.ask_told(move |core, progress| goods::import::import(core, &csv, mode, progress))
            .await
    }

    /// Writes goods, taxes, barcodes and sales as CSV into a folder, and returns the files. A file that is there
    /// already is never written over.
    pub async fn export(&self, folder: String) -> Result<Vec<String>, TillError> {
        let files = self
            .ask_long(move |core| goods::export::export(core, Path::new(&folder)))
            .await?;
        Ok(files.iter().map(|file| file.display().to_string()).collect())
    }

    /// Makes a sealed copy of the shop in a folder; it never writes over an older one.
    pub async fn backup(&self, folder: String, passphrase: String) -> Result<BackupMade, TillError> {
        let passphrase = zeroize::Zeroizing::new(passphrase);
        self.ask_told(move |core, progress| core.backup(Path::new(&folder), &passphrase, progress))
            .await
    }

    /// Checks every op, the signatures that vouch for them, every sum, and every table. It changes nothing and takes
    /// a while.
    pub async fn verify(&self) -> Result<VerifyReport, TillError> {
        self.ask_told(Core::verify).await
    }

    /// Tells how far an import, a backup or a check is; nothing while none runs.
    pub async fn progress(&self) -> Option<Progress> {
        self.progress.lock().ok().and_then(|progress| *progress)
    }
}

/// Brings a backup back into a folder that holds no shop: open it there. This device then sells under a series of its
/// own.
#[uniffi::export(default(keys))]
pub async fn restore(request: RestoreRequest, keys: Option<Arc<dyn KeyStore>>) -> Result<(), TillError> {
    run_alone(move || {
        let ports = ports(&request.keys_folder, keys);
        let passphrase = zeroize::Zeroizing::new(request.passphrase);
        let (file, into) = (Path::new(&request.file), Path::new(&request.into));
        Core::restore(file, into, &passphrase, ports, &Options::default())?.close();
        Ok(())
    })
    .await
}

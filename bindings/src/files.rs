//! Files in and out: goods as CSV, backups, the way back, and a check of every op.

use crate::error::TillError;
use crate::keys::KeyStore;
use crate::runtime::run_alone;
use crate::till::{Till, ports};
use crate::types::*;
use crate::work::LongWork;
use barrow_store::{Options, Reader};
use barrow_till::Till as Core;
use barrow_till::error::TillError as CoreError;
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
    /// Takes the place of a damaged shop in the folder, which is kept in a folder inside.
    #[uniffi(default)]
    pub damaged: bool,
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
        self.ask_told(move |core, work| goods::import::import(core, &csv, mode, work))
            .await
    }

    /// Writes goods, taxes, barcodes and sales as CSV into a folder, and returns the files. A file that is there
    /// already is never written over.
    pub async fn export(&self, folder: String) -> Result<Vec<String>, TillError> {
        let files = self
            .ask_told(move |core, work| goods::export::export(&core.own_reader()?, Path::new(&folder), work))
            .await?;
        Ok(files.iter().map(|file| file.display().to_string()).collect())
    }

    /// Makes a sealed copy of the shop in a folder; it never writes over an older one.
    pub async fn backup(&self, folder: String, passphrase: String) -> Result<BackupMade, TillError> {
        let passphrase = zeroize::Zeroizing::new(passphrase);
        self.ask_told(move |core, work| core.backup(Path::new(&folder), &passphrase, work))
            .await
    }

    /// Checks every op, the signatures that vouch for them, every sum, and every table. It changes nothing and takes
    /// a while.
    pub async fn verify(&self) -> Result<VerifyReport, TillError> {
        self.ask_told(Core::verify).await
    }

    /// Tells how far an import, an export, a backup or a check is; nothing while none runs.
    pub async fn progress(&self) -> Option<Progress> {
        crate::crossed();
        self.works.all().iter().find_map(|work| work.now())
    }

    /// Gives up every import, export, backup and check that runs or waits for its turn: each ends soon with
    /// `Cancelled`. Of an import whole batches stay; of the others nothing does.
    pub async fn cancel_work(&self) {
        crate::crossed();
        self.works.all().iter().for_each(|work| work.give_up());
    }
}

/// Brings a backup back into a folder that holds no shop, or a damaged one: open it there. This device then sells
/// under a series of its own. `work` lets it be watched and given up.
#[uniffi::export(default(keys = None, work = None))]
pub async fn restore(
    request: RestoreRequest,
    keys: Option<Arc<dyn KeyStore>>,
    work: Option<Arc<LongWork>>,
) -> Result<(), TillError> {
    run_alone(move || {
        let ports = || ports(&request.keys_folder, keys.clone());
        let passphrase = zeroize::Zeroizing::new(request.passphrase);
        let (file, into) = (Path::new(&request.file), Path::new(&request.into));
        let options = Options::default();
        let back = work.unwrap_or_default().run(|work| match request.damaged {
            true => Core::restore_over(file, into, &passphrase, &ports, &options, work),
            false => Core::restore(file, into, &passphrase, ports(), &options, work),
        })?;
        back.close();
        Ok(())
    })
    .await
}

/// Saves what can still be read of a shop that can't be opened: goods, taxes, barcodes and sales as CSV into a folder,
/// as [`Till::export`] does. It changes nothing in the shop.
#[uniffi::export(default(work))]
pub async fn rescue(shop: String, folder: String, work: Option<Arc<LongWork>>) -> Result<Rescued, TillError> {
    run_alone(move || {
        work.unwrap_or_default().run(|work| {
            let reader = Reader::open(Path::new(&shop), &Options::default()).map_err(CoreError::from)?;
            goods::export::rescue(&reader, Path::new(&folder), work)
        })
    })
    .await
}

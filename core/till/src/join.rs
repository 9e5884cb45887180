//! A device that joins a shop: it has a key and an empty store, and fetches policy and goods before it is a till.

use crate::error::TillError;
use crate::identity::{self, Applicant, Installation};
use crate::ports::Ports;
use crate::shelf::{Durable, HeldLog, Shelf, held_log};
use barrow_log::id::LocationId;
use barrow_log::key::DeviceSecret;
use barrow_log::policy::Capability;
use barrow_log::stream::DeviceKey;
use barrow_store::{Options, Reader, Store, StoreError};
use barrow_sync::interest::Interest;
use barrow_sync::session::{Arrived, Me};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use tokio::sync::watch;

/// Folds so many ops at a time; nobody sells here yet.
const FOLD_OPS: u32 = 1_024;

/// A store that is about to become a till of a shop.
pub struct Joining {
    store: Store,
    shelf: Shelf,
    installation: Installation,
    secret: DeviceSecret,
    organisation: DeviceKey,
    folder: PathBuf,
    options: Options,
}

impl Joining {
    /// Begins, or goes on with what was begun in this folder before.
    ///
    /// # Errors
    /// When the folder holds another shop, can't be written, or the key store fails.
    pub fn begin(
        folder: &Path,
        ports: &Ports,
        organisation: DeviceKey,
        name: &str,
        options: &Options,
    ) -> Result<Self, TillError> {
        let mut store = match Store::create(folder, options) {
            Err(StoreError::Exists) => Store::open(folder, options)?,
            store => store?,
        };
        if store
            .organisation_key()
            .is_some_and(|known| known != organisation)
        {
            return Err(StoreError::Exists.into());
        }
        let (installation, secret) = identity::prepare(&mut store, ports, organisation, name)?;
        Ok(Self {
            shelf: Shelf::new(&store)?,
            store,
            installation,
            secret,
            organisation,
            folder: folder.to_path_buf(),
            options: options.clone(),
        })
    }

    /// Describes this device to the owner, who decides where it sells and what it may do.
    pub fn applicant(&self, location: LocationId, capabilities: BTreeSet<Capability>) -> Applicant {
        Applicant {
            device: self.secret.public(),
            incarnation: self.installation.incarnation,
            name: self.installation.till.clone(),
            location: Some(location),
            capabilities,
        }
    }

    /// Tells who this device is to a session: until it has a place it wants policy and goods alone.
    pub fn me(&self) -> Me {
        Me {
            organisation: self.organisation,
            device: self.secret.public(),
            incarnation: self.installation.incarnation,
            features: 0,
            epoch: [0; 16],
            interest: Interest::Places(BTreeSet::new()),
        }
    }

    /// Returns who this device is to a link.
    ///
    /// # Errors
    /// When its certificate can't be made.
    #[cfg(feature = "net")]
    pub fn link_identity(&self) -> Result<barrow_link::identity::Identity, TillError> {
        crate::meet::link_identity(&self.secret)
    }

    /// Opens the log for a session.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn log(&self) -> Result<HeldLog, TillError> {
        let reader = Reader::open(&self.folder, &self.options)?;
        Ok(held_log(reader, self.shelf.reader()))
    }

    /// Tells what is durable, and when that grows.
    pub fn durable(&self) -> watch::Receiver<Durable> {
        self.shelf.reader()
    }

    /// Keeps ops that a session brought; they are durable when it returns.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn keep(&mut self, arrived: &[Arrived]) -> Result<(), TillError> {
        self.store.begin()?;
        for arrived in arrived {
            self.store.take(&arrived.stream, &arrived.range)?;
        }
        self.store.commit()?;
        Ok(self.shelf.put(&self.store)?)
    }

    /// Becomes a till: folds what came and takes up its place. Then [`Till::open`](crate::Till::open) opens it.
    ///
    /// # Errors
    /// When the shop has not added this device, or its goods and places are not here yet.
    pub fn finish(mut self) -> Result<(), TillError> {
        loop {
            self.store.begin()?;
            let folded = self.store.fold_some(FOLD_OPS, &mut |_, _| {})?;
            self.store.commit()?;
            if folded.ops == 0 {
                break;
            }
        }
        identity::settle(&mut self.store, &self.installation, &self.secret.public())
    }
}

//! Storage in folders: one SQLite store for each organisation, as a till has one.

use crate::report::{self, Books};
use crate::storage::{Shelf, ShelfReader, Storage};
use barrow_log::id::OrganisationId;
use barrow_log::stream::DeviceKey;
use barrow_store::{DATABASE_FILE, Options, Reader, Store, StoreError};
use barrow_sync::log::Durable;
use barrow_sync::session::Arrived;
use std::fs;
use std::path::{Path, PathBuf};

/// Names the row of `local_meta` that holds the organisation's public key: before its first op nothing else tells.
const ORGANISATION: &str = "hub_organisation";
/// Names the row of `local_meta` that holds the epoch. No backup has it, so a restored store has another.
const EPOCH: &str = "hub_epoch";

/// Keeps each organisation in a folder of its own, named after its id.
pub struct SqliteStorage {
    folder: PathBuf,
    options: Options,
}

impl SqliteStorage {
    /// Keeps organisations in this folder, which is made.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn new(folder: &Path, options: &Options) -> Result<Self, StoreError> {
        fs::create_dir_all(folder)?;
        Ok(Self {
            folder: folder.to_path_buf(),
            options: options.clone(),
        })
    }

    fn place(&self, organisation: DeviceKey) -> PathBuf {
        self.folder.join(OrganisationId::of(&organisation).to_string())
    }

    /// Tells whose ops a folder holds; `None` for one whose making was cut off.
    fn organisation(&self, folder: &Path) -> Result<Option<DeviceKey>, StoreError> {
        let reader = Reader::open(folder, &self.options)?;
        if let Some(key) = reader.meta(ORGANISATION)? {
            let key =
                <[u8; 32]>::try_from(key).map_err(|_| StoreError::corrupt("whose hub's store this is"))?;
            return Ok(Some(DeviceKey(key)));
        }
        let policy =
            |stream: &barrow_log::stream::Stream| stream.kind == barrow_log::stream::StreamKind::Policy;
        let mut streams = reader.streams()?.into_iter().map(|(stream, _)| stream);
        Ok(streams.find(policy).map(|stream| stream.device))
    }
}

impl Storage for SqliteStorage {
    fn organisations(&self) -> Result<Vec<DeviceKey>, StoreError> {
        let mut found = Vec::new();
        for entry in fs::read_dir(&self.folder)? {
            let folder = entry?.path();
            if folder.join(DATABASE_FILE).exists() {
                found.extend(self.organisation(&folder)?);
            }
        }
        found.sort_unstable();
        Ok(found)
    }

    fn shelf(&self, organisation: DeviceKey) -> Result<Box<dyn Shelf>, StoreError> {
        let folder = self.place(organisation);
        let mut store = match Store::create(&folder, &self.options) {
            Err(StoreError::Exists) => Store::open(&folder, &self.options)?,
            store => store?,
        };
        if store.meta(ORGANISATION)?.is_none() {
            store.begin()?;
            store.set_meta(ORGANISATION, &organisation.0)?;
            store.commit()?;
        }
        Ok(Box::new(SqliteShelf { store }))
    }

    fn reader(&self, organisation: DeviceKey) -> Result<Box<dyn ShelfReader>, StoreError> {
        Ok(Box::new(Reader::open(&self.place(organisation), &self.options)?))
    }
}

impl ShelfReader for Reader {
    fn books(&self) -> Result<Books, StoreError> {
        report::books(self)
    }
}

struct SqliteShelf {
    store: Store,
}

impl SqliteShelf {
    /// Takes one session's ops into the open transaction.
    fn take(&mut self, arrived: &[Arrived]) -> Result<(), StoreError> {
        for arrived in arrived {
            self.store.take(&arrived.stream, &arrived.range)?;
        }
        Ok(())
    }

    fn try_acknowledge(&mut self, batch: &[Vec<Arrived>]) -> Result<Vec<Result<(), StoreError>>, StoreError> {
        self.store.begin()?;
        let mut answers = Vec::with_capacity(batch.len());
        for arrived in batch {
            answers.push(match self.take(arrived) {
                // Nothing of the transaction changed by what was refused: what came before it stays.
                Err(
                    fault @ (StoreError::Fork { .. } | StoreError::Gap { .. } | StoreError::Refused { .. }),
                ) => Err(fault),
                taken => Ok(taken?),
            });
        }
        self.store.commit()?;
        Ok(answers)
    }

    fn try_project(&mut self, most: u32) -> Result<u64, StoreError> {
        self.store.begin()?;
        let folded = self.store.fold_some(most, &mut |_, _| {})?;
        self.store.commit()?;
        if folded.rebuild {
            self.store.rebuild(|_| {})?;
        }
        Ok(folded.ops)
    }

    fn rolled_back<T>(&mut self, result: Result<T, StoreError>) -> Result<T, StoreError> {
        if result.is_err() {
            self.store.rollback();
        }
        result
    }
}

impl Shelf for SqliteShelf {
    fn acknowledge(&mut self, batch: &[Vec<Arrived>]) -> Result<Vec<Result<(), StoreError>>, StoreError> {
        let answers = self.try_acknowledge(batch);
        self.rolled_back(answers)
    }

    fn project(&mut self, most: u32) -> Result<u64, StoreError> {
        if !self.store.has_unfolded()? {
            return Ok(0);
        }
        let folded = self.try_project(most);
        self.rolled_back(folded)
    }

    fn durable(&self) -> Result<Durable, StoreError> {
        self.store.durable()
    }

    fn epoch(&mut self, fresh: [u8; 16]) -> Result<[u8; 16], StoreError> {
        if let Some(epoch) = self.store.meta(EPOCH)? {
            return epoch
                .try_into()
                .map_err(|_| StoreError::corrupt("the hub's epoch"));
        }
        self.store.begin()?;
        self.store.set_meta(EPOCH, &fresh)?;
        self.store.commit()?;
        Ok(fresh)
    }

    fn bytes(&self) -> Result<u64, StoreError> {
        let mut bytes = 0;
        for entry in fs::read_dir(self.store.folder())? {
            bytes += entry?.metadata()?.len();
        }
        Ok(bytes)
    }
}

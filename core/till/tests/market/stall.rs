//! A stall on a disk that fails: its till, its key store and its clock, which all go back to any moment of a run.

use super::{Act, MORNING_MS, setup};
use barrow_faultfs::{FaultFs, Geometry};
use barrow_kernel::command::Command;
use barrow_log::id::CommandId;
use barrow_store::{DATABASE_FILE, Options};
use barrow_till::Till;
use barrow_till::error::{FaultKind, TillError};
use barrow_till::outcome::Outcome;
use barrow_till::ports::{Clock, FixedClock, KeyStore, Ports, SeededChance};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tempfile::TempDir;
use zeroize::Zeroizing;

/// Copies the write-ahead log after so many pages, and within a transaction at four times as many, so that a short day
/// has many checkpoints.
const CHECKPOINT_PAGES: u32 = 12;
/// Keeps the caches small: a till is opened thousands of times.
const CACHE_KIB: u32 = 512;

/// A secret, and after which change of the disk it was put.
pub type Put = (usize, String, Vec<u8>);

/// Secrets in memory that remember when they came.
pub struct Keys {
    disk: Arc<FaultFs>,
    secrets: Mutex<BTreeMap<String, Vec<u8>>>,
    puts: Mutex<Vec<Put>>,
}

impl KeyStore for Keys {
    fn get(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, TillError> {
        Ok(self
            .secrets
            .lock()
            .unwrap()
            .get(name)
            .cloned()
            .map(Zeroizing::new))
    }

    fn put(&self, name: &str, secret: &[u8]) -> Result<(), TillError> {
        self.secrets.lock().unwrap().insert(name.into(), secret.to_vec());
        self.puts
            .lock()
            .unwrap()
            .push((self.disk.position(), name.into(), secret.to_vec()));
        Ok(())
    }
}

/// One stall: a folder for lock and reserve, a disk for the database.
pub struct Stall {
    pub disk: Arc<FaultFs>,
    pub folder: TempDir,
    pub options: Options,
    keys: Arc<Keys>,
    clock: Arc<FixedClock>,
    seed: u64,
}

/// What a command was answered, and after which change of the disk.
#[derive(Clone, Debug)]
pub struct Answer {
    pub id: CommandId,
    pub command: Command,
    /// Gives the command's place in the day: its time.
    pub hour: usize,
    pub outcome: Outcome,
    pub at: usize,
}

/// What has happened so far.
#[derive(Clone, Debug, Default)]
pub struct Told {
    /// Lists the commands with their answers.
    pub answers: Vec<Answer>,
    /// Lists the moments at which all commands so far were said to be durable: how many, after which change.
    pub durable: Vec<(usize, usize)>,
}

impl Stall {
    /// Builds a stall on an empty disk. The seed decides its keys and ids.
    pub fn new(geometry: Geometry, seed: u64) -> Self {
        let disk = Arc::new(FaultFs::new(geometry));
        let options = Options {
            cache_kib: CACHE_KIB,
            reader_cache_kib: CACHE_KIB,
            vfs: Some(disk.name().into()),
            checkpoint_pages: CHECKPOINT_PAGES,
            background: false,
            ..Options::default()
        };
        let keys = Keys {
            disk: Arc::clone(&disk),
            secrets: Mutex::default(),
            puts: Mutex::default(),
        };
        Self {
            disk,
            folder: tempfile::tempdir().unwrap(),
            options,
            keys: Arc::new(keys),
            clock: Arc::new(FixedClock::at(MORNING_MS)),
            seed,
        }
    }

    /// Lets the clock of the device go on.
    pub fn wait(&self, ms: i64) {
        self.clock.set(self.clock.now_ms() + ms);
    }

    fn ports(&self) -> Ports {
        Ports {
            clock: Box::new(Arc::clone(&self.clock)),
            chance: Box::new(SeededChance::new(self.seed)),
            keys: Box::new(Arc::clone(&self.keys)),
        }
    }

    /// Founds the shop.
    pub fn found(&self) -> Result<Till, TillError> {
        Till::found(self.folder.path(), &setup(), self.ports(), &self.options)
    }

    /// Opens the till. Another test of this program may be starting a process: between fork and exec that one holds
    /// the lock of a till that was just closed, so the folder is tried for half a second.
    pub fn open(&self) -> Result<Till, TillError> {
        let mut tries = 0..50;
        loop {
            match Till::open(self.folder.path(), self.ports(), &self.options) {
                Err(TillError::Unavailable {
                    kind: FaultKind::InUse,
                    ..
                }) if tries.next().is_some() => std::thread::sleep(Duration::from_millis(10)),
                opened => return opened,
            }
        }
    }

    /// Returns the name of the database on the disk.
    pub fn database(&self) -> String {
        self.folder
            .path()
            .join(DATABASE_FILE)
            .to_string_lossy()
            .into_owned()
    }

    /// Lists the secrets put since the start or the last [`Stall::set_keys`].
    pub fn puts(&self) -> Vec<Put> {
        self.keys.puts.lock().unwrap().clone()
    }

    /// Puts the key store back to these secrets.
    pub fn set_keys(&self, puts: &[Put]) {
        let secrets = puts
            .iter()
            .map(|(_, name, secret)| (name.clone(), secret.clone()));
        *self.keys.secrets.lock().unwrap() = secrets.collect();
        self.keys.puts.lock().unwrap().clear();
    }

    /// Sends a command at its time of the day and waits for the answer.
    pub fn send(
        &self,
        till: &Till,
        hour: usize,
        id: CommandId,
        command: &Command,
    ) -> Result<Outcome, TillError> {
        // The shop was founded in the hour before: a time that two ops share would make their bytes depend on restarts.
        self.clock.set(MORNING_MS + (hour as i64 + 1) * 60_000);
        till.submit(id, command.clone())?.wait()
    }

    /// Plays acts, from the first that is not told yet; stops at the first that fails. The till is closed where the
    /// day says so, and given back.
    pub fn play(&self, mut till: Till, acts: &[Act], told: &mut Told) -> Result<Till, TillError> {
        let (done, mut hour) = (told.answers.len(), 0);
        for act in acts {
            match act {
                Act::Do(id, command) => {
                    if hour >= done {
                        let outcome = self.send(&till, hour, *id, command)?;
                        told.note(*id, command, hour, outcome, self.disk.position());
                    }
                    hour += 1;
                }
                Act::Flush => {
                    till.flush()?;
                    told.all_durable(self.disk.position());
                }
                Act::Reopen => {
                    drop(till);
                    told.all_durable(self.disk.position());
                    till = self.open()?;
                }
            }
        }
        Ok(till)
    }
}

impl Told {
    fn note(&mut self, id: CommandId, command: &Command, hour: usize, outcome: Outcome, at: usize) {
        let durable = outcome.durable;
        self.answers.push(Answer {
            id,
            command: command.clone(),
            hour,
            outcome,
            at,
        });
        if durable {
            self.all_durable(at);
        }
    }

    fn all_durable(&mut self, at: usize) {
        self.durable.push((self.answers.len(), at));
    }

    /// Counts the commands that must be there when the power goes after so many changes.
    pub fn safe_at(&self, point: usize) -> usize {
        let safe = self.durable.iter().filter(|(_, at)| *at <= point);
        safe.map(|(count, _)| *count).max().unwrap_or(0)
    }
}

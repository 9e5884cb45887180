//! The device that a story runs on: a till in a folder of its own, with a clock and keys that outlive it.

use super::story::Answer;
use barrow_kernel::command::Command;
use barrow_kernel::context::{Catalogue, Stock};
use barrow_kernel::event::Body;
use barrow_kernel::quantity::Quantity;
use barrow_kernel::state::{State, apply};
use barrow_kernel::view::CartView;
use barrow_log::body;
use barrow_log::header::Header;
use barrow_log::id::CommandId;
use barrow_log::stream::{Place, StreamKind};
use barrow_store::query::OPS_MAX;
use barrow_store::verify::{VerifyOptions, verify};
use barrow_store::{DATABASE_FILE, Options, Reader};
use barrow_till::Till;
use barrow_till::error::TillError;
use barrow_till::outcome::Outcome;
use barrow_till::ports::{FixedClock, MemoryKeyStore, Ports, SeededChance};
use barrow_till::setup::Setup;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Lists at most so many open carts: more than a story opens.
const CARTS: usize = 1_000;
/// Files of the folder that the next opening makes anew: the lock, SQLite's index of its log, the reserve for a
/// full disk.
const NOT_COPIED: [&str; 3] = ["lock", "barrow.db-shm", "reserve"];

/// Who sends commands to a till: a test itself, or code in another language.
pub trait Teller: Send {
    /// Sends a command and waits for its answer.
    fn send(&self, till: &Arc<Till>, id: CommandId, command: Command) -> Result<Outcome, TillError>;
}

/// A device with one till.
pub struct Device {
    folder: tempfile::TempDir,
    /// Counts the folders that the till lay in: a crash goes on in a copy.
    copies: u32,
    clock: Arc<FixedClock>,
    keys: Arc<MemoryKeyStore>,
    /// Gone only while it is opened anew.
    till: Option<Arc<Till>>,
    teller: Box<dyn Teller>,
}

fn words(fault: impl ToString) -> String {
    fault.to_string()
}

impl Device {
    /// Founds a shop at a time in milliseconds since 1970.
    pub fn found(setup: &Setup, now_ms: i64, teller: Box<dyn Teller>) -> Result<Self, String> {
        let mut device = Self {
            folder: tempfile::tempdir().map_err(words)?,
            copies: 0,
            clock: Arc::new(FixedClock::at(now_ms)),
            keys: Arc::default(),
            till: None,
            teller,
        };
        let till = Till::found(&device.path(), setup, device.ports(), &options()).map_err(words)?;
        device.till = Some(Arc::new(till));
        Ok(device)
    }

    fn ports(&self) -> Ports {
        Ports {
            clock: Box::new(Arc::clone(&self.clock)),
            chance: Box::new(SeededChance::new(u64::from(self.copies))),
            keys: Box::new(Arc::clone(&self.keys)),
        }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join(self.copies.to_string())
    }

    /// Returns the till that is open now.
    pub fn till(&self) -> Result<&Arc<Till>, String> {
        self.till.as_ref().ok_or_else(|| "the till did not open".into())
    }

    fn read<T>(&self, query: impl FnOnce(&Reader) -> Result<T, TillError>) -> Result<T, String> {
        self.till()?.read(query).map_err(words)
    }

    /// Sets the clock.
    pub fn set_time(&mut self, now_ms: i64) {
        self.clock.set(now_ms);
    }

    /// Sends a command and waits for its answer.
    pub fn send(&mut self, id: CommandId, command: &Command) -> Result<Answer, String> {
        match self.teller.send(self.till()?, id, command.clone()) {
            Ok(outcome) => Ok(Answer::Done {
                revision: outcome.revision,
                durable: outcome.durable,
                view: serde_json::to_value(&outcome.view).map_err(words)?,
            }),
            Err(TillError::Rejected { rejection }) => {
                Ok(Answer::Rejected(serde_json::to_value(&rejection).map_err(words)?))
            }
            Err(fault) => Err(words(fault)),
        }
    }

    /// Makes every tap durable.
    pub fn flush(&self) -> Result<(), String> {
        self.till()?.flush().map_err(words)
    }

    /// Stops the till and opens it again.
    pub fn restart(&mut self) -> Result<(), String> {
        if let Some(till) = self.till.take() {
            till.close();
        }
        let till = Till::open(&self.path(), self.ports(), &options()).map_err(words)?;
        self.till = Some(Arc::new(till));
        Ok(())
    }

    /// Opens what lies on the disk at this moment, as after a power cut: the till is not told before.
    pub fn crash(&mut self) -> Result<(), String> {
        let from = self.path();
        self.copies += 1;
        copy(&from, &self.path()).map_err(words)?;
        self.restart()
    }

    /// Returns the shop's settings.
    pub fn shop(&self) -> Result<Value, String> {
        let shop = self.read(|reader| Ok(reader.shop()?))?;
        serde_json::to_value(&*shop).map_err(words)
    }

    /// Returns everything that is open.
    pub fn state(&self) -> Result<State, String> {
        self.till()?.snapshot().map_err(words)
    }

    /// Returns what every op of the log makes, one after the other in the accepted order.
    pub fn rebuilt(&self) -> Result<State, String> {
        let mut bodies: BTreeMap<Place, Body> = BTreeMap::new();
        self.read(|reader| {
            for (stream, tip) in reader.streams()? {
                let last = tip
                    .filter(|_| stream.kind != StreamKind::Policy)
                    .map_or(0, |tip| tip.head.seq);
                let mut next = 1;
                while next <= last {
                    for stored in reader.ops(&stream.id(), next, OPS_MAX)? {
                        next = stored.seq + 1;
                        let place = place(&stream.id(), stored.seq, &stored.op.header);
                        bodies.extend(place.zip(stored.op.body.as_deref().and_then(content)));
                    }
                }
            }
            Ok(())
        })?;
        let mut state = State::default();
        for event in bodies.values().flat_map(|body| &body.events) {
            apply(&mut state, event);
        }
        Ok(state)
    }

    /// Counts the ops that are committed.
    pub fn op_count(&self) -> Result<u64, String> {
        self.read(|reader| Ok(reader.counts()?.ops))
    }

    /// Shows the open shift of the till's own cash box, or null.
    pub fn shift(&self) -> Result<Value, String> {
        serde_json::to_value(self.till()?.shift(None).map_err(words)?).map_err(words)
    }

    /// Returns what is on hand at the till's own place.
    pub fn on_hand(&self, sku: &str) -> Result<Quantity, String> {
        let location = self.till()?.installation().location;
        let found = self.read(|reader| match reader.item_by_sku(sku)? {
            Some(item) => Ok(Some(reader.on_hand(&item.id, &location)?)),
            None => Ok(None),
        })?;
        found.ok_or_else(|| format!("there is no item {sku}"))
    }

    /// Sums up the ledger by the labels of its accounts.
    pub fn ledger(&self) -> Result<BTreeMap<String, i64>, String> {
        let mut sums = BTreeMap::new();
        for balance in self.read(|reader| Ok(reader.balances()?))? {
            *sums.entry(balance.account.label()).or_default() += balance.amount_minor;
        }
        Ok(sums)
    }

    /// Shows every open cart.
    pub fn carts(&self) -> Result<Vec<CartView>, String> {
        let till = self.till()?;
        let mut carts = Vec::new();
        for id in till.open_carts(None, CARTS).map_err(words)? {
            carts.extend(till.cart(id, 0).map_err(words)?);
        }
        Ok(carts)
    }

    /// Checks chain, signatures, sums and projections of the whole store.
    pub fn verify(&mut self) -> Result<(), String> {
        self.flush()?;
        let options = VerifyOptions {
            every_signature: true,
            replay: true,
        };
        let report = self.read(|reader| Ok(verify(reader, &options, |_| {})?))?;
        match report.problems.first() {
            None => Ok(()),
            Some(problem) => Err(format!("{} problems, the first: {problem}", report.problem_count)),
        }
    }
}

fn options() -> Options {
    Options::default()
}

fn place(stream: &barrow_log::stream::StreamId, seq: u64, header: &[u8]) -> Option<Place> {
    let height = Header::from_bytes(header).ok()?.height;
    Some(Place {
        height,
        stream: *stream,
        seq,
    })
}

fn content(bytes: &[u8]) -> Option<Body> {
    Body::from_bytes(body::content(bytes)?).ok()
}

/// Copies a folder that is in use: the database first, so that its log is never older than it.
fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    let mut names: Vec<_> = std::fs::read_dir(from)?
        .filter_map(|entry| Some(entry.ok()?.file_name()))
        .collect();
    names.sort_by_key(|name| name != DATABASE_FILE);
    for name in names
        .iter()
        .filter(|name| NOT_COPIED.iter().all(|not| *name != *not))
    {
        std::fs::copy(from.join(name), to.join(name))?;
    }
    Ok(())
}

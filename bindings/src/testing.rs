//! What tests of other languages need: the stories of `tests/scenarios`, a device whose clock stands still and whose
//! power can be cut, and counts of what crosses. Only in a library that tests load.

#[path = "../../core/till/tests/scenarios/compare.rs"]
mod compare;
#[path = "../../core/till/tests/scenarios/device.rs"]
mod device;
#[path = "../../core/till/tests/scenarios/names.rs"]
mod names;
#[path = "../../core/till/tests/scenarios/story.rs"]
mod story;

use crate::discovery::{Lent as LentDiscovery, LocalDiscovery};
use crate::error::TillError;
use crate::keys::{KeyStore, Lent};
use crate::pipes::{BytePipe, Lender};
use crate::runtime::run_alone;
use crate::till::Till;
use crate::types::{Command, CommandId, Outcome, Setup};
use barrow_device::conformance as device_laws;
use barrow_device::lent::LentPipe;
use barrow_link::conformance as link_laws;
use barrow_link::discovery::Discovery;
use barrow_till::Till as Core;
use barrow_till::conformance;
use barrow_till::error::TillError as CoreError;
use device::Device;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, RwLock};

static CALLS: AtomicU64 = AtomicU64::new(0);

static WITNESS: RwLock<Option<Arc<dyn Witness>>> = RwLock::new(None);

pub(crate) fn count_call() {
    CALLS.fetch_add(1, Ordering::Relaxed);
    let witness = WITNESS.read().ok().and_then(|witness| witness.clone());
    if let Some(witness) = witness {
        witness.called();
    }
}

/// Sees every call into the core, on the thread of the caller: what no screen's thread may make.
#[uniffi::export(foreign)]
pub trait Witness: Send + Sync {
    /// Hears of a call before it is carried out.
    fn called(&self);
}

/// Lets a witness see every call from here on.
#[uniffi::export]
pub fn watch_calls(witness: Arc<dyn Witness>) {
    if let Ok(mut held) = WITNESS.write() {
        *held = Some(witness);
    }
}

/// Counts the calls into tills since this program began.
#[uniffi::export]
pub fn calls() -> u64 {
    CALLS.load(Ordering::Relaxed)
}

/// Sends the commands of a story from another language: each command, outcome and rejection crosses as typed values.
#[uniffi::export(foreign)]
pub trait Teller: Send + Sync {
    /// Dispatches a command to the till and returns what came back.
    fn send(&self, till: Arc<Till>, id: CommandId, command: Command) -> Result<Outcome, TillError>;
}

/// A teller as the stories want it.
struct Foreign(Arc<dyn Teller>);

impl device::Teller for Foreign {
    fn send(&self, till: &Arc<Core>, id: CommandId, command: Command) -> Result<Outcome, CoreError> {
        let till = Arc::new(Till::of(Arc::clone(till)).map_err(core_error)?);
        self.0.send(till, id, command).map_err(core_error)
    }
}

fn core_error(fault: TillError) -> CoreError {
    match fault {
        TillError::Rejected { rejection } => CoreError::Rejected { rejection },
        TillError::NotSaved { why, kind } => CoreError::NotSaved { why, kind },
        TillError::Unavailable { why, kind } => CoreError::Unavailable { why, kind },
        TillError::Device { why } => CoreError::Device { why },
        TillError::Cancelled => CoreError::Cancelled,
        TillError::Closed => CoreError::Closed,
    }
}

/// Runs a story of `tests/scenarios` from the text of its file, and lists everything that is not as expected.
#[uniffi::export]
pub async fn run_story(text: String, teller: Arc<dyn Teller>) -> Result<Vec<String>, TillError> {
    run_alone(move || Ok(story::run(&text, Box::new(Foreign(teller))))).await
}

/// Holds a lent key store to the laws that every one keeps; it must be empty before.
#[uniffi::export]
pub async fn check_key_store(keys: Arc<dyn KeyStore>) -> Result<(), TillError> {
    run_alone(move || Ok(conformance::key_store(&Lent(keys))?)).await
}

/// Stands where the printer of a lent pipe stands.
#[uniffi::export(foreign)]
pub trait FarEnd: Send + Sync {
    /// Returns everything that ever arrived, over all connections.
    fn arrived(&self) -> Vec<u8>;
    /// Says something; false where this kind never speaks.
    fn say(&self, bytes: Vec<u8>) -> bool;
    /// Takes nothing more until it is told to take again; false where this kind always takes.
    fn pause(&self, paused: bool) -> bool;
    /// Ends the connection, ready for the next one; false where this kind can't.
    fn hang_up(&self) -> bool;
}

/// A far end as the laws want it.
struct Far(Arc<dyn FarEnd>);

impl device_laws::FarEnd for Far {
    fn arrived(&mut self) -> Vec<u8> {
        self.0.arrived()
    }
    fn say(&mut self, bytes: &[u8]) -> bool {
        self.0.say(bytes.to_vec())
    }
    fn pause(&mut self, paused: bool) -> bool {
        self.0.pause(paused)
    }
    fn hang_up(&mut self) -> bool {
        self.0.hang_up()
    }
}

/// Holds a lent pipe to the laws that every pipe keeps; it must be closed, and its far end fresh.
#[uniffi::export]
pub async fn check_byte_pipe(pipe: Arc<dyn BytePipe>, far: Arc<dyn FarEnd>) -> Result<(), TillError> {
    run_alone(move || {
        device_laws::pipe(&mut LentPipe::new(Lender(pipe)), &mut Far(far))
            .map_err(|why| TillError::Device { why })
    })
    .await
}

/// Holds the lent discoveries of two devices on one network to the laws that every one keeps.
#[uniffi::export]
pub async fn check_local_discovery(
    one: Arc<dyn LocalDiscovery>,
    two: Arc<dyn LocalDiscovery>,
) -> Result<(), TillError> {
    run_alone(move || {
        let [one, two] = [one, two].map(|lent| Discovery::lent(Arc::new(LentDiscovery(lent))));
        link_laws::local_discovery(&one, &two).map_err(|why| TillError::Device { why })
    })
    .await
}

/// Panics on the till's own thread, to see that no panic crosses.
#[uniffi::export]
impl Till {
    /// Meets a bug.
    pub async fn meet_a_bug(&self) -> Result<(), TillError> {
        self.ask(|_| -> Result<(), TillError> { panic!("this bug is made by a test") })
            .await
    }
}

/// A device of its own in a folder of its own: the clock stands still, and the power can be cut.
#[derive(uniffi::Object)]
pub struct TestDevice(Mutex<Device>);

/// What the ledger says of the accounts with one label.
#[derive(uniffi::Record)]
pub struct LedgerRow {
    /// Gives the label.
    pub account: String,
    /// Gives the sum in minor units, debits positive.
    pub amount_minor: i64,
}

/// Nobody sends for this device: its till is used as it is.
struct Nobody;

impl device::Teller for Nobody {
    fn send(&self, till: &Arc<Core>, id: CommandId, command: Command) -> Result<Outcome, CoreError> {
        till.submit(id, command)?.wait()
    }
}

fn failed(why: String) -> TillError {
    TillError::Unavailable {
        why,
        kind: barrow_till::error::FaultKind::Other,
    }
}

impl TestDevice {
    fn device(&self) -> Result<MutexGuard<'_, Device>, TillError> {
        self.0.lock().map_err(|_| TillError::Closed)
    }
}

/// Blocking calls, for the threads of tests.
#[uniffi::export]
impl TestDevice {
    /// Founds a shop at a time in milliseconds since 1970; its keys outlive every restart.
    #[uniffi::constructor]
    pub fn found(setup: Setup, now_ms: i64) -> Result<Self, TillError> {
        let device = Device::found(&setup, now_ms, Box::new(Nobody)).map_err(failed)?;
        Ok(Self(Mutex::new(device)))
    }

    /// Returns the till that is open now; shut it or not, the device keeps it.
    pub fn till(&self) -> Result<Till, TillError> {
        Till::of(Arc::clone(self.device()?.till().map_err(failed)?))
    }

    /// Sets the clock, in milliseconds since 1970.
    pub fn set_time(&self, now_ms: i64) -> Result<(), TillError> {
        self.device()?.set_time(now_ms);
        Ok(())
    }

    /// Stops the till and opens it again.
    pub fn restart(&self) -> Result<(), TillError> {
        self.device()?.restart().map_err(failed)
    }

    /// Opens what lies on the disk at this moment, as after a power cut.
    pub fn crash(&self) -> Result<(), TillError> {
        self.device()?.crash().map_err(failed)
    }

    /// Tells whether what is open is what the log makes; only durable taps are in the log.
    pub fn check_fold(&self) -> Result<bool, TillError> {
        let device = self.device()?;
        device.flush().map_err(failed)?;
        Ok(device.rebuilt().map_err(failed)? == device.state().map_err(failed)?)
    }

    /// Counts the ops that are committed.
    pub fn op_count(&self) -> Result<u64, TillError> {
        self.device()?.op_count().map_err(failed)
    }

    /// Sums up the ledger by the labels of its accounts.
    pub fn ledger(&self) -> Result<Vec<LedgerRow>, TillError> {
        let sums = self.device()?.ledger().map_err(failed)?.into_iter();
        Ok(sums
            .map(|(account, amount_minor)| LedgerRow {
                account,
                amount_minor,
            })
            .collect())
    }
}

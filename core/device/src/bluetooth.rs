//! Bluetooth LE: the radio of this device, and printers that it hears.

#[cfg(target_os = "android")]
pub mod android;
mod pipe;
mod services;

pub use pipe::BlePipe;

use crate::pipe::PipeFault;
use btleplug::Error;
use btleplug::api::{Central, CentralEvent, CentralState, Manager as _, Peripheral as _, ScanFilter};
use btleplug::platform::{Adapter, Manager, Peripheral};
use futures_util::StreamExt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};
use tokio::time::timeout;

/// The most devices that are told of: a market hall full of phones is no list for a person, and the nearest come first.
pub const NEAR_MAX: usize = 64;

/// A device that was heard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Near {
    /// What names it on this device: an address where there are addresses.
    pub address: String,
    /// What it calls itself.
    pub name: String,
    /// Tells whether it says of itself that it can print; many printers do not.
    pub says_it_prints: bool,
    /// How loud it was heard, in dBm; nearer to zero is nearer.
    pub strength: Option<i16>,
}

/// The radio of this device. Clones are the same radio.
#[derive(Clone)]
pub struct Radio(Arc<Inner>);

struct Inner {
    adapter: Adapter,
    // The last field: it is dropped after what its tasks use.
    runtime: Runtime,
}

impl Radio {
    /// Begins to use the radio. Nothing is sent yet.
    ///
    /// On Android the application must have begun it, see `android`.
    ///
    /// # Errors
    /// When there is none, it is off, or it may not be used.
    pub fn new() -> Result<Self, PipeFault> {
        #[cfg(target_os = "android")]
        if !android::begun() {
            return Err(PipeFault::Off);
        }
        // One thread for all printers: it waits for the radio and does no work.
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("barrow-radio")
            .enable_all()
            .build()
            .map_err(|fault| PipeFault::Failed {
                why: fault.to_string(),
            })?;
        let adapter = runtime.block_on(first_adapter())?;
        Ok(Self(Arc::new(Inner { adapter, runtime })))
    }

    /// Listens for so long and tells who was heard, the loudest first.
    ///
    /// # Errors
    /// When the radio is off or may not be used.
    pub fn near(&self, listening: Duration) -> Result<Vec<Near>, PipeFault> {
        self.wait(async {
            let adapter = self.adapter();
            on(adapter).await?;
            adapter.start_scan(ScanFilter::default()).await.map_err(told)?;
            tokio::time::sleep(listening).await;
            let heard = adapter.peripherals().await;
            // Where the scan ended by itself there is nothing left to stop.
            let _ = adapter.stop_scan().await;
            let mut near = Vec::new();
            for peripheral in heard.map_err(told)? {
                near.extend(describe(&peripheral).await);
            }
            near.sort_by_key(|near: &Near| (std::cmp::Reverse(near.strength), near.address.clone()));
            near.truncate(NEAR_MAX);
            Ok(near)
        })
    }

    /// Names a printer that was near once; it is connected when the pipe is opened.
    pub fn pipe(&self, address: &str) -> BlePipe {
        BlePipe::new(self.clone(), address)
    }

    fn adapter(&self) -> &Adapter {
        &self.0.adapter
    }

    fn wait<T>(&self, work: impl Future<Output = T>) -> T {
        self.0.runtime.block_on(work)
    }

    /// Finds a device: among those known, else by listening.
    async fn find(&self, address: &str, patience: Duration) -> Result<Peripheral, PipeFault> {
        let adapter = self.adapter();
        on(adapter).await?;
        let known =
            |found: Vec<Peripheral>| found.into_iter().find(|found| found.id().to_string() == address);
        if let Some(found) = known(adapter.peripherals().await.map_err(told)?) {
            return Ok(found);
        }
        let mut events = adapter.events().await.map_err(told)?;
        adapter.start_scan(ScanFilter::default()).await.map_err(told)?;
        let heard = timeout(patience, async {
            while let Some(event) = events.next().await {
                if matches!(event, CentralEvent::DeviceDiscovered(id) if id.to_string() == address) {
                    break;
                }
            }
        });
        // Heard or not: it may have become known meanwhile.
        let _ = heard.await;
        let _ = adapter.stop_scan().await;
        known(adapter.peripherals().await.map_err(told)?).ok_or(PipeFault::NotFound)
    }
}

/// Returns the first radio that is on. One is what devices have.
async fn first_adapter() -> Result<Adapter, PipeFault> {
    // Where the system has no service for Bluetooth there is none to use.
    let manager = Manager::new().await.map_err(|_| PipeFault::Off)?;
    let adapters = manager.adapters().await.map_err(|fault| match told(fault) {
        PipeFault::NotAllowed => PipeFault::NotAllowed,
        _ => PipeFault::Off,
    })?;
    for adapter in adapters {
        if on(&adapter).await.is_ok() {
            return Ok(adapter);
        }
    }
    Err(PipeFault::Off)
}

/// Tells whether the radio is on; one that can't tell is tried.
async fn on(adapter: &Adapter) -> Result<(), PipeFault> {
    match adapter.adapter_state().await.map_err(told)? {
        CentralState::PoweredOff => Err(PipeFault::Off),
        _ => Ok(()),
    }
}

async fn describe(peripheral: &Peripheral) -> Option<Near> {
    let properties = peripheral.properties().await.ok()??;
    Some(Near {
        address: peripheral.id().to_string(),
        name: properties.local_name.unwrap_or_default(),
        says_it_prints: properties.services.iter().any(services::is_known),
        strength: properties.rssi,
    })
}

/// Says in a person's words what the radio said.
fn told(fault: Error) -> PipeFault {
    match fault {
        Error::PermissionDenied => PipeFault::NotAllowed,
        // Android's words when a permission is missing; it has no code for it.
        Error::RuntimeError(why) if why.contains("android.permission.") => PipeFault::NotAllowed,
        Error::NoAdapterAvailable => PipeFault::Off,
        Error::DeviceNotFound => PipeFault::NotFound,
        Error::NotConnected => PipeFault::Broken,
        Error::TimedOut(_) => PipeFault::Silent,
        other => PipeFault::Failed {
            why: other.to_string(),
        },
    }
}

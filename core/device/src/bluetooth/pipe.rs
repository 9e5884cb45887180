//! A pipe to a printer over Bluetooth LE.

use super::services::{Outlet, choose};
use super::{Radio, told};
use crate::pipe::{BytePipe, PipeFault, READ_MAX, WriteFault, piece};
use btleplug::api::{Peripheral as _, WriteType};
use btleplug::platform::Peripheral;
use futures_util::StreamExt;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

/// How fast a printer is fed that does not answer each write, in bytes a second. Text is printed slower than this and
/// fits into the printer's memory; pictures are printed about as fast as modules hand them on.
const PACE: u64 = 5000;

/// The most answers that wait to be read: with the longest notification they are a few times what one read returns.
const WAITING_MAX: usize = 64;

/// A pipe to one printer.
pub struct BlePipe {
    radio: Radio,
    address: String,
    link: Option<Link>,
}

/// A printer that is connected.
struct Link {
    peripheral: Peripheral,
    outlet: Outlet,
    piece: usize,
    heard: mpsc::Receiver<Vec<u8>>,
    /// What was heard and did not fit into a read.
    rest: Vec<u8>,
    listener: Option<JoinHandle<()>>,
    /// How long the last write keeps the printer busy, as far as one can guess.
    busy: Duration,
}

impl BlePipe {
    pub(super) fn new(radio: Radio, address: &str) -> Self {
        Self {
            radio,
            address: address.to_owned(),
            link: None,
        }
    }

    /// Lets go of what broke.
    fn broke(&mut self) {
        let radio = self.radio.clone();
        if let Some(link) = self.link.take() {
            radio.wait(link.end(Duration::ZERO));
        }
    }
}

impl BytePipe for BlePipe {
    fn open(&mut self, patience: Duration) -> Result<(), PipeFault> {
        if self.link.is_none() {
            let link = self.radio.wait(async {
                // To be found and to be connected have the patience each: a printer that was just switched on is
                // first heard after some seconds.
                let peripheral = self.radio.find(&self.address, patience).await?;
                match timeout(patience, Link::connect(&peripheral)).await {
                    Ok(Ok(link)) => Ok(link),
                    failed => {
                        // Half a connection keeps other devices from the printer.
                        let _ = timeout(patience, peripheral.disconnect()).await;
                        failed.unwrap_or(Err(PipeFault::Silent))
                    }
                }
            })?;
            self.link = Some(link);
        }
        Ok(())
    }

    fn write(&mut self, bytes: &[u8], patience: Duration) -> Result<usize, WriteFault> {
        let radio = self.radio.clone();
        let closed = || WriteFault::nothing(PipeFault::Closed);
        let link = self.link.as_mut().ok_or_else(closed)?;
        let written = radio.wait(link.write(piece(bytes, link.piece), patience));
        if written.is_err() {
            self.broke();
        }
        written
    }

    fn read(&mut self, most: usize, patience: Duration) -> Result<Vec<u8>, PipeFault> {
        let radio = self.radio.clone();
        let link = self.link.as_mut().ok_or(PipeFault::Closed)?;
        let said = radio.wait(link.read(most.min(READ_MAX), patience));
        if said.is_err() {
            self.broke();
        }
        said
    }

    fn close(&mut self, patience: Duration) {
        let radio = self.radio.clone();
        if let Some(link) = self.link.take() {
            radio.wait(link.end(patience));
        }
    }
}

impl Drop for BlePipe {
    fn drop(&mut self) {
        self.broke();
    }
}

impl Link {
    async fn connect(peripheral: &Peripheral) -> Result<Self, PipeFault> {
        peripheral.connect().await.map_err(unreached)?;
        peripheral.discover_services().await.map_err(unreached)?;
        let outlet = choose(&peripheral.services()).ok_or(PipeFault::NoPrinter)?;
        let (told_of, heard) = mpsc::channel(WAITING_MAX);
        let listener = match outlet.notify.clone() {
            Some(notify) => {
                let mut said = peripheral.notifications().await.map_err(unreached)?;
                peripheral.subscribe(&notify).await.map_err(unreached)?;
                Some(tokio::spawn(async move {
                    while let Some(said) = said.next().await {
                        let ours = said.uuid == notify.uuid && said.service_uuid == notify.service_uuid;
                        // Who never reads loses the newest; memory stays bounded.
                        if ours
                            && matches!(
                                told_of.try_send(said.value),
                                Err(mpsc::error::TrySendError::Closed(_))
                            )
                        {
                            return;
                        }
                    }
                }))
            }
            None => None,
        };
        Ok(Self {
            piece: outlet.piece(peripheral.mtu()),
            peripheral: peripheral.clone(),
            outlet,
            heard,
            rest: Vec::new(),
            listener,
            busy: Duration::ZERO,
        })
    }

    /// Writes one piece. One that is not answered is known to be on its way only while the connection stands.
    async fn write(&mut self, piece: &[u8], patience: Duration) -> Result<usize, WriteFault> {
        if piece.is_empty() {
            return Ok(0);
        }
        if self.busy > patience {
            sleep(patience).await;
            self.busy -= patience;
            return Ok(0);
        }
        sleep(std::mem::take(&mut self.busy)).await;
        let how = if self.outlet.answered {
            WriteType::WithResponse
        } else {
            self.stands(patience).await.map_err(WriteFault::nothing)?;
            WriteType::WithoutResponse
        };
        let written = timeout(patience, self.peripheral.write(&self.outlet.write, piece, how)).await;
        let doubted = |fault| WriteFault {
            possibly: piece.len(),
            fault,
        };
        match written {
            Ok(Ok(())) => {}
            Ok(Err(fault)) => return Err(doubted(lost(fault))),
            Err(_) => return Err(doubted(PipeFault::Broken)),
        }
        if !self.outlet.answered {
            self.busy = Duration::from_micros(1_000_000 * piece.len() as u64 / PACE);
        }
        Ok(piece.len())
    }

    async fn read(&mut self, most: usize, patience: Duration) -> Result<Vec<u8>, PipeFault> {
        if most == 0 {
            return Ok(Vec::new());
        }
        if self.rest.is_empty() {
            match self.hear(patience).await {
                Some(said) => self.rest = said,
                None => {
                    self.stands(patience).await?;
                    return Ok(Vec::new());
                }
            }
        }
        let after = self.rest.split_off(most.min(self.rest.len()));
        Ok(std::mem::replace(&mut self.rest, after))
    }

    /// Waits for the next answer; a printer without a voice is waited for as long.
    async fn hear(&mut self, patience: Duration) -> Option<Vec<u8>> {
        if self.listener.is_none() {
            sleep(patience).await;
            return None;
        }
        timeout(patience, self.heard.recv()).await.ok().flatten()
    }

    async fn stands(&self, patience: Duration) -> Result<(), PipeFault> {
        match timeout(patience, self.peripheral.is_connected()).await {
            Ok(Ok(true)) => Ok(()),
            _ => Err(PipeFault::Broken),
        }
    }

    async fn end(self, patience: Duration) {
        // What was not answered may still be in the radio: an end would throw it away.
        sleep(self.busy.min(patience)).await;
        if let Some(listener) = self.listener {
            listener.abort();
        }
        // The radio answers soon or not at all; a second is what the slowest took.
        let _ = timeout(patience.max(Duration::from_secs(1)), self.peripheral.disconnect()).await;
    }
}

/// Says what it means that a printer that is known can't be connected.
fn unreached(fault: btleplug::Error) -> PipeFault {
    match told(fault) {
        known @ (PipeFault::Off | PipeFault::NotAllowed | PipeFault::NotFound) => known,
        _ => PipeFault::Silent,
    }
}

/// Says what it means that a write failed.
fn lost(fault: btleplug::Error) -> PipeFault {
    match told(fault) {
        known @ (PipeFault::Off | PipeFault::NotAllowed) => known,
        _ => PipeFault::Broken,
    }
}

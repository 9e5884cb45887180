//! A pipe that another language lends: Classic Bluetooth, a USB port, what a maker's own library opens. It carries
//! bytes; everything that has to be decided is decided here.

use crate::pipe::{BytePipe, PipeFault, READ_MAX, WriteFault, piece};
use std::time::Duration;

/// The most bytes that a lender gets at a time: when it breaks, at most these are in doubt.
pub const PIECE: usize = 512;

/// What is lent. It may be called from any thread, by one at a time.
pub trait Lender: Send + Sync {
    /// Connects.
    ///
    /// # Errors
    /// When that fails.
    fn open(&self, patience: Duration) -> Result<(), PipeFault>;

    /// Takes some of the first bytes, or none, and says how many have surely left; the others have surely not.
    ///
    /// # Errors
    /// When it broke, with any number of them gone.
    fn write(&self, bytes: &[u8], patience: Duration) -> Result<usize, PipeFault>;

    /// Returns what was said, at most so many bytes, or nothing.
    ///
    /// # Errors
    /// When it broke.
    fn read(&self, most: usize, patience: Duration) -> Result<Vec<u8>, PipeFault>;

    /// Ends the connection.
    fn close(&self, patience: Duration);
}

/// A lent way, held to the shape of every pipe.
pub struct LentPipe<L> {
    lender: L,
    open: bool,
}

impl<L: Lender> LentPipe<L> {
    /// Takes what is lent; it is connected when the pipe is opened.
    pub fn new(lender: L) -> Self {
        Self { lender, open: false }
    }

    /// Ends what broke, so that the lender may let go of it.
    fn broke(&mut self) {
        self.open = false;
        self.lender.close(Duration::ZERO);
    }
}

impl<L: Lender> BytePipe for LentPipe<L> {
    fn open(&mut self, patience: Duration) -> Result<(), PipeFault> {
        if !self.open {
            if let Err(fault) = self.lender.open(patience) {
                self.broke();
                return Err(fault);
            }
            self.open = true;
        }
        Ok(())
    }

    fn write(&mut self, bytes: &[u8], patience: Duration) -> Result<usize, WriteFault> {
        if !self.open {
            return Err(WriteFault::nothing(PipeFault::Closed));
        }
        let piece = piece(bytes, PIECE);
        if piece.is_empty() {
            return Ok(0);
        }
        let fault = match self.lender.write(piece, patience) {
            Ok(count) if count <= piece.len() => return Ok(count),
            // More than was offered is a lender that does not keep its word.
            Ok(_) => PipeFault::Broken,
            Err(fault) => fault,
        };
        self.broke();
        Err(WriteFault {
            possibly: piece.len(),
            fault,
        })
    }

    fn read(&mut self, most: usize, patience: Duration) -> Result<Vec<u8>, PipeFault> {
        if !self.open {
            return Err(PipeFault::Closed);
        }
        let most = most.min(READ_MAX);
        if most == 0 {
            return Ok(Vec::new());
        }
        match self.lender.read(most, patience) {
            // More than asked for is a lender that does not keep its word; what it says can't be trusted.
            Ok(said) if said.len() > most => {
                self.broke();
                Err(PipeFault::Broken)
            }
            Err(fault) => {
                self.broke();
                Err(fault)
            }
            said => said,
        }
    }

    fn close(&mut self, patience: Duration) {
        if std::mem::take(&mut self.open) {
            self.lender.close(patience);
        }
    }
}

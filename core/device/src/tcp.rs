//! A pipe over the network, as printers take it at port 9100.

use crate::pipe::{BytePipe, PipeFault, READ_MAX, WriteFault, piece};
use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::time::Duration;

/// The port at which printers take bytes as they are.
pub const PORT: u16 = 9100;

/// How many answers a goodbye lets pass: a printer that goes on talking is left alone.
const LAST_WORDS: u32 = 8;
/// The shortest wait that the system knows.
const SHORTEST: Duration = Duration::from_millis(1);

/// A pipe to a printer on the network.
pub struct TcpPipe {
    address: SocketAddr,
    stream: Option<TcpStream>,
}

impl TcpPipe {
    /// Names the printer; it is dialled when the pipe is opened.
    pub fn new(address: SocketAddr) -> Self {
        Self {
            address,
            stream: None,
        }
    }

    /// Lets go of the connection and tells why.
    fn broke(&mut self, fault: &std::io::Error) -> PipeFault {
        self.stream = None;
        told(fault)
    }
}

impl BytePipe for TcpPipe {
    fn open(&mut self, patience: Duration) -> Result<(), PipeFault> {
        if self.stream.is_none() {
            let stream = TcpStream::connect_timeout(&self.address, patience.max(SHORTEST));
            let stream = stream.map_err(|fault| told(&fault))?;
            // A status is a few bytes that must not wait for more.
            stream.set_nodelay(true).map_err(|fault| told(&fault))?;
            self.stream = Some(stream);
        }
        Ok(())
    }

    fn write(&mut self, bytes: &[u8], patience: Duration) -> Result<usize, WriteFault> {
        let closed = || WriteFault::nothing(PipeFault::Closed);
        let stream = self.stream.as_mut().ok_or_else(closed)?;
        let piece = piece(bytes, bytes.len());
        // An empty write would look like the end of the connection to some systems.
        if piece.is_empty() {
            return Ok(0);
        }
        let written = stream
            .set_write_timeout(Some(patience.max(SHORTEST)))
            .and_then(|()| stream.write(piece));
        match written {
            // The system took none of it when it reports a fault: what it took, it counts.
            Err(fault) if !is_slow(&fault) => Err(WriteFault::nothing(self.broke(&fault))),
            Err(_) => Ok(0),
            Ok(count) => Ok(count),
        }
    }

    fn read(&mut self, most: usize, patience: Duration) -> Result<Vec<u8>, PipeFault> {
        let stream = self.stream.as_mut().ok_or(PipeFault::Closed)?;
        let mut said = vec![0; most.min(READ_MAX)];
        if said.is_empty() {
            return Ok(said);
        }
        let read = stream
            .set_read_timeout(Some(patience.max(SHORTEST)))
            .and_then(|()| stream.read(&mut said));
        match read {
            Ok(0) => Err(self.broke(&ErrorKind::ConnectionReset.into())),
            Ok(count) => {
                said.truncate(count);
                Ok(said)
            }
            Err(fault) if is_slow(&fault) => Ok(Vec::new()),
            Err(fault) => Err(self.broke(&fault)),
        }
    }

    fn close(&mut self, patience: Duration) {
        let Some(mut stream) = self.stream.take() else {
            return;
        };
        // Closed at once with an answer unread, the system would throw away what is still under way. So it is told
        // that nothing more comes, and what the printer says until it hangs up is let pass.
        let waits = stream.set_read_timeout(Some((patience / LAST_WORDS).max(SHORTEST)));
        if waits.is_err() || stream.shutdown(Shutdown::Write).is_err() {
            return;
        }
        for _ in 0..LAST_WORDS {
            match stream.read(&mut [0; READ_MAX]) {
                Ok(0) => return,
                Err(fault) if !is_slow(&fault) => return,
                _ => {}
            }
        }
    }
}

fn is_slow(fault: &std::io::Error) -> bool {
    matches!(
        fault.kind(),
        ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted
    )
}

fn told(fault: &std::io::Error) -> PipeFault {
    match fault.kind() {
        ErrorKind::ConnectionRefused | ErrorKind::TimedOut | ErrorKind::WouldBlock => PipeFault::Silent,
        ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable | ErrorKind::NetworkDown => {
            PipeFault::NotFound
        }
        ErrorKind::ConnectionReset
        | ErrorKind::ConnectionAborted
        | ErrorKind::BrokenPipe
        | ErrorKind::NotConnected => PipeFault::Broken,
        _ => PipeFault::Failed {
            why: fault.to_string(),
        },
    }
}

//! Every pipe of this crate keeps the laws, over real sockets and files; and pipes that break them are caught.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use barrow_device::conformance::{self, FarEnd};
use barrow_device::file::{FilePipe, StdoutPipe};
use barrow_device::lent::{Lender, LentPipe};
use barrow_device::pipe::{BytePipe, PipeFault, READ_MAX};
use barrow_device::tcp::TcpPipe;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

const PATIENCE: Duration = Duration::from_millis(200);

/// A printer at a port: it keeps what arrives, over all connections.
struct Printer {
    address: SocketAddr,
    shared: Arc<Mutex<Shared>>,
}

#[derive(Default)]
struct Shared {
    arrived: Vec<u8>,
    line: Option<TcpStream>,
    paused: bool,
}

impl Printer {
    fn listen() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let printer = Self {
            address: listener.local_addr().unwrap(),
            shared: Arc::default(),
        };
        let shared = Arc::clone(&printer.shared);
        std::thread::spawn(move || {
            for line in listener.incoming().map_while(Result::ok) {
                serve(line, &shared);
            }
        });
        printer
    }
}

/// Takes what arrives until the line ends.
fn serve(mut line: TcpStream, shared: &Mutex<Shared>) {
    line.set_read_timeout(Some(Duration::from_millis(10))).unwrap();
    shared.lock().unwrap().line = Some(line.try_clone().unwrap());
    let mut bytes = [0; 65_536];
    loop {
        if shared.lock().unwrap().paused {
            std::thread::sleep(Duration::from_millis(5));
            continue;
        }
        match line.read(&mut bytes) {
            Ok(0) => return,
            Ok(count) => shared.lock().unwrap().arrived.extend(&bytes[..count]),
            Err(fault) if fault.kind() == std::io::ErrorKind::WouldBlock => {}
            Err(_) => return,
        }
    }
}

impl FarEnd for Printer {
    fn arrived(&mut self) -> Vec<u8> {
        self.shared.lock().unwrap().arrived.clone()
    }
    fn say(&mut self, bytes: &[u8]) -> bool {
        let shared = self.shared.lock().unwrap();
        shared.line.as_ref().unwrap().write_all(bytes).unwrap();
        true
    }
    fn pause(&mut self, paused: bool) -> bool {
        self.shared.lock().unwrap().paused = paused;
        true
    }
    fn hang_up(&mut self) -> bool {
        let line = self.shared.lock().unwrap().line.take();
        line.unwrap().shutdown(std::net::Shutdown::Both).unwrap();
        true
    }
}

#[test]
fn the_network_keeps_the_laws() {
    let mut printer = Printer::listen();
    let mut pipe = TcpPipe::new(printer.address);
    assert_eq!(conformance::pipe(&mut pipe, &mut printer), Ok(()));
}

#[test]
fn a_port_where_nobody_listens_is_told() {
    let gone = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = gone.local_addr().unwrap();
    drop(gone);
    assert_eq!(TcpPipe::new(address).open(PATIENCE), Err(PipeFault::Silent));
}

/// What lies in a file.
struct OnDisk(PathBuf);

impl FarEnd for OnDisk {
    fn arrived(&mut self) -> Vec<u8> {
        std::fs::read(&self.0).unwrap_or_default()
    }
    fn say(&mut self, _: &[u8]) -> bool {
        false
    }
    fn pause(&mut self, _: bool) -> bool {
        false
    }
    fn hang_up(&mut self) -> bool {
        false
    }
}

#[test]
fn a_file_keeps_the_laws() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("printed.bin");
    assert_eq!(
        conformance::pipe(&mut FilePipe::new(path.clone()), &mut OnDisk(path)),
        Ok(())
    );
    let nowhere = folder.path().join("no").join("such").join("folder");
    let fault = FilePipe::new(nowhere).open(PATIENCE).unwrap_err();
    assert!(matches!(fault, PipeFault::Failed { .. }), "{fault}");
}

#[test]
fn the_standard_output_opens_and_closes() {
    let mut pipe = StdoutPipe::default();
    assert!(pipe.write(b"", PATIENCE).is_err());
    pipe.open(PATIENCE).unwrap();
    assert_eq!(pipe.write(b"", PATIENCE), Ok(0));
    assert_eq!(pipe.read(READ_MAX, PATIENCE), Ok(Vec::new()));
    pipe.close(PATIENCE);
    assert_eq!(pipe.read(READ_MAX, PATIENCE), Err(PipeFault::Closed));
}

/// What is lent, and the printer behind it: both ends in one.
#[derive(Clone, Default)]
struct Loan(Arc<Mutex<Behind>>);

#[derive(Default)]
struct Behind {
    arrived: Vec<u8>,
    says: Vec<u8>,
    paused: bool,
    hung_up: bool,
    fault: Fault,
}

/// What this lender does wrong.
#[derive(Default, PartialEq, Eq)]
enum Fault {
    #[default]
    None,
    Doubles,
    Swallows,
    SaysMore,
    ClaimsMore,
    TakesAnyway,
    HidesHangUp,
}

impl Lender for Loan {
    fn open(&self, _: Duration) -> Result<(), PipeFault> {
        self.0.lock().unwrap().hung_up = false;
        Ok(())
    }
    fn write(&self, bytes: &[u8], _: Duration) -> Result<usize, PipeFault> {
        let mut behind = self.0.lock().unwrap();
        if behind.hung_up {
            return Err(PipeFault::Broken);
        }
        if behind.paused && behind.fault != Fault::TakesAnyway {
            return Ok(0);
        }
        let taken = match behind.fault {
            Fault::Swallows => &bytes[..bytes.len() / 2],
            // A lender may take less than it is offered.
            _ => &bytes[..bytes.len().min(200)],
        };
        behind.arrived.extend(taken);
        if behind.fault == Fault::Doubles {
            behind.arrived.extend(taken);
        }
        Ok(match behind.fault {
            Fault::Swallows => bytes.len(),
            Fault::ClaimsMore => bytes.len() + 1,
            _ => taken.len(),
        })
    }
    fn read(&self, most: usize, _: Duration) -> Result<Vec<u8>, PipeFault> {
        let mut behind = self.0.lock().unwrap();
        if behind.hung_up && behind.fault != Fault::HidesHangUp {
            return Err(PipeFault::Broken);
        }
        let most = if behind.fault == Fault::SaysMore {
            most + 1
        } else {
            most
        };
        let count = behind.says.len().min(most);
        Ok(behind.says.drain(..count).collect())
    }
    fn close(&self, _: Duration) {}
}

impl FarEnd for Loan {
    fn arrived(&mut self) -> Vec<u8> {
        self.0.lock().unwrap().arrived.clone()
    }
    fn say(&mut self, bytes: &[u8]) -> bool {
        self.0.lock().unwrap().says.extend(bytes);
        true
    }
    fn pause(&mut self, paused: bool) -> bool {
        self.0.lock().unwrap().paused = paused;
        true
    }
    fn hang_up(&mut self) -> bool {
        self.0.lock().unwrap().hung_up = true;
        true
    }
}

fn lent(fault: Fault) -> Result<(), String> {
    let mut loan = Loan::default();
    loan.0.lock().unwrap().fault = fault;
    conformance::pipe(&mut LentPipe::new(loan.clone()), &mut loan)
}

#[test]
fn a_lent_pipe_keeps_the_laws() {
    assert_eq!(lent(Fault::None), Ok(()));
}

#[test]
fn a_lender_that_breaks_a_law_is_caught() {
    for (fault, law) in [
        (Fault::Doubles, "every byte arrives once"),
        (Fault::Swallows, "every byte arrives once"),
        (Fault::SaysMore, "The pipe broke"),
        (Fault::ClaimsMore, "The pipe broke"),
        (Fault::TakesAnyway, "is not written to without end"),
        (Fault::HidesHangUp, "is told by a fault"),
    ] {
        let told = lent(fault).unwrap_err();
        assert!(told.contains(law), "{told}");
    }
}

/// A lender that breaks in the middle of a write.
struct Breaks;

impl Lender for Breaks {
    fn open(&self, _: Duration) -> Result<(), PipeFault> {
        Ok(())
    }
    fn write(&self, bytes: &[u8], _: Duration) -> Result<usize, PipeFault> {
        assert_eq!(bytes.len(), barrow_device::lent::PIECE);
        Err(PipeFault::Broken)
    }
    fn read(&self, _: usize, _: Duration) -> Result<Vec<u8>, PipeFault> {
        Err(PipeFault::Broken)
    }
    fn close(&self, _: Duration) {}
}

#[test]
fn a_break_doubts_what_was_handed_over_and_no_more() {
    let mut pipe = LentPipe::new(Breaks);
    pipe.open(PATIENCE).unwrap();
    let broken = pipe.write(&[7; 5000], PATIENCE).unwrap_err();
    assert_eq!(
        (broken.possibly, broken.fault),
        (barrow_device::lent::PIECE, PipeFault::Broken)
    );
    assert_eq!(pipe.write(b"x", PATIENCE).unwrap_err().fault, PipeFault::Closed);
}

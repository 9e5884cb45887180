//! A pipe into a file, or to where this program's words go. Nobody answers there.

use crate::pipe::{BytePipe, PipeFault, WriteFault, piece};
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Stdout, Write};
use std::path::PathBuf;
use std::time::Duration;

/// A pipe into a file, after what it holds.
pub struct FilePipe {
    path: PathBuf,
    file: Option<File>,
}

impl FilePipe {
    /// Names the file; it is made when the pipe is opened.
    pub fn new(path: PathBuf) -> Self {
        Self { path, file: None }
    }
}

impl BytePipe for FilePipe {
    fn open(&mut self, _: Duration) -> Result<(), PipeFault> {
        if self.file.is_none() {
            let file = OpenOptions::new().append(true).create(true).open(&self.path);
            self.file = Some(file.map_err(failed)?);
        }
        Ok(())
    }

    fn write(&mut self, bytes: &[u8], _: Duration) -> Result<usize, WriteFault> {
        let written = put(self.file.as_mut(), bytes);
        if written.is_err() {
            self.file = None;
        }
        written
    }

    fn read(&mut self, _: usize, _: Duration) -> Result<Vec<u8>, PipeFault> {
        self.file.as_ref().map(|_| Vec::new()).ok_or(PipeFault::Closed)
    }

    fn close(&mut self, _: Duration) {
        if let Some(file) = self.file.take() {
            // What the disk refuses here it told at the write, or nobody can mend it.
            let _ = file.sync_all();
        }
    }
}

/// A pipe to the standard output.
#[derive(Default)]
pub struct StdoutPipe(Option<Stdout>);

impl BytePipe for StdoutPipe {
    fn open(&mut self, _: Duration) -> Result<(), PipeFault> {
        self.0.get_or_insert_with(std::io::stdout);
        Ok(())
    }

    fn write(&mut self, bytes: &[u8], _: Duration) -> Result<usize, WriteFault> {
        let written = put(self.0.as_mut(), bytes);
        if written.is_err() {
            self.0 = None;
        }
        written
    }

    fn read(&mut self, _: usize, _: Duration) -> Result<Vec<u8>, PipeFault> {
        self.0.as_ref().map(|_| Vec::new()).ok_or(PipeFault::Closed)
    }

    fn close(&mut self, _: Duration) {
        if let Some(mut out) = self.0.take() {
            let _ = out.flush();
        }
    }
}

fn put(to: Option<&mut impl Write>, bytes: &[u8]) -> Result<usize, WriteFault> {
    let to = to.ok_or_else(|| WriteFault::nothing(PipeFault::Closed))?;
    match to.write(piece(bytes, bytes.len())) {
        Err(fault) if fault.kind() == ErrorKind::Interrupted => Ok(0),
        written => written.map_err(|fault| WriteFault::nothing(failed(fault))),
    }
}

fn failed(fault: std::io::Error) -> PipeFault {
    PipeFault::Failed {
        why: fault.to_string(),
    }
}

//! Sealed chunks: XChaCha20-Poly1305 as a stream, so that no chunk can be changed, moved, repeated or left out.
//!
//! Each chunk but the first holds [`CHUNK`] bytes; the last may hold fewer and is marked as the last. The stream's own
//! counter authenticates the order; the first chunk authenticates the header too. After the last chunk a mark in clear
//! gives the file's length, so that a file that was cut is told from one that was changed.

use super::BackupError;
use super::header::crypto;
use orion::hazardous::aead::streaming::{ABYTES, Nonce, SecretKey, StreamTag, StreamXChaCha20Poly1305};
use std::fs::File;
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use zeroize::Zeroizing;

/// The key of a backup.
pub(super) type Key = Zeroizing<[u8; 32]>;
pub(super) const NONCE_LEN: usize = 24;
/// The bytes of a chunk before it is sealed.
pub(super) const CHUNK: usize = 64 * 1024;
/// The bytes of the first chunk: a seed of 32 and a length of 8.
pub(super) const FIRST: usize = 40;
/// What the mark at the end begins with; the length of all before it follows.
const END: [u8; 8] = *b"BARROWND";
const END_LEN: u64 = 16;

fn stream(key: &Key, nonce: &[u8; NONCE_LEN]) -> StreamXChaCha20Poly1305 {
    StreamXChaCha20Poly1305::new(&SecretKey::from(**key), &Nonce::from(*nonce))
}

/// Seals what is written to it.
pub(super) struct Sealer<W> {
    out: W,
    stream: StreamXChaCha20Poly1305,
    header: Vec<u8>,
    /// What waits for its chunk to be full.
    plain: Vec<u8>,
    sealed: Vec<u8>,
    written: u64,
}

impl<W: Write> Sealer<W> {
    pub(super) fn new(out: W, key: &Key, nonce: &[u8; NONCE_LEN], header: &[u8]) -> Self {
        Self {
            out,
            stream: stream(key, nonce),
            header: header.to_vec(),
            plain: Vec::with_capacity(CHUNK),
            sealed: vec![0; CHUNK + ABYTES],
            written: 0,
        }
    }

    /// Seals the first chunk together with the header.
    pub(super) fn first(&mut self, plain: &[u8]) -> Result<(), BackupError> {
        assert_eq!(plain.len(), FIRST, "the first chunk has a fixed length");
        let header = std::mem::take(&mut self.header);
        self.seal(plain, Some(&header), StreamTag::Message)
    }

    /// Seals what is left as the last chunk and writes the mark at the end.
    pub(super) fn finish(mut self, before: u64) -> Result<W, BackupError> {
        let plain = std::mem::take(&mut self.plain);
        self.seal(&plain, None, StreamTag::Finish)?;
        self.out.write_all(&END)?;
        self.out.write_all(&(before + self.written).to_le_bytes())?;
        Ok(self.out)
    }

    fn seal(&mut self, plain: &[u8], header: Option<&[u8]>, tag: StreamTag) -> Result<(), BackupError> {
        let sealed = &mut self.sealed[..plain.len() + ABYTES];
        self.stream
            .seal_chunk(plain, header, sealed, &tag)
            .map_err(crypto)?;
        self.out.write_all(sealed)?;
        self.written += sealed.len() as u64;
        Ok(())
    }
}

impl<W: Write> Write for Sealer<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // A full chunk waits for more, because it may be the last.
        if self.plain.len() == CHUNK {
            let plain = std::mem::take(&mut self.plain);
            self.seal(&plain, None, StreamTag::Message)
                .map_err(io::Error::other)?;
            self.plain = plain;
            self.plain.clear();
        }
        let some = bytes.len().min(CHUNK - self.plain.len());
        self.plain.extend_from_slice(&bytes[..some]);
        Ok(some)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Checks the mark at the end of a file of `length` bytes, whose header has `header` bytes, and returns to the place
/// after the header.
pub(super) fn check_end(file: &mut File, length: u64, header: u64) -> Result<(), BackupError> {
    let body = length.checked_sub(END_LEN).ok_or(BackupError::Truncated)?;
    if body < header {
        return Err(BackupError::Truncated);
    }
    let mut mark = [0; END_LEN as usize];
    file.seek(SeekFrom::Start(body))?;
    file.read_exact(&mut mark)?;
    if mark[..8] != END || mark[8..] != body.to_le_bytes() {
        return Err(BackupError::Truncated);
    }
    file.seek(SeekFrom::Start(header))?;
    Ok(())
}

/// Opens sealed chunks as they are read.
pub(super) struct Opener<R> {
    from: R,
    stream: StreamXChaCha20Poly1305,
    header: Vec<u8>,
    /// The sealed bytes that are still to come.
    left: u64,
    sealed: Vec<u8>,
    plain: Vec<u8>,
    /// What of the opened chunk was read already.
    read: usize,
    last: bool,
}

impl<R: Read> Opener<R> {
    /// Opens the chunks of a file of `length` bytes; `from` stands after the header.
    pub(super) fn new(from: R, key: &Key, nonce: &[u8; NONCE_LEN], header: &[u8], length: u64) -> Self {
        Self {
            from,
            stream: stream(key, nonce),
            header: header.to_vec(),
            left: length.saturating_sub(END_LEN + header.len() as u64),
            sealed: Vec::with_capacity(CHUNK + ABYTES),
            plain: Vec::with_capacity(CHUNK),
            read: 0,
            last: false,
        }
    }

    /// Opens the first chunk, which proves the key and the header.
    pub(super) fn first(&mut self) -> Result<Zeroizing<Vec<u8>>, BackupError> {
        let header = std::mem::take(&mut self.header);
        self.open(FIRST, Some(&header))?;
        Ok(Zeroizing::new(std::mem::take(&mut self.plain)))
    }

    /// Checks that everything was read, up to the chunk that is marked as the last.
    pub(super) fn finish(mut self) -> Result<(), BackupError> {
        if self.read < self.plain.len() {
            return Err(BackupError::Changed);
        }
        if !self.last {
            self.open(CHUNK, None)?;
        }
        match self.last && self.left == 0 && self.plain.len() == self.read {
            true => Ok(()),
            false => Err(BackupError::Changed),
        }
    }

    /// Opens the next chunk, of at most `most` bytes.
    fn open(&mut self, most: usize, header: Option<&[u8]>) -> Result<(), BackupError> {
        let length = self.left.min((most + ABYTES) as u64);
        self.left -= length;
        self.sealed.resize(usize::try_from(length).unwrap_or(0), 0);
        self.from
            .read_exact(&mut self.sealed)
            .map_err(|error| match error.kind() {
                ErrorKind::UnexpectedEof => BackupError::Truncated,
                _ => error.into(),
            })?;
        let plain = self
            .sealed
            .len()
            .checked_sub(ABYTES)
            .ok_or(BackupError::Changed)?;
        self.plain.resize(plain, 0);
        self.read = 0;
        let tag = self
            .stream
            .open_chunk(&self.sealed, header, &mut self.plain)
            .map_err(|_| BackupError::Changed)?;
        self.last = tag == StreamTag::Finish;
        Ok(())
    }
}

impl<R: Read> Read for Opener<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.read == self.plain.len() {
            if self.last {
                return Ok(0);
            }
            self.open(CHUNK, None).map_err(io::Error::other)?;
        }
        let rest = &self.plain[self.read..];
        let some = rest.len().min(into.len());
        into[..some].copy_from_slice(&rest[..some]);
        self.read += some;
        Ok(some)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONCE: [u8; NONCE_LEN] = [7; NONCE_LEN];
    const HEADER: &[u8] = b"header";

    fn key() -> Key {
        Zeroizing::new([3; 32])
    }

    fn sealed(bytes: usize) -> Vec<u8> {
        let mut sealer = Sealer::new(Vec::new(), &key(), &NONCE, HEADER);
        sealer.first(&[1; FIRST]).unwrap();
        sealer.write_all(&vec![5; bytes]).unwrap();
        sealer.finish(HEADER.len() as u64).unwrap()
    }

    fn opened(sealed: &[u8], header: &[u8]) -> Result<Vec<u8>, BackupError> {
        let length = (header.len() + sealed.len()) as u64;
        let mut opener = Opener::new(sealed, &key(), &NONCE, header, length);
        opener.first()?;
        let mut plain = Vec::new();
        while opener.left > 0 {
            let mut some = [0; 1000];
            let read = opener.read(&mut some)?;
            plain.extend_from_slice(&some[..read]);
        }
        plain.extend_from_slice(&opener.plain[opener.read..]);
        opener.read = opener.plain.len();
        opener.finish()?;
        Ok(plain)
    }

    #[test]
    fn any_length_comes_back() {
        for bytes in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK] {
            assert_eq!(opened(&sealed(bytes), HEADER).unwrap(), vec![5; bytes], "{bytes}");
        }
    }

    #[test]
    fn whole_chunks_without_the_last_are_no_stream() {
        let sealed = sealed(3 * CHUNK);
        let (mark, last) = (END_LEN as usize, CHUNK + ABYTES);
        let cut = [
            &sealed[..sealed.len() - mark - last],
            &sealed[sealed.len() - mark..],
        ]
        .concat();
        assert_eq!(opened(&cut, HEADER), Err(BackupError::Changed));
    }

    #[test]
    fn another_header_does_not_open() {
        assert_eq!(opened(&sealed(10), b"headed"), Err(BackupError::Changed));
    }
}

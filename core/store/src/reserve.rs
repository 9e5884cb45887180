//! The reserve for a full disk: a file that gives its room back, so that the sale in hand, the Z and an export fit.

use crate::error::StoreError;
use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

/// Names the file in the store's folder.
pub const RESERVE_FILE: &str = "reserve";
/// Gives its size in bytes: about a thousand sales of four pages each.
pub const RESERVE_BYTES: u64 = 16 * 1024 * 1024;
/// The name while it is being written; a crash leaves it to the next attempt.
const PART_FILE: &str = "reserve.part";
/// The bytes written at a time.
const CHUNK: usize = 64 * 1024;

/// Tells how it stands with the reserve.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReserveState {
    /// The room is kept.
    Held,
    /// The room was given back, because the disk was full.
    Released,
    /// There is none: it was never made, or someone deleted it.
    Missing,
}

/// The reserve in a store's folder.
#[derive(Clone, Debug)]
pub struct Reserve {
    folder: PathBuf,
    bytes: u64,
}

impl Reserve {
    /// Names the reserve of a folder, without touching it.
    pub fn of(folder: &Path) -> Self {
        Self::sized(folder, RESERVE_BYTES)
    }

    fn sized(folder: &Path, bytes: u64) -> Self {
        Self {
            folder: folder.to_owned(),
            bytes,
        }
    }

    /// Makes the reserve where it is missing or was released, really allocated and synced, and returns how it stands.
    ///
    /// One that was released is made again only when as much room stays free beside it, so that a disk that is barely
    /// not full is left to sales. Fails with [`StoreError::Full`] when there is no room; what was written is removed.
    pub fn ensure(&self) -> Result<ReserveState, StoreError> {
        let spare = match self.state()? {
            ReserveState::Held => return Ok(ReserveState::Held),
            ReserveState::Released => self.bytes,
            ReserveState::Missing => 0,
        };
        let part = self.folder.join(PART_FILE);
        let made = write_out(&part, self.bytes + spare, self.bytes)
            .and_then(|()| fs::rename(&part, self.path()))
            .and_then(|()| sync_folder(&self.folder));
        if let Err(error) = made {
            remove(&part)?;
            return Err(error.into());
        }
        self.state()
    }

    /// Gives the room back. It only cuts the file, which needs no room itself.
    pub fn release(&self) -> Result<(), StoreError> {
        remove(&self.folder.join(PART_FILE))?;
        match OpenOptions::new().write(true).open(self.path()) {
            Ok(file) => Ok(file.set_len(0)?),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Tells how it stands.
    pub fn state(&self) -> Result<ReserveState, StoreError> {
        match fs::metadata(self.path()) {
            Ok(file) if file.len() >= self.bytes && allocated(&file) >= self.bytes => Ok(ReserveState::Held),
            Ok(_) => Ok(ReserveState::Released),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(ReserveState::Missing),
            Err(error) => Err(error.into()),
        }
    }

    fn path(&self) -> PathBuf {
        self.folder.join(RESERVE_FILE)
    }
}

/// Writes `bytes` bytes that no file system can compress or share, syncs them, and keeps the first `keep`.
fn write_out(path: &Path, bytes: u64, keep: u64) -> std::io::Result<()> {
    let mut file = File::create(path)?;
    let mut noise: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut chunk = Vec::with_capacity(CHUNK);
    let mut left = bytes;
    while left > 0 {
        chunk.clear();
        while chunk.len() < CHUNK {
            // Xorshift: enough to look like nothing.
            noise ^= noise << 13;
            noise ^= noise >> 7;
            noise ^= noise << 17;
            chunk.extend_from_slice(&noise.to_le_bytes());
        }
        let some = usize::try_from(left).unwrap_or(CHUNK).min(CHUNK);
        file.write_all(&chunk[..some])?;
        left -= some as u64;
    }
    // Only a sync tells that a file system that allocates late has the room.
    file.sync_all()?;
    if keep < bytes {
        file.set_len(keep)?;
        file.sync_all()?;
    }
    Ok(())
}

fn remove(path: &Path) -> Result<(), StoreError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

#[cfg(unix)]
fn allocated(file: &fs::Metadata) -> u64 {
    use std::os::unix::fs::MetadataExt;
    // Blocks are of 512 bytes on every Unix, whatever the disk's own are.
    file.blocks() * 512
}

#[cfg(not(unix))]
fn allocated(file: &fs::Metadata) -> u64 {
    file.len()
}

/// Makes a new name durable; only Unix lets a folder be synced, and only Unix needs it.
pub(crate) fn sync_folder(folder: &Path) -> std::io::Result<()> {
    if cfg!(unix) {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_made_released_and_made_again() {
        let folder = tempfile::tempdir().unwrap();
        let reserve = Reserve::of(folder.path());
        assert_eq!(reserve.state().unwrap(), ReserveState::Missing);
        reserve.release().unwrap();
        assert_eq!(reserve.state().unwrap(), ReserveState::Missing);
        assert_eq!(reserve.ensure().unwrap(), ReserveState::Held);
        let file = fs::metadata(folder.path().join(RESERVE_FILE)).unwrap();
        assert_eq!(file.len(), RESERVE_BYTES);
        assert!(allocated(&file) >= RESERVE_BYTES);
        reserve.release().unwrap();
        assert_eq!(reserve.state().unwrap(), ReserveState::Released);
        assert_eq!(reserve.ensure().unwrap(), ReserveState::Held);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn a_file_with_a_hole_is_no_reserve() {
        let folder = tempfile::tempdir().unwrap();
        let reserve = Reserve::of(folder.path());
        File::create(reserve.path())
            .unwrap()
            .set_len(RESERVE_BYTES)
            .unwrap();
        assert_eq!(reserve.state().unwrap(), ReserveState::Released);
        assert_eq!(reserve.ensure().unwrap(), ReserveState::Held);
    }

    #[test]
    fn a_folder_that_is_gone_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let reserve = Reserve::of(&folder.path().join("gone"));
        assert_eq!(reserve.ensure().unwrap_err(), StoreError::Missing);
    }

    /// A small disk in memory, gone when dropped.
    #[cfg(target_os = "linux")]
    struct SmallDisk(tempfile::TempDir);

    #[cfg(target_os = "linux")]
    impl SmallDisk {
        fn mount() -> Option<Self> {
            let folder = tempfile::tempdir().unwrap();
            let mut mount = std::process::Command::new("mount");
            mount
                .args(["-t", "tmpfs", "-o", "size=40m", "tmpfs"])
                .arg(folder.path());
            let done = mount.output().is_ok_and(|output| output.status.success());
            done.then_some(Self(folder))
        }
    }

    #[cfg(target_os = "linux")]
    impl Drop for SmallDisk {
        fn drop(&mut self) {
            let _ = std::process::Command::new("umount").arg(self.0.path()).status();
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_disk_takes_a_sale_once_the_reserve_is_given_back() {
        let Some(disk) = SmallDisk::mount() else {
            println!("skipped: a small disk can't be mounted here");
            return;
        };
        let folder = disk.0.path();
        let reserve = Reserve::of(folder);
        let conn = rusqlite::Connection::open(folder.join("shop.db")).unwrap();
        conn.pragma_update(None, "journal_mode", "wal").unwrap();
        conn.execute("CREATE TABLE sale (receipt BLOB)", []).unwrap();
        assert_eq!(reserve.ensure().unwrap(), ReserveState::Held);
        let full = write_out(&folder.join("photos"), 64 << 20, 64 << 20).unwrap_err();
        assert_eq!(StoreError::from(full), StoreError::Full);
        let sell = || {
            conn.execute("INSERT INTO sale VALUES (zeroblob(100000))", [])
                .map_err(StoreError::from)
        };
        let refused = (0..100).find_map(|_| sell().err());
        assert_eq!(refused, Some(StoreError::Full));
        reserve.release().unwrap();
        assert_eq!(reserve.state().unwrap(), ReserveState::Released);
        for _ in 0..100 {
            sell().unwrap();
        }
        // As long as there is no room for twice as much, it stays with the sales.
        assert_eq!(reserve.ensure(), Err(StoreError::Full));
        assert_eq!(reserve.state().unwrap(), ReserveState::Released);
        assert!(!folder.join(PART_FILE).exists());
        sell().unwrap();
        fs::remove_file(folder.join("photos")).unwrap();
        assert_eq!(
            reserve.ensure(),
            Err(StoreError::Full),
            "40 MiB hold no 32 beside 20 of sales"
        );
        conn.execute_batch(
            "DELETE FROM sale; PRAGMA wal_checkpoint(TRUNCATE); VACUUM; PRAGMA wal_checkpoint(TRUNCATE)",
        )
        .unwrap();
        assert_eq!(reserve.ensure().unwrap(), ReserveState::Held);
    }
}

//! What a till borrows from its device: time, chance and a place for secrets.
//!
//! Everything below this crate takes them as arguments; here they are ports, with one implementation for real
//! devices and one for tests and simulations.

use crate::error::TillError;
use std::collections::BTreeMap;
use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use zeroize::Zeroizing;

/// Tells the time of day.
pub trait Clock: Send + Sync {
    /// Returns the wall clock in milliseconds since 1970. It is for people to read and never orders anything.
    fn now_ms(&self) -> i64;
}

/// Gives chance.
pub trait Chance: Send + Sync {
    /// Fills the bytes with randomness that nobody can guess.
    ///
    /// # Errors
    /// When the device has none to give; nothing is made then.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), TillError>;
}

/// Keeps secrets outside the database and outside every backup.
pub trait KeyStore: Send + Sync {
    /// Returns a secret, or `None` when it was never put here.
    ///
    /// # Errors
    /// When the key store can't be read.
    fn get(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, TillError>;
    /// Puts a secret, durably, over an older one of the same name.
    ///
    /// # Errors
    /// When the key store can't be written.
    fn put(&self, name: &str, secret: &[u8]) -> Result<(), TillError>;
}

/// Everything that a till borrows.
pub struct Ports {
    /// Tells the time.
    pub clock: Box<dyn Clock>,
    /// Gives chance.
    pub chance: Box<dyn Chance>,
    /// Keeps secrets.
    pub keys: Box<dyn KeyStore>,
}

impl Ports {
    /// Borrows from the operating system, with secrets in a folder.
    pub fn system(keys: &Path) -> Self {
        Self {
            clock: Box::new(SystemClock),
            chance: Box::new(SystemChance),
            keys: Box::new(FolderKeyStore::new(keys)),
        }
    }

    /// Gives sixteen bytes for an id whose order is the order of making (UUIDv7).
    pub(crate) fn id(&self) -> Result<uuid::Uuid, TillError> {
        let mut random = [0_u8; 10];
        self.chance.fill(&mut random)?;
        let millis = u64::try_from(self.clock.now_ms()).unwrap_or(0);
        Ok(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
    }
}

/// Makes sixteen bytes for an id whose order is the order of making (UUIDv7, RFC 9562), also within a millisecond:
/// the twelve bits after the time count up (RFC 9562, 6.2, method 1), so that lists stand as they were made.
///
/// # Errors
/// When the device has no randomness.
pub fn fresh_id() -> Result<[u8; 16], TillError> {
    static LAST: AtomicU64 = AtomicU64::new(0);
    let mut bytes = [0_u8; 16];
    SystemChance.fill(&mut bytes)?;
    let now = u64::try_from(SystemClock.now_ms()).unwrap_or(0) << 12;
    let next = |last: u64| now.max(last + 1);
    let last = LAST
        .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |last| Some(next(last)))
        .unwrap_or(0);
    let count = next(last);
    bytes[..6].copy_from_slice(&(count >> 12).to_be_bytes()[2..]);
    bytes[6] = 0x70 | ((count >> 8) & 0x0f) as u8;
    bytes[7] = (count & 0xff) as u8;
    bytes[8] = 0x80 | (bytes[8] & 0x3f);
    Ok(bytes)
}

/// The device's own clock.
pub struct SystemClock;

impl Clock for SystemClock {
    #[allow(
        clippy::disallowed_methods,
        reason = "this is the one port where real time comes in"
    )]
    fn now_ms(&self) -> i64 {
        let since = std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .unwrap_or_default();
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    }
}

/// The operating system's randomness.
pub struct SystemChance;

impl Chance for SystemChance {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), TillError> {
        getrandom::fill(bytes)
            .map_err(|_| TillError::device("The device gives no randomness for keys and ids."))
    }
}

/// Secrets as files in a folder that only its owner may read: for desktops and servers without a key ring.
pub struct FolderKeyStore {
    folder: PathBuf,
}

impl FolderKeyStore {
    /// Keeps secrets in this folder, which is made when the first one is put.
    pub fn new(folder: &Path) -> Self {
        Self {
            folder: folder.to_path_buf(),
        }
    }

    fn write(&self, name: &str, secret: &[u8]) -> std::io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        let (temporary, place) = (self.folder.join(format!("{name}.new")), self.folder.join(name));
        let mut options = fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
            fs::set_permissions(&self.folder, fs::Permissions::from_mode(0o700))?;
            options.mode(0o600);
        }
        let mut file = options.open(&temporary)?;
        file.write_all(secret)?;
        file.sync_all()?;
        fs::rename(&temporary, &place)?;
        fs::File::open(&self.folder)?.sync_all()
    }
}

impl KeyStore for FolderKeyStore {
    fn get(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, TillError> {
        match fs::read(self.folder.join(name)) {
            Ok(secret) => Ok(Some(Zeroizing::new(secret))),
            Err(fault) if fault.kind() == ErrorKind::NotFound => Ok(None),
            Err(fault) => Err(TillError::device(&format!(
                "The key store can't be read: {fault}."
            ))),
        }
    }

    fn put(&self, name: &str, secret: &[u8]) -> Result<(), TillError> {
        self.write(name, secret)
            .map_err(|fault| TillError::device(&format!("The key store can't be written: {fault}.")))
    }
}

/// A clock that stands still until it is moved: for tests and simulations.
#[derive(Default)]
pub struct FixedClock(AtomicI64);

impl FixedClock {
    /// Starts at a time in milliseconds since 1970.
    pub fn at(now_ms: i64) -> Self {
        Self(AtomicI64::new(now_ms))
    }

    /// Sets the time.
    pub fn set(&self, now_ms: i64) {
        self.0.store(now_ms, Ordering::SeqCst);
    }
}

impl Clock for FixedClock {
    fn now_ms(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }
}

impl<T: Clock> Clock for std::sync::Arc<T> {
    fn now_ms(&self) -> i64 {
        (**self).now_ms()
    }
}

/// Chance that repeats from a seed: for tests and simulations, never for a real shop.
pub struct SeededChance(AtomicU64);

impl SeededChance {
    /// Starts from a seed.
    pub fn new(seed: u64) -> Self {
        Self(AtomicU64::new(seed))
    }
}

impl Chance for SeededChance {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), TillError> {
        // SplitMix64 (Steele, Lea and Flood, 2014): every draw of a test run repeats.
        for chunk in bytes.chunks_mut(8) {
            let mut z = self.0.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::SeqCst);
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            chunk.copy_from_slice(&(z ^ (z >> 31)).to_le_bytes()[..chunk.len()]);
        }
        Ok(())
    }
}

/// Secrets in memory: for tests and simulations.
#[derive(Default)]
pub struct MemoryKeyStore(Mutex<BTreeMap<String, Zeroizing<Vec<u8>>>>);

impl KeyStore for MemoryKeyStore {
    fn get(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, TillError> {
        let secrets = self
            .0
            .lock()
            .map_err(|_| TillError::device("The key store broke."))?;
        Ok(secrets.get(name).cloned())
    }

    fn put(&self, name: &str, secret: &[u8]) -> Result<(), TillError> {
        let mut secrets = self
            .0
            .lock()
            .map_err(|_| TillError::device("The key store broke."))?;
        secrets.insert(name.into(), Zeroizing::new(secret.to_vec()));
        Ok(())
    }
}

impl<T: KeyStore> KeyStore for std::sync::Arc<T> {
    fn get(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, TillError> {
        (**self).get(name)
    }
    fn put(&self, name: &str, secret: &[u8]) -> Result<(), TillError> {
        (**self).put(name, secret)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conformance;

    #[test]
    fn key_stores_keep_what_was_put_last() {
        let folder = tempfile::tempdir().unwrap();
        conformance::key_store(&MemoryKeyStore::default()).unwrap();
        conformance::key_store(&FolderKeyStore::new(&folder.path().join("keys"))).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn secrets_in_a_folder_are_for_their_owner_alone() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let keys = FolderKeyStore::new(&folder.path().join("keys"));
        keys.put("device", &[1]).unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&folder.path().join("keys")), 0o700);
        assert_eq!(mode(&folder.path().join("keys/device")), 0o600);
    }
}

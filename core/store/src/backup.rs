//! Backups: one sealed file with the whole database and the organisation's key, and the way back.
//!
//! The file is, in this order: a header in clear ([`header`]); sealed chunks, the first with the organisation's seed
//! and the length of the database, the others with the database in zstd ([`seal`]); a mark with the file's length.
//! Nothing of what belongs to one device is inside: the `local_*` tables are emptied in the copy that is sealed, with
//! their freed bytes overwritten, and the search tables too, which a till builds anew.

mod header;
mod seal;

use crate::DATABASE_FILE;
use crate::database;
use crate::error::StoreError;
use crate::reserve::sync_folder;
use crate::work::{Cancel, Cancelled, Work};
use barrow_log::id::OrganisationId;
use barrow_log::key::{OrganisationKey, SEED_LEN};
use header::{Header, Kdf};
use rusqlite::{Connection, OpenFlags};
use seal::{Opener, Sealer};
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufReader, BufWriter, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// The ending of a backup's name.
pub const BACKUP_EXTENSION: &str = "barrow-backup";
/// The fewest characters of a passphrase: fewer are guessed in spite of the slow key derivation.
pub const PASSPHRASE_MIN: usize = 10;
/// The most characters of a passphrase.
pub const PASSPHRASE_MAX: usize = 1024;
/// The most backups of one second in one folder.
const NAMES_MAX: u32 = 100;
/// The unsealed copy while a backup is made; beside the database, which lies there unsealed anyway.
const COPY_FILE: &str = "backup.part";
/// The unsealed database while a restore is checked.
const RESTORE_FILE: &str = "restore.part";
/// zstd's own default level.
const ZSTD_LEVEL: i32 = 3;
/// The bytes copied at a time.
const COPY_CHUNK: usize = 64 * 1024;
/// The page cache in KiB of the connections of a backup: little, because each page is read once.
const CACHE_KIB: i64 = 2048;

/// What opens a backup.
#[derive(Clone, Copy, Debug)]
pub enum Secret<'a> {
    /// A passphrase that a person chose.
    Passphrase(&'a str),
    /// The organisation's key, as its 24 recovery words give it.
    Words(&'a OrganisationKey),
}

/// What a backup gave back.
#[derive(Debug)]
pub struct Restored {
    /// Holds the organisation's key. It is nowhere on the disk.
    pub organisation_key: OrganisationKey,
    /// Names the organisation.
    pub organisation: OrganisationId,
    /// Gives when the backup was made, in milliseconds since 1970.
    pub created_ms: i64,
    /// Names the restored database. Its pages are sound; its chain is the caller's to verify.
    pub database: PathBuf,
}

/// Says why a backup could not be made or read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BackupError {
    /// The passphrase is too short or too long.
    #[error("A passphrase has {PASSPHRASE_MIN} to {PASSPHRASE_MAX} characters. Choose another.")]
    Passphrase,
    /// The passphrase is another one.
    #[error("This is not the passphrase of this backup. Check capital letters and keyboard, then try again.")]
    WrongPassphrase,
    /// The words are another organisation's.
    #[error("These recovery words do not open this backup: they belong to another shop.")]
    WrongWords,
    /// The backup wants a passphrase.
    #[error("This backup was sealed with a passphrase, not with the recovery words. Give the passphrase.")]
    NeedsPassphrase,
    /// The backup wants the words.
    #[error("This backup was sealed with the recovery words, not with a passphrase. Give the 24 words.")]
    NeedsWords,
    /// The file is something else.
    #[error("This file is not a Barrow backup.")]
    NotABackup,
    /// A later release wrote the file.
    #[error("This backup was made by a newer Barrow (format {found}). Update Barrow to open it.")]
    Newer {
        /// The file's format.
        found: u16,
    },
    /// The end of the file is missing.
    #[error("This backup is not complete: its end is missing. Copy it again, or take another one.")]
    Truncated,
    /// The file is not what was written.
    #[error("This backup is damaged or was changed. Nothing of it was used. Take another one.")]
    Changed,
    /// There is a store already.
    #[error("There is a shop in this folder already. Name another folder. Nothing was changed.")]
    Exists,
    /// There is no database to back up, or no file to read.
    #[error("{0} was not found.")]
    Missing(String),
    /// The disk is full.
    #[error("The disk is full. Free some space or choose another folder. Nothing was lost.")]
    Full,
    /// The folder can't be written.
    #[error("This folder can't be written. Choose another one. Nothing was lost.")]
    NoPermission,
    /// It was given up.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
    /// The database or the disk failed.
    #[error("The backup could not be finished ({0}). The shop's own data was not changed.")]
    Failed(String),
}

impl From<io::Error> for BackupError {
    fn from(error: io::Error) -> Self {
        // An error of our own that went through a reader or writer of the standard library.
        if let Some(own) = error.get_ref().and_then(|inner| inner.downcast_ref::<Self>()) {
            return own.clone();
        }
        match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Self::Full,
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => Self::NoPermission,
            _ => Self::Failed(error.to_string()),
        }
    }
}

impl From<rusqlite::Error> for BackupError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DiskFull) => Self::Full,
            Some(rusqlite::ErrorCode::OperationInterrupted) => Self::Cancelled(Cancelled),
            Some(rusqlite::ErrorCode::ReadOnly | rusqlite::ErrorCode::CannotOpen) => Self::NoPermission,
            _ => Self::Failed(error.to_string()),
        }
    }
}

/// Makes a backup of the database in a store's folder, while the store may be open and selling, and returns the new
/// file in `target`. `random` gives secret random bytes; `work` is told (bytes sealed, bytes in all). An existing
/// file is never overwritten; a backup that fails leaves none.
///
/// For a while the store's folder holds an unsealed copy, so the disk needs room for the database once more.
pub fn backup(
    folder: &Path,
    target: &Path,
    organisation_key: &OrganisationKey,
    secret: &Secret<'_>,
    created_ms: i64,
    random: &mut dyn FnMut(&mut [u8]),
    work: &mut Work<'_>,
) -> Result<PathBuf, BackupError> {
    let header = Header::new(
        Kdf::of(secret),
        organisation_key.organisation(),
        created_ms,
        random,
    );
    let (header, key) = header.with_key(secret)?;
    let copy = Temporary::new(folder.join(COPY_FILE))?;
    copy_database(&folder.join(DATABASE_FILE), &copy.0, work.cancel())?;
    let (name, part) = reserve_name(target, created_ms)?;
    let seed = organisation_key.seed();
    let sealed = write_sealed(&part.0, &header, &key, &seed, &copy.0, work)
        .and_then(|()| Ok(fs::rename(&part.0, &name)?))
        .and_then(|()| Ok(sync_folder(target)?));
    if let Err(error) = sealed {
        // The name was taken with an empty file, which must not look like a backup.
        let _ = fs::remove_file(&name);
        return Err(error);
    }
    Ok(name)
}

/// Copies the database in a store's folder to a file, while the store may be open, without what belongs to this device
/// and without sealing it: for a hub, which has no key of the shop's. An older copy is replaced by a whole one.
pub fn copy(folder: &Path, target: &Path, work: &mut Work<'_>) -> Result<(), BackupError> {
    let part = Temporary::new(target.with_extension("part"))?;
    copy_database(&folder.join(DATABASE_FILE), &part.0, work.cancel())?;
    File::open(&part.0)?.sync_all()?;
    fs::rename(&part.0, target)?;
    Ok(sync_folder(target.parent().unwrap_or(Path::new(".")))?)
}

/// Opens a backup into a folder that holds no store; the folder is made if need be. The database is checked page by
/// page; the caller verifies its chain. No key is written anywhere; a restore that fails leaves nothing.
pub fn restore(
    file: &Path,
    secret: &Secret<'_>,
    folder: &Path,
    work: &mut Work<'_>,
) -> Result<Restored, BackupError> {
    let missing = || BackupError::Missing(file.display().to_string());
    let mut sealed = File::open(file).map_err(|error| match error.kind() {
        ErrorKind::NotFound => missing(),
        _ => error.into(),
    })?;
    let database = folder.join(DATABASE_FILE);
    if database.try_exists()? {
        return Err(BackupError::Exists);
    }
    let length = sealed.metadata()?.len();
    let header = Header::read(&mut sealed)?;
    let (header, key) = header.opened_by(secret)?;
    seal::check_end(&mut sealed, length, Header::LEN as u64)?;
    let mut opener = Opener::new(
        BufReader::new(sealed),
        &key,
        &header.nonce,
        header.bytes(),
        length,
    );
    let (seed, bytes) = read_first(&mut opener)?;
    let organisation_key = OrganisationKey::from_seed(*seed);
    if organisation_key.organisation() != header.organisation {
        return Err(BackupError::Changed);
    }
    fs::create_dir_all(folder)?;
    let part = Temporary::new(folder.join(RESTORE_FILE))?;
    write_database(opener, &part.0, bytes, work)?;
    check_database(&part.0, work.cancel())?;
    fs::rename(&part.0, &database)?;
    sync_folder(folder)?;
    Ok(Restored {
        organisation_key,
        organisation: header.organisation,
        created_ms: header.created_ms,
        database,
    })
}

/// Puts a restored store into a folder whose own store is damaged, and returns where the damaged one lies now: whole,
/// in a folder of its own inside. A crash in between leaves one of the two in its place.
///
/// # Errors
/// [`StoreError::Busy`] while a process has the folder, or those of the disk.
pub fn replace(folder: &Path, restored: &Path) -> Result<PathBuf, StoreError> {
    let _lock = database::lock(folder)?;
    let aside = (1..=NAMES_MAX)
        .map(|number| folder.join(format!("damaged-{number}")))
        .find(|aside| !aside.exists())
        .ok_or_else(|| StoreError::refused("the folder holds too many damaged shops"))?;
    fs::create_dir(&aside)?;
    // The logs go first: beside another database SQLite would take them for its own.
    for log in ["-wal", "-shm"] {
        let name = format!("{DATABASE_FILE}{log}");
        match fs::rename(folder.join(&name), aside.join(&name)) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
    }
    let (database, kept) = (folder.join(DATABASE_FILE), aside.join(DATABASE_FILE));
    // A second name keeps the first one taken until the restored store has it; some file systems know no second name.
    fs::hard_link(&database, &kept).or_else(|_| fs::rename(&database, &kept))?;
    fs::rename(restored.join(DATABASE_FILE), &database)?;
    sync_folder(folder)?;
    Ok(aside)
}

/// Copies a consistent state of the database without what belongs to this device.
fn copy_database(from: &Path, to: &Path, cancel: &Cancel) -> Result<(), BackupError> {
    if !from.try_exists()? {
        return Err(BackupError::Missing(from.display().to_string()));
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut conn = Connection::open_with_flags(from, flags)?;
    conn.pragma_update(None, "cache_size", -CACHE_KIB)?;
    let path = to.to_str().ok_or(BackupError::NoPermission)?;
    cancel.watch(&mut conn)?;
    conn.execute(sql!("backup_copy"), [path])?;
    let mut copy = Connection::open_with_flags(to, flags)?;
    copy.pragma_update(None, "cache_size", -CACHE_KIB)?;
    cancel.watch(&mut copy)?;
    // The copy is thrown away if anything fails; it needs neither journal nor sync, and leaves no journal behind.
    copy.pragma_update_and_check(None, "journal_mode", "off", |_| Ok(()))?;
    copy.pragma_update(None, "synchronous", "off")?;
    copy.pragma_update(None, "secure_delete", true)?;
    for name in local_tables(&copy)? {
        copy.execute(&format!("DELETE FROM \"{name}\""), [])?;
    }
    crate::search::forget(&copy).map_err(|error| match error {
        StoreError::Cancelled(cancelled) => cancelled.into(),
        other => BackupError::Failed(other.to_string()),
    })?;
    Ok(())
}

fn local_tables(conn: &Connection) -> Result<Vec<String>, BackupError> {
    let mut statement = conn.prepare(sql!("backup_local"))?;
    let names = statement.query_map([], |row| row.get(0))?;
    Ok(names.collect::<Result<_, _>>()?)
}

/// Takes a name that no file has by making an empty file of it, and names the file to write until then.
fn reserve_name(target: &Path, created_ms: i64) -> Result<(PathBuf, Temporary), BackupError> {
    let stem = format!("barrow-{}", timestamp(created_ms)?);
    for number in 1..=NAMES_MAX {
        let again = if number == 1 {
            String::new()
        } else {
            format!("-{number}")
        };
        let name = target.join(format!("{stem}{again}.{BACKUP_EXTENSION}"));
        match OpenOptions::new().write(true).create_new(true).open(&name) {
            Ok(_) => {
                let part = Temporary::new(name.with_extension("part"))?;
                return Ok((name, part));
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => continue,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return Err(BackupError::Missing(target.display().to_string()));
            }
            Err(error) => return Err(error.into()),
        }
    }
    Err(BackupError::Failed(
        "the folder has too many backups of this second".into(),
    ))
}

/// Writes a time as it stands in a name, in UTC.
fn timestamp(ms: i64) -> Result<String, BackupError> {
    let text: Option<String> =
        Connection::open_in_memory()?
            .query_row(sql!("backup_time"), [ms.div_euclid(1000)], |row| row.get(0))?;
    Ok(text.unwrap_or_else(|| "undated".into()))
}

fn write_sealed(
    part: &Path,
    header: &Header,
    key: &seal::Key,
    seed: &[u8; SEED_LEN],
    copy: &Path,
    work: &mut Work<'_>,
) -> Result<(), BackupError> {
    let mut database = File::open(copy)?;
    let bytes = database.metadata()?.len();
    let mut out = BufWriter::new(File::create_new(part)?);
    out.write_all(header.bytes())?;
    let mut sealer = Sealer::new(out, key, &header.nonce, header.bytes());
    let mut first = Zeroizing::new(Vec::with_capacity(seal::FIRST));
    first.extend_from_slice(seed);
    first.extend_from_slice(&bytes.to_le_bytes());
    sealer.first(&first)?;
    let mut packer = zstd::stream::write::Encoder::new(sealer, ZSTD_LEVEL)?;
    copy_all(&mut database, &mut packer, bytes, work)?;
    let out = packer.finish()?.finish(Header::LEN as u64)?;
    let file = out
        .into_inner()
        .map_err(|error| BackupError::from(error.into_error()))?;
    Ok(file.sync_all()?)
}

fn read_first<R: Read>(opener: &mut Opener<R>) -> Result<(Zeroizing<[u8; SEED_LEN]>, u64), BackupError> {
    let first = opener.first()?;
    let (seed, bytes) = first.split_at_checked(SEED_LEN).ok_or(BackupError::Changed)?;
    let seed = Zeroizing::new(<[u8; SEED_LEN]>::try_from(seed).map_err(|_| BackupError::Changed)?);
    let bytes = bytes.try_into().map_err(|_| BackupError::Changed)?;
    Ok((seed, u64::from_le_bytes(bytes)))
}

fn write_database<R: Read>(
    opener: Opener<R>,
    part: &Path,
    bytes: u64,
    work: &mut Work<'_>,
) -> Result<(), BackupError> {
    let mut out = File::create_new(part)?;
    // The chunks are authentic, so what zstd refuses was sealed wrongly; the cause lies in the reader if it has one.
    let mut unpacker =
        zstd::stream::read::Decoder::with_buffer(BufReader::with_capacity(seal::CHUNK, opener))?;
    copy_all(&mut unpacker, &mut out, bytes, work)?;
    if unpacker.read(&mut [0])? != 0 {
        return Err(BackupError::Changed);
    }
    unpacker.finish().into_inner().finish()?;
    Ok(out.sync_all()?)
}

/// Copies exactly `bytes` bytes.
fn copy_all(
    from: &mut impl Read,
    to: &mut impl Write,
    bytes: u64,
    work: &mut Work<'_>,
) -> Result<(), BackupError> {
    let mut chunk = vec![0; COPY_CHUNK];
    let mut done = 0;
    while done < bytes {
        let some = usize::try_from(bytes - done)
            .unwrap_or(COPY_CHUNK)
            .min(COPY_CHUNK);
        from.read_exact(&mut chunk[..some])
            .map_err(|error| match error.kind() {
                ErrorKind::UnexpectedEof => BackupError::Changed,
                _ => error.into(),
            })?;
        to.write_all(&chunk[..some])?;
        done += some as u64;
        work.at(done, bytes)?;
    }
    Ok(())
}

fn check_database(path: &Path, cancel: &Cancel) -> Result<(), BackupError> {
    let mut conn = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    conn.pragma_update(None, "cache_size", -CACHE_KIB)?;
    cancel.watch(&mut conn)?;
    let said: Result<String, _> = conn.query_row("PRAGMA quick_check(1)", [], |row| row.get(0));
    cancel.check()?;
    match said.as_deref() {
        Ok("ok") => Ok(()),
        _ => Err(BackupError::Changed),
    }
}

/// A file that is gone when this is dropped, unless it was renamed by then.
#[derive(Debug)]
struct Temporary(PathBuf);

impl Temporary {
    /// Removes what a crash may have left under the name.
    fn new(path: PathBuf) -> Result<Self, BackupError> {
        match fs::remove_file(&path) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
            _ => Ok(Self(path)),
        }
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        // It is renamed by now, or there is nobody left to tell.
        let _ = fs::remove_file(&self.0);
    }
}

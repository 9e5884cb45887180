//! The disk as SQLite calls it: the one place where C and Rust meet.
#![allow(unsafe_code, reason = "a VFS is a table of C functions")]

use crate::chance::Chance;
use crate::disk::{Code, Disk, Faults};
use crate::trace::{Image, Trace};
use rusqlite::{Connection, OpenFlags, ffi};
use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::sync::atomic::{AtomicU64, Ordering, fence};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Limits the length of a path, as SQLite's own VFS does.
const PATH_BYTES: c_int = 512;
/// Gives the time that every call hears: noon of 1 January 2026, in milliseconds of the Julian day.
const NOW_JULIAN_MS: i64 = 212_634_028_800_000;

/// What the disk says of itself; SQLite trusts it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Geometry {
    /// Gives the bytes of a sector. What is torn is always torn at [`SECTOR`](crate::SECTOR) bytes.
    pub sector: i32,
    /// Promises that a write never harms its neighbours, as SQLite's own VFS does; nothing else is ever promised.
    pub powersafe_overwrite: bool,
}

impl Default for Geometry {
    fn default() -> Self {
        Self {
            sector: 4096,
            powersafe_overwrite: false,
        }
    }
}

/// What the C functions share.
struct Shared {
    disk: Mutex<Disk>,
    geometry: Geometry,
}

impl Shared {
    fn disk(&self) -> MutexGuard<'_, Disk> {
        self.disk.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A disk in memory, registered as a VFS of SQLite under a name of its own.
pub struct FaultFs {
    name: CString,
    vfs: *mut ffi::sqlite3_vfs,
    shared: Arc<Shared>,
}

// SAFETY: `vfs` is only handed to SQLite's register and unregister calls, which take SQLite's own lock; everything
// else lies behind a mutex.
unsafe impl Send for FaultFs {}
// SAFETY: as above.
unsafe impl Sync for FaultFs {}

impl FaultFs {
    /// Registers an empty disk.
    ///
    /// # Panics
    /// When SQLite refuses to register it: nothing can be tested then.
    pub fn new(geometry: Geometry) -> Self {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let name =
            CString::new(format!("faultfs-{}", COUNT.fetch_add(1, Ordering::Relaxed))).unwrap_or_default();
        let shared = Arc::new(Shared {
            disk: Mutex::default(),
            geometry,
        });
        // A connection may live longer than this value, so the table and what it points at stay for good: a few
        // hundred bytes for each disk of a test.
        let vfs = Box::leak(Box::new(table(
            name.clone().into_raw(),
            Arc::into_raw(Arc::clone(&shared)),
        )));
        // SAFETY: the table is complete and never freed.
        let code = unsafe { ffi::sqlite3_vfs_register(vfs, 0) };
        assert_eq!(code, ffi::SQLITE_OK, "SQLite takes no VFS");
        Self { name, vfs, shared }
    }

    /// Returns the name to open connections with.
    pub fn name(&self) -> &str {
        self.name.to_str().unwrap_or_default()
    }

    /// Replaces the whole disk, and ends all faults. The trace starts anew.
    ///
    /// # Panics
    /// When a file is open.
    pub fn load(&self, image: Image) {
        self.shared.disk().load(image);
    }

    /// Returns the files as a program sees them now.
    pub fn image(&self) -> Image {
        self.shared.disk().image()
    }

    /// Returns the changes so far.
    pub fn trace(&self) -> Trace {
        self.shared.disk().trace().clone()
    }

    /// Counts the changes so far.
    pub fn position(&self) -> usize {
        self.shared.disk().trace().changes.len()
    }

    /// Tells how many files are open.
    pub fn open_files(&self) -> usize {
        self.shared.disk().open_count()
    }

    /// Asks SQLite whether a database on this disk is whole (`PRAGMA integrity_check`).
    ///
    /// # Errors
    /// What SQLite found, or why it could not look.
    pub fn check(&self, path: &str) -> Result<(), String> {
        let connection =
            Connection::open_with_flags_and_vfs(path, OpenFlags::SQLITE_OPEN_READ_WRITE, self.name());
        let found = connection.and_then(|connection| {
            connection.query_row("PRAGMA integrity_check", [], |row| row.get::<_, String>(0))
        });
        match found {
            Ok(found) if found == "ok" => Ok(()),
            Ok(found) => Err(found),
            Err(fault) => Err(fault.to_string()),
        }
    }

    /// Sets the faults from now on.
    pub fn set_faults(&self, faults: Faults) {
        self.shared.disk().faults = faults;
    }
}

impl Drop for FaultFs {
    fn drop(&mut self) {
        // SAFETY: it was registered by `new` and is still allocated.
        unsafe { ffi::sqlite3_vfs_unregister(self.vfs) };
    }
}

/// An open file as SQLite holds it: its table first, then what is ours.
#[repr(C)]
struct File {
    base: ffi::sqlite3_file,
    shared: *const Shared,
    handle: u64,
}

fn table(name: *const c_char, shared: *const Shared) -> ffi::sqlite3_vfs {
    ffi::sqlite3_vfs {
        iVersion: 2,
        szOsFile: size_of::<File>() as c_int,
        mxPathname: PATH_BYTES,
        pNext: std::ptr::null_mut(),
        zName: name,
        pAppData: shared.cast_mut().cast(),
        xOpen: Some(open),
        xDelete: Some(delete),
        xAccess: Some(access),
        xFullPathname: Some(full_pathname),
        xDlOpen: None,
        xDlError: None,
        xDlSym: None,
        xDlClose: None,
        xRandomness: Some(randomness),
        xSleep: Some(sleep),
        xCurrentTime: Some(current_time),
        xGetLastError: Some(last_error),
        xCurrentTimeInt64: Some(current_time_ms),
        xSetSystemCall: None,
        xGetSystemCall: None,
        xNextSystemCall: None,
    }
}

static METHODS: ffi::sqlite3_io_methods = ffi::sqlite3_io_methods {
    iVersion: 2,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(file_size),
    xLock: Some(lock),
    xUnlock: Some(unlock),
    xCheckReservedLock: Some(check_reserved_lock),
    xFileControl: Some(file_control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(device_characteristics),
    xShmMap: Some(shm_map),
    xShmLock: Some(shm_lock),
    xShmBarrier: Some(shm_barrier),
    xShmUnmap: Some(shm_unmap),
    xFetch: None,
    xUnfetch: None,
};

fn code(result: Result<(), Code>) -> c_int {
    result.err().unwrap_or(ffi::SQLITE_OK)
}

/// Returns what a table points at.
///
/// # Safety
/// `vfs` is a table made by [`table`]; what it points at is never freed.
unsafe fn shared_of<'a>(vfs: *mut ffi::sqlite3_vfs) -> &'a Shared {
    // SAFETY: as promised by the caller.
    unsafe { &*(*vfs).pAppData.cast::<Shared>() }
}

/// Returns the disk and handle of an open file.
///
/// # Safety
/// `file` was filled by [`open`] and is not closed yet.
unsafe fn file_of<'a>(file: *mut ffi::sqlite3_file) -> (&'a Shared, u64) {
    // SAFETY: `open` made it a `File`, and what it points at is never freed.
    let file = unsafe { &*file.cast::<File>() };
    // SAFETY: as above.
    (unsafe { &*file.shared }, file.handle)
}

/// Copies a name out of C; `None` where there is none.
///
/// # Safety
/// `name` is null or a C string.
unsafe fn text(name: *const c_char) -> Option<String> {
    // SAFETY: as promised by the caller.
    (!name.is_null()).then(|| unsafe { CStr::from_ptr(name) }.to_string_lossy().into_owned())
}

// SAFETY (of every function below): SQLite calls them by its VFS contract: pointers are valid for the call, files are
// those that `open` filled, buffers have the lengths given.

unsafe extern "C" fn open(
    vfs: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    file: *mut ffi::sqlite3_file,
    flags: c_int,
    out_flags: *mut c_int,
) -> c_int {
    // SAFETY: see above; SQLite gives `szOsFile` bytes for the file.
    unsafe {
        (*file).pMethods = std::ptr::null();
        let shared = shared_of(vfs);
        match shared.disk().open(text(name), flags) {
            Ok(handle) => {
                let base = ffi::sqlite3_file {
                    pMethods: &raw const METHODS,
                };
                file.cast::<File>().write(File { base, shared, handle });
                if !out_flags.is_null() {
                    *out_flags = flags;
                }
                ffi::SQLITE_OK
            }
            Err(code) => code,
        }
    }
}

unsafe extern "C" fn delete(vfs: *mut ffi::sqlite3_vfs, name: *const c_char, sync_names: c_int) -> c_int {
    // SAFETY: see above.
    let (shared, name) = unsafe { (shared_of(vfs), text(name)) };
    code(shared.disk().delete(&name.unwrap_or_default(), sync_names != 0))
}

unsafe extern "C" fn access(
    vfs: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    _flags: c_int,
    out: *mut c_int,
) -> c_int {
    // SAFETY: see above.
    let (shared, name) = unsafe { (shared_of(vfs), text(name)) };
    let found = shared.disk().exists(&name.unwrap_or_default());
    // SAFETY: see above.
    code(found.map(|there| unsafe { *out = c_int::from(there) }))
}

unsafe extern "C" fn full_pathname(
    _vfs: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    room: c_int,
    out: *mut c_char,
) -> c_int {
    // SAFETY: see above; the length is checked before the copy.
    unsafe {
        let bytes = CStr::from_ptr(name).to_bytes_with_nul();
        if bytes.len() > usize::try_from(room).unwrap_or(0) {
            return ffi::SQLITE_CANTOPEN;
        }
        out.copy_from_nonoverlapping(bytes.as_ptr().cast(), bytes.len());
    }
    ffi::SQLITE_OK
}

unsafe extern "C" fn randomness(_vfs: *mut ffi::sqlite3_vfs, count: c_int, out: *mut c_char) -> c_int {
    let mut chance = Chance::new(0);
    for index in 0..usize::try_from(count).unwrap_or(0) {
        // SAFETY: see above.
        unsafe { *out.add(index) = chance.draw() as c_char };
    }
    count
}

unsafe extern "C" fn sleep(_vfs: *mut ffi::sqlite3_vfs, micros: c_int) -> c_int {
    std::thread::sleep(std::time::Duration::from_micros(
        u64::try_from(micros).unwrap_or(0),
    ));
    micros
}

unsafe extern "C" fn current_time(_vfs: *mut ffi::sqlite3_vfs, out: *mut f64) -> c_int {
    // SAFETY: see above.
    unsafe { *out = NOW_JULIAN_MS as f64 / 86_400_000.0 };
    ffi::SQLITE_OK
}

unsafe extern "C" fn current_time_ms(_vfs: *mut ffi::sqlite3_vfs, out: *mut i64) -> c_int {
    // SAFETY: see above.
    unsafe { *out = NOW_JULIAN_MS };
    ffi::SQLITE_OK
}

unsafe extern "C" fn last_error(_vfs: *mut ffi::sqlite3_vfs, _room: c_int, _out: *mut c_char) -> c_int {
    0
}

unsafe extern "C" fn close(file: *mut ffi::sqlite3_file) -> c_int {
    // SAFETY: see above.
    let (shared, handle) = unsafe { file_of(file) };
    shared.disk().close(handle);
    ffi::SQLITE_OK
}

unsafe extern "C" fn read(
    file: *mut ffi::sqlite3_file,
    into: *mut c_void,
    count: c_int,
    offset: i64,
) -> c_int {
    let (Ok(count), Ok(offset)) = (usize::try_from(count), usize::try_from(offset)) else {
        return ffi::SQLITE_IOERR_READ;
    };
    // SAFETY: see above.
    let (shared, handle) = unsafe { file_of(file) };
    // SAFETY: see above.
    let into = unsafe { std::slice::from_raw_parts_mut(into.cast::<u8>(), count) };
    match shared.disk().read(handle, offset, into) {
        // Not a fault: the contract's word for the end of the file.
        Ok(there) if there < count => ffi::SQLITE_IOERR_SHORT_READ,
        Ok(_) => ffi::SQLITE_OK,
        Err(code) => code,
    }
}

unsafe extern "C" fn write(
    file: *mut ffi::sqlite3_file,
    bytes: *const c_void,
    count: c_int,
    offset: i64,
) -> c_int {
    let (Ok(count), Ok(offset)) = (usize::try_from(count), usize::try_from(offset)) else {
        return ffi::SQLITE_IOERR_WRITE;
    };
    // SAFETY: see above.
    let (shared, handle) = unsafe { file_of(file) };
    // SAFETY: see above.
    let bytes = unsafe { std::slice::from_raw_parts(bytes.cast::<u8>(), count) };
    code(shared.disk().write(handle, offset, bytes))
}

unsafe extern "C" fn truncate(file: *mut ffi::sqlite3_file, length: i64) -> c_int {
    // SAFETY: see above.
    let (shared, handle) = unsafe { file_of(file) };
    let Ok(length) = usize::try_from(length) else {
        return ffi::SQLITE_IOERR_TRUNCATE;
    };
    code(shared.disk().truncate(handle, length))
}

unsafe extern "C" fn sync(file: *mut ffi::sqlite3_file, _flags: c_int) -> c_int {
    // SAFETY: see above.
    let (shared, handle) = unsafe { file_of(file) };
    code(shared.disk().sync(handle))
}

unsafe extern "C" fn file_size(file: *mut ffi::sqlite3_file, out: *mut i64) -> c_int {
    // SAFETY: see above.
    let (shared, handle) = unsafe { file_of(file) };
    let length = shared.disk().length(handle);
    // SAFETY: see above.
    code(length.map(|length| unsafe { *out = i64::try_from(length).unwrap_or(i64::MAX) }))
}

unsafe extern "C" fn lock(file: *mut ffi::sqlite3_file, level: c_int) -> c_int {
    // SAFETY: see above.
    let (shared, handle) = unsafe { file_of(file) };
    let mut disk = shared.disk();
    if let Err(code) = disk.alive(ffi::SQLITE_IOERR_LOCK) {
        return code;
    }
    match disk.locks(handle).map(|locks| locks.lock(handle, level)) {
        Ok(true) => ffi::SQLITE_OK,
        Ok(false) => ffi::SQLITE_BUSY,
        Err(code) => code,
    }
}

unsafe extern "C" fn unlock(file: *mut ffi::sqlite3_file, level: c_int) -> c_int {
    // SAFETY: see above.
    let (shared, handle) = unsafe { file_of(file) };
    code(
        shared
            .disk()
            .locks(handle)
            .map(|locks| locks.unlock(handle, level)),
    )
}

unsafe extern "C" fn check_reserved_lock(file: *mut ffi::sqlite3_file, out: *mut c_int) -> c_int {
    // SAFETY: see above.
    let (shared, handle) = unsafe { file_of(file) };
    let reserved = shared.disk().locks(handle).map(|locks| locks.reserved());
    // SAFETY: see above.
    code(reserved.map(|reserved| unsafe { *out = c_int::from(reserved) }))
}

unsafe extern "C" fn file_control(_file: *mut ffi::sqlite3_file, _what: c_int, _value: *mut c_void) -> c_int {
    ffi::SQLITE_NOTFOUND
}

unsafe extern "C" fn sector_size(file: *mut ffi::sqlite3_file) -> c_int {
    // SAFETY: see above.
    unsafe { file_of(file) }.0.geometry.sector
}

unsafe extern "C" fn device_characteristics(file: *mut ffi::sqlite3_file) -> c_int {
    // SAFETY: see above.
    match unsafe { file_of(file) }.0.geometry.powersafe_overwrite {
        true => ffi::SQLITE_IOCAP_POWERSAFE_OVERWRITE,
        false => 0,
    }
}

unsafe extern "C" fn shm_map(
    file: *mut ffi::sqlite3_file,
    region: c_int,
    bytes: c_int,
    extend: c_int,
    out: *mut *mut c_void,
) -> c_int {
    // SAFETY: see above.
    let (shared, handle) = unsafe { file_of(file) };
    let mut disk = shared.disk();
    if let Err(code) = disk.alive(ffi::SQLITE_IOERR_SHMMAP) {
        return code;
    }
    let (region, bytes) = (
        usize::try_from(region).unwrap_or(0),
        usize::try_from(bytes).unwrap_or(0),
    );
    let mapped = disk
        .shm(handle)
        .map(|shm| shm.map(handle, region, bytes, extend != 0));
    // SAFETY: see above.
    code(mapped.map(|memory| unsafe { *out = memory.cast() }))
}

unsafe extern "C" fn shm_lock(
    file: *mut ffi::sqlite3_file,
    first: c_int,
    count: c_int,
    flags: c_int,
) -> c_int {
    // SAFETY: see above.
    let (shared, handle) = unsafe { file_of(file) };
    let (first, count) = (
        usize::try_from(first).unwrap_or(0),
        usize::try_from(count).unwrap_or(0),
    );
    let mut disk = shared.disk();
    match disk.shm(handle).map(|shm| shm.lock(handle, first, count, flags)) {
        Ok(true) => ffi::SQLITE_OK,
        Ok(false) => ffi::SQLITE_BUSY,
        Err(code) => code,
    }
}

unsafe extern "C" fn shm_barrier(_file: *mut ffi::sqlite3_file) {
    fence(Ordering::SeqCst);
}

unsafe extern "C" fn shm_unmap(file: *mut ffi::sqlite3_file, _delete: c_int) -> c_int {
    // SAFETY: see above.
    let (shared, handle) = unsafe { file_of(file) };
    code(shared.disk().shm(handle).map(|shm| shm.unmap(handle)))
}

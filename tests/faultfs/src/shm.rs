//! The memory that connections of a database in WAL mode share: the index of the WAL, and its locks.

use crate::locks::Handle;
use rusqlite::ffi;
use std::cell::UnsafeCell;
use std::collections::BTreeSet;

/// Counts the locks of the shared memory.
const SLOTS: usize = ffi::SQLITE_SHM_NLOCK as usize;

/// The shared memory of one database.
#[derive(Default)]
pub(crate) struct Shm {
    /// Whoever has it mapped holds pointers into these, so they neither move nor go before the last one unmaps.
    regions: Vec<Box<[UnsafeCell<u64>]>>,
    slots: [Slot; SLOTS],
    mapped: BTreeSet<Handle>,
}

#[derive(Default)]
struct Slot {
    shared: BTreeSet<Handle>,
    exclusive: Option<Handle>,
}

impl Shm {
    /// Returns a region, made of zeros when it is new and wanted; null when it is not there.
    pub(crate) fn map(&mut self, handle: Handle, region: usize, bytes: usize, extend: bool) -> *mut u64 {
        self.mapped.insert(handle);
        while extend && self.regions.len() <= region {
            self.regions
                .push((0..bytes.div_ceil(8)).map(|_| UnsafeCell::new(0)).collect());
        }
        match self.regions.get(region) {
            Some(cells) => UnsafeCell::raw_get(cells.as_ptr()),
            None => std::ptr::null_mut(),
        }
    }

    /// Lets a handle go; the last one takes the memory along.
    pub(crate) fn unmap(&mut self, handle: Handle) {
        for slot in &mut self.slots {
            slot.release(handle);
        }
        self.mapped.remove(&handle);
        if self.mapped.is_empty() {
            self.regions.clear();
        }
    }

    /// Takes or gives back locks from `first` on; answers `false` when another handle's is in the way.
    pub(crate) fn lock(&mut self, handle: Handle, first: usize, count: usize, flags: i32) -> bool {
        let Some(slots) = self.slots.get_mut(first..first.saturating_add(count)) else {
            return false;
        };
        if flags & ffi::SQLITE_SHM_UNLOCK != 0 {
            slots.iter_mut().for_each(|slot| slot.release(handle));
            return true;
        }
        let exclusive = flags & ffi::SQLITE_SHM_EXCLUSIVE != 0;
        let free = slots.iter().all(|slot| slot.is_free(handle, exclusive));
        for slot in slots.iter_mut().filter(|_| free) {
            if exclusive {
                slot.exclusive = Some(handle);
            } else {
                slot.shared.insert(handle);
            }
        }
        free
    }
}

impl Slot {
    fn is_free(&self, handle: Handle, exclusive: bool) -> bool {
        let written = self.exclusive.is_some_and(|other| other != handle);
        let read = self.shared.iter().any(|other| *other != handle);
        !(written || exclusive && read)
    }

    fn release(&mut self, handle: Handle) {
        self.shared.remove(&handle);
        if self.exclusive == Some(handle) {
            self.exclusive = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locks_of_the_shared_memory_keep_writers_apart() {
        let (take, read, give) = (
            ffi::SQLITE_SHM_LOCK | ffi::SQLITE_SHM_EXCLUSIVE,
            ffi::SQLITE_SHM_LOCK | ffi::SQLITE_SHM_SHARED,
            ffi::SQLITE_SHM_UNLOCK,
        );
        let mut shm = Shm::default();
        assert!(shm.lock(1, 3, 1, read) && shm.lock(2, 3, 1, read));
        assert!(!shm.lock(1, 2, 3, take), "another one reads one of them");
        assert!(shm.lock(2, 3, 1, give) && shm.lock(1, 2, 3, take));
        assert!(!shm.lock(2, 4, 1, read) && !shm.lock(2, 4, 1, take));
        shm.unmap(1);
        assert!(shm.lock(2, 4, 1, take));
        assert!(!shm.lock(2, 7, 2, read), "there are eight locks");
    }

    #[test]
    fn memory_stays_where_it_is_until_the_last_one_leaves() {
        let mut shm = Shm::default();
        assert!(shm.map(1, 0, 32_768, false).is_null());
        let first = shm.map(1, 0, 32_768, true);
        assert_eq!(shm.map(2, 0, 32_768, false), first);
        shm.map(2, 3, 32_768, true);
        assert_eq!(shm.map(1, 0, 32_768, false), first);
        shm.unmap(1);
        assert_eq!(shm.map(2, 0, 32_768, false), first);
        shm.unmap(2);
        assert!(shm.map(1, 0, 32_768, false).is_null());
    }
}

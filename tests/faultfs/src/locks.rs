//! SQLite's locks on a database file: any number of readers, one that intends to write, one that writes.

use rusqlite::ffi;
use std::collections::BTreeMap;

/// Names an open handle.
pub(crate) type Handle = u64;

/// The locks that handles hold on one file.
#[derive(Default)]
pub(crate) struct Locks(BTreeMap<Handle, i32>);

impl Locks {
    /// Raises a handle's lock, or answers `false` when another one's is in the way.
    pub(crate) fn lock(&mut self, handle: Handle, level: i32) -> bool {
        let held = self.0.get(&handle).copied().unwrap_or(ffi::SQLITE_LOCK_NONE);
        if held >= level {
            return true;
        }
        let others = self.strongest_of_others(handle);
        let free = match level {
            ffi::SQLITE_LOCK_SHARED => others < ffi::SQLITE_LOCK_PENDING,
            ffi::SQLITE_LOCK_RESERVED => others < ffi::SQLITE_LOCK_RESERVED,
            _ => others == ffi::SQLITE_LOCK_NONE,
        };
        if free {
            self.0.insert(handle, level);
        } else if level == ffi::SQLITE_LOCK_EXCLUSIVE && others < ffi::SQLITE_LOCK_PENDING {
            // Whoever waits for the readers to leave lets no new one in.
            self.0.insert(handle, ffi::SQLITE_LOCK_PENDING);
        }
        free
    }

    /// Lowers a handle's lock.
    pub(crate) fn unlock(&mut self, handle: Handle, level: i32) {
        if level == ffi::SQLITE_LOCK_NONE {
            self.0.remove(&handle);
        } else if let Some(held) = self.0.get_mut(&handle) {
            *held = level.min(*held);
        }
    }

    /// Tells whether anybody intends to write.
    pub(crate) fn reserved(&self) -> bool {
        self.0.values().any(|level| *level >= ffi::SQLITE_LOCK_RESERVED)
    }

    fn strongest_of_others(&self, handle: Handle) -> i32 {
        let others = self.0.iter().filter(|(other, _)| **other != handle);
        others
            .map(|(_, level)| *level)
            .max()
            .unwrap_or(ffi::SQLITE_LOCK_NONE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ffi::{
        SQLITE_LOCK_EXCLUSIVE as EXCLUSIVE, SQLITE_LOCK_RESERVED as RESERVED, SQLITE_LOCK_SHARED as SHARED,
    };

    #[test]
    fn one_writes_when_nobody_reads() {
        let mut locks = Locks::default();
        assert!(locks.lock(1, SHARED) && locks.lock(2, SHARED));
        assert!(locks.lock(1, RESERVED) && !locks.lock(2, RESERVED));
        assert!(locks.reserved());
        assert!(!locks.lock(1, EXCLUSIVE), "a reader is there");
        assert!(!locks.lock(3, SHARED), "a writer waits");
        locks.unlock(2, ffi::SQLITE_LOCK_NONE);
        assert!(locks.lock(1, EXCLUSIVE));
        locks.unlock(1, SHARED);
        assert!(!locks.reserved() && locks.lock(3, SHARED));
    }
}

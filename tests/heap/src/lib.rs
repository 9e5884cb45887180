//! Counts what a thread takes from the heap, so that tests can say "this much and no more" of memory.
//!
//! A test that names this crate has its allocator. What C libraries take for themselves is not seen.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

thread_local! {
    static HELD: Cell<usize> = const { Cell::new(0) };
    static PEAK: Cell<usize> = const { Cell::new(0) };
}

/// The system's allocator with a count for each thread.
struct Counting;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Notes bytes taken. What one thread takes and another gives back wraps around and is harmless for [`peak`].
fn take(bytes: usize) {
    // A thread that ends has no count any more.
    let _ = HELD.try_with(|held| {
        held.set(held.get().wrapping_add(bytes));
        let _ = PEAK.try_with(|peak| {
            if held.get().cast_signed() > peak.get().cast_signed() {
                peak.set(held.get());
            }
        });
    });
}

fn give(bytes: usize) {
    let _ = HELD.try_with(|held| held.set(held.get().wrapping_sub(bytes)));
}

#[allow(
    unsafe_code,
    reason = "an allocator is unsafe by nature; this one hands on to the system's"
)]
// SAFETY: every call is handed to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        take(layout.size());
        // SAFETY: the caller's promise is passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        take(layout.size());
        // SAFETY: the caller's promise is passed on.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        give(layout.size());
        // SAFETY: the caller's promise is passed on.
        unsafe { System.dealloc(place, layout) }
    }

    unsafe fn realloc(&self, place: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // Both live for a moment.
        take(size);
        give(layout.size());
        // SAFETY: the caller's promise is passed on.
        unsafe { System.realloc(place, layout, size) }
    }
}

/// Runs something and tells the most bytes that this thread held meanwhile, beyond what it held before.
pub fn peak<T>(what: impl FnOnce() -> T) -> (T, usize) {
    let before = HELD.with(Cell::get);
    PEAK.with(|peak| peak.set(before));
    let done = what();
    (done, PEAK.with(Cell::get).wrapping_sub(before))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_that_is_held_at_once_is_told() {
        let ((), most) = peak(|| {
            drop(std::hint::black_box(vec![0_u8; 1 << 20]));
            drop(std::hint::black_box(vec![0_u8; 1 << 10]));
        });
        assert!((1 << 20..1 << 21).contains(&most), "{most}");
        let (kept, most) = peak(|| std::hint::black_box(vec![0_u8; 1000]));
        assert!((1000..2000).contains(&most), "{most}");
        drop(kept);
    }
}

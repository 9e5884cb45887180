//! The floor: what the disk alone needs for 4 KiB that survive a power cut.

use crate::stats::{now, us_since};
use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;

/// Appends 4 KiB and syncs, `count` times; returns microseconds each.
pub fn append(folder: &Path, count: usize) -> std::io::Result<Vec<f64>> {
    let path = folder.join("floor.bin");
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .open(&path)?;
    let block = [7_u8; 4096];
    let mut times = Vec::with_capacity(count);
    for _ in 0..count {
        let start = now();
        file.write_all(&block)?;
        file.sync_data()?;
        times.push(us_since(start));
    }
    drop(file);
    std::fs::remove_file(&path)?;
    Ok(times)
}

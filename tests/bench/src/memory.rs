//! Memory after a day of sales: it must not grow with the catalogue.

use crate::Measured;
use crate::catalogue::open;
use crate::sale::{Ids, sell};
use crate::stats::{round3, rss_mib};
use serde_json::json;
use std::path::Path;

/// Sells this often.
const SALES: u128 = 1_000;

/// Sells in a shop that was built before; the first input is the number of its items.
pub fn measure(folder: &Path, inputs: &[String]) -> Measured {
    let [items, ..] = inputs else {
        return Err("memory needs the number of items".into());
    };
    let items: u128 = items.parse()?;
    let till = open(folder)?;
    // Ids above those of the measures that sold here before.
    let mut ids = Ids::after(u128::from(till.read(|reader| reader.counts())?.ops));
    let start = rss_mib();
    for seed in 0..SALES {
        sell(&till, &mut ids, seed, items)?;
    }
    Ok(vec![json!({
        "w": "memory", "peer": "Barrow", "n": items.to_string(),
        "sales": SALES.to_string(), "rss_start_mib": round3(start), "rss_mib": round3(rss_mib()),
    })])
}

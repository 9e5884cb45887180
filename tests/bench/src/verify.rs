//! Verification: headers, bodies and the newest signatures; every signature; and the replay of projections apart.

use crate::Measured;
use crate::catalogue::open;
use crate::stats::{now, round3, us_since};
use barrow_store::verify::{VerifyOptions, verify};
use serde_json::json;
use std::path::Path;

/// Verifies a store in three ways.
pub fn measure(folder: &Path) -> Measured {
    let till = open(folder)?;
    let mut result = json!({ "w": "verify", "peer": "Barrow" });
    for (name, every_signature, replay) in [
        ("newest", false, false),
        ("every_signature", true, false),
        ("replay", false, true),
    ] {
        let options = VerifyOptions {
            every_signature,
            replay,
        };
        let start = now();
        let mut log_from = None;
        let report = till.read(|reader| {
            verify(reader, &options, |progress| {
                if progress.phase == barrow_store::verify::Phase::Log && log_from.is_none() {
                    log_from = Some(now());
                }
            })
        })?;
        let seconds = log_from.map_or(start, |from| from).elapsed().as_secs_f64();
        let count = if every_signature {
            report.signatures
        } else {
            report.ops
        };
        result["ops"] = json!(report.ops);
        result[format!("{name}_s")] = json!(round3(seconds));
        result[format!("{name}_per_s")] = json!(round3(count as f64 / seconds));
        result[format!("{name}_with_pages_s")] = json!(round3(us_since(start) / 1e6));
        result["problems"] = json!(report.problem_count);
    }
    Ok(vec![result])
}

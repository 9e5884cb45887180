//! Measures Barrow. Each measure prints one JSON line with the keys that the peers' benchmark uses, so that both
//! stand in one table. `scripts/bench` runs it and makes the table.
//!
//! usage: barrow-bench MEASURE FOLDER [INPUT]

mod catalogue;
mod floor;
mod kernel;
mod memory;
mod price;
mod sale;
mod start;
mod stats;
mod verify;

use std::path::Path;
use std::process::ExitCode;

/// What a measure returns: JSON lines, or why it could not run.
pub type Measured = Result<Vec<serde_json::Value>, Box<dyn std::error::Error>>;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [measure, folder, rest @ ..] = words.as_slice() else {
        eprintln!("usage: barrow-bench sale|price|build|search|memory|start|kernel|verify FOLDER [INPUT...]");
        return ExitCode::from(2);
    };
    let folder = Path::new(folder);
    let result = match measure.as_str() {
        "sale" => sale::measure(folder),
        "price" => price::measure(rest),
        "build" => catalogue::build(folder, rest),
        "search" => catalogue::search(folder, rest),
        "memory" => memory::measure(folder, rest),
        "kernel" => kernel::measure(rest),
        "start" => start::measure(folder, rest),
        "verify" => verify::measure(folder),
        other => Err(format!("there is no measure {other}").into()),
    };
    match result {
        Ok(lines) => {
            for line in lines {
                println!("{line}");
            }
            ExitCode::SUCCESS
        }
        Err(fault) => {
            eprintln!("{fault}");
            ExitCode::FAILURE
        }
    }
}

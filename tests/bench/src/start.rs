//! From the start of the process to the first answer, and to the first durable sale.

use crate::Measured;
use crate::stats::{median, now, round3, us_since};
use serde_json::json;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};

/// Starts the program this often.
const STARTS: usize = 15;

/// Measures; the first input is the `barrow` program.
pub fn measure(folder: &Path, inputs: &[String]) -> Measured {
    let [program, ..] = inputs else {
        return Err("start needs the barrow program".into());
    };
    let (mut searches, mut sales, mut bare) = (Vec::new(), Vec::new(), Vec::new());
    for n in 0..STARTS {
        bare.push(run(program, folder, &["--version"], "", 0)?);
        searches.push(run(
            program,
            folder,
            &["--json", "search", "strawberry por"],
            "",
            0,
        )?);
        let sale = first_sale(n);
        sales.push(run(program, folder, &["--json", "till"], &sale, 2)?);
    }
    let ms = |samples: &[f64]| round3(median(samples) / 1_000.0);
    Ok(vec![json!({
        "w": "W6", "peer": "Barrow", "version": env!("CARGO_PKG_VERSION"), "starts": STARTS,
        "bare_start_ms": ms(&bare), "process_start_to_answer_ms": ms(&searches), "process_start_to_sale_ms": ms(&sales),
    })])
}

/// Returns the commands of one sale with ids of their own.
fn first_sale(n: usize) -> String {
    let nonce = std::process::id();
    let id = |k: usize| format!("00000000-0000-7000-8000-{nonce:08x}{:04x}", n * 4 + k);
    let add = json!({ "id": id(0), "command": { "add_lines": { "cart": id(2), "lines": [{ "item": { "sku": "S1" } }] } } });
    let pay = json!({ "id": id(1), "command": { "tender": { "cart": id(2), "tender": barrow_till::setup::CASH } } });
    format!("{add}\n{pay}\n")
}

/// Runs the program; returns the microseconds until it has answered so many lines, or ended where that is 0.
fn run(
    program: &str,
    folder: &Path,
    words: &[&str],
    input: &str,
    answers: usize,
) -> Result<f64, Box<dyn std::error::Error>> {
    let start = now();
    let mut child = Command::new(program)
        .args(words)
        .arg("--folder")
        .arg(folder)
        .env("BARROW_KEYS", folder.with_extension("keys"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let mut stdin = child.stdin.take().ok_or("no input")?;
    stdin.write_all(input.as_bytes())?;
    let mut lines = BufReader::new(child.stdout.take().ok_or("no output")?).lines();
    let mut last = String::new();
    for _ in 0..answers {
        last = lines.next().ok_or("the program ended early")??;
    }
    if answers > 0 {
        let time = us_since(start);
        drop(stdin);
        child.wait()?;
        if last.contains("\"error\"") {
            return Err(last.into());
        }
        return Ok(time);
    }
    drop(stdin);
    child.wait()?;
    Ok(us_since(start))
}

//! Measures the search on a catalogue: `search_speed <catalogue.tsv> <queries.json> [folder]`.
//!
//! The catalogue has a number, a barcode, a name and a price a line; the queries are lists by kind. A database is
//! built in the folder (else in a temporary one), and one line of JSON tells the milliseconds p50 and p99 of each
//! kind, the build time, the database's size and the peak memory. A fixed list of 1,000 queries (two words, accents,
//! misses), drawn from the catalogue by its place, is asked cold, each on a new connection, and warm.

#![allow(clippy::disallowed_methods, reason = "a measure of time needs a clock")]

use barrow_store::search::{self, Rebuild};
use rusqlite::{Connection, params};
use std::error::Error;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::time::Instant;

/// The page cache of each connection in KiB.
const CACHE_KIB: i64 = 8 * 1024;
/// The items of a step where nobody waits.
const FAST: usize = 10_000;

type Any = Box<dyn Error>;

fn main() -> Result<(), Any> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (catalogue, queries) = match arguments.as_slice() {
        [catalogue, queries, ..] => (catalogue, queries),
        _ => return Err("usage: search_speed <catalogue.tsv> <queries.json> [folder]".into()),
    };
    let temporary = tempfile::tempdir()?;
    let folder = arguments
        .get(2)
        .map_or(temporary.path(), |folder| Path::new(folder));
    let path = folder.join("search-speed.db");
    for ending in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(format!("{}{ending}", path.display()));
    }
    let mut conn = connect(&path)?;
    let sample = fill(&mut conn, Path::new(catalogue))?;
    let (build_s, steps, step_ms_max) = build(&mut conn)?;
    let mut out = vec![
        format!("\"build_s\":{build_s:.2}"),
        format!("\"steps\":{steps}"),
        format!("\"step_ms_max\":{step_ms_max:.1}"),
        format!("\"db_mib\":{}", fs::metadata(&path)?.len() >> 20),
    ];
    let conn = connect(&path)?;
    let kinds: serde_json::Value = serde_json::from_reader(BufReader::new(fs::File::open(queries)?))?;
    for (kind, list) in kinds.as_object().ok_or("the queries are lists by kind")? {
        let list: Vec<&str> = list
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|query| query.as_str())
            .collect();
        out.push(measure(kind, &list, |query| {
            Ok(!search::find(&conn, query, None, 20)?.items.is_empty())
        })?);
        if kind == "barcode" {
            out.push(measure("scan", &list, |code| {
                Ok(!search::exact(&conn, code)?.is_empty())
            })?);
        }
    }
    let fixed: Vec<&str> = sample.iter().map(String::as_str).collect();
    out.push(measure("fixed_cold", &fixed, |query| {
        Ok(!search::find(&connect(&path)?, query, None, 20)?.items.is_empty())
    })?);
    for name in ["", "fixed_warm"] {
        let warm = measure(name, &fixed, |query| {
            Ok(!search::find(&conn, query, None, 20)?.items.is_empty())
        })?;
        if !name.is_empty() {
            out.push(warm);
        }
    }
    out.push(format!("\"rss_peak_mib\":{}", peak_mib()));
    println!("{{{}}}", out.join(","));
    Ok(())
}

fn connect(path: &Path) -> Result<Connection, Any> {
    let conn = Connection::open(path)?;
    conn.pragma_update(None, "journal_mode", "wal")?;
    conn.pragma_update(None, "synchronous", "full")?;
    conn.pragma_update(None, "cache_size", -CACHE_KIB)?;
    conn.set_prepared_statement_cache_capacity(64);
    Ok(conn)
}

/// Writes the catalogue's rows, and returns 1,000 queries drawn from it.
fn fill(conn: &mut Connection, catalogue: &Path) -> Result<Vec<String>, Any> {
    conn.execute_batch(include_str!("../sql/schema_1.sql"))?;
    conn.execute_batch(include_str!("../sql/search.sql"))?;
    let mut names = Vec::new();
    let transaction = conn.transaction()?;
    for (line, no) in BufReader::new(fs::File::open(catalogue)?).lines().zip(1i64..) {
        let line = line?;
        let mut fields = line.split('\t');
        let (_, code, name) = (
            fields.next(),
            fields.next().unwrap_or(""),
            fields.next().unwrap_or(""),
        );
        transaction
            .prepare_cached(
                "INSERT INTO item (item_no, id, known, archived, sold_out, slot, sku, name, category, page, colour,
                     emoji, icon, plu, extras, codes, writes)
                 VALUES (?1, CAST(?1 AS BLOB), 1, 0, 0, 0, '', ?2, '', '', '', '', '', '', x'', x'', x'')",
            )?
            .execute(params![no, name])?;
        transaction
            .prepare_cached("INSERT INTO code VALUES (?1, ?2)")?
            .execute(params![code, no])?;
        // Some sell, at random as it were.
        let sold = if no % 3 == 0 { no * 7919 % 1009 } else { 0 };
        transaction
            .prepare_cached("INSERT INTO stock VALUES (?1, 0, ?2)")?
            .execute([1 << 32 | no, sold])?;
        if no % 61 == 0 && names.len() < 1000 {
            names.push(name.to_owned());
        }
    }
    transaction.commit()?;
    Ok(names
        .iter()
        .enumerate()
        .map(|(at, name)| fixed_query(at, name))
        .collect())
}

/// Makes a query of a name: two words and a beginning, an accent, or a miss.
fn fixed_query(at: usize, name: &str) -> String {
    let words: Vec<&str> = name.split(' ').collect();
    let (first, last) = (words[0], words[words.len() - 1]);
    match at % 4 {
        0 => format!("{last} {first}"),
        1 => format!("{first} {}", last.chars().take(2).collect::<String>()),
        2 => format!("{} {last}", first.replace('e', "é").to_uppercase()),
        _ => format!("{first} {last}qx"),
    }
}

/// Builds the table in large steps and returns the seconds, the steps and the longest step in milliseconds.
fn build(conn: &mut Connection) -> Result<(f64, usize, f64), Any> {
    let start = Instant::now();
    let mut rebuild = Rebuild::plan(conn)?;
    let (mut steps, mut longest) = (0, 0.0f64);
    loop {
        let step = Instant::now();
        let transaction = conn.transaction()?;
        let done = rebuild.step(&transaction, FAST)?;
        transaction.commit()?;
        steps += 1;
        longest = longest.max(step.elapsed().as_secs_f64() * 1000.0);
        if done {
            break;
        }
    }
    let seconds = start.elapsed().as_secs_f64();
    conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    Ok((seconds, steps, longest))
}

/// Asks every query once and tells p50, p99 and how many found something.
fn measure(name: &str, queries: &[&str], ask: impl Fn(&str) -> Result<bool, Any>) -> Result<String, Any> {
    let (mut times, mut hits) = (Vec::with_capacity(queries.len()), 0);
    for query in queries {
        let start = Instant::now();
        hits += usize::from(ask(query)?);
        times.push(start.elapsed().as_secs_f64() * 1000.0);
    }
    times.sort_by(f64::total_cmp);
    let at = |part: usize| times.get(times.len() * part / 100).copied().unwrap_or(0.0);
    Ok(format!(
        "\"{name}\":{{\"p50\":{:.4},\"p99\":{:.4},\"n\":{},\"hits\":{hits}}}",
        at(50),
        at(99),
        times.len()
    ))
}

fn peak_mib() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok())
        .unwrap_or(0)
        / 1024
}

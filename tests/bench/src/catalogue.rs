//! The catalogue: built through the road, then searched with the peers' queries.

use crate::Measured;
use crate::sale::{Ids, shop};
use crate::stats::{now, percentile, round3, rss_mib, us_since};
use barrow_kernel::catalogue::{Face, ItemDraft, Price, Trade};
use barrow_kernel::command::Command;
use barrow_kernel::context::Catalogue;
use barrow_kernel::money::Currency;
use barrow_kernel::quantity::UnitPrice;
use barrow_log::id::ItemId;
use barrow_store::{Options, Reader};
use barrow_till::Till;
use barrow_till::ports::Ports;
use serde_json::{Value, json};
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

/// Asks for this many hits, as the peers do.
const HITS: usize = 20;

/// Imports a catalogue of lines `id, barcode, name, price` and waits until it is ranked.
pub fn build(folder: &Path, inputs: &[String]) -> Measured {
    let [list, ..] = inputs else {
        return Err("build needs cat-N.tsv".into());
    };
    let till = shop(folder)?;
    let mut ids = Ids::new();
    let start = now();
    let mut items = Vec::with_capacity(500);
    let mut count = 0_u64;
    for line in BufReader::new(File::open(list)?).lines() {
        items.push(item(&line?)?);
        count += 1;
        if items.len() == 500 {
            let items = std::mem::take(&mut items);
            till.submit(ids.command(), Command::PutItems { items })?.wait()?;
        }
    }
    if !items.is_empty() {
        till.submit(ids.command(), Command::PutItems { items })?.wait()?;
    }
    let imported = us_since(start) / 1e6;
    let start = now();
    till.rank_search()?;
    let ranked = us_since(start) / 1e6;
    Ok(vec![json!({
        "w": "build", "peer": "Barrow", "n": count, "import_s": round3(imported),
        "items_per_s": round3(count as f64 / imported), "ranking_s": round3(ranked), "rss_mib": round3(rss_mib()),
        "db_mib": round3(std::fs::metadata(folder.join("barrow.db"))?.len() as f64 / 1_048_576.0),
    })])
}

fn item(line: &str) -> Result<ItemDraft, Box<dyn std::error::Error>> {
    let mut fields = line.split('\t');
    let mut field = || fields.next().ok_or("a line of the catalogue is too short");
    let (id, code, name, minor) = (field()?, field()?, field()?, field()?);
    Ok(ItemDraft {
        id: ItemId::from_number(1 + id.parse::<u128>()?),
        face: Some(Face {
            sku: format!("S{id}"),
            name: name.into(),
            ..Face::default()
        }),
        price: Some(Price {
            unit_price: UnitPrice::of_minor(minor.parse()?, 2)?,
            currency: Currency::iso("GBP")?,
            taxes: Vec::new(),
        }),
        trade: Some(Trade::default()),
        archived: None,
        sold_out: None,
        add_codes: vec![code.into()],
        remove_codes: Vec::new(),
    })
}

/// Opens a shop that was built before.
pub fn open(folder: &Path) -> Result<Till, Box<dyn std::error::Error>> {
    Ok(Till::open(
        folder,
        Ports::system(&folder.with_extension("keys")),
        &Options::default(),
    )?)
}

/// Searches with the peers' queries, and with a fixed list of two words, accents and misses, cold and warm.
pub fn search(folder: &Path, inputs: &[String]) -> Measured {
    let [queries, ..] = inputs else {
        return Err("search needs queries-N.json".into());
    };
    let queries: Value = serde_json::from_reader(BufReader::new(File::open(queries)?))?;
    let till = open(folder)?;
    let mut result = json!({ "w": "W2", "peer": "Barrow", "version": env!("CARGO_PKG_VERSION") });
    result["n"] = json!(till.read(|reader| reader.counts())?.items);
    let fixed = fixed(&queries);
    result["fixed_cold"] = time(&till, &fixed, find)?;
    for (kind, list) in queries.as_object().into_iter().flatten() {
        let list: Vec<String> = list
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|q| q.as_str().map(Into::into))
            .collect();
        let look = if kind == "barcode" { scan } else { find };
        time(&till, &list[..20.min(list.len())], look)?;
        result[kind] = time(&till, &list, look)?;
    }
    result["fixed_warm"] = time(&till, &fixed, find)?;
    result["rss_mib"] = json!(round3(rss_mib()));
    Ok(vec![result])
}

fn find(reader: &Reader, query: &str) -> Result<bool, Box<dyn std::error::Error>> {
    Ok(!reader.search(query, None, HITS)?.0.is_empty())
}

fn scan(reader: &Reader, code: &str) -> Result<bool, Box<dyn std::error::Error>> {
    Ok(!reader.items_by_code(code)?.is_empty())
}

/// Makes 1,000 queries of two whole words, of words with accents, and of words that nobody sells.
fn fixed(queries: &Value) -> Vec<String> {
    let pairs = queries["wordprefix"].as_array().cloned().unwrap_or_default();
    let texts = pairs.iter().filter_map(Value::as_str).take(1_000);
    texts
        .enumerate()
        .map(|(n, text)| match n % 4 {
            0 => text.to_string(),
            1 => text.replacen('e', "é", 1).replacen('o', "ö", 1),
            2 => text.split(' ').next().unwrap_or_default().to_string(),
            _ => format!("{text} zzyzx"),
        })
        .collect()
}

type Look = fn(&Reader, &str) -> Result<bool, Box<dyn std::error::Error>>;

fn time(till: &Till, queries: &[String], look: Look) -> Result<Value, Box<dyn std::error::Error>> {
    let (mut times, mut hits) = (Vec::with_capacity(queries.len()), 0);
    for query in queries {
        let start = now();
        let found =
            till.read(|reader| Ok::<_, barrow_store::StoreError>(look(reader, query).unwrap_or(false)))?;
        times.push(us_since(start) / 1_000.0);
        hits += usize::from(found);
    }
    let share = hits as f64 / queries.len().max(1) as f64;
    Ok(json!({
        "p50": round3(percentile(&times, 0.5)), "p99": round3(percentile(&times, 0.99)),
        "n": queries.len(), "hit": round3(share),
    }))
}

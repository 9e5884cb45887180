//! The durable sale: three lines are in the cart and committed; the clock runs from the tender to its durable outcome.
//! It is interleaved with the raw append of the same disk, because the machine is shared.

use crate::Measured;
use crate::floor;
use crate::stats::{median, now, percentile, round3, us_since};
use barrow_kernel::catalogue::{Face, ItemDraft, Price, Trade};
use barrow_kernel::command::{Command, ItemRef, LineDraft};
use barrow_kernel::money::Currency;
use barrow_log::id::{CartId, CommandId, ItemId};
use barrow_store::Options;
use barrow_till::Till;
use barrow_till::ports::Ports;
use barrow_till::setup::{CASH, Setup};
use serde_json::json;
use std::path::Path;

/// Interleaves this many pairs of rounds.
const PAIRS: usize = 9;
/// Sells this many times a round.
const ROUND: usize = 300;
/// Sells this often before the clock runs.
const WARM_UP: usize = 50;
/// Stocks this many items, as the peers do.
const ITEMS: u128 = 3_000;

/// Makes ids in order.
pub struct Ids(u128);

impl Ids {
    /// Starts above the ids that a shop is set up with.
    pub fn new() -> Self {
        Self(1 << 64)
    }

    /// Starts above the ids that a shop of so many ops may hold.
    pub fn after(ops: u128) -> Self {
        Self((2 << 64) + (ops << 20))
    }

    fn next(&mut self) -> u128 {
        self.0 += 1;
        self.0
    }

    /// Makes the id of a command.
    pub fn command(&mut self) -> CommandId {
        CommandId::from_number(self.next())
    }

    /// Makes the id of a cart.
    pub fn cart(&mut self) -> CartId {
        CartId::from_number(self.next())
    }
}

/// Opens a fresh shop.
pub fn shop(folder: &Path) -> Result<Till, Box<dyn std::error::Error>> {
    let setup = Setup {
        name: "Bench".into(),
        country: "GB".into(),
        currency: None,
        till: None,
        utc_offset_minutes: 0,
        language: None,
    };
    std::fs::create_dir_all(folder)?;
    let ports = Ports::system(&folder.with_extension("keys"));
    Ok(Till::found(folder, &setup, ports, &Options::default())?)
}

/// Puts numbered items into the catalogue.
pub fn stock(till: &Till, ids: &mut Ids, count: u128) -> Result<(), Box<dyn std::error::Error>> {
    let numbers: Vec<u128> = (1..=count).collect();
    for part in numbers.chunks(500) {
        let items = part
            .iter()
            .map(|number| item(*number))
            .collect::<Result<_, _>>()?;
        till.submit(ids.command(), Command::PutItems { items })?.wait()?;
    }
    Ok(())
}

fn item(number: u128) -> Result<ItemDraft, Box<dyn std::error::Error>> {
    let price = format!("{}.{:02}", 1 + number % 20, number % 100);
    Ok(ItemDraft {
        id: ItemId::from_number(number),
        face: Some(Face {
            sku: format!("S{number:05}"),
            name: format!("Item {number}"),
            ..Face::default()
        }),
        price: Some(Price {
            unit_price: price.parse()?,
            currency: Currency::iso("GBP")?,
            taxes: Vec::new(),
        }),
        trade: Some(Trade::default()),
        archived: None,
        sold_out: None,
        add_codes: Vec::new(),
        remove_codes: Vec::new(),
    })
}

/// Sells three items; returns the microseconds of the tender alone.
pub fn sell(till: &Till, ids: &mut Ids, seed: u128, items: u128) -> Result<f64, Box<dyn std::error::Error>> {
    let cart = ids.cart();
    let draft = |k: u128| {
        LineDraft::of(ItemRef::Id(ItemId::from_number(
            1 + (seed * 7919 + k * 104_729) % items,
        )))
    };
    let lines = (0..3).map(draft).collect();
    till.submit(
        ids.command(),
        Command::AddLines {
            cart,
            lines,
            approval: None,
        },
    )?
    .wait()?;
    till.flush()?;
    let tender = Command::Tender {
        cart,
        tender: CASH,
        amount_minor: None,
        given_minor: None,
        reference: None,
    };
    let id = ids.command();
    let start = now();
    let outcome = till.submit(id, tender)?.wait()?;
    let time = us_since(start);
    assert!(outcome.durable, "a sale is durable before its outcome");
    Ok(time)
}

/// Measures.
pub fn measure(folder: &Path) -> Measured {
    let store = folder.join("sale");
    let till = shop(&store)?;
    let mut ids = Ids::new();
    stock(&till, &mut ids, ITEMS)?;
    let mut seed = 0;
    for _ in 0..WARM_UP {
        seed += 1;
        sell(&till, &mut ids, seed, ITEMS)?;
    }
    let (mut sales, mut floors, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..PAIRS {
        let raw = floor::append(folder, ROUND)?;
        let mut times = Vec::with_capacity(ROUND);
        for _ in 0..ROUND {
            seed += 1;
            times.push(sell(&till, &mut ids, seed, ITEMS)?);
        }
        ratios.push(median(&raw) / median(&times));
        floors.extend(raw);
        sales.extend(times);
    }
    let ms = |us: f64| round3(us / 1000.0);
    Ok(vec![json!({
        "w": "W5", "peer": "Barrow", "version": env!("CARGO_PKG_VERSION"),
        "p50_ms": ms(median(&sales)), "p99_ms": ms(percentile(&sales, 0.99)),
        "per_s": round3(1e6 / (sales.iter().sum::<f64>() / sales.len() as f64)),
        "floor_p50_ms": ms(median(&floors)), "floor_p99_ms": ms(percentile(&floors, 0.99)),
        "rate_of_floor": round3(median(&ratios)),
        "ratio": round3(1.0 / median(&ratios)),
        "p99_over_p50": round3(percentile(&sales, 0.99) / median(&sales)),
        "p99_over_floor_p99": round3(percentile(&sales, 0.99) / percentile(&floors, 0.99)),
        "floor_p99_over_p50": round3(percentile(&floors, 0.99) / median(&floors)),
    })])
}

//! `barrow search`: goods by code, SKU or words.

use crate::Frame;
use crate::output::{Exit, Failure, Side, Table};
use crate::place;
use crate::till::screen::{amount_of, price_of};
use barrow_kernel::catalogue::Item;
use barrow_kernel::quantity::Quantity;
use serde::Serialize;
use std::sync::Arc;

/// Find goods by barcode, SKU or words
#[derive(clap::Args)]
pub struct Args {
    /// A barcode, a SKU, or the beginnings of words in any order
    #[arg(required = true)]
    words: Vec<String>,
    /// How many to show
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u16).range(1..=100))]
    limit: u16,
}

/// Goods that were found, with what is there of them.
#[derive(Serialize)]
struct Hit {
    item: Item,
    on_hand: Option<Quantity>,
}

/// Searches.
///
/// # Errors
/// When nothing is found, or the shop can't be read.
pub fn run(args: &Args, frame: &Frame) -> Result<Exit, Failure> {
    let shop = place::open(frame)?;
    let words = args.words.join(" ");
    let mut hits = Vec::new();
    for item in shop.find(&words, usize::from(args.limit))? {
        let on_hand = if item.trade.tracked {
            Some(shop.on_hand(&item.id)?)
        } else {
            None
        };
        hits.push(Hit {
            item: Arc::unwrap_or_clone(item),
            on_hand,
        });
    }
    if hits.is_empty() {
        return Err(Failure::new(
            Exit::NotFound,
            format!("Nothing here is called {words}."),
        ));
    }
    frame.output.answer(&hits, || text(&hits))?;
    Ok(Exit::Done)
}

fn text(hits: &[Hit]) -> String {
    let mut table = Table::new(&[
        ("SKU", Side::Left),
        ("Item", Side::Left),
        ("Price", Side::Right),
        ("On hand", Side::Right),
        ("", Side::Left),
    ]);
    for Hit { item, on_hand } in hits {
        let trade = &item.trade;
        let left = on_hand.map_or_else(|| "-".into(), |quantity| amount_of(quantity, &trade.unit));
        let price = price_of(
            item.price.unit_price,
            trade.price_per,
            &trade.unit,
            item.price.currency,
        );
        let mark = if item.sold_out { "sold out" } else { "" };
        table.row([
            item.face.sku.clone(),
            item.face.name.clone(),
            price,
            left,
            mark.into(),
        ]);
    }
    table.text()
}

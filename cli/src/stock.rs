//! `barrow stock`: what is on hand, and what changes it.

use crate::Frame;
use crate::output::{Exit, Failure, Side, Table};
use crate::place;
use crate::shop::Shop;
use crate::till::screen::amount_of;
use barrow_kernel::catalogue::Item;
use barrow_kernel::command::{Command, ItemRef};
use barrow_kernel::quantity::{Quantity, Unit};
use barrow_kernel::stock::{CountLine, MovementKind, MovementLine};
use serde::Serialize;
use std::sync::Arc;

/// What is on hand; count, deliver or waste goods
#[derive(clap::Args)]
pub struct Args {
    /// Only goods at or below the level that they name
    #[arg(long)]
    low: bool,
    #[command(subcommand)]
    change: Option<Change>,
}

/// What changes the stock.
#[derive(clap::Subcommand)]
enum Change {
    /// Note what is really there
    Count {
        /// A SKU, barcode or words
        item: String,
        /// How many are there
        quantity: String,
    },
    /// Note what came in
    Deliver {
        /// A SKU, barcode or words
        item: String,
        /// How many came
        quantity: String,
        /// From whom, or which delivery note
        #[arg(long)]
        reason: Option<String>,
    },
    /// Note what was spoilt, broken or given away
    Waste {
        /// A SKU, barcode or words
        item: String,
        /// How many
        quantity: String,
        /// Why
        #[arg(long)]
        reason: String,
    },
}

/// What is on hand of an item.
#[derive(Debug, Serialize)]
pub struct Level {
    /// Gives its SKU.
    pub sku: String,
    /// Gives its name.
    pub name: String,
    /// Gives the unit of the quantity.
    pub unit: Unit,
    /// Gives what is on hand.
    pub on_hand: Quantity,
    /// Tells that it is at or below the level that the item names.
    pub low: bool,
}

/// Shows or changes the stock.
///
/// # Errors
/// When an item is not found, or the shop refuses.
pub fn run(args: &Args, frame: &Frame) -> Result<Exit, Failure> {
    let shop = place::open(frame)?;
    match &args.change {
        None => {
            let mut levels = levels(&shop)?;
            levels.retain(|level| level.low || !args.low);
            frame.output.answer(&levels, || text(&levels, args.low))?;
        }
        Some(change) => {
            let (item, quantity) = match change {
                Change::Count { item, quantity }
                | Change::Deliver { item, quantity, .. }
                | Change::Waste { item, quantity, .. } => (one(&shop, item)?, amount(quantity)?),
            };
            let before = shop.on_hand(&item.id)?;
            shop.send(command(change, &item, quantity))?;
            let level = level(&item, shop.on_hand(&item.id)?);
            frame.output.answer(&level, || {
                let unit = &item.trade.unit;
                format!(
                    "{}: {} now, {} before.\n",
                    item.face.name,
                    amount_of(level.on_hand, unit),
                    amount_of(before, unit)
                )
            })?;
        }
    }
    Ok(Exit::Done)
}

fn command(change: &Change, item: &Item, quantity: Quantity) -> Command {
    let named = ItemRef::Id(item.id);
    let movement = |movement, reason| Command::MoveStock {
        location: None,
        movement,
        lines: vec![MovementLine {
            item: ItemRef::Id(item.id),
            quantity,
        }],
        reason,
    };
    match change {
        Change::Count { .. } => Command::CountStock {
            location: None,
            lines: vec![CountLine {
                item: named,
                counted: quantity,
            }],
        },
        Change::Deliver { reason, .. } => movement(MovementKind::Delivery, reason.clone()),
        Change::Waste { reason, .. } => movement(MovementKind::Waste, Some(reason.clone())),
    }
}

fn amount(text: &str) -> Result<Quantity, Failure> {
    let number =
        barrow_till::number::plain(text, false).map_err(|fault| Failure::field("quantity", fault))?;
    number
        .parse()
        .map_err(|fault| Failure::field("quantity", format!("{text}: {fault}.")))
}

/// Finds exactly one item.
///
/// # Errors
/// When none or several are meant.
pub fn one(shop: &Shop, words: &str) -> Result<Arc<Item>, Failure> {
    let found = shop.find(words, 5)?;
    match found.as_slice() {
        [] => Err(Failure::new(
            Exit::NotFound,
            format!("Nothing here is called {words}."),
        )),
        [only] => Ok(Arc::clone(only)),
        several => {
            let names: Vec<String> = several
                .iter()
                .map(|item| format!("{} ({})", item.face.sku, item.face.name))
                .collect();
            Err(Failure::invalid(format!(
                "{words} can mean {}. Name the SKU.",
                names.join(", ")
            )))
        }
    }
}

fn level(item: &Item, on_hand: Quantity) -> Level {
    Level {
        sku: item.face.sku.clone(),
        name: item.face.name.clone(),
        unit: item.trade.unit.clone(),
        on_hand,
        low: item.trade.low_at.is_some_and(|low| on_hand <= low),
    }
}

/// Lists what is on hand of everything that is counted, by SKU's order of arrival.
///
/// # Errors
/// When the shop can't be read.
pub fn levels(shop: &Shop) -> Result<Vec<Level>, Failure> {
    let mut counted = Vec::new();
    shop.items(|item| {
        if item.trade.tracked && !item.archived {
            counted.push(item.clone());
        }
        Ok(())
    })?;
    counted
        .iter()
        .map(|item| Ok(level(item, shop.on_hand(&item.id)?)))
        .collect()
}

/// Draws stock as a table.
pub fn text(levels: &[Level], low: bool) -> String {
    if levels.is_empty() {
        return if low {
            "Nothing is low.\n".into()
        } else {
            "No stock is kept yet.\n".into()
        };
    }
    let mut table = Table::new(&[
        ("On hand", Side::Right),
        ("SKU", Side::Left),
        ("Item", Side::Left),
        ("", Side::Left),
    ]);
    for level in levels {
        let mark = if level.low { "low" } else { "" };
        table.row([
            amount_of(level.on_hand, &level.unit),
            level.sku.clone(),
            level.name.clone(),
            mark.into(),
        ]);
    }
    table.text()
}

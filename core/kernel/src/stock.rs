//! Stock: never a stored number, always the fold of movements and counts by item and place.

use crate::command::ItemRef;
use crate::context::{Context, Permission, World};
use crate::event::Event;
use crate::limits;
use crate::quantity::Quantity;
use crate::rejection::{Rejection, check_optional};
use barrow_log::id::{CountId, ItemId, LocationId, MovementId};
use barrow_log::stream::{Head, StreamId};
use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Tells why stock moved. Sales and refunds move stock by their lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cbor(index_only)]
#[serde(rename_all = "snake_case")]
pub enum MovementKind {
    /// Goods came from a supplier, or were made.
    #[n(0)]
    Delivery,
    /// Goods left for another place.
    #[n(1)]
    TransferOut,
    /// Goods arrived from another place.
    #[n(2)]
    TransferIn,
    /// Goods were spoilt, broken or given away.
    #[n(3)]
    Waste,
    /// A mistake was put right, up or down.
    #[n(4)]
    Correction,
}

/// Goods that a person wants to move.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MovementLine {
    /// Names the item.
    pub item: ItemRef,
    /// Gives how much, more than zero; a correction may be negative.
    pub quantity: Quantity,
}

/// Goods that moved: positive into the place, negative out of it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Moved {
    /// Names the item.
    #[n(0)]
    pub item: ItemId,
    /// Gives the change of what is on hand, in the item's unit.
    #[n(1)]
    pub change: Quantity,
}

/// A movement of stock that a person booked.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Movement {
    /// Names it; the id of the command that booked it.
    #[n(0)]
    pub id: MovementId,
    /// Names the place.
    #[n(1)]
    pub location: LocationId,
    /// Tells why.
    #[n(2)]
    pub kind: MovementKind,
    /// Lists the goods.
    #[n(3)]
    pub lines: Vec<Moved>,
    /// Gives the reason in words.
    #[n(4)]
    pub reason: Option<String>,
    /// Gives the time in milliseconds since 1970.
    #[n(5)]
    pub at_ms: i64,
}

/// What a person counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountLine {
    /// Names the item.
    pub item: ItemRef,
    /// Gives what is there, zero or more.
    pub counted: Quantity,
}

/// What was counted of one item, and what this device believed before.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Counted {
    /// Names the item.
    #[n(0)]
    pub item: ItemId,
    /// Gives what is there.
    #[n(1)]
    pub counted: Quantity,
    /// Gives what was known to be there: the fold up to the count's vector.
    #[n(2)]
    pub known: Quantity,
}

/// A count of stock. It adds only the difference to what its device knew, so it never erases a sale
/// that was made elsewhere at the same time.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Count {
    /// Names it; the id of the command that booked it.
    #[n(0)]
    pub id: CountId,
    /// Names the place.
    #[n(1)]
    pub location: LocationId,
    /// Lists what was counted.
    #[n(2)]
    pub lines: Vec<Counted>,
    /// Gives the time in milliseconds since 1970.
    #[n(3)]
    pub at_ms: i64,
    /// Gives the last op of each stream that was known; movements outside add on top.
    #[n(4)]
    pub vector: Vec<CountHead>,
}

/// The last op of a stream that a count knew.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct CountHead {
    /// Names the stream.
    #[n(0)]
    pub stream: StreamId,
    /// Gives its last op.
    #[n(1)]
    pub head: Head,
}

/// Decides about a movement of stock.
pub fn move_stock(
    world: &dyn World,
    context: &Context,
    location: Option<LocationId>,
    kind: MovementKind,
    lines: &[MovementLine],
    reason: &Option<String>,
) -> Result<Vec<Event>, Rejection> {
    context.require(Permission::Stock, "move stock")?;
    check_optional("reason", reason, limits::NOTE_CHARS)?;
    check_lines(lines.len())?;
    let explained = reason.as_deref().is_some_and(|reason| !reason.trim().is_empty());
    if matches!(kind, MovementKind::Waste | MovementKind::Correction) && !explained {
        return Err(Rejection::missing("reason", "waste and corrections need one"));
    }
    let location = place(world, context, location)?;
    let mut moved: Vec<Moved> = Vec::with_capacity(lines.len());
    for line in lines {
        let item = crate::carting::resolve(world, &line.item)?;
        check_tracked(&item)?;
        let change = match kind {
            MovementKind::Correction if line.quantity.is_zero() => {
                return Err(Rejection::range(
                    "quantity",
                    line.quantity,
                    "a correction can't be zero",
                ));
            }
            MovementKind::Correction => line.quantity,
            _ if !line.quantity.is_positive() => {
                return Err(Rejection::range(
                    "quantity",
                    line.quantity,
                    "it is more than zero",
                ));
            }
            MovementKind::Delivery | MovementKind::TransferIn => line.quantity,
            MovementKind::TransferOut | MovementKind::Waste => line.quantity.negated(),
        };
        moved.push(Moved {
            item: item.id,
            change,
        });
    }
    Ok(vec![Event::StockMoved {
        movement: Movement {
            id: MovementId(context.command.0),
            location,
            kind,
            lines: moved,
            reason: reason.clone(),
            at_ms: context.now_ms,
        },
    }])
}

/// Decides about a count.
pub fn count(
    world: &dyn World,
    context: &Context,
    location: Option<LocationId>,
    lines: &[CountLine],
) -> Result<Vec<Event>, Rejection> {
    context.require(Permission::Stock, "count stock")?;
    check_lines(lines.len())?;
    let location = place(world, context, location)?;
    let mut seen = BTreeSet::new();
    let mut counted = Vec::with_capacity(lines.len());
    for line in lines {
        let item = crate::carting::resolve(world, &line.item)?;
        check_tracked(&item)?;
        if line.counted.is_negative() {
            return Err(Rejection::range("counted", line.counted, "it is zero or more"));
        }
        if !seen.insert(item.id) {
            return Err(Rejection::Taken {
                field: "item".into(),
                value: item.face.name.clone(),
                by: "this count; add the two figures up".into(),
            });
        }
        let known = world.on_hand(&item.id, &location)?;
        counted.push(Counted {
            item: item.id,
            counted: line.counted,
            known,
        });
    }
    let vector = context.book_head.iter().map(|head| CountHead {
        stream: context.book,
        head: *head,
    });
    Ok(vec![Event::StockCounted {
        count: Count {
            id: CountId(context.command.0),
            location,
            lines: counted,
            at_ms: context.now_ms,
            vector: vector.collect(),
        },
    }])
}

fn check_lines(count: usize) -> Result<(), Rejection> {
    if count == 0 {
        return Err(Rejection::missing("lines", "name at least one"));
    }
    if count > limits::STOCK_LINES {
        return Err(Rejection::TooLong {
            field: "lines".into(),
            limit: limits::STOCK_LINES as u32,
        });
    }
    Ok(())
}

fn check_tracked(item: &crate::catalogue::Item) -> Result<(), Rejection> {
    if item.keeps_stock() {
        return Ok(());
    }
    Err(Rejection::not_now(
        "item",
        format!("No stock is kept of {}.", item.face.name),
    ))
}

fn place(
    world: &dyn World,
    context: &Context,
    location: Option<LocationId>,
) -> Result<LocationId, Rejection> {
    let location = location.unwrap_or(context.location);
    match world.location(&location)? {
        Some(_) => Ok(location),
        None => Err(Rejection::unknown("location", location)),
    }
}

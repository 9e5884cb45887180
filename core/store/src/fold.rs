//! Folds events into projections. Plain Rust over a small trait of tables, so that every database folds alike.
//!
//! A fold adds, it never prices, rounds or refuses; it takes ops in any order.

use barrow_kernel::cart::LineId;
use barrow_kernel::catalogue::{Face, ItemPut, Price, Trade, Write};
use barrow_kernel::event::Event;
use barrow_kernel::ledger::Account;
use barrow_kernel::money::Currency;
use barrow_kernel::quantity::Quantity;
use barrow_kernel::sale::Sale;
use barrow_kernel::shift::{ShiftOpening, ZReport};
use barrow_kernel::state::{Touch, touches};
use barrow_log::id::{ItemId, LocationId, SaleId};
use barrow_log::stream::{OpRef, Place};
use std::collections::BTreeMap;

/// What a small register holds, of which the last write in the accepted order counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RegisterKind {
    /// The shop's settings; their id is empty.
    Shop = 1,
    /// A tax.
    Tax = 2,
    /// A kind of tender.
    Tender = 3,
    /// A location.
    Location = 4,
    /// A cash box.
    CashBox = 5,
}

/// The tables that folds write. One op at a time; the tables know which one.
pub trait Tables {
    /// What goes wrong with them.
    type Error;

    /// Tells whether an op is folded already, or never will be.
    fn holds(&mut self, op: &OpRef) -> Result<bool, Self::Error>;
    /// Writes a small register, unless a later write is there.
    fn register_put(
        &mut self,
        kind: RegisterKind,
        id: &[u8],
        value: Vec<u8>,
        place: &Place,
    ) -> Result<(), Self::Error>;
    /// Reads an item's current writes.
    fn item(&mut self, id: &ItemId) -> Result<Option<ItemRecord>, Self::Error>;
    /// Writes an item's current writes.
    fn item_put(&mut self, record: &ItemRecord) -> Result<(), Self::Error>;
    /// Puts a code into the set of (code, item), or takes it out.
    fn code_put(&mut self, code: &str, item: &ItemId, live: bool) -> Result<(), Self::Error>;
    /// Adds to what is on hand of an item at a place, and to the number of lines that sold it.
    fn stock_add(
        &mut self,
        item: &ItemId,
        location: &LocationId,
        change: Quantity,
        sold: u32,
    ) -> Result<(), Self::Error>;
    /// Adds to an account; minor units, debit positive.
    fn ledger_add(
        &mut self,
        account: &Account,
        currency: Currency,
        amount_minor: i64,
    ) -> Result<(), Self::Error>;
    /// Notes where a sale is; the same one twice is one.
    fn sale_put(&mut self, sale: &Sale) -> Result<(), Self::Error>;
    /// Adds to what came back of a sold line.
    fn returned_add(&mut self, sale: &SaleId, line: LineId, quantity: Quantity) -> Result<(), Self::Error>;
    /// Notes the opening of a shift.
    fn shift_put(&mut self, opening: &ShiftOpening) -> Result<(), Self::Error>;
    /// Notes the closing of a shift.
    fn z_put(&mut self, report: &ZReport) -> Result<(), Self::Error>;
    /// Notes what the op means for the index of open entities.
    fn touch(&mut self, touch: &Touch, place: &Place) -> Result<(), Self::Error>;
}

/// Folds one event of the op at a place.
///
/// # Errors
/// Those of the tables; nothing else can go wrong.
pub fn fold<T: Tables>(tables: &mut T, place: &Place, event: &Event) -> Result<(), T::Error> {
    match event {
        Event::ShopPut { shop } => tables.register_put(RegisterKind::Shop, &[], bytes(shop), place)?,
        Event::TaxesPut { taxes } => {
            for tax in taxes {
                tables.register_put(RegisterKind::Tax, tax.id.as_bytes(), bytes(tax), place)?;
            }
        }
        Event::TendersPut { tenders } => {
            for tender in tenders {
                tables.register_put(RegisterKind::Tender, tender.id.as_bytes(), bytes(tender), place)?;
            }
        }
        Event::PlacesPut {
            locations,
            cash_boxes,
        } => {
            for location in locations {
                tables.register_put(
                    RegisterKind::Location,
                    location.id.as_bytes(),
                    bytes(location),
                    place,
                )?;
            }
            for cash_box in cash_boxes {
                tables.register_put(
                    RegisterKind::CashBox,
                    cash_box.id.as_bytes(),
                    bytes(cash_box),
                    place,
                )?;
            }
        }
        Event::ItemsPut { items } => {
            for put in items {
                fold_item(tables, place, put)?;
            }
        }
        Event::SaleCompleted { sale } => fold_sale(tables, sale)?,
        Event::ShiftOpened { opening } => tables.shift_put(opening)?,
        Event::ShiftClosed { report } => tables.z_put(report)?,
        Event::StockMoved { movement } => {
            for line in &movement.lines {
                tables.stock_add(&line.item, &movement.location, line.change, 0)?;
            }
        }
        Event::StockCounted { count } => {
            for line in &count.lines {
                // A difference of two valid quantities; one beyond all bounds came from no till of ours.
                let change = line.counted.checked_sub(line.known).unwrap_or(Quantity::ZERO);
                tables.stock_add(&line.item, &count.location, change, 0)?;
            }
        }
        _ => {}
    }
    if let Some(currency) = event.currency() {
        for posting in event.postings() {
            tables.ledger_add(&posting.account, currency, posting.amount_minor)?;
        }
    }
    for touch in touches(event) {
        tables.touch(&touch, place)?;
    }
    Ok(())
}

/// Returns the bytes of a value. A Vec takes every write, so encoding cannot fail.
fn bytes<T: minicbor::Encode<()>>(value: &T) -> Vec<u8> {
    minicbor::to_vec(value).unwrap_or_default()
}

fn fold_sale<T: Tables>(tables: &mut T, sale: &Sale) -> Result<(), T::Error> {
    tables.sale_put(sale)?;
    for line in &sale.lines {
        let back = line.returns.as_ref().and_then(|returns| returns.of);
        if let Some(of) = back {
            tables.returned_add(&of.sale, of.line, line.quantity.negated())?;
        }
        let (change, sold) = (line.stock_out().negated(), u32::from(line.quantity.is_positive()));
        if sold > 0 || !change.is_zero() {
            tables.stock_add(&line.goods.item, &sale.location, change, sold)?;
        }
    }
    Ok(())
}

fn fold_item<T: Tables>(tables: &mut T, place: &Place, put: &ItemPut) -> Result<(), T::Error> {
    let mut record = tables.item(&put.id)?.unwrap_or_else(|| ItemRecord::new(put.id));
    write(tables, &mut record.face, place, &put.face)?;
    write(tables, &mut record.price, place, &put.price)?;
    write(tables, &mut record.trade, place, &put.trade)?;
    write(tables, &mut record.archived, place, &put.archived)?;
    write(tables, &mut record.sold_out, place, &put.sold_out)?;
    let removed = put.remove_codes.iter().map(|code| (code, false));
    let added = put.add_codes.iter().map(|code| (code, true));
    let mut changed = BTreeMap::new();
    for (code, live) in removed.chain(added) {
        if record.mark(code, place, live) {
            changed.insert(code, live);
        }
    }
    tables.item_put(&record)?;
    for (code, live) in changed {
        tables.code_put(code, &put.id, live)?;
    }
    Ok(())
}

fn write<T: Tables, V: Clone>(
    tables: &mut T,
    register: &mut Register<V>,
    place: &Place,
    write: &Option<Write<V>>,
) -> Result<(), T::Error> {
    let Some(write) = write else { return Ok(()) };
    for op in &write.replaces {
        let known = register.replace(op);
        if !known && !tables.holds(op)? && !register.ahead.contains(op) {
            register.ahead.push(*op);
        }
    }
    register.write(place, &write.value);
    Ok(())
}

/// A write of a register that nobody replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written<T> {
    /// Where the write is.
    pub place: Place,
    /// What it says.
    pub value: T,
}

/// A group of fields that are written as one. A write names those that it replaces; of several current ones the
/// last in the accepted order wins, and the others are a visible conflict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Register<T> {
    /// The current writes in the accepted order; the last is the winner.
    pub writes: Vec<Written<T>>,
    /// Writes that were replaced before they came.
    pub ahead: Vec<OpRef>,
}

impl<T> Default for Register<T> {
    fn default() -> Self {
        Self {
            writes: Vec::new(),
            ahead: Vec::new(),
        }
    }
}

impl<T> Register<T> {
    /// Returns the write that wins.
    pub fn winner(&self) -> Option<&Written<T>> {
        self.writes.last()
    }

    /// Returns where the winning write is.
    pub fn place(&self) -> Option<Place> {
        self.winner().map(|written| written.place)
    }

    /// Returns the winning value.
    pub fn into_value(mut self) -> Option<T> {
        self.writes.pop().map(|written| written.value)
    }

    /// Names the current writes.
    pub fn ops(&self) -> Vec<OpRef> {
        let op = |written: &Written<T>| OpRef {
            stream: written.place.stream,
            seq: written.place.seq,
        };
        self.writes.iter().map(op).collect()
    }

    /// Tells whether there is nothing but at most one write.
    pub fn is_plain(&self) -> bool {
        self.writes.len() <= 1 && self.ahead.is_empty()
    }

    /// Takes a replaced write out. Returns false when it is not among the current ones.
    fn replace(&mut self, op: &OpRef) -> bool {
        let before = self.writes.len();
        self.writes
            .retain(|written| written.place.stream != op.stream || written.place.seq != op.seq);
        self.writes.len() != before
    }
}

impl<T: Copy> Register<T> {
    /// Returns the winning value.
    pub fn value(&self) -> Option<T> {
        self.winner().map(|written| written.value)
    }
}

impl<T: Clone> Register<T> {
    /// Takes a write in, unless it was replaced before it came.
    fn write(&mut self, place: &Place, value: &T) {
        let op = OpRef {
            stream: place.stream,
            seq: place.seq,
        };
        if let Some(index) = self.ahead.iter().position(|ahead| *ahead == op) {
            self.ahead.remove(index);
            return;
        }
        // One op that writes a register twice means its second value.
        self.replace(&op);
        let written = Written {
            place: *place,
            value: value.clone(),
        };
        let index = self.writes.partition_point(|known| known.place < *place);
        self.writes.insert(index, written);
    }
}

/// Whether a code is in the set, and which write said so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodeMark {
    /// Tells whether it is in the set.
    pub live: bool,
    /// Where the write is.
    pub place: Place,
}

/// The current writes of an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemRecord {
    /// Names it.
    pub id: ItemId,
    /// What people see.
    pub face: Register<Face>,
    /// What it costs.
    pub price: Register<Price>,
    /// How it is traded.
    pub trade: Register<Trade>,
    /// The archive mark.
    pub archived: Register<bool>,
    /// The sold-out mark.
    pub sold_out: Register<bool>,
    /// Every code that was ever put or taken away.
    pub codes: BTreeMap<String, CodeMark>,
}

impl ItemRecord {
    /// Builds an item of which nothing is known.
    pub fn new(id: ItemId) -> Self {
        Self {
            id,
            face: Register::default(),
            price: Register::default(),
            trade: Register::default(),
            archived: Register::default(),
            sold_out: Register::default(),
            codes: BTreeMap::new(),
        }
    }

    /// Tells whether it has a name and a price.
    pub fn is_known(&self) -> bool {
        self.face.winner().is_some() && self.price.winner().is_some()
    }

    /// Marks a code, unless a later write did. Returns whether the set changed.
    fn mark(&mut self, code: &str, place: &Place, live: bool) -> bool {
        let known = self.codes.get(code).copied();
        if known.is_some_and(|mark| mark.place > *place) {
            return false;
        }
        self.codes.insert(code.into(), CodeMark { live, place: *place });
        known.map_or(live, |mark| mark.live != live)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use barrow_log::stream::StreamId;

    fn place(height: u64, stream: u8) -> Place {
        Place {
            height,
            stream: StreamId([stream; 16]),
            seq: height,
        }
    }

    fn op(place: Place) -> OpRef {
        OpRef {
            stream: place.stream,
            seq: place.seq,
        }
    }

    #[test]
    fn of_concurrent_writes_the_later_in_the_accepted_order_wins_and_both_stay() {
        for order in [[1, 2], [2, 1]] {
            let mut register = Register::default();
            for stream in order {
                register.write(&place(5, stream), &stream);
            }
            assert_eq!(register.value(), Some(2));
            assert_eq!(register.ops(), [op(place(5, 1)), op(place(5, 2))]);
            assert!(register.replace(&op(place(5, 2))));
            assert_eq!(register.value(), Some(1));
        }
    }

    #[test]
    fn a_write_that_was_replaced_before_it_came_never_counts() {
        let mut register = Register::default();
        register.ahead.push(op(place(1, 1)));
        register.write(&place(2, 2), &"new");
        register.write(&place(1, 1), &"old");
        assert_eq!(register.value(), Some("new"));
        assert!(register.is_plain());
    }

    #[test]
    fn the_later_mark_of_a_code_counts() {
        let mut record = ItemRecord::new(ItemId::from_number(1));
        assert!(record.mark("4711", &place(2, 1), true));
        assert!(!record.mark("4711", &place(1, 9), false), "an earlier write");
        assert!(record.mark("4711", &place(3, 1), false));
        assert!(!record.mark("4711", &place(4, 1), false), "nothing changes");
    }
}

//! What is open now: carts, shifts, counters. It is the fold of the ops of open entities, on every device alike.
//!
//! `apply` reads only state and event; it adds, it never prices or rounds.

use crate::cart::{Cart, LineId};
use crate::event::Event;
use crate::limits;
use crate::rejection::Rejection;
use crate::shift::{Shift, ShiftTotals};
use barrow_log::id::{CartId, CashBoxId, ShiftId};
use barrow_log::stream::StreamRange;
use std::collections::{BTreeMap, VecDeque};

/// Remembers this many carts that were closed last, so that a late tap on one gets a clear answer.
const RECENTLY_CLOSED: usize = 256;

/// The counter of a receipt series.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SeriesCounter {
    /// Gives the last number that was given; 0 before the first.
    pub last_number: u64,
    /// Gives the sum of all totals in minor units.
    pub perpetual_minor: i64,
}

/// What the next Z of a cash box needs to know of the last one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LastZ {
    /// Gives its number; 0 before the first.
    pub number: u64,
    /// Lists the ops that it closed.
    pub ranges: Vec<StreamRange>,
}

/// Everything that is open.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// Holds the open carts.
    pub carts: BTreeMap<CartId, Cart>,
    /// Holds the open shift of each cash box.
    pub shifts: BTreeMap<CashBoxId, Shift>,
    /// Holds the counters of receipt series.
    pub series: BTreeMap<String, SeriesCounter>,
    /// Holds the last Z of each cash box.
    pub last_zs: BTreeMap<CashBoxId, LastZ>,
    /// Remembers the carts that were closed last: a help for people, not part of the state that is compared.
    pub recently_closed: VecDeque<CartId>,
}

impl PartialEq for State {
    fn eq(&self, other: &Self) -> bool {
        self.carts == other.carts
            && self.shifts == other.shifts
            && self.series == other.series
            && self.last_zs == other.last_zs
    }
}

impl Eq for State {}

impl State {
    /// Returns an open cart.
    ///
    /// # Errors
    /// [`Rejection::Closed`] when it was completed or given up lately, [`Rejection::Unknown`] otherwise.
    pub fn open_cart(&self, id: CartId) -> Result<&Cart, Rejection> {
        self.carts
            .get(&id)
            .ok_or_else(|| match self.recently_closed.contains(&id) {
                true => Rejection::closed("cart", id),
                false => Rejection::unknown("cart", id),
            })
    }

    /// Returns the counter of a receipt series.
    pub fn series(&self, code: &str) -> SeriesCounter {
        self.series.get(code).copied().unwrap_or_default()
    }

    /// Returns the last Z of a cash box.
    pub fn last_z(&self, cash_box: CashBoxId) -> LastZ {
        self.last_zs.get(&cash_box).cloned().unwrap_or_default()
    }

    /// Remembers carts that were closed before this state was rebuilt, the one closed last first. Those that are open
    /// are left out.
    pub fn remember_closed(&mut self, newest_first: impl IntoIterator<Item = CartId>) {
        for id in newest_first {
            if self.recently_closed.len() == RECENTLY_CLOSED {
                return;
            }
            if !self.carts.contains_key(&id) && !self.recently_closed.contains(&id) {
                self.recently_closed.push_front(id);
            }
        }
    }

    fn close_cart(&mut self, id: CartId) {
        self.carts.remove(&id);
        if self.recently_closed.len() == RECENTLY_CLOSED {
            self.recently_closed.pop_front();
        }
        self.recently_closed.push_back(id);
    }

    /// Returns the open shift of a cash box when it is the one named: what belongs to a closed one comes late and
    /// never changes another.
    fn shift(&mut self, cash_box: CashBoxId, id: ShiftId) -> Option<&mut Shift> {
        self.shifts.get_mut(&cash_box).filter(|shift| shift.id == id)
    }

    fn shift_totals(&mut self, cash_box: CashBoxId, id: ShiftId) -> Option<&mut ShiftTotals> {
        self.shift(cash_box, id).map(|shift| &mut shift.totals)
    }
}

/// Folds an event into the state. An event about something that is not open here changes nothing.
pub fn apply(state: &mut State, event: &Event) {
    match event {
        Event::CartOpened {
            cart,
            terms,
            location,
            at_ms,
        } => {
            let opened = || Cart::opened(*cart, terms.clone(), *location, *at_ms);
            state.carts.entry(*cart).or_insert_with(opened);
        }
        Event::LinesAdded { cart, .. }
        | Event::QuantityChanged { cart, .. }
        | Event::LineVoided { cart, .. }
        | Event::Discounted { cart, .. }
        | Event::Repriced { cart, .. }
        | Event::TaxesSwitched { cart, .. }
        | Event::Noted { cart, .. }
        | Event::Parked { cart, .. } => {
            if let Some(cart) = state.carts.get_mut(cart) {
                apply_to_cart(cart, event);
            }
        }
        _ => apply_book(state, event),
    }
}

/// Folds a book event.
fn apply_book(state: &mut State, event: &Event) {
    match event {
        Event::PaymentTaken {
            cart,
            payment,
            cash_box,
            ..
        } => {
            if let Some(cart) = state.carts.get_mut(cart) {
                cart.payments.push(payment.clone());
            }
            if let Some(totals) = state.shift_totals(*cash_box, payment.shift) {
                totals.add_payment(payment);
            }
        }
        Event::PaymentReversed { reversal } => {
            if let Some(cart) = state.carts.get_mut(&reversal.cart) {
                cart.payments.retain(|payment| payment.id != reversal.payment.id);
            }
            if let Some(totals) = state.shift_totals(reversal.cash_box, reversal.shift) {
                if reversal.payment.shift == reversal.shift {
                    totals.remove_payment(&reversal.payment);
                } else {
                    totals.give_back(&reversal.payment);
                }
            }
        }
        Event::SaleCompleted { sale } => {
            state.close_cart(sale.cart);
            let counter = state.series.entry(sale.number.series.clone()).or_default();
            if sale.number.number > counter.last_number {
                counter.last_number = sale.number.number;
                counter.perpetual_minor = sale.perpetual_minor;
            }
            if let Some(totals) = state.shift_totals(sale.cash_box, sale.shift) {
                totals.add_sale(sale);
            }
        }
        Event::CartVoided { void } => {
            state.close_cart(void.cart);
            if let Some(shift) = state.shifts.get_mut(&void.cash_box) {
                shift.totals.voids += 1;
            }
        }
        Event::TenderCorrected { correction } => {
            if let Some(shift) = state.shift(correction.cash_box, correction.new.shift) {
                shift.totals.remove_payment(&correction.old);
                shift.totals.add_payment(&correction.new);
                shift.corrections.push(correction.clone());
            }
        }
        Event::ShiftOpened { opening } => {
            let totals = ShiftTotals {
                expected_minor: opening.float_minor.clamp(-limits::SUM_MINOR, limits::SUM_MINOR),
                ..ShiftTotals::default()
            };
            let shift = Shift {
                id: opening.shift,
                opening: opening.clone(),
                totals,
                corrections: Vec::new(),
            };
            state.shifts.entry(opening.cash_box).or_insert(shift);
        }
        Event::CashMoved { movement } => {
            if let Some(totals) = state.shift_totals(movement.cash_box, movement.shift) {
                totals.add_movement(movement);
            }
        }
        Event::ShiftClosed { report } => {
            state.shifts.remove(&report.cash_box);
            let last = state.last_zs.entry(report.cash_box).or_default();
            if report.number > last.number {
                last.number = report.number;
                last.ranges.clone_from(&report.ranges);
            }
        }
        _ => {}
    }
}

/// Folds a floor event into its cart.
pub(crate) fn apply_to_cart(cart: &mut Cart, event: &Event) {
    match event {
        Event::LinesAdded { tax_sets, lines, .. } => {
            let indexes: Vec<u16> = tax_sets.iter().map(|set| cart.intern(set)).collect();
            for line in lines {
                let mut line = line.clone();
                line.tax_set = indexes.get(line.tax_set as usize).copied().unwrap_or(0);
                cart.next_line = cart.next_line.max((line.id.0 & 0xffff) as u16);
                let id = line.id;
                cart.lines.push(line);
                touch(cart, id);
            }
        }
        Event::QuantityChanged { line, by, .. } => {
            if let Some(line) = find(cart, *line)
                && let Ok(quantity) = line.quantity.checked_add(*by)
            {
                line.quantity = quantity;
                line.weighing = None;
            }
            touch(cart, *line);
        }
        Event::LineVoided { line, voided, .. } => {
            if let Some(line) = find(cart, *line) {
                line.voided = *voided;
            }
            if !voided {
                touch(cart, *line);
            }
        }
        Event::Discounted {
            line: Some(line),
            discounts,
            ..
        } => {
            if let Some(line) = find(cart, *line) {
                line.discounts = discounts.clone();
            }
            touch(cart, *line);
        }
        Event::Discounted {
            line: None,
            discounts,
            ..
        } => cart.discounts = discounts.clone(),
        Event::Repriced { tax_sets, lines, .. } => {
            let indexes: Vec<u16> = tax_sets.iter().map(|set| cart.intern(set)).collect();
            for change in lines {
                let set = indexes.get(change.tax_set as usize).copied().unwrap_or(0);
                if let Some(line) = find(cart, change.line) {
                    line.unit_price = change.unit_price;
                    line.tax_set = set;
                    line.list_price = change.list_price;
                    line.price_reason = change.reason.clone();
                    line.amount_minor = change.amount_minor;
                    if change.amount_minor.is_none() {
                        line.measure = crate::cart::Measure::Quantity;
                    }
                }
            }
        }
        Event::TaxesSwitched { mapping, .. } => cart.tax_mapping = mapping.clone(),
        Event::Noted {
            line: Some(line),
            note,
            ..
        } => {
            if let Some(line) = find(cart, *line) {
                line.note = note.clone();
            }
        }
        Event::Noted { line: None, note, .. } => cart.note = note.clone(),
        Event::Parked { parked, name, .. } => {
            cart.parked = *parked;
            cart.name = name.clone();
        }
        _ => {}
    }
}

/// Remembers the line that somebody added or changed last; what follows another line, as a deposit does, is not it.
fn touch(cart: &mut Cart, id: LineId) {
    if cart.line(id).is_some_and(|line| line.parent.is_none()) {
        cart.last_touched = Some(id);
    }
}

fn find(cart: &mut Cart, id: LineId) -> Option<&mut crate::cart::Line> {
    cart.lines.iter_mut().find(|line| line.id == id)
}

/// An entity whose ops a till must read again at start.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Entity {
    /// An open cart.
    Cart(CartId),
    /// An open shift.
    Shift(ShiftId),
    /// A receipt series.
    Series(String),
    /// The Z numbers of a cash box.
    Z(CashBoxId),
}

/// What an event means for the index of open entities.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Touch {
    /// The op belongs to the entity: read it at start.
    Belongs(Entity),
    /// The op opens the entity, and every later book op belongs to it.
    OpensTail(Entity),
    /// The op is the only one of the entity that must be read.
    Latest(Entity),
    /// The entity is finished: nothing of it must be read any more, and what comes late does not open it again.
    Closes(Entity),
}

/// Returns what an event means for the index of open entities.
pub fn touches(event: &Event) -> Vec<Touch> {
    if let Some(cart) = event.open_cart() {
        return vec![Touch::Belongs(Entity::Cart(cart))];
    }
    match event {
        Event::SaleCompleted { sale } => vec![
            Touch::Closes(Entity::Cart(sale.cart)),
            Touch::Latest(Entity::Series(sale.number.series.clone())),
        ],
        Event::CartVoided { void } => vec![Touch::Closes(Entity::Cart(void.cart))],
        Event::ShiftOpened { opening } => vec![Touch::OpensTail(Entity::Shift(opening.shift))],
        Event::ShiftClosed { report } => vec![
            Touch::Closes(Entity::Shift(report.shift)),
            Touch::Latest(Entity::Z(report.cash_box)),
        ],
        _ => Vec::new(),
    }
}

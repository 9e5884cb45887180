//! A till in memory: commands are decided, applied and folded, and what must be true is checked after every step.
//! Other crates' tests may include it by `#[path]`.
#![allow(dead_code, reason = "every test uses its own part")]
#![allow(unused_imports, reason = "every test uses its own part")]
#![allow(missing_docs, reason = "names of tests and their helpers tell enough")]

mod checks;
mod open_index;
pub mod random;
mod setup;
mod world;

pub use open_index::OpenIndex;
pub use setup::{Goods, Setup, item, on_top, qty, tax_id, vat};
pub use world::MemoryWorld;

use barrow_kernel::approval::Approval;
use barrow_kernel::command::{Command, ItemRef, LineDraft, ReturnDraft};
use barrow_kernel::context::{Context, Permission};
use barrow_kernel::decide::decide;
use barrow_kernel::event::{Body, Event};
use barrow_kernel::ledger::Account;
use barrow_kernel::log::id::{CartId, CashBoxId, CommandId, LocationId, SaleId, TenderId};
use barrow_kernel::log::stream::{Head, OpHash, OpRef, StreamId, StreamKind};
use barrow_kernel::rejection::Rejection;
use barrow_kernel::sale::Sale;
use barrow_kernel::shift::{CashCount, ShiftTotals, ZReport};
use barrow_kernel::state::{State, apply};
use barrow_kernel::view::CartView;
use std::collections::{BTreeMap, BTreeSet};

pub const CASH: TenderId = TenderId::from_number(0x3001);
pub const CARD: TenderId = TenderId::from_number(0x3002);
pub const BOX: CashBoxId = CashBoxId::from_number(0x4001);
pub const SPARE_BOX: CashBoxId = CashBoxId::from_number(0x4002);
pub const PITCH: LocationId = LocationId::from_number(0x5001);
pub const VAN: LocationId = LocationId::from_number(0x5002);
/// A Sunday in November 2026.
const START_MS: i64 = 1_795_341_600_000;

/// Who acts: a device with its book, series and cash box. Several may share one state, as after a merge.
#[derive(Clone, Debug)]
pub struct Seat {
    pub series: String,
    pub book: StreamId,
    pub cash_box: CashBoxId,
    pub location: LocationId,
    pub seq: u64,
}

impl Seat {
    fn new(number: u8, cash_box: CashBoxId) -> Self {
        Self {
            series: format!("S{number}"),
            book: StreamId([number; 16]),
            cash_box,
            location: PITCH,
            seq: 0,
        }
    }
}

/// A till in memory.
#[derive(Clone, Debug)]
pub struct Till {
    pub world: MemoryWorld,
    pub state: State,
    pub seats: Vec<Seat>,
    pub seat: usize,
    pub permissions: BTreeSet<Permission>,
    pub now_ms: i64,
    pub ops: Vec<Vec<Event>>,
    pub index: OpenIndex,
    pub ledger: BTreeMap<Account, i128>,
    next: u128,
}

impl Till {
    /// Opens a shop.
    pub fn of(setup: Setup) -> Self {
        use Permission as P;
        let all = [
            P::Sell,
            P::Refund,
            P::RefundUnlinked,
            P::Catalogue,
            P::Stock,
            P::Shift,
            P::Administer,
        ];
        let mut till = Self {
            world: MemoryWorld::default(),
            state: State::default(),
            seats: vec![Seat::new(1, BOX), Seat::new(2, BOX), Seat::new(3, SPARE_BOX)],
            seat: 0,
            permissions: BTreeSet::from(all),
            now_ms: START_MS,
            ops: Vec::new(),
            index: OpenIndex::default(),
            ledger: BTreeMap::new(),
            next: 0x10_0000,
        };
        for command in setup.commands() {
            till.ok(command);
        }
        till
    }

    pub fn seat(&self) -> &Seat {
        &self.seats[self.seat]
    }

    fn number(&mut self) -> u128 {
        self.next += 1;
        self.next
    }

    /// Returns the id of the last command that was run.
    pub fn last_id(&self) -> u128 {
        self.next
    }

    fn context(&self, command: CommandId) -> Context {
        let seat = self.seat();
        Context {
            now_ms: self.now_ms,
            command,
            who: Some("Ada".into()),
            till: format!("Till {}", seat.series),
            location: seat.location,
            cash_box: seat.cash_box,
            series: seat.series.clone(),
            book: seat.book,
            book_head: (seat.seq > 0).then(|| Head {
                seq: seat.seq,
                hash: OpHash([seat.seq.to_le_bytes()[0]; 32]),
            }),
            permissions: self.permissions.clone(),
        }
    }

    /// Decides about a command and changes nothing.
    pub fn try_decide(&self, command: &Command) -> Result<Vec<Event>, Rejection> {
        decide(
            &self.state,
            &self.world,
            command,
            &self.context(CommandId::from_number(self.next + 1)),
        )
    }

    /// Carries a command out: decide, apply, fold, and check everything that must be true.
    pub fn run(&mut self, command: &Command) -> Result<Vec<Event>, Rejection> {
        self.now_ms += 1_000;
        let id = CommandId::from_number(self.number());
        let events = decide(&self.state, &self.world, command, &self.context(id))?;
        self.take(events.clone());
        Ok(events)
    }

    /// Applies and folds the events of one op.
    pub fn take(&mut self, events: Vec<Event>) {
        checks::round_trips(&events);
        let body = Body { events, who: None };
        let kind = body.stream_kind().expect("one op, one kind of stream");
        let events = body.events;
        let stream = self.seat().book;
        if kind == StreamKind::Book {
            self.seats[self.seat].seq += 1;
        }
        let by = OpRef {
            stream,
            seq: self.ops.len() as u64 + 1,
        };
        for event in &events {
            checks::follows(self, event);
            apply(&mut self.state, event);
            self.world.fold(event, by);
            for posting in event.postings() {
                *self.ledger.entry(posting.account.clone()).or_default() += i128::from(posting.amount_minor);
            }
        }
        self.index.add(self.ops.len(), &events);
        self.ops.push(events);
        checks::state(self);
    }

    /// Carries out a command that must be accepted.
    pub fn ok(&mut self, command: Command) -> Vec<Event> {
        match self.run(&command) {
            Ok(events) => events,
            Err(why) => panic!("{command:?} was rejected: {why}"),
        }
    }

    /// Carries out a command that must be rejected.
    pub fn no(&mut self, command: Command) -> Rejection {
        match self.run(&command) {
            Ok(events) => panic!("{command:?} was accepted: {events:?}"),
            Err(why) => why,
        }
    }

    /// Names a cart; the first line opens it.
    pub fn cart(&mut self) -> CartId {
        CartId::from_number(self.number())
    }

    /// Adds goods to a cart.
    pub fn add(&mut self, cart: CartId, number: u128, quantity: &str) -> Vec<Event> {
        self.ok(add(cart, line(number, quantity)))
    }

    /// Opens a cart with goods.
    pub fn cart_of(&mut self, lines: &[(u128, &str)]) -> CartId {
        let cart = self.cart();
        let lines = lines.iter().map(|(number, quantity)| line(*number, quantity));
        self.ok(Command::AddLines {
            cart,
            lines: lines.collect(),
            approval: None,
        });
        cart
    }

    /// Pays all that is open.
    pub fn pay(&mut self, cart: CartId, with: TenderId) -> Sale {
        self.ok(tender(cart, with, None, None));
        self.last_sale().expect("the tender completes the sale")
    }

    /// Sells goods for cash.
    pub fn sell(&mut self, lines: &[(u128, &str)]) -> Sale {
        let cart = self.cart_of(lines);
        self.pay(cart, CASH)
    }

    /// Returns the sale that the last op completed.
    pub fn last_sale(&self) -> Option<Sale> {
        self.ops.last()?.iter().find_map(|event| match event {
            Event::SaleCompleted { sale } => Some(sale.clone()),
            _ => None,
        })
    }

    /// Takes goods of a sale back into a cart: all that is left, or lines with quantities.
    pub fn take_back(&mut self, sale: SaleId, lines: &[(u32, &str)]) -> CartId {
        let cart = self.cart();
        self.ok(returns(cart, sale, lines));
        cart
    }

    pub fn view(&self, cart: CartId) -> CartView {
        CartView::of(&self.state.carts[&cart], &self.world, 0).expect("a cart can be shown")
    }

    pub fn shift(&self) -> &ShiftTotals {
        &self.state.shifts[&self.seat().cash_box].totals
    }

    /// Closes the shift with a count and returns its Z.
    pub fn close(&mut self, counted_minor: i64) -> ZReport {
        let events = self.ok(Command::CloseShift {
            cash_box: None,
            counted: CashCount::amount(counted_minor),
            blind: false,
            note: None,
        });
        match events.as_slice() {
            [Event::ShiftClosed { report }] => report.clone(),
            other => panic!("closing a shift is one event: {other:?}"),
        }
    }

    pub fn balance(&self, account: &Account) -> i128 {
        self.ledger.get(account).copied().unwrap_or_default()
    }
}

/// Builds a line by the item's number.
pub fn line(number: u128, quantity: &str) -> LineDraft {
    LineDraft {
        quantity: Some(qty(quantity)),
        ..LineDraft::of(ItemRef::Id(item(number)))
    }
}

/// Adds one line.
pub fn add(cart: CartId, line: LineDraft) -> Command {
    Command::AddLines {
        cart,
        lines: vec![line],
        approval: None,
    }
}

/// Adds one line with the owner's approval.
pub fn add_approved(cart: CartId, line: LineDraft) -> Command {
    Command::AddLines {
        cart,
        lines: vec![line],
        approval: Some(approval()),
    }
}

pub fn approval() -> Approval {
    Approval {
        by: "Owner".into(),
        reason: "no receipt".into(),
    }
}

pub fn tender(cart: CartId, with: TenderId, amount_minor: Option<i64>, given_minor: Option<i64>) -> Command {
    Command::Tender {
        cart,
        tender: with,
        amount_minor,
        given_minor,
        reference: None,
    }
}

pub fn returns(cart: CartId, sale: SaleId, lines: &[(u32, &str)]) -> Command {
    let lines = lines.iter().map(|(line, quantity)| ReturnDraft {
        line: barrow_kernel::cart::LineId(*line),
        quantity: Some(qty(quantity)),
        resaleable: None,
    });
    Command::AddReturns {
        cart,
        sale,
        lines: lines.collect(),
        reason: Some("changed his mind".into()),
    }
}

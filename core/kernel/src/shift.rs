//! The cash box and its shift: float, pay-in, pay-out, drop, count, X and Z.
//!
//! A shift belongs to a cash box, not to a device. It always closes; what arrives later is booked as late.

use crate::approval::{self, Approval};
use crate::catalogue::TenderClass;
use crate::context::{Context, Permission, World};
use crate::event::Event;
use crate::ledger::{Account, Entry, Posting};
use crate::limits;
use crate::money::Currency;
use crate::price::TaxTotal;
use crate::rejection::{Rejection, check_optional, check_required};
use crate::sale::{ReceiptNumber, Sale, SaleKind, TenderCorrection};
use crate::state::State;
use crate::tender::Payment;
use barrow_log::id::{CashBoxId, ShiftId, TenderId};
use barrow_log::stream::{StreamId, StreamRange};
use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

/// Cash as a person counts it: by note and coin, or as one amount.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[serde(default)]
pub struct CashCount {
    /// Gives the amount in minor units; the sum of the pieces when absent.
    #[n(0)]
    pub amount_minor: Option<i64>,
    /// Lists how many there are of each note and coin.
    #[n(1)]
    pub pieces: Vec<CashPieces>,
}

/// How many there are of one note or coin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct CashPieces {
    /// Gives the value of one in minor units.
    #[n(0)]
    pub value_minor: i64,
    /// Gives how many there are.
    #[n(1)]
    pub count: u32,
}

impl CashCount {
    /// Builds a count that is just an amount in minor units.
    pub fn amount(amount_minor: i64) -> Self {
        Self {
            amount_minor: Some(amount_minor),
            pieces: Vec::new(),
        }
    }

    /// Returns the amount in minor units; checks that the pieces add up to it where both are given.
    pub fn total(&self, field: &str) -> Result<i64, Rejection> {
        if self.pieces.len() > limits::SETTINGS {
            return Err(Rejection::TooLong {
                field: field.into(),
                limit: limits::SETTINGS as u32,
            });
        }
        let mut sum: i64 = 0;
        for pieces in &self.pieces {
            if pieces.value_minor <= 0 {
                return Err(Rejection::range(
                    field,
                    pieces.value_minor,
                    "a note or coin is worth more than zero",
                ));
            }
            sum = pieces
                .value_minor
                .checked_mul(i64::from(pieces.count))
                .and_then(|value| sum.checked_add(value))
                .ok_or_else(|| Rejection::range(field, "too large", "count again"))?;
        }
        let amount = match self.amount_minor {
            Some(amount) if !self.pieces.is_empty() && amount != sum => {
                return Err(Rejection::range(
                    field,
                    amount,
                    &format!("the pieces add up to {sum}"),
                ));
            }
            Some(amount) => amount,
            None => sum,
        };
        if !(0..=limits::AMOUNT_MINOR).contains(&amount) {
            return Err(Rejection::range(field, amount, "cash is zero or more"));
        }
        Ok(amount)
    }
}

/// The opening of a shift.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct ShiftOpening {
    /// Names the shift; the id of the command that opened it.
    #[n(0)]
    pub shift: ShiftId,
    /// Names the cash box.
    #[n(1)]
    pub cash_box: CashBoxId,
    /// Gives the currency of every amount.
    #[n(2)]
    pub currency: Currency,
    /// Gives the cash that lay in the box, in minor units.
    #[n(3)]
    pub float_minor: i64,
    /// Holds the count of the float.
    #[n(4)]
    pub counted: CashCount,
    /// Gives the time in milliseconds since 1970.
    #[n(5)]
    pub at_ms: i64,
    /// Names who opened it.
    #[n(6)]
    pub who: Option<String>,
    /// Names the stream of the till that opened it, with the number of its first op.
    #[n(7)]
    pub book: StreamId,
    /// Gives the number of the first op of that stream that belongs to the shift.
    #[n(8)]
    pub first_seq: u64,
    /// Tells that nobody opened it: the first sale of the day did.
    #[n(9)]
    pub by_itself: bool,
    /// Holds the postings.
    #[n(10)]
    pub postings: Vec<Posting>,
}

/// Tells why cash moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cbor(index_only)]
#[serde(rename_all = "snake_case")]
pub enum CashReason {
    /// Cash came in for another reason than a sale.
    #[n(0)]
    PayIn,
    /// Cash went out for another reason than a refund.
    #[n(1)]
    PayOut,
    /// Cash went to the safe.
    #[n(2)]
    SafeDrop,
}

/// Cash that moved for another reason than a sale.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct CashMovement {
    /// Names the cash box.
    #[n(0)]
    pub cash_box: CashBoxId,
    /// Tells why it moved.
    #[n(1)]
    pub why: CashReason,
    /// Gives the amount in minor units, more than zero.
    #[n(2)]
    pub amount_minor: i64,
    /// Gives the reason in words.
    #[n(3)]
    pub reason: String,
    /// Gives the time in milliseconds since 1970.
    #[n(4)]
    pub at_ms: i64,
    /// Holds the postings.
    #[n(5)]
    pub postings: Vec<Posting>,
    /// Gives the currency of the amount: the shift's.
    #[n(6)]
    pub currency: Currency,
    /// Names the shift that it belongs to.
    #[n(7)]
    pub shift: ShiftId,
}

/// An amount moved between accounts that no sale touches.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Adjustment {
    /// Gives the amount in minor units, more than zero.
    #[n(0)]
    pub amount_minor: i64,
    /// Holds the approval with the reason.
    #[n(1)]
    pub approval: Approval,
    /// Gives the time in milliseconds since 1970.
    #[n(2)]
    pub at_ms: i64,
    /// Holds the postings.
    #[n(3)]
    pub postings: Vec<Posting>,
    /// Gives the currency of the amount.
    #[n(4)]
    pub currency: Currency,
}

/// What one kind of tender took in a shift.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct TenderTotal {
    /// Names the tender.
    #[n(0)]
    pub tender: TenderId,
    /// Gives its name.
    #[n(1)]
    pub name: String,
    /// Tells what kind of money it is.
    #[n(2)]
    pub class: TenderClass,
    /// Gives what was taken less what was paid out, cash rounding included, in minor units.
    #[n(3)]
    pub amount_minor: i64,
    /// Counts the payments, those that were put right or given back within the shift aside.
    #[n(4)]
    pub count: u64,
}

/// The running figures of a shift: an X report shows them, a Z report freezes them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct ShiftTotals {
    /// Counts sales and exchanges.
    #[n(0)]
    pub sales: u64,
    /// Counts refunds.
    #[n(1)]
    pub refunds: u64,
    /// Sums the totals of sales and exchanges, in minor units.
    #[n(2)]
    pub sales_minor: i64,
    /// Sums the totals of refunds (negative), in minor units.
    #[n(3)]
    pub refunds_minor: i64,
    /// Counts carts that were given up.
    #[n(4)]
    pub voids: u64,
    /// Sums discounts, in minor units.
    #[n(5)]
    pub discounts_minor: i64,
    /// Sums cash rounding, in minor units.
    #[n(6)]
    pub rounding_minor: i64,
    /// Sums taxes.
    #[n(7)]
    pub taxes: Vec<TaxTotal>,
    /// Sums tenders.
    #[n(8)]
    pub tenders: Vec<TenderTotal>,
    /// Sums pay-ins, in minor units.
    #[n(9)]
    pub paid_in_minor: i64,
    /// Sums pay-outs, in minor units.
    #[n(10)]
    pub paid_out_minor: i64,
    /// Sums drops to the safe, in minor units.
    #[n(11)]
    pub dropped_minor: i64,
    /// Gives the first receipt number.
    #[n(12)]
    pub first_receipt: Option<ReceiptNumber>,
    /// Gives the last receipt number.
    #[n(13)]
    pub last_receipt: Option<ReceiptNumber>,
    /// Gives the cash that should lie in the box: float and every movement of cash that is known.
    #[n(14)]
    pub expected_minor: i64,
}

/// An open shift.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shift {
    /// Names it.
    pub id: ShiftId,
    /// Tells how it was opened.
    pub opening: ShiftOpening,
    /// Holds its running figures.
    pub totals: ShiftTotals,
    /// Lists tenders that were put right.
    pub corrections: Vec<TenderCorrection>,
}

/// A closed shift: frozen, never changed.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct ZReport {
    /// Names the shift.
    #[n(0)]
    pub shift: ShiftId,
    /// Names the cash box.
    #[n(1)]
    pub cash_box: CashBoxId,
    /// Gives the number of this Z among those of its cash box, from 1.
    #[n(2)]
    pub number: u64,
    /// Gives the currency of every amount.
    #[n(3)]
    pub currency: Currency,
    /// Gives the time of opening in milliseconds since 1970.
    #[n(4)]
    pub opened_ms: i64,
    /// Gives the time of closing in milliseconds since 1970.
    #[n(5)]
    pub closed_ms: i64,
    /// Gives the float in minor units.
    #[n(6)]
    pub float_minor: i64,
    /// Holds the figures.
    #[n(7)]
    pub totals: ShiftTotals,
    /// Holds the count.
    #[n(8)]
    pub counted: CashCount,
    /// Gives the counted cash in minor units.
    #[n(9)]
    pub counted_minor: i64,
    /// Gives counted less expected, in minor units.
    #[n(10)]
    pub difference_minor: i64,
    /// Tells that the expected amount was hidden during the count.
    #[n(11)]
    pub blind: bool,
    /// Tells why the count differs.
    #[n(12)]
    pub note: Option<String>,
    /// Names who closed it.
    #[n(13)]
    pub who: Option<String>,
    /// Names the till that closed it.
    #[n(14)]
    pub till: String,
    /// Lists the ops that it closes: which stream, from where to where, with the hash of the last.
    #[n(15)]
    pub ranges: Vec<StreamRange>,
    /// Counts carts that were still open.
    #[n(16)]
    pub open_carts: u64,
    /// Holds the postings.
    #[n(17)]
    pub postings: Vec<Posting>,
}

/// Returns the events that open a shift when none is open: the first sale of the day never waits for it.
pub(crate) fn ensure_open(
    state: &State,
    world: &dyn World,
    context: &Context,
) -> Result<Vec<Event>, Rejection> {
    if state.shifts.contains_key(&context.cash_box) {
        return Ok(Vec::new());
    }
    let opening = opening(world, context, context.cash_box, &CashCount::default(), true)?;
    Ok(vec![Event::ShiftOpened { opening }])
}

/// Returns the shift that a sale belongs to: the open one, or the one that this command has just opened.
pub(crate) fn current(state: &State, cash_box: CashBoxId, before: &[Event]) -> Result<ShiftId, Rejection> {
    let opened = before.iter().find_map(|event| match event {
        Event::ShiftOpened { opening } if opening.cash_box == cash_box => Some(opening.shift),
        _ => None,
    });
    opened
        .or_else(|| state.shifts.get(&cash_box).map(|shift| shift.id))
        .ok_or_else(|| Rejection::not_now("shift", "No shift is open for this cash box."))
}

fn opening(
    world: &dyn World,
    context: &Context,
    cash_box: CashBoxId,
    float: &CashCount,
    by_itself: bool,
) -> Result<ShiftOpening, Rejection> {
    if world.cash_box(&cash_box)?.is_none() {
        return Err(Rejection::unknown("cash box", cash_box));
    }
    let float_minor = float.total("float")?;
    let mut entry = Entry::default();
    entry
        .debit(Account::CashBox(cash_box), float_minor)
        .credit(Account::Safe, float_minor);
    Ok(ShiftOpening {
        shift: ShiftId(context.command.0),
        cash_box,
        currency: world.shop()?.currency,
        float_minor,
        counted: float.clone(),
        at_ms: context.now_ms,
        who: context.who.clone(),
        book: context.book,
        first_seq: context.next_book_seq(),
        by_itself,
        postings: entry.close()?,
    })
}

/// Decides about opening a shift.
pub fn open(
    state: &State,
    world: &dyn World,
    context: &Context,
    cash_box: Option<CashBoxId>,
    float: &CashCount,
) -> Result<Vec<Event>, Rejection> {
    context.require(Permission::Shift, "open a shift")?;
    let cash_box = cash_box.unwrap_or(context.cash_box);
    if state.shifts.contains_key(&cash_box) {
        return Err(Rejection::not_now(
            "cash_box",
            "A shift is open for this cash box already. Close it first.",
        ));
    }
    Ok(vec![Event::ShiftOpened {
        opening: opening(world, context, cash_box, float, false)?,
    }])
}

/// Decides about cash that moves for another reason than a sale.
pub fn move_cash(
    state: &State,
    world: &dyn World,
    context: &Context,
    cash_box: Option<CashBoxId>,
    why: CashReason,
    amount_minor: i64,
    reason: &str,
) -> Result<Vec<Event>, Rejection> {
    context.require(Permission::Shift, "move cash")?;
    if why == CashReason::SafeDrop {
        crate::rejection::check_text("reason", reason, limits::NOTE_CHARS)?;
    } else {
        check_required("reason", reason, limits::NOTE_CHARS)?;
    }
    let cash_box = cash_box.unwrap_or(context.cash_box);
    if !(1..=limits::AMOUNT_MINOR).contains(&amount_minor) {
        return Err(Rejection::range(
            "amount_minor",
            amount_minor,
            "it is more than zero",
        ));
    }
    let mut events = Vec::new();
    match state.shifts.get(&cash_box) {
        Some(shift) if why != CashReason::PayIn && amount_minor > shift.totals.expected_minor => {
            return Err(Rejection::range(
                "amount_minor",
                amount_minor,
                &format!(
                    "only {} minor units should be in the box",
                    shift.totals.expected_minor
                ),
            ));
        }
        Some(_) => {}
        None if why == CashReason::PayIn && cash_box == context.cash_box => {
            events = ensure_open(state, world, context)?;
        }
        None => {
            return Err(Rejection::not_now(
                "cash_box",
                "No shift is open for this cash box.",
            ));
        }
    }
    let (account, sign) = match why {
        CashReason::PayIn => (Account::PaidIn(reason.into()), 1),
        CashReason::PayOut => (Account::PaidOut(reason.into()), -1),
        CashReason::SafeDrop => (Account::Safe, -1),
    };
    let mut entry = Entry::default();
    entry
        .debit(Account::CashBox(cash_box), sign * amount_minor)
        .credit(account, sign * amount_minor);
    let currency = match state.shifts.get(&cash_box) {
        Some(shift) => shift.opening.currency,
        None => world.shop()?.currency,
    };
    let movement = CashMovement {
        cash_box,
        why,
        amount_minor,
        reason: reason.into(),
        at_ms: context.now_ms,
        postings: entry.close()?,
        currency,
        shift: current(state, cash_box, &events)?,
    };
    events.push(Event::CashMoved { movement });
    Ok(events)
}

/// Decides about closing a shift: it always closes, and the difference is booked as over or short.
pub fn close(
    state: &State,
    context: &Context,
    cash_box: Option<CashBoxId>,
    counted: &CashCount,
    blind: bool,
    note: &Option<String>,
) -> Result<Vec<Event>, Rejection> {
    context.require(Permission::Shift, "close a shift")?;
    check_optional("note", note, limits::NOTE_CHARS)?;
    let cash_box = cash_box.unwrap_or(context.cash_box);
    let shift = state
        .shifts
        .get(&cash_box)
        .ok_or_else(|| Rejection::not_now("cash_box", "No shift is open for this cash box."))?;
    let counted_minor = counted.total("counted")?;
    let expected = shift.totals.expected_minor;
    let mut entry = Entry::default();
    // What was counted leaves the box for the safe; the next float comes from there.
    entry.credit(Account::CashBox(cash_box), expected);
    entry.debit(Account::Safe, counted_minor);
    entry.debit(Account::OverShort, expected - counted_minor);
    let report = ZReport {
        shift: shift.id,
        cash_box,
        number: state.last_z(cash_box).number.saturating_add(1),
        currency: shift.opening.currency,
        opened_ms: shift.opening.at_ms,
        closed_ms: context.now_ms,
        float_minor: shift.opening.float_minor,
        totals: shift.totals.clone(),
        counted: counted.clone(),
        counted_minor,
        difference_minor: counted_minor - expected,
        blind,
        note: note.clone(),
        who: context.who.clone(),
        till: context.till.clone(),
        ranges: ranges(state, shift, context),
        open_carts: state.carts.len() as u64,
        postings: entry.close()?,
    };
    Ok(vec![Event::ShiftClosed { report }])
}

/// Lists the ops that a Z closes, up to the one before it. Where another till opened the shift, this till's part
/// begins after what the last Z of the box closed.
fn ranges(state: &State, shift: &Shift, context: &Context) -> Vec<StreamRange> {
    let Some(head) = &context.book_head else {
        return Vec::new();
    };
    let first = if shift.opening.book == context.book {
        shift.opening.first_seq
    } else {
        let last_z = state.last_z(shift.opening.cash_box);
        let closed = last_z.ranges.iter().find(|range| range.stream == context.book);
        closed.map_or(1, |range| range.last.saturating_add(1))
    };
    if head.seq < first {
        return Vec::new();
    }
    vec![StreamRange {
        stream: context.book,
        first,
        last: head.seq,
        hash: head.hash,
    }]
}

/// Decides about an adjustment between two accounts.
pub fn adjust(
    world: &dyn World,
    context: &Context,
    debit: &Account,
    credit: &Account,
    amount_minor: i64,
    approval: &Option<Approval>,
) -> Result<Vec<Event>, Rejection> {
    context.require(Permission::RefundUnlinked, "adjust the ledger")?;
    let approval = approval::need("An adjustment of the ledger", approval)?;
    if !(1..=limits::AMOUNT_MINOR).contains(&amount_minor) {
        return Err(Rejection::range(
            "amount_minor",
            amount_minor,
            "it is more than zero",
        ));
    }
    for account in [debit, credit] {
        check_adjustable(account)?;
    }
    if debit == credit {
        return Err(Rejection::range(
            "credit",
            credit.label(),
            "the two accounts must differ",
        ));
    }
    let mut entry = Entry::default();
    entry
        .debit(debit.clone(), amount_minor)
        .credit(credit.clone(), amount_minor);
    let adjustment = Adjustment {
        amount_minor,
        approval,
        at_ms: context.now_ms,
        postings: entry.close()?,
        currency: world.shop()?.currency,
    };
    Ok(vec![Event::Adjusted { adjustment }])
}

/// Checks that an account may be adjusted: cash moves by pay-in and pay-out, which a count can check.
fn check_adjustable(account: &Account) -> Result<(), Rejection> {
    match account {
        Account::CashBox(_) => Err(Rejection::range(
            "account",
            account.label(),
            "book cash by pay-in, pay-out or a count",
        )),
        Account::Sales(text) | Account::PaidIn(text) | Account::PaidOut(text) => {
            crate::rejection::check_text("account", text, limits::NAME_CHARS)
        }
        _ => Ok(()),
    }
}

impl ShiftTotals {
    /// Adds what a finished sale did.
    pub(crate) fn add_sale(&mut self, sale: &Sale) {
        if sale.kind == SaleKind::Refund {
            self.refunds += 1;
            add(&mut self.refunds_minor, sale.total_minor);
        } else {
            self.sales += 1;
            add(&mut self.sales_minor, sale.total_minor);
        }
        for line in &sale.lines {
            add(&mut self.discounts_minor, line.discount_minor);
        }
        self.first_receipt.get_or_insert_with(|| sale.number.clone());
        self.last_receipt = Some(sale.number.clone());
        for tax in &sale.taxes {
            self.add_tax(tax);
        }
        // Earlier payments were added when they were taken.
        if let Some(last) = sale.payments.last() {
            self.add_payment(last);
        }
    }

    /// Adds a payment.
    pub(crate) fn add_payment(&mut self, payment: &Payment) {
        self.move_payment(payment, 1, 1);
    }

    /// Takes a payment of this shift away again: it was put right or given back.
    pub(crate) fn remove_payment(&mut self, payment: &Payment) {
        self.move_payment(payment, -1, -1);
    }

    /// Adds a payment of an earlier shift that is given back in this one: money that goes out.
    pub(crate) fn give_back(&mut self, payment: &Payment) {
        self.move_payment(payment, -1, 1);
    }

    fn move_payment(&mut self, payment: &Payment, sign: i64, count: i64) {
        let moved = payment.moved_minor().saturating_mul(sign);
        add(
            &mut self.rounding_minor,
            payment.rounding_minor.saturating_mul(sign),
        );
        if payment.class == TenderClass::Cash {
            add(&mut self.expected_minor, moved);
        }
        match self
            .tenders
            .iter_mut()
            .find(|total| total.tender == payment.tender)
        {
            Some(total) => {
                add(&mut total.amount_minor, moved);
                total.count = total.count.saturating_add_signed(count);
            }
            None => self.tenders.push(TenderTotal {
                tender: payment.tender,
                name: payment.name.clone(),
                class: payment.class,
                amount_minor: moved,
                count: 0_u64.saturating_add_signed(count),
            }),
        }
    }

    fn add_tax(&mut self, tax: &TaxTotal) {
        match self
            .taxes
            .iter_mut()
            .find(|total| total.tax == tax.tax && total.rate == tax.rate)
        {
            Some(total) => {
                add(&mut total.base_minor, tax.base_minor);
                add(&mut total.amount_minor, tax.amount_minor);
            }
            None => self.taxes.push(tax.clone()),
        }
    }

    /// Adds cash that moved for another reason than a sale.
    pub(crate) fn add_movement(&mut self, movement: &CashMovement) {
        let amount = movement.amount_minor;
        let (sum, sign) = match movement.why {
            CashReason::PayIn => (&mut self.paid_in_minor, 1),
            CashReason::PayOut => (&mut self.paid_out_minor, -1),
            CashReason::SafeDrop => (&mut self.dropped_minor, -1),
        };
        add(sum, amount);
        add(&mut self.expected_minor, amount.saturating_mul(sign));
    }
}

/// Adds to a running sum; what our own decisions book never reaches the bound.
fn add(sum: &mut i64, amount: i64) {
    *sum = sum
        .saturating_add(amount)
        .clamp(-limits::SUM_MINOR, limits::SUM_MINOR);
}

//! The sale: finished and immutable. One event holds everything that its receipt needs for ever.
//!
//! A refund is a sale whose lines come back; an exchange has lines of both kinds.

use crate::cart::{
    AppliedOffer, Cart, FrozenAmounts, GivenDiscount, Goods, Line, LineId, Measure, Return, ReturnOf,
    TaxAmount, TaxSet, Weighing,
};
use crate::catalogue::ItemKind;
use crate::command::ReturnDraft;
use crate::context::{Context, Permission, World};
use crate::event::Event;
use crate::ledger::{Account, Entry, Posting};
use crate::limits;
use crate::money::Currency;
use crate::price::{Priced, PricedLine, TaxTotal};
use crate::quantity::{Quantity, UnitPrice};
use crate::rejection::{Rejection, check_optional, check_required};
use crate::rounding::{Rounding, round_ratio};
use crate::shift;
use crate::state::{SeriesCounter, State};
use crate::tax::{Tax, TaxKind};
use crate::tender::{self, Payment};
use barrow_log::id::{CartId, CashBoxId, LocationId, PaymentId, SaleId, ShiftId, TenderId};
use barrow_log::stream::StreamId;
use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Tells what kind of document a sale is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cbor(index_only)]
#[serde(rename_all = "snake_case")]
pub enum SaleKind {
    /// Goods went out.
    #[n(0)]
    Sale,
    /// Goods came back.
    #[n(1)]
    Refund,
    /// Goods went both ways.
    #[n(2)]
    Exchange,
}

/// A receipt number: gapless within its series, never renumbered.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, Serialize, Deserialize)]
pub struct ReceiptNumber {
    /// Gives the series code of the device's certificate.
    #[n(0)]
    pub series: String,
    /// Gives the number, from 1.
    #[n(1)]
    pub number: u64,
}

impl std::fmt::Display for ReceiptNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", self.series, self.number)
    }
}

impl std::str::FromStr for ReceiptNumber {
    type Err = Rejection;
    fn from_str(text: &str) -> Result<Self, Rejection> {
        text.rsplit_once('-')
            .and_then(|(series, number)| Some((series.to_string(), number.parse().ok()?)))
            .map(|(series, number)| Self { series, number })
            .ok_or_else(|| Rejection::range("receipt number", text, "write it as on the receipt, like A-17"))
    }
}

/// A line of a finished sale, with every amount as it was.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct SaleLine {
    /// Holds what the item was.
    #[n(0)]
    pub goods: Goods,
    /// Gives the price of one unit, in major units.
    #[n(1)]
    pub unit_price: UnitPrice,
    /// Names it; the same id as in the cart.
    #[n(2)]
    pub id: LineId,
    /// Gives its quantity; negative for goods that came back.
    #[n(3)]
    pub quantity: Quantity,
    /// Gives the amount before offers and discounts, in minor units.
    #[n(4)]
    pub extended_minor: i64,
    /// Gives the amount without tax, in minor units.
    #[n(5)]
    pub base_minor: i64,
    /// Gives the amount with tax, in minor units.
    #[n(6)]
    pub total_minor: i64,
    /// Lists its taxes.
    #[n(7)]
    pub taxes: Vec<TaxAmount>,
    /// Gives all that was taken off, in minor units, with the sign of the line.
    #[n(8)]
    #[cbor(default)]
    pub discount_minor: i64,
    /// Names the line that brought it.
    #[n(9)]
    pub parent: Option<LineId>,
    /// Tells whether the amount or the quantity was the fact.
    #[n(10)]
    pub measure: Measure,
    /// Tells how the weight was found.
    #[n(11)]
    pub weighing: Option<Weighing>,
    /// Gives the catalogue's price where the line's differs from it.
    #[n(12)]
    pub list_price: Option<UnitPrice>,
    /// Tells why the price differs.
    #[n(13)]
    pub price_reason: Option<String>,
    /// Lists the offers that applied.
    #[n(14)]
    #[cbor(default)]
    pub offers: Vec<AppliedOffer>,
    /// Lists the discounts given on the line.
    #[n(15)]
    #[cbor(default)]
    pub discounts: Vec<GivenDiscount>,
    /// Holds its note.
    #[n(16)]
    pub note: Option<String>,
    /// Tells why it came back.
    #[n(17)]
    pub returns: Option<Return>,
}

impl SaleLine {
    /// Returns what selling it takes from stock: zero when the item is not tracked, negative when goods that
    /// can be sold again come back.
    pub fn stock_out(&self) -> Quantity {
        let lost = self.returns.as_ref().is_some_and(|returns| !returns.resaleable);
        if self.goods.tracked && !lost {
            self.quantity
        } else {
            Quantity::ZERO
        }
    }
}

/// A finished sale, refund or exchange.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Sale {
    /// Names it; the id of the command that completed it.
    #[n(0)]
    pub id: SaleId,
    /// Names the cart that it closes.
    #[n(1)]
    pub cart: CartId,
    /// Gives its receipt number.
    #[n(2)]
    pub number: ReceiptNumber,
    /// Tells what kind of document it is.
    #[n(3)]
    pub kind: SaleKind,
    /// Gives the time in milliseconds since 1970.
    #[n(4)]
    pub at_ms: i64,
    /// Gives the minutes that shop time was ahead of UTC.
    #[n(5)]
    pub utc_offset_minutes: i32,
    /// Names the stream of the till that made it.
    #[n(6)]
    pub book: StreamId,
    /// Gives the name of that till.
    #[n(7)]
    pub till: String,
    /// Names the person at the till.
    #[n(8)]
    pub who: Option<String>,
    /// Names the place whose stock it moved.
    #[n(9)]
    pub location: LocationId,
    /// Names the cash box that it posts to.
    #[n(10)]
    pub cash_box: CashBoxId,
    /// Names the shift that it belongs to, for ever.
    #[n(11)]
    pub shift: ShiftId,
    /// Gives the currency of every amount.
    #[n(12)]
    pub currency: Currency,
    /// Lists its lines.
    #[n(13)]
    pub lines: Vec<SaleLine>,
    /// Sums up its taxes.
    #[n(14)]
    pub taxes: Vec<TaxTotal>,
    /// Gives the total without tax, in minor units.
    #[n(15)]
    pub base_minor: i64,
    /// Gives the tax, in minor units.
    #[n(16)]
    pub tax_minor: i64,
    /// Gives the total, in minor units.
    #[n(17)]
    pub total_minor: i64,
    /// Gives the difference that rounding the cash made, in minor units; not part of the total.
    #[n(18)]
    #[cbor(default)]
    pub rounding_minor: i64,
    /// Lists its payments; they sum to the total.
    #[n(19)]
    pub payments: Vec<Payment>,
    /// Lists discounts that were given on the whole cart.
    #[n(20)]
    #[cbor(default)]
    pub discounts: Vec<GivenDiscount>,
    /// Holds its note.
    #[n(21)]
    pub note: Option<String>,
    /// Names the tax mapping that the cart was switched to.
    #[n(22)]
    pub tax_mapping: Option<String>,
    /// Gives the sum of all totals of this series, this one included, in minor units.
    #[n(23)]
    pub perpetual_minor: i64,
    /// Holds the postings.
    #[n(24)]
    pub postings: Vec<Posting>,
    /// Names the customer (people come later; names and addresses never lie here).
    #[n(25)]
    pub customer: Option<String>,
    /// Holds the rule that its cash was rounded by, so that a corrected tender is rounded the same way.
    #[n(26)]
    pub cash_rounding: Option<crate::cash::CashRounding>,
}

impl Sale {
    /// Returns a line.
    pub fn line(&self, id: LineId) -> Option<&SaleLine> {
        self.lines.iter().find(|line| line.id == id)
    }

    /// Returns what may be taken back under it: one allowance for each line that was sold.
    pub fn refund_rights(&self) -> impl Iterator<Item = Allowance> + '_ {
        self.lines
            .iter()
            .filter(|line| line.quantity.is_positive())
            .map(|line| Allowance {
                what: Limited::Refund(ReturnOf {
                    sale: self.id,
                    line: line.id,
                }),
                holder: self.book,
                amount: line.quantity,
            })
    }
}

/// Something limited that may be spent apart: only its holder spends it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Allowance {
    /// Tells what is limited.
    #[n(0)]
    pub what: Limited,
    /// Names the stream of the till that may spend it.
    #[n(1)]
    pub holder: StreamId,
    /// Gives how much may be spent.
    #[n(2)]
    pub amount: Quantity,
}

/// What an allowance is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Limited {
    /// Goods of a sold line that may come back.
    #[n(0)]
    Refund(#[n(0)] ReturnOf),
}

/// A cart that was given up before it was paid.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct CartVoid {
    /// Names the cart.
    #[n(0)]
    pub cart: CartId,
    /// Gives what it came to, in minor units.
    #[n(1)]
    pub total_minor: i64,
    /// Counts its lines.
    #[n(2)]
    pub lines: u32,
    /// Tells why.
    #[n(3)]
    pub reason: Option<String>,
    /// Gives the time in milliseconds since 1970.
    #[n(4)]
    pub at_ms: i64,
    /// Names the cash box whose shift counts it.
    #[n(5)]
    pub cash_box: CashBoxId,
}

/// A wrong tender that was put right. The sale and its number stay.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct TenderCorrection {
    /// Names the sale.
    #[n(0)]
    pub sale: SaleId,
    /// Holds the payment as it was booked.
    #[n(1)]
    pub old: Payment,
    /// Holds the payment as it really was.
    #[n(2)]
    pub new: Payment,
    /// Tells why.
    #[n(3)]
    pub reason: String,
    /// Gives the time in milliseconds since 1970.
    #[n(4)]
    pub at_ms: i64,
    /// Names the cash box.
    #[n(5)]
    pub cash_box: CashBoxId,
    /// Holds the postings.
    #[n(6)]
    pub postings: Vec<Posting>,
    /// Gives the currency of the amounts.
    #[n(7)]
    pub currency: Currency,
}

/// Completes a cart with its last payment. `before` holds the events that this command has made so far.
pub(crate) fn complete(
    state: &State,
    world: &dyn World,
    context: &Context,
    cart: &Cart,
    priced: &Priced,
    last: Payment,
    before: &[Event],
) -> Result<Sale, Rejection> {
    check_returns(state, world, cart)?;
    let shop = world.shop()?;
    let mut payments = cart.payments.clone();
    payments.push(last);
    let counter = state.series(&context.series);
    let lines: Vec<SaleLine> = cart
        .live_lines()
        .zip(&priced.lines)
        .map(|(line, priced)| sale_line(line, priced))
        .collect();
    let taxes = sold_taxes(&lines, &priced.taxes);
    let (number, perpetual_minor) = next_number(counter, priced.total_minor)?;
    let mut sale = Sale {
        id: SaleId(context.command.0),
        cart: cart.id,
        number: ReceiptNumber {
            series: context.series.clone(),
            number,
        },
        kind: kind_of(&lines),
        at_ms: context.now_ms,
        utc_offset_minutes: shop.utc_offset_minutes,
        book: context.book,
        till: context.till.clone(),
        who: context.who.clone(),
        location: cart.location,
        cash_box: context.cash_box,
        shift: shift::current(state, context.cash_box, before)?,
        currency: cart.terms.currency,
        lines,
        taxes,
        base_minor: priced.base_minor,
        tax_minor: priced.tax_minor,
        total_minor: priced.total_minor,
        rounding_minor: payments
            .iter()
            .fold(0, |sum, payment| sum.saturating_add(payment.rounding_minor)),
        payments,
        discounts: cart.discounts.clone(),
        note: cart.note.clone(),
        tax_mapping: cart.tax_mapping.clone(),
        perpetual_minor,
        postings: Vec::new(),
        customer: None,
        cash_rounding: cart.terms.cash_rounding,
    };
    sale.postings = postings(&sale)?;
    check(&sale);
    Ok(sale)
}

/// Returns the next receipt number of a series, and its perpetual total with this document.
fn next_number(counter: SeriesCounter, total_minor: i64) -> Result<(u64, i64), Rejection> {
    let number = counter.last_number.checked_add(1);
    let perpetual = counter.perpetual_minor.checked_add(total_minor);
    let perpetual = perpetual.filter(|sum| (-limits::SUM_MINOR..=limits::SUM_MINOR).contains(sum));
    number.zip(perpetual).ok_or_else(|| {
        Rejection::not_now(
            "series",
            "This receipt series is full. Enrol the till with a new one.",
        )
    })
}

fn kind_of(lines: &[SaleLine]) -> SaleKind {
    // An empty bottle given back with the shopping is still a sale.
    let goods = || lines.iter().filter(|line| line.goods.kind != ItemKind::Deposit);
    let out = goods().any(|line| !line.quantity.is_negative());
    let back = goods().any(|line| line.quantity.is_negative());
    match (out, back) {
        (true, true) => SaleKind::Exchange,
        (false, true) => SaleKind::Refund,
        (true, false) => SaleKind::Sale,
        (false, false) if lines.iter().all(|line| line.quantity.is_negative()) => SaleKind::Refund,
        (false, false) => SaleKind::Sale,
    }
}

fn sale_line(line: &Line, priced: &PricedLine) -> SaleLine {
    SaleLine {
        goods: line.goods.clone(),
        unit_price: line.unit_price,
        id: line.id,
        quantity: line.quantity,
        extended_minor: priced.extended_minor,
        base_minor: priced.base_minor,
        total_minor: priced.total_minor,
        taxes: priced
            .taxes
            .iter()
            .map(|tax| TaxAmount {
                tax: tax.tax,
                base_minor: tax.base_minor,
                amount_minor: tax.amount_minor,
                rate: tax.rate,
            })
            .collect(),
        discount_minor: priced.extended_minor - priced.net_minor,
        parent: line.parent,
        measure: line.measure,
        weighing: line.weighing.clone(),
        list_price: line.list_price,
        price_reason: line.price_reason.clone(),
        offers: line.offers.clone(),
        discounts: line.discounts.clone(),
        note: line.note.clone(),
        returns: line.returns.clone(),
    }
}

/// Sums up the taxes in the order in which pricing lists them: one row for each tax and rate that a line bears.
///
/// Two versions of a tax with one rate share a row under the first one's name, so that a line finds its row again.
fn sold_taxes(lines: &[SaleLine], totals: &[TaxTotal]) -> Vec<TaxTotal> {
    let mut taxes: Vec<TaxTotal> = Vec::with_capacity(totals.len());
    for total in totals {
        let known = taxes
            .iter_mut()
            .find(|known| known.tax == total.tax && known.rate == total.rate);
        match known {
            Some(known) => {
                known.base_minor += total.base_minor;
                known.amount_minor += total.amount_minor;
            }
            None => taxes.push(total.clone()),
        }
    }
    // Rows of goods that cost nothing say nothing; a row that sums to zero in an exchange does.
    taxes.retain(|total| {
        lines.iter().flat_map(|line| &line.taxes).any(|tax| {
            (tax.tax, tax.rate) == (total.tax, total.rate) && (tax.base_minor, tax.amount_minor) != (0, 0)
        })
    });
    taxes
}

/// Names the report group of goods that bear no tax at all.
pub const NO_TAX_GROUP: &str = "no tax";

/// Finds the row of the tax summary that a line's tax is summed in.
fn summary<'a>(sale: &'a Sale, tax: &TaxAmount) -> Option<&'a TaxTotal> {
    sale.taxes
        .iter()
        .find(|total| total.tax == tax.tax && total.rate == tax.rate)
}

/// Rebuilds the tax of a sold line from the sale's own summary, for the receipt of its return.
fn as_tax(total: &TaxTotal) -> Tax {
    Tax {
        id: total.tax,
        name: total.name.clone(),
        kind: match total.rate {
            Some(rate) => TaxKind::Percent(rate),
            None => TaxKind::Fixed(UnitPrice::ZERO),
        },
        price_include: true,
        include_base_amount: false,
        is_base_affected: true,
        sequence: 0,
        group: total.group.clone(),
        class: total.class,
    }
}

/// Returns the report group that a line's income is booked under.
fn sales_group(sale: &Sale, line: &SaleLine) -> String {
    match line.taxes.first().and_then(|tax| summary(sale, tax)) {
        Some(total) => total.group.clone(),
        None => NO_TAX_GROUP.into(),
    }
}

/// Works out the double entry of a sale.
fn postings(sale: &Sale) -> Result<Vec<Posting>, Rejection> {
    let mut entry = Entry::default();
    let (last, earlier) = sale
        .payments
        .split_last()
        .map_or((None, &[][..]), |(last, earlier)| (Some(last), earlier));
    if let Some(last) = last {
        entry.debit(
            tender::account(last.class, last.tender, sale.cash_box),
            last.moved_minor(),
        );
        entry.credit(Account::Rounding, last.rounding_minor);
    }
    // Earlier payments were booked when they were taken; here they leave the liability.
    for payment in earlier {
        entry.debit(Account::PartPayments, payment.amount_minor);
    }
    for line in &sale.lines {
        let account = match line.goods.kind {
            ItemKind::Deposit => Account::Deposits,
            ItemKind::GiftCard => Account::GiftCards,
            _ => Account::Sales(sales_group(sale, line)),
        };
        entry.credit(account, line.base_minor);
        for tax in &line.taxes {
            entry.credit(Account::Tax(tax.tax), tax.amount_minor);
        }
    }
    entry.close()
}

/// Asserts what must be true of every sale.
fn check(sale: &Sale) {
    let sum = |value: fn(&SaleLine) -> i64| sale.lines.iter().map(value).sum::<i64>();
    assert_eq!(
        sum(|line| line.total_minor),
        sale.total_minor,
        "lines sum to the total"
    );
    assert_eq!(
        sum(|line| line.base_minor),
        sale.base_minor,
        "bases sum to the base"
    );
    assert_eq!(
        sale.base_minor + sale.tax_minor,
        sale.total_minor,
        "base + tax = total"
    );
    let paid = sale
        .payments
        .iter()
        .map(|payment| i128::from(payment.amount_minor));
    assert_eq!(
        paid.sum::<i128>(),
        i128::from(sale.total_minor),
        "payments sum to the total"
    );
}

/// Decides about goods of a finished sale that come back into a cart.
pub fn add_returns(
    state: &State,
    world: &dyn World,
    context: &Context,
    cart: CartId,
    sale: SaleId,
    drafts: &[ReturnDraft],
    reason: &Option<String>,
) -> Result<Vec<Event>, Rejection> {
    context.require(Permission::Refund, "take goods back")?;
    check_optional("reason", reason, limits::NOTE_CHARS)?;
    if drafts.len() > limits::LINES_PER_COMMAND {
        return Err(Rejection::TooLong {
            field: "lines".into(),
            limit: limits::LINES_PER_COMMAND as u32,
        });
    }
    let sale = world
        .sale(&sale)?
        .ok_or_else(|| Rejection::unknown("sale", sale))?;
    let (mut events, open) = crate::carting::open(state, world, context, cart)?;
    if open.terms.currency != sale.currency {
        return Err(Rejection::not_now(
            "sale",
            "The sale was made in another currency.",
        ));
    }
    let all: Vec<ReturnDraft>;
    let wanted: &[ReturnDraft] = if drafts.is_empty() {
        all = whole(state, world, &sale)?;
        &all
    } else {
        drafts
    };
    if wanted.is_empty() {
        return Err(Rejection::not_now(
            "sale",
            "Everything of this sale was taken back already.",
        ));
    }
    let mut returning = Returning {
        state,
        world,
        sale: &sale,
        cart: &open,
        reason,
        maker: crate::carting::LineMaker::new(&open),
        taken: Vec::new(),
    };
    for draft in wanted {
        returning.add(draft)?;
    }
    events.push(returning.maker.into_event(cart)?);
    crate::carting::check_priceable(&open, &events)?;
    Ok(events)
}

/// Lists every line of a sale of which something is left to come back.
fn whole(state: &State, world: &dyn World, sale: &Sale) -> Result<Vec<ReturnDraft>, Rejection> {
    let mut drafts = Vec::new();
    for line in sale.lines.iter().filter(|line| line.quantity.is_positive()) {
        let left = refundable(state, world, sale, line)?;
        if left.is_positive() {
            drafts.push(ReturnDraft {
                line: line.id,
                quantity: None,
                resaleable: None,
            });
        }
    }
    Ok(drafts)
}

/// Returns how much of a sold line may still come back: sold, less taken back, less what lies in open carts.
pub fn refundable(
    state: &State,
    world: &dyn World,
    sale: &Sale,
    line: &SaleLine,
) -> Result<Quantity, Rejection> {
    let back = world.returned(&sale.id, line.id)?;
    let of = ReturnOf {
        sale: sale.id,
        line: line.id,
    };
    let in_carts = state
        .carts
        .values()
        .flat_map(Cart::live_lines)
        .filter(|open| returns_of(open) == Some(of));
    let mut left = line.quantity.checked_sub(back).map_err(|_| overflow())?;
    for open in in_carts {
        left = left.checked_add(open.quantity).map_err(|_| overflow())?;
    }
    Ok(left)
}

fn returns_of(line: &Line) -> Option<ReturnOf> {
    line.returns.as_ref().and_then(|returns| returns.of)
}

fn overflow() -> Rejection {
    Rejection::range("quantity", "too large", "it must stay within bounds")
}

/// One command that takes goods of a sale back.
struct Returning<'a> {
    state: &'a State,
    world: &'a dyn World,
    sale: &'a Sale,
    cart: &'a Cart,
    reason: &'a Option<String>,
    maker: crate::carting::LineMaker,
    taken: Vec<(LineId, Quantity)>,
}

impl Returning<'_> {
    fn add(&mut self, draft: &ReturnDraft) -> Result<(), Rejection> {
        let sold = self
            .sale
            .line(draft.line)
            .ok_or_else(|| Rejection::unknown("line", draft.line))?;
        if !sold.quantity.is_positive() {
            return Err(Rejection::range(
                "line",
                draft.line,
                "these goods came back on that receipt",
            ));
        }
        let left = self.left(sold)?;
        let quantity = draft.quantity.unwrap_or(left);
        if !quantity.is_positive() || quantity > left {
            return Err(Rejection::range(
                "quantity",
                quantity,
                &format!("at most {left} can come back"),
            ));
        }
        let frozen = share_between(sold, self.already(sold)?, quantity)?;
        self.taken.push((sold.id, quantity));
        let set = TaxSet {
            taxes: sold
                .taxes
                .iter()
                .filter_map(|tax| summary(self.sale, tax))
                .map(as_tax)
                .collect(),
        };
        let returns = Return {
            of: Some(ReturnOf {
                sale: self.sale.id,
                line: sold.id,
            }),
            resaleable: draft.resaleable.unwrap_or(true),
            reason: self.reason.clone(),
            approval: None,
            frozen: Some(frozen),
        };
        self.maker.add(returned_line(sold, quantity, returns), &set)?;
        Ok(())
    }

    /// Returns how much of a sold line is left to come back, this command's lines aside.
    fn left(&self, sold: &SaleLine) -> Result<Quantity, Rejection> {
        let mut left = refundable(self.state, self.world, self.sale, sold)?;
        for quantity in self.taken_of(sold) {
            left = left.checked_sub(quantity).map_err(|_| overflow())?;
        }
        if left.is_positive() {
            return Ok(left);
        }
        Err(taken_back(sold, self.sale))
    }

    /// Returns how much of a sold line came back before the next return of this cart: on finished documents, in the
    /// cart, and in this command. Other open carts don't count: whichever is finished first takes the earlier share.
    fn already(&self, sold: &SaleLine) -> Result<Quantity, Rejection> {
        let of = Some(ReturnOf {
            sale: self.sale.id,
            line: sold.id,
        });
        let here = self.cart.live_lines().filter(|line| returns_of(line) == of);
        here.map(|line| line.quantity.negated())
            .chain(self.taken_of(sold))
            .try_fold(self.world.returned(&self.sale.id, sold.id)?, |sum, quantity| {
                sum.checked_add(quantity).map_err(|_| overflow())
            })
    }

    fn taken_of(&self, sold: &SaleLine) -> impl Iterator<Item = Quantity> + '_ {
        let id = sold.id;
        let of = move |(line, quantity): &(LineId, Quantity)| (*line == id).then_some(*quantity);
        self.taken.iter().filter_map(of)
    }
}

fn taken_back(sold: &SaleLine, sale: &Sale) -> Rejection {
    Rejection::not_now(
        "line",
        format!(
            "{} on receipt {} was taken back already.",
            sold.goods.name, sale.number
        ),
    )
}

/// Builds the line of a cart that takes sold goods back.
fn returned_line(sold: &SaleLine, quantity: Quantity, returns: Return) -> Line {
    Line {
        goods: sold.goods.clone(),
        unit_price: sold.unit_price,
        tax_set: 0,
        id: LineId::default(),
        quantity: quantity.negated(),
        parent: None,
        measure: sold.measure,
        amount_minor: None,
        weighing: None,
        list_price: None,
        price_reason: None,
        offers: Vec::new(),
        discounts: Vec::new(),
        note: None,
        returns: Some(returns),
        voided: false,
    }
}

/// Returns the amounts of the share of a line between two quantities, negative. Shares are cut from the running
/// total, so that taking everything back in any steps mirrors the sale to the minor unit.
fn share_between(sold: &SaleLine, already: Quantity, quantity: Quantity) -> Result<FrozenAmounts, Rejection> {
    let until = already.checked_add(quantity).map_err(|_| overflow())?;
    let cut = |amount: i64| -> Result<i64, Rejection> {
        Ok(portion(amount, already, sold.quantity)? - portion(amount, until, sold.quantity)?)
    };
    let total_minor = cut(sold.total_minor)?;
    let mut taxes = Vec::with_capacity(sold.taxes.len());
    let mut base_minor = total_minor;
    for tax in &sold.taxes {
        let amount_minor = cut(tax.amount_minor)?;
        base_minor -= amount_minor;
        taxes.push(TaxAmount {
            amount_minor,
            ..tax.clone()
        });
    }
    for tax in &mut taxes {
        // A tax on the whole base shows the base that the share has, to the cent.
        tax.base_minor = if tax.base_minor == sold.base_minor {
            base_minor
        } else {
            cut(tax.base_minor)?
        };
    }
    Ok(FrozenAmounts {
        extended_minor: cut(sold.extended_minor)?,
        base_minor,
        total_minor,
        taxes,
        discount_minor: cut(sold.discount_minor)?,
    })
}

/// Returns amount x part / whole, rounded half away from zero.
fn portion(amount: i64, part: Quantity, whole: Quantity) -> Result<i64, Rejection> {
    let (part, whole) = (i128::from(part.steps()), i128::from(whole.steps()));
    let minor =
        round_ratio(i128::from(amount) * part, whole, Rounding::HalfAwayFromZero).map_err(|_| overflow())?;
    i64::try_from(minor).map_err(|_| overflow())
}

/// Checks, when a cart is completed, that no more comes back than was sold, and that every share still is the next
/// one of its line: another cart may have been first.
fn check_returns(state: &State, world: &dyn World, cart: &Cart) -> Result<(), Rejection> {
    let mut back: BTreeMap<ReturnOf, Quantity> = BTreeMap::new();
    for line in cart.live_lines() {
        let Some(of) = returns_of(line) else { continue };
        let sale = world
            .sale(&of.sale)?
            .ok_or_else(|| Rejection::unknown("sale", of.sale))?;
        let sold = sale
            .line(of.line)
            .ok_or_else(|| Rejection::unknown("line", of.line))?;
        let before = match back.get(&of) {
            Some(before) => *before,
            None if refundable(state, world, &sale, sold)?.is_negative() => {
                // The cart's own lines are counted as open, so what is left must not be below zero.
                return Err(taken_back(sold, &sale));
            }
            None => world.returned(&of.sale, of.line)?,
        };
        let quantity = line.quantity.negated();
        back.insert(of, before.checked_add(quantity).map_err(|_| overflow())?);
        let frozen = line.returns.as_ref().and_then(|returns| returns.frozen.as_ref());
        if frozen != Some(&share_between(sold, before, quantity)?) {
            return Err(Rejection::not_now(
                "line",
                format!(
                    "More of {} on receipt {} was taken back meanwhile. Remove the line and add the return again.",
                    sold.goods.name, sale.number
                ),
            ));
        }
    }
    Ok(())
}

/// Decides about putting a wrong tender right, within the shift that the sale belongs to.
pub fn correct_tender(
    state: &State,
    world: &dyn World,
    context: &Context,
    sale: SaleId,
    payment: PaymentId,
    tender: TenderId,
    reason: &str,
) -> Result<Vec<Event>, Rejection> {
    context.require(Permission::Sell, "sell")?;
    check_required("reason", reason, limits::NOTE_CHARS)?;
    let sale = world
        .sale(&sale)?
        .ok_or_else(|| Rejection::unknown("sale", sale))?;
    let shift = state
        .shifts
        .get(&sale.cash_box)
        .filter(|shift| shift.id == sale.shift);
    let shift = shift.ok_or_else(|| {
        Rejection::not_now(
            "sale",
            "Its shift is closed. Book the difference as a pay-in or pay-out instead.",
        )
    })?;
    let corrected = shift
        .corrections
        .iter()
        .rev()
        .find(|known| known.sale == sale.id && known.new.id == payment);
    let old = match corrected {
        Some(known) => known.new.clone(),
        None => sale
            .payments
            .iter()
            .find(|known| known.id == payment)
            .cloned()
            .ok_or_else(|| Rejection::unknown("payment", payment))?,
    };
    let kind = world
        .tender(&tender)?
        .ok_or_else(|| Rejection::unknown("tender", tender))?;
    if old.shift != sale.shift {
        return Err(Rejection::not_now(
            "payment",
            "It was taken in another shift. Book the difference as a pay-in or pay-out instead.",
        ));
    }
    if kind.archived {
        return Err(Rejection::closed("tender", &kind.name));
    }
    if kind.id == old.tender {
        return Err(Rejection::not_now(
            "tender",
            format!("It was paid with {} already.", kind.name),
        ));
    }
    let mut new = old.clone();
    (new.tender, new.name, new.class) = (kind.id, kind.name.clone(), kind.class);
    (new.given_minor, new.change_minor) = (None, 0);
    new.rounding_minor = rounding_of(&sale, &new, kind.class)?;
    new.postings.clear();
    let mut entry = Entry::default();
    for minor in [old.amount_minor, old.rounding_minor] {
        entry.credit(tender::account(old.class, old.tender, sale.cash_box), minor);
    }
    for minor in [new.amount_minor, new.rounding_minor] {
        entry.debit(tender::account(new.class, new.tender, sale.cash_box), minor);
    }
    entry.credit(Account::Rounding, new.rounding_minor);
    entry.debit(Account::Rounding, old.rounding_minor);
    let correction = TenderCorrection {
        sale: sale.id,
        old,
        new,
        reason: reason.into(),
        at_ms: context.now_ms,
        cash_box: sale.cash_box,
        postings: entry.close()?,
        currency: sale.currency,
    };
    Ok(vec![Event::TenderCorrected { correction }])
}

/// Returns the cash rounding that a corrected payment has: only the one that settled the sale is rounded.
fn rounding_of(
    sale: &Sale,
    payment: &Payment,
    class: crate::catalogue::TenderClass,
) -> Result<i64, Rejection> {
    let settles = sale.payments.last().is_some_and(|last| last.id == payment.id);
    match (&sale.cash_rounding, class) {
        (Some(rule), crate::catalogue::TenderClass::Cash) if settles => {
            crate::cash::cash_due(payment.amount_minor, rule)
                .map(|due| due.difference_minor)
                .map_err(|fault| Rejection::range("amount_minor", payment.amount_minor, &fault.to_string()))
        }
        _ => Ok(0),
    }
}

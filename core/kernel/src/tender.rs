//! Tender: how a cart is paid. Payments and the open balance always sum to the total.

use crate::cart::Cart;
use crate::cash::{CashRounding, cash_due};
use crate::catalogue::{TenderClass, TenderKind};
use crate::context::{Context, Permission, World};
use crate::event::Event;
use crate::ledger::{Account, Entry, Posting};
use crate::limits;
use crate::money::Currency;
use crate::rejection::{Rejection, check_optional};
use crate::sale;
use crate::shift;
use crate::state::State;
use crate::view::{self, Totals};
use barrow_log::id::{CartId, CashBoxId, PaymentId, ShiftId, TenderId};
use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

/// One payment: what it covers, what was handed over, what went back.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Payment {
    /// Names the tender.
    #[n(0)]
    pub tender: TenderId,
    /// Gives the tender's name at the time.
    #[n(1)]
    pub name: String,
    /// Tells what kind of money it is.
    #[n(2)]
    pub class: TenderClass,
    /// Names it.
    #[n(3)]
    pub id: PaymentId,
    /// Gives how much of the total it covers, in minor units; negative for money paid out.
    #[n(4)]
    pub amount_minor: i64,
    /// Gives the difference that rounding the cash made, in minor units; not part of the total.
    #[n(5)]
    #[cbor(default)]
    pub rounding_minor: i64,
    /// Gives the cash that was handed over, in minor units, where it was told.
    #[n(6)]
    pub given_minor: Option<i64>,
    /// Gives the cash that went back, in minor units.
    #[n(7)]
    #[cbor(default)]
    pub change_minor: i64,
    /// Holds a reference: voucher number, slip of a separate terminal.
    #[n(8)]
    pub reference: Option<String>,
    /// Gives the time in milliseconds since 1970.
    #[n(9)]
    pub at_ms: i64,
    /// Holds the postings of a part payment; those of the last one are the sale's.
    #[n(10)]
    #[cbor(default)]
    pub postings: Vec<Posting>,
    /// Names the shift that took it: only that shift's figures hold it.
    #[n(11)]
    pub shift: ShiftId,
}

impl Payment {
    /// Returns what really changed hands, in minor units: the amount and its cash rounding.
    pub fn moved_minor(&self) -> i64 {
        self.amount_minor.saturating_add(self.rounding_minor)
    }
}

/// A part payment that went back before the cart was completed.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct PaymentReversal {
    /// Names the cart.
    #[n(0)]
    pub cart: CartId,
    /// Holds the payment that goes back.
    #[n(1)]
    pub payment: Payment,
    /// Gives the time in milliseconds since 1970.
    #[n(2)]
    pub at_ms: i64,
    /// Holds the postings.
    #[n(3)]
    pub postings: Vec<Posting>,
    /// Names the cash box that gives the money.
    #[n(4)]
    pub cash_box: CashBoxId,
    /// Gives the currency of the amounts.
    #[n(5)]
    pub currency: Currency,
    /// Names the shift that gives the money.
    #[n(6)]
    pub shift: ShiftId,
}

/// What a person hands over.
pub struct Offer<'a> {
    /// Names the cart.
    pub cart: CartId,
    /// Names the kind of tender.
    pub tender: TenderId,
    /// Gives how much of the open balance it covers, in minor units.
    pub amount_minor: Option<i64>,
    /// Gives the cash that was handed over, in minor units.
    pub given_minor: Option<i64>,
    /// Holds a reference.
    pub reference: &'a Option<String>,
}

/// Returns the account that a tender's money lies in.
pub fn account(class: TenderClass, tender: TenderId, cash_box: CashBoxId) -> Account {
    match class {
        TenderClass::Cash => Account::CashBox(cash_box),
        TenderClass::Custom => Account::Tender(tender),
    }
}

/// Decides about a tender: a part payment, or the one that completes the sale.
pub fn tender(
    state: &State,
    world: &dyn World,
    context: &Context,
    offer: Offer<'_>,
) -> Result<Vec<Event>, Rejection> {
    context.require(Permission::Sell, "sell")?;
    let cart = state.open_cart(offer.cart)?;
    if cart.live_lines().next().is_none() {
        return Err(Rejection::not_now(
            "cart",
            "The cart is empty. Add something first.",
        ));
    }
    if cart.payments.len() >= limits::PAYMENTS {
        return Err(Rejection::TooLong {
            field: "payments".into(),
            limit: limits::PAYMENTS as u32,
        });
    }
    check_reference(offer.reference)?;
    let kind = world
        .tender(&offer.tender)?
        .ok_or_else(|| Rejection::unknown("tender", offer.tender))?;
    if kind.archived {
        return Err(Rejection::closed("tender", &kind.name));
    }
    let priced = view::price_cart(cart)?;
    let totals = Totals::of(cart, &priced);
    let mut events = shift::ensure_open(state, world, context)?;
    let shift = shift::current(state, context.cash_box, &events)?;
    let payment = pay(cart, &totals, &kind, context, &offer, shift)?;
    let left = totals.open_minor - payment.amount_minor;
    if left != 0 {
        let mut payment = payment;
        let mut entry = Entry::default();
        entry.debit(
            account(kind.class, kind.id, context.cash_box),
            payment.moved_minor(),
        );
        entry.credit(Account::PartPayments, payment.amount_minor);
        entry.credit(Account::Rounding, payment.rounding_minor);
        payment.postings = entry.close()?;
        events.push(Event::PaymentTaken {
            cart: cart.id,
            payment,
            cash_box: context.cash_box,
            currency: cart.terms.currency,
        });
    } else {
        let sale = sale::complete(state, world, context, cart, &priced, payment, &events)?;
        events.push(Event::SaleCompleted { sale });
    }
    Ok(events)
}

fn check_reference(reference: &Option<String>) -> Result<(), Rejection> {
    check_optional("reference", reference, limits::NOTE_CHARS)?;
    if reference.as_deref().is_some_and(looks_like_a_card_number) {
        return Err(Rejection::range(
            "reference",
            "a card number",
            "card numbers never enter Barrow; note the slip's number instead",
        ));
    }
    Ok(())
}

/// Tells whether a text holds a run of 13 to 19 digits (blanks and dashes between them aside) that passes
/// the Luhn check of ISO/IEC 7812.
pub fn looks_like_a_card_number(text: &str) -> bool {
    let mut digits: Vec<u32> = Vec::new();
    for sign in text.chars().chain(std::iter::once('x')) {
        match sign.to_digit(10) {
            Some(digit) => digits.push(digit),
            None if matches!(sign, ' ' | '-') && !digits.is_empty() => {}
            None => {
                if (13..=19).contains(&digits.len()) && luhn(&digits) {
                    return true;
                }
                digits.clear();
            }
        }
    }
    false
}

fn luhn(digits: &[u32]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| match place % 2 {
            0 => *digit,
            _ if *digit > 4 => digit * 2 - 9,
            _ => digit * 2,
        })
        .sum();
    sum.is_multiple_of(10)
}

/// Works out what one tender covers of the open balance.
fn pay(
    cart: &Cart,
    totals: &Totals,
    kind: &TenderKind,
    context: &Context,
    offer: &Offer<'_>,
    shift: ShiftId,
) -> Result<Payment, Rejection> {
    let rule = cart.terms.cash_rounding.as_ref();
    let (amount, given) = (offer.amount_minor, offer.given_minor);
    let covered = cover(kind.class, totals.open_minor, rule, amount, given)?;
    Ok(Payment {
        tender: kind.id,
        name: kind.name.clone(),
        class: kind.class,
        id: PaymentId(context.command.0),
        amount_minor: covered.amount_minor,
        rounding_minor: covered.rounding_minor,
        given_minor: covered.given_minor,
        change_minor: covered.change_minor,
        reference: offer.reference.clone(),
        at_ms: context.now_ms,
        postings: Vec::new(),
        shift,
    })
}

/// What one tender covers of an open balance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Covered {
    /// How much of the open balance, in minor units; negative for money paid out.
    pub amount_minor: i64,
    /// The difference that rounding the cash made, in minor units; not part of the amount.
    pub rounding_minor: i64,
    /// The cash handed over, in minor units, where it was told.
    pub given_minor: Option<i64>,
    /// The cash that goes back, in minor units.
    pub change_minor: i64,
}

impl Covered {
    /// Returns what really changes hands, in minor units: the amount and its cash rounding.
    pub fn moved_minor(&self) -> i64 {
        self.amount_minor.saturating_add(self.rounding_minor)
    }
}

/// Works out what a tender covers of `open_minor`: all of it, or the `amount` named, or the cash `given`.
///
/// Cash that settles the balance is rounded by `rule`; a part payment is not.
///
/// # Errors
/// When the amount goes the other way than the balance or beyond it, or something is handed over that is no cash.
pub fn cover(
    class: TenderClass,
    open_minor: i64,
    rule: Option<&CashRounding>,
    amount: Option<i64>,
    given: Option<i64>,
) -> Result<Covered, Rejection> {
    let amount_minor = amount.unwrap_or(open_minor);
    check_direction("amount_minor", amount_minor, open_minor)?;
    let mut covered = Covered {
        amount_minor,
        rounding_minor: 0,
        given_minor: None,
        change_minor: 0,
    };
    match (class, given) {
        (TenderClass::Custom, Some(given)) => Err(Rejection::range(
            "given_minor",
            given,
            "only cash is handed over and gives change",
        )),
        (TenderClass::Custom, None) => Ok(covered),
        (TenderClass::Cash, given) => {
            let due = rounded_due(rule, amount_minor, amount_minor == open_minor)?;
            covered.rounding_minor = due - amount_minor;
            let exact = rule.is_some_and(|rule| rule.allow_exact);
            take_cash(&mut covered, due, exact, given)?;
            Ok(covered)
        }
    }
}

/// Returns what is due in cash for an amount: rounded to the country's coins when it settles the cart.
pub fn cash_due_minor(cart: &Cart, amount: i64, settles: bool) -> Result<i64, Rejection> {
    rounded_due(cart.terms.cash_rounding.as_ref(), amount, settles)
}

fn rounded_due(rule: Option<&CashRounding>, amount: i64, settles: bool) -> Result<i64, Rejection> {
    match rule {
        Some(rule) if settles => cash_due(amount, rule)
            .map(|due| due.rounded_minor)
            .map_err(|fault| Rejection::range("amount_minor", amount, &fault.to_string())),
        _ => Ok(amount),
    }
}

/// Notes what was handed over: change when it is more than due, a part payment when it is less.
fn take_cash(payment: &mut Covered, due: i64, exact: bool, given: Option<i64>) -> Result<(), Rejection> {
    let Some(given) = given else { return Ok(()) };
    if given.checked_abs().is_none_or(|size| size > limits::AMOUNT_MINOR) {
        return Err(Rejection::range("given_minor", given, "the amount is too large"));
    }
    if due < 0 {
        return Err(Rejection::range(
            "given_minor",
            given,
            "the till pays out here, nothing is handed over",
        ));
    }
    if given < 0 {
        return Err(Rejection::range("given_minor", given, "it is zero or more"));
    }
    if exact && given == payment.amount_minor {
        // Who insists on the exact amount pays it; nothing is rounded.
        payment.rounding_minor = 0;
        payment.given_minor = Some(given);
        return Ok(());
    }
    if given >= due {
        payment.given_minor = Some(given);
        payment.change_minor = given - due;
        return Ok(());
    }
    if given == 0 {
        return Err(Rejection::range("given_minor", given, "nothing was handed over"));
    }
    if given >= payment.amount_minor {
        // Between the exact amount and its rounding up: a part payment of it would pay too much.
        return Err(Rejection::range(
            "given_minor",
            given,
            &format!("{due} minor units are due in cash"),
        ));
    }
    // Less than due is a part payment of exactly what was handed over; rounding waits for the last one.
    payment.amount_minor = given;
    payment.rounding_minor = 0;
    payment.given_minor = Some(given);
    Ok(())
}

/// Checks that a payment goes the way the open balance does, and not beyond it.
fn check_direction(field: &str, amount: i64, open: i64) -> Result<(), Rejection> {
    if amount
        .checked_abs()
        .is_none_or(|size| size > limits::AMOUNT_MINOR)
    {
        return Err(Rejection::range(field, amount, "the amount is too large"));
    }
    let fits = match open {
        0 => amount == 0,
        _ if open > 0 => amount > 0 && amount <= open,
        _ => amount < 0 && amount >= open,
    };
    if fits {
        return Ok(());
    }
    Err(Rejection::range(
        field,
        amount,
        &format!("the open balance is {open} minor units"),
    ))
}

/// Decides about giving a part payment back.
pub fn reverse(
    state: &State,
    world: &dyn World,
    context: &Context,
    cart: CartId,
    payment: PaymentId,
) -> Result<Vec<Event>, Rejection> {
    context.require(Permission::Sell, "sell")?;
    let cart = state.open_cart(cart)?;
    let taken = cart
        .payments
        .iter()
        .find(|known| known.id == payment)
        .ok_or_else(|| Rejection::unknown("payment", payment))?;
    let mut events = shift::ensure_open(state, world, context)?;
    let mut entry = Entry::default();
    // Amount and rounding apart: a payment from elsewhere may hold figures whose sum fits nowhere.
    for minor in [taken.amount_minor, taken.rounding_minor] {
        entry.credit(account(taken.class, taken.tender, context.cash_box), minor);
    }
    entry.debit(Account::PartPayments, taken.amount_minor);
    entry.debit(Account::Rounding, taken.rounding_minor);
    let mut taken = taken.clone();
    taken.postings.clear();
    let reversal = PaymentReversal {
        cart: cart.id,
        payment: taken,
        at_ms: context.now_ms,
        postings: entry.close()?,
        cash_box: context.cash_box,
        currency: cart.terms.currency,
        shift: shift::current(state, context.cash_box, &events)?,
    };
    events.push(Event::PaymentReversed { reversal });
    Ok(events)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cash::RefundRounding;
    use crate::rounding::Rounding;

    const FIVES: CashRounding = CashRounding {
        step_minor: 5,
        mode: Rounding::HalfAwayFromZero,
        refunds: RefundRounding::Mirror,
        never_to_zero: false,
        allow_exact: false,
        voluntary: false,
    };

    #[test]
    fn cash_never_covers_more_than_is_open() {
        let cash = |open, amount, given| cover(TenderClass::Cash, open, Some(&FIVES), amount, given);
        for (open, given, amount, rounding, change) in [
            (1_503, None, 1_503, 2, 0),
            (1_503, Some(1_505), 1_503, 2, 0),
            (1_503, Some(2_000), 1_503, 2, 495),
            (1_503, Some(1_000), 1_000, 0, 0),
            (-928, None, -928, -2, 0),
        ] {
            let covered = cash(open, None, given).unwrap();
            assert_eq!(
                (covered.amount_minor, covered.rounding_minor, covered.change_minor),
                (amount, rounding, change),
                "{open} {given:?}"
            );
        }
        for (open, amount, given) in [
            (5, Some(6), None),
            (5, Some(-1), None),
            (1_503, None, Some(1_504)),
            (1_503, None, Some(1_503)),
            (5, None, Some(i64::MIN)),
            (-5, None, Some(5)),
            (i64::MIN, None, None),
        ] {
            assert!(cash(open, amount, given).is_err(), "{open} {amount:?} {given:?}");
        }
        assert!(cover(TenderClass::Custom, 5, None, None, Some(5)).is_err());
    }

    #[test]
    fn card_numbers_are_seen_also_with_blanks() {
        assert!(looks_like_a_card_number("4111 1111 1111 1111"));
        assert!(looks_like_a_card_number("card 5555-5555-5555-4444 ok"));
        assert!(!looks_like_a_card_number("slip 4111 1111 1111 1112"));
        assert!(!looks_like_a_card_number("voucher 000123"));
    }
}

//! Tender: how a cart is paid. Payments and the open balance always sum to the total.

use crate::cart::Cart;
use crate::cash::cash_due;
use crate::catalogue::{TenderClass, TenderKind};
use crate::context::{Context, Permission, World};
use crate::event::Event;
use crate::ledger::{Account, Entry, Posting};
use crate::limits;
use crate::rejection::{Rejection, check_optional};
use crate::sale;
use crate::shift;
use crate::state::State;
use crate::view::{self, Totals};
use barrow_log::id::{CartId, PaymentId, TenderId};
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
}

impl Payment {
    /// Returns what really changed hands, in minor units: the amount and its cash rounding.
    pub fn moved_minor(&self) -> i64 {
        self.amount_minor + self.rounding_minor
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
    pub cash_box: barrow_log::id::CashBoxId,
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
pub fn account(class: TenderClass, tender: TenderId, cash_box: barrow_log::id::CashBoxId) -> Account {
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
    let payment = pay(cart, &totals, &kind, context, &offer)?;

    let mut events = shift::ensure_open(state, world, context)?;
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
        payment.postings = entry.close();
        events.push(Event::PaymentTaken {
            cart: cart.id,
            payment,
            cash_box: context.cash_box,
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
) -> Result<Payment, Rejection> {
    let open = totals.open_minor;
    let amount = offer.amount_minor.unwrap_or(open);
    check_direction("amount_minor", amount, open)?;
    let mut payment = Payment {
        tender: kind.id,
        name: kind.name.clone(),
        class: kind.class,
        id: PaymentId(context.command.0),
        amount_minor: amount,
        rounding_minor: 0,
        given_minor: None,
        change_minor: 0,
        reference: offer.reference.clone(),
        at_ms: context.now_ms,
        postings: Vec::new(),
    };
    match kind.class {
        TenderClass::Custom if offer.given_minor.is_some() => Err(Rejection::range(
            "given_minor",
            kind.name.as_str(),
            "only cash is handed over and gives change",
        )),
        TenderClass::Custom => Ok(payment),
        TenderClass::Cash => {
            let due = cash_due_minor(cart, amount, amount == open)?;
            payment.rounding_minor = due - amount;
            take_cash(&mut payment, due, offer.given_minor)?;
            Ok(payment)
        }
    }
}

/// Returns what is due in cash for an amount: rounded to the country's coins when it settles the cart.
pub(crate) fn cash_due_minor(cart: &Cart, amount: i64, settles: bool) -> Result<i64, Rejection> {
    match &cart.terms.cash_rounding {
        Some(rule) if settles => cash_due(amount, rule)
            .map(|due| due.rounded_minor)
            .map_err(|fault| Rejection::range("amount_minor", amount, &fault.to_string())),
        _ => Ok(amount),
    }
}

/// Notes what was handed over: change when it is more than due, a part payment when it is less.
fn take_cash(payment: &mut Payment, due: i64, given: Option<i64>) -> Result<(), Rejection> {
    let Some(given) = given else { return Ok(()) };
    if given.abs() > limits::AMOUNT_MINOR {
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
    if given >= due {
        payment.given_minor = Some(given);
        payment.change_minor = given - due;
        return Ok(());
    }
    if given == 0 {
        return Err(Rejection::range("given_minor", given, "nothing was handed over"));
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
    let mut entry = Entry::default();
    entry.credit(
        account(taken.class, taken.tender, context.cash_box),
        taken.moved_minor(),
    );
    entry.debit(Account::PartPayments, taken.amount_minor);
    entry.debit(Account::Rounding, taken.rounding_minor);
    let mut taken = taken.clone();
    taken.postings.clear();
    Ok(vec![Event::PaymentReversed {
        reversal: PaymentReversal {
            cart: cart.id,
            payment: taken,
            at_ms: context.now_ms,
            postings: entry.close(),
            cash_box: context.cash_box,
        },
    }])
}

#[cfg(test)]
mod tests {
    use super::looks_like_a_card_number;

    #[test]
    fn card_numbers_are_seen_also_with_blanks() {
        assert!(looks_like_a_card_number("4111 1111 1111 1111"));
        assert!(looks_like_a_card_number("card 5555-5555-5555-4444 ok"));
        assert!(!looks_like_a_card_number("slip 4111 1111 1111 1112"));
        assert!(!looks_like_a_card_number("voucher 000123"));
    }
}

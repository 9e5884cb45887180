//! A wrong tender of a finished sale, put right while its shift is open.

use super::Sale;
use crate::context::{Context, Permission, World};
use crate::event::Event;
use crate::ledger::{Account, Entry, Posting};
use crate::limits;
use crate::money::Currency;
use crate::rejection::{Rejection, check_required};
use crate::state::State;
use crate::tender::{self, Payment};
use barrow_log::id::{CashBoxId, PaymentId, SaleId, TenderId};
use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

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

//! The counter: the open carts, how one may be paid, and what is to be done once it is.

use crate::error::TillError;
use crate::till::Till;
use barrow_kernel::allocate::allocate;
use barrow_kernel::cart::Cart;
use barrow_kernel::cash::{CashKey, cash_keys, make_change};
use barrow_kernel::catalogue::{TenderClass, TenderKind};
use barrow_kernel::context::{Catalogue, History};
use barrow_kernel::limits;
use barrow_kernel::money::Currency;
use barrow_kernel::rejection::Rejection;
use barrow_kernel::sale::{Sale, SaleKind};
use barrow_kernel::shift::{CashPieces, Shift};
use barrow_kernel::tender::{self, Covered, Payment};
use barrow_kernel::view::{self, Totals};
use barrow_log::id::{CartId, PaymentId, SaleId, TenderId};
use serde::{Deserialize, Serialize};

/// An open cart in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CartSummary {
    /// Names the cart; the key of the next page.
    pub cart: CartId,
    /// Gives the name that it was parked under.
    pub name: Option<String>,
    /// Tells that it was put aside.
    pub parked: bool,
    /// Counts what lies on the counter.
    pub piece_count: u32,
    /// Gives its total in minor units.
    pub total_minor: i64,
    /// Gives what is still to be paid, in minor units.
    pub open_minor: i64,
    /// Gives the currency of its amounts.
    pub currency: Currency,
    /// Gives the time it was opened, in milliseconds since 1970.
    pub opened_ms: i64,
}

/// A way of paying.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TenderKey {
    /// Names the kind of tender.
    pub id: TenderId,
    /// Gives its name.
    pub name: String,
    /// Tells whether it is cash.
    pub class: TenderClass,
}

/// How a cart may be paid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChargeView {
    /// Names the cart.
    pub cart: CartId,
    /// Gives the currency of every amount.
    pub currency: Currency,
    /// Counts what lies on the counter.
    pub piece_count: u32,
    /// Gives the total in minor units.
    pub total_minor: i64,
    /// Gives what was paid so far, in minor units.
    pub paid_minor: i64,
    /// Gives what is left to pay, in minor units; negative when money goes to the customer.
    pub open_minor: i64,
    /// Gives what is due in cash for all that is left, or for the part that was asked about, in minor units.
    pub cash_due_minor: i64,
    /// Tells that cash is rounded: both figures are shown.
    pub cash_differs: bool,
    /// Tells that money goes to the customer.
    pub gives_back: bool,
    /// Lists cash that a hand would give, ascending, never the exact amount.
    pub cash: Vec<CashKey>,
    /// Gives what the key for exact cash takes, in minor units.
    pub exact_minor: i64,
    /// Lists the ways of paying, cash first.
    pub tenders: Vec<TenderKey>,
    /// Lists the payments so far.
    pub payments: Vec<Payment>,
}

/// What comes back of cash that a customer hands over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CashGiven {
    /// Gives what is handed over, in minor units.
    pub given_minor: i64,
    /// Gives what comes back, in minor units.
    pub back_minor: i64,
    /// Gives what is still open then, in minor units.
    pub left_minor: i64,
}

/// How a finished document was paid with one tender.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaidWith {
    /// Names the payment.
    pub payment: PaymentId,
    /// Names the kind of tender.
    pub tender: TenderId,
    /// Gives the tender's name.
    pub name: String,
    /// Gives what was paid with it, in minor units; negative when it was paid out.
    pub amount_minor: i64,
}

/// A finished document, and what is to be done with hands now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DoneView {
    /// Names the sale, refund or exchange.
    pub sale: SaleId,
    /// Gives its number as printed, like A-231.
    pub number: String,
    /// Tells what kind of document it is.
    pub kind: SaleKind,
    /// Gives the currency of every amount.
    pub currency: Currency,
    /// Gives the total in minor units.
    pub total_minor: i64,
    /// Gives the cash that was handed over, in minor units; `None` when it was not counted.
    pub given_minor: Option<i64>,
    /// Gives the cash to hand to the customer, in minor units.
    pub change_minor: i64,
    /// Lists how it was paid.
    pub tenders: Vec<PaidWith>,
    /// Lists the notes and coins to hand over, the largest first.
    pub pieces: Vec<CashPieces>,
    /// Gives its time in milliseconds since 1970.
    pub at_ms: i64,
    /// Tells that a wrong tender can still be put right: its shift is open.
    pub can_correct: bool,
}

impl CartSummary {
    fn of(cart: &Cart) -> Result<Self, Rejection> {
        let totals = Totals::of(cart, &view::price_cart(cart)?);
        Ok(Self {
            cart: cart.id,
            name: cart.name.clone(),
            parked: cart.parked,
            piece_count: view::piece_count(cart),
            total_minor: totals.total_minor,
            open_minor: totals.open_minor,
            currency: cart.terms.currency,
            opened_ms: cart.opened_ms,
        })
    }
}

impl ChargeView {
    fn of(
        cart: &Cart,
        part: Option<i64>,
        denominations: &[i64],
        tenders: Vec<TenderKind>,
    ) -> Result<Self, Rejection> {
        let totals = Totals::of(cart, &view::price_cart(cart)?);
        let paid_now = part.unwrap_or(totals.open_minor);
        let cash_due_minor = cash(cart, totals.open_minor, part, None)?.moved_minor();
        let mut tenders: Vec<TenderKey> = tenders
            .into_iter()
            .filter(|kind| !kind.archived)
            .map(|kind| TenderKey {
                id: kind.id,
                name: kind.name,
                class: kind.class,
            })
            .collect();
        tenders.sort_by_key(|key| key.class != TenderClass::Cash);
        Ok(Self {
            cart: cart.id,
            currency: cart.terms.currency,
            piece_count: view::piece_count(cart),
            total_minor: totals.total_minor,
            paid_minor: totals.paid_minor,
            open_minor: totals.open_minor,
            cash_due_minor,
            cash_differs: cash_due_minor != paid_now,
            gives_back: totals.open_minor < 0,
            cash: cash_keys(cash_due_minor, denominations),
            exact_minor: cash_due_minor,
            tenders,
            payments: cart.payments.clone(),
        })
    }
}

/// Works out what cash covers of an open balance, or of a part of it.
fn cash(cart: &Cart, open_minor: i64, part: Option<i64>, given: Option<i64>) -> Result<Covered, Rejection> {
    let rule = cart.terms.cash_rounding.as_ref();
    tender::cover(TenderClass::Cash, open_minor, rule, part, given)
}

/// Returns the payments of a sale as they stand after corrections of its tenders.
pub(crate) fn payments(sale: &Sale, shift: Option<&Shift>) -> Vec<Payment> {
    let corrected = |payment: &Payment| {
        let corrections = shift.into_iter().flat_map(|shift| shift.corrections.iter().rev());
        let mut ours = corrections.filter(|known| known.sale == sale.id && known.new.id == payment.id);
        ours.next().map(|known| known.new.clone())
    };
    let payments = sale.payments.iter();
    payments
        .map(|payment| corrected(payment).unwrap_or_else(|| payment.clone()))
        .collect()
}

impl DoneView {
    fn of(sale: &Sale, shift: Option<&Shift>, denominations: &[i64]) -> Self {
        let payments = payments(sale, shift);
        let sum = |amounts: &mut dyn Iterator<Item = i64>| amounts.fold(0, i64::saturating_add);
        let paid_out = |payment: &&Payment| payment.class == TenderClass::Cash && payment.moved_minor() < 0;
        let change = sum(&mut payments.iter().map(|payment| payment.change_minor));
        let out = sum(&mut payments.iter().filter(paid_out).map(Payment::moved_minor));
        let change_minor = change.saturating_sub(out);
        let given = payments.iter().filter_map(|payment| payment.given_minor);
        let pieces = make_change(change_minor, denominations).into_iter();
        Self {
            sale: sale.id,
            number: sale.number.to_string(),
            kind: sale.kind,
            currency: sale.currency,
            total_minor: sale.total_minor,
            given_minor: given.reduce(i64::saturating_add),
            change_minor,
            tenders: payments
                .iter()
                .map(|payment| PaidWith {
                    payment: payment.id,
                    tender: payment.tender,
                    name: payment.name.clone(),
                    amount_minor: payment.moved_minor(),
                })
                .collect(),
            pieces: pieces
                .map(|(value_minor, count)| CashPieces { value_minor, count })
                .collect(),
            at_ms: sale.at_ms,
            can_correct: shift.is_some(),
        }
    }
}

impl Till {
    /// Lists the open carts with their figures: those after `after` in the order of their ids, at most `limit`.
    ///
    /// # Errors
    /// When an amount leaves its bounds.
    pub fn cart_summaries(&self, after: Option<CartId>, limit: usize) -> Result<Vec<CartSummary>, TillError> {
        let carts = self.open_carts(after, limit)?;
        let carts: Vec<Cart> = self.state(|state| {
            let open = carts.iter().filter_map(|cart| state.carts.get(cart));
            open.cloned().collect()
        })?;
        Ok(carts
            .iter()
            .map(CartSummary::of)
            .collect::<Result<_, Rejection>>()?)
    }

    /// Shows how an open cart, or a `part` of what is left in minor units, may be paid; `None` when it is not open.
    ///
    /// # Errors
    /// When the part is none of what is left, an amount leaves its bounds or the settings can't be read.
    pub fn charge(&self, cart: &CartId, part: Option<i64>) -> Result<Option<ChargeView>, TillError> {
        let Some(cart) = self.state(|state| state.carts.get(cart).cloned())? else {
            return Ok(None);
        };
        self.read(|reader| {
            let denominations = &reader.shop()?.denominations;
            Ok::<_, TillError>(Some(ChargeView::of(
                &cart,
                part,
                denominations,
                reader.tenders()?,
            )?))
        })
    }

    /// Splits what is left of an open cart into equal parts, in minor units, that sum to it: the first bear what does
    /// not go up evenly.
    ///
    /// # Errors
    /// When the cart is not open, or there are no parts or more than there may be payments.
    pub fn split(&self, cart: &CartId, parts: u32) -> Result<Vec<i64>, TillError> {
        let open_minor = self.open_minor(cart)?.1;
        if parts == 0 || parts as usize > limits::PAYMENTS {
            let allowed = format!("1 to {}", limits::PAYMENTS);
            return Err(Rejection::range("parts", parts, &allowed).into());
        }
        let weights = vec![1; parts as usize];
        let split = allocate(open_minor, &weights);
        Ok(split.map_err(|fault| Rejection::range("parts", parts, &fault.to_string()))?)
    }

    /// Tells what comes back of cash that is handed over for what is left, or for a `part` of it, and what stays open.
    ///
    /// # Errors
    /// What taking the money would be rejected for.
    pub fn cash_given(
        &self,
        cart: &CartId,
        part: Option<i64>,
        given_minor: i64,
    ) -> Result<CashGiven, TillError> {
        let (cart, open_minor) = self.open_minor(cart)?;
        let covered = cash(&cart, open_minor, part, Some(given_minor))?;
        Ok(CashGiven {
            given_minor,
            back_minor: covered.change_minor,
            left_minor: open_minor.saturating_sub(covered.amount_minor),
        })
    }

    fn open_minor(&self, id: &CartId) -> Result<(Cart, i64), TillError> {
        let cart = self.state(|state| state.open_cart(*id).cloned())??;
        let totals = Totals::of(&cart, &view::price_cart(&cart)?);
        Ok((cart, totals.open_minor))
    }

    /// Shows a finished sale, refund or exchange with what is to be handed over; `None` when there is none.
    ///
    /// # Errors
    /// When it can't be read.
    pub fn done(&self, sale: &SaleId) -> Result<Option<DoneView>, TillError> {
        let Some(sale) = self.sale(sale)? else {
            return Ok(None);
        };
        let shift = self.open_shift_of(&sale)?;
        self.read(|reader| {
            let denominations = &reader.shop()?.denominations;
            Ok::<_, TillError>(Some(DoneView::of(&sale, shift.as_ref(), denominations)))
        })
    }

    /// Returns a finished sale, refund or exchange; `None` when there is none.
    ///
    /// # Errors
    /// When it can't be read.
    pub fn sale(&self, id: &SaleId) -> Result<Option<Sale>, TillError> {
        let sale = self.read(|reader| reader.sale(id))?;
        Ok(sale.map(|sale| (*sale).clone()))
    }

    /// Returns the shift of a sale while it is open.
    pub(crate) fn open_shift_of(&self, sale: &Sale) -> Result<Option<Shift>, TillError> {
        self.state(|state| {
            let shift = state.shifts.get(&sale.cash_box);
            shift.filter(|shift| shift.id == sale.shift).cloned()
        })
    }
}

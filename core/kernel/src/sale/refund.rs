//! Goods of a finished sale that come back: how much may, and which share of the sold amounts comes with them.

use super::{Sale, SaleLine, summary};
use crate::cart::{Cart, FrozenAmounts, Line, LineId, Return, ReturnOf, TaxAmount, TaxSet};
use crate::command::ReturnDraft;
use crate::context::{Context, Permission, World};
use crate::event::Event;
use crate::limits;
use crate::price::TaxTotal;
use crate::quantity::{Quantity, UnitPrice};
use crate::rejection::{Rejection, check_optional};
use crate::rounding::{Rounding, round_ratio};
use crate::state::State;
use crate::tax::{Tax, TaxKind};
use barrow_log::id::{CartId, SaleId};
use std::collections::BTreeMap;

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
pub(super) fn check_returns(state: &State, world: &dyn World, cart: &Cart) -> Result<(), Rejection> {
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

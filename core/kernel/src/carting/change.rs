//! Lines and carts that are changed: quantity, removal, discounts, notes, parking, giving up.

use super::{
    check_discounts, check_left, check_own, check_priceable, check_unpaid, deposit_limit, deposits_back,
    is_loose_deposit, live_line, too_large,
};
use crate::cart::{Cart, GivenDiscount, Line, LineId, Measure};
use crate::catalogue::{ItemKind, Oversell};
use crate::context::{Context, Permission, World};
use crate::event::Event;
use crate::limits;
use crate::quantity::Quantity;
use crate::rejection::{Rejection, check_optional};
use crate::sale::CartVoid;
use crate::state::State;
use crate::view;
use barrow_log::id::CartId;

/// Decides about the quantity of a line; its deposits follow.
pub fn set_quantity(
    state: &State,
    world: &dyn World,
    context: &Context,
    cart: CartId,
    line: LineId,
    quantity: Quantity,
) -> Result<Vec<Event>, Rejection> {
    context.require(Permission::Sell, "sell")?;
    let cart = state.open_cart(cart)?;
    let line = live_line(cart, line)?;
    check_own(line)?;
    if quantity.is_zero() {
        return Err(Rejection::range("quantity", quantity, "remove the line instead"));
    }
    if quantity.is_negative() != line.quantity.is_negative() {
        return Err(Rejection::range(
            "quantity",
            quantity,
            "goods that come back are lines of their own",
        ));
    }
    if line.measure == Measure::Amount {
        return Err(Rejection::not_now(
            "quantity",
            "The amount of this line is fixed by the scale.",
        ));
    }
    let by = quantity
        .checked_sub(line.quantity)
        .map_err(|_| too_large("quantity"))?;
    if by.is_zero() {
        return Err(Rejection::not_now("quantity", "Nothing would change."));
    }
    if by.is_negative() == line.quantity.is_positive() {
        check_unpaid(cart)?;
    }
    if by.is_negative()
        && line
            .returns
            .as_ref()
            .is_some_and(|returns| returns.approval.is_some())
    {
        return Err(Rejection::not_now(
            "quantity",
            "No more comes back than was approved. Remove the line and add it again.",
        ));
    }
    check_deposit_limit(world, line, quantity, cart)?;
    check_stock_for(world, cart, line, by)?;
    let children = cart.live_lines().filter(|child| child.parent == Some(line.id));
    let events: Vec<Event> = std::iter::once(line)
        .chain(children)
        .map(|line| Event::QuantityChanged {
            cart: cart.id,
            line: line.id,
            by,
        })
        .collect();
    check_priceable(cart, &events)?;
    Ok(events)
}

fn check_stock_for(world: &dyn World, cart: &Cart, line: &Line, by: Quantity) -> Result<(), Rejection> {
    let shop = world.shop()?;
    if shop.oversell != Oversell::Refuse || !line.goods.tracked || !by.is_positive() {
        return Ok(());
    }
    let mut wanted = by;
    for other in cart
        .live_lines()
        .filter(|other| other.goods.item == line.goods.item)
    {
        wanted = wanted
            .checked_add(other.quantity)
            .map_err(|_| too_large("quantity"))?;
    }
    check_left(world, &line.goods, cart, wanted)
}

fn check_deposit_limit(
    world: &dyn World,
    line: &Line,
    quantity: Quantity,
    cart: &Cart,
) -> Result<(), Rejection> {
    let mut others = deposits_back(cart)?;
    if is_loose_deposit(line) {
        others = others
            .checked_add(line.quantity)
            .map_err(|_| too_large("quantity"))?;
    }
    check_deposits(world, line, others, quantity)
}

/// Checks that a line may give `quantity` deposits back beside those of the cart's other lines.
fn check_deposits(
    world: &dyn World,
    line: &Line,
    others: Quantity,
    quantity: Quantity,
) -> Result<(), Rejection> {
    if !is_loose_deposit(line) {
        return Ok(());
    }
    let back = others.checked_sub(quantity).map_err(|_| too_large("quantity"))?;
    let limit = deposit_limit(&*world.shop()?);
    if back > limit
        && line
            .returns
            .as_ref()
            .is_none_or(|returns| returns.approval.is_none())
    {
        return Err(Rejection::needs_approval(&format!(
            "Giving back more than {limit} deposits"
        )));
    }
    Ok(())
}

/// Decides about removing a line or bringing it back; its deposits follow.
pub fn void_line(
    state: &State,
    world: &dyn World,
    context: &Context,
    cart: CartId,
    line: LineId,
    voided: bool,
) -> Result<Vec<Event>, Rejection> {
    context.require(Permission::Sell, "sell")?;
    let cart = state.open_cart(cart)?;
    let line = cart.line(line).ok_or_else(|| Rejection::unknown("line", line))?;
    if line.voided == voided {
        return Err(Rejection::closed("line", line.id));
    }
    if line.parent.is_some() {
        return Err(Rejection::not_now(
            "line",
            "This deposit belongs to another line. Change that line instead.",
        ));
    }
    if voided {
        check_unpaid(cart)?;
    } else {
        check_restorable(state, world, cart, line)?;
    }
    let children = cart.lines.iter().filter(|child| child.parent == Some(line.id));
    let events: Vec<Event> = std::iter::once(line)
        .chain(children)
        .map(|line| Event::LineVoided {
            cart: cart.id,
            line: line.id,
            voided,
        })
        .collect();
    check_priceable(cart, &events)?;
    Ok(events)
}

/// Checks that a return which comes back into the cart is still due: another cart may have been first.
fn check_restorable(state: &State, world: &dyn World, cart: &Cart, line: &Line) -> Result<(), Rejection> {
    let Some(of) = line.returns.as_ref().and_then(|returns| returns.of) else {
        check_stock_for(world, cart, line, line.quantity)?;
        let others = deposits_back(cart)?;
        return check_deposits(world, line, others, line.quantity);
    };
    let sale = world
        .sale(&of.sale)?
        .ok_or_else(|| Rejection::unknown("sale", of.sale))?;
    let sold = sale
        .line(of.line)
        .ok_or_else(|| Rejection::unknown("line", of.line))?;
    let left = crate::sale::refundable(state, world, &sale, sold)?;
    if line.quantity.negated() > left {
        return Err(Rejection::range(
            "quantity",
            line.quantity,
            &format!("at most {left} can come back"),
        ));
    }
    Ok(())
}

/// Decides about discounts of a line or of the whole cart.
pub fn discount(
    state: &State,
    context: &Context,
    cart: CartId,
    line: Option<LineId>,
    discounts: &[GivenDiscount],
) -> Result<Vec<Event>, Rejection> {
    context.require(Permission::Sell, "sell")?;
    check_discounts(discounts)?;
    let cart = state.open_cart(cart)?;
    check_unpaid(cart)?;
    if let Some(id) = line {
        let line = live_line(cart, id)?;
        check_own(line)?;
        if line.goods.kind == ItemKind::Deposit {
            return Err(Rejection::not_now("line", "Deposits are never discounted."));
        }
    }
    let events = vec![Event::Discounted {
        cart: cart.id,
        line,
        discounts: discounts.to_vec(),
    }];
    check_priceable(cart, &events)?;
    Ok(events)
}

/// Decides about a note.
pub fn set_note(
    state: &State,
    context: &Context,
    cart: CartId,
    line: Option<LineId>,
    note: &Option<String>,
) -> Result<Vec<Event>, Rejection> {
    context.require(Permission::Sell, "sell")?;
    check_optional("note", note, limits::NOTE_CHARS)?;
    let cart = state.open_cart(cart)?;
    if let Some(line) = line {
        live_line(cart, line)?;
    }
    Ok(vec![Event::Noted {
        cart: cart.id,
        line,
        note: note.clone(),
    }])
}

/// Decides about putting a cart aside, or taking it up again.
pub fn park(
    state: &State,
    context: &Context,
    cart: CartId,
    parked: bool,
    name: &Option<String>,
) -> Result<Vec<Event>, Rejection> {
    context.require(Permission::Sell, "sell")?;
    check_optional("name", name, limits::NAME_CHARS)?;
    let cart = state.open_cart(cart)?;
    if cart.parked == parked && (!parked || cart.name == *name) {
        let why = if parked {
            "It is parked already."
        } else {
            "It is not parked."
        };
        return Err(Rejection::not_now("cart", why));
    }
    let name = name.clone().or_else(|| cart.name.clone());
    Ok(vec![Event::Parked {
        cart: cart.id,
        parked,
        name,
    }])
}

/// Decides about giving a cart up: an audit entry stays.
pub fn void_cart(
    state: &State,
    context: &Context,
    cart: CartId,
    reason: &Option<String>,
) -> Result<Vec<Event>, Rejection> {
    context.require(Permission::Sell, "sell")?;
    check_optional("reason", reason, limits::NOTE_CHARS)?;
    let cart = state.open_cart(cart)?;
    check_unpaid(cart)?;
    let priced = view::price_cart(cart)?;
    let lines = cart.live_lines().count();
    Ok(vec![Event::CartVoided {
        void: CartVoid {
            cart: cart.id,
            total_minor: priced.total_minor,
            lines: u32::try_from(lines).unwrap_or(u32::MAX),
            reason: reason.clone(),
            at_ms: context.now_ms,
            cash_box: context.cash_box,
        },
    }])
}

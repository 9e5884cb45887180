//! Prices and taxes of a cart's lines: haggled, taken from the catalogue again, switched to other taxes.

use super::{check_own, check_priceable, check_unpaid, intern, live_line};
use crate::cart::{Cart, Line, LineId, Measure, TaxSet};
use crate::catalogue::{Item, ItemKind, Shop};
use crate::context::{Context, Permission, World};
use crate::event::{Event, LineRepricing};
use crate::limits;
use crate::quantity::UnitPrice;
use crate::rejection::{Rejection, check_required};
use crate::state::State;
use crate::tax::{self, Tax};
use barrow_log::id::{CartId, TaxId};

/// Decides about a haggled price.
pub fn set_price(
    state: &State,
    context: &Context,
    cart: CartId,
    line: LineId,
    unit_price: UnitPrice,
    reason: &str,
) -> Result<Vec<Event>, Rejection> {
    context.require(Permission::Sell, "sell")?;
    check_required("reason", reason, limits::NOTE_CHARS)?;
    if unit_price.is_negative() {
        return Err(Rejection::range(
            "unit_price",
            unit_price,
            "a price is zero or more",
        ));
    }
    let cart = state.open_cart(cart)?;
    check_unpaid(cart)?;
    let line = live_line(cart, line)?;
    check_own(line)?;
    if line.goods.kind == ItemKind::Deposit {
        return Err(Rejection::not_now("line", "A deposit has a fixed price."));
    }
    if line.returns.is_some() {
        return Err(Rejection::not_now(
            "line",
            "Goods come back at the price that was approved. Remove the line and add it again.",
        ));
    }
    let repricing = LineRepricing {
        line: line.id,
        unit_price,
        tax_set: 0,
        list_price: Some(line.list_price.unwrap_or(line.unit_price)),
        reason: Some(reason.into()),
        amount_minor: None,
    };
    let set = cart
        .tax_sets
        .get(line.tax_set as usize)
        .cloned()
        .unwrap_or_default();
    let events = vec![Event::Repriced {
        cart: cart.id,
        tax_sets: vec![set],
        lines: vec![repricing],
    }];
    check_priceable(cart, &events)?;
    Ok(events)
}

/// Decides about taking the catalogue's present price and taxes for lines.
pub fn reprice(
    state: &State,
    world: &dyn World,
    context: &Context,
    cart: CartId,
    lines: &[LineId],
) -> Result<Vec<Event>, Rejection> {
    context.require(Permission::Sell, "sell")?;
    let cart = state.open_cart(cart)?;
    check_unpaid(cart)?;
    for line in lines {
        check_own(live_line(cart, *line)?)?;
    }
    let wanted = |line: &&Line| {
        lines.is_empty() || lines.contains(&line.id) || line.parent.is_some_and(|id| lines.contains(&id))
    };
    let chosen: Vec<&Line> = cart.live_lines().filter(wanted).collect();
    let event = repriced(
        world,
        cart,
        &chosen,
        cart.tax_mapping.as_deref(),
        PriceFrom::Catalogue,
    )?;
    let event = event.ok_or_else(|| Rejection::not_now("lines", "Nothing would change."))?;
    check_priceable(cart, std::slice::from_ref(&event))?;
    Ok(vec![event])
}

/// Decides about switching a cart to another tax mapping, or back.
pub fn switch_taxes(
    state: &State,
    world: &dyn World,
    context: &Context,
    cart: CartId,
    mapping: &Option<String>,
) -> Result<Vec<Event>, Rejection> {
    context.require(Permission::Sell, "sell")?;
    let cart = state.open_cart(cart)?;
    check_unpaid(cart)?;
    if cart.tax_mapping == *mapping {
        return Err(Rejection::not_now("mapping", "Nothing would change."));
    }
    let shop = world.shop()?;
    if let Some(name) = mapping {
        find_mapping(&shop, name)?;
    }
    let lines: Vec<&Line> = cart.live_lines().collect();
    let mut events = vec![Event::TaxesSwitched {
        cart: cart.id,
        mapping: mapping.clone(),
    }];
    events.extend(repriced(
        world,
        cart,
        &lines,
        mapping.as_deref(),
        PriceFrom::Line,
    )?);
    check_priceable(cart, &events)?;
    Ok(events)
}

/// Tells where a line's new price comes from.
#[derive(Clone, Copy, PartialEq)]
enum PriceFrom {
    /// The catalogue's present price.
    Catalogue,
    /// The line's own price, adapted to the new taxes.
    Line,
}

/// Tells whether a line may get another price: linked returns keep the amounts of their sale whatever happens; other
/// returns keep the price that was approved, and a scale's amount is a fact, until the taxes are switched.
fn may_reprice(line: &Line, from: PriceFrom) -> bool {
    match (&line.returns, from) {
        (Some(returns), PriceFrom::Line) => returns.frozen.is_none(),
        (None, PriceFrom::Line) => true,
        (returns, PriceFrom::Catalogue) => returns.is_none() && line.measure == Measure::Quantity,
    }
}

/// Builds the event that gives lines other prices and taxes; `None` when nothing changes.
fn repriced(
    world: &dyn World,
    cart: &Cart,
    lines: &[&Line],
    mapping: Option<&str>,
    from: PriceFrom,
) -> Result<Option<Event>, Rejection> {
    let shop = world.shop()?;
    let (mut tax_sets, mut changes) = (Vec::new(), Vec::new());
    for line in lines {
        if !may_reprice(line, from) {
            continue;
        }
        let Some(item) = world.item(&line.goods.item)? else {
            continue;
        };
        let set = tax_set(world, &shop, &item, mapping)?;
        let now = cart
            .tax_sets
            .get(line.tax_set as usize)
            .cloned()
            .unwrap_or_default();
        let adapt = |price| {
            tax::adapt_price(price, &now.taxes, &set.taxes, shop.currency.digits, shop.rounding)
                .map_err(|fault| Rejection::range("unit_price", price, &fault.to_string()))
        };
        let typed = matches!(
            item.trade.kind,
            ItemKind::OpenPrice | ItemKind::Department | ItemKind::GiftCard
        );
        let listed = switched_price(world, &shop, &item, &set, item.price.unit_price)?;
        // A price that still is the catalogue's under the old taxes is the catalogue's under the new ones too:
        // switching back and forth never wears it down by roundings.
        let was = switched_price(world, &shop, &item, &now, item.price.unit_price)?;
        let adapt = |price| if price == was { Ok(listed) } else { adapt(price) };
        let (unit_price, list_price, reason) = match from {
            PriceFrom::Catalogue if !typed => (listed, None, None),
            _ => {
                let list = line.list_price.map(adapt).transpose()?;
                (adapt(line.unit_price)?, list, line.price_reason.clone())
            }
        };
        if unit_price == line.unit_price && set == now && list_price == line.list_price {
            continue;
        }
        changes.push(LineRepricing {
            line: line.id,
            unit_price,
            tax_set: intern(&mut tax_sets, &set),
            list_price,
            reason,
            amount_minor: line.amount_minor,
        });
    }
    Ok((!changes.is_empty()).then_some(Event::Repriced {
        cart: cart.id,
        tax_sets,
        lines: changes,
    }))
}

/// Returns the taxes of an item under a mapping, in the order in which they are computed.
pub(super) fn tax_set(
    world: &dyn World,
    shop: &Shop,
    item: &Item,
    mapping: Option<&str>,
) -> Result<TaxSet, Rejection> {
    let mut ids: Vec<TaxId> = item.price.taxes.clone();
    if let Some(name) = mapping {
        let mapping = find_mapping(shop, name)?;
        ids = ids
            .iter()
            .flat_map(|id| match mapping.swaps.iter().find(|swap| swap.from == *id) {
                Some(swap) => swap.to.clone(),
                None => vec![*id],
            })
            .collect();
    }
    let mut taxes: Vec<Tax> = Vec::with_capacity(ids.len());
    for id in &ids {
        let tax = world.tax(id)?.ok_or_else(|| Rejection::unknown("tax", id))?;
        if !taxes.iter().any(|known| known.id == *id) {
            taxes.push((*tax).clone());
        }
    }
    taxes.sort_by_key(|tax| tax.sequence);
    Ok(TaxSet { taxes })
}

fn find_mapping<'a>(shop: &'a Shop, name: &str) -> Result<&'a crate::catalogue::TaxMapping, Rejection> {
    shop.tax_mappings
        .iter()
        .find(|mapping| mapping.name == name)
        .ok_or_else(|| Rejection::unknown("tax mapping", name))
}

/// Adapts a price that includes tax when the cart is switched to other taxes.
pub(super) fn switched_price(
    world: &dyn World,
    shop: &Shop,
    item: &Item,
    set: &TaxSet,
    price: UnitPrice,
) -> Result<UnitPrice, Rejection> {
    let own = tax_set(world, shop, item, None)?;
    if own == *set {
        return Ok(price);
    }
    tax::adapt_price(price, &own.taxes, &set.taxes, shop.currency.digits, shop.rounding)
        .map_err(|fault| Rejection::range("unit_price", price, &fault.to_string()))
}

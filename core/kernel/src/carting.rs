//! What may happen to an open cart: lines added, changed, removed, priced anew, put aside, given up.

mod add;
mod change;
mod draft;
mod price;

pub use add::add_lines;
pub use change::{discount, park, set_note, set_quantity, void_cart, void_line};
pub use price::{reprice, set_price, switch_taxes};

use crate::cart::{Cart, GivenDiscount, Goods, Line, LineId, TaxSet, Terms};
use crate::catalogue::{Item, ItemKind, Shop};
use crate::command::ItemRef;
use crate::context::{Context, Permission, World};
use crate::event::Event;
use crate::limits;
use crate::price::{Discount, PricedLine};
use crate::quantity::{Quantity, Rate};
use crate::rejection::{Rejection, check_optional};
use crate::scan;
use crate::state::State;
use crate::view;
use barrow_log::id::CartId;

/// Returns the open cart; when it is new, opens it, with the event that says so.
pub(crate) fn open(
    state: &State,
    world: &dyn World,
    context: &Context,
    id: CartId,
) -> Result<(Vec<Event>, Cart), Rejection> {
    context.require(Permission::Sell, "sell")?;
    if let Some(cart) = state.carts.get(&id) {
        return Ok((Vec::new(), cart.clone()));
    }
    if state.recently_closed.contains(&id) {
        return Err(Rejection::closed("cart", id));
    }
    if state.carts.len() >= limits::OPEN_CARTS {
        return Err(Rejection::TooLong {
            field: "open carts".into(),
            limit: limits::OPEN_CARTS as u32,
        });
    }
    let shop = world.shop()?;
    let terms = terms(&shop);
    let cart = Cart::opened(id, terms.clone(), context.location, context.now_ms);
    let opened = Event::CartOpened {
        cart: id,
        terms,
        location: context.location,
        at_ms: context.now_ms,
    };
    Ok((vec![opened], cart))
}

/// Freezes the shop's settings for a cart.
pub fn terms(shop: &Shop) -> Terms {
    Terms {
        currency: shop.currency,
        tax_policy: shop.tax_policy,
        rounding: shop.rounding,
        tax_rounding: shop.tax_rounding,
        cash_rounding: shop.cash_rounding,
    }
}

/// Makes the lines of one command: gives them ids and collects their tax sets.
pub(crate) struct LineMaker {
    next: u16,
    room: usize,
    tax_sets: Vec<TaxSet>,
    lines: Vec<Line>,
}

impl LineMaker {
    /// Starts after the lines that a cart has.
    pub(crate) fn new(cart: &Cart) -> Self {
        Self {
            next: cart.next_line,
            room: limits::LINES_PER_CART.saturating_sub(cart.lines.len()),
            tax_sets: Vec::new(),
            lines: Vec::new(),
        }
    }

    /// Adds a line and returns its id.
    pub(crate) fn add(&mut self, mut line: Line, set: &TaxSet) -> Result<LineId, Rejection> {
        if self.lines.len() >= self.room || self.next == u16::MAX {
            return Err(Rejection::TooLong {
                field: "lines".into(),
                limit: limits::LINES_PER_CART as u32,
            });
        }
        self.next += 1;
        line.id = LineId::new(0, self.next);
        line.tax_set = intern(&mut self.tax_sets, set);
        let id = line.id;
        self.lines.push(line);
        Ok(id)
    }

    /// Returns the event.
    pub(crate) fn into_event(self, cart: CartId) -> Result<Event, Rejection> {
        if self.lines.is_empty() {
            return Err(Rejection::missing("lines", "name at least one"));
        }
        Ok(Event::LinesAdded {
            cart,
            tax_sets: self.tax_sets,
            lines: self.lines,
        })
    }
}

fn intern(sets: &mut Vec<TaxSet>, set: &TaxSet) -> u16 {
    match sets.iter().position(|known| known == set) {
        Some(index) => index as u16,
        None => {
            sets.push(set.clone());
            (sets.len() - 1) as u16
        }
    }
}

/// Checks that the cart can be priced after the events: no amount and no sum may leave its bounds.
pub(crate) fn check_priceable(cart: &Cart, events: &[Event]) -> Result<(), Rejection> {
    let mut after = cart.clone();
    for event in events {
        crate::state::apply_to_cart(&mut after, event);
    }
    let priced = view::price_cart(&after)?;
    if after.tax_sets.len() > usize::from(u16::MAX) {
        return Err(Rejection::not_now(
            "cart",
            "The taxes of this cart changed too often. Start a new one.",
        ));
    }
    // Bounded lines keep every sum over a cart, and every posting, inside an i64.
    let fits = |minor: i64| {
        minor
            .checked_abs()
            .is_some_and(|size| size <= limits::AMOUNT_MINOR)
    };
    let fits_line = |line: &PricedLine| {
        let taxes = line
            .taxes
            .iter()
            .flat_map(|tax| [tax.base_minor, tax.amount_minor]);
        let amounts = [
            line.extended_minor,
            line.net_minor,
            line.base_minor,
            line.total_minor,
        ];
        amounts.into_iter().chain(taxes).all(fits)
    };
    if fits(priced.total_minor) && priced.lines.iter().all(fits_line) {
        return Ok(());
    }
    Err(Rejection::range(
        "total",
        priced.total_minor,
        "an amount is too large for one receipt",
    ))
}

/// Counts the deposit units that a cart gives back without a sale.
fn deposits_back(cart: &Cart) -> Result<Quantity, Rejection> {
    let mut sum = Quantity::ZERO;
    for line in cart.live_lines().filter(|line| is_loose_deposit(line)) {
        sum = sum
            .checked_sub(line.quantity)
            .map_err(|_| too_large("quantity"))?;
    }
    Ok(sum)
}

/// Returns how many deposit units may be given back in one cart without approval.
fn deposit_limit(shop: &Shop) -> Quantity {
    Quantity::from(i32::try_from(shop.deposit_returns).unwrap_or(i32::MAX))
}

/// Tells whether a line gives a deposit back without a sale.
fn is_loose_deposit(line: &Line) -> bool {
    let linked = line.returns.as_ref().is_some_and(|returns| returns.of.is_some());
    line.goods.kind == ItemKind::Deposit && line.quantity.is_negative() && line.parent.is_none() && !linked
}

fn too_large(field: &str) -> Rejection {
    Rejection::range(field, "too large", "it must stay within bounds")
}

/// Finds the item that a person named.
pub(crate) fn resolve(world: &dyn World, item: &ItemRef) -> Result<std::sync::Arc<Item>, Rejection> {
    match item {
        ItemRef::Id(id) => world.item(id)?.ok_or_else(|| Rejection::unknown("item", id)),
        ItemRef::Sku(sku) => {
            crate::rejection::check_text("sku", sku, limits::CODE_CHARS)?;
            world
                .item_by_sku(sku)?
                .ok_or_else(|| Rejection::unknown("item", sku))
        }
        ItemRef::Code(code) => {
            crate::rejection::check_text("code", code, limits::CODE_CHARS)?;
            scan::only(world.items_by_code(code)?, code)
        }
    }
}

fn check_discounts(discounts: &[GivenDiscount]) -> Result<(), Rejection> {
    if discounts.len() > limits::DISCOUNTS {
        return Err(Rejection::TooLong {
            field: "discounts".into(),
            limit: limits::DISCOUNTS as u32,
        });
    }
    for given in discounts {
        check_optional("discount.reason", &given.reason, limits::NOTE_CHARS)?;
        match given.discount {
            Discount::Percent(rate) if rate.is_negative() || rate > Rate::HUNDRED => {
                return Err(Rejection::range("discount", rate, "a percentage from 0 to 100"));
            }
            Discount::Amount(minor) if !(0..=limits::AMOUNT_MINOR).contains(&minor) => {
                return Err(Rejection::range("discount", minor, "an amount of zero or more"));
            }
            _ => {}
        }
    }
    Ok(())
}

/// Finds a line that still counts.
fn live_line(cart: &Cart, id: LineId) -> Result<&Line, Rejection> {
    match cart.line(id) {
        None => Err(Rejection::unknown("line", id)),
        Some(line) if line.voided => Err(Rejection::closed("line", id)),
        Some(line) => Ok(line),
    }
}

/// Checks that nobody takes lines from a cart that money lies on.
fn check_unpaid(cart: &Cart) -> Result<(), Rejection> {
    if cart.payments.is_empty() {
        return Ok(());
    }
    Err(Rejection::not_now(
        "cart",
        "Money was paid on this cart. Give the payment back first.",
    ))
}

/// Checks that a line may be changed by itself: deposits follow their bottle, returns follow their sale.
fn check_own(line: &Line) -> Result<(), Rejection> {
    if line.parent.is_some() {
        return Err(Rejection::not_now(
            "line",
            "This deposit belongs to another line. Change that line instead.",
        ));
    }
    if line.returns.as_ref().is_some_and(|returns| returns.of.is_some()) {
        return Err(Rejection::not_now(
            "line",
            "This line gives back sold goods. Remove it and add the return again.",
        ));
    }
    Ok(())
}

/// Checks that as much of the goods is known to be there as is wanted; the sentence tells what is left.
fn check_left(world: &dyn World, goods: &Goods, cart: &Cart, wanted: Quantity) -> Result<(), Rejection> {
    let left = world.on_hand(&goods.item, &cart.location)?;
    if wanted <= left {
        return Ok(());
    }
    Err(Rejection::not_now(
        "quantity",
        format!(
            "Only {left} of {} are there. Count again, or sell less.",
            goods.name
        ),
    ))
}

//! What a screen shows of a cart: totals and one page of lines, worked out anew from the state.

use crate::cart::{Cart, GivenDiscount, Line, LineId, Weighing};
use crate::catalogue::{ItemKind, TenderClass};
use crate::context::World;
use crate::limits;
use crate::money::Currency;
use crate::price::{self, Discount, LineInput, LineTax, Priced, PricedLine, TaxTotal};
use crate::quantity::{Quantity, Unit, UnitPrice};
use crate::rejection::Rejection;
use crate::tender::{self, Payment};
use barrow_log::id::{CartId, ItemId};
use serde::{Deserialize, Serialize};

/// Prices a cart: live lines in order. Returned goods keep the amounts of their sale.
///
/// # Errors
/// When an amount leaves its bounds.
pub fn price_cart(cart: &Cart) -> Result<Priced, Rejection> {
    let discounts: Vec<Vec<Discount>> = cart.live_lines().map(line_discounts).collect();
    let inputs: Vec<LineInput<'_>> = cart
        .live_lines()
        .zip(&discounts)
        .filter(|(line, _)| frozen(line).is_none())
        .map(|(line, discounts)| LineInput {
            quantity: line.quantity,
            unit_price: line.unit_price,
            amount_minor: line.amount_minor,
            offer_minor: line
                .offers
                .iter()
                .fold(0, |sum, offer| sum.saturating_add(offer.amount_minor)),
            discounts,
            taxes: cart
                .tax_sets
                .get(line.tax_set as usize)
                .map_or(&[][..], |set| &set.taxes),
            discountable: line.goods.kind != ItemKind::Deposit,
        })
        .collect();
    let given: Vec<Discount> = cart.discounts.iter().map(|given| given.discount).collect();
    let priced = price::price(cart.terms.currency, &cart.terms.price_policy(), &inputs, &given)
        .map_err(|fault| Rejection::range("cart", "too large", &fault.to_string()))?;
    if inputs.len() == discounts.len() {
        return Ok(priced);
    }
    with_frozen(cart, priced)
}

fn line_discounts(line: &Line) -> Vec<Discount> {
    line.discounts.iter().map(|given| given.discount).collect()
}

fn frozen(line: &Line) -> Option<&crate::cart::FrozenAmounts> {
    line.returns.as_ref().and_then(|returns| returns.frozen.as_ref())
}

/// Puts returned goods with their own amounts between the lines that were priced.
fn with_frozen(cart: &Cart, priced: Priced) -> Result<Priced, Rejection> {
    let Priced {
        lines,
        mut taxes,
        mut base_minor,
        mut tax_minor,
        mut total_minor,
        mut discount_minor,
    } = priced;
    let mut fresh = lines.into_iter();
    let mut lines = Vec::with_capacity(cart.lines.len());
    for line in cart.live_lines() {
        let Some(amounts) = frozen(line) else {
            lines.extend(fresh.next());
            continue;
        };
        let off = amounts.discount_minor;
        let mut tax = 0;
        for part in &amounts.taxes {
            add(&mut tax, part.amount_minor)?;
            add_tax(&mut taxes, cart, line, part)?;
        }
        if amounts.base_minor.checked_add(tax) != Some(amounts.total_minor) {
            // Our own shares always add up; a line from elsewhere that does not must never reach the ledger.
            return Err(Rejection::Unreadable {
                what: format!("the amounts of returned line {}", line.id),
            });
        }
        add(&mut base_minor, amounts.base_minor)?;
        add(&mut tax_minor, tax)?;
        add(&mut total_minor, amounts.total_minor)?;
        add(&mut discount_minor, off)?;
        lines.push(PricedLine {
            extended_minor: amounts.extended_minor,
            offer_minor: 0,
            line_percent_minor: 0,
            cart_percent_minor: 0,
            line_amount_minor: off,
            cart_amount_minor: 0,
            net_minor: amounts.extended_minor.saturating_sub(off),
            base_minor: amounts.base_minor,
            tax_minor: tax,
            total_minor: amounts.total_minor,
            taxes: amounts
                .taxes
                .iter()
                .map(|part| LineTax {
                    tax: part.tax,
                    base_minor: part.base_minor,
                    amount_minor: part.amount_minor,
                    rate: part.rate,
                })
                .collect(),
        });
    }
    Ok(Priced {
        lines,
        taxes,
        base_minor,
        tax_minor,
        total_minor,
        discount_minor,
    })
}

/// Adds to a sum of the document.
fn add(sum: &mut i64, amount: i64) -> Result<(), Rejection> {
    *sum = sum
        .checked_add(amount)
        .ok_or_else(|| Rejection::range("cart", "too large", "an amount leaves its bounds"))?;
    Ok(())
}

/// Adds one tax of a returned line to the row of its tax and rate.
fn add_tax(
    taxes: &mut Vec<TaxTotal>,
    cart: &Cart,
    line: &Line,
    part: &crate::cart::TaxAmount,
) -> Result<(), Rejection> {
    let same = |total: &&mut TaxTotal| total.tax == part.tax && total.rate == part.rate;
    if let Some(total) = taxes.iter_mut().find(same) {
        add(&mut total.base_minor, part.base_minor)?;
        return add(&mut total.amount_minor, part.amount_minor);
    }
    let set = cart.tax_sets.get(line.tax_set as usize);
    let known = |tax: &&crate::tax::Tax| tax.id == part.tax && tax.rate() == part.rate;
    let Some(tax) = set.and_then(|set| set.taxes.iter().find(known)) else {
        return Ok(());
    };
    taxes.push(TaxTotal {
        tax: tax.id,
        name: tax.name.clone(),
        group: tax.group.clone(),
        class: tax.class,
        rate: tax.rate(),
        base_minor: part.base_minor,
        amount_minor: part.amount_minor,
    });
    Ok(())
}

/// What a cart comes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Gives the total without tax, in minor units.
    pub base_minor: i64,
    /// Gives the tax, in minor units.
    pub tax_minor: i64,
    /// Gives the total, in minor units.
    pub total_minor: i64,
    /// Gives all that was taken off, in minor units.
    pub discount_minor: i64,
    /// Gives what was paid, in minor units.
    pub paid_minor: i64,
    /// Gives what is left to pay, in minor units; negative when money goes to the customer.
    pub open_minor: i64,
}

impl Totals {
    /// Sums up a cart. Payments + open balance = total, at every step.
    pub fn of(cart: &Cart, priced: &Priced) -> Self {
        let paid_minor = cart.paid_minor();
        Self {
            base_minor: priced.base_minor,
            tax_minor: priced.tax_minor,
            total_minor: priced.total_minor,
            discount_minor: priced.discount_minor,
            paid_minor,
            open_minor: priced.total_minor.saturating_sub(paid_minor),
        }
    }
}

/// One line as a screen shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineView {
    /// Names it.
    pub id: LineId,
    /// Names the line that brought it.
    pub parent: Option<LineId>,
    /// Names the item.
    pub item: ItemId,
    /// Gives the item's SKU.
    pub sku: String,
    /// Gives the item's name.
    pub name: String,
    /// Tells how it is sold.
    pub kind: ItemKind,
    /// Gives its quantity.
    pub quantity: Quantity,
    /// Gives the unit of the quantity.
    pub unit: Unit,
    /// Gives the price of one unit.
    pub unit_price: UnitPrice,
    /// Gives how many units the shown price is for.
    pub price_per: Quantity,
    /// Gives the catalogue's price where the line's differs from it.
    pub list_price: Option<UnitPrice>,
    /// Gives the catalogue's present price, where it is newer than the line's: it is offered, never taken silently.
    pub newer_price: Option<UnitPrice>,
    /// Tells how the weight was found.
    pub weighing: Option<Weighing>,
    /// Tells that the amount of a scale is the fact and the quantity is derived from it.
    pub derived: bool,
    /// Gives the amount before offers and discounts, in minor units.
    pub extended_minor: i64,
    /// Gives all that was taken off, in minor units.
    pub discount_minor: i64,
    /// Gives the amount without tax, in minor units.
    pub base_minor: i64,
    /// Gives the tax, in minor units.
    pub tax_minor: i64,
    /// Gives the amount with tax, in minor units.
    pub total_minor: i64,
    /// Lists its taxes.
    pub taxes: Vec<LineTax>,
    /// Lists the discounts given on it.
    pub discounts: Vec<GivenDiscount>,
    /// Tells why the price differs.
    pub price_reason: Option<String>,
    /// Holds its note.
    pub note: Option<String>,
    /// Tells that the goods come back.
    pub returned: bool,
    /// Gives what is known to be left when that is less than the line takes.
    pub short_of: Option<Quantity>,
}

/// A cart as a screen shows it: totals and one page of lines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CartView {
    /// Names the cart.
    pub cart: CartId,
    /// Gives the currency of every amount.
    pub currency: Currency,
    /// Gives the name it was parked under.
    pub name: Option<String>,
    /// Tells that it waits aside.
    pub parked: bool,
    /// Names the tax mapping it was switched to.
    pub tax_mapping: Option<String>,
    /// Counts its lines, deposits included.
    pub line_count: u32,
    /// Gives the position of the page's first line.
    pub first_line: u32,
    /// Lists the lines of the page.
    pub lines: Vec<LineView>,
    /// Lists the taxes.
    pub taxes: Vec<TaxTotal>,
    /// Holds the totals.
    pub totals: Totals,
    /// Gives what is due when the rest is paid in cash, in minor units.
    pub cash_due_minor: i64,
    /// Lists discounts on the whole cart.
    pub discounts: Vec<GivenDiscount>,
    /// Lists payments against it.
    pub payments: Vec<Payment>,
    /// Holds its note.
    pub note: Option<String>,
    /// Counts what lies on the counter: see [`pieces`].
    pub piece_count: u32,
    /// Shows the line that was added or changed last and is still there; `None` for an empty cart.
    pub last_line: Option<LineView>,
}

impl CartView {
    /// Shows a cart, with the page of lines that begins at `first_line`.
    ///
    /// # Errors
    /// When an amount leaves its bounds, or the catalogue can't be read.
    pub fn of(cart: &Cart, world: &dyn World, first_line: u32) -> Result<Self, Rejection> {
        let priced = price_cart(cart)?;
        let totals = Totals::of(cart, &priced);
        let live: Vec<&Line> = cart.live_lines().collect();
        let page = live
            .iter()
            .zip(&priced.lines)
            .skip(first_line as usize)
            .take(limits::VIEW_LINES);
        let lines = page
            .map(|(line, priced)| line_view(cart, line, priced, world))
            .collect::<Result<_, _>>()?;
        let last_line = last_line(cart, &live)
            .and_then(|index| Some((live.get(index)?, priced.lines.get(index)?)))
            .map(|(line, priced)| line_view(cart, line, priced, world))
            .transpose()?;
        Ok(Self {
            cart: cart.id,
            currency: cart.terms.currency,
            name: cart.name.clone(),
            parked: cart.parked,
            tax_mapping: cart.tax_mapping.clone(),
            line_count: u32::try_from(live.len()).unwrap_or(u32::MAX),
            first_line,
            lines,
            taxes: priced.taxes.clone(),
            cash_due_minor: tender::cash_due_minor(cart, totals.open_minor, true)?,
            totals,
            discounts: cart.discounts.clone(),
            payments: cart.payments.clone(),
            note: cart.note.clone(),
            piece_count: piece_count(cart),
            last_line,
        })
    }

    /// Tells whether paying the rest in cash differs from paying it otherwise.
    pub fn cash_differs(&self) -> bool {
        self.cash_due_minor != self.totals.open_minor
    }

    /// Counts payments of one class.
    pub fn paid_in(&self, class: TenderClass) -> i64 {
        self.payments
            .iter()
            .filter(|payment| payment.class == class)
            .map(|payment| payment.amount_minor)
            .sum()
    }
}

/// Counts what a line puts on the counter: pieces of goods sold by the piece, one for goods that are weighed or
/// measured, none for a deposit. What comes back counts as what is sold.
pub fn pieces(kind: ItemKind, unit: &Unit, quantity: Quantity) -> u32 {
    let size = quantity.decimal().abs();
    match (kind, unit) {
        (ItemKind::Deposit, _) => 0,
        (_, Unit::Each | Unit::Own(_)) if size.is_integer() => u32::try_from(size).unwrap_or(u32::MAX),
        _ => 1,
    }
}

/// Counts what a cart puts on the counter.
pub fn piece_count(cart: &Cart) -> u32 {
    cart.live_lines()
        .map(|line| pieces(line.goods.kind, &line.goods.unit, line.quantity))
        .fold(0, u32::saturating_add)
}

/// Finds the line that was touched last among those that are there, else the newest.
fn last_line(cart: &Cart, live: &[&Line]) -> Option<usize> {
    let touched = live.iter().position(|line| Some(line.id) == cart.last_touched);
    touched
        .or_else(|| live.iter().rposition(|line| line.parent.is_none()))
        .or_else(|| live.len().checked_sub(1))
}

fn line_view(
    cart: &Cart,
    line: &Line,
    priced: &PricedLine,
    world: &dyn World,
) -> Result<LineView, Rejection> {
    let goods = &line.goods;
    Ok(LineView {
        id: line.id,
        parent: line.parent,
        item: goods.item,
        sku: goods.sku.clone(),
        name: goods.name.clone(),
        kind: goods.kind,
        quantity: line.quantity,
        unit: goods.unit.clone(),
        unit_price: line.unit_price,
        price_per: goods.price_per,
        list_price: line.list_price,
        newer_price: newer_price(cart, line, world)?,
        weighing: line.weighing.clone(),
        derived: line.measure == crate::cart::Measure::Amount,
        extended_minor: priced.extended_minor,
        discount_minor: priced.extended_minor - priced.net_minor,
        base_minor: priced.base_minor,
        tax_minor: priced.tax_minor,
        total_minor: priced.total_minor,
        taxes: priced.taxes.clone(),
        discounts: line.discounts.clone(),
        price_reason: line.price_reason.clone(),
        note: line.note.clone(),
        returned: line.returns.is_some(),
        short_of: short_of(cart, line, world)?,
    })
}

/// Returns the catalogue's present price when it is another than the line was listed at.
fn newer_price(cart: &Cart, line: &Line, world: &dyn World) -> Result<Option<UnitPrice>, Rejection> {
    let fixed = matches!(
        line.goods.kind,
        ItemKind::Plain | ItemKind::Weighed | ItemKind::Service | ItemKind::Deposit
    );
    let by_amount = line.measure == crate::cart::Measure::Amount;
    if !fixed || by_amount || line.returns.is_some() || cart.tax_mapping.is_some() {
        return Ok(None);
    }
    let listed = line.list_price.unwrap_or(line.unit_price);
    let now = world.item(&line.goods.item)?.map(|item| item.price.unit_price);
    Ok(now.filter(|now| *now != listed))
}

/// Returns what is left of an item when the cart takes more than that.
fn short_of(cart: &Cart, line: &Line, world: &dyn World) -> Result<Option<Quantity>, Rejection> {
    if !line.goods.tracked || !line.quantity.is_positive() {
        return Ok(None);
    }
    let left = world.on_hand(&line.goods.item, &cart.location)?;
    Ok((left < line.quantity).then_some(left))
}

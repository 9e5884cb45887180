//! Lines that are added to a cart, with the deposits that they bring.

use super::draft::{amount, quantity, unit_price};
use super::price::{switched_price, tax_set};
use super::{
    LineMaker, check_discounts, check_left, check_priceable, deposit_limit, deposits_back, open, resolve,
    too_large,
};
use crate::approval::{self, Approval};
use crate::cart::{Cart, Goods, Line, LineId, Measure, Return, TaxSet};
use crate::catalogue::{Item, ItemKind, Oversell, Shop};
use crate::command::LineDraft;
use crate::context::{Context, Permission, World};
use crate::event::Event;
use crate::limits;
use crate::quantity::Quantity;
use crate::rejection::{Rejection, check_optional};
use crate::state::State;
use barrow_log::id::{CartId, ItemId};

/// Decides about lines that are added.
pub fn add_lines(
    state: &State,
    world: &dyn World,
    context: &Context,
    id: CartId,
    drafts: &[LineDraft],
    approval: &Option<Approval>,
) -> Result<Vec<Event>, Rejection> {
    if drafts.is_empty() {
        return Err(Rejection::missing("lines", "name at least one"));
    }
    if drafts.len() > limits::LINES_PER_COMMAND {
        return Err(Rejection::TooLong {
            field: "lines".into(),
            limit: limits::LINES_PER_COMMAND as u32,
        });
    }
    approval::check(approval)?;
    let (mut events, cart) = open(state, world, context, id)?;
    let shop = world.shop()?;
    let mut adding = Adding {
        world,
        context,
        shop: &shop,
        cart: &cart,
        approval,
        maker: LineMaker::new(&cart),
        merged: Vec::new(),
        merged_quantities: Vec::new(),
        deposits_back: deposits_back(&cart)?,
    };
    for draft in drafts {
        adding.add(draft)?;
    }
    let Adding { maker, merged, .. } = adding;
    events.extend(merged);
    if !maker.lines.is_empty() {
        events.push(maker.into_event(id)?);
    }
    check_priceable(&cart, &events)?;
    Ok(events)
}

/// One command that adds lines.
struct Adding<'a> {
    world: &'a dyn World,
    context: &'a Context,
    shop: &'a Shop,
    cart: &'a Cart,
    approval: &'a Option<Approval>,
    maker: LineMaker,
    merged: Vec<Event>,
    /// How much this command added to lines that the cart has.
    merged_quantities: Vec<(ItemId, Quantity)>,
    deposits_back: Quantity,
}

impl Adding<'_> {
    fn add(&mut self, draft: &LineDraft) -> Result<(), Rejection> {
        let item = resolve(self.world, &draft.item)?;
        if item.archived {
            return Err(Rejection::closed("item", &item.face.name));
        }
        if item.price.currency != self.cart.terms.currency {
            return Err(Rejection::range(
                "item",
                &item.face.name,
                &format!(
                    "its price is in {}, the cart in {}",
                    item.price.currency, self.cart.terms.currency
                ),
            ));
        }
        check_optional("note", &draft.note, limits::NOTE_CHARS)?;
        check_optional("reason", &draft.reason, limits::NOTE_CHARS)?;
        check_discounts(&draft.discounts)?;
        let set = tax_set(self.world, self.shop, &item, self.cart.tax_mapping.as_deref())?;
        let line = self.line(draft, &item, &set)?;
        self.check_stock(draft, &item, &line)?;
        if draft.merge && self.merge(&item, &line, &set)? {
            return Ok(());
        }
        let (quantity, comes_back) = (line.quantity, line.quantity.is_negative());
        let parent = self.maker.add(line, &set)?;
        for deposit in &item.trade.deposits {
            self.add_deposit(deposit, parent, quantity, comes_back)?;
        }
        Ok(())
    }

    fn line(&mut self, draft: &LineDraft, item: &Item, set: &TaxSet) -> Result<Line, Rejection> {
        if item.trade.kind == ItemKind::Deposit && !draft.discounts.is_empty() {
            return Err(Rejection::not_now("discounts", "Deposits are never discounted."));
        }
        let unit_price = unit_price(draft, item)?;
        let listed = switched_price(self.world, self.shop, item, set, item.price.unit_price)?;
        let price = if unit_price == item.price.unit_price {
            listed
        } else {
            unit_price
        };
        let (quantity, weighing) = quantity(draft, item, price)?;
        let amount_minor = amount(draft, item, quantity)?;
        let returns = self.returns(draft, item, quantity)?;
        Ok(Line {
            goods: goods(item),
            unit_price: price,
            tax_set: 0,
            id: LineId::default(),
            quantity,
            parent: None,
            measure: if amount_minor.is_some() {
                Measure::Amount
            } else {
                Measure::Quantity
            },
            amount_minor,
            weighing,
            list_price: (price != listed && item.trade.kind != ItemKind::Department).then_some(listed),
            price_reason: draft.reason.clone(),
            offers: Vec::new(),
            discounts: draft.discounts.clone(),
            note: draft.note.clone(),
            returns,
            voided: false,
        })
    }

    /// Settles what comes back without a receipt: deposits freely up to the policy's number, all else by approval.
    fn returns(
        &mut self,
        draft: &LineDraft,
        item: &Item,
        quantity: Quantity,
    ) -> Result<Option<Return>, Rejection> {
        if !quantity.is_negative() {
            return Ok(None);
        }
        let resaleable = draft.resaleable.unwrap_or(true);
        if item.trade.kind == ItemKind::Deposit {
            self.deposits_back = self
                .deposits_back
                .checked_sub(quantity)
                .map_err(|_| too_large("quantity"))?;
            let limit = deposit_limit(self.shop);
            let approval = match self.deposits_back > limit {
                true => Some(approval::need(
                    &format!("Giving back more than {limit} deposits"),
                    self.approval,
                )?),
                false => None,
            };
            return Ok(Some(Return {
                of: None,
                resaleable,
                reason: draft.reason.clone(),
                approval,
                frozen: None,
            }));
        }
        self.context
            .require(Permission::RefundUnlinked, "take goods back without a receipt")?;
        let approval = approval::need("Taking goods back without a receipt", self.approval)?;
        Ok(Some(Return {
            of: None,
            resaleable,
            reason: draft.reason.clone(),
            approval: Some(approval),
            frozen: None,
        }))
    }

    fn check_stock(&self, draft: &LineDraft, item: &Item, line: &Line) -> Result<(), Rejection> {
        if self.shop.oversell == Oversell::Warn || !line.goods.tracked || !line.quantity.is_positive() {
            return Ok(());
        }
        let mut wanted = line.quantity;
        let merged = self.merged_quantities.iter().filter(|(id, _)| *id == item.id);
        let merged = merged.map(|(_, quantity)| *quantity);
        let same = |other: &&Line| other.goods.item == item.id && !other.voided;
        let lines = self.cart.lines.iter().chain(&self.maker.lines).filter(same);
        for quantity in lines.map(|other| other.quantity).chain(merged) {
            wanted = wanted.checked_add(quantity).map_err(|_| too_large("quantity"))?;
        }
        if self.shop.oversell == Oversell::Ask && draft.oversell {
            return Ok(());
        }
        check_left(self.world, &line.goods, self.cart, wanted)
    }

    /// Adds to an equal line instead of making a new one; quantity changes from two tills add up.
    fn merge(&mut self, item: &Item, line: &Line, set: &TaxSet) -> Result<bool, Rejection> {
        let found = self
            .cart
            .lines
            .iter()
            .rev()
            .find(|known| can_merge(known, line, set, self.cart));
        let Some(found) = found.filter(|_| item.trade.kind == ItemKind::Plain) else {
            return Ok(false);
        };
        let earlier = self.merged.iter().filter_map(|event| match event {
            Event::QuantityChanged { line, by, .. } if *line == found.id => Some(*by),
            _ => None,
        });
        earlier
            .chain([line.quantity])
            .try_fold(found.quantity, |sum, by| sum.checked_add(by))
            .map_err(|_| too_large("quantity"))?;
        self.merged_quantities.push((item.id, line.quantity));
        self.merged.push(Event::QuantityChanged {
            cart: self.cart.id,
            line: found.id,
            by: line.quantity,
        });
        for child in self
            .cart
            .live_lines()
            .filter(|child| child.parent == Some(found.id))
        {
            self.merged.push(Event::QuantityChanged {
                cart: self.cart.id,
                line: child.id,
                by: line.quantity,
            });
        }
        Ok(true)
    }

    fn add_deposit(
        &mut self,
        deposit: &barrow_log::id::ItemId,
        parent: LineId,
        quantity: Quantity,
        comes_back: bool,
    ) -> Result<(), Rejection> {
        let item = self
            .world
            .item(deposit)?
            .ok_or_else(|| Rejection::unknown("deposit", deposit))?;
        let set = tax_set(self.world, self.shop, &item, self.cart.tax_mapping.as_deref())?;
        let mut line = plain_line(&item, quantity);
        line.parent = Some(parent);
        line.unit_price = switched_price(self.world, self.shop, &item, &set, item.price.unit_price)?;
        line.returns = comes_back.then(|| Return {
            of: None,
            resaleable: true,
            reason: None,
            approval: self.approval.clone(),
            frozen: None,
        });
        self.maker.add(line, &set).map(drop)
    }
}

/// Tells whether two lines are the same to the customer: one more of it, not another thing.
fn can_merge(known: &Line, line: &Line, set: &TaxSet, cart: &Cart) -> bool {
    !known.voided
        && known.goods == line.goods
        && known.unit_price == line.unit_price
        && known.quantity.is_positive()
        && line.quantity.is_positive()
        && known.measure == Measure::Quantity
        && line.measure == Measure::Quantity
        && known.discounts == line.discounts
        && known.note == line.note
        && known.offers == line.offers
        && known.price_reason == line.price_reason
        && known.returns.is_none()
        && cart.tax_sets.get(known.tax_set as usize) == Some(set)
}

fn plain_line(item: &Item, quantity: Quantity) -> Line {
    Line {
        goods: goods(item),
        unit_price: item.price.unit_price,
        tax_set: 0,
        id: LineId::default(),
        quantity,
        parent: None,
        measure: Measure::Quantity,
        amount_minor: None,
        weighing: None,
        list_price: None,
        price_reason: None,
        offers: Vec::new(),
        discounts: Vec::new(),
        note: None,
        returns: None,
        voided: false,
    }
}

/// Freezes what an item is.
fn goods(item: &Item) -> Goods {
    Goods {
        item: item.id,
        sku: item.face.sku.clone(),
        name: item.face.name.clone(),
        kind: item.trade.kind,
        unit: item.trade.unit.clone(),
        price_per: item.trade.price_per,
        tracked: item.keeps_stock(),
        category: item.face.category.clone(),
    }
}

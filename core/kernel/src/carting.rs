//! What may happen to an open cart: lines added, changed, removed, priced anew, put aside, given up.

use crate::approval::{self, Approval};
use crate::cart::{Cart, GivenDiscount, Goods, Line, LineId, Measure, Return, TaxSet, Terms, Weighing};
use crate::catalogue::{Item, ItemKind, Oversell, Shop};
use crate::command::{ItemRef, LineDraft};
use crate::context::{Context, Permission, World};
use crate::event::{Event, LineRepricing};
use crate::limits;
use crate::price::{Discount, PricedLine};
use crate::quantity::{Quantity, Rate, UnitPrice};
use crate::rejection::{Rejection, check_optional, check_required};
use crate::sale::CartVoid;
use crate::scan;
use crate::state::State;
use crate::tax::{self, Tax};
use crate::view;
use barrow_log::id::{CartId, ItemId, TaxId};

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
    let cart = Cart {
        id,
        terms: terms.clone(),
        location: context.location,
        opened_ms: context.now_ms,
        name: None,
        parked: false,
        tax_mapping: None,
        tax_sets: Vec::new(),
        lines: Vec::new(),
        discounts: Vec::new(),
        payments: Vec::new(),
        note: None,
        next_line: 0,
    };
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
        let left = self.world.on_hand(&item.id, &self.cart.location)?;
        if wanted <= left || (self.shop.oversell == Oversell::Ask && draft.oversell) {
            return Ok(());
        }
        Err(Rejection::not_now(
            "quantity",
            format!(
                "Only {left} of {} are there. Count again, or sell less.",
                item.face.name
            ),
        ))
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

/// Returns the taxes of an item under a mapping, in the order in which they are computed.
fn tax_set(world: &dyn World, shop: &Shop, item: &Item, mapping: Option<&str>) -> Result<TaxSet, Rejection> {
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
fn switched_price(
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

/// Settles the price of one unit: the catalogue's, a typed one, or a haggled one with its reason.
fn unit_price(draft: &LineDraft, item: &Item) -> Result<UnitPrice, Rejection> {
    let Some(price) = draft.unit_price else {
        let typed = matches!(
            item.trade.kind,
            ItemKind::OpenPrice | ItemKind::Department | ItemKind::GiftCard
        );
        if typed && item.price.unit_price.is_zero() && draft.amount_minor.is_none() {
            return Err(Rejection::missing("unit_price", "type the price of this item"));
        }
        return Ok(item.price.unit_price);
    };
    if price.is_negative() {
        return Err(Rejection::range("unit_price", price, "a price is zero or more"));
    }
    if item.trade.kind == ItemKind::Deposit && price != item.price.unit_price {
        return Err(Rejection::not_now("unit_price", "A deposit has a fixed price."));
    }
    let fixed = matches!(
        item.trade.kind,
        ItemKind::Plain | ItemKind::Weighed | ItemKind::Service | ItemKind::Deposit
    );
    if fixed
        && price != item.price.unit_price
        && draft.reason.as_deref().is_none_or(|why| why.trim().is_empty())
    {
        return Err(Rejection::missing(
            "reason",
            "another price than the catalogue's needs one",
        ));
    }
    Ok(price)
}

/// Settles the quantity: typed, net of tare, or derived from the amount of a price-computing scale.
fn quantity(
    draft: &LineDraft,
    item: &Item,
    price: UnitPrice,
) -> Result<(Quantity, Option<Weighing>), Rejection> {
    if draft.gross.is_none() && draft.tare.is_some() {
        return Err(Rejection::missing("gross", "a tare is taken off a gross weight"));
    }
    if let Some(gross) = draft.gross {
        if item.trade.kind != ItemKind::Weighed {
            return Err(Rejection::range(
                "gross",
                gross,
                "this item is not sold by weight",
            ));
        }
        if draft.quantity.is_some() {
            return Err(Rejection::range(
                "gross",
                gross,
                "give a quantity or a gross weight, not both",
            ));
        }
        let tare = draft.tare.or(item.trade.tare).unwrap_or(Quantity::ZERO);
        if tare.is_negative() {
            return Err(Rejection::range("tare", tare, "a tare is zero or more"));
        }
        let net = gross.checked_sub(tare).map_err(|_| too_large("gross"))?;
        if !net.is_positive() {
            return Err(Rejection::range(
                "gross",
                gross,
                &format!("it must be more than the tare of {tare}"),
            ));
        }
        return Ok((net, Some(Weighing { gross, tare })));
    }
    if let (Some(amount), None) = (draft.amount_minor, draft.quantity) {
        let derived = derived_quantity(item, amount, price)?;
        if derived.is_zero() {
            return Err(Rejection::range(
                "amount_minor",
                amount,
                "goods that are given away need their weight",
            ));
        }
        return Ok((derived, None));
    }
    let quantity = match draft.quantity {
        Some(quantity) => quantity,
        None if item.trade.kind == ItemKind::Weighed => {
            return Err(Rejection::missing("quantity", "this item is sold by weight"));
        }
        None => Quantity::ONE,
    };
    if quantity.is_zero() {
        return Err(Rejection::range("quantity", quantity, "it can't be zero"));
    }
    Ok((quantity, None))
}

/// Derives the quantity of an amount: amount / price, at three places, at least the smallest step.
fn derived_quantity(item: &Item, amount: i64, price: UnitPrice) -> Result<Quantity, Rejection> {
    if item.trade.kind != ItemKind::Weighed || price.is_zero() {
        return Ok(if amount < 0 {
            Quantity::ONE.negated()
        } else {
            Quantity::ONE
        });
    }
    Quantity::of_amount(amount, price, item.price.currency.digits).ok_or_else(|| too_large("amount_minor"))
}

fn amount(draft: &LineDraft, item: &Item, quantity: Quantity) -> Result<Option<i64>, Rejection> {
    let Some(amount) = draft.amount_minor else {
        return Ok(None);
    };
    if amount
        .checked_abs()
        .is_none_or(|size| size > limits::AMOUNT_MINOR)
    {
        return Err(Rejection::range(
            "amount_minor",
            amount,
            "the amount is too large",
        ));
    }
    if item.trade.kind == ItemKind::Plain || item.trade.kind == ItemKind::Deposit {
        return Err(Rejection::range(
            "amount_minor",
            amount,
            "this item is sold by the piece; give a price instead",
        ));
    }
    if (amount < 0) != quantity.is_negative() {
        return Err(Rejection::range(
            "amount_minor",
            amount,
            "it must have the sign of the quantity",
        ));
    }
    Ok(Some(amount))
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
    let left = world.on_hand(&line.goods.item, &cart.location)?;
    if wanted <= left {
        return Ok(());
    }
    Err(Rejection::not_now(
        "quantity",
        format!(
            "Only {left} of {} are there. Count again, or sell less.",
            line.goods.name
        ),
    ))
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

//! The terminal till: one person, one line of input at a time, the cart shown after each.
//!
//! It holds no rule: it finds the goods, makes commands, and says in words what came back.

use super::grammar::{self, Goods, Wish};
use super::{screen, undo};
use crate::output::Failure;
use crate::shop::Shop;
use barrow_kernel::approval::Approval;
use barrow_kernel::catalogue::{Item, ItemKind};
use barrow_kernel::command::{Command, ItemRef, LineDraft};
use barrow_kernel::quantity::{Quantity, UnitPrice};
use barrow_kernel::scan;
use barrow_kernel::view::{CartView, LineView};
use barrow_log::id::CartId;
use barrow_till::outcome::{Outcome, View};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Lists at most this many goods to choose from: one screen, one digit.
pub const CHOICES: usize = 9;
/// Remembers this many changes to take back.
const UNDO: usize = 100;
/// Gives the places of a unit price that was typed for several units.
const PRICE_PLACES: u32 = 8;

/// What the till asked, so that the next line is its answer.
enum Question {
    Which(Vec<Arc<Item>>, Goods),
    Weight(Arc<Item>, Goods),
    Price(Arc<Item>, Goods),
    WhyBack(Arc<Item>, Goods),
}

/// A person at the till.
pub struct Session<'a> {
    pub(super) shop: &'a Shop,
    pub(super) cart: Option<CartId>,
    pub(super) big: bool,
    question: Option<Question>,
    undo: Vec<Vec<Command>>,
    ages: BTreeSet<u8>,
}

/// What a line of input came to.
pub enum Answer {
    /// Something to show.
    Show(String),
    /// The person leaves.
    Bye(String),
}

impl<'a> Session<'a> {
    /// Starts, with the newest open cart that does not wait aside.
    ///
    /// # Errors
    /// When the shop can't be read.
    pub fn new(shop: &'a Shop, big: bool) -> Result<Self, Failure> {
        let mut session = Self {
            shop,
            cart: None,
            big,
            question: None,
            undo: Vec::new(),
            ages: BTreeSet::new(),
        };
        session.cart = shop
            .open_carts()?
            .into_iter()
            .rev()
            .find(|view| !view.parked)
            .map(|view| view.cart);
        Ok(session)
    }

    /// Says hello: whose till it is, and what lies open.
    ///
    /// # Errors
    /// When the shop can't be read.
    pub fn welcome(&self) -> Result<String, Failure> {
        let shop = self.shop.settings()?;
        let mut out = format!(
            "{}. Type goods, = to charge, help for everything else.\n",
            shop.name
        );
        let open = self.shop.open_carts()?.len();
        if let Some(view) = self.view()? {
            out.push_str("An open cart is as you left it:\n");
            out.push_str(&self.draw(&view)?);
        }
        if open > usize::from(self.cart.is_some()) {
            out.push_str(&format!(
                "Carts put aside: {}. Type carts to see them.\n",
                open - usize::from(self.cart.is_some())
            ));
        }
        Ok(out)
    }

    /// Tells what the next line is expected to be.
    pub fn prompt(&self) -> &'static str {
        match self.question {
            Some(Question::Which(..)) => "which? ",
            Some(Question::Weight(..)) => "weight? ",
            Some(Question::Price(..)) => "price? ",
            Some(Question::WhyBack(..)) => "why? ",
            None => "> ",
        }
    }

    /// Answers one line. What is refused is told, and nothing is changed.
    pub fn answer(&mut self, line: &str) -> Answer {
        let wish = match self.asked(line) {
            Some(Ok(text)) => return Answer::Show(text),
            Some(Err(fault)) => return Answer::Show(format!("{}\n", fault.sentence())),
            None => self
                .shop
                .settings()
                .and_then(|shop| grammar::read(line, shop.currency).map_err(Failure::invalid)),
        };
        match wish {
            Ok(Wish::Quit) => Answer::Bye(self.bye()),
            Ok(wish) => Answer::Show(
                self.carry_out(wish)
                    .unwrap_or_else(|fault| format!("{}\n", fault.sentence())),
            ),
            Err(fault) => Answer::Show(format!("{}\n", fault.sentence())),
        }
    }

    fn bye(&self) -> String {
        match self.shop.open_carts().map(|carts| carts.len()) {
            Ok(0) | Err(_) => "Bye.\n".into(),
            Ok(1) => "Bye. The open cart is kept.\n".into(),
            Ok(open) => format!("Bye. {open} open carts are kept.\n"),
        }
    }

    fn carry_out(&mut self, wish: Wish) -> Result<String, Failure> {
        match wish {
            Wish::Look => self.look(),
            Wish::Help => Ok(screen::HELP.into()),
            Wish::Quit => Ok(String::new()),
            Wish::Add(goods) => self.add(goods),
            Wish::Undo => self.take_back(),
            Wish::Remove(line) => {
                let (cart, line) = self.line(line)?;
                self.tap(Command::VoidLine { cart, line: line.id })
            }
            Wish::Quantity(line, quantity) => {
                let (cart, line) = self.line(line)?;
                self.tap(Command::SetQuantity {
                    cart,
                    line: line.id,
                    quantity,
                })
            }
            Wish::Discount(off, line, reason) => self.discount(off, line, reason),
            Wish::Price(line, price, reason) => {
                let (cart, line) = self.line(line)?;
                let unit_price = per_unit(price, line.price_per)?;
                let reason = reason.unwrap_or_else(|| HAGGLED.into());
                self.tap(Command::SetPrice {
                    cart,
                    line: line.id,
                    unit_price,
                    reason,
                })
            }
            other => super::counter::carry_out(self, other),
        }
    }

    /// Shows the cart as it is.
    pub(super) fn look(&self) -> Result<String, Failure> {
        match self.view()? {
            Some(view) => self.draw(&view),
            None => Ok("The cart is empty. Type goods, like: 2 croissant\n".into()),
        }
    }

    pub(super) fn draw(&self, view: &CartView) -> Result<String, Failure> {
        let shop = self.shop.settings()?;
        if view.line_count == 0 && view.payments.is_empty() {
            return Ok("The cart is empty.\n".into());
        }
        Ok(screen::cart(view, &shop.denominations, self.big))
    }

    /// Returns the cart with all its lines.
    pub(super) fn view(&self) -> Result<Option<CartView>, Failure> {
        self.cart.map_or(Ok(None), |cart| self.shop.cart(cart))
    }

    /// Finds a line by its number at the left.
    pub(super) fn line(&self, number: usize) -> Result<(CartId, LineView), Failure> {
        let view = self
            .view()?
            .ok_or_else(|| Failure::invalid("The cart is empty."))?;
        let mut lines = view.lines.into_iter().filter(|line| line.parent.is_none());
        let line = lines.nth(number.saturating_sub(1));
        let line = line.ok_or_else(|| Failure::invalid(format!("There is no line {number}.")))?;
        Ok((view.cart, line))
    }

    /// Carries out a change of the cart, keeps the way back, and shows the cart.
    pub(super) fn tap(&mut self, command: Command) -> Result<String, Failure> {
        let before = self.view()?;
        self.shop.send(command)?;
        let Some(after) = self.view()? else {
            return self.look();
        };
        self.undo.push(undo::between(before.as_ref(), &after));
        let surplus = self.undo.len().saturating_sub(UNDO);
        self.undo.drain(..surplus);
        Ok(self.age_note(&after)? + &self.draw(&after)?)
    }

    fn take_back(&mut self) -> Result<String, Failure> {
        let Some(commands) = self.undo.pop().filter(|_| self.cart.is_some()) else {
            return Ok("There is nothing to take back.\n".into());
        };
        for command in commands {
            self.shop.send(command)?;
        }
        self.look()
    }

    /// Begins anew after a sale, or when the cart was put aside.
    pub(super) fn forget(&mut self, next: Option<CartId>) {
        self.cart = next;
        self.undo.clear();
        self.ages.clear();
        self.question = None;
    }

    /// Returns the cart that goods go into, making its id when there is none.
    pub(super) fn cart_id(&mut self) -> Result<CartId, Failure> {
        let cart = match self.cart {
            Some(cart) => cart,
            None => CartId::from_bytes(crate::place::id()?),
        };
        self.cart = Some(cart);
        Ok(cart)
    }

    /// Asks for the age once a cart, for each limit.
    fn age_note(&mut self, view: &CartView) -> Result<String, Failure> {
        let mut out = String::new();
        for line in &view.lines {
            let item = self.shop.world(|world| world.item(&line.item))?;
            if let Some(age) = item.and_then(|item| item.trade.min_age)
                && self.ages.insert(age)
            {
                out.push_str(&format!(
                    "From {age} years on. Look at the customer, or ask for proof.\n"
                ));
            }
        }
        Ok(out)
    }

    fn discount(
        &mut self,
        off: grammar::Off,
        line: Option<usize>,
        reason: Option<String>,
    ) -> Result<String, Failure> {
        use barrow_kernel::cart::GivenDiscount;
        use barrow_kernel::price::Discount;
        let (discount, nothing) = match off {
            grammar::Off::Percent(rate) => (Discount::Percent(rate), rate.is_zero()),
            grammar::Off::Amount(minor) => (Discount::Amount(minor), minor == 0),
        };
        let discounts = if nothing {
            Vec::new()
        } else {
            vec![GivenDiscount { discount, reason }]
        };
        match line {
            Some(number) => {
                let (cart, line) = self.line(number)?;
                self.tap(Command::DiscountLine {
                    cart,
                    line: line.id,
                    discounts,
                })
            }
            None => {
                let cart = self.cart.ok_or_else(|| Failure::invalid("The cart is empty."))?;
                self.tap(Command::DiscountCart { cart, discounts })
            }
        }
    }

    // Goods ---------------------------------------------------------------------------------------

    fn add(&mut self, goods: Goods) -> Result<String, Failure> {
        if !goods.words.contains(char::is_whitespace)
            && let Some(done) = self.add_by_code(&goods)?
        {
            return Ok(done);
        }
        let mut found = self.shop.search(&goods.words, CHOICES)?;
        let same = |item: &Arc<Item>| item.face.name.to_lowercase() == goods.words.to_lowercase();
        if let Some(at) = found.iter().position(same) {
            found = vec![found.swap_remove(at)];
        }
        match found.as_slice() {
            [] => Ok(format!(
                "Nothing here is called {}. Type other words, a SKU or a barcode; or sell it by its price: any @2.50\n",
                screen::fit(&goods.words, 40)
            )),
            [only] => self.add_item(Arc::clone(only), goods),
            several => {
                let out = screen::choices(several);
                self.question = Some(Question::Which(found, goods));
                Ok(out)
            }
        }
    }

    /// Adds what a code or SKU names; `None` when it names nothing.
    fn add_by_code(&mut self, goods: &Goods) -> Result<Option<String>, Failure> {
        let year = scan::year_of(crate::place::now_ms());
        let found = self
            .shop
            .world(|world| match scan::find(world, &goods.words, year) {
                Ok(found) => Ok(Some((found.items, found.value.is_some()))),
                // What is no code can still be a word.
                Err(_) => Ok(None),
            })?;
        let Some((items, has_value)) = found else {
            return Ok(None);
        };
        let items: Vec<Arc<Item>> = items.into_iter().filter(|item| !item.archived).collect();
        match items.as_slice() {
            [] if goods.words.len() >= 8 && goods.words.bytes().all(|sign| sign.is_ascii_digit()) => {
                Err(Failure::invalid(format!(
                    "No item has the code {}. Sell it by its price: any @2.50",
                    goods.words
                )))
            }
            [] => {
                let upper = goods.words.to_uppercase();
                let item = self
                    .shop
                    .world(|world| world.item_by_sku(&upper))?
                    .filter(|item| !item.archived);
                item.map(|item| self.add_item(item, goods.clone())).transpose()
            }
            [only] if has_value && goods.price.is_none() && goods.quantity.is_none() => {
                let (cart, code, only) = (self.cart_id()?, goods.words.clone(), only.face.name.clone());
                let text = self.tap(Command::Scan {
                    cart,
                    code,
                    quantity: None,
                })?;
                Ok(Some(if self.big { text } else { format!("{only}\n{text}") }))
            }
            [only] => self.add_item(Arc::clone(only), goods.clone()).map(Some),
            several => {
                let out = screen::choices(several);
                self.question = Some(Question::Which(items, goods.clone()));
                Ok(Some(out))
            }
        }
    }

    fn add_item(&mut self, item: Arc<Item>, goods: Goods) -> Result<String, Failure> {
        let typed = matches!(
            item.trade.kind,
            ItemKind::OpenPrice | ItemKind::Department | ItemKind::GiftCard
        );
        let back = goods
            .quantity
            .as_ref()
            .is_some_and(|(quantity, _)| quantity.is_negative());
        if item.trade.kind == ItemKind::Weighed && goods.quantity.is_none() {
            let text = format!(
                "{} is sold by weight: how many {}? Like 1.234\n",
                item.face.name, item.trade.unit
            );
            self.question = Some(Question::Weight(item, goods));
            return Ok(text);
        }
        if typed && goods.price.is_none() && item.price.unit_price.is_zero() {
            let text = format!("What does {} cost?\n", item.face.name);
            self.question = Some(Question::Price(item, goods));
            return Ok(text);
        }
        if back && item.trade.kind != ItemKind::Deposit && goods.reason.is_none() {
            let text = format!(
                "{} comes back without a receipt. Why? (with one: refund A-17)\n",
                item.face.name
            );
            self.question = Some(Question::WhyBack(item, goods));
            return Ok(text);
        }
        self.add_line(&item, goods)
    }

    fn add_line(&mut self, item: &Item, goods: Goods) -> Result<String, Failure> {
        let mut draft = LineDraft::of(ItemRef::Id(item.id));
        let mut approval = None;
        if let Some((quantity, unit)) = goods.quantity {
            draft.quantity = Some(match unit {
                None => quantity,
                Some(unit) => unit.convert(quantity, &item.trade.unit).ok_or_else(|| {
                    Failure::invalid(format!(
                        "{} is sold by {}, not by {unit}.",
                        item.face.name, item.trade.unit
                    ))
                })?,
            });
            if quantity.is_negative() && item.trade.kind != ItemKind::Deposit {
                let reason = goods.reason.clone().unwrap_or_default();
                approval = Some(Approval {
                    by: "owner".into(),
                    reason,
                });
            }
        }
        if let Some(price) = goods.price {
            draft.unit_price = Some(per_unit(price, item.trade.price_per)?);
            draft.reason = goods.reason.or_else(|| {
                let fixed = !matches!(
                    item.trade.kind,
                    ItemKind::OpenPrice | ItemKind::Department | ItemKind::GiftCard
                );
                fixed.then(|| HAGGLED.into())
            });
        }
        draft.merge = item.trade.kind == ItemKind::Plain && draft.unit_price.is_none();
        let cart = self.cart_id()?;
        self.tap(Command::AddLines {
            cart,
            lines: vec![draft],
            approval,
        })
    }

    /// Takes the line as the answer to what was asked; `None` when nothing was, or when it is something else.
    fn asked(&mut self, line: &str) -> Option<Result<String, Failure>> {
        let line = line.trim();
        match self.question.take()? {
            _ if line.is_empty() => Some(Ok("Left out.\n".into())),
            Question::Which(items, goods) => {
                let at = line
                    .parse::<usize>()
                    .ok()
                    .filter(|at| (1..=items.len()).contains(at))?;
                Some(self.add_item(Arc::clone(&items[at - 1]), goods))
            }
            Question::Weight(item, goods) => {
                let quantity = Some(grammar::measure(line)?);
                Some(self.add_item(item, Goods { quantity, ..goods }))
            }
            Question::Price(item, goods) => {
                let price = barrow_till::number::plain(line, true).ok()?.parse().ok()?;
                Some(self.add_item(
                    item,
                    Goods {
                        price: Some(price),
                        ..goods
                    },
                ))
            }
            Question::WhyBack(item, goods) => Some(self.add_item(
                item,
                Goods {
                    reason: Some(line.to_owned()),
                    ..goods
                },
            )),
        }
    }

    /// Sends a command and returns what it was about.
    pub(super) fn send(&self, command: Command) -> Result<View, Failure> {
        self.shop.send(command).map(|outcome: Outcome| outcome.view)
    }
}

/// Stands on the receipt when a price was changed without telling why.
const HAGGLED: &str = "agreed price";

/// Turns a price as people say it (2.29 for 100 g) into the price of one unit.
pub(super) fn per_unit(price: UnitPrice, per: Quantity) -> Result<UnitPrice, Failure> {
    use rust_decimal::RoundingStrategy::MidpointAwayFromZero;
    let one = price.decimal().checked_div(per.decimal());
    let one = one.map(|one| one.round_dp_with_strategy(PRICE_PLACES, MidpointAwayFromZero));
    one.and_then(|one| UnitPrice::try_from(one).ok())
        .ok_or_else(|| Failure::invalid(format!("{price} is not a price here.")))
}

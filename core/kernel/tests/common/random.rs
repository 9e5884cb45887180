//! Random shops and random commands, read from a few words of chance each: what proptest shrinks stays readable.

use super::*;
use barrow_kernel::cart::{GivenDiscount, LineId};
use barrow_kernel::cash::RefundRounding;
use barrow_kernel::catalogue::ItemKind;
use barrow_kernel::limits;
use barrow_kernel::log::id::{ItemId, PaymentId};
use barrow_kernel::price::Discount;
use barrow_kernel::quantity::{Quantity, Unit, UnitPrice};
use barrow_kernel::rounding::Rounding;
use barrow_kernel::stock::{CountLine, MovementKind, MovementLine};
use rust_decimal::Decimal;

/// Words of chance, drawn one after the other; an empty urn gives zeros.
#[derive(Clone, Debug)]
pub struct Chance {
    words: Vec<u32>,
    next: usize,
    /// One in four values is absurd.
    pub wild: bool,
}

impl Chance {
    pub fn of(words: &[u32], wild: bool) -> Self {
        Self {
            words: words.to_vec(),
            next: 0,
            wild,
        }
    }

    pub fn below(&mut self, bound: usize) -> usize {
        let word = self.words.get(self.next).copied().unwrap_or(0);
        self.next += 1;
        word as usize % bound.max(1)
    }

    pub fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())].clone()
    }

    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == n - 1
    }

    fn absurd(&mut self) -> bool {
        self.wild && self.one_in(4)
    }

    fn minor(&mut self) -> i64 {
        if self.absurd() {
            let bound = limits::AMOUNT_MINOR;
            return self.pick(&[i64::MIN, i64::MAX, -1, 0, bound, bound + 1, -bound, i64::MAX - 1]);
        }
        self.below(2_000) as i64
    }

    fn quantity(&mut self) -> Quantity {
        if self.absurd() {
            return self.pick(
                &[
                    "1000000000",
                    "-1000000000",
                    "0.00001",
                    "-0.00001",
                    "0",
                    "999999999.99999",
                ]
                .map(qty),
            );
        }
        let whole = ["1", "2", "3", "5"].map(qty);
        let parts = ["0.5", "1.234", "0.001", "12"].map(qty);
        let size = if self.one_in(3) {
            self.pick(&parts)
        } else {
            self.pick(&whole)
        };
        if self.one_in(6) { size.negated() } else { size }
    }

    fn price(&mut self) -> UnitPrice {
        let minor = self.minor();
        let scale = self.pick(&[0, 2, 3, 4]);
        UnitPrice::try_from(Decimal::new(minor, scale)).unwrap_or(UnitPrice::ZERO)
    }

    fn text(&mut self) -> String {
        if self.absurd() {
            return self.pick(&[
                String::new(),
                " ".into(),
                "x".repeat(5_000),
                "\u{7}".into(),
                "é".repeat(1_000),
            ]);
        }
        self.pick(&["dent", "regular", "market day"]).into()
    }

    fn maybe_text(&mut self) -> Option<String> {
        if self.one_in(3) { Some(self.text()) } else { None }
    }

    fn item(&mut self) -> ItemId {
        if self.absurd() {
            item(999)
        } else {
            item(1 + self.below(GOODS) as u128)
        }
    }

    fn line(&mut self) -> LineId {
        if self.absurd() {
            LineId(u32::MAX)
        } else {
            LineId(1 + self.below(6) as u32)
        }
    }

    fn discounts(&mut self) -> Vec<GivenDiscount> {
        let count = self.pick(&[0, 1, 1, 2]);
        let mut one = || GivenDiscount {
            discount: if self.below(2) == 0 {
                let rates = ["0", "5", "12.5", "33.333333", "100", "101", "-1"];
                let known = if self.wild { 7 } else { 5 };
                Discount::Percent(rates[self.below(known)].parse().expect("a rate"))
            } else {
                Discount::Amount(self.minor())
            },
            reason: None,
        };
        (0..count).map(|_| one()).collect()
    }

    fn draft(&mut self) -> LineDraft {
        let mut draft = LineDraft {
            quantity: Some(self.quantity()),
            merge: self.one_in(3),
            resaleable: Some(!self.one_in(4)),
            note: self.maybe_text(),
            ..LineDraft::of(ItemRef::Id(self.item()))
        };
        match self.below(8) {
            0 => (draft.unit_price, draft.reason) = (Some(self.price()), Some(self.text())),
            1 => (draft.quantity, draft.amount_minor) = (None, Some(self.minor())),
            2 => (draft.quantity, draft.gross) = (None, Some(self.quantity())),
            3 => draft.discounts = self.discounts(),
            4 => draft.item = ItemRef::Sku(format!("SKU-{}", self.below(GOODS + 2))),
            _ => {}
        }
        draft
    }
}

/// How many goods a random shop has.
pub const GOODS: usize = 9;

/// Builds a random shop. A plain one has one tax on every item, in the price or on top.
pub fn shop(chance: &mut Chance, plain: bool) -> Setup {
    let mut setup = Setup::new(chance.pick(&["EUR", "JPY", "KWD", "CLF"]));
    if !plain && chance.below(2) == 0 {
        setup = setup.per_document();
    }
    let step = chance.pick(&[0, 5, 10, 50]);
    if step > 0 {
        setup = setup.cash_step(step);
        let rule = setup.shop.cash_rounding.as_mut().expect("a rule");
        if !plain {
            rule.refunds = chance.pick(&[RefundRounding::Mirror, RefundRounding::Exact]);
            rule.mode = chance.pick(&[Rounding::HalfAwayFromZero, Rounding::Down, Rounding::HalfDown]);
            rule.never_to_zero = chance.below(2) == 0;
            rule.allow_exact = chance.below(2) == 0;
        }
    }
    if !plain {
        let modes = [
            Rounding::HalfAwayFromZero,
            Rounding::HalfToEven,
            Rounding::Down,
            Rounding::Ceiling,
        ];
        setup.shop.rounding = chance.pick(&modes);
        setup.shop.tax_rounding = chance.pick(&modes);
    }
    for number in 1..=3 {
        let rate = chance.pick(&["20", "7", "19", "5.5", "0", "8.875"]);
        let tax = if chance.below(3) == 0 {
            on_top(number, rate)
        } else {
            vat(number, rate)
        };
        setup = setup.tax(tax);
    }
    let two: &[u128] = if plain { &[3] } else { &[1, 2] };
    setup
        .mapping("away", 1, &[2])
        .mapping("exempt", 1, &[])
        .goods(9, "0.25", |g| g.kind(ItemKind::Deposit).taxes(&[3]))
        .plain(1, "3.49")
        .goods(2, "0.99", |g| g.taxes(&[2]).brings(9))
        .goods(3, "12.5", |g| g.taxes(two))
        .goods(4, "7.777", |g| g.weighed(Unit::Kilogram, "1").taxes(&[2]))
        .goods(5, "0", |g| g.kind(ItemKind::OpenPrice))
        .goods(6, "0", |g| g.kind(ItemKind::Department).taxes(&[]))
        .goods(7, "25", |g| g.kind(ItemKind::GiftCard).taxes(&[]))
        .goods(8, "0.0125", |g| g.kind(ItemKind::Service).taxes(&[3]))
}

/// Builds a random command that may fit the till as it stands.
pub fn command(till: &mut Till, chance: &mut Chance) -> Command {
    let open: Vec<CartId> = till.state.carts.keys().copied().collect();
    let cart = match chance.below(5) {
        0 if open.len() < 4 => till.cart(),
        _ if chance.absurd() => CartId::from_number(7),
        _ if open.is_empty() => till.cart(),
        _ => chance.pick(&open),
    };
    match chance.below(40) {
        0..=8 => {
            let count = 1 + chance.below(3);
            Command::AddLines {
                cart,
                lines: (0..count).map(|_| chance.draft()).collect(),
                approval: if chance.one_in(3) { None } else { Some(approval()) },
            }
        }
        9..=17 => pay(till, chance, cart),
        18..=21 => take_back(till, chance, cart),
        22..=30 => on_cart(chance, cart),
        31 => correct(till, chance),
        32 => reverse(till, chance, cart),
        33..=36 => on_cash(chance),
        37..=38 => on_stock(chance),
        _ => on_catalogue(till, chance),
    }
}

fn pay(till: &Till, chance: &mut Chance, cart: CartId) -> Command {
    let open = till
        .state
        .carts
        .get(&cart)
        .map_or(0, |_| till.view(cart).totals.open_minor);
    let with = chance.pick(&[CASH, CASH, CARD]);
    let (amount, given) = match chance.below(6) {
        0 => (Some(open / 2), None),
        1 => (None, Some(chance.minor())),
        2 => (None, Some(open.saturating_add(3))),
        3 => (Some(chance.minor()), None),
        _ => (None, None),
    };
    tender(cart, with, amount, given)
}

fn sale_id(till: &Till, chance: &mut Chance) -> SaleId {
    let sales: Vec<SaleId> = till.world.sales.keys().copied().collect();
    match sales.is_empty() || chance.absurd() {
        true => SaleId::from_number(3),
        false => chance.pick(&sales),
    }
}

fn take_back(till: &Till, chance: &mut Chance, cart: CartId) -> Command {
    let count = chance.below(3);
    let mut one = || ReturnDraft {
        line: chance.line(),
        quantity: Some(chance.quantity()),
        resaleable: Some(chance.below(2) == 0),
    };
    let lines = (0..count).map(|_| one()).collect();
    Command::AddReturns {
        cart,
        sale: sale_id(till, chance),
        lines,
        reason: chance.maybe_text(),
    }
}

fn on_cart(chance: &mut Chance, cart: CartId) -> Command {
    let line = chance.line();
    match chance.below(12) {
        0 | 1 => Command::SetQuantity {
            cart,
            line,
            quantity: chance.quantity(),
        },
        2 | 3 => Command::VoidLine { cart, line },
        4 => Command::RestoreLine { cart, line },
        5 => Command::DiscountLine {
            cart,
            line,
            discounts: chance.discounts(),
        },
        6 => Command::DiscountCart {
            cart,
            discounts: chance.discounts(),
        },
        7 => Command::SetPrice {
            cart,
            line,
            unit_price: chance.price(),
            reason: chance.text(),
        },
        8 => Command::Reprice {
            cart,
            lines: Vec::new(),
        },
        9 => Command::SwitchTaxes {
            cart,
            mapping: chance
                .pick(&[None, Some("away"), Some("exempt"), Some("?")])
                .map(Into::into),
        },
        10 => match chance.below(3) {
            0 => Command::Park {
                cart,
                name: chance.maybe_text(),
            },
            1 => Command::Resume { cart },
            _ => Command::SetNote {
                cart,
                line: if chance.below(2) == 0 { None } else { Some(line) },
                note: chance.maybe_text(),
            },
        },
        _ => Command::VoidCart {
            cart,
            reason: chance.maybe_text(),
        },
    }
}

fn correct(till: &Till, chance: &mut Chance) -> Command {
    let sale = sale_id(till, chance);
    let payments: Vec<PaymentId> = match till.world.sales.get(&sale) {
        Some(sale) => sale.payments.iter().map(|payment| payment.id).collect(),
        None => vec![PaymentId::from_number(1)],
    };
    Command::CorrectTender {
        sale,
        payment: chance.pick(&payments),
        tender: chance.pick(&[CASH, CARD]),
        reason: chance.text(),
    }
}

fn reverse(till: &Till, chance: &mut Chance, cart: CartId) -> Command {
    let payments: Vec<PaymentId> = match till.state.carts.get(&cart) {
        Some(cart) if !cart.payments.is_empty() => cart.payments.iter().map(|payment| payment.id).collect(),
        _ => vec![PaymentId::from_number(1)],
    };
    Command::ReversePayment {
        cart,
        payment: chance.pick(&payments),
    }
}

fn on_cash(chance: &mut Chance) -> Command {
    let cash_box = chance.pick(&[None, None, Some(BOX), Some(SPARE_BOX)]);
    let amount_minor = chance.minor();
    let reason = chance.text();
    let counted = CashCount::amount(amount_minor);
    match chance.below(6) {
        0 => Command::OpenShift {
            cash_box,
            float: counted,
        },
        1 => Command::PayIn {
            cash_box,
            amount_minor,
            reason,
        },
        2 => Command::PayOut {
            cash_box,
            amount_minor,
            reason,
        },
        3 => Command::SafeDrop {
            cash_box,
            amount_minor,
        },
        4 => Command::Adjust {
            debit: Account::BadDebt,
            credit: chance.pick(&[Account::Receivable, Account::BadDebt]),
            amount_minor,
            approval: Some(approval()),
        },
        _ => Command::CloseShift {
            cash_box,
            counted,
            blind: false,
            note: chance.maybe_text(),
        },
    }
}

fn on_stock(chance: &mut Chance) -> Command {
    let location = chance.pick(&[None, Some(VAN), Some(LocationId::from_number(1))]);
    if chance.below(3) == 0 {
        return Command::CountStock {
            location,
            lines: vec![CountLine {
                item: ItemRef::Id(chance.item()),
                counted: chance.quantity(),
            }],
        };
    }
    use MovementKind as K;
    Command::MoveStock {
        location,
        movement: chance.pick(&[
            K::Delivery,
            K::TransferOut,
            K::TransferIn,
            K::Waste,
            K::Correction,
        ]),
        lines: vec![MovementLine {
            item: ItemRef::Id(chance.item()),
            quantity: chance.quantity(),
        }],
        reason: chance.maybe_text(),
    }
}

fn on_catalogue(till: &Till, chance: &mut Chance) -> Command {
    let currency = till.world.shop.as_ref().expect("a shop").currency;
    if chance.below(3) == 0 {
        return Command::PutTaxes {
            taxes: vec![vat(1, chance.pick(&["10", "21", "0"]))],
        };
    }
    let known = till
        .world
        .items
        .get(&item(1 + chance.below(3) as u128))
        .expect("goods");
    let mut draft = Goods::new(0, "1", currency).draft;
    draft.id = known.id;
    (draft.face, draft.trade) = (None, None);
    let mut price = known.price.clone();
    price.unit_price = chance.price();
    draft.price = Some(price);
    Command::PutItems { items: vec![draft] }
}

/// Builds a random command for a state whose carts may not be priceable.
pub fn command_anywhere(till: &mut Till, chance: &mut Chance) -> Command {
    let carts: Vec<CartId> = till.state.carts.keys().copied().collect();
    let cart = if carts.is_empty() {
        CartId::from_number(7)
    } else {
        chance.pick(&carts)
    };
    match chance.below(8) {
        0 => tender(cart, chance.pick(&[CASH, CARD]), None, None),
        1 => take_back(till, chance, cart),
        2 => reverse(till, chance, cart),
        3 => correct(till, chance),
        4 => on_cash(chance),
        5 => add_approved(cart, chance.draft()),
        _ => on_cart(chance, cart),
    }
}

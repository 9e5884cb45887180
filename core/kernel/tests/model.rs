//! A second till, written without looking at the first: it keeps a list of facts and works everything out anew
//! from them with plain fractions. It runs beside the kernel on random commands, and after every step both must
//! agree on totals, open balances, expected cash, stock, the ledger, receipt totals and what may be taken back.
//!
//! It covers shops that round tax on each line and give discounts on lines; pricing as such has an oracle of its own.

mod common;

use barrow_kernel::cart::LineId;
use barrow_kernel::catalogue::ItemKind;
use barrow_kernel::command::{Command, ItemRef, LineDraft};
use barrow_kernel::ledger::Account;
use barrow_kernel::log::id::{CartId, CashBoxId, ItemId, LocationId, PaymentId, SaleId, TaxId, TenderId};
use barrow_kernel::price::Discount;
use barrow_kernel::sale::refundable;
use barrow_kernel::stock::MovementKind;
use barrow_kernel::tax::TaxKind;
use common::random::{self, Chance};
use common::*;
use proptest::prelude::*;
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// Where a fact happened.
#[derive(Clone, Debug)]
struct Here {
    id: u128,
    cash_box: CashBoxId,
    location: LocationId,
    series: String,
}

/// What an item was when it was named.
#[derive(Clone, Debug)]
struct Thing {
    item: ItemId,
    kind: ItemKind,
    price: Decimal,
    tax: Option<(TaxId, String, Decimal, bool)>,
}

/// Something that was commanded and accepted.
#[derive(Clone, Debug)]
enum Fact {
    Line(CartId, Thing, Decimal, Vec<Discount>, bool, Option<Thing>),
    Quantity(CartId, LineId, Decimal),
    Void(CartId, LineId, bool),
    Discount(CartId, LineId, Vec<Discount>),
    Price(CartId, LineId, Decimal),
    Back(CartId, SaleId, LineId, Option<Decimal>, bool),
    Pay(CartId, TenderId, Option<i128>, Option<i128>),
    Unpay(CartId, PaymentId),
    GiveUp(CartId),
    Correct(SaleId, PaymentId, TenderId),
    Open(CashBoxId, i128),
    Move(CashBoxId, i128, Account),
    Close(CashBoxId, i128),
    Stock(ItemId, LocationId, Decimal),
    Count(ItemId, LocationId, Decimal),
    Adjust(Account, Account, i128),
}

/// A line, by its figures alone.
#[derive(Clone, Debug)]
struct Row {
    thing: Thing,
    quantity: Decimal,
    discounts: Vec<Discount>,
    parent: Option<u32>,
    void: bool,
    damaged: bool,
    /// Of which sale and line it is, with its total and tax.
    back: Option<(SaleId, LineId, i128, i128)>,
}

#[derive(Clone, Debug, Default)]
struct Paid {
    id: u128,
    tender: Option<TenderId>,
    amount: i128,
    rounding: i128,
}

#[derive(Clone, Debug, Default)]
struct Doc {
    rows: BTreeMap<u32, Row>,
    paid: Vec<Paid>,
    cash_box: Option<CashBoxId>,
    total: i128,
}

/// Everything, worked out from the facts.
#[derive(Clone, Debug, Default)]
struct World {
    carts: BTreeMap<CartId, Doc>,
    sales: BTreeMap<SaleId, Doc>,
    cash: BTreeMap<CashBoxId, i128>,
    ledger: BTreeMap<Account, i128>,
    stock: BTreeMap<(ItemId, LocationId), Decimal>,
    perpetual: BTreeMap<String, (u64, i128)>,
}

struct Model {
    digits: u32,
    step: i128,
    facts: Vec<(Here, Fact)>,
}

/// Rounds num / den half away from zero.
fn round(num: i128, den: i128) -> i128 {
    let (sign, num, den) = ((num * den).signum(), num.abs(), den.abs());
    sign * ((2 * num + den) / (2 * den))
}

fn fraction(value: Decimal) -> (i128, i128) {
    (value.mantissa(), 10_i128.pow(value.scale()))
}

impl Row {
    /// Total and tax.
    fn figures(&self, digits: u32) -> (i128, i128) {
        if let Some((_, _, total, tax)) = self.back {
            return (total, tax);
        }
        let ((a, b), (c, d)) = (fraction(self.thing.price), fraction(self.quantity));
        let mut net = round(a * c * 10_i128.pow(digits), b * d);
        if self.thing.kind != ItemKind::Deposit {
            for discount in &self.discounts {
                if let Discount::Percent(rate) = discount {
                    let (n, d) = fraction(rate.decimal());
                    net = round(net * (100 * d - n), 100 * d);
                }
            }
            for discount in &self.discounts {
                if let Discount::Amount(minor) = discount {
                    net = net.signum() * (net.abs() - i128::from(*minor)).max(0);
                }
            }
        }
        match &self.thing.tax {
            None => (net, 0),
            Some((_, _, rate, included)) => {
                let (n, d) = fraction(*rate);
                match included {
                    true => (net, round(net * n, 100 * d + n)),
                    false => {
                        let tax = round(net * n, 100 * d);
                        (net + tax, tax)
                    }
                }
            }
        }
    }
}

impl Doc {
    fn total(&self, digits: u32) -> (i128, i128) {
        let live = self.rows.values().filter(|row| !row.void);
        live.map(|row| row.figures(digits))
            .fold((0, 0), |sum, row| (sum.0 + row.0, sum.1 + row.1))
    }

    fn paid(&self) -> i128 {
        self.paid.iter().map(|paid| paid.amount).sum()
    }
}

impl World {
    fn post(&mut self, account: Account, amount: i128) {
        *self.ledger.entry(account).or_default() += amount;
    }

    /// Money that comes into a box or onto a tender.
    fn money(&mut self, tender: TenderId, cash_box: CashBoxId, amount: i128) {
        if tender == CASH {
            *self.cash.entry(cash_box).or_default() += amount;
            self.post(Account::CashBox(cash_box), amount);
        } else {
            self.post(Account::Tender(tender), amount);
        }
    }

    /// How much of a sold line came back on finished documents.
    fn came_back(&self, sale: SaleId, line: LineId) -> Decimal {
        let rows = self.sales.values().flat_map(|doc| doc.rows.values());
        rows.filter(|row| is_back(row, sale, line))
            .map(|row| -row.quantity)
            .sum()
    }

    fn left(&self, sale: SaleId, line: LineId) -> Decimal {
        let open = self.carts.values().flat_map(|doc| doc.rows.values());
        let open: Decimal = open
            .filter(|row| is_back(row, sale, line))
            .map(|row| -row.quantity)
            .sum();
        self.sales[&sale].rows[&line.0].quantity - self.came_back(sale, line) - open
    }
}

fn is_back(row: &Row, sale: SaleId, line: LineId) -> bool {
    !row.void && row.back.is_some_and(|back| (back.0, back.1) == (sale, line))
}

impl Model {
    /// Works everything out anew.
    fn world(&self) -> World {
        let mut world = World::default();
        for (here, fact) in &self.facts {
            self.happen(&mut world, here, fact);
        }
        world
    }

    fn happen(&self, world: &mut World, here: &Here, fact: &Fact) {
        match fact {
            Fact::Line(cart, thing, quantity, discounts, damaged, deposit) => {
                let row = Row {
                    thing: thing.clone(),
                    quantity: *quantity,
                    discounts: discounts.clone(),
                    parent: None,
                    void: false,
                    damaged: *damaged && quantity.is_sign_negative(),
                    back: None,
                };
                let rows = &mut world.carts.entry(*cart).or_default().rows;
                let id = rows.len() as u32 + 1;
                rows.insert(id, row.clone());
                if let Some(deposit) = deposit {
                    let child = Row {
                        thing: deposit.clone(),
                        discounts: Vec::new(),
                        parent: Some(id),
                        damaged: false,
                        ..row
                    };
                    rows.insert(id + 1, child);
                }
            }
            Fact::Back(cart, sale, line, quantity, damaged) => {
                self.back(world, *cart, *sale, *line, *quantity, *damaged);
            }
            Fact::Quantity(cart, line, quantity) => {
                let family = |id: &u32, row: &Row| *id == line.0 || row.parent == Some(line.0);
                let rows = world.carts.get_mut(cart).expect("a cart").rows.iter_mut();
                rows.filter(|(id, row)| family(id, row))
                    .for_each(|(_, row)| row.quantity = *quantity);
            }
            Fact::Void(cart, line, void) => {
                let family = |id: &u32, row: &Row| *id == line.0 || row.parent == Some(line.0);
                let rows = world.carts.get_mut(cart).expect("a cart").rows.iter_mut();
                rows.filter(|(id, row)| family(id, row))
                    .for_each(|(_, row)| row.void = *void);
            }
            Fact::Discount(cart, line, discounts) => {
                let doc = world.carts.get_mut(cart).expect("a cart");
                doc.rows.get_mut(&line.0).expect("a row").discounts = discounts.clone();
            }
            Fact::Price(cart, line, price) => {
                let doc = world.carts.get_mut(cart).expect("a cart");
                doc.rows.get_mut(&line.0).expect("a row").thing.price = *price;
            }
            Fact::GiveUp(cart) => drop(world.carts.remove(cart)),
            Fact::Stock(item, place, change) => *world.stock.entry((*item, *place)).or_default() += change,
            Fact::Count(item, place, counted) => drop(world.stock.insert((*item, *place), *counted)),
            Fact::Adjust(debit, credit, amount) => {
                world.post(debit.clone(), *amount);
                world.post(credit.clone(), -amount);
            }
            _ => self.cash(world, here, fact),
        }
    }

    fn cash(&self, world: &mut World, here: &Here, fact: &Fact) {
        match fact {
            Fact::Pay(cart, tender, amount, given) => self.pay(world, here, *cart, *tender, *amount, *given),
            Fact::Unpay(cart, payment) => {
                let doc = world.carts.get_mut(cart).expect("a cart");
                let place = doc.paid.iter().position(|paid| paid.id == payment.0.as_u128());
                let paid = doc.paid.remove(place.expect("a payment"));
                world.money(paid.tender.expect("a tender"), here.cash_box, -paid.amount);
                world.post(Account::PartPayments, paid.amount);
            }
            Fact::Correct(sale, payment, tender) => {
                let doc = world.sales.get_mut(sale).expect("a sale");
                let last = doc.paid.last().is_some_and(|paid| paid.id == payment.0.as_u128());
                let cash_box = doc.cash_box.expect("a box");
                let paid = doc.paid.iter_mut().find(|paid| paid.id == payment.0.as_u128());
                let paid = paid.expect("a payment");
                let old = paid.clone();
                paid.tender = Some(*tender);
                paid.rounding = if last && *tender == CASH {
                    self.due(paid.amount) - paid.amount
                } else {
                    0
                };
                let new = paid.clone();
                world.money(
                    old.tender.expect("a tender"),
                    cash_box,
                    -old.amount - old.rounding,
                );
                world.money(*tender, cash_box, new.amount + new.rounding);
                world.post(Account::Rounding, old.rounding - new.rounding);
            }
            Fact::Open(cash_box, float) => {
                *world.cash.entry(*cash_box).or_default() += float;
                world.post(Account::CashBox(*cash_box), *float);
                world.post(Account::Safe, -float);
            }
            Fact::Move(cash_box, amount, account) => {
                *world.cash.entry(*cash_box).or_default() += amount;
                world.post(Account::CashBox(*cash_box), *amount);
                world.post(account.clone(), -amount);
            }
            Fact::Close(cash_box, counted) => {
                let expected = world.cash.insert(*cash_box, 0).unwrap_or(0);
                world.post(Account::CashBox(*cash_box), -expected);
                world.post(Account::Safe, *counted);
                world.post(Account::OverShort, expected - counted);
            }
            other => unreachable!("{other:?} is no matter of cash"),
        }
    }

    fn due(&self, amount: i128) -> i128 {
        if self.step > 0 {
            round(amount, self.step) * self.step
        } else {
            amount
        }
    }

    fn back(
        &self,
        world: &mut World,
        cart: CartId,
        sale: SaleId,
        line: LineId,
        quantity: Option<Decimal>,
        damaged: bool,
    ) {
        let left = world.left(sale, line);
        let quantity = quantity.unwrap_or(left);
        assert!(quantity <= left, "the kernel gave more back than was sold");
        let sold = world.sales[&sale].rows[&line.0].clone();
        let here = world.carts.get(&cart).cloned().unwrap_or_default();
        let mine = here.rows.values().filter(|row| is_back(row, sale, line));
        let before: Decimal = world.came_back(sale, line) + mine.map(|row| -row.quantity).sum::<Decimal>();
        let cut = |amount: i128| {
            let part = |until: Decimal| {
                let ((a, b), (c, d)) = (fraction(until), fraction(sold.quantity));
                round(amount * a * d, b * c)
            };
            part(before) - part(before + quantity)
        };
        let (total, tax) = sold.figures(self.digits);
        let rows = &mut world.carts.entry(cart).or_default().rows;
        let id = rows.len() as u32 + 1;
        rows.insert(
            id,
            Row {
                thing: sold.thing.clone(),
                quantity: -quantity,
                discounts: Vec::new(),
                parent: None,
                void: false,
                damaged,
                back: Some((sale, line, cut(total), cut(tax))),
            },
        );
    }

    fn pay(
        &self,
        world: &mut World,
        here: &Here,
        cart: CartId,
        tender: TenderId,
        amount: Option<i128>,
        given: Option<i128>,
    ) {
        let doc = world.carts.get_mut(&cart).expect("a cart");
        let total = doc.total(self.digits).0;
        let open = total - doc.paid();
        let mut amount = amount.unwrap_or(open);
        let mut rounding = 0;
        if tender == CASH && amount == open {
            rounding = self.due(open) - open;
        }
        if let Some(given) = given.filter(|given| *given < amount + rounding) {
            (amount, rounding) = (given, 0);
        }
        doc.paid.push(Paid {
            id: here.id,
            tender: Some(tender),
            amount,
            rounding,
        });
        world.money(tender, here.cash_box, amount + rounding);
        world.post(Account::Rounding, -rounding);
        world.post(Account::PartPayments, -amount);
        if amount == open {
            self.sell(world, here, cart, total);
        }
    }

    fn sell(&self, world: &mut World, here: &Here, cart: CartId, total: i128) {
        let mut doc = world.carts.remove(&cart).expect("a cart");
        doc.rows.retain(|_, row| !row.void);
        (doc.cash_box, doc.total) = (Some(here.cash_box), total);
        world.post(Account::PartPayments, total);
        for row in doc.rows.values() {
            let (sum, tax) = row.figures(self.digits);
            let account = match (row.thing.kind, &row.thing.tax) {
                (ItemKind::Deposit, _) => Account::Deposits,
                (ItemKind::GiftCard, _) => Account::GiftCards,
                (_, Some((_, group, _, _))) => Account::Sales(group.clone()),
                (_, None) => Account::Sales("no tax".into()),
            };
            world.post(account, tax - sum);
            if let Some((id, ..)) = &row.thing.tax {
                world.post(Account::Tax(*id), -tax);
            }
            let kept = !matches!(
                row.thing.kind,
                ItemKind::Department | ItemKind::GiftCard | ItemKind::Service
            );
            if kept && !row.damaged {
                *world.stock.entry((row.thing.item, here.location)).or_default() -= row.quantity;
            }
        }
        let counter = world.perpetual.entry(here.series.clone()).or_default();
        *counter = (counter.0 + 1, counter.1 + total);
        world.sales.insert(SaleId::from_number(here.id), doc);
    }
}

/// Reads an item as the catalogue has it now.
fn thing(till: &Till, id: ItemId) -> Thing {
    let item = &till.world.items[&id];
    let tax = item.price.taxes.first().map(|id| {
        let tax = &till.world.taxes[id];
        let TaxKind::Percent(rate) = tax.kind else {
            panic!("a plain shop has percents only")
        };
        (tax.id, tax.group.clone(), rate.decimal(), tax.price_include)
    });
    Thing {
        item: id,
        kind: item.trade.kind,
        price: item.price.unit_price.decimal(),
        tax,
    }
}

fn named(draft: &LineDraft) -> Option<ItemId> {
    match &draft.item {
        ItemRef::Id(id) => Some(*id),
        _ => None,
    }
}

/// Turns a command into facts, as things stand before it; `None` for what this model does not tell.
fn facts(till: &Till, command: &Command) -> Option<Vec<Fact>> {
    let own = till.seat().cash_box;
    Some(match command {
        Command::AddLines { cart, lines, .. } => {
            let mut facts = Vec::new();
            for draft in lines {
                if draft.merge || draft.amount_minor.is_some() || draft.gross.is_some() {
                    return None;
                }
                let id = named(draft).filter(|id| till.world.items.contains_key(id))?;
                let mut goods = thing(till, id);
                if let Some(price) = draft.unit_price {
                    goods.price = price.decimal();
                }
                let deposit = till.world.items[&id].trade.deposits.first();
                let deposit = deposit.map(|deposit| thing(till, *deposit));
                let discounts = draft.discounts.iter().map(|given| given.discount).collect();
                let damaged = draft.resaleable == Some(false);
                let quantity = draft.quantity?.decimal();
                facts.push(Fact::Line(*cart, goods, quantity, discounts, damaged, deposit));
            }
            facts
        }
        Command::AddReturns {
            cart, sale, lines, ..
        } => {
            let all = till.world.sales.get(sale)?.lines.iter();
            let all = all.filter(|line| line.quantity.is_positive() && lines.is_empty());
            let all = all.filter(|line| {
                let sale = &till.world.sales[sale];
                refundable(&till.state, &till.world, sale, line).is_ok_and(|left| left.is_positive())
            });
            let all = all.map(|line| Fact::Back(*cart, *sale, line.id, None, false));
            let some = lines.iter().map(|line| {
                let quantity = line.quantity.map(|quantity| quantity.decimal());
                Fact::Back(*cart, *sale, line.line, quantity, line.resaleable == Some(false))
            });
            all.chain(some).collect()
        }
        Command::SetQuantity { cart, line, quantity } => {
            vec![Fact::Quantity(*cart, *line, quantity.decimal())]
        }
        Command::VoidLine { cart, line } => vec![Fact::Void(*cart, *line, true)],
        Command::RestoreLine { cart, line } => vec![Fact::Void(*cart, *line, false)],
        Command::DiscountLine {
            cart,
            line,
            discounts,
        } => vec![Fact::Discount(
            *cart,
            *line,
            discounts.iter().map(|given| given.discount).collect(),
        )],
        Command::SetPrice {
            cart,
            line,
            unit_price,
            ..
        } => vec![Fact::Price(*cart, *line, unit_price.decimal())],
        Command::VoidCart { cart, .. } => vec![Fact::GiveUp(*cart)],
        Command::Tender {
            cart,
            tender,
            amount_minor,
            given_minor,
            ..
        } => vec![Fact::Pay(
            *cart,
            *tender,
            amount_minor.map(i128::from),
            given_minor.map(i128::from),
        )],
        Command::ReversePayment { cart, payment } => vec![Fact::Unpay(*cart, *payment)],
        Command::CorrectTender {
            sale,
            payment,
            tender,
            ..
        } => vec![Fact::Correct(*sale, *payment, *tender)],
        _ => return back_office(command, own, till.seat().location),
    })
}

fn back_office(command: &Command, own: CashBoxId, here: LocationId) -> Option<Vec<Fact>> {
    let minor = |amount: &i64| i128::from(*amount);
    let counted = |count: &barrow_kernel::shift::CashCount| count.amount_minor.map(i128::from);
    Some(vec![match command {
        Command::OpenShift { cash_box, float } => Fact::Open(cash_box.unwrap_or(own), counted(float)?),
        Command::PayIn {
            cash_box,
            amount_minor,
            reason,
        } => Fact::Move(
            cash_box.unwrap_or(own),
            minor(amount_minor),
            Account::PaidIn(reason.clone()),
        ),
        Command::PayOut {
            cash_box,
            amount_minor,
            reason,
        } => Fact::Move(
            cash_box.unwrap_or(own),
            -minor(amount_minor),
            Account::PaidOut(reason.clone()),
        ),
        Command::SafeDrop {
            cash_box,
            amount_minor,
        } => Fact::Move(cash_box.unwrap_or(own), -minor(amount_minor), Account::Safe),
        Command::CloseShift {
            cash_box,
            counted: cash,
            ..
        } => Fact::Close(cash_box.unwrap_or(own), counted(cash)?),
        Command::Adjust {
            debit,
            credit,
            amount_minor,
            ..
        } => Fact::Adjust(debit.clone(), credit.clone(), minor(amount_minor)),
        Command::MoveStock {
            location,
            movement,
            lines,
            ..
        } => {
            let [line] = lines.as_slice() else { return None };
            let ItemRef::Id(id) = &line.item else { return None };
            let out = matches!(movement, MovementKind::TransferOut | MovementKind::Waste);
            let change = line.quantity.decimal();
            Fact::Stock(*id, location.unwrap_or(here), if out { -change } else { change })
        }
        Command::CountStock { location, lines } => {
            let [line] = lines.as_slice() else { return None };
            let ItemRef::Id(id) = &line.item else { return None };
            Fact::Count(*id, location.unwrap_or(here), line.counted.decimal())
        }
        _ => return None,
    }])
}

/// Compares the till with what the model works out.
fn compare(till: &Till, model: &Model) {
    let world = model.world();
    let open: Vec<&CartId> = till.state.carts.keys().collect();
    assert_eq!(
        open,
        world.carts.keys().collect::<Vec<_>>(),
        "the same carts are open"
    );
    for (cart, doc) in &world.carts {
        let (totals, (total, tax)) = (till.view(*cart).totals, doc.total(model.digits));
        let kernel = [
            totals.total_minor,
            totals.tax_minor,
            totals.paid_minor,
            totals.open_minor,
        ];
        assert_eq!(
            kernel.map(i128::from),
            [total, tax, doc.paid(), total - doc.paid()],
            "{cart}"
        );
    }
    for (cash_box, shift) in &till.state.shifts {
        let expected = world.cash.get(cash_box).copied().unwrap_or(0);
        assert_eq!(i128::from(shift.totals.expected_minor), expected, "expected cash");
    }
    let told = |ledger: &BTreeMap<Account, i128>| -> Vec<(Account, i128)> {
        let told = ledger.iter().filter(|(_, sum)| **sum != 0);
        told.map(|(account, sum)| (account.clone(), *sum)).collect()
    };
    assert_eq!(told(&till.ledger), told(&world.ledger), "the ledger");
    for (key, sum) in &world.stock {
        let known = till.world.stock.get(key).copied().unwrap_or_default();
        assert_eq!(known, *sum, "stock");
    }
    for (series, (number, total)) in &world.perpetual {
        let counter = till.state.series(series);
        assert_eq!(
            (counter.last_number, i128::from(counter.perpetual_minor)),
            (*number, *total)
        );
    }
    for (id, doc) in &world.sales {
        let sale = &till.world.sales[id];
        assert_eq!(i128::from(sale.total_minor), doc.total);
        for line in sale.lines.iter().filter(|line| line.quantity.is_positive()) {
            let left = refundable(&till.state, &till.world, sale, line).expect("within bounds");
            assert_eq!(left.decimal(), world.left(*id, line.id), "what may be taken back");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 800, ..ProptestConfig::default() })]

    #[test]
    fn the_kernel_and_the_model_agree_after_every_step(
        shop in proptest::collection::vec(any::<u32>(), 24),
        steps in proptest::collection::vec(proptest::collection::vec(any::<u32>(), 24), 1..50),
    ) {
        let setup = random::shop(&mut Chance::of(&shop, false), true);
        let mut model = Model {
            digits: u32::from(setup.shop.currency.digits),
            step: setup.shop.cash_rounding.map_or(0, |rule| i128::from(rule.step_minor)),
            facts: Vec::new(),
        };
        let mut till = Till::of(setup);
        for step in &steps {
            let mut chance = Chance::of(step, false);
            till.seat = chance.pick(&[0, 0, 1, 2]);
            let command = random::command(&mut till, &mut chance);
            let catalogue = matches!(command, Command::PutItems { .. } | Command::SetNote { .. } | Command::Park { .. } | Command::Resume { .. });
            let Some(facts) = facts(&till, &command).or(catalogue.then(Vec::new)) else { continue };
            if till.run(&command).is_err() {
                continue;
            }
            let seat = till.seat();
            let here = Here {
                id: till.last_id(),
                cash_box: seat.cash_box,
                location: seat.location,
                series: seat.series.clone(),
            };
            model.facts.extend(facts.into_iter().map(|fact| (here.clone(), fact)));
            compare(&till, &model);
        }
    }
}

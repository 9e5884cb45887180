//! What holds whatever is commanded. The till of `common` checks after every step that lines sum to totals,
//! base + tax = total, payments + open = total, debits = credits, expected cash = the ledger's, numbers have no
//! gaps, events survive CBOR and JSON, and the open state comes back from the ops that are kept.

mod common;

use barrow_kernel::command::Command;
use barrow_kernel::context::Stock;
use barrow_kernel::event::{Body, Event};
use barrow_kernel::quantity::Quantity;
use barrow_kernel::state::{State, apply};
use common::random::{self, Chance};
use common::*;
use proptest::prelude::*;
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// The words of one command.
const WORDS: usize = 24;

fn words() -> impl Strategy<Value = Vec<u32>> {
    proptest::collection::vec(any::<u32>(), WORDS)
}

fn story(steps: usize) -> impl Strategy<Value = (Vec<u32>, Vec<Vec<u32>>)> {
    (words(), proptest::collection::vec(words(), 1..steps))
}

/// Plays a story and counts the commands that were accepted.
fn play(shop: &[u32], steps: &[Vec<u32>], wild: bool) -> (Till, usize) {
    let mut till = Till::of(random::shop(&mut Chance::of(shop, false), false));
    let mut accepted = 0;
    for step in steps {
        let mut chance = Chance::of(step, wild);
        till.seat = chance.pick(&[0, 0, 0, 1, 2]);
        let command = random::command(&mut till, &mut chance);
        let before = till.state.clone();
        match till.run(&command) {
            Ok(_) => accepted += 1,
            Err(why) => {
                assert_eq!(till.state, before, "a rejection changes nothing");
                let sentence = why.to_string();
                assert!(
                    sentence.ends_with('.') && sentence.len() > 10,
                    "a plain sentence: {sentence}"
                );
            }
        }
    }
    (till, accepted)
}

/// Adds up every movement of stock anew.
fn stock_fold(till: &Till) -> BTreeMap<String, Decimal> {
    let mut sums: BTreeMap<String, Decimal> = BTreeMap::new();
    let mut add = |item, place, change: Quantity| {
        *sums.entry(format!("{item} {place}")).or_default() += change.decimal();
    };
    for event in till.ops.iter().flatten() {
        match event {
            Event::SaleCompleted { sale } => {
                for line in &sale.lines {
                    let damaged = line.returns.as_ref().is_some_and(|back| !back.resaleable);
                    if line.goods.tracked && !damaged {
                        add(line.goods.item, sale.location, line.quantity.negated());
                    }
                }
            }
            Event::StockMoved { movement } => {
                movement
                    .lines
                    .iter()
                    .for_each(|line| add(line.item, movement.location, line.change));
            }
            Event::StockCounted { count } => {
                for line in &count.lines {
                    add(line.item, count.location, line.counted);
                    add(line.item, count.location, line.known.negated());
                }
            }
            _ => {}
        }
    }
    sums
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, ..ProptestConfig::default() })]

    /// Ordinary trade in any shop keeps every invariant; at the end stock is its fold and what was sold can come
    /// back to the cent.
    #[test]
    fn trade_keeps_every_invariant((shop, steps) in story(60)) {
        let (mut till, _) = play(&shop, &steps, false);
        for (name, sum) in stock_fold(&till) {
            let known = till.world.stock.iter().find(|((item, place), _)| format!("{item} {place}") == name);
            prop_assert_eq!(known.map(|(_, sum)| *sum), Some(sum));
        }
        prop_assert!(till.world.on_hand(&item(1), &PITCH).is_ok());
        let carts: Vec<_> = till.state.carts.keys().copied().collect();
        for cart in carts {
            // Open carts hold refund rights: they are finished or, payments given back, given up first. One that
            // returns what another took back meanwhile can't be finished.
            if till.run(&tender(cart, CARD, None, None)).is_err() {
                for payment in till.state.carts[&cart].payments.clone() {
                    till.ok(Command::ReversePayment { cart, payment: payment.id });
                }
                till.ok(Command::VoidCart { cart, reason: None });
            }
        }
        let sales: Vec<_> = till.world.sales.values().cloned().collect();
        for sale in sales {
            let cart = till.cart();
            if till.run(&returns(cart, sale.id, &[])).is_err() {
                continue;
            }
            till.pay(cart, CARD);
            for line in sale.lines.iter().filter(|line| line.quantity.is_positive()) {
                let back = till.world.sales.values().flat_map(|sale| sale.lines.clone()).filter(|back| {
                    let of = back.returns.as_ref().and_then(|returns| returns.of);
                    of.is_some_and(|of| (of.sale, of.line) == (sale.id, line.id))
                });
                let mut sums = [0; 4];
                for back in back {
                    let tax: i64 = back.taxes.iter().map(|tax| tax.amount_minor).sum();
                    for (sum, part) in sums.iter_mut().zip([back.total_minor, back.base_minor, tax, back.discount_minor]) {
                        *sum -= part;
                    }
                }
                let tax: i64 = line.taxes.iter().map(|tax| tax.amount_minor).sum();
                prop_assert_eq!(sums, [line.total_minor, line.base_minor, tax, line.discount_minor]);
            }
        }
    }

    /// Absurd amounts, quantities, ids and texts are rejected or harmless; nothing panics, and no invariant falls.
    #[test]
    fn absurd_commands_do_no_harm((shop, steps) in story(50)) {
        play(&shop, &steps, true);
    }

    /// Events in any order, twice, without what came before, with figures that nobody would book: the fold never
    /// panics, and decisions about what it leaves never do.
    #[test]
    fn any_events_in_any_order_fold(
        (shop, steps) in story(40),
        order in proptest::collection::vec((any::<u32>(), words()), 1..60),
    ) {
        let (mut till, _) = play(&shop, &steps, false);
        let events: Vec<Event> = till.ops.iter().flatten().cloned().collect();
        let mut state = State::default();
        for (place, words) in &order {
            let event = &events[*place as usize % events.len()];
            let mut chance = Chance::of(words, true);
            let event = if chance.below(2) == 0 { bent(event, &mut chance) } else { event.clone() };
            apply(&mut state, &event);
            till.state = state.clone();
            let command = random::command_anywhere(&mut till, &mut chance);
            let _ = till.try_decide(&command);
            if let Some(cart) = state.carts.values().next() {
                let _ = barrow_kernel::view::CartView::of(cart, &till.world, 0);
            }
        }
    }
}

/// Bends some whole numbers of an event to extremes; gives the event back as it was when that is no event any more.
fn bent(event: &Event, chance: &mut Chance) -> Event {
    fn bend(value: &mut serde_json::Value, chance: &mut Chance, left: &mut usize) {
        match value {
            serde_json::Value::Number(number) if number.is_i64() && *left > 0 => {
                *left -= 1;
                if chance.below(3) == 0 {
                    *value = chance.pick(&[i64::MAX, i64::MIN, i64::MAX / 2, -1, 0]).into();
                }
            }
            serde_json::Value::Array(values) => values.iter_mut().for_each(|value| bend(value, chance, left)),
            serde_json::Value::Object(fields) => {
                fields.values_mut().for_each(|value| bend(value, chance, left));
            }
            _ => {}
        }
    }
    let mut json = serde_json::to_value(event).expect("an event can be written as JSON");
    bend(&mut json, chance, &mut 20);
    serde_json::from_value(json).unwrap_or_else(|_| event.clone())
}

/// A later version adds fields at the end; an older one reads what it knows.
#[test]
fn unknown_fields_are_tolerated() {
    let mut till = Till::of(Setup::new("EUR"));
    let events = till.ok(Command::PayIn {
        cash_box: None,
        amount_minor: 5,
        reason: "x".into(),
    });
    let body = Body {
        events: events[1..].to_vec(),
        who: Some("A".into()),
    };
    let bytes = body.to_bytes();
    // body [ events [ event [38, fields [ movement [ 8 values ] ] ] ], "A" ]
    assert_eq!(bytes[..7], [0x82, 0x81, 0x82, 0x18, 38, 0x81, 0x88]);
    let extra = [0x82, 0x01, 0x63, b'n', b'e', b'w'];
    let mut later = bytes.clone();
    later[6] += 1;
    later[5] += 1;
    later[0] += 1;
    let end = later.len() - 2;
    later.splice(end..end, [extra, extra].concat());
    later.extend(extra);
    assert_eq!(Body::from_bytes(&later).expect("known fields are read"), body);
    assert!(Body::from_bytes(&bytes[..bytes.len() - 2]).is_err());
}

/// Random trade is worth its name only when enough of it is accepted.
#[test]
fn random_commands_reach_every_event() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let (mut seen, mut sales, mut accepted, mut tried) = (BTreeMap::new(), 0, 0, 0);
    for _ in 0..40 {
        let (shop, steps) = story(120).new_tree(&mut runner).expect("a story").current();
        let (till, count) = play(&shop, &steps, false);
        (accepted, tried) = (accepted + count, tried + steps.len());
        sales += till.world.sales.len();
        for event in till.ops.iter().flatten() {
            let json = serde_json::to_value(event).expect("an event can be written as JSON");
            let name = json.as_object().and_then(|fields| fields.keys().next().cloned());
            *seen.entry(name.expect("an event has a name")).or_insert(0_usize) += 1;
        }
    }
    assert_eq!(seen.len(), 25, "every kind of event is reached: {seen:?}");
    assert!(
        sales > 100 && accepted * 3 > tried,
        "{sales} sales, {accepted} of {tried} accepted"
    );
}

//! A scanned code: what it means in this shop, and the line that it makes.

use crate::barcode::{self, Code, EmbeddedRule, EmbeddedValue, Meaning};
use crate::carting;
use crate::catalogue::{Item, ItemKind};
use crate::command::{ItemRef, LineDraft};
use crate::context::{Context, World};
use crate::country;
use crate::event::Event;
use crate::limits;
use crate::quantity::{Quantity, UnitPrice};
use crate::rejection::{Rejection, check_required};
use crate::state::State;
use barrow_log::id::CartId;
use std::sync::Arc;

/// What a code leads to in this shop.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// Holds the code as it was read.
    pub code: Code,
    /// Lists the items it names: one is sold, several are asked about, none opens the sell-now form.
    pub items: Vec<Arc<Item>>,
    /// Holds what the code says beside the item: a weight, a price, a count.
    pub value: Option<EmbeddedValue>,
}

/// Reads a code and looks it up: an exact code in the catalogue goes before any embedded rule.
pub fn find(world: &dyn World, code: &str, year: i32) -> Result<Found, Rejection> {
    check_code(code)?;
    let shop = world.shop()?;
    let rules = rules(&shop);
    let exact = world.items_by_code(code)?;
    let read = match barcode::read(code, None, &rules, year) {
        Ok(read) => read,
        Err(_) if !exact.is_empty() => {
            let plain = barcode::plain(code);
            return Ok(Found {
                code: plain,
                items: exact,
                value: None,
            });
        }
        Err(fault) => return Err(Rejection::range("code", code, &fault.to_string())),
    };
    if !exact.is_empty() {
        return Ok(Found {
            code: read,
            items: exact,
            value: None,
        });
    }
    for key in &read.keys {
        let items = world.items_by_code(key)?;
        if !items.is_empty() {
            let value = element_value(&read);
            return Ok(Found {
                code: read,
                items,
                value,
            });
        }
    }
    if let Meaning::Embedded { item_code, value, .. } = &read.meaning {
        let items = world.item_by_plu(item_code)?.into_iter().collect();
        let value = Some(value.clone());
        return Ok(Found {
            code: read,
            items,
            value,
        });
    }
    // A SKU printed as a barcode is a code too.
    let items = world
        .item_by_sku(&read.raw)?
        .into_iter()
        .filter(|item| !item.archived)
        .collect();
    Ok(Found {
        code: read,
        items,
        value: None,
    })
}

/// Checks that a code is not empty and not too long. Readers send the GS1 separator inside and Enter at the end.
fn check_code(code: &str) -> Result<(), Rejection> {
    check_required("code", &code.replace(['\u{1d}', '\r'], " "), limits::CODE_CHARS)
}

/// Returns the rules for embedded codes that the shop chose.
pub fn rules(shop: &crate::catalogue::Shop) -> Vec<EmbeddedRule> {
    let mut rules = Vec::new();
    for name in &shop.embedded_rules {
        match country::pack(name) {
            Some(pack) => rules.extend(pack.embedded_rules.iter().cloned()),
            None => rules.extend(EmbeddedRule::parse(name).ok()),
        }
    }
    rules
}

/// Returns a weight or count that a GS1 code carries beside its item.
fn element_value(code: &Code) -> Option<EmbeddedValue> {
    code.measure()
}

/// Returns the one item that a code names.
pub(crate) fn only(items: Vec<Arc<Item>>, code: &str) -> Result<Arc<Item>, Rejection> {
    let mut live = items.into_iter().filter(|item| !item.archived);
    match (live.next(), live.next()) {
        (None, _) => Err(Rejection::unknown("code", code)),
        (Some(item), None) => Ok(item),
        (Some(first), Some(second)) => Err(Rejection::not_now(
            "code",
            format!(
                "Two items have the code {code}: {} and {}. Choose one.",
                first.face.name, second.face.name
            ),
        )),
    }
}

/// Decides about a scan.
pub fn scan(
    state: &State,
    world: &dyn World,
    context: &Context,
    cart: CartId,
    code: &str,
    quantity: Option<Quantity>,
) -> Result<Vec<Event>, Rejection> {
    let found = find(world, code, year_of(context.now_ms))?;
    let item = only(found.items, code)?;
    let mut draft = LineDraft::of(ItemRef::Id(item.id));
    let payable = found.code.price_minor(item.price.currency.digits);
    let value = found
        .value
        .or(payable.map(|minor| EmbeddedValue::Price { minor }));
    let by_piece =
        item.trade.kind == ItemKind::Plain && matches!(value, None | Some(EmbeddedValue::Price { .. }));
    if let (Some(quantity), Some(_), false) = (quantity, &value, by_piece) {
        return Err(Rejection::range(
            "quantity",
            quantity,
            "the code tells how much there is; scan it once for each",
        ));
    }
    draft.quantity = quantity;
    draft.merge = item.trade.kind == ItemKind::Plain;
    match value {
        Some(EmbeddedValue::Weight {
            quantity: weight,
            unit,
        }) => {
            let net = unit.convert(weight, &item.trade.unit);
            draft.quantity = Some(net.ok_or_else(|| {
                Rejection::range("code", code, &format!("{} is not sold by weight", item.face.name))
            })?);
        }
        Some(EmbeddedValue::Count { quantity }) => draft.quantity = Some(quantity),
        Some(EmbeddedValue::Price { minor }) if item.trade.kind == ItemKind::Plain => {
            let price = UnitPrice::of_minor(minor, item.price.currency.digits)
                .map_err(|fault| Rejection::range("code", code, &fault.to_string()))?;
            draft.unit_price = Some(price);
            draft.reason = Some("price on the label".into());
            draft.merge = false;
        }
        Some(EmbeddedValue::Price { minor }) => draft.amount_minor = Some(minor),
        None => {}
    }
    if item.trade.kind == ItemKind::Weighed {
        // A GS1 label may state the amount payable beside the weight (392n): then the amount is the fact.
        draft.amount_minor = draft.amount_minor.or(payable);
    }
    carting::add_lines(state, world, context, cart, &[draft], &None)
}

/// Returns the year of a time, for the century of two-digit years.
pub fn year_of(now_ms: i64) -> i32 {
    use chrono::Datelike;
    chrono::DateTime::from_timestamp_millis(now_ms).map_or(2000, |time| time.year())
}

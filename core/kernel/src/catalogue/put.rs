//! Items that are put into the catalogue: new ones, changes, archive marks and barcodes.

use super::{Face, Item, ItemDraft, ItemKind, ItemPut, ItemWrites, Price, Trade, Write};
use crate::context::{Context, Permission, World};
use crate::event::Event;
use crate::limits;
use crate::rejection::{Rejection, check_required, check_text};
use barrow_log::id::ItemId;
use barrow_log::stream::OpRef;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Decides about items: new ones, changes, archive marks and barcodes.
pub fn put_items(
    world: &dyn World,
    context: &Context,
    drafts: &[ItemDraft],
) -> Result<Vec<Event>, Rejection> {
    context.require(Permission::Catalogue, "change the catalogue")?;
    if drafts.is_empty() {
        return Err(Rejection::missing("items", "name at least one item"));
    }
    if drafts.len() > limits::ITEMS_PER_COMMAND {
        return Err(Rejection::TooLong {
            field: "items".into(),
            limit: limits::ITEMS_PER_COMMAND as u32,
        });
    }
    let mut seen = Seen::default();
    let mut items = Vec::with_capacity(drafts.len());
    for draft in drafts {
        let put = put_item(world, draft, &mut seen)?;
        items.extend(put);
    }
    if items.is_empty() {
        return Err(Rejection::not_now("items", "Nothing would change."));
    }
    Ok(vec![Event::ItemsPut { items }])
}

/// What the drafts of one command have claimed already.
#[derive(Default)]
struct Seen {
    kinds: BTreeMap<ItemId, ItemKind>,
    skus: BTreeSet<String>,
    plus: BTreeSet<String>,
    codes: BTreeSet<String>,
    /// Codes that an earlier draft took from an item.
    freed: BTreeSet<(String, ItemId)>,
}

fn put_item(world: &dyn World, draft: &ItemDraft, seen: &mut Seen) -> Result<Option<ItemPut>, Rejection> {
    let known = world.item(&draft.id)?;
    let kind = draft.trade.as_ref().map(|trade| trade.kind);
    let kind = kind
        .or(known.as_ref().map(|item| item.trade.kind))
        .unwrap_or_default();
    if seen.kinds.insert(draft.id, kind).is_some() {
        return Err(Rejection::Taken {
            field: "item".into(),
            value: draft.id.to_string(),
            by: "this import".into(),
        });
    }
    let (writes, now) = match known.as_deref() {
        Some(item) => (item.writes.clone(), Some(item)),
        None => (ItemWrites::default(), None),
    };
    if now.is_none() {
        if draft.face.is_none() {
            return Err(Rejection::missing("face", "a new item needs a name and a SKU"));
        }
        if draft.price.is_none() {
            return Err(Rejection::missing("price", "a new item needs a price"));
        }
    }
    if let Some(face) = &draft.face {
        check_face(world, draft.id, face, seen)?;
    }
    if let Some(price) = &draft.price {
        check_price(world, price)?;
    }
    if let Some(trade) = &draft.trade {
        check_trade(world, draft.id, trade, seen)?;
    }
    let add_codes = check_codes(world, draft, now, seen)?;
    if let Some(item) = now.filter(|item| item.archived && draft.archived == Some(false)) {
        check_return_to_sale(world, draft, item)?;
    }
    let put = ItemPut {
        id: draft.id,
        face: changed(&draft.face, now.map(|item| &item.face), &writes.face),
        price: changed(&draft.price, now.map(|item| &item.price), &writes.price),
        trade: match (&draft.trade, now) {
            (None, None) => Some(Write {
                value: Trade::default(),
                replaces: Vec::new(),
            }),
            (trade, now) => changed(trade, now.map(|item| &item.trade), &writes.trade),
        },
        archived: changed(
            &draft.archived,
            Some(now.is_some_and(|item| item.archived)).as_ref(),
            &writes.archived,
        ),
        sold_out: changed(
            &draft.sold_out,
            Some(now.is_some_and(|item| item.sold_out)).as_ref(),
            &writes.sold_out,
        ),
        add_codes,
        remove_codes: draft
            .remove_codes
            .iter()
            .filter(|code| now.is_some_and(|item| item.codes.contains(code)))
            .cloned()
            .collect(),
    };
    let nothing = put.face.is_none()
        && put.price.is_none()
        && put.trade.is_none()
        && put.archived.is_none()
        && put.sold_out.is_none()
        && put.add_codes.is_empty()
        && put.remove_codes.is_empty();
    Ok((!nothing).then_some(put))
}

/// Returns a write when the wanted value differs from the current one.
fn changed<T: Clone + PartialEq>(wanted: &Option<T>, now: Option<&T>, writes: &[OpRef]) -> Option<Write<T>> {
    let value = wanted.as_ref()?;
    (now != Some(value)).then(|| Write {
        value: value.clone(),
        replaces: writes.to_vec(),
    })
}

fn check_face(world: &dyn World, id: ItemId, face: &Face, seen: &mut Seen) -> Result<(), Rejection> {
    check_required("sku", &face.sku, limits::CODE_CHARS)?;
    check_required("name", &face.name, limits::NAME_CHARS)?;
    for (field, text) in [
        ("category", &face.category),
        ("page", &face.page),
        ("colour", &face.colour),
        ("emoji", &face.emoji),
        ("icon", &face.icon),
    ] {
        check_text(field, text, limits::NAME_CHARS)?;
    }
    if face.extras.len() > limits::EXTRAS_PER_ITEM {
        return Err(Rejection::TooLong {
            field: "extras".into(),
            limit: limits::EXTRAS_PER_ITEM as u32,
        });
    }
    for extra in &face.extras {
        check_required("extras.name", &extra.name, limits::NAME_CHARS)?;
        check_text(&extra.name, &extra.value, limits::NOTE_CHARS)?;
    }
    if !seen.skus.insert(face.sku.clone()) {
        return Err(Rejection::Taken {
            field: "sku".into(),
            value: face.sku.clone(),
            by: "this import".into(),
        });
    }
    check_sku(world, id, &face.sku)
}

fn check_sku(world: &dyn World, id: ItemId, sku: &str) -> Result<(), Rejection> {
    check_free("sku", sku, id, world.item_by_sku(sku)?)
}

fn check_plu(world: &dyn World, id: ItemId, plu: &str) -> Result<(), Rejection> {
    if plu.is_empty() {
        return Ok(());
    }
    check_free("plu", plu, id, world.item_by_plu(plu)?)
}

/// Checks that no other item on sale has a value that must be unique.
fn check_free(field: &str, value: &str, id: ItemId, holder: Option<Arc<Item>>) -> Result<(), Rejection> {
    match holder {
        Some(other) if other.id != id && !other.archived => Err(Rejection::Taken {
            field: field.into(),
            value: value.into(),
            by: other.face.name.clone(),
        }),
        _ => Ok(()),
    }
}

/// Checks that an archived item may come back: another one may bear its SKU, scale number or codes by now.
fn check_return_to_sale(world: &dyn World, draft: &ItemDraft, item: &Item) -> Result<(), Rejection> {
    if draft.face.is_none() {
        check_sku(world, item.id, &item.face.sku)?;
    }
    if draft.trade.is_none() {
        check_plu(world, item.id, &item.trade.plu)?;
    }
    let kept = |code: &&String| !draft.remove_codes.contains(code);
    for code in item.codes.iter().filter(kept) {
        for other in world.items_by_code(code)? {
            check_free("code", code, item.id, Some(other))?;
        }
    }
    Ok(())
}

fn check_price(world: &dyn World, price: &Price) -> Result<(), Rejection> {
    let shop = world.shop()?;
    if price.currency != shop.currency {
        return Err(Rejection::range(
            "currency",
            price.currency,
            &format!("this shop sells in {}", shop.currency),
        ));
    }
    if price.unit_price.is_negative() {
        return Err(Rejection::range(
            "unit_price",
            price.unit_price,
            "a price is zero or more",
        ));
    }
    if price.taxes.len() > limits::TAXES_PER_ITEM {
        return Err(Rejection::TooLong {
            field: "taxes".into(),
            limit: limits::TAXES_PER_ITEM as u32,
        });
    }
    for tax in &price.taxes {
        if world.tax(tax)?.is_none() {
            return Err(Rejection::unknown("tax", tax));
        }
    }
    Ok(())
}

fn check_trade(world: &dyn World, id: ItemId, trade: &Trade, seen: &mut Seen) -> Result<(), Rejection> {
    if !trade.price_per.is_positive() {
        return Err(Rejection::range(
            "price_per",
            trade.price_per,
            "it is more than zero",
        ));
    }
    if trade.tare.is_some_and(|tare| tare.is_negative()) {
        return Err(Rejection::range("tare", "negative", "a tare is zero or more"));
    }
    check_text("plu", &trade.plu, limits::CODE_CHARS)?;
    if trade.deposits.len() > limits::DEPOSITS_PER_ITEM {
        return Err(Rejection::TooLong {
            field: "deposits".into(),
            limit: limits::DEPOSITS_PER_ITEM as u32,
        });
    }
    for deposit in &trade.deposits {
        if *deposit == id {
            return Err(Rejection::range(
                "deposits",
                deposit,
                "an item can't be its own deposit",
            ));
        }
        // A deposit may come in the same import, further up.
        let known = world.item(deposit)?;
        let kind = seen.kinds.get(deposit).copied();
        let kind = kind.or(known.as_ref().map(|item| item.trade.kind));
        match kind {
            Some(ItemKind::Deposit) => {}
            Some(_) => {
                return Err(Rejection::range(
                    "deposits",
                    known.map_or_else(|| deposit.to_string(), |item| item.face.name.clone()),
                    "it must be an item of kind deposit",
                ));
            }
            None => return Err(Rejection::unknown("deposit", deposit)),
        }
    }
    check_plu(world, id, &trade.plu)?;
    if !trade.plu.is_empty() && !seen.plus.insert(trade.plu.clone()) {
        return Err(Rejection::Taken {
            field: "plu".into(),
            value: trade.plu.clone(),
            by: "this import".into(),
        });
    }
    Ok(())
}

fn check_codes(
    world: &dyn World,
    draft: &ItemDraft,
    now: Option<&Item>,
    seen: &mut Seen,
) -> Result<Vec<String>, Rejection> {
    let kept = now.map_or(0, |item| item.codes.len());
    if kept + draft.add_codes.len() > limits::CODES_PER_ITEM {
        return Err(Rejection::TooLong {
            field: "codes".into(),
            limit: limits::CODES_PER_ITEM as u32,
        });
    }
    let mut add = Vec::new();
    for code in &draft.add_codes {
        check_required("code", code, limits::CODE_CHARS)?;
        if now.is_some_and(|item| item.codes.contains(code)) || add.contains(code) {
            continue;
        }
        if !seen.codes.insert(code.clone()) {
            return Err(Rejection::Taken {
                field: "code".into(),
                value: code.clone(),
                by: "this import".into(),
            });
        }
        for other in world.items_by_code(code)? {
            if !seen.freed.contains(&(code.clone(), other.id)) {
                check_free("code", code, draft.id, Some(other))?;
            }
        }
        add.push(code.clone());
    }
    let removed = draft.remove_codes.iter().map(|code| (code.clone(), draft.id));
    seen.freed.extend(removed);
    Ok(add)
}

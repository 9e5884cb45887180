//! Goods and shop settings: what they are, what may happen to them.
//!
//! Catalogue data are registers: groups of fields that are written as one. A write names the writes it
//! replaces; what nobody replaced is current (design: sync, "Prices, catalogue, promotions").

use crate::cash::CashRounding;
use crate::context::{Context, Permission, World};
use crate::event::Event;
use crate::limits;
use crate::money::Currency;
use crate::quantity::{Quantity, Unit, UnitPrice};
use crate::rejection::{Rejection, check_required, check_text};
use crate::rounding::Rounding;
use crate::state::State;
use crate::tax::{Tax, TaxPolicy};
use barrow_log::id::{CashBoxId, ItemId, LocationId, TaxId, TenderId};
use barrow_log::stream::OpRef;
use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Tells how an item is sold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cbor(index_only)]
#[serde(rename_all = "snake_case")]
pub enum ItemKind {
    /// Sold by the piece at its price.
    #[n(0)]
    #[default]
    Plain,
    /// Sold by weight or measure: net = gross - tare.
    #[n(1)]
    Weighed,
    /// The price is typed at the till; the catalogue's price is a suggestion.
    #[n(2)]
    OpenPrice,
    /// A department key: an amount is typed, no stock is kept.
    #[n(3)]
    Department,
    /// A deposit on packaging: its own tax class, a liability, never discounted, may be returned without a sale.
    #[n(4)]
    Deposit,
    /// A gift card: a liability, no tax until it is spent.
    #[n(5)]
    GiftCard,
    /// A service: no stock.
    #[n(6)]
    Service,
}

/// A column of an import that Barrow keeps for later: its name and its text.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Extra {
    /// Names the column.
    #[n(0)]
    pub name: String,
    /// Holds its text, unchanged.
    #[n(1)]
    pub value: String,
}

/// What people see of an item: one register.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[serde(default)]
pub struct Face {
    /// Gives the shop's own code for it, unique among items that are not archived.
    #[n(0)]
    pub sku: String,
    /// Gives its name.
    #[n(1)]
    pub name: String,
    /// Gives its category for reports.
    #[n(2)]
    pub category: String,
    /// Names the page of quick keys that shows it; empty for none.
    #[n(3)]
    pub page: String,
    /// Gives its place on that page, from 1; 0 for none.
    #[n(4)]
    pub slot: u16,
    /// Names its tile colour.
    #[n(5)]
    pub colour: String,
    /// Gives its picture as one emoji.
    #[n(6)]
    pub emoji: String,
    /// Names its icon.
    #[n(7)]
    pub icon: String,
    /// Keeps columns of an import that Barrow does not read yet.
    #[n(8)]
    pub extras: Vec<Extra>,
}

/// What an item costs: price, currency and tax are one register.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Price {
    /// Gives the price of one unit, in major units.
    #[n(0)]
    pub unit_price: UnitPrice,
    /// Gives the currency of the price.
    #[n(1)]
    pub currency: Currency,
    /// Names the taxes, in any order.
    #[n(2)]
    #[serde(default)]
    pub taxes: Vec<TaxId>,
}

/// How an item is traded: one register.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[serde(default)]
pub struct Trade {
    /// Tells how it is sold.
    #[n(0)]
    pub kind: ItemKind,
    /// Gives the unit of its quantity, its price and its stock.
    #[n(1)]
    pub unit: Unit,
    /// Gives how many units the shown price is for: 100 for "per 100 g".
    #[n(2)]
    pub price_per: Quantity,
    /// Names the deposits it brings, one of each for each unit sold.
    #[n(3)]
    pub deposits: Vec<ItemId>,
    /// Gives its usual tare in its own unit.
    #[n(4)]
    pub tare: Option<Quantity>,
    /// Gives the age in years that a buyer must have.
    #[n(5)]
    pub min_age: Option<u8>,
    /// Tells whether stock is kept of it.
    #[n(6)]
    pub tracked: bool,
    /// Gives the stock at or below which it counts as low.
    #[n(7)]
    pub low_at: Option<Quantity>,
    /// Gives the number that scale labels carry for it (PLU); empty for none.
    #[n(8)]
    pub plu: String,
}

impl Default for Trade {
    fn default() -> Self {
        Self {
            kind: ItemKind::Plain,
            unit: Unit::Each,
            price_per: Quantity::ONE,
            deposits: Vec::new(),
            tare: None,
            min_age: None,
            tracked: true,
            low_at: None,
            plu: String::new(),
        }
    }
}

/// One item of the catalogue as a till reads it, with the writes that made it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Names it.
    pub id: ItemId,
    /// Tells what people see.
    pub face: Face,
    /// Tells what it costs.
    pub price: Price,
    /// Tells how it is traded.
    pub trade: Trade,
    /// Tells that it is hidden and no longer sold; it is never deleted.
    pub archived: bool,
    /// Tells that it is marked as sold out: greyed, and still sellable.
    pub sold_out: bool,
    /// Lists its barcodes in order.
    pub codes: Vec<String>,
    /// Names the writes that the next write of each group replaces.
    #[serde(skip)]
    pub writes: ItemWrites,
}

impl Item {
    /// Tells whether stock is kept of it: department keys, services and gift cards have none.
    pub fn keeps_stock(&self) -> bool {
        let none = matches!(
            self.trade.kind,
            ItemKind::Department | ItemKind::Service | ItemKind::GiftCard
        );
        self.trade.tracked && !none
    }
}

/// The current writes of each group of an item.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ItemWrites {
    /// Names the current writes of [`Face`].
    pub face: Vec<OpRef>,
    /// Names the current writes of [`Price`].
    pub price: Vec<OpRef>,
    /// Names the current writes of [`Trade`].
    pub trade: Vec<OpRef>,
    /// Names the current writes of the archive mark.
    pub archived: Vec<OpRef>,
    /// Names the current writes of the sold-out mark.
    pub sold_out: Vec<OpRef>,
}

/// A write of one register: the value and the writes that it replaces.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Write<T> {
    /// Gives the new value.
    #[n(0)]
    pub value: T,
    /// Names the writes that this one replaces.
    #[n(1)]
    #[serde(default)]
    pub replaces: Vec<OpRef>,
}

/// What a person wants an item to be; groups that are absent stay as they are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemDraft {
    /// Names the item; a new id makes a new item.
    pub id: ItemId,
    /// Tells what people see; needed for a new item.
    #[serde(default)]
    pub face: Option<Face>,
    /// Tells what it costs; needed for a new item.
    #[serde(default)]
    pub price: Option<Price>,
    /// Tells how it is traded; a new item without it is sold by the piece.
    #[serde(default)]
    pub trade: Option<Trade>,
    /// Hides the item or brings it back.
    #[serde(default)]
    pub archived: Option<bool>,
    /// Marks it as sold out or takes the mark away.
    #[serde(default)]
    pub sold_out: Option<bool>,
    /// Adds barcodes.
    #[serde(default)]
    pub add_codes: Vec<String>,
    /// Takes barcodes away.
    #[serde(default)]
    pub remove_codes: Vec<String>,
}

/// What was decided about one item: only the groups that changed.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct ItemPut {
    /// Names the item.
    #[n(0)]
    pub id: ItemId,
    /// Writes what people see.
    #[n(1)]
    pub face: Option<Write<Face>>,
    /// Writes what it costs.
    #[n(2)]
    pub price: Option<Write<Price>>,
    /// Writes how it is traded.
    #[n(3)]
    pub trade: Option<Write<Trade>>,
    /// Writes the archive mark.
    #[n(4)]
    pub archived: Option<Write<bool>>,
    /// Writes the sold-out mark.
    #[n(5)]
    pub sold_out: Option<Write<bool>>,
    /// Adds barcodes to the set of (code, item).
    #[n(6)]
    pub add_codes: Vec<String>,
    /// Takes barcodes out of the set.
    #[n(7)]
    pub remove_codes: Vec<String>,
}

/// Tells what kind of money a tender is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cbor(index_only)]
#[serde(rename_all = "snake_case")]
pub enum TenderClass {
    /// Notes and coins: change is given, cash rounding applies, it lies in a cash box.
    #[n(0)]
    Cash,
    /// The shop's own kind, taken at face value: a separate card terminal, a voucher, a market coin.
    #[n(1)]
    Custom,
}

/// A kind of tender that the shop takes.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct TenderKind {
    /// Names it.
    #[n(0)]
    pub id: TenderId,
    /// Gives the word on the key and on the receipt.
    #[n(1)]
    pub name: String,
    /// Tells what kind of money it is.
    #[n(2)]
    pub class: TenderClass,
    /// Hides it from the Charge screen.
    #[n(3)]
    #[serde(default)]
    pub archived: bool,
}

/// A place with stock.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Location {
    /// Names it.
    #[n(0)]
    pub id: LocationId,
    /// Gives its name.
    #[n(1)]
    pub name: String,
}

/// A place where cash lies.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct CashBox {
    /// Names it.
    #[n(0)]
    pub id: CashBoxId,
    /// Gives its name.
    #[n(1)]
    pub name: String,
}

/// Replaces one tax by others when a cart is switched: eat in or take away, another country, an exempt customer.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct TaxSwap {
    /// Names the tax that an item has.
    #[n(0)]
    pub from: TaxId,
    /// Names the taxes that take its place; none for exempt.
    #[n(1)]
    pub to: Vec<TaxId>,
}

/// A named set of tax swaps.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct TaxMapping {
    /// Gives its name, as the key on the cart shows it.
    #[n(0)]
    pub name: String,
    /// Lists the swaps; a tax that is not listed stays.
    #[n(1)]
    pub swaps: Vec<TaxSwap>,
}

/// Tells what happens when more is sold than is known to be there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cbor(index_only)]
#[serde(rename_all = "snake_case")]
pub enum Oversell {
    /// It is sold and shown as below zero: stock is never a reason to send a customer away.
    #[n(0)]
    #[default]
    Warn,
    /// It is sold when the command says that a person confirmed it.
    #[n(1)]
    Ask,
    /// It is not sold.
    #[n(2)]
    Refuse,
}

/// Settings of the shop: one register.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Shop {
    /// Gives the shop's name, first line of every receipt.
    #[n(0)]
    pub name: String,
    /// Names the country pack (ISO 3166 alpha-2).
    #[n(1)]
    pub country: String,
    /// Gives the currency of the ledger.
    #[n(2)]
    pub currency: Currency,
    /// Tells whether new prices include tax.
    #[n(3)]
    pub prices_include_tax: bool,
    /// Tells whether each tax is rounded on each line or once a document.
    #[n(4)]
    pub tax_policy: TaxPolicy,
    /// Names the rounding of line amounts and discounts.
    #[n(5)]
    pub rounding: Rounding,
    /// Names the rounding of taxes.
    #[n(6)]
    pub tax_rounding: Rounding,
    /// Gives the country's cash rounding, if any.
    #[n(7)]
    pub cash_rounding: Option<CashRounding>,
    /// Lists notes and coins in minor units, largest first.
    #[n(8)]
    pub denominations: Vec<i64>,
    /// Gives the minutes that shop time is ahead of UTC.
    #[n(9)]
    pub utc_offset_minutes: i32,
    /// Gives the language of receipts (BCP 47).
    #[n(10)]
    pub language: String,
    /// Lists lines above the goods on a receipt: address, tax number.
    #[n(11)]
    pub header: Vec<String>,
    /// Lists lines at the end of a receipt.
    #[n(12)]
    pub footer: Vec<String>,
    /// Limits deposit units given back in one cart without approval.
    #[n(13)]
    pub deposit_returns: u32,
    /// Tells what happens when more is sold than is there.
    #[n(14)]
    pub oversell: Oversell,
    /// Lists the tax sets a cart can be switched to.
    #[n(15)]
    pub tax_mappings: Vec<TaxMapping>,
    /// Names the national rule for price- and weight-embedded barcodes; empty for none.
    #[n(16)]
    pub embedded_rules: Vec<String>,
}

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

/// Decides about taxes: an id that is known is replaced, lines keep the tax they were sold with.
pub fn put_taxes(context: &Context, taxes: &[Tax]) -> Result<Vec<Event>, Rejection> {
    context.require(Permission::Catalogue, "change taxes")?;
    check_list("taxes", taxes.len())?;
    for tax in taxes {
        check_required("name", &tax.name, limits::NAME_CHARS)?;
        check_text("group", &tax.group, limits::NAME_CHARS)?;
        tax.check()
            .map_err(|fault| Rejection::range("tax", &tax.name, &fault.to_string()))?;
    }
    Ok(vec![Event::TaxesPut {
        taxes: taxes.to_vec(),
    }])
}

/// Decides about kinds of tender.
pub fn put_tenders(context: &Context, tenders: &[TenderKind]) -> Result<Vec<Event>, Rejection> {
    context.require(Permission::Catalogue, "change tenders")?;
    check_list("tenders", tenders.len())?;
    for tender in tenders {
        check_required("name", &tender.name, limits::NAME_CHARS)?;
    }
    Ok(vec![Event::TendersPut {
        tenders: tenders.to_vec(),
    }])
}

/// Decides about places: locations and cash boxes.
pub fn put_places(
    context: &Context,
    locations: &[Location],
    cash_boxes: &[CashBox],
) -> Result<Vec<Event>, Rejection> {
    context.require(Permission::Catalogue, "change places")?;
    check_list("places", locations.len() + cash_boxes.len())?;
    let names = locations
        .iter()
        .map(|place| &place.name)
        .chain(cash_boxes.iter().map(|place| &place.name));
    for name in names {
        check_required("name", name, limits::NAME_CHARS)?;
    }
    Ok(vec![Event::PlacesPut {
        locations: locations.to_vec(),
        cash_boxes: cash_boxes.to_vec(),
    }])
}

/// Decides about the shop's settings.
pub fn put_shop(
    state: &State,
    world: &dyn World,
    context: &Context,
    shop: &Shop,
) -> Result<Vec<Event>, Rejection> {
    context.require(Permission::Administer, "change the shop's settings")?;
    check_required("name", &shop.name, limits::NAME_CHARS)?;
    check_required("country", &shop.country, 2)?;
    check_text("language", &shop.language, 35)?;
    for (field, count) in [
        ("denominations", shop.denominations.len()),
        ("header", shop.header.len()),
        ("footer", shop.footer.len()),
        ("tax_mappings", shop.tax_mappings.len()),
        ("embedded_rules", shop.embedded_rules.len()),
    ] {
        if count > limits::SETTINGS {
            return Err(Rejection::TooLong {
                field: field.into(),
                limit: limits::SETTINGS as u32,
            });
        }
    }
    for line in shop.header.iter().chain(&shop.footer) {
        check_text("receipt line", line, limits::NOTE_CHARS)?;
    }
    for mapping in &shop.tax_mappings {
        check_required("tax_mappings.name", &mapping.name, limits::NAME_CHARS)?;
        let longest = mapping.swaps.iter().map(|swap| swap.to.len()).max();
        if mapping.swaps.len() > limits::SETTINGS || longest.is_some_and(|len| len > limits::TAXES_PER_ITEM) {
            return Err(Rejection::TooLong {
                field: "tax_mappings.swaps".into(),
                limit: limits::SETTINGS as u32,
            });
        }
    }
    for rule in &shop.embedded_rules {
        check_text("embedded_rules", rule, limits::CODE_CHARS)?;
    }
    if let Some(rule) = &shop.cash_rounding {
        check_cash_rounding(rule)?;
    }
    if shop.denominations.iter().any(|value| *value <= 0) {
        return Err(Rejection::range(
            "denominations",
            "zero or less",
            "a note or coin is worth more than zero",
        ));
    }
    if shop.utc_offset_minutes.unsigned_abs() > 14 * 60 {
        return Err(Rejection::range(
            "utc_offset_minutes",
            shop.utc_offset_minutes,
            "at most 14 hours",
        ));
    }
    if let Some(current) = world.shop_if_set()?
        && current.currency != shop.currency
        && (world.has_sales()? || !state.carts.is_empty() || !state.shifts.is_empty())
    {
        return Err(Rejection::not_now(
            "currency",
            "The currency can't change after the first sale, nor while a cart or shift is open.",
        ));
    }
    Ok(vec![Event::ShopPut { shop: shop.clone() }])
}

fn check_cash_rounding(rule: &CashRounding) -> Result<(), Rejection> {
    if !(1..=limits::AMOUNT_MINOR).contains(&rule.step_minor) {
        return Err(Rejection::range(
            "cash_rounding.step_minor",
            rule.step_minor,
            "the smallest coin is worth more than zero",
        ));
    }
    if rule.mode == Rounding::Exact {
        return Err(Rejection::range(
            "cash_rounding.mode",
            "exact",
            "cash must be payable whatever the total is; name a direction",
        ));
    }
    Ok(())
}

fn check_list(field: &str, count: usize) -> Result<(), Rejection> {
    if count == 0 {
        return Err(Rejection::missing(field, "name at least one"));
    }
    if count > limits::SETTINGS {
        return Err(Rejection::TooLong {
            field: field.into(),
            limit: limits::SETTINGS as u32,
        });
    }
    Ok(())
}

//! Goods as a till shows them: quick keys, one item whole, counts for the bubbles, stock.

use crate::error::TillError;
use crate::till::Till;
use barrow_kernel::catalogue::{Face, Item, ItemKind, Price, Shop, Trade};
use barrow_kernel::context::{Catalogue, Stock};
use barrow_kernel::limits;
use barrow_kernel::price::amount_of;
use barrow_kernel::quantity::{Quantity, Unit, UnitPrice};
use barrow_kernel::view;
use barrow_log::id::{CartId, ItemId};
use barrow_store::query::{ListedItem, PAGE_MAX};
use barrow_store::{Reader, StoreError};
use serde::{Deserialize, Serialize};

/// Looks at this many rows of stock for one page of what is low; the next page goes on from there.
const LOW_ROWS: usize = 5_000;

/// An item as a quick key or a row of a list shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tile {
    /// Names the item.
    pub item: ItemId,
    /// Gives its number in this database; a part of the key of the next page.
    pub no: i64,
    /// Gives the shop's own code for it.
    pub sku: String,
    /// Gives its name.
    pub name: String,
    /// Tells how it is sold.
    pub kind: ItemKind,
    /// Gives its unit.
    pub unit: Unit,
    /// Gives the price of one unit.
    pub unit_price: UnitPrice,
    /// Gives the price as it is shown, in minor units, for `price_per` units.
    pub price_minor: i64,
    /// Gives the quantity that the price is shown for, like 0.1 kg.
    pub price_per: Quantity,
    /// Names the page of quick keys; empty for none.
    pub page: String,
    /// Gives its place on the page.
    pub slot: u16,
    /// Names its colour; empty for none.
    pub colour: String,
    /// Holds its emoji; empty for none.
    pub emoji: String,
    /// Names its icon; empty for none.
    pub icon: String,
    /// Tells that it is sold out by somebody's word.
    pub sold_out: bool,
    /// Gives the age in years below which it is not sold.
    pub min_age: Option<u8>,
    /// Gives the weight of its usual packaging.
    pub tare: Option<Quantity>,
}

/// An item whole, to look at and to change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemSheet {
    /// Shows it as a quick key.
    pub tile: Tile,
    /// Holds how it looks.
    pub face: Face,
    /// Holds its price.
    pub price: Price,
    /// Holds how it is sold.
    pub trade: Trade,
    /// Lists its barcodes.
    pub codes: Vec<String>,
    /// Tells that it is out of use.
    pub archived: bool,
    /// Tells that it is sold out by somebody's word.
    pub sold_out: bool,
    /// Gives what is on hand at this till's place, in its unit; zero where no stock is kept.
    pub on_hand: Quantity,
}

/// How much of an item lies in a cart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemCount {
    /// Names the item.
    pub item: ItemId,
    /// Gives the quantity in its unit, what comes back taken off.
    pub quantity: Quantity,
    /// Gives what a tile's bubble shows: pieces, or lines of what is weighed or measured.
    pub bubble: u32,
}

/// What is on hand of an item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StockRow {
    /// Names the item.
    pub item: ItemId,
    /// Gives its number in this database.
    pub no: i64,
    /// Gives its name.
    pub name: String,
    /// Gives the shop's own code for it.
    pub sku: String,
    /// Gives its unit.
    pub unit: Unit,
    /// Gives what is on hand at this till's place, in its unit.
    pub on_hand: Quantity,
    /// Tells that it is at or below the level that the item names.
    pub low: bool,
    /// Tells that it is sold out by somebody's word.
    pub sold_out: bool,
}

/// A page of what is on hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StockPage {
    /// Lists the rows by the items' numbers.
    pub rows: Vec<StockRow>,
    /// Gives the key of the next page; `None` after the last.
    pub next: Option<i64>,
}

impl Tile {
    fn of(listed: ListedItem, shop: &Shop) -> Self {
        let ListedItem { no, item } = listed;
        let Item {
            face, price, trade, ..
        } = item;
        let shown = amount_of(price.currency, price.unit_price, trade.price_per, shop.rounding);
        Self {
            item: item.id,
            no,
            sku: face.sku,
            name: face.name,
            kind: trade.kind,
            unit: trade.unit,
            unit_price: price.unit_price,
            price_minor: shown.unwrap_or(limits::AMOUNT_MINOR),
            price_per: trade.price_per,
            page: face.page,
            slot: face.slot,
            colour: face.colour,
            emoji: face.emoji,
            icon: face.icon,
            sold_out: item.sold_out,
            min_age: trade.min_age,
            tare: trade.tare,
        }
    }
}

impl Till {
    /// Lists the names of pages of quick keys in the order in which their first tiles came, after a name (an empty one for
    /// the first page).
    ///
    /// # Errors
    /// Those of the disk, as for every list.
    pub fn pages(&self, after: &str, limit: u32) -> Result<Vec<String>, TillError> {
        self.read(|reader| reader.pages(after, limit))
    }

    /// Lists the quick keys of a page by slot, after a slot and number (-1 and 0 for the first page).
    ///
    /// # Errors
    /// As [`Till::pages`].
    pub fn tiles(&self, page: &str, after: (i64, i64), limit: u32) -> Result<Vec<Tile>, TillError> {
        self.tiled(|reader| reader.items_on_page(page, after, limit))
    }

    /// Finds goods on sale by words of their name, or by an exact code or SKU, the best first.
    ///
    /// # Errors
    /// As [`Till::pages`].
    pub fn search(&self, text: &str, limit: u32) -> Result<Vec<Tile>, TillError> {
        let limit = limit.min(PAGE_MAX) as usize;
        self.tiled(|reader| Ok(reader.find_items(text, None, limit)?.0))
    }

    /// Lists goods on sale by name, after the name and number of the last one (an empty name for the first page).
    ///
    /// # Errors
    /// As [`Till::pages`].
    pub fn items(&self, after: (&str, i64), limit: u32) -> Result<Vec<Tile>, TillError> {
        self.tiled(|reader| reader.items_by_name(after, limit))
    }

    fn tiled(
        &self,
        query: impl FnOnce(&Reader) -> Result<Vec<ListedItem>, StoreError>,
    ) -> Result<Vec<Tile>, TillError> {
        self.read(|reader| {
            let shop = reader.shop()?;
            let listed = query(reader)?.into_iter();
            Ok::<_, TillError>(listed.map(|item| Tile::of(item, &shop)).collect())
        })
    }

    /// Shows an item whole; `None` when there is none.
    ///
    /// # Errors
    /// As [`Till::pages`].
    pub fn item(&self, id: &ItemId) -> Result<Option<ItemSheet>, TillError> {
        let location = self.installation().location;
        self.read(|reader| {
            let Some(listed) = reader.listed_item(id)? else {
                return Ok::<_, TillError>(None);
            };
            let on_hand = match listed.item.keeps_stock() {
                true => reader.on_hand(id, &location)?,
                false => Quantity::ZERO,
            };
            let item = listed.item.clone();
            Ok(Some(ItemSheet {
                tile: Tile::of(listed, &*reader.shop()?),
                face: item.face,
                price: item.price,
                trade: item.trade,
                codes: item.codes,
                archived: item.archived,
                sold_out: item.sold_out,
                on_hand,
            }))
        })
    }

    /// Counts how much of some items lies in an open cart; items of which there is nothing are left out.
    ///
    /// # Errors
    /// [`TillError::Closed`] when the till has stopped.
    pub fn cart_counts(&self, cart: &CartId, items: &[ItemId]) -> Result<Vec<ItemCount>, TillError> {
        self.state(|state| {
            let Some(cart) = state.carts.get(cart) else {
                return Vec::new();
            };
            let mut counts: Vec<ItemCount> = Vec::new();
            for line in cart.live_lines() {
                let goods = &line.goods;
                if !items.contains(&goods.item) {
                    continue;
                }
                let more = view::pieces(goods.kind, &goods.unit, line.quantity);
                match counts.iter_mut().find(|count| count.item == goods.item) {
                    Some(count) => {
                        count.bubble = count.bubble.saturating_add(more);
                        let sum = count.quantity.checked_add(line.quantity);
                        count.quantity = sum.unwrap_or(count.quantity);
                    }
                    None => counts.push(ItemCount {
                        item: goods.item,
                        quantity: line.quantity,
                        bubble: more,
                    }),
                }
            }
            counts
        })
    }

    /// Lists what is on hand at this till's place after an item's number (0 for the first page), or only what is low
    /// or sold out. A page may be shorter than the limit while there is a next one.
    ///
    /// # Errors
    /// As [`Till::pages`].
    pub fn stock(&self, after: i64, limit: u32, low_only: bool) -> Result<StockPage, TillError> {
        let location = self.installation().location;
        let limit = limit.clamp(1, PAGE_MAX);
        let (mut rows, mut next, mut seen) = (Vec::new(), after, 0);
        loop {
            let levels = self.read(|reader| reader.stock(&location, next, limit))?;
            for level in &levels {
                if rows.len() == limit as usize {
                    return Ok(StockPage {
                        rows,
                        next: Some(next),
                    });
                }
                next = level.item_no;
                if !low_only || level.low || level.sold_out {
                    rows.push(StockRow {
                        item: level.item,
                        no: level.item_no,
                        name: level.name.clone(),
                        sku: level.sku.clone(),
                        unit: level.unit.clone(),
                        on_hand: level.on_hand,
                        low: level.low,
                        sold_out: level.sold_out,
                    });
                }
            }
            seen += levels.len();
            if levels.is_empty() {
                return Ok(StockPage { rows, next: None });
            }
            if seen >= LOW_ROWS || (rows.len() == limit as usize && !low_only) {
                return Ok(StockPage {
                    rows,
                    next: Some(next),
                });
            }
        }
    }
}

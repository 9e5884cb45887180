//! What a new item starts with, and the price of one unit behind the price that is shown.

use crate::error::TillError;
use crate::ports::fresh_id;
use crate::till::Till;
use barrow_kernel::catalogue::{Face, Item, ItemDraft, Price, Trade};
use barrow_kernel::context::Catalogue;
use barrow_kernel::quantity::UnitPrice;
use barrow_kernel::rejection::Rejection;
use barrow_log::id::ItemId;
use barrow_store::Reader;
use barrow_store::query::PAGE_MAX;
use rust_decimal::RoundingStrategy;

/// Gives the colour of a tile that nobody chose a colour for.
const PLAIN_COLOUR: &str = "stone";
/// Gives the places of a unit price that was divided: a price per 100 g stays exact.
const PRICE_PLACES: u32 = 8;

impl Till {
    /// Builds a new item that lacks only its name and price: a free SKU, the place after the last one of the first
    /// page of quick keys, and the taxes of its neighbour there.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn fresh_item(&self) -> Result<ItemDraft, TillError> {
        let id = ItemId::from_bytes(fresh_id()?);
        self.read(|reader| {
            let shop = reader.shop()?;
            let page = reader.pages("", 1)?.into_iter().next().unwrap_or_default();
            let neighbour = last_on(reader, &page)?;
            let slot = neighbour.as_ref().map_or(0, |item| item.face.slot);
            let taxes = match neighbour {
                Some(item) => item.price.taxes,
                None => reader.taxes()?.first().map(|tax| tax.id).into_iter().collect(),
            };
            Ok::<_, TillError>(ItemDraft {
                id,
                face: Some(Face {
                    sku: free_sku(reader)?,
                    slot: if page.is_empty() {
                        0
                    } else {
                        slot.saturating_add(1)
                    },
                    page,
                    colour: PLAIN_COLOUR.into(),
                    ..Face::default()
                }),
                price: Some(Price {
                    unit_price: UnitPrice::ZERO,
                    currency: shop.currency,
                    taxes,
                }),
                trade: Some(Trade::default()),
                archived: None,
                sold_out: None,
                add_codes: Vec::new(),
                remove_codes: Vec::new(),
            })
        })
    }

    /// Returns the price of one unit of an item when `shown` is the price for as many units as the item shows one for:
    /// 4.99 for 100 g is 0.0499 for a gram.
    ///
    /// # Errors
    /// When there is no such item, or the price leaves its bounds.
    pub fn unit_price(&self, item: &ItemId, shown: UnitPrice) -> Result<UnitPrice, TillError> {
        let item = self.read(|reader| reader.item(item)?.ok_or_else(|| Rejection::unknown("item", item)))?;
        let bounds = || {
            Rejection::range(
                "unit_price",
                shown,
                "give the price for what the item shows one for",
            )
        };
        let price = shown
            .decimal()
            .checked_div(item.trade.price_per.decimal())
            .ok_or_else(bounds)?;
        let rounded = price.round_dp_with_strategy(PRICE_PLACES, RoundingStrategy::MidpointAwayFromZero);
        Ok(UnitPrice::try_from(rounded).map_err(|_| bounds())?)
    }
}

/// Returns the last item of a page of quick keys.
fn last_on(reader: &Reader, page: &str) -> Result<Option<Item>, TillError> {
    let mut last = None;
    let mut after = (-1, 0);
    loop {
        let items = reader.items_on_page(page, after, PAGE_MAX)?;
        let Some(newest) = items.into_iter().next_back() else {
            return Ok(last);
        };
        after = (i64::from(newest.item.face.slot), newest.no);
        last = Some(newest.item);
    }
}

/// Finds a number that no item has as its SKU: the next one after as many as there are items.
fn free_sku(reader: &Reader) -> Result<String, TillError> {
    let mut number = reader.counts()?.items;
    loop {
        // Fewer numbers are taken than there are items, so this ends.
        number = number.saturating_add(1);
        let sku = number.to_string();
        if reader.item_by_sku(&sku)?.is_none() {
            return Ok(sku);
        }
    }
}

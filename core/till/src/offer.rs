//! What might be sold next: a line that is weighed or priced right now, goods without a tile, the same once more.

use crate::error::TillError;
use crate::till::Till;
use barrow_kernel::cart::Measure;
use barrow_kernel::catalogue::{Face, Item, ItemDraft, ItemKind, Price, Trade};
use barrow_kernel::command::{ItemRef, LineDraft};
use barrow_kernel::context::Catalogue;
use barrow_kernel::quantity::UnitPrice;
use barrow_kernel::quote::{self, Quote};
use barrow_kernel::sale::SaleLine;
use barrow_log::id::{ItemId, SaleId};
use serde::{Deserialize, Serialize};

/// Names the item that a typed price without a tile sells, in every shop.
pub const PRICE_ITEM: ItemId = ItemId::from_number(0x9001);
/// Gives that item's SKU.
const PRICE_SKU: &str = "PRICE";
/// Names the class of taxes that goods have when nobody says otherwise.
const STANDARD: &str = "standard";

/// The item that a typed price without a tile sells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceItem {
    /// Names it.
    pub item: ItemId,
    /// Holds what makes it, where the shop does not have it yet: it is put before it is sold for the first time.
    pub draft: Option<ItemDraft>,
}

impl Till {
    /// Works out what a line would come to, with nothing changed.
    ///
    /// # Errors
    /// What adding the line would be rejected for.
    pub fn quote(&self, line: &LineDraft) -> Result<Quote, TillError> {
        let location = self.installation().location;
        self.read(|reader| Ok::<_, TillError>(quote::quote(reader, location, line)?))
    }

    /// Returns the item that a typed price without a tile sells; `name` is what a new one is called.
    ///
    /// # Errors
    /// When the goods can't be read.
    pub fn price_item(&self, name: &str) -> Result<PriceItem, TillError> {
        self.read(|reader| {
            let draft = match reader.item(&PRICE_ITEM)? {
                Some(item) if !item.archived => None,
                _ => {
                    let taxes = reader.taxes()?;
                    let usual = taxes.iter().find(|tax| tax.group == STANDARD).or(taxes.first());
                    let price = Price {
                        unit_price: UnitPrice::ZERO,
                        currency: reader.shop()?.currency,
                        taxes: usual.map(|tax| tax.id).into_iter().collect(),
                    };
                    Some(price_draft(name, price))
                }
            };
            Ok::<_, TillError>(PriceItem {
                item: PRICE_ITEM,
                draft,
            })
        })
    }

    /// Lists what sells the goods of a finished sale once more, at today's prices; deposits come by themselves, and what
    /// came back or is no longer sold stays out.
    ///
    /// # Errors
    /// When the sale can't be read.
    pub fn same_again(&self, sale: &SaleId) -> Result<Vec<LineDraft>, TillError> {
        let Some(sale) = self.sale(sale)? else {
            return Ok(Vec::new());
        };
        self.read(|reader| {
            let mut drafts = Vec::new();
            for line in sale
                .lines
                .iter()
                .filter(|line| line.parent.is_none() && line.returns.is_none())
            {
                match reader.item(&line.goods.item)? {
                    Some(item) if !item.archived => drafts.push(once_more(line, &item)),
                    _ => {}
                }
            }
            Ok::<_, TillError>(drafts)
        })
    }
}

fn price_draft(name: &str, price: Price) -> ItemDraft {
    ItemDraft {
        id: PRICE_ITEM,
        face: Some(Face {
            sku: PRICE_SKU.into(),
            name: name.into(),
            ..Face::default()
        }),
        price: Some(price),
        trade: Some(Trade {
            kind: ItemKind::Department,
            tracked: false,
            ..Trade::default()
        }),
        archived: Some(false),
        sold_out: None,
        add_codes: Vec::new(),
        remove_codes: Vec::new(),
    }
}

fn once_more(line: &SaleLine, item: &Item) -> LineDraft {
    let typed = matches!(
        item.trade.kind,
        ItemKind::OpenPrice | ItemKind::Department | ItemKind::GiftCard
    );
    let mut draft = LineDraft::of(ItemRef::Id(item.id));
    draft.quantity = Some(line.quantity);
    draft.unit_price = typed.then_some(line.unit_price);
    draft.merge = line.measure == Measure::Quantity;
    draft
}

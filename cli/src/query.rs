//! What machines may ask the till: pages by key, never by offset.

use crate::place;
use crate::shop::Shop;
use barrow_kernel::catalogue::{CashBox, Item, Location, Shop as Settings, TenderKind};
use barrow_kernel::context::{Catalogue, History, Stock};
use barrow_kernel::quantity::Quantity;
use barrow_kernel::rejection::Rejection;
use barrow_kernel::sale::{ReceiptNumber, Sale, SaleKind};
use barrow_kernel::scan;
use barrow_kernel::shift::ZReport;
use barrow_kernel::tax::Tax;
use barrow_kernel::view::CartView;
use barrow_log::digest::Digest;
use barrow_log::id::{CartId, CashBoxId, ItemId, SaleId, ShiftId};
use barrow_store::Reader;
use barrow_till::board::{Changes, Revision};
use barrow_till::error::TillError;
use barrow_till::outcome::ShiftView;
use barrow_till::spread::SpreadView;
use barrow_till::{Installation, Till};
use serde::{Deserialize, Serialize};
use std::future::Future;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

/// Gives the length of a page when none is asked for.
const PAGE: u32 = 100;

/// A question. `limit` is at most 500; `after` is the `next` of the page before.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Query {
    /// Who this till is, and the shop's settings.
    Shop {},
    /// An open cart, from one of its lines on.
    Cart {
        cart: CartId,
        #[serde(default)]
        first_line: u32,
    },
    /// The open carts, by id.
    Carts {
        #[serde(default)]
        after: Option<CartId>,
        #[serde(default)]
        limit: Option<u32>,
    },
    /// The open shift of a cash box, this till's own when absent: an X report.
    Shift {
        #[serde(default)]
        cash_box: Option<CashBoxId>,
    },
    /// The Z report of a closed shift.
    Closed { shift: ShiftId },
    /// A finished sale by its id or its receipt number.
    Sale {
        #[serde(default)]
        id: Option<SaleId>,
        #[serde(default)]
        number: Option<String>,
    },
    /// Finished sales, newest first.
    Sales {
        #[serde(default)]
        after: Option<(i64, SaleId)>,
        #[serde(default)]
        limit: Option<u32>,
    },
    /// Items in the order in which they came, archived ones too.
    Items {
        #[serde(default)]
        after: Option<i64>,
        #[serde(default)]
        limit: Option<u32>,
    },
    /// One item by id, SKU or barcode, scale labels too.
    Item {
        #[serde(default)]
        id: Option<ItemId>,
        #[serde(default)]
        sku: Option<String>,
        #[serde(default)]
        code: Option<String>,
    },
    /// Goods on sale by words, the best first.
    Search {
        words: String,
        #[serde(default)]
        limit: Option<u32>,
    },
    /// What is on hand at this till's place, by item.
    Stock {
        #[serde(default)]
        after: Option<i64>,
        #[serde(default)]
        limit: Option<u32>,
    },
    /// Kinds of tender.
    Tenders {},
    /// Taxes.
    Taxes {},
    /// Locations and cash boxes.
    Places {},
    /// What changed since a revision; at once, never waiting.
    Changes { since: Revision },
    /// How far what was done has spread: to the hub, to other tills.
    Spread {
        /// Sums what is folded too, to compare it with another till's.
        #[serde(default)]
        digest: bool,
    },
}

/// What is on hand of an item.
#[derive(Debug, Serialize)]
pub struct Level {
    item: ItemId,
    sku: String,
    name: String,
    unit: String,
    on_hand: Quantity,
    low: bool,
}

/// A sale in a list.
#[derive(Debug, Serialize)]
pub struct Listed {
    id: SaleId,
    number: ReceiptNumber,
    at_ms: i64,
    kind: SaleKind,
    total_minor: i64,
    tax_minor: i64,
}

/// An answer, under the name of its question.
#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case")]
#[allow(clippy::large_enum_variant, reason = "one answer lives for one line")]
pub enum Found {
    /// Who this till is.
    Shop { settings: Settings, till: Installation },
    /// A cart, or nothing when it is not open.
    Cart(Option<CartView>),
    /// Open carts.
    Carts {
        carts: Vec<CartView>,
        next: Option<CartId>,
    },
    /// The open shift, or nothing.
    Shift(Option<ShiftView>),
    /// A Z report, or nothing.
    Closed(Option<ZReport>),
    /// A sale, or nothing.
    Sale(Option<Sale>),
    /// Sales.
    Sales {
        sales: Vec<Listed>,
        next: Option<(i64, SaleId)>,
    },
    /// Items.
    Items { items: Vec<Item>, next: Option<i64> },
    /// Items that the id, SKU or code names.
    Item(Vec<Item>),
    /// Goods that were found.
    Search { items: Vec<Item> },
    /// Stock.
    Stock { levels: Vec<Level>, next: Option<i64> },
    /// Tenders.
    Tenders(Vec<TenderKind>),
    /// Taxes.
    Taxes(Vec<Tax>),
    /// Locations and cash boxes.
    Places {
        locations: Vec<Location>,
        cash_boxes: Vec<CashBox>,
    },
    /// What changed, or nothing.
    Changes(Option<Changes>),
    /// How far what was done has spread.
    Spread {
        #[serde(flatten)]
        spread: SpreadView,
        #[serde(skip_serializing_if = "Option::is_none")]
        digest: Option<Digest>,
    },
}

/// Answers a question.
///
/// # Errors
/// When the shop can't be read, or the question names nothing.
pub fn find(shop: &Shop, query: &Query) -> Result<Found, TillError> {
    let till = shop.till();
    match query {
        Query::Shop {} => {
            let settings = till.read(|reader| reader.shop().map_err(TillError::from))?;
            Ok(Found::Shop {
                settings: Arc::unwrap_or_clone(settings),
                till: till.installation().clone(),
            })
        }
        Query::Cart { cart, first_line } => till.cart(*cart, *first_line).map(Found::Cart),
        Query::Carts { after, limit } => carts(shop, *after, *limit),
        Query::Shift { cash_box } => till.shift(*cash_box).map(Found::Shift),
        Query::Closed { shift } => till.read(|reader| reader.z_report(shift)).map(Found::Closed),
        Query::Sale { id, number } => sale(shop, id.as_ref(), number.as_deref()).map(Found::Sale),
        Query::Changes { since } => Ok(Found::Changes(changes_now(till, *since))),
        Query::Tenders {} => till.read(Reader::tenders).map(Found::Tenders),
        Query::Taxes {} => till.read(Reader::taxes).map(Found::Taxes),
        Query::Places {} => till.read(|reader| {
            Ok::<_, TillError>(Found::Places {
                locations: reader.locations()?,
                cash_boxes: reader.cash_boxes()?,
            })
        }),
        Query::Item { id, sku, code } => {
            item(shop, id.as_ref(), sku.as_deref(), code.as_deref()).map(Found::Item)
        }
        Query::Search { words, limit } => {
            let limit = usize::try_from(limit.unwrap_or(PAGE)).unwrap_or(usize::MAX);
            let items = shop.search(words, limit).map_err(unread)?;
            Ok(Found::Search {
                items: items.into_iter().map(Arc::unwrap_or_clone).collect(),
            })
        }
        Query::Sales { after, limit } => sales(shop, *after, limit.unwrap_or(PAGE)),
        Query::Items { after, limit } => till.read(|reader| {
            let page = reader.items_by_number(after.unwrap_or(0), limit.unwrap_or(PAGE))?;
            let next = page.last().map(|listed| listed.no);
            Ok::<_, TillError>(Found::Items {
                items: page.into_iter().map(|listed| listed.item).collect(),
                next,
            })
        }),
        Query::Spread { digest } => Ok(Found::Spread {
            spread: till.spread()?,
            digest: match digest {
                true => Some(till.own_reader()?.digest()?),
                false => None,
            },
        }),
        Query::Stock { after, limit } => stock(shop, after.unwrap_or(0), limit.unwrap_or(PAGE)),
    }
}

/// Returns what changed so far, without waiting for more.
fn changes_now(till: &Till, since: Revision) -> Option<Changes> {
    let waiting = std::pin::pin!(till.changes(since));
    match waiting.poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(changes) => changes,
        Poll::Pending => None,
    }
}

fn unread(fault: crate::output::Failure) -> TillError {
    TillError::unavailable(fault.sentence())
}

fn carts(shop: &Shop, after: Option<CartId>, limit: Option<u32>) -> Result<Found, TillError> {
    let till = shop.till();
    let limit = usize::try_from(limit.unwrap_or(PAGE))
        .unwrap_or(usize::MAX)
        .min(crate::shop::OPEN_CARTS);
    let ids = till.open_carts(after, limit)?;
    let next = ids.last().copied();
    let views = ids.into_iter().map(|cart| till.cart(cart, 0));
    let carts = views.filter_map(Result::transpose).collect::<Result<_, _>>()?;
    Ok(Found::Carts { carts, next })
}

fn sale(shop: &Shop, id: Option<&SaleId>, number: Option<&str>) -> Result<Option<Sale>, TillError> {
    match (id, number) {
        (Some(id), None) => {
            let sale = shop
                .till()
                .read(|reader| reader.sale(id).map_err(TillError::from))?;
            Ok(sale.map(|sale| (*sale).clone()))
        }
        (None, Some(number)) => {
            let number: ReceiptNumber = number.parse().map_err(TillError::from)?;
            shop.till().read(|reader| reader.sale_by_number(&number))
        }
        _ => Err(Rejection::missing("sale", "name its id or its receipt number").into()),
    }
}

fn sales(shop: &Shop, after: Option<(i64, SaleId)>, limit: u32) -> Result<Found, TillError> {
    let page = shop.till().read(|reader| reader.sales(after, limit))?;
    let next = page.last().map(|last| (last.at_ms, last.id));
    let listed = |sale: barrow_store::query::SaleSummary| Listed {
        id: sale.id,
        number: sale.number,
        at_ms: sale.at_ms,
        kind: sale.kind,
        total_minor: sale.total_minor,
        tax_minor: sale.tax_minor,
    };
    Ok(Found::Sales {
        sales: page.into_iter().map(listed).collect(),
        next,
    })
}

fn item(
    shop: &Shop,
    id: Option<&ItemId>,
    sku: Option<&str>,
    code: Option<&str>,
) -> Result<Vec<Item>, TillError> {
    shop.till().read(|reader| {
        let found: Vec<Arc<Item>> = match (id, sku, code) {
            (Some(id), None, None) => reader.item(id)?.into_iter().collect(),
            (None, Some(sku), None) => reader.item_by_sku(sku)?.into_iter().collect(),
            (None, None, Some(code)) => scan::find(reader, code, scan::year_of(place::now_ms()))?.items,
            _ => return Err(Rejection::missing("item", "name its id, its SKU or a code").into()),
        };
        Ok::<_, TillError>(found.into_iter().map(Arc::unwrap_or_clone).collect())
    })
}

fn stock(shop: &Shop, after: i64, limit: u32) -> Result<Found, TillError> {
    let location = shop.till().installation().location;
    shop.till().read(|reader| {
        let page = reader.stock(&location, after, limit)?;
        let next = page.last().map(|level| level.item_no);
        let mut levels = Vec::with_capacity(page.len());
        for level in page {
            let item = reader.item(&level.item)?;
            let (sku, unit) = item
                .map(|item| (item.face.sku.clone(), item.trade.unit.to_string()))
                .unwrap_or_default();
            levels.push(Level {
                item: level.item,
                sku,
                name: level.name,
                unit,
                on_hand: reader.on_hand(&level.item, &location)?,
                low: level.low,
            });
        }
        Ok::<_, TillError>(Found::Stock { levels, next })
    })
}

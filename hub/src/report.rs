//! What a hub shows of a shop: its tills and how much of their work arrived, takings, stock.

use crate::hub::{Organisation, written};
use crate::journal::short;
use barrow_log::id::OrganisationId;
use barrow_store::{Reader, StoreError};
use serde::Serialize;

/// Shows this many of the newest sales.
const SALES: u32 = 20;
/// Shows this many goods of each place, those first that came first.
const STOCK: u32 = 200;
/// Shows this many places.
const PLACES: usize = 20;

/// Takings of a day in one currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Takings {
    /// Counts days since 1970 in the shop's time.
    pub day: i64,
    /// Gives the currency's code.
    pub currency: String,
    /// Tells how many decimals the currency has.
    pub digits: u8,
    /// Counts sales, refunds and exchanges.
    pub sales: u64,
    /// Gives their sum in minor units.
    pub total_minor: i64,
}

/// A sale in the list of the newest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SaleRow {
    /// Gives the time in milliseconds since 1970.
    pub at_ms: i64,
    /// Gives the receipt number.
    pub number: String,
    /// Gives the currency's code.
    pub currency: String,
    /// Tells how many decimals the currency has.
    pub digits: u8,
    /// Gives the total in minor units.
    pub total_minor: i64,
}

/// What is on hand of an item at a place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StockRow {
    /// Gives the place's name.
    pub place: String,
    /// Gives the item's name.
    pub name: String,
    /// Gives the shop's own code for it.
    pub sku: String,
    /// Gives what is on hand, in the item's unit.
    pub on_hand: String,
    /// Tells that it is at or below the level that the item names.
    pub low: bool,
}

/// What the books of a shop say.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Books {
    /// Gives the shop's name; empty before its settings arrived.
    pub shop: String,
    /// Counts finished sales, refunds and exchanges of all time.
    pub sales: u64,
    /// Counts ops in review.
    pub reviews: u64,
    /// Lists the takings of the newest day that has any, by currency.
    pub takings: Vec<Takings>,
    /// Lists the newest sales.
    pub newest: Vec<SaleRow>,
    /// Lists what is on hand.
    pub stock: Vec<StockRow>,
}

/// One till, and how much of its work arrived here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TillRow {
    /// Gives its name.
    pub name: String,
    /// Gives its receipt series.
    pub series: String,
    /// Tells that it is linked now.
    pub linked: bool,
    /// Counts the ops that it says to have written.
    pub of: u64,
    /// Counts those that are durable here.
    pub arrived: u64,
}

/// What a hub shows of one shop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Gives the first letters of the organisation's id.
    pub organisation: String,
    /// Lists its tills.
    pub tills: Vec<TillRow>,
    /// Tells what its books say.
    #[serde(flatten)]
    pub books: Books,
}

impl Organisation {
    /// Tells how it stands.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn report(&self) -> Result<Report, StoreError> {
        let id = OrganisationId::of(&self.key());
        Ok(Report {
            organisation: short(&id),
            tills: self.tills(id),
            books: self.books()?,
        })
    }

    /// Lists the tills, and how much of their work arrived.
    pub fn tills(&self, id: OrganisationId) -> Vec<TillRow> {
        let (durable, present) = (self.durable(), self.present());
        let known = durable.policy.certificates();
        let tills =
            known.filter(|known| !known.series.is_empty() && !durable.policy.is_revoked(&known.device));
        let row = |known: &barrow_log::policy::Certificate| {
            let here = present.get(&known.device).copied().unwrap_or_default();
            let arrived = written(id, known.device, known.incarnation, |stream| {
                durable.vector.seq(&stream.id())
            });
            TillRow {
                name: known.name.clone(),
                series: known.series.clone(),
                linked: here.links > 0,
                of: here.of.max(arrived),
                arrived,
            }
        };
        tills.map(row).collect()
    }
}

/// Reads the books of a SQLite store.
pub(crate) fn books(reader: &Reader) -> Result<Books, StoreError> {
    let counts = reader.counts()?;
    let shop = reader.shop_settings()?;
    let mut stock = Vec::new();
    for place in reader.locations()?.into_iter().take(PLACES) {
        let levels = reader.stock(&place.id, 0, STOCK)?;
        stock.extend(levels.into_iter().map(|level| StockRow {
            place: place.name.clone(),
            name: level.name,
            sku: level.sku,
            on_hand: level.on_hand.to_string(),
            low: level.low,
        }));
    }
    let newest = reader.sales(None, SALES)?.into_iter().map(|sale| SaleRow {
        at_ms: sale.at_ms,
        number: sale.number.to_string(),
        currency: sale.currency.code_str().to_string(),
        digits: sale.currency.digits,
        total_minor: sale.total_minor,
    });
    let takings = reader.takings()?.into_iter().map(|sum| Takings {
        day: sum.day,
        currency: sum.currency.code_str().to_string(),
        digits: sum.currency.digits,
        sales: sum.sales,
        total_minor: sum.total_minor,
    });
    Ok(Books {
        shop: shop.map_or_else(String::new, |shop| shop.name),
        sales: counts.sales,
        reviews: counts.reviews,
        takings: takings.collect(),
        newest: newest.collect(),
        stock,
    })
}

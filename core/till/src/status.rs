//! How the till is: what is saved, whether the store is well, whose shop it is, what waits for a person.

use crate::error::TillError;
use crate::till::Till;
use barrow_kernel::catalogue::Shop;
use barrow_kernel::context::Catalogue;
use barrow_kernel::country;
use barrow_log::id::{CashBoxId, LocationId};
use barrow_store::Reader;
use barrow_store::query::REVIEWS_MAX;
use barrow_store::reserve::{Reserve, ReserveState};
use serde::{Deserialize, Serialize};

/// Shows this many letters of an organisation's id: enough to tell two shops apart by eye.
const SHORT_ID: usize = 8;

/// How far what was done is saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SavedWord {
    /// On this device.
    SavedHere,
}

/// Whether the store can go on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StorageState {
    /// All is well.
    Well,
    /// The disk is nearly full: the reserve for what is under way could not be kept.
    NearlyFull,
    /// No new sales can be taken; old ones stay readable.
    ReadOnly {
        /// Tells what happened and what to do.
        why: String,
    },
}

/// How the till is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusView {
    /// Tells how far what was done is saved.
    pub word: SavedWord,
    /// Counts the ops of this store.
    pub ops: u64,
    /// Gives the time of the last backup that was made here, in milliseconds since 1970; `None` before the first.
    pub last_backup_ms: Option<i64>,
    /// Tells whether the store can go on.
    pub storage: StorageState,
    /// Tells that a shift of this till's cash box is open.
    pub shift_open: bool,
    /// Counts carts that were put aside.
    pub carts_parked: u32,
    /// Counts what waits for a person.
    pub open_tasks: u32,
}

/// Whose shop this is, and where this till stands in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShopView {
    /// Holds the shop's settings.
    pub shop: Shop,
    /// Gives this till's name.
    pub till: String,
    /// Names the place that it sells from.
    pub location_id: LocationId,
    /// Gives the name of the place that it sells from.
    pub location: String,
    /// Names its cash box.
    pub cash_box_id: CashBoxId,
    /// Gives the name of its cash box.
    pub cash_box: String,
    /// Gives the country's English name; its code where Barrow does not know it.
    pub country_name: String,
    /// Gives the first letters of the organisation's id.
    pub organisation: String,
    /// Gives the version of Barrow.
    pub app_version: String,
}

/// Something that waits for a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskRow {
    /// Gives its number; the key of the next page.
    pub no: i64,
    /// Says in few words what it is.
    pub title: String,
    /// Says what happened.
    pub text: String,
}

impl Till {
    /// Tells how the till is.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn status(&self) -> Result<StatusView, TillError> {
        let carts_parked = self.state(|state| state.carts.values().filter(|cart| cart.parked).count())?;
        let counts = self.read(Reader::counts)?;
        Ok(StatusView {
            word: SavedWord::SavedHere,
            ops: counts.ops,
            last_backup_ms: self.last_backup_ms()?,
            storage: self.storage_state(),
            shift_open: self.shift(None)?.is_some(),
            carts_parked: u32::try_from(carts_parked).unwrap_or(u32::MAX),
            open_tasks: u32::try_from(counts.reviews).unwrap_or(u32::MAX),
        })
    }

    fn storage_state(&self) -> StorageState {
        match (self.trouble(), Reserve::of(self.folder()).state()) {
            (Some(why), _) => StorageState::ReadOnly { why },
            (None, Ok(ReserveState::Held)) => StorageState::Well,
            (None, _) => StorageState::NearlyFull,
        }
    }

    /// Tells whose shop this is and where this till stands in it.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn shop(&self) -> Result<ShopView, TillError> {
        let here = self.installation();
        self.read(|reader| {
            let shop = (*reader.shop()?).clone();
            let location = reader.location(&here.location)?;
            let cash_box = reader.cash_box(&here.cash_box)?;
            let pack = country::pack(&shop.country);
            Ok::<_, TillError>(ShopView {
                till: here.till.clone(),
                location_id: here.location,
                cash_box_id: here.cash_box,
                location: location.map_or_else(String::new, |location| location.name.clone()),
                cash_box: cash_box.map_or_else(String::new, |cash_box| cash_box.name.clone()),
                country_name: pack.map_or_else(|| shop.country.clone(), |pack| pack.name.clone()),
                organisation: here.organisation.to_string().chars().take(SHORT_ID).collect(),
                app_version: env!("CARGO_PKG_VERSION").into(),
                shop,
            })
        })
    }

    /// Lists what waits for a person after a number (0 for the first page): ops in review.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn tasks(&self, after: i64, limit: u32) -> Result<Vec<TaskRow>, TillError> {
        let reviews = self.read(|reader| reader.reviews(after, limit.min(REVIEWS_MAX)))?;
        let row = |review: barrow_store::query::Review| TaskRow {
            no: review.op_no,
            title: "A record from another till is in review".into(),
            text: review.reason,
        };
        Ok(reviews.into_iter().map(row).collect())
    }
}

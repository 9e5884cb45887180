//! A connection that reads what is committed, for any thread and never through the actor.

use crate::database::{self, DATABASE_FILE, Options};
use crate::error::StoreError;
use crate::fold::RegisterKind;
use crate::query::ListedItem;
use crate::search;
use crate::streams::StreamIds;
use crate::work::Cancel;
use crate::world::{self, Source, unreadable};
use barrow_kernel::cart::LineId;
use barrow_kernel::catalogue::{CashBox, Item, Location, Shop, TenderKind};
use barrow_kernel::context::{Catalogue, History, Stock};
use barrow_kernel::quantity::Quantity;
use barrow_kernel::rejection::Rejection;
use barrow_kernel::sale::Sale;
use barrow_kernel::tax::Tax;
use barrow_log::id::{CashBoxId, ItemId, LocationId, SaleId, TaxId, TenderId};
use rusqlite::Connection;
use std::path::Path;
use std::sync::Arc;

/// Reads what is committed. Each call sees one moment; two calls may see two.
#[derive(Debug)]
pub struct Reader {
    pub(crate) conn: Connection,
    pub(crate) ids: StreamIds,
}

impl Reader {
    /// Opens the store of a folder to read it, beside a writer or without one: what is damaged too far for a writer
    /// may still be read, verified and exported.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when there is none, [`StoreError::Newer`] when a later release wrote it, or those of
    /// the disk.
    pub fn open(folder: &Path, options: &Options) -> Result<Self, StoreError> {
        if options.vfs.is_none() && !folder.join(DATABASE_FILE).try_exists()? {
            return Err(StoreError::Missing);
        }
        Self::new(database::reader(folder, options)?)
    }

    /// Ends what is asked from here on early once it is given up, with [`StoreError::Cancelled`].
    ///
    /// # Errors
    /// Those of SQLite.
    pub fn ends_with(&mut self, cancel: &Cancel) -> Result<(), StoreError> {
        Ok(cancel.watch(&mut self.conn)?)
    }

    pub(crate) fn new(conn: Connection) -> Result<Self, StoreError> {
        Ok(Self {
            conn,
            ids: StreamIds::default(),
        })
    }

    /// Finds items on sale by words of their name, or by an exact code or SKU: see [`search::find`]. Items are returned
    /// best first, with the rank after which the next page begins.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn search(
        &self,
        query: &str,
        after: Option<i64>,
        limit: usize,
    ) -> Result<(Vec<Arc<Item>>, Option<i64>), StoreError> {
        let (found, next) = self.find_items(query, after, limit)?;
        let items = found.into_iter().map(|listed| Arc::new(listed.item));
        Ok((items.collect(), next))
    }

    /// Finds items as [`Reader::search`] does, with their numbers.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn find_items(
        &self,
        query: &str,
        after: Option<i64>,
        limit: usize,
    ) -> Result<(Vec<ListedItem>, Option<i64>), StoreError> {
        let page = search::find(&self.conn, query, after, limit)?;
        let mut items = Vec::with_capacity(page.items.len());
        for no in page.items {
            let item = self.source().item_by_no(no)?;
            items.extend(item.map(|item| ListedItem { no, item }));
        }
        Ok((items, page.next))
    }

    /// Returns an item with its number in this database; `None` when there is none or it is not known yet.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn listed_item(&self, id: &ItemId) -> Result<Option<ListedItem>, StoreError> {
        let found = self.source().item(id)?;
        Ok(found.map(|(no, item)| ListedItem { no, item }))
    }

    /// Reads a fact of this device.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn meta(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        crate::local::meta(&self.conn, key)
    }

    pub(crate) fn source(&self) -> Source<'_> {
        Source {
            conn: &self.conn,
            ids: &self.ids,
            open: None,
        }
    }

    fn register<T>(&self, kind: RegisterKind, id: &[u8]) -> Result<Option<Arc<T>>, Rejection>
    where
        T: for<'b> minicbor::Decode<'b, ()>,
    {
        let value = self.source().register(kind, id).map_err(unreadable)?;
        Ok(value.map(Arc::new))
    }
}

impl Catalogue for Reader {
    fn shop_if_set(&self) -> Result<Option<Arc<Shop>>, Rejection> {
        self.register(RegisterKind::Shop, &[])
    }

    fn item(&self, id: &ItemId) -> Result<Option<Arc<Item>>, Rejection> {
        let found = self.source().item(id).map_err(unreadable)?;
        Ok(found.map(|(_, item)| Arc::new(item)))
    }

    fn item_by_sku(&self, sku: &str) -> Result<Option<Arc<Item>>, Rejection> {
        let id = self.source().id_by_sku(sku).map_err(unreadable)?;
        id.map_or(Ok(None), |id| self.item(&id))
    }

    fn items_by_code(&self, code: &str) -> Result<Vec<Arc<Item>>, Rejection> {
        let found = self.source().ids_by_code(code).map_err(unreadable)?;
        let mut items = Vec::with_capacity(found.len());
        for (no, _) in found {
            items.extend(self.source().item_by_no(no).map_err(unreadable)?.map(Arc::new));
        }
        Ok(items)
    }

    fn item_by_plu(&self, plu: &str) -> Result<Option<Arc<Item>>, Rejection> {
        let id = self.source().id_by_plu(plu).map_err(unreadable)?;
        id.map_or(Ok(None), |id| self.item(&id))
    }

    fn tax(&self, id: &TaxId) -> Result<Option<Arc<Tax>>, Rejection> {
        self.register(RegisterKind::Tax, id.as_bytes())
    }

    fn tender(&self, id: &TenderId) -> Result<Option<Arc<TenderKind>>, Rejection> {
        self.register(RegisterKind::Tender, id.as_bytes())
    }

    fn cash_box(&self, id: &CashBoxId) -> Result<Option<Arc<CashBox>>, Rejection> {
        self.register(RegisterKind::CashBox, id.as_bytes())
    }

    fn location(&self, id: &LocationId) -> Result<Option<Arc<Location>>, Rejection> {
        self.register(RegisterKind::Location, id.as_bytes())
    }
}

impl Stock for Reader {
    fn on_hand(&self, item: &ItemId, location: &LocationId) -> Result<Quantity, Rejection> {
        world::on_hand(&self.source(), item, location).map_err(unreadable)
    }
}

impl History for Reader {
    fn sale(&self, id: &SaleId) -> Result<Option<Arc<Sale>>, Rejection> {
        Ok(self.source().sale(id).map_err(unreadable)?.map(Arc::new))
    }

    fn returned(&self, sale: &SaleId, line: LineId) -> Result<Quantity, Rejection> {
        self.source().returned(sale, line).map_err(unreadable)
    }

    fn has_sales(&self) -> Result<bool, Rejection> {
        self.source().has_sales().map_err(unreadable)
    }
}

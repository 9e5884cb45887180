//! What a decision reads: catalogue, stock and history, as the open transaction sees them.

use crate::cache::Cache;
use crate::error::StoreError;
use crate::fold::RegisterKind;
use crate::item;
use crate::numbers::{Key, find, find_item};
use crate::oplog::{self, OpenOps};
use crate::store::Store;
use crate::streams::StreamIds;
use crate::tables::stock_key;
use barrow_kernel::cart::LineId;
use barrow_kernel::catalogue::{CashBox, Item, Location, Shop, TenderKind};
use barrow_kernel::context::{Catalogue, History, Stock};
use barrow_kernel::event::Event;
use barrow_kernel::quantity::Quantity;
use barrow_kernel::rejection::Rejection;
use barrow_kernel::sale::{ReceiptNumber, Sale};
use barrow_kernel::tax::Tax;
use barrow_log::id::{CashBoxId, ItemId, LocationId, SaleId, TaxId, TenderId};
use rusqlite::{Connection, OptionalExtension, Params, params};
use std::sync::Arc;

/// Keeps up to twice this many items: all that a day's trade touches, some 4 MiB.
const ITEMS: usize = 2_048;
/// Keeps up to twice this many taxes, tenders and places each: more than a shop has.
const SETTINGS: usize = 128;
/// Keeps up to twice this many sales: a refund reads its sale once for every line.
const SALES: usize = 8;
/// Finds at most this many items under one code: a person could not choose among more.
pub const ITEMS_PER_CODE: u32 = 50;

/// What the writer read lately.
#[derive(Debug)]
pub(crate) struct Caches {
    pub(crate) items: Cache<ItemId, Arc<Item>>,
    shop: Option<Arc<Shop>>,
    taxes: Cache<TaxId, Arc<Tax>>,
    tenders: Cache<TenderId, Arc<TenderKind>>,
    cash_boxes: Cache<CashBoxId, Arc<CashBox>>,
    locations: Cache<LocationId, Arc<Location>>,
    sales: Cache<SaleId, Arc<Sale>>,
    pub(crate) damage: Option<StoreError>,
}

impl Default for Caches {
    fn default() -> Self {
        Self {
            items: Cache::new(ITEMS),
            shop: None,
            taxes: Cache::new(SETTINGS),
            tenders: Cache::new(SETTINGS),
            cash_boxes: Cache::new(SETTINGS),
            locations: Cache::new(SETTINGS),
            sales: Cache::new(SALES),
            damage: None,
        }
    }
}

impl Caches {
    /// Forgets what was read; what is damaged stays so.
    pub(crate) fn clear(&mut self) {
        *self = Self {
            damage: self.damage.take(),
            ..Self::default()
        };
    }

    /// Forgets settings, taxes, tenders and places.
    pub(crate) fn clear_registers(&mut self) {
        self.shop = None;
        self.taxes.clear();
        self.tenders.clear();
        self.cash_boxes.clear();
        self.locations.clear();
    }
}

/// Where a read goes: a connection, and the ops of an open transaction that have no row yet.
#[derive(Clone, Copy)]
pub(crate) struct Source<'a> {
    pub(crate) conn: &'a Connection,
    pub(crate) ids: &'a StreamIds,
    pub(crate) open: Option<&'a OpenOps>,
}

impl Source<'_> {
    fn item_where(&self, sql: &str, params: impl Params) -> Result<Option<(i64, Item)>, StoreError> {
        let mut statement = self.conn.prepare_cached(sql)?;
        let mut rows = statement.query(params)?;
        let Some(row) = rows.next()? else { return Ok(None) };
        let row = item::read(self.conn, self.ids, row)?;
        let no = row.no;
        Ok(row.into_item().map(|item| (no, item)))
    }

    pub(crate) fn item(&self, id: &ItemId) -> Result<Option<(i64, Item)>, StoreError> {
        self.item_where(sql!("item_by_id"), [id.as_bytes()])
    }

    pub(crate) fn item_by_no(&self, no: i64) -> Result<Option<Item>, StoreError> {
        Ok(self.item_where(sql!("item_by_no"), [no])?.map(|(_, item)| item))
    }

    pub(crate) fn id_by_sku(&self, sku: &str) -> Result<Option<ItemId>, StoreError> {
        self.id_where(sql!("item_id_by_sku"), sku)
    }

    pub(crate) fn id_by_plu(&self, plu: &str) -> Result<Option<ItemId>, StoreError> {
        self.id_where(sql!("item_id_by_plu"), plu)
    }

    fn id_where(&self, sql: &str, text: &str) -> Result<Option<ItemId>, StoreError> {
        let mut statement = self.conn.prepare_cached(sql)?;
        let id = statement.query_row([text], |row| row.get(0)).optional()?;
        Ok(id.map(ItemId::from_bytes))
    }

    pub(crate) fn ids_by_code(&self, code: &str) -> Result<Vec<(i64, ItemId)>, StoreError> {
        let mut statement = self.conn.prepare_cached(sql!("item_ids_by_code"))?;
        let mut rows = statement.query(params![code, ITEMS_PER_CODE])?;
        let mut ids = Vec::new();
        while let Some(row) = rows.next()? {
            ids.push((row.get(1)?, ItemId::from_bytes(row.get(0)?)));
        }
        Ok(ids)
    }

    pub(crate) fn register<T>(&self, kind: RegisterKind, id: &[u8]) -> Result<Option<T>, StoreError>
    where
        T: for<'b> minicbor::Decode<'b, ()>,
    {
        let mut statement = self.conn.prepare_cached(sql!("register_get"))?;
        let mut rows = statement.query(params![kind as i64, id])?;
        let Some(row) = rows.next()? else { return Ok(None) };
        let bytes = row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?;
        Ok(Some(minicbor::decode(bytes)?))
    }

    pub(crate) fn on_hand(&self, location_no: i64, item_no: i64) -> Result<Quantity, StoreError> {
        let mut statement = self.conn.prepare_cached(sql!("stock_get"))?;
        let steps = statement.query_row([stock_key(location_no, item_no)], |row| row.get(0));
        Ok(item::quantity(steps.optional()?.unwrap_or(0)))
    }

    pub(crate) fn sale(&self, id: &SaleId) -> Result<Option<Sale>, StoreError> {
        let mut statement = self.conn.prepare_cached(sql!("sale_op"))?;
        let op_no = statement
            .query_row([id.as_bytes()], |row| row.get(0))
            .optional()?;
        op_no.map_or(Ok(None), |op_no| self.sale_in(op_no, id))
    }

    pub(crate) fn sale_by_number(&self, number: &ReceiptNumber) -> Result<Option<Sale>, StoreError> {
        let Some(series_no) = find(self.conn, Key::Series, number.series.as_bytes())? else {
            return Ok(None);
        };
        let mut statement = self.conn.prepare_cached(sql!("sale_op_by_number"))?;
        let number = crate::streams::to_sql(number.number);
        let found: Option<(i64, [u8; 16])> = statement
            .query_row(params![series_no, number], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        found.map_or(Ok(None), |(op_no, id)| {
            self.sale_in(op_no, &SaleId::from_bytes(id))
        })
    }

    /// Reads a sale from its op.
    fn sale_in(&self, op_no: i64, id: &SaleId) -> Result<Option<Sale>, StoreError> {
        let pending = self.open.and_then(|open| open.get(op_no));
        let body = match pending {
            Some(pending) => oplog::decode(pending.op.body.as_deref().unwrap_or_default())?,
            None => oplog::body(self.conn, op_no)?,
        };
        let sale = body.events.into_iter().find_map(|event| match event {
            Event::SaleCompleted { sale } if sale.id == *id => Some(sale),
            _ => None,
        });
        match sale {
            Some(sale) => Ok(Some(sale)),
            None => Err(StoreError::corrupt("a sale that is not in its op")),
        }
    }

    pub(crate) fn returned(&self, sale: &SaleId, line: LineId) -> Result<Quantity, StoreError> {
        let mut statement = self.conn.prepare_cached(sql!("returned_get"))?;
        let steps = statement.query_row(params![sale.as_bytes(), line.0], |row| row.get(0));
        Ok(item::quantity(steps.optional()?.unwrap_or(0)))
    }

    pub(crate) fn has_sales(&self) -> Result<bool, StoreError> {
        let mut statement = self.conn.prepare_cached(sql!("sale_any"))?;
        Ok(statement.query_row([], |row| row.get(0))?)
    }
}

/// Turns a fault of the store into the rejection of a command.
pub(crate) fn unreadable(error: StoreError) -> Rejection {
    let what = match error {
        StoreError::Corrupt { what } | StoreError::Io { what } | StoreError::Sql { what } => what,
        other => other.to_string(),
    };
    Rejection::Unreadable { what }
}

/// The store as the open transaction sees it.
#[derive(Clone, Copy, Debug)]
pub struct World<'a> {
    pub(crate) store: &'a Store,
}

impl World<'_> {
    fn source(&self) -> Source<'_> {
        Source {
            conn: &self.store.conn,
            ids: &self.store.ids,
            open: Some(&self.store.open),
        }
    }

    /// Turns a fault into a rejection, and remembers damage.
    fn told<T>(&self, result: Result<T, StoreError>) -> Result<T, Rejection> {
        result.map_err(|error| {
            if matches!(error, StoreError::Corrupt { .. } | StoreError::Io { .. }) {
                self.store
                    .caches
                    .borrow_mut()
                    .damage
                    .get_or_insert_with(|| error.clone());
            }
            unreadable(error)
        })
    }

    /// Returns what is kept, or reads and keeps it. What does not exist is not kept.
    fn kept<T>(
        &self,
        get: impl FnOnce(&mut Caches) -> Option<Arc<T>>,
        read: impl FnOnce(&Source<'_>) -> Result<Option<T>, StoreError>,
        put: impl FnOnce(&mut Caches, Arc<T>),
    ) -> Result<Option<Arc<T>>, Rejection> {
        if let Some(value) = get(&mut self.store.caches.borrow_mut()) {
            return Ok(Some(value));
        }
        let value = self.told(read(&self.source()))?.map(Arc::new);
        if let Some(value) = &value {
            put(&mut self.store.caches.borrow_mut(), Arc::clone(value));
        }
        Ok(value)
    }

    fn numbered(&self, id: &ItemId) -> Result<Option<i64>, Rejection> {
        self.told(self.store.numbers.borrow_mut().item(&self.store.conn, id))
    }
}

impl Catalogue for World<'_> {
    fn shop_if_set(&self) -> Result<Option<Arc<Shop>>, Rejection> {
        self.kept(
            |caches| caches.shop.clone(),
            |source| source.register(RegisterKind::Shop, &[]),
            |caches, shop| caches.shop = Some(shop),
        )
    }

    fn item(&self, id: &ItemId) -> Result<Option<Arc<Item>>, Rejection> {
        self.kept(
            |caches| caches.items.get(id),
            |source| {
                let found = source.item(id)?;
                Ok(found.map(|(no, item)| {
                    self.store.numbers.borrow_mut().know_item(*id, no);
                    item
                }))
            },
            |caches, item| caches.items.put(*id, item),
        )
    }

    fn item_by_sku(&self, sku: &str) -> Result<Option<Arc<Item>>, Rejection> {
        let id = self.told(self.source().id_by_sku(sku))?;
        id.map_or(Ok(None), |id| self.item(&id))
    }

    fn items_by_code(&self, code: &str) -> Result<Vec<Arc<Item>>, Rejection> {
        let ids = self.told(self.source().ids_by_code(code))?;
        ids.iter()
            .filter_map(|(_, id)| self.item(id).transpose())
            .collect()
    }

    fn item_by_plu(&self, plu: &str) -> Result<Option<Arc<Item>>, Rejection> {
        let id = self.told(self.source().id_by_plu(plu))?;
        id.map_or(Ok(None), |id| self.item(&id))
    }

    fn tax(&self, id: &TaxId) -> Result<Option<Arc<Tax>>, Rejection> {
        self.kept(
            |caches| caches.taxes.get(id),
            |source| source.register(RegisterKind::Tax, id.as_bytes()),
            |caches, tax| caches.taxes.put(*id, tax),
        )
    }

    fn tender(&self, id: &TenderId) -> Result<Option<Arc<TenderKind>>, Rejection> {
        self.kept(
            |caches| caches.tenders.get(id),
            |source| source.register(RegisterKind::Tender, id.as_bytes()),
            |caches, tender| caches.tenders.put(*id, tender),
        )
    }

    fn cash_box(&self, id: &CashBoxId) -> Result<Option<Arc<CashBox>>, Rejection> {
        self.kept(
            |caches| caches.cash_boxes.get(id),
            |source| source.register(RegisterKind::CashBox, id.as_bytes()),
            |caches, cash_box| caches.cash_boxes.put(*id, cash_box),
        )
    }

    fn location(&self, id: &LocationId) -> Result<Option<Arc<Location>>, Rejection> {
        self.kept(
            |caches| caches.locations.get(id),
            |source| source.register(RegisterKind::Location, id.as_bytes()),
            |caches, location| caches.locations.put(*id, location),
        )
    }
}

impl Stock for World<'_> {
    fn on_hand(&self, item: &ItemId, location: &LocationId) -> Result<Quantity, Rejection> {
        let location_no = {
            let mut numbers = self.store.numbers.borrow_mut();
            self.told(numbers.get(&self.store.conn, Key::Location, location.as_bytes()))?
        };
        match (location_no, self.numbered(item)?) {
            (Some(location_no), Some(item_no)) => self.told(self.source().on_hand(location_no, item_no)),
            _ => Ok(Quantity::ZERO),
        }
    }
}

impl History for World<'_> {
    fn sale(&self, id: &SaleId) -> Result<Option<Arc<Sale>>, Rejection> {
        self.kept(
            |caches| caches.sales.get(id),
            |source| source.sale(id),
            |caches, sale| caches.sales.put(*id, sale),
        )
    }

    fn returned(&self, sale: &SaleId, line: LineId) -> Result<Quantity, Rejection> {
        self.told(self.source().returned(sale, line))
    }

    fn has_sales(&self) -> Result<bool, Rejection> {
        self.told(self.source().has_sales())
    }
}

/// Reads what is on hand without any cache.
pub(crate) fn on_hand(
    source: &Source<'_>,
    item: &ItemId,
    location: &LocationId,
) -> Result<Quantity, StoreError> {
    let location_no = find(source.conn, Key::Location, location.as_bytes())?;
    match (location_no, find_item(source.conn, item)?) {
        (Some(location_no), Some(item_no)) => source.on_hand(location_no, item_no),
        _ => Ok(Quantity::ZERO),
    }
}

//! The tables of the folds in SQLite.

use crate::cache::Cache;
use crate::error::StoreError;
use crate::fold::{ItemRecord, RegisterKind, Tables};
use crate::item;
use crate::numbers::{Key, Numbers, account_key, currency_bytes};
use crate::search;
use crate::streams::{StreamIds, Streams, place_bytes, to_sql};
use barrow_kernel::cart::LineId;
use barrow_kernel::catalogue::Item;
use barrow_kernel::ledger::Account;
use barrow_kernel::money::Currency;
use barrow_kernel::quantity::Quantity;
use barrow_kernel::sale::{Sale, SaleKind};
use barrow_kernel::shift::{ShiftOpening, ZReport};
use barrow_kernel::state::{Entity, Touch};
use barrow_log::id::{ItemId, LocationId, SaleId};
use barrow_log::stream::{OpRef, Place};
use rusqlite::{Connection, params};
use std::sync::Arc;

/// Gives the length of a day in milliseconds.
const DAY_MS: i64 = 86_400_000;
/// Gives the bits of an item's number in a stock key.
const ITEM_BITS: u32 = 32;

/// The tables while one op is folded.
pub(crate) struct SqliteTables<'a> {
    pub(crate) conn: &'a Connection,
    pub(crate) streams: &'a Streams,
    pub(crate) ids: &'a StreamIds,
    pub(crate) numbers: &'a mut Numbers,
    pub(crate) items: &'a mut Cache<ItemId, Arc<Item>>,
    /// Set when a small register was written, so that what was read of them is forgotten.
    pub(crate) registers_changed: bool,
    /// Whether the search table follows; a replay fills it afterwards.
    pub(crate) search: bool,
    pub(crate) op_no: i64,
}

impl SqliteTables<'_> {
    /// Tells whether an op lies in review until more policy comes.
    fn is_doubted(&self, op: &OpRef) -> Result<bool, StoreError> {
        let Some(known) = self.streams.get(&op.stream) else {
            return Ok(false);
        };
        let mut statement = self.conn.prepare_cached(sql!("review_holds"))?;
        Ok(statement.exists(params![known.no, to_sql(op.seq)])?)
    }

    /// Returns the number of an item, making a row for one that is not known yet.
    fn item_no(&mut self, id: &ItemId) -> Result<i64, StoreError> {
        if let Some(no) = self.numbers.item(self.conn, id)? {
            return Ok(no);
        }
        self.insert(&ItemRecord::new(*id))
    }

    fn insert(&mut self, record: &ItemRecord) -> Result<i64, StoreError> {
        let no: i64 = self
            .conn
            .prepare_cached(sql!("item_last"))?
            .query_row([], |row| row.get(0))?;
        item::put(self.conn, self.streams, no + 1, record)?;
        self.numbers.know_item(record.id, no + 1);
        Ok(no + 1)
    }

    fn location_no(&mut self, id: &LocationId) -> Result<i64, StoreError> {
        self.numbers.put(self.conn, Key::Location, id.as_bytes())
    }
}

/// Returns the key of the stock of an item at a place.
pub(crate) fn stock_key(location_no: i64, item_no: i64) -> i64 {
    location_no << ITEM_BITS | item_no
}

/// Returns the days since 1970 of a time in the shop's own time.
pub(crate) fn local_day(at_ms: i64, utc_offset_minutes: i32) -> i64 {
    at_ms
        .saturating_add(i64::from(utc_offset_minutes) * 60_000)
        .div_euclid(DAY_MS)
}

/// Returns the number under which a kind of sale is kept.
pub(crate) fn sale_kind_code(kind: SaleKind) -> i64 {
    match kind {
        SaleKind::Sale => 0,
        SaleKind::Refund => 1,
        SaleKind::Exchange => 2,
    }
}

/// Returns kind and key of an open entity.
pub(crate) fn entity_key(entity: &Entity) -> (i64, &[u8]) {
    match entity {
        Entity::Cart(id) => (1, id.as_bytes()),
        Entity::Shift(id) => (2, id.as_bytes()),
        Entity::Series(code) => (3, code.as_bytes()),
        Entity::Z(id) => (4, id.as_bytes()),
    }
}

impl SqliteTables<'_> {
    /// Tells whether an entity was finished: an op of it that is folded later does not open it again.
    fn is_closed(&self, kind: i64, key: &[u8]) -> Result<bool, StoreError> {
        let mut statement = self.conn.prepare_cached(sql!("closed_get"))?;
        Ok(statement.exists(params![kind, key])?)
    }
}

impl Tables for SqliteTables<'_> {
    type Error = StoreError;

    fn holds(&mut self, op: &OpRef) -> Result<bool, StoreError> {
        Ok(self.streams.is_folded(op) && !self.is_doubted(op)?)
    }

    fn register_put(
        &mut self,
        kind: RegisterKind,
        id: &[u8],
        value: Vec<u8>,
        place: &Place,
    ) -> Result<(), StoreError> {
        self.registers_changed = true;
        self.conn.prepare_cached(sql!("register_put"))?.execute(params![
            kind as i64,
            id,
            value,
            place_bytes(place)
        ])?;
        Ok(())
    }

    fn item(&mut self, id: &ItemId) -> Result<Option<ItemRecord>, StoreError> {
        let mut statement = self.conn.prepare_cached(sql!("item_by_id"))?;
        let mut rows = statement.query([id.as_bytes()])?;
        let Some(row) = rows.next()? else { return Ok(None) };
        let row = item::read(self.conn, self.ids, row)?;
        self.numbers.know_item(*id, row.no);
        Ok(Some(row.into_record()))
    }

    fn item_put(&mut self, record: &ItemRecord) -> Result<(), StoreError> {
        self.items.remove(&record.id);
        let (no, words) = match self.numbers.item(self.conn, &record.id)? {
            Some(no) => {
                let words = if self.search {
                    search::words_of(self.conn, no)?
                } else {
                    None
                };
                item::put(self.conn, self.streams, no, record)?;
                (no, words)
            }
            None => (self.insert(record)?, None),
        };
        if self.search {
            search::changed(self.conn, no, words.as_deref())?;
        }
        Ok(())
    }

    fn code_put(&mut self, code: &str, item: &ItemId, live: bool) -> Result<(), StoreError> {
        let no = self.item_no(item)?;
        let sql = if live {
            sql!("code_put")
        } else {
            sql!("code_remove")
        };
        self.conn.prepare_cached(sql)?.execute(params![code, no])?;
        Ok(())
    }

    fn stock_add(
        &mut self,
        item: &ItemId,
        location: &LocationId,
        change: Quantity,
        sold: u32,
    ) -> Result<(), StoreError> {
        let key = stock_key(self.location_no(location)?, self.item_no(item)?);
        self.conn
            .prepare_cached(sql!("stock_add"))?
            .execute(params![key, change.steps(), sold])?;
        Ok(())
    }

    fn ledger_add(
        &mut self,
        account: &Account,
        currency: Currency,
        amount_minor: i64,
    ) -> Result<(), StoreError> {
        let key = account_key(account, currency);
        let no = self.numbers.put(self.conn, Key::Account, &key)?;
        self.conn
            .prepare_cached(sql!("ledger_add"))?
            .execute([no, amount_minor])?;
        Ok(())
    }

    fn sale_put(&mut self, sale: &Sale) -> Result<(), StoreError> {
        let conn = self.conn;
        let series_no = self
            .numbers
            .put(conn, Key::Series, sale.number.series.as_bytes())?;
        let location_no = self.location_no(&sale.location)?;
        let cash_box_no = self.numbers.put(conn, Key::CashBox, sale.cash_box.as_bytes())?;
        let shift_no = self.numbers.put(conn, Key::Shift, sale.shift.as_bytes())?;
        conn.prepare_cached(sql!("sale_put"))?.execute(params![
            sale.at_ms,
            sale.id.as_bytes(),
            series_no,
            to_sql(sale.number.number),
            local_day(sale.at_ms, sale.utc_offset_minutes),
            sale_kind_code(sale.kind),
            currency_bytes(sale.currency),
            sale.total_minor,
            sale.tax_minor,
            location_no,
            cash_box_no,
            shift_no,
            self.op_no,
        ])?;
        Ok(())
    }

    fn returned_add(&mut self, sale: &SaleId, line: LineId, quantity: Quantity) -> Result<(), StoreError> {
        self.conn.prepare_cached(sql!("returned_add"))?.execute(params![
            sale.as_bytes(),
            line.0,
            quantity.steps()
        ])?;
        Ok(())
    }

    fn shift_put(&mut self, opening: &ShiftOpening) -> Result<(), StoreError> {
        let no = self
            .numbers
            .put(self.conn, Key::Shift, opening.shift.as_bytes())?;
        self.conn.prepare_cached(sql!("shift_open"))?.execute(params![
            no,
            opening.shift.as_bytes(),
            opening.cash_box.as_bytes(),
            opening.at_ms,
            self.op_no,
        ])?;
        Ok(())
    }

    fn z_put(&mut self, report: &ZReport) -> Result<(), StoreError> {
        let no = self.numbers.put(self.conn, Key::Shift, report.shift.as_bytes())?;
        self.conn.prepare_cached(sql!("shift_close"))?.execute(params![
            no,
            report.shift.as_bytes(),
            report.cash_box.as_bytes(),
            report.opened_ms,
            report.closed_ms,
            self.op_no,
            to_sql(report.number),
        ])?;
        Ok(())
    }

    fn touch(&mut self, touch: &Touch, place: &Place) -> Result<(), StoreError> {
        let place = place_bytes(place);
        match touch {
            Touch::Belongs(entity) | Touch::OpensTail(entity) => {
                let (kind, key) = entity_key(entity);
                if self.is_closed(kind, key)? {
                    return Ok(());
                }
                let tail = matches!(touch, Touch::OpensTail(_));
                self.conn
                    .prepare_cached(sql!("entity_belongs"))?
                    .execute(params![kind, key, self.op_no, tail, place])?;
            }
            Touch::Latest(entity) => {
                let (kind, key) = entity_key(entity);
                let row = params![kind, key, self.op_no, place];
                if self.conn.prepare_cached(sql!("entity_latest"))?.execute(row)? == 0 {
                    self.conn.prepare_cached(sql!("entity_first"))?.execute(row)?;
                }
            }
            Touch::Closes(entity) => {
                let (kind, key) = entity_key(entity);
                self.conn
                    .prepare_cached(sql!("entity_close"))?
                    .execute(params![kind, key])?;
                self.conn
                    .prepare_cached(sql!("closed_put"))?
                    .execute(params![kind, key])?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_the_shop() {
        assert_eq!(local_day(0, 0), 0);
        assert_eq!(local_day(-1, 0), -1);
        assert_eq!(local_day(DAY_MS - 1, 1), 1);
        assert_eq!(local_day(DAY_MS, -1), 0);
        assert_eq!(local_day(i64::MAX, 840), i64::MAX / DAY_MS);
    }

    #[test]
    fn a_sum_that_leaves_its_bounds_stops_there_and_never_fails() {
        let conn = Connection::open_in_memory().unwrap();
        crate::schema::projections(&conn).unwrap();
        let mut add = conn.prepare(sql!("stock_add")).unwrap();
        for steps in [i64::MAX - 5, 3, 100, i64::MAX] {
            add.execute([1, steps, 1]).unwrap();
        }
        let sum = |conn: &Connection| {
            conn.query_row(sql!("stock_get"), [1], |row| row.get::<_, i64>(0))
                .unwrap()
        };
        assert_eq!(sum(&conn), i64::MAX);
        assert_eq!(item::quantity(sum(&conn)), "1000000000".parse().unwrap());
        add.execute([1, -7, 0]).unwrap();
        assert_eq!(sum(&conn), i64::MAX - 7);
    }
}

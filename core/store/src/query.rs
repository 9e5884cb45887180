//! Lists and lookups for screens and reports: pages by key, never by offset, each with a largest size.

use crate::error::StoreError;
use crate::fold::RegisterKind;
use crate::item;
use crate::numbers::{Key, account_of, currency_of, find};
use crate::oplog;
use crate::reader::Reader;
use crate::streams::{self, from_sql};
use crate::tables::stock_key;
use barrow_kernel::catalogue::{CashBox, Item, Location, Shop, TenderKind, Trade};
use barrow_kernel::event::Event;
use barrow_kernel::ledger::Account;
use barrow_kernel::money::Currency;
use barrow_kernel::quantity::{Quantity, Unit};
use barrow_kernel::sale::{ReceiptNumber, Sale, SaleKind};
use barrow_kernel::shift::ZReport;
use barrow_kernel::tax::Tax;
use barrow_log::author::Tip;
use barrow_log::id::{CashBoxId, ItemId, LocationId, SaleId, ShiftId};
use barrow_log::op::SignedRange;
use barrow_log::stream::{OpRef, Seq, Stream, StreamId};
use rusqlite::{Connection, Params, params};

pub use crate::oplog::{OPS_MAX, REVIEWS_MAX, Review, StoredOp};

/// Limits one page of a list: several screens full.
pub const PAGE_MAX: u32 = 500;
/// Reads so many ops at a time while the next signature is looked for: one commit's worth.
const RANGE_PAGE: u32 = 64;
/// Limits the list of one kind of setting: taxes, tenders, places.
pub const SETTINGS_MAX: u32 = 5_000;

/// An item in a list, with the key of the next page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedItem {
    /// Gives its number in this database: the order in which items came.
    pub no: i64,
    /// Holds the item.
    pub item: Item,
}

/// What is on hand of an item at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StockLevel {
    /// Gives the item's number in this database; the key of the next page.
    pub item_no: i64,
    /// Names the item.
    pub item: ItemId,
    /// Gives its name; empty while its own ops are not here.
    pub name: String,
    /// Gives the shop's own code for it.
    pub sku: String,
    /// Gives its unit.
    pub unit: Unit,
    /// Tells that it is sold out by somebody's word.
    pub sold_out: bool,
    /// Gives what is on hand, in the item's unit.
    pub on_hand: Quantity,
    /// Tells that it is at or below the level that the item names.
    pub low: bool,
    /// Counts the sale lines that sold it at this place.
    pub sold: u64,
}

/// A sale in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SaleSummary {
    /// Gives the time in milliseconds since 1970; with the id the key of the next page.
    pub at_ms: i64,
    /// Names it.
    pub id: SaleId,
    /// Gives its receipt number.
    pub number: ReceiptNumber,
    /// Counts the days since 1970 in the shop's time.
    pub day: i64,
    /// Tells what kind of document it is.
    pub kind: SaleKind,
    /// Gives the currency of the amounts.
    pub currency: Currency,
    /// Gives the total in minor units.
    pub total_minor: i64,
    /// Gives the tax in minor units.
    pub tax_minor: i64,
}

/// A shift in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShiftSummary {
    /// Gives its number in this database; with the time the key of the next page.
    pub no: i64,
    /// Names it.
    pub id: ShiftId,
    /// Names its cash box.
    pub cash_box: CashBoxId,
    /// Gives the time of opening in milliseconds since 1970.
    pub opened_ms: i64,
    /// Gives the time of closing; `None` while it is open.
    pub closed_ms: Option<i64>,
    /// Gives the number of its Z report; `None` while it is open.
    pub z_number: Option<u64>,
}

/// The balance of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Balance {
    /// Names the account.
    pub account: Account,
    /// Gives the currency of the amount.
    pub currency: Currency,
    /// Gives the balance in minor units; debit positive.
    pub amount_minor: i64,
}

/// What a day took in one currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayTakings {
    /// Counts the days since 1970 in the shop's time.
    pub day: i64,
    /// Gives the currency of the sum.
    pub currency: Currency,
    /// Counts finished sales, refunds and exchanges.
    pub sales: u64,
    /// Gives their sum in minor units.
    pub total_minor: i64,
}

/// How much there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Counts ops of every stream.
    pub ops: u64,
    /// Counts finished sales, refunds and exchanges.
    pub sales: u64,
    /// Counts items, archived ones too.
    pub items: u64,
    /// Counts ops in review.
    pub reviews: u64,
}

impl Reader {
    fn items(&self, sql: &str, params: impl Params) -> Result<Vec<ListedItem>, StoreError> {
        let mut statement = self.conn.prepare_cached(sql)?;
        let mut rows = statement.query(params)?;
        let mut items = Vec::new();
        while let Some(row) = rows.next()? {
            let row = item::read(&self.conn, &self.ids, row)?;
            let no = row.no;
            items.extend(row.into_item().map(|item| ListedItem { no, item }));
        }
        Ok(items)
    }

    /// Lists items in the order in which they came, archived ones too, after a number (0 for the first page).
    ///
    /// # Errors
    /// Those of the disk, as for every query.
    pub fn items_by_number(&self, after: i64, limit: u32) -> Result<Vec<ListedItem>, StoreError> {
        self.items(sql!("items_by_no"), params![after, limit.min(PAGE_MAX)])
    }

    /// Lists items on sale by name, after the name and number of the last one (an empty name for the first page).
    pub fn items_by_name(&self, after: (&str, i64), limit: u32) -> Result<Vec<ListedItem>, StoreError> {
        self.items(
            sql!("items_by_name"),
            params![after.0, after.1, limit.min(PAGE_MAX)],
        )
    }

    /// Lists items on sale of a page of quick keys by slot, after a slot and number ((-1, 0) for the first page).
    pub fn items_on_page(
        &self,
        page: &str,
        after: (i64, i64),
        limit: u32,
    ) -> Result<Vec<ListedItem>, StoreError> {
        self.items(
            sql!("items_on_page"),
            params![page, after.0, after.1, limit.min(PAGE_MAX)],
        )
    }

    /// Lists the names of pages of quick keys in the order in which their first tiles came, after a name.
    pub fn pages(&self, after: &str, limit: u32) -> Result<Vec<String>, StoreError> {
        let mut statement = self.conn.prepare_cached(sql!("pages"))?;
        let mut rows = statement.query(params![after, limit.min(PAGE_MAX)])?;
        let mut pages = Vec::new();
        while let Some(row) = rows.next()? {
            pages.push(row.get(0)?);
        }
        Ok(pages)
    }

    /// Returns an item by its number in this database; `None` when there is none or it is not known yet.
    pub fn item_by_number(&self, no: i64) -> Result<Option<Item>, StoreError> {
        self.source().item_by_no(no)
    }

    /// Lists the stock of tracked items at a place, after an item's number (0 for the first page). A page may be
    /// shorter than the limit; it is the last one when it is empty.
    pub fn stock(
        &self,
        location: &LocationId,
        after: i64,
        limit: u32,
    ) -> Result<Vec<StockLevel>, StoreError> {
        let Some(location_no) = find(&self.conn, Key::Location, location.as_bytes())? else {
            return Ok(Vec::new());
        };
        let end = stock_key(location_no + 1, 0);
        let mut from = stock_key(location_no, after);
        let limit = limit.min(PAGE_MAX) as usize;
        let mut levels = Vec::new();
        let mut statement = self.conn.prepare_cached(sql!("stock_page"))?;
        while levels.len() < limit {
            let mut rows = statement.query(params![from, end, limit as i64])?;
            let mut read = 0;
            while let Some(row) = rows.next()? {
                read += 1;
                from = stock_key(location_no, row.get(0)?);
                if levels.len() < limit {
                    levels.extend(stock_level(row)?);
                } else {
                    return Ok(levels);
                }
            }
            if read < limit {
                break;
            }
        }
        Ok(levels)
    }

    /// Lists sales newest first, before a time and id (`None` for the first page).
    pub fn sales(&self, before: Option<(i64, SaleId)>, limit: u32) -> Result<Vec<SaleSummary>, StoreError> {
        let (at_ms, id) = before.unwrap_or((i64::MAX, SaleId::from_bytes([0xff; 16])));
        let mut statement = self.conn.prepare_cached(sql!("sales_before"))?;
        let mut rows = statement.query(params![at_ms, id.as_bytes(), limit.min(PAGE_MAX)])?;
        let mut sales = Vec::new();
        while let Some(row) = rows.next()? {
            let series: Vec<u8> = row.get(2)?;
            let series = String::from_utf8(series).map_err(|_| StoreError::corrupt("a receipt series"))?;
            sales.push(SaleSummary {
                at_ms: row.get(0)?,
                id: SaleId::from_bytes(row.get(1)?),
                number: ReceiptNumber {
                    series,
                    number: from_sql(row.get(3)?)?,
                },
                day: row.get(4)?,
                kind: sale_kind(row.get(5)?)?,
                currency: currency_of(row.get_ref(6)?.as_blob().map_err(rusqlite::Error::from)?)?,
                total_minor: row.get(7)?,
                tax_minor: row.get(8)?,
            });
        }
        Ok(sales)
    }

    /// Returns a sale by its receipt number.
    pub fn sale_by_number(&self, number: &ReceiptNumber) -> Result<Option<Sale>, StoreError> {
        self.source().sale_by_number(number)
    }

    /// Hands over every sale from a time on and before another, in milliseconds since 1970, oldest first. The
    /// callback returns false to stop.
    pub fn sales_between(
        &self,
        from_ms: i64,
        until_ms: i64,
        mut each: impl FnMut(Sale) -> bool,
    ) -> Result<(), StoreError> {
        let mut statement = self.conn.prepare_cached(sql!("sales_between"))?;
        let mut rows = statement.query([from_ms, until_ms])?;
        while let Some(row) = rows.next()? {
            let id = SaleId::from_bytes(row.get(0)?);
            let body = oplog::decode(row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?)?;
            for event in body.events {
                if let Event::SaleCompleted { sale } = event
                    && sale.id == id
                    && !each(sale)
                {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// Lists shifts newest first, before a time of opening and number (`None` for the first page).
    pub fn shifts(&self, before: Option<(i64, i64)>, limit: u32) -> Result<Vec<ShiftSummary>, StoreError> {
        let (opened_ms, no) = before.unwrap_or((i64::MAX, i64::MAX));
        let mut statement = self.conn.prepare_cached(sql!("shifts_before"))?;
        let mut rows = statement.query(params![opened_ms, no, limit.min(PAGE_MAX)])?;
        let mut shifts = Vec::new();
        while let Some(row) = rows.next()? {
            shifts.push(ShiftSummary {
                no: row.get(0)?,
                id: ShiftId::from_bytes(row.get(1)?),
                cash_box: CashBoxId::from_bytes(row.get(2)?),
                opened_ms: row.get(3)?,
                closed_ms: row.get(4)?,
                z_number: row.get::<_, Option<i64>>(5)?.map(from_sql).transpose()?,
            });
        }
        Ok(shifts)
    }

    /// Returns the Z report of a shift; `None` while it is open or unknown.
    pub fn z_report(&self, shift: &ShiftId) -> Result<Option<ZReport>, StoreError> {
        let Some(no) = find(&self.conn, Key::Shift, shift.as_bytes())? else {
            return Ok(None);
        };
        let mut statement = self.conn.prepare_cached(sql!("shift_by_id"))?;
        let mut rows = statement.query([no])?;
        let op_no: Option<i64> = match rows.next()? {
            Some(row) => row.get(6)?,
            None => None,
        };
        let Some(op_no) = op_no else { return Ok(None) };
        let events = oplog::body(&self.conn, op_no)?.events;
        Ok(events.into_iter().find_map(|event| match event {
            Event::ShiftClosed { report } if report.shift == *shift => Some(report),
            _ => None,
        }))
    }

    /// Lists the balance of every account.
    pub fn balances(&self) -> Result<Vec<Balance>, StoreError> {
        let mut statement = self.conn.prepare_cached(sql!("ledger_all"))?;
        let mut rows = statement.query([])?;
        let mut balances = Vec::new();
        while let Some(row) = rows.next()? {
            let (account, currency) = account_of(row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?)?;
            balances.push(Balance {
                account,
                currency,
                amount_minor: row.get(1)?,
            });
        }
        Ok(balances)
    }

    /// Returns the shop's settings; `None` before they are made.
    pub fn shop_settings(&self) -> Result<Option<Shop>, StoreError> {
        self.source().register(RegisterKind::Shop, &[])
    }

    /// Lists all taxes by id.
    pub fn taxes(&self) -> Result<Vec<Tax>, StoreError> {
        settings(&self.conn, RegisterKind::Tax)
    }

    /// Lists all kinds of tender by id.
    pub fn tenders(&self) -> Result<Vec<TenderKind>, StoreError> {
        settings(&self.conn, RegisterKind::Tender)
    }

    /// Lists all locations by id.
    pub fn locations(&self) -> Result<Vec<Location>, StoreError> {
        locations_of(&self.conn)
    }

    /// Lists all cash boxes by id.
    pub fn cash_boxes(&self) -> Result<Vec<CashBox>, StoreError> {
        cash_boxes_of(&self.conn)
    }

    /// Returns the takings of the newest day that has any, by currency.
    pub fn takings(&self) -> Result<Vec<DayTakings>, StoreError> {
        let mut statement = self.conn.prepare_cached(sql!("takings"))?;
        let mut rows = statement.query([])?;
        let mut takings = Vec::new();
        while let Some(row) = rows.next()? {
            takings.push(DayTakings {
                day: row.get(0)?,
                currency: currency_of(row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?)?,
                sales: from_sql(row.get(2)?)?,
                total_minor: row.get(3)?,
            });
        }
        Ok(takings)
    }

    /// Counts ops, sales and items.
    pub fn counts(&self) -> Result<Counts, StoreError> {
        let mut statement = self.conn.prepare_cached(sql!("counts"))?;
        let mut rows = statement.query([])?;
        let row = rows.next()?.ok_or_else(|| StoreError::corrupt("a count"))?;
        Ok(Counts {
            ops: from_sql(row.get(0)?)?,
            sales: from_sql(row.get(1)?)?,
            items: from_sql(row.get(2)?)?,
            reviews: from_sql(row.get(3)?)?,
        })
    }

    /// Lists every stream with its newest op.
    pub fn streams(&self) -> Result<Vec<(Stream, Option<Tip>)>, StoreError> {
        let with_tip = |(no, stream)| Ok((stream, streams::tip(&self.conn, no)?));
        streams::all(&self.conn)?.into_iter().map(with_tip).collect()
    }

    /// Lists ops of a stream from a number on, at most [`OPS_MAX`].
    pub fn ops(&self, stream: &StreamId, from: Seq, limit: u32) -> Result<Vec<StoredOp>, StoreError> {
        match streams::number_of(&self.conn, stream)? {
            Some(no) => oplog::ops(&self.conn, no, from, limit),
            None => Ok(Vec::new()),
        }
    }

    /// Returns an op's number, hash, height and policy version; `None` when it is not held.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn tip_at(&self, op: &OpRef) -> Result<Option<Tip>, StoreError> {
        let Some(no) = streams::number_of(&self.conn, &op.stream)? else {
            return Ok(None);
        };
        let header = oplog::header(&self.conn, no, op.seq)?;
        Ok(header.as_deref().map(Tip::of).transpose()?)
    }

    /// Returns ops of a stream from a number on as whole signed ranges: at least one when the number is held, and more
    /// until there are `ops` of them or `bytes` bytes.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn ranges(
        &self,
        stream: &StreamId,
        mut from: Seq,
        ops: u64,
        bytes: usize,
    ) -> Result<Vec<SignedRange>, StoreError> {
        let (mut ranges, mut range, mut taken, mut size) = (Vec::new(), Vec::new(), 0, 0);
        loop {
            // A page at a time: a range ends at the next signature, and that is rarely far.
            let page = self.ops(stream, from, RANGE_PAGE)?;
            let Some(last) = page.last() else {
                return Ok(ranges);
            };
            from = last.seq + 1;
            for stored in page {
                taken += 1;
                size += stored.op.header.len() + stored.op.body.as_ref().map_or(0, Vec::len);
                range.push(stored.op);
                let Some(signature) = stored.signature else {
                    continue;
                };
                ranges.push(SignedRange {
                    ops: std::mem::take(&mut range),
                    signature,
                });
                if taken >= ops || size >= bytes {
                    return Ok(ranges);
                }
            }
        }
    }

    /// Lists ops in review after a number of arrival, at most [`REVIEWS_MAX`].
    pub fn reviews(&self, after: i64, limit: u32) -> Result<Vec<Review>, StoreError> {
        oplog::reviews(&self.conn, after, limit)
    }
}

fn stock_level(row: &rusqlite::Row<'_>) -> Result<Option<StockLevel>, StoreError> {
    let trade: Option<Vec<u8>> = row.get(5)?;
    let trade: Trade = match trade {
        Some(bytes) => minicbor::decode(&bytes)?,
        None => Trade::default(),
    };
    let on_hand = item::quantity(row.get(1)?);
    Ok(trade.tracked.then_some(StockLevel {
        item_no: row.get(0)?,
        item: ItemId::from_bytes(row.get(3)?),
        name: row.get(4)?,
        sku: row.get(6)?,
        unit: trade.unit.clone(),
        sold_out: row.get(7)?,
        on_hand,
        low: trade.low_at.is_some_and(|low| on_hand <= low),
        sold: from_sql(row.get(2)?)?,
    }))
}

fn sale_kind(code: i64) -> Result<SaleKind, StoreError> {
    match code {
        0 => Ok(SaleKind::Sale),
        1 => Ok(SaleKind::Refund),
        2 => Ok(SaleKind::Exchange),
        _ => Err(StoreError::corrupt("the kind of a sale")),
    }
}

fn settings<T>(conn: &Connection, kind: RegisterKind) -> Result<Vec<T>, StoreError>
where
    T: for<'b> minicbor::Decode<'b, ()>,
{
    let mut statement = conn.prepare_cached(sql!("register_page"))?;
    let mut rows = statement.query(params![kind as i64, SETTINGS_MAX])?;
    let mut values = Vec::new();
    while let Some(row) = rows.next()? {
        values.push(minicbor::decode(
            row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?,
        )?);
    }
    Ok(values)
}

/// Lists all locations by id.
pub(crate) fn locations_of(conn: &Connection) -> Result<Vec<Location>, StoreError> {
    settings(conn, RegisterKind::Location)
}

/// Lists all cash boxes by id.
pub(crate) fn cash_boxes_of(conn: &Connection) -> Result<Vec<CashBox>, StoreError> {
    settings(conn, RegisterKind::CashBox)
}

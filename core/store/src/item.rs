//! One row of the catalogue: the current writes of an item, and how they lie in their columns.
//!
//! The winner of each register lies in plain columns. Concurrent writes that lost, and writes that were replaced
//! before they came, are rare; they lie together in the column `rest`.

use crate::error::StoreError;
use crate::fold::{CodeMark, ItemRecord, Register, Written};
use crate::streams::{StreamIds, Streams};
use barrow_kernel::catalogue::{Extra, Face, Item, ItemWrites, Trade};
use barrow_log::id::ItemId;
use barrow_log::stream::{OpRef, Place, Seq, StreamId};
use minicbor::{Decode, Encode};
use rusqlite::{Connection, Row, params};
use std::collections::BTreeMap;

/// A place with the stream's small number: stream, seq, height.
type ShortPlace = (i64, Seq, u64);
/// A place in full: height, stream, seq.
type LongPlace = (u64, StreamId, Seq);
/// A code with its mark: code, is it in the set, place of the write that said so.
type CodeRow = (String, bool, ShortPlace);

/// The registers in their fixed order: face, price, trade, archived, sold out.
const REGISTERS: usize = 5;

/// What of one register is not in the plain columns.
#[derive(Debug, Encode, Decode)]
struct Rest<T> {
    #[n(0)]
    rivals: Vec<(LongPlace, T)>,
    #[n(1)]
    ahead: Vec<OpRef>,
}

/// What of all registers is not in the plain columns.
#[derive(Debug, Encode, Decode)]
struct Rests {
    #[n(0)]
    face: Rest<Face>,
    #[n(1)]
    price: Rest<barrow_kernel::catalogue::Price>,
    #[n(2)]
    trade: Rest<Trade>,
    #[n(3)]
    archived: Rest<bool>,
    #[n(4)]
    sold_out: Rest<bool>,
}

/// Returns the bytes of a value. A Vec takes every write, so encoding cannot fail.
pub(crate) fn to_bytes<T: Encode<()>>(value: T) -> Vec<u8> {
    minicbor::to_vec(value).unwrap_or_default()
}

/// Writes an item's row.
pub(crate) fn put(
    conn: &Connection,
    streams: &Streams,
    no: i64,
    record: &ItemRecord,
) -> Result<(), StoreError> {
    let face = record
        .face
        .winner()
        .map(|written| &written.value)
        .cloned()
        .unwrap_or_default();
    let trade = record.trade.winner().map(|written| &written.value);
    conn.prepare_cached(sql!("item_put"))?.execute(params![
        no,
        record.id.as_bytes(),
        record.is_known(),
        record.archived.value().unwrap_or(false),
        record.sold_out.value().unwrap_or(false),
        face.slot,
        face.sku,
        face.name,
        face.category,
        face.page,
        face.colour,
        face.emoji,
        face.icon,
        trade.map_or("", |trade| trade.plu.as_str()),
        if face.extras.is_empty() {
            Vec::new()
        } else {
            to_bytes(&face.extras)
        },
        record.price.winner().map(|written| to_bytes(&written.value)),
        trade.map(to_bytes),
        codes_bytes(streams, record)?,
        writes_bytes(streams, record)?,
        rest_bytes(record),
    ])?;
    Ok(())
}

fn short(streams: &Streams, place: &Place) -> Result<ShortPlace, StoreError> {
    let known = streams
        .get(&place.stream)
        .ok_or_else(|| StoreError::corrupt("a write of no stream"))?;
    Ok((known.no, place.seq, place.height))
}

fn writes_bytes(streams: &Streams, record: &ItemRecord) -> Result<Vec<u8>, StoreError> {
    let places: [Option<Place>; REGISTERS] = [
        record.face.place(),
        record.price.place(),
        record.trade.place(),
        record.archived.place(),
        record.sold_out.place(),
    ];
    let mut short_places: Vec<Option<ShortPlace>> = Vec::with_capacity(REGISTERS);
    for place in places {
        short_places.push(place.map(|place| short(streams, &place)).transpose()?);
    }
    Ok(to_bytes(short_places))
}

fn codes_bytes(streams: &Streams, record: &ItemRecord) -> Result<Vec<u8>, StoreError> {
    if record.codes.is_empty() {
        return Ok(Vec::new());
    }
    let mut rows: Vec<CodeRow> = Vec::with_capacity(record.codes.len());
    for (code, mark) in &record.codes {
        rows.push((code.clone(), mark.live, short(streams, &mark.place)?));
    }
    Ok(to_bytes(rows))
}

fn rest_bytes(record: &ItemRecord) -> Option<Vec<u8>> {
    let plain = record.face.is_plain()
        && record.price.is_plain()
        && record.trade.is_plain()
        && record.archived.is_plain()
        && record.sold_out.is_plain();
    (!plain).then(|| {
        to_bytes(Rests {
            face: rest(&record.face),
            price: rest(&record.price),
            trade: rest(&record.trade),
            archived: rest(&record.archived),
            sold_out: rest(&record.sold_out),
        })
    })
}

fn rest<T: Clone>(register: &Register<T>) -> Rest<T> {
    let rivals = register.writes.split_last().map_or(&[][..], |(_, rivals)| rivals);
    let rival = |written: &Written<T>| (whole(&written.place), written.value.clone());
    Rest {
        rivals: rivals.iter().map(rival).collect(),
        ahead: register.ahead.clone(),
    }
}

/// Returns the bytes of a record, the same on every device whatever came first.
pub(crate) fn canonical(record: &ItemRecord) -> Vec<u8> {
    let ItemRecord {
        id,
        face,
        price,
        trade,
        archived,
        sold_out,
        codes,
    } = record;
    let codes: Vec<(&String, bool, LongPlace)> = codes
        .iter()
        .map(|(code, mark)| (code, mark.live, whole(&mark.place)))
        .collect();
    to_bytes((
        id,
        current(face),
        current(price),
        current(trade),
        current(archived),
        current(sold_out),
        codes,
    ))
}

/// Lists the current writes of a register, and in order those that were replaced before they came.
fn current<T>(register: &Register<T>) -> (Vec<(LongPlace, &T)>, Vec<OpRef>) {
    let writes = register.writes.iter();
    let writes = writes
        .map(|written| (whole(&written.place), &written.value))
        .collect();
    let mut ahead = register.ahead.clone();
    ahead.sort_unstable();
    (writes, ahead)
}

fn whole(place: &Place) -> LongPlace {
    (place.height, place.stream, place.seq)
}

/// A row of the table, before its parts are put together.
pub(crate) struct ItemRow {
    /// Its number here.
    pub(crate) no: i64,
    record: ItemRecord,
}

/// Reads a row of the columns that `item_by_id` names.
pub(crate) fn read(conn: &Connection, ids: &StreamIds, row: &Row<'_>) -> Result<ItemRow, StoreError> {
    let id = ItemId::from_bytes(row.get(1)?);
    let places = places(
        conn,
        ids,
        row.get_ref(17)?.as_blob().map_err(rusqlite::Error::from)?,
    )?;
    let [face_at, price_at, trade_at, archived_at, sold_out_at] = places;
    let price: Option<Vec<u8>> = row.get(14)?;
    let trade: Option<Vec<u8>> = row.get(15)?;
    let (archived, sold_out): (bool, bool) = (row.get(3)?, row.get(4)?);
    let mut record = ItemRecord {
        id,
        face: single(face_at, || face(row))?,
        price: single(price_at, || decode(price.as_deref()))?,
        trade: single(trade_at, || decode(trade.as_deref()))?,
        archived: single(archived_at, || Ok(archived))?,
        sold_out: single(sold_out_at, || Ok(sold_out))?,
        codes: codes(
            conn,
            ids,
            row.get_ref(16)?.as_blob().map_err(rusqlite::Error::from)?,
        )?,
    };
    if let Some(rest) = row
        .get_ref(18)?
        .as_blob_or_null()
        .map_err(rusqlite::Error::from)?
    {
        join(&mut record, minicbor::decode(rest)?);
    }
    Ok(ItemRow {
        no: row.get(0)?,
        record,
    })
}

fn decode<T: for<'b> Decode<'b, ()>>(bytes: Option<&[u8]>) -> Result<T, StoreError> {
    let bytes = bytes.ok_or_else(|| StoreError::corrupt("an item without its value"))?;
    Ok(minicbor::decode(bytes)?)
}

fn single<T>(
    place: Option<Place>,
    value: impl FnOnce() -> Result<T, StoreError>,
) -> Result<Register<T>, StoreError> {
    let writes = match place {
        Some(place) => vec![Written {
            place,
            value: value()?,
        }],
        None => Vec::new(),
    };
    Ok(Register {
        writes,
        ahead: Vec::new(),
    })
}

fn face(row: &Row<'_>) -> Result<Face, StoreError> {
    let extras = row.get_ref(13)?.as_blob().map_err(rusqlite::Error::from)?;
    let extras: Vec<Extra> = if extras.is_empty() {
        Vec::new()
    } else {
        minicbor::decode(extras)?
    };
    Ok(Face {
        slot: row.get(5)?,
        sku: row.get(6)?,
        name: row.get(7)?,
        category: row.get(8)?,
        page: row.get(9)?,
        colour: row.get(10)?,
        emoji: row.get(11)?,
        icon: row.get(12)?,
        extras,
    })
}

fn long(conn: &Connection, ids: &StreamIds, short: ShortPlace) -> Result<Place, StoreError> {
    let (no, seq, height) = short;
    Ok(Place {
        height,
        stream: ids.get(conn, no)?,
        seq,
    })
}

fn places(
    conn: &Connection,
    ids: &StreamIds,
    bytes: &[u8],
) -> Result<[Option<Place>; REGISTERS], StoreError> {
    let short_places: [Option<ShortPlace>; REGISTERS] = minicbor::decode(bytes)?;
    let mut places = [None; REGISTERS];
    for (place, short) in places.iter_mut().zip(short_places) {
        *place = short.map(|short| long(conn, ids, short)).transpose()?;
    }
    Ok(places)
}

fn codes(conn: &Connection, ids: &StreamIds, bytes: &[u8]) -> Result<BTreeMap<String, CodeMark>, StoreError> {
    if bytes.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows: Vec<CodeRow> = minicbor::decode(bytes)?;
    let mut codes = BTreeMap::new();
    for (code, live, short) in rows {
        let place = long(conn, ids, short)?;
        codes.insert(code, CodeMark { live, place });
    }
    Ok(codes)
}

fn join(record: &mut ItemRecord, rests: Rests) {
    fn add<T>(register: &mut Register<T>, rest: Rest<T>) {
        let rivals = rest
            .rivals
            .into_iter()
            .map(|((height, stream, seq), value)| Written {
                place: Place { height, stream, seq },
                value,
            });
        register.writes.splice(0..0, rivals);
        register.ahead = rest.ahead;
    }
    add(&mut record.face, rests.face);
    add(&mut record.price, rests.price);
    add(&mut record.trade, rests.trade);
    add(&mut record.archived, rests.archived);
    add(&mut record.sold_out, rests.sold_out);
}

impl ItemRow {
    /// Returns the row as the fold sees it.
    pub(crate) fn into_record(self) -> ItemRecord {
        self.record
    }

    /// Returns the item as a till reads it; `None` while its name or price is not here.
    pub(crate) fn into_item(self) -> Option<Item> {
        let record = self.record;
        let writes = ItemWrites {
            face: record.face.ops(),
            price: record.price.ops(),
            trade: record.trade.ops(),
            archived: record.archived.ops(),
            sold_out: record.sold_out.ops(),
        };
        Some(Item {
            id: record.id,
            archived: record.archived.value().unwrap_or(false),
            sold_out: record.sold_out.value().unwrap_or(false),
            codes: record
                .codes
                .into_iter()
                .filter(|(_, mark)| mark.live)
                .map(|(code, _)| code)
                .collect(),
            face: record.face.into_value()?,
            price: record.price.into_value()?,
            trade: record.trade.into_value().unwrap_or_default(),
            writes,
        })
    }
}

/// Converts a quantity's steps for a reader: sums beyond what a quantity can be are shown as the largest one.
pub(crate) fn quantity(steps: i64) -> barrow_kernel::quantity::Quantity {
    use barrow_kernel::quantity::{QUANTITY_MAX, QUANTITY_PLACES, Quantity};
    const MOST: i64 = QUANTITY_MAX * 10_i64.pow(QUANTITY_PLACES);
    Quantity::of_steps(steps.clamp(-MOST, MOST)).unwrap_or(Quantity::ZERO)
}

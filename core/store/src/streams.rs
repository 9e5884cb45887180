//! The streams of this database: their small numbers, and the newest op of each.

use crate::error::StoreError;
use barrow_log::author::Tip;
use barrow_log::id::{Incarnation, OrganisationId};
use barrow_log::stream::{DeviceKey, OpRef, Place, Seq, Stream, StreamId, StreamKind};
use rusqlite::{Connection, OptionalExtension, Row, params};
use std::cell::RefCell;
use std::collections::BTreeMap;

/// A stream as this database knows it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Known {
    /// Its small number here.
    pub(crate) no: i64,
    /// What it is.
    pub(crate) stream: Stream,
    /// The newest op held.
    pub(crate) tip: Option<Tip>,
    /// The number up to which ops are folded: those beyond are kept and wait.
    pub(crate) folded: Seq,
}

/// Every stream with its tip, kept in memory by the writer.
#[derive(Debug, Default)]
pub(crate) struct Streams {
    by_id: BTreeMap<StreamId, Known>,
    by_no: BTreeMap<i64, StreamId>,
}

impl Streams {
    /// Reads all streams and their tips.
    pub(crate) fn load(conn: &Connection) -> Result<Self, StoreError> {
        let mut streams = Self::default();
        for (no, stream) in all(conn)? {
            let tip = tip(conn, no)?;
            let folded = tip.map_or(0, |tip| tip.head.seq);
            streams.insert(Known {
                no,
                stream,
                tip,
                folded,
            });
        }
        streams.load_unfolded(conn)?;
        Ok(streams)
    }

    /// Notes from which op on a stream waits to be folded.
    fn load_unfolded(&mut self, conn: &Connection) -> Result<(), StoreError> {
        let mut statement = conn.prepare_cached(sql!("unfolded_seqs"))?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let first = from_sql(row.get(1)?)?;
            let known = self.by_no.get(&row.get(0)?).and_then(|id| self.by_id.get_mut(id));
            if let Some(known) = known {
                known.folded = first.saturating_sub(1);
            }
        }
        Ok(())
    }

    fn insert(&mut self, known: Known) {
        let id = known.stream.id();
        self.by_no.insert(known.no, id);
        self.by_id.insert(id, known);
    }

    /// Returns a stream.
    pub(crate) fn get(&self, id: &StreamId) -> Option<&Known> {
        self.by_id.get(id)
    }

    /// Returns the number of a stream, writing it down when it is new.
    pub(crate) fn number(&mut self, conn: &Connection, stream: &Stream) -> Result<i64, StoreError> {
        if let Some(known) = self.by_id.get(&stream.id()) {
            return Ok(known.no);
        }
        let no = self.by_no.last_key_value().map_or(0, |(no, _)| *no) + 1;
        self.adopt(conn, no, stream)?;
        Ok(no)
    }

    /// Writes a stream down under a given number.
    pub(crate) fn adopt(&mut self, conn: &Connection, no: i64, stream: &Stream) -> Result<(), StoreError> {
        conn.prepare_cached(sql!("stream_put"))?.execute(params![
            no,
            stream.id().0,
            stream.organisation.as_bytes(),
            stream.device.0,
            stream.incarnation.as_bytes(),
            stream.kind.code(),
        ])?;
        self.insert(Known {
            no,
            stream: *stream,
            tip: None,
            folded: 0,
        });
        Ok(())
    }

    /// Takes in a stream that is written down already, of which nothing is held.
    pub(crate) fn know(&mut self, no: i64, stream: &Stream) {
        self.insert(Known {
            no,
            stream: *stream,
            tip: None,
            folded: 0,
        });
    }

    /// Returns what the stream with a number is.
    pub(crate) fn by_no(&self, no: i64) -> Option<&Stream> {
        let id = self.by_no.get(&no)?;
        self.by_id.get(id).map(|known| &known.stream)
    }

    /// Moves a stream's tip.
    pub(crate) fn advance(&mut self, id: &StreamId, tip: Tip) {
        if let Some(known) = self.by_id.get_mut(id) {
            known.tip = Some(tip);
        }
    }

    /// Notes that a stream is folded up to an op.
    pub(crate) fn fold_to(&mut self, id: &StreamId, seq: Seq) {
        if let Some(known) = self.by_id.get_mut(id) {
            known.folded = known.folded.max(seq);
        }
    }

    /// Tells whether an op is folded.
    pub(crate) fn is_folded(&self, op: &OpRef) -> bool {
        self.get(&op.stream).is_some_and(|known| op.seq <= known.folded)
    }

    /// Returns the greatest height held of any stream; 0 for none.
    pub(crate) fn height(&self) -> u64 {
        let heights = self
            .by_id
            .values()
            .filter_map(|known| known.tip)
            .map(|tip| tip.height);
        heights.max().unwrap_or(0)
    }

    /// Lists the streams in the order of their ids.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Known> {
        self.by_id.values()
    }
}

/// Reads every stream with its number.
pub(crate) fn all(conn: &Connection) -> Result<Vec<(i64, Stream)>, StoreError> {
    let mut statement = conn.prepare_cached(sql!("streams"))?;
    let mut rows = statement.query([])?;
    let mut streams = Vec::new();
    while let Some(row) = rows.next()? {
        streams.push((row.get(0)?, stream_of(row)?));
    }
    Ok(streams)
}

fn stream_of(row: &Row<'_>) -> Result<Stream, StoreError> {
    let kind = StreamKind::from_code(row.get(4)?);
    Ok(Stream {
        organisation: OrganisationId::from_bytes(row.get(1)?),
        device: DeviceKey(row.get(2)?),
        incarnation: Incarnation::from_bytes(row.get(3)?),
        kind: kind.ok_or_else(|| StoreError::corrupt("a stream of an unknown kind"))?,
    })
}

/// Looks the number of a stream up; `None` when it is not here.
pub(crate) fn number_of(conn: &Connection, id: &StreamId) -> Result<Option<i64>, StoreError> {
    let mut statement = conn.prepare_cached(sql!("stream_no"))?;
    Ok(statement.query_row([id.0], |row| row.get(0)).optional()?)
}

/// Reads the newest op held of a stream.
pub(crate) fn tip(conn: &Connection, no: i64) -> Result<Option<Tip>, StoreError> {
    let header: Option<Vec<u8>> = conn
        .prepare_cached(sql!("stream_tip"))?
        .query_row([no], |row| row.get(0))
        .optional()?;
    Ok(header.as_deref().map(Tip::of).transpose()?)
}

/// Returns the bytes that compare as the accepted order does: height, stream, seq.
pub(crate) fn place_bytes(place: &Place) -> [u8; 32] {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&place.height.to_be_bytes());
    bytes[8..24].copy_from_slice(&place.stream.0);
    bytes[24..].copy_from_slice(&place.seq.to_be_bytes());
    bytes
}

/// Reads what `place_bytes` wrote.
pub(crate) fn place_of(bytes: &[u8]) -> Result<Place, StoreError> {
    let part = |from: usize| -> Option<u64> {
        Some(u64::from_be_bytes(bytes.get(from..from + 8)?.try_into().ok()?))
    };
    let stream = bytes.get(8..24).and_then(|id| <[u8; 16]>::try_from(id).ok());
    match (part(0), stream, part(24), bytes.len()) {
        (Some(height), Some(stream), Some(seq), 32) => Ok(Place {
            height,
            stream: StreamId(stream),
            seq,
        }),
        _ => Err(StoreError::corrupt("a place in the accepted order")),
    }
}

/// The ids of streams by their numbers, found on demand. A number never changes its meaning once committed.
#[derive(Debug, Default)]
pub(crate) struct StreamIds(RefCell<BTreeMap<i64, StreamId>>);

impl StreamIds {
    /// Returns the id of a stream.
    pub(crate) fn get(&self, conn: &Connection, no: i64) -> Result<StreamId, StoreError> {
        if let Some(id) = self.0.borrow().get(&no) {
            return Ok(*id);
        }
        let id = conn
            .prepare_cached(sql!("stream_id"))?
            .query_row([no], |row| row.get(0))
            .optional()?
            .map(StreamId)
            .ok_or_else(|| StoreError::corrupt("a stream without a row"))?;
        self.0.borrow_mut().insert(no, id);
        Ok(id)
    }

    /// Forgets everything: a rollback may have taken numbers back.
    pub(crate) fn clear(&self) {
        self.0.borrow_mut().clear();
    }
}

/// Converts a number of the log for SQLite. Headers are checked to fit 63 bits.
pub(crate) fn to_sql(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// Converts a number back; a negative one is damage.
pub(crate) fn from_sql(number: i64) -> Result<u64, StoreError> {
    u64::try_from(number).map_err(|_| StoreError::corrupt("a negative number where none can be"))
}

/// Names an op by its parts.
pub(crate) fn op_ref(stream: StreamId, seq: Seq) -> OpRef {
    OpRef { stream, seq }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_as_bytes_compare_as_the_accepted_order_does() {
        let place = |height, stream, seq| Place {
            height,
            stream: StreamId([stream; 16]),
            seq,
        };
        let mut places = [
            place(256, 1, 1),
            place(2, 9, 1),
            place(2, 1, 300),
            place(2, 1, 5),
            place(1, 255, 9),
        ];
        places.sort();
        let bytes: Vec<_> = places.iter().map(place_bytes).collect();
        assert!(bytes.is_sorted());
        for (place, bytes) in places.iter().zip(&bytes) {
            assert_eq!(place_of(bytes), Ok(*place));
        }
        assert!(place_of(&bytes[0][..31]).is_err());
    }
}

//! Search over the catalogue: a word and a prefix, any script, ranked by what sells.
//!
//! There are two tables of the same shape. One answers; a [`Rebuild`] fills the other in the order of popularity and
//! swaps the two in one transaction. Rank is the row's number, so the best hits come first without any sorting.
//! Between rebuilds a new item stands at the end, a changed one keeps its rank, an archived one leaves.

use crate::error::StoreError;
use crate::text::{self, TEXT_VERSION, Term};
use rusqlite::{Connection, OptionalExtension, params};

/// The schema of the search tables.
pub(crate) const SCHEMA: &str = include_str!("../sql/search.sql");
/// The items of a page where the caller names no number: a screen of them.
pub const PAGE_DEFAULT: usize = 20;
/// The most items of a page.
pub const PAGE_MAX: usize = 100;
/// The most items that a rebuild puts in the order of popularity; the rest follows by number. It holds so many
/// numbers of eight bytes in memory.
const POPULAR_MAX: i64 = 1 << 20;
/// The most text of a query that is compared with barcodes and SKUs, in bytes: more than any of them has.
const CODE_BYTES_MAX: usize = 256;
/// The fewest pages of 1,000 bytes that one step of a rebuild merges: half a millisecond's work on average.
const MERGE_PAGES_MIN: usize = 16;
/// The most pages of one step: 4 MB.
const MERGE_PAGES_MAX: usize = 4096;
/// How many items cost as much to take as a page costs to merge, about.
const ITEMS_A_PAGE: usize = 8;
/// The changes by which FTS5 says that a merge found nothing to do: fewer than two.
const MERGE_IDLE: u64 = 2;

/// One page of hits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// Lists the numbers of the items, best first.
    pub items: Vec<i64>,
    /// Gives the rank after which the next page begins; `None` when there is none.
    pub next: Option<i64>,
}

/// Finds the items on sale that have every word of a query; its last word is a prefix. No character of the query is
/// ever an operator.
///
/// An item whose barcode or SKU is exactly the query comes first, the others by popularity as of the last rebuild. A
/// blank query finds the most popular items. `after` is [`Page::next`] of the page before; a page holds `limit`
/// items, at most [`PAGE_MAX`]. Ranks belong to one rebuild: pages asked across a swap may repeat or miss items.
pub fn find(conn: &Connection, query: &str, after: Option<i64>, limit: usize) -> Result<Page, StoreError> {
    let limit = limit.clamp(1, PAGE_MAX);
    // Within one snapshot: the name of the table in use must not change before the table is read.
    let _snapshot = conn
        .is_autocommit()
        .then(|| conn.unchecked_transaction())
        .transpose()?;
    let side = State::read(conn)?.active();
    let exact = exact(conn, query.trim())?;
    let terms = text::terms(query);
    let ranked = if !terms.is_empty() {
        matching(conn, side, &terms, after, limit)?
    } else if query.trim().is_empty() {
        popular(conn, side, after, limit)?
    } else {
        Vec::new()
    };
    Ok(page(exact, ranked, after, limit))
}

/// Finds the items on sale that bear a barcode or SKU, letter by letter; more than one when devices gave the same code
/// to different items.
pub fn exact(conn: &Connection, code: &str) -> Result<Vec<i64>, StoreError> {
    if code.is_empty() || code.len() > CODE_BYTES_MAX {
        return Ok(Vec::new());
    }
    let mut statement = conn.prepare_cached(sql!("search_exact"))?;
    let rows = statement.query_map(params![code, PAGE_DEFAULT as i64], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Puts the exact hits at the front of the first page, and leaves them out wherever else they would stand.
fn page(exact: Vec<i64>, ranked: Vec<(i64, i64)>, after: Option<i64>, limit: usize) -> Page {
    let mut page = Page::default();
    if after.is_none() {
        page.items = exact.iter().copied().take(limit).collect();
    }
    let last = ranked.last().map(|(rank, _)| *rank);
    let more = ranked.len() >= limit;
    let mut taken = after;
    for (rank, item) in ranked {
        if page.items.len() == limit {
            page.next = Some(taken.unwrap_or(0));
            return page;
        }
        if !exact.contains(&item) {
            page.items.push(item);
        }
        taken = Some(rank);
    }
    page.next = last.filter(|_| more);
    page
}

fn matching(
    conn: &Connection,
    side: Side,
    terms: &[Term],
    after: Option<i64>,
    limit: usize,
) -> Result<Vec<(i64, i64)>, StoreError> {
    let mut statement = conn.prepare_cached(&side.sql(sql!("search_find")))?;
    let rows = statement.query_map(
        params![expression(terms), after.unwrap_or(0), limit as i64],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn popular(
    conn: &Connection,
    side: Side,
    after: Option<i64>,
    limit: usize,
) -> Result<Vec<(i64, i64)>, StoreError> {
    let mut statement = conn.prepare_cached(&side.sql(sql!("search_popular")))?;
    let rows = statement.query_map(params![after.unwrap_or(0), limit as i64], |row| {
        Ok((row.get(0)?, row.get(1)?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Writes terms in FTS5's language. A term holds letters, digits and marks only, never a quotation mark.
fn expression(terms: &[Term]) -> String {
    let mut expression = String::new();
    for (index, term) in terms.iter().enumerate() {
        if terms[..index].contains(term) {
            continue;
        }
        assert!(!term.word.contains('"'), "a folded word has no quotation mark");
        expression.push('"');
        expression.push_str(&term.word);
        expression.push_str(if term.prefix { "\"* " } else { "\" " });
    }
    expression
}

/// Returns what the search knows of an item: its folded words while it is on sale, else `None`. Taken before an
/// item's row changes, and handed to [`changed`] after.
pub fn words_of(conn: &Connection, item_no: i64) -> Result<Option<String>, StoreError> {
    let mut statement = conn.prepare_cached(sql!("search_item"))?;
    let row = statement.query_row([item_no], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
    });
    Ok(row.optional()?.map(|(name, sku)| words(&name, &sku)))
}

/// Follows the change of an item's row, in the same transaction. `before` is what [`words_of`] said before it.
pub fn changed(conn: &Connection, item_no: i64, before: Option<&str>) -> Result<(), StoreError> {
    let after = words_of(conn, item_no)?;
    let after = after.as_deref();
    if before == after {
        return Ok(());
    }
    let state = State::read(conn)?;
    replace(conn, state.active(), item_no, before, after, true)?;
    if state.building {
        replace(conn, state.idle(), item_no, before, after, item_no <= state.taken)?;
    }
    Ok(())
}

/// Replaces an item's words in one table. An item that the table does not have is appended if `append` says so.
fn replace(
    conn: &Connection,
    side: Side,
    item_no: i64,
    before: Option<&str>,
    after: Option<&str>,
    append: bool,
) -> Result<(), StoreError> {
    let rank = rank_of(conn, side, item_no)?;
    if let (Some(rank), Some(before)) = (rank, before) {
        conn.prepare_cached(&side.sql(sql!("search_words_remove")))?
            .execute(params![rank, before])?;
    }
    match (rank, after) {
        (Some(rank), Some(after)) => put_words(conn, side, rank, after),
        (Some(rank), None) => {
            conn.prepare_cached(&side.sql(sql!("search_rank_remove")))?
                .execute([rank])?;
            Ok(())
        }
        (None, Some(after)) if append => put(conn, side, last_rank(conn, side)? + 1, item_no, after),
        (None, _) => Ok(()),
    }
}

fn rank_of(conn: &Connection, side: Side, item_no: i64) -> Result<Option<i64>, StoreError> {
    let mut statement = conn.prepare_cached(&side.sql(sql!("search_rank")))?;
    Ok(statement.query_row([item_no], |row| row.get(0)).optional()?)
}

fn last_rank(conn: &Connection, side: Side) -> Result<i64, StoreError> {
    let mut statement = conn.prepare_cached(&side.sql(sql!("search_last")))?;
    Ok(statement.query_row([], |row| row.get(0))?)
}

fn put(conn: &Connection, side: Side, rank: i64, item_no: i64, words: &str) -> Result<(), StoreError> {
    conn.prepare_cached(&side.sql(sql!("search_rank_put")))?
        .execute([rank, item_no])?;
    put_words(conn, side, rank, words)
}

fn put_words(conn: &Connection, side: Side, rank: i64, words: &str) -> Result<(), StoreError> {
    conn.prepare_cached(&side.sql(sql!("search_words_put")))?
        .execute(params![rank, words])?;
    Ok(())
}

fn words(name: &str, sku: &str) -> String {
    text::normalise(&format!("{name} {sku}"))
}

/// Tells whether the table in use was made by other folding rules than today's, or is missing after a restore, so
/// that a [`Rebuild`] is due before search can be trusted.
pub fn is_outdated(conn: &Connection) -> Result<bool, StoreError> {
    Ok(State::read(conn)?.text_version != TEXT_VERSION)
}

/// A rebuild of the search table in the order of popularity, in steps that other work goes between.
///
/// Each step is one short transaction. Items that change meanwhile are followed by [`changed`]. A rebuild that is
/// dropped, or cut off by a crash, leaves the table in use as it was; the next one begins anew.
#[derive(Debug)]
pub struct Rebuild {
    popular: std::vec::IntoIter<i64>,
    rank: i64,
    phase: Phase,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// Empties the idle table of what an earlier rebuild left.
    Begin,
    /// Takes the items that sold, most sold first.
    Popular,
    /// Takes all others by number.
    Rest,
    /// Merges the pieces of the index into one; `true` once begun.
    Merge(bool),
    /// Empties the table that was in use.
    Empty,
    /// Nothing is left to do.
    Done,
}

impl Rebuild {
    /// Reads the order of popularity: the one read of a rebuild that is as long as the catalogue, which any
    /// connection may do.
    pub fn plan(conn: &Connection) -> Result<Self, StoreError> {
        let mut statement = conn.prepare_cached(sql!("search_sold"))?;
        let rows = statement.query_map([POPULAR_MAX], |row| row.get(0))?;
        let popular: Vec<i64> = rows.collect::<Result<_, _>>()?;
        Ok(Self {
            popular: popular.into_iter(),
            rank: 0,
            phase: Phase::Begin,
        })
    }

    /// Does the next step within the caller's transaction and tells whether that was the last. A step handles at most
    /// `rows` items. 100 take under a millisecond, and up to 15 ms in the steps in which FTS5 merges (seen at 100,000 and
    /// 1,000,000 items, without the sync); 10,000 at a time are for when nobody waits. After an error the
    /// transaction must be rolled back and the rebuild dropped.
    pub fn step(&mut self, conn: &Connection, rows: usize) -> Result<bool, StoreError> {
        if conn.is_autocommit() {
            return Err(StoreError::NoTransaction);
        }
        let rows = rows.max(1);
        let mut state = State::read(conn)?;
        let idle = state.idle();
        self.phase = match self.phase {
            Phase::Begin => self.begin(conn, &mut state, rows)?,
            Phase::Popular => self.take_popular(conn, idle, rows)?,
            Phase::Rest => self.take_rest(conn, &mut state, rows)?,
            Phase::Merge(begun) if merge(conn, idle, begun, rows)? => Phase::Merge(true),
            Phase::Merge(_) => {
                state.swap();
                state.write(conn)?;
                Phase::Empty
            }
            Phase::Empty if clear(conn, idle, rows)? => Phase::Done,
            Phase::Empty => Phase::Empty,
            Phase::Done => Phase::Done,
        };
        Ok(self.phase == Phase::Done)
    }

    fn begin(&mut self, conn: &Connection, state: &mut State, rows: usize) -> Result<Phase, StoreError> {
        if state.building {
            (state.building, state.taken) = (false, 0);
            state.write(conn)?;
        }
        if !clear(conn, state.idle(), rows)? {
            return Ok(Phase::Begin);
        }
        (state.building, state.taken) = (true, 0);
        state.write(conn)?;
        Ok(Phase::Popular)
    }

    fn take_popular(&mut self, conn: &Connection, side: Side, rows: usize) -> Result<Phase, StoreError> {
        for item_no in self.popular.by_ref().take(rows) {
            // An item may have left the sale since the plan.
            if let Some(words) = words_of(conn, item_no)? {
                self.rank += 1;
                put(conn, side, self.rank, item_no, &words)?;
            }
        }
        let left = self.popular.len() > 0;
        Ok(if left { Phase::Popular } else { Phase::Rest })
    }

    fn take_rest(&mut self, conn: &Connection, state: &mut State, rows: usize) -> Result<Phase, StoreError> {
        let side = state.idle();
        // Items may have been appended since the last step.
        let mut rank = last_rank(conn, side)?;
        let mut statement = conn.prepare_cached(sql!("search_items"))?;
        let mut found = statement.query(params![state.taken, rows as i64])?;
        let mut read = 0;
        while let Some(row) = found.next()? {
            read += 1;
            state.taken = row.get(0)?;
            if row.get(1)? && rank_of(conn, side, state.taken)?.is_none() {
                let words = words(
                    row.get_ref(2)?.as_str().map_err(rusqlite::Error::from)?,
                    row.get_ref(3)?.as_str().map_err(rusqlite::Error::from)?,
                );
                rank += 1;
                put(conn, side, rank, state.taken, &words)?;
            }
        }
        state.write(conn)?;
        Ok(if read < rows {
            Phase::Merge(false)
        } else {
            Phase::Rest
        })
    }
}

/// Merges some pages of a table's index; tells whether there was anything to merge. A negative number begins the merge
/// of all pieces into one, positive numbers go on with it.
fn merge(conn: &Connection, side: Side, begun: bool, rows: usize) -> Result<bool, StoreError> {
    let before = conn.total_changes();
    let pages = i64::try_from((rows / ITEMS_A_PAGE).clamp(MERGE_PAGES_MIN, MERGE_PAGES_MAX)).unwrap_or(1);
    let pages = if begun { pages } else { -pages };
    conn.prepare_cached(&side.sql(sql!("search_merge")))?
        .execute([pages])?;
    Ok(conn.total_changes() - before >= MERGE_IDLE)
}

/// Empties some of a table that is not in use; tells whether it is empty now. Deleting all at once would hold up a
/// sale for as long as the table has pages to free.
fn clear(conn: &Connection, side: Side, rows: usize) -> Result<bool, StoreError> {
    conn.prepare_cached(&side.sql(sql!("search_unlink")))?
        .execute([])?;
    for some in [
        sql!("search_clear_index"),
        sql!("search_clear_pages"),
        sql!("search_clear_ranks"),
    ] {
        if conn.prepare_cached(&side.sql(some))?.execute([rows as i64])? > 0 {
            return Ok(false);
        }
    }
    // Now it costs nothing, and lets FTS5 forget what it remembers of the table.
    conn.prepare_cached(&side.sql(sql!("search_empty")))?
        .execute([])?;
    Ok(true)
}

/// One of the two tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    A,
    B,
}

impl Side {
    fn other(self) -> Self {
        match self {
            Self::A => Self::B,
            Self::B => Self::A,
        }
    }

    /// Names this table in a statement.
    fn sql(self, statement: &str) -> String {
        statement.replace('@', if self == Self::A { "a" } else { "b" })
    }
}

/// The row of `search_state`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct State {
    active: Side,
    building: bool,
    taken: i64,
    text_version: i64,
}

impl State {
    fn read(conn: &Connection) -> Result<Self, StoreError> {
        let mut statement = conn.prepare_cached(sql!("search_state_get"))?;
        Ok(statement.query_row([], |row| {
            Ok(Self {
                active: if row.get(0)? { Side::B } else { Side::A },
                building: row.get(1)?,
                taken: row.get(2)?,
                text_version: row.get(3)?,
            })
        })?)
    }

    fn write(&self, conn: &Connection) -> Result<(), StoreError> {
        conn.prepare_cached(sql!("search_state_put"))?.execute(params![
            self.active == Side::B,
            self.building,
            self.taken,
            self.text_version
        ])?;
        Ok(())
    }

    fn active(&self) -> Side {
        self.active
    }

    fn idle(&self) -> Side {
        self.active.other()
    }

    fn swap(&mut self) {
        *self = Self {
            active: self.idle(),
            building: false,
            taken: 0,
            text_version: TEXT_VERSION,
        };
    }
}

/// Empties both tables, for a copy of the database that another device will open; that device builds them anew.
pub(crate) fn forget(conn: &Connection) -> Result<(), StoreError> {
    for side in [Side::A, Side::B] {
        conn.execute(&side.sql(sql!("search_empty")), [])?;
        conn.execute(&side.sql(sql!("search_clear_ranks")), [i64::MAX])?;
    }
    State {
        active: Side::A,
        building: false,
        taken: 0,
        text_version: 0,
    }
    .write(conn)
}

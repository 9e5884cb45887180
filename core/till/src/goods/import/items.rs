//! Loading items. The file is read twice: once to check every row, once to load them, deposits first, because other
//! goods name them.

use super::{ImportReport, Mode, Progress, Step, Told};
use crate::Till;
use crate::error::TillError;
use crate::goods::Fault;
use crate::goods::desk::Desk;
use crate::goods::items::{self, ItemRow, Shelf, columns};
use crate::goods::sheet::{Problem, Row, Source};
use crate::ports::fresh_id;
use barrow_kernel::catalogue::{self, ItemDraft, ItemKind};
use barrow_kernel::command::{Command, ItemRef};
use barrow_kernel::context::World;
use barrow_kernel::limits;
use barrow_kernel::money::Currency;
use barrow_kernel::quantity::Quantity;
use barrow_kernel::rejection::Rejection;
use barrow_kernel::stock::{MovementKind, MovementLine};
use barrow_kernel::tax::Tax;
use barrow_log::id::ItemId;
use columns::Column;
use std::collections::{BTreeMap, BTreeSet};

/// Checks every row and, where the mode allows it, loads them.
///
/// # Errors
/// When the file can't be read, has no header of items, or the shop refuses; or when it is given up: what was loaded
/// by then, whole batches, stays.
pub fn load(till: &Till, source: Source<'_>, mode: Mode, progress: Told<'_>) -> Result<ImportReport, Fault> {
    let desk = Desk(till);
    let mut loading = Loading {
        desk,
        source,
        columns: columns::read(source.open()?.header()).map_err(Fault::File)?,
        currency: desk.settings()?.currency,
        taxes: desk.taxes()?,
        deposits: BTreeMap::new(),
        bad: BTreeSet::new(),
        report: ImportReport::default(),
    };
    loading.find_deposits()?;
    loading.check(progress)?;
    if loading.report.may_load(mode) {
        loading.load(progress)?;
        loading.report.loaded = true;
    }
    Ok(loading.report)
}

/// An import under way.
struct Loading<'a> {
    desk: Desk<'a>,
    source: Source<'a>,
    columns: Vec<Column>,
    currency: Currency,
    taxes: Vec<Tax>,
    deposits: BTreeMap<String, ItemId>,
    bad: BTreeSet<u64>,
    report: ImportReport,
}

/// Rows that are loaded together.
#[derive(Default)]
struct Batch {
    drafts: Vec<ItemDraft>,
    lines: Vec<u64>,
    stock: Vec<MovementLine>,
}

impl Loading<'_> {
    /// Gives the deposits of the file their ids, so that goods further up can name them.
    fn find_deposits(&mut self) -> Result<(), Fault> {
        let at = |wanted: Column| self.columns.iter().position(|column| *column == wanted);
        let (Some(sku_at), Some(kind_at)) = (at(Column::Sku), at(Column::Kind)) else {
            return Ok(());
        };
        let mut sheet = self.source.open()?;
        let mut found = Vec::new();
        while let Some(row) = sheet.next_row() {
            if let Ok(row) = row
                && row.at(kind_at).eq_ignore_ascii_case("deposit")
            {
                found.push(row.at(sku_at).to_owned());
            }
        }
        for sku in found {
            let known = self
                .desk
                .world(|world| world.item_by_sku(&sku))?
                .map(|item| item.id);
            let id = known.map_or_else(|| fresh_id().map(ItemId::from_bytes), Ok)?;
            self.deposits.insert(sku, id);
        }
        Ok(())
    }

    /// Reads one row against the shop.
    fn read(&self, world: &dyn World, row: &Row<'_>, fresh: ItemId) -> Result<ItemRow, Problem> {
        let shelf = Shelf {
            currency: self.currency,
            taxes: &self.taxes,
            world,
            deposits: &self.deposits,
        };
        let sku_at = self
            .columns
            .iter()
            .position(|column| *column == Column::Sku)
            .unwrap_or(0);
        let fresh = self.deposits.get(row.at(sku_at)).copied().unwrap_or(fresh);
        items::read(row, &self.columns, &shelf, fresh)
    }

    fn check(&mut self, progress: Told<'_>) -> Result<(), Fault> {
        let mut seen = Seen::default();
        let whole = self.source.length();
        let mut sheet = self.source.open()?;
        loop {
            let read = sheet.bytes();
            let Some(row) = sheet.next_row() else {
                return Ok(());
            };
            self.report.rows += 1;
            progress(Progress::new(Step::Checking, read, whole, self.report.rows))?;
            let checked = match row {
                Ok(row) => self.desk.read(|world| self.check_row(world, &row, &mut seen))?,
                Err(problem) => Err(problem),
            };
            match checked {
                Ok(Change::New) => self.report.added += 1,
                Ok(Change::Changed) => self.report.changed += 1,
                Ok(Change::None) => self.report.unchanged += 1,
                Err(problem) => {
                    self.bad.insert(problem.line);
                    self.report.wrong(problem);
                }
            }
        }
    }

    fn check_row(&self, world: &dyn World, row: &Row<'_>, seen: &mut Seen) -> Result<Change, Problem> {
        let read = self.read(world, row, ItemId::default())?;
        seen.claim(row, &self.columns, &read.draft)?;
        let known = world
            .item(&read.draft.id)
            .map_err(|fault| items::rejected(row, &self.columns, &fault))?;
        if !items::changes(&read.draft, known.as_deref()) {
            return Ok(Change::None);
        }
        let mut draft = read.draft;
        if let Some(trade) = &mut draft.trade {
            // What this file brings along is there by the time it is named.
            trade
                .deposits
                .retain(|id| !self.deposits.values().any(|other| other == id));
        }
        match catalogue::put_items(world, &self.desk.context(), std::slice::from_ref(&draft)) {
            Ok(_) | Err(Rejection::NotNow { .. }) => {}
            Err(fault) => return Err(items::rejected(row, &self.columns, &fault)),
        }
        Ok(if read.is_new { Change::New } else { Change::Changed })
    }

    fn load(&mut self, progress: Told<'_>) -> Result<(), Fault> {
        let whole = self.source.length() * 2;
        for deposits in [true, false] {
            let mut batch = Batch::default();
            let mut sheet = self.source.open()?;
            loop {
                let read = sheet.bytes() + if deposits { 0 } else { self.source.length() };
                let Some(row) = sheet.next_row() else { break };
                let Ok(row) = row else { continue };
                if self.bad.contains(&row.line) {
                    continue;
                }
                progress(Progress::new(Step::Loading, read, whole, row.line))?;
                let fresh = ItemId::from_bytes(fresh_id()?);
                let found = self
                    .desk
                    .read(|world| self.wanted(world, &row, fresh, deposits))?;
                if let Some(read) = found {
                    batch.add(read, row.line);
                }
                if batch.drafts.len() >= limits::ITEMS_PER_COMMAND {
                    self.send(std::mem::take(&mut batch))?;
                }
            }
            self.send(batch)?;
        }
        Ok(())
    }

    /// Returns the row when it belongs to this round and changes something.
    fn wanted(&self, world: &dyn World, row: &Row<'_>, fresh: ItemId, deposits: bool) -> Option<ItemRow> {
        let read = self.read(world, row, fresh).ok()?;
        let is_deposit = read
            .draft
            .trade
            .as_ref()
            .is_some_and(|trade| trade.kind == ItemKind::Deposit);
        let known = world.item(&read.draft.id).ok()?;
        (is_deposit == deposits && items::changes(&read.draft, known.as_deref())).then_some(read)
    }

    /// Sends a batch; when it is refused, its items one by one, so that one of them does not stop the others.
    fn send(&mut self, batch: Batch) -> Result<(), TillError> {
        if batch.drafts.is_empty() {
            return Ok(());
        }
        let whole = self.desk.send(Command::PutItems {
            items: batch.drafts.clone(),
        });
        let mut refused = BTreeSet::new();
        if whole.is_err() {
            for (draft, line) in batch.drafts.into_iter().zip(batch.lines) {
                let id = draft.id;
                if let Err(fault) = self.desk.send(Command::PutItems { items: vec![draft] }) {
                    refused.insert(id);
                    self.report.wrong(Problem::new(line, "", fault.to_string()));
                }
            }
        }
        let loaded = |line: &MovementLine| !matches!(&line.item, ItemRef::Id(id) if refused.contains(id));
        let lines: Vec<MovementLine> = batch.stock.into_iter().filter(loaded).collect();
        if !lines.is_empty() {
            let reason = Some("opening stock".into());
            self.desk.send(Command::MoveStock {
                location: None,
                movement: MovementKind::Delivery,
                lines,
                reason,
            })?;
        }
        Ok(())
    }
}

impl Batch {
    fn add(&mut self, row: ItemRow, line: u64) {
        if let Some(quantity) = row
            .stock_start
            .filter(|quantity: &Quantity| row.is_new && quantity.is_positive())
        {
            self.stock.push(MovementLine {
                item: ItemRef::Id(row.draft.id),
                quantity,
            });
        }
        self.drafts.push(row.draft);
        self.lines.push(line);
    }
}

/// What a row would do.
enum Change {
    New,
    Changed,
    None,
}

/// What rows further up have claimed, with their lines.
#[derive(Default)]
struct Seen {
    skus: BTreeMap<String, u64>,
    codes: BTreeMap<String, u64>,
    plus: BTreeMap<String, u64>,
}

impl Seen {
    fn claim(&mut self, row: &Row<'_>, columns: &[Column], draft: &ItemDraft) -> Result<(), Problem> {
        let at = |wanted: Column| {
            columns
                .iter()
                .position(|column| *column == wanted)
                .unwrap_or_default()
        };
        let taken = |column: Column, what: &str, line: u64| {
            row.problem(at(column), format!("{what} stands on line {line} already"))
        };
        if let Some(face) = &draft.face
            && let Some(line) = self.skus.insert(face.sku.clone(), row.line)
        {
            return Err(taken(Column::Sku, &face.sku, line));
        }
        for code in &draft.add_codes {
            if let Some(line) = self.codes.insert(code.clone(), row.line) {
                return Err(taken(Column::Barcodes, code, line));
            }
        }
        match draft
            .trade
            .as_ref()
            .map(|trade| &trade.plu)
            .filter(|plu| !plu.is_empty())
        {
            Some(plu) => match self.plus.insert(plu.clone(), row.line) {
                Some(line) => Err(taken(Column::Plu, plu, line)),
                None => Ok(()),
            },
            None => Ok(()),
        }
    }
}

//! Loading barcodes: one row a code, with the SKU of its goods. A third column `remove` takes codes away.

use super::{ImportReport, Mode};
use crate::Till;
use crate::goods::Fault;
use crate::goods::desk::Desk;
use crate::goods::sheet::{Problem, Row, Source};
use barrow_kernel::catalogue::{self, ItemDraft};
use barrow_kernel::command::Command;
use barrow_kernel::context::World;
use barrow_kernel::limits;
use barrow_kernel::rejection::Rejection;
use barrow_log::id::ItemId;
use std::collections::BTreeMap;

/// Where the columns stand.
struct Columns {
    sku: usize,
    code: usize,
    remove: Option<usize>,
}

/// Checks every row and, where the mode allows it, loads them.
///
/// # Errors
/// When the file can't be read, has no header of barcodes, or the shop refuses.
pub fn load(till: &Till, source: Source<'_>, mode: Mode) -> Result<ImportReport, Fault> {
    let desk = Desk(till);
    let mut sheet = source.open()?;
    let columns = header(sheet.header())?;
    let mut report = ImportReport::default();
    let mut seen = BTreeMap::new();
    let mut drafts: BTreeMap<ItemId, ItemDraft> = BTreeMap::new();
    while let Some(row) = sheet.next_row() {
        report.rows += 1;
        let read = match row {
            Ok(row) => desk.read(|world| read(world, &row, &columns, &mut seen, desk))?,
            Err(problem) => Err(problem),
        };
        match read {
            Err(problem) => report.wrong(problem),
            Ok(None) => report.unchanged += 1,
            Ok(Some(draft)) => {
                if draft.add_codes.is_empty() {
                    report.changed += 1;
                } else {
                    report.added += 1;
                }
                match drafts.get_mut(&draft.id) {
                    Some(known) => {
                        known.add_codes.extend(draft.add_codes);
                        known.remove_codes.extend(draft.remove_codes);
                    }
                    None => {
                        drafts.insert(draft.id, draft);
                    }
                }
            }
        }
    }
    if report.may_load(mode) {
        let drafts: Vec<ItemDraft> = drafts.into_values().collect();
        // Codes that move from one item to another are taken away first.
        let taking = drafts
            .iter()
            .filter(|draft| !draft.remove_codes.is_empty())
            .map(|draft| ItemDraft {
                add_codes: Vec::new(),
                ..draft.clone()
            });
        let adding = drafts
            .iter()
            .filter(|draft| !draft.add_codes.is_empty())
            .map(|draft| ItemDraft {
                remove_codes: Vec::new(),
                ..draft.clone()
            });
        for drafts in [taking.collect::<Vec<_>>(), adding.collect()] {
            for items in drafts.chunks(limits::ITEMS_PER_COMMAND) {
                desk.send(Command::PutItems {
                    items: items.to_vec(),
                })?;
            }
        }
        report.loaded = true;
    }
    Ok(report)
}

fn header(header: &[String]) -> Result<Columns, Fault> {
    let find = |names: &[&str]| {
        header
            .iter()
            .position(|name| names.iter().any(|known| name.eq_ignore_ascii_case(known)))
    };
    let missing = |name: &str| Fault::File(format!("There is no column {name}. Needed are sku and barcode."));
    Ok(Columns {
        sku: find(&["sku"]).ok_or_else(|| missing("sku"))?,
        code: find(&["barcode", "code", "ean", "gtin"]).ok_or_else(|| missing("barcode"))?,
        remove: find(&["remove"]),
    })
}

fn read(
    world: &dyn World,
    row: &Row<'_>,
    columns: &Columns,
    seen: &mut BTreeMap<String, u64>,
    desk: Desk<'_>,
) -> Result<Option<ItemDraft>, Problem> {
    let (sku, code) = (row.at(columns.sku), row.at(columns.code));
    if code.is_empty() {
        return Err(row.problem(columns.code, "it is empty"));
    }
    let item = world
        .item_by_sku(sku)
        .map_err(|fault| row.problem(columns.sku, fault.to_string()))?;
    let item = item.ok_or_else(|| {
        row.problem(
            columns.sku,
            format!("there is no item {sku}; import the items first"),
        )
    })?;
    let remove = match columns.remove.map(|at| row.at(at).to_lowercase()) {
        None => false,
        Some(text) => match text.as_str() {
            "" | "no" | "false" | "0" => false,
            "yes" | "true" | "1" | "x" => true,
            _ => return Err(row.problem(columns.remove.unwrap_or_default(), "write yes or no")),
        },
    };
    if !remove && let Some(line) = seen.insert(code.to_owned(), row.line) {
        return Err(row.problem(columns.code, format!("{code} stands on line {line} already")));
    }
    if item.codes.iter().any(|known| known == code) != remove {
        return Ok(None);
    }
    let codes = vec![code.to_owned()];
    let (add_codes, remove_codes) = if remove {
        (Vec::new(), codes)
    } else {
        (codes, Vec::new())
    };
    let draft = ItemDraft {
        id: item.id,
        face: None,
        price: None,
        trade: None,
        archived: None,
        sold_out: None,
        add_codes,
        remove_codes,
    };
    match catalogue::put_items(world, &desk.context(), std::slice::from_ref(&draft)) {
        Ok(_) | Err(Rejection::NotNow { .. }) => Ok(Some(draft)),
        Err(fault) => Err(row.problem(columns.code, fault.to_string())),
    }
}

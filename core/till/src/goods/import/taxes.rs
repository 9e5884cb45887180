//! Loading taxes: one row a tax, found again by its id or its name. A group keeps its children as JSON in one cell.

use super::{ImportReport, Mode};
use crate::Till;
use crate::goods::Fault;
use crate::goods::desk::Desk;
use crate::goods::sheet::{Problem, Row, Source};
use crate::number;
use crate::ports::fresh_id;
use barrow_kernel::command::Command;
use barrow_kernel::limits;
use barrow_kernel::quantity::{Rate, UnitPrice};
use barrow_kernel::tax::{Tax, TaxClass, TaxKind};
use barrow_log::id::TaxId;
use std::collections::BTreeSet;

/// Lists the columns; only name and rate are needed.
pub const COLUMNS: [&str; 11] = [
    "id",
    "name",
    "kind",
    "rate",
    "price_include",
    "group",
    "class",
    "sequence",
    "include_base_amount",
    "is_base_affected",
    "children",
];

/// Checks every row and, where the mode allows it, loads them.
///
/// # Errors
/// When the file can't be read, has no header of taxes, or the shop refuses.
pub fn load(till: &Till, source: Source<'_>, mode: Mode) -> Result<ImportReport, Fault> {
    let desk = Desk(till);
    let known = desk.taxes()?;
    let includes = desk.settings()?.prices_include_tax;
    let mut sheet = source.open()?;
    let columns = header(sheet.header())?;
    let (mut report, mut taxes, mut names) = (ImportReport::default(), Vec::new(), BTreeSet::new());
    while let Some(row) = sheet.next_row() {
        report.rows += 1;
        let read = row.and_then(|row| {
            let tax = read(&row, &columns, &known, includes)?;
            match names.insert(tax.name.clone()) {
                true => Ok(tax),
                false => Err(Problem::new(
                    row.line,
                    "name",
                    format!("{} stands further up already", tax.name),
                )),
            }
        });
        match read {
            Err(problem) => report.wrong(problem),
            Ok(tax) => match known.iter().find(|other| other.id == tax.id) {
                Some(other) if *other == tax => report.unchanged += 1,
                Some(_) => {
                    report.changed += 1;
                    taxes.push(tax);
                }
                None => {
                    report.added += 1;
                    taxes.push(tax);
                }
            },
        }
    }
    if report.may_load(mode) {
        for taxes in taxes.chunks(limits::SETTINGS) {
            desk.send(Command::PutTaxes {
                taxes: taxes.to_vec(),
            })?;
        }
        report.loaded = true;
    }
    Ok(report)
}

/// Finds the columns by name.
fn header(header: &[String]) -> Result<Vec<Option<usize>>, Fault> {
    let find = |wanted: &str| header.iter().position(|name| name.eq_ignore_ascii_case(wanted));
    if let Some(strange) = header
        .iter()
        .find(|name| !COLUMNS.iter().any(|known| known.eq_ignore_ascii_case(name)))
    {
        let known = COLUMNS.join(", ");
        return Err(Fault::File(format!(
            "There is no column {strange} for taxes. Known are: {known}."
        )));
    }
    if find("name").is_none() {
        return Err(Fault::File(
            "There is no column name. The first line must name the columns.".into(),
        ));
    }
    Ok(COLUMNS.iter().map(|name| find(name)).collect())
}

fn read(row: &Row<'_>, columns: &[Option<usize>], known: &[Tax], includes: bool) -> Result<Tax, Problem> {
    let text = |name: &str| {
        let at = COLUMNS
            .iter()
            .position(|column| *column == name)
            .and_then(|at| columns[at]);
        at.map_or("", |at| row.at(at))
    };
    let wrong = |name: &str, reason: String| Problem::new(row.line, name, reason);
    let yes = |name: &str, usual: bool| match text(name).to_lowercase().as_str() {
        "" => Ok(usual),
        "yes" | "true" | "1" => Ok(true),
        "no" | "false" | "0" => Ok(false),
        other => Err(wrong(name, format!("{other}: write yes or no"))),
    };
    let name = text("name");
    if name.is_empty() {
        return Err(wrong("name", "it is empty; the receipt shows it".into()));
    }
    let id = match text("id") {
        "" => known.iter().find(|tax| tax.name == name).map(|tax| tax.id),
        id => Some(
            id.parse()
                .map_err(|_| wrong("id", format!("{id} is not an id; leave it empty for a new tax")))?,
        ),
    };
    let fresh = || {
        fresh_id()
            .map(TaxId::from_bytes)
            .map_err(|fault| wrong("id", fault.to_string()))
    };
    let sequence = match text("sequence") {
        "" => 0,
        number => number
            .parse()
            .map_err(|_| wrong("sequence", format!("{number} is not a whole number")))?,
    };
    let tax = Tax {
        id: id.map_or_else(fresh, Ok)?,
        name: name.to_owned(),
        kind: kind(text("kind"), text("rate"), text("children")).map_err(|(name, why)| wrong(name, why))?,
        price_include: yes("price_include", includes)?,
        include_base_amount: yes("include_base_amount", false)?,
        is_base_affected: yes("is_base_affected", true)?,
        sequence,
        group: text("group").to_owned(),
        class: class(text("class")).ok_or_else(|| wrong("class", format!("{}: {CLASSES}", text("class"))))?,
    };
    tax.check().map_err(|fault| wrong("rate", fault.to_string()))?;
    Ok(tax)
}

fn kind(kind: &str, rate: &str, children: &str) -> Result<TaxKind, (&'static str, String)> {
    let number = || number::plain(rate, false).map_err(|why| ("rate", why));
    let percent = || {
        number()?
            .parse::<Rate>()
            .map_err(|fault| ("rate", format!("{rate}: {fault}")))
    };
    match kind.to_lowercase().as_str() {
        "" | "percent" => percent().map(TaxKind::Percent),
        "division" => percent().map(TaxKind::Division),
        "fixed" => number()?
            .parse::<UnitPrice>()
            .map(TaxKind::Fixed)
            .map_err(|fault| ("rate", format!("{rate}: {fault}"))),
        "group" => serde_json::from_str(children)
            .map(TaxKind::Group)
            .map_err(|fault| ("children", format!("it must be a JSON list of taxes: {fault}"))),
        other => Err((
            "kind",
            format!("{other}: write percent, fixed, division or group"),
        )),
    }
}

const CLASSES: &str = "write taxed, zero_rated, exempt, reverse_charge or outside_scope";

fn class(text: &str) -> Option<TaxClass> {
    let word = if text.is_empty() { "taxed" } else { text };
    serde_json::from_value(serde_json::Value::String(word.to_lowercase())).ok()
}

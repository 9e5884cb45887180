//! Documents of the shop: receipts, X and Z, as text and HTML.

use crate::output::Failure;
use crate::place;
use crate::shop::Shop;
use barrow_kernel::sale::Sale;
use barrow_kernel::shift::ZReport;
use barrow_receipt::{
    DEFAULT_WIDTH, Document, ReceiptOptions, ReportOptions, ShiftReport, XReport, shift_report, to_text,
};
use std::collections::BTreeMap;

/// Gives the columns of a receipt on 80 mm paper.
pub const WIDTH: usize = DEFAULT_WIDTH;

/// Makes the receipt of a sale.
///
/// # Errors
/// When the shop can't be read.
pub fn receipt(shop: &Shop, sale: &Sale, copy: bool) -> Result<Document, Failure> {
    let mut origins = BTreeMap::new();
    for of in sale.lines.iter().filter_map(|line| line.returns.as_ref()?.of) {
        if let Some(origin) = shop.sale(&of.sale)? {
            origins.insert(of.sale, origin.number.clone());
        }
    }
    let options = ReceiptOptions {
        copy,
        origins,
        ..ReceiptOptions::default()
    };
    Ok(barrow_receipt::receipt(sale, &*shop.settings()?, &options))
}

/// Makes the X report of the open shift; `None` when none is open.
///
/// # Errors
/// When the shop can't be read.
pub fn x_report(shop: &Shop) -> Result<Option<Document>, Failure> {
    let cash_box = shop.till().installation().cash_box;
    let state = shop.till().snapshot().map_err(|fault| place::failure(&fault))?;
    let Some(shift) = state.shifts.get(&cash_box) else {
        return Ok(None);
    };
    let report = XReport {
        shift,
        at_ms: place::now_ms(),
        till: &shop.till().installation().till,
        who: None,
        ranges: &[],
    };
    Ok(Some(shift_report(
        &ShiftReport::X(report),
        &*shop.settings()?,
        &options(shop)?,
    )))
}

/// Makes the Z report of a closed shift.
///
/// # Errors
/// When the shop can't be read.
pub fn z_report(shop: &Shop, report: &ZReport) -> Result<Document, Failure> {
    Ok(shift_report(
        &ShiftReport::Z(report),
        &*shop.settings()?,
        &options(shop)?,
    ))
}

fn options(shop: &Shop) -> Result<ReportOptions, Failure> {
    let cash_box = shop.world(|world| world.cash_box(&shop.till().installation().cash_box))?;
    Ok(ReportOptions {
        cash_box: cash_box.map(|cash_box| cash_box.name.clone()),
        ..ReportOptions::default()
    })
}

/// Draws a document as plain text.
pub fn text(document: &Document, width: usize) -> String {
    to_text(document, width)
}

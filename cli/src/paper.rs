//! Documents of the shop: receipts, X and Z, as the till makes them.

use crate::output::Failure;
use crate::place;
use crate::shop::Shop;
use barrow_kernel::sale::Sale;
use barrow_kernel::shift::ZReport;
use barrow_receipt::{DEFAULT_WIDTH, Document, to_text};

/// Gives the columns of a receipt on 80 mm paper.
pub const WIDTH: usize = DEFAULT_WIDTH;

/// Makes the receipt of a sale.
///
/// # Errors
/// When the shop can't be read.
pub fn receipt(shop: &Shop, sale: &Sale, copy: bool) -> Result<Document, Failure> {
    let made = shop.till().receipt(sale, copy);
    made.map_err(|fault| place::failure(&fault))
}

/// Makes the X report of the open shift; `None` when none is open.
///
/// # Errors
/// When the shop can't be read.
pub fn x_report(shop: &Shop) -> Result<Option<Document>, Failure> {
    shop.till().x_report().map_err(|fault| place::failure(&fault))
}

/// Makes the Z report of a closed shift.
///
/// # Errors
/// When the shop can't be read.
pub fn z_report(shop: &Shop, report: &ZReport) -> Result<Document, Failure> {
    let made = shop.till().z_document(report);
    made.map_err(|fault| place::failure(&fault))
}

/// Draws a document as plain text.
pub fn text(document: &Document, width: usize) -> String {
    to_text(document, width)
}

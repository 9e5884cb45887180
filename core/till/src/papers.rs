//! Documents of the shop: receipts, X and Z reports, as text and HTML.

use crate::error::TillError;
use crate::till::Till;
use barrow_kernel::catalogue::Shop;
use barrow_kernel::context::{Catalogue, History};
use barrow_kernel::rejection::Rejection;
use barrow_kernel::sale::Sale;
use barrow_kernel::shift::ZReport;
use barrow_log::id::{SaleId, ShiftId};
use barrow_receipt::{
    Document, MAX_WIDTH, MIN_WIDTH, ReceiptOptions, ReportOptions, ShiftReport, XReport, shift_report,
    to_html, to_text,
};
use std::collections::BTreeMap;

impl Till {
    /// Makes the receipt of a sale.
    ///
    /// # Errors
    /// When there is no such sale, or it can't be read.
    pub fn receipt(&self, sale: &SaleId, copy: bool) -> Result<Document, TillError> {
        let sale = self.sale(sale)?.ok_or_else(|| Rejection::unknown("sale", sale))?;
        self.read(|reader| {
            let options = ReceiptOptions {
                copy,
                origins: origins(reader, &sale)?,
                ..ReceiptOptions::default()
            };
            Ok::<_, TillError>(barrow_receipt::receipt(&sale, &*reader.shop()?, &options))
        })
    }

    /// Draws the receipt of a sale as text of `width` columns.
    ///
    /// # Errors
    /// As [`Till::receipt`].
    pub fn receipt_text(&self, sale: &SaleId, width: u32, copy: bool) -> Result<String, TillError> {
        Ok(to_text(&self.receipt(sale, copy)?, columns(width)))
    }

    /// Draws the receipt of a sale as a web page.
    ///
    /// # Errors
    /// As [`Till::receipt`].
    pub fn receipt_html(&self, sale: &SaleId, copy: bool) -> Result<String, TillError> {
        Ok(to_html(&self.receipt(sale, copy)?))
    }

    /// Draws the X report of the open shift of this till's cash box as text; `None` while none is open.
    ///
    /// # Errors
    /// When the settings can't be read.
    pub fn x_text(&self, width: u32) -> Result<Option<String>, TillError> {
        let here = self.installation();
        let Some(shift) = self.state(|state| state.shifts.get(&here.cash_box).cloned())? else {
            return Ok(None);
        };
        let report = XReport {
            shift: &shift,
            at_ms: self.now_ms(),
            till: &here.till,
            who: None,
            ranges: &[],
        };
        let (shop, options) = self.report_options()?;
        let document = shift_report(&ShiftReport::X(report), &shop, &options);
        Ok(Some(to_text(&document, columns(width))))
    }

    /// Returns the Z report of a closed shift; `None` while it is open or unknown.
    ///
    /// # Errors
    /// When it can't be read.
    pub fn z_report(&self, shift: &ShiftId) -> Result<Option<ZReport>, TillError> {
        self.read(|reader| reader.z_report(shift))
    }

    /// Draws the Z report of a closed shift as text.
    ///
    /// # Errors
    /// When the shift is open or unknown, or can't be read.
    pub fn z_text(&self, shift: &ShiftId, width: u32) -> Result<String, TillError> {
        let report = self
            .z_report(shift)?
            .ok_or_else(|| Rejection::unknown("closed shift", shift))?;
        let (shop, options) = self.report_options()?;
        let document = shift_report(&ShiftReport::Z(&report), &shop, &options);
        Ok(to_text(&document, columns(width)))
    }

    fn report_options(&self) -> Result<(Shop, ReportOptions), TillError> {
        let cash_box = self.installation().cash_box;
        self.read(|reader| {
            let cash_box = reader.cash_box(&cash_box)?;
            let options = ReportOptions {
                cash_box: cash_box.map(|cash_box| cash_box.name.clone()),
                ..ReportOptions::default()
            };
            Ok::<_, TillError>(((*reader.shop()?).clone(), options))
        })
    }
}

/// Returns the receipt numbers of the sales that goods came back from.
fn origins(
    history: &dyn History,
    sale: &Sale,
) -> Result<BTreeMap<SaleId, barrow_kernel::sale::ReceiptNumber>, Rejection> {
    let mut origins = BTreeMap::new();
    for of in sale.lines.iter().filter_map(|line| line.returns.as_ref()?.of) {
        if let Some(origin) = history.sale(&of.sale)? {
            origins.insert(of.sale, origin.number.clone());
        }
    }
    Ok(origins)
}

fn columns(width: u32) -> usize {
    (width as usize).clamp(MIN_WIDTH, MAX_WIDTH)
}

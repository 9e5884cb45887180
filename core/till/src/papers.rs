//! Documents of the shop: receipts, X and Z reports, as text and HTML.

use crate::error::TillError;
use crate::till::Till;
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
    /// When the settings or a sale that goods came back from can't be read.
    pub fn receipt(&self, sale: &Sale, copy: bool) -> Result<Document, TillError> {
        self.read(|reader| {
            let options = ReceiptOptions {
                copy,
                origins: origins(reader, sale)?,
                ..ReceiptOptions::default()
            };
            Ok::<_, TillError>(barrow_receipt::receipt(sale, &*reader.shop()?, &options))
        })
    }

    /// Makes the X report of the open shift of this till's cash box; `None` while none is open.
    ///
    /// # Errors
    /// When the settings can't be read.
    pub fn x_report(&self) -> Result<Option<Document>, TillError> {
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
        self.report(&ShiftReport::X(report)).map(Some)
    }

    /// Makes the document of a Z report.
    ///
    /// # Errors
    /// When the settings can't be read.
    pub fn z_document(&self, report: &ZReport) -> Result<Document, TillError> {
        self.report(&ShiftReport::Z(report))
    }

    fn report(&self, report: &ShiftReport<'_>) -> Result<Document, TillError> {
        let cash_box = self.installation().cash_box;
        self.read(|reader| {
            let cash_box = reader.cash_box(&cash_box)?;
            let options = ReportOptions {
                cash_box: cash_box.map(|cash_box| cash_box.name.clone()),
                ..ReportOptions::default()
            };
            Ok::<_, TillError>(shift_report(report, &*reader.shop()?, &options))
        })
    }

    /// Returns the Z report of a closed shift; `None` while it is open or unknown.
    ///
    /// # Errors
    /// When it can't be read.
    pub fn z_report(&self, shift: &ShiftId) -> Result<Option<ZReport>, TillError> {
        self.read(|reader| reader.z_report(shift))
    }

    /// Draws the receipt of a sale as text of `width` columns.
    ///
    /// # Errors
    /// When there is no such sale, or it can't be read.
    pub fn receipt_text(&self, sale: &SaleId, width: u32, copy: bool) -> Result<String, TillError> {
        Ok(to_text(
            &self.receipt(&self.known_sale(sale)?, copy)?,
            columns(width),
        ))
    }

    /// Draws the receipt of a sale as a web page.
    ///
    /// # Errors
    /// As [`Till::receipt_text`].
    pub fn receipt_html(&self, sale: &SaleId, copy: bool) -> Result<String, TillError> {
        Ok(to_html(&self.receipt(&self.known_sale(sale)?, copy)?))
    }

    fn known_sale(&self, id: &SaleId) -> Result<Sale, TillError> {
        let sale = self.sale(id)?;
        Ok(sale.ok_or_else(|| Rejection::unknown("sale", id))?)
    }

    /// Draws the X report of the open shift as text of `width` columns; `None` while none is open.
    ///
    /// # Errors
    /// As [`Till::x_report`].
    pub fn x_text(&self, width: u32) -> Result<Option<String>, TillError> {
        let document = self.x_report()?;
        Ok(document.map(|document| to_text(&document, columns(width))))
    }

    /// Draws the Z report of a closed shift as text of `width` columns.
    ///
    /// # Errors
    /// When the shift is open or unknown, or can't be read.
    pub fn z_text(&self, shift: &ShiftId, width: u32) -> Result<String, TillError> {
        let report = self.z_report(shift)?;
        let report = report.ok_or_else(|| Rejection::unknown("closed shift", shift))?;
        Ok(to_text(&self.z_document(&report)?, columns(width)))
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

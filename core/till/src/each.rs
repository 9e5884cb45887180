//! Everything there is, page by page, for exports and reports: memory stays the same however much it is.

use crate::error::TillError;
use crate::till::Till;
use barrow_kernel::catalogue::Item;
use barrow_kernel::sale::Sale;
use barrow_store::Reader;

/// Reads pages of this many rows.
const PAGE: u32 = 200;

/// Hands over every item, archived ones too, in the order in which they came.
///
/// # Errors
/// Those of the disk, and what the callback returns.
pub(crate) fn item<E: From<TillError>>(
    reader: &Reader,
    mut each: impl FnMut(&Item) -> Result<(), E>,
) -> Result<(), E> {
    let mut after = 0;
    loop {
        let page = reader.items_by_number(after, PAGE).map_err(TillError::from)?;
        let Some(last) = page.last() else { return Ok(()) };
        after = last.no;
        page.iter().try_for_each(|listed| each(&listed.item))?;
    }
}

/// Hands over every sale of a span in milliseconds, oldest first.
///
/// # Errors
/// Those of the disk, and what the callback returns.
pub(crate) fn sale<E: From<TillError>>(
    reader: &Reader,
    from: i64,
    until: i64,
    mut each: impl FnMut(&Sale) -> Result<(), E>,
) -> Result<(), E> {
    let mut stopped = Ok(());
    let read = reader.sales_between(from, until, |sale| {
        stopped = each(&sale);
        stopped.is_ok()
    });
    read.map_err(TillError::from)?;
    stopped
}

impl Till {
    /// Hands over every item, archived ones too, in the order in which they came. The callback may read the till.
    ///
    /// # Errors
    /// Those of the disk, and what the callback returns.
    pub fn each_item<E: From<TillError>>(&self, each: impl FnMut(&Item) -> Result<(), E>) -> Result<(), E> {
        item(&self.own_reader()?, each)
    }

    /// Hands over every sale of a span in milliseconds, oldest first. The callback may read the till.
    ///
    /// # Errors
    /// Those of the disk, and what the callback returns.
    pub fn each_sale<E: From<TillError>>(
        &self,
        from: i64,
        until: i64,
        each: impl FnMut(&Sale) -> Result<(), E>,
    ) -> Result<(), E> {
        sale(&self.own_reader()?, from, until, each)
    }
}

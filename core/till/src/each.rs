//! Everything there is, page by page, for exports and reports: memory stays the same however much it is.

use crate::error::TillError;
use crate::till::Till;
use barrow_kernel::catalogue::Item;
use barrow_kernel::sale::Sale;

/// Reads pages of this many rows.
const PAGE: u32 = 200;

impl Till {
    /// Hands over every item, archived ones too, in the order in which they came. The callback may read the till.
    ///
    /// # Errors
    /// Those of the disk, and what the callback returns.
    pub fn each_item<E: From<TillError>>(
        &self,
        mut each: impl FnMut(&Item) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut after = 0;
        loop {
            let page = self.read(|reader| reader.items_by_number(after, PAGE))?;
            let Some(last) = page.last() else { return Ok(()) };
            after = last.no;
            page.iter().try_for_each(|listed| each(&listed.item))?;
        }
    }

    /// Hands over every sale of a span in milliseconds, oldest first. The callback must not read the till.
    ///
    /// # Errors
    /// Those of the disk, and what the callback returns.
    pub fn each_sale<E: From<TillError>>(
        &self,
        from: i64,
        until: i64,
        mut each: impl FnMut(&Sale) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut stopped = Ok(());
        self.read(|reader| {
            reader.sales_between(from, until, |sale| {
                stopped = each(&sale);
                stopped.is_ok()
            })
        })?;
        stopped
    }
}

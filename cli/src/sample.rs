//! The sample stall: 60 believable goods that come with the program. data/README.md says where they are from.

use crate::import::{self, Mode};
use crate::output::Failure;
use crate::sheet::Source;
use crate::shop::Shop;
use barrow_kernel::command::Command;
use barrow_kernel::tax::TaxPolicy;

/// Gives the name of the sample stall.
pub const NAME: &str = "Barrow sample market";
/// Gives its country: its scale labels follow the German rule.
pub const COUNTRY: &str = "DE";

/// The goods.
const GOODS: &str = include_str!("../data/sample-stall.csv");

/// Loads the goods with what is there of them, and returns how many.
///
/// # Errors
/// When the shop refuses.
pub fn load(shop: &Shop) -> Result<u64, Failure> {
    // Its worked baskets round each tax once a receipt.
    let settings = shop.settings()?;
    if settings.tax_policy != TaxPolicy::PerDocument {
        let mut settings = (*settings).clone();
        settings.tax_policy = TaxPolicy::PerDocument;
        shop.send(Command::PutShop { shop: settings })?;
    }
    let source = Source::Text(GOODS.as_bytes().to_vec());
    let report = import::load_items(shop, &source, Mode::default())?;
    match report.problems.first() {
        None => Ok(report.rows),
        Some(problem) => Err(Failure::invalid(format!(
            "The sample goods could not be loaded: {problem}."
        ))),
    }
}

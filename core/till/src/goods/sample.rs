//! The sample stall: 60 believable goods that come with the program. data/README.md says where they are from.

use super::desk::Desk;
use super::import::{Mode, import};
use crate::Till;
use crate::error::TillError;
use crate::setup::Setup;
use barrow_kernel::command::Command;
use barrow_kernel::tax::TaxPolicy;
use barrow_store::work::Work;

/// Gives the name of the sample stall.
pub const NAME: &str = "Barrow sample market";
/// Gives its country: its scale labels follow the German rule.
pub const COUNTRY: &str = "DE";

/// The goods.
const GOODS: &str = include_str!("../../data/sample-stall.csv");

/// Returns what the sample stall is founded with.
pub fn setup() -> Setup {
    Setup {
        name: NAME.into(),
        country: COUNTRY.into(),
        currency: None,
        till: None,
        utc_offset_minutes: 0,
        language: Some("en".into()),
    }
}

/// Loads the goods with what is there of them, and returns how many.
///
/// # Errors
/// When the shop refuses.
pub fn load(till: &Till) -> Result<u64, TillError> {
    // Its worked baskets round each tax once a receipt.
    let settings = Desk(till).settings()?;
    if settings.tax_policy != TaxPolicy::PerDocument {
        let mut settings = (*settings).clone();
        settings.tax_policy = TaxPolicy::PerDocument;
        Desk(till).send(Command::PutShop { shop: settings })?;
    }
    let report = import(
        till,
        GOODS.as_bytes(),
        Mode::default(),
        &mut Work::new(&mut |_, _| {}),
    )?;
    match report.problems.first() {
        None => Ok(report.rows),
        Some(problem) => Err(TillError::Device {
            why: format!("The sample goods could not be loaded: {problem}."),
        }),
    }
}

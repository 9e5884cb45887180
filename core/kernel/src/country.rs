//! Country packs: what a shop's country brings with it, as data.
//!
//! A pack fills in a new shop's settings; after that the settings are the shop's own. Rates, classes, duties and
//! ages are examples as of 2026, **to be checked by an adviser** before they are used: laws change, regions
//! differ, and a shop may be under a special scheme. Where a rule is read from a public source, the source stands
//! beside the line.

mod names;
mod packs;

pub use names::name;

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use crate::barcode::{EmbeddedRule, builtin_rules};
use crate::cash::{CashRounding, RefundRounding};
use crate::money::Currency;
use crate::quantity::Rate;
use crate::rounding::Rounding;
use crate::tax::{TaxClass, TaxPolicy};

/// What a country brings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CountryPack {
    /// ISO 3166-1 alpha-2, empty in the generic pack.
    pub code: String,
    /// The English name.
    pub name: String,
    /// The currency of its shops.
    pub currency: Currency,
    /// The tax classes, the usual one first.
    pub tax_classes: Vec<TaxClassRate>,
    /// Whether prices shown to consumers include tax.
    pub prices_include_tax: bool,
    /// Where tax is rounded.
    pub tax_policy: TaxPolicy,
    /// How amounts in cash are rounded, if they are.
    pub cash_rounding: Option<CashRounding>,
    /// Notes and coins in use, minor units, the largest first.
    pub denominations: Vec<i64>,
    /// How its scale labels are read; none where no national rule is known.
    pub embedded_rules: Vec<EmbeddedRule>,
    /// When a receipt is owed.
    pub receipt_duty: ReceiptDuty,
    /// The same in a sentence.
    pub receipt_note: String,
    /// How many years books and receipts are kept.
    pub retention_years: u32,
    /// The languages of its receipts (BCP 47), the usual one first.
    pub languages: Vec<String>,
    /// The quantities that unit prices refer to, the usual one first: `kg`, `100 g`, `l`.
    pub price_display: Vec<String>,
    /// The lines a receipt must carry, as an example in the language of the country.
    pub legal_lines: Vec<String>,
    /// The least ages for goods, by example.
    pub min_ages: Vec<MinAge>,
    /// What tills must be certified or connected for, and that Barrow is not, in plain words.
    pub status: String,
}

/// A tax class and its rate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TaxClassRate {
    /// The class that items name: `standard`, `reduced`, `reduced_2`, `super_reduced`, `zero`, `exempt`, `none`.
    pub class: String,
    /// What the receipt calls it.
    pub name: String,
    /// The rate in percent.
    pub rate: Rate,
    /// How it is reported.
    pub kind: TaxClass,
    /// What it is for, by example.
    pub examples: String,
}

/// When a receipt is owed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReceiptDuty {
    /// Every customer must be handed one, on paper or, if they agree, electronically.
    Always,
    /// Every customer must be offered one.
    Offer,
    /// A customer who asks gets one.
    OnRequest,
}

/// A least age.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MinAge {
    /// The goods.
    pub goods: String,
    /// The age in years.
    pub years: u8,
}

/// Returns the pack of a country (ISO 3166-1 alpha-2, in capitals or small). `None` if there is none; see
/// [`generic`].
pub fn pack(code: &str) -> Option<&'static CountryPack> {
    all().iter().find(|p| p.code.eq_ignore_ascii_case(code))
}

/// Returns all packs, by their codes.
pub fn all() -> &'static [CountryPack] {
    static PACKS: OnceLock<Vec<CountryPack>> = OnceLock::new();
    PACKS.get_or_init(|| packs::ROWS.iter().filter_map(build).collect())
}

/// Returns a pack for a country that has none: its currency and nothing that would need a law. Notes and coins
/// are the usual 1-2-5 steps.
pub fn generic(currency: Currency) -> CountryPack {
    let major = currency.minor_per_major();
    let mut denominations: Vec<i64> = [100, 50, 20, 10, 5, 2, 1].iter().map(|n| n * major).collect();
    denominations.extend(
        [50, 20, 10, 5, 2, 1]
            .iter()
            .filter(|_| major >= 100)
            .map(|n| n * major / 100),
    );
    CountryPack {
        code: String::new(),
        name: "Other country".to_owned(),
        currency,
        tax_classes: vec![TaxClassRate {
            class: "none".to_owned(),
            name: "No tax".to_owned(),
            rate: Rate::ZERO,
            kind: TaxClass::OutsideScope,
            examples: "everything, until an adviser names the rates".to_owned(),
        }],
        prices_include_tax: true,
        tax_policy: TaxPolicy::PerLine,
        cash_rounding: None,
        denominations,
        embedded_rules: Vec::new(),
        receipt_duty: ReceiptDuty::Offer,
        receipt_note: "Barrow knows no rule for this country: offer every customer a receipt.".to_owned(),
        retention_years: 10,
        languages: vec!["en".to_owned()],
        price_display: vec!["kg".to_owned()],
        legal_lines: Vec::new(),
        min_ages: Vec::new(),
        status: "Barrow knows no rule for tills in this country. Ask an adviser before you use it."
            .to_owned(),
    }
}

/// Builds a pack from its row. A row that is not in order gives none; a test holds that all are.
fn build(row: &packs::Row) -> Option<CountryPack> {
    let currency = Currency::iso(row.currency).ok()?;
    let tax_classes = row
        .taxes
        .iter()
        .map(|(class, name, rate, examples)| {
            Some(TaxClassRate {
                class: (*class).to_owned(),
                name: (*name).to_owned(),
                rate: rate.parse().ok()?,
                kind: match *class {
                    "zero" => TaxClass::ZeroRated,
                    "exempt" => TaxClass::Exempt,
                    "none" => TaxClass::OutsideScope,
                    _ => TaxClass::Taxed,
                },
                examples: (*examples).to_owned(),
            })
        })
        .collect::<Option<Vec<_>>>()?;
    let words = |list: &str| {
        list.split('|')
            .filter(|w| !w.is_empty())
            .map(str::to_owned)
            .collect()
    };
    Some(CountryPack {
        code: row.code.to_owned(),
        name: row.name.to_owned(),
        currency,
        tax_classes,
        prices_include_tax: row.prices_include_tax,
        tax_policy: row.tax_policy,
        cash_rounding: row.cash_step.map(|(step_minor, voluntary)| CashRounding {
            step_minor,
            mode: row.cash_mode,
            refunds: RefundRounding::Mirror,
            never_to_zero: false,
            allow_exact: row.cash_exact,
            voluntary,
        }),
        denominations: row.denominations.to_vec(),
        embedded_rules: builtin_rules(row.code),
        receipt_duty: row.receipt_duty,
        receipt_note: row.receipt_note.to_owned(),
        retention_years: row.retention_years,
        languages: words(row.languages),
        price_display: words(row.price_display),
        legal_lines: words(row.legal_lines),
        min_ages: row
            .min_ages
            .iter()
            .map(|(goods, years)| MinAge {
                goods: (*goods).to_owned(),
                years: *years,
            })
            .collect(),
        status: row.status.to_owned(),
    })
}

/// The rounding that all packs but those that say otherwise use: to the nearest step, the middle away from zero.
const NEAREST: Rounding = Rounding::HalfAwayFromZero;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_makes_a_pack_and_the_codes_are_in_order() {
        assert_eq!(all().len(), packs::ROWS.len());
        assert!(all().windows(2).all(|w| w[0].code < w[1].code));
        for pack in all() {
            let code = &pack.code;
            assert!(!pack.tax_classes.is_empty() && !pack.status.is_empty(), "{code}");
            assert!(pack.tax_classes.iter().any(|t| t.class == "none"), "{code}");
            assert!(pack.denominations.windows(2).all(|w| w[0] > w[1]), "{code}");
            assert!(pack.embedded_rules.iter().all(|r| r.check().is_ok()), "{code}");
            // The smallest coin pays the smallest step.
            if let Some(cash) = &pack.cash_rounding {
                assert!(
                    pack.denominations.iter().any(|d| cash.step_minor % d == 0),
                    "{code}"
                );
            }
            let json = serde_json::to_string(pack).unwrap();
            assert_eq!(&serde_json::from_str::<CountryPack>(&json).unwrap(), pack);
        }
        assert!(pack("de").is_some() && pack("XX").is_none());
    }

    #[test]
    fn steps_are_those_of_the_countries() {
        let step = |code| pack(code).and_then(|p| p.cash_rounding).map(|c| c.step_minor);
        let steps = [
            ("CH", 5),
            ("SE", 100),
            ("NO", 100),
            ("DK", 50),
            ("FI", 5),
            ("NZ", 10),
            ("AU", 5),
            ("EE", 5),
        ];
        for (code, minor) in steps {
            assert_eq!(step(code), Some(minor), "{code}");
        }
        for code in ["DE", "AT", "FR", "ES", "GB", "PL", "LV", "JP"] {
            assert_eq!(step(code), None, "{code}");
        }
    }

    #[test]
    fn an_unknown_country_still_sells() {
        let pack = generic(Currency::iso("KWD").unwrap());
        assert_eq!(pack.denominations.first(), Some(&100_000));
        assert!(pack.cash_rounding.is_none() && pack.tax_classes.len() == 1);
    }
}

//! Setting up a shop: at most a name and a country, and the till can sell.

use crate::error::TillError;
use barrow_kernel::catalogue::{CashBox, Location, Oversell, Shop, TaxMapping, TenderClass, TenderKind};
use barrow_kernel::command::Command;
use barrow_kernel::country::{self, CountryPack, TaxClassRate};
use barrow_kernel::money::Currency;
use barrow_kernel::rounding::Rounding;
use barrow_kernel::tax::{Tax, TaxKind};
use barrow_log::id::{CashBoxId, LocationId, TaxId, TenderId};
use serde::{Deserialize, Serialize};

/// Names cash in every shop.
pub const CASH: TenderId = TenderId::from_number(1);
/// Names a card terminal that stands apart from the till in every shop.
pub const CARD_TERMINAL: TenderId = TenderId::from_number(2);
/// Names vouchers in every shop.
pub const VOUCHER: TenderId = TenderId::from_number(3);
/// Names the first place with stock of every shop.
pub const FIRST_LOCATION: LocationId = LocationId::from_number(1);
/// Names the first cash box of every shop.
pub const FIRST_CASH_BOX: CashBoxId = CashBoxId::from_number(1);
/// Numbers the taxes of a country pack from here, in the pack's order.
const FIRST_TAX: u128 = 0x100;
/// Limits deposit units given back in one cart without approval, until the shop sets its own number.
const DEPOSIT_RETURNS: u32 = 24;

/// What a person tells about a new shop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Setup {
    /// Gives the shop's name.
    pub name: String,
    /// Gives the country (ISO 3166 alpha-2).
    pub country: String,
    /// Gives the currency where it is not the country's (ISO 4217).
    #[serde(default)]
    pub currency: Option<String>,
    /// Gives the till's name; "Till 1" when absent.
    #[serde(default)]
    pub till: Option<String>,
    /// Gives the minutes that shop time is ahead of UTC; 0 when absent.
    #[serde(default)]
    pub utc_offset_minutes: i32,
    /// Gives the language of receipts; the country's first when absent.
    #[serde(default)]
    pub language: Option<String>,
}

impl Setup {
    /// Returns the pack of the country, or one that needs no law for a country that Barrow does not know.
    pub fn pack(&self) -> Result<CountryPack, TillError> {
        let currency =
            |code: &str| Currency::iso(code).map_err(|fault| TillError::device(&fault.to_string()));
        match (country::pack(&self.country), &self.currency) {
            (Some(pack), None) => Ok(pack.clone()),
            (Some(pack), Some(code)) if currency(code)? == pack.currency => Ok(pack.clone()),
            // Another currency has other coins: the country's cash rounding and notes do not fit it.
            (Some(pack), Some(code)) => {
                let generic = country::generic(currency(code)?);
                Ok(CountryPack {
                    currency: generic.currency,
                    cash_rounding: generic.cash_rounding,
                    denominations: generic.denominations,
                    ..pack.clone()
                })
            }
            (None, Some(code)) => Ok(country::generic(currency(code)?)),
            (None, None) => Err(TillError::device(&format!(
                "Barrow does not know the country {}. Give a currency too, like --currency EUR.",
                self.country
            ))),
        }
    }

    /// Returns the commands that make the shop ready to sell.
    pub fn commands(&self) -> Result<Vec<Command>, TillError> {
        let pack = self.pack()?;
        let places = Command::PutPlaces {
            locations: vec![Location {
                id: FIRST_LOCATION,
                name: self.name.clone(),
            }],
            cash_boxes: vec![CashBox {
                id: FIRST_CASH_BOX,
                name: "Cash box".into(),
            }],
        };
        let mut commands = vec![
            Command::PutShop {
                shop: self.shop(&pack),
            },
            places,
        ];
        let taxes = taxes(&pack);
        if !taxes.is_empty() {
            commands.push(Command::PutTaxes { taxes });
        }
        commands.push(Command::PutTenders { tenders: tenders() });
        Ok(commands)
    }

    fn shop(&self, pack: &CountryPack) -> Shop {
        let language = self.language.clone().or_else(|| pack.languages.first().cloned());
        Shop {
            name: self.name.clone(),
            country: self.country.to_uppercase(),
            currency: pack.currency,
            prices_include_tax: pack.prices_include_tax,
            tax_policy: pack.tax_policy,
            rounding: Rounding::HalfAwayFromZero,
            tax_rounding: Rounding::HalfAwayFromZero,
            cash_rounding: pack.cash_rounding,
            denominations: pack.denominations.clone(),
            utc_offset_minutes: self.utc_offset_minutes,
            language: language.unwrap_or_else(|| "en".into()),
            header: Vec::new(),
            footer: Vec::new(),
            deposit_returns: DEPOSIT_RETURNS,
            oversell: Oversell::Warn,
            tax_mappings: Vec::<TaxMapping>::new(),
            embedded_rules: if pack.embedded_rules.is_empty() {
                Vec::new()
            } else {
                vec![pack.code.clone()]
            },
        }
    }
}

/// Returns the id of a tax class in a pack's order; `None` when the pack has no such class.
pub fn tax_of_class(pack: &CountryPack, class: &str) -> Option<TaxId> {
    let index = pack.tax_classes.iter().position(|known| known.class == class)?;
    Some(tax_id(index))
}

fn tax_id(index: usize) -> TaxId {
    TaxId::from_number(FIRST_TAX + index as u128)
}

/// Returns the taxes of a pack.
fn taxes(pack: &CountryPack) -> Vec<Tax> {
    let build = |(index, class): (usize, &TaxClassRate)| Tax {
        id: tax_id(index),
        name: class.name.clone(),
        kind: TaxKind::Percent(class.rate),
        price_include: pack.prices_include_tax,
        include_base_amount: false,
        is_base_affected: true,
        sequence: 0,
        group: class.class.clone(),
        class: class.kind,
    };
    pack.tax_classes.iter().enumerate().map(build).collect()
}

fn tenders() -> Vec<TenderKind> {
    let kind = |id, name: &str, class| TenderKind {
        id,
        name: name.into(),
        class,
        archived: false,
    };
    vec![
        kind(CASH, "Cash", TenderClass::Cash),
        kind(CARD_TERMINAL, "Card terminal", TenderClass::Custom),
        kind(VOUCHER, "Voucher", TenderClass::Custom),
    ]
}

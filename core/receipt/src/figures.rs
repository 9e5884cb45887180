//! Figures as people of a language write them.

use crate::words::Language;
use barrow_kernel::money::Currency;
use barrow_kernel::quantity::{Quantity, Rate, Unit, UnitPrice};

/// Places of a weight in kilograms: what a trade scale shows.
const KILOGRAM_PLACES: usize = 3;

/// Writes figures of one document.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Figures {
    currency: Currency,
    decimal: char,
}

impl Figures {
    pub(crate) fn new(currency: Currency, language: &Language) -> Self {
        Self {
            currency,
            decimal: language.decimal,
        }
    }

    pub(crate) fn currency(&self) -> Currency {
        self.currency
    }

    /// Writes an amount of minor units with all digits of the currency; a minus is always the hyphen, which every
    /// printer has.
    pub(crate) fn money(&self, minor: i64) -> String {
        self.localise(&self.currency.format(minor))
    }

    /// Writes the price of `per` units exactly, with at least the digits of the currency.
    pub(crate) fn price(&self, price: UnitPrice, per: Quantity) -> String {
        // The bounds of both keep the product within a decimal.
        let shown = price
            .decimal()
            .checked_mul(per.decimal())
            .unwrap_or(price.decimal());
        self.localise(&padded(
            &shown.normalize().to_string(),
            usize::from(self.currency.digits),
        ))
    }

    /// Writes a quantity with its unit, pieces without.
    pub(crate) fn quantity(&self, quantity: Quantity, unit: &Unit) -> String {
        let number = quantity.to_string();
        match unit {
            Unit::Each => self.localise(&number),
            Unit::Kilogram => format!("{} kg", self.localise(&padded(&number, KILOGRAM_PLACES))),
            _ => format!("{} {}", self.localise(&number), unit_symbol(unit)),
        }
    }

    /// Writes what a price is for: "/kg", "/100 g", nothing for one piece.
    pub(crate) fn per(&self, per: Quantity, unit: &Unit) -> String {
        match (unit, per == Quantity::ONE) {
            (Unit::Each, true) => String::new(),
            (Unit::Each, false) => format!("/{}", self.localise(&per.to_string())),
            (_, true) => format!("/{}", unit_symbol(unit)),
            (_, false) => format!("/{} {}", self.localise(&per.to_string()), unit_symbol(unit)),
        }
    }

    /// Writes a rate in percent.
    pub(crate) fn percent(&self, rate: Rate) -> String {
        format!("{} %", self.localise(&rate.to_string()))
    }

    fn localise(&self, plain: &str) -> String {
        plain.replace('.', self.decimal.encode_utf8(&mut [0; 4]))
    }
}

/// Returns the symbol of a unit, the same in all languages; the shop's own units have the shop's words.
fn unit_symbol(unit: &Unit) -> &str {
    match unit {
        Unit::Hour => "h",
        other => other.as_str(),
    }
}

/// Adds zeros until a plain number has at least this many places.
fn padded(plain: &str, places: usize) -> String {
    let has = plain.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    if has >= places {
        return plain.to_owned();
    }
    let point = if has == 0 { "." } else { "" };
    format!("{plain}{point}{}", "0".repeat(places - has))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(code: &str, language: &str) -> Figures {
        Figures::new(Currency::iso(code).unwrap(), &Language::of(language))
    }

    #[test]
    fn money_has_the_digits_of_its_currency() {
        assert_eq!(figures("EUR", "en").money(928), "9.28");
        assert_eq!(figures("EUR", "de").money(-5), "-0,05");
        assert_eq!(figures("JPY", "de").money(1_234), "1234");
        assert_eq!(figures("KWD", "fr").money(1_234_567), "1234,567");
        assert_eq!(figures("CHF", "de-CH").money(1_005), "10.05");
        assert_eq!(figures("EUR", "en").money(i64::MIN), "-92233720368547758.08");
    }

    #[test]
    fn prices_are_exact() {
        let euro = figures("EUR", "en");
        let price = |text: &str, per: &str| euro.price(text.parse().unwrap(), per.parse().unwrap());
        assert_eq!(price("3.5", "1"), "3.50");
        assert_eq!(price("0.0125", "1"), "0.0125");
        assert_eq!(price("0.0189", "100"), "1.89");
        assert_eq!(price("90000000000", "1000000000"), "90000000000000000000.00");
        assert_eq!(
            figures("JPY", "en").price("0.5".parse().unwrap(), Quantity::ONE),
            "0.5"
        );
    }

    #[test]
    fn quantities_have_their_unit() {
        let german = figures("EUR", "de");
        let kilos: Quantity = "1.5".parse().unwrap();
        assert_eq!(german.quantity(kilos, &Unit::Kilogram), "1,500 kg");
        assert_eq!(german.quantity(kilos, &Unit::Own("Bund".into())), "1,5 Bund");
        assert_eq!(german.quantity(Quantity::from(-2), &Unit::Each), "-2");
        assert_eq!(german.per(Quantity::from(100), &Unit::Gram), "/100 g");
        assert_eq!(german.per(Quantity::ONE, &Unit::Hour), "/h");
        assert_eq!(german.per(Quantity::ONE, &Unit::Each), "");
        assert_eq!(german.percent("8.25".parse().unwrap()), "8,25 %");
    }
}

//! Numbers as people type them: a point or a comma, never a guess.

use barrow_kernel::money::Currency;

/// Rewrites a typed number with a point: "1,5" is 1.5. A comma before exactly three last digits is refused where
/// `thousands` may be meant: nobody can tell 1,250 from 1.250.
///
/// # Errors
/// A sentence that says what to write instead.
pub fn plain(text: &str, thousands: bool) -> Result<String, String> {
    let text = text.trim();
    let commas = text.matches(',').count();
    if commas == 0 {
        return Ok(text.to_owned());
    }
    if commas > 1 || text.contains('.') {
        return Err(format!("{text} has several separators: write it like 1250.50"));
    }
    let decimals = text.rsplit(',').next().unwrap_or_default();
    if thousands && decimals.len() == 3 {
        let point = text.replace(',', ".");
        let none = text.replace(',', "");
        return Err(format!("{text} can mean {point} or {none}: write one of them"));
    }
    Ok(text.replace(',', "."))
}

/// Reads an amount of money as minor units: "30", "3,50", "0.9".
///
/// # Errors
/// A sentence that says what to write instead.
pub fn money(text: &str, currency: Currency) -> Result<i64, String> {
    let amount = plain(text, currency.digits < 3)?;
    let example = currency.format(350);
    let minor = currency
        .parse(&amount)
        .map_err(|_| format!("{text} is not an amount: write it like {example}"))?;
    Ok(minor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comma_is_a_point_unless_it_may_be_a_thousand() {
        assert_eq!(plain("1,5", true).unwrap(), "1.5");
        assert_eq!(plain("1,234", false).unwrap(), "1.234");
        assert!(plain("1,234", true).unwrap_err().contains("1.234 or 1234"));
        assert!(plain("1.234,5", false).is_err());
        let euro = Currency::iso("EUR").unwrap();
        assert_eq!(money("3,50", euro).unwrap(), 350);
        assert_eq!(money("30", euro).unwrap(), 3000);
        assert!(money("3.501", euro).is_err());
        assert!(money("three", euro).is_err());
        assert_eq!(money("350", Currency::iso("JPY").unwrap()).unwrap(), 350);
    }
}

//! Ids and numbers: text on the wire, UUIDs and exact decimals in Kotlin and Python (`uniffi.toml`).

use super::*;
use crate::error::TillError;

/// Repeats at most so much of a value that can't cross.
const VALUE_CHARS: usize = 40;

/// Says what is wrong with a value that can't cross; the call that brought it is rejected.
fn unfit(field: &str, value: &str, fault: &dyn std::error::Error) -> TillError {
    TillError::Rejected {
        rejection: Rejection::range(
            field,
            value.chars().take(VALUE_CHARS).collect::<String>(),
            &fault.to_string(),
        ),
    }
}

/// Declares types that cross as their text.
macro_rules! as_text {
    ($($name:ident),* $(,)?) => {$(
        uniffi::custom_type!($name, String, {
            remote,
            try_lift: |text| Ok(text.parse::<$name>().map_err(|fault| unfit(stringify!($name), &text, &fault))?),
            lower: |value| value.to_string(),
        });
    )*};
}

as_text!(
    LocationId, CashBoxId, ShiftId, ItemId, TaxId, TenderId, CartId, SaleId, PaymentId, CommandId, StreamId,
    OpHash, Quantity, UnitPrice, Rate,
);

uniffi::custom_type!(LineId, u32, {
    remote,
    try_lift: |number| Ok(LineId(number)),
    lower: |line| line.0,
});

/// A currency: its ISO 4217 code and the digits after the point.
#[derive(uniffi::Record)]
pub struct CurrencyCode {
    /// Gives the code, like EUR.
    pub code: String,
    /// Gives the digits after the point: 2 for EUR, 0 for JPY.
    pub digits: u8,
}

uniffi::custom_type!(Currency, CurrencyCode, {
    remote,
    try_lift: |currency| Ok(Currency::with_digits(&currency.code, currency.digits)
        .map_err(|fault| unfit("Currency", &currency.code, &fault))?),
    lower: |currency| CurrencyCode { code: currency.code_str().to_owned(), digits: currency.digits },
});

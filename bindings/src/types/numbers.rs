//! Ids and numbers: text on the wire, UUIDs and exact decimals in Kotlin and Python (`uniffi.toml`).

use super::*;

/// Declares types that cross as their text.
macro_rules! as_text {
    ($($name:ident),* $(,)?) => {$(
        uniffi::custom_type!($name, String, {
            remote,
            try_lift: |text| Ok(text.parse::<$name>()?),
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
    try_lift: |currency| Ok(Currency::with_digits(&currency.code, currency.digits)?),
    lower: |currency| CurrencyCode { code: currency.code_str().to_owned(), digits: currency.digits },
});

//! What needs no till: quick, pure answers.

use crate::error::TillError;
use crate::types::Currency;
use barrow_kernel::country;
use barrow_till::error::FaultKind;
use qrcodegen::{QrCode, QrCodeEcc};
use std::path::Path;

/// A country that a shop may stand in.
#[derive(uniffi::Record)]
pub struct CountryChoice {
    /// Gives its code (ISO 3166 alpha-2).
    pub code: String,
    /// Gives its name in the language that was asked for; in English where Barrow has none.
    pub name: String,
    /// Gives its currency.
    pub currency: Option<Currency>,
    /// Lists its languages (BCP 47), the usual one first.
    pub languages: Vec<String>,
}

/// A QR code as squares.
#[derive(uniffi::Record)]
pub struct QrMatrix {
    /// Gives the squares of a side, without the quiet zone of four around it.
    pub size: u32,
    /// Holds a 1 for each dark square and a 0 for each light one, row by row.
    pub dark: Vec<u8>,
}

/// Lists the countries that Barrow knows, by name in a language (BCP 47).
#[uniffi::export]
pub fn countries(language: String) -> Vec<CountryChoice> {
    crate::crossed();
    let choice = |pack: &country::CountryPack| CountryChoice {
        code: pack.code.clone(),
        name: country::name(&pack.code, &language)
            .unwrap_or(&pack.name)
            .to_owned(),
        currency: Some(pack.currency),
        languages: pack.languages.clone(),
    };
    let mut choices: Vec<CountryChoice> = country::all().iter().map(choice).collect();
    choices.sort_by(|a, b| a.name.cmp(&b.name));
    choices
}

/// Tells whether a folder holds a shop.
#[uniffi::export]
pub fn has_till(folder: String) -> bool {
    crate::crossed();
    Path::new(&folder).join(barrow_store::DATABASE_FILE).exists()
}

/// Draws a text as a QR code that stands some dirt.
#[uniffi::export]
pub fn qr(text: String) -> Result<QrMatrix, TillError> {
    crate::crossed();
    let code = QrCode::encode_text(&text, QrCodeEcc::Medium).map_err(|_| TillError::Unavailable {
        why: "The text is too long for a QR code.".into(),
        kind: FaultKind::Other,
    })?;
    let side = code.size();
    let squares = (0..side).flat_map(|y| (0..side).map(move |x| (x, y)));
    Ok(QrMatrix {
        size: side.unsigned_abs(),
        dark: squares.map(|(x, y)| u8::from(code.get_module(x, y))).collect(),
    })
}

/// Gives the version of Barrow.
#[uniffi::export]
pub fn app_version() -> String {
    crate::crossed();
    env!("CARGO_PKG_VERSION").into()
}

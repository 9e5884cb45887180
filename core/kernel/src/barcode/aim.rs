//! AIM symbology identifiers: the three characters `]cm` that a scanner sends before the data (ISO/IEC 15424,
//! GS1 General Specifications 5.1.2 and 7.1).

use super::Symbology;

/// An AIM symbology identifier: a letter for the symbology and a modifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AimId {
    /// The code character.
    pub code: char,
    /// The modifier character.
    pub modifier: char,
}

impl AimId {
    /// Returns the symbol it names, [`Symbology::Other`] for a letter that a till has no use for.
    pub fn symbology(self) -> Option<Symbology> {
        Some(match (self.code, self.modifier) {
            // E0 is sent for EAN-13, UPC-A and UPC-E alike, in thirteen digits; E1 and E2 are add-ons alone,
            // E3 is a symbol together with its add-on.
            ('E', '0' | '3') => Symbology::Ean13,
            ('E', '4') => Symbology::Ean8,
            ('C', '1') => Symbology::Gs1128,
            ('C', _) => Symbology::Code128,
            ('e', '0') => Symbology::Gs1DataBar,
            ('d', '2' | '5') => Symbology::Gs1DataMatrix,
            ('d', _) => Symbology::DataMatrix,
            ('Q', '3' | '4') => Symbology::Gs1Qr,
            ('Q', _) => Symbology::Qr,
            ('J', '1' | '4') => Symbology::Gs1DotCode,
            ('J', _) => Symbology::DotCode,
            ('z', '1' | '4') => Symbology::Gs1Aztec,
            ('z', _) => Symbology::Aztec,
            ('I', _) => Symbology::Itf,
            ('A', _) => Symbology::Code39,
            ('G', _) => Symbology::Code93,
            ('F', _) => Symbology::Codabar,
            ('L', _) => Symbology::Pdf417,
            _ => Symbology::Other,
        })
    }
}

/// Splits an AIM identifier from the data. Text that only starts with a bracket stays whole.
pub(super) fn split(text: &str) -> (Option<AimId>, &str) {
    let mut chars = text.chars();
    let (Some(']'), Some(code), Some(modifier)) = (chars.next(), chars.next(), chars.next()) else {
        return (None, text);
    };
    let known = "ABCDEFGHIJKLMNOPQRSTUXYZcdehz".contains(code);
    if known && modifier.is_ascii_alphanumeric() {
        (Some(AimId { code, modifier }), chars.as_str())
    } else {
        (None, text)
    }
}

//! What a printer can do, as data: its width, its letters, and how it takes codes and dots.

use crate::layout::{MAX_WIDTH, MIN_WIDTH};
use crate::pages::CodePage;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The printers that are known by name, one a line (profiles/README.md says where they come from).
const KNOWN: &str = include_str!("../profiles/printers.json");

/// Longest profile in bytes: a printer with all code pages takes a tenth of it.
pub const PROFILE_BYTES: usize = 8 << 10;
/// Longest id or name.
const NAME_CHARS: usize = 80;
/// Fewest dots of a line: narrower paper is no receipt's.
const MIN_DOTS: u32 = 128;
/// Most dots of a line: the widest label printers have 1,248 at 300 dpi.
pub const MAX_DOTS: u32 = 2_048;
/// Fewest dots of an inch, as on impact printers.
const MIN_DPI: u32 = 60;
/// Most dots of an inch.
const MAX_DPI: u32 = 600;
/// Narrowest character in dots: below it nobody reads one.
const MIN_CHAR_DOTS: u32 = 6;

/// A printer's command language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CommandSet {
    /// ESC/POS: Epson and nearly everybody else.
    EscPos,
    /// Star's own: StarPRNT and Star line mode.
    Star,
}

/// How a printer cuts paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Cut {
    /// All the way through.
    Full,
    /// Almost, so that nothing falls.
    Part,
    /// Not at all: paper is torn off.
    None,
}

/// How a printer takes dots.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Image {
    /// Row by row.
    Rows,
    /// Column by column, 24 dots high.
    Columns,
    /// Not at all.
    None,
}

/// What a printer can do. Its width and pages are within bounds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Is asked for by this.
    pub id: String,
    /// Is what people call it.
    pub name: String,
    /// Is the language it is spoken to in.
    pub language: CommandSet,
    /// Gives the characters on a line.
    pub columns: usize,
    /// Gives the dots on a line.
    pub dots: u32,
    /// Gives the dots of an inch.
    pub dpi: u32,
    /// Tells how it cuts.
    pub cut: Cut,
    /// Tells how it takes dots.
    pub image: Image,
    /// Draws barcodes itself.
    pub barcodes: bool,
    /// Draws QR codes itself.
    pub qr: bool,
    /// Opens a drawer.
    pub drawer: bool,
    /// Lists its code pages by the number that chooses them.
    pub pages: Vec<(u8, &'static CodePage)>,
    /// Has to be told that one byte is one character.
    pub double_byte: bool,
    /// Beeps when it is told to.
    pub buzzer: bool,
}

/// Why a profile can't be used, as a sentence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ProfileFault(String);

/// A profile as written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    id: String,
    name: String,
    language: CommandSet,
    columns: usize,
    dots: u32,
    dpi: u32,
    cut: Cut,
    image: Image,
    barcodes: bool,
    qr: bool,
    drawer: bool,
    pages: BTreeMap<String, u8>,
    #[serde(default)]
    double_byte: bool,
    #[serde(default)]
    buzzer: bool,
}

impl Profile {
    /// Reads a profile from JSON.
    ///
    /// # Errors
    /// When it is too long, no profile, or names what no printer has.
    pub fn read(json: &str) -> Result<Self, ProfileFault> {
        if json.len() > PROFILE_BYTES {
            return Err(ProfileFault(format!(
                "A printer profile has at most {PROFILE_BYTES} bytes; this one has {}.",
                json.len()
            )));
        }
        let written: Written = serde_json::from_str(json)
            .map_err(|fault| ProfileFault(format!("This is no printer profile: {fault}.")))?;
        written.checked()
    }

    /// Finds a known printer by its id; ids have small letters, digits and hyphens.
    pub fn known(id: &str) -> Option<Self> {
        let wanted = format!("{{\"id\":\"{id}\",");
        let line = known_lines().find(|line| line.starts_with(&wanted))?;
        Self::read(line).ok()
    }

    /// Lists the printers that are known, in the order of their ids.
    pub fn all() -> impl Iterator<Item = Self> {
        known_lines().filter_map(|line| Self::read(line).ok())
    }
}

/// Returns the JSON of each known printer.
fn known_lines() -> impl Iterator<Item = &'static str> {
    let lines = KNOWN.lines().map(|line| line.trim_end_matches(','));
    lines.filter(|line| line.starts_with('{'))
}

impl Written {
    fn checked(self) -> Result<Profile, ProfileFault> {
        let id = self.id;
        let fault = |what: String| {
            ProfileFault(format!(
                "The profile of printer \"{}\" {what}.",
                crate::Text::new(&id)
            ))
        };
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if id.is_empty() || id.len() > NAME_CHARS || !id.chars().all(plain) {
            return Err(fault(format!(
                "needs an id of 1 to {NAME_CHARS} small letters, digits and hyphens"
            )));
        }
        if !(MIN_WIDTH..=MAX_WIDTH).contains(&self.columns) {
            return Err(fault(format!(
                "says {} columns; {MIN_WIDTH} to {MAX_WIDTH} are possible",
                self.columns
            )));
        }
        if !(MIN_DOTS..=MAX_DOTS).contains(&self.dots) {
            return Err(fault(format!(
                "says {} dots; {MIN_DOTS} to {MAX_DOTS} are possible",
                self.dots
            )));
        }
        if u64::from(self.dots) < self.columns as u64 * u64::from(MIN_CHAR_DOTS) {
            return Err(fault(format!(
                "puts {} columns on {} dots; a character needs {MIN_CHAR_DOTS}",
                self.columns, self.dots
            )));
        }
        if !(MIN_DPI..=MAX_DPI).contains(&self.dpi) {
            return Err(fault(format!(
                "says {} dots of an inch; {MIN_DPI} to {MAX_DPI} are possible",
                self.dpi
            )));
        }
        let mut pages = Vec::new();
        for (name, number) in &self.pages {
            let page = CodePage::named(name).ok_or_else(|| {
                fault(format!(
                    "names the code page {}, which is not known here",
                    crate::Text::new(name)
                ))
            })?;
            pages.push((*number, page));
        }
        // The lowest number first: what a printer starts with, and what old firmware has.
        pages.sort_by_key(|(number, page)| (*number, page.name()));
        let twice = pages.windows(2).find(|two| two[0].0 == two[1].0);
        if let Some(two) = twice {
            return Err(fault(format!("gives the number {} to two code pages", two[0].0)));
        }
        Ok(Profile {
            name: crate::Text::new(&self.name)
                .as_str()
                .chars()
                .take(NAME_CHARS)
                .collect(),
            id,
            language: self.language,
            columns: self.columns,
            dots: self.dots,
            dpi: self.dpi,
            cut: self.cut,
            image: self.image,
            barcodes: self.barcodes,
            qr: self.qr,
            drawer: self.drawer,
            pages,
            double_byte: self.double_byte,
            buzzer: self.buzzer,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"{"id":"x","name":"X","language":"escpos","columns":48,"dots":576,"dpi":203,"cut":"part","image":"rows","barcodes":true,"qr":true,"drawer":true,"pages":{"CP437":0,"CP858":19}}"#;

    fn fault(json: &str) -> String {
        Profile::read(json).unwrap_err().to_string()
    }

    #[test]
    fn every_known_printer_is_whole() {
        let lines = known_lines().count();
        let all: Vec<Profile> = Profile::all().collect();
        assert_eq!(
            all.len(),
            lines,
            "{:?}",
            known_lines().map(Profile::read).find(Result::is_err)
        );
        assert_eq!(
            all.len() + 2,
            KNOWN.lines().count(),
            "each line but the brackets is a printer"
        );
        assert!(all.windows(2).all(|two| two[0].id < two[1].id));
        for profile in &all {
            assert_eq!(Profile::known(&profile.id).as_ref(), Some(profile));
            assert!(!profile.pages.is_empty(), "{}", profile.id);
        }
        assert!(Profile::known("no-such-printer").is_none());
        assert!(Profile::known("58mm\",\"x").is_none());
    }

    #[test]
    fn a_faulty_profile_gets_a_sentence() {
        assert!(Profile::read(GOOD).is_ok());
        let changed = |from: &str, to: &str| {
            assert!(GOOD.contains(from));
            fault(&GOOD.replace(from, to))
        };
        assert_eq!(
            changed("48", "4"),
            "The profile of printer \"x\" says 4 columns; 16 to 255 are possible."
        );
        assert_eq!(
            changed("576", "99999"),
            "The profile of printer \"x\" says 99999 dots; 128 to 2048 are possible."
        );
        assert_eq!(
            changed("576", "200"),
            "The profile of printer \"x\" puts 48 columns on 200 dots; a character needs 6."
        );
        assert_eq!(
            changed("203", "0"),
            "The profile of printer \"x\" says 0 dots of an inch; 60 to 600 are possible."
        );
        assert_eq!(
            changed("CP858", "CP8\\u001b58"),
            "The profile of printer \"x\" names the code page CP88, which is not known here."
        );
        assert_eq!(
            changed("19", "0"),
            "The profile of printer \"x\" gives the number 0 to two code pages."
        );
        assert_eq!(
            changed("\"x\"", "\"X \\\"\""),
            "The profile of printer \"X \"\" needs an id of 1 to 80 small letters, digits and hyphens."
        );
        assert!(changed("escpos", "klingon").starts_with("This is no printer profile: unknown variant"));
        assert!(changed("\"qr\"", "\"cuneiform\"").contains("unknown field `cuneiform`"));
        assert!(fault("").starts_with("This is no printer profile: EOF"));
        assert!(
            fault(&" ".repeat(PROFILE_BYTES + 1)).starts_with("A printer profile has at most 8192 bytes")
        );
    }
}

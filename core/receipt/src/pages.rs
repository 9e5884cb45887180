//! Code pages: which character is which byte, on the printers that have them.

use std::sync::LazyLock;

/// One page a line: its name, a blank, and the characters of the bytes 80 to FF.
const TABLE: &str = include_str!("../profiles/code-pages.txt");
/// First byte that differs from page to page; those below are ASCII on all.
const FIRST: u8 = 0x80;
/// Stands where a page has nothing visible.
const NOTHING: char = '\u{fffd}';

static PAGES: LazyLock<Vec<CodePage>> = LazyLock::new(|| TABLE.lines().filter_map(CodePage::read).collect());

/// A code page: the characters of the bytes from 80 on.
#[derive(Debug, PartialEq, Eq)]
pub struct CodePage {
    name: &'static str,
    /// Characters with their bytes, in the order of the characters.
    bytes: Vec<(char, u8)>,
}

impl CodePage {
    fn read(line: &'static str) -> Option<Self> {
        let (name, upper) = line.split_once(' ')?;
        let known = upper.chars().zip(FIRST..=u8::MAX).filter(|(c, _)| *c != NOTHING);
        let mut bytes: Vec<(char, u8)> = known.collect();
        bytes.sort_unstable();
        Some(Self { name, bytes })
    }

    /// Finds a page by its name, like CP858.
    pub fn named(name: &str) -> Option<&'static Self> {
        PAGES.iter().find(|page| page.name == name)
    }

    /// Returns its name.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Returns the byte of a character beyond ASCII; `None` where the page lacks it.
    pub fn byte(&self, c: char) -> Option<u8> {
        let at = self.bytes.binary_search_by_key(&c, |(known, _)| *known).ok()?;
        self.bytes.get(at).map(|(_, byte)| *byte)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_a_whole_page() {
        assert_eq!(PAGES.len(), TABLE.lines().count());
        for line in TABLE.lines() {
            assert_eq!(line.split_once(' ').unwrap().1.chars().count(), 128, "{line}");
        }
        for page in PAGES.iter() {
            assert!(page.bytes.len() > 60, "{} is nearly empty", page.name);
            assert!(
                page.bytes
                    .iter()
                    .all(|(c, _)| !c.is_ascii() && !c.is_whitespace() && !c.is_control())
            );
        }
    }

    #[test]
    fn characters_have_the_bytes_of_their_page() {
        let byte = |page: &str, c| CodePage::named(page).unwrap().byte(c);
        assert_eq!(byte("CP437", 'é'), Some(0x82));
        assert_eq!(byte("CP858", '€'), Some(0xd5));
        assert_eq!(byte("CP850", '€'), None);
        assert_eq!(byte("CP1252", '€'), Some(0x80));
        assert_eq!(byte("CP866", 'Я'), Some(0x9f));
        assert_eq!(byte("CP852", 'Ł'), Some(0x9d));
        assert!(CodePage::named("CP862").is_none());
    }
}

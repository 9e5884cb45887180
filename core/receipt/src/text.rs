//! Text that is safe to print: what people typed, without anything that a printer, a terminal or a reader's eye
//! could be steered with.

use unicode_segmentation::UnicodeSegmentation;

/// Most characters of one text, more are cut with an ellipsis: twice the longest note that the kernel takes.
pub const TEXT_CHARS: usize = 2_000;
/// Most code points of one visible character: the longest emoji in use has ten; more is a stack of accents that
/// would run over its neighbours.
const CLUSTER_CHARS: usize = 16;
const ESCAPE: char = '\u{1b}';

/// Text on one line without control characters, escape sequences, bidi controls, invisible fillers or
/// noncharacters. Blanks of every kind (line breaks too) are single spaces; none stands at an end.
///
/// Markup is kept, because in plain text it is text: the HTML back-end escapes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text(String);

impl Text {
    /// Cleans what anybody typed.
    pub fn new(raw: &str) -> Self {
        let (head, cut) = match raw.char_indices().nth(TEXT_CHARS) {
            Some((end, _)) => (&raw[..end], "\u{2026}"),
            None => (raw, ""),
        };
        let mut spaced = String::with_capacity(head.len());
        for c in without_sequences(head).chars() {
            if c.is_whitespace() {
                if !spaced.ends_with(' ') {
                    spaced.push(' ');
                }
            } else if !is_dropped(c) {
                spaced.push(c);
            }
        }
        let mut clean = String::with_capacity(spaced.len());
        for cluster in spaced.trim().graphemes(true) {
            clean.extend(cluster.chars().take(CLUSTER_CHARS));
        }
        clean.push_str(cut);
        Self(clean)
    }

    /// Returns the text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Tells whether nothing is left of it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<&str> for Text {
    fn from(raw: &str) -> Self {
        Self::new(raw)
    }
}

impl From<String> for Text {
    fn from(raw: String) -> Self {
        Self::new(&raw)
    }
}

impl std::fmt::Display for Text {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// Takes out whole control sequences (ECMA-48), so that the letters of "ESC [ 3 1 m" don't stay behind.
fn without_sequences(raw: &str) -> String {
    let mut kept = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find(|c: char| c == ESCAPE || ('\u{80}'..='\u{9f}').contains(&c)) {
        kept.push_str(&rest[..at]);
        rest = after_sequence(&rest[at..]);
    }
    kept + rest
}

/// Returns what follows the control sequence that `text` begins with.
fn after_sequence(text: &str) -> &str {
    let (first, tail) = split_first(text);
    let (second, after_second) = split_first(tail);
    let (control, tail) = match (first, second) {
        // ESC and a letter of this row write the control 64 code points above it.
        (Some(ESCAPE), Some('@'..='_')) => (
            second.and_then(|c| char::from_u32(u32::from(c) + 0x40)),
            after_second,
        ),
        _ => (first, tail),
    };
    match control {
        Some(ESCAPE) => skip_final(tail.trim_start_matches(|c| (' '..='/').contains(&c)), '0'),
        Some('\u{9b}') => skip_final(tail.trim_start_matches(|c| (' '..='?').contains(&c)), '@'),
        Some('\u{90}' | '\u{98}' | '\u{9d}' | '\u{9e}' | '\u{9f}') => after_string(tail),
        _ => tail,
    }
}

/// Skips the final byte of a sequence, from `least` to `~`, if there is one.
fn skip_final(text: &str, least: char) -> &str {
    match split_first(text) {
        (Some(c), rest) if (least..='~').contains(&c) => rest,
        _ => text,
    }
}

/// Skips a control string with its terminator; one that never ends hides nothing.
fn after_string(text: &str) -> &str {
    ["\u{7}", "\u{9c}", "\u{1b}\\"]
        .iter()
        .filter_map(|end| Some((text.find(end)?, end.len())))
        .min()
        .map_or(text, |(at, len)| &text[at + len..])
}

fn split_first(text: &str) -> (Option<char>, &str) {
    let mut chars = text.chars();
    (chars.next(), chars.as_str())
}

/// Tells whether a character steers or hides instead of being read.
fn is_dropped(c: char) -> bool {
    let invisible = matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        // Joiners (200C, 200D) stay: Persian, Indic scripts and emoji are written with them.
        | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
        | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}');
    let noncharacter = (u32::from(c) & 0xfffe) == 0xfffe || ('\u{fdd0}'..='\u{fdef}').contains(&c);
    c.is_control() || invisible || noncharacter
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clean(raw: &str) -> String {
        Text::new(raw).0
    }

    #[test]
    fn sequences_go_as_a_whole() {
        assert_eq!(clean("a\u{1b}[31mb\u{1b}[0mc"), "abc");
        assert_eq!(clean("a\u{9b}2Jb"), "ab");
        assert_eq!(clean("a\u{1b}]0;evil\u{7}b\u{1b}]8;;http://x\u{1b}\\c"), "abc");
        assert_eq!(clean("a\u{1b}@b\u{1b}(Bc"), "abc");
        assert_eq!(clean("drawer\u{1b}p\u{0}\u{19}\u{fa}"), "drawerú");
        assert_eq!(clean("never\u{1b}]ending"), "neverending");
        assert_eq!(clean("\u{1b}"), "");
    }

    #[test]
    fn what_steers_or_hides_is_dropped() {
        assert_eq!(clean("\u{202e}exe.\u{2066}txt\u{2069}"), "exe.txt");
        assert_eq!(clean("a\0b\u{7f}c\u{85}d\u{feff}e\u{fffe}f"), "abcdef");
        assert_eq!(clean("  a\r\n\t b\u{2028}c\u{a0}d  "), "a b c d");
        assert_eq!(clean("\u{200e}\u{3164}\u{e0041}"), "");
    }

    #[test]
    fn writing_stays() {
        for text in [
            "می‌خواهم",
            "Crème brûlée",
            "日本茶",
            "👩🏽‍🌾 Möhren",
            "<b>\"1 & 2\"</b>",
            "לחם",
            "ผัดไทย",
        ] {
            assert_eq!(clean(text), text);
        }
    }

    #[test]
    fn lengths_are_bounded() {
        assert_eq!(clean(&"a".repeat(TEXT_CHARS)).chars().count(), TEXT_CHARS);
        let cut = clean(&"a".repeat(TEXT_CHARS + 1));
        assert_eq!(cut.chars().count(), TEXT_CHARS + 1);
        assert!(cut.ends_with('\u{2026}'));
        assert_eq!(
            clean(&format!("e{}x", "\u{301}".repeat(99))).chars().count(),
            CLUSTER_CHARS + 1
        );
    }
}

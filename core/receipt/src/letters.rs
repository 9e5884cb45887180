//! A line of letters in the code pages of a printer.

use crate::pages::CodePage;
use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Characters that follow each other in one code page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Run {
    /// Gives the number that chooses the page; `None` where every page will do.
    pub page: Option<u8>,
    pub bytes: Vec<u8>,
}

/// Writes a line in as few code pages as possible, beginning with the one that is chosen already; `None` where a
/// character is in no page of the printer.
pub(crate) fn runs(text: &str, pages: &[(u8, &CodePage)], chosen: Option<u8>) -> Option<Vec<Run>> {
    let chars: Vec<char> = text.nfc().map(|c| simple(c, pages)).collect();
    let mut runs = vec![Run {
        page: chosen,
        bytes: Vec::with_capacity(chars.len()),
    }];
    let mut page = pages.iter().find(|(number, _)| Some(*number) == chosen);
    for (at, c) in chars.iter().enumerate() {
        let byte = match byte(*c, page) {
            Some(byte) => byte,
            None => {
                // The page that reaches furthest is the one that is left latest.
                let reach = |page: &&(u8, &CodePage)| {
                    chars[at..]
                        .iter()
                        .take_while(|c| byte(**c, Some(page)).is_some())
                        .count()
                };
                let furthest = pages.iter().rev().max_by_key(reach)?;
                page = Some(furthest);
                runs.push(Run {
                    page: Some(furthest.0),
                    bytes: Vec::new(),
                });
                byte(*c, page)?
            }
        };
        if let Some(run) = runs.last_mut() {
            run.bytes.push(byte);
        }
    }
    runs.retain(|run| !run.bytes.is_empty());
    Some(runs)
}

/// Writes a line with a question mark for each column of what the printer lacks.
pub(crate) fn runs_at_least(text: &str, pages: &[(u8, &CodePage)], chosen: Option<u8>) -> Vec<Run> {
    let written = |runs: Vec<Run>| runs.iter().map(|run| run.bytes.len()).sum::<usize>();
    let is_known = |cluster: &&str| runs(cluster, pages, None).map(written) == Some(cluster.width());
    let mut known = String::with_capacity(text.len());
    let mut clusters = text.graphemes(true).peekable();
    while let Some(cluster) = clusters.next() {
        if is_known(&cluster) {
            known.push_str(cluster);
            continue;
        }
        // Measured together: letters of some scripts are narrower side by side.
        let mut missing = cluster.to_owned();
        while let Some(next) = clusters.next_if(|next| !is_known(next)) {
            missing.push_str(next);
        }
        known.push_str(&"?".repeat(missing.width()));
    }
    runs(&known, pages, chosen).unwrap_or_default()
}

fn byte(c: char, page: Option<&(u8, &CodePage)>) -> Option<u8> {
    match c {
        ' '..='~' => u8::try_from(c).ok(),
        _ => page.and_then(|(_, page)| page.byte(c)),
    }
}

/// Returns a typographic sign as its plain one where the printer lacks it; people read both alike.
fn simple(c: char, pages: &[(u8, &CodePage)]) -> char {
    let plain = match c {
        '\u{2018}' | '\u{2019}' | '\u{201a}' | '\u{2032}' | '\u{2bc}' => '\'',
        '\u{201c}' | '\u{201d}' | '\u{201e}' => '"',
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        '\u{2022}' | '\u{d7}' => {
            if c == '\u{d7}' {
                'x'
            } else {
                '*'
            }
        }
        _ => return c,
    };
    if pages.iter().any(|(_, page)| page.byte(c).is_some()) {
        c
    } else {
        plain
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pages(names: &[&str]) -> Vec<(u8, &'static CodePage)> {
        (0..)
            .zip(names)
            .map(|(number, name)| (number, CodePage::named(name).unwrap()))
            .collect()
    }

    fn drawn(text: &str, names: &[&str], chosen: Option<u8>) -> Option<Vec<(Option<u8>, Vec<u8>)>> {
        let runs = runs(text, &pages(names), chosen)?;
        Some(runs.into_iter().map(|run| (run.page, run.bytes)).collect())
    }

    #[test]
    fn plain_letters_need_no_page() {
        assert_eq!(
            drawn("Tea 1.20", &["CP437"], None),
            Some(vec![(None, b"Tea 1.20".to_vec())])
        );
        assert_eq!(drawn("", &["CP437"], None), Some(vec![]));
    }

    #[test]
    fn a_line_changes_its_page_as_rarely_as_possible() {
        let western = &["CP437", "CP852", "CP866", "CP858"];
        // é and € are both in 858, é alone in 437 too.
        assert_eq!(
            drawn("é €", western, None).unwrap(),
            [(Some(3), vec![0x82, b' ', 0xd5])]
        );
        assert_eq!(drawn("é Ж é", western, None).unwrap().len(), 3);
        assert_eq!(
            drawn("Ж é Ł", western, Some(2)).unwrap(),
            [(Some(2), vec![0x86, b' ']), (Some(1), vec![0x82, b' ', 0x9d])]
        );
    }

    #[test]
    fn accents_of_their_own_are_joined_first() {
        assert_eq!(
            drawn("e\u{301}", &["CP437"], None).unwrap(),
            [(Some(0), vec![0x82])]
        );
    }

    #[test]
    fn what_no_page_has_is_told() {
        assert_eq!(drawn("Tea 茶", &["CP437", "CP1252"], None), None);
        assert_eq!(drawn("👩🏽‍🌾", &["CP437"], None), None);
        let some = runs_at_least("Tea 茶 é👩🏽‍🌾", &pages(&["CP437"]), None);
        assert_eq!(
            some.iter().flat_map(|run| run.bytes.clone()).collect::<Vec<_>>(),
            b"Tea ?? \x82??"
        );
    }

    #[test]
    fn typographic_signs_become_plain_only_where_they_must() {
        assert_eq!(
            drawn("It\u{2019}s", &["CP437"], None).unwrap(),
            [(None, b"It's".to_vec())]
        );
        assert_eq!(
            drawn("\u{2019}", &["CP1252"], None).unwrap(),
            [(Some(0), vec![0x92])]
        );
    }
}

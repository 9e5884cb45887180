//! Words for search: what an item's name becomes in the index, and what a person's typing becomes as a query.
//!
//! Both sides are folded alike: compatibility forms and case (NFKD, lower case), accents of Latin, Greek and Cyrillic,
//! Arabic vowel marks and letter variants, Hebrew points, and the digits of every script as ASCII. The vowel signs of
//! Indic scripts and Thai are letters in all but name and stay. Scripts that put no spaces between words are indexed
//! as overlapping pairs of signs, so that a word inside a name is found.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use unicode_segmentation::UnicodeSegmentation;

/// The version of these rules. An index that was made by other rules is built anew.
pub const TEXT_VERSION: i64 = 1;
/// The most characters of an item's text that are indexed: a name and a SKU at their limits, decomposed.
pub const TEXT_MAX: usize = 1024;
/// The most characters of a query that are read: more than anyone types at a till.
pub const QUERY_MAX: usize = 128;
/// The most words of a query that are used; each costs a look-up.
pub const TERMS_MAX: usize = 16;
/// The most characters of an indexed word. A longer word is cut into pieces, because the index keeps a list for each
/// prefix up to this length (`prefix` in `sql/search.sql`), which is what makes a prefix as fast as a word.
pub const PIECE_MAX: usize = 12;
/// Begins every piece of a word but the first, so that a piece is never taken for a word.
const CONTINUED: char = '…';

/// One word of a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// Gives the folded word, or a piece of one.
    pub word: String,
    /// Tells that words which begin with it match too.
    pub prefix: bool,
}

/// Returns the words of an item's text as the index keeps them, folded and parted by single spaces.
///
/// Words joined by punctuation are kept apart and together ("T-shirt": `t`, `shirt`, `tshirt`). No more than
/// [`TEXT_MAX`] characters are read. Every character of the result is a letter, a digit, a mark, a pictograph, `…` or
/// a space.
pub fn normalise(text: &str) -> String {
    let mut words = Vec::new();
    for chunk in fold(text, TEXT_MAX).split_whitespace() {
        let parts: Vec<&str> = parts(chunk).collect();
        for part in &parts {
            for run in runs(part) {
                index_run(run, &mut words);
            }
        }
        if parts.len() > 1 && !chunk.contains(is_sign) {
            words.extend(pieces(&parts.concat()));
        }
    }
    words.join(" ")
}

/// Returns the words of a query; an item matches when it has them all. The last one is a prefix. No more than
/// [`QUERY_MAX`] characters are read and [`TERMS_MAX`] words are used.
pub fn terms(text: &str) -> Vec<Term> {
    let folded = fold(text, QUERY_MAX);
    let mut terms: Vec<Term> = Vec::new();
    for run in folded.split_whitespace().flat_map(parts).flat_map(runs) {
        match run {
            Run::Letters(word) => terms.extend(pieces(word).map(|word| Term { word, prefix: false })),
            Run::Signs(signs) => query_signs(signs, &mut terms),
        }
    }
    terms.truncate(TERMS_MAX);
    if let Some(last) = terms.last_mut() {
        last.prefix = true;
    }
    terms
}

/// A stretch of text of one kind of script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Run<'a> {
    /// Letters and digits: one word.
    Letters(&'a str),
    /// Signs of a script without spaces: any number of words.
    Signs(&'a str),
}

fn index_run(run: Run<'_>, words: &mut Vec<String>) {
    match run {
        Run::Letters(word) => words.extend(pieces(word)),
        Run::Signs(signs) => {
            words.extend(pairs(signs));
            words.extend(signs.graphemes(true).next_back().map(cut));
        }
    }
}

/// A single sign is met as the first of a pair, so it is a prefix wherever it stands.
fn query_signs(signs: &str, terms: &mut Vec<Term>) {
    let before = terms.len();
    terms.extend(pairs(signs).map(|word| Term { word, prefix: false }));
    if terms.len() == before {
        terms.push(Term {
            word: cut(signs),
            prefix: true,
        });
    }
}

/// Returns every two neighbouring signs.
fn pairs(signs: &str) -> impl Iterator<Item = String> {
    let signs: Vec<&str> = signs.graphemes(true).collect();
    let pairs: Vec<String> = signs.windows(2).map(|pair| cut(&pair.concat())).collect();
    pairs.into_iter()
}

fn cut(text: &str) -> String {
    text.chars().take(PIECE_MAX).collect()
}

/// Cuts a word into pieces of at most [`PIECE_MAX`] characters.
fn pieces(word: &str) -> impl Iterator<Item = String> {
    let letters: Vec<char> = word.chars().collect();
    let (first, rest) = letters.split_at(letters.len().min(PIECE_MAX));
    let first: String = first.iter().collect();
    let rest: Vec<String> = rest
        .chunks(PIECE_MAX - 1)
        .map(|piece| std::iter::once(CONTINUED).chain(piece.iter().copied()).collect())
        .collect();
    std::iter::once(first).chain(rest)
}

/// Splits at everything that is no part of a word.
fn parts(chunk: &str) -> impl Iterator<Item = &str> {
    let is_word = |c: char| c.is_alphanumeric() || is_combining_mark(c) || is_sign(c);
    chunk.split(move |c| !is_word(c)).filter(|part| !part.is_empty())
}

/// Splits where the script changes between letters and signs; a mark stays with what it stands on.
fn runs(part: &str) -> Vec<Run<'_>> {
    let mut runs = Vec::new();
    let mut start = 0;
    let mut signs = part.chars().next().is_some_and(is_sign);
    for (at, c) in part.char_indices() {
        if is_sign(c) != signs && !is_combining_mark(c) {
            runs.push(run(&part[start..at], signs));
            start = at;
            signs = !signs;
        }
    }
    runs.push(run(&part[start..], signs));
    runs
}

fn run(text: &str, signs: bool) -> Run<'_> {
    if signs {
        Run::Signs(text)
    } else {
        Run::Letters(text)
    }
}

/// Tells the characters of scripts without spaces, and pictographs.
fn is_sign(c: char) -> bool {
    matches!(c,
        // Thai and Lao without their digits and currency sign, Myanmar, Khmer.
        '\u{e01}'..='\u{e3a}' | '\u{e40}'..='\u{e4e}' | '\u{e81}'..='\u{ece}' | '\u{edc}'..='\u{edf}'
        | '\u{1000}'..='\u{103f}' | '\u{1050}'..='\u{108f}' | '\u{109a}'..='\u{109d}' | '\u{aa60}'..='\u{aa7f}'
        | '\u{a9e0}'..='\u{a9ef}' | '\u{a9fa}'..='\u{a9fe}' | '\u{1780}'..='\u{17d3}' | '\u{17dc}'..='\u{17dd}'
        // Han, Kana, Bopomofo.
        | '\u{2e80}'..='\u{2fdf}' | '\u{3005}'..='\u{3007}' | '\u{3021}'..='\u{3029}' | '\u{3041}'..='\u{309f}'
        | '\u{30a1}'..='\u{30fa}' | '\u{30fc}'..='\u{30ff}' | '\u{3105}'..='\u{312f}' | '\u{31a0}'..='\u{31bf}'
        | '\u{31f0}'..='\u{31ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{1b000}'..='\u{1b16f}' | '\u{20000}'..='\u{3ffff}'
        // Pictographs: some name their goods with them.
        | '\u{2600}'..='\u{27bf}' | '\u{1f000}'..='\u{1faff}')
}

/// Folds what a person would call the same letter into one, reading at most `most` characters.
fn fold(text: &str, most: usize) -> String {
    if text.is_ascii() {
        // The short way for most names.
        return text[..text.len().min(most)].to_ascii_lowercase();
    }
    fold_any(text, most)
}

fn fold_any(text: &str, most: usize) -> String {
    let mut folded = String::with_capacity(text.len().min(most));
    let letters = text.nfkd().take(most).flat_map(char::to_lowercase);
    for c in letters.filter(|c| !is_dropped(*c)) {
        match spelled_out(c) {
            Some(letters) => folded.push_str(letters),
            None => folded.push(folded_letter(c)),
        }
    }
    folded
}

/// Tells the marks that words are told apart without, and what has no shape at all.
fn is_dropped(c: char) -> bool {
    matches!(c,
        // Accents of Latin, Greek and Cyrillic.
        '\u{300}'..='\u{36f}' | '\u{483}'..='\u{487}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}'
        | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}'
        // Points of Hebrew.
        | '\u{591}'..='\u{5bd}' | '\u{5bf}' | '\u{5c1}' | '\u{5c2}' | '\u{5c4}' | '\u{5c5}' | '\u{5c7}'
        // Harakat, hamza marks and tatweel of Arabic.
        | '\u{610}'..='\u{61a}' | '\u{640}' | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{6d6}'..='\u{6dc}'
        | '\u{6df}'..='\u{6e4}' | '\u{6e7}' | '\u{6e8}' | '\u{6ea}'..='\u{6ed}'
        // Soft hyphen, joiners, direction marks, variation selectors, skin tones.
        | '\u{ad}' | '\u{200c}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}')
}

/// Returns the two letters that stand for one.
fn spelled_out(c: char) -> Option<&'static str> {
    match c {
        'ß' => Some("ss"),
        'æ' => Some("ae"),
        'œ' => Some("oe"),
        'þ' => Some("th"),
        _ => None,
    }
}

/// Returns the one letter that stands for its variants.
fn folded_letter(c: char) -> char {
    match c {
        'ø' => 'o',
        'đ' | 'ð' => 'd',
        'ł' => 'l',
        'ı' => 'i',
        'ħ' => 'h',
        'ŧ' => 't',
        'ς' => 'σ',
        // Alef wasla; alef maqsura and Persian yeh; teh marbuta; Persian kaf.
        '\u{671}' => '\u{627}',
        '\u{649}' | '\u{6cc}' => '\u{64a}',
        '\u{629}' => '\u{647}',
        '\u{6a9}' => '\u{643}',
        // Katakana as Hiragana.
        '\u{30a1}'..='\u{30f6}' => char::from_u32(c as u32 - 0x60).unwrap_or(c),
        c if c.is_ascii() => c,
        c => digit(c).unwrap_or(c),
    }
}

/// Returns the ASCII digit of a decimal digit of any script.
fn digit(c: char) -> Option<char> {
    let after = ZEROS.partition_point(|zero| *zero <= c);
    let zero = *ZEROS.get(after.checked_sub(1)?)?;
    char::from_digit((c as u32 - zero as u32).min(10), 10)
}

/// The digit zero of every script whose digits NFKD leaves alone (general category Nd of Unicode 15).
#[rustfmt::skip]
const ZEROS: [char; 60] = [
    '\u{660}', '\u{6f0}', '\u{7c0}', '\u{966}', '\u{9e6}', '\u{a66}', '\u{ae6}', '\u{b66}', '\u{be6}', '\u{c66}',
    '\u{ce6}', '\u{d66}', '\u{de6}', '\u{e50}', '\u{ed0}', '\u{f20}', '\u{1040}', '\u{1090}', '\u{17e0}',
    '\u{1810}', '\u{1946}', '\u{19d0}', '\u{1a80}', '\u{1a90}', '\u{1b50}', '\u{1bb0}', '\u{1c40}', '\u{1c50}',
    '\u{a620}', '\u{a8d0}', '\u{a900}', '\u{a9d0}', '\u{a9f0}', '\u{aa50}', '\u{abf0}', '\u{104a0}',
    '\u{10d30}', '\u{11066}', '\u{110f0}', '\u{11136}', '\u{111d0}', '\u{112f0}', '\u{11450}', '\u{114d0}',
    '\u{11650}', '\u{116c0}', '\u{11730}', '\u{118e0}', '\u{11950}', '\u{11c50}', '\u{11d50}', '\u{11da0}',
    '\u{11f50}', '\u{16a60}', '\u{16ac0}', '\u{16b50}', '\u{1e140}', '\u{1e2f0}', '\u{1e4f0}', '\u{1e950}',
];

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Tells whether an item with this text is found: what the index does with the two sides.
    fn found(text: &str, query: &str) -> bool {
        let words = normalise(text);
        terms(query).iter().all(|term| {
            words
                .split(' ')
                .any(|word| word == term.word || (term.prefix && word.starts_with(&term.word)))
        })
    }

    #[test]
    fn accents_and_letters_fold() {
        for (text, folded) in [
            ("Crème Brûlée", "creme brulee"),
            ("STRASSE straße ẞ", "strasse strasse ss"),
            ("Smørrebrød Ærø Œuf", "smorrebrod aero oeuf"),
            ("Đặc sản Łódź Kırmızı İNCİR", "dac san lodz kirmizi incir"),
            ("Ελληνικός Καφές", "ελληνικοσ καφεσ"),
            ("Чай Ёлка Їжак", "чаи елка іжак"),
            ("ﬁlet ｗｉｄｅ ²", "filet wide 2"),
            ("قَهْوَةٌ قهوة قـهـوة", "قهوه قهوه قهوه"),
            ("أرز إبريق آيس ٱلماء مستشفى", "ارز ابريق ايس الماء مستشفي"),
            ("שָׁלוֹם שלום", "שלום שלום"),
            ("हिन्दी चाय", "हिन्दी चाय"),
            ("١٢٣ ۴۵۶ १२ ๓๔ ７", "123 456 12 34 7"),
        ] {
            assert_eq!(normalise(text), folded.nfkd().collect::<String>(), "{text}");
        }
    }

    #[test]
    fn the_short_way_for_ascii_is_the_long_one() {
        let all: String = (0..128u8).map(char::from).collect();
        assert_eq!(fold(&all, TEXT_MAX), fold_any(&all, TEXT_MAX));
        assert_eq!(fold(&all, 70), fold_any(&all, 70));
    }

    #[test]
    fn every_digit_has_its_value() {
        for zero in ZEROS {
            for value in 0..10 {
                let c = char::from_u32(zero as u32 + value).unwrap();
                assert_eq!(digit(c), char::from_digit(value, 10));
            }
        }
        assert_eq!((digit('\u{6ff}'), digit('é')), (None, None));
        assert!(ZEROS.is_sorted());
    }

    #[test]
    fn joined_words_are_kept_apart_and_together() {
        assert_eq!(normalise("T-Shirt"), "t shirt tshirt");
        assert_eq!(normalise("AB-12/3"), "ab 12 3 ab123");
        for query in ["t-shirt", "tshirt", "shirt", "T SHI", "t-"] {
            assert!(found("Blue T-Shirt", query), "{query}");
        }
        for (text, query) in [
            ("Mother's", "mothers"),
            ("Mother’s", "mother's"),
            ("l'eau", "eau"),
            ("0,5l", "05l"),
        ] {
            assert!(found(text, query), "{text}: {query}");
        }
    }

    #[test]
    fn words_inside_are_found_in_scripts_without_spaces() {
        for (text, query) in [
            ("青岛啤酒 500ml", "啤酒"),
            ("青岛啤酒 500ml", "啤"),
            ("青岛啤酒 500ml", "酒 500"),
            ("青岛啤酒500ml", "岛啤酒500"),
            ("ビールグラス", "グラス"),
            ("ﾋﾞｰﾙ", "びー"),
            ("น้ำส้มคั้น", "ส้ม"),
            ("น้ำส้มคั้น", "ส"),
            ("ເບຍລາວ", "ລາວ"),
            ("ស្រាបៀរ", "បៀរ"),
            ("ကော်ဖီမှုန့်", "ဖီ"),
            ("한국 맥주", "하"),
            ("한국 맥주", "한국 매"),
            ("🍺 Beer", "🍺"),
        ] {
            assert!(found(text, query), "{text}: {query}");
        }
        assert!(!found("青岛啤酒", "岛酒"));
        assert!(!found("น้ำส้ม", "สน"));
    }

    #[test]
    fn a_long_word_is_found_by_its_beginning_only() {
        let text = "Geschirrspülmaschinenreiniger";
        for end in [1, 11, 12, 13, 22, 23, 24, 29] {
            let query: String = text.chars().take(end).collect();
            assert!(found(text, &query), "{query}");
        }
        for query in ["maschinen", "geschirrspülmaschinentabs", "…sch", "reiniger"] {
            assert!(!found(text, query), "{query}");
        }
    }

    #[test]
    fn length_is_bounded() {
        let long = "ﷺ ab-cd 青岛 ".repeat(10_000);
        assert!(normalise(&long).len() < 16 * TEXT_MAX);
        assert_eq!(terms(&long).len(), TERMS_MAX);
        assert_eq!(
            (normalise(" -*\"' "), terms("()^:+-")),
            (String::new(), Vec::new())
        );
    }

    proptest! {
        #[test]
        fn only_words_come_out(text in "\\PC{0,60}") {
            let words = normalise(&text);
            let allowed = |c: char| c.is_alphanumeric() || is_combining_mark(c) || is_sign(c) || c == CONTINUED;
            prop_assert!(words.split(' ').all(|word| word.chars().all(allowed)));
            prop_assert!(words.split(' ').chain(terms(&text).iter().map(|term| term.word.as_str()))
                .all(|word| word.chars().count() <= PIECE_MAX));
        }

        #[test]
        fn a_text_is_found_by_its_words_and_their_beginnings(
            text in "([a-zA-ZäßøéŁ0-9'-]{1,30}|[青岛啤酒ビール]{1,6}|[กุ้งน้ำส้]{1,8}|[چای٣أ]{1,6}|[हिन्दी]{1,5}| ){1,6}",
            from in 0usize..6, until in 0usize..40,
        ) {
            let words: Vec<&str> = text.split_whitespace().collect();
            let typed = words[from.min(words.len())..].join(" ");
            // Whole signs, as a person ends them: a sign cut short may be ordered otherwise than the whole one.
            let typed: String = typed.graphemes(true).take(until).collect();
            prop_assert!(found(&text, &typed), "{:?} by {:?}: {:?} {:?}", text, typed, normalise(&text), terms(&typed));
        }
    }
}

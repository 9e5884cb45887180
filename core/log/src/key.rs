//! Keys: the device's, which signs its ops, and the organisation's, which says who may.

use bip39::{Language, Mnemonic};
use ed25519_dalek::{Signer, SigningKey, VerifyingKey};
use zeroize::Zeroizing;

use crate::domain;
use crate::id::OrganisationId;
use crate::stream::{DeviceKey, OpHash, Signature};

/// The bytes of a seed.
pub const SEED_LEN: usize = 32;
/// The words of a recovery sheet.
pub const WORDS: usize = 24;
/// The most characters looked at in a typed recovery sheet: three times 24 long, numbered words.
pub const RECOVERY_TEXT_MAX: usize = 1024;

const RECOVERY_PREFIX: &str = "BARROW:RECOVERY:1:";

/// Says what is signed. A signature made for one purpose is worth nothing for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Purpose {
    /// The hash of a stream's op.
    Op,
    /// The greeting of a session between two devices.
    Session,
    /// A device's request to be let in.
    Enrolment,
    /// A checkpoint of state.
    Checkpoint,
    /// The mark of a sealed export.
    Export,
}

impl Purpose {
    /// Returns the bytes written before what is signed.
    pub const fn domain(self) -> &'static [u8] {
        match self {
            Self::Op => b"barrow/1/sign-op\0",
            Self::Session => b"barrow/1/sign-session\0",
            Self::Enrolment => b"barrow/1/sign-enrolment\0",
            Self::Checkpoint => b"barrow/1/sign-checkpoint\0",
            Self::Export => b"barrow/1/sign-export\0",
        }
    }

    fn message(self, message: &[u8]) -> Vec<u8> {
        [self.domain(), message].concat()
    }
}

/// Says why a signature counts for nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// The key is no point of the curve, or a weak one.
    #[error("the key is not a valid public key")]
    Key,
    /// The signature is not this key's over this message.
    #[error("the signature does not match")]
    Mismatch,
}

/// A public key made ready for many checks.
#[derive(Clone, Debug)]
pub(crate) struct Verifier(Option<VerifyingKey>);

impl Verifier {
    pub(crate) fn new(key: &DeviceKey) -> Self {
        Self(VerifyingKey::from_bytes(&key.0).ok().filter(|key| !key.is_weak()))
    }

    pub(crate) fn check(
        &self,
        purpose: Purpose,
        message: &[u8],
        signature: &Signature,
    ) -> Result<(), SignatureError> {
        let key = self.0.as_ref().ok_or(SignatureError::Key)?;
        let signature = ed25519_dalek::Signature::from_bytes(&signature.0);
        key.verify_strict(&purpose.message(message), &signature)
            .map_err(|_| SignatureError::Mismatch)
    }
}

impl DeviceKey {
    /// Checks a signature of this key over a message made for a purpose. Strict: no weak keys, and one
    /// message has one valid signature per signer's choice of nonce, never a re-written one.
    pub fn verify(
        &self,
        purpose: Purpose,
        message: &[u8],
        signature: &Signature,
    ) -> Result<(), SignatureError> {
        Verifier::new(self).check(purpose, message, signature)
    }

    /// Checks a signature of this key over an op.
    pub fn verify_op(&self, hash: &OpHash, signature: &Signature) -> Result<(), SignatureError> {
        self.verify(Purpose::Op, &hash.0, signature)
    }
}

/// A device's secret key. It is wiped from memory when dropped and never printed.
pub struct DeviceSecret(SigningKey);

impl DeviceSecret {
    /// Makes the key from 32 random bytes.
    pub fn from_seed(seed: [u8; SEED_LEN]) -> Self {
        let seed = Zeroizing::new(seed);
        Self(SigningKey::from_bytes(&seed))
    }

    /// Returns the seed, for a key store and nothing else.
    pub fn seed(&self) -> Zeroizing<[u8; SEED_LEN]> {
        Zeroizing::new(self.0.to_bytes())
    }

    /// Returns the public key.
    pub fn public(&self) -> DeviceKey {
        DeviceKey(self.0.verifying_key().to_bytes())
    }

    /// Signs a message for a purpose.
    pub fn sign(&self, purpose: Purpose, message: &[u8]) -> Signature {
        Signature(self.0.sign(&purpose.message(message)).to_bytes())
    }

    /// Signs an op by its hash.
    pub fn sign_op(&self, hash: &OpHash) -> Signature {
        self.sign(Purpose::Op, &hash.0)
    }
}

impl std::fmt::Debug for DeviceSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "DeviceSecret(of {})", self.public())
    }
}

/// The organisation's secret key: whoever has it decides which devices count.
#[derive(Debug)]
pub struct OrganisationKey(DeviceSecret);

/// Says what is wrong with a typed or scanned recovery sheet, in words for its owner.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecoveryError {
    /// A word is in no list of recovery words.
    #[error("word {place}, \"{word}\", is not a recovery word{}", suggest(.suggestion))]
    UnknownWord {
        /// Which word, from 1.
        place: usize,
        /// The word as typed, in lower case.
        word: String,
        /// The nearest recovery word, if one is near.
        suggestion: Option<&'static str>,
    },
    /// The number of words is not 24.
    #[error("a recovery sheet has {WORDS} words, here are {0}")]
    WordCount(usize),
    /// Every word exists, but together they are no key: one is another than on the sheet, or out of place.
    #[error("the words do not fit together: one differs from the sheet or stands in another place")]
    Checksum,
    /// The text is longer than any recovery sheet.
    #[error("this is too long to be a recovery sheet")]
    TooLong,
    /// The scanned text is not a recovery code.
    #[error("this is not a Barrow recovery code, or it was read with an error")]
    Code,
}

fn suggest(suggestion: &Option<&'static str>) -> String {
    suggestion
        .map(|word| format!("; did you mean \"{word}\"?"))
        .unwrap_or_default()
}

impl OrganisationKey {
    /// Makes the key from 32 random bytes.
    pub fn from_seed(seed: [u8; SEED_LEN]) -> Self {
        Self(DeviceSecret::from_seed(seed))
    }

    /// Returns the seed, for a key store and nothing else.
    pub fn seed(&self) -> Zeroizing<[u8; SEED_LEN]> {
        self.0.seed()
    }

    /// Returns the public key.
    pub fn public(&self) -> DeviceKey {
        self.0.public()
    }

    /// Returns the organisation's id.
    pub fn organisation(&self) -> OrganisationId {
        OrganisationId::of(&self.public())
    }

    /// Returns the secret as the author of the policy stream uses it.
    pub fn writer(&self) -> &DeviceSecret {
        &self.0
    }

    /// Returns the 24 English BIP39 words of the seed, for the recovery sheet.
    pub fn words(&self) -> Vec<&'static str> {
        // A seed of 32 bytes always has words, so the list is never empty.
        let mnemonic = Mnemonic::from_entropy_in(Language::English, self.seed().as_slice());
        mnemonic
            .map(|mnemonic| mnemonic.words().collect())
            .unwrap_or_default()
    }

    /// Reads the 24 words as a person types them: any case, any space, numbered or with commas, and a word
    /// may be cut after its fourth letter.
    pub fn from_words(text: &str) -> Result<Self, RecoveryError> {
        if text.len() > RECOVERY_TEXT_MAX {
            return Err(RecoveryError::TooLong);
        }
        let lower = Zeroizing::new(text.to_lowercase());
        let typed: Vec<&str> = lower
            .split(|c: char| !c.is_alphabetic())
            .filter(|word| !word.is_empty())
            .collect();
        let mut words = Vec::with_capacity(WORDS);
        for (index, word) in typed.iter().enumerate() {
            let found = find_word(word).ok_or_else(|| RecoveryError::UnknownWord {
                place: index + 1,
                word: (*word).to_owned(),
                suggestion: nearest_word(word),
            })?;
            words.push(found);
        }
        if words.len() != WORDS {
            return Err(RecoveryError::WordCount(words.len()));
        }
        let phrase = Zeroizing::new(words.join(" "));
        let mnemonic =
            Mnemonic::parse_in_normalized(Language::English, &phrase).map_err(|_| RecoveryError::Checksum)?;
        let entropy = Zeroizing::new(mnemonic.to_entropy());
        let seed = entropy
            .as_slice()
            .try_into()
            .map_err(|_| RecoveryError::Checksum)?;
        Ok(Self::from_seed(seed))
    }

    /// Returns the text of the sheet's QR code: capitals and digits, so that the code stays coarse.
    pub fn recovery_text(&self) -> Zeroizing<String> {
        let seed = self.seed();
        let check = recovery_check(&seed);
        let mut text = String::with_capacity(RECOVERY_PREFIX.len() + 2 * SEED_LEN + 8);
        text.push_str(RECOVERY_PREFIX);
        for byte in seed.iter().chain(&check) {
            for nibble in [byte >> 4, byte & 15] {
                text.extend(char::from_digit(u32::from(nibble), 16).map(|c| c.to_ascii_uppercase()));
            }
        }
        Zeroizing::new(text)
    }

    /// Reads the text of the sheet's QR code.
    pub fn from_recovery_text(text: &str) -> Result<Self, RecoveryError> {
        let digits = text
            .trim()
            .strip_prefix(RECOVERY_PREFIX)
            .ok_or(RecoveryError::Code)?;
        let bytes: Zeroizing<[u8; SEED_LEN + 4]> =
            Zeroizing::new(crate::bytes::parse(digits).map_err(|_| RecoveryError::Code)?);
        let (seed, check) = bytes.split_at(SEED_LEN);
        let seed: [u8; SEED_LEN] = seed.try_into().map_err(|_| RecoveryError::Code)?;
        if recovery_check(&seed) != check {
            return Err(RecoveryError::Code);
        }
        Ok(Self::from_seed(seed))
    }
}

fn recovery_check(seed: &[u8; SEED_LEN]) -> [u8; 4] {
    domain::first(&domain::hash(domain::RECOVERY, &[seed]))
}

/// Finds the word typed. The list's words differ within their first four letters, so four are enough.
fn find_word(typed: &str) -> Option<&'static str> {
    let list = Language::English.word_list();
    if let Ok(index) = list.binary_search(&typed) {
        return Some(list[index]);
    }
    let longer = |word: &str| typed.len() >= 4 && word.starts_with(typed);
    list.iter().copied().find(|word| longer(word))
}

/// Finds the one word that is a single slip (a letter wrong, missing, extra or two swapped) away; with
/// several, the one that begins alike.
fn nearest_word(typed: &str) -> Option<&'static str> {
    // No word is longer than eight letters, so a longer one is more than a slip away.
    if typed.chars().count() > 9 {
        return None;
    }
    let typed: Vec<char> = typed.chars().collect();
    let alike = |word: &&str| word.chars().zip(&typed).take_while(|(a, b)| a == *b).count();
    let list = Language::English.word_list();
    list.iter()
        .copied()
        .filter(|word| one_slip(&typed, word))
        .max_by_key(alike)
}

fn one_slip(typed: &[char], word: &str) -> bool {
    let word: Vec<char> = word.chars().collect();
    let front = typed.iter().zip(&word).take_while(|(a, b)| a == b).count();
    let (typed, word) = (&typed[front..], &word[front..]);
    let back = typed
        .iter()
        .rev()
        .zip(word.iter().rev())
        .take_while(|(a, b)| a == b)
        .count();
    match (&typed[..typed.len() - back], &word[..word.len() - back]) {
        ([], [_]) | ([_], []) | ([_], [_]) => true,
        ([a, b], [c, d]) => a == d && b == c,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_signature_for_one_purpose_is_worth_nothing_for_another() {
        let secret = DeviceSecret::from_seed([1; 32]);
        let signature = secret.sign(Purpose::Session, b"hello");
        let check = |purpose, message| secret.public().verify(purpose, message, &signature);
        assert_eq!(check(Purpose::Session, b"hello"), Ok(()));
        assert_eq!(check(Purpose::Op, b"hello"), Err(SignatureError::Mismatch));
        assert_eq!(check(Purpose::Session, b"hellO"), Err(SignatureError::Mismatch));
        let other = DeviceSecret::from_seed([2; 32]).public();
        assert_eq!(
            other.verify(Purpose::Session, b"hello", &signature),
            Err(SignatureError::Mismatch)
        );
    }

    #[test]
    fn weak_and_impossible_keys_are_refused() {
        let signature = Signature([0; 64]);
        let identity = DeviceKey(std::array::from_fn(|i| u8::from(i == 0)));
        assert_eq!(
            identity.verify(Purpose::Op, b"", &signature),
            Err(SignatureError::Key)
        );
        // Not every 32 bytes are a point; these are none.
        assert_eq!(
            DeviceKey([2; 32]).verify(Purpose::Op, b"", &signature),
            Err(SignatureError::Key)
        );
    }

    #[test]
    fn secrets_are_not_printed() {
        let secret = DeviceSecret::from_seed([0xab; 32]);
        let text = format!("{secret:?} {:?}", OrganisationKey::from_seed([0xab; 32]));
        assert!(!text.contains("abab") && !text.contains("171, 171"), "{text}");
        assert!(text.contains(&secret.public().to_string()));
    }

    #[test]
    fn the_words_are_those_of_the_standard() {
        // Vectors of the BIP39 reference implementation, 256 bits.
        let words = OrganisationKey::from_seed([0; 32]).words();
        assert_eq!((words.len(), words[0], words[23]), (24, "abandon", "art"));
        let words = OrganisationKey::from_seed([0x7f; 32]).words();
        assert_eq!((words[0], words[1], words[23]), ("legal", "winner", "title"));
    }

    fn key() -> OrganisationKey {
        OrganisationKey::from_seed(std::array::from_fn(|i| i as u8 * 7))
    }

    #[test]
    fn the_words_are_read_as_people_type_them() {
        let words = key().words();
        let numbered: Vec<String> = words
            .iter()
            .enumerate()
            .map(|(i, word)| format!("{}. {}", i + 1, word.to_uppercase()))
            .collect();
        let cut: Vec<&str> = words.iter().map(|word| &word[..word.len().min(4)]).collect();
        for text in [
            words.join(" "),
            words.join(",\n\t "),
            numbered.join("\r\n"),
            cut.join(" "),
        ] {
            assert_eq!(
                OrganisationKey::from_words(&text).unwrap().public(),
                key().public(),
                "{text}"
            );
        }
    }

    fn refused(change: impl FnOnce(&mut Vec<&str>)) -> RecoveryError {
        let mut words = key().words();
        change(&mut words);
        OrganisationKey::from_words(&words.join(" ")).unwrap_err()
    }

    #[test]
    fn a_wrong_word_is_named() {
        for (typed, meant) in [("abandn", "abandon"), ("abnadon", "abandon"), ("zooo", "zoo")] {
            let error = refused(|words| words[4] = typed);
            let told = format!("word 5, \"{typed}\", is not a recovery word; did you mean \"{meant}\"?");
            assert_eq!(error.to_string(), told);
        }
        let error = refused(|words| words[0] = "zzzz");
        assert_eq!(error.to_string(), "word 1, \"zzzz\", is not a recovery word");
        assert!(matches!(
            refused(|words| words[23] = "straßé"),
            RecoveryError::UnknownWord { place: 24, .. }
        ));
    }

    #[test]
    fn missing_and_swapped_words_are_told() {
        assert_eq!(refused(|words| words.truncate(23)), RecoveryError::WordCount(23));
        assert_eq!(refused(|words| words.clear()), RecoveryError::WordCount(0));
        assert_eq!(refused(|words| words.swap(3, 4)), RecoveryError::Checksum);
        assert_eq!(
            refused(|words| words.resize(500, "abandon")),
            RecoveryError::TooLong
        );
    }

    #[test]
    fn the_code_is_read_back_and_an_error_in_it_is_found() {
        let text = key().recovery_text();
        assert!(text.starts_with("BARROW:RECOVERY:1:") && !text.contains(char::is_lowercase));
        assert_eq!(
            OrganisationKey::from_recovery_text(&text).unwrap().public(),
            key().public()
        );
        for at in 0..text.len() {
            let mut bytes = text.as_bytes().to_vec();
            bytes[at] = if bytes[at] == b'0' { b'1' } else { b'0' };
            let changed = String::from_utf8(bytes).unwrap();
            let error = OrganisationKey::from_recovery_text(&changed).unwrap_err();
            assert_eq!(error, RecoveryError::Code);
        }
        assert_eq!(
            OrganisationKey::from_recovery_text("").unwrap_err(),
            RecoveryError::Code
        );
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_panic(text in "\\PC{0,200}") {
            let _ = OrganisationKey::from_words(&text);
            let _ = OrganisationKey::from_recovery_text(&text);
            let _ = OrganisationKey::from_recovery_text(&format!("{RECOVERY_PREFIX}{text}"));
        }

        #[test]
        fn every_seed_comes_back(seed: [u8; 32]) {
            let key = OrganisationKey::from_seed(seed);
            prop_assert_eq!(*OrganisationKey::from_words(&key.words().join(" ")).unwrap().seed(), seed);
            prop_assert_eq!(*OrganisationKey::from_recovery_text(&key.recovery_text()).unwrap().seed(), seed);
        }
    }
}

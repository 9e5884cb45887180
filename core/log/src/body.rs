//! The body of an op: a flag, a salt when the body may be erased, and the content.

use serde::{Deserialize, Serialize};

const PLAIN: u8 = 0;
const ERASABLE: u8 = 1;

/// The bytes of salt before content that may be erased.
pub const SALT_LEN: usize = 16;

/// A body's bytes, as hashed, stored and sent.
///
/// The header keeps the hash of an erased body for ever. The salt, erased with it, is why nobody can find a
/// name or a telephone number again by hashing guesses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body(Vec<u8>);

/// Says what the first byte of a body tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BodyClass {
    /// The body is kept as long as its stream.
    Plain,
    /// The body may be erased.
    Erasable,
    /// A later release knows; this one carries the bytes.
    Unknown(u8),
}

impl Body {
    /// Wraps content that holds no person and no free text.
    pub fn plain(content: impl AsRef<[u8]>) -> Self {
        Self([&[PLAIN], content.as_ref()].concat())
    }

    /// Wraps content that may be erased, with 16 random bytes.
    pub fn erasable(salt: [u8; SALT_LEN], content: impl AsRef<[u8]>) -> Self {
        Self([&[ERASABLE], salt.as_slice(), content.as_ref()].concat())
    }

    /// Takes bytes as they came. Any bytes are a body; what they mean is asked afterwards.
    pub const fn from_bytes(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// Returns all bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Returns all bytes.
    pub fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    /// Says what the flag tells; `None` when the body is empty.
    pub fn class(&self) -> Option<BodyClass> {
        class(&self.0)
    }

    /// Returns the content, without flag and salt; `None` when the flag is unknown or bytes are missing.
    pub fn content(&self) -> Option<&[u8]> {
        content(&self.0)
    }
}

/// Says what the flag of a body's bytes tells; `None` when there are none.
pub fn class(body: &[u8]) -> Option<BodyClass> {
    Some(match *body.first()? {
        PLAIN => BodyClass::Plain,
        ERASABLE => BodyClass::Erasable,
        flag => BodyClass::Unknown(flag),
    })
}

/// Returns the content in a body's bytes; `None` when the flag is unknown or bytes are missing.
pub fn content(body: &[u8]) -> Option<&[u8]> {
    match class(body)? {
        BodyClass::Plain => body.get(1..),
        BodyClass::Erasable => body.get(1 + SALT_LEN..),
        BodyClass::Unknown(_) => None,
    }
}

/// Says whether a body is here, and if not, why that is in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// The body is here.
    Held,
    /// The body was dropped under a checkpoint that is stored here.
    Pruned,
    /// An `Erased` op took the body.
    Erased,
    /// This device may not read this class of body.
    NotPermitted,
}

impl Presence {
    /// Every value, in the order of its code.
    pub const ALL: [Self; 4] = [Self::Held, Self::Pruned, Self::Erased, Self::NotPermitted];

    /// Returns the number under which databases keep it.
    pub const fn code(self) -> u8 {
        match self {
            Self::Held => 0,
            Self::Pruned => 1,
            Self::Erased => 2,
            Self::NotPermitted => 3,
        }
    }

    /// Finds the value with this number.
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|presence| presence.code() == code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_comes_back_from_both_classes() {
        let plain = Body::plain(b"bread");
        assert_eq!(
            (plain.class(), plain.content()),
            (Some(BodyClass::Plain), Some(&b"bread"[..]))
        );
        let erasable = Body::erasable([9; 16], b"Ada");
        assert_eq!(erasable.as_bytes().len(), 1 + 16 + 3);
        assert_eq!(
            (erasable.class(), erasable.content()),
            (Some(BodyClass::Erasable), Some(&b"Ada"[..]))
        );
    }

    #[test]
    fn unknown_and_short_bodies_are_carried_but_not_read() {
        let unknown = Body::from_bytes(vec![77, 1, 2]);
        assert_eq!(
            (unknown.class(), unknown.content()),
            (Some(BodyClass::Unknown(77)), None)
        );
        assert_eq!(unknown.into_bytes(), [77, 1, 2]);
        assert_eq!((class(&[]), content(&[]), content(&[1; 16])), (None, None, None));
        assert_eq!(content(&[1; 17]), Some(&[][..]));
    }

    #[test]
    fn the_salt_changes_the_hash() {
        let hash = |salt| crate::header::body_hash(Body::erasable([salt; 16], b"Ada").as_bytes());
        assert_ne!(hash(1), hash(2));
    }

    #[test]
    fn presence_has_a_number_for_databases() {
        for presence in Presence::ALL {
            assert_eq!(Presence::from_code(presence.code()), Some(presence));
        }
        assert_eq!(Presence::from_code(4), None);
    }
}

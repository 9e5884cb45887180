//! Domains: what a hash or a signature is for, written before what is hashed or signed.
//!
//! Each is ASCII and ends in a zero byte, so none is the beginning of another and no byte string made for
//! one purpose is ever valid for a second.

/// A stream's id.
pub(crate) const STREAM: &[u8] = b"barrow/1/stream\0";
/// An organisation's id.
pub(crate) const ORGANISATION: &[u8] = b"barrow/1/organisation\0";
/// An op's hash, over its header.
pub(crate) const HEADER: &[u8] = b"barrow/1/header\0";
/// The hash of an op's body.
pub(crate) const BODY: &[u8] = b"barrow/1/body\0";
/// The hash of a vector, by which two devices see at once that they hold the same.
pub(crate) const VECTOR: &[u8] = b"barrow/1/vector\0";
/// A row of a projection, for digests.
pub(crate) const ROW: &[u8] = b"barrow/1/row\0";
/// The check at the end of a recovery text.
pub(crate) const RECOVERY: &[u8] = b"barrow/1/recovery\0";

/// What a device finds whoever lets it in by: the mark of an invitation's secret.
pub const INVITE: &[u8] = b"barrow/1/invite\0";
/// What a device proves that it holds the secret of an invitation by.
pub const JOIN: &[u8] = b"barrow/1/join\0";
/// The six digits that two people compare.
pub const DIGITS: &[u8] = b"barrow/1/digits\0";

/// Hashes parts after a domain, with BLAKE3, to 32 bytes.
pub fn hash(domain: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(domain);
    for part in parts {
        hasher.update(part);
    }
    *hasher.finalize().as_bytes()
}

/// Returns the first bytes of a 32-byte hash.
pub fn first<const N: usize>(hash: &[u8; 32]) -> [u8; N] {
    const { assert!(N <= 32) };
    std::array::from_fn(|i| hash[i])
}

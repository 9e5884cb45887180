//! The part of a backup in clear: what it is, how its key is derived, and whose it is.
//!
//! Numbers are little-endian. The header ends with a checksum, so that damage is told from a wrong passphrase, and is
//! authenticated as a whole by the first sealed chunk, so that no change passes.

use super::{BackupError, PASSPHRASE_MAX, PASSPHRASE_MIN, Secret};
use crate::backup::seal::{Key, NONCE_LEN};
use barrow_log::id::OrganisationId;
use orion::hazardous::hash::blake2::blake2b::Hasher;
use orion::hazardous::mac::blake2b as mac;
use orion::kdf;
use std::io::{ErrorKind, Read};
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

/// What every backup begins with.
const MAGIC: [u8; 8] = *b"BARROWBK";
/// The format that this release writes, and the newest that it reads.
const FORMAT: u16 = 1;
const SALT_LEN: usize = 16;
const CHECK_LEN: usize = 16;
/// The cost of a key: Argon2id with the passes and memory of RFC 9106's second choice, in one lane.
const PASSES: u32 = 3;
const MEMORY_KIB: u32 = 64 * 1024;
/// The highest costs that are read, so that a changed file cannot stop a till for hours.
const PASSES_MAX: u32 = 16;
const MEMORY_KIB_MAX: u32 = 512 * 1024;
/// Parts the key of a backup from every other use of the organisation's seed.
const WORDS_DOMAIN: &[u8] = b"barrow/1/backup\0";

/// How the key comes from the secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kdf {
    /// Argon2id from a passphrase.
    Passphrase { passes: u32, memory_kib: u32 },
    /// Keyed BLAKE2b from the organisation's seed, which is random and needs no stretching.
    Words,
}

impl Kdf {
    pub(super) fn of(secret: &Secret<'_>) -> Self {
        match secret {
            Secret::Passphrase(_) => Self::Passphrase {
                passes: PASSES,
                memory_kib: MEMORY_KIB,
            },
            Secret::Words(_) => Self::Words,
        }
    }

    fn fields(self) -> [u32; 3] {
        match self {
            Self::Passphrase { passes, memory_kib } => [1, passes, memory_kib],
            Self::Words => [2, 0, 0],
        }
    }

    fn from_fields(fields: [u32; 3]) -> Result<Self, BackupError> {
        match fields {
            [1, passes @ 1..=PASSES_MAX, memory_kib @ 8..=MEMORY_KIB_MAX] => {
                Ok(Self::Passphrase { passes, memory_kib })
            }
            [2, 0, 0] => Ok(Self::Words),
            _ => Err(BackupError::Changed),
        }
    }
}

/// The header: magic 8, format 2, key derivation 3 x 4, salt 16, nonce 24, created 8, organisation 16, key check 16,
/// checksum 16.
#[derive(Clone, Debug)]
pub(super) struct Header {
    kdf: Kdf,
    salt: [u8; SALT_LEN],
    pub(super) nonce: [u8; NONCE_LEN],
    pub(super) created_ms: i64,
    pub(super) organisation: OrganisationId,
    /// Half of what was derived from the secret; the other half is the key.
    check: [u8; CHECK_LEN],
    bytes: Vec<u8>,
}

impl Header {
    pub(super) const LEN: usize = 8 + 2 + 12 + SALT_LEN + NONCE_LEN + 8 + 16 + CHECK_LEN + CHECK_LEN;

    pub(super) fn new(
        kdf: Kdf,
        organisation: OrganisationId,
        created_ms: i64,
        random: &mut dyn FnMut(&mut [u8]),
    ) -> Self {
        let (mut salt, mut nonce) = ([0; SALT_LEN], [0; NONCE_LEN]);
        random(&mut salt);
        random(&mut nonce);
        Self {
            kdf,
            salt,
            nonce,
            created_ms,
            organisation,
            check: [0; CHECK_LEN],
            bytes: Vec::new(),
        }
    }

    /// Derives the key of a new backup and completes the header.
    pub(super) fn with_key(mut self, secret: &Secret<'_>) -> Result<(Self, Key), BackupError> {
        let (key, check) = self.derive(secret)?;
        self.check = check;
        self.bytes = self.encode()?;
        Ok((self, key))
    }

    /// Derives the key of an existing backup, and tells a wrong secret.
    pub(super) fn opened_by(self, secret: &Secret<'_>) -> Result<(Self, Key), BackupError> {
        let (key, check) = self.derive(secret)?;
        let same = orion::util::secure_cmp(&check, &self.check).is_ok();
        match (same, secret) {
            (true, _) => Ok((self, key)),
            (false, Secret::Passphrase(_)) => Err(BackupError::WrongPassphrase),
            (false, Secret::Words(_)) => Err(BackupError::WrongWords),
        }
    }

    /// Returns the header as it stands in the file.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    fn encode(&self) -> Result<Vec<u8>, BackupError> {
        let mut bytes = Vec::with_capacity(Self::LEN);
        bytes.extend_from_slice(&MAGIC);
        bytes.extend_from_slice(&FORMAT.to_le_bytes());
        for field in self.kdf.fields() {
            bytes.extend_from_slice(&field.to_le_bytes());
        }
        bytes.extend_from_slice(&self.salt);
        bytes.extend_from_slice(&self.nonce);
        bytes.extend_from_slice(&self.created_ms.to_le_bytes());
        bytes.extend_from_slice(self.organisation.as_bytes());
        bytes.extend_from_slice(&self.check);
        let sum = checksum(&bytes)?;
        bytes.extend_from_slice(&sum);
        assert_eq!(bytes.len(), Self::LEN, "the header's length is fixed");
        Ok(bytes)
    }

    pub(super) fn read(from: &mut impl Read) -> Result<Self, BackupError> {
        let mut magic = [0; 10];
        read(from, &mut magic, BackupError::NotABackup)?;
        let format = u16::from_le_bytes([magic[8], magic[9]]);
        if magic[..8] != MAGIC {
            return Err(BackupError::NotABackup);
        }
        if format > FORMAT {
            return Err(BackupError::Newer { found: format });
        }
        let mut rest = [0; Header::LEN - 10];
        read(from, &mut rest, BackupError::Truncated)?;
        let bytes = [magic.as_slice(), rest.as_slice()].concat();
        let (told, sum) = bytes.split_at(Self::LEN - CHECK_LEN);
        if format != FORMAT || checksum(told)? != sum {
            return Err(BackupError::Changed);
        }
        let mut fields = Fields(&told[10..]);
        let kdf = [fields.u32()?, fields.u32()?, fields.u32()?];
        Ok(Self {
            kdf: Kdf::from_fields(kdf)?,
            salt: fields.take()?,
            nonce: fields.take()?,
            created_ms: i64::from_le_bytes(fields.take()?),
            organisation: OrganisationId::from_bytes(fields.take()?),
            check: fields.take()?,
            bytes,
        })
    }

    fn derive(&self, secret: &Secret<'_>) -> Result<(Key, [u8; CHECK_LEN]), BackupError> {
        let both = match (secret, self.kdf) {
            (Secret::Passphrase(text), Kdf::Passphrase { passes, memory_kib }) => {
                stretch(text, &self.salt, passes, memory_kib)?
            }
            (Secret::Words(key), Kdf::Words) => from_seed(key.seed().as_slice(), &self.salt)?,
            (Secret::Passphrase(_), Kdf::Words) => return Err(BackupError::NeedsWords),
            (Secret::Words(_), Kdf::Passphrase { .. }) => return Err(BackupError::NeedsPassphrase),
        };
        let (mut key, mut check) = (Zeroizing::new([0; 32]), [0; CHECK_LEN]);
        key.copy_from_slice(&both[..32]);
        check.copy_from_slice(&both[32..32 + CHECK_LEN]);
        Ok((key, check))
    }
}

fn stretch(
    text: &str,
    salt: &[u8],
    passes: u32,
    memory_kib: u32,
) -> Result<Zeroizing<[u8; 64]>, BackupError> {
    // Keyboards differ in how they write an accent; the passphrase is the same.
    let text: Zeroizing<String> = Zeroizing::new(text.nfkc().take(PASSPHRASE_MAX + 1).collect());
    if !(PASSPHRASE_MIN..=PASSPHRASE_MAX).contains(&text.chars().count()) {
        return Err(BackupError::Passphrase);
    }
    let password = kdf::Password::try_from(text.as_bytes()).map_err(crypto)?;
    let salt = kdf::Salt::try_from(salt).map_err(crypto)?;
    let cost = kdf::CostParams::new(passes, memory_kib, 1).map_err(crypto)?;
    let derived = kdf::derive_key(&password, &salt, &cost, 64).map_err(crypto)?;
    exactly(derived.unprotected_as_ref())
}

fn from_seed(seed: &[u8], salt: &[u8]) -> Result<Zeroizing<[u8; 64]>, BackupError> {
    let seed = mac::SecretKey::try_from(seed).map_err(crypto)?;
    let mut derived = mac::Blake2b::new(&seed, 64).map_err(crypto)?;
    derived.update(WORDS_DOMAIN).map_err(crypto)?;
    derived.update(salt).map_err(crypto)?;
    exactly(derived.finalize().map_err(crypto)?.unprotected_as_ref())
}

fn exactly(bytes: &[u8]) -> Result<Zeroizing<[u8; 64]>, BackupError> {
    let mut exact = Zeroizing::new([0; 64]);
    let bytes = bytes
        .get(..64)
        .ok_or_else(|| crypto(orion::errors::UnknownCryptoError))?;
    exact.copy_from_slice(bytes);
    Ok(exact)
}

fn checksum(bytes: &[u8]) -> Result<[u8; CHECK_LEN], BackupError> {
    let digest = Hasher::Blake2b256.digest(bytes).map_err(crypto)?;
    let mut sum = [0; CHECK_LEN];
    sum.copy_from_slice(&digest.as_ref()[..CHECK_LEN]);
    Ok(sum)
}

/// Turns a failure of the library itself, as where memory is out, into words.
pub(super) fn crypto(_: orion::errors::UnknownCryptoError) -> BackupError {
    BackupError::Failed("the encryption library failed".into())
}

fn read(from: &mut impl Read, into: &mut [u8], short: BackupError) -> Result<(), BackupError> {
    from.read_exact(into).map_err(|error| match error.kind() {
        ErrorKind::UnexpectedEof => short,
        _ => error.into(),
    })
}

struct Fields<'a>(&'a [u8]);

impl Fields<'_> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], BackupError> {
        let (field, rest) = self.0.split_first_chunk().ok_or(BackupError::Changed)?;
        self.0 = rest;
        Ok(*field)
    }

    fn u32(&mut self) -> Result<u32, BackupError> {
        Ok(u32::from_le_bytes(self.take()?))
    }
}

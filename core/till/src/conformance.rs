//! The laws that every implementation of a port keeps, the fakes and those of other languages too.

use crate::error::TillError;
use crate::ports::KeyStore;

/// Holds a key store to its laws; it must be empty before. The error tells the first law that it breaks.
///
/// # Errors
/// When a law is broken or the key store fails.
pub fn key_store(keys: &dyn KeyStore) -> Result<(), TillError> {
    let every_byte: Vec<u8> = (0..=u8::MAX).collect();
    holds(keys, "device", None, "what was never put is absent")?;
    keys.put("device", &[1, 2, 3])?;
    holds(keys, "device", Some(&[1, 2, 3]), "what was put comes back")?;
    keys.put("device", &every_byte)?;
    holds(
        keys,
        "device",
        Some(&every_byte),
        "the last one put is kept, every byte of it",
    )?;
    keys.put("other", &[])?;
    holds(keys, "other", Some(&[]), "an empty secret is not an absent one")?;
    holds(keys, "device", Some(&every_byte), "names are kept apart")?;
    holds(keys, "Device", None, "names differ by case")?;
    let long = format!("organisation-{}", "0123456789abcdef".repeat(4));
    keys.put(&long, &[7])?;
    holds(keys, &long, Some(&[7]), "long names are kept whole")
}

fn holds(keys: &dyn KeyStore, name: &str, expected: Option<&[u8]>, law: &str) -> Result<(), TillError> {
    let found = keys.get(name)?;
    if found.as_deref().map(Vec::as_slice) == expected {
        return Ok(());
    }
    Err(TillError::device(&format!("The key store breaks a law: {law}.")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use zeroize::Zeroizing;

    struct Forgetful;

    impl KeyStore for Forgetful {
        fn get(&self, _: &str) -> Result<Option<Zeroizing<Vec<u8>>>, TillError> {
            Ok(None)
        }
        fn put(&self, _: &str, _: &[u8]) -> Result<(), TillError> {
            Ok(())
        }
    }

    #[test]
    fn a_key_store_that_forgets_is_caught() {
        let fault = key_store(&Forgetful).unwrap_err();
        assert!(fault.to_string().contains("what was put comes back"), "{fault}");
    }
}

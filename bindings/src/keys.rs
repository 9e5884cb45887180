//! Secrets in a place that the device lends: Android's Keystore, a key chain, a safe of its own.

use barrow_till::error::TillError as CoreError;
use barrow_till::ports::KeyStore as CoreKeyStore;
use std::sync::Arc;
use zeroize::Zeroizing;

/// Says why a key store could not do what was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum KeyStoreError {
    /// It refused or broke.
    #[error("{why}")]
    Failed {
        /// Tells what happened and what to do.
        why: String,
    },
}

impl From<uniffi::UnexpectedUniFFICallbackError> for KeyStoreError {
    fn from(fault: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Failed { why: fault.reason }
    }
}

/// Keeps secrets outside the database and outside every backup. It is called from the till's own threads.
#[uniffi::export(foreign)]
pub trait KeyStore: Send + Sync {
    /// Returns a secret, or nothing when it was never put here.
    fn get(&self, name: String) -> Result<Option<Vec<u8>>, KeyStoreError>;
    /// Puts a secret, durably, over an older one of the same name.
    fn put(&self, name: String, secret: Vec<u8>) -> Result<(), KeyStoreError>;
}

/// A lent key store as the core wants it.
pub(crate) struct Lent(pub(crate) Arc<dyn KeyStore>);

fn failed(fault: KeyStoreError) -> CoreError {
    let KeyStoreError::Failed { why } = fault;
    CoreError::Device {
        why: format!("The key store of this device did not answer: {why}"),
    }
}

impl CoreKeyStore for Lent {
    fn get(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, CoreError> {
        let secret = self.0.get(name.to_owned()).map_err(failed)?;
        Ok(secret.map(Zeroizing::new))
    }

    fn put(&self, name: &str, secret: &[u8]) -> Result<(), CoreError> {
        self.0.put(name.to_owned(), secret.to_vec()).map_err(failed)
    }
}

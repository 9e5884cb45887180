//! The boundary: what Kotlin, Swift and Python see of a till. It translates; it does not think.
//!
//! Calls are futures that the caller's own language polls, and they wait for nothing but channels: all work runs on
//! the till's threads ([`runtime`]). So no async runtime is lent to UniFFI, and none outlives the till.

#[cfg(feature = "camera")]
mod camera;
mod discovery;
mod error;
mod files;
mod free;
mod keys;
mod offer;
mod pipes;
mod runtime;
#[cfg(feature = "testing")]
mod testing;
mod till;
mod types;
mod work;

#[cfg(all(feature = "bluetooth", target_os = "android"))]
pub use barrow_device::bluetooth::android::Java_app_barrow_till_Radio_begin;
#[cfg(feature = "camera")]
pub use camera::{CameraPicture, CodeReader};
pub use discovery::{DiscoveryEar, DiscoveryError, LocalDiscovery};
pub use error::TillError;
pub use files::{RestoreRequest, rescue, restore};
pub use free::{CountryChoice, QrMatrix, app_version, countries, has_till, qr};
pub use keys::{KeyStore, KeyStoreError};
pub use pipes::{BytePipe, PipeError};
pub use till::{FoundRequest, Till};
pub use work::LongWork;

/// Marks that a caller of another language came in, on its own thread.
fn crossed() {
    #[cfg(feature = "testing")]
    testing::count_call();
}

uniffi::setup_scaffolding!("barrow");

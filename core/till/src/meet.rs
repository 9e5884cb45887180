//! Who this till is on a network.

use crate::error::TillError;
use barrow_link::identity::Identity;
use barrow_log::key::DeviceSecret;

/// Makes the identity that a device shows to a link.
pub(crate) fn link_identity(secret: &DeviceSecret) -> Result<Identity, TillError> {
    Identity::new(secret)
        .map_err(|fault| TillError::device(&format!("The device can't open links: {fault}.")))
}

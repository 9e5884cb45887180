//! Certificates: which device counts, what it may do, and the series of its receipts.

use std::collections::BTreeSet;

use minicbor::decode::{Decoder, Error as DecodeError};
use minicbor::encode::{Encoder, Error as EncodeError, Write};
use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::event::{PolicyError, check_text};
use crate::id::{Incarnation, LocationId, OrganisationId};
use crate::stream::{DeviceKey, Stream, StreamKind};

/// The most characters of a receipt series code: it is printed before every number.
pub const SERIES_MAX: usize = 8;
/// The most capabilities of one certificate: several times those that exist.
pub const CAPABILITIES_MAX: usize = 256;

/// Something a device may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Capability {
    /// Sells and takes payment.
    Sell,
    /// Gives back what a receipt shows.
    Refund,
    /// Gives back without a receipt.
    RefundUnlinked,
    /// Changes items, prices and taxes.
    Catalogue,
    /// Books movements and counts of stock.
    Stock,
    /// Opens and closes shifts and books cash in and out.
    Shift,
    /// Writes policy and settings.
    Administer,
    /// Grants discounts and sells at a price typed in.
    Discount,
    /// Reads customers' bodies and writes them.
    Customers,
    /// Reads reports across tills.
    Reports,
    /// Proposes sellers for enrolment.
    Enrol,
    /// A later release knows; this one carries the number.
    Other(u16),
}

impl Capability {
    /// Every capability that this release knows, in the order of its code.
    pub const ALL: [Self; 11] = [
        Self::Sell,
        Self::Refund,
        Self::RefundUnlinked,
        Self::Catalogue,
        Self::Stock,
        Self::Shift,
        Self::Administer,
        Self::Discount,
        Self::Customers,
        Self::Reports,
        Self::Enrol,
    ];

    /// Returns the number on the wire.
    pub const fn code(self) -> u16 {
        match self {
            Self::Sell => 1,
            Self::Refund => 2,
            Self::RefundUnlinked => 3,
            Self::Catalogue => 4,
            Self::Stock => 5,
            Self::Shift => 6,
            Self::Administer => 7,
            Self::Discount => 8,
            Self::Customers => 9,
            Self::Reports => 10,
            Self::Enrol => 11,
            Self::Other(code) => code,
        }
    }

    /// Returns the capability with this number; one that this release does not know is `Other`.
    pub fn from_code(code: u16) -> Self {
        Self::ALL
            .into_iter()
            .find(|known| known.code() == code)
            .unwrap_or(Self::Other(code))
    }

    /// Says whether an expired certificate still grants it: the market day goes on, administration stops.
    pub const fn outlives_certificate(self) -> bool {
        matches!(
            self,
            Self::Sell | Self::Refund | Self::Stock | Self::Shift | Self::Discount
        )
    }
}

impl<C> Encode<C> for Capability {
    fn encode<W: Write>(&self, e: &mut Encoder<W>, _: &mut C) -> Result<(), EncodeError<W::Error>> {
        e.u16(self.code())?.ok()
    }
}

impl<'b, C> Decode<'b, C> for Capability {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, DecodeError> {
        Ok(Self::from_code(d.u16()?))
    }
}

/// What the organisation says of a device: that it counts, what it may do, and its receipt series.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
pub struct Certificate {
    /// The device's public key.
    #[n(0)]
    pub device: DeviceKey,
    /// The run of numbers that the key signs.
    #[n(1)]
    pub incarnation: Incarnation,
    /// What people call the device.
    #[n(2)]
    pub name: String,
    /// What it may do.
    #[n(3)]
    pub capabilities: BTreeSet<Capability>,
    /// Where it works; `None` for everywhere.
    #[n(4)]
    pub location: Option<LocationId>,
    /// The code before its receipt numbers: capitals and digits, no other certificate has it. Empty where the device
    /// writes no receipts, as a hub.
    #[n(5)]
    pub series: String,
    /// When it was given, in milliseconds since 1970.
    #[n(6)]
    pub issued_ms: i64,
    /// When it ends, in milliseconds since 1970; `None` for never.
    #[n(7)]
    pub expires_ms: Option<i64>,
}

impl Certificate {
    /// Says whether its time is over.
    pub fn expired(&self, now_ms: i64) -> bool {
        self.expires_ms.is_some_and(|expires_ms| now_ms >= expires_ms)
    }

    /// Says whether it grants a capability at a time.
    pub fn allows(&self, capability: Capability, now_ms: i64) -> bool {
        self.capabilities.contains(&capability)
            && (capability.outlives_certificate() || !self.expired(now_ms))
    }

    /// Says whether it lets the device write what bears a number of its series: then it has one.
    pub fn writes_receipts(&self) -> bool {
        let writes = [
            Capability::Sell,
            Capability::Refund,
            Capability::RefundUnlinked,
            Capability::Shift,
        ];
        writes
            .iter()
            .any(|capability| self.capabilities.contains(capability))
    }

    /// Describes the device's stream of a kind.
    pub fn stream(&self, organisation: OrganisationId, kind: StreamKind) -> Stream {
        Stream {
            organisation,
            device: self.device,
            incarnation: self.incarnation,
            kind,
        }
    }

    pub(super) fn check(&self) -> Result<(), PolicyError> {
        check_text(&self.name)?;
        let none = self.series.is_empty() && !self.writes_receipts();
        if !none && !series_is_valid(&self.series) {
            return Err(PolicyError::Series(
                self.series.chars().take(SERIES_MAX).collect(),
            ));
        }
        if self.capabilities.len() > CAPABILITIES_MAX {
            return Err(PolicyError::TooMany);
        }
        Ok(())
    }
}

/// Says whether a text can be a receipt series code.
pub fn series_is_valid(code: &str) -> bool {
    (1..=SERIES_MAX).contains(&code.len())
        && code
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capabilities_have_lasting_numbers_and_unknown_ones_are_carried() {
        let codes = Capability::ALL.map(Capability::code);
        assert_eq!(codes, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
        let set = BTreeSet::from([Capability::Sell, Capability::Other(900)]);
        let bytes = minicbor::to_vec(&set).unwrap();
        assert_eq!(minicbor::decode::<BTreeSet<Capability>>(&bytes).unwrap(), set);
        assert_eq!(Capability::from_code(7), Capability::Administer);
    }

    #[test]
    fn a_series_is_short_capitals_and_digits() {
        for good in ["A", "AA", "B2", "ABCDEFGH"] {
            assert!(series_is_valid(good), "{good}");
        }
        for bad in ["", "a", "A-1", "Ä", "ABCDEFGHI", " A"] {
            assert!(!series_is_valid(bad), "{bad}");
        }
    }

    #[test]
    fn only_a_device_that_writes_no_receipts_has_no_series() {
        let certificate = |capabilities: &[Capability]| Certificate {
            device: DeviceKey([1; 32]),
            incarnation: Incarnation::from_number(1),
            name: "Hub".to_owned(),
            capabilities: capabilities.iter().copied().collect(),
            location: None,
            series: String::new(),
            issued_ms: 0,
            expires_ms: None,
        };
        assert!(certificate(&[]).check().is_ok());
        assert!(certificate(&[Capability::Reports]).check().is_ok());
        for writes in [Capability::Sell, Capability::Refund, Capability::Shift] {
            assert!(certificate(&[Capability::Reports, writes]).check().is_err());
        }
    }

    #[test]
    fn expiry_stops_administration_but_not_the_market_day() {
        let certificate = Certificate {
            device: DeviceKey([1; 32]),
            incarnation: Incarnation::from_number(1),
            name: "Van".to_owned(),
            capabilities: BTreeSet::from([Capability::Sell, Capability::Administer]),
            location: None,
            series: "A".to_owned(),
            issued_ms: 0,
            expires_ms: Some(1000),
        };
        let allows = |capability| [999, 1000].map(|now_ms| certificate.allows(capability, now_ms));
        assert_eq!(allows(Capability::Sell), [true, true]);
        assert_eq!(allows(Capability::Administer), [true, false]);
        assert_eq!(allows(Capability::Refund), [false, false]);
        assert!(
            !Certificate {
                expires_ms: None,
                ..certificate
            }
            .expired(i64::MAX)
        );
    }
}

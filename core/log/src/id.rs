//! Ids: sixteen bytes each, made outside (time and chance are arguments), written as UUIDs.
//!
//! The till makes UUIDv7s, whose order is the order of making, so that rows land at the end of an index.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Declares id types that differ only in what they name.
macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// Wraps sixteen bytes.
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(Uuid::from_bytes(bytes))
            }

            /// Gives a fixed id made from a number, for tests, samples and built-in rows.
            pub const fn from_number(number: u128) -> Self {
                Self(Uuid::from_u128(number))
            }

            /// Returns the sixteen bytes.
            pub const fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }

        impl<C> Encode<C> for $name {
            fn encode<W: minicbor::encode::Write>(
                &self,
                e: &mut minicbor::Encoder<W>,
                _: &mut C,
            ) -> Result<(), minicbor::encode::Error<W::Error>> {
                e.bytes(self.as_bytes())?.ok()
            }
        }

        impl<'b, C> Decode<'b, C> for $name {
            fn decode(d: &mut minicbor::Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
                let bytes = <[u8; 16]>::try_from(d.bytes()?)
                    .map_err(|_| minicbor::decode::Error::message("an id is sixteen bytes"))?;
                Ok(Self::from_bytes(bytes))
            }
        }
    )*};
}

ids! {
    /// Names the organisation: the owner of everything.
    OrganisationId,
    /// Names a place with stock: shop, van, pitch, market day.
    LocationId,
    /// Names a tin, drawer or apron: one place where cash lies.
    CashBoxId,
    /// Names a cash box's day.
    ShiftId,
    /// Names an article of the catalogue.
    ItemId,
    /// Names a tax.
    TaxId,
    /// Names a kind of tender that the shop takes.
    TenderId,
    /// Names an open cart.
    CartId,
    /// Names a finished document: sale, refund or exchange.
    SaleId,
    /// Names one payment against a cart.
    PaymentId,
    /// Names a movement of stock that a person booked.
    MovementId,
    /// Names a count session.
    CountId,
    /// Names one command; a retry bears the same id.
    CommandId,
    /// Names one installation's run of numbers on a device: a restore or reinstall is a new one.
    Incarnation,
}

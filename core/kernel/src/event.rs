//! What happened. An event carries results (prices, taxes, postings), not recipes; it is never edited.
//!
//! A body is the list of one command's events, all of one kind of stream. Fields are only ever added.

use crate::cart::{GivenDiscount, Line, LineId, TaxSet, Terms};
use crate::catalogue::{CashBox, ItemPut, Location, Shop, TenderKind};
use crate::ledger::Posting;
use crate::limits;
use crate::money::Currency;
use crate::quantity::{Quantity, UnitPrice};
use crate::sale::{CartVoid, Sale, TenderCorrection};
use crate::shift::{Adjustment, CashMovement, ShiftOpening, ZReport};
use crate::stock::{Count, Movement};
use crate::tax::Tax;
use crate::tender::{Payment, PaymentReversal};
use barrow_log::id::{CartId, CashBoxId, LocationId};
use barrow_log::stream::StreamKind;
use minicbor::decode::Error as DecodeError;
use minicbor::{Decode, Decoder, Encode};
use serde::{Deserialize, Serialize};

/// A fact.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(
    clippy::large_enum_variant,
    reason = "events live for one command; a box would cost an allocation each"
)]
pub enum Event {
    /// The shop's settings were written (shop).
    #[n(0)]
    ShopPut {
        /// Holds all settings.
        #[n(0)]
        shop: Shop,
    },
    /// Taxes were written (shop).
    #[n(1)]
    TaxesPut {
        /// Lists the taxes.
        #[n(0)]
        taxes: Vec<Tax>,
    },
    /// Kinds of tender were written (shop).
    #[n(2)]
    TendersPut {
        /// Lists the tenders.
        #[n(0)]
        tenders: Vec<TenderKind>,
    },
    /// Places were written (shop).
    #[n(3)]
    PlacesPut {
        /// Lists the locations.
        #[n(0)]
        locations: Vec<Location>,
        /// Lists the cash boxes.
        #[n(1)]
        cash_boxes: Vec<CashBox>,
    },
    /// Items were written (shop).
    #[n(4)]
    ItemsPut {
        /// Lists what changed.
        #[n(0)]
        items: Vec<ItemPut>,
    },
    /// A cart was opened (floor).
    #[n(16)]
    CartOpened {
        /// Names the cart.
        #[n(0)]
        cart: CartId,
        /// Holds its terms.
        #[n(1)]
        terms: Terms,
        /// Names the place whose stock it sells.
        #[n(2)]
        location: LocationId,
        /// Gives the time in milliseconds since 1970.
        #[n(3)]
        at_ms: i64,
    },
    /// Lines were added (floor).
    #[n(17)]
    LinesAdded {
        /// Names the cart.
        #[n(0)]
        cart: CartId,
        /// Holds the tax sets that the lines' indexes mean.
        #[n(1)]
        tax_sets: Vec<TaxSet>,
        /// Lists the lines.
        #[n(2)]
        lines: Vec<Line>,
    },
    /// The quantity of a line changed by an amount (floor): changes from two tills add up.
    #[n(18)]
    QuantityChanged {
        /// Names the cart.
        #[n(0)]
        cart: CartId,
        /// Names the line.
        #[n(1)]
        line: LineId,
        /// Gives the change.
        #[n(2)]
        by: Quantity,
    },
    /// A line was removed or brought back (floor).
    #[n(19)]
    LineVoided {
        /// Names the cart.
        #[n(0)]
        cart: CartId,
        /// Names the line.
        #[n(1)]
        line: LineId,
        /// Tells whether it is removed now.
        #[n(2)]
        voided: bool,
    },
    /// Discounts were set on a line, or on the whole cart (floor).
    #[n(20)]
    Discounted {
        /// Names the cart.
        #[n(0)]
        cart: CartId,
        /// Names the line; `None` for the cart.
        #[n(1)]
        line: Option<LineId>,
        /// Lists the discounts that apply now.
        #[n(2)]
        discounts: Vec<GivenDiscount>,
    },
    /// A line got another price or other taxes (floor).
    #[n(21)]
    Repriced {
        /// Names the cart.
        #[n(0)]
        cart: CartId,
        /// Holds the tax sets that the lines' indexes mean.
        #[n(1)]
        tax_sets: Vec<TaxSet>,
        /// Lists the changes.
        #[n(2)]
        lines: Vec<LineRepricing>,
    },
    /// The cart was switched to another tax mapping (floor).
    #[n(22)]
    TaxesSwitched {
        /// Names the cart.
        #[n(0)]
        cart: CartId,
        /// Names the mapping; `None` for the goods' own taxes.
        #[n(1)]
        mapping: Option<String>,
    },
    /// A note was set on a line, or on the whole cart (floor).
    #[n(23)]
    Noted {
        /// Names the cart.
        #[n(0)]
        cart: CartId,
        /// Names the line; `None` for the cart.
        #[n(1)]
        line: Option<LineId>,
        /// Holds the note.
        #[n(2)]
        note: Option<String>,
    },
    /// The cart was put aside or taken up again (floor).
    #[n(24)]
    Parked {
        /// Names the cart.
        #[n(0)]
        cart: CartId,
        /// Tells whether it waits now.
        #[n(1)]
        parked: bool,
        /// Gives its name.
        #[n(2)]
        name: Option<String>,
    },
    /// A part payment was taken (book).
    #[n(32)]
    PaymentTaken {
        /// Names the cart.
        #[n(0)]
        cart: CartId,
        /// Holds the payment with its postings.
        #[n(1)]
        payment: Payment,
        /// Names the cash box whose shift counts it.
        #[n(2)]
        cash_box: CashBoxId,
        /// Gives the currency of the amounts.
        #[n(3)]
        currency: Currency,
    },
    /// A part payment was given back (book).
    #[n(33)]
    PaymentReversed {
        /// Holds the reversal with its postings.
        #[n(0)]
        reversal: PaymentReversal,
    },
    /// A sale, refund or exchange was completed (book).
    #[n(34)]
    SaleCompleted {
        /// Holds everything its receipt needs for ever.
        #[n(0)]
        sale: Sale,
    },
    /// A cart was given up (book: it is an audit entry).
    #[n(35)]
    CartVoided {
        /// Holds what was given up, and why.
        #[n(0)]
        void: CartVoid,
    },
    /// A wrong tender was put right (book).
    #[n(36)]
    TenderCorrected {
        /// Holds the old and the new payment with postings.
        #[n(0)]
        correction: TenderCorrection,
    },
    /// A shift was opened (book).
    #[n(37)]
    ShiftOpened {
        /// Holds the float with its postings.
        #[n(0)]
        opening: ShiftOpening,
    },
    /// Cash moved for another reason than a sale (book).
    #[n(38)]
    CashMoved {
        /// Holds the movement with its postings.
        #[n(0)]
        movement: CashMovement,
    },
    /// A shift was closed (book).
    #[n(39)]
    ShiftClosed {
        /// Holds the frozen document with its postings.
        #[n(0)]
        report: ZReport,
    },
    /// Stock moved for another reason than a sale (book).
    #[n(40)]
    StockMoved {
        /// Holds the movement.
        #[n(0)]
        movement: Movement,
    },
    /// Stock was counted (book).
    #[n(41)]
    StockCounted {
        /// Holds the count.
        #[n(0)]
        count: Count,
    },
    /// An amount was moved between accounts (book).
    #[n(42)]
    Adjusted {
        /// Holds the adjustment with its postings.
        #[n(0)]
        adjustment: Adjustment,
    },
}

/// The new price and taxes of a line.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct LineRepricing {
    /// Names the line.
    #[n(0)]
    pub line: LineId,
    /// Gives the price of one unit.
    #[n(1)]
    pub unit_price: UnitPrice,
    /// Gives the index of its taxes in the event's list.
    #[n(2)]
    pub tax_set: u16,
    /// Gives the catalogue's price where the line's differs from it.
    #[n(3)]
    pub list_price: Option<UnitPrice>,
    /// Tells why it differs.
    #[n(4)]
    pub reason: Option<String>,
    /// Gives the amount in minor units, for a line whose amount is the fact.
    #[n(5)]
    pub amount_minor: Option<i64>,
}

impl Event {
    /// Returns the cart that it is about and that stays open after it; `None` for everything else.
    pub fn open_cart(&self) -> Option<CartId> {
        match self {
            Self::CartOpened { cart, .. }
            | Self::LinesAdded { cart, .. }
            | Self::QuantityChanged { cart, .. }
            | Self::LineVoided { cart, .. }
            | Self::Discounted { cart, .. }
            | Self::Repriced { cart, .. }
            | Self::TaxesSwitched { cart, .. }
            | Self::Noted { cart, .. }
            | Self::Parked { cart, .. }
            | Self::PaymentTaken { cart, .. } => Some(*cart),
            Self::PaymentReversed { reversal } => Some(reversal.cart),
            _ => None,
        }
    }

    /// Returns the kind of stream that it belongs to.
    pub fn stream_kind(&self) -> StreamKind {
        match self {
            Self::ShopPut { .. }
            | Self::TaxesPut { .. }
            | Self::TendersPut { .. }
            | Self::PlacesPut { .. }
            | Self::ItemsPut { .. } => StreamKind::Shop,
            Self::CartOpened { .. }
            | Self::LinesAdded { .. }
            | Self::QuantityChanged { .. }
            | Self::LineVoided { .. }
            | Self::Discounted { .. }
            | Self::Repriced { .. }
            | Self::TaxesSwitched { .. }
            | Self::Noted { .. }
            | Self::Parked { .. } => StreamKind::Floor,
            Self::PaymentTaken { .. }
            | Self::PaymentReversed { .. }
            | Self::SaleCompleted { .. }
            | Self::CartVoided { .. }
            | Self::TenderCorrected { .. }
            | Self::ShiftOpened { .. }
            | Self::CashMoved { .. }
            | Self::ShiftClosed { .. }
            | Self::StockMoved { .. }
            | Self::StockCounted { .. }
            | Self::Adjusted { .. } => StreamKind::Book,
        }
    }
}

impl Event {
    /// Returns its postings; none for events that move no money.
    pub fn postings(&self) -> &[Posting] {
        match self {
            Self::PaymentTaken { payment, .. } => &payment.postings,
            Self::PaymentReversed { reversal } => &reversal.postings,
            Self::SaleCompleted { sale } => &sale.postings,
            Self::TenderCorrected { correction } => &correction.postings,
            Self::ShiftOpened { opening } => &opening.postings,
            Self::CashMoved { movement } => &movement.postings,
            Self::ShiftClosed { report } => &report.postings,
            Self::Adjusted { adjustment } => &adjustment.postings,
            _ => &[],
        }
    }

    /// Returns the currency of its postings; `None` for events that move no money. A book op stands alone, so
    /// that it is told here and not looked up.
    pub fn currency(&self) -> Option<Currency> {
        match self {
            Self::PaymentTaken { currency, .. } => Some(*currency),
            Self::PaymentReversed { reversal } => Some(reversal.currency),
            Self::SaleCompleted { sale } => Some(sale.currency),
            Self::TenderCorrected { correction } => Some(correction.currency),
            Self::ShiftOpened { opening } => Some(opening.currency),
            Self::CashMoved { movement } => Some(movement.currency),
            Self::ShiftClosed { report } => Some(report.currency),
            Self::Adjusted { adjustment } => Some(adjustment.currency),
            _ => None,
        }
    }
}

/// The body of an op: who acted, and one command's events.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Body {
    /// Lists the events in order.
    #[n(0)]
    #[cbor(decode_with = "few_events")]
    pub events: Vec<Event>,
    /// Names the person at the till.
    #[n(1)]
    pub who: Option<String>,
}

/// Reads the events of a body, as many as an op may have.
fn few_events<'b, C>(d: &mut Decoder<'b>, context: &mut C) -> Result<Vec<Event>, DecodeError> {
    let count = d.array()?.filter(|count| *count <= limits::EVENTS_PER_OP);
    let count = count.ok_or_else(|| DecodeError::message("an op has too many events"))?;
    (0..count).map(|_| Event::decode(d, context)).collect()
}

impl Body {
    /// Returns the canonical bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        minicbor::to_vec(self).unwrap_or_else(|fault: minicbor::encode::Error<std::convert::Infallible>| {
            unreachable!("encoding to memory can't fail: {fault}")
        })
    }

    /// Reads a body.
    ///
    /// # Errors
    /// When the bytes are not such a body, or hold an event that this version does not know.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, minicbor::decode::Error> {
        minicbor::decode(bytes)
    }

    /// Returns the kind of stream that all its events belong to; `None` when it is empty or mixed.
    pub fn stream_kind(&self) -> Option<StreamKind> {
        let kind = self.events.first()?.stream_kind();
        self.events
            .iter()
            .all(|event| event.stream_kind() == kind)
            .then_some(kind)
    }
}

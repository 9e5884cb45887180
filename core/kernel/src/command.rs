//! What a person may want. A command makes events, or a [`Rejection`](crate::rejection::Rejection) and nothing else.

use crate::approval::Approval;
use crate::cart::{GivenDiscount, LineId};
use crate::catalogue::{CashBox, ItemDraft, Location, Shop, TenderKind};
use crate::ledger::Account;
use crate::quantity::{Quantity, UnitPrice};
use crate::shift::CashCount;
use crate::stock::{CountLine, MovementKind, MovementLine};
use crate::tax::Tax;
use barrow_log::id::{CartId, CashBoxId, ItemId, LocationId, PaymentId, SaleId, TenderId};
use serde::{Deserialize, Serialize};

/// Names an item in one of the ways people have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemRef {
    /// By its id.
    Id(ItemId),
    /// By the shop's own code.
    Sku(String),
    /// By a barcode that is exactly in the catalogue.
    Code(String),
}

/// A line that somebody wants in a cart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineDraft {
    /// Names the item.
    pub item: ItemRef,
    /// Gives the quantity in the item's unit (net weight, pieces); 1 when absent, negative to take goods back.
    #[serde(default)]
    pub quantity: Option<Quantity>,
    /// Gives the weight with packaging instead of a quantity.
    #[serde(default)]
    pub gross: Option<Quantity>,
    /// Gives the weight of the packaging; the item's own tare when absent.
    #[serde(default)]
    pub tare: Option<Quantity>,
    /// Gives the amount of a price-computing scale in minor units; the quantity is derived from it.
    #[serde(default)]
    pub amount_minor: Option<i64>,
    /// Gives the price of one unit: typed for open-price goods, haggled for others.
    #[serde(default)]
    pub unit_price: Option<UnitPrice>,
    /// Tells why the price differs from the catalogue's.
    #[serde(default)]
    pub reason: Option<String>,
    /// Holds a note for the receipt.
    #[serde(default)]
    pub note: Option<String>,
    /// Lists discounts on the line.
    #[serde(default)]
    pub discounts: Vec<GivenDiscount>,
    /// Adds to a line of the same item at the same price, if there is one.
    #[serde(default)]
    pub merge: bool,
    /// Tells that goods taken back can be sold again; true when absent.
    #[serde(default)]
    pub resaleable: Option<bool>,
    /// Tells that a person confirmed selling more than is known to be there.
    #[serde(default)]
    pub oversell: bool,
}

impl LineDraft {
    /// Builds a draft of one unit of an item.
    pub fn of(item: ItemRef) -> Self {
        Self {
            item,
            quantity: None,
            gross: None,
            tare: None,
            amount_minor: None,
            unit_price: None,
            reason: None,
            note: None,
            discounts: Vec::new(),
            merge: false,
            resaleable: None,
            oversell: false,
        }
    }
}

/// A sold line that comes back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReturnDraft {
    /// Names the line of the sale.
    pub line: LineId,
    /// Gives how much comes back, more than zero; all that is left when absent.
    #[serde(default)]
    pub quantity: Option<Quantity>,
    /// Tells that it can be sold again; true when absent.
    #[serde(default)]
    pub resaleable: Option<bool>,
}

/// What a person wants. Ids of new things are made by the caller and kept: a retry bears the same ones.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// Changes the shop's settings.
    PutShop {
        /// Holds all settings.
        shop: Shop,
    },
    /// Makes or replaces taxes.
    PutTaxes {
        /// Lists the taxes.
        taxes: Vec<Tax>,
    },
    /// Makes or replaces kinds of tender.
    PutTenders {
        /// Lists the tenders.
        tenders: Vec<TenderKind>,
    },
    /// Makes or renames locations and cash boxes.
    PutPlaces {
        /// Lists the locations.
        #[serde(default)]
        locations: Vec<Location>,
        /// Lists the cash boxes.
        #[serde(default)]
        cash_boxes: Vec<CashBox>,
    },
    /// Makes or changes items, up to 500.
    PutItems {
        /// Lists the items.
        items: Vec<ItemDraft>,
    },
    /// Adds lines to a cart, opening it when it is new.
    AddLines {
        /// Names the cart.
        cart: CartId,
        /// Lists the lines.
        lines: Vec<LineDraft>,
        /// Approves goods taken back without a receipt.
        #[serde(default)]
        approval: Option<Approval>,
    },
    /// Adds what a scanned code means to a cart.
    Scan {
        /// Names the cart.
        cart: CartId,
        /// Gives the code as the scanner sent it.
        code: String,
        /// Gives the quantity; 1 when absent.
        #[serde(default)]
        quantity: Option<Quantity>,
    },
    /// Adds goods of a finished sale to a cart as returns.
    AddReturns {
        /// Names the cart.
        cart: CartId,
        /// Names the sale.
        sale: SaleId,
        /// Lists the lines; every line that is left when empty.
        #[serde(default)]
        lines: Vec<ReturnDraft>,
        /// Tells why.
        #[serde(default)]
        reason: Option<String>,
    },
    /// Sets the quantity of a line.
    SetQuantity {
        /// Names the cart.
        cart: CartId,
        /// Names the line.
        line: LineId,
        /// Gives the new quantity.
        quantity: Quantity,
    },
    /// Removes a line, with its deposits.
    VoidLine {
        /// Names the cart.
        cart: CartId,
        /// Names the line.
        line: LineId,
    },
    /// Brings a removed line back.
    RestoreLine {
        /// Names the cart.
        cart: CartId,
        /// Names the line.
        line: LineId,
    },
    /// Sets the discounts of a line; none takes them away.
    DiscountLine {
        /// Names the cart.
        cart: CartId,
        /// Names the line.
        line: LineId,
        /// Lists the discounts.
        discounts: Vec<GivenDiscount>,
    },
    /// Sets the discounts of the whole cart; none takes them away.
    DiscountCart {
        /// Names the cart.
        cart: CartId,
        /// Lists the discounts.
        discounts: Vec<GivenDiscount>,
    },
    /// Sets another price for a line: haggled, with a reason.
    SetPrice {
        /// Names the cart.
        cart: CartId,
        /// Names the line.
        line: LineId,
        /// Gives the price of one unit.
        unit_price: UnitPrice,
        /// Tells why.
        reason: String,
    },
    /// Takes the catalogue's present price and taxes for lines.
    Reprice {
        /// Names the cart.
        cart: CartId,
        /// Lists the lines; every line when empty.
        #[serde(default)]
        lines: Vec<LineId>,
    },
    /// Switches the cart to another tax set, or back.
    SwitchTaxes {
        /// Names the cart.
        cart: CartId,
        /// Names the mapping in the shop's settings; `None` goes back to the goods' own taxes.
        #[serde(default)]
        mapping: Option<String>,
    },
    /// Sets the note of a cart or of one line.
    SetNote {
        /// Names the cart.
        cart: CartId,
        /// Names the line; the whole cart when absent.
        #[serde(default)]
        line: Option<LineId>,
        /// Holds the note; `None` takes it away.
        #[serde(default)]
        note: Option<String>,
    },
    /// Puts a cart aside.
    Park {
        /// Names the cart.
        cart: CartId,
        /// Gives a name to find it by.
        #[serde(default)]
        name: Option<String>,
    },
    /// Takes a parked cart up again.
    Resume {
        /// Names the cart.
        cart: CartId,
    },
    /// Gives up a cart before it is paid.
    VoidCart {
        /// Names the cart.
        cart: CartId,
        /// Tells why.
        #[serde(default)]
        reason: Option<String>,
    },
    /// Takes money, or pays it out when the total is negative; completes the sale when nothing is left.
    Tender {
        /// Names the cart.
        cart: CartId,
        /// Names the kind of tender.
        tender: TenderId,
        /// Gives how much of the open balance it covers in minor units; all of it when absent.
        #[serde(default)]
        amount_minor: Option<i64>,
        /// Gives the cash that was handed over in minor units; exactly what is due when absent.
        #[serde(default)]
        given_minor: Option<i64>,
        /// Holds a reference: voucher number, slip of a separate terminal. Never a card number.
        #[serde(default)]
        reference: Option<String>,
    },
    /// Gives a part payment back.
    ReversePayment {
        /// Names the cart.
        cart: CartId,
        /// Names the payment.
        payment: PaymentId,
    },
    /// Puts a wrong tender of a finished sale right within the open shift.
    CorrectTender {
        /// Names the sale.
        sale: SaleId,
        /// Names the payment.
        payment: PaymentId,
        /// Names the tender that was really used.
        tender: TenderId,
        /// Tells why.
        reason: String,
    },
    /// Opens a shift of a cash box.
    OpenShift {
        /// Names the cash box; this till's own when absent.
        #[serde(default)]
        cash_box: Option<CashBoxId>,
        /// Gives the cash that lies in it.
        #[serde(default)]
        float: CashCount,
    },
    /// Pays cash into the box for another reason than a sale.
    PayIn {
        /// Names the cash box; this till's own when absent.
        #[serde(default)]
        cash_box: Option<CashBoxId>,
        /// Gives the amount in minor units, more than zero.
        amount_minor: i64,
        /// Tells why.
        reason: String,
    },
    /// Pays cash out of the box.
    PayOut {
        /// Names the cash box; this till's own when absent.
        #[serde(default)]
        cash_box: Option<CashBoxId>,
        /// Gives the amount in minor units, more than zero.
        amount_minor: i64,
        /// Tells why: pitch fee, petty cash.
        reason: String,
    },
    /// Takes cash from the box to the safe.
    SafeDrop {
        /// Names the cash box; this till's own when absent.
        #[serde(default)]
        cash_box: Option<CashBoxId>,
        /// Gives the amount in minor units, more than zero.
        amount_minor: i64,
    },
    /// Closes the shift with a count and freezes its Z report.
    CloseShift {
        /// Names the cash box; this till's own when absent.
        #[serde(default)]
        cash_box: Option<CashBoxId>,
        /// Gives the counted cash.
        counted: CashCount,
        /// Tells that the expected amount was not shown before the count.
        #[serde(default)]
        blind: bool,
        /// Tells why the count differs.
        #[serde(default)]
        note: Option<String>,
    },
    /// Books a movement of stock.
    MoveStock {
        /// Names the place; this till's own when absent.
        #[serde(default)]
        location: Option<LocationId>,
        /// Tells what happened.
        movement: MovementKind,
        /// Lists the goods.
        lines: Vec<MovementLine>,
        /// Tells why; needed for waste and corrections.
        #[serde(default)]
        reason: Option<String>,
    },
    /// Books a count of stock.
    CountStock {
        /// Names the place; this till's own when absent.
        #[serde(default)]
        location: Option<LocationId>,
        /// Lists what was counted.
        lines: Vec<CountLine>,
    },
    /// Moves an amount between two accounts that no sale touches: a bad debt, a correction by the accountant.
    Adjust {
        /// Names the account that is debited.
        debit: Account,
        /// Names the account that is credited.
        credit: Account,
        /// Gives the amount in minor units, more than zero.
        amount_minor: i64,
        /// Approves it, with the reason.
        approval: Option<Approval>,
    },
}

impl Command {
    /// Tells whether it is a tap on an open cart, which may wait up to 50 ms for its commit.
    pub fn is_tap(&self) -> bool {
        matches!(
            self,
            Self::AddLines { .. }
                | Self::Scan { .. }
                | Self::AddReturns { .. }
                | Self::SetQuantity { .. }
                | Self::VoidLine { .. }
                | Self::RestoreLine { .. }
                | Self::DiscountLine { .. }
                | Self::DiscountCart { .. }
                | Self::SetPrice { .. }
                | Self::Reprice { .. }
                | Self::SwitchTaxes { .. }
                | Self::SetNote { .. }
                | Self::Park { .. }
                | Self::Resume { .. }
        )
    }
}

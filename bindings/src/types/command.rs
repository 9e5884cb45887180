//! What a person may want, and why it was not done.

use super::*;

#[uniffi::remote(Enum)]
pub enum ItemRef {
    Id(ItemId),
    Sku(String),
    Code(String),
}

#[uniffi::remote(Record)]
pub struct LineDraft {
    pub item: ItemRef,
    #[uniffi(default)]
    pub quantity: Option<Quantity>,
    #[uniffi(default)]
    pub gross: Option<Quantity>,
    #[uniffi(default)]
    pub tare: Option<Quantity>,
    #[uniffi(default)]
    pub amount_minor: Option<i64>,
    #[uniffi(default)]
    pub unit_price: Option<UnitPrice>,
    #[uniffi(default)]
    pub reason: Option<String>,
    #[uniffi(default)]
    pub note: Option<String>,
    #[uniffi(default)]
    pub discounts: Vec<GivenDiscount>,
    #[uniffi(default)]
    pub merge: bool,
    #[uniffi(default)]
    pub resaleable: Option<bool>,
    #[uniffi(default)]
    pub oversell: bool,
}

#[uniffi::remote(Record)]
pub struct ReturnDraft {
    pub line: LineId,
    #[uniffi(default)]
    pub quantity: Option<Quantity>,
    #[uniffi(default)]
    pub resaleable: Option<bool>,
}

#[uniffi::remote(Enum)]
pub enum Command {
    PutShop {
        shop: Shop,
    },
    PutTaxes {
        taxes: Vec<Tax>,
    },
    PutTenders {
        tenders: Vec<TenderKind>,
    },
    PutPlaces {
        #[uniffi(default)]
        locations: Vec<Location>,
        #[uniffi(default)]
        cash_boxes: Vec<CashBox>,
    },
    PutItems {
        items: Vec<ItemDraft>,
    },
    AddLines {
        cart: CartId,
        lines: Vec<LineDraft>,
        #[uniffi(default)]
        approval: Option<Approval>,
    },
    Scan {
        cart: CartId,
        code: String,
        #[uniffi(default)]
        quantity: Option<Quantity>,
    },
    AddReturns {
        cart: CartId,
        sale: SaleId,
        #[uniffi(default)]
        lines: Vec<ReturnDraft>,
        #[uniffi(default)]
        reason: Option<String>,
    },
    SetQuantity {
        cart: CartId,
        line: LineId,
        quantity: Quantity,
    },
    VoidLine {
        cart: CartId,
        line: LineId,
    },
    RestoreLine {
        cart: CartId,
        line: LineId,
    },
    DiscountLine {
        cart: CartId,
        line: LineId,
        discounts: Vec<GivenDiscount>,
    },
    DiscountCart {
        cart: CartId,
        discounts: Vec<GivenDiscount>,
    },
    SetPrice {
        cart: CartId,
        line: LineId,
        unit_price: UnitPrice,
        reason: String,
    },
    Reprice {
        cart: CartId,
        #[uniffi(default)]
        lines: Vec<LineId>,
    },
    SwitchTaxes {
        cart: CartId,
        #[uniffi(default)]
        mapping: Option<String>,
    },
    SetNote {
        cart: CartId,
        #[uniffi(default)]
        line: Option<LineId>,
        #[uniffi(default)]
        note: Option<String>,
    },
    Park {
        cart: CartId,
        #[uniffi(default)]
        name: Option<String>,
    },
    Resume {
        cart: CartId,
    },
    VoidCart {
        cart: CartId,
        #[uniffi(default)]
        reason: Option<String>,
    },
    Tender {
        cart: CartId,
        tender: TenderId,
        #[uniffi(default)]
        amount_minor: Option<i64>,
        #[uniffi(default)]
        given_minor: Option<i64>,
        #[uniffi(default)]
        reference: Option<String>,
    },
    ReversePayment {
        cart: CartId,
        payment: PaymentId,
    },
    CorrectTender {
        sale: SaleId,
        payment: PaymentId,
        tender: TenderId,
        reason: String,
    },
    OpenShift {
        #[uniffi(default)]
        cash_box: Option<CashBoxId>,
        #[uniffi(default)]
        float: CashCount,
    },
    PayIn {
        amount_minor: i64,
        reason: String,
        #[uniffi(default)]
        cash_box: Option<CashBoxId>,
    },
    PayOut {
        amount_minor: i64,
        reason: String,
        #[uniffi(default)]
        cash_box: Option<CashBoxId>,
    },
    SafeDrop {
        amount_minor: i64,
        #[uniffi(default)]
        cash_box: Option<CashBoxId>,
    },
    CloseShift {
        counted: CashCount,
        #[uniffi(default)]
        cash_box: Option<CashBoxId>,
        #[uniffi(default)]
        blind: bool,
        #[uniffi(default)]
        note: Option<String>,
    },
    MoveStock {
        movement: MovementKind,
        lines: Vec<MovementLine>,
        #[uniffi(default)]
        location: Option<LocationId>,
        #[uniffi(default)]
        reason: Option<String>,
    },
    CountStock {
        lines: Vec<CountLine>,
        #[uniffi(default)]
        location: Option<LocationId>,
    },
    Adjust {
        debit: Account,
        credit: Account,
        amount_minor: i64,
        approval: Option<Approval>,
    },
}

#[uniffi::remote(Record)]
pub struct Approval {
    pub by: String,
    pub reason: String,
}

#[uniffi::remote(Enum)]
pub enum Rejection {
    Unknown {
        field: String,
        value: String,
    },
    Closed {
        field: String,
        value: String,
    },
    Missing {
        field: String,
        why: String,
    },
    TooLong {
        field: String,
        limit: u32,
    },
    OutOfRange {
        field: String,
        value: String,
        allowed: String,
    },
    Taken {
        field: String,
        value: String,
        by: String,
    },
    NeedsApproval {
        act: String,
    },
    NotPermitted {
        act: String,
    },
    NotNow {
        field: String,
        why: String,
    },
    Unreadable {
        what: String,
    },
}

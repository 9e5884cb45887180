//! Payments and finished sales.

use super::*;

#[uniffi::remote(Enum)]
pub enum Account {
    CashBox(CashBoxId),
    Tender(TenderId),
    Safe,
    Sales(String),
    Tax(TaxId),
    Deposits,
    PartPayments,
    Rounding,
    OverShort,
    PaidIn(String),
    PaidOut(String),
    Receivable,
    BadDebt,
    Tips,
    GiftCards,
    StoreCredit,
}

#[uniffi::remote(Record)]
pub struct Posting {
    pub account: Account,
    pub amount_minor: i64,
}

#[uniffi::remote(Record)]
pub struct Payment {
    pub tender: TenderId,
    pub name: String,
    pub class: TenderClass,
    pub id: PaymentId,
    pub amount_minor: i64,
    pub rounding_minor: i64,
    pub given_minor: Option<i64>,
    pub change_minor: i64,
    pub reference: Option<String>,
    pub at_ms: i64,
    pub postings: Vec<Posting>,
    pub shift: ShiftId,
}

#[uniffi::remote(Enum)]
pub enum SaleKind {
    Sale,
    Refund,
    Exchange,
}

#[uniffi::remote(Record)]
pub struct ReceiptNumber {
    pub series: String,
    pub number: u64,
}

#[uniffi::remote(Record)]
pub struct SaleLine {
    pub goods: Goods,
    pub unit_price: UnitPrice,
    pub id: LineId,
    pub quantity: Quantity,
    pub extended_minor: i64,
    pub base_minor: i64,
    pub total_minor: i64,
    pub taxes: Vec<TaxAmount>,
    pub discount_minor: i64,
    pub parent: Option<LineId>,
    pub measure: Measure,
    pub weighing: Option<Weighing>,
    pub list_price: Option<UnitPrice>,
    pub price_reason: Option<String>,
    pub offers: Vec<AppliedOffer>,
    pub discounts: Vec<GivenDiscount>,
    pub note: Option<String>,
    pub returns: Option<Return>,
}

#[uniffi::remote(Record)]
pub struct Sale {
    pub id: SaleId,
    pub cart: CartId,
    pub number: ReceiptNumber,
    pub kind: SaleKind,
    pub at_ms: i64,
    pub utc_offset_minutes: i32,
    pub book: StreamId,
    pub till: String,
    pub who: Option<String>,
    pub location: LocationId,
    pub cash_box: CashBoxId,
    pub shift: ShiftId,
    pub currency: Currency,
    pub lines: Vec<SaleLine>,
    pub taxes: Vec<TaxTotal>,
    pub base_minor: i64,
    pub tax_minor: i64,
    pub total_minor: i64,
    pub rounding_minor: i64,
    pub payments: Vec<Payment>,
    pub discounts: Vec<GivenDiscount>,
    pub note: Option<String>,
    pub tax_mapping: Option<String>,
    pub perpetual_minor: i64,
    pub postings: Vec<Posting>,
    pub customer: Option<String>,
    pub cash_rounding: Option<CashRounding>,
}

#[uniffi::remote(Record)]
pub struct CashKey {
    pub given_minor: i64,
    pub back_minor: i64,
}

#[uniffi::remote(Record)]
pub struct CartSummary {
    pub cart: CartId,
    pub name: Option<String>,
    pub parked: bool,
    pub piece_count: u32,
    pub total_minor: i64,
    pub open_minor: i64,
    pub currency: Currency,
    pub opened_ms: i64,
}

#[uniffi::remote(Record)]
pub struct TenderKey {
    pub id: TenderId,
    pub name: String,
    pub class: TenderClass,
}

#[uniffi::remote(Record)]
pub struct ChargeView {
    pub cart: CartId,
    pub currency: Currency,
    pub piece_count: u32,
    pub total_minor: i64,
    pub paid_minor: i64,
    pub open_minor: i64,
    pub cash_due_minor: i64,
    pub cash_differs: bool,
    pub gives_back: bool,
    pub cash: Vec<CashKey>,
    pub exact_minor: i64,
    pub tenders: Vec<TenderKey>,
    pub payments: Vec<Payment>,
}

#[uniffi::remote(Record)]
pub struct CashGiven {
    pub given_minor: i64,
    pub back_minor: i64,
    pub left_minor: i64,
}

#[uniffi::remote(Record)]
pub struct Quote {
    pub quantity: Quantity,
    pub weighing: Option<Weighing>,
    pub unit_price: UnitPrice,
    pub total_minor: i64,
}

#[uniffi::remote(Record)]
pub struct PriceItem {
    pub item: ItemId,
    pub draft: Option<ItemDraft>,
}

#[uniffi::remote(Record)]
pub struct PaidWith {
    pub payment: PaymentId,
    pub tender: TenderId,
    pub name: String,
    pub amount_minor: i64,
}

#[uniffi::remote(Record)]
pub struct DoneView {
    pub sale: SaleId,
    pub number: String,
    pub kind: SaleKind,
    pub currency: Currency,
    pub total_minor: i64,
    pub given_minor: Option<i64>,
    pub change_minor: i64,
    pub tenders: Vec<PaidWith>,
    pub pieces: Vec<CashPieces>,
    pub at_ms: i64,
    pub can_correct: bool,
}

#[uniffi::remote(Record)]
pub struct SaleKey {
    pub at_ms: i64,
    pub id: SaleId,
}

#[uniffi::remote(Record)]
pub struct SaleRow {
    pub id: SaleId,
    pub number: String,
    pub at_ms: i64,
    pub kind: SaleKind,
    pub total_minor: i64,
    pub currency: Currency,
    pub tenders: String,
    pub first_item: String,
    pub item_count: u32,
    pub refunded: bool,
}

#[uniffi::remote(Record)]
pub struct SalePage {
    pub sales: Vec<SaleRow>,
    pub next: Option<SaleKey>,
}

#[uniffi::remote(Record)]
pub struct ReturnLine {
    pub line: u32,
    pub name: String,
    pub unit: Unit,
    pub sold: Quantity,
    pub left: Quantity,
    pub total_minor: i64,
}

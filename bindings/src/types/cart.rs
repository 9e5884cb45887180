//! Carts: lines, discounts, taxes, totals.

use super::*;

#[uniffi::remote(Record)]
pub struct GivenDiscount {
    pub discount: Discount,
    #[uniffi(default)]
    pub reason: Option<String>,
}

#[uniffi::remote(Record)]
pub struct AppliedOffer {
    pub offer: String,
    pub version: u32,
    pub amount_minor: i64,
}

#[uniffi::remote(Record)]
pub struct Weighing {
    pub gross: Quantity,
    pub tare: Quantity,
}

#[uniffi::remote(Enum)]
pub enum Measure {
    Quantity,
    Amount,
}

#[uniffi::remote(Record)]
pub struct FrozenAmounts {
    pub extended_minor: i64,
    pub base_minor: i64,
    pub total_minor: i64,
    pub taxes: Vec<TaxAmount>,
    pub discount_minor: i64,
}

#[uniffi::remote(Record)]
pub struct TaxAmount {
    pub tax: TaxId,
    pub base_minor: i64,
    pub amount_minor: i64,
    pub rate: Option<Rate>,
}

#[uniffi::remote(Record)]
pub struct Return {
    pub of: Option<ReturnOf>,
    pub resaleable: bool,
    pub reason: Option<String>,
    pub approval: Option<Approval>,
    pub frozen: Option<FrozenAmounts>,
}

#[uniffi::remote(Record)]
pub struct ReturnOf {
    pub sale: SaleId,
    pub line: LineId,
}

#[uniffi::remote(Record)]
pub struct Goods {
    pub item: ItemId,
    pub sku: String,
    pub name: String,
    pub kind: ItemKind,
    pub unit: Unit,
    pub price_per: Quantity,
    pub tracked: bool,
    pub category: String,
}

#[uniffi::remote(Enum)]
pub enum Discount {
    Percent(Rate),
    Amount(i64),
}

#[uniffi::remote(Record)]
pub struct LineTax {
    pub tax: TaxId,
    pub base_minor: i64,
    pub amount_minor: i64,
    pub rate: Option<Rate>,
}

#[uniffi::remote(Record)]
pub struct TaxTotal {
    pub tax: TaxId,
    pub name: String,
    pub group: String,
    pub class: TaxClass,
    pub rate: Option<Rate>,
    pub base_minor: i64,
    pub amount_minor: i64,
}

#[uniffi::remote(Record)]
pub struct Totals {
    pub base_minor: i64,
    pub tax_minor: i64,
    pub total_minor: i64,
    pub discount_minor: i64,
    pub paid_minor: i64,
    pub open_minor: i64,
}

#[uniffi::remote(Record)]
pub struct LineView {
    pub id: LineId,
    pub parent: Option<LineId>,
    pub item: ItemId,
    pub sku: String,
    pub name: String,
    pub kind: ItemKind,
    pub quantity: Quantity,
    pub unit: Unit,
    pub unit_price: UnitPrice,
    pub price_per: Quantity,
    pub list_price: Option<UnitPrice>,
    pub newer_price: Option<UnitPrice>,
    pub weighing: Option<Weighing>,
    pub derived: bool,
    pub extended_minor: i64,
    pub discount_minor: i64,
    pub base_minor: i64,
    pub tax_minor: i64,
    pub total_minor: i64,
    pub taxes: Vec<LineTax>,
    pub discounts: Vec<GivenDiscount>,
    pub price_reason: Option<String>,
    pub note: Option<String>,
    pub returned: bool,
    pub short_of: Option<Quantity>,
}

#[uniffi::remote(Record)]
pub struct CartView {
    pub cart: CartId,
    pub currency: Currency,
    pub name: Option<String>,
    pub parked: bool,
    pub tax_mapping: Option<String>,
    pub line_count: u32,
    pub first_line: u32,
    pub lines: Vec<LineView>,
    pub taxes: Vec<TaxTotal>,
    pub totals: Totals,
    pub cash_due_minor: i64,
    pub discounts: Vec<GivenDiscount>,
    pub payments: Vec<Payment>,
    pub note: Option<String>,
    pub piece_count: u32,
    pub last_line: Option<LineView>,
}

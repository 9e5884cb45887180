//! The shop's settings: taxes, tenders, places, roundings.

use super::*;

#[uniffi::remote(Enum)]
pub enum TenderClass {
    Cash,
    Custom,
}

#[uniffi::remote(Record)]
pub struct TenderKind {
    pub id: TenderId,
    pub name: String,
    pub class: TenderClass,
    #[uniffi(default)]
    pub archived: bool,
}

#[uniffi::remote(Record)]
pub struct Location {
    pub id: LocationId,
    pub name: String,
}

#[uniffi::remote(Record)]
pub struct CashBox {
    pub id: CashBoxId,
    pub name: String,
}

#[uniffi::remote(Record)]
pub struct TaxSwap {
    pub from: TaxId,
    pub to: Vec<TaxId>,
}

#[uniffi::remote(Record)]
pub struct TaxMapping {
    pub name: String,
    pub swaps: Vec<TaxSwap>,
}

#[uniffi::remote(Enum)]
pub enum Oversell {
    Warn,
    Ask,
    Refuse,
}

#[uniffi::remote(Record)]
pub struct Shop {
    pub name: String,
    pub country: String,
    pub currency: Currency,
    pub prices_include_tax: bool,
    pub tax_policy: TaxPolicy,
    pub rounding: Rounding,
    pub tax_rounding: Rounding,
    pub cash_rounding: Option<CashRounding>,
    pub denominations: Vec<i64>,
    pub utc_offset_minutes: i32,
    pub language: String,
    pub header: Vec<String>,
    pub footer: Vec<String>,
    pub deposit_returns: u32,
    pub oversell: Oversell,
    pub tax_mappings: Vec<TaxMapping>,
    pub embedded_rules: Vec<String>,
}

#[uniffi::remote(Enum)]
pub enum Rounding {
    HalfAwayFromZero,
    HalfToEven,
    HalfUp,
    HalfDown,
    Up,
    Down,
    Ceiling,
    Floor,
    Exact,
}

#[uniffi::remote(Enum)]
pub enum RefundRounding {
    Mirror,
    Exact,
}

#[uniffi::remote(Record)]
pub struct CashRounding {
    pub step_minor: i64,
    pub mode: Rounding,
    pub refunds: RefundRounding,
    pub never_to_zero: bool,
    pub allow_exact: bool,
    pub voluntary: bool,
}

#[uniffi::remote(Record)]
pub struct Tax {
    pub id: TaxId,
    pub name: String,
    pub kind: TaxKind,
    #[uniffi(default)]
    pub price_include: bool,
    #[uniffi(default)]
    pub include_base_amount: bool,
    #[uniffi(default = true)]
    pub is_base_affected: bool,
    #[uniffi(default)]
    pub sequence: i32,
    #[uniffi(default)]
    pub group: String,
    pub class: TaxClass,
}

#[uniffi::remote(Enum)]
pub enum TaxKind {
    Percent(Rate),
    Fixed(UnitPrice),
    Division(Rate),
    Group(Vec<Tax>),
}

#[uniffi::remote(Enum)]
pub enum TaxClass {
    Taxed,
    ZeroRated,
    Exempt,
    ReverseCharge,
    OutsideScope,
}

#[uniffi::remote(Enum)]
pub enum TaxPolicy {
    PerLine,
    PerDocument,
}

#[uniffi::remote(Record)]
pub struct Setup {
    pub name: String,
    pub country: String,
    #[uniffi(default)]
    pub currency: Option<String>,
    #[uniffi(default)]
    pub till: Option<String>,
    #[uniffi(default)]
    pub utc_offset_minutes: i32,
    #[uniffi(default)]
    pub language: Option<String>,
}

#[uniffi::remote(Enum)]
pub enum SavedWord {
    SavedHere,
}

#[uniffi::remote(Enum)]
pub enum StorageState {
    Well,
    NearlyFull,
    ReadOnly { why: String },
}

#[uniffi::remote(Record)]
pub struct StatusView {
    pub word: SavedWord,
    pub ops: u64,
    pub last_backup_ms: Option<i64>,
    pub storage: StorageState,
    pub shift_open: bool,
    pub carts_parked: u32,
    pub open_tasks: u32,
}

#[uniffi::remote(Record)]
pub struct ShopView {
    pub shop: Shop,
    pub till: String,
    pub location_id: LocationId,
    pub location: String,
    pub cash_box_id: CashBoxId,
    pub cash_box: String,
    pub country_name: String,
    pub organisation: String,
    pub app_version: String,
}

#[uniffi::remote(Record)]
pub struct TaskRow {
    pub no: i64,
    pub title: String,
    pub text: String,
}

//! Goods and stock.

use super::*;

#[uniffi::remote(Enum)]
pub enum ItemKind {
    Plain,
    Weighed,
    OpenPrice,
    Department,
    Deposit,
    GiftCard,
    Service,
}

#[uniffi::remote(Record)]
pub struct Extra {
    pub name: String,
    pub value: String,
}

#[uniffi::remote(Record)]
pub struct Face {
    #[uniffi(default)]
    pub sku: String,
    #[uniffi(default)]
    pub name: String,
    #[uniffi(default)]
    pub category: String,
    #[uniffi(default)]
    pub page: String,
    #[uniffi(default)]
    pub slot: u16,
    #[uniffi(default)]
    pub colour: String,
    #[uniffi(default)]
    pub emoji: String,
    #[uniffi(default)]
    pub icon: String,
    #[uniffi(default)]
    pub extras: Vec<Extra>,
}

#[uniffi::remote(Record)]
pub struct Price {
    pub unit_price: UnitPrice,
    pub currency: Currency,
    #[uniffi(default)]
    pub taxes: Vec<TaxId>,
}

#[uniffi::remote(Record)]
pub struct Trade {
    pub kind: ItemKind,
    pub unit: Unit,
    pub price_per: Quantity,
    #[uniffi(default)]
    pub deposits: Vec<ItemId>,
    #[uniffi(default)]
    pub tare: Option<Quantity>,
    #[uniffi(default)]
    pub min_age: Option<u8>,
    #[uniffi(default = true)]
    pub tracked: bool,
    #[uniffi(default)]
    pub low_at: Option<Quantity>,
    #[uniffi(default)]
    pub plu: String,
}

#[uniffi::remote(Record)]
pub struct ItemDraft {
    pub id: ItemId,
    #[uniffi(default)]
    pub face: Option<Face>,
    #[uniffi(default)]
    pub price: Option<Price>,
    #[uniffi(default)]
    pub trade: Option<Trade>,
    #[uniffi(default)]
    pub archived: Option<bool>,
    #[uniffi(default)]
    pub sold_out: Option<bool>,
    #[uniffi(default)]
    pub add_codes: Vec<String>,
    #[uniffi(default)]
    pub remove_codes: Vec<String>,
}

#[uniffi::remote(Enum)]
pub enum Unit {
    Each,
    Kilogram,
    Gram,
    Litre,
    Millilitre,
    Metre,
    Hour,
    Own(String),
}

#[uniffi::remote(Enum)]
pub enum MovementKind {
    Delivery,
    TransferOut,
    TransferIn,
    Waste,
    Correction,
}

#[uniffi::remote(Record)]
pub struct MovementLine {
    pub item: ItemRef,
    pub quantity: Quantity,
}

#[uniffi::remote(Record)]
pub struct CountLine {
    pub item: ItemRef,
    pub counted: Quantity,
}

#[uniffi::remote(Record)]
pub struct Tile {
    pub item: ItemId,
    pub no: i64,
    pub sku: String,
    pub name: String,
    pub kind: ItemKind,
    pub unit: Unit,
    pub unit_price: UnitPrice,
    pub price_minor: i64,
    pub price_per: Quantity,
    pub page: String,
    pub slot: u16,
    pub colour: String,
    pub emoji: String,
    pub icon: String,
    pub sold_out: bool,
    pub min_age: Option<u8>,
    pub tare: Option<Quantity>,
}

#[uniffi::remote(Record)]
pub struct ItemSheet {
    pub tile: Tile,
    pub face: Face,
    pub price: Price,
    pub trade: Trade,
    pub codes: Vec<String>,
    pub archived: bool,
    pub sold_out: bool,
    pub on_hand: Quantity,
}

#[uniffi::remote(Record)]
pub struct ItemCount {
    pub item: ItemId,
    pub quantity: Quantity,
    pub bubble: u32,
}

#[uniffi::remote(Record)]
pub struct StockRow {
    pub item: ItemId,
    pub no: i64,
    pub name: String,
    pub sku: String,
    pub unit: Unit,
    pub on_hand: Quantity,
    pub low: bool,
    pub sold_out: bool,
}

#[uniffi::remote(Record)]
pub struct StockPage {
    pub rows: Vec<StockRow>,
    pub next: Option<i64>,
}

#[uniffi::remote(Record)]
pub struct ImportProblem {
    pub line: u64,
    pub column: String,
    pub text: String,
}

#[uniffi::remote(Record)]
pub struct ImportReport {
    pub rows: u64,
    pub added: u64,
    pub changed: u64,
    pub unchanged: u64,
    pub problem_count: u64,
    pub problems: Vec<ImportProblem>,
    pub loaded: bool,
}

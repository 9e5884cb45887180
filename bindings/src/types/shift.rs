//! Shifts, cash and the day's figures.

use super::*;

#[uniffi::remote(Record)]
pub struct CashCount {
    #[uniffi(default)]
    pub amount_minor: Option<i64>,
    #[uniffi(default)]
    pub pieces: Vec<CashPieces>,
}

#[uniffi::remote(Record)]
pub struct CashPieces {
    pub value_minor: i64,
    pub count: u32,
}

#[uniffi::remote(Record)]
pub struct ShiftOpening {
    pub shift: ShiftId,
    pub cash_box: CashBoxId,
    pub currency: Currency,
    pub float_minor: i64,
    pub counted: CashCount,
    pub at_ms: i64,
    pub who: Option<String>,
    pub book: StreamId,
    pub first_seq: u64,
    pub by_itself: bool,
    pub postings: Vec<Posting>,
}

#[uniffi::remote(Record)]
pub struct TenderTotal {
    pub tender: TenderId,
    pub name: String,
    pub class: TenderClass,
    pub amount_minor: i64,
    pub count: u64,
}

#[uniffi::remote(Record)]
pub struct ShiftTotals {
    pub sales: u64,
    pub refunds: u64,
    pub sales_minor: i64,
    pub refunds_minor: i64,
    pub voids: u64,
    pub discounts_minor: i64,
    pub rounding_minor: i64,
    pub taxes: Vec<TaxTotal>,
    pub tenders: Vec<TenderTotal>,
    pub paid_in_minor: i64,
    pub paid_out_minor: i64,
    pub dropped_minor: i64,
    pub first_receipt: Option<ReceiptNumber>,
    pub last_receipt: Option<ReceiptNumber>,
    pub expected_minor: i64,
}

#[uniffi::remote(Record)]
pub struct ZReport {
    pub shift: ShiftId,
    pub cash_box: CashBoxId,
    pub number: u64,
    pub currency: Currency,
    pub opened_ms: i64,
    pub closed_ms: i64,
    pub float_minor: i64,
    pub totals: ShiftTotals,
    pub counted: CashCount,
    pub counted_minor: i64,
    pub difference_minor: i64,
    pub blind: bool,
    pub note: Option<String>,
    pub who: Option<String>,
    pub till: String,
    pub ranges: Vec<StreamRange>,
    pub open_carts: u64,
    pub postings: Vec<Posting>,
}

#[uniffi::remote(Record)]
pub struct StreamRange {
    pub stream: StreamId,
    pub first: u64,
    pub last: u64,
    pub hash: OpHash,
}

#[uniffi::remote(Record)]
pub struct CashSum {
    pub total_minor: i64,
    pub rows: Vec<i64>,
    pub expected_minor: Option<i64>,
    pub difference_minor: Option<i64>,
}

#[uniffi::remote(Record)]
pub struct TodayOpening {
    pub float_minor: Option<i64>,
    pub currency: Currency,
    pub last_float_minor: Option<i64>,
    pub last_counted_minor: Option<i64>,
    pub last_opened_ms: Option<i64>,
    pub shift_open: bool,
}

#[uniffi::remote(Record)]
pub struct DayRow {
    pub name: String,
    pub count: u32,
    pub amount_minor: i64,
    pub share_permille: u32,
}

#[uniffi::remote(Record)]
pub struct HourRow {
    pub hour: u8,
    pub amount_minor: i64,
    pub permille_of_best: u32,
    pub last_time_permille: u32,
}

#[uniffi::remote(Record)]
pub struct LastTime {
    pub day: i64,
    pub total_minor: i64,
    pub sales: u32,
    pub difference_minor: i64,
}

#[uniffi::remote(Record)]
pub struct DayReport {
    pub day: i64,
    pub currency: Currency,
    pub sales: u32,
    pub refunds: u32,
    pub total_minor: i64,
    pub tax_minor: i64,
    pub tenders: Vec<DayRow>,
    pub items: Vec<DayRow>,
    pub hours: Vec<HourRow>,
    pub best_hour: Option<u8>,
    pub last_time: Option<LastTime>,
}

#[uniffi::remote(Record)]
pub struct ClosingKey {
    pub opened_ms: i64,
    pub no: i64,
}

#[uniffi::remote(Record)]
pub struct ClosingRow {
    pub shift: ShiftId,
    pub number: u64,
    pub closed_ms: i64,
    pub currency: Currency,
    pub counted_minor: i64,
    pub difference_minor: i64,
}

#[uniffi::remote(Record)]
pub struct ClosingPage {
    pub closings: Vec<ClosingRow>,
    pub next: Option<ClosingKey>,
}

//! Restates the core's own types for UniFFI: same names, same fields, no conversion code.
//!
//! A list that differs from its type does not compile.

mod cart;
mod command;
mod goods;
mod numbers;
mod outcome;
mod sale;
mod shift;
mod shop;

pub use outcome::Progress;

pub(crate) use barrow_kernel::approval::Approval;
pub(crate) use barrow_kernel::cart::{
    AppliedOffer, FrozenAmounts, GivenDiscount, Goods, LineId, Measure, Return, ReturnOf, TaxAmount, Weighing,
};
pub(crate) use barrow_kernel::cash::{CashKey, CashRounding, RefundRounding};
pub(crate) use barrow_kernel::catalogue::{
    CashBox, Extra, Face, ItemDraft, ItemKind, Location, Oversell, Price, Shop, TaxMapping, TaxSwap,
    TenderClass, TenderKind, Trade,
};
pub(crate) use barrow_kernel::command::{Command, ItemRef, LineDraft, ReturnDraft};
pub(crate) use barrow_kernel::ledger::{Account, Posting};
pub(crate) use barrow_kernel::money::Currency;
pub(crate) use barrow_kernel::price::{Discount, LineTax, TaxTotal};
pub(crate) use barrow_kernel::quantity::{Quantity, Rate, Unit, UnitPrice};
pub(crate) use barrow_kernel::quote::Quote;
pub(crate) use barrow_kernel::rejection::Rejection;
pub(crate) use barrow_kernel::rounding::Rounding;
pub(crate) use barrow_kernel::sale::{ReceiptNumber, Sale, SaleKind, SaleLine};
pub(crate) use barrow_kernel::shift::{
    CashCount, CashPieces, ShiftOpening, ShiftTotals, TenderTotal, ZReport,
};
pub(crate) use barrow_kernel::stock::{CountLine, MovementKind, MovementLine};
pub(crate) use barrow_kernel::tax::{Tax, TaxClass, TaxKind, TaxPolicy};
pub(crate) use barrow_kernel::tender::Payment;
pub(crate) use barrow_kernel::view::{CartView, LineView, Totals};
pub(crate) use barrow_log::id::{
    CartId, CashBoxId, CommandId, ItemId, LocationId, PaymentId, SaleId, ShiftId, TaxId, TenderId,
};
pub(crate) use barrow_log::stream::{OpHash, StreamId, StreamRange};
pub(crate) use barrow_till::board::{Changes, Topic};
pub(crate) use barrow_till::closings::{ClosingKey, ClosingPage, ClosingRow};
pub(crate) use barrow_till::counter::{CartSummary, CashGiven, ChargeView, DoneView, PaidWith, TenderKey};
pub(crate) use barrow_till::day::{DayReport, DayRow, HourRow, LastTime};
pub(crate) use barrow_till::drawer::{CashSum, TodayOpening};
pub(crate) use barrow_till::goods::export::Rescued;
pub(crate) use barrow_till::goods::import::ImportReport;
pub(crate) use barrow_till::goods::sheet::Problem as ImportProblem;
pub(crate) use barrow_till::offer::PriceItem;
pub(crate) use barrow_till::outcome::{Outcome, ShiftView, View};
pub(crate) use barrow_till::safety::{BackupMade, VerifyReport};
pub(crate) use barrow_till::sales::{ReturnLine, SaleKey, SalePage, SaleRow};
pub(crate) use barrow_till::setup::Setup;
pub(crate) use barrow_till::status::{SavedWord, ShopView, StatusView, StorageState, TaskRow};
pub(crate) use barrow_till::tiles::{ItemCount, ItemSheet, StockPage, StockRow, Tile};

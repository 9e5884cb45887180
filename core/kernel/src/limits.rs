//! Every limit of the kernel, each with its reason. What is bounded can be tested at its bound.

/// Limits names of goods, people and places: the longest name a screen test draws.
pub const NAME_CHARS: u32 = 500;
/// Limits SKUs and barcodes: GS1 element strings in 2D codes rarely pass 300 characters.
pub const CODE_CHARS: u32 = 500;
/// Limits notes and reasons: half a page, so that an op stays small.
pub const NOTE_CHARS: u32 = 1_000;
/// Limits one amount to ten thousand thousand million minor units, so that sums of a year stay far inside an i64.
pub const AMOUNT_MINOR: i64 = 10_000_000_000_000;
/// Limits one posting to a thousand of the largest amounts: a thousand such ops still fit into an account's sum.
pub const POSTING_MINOR: u64 = 1_000 * AMOUNT_MINOR.unsigned_abs();
/// Limits running sums of many documents (perpetual total, shift figures): no event, whatever it claims, may push
/// one past what two of them can be added or subtracted in.
pub const SUM_MINOR: i64 = i64::MAX / 4;
/// Limits the events of one op, several times those of the busiest command: what is read of a stranger's op takes many
/// times its bytes in memory.
pub const EVENTS_PER_OP: u64 = 256;
/// Limits the lines of one command: the longest invoice of the real year has 1,114.
pub const LINES_PER_COMMAND: usize = 2_000;
/// Limits the lines of one cart, deposits and voided ones included.
pub const LINES_PER_CART: usize = 10_000;
/// Limits discounts on one line or cart.
pub const DISCOUNTS: usize = 8;
/// Limits the payments of one cart.
pub const PAYMENTS: usize = 100;
/// Limits the items of one catalogue op (sync.md: imports are ops of up to 500 items each).
pub const ITEMS_PER_COMMAND: usize = 500;
/// Limits the barcodes of one item.
pub const CODES_PER_ITEM: usize = 200;
/// Limits the taxes on one item.
pub const TAXES_PER_ITEM: usize = 16;
/// Limits the deposits that one item brings.
pub const DEPOSITS_PER_ITEM: usize = 8;
/// Limits the carried columns of one item.
pub const EXTRAS_PER_ITEM: usize = 64;
/// Limits the lines of one stock movement or count.
pub const STOCK_LINES: usize = 2_000;
/// Limits open carts on one till: beyond it something is wrong with the caller, not with the market.
pub const OPEN_CARTS: usize = 5_000;
/// Limits small lists of shop settings (tenders, mappings, receipt lines, denominations).
pub const SETTINGS: usize = 200;
/// Gives the number of lines on one page of a cart view.
pub const VIEW_LINES: usize = 100;

//! What selling means: cart, price, tax, tender, sale, shift, stock. Pure: no clock, no chance, no I/O, no async.

pub use barrow_log as log;

pub mod allocate;
pub mod barcode;
pub mod cash;
pub mod country;
pub mod money;
pub mod price;
pub mod quantity;
pub mod rounding;
pub mod tax;

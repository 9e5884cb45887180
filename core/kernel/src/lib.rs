//! What selling means: cart, price, tax, tender, sale, shift, stock. Pure: no clock, no chance, no I/O, no async.
//!
//! A command goes through [`decide::decide`] and comes out as events; [`state::apply`] folds events into what is
//! open; [`view::CartView`] shows it. Catalogue, stock and history are read through the traits of [`context`].

pub use barrow_log as log;

pub mod allocate;
pub mod approval;
pub mod barcode;
pub mod cart;
pub mod carting;
pub mod cash;
pub mod catalogue;
pub mod command;
pub mod context;
pub mod country;
pub mod decide;
pub mod event;
pub mod ledger;
pub mod limits;
pub mod money;
pub mod price;
pub mod quantity;
pub mod quote;
pub mod rejection;
pub mod rounding;
pub mod sale;
pub mod scan;
pub mod shift;
pub mod state;
pub mod stock;
pub mod tax;
pub mod tender;
pub mod view;

//! The rules of selling, each as a small story through the one door: command in, events out, state and view after.
//! The till of `common` checks sums, ledger, cash, numbering, encoding and reload after every step of each.

#[path = "../common/mod.rs"]
mod common;

mod cart;
mod catalogue;
mod goods;
mod refund;
mod scan;
mod shift;
mod tender;

//! Where tills meet: a hub keeps what they did, acknowledges it once it is durable, and passes it on.
//!
//! A [`hub::Hub`] has one shelf for each organisation behind the [`storage::Storage`] trait, one writer thread each
//! ([`keeper`]), and a session for each link. It decides nothing about selling: it folds as every device does.

mod await_list;
pub mod backup;
pub mod conformance;
pub mod http;
pub mod hub;
pub mod journal;
mod keeper;
pub mod limits;
pub mod report;
pub mod run;
pub mod sqlite;
pub mod storage;

//! Printers and readers reached by bytes.
//!
//! A [`BytePipe`](pipe::BytePipe) carries bytes to one printer and its answers back, and tells truthfully what left.
//! What the bytes mean is decided above. Pipes block the thread that calls them, at most for the patience they are
//! given: each printer has a thread of its own, so one that hangs delays nobody.

#[cfg(feature = "bluetooth")]
pub mod bluetooth;
#[cfg(any(test, feature = "testing"))]
pub mod conformance;
pub mod file;
pub mod lent;
pub mod pipe;
pub mod tcp;

//! What tests of other languages need.

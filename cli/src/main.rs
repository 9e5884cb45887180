//! The `barrow` command.
fn main() {}

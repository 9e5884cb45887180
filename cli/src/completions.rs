//! `barrow completions`: what a shell needs to complete the command.

use crate::Cli;
use crate::output::{Exit, Failure, unwritten};
use clap::CommandFactory;
use clap_complete::Shell;
use std::io::Write;

/// Write the completions of a shell, to be sourced by it
#[derive(clap::Args)]
pub struct Args {
    shell: Shell,
}

/// Writes the completions. They are gathered first, because the library panics when its reader goes away.
pub fn run(args: &Args) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "barrow", &mut script);
    std::io::stdout().write_all(&script).map_err(unwritten)?;
    Ok(Exit::Done)
}

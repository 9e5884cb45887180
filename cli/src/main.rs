//! The `barrow` command. This file is a list: each subcommand is a file of its own.

mod backup;
mod completions;
mod demo;
mod export;
mod folder;
mod hub;
mod import;
mod init;
mod lines;
mod output;
mod paper;
mod period;
mod place;
mod progress;
mod query;
mod quote;
mod receipt;
mod replay;
mod report;
mod scan;
mod search;
mod shop;
mod stock;
mod till;
mod verify;

use clap::{Parser, Subcommand};
use output::{Exit, Failure, Output};
use std::path::PathBuf;
use std::process::ExitCode;

/// A till that fits in a hand: sells, takes cash, counts stock and closes the day, with no network at all.
#[derive(Parser)]
#[command(name = "barrow", version, after_help = ENDS)]
pub struct Cli {
    /// Answer in JSON, errors too: {"error":{"code","field","message"}}
    #[arg(long, global = true)]
    json: bool,
    /// The folder of the shop [default: BARROW_FOLDER, else the user's data folder]
    #[arg(long, global = true, value_name = "DIR")]
    folder: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

const ENDS: &str = "\
Exit codes:
  0  done
  1  the input was refused; the message says what to mend
  2  the command line was not understood
  3  verify found a problem
  4  the store can't be reached, is damaged or is full
  5  what was asked for is not there";

#[derive(Subcommand)]
enum Command {
    Init(init::Args),
    Till(till::Args),
    Search(search::Args),
    Stock(stock::Args),
    Replay(replay::Args),
    Report(report::Args),
    Receipt(receipt::Args),
    Import(import::Args),
    Export(export::Args),
    Backup(backup::BackupArgs),
    Restore(backup::RestoreArgs),
    Verify(verify::Args),
    Demo(demo::Args),
    Quote(quote::Args),
    Scan(scan::Args),
    Hub(hub::Args),
    Completions(completions::Args),
}

/// What every subcommand is given.
pub struct Frame {
    /// Where answers go.
    pub output: Output,
    /// The folder of the shop, which need not exist yet.
    pub folder: PathBuf,
}

fn run(command: Command, frame: &Frame) -> Result<Exit, Failure> {
    match command {
        Command::Init(args) => init::run(&args, frame),
        Command::Till(args) => till::run(&args, frame),
        Command::Search(args) => search::run(&args, frame),
        Command::Stock(args) => stock::run(&args, frame),
        Command::Replay(args) => replay::run(&args, frame),
        Command::Report(args) => report::run(&args, frame),
        Command::Receipt(args) => receipt::run(&args, frame),
        Command::Import(args) => import::run(&args, frame),
        Command::Export(args) => export::run(&args, frame),
        Command::Backup(args) => backup::backup(&args, frame),
        Command::Restore(args) => backup::restore(&args, frame),
        Command::Verify(args) => verify::run(&args, frame),
        Command::Demo(args) => demo::run(&args, frame),
        Command::Quote(args) => quote::run(&args, frame),
        Command::Scan(args) => scan::run(&args, frame),
        Command::Hub(args) => hub::run(&args, frame),
        Command::Completions(args) => completions::run(&args),
    }
}

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(fault) => return misunderstood(&fault),
    };
    let frame = Frame {
        output: Output::new(cli.json),
        folder: folder::resolve(cli.folder),
    };
    run(cli.command, &frame)
        .unwrap_or_else(|failure| frame.output.failed(&failure))
        .into()
}

/// Ends a run whose command line was not understood, or only asked for help or the version.
fn misunderstood(fault: &clap::Error) -> ExitCode {
    let asks_json = std::env::args_os().any(|word| word == "--json");
    if fault.use_stderr() && asks_json {
        let text = fault.render().to_string();
        let first = text.lines().next().unwrap_or_default();
        let message = first.strip_prefix("error: ").unwrap_or(first);
        return Output::new(true)
            .failed(&Failure::new(Exit::Usage, message))
            .into();
    }
    // A closed terminal changes nothing about how the run ends.
    fault.print().unwrap_or_default();
    if fault.use_stderr() {
        Exit::Usage
    } else {
        Exit::Done
    }
    .into()
}

//! `barrow till`: sells. A person types goods; a machine sends one JSON request a line.

mod counter;
mod grammar;
mod machine;
mod near;
pub mod screen;
mod session;
mod undo;

use crate::Frame;
use crate::output::{self, Exit, Failure};
use crate::place;
use crate::shop::Shop;
use session::{Answer, Session};
use std::io::{BufRead, IsTerminal, Read};

/// Limits one typed line: nobody types more, and a wrong file on standard input must not fill the memory.
const LINE_BYTES: u64 = 64 << 10;

/// Sell: type goods at a terminal, or send one JSON request a line
#[derive(clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Args {
    #[command(subcommand)]
    action: Option<near::Action>,
    /// Read typed lines even when the input is not a terminal
    #[arg(long)]
    interactive: bool,
    #[command(flatten)]
    near: near::Near,
}

/// Runs the till until its input ends.
///
/// # Errors
/// When the shop can't be opened, or input and output break.
pub fn run(args: &Args, frame: &Frame) -> Result<Exit, Failure> {
    if let Some(action) = &args.action {
        return near::run(action, frame);
    }
    let shop = place::open(frame)?;
    // It works beside the commands until the till closes.
    let _net = args.near.start(&shop)?;
    let stdin = std::io::stdin();
    if args.interactive || (stdin.is_terminal() && !frame.output.is_json()) {
        interactive(&shop, stdin.lock())?;
    } else {
        machine::run(&shop, stdin.lock())?;
    }
    Ok(Exit::Done)
}

fn interactive(shop: &Shop, mut input: impl BufRead) -> Result<(), Failure> {
    let terminal = std::io::stdout().is_terminal();
    let mut session = Session::new(shop, terminal)?;
    output::print(&session.welcome()?)?;
    let mut bytes = Vec::new();
    loop {
        output::print(session.prompt())?;
        flush()?;
        bytes.clear();
        let unread = |fault: std::io::Error| Failure::invalid(format!("The input can't be read: {fault}."));
        let read = input
            .by_ref()
            .take(LINE_BYTES)
            .read_until(b'\n', &mut bytes)
            .map_err(unread)?;
        if read == 0 {
            return output::print("\n");
        }
        let line = String::from_utf8_lossy(&bytes);
        if !terminal {
            // What was typed stands in the record of a session that nobody watched.
            output::print(&format!("{}\n", output::shown(line.trim_end())))?;
        }
        match session.answer(&line) {
            Answer::Show(text) => output::print(&text)?,
            Answer::Bye(text) => return output::print(&text),
        }
    }
}

fn flush() -> Result<(), Failure> {
    use std::io::Write;
    std::io::stdout().flush().map_err(output::unwritten)
}

/// Says what a person sees when the till opens, for `barrow demo`.
///
/// # Errors
/// When the shop can't be read.
pub fn greet(shop: &Shop) -> Result<String, Failure> {
    Session::new(shop, false)?.welcome()
}

/// Plays lines as if a person typed them, and returns what the till showed, for `barrow demo`.
///
/// # Errors
/// When the shop can't be read.
pub fn play(shop: &Shop, lines: &[&str]) -> Result<String, Failure> {
    let mut session = Session::new(shop, false)?;
    let mut out = String::new();
    for line in lines {
        out.push_str(&format!("{}{line}\n", session.prompt()));
        let (Answer::Show(text) | Answer::Bye(text)) = session.answer(line);
        out.push_str(&text);
    }
    Ok(out)
}

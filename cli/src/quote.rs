//! `barrow quote`: what a cart costs, from nothing but the JSON it is given. It needs no shop.

mod answer;
mod basket;
mod request;
mod steps;
mod taxes;
mod value;

use crate::Frame;
use crate::lines::{Line, Lines, read_all};
use crate::output::{Exit, Failure, line, unwritten};
use answer::{Answer, Quote, Steps};
use request::{Document, VERSION};
use serde_json::Value;
use std::io::Write;
use std::path::PathBuf;

/// Longest document in bytes: a cart of the most lines there may be, with long names, is under half of it.
const MAX_DOCUMENT_BYTES: usize = 16 << 20;

/// Price a JSON basket: lines, discounts, taxes, totals and tender
///
/// The basket is one JSON document (docs/schema/quote-1.json). The answer is a table, or with --json one document
/// (docs/schema/quote-result-1.json).
#[derive(clap::Args)]
pub struct Args {
    /// The file to read, - for the standard input
    #[arg(value_name = "FILE", default_value = "-")]
    file: PathBuf,
    /// Read one document a line and write one JSON result a line, errors inside the result, exit code 0
    #[arg(long)]
    lines: bool,
}

/// An answer of either kind.
enum Priced {
    Quote(Box<Quote>),
    Steps(Steps),
}

/// Prices the file.
pub fn run(args: &Args, frame: &Frame) -> Result<Exit, Failure> {
    if args.lines {
        return each_line(args);
    }
    let bytes = read_all(&args.file, MAX_DOCUMENT_BYTES)?;
    let (id, priced) = price(&bytes);
    match priced {
        Ok(Priced::Quote(quote)) => {
            let answer = told(id.as_ref(), &*quote);
            frame.output.answer(&answer, || quote.text())?;
            Ok(Exit::Done)
        }
        Ok(Priced::Steps(steps)) => {
            line(&told(id.as_ref(), &steps))?;
            Ok(if steps.refused == 0 {
                Exit::Done
            } else {
                Exit::Invalid
            })
        }
        Err(failure) if frame.output.is_json() => {
            line(&refused(id.as_ref(), &failure))?;
            Ok(failure.exit())
        }
        Err(failure) => Err(failure),
    }
}

/// Reads one document and answers it.
fn price(bytes: &[u8]) -> (Option<Value>, Result<Priced, Failure>) {
    let (id, document) = request::read(bytes);
    let priced = document.and_then(|document| match document {
        Document::Basket(basket) => basket::quote(&basket).map(|quote| Priced::Quote(Box::new(quote))),
        Document::Arithmetic(asked) => steps::answer(&asked).map(Priced::Steps),
    });
    (id, priced)
}

fn told<'a, T: serde::Serialize>(id: Option<&'a Value>, result: &'a T) -> Answer<'a, T> {
    Answer {
        version: VERSION,
        id,
        result: Some(result),
        error: None,
    }
}

fn refused<'a>(id: Option<&'a Value>, failure: &'a Failure) -> Answer<'a, Steps> {
    Answer {
        version: VERSION,
        id,
        result: None,
        error: Some(failure.body()),
    }
}

/// Answers each line of the input with one line, in order, as soon as it is read.
fn each_line(args: &Args) -> Result<Exit, Failure> {
    let mut lines = Lines::open(&args.file, MAX_DOCUMENT_BYTES)?;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    while let Some(next) = lines.next()? {
        let (id, priced) = match next {
            Line::Whole(bytes) => price(bytes),
            Line::TooLong => {
                let message = format!("A line has at most {MAX_DOCUMENT_BYTES} bytes.");
                (None, Err(Failure::invalid(message)))
            }
        };
        let written = match &priced {
            Ok(Priced::Quote(quote)) => serde_json::to_writer(&mut out, &told(id.as_ref(), &**quote)),
            Ok(Priced::Steps(steps)) => serde_json::to_writer(&mut out, &told(id.as_ref(), steps)),
            Err(failure) => serde_json::to_writer(&mut out, &refused(id.as_ref(), failure)),
        };
        written
            .map_err(std::io::Error::from)
            .and_then(|()| out.write_all(b"\n"))
            // A program that waits for each answer before it asks again must not wait for ever.
            .and_then(|()| if lines.waits() { out.flush() } else { Ok(()) })
            .map_err(unwritten)?;
    }
    out.flush().map_err(unwritten)?;
    Ok(Exit::Done)
}

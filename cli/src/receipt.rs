//! `barrow receipt`: a receipt by its number, as text or HTML.

use crate::Frame;
use crate::output::{Exit, Failure};
use crate::paper;
use crate::place;
use barrow_kernel::sale::Sale;
use barrow_receipt::{MAX_WIDTH, MIN_WIDTH, to_html};
use serde::Serialize;

/// Show a receipt by its number
#[derive(clap::Args)]
pub struct Args {
    /// The number as on the receipt, like A-17; the last one when absent
    number: Option<String>,
    /// As a web page
    #[arg(long)]
    html: bool,
    /// Columns of the text: 42 fits 80 mm paper, 32 fits 58 mm
    #[arg(long, default_value_t = paper::WIDTH, value_parser = width)]
    width: usize,
    /// Mark it as a copy
    #[arg(long)]
    copy: bool,
}

fn width(text: &str) -> Result<usize, String> {
    let width = text
        .parse()
        .ok()
        .filter(|width| (MIN_WIDTH..=MAX_WIDTH).contains(width));
    width.ok_or_else(|| format!("{MIN_WIDTH} to {MAX_WIDTH} columns"))
}

/// A receipt for machines.
#[derive(Serialize)]
struct Answer<'a> {
    sale: &'a Sale,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    html: Option<String>,
}

/// Shows a receipt.
///
/// # Errors
/// When there is none.
pub fn run(args: &Args, frame: &Frame) -> Result<Exit, Failure> {
    let shop = place::open(frame)?;
    let sale = match &args.number {
        Some(number) => shop.sale_named(&number.to_uppercase())?,
        None => shop
            .last_sale()?
            .ok_or_else(|| Failure::new(Exit::NotFound, "Nothing was sold yet."))?,
    };
    let document = paper::receipt(&shop, &sale, args.copy)?;
    let drawn = if args.html {
        to_html(&document)
    } else {
        paper::text(&document, args.width)
    };
    let answer = Answer {
        sale: &sale,
        text: (!args.html).then(|| drawn.clone()),
        html: args.html.then(|| drawn.clone()),
    };
    frame.output.answer(&answer, || drawn.clone())?;
    Ok(Exit::Done)
}

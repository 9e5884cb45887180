//! `barrow demo`: a short market day on a fresh sample stall, played through the same till that people use.

use crate::Frame;
use crate::output::{Exit, Failure, print};
use crate::paper;
use crate::period::Period;
use crate::place;
use crate::report::{self, By};
use crate::shop::Shop;
use crate::stock;
use crate::till;
use crate::verify;
use barrow_kernel::command::Command;
use barrow_kernel::shift::CashCount;
use barrow_store::Options;
use barrow_till::Till;
use barrow_till::goods::sample;
use barrow_till::outcome::View;
use barrow_till::ports::Ports;
use serde::Serialize;
use std::path::{Path, PathBuf};

/// Play a short market day on a fresh sample stall
#[derive(clap::Args)]
pub struct Args {
    /// Keep it in this folder, which must not hold a shop [default: a temporary one, taken away at the end]
    #[arg(long, value_name = "DIR")]
    into: Option<PathBuf>,
}

/// What a customer does: a heading, and what is typed.
type Scene = (&'static str, &'static [&'static str]);

/// The day before the power goes.
const MORNING: &[Scene] = &[
    ("The stall opens with 100.00 in the tin.", &["open 100"]),
    (
        "Apples by a scale label, strawberries two for 8.00, juice with its deposit, honey for a regular.",
        &[
            "2801011012345",
            "2 FR-STRAWB",
            "off 1.00 2 two for 8.00",
            "DR-JUICEB",
            "LA-HONEY",
            "off 0.95 4 regular",
            "= 30",
        ],
    ),
    (
        "Two beers; three cups come back.",
        &["2 DR-PILS", "-3 DP-CUP", "= 10"],
    ),
    (
        "Cups only: money goes to the customer.",
        &["-4 DP-CUP", "= exact"],
    ),
    ("A tee and a bag, by card.", &["GI-TEE", "GI-TOTE", "= card"]),
    (
        "Olives and cheese by weight, ten by card and the rest in cash.",
        &["420g olives", "0.286*LA-CHEESE", "= card 10", "= 10"],
    ),
    (
        "Breakfast with ten percent off.",
        &["2 LA-CROISS", "LA-ROLL", "% 10", "= exact"],
    ),
    (
        "The next customer is still choosing.",
        &["LA-SOURDO", "2 DR-COFFEE"],
    ),
];

/// The day after it.
const AFTERNOON: &[Scene] = &[
    ("The customer has chosen.", &["= 20"]),
    (
        "A lemon too many: taken back before paying.",
        &["3 FR-LEMON", "q 1 2", "undo", "x 1", "undo", "= exact"],
    ),
    (
        "One box of strawberries was soft: half of that line comes back.",
        &["refund A-1 2 1", "= exact"],
    ),
    ("That card payment was cash after all.", &["fix A-4 cash"]),
    (
        "Pitch fee, a count, and two boxes for the compost.",
        &[
            "payout 15 pitch fee",
            "count LA-CROISS 66",
            "waste FR-STRAWB 2 mouldy",
        ],
    ),
];

/// Everything that the day comes to.
#[derive(Serialize)]
struct Day {
    #[serde(skip_serializing_if = "Option::is_none")]
    folder: Option<PathBuf>,
    played: String,
    receipt: String,
    stock: Vec<stock::Level>,
    takings: report::Report,
    z: String,
    difference_minor: i64,
    verify: verify::Report,
}

/// A folder that goes away with its owner.
struct Temporary(PathBuf);

impl Drop for Temporary {
    fn drop(&mut self) {
        // What can't be taken away lies in the system's folder for such things.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Plays the day.
///
/// # Errors
/// When the folder holds a shop or can't be written.
pub fn run(args: &Args, frame: &Frame) -> Result<Exit, Failure> {
    let temporary = match &args.into {
        Some(_) => None,
        None => Some(Temporary(temporary_folder()?)),
    };
    let folder = match (&args.into, &temporary) {
        (Some(folder), _) => folder.clone(),
        (None, Some(temporary)) => temporary.0.join("shop"),
        (None, None) => return Err(Failure::invalid("There is no folder to play in.")),
    };
    if place::holds_shop(&folder) {
        let message = format!(
            "There is a shop in {} already; nothing was changed. Name another folder.",
            folder.display()
        );
        return Err(Failure::invalid(message));
    }
    let keys = temporary
        .as_ref()
        .map_or_else(place::keys, |temporary| temporary.0.join("keys"));
    let say = |text: &str| {
        if frame.output.is_json() {
            Ok(())
        } else {
            print(text)
        }
    };
    let day = play(&folder, &keys, args.into.clone(), &say)?;
    let good = day.verify.good;
    frame.output.answer(&day, || closing(&day))?;
    Ok(if good { Exit::Done } else { Exit::Problem })
}

fn temporary_folder() -> Result<PathBuf, Failure> {
    let id = uuid_text(&place::id()?);
    let folder = std::env::temp_dir().join(format!("barrow-demo-{id}"));
    std::fs::create_dir(&folder).map_err(|fault| {
        Failure::new(
            Exit::Store,
            format!(
                "{} can't be made: {fault}. Name a folder: --into DIR",
                folder.display()
            ),
        )
    })?;
    Ok(folder)
}

fn uuid_text(bytes: &[u8; 16]) -> String {
    barrow_log::id::CommandId::from_bytes(*bytes).to_string()
}

fn play(
    folder: &Path,
    keys: &Path,
    keep: Option<PathBuf>,
    say: &dyn Fn(&str) -> Result<(), Failure>,
) -> Result<Day, Failure> {
    let till = Till::found(folder, &sample::setup(), Ports::system(keys), &Options::default());
    let shop = Shop::new(till.map_err(|fault| place::failure(&fault))?)?;
    let goods = sample::load(shop.till())?;
    let before = stock::levels(&shop)?;
    let mut played = String::new();
    let mut tell = |text: String| -> Result<(), Failure> {
        say(&text)?;
        played.push_str(&text);
        Ok(())
    };
    tell(format!("A market day at {}: {goods} goods.\n", sample::NAME))?;
    for (heading, lines) in MORNING {
        tell(scene(&shop, heading, lines)?)?;
    }
    drop(shop);
    let shop = place::open_at(folder, Ports::system(keys))?;
    tell(format!(
        "\n-- The till is switched off and on again.\n{}",
        till::greet(&shop)?
    ))?;
    for (heading, lines) in AFTERNOON {
        tell(scene(&shop, heading, lines)?)?;
    }
    finish(&shop, &before, keep, played)
}

fn scene(shop: &Shop, heading: &str, lines: &[&str]) -> Result<String, Failure> {
    Ok(format!("\n-- {heading}\n{}", till::play(shop, lines)?))
}

fn finish(
    shop: &Shop,
    before: &[stock::Level],
    keep: Option<PathBuf>,
    played: String,
) -> Result<Day, Failure> {
    let sale = shop.sale_named("A-1")?;
    let receipt = paper::text(&paper::receipt(shop, &sale, false)?, paper::WIDTH);
    let after = stock::levels(shop)?;
    let moved = after
        .into_iter()
        .zip(before)
        .filter(|(now, then)| now.on_hand != then.on_hand);
    let takings = report::build(shop, By::Item, &Period::default())?;
    let expected = shop.till().shift(None).map_err(|fault| place::failure(&fault))?;
    let expected = expected.map_or(0, |shift| shift.totals.expected_minor);
    let counted = CashCount::amount(expected);
    let close = Command::CloseShift {
        cash_box: None,
        counted,
        blind: false,
        note: None,
    };
    let View::Closed(z) = shop.send(close)?.view else {
        return Err(Failure::invalid("The shift did not close."));
    };
    Ok(Day {
        folder: keep,
        played,
        receipt,
        stock: moved.map(|(now, _)| now).collect(),
        takings,
        z: paper::text(&paper::z_report(shop, &z)?, paper::WIDTH),
        difference_minor: z.difference_minor,
        verify: verify::check(shop, true)?,
    })
}

/// Draws what the day comes to.
fn closing(day: &Day) -> String {
    let mut out = String::new();
    let mut part = |heading: &str, text: &str| out.push_str(&format!("\n== {heading} ==\n{text}"));
    part("Receipt A-1", &day.receipt);
    part("Stock of what moved", &stock::text(&day.stock, false));
    part("Takings", &report::text(&day.takings));
    part("Z report", &day.z);
    part("Verify", &verify::text(&day.verify));
    match &day.folder {
        Some(folder) => out.push_str(&format!(
            "\nThe shop is kept. Go on with: barrow --folder {} till\n",
            folder.display()
        )),
        None => out.push_str("\nThat was a demonstration; nothing of it is kept. Your own: barrow init\n"),
    }
    out
}

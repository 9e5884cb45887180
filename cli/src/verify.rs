//! `barrow verify`: checks every op, every signature, every sum. It changes nothing.

use crate::Frame;
use crate::output::{Exit, Failure, Side, Table};
use crate::place;
use crate::progress::Progress;
use crate::shop::Shop;
use barrow_store::verify::{self, Phase, VerifyOptions};
use serde::Serialize;

/// Shows at most this many problems to people; JSON has more.
const TOLD: usize = 20;

/// Check every op, every signature, every sum; changes nothing
#[derive(clap::Args)]
pub struct Args {
    /// Check every signature, not only the newest of each stream, which vouches for all before it
    #[arg(long)]
    all_signatures: bool,
}

/// What was checked and found.
#[derive(Debug, Serialize)]
pub struct Report {
    /// Tells that everything is as it must be.
    pub good: bool,
    /// Counts ops.
    pub ops: u64,
    /// Counts bodies.
    pub bodies: u64,
    /// Counts signatures.
    pub signatures: u64,
    /// Counts sales, refunds and exchanges.
    pub sales: u64,
    /// Counts rows of projections.
    pub rows: u64,
    /// Counts problems.
    pub problem_count: u64,
    /// Tells the first of them.
    pub problems: Vec<String>,
}

/// Verifies.
///
/// # Errors
/// When the shop can't be opened.
pub fn run(args: &Args, frame: &Frame) -> Result<Exit, Failure> {
    let shop = place::open(frame)?;
    let report = check(&shop, args.all_signatures)?;
    frame.output.answer(&report, || text(&report))?;
    Ok(if report.good { Exit::Done } else { Exit::Problem })
}

/// Checks a shop.
///
/// # Errors
/// When not even a beginning can be made.
pub fn check(shop: &Shop, every_signature: bool) -> Result<Report, Failure> {
    let options = VerifyOptions {
        every_signature,
        ..VerifyOptions::default()
    };
    let mut phase = Phase::Pages;
    let mut progress = Progress::new(name(phase), 0);
    let found = shop.query(|reader| {
        verify::verify(reader, &options, |at| {
            if at.phase != phase {
                phase = at.phase;
                progress = Progress::new(name(phase), 0);
            }
            progress.at(0, at.done);
        })
    })?;
    Ok(Report {
        good: found.is_good(),
        ops: found.ops,
        bodies: found.bodies,
        signatures: found.signatures,
        sales: found.sales,
        rows: found.rows,
        problem_count: found.problem_count,
        problems: found.problems.iter().map(ToString::to_string).collect(),
    })
}

fn name(phase: Phase) -> &'static str {
    match phase {
        Phase::Pages => "pages",
        Phase::Log => "chains and signatures",
        Phase::Content => "sums",
        Phase::Compare => "tables",
    }
}

/// Draws what was checked and found.
pub fn text(report: &Report) -> String {
    let mut table = Table::new(&[("Checked", Side::Left), ("", Side::Right)]);
    let rows = [
        ("ops, each chained to the one before", report.ops),
        ("bodies, each as its hash says", report.bodies),
        ("signatures", report.signatures),
        ("sales and refunds, added up anew", report.sales),
        ("rows of tables, against a full replay", report.rows),
    ];
    for (name, count) in rows {
        table.row([name.to_owned(), count.to_string()]);
    }
    let mut out = table.text();
    if report.good {
        return out + "Everything is as it must be.\n";
    }
    for problem in report.problems.iter().take(TOLD) {
        out.push_str(&format!("  {problem}\n"));
    }
    out + &format!(
        "{} problems. Make no more sales here. Take a backup of this folder, then restore the last good one.\n",
        report.problem_count
    )
}

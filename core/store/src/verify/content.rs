//! What ops say: the sums of every document, receipt numbers; and the replay of projections, which lets only those ops
//! count whose debits and credits agree and whose device had the rights.

use super::{Phase, Problem, Progress, Report, STEP, chain};
use crate::error::StoreError;
use crate::rebuild::{self, Replayed};
use barrow_kernel::event::Event;
use barrow_kernel::sale::Sale;
use barrow_kernel::state::SeriesCounter;
use barrow_log::stream::OpRef;
use rusqlite::Connection;
use std::collections::BTreeMap;

/// Checks every op's events and folds them into the target.
pub(super) fn check(
    source: &Connection,
    target: &Connection,
    report: &mut Report,
    progress: &mut impl FnMut(Progress),
) -> Result<(), StoreError> {
    let mut check = ContentCheck {
        conn: source,
        series: BTreeMap::new(),
        found: Vec::new(),
        sales: 0,
    };
    let (mut done, mut unread) = (0, Vec::new());
    // One transaction: the target has no journal, so this only saves work.
    target.execute_batch("BEGIN")?;
    rebuild::replay(
        source,
        target,
        |_, op| {
            check.op(op);
            done += 1;
            if done % STEP == 0 {
                progress(Progress {
                    phase: Phase::Content,
                    done,
                });
            }
        },
        |_, cause| unread.push(Problem::Unreadable { cause }),
    )?;
    target.execute_batch("COMMIT")?;
    report.sales += check.sales;
    for problem in check.found.into_iter().chain(unread) {
        report.add(problem);
    }
    Ok(())
}

struct ContentCheck<'a> {
    conn: &'a Connection,
    series: BTreeMap<String, SeriesCounter>,
    found: Vec<Problem>,
    sales: u64,
}

impl ContentCheck<'_> {
    fn op(&mut self, op: &Replayed<'_>) {
        let at = op.header.op();
        for event in op.events {
            match event {
                Event::SaleCompleted { sale } => self.sale(at, sale),
                Event::ShiftClosed { report } => {
                    for range in &report.ranges {
                        let last = OpRef {
                            stream: range.stream,
                            seq: range.last,
                        };
                        if !matches!(chain::is_held(self.conn, &last, &range.hash), Ok(true)) {
                            self.sums(at, format!("Z {} closes an op that is not held", report.number));
                        }
                    }
                }
                _ => {}
            }
        }
    }

    fn sums(&mut self, op: OpRef, what: String) {
        self.found.push(Problem::Sums { op, what });
    }

    /// Adds a document up again, and checks its place in its series.
    fn sale(&mut self, at: OpRef, sale: &Sale) {
        self.sales += 1;
        if let Some(what) = sale_fault(sale) {
            self.sums(at, format!("receipt {}: {what}", sale.number));
        }
        let counter = self.series.entry(sale.number.series.clone()).or_default();
        let before = *counter;
        *counter = SeriesCounter {
            last_number: sale.number.number,
            perpetual_minor: sale.perpetual_minor,
        };
        if before.last_number.checked_add(1) != Some(sale.number.number) {
            let what = format!("receipt {} follows number {}", sale.number, before.last_number);
            self.sums(at, what);
        }
        if before.perpetual_minor.checked_add(sale.total_minor) != Some(sale.perpetual_minor) {
            self.sums(
                at,
                format!("receipt {}: the perpetual total does not go on", sale.number),
            );
        }
    }
}

/// Says what in a document does not add up.
fn sale_fault(sale: &Sale) -> Option<&'static str> {
    let sum = |amounts: &mut dyn Iterator<Item = i64>| amounts.map(i128::from).sum::<i128>();
    let lines = |amount: fn(&barrow_kernel::sale::SaleLine) -> i64| sum(&mut sale.lines.iter().map(amount));
    if lines(|line| line.total_minor) != i128::from(sale.total_minor) {
        return Some("its lines do not sum to its total");
    }
    if lines(|line| line.base_minor) != i128::from(sale.base_minor) {
        return Some("the bases of its lines do not sum to its base");
    }
    if i128::from(sale.base_minor) + i128::from(sale.tax_minor) != i128::from(sale.total_minor) {
        return Some("base and tax do not sum to its total");
    }
    let taxes = sum(&mut sale
        .lines
        .iter()
        .flat_map(|line| &line.taxes)
        .map(|tax| tax.amount_minor));
    if taxes != i128::from(sale.tax_minor) {
        return Some("the taxes of its lines do not sum to its tax");
    }
    if sum(&mut sale.payments.iter().map(|payment| payment.amount_minor)) != i128::from(sale.total_minor) {
        return Some("its payments do not sum to its total");
    }
    None
}

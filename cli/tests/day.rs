//! The day as a screen shows it and the day as `barrow report` adds it up are one.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "common/stall.rs"]
mod stall;

use barrow_store::Options;
use barrow_till::Till;
use barrow_till::day::DayReport;
use barrow_till::ports::Ports;
use serde_json::Value;
use stall::Stall;

fn report(stall: &Stall, by: &str) -> Value {
    let told = stall.run(&["report", "--json", "--by", by]);
    told.ends(0, "").json()[0].clone()
}

fn screen(stall: &Stall) -> DayReport {
    let ports = Ports::system(&stall.root.path().join("keys"));
    let till = Till::open(&stall.folder(), ports, &Options::default()).unwrap();
    let newest = till.sales(None, 1).unwrap().sales[0].at_ms;
    // The sample stall keeps UTC, and the sales may stand on the far side of midnight.
    till.today(Some(newest.div_euclid(86_400_000))).unwrap()
}

#[test]
fn a_screen_and_the_report_add_up_the_same_day() {
    let stall = Stall::sample();
    stall
        .typed(&[
            "2801011012345",
            "2 FR-STRAWB",
            "off 1.00 2 two for 8.00",
            "DR-JUICEB",
            "= 30",
        ])
        .ends(0, "Paid.");
    stall.typed(&["2 DR-PILS", "-3 DP-CUP", "= 10"]).ends(0, "Paid.");
    stall.typed(&["420g olives", "= exact"]).ends(0, "Paid.");
    stall.typed(&["refund A-1", "= exact"]).ends(0, "back");
    let day = screen(&stall);
    assert_eq!(
        (u64::from(day.sales + day.refunds), day.refunds),
        (report(&stall, "day")["sales"].as_u64().unwrap(), 1)
    );
    assert_eq!(
        Some(day.total_minor),
        report(&stall, "day")["total_minor"].as_i64()
    );
    for (by, key, rows) in [("tender", "key", &day.tenders), ("item", "name", &day.items)] {
        let told = report(&stall, by);
        for row in rows {
            let same = told["rows"]
                .as_array()
                .unwrap()
                .iter()
                .find(|told| told[key] == row.name.as_str());
            assert_eq!(
                same.unwrap()["total_minor"].as_i64(),
                Some(row.amount_minor),
                "{by} {}",
                row.name
            );
        }
    }
    let tax: i64 = report(&stall, "day")["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["tax_minor"].as_i64().unwrap())
        .sum();
    assert_eq!(day.tax_minor, tax);
}

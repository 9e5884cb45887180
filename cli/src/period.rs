//! A span of days in the shop's time, as people name it.

use crate::output::Failure;
use crate::place;
use crate::shop::Shop;
use chrono::{DateTime, Days, NaiveDate};

/// Gives the milliseconds of a minute.
const MINUTE_MS: i64 = 60_000;

/// The days that a report or an export is about.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Period {
    /// The first day, like 2026-05-01, today or yesterday
    #[arg(long, value_name = "DAY")]
    pub from: Option<String>,
    /// The last day, the same way
    #[arg(long, value_name = "DAY")]
    pub to: Option<String>,
}

impl Period {
    /// The present day.
    pub fn today() -> Self {
        Self {
            from: Some("today".into()),
            to: Some("today".into()),
        }
    }

    /// Returns the span in milliseconds since 1970: from the first one, up to and without the second.
    ///
    /// # Errors
    /// When a day is not a date, or the last one is before the first.
    pub fn span(&self, shop: &Shop) -> Result<(i64, i64), Failure> {
        let offset = shop.settings()?.utc_offset_minutes;
        let start = |day: NaiveDate| {
            let midnight = day.and_hms_opt(0, 0, 0).unwrap_or_default();
            midnight.and_utc().timestamp_millis() - i64::from(offset) * MINUTE_MS
        };
        let from = self
            .from
            .as_deref()
            .map(|text| day("from", text, offset))
            .transpose()?;
        let to = self
            .to
            .as_deref()
            .map(|text| day("to", text, offset))
            .transpose()?;
        if let (Some(from), Some(to)) = (from, to)
            && to < from
        {
            return Err(Failure::field("to", format!("{to} is before {from}.")));
        }
        let end = to.and_then(|day| day.checked_add_days(Days::new(1)));
        Ok((from.map_or(i64::MIN, start), end.map_or(i64::MAX, start)))
    }
}

fn day(field: &str, text: &str, offset: i32) -> Result<NaiveDate, Failure> {
    let today = date_time(place::now_ms(), offset)
        .map(|time| time.date_naive())
        .unwrap_or_default();
    match text {
        "today" => Ok(today),
        "yesterday" => Ok(today.pred_opt().unwrap_or(today)),
        text => NaiveDate::parse_from_str(text, "%Y-%m-%d").map_err(|_| {
            Failure::field(
                field,
                format!("{text} is not a day: write it like 2026-05-01, or today."),
            )
        }),
    }
}

/// Returns a time as the shop's clock showed it.
pub fn date_time(at_ms: i64, offset_minutes: i32) -> Option<DateTime<chrono::Utc>> {
    DateTime::from_timestamp_millis(at_ms.checked_add(i64::from(offset_minutes) * MINUTE_MS)?)
}

/// Writes the day of a time: 2026-05-01.
pub fn date(at_ms: i64, offset_minutes: i32) -> String {
    date_time(at_ms, offset_minutes).map_or_else(String::new, |time| time.format("%Y-%m-%d").to_string())
}

/// Writes the time of day: 14:05:33.
pub fn time(at_ms: i64, offset_minutes: i32) -> String {
    date_time(at_ms, offset_minutes).map_or_else(String::new, |time| time.format("%H:%M:%S").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_the_shop() {
        // 2026-05-01 22:30 UTC is the second of May in Berlin.
        let at = 1_777_674_600_000;
        assert_eq!(date(at, 120), "2026-05-02");
        assert_eq!(time(at, 120), "00:30:00");
        assert_eq!(day("from", "2026-05-01", 0).unwrap().to_string(), "2026-05-01");
        assert!(
            day("from", "01.05.2026", 0)
                .unwrap_err()
                .sentence()
                .contains("2026-05-01")
        );
    }
}

//! A span of days in the shop's time, as people name it.

use crate::output::Failure;
use crate::place;
use crate::shop::Shop;
use barrow_till::shop_time;
use chrono::{Days, NaiveDate};

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
    let today = shop_time::date_time(place::now_ms(), offset)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_read_as_people_write_it() {
        assert_eq!(day("from", "2026-05-01", 0).unwrap().to_string(), "2026-05-01");
        assert!(
            day("from", "01.05.2026", 0)
                .unwrap_err()
                .sentence()
                .contains("2026-05-01")
        );
    }
}

//! Moments as the shop's clock shows them.

use chrono::{DateTime, Utc};

/// Gives the milliseconds of a minute.
const MINUTE_MS: i64 = 60_000;

/// Returns a time as the shop's clock showed it; `None` where no calendar reaches.
pub fn date_time(at_ms: i64, offset_minutes: i32) -> Option<DateTime<Utc>> {
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
    }
}

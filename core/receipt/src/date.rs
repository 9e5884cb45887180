//! The date and time of a document, in shop time.

/// Milliseconds of a minute.
const MINUTE_MS: i64 = 60_000;
/// Minutes of a day.
const DAY_MINUTES: i64 = 24 * 60;

/// Writes a moment as `2026-11-22 14:32` (ISO 8601: read the same in every country).
pub(crate) fn local_time(at_ms: i64, utc_offset_minutes: i32) -> String {
    let minutes = at_ms.div_euclid(MINUTE_MS) + i64::from(utc_offset_minutes);
    let (year, month, day) = civil(minutes.div_euclid(DAY_MINUTES));
    let minute = minutes.rem_euclid(DAY_MINUTES);
    format!(
        "{year:04}-{month:02}-{day:02} {:02}:{:02}",
        minute / 60,
        minute % 60
    )
}

/// Turns days since 1970-01-01 into year, month and day of the Gregorian calendar (the published "civil from days"
/// method: years begin in March, so that the leap day is a year's last).
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 {
        from_march + 3
    } else {
        from_march - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_moments() {
        assert_eq!(local_time(0, 0), "1970-01-01 00:00");
        assert_eq!(local_time(-1, 0), "1969-12-31 23:59");
        assert_eq!(local_time(951_782_399_999, 0), "2000-02-28 23:59");
        assert_eq!(local_time(951_782_400_000, 0), "2000-02-29 00:00");
        assert_eq!(
            local_time(4_107_542_400_000, 0),
            "2100-03-01 00:00",
            "2100 has no leap day"
        );
        assert_eq!(local_time(1_795_355_520_000, 60), "2026-11-22 14:52");
        assert_eq!(local_time(1_795_355_520_000, -14 * 60), "2026-11-21 23:52");
    }

    #[test]
    fn no_moment_is_too_far() {
        for at in [i64::MIN, i64::MAX] {
            for offset in [i32::MIN, i32::MAX] {
                assert!(!local_time(at, offset).is_empty());
            }
        }
    }
}

//! A point in time as it is printed. Which time zone that is, the caller knows.

/// Date and time of day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LocalTime {
    /// Year, all digits.
    pub year: i64,
    /// Month, 1 to 12.
    pub month: u8,
    /// Day, 1 to 31.
    pub day: u8,
    /// Hour, 0 to 23.
    pub hour: u8,
    /// Minute, 0 to 59.
    pub minute: u8,
    /// Second, 0 to 60.
    pub second: u8,
    /// Microseconds as the storage header has them, which may be nonsense.
    pub microseconds: i32,
}

impl LocalTime {
    /// The time in UTC, for seconds since 1970.
    pub fn utc(seconds: u32, microseconds: i32) -> Self {
        Self::of(seconds.into(), microseconds)
    }

    /// The time somewhere, for seconds that clocks there showed since 1970.
    pub fn of(seconds: i64, microseconds: i32) -> Self {
        let of_day = seconds.rem_euclid(86_400);
        let (year, month, day) = date_of(seconds.div_euclid(86_400));
        let two_digits = |number: i64| u8::try_from(number).unwrap_or(0);
        Self {
            year,
            month,
            day,
            hour: two_digits(of_day / 3600),
            minute: two_digits(of_day / 60 % 60),
            second: two_digits(of_day % 60),
            microseconds,
        }
    }
}

/// Year, month and day, for days since 1970. Howard Hinnant, "chrono-Compatible Low-Level Date
/// Algorithms", `civil_from_days`: years begin in March, so that the leap day is their last.
fn date_of(days: i64) -> (i64, u8, u8) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let small = |number| u8::try_from(number).unwrap_or(0);
    (year, small(month), small(day))
}

#[cfg(test)]
mod tests {
    use super::LocalTime;

    #[test]
    fn known_seconds_have_known_dates() {
        for (seconds, date) in [
            (0, (1970, 1, 1, 0, 0, 0)),
            (951_782_399, (2000, 2, 28, 23, 59, 59)),
            (951_782_400, (2000, 2, 29, 0, 0, 0)),
            (1_709_251_199, (2024, 2, 29, 23, 59, 59)),
            (u32::MAX, (2106, 2, 7, 6, 28, 15)),
        ] {
            let time = LocalTime::utc(seconds, 0);
            let read = (time.year, time.month, time.day, time.hour, time.minute, time.second);
            assert_eq!(read, date);
        }
    }
}

use std::str::FromStr;
use std::time::Duration;

use super::{Meaning, NotOfFormat};

/// A length of time: a sum of numbers with units, such as `1h30m`, `1.5s` or `-250ms`. The units are `h`, `m`, `s`, `ms`, `us`, `µs` and
/// `ns`; `0` needs none. What is finer than a nanosecond is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimeSpan {
    nanoseconds: i128,
}

impl TimeSpan {
    /// The length, unless it is negative or longer than 584 years.
    pub fn to_duration(self) -> Option<Duration> {
        u64::try_from(self.nanoseconds).ok().map(Duration::from_nanos)
    }
}

impl FromStr for TimeSpan {
    type Err = NotOfFormat;

    fn from_str(text: &str) -> Result<Self, NotOfFormat> {
        let (sign, rest) = match text.strip_prefix('-') {
            Some(rest) => (-1, rest),
            None => (1, text.strip_prefix('+').unwrap_or(text)),
        };
        nanoseconds(rest)
            .map(|nanoseconds| Self {
                nanoseconds: sign * nanoseconds,
            })
            .ok_or(NotOfFormat(
                "a length of time: numbers with units, such as `30s`, `10m` or `1h30m`",
            ))
    }
}

fn nanoseconds(text: &str) -> Option<i128> {
    if text == "0" {
        return Some(0);
    }
    if text.is_empty() {
        return None;
    }
    let mut rest = text;
    let mut total = 0_i128;
    while !rest.is_empty() {
        let number_ends = rest.find(|letter: char| !letter.is_ascii_digit() && letter != '.')?;
        let (number, after) = rest.split_at(number_ends);
        let unit_ends = after
            .find(|letter: char| letter.is_ascii_digit() || letter == '.')
            .unwrap_or(after.len());
        let (unit, after) = after.split_at(unit_ends);
        total = total.checked_add(part(number, unit_in_nanoseconds(unit)?)?)?;
        rest = after;
    }
    Some(total)
}

fn unit_in_nanoseconds(unit: &str) -> Option<i128> {
    Some(match unit {
        "h" => 3_600_000_000_000,
        "m" => 60_000_000_000,
        "s" => 1_000_000_000,
        "ms" => 1_000_000,
        "us" | "µs" | "μs" => 1_000,
        "ns" => 1,
        _ => return None,
    })
}

/// `None` if it is not a whole number of nanoseconds.
fn part(number: &str, unit: i128) -> Option<i128> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if whole.is_empty() && fraction.is_empty() || fraction.contains('.') {
        return None;
    }
    let whole: i128 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    let (mut numerator, mut denominator) = (0_i128, 1_i128);
    for digit in fraction.trim_end_matches('0').bytes() {
        numerator = numerator.checked_mul(10)?.checked_add(i128::from(digit - b'0'))?;
        denominator = denominator.checked_mul(10)?;
    }
    let parts = numerator.checked_mul(unit)?;
    if parts % denominator != 0 {
        return None;
    }
    whole.checked_mul(unit)?.checked_add(parts / denominator)
}

impl Meaning for TimeSpan {
    fn same(&self, other: &Self) -> bool {
        self == other
    }
}

/// A moment as RFC 3339 writes it: `2026-11-21T13:00:00Z` and `2026-11-21T14:00:00.000+01:00` are the same. Leap seconds are refused.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp {
    // The order of the fields is that of moments: digits without zeros at the end are in the order of the fractions that they spell.
    /// Since 1970, without leap seconds.
    seconds: i64,
    /// The digits after the second's point, without zeros at the end.
    fraction: String,
}

impl Timestamp {
    /// The moment so many seconds after the start of 1970, without leap seconds.
    pub const fn from_unix_seconds(seconds: i64) -> Self {
        Self {
            seconds,
            fraction: String::new(),
        }
    }
}

impl FromStr for Timestamp {
    type Err = NotOfFormat;

    fn from_str(text: &str) -> Result<Self, NotOfFormat> {
        timestamp(text).ok_or(NotOfFormat(
            "a time as RFC 3339 writes it, such as `2026-11-21T13:00:00Z` or `2026-11-21T14:00:00+01:00`",
        ))
    }
}

impl Meaning for Timestamp {
    fn same(&self, other: &Self) -> bool {
        self == other
    }
}

fn timestamp(text: &str) -> Option<Timestamp> {
    let mut rest = Rest(text);
    let year = rest.digits(4)?;
    rest.one_of(&['-'])?;
    let month = rest.digits(2)?;
    rest.one_of(&['-'])?;
    let day = rest.digits(2)?;
    rest.one_of(&['T', 't'])?;
    let hour = rest.digits(2)?;
    rest.one_of(&[':'])?;
    let minute = rest.digits(2)?;
    rest.one_of(&[':'])?;
    let second = rest.digits(2)?;
    let fraction = if rest.one_of(&['.']).is_some() {
        rest.some_digits()?.trim_end_matches('0').to_owned()
    } else {
        String::new()
    };
    let offset = match rest.one_of(&['Z', 'z', '+', '-'])? {
        sign @ ('+' | '-') => {
            let hours = rest.digits(2)?;
            rest.one_of(&[':'])?;
            let minutes = rest.digits(2)?;
            let seconds = (hours * 60 + minutes) * 60;
            (hours <= 23 && minutes <= 59).then_some(if sign == '-' { -seconds } else { seconds })?
        }
        _ => 0,
    };
    let in_calendar = (1..=12).contains(&month) && (1..=days_of(month, year)).contains(&day);
    if !in_calendar || hour > 23 || minute > 59 || second > 59 || !rest.0.is_empty() {
        return None;
    }
    Some(Timestamp {
        seconds: ((days_since_1970(year, month, day) * 24 + hour) * 60 + minute) * 60 + second - offset,
        fraction,
    })
}

struct Rest<'t>(&'t str);

impl<'t> Rest<'t> {
    fn digits(&mut self, count: usize) -> Option<i64> {
        let (digits, rest) = self.0.split_at_checked(count)?;
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        self.0 = rest;
        digits.parse().ok()
    }

    fn some_digits(&mut self) -> Option<&'t str> {
        let end = self
            .0
            .find(|letter: char| !letter.is_ascii_digit())
            .unwrap_or(self.0.len());
        let (digits, rest) = self.0.split_at_checked(end)?;
        self.0 = rest;
        (!digits.is_empty()).then_some(digits)
    }

    fn one_of(&mut self, letters: &[char]) -> Option<char> {
        let found = self.0.chars().next().filter(|letter| letters.contains(letter))?;
        self.0 = self.0.get(found.len_utf8()..)?;
        Some(found)
    }
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_of(month: i64, year: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days of the proleptic Gregorian calendar; negative before 1970.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    // Years that start in March have their leap day at the end.
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    // Months from March on have 31, 30, 31, 30, 31 days, twice over.
    365 * year + leap_days + (153 * month + 2) / 5 + day - 1 - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(text: &str) -> Option<i64> {
        text.parse::<Timestamp>().ok().map(|time| time.seconds)
    }

    #[test]
    fn moments_are_counted_from_1970() {
        for (text, expected) in [
            ("1970-01-01T00:00:00Z", 0),
            ("1970-01-01t01:00:00+01:00", 0),
            ("1969-12-31T23:59:59z", -1),
            ("2000-02-29T00:00:00Z", 951_782_400),
            ("2026-11-21T13:00:00Z", 1_795_266_000),
            ("0000-01-01T00:00:00Z", -62_167_219_200),
            ("9999-12-31T23:59:59-00:00", 253_402_300_799),
        ] {
            assert_eq!(seconds(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn moments_are_in_order() {
        let mut sorted: Vec<Timestamp> = [
            "2026-11-21T13:00:00.5Z",
            "2026-11-21T13:00:00.45Z",
            "2026-11-21T14:00:00.40+01:00",
            "2026-11-21T13:00:00Z",
            "2026-11-21T13:00:00.409Z",
            "1969-12-31T23:59:59Z",
        ]
        .iter()
        .map(|text| text.parse().unwrap())
        .collect();
        sorted.sort();
        let fractions: Vec<&str> = sorted.iter().map(|time| time.fraction.as_str()).collect();
        assert_eq!(fractions, ["", "", "4", "409", "45", "5"]);
        assert_eq!(sorted.first(), Some(&Timestamp::from_unix_seconds(-1)));
    }

    #[test]
    fn what_is_no_moment_is_refused() {
        for text in [
            "",
            "2026-11-21",
            "2026-11-21 13:00:00Z",
            "2026-11-21T13:00:00",
            "2026-13-01T00:00:00Z",
            "2026-00-01T00:00:00Z",
            "2026-02-29T00:00:00Z",
            "1900-02-29T00:00:00Z",
            "2026-11-31T00:00:00Z",
            "2026-11-21T24:00:00Z",
            "2026-11-21T13:60:00Z",
            "2026-12-31T23:59:60Z",
            "2026-11-21T13:00:00.Z",
            "2026-11-21T13:00:00+1:00",
            "2026-11-21T13:00:00+24:00",
            "2026-11-21T13:00:00ZZ",
            "+026-11-21T13:00:00Z",
            "२०२६-11-21T13:00:00Z",
        ] {
            assert_eq!(seconds(text), None, "{text}");
        }
    }

    #[test]
    fn lengths_of_time_are_exact() {
        let nanoseconds = |text: &str| text.parse::<TimeSpan>().ok().map(|span| span.nanoseconds);
        for (text, expected) in [
            ("1h0m0.25s", 3_600_250_000_000),
            ("-1.5h", -5_400_000_000_000),
            ("+.5us", 500),
            ("0", 0),
            ("-0", 0),
            ("0.0000000000025h", 9),
            ("0.100000000000000000000000000000000000000000s", 100_000_000),
        ] {
            assert_eq!(nanoseconds(text), Some(expected), "{text}");
        }
        for text in ["0.0000000000001h", "0.5ns", "1.0000000001s"] {
            assert_eq!(nanoseconds(text), None, "{text}");
        }
    }
}

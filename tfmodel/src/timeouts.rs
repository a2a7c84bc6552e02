//! How long operations may take, as users write it: `30s`, `10m`, `1h30m`.

use std::time::Duration;

use crate::model::Model;
use crate::value::Value;

/// Limits for the four operations. A resource that lacks one of them has a model of its own, of [`Timeout`]s.
#[derive(Clone, Debug, Default, PartialEq, Eq, Model)]
pub struct Timeouts {
    /// How long creation may take, such as `30s`, `10m` or `1h30m`.
    #[tf(optional)]
    pub create: Value<Timeout>,
    /// How long reading may take, such as `30s`, `10m` or `1h30m`.
    #[tf(optional)]
    pub read: Value<Timeout>,
    /// How long a change may take, such as `30s`, `10m` or `1h30m`.
    #[tf(optional)]
    pub update: Value<Timeout>,
    /// How long deletion may take, such as `30s`, `10m` or `1h30m`.
    #[tf(optional)]
    pub delete: Value<Timeout>,
}

/// A length of time as the user wrote it.
#[derive(Clone, Debug, PartialEq, Eq, Model)]
#[tf(validate(crate::validators::custom(is_duration)), equality = crate::equality::TextEquality(same_duration))]
pub struct Timeout(pub String);

impl Value<Timeout> {
    /// The length of time, or `default` where none is set. What does not parse never passed validation.
    pub fn or_default(&self, default: Duration) -> Duration {
        self.known()
            .and_then(|timeout| parse_duration(&timeout.0))
            .unwrap_or(default)
    }
}

/// Reads a sum of numbers with units: `1h30m`, `1.5s`, `250ms`. The units are `h`, `m`, `s`, `ms`, `us`, `µs` and `ns`; `0` needs none.
pub fn parse_duration(text: &str) -> Option<Duration> {
    if text == "0" {
        return Some(Duration::ZERO);
    }
    if text.is_empty() {
        return None;
    }
    let mut rest = text;
    let mut total = Duration::ZERO;
    while !rest.is_empty() {
        let number_ends = rest.find(|letter: char| !letter.is_ascii_digit() && letter != '.')?;
        let (number, after) = rest.split_at(number_ends);
        let unit_ends = after
            .find(|letter: char| letter.is_ascii_digit() || letter == '.')
            .unwrap_or(after.len());
        let (unit, after) = after.split_at(unit_ends);
        total = total.checked_add(part(number, nanoseconds(unit)?)?)?;
        rest = after;
    }
    Some(total)
}

fn nanoseconds(unit: &str) -> Option<u64> {
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

/// Exact for the whole part; a fraction is cut at nanoseconds.
fn part(number: &str, unit: u64) -> Option<Duration> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if whole.is_empty() && fraction.is_empty() || fraction.contains('.') {
        return None;
    }
    let whole: u64 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    let mut nanoseconds = whole.checked_mul(unit)?;
    let mut place = unit;
    for digit in fraction.bytes() {
        place /= 10;
        nanoseconds = nanoseconds.checked_add(u64::from(digit - b'0') * place)?;
    }
    Some(Duration::from_nanos(nanoseconds))
}

fn is_duration(timeout: String) -> Result<(), String> {
    match parse_duration(&timeout) {
        Some(duration) if !duration.is_zero() => Ok(()),
        Some(_) => Err("Nothing can be done in no time. Write a longer one.".to_owned()),
        None => Err("It has to be a length of time: numbers with units, such as `30s`, `10m` or `1h30m`.".to_owned()),
    }
}

fn same_duration(a: &str, b: &str) -> bool {
    match (parse_duration(a), parse_duration(b)) {
        (Some(a), Some(b)) => a == b,
        (Some(_) | None, _) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_sums_of_numbers_with_units() {
        for (text, milliseconds) in [
            ("30s", 30_000),
            ("10m", 600_000),
            ("1h30m", 5_400_000),
            ("1.5s", 1_500),
            (".5s", 500),
            ("250ms", 250),
            ("0", 0),
            ("1h0m0.25s", 3_600_250),
        ] {
            assert_eq!(
                parse_duration(text),
                Some(Duration::from_millis(milliseconds)),
                "{text}"
            );
        }
        assert_eq!(parse_duration("3µs"), Some(Duration::from_nanos(3_000)));
    }

    #[test]
    fn what_is_no_duration_is_refused() {
        for text in [
            "",
            "10",
            "m",
            "1d",
            "-1s",
            "1 s",
            "1..5s",
            ".s",
            "99999999999999999999h",
            "9999999h",
        ] {
            assert_eq!(parse_duration(text), None, "{text}");
        }
    }

    #[test]
    fn spelling_does_not_matter_and_a_default_fills_in() {
        let equality = Timeouts::schema()
            .block
            .attribute("create")
            .and_then(|create| create.behaviour.equality.clone());
        assert!(equality.is_some_and(|equality| equality.equal(&Value::string("90s"), &Value::string("1m30s"))));
        let default = Duration::from_secs(7);
        assert_eq!(Value::Null.or_default(default), default);
        assert_eq!(
            Value::Known(Timeout("2m".to_owned())).or_default(default),
            Duration::from_secs(120)
        );
    }
}

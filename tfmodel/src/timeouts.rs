//! How long operations may take, as users write it: `30s`, `10m`, `1h30m`.
//!
//! ```
//! use std::time::Duration;
//! use tfmodel::timeouts::{ReadTimeouts, Timeout, Timeouts};
//! use tfmodel::{Model, Value};
//!
//! /// A resource, with a block.
//! #[derive(Clone, Default, Model)]
//! struct Cluster {
//!     #[tf(block)]
//!     timeouts: Timeouts,
//! }
//!
//! /// A data source, with an attribute.
//! #[derive(Clone, Default, Model)]
//! struct Found {
//!     /// How long it may take.
//!     #[tf(optional)]
//!     timeouts: Option<ReadTimeouts>,
//! }
//!
//! /// A resource that only ever waits for its creation.
//! #[derive(Clone, Default, Model)]
//! struct CreateTimeouts {
//!     /// How long creation may take, such as `10m`.
//!     #[tf(optional)]
//!     create: Value<Timeout>,
//! }
//!
//! let ten = Duration::from_secs(600);
//! assert_eq!(Cluster::default().timeouts.create.or_default(ten), ten);
//! assert_eq!(Found::default().timeouts.unwrap_or_default().read.or_default(ten), ten);
//! ```

use std::time::Duration;

use crate::equality::{TimeSpan, by_meaning};
use crate::model::Model;
use crate::validators::custom;
use crate::value::Value;

/// Limits for the operations of a resource.
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

/// Limits for a data source.
#[derive(Clone, Debug, Default, PartialEq, Eq, Model)]
pub struct ReadTimeouts {
    /// How long reading may take, such as `30s`, `10m` or `1h30m`.
    #[tf(optional)]
    pub read: Value<Timeout>,
}

/// Limits for an ephemeral resource.
#[derive(Clone, Debug, Default, PartialEq, Eq, Model)]
pub struct OpenTimeouts {
    /// How long opening may take, such as `30s`, `10m` or `1h30m`.
    #[tf(optional)]
    pub open: Value<Timeout>,
}

/// Limits for a list resource.
#[derive(Clone, Debug, Default, PartialEq, Eq, Model)]
pub struct ListTimeouts {
    /// How long listing may take, such as `30s`, `10m` or `1h30m`.
    #[tf(optional)]
    pub list: Value<Timeout>,
}

/// Limits for an action.
#[derive(Clone, Debug, Default, PartialEq, Eq, Model)]
pub struct InvokeTimeouts {
    /// How long the action may take, such as `30s`, `10m` or `1h30m`.
    #[tf(optional)]
    pub invoke: Value<Timeout>,
}

/// A length of time as the user wrote it.
#[derive(Clone, Debug, PartialEq, Eq, Model)]
#[tf(validate(custom(is_duration)), equality = by_meaning::<TimeSpan>())]
pub struct Timeout(pub String);

impl Value<Timeout> {
    /// The length of time, or `default` where none is set. What does not parse never passed validation.
    pub fn or_default(&self, default: Duration) -> Duration {
        self.known()
            .and_then(|timeout| parse_duration(&timeout.0))
            .unwrap_or(default)
    }
}

/// Reads a [`TimeSpan`](crate::equality::TimeSpan) that is not negative: `1h30m`, `1.5s`, `250ms`.
pub fn parse_duration(text: &str) -> Option<Duration> {
    text.parse::<TimeSpan>().ok()?.to_duration()
}

fn is_duration(timeout: String) -> Result<(), String> {
    match parse_duration(&timeout) {
        Some(duration) if !duration.is_zero() => Ok(()),
        Some(_) => Err("Nothing can be done in no time. Write a longer one.".to_owned()),
        None => Err("It has to be a length of time: numbers with units, such as `30s`, `10m` or `1h30m`.".to_owned()),
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

    /// With an attribute instead of a block.
    #[derive(Clone, Default, Model)]
    struct Attribute {
        #[tf(optional)]
        timeouts: Option<Timeouts>,
    }

    #[test]
    fn every_kind_has_its_operations_and_both_forms_stand_in_a_schema() {
        let names = |schema: crate::Schema| -> Vec<String> {
            assert_eq!(schema.check(), []);
            schema
                .block
                .attributes
                .into_iter()
                .map(|attribute| attribute.name)
                .collect()
        };
        assert_eq!(names(Timeouts::schema()), ["create", "delete", "read", "update"]);
        assert_eq!(names(ReadTimeouts::schema()), ["read"]);
        assert_eq!(names(OpenTimeouts::schema()), ["open"]);
        assert_eq!(names(ListTimeouts::schema()), ["list"]);
        assert_eq!(names(InvokeTimeouts::schema()), ["invoke"]);
        assert_eq!(names(Attribute::schema()), ["timeouts"]);
        let given = Value::object([("timeouts", Value::object([("read", Value::string("1.5m"))]))]);
        let read = Attribute::from_value(&given, &crate::Path::root()).map(|it| it.timeouts.unwrap_or_default().read);
        assert_eq!(
            read.map(|read| read.or_default(Duration::ZERO)),
            Ok(Duration::from_secs(90))
        );
    }

    #[test]
    fn what_is_no_length_of_time_is_refused_in_a_configuration() {
        let refused = |text: &str| {
            let given = Value::object([("create", Value::string(text))]);
            crate::validate::config(&Timeouts::schema(), &given).has_errors()
        };
        assert!(!refused("30s") && !refused("1h0m0.5s"));
        for text in ["0", "0s", "-1s", "soon", "10"] {
            assert!(refused(text), "{text}");
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

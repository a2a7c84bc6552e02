use core::net::IpAddr;
use std::sync::Arc as Shared;

use proptest::prelude::*;

use super::*;
use crate::value::Datum;

fn same<M: Meaning>(a: &str, b: &str) -> bool {
    by_meaning::<M>().equal(&Value::string(a), &Value::string(b))
}

#[test]
fn json_is_compared_by_meaning() {
    assert!(same::<Json>(r#"{"a": 1.0, "b": ["x"]}"#, r#"{"b":["\u0078"],"a":1}"#));
    assert!(!same::<Json>(r#"["x", "y"]"#, r#"["y", "x"]"#));
    assert!(!same::<Json>(r#"{"a": null}"#, "{}"));
}

#[test]
fn what_is_ambiguous_or_of_no_format_is_the_same_as_itself_only() {
    for text in [r#"{"a": 1, "a": 2}"#, "not json"] {
        assert!(same::<Json>(text, text));
        assert!(!same::<Json>(text, &format!("{text} ")));
    }
    assert!(same::<Cidr>("everywhere", "everywhere"));
    assert!(!same::<Cidr>("everywhere", "Everywhere"));
}

#[test]
fn lengths_of_time_and_moments_are_compared_by_meaning() {
    assert!(same::<TimeSpan>("90m", "1h30m"));
    assert!(same::<TimeSpan>("-1.50s", "-1500ms"));
    assert!(!same::<TimeSpan>("1s", "1ms"));
    assert!(!same::<TimeSpan>("1h", "-1h"));
    assert!(same::<Timestamp>(
        "2026-11-21T13:00:00Z",
        "2026-11-21t14:00:00.000+01:00"
    ));
    assert!(same::<Timestamp>("2026-12-31T23:30:00-01:00", "2027-01-01T00:30:00Z"));
    assert!(!same::<Timestamp>("2026-11-21T13:00:00Z", "2026-11-21T13:00:00.001Z"));
    assert!(!same::<Timestamp>("2026-11-21T13:00:00Z", "2026-11-21T13:00:00+01:00"));
}

#[test]
fn addresses_are_compared_by_meaning() {
    assert!(same::<IpAddr>("2001:DB8::1", "2001:db8:0:0::1"));
    assert!(!same::<IpAddr>("::ffff:10.0.0.1", "10.0.0.1"));
    assert!(!same::<IpAddr>("010.0.0.1", "10.0.0.1"));
    assert!(same::<Cidr>("2001:DB8::/32", "2001:db8:0::/32"));
    for (a, b) in [
        ("10.0.0.0/8", "10.0.0.1/8"),
        ("10.0.0.0/8", "10.0.0.0/9"),
        ("10.0.0.0/8", "10.0.0.0/08"),
        ("10.0.0.0/8", "10.0.0.0/+8"),
        ("10.0.0.0/8", "10.0.0.0"),
    ] {
        assert!(!same::<Cidr>(a, b), "{a} {b}");
    }
    assert!("10.0.0.0/33".parse::<Cidr>().is_err() && "::/128".parse::<Cidr>().is_ok());
}

#[test]
fn arns_are_compared_by_meaning() {
    let role = "arn:aws:iam::111122223333:role/App";
    assert!(same::<Arn>(role, "ARN:aws:IAM::111122223333:role/App"));
    for other in [
        "arn:aws:iam::111122223333:role/app",
        "arn:aws-cn:iam::111122223333:role/App",
        "arn:aws:iam::111122223333:role/App:x",
        "arn:aws:iam:111122223333:role/App",
    ] {
        assert!(!same::<Arn>(role, other), "{other}");
    }
    assert!(same::<Arn>(
        "arn:aws:logs:EU-west-1:1:log-group:a:*",
        "arn:aws:logs:eu-west-1:1:log-group:a:*"
    ));
    for text in [
        "arn:aws:iam::1",
        "arn::iam::1:x",
        "arn:aws:::1:x",
        "arn:aws:iam::1:",
        "x:aws:iam::1:y",
    ] {
        assert!(text.parse::<Arn>().is_err(), "{text}");
    }
}

#[test]
fn elements_of_collections_are_compared_by_meaning() {
    let set = |texts: &[&str]| Value::Known(Datum::Set(texts.iter().map(|text| Value::string(*text)).collect()));
    let equality = ElementEquality(Shared::new(by_meaning::<Json>()));
    assert!(equality.equal(&set(&["[1]", "{}"]), &set(&["{ }", "[1.0]"])));
    assert!(!equality.equal(&set(&["[1]", "{}"]), &set(&["{ }", "{ }"])));
}

/// Texts of the formats in several spellings, texts that nearly are, and texts that are not.
fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "-?([0-9]{0,2}(\\.[05]{0,2})?(h|m|s|ms|ns)){1,3}",
        "(1999|2000)-(02|12)-(28|29|31)[Tt](00|23):(00|30):00(\\.0{0,2})?([Zz]|[+-](00|01|23):(00|30))",
        "(10|010)\\.0\\.0\\.[01](/[0-9]{1,2})?",
        "[aA]?:?:[0aA]{0,4}::?[01](/[0-9]{1,3})?",
        "[aA]rn:(aws|AWS|aws-cn):(iam|IAM):(eu|EU)?:1?:[rR]ole(/x)?",
        "[ ]?[\\[{]?(\"a\"|1|1\\.0|null)[:,]?[ ]?[12]?[\\]}]?",
    ]
}

fn laws<M: Meaning>(a: &str, b: &str, c: &str) -> Result<(), TestCaseError> {
    prop_assert!(same::<M>(a, a), "{a:?} is not the same as itself");
    prop_assert_eq!(same::<M>(a, b), same::<M>(b, a), "{:?} and {:?}", a, b);
    prop_assert!(
        !(same::<M>(a, b) && same::<M>(b, c)) || same::<M>(a, c),
        "{a:?}, {b:?} and {c:?}"
    );
    // Once kept, a spelling stays: what is read again is no change.
    let equality = by_meaning::<M>();
    let (prior, new) = (Value::string(a), Value::string(b));
    let kept = equality.respell(&prior, &new);
    prop_assert_eq!(equality.respell(&kept, &new), kept);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn meaning_is_an_equality_in_every_format(a in texts(), b in texts(), c in texts()) {
        laws::<Json>(&a, &b, &c)?;
        laws::<TimeSpan>(&a, &b, &c)?;
        laws::<Timestamp>(&a, &b, &c)?;
        laws::<IpAddr>(&a, &b, &c)?;
        laws::<Cidr>(&a, &b, &c)?;
        laws::<Arn>(&a, &b, &c)?;
    }

    #[test]
    fn a_length_of_time_is_the_sum_of_its_parts(hours in 0_u32..1000, minutes in 0_u32..1000, millis in 0_u32..1_000_000) {
        let total = (u64::from(hours) * 60 + u64::from(minutes)) * 60_000 + u64::from(millis);
        let parts = format!("{hours}h{minutes}m{millis}ms");
        let (whole, fraction) = (total / 1000, total % 1000);
        for text in [format!("{total}ms"), format!("{whole}.{fraction:03}s")] {
            prop_assert!(same::<TimeSpan>(&parts, &text), "{text}");
        }
    }

    #[test]
    fn an_offset_moves_the_clock_and_not_the_moment(minutes in 0_i64..1440, sign in prop_oneof![Just('+'), Just('-')]) {
        // Noon, so that the day changes for some offsets.
        let shift = if sign == '+' { minutes } else { -minutes };
        let local = 12 * 60 + shift;
        let (day, within) = (21 + local.div_euclid(1440), local.rem_euclid(1440));
        let text = format!(
            "2026-11-{day}T{:02}:{:02}:00{sign}{:02}:{:02}", within / 60, within % 60, minutes / 60, minutes % 60
        );
        prop_assert!(same::<Timestamp>(&text, "2026-11-21T12:00:00Z"), "{text}");
    }
}

use pod_identity_core::policy::{Operator, Quantifier, Test, TestKind};

#[test]
fn every_operator_of_iam_is_read_and_written_in_all_its_forms() {
    assert_eq!(Test::ALL.len(), 27);
    for test in Test::ALL {
        for (prefix, quantifier) in [
            ("", None),
            ("ForAllValues:", Some(Quantifier::All)),
            ("ForAnyValue:", Some(Quantifier::Any)),
        ] {
            let plain = format!("{prefix}{}", test.as_str());
            let read: Operator = plain.parse().unwrap();
            assert_eq!((read.quantifier, read.test, read.if_exists), (quantifier, *test, false));
            assert_eq!(read.to_string(), plain);
            let if_exists = format!("{plain}IfExists");
            assert_eq!(
                if_exists.parse::<Operator>().is_ok(),
                *test != Test::Null,
                "IfExists asks what Null asks: {if_exists}"
            );
            assert_eq!(plain.to_ascii_lowercase().parse::<Operator>(), Ok(read));
        }
    }
}

#[test]
fn what_iam_does_not_have_is_no_operator() {
    for text in [
        "",
        "IfExists",
        "StringEqual",
        "StringContains",
        "ForAllValues",
        "ForSomeValues:StringEquals",
        "StringEqualsIfExistsIfExists",
        "ForAnyValue:ForAllValues:StringEquals",
        "StringEquals ",
        "NullIfExists",
        "Ünïcödé",
    ] {
        assert!(text.parse::<Operator>().is_err(), "{text}");
    }
}

#[test]
fn an_operator_says_whether_a_missing_key_passes() {
    for (text, passes) in [
        ("StringEquals", false),
        ("StringEqualsIfExists", true),
        ("StringNotEquals", true),
        ("NotIpAddress", true),
        ("ForAllValues:StringEquals", true),
        ("ForAnyValue:StringEquals", false),
        ("ForAnyValue:StringNotEquals", false),
        ("ForAnyValue:StringEqualsIfExists", true),
        ("Null", false),
    ] {
        assert_eq!(text.parse::<Operator>().unwrap().passes_without_key(), passes, "{text}");
    }
    assert_eq!(Test::NotIpAddress.kind(), TestKind::IpAddress);
}

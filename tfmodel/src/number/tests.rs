use super::*;

fn number(text: &str) -> Number {
    text.parse().unwrap()
}

#[test]
fn spelling_does_not_matter() {
    for (a, b) in [
        ("1", "1.0"),
        ("10", "1e1"),
        ("0.5", "5e-1"),
        ("-0", "0"),
        ("1200", "12E+2"),
        ("007", "7"),
    ] {
        assert_eq!(number(a), number(b), "{a} and {b}");
    }
}

#[test]
fn text_is_plain_decimal() {
    for (from, to) in [
        ("1e3", "1000"),
        ("-12.50", "-12.5"),
        ("1e-3", "0.001"),
        ("0", "0"),
        ("18446744073709551616", "18446744073709551616"),
    ] {
        assert_eq!(number(from).to_string(), to);
    }
}

#[test]
fn order_is_by_value() {
    let sorted = ["-100", "-2", "-0.5", "0", "0.05", "0.5", "2", "10", "10.5", "1e20"];
    for pair in sorted.windows(2) {
        assert!(number(pair[0]) < number(pair[1]), "{pair:?}");
    }
    assert!(Number::NEGATIVE_INFINITY < number("-1e99") && number("1e99") < Number::INFINITY);
}

#[test]
fn integers_convert_at_their_limits() {
    assert_eq!(Number::from(i64::MIN).to_i64(), Some(i64::MIN));
    assert_eq!(number("9223372036854775808").to_i64(), None);
    assert_eq!(number("1.5").to_i64(), None);
    assert_eq!(Number::from(u64::MAX).to_u64(), Some(u64::MAX));
    assert_eq!(Number::from(1000_i64).to_i64(), Some(1000));
}

#[test]
fn doubles_round_trip() {
    for value in [0.1, -2.5e-7, 1e300, 123_456.789, f64::MAX, f64::MIN_POSITIVE] {
        assert_eq!(Number::from_f64(value).unwrap().to_f64(), value);
    }
    assert_eq!(Number::from_f64(f64::NAN), None);
}

#[test]
fn only_numbers_that_are_doubles_convert_exactly() {
    for text in ["0", "0.5", "-2.75", "1e22", "2251799813685248.5"] {
        assert!(number(text).to_exact_f64().is_some(), "{text}");
    }
    for text in [
        "0.1",
        "9007199254740993",
        "4503599627370496.5",
        "1e400",
        "1e-400",
        "0.30000000000000004",
    ] {
        assert_eq!(number(text).to_exact_f64(), None, "{text}");
    }
}

#[test]
fn every_digit_of_a_double_is_kept() {
    assert_eq!(
        Number::from_exact_f64(0.1).unwrap().to_string(),
        "0.1000000000000000055511151231257827021181583404541015625"
    );
    for value in [
        0.1,
        -2.5e-7,
        1e300,
        f64::MAX,
        f64::MIN_POSITIVE,
        5e-324,
        -0.0,
        f64::INFINITY,
    ] {
        assert_eq!(Number::from_exact_f64(value).unwrap().to_exact_f64(), Some(value));
    }
    assert_eq!(Number::from_exact_f64(f64::NAN), None);
}

#[test]
fn what_is_no_number_is_refused() {
    for text in ["", "-", ".5", "1.", "1e", "0x10", "1_000", "NaN", "1e999999999", "١"] {
        assert!(text.parse::<Number>().is_err(), "{text}");
    }
}

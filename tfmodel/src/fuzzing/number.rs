use std::cmp::Ordering;

use crate::number::Number;

/// Numbers in text, separated by spaces: what is printed is read back as the same number, and order and conversions agree with it.
pub(super) fn number(bytes: &[u8]) {
    if let Some(bits) = bytes.first_chunk() {
        double(f64::from_be_bytes(*bits));
    }
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let numbers: Vec<Number> = text.split(' ').filter_map(|text| text.parse().ok()).take(8).collect();
    for number in &numbers {
        alone(number);
        for other in &numbers {
            together(number, other);
        }
    }
}

fn alone(number: &Number) {
    assert_eq!(number.to_string().parse().as_ref(), Ok(number));
    if let Some(integer) = number.to_i64() {
        assert_eq!(Number::from(integer), *number);
        assert!(number.is_integer());
    }
    if let Some(integer) = number.to_u64() {
        assert_eq!(Number::from(integer), *number);
    }
    let nearest = number.to_f64();
    assert!(!nearest.is_nan());
    if let Some(exact) = number.to_exact_f64() {
        assert_eq!(Number::from_exact_f64(exact).as_ref(), Some(number));
        assert_eq!(exact, nearest);
    }
}

fn together(a: &Number, b: &Number) {
    let order = a.cmp(b);
    assert_eq!(order == Ordering::Equal, a == b);
    assert_eq!(order, b.cmp(a).reverse());
    // Rounding keeps the order, though not every difference.
    let rounded = a.to_f64().partial_cmp(&b.to_f64());
    assert!(rounded == Some(order) || rounded == Some(Ordering::Equal));
}

fn double(value: f64) {
    let Some(exact) = Number::from_exact_f64(value) else {
        assert!(value.is_nan());
        return;
    };
    assert_eq!(exact.to_exact_f64(), Some(value));
    assert_eq!(Number::from_f64(value).map(|shortest| shortest.to_f64()), Some(value));
}

use tfmodel::Number;
use tfmodel::equality::Timestamp;

/// A number as IAM describes them: an integer or a decimal.
pub(super) fn number(text: &str) -> Option<Number> {
    text.bytes()
        .all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'.'))
        .then(|| text.parse().ok())
        .flatten()
}

/// A moment, in a format of <https://www.w3.org/TR/NOTE-datetime> or in seconds since 1970.
///
/// Four digits could be both a year and seconds; AWS does not say which.
pub(super) fn moment(text: &str) -> Option<Timestamp> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return (digits.len() != 4)
            .then(|| text.parse().ok().map(Timestamp::from_unix_seconds))
            .flatten();
    }
    match text.len() {
        7 => format!("{text}-01T00:00:00Z"),
        10 => format!("{text}T00:00:00Z"),
        // Without seconds.
        _ => match text.split_at_checked(16) {
            Some((minutes, zone)) if !zone.starts_with(':') => format!("{minutes}:00{zone}"),
            _ => text.to_owned(),
        },
    }
    .parse()
    .ok()
}

/// Base64 without what fills it up: equal for equal bytes.
pub(super) fn base64(text: &str) -> Option<&str> {
    let bare = text.trim_end_matches('=');
    let value = |byte: u8| match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    };
    let last = bare.bytes().try_fold(0, |_, byte| value(byte))?;
    // Bits of the last letter that belong to no byte are zero, or two texts would mean the same bytes.
    let is_whole = match bare.len() % 4 {
        0 => true,
        2 => last & 0b1111 == 0,
        3 => last & 0b11 == 0,
        _ => false,
    };
    (is_whole && text.len().is_multiple_of(4)).then_some(bare)
}

/// `true` or `false`, as IAM spells them.
pub(super) fn boolean(text: &str) -> Option<bool> {
    match text {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

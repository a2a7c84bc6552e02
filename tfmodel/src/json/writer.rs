use std::fmt::Write as _;

/// Appends `text` as a JSON string, with its quotes.
pub fn write_string(out: &mut String, text: &str) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            control if control < ' ' => {
                // Writing to a string cannot fail.
                let _ = write!(out, "\\u{:04x}", u32::from(control));
            }
            other => out.push(other),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_back() {
        let text = "\u{0}\u{1f}\"\\/\n\r\t\u{7f}\u{2028}é🦀";
        let mut written = String::new();
        write_string(&mut written, text);
        assert_eq!(crate::json::parse(&written).unwrap().as_str(), Some(text));
        assert_eq!(serde_json::from_str::<String>(&written).unwrap(), text);
    }
}

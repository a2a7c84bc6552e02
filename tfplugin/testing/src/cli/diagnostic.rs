//! What a CLI says is wrong.

use std::fmt;

use serde_json::Value;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Severity {
    /// The command failed.
    Error,
    /// It went on.
    Warning,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Error => "Error",
            Self::Warning => "Warning",
        })
    }
}

/// One error or warning, as a CLI shows it to its user.
#[derive(Clone, Debug, PartialEq)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, in one line.
    pub summary: String,
    /// What was found and what to do; line breaks are spaces where a CLI has wrapped it.
    pub detail: String,
    /// The resource it is about.
    pub address: Option<String>,
    /// File and line.
    pub position: Option<(String, u64)>,
    /// The line of configuration that is shown.
    pub code: String,
    /// The part of the line that is underlined.
    pub underlined: String,
    /// The attribute or nested block of that part.
    pub attribute: Option<String>,
}

impl Diagnostic {
    /// Reads a diagnostic of `validate -json`, or of a line of another command with `-json`.
    pub(super) fn read(json: &Value) -> Option<Self> {
        let text = |pointer: &str| json.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
        let number = |pointer: &str| json.pointer(pointer).and_then(Value::as_u64);
        let severity = match text("/severity") {
            "error" => Severity::Error,
            "warning" => Severity::Warning,
            _ => return None,
        };
        let code = text("/snippet/code");
        let offset = |pointer: &str| number(pointer).and_then(|offset| usize::try_from(offset).ok());
        let (before, underlined) = match (
            offset("/snippet/highlight_start_offset"),
            offset("/snippet/highlight_end_offset"),
        ) {
            (Some(from), Some(to)) => (
                code.get(..from).unwrap_or_default(),
                code.get(from..to).unwrap_or_default(),
            ),
            _ => ("", ""),
        };
        let position = text("/range/filename");
        Some(Self {
            severity,
            summary: text("/summary").to_owned(),
            detail: text("/detail").to_owned(),
            address: json
                .get("address")
                .and_then(Value::as_str)
                .map(str::to_owned)
                .or_else(|| address(text("/snippet/context"))),
            position: number("/range/start/line").map(|line| (position.to_owned(), line)),
            code: code.to_owned(),
            underlined: underlined.to_owned(),
            attribute: attribute(before, underlined, text("/snippet/context")),
        })
    }

    /// Finds the diagnostics in what a command without `-json` has printed.
    pub(super) fn find(printed: &str) -> Vec<Self> {
        let mut found: Vec<Self> = Vec::new();
        let mut is_open = false;
        for line in printed.lines() {
            let text = line.trim_start_matches(['│', '╷', '╵']).trim();
            let head = [(Severity::Error, "Error: "), (Severity::Warning, "Warning: ")]
                .into_iter()
                .find_map(|(severity, mark)| Some((severity, text.strip_prefix(mark)?)));
            match (head, found.last_mut()) {
                (Some((severity, summary)), _) => {
                    is_open = true;
                    found.push(Self {
                        severity,
                        summary: summary.to_owned(),
                        detail: String::new(),
                        address: None,
                        position: None,
                        code: String::new(),
                        underlined: String::new(),
                        attribute: None,
                    });
                }
                (None, Some(last)) if is_open => {
                    is_open = !line.starts_with('╵');
                    if !text.is_empty() && !last.detail.is_empty() {
                        last.detail.push(' ');
                    }
                    last.detail.push_str(text);
                }
                _ => {}
            }
        }
        found
    }
}

/// The resource that a block's header declares: `resource "a" "b"` is `a.b`.
fn address(context: &str) -> Option<String> {
    let words: Vec<&str> = context.split_whitespace().map(|word| word.trim_matches('"')).collect();
    match words[..] {
        ["resource", kind, name] => Some(format!("{kind}.{name}")),
        ["data", kind, name] => Some(format!("data.{kind}.{name}")),
        ["ephemeral", kind, name] => Some(format!("ephemeral.{kind}.{name}")),
        _ => None,
    }
}

/// The attribute whose value is underlined, or the nested block whose header is.
fn attribute(before: &str, underlined: &str, context: &str) -> Option<String> {
    let line = before.rsplit('\n').next().unwrap_or_default().trim();
    let name = match line.strip_suffix(['=', ':']) {
        Some(name) => name.split_whitespace().next_back()?,
        // Of the block that the context names, the header itself is underlined.
        None if line.is_empty() && !context.starts_with(underlined.trim()) => underlined.split_whitespace().next()?,
        None => return None,
    };
    Some(name.trim_matches('"').to_owned())
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.severity, self.summary)?;
        if let Some((file, line)) = &self.position {
            write!(f, "\n  at {file} line {line}")?;
            if let Some(address) = &self.address {
                write!(f, ", in {address}")?;
            }
            write!(f, ": {}", self.code.trim())?;
            if !self.underlined.is_empty() && self.underlined.trim() != self.code.trim() {
                write!(f, " (underlined: `{}`)", self.underlined)?;
            }
        }
        if !self.detail.is_empty() {
            write!(f, "\n  {}", self.detail.replace('\n', "\n  "))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn shown(code: &str, underlined: &str, context: &str) -> Diagnostic {
        let from = code.find(underlined).unwrap();
        let json = json!({
            "severity": "error",
            "summary": "Wrong",
            "detail": "Very.",
            "range": { "filename": "main.tf", "start": { "line": 3 } },
            "snippet": {
                "code": code,
                "context": context,
                "highlight_start_offset": from,
                "highlight_end_offset": from + underlined.len(),
            },
        });
        Diagnostic::read(&json).unwrap()
    }

    #[test]
    fn an_underlined_value_belongs_to_its_attribute() {
        let value = shown("  name = \"bad\"", "\"bad\"", "resource \"a_b\" \"it\"");
        assert_eq!(value.attribute.as_deref(), Some("name"));
        assert_eq!(value.address.as_deref(), Some("a_b.it"));
        assert_eq!(
            value.to_string(),
            "Error: Wrong\n  at main.tf line 3, in a_b.it: name = \"bad\" (underlined: `\"bad\"`)\n  Very."
        );
    }

    #[test]
    fn an_underlined_header_is_a_nested_block_or_the_resource_itself() {
        let context = "resource \"a_b\" \"it\"";
        assert_eq!(
            shown("  timeouts {", "timeouts", context).attribute.as_deref(),
            Some("timeouts")
        );
        let whole = shown("resource \"a_b\" \"it\" {", context, context);
        assert_eq!(whole.attribute, None);
    }

    #[test]
    fn boxes_of_text_are_read_without_their_frames() {
        let printed = "\
noise
╷
│ Warning: Careful
│ 
│ It is
│ wrapped.
╵
╷
│ Error: Broken
╵
more noise
";
        let found = Diagnostic::find(printed);
        let [warning, error] = &found[..] else {
            panic!("{found:?}")
        };
        assert_eq!(
            (warning.severity, warning.detail.as_str()),
            (Severity::Warning, "It is wrapped.")
        );
        assert_eq!((error.summary.as_str(), error.detail.as_str()), ("Broken", ""));
    }
}

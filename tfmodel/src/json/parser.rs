use std::borrow::Cow;

use super::{Error, Kind, Member, Node, Problem, Span, line_and_column};

/// What the reader accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Deepest nesting of arrays and objects.
    pub depth: usize,
    /// Longest input, in bytes.
    pub bytes: usize,
}

impl Default for Limits {
    /// 128 levels, 256 MiB.
    fn default() -> Self {
        Self {
            depth: 128,
            bytes: 256 << 20,
        }
    }
}

/// A reader that can stop in the middle and go on later. It owns its text or borrows it, as the caller likes.
#[derive(Debug)]
pub struct Parser<'a> {
    text: Cow<'a, str>,
    position: usize,
    limits: Limits,
    open: Vec<Open>,
    state: State,
}

/// How far a [`Parser`] is.
#[derive(Debug)]
pub enum Progress {
    /// Call [`Parser::step`] again.
    Working,
    /// The whole input was read.
    Done(Node),
}

#[derive(Debug)]
enum Open {
    Array {
        start: usize,
        elements: Vec<Node>,
    },
    Object {
        start: usize,
        members: Vec<Member>,
        key: Option<(String, Span)>,
    },
}

#[derive(Debug)]
enum State {
    /// A value must follow.
    Value,
    /// A value or the end of the array must follow.
    FirstElement,
    /// A key must follow.
    Key,
    /// A key or the end of the object must follow.
    FirstKey,
    /// A comma or the end of the innermost array or object must follow.
    After,
    /// Nothing must follow.
    Complete(Option<Node>),
}

impl<'a> Parser<'a> {
    /// A reader at the start of `text`; a byte order mark is skipped.
    ///
    /// # Errors
    /// [`Problem::TooLong`].
    pub fn new(text: impl Into<Cow<'a, str>>, limits: Limits) -> Result<Self, Error> {
        let text = text.into();
        let position = if text.starts_with('\u{feff}') {
            '\u{feff}'.len_utf8()
        } else {
            0
        };
        let parser = Self {
            text,
            position,
            limits,
            open: Vec::new(),
            state: State::Value,
        };
        // Spans count bytes in 32 bits.
        let length = parser.text().len();
        if length > limits.bytes || u32::try_from(length).is_err() {
            return Err(parser.error(Problem::TooLong));
        }
        Ok(parser)
    }

    /// The whole input.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How many bytes have been read.
    pub fn position(&self) -> usize {
        self.position
    }

    /// Reads on until about `budget` more bytes are read or the input ends.
    ///
    /// # Errors
    /// See [`Problem`]. After an error, and after [`Progress::Done`], further calls fail with [`Problem::Empty`].
    pub fn step(&mut self, budget: usize) -> Result<Progress, Error> {
        let stop = self.position.saturating_add(budget);
        loop {
            self.skip_space();
            if let State::Complete(node) = &mut self.state {
                let Some(node) = node.take() else {
                    return Err(self.error(Problem::Empty));
                };
                return if self.position == self.text().len() {
                    Ok(Progress::Done(node))
                } else {
                    Err(self.error(Problem::Trailing))
                };
            }
            if let Err(error) = self.advance() {
                self.state = State::Complete(None);
                return Err(error);
            }
            if self.position >= stop && !matches!(self.state, State::Complete(_)) {
                return Ok(Progress::Working);
            }
        }
    }

    fn advance(&mut self) -> Result<(), Error> {
        match self.state {
            State::Value => self.value("a value"),
            State::FirstElement if self.peek() == Some(b']') => self.close(),
            State::FirstElement => self.value("a value or `]`"),
            State::FirstKey if self.peek() == Some(b'}') => self.close(),
            State::FirstKey => self.key("a key in double quotes or `}`"),
            State::Key => self.key("a key in double quotes"),
            State::After => self.after(),
            State::Complete(_) => Ok(()),
        }
    }

    fn value(&mut self, expected: &'static str) -> Result<(), Error> {
        let start = self.position;
        match self.peek() {
            None if self.open.is_empty() => Err(self.error(Problem::Empty)),
            None => Err(self.error(Problem::Truncated)),
            Some(b'[') => self.enter(
                Open::Array {
                    start,
                    elements: Vec::new(),
                },
                State::FirstElement,
            ),
            Some(b'{') => self.enter(
                Open::Object {
                    start,
                    members: Vec::new(),
                    key: None,
                },
                State::FirstKey,
            ),
            Some(b'"') => {
                let text = self.string()?;
                self.finish(start, Kind::String(text));
                Ok(())
            }
            Some(b'-' | b'0'..=b'9') => {
                let text = self.number()?;
                self.finish(start, Kind::Number(text));
                Ok(())
            }
            Some(_) => {
                for (word, kind) in [
                    ("null", Kind::Null),
                    ("true", Kind::Bool(true)),
                    ("false", Kind::Bool(false)),
                ] {
                    let rest = self.rest();
                    if rest.starts_with(word) {
                        self.position += word.len();
                        self.finish(start, kind);
                        return Ok(());
                    }
                    if word.starts_with(rest) {
                        return Err(self.error_at(self.text().len(), Problem::Truncated));
                    }
                }
                Err(self.error(Problem::Expected(expected)))
            }
        }
    }

    fn enter(&mut self, open: Open, state: State) -> Result<(), Error> {
        if self.open.len() >= self.limits.depth {
            return Err(self.error(Problem::TooDeep));
        }
        self.position += 1;
        self.open.push(open);
        self.state = state;
        Ok(())
    }

    fn key(&mut self, expected: &'static str) -> Result<(), Error> {
        match self.peek() {
            None => return Err(self.error(Problem::Truncated)),
            Some(b'"') => {}
            Some(_) => return Err(self.error(Problem::Expected(expected))),
        }
        let start = self.position;
        let text = self.string()?;
        let span = self.span(start);
        self.skip_space();
        match self.peek() {
            None => return Err(self.error(Problem::Truncated)),
            Some(b':') => self.position += 1,
            Some(_) => return Err(self.error(Problem::Expected("`:`"))),
        }
        if let Some(Open::Object { key, .. }) = self.open.last_mut() {
            *key = Some((text, span));
        }
        self.state = State::Value;
        Ok(())
    }

    fn after(&mut self) -> Result<(), Error> {
        let in_array = matches!(self.open.last(), Some(Open::Array { .. }));
        match self.peek() {
            None => Err(self.error(Problem::Truncated)),
            Some(b',') => {
                self.position += 1;
                self.state = if in_array { State::Value } else { State::Key };
                Ok(())
            }
            Some(b']') if in_array => self.close(),
            Some(b'}') if !in_array => self.close(),
            Some(_) => Err(self.error(Problem::Expected(if in_array { "`,` or `]`" } else { "`,` or `}`" }))),
        }
    }

    fn close(&mut self) -> Result<(), Error> {
        self.position += 1;
        match self.open.pop() {
            Some(Open::Array { start, elements }) => self.finish(start, Kind::Array(elements)),
            Some(Open::Object { start, members, .. }) => self.finish(start, Kind::Object(members)),
            None => return Err(self.error(Problem::Trailing)),
        }
        Ok(())
    }

    fn finish(&mut self, start: usize, kind: Kind) {
        let node = Node {
            span: self.span(start),
            kind,
        };
        self.state = State::After;
        match self.open.last_mut() {
            Some(Open::Array { elements, .. }) => elements.push(node),
            Some(Open::Object { members, key, .. }) => {
                if let Some((key, key_span)) = key.take() {
                    members.push(Member {
                        key,
                        key_span,
                        value: node,
                    });
                }
            }
            None => self.state = State::Complete(Some(node)),
        }
    }

    fn number(&mut self) -> Result<String, Error> {
        let start = self.position;
        if self.peek() == Some(b'-') {
            self.position += 1;
        }
        if self.peek() == Some(b'0') {
            self.position += 1;
        } else {
            self.digits(start)?;
        }
        if self.peek() == Some(b'.') {
            self.position += 1;
            self.digits(start)?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.position += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.position += 1;
            }
            self.digits(start)?;
        }
        if matches!(
            self.peek(),
            Some(b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'.' | b'_' | b'+' | b'-')
        ) {
            return Err(self.error_at(start, Problem::Number));
        }
        Ok(self.slice(start).to_owned())
    }

    fn digits(&mut self, start: usize) -> Result<(), Error> {
        match self.peek() {
            Some(b'0'..=b'9') => {}
            None => return Err(self.error(Problem::Truncated)),
            Some(_) => return Err(self.error_at(start, Problem::Number)),
        }
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.position += 1;
        }
        Ok(())
    }

    fn string(&mut self) -> Result<String, Error> {
        self.position += 1;
        let mut text = String::new();
        loop {
            let start = self.position;
            let rest = self.rest().as_bytes();
            let Some(plain) = rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f)) else {
                return Err(self.error_at(self.text().len(), Problem::Truncated));
            };
            self.position += plain;
            text.push_str(self.slice(start));
            match self.peek() {
                Some(b'"') => {
                    self.position += 1;
                    return Ok(text);
                }
                Some(b'\\') => text.push(self.escape()?),
                Some(_) | None => return Err(self.error(Problem::ControlCharacter)),
            }
        }
    }

    fn escape(&mut self) -> Result<char, Error> {
        let start = self.position;
        self.position += 1;
        let escaped = match self.peek() {
            None => return Err(self.error(Problem::Truncated)),
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                self.position += 1;
                return self.unicode(start);
            }
            Some(_) => return Err(self.error_at(start, Problem::Escape)),
        };
        self.position += 1;
        Ok(escaped)
    }

    fn unicode(&mut self, start: usize) -> Result<char, Error> {
        let first = self.hex4(start)?;
        if let Some(character) = char::from_u32(first) {
            return Ok(character);
        }
        let alone = |parser: &Self| parser.error_at(start, Problem::LoneSurrogate);
        if !(0xD800..0xDC00).contains(&first) || !self.rest().starts_with("\\u") {
            return Err(alone(self));
        }
        self.position += 2;
        let second = self.hex4(start)?;
        let Some(low) = second.checked_sub(0xDC00).filter(|low| *low < 0x400) else {
            return Err(alone(self));
        };
        char::from_u32(0x10000 + ((first - 0xD800) << 10) + low).ok_or_else(|| alone(self))
    }

    fn hex4(&mut self, start: usize) -> Result<u32, Error> {
        let Some(digits) = self.rest().as_bytes().first_chunk::<4>() else {
            return Err(self.error_at(self.text().len(), Problem::Truncated));
        };
        let mut code = 0;
        for digit in digits {
            let Some(value) = char::from(*digit).to_digit(16) else {
                return Err(self.error_at(start, Problem::Escape));
            };
            code = code * 16 + value;
        }
        self.position += 4;
        Ok(code)
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.position += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text().as_bytes().get(self.position).copied()
    }

    // INVARIANT: `position` only ever moves past whole characters.
    fn rest(&self) -> &str {
        self.text().get(self.position..).unwrap_or_default()
    }

    fn slice(&self, start: usize) -> &str {
        self.text().get(start..self.position).unwrap_or_default()
    }

    fn span(&self, start: usize) -> Span {
        Span {
            start: offset(start),
            end: offset(self.position),
        }
    }

    fn error(&self, problem: Problem) -> Error {
        self.error_at(self.position, problem)
    }

    fn error_at(&self, position: usize, problem: Problem) -> Error {
        let offset = offset(position);
        let (line, column) = line_and_column(self.text(), offset);
        Error {
            problem,
            offset,
            line,
            column,
        }
    }
}

// Longer inputs are refused by `Parser::new`.
fn offset(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::parse;

    fn problem(text: &str) -> (Problem, u32, u32) {
        let error = parse(text).unwrap_err();
        (error.problem, error.line, error.column)
    }

    #[test]
    fn a_document_keeps_order_places_and_number_text() {
        let text = " {\"a\": [1.50, -0, true, null], \"b\": \"x\\n\\u00e9\\ud83d\\ude00\"} ";
        let node = parse(text).unwrap();
        assert_eq!(
            node.span,
            Span {
                start: 1,
                end: u32::try_from(text.len() - 1).unwrap()
            }
        );
        let a = node.get("a").unwrap();
        assert_eq!(a.elements()[0].kind, Kind::Number("1.50".into()));
        assert_eq!(a.elements()[1].kind, Kind::Number("-0".into()));
        assert_eq!(node.get("b").unwrap().as_str(), Some("x\né😀"));
        let span = node.members()[1].key_span;
        assert_eq!(&text[span.start as usize..span.end as usize], "\"b\"");
    }

    #[test]
    fn repeated_keys_are_kept_and_the_last_one_counts() {
        let node = parse(r#"{"a": 1, "b": {"c": 1, "c": 2}, "a": 3}"#).unwrap();
        assert_eq!(node.get("a").unwrap().kind, Kind::Number("3".into()));
        let repeated: Vec<&str> = node.repeated_keys().iter().map(|member| member.key.as_str()).collect();
        assert_eq!(repeated, ["c", "a"]);
    }

    #[test]
    fn errors_say_what_and_where() {
        for (text, expected) in [
            ("", (Problem::Empty, 1, 1)),
            ("  \n ", (Problem::Empty, 2, 2)),
            ("{\"a\": [1, 2", (Problem::Truncated, 1, 12)),
            ("{\"a\": tru", (Problem::Truncated, 1, 10)),
            ("\"é", (Problem::Truncated, 1, 3)),
            ("{\"a\" 1}", (Problem::Expected("`:`"), 1, 6)),
            ("{a: 1}", (Problem::Expected("a key in double quotes or `}`"), 1, 2)),
            ("[1,]", (Problem::Expected("a value"), 1, 4)),
            ("[1 2]", (Problem::Expected("`,` or `]`"), 1, 4)),
            ("{\"a\": 1]", (Problem::Expected("`,` or `}`"), 1, 8)),
            ("1 2", (Problem::Trailing, 1, 3)),
            ("[\n  01]", (Problem::Number, 2, 3)),
            ("-", (Problem::Truncated, 1, 2)),
            ("1.x", (Problem::Number, 1, 1)),
            ("\"a\nb\"", (Problem::ControlCharacter, 1, 3)),
            ("\"\\x\"", (Problem::Escape, 1, 2)),
            ("\"\\ud800\"", (Problem::LoneSurrogate, 1, 2)),
            ("\"\\udc00\\ud800\"", (Problem::LoneSurrogate, 1, 2)),
            ("nope", (Problem::Expected("a value"), 1, 1)),
        ] {
            assert_eq!(problem(text), expected, "{text:?}");
        }
    }

    #[test]
    fn a_byte_order_mark_is_skipped() {
        assert_eq!(parse("\u{feff}null").unwrap().kind, Kind::Null);
    }

    #[test]
    fn limits_hold() {
        let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
        assert_eq!(problem(&deep).0, Problem::TooDeep);
        let error = Parser::new(
            "[1, 2, 3]",
            Limits {
                bytes: 4,
                ..Limits::default()
            },
        )
        .unwrap_err();
        assert_eq!(error.problem, Problem::TooLong);
    }

    #[test]
    fn reading_in_slices_gives_the_same_value() {
        let text = r#"{"a": [1, 2, {"b": "c"}], "d": null, "e": [[], {}]}"#;
        let whole = parse(text).unwrap();
        for budget in 1..20 {
            let mut parser = Parser::new(text, Limits::default()).unwrap();
            let mut steps = 0;
            let node = loop {
                steps += 1;
                if let Progress::Done(node) = parser.step(budget).unwrap() {
                    break node;
                }
            };
            assert_eq!(node, whole);
            assert!(steps > 1);
        }
    }
}

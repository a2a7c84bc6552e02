use crate::json::{self, Error, Kind, Limits, Node, Parser, Progress, write_string};

/// Read in slices, a text gives the same value or error as at once, in so many steps that its length bounds them. Places lie inside each
/// other, and what is written reads back.
pub(super) fn json(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let whole = json::parse(text);
    let budgets = [1, 1 + usize::from(bytes.first().copied().unwrap_or_default())];
    for budget in budgets {
        assert_eq!(in_slices(text, budget), whole);
    }
    match whole {
        Ok(node) => {
            places(&node, text);
            let mut written = String::new();
            write(&mut written, &node);
            assert!(json::parse(&written).is_ok_and(|again| same(&again, &node)));
        }
        Err(error) => {
            assert!(error.offset as usize <= text.len());
            assert!(error.line >= 1 && error.column >= 1 && !error.to_string().is_empty());
        }
    }
}

fn in_slices(text: &str, budget: usize) -> Result<Node, Error> {
    let mut parser = Parser::new(text, Limits::default())?;
    for _ in 0..=text.len() {
        if let Progress::Done(node) = parser.step(budget)? {
            return Ok(node);
        }
    }
    panic!("more steps than bytes");
}

fn places(node: &Node, text: &str) {
    let (start, end) = (node.span.start as usize, node.span.end as usize);
    let own = text.get(start..end);
    assert!(own.is_some_and(|own| !own.is_empty()));
    if let Kind::Number(number) = &node.kind {
        assert_eq!(own, Some(number.as_str()));
    }
    let mut last = node.span.start;
    for child in node
        .elements()
        .iter()
        .chain(node.members().iter().map(|member| &member.value))
    {
        assert!(last < child.span.start && child.span.end < node.span.end);
        last = child.span.end;
        places(child, text);
    }
    for member in node.members() {
        assert!(member.key_span.end < member.value.span.start);
    }
}

fn write(out: &mut String, node: &Node) {
    match &node.kind {
        Kind::Null => out.push_str("null"),
        Kind::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Kind::Number(text) => out.push_str(text),
        Kind::String(text) => write_string(out, text),
        Kind::Array(elements) => {
            out.push('[');
            for (position, element) in elements.iter().enumerate() {
                out.push_str(if position > 0 { "," } else { "" });
                write(out, element);
            }
            out.push(']');
        }
        Kind::Object(members) => {
            out.push('{');
            for (position, member) in members.iter().enumerate() {
                out.push_str(if position > 0 { "," } else { "" });
                write_string(out, &member.key);
                out.push(':');
                write(out, &member.value);
            }
            out.push('}');
        }
    }
}

/// Whether two values are the same wherever they stand.
fn same(a: &Node, b: &Node) -> bool {
    match (&a.kind, &b.kind) {
        (Kind::Array(a), Kind::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Kind::Object(a), Kind::Object(b)) => {
            let pairs = || a.iter().zip(b);
            a.len() == b.len() && pairs().all(|(a, b)| a.key == b.key && same(&a.value, &b.value))
        }
        (a, b) => a == b,
    }
}

//! What doc comments say.

use syn::{Attribute, Expr, ExprLit, Lit, Meta};

/// The first sentence of the doc comment, as Markdown.
pub(crate) fn first_sentence(attributes: &[Attribute]) -> String {
    let mut paragraph = String::new();
    for line in attributes.iter().filter_map(doc_line) {
        let line = line.trim().to_owned();
        if line.is_empty() {
            if paragraph.is_empty() {
                continue;
            }
            break;
        }
        if !paragraph.is_empty() {
            paragraph.push(' ');
        }
        paragraph.push_str(&line);
    }
    paragraph.truncate(sentence_end(&paragraph));
    without_rust_links(&paragraph)
}

/// Where the first sentence ends. Marks in code and after abbreviations end nothing.
fn sentence_end(text: &str) -> usize {
    let mut in_code = false;
    for (position, letter) in text.char_indices() {
        if letter == '`' {
            in_code = !in_code;
        }
        let end = position + letter.len_utf8();
        let (before, after) = text.split_at(end);
        let ends = after.is_empty() || after.strip_prefix(' ').is_some_and(starts_sentence);
        if !in_code && matches!(letter, '.' | '!' | '?') && ends && !ends_in_abbreviation(before) {
            return end;
        }
    }
    text.len()
}

fn starts_sentence(text: &str) -> bool {
    text.chars()
        .next()
        .is_some_and(|first| first.is_uppercase() || matches!(first, '`' | '['))
}

fn ends_in_abbreviation(text: &str) -> bool {
    let word = text
        .rsplit(|letter: char| letter.is_whitespace() || letter == '(')
        .next();
    word.is_some_and(|word| ["e.g.", "i.e.", "cf.", "vs."].contains(&word))
}

/// The same Markdown, without links to Rust items: they mean nothing to readers of a schema. Other links stay.
fn without_rust_links(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, link)) = rest.split_once('[') {
        plain.push_str(before);
        rest = match link.split_once(']') {
            Some((label, after)) => match target(after) {
                Some((target, after)) if is_rust_path(target) => {
                    plain.push_str(label);
                    after
                }
                None if label.len() > 2 && label.starts_with('`') && label.ends_with('`') => {
                    plain.push_str(label);
                    after
                }
                Some(_) | None => {
                    plain.push('[');
                    link
                }
            },
            None => {
                plain.push('[');
                link
            }
        };
    }
    plain.push_str(rest);
    plain
}

/// Where a link leads to, and what comes after it.
fn target(after_label: &str) -> Option<(&str, &str)> {
    let target = |open, close| after_label.strip_prefix(open)?.split_once::<char>(close);
    target('(', ')').or_else(|| target('[', ']'))
}

fn is_rust_path(target: &str) -> bool {
    !target.is_empty()
        && target
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '_' | ':' | '`'))
}

fn doc_line(attribute: &Attribute) -> Option<String> {
    match &attribute.meta {
        Meta::NameValue(meta) if meta.path.is_ident("doc") => match &meta.value {
            Expr::Lit(ExprLit {
                lit: Lit::Str(text), ..
            }) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}

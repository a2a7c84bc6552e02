//! What doc comments say.

use syn::{Attribute, Expr, ExprLit, Lit, Meta};

/// The first paragraph of the doc comment, as Markdown.
pub(crate) fn first_paragraph(attributes: &[Attribute]) -> String {
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
    without_rust_links(&paragraph)
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

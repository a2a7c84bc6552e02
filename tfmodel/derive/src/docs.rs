//! What doc comments say.

use syn::{Attribute, Expr, ExprLit, Lit, Meta};

/// The first sentence of the doc comment, as plain text.
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
    let end = paragraph
        .match_indices(['.', '!', '?'])
        .map(|(position, mark)| position + mark.len())
        .find(|end| {
            let rest = paragraph.get(*end..).unwrap_or_default();
            rest.is_empty() || rest.strip_prefix(' ').is_some_and(starts_sentence)
        })
        .unwrap_or(paragraph.len());
    paragraph.truncate(end);
    // A link to a Rust item means nothing to readers of a schema.
    paragraph.replace("[`", "`").replace("`]", "`")
}

fn starts_sentence(text: &str) -> bool {
    text.chars()
        .next()
        .is_some_and(|first| first.is_uppercase() || first == '`')
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

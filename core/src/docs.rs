//! The pages of the documentation that the engine writes from its own tables.

use crate::{advice, evaluate, findings};

/// Every page: its place in the repository, and its text in Markdown.
pub fn pages() -> Vec<(String, String)> {
    let mut pages = vec![
        ("docs/guides/which-mechanism.md".to_owned(), advice::page()),
        ("docs/guides/request-context.md".to_owned(), evaluate::pod::page()),
        ("docs/findings/README.md".to_owned(), findings::index()),
    ];
    for (rule, about) in findings::documented() {
        pages.push((format!("docs/findings/{}.md", rule.slug), findings::page(rule, about)));
    }
    pages
}

//! Text for people who read a terminal: the same every time, and near to what Terraform prints.

use std::fmt::Write as _;

use crate::binding::Step;
use crate::policy::{Document, DocumentDiff, Mark, StatementChange, sentence};

/// Steps, numbered, with what takes each back.
pub fn steps(steps: &[Step]) -> String {
    let mut text = String::new();
    for (position, step) in steps.iter().enumerate() {
        _ = writeln!(text, "{:>3}. {step}", position + 1);
        if let Some(undo) = &step.undo {
            _ = writeln!(text, "     To take it back: {undo}.");
        }
    }
    text
}

/// A trust policy: each statement in a sentence, then the document.
pub fn trust_policy(document: &Document) -> String {
    let mut text = String::new();
    for statement in &document.statements {
        _ = writeln!(text, "  - {}", sentence(statement));
    }
    for line in document.render().lines() {
        _ = writeln!(text, "    {line}");
    }
    text
}

/// What changes in a policy. Every statement is told; those that change are shown whole.
pub fn policy_diff(diff: &DocumentDiff) -> String {
    let mut text = String::new();
    if let Some(version) = &diff.version {
        let side = |values: &[String]| values.first().cloned().unwrap_or_else(|| "none".to_owned());
        _ = writeln!(
            text,
            "  ~ version {} -> {}",
            side(&version.before),
            side(&version.after)
        );
    }
    for statement in &diff.statements {
        let (mark, note) = match statement.change {
            StatementChange::Added => ('+', ""),
            StatementChange::Removed => ('-', ""),
            StatementChange::Changed => ('~', ""),
            StatementChange::Moved => (' ', " (moved, which means nothing)"),
            StatementChange::Unchanged => (' ', " (unchanged)"),
        };
        let name = statement
            .sid
            .as_deref()
            .map(|sid| format!(" {sid}"))
            .unwrap_or_default();
        _ = writeln!(text, "  {mark} statement{name}{note}: {}", statement.sentence);
        if matches!(statement.change, StatementChange::Moved | StatementChange::Unchanged) {
            continue;
        }
        for row in &statement.rows {
            let mark = match row.mark {
                Mark::Same => ' ',
                Mark::Added => '+',
                Mark::Removed => '-',
            };
            _ = writeln!(text, "      {mark} {:indent$}{}", "", row.text, indent = 2 * row.depth);
        }
    }
    _ = writeln!(
        text,
        "  size: {} -> {} characters without white space",
        diff.size_before, diff.size_after
    );
    text
}

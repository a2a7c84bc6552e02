//! Text for people who read a terminal, near to what Terraform prints.

use std::fmt::Write as _;

use super::lines::Lines;
use super::{Reported, tally};
use crate::binding::Step;
use crate::findings::Finding;
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

/// What was found, each with its place, and how many there are.
pub fn findings(reported: &[Reported]) -> String {
    let mut text = String::new();
    for one in reported {
        let lines = Lines::of(&one.text);
        for finding in &one.judged.open {
            boxed(&mut text, &finding_lines(one, &lines, finding));
        }
        for waiver in &one.judged.expired {
            _ = writeln!(
                text,
                "The waiver of {} for {} is over{}: {}",
                waiver.code,
                one.name,
                waiver
                    .expires
                    .map(|last| format!(" since the end of {last}"))
                    .unwrap_or_default(),
                waiver.reason
            );
        }
        for waiver in &one.judged.unused {
            _ = writeln!(
                text,
                "Nothing is left of what {} was waived for in {}.",
                waiver.code, one.name
            );
        }
        for (finding, waiver) in &one.judged.waived {
            let rule = finding.rule;
            _ = writeln!(
                text,
                "Waived in {}: {} ({}), because: {}",
                one.name, rule.title, rule.code, waiver.reason
            );
        }
    }
    _ = writeln!(text, "{}.", tally(reported));
    text
}

fn finding_lines(reported: &Reported, source: &Lines<'_>, finding: &Finding) -> Vec<String> {
    let rule = finding.rule;
    let mut lines = vec![
        format!("{}: {} ({})", rule.severity.label(), rule.title, rule.code),
        String::new(),
    ];
    let mut place = match &reported.file {
        Some(file) => format!("  on {file}"),
        None => format!("  in {}", reported.name),
    };
    if let Some(span) = finding.place.span {
        let (line, _) = source.region(span).start;
        _ = write!(place, " line {line}");
        if !finding.place.path.is_root() {
            _ = write!(place, ", in {}", finding.place.path);
        }
        lines.push(place + ":");
        lines.push(format!("  {line:>3}: {}", shortened(source.line(line))));
    } else {
        lines.push(place);
    }
    lines.push(String::new());
    lines.push(finding.detail.clone());
    if let Some(fix) = &finding.fix {
        lines.push(String::new());
        lines.push(format!("It can be mended by machine: {}.", fix.title));
    }
    lines
}

/// A line of a document that is all on one line is long.
fn shortened(line: &str) -> String {
    const LONGEST: usize = 160;
    let mut characters = line.chars();
    let mut text: String = characters.by_ref().take(LONGEST).collect();
    if characters.next().is_some() {
        text.push('…');
    }
    text
}

fn boxed(text: &mut String, lines: &[String]) {
    text.push_str("╷\n");
    for line in lines.iter().flat_map(|line| line.split('\n')) {
        _ = writeln!(text, "{}", format!("│ {line}").trim_end());
    }
    text.push_str("╵\n");
}

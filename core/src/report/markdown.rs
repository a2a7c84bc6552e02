//! Markdown for the description or a comment of a pull request.

use std::fmt::Write as _;

use super::lines::Lines;
use super::{Reported, tally};
use crate::findings::Finding;
use crate::policy::{Mark, StatementChange};

/// What changes and what was found, folded so that a reviewer sees the summary first.
pub fn markdown(reported: &[Reported]) -> String {
    let mut text = format!("### Pod identity: {}\n", tally(reported));
    if reported.iter().any(|one| !one.judged.open.is_empty()) {
        text.push_str("\n| Severity | Finding | Where |\n|---|---|---|\n");
    }
    for one in reported {
        let lines = Lines::of(&one.text);
        for finding in &one.judged.open {
            let rule = finding.rule;
            _ = writeln!(
                text,
                "| {} | **{}** {} | {} |",
                rule.severity,
                rule.code,
                plain(rule.title),
                place(one, &lines, finding)
            );
        }
    }
    for one in reported {
        section(&mut text, one);
    }
    text
}

fn section(text: &mut String, one: &Reported) {
    let judged = &one.judged;
    let notes = judged.open.len() + judged.waived.len() + judged.expired.len() + judged.unused.len();
    if notes == 0 && one.diff.is_none() && one.steps.is_empty() {
        return;
    }
    _ = writeln!(text, "\n#### {}", code(&one.name));
    if let Some(diff) = &one.diff {
        text.push('\n');
        for statement in &diff.statements {
            let mark = match statement.change {
                StatementChange::Added => "added",
                StatementChange::Removed => "removed",
                StatementChange::Changed => "changed",
                StatementChange::Moved | StatementChange::Unchanged => continue,
            };
            _ = writeln!(text, "- **{mark}**: {}", plain(&statement.sentence));
        }
        if diff.is_empty() {
            let note = if diff.is_reordered_only() {
                "The trust policy stays as it is; its statements stand in another order, which means nothing."
            } else {
                "The trust policy stays as it is."
            };
            _ = writeln!(text, "{note}");
        } else {
            let mut lines = String::new();
            for statement in &diff.statements {
                if matches!(statement.change, StatementChange::Moved | StatementChange::Unchanged) {
                    continue;
                }
                for row in &statement.rows {
                    let mark = match row.mark {
                        Mark::Same => ' ',
                        Mark::Added => '+',
                        Mark::Removed => '-',
                    };
                    _ = writeln!(lines, "{mark} {:indent$}{}", "", row.text, indent = 2 * row.depth);
                }
            }
            folded(
                text,
                &format!("Trust policy, {} → {} characters", diff.size_before, diff.size_after),
                &fenced("diff", &lines),
            );
        }
    }
    if !one.steps.is_empty() {
        let mut steps = String::new();
        for (position, step) in one.steps.iter().enumerate() {
            _ = writeln!(steps, "{}. {}", position + 1, plain(step));
        }
        folded(text, "Steps", &steps);
    }
    for finding in &judged.open {
        let rule = finding.rule;
        let mut body = format!("{}\n", plain(&finding.detail));
        if let Some(fix) = &finding.fix {
            _ = writeln!(body, "\n{}:\n", plain(&fix.title));
            body.push_str(&fenced("json", &fix.apply(&one.text)));
        }
        folded(text, &format!("{} {}", rule.code, plain(rule.title)), &body);
    }
    for (finding, waiver) in &judged.waived {
        let last = waiver.expires.map(|last| format!(", until {last}")).unwrap_or_default();
        let rule = finding.rule;
        _ = writeln!(
            text,
            "\n- waived: **{}** {}{last}, because: {}",
            rule.code,
            plain(rule.title),
            plain(&waiver.reason)
        );
    }
    for waiver in &judged.expired {
        let last = waiver
            .expires
            .map(|last| format!(" since the end of {last}"))
            .unwrap_or_default();
        _ = writeln!(
            text,
            "\n- the waiver of **{}** is over{last}: {}",
            plain(&waiver.code),
            plain(&waiver.reason)
        );
    }
    for waiver in &judged.unused {
        _ = writeln!(
            text,
            "\n- nothing is left of what **{}** was waived for: {}",
            plain(&waiver.code),
            plain(&waiver.reason)
        );
    }
}

fn place(one: &Reported, lines: &Lines<'_>, finding: &Finding) -> String {
    let mut place = code(one.file.as_ref().unwrap_or(&one.name));
    if let Some(span) = finding.place.span {
        _ = write!(place, " line {}", lines.region(span).start.0);
    }
    place
}

fn folded(text: &mut String, summary: &str, body: &str) {
    _ = write!(text, "\n<details><summary>{summary}</summary>\n\n{body}\n</details>\n");
}

/// A block whose fence is longer than any in it.
fn fenced(language: &str, body: &str) -> String {
    let longest = body.split(|letter| letter != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}{language}\n{}\n{fence}\n", body.trim_end())
}

/// Text that is shown as it is, whatever is in it; what stands in backticks stays code.
fn plain(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let paired = text.matches('`').count().is_multiple_of(2);
    let mut in_code = false;
    for letter in text.chars() {
        match letter {
            '`' if paired => {
                in_code = !in_code;
                shown.push(letter);
            }
            // A table ends its cell at a bar even inside code.
            '|' => shown.push_str("\\|"),
            '\n' | '\r' => shown.push(' '),
            '\\' | '*' | '_' | '[' | ']' | '#' | '~' | '`' | '@' if !in_code => {
                shown.push('\\');
                shown.push(letter);
            }
            '<' if !in_code => shown.push_str("&lt;"),
            '>' if !in_code => shown.push_str("&gt;"),
            '&' if !in_code => shown.push_str("&amp;"),
            other => shown.push(other),
        }
    }
    shown
}

/// A name as code.
fn code(name: &str) -> String {
    if name.contains('`') {
        plain(name)
    } else {
        format!("`{}`", name.replace('|', "\\|").replace(['\n', '\r'], " "))
    }
}

use std::fmt::Write as _;

use super::rule::{Example, Page, Rule};
use super::rules::{PAGES, RULES};
use super::subject::{Subject, Surroundings, TrustPolicy};

const WRITTEN: &str = "<!-- Written by `cargo xtask docs` from the rules of the engine; edit them. -->\n\n";

/// What the families of [`RULES`] are about.
const FAMILIES: &[&str] = &[
    "IRSA",
    "EKS Pod Identity",
    "Any trust policy",
    "What surrounds a trust policy",
];

/// The page of a rule, as Markdown: what it finds, why that matters, and what to do.
pub fn page(rule: &Rule, about: &Page) -> String {
    let Rule {
        code,
        slug,
        title,
        severity,
        fix,
        ..
    } = rule;
    let Page { what, why, .. } = about;
    let mut page = format!(
        "{WRITTEN}# {code}: {title}\n\nSeverity {severity}. Waive it as `{code}` or `{slug}`. [All findings](README.md)\n\n{what}\n\n## Why it matters\n\n{why}\n\n\
         ## What to do\n\n{fix}\n"
    );
    if let Some(title) = offered(rule, about) {
        _ = write!(page, "\nThe finding comes with an edit of the text: {title}.\n");
    }
    page.push_str("\n## Found in\n");
    example(&mut page, &about.bad);
    page.push_str("\n## As it should be\n");
    example(&mut page, &about.good);
    page.push_str("\n## Sources\n\n");
    for source in about.sources {
        _ = writeln!(page, "- {source}");
    }
    page
}

/// The list of all rules, as Markdown.
pub fn index() -> String {
    let mut page = format!(
        "{WRITTEN}# What is found in trust policies\n\nMistakes that AWS accepts and that show only when a pod is refused, or when somebody gets in who should not. \
         A rule speaks only where it is certain: what is not known of the surroundings keeps it silent. [Findings in plans](../guides/findings.md) says when \
         plans tell them, how to stop on them, and how to waive them.\n\n\
         **security**: somebody gets in who should not, or a guard guards nothing. **error**: AWS refuses it, or pods are refused. **warning**: it works, and will \
         not for long or not for everybody. **suggestion**: it works, and could be said better. Findings with an edit can be fixed by machine.\n"
    );
    for ((family, rules), pages) in FAMILIES.iter().zip(RULES).zip(PAGES) {
        _ = write!(
            page,
            "\n## {family}\n\n| Code | Finding | Severity | Edit |\n|---|---|---|---|\n"
        );
        for (rule, about) in rules.iter().zip(*pages) {
            let edit = if offered(rule, about).is_some() { "yes" } else { "" };
            _ = writeln!(
                page,
                "| [{}]({}.md) | {} | {} | {edit} |",
                rule.code, rule.slug, rule.title, rule.severity
            );
        }
    }
    page
}

/// What the fix of the bad example does, if it has one.
fn offered(rule: &Rule, about: &Page) -> Option<String> {
    let around = Surroundings::from_json(about.bad.context).ok()?;
    let trust = TrustPolicy::new(about.bad.policy);
    let found = super::find(&Subject {
        trust: (!about.bad.policy.is_empty()).then_some(&trust),
        around: &around,
    });
    let finding = found.into_iter().find(|one| one.rule.code == rule.code)?;
    let title = finding.fix?.title;
    let mut letters = title.chars();
    Some(letters.next()?.to_lowercase().chain(letters).collect())
}

fn example(page: &mut String, example: &Example) {
    if !example.policy.is_empty() {
        _ = write!(page, "\n```json\n{}\n```\n", example.policy.trim());
    }
    if !example.context.is_empty() {
        _ = write!(
            page,
            "\nWhere this is known, as the argument `context`:\n\n```json\n{}\n```\n",
            example.context.trim()
        );
    }
}

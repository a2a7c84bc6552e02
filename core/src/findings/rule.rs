use std::fmt;

use serde::Serialize;
use tfmodel::Model;

use super::finding::Report;
use super::subject::Subject;

/// One kind of mistake.
#[derive(Clone, Copy)]
pub struct Rule {
    /// `PIB` and three digits: 1xx is about IRSA, 2xx about EKS Pod Identity, 3xx about any trust policy, 4xx about what surrounds it.
    /// A code never changes its meaning.
    pub code: &'static str,
    /// For addresses and file names: `missing-subject`.
    pub slug: &'static str,
    /// In one line, the same for every finding of the rule: "Trust policy does not say which service account".
    pub title: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What to do.
    pub fix: &'static str,
    pub(super) check: fn(&Subject<'_>, &mut Report<'_, '_>),
}

/// What there is to read about a rule, apart from it: whoever only looks for mistakes does not carry it along.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    /// The code of the rule.
    pub code: &'static str,
    /// What is wrong: in Markdown, a paragraph or two.
    pub what: &'static str,
    /// Why that matters: what happens to pods, or who gets in.
    pub why: &'static str,
    /// What the rule finds.
    pub bad: Example,
    /// The same, as it should be.
    pub good: Example,
    /// Where the facts come from: names or addresses of pages and public issues.
    pub sources: &'static [&'static str],
}

/// A trust policy, and what has to be known beside it.
#[derive(Clone, Copy, Debug)]
pub struct Example {
    /// The document; empty where the mistake is not in one.
    pub policy: &'static str,
    /// What is around it, as the argument `context` of function `trust_policy_findings` in JSON; empty if nothing has to be known.
    pub context: &'static str,
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Model)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Somebody gets in who should not, or a guard guards nothing.
    Security,
    /// AWS refuses it, or pods are refused.
    Error,
    /// It works, and will not for long or not for everybody.
    Warning,
    /// It works, and could be said better.
    Suggestion,
}

impl Severity {
    /// As settings and reports spell it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Security => "security",
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Suggestion => "suggestion",
        }
    }
}

/// Its name: the rest is a page of text.
impl fmt::Debug for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.code, self.slug)
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Each rule with its page.
pub fn documented() -> impl Iterator<Item = (&'static Rule, &'static Page)> + Clone {
    let pages = super::PAGES.iter().copied().flatten().copied();
    super::RULES.iter().copied().flatten().copied().zip(pages)
}

impl Rule {
    /// A rule by its code or slug.
    pub fn named(name: &str) -> Option<&'static Self> {
        super::RULES
            .iter()
            .copied()
            .flatten()
            .copied()
            .find(|rule| rule.code == name || rule.slug == name)
    }
}

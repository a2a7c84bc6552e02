//! Reports: the same every time, for a terminal, a pull request and tools that read SARIF.

mod access;
mod lines;
mod markdown;
mod sarif;
mod text;

pub use access::{Access, PodAccess, RoleAccess, StatementAccess, access};
pub use markdown::markdown;
pub use sarif::sarif;
pub use text::{findings, policy_diff, steps, trust_policy};

use crate::findings::{Finding, Judged, Severity};
use crate::policy::DocumentDiff;

/// A trust policy, or a binding, and what there is to say about it.
#[derive(Clone, Debug, Default)]
pub struct Reported {
    /// What it is called: `pod_identity_binding.api`, `role api`.
    pub name: String,
    /// The file that the text is from, relative to the folder that is reported on.
    pub file: Option<String>,
    /// The text that findings point into.
    pub text: String,
    /// What was found.
    pub judged: Judged,
    /// How the trust policy changes.
    pub diff: Option<DocumentDiff>,
    /// What will be called, in words.
    pub steps: Vec<String>,
}

impl Severity {
    const ALL: [Self; 4] = [Self::Security, Self::Error, Self::Warning, Self::Suggestion];

    const fn label(self) -> &'static str {
        match self {
            Self::Security => "Security",
            Self::Error => "Error",
            Self::Warning => "Warning",
            Self::Suggestion => "Suggestion",
        }
    }
}

/// "2 findings: 1 security, 1 warning; 1 waived", or that there is none.
fn tally(reported: &[Reported]) -> String {
    let open: Vec<&Finding> = reported.iter().flat_map(|one| &one.judged.open).collect();
    let waived: usize = reported.iter().map(|one| one.judged.waived.len()).sum();
    let mut text = match open.len() {
        0 => "No findings".to_owned(),
        1 => "1 finding".to_owned(),
        several => format!("{several} findings"),
    };
    let kinds = Severity::ALL.into_iter().filter_map(|severity| {
        let count = open.iter().filter(|finding| finding.rule.severity == severity).count();
        let plural = if count > 1 && matches!(severity, Severity::Error | Severity::Warning | Severity::Suggestion) {
            "s"
        } else {
            ""
        };
        (count > 0).then(|| format!("{count} {severity}{plural}"))
    });
    let kinds: Vec<String> = kinds.collect();
    if !kinds.is_empty() {
        text.push_str(": ");
        text.push_str(&kinds.join(", "));
    }
    if waived > 0 {
        text.push_str(&format!("; {waived} waived"));
    }
    text
}

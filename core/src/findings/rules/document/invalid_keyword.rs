use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;
use crate::policy::{Document, Fault};

pub(super) const RULE: Rule = Rule {
    code: "PIB306",
    slug: "invalid-keyword",
    title: "Effect or Version is none that IAM has",
    severity: Severity::Error,
    fix: "Write one of the words that IAM has.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "`Effect` is `Allow` or `Deny`, in this case. `Version` is the version of the policy language: `2012-10-17`, or the old `2008-10-17`; it is not the day on which the policy was written.",
    why: "IAM refuses the policy with `MalformedPolicyDocument`.",
    bad: Example {
        policy: r#"{
  "Version": "2026-11-21",
  "Statement": [{
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::111122223333:role/deploy"},
    "Action": "sts:AssumeRole"
  }]
}"#,
        context: "",
    },
    good: Example {
        policy: r#"{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::111122223333:role/deploy"},
    "Action": "sts:AssumeRole"
  }]
}"#,
        context: "",
    },
    sources: &[
        "IAM User Guide, IAM JSON policy elements: Version",
        "IAM User Guide, IAM JSON policy elements: Effect",
    ],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    let Some(trust) = subject.trust else {
        return;
    };
    for located in super::view::faults(subject) {
        let path = trust.place_of(located.span).path;
        match &located.fault {
            Fault::Effect(found) => {
                let meant = ["Allow", "Deny"]
                    .into_iter()
                    .find(|word| word.eq_ignore_ascii_case(found));
                let finding = report.fault(
                    located,
                    format!("`Effect` is `{found}`: IAM refuses the policy. Write `Allow` or `Deny`."),
                );
                if let Some(word) = meant {
                    finding.fixed_by(format!("Write `{word}`"), subject.edits().set(&path, word).done());
                }
            }
            Fault::Version(found) => {
                report
                    .fault(
                        located,
                        format!(
                            "`Version` is `{found}`, and IAM has no such version of the policy language: it refuses the policy. Write `{}`.",
                            Document::CURRENT_VERSION
                        ),
                    )
                    .fixed_by(
                        format!("Write `{}`", Document::CURRENT_VERSION),
                        subject.edits().set(&path, Document::CURRENT_VERSION).done(),
                    );
            }
            Fault::Json(_)
            | Fault::RepeatedKey(_)
            | Fault::Type { .. }
            | Fault::Missing(_)
            | Fault::UnknownElement { .. }
            | Fault::Both(..)
            | Fault::BarePrincipal(_) => {}
        }
    }
}

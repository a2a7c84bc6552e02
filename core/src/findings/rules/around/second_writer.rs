use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;
use crate::findings::subject::Writer;

pub(super) const RULE: Rule = Rule {
    code: "PIB420",
    slug: "second-writer",
    title: "Somebody else writes the trust policy too",
    severity: Severity::Warning,
    fix: "Let one tool write it: set `lifecycle { ignore_changes = [assume_role_policy] }` on the other resource, or set `manage_trust_policy = false` \
          and put what function `trust_policy` returns there.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "The trust policy is also written by an `aws_iam_role` of Terraform without `ignore_changes`, or by a CloudFormation stack.",
    why: "IAM keeps what was written last. Each tool takes away what the other added, at its next run, and pods are refused from then on.",
    bad: Example {
        policy: "",
        context: r#"{
  "terraform_roles": [
    "aws_iam_role.api"
  ]
}"#,
    },
    good: Example {
        policy: "",
        context: r#"{
  "terraform_roles": []
}"#,
    },
    sources: &["IAM API Reference, UpdateAssumeRolePolicy"],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    for writer in &subject.around.writers {
        let (who, cure) = match writer {
            Writer::Terraform(address) => (
                format!("`{address}`"),
                "Set `lifecycle { ignore_changes = [assume_role_policy] }` on it, or put what function `trust_policy` returns there and set \
                 `manage_trust_policy = false`.",
            ),
            Writer::CloudFormation(stack) => (
                format!("CloudFormation stack `{stack}`"),
                "Put what function `trust_policy` returns into its template and set `manage_trust_policy = false`.",
            ),
        };
        report.around(format!(
            "{who} writes the trust policy of this role as well, and whoever writes last takes away what the other wrote. {cure}"
        ));
    }
}

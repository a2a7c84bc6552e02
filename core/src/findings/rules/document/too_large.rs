use tfmodel::json::Span;

use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;
use crate::findings::subject::{TrustPolicy, statement_path};
use crate::policy::size;

pub(super) const RULE: Rule = Rule {
    code: "PIB355",
    slug: "too-large",
    title: "Trust policy is larger than IAM takes",
    severity: Severity::Error,
    fix: "Fold statements that differ in one list only, move bindings to another role, or have the quota `Role trust policy length` raised.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "White space aside, the policy has more characters than the quota of the account allows: 2,048, unless it was raised. Where the quota is known, that one counts.",
    why: "IAM refuses the policy: `LimitExceeded: Cannot exceed quota for ACLSizePerRole`.",
    bad: Example {
        policy: r#"{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": {"Service": "pods.eks.amazonaws.com"},
    "Action": ["sts:AssumeRole", "sts:TagSession"],
    "Condition": {"StringEquals": {
      "aws:SourceAccount": "111122223333",
      "aws:RequestTag/eks-cluster-arn": "arn:aws:eks:eu-west-1:111122223333:cluster/main",
      "aws:RequestTag/kubernetes-namespace": "shop",
      "aws:RequestTag/kubernetes-service-account": "api"
    }}
  }]
}"#,
        context: r#"{"trust_policy_quota": 200}"#,
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
        context: r#"{"trust_policy_quota": 200}"#,
    },
    sources: &[
        "IAM User Guide, IAM and AWS STS quotas",
        "IAM User Guide, IAM policy validation check reference: Policy size exceeds role trust policy quota",
    ],
};

/// How large a trust policy may be where nobody has asked for more.
pub(super) const DEFAULT_QUOTA: usize = 2048;

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    let (Some(trust), quota) = (subject.trust, subject.around.quota.unwrap_or(DEFAULT_QUOTA)) else {
        return;
    };
    let Some(document) = trust.document() else {
        return;
    };
    let size = size(&trust.text);
    if size <= quota {
        return;
    }
    let finding = report.around(format!(
        "White space aside, the trust policy has more characters than the {quota} that IAM takes."
    ));
    // Numbers and place change with every edit; what the finding is known by must not.
    finding.detail.push_str(&format!(" It has {size}"));
    if let Some(index) = overflowing(trust, quota) {
        finding.place = trust.place(&statement_path(index));
        finding
            .detail
            .push_str(&format!(", and statement {} is the one that no longer fits", index + 1));
    }
    finding.detail.push('.');
    let folded = if trust.is_beyond_any_quota() {
        size
    } else {
        document.folded().size()
    };
    if folded < size {
        finding
            .detail
            .push_str(&format!(" Folded, and letting in the same, it has {folded}."));
    }
    if subject.around.quota.is_none() {
        finding
            .detail
            .push_str(" An account can have a higher quota: if yours has, say so in `trust_policy_quota`.");
    }
    finding
        .detail
        .push_str(" Fold statements, move bindings to another role, or have the quota raised.");
}

/// The first statement that does not fit, with what closes the list and the document after it.
fn overflowing(trust: &TrustPolicy, quota: usize) -> Option<usize> {
    let closing = 2;
    (0..trust.document()?.statements.len()).find(|index| {
        let span: Option<Span> = trust.place(&statement_path(*index)).span;
        let until = span.and_then(|span| trust.text.get(..span.end as usize));
        until.is_some_and(|text| size(text) + closing > quota)
    })
}

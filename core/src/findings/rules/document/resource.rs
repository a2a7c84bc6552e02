use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;
use crate::findings::subject::statement_path;

pub(super) const RULE: Rule = Rule {
    code: "PIB322",
    slug: "resource",
    title: "Trust policy names a resource",
    severity: Severity::Error,
    fix: "Remove the element: what the role may do stands in its permissions.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "A statement has `Resource` or `NotResource`. A trust policy is about the one role that it belongs to.",
    why: "IAM refuses the policy: `MalformedPolicyDocument: Has prohibited field Resource`.",
    bad: Example {
        policy: r#"{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::111122223333:role/deploy"},
    "Action": "sts:AssumeRole",
    "Resource": "*"
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
        "IAM User Guide, IAM policy validation check reference: Role trust policy syntax error resource",
        "terraform-aws-modules/terraform-aws-eks-pod-identity#34",
    ],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    for (index, statement) in subject.statements() {
        if let Some(resources) = &statement.resources {
            let element = resources.element();
            let path = statement_path(index).with_attribute(element);
            report
                .at(
                    &path,
                    format!("A trust policy is about the role that it belongs to and takes no `{element}`: IAM refuses the policy. Remove it."),
                )
                .fixed_by(format!("Remove `{element}`"), subject.edits().remove(&path).done());
        }
    }
}

use super::examples::{SCOPED, TAGS_PAGE};
use crate::evaluate::is_like;
use crate::evaluate::pod::SESSION_TAGS;
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;
use crate::policy::{Quantifier, TestKind};

pub(super) const RULE: Rule = Rule {
    code: "PIB219",
    slug: "too-few-tag-keys",
    title: "Pod Identity trust allows fewer tags than EKS sends",
    severity: Severity::Error,
    fix: "List all six tags, or remove the condition: EKS takes no tags from users.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "`ForAllValues` on `aws:TagKeys` or `sts:TransitiveTagKeys` lists tags, and not all six that EKS sends.",
    why: "EKS always sends all six, and makes all of them transitive. One that the list does not have makes the condition fail, and every pod is refused.",
    bad: Example {
        policy: r#"{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": {"Service": "pods.eks.amazonaws.com"},
    "Action": ["sts:AssumeRole", "sts:TagSession"],
    "Condition": {
      "StringEquals": {
        "aws:RequestTag/eks-cluster-arn": "arn:aws:eks:eu-west-1:111122223333:cluster/main",
        "aws:RequestTag/kubernetes-namespace": "shop",
        "aws:RequestTag/kubernetes-service-account": "api"
      },
      "ForAllValues:StringEquals": {
        "aws:TagKeys": ["eks-cluster-arn", "kubernetes-namespace", "kubernetes-service-account"]
      }
    }
  }]
}"#,
        context: "",
    },
    good: Example {
        policy: SCOPED,
        context: "",
    },
    sources: &[TAGS_PAGE],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    if subject.around.sends_tags() == Some(false) {
        return;
    }
    for statement in subject.pod_statements() {
        for clause in statement.clauses() {
            let lists_all = clause.operator.quantifier == Some(Quantifier::All)
                && clause.operator.test.kind() == TestKind::String
                && !clause.operator.is_negated()
                && (clause.is_on("aws:TagKeys") || clause.is_on("sts:TransitiveTagKeys"));
            if !lists_all || clause.values.iter().any(|value| value.contains("${")) {
                continue;
            }
            let listed = |tag: &str| {
                clause.values.iter().any(|value| {
                    let value = value.to_ascii_lowercase();
                    value == tag || !clause.is_exact() && is_like(tag, &value)
                })
            };
            let missing: Vec<&str> = SESSION_TAGS
                .iter()
                .map(|(tag, _)| *tag)
                .filter(|tag| !listed(tag))
                .collect();
            if !missing.is_empty() {
                let found = report.at(
                    &clause.path,
                    format!(
                        "EKS sends `{}` too, which the condition does not allow, so every pod is refused. Add what is missing, or remove the condition.",
                        missing.join("`, `")
                    ),
                );
                let edits = missing
                    .iter()
                    .fold(subject.edits(), |edits, tag| edits.push(&clause.path, tag));
                found.fixed_by("List all tags that EKS sends", edits.done());
            }
        }
    }
}

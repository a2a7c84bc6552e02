use tfmodel::path::Path;

use super::examples::{ROLE_PAGE, SCOPED};
use super::view::misspellings;
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;
use crate::policy::{POD_IDENTITY_SERVICE, PrincipalKind, Statement, Who};

pub(super) const RULE: Rule = Rule {
    code: "PIB214",
    slug: "misspelt-service",
    title: "Service principal of EKS Pod Identity is misspelt",
    severity: Severity::Error,
    fix: "Write `pods.eks.amazonaws.com`.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "A statement names a service principal that looks like the one of EKS Pod Identity and is not, such as `pod.eks.amazonaws.com`, \
           `eks-pods.amazonaws.com` or one that ends in `.cn`.",
    why: "It is `pods.eks.amazonaws.com` in every partition. IAM refuses services that it does not know, and pods are not let in by another.",
    bad: Example {
        policy: r#"{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": {"Service": "pods.eks.amazonaws.com.cn"},
    "Action": ["sts:AssumeRole", "sts:TagSession"],
    "Condition": {"StringEquals": {
      "aws:RequestTag/eks-cluster-arn": "arn:aws-cn:eks:cn-north-1:111122223333:cluster/main",
      "aws:RequestTag/kubernetes-namespace": "shop",
      "aws:RequestTag/kubernetes-service-account": "api"
    }}
  }]
}"#,
        context: "",
    },
    good: Example {
        policy: SCOPED,
        context: "",
    },
    sources: &[ROLE_PAGE, "Amazon EKS User Guide for the China regions, the same page"],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    for (index, statement) in subject.statements() {
        let services = services(index, statement);
        let is_there = services.iter().any(|(_, name)| *name == POD_IDENTITY_SERVICE);
        let is_misspelt = misspellings(statement);
        for (path, name) in services {
            if is_misspelt(name) {
                let found = report.at(
                    &path,
                    format!(
                        "`{name}` is not the service principal of EKS Pod Identity, so no pod is let in by it. It is `{POD_IDENTITY_SERVICE}`, in every \
                         partition."
                    ),
                );
                let edits = subject.edits();
                let edits = if is_there {
                    edits.remove(&path)
                } else {
                    edits.set(&path, POD_IDENTITY_SERVICE)
                };
                found.fixed_by(format!("Write `{POD_IDENTITY_SERVICE}`"), edits.done());
            }
        }
    }
}

/// The service principals that a statement names, with their places.
fn services(index: usize, statement: &Statement) -> Vec<(Path, &str)> {
    let Some(principals) = &statement.principals else {
        return Vec::new();
    };
    let Who::Named(named) = &principals.who else {
        return Vec::new();
    };
    let path = Path::attribute("Statement")
        .with_index(index)
        .with_attribute(principals.element())
        .with_attribute(PrincipalKind::Service.as_str());
    named
        .iter()
        .filter(|principal| principal.kind == PrincipalKind::Service)
        .flat_map(|principal| principal.names.iter().enumerate())
        .map(|(place, name)| (path.with_index(place), name.as_str()))
        .collect()
}

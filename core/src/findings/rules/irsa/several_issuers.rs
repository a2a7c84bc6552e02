use super::example::GOOD;
use super::issuer;
use super::view::{IrsaStatement, federated};
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;
use crate::policy::{Condition, Effect, PrincipalKind, Principals, Statement};

pub(super) const RULE: Rule = Rule {
    code: "PIB119",
    slug: "several-issuers",
    title: "One IRSA statement asks for claims of several issuers",
    severity: Severity::Error,
    fix: "Write one statement for each provider.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "A statement names several OIDC providers and has conditions on claims of them.",
    why: "All conditions must hold at once, and a token has claims of one issuer only: tokens of the other issuers, or of all, are refused.",
    bad: Example {
        policy: r#"{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Principal": {
        "Federated": [
          "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B716D3041E",
          "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE0000000000000000000000000"
        ]
      },
      "Action": "sts:AssumeRoleWithWebIdentity",
      "Condition": {
        "StringEquals": {
          "oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B716D3041E:aud": "sts.amazonaws.com",
          "oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B716D3041E:sub": "system:serviceaccount:shop:api",
          "oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE0000000000000000000000000:aud": "sts.amazonaws.com",
          "oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE0000000000000000000000000:sub": "system:serviceaccount:shop:api"
        }
      }
    }
  ]
}"#,
        context: "",
    },
    good: GOOD,
    sources: &["IAM User Guide, conditions with multiple context keys or values"],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    let mut last = None;
    for first in subject.irsa_statements() {
        let all: Vec<IrsaStatement<'_>> = subject
            .irsa_statements()
            .filter(|one| one.index == first.index)
            .collect();
        let shut_out = all.iter().find(|statement| statement.asks_of_others());
        let Some(shut_out) = shut_out.filter(|_| first.effect == Effect::Allow && all.len() > 1) else {
            continue;
        };
        // The providers of one statement follow each other.
        if last.replace(first.index) == Some(first.index) {
            continue;
        }
        let found = report.at(
            &first.path().with_attribute("Principal").with_attribute("Federated"),
            format!(
                "The statement names {} providers and asks for claims of several issuers or of one of them, all at once: tokens of `{}` have no claims but \
                 their own and are refused. Write one statement for each provider.",
                all.len(),
                shut_out.issuer
            ),
        );
        found.fixed_by(
            "Write one statement for each provider",
            split(subject, &all).unwrap_or_default(),
        );
    }
}

/// One statement for each provider, if each has claims of its own.
fn split(subject: &Subject<'_>, all: &[IrsaStatement<'_>]) -> Option<Vec<crate::findings::TextEdit>> {
    let (first, rest) = all.split_first()?;
    let has_others = federated(first).count() != all.len() || all.iter().any(|one| one.asked("sub").next().is_none());
    let only_federated = first.principals.as_ref().is_some_and(|principals| {
        principals
            .of_kind(&PrincipalKind::Aws)
            .chain(principals.of_kind(&PrincipalKind::Service))
            .next()
            .is_none()
    });
    if has_others || !only_federated {
        return None;
    }
    let mut edits = subject.edits().set(&first.path(), &alone(first, all, false));
    for (position, statement) in (1..).zip(rest) {
        edits = edits.insert(&first.path(), position, &alone(statement, all, true));
    }
    Some(edits.done())
}

/// A statement with one of its providers alone.
fn alone(of: &IrsaStatement<'_>, all: &[IrsaStatement<'_>], is_further: bool) -> Statement {
    let is_others = |condition: &Condition| {
        issuer::split_key(&condition.key).is_some_and(|(found, _)| {
            !issuer::same(found, of.issuer) && all.iter().any(|one| issuer::same(found, one.issuer))
        })
    };
    Statement {
        principals: Some(Principals::one(PrincipalKind::Federated, of.provider)),
        conditions: of.conditions.iter().filter(|one| !is_others(one)).cloned().collect(),
        // Sids are unique.
        sid: of.sid.clone().filter(|_| !is_further),
        ..Statement::clone(of)
    }
}

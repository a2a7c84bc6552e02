//! Statements of a binding that somebody else has changed.

use pod_identity_core::binding::{Binding, ClusterFacts, Fact, Facts, Mode, PolicyJson, Scope, Trust};
use tfmodel::{Severity, Value};

use super::{config, facts, planned, settings, try_plan};

/// What a refresh found in the place of what the binding wrote.
fn refreshed(mode: Mode, find: &str, instead: &str) -> Binding {
    let made = planned(None, &config(mode));
    let policy = made.trust_policy.known().unwrap().0.replace(find, instead);
    assert_ne!(policy, made.trust_policy.known().unwrap().0, "{find} is not in it");
    Binding {
        trust_policy: Value::Known(PolicyJson(policy)),
        ..made
    }
}

fn told_of_rewriting(prior: &Binding, config: &Binding, facts: &Facts) -> Option<String> {
    let (_, warnings) = try_plan(Some(prior), config, facts, &settings()).unwrap();
    let mut told = warnings
        .iter()
        .filter(|one| one.summary.starts_with("Somebody rewrote"));
    let first = told.next()?;
    assert!(told.next().is_none() && first.severity == Severity::Warning);
    assert!(
        first.summary.contains("111122223333/eu-west-1/main/prod/api"),
        "{}",
        first.summary
    );
    Some(first.detail.clone())
}

#[test]
fn a_statement_of_the_binding_that_lets_in_others_is_told_of() {
    for (mode, find, instead, said) in [
        (
            Mode::PodIdentity,
            "pods.eks.amazonaws.com",
            "ec2.amazonaws.com",
            "names another principal",
        ),
        (
            Mode::PodIdentity,
            "\"sts:TagSession\"",
            "\"sts:*\"",
            "has other actions",
        ),
        (
            Mode::PodIdentity,
            "aws:RequestTag/kubernetes-namespace",
            "aws:RequestTag/x",
            "`aws:RequestTag/kubernetes-namespace`",
        ),
        (
            Mode::Irsa,
            "system:serviceaccount:prod:api",
            "system:serviceaccount:*:*",
            ":sub`",
        ),
        (Mode::Dual, "\"Allow\"", "\"Deny\"", "has another effect"),
    ] {
        let prior = refreshed(mode, find, instead);
        let told = told_of_rewriting(&prior, &config(mode), &facts()).unwrap_or_else(|| panic!("{said}"));
        assert!(told.contains(said), "{said}: {told}");
    }
}

#[test]
fn what_users_change_themselves_is_no_rewriting() {
    let scoped = |mode: Mode| Binding {
        trust: Value::Known(Trust {
            scope: Value::Known(Scope::Namespace),
            ..Trust::default()
        }),
        ..config(mode)
    };
    let before = planned(None, &config(Mode::Dual));
    assert_eq!(told_of_rewriting(&before, &scoped(Mode::Dual), &facts()), None);
    // An apply that failed after it had written the trust policy.
    let half = Binding {
        trust_policy: planned(None, &scoped(Mode::Dual)).trust_policy,
        ..before.clone()
    };
    assert_eq!(told_of_rewriting(&half, &scoped(Mode::Dual), &facts()), None);
    // A cluster that was made anew.
    let issuer = "https://oidc.eks.eu-west-1.amazonaws.com/id/FEDCBA9876543210FEDCBA9876543210";
    let replaced = Facts {
        cluster: Fact::Known(ClusterFacts {
            issuer: Some(issuer.parse().unwrap()),
        }),
        ..facts()
    };
    assert_eq!(told_of_rewriting(&before, &config(Mode::Dual), &replaced), None);
}

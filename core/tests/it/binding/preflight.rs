//! What is said before an association is made.

use pod_identity_core::binding::{Binding, Fact, Facts, Found, Mode, ObservedRole, PreflightFacts, facts_needed};
use pod_identity_core::findings::FargateProfile;
use tfmodel::{Severity, Value};

use super::{ACCOUNT, ISSUER, config, facts, planned, settings, try_plan, with_role_arn};

fn no_agent() -> PreflightFacts {
    PreflightFacts {
        issuer: Some(ISSUER.parse().unwrap()),
        agent: Some(false),
        ..PreflightFacts::default()
    }
}

fn on_fargate() -> PreflightFacts {
    PreflightFacts {
        fargate_profiles: Some(vec![FargateProfile {
            name: "prod".to_owned(),
            selectors: vec![("pro*".to_owned(), false)],
        }]),
        ..PreflightFacts::default()
    }
}

fn refused_nodes() -> PreflightFacts {
    PreflightFacts {
        refused_node_roles: vec!["arn:aws:iam::111122223333:role/nodes".to_owned()],
        ..PreflightFacts::default()
    }
}

fn too_old() -> PreflightFacts {
    PreflightFacts {
        version: Some("1.27".to_owned()),
        platform_version: Some("eks.7".to_owned()),
        ..PreflightFacts::default()
    }
}

fn with(preflight: PreflightFacts) -> Facts {
    Facts {
        preflight: Fact::Known(preflight),
        ..facts()
    }
}

/// Severity and summary of all that a plan says.
fn told(prior: Option<&Binding>, config: &Binding, facts: &Facts) -> Vec<(Severity, String)> {
    let found = match try_plan(prior, config, facts, &settings()) {
        Ok((_, warnings)) => warnings,
        Err(problems) => problems,
    };
    found.iter().map(|one| (one.severity, one.summary.clone())).collect()
}

#[test]
fn what_keeps_an_association_from_working_is_an_error_only_where_irsa_works() {
    let irsa = planned(None, &config(Mode::Irsa));
    for (preflight, summary) in [
        (no_agent(), "PIB424: Cluster has no EKS Pod Identity agent"),
        (refused_nodes(), "PIB425: Nodes may not ask for credentials of pods"),
        (
            on_fargate(),
            "PIB416: Some pods may run on Fargate, where Pod Identity does not work",
        ),
        (too_old(), "PIB426: Cluster is too old for EKS Pod Identity"),
    ] {
        let facts = with(preflight);
        let first = |severity| vec![(severity, summary.to_owned())];
        assert_eq!(
            told(None, &config(Mode::Dual), &facts),
            first(Severity::Warning),
            "{summary}"
        );
        assert_eq!(
            told(Some(&irsa), &config(Mode::Dual), &facts),
            first(Severity::Error),
            "{summary}"
        );
        assert_eq!(told(None, &config(Mode::Irsa), &facts), [], "{summary}");
    }
    let facts = with(on_fargate());
    let all = "PIB415: Pods on Fargate get no credentials from Pod Identity";
    assert_eq!(
        told(None, &config(Mode::PodIdentity), &facts),
        [(Severity::Warning, all.to_owned())]
    );
    assert_eq!(
        told(None, &config(Mode::PodIdentity), &with(PreflightFacts::default())),
        []
    );
}

#[test]
fn a_role_that_lets_the_pods_in_by_irsa_now_is_working_irsa() {
    let trust = |issuer: &str| {
        format!(
            r#"{{"Version": "2012-10-17", "Statement": [
                {{"Effect": "Allow", "Principal": {{"Service": "pods.eks.amazonaws.com"}}, "Action": ["sts:AssumeRole", "sts:TagSession"]}},
                {{"Effect": "Allow", "Principal": {{"Federated": "arn:aws:iam::{ACCOUNT}:oidc-provider/{issuer}"}},
                  "Action": "sts:AssumeRoleWithWebIdentity",
                  "Condition": {{"StringEquals": {{"{issuer}:aud": "sts.amazonaws.com", "{issuer}:sub": "system:serviceaccount:prod:api"}}}}}}]}}"#
        )
    };
    for (issuer, severity) in [
        (ISSUER, Severity::Error),
        ("oidc.eks.eu-west-1.amazonaws.com/id/OTHER", Severity::Warning),
    ] {
        let facts = Facts {
            role: Fact::Known(Found {
                what: ObservedRole {
                    trust_policy: trust(issuer),
                    ..ObservedRole::default()
                },
                ..Found::default()
            }),
            ..with(no_agent())
        };
        let said = told(None, &with_role_arn(Mode::PodIdentity, false), &facts);
        let agent = "PIB424: Cluster has no EKS Pod Identity agent".to_owned();
        assert!(said.contains(&(severity, agent)), "{issuer}: {said:?}");
    }
}

#[test]
fn what_is_skipped_is_a_warning() {
    let irsa = planned(None, &config(Mode::Irsa));
    let facts = with(PreflightFacts {
        agent: Some(false),
        ..refused_nodes()
    });
    let skip = |codes: &[&str]| Binding {
        skip_preflight: Value::Known(codes.iter().map(|&code| code.into()).collect()),
        ..config(Mode::Dual)
    };
    let severities = |config: &Binding| -> Vec<Severity> {
        told(Some(&irsa), config, &facts)
            .iter()
            .map(|(severity, _)| *severity)
            .collect()
    };
    assert_eq!(severities(&skip(&["PIB424"])), [Severity::Warning, Severity::Error]);
    assert_eq!(
        severities(&skip(&["missing-agent", "PIB425"])),
        [Severity::Warning, Severity::Warning]
    );
    let later = Binding {
        skip_preflight: Value::unknown(),
        ..config(Mode::Dual)
    };
    assert_eq!(severities(&later), [Severity::Warning, Severity::Warning]);
}

#[test]
fn what_may_not_be_read_is_said_once() {
    let denied = PreflightFacts {
        denied: vec!["eks:DescribeAddon".to_owned(), "eks:ListFargateProfiles".to_owned()],
        ..PreflightFacts::default()
    };
    assert_eq!(
        told(
            Some(&planned(None, &config(Mode::Irsa))),
            &config(Mode::Dual),
            &with(denied)
        ),
        [(
            Severity::Warning,
            "Not everything that an association needs could be looked at".to_owned()
        )]
    );
}

#[test]
fn nothing_is_asked_for_where_no_association_is_made() {
    let asks = |prior: Option<&Binding>, mode| {
        let needed = facts_needed(prior, &config(mode), &facts().caller, &settings());
        needed.preflight.is_some()
    };
    let mut dual = planned(None, &config(Mode::Dual));
    dual.association_id = "a-4wvljrezsukshq1bv".into();
    let irsa = planned(None, &config(Mode::Irsa));
    assert!(!asks(None, Mode::Irsa) && !asks(Some(&dual), Mode::PodIdentity) && !asks(Some(&dual), Mode::Irsa));
    assert!(asks(None, Mode::PodIdentity) && asks(Some(&irsa), Mode::Dual));
}

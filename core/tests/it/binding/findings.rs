//! What plans say of findings, and what settings make of them.

use pod_identity_core::binding::{
    Binding, Caller, ClusterFacts, Fact, Facts, FindingSettings, Found, Mode, ObservedRole, PreflightFacts, Scope,
    Settings, Trust, TrustCondition, complete,
};
use pod_identity_core::findings::{Severity as FindingSeverity, Waiver, Waivers};
use tfmodel::{Diagnostics, Severity, Value};

use super::{ISSUER, config, facts, planned, settings, try_plan, with_role_arn};

const KEY: &str = "111122223333/eu-west-1/main/prod/api";
const OPEN: &str = "PIB203: Pod Identity trust is open to every association of the account";
const NO_TAGS: &str = "PIB204: Without session tags the role cannot tell pods apart";

fn told(
    prior: Option<&Binding>,
    config: &Binding,
    facts: &Facts,
    findings: &FindingSettings,
) -> Vec<(Severity, String)> {
    all(prior, config, facts, findings)
        .iter()
        .map(|one| (one.severity, one.summary.clone()))
        .collect()
}

fn all(prior: Option<&Binding>, config: &Binding, facts: &Facts, findings: &FindingSettings) -> Diagnostics {
    let settings = Settings {
        findings: findings.clone(),
        ..settings()
    };
    match try_plan(prior, config, facts, &settings) {
        Ok((_, warnings)) => warnings,
        Err(problems) => problems,
    }
}

fn warning(summary: impl Into<String>) -> Vec<(Severity, String)> {
    vec![(Severity::Warning, summary.into())]
}

fn error(summary: impl Into<String>) -> Vec<(Severity, String)> {
    vec![(Severity::Error, summary.into())]
}

fn fail_on(severity: FindingSeverity) -> FindingSettings {
    FindingSettings {
        fail_on: Some(severity),
        ..FindingSettings::default()
    }
}

fn waived(code: &str, expires: Option<&str>) -> FindingSettings {
    FindingSettings {
        fail_on: None,
        waivers: Waivers {
            all: vec![Waiver {
                code: code.to_owned(),
                reason: "a lab".to_owned(),
                expires: expires.map(|day| day.parse().unwrap()),
                fingerprint: None,
            }],
            today: Some("2026-11-21".parse().unwrap()),
        },
    }
}

fn scoped(mode: Mode, scope: Scope) -> Binding {
    Binding {
        trust: Value::Known(Trust {
            scope: Value::Known(scope),
            ..Trust::default()
        }),
        ..config(mode)
    }
}

fn untagged() -> Binding {
    Binding {
        disable_session_tags: Value::Known(true),
        ..config(Mode::PodIdentity)
    }
}

/// As it is once it was applied.
fn applied(config: &Binding) -> Binding {
    let planned = planned(None, config);
    let uses_association = planned.mode.known().unwrap().uses_pod_identity();
    let arn = "arn:aws:eks:eu-west-1:111122223333:podidentityassociation/main/a-1";
    complete(&planned, uses_association.then_some(("a-1", arn)))
}

fn of_role(statements: &str) -> Facts {
    Facts {
        role: Fact::Known(Found {
            what: ObservedRole {
                trust_policy: format!(r#"{{"Version": "2012-10-17", "Statement": [{statements}]}}"#),
                ..ObservedRole::default()
            },
            ..Found::default()
        }),
        ..facts()
    }
}

fn pods(more: &str) -> String {
    format!(
        r#"{{"Effect": "Allow", "Principal": {{"Service": "pods.eks.amazonaws.com"}}, "Action": ["sts:AssumeRole", "sts:TagSession"]{more}}}"#
    )
}

fn with_statement(statement: &str) -> Binding {
    Binding {
        trust: Value::Known(Trust {
            statements: Value::Known(vec![statement.into()]),
            ..Trust::default()
        }),
        ..config(Mode::PodIdentity)
    }
}

#[test]
fn of_a_binding_as_it_should_be_nothing_is_said() {
    let regions = [
        ("aws", "eu-west-1", "amazonaws.com"),
        ("aws-cn", "cn-north-1", "amazonaws.com.cn"),
        ("aws-us-gov", "us-gov-west-1", "amazonaws.com"),
    ];
    let issuers = |region: &str, suffix: &str| {
        [
            Some(format!(
                "oidc.eks.{region}.{suffix}/id/EXAMPLED539D4633E53DE1B71EXAMPLE"
            )),
            Some("tokens.example.com".to_owned()),
            None,
        ]
    };
    let mut plans = 0;
    for (partition, region, suffix) in regions {
        for issuer in issuers(region, suffix) {
            let facts = Facts {
                caller: Fact::Known(Caller {
                    account: "111122223333".parse().unwrap(),
                    partition: partition.parse().unwrap(),
                }),
                cluster: issuer.as_ref().map_or(Fact::Absent, |issuer| {
                    Fact::Known(ClusterFacts {
                        issuer: Some(issuer.parse().unwrap()),
                    })
                }),
                ..facts()
            };
            for mode in [Mode::PodIdentity, Mode::Irsa, Mode::Dual] {
                for scope in [Scope::ServiceAccount, Scope::Namespace, Scope::Cluster] {
                    for source_account in [Value::Null, Value::Known(false)] {
                        for name in ["api", "api-*"] {
                            if mode != Mode::Irsa && name != "api" {
                                continue;
                            }
                            let trust = Trust {
                                scope: Value::Known(scope),
                                source_account: source_account.clone(),
                                ..Trust::default()
                            };
                            for manages in [None, Some(true), Some(false)] {
                                let base = manages.map_or(config(mode), |manages| with_role_arn(mode, manages));
                                let role_arn = base.role_arn.map(|arn| arn.replace(":aws:", &format!(":{partition}:")));
                                let config = Binding {
                                    region: region.into(),
                                    service_account: name.into(),
                                    trust: Value::Known(trust.clone()),
                                    role_arn,
                                    ..base
                                };
                                let said = told(None, &config, &facts, &fail_on(FindingSeverity::Warning));
                                assert_eq!(said, [], "{config:?}");
                                plans += 1;
                            }
                        }
                    }
                }
            }
        }
    }
    assert_eq!(plans, 3 * 3 * (2 * 3 * 2 * 3 + 3 * 2 * 2 * 3));
}

#[test]
fn a_role_of_somebody_else_that_has_what_the_function_returns_is_as_it_should_be() {
    for mode in [Mode::PodIdentity, Mode::Irsa, Mode::Dual] {
        let policy = planned(None, &config(mode)).trust_policy.known().unwrap().0.clone();
        let facts = Facts {
            role: Fact::Known(Found {
                what: ObservedRole {
                    trust_policy: policy,
                    ..ObservedRole::default()
                },
                ..Found::default()
            }),
            ..facts()
        };
        for manages in [false, true] {
            let settings = fail_on(FindingSeverity::Suggestion);
            assert_eq!(
                told(None, &with_role_arn(mode, manages), &facts, &settings),
                [],
                "{mode:?}"
            );
        }
    }
}

#[test]
fn a_role_that_serves_other_clusters_as_well_is_as_it_should_be() {
    let tags = |cluster: &str| {
        pods(&format!(
            r#", "Condition": {{"StringEquals": {{"aws:RequestTag/eks-cluster-arn": "arn:aws:eks:eu-west-1:111122223333:cluster/{cluster}",
                "aws:RequestTag/kubernetes-namespace": "prod", "aws:RequestTag/kubernetes-service-account": "api"}}}}"#
        ))
    };
    let facts = of_role(&format!("{}, {}", tags("main"), tags("other")));
    let settings = fail_on(FindingSeverity::Suggestion);
    for manages in [false, true] {
        let said = told(None, &with_role_arn(Mode::PodIdentity, manages), &facts, &settings);
        assert_eq!(said, [], "{manages}");
    }
}

#[test]
fn what_is_open_is_told_by_every_plan_where_it_is_the_bindings_own() {
    let config = scoped(Mode::PodIdentity, Scope::Account);
    let open = format!("{OPEN} (`{KEY}`)");
    let none = FindingSettings::default();
    assert_eq!(told(None, &config, &facts(), &none), warning(&open));
    assert_eq!(told(Some(&applied(&config)), &config, &facts(), &none), warning(&open));
    let of_others = with_role_arn(Mode::PodIdentity, false);
    let open = format!("{OPEN} (`arn:aws:iam::111122223333:role/api`)");
    let facts = of_role(&pods(""));
    assert_eq!(told(None, &of_others, &facts, &none), warning(&open));
    assert_eq!(told(Some(&applied(&of_others)), &of_others, &facts, &none), []);
    // What is to fail does so whatever changes.
    let strict = fail_on(FindingSeverity::Security);
    assert_eq!(
        told(Some(&applied(&of_others)), &of_others, &facts, &strict),
        error(&open)
    );
}

#[test]
fn warnings_are_told_when_something_changes() {
    let config = untagged();
    let none = FindingSettings::default();
    assert_eq!(told(None, &config, &facts(), &none), warning(NO_TAGS));
    let prior = applied(&config);
    assert_eq!(told(Some(&prior), &config, &facts(), &none), []);
    let changed = Binding {
        tags: Value::Known([("team".to_owned(), "a".into())].into()),
        ..config.clone()
    };
    assert_eq!(told(Some(&prior), &changed, &facts(), &none), warning(NO_TAGS));
    let strict = fail_on(FindingSeverity::Warning);
    assert_eq!(told(Some(&prior), &config, &facts(), &strict), error(NO_TAGS));
}

#[test]
fn from_the_severity_that_is_set_findings_fail_a_plan() {
    use FindingSeverity::{Error, Security, Suggestion, Warning};
    let open = format!("{OPEN} (`{KEY}`)");
    for (config, summary, mildest) in [
        (scoped(Mode::PodIdentity, Scope::Account), open.as_str(), Security),
        (untagged(), NO_TAGS, Warning),
    ] {
        for severity in [Security, Error, Warning, Suggestion] {
            let said = all(None, &config, &facts(), &fail_on(severity));
            let said: Vec<_> = said.iter().collect();
            let [said] = said.as_slice() else { panic!("{said:?}") };
            assert_eq!(said.summary, summary);
            let fails = mildest <= severity;
            assert_eq!(said.severity == Severity::Error, fails, "{severity}");
            let reason = format!("It stops the plan, because `fail_on` in the provider is `{severity}`.");
            assert_eq!(said.detail.contains(&reason), fails, "{}", said.detail);
        }
    }
}

#[test]
fn what_could_only_be_said_better_is_told_where_it_fails() {
    let deprecated = with_statement(
        r#"{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::444455556666:root"}, "Action": "sts:AssumeRole",
            "Condition": {"ArnLike": {"aws:ARN": "arn:aws:iam::444455556666:role/deploy-*"}}}"#,
    );
    assert_eq!(told(None, &deprecated, &facts(), &FindingSettings::default()), []);
    assert_eq!(
        told(None, &deprecated, &facts(), &fail_on(FindingSeverity::Suggestion)),
        error("PIB345: Condition key is deprecated")
    );
}

#[test]
fn what_is_waived_is_neither_told_nor_fails_until_the_waiver_is_over() {
    let config = scoped(Mode::PodIdentity, Scope::Account);
    let strict = |settings| FindingSettings {
        fail_on: Some(FindingSeverity::Suggestion),
        ..settings
    };
    for code in ["PIB203", "open-to-account"] {
        for expires in [None, Some("2026-11-21"), Some("2027-01-01")] {
            assert_eq!(told(None, &config, &facts(), &strict(waived(code, expires))), []);
        }
    }
    let open = format!("{OPEN} (`{KEY}`)");
    assert_eq!(told(None, &config, &facts(), &waived("PIB204", None)), warning(&open));
    let over = waived("PIB203", Some("2026-11-20"));
    assert_eq!(told(None, &config, &facts(), &strict(over.clone())), error(&open));
    let said = all(None, &config, &facts(), &over);
    let said: Vec<_> = said.iter().collect();
    assert_eq!(said.len(), 1);
    assert!(
        said[0].detail.ends_with("It was waived, and the waiver has expired."),
        "{said:?}"
    );
}

#[test]
fn a_mistake_that_explains_a_refusal_is_named_with_it() {
    let facts = of_role(
        r#"{"Effect": "Allow", "Principal": {"Service": "pods.eks.amazonaws.com"}, "Action": "sts:AssumeRole",
            "Condition": {"StringEquals": {"aws:RequestTag/eks-cluster-name": "main"}}}"#,
    );
    let config = with_role_arn(Mode::PodIdentity, false);
    let said = all(None, &config, &facts, &FindingSettings::default());
    let said: Vec<_> = said.iter().collect();
    assert_eq!(said.len(), 1, "{said:?}");
    assert_eq!(
        said[0].summary,
        "Role refuses pods that come through EKS Pod Identity, as it is now"
    );
    let reason = "(PIB201: Pod Identity trust does not allow sts:TagSession)";
    assert!(said[0].detail.ends_with(reason), "{}", said[0].detail);
    let failing = told(None, &config, &facts, &fail_on(FindingSeverity::Error));
    assert!(
        failing.contains(&error("PIB201: Pod Identity trust does not allow sts:TagSession")[0]),
        "{failing:?}"
    );
}

#[test]
fn a_whole_cluster_is_no_finding_where_it_was_asked_for() {
    let own = scoped(Mode::Irsa, Scope::Cluster);
    assert_eq!(told(None, &own, &facts(), &fail_on(FindingSeverity::Suggestion)), []);
    let also_by_hand = format!(
        r#"{{"Effect": "Allow", "Principal": {{"Federated": "arn:aws:iam::111122223333:oidc-provider/{ISSUER}"}},
            "Action": "sts:AssumeRoleWithWebIdentity", "Condition": {{"StringEquals": {{"{ISSUER}:aud": "sts.amazonaws.com"}},
            "StringLike": {{"{ISSUER}:sub": "system:serviceaccount:*:*"}}}}}}"#
    );
    let by_hand = Binding {
        mode: Value::Known(Mode::Irsa),
        ..with_statement(&also_by_hand)
    };
    assert_eq!(
        told(None, &by_hand, &facts(), &FindingSettings::default()),
        warning(format!("PIB105: IRSA trust is open to every namespace (`{KEY}`)"))
    );
}

#[test]
fn more_conditions_are_as_good_as_they_are() {
    let with = |test: &str, variable: &str, value: &str| Binding {
        trust: Value::Known(Trust {
            conditions: Value::Known(vec![Value::Known(TrustCondition {
                test: test.into(),
                variable: variable.into(),
                values: Value::Known(vec![value.into()]),
                ..TrustCondition::default()
            })]),
            ..Trust::default()
        }),
        ..config(Mode::PodIdentity)
    };
    let none = FindingSettings::default();
    let said = told(
        None,
        &with("StringEquals", "aws:RequestTag/eks-cluster-name", "main"),
        &facts(),
        &none,
    );
    assert_eq!(said, []);
    let said = told(
        None,
        &with("ForAllValues:StringEquals", "aws:RequestTag/eks-cluster-name", "main"),
        &facts(),
        &none,
    );
    assert_eq!(
        said,
        warning(format!(
            "PIB334: Condition that guards the role also holds where its key is missing (`{KEY}`)"
        ))
    );
}

#[test]
fn what_stands_in_the_way_of_an_association_is_a_finding_as_well() {
    let facts = Facts {
        preflight: Fact::Known(PreflightFacts {
            agent: Some(false),
            ..PreflightFacts::default()
        }),
        ..facts()
    };
    let new = config(Mode::PodIdentity);
    let agent = "PIB424: Cluster has no EKS Pod Identity agent";
    let strict = fail_on(FindingSeverity::Error);
    assert_eq!(
        told(None, &new, &facts, &fail_on(FindingSeverity::Security)),
        warning(agent)
    );
    assert_eq!(told(None, &new, &facts, &strict), error(agent));
    assert_eq!(told(None, &new, &facts, &waived("PIB424", None)), []);
    let skips = Binding {
        skip_preflight: Value::Known(["PIB424".into()].into_iter().collect()),
        ..new
    };
    assert_eq!(told(None, &skips, &facts, &strict), warning(agent));
    // Where pods would lose what works, only the binding itself says that it is right.
    let irsa = planned(None, &config(Mode::Irsa));
    let dual = config(Mode::Dual);
    assert_eq!(told(Some(&irsa), &dual, &facts, &waived("PIB424", None)), error(agent));
}

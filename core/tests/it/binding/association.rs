//! What the association gives: target role, session policy, session tags.

use pod_identity_core::binding::{
    Binding, Existing, Fact, Facts, Found, Mode, Observed, ObservedAssociation, ObservedRole, PolicyJson, Role, Trust,
    TrustCondition, complete, imported, read, refusals,
};
use pod_identity_core::functions::{external_id, target_permissions_policy, target_trust_policy};
use pod_identity_core::ids::Partition;
use tfmodel::{Diagnostics, Model, Severity, Value};

use super::{ROLE, config, facts, planned, settings, trust_of, try_plan, with_role_arn};

const TARGET: &str = "arn:aws:iam::444455556666:role/data";
const ASSOCIATION: &str = "arn:aws:eks:eu-west-1:111122223333:podidentityassociation/main/a-1";
const EXTERNAL_ID: &str = "eu-west-1/111122223333/main/prod/api";

fn policy(action: &str) -> Value<PolicyJson> {
    let text =
        format!(r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":"{action}","Resource":"*"}}]}}"#);
    Value::Known(PolicyJson(text))
}

fn with_target() -> Binding {
    Binding {
        target_role_arn: TARGET.into(),
        ..config(Mode::PodIdentity)
    }
}

/// With everything that an association can have.
fn whole() -> Binding {
    Binding {
        session_policy: policy("s3:GetObject"),
        ..with_target()
    }
}

fn applied(config: &Binding) -> Binding {
    complete(&planned(None, config), Some(("a-1", ASSOCIATION)))
}

fn known(policy: &Value<PolicyJson>) -> &str {
    &policy.known().expect("a known policy").0
}

fn told(found: &Diagnostics, severity: Severity) -> Vec<(&str, String)> {
    let of_that = found.iter().filter(|one| one.severity == severity);
    of_that
        .map(|one| (one.summary.as_str(), one.path.clone().unwrap_or_default().to_string()))
        .collect()
}

#[test]
fn what_no_association_can_be_is_refused_with_a_code() {
    let long = format!("s3:{}", "a".repeat(2048));
    let with = |policy| Binding {
        session_policy: policy,
        ..config(Mode::PodIdentity)
    };
    let text = |text: &str| Value::Known(PolicyJson(text.to_owned()));
    for (config, summary, path) in [
        (
            Binding {
                disable_session_tags: Value::Known(false),
                ..with(policy("s3:GetObject"))
            },
            "PIB220: Session policy needs session tags to be off",
            "session_policy",
        ),
        (
            with(policy(&long)),
            "PIB417: Session policy is too long",
            "session_policy",
        ),
        (
            with(text(
                r#"{"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*"}]}"#,
            )),
            "PIB418: Session policy is no valid permissions policy",
            "session_policy",
        ),
        (
            with(text(
                r#"{"Statement":[{"Effect":"Deny","Action":"s3:GetObject","Resource":"*"}]}"#,
            )),
            "PIB419: Session policy allows nothing",
            "session_policy",
        ),
        (
            Binding {
                mode: Value::Known(Mode::Irsa),
                ..with_target()
            },
            "PIB423: Target role needs EKS Pod Identity alone",
            "target_role_arn",
        ),
        (
            Binding {
                mode: Value::Known(Mode::Dual),
                ..with_target()
            },
            "PIB423: Target role needs EKS Pod Identity alone",
            "target_role_arn",
        ),
        (
            Binding {
                mode: Value::Known(Mode::Irsa),
                ..with(policy("s3:GetObject"))
            },
            "Session policy needs EKS Pod Identity",
            "session_policy",
        ),
        (
            Binding {
                target_role_arn: ROLE.into(),
                ..config(Mode::PodIdentity)
            },
            "Target role is the binding's own role",
            "target_role_arn",
        ),
        (
            Binding {
                role: Value::Known(Role {
                    name: "api".into(),
                    inline_policies: Value::Known(
                        [("pod-identity-target-x".to_owned(), policy("s3:GetObject"))].into(),
                    ),
                    ..Role::default()
                }),
                ..config(Mode::PodIdentity)
            },
            "Name of an inline policy is reserved",
            r#"role.inline_policies["pod-identity-target-x"]"#,
        ),
    ] {
        let problems = try_plan(None, &config, &facts(), &settings()).expect_err(summary);
        assert_eq!(told(&problems, Severity::Error), [(summary, path.to_owned())]);
    }
}

#[test]
fn session_tags_are_off_where_there_is_a_session_policy_unless_somebody_says() {
    for (policy, said, disabled) in [
        (Value::Null, Value::Null, Value::Known(false)),
        (policy("s3:GetObject"), Value::Null, Value::Known(true)),
        (Value::unknown(), Value::Null, Value::unknown()),
        (Value::Null, Value::Known(true), Value::Known(true)),
        (Value::unknown(), Value::Known(true), Value::Known(true)),
        (Value::Null, Value::unknown(), Value::unknown()),
    ] {
        let planned = planned(
            None,
            &Binding {
                session_policy: policy,
                disable_session_tags: said,
                ..config(Mode::PodIdentity)
            },
        );
        assert_eq!(planned.disable_session_tags, disabled);
        assert_eq!(planned.trust_policy.is_known(), disabled.is_known());
        if let Value::Known(disabled) = disabled {
            assert_eq!(known(&planned.trust_policy).contains("aws:RequestTag/"), !disabled);
        }
    }
    // A policy that goes takes the default with it, whatever the last one was.
    let prior = applied(&whole());
    assert_eq!(
        planned(Some(&prior), &with_target()).disable_session_tags,
        Value::Known(false)
    );
}

#[test]
fn what_is_lost_without_session_tags_is_told() {
    let off = |mode| Binding {
        disable_session_tags: Value::Known(true),
        ..config(mode)
    };
    let (planned, warnings) = try_plan(None, &off(Mode::PodIdentity), &facts(), &settings()).unwrap();
    assert!(known(&planned.trust_policy).contains("aws:SourceAccount"));
    assert_eq!(
        told(&warnings, Severity::Warning),
        [(
            "PIB204: Without session tags the role cannot tell pods apart",
            "disable_session_tags".to_owned()
        )]
    );
    let (_, warnings) = try_plan(None, &off(Mode::Irsa), &facts(), &settings()).unwrap();
    assert!(warnings.is_empty(), "{warnings:?}");
}

#[test]
fn a_condition_on_a_tag_that_is_not_sent_keeps_the_pods_out() {
    let asks = Trust {
        conditions: Value::Known(vec![Value::Known(TrustCondition {
            test: "StringEquals".into(),
            variable: "aws:RequestTag/kubernetes-namespace".into(),
            values: Value::Known(vec!["prod".into()]),
            ..TrustCondition::default()
        })]),
        ..Trust::default()
    };
    let config = Binding {
        trust: Value::Known(asks),
        disable_session_tags: Value::Known(true),
        ..config(Mode::PodIdentity)
    };
    let problems = try_plan(None, &config, &facts(), &settings()).unwrap_err();
    assert_eq!(
        told(&problems, Severity::Error),
        [(
            "Trust policy would refuse the binding's own pods through EKS Pod Identity",
            "trust".to_owned()
        )]
    );
}

#[test]
fn the_resource_says_of_a_target_role_what_the_functions_say() {
    for config in [with_target(), whole()] {
        let resource = planned(None, &config);
        let whole = resource.to_value();
        assert_eq!(
            target_trust_policy(&whole).unwrap(),
            Value::from(known(&resource.target_trust_policy))
        );
        assert_eq!(
            target_permissions_policy(&whole).unwrap(),
            Value::from(known(&resource.target_permissions_policy))
        );
        if config.session_policy.is_known() {
            assert_eq!(external_id(&whole).unwrap(), resource.external_id);
        } else {
            assert_eq!(resource.external_id, Value::Null);
        }
    }
    let without = planned(None, &config(Mode::PodIdentity));
    assert_eq!(
        (
            without.external_id,
            without.target_trust_policy,
            without.target_permissions_policy
        ),
        (Value::Null, Value::Null, Value::Null)
    );
    let unknown = planned(
        None,
        &Binding {
            target_role_arn: Value::unknown(),
            ..whole()
        },
    );
    assert!(unknown.external_id.is_unknown() && unknown.target_trust_policy.is_unknown());
    assert!(unknown.ready_token.is_unknown());
}

#[test]
fn the_external_id_that_eks_sends_is_kept_where_it_has_the_documented_form() {
    let state = applied(&whole());
    assert_eq!(state.external_id, EXTERNAL_ID.into());
    let said = |id: &str| {
        let mut observed = observed(&state);
        observed.association.as_mut().unwrap().external_id = Some(id.to_owned());
        read(&state, &observed).unwrap()
    };
    let other = "eu-west-1/999988887777/main/prod/api";
    let now = said(other);
    assert_eq!(now.external_id, other.into());
    let again = planned(Some(&now), &whole());
    assert_eq!(again.external_id, other.into());
    assert!(known(&again.target_trust_policy).contains(other));
    assert_eq!(said("something").external_id, state.external_id);
}

#[test]
fn whatever_pods_get_else_changes_the_ready_token() {
    let tokens = |config: &Binding| {
        let prior = applied(config);
        prior.ready_token.into_known().unwrap()
    };
    let mut all = vec![
        tokens(&config(Mode::PodIdentity)),
        tokens(&with_target()),
        tokens(&whole()),
        tokens(&Binding {
            session_policy: policy("s3:GetObject"),
            ..config(Mode::PodIdentity)
        }),
        tokens(&Binding {
            disable_session_tags: Value::Known(true),
            ..config(Mode::PodIdentity)
        }),
    ];
    let count = all.len();
    all.sort();
    all.dedup();
    assert_eq!(all.len(), count);
    // Another spelling is the same policy.
    let respelt = Binding {
        session_policy: Value::Known(PolicyJson(
            r#"{"Statement":{"Action":["s3:GetObject"],"Resource":["*"],"Effect":"Allow"},"Version":"2012-10-17"}"#
                .to_owned(),
        )),
        ..with_target()
    };
    assert_eq!(tokens(&respelt), tokens(&whole()));
    let prior = applied(&whole());
    assert_eq!(planned(Some(&prior), &respelt), prior);
}

#[test]
fn a_target_role_has_to_admit_both_kinds_while_tags_are_switched() {
    let prior = applied(&with_target());
    let off = Binding {
        disable_session_tags: Value::Known(true),
        ..with_target()
    };
    let (_, warnings) = try_plan(Some(&prior), &off, &facts(), &settings()).unwrap();
    let warnings = told(&warnings, Severity::Warning);
    assert!(
        warnings.contains(&(
            "Target role has to let pods in with and without session tags",
            "disable_session_tags".to_owned()
        )),
        "{warnings:?}"
    );
}

/// What AWS has of an applied binding with an owned role.
fn observed(state: &Binding) -> Observed {
    let target = state.target_role_arn.known().cloned();
    let for_target = state.target_permissions_policy.known().map(|policy| policy.0.clone());
    Observed {
        role: Some(ObservedRole {
            name: "api".to_owned(),
            arn: ROLE.to_owned(),
            path: "/".to_owned(),
            max_session_duration: Some(3600),
            trust_policy: trust_of(state).to_json(),
            inline_policies: for_target
                .into_iter()
                .map(|policy| ("pod-identity-target-x".to_owned(), policy))
                .collect(),
            ..ObservedRole::default()
        }),
        association: Some(ObservedAssociation {
            id: "a-1".to_owned(),
            arn: ASSOCIATION.to_owned(),
            role_arn: ROLE.to_owned(),
            external_id: target.as_ref().map(|_| EXTERNAL_ID.to_owned()),
            target_role_arn: target,
            session_policy: state.session_policy.known().map(|policy| policy.0.clone()),
            disable_session_tags: state.disable_session_tags == Value::Known(true),
            ..ObservedAssociation::default()
        }),
        ..Observed::default()
    }
}

#[test]
fn every_drift_of_an_association_changes_its_own_attribute() {
    let mut config = whole();
    config.role = Value::Known(Role {
        name: "api".into(),
        inline_policies: Value::Known([].into()),
        ..Role::default()
    });
    let state = applied(&config);
    assert_eq!(
        read(&state, &observed(&state)).as_ref(),
        Some(&state),
        "nothing has drifted"
    );
    let drifted = |change: &dyn Fn(&mut ObservedRole, &mut ObservedAssociation)| {
        let mut observed = observed(&state);
        change(observed.role.as_mut().unwrap(), observed.association.as_mut().unwrap());
        let now = read(&state, &observed).unwrap();
        let again = planned(Some(&now), &config);
        assert!(!again.steps.known().unwrap().is_empty());
        assert_eq!(again.target_permissions_policy, state.target_permissions_policy);
        now
    };
    let other = "arn:aws:iam::444455556666:role/other";
    let elsewhere = drifted(&|_, association| association.target_role_arn = Some(other.to_owned()));
    assert_eq!(elsewhere.target_role_arn, other.into());
    assert_ne!(elsewhere.ready_token, state.ready_token);
    assert_eq!(
        drifted(&|_, association| association.target_role_arn = None).target_role_arn,
        Value::Null
    );
    assert_eq!(
        drifted(&|_, association| association.session_policy = None).session_policy,
        Value::Null
    );
    assert_eq!(
        drifted(&|_, association| {
            association.session_policy = None;
            association.disable_session_tags = false;
        })
        .disable_session_tags,
        Value::Known(false)
    );
    assert_eq!(
        drifted(&|role, _| role.inline_policies.clear()).target_permissions_policy,
        Value::Null
    );
    let widened = drifted(&|role, _| {
        let text = known(&state.target_permissions_policy).replace(TARGET, "*");
        role.inline_policies.insert("pod-identity-target-x".to_owned(), text);
    });
    assert!(known(&widened.target_permissions_policy).contains(r#""*""#));
    let mut taken = observed(&state);
    taken.association.as_mut().unwrap().owner_arn = Some("arn:aws:eks:::addon/x".to_owned());
    assert_eq!(read(&state, &taken).unwrap().owner_arn, "arn:aws:eks:::addon/x".into());
}

#[test]
fn an_imported_association_with_everything_plans_empty() {
    for config in [with_target(), whole()] {
        let state = applied(&config);
        let key = state.id.known().unwrap().parse().unwrap();
        let found = imported(Existing {
            key: &key,
            partition: &Partition::Aws,
            observed: &observed(&state),
            owned: true,
            settings: &settings(),
        })
        .unwrap();
        assert_eq!(planned(Some(&found), &config), found);
        assert_eq!(
            (&found.external_id, &found.ready_token, &found.target_role_arn),
            (&state.external_id, &state.ready_token, &state.target_role_arn)
        );
        assert_eq!(found.role.known().unwrap().inline_policies, Value::Null);
    }
}

#[test]
fn a_role_of_somebody_else_stops_an_apply_only_where_it_refuses_for_certain() {
    let config = with_role_arn(Mode::PodIdentity, false);
    let found = |statement: &str| {
        let facts = Facts {
            role: Fact::Known(Found {
                what: ObservedRole {
                    trust_policy: format!(r#"{{"Statement":[{{"Effect":"Allow",{statement}}}]}}"#),
                    ..ObservedRole::default()
                },
                ..Found::default()
            }),
            ..facts()
        };
        let (_, warnings) = try_plan(None, &config, &facts, &settings()).expect("a plan only warns");
        let problems = refusals(None, &config, &facts, &settings());
        (
            told(&warnings, Severity::Warning).len(),
            told(&problems, Severity::Error).len(),
        )
    };
    let pods = r#""Principal":{"Service":"pods.eks.amazonaws.com"},"Action":["sts:AssumeRole","sts:TagSession"]"#;
    let of_cluster = r#","Condition":{"StringEquals":{"aws:RequestTag/eks-cluster-arn":"arn:aws:eks:eu-west-1:111122223333:cluster/main"}}"#;
    assert_eq!(found(&format!("{pods}{of_cluster}")), (0, 0));
    // Of what every association of the account may use, a plan warns too.
    assert_eq!(found(pods), (1, 0));
    let others = r#""Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole""#;
    assert_eq!(found(others), (1, 1));
    let nobody_knows = r#","Condition":{"StringEquals":{"aws:SourceOrgID":"o-1"}}"#;
    assert_eq!(found(&format!("{pods}{nobody_knows}")), (2, 0));
}

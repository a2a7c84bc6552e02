use std::collections::BTreeMap;

use pod_identity_core::binding::{
    Binding, Caller, ConditionMechanism, Fact, Facts, Mode, Role, Scope, Settings, Trust, TrustCondition, complete,
};
use tfmodel::{Diagnostics, Severity, Value};

use super::{config, facts, planned, settings, try_plan, with_role_arn};

#[track_caller]
fn refused(prior: Option<&Binding>, config: &Binding, summary: &str, path: &str) {
    let problems = try_plan(prior, config, &facts(), &settings()).expect_err(summary);
    let found: Vec<(String, String)> = problems
        .iter()
        .filter(|problem| problem.severity == Severity::Error)
        .map(|problem| {
            (
                problem.summary.clone(),
                problem.path.clone().unwrap_or_default().to_string(),
            )
        })
        .collect();
    assert_eq!(found, [(summary.to_owned(), path.to_owned())]);
}

fn warned(found: &Diagnostics) -> Vec<&str> {
    found.iter().map(|warning| warning.summary.as_str()).collect()
}

fn applied(config: &Binding) -> Binding {
    let planned = planned(None, config);
    let arn = "arn:aws:eks:eu-west-1:111122223333:podidentityassociation/main/a-1";
    let association = planned
        .mode
        .known()
        .unwrap()
        .uses_pod_identity()
        .then_some(("a-1", arn));
    complete(&planned, association)
}

#[test]
fn a_direct_switch_is_refused_unless_it_is_allowed() {
    for (from, to) in [(Mode::Irsa, Mode::PodIdentity), (Mode::PodIdentity, Mode::Irsa)] {
        let prior = applied(&config(from));
        refused(Some(&prior), &config(to), "Switch would interrupt running pods", "mode");
        let mut allowed = config(to);
        allowed.allow_disruptive_switch = Value::Known(true);
        assert!(try_plan(Some(&prior), &allowed, &facts(), &settings()).is_ok());
    }
    for (from, to) in [
        (Mode::Irsa, Mode::Dual),
        (Mode::PodIdentity, Mode::Dual),
        (Mode::Dual, Mode::PodIdentity),
        (Mode::Dual, Mode::Irsa),
    ] {
        assert!(
            try_plan(Some(&applied(&config(from))), &config(to), &facts(), &settings()).is_ok(),
            "{from:?} to {to:?}"
        );
    }
}

#[test]
fn pods_that_started_while_the_association_was_gone_are_not_forgotten() {
    let mut prior = applied(&config(Mode::Dual));
    prior.association_id = Value::Null;
    prior.association_arn = Value::Null;
    refused(
        Some(&prior),
        &config(Mode::PodIdentity),
        "Switch would interrupt running pods",
        "mode",
    );
    for mode in [Mode::Dual, Mode::Irsa] {
        assert!(
            try_plan(Some(&prior), &config(mode), &facts(), &settings()).is_ok(),
            "{mode:?}"
        );
    }
}

#[test]
fn the_window_on_the_way_back_to_irsa_is_warned_of() {
    let (_, warnings) = try_plan(
        Some(&applied(&config(Mode::Dual))),
        &config(Mode::Irsa),
        &facts(),
        &settings(),
    )
    .unwrap();
    assert_eq!(
        warned(&warnings),
        ["Going back to IRSA interrupts pods until they are restarted"]
    );
}

#[test]
fn wildcards_are_for_irsa_only() {
    for mode in [Mode::Dual, Mode::PodIdentity] {
        let mut config = config(mode);
        config.service_account = "api-*".into();
        refused(
            None,
            &config,
            "EKS Pod Identity needs the name of one service account",
            "service_account",
        );
    }
}

#[test]
fn pod_identity_takes_no_role_of_another_account() {
    let mut config = with_role_arn(Mode::PodIdentity, false);
    config.role_arn = "arn:aws:iam::444455556666:role/api".into();
    refused(None, &config, "Role in another account", "role_arn");
}

#[test]
fn the_trust_policy_of_a_role_in_another_account_is_not_managed() {
    let with = |manages| Binding {
        role_arn: "arn:aws:iam::444455556666:role/api".into(),
        ..with_role_arn(Mode::Irsa, manages)
    };
    refused(None, &with(true), "Role in another account", "manage_trust_policy");
    assert!(try_plan(None, &with(false), &facts(), &settings()).is_ok());
}

#[test]
fn a_binding_of_another_account_is_not_planned_with_these_credentials() {
    let config = config(Mode::PodIdentity);
    let mut prior = applied(&config);
    prior.account_id = "444455556666".into();
    prior.id = "444455556666/eu-west-1/main/prod/api".into();
    prior.role_arn = "arn:aws:iam::444455556666:role/api".into();
    refused(Some(&prior), &config, "The binding is in another account", "");
    let facts = Facts {
        caller: Fact::Unknown,
        ..facts()
    };
    assert!(try_plan(Some(&prior), &config, &facts, &settings()).is_ok());
}

#[test]
fn role_and_role_arn_must_name_the_same_role() {
    let mut both = config(Mode::PodIdentity);
    both.role_arn = super::ROLE.into();
    assert!(try_plan(None, &both, &facts(), &settings()).is_ok());
    both.role_arn = "arn:aws:iam::111122223333:role/other".into();
    refused(None, &both, "`role` and `role_arn` name different roles", "role_arn");
}

#[test]
fn issuer_and_provider_must_fit() {
    let mut config = config(Mode::Irsa);
    config.oidc_issuer = "https://a.example.com".into();
    config.oidc_provider_arn = "arn:aws:iam::111122223333:oidc-provider/b.example.com".into();
    refused(
        None,
        &config,
        "`oidc_issuer` and `oidc_provider_arn` name different issuers",
        "oidc_provider_arn",
    );
}

#[test]
fn trust_terms_that_cannot_be_are_refused() {
    let with = |mode, trust| Binding {
        trust: Value::Known(trust),
        ..config(mode)
    };
    let account = Trust {
        scope: Value::Known(Scope::Account),
        ..Trust::default()
    };
    refused(
        None,
        &with(Mode::Dual, account.clone()),
        "IRSA cannot trust a whole account",
        "trust.scope",
    );
    let (_, warnings) = try_plan(None, &with(Mode::PodIdentity, account), &facts(), &settings()).unwrap();
    assert_eq!(
        warned(&warnings),
        [
            "PIB203: Pod Identity trust is open to every association of the account (`111122223333/eu-west-1/main/prod/api`)"
        ]
    );

    let statements = Trust {
        statements: Value::Known(vec![
            r#"{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole"}"#.into(),
        ]),
        ..Trust::default()
    };
    let mut foreign = with_role_arn(Mode::Irsa, true);
    foreign.trust = Value::Known(statements);
    refused(
        None,
        &foreign,
        "Statements can only be given to a role that the binding owns",
        "trust.statements",
    );

    let condition = |test: &str, variable: &str| {
        Value::Known(TrustCondition {
            test: test.into(),
            variable: variable.into(),
            values: Value::Known(vec!["x".into()]),
            ..TrustCondition::default()
        })
    };
    let conditions = |all: Vec<Value<TrustCondition>>| Trust {
        conditions: Value::Known(all),
        ..Trust::default()
    };
    for test in ["StringEquals", "stringequals"] {
        let own = conditions(vec![condition(test, "AWS:SourceAccount")]);
        refused(
            None,
            &with(Mode::PodIdentity, own),
            "Condition cannot be added",
            "trust.conditions[0]",
        );
        let twice = conditions(vec![condition("StringEquals", "a:b"), condition(test, "A:b")]);
        refused(
            None,
            &with(Mode::PodIdentity, twice),
            "Condition cannot be added",
            "trust.conditions[1]",
        );
    }
}

#[test]
fn only_conditions_that_the_binding_really_sets_are_its_own() {
    let with = |mode, variable: &str, mechanism, trust: Trust| Binding {
        trust: Value::Known(Trust {
            conditions: Value::Known(vec![Value::Known(TrustCondition {
                test: "StringEquals".into(),
                variable: variable.into(),
                values: Value::Known(vec!["x".into()]),
                mechanism: Value::Known(mechanism),
            })]),
            ..trust
        }),
        ..config(mode)
    };
    let whole_namespace = Trust {
        scope: Value::Known(Scope::Namespace),
        ..Trust::default()
    };
    let any_source = Trust {
        source_account: Value::Known(false),
        ..Trust::default()
    };
    let own = Trust::default;
    use ConditionMechanism::{Both, Irsa, PodIdentity};
    let service_account = "aws:RequestTag/kubernetes-service-account";
    for (config, is_own) in [
        (with(Mode::PodIdentity, service_account, Both, own()), true),
        (
            with(Mode::PodIdentity, service_account, Both, whole_namespace.clone()),
            false,
        ),
        (
            with(
                Mode::Dual,
                "aws:RequestTag/eks-cluster-arn",
                PodIdentity,
                whole_namespace,
            ),
            true,
        ),
        (
            with(Mode::PodIdentity, "aws:RequestTag/kubernetes-pod-name", Both, own()),
            false,
        ),
        (with(Mode::Irsa, service_account, Both, own()), false),
        (with(Mode::Dual, service_account, Irsa, own()), false),
        (with(Mode::Dual, "aws:SourceAccount", Both, own()), true),
        (with(Mode::Dual, "aws:SourceAccount", Both, any_source), false),
        (with(Mode::Irsa, "example.com:sub", Both, own()), true),
        (with(Mode::Dual, "example.com:sub", PodIdentity, own()), false),
    ] {
        let problems = try_plan(None, &config, &facts(), &settings()).err().unwrap_or_default();
        // Some of the others keep the pods out, which is another matter.
        let found = warned(&problems).contains(&"Condition cannot be added");
        assert_eq!(found, is_own, "{:?} {:?}", config.mode, config.trust);
    }
}

#[test]
fn a_sid_that_is_taken_is_refused() {
    let with = |sids: &[&str]| {
        Binding {
        trust: Value::Known(Trust {
            statements: Value::Known(
                sids.iter()
                    .map(|sid| {
                        let text = format!(
                            r#"{{"Sid":"{sid}","Effect":"Allow","Principal":{{"AWS":"111122223333"}},"Action":"sts:AssumeRole"}}"#
                        );
                        Value::Known(text)
                    })
                    .collect(),
            ),
            ..Trust::default()
        }),
        ..config(Mode::Irsa)
    }
    };
    assert!(try_plan(None, &with(&["", "", "OnCall", "Pibs"]), &facts(), &settings()).is_ok());
    refused(
        None,
        &with(&["OnCall", "Other", "OnCall"]),
        "Sid stands twice",
        "trust.statements[2]",
    );
    refused(
        None,
        &with(&["OnCall", "Pibmh6meibtnjna"]),
        "Sid is reserved",
        "trust.statements[1]",
    );
}

/// Conditions that make a statement for associations some 900 characters long.
fn with_long_trust(disable_session_tags: bool) -> Binding {
    let values: Vec<Value<String>> = (0..25)
        .map(|number| format!("vpc-{number:0>17}").as_str().into())
        .collect();
    Binding {
        disable_session_tags: Value::Known(disable_session_tags),
        trust: Value::Known(Trust {
            conditions: Value::Known(vec![Value::Known(TrustCondition {
                test: "StringEquals".into(),
                variable: "aws:SourceVpc".into(),
                values: Value::Known(values),
                mechanism: Value::Known(ConditionMechanism::PodIdentity),
            })]),
            ..Trust::default()
        }),
        ..config(Mode::Dual)
    }
}

#[test]
fn trust_for_sessions_with_and_without_tags_has_to_fit_while_they_are_switched() {
    let prior = applied(&with_long_trust(false));
    let (summary, place) = ("Trust policy is too large while it changes", "trust");
    refused(Some(&prior), &with_long_trust(true), summary, place);
    let problems = try_plan(Some(&prior), &with_long_trust(true), &facts(), &settings()).unwrap_err();
    let detail = &problems.iter().next().unwrap().detail;
    assert!(detail.contains("more than the quota of 2048"), "{detail}");
    let raised = Settings {
        trust_policy_quota: Some(4096),
        ..settings()
    };
    assert!(try_plan(Some(&prior), &with_long_trust(true), &facts(), &raised).is_ok());
    // Where one statement takes the place of another, there is no time of both.
    let shorter = Binding {
        trust: config(Mode::Dual).trust,
        ..with_long_trust(false)
    };
    assert!(try_plan(Some(&prior), &shorter, &facts(), &settings()).is_ok());
    assert!(try_plan(Some(&applied(&shorter)), &with_long_trust(false), &facts(), &settings()).is_ok());
}

#[test]
fn a_trust_policy_over_the_quota_is_refused_before_iam_refuses_it() {
    let mut config = config(Mode::PodIdentity);
    config.trust = Value::Known(Trust {
        conditions: Value::Known(vec![Value::Known(TrustCondition {
            test: "StringEquals".into(),
            variable: "aws:SourceVpc".into(),
            values: Value::Known(
                (0..100)
                    .map(|number| format!("vpc-{number:0>17}").as_str().into())
                    .collect(),
            ),
            ..TrustCondition::default()
        })]),
        ..Trust::default()
    });
    refused(None, &config, "Trust policy is too large", "trust");
    let raised = Settings {
        trust_policy_quota: Some(4096),
        ..settings()
    };
    assert!(try_plan(None, &config, &facts(), &raised).is_ok());
}

#[test]
fn tag_keys_are_checked() {
    let with = |keys: &[&str]| Binding {
        tags: Value::Known(
            keys.iter()
                .map(|key| ((*key).to_owned(), "x".into()))
                .collect::<BTreeMap<_, _>>(),
        ),
        ..config(Mode::PodIdentity)
    };
    refused(
        None,
        &with(&["Team", "team"]),
        "Tag keys differ only in case",
        r#"tags["team"]"#,
    );
    let mut across = with(&["team"]);
    across.role = Value::Known(Role {
        name: "api".into(),
        tags: Value::Known(BTreeMap::from([("Team".to_owned(), "x".into())])),
        ..Role::default()
    });
    refused(None, &across, "Tag keys differ only in case", r#"role.tags["Team"]"#);
    // Only IAM takes them for the same.
    let of_association = Binding {
        tags: with(&["Team", "team"]).tags,
        ..with_role_arn(Mode::PodIdentity, false)
    };
    assert!(try_plan(None, &of_association, &facts(), &settings()).is_ok());
    let long = "k".repeat(129);
    refused(None, &with(&[&long]), "Tag is too long", &format!(r#"tags["{long}"]"#));
    refused(None, &with(&["aws:x"]), "Tag key is reserved", r#"tags["aws:x"]"#);
}

#[test]
fn the_path_of_a_role_changes_with_its_name_only() {
    let prior = applied(&config(Mode::PodIdentity));
    let with = |name: &str| Binding {
        role: Value::Known(Role {
            name: name.into(),
            path: "/team/".into(),
            ..Role::default()
        }),
        ..config(Mode::PodIdentity)
    };
    refused(
        Some(&prior),
        &with("api"),
        "Path of a role cannot change alone",
        "role.path",
    );
    let (_, warnings) = try_plan(Some(&prior), &with("other"), &facts(), &settings()).unwrap();
    assert_eq!(warned(&warnings), ["Earlier role stays"]);
}

#[test]
fn what_is_left_behind_is_said() {
    let owned = applied(&config(Mode::PodIdentity));
    let (_, warnings) = try_plan(
        Some(&owned),
        &with_role_arn(Mode::PodIdentity, true),
        &facts(),
        &settings(),
    )
    .unwrap();
    assert_eq!(warned(&warnings), ["Role is released"]);
    let managed = applied(&with_role_arn(Mode::PodIdentity, true));
    let (_, warnings) = try_plan(
        Some(&managed),
        &with_role_arn(Mode::PodIdentity, false),
        &facts(),
        &settings(),
    )
    .unwrap();
    assert_eq!(warned(&warnings), ["Statements stay in the role's trust policy"]);
}

#[test]
fn a_role_that_is_left_and_still_trusts_the_pods_is_told_of() {
    let other = |mode| Binding {
        role_arn: "arn:aws:iam::111122223333:role/other".into(),
        ..with_role_arn(mode, true)
    };
    let told = "Role that is left still trusts the pods";
    for (from, to, expected) in [
        (Mode::Irsa, Mode::Irsa, &[told][..]),
        (Mode::Irsa, Mode::Dual, &[told]),
        (Mode::Dual, Mode::Dual, &[]),
        (Mode::PodIdentity, Mode::PodIdentity, &[]),
    ] {
        let prior = applied(&with_role_arn(from, true));
        let (_, warnings) = try_plan(Some(&prior), &other(to), &facts(), &settings()).unwrap();
        assert_eq!(warned(&warnings), expected, "{from:?} to {to:?}");
    }
}

#[test]
fn partitions_that_nobody_verified_are_warned_of() {
    let mut facts = facts();
    facts.caller = Fact::Known(Caller {
        account: "111122223333".parse().unwrap(),
        partition: "aws-iso".parse().unwrap(),
    });
    let config = Binding {
        region: "us-iso-east-1".into(),
        ..config(Mode::PodIdentity)
    };
    let (_, warnings) = try_plan(None, &config, &facts, &settings()).unwrap();
    assert_eq!(
        warned(&warnings),
        ["PIB422: Nobody has verified how Pod Identity behaves in this partition"]
    );
}

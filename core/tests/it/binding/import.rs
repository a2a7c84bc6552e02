use std::collections::BTreeMap;

use pod_identity_core::binding::{
    Binding, ConditionMechanism, Existing, Mode, Observed, PolicyJson, Role, Scope, Settings, Trust, TrustCondition,
    imported, moved,
};
use pod_identity_core::ids::Partition;
use tfmodel::schema::Usage;
use tfmodel::{Diagnostics, Model, Path, Value};

use super::read::{pair, tagged};
use super::{ROLE, config, planned, settings, trust_of, with_role_arn};

fn import(state: &Binding, observed: &Observed, owned: bool) -> Result<Binding, Diagnostics> {
    let key = state.id.known().unwrap().parse().unwrap();
    imported(Existing {
        key: &key,
        partition: &Partition::Aws,
        observed,
        owned,
        settings: &settings(),
    })
}

/// What hosts write that make a configuration by themselves: every argument that has a value, defaults and what the provider chose included.
fn written_by_the_host(state: &Binding) -> Binding {
    let value = state.to_value();
    let schema = Binding::schema();
    let members = schema.block.attributes.iter().map(|attribute| {
        let is_argument = attribute.usage != Usage::Computed;
        let value = value.get(&attribute.name).cloned().unwrap_or_default();
        (attribute.name.clone(), if is_argument { value } else { Value::Null })
    });
    let blocks = schema.block.blocks.iter().map(|block| {
        let value = value.get(&block.name).cloned().unwrap_or_default();
        (block.name.clone(), value)
    });
    Binding::from_value(&Value::object(members.chain(blocks)), &Path::root()).unwrap()
}

/// What newer hosts get from the framework.
fn written_by_the_framework(state: &Binding) -> Binding {
    let config = tfmodel::plan::generate_config(&Binding::schema(), &state.to_value());
    Binding::from_value(&config, &Path::root()).unwrap()
}

fn condition(test: &str, variable: &str, value: &str, mechanism: ConditionMechanism) -> Value<TrustCondition> {
    Value::Known(TrustCondition {
        test: test.into(),
        variable: variable.into(),
        values: Value::Known(vec![value.into()]),
        mechanism: Value::Known(mechanism),
    })
}

fn trusts() -> Vec<Value<Trust>> {
    let organization = |mechanism| condition("StringEquals", "aws:SourceOrgID", "o-1", mechanism);
    let scoped = |scope| Trust {
        scope: Value::Known(scope),
        ..Trust::default()
    };
    vec![
        Value::Null,
        Value::Known(scoped(Scope::Namespace)),
        Value::Known(scoped(Scope::Cluster)),
        Value::Known(Trust {
            source_account: Value::Known(false),
            ..scoped(Scope::ServiceAccount)
        }),
        Value::Known(Trust {
            conditions: Value::Known(vec![
                condition(
                    "StringEquals",
                    "aws:RequestedRegion",
                    "eu-west-1",
                    ConditionMechanism::Irsa,
                ),
                // Documents keep conditions by operator, and the order of the arguments is lost.
                condition("Bool", "aws:SecureTransport", "true", ConditionMechanism::Both),
            ]),
            ..scoped(Scope::ServiceAccount)
        }),
        Value::Known(Trust {
            conditions: Value::Known(vec![organization(ConditionMechanism::PodIdentity)]),
            ..scoped(Scope::Namespace)
        }),
    ]
}

#[test]
fn an_import_of_what_we_made_plans_nothing_for_its_own_configuration_and_for_one_that_is_written_from_it() {
    for trust in trusts() {
        for (config, owned) in [
            (tagged(config(Mode::Dual)), true),
            (tagged(with_role_arn(Mode::Dual, true)), false),
            (tagged(with_role_arn(Mode::Dual, false)), false),
        ] {
            let manages = owned || config.manage_trust_policy == Value::Known(true);
            let config = Binding {
                trust: if manages { trust.clone() } else { Value::Null },
                ..config
            };
            let (state, mut observed) = pair(&config);
            observed.role.as_mut().unwrap().managed_policy_arns.clear();
            if !manages {
                // The same statements, under nobody's name.
                let role = observed.role.as_mut().unwrap();
                let mut trust = role.trust();
                trust.statements.iter_mut().for_each(|one| one.sid = None);
                role.trust_policy = trust.to_json();
            }
            let found = import(&state, &observed, owned).unwrap();
            assert_eq!(found.trust, state.trust);
            for config in [config, written_by_the_host(&found), written_by_the_framework(&found)] {
                assert_eq!(planned(Some(&found), &config), found);
            }
        }
    }
}

#[test]
fn what_the_association_asks_for_is_found() {
    let policy = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}"#;
    let narrowed = Binding {
        session_policy: Value::Known(PolicyJson(policy.to_owned())),
        ..config(Mode::PodIdentity)
    };
    let chained = Binding {
        target_role_arn: "arn:aws:iam::444455556666:role/far".into(),
        ..config(Mode::PodIdentity)
    };
    let chained_untagged = Binding {
        disable_session_tags: Value::Known(true),
        ..chained.clone()
    };
    for config in [narrowed, chained, chained_untagged] {
        let (state, mut observed) = pair(&config);
        observed.role.as_mut().unwrap().managed_policy_arns.clear();
        let association = observed.association.as_mut().unwrap();
        association.target_role_arn = state.target_role_arn.known().cloned();
        association.session_policy = state.session_policy.known().map(|policy| policy.0.clone());
        association.disable_session_tags = state.disable_session_tags == Value::Known(true);
        let found = import(&state, &observed, true).unwrap();
        assert_eq!(found.trust, Value::Null);
        for config in [
            tagged(config),
            written_by_the_host(&found),
            written_by_the_framework(&found),
        ] {
            assert_eq!(planned(Some(&found), &config), found);
        }
    }
}

#[test]
fn a_target_role_belongs_to_the_association_alone_whoever_else_is_trusted() {
    let (state, mut observed) = pair(&config(Mode::Dual));
    observed.association.as_mut().unwrap().target_role_arn = Some("arn:aws:iam::444455556666:role/far".to_owned());
    let found = import(&state, &observed, true).unwrap();
    assert_eq!(
        (&found.mode, &found.oidc_issuer),
        (&Value::Known(Mode::PodIdentity), &Value::Null)
    );
    let steps = planned(Some(&found), &written_by_the_host(&found)).steps;
    assert_ne!(steps, Value::Known(Vec::new()), "what it trusts besides is drift");
}

#[test]
fn mechanisms_are_told_by_association_and_statements() {
    let (state, observed) = pair(&config(Mode::Dual));
    assert_eq!(import(&state, &observed, true).unwrap().mode, Value::Known(Mode::Dual));

    let mut without = observed.clone();
    without.association = None;
    let found = import(&state, &without, true).unwrap();
    assert_eq!(
        found.mode,
        Value::Known(Mode::Dual),
        "its own statement is waiting for it"
    );
    assert_eq!(found.association_id, Value::Null);
    let steps = planned(Some(&found), &config(Mode::Dual)).steps;
    assert_ne!(steps, Value::Known(Vec::new()), "and a plan makes it anew");

    for (mode, associated) in [(Mode::Irsa, false), (Mode::PodIdentity, true)] {
        let (state, mut observed) = pair(&config(mode));
        observed.association = observed.association.filter(|_| associated);
        assert_eq!(import(&state, &observed, true).unwrap().mode, Value::Known(mode));
    }
}

#[test]
fn a_role_that_trusts_somebody_else_is_no_binding() {
    let (state, mut observed) = pair(&with_role_arn(Mode::Irsa, false));
    observed.association = None;
    let role = observed.role.as_mut().unwrap();
    role.trust_policy = role
        .trust_policy
        .replace(":prod:api", ":prod:web")
        .replace("Pib", "Xib");
    let problems = import(&state, &observed, false).unwrap_err();
    let told = &problems.iter().next().unwrap().detail;
    assert!(
        told.contains("admits no token of the pods of `api` in `prod`"),
        "{told}"
    );
}

#[test]
fn statements_of_nobody_in_an_owned_role_are_arguments() {
    let (state, mut observed) = pair(&config(Mode::PodIdentity));
    let role = observed.role.as_mut().unwrap();
    let mut trust = role.trust();
    let people = r#"{"Sid":"People","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"sts:AssumeRole"}"#;
    trust.statements.push(people.parse().unwrap());
    role.trust_policy = trust.to_json();
    let found = import(&state, &observed, true).unwrap();
    let statements = found.trust.known().unwrap().statements.clone();
    assert_eq!(statements, Value::Known(vec![people.into()]));
    assert_eq!(planned(Some(&found), &written_by_the_host(&found)), found);
    let removed = planned(Some(&found), &config(Mode::PodIdentity));
    assert_eq!(
        trust_of(&removed).statements.len(),
        1,
        "who does not write them removes them"
    );
}

#[test]
fn an_imported_role_without_policies_needs_no_change_where_the_configuration_names_none() {
    let config = config(Mode::PodIdentity);
    let (state, mut observed) = pair(&config);
    observed.role.as_mut().unwrap().managed_policy_arns.clear();
    let found = import(&state, &observed, true).unwrap();
    let config = Binding {
        tags: found.tags.clone(),
        ..config
    };
    assert_eq!(planned(Some(&found), &config).role, found.role);
}

#[test]
fn what_import_cannot_see_differs_without_a_call() {
    let config = config(Mode::Dual);
    let (state, observed) = pair(&config);
    let found = import(&state, &observed, true).unwrap();
    let given = Binding {
        allow_disruptive_switch: Value::Known(true),
        oidc_issuer: Value::Known(format!("https://{}", super::ISSUER)),
        role: Value::Known(Role {
            name: "api".into(),
            force_delete: Value::Known(true),
            ..Role::default()
        }),
        tags: Value::Known(BTreeMap::from([("team".to_owned(), "web".into())])),
        ..config
    };
    let planned = planned(Some(&found), &given);
    assert_ne!(planned, found);
    assert_eq!(planned.steps, Value::Known(Vec::new()));
}

#[test]
fn tags_that_the_provider_gives_to_everything_are_not_the_bindings() {
    let (state, mut observed) = pair(&config(Mode::PodIdentity));
    for tags in [
        &mut observed.role.as_mut().unwrap().tags,
        &mut observed.association.as_mut().unwrap().tags,
    ] {
        tags.insert("stage".to_owned(), "prod".to_owned());
    }
    let key = state.id.known().unwrap().parse().unwrap();
    let defaults = BTreeMap::from([("stage".to_owned(), "prod".into()), ("team".to_owned(), "all".into())]);
    let found = imported(Existing {
        key: &key,
        partition: &Partition::Aws,
        observed: &observed,
        owned: true,
        settings: &Settings {
            default_tags: Value::Known(defaults),
            ..settings()
        },
    })
    .unwrap();
    assert_eq!(
        found.tags,
        Value::Known(BTreeMap::from([("team".to_owned(), "web".into())]))
    );
    assert_eq!(found.tags_all.known().unwrap().len(), 2);
}

#[test]
fn an_association_of_another_resource_becomes_a_binding_that_plans_nothing() {
    let arn = "arn:aws:eks:eu-west-1:111122223333:podidentityassociation/main/a-1";
    let arguments = tagged(with_role_arn(Mode::PodIdentity, false));
    let arguments = Binding {
        region: "eu-west-1".into(),
        tags_all: arguments.tags.clone(),
        ..arguments
    };
    let found = moved(&arguments, &arn.parse().unwrap()).unwrap();
    assert!(found.to_value().is_wholly_known());
    assert_eq!(found.role_arn, ROLE.into());
    assert_eq!(
        (&found.role, &found.manage_trust_policy),
        (&Value::Null, &Value::Known(false))
    );
    assert_eq!(found.id, "111122223333/eu-west-1/main/prod/api".into());
    assert_eq!(
        (&found.association_id, &found.association_arn),
        (&"a-1".into(), &arn.into())
    );
    assert!(matches!(&found.trust_policy, Value::Known(PolicyJson(text)) if text.contains("pods.eks.amazonaws.com")));
    let config = tagged(with_role_arn(Mode::PodIdentity, false));
    assert_eq!(planned(Some(&found), &config), found);
}

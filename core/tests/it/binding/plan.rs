use std::collections::BTreeMap;

use pod_identity_core::binding::{
    Binding, Caller, ClusterFacts, Fact, FactRequest, Facts, Mode, Role, RoleRequest, Settings, complete, facts_needed,
    settle,
};
use pod_identity_core::ids::Partition;
use tfmodel::{Model, Value};

use super::{ISSUER, ROLE, config, facts, planned, settings, try_plan, with_role_arn};

/// The binding after a first apply.
fn applied(config: &Binding) -> Binding {
    let planned = planned(None, config);
    let association = planned.mode.known().unwrap().uses_pod_identity();
    let arn = "arn:aws:eks:eu-west-1:111122223333:podidentityassociation/main/a-1";
    complete(&planned, association.then_some(("a-1", arn)))
}

fn unknowns(binding: &Binding) -> Vec<String> {
    let Value::Known(tfmodel::Datum::Object(attributes)) = binding.to_value() else {
        panic!("an object")
    };
    attributes
        .into_iter()
        .filter(|(_, value)| !value.is_wholly_known())
        .map(|(name, _)| name)
        .collect()
}

#[test]
fn everything_is_known_at_plan_but_what_aws_makes_up() {
    assert_eq!(unknowns(&planned(None, &config(Mode::Irsa))), [""; 0]);
    for mode in [Mode::Dual, Mode::PodIdentity] {
        assert_eq!(
            unknowns(&planned(None, &config(mode))),
            ["association_arn", "association_id", "ready_token"]
        );
    }
}

#[test]
fn a_plan_names_role_cluster_and_annotations() {
    let mut config = config(Mode::Dual);
    config.role = Value::Known(Role {
        path: "/team/".into(),
        ..Role::default()
    });
    let planned = planned(None, &config);
    let name = planned.role_name.known().unwrap();
    assert!(name.starts_with("main-prod-api-"), "{name}");
    let arn = format!("arn:aws:iam::111122223333:role/team/{name}");
    assert_eq!(planned.role_arn.known(), Some(&arn));
    assert_eq!(planned.role.known().unwrap().name.known(), Some(name));
    assert_eq!(planned.id, "111122223333/eu-west-1/main/prod/api".into());
    assert_eq!(
        planned.cluster_arn,
        "arn:aws:eks:eu-west-1:111122223333:cluster/main".into()
    );
    assert_eq!(planned.account_id, "111122223333".into());
    assert_eq!(planned.oidc_issuer, ISSUER.into());
    assert_eq!(
        planned.service_account_annotations,
        Value::Known(BTreeMap::from([(
            "eks.amazonaws.com/role-arn".to_owned(),
            Value::Known(arn)
        )]))
    );
}

#[test]
fn mode_pod_identity_makes_no_half_irsa_pods() {
    let planned = planned(None, &config(Mode::PodIdentity));
    assert_eq!(planned.service_account_annotations, Value::Known(BTreeMap::new()));
    assert_eq!(
        (planned.oidc_issuer, planned.oidc_provider_arn),
        (Value::Null, Value::Null)
    );
}

#[test]
fn a_cluster_that_does_not_exist_yet_leaves_only_the_issuer_unknown() {
    let facts = Facts {
        cluster: Fact::Absent,
        ..facts()
    };
    let (planned, warnings) = try_plan(None, &config(Mode::Irsa), &facts, &settings()).unwrap();
    assert_eq!(unknowns(&planned), ["oidc_issuer", "oidc_provider_arn", "trust_policy"]);
    assert!(warnings.is_empty());
    assert!(!planned.steps.known().unwrap().is_empty());

    let settled = settle(None, &config(Mode::Irsa), &planned, &self::facts(), &settings()).unwrap();
    assert_eq!(unknowns(&settled), [""; 0]);
    assert_eq!(settled.oidc_issuer, ISSUER.into());
    assert_eq!(settled.steps, planned.steps);
}

#[test]
fn an_apply_stops_when_the_cluster_was_replaced_meanwhile() {
    let config = config(Mode::Irsa);
    let planned = planned(None, &config);
    let mut facts = facts();
    facts.cluster = Fact::Known(ClusterFacts {
        issuer: Some("oidc.eks.eu-west-1.amazonaws.com/id/ANOTHER".parse().unwrap()),
    });
    let problems = settle(None, &config, &planned, &facts, &settings()).unwrap_err();
    let problem = problems.iter().next().unwrap();
    assert_eq!(problem.summary, "The cluster's OIDC issuer changed after planning");

    facts.caller = Fact::Known(Caller {
        account: "444455556666".parse().unwrap(),
        partition: Partition::Aws,
    });
    facts.cluster = self::facts().cluster;
    assert!(
        settle(None, &config, &planned, &facts, &settings())
            .unwrap_err()
            .has_errors()
    );
}

#[test]
fn unknown_account_or_region_makes_what_follows_unknown_and_fails_nothing() {
    for (facts, settings) in [
        (
            Facts {
                caller: Fact::Denied,
                ..facts()
            },
            settings(),
        ),
        (facts(), Settings::default()),
    ] {
        let (planned, _) = try_plan(None, &config(Mode::Dual), &facts, &settings).unwrap();
        for unknown in ["id", "trust_policy", "role_arn", "cluster_arn", "steps"] {
            if unknown == "role_arn" && facts.caller != Fact::Denied {
                continue;
            }
            assert!(unknowns(&planned).iter().any(|name| name == unknown), "{unknown}");
        }
    }
    // On what exists, they stay as they were, and the plan is empty.
    let prior = applied(&config(Mode::Dual));
    let nothing = Facts::default();
    let (again, _) = try_plan(Some(&prior), &config(Mode::Dual), &nothing, &Settings::default()).unwrap();
    assert_eq!(again, prior);
}

#[test]
fn a_second_plan_is_empty() {
    for mode in [Mode::Irsa, Mode::Dual, Mode::PodIdentity] {
        for config in [config(mode), with_role_arn(mode, true), with_role_arn(mode, false)] {
            let prior = applied(&config);
            assert_eq!(planned(Some(&prior), &config), prior);
        }
    }
}

#[test]
fn a_name_that_is_known_only_after_apply_is_planned_around() {
    let mut config = config(Mode::PodIdentity);
    config.cluster_name = Value::unknown();
    let (planned, _) = try_plan(None, &config, &facts(), &settings()).unwrap();
    assert_eq!(planned.role_arn, "arn:aws:iam::111122223333:role/api".into());
    assert!(planned.id.is_unknown() && planned.trust_policy.is_unknown() && planned.steps.is_unknown());
}

#[test]
fn a_switch_keeps_the_association_and_tells_its_steps() {
    let dual = applied(&config(Mode::Dual));
    let pod_identity = planned(Some(&dual), &config(Mode::PodIdentity));
    assert_eq!(pod_identity.association_id, "a-1".into());
    // New pods got Pod Identity in `dual` already.
    assert_eq!(pod_identity.ready_token, dual.ready_token);
    let steps: Vec<String> = pod_identity
        .steps
        .known()
        .unwrap()
        .iter()
        .map(|step| step.known().unwrap().clone())
        .collect();
    assert_eq!(
        steps,
        [
            "Remove from the trust policy of role `api`, because IRSA is no longer in use. Pods of `api` in `prod` that still use it lose access once their credentials expire: restart them."
        ]
    );

    let irsa = applied(&config(Mode::Irsa));
    let to_dual = planned(Some(&irsa), &config(Mode::Dual));
    assert_eq!(unknowns(&to_dual), ["association_arn", "association_id", "ready_token"]);
    let steps: Vec<String> = to_dual
        .steps
        .known()
        .unwrap()
        .iter()
        .map(|step| step.known().unwrap().clone())
        .collect();
    assert_eq!(
        steps,
        [
            "Add to the trust policy of role `api`, so that it trusts the pods of `api` in `prod`.",
            "Wait until this is in effect, because AWS spreads changes with a delay.",
            "Create the Pod Identity association, so that the pods of `api` in `prod` get credentials of role `api`. Pods that start after it get them; restart the pods of `api` in `prod` to move those that run.",
            "Wait until this is in effect, because AWS spreads changes with a delay.",
        ]
    );
    let back = planned(Some(&dual), &config(Mode::Irsa));
    assert_eq!(back.association_id, Value::Null);
    assert_ne!(back.ready_token, dual.ready_token);
}

#[test]
fn drift_is_planned_back() {
    let config = config(Mode::PodIdentity);
    let mut drifted = applied(&config);
    drifted.association_id = Value::Null;
    drifted.association_arn = Value::Null;
    let again = planned(Some(&drifted), &config);
    assert!(again.association_id.is_unknown());
    assert!(
        again.steps.known().unwrap()[0]
            .known()
            .unwrap()
            .starts_with("Create the Pod Identity association")
    );
}

#[test]
fn default_tags_are_merged_and_unknown_ones_stay_unknown() {
    let mut config = config(Mode::Irsa);
    config.tags = Value::Known(BTreeMap::from([("team".to_owned(), "web".into())]));
    let mut settings = settings();
    settings.default_tags = Value::Known(BTreeMap::from([
        ("team".to_owned(), "all".into()),
        ("stage".to_owned(), Value::unknown()),
    ]));
    let (planned, _) = try_plan(None, &config, &facts(), &settings).unwrap();
    let tags = planned.tags_all.known().unwrap();
    assert_eq!(tags["team"], "web".into());
    assert!(tags["stage"].is_unknown());
    settings.default_tags = Value::unknown();
    let (planned, _) = try_plan(None, &config, &facts(), &settings).unwrap();
    assert!(planned.tags_all.is_unknown());
}

#[test]
fn only_facts_that_matter_are_asked_for() {
    let caller = facts().caller;
    let ask = |config: &Binding| facts_needed(None, config, &caller, &settings());
    let made = RoleRequest::Wanted("api".parse().unwrap());
    let key = "111122223333/eu-west-1/main/prod/api".parse().ok();
    assert_eq!(
        ask(&config(Mode::PodIdentity)),
        FactRequest {
            cluster: None,
            role: Some(made),
            association: key,
            preflight: Some(("eu-west-1".parse().unwrap(), "main".parse().unwrap())),
        }
    );
    assert_eq!(ask(&config(Mode::Irsa)).association, None);
    let mut unnamed = config(Mode::Irsa);
    unnamed.role = Value::Known(Role::default());
    let name = planned(None, &unnamed).role_name.into_known().unwrap();
    assert_eq!(ask(&unnamed).role, Some(RoleRequest::Wanted(name.parse().unwrap())));
    // What the state has is its own.
    let prior = applied(&config(Mode::PodIdentity));
    assert_eq!(
        facts_needed(Some(&prior), &config(Mode::PodIdentity), &caller, &settings()),
        FactRequest::default()
    );
    let cluster = Some(("eu-west-1".parse().unwrap(), "main".parse().unwrap()));
    assert_eq!(ask(&config(Mode::Irsa)).preflight, None);
    assert_eq!(ask(&config(Mode::Irsa)).cluster, cluster);
    // With an issuer, EKS is not asked in mode `irsa`.
    let mut given = config(Mode::Irsa);
    given.oidc_issuer = "https://oidc.example.com".into();
    assert_eq!(ask(&given).cluster, None);
    assert_eq!(
        ask(&with_role_arn(Mode::PodIdentity, false)).role,
        Some(RoleRequest::Given(ROLE.parse().unwrap()))
    );
    assert_eq!(
        facts_needed(None, &config(Mode::Irsa), &caller, &Settings::default()).cluster,
        None
    );
}

#[test]
fn facts_that_were_not_asked_for_change_nothing() {
    let with = planned(None, &config(Mode::PodIdentity));
    let without = Facts {
        cluster: Fact::Unknown,
        ..facts()
    };
    let (without, _) = try_plan(None, &config(Mode::PodIdentity), &without, &settings()).unwrap();
    assert_eq!(with, without);
}

#[test]
fn the_scheme_of_an_issuer_is_no_change() {
    let mut config = config(Mode::Irsa);
    config.oidc_issuer = ISSUER.into();
    let prior = applied(&config);
    config.oidc_issuer = Value::Known(format!("https://{ISSUER}"));
    assert_eq!(planned(Some(&prior), &config), prior);
}

//! What is there already under a binding's names.

use std::collections::BTreeMap;

use pod_identity_core::binding::{
    Binding, Desired, Fact, Facts, Found, Inverse, Mode, Observed, ObservedAssociation, ObservedRole, Occupants,
    OnExisting, Role, RoleRequest, Start, complete, facts_needed, is_given, reconcile,
};
use pod_identity_core::ids::{BindingKey, OWNER_TAG};
use tfmodel::model::Set;
use tfmodel::{Diagnostics, Value};

use super::world::World;
use super::{ROLE, config, facts, planned, settings, trust_of, try_plan, with_role_arn};

const READ_ONLY: &str = "arn:aws:iam::aws:policy/ReadOnlyAccess";

fn tag(nonce: &str) -> (String, String) {
    let key: BindingKey = "111122223333/eu-west-1/main/prod/api".parse().unwrap();
    (OWNER_TAG.to_owned(), format!("{}/{nonce}", key.tag_value()))
}

/// A role of the name that the binding wants, with something of every kind.
fn theirs() -> Found<ObservedRole> {
    Found {
        what: ObservedRole {
            name: "api".to_owned(),
            arn: ROLE.to_owned(),
            path: "/".to_owned(),
            max_session_duration: Some(3600),
            trust_policy: r#"{"Statement":[{"Sid":"OnCall","Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"sts:AssumeRole"}]}"#
                .to_owned(),
            managed_policy_arns: vec![READ_ONLY.to_owned()],
            inline_policies: BTreeMap::from([("more".to_owned(), r#"{"Statement":[]}"#.to_owned())]),
            tags: BTreeMap::from([("team".to_owned(), "web".to_owned())]),
            ..ObservedRole::default()
        },
        ..Found::default()
    }
}

/// A role as an interrupted apply of this binding leaves it.
fn left_over(binding: &Binding) -> Found<ObservedRole> {
    Found {
        what: ObservedRole {
            trust_policy: trust_of(binding).to_json(),
            managed_policy_arns: vec![],
            inline_policies: BTreeMap::new(),
            tags: BTreeMap::from([tag("before")]),
            ..theirs().what
        },
        age: Some(600),
        ..Found::default()
    }
}

fn association(tags: BTreeMap<String, String>) -> Found<ObservedAssociation> {
    Found {
        what: ObservedAssociation {
            id: "a-9".to_owned(),
            arn: "arn:aws:eks:eu-west-1:111122223333:podidentityassociation/main/a-9".to_owned(),
            role_arn: "arn:aws:iam::111122223333:role/theirs".to_owned(),
            tags,
            ..ObservedAssociation::default()
        },
        ..Found::default()
    }
}

fn with_role(found: Found<ObservedRole>) -> Facts {
    Facts {
        role: Fact::Known(found),
        ..facts()
    }
}

/// A role whose lists are exclusive.
fn exclusive(on_existing: OnExisting) -> Binding {
    Binding {
        on_existing: Value::Known(on_existing),
        role: Value::Known(Role {
            name: "api".into(),
            managed_policy_arns: Value::Known(Set::from(vec![])),
            inline_policies: Value::Known(BTreeMap::new()),
            ..Role::default()
        }),
        ..config(Mode::PodIdentity)
    }
}

#[track_caller]
fn only(found: &Diagnostics) -> (&str, &str) {
    let all: Vec<_> = found.iter().collect();
    assert_eq!(all.len(), 1, "{found:#?}");
    (&all[0].summary, &all[0].detail)
}

#[test]
fn adopting_a_role_names_every_statement_policy_and_tag_that_it_loses() {
    let (plan, warnings) = try_plan(None, &exclusive(OnExisting::Adopt), &with_role(theirs()), &settings()).unwrap();
    let (summary, detail) = only(&warnings);
    assert_eq!(summary, "Role `api` becomes this binding's own");
    for lost in ["`OnCall`", READ_ONLY, "`more` (inline)", "tags: `team`"] {
        assert!(detail.contains(lost), "{lost}: {detail}");
    }
    // What is there may have gone when this is applied: only then is it known.
    assert!(plan.steps.is_unknown());

    // Lists that are not given leave others' policies alone.
    let mut lenient = config(Mode::PodIdentity);
    lenient.on_existing = Value::Known(OnExisting::Adopt);
    let (_, warnings) = try_plan(None, &lenient, &with_role(theirs()), &settings()).unwrap();
    let (_, detail) = only(&warnings);
    assert!(!detail.contains(READ_ONLY) && detail.contains("`OnCall`"), "{detail}");
}

#[test]
fn without_adoption_what_exists_is_an_error_with_every_way_out() {
    let problems = try_plan(None, &exclusive(OnExisting::Fail), &with_role(theirs()), &settings()).unwrap_err();
    let (summary, detail) = only(&problems);
    assert_eq!(summary, "A role of this name exists");
    for said in [ROLE, "on_existing = \"adopt\"", "`main/prod/api/api`", "another `name`"] {
        assert!(detail.contains(said), "{said}: {detail}");
    }

    let facts = Facts {
        association: Fact::Known(association(BTreeMap::new())),
        ..facts()
    };
    let problems = try_plan(None, &config(Mode::PodIdentity), &facts, &settings()).unwrap_err();
    let (summary, detail) = only(&problems);
    assert_eq!(summary, "The service account has an association already");
    for said in ["`a-9`", "role/theirs", "on_existing = \"adopt\"", "`main/prod/api`"] {
        assert!(detail.contains(said), "{said}: {detail}");
    }
    // Where none is wanted, it is not in the way.
    assert!(try_plan(None, &config(Mode::Irsa), &facts, &settings()).is_ok());
}

#[test]
fn adopting_an_association_says_whose_role_pods_lose() {
    let mut config = config(Mode::PodIdentity);
    config.on_existing = Value::Known(OnExisting::Adopt);
    let facts = Facts {
        association: Fact::Known(association(BTreeMap::from([("stage".to_owned(), "x".to_owned())]))),
        ..facts()
    };
    let (_, warnings) = try_plan(None, &config, &facts, &settings()).unwrap();
    let (summary, detail) = only(&warnings);
    assert_eq!(summary, "Association `a-9` becomes this binding's own");
    assert!(detail.contains("role/theirs") && detail.contains(ROLE), "{detail}");
    assert!(detail.contains("`stage`"), "{detail}");
}

#[test]
fn what_is_somebody_elses_by_nature_is_never_adopted() {
    let reserved = |path: &str| {
        let mut found = theirs();
        found.what.path = path.to_owned();
        found.what.arn = format!("arn:aws:iam::111122223333:role{path}api");
        found
    };
    let mut stack = theirs();
    let name = "aws:cloudformation:stack-name";
    stack.what.tags.insert(name.to_owned(), "shop".to_owned());
    for (found, why) in [
        (reserved("/aws-service-role/eks.amazonaws.com/"), "AWS itself"),
        (reserved("/aws-reserved/sso.amazonaws.com/"), "AWS itself"),
        (reserved("/team/"), "no call that moves a role"),
        (stack, "stack `shop`"),
    ] {
        for on_existing in [OnExisting::Fail, OnExisting::Adopt] {
            let facts = with_role(found.clone());
            let problems = try_plan(None, &exclusive(on_existing), &facts, &settings()).unwrap_err();
            let (_, detail) = only(&problems);
            assert!(detail.contains(why) && detail.contains("cannot be adopted"), "{detail}");
        }
    }
    let mut owned = association(BTreeMap::new());
    owned.what.owner_arn = Some("arn:aws:eks:eu-west-1:111122223333:addon/main/ebs/x".to_owned());
    let facts = Facts {
        association: Fact::Known(owned),
        ..facts()
    };
    let problems = try_plan(None, &exclusive(OnExisting::Adopt), &facts, &settings()).unwrap_err();
    assert_eq!(only(&problems).0, "The association belongs to an add-on");
}

#[test]
fn only_what_an_interrupted_apply_left_is_made_anew() {
    let config = exclusive(OnExisting::Fail);
    let binding = planned(None, &config);
    let (plan, warnings) = try_plan(None, &config, &with_role(left_over(&binding)), &settings()).unwrap();
    assert_eq!(only(&warnings).0, "Role `api` is made anew");
    assert_eq!(plan, binding, "the plan is that of a new role");

    // A squatter's role differs in at least one of these.
    let differences: &[fn(&mut Found<ObservedRole>)] = &[
        |found| found.age = Some(3600),
        |found| found.age = None,
        |found| found.is_used = true,
        |found| found.what.managed_policy_arns = vec![READ_ONLY.to_owned()],
        |found| found.what.inline_policies = theirs().what.inline_policies,
        |found| found.what.trust_policy = theirs().what.trust_policy,
        |found| found.what.permissions_boundary = Some(READ_ONLY.to_owned()),
        |found| _ = found.what.tags.insert("x".to_owned(), "y".to_owned()),
        |found| found.what.tags = BTreeMap::from([(OWNER_TAG.to_owned(), "other/nonce".to_owned())]),
    ];
    for (position, difference) in differences.iter().enumerate() {
        let mut found = left_over(&binding);
        difference(&mut found);
        let problems = try_plan(None, &config, &with_role(found), &settings()).unwrap_err();
        assert_eq!(only(&problems).0, "A role of this name exists", "{position}");
    }
}

#[test]
fn what_a_replaced_resource_made_is_not_in_the_way_of_its_successor() {
    let mut own = theirs();
    own.is_own = true;
    let config = exclusive(OnExisting::Fail);
    let (plan, warnings) = try_plan(None, &config, &with_role(own), &settings()).unwrap();
    assert!(warnings.is_empty(), "{warnings:?}");
    assert_eq!(plan, planned(None, &config));
}

fn applied(config: &Binding) -> Binding {
    let planned = planned(None, config);
    let association = planned.mode.known().unwrap().uses_pod_identity();
    complete(&planned, association.then_some(("a-1", "arn")))
}

#[test]
fn describing_a_role_that_the_binding_was_given_takes_it_over_and_says_what_it_loses() {
    let given = applied(&with_role_arn(Mode::Irsa, true));
    let mut own = exclusive(OnExisting::Fail);
    own.mode = Value::Known(Mode::Irsa);
    let caller = facts().caller;
    let wanted = RoleRequest::Wanted("api".parse().unwrap());
    assert_eq!(
        facts_needed(Some(&given), &own, &caller, &settings()).role,
        Some(wanted)
    );
    let (_, warnings) = try_plan(Some(&given), &own, &with_role(theirs()), &settings()).unwrap();
    let (summary, detail) = only(&warnings);
    assert_eq!(summary, "Role `api` becomes this binding's own");
    assert!(detail.contains("`OnCall`") && detail.contains(READ_ONLY), "{detail}");

    // A role of its own that is gone has lost its name in the state: one that is there now is somebody else's.
    let mut gone = given;
    gone.role_name = Value::Null;
    let problems = try_plan(Some(&gone), &own, &with_role(theirs()), &settings()).unwrap_err();
    assert_eq!(only(&problems).0, "A role of this name exists");
}

#[test]
fn earlier_roles_are_deleted_only_when_that_is_asked_for_and_after_the_new_one_is_in_effect() {
    let named = |name: &str, keep: Option<bool>| Binding {
        role: Value::Known(Role {
            name: name.into(),
            keep_previous: keep.into(),
            ..Role::default()
        }),
        ..config(Mode::PodIdentity)
    };
    let mut world = World::default();
    let first = world.apply(None, &named("api", None));
    let (_, warnings) = try_plan(Some(&first), &named("other", None), &facts(), &settings()).unwrap();
    assert_eq!(only(&warnings).0, "Earlier role stays");

    let at_once = named("other", Some(false));
    let (plan, warnings) = try_plan(Some(&first), &at_once, &facts(), &settings()).unwrap();
    let (summary, detail) = only(&warnings);
    assert_eq!(summary, "Earlier roles are deleted");
    assert!(detail.contains("`api`"), "{detail}");
    let steps = plan.steps.known().unwrap();
    let last = steps.last().unwrap().known().unwrap();
    assert!(
        last.starts_with("Delete role `api`, because it is out of use"),
        "{last}"
    );
    let before_it = steps[steps.len() - 2].known().unwrap();
    assert!(before_it.starts_with("Wait"), "{before_it}");
    world.apply(Some(&first), &at_once);
    assert_eq!(world.roles.keys().collect::<Vec<_>>(), ["other"]);

    // Later, by turning the argument: the state does not know the roles of before, but the binding does.
    let mut world = World::default();
    let first = world.apply(None, &named("api", None));
    let second = world.apply(Some(&first), &named("other", None));
    assert_eq!(world.roles.len(), 2);
    let facts = Facts {
        own_roles: vec!["api".to_owned(), "other".to_owned()],
        ..facts()
    };
    let (plan, warnings) = try_plan(Some(&second), &at_once, &facts, &settings()).unwrap();
    assert_eq!(only(&warnings).0, "Earlier roles are deleted");
    assert_eq!(plan.steps.known().unwrap().len(), 1);
    let (same, warnings) = try_plan(Some(&second), &named("other", None), &facts, &settings()).unwrap();
    assert!(warnings.is_empty() && same == second);
}

#[test]
fn an_earlier_role_that_others_use_stops_the_change_before_its_first_step() {
    let first = applied(&config(Mode::PodIdentity));
    let mut renamed = config(Mode::PodIdentity);
    renamed.role = Value::Known(Role {
        name: "other".into(),
        keep_previous: Value::Known(false),
        force_delete: Value::Known(true),
        ..Role::default()
    });
    let planned = planned(Some(&first), &renamed);
    let desired = Desired::of(&planned, &BTreeMap::new()).unwrap();
    let former = |change: &dyn Fn(&mut ObservedRole)| {
        let mut role = theirs().what;
        change(&mut role);
        Observed {
            former: vec![pod_identity_core::binding::FormerRole {
                role,
                owned: true,
                mode: None,
            }],
            ..Observed::default()
        }
    };
    let used = former(&|role| role.other_users = vec!["shop/cart".to_owned()]);
    let problems = reconcile(&used, &desired).unwrap_err();
    assert!(only(&problems).1.contains("`shop/cart`"));
    let shared = former(&|role| role.trust_policy = role.trust_policy.replace("OnCall", "Pibaaaaaaaaaaaa"));
    assert_eq!(
        only(&reconcile(&shared, &desired).unwrap_err()).0,
        "Other bindings use the role"
    );
    // Policies of others go with it, because `force_delete` says so.
    assert!(reconcile(&former(&|_| {}), &desired).is_ok());
}

#[test]
fn every_step_of_an_adoption_can_be_taken_back() {
    let mut config = exclusive(OnExisting::Adopt);
    if let Value::Known(role) = &mut config.role {
        role.description = "ours".into();
        role.permissions_boundary = READ_ONLY.into();
    }
    let mut world = World::default();
    world.roles.insert("api".to_owned(), theirs().what);
    world.association = Some(association(BTreeMap::from([("stage".to_owned(), "x".to_owned())])).what);
    let earlier = ObservedRole {
        name: "theirs".to_owned(),
        arn: "arn:aws:iam::111122223333:role/theirs".to_owned(),
        ..theirs().what
    };
    world.roles.insert(earlier.name.clone(), earlier);
    let before = world.clone();

    let planned = planned(None, &config);
    let desired = Desired::of(&planned, &BTreeMap::from([tag("now")])).unwrap();
    let existing = Occupants {
        role: Some(theirs()),
        association: Some(Found {
            what: world.association.clone().unwrap(),
            ..Found::default()
        }),
        ..Occupants::default()
    };
    let start = Start::from(existing, &desired, OnExisting::Adopt).unwrap();
    assert!(start.takes_role && start.takes_association);
    let steps = reconcile(&start.observed, &desired).unwrap();
    let mut inverses = Vec::new();
    for step in &steps {
        world.execute(step);
        match step.action.inverse(&start.observed) {
            Inverse::Action(action) => inverses.push(*action),
            Inverse::Nothing => {}
            // Whoever edits a trust policy remembers what it was.
            Inverse::Unknown => assert!(step.action.to_string().contains("trust policy"), "{step:?}"),
        }
    }
    assert_eq!(world.roles["api"].tags[OWNER_TAG], tag("now").1);
    for action in inverses.into_iter().rev() {
        let mut step = steps[0].clone();
        step.action = action;
        world.execute(&step);
    }
    let trust = before.roles["api"].trust_policy.clone();
    world.roles.get_mut("api").unwrap().trust_policy = trust;
    assert_eq!(world, before);
}

#[test]
fn a_role_of_another_name_was_not_given() {
    let given = applied(&with_role_arn(Mode::Irsa, true));
    let mut own = config(Mode::Irsa);
    let of = |config: &Binding| {
        let planned = planned(Some(&given), config);
        is_given(&given, &Desired::of(&planned, &BTreeMap::new()).unwrap())
    };
    assert!(of(&own));
    own.role = Value::Known(Role {
        name: "other".into(),
        ..Role::default()
    });
    assert!(!of(&own));
}

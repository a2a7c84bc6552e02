use std::collections::BTreeMap;

use pod_identity_core::binding::{
    Binding, Mode, Observed, ObservedAssociation, ObservedRole, PolicyJson, Role, complete, delete, read,
};
use pod_identity_core::ids::OWNER_TAG;
use pod_identity_core::policy::Document;
use tfmodel::Value;
use tfmodel::model::Set;

use super::{ROLE, config, planned, trust_of, with_role_arn};

const ASSOCIATION: &str = "arn:aws:eks:eu-west-1:111122223333:podidentityassociation/main/a-1";

/// A binding in mode `dual` and what AWS has of it.
pub(super) fn pair(config: &Binding) -> (Binding, Observed) {
    let state = complete(&planned(None, config), Some(("a-1", ASSOCIATION)));
    let tags = BTreeMap::from([
        ("team".to_owned(), "web".to_owned()),
        (OWNER_TAG.to_owned(), "x".to_owned()),
        ("aws:cloudformation:stack-name".to_owned(), "y".to_owned()),
    ]);
    let role = ObservedRole {
        name: "api".to_owned(),
        arn: ROLE.to_owned(),
        path: "/".to_owned(),
        max_session_duration: Some(3600),
        trust_policy: trust_of(&state).to_json(),
        tags: tags.clone(),
        managed_policy_arns: vec!["arn:aws:iam::aws:policy/ReadOnlyAccess".to_owned()],
        ..ObservedRole::default()
    };
    let association = ObservedAssociation {
        id: "a-1".to_owned(),
        arn: ASSOCIATION.to_owned(),
        role_arn: ROLE.to_owned(),
        tags,
        ..ObservedAssociation::default()
    };
    let observed = Observed {
        role: Some(role),
        association: Some(association),
        ..Observed::default()
    };
    (state, observed)
}

pub(super) fn tagged(mut config: Binding) -> Binding {
    config.tags = Value::Known(BTreeMap::from([("team".to_owned(), "web".into())]));
    config
}

/// What drifts, and the attribute that carries it.
#[test]
fn every_drift_changes_an_attribute() {
    let (state, observed) = pair(&tagged(config(Mode::Dual)));
    assert_eq!(read(&state, &observed).as_ref(), Some(&state), "nothing has drifted");

    let drifted = |change: &dyn Fn(&mut ObservedRole, &mut ObservedAssociation)| {
        let mut observed = observed.clone();
        change(observed.role.as_mut().unwrap(), observed.association.as_mut().unwrap());
        read(&state, &observed).unwrap()
    };
    let edit_trust = |role: &mut ObservedRole, edit: &dyn Fn(&mut Document)| {
        let mut trust = role.trust();
        edit(&mut trust);
        role.trust_policy = trust.to_json();
    };
    let missing = drifted(&|role, _| edit_trust(role, &|trust| _ = trust.statements.remove(0)));
    assert_eq!(trust_of(&missing).statements.len(), 1);
    let foreign = drifted(&|role, _| {
        edit_trust(role, &|trust| {
            let mut other = trust.statements[0].clone();
            other.sid = None;
            trust.statements.push(other);
        });
    });
    assert_eq!(trust_of(&foreign).statements.len(), 3);
    let widened = drifted(&|role, _| edit_trust(role, &|trust| trust.statements[0].conditions.clear()));
    assert_ne!(widened.trust_policy, state.trust_policy);

    let role = |binding: Binding| binding.role.into_known().unwrap();
    assert_eq!(
        role(drifted(&|role, _| role.description = Some("x".to_owned()))).description,
        "x".into()
    );
    assert_eq!(
        role(drifted(&|role, _| role.max_session_duration = Some(7200))).max_session_duration,
        Value::Known(7200)
    );
    assert_eq!(
        role(drifted(&|role, _| role.permissions_boundary = Some("b".to_owned()))).permissions_boundary,
        "b".into()
    );
    assert_eq!(
        drifted(&|_, association| association.role_arn = "arn:aws:iam::111122223333:role/other".to_owned()).role_arn,
        "arn:aws:iam::111122223333:role/other".into()
    );
    let retagged = |tags: &mut BTreeMap<String, String>| _ = tags.insert("team".to_owned(), "other".to_owned());
    for binding in [
        drifted(&|role, _| retagged(&mut role.tags)),
        drifted(&|_, association| retagged(&mut association.tags)),
    ] {
        assert_eq!(binding.tags_all.known().unwrap()["team"], "other".into());
    }
}

#[test]
fn spelling_is_no_drift() {
    let (state, mut observed) = pair(&tagged(config(Mode::Dual)));
    let mut trust = trust_of(&state);
    trust.statements.reverse();
    trust.statements.iter_mut().for_each(|one| one.conditions.reverse());
    observed.role.as_mut().unwrap().trust_policy = trust.render().replace('"', "%22").replace('{', "%7B");
    assert_eq!(read(&state, &observed), Some(state));
}

#[test]
fn statements_of_other_bindings_are_no_drift() {
    let (state, mut observed) = pair(&tagged(config(Mode::Dual)));
    let mut trust = trust_of(&state);
    let mut other = trust.statements[0].clone();
    other.sid = Some("Pibaaaaaaaaaaaa".to_owned());
    trust.statements.push(other);
    observed.role.as_mut().unwrap().trust_policy = trust.to_json();
    assert_eq!(read(&state, &observed), Some(state));
}

#[test]
fn policies_are_compared_only_where_they_are_managed() {
    let mut config = tagged(config(Mode::Dual));
    let (state, observed) = pair(&config);
    assert_eq!(read(&state, &observed), Some(state), "others may attach policies");

    config.role = Value::Known(Role {
        name: "api".into(),
        managed_policy_arns: Value::Known(Set::from(vec![])),
        inline_policies: Value::Known(BTreeMap::from([(
            "own".to_owned(),
            Value::Known(PolicyJson(
                r#"{"Statement":{"Effect":"Allow","Action":["a"]}}"#.to_owned(),
            )),
        )])),
        ..Role::default()
    });
    let (state, mut observed) = pair(&config);
    let inline = |text: &str| BTreeMap::from([("own".to_owned(), text.to_owned())]);
    observed.role.as_mut().unwrap().inline_policies = inline(r#"%7B"Statement":[{"Action":"a","Effect":"Allow"}]}"#);
    let role = read(&state, &observed).unwrap().role.into_known().unwrap();
    assert_eq!(role.managed_policy_arns.known().unwrap().len(), 1);
    assert_eq!(role.inline_policies, state.role.known().unwrap().inline_policies);
    observed.role.as_mut().unwrap().inline_policies = inline(r#"{"Statement":[{"Action":"b","Effect":"Allow"}]}"#);
    let role = read(&state, &observed).unwrap().role.into_known().unwrap();
    assert_ne!(role.inline_policies, state.role.known().unwrap().inline_policies);
}

#[test]
fn what_is_partly_gone_is_put_back_and_what_is_wholly_gone_is_gone() {
    let (state, observed) = pair(&tagged(config(Mode::Dual)));
    let without_association = Observed {
        association: None,
        ..observed.clone()
    };
    assert_eq!(read(&state, &without_association).unwrap().association_id, Value::Null);
    let without_role = Observed { role: None, ..observed };
    let left = read(&state, &without_role).unwrap();
    assert_eq!(left.role, Value::Null);
    let again = planned(Some(&left), &tagged(config(Mode::Dual)));
    assert!(
        again.steps.known().unwrap()[0]
            .known()
            .unwrap()
            .starts_with("Create role `api`")
    );
    assert_eq!(read(&state, &Observed::default()), None);
}

#[test]
fn irsa_with_a_role_of_somebody_else_goes_on_without_the_association() {
    let (state, mut observed) = pair(&with_role_arn(Mode::Dual, false));
    observed.association = None;
    let left = read(&state, &observed).unwrap();
    assert_eq!(left.association_id, Value::Null);
    let (state, observed) = pair(&with_role_arn(Mode::PodIdentity, false));
    assert!(read(&state, &observed).is_some());
    assert_eq!(read(&state, &Observed::default()), None);
}

#[test]
fn a_role_of_somebody_else_is_not_read_into_the_state() {
    let (state, mut observed) = pair(&with_role_arn(Mode::Dual, false));
    let role = observed.role.as_mut().unwrap();
    role.trust_policy = r#"{"Statement":[]}"#.to_owned();
    role.tags = BTreeMap::from([("theirs".to_owned(), "x".to_owned())]);
    observed.association.as_mut().unwrap().tags.remove("team");
    assert_eq!(read(&state, &observed), Some(state));
}

#[test]
fn deletion_stops_before_it_would_hurt_others() {
    let (state, observed) = pair(&tagged(config(Mode::Dual)));
    let problems = delete(&observed, &state).unwrap_err();
    assert_eq!(
        problems.iter().next().unwrap().summary,
        "Others gave policies to the role"
    );

    let mut forced = state.clone();
    if let Value::Known(role) = &mut forced.role {
        role.force_delete = Value::Known(true);
    }
    let actions: Vec<String> = delete(&observed, &forced)
        .unwrap()
        .iter()
        .map(|step| step.action.to_string())
        .collect();
    assert_eq!(
        actions,
        [
            "delete the Pod Identity association",
            "detach policy `arn:aws:iam::aws:policy/ReadOnlyAccess` from role `api`",
            "delete role `api`"
        ]
    );

    let mut shared = observed;
    let role = shared.role.as_mut().unwrap();
    let mut trust = role.trust();
    trust.statements[0].sid = Some("Pibaaaaaaaaaaaa".to_owned());
    role.trust_policy = trust.to_json();
    let problems = delete(&shared, &forced).unwrap_err();
    assert_eq!(problems.iter().next().unwrap().summary, "Other bindings use the role");
}

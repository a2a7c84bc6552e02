//! Taking over what somebody else made.

use std::collections::BTreeMap;

use pod_identity_core::binding::AssociationTerms;
use tfplugin_testing::core::State;

use crate::cloud::{Association, ClusterRef, Eks, Iam, NewAssociation, NewRole, Problem, Role};
use crate::lab::{Lab, OWNED, owned, text};

const OTHERS: &str = r#"{"Version":"2012-10-17","Statement":[{"Sid":"People","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"sts:AssumeRole"}]}"#;
const ADMIN: &str = "arn:aws:iam::aws:policy/AdministratorAccess";

fn adopting(mode: &str) -> String {
    format!(r#"{}, "on_existing": "adopt""#, owned(mode))
}

fn demo() -> ClusterRef {
    ClusterRef {
        region: "us-west-2".to_owned(),
        name: "demo".to_owned(),
    }
}

/// An account in which somebody else gave the service account the role `checkout`, long ago.
async fn in_use(association_role: &str) -> Lab {
    let lab = Lab::new().await;
    let role = NewRole {
        name: "checkout".to_owned(),
        path: "/".to_owned(),
        description: Some("by hand".to_owned()),
        permissions_boundary: None,
        max_session_duration: 7200,
        trust_policy: OTHERS.to_owned(),
        tags: BTreeMap::from([("team".to_owned(), "web".to_owned())]),
    };
    lab.aws.create_role(&role).await.unwrap();
    lab.aws.attach_policy("checkout", ADMIN).await.unwrap();
    let inline = r#"{"Statement":[]}"#;
    lab.aws.put_inline_policy("checkout", "orders", inline).await.unwrap();
    lab.aws.put_inline_policy("checkout", "more", inline).await.unwrap();
    associate(&lab, association_role).await;
    lab.age();
    lab
}

async fn associate(lab: &Lab, role: &str) {
    let new = NewAssociation {
        token: "t".to_owned(),
        namespace: "shop".to_owned(),
        service_account: "checkout".to_owned(),
        terms: AssociationTerms {
            role_arn: format!("arn:aws:iam::111122223333:role/{role}"),
            ..AssociationTerms::default()
        },
        tags: BTreeMap::from([("stage".to_owned(), "prod".to_owned())]),
    };
    lab.aws.create_association(&demo(), &new).await.unwrap();
}

type Contents = (Role, Vec<String>, BTreeMap<String, String>, Vec<Association>);

fn contents(lab: &Lab) -> Contents {
    lab.aws.account(|account| {
        let found = &account.roles["checkout"];
        (
            found.role.clone(),
            found.attached.clone(),
            found.inline.clone(),
            account.associations.values().cloned().collect(),
        )
    })
}

#[tokio::test]
async fn what_is_adopted_keeps_its_ids_becomes_as_configured_and_goes_with_the_binding() {
    let lab = in_use("other").await;
    let config = lab.binding(&adopting("dual"));
    let plan = lab.bindings.plan(&State::default(), &config).await.unwrap();
    let told = text(&plan.warnings);
    for said in [
        "`People`",
        ADMIN,
        "`more` (inline)",
        "overwritten: `orders`",
        "`team`",
        "role/other",
        "`stage`",
    ] {
        assert!(told.contains(said), "{said}: {told}");
    }
    let before = contents(&lab);
    let state = lab.bindings.converge(&State::default(), &config).await.unwrap();
    let (role, attached, inline, associations) = contents(&lab);
    assert_eq!(role.unique_id, before.0.unique_id);
    assert_eq!(associations[0].id, before.3[0].id);
    assert!(!attached.contains(&ADMIN.to_owned()) && !inline.contains_key("more"));
    assert_eq!(associations[0].terms.role_arn, role.arn);
    assert_eq!(role.tags, associations[0].tags);
    assert_eq!(lab.trust("checkout").len(), 2);
    lab.bindings.destroy(&state).await.unwrap();
    assert!(lab.roles().is_empty() && lab.associations() == 0);
}

#[tokio::test]
async fn an_adoption_that_fails_at_any_step_puts_everything_back() {
    let steps = {
        let lab = in_use("other").await;
        lab.aws.account(|account| account.writes.clear());
        let config = lab.binding(&adopting("dual"));
        lab.bindings.converge(&State::default(), &config).await.unwrap();
        lab.writes()
    };
    let mut seen = Vec::new();
    for step in &steps {
        let operation: &'static str = match step.split(' ').next().unwrap() {
            "UpdateAssumeRolePolicy" => "UpdateAssumeRolePolicy",
            "UpdateRole" => "UpdateRole",
            "TagRole" => "TagRole",
            "AttachRolePolicy" => "AttachRolePolicy",
            "PutRolePolicy" => "PutRolePolicy",
            "UpdatePodIdentityAssociation" => "UpdatePodIdentityAssociation",
            "TagResource" => "TagResource",
            "DetachRolePolicy" => "DetachRolePolicy",
            "DeleteRolePolicy" => "DeleteRolePolicy",
            other => panic!("{other}"),
        };
        let earlier = seen.iter().filter(|one| **one == operation).count();
        seen.push(operation);
        let lab = in_use("other").await;
        let before = contents(&lab);
        let config = lab.binding(&adopting("dual"));
        let plan = lab.bindings.plan(&State::default(), &config).await.unwrap();
        let after = u32::try_from(earlier).unwrap();
        lab.aws
            .fail_after(after, operation, Problem::AccessDenied, "AccessDenied");
        let applied = lab.bindings.apply(&plan).await.unwrap();
        assert!(applied.diagnostics.has_errors(), "{step}");
        assert!(applied.state.value.is_null(), "{step}: {:?}", applied.diagnostics);
        assert_eq!(contents(&lab), before, "{step}");
    }
    assert!(seen.len() >= 8, "{seen:?}");
}

#[tokio::test]
async fn what_was_adopted_is_not_deleted_with_the_state_of_a_failed_create() {
    let lab = in_use("other").await;
    let plan = lab
        .bindings
        .plan(&State::default(), &lab.binding(&adopting("pod_identity")))
        .await
        .unwrap();
    let denied = || Problem::AccessDenied;
    lab.aws
        .fail("UpdatePodIdentityAssociation", denied(), "AccessDeniedException");
    // The second call would put the tags back.
    lab.aws.fail_after(1, "TagRole", denied(), "AccessDenied");
    let applied = lab.bindings.apply(&plan).await.unwrap();
    let told = text(&applied.diagnostics);
    assert!(told.contains("Not put back as it was: tag role `checkout`."), "{told}");
    lab.bindings.destroy(&applied.state).await.unwrap();
    assert_eq!((lab.roles(), lab.associations()), (vec!["checkout".to_owned()], 1));
}

#[tokio::test]
async fn an_association_is_adopted_where_a_mode_first_needs_it() {
    let lab = Lab::new().await;
    let state = lab.made(&owned("irsa")).await;
    associate(&lab, "other").await;
    let told = lab.refusal(&state, &owned("dual")).await;
    assert!(
        told.starts_with("The service account has an association already"),
        "{told}"
    );
    let state = lab
        .bindings
        .converge(&state, &lab.binding(&adopting("dual")))
        .await
        .unwrap();
    assert_eq!(lab.associations(), 1);
    lab.bindings.destroy(&state).await.unwrap();
    assert_eq!(lab.associations(), 0);
}

#[tokio::test]
async fn what_another_state_adopted_is_no_longer_touched_by_the_first() {
    let lab = Lab::new().await;
    let first = lab.made(&owned("dual")).await;
    lab.age();
    let config = lab.binding(&adopting("dual"));
    let second = lab.bindings.converge(&State::default(), &config).await.unwrap();
    lab.aws.account(|account| account.writes.clear());

    let told = lab
        .refusal(&first, &format!(r#"{}, "tags": {{"a": "b"}}"#, owned("dual")))
        .await;
    assert!(told.contains("made for this same binding"), "{told}");
    assert!(lab.bindings.read(&first).await.unwrap().value.is_null());
    lab.bindings.destroy(&first).await.unwrap();
    assert!(lab.writes().is_empty(), "{:?}", lab.writes());
    lab.bindings.destroy(&second).await.unwrap();
    assert!(lab.roles().is_empty() && lab.associations() == 0);
}

#[tokio::test]
async fn an_association_that_was_only_imported_is_the_bindings_own_until_somebody_takes_it() {
    let lab = in_use("checkout").await;
    let imported = lab.bindings.import("demo/shop/checkout").await.unwrap();
    let given = lab.binding(r#""role_arn": "arn:aws:iam::111122223333:role/checkout", "tags": {"stage": "prod"}"#);
    let state = lab.bindings.converge(&imported, &given).await.unwrap();
    lab.bindings.destroy(&state).await.unwrap();
    assert_eq!((lab.roles(), lab.associations()), (vec!["checkout".to_owned()], 0));
}

#[tokio::test]
async fn plans_that_may_not_read_what_exists_leave_it_to_the_apply() {
    let lab = in_use("other").await;
    for operation in ["GetRole", "ListPodIdentityAssociations"] {
        lab.aws.fail(operation, Problem::AccessDenied, "AccessDenied");
    }
    let plan = lab.bindings.plan(&State::default(), &lab.binding(OWNED)).await;
    assert!(plan.is_ok(), "{plan:?}");
}

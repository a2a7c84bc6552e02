use tfplugin_testing::core::State;

use crate::cloud::{Iam, NewRole};
use crate::lab::{Lab, OWNED, owned};

const OTHERS: &str = r#"{"Version":"2012-10-17","Statement":[{"Sid":"People","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"sts:AssumeRole"}]}"#;

fn role(name: &str) -> NewRole {
    NewRole {
        name: name.to_owned(),
        path: "/".to_owned(),
        description: None,
        permissions_boundary: None,
        max_session_duration: 3600,
        trust_policy: OTHERS.to_owned(),
        tags: std::collections::BTreeMap::new(),
    }
}

#[tokio::test]
async fn a_role_that_somebody_else_made_is_neither_used_nor_changed() {
    let lab = Lab::new().await;
    lab.aws.create_role(&role("checkout")).await.unwrap();
    let before = lab.writes();
    let told = lab.refusal(&State::default(), OWNED).await;
    assert!(told.starts_with("A role of this name exists"), "{told}");
    assert_eq!(lab.writes(), before);
}

#[tokio::test]
async fn an_association_that_somebody_else_made_is_neither_used_nor_changed() {
    let lab = Lab::new().await;
    lab.associate("checkout", "arn:aws:iam::111122223333:role/other").await;
    let before = lab.writes();
    let told = lab.refusal(&State::default(), OWNED).await;
    assert!(told.contains("role/other") && told.contains("adopt"), "{told}");
    assert_eq!(lab.writes(), before);
}

#[tokio::test]
async fn a_role_that_was_made_anew_behind_our_back_is_left_alone_by_the_deletion() {
    let lab = Lab::new().await;
    let state = lab.made(OWNED).await;
    lab.aws.account(|account| account.roles.clear());
    // With our tag on it, even: a copy of it is easily made.
    let mut squatted = role("checkout");
    squatted.tags = lab
        .aws
        .account(|account| account.associations.values().next().unwrap().tags.clone());
    lab.aws.create_role(&squatted).await.unwrap();
    lab.bindings.destroy(&state).await.unwrap();
    assert_eq!((lab.roles(), lab.associations()), (vec!["checkout".to_owned()], 0));
    assert_eq!(lab.trust("checkout")[0].sid.as_deref(), Some("People"));
}

#[tokio::test]
async fn statements_of_others_stay_where_they_are_and_ours_come_and_go() {
    let lab = Lab::new().await;
    lab.aws.create_role(&role("legacy")).await.unwrap();
    let arguments = |mode: &str| {
        format!(r#""role_arn": "arn:aws:iam::111122223333:role/legacy", "manage_trust_policy": true, "mode": "{mode}""#)
    };
    let mut state = State::default();
    for (mode, statements) in [("irsa", 2), ("dual", 3), ("pod_identity", 2)] {
        let config = lab.binding(&arguments(mode));
        state = lab.bindings.converge(&state, &config).await.unwrap();
        let trust = lab.trust("legacy");
        assert_eq!(trust.len(), statements, "{mode}");
        assert_eq!(trust[0].sid.as_deref(), Some("People"), "{mode}");
    }
    lab.bindings.destroy(&state).await.unwrap();
    assert_eq!(lab.trust("legacy").len(), 1);
    assert_eq!(lab.roles(), ["legacy"]);
}

#[tokio::test]
async fn bindings_that_write_to_one_trust_policy_at_once_do_not_lose_each_other() {
    let lab = Lab::new().await;
    lab.aws.create_role(&role("legacy")).await.unwrap();
    let all = tokio::task::LocalSet::new();
    for number in 0..8 {
        let json = format!(
            r#"{{"cluster_name": "demo", "namespace": "shop", "service_account": "worker-{number}", "mode": "irsa",
                "role_arn": "arn:aws:iam::111122223333:role/legacy", "manage_trust_policy": true}}"#
        );
        let (bindings, config) = (lab.bindings.clone(), lab.bindings.config(&json).unwrap());
        all.spawn_local(async move {
            bindings.converge(&State::default(), &config).await.unwrap();
        });
    }
    all.await;
    assert_eq!(lab.trust("legacy").len(), 9);
}

#[tokio::test]
async fn a_role_that_others_still_use_is_not_deleted() {
    let lab = Lab::new().await;
    let state = lab.made(&owned("irsa")).await;
    lab.aws
        .attach_policy("checkout", "arn:aws:iam::aws:policy/ReadOnlyAccess")
        .await
        .unwrap();
    let read = lab.bindings.read(&state).await.unwrap();
    lab.bindings
        .destroy(&State {
            value: state.value.clone(),
            ..read
        })
        .await
        .unwrap_err();
    assert_eq!(lab.roles(), ["checkout"]);
    assert_eq!(lab.aws.account(|account| account.roles["checkout"].attached.len()), 2);
}

//! What a binding leaves behind in a role that it is no longer for, and when that goes.

use pod_identity_core::ids::OWNER_TAG;
use tfplugin_testing::core::State;

use crate::cloud::Problem;
use crate::lab::{Lab, OWNED, owned, text, tokens};

/// A binding that keeps its statements in a role of somebody else, in mode `irsa`.
async fn in_theirs(lab: &Lab) -> State {
    let arn = lab.role("theirs", &[&tokens("id.example.com", "ops:*")]).await;
    let arguments = format!(r#""mode": "irsa", "role_arn": "{arn}", "manage_trust_policy": true"#);
    let state = lab.made(&arguments).await;
    assert_eq!(lab.trust("theirs").len(), 2);
    state
}

#[tokio::test]
async fn a_role_that_was_left_loses_the_statement_with_the_next_change() {
    let lab = Lab::new().await;
    let state = in_theirs(&lab).await;
    let plan = lab.bindings.plan(&state, &lab.binding(&owned("irsa"))).await.unwrap();
    let told = text(&plan.warnings);
    assert!(told.contains("The next change of this binding"), "{told}");
    let state = lab
        .bindings
        .converge(&state, &lab.binding(&owned("irsa")))
        .await
        .unwrap();
    assert_eq!(lab.trust("theirs").len(), 2, "pods may still come with tokens");

    let config = lab.binding(&format!(r#"{}, "tags": {{"team": "web"}}"#, owned("irsa")));
    let plan = lab.bindings.plan(&state, &config).await.unwrap();
    let steps = format!("{:?}", plan.planned.value.get("steps"));
    assert!(
        steps.contains("Remove from the trust policy of role `theirs`"),
        "{steps}"
    );
    let state = lab.bindings.converge(&state, &config).await.unwrap();
    assert_eq!(lab.trust("theirs").len(), 1);
    lab.bindings.destroy(&state).await.unwrap();
    assert_eq!((lab.roles(), lab.trust("theirs").len()), (vec!["theirs".to_owned()], 1));
}

#[tokio::test]
async fn a_role_that_was_left_loses_the_statement_with_the_deletion() {
    let lab = Lab::new().await;
    let state = in_theirs(&lab).await;
    let state = lab
        .bindings
        .converge(&state, &lab.binding(&owned("irsa")))
        .await
        .unwrap();
    lab.bindings.destroy(&state).await.unwrap();
    assert_eq!((lab.roles(), lab.trust("theirs").len()), (vec!["theirs".to_owned()], 1));
}

#[tokio::test]
async fn a_move_that_failed_and_was_given_up_leaves_nothing_in_the_other_role() {
    let lab = Lab::new().await;
    let state = lab.made(&owned("pod_identity")).await;
    let arn = lab.role("theirs", &[&tokens("id.example.com", "ops:*")]).await;
    let moved = lab.binding(&format!(r#""role_arn": "{arn}", "manage_trust_policy": true"#));
    let plan = lab.bindings.plan(&state, &moved).await.unwrap();
    lab.aws.fail(
        "UpdatePodIdentityAssociation",
        Problem::AccessDenied,
        "AccessDeniedException",
    );
    let failed = lab.bindings.apply(&plan).await.unwrap();
    assert!(failed.diagnostics.has_errors());
    assert_eq!(lab.trust("theirs").len(), 2);
    let state = lab.bindings.read(&failed.state).await.unwrap();
    lab.bindings.destroy(&state).await.unwrap();
    assert_eq!((lab.roles(), lab.trust("theirs").len()), (vec!["theirs".to_owned()], 1));
}

#[tokio::test]
async fn a_released_role_does_not_look_like_the_binding_s_own() {
    let lab = Lab::new().await;
    let state = lab.made(OWNED).await;
    let given = lab.binding(r#""role_arn": "arn:aws:iam::111122223333:role/checkout""#);
    let plan = lab.bindings.plan(&state, &given).await.unwrap();
    let steps = format!("{:?}", plan.planned.value.get("steps"));
    assert!(steps.contains("Remove tags of role `checkout`"), "{steps}");
    let state = lab.bindings.converge(&state, &given).await.unwrap();
    let tags = lab.aws.account(|account| account.roles["checkout"].role.tags.clone());
    assert!(!tags.contains_key(OWNER_TAG), "{tags:?}");
    lab.bindings.destroy(&state).await.unwrap();
    assert_eq!(lab.roles(), ["checkout"]);

    // Young and unused, it would otherwise be taken for what an interrupted apply left, deleted and made anew.
    lab.aws.account(|account| account.writes.clear());
    let told = lab.refusal(&State::default(), OWNED).await;
    assert!(told.contains("This binding did not make it"), "{told}");
    assert!(lab.writes().is_empty());
}

#[tokio::test]
async fn a_release_that_failed_can_be_repeated_or_given_up() {
    for gives_up in [false, true] {
        let lab = Lab::new().await;
        let state = lab.made(OWNED).await;
        let given = r#""role_arn": "arn:aws:iam::111122223333:role/checkout""#;
        let plan = lab.bindings.plan(&state, &lab.binding(given)).await.unwrap();
        lab.aws.fail("TagRole", Problem::AccessDenied, "AccessDenied");
        let failed = lab.bindings.apply(&plan).await.unwrap();
        assert!(failed.diagnostics.has_errors());
        let state = lab.bindings.read(&failed.state).await.unwrap();
        let arguments = if gives_up { OWNED } else { given };
        let state = lab.bindings.converge(&state, &lab.binding(arguments)).await.unwrap();
        lab.bindings.destroy(&state).await.unwrap();
        assert_eq!(lab.roles().is_empty(), gives_up);
    }
}

use tfmodel::Value;
use tfplugin_testing::core::{Applied, State};

use crate::cloud::Problem;
use crate::lab::{Lab, owned, text};

async fn create(lab: &Lab) -> Applied {
    let config = lab.binding(&owned("dual"));
    let plan = lab.bindings.plan(&State::default(), &config).await.unwrap();
    lab.bindings.apply(&plan).await.unwrap()
}

#[tokio::test]
async fn a_create_that_fails_at_any_step_leaves_nothing() {
    for operation in [
        "CreateRole",
        "AttachRolePolicy",
        "PutRolePolicy",
        "CreatePodIdentityAssociation",
    ] {
        let lab = Lab::new().await;
        lab.aws.fail(operation, Problem::AccessDenied, "AccessDenied");
        let applied = create(&lab).await;
        assert!(applied.diagnostics.has_errors(), "{operation}");
        assert!(text(&applied.diagnostics).contains("AccessDenied"), "{operation}");
        assert!(applied.state.value.is_null(), "{operation}");
        assert!(lab.roles().is_empty() && lab.associations() == 0, "{operation}");
    }
}

#[tokio::test]
async fn what_cannot_be_taken_back_is_in_the_state_and_goes_with_it() {
    let lab = Lab::new().await;
    lab.aws.fail(
        "CreatePodIdentityAssociation",
        Problem::AccessDenied,
        "AccessDeniedException",
    );
    lab.aws.fail("DeleteRole", Problem::AccessDenied, "AccessDenied");
    let applied = create(&lab).await;
    let told = text(&applied.diagnostics);
    assert!(told.contains("Still there: role `checkout`."), "{told}");
    assert_eq!(
        applied.state.value.get("role_name").and_then(Value::as_str),
        Some("checkout")
    );
    assert_eq!(lab.roles(), ["checkout"]);
    lab.bindings.destroy(&applied.state).await.unwrap();
    assert!(lab.roles().is_empty());
}

#[tokio::test]
async fn an_answer_that_is_lost_after_the_write_is_no_failure() {
    for operation in ["CreateRole", "CreatePodIdentityAssociation"] {
        let lab = Lab::new().await;
        lab.aws.lose_answer(operation);
        let state = create(&lab).await.success().unwrap();
        assert_eq!((lab.roles().len(), lab.associations()), (1, 1), "{operation}");
        lab.bindings.destroy(&state).await.unwrap();
        assert_eq!((lab.roles().len(), lab.associations()), (0, 0), "{operation}");
    }
}

#[tokio::test]
async fn a_change_that_failed_half_way_is_finished_by_the_next_apply() {
    let lab = Lab::new().await;
    let state = lab.made(&owned("irsa")).await;
    let config = lab.binding(&owned("dual"));
    let plan = lab.bindings.plan(&state, &config).await.unwrap();
    lab.aws
        .fail("CreatePodIdentityAssociation", Problem::Other, "ServerException");
    let failed = lab.bindings.apply(&plan).await.unwrap();
    assert!(failed.diagnostics.has_errors());
    let read = lab.bindings.read(&failed.state).await.unwrap();
    let state = lab.bindings.converge(&read, &config).await.unwrap();
    assert_eq!((lab.trust("checkout").len(), lab.associations()), (2, 1));
    lab.bindings.destroy(&state).await.unwrap();
    assert!(lab.roles().is_empty() && lab.associations() == 0);
}

#[tokio::test]
async fn a_delete_that_failed_half_way_is_finished_by_the_next() {
    let lab = Lab::new().await;
    let state = lab.made(&owned("dual")).await;
    lab.aws.fail("DeleteRole", Problem::AccessDenied, "AccessDenied");
    lab.bindings.destroy(&state).await.unwrap_err();
    assert_eq!((lab.roles().len(), lab.associations()), (1, 0));
    let read = lab.bindings.read(&state).await.unwrap();
    lab.bindings.destroy(&read).await.unwrap();
    assert!(lab.roles().is_empty());
}

#[tokio::test]
async fn a_refresh_that_is_refused_takes_nothing_for_gone() {
    let lab = Lab::new().await;
    let state = lab.made(&owned("dual")).await;
    for operation in ["GetRole", "ListAttachedRolePolicies", "ListPodIdentityAssociations"] {
        lab.aws.fail(operation, Problem::AccessDenied, "AccessDenied");
        let told = text(&lab.bindings.read(&state).await.unwrap_err());
        assert!(told.contains("AccessDenied"), "{operation}: {told}");
    }
}

#[tokio::test]
async fn a_create_that_takes_too_long_leaves_nothing_and_does_not_claim_to() {
    let lab = Lab::new().await;
    let config = lab.binding(&format!(r#"{}, "timeouts": {{"create": "0s"}}"#, owned("dual")));
    let plan = lab.bindings.plan(&State::default(), &config).await.unwrap();
    let applied = lab.bindings.apply(&plan).await.unwrap();
    let told = text(&applied.diagnostics);
    assert!(told.starts_with("The operation took too long"), "{told}");
    assert!(!told.contains("recorded"), "{told}");
    assert!(applied.state.value.is_null() && lab.writes().is_empty());
}

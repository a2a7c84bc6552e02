//! Right after another apply, when AWS may still answer as if it had not been.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tfplugin_testing::core::{Plan, State};
use tokio::time::Instant;

use crate::cloud::{Association, Problem};
use crate::lab::{Lab, owned, text};

/// Longer than any test takes, however busy the machine is; twice that is less than an apply may take.
const LONG: &str = r#"{"propagation_wait": "4m"}"#;

/// Less than is left of it.
const A_WHILE: Duration = Duration::from_secs(120);

async fn lab() -> Lab {
    let lab = Lab::with(LONG).await;
    lab.aws.account(|account| account.add_cluster("demo"));
    lab
}

/// How long an apply waits before its first call of an operation.
async fn wait_before(lab: &Lab, operation: &'static str, plan: &Plan) -> (Duration, State) {
    let start = Instant::now();
    let called = Arc::new(Mutex::new(None));
    let at = Arc::clone(&called);
    lab.aws
        .before(operation, move |_| *at.lock().unwrap() = Some(start.elapsed()));
    let applied = lab.bindings.apply(plan).await.unwrap().success().unwrap();
    let waited = called.lock().unwrap().expect("it was not called");
    (waited, applied)
}

#[tokio::test(start_paused = true)]
async fn what_an_apply_did_not_wait_for_is_waited_for_before_anything_is_removed() {
    for (waits_for_effect, waits_again) in [(true, false), (false, true)] {
        let lab = lab().await;
        let state = lab.made(&owned("irsa")).await;
        let dual = lab.binding(&format!(r#"{}, "wait_for_effect": {waits_for_effect}"#, owned("dual")));
        let state = lab.bindings.converge(&state, &dual).await.unwrap();
        let plan = lab
            .bindings
            .plan(&state, &lab.binding(&owned("pod_identity")))
            .await
            .unwrap();
        let (waited, _) = wait_before(&lab, "UpdateAssumeRolePolicy", &plan).await;
        assert_eq!(waited > A_WHILE, waits_again, "{waits_for_effect}: {waited:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_is_waited_for_after_a_change_that_pods_do_not_see() {
    let lab = lab().await;
    let state = lab.made(&owned("dual")).await;
    let tagged = format!(r#"{}, "tags": {{"stage": "prod"}}"#, owned("dual"));
    let state = lab.bindings.converge(&state, &lab.binding(&tagged)).await.unwrap();
    let moved = format!(r#"{}, "tags": {{"stage": "prod"}}"#, owned("pod_identity"));
    let plan = lab.bindings.plan(&state, &lab.binding(&moved)).await.unwrap();
    let (waited, _) = wait_before(&lab, "UpdateAssumeRolePolicy", &plan).await;
    assert_eq!(waited, Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn what_a_failed_apply_wrote_is_waited_for_by_the_next() {
    let lab = lab().await;
    let state = lab.made(&owned("irsa")).await;
    let config = lab.binding(&owned("dual"));
    let plan = lab.bindings.plan(&state, &config).await.unwrap();
    lab.aws
        .fail("CreatePodIdentityAssociation", Problem::Other, "ServerException");
    let failed = lab.bindings.apply(&plan).await.unwrap();
    assert!(failed.diagnostics.has_errors());
    let read = lab.bindings.read(&failed.state).await.unwrap();
    let plan = lab.bindings.plan(&read, &config).await.unwrap();
    let (waited, state) = wait_before(&lab, "CreatePodIdentityAssociation", &plan).await;
    assert!(waited > A_WHILE, "{waited:?}");
    // The last thing it did was to wait.
    let plan = lab
        .bindings
        .plan(&state, &lab.binding(&owned("pod_identity")))
        .await
        .unwrap();
    let (waited, _) = wait_before(&lab, "UpdateAssumeRolePolicy", &plan).await;
    assert_eq!(waited, Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn an_association_that_was_deleted_just_before_is_nobody_s() {
    let lab = Lab::new().await;
    for _ in 0..3 {
        lab.aws.fail_saying(
            "CreatePodIdentityAssociation",
            Problem::Conflict,
            "ResourceInUseException",
            "Association already exists: a-0123456789abcdefg",
        );
    }
    lab.made(&owned("pod_identity")).await;
    assert_eq!(lab.associations(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_association_that_somebody_else_made_meanwhile_is_told_of_at_once() {
    let lab = Lab::new().await;
    let plan = lab
        .bindings
        .plan(&State::default(), &lab.binding(&owned("pod_identity")))
        .await
        .unwrap();
    lab.aws.before("CreatePodIdentityAssociation", |account| {
        let (at, _) = account.clusters.iter().next().unwrap();
        let id = "a-0123456789abcdefg".to_owned();
        let theirs = Association {
            arn: format!("arn:aws:eks:us-west-2:111122223333:podidentityassociation/demo/{id}"),
            id: id.clone(),
            namespace: "shop".to_owned(),
            service_account: "checkout".to_owned(),
            terms: pod_identity_core::binding::AssociationTerms::default(),
            external_id: None,
            owner_arn: None,
            created: None,
            tags: std::collections::BTreeMap::new(),
        };
        account.associations.insert((at.clone(), id), theirs);
    });
    let start = Instant::now();
    let applied = lab.bindings.apply(&plan).await.unwrap();
    let told = text(&applied.diagnostics);
    assert!(told.contains("a-0123456789abcdefg"), "{told}");
    assert_eq!(start.elapsed(), Duration::ZERO);
    assert_eq!((lab.roles().len(), lab.associations()), (0, 1));
}

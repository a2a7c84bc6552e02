use tfmodel::Value;
use tfplugin_testing::core::{Action, State};

use crate::lab::{Lab, OWNED, owned, text};

#[tokio::test]
async fn a_binding_goes_through_all_modes_and_leaves_nothing() {
    let lab = Lab::new().await;
    let mut state = State::default();
    let mut unique_ids = Vec::new();
    for (mode, statements, associations) in [
        ("irsa", 1, 0),
        ("dual", 2, 1),
        ("pod_identity", 1, 1),
        ("dual", 2, 1),
        ("irsa", 1, 0),
    ] {
        state = lab.bindings.converge(&state, &lab.binding(&owned(mode))).await.unwrap();
        assert_eq!(lab.trust("checkout").len(), statements, "{mode}");
        assert_eq!(lab.associations(), associations, "{mode}");
        unique_ids.push(
            lab.aws
                .account(|account| account.roles["checkout"].role.unique_id.clone()),
        );
    }
    unique_ids.dedup();
    assert_eq!(unique_ids.len(), 1, "the role was made anew");
    lab.bindings.destroy(&state).await.unwrap();
    assert!(lab.roles().is_empty() && lab.associations() == 0);
}

#[tokio::test]
async fn a_switch_writes_nothing_but_the_difference() {
    let lab = Lab::new().await;
    let state = lab.made(&owned("irsa")).await;
    let config = lab.binding(&owned("dual"));
    lab.bindings.converge(&state, &config).await.unwrap();
    assert_eq!(
        lab.writes(),
        [
            "UpdateAssumeRolePolicy checkout",
            "CreatePodIdentityAssociation checkout"
        ]
    );
}

#[tokio::test]
async fn a_cluster_that_is_made_after_the_plan_is_asked_for_its_issuer_when_applying() {
    let lab = Lab::with(r#"{"propagation_wait": "0s"}"#).await;
    let config = lab.binding(&owned("irsa"));
    let plan = lab.bindings.plan(&State::default(), &config).await.unwrap();
    assert!(plan.planned.value.get("oidc_issuer").unwrap().is_unknown());

    let without = lab.bindings.apply(&plan).await.unwrap();
    assert!(without.state.value.is_null());
    assert!(
        text(&without.diagnostics).starts_with("The cluster does not exist"),
        "{:?}",
        without.diagnostics
    );
    assert!(lab.writes().is_empty());

    lab.aws.account(|account| account.add_cluster("demo"));
    let state = lab.bindings.apply(&plan).await.unwrap().success().unwrap();
    let issuer = state.value.get("oidc_issuer").and_then(Value::as_str);
    assert_eq!(
        issuer,
        Some("oidc.eks.us-west-2.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF")
    );
}

#[tokio::test]
async fn an_association_for_a_cluster_that_is_missing_fails_at_once_and_leaves_no_role() {
    let lab = Lab::with(r#"{"propagation_wait": "0s"}"#).await;
    let plan = lab.bindings.plan(&State::default(), &lab.binding(OWNED)).await.unwrap();
    let applied = lab.bindings.apply(&plan).await.unwrap();
    assert!(
        text(&applied.diagnostics).contains("demo not found"),
        "{:?}",
        applied.diagnostics
    );
    assert!(applied.state.value.is_null() && lab.roles().is_empty());
}

#[tokio::test]
async fn a_cluster_that_was_replaced_after_the_plan_is_an_error_before_any_write() {
    let lab = Lab::new().await;
    let config = lab.binding(&owned("irsa"));
    let plan = lab.bindings.plan(&State::default(), &config).await.unwrap();
    lab.aws.account(|account| {
        let issuer = "https://oidc.eks.us-west-2.amazonaws.com/id/FEDCBA9876543210FEDCBA9876543210";
        account
            .clusters
            .values_mut()
            .for_each(|cluster| cluster.oidc_issuer = Some(issuer.to_owned()));
    });
    let refused = lab.bindings.apply(&plan).await;
    let problems = match refused {
        Ok(applied) => applied.diagnostics,
        Err(problems) => problems,
    };
    assert!(problems.has_errors());
    assert!(lab.writes().is_empty());
}

#[tokio::test]
async fn another_role_name_moves_the_association_and_the_old_role_goes_with_the_binding() {
    let lab = Lab::new().await;
    let state = lab.made(OWNED).await;
    let config = lab.binding(&OWNED.replace("checkout", "renamed"));
    let state = lab.bindings.converge(&state, &config).await.unwrap();
    assert_eq!(lab.roles(), ["checkout", "renamed"]);
    let role_arns = lab.aws.account(|account| {
        let all = account.associations.values();
        all.map(|one| one.terms.role_arn.clone()).collect::<Vec<_>>()
    });
    assert_eq!(role_arns, ["arn:aws:iam::111122223333:role/renamed"]);
    lab.bindings.destroy(&state).await.unwrap();
    assert!(lab.roles().is_empty());
}

#[tokio::test]
async fn an_interrupt_ends_the_wait_and_keeps_the_state() {
    let lab = Lab::with(r#"{"propagation_wait": "24h"}"#).await;
    lab.aws.account(|account| account.add_cluster("demo"));
    let config = lab.binding(&owned("irsa"));
    let plan = lab.bindings.plan(&State::default(), &config).await.unwrap();
    assert_eq!(plan.action, Action::Create);
    let interrupt = async {
        while !lab.writes().iter().any(|write| write.starts_with("PutRolePolicy")) {
            tokio::task::yield_now().await;
        }
        lab.core.stop().await.unwrap();
    };
    let (applied, ()) = tokio::join!(lab.bindings.apply(&plan), interrupt);
    let applied = applied.unwrap();
    assert!(text(&applied.diagnostics).starts_with("The change may not be in effect yet"));
    assert!(!applied.diagnostics.has_errors());
    assert_eq!(
        applied.state.value.get("role_name").and_then(Value::as_str),
        Some("checkout")
    );
}

#[tokio::test]
async fn an_imported_binding_needs_no_change() {
    let lab = Lab::new().await;
    for mode in ["irsa", "dual", "pod_identity"] {
        let made = lab.made(&owned(mode)).await;
        let imported = lab.bindings.import("demo/shop/checkout").await.unwrap();
        let plan = lab.bindings.plan(&imported, &lab.binding(&owned(mode))).await.unwrap();
        lab.bindings.apply(&plan).await.unwrap().success().unwrap();
        assert!(lab.writes().is_empty(), "{mode}: {:?}", lab.writes());
        lab.bindings.destroy(&imported).await.unwrap();
        assert!(lab.roles().is_empty() && lab.associations() == 0, "{mode}");
        drop(made);
    }
}

#[tokio::test]
async fn a_tag_of_the_role_wins_over_one_of_the_binding_and_of_the_provider() {
    let settings = r#"{"propagation_wait": "0s", "default_tags": {"tags": {"team": "platform", "stage": "prod"}}}"#;
    let lab = Lab::with(settings).await;
    lab.aws.account(|account| account.add_cluster("demo"));
    let arguments = r#""role": {"name": "checkout", "tags": {"team": "role", "stage": "role", "cost": "role"}},
        "tags": {"team": "binding", "cost": "binding"}"#;
    let state = lab.made(arguments).await;
    let (role, association) = lab.aws.account(|account| {
        let association = account.associations.values().next().unwrap();
        (account.roles["checkout"].role.tags.clone(), association.tags.clone())
    });
    for (key, common) in [("team", "binding"), ("stage", "prod"), ("cost", "binding")] {
        assert_eq!(
            (role[key].as_str(), association[key].as_str()),
            ("role", common),
            "{key}"
        );
    }
    let read = lab.bindings.read(&state).await.unwrap();
    assert_eq!(read.value, state.value);
}

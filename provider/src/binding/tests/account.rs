use tfplugin_testing::core::State;

use crate::cloud::fake::ACCOUNT;
use crate::cloud::{Iam, NewRole};
use crate::lab::{Lab, OWNED, owned, text};

const OTHERS: &str = r#"{"Version":"2012-10-17","Statement":[{"Sid":"People","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root","Service":"pods.eks.amazonaws.com"},"Action":["sts:AssumeRole","sts:TagSession"]}]}"#;

/// Puts a role `legacy` into the caller's account.
async fn with_legacy_role(lab: &Lab, path: &str) {
    let role = NewRole {
        name: "legacy".to_owned(),
        path: path.to_owned(),
        description: None,
        permissions_boundary: None,
        max_session_duration: 3600,
        trust_policy: OTHERS.to_owned(),
        tags: std::collections::BTreeMap::new(),
    };
    lab.aws.create_role(&role).await.unwrap();
}

fn managed(role_arn: &str) -> String {
    format!(r#""role_arn": "{role_arn}", "manage_trust_policy": true, "mode": "irsa""#)
}

#[tokio::test]
async fn a_role_of_the_same_name_in_the_callers_account_is_not_the_one_that_is_meant() {
    let lab = Lab::new().await;
    with_legacy_role(&lab, "/").await;
    let before = lab.writes();
    let told = lab
        .refusal(&State::default(), &managed("arn:aws:iam::444455556666:role/legacy"))
        .await;
    assert!(told.contains("444455556666"), "{told}");
    assert_eq!(lab.writes(), before);
    assert_eq!(lab.trust("legacy").len(), 1);
}

#[tokio::test]
async fn a_role_of_the_same_name_under_another_path_is_not_the_one_that_is_meant() {
    let lab = Lab::new().await;
    with_legacy_role(&lab, "/team/").await;
    let before = lab.writes();
    let told = lab
        .refusal(&State::default(), &managed("arn:aws:iam::111122223333:role/legacy"))
        .await;
    assert!(
        told.contains("`arn:aws:iam::111122223333:role/team/legacy`")
            && told.contains("`arn:aws:iam::111122223333:role/legacy`"),
        "{told}"
    );
    assert_eq!(lab.writes(), before);
}

#[tokio::test]
async fn only_the_very_role_of_before_becomes_the_bindings_own() {
    for (path, succeeds) in [("/", true), ("/team/", false)] {
        let lab = Lab::new().await;
        with_legacy_role(&lab, path).await;
        let state = lab.made(r#""role_arn": "arn:aws:iam::111122223333:role/legacy""#).await;
        let own = r#""role": {"name": "legacy"}"#;
        if succeeds {
            lab.bindings.converge(&state, &lab.binding(own)).await.unwrap();
        } else {
            let told = lab.refusal(&state, own).await;
            assert!(told.contains("no call that moves a role"), "{told}");
        }
        assert_eq!(lab.writes().is_empty(), !succeeds, "{:?}", lab.writes());
    }
}

#[tokio::test]
async fn a_former_role_that_was_made_anew_elsewhere_is_left_alone() {
    let lab = Lab::new().await;
    with_legacy_role(&lab, "/").await;
    let state = lab.made(&managed("arn:aws:iam::111122223333:role/legacy")).await;
    let ours = lab.trust("legacy").len();
    lab.aws.account(|account| {
        let role = &mut account.roles.get_mut("legacy").unwrap().role;
        role.arn = "arn:aws:iam::111122223333:role/team/legacy".to_owned();
    });
    lab.bindings
        .converge(&state, &lab.binding(&owned("irsa")))
        .await
        .unwrap();
    assert_eq!(lab.trust("legacy").len(), ours, "{:?}", lab.writes());
}

#[tokio::test]
async fn statements_leave_a_former_role_of_others() {
    let lab = Lab::new().await;
    with_legacy_role(&lab, "/").await;
    // With tokens they would stay: pods may still show one.
    let managed = managed("arn:aws:iam::111122223333:role/legacy").replace("irsa", "pod_identity");
    let state = lab.made(&managed).await;
    assert_eq!(lab.trust("legacy").len(), 2);
    let state = lab
        .bindings
        .converge(&state, &lab.binding(&owned("pod_identity")))
        .await
        .unwrap();
    assert_eq!(lab.trust("legacy").len(), 1);
    lab.bindings.destroy(&state).await.unwrap();
    assert_eq!(lab.roles(), ["legacy"]);
}

#[tokio::test]
async fn a_role_that_was_released_stays_when_the_binding_goes() {
    let lab = Lab::new().await;
    let state = lab.made(OWNED).await;
    let released = lab.binding(r#""role_arn": "arn:aws:iam::111122223333:role/checkout""#);
    let state = lab.bindings.converge(&state, &released).await.unwrap();
    lab.bindings.destroy(&state).await.unwrap();
    assert_eq!((lab.roles(), lab.associations()), (vec!["checkout".to_owned()], 0));
}

#[tokio::test]
async fn with_credentials_of_another_account_nothing_is_taken_for_gone_or_changed() {
    for mode in ["irsa", "pod_identity"] {
        let lab = Lab::new().await;
        let state = lab.made(&owned(mode)).await;
        let arguments = format!(r#"{}, "tags": {{"team": "shop"}}"#, owned(mode));
        let update = lab.bindings.plan(&state, &lab.binding(&arguments)).await.unwrap();

        lab.aws
            .account(|account| account.caller = Some("444455556666".to_owned()));
        let settings = lab.core.provider_config(r#"{"propagation_wait": "0s"}"#).unwrap();
        lab.core.configure(&settings).await.unwrap();
        let updated = match lab.bindings.apply(&update).await {
            Ok(applied) => applied.diagnostics,
            Err(problems) => problems,
        };
        assert!(updated.has_errors(), "{mode}");
        for problems in [
            lab.bindings.read(&state).await.unwrap_err(),
            lab.bindings.destroy(&state).await.unwrap_err(),
        ] {
            let told = text(&problems);
            assert!(told.contains("The binding is in another account"), "{mode}: {told}");
            assert!(
                told.contains(ACCOUNT) && told.contains("444455556666"),
                "{mode}: {told}"
            );
        }
        assert!(lab.writes().is_empty(), "{mode}");
    }
}

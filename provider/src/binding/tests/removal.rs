//! What goes, when, and what keeps it from going.

use std::collections::BTreeMap;

use crate::cloud::{ClusterRef, Eks, NewAssociation, Problem};
use crate::lab::{Lab, OWNED, text};
use pod_identity_core::binding::AssociationTerms;

const SHARED: &str = r#""role": {"name": "checkout", "force_delete": true}, "trust": {"scope": "namespace"}"#;

/// Gives a role to another service account.
async fn share(lab: &Lab, role: &str) {
    let at = ClusterRef {
        region: "us-west-2".to_owned(),
        name: "demo".to_owned(),
    };
    let new = NewAssociation {
        token: "t".to_owned(),
        namespace: "shop".to_owned(),
        service_account: "cart".to_owned(),
        terms: AssociationTerms {
            role_arn: format!("arn:aws:iam::111122223333:role/{role}"),
            ..AssociationTerms::default()
        },
        tags: BTreeMap::new(),
    };
    lab.aws.create_association(&at, &new).await.unwrap();
    lab.aws.account(|account| account.writes.clear());
}

#[tokio::test]
async fn a_role_that_another_service_account_gets_is_kept_and_nothing_is_removed() {
    let lab = Lab::new().await;
    let state = lab.made(SHARED).await;
    share(&lab, "checkout").await;
    let told = text(&lab.bindings.destroy(&state).await.unwrap_err());
    assert!(told.contains("`shop/cart`"), "{told}");
    assert!(lab.writes().is_empty(), "{:?}", lab.writes());

    // Where that may not be listed, it cannot be known.
    lab.aws.fail_after(
        1,
        "ListPodIdentityAssociations",
        Problem::AccessDenied,
        "AccessDeniedException",
    );
    lab.bindings.destroy(&state).await.unwrap();
    assert!(lab.roles().is_empty());
}

#[tokio::test]
async fn associations_are_not_listed_for_a_role_that_lets_nobody_else_in() {
    let lab = Lab::new().await;
    let state = lab.made(OWNED).await;
    lab.aws.account(|account| account.reads.clear());
    lab.bindings.destroy(&state).await.unwrap();
    let reads = lab.aws.account(|account| account.reads.clone());
    let listed = reads.iter().filter(|read| **read == "ListPodIdentityAssociations");
    assert_eq!(listed.count(), 1, "its own is looked for, others are not: {reads:?}");
}

#[tokio::test]
async fn a_deletion_says_how_long_credentials_live_on() {
    let lab = Lab::new().await;
    let owned = lab.made(OWNED).await;
    let told = text(&lab.bindings.plan_delete(&owned).await.unwrap().warnings);
    assert!(told.contains("end at once"), "{told}");
    lab.bindings.destroy(&owned).await.unwrap();

    let given = lab.made(r#""role_arn": "arn:aws:iam::111122223333:role/theirs""#).await;
    let told = text(&lab.bindings.plan_delete(&given).await.unwrap().warnings);
    assert!(
        told.contains("6 hours") && told.contains("aws:TokenIssueTime"),
        "{told}"
    );
}

#[tokio::test]
async fn earlier_roles_go_when_they_are_no_longer_to_be_kept() {
    let named = |name: &str, keep: bool| format!(r#""role": {{"name": "{name}", "keep_previous": {keep}}}"#);
    let lab = Lab::new().await;
    let mut state = lab.made(&named("first", true)).await;
    for name in ["second", "third"] {
        state = lab
            .bindings
            .converge(&state, &lab.binding(&named(name, true)))
            .await
            .unwrap();
    }
    assert_eq!(lab.roles(), ["first", "second", "third"]);
    lab.aws.account(|account| account.writes.clear());
    let config = lab.binding(&named("third", false));
    let plan = lab.bindings.plan(&state, &config).await.unwrap();
    let told = text(&plan.warnings);
    assert!(told.contains("`first`, `second`"), "{told}");
    state = lab.bindings.converge(&state, &config).await.unwrap();
    assert_eq!(lab.writes(), ["DeleteRole first", "DeleteRole second"]);

    state = lab
        .bindings
        .converge(&state, &lab.binding(&named("fourth", false)))
        .await
        .unwrap();
    assert_eq!(lab.roles(), ["fourth"]);
    let writes = lab.writes();
    let position = |write: &str| writes.iter().position(|one| one.starts_with(write)).unwrap();
    assert!(
        position("UpdatePodIdentityAssociation") < position("DeleteRole third"),
        "{writes:?}"
    );
    lab.bindings.destroy(&state).await.unwrap();
    assert!(lab.roles().is_empty());
}

#[tokio::test]
async fn an_earlier_role_that_others_use_keeps_the_change_from_being_made() {
    let lab = Lab::new().await;
    let state = lab.made(SHARED).await;
    share(&lab, "checkout").await;
    let renamed =
        r#""role": {"name": "renamed", "keep_previous": false, "force_delete": true}, "trust": {"scope": "namespace"}"#;
    let told = lab.refusal(&state, renamed).await;
    assert!(told.contains("`shop/cart`"), "{told}");
    assert!(lab.writes().is_empty(), "{:?}", lab.writes());
}

#[tokio::test]
async fn what_others_put_in_the_place_of_ours_is_told_of_and_left() {
    let lab = Lab::new().await;
    let state = lab.made(OWNED).await;
    lab.aws.account(|account| {
        for found in account.roles.values_mut() {
            found.role.unique_id = "AROAANOTHER".to_owned();
        }
    });
    lab.age();
    let told = lab.refusal(&state, &format!(r#"{OWNED}, "tags": {{"a": "b"}}"#)).await;
    assert!(told.contains("A role of this name exists"), "{told}");
    assert!(lab.writes().is_empty());
    lab.bindings.destroy(&state).await.unwrap();
    assert_eq!((lab.roles(), lab.associations()), (vec!["checkout".to_owned()], 0));
}

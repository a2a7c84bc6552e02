use tfmodel::Value;
use tfplugin_testing::core::State;

use super::{ARN, Bench, OF_CLUSTER, URL, created};
use crate::cloud::Problem;
use crate::lab::text;

#[tokio::test]
async fn it_is_made_changed_in_place_and_deleted() {
    let bench = Bench::new().await;
    let state = bench.made(OF_CLUSTER).await;
    assert!(created(&state));
    assert_eq!(state.value.get("arn").and_then(Value::as_str), Some(ARN));
    assert_eq!(state.value.get("url").and_then(Value::as_str), Some(URL));
    assert_eq!(bench.client_ids(), ["sts.amazonaws.com"]);

    let more = r#"{"cluster_name": "demo", "client_ids": ["sts.amazonaws.com", "other"], "tags": {"stage": "test"}}"#;
    let state = bench.providers.converge(&state, &bench.config(more)).await.unwrap();
    assert_eq!(bench.client_ids(), ["sts.amazonaws.com", "other"]);
    let less = r#"{"cluster_name": "demo", "client_ids": ["other"]}"#;
    let state = bench.providers.converge(&state, &bench.config(less)).await.unwrap();
    assert_eq!(bench.client_ids(), ["other"]);
    assert_eq!(bench.tag_keys(), ["pod-identity-binding"], "only the mark is left");
    bench.providers.destroy(&state).await.unwrap();
    assert!(!bench.is_there());
}

#[tokio::test]
async fn one_that_a_role_trusts_is_not_deleted() {
    let bench = Bench::new().await;
    let state = bench.made(OF_CLUSTER).await;
    let role = bench.lab.made(&crate::lab::owned("irsa")).await;
    let told = text(&bench.providers.destroy(&state).await.unwrap_err());
    assert!(told.starts_with("Roles still trust the OIDC provider"), "{told}");
    assert!(told.contains("refused: `checkout`."), "{told}");
    assert!(bench.is_there());
    bench.lab.bindings.destroy(&role).await.unwrap();
    bench.providers.destroy(&state).await.unwrap();
    assert!(!bench.is_there());
}

#[tokio::test]
async fn one_of_which_nobody_can_say_who_trusts_it_is_not_deleted() {
    let bench = Bench::new().await;
    let state = bench.made(OF_CLUSTER).await;
    bench.lab.aws.fail("ListRoles", Problem::AccessDenied, "AccessDenied");
    let told = text(&bench.providers.destroy(&state).await.unwrap_err());
    assert!(
        told.contains("`iam:ListRoles`") || told.contains("AccessDenied"),
        "{told}"
    );
    assert!(bench.is_there());
}

#[tokio::test]
async fn an_answer_that_is_lost_after_it_was_made_leaves_it_our_own() {
    let bench = Bench::new().await;
    bench.lab.aws.lose_answer("CreateOpenIDConnectProvider");
    let state = bench.made(OF_CLUSTER).await;
    assert!(created(&state));
    bench.providers.destroy(&state).await.unwrap();
    assert!(!bench.is_there());
}

#[tokio::test]
async fn what_others_take_away_is_put_back() {
    let bench = Bench::new().await;
    let config = r#"{"cluster_name": "demo", "tags": {"stage": "test"}}"#;
    let state = bench.made(config).await;
    bench.lab.aws.account(|account| {
        let found = account.oidc_providers.get_mut(ARN).unwrap();
        found.client_ids = vec!["other".to_owned()];
        found.tags.remove("stage");
        found.tags.insert("foreign".to_owned(), "yes".to_owned());
    });
    let read = bench.providers.read(&state).await.unwrap();
    let state = bench.providers.converge(&read, &bench.config(config)).await.unwrap();
    assert_eq!(bench.client_ids(), ["other", "sts.amazonaws.com"]);
    assert_eq!(bench.tag_keys(), ["pod-identity-binding", "stage"]);

    bench.lab.aws.account(|account| account.oidc_providers.clear());
    let gone = bench.providers.read(&state).await.unwrap();
    assert!(gone.value.is_null());
}

#[tokio::test]
async fn it_is_imported_by_arn_or_url_and_is_ours_if_we_made_it() {
    let bench = Bench::new().await;
    bench.made(OF_CLUSTER).await;
    for id in [ARN, URL] {
        let state = bench.providers.import(id).await.unwrap();
        assert!(created(&state), "{id}");
        let plan = bench.providers.plan(&state, &bench.config(OF_CLUSTER)).await.unwrap();
        assert!(plan.requires_replace.is_empty(), "{id}");
    }
    bench.somebody_makes(&["sts.amazonaws.com", "other"]);
    let state = bench.providers.import(ARN).await.unwrap();
    assert!(!created(&state));
    let told = text(&bench.providers.import("demo/oidc provider").await.unwrap_err());
    assert!(told.starts_with("The import id cannot be read"), "{told}");
    let elsewhere = ARN.replace("111122223333", "444455556666");
    let told = text(&bench.providers.import(&elsewhere).await.unwrap_err());
    assert!(told.starts_with("The OIDC provider is in another account"), "{told}");
}

#[tokio::test]
async fn a_refresh_that_is_refused_does_not_take_it_for_gone() {
    let bench = Bench::new().await;
    let state = bench.made(OF_CLUSTER).await;
    bench
        .lab
        .aws
        .fail("GetOpenIDConnectProvider", Problem::AccessDenied, "AccessDenied");
    let told = text(&bench.providers.read(&state).await.unwrap_err());
    assert!(told.starts_with("Cannot read the OIDC provider"), "{told}");
    let _: State = bench.providers.read(&state).await.unwrap();
}

use tfmodel::{Path, Value};
use tfplugin_testing::core::State;

use super::{ARN, Bench, OF_CLUSTER, URL};
use crate::cloud::ClusterRef;
use crate::lab::text;

fn demo() -> ClusterRef {
    ClusterRef {
        region: "us-west-2".to_owned(),
        name: "demo".to_owned(),
    }
}

#[tokio::test]
async fn the_arn_is_known_at_plan_as_soon_as_the_issuer_is() {
    let bench = Bench::new().await;
    for config in [OF_CLUSTER.to_owned(), format!(r#"{{"url": "{URL}"}}"#)] {
        let plan = bench
            .providers
            .plan(&State::default(), &bench.config(&config))
            .await
            .unwrap();
        assert_eq!(
            plan.planned.value.get("arn").and_then(Value::as_str),
            Some(ARN),
            "{config}"
        );
    }
    let later = bench.config(r#"{"cluster_name": "later"}"#);
    let plan = bench.providers.plan(&State::default(), &later).await.unwrap();
    assert!(plan.planned.value.get("arn").unwrap().is_unknown());
    let applied = bench.providers.apply(&plan).await.unwrap();
    assert!(text(&applied.diagnostics).starts_with("Cannot read the cluster"));
    bench.lab.aws.account(|account| account.add_cluster("later"));
    bench.providers.apply(&plan).await.unwrap().success().unwrap();
}

#[tokio::test]
async fn naming_the_cluster_or_its_issuer_makes_no_difference() {
    let bench = Bench::new().await;
    let state = bench.made(OF_CLUSTER).await;
    let by_url = bench.config(&format!(r#"{{"url": "{URL}"}}"#));
    let plan = bench.providers.plan(&state, &by_url).await.unwrap();
    assert!(plan.requires_replace.is_empty(), "{:?}", plan.requires_replace);
}

#[tokio::test]
async fn a_cluster_that_was_made_anew_has_another_provider() {
    let bench = Bench::new().await;
    let state = bench.made(OF_CLUSTER).await;
    // Plans remember the cluster as they first saw it, so this is another run.
    let other = crate::lab::Lab::new().await;
    other.aws.account(|account| {
        let cluster = account.clusters.get_mut(&demo()).unwrap();
        cluster.oidc_issuer = Some(URL.replace("0123", "4567"));
    });
    let providers = other.core.resource("pod_oidc_provider").unwrap();
    let plan = providers.plan(&state, &bench.config(OF_CLUSTER)).await.unwrap();
    assert_eq!(plan.requires_replace, [Path::attribute("url")]);
    // One that is not there now says nothing.
    let other = crate::lab::Lab::with("{}").await;
    let providers = other.core.resource("pod_oidc_provider").unwrap();
    let plan = providers.plan(&state, &bench.config(OF_CLUSTER)).await.unwrap();
    assert!(plan.requires_replace.is_empty());
}

#[tokio::test]
async fn issuers_that_no_cluster_has_are_refused() {
    let bench = Bench::new().await;
    let id = "id/0123456789ABCDEF0123456789ABCDEF";
    for (url, refused) in [
        (format!("https://oidc.eks.eu-west-1.amazonaws.com/{id}"), None),
        ("https://oidc.example.com/clusters/a".to_owned(), None),
        ("http://localhost:4566/oidc/id/1".to_owned(), None),
        (format!("oidc.eks.eu-west-1.amazonaws.com/{id}"), Some("has no scheme")),
        (
            format!("http://oidc.eks.eu-west-1.amazonaws.com/{id}"),
            Some("`https://` only"),
        ),
        (
            format!("https://oidc.eu-west-1.eks.amazonaws.com/{id}"),
            Some("is meant"),
        ),
        (format!("https://oidc-eks.eu-west-1.api.aws/{id}"), Some("is meant")),
        (
            format!("https://oidc.eks.eu-west-1.amazonaws.com/{id}/"),
            Some("is meant"),
        ),
        (
            format!("https://oidc.eks.cn-north-1.amazonaws.com/{id}"),
            Some("is meant"),
        ),
    ] {
        let config = bench.config(&format!(r#"{{"url": "{url}"}}"#));
        let told = text(&bench.providers.validate(&config).await);
        match refused {
            None => assert!(told.is_empty(), "{url}: {told}"),
            Some(why) => assert!(told.contains(why), "{url}: {told}"),
        }
    }
}

#[tokio::test]
async fn exactly_one_of_cluster_and_url_is_named() {
    let bench = Bench::new().await;
    for config in [
        "{}".to_owned(),
        format!(r#"{{"cluster_name": "demo", "url": "{URL}"}}"#),
    ] {
        assert!(
            bench.providers.validate(&bench.config(&config)).await.has_errors(),
            "{config}"
        );
    }
}

#[tokio::test]
async fn a_plan_needs_no_known_settings() {
    let bench = Bench::new().await;
    let lab = crate::lab::Lab::unconfigured().await;
    let mut config = lab.core.provider_config("{}").unwrap();
    if let Value::Known(tfmodel::Datum::Object(attributes)) = &mut config {
        attributes.insert("region", Value::unknown());
    }
    lab.core.configure(&config).await.unwrap();
    let providers = lab.core.resource("pod_oidc_provider").unwrap();
    let plan = providers
        .plan(&State::default(), &bench.config(OF_CLUSTER))
        .await
        .unwrap();
    assert!(plan.planned.value.get("arn").unwrap().is_unknown());
}

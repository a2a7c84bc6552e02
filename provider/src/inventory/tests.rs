use tfmodel::Value;

use crate::cloud::Problem;
use crate::cloud::fake::ACCOUNT;
use crate::lab::{ISSUER, Lab, PODS, owned, text, tokens};

const GONE: &str = "oidc.eks.us-west-2.amazonaws.com/id/FEDCBA9876543210FEDCBA9876543210";

async fn read(lab: &Lab, data_source: &str, json: &str) -> Value {
    let source = lab.core.data_source(data_source).unwrap();
    let config = source.config(json).unwrap();
    source.read(&config).await.unwrap()
}

async fn all(lab: &Lab) -> Value {
    read(lab, "pod_identity_bindings", r#"{"cluster_name": "demo"}"#).await
}

async fn one(lab: &Lab, service_account: &str) -> Value {
    let json = format!(r#"{{"cluster_name": "demo", "namespace": "shop", "service_account": "{service_account}"}}"#);
    read(lab, "pod_identity_binding", &json).await
}

fn list<'v>(value: &'v Value, name: &str) -> Vec<&'v Value> {
    value.get(name).unwrap().children()
}

fn is<'v>(value: &'v Value, name: &str) -> &'v str {
    value.get(name).and_then(Value::as_str).unwrap_or("null")
}

#[tokio::test]
async fn everything_that_is_bound_is_shown_with_who_made_it() {
    let lab = Lab::new().await;
    lab.made(&owned("dual")).await;
    let legacy = lab.role("legacy", &[PODS, &tokens(ISSUER, "shop:search")]).await;
    lab.associate("search", &legacy).await;
    let other = lab.role("other", &[PODS, &tokens(GONE, "shop:cart")]).await;
    lab.associate("cart", &other).await;
    lab.role("workers", &[PODS, &tokens(ISSUER, "shop:worker-*")]).await;
    lab.role("reader", &[PODS, &tokens(ISSUER, "shop:checkout")]).await;

    let found = all(&lab).await;
    let rows: Vec<[&str; 5]> = list(&found, "bindings")
        .into_iter()
        .map(|row| {
            let role = is(row, "role_arn").rsplit('/').next().unwrap();
            [
                is(row, "service_account"),
                is(row, "mode"),
                role,
                is(row, "made_by"),
                is(row, "verdict"),
            ]
        })
        .collect();
    assert_eq!(
        rows,
        [
            ["cart", "pod_identity", "other", "other", "allow"],
            ["checkout", "dual", "checkout", "binding", "allow"],
            ["checkout", "irsa", "reader", "other", "allow"],
            ["search", "dual", "legacy", "other", "allow"],
            ["worker-*", "irsa", "workers", "other", "null"],
        ]
    );
    let double: Vec<&str> = list(&found, "double_bound")
        .into_iter()
        .filter_map(Value::as_str)
        .collect();
    assert_eq!(double, ["shop/checkout", "shop/search"]);
    let stale: Vec<&str> = list(&found, "stale_roles")
        .into_iter()
        .map(|role| is(role, "role_arn"))
        .collect();
    assert_eq!(stale, [other.as_str()]);
    let quotas = list(&found, "quotas");
    assert_eq!(is(quotas[0], "quota"), "associations of cluster demo");
    assert_eq!(quotas[0].get("used"), Some(&Value::number(3_i64)));
    assert_eq!(quotas.len(), 1 + 5);
    assert!(list(&found, "not_read").is_empty());
}

#[tokio::test]
async fn import_blocks_import_what_no_binding_has_made() {
    let lab = Lab::new().await;
    lab.made(&owned("dual")).await;
    let legacy = lab.role("legacy", &[PODS, &tokens("oidc.example.com", "a:b")]).await;
    lab.associate("search", &legacy).await;
    lab.role("workers", &[PODS, &tokens(ISSUER, "shop:worker-*")]).await;
    lab.role("everybody", &[PODS, &tokens(ISSUER, "*:*")]).await;
    let found = all(&lab).await;
    let blocks = is(&found, "import_blocks");
    assert_eq!(
        blocks,
        "import {\n  to = pod_identity_binding.shop_search\n  id = \"demo/shop/search@us-west-2\"\n}\n\n\
         import {\n  to = pod_identity_binding.shop_worker__\n  id = \"demo/shop/worker-*/workers@us-west-2\"\n}\n"
    );
    let ids = list(&found, "bindings")
        .into_iter()
        .map(|row| is(row, "import_id"))
        .filter(|id| *id != "null");
    let ids: Vec<&str> = ids.collect();
    assert_eq!(ids.len(), 3);
    for id in ids {
        lab.bindings.import(id).await.unwrap();
    }
}

#[tokio::test]
async fn what_pods_of_one_service_account_get_is_said() {
    let lab = Lab::new().await;
    let nothing = one(&lab, "checkout").await;
    assert_eq!(
        [
            is(&nothing, "mode"),
            is(&nothing, "mechanism"),
            is(&nothing, "role_arn")
        ],
        ["null"; 3]
    );

    lab.role("reader", &[PODS, &tokens(ISSUER, "shop:*")]).await;
    let irsa = one(&lab, "checkout").await;
    assert_eq!(
        [is(&irsa, "mode"), is(&irsa, "mechanism"), is(&irsa, "role_name")],
        ["irsa", "irsa", "reader"]
    );

    lab.role("writer", &[PODS, &tokens(ISSUER, "shop:checkout")]).await;
    let several = one(&lab, "checkout").await;
    assert_eq!([is(&several, "mechanism"), is(&several, "role_arn")], ["irsa", "null"]);
    assert_eq!(list(&several, "irsa_role_arns").len(), 2);

    let id = lab
        .associate("checkout", &format!("arn:aws:iam::{ACCOUNT}:role/writer"))
        .await;
    let both = one(&lab, "checkout").await;
    assert_eq!(
        [
            is(&both, "mode"),
            is(&both, "mechanism"),
            is(&both, "association_id"),
            is(&both, "verdict")
        ],
        ["dual", "pod_identity", id.as_str(), "allow"]
    );
    assert_eq!(both.get("double_bound"), Some(&Value::bool(true)));
    assert!(is(&both, "trust_policy").contains("pods.eks.amazonaws.com"));
    lab.bindings.import(is(&both, "import_id")).await.unwrap();
}

#[tokio::test]
async fn a_missing_permission_leaves_the_rest_and_is_named() {
    for (operation, keeps) in [
        ("DescribeCluster", true),
        ("ListClusters", true),
        ("ListPodIdentityAssociations", false),
        ("DescribePodIdentityAssociation", true),
    ] {
        let lab = Lab::new().await;
        let legacy = lab.role("legacy", &[PODS, &tokens("oidc.example.com", "a:b")]).await;
        lab.associate("search", &legacy).await;
        lab.aws.fail(operation, Problem::AccessDenied, "AccessDeniedException");
        let found = all(&lab).await;
        assert_eq!(list(&found, "bindings").len(), usize::from(keeps), "{operation}");
        let told = list(&found, "not_read");
        assert!(
            told.iter().all(|one| one.as_str().unwrap().contains(operation)),
            "{operation}: {told:?}"
        );
        assert_eq!(told.len(), 1, "{operation}: {told:?}");
    }
    let lab = Lab::new().await;
    lab.aws
        .fail("GetAccountAuthorizationDetails", Problem::AccessDenied, "AccessDenied");
    lab.aws.fail("ListRoles", Problem::AccessDenied, "AccessDenied");
    let found = all(&lab).await;
    assert_eq!(list(&found, "not_read").len(), 1);
}

#[tokio::test]
async fn what_is_no_cluster_is_an_error() {
    let lab = Lab::new().await;
    let source = lab.core.data_source("pod_identity_bindings").unwrap();
    for (name, expected) in [
        ("other", "Cannot read the cluster"),
        ("-", "`cluster_name` is not what it has to be"),
    ] {
        let config = source.config(&format!(r#"{{"cluster_name": "{name}"}}"#)).unwrap();
        let told = text(&source.read(&config).await.unwrap_err());
        assert!(told.starts_with(expected), "{told}");
    }
}

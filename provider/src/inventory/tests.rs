use std::collections::BTreeMap;

use tfmodel::Value;

use crate::cloud::fake::ACCOUNT;
use crate::cloud::{ClusterRef, Eks, Iam, NewAssociation, NewRole, Problem};
use crate::lab::{Lab, owned, text};

const ISSUER: &str = "oidc.eks.us-west-2.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF";
const GONE: &str = "oidc.eks.us-west-2.amazonaws.com/id/FEDCBA9876543210FEDCBA9876543210";

async fn role(lab: &Lab, name: &str, issuer: &str, subject: &str) -> String {
    let trust_policy = format!(
        r#"{{"Version":"2012-10-17","Statement":[
            {{"Effect":"Allow","Principal":{{"Federated":"arn:aws:iam::{ACCOUNT}:oidc-provider/{issuer}"}},"Action":"sts:AssumeRoleWithWebIdentity",
              "Condition":{{"StringEquals":{{"{issuer}:aud":"sts.amazonaws.com"}},"StringLike":{{"{issuer}:sub":"system:serviceaccount:{subject}"}}}}}},
            {{"Effect":"Allow","Principal":{{"Service":"pods.eks.amazonaws.com"}},"Action":["sts:AssumeRole","sts:TagSession"]}}]}}"#
    );
    let role = NewRole {
        name: name.to_owned(),
        path: "/".to_owned(),
        description: None,
        permissions_boundary: None,
        max_session_duration: 3600,
        trust_policy,
        tags: BTreeMap::new(),
    };
    lab.aws.create_role(&role).await.unwrap().arn
}

async fn associate(lab: &Lab, service_account: &str, role_arn: &str) -> String {
    let at = ClusterRef {
        region: "us-west-2".to_owned(),
        name: "demo".to_owned(),
    };
    let new = NewAssociation {
        token: service_account.to_owned(),
        namespace: "shop".to_owned(),
        service_account: service_account.to_owned(),
        role_arn: role_arn.to_owned(),
        tags: BTreeMap::new(),
    };
    lab.aws.create_association(&at, &new).await.unwrap().id
}

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
    let legacy = role(&lab, "legacy", ISSUER, "shop:search").await;
    associate(&lab, "search", &legacy).await;
    let other = role(&lab, "other", GONE, "shop:cart").await;
    associate(&lab, "cart", &other).await;
    role(&lab, "workers", ISSUER, "shop:worker-*").await;
    role(&lab, "reader", ISSUER, "shop:checkout").await;

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
    let legacy = role(&lab, "legacy", "oidc.example.com", "a:b").await;
    associate(&lab, "search", &legacy).await;
    role(&lab, "workers", ISSUER, "shop:worker-*").await;
    role(&lab, "everybody", ISSUER, "*:*").await;
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

    role(&lab, "reader", ISSUER, "shop:*").await;
    let irsa = one(&lab, "checkout").await;
    assert_eq!(
        [is(&irsa, "mode"), is(&irsa, "mechanism"), is(&irsa, "role_name")],
        ["irsa", "irsa", "reader"]
    );

    role(&lab, "writer", ISSUER, "shop:checkout").await;
    let several = one(&lab, "checkout").await;
    assert_eq!([is(&several, "mechanism"), is(&several, "role_arn")], ["irsa", "null"]);
    assert_eq!(list(&several, "irsa_role_arns").len(), 2);

    let id = associate(&lab, "checkout", &format!("arn:aws:iam::{ACCOUNT}:role/writer")).await;
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
        let legacy = role(&lab, "legacy", "oidc.example.com", "a:b").await;
        associate(&lab, "search", &legacy).await;
        lab.aws.fail(operation, Problem::AccessDenied, "AccessDeniedException");
        let found = all(&lab).await;
        assert_eq!(list(&found, "bindings").len(), usize::from(keeps), "{operation}");
        let told = list(&found, "not_read");
        assert!(
            told.iter().any(|one| one.as_str().unwrap().contains(operation))
                || operation == "ListPodIdentityAssociations",
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

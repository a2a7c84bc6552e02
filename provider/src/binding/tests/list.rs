use tfmodel::Value;
use tfplugin_testing::core::{Found, ListType};

use crate::cloud::Problem;
use crate::lab::{ISSUER, Lab, OWNED, owned, text, tokens};

fn lists(lab: &Lab) -> ListType {
    lab.core.list_resource("pod_identity_binding").unwrap()
}

async fn names(lab: &Lab, json: &str) -> Vec<String> {
    let lists = lists(lab);
    let listed = lists.query(&lists.config(json).unwrap()).all().await;
    assert!(!listed.diagnostics.has_errors(), "{:?}", listed.diagnostics);
    listed.found.into_iter().map(|found| found.display_name).collect()
}

#[tokio::test]
async fn what_a_binding_can_be_made_of_is_listed_and_imported_by_its_identity() {
    let lab = Lab::new().await;
    lab.made(OWNED).await;
    lab.role("reader", &[&tokens(ISSUER, "shop:search")]).await;
    lab.role("writer", &[&tokens(ISSUER, "shop:search")]).await;
    lab.role("everybody", &[&tokens(ISSUER, "*")]).await;
    lab.role("beside", &[&tokens(ISSUER, "shop:checkout")]).await;
    lab.role("elsewhere", &[&tokens(ISSUER, "other:search")]).await;
    let shop = [
        "shop/checkout",
        "shop/search with role reader",
        "shop/search with role writer",
    ];
    assert_eq!(
        names(&lab, r#"{"cluster_name": "demo", "namespace": "shop"}"#).await,
        shop
    );
    let all = names(&lab, r#"{"cluster_name": "demo"}"#).await;
    assert_eq!(all, [&["other/search with role elsewhere"], &shop[..]].concat());

    let lists = lists(&lab);
    let query = lists.query(&lists.config(r#"{"cluster_name": "demo"}"#).unwrap());
    let listed = query.with_objects().all().await;
    assert!(listed.diagnostics.is_empty(), "{:?}", listed.diagnostics);
    assert_eq!(listed.found.len(), 4);
    for Found {
        identity,
        object,
        display_name,
    } in listed.found
    {
        let imported = lab.bindings.import_identity(&identity).await.unwrap();
        assert_eq!(Some(imported.value), object, "{display_name}");
        assert_eq!(imported.identity, Some(identity), "{display_name}");
    }
}

#[tokio::test]
async fn associations_of_add_ons_are_left_out() {
    let lab = Lab::new().await;
    lab.made(&owned("pod_identity")).await;
    lab.aws.account(|account| {
        let owner = Some("arn:aws:eks:us-west-2:111122223333:addon/demo/aws-ebs-csi-driver/1".to_owned());
        account
            .associations
            .values_mut()
            .for_each(|one| one.owner_arn.clone_from(&owner));
    });
    assert!(names(&lab, r#"{"cluster_name": "demo"}"#).await.is_empty());
}

#[tokio::test]
async fn what_may_not_be_read_is_said_and_what_cannot_be_read_hides_nothing() {
    let lab = Lab::new().await;
    lab.made(OWNED).await;
    lab.aws
        .fail("GetAccountAuthorizationDetails", Problem::AccessDenied, "AccessDenied");
    lab.aws.fail("ListRoles", Problem::AccessDenied, "AccessDenied");
    let lists = lists(&lab);
    let config = lists.config(r#"{"cluster_name": "demo"}"#).unwrap();
    let listed = lists.query(&config).all().await;
    assert!(
        text(&listed.diagnostics).contains("iam:ListRoles"),
        "{:?}",
        listed.diagnostics
    );
    assert_eq!(listed.found.len(), 1);

    lab.role("reader", &[&tokens(ISSUER, "shop:search")]).await;
    lab.aws.account(|account| {
        account
            .associations
            .values_mut()
            .for_each(|one| one.terms.role_arn = "arn:aws:iam::444455556666:role/far".to_owned());
    });
    let listed = lists.query(&config).with_objects().all().await;
    assert_eq!(listed.found.len(), 1, "{:?}", listed.diagnostics);
    assert_eq!(
        listed.found[0].identity.get("role_name"),
        Some(&Value::string("reader"))
    );
    assert!(
        text(&listed.diagnostics).contains("`shop/checkout` is left out"),
        "{:?}",
        listed.diagnostics
    );
}

use tfmodel::Value;
use tfplugin_testing::core::{Action, Source, State};

use crate::cloud::Problem;
use crate::cloud::fake::ACCOUNT;
use crate::lab::{ISSUER, Lab, OWNED, PODS, owned, text, tokens};

async fn refusal(lab: &Lab, id: &str) -> String {
    text(&lab.bindings.import(id).await.unwrap_err())
}

fn of<'v>(state: &'v State, name: &str) -> &'v str {
    state.value.get(name).and_then(Value::as_str).unwrap_or_default()
}

#[tokio::test]
async fn every_way_to_name_a_binding_finds_the_same() {
    let lab = Lab::new().await;
    let made = lab.made(&owned("dual")).await;
    let first = lab.bindings.import("demo/shop/checkout").await.unwrap();
    let (id, arn) = (of(&made, "association_id"), of(&made, "association_arn"));
    for name in [
        "demo/shop/checkout@us-west-2",
        "demo/shop/checkout/checkout",
        &format!("{ACCOUNT}/us-west-2/demo/shop/checkout"),
        arn,
        &format!("demo,{id}"),
        &format!("demo,{id}@us-west-2"),
    ] {
        assert_eq!(lab.bindings.import(name).await.unwrap().value, first.value, "{name}");
    }
    let identity = made.identity.clone().unwrap();
    assert_eq!(lab.bindings.import_identity(&identity).await.unwrap(), first);
    let short = Value::object(
        ["account_id", "region", "role_name"]
            .map(|name| (name.to_owned(), Value::Null))
            .into_iter()
            .chain(
                [
                    ("cluster_name", "demo"),
                    ("namespace", "shop"),
                    ("service_account", "checkout"),
                ]
                .map(|(name, value)| (name.to_owned(), Value::string(value))),
            ),
    );
    assert_eq!(lab.bindings.import_identity(&short).await.unwrap().value, first.value);
}

#[tokio::test]
async fn the_identity_names_the_role_only_where_nothing_else_tells_it() {
    let lab = Lab::new().await;
    for (mode, role) in [
        ("irsa", Value::string("checkout")),
        ("dual", Value::Null),
        ("pod_identity", Value::Null),
    ] {
        let state = lab.made(&owned(mode)).await;
        let identity = state.identity.clone().unwrap();
        assert_eq!(identity.get("account_id"), Some(&Value::string(ACCOUNT)), "{mode}");
        assert_eq!(identity.get("region"), Some(&Value::string("us-west-2")), "{mode}");
        assert_eq!(identity.get("role_name"), Some(&role), "{mode}");
        lab.bindings.destroy(&state).await.unwrap();
    }
    let state = lab.made(&owned("irsa")).await;
    let switched = lab
        .bindings
        .converge(&state, &lab.binding(&owned("dual")))
        .await
        .unwrap();
    assert_eq!(switched.identity.unwrap().get("role_name"), Some(&Value::Null));
}

#[tokio::test]
async fn a_configuration_that_is_written_from_an_import_plans_nothing() {
    for arguments in [owned("irsa"), owned("dual"), OWNED.to_owned()] {
        let lab = Lab::new().await;
        lab.made(&arguments).await;
        let imported = lab.bindings.import("demo/shop/checkout").await.unwrap();
        let config = lab.bindings.generate_config(&imported).await.unwrap();
        assert_eq!(config.get("role_arn"), Some(&Value::Null), "the role says it already");
        assert_eq!(config.get("oidc_issuer"), Some(&Value::Null), "the cluster says it");
        let plan = lab.bindings.plan(&imported, &config).await.unwrap();
        assert_eq!(plan.action, Action::NoOp, "{arguments}");
    }
}

#[tokio::test]
async fn a_role_of_somebody_else_is_imported_by_its_association() {
    let lab = Lab::new().await;
    lab.role("legacy", &[PODS]).await;
    let id = lab
        .associate("checkout", &format!("arn:aws:iam::{ACCOUNT}:role/legacy"))
        .await;
    let imported = lab.bindings.import("demo/shop/checkout").await.unwrap();
    assert_eq!(
        (of(&imported, "association_id"), of(&imported, "mode")),
        (id.as_str(), "pod_identity")
    );
    assert_eq!(
        imported.value.get("role"),
        Some(&Value::Null),
        "nothing says that the role is the binding's own"
    );
    let config = lab.binding(&format!(r#""role_arn": "arn:aws:iam::{ACCOUNT}:role/legacy""#));
    let plan = lab.bindings.plan(&imported, &config).await.unwrap();
    assert_eq!(plan.action, Action::NoOp);
    let tagged = lab.binding(&format!(
        r#""role_arn": "arn:aws:iam::{ACCOUNT}:role/legacy", "tags": {{"team": "shop"}}"#
    ));
    lab.bindings.converge(&imported, &tagged).await.unwrap();
    let tags = lab
        .aws
        .account(|account| account.associations.values().next().unwrap().tags.clone());
    assert_eq!(tags.len(), 2, "the first change writes the nonce: {tags:?}");
}

#[tokio::test]
async fn the_one_role_that_trusts_the_service_account_is_found() {
    let lab = Lab::new().await;
    lab.role(
        "elsewhere",
        &[&tokens("oidc.eks.us-west-2.amazonaws.com/id/FFFF", "shop:checkout")],
    )
    .await;
    lab.role("everybody", &[&tokens(ISSUER, "*")]).await;
    lab.role("reader", &[&tokens(ISSUER, "shop:checkout")]).await;
    let imported = lab.bindings.import("demo/shop/checkout").await.unwrap();
    assert_eq!((of(&imported, "role_name"), of(&imported, "mode")), ("reader", "irsa"));
    let config = lab.binding(&format!(
        r#""role_arn": "arn:aws:iam::{ACCOUNT}:role/reader", "mode": "irsa""#
    ));
    assert_eq!(
        lab.bindings.plan(&imported, &config).await.unwrap().action,
        Action::NoOp
    );
}

#[tokio::test]
async fn several_roles_are_listed_with_the_ids_to_use() {
    let lab = Lab::new().await;
    lab.role("reader", &[&tokens(ISSUER, "shop:checkout")]).await;
    lab.role("writer", &[&tokens(ISSUER, "shop:*")]).await;
    let told = refusal(&lab, "demo/shop/checkout").await;
    assert!(told.starts_with("Several roles qualify"), "{told}");
    for role in ["reader", "writer"] {
        let id = format!("demo/shop/checkout/{role}@us-west-2");
        assert!(told.contains(&id), "{told}");
        assert_eq!(of(&lab.bindings.import(&id).await.unwrap(), "role_name"), role);
    }
}

#[tokio::test]
async fn roles_are_searched_by_what_may_be_read() {
    let lab = Lab::new().await;
    lab.role("reader", &[&tokens(ISSUER, "shop:checkout")]).await;
    lab.aws
        .fail("GetAccountAuthorizationDetails", Problem::AccessDenied, "AccessDenied");
    lab.bindings.import("demo/shop/checkout").await.unwrap();
    let told = refusal(&lab, "demo/shop/nobody").await;
    assert!(told.contains("iam:GetAccountAuthorizationDetails"), "{told}");
    let searches = lab.aws.account(|account| {
        let searches = account.reads.iter().filter(|read| **read == "ListRoles");
        searches.count()
    });
    assert_eq!(searches, 1, "one search serves all imports of a run");
}

#[tokio::test]
async fn an_association_of_an_add_on_is_refused_and_named() {
    let lab = Lab::new().await;
    lab.role("legacy", &[&tokens(ISSUER, "shop:checkout")]).await;
    lab.associate("checkout", &format!("arn:aws:iam::{ACCOUNT}:role/legacy"))
        .await;
    lab.aws.account(|account| {
        let owner = format!("arn:aws:eks:us-west-2:{ACCOUNT}:addon/demo/aws-ebs-csi-driver/1");
        account
            .associations
            .values_mut()
            .for_each(|one| one.owner_arn = Some(owner.clone()));
    });
    let told = refusal(&lab, "demo/shop/checkout").await;
    assert!(told.contains("addon/demo/aws-ebs-csi-driver"), "{told}");
}

#[tokio::test]
async fn what_is_not_there_or_elsewhere_is_said() {
    let lab = Lab::new().await;
    for (id, expected) in [
        ("demo/shop/checkout", "There is no such binding"),
        ("demo/shop", "The import id cannot be read"),
        (
            "444455556666/us-west-2/demo/shop/checkout",
            "The binding is in another account",
        ),
        ("demo,a-1234", "Cannot read association `a-1234` of cluster `demo`"),
    ] {
        let told = refusal(&lab, id).await;
        assert!(told.starts_with(expected), "{id}: {told}");
    }
}

fn association_of_aws(provider: &str, id: &str, region: &str) -> Source {
    Source {
        provider: provider.to_owned(),
        type_name: "aws_eks_pod_identity_association".to_owned(),
        version: 0,
        json: format!(
            r#"{{"association_arn": "arn:aws:eks:us-west-2:{ACCOUNT}:podidentityassociation/demo/{id}", "association_id": "{id}",
                "cluster_name": "demo", "disable_session_tags": false, "external_id": null, "id": "{id}", "namespace": "shop", {region}
                "role_arn": "arn:aws:iam::{ACCOUNT}:role/legacy", "service_account": "checkout", "tags": {{}}, "tags_all": {{}},
                "target_role_arn": null}}"#
        ),
        ..Source::default()
    }
}

#[tokio::test]
async fn an_association_of_hashicorp_aws_is_taken_over_without_credentials_and_without_a_change() {
    for (provider, region) in [
        ("registry.terraform.io/hashicorp/aws", r#""region": "us-west-2","#),
        ("registry.opentofu.org/hashicorp/aws", ""),
    ] {
        let lab = Lab::unconfigured().await;
        lab.aws.account(|account| account.add_cluster("demo"));
        lab.role("legacy", &[PODS]).await;
        let id = lab
            .associate("checkout", &format!("arn:aws:iam::{ACCOUNT}:role/legacy"))
            .await;
        let source = association_of_aws(provider, &id, region);
        let (moved, _) = lab.bindings.take_over(&source).await.unwrap();
        assert_eq!(
            (of(&moved, "association_id"), of(&moved, "role_name")),
            (id.as_str(), "legacy")
        );
        assert_eq!(moved.value.get("role"), Some(&Value::Null));
        assert_eq!(moved.value.get("manage_trust_policy"), Some(&Value::bool(false)));

        let settings = lab.core.provider_config(r#"{"propagation_wait": "0s"}"#).unwrap();
        lab.core.configure(&settings).await.unwrap();
        lab.aws.account(|account| account.writes.clear());
        let read = lab.bindings.read(&moved).await.unwrap();
        assert_eq!(read.identity, moved.identity);
        let role = format!(r#""role_arn": "arn:aws:iam::{ACCOUNT}:role/legacy""#);
        let plan = lab.bindings.plan(&read, &lab.binding(&role)).await.unwrap();
        assert_eq!(plan.action, Action::NoOp);

        // It is known by its id, and the first change writes the nonce.
        let tagged = lab.binding(&format!(r#"{role}, "tags": {{"team": "shop"}}"#));
        let state = lab.bindings.converge(&read, &tagged).await.unwrap();
        assert_eq!(lab.writes().len(), 1, "{:?}", lab.writes());
        lab.bindings.destroy(&state).await.unwrap();
        assert_eq!((lab.roles(), lab.associations()), (vec!["legacy".to_owned()], 0));
    }
}

#[tokio::test]
async fn what_an_association_of_hashicorp_aws_asks_for_comes_along() {
    let lab = Lab::unconfigured().await;
    let policy = r#"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3:GetObject\",\"Resource\":\"*\"}]}"#;
    let mut source = association_of_aws("registry.terraform.io/hashicorp/aws", "a-00000000000000001", "");
    source.json = source
        .json
        .replace(r#""disable_session_tags": false"#, r#""disable_session_tags": true"#)
        .replace(
            r#""target_role_arn": null"#,
            &format!(r#""target_role_arn": "arn:aws:iam::444455556666:role/far", "policy": "{policy}""#),
        );
    let (moved, _) = lab.bindings.take_over(&source).await.unwrap();
    assert_eq!(of(&moved, "target_role_arn"), "arn:aws:iam::444455556666:role/far");
    assert_eq!(moved.value.get("disable_session_tags"), Some(&Value::bool(true)));
    assert!(of(&moved, "session_policy").contains("s3:GetObject"));
    assert_eq!(
        of(&moved, "external_id"),
        format!("us-west-2/{ACCOUNT}/demo/shop/checkout")
    );

    source.json = source
        .json
        .replace("arn:aws:iam::444455556666:role/far", "")
        .replace(policy, "");
    let (moved, _) = lab.bindings.take_over(&source).await.unwrap();
    for name in ["target_role_arn", "session_policy", "external_id"] {
        assert_eq!(
            moved.value.get(name),
            Some(&Value::Null),
            "{name}: an empty text is none"
        );
    }
}

#[tokio::test]
async fn a_moved_association_that_was_made_anew_is_somebody_elses() {
    let lab = Lab::new().await;
    lab.role("legacy", &[PODS]).await;
    lab.associate("checkout", &format!("arn:aws:iam::{ACCOUNT}:role/legacy"))
        .await;
    let source = association_of_aws("registry.terraform.io/hashicorp/aws", "a-00000000000000099", "");
    let (moved, _) = lab.bindings.take_over(&source).await.unwrap();
    assert!(lab.bindings.read(&moved).await.unwrap().value.is_null());
    lab.bindings.destroy(&moved).await.unwrap();
    assert_eq!(lab.associations(), 1);
}

#[tokio::test]
async fn only_associations_of_hashicorp_aws_are_taken_over() {
    let lab = Lab::unconfigured().await;
    let source = association_of_aws("registry.terraform.io/corp/aws", "a-1", "");
    let told = text(&lab.bindings.take_over(&source).await.unwrap_err());
    assert!(told.contains("corp/aws"), "{told}");
    let mut source = association_of_aws("registry.terraform.io/hashicorp/aws", "a-1", "");
    source.json = source.json.replace("association_arn", "association");
    let told = text(&lab.bindings.take_over(&source).await.unwrap_err());
    assert!(told.starts_with("The association cannot be taken over"), "{told}");
}

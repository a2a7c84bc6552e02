//! Everything that the provider does, as somebody who may do what the guide's policies say.

use tfmodel::{Diagnostics, Value};
use tfplugin_testing::core::{ResourceType, State};

use crate::cloud::fake::ACCOUNT;
use crate::lab::strict::StrictLab;
use crate::lab::text;

/// What went wrong, as the user is told.
pub(super) type Outcome = Result<(), String>;

/// Something that users do, with a name for failures.
pub(super) type Life = (&'static str, fn(&StrictLab) -> Box<dyn Future<Output = Outcome> + '_>);

/// Every mode and argument, changed and taken away.
pub(super) const LIVES: [Life; 5] = [
    ("a binding in every mode", |lab| Box::new(modes(lab))),
    ("drift", |lab| Box::new(drift(lab))),
    ("reading, importing and listing", |lab| Box::new(reading(lab))),
    ("the agent", |lab| Box::new(agent(lab))),
    ("the OIDC provider", |lab| Box::new(oidc_provider(lab))),
];

const BOUNDS: &str = "arn:aws:iam::111122223333:policy/bounds";
const TRUST: &str = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"pods.eks.amazonaws.com"},"Action":["sts:AssumeRole","sts:TagSession"]}}"#;

fn told(problems: &Diagnostics) -> String {
    text(problems)
}

async fn converge(resource: &ResourceType, state: &State, config: &Value) -> Result<State, String> {
    resource
        .converge(state, config)
        .await
        .map_err(|problems| told(&problems))
}

async fn destroy(resource: &ResourceType, state: &State) -> Outcome {
    resource.destroy(state).await.map_err(|problems| told(&problems))
}

fn role(more: &str) -> String {
    format!(r#""role": {{"name": "checkout" {more}}}"#)
}

/// A role with one policy of each kind.
fn full_role(description: &str) -> String {
    role(&format!(
        r#", "description": "{description}", "permissions_boundary": "{BOUNDS}", "tags": {{"{description}": "x"}},
        "managed_policy_arns": ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"],
        "inline_policies": {{"orders": "{{\"Version\":\"2012-10-17\",\"Statement\":[{{\"Effect\":\"Allow\",\"Action\":\"sqs:SendMessage\",\"Resource\":\"*\"}}]}}"}}"#
    ))
}

async fn modes(lab: &StrictLab) -> Outcome {
    lab.aws.account(ACCOUNT).create_policy("bounds");
    lab.aws.account(ACCOUNT).create_policy("others");
    let mut state = State::default();
    let bare = role(r#", "managed_policy_arns": [], "inline_policies": {}"#);
    for arguments in [
        format!(r#"{}, "mode": "irsa", "tags": {{"one": "1"}}"#, full_role("first")),
        format!(r#"{}, "mode": "irsa", "tags": {{"two": "2"}}"#, full_role("second")),
        format!(r#"{}, "mode": "dual", "tags": {{"three": "3"}}"#, full_role("second")),
        format!(
            r#"{}, "mode": "dual", "tags": {{"four": "4"}}"#,
            full_role("second").replace("policy/bounds", "policy/others")
        ),
        format!(r#"{}, "mode": "pod_identity""#, full_role("second")),
        format!(
            r#"{}, "mode": "pod_identity", "target_role_arn": "arn:aws:iam::444455556666:role/data""#,
            full_role("second")
        ),
        format!(r#"{bare}, "mode": "pod_identity""#),
        format!(r#"{bare}, "mode": "dual""#),
        format!(r#"{bare}, "mode": "irsa""#),
    ] {
        state = converge(&lab.bindings, &state, &lab.binding(&arguments)).await?;
    }
    destroy(&lab.bindings, &state).await
}

/// What somebody else made becomes a binding's.
pub(super) async fn adoption(lab: &StrictLab) -> Outcome {
    let account = lab.aws.account(ACCOUNT);
    account.iam(
        "CreateRole",
        &[
            ("RoleName", "checkout"),
            ("Path", "/pods/"),
            ("AssumeRolePolicyDocument", TRUST),
        ],
    );
    lab.cluster()
        .associate("shop", "checkout", "arn:aws:iam::111122223333:role/pods/other");
    let arguments = format!(r#"{}, "on_existing": "adopt""#, full_role("adopted"));
    account.create_policy("bounds");
    let state = converge(&lab.bindings, &State::default(), &lab.binding(&arguments)).await?;
    destroy(&lab.bindings, &state).await
}

async fn drift(lab: &StrictLab) -> Outcome {
    lab.aws.account(ACCOUNT).create_policy("bounds");
    let config = lab.binding(&full_role("made"));
    let state = converge(&lab.bindings, &State::default(), &config).await?;
    lab.cluster().dissociate("shop", "checkout");
    let account = lab.aws.account(ACCOUNT);
    account.set_trust(
        "checkout",
        &r#"{"Version":"2012-10-17","Statement":{"Effect":"Deny","Principal":"*","Action":"sts:AssumeRole"}}"#
            .parse()
            .unwrap(),
    );
    account.iam(
        "PutRolePolicy",
        &[
            ("RoleName", "checkout"),
            ("PolicyName", "backdoor"),
            (
                "PolicyDocument",
                r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#,
            ),
        ],
    );
    let read = lab.bindings.read(&state).await.map_err(|problems| told(&problems))?;
    let state = converge(&lab.bindings, &read, &config).await?;
    destroy(&lab.bindings, &state).await
}

/// What plans do: the association and the role are made by somebody else.
pub(super) async fn reading(lab: &StrictLab) -> Outcome {
    let account = lab.aws.account(ACCOUNT);
    let nodes = account.create_policy_that(
        "nodes",
        r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"eks-auth:AssumeRoleForPodIdentity","Resource":"*"}}"#,
    );
    account.create_role("nodes", &TRUST.replace("pods.eks", "ec2").parse().unwrap());
    account.iam("AttachRolePolicy", &[("RoleName", "nodes"), ("PolicyArn", &nodes)]);
    let search = account.create_role("search", &TRUST.parse().unwrap());
    account.iam(
        "PutRolePolicy",
        &[
            ("RoleName", "search"),
            ("PolicyName", "orders"),
            (
                "PolicyDocument",
                r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}"#,
            ),
        ],
    );
    let cluster = lab.cluster();
    cluster
        .nodegroup("one", "arn:aws:iam::111122223333:role/nodes")
        .fargate_profile("batch", "jobs", &[]);
    cluster.associate("shop", "search", &search);

    let facts = lab.core.data_source("pod_identity_cluster").unwrap();
    let facts = facts.read(&facts.config(r#"{"name": "demo"}"#).unwrap()).await;
    let facts = facts.map_err(|problems| told(&problems))?;
    if facts.get("oidc_provider_exists") != Some(&Value::bool(true)) {
        return Err(format!("the facts of the cluster are incomplete: {facts:?}"));
    }
    let key = r#"{"cluster_name": "demo", "namespace": "shop", "service_account": "search"}"#;
    let one = lab.core.data_source("pod_identity_binding").unwrap();
    one.read(&one.config(key).unwrap())
        .await
        .map_err(|problems| told(&problems))?;
    let all = lab.core.data_source("pod_identity_bindings").unwrap();
    all.read(&all.config(r#"{"cluster_name": "demo"}"#).unwrap())
        .await
        .map_err(|problems| told(&problems))?;
    let list = lab.core.list_resource("pod_identity_binding").unwrap();
    let listed = list
        .query(&list.config(r#"{"cluster_name": "demo"}"#).unwrap())
        .with_objects()
        .all()
        .await;
    if !listed.diagnostics.is_empty() || listed.found.is_empty() {
        return Err(format!("listed: {}", told(&listed.diagnostics)));
    }
    let imported = lab
        .bindings
        .import("demo/shop/search")
        .await
        .map_err(|problems| told(&problems))?;
    lab.bindings.read(&imported).await.map_err(|problems| told(&problems))?;
    for config in [
        role(""),
        format!(r#""role_arn": "{search}""#),
        format!(r#""role_arn": "{search}", "mode": "irsa""#),
    ] {
        let plan = lab.bindings.plan(&State::default(), &lab.binding(&config)).await;
        plan.map_err(|problems| told(&problems))?;
    }
    for (resource, config) in [
        (
            "pod_identity_agent",
            r#"{"cluster_name": "demo", "on_existing": "adopt"}"#,
        ),
        ("pod_oidc_provider", r#"{"cluster_name": "demo"}"#),
    ] {
        let resource = lab.core.resource(resource).unwrap();
        let plan = resource
            .plan(&State::default(), &resource.config(config).unwrap())
            .await;
        plan.map_err(|problems| told(&problems))?;
    }
    Ok(())
}

async fn agent(lab: &StrictLab) -> Outcome {
    lab.cluster().remove_addon("eks-pod-identity-agent");
    let agents = lab.core.resource("pod_identity_agent").unwrap();
    let mut state = State::default();
    for more in [
        r#", "version": "v1.3.8-eksbuild.2", "tags": {"one": "1"}"#,
        r#", "version": "v1.3.9-eksbuild.3", "tags": {"two": "2"}"#,
    ] {
        let config = agents.config(&format!(r#"{{"cluster_name": "demo" {more}}}"#)).unwrap();
        state = converge(&agents, &state, &config).await?;
    }
    destroy(&agents, &state).await
}

async fn oidc_provider(lab: &StrictLab) -> Outcome {
    let account = lab.aws.account(ACCOUNT);
    let issuer = lab.cluster().issuer();
    let arn = format!(
        "arn:aws:iam::{ACCOUNT}:oidc-provider/{}",
        issuer.trim_start_matches("https://")
    );
    account.iam("DeleteOpenIDConnectProvider", &[("OpenIDConnectProviderArn", &arn)]);
    let providers = lab.core.resource("pod_oidc_provider").unwrap();
    let mut state = State::default();
    for more in [
        r#", "tags": {"one": "1"}"#,
        r#", "client_ids": ["sts.amazonaws.com", "other"], "tags": {"two": "2"}"#,
        r#", "client_ids": ["sts.amazonaws.com"]"#,
    ] {
        let config = providers
            .config(&format!(r#"{{"cluster_name": "demo" {more}}}"#))
            .unwrap();
        state = converge(&providers, &state, &config).await?;
    }
    destroy(&providers, &state).await
}

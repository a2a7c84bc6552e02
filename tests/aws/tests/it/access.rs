//! What users may do is what their policies say.

use pod_fake_aws::{FakeAws, Outcome};
use serde_json::{Value, json};

use crate::client::{ACCOUNT, Client, REGION};

const KEY: &str = "AKIAIOSFODNN7EXAMPLE";

/// A user with this policy.
fn user(aws: &FakeAws, statements: &Value) -> Client {
    let policy = json!({ "Version": "2012-10-17", "Statement": statements }).to_string();
    aws.account(ACCOUNT).create_user_key(KEY, "deploy", &[&policy]);
    Client::new(aws, KEY)
}

fn trust() -> Value {
    json!({ "Version": "2012-10-17", "Statement": {
        "Effect": "Allow", "Principal": { "Service": "pods.eks.amazonaws.com" }, "Action": ["sts:AssumeRole", "sts:TagSession"] } })
}

#[test]
fn what_no_policy_allows_is_refused_with_who_what_and_where() {
    let aws = FakeAws::start().unwrap();
    let client = user(
        &aws,
        &json!({ "Effect": "Allow", "Action": "iam:Get*", "Resource": "*" }),
    );
    let trust = trust().to_string();
    let role = [
        ("RoleName", "x"),
        ("Path", "/pods/"),
        ("AssumeRolePolicyDocument", trust.as_str()),
    ];
    let answer = client.iam("CreateRole", &role);
    assert_eq!(answer.status, 403);
    assert!(
        answer.body.contains("<Code>AccessDenied</Code>")
            && answer.body.contains(
                "User: arn:aws:iam::111122223333:user/deploy is not authorized to perform: iam:CreateRole on resource: \
             arn:aws:iam::111122223333:role/pods/x because no identity-based policy allows the iam:CreateRole action"
            ),
        "{}",
        answer.body
    );
    assert_eq!(client.sts("GetCallerIdentity", &[]).status, 200);
    let last = aws.calls().remove(0);
    assert_eq!(last.outcome, Outcome::Refused("AccessDenied".to_owned()));
    assert_eq!(last.permissions, ["iam:CreateRole"]);
    assert!(aws.account(ACCOUNT).roles().is_empty());
}

#[test]
fn tags_at_creation_and_roles_that_are_handed_on_need_actions_of_their_own() {
    let aws = FakeAws::start().unwrap();
    let account = aws.account(ACCOUNT);
    account.cluster(REGION, "demo");
    let arn = account.create_role("x", &trust());
    let statement = |actions: &[&str]| json!({ "Effect": "Allow", "Action": actions, "Resource": "*" });
    let body = json!({ "namespace": "shop", "serviceAccount": "cart", "roleArn": arn, "tags": { "a": "b" }, "clientRequestToken": "t" });
    let create = |client: &Client| client.eks("POST", "/clusters/demo/pod-identity-associations", &body);
    let mut actions = vec!["eks:CreatePodIdentityAssociation"];
    for further in ["eks:TagResource", "iam:GetRole", "iam:PassRole"] {
        let answer = create(&user(&aws, &statement(&actions)));
        assert!(
            answer.status == 403 && answer.body.contains(&format!("perform: {further} on")),
            "{}",
            answer.body
        );
        actions.push(further);
    }
    assert_eq!(create(&user(&aws, &statement(&actions))).status, 200);
    assert_eq!(aws.calls().pop().unwrap().permissions, actions);
}

#[test]
fn conditions_see_the_tags_of_requests_and_of_what_is_there() {
    let aws = FakeAws::start().unwrap();
    let account = aws.account(ACCOUNT);
    account.create_role("ours", &trust());
    account.create_role("theirs", &trust());
    account.iam(
        "TagRole",
        &[
            ("RoleName", "ours"),
            ("Tags.member.1.Key", "owner"),
            ("Tags.member.1.Value", "us"),
        ],
    );
    let client = user(
        &aws,
        &json!([
            { "Effect": "Allow", "Action": "iam:*Role", "Resource": "*", "Condition": { "StringEquals": { "aws:ResourceTag/owner": "us" } } },
            { "Effect": "Deny", "Action": "iam:UntagRole", "Resource": "*", "Condition": { "ForAnyValue:StringEquals": { "aws:TagKeys": "owner" } } },
        ]),
    );
    let untag = |key: &str| client.iam("UntagRole", &[("RoleName", "ours"), ("TagKeys.member.1", key)]);
    assert_eq!(untag("other").status, 200);
    let denied = untag("owner");
    assert!(
        denied
            .body
            .contains("with an explicit deny in an identity-based policy"),
        "{}",
        denied.body
    );
    assert_eq!(client.iam("DeleteRole", &[("RoleName", "theirs")]).status, 403);
    assert_eq!(client.iam("DeleteRole", &[("RoleName", "ours")]).status, 200);
}

#[test]
fn policies_are_read_with_their_documents() {
    let aws = FakeAws::start().unwrap();
    let document = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#;
    let arn = aws.account(ACCOUNT).create_policy_that("nodes", document);
    let client = Client::new(&aws, ACCOUNT);
    let read = client.iam("GetPolicy", &[("PolicyArn", &arn)]);
    assert!(
        read.body.contains("<DefaultVersionId>v1</DefaultVersionId>"),
        "{}",
        read.body
    );
    let version = client.iam("GetPolicyVersion", &[("PolicyArn", &arn), ("VersionId", "v1")]);
    assert!(version.body.contains("%22Effect%22"), "{}", version.body);
    assert_eq!(
        client
            .iam("GetPolicyVersion", &[("PolicyArn", &arn), ("VersionId", "v2")])
            .status,
        404
    );
}

//! Writes that are not seen at once.

use std::time::Duration;

use pod_fake_aws::Delays;
use serde_json::{Value, json};

use crate::client::{ACCOUNT, REGION, of_statement, pods, start};

const SECONDS: Duration = Duration::from_secs(8);
const PATH: &str = "/clusters/demo/pod-identity-associations";

#[test]
fn reads_are_stale_for_the_time_that_was_set() {
    let (aws, client) = start();
    aws.stop_clock();
    aws.set_delays(Delays {
        reads: SECONDS,
        ..Delays::default()
    });
    let trust = pods().to_string();
    let create = [("RoleName", "a"), ("AssumeRolePolicyDocument", trust.as_str())];
    client.iam("CreateRole", &create).done();
    let read = || client.iam("GetRole", &[("RoleName", "a")]);
    assert_eq!(read().refusal().1, "NoSuchEntity");
    assert_eq!(client.iam("ListRoles", &[]).done().text("RoleName"), None);
    aws.advance(SECONDS);
    read().done();

    let update = |description| {
        let parameters = [("RoleName", "a"), ("Description", description)];
        client.iam("UpdateRole", &parameters).done();
    };
    update("one");
    aws.advance(SECONDS / 2);
    update("two");
    assert_eq!(read().done().text("Description"), None);
    aws.advance(SECONDS / 2);
    assert_eq!(
        read().done().text("Description").as_deref(),
        Some("one"),
        "writes show in their order"
    );
    aws.advance(SECONDS / 2);
    assert_eq!(read().done().text("Description").as_deref(), Some("two"));
}

#[test]
fn eks_does_not_know_a_role_or_its_trust_at_once() {
    let (aws, client) = start();
    aws.stop_clock();
    aws.set_delays(Delays {
        effects: SECONDS,
        ..Delays::default()
    });
    aws.account(ACCOUNT).cluster(REGION, "demo");
    let untrusting = of_statement(&json!({
        "Effect": "Allow", "Principal": { "Service": "ec2.amazonaws.com" }, "Action": "sts:AssumeRole",
    }));
    let create = [("RoleName", "a"), ("AssumeRolePolicyDocument", &untrusting.to_string())];
    let arn = client.iam("CreateRole", &create).done().text("Arn").unwrap();
    let associate = || {
        let request = json!({ "namespace": "shop", "serviceAccount": "checkout", "roleArn": arn });
        client.eks("POST", PATH, &request)
    };
    assert_eq!(associate().refusal().2, "Role provided in the request does not exist.");
    aws.advance(SECONDS);
    let update = [("RoleName", "a"), ("PolicyDocument", &pods().to_string())];
    client.iam("UpdateAssumeRolePolicy", &update).done();
    client.iam("GetRole", &[("RoleName", "a")]).done();
    assert_eq!(associate().refusal().2, "Trust policy of the role provided is invalid.");
    aws.advance(SECONDS);
    let made = associate().done().json();
    let id = made["association"]["associationId"].as_str().unwrap();

    // A deleted association is still in the way.
    aws.advance(SECONDS);
    client.eks("DELETE", &format!("{PATH}/{id}"), &Value::Null).done();
    assert_eq!(associate().refusal().2, format!("Association already exists: {id}"));
    aws.advance(SECONDS);
    associate().done();
}

#[test]
fn iam_does_not_know_a_principal_or_a_role_at_once() {
    let (aws, client) = start();
    aws.stop_clock();
    aws.set_delays(Delays {
        effects: SECONDS,
        ..Delays::default()
    });
    let trust = pods().to_string();
    let create = [("RoleName", "a"), ("AssumeRolePolicyDocument", trust.as_str())];
    let arn = client.iam("CreateRole", &create).done().text("Arn").unwrap();
    let attach = [
        ("RoleName", "a"),
        ("PolicyArn", "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"),
    ];
    assert_eq!(client.iam("AttachRolePolicy", &attach).refusal().1, "NoSuchEntity");
    let of_role = of_statement(&json!({ "Effect": "Allow", "Principal": { "AWS": arn }, "Action": "sts:AssumeRole" }));
    let second = [("RoleName", "b"), ("AssumeRolePolicyDocument", &of_role.to_string())];
    let message = format!("Invalid principal in policy: \"AWS\":\"{arn}\"");
    assert_eq!(client.iam("CreateRole", &second).refusal().2, message);
    aws.advance(SECONDS);
    client.iam("AttachRolePolicy", &attach).done();
    client.iam("CreateRole", &second).done();

    // A policy that was just detached is still in the way.
    aws.advance(SECONDS);
    client.iam("DetachRolePolicy", &attach).done();
    assert_eq!(
        client.iam("DeleteRole", &[("RoleName", "a")]).refusal().1,
        "DeleteConflict"
    );
    aws.advance(SECONDS);
    client.iam("DeleteRole", &[("RoleName", "a")]).done();
}

#[test]
fn what_a_test_changes_itself_is_seen_as_late_as_a_call() {
    let (aws, client) = start();
    aws.stop_clock();
    let account = aws.account(ACCOUNT);
    let cluster = account.cluster(REGION, "demo");
    let role = account.create_role("a", &pods());
    aws.set_delays(Delays {
        reads: SECONDS,
        ..Delays::default()
    });
    client.iam("GetRole", &[("RoleName", "a")]).done();
    let count = || client.get(PATH).done().json()["associations"].as_array().unwrap().len();
    cluster.associate("shop", "checkout", &role);
    account.iam("DeleteRole", &[("RoleName", "a")]);
    assert_eq!(
        (cluster.associations().len(), count(), account.roles().len()),
        (1, 0, 0)
    );
    client.iam("GetRole", &[("RoleName", "a")]).done();
    aws.advance(SECONDS);
    assert_eq!(count(), 1);
    assert_eq!(client.iam("GetRole", &[("RoleName", "a")]).refusal().1, "NoSuchEntity");
}

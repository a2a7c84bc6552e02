//! Managed and inline policies, and boundaries.

use crate::client::{Client, pods, refused, start};

const ROLE: (&str, &str) = ("RoleName", "a");
const DOCUMENT: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}"#;

fn with_role() -> (pod_fake_aws::FakeAws, Client) {
    let (aws, client) = start();
    aws.account("111122223333").create_role("a", &pods());
    (aws, client)
}

#[test]
fn attaching_twice_is_no_error_and_attaching_nothing_is() {
    let (aws, client) = with_role();
    let attach = |arn| client.iam("AttachRolePolicy", &[ROLE, ("PolicyArn", arn)]);
    let read_only = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess";
    attach(read_only).done();
    attach(read_only).done();
    let listed = client.iam("ListAttachedRolePolicies", &[ROLE]).done();
    assert_eq!(listed.texts("PolicyArn"), [read_only]);
    assert_eq!(listed.texts("PolicyName"), ["AmazonS3ReadOnlyAccess"]);

    for missing in [
        "arn:aws:iam::aws:policy/AmazonS3ReadOnly",
        "arn:aws:iam::111122223333:policy/none",
    ] {
        let message = format!("Policy {missing} does not exist or is not attachable.");
        assert_eq!(attach(missing).refusal(), refused(404, "NoSuchEntity", &message));
    }
    let refusal = attach("policy/none").refusal();
    assert_eq!(refusal, refused(400, "InvalidInput", "ARN policy/none is not valid."));
    let own = aws.account("111122223333").create_policy("own");
    attach(&own).done();
}

#[test]
fn a_role_has_ten_managed_policies() {
    let (aws, client) = with_role();
    let account = aws.account("111122223333");
    let attach = |name: &str| {
        let arn = account.create_policy(name);
        client.iam("AttachRolePolicy", &[ROLE, ("PolicyArn", &arn)])
    };
    for number in 0..10 {
        attach(&format!("p{number}")).done();
    }
    let refusal = attach("more").refusal();
    assert_eq!(
        refusal,
        refused(409, "LimitExceeded", "Cannot exceed quota for PoliciesPerRole: 10")
    );
}

#[test]
fn what_is_absent_cannot_be_taken_away() {
    let (_aws, client) = with_role();
    let arn = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess";
    let detached = client.iam("DetachRolePolicy", &[ROLE, ("PolicyArn", arn)]).refusal();
    assert_eq!(
        detached,
        refused(404, "NoSuchEntity", &format!("Policy {arn} was not found."))
    );
    for operation in ["GetRolePolicy", "DeleteRolePolicy"] {
        let refusal = client.iam(operation, &[ROLE, ("PolicyName", "p")]).refusal();
        let message = "The role policy with name p cannot be found.";
        assert_eq!(refusal, refused(404, "NoSuchEntity", message));
    }
    let refusal = client.iam("DeleteRolePermissionsBoundary", &[ROLE]).refusal();
    assert_eq!((refusal.0, refusal.1.as_str()), (404, "NoSuchEntity"));
}

#[test]
fn an_inline_policy_comes_back_as_sent() {
    let (_aws, client) = with_role();
    let spaced = DOCUMENT.replace(',', ",\n  ");
    let put = [ROLE, ("PolicyName", "p"), ("PolicyDocument", &spaced)];
    client.iam("PutRolePolicy", &put).done();
    let read = client.iam("GetRolePolicy", &[ROLE, ("PolicyName", "p")]).done();
    assert_eq!(read.document("PolicyDocument"), spaced);
    let listed = client.iam("ListRolePolicies", &[ROLE]).done();
    assert_eq!(listed.texts("member"), ["p"]);
}

#[test]
fn bad_inline_policies_are_refused() {
    let (_aws, client) = with_role();
    let put = |document: &str| {
        let parameters = [ROLE, ("PolicyName", "p"), ("PolicyDocument", document)];
        client.iam("PutRolePolicy", &parameters).refusal()
    };
    for (document, message) in [
        ("{", "Syntax errors in policy."),
        (
            &DOCUMENT.replace("\"Resource\"", "\"Resources\""),
            "Syntax errors in policy.",
        ),
        (
            &DOCUMENT.replace(r#","Resource":"*""#, ""),
            "Policy statement must contain resources.",
        ),
        (
            &DOCUMENT.replace(r#""Resource""#, r#""Principal":"*","Resource""#),
            "Policy document should not specify a principal.",
        ),
        (
            &DOCUMENT.replace("s3:*", "GetObject"),
            "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.",
        ),
    ] {
        assert_eq!(
            put(document),
            refused(400, "MalformedPolicyDocument", message),
            "{document}"
        );
    }
    let long = DOCUMENT.replace("s3:*", &format!("s3:{}", "x".repeat(10_240)));
    assert_eq!(
        put(&long),
        refused(
            409,
            "LimitExceeded",
            "Maximum policy size of 10240 bytes exceeded for role a"
        )
    );
}

#[test]
fn a_boundary_is_put_and_removed() {
    let (aws, client) = with_role();
    let account = aws.account("111122223333");
    let arn = account.create_policy("limit");
    client
        .iam("PutRolePermissionsBoundary", &[ROLE, ("PermissionsBoundary", &arn)])
        .done();
    assert_eq!(account.role("a").unwrap().permissions_boundary, Some(arn));
    client.iam("DeleteRolePermissionsBoundary", &[ROLE]).done();
    assert_eq!(account.role("a").unwrap().permissions_boundary, None);
}

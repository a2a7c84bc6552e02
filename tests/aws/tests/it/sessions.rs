//! Who calls: signatures, and credentials of roles.

use std::time::Duration;

use pod_fake_aws::FakeAws;
use serde_json::{Value, json};

use crate::client::{ACCOUNT, Answer, Client, OTHER, REGION, of_statement, pods, raw, refused, start};

/// A client with the credentials in an answer of STS.
fn with_credentials(aws: &FakeAws, answer: &Answer) -> Client {
    let mut client = Client::new(aws, &answer.text("AccessKeyId").unwrap());
    client.token = answer.text("SessionToken");
    client
}

fn trusting(principal: &Value, condition: &Value) -> Value {
    let mut statement = json!({ "Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole" });
    if !condition.is_null() {
        statement["Condition"] = condition.clone();
    }
    of_statement(&statement)
}

#[test]
fn an_account_number_is_its_root_user() {
    let (aws, client) = start();
    let identity = client.sts("GetCallerIdentity", &[]).done();
    assert_eq!(identity.text("Account").unwrap(), ACCOUNT);
    assert_eq!(identity.text("Arn").unwrap(), "arn:aws:iam::111122223333:root");
    aws.account(OTHER).create_access_key("AKIAIOSFODNN7EXAMPLE");
    let identity = Client::new(&aws, "AKIAIOSFODNN7EXAMPLE")
        .sts("GetCallerIdentity", &[])
        .done();
    assert_eq!(identity.text("Account").unwrap(), OTHER);
    let stranger = Client::new(&aws, "AKIAI44QH8DHBEXAMPLE");
    assert_eq!(
        stranger.sts("GetCallerIdentity", &[]).refusal().1,
        "InvalidClientTokenId"
    );
    assert_eq!(stranger.get("/clusters").refusal().1, "UnrecognizedClientException");
}

#[test]
fn a_role_of_another_account_is_assumed_and_expires() {
    let (aws, client) = start();
    let trust = trusting(&json!({ "AWS": ACCOUNT }), &Value::Null);
    let arn = aws.account(OTHER).create_role("deploy", &trust);
    let parameters = [("RoleArn", arn.as_str()), ("RoleSessionName", "tests")];
    let assumed = client.sts("AssumeRole", &parameters).done();
    let session = with_credentials(&aws, &assumed);
    let identity = session.sts("GetCallerIdentity", &[]).done();
    assert_eq!(identity.text("Account").unwrap(), OTHER);
    assert_eq!(
        identity.text("Arn").unwrap(),
        "arn:aws:sts::444455556666:assumed-role/deploy/tests"
    );

    // What it makes is in its own account.
    let create = [("RoleName", "new"), ("AssumeRolePolicyDocument", &pods().to_string())];
    session.iam("CreateRole", &create).done();
    assert_eq!(aws.account(OTHER).roles(), ["deploy", "new"]);

    let mut without_token = session.clone();
    without_token.token = None;
    assert_eq!(without_token.iam("ListRoles", &[]).refusal().1, "InvalidClientTokenId");
    aws.advance(Duration::from_secs(3601));
    assert_eq!(session.iam("ListRoles", &[]).refusal().1, "ExpiredToken");
    assert_eq!(session.get("/clusters").refusal().1, "ExpiredTokenException");
}

#[test]
fn a_role_is_assumed_by_whom_it_trusts() {
    let (aws, client) = start();
    let account = aws.account(OTHER);
    let assume = |client: &Client, arn: &str, more: &[(&str, &str)]| {
        let mut parameters = vec![("RoleArn", arn), ("RoleSessionName", "tests")];
        parameters.extend_from_slice(more);
        client.sts("AssumeRole", &parameters)
    };
    let closed = account.create_role("closed", &trusting(&json!({ "AWS": OTHER }), &Value::Null));
    let denied = format!(
        "User: arn:aws:iam::111122223333:root is not authorized to perform: sts:AssumeRole on resource: {closed}"
    );
    assert_eq!(
        assume(&client, &closed, &[]).refusal(),
        refused(403, "AccessDenied", &denied)
    );

    let condition = json!({ "StringEquals": { "sts:ExternalId": "secret" } });
    let guarded = account.create_role("guarded", &trusting(&json!({ "AWS": ACCOUNT }), &condition));
    assert_eq!(assume(&client, &guarded, &[]).refusal().1, "AccessDenied");
    assert_eq!(
        assume(&client, &guarded, &[("ExternalId", "guess")]).refusal().1,
        "AccessDenied"
    );
    let first = assume(&client, &guarded, &[("ExternalId", "secret")]).done();

    // Chained: the second role trusts the first, for an hour at most.
    let chained = account.create_role("chained", &trusting(&json!({ "AWS": guarded }), &Value::Null));
    let session = with_credentials(&aws, &first);
    assume(&session, &chained, &[]).done();
    let longer = assume(&session, &chained, &[("DurationSeconds", "7200")]).refusal();
    assert!(
        longer
            .2
            .contains("1 hour session limit for roles assumed by role chaining"),
        "{}",
        longer.2
    );
    assert_eq!(assume(&client, &chained, &[]).refusal().1, "AccessDenied");
    assert_eq!(
        assume(&session, &chained, &[("DurationSeconds", "1")]).refusal().1,
        "ValidationError"
    );
}

#[test]
fn a_web_identity_is_let_in_by_provider_and_trust() {
    let (aws, client) = start();
    let account = aws.account(ACCOUNT);
    let issuer = account.cluster(REGION, "demo").issuer();
    let provider = account.create_oidc_provider(&issuer);
    let bare = issuer.trim_start_matches("https://");
    let trust = of_statement(&json!({
        "Effect": "Allow",
        "Principal": { "Federated": provider },
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {
            "StringEquals": { format!("{bare}:aud"): "sts.amazonaws.com" },
            "StringLike": { format!("{bare}:sub"): "system:serviceaccount:shop:*" },
        },
    }));
    let role = account.create_role("checkout", &trust);
    let mut unsigned = client.clone();
    unsigned.key = String::new();
    let assume = |issuer: &str, subject: &str, audience: &str| {
        let token = aws.web_identity_token(issuer, subject, audience);
        let parameters = [
            ("RoleArn", role.as_str()),
            ("RoleSessionName", "tests"),
            ("WebIdentityToken", token.as_str()),
        ];
        unsigned.sts("AssumeRoleWithWebIdentity", &parameters)
    };
    let subject = "system:serviceaccount:shop:checkout";
    let answer = assume(&issuer, subject, "sts.amazonaws.com").done();
    assert_eq!(answer.text("SubjectFromWebIdentityToken").unwrap(), subject);
    let session = with_credentials(&aws, &answer);
    assert_eq!(
        session.sts("GetCallerIdentity", &[]).done().text("Account").unwrap(),
        ACCOUNT
    );

    let denied = assume(&issuer, "system:serviceaccount:other:x", "sts.amazonaws.com").refusal();
    let message = "Not authorized to perform sts:AssumeRoleWithWebIdentity";
    assert_eq!(denied, refused(403, "AccessDenied", message));
    let audience = assume(&issuer, subject, "other").refusal();
    assert_eq!(
        audience,
        refused(400, "InvalidIdentityToken", "Incorrect token audience")
    );
    let unknown = assume("https://oidc.example.com", subject, "sts.amazonaws.com").refusal();
    let message = "No OpenIDConnect provider found in your account for https://oidc.example.com";
    assert_eq!(unknown, refused(400, "InvalidIdentityToken", message));

    let junk = [
        ("RoleArn", role.as_str()),
        ("RoleSessionName", "tests"),
        ("WebIdentityToken", "junk"),
    ];
    assert_eq!(
        unsigned.sts("AssumeRoleWithWebIdentity", &junk).refusal().1,
        "InvalidIdentityToken"
    );
    assert_eq!(
        unsigned.sts("GetCallerIdentity", &[]).refusal().1,
        "MissingAuthenticationToken"
    );
}

#[test]
fn a_signature_must_be_whole_and_fit_the_request() {
    let (aws, _client) = start();
    let whole = "AWS4-HMAC-SHA256 Credential=111122223333/20260101/us-west-2/sts/aws4_request, \
                 SignedHeaders=host;x-amz-date, Signature=0000000000000000000000000000000000000000000000000000000000000000";
    let send = |authorization: &str| {
        let headers = [
            format!("Authorization: {authorization}"),
            "X-Amz-Date: 20260101T000000Z".to_owned(),
        ];
        let body = "Action=GetCallerIdentity&Version=2011-06-15";
        raw(&aws.url(), "POST", "/", &headers, body).unwrap()
    };
    send(whole).done();
    for (part, other) in [
        ("AWS4-HMAC-SHA256", "AWS3"),
        ("aws4_request", "aws3_request"),
        ("20260101", "20260102"),
        ("us-west-2", "nowhere"),
        ("sts", "s3"),
        (";x-amz-date", ""),
        ("Signature=00", "Signature="),
    ] {
        let refusal = send(&whole.replacen(part, other, 1)).refusal();
        assert_eq!((refusal.0, refusal.1.as_str()), (403, "IncompleteSignature"), "{part}");
    }
    // Signed for IAM, which does not have this operation.
    assert_eq!(send(&whole.replace("/sts/", "/iam/")).refusal().1, "InvalidAction");
}

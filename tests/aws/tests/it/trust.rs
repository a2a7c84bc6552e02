//! Trust policies: what is refused, and how they come back.

use serde_json::{Value, json};

use crate::client::{Client, of_statement, pods, refused, start};

fn create(client: &Client, trust: &str) -> crate::client::Answer {
    let parameters = [("RoleName", "checkout"), ("AssumeRolePolicyDocument", trust)];
    client.iam("CreateRole", &parameters)
}

/// A statement with a change.
fn changed(change: impl FnOnce(&mut Value)) -> String {
    let mut policy = pods();
    change(&mut policy["Statement"][0]);
    policy.to_string()
}

#[test]
fn documents_that_aws_refuses_are_malformed() {
    let (_aws, client) = start();
    let twice = json!({ "Version": "2012-10-17", "Statement": [
        { "Sid": "A", "Effect": "Allow", "Principal": { "Service": "ec2.amazonaws.com" }, "Action": "sts:AssumeRole" },
        { "Sid": "A", "Effect": "Allow", "Principal": { "Service": "eks.amazonaws.com" }, "Action": "sts:AssumeRole" },
    ]});
    let cases = [
        ("{".to_owned(), "This policy contains invalid Json"),
        ("[]".to_owned(), "Syntax errors in policy."),
        (
            r#"{"Version":"2012-10-17","Statement":[]}"#.to_owned(),
            "Syntax errors in policy.",
        ),
        (
            changed(|one| one["Effect"] = "Permit".into()),
            "Syntax errors in policy.",
        ),
        (
            changed(|one| drop(one.as_object_mut().unwrap().remove("Principal"))),
            "Missing required field Principal",
        ),
        (
            changed(|one| one["Resource"] = "*".into()),
            "Has prohibited field Resource",
        ),
        (
            changed(|one| one["Action"] = "s3:GetObject".into()),
            "AssumeRole policy may only specify STS AssumeRole actions.",
        ),
        (
            changed(|one| one["Action"] = "sts:AssumeRoleWithWebIdendity".into()),
            "AssumeRole policy may only specify STS AssumeRole actions.",
        ),
        (
            changed(|one| one["Principal"] = json!({ "Service": "pods.eks.amazonaws.co" })),
            "Invalid principal in policy: \"SERVICE\":\"pods.eks.amazonaws.co\"",
        ),
        (
            changed(|one| one["Principal"] = json!({ "AWS": "arn:aws:iam::111122223333:role/none" })),
            "Invalid principal in policy: \"AWS\":\"arn:aws:iam::111122223333:role/none\"",
        ),
        (
            changed(|one| one["Principal"] = json!({ "AWS": "AROAABCDEFGHIJKLMNOPQ" })),
            "Invalid principal in policy: \"AWS\":\"AROAABCDEFGHIJKLMNOPQ\"",
        ),
        (
            changed(|one| one["Principal"] = json!({ "Federated": "oidc.eks.us-west-2.amazonaws.com/id/1" })),
            "Federated principals must be valid domain names or SAML metadata ARNs",
        ),
        (
            changed(|one| one["Sid"] = "not alphanumeric".into()),
            "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*",
        ),
        (
            twice.to_string(),
            "Statement IDs (SID) in a single policy must be unique.",
        ),
        (
            changed(|one| one["Condition"] = json!({ "StringEqual": { "aws:SourceAccount": "1" } })),
            "Invalid Condition type : StringEqual.",
        ),
        (
            changed(|one| one["Condition"] = json!({ "StringEquals": { "SourceAccount": "1" } })),
            "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.",
        ),
    ];
    for (trust, message) in &cases {
        let expected = refused(400, "MalformedPolicyDocument", message);
        assert_eq!(create(&client, trust).refusal(), expected, "{trust}");
    }
    // An update is as strict as a create.
    create(&client, &pods().to_string()).done();
    for (trust, message) in &cases {
        let parameters = [("RoleName", "checkout"), ("PolicyDocument", trust.as_str())];
        let expected = refused(400, "MalformedPolicyDocument", message);
        assert_eq!(
            client.iam("UpdateAssumeRolePolicy", &parameters).refusal(),
            expected,
            "{trust}"
        );
    }
}

#[test]
fn a_long_trust_policy_exceeds_the_quota_and_white_space_does_not_count() {
    let (aws, client) = start();
    let long = changed(|one| one["Sid"] = "x".repeat(2048).into());
    assert_eq!(
        create(&client, &long).refusal(),
        refused(409, "LimitExceeded", "Cannot exceed quota for ACLSizePerRole: 2048")
    );
    let spaced = pods().to_string().replace(':', &format!(": {}", " ".repeat(500)));
    assert_eq!(
        create(&client, &spaced).refusal().1,
        "MalformedPolicyDocument",
        "the spaces are in names too"
    );
    let spaced = format!("{}{}", " ".repeat(3000), pods());
    create(&client, &spaced).done();

    aws.set_quotas(|quotas| quotas.trust_policy = 4096);
    let parameters = [("RoleName", "checkout"), ("PolicyDocument", long.as_str())];
    client.iam("UpdateAssumeRolePolicy", &parameters).done();
}

#[test]
fn a_trust_policy_comes_back_in_the_spelling_of_iam() {
    let (aws, client) = start();
    let issuer = "oidc.eks.us-west-2.amazonaws.com/id/1";
    let trust = format!(
        r#"{{ "Statement": {{
            "Condition": {{ "StringEquals": {{ "{issuer}:aud": ["sts.amazonaws.com"], "{issuer}:sub": "system:serviceaccount:a:b" }} }},
            "Action": ["sts:AssumeRoleWithWebIdentity"],
            "Principal": {{ "Federated": "arn:aws:iam::111122223333:oidc-provider/{issuer}", "AWS": "444455556666" }},
            "Effect": "Allow" }}, "Version": "2012-10-17" }}"#
    );
    create(&client, &trust).done();
    let read = client.iam("GetRole", &[("RoleName", "checkout")]).done();
    let expected = format!(
        r#"{{"Version":"2012-10-17","Statement":{{"Effect":"Allow","Principal":{{"Federated":"arn:aws:iam::111122223333:oidc-provider/{issuer}","AWS":"arn:aws:iam::444455556666:root"}},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{{"StringEquals":{{"{issuer}:sub":"system:serviceaccount:a:b","{issuer}:aud":"sts.amazonaws.com"}}}}}}}}"#
    );
    assert_eq!(read.document("AssumeRolePolicyDocument"), expected);
    assert_eq!(
        aws.account("111122223333").role("checkout").unwrap().trust["Version"],
        "2012-10-17"
    );
}

#[test]
fn a_principal_that_is_deleted_becomes_its_unique_id_for_good() {
    let (aws, client) = start();
    let account = aws.account("111122223333");
    let user = account.create_user("ci");
    let other = account.create_role("other", &pods());
    let trust = of_statement(&json!({
        "Effect": "Allow", "Principal": { "AWS": [user, other] }, "Action": "sts:AssumeRole",
    }));
    create(&client, &trust.to_string()).done();
    let principals = || account.role("checkout").unwrap().trust["Statement"][0]["Principal"]["AWS"].clone();
    assert_eq!(principals(), json!([user, other]));

    let id = account.role("other").unwrap().id;
    account.iam("DeleteRole", &[("RoleName", "other")]);
    account.delete_user("ci");
    assert_eq!(principals()[1], id.as_str());
    assert!(principals()[0].as_str().unwrap().starts_with("AIDA"));
    // One of the same name is another one, and the document cannot be written back.
    account.create_role("other", &pods());
    assert_eq!(principals()[1], id.as_str());
    let dead = account.role("checkout").unwrap().trust.to_string();
    let parameters = [("RoleName", "checkout"), ("PolicyDocument", dead.as_str())];
    let refusal = client.iam("UpdateAssumeRolePolicy", &parameters).refusal();
    assert_eq!(refusal.1, "MalformedPolicyDocument");
}

#[test]
fn both_mechanisms_fit_into_one_document() {
    let (_aws, client) = start();
    let mut both = pods();
    both["Statement"].as_array_mut().unwrap().push(json!({
        "Effect": "Allow",
        "Principal": { "Federated": "arn:aws:iam::111122223333:oidc-provider/oidc.eks.us-west-2.amazonaws.com/id/1" },
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": { "StringLike": { "oidc.eks.us-west-2.amazonaws.com/id/1:sub": "system:serviceaccount:a:*" } },
    }));
    create(&client, &both.to_string()).done();
    let read = client.iam("GetRole", &[("RoleName", "checkout")]).done();
    let read: Value = serde_json::from_str(&read.document("AssumeRolePolicyDocument")).unwrap();
    assert_eq!(read, both);
}

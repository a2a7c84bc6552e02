use super::one;

const ISSUER: &str = "oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B716D3041E";

/// A statement for tokens of the issuer, under these conditions.
fn with(conditions: &str) -> String {
    format!(
        r#""Principal":{{"Federated":"arn:aws:iam::111122223333:oidc-provider/{ISSUER}"}},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{conditions}"#
    )
    .replace("ISSUER", ISSUER)
}

/// Conditions of IRSA that look like mistakes and are none.
const NEAR_MISSES: &[(&str, &str)] = &[
    (
        "keys are compared whatever their case",
        r#"{"StringEquals":{"ISSUER:AUD":"sts.amazonaws.com","ISSUER:Sub":"system:serviceaccount:shop:api"}}"#,
    ),
    (
        "a wildcard within a name",
        r#"{"StringEquals":{"ISSUER:aud":"sts.amazonaws.com"},"StringLike":{"ISSUER:sub":"system:serviceaccount:shop:api-*"}}"#,
    ),
];

#[test]
fn near_misses() {
    for (why, conditions) in NEAR_MISSES {
        assert_eq!(one(&with(conditions)), Vec::<&str>::new(), "{why}: {conditions}");
    }
}

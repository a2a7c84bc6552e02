//! What looks like a mistake and is none, and what the examples of the rules do not show.

mod conditions;
mod principals;
mod statements;
mod text;

use super::one;

const ROLE: &str = r#""Principal":{"AWS":"arn:aws:iam::111122223333:role/deploy"},"Action":"sts:AssumeRole""#;
const PODS: &str = r#""Principal":{"Service":"pods.eks.amazonaws.com"},"Action":["sts:AssumeRole","sts:TagSession"]"#;
const SCOPED: &str = r#""aws:SourceAccount":"111122223333","aws:RequestTag/eks-cluster-arn":"arn:aws:eks:eu-west-1:111122223333:cluster/main","aws:RequestTag/kubernetes-namespace":"shop","aws:RequestTag/kubernetes-service-account":"api""#;

/// What the rules about any trust policy say, among others.
fn of_document(codes: Vec<&'static str>) -> Vec<&'static str> {
    codes.into_iter().filter(|code| code.starts_with("PIB3")).collect()
}

#[track_caller]
fn fine(elements: &str) {
    assert_eq!(of_document(one(elements)), [""; 0], "{elements}");
}

#[track_caller]
fn is(elements: &str, expected: &[&str]) {
    assert_eq!(of_document(one(elements)), expected, "{elements}");
}

/// A role under these conditions.
fn role(conditions: &str) -> String {
    format!(r#"{ROLE},"Condition":{{{conditions}}}"#)
}

/// A pod under these conditions, beside those that say which pod.
fn pod(conditions: &str) -> String {
    format!(r#"{PODS},"Condition":{{"StringEquals":{{{SCOPED}}}{conditions}}}"#)
}

/// Anybody with a token of an issuer under these conditions.
fn token(conditions: &str) -> String {
    format!(
        r#""Principal":{{"Federated":"arn:aws:iam::111122223333:oidc-provider/ci.example.com"}},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{{{conditions}}}"#
    )
}

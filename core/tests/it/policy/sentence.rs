use pod_identity_core::policy::sentence;

use super::{from_corpus, one};

#[test]
fn trust_is_told_in_plain_language() {
    #[track_caller]
    fn check(name: &str, expected: &[&str]) {
        let told: Vec<String> = from_corpus(name).statements.iter().map(sentence).collect();
        assert_eq!(told, expected, "{name}");
    }
    let issuer = "oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE";
    check(
        "pod-identity",
        &["Pods using `api` in `prod` on cluster `main` with EKS Pod Identity may assume this role."],
    );
    check(
        "irsa",
        &[&format!(
            "Pods using `api` in `prod` with IRSA, by a token of `{issuer}`, may assume this role."
        )],
    );
    check(
        "irsa-wildcard",
        &[&format!(
            "Pods using `api` in `preview-*` with IRSA, by a token of `{issuer}`, may assume this role."
        )],
    );
    check(
        "github-actions",
        &[
            "Identities of `arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com`, under 2 conditions, may assume this role.",
        ],
    );
    check(
        "session-manager",
        &["The AWS service `ec2.amazonaws.com`, the AWS service `ssm.amazonaws.com` may assume this role."],
    );
    check(
        "spelt-differently",
        &["Identities of account `111122223333`, under 2 conditions, may assume this role."],
    );
}

#[test]
fn trust_without_conditions_is_told_as_wide_as_it_is() {
    let told = sentence(
        &one(r#""Principal":{"Service":"pods.eks.amazonaws.com"},"Action":["sts:AssumeRole","sts:TagSession"]"#)
            .statements[0],
    );
    assert_eq!(
        told,
        "All pods on any cluster with EKS Pod Identity may assume this role."
    );
}

#[test]
fn a_sentence_names_conditions_that_it_does_not_tell() {
    let told = sentence(
        &one(r#""Principal":{"Service":"pods.eks.amazonaws.com"},"Action":"sts:AssumeRole",
            "Condition":{"StringEquals":{"aws:RequestTag/kubernetes-namespace":"prod"},"StringNotEquals":{"aws:RequestTag/kubernetes-service-account":"api"}}"#)
        .statements[0],
    );
    assert_eq!(
        told,
        "All pods in `prod` on any cluster with EKS Pod Identity, under one more condition, may assume this role."
    );
}

#[test]
fn a_sentence_promises_no_more_than_the_statement_does() {
    let told = |elements: &str| sentence(&one(elements).statements[0]);
    let pods = r#""Principal":{"Service":"pods.eks.amazonaws.com"}"#;
    assert_eq!(
        told(&format!(r#"{pods},"Action":"sts:TagSession""#)),
        "All pods on any cluster with EKS Pod Identity may pass session tags to this role."
    );
    assert_eq!(
        told(&format!(
            r#"{pods},"Action":["sts:SetSourceIdentity","sts:TagSession"]"#
        )),
        "All pods on any cluster with EKS Pod Identity may call `sts:SetSourceIdentity`, `sts:TagSession`."
    );
    // Nothing is called `*`, and `StringEquals` has no wildcards.
    assert_eq!(
        told(&format!(
            r#"{pods},"Action":"sts:*","Condition":{{"StringEquals":{{"aws:RequestTag/kubernetes-namespace":"*"}}}}"#
        )),
        "All pods in `*` (literally) on any cluster with EKS Pod Identity may assume this role."
    );
    assert_eq!(
        told(&format!(
            r#"{pods},"Action":"sts:*","Condition":{{"StringLike":{{"aws:RequestTag/kubernetes-namespace":"*"}}}}"#
        )),
        "All pods on any cluster with EKS Pod Identity may assume this role."
    );
    // A condition that a missing key passes pins nothing.
    assert_eq!(
        told(&format!(
            r#"{pods},"Action":"sts:*","Condition":{{"StringEqualsIfExists":{{"aws:RequestTag/kubernetes-namespace":"shop"}}}}"#
        )),
        "All pods on any cluster with EKS Pod Identity, under one more condition, may assume this role."
    );
}

#[test]
fn whoever_else_is_named_is_told() {
    let issuer = "oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE";
    let told = |principal: &str, action: &str| {
        sentence(&one(&format!(r#""Principal":{{{principal}}},"Action":"{action}""#)).statements[0])
    };
    assert_eq!(
        told(
            r#""Service":"pods.eks.amazonaws.com","AWS":"111122223333""#,
            "sts:AssumeRole"
        ),
        "The AWS service `pods.eks.amazonaws.com`, identities of account `111122223333` may assume this role."
    );
    assert_eq!(
        told(
            &format!(r#""Federated":"arn:aws:iam::111122223333:oidc-provider/{issuer}","AWS":"*""#),
            "sts:*"
        ),
        format!("Identities of `arn:aws:iam::111122223333:oidc-provider/{issuer}`, everybody may assume this role.")
    );
}

#[test]
fn conditions_that_a_sentence_cannot_join_are_counted() {
    let issuer = "oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE";
    let irsa = |conditions: &str| {
        sentence(
            &one(&format!(
                r#""Principal":{{"Federated":"arn:aws:iam::111122223333:oidc-provider/{issuer}"}},"Action":"sts:AssumeRoleWithWebIdentity",
                    "Condition":{{{conditions}}}"#
            ))
            .statements[0],
        )
    };
    assert_eq!(
        irsa(&format!(
            r#""StringEquals":{{"{issuer}:sub":"system:serviceaccount:prod:api"}},"StringLike":{{"{issuer}:sub":"system:serviceaccount:prod:*"}}"#
        )),
        format!("All pods with IRSA, by a token of `{issuer}`, under 2 more conditions, may assume this role.")
    );
    assert_eq!(
        irsa(r#""StringEquals":{"oidc.eks.eu-west-1.amazonaws.com/id/OTHER:sub":"system:serviceaccount:prod:api"}"#),
        format!("All pods with IRSA, by a token of `{issuer}`, under one more condition, may assume this role.")
    );
}

#[test]
fn what_an_arn_says_besides_the_cluster_is_counted_where_the_cluster_is_any() {
    let told = |more: &str| {
        sentence(
            &one(&format!(
                r#""Principal":{{"Service":"pods.eks.amazonaws.com"}},"Action":"sts:AssumeRole",
                    "Condition":{{"ArnLike":{{"aws:RequestTag/eks-cluster-arn":"arn:aws:eks:eu-west-1:111122223333:cluster/*"}}{more}}}"#
            ))
            .statements[0],
        )
    };
    assert_eq!(
        told(""),
        "All pods on any cluster with EKS Pod Identity, under one more condition, may assume this role."
    );
    assert_eq!(
        told(r#","StringEquals":{"aws:SourceAccount":"111122223333"}"#),
        "All pods on any cluster of account `111122223333` with EKS Pod Identity, under one more condition, may assume this role."
    );
    assert_eq!(
        told(r#","StringEquals":{"aws:RequestTag/eks-cluster-name":"main"}"#),
        "All pods on cluster `main` with EKS Pod Identity, under one more condition, may assume this role."
    );
}

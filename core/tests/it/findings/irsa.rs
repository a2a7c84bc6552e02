use super::{found, one, one_in, statements};
use pod_identity_core::findings::TrustPolicy;

const ISSUER: &str = "oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B716D3041E";
const OTHER: &str = "oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE0000000000000000000000000";

/// `ISSUER`, `OTHER`, `AUD` and `SUB` stand for what they say.
fn filled(text: &str) -> String {
    text.replace("AUD", r#""ISSUER:aud":"sts.amazonaws.com""#)
        .replace("SUB", r#""ISSUER:sub":"system:serviceaccount:shop:api""#)
        .replace("ISSUER", ISSUER)
        .replace("OTHER", OTHER)
}

/// The elements of a statement for tokens of the issuer, under these conditions.
fn with(conditions: &str) -> String {
    filled(&format!(
        r#""Principal":{{"Federated":"arn:aws:iam::111122223333:oidc-provider/ISSUER"}},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{conditions}"#
    ))
}

/// Under `StringEquals`, the audience and this subject.
fn subject(value: &str) -> String {
    with(&format!(r#"{{"StringEquals":{{AUD,"ISSUER:sub":"{value}"}}}}"#))
}

/// The same under `StringLike`.
fn pattern(value: &str) -> String {
    with(&format!(
        r#"{{"StringEquals":{{AUD}},"StringLike":{{"ISSUER:sub":"{value}"}}}}"#
    ))
}

/// A statement for this provider, with the conditions of the issuer.
fn provider(name: &str) -> String {
    with(r#"{"StringEquals":{AUD,SUB}}"#).replacen(&filled("arn:aws:iam::111122223333:oidc-provider/ISSUER"), name, 1)
}

#[track_caller]
fn check(elements: &str, expected: &[&str]) {
    assert_eq!(one(elements), expected, "{elements}");
}

#[track_caller]
fn check_in(elements: &str, context: &str, expected: &[&str]) {
    assert_eq!(one_in(elements, &filled(context)), expected, "{elements} in {context}");
}

/// What becomes of a document of one statement when its only finding is fixed.
#[track_caller]
fn fixed(elements: &str, context: &str) -> String {
    let text = statements(&format!(r#"{{"Effect":"Allow",{elements}}}"#));
    let all = found(&text, &filled(context));
    let [finding] = all.as_slice() else {
        panic!("{all:#?}");
    };
    finding.fix.as_ref().unwrap().apply(&TrustPolicy::new(&text).text)
}

#[test]
fn what_looks_like_a_mistake_and_is_none() {
    // Keys are compared whatever their case.
    check(
        &with(r#"{"StringEquals":{"ISSUER:Aud":"sts.amazonaws.com","ISSUER:Sub":"system:serviceaccount:shop:api"}}"#),
        &[],
    );
    // Wildcards within a name, on either side of the colon, and all of one namespace of one's own.
    for value in [
        "shop:api-*",
        "preview-*:api",
        "preview-*:*",
        "shop:*",
        "shop:api-??",
        "*-preview:api",
        "kube-system:efs-csi-*",
    ] {
        check(&pattern(&format!("system:serviceaccount:{value}")), &[]);
    }
    // Exact names under an operator that also takes patterns.
    check(&pattern("system:serviceaccount:shop:api"), &[]);
    for value in ["kube-system:aws-node", "default:api", "shop:nightly.report", "shop:0-a"] {
        check(&subject(&format!("system:serviceaccount:{value}")), &[]);
    }
    // One list may have several service accounts; the audience may stand in a list.
    check(
        &with(
            r#"{"StringEquals":{"ISSUER:aud":["sts.amazonaws.com"],"ISSUER:sub":["system:serviceaccount:shop:api","system:serviceaccount:jobs:worker"]}}"#,
        ),
        &[],
    );
    // A pattern that the exact name fulfils.
    check(
        &with(r#"{"StringEquals":{AUD,SUB},"StringLike":{"ISSUER:sub":"system:serviceaccount:shop:*"}}"#),
        &[],
    );
    // An audience of one's own.
    check(&with(r#"{"StringEquals":{"ISSUER:aud":"vault.example.com",SUB}}"#), &[]);
    // A variable stands for what nobody knows.
    check(&subject("system:serviceaccount:${aws:ResourceTag/namespace}:api"), &[]);
    // Case that is not compared.
    check(
        &with(r#"{"StringEquals":{AUD},"StringEqualsIgnoreCase":{"ISSUER:sub":"system:serviceaccount:Shop:API"}}"#),
        &[],
    );
    // A statement that only lets sessions be tagged.
    check(
        &provider(&filled("arn:aws:iam::111122223333:oidc-provider/ISSUER"))
            .replace("sts:AssumeRoleWithWebIdentity", "sts:TagSession"),
        &[],
    );
}

#[test]
fn other_issuers_have_other_rules() {
    let ci = |conditions: &str| {
        format!(
            r#""Principal":{{"Federated":"arn:aws:iam::111122223333:oidc-provider/ci.example.com"}},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{conditions}"#
        )
    };
    check(&ci(r#"{"StringEquals":{"ci.example.com:project_id":"1"}}"#), &[]);
    check(&ci(r#"{"StringLike":{"ci.example.com:sub":"*:main"}}"#), &[]);
    check(&ci(r#"{"StringEquals":{"ci.example.com:sub":"shop:api"}}"#), &[]);
    check(
        &ci(r#"{"StringEquals":{"ci.example.com:sub":"system:serviceaccount:shop:api"}}"#),
        &[],
    );
    // A cluster that people run themselves, known as such.
    let own = r#"{"clusters":[{"arn":"arn:aws:eks:eu-west-1:111122223333:cluster/main","oidc_issuer":"https://ci.example.com"}]}"#;
    check_in(
        &ci(r#"{"StringEquals":{"ci.example.com:aud":"sts.amazonaws.com"}}"#),
        own,
        &["PIB101"],
    );
}

#[test]
fn who_may_come_in() {
    check(&with(r#"{"StringEquals":{AUD}}"#), &["PIB101"]);
    check(&with(r#"{"StringEquals":{SUB}}"#), &["PIB102"]);
    check(&with("{}"), &["PIB101", "PIB102"]);
    for open in [
        "*",
        "*:api",
        "system:*",
        "system:serviceaccount:*",
        "system:serviceaccount:*:*",
        "system:serviceaccount:*api",
        "*:*:*:api",
    ] {
        check(&pattern(open), &["PIB105"]);
    }
    check(&pattern("api*"), &["PIB126"]);
    for reaching in ["shop*", "shop-?*", "shop?api"] {
        check(&pattern(&format!("system:serviceaccount:{reaching}")), &["PIB106"]);
    }
    check(&subject("system:serviceaccount:shop:default"), &["PIB107"]);
    check(&pattern("system:serviceaccount:kube-public:*"), &["PIB108"]);
    check(
        &with(r#"{"StringEquals":{AUD},"StringNotLike":{"ISSUER:sub":"system:serviceaccount:shop:*"}}"#),
        &["PIB128"],
    );
}

#[test]
fn values_that_no_token_has() {
    check(&subject("system:serviceaccount:*:api"), &["PIB103"]);
    for audience in [
        "sts.amazonaws.com.cn",
        "sts.eu-west-1.amazonaws.com",
        "https://sts.amazonaws.com",
        "sts.amazonaws.com/",
        "STS.amazonaws.com",
        "sts.amazonaw.com",
        "pods.eks.amazonaws.com",
    ] {
        check(
            &with(&format!(r#"{{"StringEquals":{{"ISSUER:aud":"{audience}",SUB}}}}"#)),
            &["PIB109"],
        );
    }
    check(
        &with(r#"{"StringEquals":{"ISSUER:aud":["sts.amazonaws.com","sts.amazonaws.com.cn"],SUB}}"#),
        &["PIB109"],
    );
    for name in ["Shop:api", "shop:my_api", "shop:-api", "shop:"] {
        check(&subject(&format!("system:serviceaccount:{name}")), &["PIB124"]);
    }
    check(&subject("System:ServiceAccount:shop:api"), &["PIB125"]);
    for value in [
        "shop:api",
        "shop/api",
        "api",
        "system:serviceaccount:shop",
        "system:serviceaccount:shop/api",
        "system:serviceaccounts:shop:api",
        "serviceaccount:shop:api",
    ] {
        check(&subject(value), &["PIB126"]);
    }
}

#[test]
fn issuers_that_are_not_spelt_as_they_are() {
    let eks = "EXAMPLED539D4633E53DE1B716D3041E";
    for (issuer, code) in [
        (format!("https://{ISSUER}"), "PIB110"),
        (format!("{ISSUER}/"), "PIB110"),
        (format!("oidc.eu-west-1.eks.amazonaws.com/id/{eks}"), "PIB111"),
        (format!("eks.eu-west-1.amazonaws.com/id/{eks}"), "PIB111"),
        (format!("oidc.eks.eu-west-1.amazonaws.com/{eks}"), "PIB111"),
        (format!("oidc.eks.eu-west-1.amazonaws.com.cn/id/{eks}"), "PIB111"),
        (format!("oidc-eks.eu-west-1.api.aws/id/{eks}"), "PIB121"),
    ] {
        let named = format!("arn:aws:iam::111122223333:oidc-provider/{issuer}");
        check(&provider(&named), &[code]);
        check(
            &with(&r#"{"StringEquals":{AUD,"WRONG:sub":"system:serviceaccount:shop:api"}}"#.replace("WRONG", &issuer)),
            &[code],
        );
    }
    check(
        &with(r#"{"StringEquals":{AUD,"oidc-provider/ISSUER:sub":"system:serviceaccount:shop:api"}}"#),
        &["PIB112"],
    );
    for name in [
        "ISSUER",
        "https://ISSUER",
        "arn:aws:eks:eu-west-1:111122223333:cluster/main",
    ] {
        assert!(one(&provider(&filled(name))).contains(&"PIB123"), "{name}");
    }
}

#[test]
fn issuers_outside_eks_may_end_with_a_slash() {
    let statement = |provider: &str, key: &str| {
        one(&format!(
            r#""Principal":{{"Federated":"arn:aws:iam::111122223333:oidc-provider/{provider}"}},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{{"StringEquals":{{"{key}:aud":"api","{key}:sub":"a1"}}}}"#
        ))
    };
    for issuer in [
        "tenant.eu.auth0.com/",
        "sts.windows.net/11111111-2222-3333-4444-555555555555/",
    ] {
        assert!(statement(issuer, issuer).is_empty(), "{issuer}");
        let keys = statement(issuer, &format!("https://{issuer}"));
        assert_eq!(keys, ["PIB110", "PIB110"], "{issuer}");
    }
}

#[test]
fn values_outside_eks_may_have_a_question_mark() {
    let asking = |value: &str| {
        one(&format!(
            r#""Principal":{{"Federated":"arn:aws:iam::111122223333:oidc-provider/ci.example.com"}},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{{"StringEquals":{{"ci.example.com:aud":"api","ci.example.com:sub":"{value}"}}}}"#
        ))
    };
    assert!(asking("https://ci.example.com/job?id=7").is_empty());
    assert_eq!(asking("repo:shop/api:*"), ["PIB103"]);
}

#[test]
fn keys_are_an_issuer_and_one_claim() {
    for key in ["ISSUER", "ISSUER:aud:sub", "ISSUER:subject", "ISSUER:"] {
        check(
            &with(&r#"{"StringEquals":{AUD,"KEY":"system:serviceaccount:shop:api"}}"#.replace("KEY", key)),
            &["PIB117"],
        );
    }
    check(
        &with(r#"{"StringEquals":{AUD,"OTHER:sub":"system:serviceaccount:shop:api"}}"#),
        &["PIB118"],
    );
    check(
        &with(r#"{"StringEquals":{"ISSUER:aud":"system:serviceaccount:shop:api"}}"#),
        &["PIB122"],
    );
}

#[test]
fn what_surrounds_the_policy_decides() {
    let good = with(r#"{"StringEquals":{AUD,SUB}}"#);
    let cluster =
        |rest: &str| format!(r#"{{"clusters":[{{"arn":"arn:aws:eks:eu-west-1:111122223333:cluster/main"{rest}}}]}}"#);
    check_in(&good, &cluster(r#","oidc_issuer":"ISSUER""#), &[]);
    check_in(&good, &cluster(""), &[]);
    check_in(&good, &cluster(r#","oidc_issuer":"OTHER""#), &["PIB113"]);
    check_in(&good, &cluster("").replace("eu-west-1", "us-east-1"), &["PIB113"]);
    check_in(&good, r#"{"role_arn":"arn:aws:iam::111122223333:role/api"}"#, &[]);
    check_in(&good, r#"{"account_id":"444455556666"}"#, &["PIB115"]);
    check_in(&good, r#"{"partition":"aws-us-gov"}"#, &["PIB114"]);
    check_in(
        &good,
        r#"{"oidc_provider_arns":["arn:aws:iam::111122223333:oidc-provider/ISSUER"]}"#,
        &[],
    );
    check_in(&good, r#"{"oidc_provider_arns":[]}"#, &["PIB127"]);
    // A second cluster beside the one that is meant, and pods that come the other way.
    let second = good.replace(ISSUER, OTHER);
    let both = statements(&format!(r#"{{"Effect":"Allow",{good}}},{{"Effect":"Allow",{second}}}"#));
    assert!(found(&both, &filled(&cluster(r#","oidc_issuer":"ISSUER""#))).is_empty());
    let pod_identity = r#"{"Effect":"Allow","Principal":{"Service":"pods.eks.amazonaws.com"},"Action":["sts:AssumeRole","sts:TagSession"],"Condition":{"StringEquals":{"aws:RequestTag/eks-cluster-arn":"arn:aws:eks:eu-west-1:111122223333:cluster/main","aws:RequestTag/kubernetes-namespace":"shop"}}}"#;
    let mixed = statements(&format!(r#"{{"Effect":"Allow",{good}}},{pod_identity}"#));
    assert!(found(&mixed, &filled(&cluster(r#","oidc_issuer":"OTHER""#))).is_empty());
}

#[test]
fn fixes_say_what_is_meant() {
    let after = fixed(
        &with(r#"{"StringEquals":{AUD}}"#),
        r#"{"pods":[{"namespace":"shop","service_account":"api"}]}"#,
    );
    assert!(after.contains(&filled("AUD,SUB")), "{after}");
    let after = fixed(&subject("shop/api"), "");
    assert!(after.contains(&filled("SUB")), "{after}");
    let after = fixed(&subject("system:serviceaccount:shop:api-*"), "");
    assert!(
        after.contains(&filled(
            r#""StringEquals":{AUD},"StringLike":{"ISSUER:sub":"system:serviceaccount:shop:api-*"}"#
        )),
        "{after}"
    );
    // Two clusters in one statement become two statements.
    let two = with(
        r#"{"StringEquals":{AUD,SUB,"OTHER:aud":"sts.amazonaws.com","OTHER:sub":"system:serviceaccount:shop:api"}}"#,
    )
    .replace(
        r#""Federated":"#,
        &filled(r#""Federated":["arn:aws:iam::111122223333:oidc-provider/OTHER","#),
    )
    .replacen(r#""},"Action"#, r#""]},"Action"#, 1);
    let after = fixed(&format!(r#""Sid":"Both",{two}"#), "");
    let after = pod_identity_core::policy::Document::parse(&after).unwrap();
    assert_eq!(after.statements.len(), 2);
    assert_eq!(after.statements[1].sid, None);
    assert_eq!(after.statements[1].conditions.len(), 2);
    // Where the fix would let more in than its author may have meant, there is none.
    let text = statements(&format!(
        r#"{{"Effect":"Allow",{}}}"#,
        subject("system:serviceaccount:*:api")
    ));
    assert!(found(&text, "")[0].fix.is_none());
}

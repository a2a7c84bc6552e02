use super::{codes, found};

#[track_caller]
fn check(why: &str, context: &str, expected: &[&str]) {
    assert_eq!(codes(&found("", context)), expected, "{why}: {context}");
}

const ROLE: &str = r#""role_arn":"arn:aws:iam::111122223333:role/api""#;
const TARGET: &str = r#""target_role_arn":"arn:aws:iam::444455556666:role/data""#;
const POD: &str = r#""clusters":[{"arn":"arn:aws:eks:eu-west-1:111122223333:cluster/main"}],"pods":[{"namespace":"shop","service_account":"api"}]"#;

/// What surrounds a role whose target role has a trust policy of these statements.
fn target(tags: &str, statements: &str) -> String {
    let trust = format!(r#"{{"Version":"2012-10-17","Statement":[{statements}]}}"#).replace('"', "\\\"");
    format!(r#"{{{ROLE},{POD},{TARGET},"session_tags":{tags},"target_trust_policy":"{trust}"}}"#)
}

fn allow(principal: &str, action: &str, condition: &str) -> String {
    format!(r#"{{"Effect":"Allow","Principal":{{"AWS":"{principal}"}},"Action":{action},"Condition":{condition}}}"#)
}

#[test]
fn a_target_role_is_asked_as_eks_asks_it() {
    const SOURCE: &str = "arn:aws:iam::111122223333:role/api";
    const BOTH: &str = r#"["sts:AssumeRole","sts:TagSession"]"#;
    const TAGS: &str = r#"{"StringEquals":{"aws:RequestTag/kubernetes-namespace":"shop"}}"#;
    const ID: &str = r#"{"StringEquals":{"sts:ExternalId":"eu-west-1/111122223333/main/shop/api"}}"#;
    let by = |principal: &str, action: &str, condition: &str| allow(principal, action, condition);
    check("as it should be", &target("true", &by(SOURCE, BOTH, TAGS)), &[]);
    check(
        "as it should be without tags",
        &target("false", &by(SOURCE, r#""sts:AssumeRole""#, ID)),
        &[],
    );
    check(
        "the account, narrowed by the ARN of the role",
        &target(
            "true",
            &by(
                "arn:aws:iam::111122223333:root",
                BOTH,
                r#"{"StringEquals":{"aws:RequestTag/kubernetes-namespace":"shop"},"ArnEquals":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/api"}}"#,
            ),
        ),
        &[],
    );
    check(
        "the account by its number",
        &target("true", &by("111122223333", r#""sts:*""#, TAGS)),
        &[],
    );
    check(
        "tagging in a statement of its own",
        &target(
            "true",
            &[
                by(SOURCE, r#""sts:AssumeRole""#, TAGS),
                by(SOURCE, r#""sts:TagSession""#, "{}"),
            ]
            .join(","),
        ),
        &[],
    );
    check(
        "a pattern of ids",
        &target(
            "false",
            &by(
                SOURCE,
                BOTH,
                r#"{"StringLike":{"sts:ExternalId":"eu-west-1/111122223333/main/shop/*"}}"#,
            ),
        ),
        &[],
    );
    check(
        "a statement for others asks for an id",
        &target(
            "false",
            &[
                by(SOURCE, BOTH, ID),
                by("arn:aws:iam::111122223333:role/ci", r#""sts:AssumeRole""#, "{}"),
            ]
            .join(","),
        ),
        &[],
    );
    check(
        "either way",
        &target("false", &[by(SOURCE, BOTH, ID), by(SOURCE, BOTH, TAGS)].join(",")),
        &[],
    );
    check("no guard", &target("false", &by(SOURCE, BOTH, "{}")), &["PIB401"]);
    check(
        "the account of the target",
        &target(
            "false",
            &by(
                SOURCE,
                BOTH,
                r#"{"StringEquals":{"sts:ExternalId":"eu-west-1/444455556666/main/shop/api"}}"#,
            ),
        ),
        &["PIB402"],
    );
    check("tags are off", &target("false", &by(SOURCE, BOTH, TAGS)), &["PIB403"]);
    check(
        "no tagging",
        &target("true", &by(SOURCE, r#""sts:AssumeRole""#, TAGS)),
        &["PIB404"],
    );
    check(
        "another role",
        &target("true", &by("arn:aws:iam::111122223333:role/ci", BOTH, TAGS)),
        &["PIB405"],
    );
    check(
        "nobody knows whether tags are sent",
        &target("null", &by(SOURCE, r#""sts:AssumeRole""#, "{}")),
        &[],
    );
}

fn associations(all: &[(bool, bool)]) -> String {
    let all: Vec<String> = all
        .iter()
        .enumerate()
        .map(|(index, (through, tags))| {
            let target = if *through { TARGET } else { r#""owner":null"# };
            format!(
                r#"{{"arn":"arn:aws:eks:eu-west-1:111122223333:podidentityassociation/main/a-{index}","session_tags":{tags},{target}}}"#
            )
        })
        .collect();
    format!(r#"{{"associations":[{}]}}"#, all.join(","))
}

#[test]
fn a_source_role_is_for_its_target_alone() {
    check("two through it", &associations(&[(true, true), (true, false)]), &[]);
    check("two direct ones", &associations(&[(false, true), (false, false)]), &[]);
    check(
        "tags that are inherited cannot be changed",
        &associations(&[(true, true), (false, true)]),
        &[],
    );
    check(
        "an external id can be chosen",
        &associations(&[(true, false), (false, true)]),
        &["PIB407"],
    );
    check(
        "tags can be chosen by who has none",
        &associations(&[(true, true), (false, false)]),
        &["PIB407"],
    );
}

fn pods(pod: &str) -> String {
    format!(r#"{{{ROLE},"pods":[{{"namespace":"shop","service_account":"api",{pod}}}]}}"#)
}

#[test]
fn annotations_and_associations() {
    const OWN: &str = r#""annotated_role_arn":"arn:aws:iam::111122223333:role/api""#;
    const OTHER: &str = r#""annotated_role_arn":"arn:aws:iam::111122223333:role/old""#;
    check("IRSA needs it", &pods(&format!(r#""mode":"irsa",{OWN}"#)), &[]);
    check("both need it", &pods(&format!(r#""mode":"dual",{OWN}"#)), &[]);
    check("nobody knows the mode", &pods(OTHER), &[]);
    check("nobody knows the annotation", &pods(r#""mode":"irsa""#), &[]);
    check("left", &pods(&format!(r#""mode":"pod_identity",{OWN}"#)), &["PIB411"]);
    check("two roles", &pods(&format!(r#""mode":"dual",{OTHER}"#)), &["PIB412"]);
    check(
        "another role by IRSA",
        &pods(&format!(r#""mode":"irsa",{OTHER}"#)),
        &["PIB413"],
    );
}

#[test]
fn names() {
    let pod = |namespace: &str, account: &str, mode: &str| {
        format!(r#"{{"pods":[{{"namespace":"{namespace}","service_account":"{account}","mode":{mode}}}]}}"#)
    };
    check("dots", &pod("shop", "api.v2", "null"), &[]);
    check("IRSA knows patterns", &pod("shop", "api-*", r#""irsa""#), &[]);
    check("Pod Identity does not", &pod("shop", "api-*", r#""dual""#), &["PIB410"]);
    check(
        "a subject",
        &pod("shop", "system:serviceaccount:shop:api", "null"),
        &["PIB410"],
    );
    check("both are wrong", &pod("Shop", "Api", "null"), &["PIB410", "PIB410"]);
    check(
        "a namespace of 64 letters",
        &pod(&"a".repeat(64), "api", "null"),
        &["PIB410"],
    );
}

fn fargate(selectors: &str, mode: &str) -> String {
    format!(
        r#"{{"clusters":[{{"arn":"arn:aws:eks:eu-west-1:111122223333:cluster/main","fargate_profiles":[{{"name":"f","selectors":[{selectors}]}}]}}],
            "pods":[{{"namespace":"shop","service_account":"api","mode":{mode}}}]}}"#
    )
}

#[test]
fn fargate_takes_pods_by_namespace_and_labels() {
    let pod_identity = r#""pod_identity""#;
    check(
        "another namespace",
        &fargate(r#"{"namespace":"shops"}"#, pod_identity),
        &[],
    );
    check(
        "IRSA works on Fargate",
        &fargate(r#"{"namespace":"shop"}"#, r#""irsa""#),
        &[],
    );
    check(
        "nobody knows the mode",
        &fargate(r#"{"namespace":"shop"}"#, "null"),
        &[],
    );
    check(
        "a pattern",
        &fargate(r#"{"namespace":"sh?p*"}"#, pod_identity),
        &["PIB415"],
    );
    check(
        "labels",
        &fargate(r#"{"namespace":"shop","labels":{"a":"b"}}"#, pod_identity),
        &["PIB416"],
    );
    check(
        "one with labels, one without",
        &fargate(
            r#"{"namespace":"shop","labels":{"a":"b"}},{"namespace":"shop"}"#,
            pod_identity,
        ),
        &["PIB415"],
    );
    check(
        "both ways",
        &fargate(r#"{"namespace":"shop"}"#, r#""dual""#),
        &["PIB416"],
    );
}

#[test]
fn session_policies() {
    let policy = |text: &str| {
        format!(
            r#"{{"session_tags":false,"session_policy":"{}"}}"#,
            text.replace('\\', "\\\\").replace('"', "\\\"")
        )
    };
    let of = |resources: usize| {
        format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":"s3:GetObject","Resource":"{}"}}]}}"#,
            "a".repeat(resources)
        )
    };
    let most = 2048 - of(0).len();
    check("as long as may be", &policy(&of(most)), &[]);
    check("one too many", &policy(&of(most + 1)), &["PIB417"]);
    check(
        "two bytes are one character",
        &policy(&of(most - 1).replace("aaa", "äaa")),
        &[],
    );
    check("no JSON", &policy("{"), &["PIB418"]);
    check(
        "no resource",
        &policy(r#"{"Statement":{"Effect":"Allow","Action":"*"}}"#),
        &["PIB418"],
    );
    check(
        "nothing is allowed",
        &policy(r#"{"Statement":{"Effect":"Deny","Action":"*","Resource":"*"}}"#),
        &["PIB419"],
    );
    check(
        "with tags that nobody knows of",
        &policy(&of(1)).replace(r#""session_tags":false,"#, ""),
        &[],
    );
}

#[test]
fn chains() {
    let chained = |more: &str, action: &str| {
        let trust = format!(r#"{{"Statement":[{}]}}"#, allow("111122223333", action, "{}")).replace('"', "\\\"");
        format!(r#"{{{ROLE},{more},"chained_roles":{{"arn:aws:iam::444455556666:role/data":"{trust}"}}}}"#)
    };
    let tags = r#""session_tags":true"#;
    check("tags go along", &chained(tags, r#""sts:AssumeRole""#), &["PIB408"]);
    check(
        "tags may go along",
        &chained(tags, r#"["sts:AssumeRole","sts:Tag*"]"#),
        &[],
    );
    check(
        "no tags",
        &chained(r#""session_tags":false"#, r#""sts:AssumeRole""#),
        &[],
    );
    check(
        "IRSA has no tags",
        &chained(
            &format!(r#"{tags},"pods":[{{"namespace":"shop","service_account":"api","mode":"irsa"}}]"#),
            r#""sts:AssumeRole""#,
        ),
        &[],
    );
    let permissions = |action: &str| {
        let policy =
            format!(r#"{{"Statement":[{{"Effect":"Allow","Action":{action},"Resource":"*"}}]}}"#).replace('"', "\\\"");
        format!(r#"{{{tags},"permissions":{{"chain":"{policy}","read":"{policy}"}}}}"#)
    };
    check("no tagging", &permissions(r#""sts:AssumeRole""#), &["PIB409"]);
    check("everything", &permissions(r#""*""#), &[]);
    check("no chaining", &permissions(r#""s3:GetObject""#), &[]);
}

#[test]
fn a_cluster_is_asked_what_associations_need() {
    let cluster = |mode: &str, more: &str| {
        format!(
            r#"{{"clusters":[{{"arn":"arn:aws:eks:eu-west-1:111122223333:cluster/main"{more}}}],"pods":[{{"namespace":"shop","service_account":"api","mode":"{mode}"}}]}}"#
        )
    };
    for (more, expected) in [
        ("", &[][..]),
        (r#","pod_identity_agent":true"#, &[]),
        (r#","pod_identity_agent":false"#, &["PIB424"]),
        (r#","refused_node_role_arns":["a","b"]"#, &["PIB425", "PIB425"]),
        (r#","version":"1.23","platform_version":"eks.99""#, &["PIB426"]),
        (r#","version":"1.24","platform_version":"eks.12""#, &["PIB426"]),
        (r#","version":"1.24","platform_version":"eks.13""#, &[]),
        (r#","version":"1.28","platform_version":"eks.3""#, &["PIB426"]),
        (r#","version":"1.29","platform_version":"eks.1""#, &[]),
        (r#","version":"1.28""#, &[]),
        (r#","version":"v1.28","platform_version":"eks.3""#, &[]),
    ] {
        check("pods with an association", &cluster("pod_identity", more), expected);
        check("both ways", &cluster("dual", more), expected);
        check("no association", &cluster("irsa", more), &[]);
    }
}

#[test]
fn others_and_limits() {
    check(
        "each writer by itself",
        r#"{"terraform_roles":["aws_iam_role.a"],"cloudformation_stacks":["iam"]}"#,
        &["PIB420", "PIB420"],
    );
    let count = |count: u32| {
        format!(
            r#"{{"clusters":[{{"arn":"arn:aws:eks:eu-west-1:111122223333:cluster/main","association_count":{count}}}]}}"#
        )
    };
    check("enough room", &count(4499), &[]);
    check("nine tenths", &count(4500), &["PIB421"]);
    for (arn, expected) in [
        ("arn:aws-cn:iam::111122223333:role/api", &[][..]),
        ("arn:aws-us-gov:iam::111122223333:role/api", &[]),
        ("arn:aws-eusc:iam::111122223333:role/api", &["PIB422"]),
    ] {
        check("partition", &format!(r#"{{"role_arn":"{arn}"}}"#), expected);
    }
}

use super::{codes, found, one_in, statements};

const SCOPE: &str = r#""aws:RequestTag/eks-cluster-arn":"arn:aws:eks:eu-west-1:111122223333:cluster/main","aws:RequestTag/kubernetes-namespace":"shop","aws:RequestTag/kubernetes-service-account":"api""#;

/// A statement for EKS Pod Identity, under these conditions. `SCOPE` stands for cluster, namespace and service account.
fn with(conditions: &str) -> String {
    format!(
        r#""Principal":{{"Service":"pods.eks.amazonaws.com"}},"Action":["sts:AssumeRole","sts:TagSession"],"Condition":{}"#,
        conditions.replace("SCOPE", SCOPE)
    )
}

#[track_caller]
fn check(why: &str, conditions: &str, context: &str, expected: &[&str]) {
    assert_eq!(
        one_in(&with(conditions), context),
        expected,
        "{why}: {conditions} in {context}"
    );
}

/// Conditions that look like mistakes and are none.
#[test]
fn near_misses() {
    for (why, conditions) in [
        (
            "keys and tag names are compared whatever their case",
            r#"{"StringEquals":{"AWS:requesttag/EKS-cluster-arn":"arn:aws:eks:eu-west-1:111122223333:cluster/main","aws:RequestTag/Kubernetes-Namespace":"shop"}}"#,
        ),
        (
            "a whole cluster is said to be meant",
            r#"{"StringEquals":{"aws:RequestTag/eks-cluster-arn":"arn:aws:eks:eu-west-1:111122223333:cluster/main"}}"#,
        ),
        (
            "a pattern under the operator that knows patterns",
            r#"{"StringLike":{"aws:RequestTag/eks-cluster-arn":"arn:aws:eks:*:111122223333:cluster/prod-*","aws:RequestTag/kubernetes-namespace":"shop-*"}}"#,
        ),
        (
            "an ARN operator knows patterns",
            r#"{"ArnLike":{"aws:RequestTag/eks-cluster-arn":"arn:aws:eks:*:111122223333:cluster/main"},"StringEquals":{"aws:RequestTag/kubernetes-namespace":"shop"}}"#,
        ),
        (
            "the name of the cluster beside its ARN",
            r#"{"StringEquals":{SCOPE,"aws:RequestTag/eks-cluster-name":"main"}}"#,
        ),
        (
            "the pod of a StatefulSet keeps its name",
            r#"{"StringEquals":{SCOPE,"aws:RequestTag/kubernetes-pod-name":["db-0","db-1"]}}"#,
        ),
        (
            "a pod whose name ends in a word",
            r#"{"StringEquals":{SCOPE,"aws:RequestTag/kubernetes-pod-name":["api-small","batch-20261"]}}"#,
        ),
        (
            "all pods of a workload by pattern",
            r#"{"StringEquals":{SCOPE},"StringLike":{"aws:RequestTag/kubernetes-pod-name":"api-*"}}"#,
        ),
        (
            "all six tags are allowed",
            r#"{"StringEquals":{SCOPE},"ForAllValues:StringEquals":{"aws:TagKeys":["eks-cluster-arn","eks-cluster-name","kubernetes-namespace","kubernetes-service-account","kubernetes-pod-name","kubernetes-pod-uid"]}}"#,
        ),
        (
            "tags are allowed by pattern",
            r#"{"StringEquals":{SCOPE},"ForAllValues:StringLike":{"aws:TagKeys":["eks-*","kubernetes-*"]}}"#,
        ),
        (
            "an account beside the pod",
            r#"{"StringEquals":{SCOPE,"aws:SourceAccount":"111122223333"}}"#,
        ),
        (
            "the organization of the role",
            r#"{"StringEquals":{SCOPE,"aws:SourceOrgID":"${aws:ResourceOrgID}"}}"#,
        ),
        (
            "several clusters and namespaces",
            r#"{"StringEquals":{"aws:RequestTag/eks-cluster-arn":["arn:aws:eks:eu-west-1:111122223333:cluster/a","arn:aws:eks:eu-west-1:111122223333:cluster/b"],"aws:RequestTag/kubernetes-namespace":["shop","store"]}}"#,
        ),
        (
            "a service account with dots",
            r#"{"StringEquals":{"aws:RequestTag/eks-cluster-arn":"arn:aws:eks:eu-west-1:111122223333:cluster/main","aws:RequestTag/kubernetes-namespace":"shop","aws:RequestTag/kubernetes-service-account":"api.v2"}}"#,
        ),
        (
            "the partition of the region",
            r#"{"StringEquals":{"aws:RequestTag/eks-cluster-arn":["arn:aws-cn:eks:cn-north-1:111122223333:cluster/main","arn:aws-us-gov:eks:us-gov-west-1:111122223333:cluster/main"]}}"#,
        ),
        (
            "all namespaces but some",
            r#"{"StringEquals":{"aws:RequestTag/eks-cluster-arn":"arn:aws:eks:eu-west-1:111122223333:cluster/main"},"StringNotEquals":{"aws:RequestTag/kubernetes-namespace":["kube-system","default"]}}"#,
        ),
    ] {
        check(why, conditions, "", &[]);
    }
}

#[test]
fn what_surrounds_a_policy_decides() {
    let role = r#"{"role_arn":"arn:aws:iam::111122223333:role/api"}"#;
    check(
        "the account of the role",
        r#"{"StringEquals":{SCOPE,"aws:SourceAccount":"111122223333"}}"#,
        role,
        &[],
    );
    check(
        "the account of the role is one of several",
        r#"{"StringEquals":{SCOPE,"aws:SourceAccount":["111122223333","444455556666"]}}"#,
        role,
        &[],
    );
    check(
        "a variable may be anything",
        r#"{"StringEquals":{SCOPE,"aws:SourceAccount":"${aws:ResourceAccount}"}}"#,
        role,
        &[],
    );
    check(
        "another account",
        r#"{"StringEquals":{SCOPE,"aws:SourceAccount":"444455556666"}}"#,
        role,
        &["PIB213"],
    );
    check(
        "nobody knows the account",
        r#"{"StringEquals":{SCOPE,"aws:SourceAccount":"444455556666"}}"#,
        "",
        &[],
    );
    check(
        "tags are on",
        r#"{"StringEquals":{SCOPE}}"#,
        r#"{"session_tags":true}"#,
        &[],
    );
    check(
        "tags are off",
        r#"{"StringEquals":{SCOPE}}"#,
        r#"{"session_tags":false}"#,
        &["PIB208"; 1],
    );
    let associations = |all: &[bool]| {
        let all: Vec<String> = all
            .iter()
            .enumerate()
            .map(|(number, tags)| {
                format!(
                    r#"{{"arn":"arn:aws:eks:eu-west-1:111122223333:podidentityassociation/main/a-{number}","session_tags":{tags}}}"#
                )
            })
            .collect();
        format!(r#"{{"associations":[{}]}}"#, all.join(","))
    };
    check(
        "no association sends tags",
        r#"{"StringEquals":{SCOPE}}"#,
        &associations(&[false, false]),
        &["PIB208"],
    );
    check(
        "one sends tags",
        r#"{"StringEquals":{SCOPE}}"#,
        &associations(&[false, true]),
        &[],
    );
    let passes = with(
        r#"{"StringEqualsIfExists":{SCOPE},"StringEquals":{"aws:SourceArn":"arn:aws:eks:eu-west-1:111122223333:cluster/main"}}"#,
    );
    assert!(
        !one_in(&passes, r#"{"session_tags":false}"#).contains(&"PIB208"),
        "tags are off, and missing ones pass"
    );
    check(
        "the cluster that is meant, in capital letters of a pattern",
        r#"{"StringEqualsIgnoreCase":{"aws:RequestTag/eks-cluster-arn":"arn:aws:eks:eu-west-1:111122223333:cluster/Main"}}"#,
        r#"{"clusters":[{"arn":"arn:aws:eks:eu-west-1:111122223333:cluster/main"}]}"#,
        &[],
    );
    check(
        "pods get the role by IRSA, whatever the statement for Pod Identity says",
        r#"{"StringEquals":{SCOPE}}"#,
        r#"{"clusters":[{"arn":"arn:aws:eks:eu-west-1:111122223333:cluster/other"}],"pods":[{"namespace":"shop","service_account":"api","mode":"irsa"}]}"#,
        &[],
    );
    check(
        "an IRSA role may be in another account than the cluster",
        r#"{"StringEquals":{SCOPE}}"#,
        r#"{"role_arn":"arn:aws:iam::444455556666:role/api","pods":[{"namespace":"shop","service_account":"api","mode":"irsa"}]}"#,
        &[],
    );
}

#[test]
fn mistakes_in_other_spellings() {
    check(
        "only the organization",
        r#"{"StringEquals":{"aws:SourceOrgID":"o-example1234"}}"#,
        "",
        &["PIB203"],
    );
    check(
        "any namespace is none",
        r#"{"StringLike":{"aws:RequestTag/kubernetes-namespace":"*"}}"#,
        "",
        &["PIB203", "PIB205"],
    );
    check(
        "a cluster named by an ARN where its name belongs",
        r#"{"StringEquals":{SCOPE,"aws:RequestTag/eks-cluster-name":"arn:aws:eks:eu-west-1:111122223333:cluster/main"}}"#,
        "",
        &["PIB215"],
    );
    check(
        "the partition of another region",
        r#"{"StringEquals":{"aws:RequestTag/eks-cluster-arn":"arn:aws:eks:cn-north-1:111122223333:cluster/main"}}"#,
        "",
        &["PIB215"],
    );
    check(
        "a uid",
        r#"{"StringEquals":{SCOPE,"aws:RequestTag/kubernetes-pod-uid":"0b1c2d3e-4f50-4a6b-8c7d-9e0f1a2b3c4d"}}"#,
        "",
        &["PIB216"],
    );
    check(
        "an IRSA subject",
        r#"{"StringEquals":{"aws:RequestTag/eks-cluster-arn":"arn:aws:eks:eu-west-1:111122223333:cluster/main","aws:RequestTag/kubernetes-namespace":"shop","aws:RequestTag/kubernetes-service-account":["api","Shop_API"]}}"#,
        "",
        &["PIB215"],
    );
    for name in [
        "eks-cluster",
        "clusterArn",
        "namespace",
        "service-account",
        "pod",
        "team",
    ] {
        check(
            "not among the six",
            &format!(r#"{{"StringEquals":{{SCOPE,"aws:RequestTag/{name}":"x"}}}}"#),
            "",
            &["PIB210"],
        );
    }
}

#[test]
fn what_a_misspelt_principal_will_let_in_is_not_said_to_be_let_in_now() {
    let text = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"SERVICE"},"Action":["sts:AssumeRole","sts:TagSession"]}]}"#;
    let details = |service: &str| -> Vec<String> {
        let found = found(&text.replace("SERVICE", service), "");
        let open = found.into_iter().filter(|one| one.rule.code == "PIB203");
        open.map(|one| one.detail).collect()
    };
    assert!(details("pods.eks.amazonaws.com")[0].starts_with("The statement has no condition, so every association"));
    assert!(
        details("pod.eks.amazonaws.com")[0]
            .starts_with("Once its principal is spelt right, the statement has no condition")
    );
}

#[test]
fn service_principals() {
    for (name, action, expected) in [
        (
            "pod.eks.amazonaws.com",
            r#"["sts:AssumeRole","sts:TagSession"]"#,
            &["PIB214"][..],
        ),
        (
            "eks-pods.amazonaws.com",
            r#"["sts:AssumeRole","sts:TagSession"]"#,
            &["PIB214"],
        ),
        (
            "pods.eks.amazonaws.com.cn",
            r#"["sts:AssumeRole","sts:TagSession"]"#,
            &["PIB214"],
        ),
        (
            "eks.amazonaws.com",
            r#"["sts:AssumeRole","sts:TagSession"]"#,
            &["PIB214"],
        ),
        // Nodes on Fargate, and services with similar names.
        ("eks-fargate-pods.amazonaws.com", r#""sts:AssumeRole""#, &[]),
        ("eks-nodegroup.amazonaws.com", r#""sts:AssumeRole""#, &[]),
    ] {
        let conditions = if expected.is_empty() {
            r#"{"StringEquals":{"aws:SourceAccount":"111122223333"}}"#.to_owned()
        } else {
            format!(r#"{{"StringEquals":{{{SCOPE}}}}}"#)
        };
        let elements = format!(r#""Principal":{{"Service":"{name}"}},"Action":{action},"Condition":{conditions}"#);
        let found = one_in(&elements, "");
        let of_pods: Vec<&str> = found.into_iter().filter(|code| code.starts_with("PIB2")).collect();
        assert_eq!(of_pods, expected, "{name}");
    }
    let cluster_role = r#""Principal":{"Service":"eks.amazonaws.com"},"Action":["sts:AssumeRole","sts:TagSession"]"#;
    assert_eq!(
        one_in(cluster_role, ""),
        Vec::<&str>::new(),
        "the role of an Auto Mode cluster"
    );
}

/// What is found in the two statements, of which each allows one action under its conditions.
#[track_caller]
fn two(assume: &str, tag: &str, context: &str) -> Vec<&'static str> {
    let statement = |action: &str, conditions: &str| {
        format!(
            r#"{{"Effect":"Allow","Principal":{{"Service":"pods.eks.amazonaws.com"}},"Action":"{action}","Condition":{}}}"#,
            conditions.replace("SCOPE", SCOPE)
        )
    };
    let text = statements(&format!(
        "{},{}",
        statement("sts:AssumeRole", assume),
        statement("sts:TagSession", tag)
    ));
    codes(&found(&text, context))
}

#[test]
fn the_two_actions_may_stand_apart() {
    let scoped = r#"{"StringEquals":{SCOPE}}"#;
    assert_eq!(two(scoped, scoped, ""), Vec::<&str>::new());
    assert_eq!(two(scoped, "{}", ""), Vec::<&str>::new(), "tagging alone gives nothing");
    let like = r#"{"StringLike":{"aws:RequestTag/kubernetes-namespace":"sh*"}}"#;
    assert_eq!(
        two(scoped, like, ""),
        Vec::<&str>::new(),
        "the pattern takes the namespace in"
    );
    let other = r#"{"StringLike":{"aws:RequestTag/kubernetes-namespace":"st*"}}"#;
    assert_eq!(two(scoped, other, ""), ["PIB217"]);
    assert_eq!(two("{}", scoped, ""), ["PIB218"]);
    assert_eq!(two("{}", scoped, r#"{"session_tags":false}"#), ["PIB204"]);
    assert_eq!(two("{}", "{}", ""), ["PIB203"]);
}

#[test]
fn what_another_statement_says_counts() {
    let pods = r#"{"Effect":"Allow","Principal":{"Service":"pods.eks.amazonaws.com"},"Action":["sts:AssumeRole","sts:TagSession"]}"#;
    let of_pods = |all: String| -> Vec<&'static str> {
        let found = found(&statements(&all), "");
        codes(&found)
            .into_iter()
            .filter(|code| code.starts_with("PIB2"))
            .collect()
    };
    assert_eq!(of_pods(pods.to_owned()), ["PIB203"]);
    let deny = r#"{"Effect":"Deny","Principal":{"Service":"pods.eks.amazonaws.com"},"Action":"sts:AssumeRole","Condition":{"StringNotEquals":{"aws:RequestTag/kubernetes-namespace":"shop"}}}"#;
    assert_eq!(
        of_pods(format!("{pods},{deny}")),
        Vec::<&str>::new(),
        "a Deny narrows it"
    );
    for action in [r#""sts:*""#, r#""*""#, r#"["STS:assumerole","sts:Tag*"]"#] {
        let all = format!(
            r#"{{"Effect":"Allow","Principal":{{"Service":"pods.eks.amazonaws.com"}},"Action":{action},"Condition":{{"StringEquals":{{{SCOPE}}}}}}}"#
        );
        assert_eq!(of_pods(all), Vec::<&str>::new(), "{action}");
    }
    let no_tags = r#"{"Effect":"Allow","Principal":{"Service":"pods.eks.amazonaws.com"},"Action":"sts:AssumeRole","Condition":{"StringEquals":{"aws:SourceAccount":"111122223333"}}}"#;
    let context = r#"{"session_tags":false}"#;
    let found = codes(&found(&statements(no_tags), context));
    assert_eq!(found, ["PIB204"], "without tags nobody asks for sts:TagSession");
}

#[test]
fn many_statements_for_tagging_are_looked_at_once() {
    let statement = |action: &str, namespace: usize| {
        format!(
            r#"{{"Effect":"Allow","Principal":{{"Service":"pods.eks.amazonaws.com"}},"Action":"{action}","Condition":{{"StringEquals":{{"aws:RequestTag/eks-cluster-arn":"arn:aws:eks:eu-west-1:111122223333:cluster/main","aws:RequestTag/kubernetes-namespace":"n{namespace}"}}}}}}"#
        )
    };
    let all: Vec<String> = (0..400)
        .map(|number| {
            statement(
                if number % 2 == 0 {
                    "sts:AssumeRole"
                } else {
                    "sts:TagSession"
                },
                number,
            )
        })
        .collect();
    let found = codes(&found(&statements(&all.join(",")), ""));
    assert!(
        !found.contains(&"PIB201") && !found.contains(&"PIB217"),
        "so many cannot be compared, and nothing is said of them"
    );
}

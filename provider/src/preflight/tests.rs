//! What bindings and the data source are told about a cluster.

use tfmodel::Value;
use tfplugin_testing::core::State;

use crate::cloud::fake::FakeRole;
use crate::cloud::{ClusterRef, FargateProfile, FargateSelector, Problem, Role, Tags};
use crate::lab::{Lab, owned, text};

const READS: [&str; 3] = ["DescribeAddon", "ListNodegroups", "ListFargateProfiles"];
const NODES: &str = "arn:aws:iam::111122223333:role/nodes";

fn demo() -> ClusterRef {
    ClusterRef {
        region: "us-west-2".to_owned(),
        name: "demo".to_owned(),
    }
}

/// Nodes whose role has these managed policies and this inline one.
fn add_nodes(lab: &Lab, attached: &[&str], inline: &str) {
    let role = Role {
        name: "nodes".to_owned(),
        arn: NODES.to_owned(),
        path: "/".to_owned(),
        unique_id: "AROA1".to_owned(),
        description: None,
        permissions_boundary: None,
        max_session_duration: None,
        trust_policy: "{}".to_owned(),
        created: None,
        last_used: None,
        tags: Tags::new(),
    };
    let inline = (!inline.is_empty()).then(|| ("inline".to_owned(), policy(inline)));
    let nodes = FakeRole {
        role,
        attached: attached.iter().map(|&arn| arn.to_owned()).collect(),
        inline: inline.into_iter().collect(),
        stale_trust: Vec::new(),
    };
    lab.aws.account(|account| {
        account.roles.insert("nodes".to_owned(), nodes);
        account.node_roles.insert(demo(), vec![NODES.to_owned()]);
    });
}

fn policy(statements: &str) -> String {
    format!(r#"{{"Version": "2012-10-17", "Statement": [{statements}]}}"#)
}

/// What the data source says of the role of the nodes.
async fn allows(lab: &Lab) -> Value {
    let clusters = lab.core.data_source("pod_identity_cluster").unwrap();
    let config = clusters.config(r#"{"name": "demo"}"#).unwrap();
    let read = clusters.read(&config).await.unwrap();
    let roles = read.get("node_roles").unwrap().children();
    roles[0].get("allows_pod_identity").unwrap().clone()
}

#[tokio::test]
async fn the_policies_of_a_node_role_say_whether_the_agent_can_use_it() {
    const OWN: &str = "arn:aws:iam::111122223333:policy/own";
    const ALLOW: &str = r#"{"Effect": "Allow", "Action": "eks-auth:*", "Resource": "*"}"#;
    const DENY: &str = r#"{"Effect": "Deny", "Action": "eks-auth:AssumeRoleForPodIdentity", "Resource": "*"}"#;
    const MAYBE: &str = r#"{"Effect": "Allow", "Action": "eks-auth:*", "Resource": "*", "Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}}"#;
    const OTHER: &str = r#"{"Effect": "Allow", "Action": "ec2:*", "Resource": "*"}"#;
    const ELSEWHERE: &str = r#"{"Effect": "Allow", "Action": "eks-auth:*", "Resource": "arn:aws:eks:us-west-2:111122223333:cluster/other"}"#;
    let (yes, no, unknown) = (Value::bool(true), Value::bool(false), Value::Null);
    for (attached, inline, own, expected) in [
        (&["arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy"][..], "", "", &yes),
        (
            &["arn:aws-cn:iam::aws:policy/AmazonEKSWorkerNodeMinimalPolicy"],
            "",
            "",
            &yes,
        ),
        (&[], ALLOW, "", &yes),
        (&[], "", "", &no),
        (&[], OTHER, "", &no),
        (&[], ELSEWHERE, "", &no),
        (&[], MAYBE, "", &unknown),
        (&[OWN], "", ALLOW, &yes),
        (&[OWN], ALLOW, DENY, &no),
        (&[OWN], "", OTHER, &no),
        // One that cannot be read may allow it.
        (&[OWN], "", "", &unknown),
        (&[OWN], ALLOW, "", &yes),
    ] {
        let lab = Lab::new().await;
        add_nodes(&lab, attached, inline);
        if !own.is_empty() {
            lab.aws
                .account(|account| account.policies.insert(OWN.to_owned(), policy(own)));
        }
        assert_eq!(&allows(&lab).await, expected, "{attached:?} {inline} {own}");
    }
}

#[tokio::test]
async fn the_data_source_says_what_keeps_pods_from_their_credentials() {
    let lab = Lab::new().await;
    add_nodes(&lab, &[], "");
    lab.aws.account(|account| {
        account.addons.clear();
        let selector = FargateSelector {
            namespace: "shop".to_owned(),
            labels: [("compute".to_owned(), "fargate".to_owned())].into(),
        };
        let profile = FargateProfile {
            name: "shop".to_owned(),
            selectors: vec![selector],
        };
        account.fargate_profiles.insert(demo(), vec![profile]);
        let cluster = account.clusters.get_mut(&demo()).unwrap();
        cluster.version = Some("1.28".to_owned());
        cluster.platform_version = Some("eks.3".to_owned());
    });
    let clusters = lab.core.data_source("pod_identity_cluster").unwrap();
    let config = clusters.config(r#"{"name": "demo"}"#).unwrap();
    let read = clusters.read(&config).await.unwrap();
    let codes: Vec<&str> = read
        .get("findings")
        .unwrap()
        .children()
        .iter()
        .map(|finding| finding.get("code").and_then(|code| code.as_str()).unwrap())
        .collect();
    assert_eq!(codes, ["PIB424", "PIB425", "PIB426"]);
    let profiles = read.get("fargate_profiles").unwrap().children();
    let selectors = profiles[0].get("selectors").unwrap().children();
    assert_eq!(selectors[0].get("namespace").unwrap().as_str(), Some("shop"));
    assert_eq!(read.get("association_count"), Some(&Value::number(0)));

    lab.aws.account(|account| {
        account.clusters.get_mut(&demo()).unwrap().auto_mode = Some(true);
    });
    let read = clusters.read(&config).await.unwrap();
    assert_eq!(
        read.get("findings").unwrap().children().len(),
        2,
        "the agent is built in"
    );
}

#[tokio::test]
async fn many_bindings_of_a_cluster_cost_one_look_at_it() {
    let lab = Lab::new().await;
    let configs: Vec<Value> = (0..20)
        .map(|number| {
            let json = format!(
                r#"{{"cluster_name": "demo", "namespace": "shop", "service_account": "s{number}", "role": {{"name": "r{number}"}}}}"#
            );
            lab.bindings.config(&json).unwrap()
        })
        .collect();
    let nothing = State::default();
    for pair in configs.chunks(2) {
        let (one, other) = tokio::join!(
            lab.bindings.plan(&nothing, &pair[0]),
            lab.bindings.plan(&nothing, &pair[1])
        );
        assert!(one.unwrap().warnings.is_empty() && other.unwrap().warnings.is_empty());
    }
    let reads = lab.aws.account(|account| account.reads.clone());
    for read in READS {
        assert_eq!(reads.iter().filter(|one| **one == read).count(), 1, "{read}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_missing_is_looked_for_again_after_a_while() {
    let lab = Lab::new().await;
    lab.aws.account(|account| account.addons.clear());
    let config = lab.binding(&owned("pod_identity"));
    let plan = async || lab.bindings.plan(&State::default(), &config).await.unwrap().warnings;
    assert!(text(&plan().await).starts_with("PIB424: Cluster has no EKS Pod Identity agent"));
    lab.aws.account(|account| account.add_agent("demo"));
    assert!(!plan().await.is_empty(), "it was looked for just now");
    tokio::time::sleep(super::BAD_NEWS).await;
    assert!(plan().await.is_empty());
}

#[tokio::test]
async fn the_agent_that_this_process_installs_is_seen_at_once() {
    let lab = Lab::new().await;
    lab.aws.account(|account| account.addons.clear());
    let config = lab.binding(&owned("pod_identity"));
    let plan = async || lab.bindings.plan(&State::default(), &config).await.unwrap().warnings;
    assert!(!plan().await.is_empty());
    let agents = lab.core.resource("pod_identity_agent").unwrap();
    let agent = agents.config(r#"{"cluster_name": "demo"}"#).unwrap();
    agents.converge(&State::default(), &agent).await.unwrap();
    assert!(plan().await.is_empty());
}

#[tokio::test]
async fn going_from_irsa_to_an_association_that_cannot_work_is_stopped() {
    let lab = Lab::new().await;
    let state = lab.made(&owned("irsa")).await;
    lab.aws.account(|account| account.addons.clear());
    let told = text(
        &lab.bindings
            .plan(&state, &lab.binding(&owned("dual")))
            .await
            .unwrap_err(),
    );
    assert!(
        told.starts_with("PIB424: Cluster has no EKS Pod Identity agent"),
        "{told}"
    );
    assert!(told.contains("add `PIB424` to `skip_preflight`"), "{told}");
    for code in ["PIB424", "missing-agent"] {
        let skipping = format!(r#"{}, "skip_preflight": ["{code}"]"#, owned("dual"));
        let plan = lab.bindings.plan(&state, &lab.binding(&skipping)).await.unwrap();
        assert!(
            text(&plan.warnings).starts_with("PIB424: Cluster has no EKS Pod Identity agent"),
            "{:?}",
            plan.warnings
        );
    }
    let unknown = format!(r#"{}, "skip_preflight": ["PIB101"]"#, owned("dual"));
    let told = text(&lab.bindings.validate(&lab.binding(&unknown)).await);
    assert!(
        told.contains("`PIB415` (fargate)") && told.contains("`PIB425` (node-permission)"),
        "{told}"
    );
}

#[tokio::test]
async fn an_agent_that_the_same_apply_was_to_make_is_looked_for_once_the_association_is_made() {
    for makes_it in [false, true] {
        let lab = Lab::new().await;
        let state = lab.made(&owned("irsa")).await;
        lab.aws.account(|account| account.addons.clear());
        let told = lab.refusal(&state, &owned("dual")).await;
        assert!(
            told.contains("`-target`") && told.contains(r#"`skip_preflight = ["PIB424"]`"#),
            "{told}"
        );
        let skipping = format!(r#"{}, "skip_preflight": ["PIB424"]"#, owned("dual"));
        let plan = lab.bindings.plan(&state, &lab.binding(&skipping)).await.unwrap();
        if makes_it {
            lab.aws.account(|account| account.add_agent("demo"));
        }
        let applied = lab.bindings.apply(&plan).await.unwrap();
        let told = text(&applied.diagnostics);
        let says_so = told.contains("the cluster has no EKS Pod Identity agent");
        assert_eq!(says_so, !makes_it, "{told}");
        applied.success().unwrap();
    }
}

#[tokio::test]
async fn what_may_not_be_read_is_one_quiet_warning_and_what_no_server_knows_is_none() {
    let lab = Lab::new().await;
    let state = lab.made(&owned("irsa")).await;
    lab.aws.fail(
        "ListFargateProfiles",
        Problem::NoSuchOperation,
        "InvalidRequestException",
    );
    lab.aws
        .fail("DescribeAddon", Problem::AccessDenied, "AccessDeniedException");
    lab.aws
        .fail("ListNodegroups", Problem::AccessDenied, "AccessDeniedException");
    let plan = lab.bindings.plan(&state, &lab.binding(&owned("dual"))).await.unwrap();
    let told = text(&plan.warnings);
    assert_eq!(plan.warnings.iter().count(), 1, "{told}");
    assert!(
        told.contains(":DescribeAddon`, ") && told.contains(":ListNodegroups`"),
        "{told}"
    );
}

#[tokio::test]
async fn irsa_asks_for_none_of_it() {
    let lab = Lab::new().await;
    lab.made(&owned("irsa")).await;
    let reads = lab.aws.account(|account| account.reads.clone());
    assert!(READS.iter().all(|read| !reads.contains(read)), "{reads:?}");
}

#[tokio::test]
async fn a_binding_that_has_its_association_is_not_looked_at_again() {
    let lab = Lab::new().await;
    let state = lab.made(&owned("pod_identity")).await;
    lab.aws.account(|account| account.addons.clear());
    lab.aws.account(|account| account.reads.clear());
    let changed = format!(r#"{}, "tags": {{"stage": "test"}}"#, owned("pod_identity"));
    let plan = lab.bindings.plan(&state, &lab.binding(&changed)).await.unwrap();
    assert!(plan.warnings.is_empty(), "{:?}", plan.warnings);
    let reads = lab.aws.account(|account| account.reads.clone());
    assert!(READS.iter().all(|read| !reads.contains(read)), "{reads:?}");
}

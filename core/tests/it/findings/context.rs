use pod_identity_core::binding::Mode;
use pod_identity_core::findings::{Surroundings, Writer};
use tfmodel::Value;

const WHOLE: &str = r#"{
  "role_arn": "arn:aws:iam::111122223333:role/api",
  "account_id": "111122223333",
  "partition": "aws",
  "clusters": [{
    "arn": "arn:aws:eks:eu-west-1:111122223333:cluster/main",
    "oidc_issuer": "https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE",
    "fargate_profiles": [{"name": "web", "selectors": [{"namespace": "shop"}, {"namespace": "x-*", "labels": {"a": "b"}}]}],
    "association_count": 12
  }],
  "pods": [{"namespace": "shop", "service_account": "api", "mode": "dual", "annotated_role_arn": "arn:aws:iam::111122223333:role/api"}],
  "session_tags": "true",
  "session_policy": "{}",
  "target_role_arn": "arn:aws:iam::444455556666:role/target",
  "target_trust_policy": "{\"Statement\":[]}",
  "associations": {"arn": "arn:aws:eks:eu-west-1:111122223333:podidentityassociation/main/a-abc123", "session_tags": false},
  "permissions": {"inline": "{\"Statement\":[]}"},
  "chained_roles": {"arn:aws:iam::444455556666:role/other": "{\"Statement\":[]}"},
  "terraform_roles": ["aws_iam_role.api"],
  "cloudformation_stacks": "roles",
  "trust_policy_quota": 4096
}"#;

#[test]
fn everything_that_can_be_said_is_read() {
    let around = Surroundings::from_json(WHOLE).unwrap();
    let cluster = &around.clusters[0];
    assert_eq!(cluster.arn.name.as_str(), "main");
    assert_eq!(
        cluster.issuer.as_ref().unwrap().as_str(),
        "oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE"
    );
    let selectors = &cluster.fargate.as_ref().unwrap()[0].selectors;
    assert_eq!(selectors, &[("shop".to_owned(), false), ("x-*".to_owned(), true)]);
    assert_eq!(cluster.association_count, Some(12));
    assert_eq!(around.pods[0].mode, Some(Mode::Dual));
    assert_eq!(around.pods[0].annotation, around.role);
    assert_eq!(around.session_tags, Some(true));
    assert!(around.target_trust.is_some() && around.session_policy.is_some());
    assert!(!around.associations[0].session_tags && around.associations[0].owner.is_none());
    assert_eq!((around.permissions.len(), around.chained.len()), (1, 1));
    assert_eq!(
        around.writers,
        [
            Writer::Terraform("aws_iam_role.api".to_owned()),
            Writer::CloudFormation("roles".to_owned())
        ]
    );
    assert_eq!(around.quota, Some(4096));
}

#[test]
fn nothing_said_is_nothing_known() {
    for text in ["", "{}", "null"] {
        assert_eq!(
            Surroundings::from_json(text).unwrap(),
            Surroundings::default(),
            "{text}"
        );
    }
    assert_eq!(
        Surroundings::from_value(&Value::unknown()).unwrap(),
        Surroundings::default()
    );
}

#[test]
fn what_is_unknown_is_not_known_and_a_list_only_as_a_whole() {
    let cluster = |arn: Value, issuer: Value| Value::object([("arn", arn), ("oidc_issuer", issuer)]);
    let arn = || Value::string("arn:aws:eks:eu-west-1:111122223333:cluster/main");
    let read = |clusters: Vec<Value>| {
        Surroundings::from_value(&Value::object([
            ("role_arn", Value::unknown()),
            ("account_id", Value::string("111122223333")),
            ("clusters", Value::Known(tfmodel::Datum::Tuple(clusters))),
        ]))
        .unwrap()
    };
    let around = read(vec![cluster(arn(), Value::unknown())]);
    assert!(around.role.is_none() && around.account.is_some());
    assert!(around.clusters[0].issuer.is_none());
    assert!(
        read(vec![
            cluster(arn(), Value::Null),
            cluster(Value::unknown(), Value::Null)
        ])
        .clusters
        .is_empty()
    );
    assert!(
        read(vec![cluster(arn(), Value::Null), Value::unknown()])
            .clusters
            .is_empty()
    );
}

#[test]
fn problems_name_the_place() {
    #[track_caller]
    fn check(text: &str, start: &str) {
        let problem = Surroundings::from_json(text).unwrap_err().to_string();
        assert!(problem.starts_with(start), "{problem}");
    }
    check("{", "It has to be JSON: ");
    check("[]", "It has to be an object.");
    check(
        r#"{"cluster":[]}"#,
        "`cluster`: There is no attribute `cluster` here. `clusters` may be meant.",
    );
    check(
        r#"{"clusters":[{"arn":"x"}]}"#,
        "`clusters[0].arn`: Found `x`: the ARN of an EKS cluster looks like",
    );
    check(r#"{"clusters":[{}]}"#, "`clusters[0].arn`: It is missing.");
    check(
        r#"{"pods":[{"namespace":"a"}]}"#,
        "`pods[0].service_account`: It is missing.",
    );
    check(r#"{"pods":[{"mode":"x"}]}"#, "`pods[0].mode`: ");
    check(
        r#"{"permissions":{"a":"{"}}"#,
        "`permissions[\"a\"]`: It has to be a policy document: ",
    );
    check(
        r#"{"chained_roles":{"a":"{\"Statement\":[]}"}}"#,
        "`chained_roles[\"a\"]`: Found `a`: ",
    );
    check(
        r#"{"trust_policy_quota":-1}"#,
        "`trust_policy_quota`: It cannot be negative.",
    );
}

use pod_identity_core::functions::{merge_trust_policies, policy_text, trust_policy_findings};
use tfmodel::value::Dynamic;
use tfmodel::{Datum, Path, Type, Value};

use crate::findings::Documented;

const PODS: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"pods.eks.amazonaws.com"},"Action":["sts:AssumeRole","sts:TagSession"],"Condition":{"StringEquals":{"aws:RequestTag/kubernetes-namespace":"NS"}}}]}"#;

fn pods(namespace: &str) -> String {
    PODS.replace("NS", namespace)
}

fn tuple(elements: Vec<Value>) -> Value {
    Value::Known(Datum::Tuple(elements))
}

#[test]
fn policies_of_any_shape_are_merged() {
    let text = Value::string(pods("a"));
    let binding = Value::object([("id", Value::Null), ("trust_policy", Value::string(pods("b")))]);
    let role = Value::object([("assume_role_policy", Value::string(pods("c")))]);
    let data = Value::object([("json", Value::string(pods("d")))]);
    let principal = Value::object([("Service", Value::string("pods.eks.amazonaws.com"))]);
    let object = Value::object([
        ("Version", Value::string("2012-10-17")),
        (
            "Statement",
            tuple(vec![Value::object([
                ("Sid", Value::Null),
                ("Effect", Value::string("Allow")),
                ("Principal", principal),
                (
                    "Action",
                    tuple(vec![Value::string("sts:AssumeRole"), Value::string("sts:TagSession")]),
                ),
                (
                    "Condition",
                    Value::object([(
                        "StringEquals",
                        Value::object([("aws:RequestTag/kubernetes-namespace", Value::string("e"))]),
                    )]),
                ),
            ])]),
        ),
    ]);
    let all = Value::Known(Datum::Dynamic(Box::new(Dynamic {
        ty: Type::Dynamic,
        value: tuple(vec![text, Value::Null, binding, role, data, object]),
    })));
    let merged = merge_trust_policies(&all).unwrap();
    let expected = PODS.replace(r#""NS""#, r#"["a","b","c","d","e"]"#);
    assert_eq!(merged.known(), Some(&expected));
}

#[test]
fn an_unknown_policy_makes_the_result_unknown_and_hides_no_mistake() {
    let known = Value::string(pods("a"));
    assert!(
        merge_trust_policies(&tuple(vec![known.clone(), Value::unknown()]))
            .unwrap()
            .is_unknown()
    );
    assert!(merge_trust_policies(&Value::unknown()).unwrap().is_unknown());
    let part = Value::object([("Statement", tuple(vec![Value::object([("Effect", Value::unknown())])]))]);
    assert!(merge_trust_policies(&tuple(vec![part])).unwrap().is_unknown());
    let problem = merge_trust_policies(&tuple(vec![Value::unknown(), known, Value::string("{")])).unwrap_err();
    assert_eq!(problem.path.to_string(), "[2]");
    assert!(
        problem.message.starts_with("It is no policy document: not JSON"),
        "{problem}"
    );
}

#[test]
fn what_is_no_policy_is_refused_where_it_stands() {
    for (value, place) in [
        (tuple(vec![Value::bool(true)]), "[0]"),
        (
            tuple(vec![Value::object([("trust_policy", Value::Null)])]),
            "[0].trust_policy",
        ),
        (tuple(vec![Value::object([("name", Value::string("x"))])]), "[0]"),
        (Value::string(pods("a")), ""),
        (Value::Null, ""),
    ] {
        let problem = merge_trust_policies(&value).unwrap_err();
        assert_eq!(problem.path.to_string(), place, "{problem}");
    }
    assert!(policy_text(&Value::string(""), &Path::root()).unwrap().is_known());
}

#[test]
fn findings_are_those_of_the_policy_in_its_context() {
    let found = |policy: &str, context: &str| -> Vec<&str> {
        let context = match context {
            "" => Value::Null,
            role => Value::object([("role_arn", Value::string(role))]),
        };
        let found = trust_policy_findings(&Value::string(policy), &context)
            .unwrap()
            .unwrap();
        found.iter().map(|finding| finding.rule.code).collect()
    };
    let rule = Documented::named("missing-subject");
    assert_eq!(found(rule.bad.policy, ""), [rule.code]);
    assert_eq!(found(rule.good.policy, "arn:aws:iam::111122223333:role/api"), [""; 0]);
    assert!(
        trust_policy_findings(&Value::unknown(), &Value::Null)
            .unwrap()
            .is_none()
    );
}

#[test]
fn a_mistake_in_the_context_is_of_the_second_argument() {
    let wrong = Value::object([("role", Value::string("x"))]);
    let problems = trust_policy_findings(&Value::string(pods("a")), &wrong).unwrap_err();
    assert_eq!(
        (problems.argument, problems.problem.path.to_string()),
        (1, "role".to_owned())
    );
    let problems = trust_policy_findings(&Value::Null, &Value::Null).unwrap_err();
    assert_eq!(problems.argument, 0);
}

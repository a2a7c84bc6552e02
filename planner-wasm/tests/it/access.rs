use pod_identity_core::evaluate::pod::Hop;
use pod_identity_core::evaluate::{Truth, Verdict};
use pod_identity_planner::can_assume;

const TRUST: &str = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": {"Service": "pods.eks.amazonaws.com"},
    "Action": ["sts:AssumeRole", "sts:TagSession"], "Condition": {"StringEquals": {"aws:RequestTag/kubernetes-namespace": "prod"}}}}"#;

#[test]
fn a_pod_is_told_whether_it_is_let_in_action_by_action() {
    let access = can_assume(TRUST, r#"{"mode": "pod_identity", "namespace": "prod"}"#).unwrap();
    assert_eq!(access.verdict, Verdict::Allow);
    let request = access.requests.first().unwrap();
    assert_eq!(request.hop, Some(Hop::Association));
    let calls: Vec<_> = request
        .evaluation
        .calls
        .iter()
        .map(|call| (call.action.as_str(), call.verdict, call.decided_by))
        .collect();
    assert_eq!(
        calls,
        [
            ("sts:AssumeRole", Verdict::Allow, Some(0)),
            ("sts:TagSession", Verdict::Allow, Some(0)),
        ]
    );
    let access = can_assume(TRUST, r#"{"mode": "pod_identity", "namespace": "dev"}"#).unwrap();
    assert_eq!(access.verdict, Verdict::Deny);
    let statement = &access.requests[0].evaluation.calls[0].statements[0];
    assert_eq!((statement.principal, statement.action), (Truth::True, Truth::True));
    assert_eq!(
        (statement.matches, statement.conditions[0].holds),
        (Truth::False, Truth::False)
    );
}

#[test]
fn a_request_that_cannot_be_read_is_a_failure_that_says_where() {
    let failure = can_assume(TRUST, "{\n  \"namespace\": }").unwrap_err();
    assert_eq!((failure.line, failure.column), (Some(2), Some(16)));
    let failure = can_assume(TRUST, r#"{"namspace": "prod"}"#).unwrap_err();
    assert!(failure.detail.contains("`namspace`"), "{}", failure.detail);
}

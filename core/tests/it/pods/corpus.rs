use pod_identity_core::argument::from_json;
use pod_identity_core::evaluate::Verdict;
use pod_identity_core::functions::can_assume;
use tfmodel::{Datum, Value, json};

use crate::evaluate::corpus::pod_cases;

#[test]
fn every_case_has_its_verdict() {
    let mut wrong = Vec::new();
    let cases = pod_cases();
    for case in &cases {
        let pod = from_json(&json::parse(&case.pod).unwrap());
        let answer = can_assume(&case.policy, &pod).unwrap_or_else(|problem| panic!("{}: {problem}", case.name));
        let verdict = serde_json::to_value(answer.verdict).unwrap();
        if verdict != case.verdict.as_str() {
            wrong.push(format!(
                "{}: {verdict} instead of {}\n    {}",
                case.name,
                case.verdict,
                answer.because.join("\n    ")
            ));
        }
        assert!(!answer.because.is_empty(), "{}: no reason", case.name);
    }
    assert!(cases.len() >= 250, "{} cases", cases.len());
    assert!(
        wrong.is_empty(),
        "{} of {} are wrong:\n{}",
        wrong.len(),
        cases.len(),
        wrong.join("\n")
    );
}

/// Knowing less of a pod never turns allow and deny round.
#[test]
fn what_nobody_knows_turns_no_answer_round() {
    for case in pod_cases() {
        let Value::Known(Datum::Object(pod)) = from_json(&json::parse(&case.pod).unwrap()) else {
            panic!("{}", case.pod)
        };
        let before = can_assume(&case.policy, &Value::Known(Datum::Object(pod.clone()))).unwrap();
        for name in pod.keys().filter(|name| *name != "unknown") {
            let mut pod = pod.clone();
            pod.insert(name.clone(), Value::unknown());
            let after = can_assume(&case.policy, &Value::Known(Datum::Object(pod))).unwrap();
            assert!(
                after.verdict == before.verdict || after.verdict == Verdict::Unknown,
                "{}: {:?} became {:?} without {name}",
                case.name,
                before.verdict,
                after.verdict
            );
        }
    }
}

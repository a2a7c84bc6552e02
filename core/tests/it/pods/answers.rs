//! The answer to every case of `tests/corpus/evaluation`, which the engine in the browser has to give as well.

use std::path::Path;

use pod_identity_core::argument::from_json;
use pod_identity_core::evaluate::{Caller, Presence, Request};
use pod_identity_core::functions::{Admission, can_assume};
use serde_json::{Map, Value, json};
use tfmodel::json::parse;

use crate::evaluate::corpus::{cases, pod_cases};

const ANSWERS: &str = "../tests/corpus/answers/evaluation.json";

#[test]
fn every_answer_is_the_one_that_is_written_down() {
    let raw = cases().into_iter().map(|case| {
        let answer = answer(&case.policy, &as_argument(&case.request).to_string());
        let verdict = serde_json::to_value(answer.verdict).unwrap();
        assert_eq!(verdict, case.verdict.as_str(), "{}", case.name);
        (case.name, answer)
    });
    let pods = pod_cases().into_iter().map(|case| {
        let answer = answer(&case.policy, &case.pod);
        (case.name, answer)
    });
    let found: Map<String, Value> = raw
        .chain(pods)
        .map(|(name, answer)| (name, json!({"verdict": answer.verdict, "because": answer.because})))
        .collect();
    let text = serde_json::to_string_pretty(&found).unwrap() + "\n";
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(ANSWERS);
    if std::env::var_os("WRITE_EXPECTED").is_some() {
        std::fs::write(&file, &text).unwrap();
    }
    assert!(
        std::fs::read_to_string(&file).unwrap() == text,
        "{ANSWERS} is not what the engine answers; where the engine is right, run again with `WRITE_EXPECTED=1`"
    );
}

fn answer(policy: &str, request: &str) -> Admission {
    can_assume(policy, &from_json(&parse(request).unwrap())).unwrap_or_else(|problem| panic!("{request}: {problem}"))
}

/// A request as function `can_assume` takes it. Each call of the corpus carries the same.
fn as_argument(request: &Request) -> Value {
    let (kind, value) = match &request.caller {
        Caller::Service(name) => ("service", Some(name)),
        Caller::Federated(name) => ("federated", Some(name)),
        Caller::Aws(name) => ("aws", Some(name)),
        Caller::Unknown => ("unknown", None),
    };
    let mut context = Map::new();
    let (mut present, mut unknown) = (Vec::new(), Vec::new());
    for (key, presence) in request.calls.first().unwrap().context.iter() {
        match presence {
            Presence::Absent => {}
            Presence::Values(values) => _ = context.insert(key.to_owned(), json!(values)),
            Presence::Present => present.push(key),
            Presence::Unknown => unknown.push(key),
        }
    }
    let actions: Vec<&str> = request.calls.iter().map(|call| call.action.as_str()).collect();
    json!({
        "principal": {"type": kind, "value": value},
        "actions": actions,
        "context": context,
        "present": present,
        "unknown": unknown,
    })
}

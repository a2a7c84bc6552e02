use std::collections::BTreeSet;

use pod_identity_core::evaluate::{Prepared, evaluate};
use pod_identity_core::policy::Document;

use super::corpus::cases;

#[test]
fn every_case_has_its_verdict() {
    let cases = cases();
    let names: BTreeSet<&str> = cases.iter().map(|case| case.name.as_str()).collect();
    assert_eq!(names.len(), cases.len(), "two cases of one name");
    let mut wrong = Vec::new();
    for case in &cases {
        let document = Document::parse(&case.policy).unwrap_or_else(|error| panic!("{}: {error}", case.name));
        let answer = evaluate(&document, &case.request);
        let verdict = serde_json::to_string(&answer.verdict).unwrap();
        if verdict != format!("\"{}\"", case.verdict) {
            wrong.push(format!(
                "{}: {verdict} instead of {}\n    {}",
                case.name,
                case.verdict,
                answer.because.join("\n    ")
            ));
        }
        assert_eq!(
            Prepared::new(&document).verdict(&case.request),
            answer.verdict,
            "{}: the short way differs",
            case.name
        );
        assert!(!answer.because.is_empty(), "{}: no reason", case.name);
    }
    assert!(
        wrong.is_empty(),
        "{} of {} are wrong:\n{}",
        wrong.len(),
        cases.len(),
        wrong.join("\n")
    );
}

use pod_identity_core::findings::RULES;
use pod_identity_core::report::{Reported, sarif};
use serde_json::{Value, json};

use super::{nothing, with_mistake};

fn log(reported: &[Reported]) -> Value {
    serde_json::from_str(&sarif(reported, "0.1.0")).unwrap()
}

#[test]
fn every_rule_is_described_and_results_point_at_theirs() {
    let log = log(&[with_mistake("PIB101", false), nothing()]);
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    assert_eq!(rules.len(), RULES.iter().copied().flatten().count());
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), 1);
    let index = usize::try_from(results[0]["ruleIndex"].as_u64().unwrap()).unwrap();
    assert_eq!(rules[index]["id"], results[0]["ruleId"]);
    assert_eq!(rules[index]["name"], "MissingSubject");
    assert_eq!(rules[index]["properties"]["security-severity"], "8.0");
    assert_eq!(results[0]["level"], "error");
    assert_eq!(results[0].get("suppressions"), None);
}

#[test]
fn a_result_has_its_place_in_file_and_document() {
    let log = log(&[with_mistake("PIB101", false)]);
    let location = &log["runs"][0]["results"][0]["locations"][0];
    assert_eq!(
        location["physicalLocation"],
        json!({
            "artifactLocation": {"uri": "roles/api%20trust.json"},
            "region": {"startLine": 3, "startColumn": 17, "endLine": 12, "endColumn": 4},
        })
    );
    assert_eq!(
        location["logicalLocations"][0]["fullyQualifiedName"],
        "role api/Statement[0]"
    );
}

#[test]
fn what_is_waived_is_suppressed_with_its_reason() {
    let log = log(&[with_mistake("PIB101", true)]);
    assert_eq!(
        log["runs"][0]["results"][0]["suppressions"],
        json!([{"kind": "external", "status": "accepted", "justification": "a shared cluster | see *ticket* 12"}])
    );
}

#[test]
fn what_has_no_file_has_a_name() {
    let mut reported = with_mistake("PIB101", false);
    reported.file = None;
    let log = log(&[reported]);
    let result = &log["runs"][0]["results"][0];
    assert_eq!(result["locations"][0].get("physicalLocation"), None);
    assert_eq!(result.get("fixes"), None, "a fix changes a file");
}

use std::path::PathBuf;
use std::process::Command;

use pod_identity_core::findings::{RULES, Subject, Surroundings, TrustPolicy, Waiver, Waivers, documented, find};
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

/// The JSON schema of SARIF 2.1.0, which a package has with it.
fn schema() -> Value {
    let metadata = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--format-version",
            "1",
            "--locked",
            "--offline",
            "--manifest-path",
        ])
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))
        .output()
        .unwrap();
    let metadata: Value = serde_json::from_slice(&metadata.stdout)
        .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&metadata.stderr)));
    let package = metadata["packages"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["name"] == "serde-sarif");
    let manifest = PathBuf::from(package.unwrap()["manifest_path"].as_str().unwrap());
    let file = manifest.with_file_name("src").join("schema.json");
    let mut schema: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    // Their pattern has a bracket too many, which only some engines take. Reports do not have this element.
    for element in ["run", "toolComponent"] {
        let language = &mut schema["definitions"][element]["properties"]["language"];
        assert!(language.as_object_mut().unwrap().remove("pattern").is_some());
    }
    schema
}

#[test]
fn a_report_of_every_rule_is_sarif_by_its_schema() {
    let waived = Waivers {
        all: vec![Waiver {
            code: "PIB101".to_owned(),
            reason: "meant".to_owned(),
            expires: None,
            fingerprint: None,
        }],
        today: None,
    };
    let reported: Vec<Reported> = documented()
        .map(|(rule, about)| {
            let trust = (!about.bad.policy.is_empty()).then(|| TrustPolicy::new(about.bad.policy));
            let around = Surroundings::from_json(about.bad.context).unwrap();
            let found = find(&Subject {
                trust: trust.as_ref(),
                around: &around,
            });
            assert!(!found.is_empty(), "{}", rule.code);
            Reported {
                name: format!("role {}", rule.slug),
                file: trust.is_some().then(|| format!("{}.json", rule.slug)),
                text: about.bad.policy.to_owned(),
                judged: waived.judge(found),
                ..Reported::default()
            }
        })
        .collect();
    let log = log(&reported);
    let schema = jsonschema::validator_for(&schema()).unwrap();
    let broken: Vec<String> = schema.iter_errors(&log).map(|error| error.to_string()).collect();
    assert_eq!(broken, [""; 0]);
    // The schema does not say everything: a reader of its own has to take it too.
    let read: serde_sarif::sarif::Sarif = serde_json::from_value(log.clone()).unwrap();
    let results = read.runs[0].results.as_ref().unwrap();
    assert!(results.len() >= reported.len());
    assert!(results.iter().any(|result| result.fixes.is_some()));
    assert!(results.iter().any(|result| result.suppressions.is_some()));

    let mut wrong = log;
    wrong["runs"][0]["results"][0]["level"] = "terrible".into();
    assert!(!schema.is_valid(&wrong), "the schema looks at results");
}

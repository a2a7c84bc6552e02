use pod_identity_planner::{Answer, Completeness, Session};

use crate::sessions::{SAMPLE, read, sample};

#[test]
fn a_file_that_is_no_plan_is_answered_with_what_it_is_and_the_command_to_run() {
    let mut session = Session::open(b"PK\x03\x04 and so on");
    let failure = session.step(1024).unwrap_err();
    assert_eq!(failure.summary, "This is a saved plan file, not JSON");
    assert_eq!(failure.commands, ["terraform show -json plan.tfplan > plan.json"]);
    assert_eq!(session.step(1024).unwrap_err(), failure, "it stays so");
    assert!(session.summary().is_err());
}

#[test]
fn a_truncated_file_is_refused_at_its_end() {
    let half = SAMPLE.split_at(SAMPLE.len() / 2).0;
    let failure = read(half.as_bytes()).unwrap_err();
    assert_eq!(failure.summary, "This JSON breaks off in the middle");
    assert!(failure.line > Some(100), "{failure:?}");
}

#[test]
fn an_unknown_major_version_is_refused() {
    let other = SAMPLE.replacen("\"format_version\": \"1.2\"", "\"format_version\": \"2.0\"", 1);
    let failure = read(other.as_bytes()).unwrap_err();
    assert!(failure.detail.contains("`2.0`"), "{failure:?}");
}

#[test]
fn utf_16_is_read_with_a_note() {
    let bytes: Vec<u8> = "\u{feff}"
        .chars()
        .chain(SAMPLE.chars())
        .collect::<String>()
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let summary = read(&bytes).unwrap().summary().unwrap();
    assert_eq!(summary.counts, sample().summary().unwrap().counts);
    assert!(summary.notes[0].contains("UTF-16"), "{:?}", summary.notes);
}

#[test]
fn a_summary_says_what_the_plan_does_in_a_sentence() {
    let summary = sample().summary().unwrap();
    assert_eq!(
        summary.verdict,
        "1 to create, 5 to change, 1 to replace, 1 to destroy, 1 to move, 1 output"
    );
    assert_eq!(summary.completeness, Completeness::Complete);
    assert_eq!(summary.terraform_version.as_deref(), Some("1.11.4"));
}

#[test]
fn an_errored_or_incomplete_plan_is_said_to_be_one() {
    for (from, to, expected) in [
        ("\"errored\": false", "\"errored\": true", Completeness::Errored),
        ("\"complete\": true", "\"complete\": false", Completeness::Incomplete),
    ] {
        let plan = SAMPLE.replacen(from, to, 1);
        let summary = read(plan.as_bytes()).unwrap().summary().unwrap();
        assert_eq!(summary.completeness, expected);
        assert!(summary.caution.is_some());
    }
}

#[test]
fn a_plan_without_changes_says_so() {
    let summary = read(br#"{"format_version": "1.2", "resource_changes": []}"#)
        .unwrap()
        .summary()
        .unwrap();
    assert_eq!(summary.verdict, "Nothing changes");
}

#[test]
fn answers_are_told_apart_by_their_type() {
    let mut session = Session::open(b"");
    let answer = serde_json::to_value(Answer::from(session.step(1))).unwrap();
    assert_eq!(answer["type"], "failure");
    assert_eq!(answer["failure"]["summary"], "This file is empty");
    let answer = serde_json::to_value(Answer::from(sample().summary())).unwrap();
    assert_eq!(answer["type"], "success");
    assert_eq!(answer["value"]["format_version"], "1.2");
}

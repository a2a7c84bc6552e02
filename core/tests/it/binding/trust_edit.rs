use pod_identity_core::binding::TrustEdit;
use pod_identity_core::policy::Document;

fn document(text: &str) -> Document {
    text.parse().unwrap()
}

const OURS: &str = r#"{"Sid":"A","Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"sts:AssumeRole"}"#;

fn put(statement: &str) -> TrustEdit {
    TrustEdit {
        put: vec![statement.parse().unwrap()],
        remove: vec![],
    }
}

fn remove(statement: &str) -> TrustEdit {
    TrustEdit {
        put: vec![],
        remove: vec![statement.parse().unwrap()],
    }
}

#[test]
fn a_statement_that_says_the_same_keeps_its_spelling() {
    let present = document(&format!(
        r#"{{"Version":"2012-10-17","Statement":[{}]}}"#,
        OURS.replace("\"sts:AssumeRole\"", "[\"sts:AssumeRole\"]")
    ));
    assert_eq!(put(OURS).apply(&present), present);
}

#[test]
fn a_trust_policy_is_never_left_without_statements() {
    // IAM refuses it.
    let present = document(&format!(r#"{{"Version":"2012-10-17","Statement":[{OURS}]}}"#));
    let emptied = remove(OURS).apply(&present);
    assert_eq!(
        emptied.statements[0].to_json(),
        r#"{"Sid":"PibNobody","Effect":"Deny","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}"#
    );
    assert_eq!(put(OURS).apply(&emptied), present);
}

#[test]
fn variables_of_others_stay_text() {
    // Under the first version `${…}` is literal.
    let with_variable = OURS.replace("\"A\"", "\"B\"").replace("111122223333", "${x}");
    let old = |statement: &str| document(&format!(r#"{{"Version":"2008-10-17","Statement":[{statement}]}}"#));
    assert_eq!(
        put(OURS).apply(&old(&with_variable)).version.as_deref(),
        Some("2008-10-17")
    );
    let plain = OURS.replace("\"A\"", "\"B\"");
    assert_eq!(put(OURS).apply(&old(&plain)).version.as_deref(), Some("2012-10-17"));
}

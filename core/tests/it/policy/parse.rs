use pod_identity_core::policy::{Document, PrincipalKind, Who, decode, diff, parse, size};
use tfmodel::path::Path;

use super::{corpus, document, from_corpus, one};

#[test]
fn every_policy_of_the_corpus_is_read_and_written_without_loss() {
    for (name, text) in corpus() {
        let parsed = parse(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(parsed.warnings, [], "{name}");
        let read_again = |rendered: &str| document(rendered);
        assert_eq!(read_again(&parsed.document.to_json()), parsed.document, "{name}");
        assert_eq!(read_again(&parsed.document.render()), parsed.document, "{name}");
        assert_eq!(parsed.document.size(), size(&parsed.document.render()), "{name}");
    }
}

#[test]
fn a_document_is_rendered_with_four_spaces_and_in_the_order_of_its_author() {
    let text = r#"{
    "Version": "2012-10-17",
    "Statement": [
        {
            "Sid": "A",
            "Effect": "Allow",
            "Principal": {
                "Service": [
                    "pods.eks.amazonaws.com"
                ]
            },
            "Action": "sts:AssumeRole",
            "Condition": {
                "StringLike": {
                    "b": "2*"
                },
                "Bool": {
                    "a": [
                        "true"
                    ]
                }
            }
        }
    ]
}"#;
    assert_eq!(document(text).render(), text);
}

#[test]
fn every_kind_of_principal_and_every_negation_is_kept() {
    let read = one(
        r#""NotPrincipal":{"AWS":["1","2"],"Federated":"f","CanonicalUser":"c","Robot":"r"},"NotAction":"a","NotResource":["x"]"#,
    );
    let statement = &read.statements[0];
    let principals = statement.principals.as_ref().unwrap();
    assert!(
        principals.except && statement.actions.as_ref().unwrap().except && statement.resources.as_ref().unwrap().except
    );
    assert_eq!(principals.of_kind(&PrincipalKind::Aws).collect::<Vec<_>>(), ["1", "2"]);
    let Who::Named(named) = &principals.who else {
        panic!("named principals")
    };
    let kinds: Vec<&str> = named.iter().map(|principal| principal.kind.as_str()).collect();
    assert_eq!(kinds, ["AWS", "Federated", "CanonicalUser", "Robot"]);
}

#[test]
fn size_counts_everything_but_white_space() {
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
    assert_eq!(size("{ \"a\" :\n\t\"b c\" }"), 10);
}

#[test]
fn the_place_of_a_part_is_found_through_strings_that_stand_for_lists() {
    let text = r#"{"Statement": {"Effect": "Allow", "Action": "sts:AssumeRole"}}"#;
    let parsed = parse(text).unwrap();
    let path = Path::attribute("Statement")
        .with_index(0)
        .with_attribute("Action")
        .with_index(0);
    let span = parsed.span(&path).unwrap();
    assert_eq!(&text[span.start as usize..span.end as usize], "\"sts:AssumeRole\"");
    assert_eq!(parsed.span(&Path::attribute("Statement").with_index(1)), None);
}

#[test]
fn documents_are_read_url_encoded_or_plain() {
    let plain = r#"{"Statement":[]}"#;
    assert_eq!(decode("%7B%22Statement%22%3A%5B%5D%7D"), plain);
    assert_eq!(decode(plain), plain);
}

#[test]
fn a_repeated_key_is_reported_and_the_last_one_counts() {
    let text = "{\"Statement\":[{\"Effect\":\"Deny\",\"Action\":\"a\",\n\"Effect\":\"Allow\",\"Condition\":{\"Bool\":{\"k\":\"1\"},\"Bool\":{\"k\":\"2\"}}}]}";
    let parsed = parse(text).unwrap();
    let warnings: Vec<String> = parsed.warnings.iter().map(ToString::to_string).collect();
    assert_eq!(
        warnings,
        [
            "`Effect` is given twice; only the last one counts at line 2, column 1",
            "`Bool` is given twice; only the last one counts at line 2, column 48"
        ]
    );
    assert_eq!(
        parsed.document.statements[0].to_json(),
        r#"{"Effect":"Allow","Action":"a","Condition":{"Bool":{"k":"2"}}}"#
    );
}

#[test]
fn everything_wrong_is_said_with_its_place() {
    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let error = parse(text).expect_err(text);
        let messages: Vec<String> = error.faults().iter().map(ToString::to_string).collect();
        assert_eq!(messages, expected, "{text}");
    }
    check("", &["not JSON: there is no value at line 1, column 1"]);
    check(
        "{\n\"Statement\": [}",
        &["not JSON: expected a value or `]` at line 2, column 15"],
    );
    check(
        "[]",
        &["`policy document` must be an object, found an array at line 1, column 1"],
    );
    check("{}", &["`Statement` is missing at line 1, column 1"]);
    check(
        r#"{"Version":"2012-10-18","Statement":[]}"#,
        &["`Version` must be `2012-10-17` or `2008-10-17`, found `2012-10-18` at line 1, column 12"],
    );
    check(
        r#"{"Statement":[3]}"#,
        &["`Statement` must be an object or a list of objects, found a number at line 1, column 15"],
    );
    check(
        r#"{"Statement":[{"effect":"Allow"}]}"#,
        &[
            "`Effect` is missing at line 1, column 15",
            "`Action` is missing at line 1, column 15",
            "`effect` is not an element of a policy; `Effect` may be meant at line 1, column 16",
        ],
    );
    check(
        r#"{"Statement":[{"Effect":"allow","Actions":"a","Action":"a","NotAction":"b"}]}"#,
        &[
            "`Effect` must be `Allow` or `Deny`, found `allow` at line 1, column 25",
            "`Actions` is not an element of a policy; `Action` may be meant at line 1, column 33",
            "`Action` and `NotAction` exclude each other at line 1, column 72",
        ],
    );
    check(
        r#"{"Statement":[{"Effect":"Allow","Action":["a",{}],"Principal":"111122223333","Condition":[]}]}"#,
        &[
            "`Action` must be a string or a list of strings, found an object at line 1, column 47",
            "a principal must be `*` or an object such as `{\"AWS\": …}`, found `111122223333` at line 1, column 63",
            "`Condition` must be an object of operators, found an array at line 1, column 90",
        ],
    );
}

#[test]
fn hostile_input_is_refused_without_harm() {
    let deep = format!("{{\"Statement\":{}", "[".repeat(100_000));
    assert!(Document::parse(&deep).is_err());
    let wide = format!(
        r#"{{"Statement":[{{"Effect":"Allow","Action":"a","Condition":{{"Bool":{{{}"z":"1"}}}}}}]}}"#,
        "\"k\":\"v\",".repeat(50_000)
    );
    assert_eq!(document(&wide).statements[0].conditions.len(), 2);
    let operators: String = (0..20_000)
        .map(|number| format!("\"op{number}\":{{\"k\":\"{number}\"}},"))
        .collect();
    let many = |last: &str| {
        document(&format!(
            r#"{{"Statement":[{{"Effect":"Allow","Action":"a","Condition":{{{operators}"z":{{"k":"{last}"}}}}}}]}}"#
        ))
    };
    let found = diff(Some(&many("1")), Some(&many("2")));
    assert_eq!((found.statements[0].changes.len(), found.is_empty()), (1, false));
    assert!(Document::parse(r#"{"Statement":[{"Effect":"\ud800","Action":"a"}]}"#).is_err());
}

#[test]
fn our_statements_are_replaced_in_place_and_others_are_left_alone() {
    let ours = |sid: &str| sid.starts_with("Pib");
    let statement = |sid: &str, action: &str| {
        let mut statement = one(&format!(r#""Action":"{action}""#)).statements.remove(0);
        statement.sid = Some(sid.to_owned());
        statement
    };
    let mut before = from_corpus("mixed");
    before.statements.insert(1, statement("Pib1", "old"));
    before.statements.insert(3, statement("Pib2", "old"));
    let after = before.with_ours(&[statement("Pib3", "new"), statement("Pib1", "new")], ours);
    let seen: Vec<(&str, &str)> = after
        .statements
        .iter()
        .map(|one| {
            (
                one.sid.as_deref().unwrap(),
                one.actions.as_ref().unwrap().names.as_slice()[0].as_str(),
            )
        })
        .collect();
    assert_eq!(
        seen,
        [
            ("Web", "sts:AssumeRoleWithWebIdentity"),
            ("Pib1", "new"),
            ("Pods", "sts:AssumeRole"),
            ("OnCall", "sts:AssumeRole"),
            ("Pib3", "new"),
        ]
    );
    assert_eq!(after.with_ours(&[], ours), from_corpus("mixed"));
    assert_eq!(after.only_ours(ours).statements.len(), 2);
}

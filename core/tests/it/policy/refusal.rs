use pod_identity_core::policy::{DocumentUse, RefusalKind};

use super::{corpus, document};

#[track_caller]
fn refused(statement: &str, purpose: DocumentUse) -> Vec<(RefusalKind, String)> {
    let document = document(&format!(r#"{{"Version":"2012-10-17","Statement":[{statement}]}}"#));
    let found = document.refusals(purpose);
    assert!(found.iter().all(|one| one.message.ends_with('.')), "{found:?}");
    found.into_iter().map(|one| (one.kind, one.path.to_string())).collect()
}

#[track_caller]
fn trust(statement: &str, expected: &[(RefusalKind, &str)]) {
    let found = refused(statement, DocumentUse::Trust);
    let found: Vec<(RefusalKind, &str)> = found.iter().map(|(kind, path)| (*kind, path.as_str())).collect();
    assert_eq!(found, expected, "{statement}");
}

#[test]
fn no_good_policy_is_refused() {
    for (name, text) in corpus() {
        assert_eq!(document(&text).refusals(DocumentUse::Trust), [], "{name}");
    }
}

#[test]
fn a_trust_policy_is_refused_for_what_only_other_policies_have() {
    trust(
        r#"{"Effect":"Allow","NotPrincipal":{"AWS":"111122223333"},"Action":"sts:AssumeRole"}"#,
        &[(RefusalKind::Element, "Statement[0].NotPrincipal")],
    );
    trust(
        r#"{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole","Resource":"*"}"#,
        &[(RefusalKind::Element, "Statement[0].Resource")],
    );
    trust(
        r#"{"Effect":"Allow","Action":"sts:AssumeRole"}"#,
        &[(RefusalKind::Missing, "Statement[0]")],
    );
    trust(
        r#"{"Effect":"Allow","Principal":"*","Action":["sts:AssumeRole","s3:GetObject","AssumeRole"]}"#,
        &[
            (RefusalKind::Action, "Statement[0].Action[1]"),
            (RefusalKind::Action, "Statement[0].Action[2]"),
        ],
    );
}

#[test]
fn principals_have_a_known_kind_a_name_and_no_wildcard() {
    trust(
        r#"{"Effect":"Allow","Principal":{"AWS":["*","arn:aws:iam::111122223333:role/app-*"],"CanonicalUser":"c","Service":[]},"Action":"sts:AssumeRole"}"#,
        &[
            (RefusalKind::PrincipalWildcard, "Statement[0].Principal.AWS[1]"),
            (RefusalKind::PrincipalKind, "Statement[0].Principal.CanonicalUser"),
            (RefusalKind::NoValue, "Statement[0].Principal.Service"),
        ],
    );
    trust(
        r#"{"Effect":"Allow","Principal":{},"Action":[]}"#,
        &[
            (RefusalKind::NoValue, "Statement[0].Principal"),
            (RefusalKind::NoValue, "Statement[0].Action"),
        ],
    );
}

#[test]
fn conditions_have_an_operator_of_iam_and_a_key_with_a_prefix() {
    trust(
        r#"{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole","Condition":{"StringContains":{"aws:SourceAccount":"1"},"StringEquals":{"SourceAccount":"1","aws:SourceArn":[]},"NullIfExists":{"aws:SourceArn":"true"}}}"#,
        &[
            (RefusalKind::Operator, r#"Statement[0].Condition["StringContains"]"#),
            (
                RefusalKind::ConditionKey,
                r#"Statement[0].Condition["StringEquals"]["SourceAccount"]"#,
            ),
            (RefusalKind::Operator, r#"Statement[0].Condition["NullIfExists"]"#),
        ],
    );
}

#[test]
fn sids_are_plain_and_stand_once() {
    let document = document(
        r#"{"Statement":[
            {"Sid":"A","Effect":"Allow","Principal":"*","Action":"sts:AssumeRole"},
            {"Sid":"","Effect":"Allow","Principal":"*","Action":"sts:AssumeRole"},
            {"Sid":"","Effect":"Allow","Principal":"*","Action":"sts:TagSession"},
            {"Sid":"A","Effect":"Allow","Principal":"*","Action":"sts:TagSession"},
            {"Sid":"pods of api","Effect":"Allow","Principal":"*","Action":"sts:TagSession"}]}"#,
    );
    let kinds: Vec<_> = document
        .refusals(DocumentUse::Trust)
        .iter()
        .map(|one| one.kind)
        .collect();
    assert_eq!(kinds, [RefusalKind::RepeatedSid, RefusalKind::Sid]);
}

#[test]
fn a_document_without_statements_and_characters_beyond_latin_1_are_refused() {
    assert_eq!(
        document(r#"{"Statement":[]}"#).refusals(DocumentUse::Trust)[0].kind,
        RefusalKind::Empty
    );
    trust(
        r#"{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"sts:AssumeRole","Condition":{"StringEquals":{"aws:PrincipalTag/team":["ÿ é","\u2014","\u0000"]}}}"#,
        &[
            (
                RefusalKind::Character,
                r#"Statement[0].Condition["StringEquals"]["aws:PrincipalTag/team"][1]"#,
            ),
            (
                RefusalKind::Character,
                r#"Statement[0].Condition["StringEquals"]["aws:PrincipalTag/team"][2]"#,
            ),
        ],
    );
}

#[test]
fn a_session_policy_names_resources_and_nobody() {
    let statement = r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::data/*"}"#;
    assert_eq!(refused(statement, DocumentUse::Session), []);
    assert_eq!(
        refused(
            r#"{"Effect":"Allow","Principal":"*","Action":"s3:GetObject"}"#,
            DocumentUse::Session
        ),
        [
            (RefusalKind::Element, "Statement[0].Principal".to_owned()),
            (RefusalKind::Missing, "Statement[0]".to_owned()),
        ]
    );
}

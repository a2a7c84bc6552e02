//! The text: its form, its letters, and what a template left in it.

use pod_identity_core::policy::{Document, DocumentUse};

use super::{ROLE, fine, is, of_document, role};
use crate::findings::{codes, found, one, statements};

#[test]
fn a_key_that_is_not_repeated_in_the_same_object_is_fine() {
    fine(&role(
        r#""StringEquals":{"sts:ExternalId":"x"},"StringNotEquals":{"sts:externalid":"y"}"#,
    ));
    is(
        &format!(r#"{ROLE},"Condition":{{"StringEquals":{{"sts:ExternalId":"x"}}}},"Condition":{{}}"#),
        &["PIB308"],
    );
    is(
        &role(r#""StringEquals":{"sts:ExternalId":"x","sts:externalid":"x"}"#),
        &["PIB309"],
    );
}

#[test]
fn a_text_that_is_no_policy_is_told_by_kind_of_mistake() {
    let told = |text: &str| codes(&found(text, ""));
    assert_eq!(told("{"), ["PIB301"]);
    assert_eq!(told("[]"), ["PIB302"]);
    assert_eq!(told("{}"), ["PIB303"]);
    assert_eq!(
        told(&statements(
            r#"{"effect":"Allow","Action":"sts:AssumeRole","Principal":"*"}"#
        )),
        ["PIB303", "PIB304"]
    );
    assert_eq!(
        told(&statements(
            r#"{"Effect":"allow","Action":"sts:AssumeRole","Principal":"*"}"#
        )),
        ["PIB306"]
    );
    assert_eq!(
        told(&statements(&format!(
            r#"{{"Effect":"Allow",{ROLE},"Condition":{{"aws:SourceAccount":["111122223333"]}}}}"#
        ))),
        ["PIB307"]
    );
    assert_eq!(
        told(&statements(&format!(
            r#"{{"Effect":"Allow",{ROLE},"Condition":{{"ForAnyValue:StringEquals":"x"}}}}"#
        ))),
        ["PIB302"]
    );
}

#[test]
fn what_looks_like_a_template_and_is_none_is_fine() {
    fine(&role(
        r#""StringEquals":{"sts:ExternalId":"${aws:PrincipalTag/team}","aws:PrincipalTag/REGION":"eu-west-1"}"#,
    ));
    fine(&role(r#""StringLike":{"sts:RoleSessionName":"todo-*"}"#));
    for left in [
        "<account>",
        "${var.account}",
        "{{ .Values.id }}",
        "${AWS::AccountId}",
        "YOUR_ID",
        "%{if x}",
    ] {
        assert_eq!(
            of_document(one(&role(&format!(r#""StringEquals":{{"sts:ExternalId":"{left}"}}"#)))),
            ["PIB357"],
            "{left}"
        );
    }
    is(
        r#""Principal":{"AWS":"arn:aws:iam::ACCOUNT_ID:role/deploy"},"Action":"sts:AssumeRole""#,
        &["PIB357"],
    );
}

#[test]
fn letters_of_latin_1_are_fine_and_others_are_told_once_for_each_text() {
    fine(&role(r#""StringEquals":{"aws:PrincipalTag/team":"Küche"}"#));
    is(
        &role(r#""StringEquals":{"aws:PrincipalTag/team":["“web”","a"]}"#),
        &["PIB358"],
    );
    is(&format!(r#""Sid":"→",{ROLE}"#), &["PIB352", "PIB358"]);
}

#[test]
fn what_is_empty_is_told_unless_it_can_be() {
    fine(&role(r#""StringEquals":{"aws:PrincipalTag/team":""}"#));
    is(&role(r#""StringEquals":{"sts:ExternalId":[]}"#), &["PIB359"]);
    is(r#""Principal":{},"Action":"sts:AssumeRole""#, &["PIB359"]);
    is(r#""Principal":{"AWS":""},"Action":"sts:AssumeRole""#, &["PIB360"]);
    assert_eq!(
        of_document(codes(&found(r#"{"Version":"2012-10-17","Statement":[]}"#, ""))),
        ["PIB359"]
    );
}

/// Whatever IAM is known to refuse, some rule tells.
#[test]
fn every_refusal_has_a_finding() {
    for elements in [
        r#""Action":"sts:AssumeRole""#,
        r#""Principal":{},"Action":"sts:AssumeRole""#,
        r#""NotPrincipal":{"AWS":"111122223333"},"Action":"sts:AssumeRole""#,
        r#""Principal":{"CanonicalUser":"x"},"Action":"sts:AssumeRole""#,
        r#""Principal":{"AWS":"arn:aws:iam::111122223333:role/*"},"Action":"sts:AssumeRole""#,
        r#""Principal":{"AWS":"arn:aws:iam::111122223333:role/a"},"Action":"AssumeRole""#,
        r#""Principal":{"AWS":"arn:aws:iam::111122223333:role/a"},"Action":[]"#,
        r#""Principal":{"AWS":"arn:aws:iam::111122223333:role/a"},"Action":"iam:PassRole","Resource":"*""#,
        r#""Sid":"a-b","Principal":{"AWS":"arn:aws:iam::111122223333:role/a"},"Action":"sts:AssumeRole""#,
        r#""Principal":{"AWS":"arn:aws:iam::111122223333:role/a"},"Action":"sts:AssumeRole","Condition":{"Equals":{"team":[]}}"#,
        r#""Principal":{"AWS":"arn:aws:iam::111122223333:role/a"},"Action":"sts:AssumeRole","Condition":{"StringEquals":{"aws:userid":"–"}}"#,
    ] {
        let text = statements(&format!(r#"{{"Effect":"Allow",{elements}}}"#));
        let refusals = Document::parse(&text).unwrap().refusals(DocumentUse::Trust);
        assert!(!refusals.is_empty(), "{elements}");
        let all = found(&text, "");
        for refusal in refusals {
            assert!(
                all.iter()
                    .any(|one| one.place.path.starts_with(&refusal.path) || refusal.path.starts_with(&one.place.path)),
                "{refusal}: {:?}",
                codes(&all)
            );
        }
    }
}

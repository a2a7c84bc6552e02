//! Statements beside each other, and the size of all.

use super::{PODS, ROLE, fine, is, of_document, role};
use crate::findings::{codes, found, one_in, statements};

#[test]
fn statements_are_doubles_whatever_their_names_and_spelling() {
    let told = |all: &str| of_document(codes(&found(&statements(all), "")));
    let named = |sid: &str, statement: &str| format!(r#"{{"Sid":"{sid}","Effect":"Allow",{statement}}}"#);
    let other = ROLE.replace("deploy", "release");
    assert_eq!(told(&[named("A", ROLE), named("B", ROLE)].join(",")), ["PIB350"]);
    assert_eq!(told(&[named("A", ROLE), named("A", &other)].join(",")), ["PIB351"]);
    assert_eq!(told(&[named("A", ROLE), named("B", &other)].join(",")), [""; 0]);
    assert_eq!(told(&[named("", ROLE), named("", &other)].join(",")), [""; 0]);
    assert_eq!(told(&[named("a", ROLE), named("A", &other)].join(",")), [""; 0]);
    assert_eq!(told(&named("a b", ROLE)), ["PIB352"]);
}

#[test]
fn a_deny_shadows_only_what_it_is_certainly_about() {
    let told = |allow: &str, deny: &str| {
        let all = format!(r#"{{"Effect":"Allow",{allow}}},{{"Effect":"Deny",{deny}}}"#);
        of_document(codes(&found(&statements(&all), "")))
    };
    let everybody = r#""Principal":"*","Action":"sts:AssumeRole""#;
    assert_eq!(told(ROLE, everybody), ["PIB353"]);
    assert_eq!(told(ROLE, ROLE), ["PIB353"]);
    assert_eq!(told(ROLE, &ROLE.replace("deploy", "release")), [""; 0]);
    assert_eq!(told(ROLE, &ROLE.replace("sts:AssumeRole", "sts:TagSession")), [""; 0]);
    let id = |operator: &str, value: &str| format!(r#","Condition":{{"{operator}":{{"sts:ExternalId":{value}}}}}"#);
    let asks = format!("{ROLE}{}", id("StringEquals", r#""a""#));
    for (deny, expected) in [
        (id("StringEquals", r#"["a","b"]"#), &["PIB353"][..]),
        (id("StringEquals", r#""b""#), &[]),
        (id("StringLike", r#""a*""#), &["PIB353"]),
        (id("StringNotEquals", r#""b""#), &["PIB353"]),
        (id("StringNotEquals", r#""a""#), &[]),
        (id("StringEqualsIgnoreCase", r#""a""#), &[]),
    ] {
        assert_eq!(told(&asks, &format!("{everybody}{deny}")), expected, "{deny}");
    }
    assert_eq!(
        told(ROLE, &format!("{everybody}{}", id("StringEquals", r#""a""#))),
        [""; 0]
    );
}

#[test]
fn a_cross_product_is_fine_where_every_pair_is_meant() {
    let tags = r#""StringEquals":{"aws:SourceAccount":"111122223333","aws:RequestTag/eks-cluster-arn":"arn:aws:eks:eu-west-1:111122223333:cluster/main","aws:RequestTag/kubernetes-namespace":["a","b"],"aws:RequestTag/kubernetes-service-account":["x","y"]}"#;
    let both = format!(r#"{PODS},"Condition":{{{tags}}}"#);
    is(&both, &["PIB354"]);
    fine(&both.replace(r#"["x","y"]"#, r#""x""#));
    let pods: Vec<String> = ["a", "b"]
        .iter()
        .flat_map(|namespace| {
            ["x", "y"].map(|account| format!(r#"{{"namespace":"{namespace}","service_account":"{account}"}}"#))
        })
        .collect();
    let context = |pods: &[String]| format!(r#"{{"pods":[{}]}}"#, pods.join(","));
    assert_eq!(of_document(one_in(&both, &context(&pods))), [""; 0]);
    assert_eq!(of_document(one_in(&both, &context(&pods[1..]))), ["PIB354"]);
}

#[test]
fn the_quota_is_the_known_one_or_the_default() {
    let id = |length: usize| {
        role(&format!(
            r#""StringEquals":{{"sts:ExternalId":"{}"}}"#,
            "x".repeat(length)
        ))
    };
    let with = |length: usize, context: &str| of_document(one_in(&id(length), context));
    assert_eq!(with(1000, ""), [""; 0]);
    assert_eq!(with(1800, ""), ["PIB356"]);
    assert_eq!(with(2048, ""), ["PIB355"]);
    assert_eq!(with(2048, r#"{"trust_policy_quota":8192}"#), [""; 0]);
    assert_eq!(with(1000, r#"{"trust_policy_quota":500}"#), ["PIB355"]);
}

#[test]
fn the_statement_that_no_longer_fits_is_named() {
    let statement = |name: &str| format!(r#"{{"Effect":"Allow",{}}}"#, ROLE.replace("deploy", name));
    let text = statements(&[statement("a"), statement("b"), statement("c")].join(",\n  "));
    let first = text.find(&statement("b")).unwrap() + statement("b").len() + 2;
    let told = |quota: usize| {
        let found = found(&text, &format!(r#"{{"trust_policy_quota":{quota}}}"#));
        (found[0].rule.code, found[0].place.statement)
    };
    let counted = text[..first].chars().filter(|letter| !letter.is_whitespace()).count();
    // What closes the document counts.
    assert_eq!(told(counted + 1), ("PIB355", Some(2)));
    assert_eq!(told(counted - 3), ("PIB355", Some(1)));
}

#[test]
fn of_a_text_beyond_any_quota_only_the_size_is_told() {
    let many: Vec<String> = (0..5000)
        .map(|number| {
            let role = ROLE.replace("deploy", &number.to_string());
            format!(r#"{{"Sid":"a-b","Effect":"Allow",{role},"Resource":"*"}}"#)
        })
        .collect();
    assert_eq!(codes(&found(&statements(&many.join(",")), "")), ["PIB355"]);
    let claims: Vec<String> = (0..20_000).map(|number| format!(r#""a{number}.b:sub":"x""#)).collect();
    let one = role(&format!(r#""StringEqualsIfExists":{{{}}}"#, claims.join(",")));
    is(&one, &["PIB355"]);
}

use std::collections::BTreeSet;

use pod_identity_core::findings::{Example, Finding, RULES, Rule, Subject, Surroundings, TrustPolicy, find};
use pod_identity_core::policy::Document;

use super::{all_rules, codes, found};
use crate::findings::fixes::spellings;

/// Rules whose bad example has a second mistake that cannot be without the first.
const ALSO: &[(&str, &[&str])] = &[];

#[test]
fn codes_and_slugs_are_unique_and_in_the_order_of_their_family() {
    let mut slugs = BTreeSet::new();
    for (family, rules) in (1..).zip(RULES) {
        let codes: Vec<&str> = rules.iter().map(|rule| rule.code).collect();
        assert!(
            codes.is_sorted_by(|a, b| a < b),
            "the codes of a family rise, each is used once: {codes:?}"
        );
        for rule in *rules {
            assert!(
                rule.code.len() == 6 && rule.code.starts_with(&format!("PIB{family}")),
                "{}: codes of this family are PIB{family}01 and up",
                rule.code
            );
            assert!(slugs.insert(rule.slug), "{}: `{}` is taken", rule.code, rule.slug);
            for name in [rule.code, rule.slug] {
                assert!(std::ptr::eq(Rule::named(name).unwrap(), *rule), "{name}");
            }
        }
    }
    assert!(Rule::named("PIB999").is_none());
}

#[test]
fn each_rule_has_a_file_of_its_name_and_each_file_a_rule() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/findings/rules");
    for (family, rules) in ["irsa", "pod_identity", "document", "around"].iter().zip(RULES) {
        let files: BTreeSet<String> = std::fs::read_dir(format!("{folder}/{family}"))
            .into_iter()
            .flatten()
            .map(|entry| entry.unwrap().path())
            .filter(|path| std::fs::read_to_string(path).is_ok_and(|text| text.contains("const RULE: Rule")))
            .map(|path| path.file_stem().unwrap().to_str().unwrap().replace('_', "-"))
            .collect();
        let slugs: BTreeSet<String> = rules.iter().map(|rule| rule.slug.to_owned()).collect();
        assert_eq!(files, slugs, "rules/{family}: slugs are the names of the files");
    }
}

#[test]
fn the_bad_example_has_this_one_mistake_and_the_good_one_none() {
    for rule in all_rules() {
        let also = ALSO
            .iter()
            .find(|(code, _)| *code == rule.code)
            .map_or(&[][..], |(_, also)| also);
        let mut expected = vec![rule.code];
        expected.extend(also);
        expected.sort_unstable();
        let bad = found(rule.bad.policy, rule.bad.context);
        assert_eq!(codes(&bad), expected, "bad example of {}: {bad:#?}", rule.code);
        let good = found(rule.good.policy, rule.good.context);
        assert!(good.is_empty(), "good example of {}: {good:#?}", rule.code);
    }
}

#[test]
fn without_what_surrounds_it_a_rule_that_needs_it_is_silent() {
    for rule in all_rules().filter(|rule| !rule.bad.context.is_empty()) {
        let bare = found(rule.bad.policy, "");
        assert!(
            !codes(&bare).contains(&rule.code) || rule.code < "PIB4",
            "{}",
            rule.code
        );
    }
}

#[test]
fn findings_say_where_what_and_what_to_do() {
    for rule in all_rules() {
        for finding in found(rule.bad.policy, rule.bad.context) {
            let said = format!("{} says: {}", rule.code, finding.detail);
            assert!(finding.detail.ends_with('.'), "{said}");
            assert!(finding.detail.len() > 60, "{said}");
            // What users wrote may hold anything.
            let ours: String = finding.detail.split('`').step_by(2).collect();
            assert!(
                !ours.contains("::") && !ours.contains("Some("),
                "no names of the implementation: {said}"
            );
            assert!(
                !rule.rule.title.ends_with('.') && rule.rule.title.len() <= 90,
                "{}",
                rule.rule.title
            );
            if let Some(span) = finding.place.span {
                let trust = TrustPolicy::new(rule.bad.policy);
                assert!(
                    trust.text.is_char_boundary(span.start as usize) && trust.text.is_char_boundary(span.end as usize),
                    "{said}"
                );
            }
            if !rule.bad.policy.is_empty() && !finding.place.path.is_root() {
                assert!(
                    finding.place.span.is_some(),
                    "{} is nowhere: {said}",
                    finding.place.path
                );
            }
        }
        for text in [rule.what, rule.why, rule.rule.fix] {
            assert!(text.ends_with('.') && text.len() > 20, "{}: {text}", rule.code);
        }
        assert!(!rule.sources.is_empty(), "{} has no source", rule.code);
    }
}

/// What identifies findings, whatever their order.
fn fingerprints(found: &[Finding]) -> BTreeSet<String> {
    found.iter().map(|one| one.fingerprint.clone()).collect()
}

#[test]
fn fingerprints_are_the_same_however_a_document_is_spelt() {
    for rule in all_rules() {
        let Example { policy, context } = rule.bad;
        let original = fingerprints(&found(policy, context));
        for (how, other) in spellings(policy) {
            assert_eq!(
                fingerprints(&found(&other, context)),
                original,
                "{} {how}: {other}",
                rule.code
            );
        }
    }
}

#[test]
fn fingerprints_tell_mistakes_apart() {
    let mut all: BTreeSet<String> = BTreeSet::new();
    for rule in all_rules() {
        for finding in found(rule.bad.policy, rule.bad.context) {
            assert!(finding.fingerprint.len() == 20, "{}", finding.fingerprint);
            all.insert(format!("{} {}", finding.rule.code, finding.fingerprint));
        }
    }
    let distinct: BTreeSet<&str> = all.iter().filter_map(|one| one.split(' ').nth(1)).collect();
    assert_eq!(distinct.len(), all.len());
    // The same statement twice has the same mistake twice, and each can be waived alone.
    let rule = all_rules().next().unwrap();
    let document = Document::parse(rule.bad.policy).unwrap();
    let mut twice = document.clone();
    twice.statements.extend(document.statements);
    let both = found(&twice.to_json(), "");
    let of_rule: Vec<&Finding> = both.iter().filter(|one| one.rule.code == rule.code).collect();
    assert_eq!(of_rule.len(), 2, "{both:#?}");
    assert_ne!(of_rule[0].fingerprint, of_rule[1].fingerprint);
}

#[test]
fn findings_come_in_the_order_of_the_text() {
    let text: Vec<String> = all_rules()
        .filter_map(|rule| Document::parse(rule.bad.policy).ok())
        .flat_map(|document| document.statements)
        .map(|statement| statement.to_json())
        .collect();
    let all = found(&super::statements(&text.join(",")), "");
    let starts: Vec<Option<u32>> = all.iter().map(|one| one.place.span.map(|span| span.start)).collect();
    assert!(starts.is_sorted(), "{starts:?}");
    assert!(!all.is_empty());
}

#[test]
fn a_text_that_is_no_policy_makes_no_rule_panic() {
    for text in [
        "",
        " ",
        "{",
        "[]",
        "null",
        "{}",
        r#"{"Statement":{}}"#,
        r#"{"Statement":[1]}"#,
        "é{\"a\":\"\u{1}\"}",
    ] {
        let trust = TrustPolicy::new(text);
        for finding in find(&Subject {
            trust: Some(&trust),
            around: &Surroundings::default(),
        }) {
            let span = finding.place.span.unwrap_or_default();
            assert!(
                trust.text.get(span.start as usize..span.end as usize).is_some(),
                "{text}"
            );
        }
    }
}

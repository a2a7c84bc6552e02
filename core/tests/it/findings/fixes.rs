//! A fix takes its finding away, brings none, and leaves alone what the finding is not about.

use std::collections::BTreeMap;

use pod_identity_core::findings::{Finding, TrustPolicy};
use pod_identity_core::policy::{Document, Parsed, Statement, Strings, parse};
use tfmodel::json;

use super::{all_rules, found};
use crate::policy::corpus;

/// Rules about several statements at once: their fixes touch more than the one that the finding stands at.
const ABOUT_SEVERAL: &[&str] = &["split-conditions"];

/// Rules about the size of the document, which a fix may add to.
const ABOUT_SIZE: &[&str] = &["too-large", "nearly-too-large"];

/// Other spellings of a document that mean the same.
pub(super) fn spellings(text: &str) -> Vec<(&'static str, String)> {
    let Ok(Parsed { document, warnings, .. }) = parse(text) else {
        return Vec::new();
    };
    // What is repeated would be gone.
    if !warnings.is_empty() {
        return Vec::new();
    }
    let mut reordered = document.clone();
    reordered.statements.reverse();
    let mut listed = document.clone();
    for statement in &mut listed.statements {
        for condition in &mut statement.conditions {
            condition.values = Strings::Many(condition.values.iter().cloned().collect());
        }
        if let Some(actions) = &mut statement.actions {
            actions.names = Strings::Many(actions.names.iter().cloned().collect());
        }
    }
    let mut all = vec![
        ("on one line", document.to_json()),
        ("indented", document.render()),
        ("with tabs", document.render().replace("    ", "\t")),
        ("with its statements reversed", reordered.render()),
        ("with lists of one", listed.render()),
    ];
    if let [only] = document.statements.as_slice() {
        let mut single = String::from(r#"{"Version":"#);
        json::write_string(&mut single, document.version.as_deref().unwrap_or("2008-10-17"));
        single.push_str(r#","Statement":"#);
        single.push_str(&only.to_json());
        single.push('}');
        all.push(("with its statement alone", single));
    }
    all.retain(|(_, other)| Document::parse(other).is_ok_and(|other| other.same_meaning(&document)));
    all
}

fn count(found: &[Finding]) -> BTreeMap<&'static str, usize> {
    let mut count = BTreeMap::new();
    for finding in found {
        *count.entry(finding.rule.code).or_default() += 1;
    }
    count
}

/// Makes every fix that is offered, alone, and looks at what is left.
fn check(policy: &str, context: &str) {
    look(policy, context, true);
}

/// The same. Unless `alone`, taking one mistake away may show another for one that is gone, as when one of two statements with a common
/// mistake goes.
fn look(policy: &str, context: &str, alone: bool) {
    let before = found(policy, context);
    let trust = TrustPolicy::new(policy);
    for finding in &before {
        let Some(fix) = &finding.fix else { continue };
        let text = fix.apply(&trust.text);
        let what = format!(
            "{} ({}) of\n{}\nmakes\n{text}",
            finding.rule.code, fix.title, trust.text
        );
        assert!(
            !fix.title.ends_with('.') && fix.title.starts_with(char::is_uppercase),
            "{what}"
        );
        assert!(!fix.edits.is_empty(), "{what}");
        let mut spans: Vec<_> = fix.edits.iter().map(|edit| edit.span).collect();
        spans.sort();
        assert!(spans.is_sorted_by(|a, b| a.end <= b.start), "edits overlap: {what}");
        assert!(
            spans
                .iter()
                .all(|span| trust.text.get(span.start as usize..span.end as usize).is_some()),
            "{what}"
        );
        let mut after = found(&text, context);
        let old = count(&before);
        // What a fix writes out may be what a document that is nearly too large cannot take.
        after.retain(|one| !ABOUT_SIZE.contains(&one.rule.slug) || old.contains_key(one.rule.code));
        let new = count(&after);
        assert!(
            new.get(finding.rule.code).unwrap_or(&0) < &old[finding.rule.code],
            "the finding is still there: {what}\n{after:#?}"
        );
        // Put right, a statement may say what another one says already.
        let most = before.len() - usize::from(alone);
        assert!(after.len() <= most, "something else is wrong now: {what}\n{after:#?}");
        for (code, number) in new.iter().filter(|_| alone) {
            assert!(
                number <= old.get(code).unwrap_or(&0),
                "{code} is new: {what}\n{after:#?}"
            );
        }
        let Ok(later) = Document::parse(&text) else {
            assert!(trust.document().is_none(), "no policy any more: {what}");
            continue;
        };
        if let Some(earlier) = trust.document()
            && !ABOUT_SEVERAL.contains(&finding.rule.slug)
        {
            others_are_as_they_were(&earlier.statements, &later.statements, finding.place.statement, &what);
        }
    }
}

/// All statements but the one that the finding is about. Where a statement was taken out or put in, the others are still there, in order.
fn others_are_as_they_were(earlier: &[Statement], later: &[Statement], about: Option<usize>, what: &str) {
    let mut rest = later.iter();
    for (index, statement) in earlier.iter().enumerate() {
        if Some(index) != about {
            assert!(
                rest.any(|one| one.same_meaning(statement)),
                "statement {index} has changed: {what}"
            );
        }
    }
}

#[test]
fn the_fix_of_a_bad_example_takes_its_finding_away() {
    for rule in all_rules() {
        check(rule.bad.policy, rule.bad.context);
        for (_, other) in spellings(rule.bad.policy) {
            check(&other, rule.bad.context);
        }
    }
}

#[test]
fn a_fix_leaves_other_statements_alone() {
    let corpus = corpus();
    for (index, rule) in all_rules().enumerate() {
        let Ok(document) = Document::parse(rule.bad.policy) else {
            continue;
        };
        // Every rule in every document would take minutes.
        for (_, policy) in corpus.iter().cycle().skip(index * 4).take(4) {
            let good = Document::parse(policy).unwrap();
            let mut before = good.clone();
            before.version = document.version.clone();
            before.statements.extend(document.statements.clone());
            check(&before.render(), rule.bad.context);
            let mut after = document.clone();
            after.statements.extend(good.statements);
            check(&after.to_json(), rule.bad.context);
        }
    }
}

#[test]
fn two_bad_examples_in_one_document_are_fixed_one_at_a_time() {
    let all: Vec<_> = all_rules()
        .filter_map(|rule| Some((rule, Document::parse(rule.bad.policy).ok()?)))
        .collect();
    for (index, (rule, document)) in all.iter().enumerate() {
        // Every pair of all rules would take minutes.
        for (_, other) in all.iter().cycle().skip(index).take(6) {
            let mut both = document.clone();
            both.statements.extend(other.statements.clone());
            look(&both.render(), rule.bad.context, false);
        }
    }
}

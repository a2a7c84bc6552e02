mod around;
mod context;
mod corpus;
mod document;
mod edits;
mod fixes;
mod irsa;
mod pod_identity;
mod rules;
mod waivers;

use std::ops::Deref;

use pod_identity_core::findings::{Finding, Page, Rule, Subject, Surroundings, TrustPolicy, documented, find};

/// A rule and what there is to read about it.
#[derive(Clone, Copy)]
pub(crate) struct Documented {
    rule: &'static Rule,
    about: &'static Page,
}

impl Deref for Documented {
    type Target = Page;

    fn deref(&self) -> &Page {
        self.about
    }
}

impl Documented {
    /// A rule by its code or slug.
    pub(crate) fn named(name: &str) -> Self {
        let found = all_rules().find(|one| one.rule.code == name || one.rule.slug == name);
        found.unwrap_or_else(|| panic!("there is no rule {name}"))
    }
}

pub(crate) fn all_rules() -> impl Iterator<Item = Documented> + Clone {
    documented().map(|(rule, about)| Documented { rule, about })
}

/// What the rules say about a policy and what surrounds it; an empty policy is none.
#[track_caller]
fn found(policy: &str, context: &str) -> Vec<Finding> {
    let around = Surroundings::from_json(context).unwrap_or_else(|problem| panic!("{problem}: {context}"));
    let trust = (!policy.is_empty()).then(|| TrustPolicy::new(policy));
    find(&Subject {
        trust: trust.as_ref(),
        around: &around,
    })
}

/// The codes of what is found, sorted.
fn codes(found: &[Finding]) -> Vec<&'static str> {
    let mut codes: Vec<&str> = found.iter().map(|one| one.rule.code).collect();
    codes.sort_unstable();
    codes
}

/// What a document of one statement is found to have. The statement is `Allow`, with these elements after the effect.
#[track_caller]
fn one(elements: &str) -> Vec<&'static str> {
    one_in(elements, "")
}

/// The same, with something known beside it.
#[track_caller]
fn one_in(elements: &str, context: &str) -> Vec<&'static str> {
    let text = statements(&format!(r#"{{"Effect":"Allow",{elements}}}"#));
    assert!(TrustPolicy::new(&text).document().is_some(), "{text}");
    codes(&found(&text, context))
}

/// A document of these statements.
fn statements(all: &str) -> String {
    format!(r#"{{"Version":"2012-10-17","Statement":[{all}]}}"#)
}

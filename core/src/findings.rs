//! What is wrong with a trust policy, or with what surrounds it: mistakes that AWS accepts and that show only when a pod is refused, or when
//! somebody gets in who should not.
//!
//! [`find`] runs every [`Rule`] over a [`Subject`]. A rule speaks only where it is certain: what is not known of the [`Surroundings`] keeps it
//! silent. Each rule has a file under `rules`, with its page; [`RULES`] lists them all.

use tfmodel::order;

mod context;
mod edits;
mod finding;
mod page;
mod rule;
mod rules;
mod subject;
mod waiver;

pub use edits::{Edits, Json};
pub use finding::{Finding, Fix, Place, TextEdit};
pub use page::{index, page};
pub use rule::{Example, Page, Rule, Severity, documented};
pub use rules::{PAGES, PREFLIGHT, RULES, respelt as respelt_issuer};
pub use subject::{Association, BoundPod, Cluster, FargateProfile, Subject, Surroundings, TrustPolicy, Writer};
pub use waiver::{Date, Judged, NoDate, Waiver, Waivers};

/// What keeps the pods of a subject from getting credentials by an association, in the order of the codes.
pub fn find_before_association(subject: &Subject<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for rule in PREFLIGHT.iter().copied() {
        (rule.check)(subject, &mut finding::Report::new(rule, subject, &mut found));
    }
    found
}

/// Everything the rules find, in the order of the text and of their codes.
pub fn find(subject: &Subject<'_>) -> Vec<Finding> {
    let rules = match subject.trust {
        Some(trust) if trust.is_beyond_any_quota() => rules::BEYOND_ANY_QUOTA,
        Some(_) | None => RULES,
    };
    find_by(rules, subject)
}

/// What is wrong with an association, from what is asked of it: nothing of AWS has to be known.
pub(crate) fn find_of_association(around: &Surroundings) -> Vec<Finding> {
    find_by(&[rules::OF_ASSOCIATION], &Subject { trust: None, around })
}

fn find_by(rules: &[&[&'static Rule]], subject: &Subject<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for rule in rules.iter().copied().flatten() {
        let from = found.len();
        (rule.check)(subject, &mut finding::Report::new(rule, subject, &mut found));
        debug_assert!(
            found
                .iter()
                .skip(from)
                .all(|one: &Finding| std::ptr::eq(one.rule, *rule))
        );
    }
    order::sort_by(&mut found, |a, b| {
        (a.place.span, a.rule.code).cmp(&(b.place.span, b.rule.code))
    });
    found
}

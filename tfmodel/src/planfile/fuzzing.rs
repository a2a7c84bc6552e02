//! The fuzz target of this reader. It stands here because only this module sees what is secret.

#![allow(clippy::panic, reason = "a law that does not hold is reported so")]

use super::redact::Redactor;
use super::{Plan, Progress, Reading, Refusal, Shown, difference};

/// Read in slices, a file gives the same plan or refusal as at once. Nothing is shown that was marked sensitive, and all of a plan can be
/// looked at.
pub(crate) fn plan_file(bytes: &[u8]) {
    let whole = Reading::start(bytes).and_then(Reading::finish);
    match (whole, in_slices(bytes)) {
        (Ok(plan), Ok(again)) => {
            look_at(&plan);
            // Neither is comparable, because nothing else may look into them.
            assert_eq!(format!("{plan:?}"), format!("{again:?}"));
        }
        (Err(refusal), Err(again)) => {
            assert_eq!(refusal, again);
            assert!(!refusal.to_string().is_empty());
        }
        (Ok(_), Err(_)) | (Err(_), Ok(_)) => panic!("reading in slices changes what is read"),
    }
}

fn in_slices(bytes: &[u8]) -> Result<Box<Plan>, Refusal> {
    let mut reading = Reading::start(bytes)?;
    loop {
        match reading.step(64)? {
            Progress::Working { done, total } => assert!(done <= total),
            Progress::Done(plan) => return Ok(plan),
        }
    }
}

fn look_at(plan: &Plan) {
    let deferred = plan.deferred.iter().map(|deferred| {
        assert!(!deferred.reason_in_words().is_empty());
        &deferred.change
    });
    for change in plan.changes.iter().chain(&plan.drift).chain(deferred) {
        let (before, after) = plan.sides(change);
        keeps_secrets(&plan.redactor, &before);
        keeps_secrets(&plan.redactor, &after);
        compare(&before, &after, &change.replace_paths);
        change.reason_in_words();
        if let Shown::Object(attributes) = &after {
            attributes.keys().for_each(|name| drop(plan.references(change, name)));
        }
        let id = change.import.as_ref().and_then(|import| import.id.as_deref());
        assert!(!id.is_some_and(|id| plan.redactor.hides(id)));
    }
    for output in &plan.outputs {
        let (before, after) = plan.output_sides(output);
        keeps_secrets(&plan.redactor, &before);
        keeps_secrets(&plan.redactor, &after);
        compare(&before, &after, &[]);
    }
}

fn compare(before: &Shown, after: &Shown, replace_paths: &[crate::Path]) {
    let found = difference(before, after, replace_paths);
    assert_eq!(found.status == super::Status::Unchanged, before == after);
}

fn keeps_secrets(redactor: &Redactor, shown: &Shown) {
    match shown {
        Shown::String(text) => assert!(!redactor.hides(text), "a secret is shown"),
        Shown::List(elements) => elements.iter().for_each(|element| keeps_secrets(redactor, element)),
        Shown::Object(members) => members.values().for_each(|member| keeps_secrets(redactor, member)),
        Shown::Null | Shown::Bool(_) | Shown::Number(_) | Shown::Unknown | Shown::Secret(_) => {}
    }
}

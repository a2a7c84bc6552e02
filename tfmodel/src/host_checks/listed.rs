use super::findings::{Answer, Findings};
use super::identity;
use crate::diagnostics::Diagnostics;
use crate::schema::Schema;
use crate::value::Value;

/// One event of a list, as it is about to be sent.
#[derive(Clone, Copy, Debug)]
pub struct Listed<'v> {
    /// What identifies the object; null where the event only tells something.
    pub identity: &'v Value,
    /// The object itself, null where it is not sent.
    pub object: &'v Value,
    /// Whether the host asked for objects.
    pub with_objects: bool,
    /// What the event tells. An error ends the list.
    pub diagnostics: &'v Diagnostics,
}

/// Checks one event of a list, given the schemas of the managed resource that is listed.
pub fn listed(schema: &Schema, identity_schema: &Schema, event: Listed<'_>) -> Diagnostics {
    if event.diagnostics.has_errors() || (event.identity.is_null() && !event.diagnostics.is_empty()) {
        return Diagnostics::new();
    }
    let mut found = identity(identity_schema, event.identity);
    let mut findings = Findings::new(Answer::Listed);
    if event.with_objects && event.object.is_null() && event.diagnostics.is_empty() {
        findings.report("is missing, and the host asked for it; say in a diagnostic why it cannot be had");
    }
    findings.is_storable(schema, event.object);
    found.extend(findings.found);
    found
}

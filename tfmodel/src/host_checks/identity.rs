use super::findings::{Answer, Findings};
use crate::diagnostics::Diagnostics;
use crate::path::Step;
use crate::schema::{Schema, Usage};
use crate::value::Value;

/// Checks the identity of an object that exists, as reading, applying, importing, moving or listing it returned it.
pub fn identity(schema: &Schema, identity: &Value) -> Diagnostics {
    let mut findings = Findings::new(Answer::Identity);
    if identity.is_null() {
        findings.report("is missing, and the resource has one");
        return findings.found;
    }
    if !findings.conforms(schema, identity) {
        return findings.found;
    }
    findings.is_wholly_known(identity);
    if !identity.is_known() {
        return findings.found;
    }
    if identity.children().into_iter().all(Value::is_null) {
        findings.report("identifies nothing: every attribute is null");
        return findings.found;
    }
    for attribute in &schema.block.attributes {
        if attribute.usage == Usage::Required && identity.member(&attribute.name).is_null() {
            findings.inside(Step::Attribute(attribute.name.clone()), |f| {
                f.report("is null, but nobody can import the object without it");
            });
        }
    }
    findings.found
}

/// Checks the identity of an object that is planned to be made: null as long as only its creation tells all of it. OpenTofu 1.12 cannot store a
/// plan with one that is unknown in part; Terraform can.
pub fn planned_identity(schema: &Schema, identity: &Value) -> Diagnostics {
    let mut findings = Findings::new(Answer::Identity);
    if findings.conforms(schema, identity) {
        findings.is_wholly_known(identity);
    }
    findings.found
}

/// Checks that an object that lives on has the identity it had. What was not known `before` may be anything.
pub fn identity_kept(schema: &Schema, before: &Value, after: &Value) -> Diagnostics {
    let mut findings = Findings::new(Answer::Identity);
    if before.is_known() {
        for attribute in &schema.block.attributes {
            let (before, after) = (before.member(&attribute.name), after.member(&attribute.name));
            if before.is_wholly_known() && before != after {
                findings.inside(Step::Attribute(attribute.name.clone()), |f| {
                    f.report("has changed, and an object keeps its identity as long as it lives");
                });
            }
        }
    }
    findings.found
}

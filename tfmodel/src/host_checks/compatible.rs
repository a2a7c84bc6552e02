use std::collections::BTreeMap;

use super::findings::{Answer, Findings};
use crate::attributes::Attributes;
use crate::path::Step;
use crate::value::{Bounds, Datum, Value};

/// Checks that `actual` is what `planned` left open, and otherwise the same. Both conform to the same schema.
pub(super) fn value(findings: &mut Findings, planned: &Value, actual: &Value) {
    let datum = match planned {
        Value::Unknown(refinement) => {
            if let Some(problem) = refinement.bounds().and_then(|bounds| outside(bounds, actual)) {
                findings.report(problem);
            }
            return;
        }
        Value::Null => {
            // A null whose type was not known leaves the type open, and with it the value.
            if !actual.is_null() && !matches!(actual, Value::Known(Datum::Dynamic(_))) {
                findings.report("was planned to be null, but it is not");
            }
            return;
        }
        Value::Known(datum) => datum,
    };
    let actual = match actual {
        Value::Known(actual) => actual,
        Value::Null => return findings.report("was planned to be there, but it is null"),
        Value::Unknown(_) => return findings.report("was planned with a known value, but now it is unknown"),
    };
    match (datum, actual) {
        (Datum::List(planned), Datum::List(actual)) | (Datum::Tuple(planned), Datum::Tuple(actual)) => {
            if planned.len() != actual.len() {
                return length(findings, planned.len(), actual.len());
            }
            for (index, (planned, actual)) in planned.iter().zip(actual).enumerate() {
                findings.inside(Step::Index(index), |f| value(f, planned, actual));
            }
        }
        (Datum::Map(planned), Datum::Map(actual)) => entries(findings, planned, actual),
        (Datum::Object(planned), Datum::Object(actual)) => attributes(findings, planned, actual),
        (Datum::Set(planned), Datum::Set(actual)) => set(findings, planned, actual),
        (Datum::Dynamic(planned), Datum::Dynamic(actual)) => {
            if planned.ty == actual.ty {
                value(findings, &planned.value, &actual.value);
            } else {
                findings.report("was planned with another type than it has");
            }
        }
        (planned, actual) => {
            if planned != actual {
                findings.report("has another value than the one that was planned");
            }
        }
    }
}

fn entries(findings: &mut Findings, planned: &BTreeMap<String, Value>, actual: &BTreeMap<String, Value>) {
    if !planned.keys().eq(actual.keys()) {
        findings.report("has other keys than the ones that were planned");
        return;
    }
    for ((key, planned), actual) in planned.iter().zip(actual.values()) {
        findings.inside(Step::Key(key.clone()), |f| value(f, planned, actual));
    }
}

/// Both conform to the same type, so they have the same names.
fn attributes(findings: &mut Findings, planned: &Attributes<Value>, actual: &Attributes<Value>) {
    for ((name, planned), actual) in planned.iter().zip(actual.values()) {
        findings.inside(Step::Attribute(name.clone()), |f| value(f, planned, actual));
    }
}

/// Unknown elements may turn out to be equal, so a set may shrink; but each element must be explained by one on the other side.
fn set(findings: &mut Findings, planned: &[Value], actual: &[Value]) {
    if planned.len() < actual.len() {
        return length(findings, planned.len(), actual.len());
    }
    let mut explained = vec![false; actual.len()];
    for planned in planned {
        let mut found = false;
        for (actual, explained) in actual.iter().zip(&mut explained) {
            if !(found && *explained) && is_compatible(planned, actual) {
                (found, *explained) = (true, true);
            }
        }
        if !found {
            return findings.report("lacks an element that was planned");
        }
    }
    if explained.contains(&false) {
        findings.report("has an element that was not planned");
    }
}

fn is_compatible(planned: &Value, actual: &Value) -> bool {
    let mut findings = Findings::new(Answer::Apply);
    value(&mut findings, planned, actual);
    findings.found.is_empty()
}

fn length(findings: &mut Findings, planned: usize, actual: usize) {
    findings.report(&format!("was planned with {planned} elements and has {actual}"));
}

/// Why a value is not what was known of it already; an unknown one may still become it.
fn outside(bounds: &Bounds, actual: &Value) -> Option<&'static str> {
    let datum = match actual {
        Value::Unknown(_) => return None,
        Value::Null => return bounds.not_null.then_some("was planned not to be null, but it is"),
        Value::Known(datum) => datum,
    };
    let fits = match datum {
        Datum::String(text) => bounds.prefix.as_ref().is_none_or(|prefix| text.starts_with(prefix)),
        Datum::Number(number) => {
            let above = |(bound, inclusive): &(_, bool)| number > bound || (*inclusive && number == bound);
            let below = |(bound, inclusive): &(_, bool)| number < bound || (*inclusive && number == bound);
            bounds.lower.as_ref().is_none_or(above) && bounds.upper.as_ref().is_none_or(below)
        }
        Datum::List(elements) | Datum::Set(elements) => has_length(bounds, elements.len()),
        Datum::Map(entries) => has_length(bounds, entries.len()),
        Datum::Bool(_) | Datum::Tuple(_) | Datum::Object(_) | Datum::Dynamic(_) => true,
    };
    (!fits).then_some("is outside of what was planned for it")
}

fn has_length(bounds: &Bounds, length: usize) -> bool {
    let length = length as u64;
    bounds.min_length.is_none_or(|min| length >= min) && bounds.max_length.is_none_or(|max| length <= max)
}

use serde::{Serialize, Serializer};
use tfmodel::{Datum, Path, Value};

use crate::argument::Problem;
use crate::findings::{Finding, Subject, Surroundings, TrustPolicy, find};
use crate::policy::Document;

/// The text of a policy: JSON, or something that has one, such as a whole `pod_identity_binding`, `aws_iam_role` or
/// `aws_iam_policy_document`, or a policy as an object.
///
/// # Errors
/// It is none of these.
pub fn policy_text(value: &Value, at: &Path) -> Result<Value<String>, Problem> {
    /// Attributes that hold a policy: of `pod_identity_binding`, `aws_iam_role` and `aws_iam_policy_document`.
    const HOLDERS: &[&str] = &["trust_policy", "assume_role_policy", "json"];
    match value {
        Value::Null => Err(Problem::new(at, "A policy is needed, found null.")),
        Value::Unknown(_) => Ok(Value::unknown()),
        Value::Known(Datum::Dynamic(dynamic)) => policy_text(&dynamic.value, at),
        Value::Known(Datum::String(text)) => Ok(Value::Known(text.clone())),
        Value::Known(datum @ (Datum::Object(_) | Datum::Map(_))) => {
            let attributes = datum.entries().unwrap_or_default();
            let found = |name: &str| attributes.iter().find(|(one, _)| *one == name);
            if let Some((name, held)) = HOLDERS.iter().find_map(|name| found(name)) {
                return policy_text(held, &at.with_attribute(*name));
            }
            if found("Statement").is_some() {
                return Ok(json(value).map_or_else(Value::unknown, Value::Known));
            }
            Err(Problem::new(
                at,
                "It has to be a policy as JSON, or an object that has one in `trust_policy`, `assume_role_policy` or `json`.",
            ))
        }
        Value::Known(_) => Err(Problem::new(at, "It has to be a policy as JSON.")),
    }
}

/// A value as JSON; `None` if a part of it is unknown. What is null is left out.
fn json(value: &Value) -> Option<String> {
    value
        .is_wholly_known()
        .then(|| serde_json::to_string(&Json(value)).unwrap_or_default())
}

struct Json<'v>(&'v Value);

impl Serialize for Json<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Null | Value::Unknown(_) => serializer.serialize_unit(),
            Value::Known(Datum::Dynamic(dynamic)) => Json(&dynamic.value).serialize(serializer),
            Value::Known(Datum::Bool(value)) => serializer.serialize_bool(*value),
            // IAM takes numbers for the texts that spell them.
            Value::Known(Datum::Number(number)) => serializer.collect_str(number),
            Value::Known(Datum::String(text)) => serializer.serialize_str(text),
            Value::Known(Datum::List(elements) | Datum::Set(elements) | Datum::Tuple(elements)) => {
                serializer.collect_seq(elements.iter().map(Json))
            }
            Value::Known(datum @ (Datum::Map(_) | Datum::Object(_))) => {
                let entries = datum.entries().unwrap_or_default().into_iter();
                let present = entries.filter(|(_, value)| !value.is_null());
                serializer.collect_map(present.map(|(key, value)| (key, Json(value))))
            }
        }
    }
}

fn document(text: &str, at: &Path) -> Result<Document, Problem> {
    Document::parse(&crate::policy::decode(text))
        .map_err(|error| Problem::new(at, format!("It is no policy document: {error}.")))
}

/// One policy that lets in whom any of them lets in, as JSON; statements that say the same stand once, and are folded where nothing widens.
///
/// `policies` is a list or tuple of whatever [`policy_text`] takes; null elements are left out.
///
/// # Errors
/// It is none, or one of them is no policy.
pub fn merge_trust_policies(policies: &Value) -> Result<Value<String>, Problem> {
    let root = Path::root();
    let elements = match policies {
        Value::Unknown(_) => return Ok(Value::unknown()),
        Value::Known(Datum::Dynamic(dynamic)) => return merge_trust_policies(&dynamic.value),
        Value::Known(Datum::List(elements) | Datum::Set(elements) | Datum::Tuple(elements)) => elements,
        Value::Null | Value::Known(_) => {
            return Err(Problem::new(&root, "A list of policies is needed, each as JSON."));
        }
    };
    let mut documents = Vec::with_capacity(elements.len());
    // All are looked at before anything is unknown: a mistake in one is told even while another is not known yet.
    let mut is_known = true;
    for (index, element) in elements.iter().enumerate().filter(|(_, element)| !element.is_null()) {
        let at = root.with_index(index);
        match policy_text(element, &at)? {
            Value::Known(text) => documents.push(document(&text, &at)?),
            Value::Null | Value::Unknown(_) => is_known = false,
        }
    }
    if !is_known {
        return Ok(Value::unknown());
    }
    let merged = Document::merge(&documents).map_err(|error| Problem::new(&root, format!("{error}.")))?;
    Ok(Value::Known(merged.to_json()))
}

/// Why the arguments of a function cannot be used: the argument, counted from 0, and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problems {
    /// The argument, counted from 0.
    pub argument: usize,
    /// What is wrong with it.
    pub problem: Problem,
}

/// What is wrong with a trust policy; `None` as long as it is not known. `context` is what [`Surroundings::from_value`] reads.
///
/// # Errors
/// The policy is no text, or the context has something that it cannot have.
pub fn trust_policy_findings(policy: &Value, context: &Value) -> Result<Option<Vec<Finding>>, Problems> {
    let of = |argument: usize| move |problem: Problem| Problems { argument, problem };
    let around = Surroundings::from_value(context).map_err(of(1))?;
    let Value::Known(text) = policy_text(policy, &Path::root()).map_err(of(0))? else {
        return Ok(None);
    };
    let trust = TrustPolicy::new(&text);
    Ok(Some(find(&Subject {
        trust: Some(&trust),
        around: &around,
    })))
}

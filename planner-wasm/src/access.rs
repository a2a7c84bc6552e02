use pod_identity_core::argument::Problem;
use pod_identity_core::functions::{self, Admission, policy_text};
use pod_identity_core::policy::{Document, decode};
use pod_identity_core::report;
use tfmodel::{Path, Type, Value};

use crate::answer::Failure;
use crate::argument::{Argument, Object, problem, within};

/// Whether a trust policy lets somebody assume its role; `request` is JSON, with the keys of function `can_assume`.
///
/// # Errors
/// The request has something that it cannot have. A policy that cannot be read is an answer.
pub fn can_assume(policy: &str, request: &str) -> Result<Admission, Failure> {
    let request = Argument::read("request", request)?;
    functions::can_assume(policy, &request.value()).map_err(|problem| request.refused(&problem))
}

/// Who can become some roles: whom their trust policies name, and what they answer to some pods.
///
/// `subject` is JSON: `roles`, a list of `role`, an ARN or another name, and `policy`; and `pods`, each as [`can_assume`] takes it.
///
/// # Errors
/// Something in the subject is not what it has to be, or cannot be read as a policy.
pub fn access_report(subject: &str) -> Result<report::Access, Failure> {
    let argument = Argument::read("subject", subject)?;
    let subject = argument.attributes([
        (
            "roles",
            Type::list(Type::object([("role", Type::String), ("policy", Type::Dynamic)])),
        ),
        ("pods", Type::list(Type::Dynamic)),
    ])?;
    let elements = |name: &str| {
        let at = Path::attribute(name);
        let all = subject.elements(name);
        let all = all.ok_or_else(|| argument.refused(&problem(&at, "A list is needed.")))?;
        Ok::<_, Failure>(
            all.iter()
                .enumerate()
                .map(move |(index, one)| (one, at.with_index(index))),
        )
    };
    let roles = elements("roles")?.map(|(one, at)| role(one, &at));
    let roles: Vec<(String, Document)> = roles
        .collect::<Result<_, _>>()
        .map_err(|problem| argument.refused(&problem))?;
    let mut pods = Vec::new();
    for (one, at) in elements("pods")? {
        let found = functions::pods(one).map_err(|problem| argument.refused(&within(&at, problem)))?;
        pods.extend(found);
    }
    let roles: Vec<(String, &Document)> = roles.iter().map(|(name, trust)| (name.clone(), trust)).collect();
    Ok(report::access(&roles, &pods))
}

fn role(role: &Value, at: &Path) -> Result<(String, Document), Problem> {
    let name = role.text("role");
    let name = name.ok_or_else(|| problem(&at.with_attribute("role"), "Its ARN is needed, or another name."))?;
    let at = at.with_attribute("policy");
    let Value::Known(text) = policy_text(role.get("policy").unwrap_or(&Value::Null), &at)? else {
        return Err(problem(&at, "It has to be known."));
    };
    let trust = Document::parse(&decode(&text));
    let trust = trust.map_err(|error| problem(&at, &format!("It is no policy document: {error}.")))?;
    Ok((name.to_owned(), trust))
}

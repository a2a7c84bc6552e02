//! Policy documents: what AWS refuses in them, and how it gives them back.
//!
//! Written against AWS's documentation and messages that people reported, without the provider's own reader: a fake that shared it would
//! share its mistakes.

mod principals;
mod render;

use std::collections::BTreeSet;

use serde_json::{Map, Value};

pub(crate) use render::{encoded, text};

use crate::answer::Refusal;
use crate::world::World;

fn malformed(message: impl Into<String>) -> Refusal {
    Refusal::new(400, "MalformedPolicyDocument", message)
}

/// Characters that count against a quota: white space does not.
pub(crate) fn size(document: &str) -> usize {
    document.chars().filter(|char| !char.is_whitespace()).count()
}

/// A role's trust policy as it is stored: unique ids instead of the ARNs of roles and users.
///
/// Where the actions of a trust policy are wrong: <https://github.com/pulumi/pulumi-aws/issues/4629>
pub(crate) fn trust(document: &str, world: &World, quota: usize) -> Result<Value, Refusal> {
    characters(document, "assumeRolePolicyDocument")?;
    let mut policy: Value =
        serde_json::from_str(document).map_err(|_| malformed("This policy contains invalid Json"))?;
    for statement in statements(&policy)? {
        if let Some(field) = ["Resource", "NotResource", "NotPrincipal"]
            .into_iter()
            .find(|field| statement.contains_key(*field))
        {
            return Err(malformed(format!("Has prohibited field {field}")));
        }
        if !statement.contains_key("Principal") {
            return Err(malformed("Missing required field Principal"));
        }
        for action in actions(statement) {
            if !is_trust_action(action) {
                return Err(malformed("AssumeRole policy may only specify STS AssumeRole actions."));
            }
        }
    }
    principals::store(&mut policy, world)?;
    if size(document) > quota {
        return Err(Refusal::new(
            409,
            "LimitExceeded",
            format!("Cannot exceed quota for ACLSizePerRole: {quota}"),
        ));
    }
    Ok(policy)
}

/// Checks a policy of permissions.
pub(crate) fn permissions(document: &str, field: &str) -> Result<(), Refusal> {
    characters(document, field)?;
    let policy: Value = serde_json::from_str(document).map_err(|_| malformed("Syntax errors in policy."))?;
    for statement in statements(&policy)? {
        if statement.contains_key("Principal") || statement.contains_key("NotPrincipal") {
            return Err(malformed("Policy document should not specify a principal."));
        }
        let has_resource = ["Resource", "NotResource"]
            .iter()
            .any(|field| statement.get(*field).is_some_and(|value| !strings(value).is_empty()));
        if !has_resource {
            return Err(malformed("Policy statement must contain resources."));
        }
    }
    Ok(())
}

/// Whether EKS takes a role with this trust policy: pods may assume it and tag the session. Conditions are not looked at; AWS does not say
/// that they are.
///
/// <https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html>
pub(crate) fn trusts_pods(trust: &Value) -> bool {
    let allowed: Vec<&str> = allowing(trust)
        .filter(|statement| {
            let service = statement
                .get("Principal")
                .and_then(|principal| principal.get("Service"));
            service.is_some_and(|service| strings(service).contains(&"pods.eks.amazonaws.com"))
        })
        .flat_map(actions)
        .collect();
    ["sts:AssumeRole", "sts:TagSession"].iter().all(|needed| {
        allowed
            .iter()
            .any(|pattern| matches(&pattern.to_lowercase(), &needed.to_lowercase()))
    })
}

/// Statements that allow.
pub(crate) fn allowing(policy: &Value) -> impl Iterator<Item = &Map<String, Value>> {
    elements(policy.get("Statement"))
        .filter_map(Value::as_object)
        .filter(|statement| statement.get("Effect").and_then(Value::as_str) == Some("Allow"))
}

/// A value, or the values of a list.
pub(crate) fn elements(value: Option<&Value>) -> impl Iterator<Item = &Value> {
    let list = value.and_then(Value::as_array);
    let single = value.filter(|value| !value.is_array());
    list.into_iter().flatten().chain(single)
}

/// The texts of a string or a list of strings.
pub(crate) fn strings(value: &Value) -> Vec<&str> {
    elements(Some(value)).filter_map(Value::as_str).collect()
}

pub(crate) fn actions(statement: &Map<String, Value>) -> Vec<&str> {
    ["Action", "NotAction"]
        .iter()
        .filter_map(|field| statement.get(*field))
        .flat_map(strings)
        .collect()
}

/// `*` and `?` in a pattern.
pub(crate) fn matches(pattern: &str, text: &str) -> bool {
    let mut pattern = pattern.chars();
    match pattern.next() {
        None => text.is_empty(),
        Some('*') => {
            let rest = pattern.as_str();
            text.char_indices()
                .map(|(at, _)| at)
                .chain([text.len()])
                .any(|at| text.get(at..).is_some_and(|text| matches(rest, text)))
        }
        Some(wanted) => {
            let mut text = text.chars();
            text.next().is_some_and(|found| wanted == '?' || wanted == found)
                && matches(pattern.as_str(), text.as_str())
        }
    }
}

fn is_trust_action(action: &str) -> bool {
    const ACTIONS: [&str; 6] = [
        "sts:assumerole",
        "sts:assumerolewithsaml",
        "sts:assumerolewithwebidentity",
        "sts:setcontext",
        "sts:setsourceidentity",
        "sts:tagsession",
    ];
    let action = action.to_lowercase();
    ACTIONS.iter().any(|known| matches(&action, known))
}

fn characters(document: &str, field: &str) -> Result<(), Refusal> {
    let is_allowed = |char: char| matches!(char, '\t' | '\n' | '\r' | '\u{20}'..='\u{ff}');
    if document.is_empty() || !document.chars().all(is_allowed) {
        return Err(Refusal::new(
            400,
            "ValidationError",
            format!("The specified value for {field} is invalid. It must contain only printable ASCII characters."),
        ));
    }
    Ok(())
}

/// The statements, checked for what holds in every policy.
///
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html>
fn statements(policy: &Value) -> Result<Vec<&Map<String, Value>>, Refusal> {
    const FIELDS: [&str; 9] = [
        "Sid",
        "Effect",
        "Principal",
        "NotPrincipal",
        "Action",
        "NotAction",
        "Resource",
        "NotResource",
        "Condition",
    ];
    let syntax = || malformed("Syntax errors in policy.");
    let document = policy.as_object().ok_or_else(syntax)?;
    if !document
        .keys()
        .all(|key| ["Version", "Id", "Statement"].contains(&key.as_str()))
    {
        return Err(syntax());
    }
    let version = document.get("Version");
    if version.is_some_and(|version| version != "2012-10-17" && version != "2008-10-17") {
        return Err(syntax());
    }
    let mut sids = BTreeSet::new();
    let mut found = Vec::new();
    for statement in elements(document.get("Statement")) {
        let statement = statement.as_object().ok_or_else(syntax)?;
        if !statement.keys().all(|key| FIELDS.contains(&key.as_str())) {
            return Err(syntax());
        }
        if !matches!(statement.get("Effect").and_then(Value::as_str), Some("Allow" | "Deny")) {
            return Err(syntax());
        }
        if let Some(sid) = statement.get("Sid") {
            let sid = sid.as_str().ok_or_else(syntax)?;
            if !sid.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
                return Err(malformed(
                    "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*",
                ));
            }
            if !sid.is_empty() && !sids.insert(sid) {
                return Err(malformed("Statement IDs (SID) in a single policy must be unique."));
            }
        }
        let names = actions(statement);
        if names.is_empty() {
            return Err(malformed("Policy statement must contain actions."));
        }
        if names.iter().any(|action| *action != "*" && !action.contains(':')) {
            return Err(malformed(
                "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.",
            ));
        }
        conditions(statement)?;
        found.push(statement);
    }
    if found.is_empty() {
        return Err(syntax());
    }
    Ok(found)
}

fn conditions(statement: &Map<String, Value>) -> Result<(), Refusal> {
    let Some(condition) = statement.get("Condition") else {
        return Ok(());
    };
    let operators = condition
        .as_object()
        .ok_or_else(|| malformed("Syntax errors in policy."))?;
    for (operator, keys) in operators {
        if !is_operator(operator) {
            return Err(malformed(format!("Invalid Condition type : {operator}.")));
        }
        let keys = keys.as_object().ok_or_else(|| malformed("Syntax errors in policy."))?;
        if keys.keys().any(|key| !key.contains(':')) {
            return Err(malformed(
                "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.",
            ));
        }
        if keys
            .values()
            .flat_map(|value| elements(Some(value)))
            .any(|value| value.is_object() || value.is_null())
        {
            return Err(malformed("Syntax errors in policy."));
        }
    }
    Ok(())
}

fn is_operator(operator: &str) -> bool {
    const OPERATORS: [&str; 27] = [
        "StringEquals",
        "StringNotEquals",
        "StringEqualsIgnoreCase",
        "StringNotEqualsIgnoreCase",
        "StringLike",
        "StringNotLike",
        "NumericEquals",
        "NumericNotEquals",
        "NumericLessThan",
        "NumericLessThanEquals",
        "NumericGreaterThan",
        "NumericGreaterThanEquals",
        "DateEquals",
        "DateNotEquals",
        "DateLessThan",
        "DateLessThanEquals",
        "DateGreaterThan",
        "DateGreaterThanEquals",
        "Bool",
        "BinaryEquals",
        "IpAddress",
        "NotIpAddress",
        "ArnEquals",
        "ArnLike",
        "ArnNotEquals",
        "ArnNotLike",
        "Null",
    ];
    let name = operator
        .strip_prefix("ForAllValues:")
        .or_else(|| operator.strip_prefix("ForAnyValue:"))
        .unwrap_or(operator);
    let base = name
        .strip_suffix("IfExists")
        .filter(|base| *base != "Null")
        .unwrap_or(name);
    OPERATORS.iter().any(|known| known.eq_ignore_ascii_case(base))
}

//! Whether the policies of who calls let them.
//!
//! Written against AWS's documentation, without the provider's own evaluation: a fake that shared it would share its mistakes.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html>

mod needs;

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::answer::Refusal;
use crate::operations::Service;
use crate::policy::{elements, matches, strings};

pub(crate) use needs::{Request, needs};

/// Something that policies have to allow for a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Need {
    pub(crate) action: String,
    pub(crate) resource: String,
    /// Values by condition key, in small letters.
    pub(crate) context: BTreeMap<String, Vec<String>>,
}

/// The identity policies of somebody.
#[derive(Debug, Clone, Default)]
pub(crate) struct Policies(Vec<Value>);

enum Verdict {
    Allowed,
    NotAllowed,
    Denied,
}

impl Policies {
    /// Reads policy documents.
    ///
    /// # Panics
    /// One is no policy of permissions, or says what is not evaluated here.
    pub(crate) fn new(documents: &[&str]) -> Self {
        let read = |document: &&str| {
            let refused = crate::policy::permissions(document, "policyDocument").err();
            assert!(refused.is_none(), "{refused:?}: {document}");
            let policy: Value = serde_json::from_str(document).unwrap_or_default();
            for statement in statements(&policy) {
                let unknown = ["NotAction", "NotResource"]
                    .iter()
                    .any(|field| statement.contains_key(*field));
                let operators = statement.get("Condition").and_then(Value::as_object);
                let strange = operators
                    .into_iter()
                    .flatten()
                    .find(|(name, _)| Operator::named(name).is_none());
                assert!(!unknown && strange.is_none(), "not evaluated here: {statement:?}");
            }
            policy
        };
        Self(documents.iter().map(read).collect())
    }

    /// Refuses what is not allowed, as AWS words it.
    ///
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html>
    pub(crate) fn check(&self, service: Service, caller: &str, needs: &[Need]) -> Result<(), Refusal> {
        for need in needs {
            let Need { action, resource, .. } = need;
            let reason = match self.verdict(need) {
                Verdict::Allowed => continue,
                Verdict::NotAllowed => format!("because no identity-based policy allows the {action} action"),
                Verdict::Denied => "with an explicit deny in an identity-based policy".to_owned(),
            };
            let code = match service {
                Service::Eks => "AccessDeniedException",
                Service::Iam | Service::Sts => "AccessDenied",
            };
            let message =
                format!("User: {caller} is not authorized to perform: {action} on resource: {resource} {reason}");
            return Err(Refusal::new(403, code, message));
        }
        Ok(())
    }

    fn verdict(&self, need: &Need) -> Verdict {
        let mut verdict = Verdict::NotAllowed;
        for statement in self
            .0
            .iter()
            .flat_map(statements)
            .filter(|statement| applies(statement, need))
        {
            match statement.get("Effect").and_then(Value::as_str) {
                Some("Allow") => verdict = Verdict::Allowed,
                _ => return Verdict::Denied,
            }
        }
        verdict
    }
}

fn statements(policy: &Value) -> impl Iterator<Item = &Map<String, Value>> {
    elements(policy.get("Statement")).filter_map(Value::as_object)
}

fn applies(statement: &Map<String, Value>, need: &Need) -> bool {
    let texts = |field: &str| statement.get(field).map(strings).unwrap_or_default();
    let action = need.action.to_lowercase();
    let conditions = statement.get("Condition").and_then(Value::as_object);
    let mut conditions = conditions.into_iter().flatten().flat_map(|(operator, keys)| {
        let keys = keys.as_object().into_iter().flatten();
        keys.map(move |(key, wanted)| (operator, key, strings(wanted)))
    });
    texts("Action")
        .iter()
        .any(|pattern| matches(&pattern.to_lowercase(), &action))
        && texts("Resource").iter().any(|pattern| matches(pattern, &need.resource))
        && conditions.all(|(operator, key, wanted)| {
            let found = need
                .context
                .get(&key.to_lowercase())
                .map(Vec::as_slice)
                .unwrap_or_default();
            Operator::named(operator).is_some_and(|operator| operator.holds(found, &wanted))
        })
}

/// What a condition compares, and how.
struct Operator {
    is_negated: bool,
    test: Test,
}

enum Test {
    Null,
    Equal,
    Like,
}

impl Operator {
    /// The operators that policies for the provider use.
    fn named(name: &str) -> Option<Self> {
        let (is_negated, test) = match name.strip_prefix("ForAnyValue:").unwrap_or(name) {
            "Null" => (false, Test::Null),
            "StringEquals" => (false, Test::Equal),
            "StringNotEquals" => (true, Test::Equal),
            "StringLike" | "ArnLike" | "ArnEquals" => (false, Test::Like),
            "StringNotLike" | "ArnNotLike" | "ArnNotEquals" => (true, Test::Like),
            _ => return None,
        };
        Some(Self { is_negated, test })
    }

    /// A key that the request does not carry matches nothing.
    fn holds(&self, found: &[String], wanted: &[&str]) -> bool {
        let any = |test: fn(&str, &str) -> bool| {
            found
                .iter()
                .any(|found| wanted.iter().any(|wanted| test(wanted, found)))
        };
        let is_met = match self.test {
            Test::Null => wanted.contains(&if found.is_empty() { "true" } else { "false" }),
            Test::Equal => any(|wanted, found| wanted == found),
            Test::Like => any(matches),
        };
        is_met != self.is_negated
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn need(action: &str, resource: &str, context: &[(&str, &str)]) -> Need {
        let context = context
            .iter()
            .map(|(key, value)| ((*key).to_owned(), vec![(*value).to_owned()]));
        Need {
            action: action.to_owned(),
            resource: resource.to_owned(),
            context: context.collect(),
        }
    }

    #[test]
    fn action_resource_and_conditions_have_to_match_and_a_deny_wins() {
        let policies = Policies::new(&[r#"{"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": ["iam:Tag*", "iam:CreateRole"], "Resource": "arn:aws:iam::1:role/pods/*",
             "Condition": {"Null": {"aws:RequestTag/owner": "false"}}},
            {"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*", "Condition": {"StringEquals": {"iam:PassedToService": ["a", "b"]}}},
            {"Effect": "Deny", "Action": "iam:tagrole", "Resource": "*", "Condition": {"ForAnyValue:StringEquals": {"aws:TagKeys": "owner"}}}
        ]}"#]);
        let owned = ("aws:requesttag/owner", "me");
        let role = "arn:aws:iam::1:role/pods/x";
        for (need, expected) in [
            (need("iam:CreateRole", role, &[owned]), None),
            (need("iam:TagRole", role, &[owned]), None),
            (
                need("iam:CreateRole", role, &[]),
                Some("because no identity-based policy allows the iam:CreateRole action"),
            ),
            (
                need("iam:CreateRole", "arn:aws:iam::1:role/x", &[owned]),
                Some("because no"),
            ),
            (need("iam:DeleteRole", role, &[owned]), Some("because no")),
            (need("iam:PassRole", role, &[("iam:passedtoservice", "b")]), None),
            (
                need("iam:PassRole", role, &[("iam:passedtoservice", "c")]),
                Some("because no"),
            ),
            (
                need("iam:TagRole", role, &[owned, ("aws:tagkeys", "owner")]),
                Some("with an explicit deny"),
            ),
        ] {
            let refused = policies
                .check(Service::Iam, "somebody", std::slice::from_ref(&need))
                .err();
            let message = refused.map(|refusal| refusal.message);
            match expected {
                None => assert_eq!(message, None),
                Some(reason) => assert!(message.is_some_and(|message| message.contains(reason)), "{need:?}"),
            }
        }
    }
}

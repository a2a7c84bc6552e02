use std::fmt::Write as _;

use super::document::{Condition, Effect, PrincipalKind, Statement, Who};

/// The service principal of EKS Pod Identity, the same in every partition.
pub(crate) const POD_IDENTITY_SERVICE: &str = "pods.eks.amazonaws.com";

/// Operators that ask for a value to be there.
const POSITIVE: &[&str] = &[
    "StringEquals",
    "StringLike",
    "ArnEquals",
    "ArnLike",
    "StringEqualsIgnoreCase",
];

/// What a statement of a trust policy says, in a sentence.
pub fn sentence(statement: &Statement) -> String {
    let verb = match statement.effect {
        Effect::Allow => "may assume this role",
        Effect::Deny => "are denied this role",
    };
    let subject = pod_identity_subject(statement)
        .or_else(|| irsa_subject(statement))
        .unwrap_or_else(|| anyone_else(statement));
    format!("{subject} {verb}.")
}

/// `Pods using … ` for a statement about EKS Pod Identity.
fn pod_identity_subject(statement: &Statement) -> Option<String> {
    let principals = statement.principals.as_ref().filter(|principals| !principals.except)?;
    let mut services = principals.of_kind(&PrincipalKind::Service);
    if services.next() != Some(POD_IDENTITY_SERVICE) || services.next().is_some() {
        return None;
    }
    let tag = |name: &str| {
        value_of(statement, |key| {
            key.eq_ignore_ascii_case(&format!("aws:RequestTag/{name}"))
        })
    };
    let account = value_of(statement, |key| key.eq_ignore_ascii_case("aws:SourceAccount"));
    let mut text = pods(tag("kubernetes-service-account"), tag("kubernetes-namespace"));
    let cluster = tag("eks-cluster-name").or_else(|| {
        let arn = tag("eks-cluster-arn")?;
        Some(arn.rsplit_once("cluster/").map_or(arn, |(_, name)| name))
    });
    match (cluster, account) {
        (Some(cluster), _) => _ = write!(text, " on cluster `{cluster}`"),
        (None, Some(account)) => _ = write!(text, " on any cluster of account `{account}`"),
        (None, None) => text.push_str(" on any cluster"),
    }
    text.push_str(" with EKS Pod Identity");
    let used = |key: &str| {
        let key = key.to_ascii_lowercase();
        key == "aws:sourceaccount"
            || key.strip_prefix("aws:requesttag/").is_some_and(|tag| {
                matches!(
                    tag,
                    "kubernetes-service-account" | "kubernetes-namespace" | "eks-cluster-name" | "eks-cluster-arn"
                )
            })
    };
    text.push_str(&more_conditions(statement, used));
    Some(text)
}

/// `Pods using … ` for a statement about IRSA.
fn irsa_subject(statement: &Statement) -> Option<String> {
    let principals = statement.principals.as_ref().filter(|principals| !principals.except)?;
    let mut providers = principals.of_kind(&PrincipalKind::Federated);
    let (_, issuer) = providers.next()?.split_once(":oidc-provider/")?;
    if providers.next().is_some() {
        return None;
    }
    let subject = value_of(statement, |key| {
        key.to_ascii_lowercase()
            .strip_suffix(":sub")
            .is_some_and(|stem| stem == issuer.to_ascii_lowercase())
    });
    let mut text = match subject.map(|subject| subject.strip_prefix("system:serviceaccount:")) {
        Some(Some(rest)) => match rest.split_once(':') {
            Some((namespace, account)) => pods(Some(account), Some(namespace)),
            None => pods(None, Some(rest)),
        },
        // Some other kind of subject, as of a CI system.
        Some(None) => return None,
        None if issuer.starts_with("oidc.eks") => pods(None, None),
        None => return None,
    };
    _ = write!(text, " with IRSA, by a token of `{issuer}`");
    let used = |key: &str| matches!(key.rsplit_once(':'), Some((_, "sub" | "aud")));
    text.push_str(&more_conditions(statement, used));
    Some(text)
}

/// What the sentence does not say, so that it never promises too much.
fn more_conditions(statement: &Statement, used: impl Fn(&str) -> bool) -> String {
    let positive = |operator: &str| POSITIVE.contains(&operator);
    let more = statement
        .conditions
        .iter()
        .filter(|one| !(positive(&one.operator) && used(&one.key) && one.values.only().is_some()))
        .count();
    match more {
        0 => String::new(),
        1 => ", under one more condition,".to_owned(),
        several => format!(", under {several} more conditions,"),
    }
}

fn pods(account: Option<&str>, namespace: Option<&str>) -> String {
    let is_any = |pattern: &Option<&str>| pattern.is_none_or(|pattern| pattern == "*");
    match (is_any(&account), is_any(&namespace)) {
        (false, false) => format!(
            "Pods using `{}` in `{}`",
            account.unwrap_or_default(),
            namespace.unwrap_or_default()
        ),
        (false, true) => format!("Pods using `{}` in any namespace", account.unwrap_or_default()),
        (true, false) => format!("All pods in `{}`", namespace.unwrap_or_default()),
        (true, true) => "All pods".to_owned(),
    }
}

/// The single value that a positive string condition asks of a key.
fn value_of(statement: &Statement, key: impl Fn(&str) -> bool) -> Option<&str> {
    let mut found = statement
        .conditions
        .iter()
        .filter(|condition| POSITIVE.contains(&condition.operator.as_str()) && key(&condition.key))
        .map(|condition: &Condition| condition.values.only());
    let value = found.next()??;
    found.next().is_none().then_some(value)
}

fn anyone_else(statement: &Statement) -> String {
    let mut text = match &statement.principals {
        None => "Nobody in particular".to_owned(),
        Some(principals) => {
            let who = match &principals.who {
                Who::Everybody => "everybody".to_owned(),
                Who::Named(named) => named
                    .iter()
                    .flat_map(|principal| principal.names.iter().map(|name| described(&principal.kind, name)))
                    .collect::<Vec<_>>()
                    .join(", "),
            };
            if principals.except {
                format!("Everybody except {who}")
            } else {
                let mut letters = who.chars();
                letters.next().map_or_else(
                    || "Nobody".to_owned(),
                    |first| first.to_uppercase().chain(letters).collect(),
                )
            }
        }
    };
    match statement.conditions.len() {
        0 => {}
        1 => text.push_str(", under one condition,"),
        several => _ = write!(text, ", under {several} conditions,"),
    }
    text
}

fn described(kind: &PrincipalKind, name: &str) -> String {
    match kind {
        PrincipalKind::Aws if name == "*" => "everybody".to_owned(),
        PrincipalKind::Aws => {
            let account = super::canonical::canonical_name(kind, name);
            if account.bytes().all(|byte| byte.is_ascii_digit()) {
                format!("identities of account `{account}`")
            } else {
                format!("`{name}`")
            }
        }
        PrincipalKind::Service => format!("the AWS service `{name}`"),
        PrincipalKind::Federated => format!("identities of `{name}`"),
        PrincipalKind::CanonicalUser | PrincipalKind::Other(_) => format!("{} `{name}`", kind.as_str()),
    }
}

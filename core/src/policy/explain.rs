use std::fmt::{self, Write as _};

use super::document::{Condition, Effect, PrincipalKind, Principals, Statement, Who};
use super::operator::{Operator, Test};

/// The service principal of EKS Pod Identity, the same in every partition.
pub(crate) const POD_IDENTITY_SERVICE: &str = "pods.eks.amazonaws.com";

/// What a statement of a trust policy says, in a sentence.
pub fn sentence(statement: &Statement) -> String {
    let subject = pod_identity_subject(statement)
        .or_else(|| irsa_subject(statement))
        .unwrap_or_else(|| anyone_else(statement));
    format!("{subject} {}.", verb(statement))
}

/// What the statement lets them do, or keeps them from.
fn verb(statement: &Statement) -> String {
    let names: Vec<String> = statement
        .actions
        .iter()
        .flat_map(|actions| &actions.names)
        .map(|name| name.to_ascii_lowercase())
        .collect();
    let everything = statement.actions.as_ref().is_none_or(|actions| actions.except);
    let assumes = |name: &String| name.starts_with('*') || name.starts_with("sts:*") || name.starts_with("sts:assume");
    let allows = statement.effect == Effect::Allow;
    if everything || names.iter().any(assumes) {
        let verb = if allows {
            "may assume this role"
        } else {
            "are denied this role"
        };
        return verb.to_owned();
    }
    let may = if allows { "may" } else { "may not" };
    if names.iter().all(|name| name == "sts:tagsession") {
        return format!("{may} pass session tags to this role");
    }
    let written = statement.actions.iter().flat_map(|actions| &actions.names);
    format!(
        "{may} call {}",
        written.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
    )
}

/// `Pods using … ` for a statement about EKS Pod Identity.
fn pod_identity_subject(statement: &Statement) -> Option<String> {
    let principals = statement.principals.as_ref().filter(|principals| !principals.except)?;
    let mut services = principals.of_kind(&PrincipalKind::Service);
    if services.next() != Some(POD_IDENTITY_SERVICE)
        || services.next().is_some()
        || !is_of(principals, &PrincipalKind::Service)
    {
        return None;
    }
    let tag = |name: &str| {
        value_of(statement, |key| {
            key.eq_ignore_ascii_case(&format!("aws:RequestTag/{name}"))
        })
    };
    let account = value_of(statement, |key| key.eq_ignore_ascii_case("aws:SourceAccount"));
    let mut text = pods(tag("kubernetes-service-account"), tag("kubernetes-namespace"));
    let arn = tag("eks-cluster-arn");
    let of_arn = arn.map(|arn| arn.part(arn.text.rsplit_once("cluster/").map_or(arn.text, |(_, name)| name)));
    // Any cluster, but of a region or an account.
    let narrows_otherwise = of_arn.is_some_and(|name| name.is_any()) && !arn.is_some_and(|arn| arn.is_any());
    let cluster = tag("eks-cluster-name").or(of_arn);
    match (cluster.filter(|cluster| !cluster.is_any()), account) {
        (Some(cluster), _) => _ = write!(text, " on cluster {cluster}"),
        (None, Some(account)) => _ = write!(text, " on any cluster of account {account}"),
        (None, None) => text.push_str(" on any cluster"),
    }
    text.push_str(" with EKS Pod Identity");
    let used = |key: &str| {
        let key = key.to_ascii_lowercase();
        key == "aws:sourceaccount"
            || key.strip_prefix("aws:requesttag/").is_some_and(|tag| {
                matches!(
                    tag,
                    "kubernetes-service-account" | "kubernetes-namespace" | "eks-cluster-name"
                ) || tag == "eks-cluster-arn" && !narrows_otherwise
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
    if providers.next().is_some() || !is_of(principals, &PrincipalKind::Federated) {
        return None;
    }
    let subject = value_of(statement, |key| {
        key.to_ascii_lowercase()
            .strip_suffix(":sub")
            .is_some_and(|stem| stem == issuer.to_ascii_lowercase())
    });
    let mut text = match subject.map(|subject| subject.without("system:serviceaccount:")) {
        Some(Some(rest)) => match rest.text.split_once(':') {
            Some((namespace, account)) => pods(Some(rest.part(account)), Some(rest.part(namespace))),
            None => pods(None, Some(rest)),
        },
        // Some other kind of subject, as of a CI system.
        Some(None) => return None,
        None if issuer.starts_with("oidc.eks") => pods(None, None),
        None => return None,
    };
    _ = write!(text, " with IRSA, by a token of `{issuer}`,");
    let used = |key: &str| {
        let claim = key.rsplit_once(':');
        claim.is_some_and(|(stem, claim)| stem.eq_ignore_ascii_case(issuer) && matches!(claim, "sub" | "aud"))
    };
    // The issuer already ends in a comma.
    text.push_str(more_conditions(statement, used).trim_start_matches(','));
    Some(text)
}

/// Whether principals are of one kind only.
fn is_of(principals: &Principals, kind: &PrincipalKind) -> bool {
    match &principals.who {
        Who::Everybody => false,
        Who::Named(named) => named.iter().all(|principal| principal.kind == *kind),
    }
}

/// What the sentence does not say, so that it never promises too much.
fn more_conditions(statement: &Statement, used: impl Fn(&str) -> bool) -> String {
    let more = statement
        .conditions
        .iter()
        .filter(|one| !(used(&one.key) && value_of(statement, |key| key.eq_ignore_ascii_case(&one.key)).is_some()))
        .count();
    match more {
        0 => String::new(),
        1 => ", under one more condition,".to_owned(),
        several => format!(", under {several} more conditions,"),
    }
}

fn pods(account: Option<Pinned<'_>>, namespace: Option<Pinned<'_>>) -> String {
    let [account, namespace] = [account, namespace].map(|pinned| pinned.filter(|pinned| !pinned.is_any()));
    match (account, namespace) {
        (Some(account), Some(namespace)) => format!("Pods using {account} in {namespace}"),
        (Some(account), None) => format!("Pods using {account} in any namespace"),
        (None, Some(namespace)) => format!("All pods in {namespace}"),
        (None, None) => "All pods".to_owned(),
    }
}

/// What a condition asks of a key.
#[derive(Clone, Copy)]
struct Pinned<'s> {
    text: &'s str,
    /// Whether `*` and `?` stand for others.
    is_pattern: bool,
}

impl<'s> Pinned<'s> {
    /// Asked in the same way.
    const fn part(self, text: &'s str) -> Self {
        Self { text, ..self }
    }

    fn without(self, prefix: &str) -> Option<Self> {
        Some(self.part(self.text.strip_prefix(prefix)?))
    }

    fn is_any(&self) -> bool {
        self.is_pattern && !self.text.is_empty() && self.text.bytes().all(|byte| byte == b'*')
    }

    /// Whether no text of Kubernetes or AWS can be this one.
    fn is_literal_wildcard(&self) -> bool {
        !self.is_pattern && self.text.contains(['*', '?'])
    }
}

impl fmt::Display for Pinned<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", self.text)?;
        // Nothing is called that, so that the statement is not read as if it let anybody in.
        if self.is_literal_wildcard() {
            f.write_str(" (literally)")
        } else {
            Ok(())
        }
    }
}

/// The single value that a condition asks to be there.
fn pins(condition: &Condition) -> Option<Pinned<'_>> {
    let operator: Operator = condition.operator.parse().ok()?;
    let plain = operator.quantifier.is_none() && !operator.if_exists && !operator.is_negated();
    let is_pattern = match operator.test {
        Test::StringLike | Test::ArnLike | Test::ArnEquals => true,
        Test::StringEquals | Test::StringEqualsIgnoreCase => false,
        _ => return None,
    };
    let text = condition.values.only().filter(|_| plain)?;
    Some(Pinned { text, is_pattern })
}

/// The single value that one condition alone asks of a key.
fn value_of(statement: &Statement, key: impl Fn(&str) -> bool) -> Option<Pinned<'_>> {
    let mut found = statement.conditions.iter().filter(|condition| key(&condition.key));
    let value = pins(found.next()?)?;
    found.next().is_none().then_some(value)
}

fn anyone_else(statement: &Statement) -> String {
    let mut text = match &statement.principals {
        None => "Nobody in particular".to_owned(),
        Some(principals) => {
            let mut who = match &principals.who {
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
                if let Some(first) = who.get_mut(..1) {
                    first.make_ascii_uppercase();
                }
                if who.is_empty() { "Nobody".to_owned() } else { who }
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

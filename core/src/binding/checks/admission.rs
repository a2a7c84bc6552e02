//! Whether trust policies let the binding's own pods in.

use tfmodel::{Diagnostic, Path, Severity, Value};

use super::super::derived::Derived;
use super::super::desired::pods;
use super::super::existing::Found;
use super::super::facts::Facts;
use super::super::model::Binding;
use super::super::observed::ObservedRole;
use super::super::trust_edit::TrustEdit;
use crate::evaluate::pod::{AskedRole, Pod, may_assume};
use crate::evaluate::{Evaluation, Verdict};
use crate::fact::Fact;
use crate::ids::{BindingKey, Mechanism, OidcIssuer, ServiceAccount};
use crate::policy::{Document, DocumentUse, Statement, decode};

/// What a role that the binding writes nothing to answers to its pods, as it is now.
pub(super) fn unmanaged(config: &Binding, derived: &Derived, facts: &Facts) -> Vec<Diagnostic> {
    let found = as_it_is(config, derived, facts);
    found.into_iter().map(|(_, warning)| warning).collect()
}

/// The certain denials among them, as errors.
pub(in crate::binding) fn refusals(config: &Binding, derived: &Derived, facts: &Facts) -> Vec<Diagnostic> {
    let found = as_it_is(config, derived, facts);
    let certain = found.into_iter().filter(|(verdict, _)| *verdict == Verdict::Deny);
    certain
        .map(|(_, warning)| Diagnostic {
            severity: Severity::Error,
            ..warning
        })
        .collect()
}

fn as_it_is(config: &Binding, derived: &Derived, facts: &Facts) -> Vec<(Verdict, Diagnostic)> {
    let (Value::Null, Fact::Known(role)) = (&config.role, &facts.role) else {
        return Vec::new();
    };
    if config.manage_trust_policy.known() == Some(&true) || config.manage_trust_policy.is_unknown() {
        return Vec::new();
    }
    let (Some(key), Some(arn)) = (&derived.key, &derived.role_arn) else {
        return Vec::new();
    };
    let Some(trust) = parsed(role) else { return Vec::new() };
    let path = Path::attribute("role_arn");
    answers(&trust, derived)
        .filter_map(|(mechanism, answer)| {
            let (name, reasons) = (mechanism.name(), reasons(&answer));
            let pods = pods(key);
            let warning = match answer.verdict {
                Verdict::Allow | Verdict::Invalid => return None,
                Verdict::Deny => Diagnostic::warning(
                    format!("Role refuses pods that come through {name}, as it is now"),
                    format!(
                        "The trust policy of `{arn}` keeps the {pods} out. {reasons} Change it where the role is managed (function `trust_policy` writes \
                         what it needs), or set `manage_trust_policy = true`."
                    ),
                ),
                Verdict::Unknown => Diagnostic::warning(
                    format!("Role may refuse pods that come through {name}"),
                    format!("Whether the trust policy of `{arn}` lets the {pods} in cannot be told from here. {reasons}"),
                ),
            };
            Some((answer.verdict, warning.at(path.clone())))
        })
        .collect()
}

/// Whether the role of somebody else lets the binding's pods in by IRSA, as it is now.
pub(super) fn lets_in_by_irsa(derived: &Derived, facts: &Facts, issuer: &OidcIssuer) -> bool {
    let Some((trust, pod)) = facts.role.known().and_then(parsed).zip(derived.pod(Mechanism::Irsa)) else {
        return false;
    };
    let pod = Pod {
        issuer: Some(issuer.clone()),
        provider_account: derived.role_arn.as_ref().map(|role| role.account.clone()),
        ..pod
    };
    let role = AskedRole {
        arn: derived.role_arn.clone(),
        ..AskedRole::default()
    };
    may_assume(&trust, &pod, &role).verdict == Verdict::Allow
}

/// What the trust policy that the binding writes answers to its pods: its own statements, and, in a role of somebody else, theirs beside them.
pub(super) fn written(planned: &Binding, derived: &Derived, facts: &Facts) -> Vec<Diagnostic> {
    let (Some(key), Some(policy)) = (&derived.key, planned.trust_policy.known()) else {
        return Vec::new();
    };
    let is_owned = planned.role.is_known();
    if !is_owned && planned.manage_trust_policy != Value::Known(true) {
        return Vec::new();
    }
    let Ok(own) = Document::parse(&policy.0) else {
        return Vec::new();
    };
    // What stands in a role already, IAM has taken.
    let is_refused = !own.refusals(DocumentUse::Trust).is_empty();
    let trust = beside(planned, key, own, facts);
    let path = Path::attribute(if is_owned { "trust" } else { "role_arn" });
    let place = if is_owned {
        "Change `trust.conditions` or `trust.statements`."
    } else {
        "Change `trust.conditions`, or what else stands in the trust policy of the role."
    };
    let mut found: Vec<Diagnostic> = Vec::new();
    for (mechanism, answer) in answers(&trust, derived) {
        let (name, reasons, pods) = (mechanism.name(), reasons(&answer), pods(key));
        let diagnostic = match answer.verdict {
            Verdict::Allow => continue,
            Verdict::Invalid if !is_refused => continue,
            Verdict::Deny => Diagnostic::error(
                format!("Trust policy would refuse the binding's own pods through {name}"),
                format!("With it, the role would keep the {pods} out. {reasons} {place}"),
            ),
            Verdict::Invalid => Diagnostic::error(
                "IAM would refuse the trust policy",
                format!("No role can have it. {reasons} {place}"),
            ),
            Verdict::Unknown => Diagnostic::warning(
                format!("Trust policy may refuse the binding's own pods through {name}"),
                format!("Whether the role will let the {pods} in cannot be told from here. {reasons}"),
            ),
        };
        let diagnostic = diagnostic.at(path.clone());
        // What IAM refuses, it refuses whatever the mechanism.
        if !found.contains(&diagnostic) {
            found.push(diagnostic);
        }
    }
    found
}

/// The trust policy that the binding writes, as it will be.
pub(super) fn trust_after(planned: &Binding, derived: &Derived, facts: &Facts) -> Option<Document> {
    let own = Document::parse(&planned.trust_policy.known()?.0).ok()?;
    Some(beside(planned, derived.key.as_ref()?, own, facts))
}

/// The binding's own statements; in a role of somebody else, beside theirs.
fn beside(planned: &Binding, key: &BindingKey, own: Document, facts: &Facts) -> Document {
    let there = facts.role.known().filter(|_| planned.role.is_null());
    let Some(mut there) = there.and_then(parsed) else {
        return own;
    };
    let is_own = |statement: &Statement| statement.sid.as_deref().is_some_and(|sid| key.owns_sid(sid));
    there.statements.retain(|statement| !is_own(statement));
    let edit = TrustEdit {
        put: own.statements,
        remove: Vec::new(),
    };
    edit.apply(&there)
}

fn parsed(role: &Found<ObservedRole>) -> Option<Document> {
    Document::parse(&decode(&role.what.trust_policy)).ok()
}

/// What a trust policy answers to the binding's pods, for each mechanism in force of which enough is known.
fn answers<'a>(trust: &'a Document, derived: &'a Derived) -> impl Iterator<Item = (Mechanism, Evaluation)> + 'a {
    let role = AskedRole {
        arn: derived.role_arn.clone(),
        ..AskedRole::default()
    };
    let mode = derived.mode;
    let used = [
        (Mechanism::Irsa, mode.is_some_and(|mode| mode.uses_irsa())),
        (
            Mechanism::PodIdentity,
            mode.is_some_and(|mode| mode.uses_pod_identity()),
        ),
    ];
    used.into_iter()
        .filter(|(_, used)| *used)
        // An issuer that nobody knows yet, or whether there are tags, says nothing about a role.
        .filter(|(mechanism, _)| match mechanism {
            Mechanism::Irsa => derived.provider.is_some(),
            Mechanism::PodIdentity => derived.sends_tags.is_some(),
        })
        .filter_map(move |(mechanism, _)| {
            let pod = derived.pod(mechanism)?;
            let answer = may_assume(trust, &pod.one_that_fits(), &role);
            // Another one that fits a pattern may be let in.
            if answer.verdict == Verdict::Deny {
                return Some((mechanism, may_assume(trust, &pod, &role)));
            }
            Some((mechanism, answer))
        })
}

/// The first reasons: more than a few do not help.
fn reasons(answer: &Evaluation) -> String {
    const MOST: usize = 3;
    let first: Vec<&str> = answer.because.iter().take(MOST).map(String::as_str).collect();
    first.join(" ")
}

impl Derived {
    /// A pod of the binding; where the service account is a pattern, any of those that fit.
    fn pod(&self, mechanism: Mechanism) -> Option<Pod> {
        let BindingKey {
            account,
            region,
            cluster,
            namespace,
            service_account,
        } = self.key.clone()?;
        let provider = self.provider.as_ref();
        Some(Pod {
            partition: self.partition.clone(),
            account: Some(account),
            region: Some(region),
            cluster: Some(cluster),
            namespace: Some(namespace),
            service_account: Some(service_account),
            session_tags: self.sends_tags,
            issuer: provider.map(|provider| provider.issuer.clone()),
            provider_account: provider.map(|provider| provider.account.clone()),
            ..Pod::new(mechanism)
        })
    }
}

impl Pod {
    /// One of the pods that a pattern stands for.
    fn one_that_fits(&self) -> Self {
        let fits = |name: &ServiceAccount| name.as_str().replace(['*', '?'], "x").parse().ok();
        Self {
            service_account: self.service_account.as_ref().and_then(fits),
            ..self.clone()
        }
    }
}

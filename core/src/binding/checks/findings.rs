//! What the findings engine says about the trust policy that a binding writes or relies on, and about what is around it.

use std::fmt::Display;

use tfmodel::{Diagnostic, Path, Value};

use super::super::derived::Derived;
use super::super::facts::{Facts, Settings};
use super::super::model::{Binding, Scope};
use super::admission::trust_after;
use crate::findings::{BoundPod, Cluster, Finding, Rule, Severity, Subject, Surroundings, TrustPolicy, Waivers, find};
use crate::ids::{BindingKey, ClusterArn};
use crate::mode::Mode;

/// What is made of findings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FindingSettings {
    /// The mildest severity that fails a plan; without it, none does.
    pub fail_on: Option<Severity>,
    /// Findings that are known and meant.
    pub waivers: Waivers,
}

impl FindingSettings {
    /// Whether a finding fails a plan, if it is not waived.
    fn fails(&self, finding: &Finding) -> bool {
        // The worst comes first.
        self.fail_on.is_some_and(|mildest| finding.rule.severity <= mildest)
    }

    /// A finding as a message, unless it is waived. `about` tells findings about security apart.
    pub(super) fn message(&self, finding: &Finding, about: &dyn Display) -> Option<Diagnostic> {
        if self.waivers.of(finding).is_some() {
            return None;
        }
        let rule = finding.rule;
        let mut message = Diagnostic::warning(summary(rule), finding.detail.clone());
        if rule.severity == Severity::Security {
            // The host folds warnings of equal summary into one.
            message.summary.push_str(&format!(" (`{about}`)"));
        }
        if let Some(mildest) = self.fail_on.filter(|_| self.fails(finding)) {
            message.severity = tfmodel::Severity::Error;
            message.detail.push_str(&format!(
                " It stops the plan, because `fail_on` in the provider is `{mildest}`."
            ));
        }
        if self.waivers.has_expired(finding) {
            message.detail.push_str(" It was waived, and the waiver has expired.");
        }
        Some(message)
    }
}

/// Code and title: the same for every finding of a rule.
pub(super) fn summary(rule: &Rule) -> String {
    format!("{}: {}", rule.code, rule.title)
}

/// Adds findings to `told`, which says already what of the binding's pods becomes: mistakes that explain it are named there.
///
/// A plan that `changes` nothing repeats only what is to be told until it is put right or waived: security, where it is this binding's to mend.
pub(super) fn findings(
    told: &mut Vec<Diagnostic>,
    planned: &Binding,
    derived: &Derived,
    facts: &Facts,
    settings: &Settings,
    changes: bool,
) {
    let Some(key) = &derived.key else { return };
    let is_owned = planned.role.is_known();
    let trust = text(planned, derived, facts).map(|text| TrustPolicy::new(&text));
    let around = surroundings(key, derived, settings, is_owned);
    let found = find(&Subject {
        trust: trust.as_ref(),
        around: &around,
    });
    let (refusals, is_refused) = (told.len(), told.iter().any(is_error));
    for finding in &found {
        let is_own = wrote(trust.as_ref(), finding, key);
        // Asked for in as many words.
        if finding.rule.code == "PIB105" && is_own && derived.scope() == Some(Scope::Cluster) {
            continue;
        }
        let is_mine = is_owned || is_own;
        // Bindings that share a role of somebody else share what is wrong with it.
        let about: &dyn Display = match &derived.role_arn {
            Some(role) if !is_mine => role,
            Some(_) | None => key,
        };
        let Some(message) = settings.findings.message(finding, about) else {
            continue;
        };
        let rule = finding.rule;
        let is_told = match rule.severity {
            _ if is_error(&message) => true,
            Severity::Error if refusals > 0 => {
                for refusal in told.iter_mut().take(refusals) {
                    let reason = format!(" ({})", summary(rule));
                    if !refusal.detail.contains(&reason) {
                        refusal.detail.push_str(&reason);
                    }
                }
                false
            }
            // What follows from a mistake that stops the plan would only hide it.
            _ if is_refused => false,
            Severity::Security => changes || is_mine,
            Severity::Error | Severity::Warning => changes,
            Severity::Suggestion => false,
        };
        if is_told {
            let place = match rule.code {
                "PIB204" => "disable_session_tags",
                _ if is_owned => "trust",
                _ => "role_arn",
            };
            told.push(message.at(Path::attribute(place)));
        }
    }
}

fn is_error(message: &Diagnostic) -> bool {
    message.severity == tfmodel::Severity::Error
}

/// Whether a finding is about a statement that the binding writes.
fn wrote(trust: Option<&TrustPolicy>, finding: &Finding, key: &BindingKey) -> bool {
    let statement = || trust?.document()?.statements.get(finding.place.statement?);
    let sid = statement().and_then(|statement| statement.sid.as_deref());
    sid.is_some_and(|sid| key.owns_sid(sid))
}

/// The trust policy as it will be or, where the binding writes none, as it is.
fn text(planned: &Binding, derived: &Derived, facts: &Facts) -> Option<String> {
    match (&planned.role, &planned.manage_trust_policy) {
        (Value::Unknown(_), _) => None,
        (Value::Known(_), _) => Some(planned.trust_policy.known()?.0.clone()),
        (Value::Null, Value::Known(true)) => Some(trust_after(planned, derived, facts)?.to_json()),
        (Value::Null, Value::Known(false) | Value::Null) => Some(facts.role.known()?.what.trust_policy.clone()),
        (Value::Null, Value::Unknown(_)) => None,
    }
}

/// What is known around it. A role of somebody else may serve other clusters and pods as well: whether it serves these is told by asking it.
fn surroundings(key: &BindingKey, derived: &Derived, settings: &Settings, is_owned: bool) -> Surroundings {
    let cluster = || {
        let arn = ClusterArn {
            partition: derived.partition.clone()?,
            region: key.region.clone(),
            account: key.account.clone(),
            name: key.cluster.clone(),
        };
        Some(Cluster {
            issuer: derived.provider.as_ref().map(|provider| provider.issuer.clone()),
            ..Cluster::new(arn)
        })
    };
    let pod = || BoundPod {
        namespace: key.namespace.to_string(),
        service_account: key.service_account.to_string(),
        mode: derived.mode,
        annotation: None,
    };
    Surroundings {
        role: derived.role_arn.clone(),
        partition: derived.partition.clone(),
        clusters: is_owned.then(cluster).flatten().into_iter().collect(),
        pods: is_owned.then(pod).into_iter().collect(),
        session_tags: derived
            .sends_tags
            .filter(|_| derived.mode.is_some_and(Mode::uses_pod_identity)),
        quota: settings.trust_policy_quota,
        ..Surroundings::default()
    }
}

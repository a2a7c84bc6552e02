//! Whether pods would get anything from an association that is about to be made.

use tfmodel::{Diagnostic, Path};

use super::super::derived::Derived;
use super::super::facts::{Facts, PreflightFacts, Settings, makes_association};
use super::super::model::Binding;
use super::admission::lets_in_by_irsa;
use super::findings::{FindingSettings, summary};
use crate::findings::{BoundPod, Finding, Subject, Surroundings, find_before_association};
use crate::ids::ClusterArn;
use crate::mode::Mode;

/// While an association exists, pods are set up for it and for nothing else: what keeps it from working takes IRSA away from them as well.
pub(in super::super) fn preflight(
    prior: Option<&Binding>,
    config: &Binding,
    derived: &Derived,
    facts: &Facts,
    settings: &Settings,
) -> Vec<Diagnostic> {
    let Some(seen) = facts.preflight.known().filter(|_| makes_association(prior, config)) else {
        return Vec::new();
    };
    let Some(around) = surroundings(derived, seen) else {
        return Vec::new();
    };
    let subject = Subject {
        trust: None,
        around: &around,
    };
    let uses_irsa = prior
        .and_then(|prior| prior.mode.known())
        .is_some_and(|mode| mode.uses_irsa())
        || seen
            .issuer
            .as_ref()
            .is_some_and(|issuer| lets_in_by_irsa(derived, facts, issuer));
    let path = Path::attribute("mode");
    // What is known to be right there does not stop the plan for another reason either.
    let skipped = FindingSettings {
        fail_on: None,
        ..settings.findings.clone()
    };
    let mut told: Vec<Diagnostic> = find_before_association(&subject)
        .iter()
        .filter_map(|finding| match (is_skipped(config, finding), uses_irsa) {
            (true, _) => skipped.message(finding, &""),
            (false, true) => Some(stop(finding)),
            (false, false) => settings.findings.message(finding, &""),
        })
        .map(|message| message.at(path.clone()))
        .collect();
    if !seen.denied.is_empty() {
        let actions: Vec<String> = seen.denied.iter().map(|action| format!("`{action}`")).collect();
        told.push(Diagnostic::warning(
            "Not everything that an association needs could be looked at",
            format!(
                "The credentials in use may not call {}, so whether pods would get credentials in cluster `{}` is not known in full.",
                actions.join(", "),
                around.clusters.first().map(|cluster| cluster.arn.name.to_string()).unwrap_or_default()
            ),
        ));
    }
    told
}

/// The finding that another resource of the same apply may be about to put right.
const MISSING_AGENT: &str = "missing-agent";

/// While pods use IRSA, they would lose what works.
fn stop(finding: &Finding) -> Diagnostic {
    let code = finding.rule.code;
    let mut detail = format!(
        "{} Pods of this service account use IRSA now, and would have neither once the association exists: put it right first, in an apply before \
         this one. If it is right all the same, add `{code}` to `skip_preflight`.",
        finding.detail
    );
    if finding.rule.slug == MISSING_AGENT {
        detail.push_str(&format!(
            " Where this configuration makes the agent as well, Terraform does not tell one resource what it plans for another: let the binding depend \
             on it (`depends_on`), and either apply it first, with `-target`, or set `skip_preflight = [\"{code}\"]` for the apply that makes both. \
             Once the association is made, it says so if there still is no agent."
        ));
    }
    Diagnostic::error(summary(finding.rule), detail)
}

fn is_skipped(config: &Binding, finding: &Finding) -> bool {
    // What is not known yet may name it; when the plan is made again at apply, it is known.
    let Some(codes) = config.skip_preflight.known() else {
        return config.skip_preflight.is_unknown();
    };
    codes.iter().any(|code| match code.known() {
        Some(code) => code == finding.rule.code || code == finding.rule.slug,
        None => code.is_unknown(),
    })
}

fn surroundings(derived: &Derived, seen: &PreflightFacts) -> Option<Surroundings> {
    let key = derived.key.as_ref()?;
    let arn = ClusterArn {
        partition: derived.partition.clone()?,
        region: key.region.clone(),
        account: key.account.clone(),
        name: key.cluster.clone(),
    };
    Some(Surroundings {
        clusters: vec![seen.cluster(arn)],
        pods: vec![BoundPod {
            namespace: key.namespace.to_string(),
            service_account: key.service_account.to_string(),
            mode: derived.mode.filter(|mode: &Mode| mode.uses_pod_identity()),
            annotation: None,
        }],
        ..Surroundings::default()
    })
}

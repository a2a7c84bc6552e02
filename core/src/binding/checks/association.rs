//! What is asked of the association.

use tfmodel::{Diagnostic, Diagnostics, Path, Value};

use super::super::facts::sends_tags;
use super::super::model::{Binding, PolicyJson, parsed};
use super::super::target;
use super::findings::summary;
use crate::findings::{BoundPod, Surroundings, find_of_association};
use crate::mode::Mode;

pub(super) fn association(config: &Binding, mode: Option<Mode>, problems: &mut Diagnostics) {
    let name = |value: &Value<String>| {
        value
            .known()
            .cloned()
            .unwrap_or_else(|| "(known after apply)".to_owned())
    };
    let around = Surroundings {
        session_tags: sends_tags(config),
        session_policy: config.session_policy.known().map(|PolicyJson(text)| text.clone()),
        // Validation tells what is no ARN.
        target_role: parsed(&config.target_role_arn).ok().flatten(),
        pods: vec![BoundPod {
            namespace: name(&config.namespace),
            service_account: name(&config.service_account),
            mode,
            annotation: None,
        }],
        ..Surroundings::default()
    };
    let (target, policy) = (Path::attribute("target_role_arn"), Path::attribute("session_policy"));
    let found = find_of_association(&around);
    problems.extend(found.iter().map(|finding| {
        let is_about_target = finding.rule.slug == "target-outside-pod-identity";
        // All of them are what EKS refuses.
        Diagnostic::error(summary(finding.rule), finding.detail.clone()).at(if is_about_target {
            target.clone()
        } else {
            policy.clone()
        })
    }));
    match mode {
        Some(Mode::Irsa) if config.session_policy.is_known() => problems.push(
            Diagnostic::error(
                "Session policy needs EKS Pod Identity",
                "`session_policy` belongs to an association, and in mode `irsa` there is none: pods may do all that the role allows. Narrow the role \
                 itself, or use mode `pod_identity`.",
            )
            .at(policy),
        ),
        Some(Mode::Dual) if config.session_policy.is_known() => problems.push(
            Diagnostic::warning(
                "Session policy does not narrow IRSA",
                "`session_policy` narrows what pods get through the association. In mode `dual` those that use IRSA may do all that the role allows.",
            )
            .at(policy),
        ),
        Some(Mode::Irsa | Mode::Dual | Mode::PodIdentity) | None => {}
    }
    let inline = config.role.known().and_then(|role| role.inline_policies.known());
    for name in inline.into_iter().flatten().map(|(name, _)| name) {
        if target::is_policy_name(name) {
            problems.push(
                Diagnostic::error(
                    "Name of an inline policy is reserved",
                    format!("The binding itself writes inline policies such as `{name}`, to reach a target role. Choose another name."),
                )
                .at(Path::attribute("role").with_attribute("inline_policies").with_key(name)),
            );
        }
    }
}

/// What can be told once the binding's own role and what was there before are known.
pub(super) fn target_role(prior: Option<&Binding>, planned: &Binding) -> Option<Diagnostic> {
    let target = planned.target_role_arn.known()?;
    let at = Path::attribute("target_role_arn");
    if planned.role_arn.known() == Some(target) {
        return Some(
            Diagnostic::error(
                "Target role is the binding's own role",
                format!("`{target}` would have to assume itself. Remove `target_role_arn`, and pods get that role."),
            )
            .at(at),
        );
    }
    let prior = prior.filter(|prior| prior.target_role_arn.known() == Some(target))?;
    let is_switched =
        prior.disable_session_tags.is_known() && prior.disable_session_tags != planned.disable_session_tags;
    is_switched.then(|| {
        Diagnostic::warning(
            "Target role has to let pods in with and without session tags",
            format!(
                "Session tags are switched, and `{target}` has to trust the association before and after that: give it what function \
                 `target_trust_policy` returns for `session_tags = \"both\"` before this is applied."
            ),
        )
        .at(Path::attribute("disable_session_tags"))
    })
}

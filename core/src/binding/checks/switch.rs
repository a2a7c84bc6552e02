use tfmodel::{Diagnostic, Path, Value};

use super::super::derived::Derived;
use super::super::model::Binding;
use crate::mode::Mode;

pub(super) fn switch(prior: &Binding, config: &Binding, derived: &Derived) -> Option<Diagnostic> {
    let (before, after) = (prior.mode_in_effect()?, derived.mode?);
    let allowed = config.allow_disruptive_switch.known() == Some(&true) || config.allow_disruptive_switch.is_unknown();
    let path = Path::attribute("mode");
    match (before, after) {
        (Mode::Irsa, Mode::PodIdentity) if !allowed && prior.mode == Value::Known(Mode::Dual) => Some(
            Diagnostic::error(
                "Switch would interrupt running pods",
                "`mode` goes from `dual` to `pod_identity`, but the association is gone. Pods that started since use IRSA, and would be refused as soon \
                 as their credentials expire. Apply `mode = \"dual\"` once more, which makes the association again, restart the pods, and then set \
                 `mode = \"pod_identity\"`. To switch at once all the same, set `allow_disruptive_switch = true`.",
            )
            .at(path),
        ),
        (Mode::Irsa, Mode::PodIdentity) if !allowed => Some(
            Diagnostic::error(
                "Switch would interrupt running pods",
                "`mode` goes from `irsa` to `pod_identity` at once. Pods that run now hold tokens for IRSA and would be refused as soon as their \
                 credentials expire. Set `mode = \"dual\"` and apply, restart the pods, and then set `mode = \"pod_identity\"`. To switch at once all the \
                 same, set `allow_disruptive_switch = true`.",
            )
            .at(path),
        ),
        (Mode::PodIdentity, Mode::Irsa) if !allowed => Some(
            Diagnostic::error(
                "Switch would interrupt running pods",
                "`mode` goes from `pod_identity` to `irsa` at once. Pods that run now get credentials through the association, and would be refused \
                 before the new trust and the annotation of the service account are in effect. Set `mode = \"dual\"` and apply, annotate the service \
                 account as `service_account_annotations` says, and then set `mode = \"irsa\"`. To switch at once all the same, set \
                 `allow_disruptive_switch = true`.",
            )
            .at(path),
        ),
        (Mode::Dual | Mode::PodIdentity, Mode::Irsa) => Some(
            Diagnostic::warning(
                "Going back to IRSA interrupts pods until they are restarted",
                "While the association exists, pods are started for EKS Pod Identity only, so they cannot be restarted into IRSA beforehand; once it is \
                 deleted, those that run lose access at their next refresh. Annotate the service account as `service_account_annotations` says, apply, \
                 and restart its pods at once. `steps` has the order.",
            )
            .at(path),
        ),
        (Mode::Irsa | Mode::Dual | Mode::PodIdentity, _) => None,
    }
}

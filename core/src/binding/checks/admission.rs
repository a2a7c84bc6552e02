use tfmodel::{Diagnostic, Path, Value};

use super::super::derived::Derived;
use super::super::desired::pods;
use super::super::facts::{Fact, Facts};
use super::super::model::Binding;
use super::super::trust;
use crate::ids::Mechanism;
use crate::policy::{Document, decode};

/// What can be told, without evaluating it, of a trust policy that somebody else writes.
pub(super) fn unmanaged(config: &Binding, derived: &Derived, facts: &Facts) -> Vec<Diagnostic> {
    let (Value::Null, Fact::Known(role)) = (&config.role, &facts.role) else {
        return Vec::new();
    };
    if config.manage_trust_policy.known() == Some(&true) || config.manage_trust_policy.is_unknown() {
        return Vec::new();
    }
    let (Some(mode), Some(key), Some(arn)) = (derived.mode, &derived.key, &derived.role_arn) else {
        return Vec::new();
    };
    let Ok(document) = Document::parse(&decode(&role.trust_policy)) else {
        return Vec::new();
    };
    let missing = |mechanism: Mechanism, used: bool| used && !trust::mentions(&document, mechanism);
    [
        (Mechanism::Irsa, mode.uses_irsa()),
        (Mechanism::PodIdentity, mode.uses_pod_identity()),
    ]
    .into_iter()
    .filter(|(mechanism, used)| missing(*mechanism, *used))
    .map(|(mechanism, _)| {
        Diagnostic::warning(
            format!("Role does not trust {} as it is now", mechanism.name()),
            format!(
                "No statement in the trust policy of `{arn}` allows {}, so the {} would be refused. Add one where the role is managed (function \
                 `trust_policy` writes it), or set `manage_trust_policy = true`.",
                mechanism.name(),
                pods(key)
            ),
        )
        .at(Path::attribute("role_arn"))
    })
    .collect()
}

use tfmodel::{Diagnostic, Path, Value};

use super::super::facts::Settings;
use super::super::model::Binding;

pub(super) fn size(planned: &Binding, settings: &Settings) -> Option<Diagnostic> {
    let size = crate::policy::size(&planned.trust_policy.known()?.0);
    let quota = settings
        .trust_policy_quota
        .unwrap_or(Settings::DEFAULT_TRUST_POLICY_QUOTA);
    (size > quota && (planned.role.is_known() || planned.manage_trust_policy == Value::Known(true))).then(|| {
        Diagnostic::error(
            "Trust policy is too large",
            format!(
                "The trust policy of this binding alone has {size} characters without white space, and the quota is {quota}. Shorten \
                 `trust.statements` or `trust.conditions`; if the account's quota was raised, set `trust_policy_quota` in the provider."
            ),
        )
        .at(Path::attribute("trust"))
    })
}

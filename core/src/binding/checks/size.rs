use tfmodel::{Diagnostic, Path, Value};

use super::super::facts::{Facts, Settings};
use super::super::model::Binding;
use super::super::trust_edit::TrustEdit;
use crate::policy::{Document, Statement, decode};

pub(super) fn size(planned: &Binding, settings: &Settings) -> Option<Diagnostic> {
    let size = crate::policy::size(&planned.trust_policy.known()?.0);
    let quota = quota(settings);
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

fn quota(settings: &Settings) -> usize {
    settings
        .trust_policy_quota
        .unwrap_or(Settings::DEFAULT_TRUST_POLICY_QUOTA)
}

/// While a role changes, it trusts what was before as well: pods that run are let in by that until what comes is in effect. Both have to fit.
pub(super) fn passage(prior: &Binding, planned: &Binding, facts: &Facts, settings: &Settings) -> Option<Diagnostic> {
    let is_owned = planned.role.is_known();
    let name = planned.role_name.known()?;
    let writes_trust = is_owned || planned.manage_trust_policy == Value::Known(true);
    if !writes_trust || prior.role_name.known() != Some(name) {
        return None;
    }
    let after = planned.trust_policy.known()?;
    let there = facts.role.known().filter(|_| !is_owned);
    let before = there.map_or_else(
        || prior.trust_policy.known().map(|policy| policy.0.clone()),
        |role| Some(decode(&role.what.trust_policy).into_owned()),
    );
    let before = Document::parse(&before?).ok()?;
    let is_new = |wanted: &Statement| !before.statements.iter().any(|one| one.same_meaning(wanted));
    let mut put = Document::parse(&after.0).ok()?.statements;
    put.retain(is_new);
    if put.is_empty() {
        return None;
    }
    let edit = TrustEdit {
        put,
        remove: Vec::new(),
    };
    let (size, quota) = (edit.apply(&before).size(), quota(settings));
    let over = size.checked_sub(quota).filter(|over| *over > 0)?;
    (crate::policy::size(&after.0) <= quota).then(|| {
        Diagnostic::error(
            "Trust policy is too large while it changes",
            format!(
                "Running pods are let in by what role `{name}` trusts now until what it is to trust is in effect, so for a while it trusts both. That is \
                 {size} characters without white space, {over} more than the quota of {quota}. Shorten `trust.conditions` or `trust.statements` by \
                 that much in an apply before this one, or give the binding another role, whose trust policy starts anew; if the account's quota was \
                 raised, set `trust_policy_quota` in the provider."
            ),
        )
        .at(Path::attribute(if is_owned { "trust" } else { "role_arn" }))
    })
}

use tfmodel::{Diagnostic, Path, Value};

use super::super::derived::Derived;
use super::super::facts::Settings;
use super::super::model::{Binding, Mode, Scope};

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

pub(super) fn partition(derived: &Derived) -> Option<Diagnostic> {
    let partition = derived.partition.as_ref().filter(|partition| partition.is_assumed())?;
    Some(Diagnostic::warning(
        "Partition has not been verified",
        format!(
            "Nobody has confirmed how EKS and IAM behave in partition `{partition}`. The service principal, the audience and the conditions are \
             assumed to be those of partition `aws`."
        ),
    ))
}

/// A finding about security names its binding, because the host folds warnings of equal summary into one.
pub(super) fn reach(derived: &Derived) -> Option<Diagnostic> {
    let (key, terms) = (derived.key.as_ref()?, derived.terms.as_ref()?);
    let uses_pod_identity = derived.mode.is_some_and(Mode::uses_pod_identity);
    let (path, why) = if uses_pod_identity && derived.sends_tags == Some(false) {
        let why = "Session tags are off, and only they would tell the role's trust policy which cluster, namespace or service account asks.";
        (Path::attribute("disable_session_tags"), why)
    } else if terms.scope == Scope::Account {
        let why = "`trust.scope` is `account`, so the role's trust policy does not say which cluster, namespace or service account it is for.";
        (Path::attribute("trust").with_attribute("scope"), why)
    } else {
        return None;
    };
    Some(
        Diagnostic::warning(
            format!("Every association of the account may use the role of `{key}`"),
            format!(
                "{why} Whoever may create associations in account `{}` can hand the role to any pod.",
                key.account
            ),
        )
        .at(path),
    )
}

use std::collections::BTreeMap;

use tfmodel::Value;

use super::bound::{Bound, missing};
use crate::argument::Problem;
use crate::binding::PolicyJson;

const KEY: &[&str] = &["account_id", "region", "cluster_name", "namespace", "service_account"];

/// What a role must trust for a binding, as JSON.
///
/// The argument has the resource's arguments and `account_id`, `region` and, where IRSA is in use, `oidc_issuer` or `oidc_provider_arn`; `cluster_arn`
/// stands for account, region and cluster name. With `disable_session_tags` or a `session_policy` the policy does without request tags. A whole
/// resource can be passed.
///
/// # Errors
/// The argument lacks something, or something in it is not what it has to be.
pub fn trust_policy(argument: &Value) -> Result<Value<String>, Problem> {
    let Some(bound) = Bound::read(argument, KEY, "a trust policy")? else {
        return Ok(Value::unknown());
    };
    let binding = &bound.binding;
    let mode = binding.mode.known();
    if mode.is_some_and(|mode| mode.uses_irsa()) && binding.oidc_issuer.is_null() && binding.oidc_provider_arn.is_null()
    {
        return Err(missing("oidc_issuer", "IRSA needs it"));
    }
    Ok(bound.derived.trust_policy().map(|PolicyJson(text)| text))
}

/// The name of the role of a binding: the one it is given, or the one it gets by default.
///
/// # Errors
/// See [`trust_policy`].
pub fn role_name(argument: &Value) -> Result<Value<String>, Problem> {
    let Some(bound) = Bound::read(argument, KEY, "the name of the role")? else {
        return Ok(Value::unknown());
    };
    let name = bound.derived.role_name();
    Ok(name.map_or_else(Value::unknown, |name| Value::Known(name.to_string())))
}

/// The annotations that the Kubernetes service account of a binding needs; none where the mode does without IRSA.
///
/// # Errors
/// See [`trust_policy`].
pub fn service_account_annotations(argument: &Value) -> Result<Value<BTreeMap<String, Value<String>>>, Problem> {
    let Some(bound) = Bound::read(argument, KEY, "the ARN of the role")? else {
        return Ok(Value::unknown());
    };
    Ok(bound.derived.annotations())
}

//! A role in another account, which EKS assumes with the credentials of the binding's own role.

use tfmodel::{Path, Value};

use super::bound::Bound;
use crate::argument::Problem;
use crate::binding::target::{Tags, Visitor, permissions};
use crate::binding::{Mode, sends_tags};

const KEY: &[&str] = &["account_id", "region", "cluster_name", "namespace", "service_account"];

/// What a target role must trust for a binding, as JSON.
///
/// Besides the arguments of the resource there is `session_tags`: `on`, `off`, or `both` while that changes; by default as `disable_session_tags`
/// and `session_policy` say. Every statement names the binding's own account and is narrowed to its own role by a condition, so that the policy
/// can be saved before that role exists.
///
/// # Errors
/// The argument lacks something, or something in it is not what it has to be.
pub fn target_trust_policy(argument: &Value) -> Result<Value<String>, Problem> {
    let Some(bound) = Bound::read(argument, KEY, "the trust policy of a target role")? else {
        return Ok(Value::unknown());
    };
    only_pod_identity(&bound)?;
    let (Some(tags), Some(source), Some(key), Some(scope)) = (
        tags(&bound)?,
        bound.derived.role_arn(),
        bound.derived.key(),
        bound.derived.scope(),
    ) else {
        return Ok(Value::unknown());
    };
    let visitor = Visitor {
        key,
        source,
        scope,
        external_id: &key.external_id(),
    };
    Ok(Value::Known(visitor.trust(tags).to_json()))
}

/// What the role of a binding must be allowed so that EKS reaches its target role, as JSON.
///
/// # Errors
/// See [`target_trust_policy`]; `target_role_arn` is needed.
pub fn target_permissions_policy(argument: &Value) -> Result<Value<String>, Problem> {
    let Some(bound) = Bound::read(argument, &["target_role_arn"], "what the role must be allowed")? else {
        return Ok(Value::unknown());
    };
    only_pod_identity(&bound)?;
    let target = bound.binding.target_role_arn.as_ref();
    Ok(target.map(|target| permissions(target).to_json()))
}

/// The external id that EKS sends to the target role of a binding without session tags.
///
/// # Errors
/// The argument lacks something, or something in it is not what it has to be.
pub fn external_id(argument: &Value) -> Result<Value<String>, Problem> {
    let Some(bound) = Bound::read(argument, KEY, "the external id")? else {
        return Ok(Value::unknown());
    };
    only_pod_identity(&bound)?;
    Ok(bound
        .derived
        .key()
        .map_or_else(Value::unknown, |key| Value::Known(key.external_id())))
}

fn only_pod_identity(bound: &Bound) -> Result<(), Problem> {
    match bound.binding.mode.known() {
        None | Some(Mode::PodIdentity) => Ok(()),
        Some(Mode::Irsa | Mode::Dual) => Err(Problem::new(
            &Path::attribute("mode"),
            "Only EKS Pod Identity reaches a target role: the mode has to be `pod_identity`. With IRSA, let the role of the other account trust \
             the cluster's issuer there.",
        )),
    }
}

fn tags(bound: &Bound) -> Result<Option<Tags>, Problem> {
    match &bound.session_tags {
        Value::Null => Ok(sends_tags(&bound.binding).map(Tags::sent)),
        Value::Unknown(_) => Ok(None),
        Value::Known(text) => match text.as_str() {
            "on" | "true" => Ok(Some(Tags::On)),
            "off" | "false" => Ok(Some(Tags::Off)),
            "both" => Ok(Some(Tags::Both)),
            other => Err(Problem::new(
                &Path::attribute("session_tags"),
                format!("It has to be `on`, `off` or `both`, found `{other}`."),
            )),
        },
    }
}

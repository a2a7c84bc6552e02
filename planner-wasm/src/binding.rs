use std::collections::BTreeMap;

use pod_identity_core::argument::Problem;
use pod_identity_core::functions;
use tfmodel::Value;
use tfmodel::order;

use crate::answer::Failure;
use crate::argument::Argument;

/// Annotations of a service account by key; a value that is unknown is nothing.
pub type Annotations = BTreeMap<String, Option<String>>;

/// What a role must trust for a binding, as JSON; nothing where that depends on something unknown.
///
/// # Errors
/// The binding, which is JSON with the keys of the provider's function, lacks something, or something in it is not what it has to be.
pub fn trust_policy(binding: &str) -> Result<Option<String>, Failure> {
    of_binding(binding, functions::trust_policy)
}

/// What a role in another account must trust for a binding, as JSON.
///
/// # Errors
/// See [`trust_policy`].
pub fn target_trust_policy(binding: &str) -> Result<Option<String>, Failure> {
    of_binding(binding, functions::target_trust_policy)
}

/// What the role of a binding must be allowed so that EKS reaches its target role, as JSON.
///
/// # Errors
/// See [`trust_policy`].
pub fn target_permissions_policy(binding: &str) -> Result<Option<String>, Failure> {
    of_binding(binding, functions::target_permissions_policy)
}

/// The external id that EKS sends to the target role of a binding without session tags.
///
/// # Errors
/// See [`trust_policy`].
pub fn external_id(binding: &str) -> Result<Option<String>, Failure> {
    of_binding(binding, functions::external_id)
}

/// The name of the role of a binding.
///
/// # Errors
/// See [`trust_policy`].
pub fn role_name(binding: &str) -> Result<Option<String>, Failure> {
    of_binding(binding, functions::role_name)
}

/// The annotations that the Kubernetes service account of a binding needs.
///
/// # Errors
/// See [`trust_policy`].
pub fn service_account_annotations(binding: &str) -> Result<Option<Annotations>, Failure> {
    let annotations = of_binding(binding, functions::service_account_annotations)?;
    let known = |(key, value): (String, Value<String>)| (key, value.into_known());
    Ok(annotations.map(|annotations| order::map(annotations.into_iter().map(known))))
}

/// One trust policy out of several, as JSON.
///
/// # Errors
/// `policies` is no list of policies.
pub fn merge_trust_policies(policies: &str) -> Result<Option<String>, Failure> {
    asked("policies", policies, functions::merge_trust_policies)
}

fn of_binding<T>(binding: &str, function: fn(&Value) -> Result<Value<T>, Problem>) -> Result<Option<T>, Failure> {
    asked("binding", binding, function)
}

fn asked<T>(
    name: &'static str,
    text: &str,
    function: fn(&Value) -> Result<Value<T>, Problem>,
) -> Result<Option<T>, Failure> {
    let argument = Argument::read(name, text)?;
    let answer = function(&argument.value()).map_err(|problem| argument.refused(&problem))?;
    Ok(answer.into_known())
}

//! Taking over associations of hashicorp/aws by `moved` blocks.
//!
//! Hosts ask for this before the provider is configured, so everything comes from the state of the other resource. Its association has no tag
//! of ours: what makes it this binding's own is its id, which EKS gives to no other. It is recorded together with a new nonce, and the first
//! change of the binding writes that into the association's tag.

use std::collections::BTreeMap;

use pod_identity_core::binding::{self, Binding, Mode, PolicyJson};
use pod_identity_core::ids::{AssociationArn, BindingKey};
use tfmodel::{Diagnostic, Diagnostics, Model, Value};
use tfplugin::{Moved, Moves, Origin, Source};

use super::claim::Claim;
use super::key_of;

/// What the state of an `aws_eks_pod_identity_association` holds, in any of its versions.
#[derive(Clone, Debug, Model)]
struct Association {
    /// Its ARN.
    #[tf(optional)]
    association_arn: Option<String>,
    /// Name of the cluster.
    #[tf(required)]
    cluster_name: String,
    /// Namespace of the service account.
    #[tf(required)]
    namespace: String,
    /// Name of the service account.
    #[tf(required)]
    service_account: String,
    /// ARN of the role.
    #[tf(required)]
    role_arn: String,
    /// Whether EKS leaves out session tags; absent in old versions.
    #[tf(optional)]
    disable_session_tags: Value<bool>,
    /// Role in another account that it leads to.
    #[tf(optional)]
    target_role_arn: Option<String>,
    /// Session policy; absent in old versions.
    #[tf(optional)]
    policy: Option<String>,
    /// Tags of its own.
    #[tf(optional)]
    tags: Value<BTreeMap<String, Value<String>>>,
    /// Tags with those that the provider adds.
    #[tf(optional)]
    tags_all: Value<BTreeMap<String, Value<String>>>,
}

pub(super) fn moves() -> Moves<Binding> {
    Moves::new().from(
        Origin::new("hashicorp/aws", "aws_eks_pod_identity_association"),
        |source: Source<Association>| take_over(source.state),
    )
}

fn take_over(found: Association) -> Result<Moved<Binding>, Diagnostics> {
    let given = found.association_arn.unwrap_or_default();
    let arn: AssociationArn = given.parse().map_err(|error| {
        Diagnostic::error(
            "The association cannot be taken over",
            format!(
                "`association_arn` in the state of the `aws_eks_pod_identity_association` is `{given}`: {error}. Apply or refresh that resource \
                 once with hashicorp/aws, then move it."
            ),
        )
    })?;
    let arguments = Binding {
        cluster_name: Value::Known(found.cluster_name),
        namespace: Value::Known(found.namespace),
        service_account: Value::Known(found.service_account),
        region: Value::Known(arn.region.to_string()),
        mode: Value::Known(Mode::PodIdentity),
        role_arn: Value::Known(found.role_arn),
        disable_session_tags: found.disable_session_tags,
        target_role_arn: text(found.target_role_arn),
        session_policy: text(found.policy).map(PolicyJson),
        tags: present(found.tags),
        tags_all: found.tags_all,
        ..Binding::default()
    };
    let binding = binding::moved(&arguments, &arn)?;
    let key: BindingKey = key_of(&binding)?;
    let mut claim = Claim::new(&key)?;
    claim.set_association(Some(arn.id.as_str()));
    let entries = claim.entries().into_iter();
    Ok(entries.fold(Moved::to(binding), |moved, (name, value)| {
        moved.with_private(name, value)
    }))
}

/// EKS takes an empty text for none, and states have kept it.
fn text(value: Option<String>) -> Value<String> {
    value.filter(|text| !text.is_empty()).into()
}

/// hashicorp/aws stores an empty map for no tags.
fn present(tags: Value<BTreeMap<String, Value<String>>>) -> Value<BTreeMap<String, Value<String>>> {
    match tags {
        Value::Known(tags) if tags.is_empty() => Value::Null,
        tags => tags,
    }
}

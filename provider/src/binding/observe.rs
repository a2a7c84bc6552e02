//! What AWS has of one binding, and whose it is.

use pod_identity_core::binding::{Binding, FormerRole, Mode, Observed, ObservedAssociation, ObservedRole};
use pod_identity_core::ids::BindingKey;
use tfmodel::{Diagnostics, Value};

use super::claim::Claim;
use crate::cloud::{Association, Cloud, ClusterRef, Role};
use crate::session::Connected;

/// A role with everything that hangs on it.
pub(crate) struct SeenRole {
    pub(crate) role: ObservedRole,
    pub(crate) unique_id: String,
    pub(crate) is_ours: bool,
}

/// An association.
pub(crate) struct SeenAssociation {
    pub(crate) association: ObservedAssociation,
    pub(crate) is_ours: bool,
}

/// Reads the role of that name.
pub(crate) async fn role<C: Cloud>(
    aws: &Connected<C>,
    name: &str,
    claim: Option<&Claim>,
) -> Result<Option<SeenRole>, Diagnostics> {
    let read = async {
        tokio::try_join!(
            aws.cloud.role(name),
            aws.cloud.attached_policies(name),
            aws.cloud.inline_policies(name)
        )
    };
    let (found, managed_policy_arns, inline_policies) = match read.await {
        Ok(found) => found,
        Err(error) if error.is_not_found() => return Ok(None),
        Err(error) => return Err(error.diagnostic("Cannot read the role").into()),
    };
    let is_ours = claim.is_some_and(|claim| claim.is_on_role(&found));
    let unique_id = found.unique_id.clone();
    let role = ObservedRole {
        managed_policy_arns,
        inline_policies,
        ..observed_role(aws, found)
    };
    Ok(Some(SeenRole {
        role,
        unique_id,
        is_ours,
    }))
}

/// Reads the association of a binding's service account. A cluster that is gone has none.
pub(crate) async fn association<C: Cloud>(
    aws: &Connected<C>,
    key: &BindingKey,
    claim: Option<&Claim>,
) -> Result<Option<SeenAssociation>, Diagnostics> {
    let at = cluster_of(key);
    let found = aws
        .cloud
        .find_association(&at, key.namespace.as_str(), key.service_account.as_str());
    match found.await {
        Ok(found) => Ok(found.map(|found| SeenAssociation {
            is_ours: claim.is_some_and(|claim| claim.is_on_association(&found)),
            association: observed_association(aws, found),
        })),
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error.diagnostic("Cannot read the Pod Identity association").into()),
    }
}

/// The same, where one of `bindings`, before or after a change, may have an association. Nobody else needs a cluster of EKS, or a
/// permission to list.
pub(crate) async fn association_for<C: Cloud, const N: usize>(
    aws: &Connected<C>,
    key: &BindingKey,
    bindings: [&Binding; N],
    claim: Option<&Claim>,
) -> Result<Option<SeenAssociation>, Diagnostics> {
    let only_irsa = bindings.iter().all(|binding| binding.mode == Value::Known(Mode::Irsa));
    if only_irsa && !claim.is_some_and(Claim::has_association) {
        return Ok(None);
    }
    association(aws, key, claim).await
}

/// What is there of an existing binding: of a role that it owns and of the association only what is its own.
pub(crate) async fn existing<C: Cloud>(
    aws: &Connected<C>,
    key: &BindingKey,
    state: &Binding,
    claim: Option<&Claim>,
) -> Result<Observed, Diagnostics> {
    let owns = state.role.is_known();
    let writes_trust = owns || state.manage_trust_policy == Value::Known(true);
    let name = state.role_name.known().filter(|_| writes_trust);
    let present = async {
        match name {
            Some(name) => role(aws, name, claim).await,
            None => Ok(None),
        }
    };
    let (present, association) = tokio::try_join!(present, association_for(aws, key, [state], claim))?;
    Ok(Observed {
        role: present
            .filter(|seen| seen.is_ours || !owns && is_of_state(&seen.role, state))
            .map(|seen| seen.role),
        association: association.filter(|seen| seen.is_ours).map(|seen| seen.association),
        former: former(aws, state.role_name.known().map(String::as_str), claim).await?,
    })
}

/// Whether a role that somebody else owns is the one of the state, and not another of the same name.
///
/// After drift the state has the ARN of the role that the association names, which has another name.
pub(crate) fn is_of_state(role: &ObservedRole, state: &Binding) -> bool {
    let of_same_name = |arn: &&String| arn.rsplit('/').next() == Some(&role.name);
    let named = state.role_arn.known().filter(of_same_name);
    named.is_none_or(|arn| *arn == role.arn)
}

/// The binding's own roles other than `present`.
pub(crate) async fn former<C: Cloud>(
    aws: &Connected<C>,
    present: Option<&str>,
    claim: Option<&Claim>,
) -> Result<Vec<FormerRole>, Diagnostics> {
    let mut former = Vec::new();
    for name in claim.map(|claim| claim.former_roles(present)).unwrap_or_default() {
        let seen = role(aws, &name, claim).await?;
        former.extend(seen.filter(|seen| seen.is_ours).map(|seen| FormerRole {
            role: seen.role,
            owned: true,
            mode: None,
        }));
    }
    Ok(former)
}

/// How calls name the cluster of a binding.
pub(crate) fn cluster_of(key: &BindingKey) -> ClusterRef {
    ClusterRef {
        region: key.region.to_string(),
        name: key.cluster.to_string(),
    }
}

fn observed_role<C>(aws: &Connected<C>, mut found: Role) -> ObservedRole {
    aws.ignored_tags.strip(&mut found.tags);
    ObservedRole {
        name: found.name,
        arn: found.arn,
        path: found.path,
        description: found.description,
        permissions_boundary: found.permissions_boundary,
        max_session_duration: found.max_session_duration,
        trust_policy: found.trust_policy,
        tags: found.tags,
        ..ObservedRole::default()
    }
}

fn observed_association<C>(aws: &Connected<C>, mut found: Association) -> ObservedAssociation {
    aws.ignored_tags.strip(&mut found.tags);
    ObservedAssociation {
        id: found.id,
        arn: found.arn,
        role_arn: found.terms.role_arn,
        target_role_arn: found.terms.target_role_arn,
        session_policy: found.terms.session_policy,
        disable_session_tags: found.terms.disable_session_tags,
        external_id: found.external_id,
        owner_arn: found.owner_arn,
        tags: found.tags,
    }
}

//! What AWS has of one binding, and whose it is.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use pod_identity_core::binding::{self, Binding, FormerRole, Found, Mode, Observed, ObservedAssociation, ObservedRole};
use pod_identity_core::ids::BindingKey;
use tfmodel::{Diagnostic, Diagnostics, Value};

use super::claim::Claim;
use crate::cloud::{Association, Cloud, CloudError, ClusterRef, Problem, Role};
use crate::inventory::survey;
use crate::session::Connected;

/// A role with everything that hangs on it.
pub(crate) struct SeenRole {
    pub(crate) role: ObservedRole,
    pub(crate) unique_id: String,
    pub(crate) is_ours: bool,
    age: Option<u64>,
    is_used: bool,
}

/// An association.
pub(crate) struct SeenAssociation {
    pub(crate) association: ObservedAssociation,
    pub(crate) is_ours: bool,
    age: Option<u64>,
}

impl SeenRole {
    /// A role without what hangs on it.
    pub(crate) fn of<C: Cloud>(aws: &Connected<C>, found: Role, claim: Option<&Claim>) -> Self {
        Self {
            is_ours: claim.is_some_and(|claim| claim.is_on_role(&found)),
            unique_id: found.unique_id.clone(),
            age: age(found.created),
            is_used: found.last_used.is_some(),
            role: observed_role(aws, found),
        }
    }

    /// What the engine judges.
    pub(crate) fn found(self) -> Found<ObservedRole> {
        Found {
            what: self.role,
            is_own: self.is_ours,
            age: self.age,
            is_used: self.is_used,
        }
    }
}

impl SeenAssociation {
    /// What the engine judges.
    pub(crate) fn found(self) -> Found<ObservedAssociation> {
        Found {
            what: self.association,
            is_own: self.is_ours,
            age: self.age,
            is_used: false,
        }
    }
}

/// In seconds, by the clock of this machine.
fn age(created: Option<SystemTime>) -> Option<u64> {
    const CLOCKS_DIFFER: Duration = Duration::from_secs(300);
    match SystemTime::now().duration_since(created?) {
        Ok(age) => Some(age.as_secs()),
        Err(ahead) => (ahead.duration() < CLOCKS_DIFFER).then_some(0),
    }
}

/// Reads the role of that name.
pub(crate) async fn role<C: Cloud>(
    aws: &Connected<C>,
    name: &str,
    claim: Option<&Claim>,
) -> Result<Option<SeenRole>, Diagnostics> {
    let read = read_role(aws, name, claim).await;
    read.map_err(|error| error.diagnostic("Cannot read the role").into())
}

/// The same, with the error as it is.
pub(crate) async fn read_role<C: Cloud>(
    aws: &Connected<C>,
    name: &str,
    claim: Option<&Claim>,
) -> Result<Option<SeenRole>, CloudError> {
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
        Err(error) => return Err(error),
    };
    if aws.has_deleted(&found.unique_id) {
        return Ok(None);
    }
    let mut seen = SeenRole::of(aws, found, claim);
    seen.role.managed_policy_arns = managed_policy_arns;
    seen.role.inline_policies = inline_policies;
    Ok(Some(seen))
}

/// Reads the association of a binding's service account. A cluster that is gone has none.
pub(crate) async fn association<C: Cloud>(
    aws: &Connected<C>,
    key: &BindingKey,
    claim: Option<&Claim>,
) -> Result<Option<SeenAssociation>, Diagnostics> {
    let read = read_association(aws, key, claim).await;
    read.map_err(|error| error.diagnostic("Cannot read the Pod Identity association").into())
}

/// The same, with the error as it is.
pub(crate) async fn read_association<C: Cloud>(
    aws: &Connected<C>,
    key: &BindingKey,
    claim: Option<&Claim>,
) -> Result<Option<SeenAssociation>, CloudError> {
    let at = cluster_of(key);
    let found = aws
        .cloud
        .find_association(&at, key.namespace.as_str(), key.service_account.as_str());
    match found.await {
        Ok(found) => Ok(found
            .filter(|found| !aws.has_deleted(&found.id))
            .map(|found| SeenAssociation {
                is_ours: claim.is_some_and(|claim| claim.is_on_association(&found)),
                age: age(found.created),
                association: observed_association(aws, found),
            })),
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error),
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

/// What is there of an existing binding.
pub(crate) struct Present {
    /// Of the association and of a role that the binding owns only what is its own.
    pub(crate) observed: Observed,
    /// What has the place of something that it made, and is not its own.
    pub(crate) not_ours: Diagnostics,
}

pub(crate) async fn existing<C: Cloud>(
    aws: &Connected<C>,
    key: &BindingKey,
    state: &Binding,
    claim: Option<&Claim>,
) -> Result<Present, Diagnostics> {
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
    let mut not_ours = Diagnostics::new();
    if let Some(seen) = present.as_ref().filter(|seen| owns && !seen.is_ours) {
        not_ours.push(left_alone(&format!("Role `{}`", seen.role.name), &seen.role.arn));
    }
    let had = state.association_id.is_known();
    if let Some(seen) = association.as_ref().filter(|seen| had && !seen.is_ours) {
        let found = &seen.association;
        not_ours.push(left_alone(&format!("Association `{}`", found.id), &found.arn));
    }
    let observed = Observed {
        role: present
            .filter(|seen| seen.is_ours || !owns && is_of_state(&seen.role, state))
            .map(|seen| seen.role),
        association: association.filter(|seen| seen.is_ours).map(|seen| seen.association),
        former: former(aws, state.role_name.known().map(String::as_str), claim).await?,
        ..Observed::default()
    };
    Ok(Present { observed, not_ours })
}

fn left_alone(what: &str, arn: &str) -> Diagnostic {
    Diagnostic::warning(
        format!("{what} is not this binding's"),
        format!(
            "`{arn}` is in the place of what this binding made, and is another one, or another binding or state has taken it over. It is neither changed \
             nor deleted. To take it over, set `on_existing = \"adopt\"`."
        ),
    )
}

/// Asks who else in the cluster gets a role that is about to be deleted, as far as that may be listed.
pub(crate) async fn ask_for_users<C: Cloud>(
    aws: &Connected<C>,
    key: &BindingKey,
    claim: Option<&Claim>,
    roles: impl Iterator<Item = &mut ObservedRole>,
) -> Result<(), Diagnostics> {
    let mut shared: Vec<&mut ObservedRole> = roles.filter(|role| binding::may_serve_others(key, role)).collect();
    if shared.is_empty() {
        return Ok(());
    }
    let all = match survey::associations(Arc::clone(&aws.cloud), cluster_of(key)).await {
        Ok(all) => all,
        Err(error) if error.is_not_found() || *error.problem() == Problem::AccessDenied => return Ok(()),
        Err(error) => return Err(error.diagnostic("Cannot list the Pod Identity associations").into()),
    };
    for association in all.into_iter().filter_map(|listed| listed.whole) {
        if claim.is_some_and(|claim| claim.is_on_association(&association)) {
            continue;
        }
        let user = format!("{}/{}", association.namespace, association.service_account);
        for role in shared.iter_mut().filter(|role| role.arn == association.terms.role_arn) {
            role.other_users.push(user.clone());
        }
    }
    Ok(())
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

/// Roles of others where statements of the binding have to go, other than `present`.
pub(crate) async fn left<C: Cloud>(
    aws: &Connected<C>,
    present: Option<&String>,
    claim: Option<&Claim>,
) -> Result<Vec<FormerRole>, Diagnostics> {
    let mut left = Vec::new();
    let names = claim.into_iter().flat_map(Claim::left_roles);
    for name in names.filter(|name| Some(*name) != present) {
        let seen = role(aws, name, None).await?;
        left.extend(seen.map(|seen| FormerRole {
            role: seen.role,
            owned: false,
            mode: None,
        }));
    }
    Ok(left)
}

/// The role that a binding is for, where it was its own until now and still says so.
pub(crate) async fn released<C: Cloud>(
    aws: &Connected<C>,
    name: &str,
    claim: &Claim,
) -> Result<Option<ObservedRole>, Diagnostics> {
    if claim.unique_id(name).is_none() {
        return Ok(None);
    }
    let read = aws.cloud.role(name).await;
    match read {
        Ok(found) if claim.is_on_role(&found) && claim.marks(&found.tags) => {
            Ok(Some(SeenRole::of(aws, found, Some(claim)).role))
        }
        Ok(_) => Ok(None),
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error.diagnostic("Cannot read the role").into()),
    }
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

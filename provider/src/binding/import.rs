//! Finding an existing binding.

use pod_identity_core::binding::{self, Binding, Observed};
use pod_identity_core::ids::{BindingKey, ImportId, RoleArn};
use tfmodel::{Diagnostic, Diagnostics};
use tfplugin::Cx;

use super::claim::{self, Claim};
use super::observe;
use crate::cloud::Cloud;
use crate::session::{Connected, Session};

pub(super) async fn by_id<C: Cloud>(cx: &Cx<Session<C>, Binding>, id: &str) -> Result<Binding, Diagnostics> {
    let aws = cx.data()?.required()?;
    let id: ImportId = id
        .parse()
        .map_err(|error| Diagnostic::error("The import id cannot be read", format!("Found `{id}`: {error}.")))?;
    let key = key(aws, &id)?;
    let association = observe::association(aws, &key, None)
        .await?
        .map(|seen| seen.association);
    let name = match (&id.role, &association) {
        (Some(name), _) => name.to_string(),
        (None, Some(association)) => role_name(&association.role_arn)?,
        (None, None) => tagged_role(aws, &key).await?,
    };
    let Some(seen) = observe::role(aws, &name, None).await? else {
        return Err(nothing_there(&key, &format!("There is no role `{name}`.")));
    };
    if let Some(association) = &association
        && association.role_arn != seen.role.arn
    {
        return Err(Diagnostic::error(
            "The association is for another role",
            format!(
                "Pods of `{}` in `{}` get role `{}` by association `{}`, not `{name}`. Leave the role out of the import id.",
                key.service_account, key.namespace, association.role_arn, association.id
            ),
        )
        .into());
    }
    let owner = claim::owner(&key, &seen.role.tags);
    let other = association.as_ref().and_then(|found| claim::owner(&key, &found.tags));
    let mut claim = match owner.or(other) {
        Some(owner) => Claim::of_owner(owner.clone()),
        None => Claim::new(&key)?,
    };
    let owned = owner.is_some();
    if owned {
        claim.add_role(&name, &seen.unique_id);
    }
    claim.set_association(association.as_ref().map(|found| found.id.as_str()));
    claim.store(cx);
    let observed = Observed {
        role: Some(seen.role),
        association,
        former: Vec::new(),
    };
    let partition = aws
        .partition()
        .parse()
        .unwrap_or_else(|_| pod_identity_core::ids::Partition::of_region(&key.region));
    binding::imported(&key, &partition, &observed, owned)
        .ok_or_else(|| nothing_there(&key, "Neither association nor role was found."))
}

fn key<C: Cloud>(aws: &Connected<C>, id: &ImportId) -> Result<BindingKey, Diagnostics> {
    let region = match &id.region {
        Some(region) => Ok(region.clone()),
        None => aws.region.parse(),
    };
    let unusable = |error: pod_identity_core::ids::IdError| {
        Diagnostic::error(
            "Account or region cannot be used",
            format!("Account `{}`, region `{}`: {error}.", aws.caller.account_id, aws.region),
        )
    };
    Ok(BindingKey {
        account: aws.caller.account_id.parse().map_err(unusable)?,
        region: region.map_err(unusable)?,
        cluster: id.cluster.clone(),
        namespace: id.namespace.clone(),
        service_account: id.service_account.clone(),
    })
}

fn role_name(arn: &str) -> Result<String, Diagnostics> {
    match arn.parse::<RoleArn>() {
        Ok(arn) => Ok(arn.name.to_string()),
        Err(error) => Err(Diagnostic::error(
            "The association names no usable role",
            format!("Its role is `{arn}`: {error}."),
        )
        .into()),
    }
}

/// Without an association, only the tag tells which role is the binding's.
async fn tagged_role<C: Cloud>(aws: &Connected<C>, key: &BindingKey) -> Result<String, Diagnostics> {
    let expected = key.default_role_name("");
    match aws.cloud.role(&expected).await {
        Ok(role) if claim::owner(key, &role.tags).is_some() => return Ok(expected),
        Ok(_) => {}
        Err(error) if error.is_not_found() => {}
        Err(error) => return Err(error.diagnostic("Cannot read the role").into()),
    }
    let roles = aws.cloud.roles().await.map_err(|error| {
        let mut problem = error.diagnostic("Cannot search for the binding's role");
        problem.detail = format!(
            "There is no Pod Identity association, so the role was searched by its tag. {} Or name the role in the import id: `{}/{}/{}/role-name`.",
            problem.detail, key.cluster, key.namespace, key.service_account
        );
        problem
    })?;
    let mut names: Vec<String> = roles
        .into_iter()
        .filter(|role| claim::owner(key, &role.tags).is_some())
        .map(|role| role.name)
        .collect();
    match (names.pop(), names.as_slice()) {
        (Some(name), []) => Ok(name),
        (Some(name), others) => Err(Diagnostic::error(
            "Several roles qualify",
            format!(
                "Roles `{name}` and `{}` were made for this binding. Name one in the import id: `{}/{}/{}/role-name`.",
                others.join("`, `"),
                key.cluster,
                key.namespace,
                key.service_account
            ),
        )
        .into()),
        (None, _) => Err(nothing_there(
            key,
            "There is no Pod Identity association, and no role carries the tag of this binding.",
        )),
    }
}

fn nothing_there(key: &BindingKey, found: &str) -> Diagnostics {
    Diagnostic::error(
        "There is no such binding",
        format!(
            "Searched in account `{}`, region `{}`, cluster `{}` for service account `{}` in namespace `{}`. {found} Where pods use IRSA with a \
             role that something else made, name the role: `{}/{}/{}/role-name`.",
            key.account, key.region, key.cluster, key.service_account, key.namespace, key.cluster, key.namespace, key.service_account
        ),
    )
    .into()
}

//! Finding an existing binding.

mod search;

use pod_identity_core::binding::{self, Binding, BindingIdentity, Existing, Observed};
use pod_identity_core::ids::{
    AccountId, AssociationArn, AssociationId, BindingKey, ClusterName, IdError, ImportId, OidcProviderArn, Region,
    RoleArn, RoleName,
};
use tfmodel::{Diagnostic, Diagnostics, Value};
use tfplugin::Cx;

use super::claim::{self, Claim};
use super::observe;
use crate::cloud::{Association, Cloud, ClusterRef};
use crate::session::{Connected, Session};

/// What is to be imported.
pub(crate) struct Wanted {
    pub(crate) key: BindingKey,
    /// The role, where several trust the service account.
    pub(crate) role: Option<RoleName>,
}

pub(super) async fn by_id<C: Cloud>(cx: &Cx<Session<C>, Binding>, id: &str) -> Result<Binding, Diagnostics> {
    let aws = cx.data()?.required()?;
    let id: ImportId = id
        .parse()
        .map_err(|error| Diagnostic::error("The import id cannot be read", format!("Found `{id}`: {error}.")))?;
    let wanted = match id {
        ImportId::ServiceAccount {
            cluster,
            namespace,
            service_account,
            role,
            region,
        } => Wanted {
            key: BindingKey {
                account: own_account(aws, None)?,
                region: region_of(aws, region)?,
                cluster,
                namespace,
                service_account,
            },
            role,
        },
        ImportId::Key(key) => {
            own_account(aws, Some(&key.account))?;
            Wanted { key, role: None }
        }
        ImportId::AssociationArn(arn) => {
            let AssociationArn {
                region,
                account,
                cluster,
                id,
                ..
            } = arn;
            own_account(aws, Some(&account))?;
            by_association(aws, region, cluster, &id).await?
        }
        ImportId::Association { cluster, id, region } => {
            let region = region_of(aws, region)?;
            by_association(aws, region, cluster, &id).await?
        }
    };
    import(cx, &wanted).await
}

pub(super) async fn by_identity<C: Cloud>(
    cx: &Cx<Session<C>, Binding>,
    identity: &BindingIdentity,
) -> Result<Binding, Diagnostics> {
    let aws = cx.data()?.required()?;
    let account = part(&identity.account_id, "account_id")?;
    let wanted = Wanted {
        key: BindingKey {
            account: own_account(aws, account.as_ref())?,
            region: region_of(aws, part(&identity.region, "region")?)?,
            cluster: required(&identity.cluster_name, "cluster_name")?,
            namespace: required(&identity.namespace, "namespace")?,
            service_account: required(&identity.service_account, "service_account")?,
        },
        role: part(&identity.role_name, "role_name")?,
    };
    import(cx, &wanted).await
}

/// Finds the binding and claims what is its own.
async fn import<C: Cloud>(cx: &Cx<Session<C>, Binding>, wanted: &Wanted) -> Result<Binding, Diagnostics> {
    let session = cx.data()?;
    let (binding, claim) = find(session, session.required()?, wanted).await?;
    claim.store(cx);
    Ok(binding)
}

/// An existing binding, and which objects are its own.
pub(crate) async fn find<C: Cloud>(
    session: &Session<C>,
    aws: &Connected<C>,
    wanted: &Wanted,
) -> Result<(Binding, Claim), Diagnostics> {
    let key = &wanted.key;
    // EKS knows no patterns.
    let association = if key.service_account.is_pattern() {
        None
    } else {
        observe::association(aws, key, None).await?
    };
    let association = association.map(|seen| seen.association);
    if let Some(owner) = association.as_ref().and_then(|found| found.owner_arn.as_ref()) {
        return Err(owned_by_add_on(key, owner));
    }
    let name = match (&wanted.role, &association) {
        (Some(name), _) => name.to_string(),
        (None, Some(association)) => role_name(&association.role_arn)?,
        (None, None) => search::role(aws, key).await?,
    };
    let Some(seen) = observe::role(aws, &name, None).await? else {
        return Err(nothing_there(key, &format!("There is no role `{name}`.")));
    };
    if let Some(association) = &association
        && association.role_arn != seen.role.arn
    {
        return Err(Diagnostic::error(
            "The association is for another role",
            format!(
                "Pods of `{}` in `{}` get role `{}` by association `{}`, not `{}`. Leave the role out of what is imported; a role of another \
                 account cannot be read with these credentials.",
                key.service_account, key.namespace, association.role_arn, association.id, seen.role.arn
            ),
        )
        .into());
    }
    let owner = claim::owner(key, &seen.role.tags);
    let other = association.as_ref().and_then(|found| claim::owner(key, &found.tags));
    // What carries no tag yet is known by its id, and the next change gives it one.
    let mut claim = match owner.or(other) {
        Some(owner) => Claim::of_owner(owner.clone()),
        None => Claim::new(key)?,
    };
    let owned = owner.is_some();
    if owned {
        claim.add_role(&name, &seen.unique_id);
    }
    claim.set_association(association.as_ref().map(|found| found.id.as_str()));
    let observed = Observed {
        role: Some(seen.role),
        association,
        ..Observed::default()
    };
    let binding = binding::imported(Existing {
        key,
        partition: &aws.partition_of(&key.region),
        observed: &observed,
        owned,
        settings: &session.settings,
    })?;
    Ok((binding, claim))
}

/// Leaves out of a generated configuration what the binding finds out by itself: which role its own is, and the issuer of a cluster of EKS.
pub(super) fn as_written(config: Binding, state: &Binding) -> Binding {
    let provider = state
        .oidc_provider_arn
        .known()
        .and_then(|arn| arn.parse::<OidcProviderArn>().ok());
    let is_the_clusters = provider.is_some_and(|provider| {
        let region = provider.issuer.eks().map(|issuer| issuer.region.to_string());
        region.as_ref() == state.region.known() && state.account_id == Value::Known(provider.account.to_string())
    });
    let unless = |left_out: bool, value: Value<String>| if left_out { Value::Null } else { value };
    Binding {
        role_arn: unless(config.role.is_known(), config.role_arn),
        oidc_issuer: unless(is_the_clusters, config.oidc_issuer),
        oidc_provider_arn: unless(is_the_clusters, config.oidc_provider_arn),
        ..config
    }
}

/// The service account of an association.
async fn by_association<C: Cloud>(
    aws: &Connected<C>,
    region: Region,
    cluster: ClusterName,
    id: &AssociationId,
) -> Result<Wanted, Diagnostics> {
    let at = ClusterRef {
        region: region.to_string(),
        name: cluster.to_string(),
    };
    let Association {
        namespace,
        service_account,
        ..
    } = aws
        .cloud
        .association(&at, id.as_str())
        .await
        .map_err(|error| error.diagnostic(format!("Cannot read association `{id}` of cluster `{cluster}`")))?;
    let unusable = |error: IdError| {
        Diagnostic::error(
            "The association cannot be imported",
            format!("It is for service account `{service_account}` in namespace `{namespace}`: {error}."),
        )
    };
    Ok(Wanted {
        key: BindingKey {
            account: own_account(aws, None)?,
            region,
            cluster,
            namespace: namespace.parse().map_err(unusable)?,
            service_account: service_account.parse().map_err(unusable)?,
        },
        role: None,
    })
}

/// The account of the credentials, which has to be the one that was named, if one was.
pub(crate) fn own_account<C: Cloud>(aws: &Connected<C>, named: Option<&AccountId>) -> Result<AccountId, Diagnostics> {
    let own = &aws.caller.account_id;
    match named {
        Some(named) if named.as_str() != own => Err(Diagnostic::error(
            "The binding is in another account",
            format!(
                "It is in account `{named}`, and the credentials in use belong to account `{own}`. Import it with credentials of account `{named}`."
            ),
        )
        .into()),
        Some(_) | None => own.parse().map_err(|error| {
            Diagnostic::error("The account cannot be used", format!("Account `{own}`: {error}.")).into()
        }),
    }
}

/// The region that was named, or the provider's.
pub(crate) fn region_of<C: Cloud>(aws: &Connected<C>, named: Option<Region>) -> Result<Region, Diagnostics> {
    named.map_or_else(|| aws.region.parse(), Ok).map_err(|error| {
        Diagnostic::error(
            "The region cannot be used",
            format!("Region `{}`: {error}.", aws.region),
        )
        .into()
    })
}

/// A part of an identity that may be left out.
fn part<T: std::str::FromStr<Err = IdError>>(value: &Value<String>, name: &str) -> Result<Option<T>, Diagnostics> {
    let Some(text) = value.known() else { return Ok(None) };
    text.parse().map(Some).map_err(|error| {
        Diagnostic::error(
            "The identity to import cannot be read",
            format!("`{name}` is `{text}`: {error}."),
        )
        .into()
    })
}

fn required<T: std::str::FromStr<Err = IdError>>(value: &Value<String>, name: &str) -> Result<T, Diagnostics> {
    part(value, name)?.ok_or_else(|| {
        Diagnostic::error(
            "The identity to import is incomplete",
            format!(
                "`{name}` is missing. Write `identity = {{ cluster_name = …, namespace = …, service_account = … }}`."
            ),
        )
        .into()
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

fn owned_by_add_on(key: &BindingKey, owner: &str) -> Diagnostics {
    Diagnostic::error(
        "The association belongs to an add-on",
        format!(
            "The Pod Identity association of service account `{}` in namespace `{}` is owned by `{owner}`, and EKS changes it together with the \
             add-on. It cannot be imported: configure its role there, or remove it from the add-on first.",
            key.service_account, key.namespace
        ),
    )
    .into()
}

fn nothing_there(key: &BindingKey, found: &str) -> Diagnostics {
    Diagnostic::error(
        "There is no such binding",
        format!(
            "Searched in account `{}`, region `{}`, cluster `{}` for service account `{}` in namespace `{}`. {found}",
            key.account, key.region, key.cluster, key.service_account, key.namespace
        ),
    )
    .into()
}

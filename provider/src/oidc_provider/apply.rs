//! Making, joining, changing and leaving a provider.

use std::collections::BTreeMap;
use std::time::Duration;

use pod_identity_core::binding::{TagChange, is_reserved_tag};
use pod_identity_core::ids::OidcProviderArn;
use pod_identity_core::policy::Document;
use tfmodel::{Diagnostic, Diagnostics, Path, Value};
use tokio::time::{Instant, sleep};

use super::mark::{self, Mark};
use super::model::OidcProviderModel;
use super::{Age, ProviderCx, check_account, cluster_url, found, planned_arn, same_issuer};
use crate::cloud::settle::{JustWritten, settled};
use crate::cloud::{Cloud, NewOidcProvider, OidcProvider, Role};
use crate::session::Connected;

/// How many roles a message names.
const MOST_NAMED: usize = 10;

const CHANGE: &str = "Cannot change the OIDC provider";

pub(super) async fn create<C: Cloud>(
    cx: &ProviderCx<C>,
    config: &OidcProviderModel,
    mut planned: OidcProviderModel,
) -> Result<OidcProviderModel, Diagnostics> {
    let aws = cx.data()?.required()?;
    let url = if config.url.is_null() {
        cluster_url(aws, config, Age::Fresh).await?
    } else {
        config.url.clone()
    };
    if let (Value::Known(then), Value::Known(now)) = (&planned.url, &url)
        && !same_issuer(then, now)
    {
        return Err(Diagnostic::error(
            "The cluster's OIDC issuer changed after planning",
            format!(
                "The plan was made for `{then}`, and the cluster now has `{now}`: it was probably replaced. Nothing was changed. Plan again."
            ),
        )
        .at(Path::attribute("cluster_name"))
        .into());
    }
    if planned.url.is_unknown() {
        planned.url = url;
    }
    let arn = planned_arn(aws, &planned.url).ok_or_else(|| {
        Diagnostic::error(
            "The issuer cannot have a provider",
            format!(
                "The cluster's issuer is `{}`, which IAM would not take.",
                planned.url.known().map(String::as_str).unwrap_or_default()
            ),
        )
    })?;
    planned.issuer = Value::Known(arn.issuer.to_string());
    planned.arn = Value::Known(arn.to_string());
    let _alone = aws.lock(format!("OIDC provider {arn}")).await;
    let (found, is_created) = match find(aws, &arn).await? {
        Some(found) => (found, false),
        None => make(cx, aws, &planned, &arn).await?,
    };
    planned.created = Value::Known(is_created);
    cx.checkpoint(&planned);
    if is_created {
        mark::remember_added(cx, &planned.wanted_client_ids());
    } else {
        join(cx, aws, &arn, &found, &planned).await?;
    }
    Ok(planned)
}

pub(super) async fn update<C: Cloud>(
    cx: &ProviderCx<C>,
    prior: &OidcProviderModel,
    planned: OidcProviderModel,
) -> Result<OidcProviderModel, Diagnostics> {
    let aws = cx.data()?.required()?;
    let arn = check_account(aws, prior)?;
    let _alone = aws.lock(format!("OIDC provider {arn}")).await;
    let found = find(aws, &arn).await?.ok_or_else(|| {
        Diagnostic::error(
            "The OIDC provider is gone",
            format!("`{arn}` was there when the plan was made, and is not any more. Plan again."),
        )
    })?;
    join(cx, aws, &arn, &found, &planned).await?;
    let wanted = planned.wanted_client_ids();
    let dropped = prior.wanted_client_ids();
    let dropped = dropped.iter().filter(|id| !wanted.contains(id));
    leave_client_ids(cx, aws, &arn, dropped).await?;
    let arn = arn.to_string();
    let set_before = prior.wanted_tags();
    let now = planned.wanted_tags();
    let remove = TagChange {
        set: BTreeMap::new(),
        remove: set_before.into_keys().filter(|key| !now.contains_key(key)).collect(),
    };
    retag(aws, &arn, &remove).await?;
    Ok(planned)
}

pub(super) async fn delete<C: Cloud>(cx: &ProviderCx<C>, prior: &OidcProviderModel) -> Result<(), Diagnostics> {
    let aws = cx.data()?.required()?;
    let arn = check_account(aws, prior)?;
    let _alone = aws.lock(format!("OIDC provider {arn}")).await;
    let Some(found) = find(aws, &arn).await? else {
        return Ok(());
    };
    if Mark::load(cx).is_some_and(|mark| mark.is_on(&found.tags)) {
        let roles = trusting_after_a_while(cx, aws, &arn).await?;
        if !roles.is_empty() {
            return Err(still_trusted(&arn, &roles).into());
        }
        let arn = arn.to_string();
        return match settled(JustWritten::default(), || aws.cloud.delete_oidc_provider(&arn)).await {
            Err(error) if !error.is_not_found() => Err(error.diagnostic("Cannot delete the OIDC provider").into()),
            Ok(()) | Err(_) => Ok(()),
        };
    }
    let added = mark::added(cx);
    let added: Vec<&String> = added.iter().filter(|id| found.client_ids.contains(id)).collect();
    let roles = match added.as_slice() {
        [] => Vec::new(),
        _ => trusting(aws, &arn).await?,
    };
    if roles.is_empty() {
        leave_client_ids(cx, aws, &arn, added.into_iter()).await?;
    } else {
        cx.warn(
            "Client ids stay in the OIDC provider",
            format!(
                "This resource added `{}` to `{arn}`, which these roles still trust: {}. They stay, so that tokens go on to be taken; remove them \
                 once nothing needs them.",
                added.iter().map(|id| id.as_str()).collect::<Vec<_>>().join("`, `"),
                names(&roles)
            ),
        );
    }
    let remove = TagChange {
        set: BTreeMap::new(),
        remove: prior
            .wanted_tags()
            .into_keys()
            .filter(|key| found.tags.contains_key(key))
            .collect(),
    };
    retag(aws, &arn.to_string(), &remove).await
}

async fn find<C: Cloud>(aws: &Connected<C>, arn: &OidcProviderArn) -> Result<Option<OidcProvider>, Diagnostics> {
    match found(aws, arn).await {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error.diagnostic("Cannot read the OIDC provider").into()),
    }
}

/// Makes the provider; what somebody else made at the same moment is joined.
async fn make<C: Cloud>(
    cx: &ProviderCx<C>,
    aws: &Connected<C>,
    planned: &OidcProviderModel,
    arn: &OidcProviderArn,
) -> Result<(OidcProvider, bool), Diagnostics> {
    let mark = Mark::new(arn)?;
    let new = NewOidcProvider {
        url: planned.url.known().cloned().unwrap_or_default(),
        client_ids: planned.wanted_client_ids(),
        tags: mark.add_to(planned.wanted_tags()),
    };
    mark.store(cx);
    let Err(error) = settled(JustWritten::default(), || aws.cloud.create_oidc_provider(&new)).await else {
        let made = OidcProvider {
            client_ids: new.client_ids,
            tags: new.tags,
        };
        return Ok((made, true));
    };
    // The answer to an earlier attempt may have been lost.
    match find(aws, arn).await {
        Ok(Some(found)) if mark.is_on(&found.tags) => Ok((found, true)),
        Ok(Some(found)) if error.has_code("EntityAlreadyExists") || error.has_code("EntityAlreadyExistsException") => {
            Ok((found, false))
        }
        _ => Err(error.diagnostic("Cannot make the OIDC provider").into()),
    }
}

/// Adds what the provider lacks, and remembers what that was.
async fn join<C: Cloud>(
    cx: &ProviderCx<C>,
    aws: &Connected<C>,
    arn: &OidcProviderArn,
    found: &OidcProvider,
    planned: &OidcProviderModel,
) -> Result<(), Diagnostics> {
    let text = arn.to_string();
    let mut added = mark::added(cx);
    for id in planned.wanted_client_ids() {
        if found.client_ids.contains(&id) {
            continue;
        }
        // Before the call, whose answer may be lost: only ids that are configured here are ever added.
        if !added.contains(&id) {
            added.push(id.clone());
            mark::remember_added(cx, &added);
        }
        settled(JustWritten::default(), || aws.cloud.add_client_id(&text, &id))
            .await
            .map_err(|error| error.diagnostic(CHANGE).at(Path::attribute("client_ids")))?;
    }
    let add = TagChange {
        remove: Vec::new(),
        ..TagChange::between(&found.tags, &planned.wanted_tags(), is_reserved_tag)
    };
    retag(aws, &text, &add).await
}

/// Removes those of the client ids that this resource added; others are not its own.
async fn leave_client_ids<'a, C: Cloud>(
    cx: &ProviderCx<C>,
    aws: &Connected<C>,
    arn: &OidcProviderArn,
    ids: impl Iterator<Item = &'a String>,
) -> Result<(), Diagnostics> {
    let text = arn.to_string();
    let mut added = mark::added(cx);
    for id in ids {
        if !added.contains(id) {
            cx.warn(
                "Client id stays in the OIDC provider",
                format!("`{id}` was in `{arn}` before this resource, so something else may need it. It is left there."),
            );
            continue;
        }
        let removed = settled(JustWritten::default(), || aws.cloud.remove_client_id(&text, id)).await;
        removed.map_err(|error| error.diagnostic(CHANGE).at(Path::attribute("client_ids")))?;
        added.retain(|other| other != id);
        mark::remember_added(cx, &added);
    }
    Ok(())
}

async fn retag<C: Cloud>(aws: &Connected<C>, arn: &str, change: &TagChange) -> Result<(), Diagnostics> {
    if change.is_empty() {
        return Ok(());
    }
    settled(JustWritten::default(), || aws.cloud.retag_oidc_provider(arn, change))
        .await
        .map_err(|error| error.diagnostic(CHANGE).at(Path::attribute("tags")).into())
}

/// The roles that trust a provider. A role that was just deleted or changed may be listed for a while as it was.
async fn trusting_after_a_while<C: Cloud>(
    cx: &ProviderCx<C>,
    aws: &Connected<C>,
    arn: &OidcProviderArn,
) -> Result<Vec<String>, Diagnostics> {
    const PAUSE: Duration = Duration::from_secs(3);
    let deadline = Instant::now() + aws.propagation_wait;
    loop {
        let roles = trusting(aws, arn).await?;
        if roles.is_empty() || Instant::now() >= deadline {
            return Ok(roles);
        }
        cx.unless_stopped(sleep(PAUSE)).await?;
    }
}

async fn trusting<C: Cloud>(aws: &Connected<C>, arn: &OidcProviderArn) -> Result<Vec<String>, Diagnostics> {
    let roles = aws.cloud.roles_without_tags().await.map_err(|error| {
        let mut problem = error.diagnostic("Cannot tell whether a role still trusts the OIDC provider");
        problem.detail = format!(
            "`{arn}` is left as it is, because roles that trust it would lose their pods. {}",
            problem.detail
        );
        problem
    })?;
    let arn = arn.to_string();
    let trusts = |role: &Role| match Document::parse(&role.trust_policy) {
        Ok(document) => document.admits_provider(&arn),
        // What cannot be read may say anything.
        Err(_) => role.trust_policy.contains(&arn),
    };
    Ok(roles.into_iter().filter(trusts).map(|role| role.name).collect())
}

fn still_trusted(arn: &OidcProviderArn, roles: &[String]) -> Diagnostic {
    Diagnostic::error(
        "Roles still trust the OIDC provider",
        format!(
            "Without `{arn}`, pods that use these roles would be refused: {}. It was not deleted. Delete the roles or take the provider out of their \
             trust policies first. If bindings of this configuration own them, have the bindings refer to this resource \
             (`oidc_provider_arn = pod_oidc_provider.….arn`), so that they go first; if the cluster is being replaced, set `create_before_destroy` here.",
            names(roles)
        ),
    )
}

fn names(roles: &[String]) -> String {
    let named: Vec<String> = roles.iter().take(MOST_NAMED).map(|role| format!("`{role}`")).collect();
    let named = named.join(", ");
    match roles.len().saturating_sub(MOST_NAMED) {
        0 => named,
        more => format!("{named} and {more} more"),
    }
}

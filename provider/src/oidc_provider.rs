//! The resource `pod_oidc_provider`: the IAM OIDC provider that IRSA rests on.
//!
//! IAM has at most one provider for an issuer, and many may rely on it: other states, other clusters' tools, roles that people made by hand.
//! So what is there already is joined, what others put there stays, and nothing is removed that a role still trusts.

mod apply;
mod import;
mod mark;
mod model;
#[cfg(test)]
mod tests;

use std::marker::PhantomData;

use pod_identity_core::binding::{KeyCase, check_tags};
use pod_identity_core::findings::respelt_issuer;
use pod_identity_core::ids::{OidcIssuer, OidcProviderArn};
use tfmodel::plan::TypedDraft;
use tfmodel::{Diagnostic, Diagnostics, Path, Value};
use tfplugin::{Create, Cx, Delete, ImportKey, Read, Resource, Update};

use self::mark::Mark;
use self::model::OidcProviderModel;
use crate::cloud::{Cloud, CloudError, ClusterRef, OidcProvider};
use crate::session::{Connected, Session};

pub(crate) struct OidcProviderResource<C>(PhantomData<fn() -> C>);

impl<C> OidcProviderResource<C> {
    pub(crate) const fn new() -> Self {
        Self(PhantomData)
    }
}

type ProviderCx<C> = Cx<Session<C>, OidcProviderModel>;

impl<C: Cloud> Resource for OidcProviderResource<C> {
    const TYPE: &'static str = "pod_oidc_provider";
    type Data = Session<C>;
    type Model = OidcProviderModel;
    type Identity = ();

    fn validate(&self, config: &OidcProviderModel) -> Diagnostics {
        let mut problems = check_tags(&config.tags, KeyCase::Ignored);
        problems.extend(config.url.known().and_then(|url| check_url(url)));
        problems
    }

    async fn plan(
        &self,
        cx: &ProviderCx<C>,
        mut draft: TypedDraft<OidcProviderModel>,
    ) -> Result<TypedDraft<OidcProviderModel>, Diagnostics> {
        let session = cx.data()?;
        let prior = draft.prior.as_ref();
        let config = &draft.config;
        draft.planned.tags_all = session.settings.planned_tags(&config.tags)?;
        let url = match session.connected() {
            _ if !config.url.is_null() => config.url.clone(),
            Some(aws) => match cluster_url(aws, config, Age::OfThisProcess).await {
                // A provider that exists needs nothing of a cluster that may no longer be described.
                Err(_) if prior.is_some() => Value::unknown(),
                url => url?,
            },
            None => Value::unknown(),
        };
        let stays = prior.is_some_and(|prior| match (&url, &prior.url) {
            (Value::Known(now), Value::Known(before)) => same_issuer(now, before),
            // Nobody can say that it is another one, unless another cluster is meant.
            _ => config.cluster_name == prior.cluster_name && config.region == prior.region,
        });
        if let Some(prior) = prior.filter(|_| stays) {
            if config.url.is_null() {
                draft.planned.url = prior.url.clone();
            }
            draft.planned.issuer = prior.issuer.clone();
            draft.planned.arn = prior.arn.clone();
            if let Some(aws) = session.connected() {
                check_account(aws, prior)?;
            }
            return Ok(draft);
        }
        if config.url.is_null() {
            draft.planned.url = url;
        }
        let arn = session.connected().and_then(|aws| planned_arn(aws, &draft.planned.url));
        draft.planned.issuer = arn
            .as_ref()
            .map(|arn| arn.issuer.to_string())
            .map_or_else(Value::unknown, Value::Known);
        draft.planned.arn = arn
            .as_ref()
            .map_or_else(Value::unknown, |arn| Value::Known(arn.to_string()));
        draft.planned.created = Value::unknown();
        if prior.is_some() {
            let why = if config.url.is_null() { "cluster_name" } else { "url" };
            // The cluster keeps its name when it is made anew; its issuer does not.
            let why = if draft.planned.url.is_known() { "url" } else { why };
            draft.replace.push(Path::attribute(why));
        }
        if let (Some(aws), Some(arn)) = (session.connected(), arn)
            && let Ok(found) = aws.cloud.oidc_provider(&arn.to_string()).await
            && Mark::load(cx).is_none_or(|mark| !mark.is_on(&found.tags))
        {
            draft.warnings.push(joins(&arn, found.client_ids.len()));
        }
        Ok(draft)
    }

    async fn plan_delete(&self, cx: &ProviderCx<C>, prior: &OidcProviderModel) -> Result<(), Diagnostics> {
        if prior.created == Value::Known(false) {
            cx.warn(
                "OIDC provider stays",
                format!(
                    "This resource did not make `{}`, so deleting it leaves the provider there. It takes back its own tags, and those of its client \
                     ids that no role relies on.",
                    prior.arn.known().map(String::as_str).unwrap_or_default()
                ),
            );
        }
        Ok(())
    }

    async fn create(
        &self,
        cx: &ProviderCx<C>,
        request: Create<OidcProviderModel>,
    ) -> Result<OidcProviderModel, Diagnostics> {
        apply::create(cx, &request.config, request.planned).await
    }

    async fn read(
        &self,
        cx: &ProviderCx<C>,
        request: Read<OidcProviderModel>,
    ) -> Result<Option<OidcProviderModel>, Diagnostics> {
        let mut state = request.state;
        let Some(aws) = cx.data()?.connected() else {
            return Ok(Some(state));
        };
        let arn = check_account(aws, &state)?;
        let found = match found(aws, &arn).await {
            Ok(found) => found,
            Err(error) if error.is_not_found() => return Ok(None),
            Err(error) => return Err(error.diagnostic("Cannot read the OIDC provider").into()),
        };
        let is_created = Mark::load(cx).is_some_and(|mark| mark.is_on(&found.tags));
        state.seen(&found, is_created, request.imported);
        Ok(Some(state))
    }

    async fn update(
        &self,
        cx: &ProviderCx<C>,
        request: Update<OidcProviderModel>,
    ) -> Result<OidcProviderModel, Diagnostics> {
        apply::update(cx, &request.prior, request.planned).await
    }

    async fn delete(&self, cx: &ProviderCx<C>, request: Delete<OidcProviderModel>) -> Result<(), Diagnostics> {
        apply::delete(cx, &request.prior).await
    }

    async fn import(&self, cx: &ProviderCx<C>, key: ImportKey<()>) -> Result<OidcProviderModel, Diagnostics> {
        match key {
            ImportKey::Id(id) => import::by_id(cx, &id).await,
            ImportKey::Identity(()) => Err(import::unreadable("").into()),
        }
    }
}

/// How old what is known of a cluster may be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Age {
    OfThisProcess,
    Fresh,
}

/// The issuer of the cluster that the configuration names, as URL; unknown while the cluster is not there.
async fn cluster_url<C: Cloud>(
    aws: &Connected<C>,
    config: &OidcProviderModel,
    age: Age,
) -> Result<Value<String>, Diagnostics> {
    let region = match &config.region {
        Value::Null => &aws.region,
        Value::Unknown(_) => return Ok(Value::unknown()),
        Value::Known(region) => region,
    };
    let Some(name) = config.cluster_name.known() else {
        return Ok(Value::unknown());
    };
    let at = ClusterRef {
        region: region.clone(),
        name: name.clone(),
    };
    let cluster = match age {
        Age::OfThisProcess => aws.cluster(&at).await,
        Age::Fresh => aws.fresh_cluster(&at).await,
    };
    match cluster {
        Ok(cluster) => cluster.oidc_issuer.map(Value::Known).ok_or_else(|| {
            Diagnostic::error(
                "The cluster has no OIDC issuer",
                format!("EKS names none for cluster `{name}` in region `{region}`. Name the issuer in `url`, or use EKS Pod Identity, which needs none."),
            )
            .at(Path::attribute("cluster_name"))
            .into()
        }),
        Err(error) if error.is_not_found() && age == Age::OfThisProcess => Ok(Value::unknown()),
        Err(error) => Err(error
            .diagnostic("Cannot read the cluster")
            .at(Path::attribute("cluster_name"))
            .into()),
    }
}

/// The provider as it is, without the tags that are left to others.
async fn found<C: Cloud>(aws: &Connected<C>, arn: &OidcProviderArn) -> Result<OidcProvider, CloudError> {
    let mut found = aws.cloud.oidc_provider(&arn.to_string()).await?;
    aws.ignored_tags.strip(&mut found.tags);
    Ok(found)
}

fn planned_arn<C: Cloud>(aws: &Connected<C>, url: &Value<String>) -> Option<OidcProviderArn> {
    Some(OidcProviderArn {
        partition: aws.partition().parse().ok()?,
        account: aws.caller.account_id.parse().ok()?,
        issuer: url.known()?.parse().ok()?,
    })
}

fn same_issuer(one: &str, other: &str) -> bool {
    match (one.parse::<OidcIssuer>(), other.parse::<OidcIssuer>()) {
        (Ok(one), Ok(other)) => one == other,
        _ => false,
    }
}

/// The ARN of a provider that exists, if it is where the credentials look: anywhere else it would seem to be gone.
fn check_account<C: Cloud>(aws: &Connected<C>, state: &OidcProviderModel) -> Result<OidcProviderArn, Diagnostics> {
    let text = state.arn.known().map(String::as_str).unwrap_or_default();
    let arn: OidcProviderArn = text.parse().map_err(|error| {
        Diagnostic::error(
            "The state of the OIDC provider has no usable `arn`",
            format!("It is `{text}`: {error}. Remove the resource from the state and import it again."),
        )
    })?;
    let caller = &aws.caller.account_id;
    if arn.account.as_str() == caller {
        return Ok(arn);
    }
    Err(Diagnostic::error(
        "The OIDC provider is in another account",
        format!(
            "`{arn}` is in account `{}`, and the credentials in use belong to account `{caller}`, where nothing can be said about it. Nothing was \
             changed. Use credentials of account `{}`; if the provider is to be in account `{caller}`, destroy it with them first.",
            arn.account, arn.account
        ),
    )
    .into())
}

/// What is wrong with the URL of an issuer.
fn check_url(url: &str) -> Option<Diagnostic> {
    let (scheme, _) = url.split_once("://").unwrap_or_default();
    let detail = if scheme.is_empty() {
        format!("`{url}` has no scheme. Write `https://{url}`.")
    } else if let Some(right) = respelt_issuer(url) {
        format!(
            "EKS has no issuer `{url}`, and no token would ever come from it. `https://{right}` is meant: copy it from the cluster, or set `cluster_name`."
        )
    } else if scheme != "https" && url.parse().is_ok_and(|issuer: OidcIssuer| issuer.eks().is_some()) {
        format!("`{url}` is an issuer of EKS, which is reached by `https://` only, and so does IAM ask for it.")
    } else {
        return None;
    };
    Some(Diagnostic::error("Issuer cannot be that of a cluster", detail).at(Path::attribute("url")))
}

fn joins(arn: &OidcProviderArn, client_ids: usize) -> Diagnostic {
    Diagnostic::warning(
        "OIDC provider exists already",
        format!(
            "Something else made `{arn}`, with {client_ids} client ids. IAM has only one for each issuer, so this resource joins it: it adds its client \
             ids and tags, leaves those of others alone, and does not delete the provider when it is destroyed."
        ),
    )
}

//! The resource `pod_identity_agent`: the add-on that hands credentials to pods.

mod apply;
mod import;
mod model;
#[cfg(test)]
mod tests;
mod wait;

use std::marker::PhantomData;

use pod_identity_core::binding::{KeyCase, OnExisting, check_tags};
use tfmodel::plan::TypedDraft;
use tfmodel::{Diagnostic, Diagnostics, Path, Value};
use tfplugin::{Create, Cx, Delete, ImportKey, Read, Resource, Update};

use self::model::AgentModel;
use crate::cloud::{Addon, Cloud, CloudError, ClusterRef};
use crate::session::{Connected, Session};

/// The add-on, as EKS names it.
pub(crate) const ADD_ON: &str = "eks-pod-identity-agent";

pub(crate) struct AgentResource<C>(PhantomData<fn() -> C>);

impl<C> AgentResource<C> {
    pub(crate) const fn new() -> Self {
        Self(PhantomData)
    }
}

type AgentCx<C> = Cx<Session<C>, AgentModel>;

impl<C: Cloud> Resource for AgentResource<C> {
    const TYPE: &'static str = "pod_identity_agent";
    type Data = Session<C>;
    type Model = AgentModel;
    type Identity = ();

    fn validate(&self, config: &AgentModel) -> Diagnostics {
        check_tags(&config.tags, KeyCase::Kept)
    }

    async fn plan(
        &self,
        cx: &AgentCx<C>,
        mut draft: TypedDraft<AgentModel>,
    ) -> Result<TypedDraft<AgentModel>, Diagnostics> {
        let session = cx.data()?;
        let config = &draft.config;
        let planned = &mut draft.planned;
        planned.tags_all = session.settings.planned_tags(&config.tags)?;
        if config.region.is_null() {
            let region = session
                .settings
                .region
                .as_ref()
                .map(|region| Value::Known(region.to_string()));
            let before = draft.prior.as_ref().map(|prior| prior.region.clone());
            planned.region = region.or(before).unwrap_or_else(Value::unknown);
        }
        if let Some(prior) = &draft.prior {
            if prior.built_in == Value::Known(true) {
                planned.leave_out(config);
            }
            return Ok(draft);
        }
        let Some((aws, at)) = session.connected().zip(planned.at()) else {
            return Ok(draft);
        };
        match aws.cluster(&at).await {
            Ok(cluster) => planned.built_in = Value::Known(cluster.auto_mode == Some(true)),
            Err(error) if error.is_not_found() => return Ok(draft),
            Err(error) => {
                let problem = error.diagnostic("Cannot read the cluster");
                return Err(problem.at(Path::attribute("cluster_name")).into());
            }
        }
        if planned.built_in == Value::Known(true) {
            planned.leave_out(config);
            draft.warnings.push(built_in(&at, config));
        } else if let Ok(found) = installed(aws, &at).await {
            draft.warnings.push(already_there(&at, &found, config));
        }
        Ok(draft)
    }

    async fn create(&self, cx: &AgentCx<C>, request: Create<AgentModel>) -> Result<AgentModel, Diagnostics> {
        apply::create(cx, request.planned).await
    }

    async fn read(&self, cx: &AgentCx<C>, request: Read<AgentModel>) -> Result<Option<AgentModel>, Diagnostics> {
        let mut state = request.state;
        let Some((aws, at)) = cx.data()?.connected().zip(state.at()) else {
            return Ok(Some(state));
        };
        check_account(aws, &state)?;
        if state.built_in == Value::Known(true) {
            return match aws.cluster(&at).await {
                // Where Auto Mode was turned off, there is no agent any more.
                Ok(cluster) => Ok((cluster.auto_mode != Some(false)).then_some(state)),
                Err(error) if error.is_not_found() => Ok(None),
                Err(error) => Err(error.diagnostic("Cannot read the cluster").into()),
            };
        }
        let found = match installed(aws, &at).await {
            Ok(found) => found,
            Err(error) if error.is_not_found() => return Ok(None),
            Err(error) => return Err(error.diagnostic("Cannot read the agent").into()),
        };
        if found.status.as_deref() == Some("DEGRADED") {
            cx.warn(
                "Pod Identity agent is degraded",
                format!(
                    "EKS says of `{ADD_ON}` on cluster `{}`: {}. Pods on the nodes concerned may get no credentials.",
                    at.name,
                    wait::issues(&found.issues)
                ),
            );
        }
        state.seen(&found);
        Ok(Some(state))
    }

    async fn update(&self, cx: &AgentCx<C>, request: Update<AgentModel>) -> Result<AgentModel, Diagnostics> {
        apply::update(cx, &request.prior, request.planned).await
    }

    async fn delete(&self, cx: &AgentCx<C>, request: Delete<AgentModel>) -> Result<(), Diagnostics> {
        apply::delete(cx, &request.prior).await
    }

    async fn import(&self, cx: &AgentCx<C>, key: ImportKey<()>) -> Result<AgentModel, Diagnostics> {
        match key {
            ImportKey::Id(id) => import::by_id(cx, &id).await,
            ImportKey::Identity(()) => Err(import::unreadable("").into()),
        }
    }
}

/// The add-on as it is, without the tags that are left to others.
async fn installed<C: Cloud>(aws: &Connected<C>, at: &ClusterRef) -> Result<Addon, CloudError> {
    let mut found = aws.cloud.addon(at, ADD_ON).await?;
    aws.ignored_tags.strip(&mut found.tags);
    Ok(found)
}

/// An add-on of another account would seem to be gone.
fn check_account<C: Cloud>(aws: &Connected<C>, state: &AgentModel) -> Result<(), Diagnostics> {
    let account = state.arn.known().and_then(|arn| arn.split(':').nth(4));
    let caller = &aws.caller.account_id;
    match account {
        Some(account) if account != caller => Err(Diagnostic::error(
            "The agent is in another account",
            format!(
                "The agent of cluster `{}` is in account `{account}`, and the credentials in use belong to account `{caller}`, where nothing can be said \
                 about it. Nothing was changed. Use credentials of account `{account}`.",
                state.cluster_name.known().map(String::as_str).unwrap_or_default()
            ),
        )
        .into()),
        Some(_) | None => Ok(()),
    }
}

/// A replacement removes the one that is there before, and nobody can tell from here.
fn already_there(at: &ClusterRef, found: &Addon, config: &AgentModel) -> Diagnostic {
    let there = format!("Cluster `{}` has {}", at.name, described(found));
    if config.on_existing == Value::Known(OnExisting::Adopt) {
        return Diagnostic::warning(
            "Agent becomes this resource's own",
            format!("{there} already. It will be as this configuration says, and destroying this resource removes it."),
        );
    }
    Diagnostic::warning(
        INSTALLED_ALREADY,
        format!(
            "{there}. Unless this very change removes it before, it cannot be installed. {}",
            how_to_take(at)
        ),
    )
}

const INSTALLED_ALREADY: &str = "Pod Identity agent is installed already";

fn described(found: &Addon) -> String {
    let version = found.version.as_ref().map(|version| format!(" in version `{version}`"));
    format!("the add-on `{ADD_ON}`{}", version.unwrap_or_default())
}

fn how_to_take(at: &ClusterRef) -> String {
    format!(
        "Import it with the id `{}@{}`, or set `on_existing = \"adopt\"` to take it over.",
        at.name, at.region
    )
}

fn built_in(at: &ClusterRef, config: &AgentModel) -> Diagnostic {
    let ignored: Vec<&str> = [
        (config.version.is_null(), "`version`"),
        (config.configuration.is_null(), "`configuration`"),
    ]
    .into_iter()
    .filter_map(|(is_null, name)| (!is_null).then_some(name))
    .collect();
    let ignored = match ignored.as_slice() {
        [] => String::new(),
        names => format!(" {} has no effect here.", names.join(" and ")),
    };
    Diagnostic::warning(
        "Agent is built into the cluster",
        format!(
            "Cluster `{}` runs in EKS Auto Mode, whose nodes have the Pod Identity agent. This resource installs nothing and removes nothing.{ignored}",
            at.name
        ),
    )
}

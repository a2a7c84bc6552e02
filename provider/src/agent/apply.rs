//! Installing, changing and removing the agent.

use std::time::Duration;

use pod_identity_core::binding::{OnExisting, TagChange, is_reserved_tag};
use tfmodel::timeouts::Timeout;
use tfmodel::{Diagnostic, Diagnostics, Path, Value};

use super::model::{
    AgentModel, AgentTimeouts, NO_CONFIGURATION, OnCreateConflict, OnUpdateConflict, same_configuration,
};
use super::wait::Wait;
use super::{ADD_ON, AgentCx, INSTALLED_ALREADY, check_account, described, how_to_take, installed};
use crate::binding::random;
use crate::cloud::settle::{JustWritten, settled};
use crate::cloud::{Addon, AddonChange, Cloud, ClusterRef, NewAddon, Software};
use crate::session::Connected;

const CREATE_LIMIT: Duration = Duration::from_secs(20 * 60);
const UPDATE_LIMIT: Duration = Duration::from_secs(20 * 60);
const DELETE_LIMIT: Duration = Duration::from_secs(40 * 60);

const CHANGE: &str = "Cannot change the Pod Identity agent";

pub(super) async fn create<C: Cloud>(cx: &AgentCx<C>, mut planned: AgentModel) -> Result<AgentModel, Diagnostics> {
    let aws = cx.data()?.required()?;
    if planned.region.is_unknown() {
        planned.region = Value::Known(aws.region.clone());
    }
    let at = cluster_of(&planned)?;
    let _alone = aws.lock(lock(&at)).await;
    if planned.built_in.is_unknown() {
        let cluster = aws.fresh_cluster(&at).await.map_err(|error| {
            let problem = error.diagnostic("Cannot read the cluster");
            problem.at(Path::attribute("cluster_name"))
        })?;
        planned.built_in = Value::Known(cluster.auto_mode == Some(true));
        if cluster.auto_mode == Some(true) {
            cx.report([super::built_in(&at, &planned.configured())]);
        }
    }
    if planned.built_in == Value::Known(true) {
        let configured = planned.configured();
        planned.leave_out(&configured);
        return Ok(planned);
    }
    let limit = limit(&planned, |limits| &limits.create, CREATE_LIMIT);
    let found = match installed(aws, &at).await {
        Ok(found) => Some(found),
        Err(error) if error.is_not_found() => None,
        Err(error) => return Err(error.diagnostic("Cannot read the Pod Identity agent").into()),
    };
    let made = match found {
        Some(found) if planned.on_existing == Value::Known(OnExisting::Adopt) => {
            cx.checkpoint(&complete(&planned, &found));
            change(cx, aws, &at, &found, &planned, limit).await?
        }
        Some(found) => return Err(exists(&at, &found).into()),
        None => install(cx, aws, &at, &planned, limit).await?,
    };
    Ok(complete(&planned, &made))
}

pub(super) async fn update<C: Cloud>(
    cx: &AgentCx<C>,
    prior: &AgentModel,
    planned: AgentModel,
) -> Result<AgentModel, Diagnostics> {
    let aws = cx.data()?.required()?;
    check_account(aws, prior)?;
    if planned.built_in == Value::Known(true) {
        return Ok(planned);
    }
    let at = cluster_of(&planned)?;
    let _alone = aws.lock(lock(&at)).await;
    let found = installed(aws, &at).await;
    let found = found.map_err(|error| error.diagnostic("Cannot read the Pod Identity agent"))?;
    let limit = limit(&planned, |limits| &limits.update, UPDATE_LIMIT);
    let made = change(cx, aws, &at, &found, &planned, limit).await?;
    Ok(complete(&planned, &made))
}

pub(super) async fn delete<C: Cloud>(cx: &AgentCx<C>, prior: &AgentModel) -> Result<(), Diagnostics> {
    let aws = cx.data()?.required()?;
    check_account(aws, prior)?;
    if prior.built_in == Value::Known(true) {
        return Ok(());
    }
    let at = cluster_of(prior)?;
    let _alone = aws.lock(lock(&at)).await;
    let software = match prior.preserve {
        Value::Known(true) => Software::Kept,
        Value::Known(false) | Value::Null | Value::Unknown(_) => Software::Removed,
    };
    let deleted = settled(JustWritten::default(), || aws.cloud.delete_addon(&at, ADD_ON, software)).await;
    match deleted {
        Ok(()) => {}
        Err(error) if error.is_not_found() => return Ok(()),
        Err(error) => return Err(error.diagnostic("Cannot remove the Pod Identity agent").into()),
    }
    aws.preflights.forget(&at);
    let limit = limit(prior, |limits| &limits.delete, DELETE_LIMIT);
    Wait::new(cx, aws, &at, limit).gone().await
}

async fn install<C: Cloud>(
    cx: &AgentCx<C>,
    aws: &Connected<C>,
    at: &ClusterRef,
    planned: &AgentModel,
    limit: Duration,
) -> Result<Addon, Diagnostics> {
    let new = NewAddon {
        name: ADD_ON.to_owned(),
        token: random()?,
        version: planned.version.known().cloned(),
        configuration: planned.configuration.known().cloned(),
        resolve_conflicts: planned
            .resolve_conflicts_on_create
            .known()
            .map(|resolve| match resolve {
                OnCreateConflict::None => "NONE",
                OnCreateConflict::Overwrite => "OVERWRITE",
            }),
        tags: planned.wanted_tags(),
    };
    let made = settled(JustWritten::default(), || aws.cloud.create_addon(at, &new)).await;
    let made = made.map_err(|error| error.diagnostic("Cannot install the Pod Identity agent"))?;
    aws.preflights.forget(at);
    cx.checkpoint(&complete(planned, &made));
    Wait::new(cx, aws, at, limit).active().await
}

/// Makes an add-on that is there what was planned.
async fn change<C: Cloud>(
    cx: &AgentCx<C>,
    aws: &Connected<C>,
    at: &ClusterRef,
    found: &Addon,
    planned: &AgentModel,
    limit: Duration,
) -> Result<Addon, Diagnostics> {
    let version = planned
        .version
        .known()
        .filter(|wanted| found.version.as_ref() != Some(*wanted));
    let configuration = planned.configuration.known().map(String::as_str);
    let reconfigures = !same_configuration(found.configuration.as_deref(), configuration);
    let mut wait = Wait::new(cx, aws, at, limit);
    if version.is_some() || reconfigures {
        let change = AddonChange {
            name: ADD_ON.to_owned(),
            token: random()?,
            version: version.cloned(),
            // With a new version too: what it says is to hold for that as well.
            configuration: match configuration {
                Some(text) => Some(text.to_owned()),
                None => reconfigures.then(|| NO_CONFIGURATION.to_owned()),
            },
            resolve_conflicts: planned
                .resolve_conflicts_on_update
                .known()
                .map(|resolve| match resolve {
                    OnUpdateConflict::None => "NONE",
                    OnUpdateConflict::Overwrite => "OVERWRITE",
                    OnUpdateConflict::Preserve => "PRESERVE",
                }),
        };
        let update = settled(JustWritten::default(), || aws.cloud.update_addon(at, &change)).await;
        if let Some(id) = update.map_err(|error| error.diagnostic(CHANGE))? {
            wait.updated(&id).await?;
        }
    }
    let retag = TagChange::between(&found.tags, &planned.wanted_tags(), is_reserved_tag);
    if let Some(arn) = found.arn.as_ref().filter(|_| !retag.is_empty()) {
        settled(JustWritten::default(), || aws.cloud.retag(&at.region, arn, &retag))
            .await
            .map_err(|error| error.diagnostic(CHANGE).at(Path::attribute("tags")))?;
    }
    wait.active().await
}

/// The resource as it is with this add-on.
fn complete(planned: &AgentModel, made: &Addon) -> AgentModel {
    let mut done = planned.clone();
    done.arn = made.arn.clone().into();
    done.built_in = Value::Known(false);
    if done.version.is_unknown() {
        done.version = made.version.clone().into();
    }
    done
}

fn exists(at: &ClusterRef, found: &Addon) -> Diagnostic {
    Diagnostic::error(
        INSTALLED_ALREADY,
        format!(
            "Cluster `{}` has {}, and something else installed it. {}",
            at.name,
            described(found),
            how_to_take(at)
        ),
    )
    .at(Path::attribute("cluster_name"))
}

fn cluster_of(state: &AgentModel) -> Result<ClusterRef, Diagnostics> {
    state.at().ok_or_else(|| {
        Diagnostic::error(
            "The state of the agent names no cluster",
            "Its `cluster_name` or `region` is missing. Remove the resource from the state and import it again.",
        )
        .into()
    })
}

fn lock(at: &ClusterRef) -> String {
    format!("agent of {}/{}", at.region, at.name)
}

fn limit(model: &AgentModel, of: impl Fn(&AgentTimeouts) -> &Value<Timeout>, default: Duration) -> Duration {
    let limits = model.timeouts.known();
    limits.map_or(default, |limits| of(limits).or_default(default))
}

//! The data source `pod_identity_cluster`: what bindings of a cluster rest on.

use std::marker::PhantomData;

use tfmodel::{Diagnostics, Model, Path, Value};
use tfplugin::{Cx, DataSource};

use crate::cloud::{Cloud, CloudError, ClusterRef, Problem};
use crate::session::Session;

/// The add-on that hands credentials to pods.
const AGENT: &str = "eks-pod-identity-agent";

pub(crate) struct ClusterFacts<C>(PhantomData<fn() -> C>);

impl<C> ClusterFacts<C> {
    pub(crate) const fn new() -> Self {
        Self(PhantomData)
    }
}

/// What bindings of an EKS cluster rest on; null is what the server does not say or the credentials may not read.
#[derive(Clone, Debug, Model)]
pub(crate) struct ClusterModel {
    /// Name of the cluster.
    #[tf(required)]
    name: String,
    /// Region of the cluster; else the provider's.
    #[tf(optional, computed)]
    region: Value<String>,
    /// ARN of the cluster.
    #[tf(computed)]
    arn: Value<String>,
    /// Account of the cluster.
    #[tf(computed)]
    account_id: Value<String>,
    /// State of the cluster, such as `ACTIVE`.
    #[tf(computed)]
    status: Value<String>,
    /// Kubernetes version.
    #[tf(computed)]
    version: Value<String>,
    /// Platform version, such as `eks.9`.
    #[tf(computed)]
    platform_version: Value<String>,
    /// URL of the cluster's OIDC issuer, which IRSA trusts; policies name it without the scheme.
    #[tf(computed)]
    oidc_issuer: Value<String>,
    /// ARN that the issuer's provider in IAM has, or would have.
    #[tf(computed)]
    oidc_provider_arn: Value<String>,
    /// Whether that provider exists in IAM.
    #[tf(computed)]
    oidc_provider_exists: Value<bool>,
    /// Whether the Pod Identity agent is installed as an add-on.
    #[tf(computed)]
    agent_addon: Value<bool>,
    /// Version of that add-on.
    #[tf(computed)]
    agent_addon_version: Value<String>,
    /// Whether the cluster runs in Auto Mode, where the agent is built in.
    #[tf(computed)]
    auto_mode: Value<bool>,
}

impl<C: Cloud> DataSource for ClusterFacts<C> {
    const TYPE: &'static str = "pod_identity_cluster";
    type Data = Session<C>;
    type Model = ClusterModel;

    async fn read(&self, cx: &Cx<Self::Data>, config: ClusterModel) -> Result<ClusterModel, Diagnostics> {
        let aws = cx.data()?.required()?;
        let at = ClusterRef {
            region: config.region.known().unwrap_or(&aws.region).clone(),
            name: config.name.clone(),
        };
        let cluster = aws
            .fresh_cluster(&at)
            .await
            .map_err(|error| error.diagnostic("Cannot read the cluster").at(Path::attribute("name")))?;
        let account_id = cluster.arn.split(':').nth(4).map(str::to_owned);
        let oidc_provider_arn = cluster.oidc_issuer.as_deref().map(|issuer| {
            let host = issuer.split_once("://").map_or(issuer, |(_, host)| host);
            format!(
                "arn:{}:iam::{}:oidc-provider/{host}",
                aws.partition(),
                account_id.as_deref().unwrap_or(&aws.caller.account_id)
            )
        });
        let audiences = match &oidc_provider_arn {
            Some(arn) => answer(aws.cloud.oidc_audiences(arn).await)?,
            None => Answer::NotSaid,
        };
        let agent = answer(aws.cloud.addon(&at, AGENT).await)?;
        Ok(ClusterModel {
            name: config.name,
            region: Value::Known(at.region),
            arn: Value::Known(cluster.arn),
            account_id: account_id.into(),
            status: cluster.status.into(),
            version: cluster.version.into(),
            platform_version: cluster.platform_version.into(),
            oidc_issuer: cluster.oidc_issuer.into(),
            oidc_provider_arn: oidc_provider_arn.into(),
            oidc_provider_exists: audiences.exists().into(),
            agent_addon: agent.exists().into(),
            agent_addon_version: agent.found().and_then(|addon| addon.version).into(),
            auto_mode: cluster.auto_mode.into(),
        })
    }
}

/// What is known about something that may be missing or kept from us.
enum Answer<T> {
    Found(T),
    Missing,
    NotSaid,
}

impl<T> Answer<T> {
    const fn exists(&self) -> Option<bool> {
        match self {
            Self::Found(_) => Some(true),
            Self::Missing => Some(false),
            Self::NotSaid => None,
        }
    }

    fn found(self) -> Option<T> {
        match self {
            Self::Found(found) => Some(found),
            Self::Missing | Self::NotSaid => None,
        }
    }
}

/// A refusal to answer is an answer of its own; only failures of the connection are errors.
fn answer<T>(outcome: Result<T, CloudError>) -> Result<Answer<T>, Diagnostics> {
    match outcome {
        Ok(found) => Ok(Answer::Found(found)),
        Err(error) => match error.problem() {
            Problem::NotFound => Ok(Answer::Missing),
            Problem::AccessDenied | Problem::Conflict | Problem::Other => Ok(Answer::NotSaid),
            Problem::Throttled
            | Problem::Unreachable { .. }
            | Problem::NoCredentials
            | Problem::NotAssumed(_)
            | Problem::BadCredentials => Err(error.diagnostic("Cannot read the facts of the cluster").into()),
        },
    }
}

//! The data source `pod_identity_cluster`: what bindings of a cluster rest on.

use std::collections::BTreeMap;
use std::marker::PhantomData;

use pod_identity_core::binding::Mode;
use pod_identity_core::findings::{self, BoundPod, Subject, Surroundings, find_before_association};
use tfmodel::{Diagnostics, Model, Path, Set, Value};
use tfplugin::{Cx, DataSource};

use crate::cloud::{Cloud, CloudError, Cluster, ClusterRef, FargateProfile};
use crate::preflight::{Answer, NodeRole, Preflight};
use crate::session::Session;

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
    /// Audiences for which that provider takes tokens; pods have `sts.amazonaws.com`.
    #[tf(computed)]
    oidc_provider_client_ids: Value<Set<Value<String>>>,
    /// How many OIDC providers the account has; IAM allows 100 unless the quota was raised.
    #[tf(computed)]
    oidc_provider_count: Value<i64>,
    /// Whether the Pod Identity agent is installed as an add-on.
    #[tf(computed)]
    agent_addon: Value<bool>,
    /// Version of that add-on.
    #[tf(computed)]
    agent_addon_version: Value<String>,
    /// State of that add-on, such as `ACTIVE` or `DEGRADED`.
    #[tf(computed)]
    agent_addon_status: Value<String>,
    /// Whether the cluster runs in Auto Mode, where the agent is built in.
    #[tf(computed)]
    auto_mode: Value<bool>,
    /// Roles of the managed node groups. Nodes that join in other ways are not among them.
    #[tf(computed)]
    node_roles: Value<Vec<Value<NodeRoleModel>>>,
    /// Fargate profiles: EKS Pod Identity does not work for pods that they take.
    #[tf(computed)]
    fargate_profiles: Value<Vec<Value<FargateProfileModel>>>,
    /// How many Pod Identity associations the cluster has; EKS allows 5,000.
    #[tf(computed)]
    association_count: Value<i64>,
    /// What keeps pods of the cluster from getting credentials by EKS Pod Identity. Fargate profiles are not in it, since that depends on the pod.
    #[tf(computed)]
    findings: Value<Vec<Value<FindingModel>>>,
}

/// The role of nodes.
#[derive(Clone, Debug, Default, Model)]
pub(crate) struct NodeRoleModel {
    /// ARN of the role.
    #[tf(computed)]
    arn: Value<String>,
    /// Whether its policies allow `eks-auth:AssumeRoleForPodIdentity`, by which the agent gets credentials for pods.
    #[tf(computed)]
    allows_pod_identity: Value<bool>,
}

/// A Fargate profile.
#[derive(Clone, Debug, Default, Model)]
pub(crate) struct FargateProfileModel {
    /// Name of the profile.
    #[tf(computed)]
    name: Value<String>,
    /// Which pods it takes: those that one of them fits.
    #[tf(computed)]
    selectors: Value<Vec<Value<SelectorModel>>>,
}

/// Which pods a Fargate profile takes.
#[derive(Clone, Debug, Default, Model)]
pub(crate) struct SelectorModel {
    /// Namespace, with `*` and `?`.
    #[tf(computed)]
    namespace: Value<String>,
    /// Labels that the pods have as well.
    #[tf(computed)]
    labels: Value<BTreeMap<String, Value<String>>>,
}

/// Something that is wrong.
#[derive(Clone, Debug, Default, Model)]
pub(crate) struct FindingModel {
    /// Code of the rule, such as `PIB424`.
    #[tf(computed)]
    code: Value<String>,
    /// What is wrong, in one line.
    #[tf(computed)]
    summary: Value<String>,
    /// What was found, what it means and what to do.
    #[tf(computed)]
    detail: Value<String>,
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
        let unread = |error: CloudError| error.diagnostic("Cannot read the facts of the cluster");
        let (provider, providers, associations, preflight) = tokio::join!(
            async {
                match &oidc_provider_arn {
                    Some(arn) => Answer::of(aws.cloud.oidc_provider(arn).await),
                    None => Ok(Answer::NotSaid),
                }
            },
            aws.cloud.oidc_provider_arns(),
            aws.cloud.associations(&at),
            Preflight::of(aws, &at)
        );
        let (provider, preflight) = (provider.map_err(unread)?, preflight.map_err(unread)?);
        let client_ids = provider.found().map(|found| texts(&found.client_ids).collect());
        let count = |count: Result<usize, CloudError>| -> Result<Option<i64>, CloudError> {
            let count = Answer::of(count)?;
            Ok(count.found().and_then(|count| i64::try_from(*count).ok()))
        };
        let agent = preflight.agent.found();
        Ok(ClusterModel {
            name: config.name,
            oidc_provider_exists: provider.exists().into(),
            oidc_provider_client_ids: client_ids.into(),
            oidc_provider_count: count(providers.map(|arns| arns.len())).map_err(unread)?.into(),
            agent_addon: preflight.agent.exists().into(),
            agent_addon_version: agent.and_then(|addon| addon.version.clone()).into(),
            agent_addon_status: agent.and_then(|addon| addon.status.clone()).into(),
            node_roles: preflight
                .node_roles
                .found()
                .map(|roles| roles.iter().map(node_role).collect())
                .into(),
            fargate_profiles: preflight
                .fargate_profiles
                .found()
                .map(|profiles| profiles.iter().map(fargate_profile).collect())
                .into(),
            association_count: count(associations.map(|all| all.len())).map_err(unread)?.into(),
            findings: Value::Known(findings(&cluster, &preflight)),
            region: Value::Known(at.region),
            arn: Value::Known(cluster.arn),
            account_id: account_id.into(),
            status: cluster.status.into(),
            version: cluster.version.into(),
            platform_version: cluster.platform_version.into(),
            oidc_issuer: cluster.oidc_issuer.into(),
            oidc_provider_arn: oidc_provider_arn.into(),
            auto_mode: cluster.auto_mode.into(),
        })
    }
}

/// What is wrong with a cluster, whatever pod is meant.
fn findings(cluster: &Cluster, preflight: &Preflight) -> Vec<Value<FindingModel>> {
    let Ok(arn) = cluster.arn.parse() else {
        return Vec::new();
    };
    let facts = preflight.facts(cluster);
    let around = Surroundings {
        clusters: vec![findings::Cluster {
            fargate: None,
            ..facts.cluster(arn)
        }],
        // Any pod with an association; which Fargate profiles take it is not asked.
        pods: vec![BoundPod {
            namespace: String::new(),
            service_account: String::new(),
            mode: Some(Mode::PodIdentity),
            annotation: None,
        }],
        ..Surroundings::default()
    };
    let subject = Subject {
        trust: None,
        around: &around,
    };
    let found = find_before_association(&subject).into_iter().map(|finding| {
        Value::Known(FindingModel {
            code: Value::Known(finding.rule.code.to_owned()),
            summary: Value::Known(finding.rule.title.to_owned()),
            detail: Value::Known(finding.detail),
        })
    });
    found.collect()
}

fn node_role(role: &NodeRole) -> Value<NodeRoleModel> {
    Value::Known(NodeRoleModel {
        arn: Value::Known(role.arn.clone()),
        allows_pod_identity: role.is_permitted.into(),
    })
}

fn fargate_profile(profile: &FargateProfile) -> Value<FargateProfileModel> {
    let selectors = profile.selectors.iter().map(|selector| {
        let labels = selector.labels.iter();
        Value::Known(SelectorModel {
            namespace: Value::Known(selector.namespace.clone()),
            labels: Value::Known(
                labels
                    .map(|(key, value)| (key.clone(), Value::Known(value.clone())))
                    .collect(),
            ),
        })
    });
    Value::Known(FargateProfileModel {
        name: Value::Known(profile.name.clone()),
        selectors: Value::Known(selectors.collect()),
    })
}

fn texts(texts: &[String]) -> impl Iterator<Item = Value<String>> + use<'_> {
    texts.iter().cloned().map(Value::Known)
}

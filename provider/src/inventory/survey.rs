//! Reads what rows are made of. What the credentials may not read is left out, and named.

use std::future::Future;
use std::sync::Arc;

use pod_identity_core::binding::{Fact, Settings};
use pod_identity_core::ids::{AccountId, ClusterArn, ClusterName, OidcIssuer, Region};
use pod_identity_core::inventory::{FoundAssociation, FoundRole, Survey};
use tfmodel::{Diagnostic, Diagnostics, Path};
use tokio::task::JoinSet;

use crate::cloud::{Association, AssociationSummary, Cloud, CloudError, ClusterRef, Problem, Role};
use crate::roles;
use crate::session::{Connected, Session};

/// How many calls are open at once: EKS says nothing of its limits, and retries take care of the rest.
const AT_ONCE: usize = 8;

/// What was read, and what was not.
pub(crate) struct Outcome {
    pub(crate) survey: Survey,
    /// Sentences about what could not be read.
    pub(crate) not_read: Vec<String>,
}

/// Which cluster is meant.
pub(crate) struct At {
    pub(crate) arn: ClusterArn,
    pub(crate) cluster: ClusterRef,
}

impl At {
    pub(crate) fn new<C: Cloud>(aws: &Connected<C>, name: &str, region: Option<&String>) -> Result<Self, Diagnostics> {
        let region = region.unwrap_or(&aws.region);
        let name: ClusterName = name.parse().map_err(|error| unusable("cluster_name", name, &error))?;
        let parsed: Region = region.parse().map_err(|error| unusable("region", region, &error))?;
        let account: AccountId = aws.caller.account_id.parse().map_err(|error| {
            Diagnostic::error(
                "The account cannot be used",
                format!("Account `{}`: {error}.", aws.caller.account_id),
            )
        })?;
        Ok(Self {
            cluster: ClusterRef {
                region: region.clone(),
                name: name.to_string(),
            },
            arn: ClusterArn {
                partition: aws.partition_of(&parsed),
                region: parsed,
                account,
                name,
            },
        })
    }
}

fn unusable(attribute: &str, found: &str, error: &pod_identity_core::ids::IdError) -> Diagnostic {
    Diagnostic::error(
        format!("`{attribute}` is not what it has to be"),
        format!("Found `{found}`: {error}."),
    )
    .at(Path::attribute(attribute))
}

/// Whose issuers are of interest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Clusters {
    /// That of the cluster itself.
    Own,
    /// Those of all clusters of its region.
    OfRegion,
}

/// Reads everything about one cluster but its associations, which `associations` reads.
pub(crate) async fn read<C, F>(
    session: &Session<C>,
    at: At,
    clusters: Clusters,
    associations: impl FnOnce(Arc<C>, ClusterRef) -> F,
) -> Result<Outcome, Diagnostics>
where
    C: Cloud,
    F: Future<Output = Result<Vec<Listed>, CloudError>>,
{
    let aws = session.required()?;
    let mut not_read = Vec::new();
    let cluster = aws.fresh_cluster(&at.cluster).await;
    let cluster = allowed(cluster, "whose tokens count, so IRSA is left out", &mut not_read).map_err(|error| {
        error
            .diagnostic("Cannot read the cluster")
            .at(Path::attribute("cluster_name"))
    })?;
    let issuer = match cluster {
        Some(cluster) => match cluster.oidc_issuer.and_then(|issuer| issuer.parse().ok()) {
            Some(issuer) => Fact::Known(issuer),
            None => Fact::Absent,
        },
        None => Fact::Denied,
    };
    let listed = associations(Arc::clone(&aws.cloud), at.cluster.clone()).await;
    let listed = allowed(listed, "which associations there are", &mut not_read)
        .map_err(|error| error.diagnostic("Cannot read the Pod Identity associations"))?;
    if let Some(error) = listed.iter().flatten().find_map(|one| one.denied.as_ref()) {
        not_read.push(sentence(error, "which roles the associations hand out"));
    }
    let roles = roles::read(&*aws.cloud).await;
    let roles = allowed(
        roles,
        "which roles trust the cluster's tokens, so IRSA is left out",
        &mut not_read,
    )
    .map_err(|error| error.diagnostic("Cannot read the roles"))?;
    if let Some(error) = roles.as_ref().and_then(|roles| roles.without_tags.as_ref()) {
        not_read.push(sentence(error, "the tags of roles, by which bindings know their own"));
    }
    let issuers = match clusters {
        Clusters::Own => Fact::Unknown,
        Clusters::OfRegion => {
            let issuers = issuers(aws, &at, &issuer).await;
            let unknown = "which issuers the other clusters have, so stale roles are left out";
            let issuers = allowed(issuers, unknown, &mut not_read)
                .map_err(|error| error.diagnostic("Cannot read the clusters of the region"))?;
            fact(issuers)
        }
    };
    let survey = Survey {
        cluster: at.arn,
        issuer,
        associations: fact(listed.map(|all| all.into_iter().map(Listed::found).collect())),
        roles: fact(roles.map(|roles| roles.all.into_iter().map(found_role).collect())),
        issuers,
        trust_policy_quota: session
            .settings
            .trust_policy_quota
            .unwrap_or(Settings::DEFAULT_TRUST_POLICY_QUOTA),
    };
    Ok(Outcome { survey, not_read })
}

/// An association of which the listing is known, and the rest if it may be read.
pub(crate) struct Listed {
    summary: AssociationSummary,
    pub(crate) whole: Option<Association>,
    denied: Option<CloudError>,
}

impl Listed {
    /// One that was read as a whole.
    pub(crate) fn whole(association: Association) -> Self {
        Self {
            summary: AssociationSummary {
                id: association.id.clone(),
                namespace: association.namespace.clone(),
                service_account: association.service_account.clone(),
                owner_arn: association.owner_arn.clone(),
            },
            whole: Some(association),
            denied: None,
        }
    }

    fn found(self) -> FoundAssociation {
        let whole = self.whole;
        FoundAssociation {
            id: self.summary.id,
            namespace: self.summary.namespace,
            service_account: self.summary.service_account,
            owner_arn: self.summary.owner_arn,
            session_tags: !whole.as_ref().is_some_and(|whole| whole.terms.disable_session_tags),
            role_arn: whole.as_ref().map(|whole| whole.terms.role_arn.clone()),
            target_role_arn: whole.as_ref().and_then(|whole| whole.terms.target_role_arn.clone()),
            tags: whole.map(|whole| whole.tags).unwrap_or_default(),
        }
    }
}

/// All associations of a cluster. The listing does not say the role, so each is read, a few at a time.
pub(crate) async fn associations<C: Cloud>(cloud: Arc<C>, at: ClusterRef) -> Result<Vec<Listed>, CloudError> {
    let summaries = cloud.associations(&at).await?;
    let read = each(&cloud, summaries, |cloud, summary| {
        let at = at.clone();
        async move {
            let whole = cloud.association(&at, &summary.id).await;
            (summary, whole)
        }
    })
    .await;
    let mut all = Vec::new();
    for (summary, whole) in read {
        let (whole, denied) = match whole {
            Ok(whole) => (Some(whole), None),
            Err(error) if *error.problem() == Problem::AccessDenied => (None, Some(error)),
            // It was deleted since.
            Err(error) if error.is_not_found() => continue,
            Err(error) => return Err(error),
        };
        all.push(Listed { summary, whole, denied });
    }
    Ok(all)
}

/// All associations of a cluster, without their roles.
pub(crate) async fn summaries<C: Cloud>(cloud: Arc<C>, at: ClusterRef) -> Result<Vec<Listed>, CloudError> {
    let listed = |summary| Listed {
        summary,
        whole: None,
        denied: None,
    };
    Ok(cloud.associations(&at).await?.into_iter().map(listed).collect())
}

/// The issuers of all clusters of the region.
async fn issuers<C: Cloud>(aws: &Connected<C>, at: &At, own: &Fact<OidcIssuer>) -> Result<Vec<OidcIssuer>, CloudError> {
    let names = aws.cloud.clusters(&at.cluster.region).await?;
    let others = names.into_iter().filter(|name| *name != at.cluster.name).collect();
    let clusters = each(&aws.cloud, others, |cloud, name| {
        let region = at.cluster.region.clone();
        async move { cloud.cluster(&ClusterRef { region, name }).await }
    })
    .await;
    let mut issuers: Vec<OidcIssuer> = own.known().cloned().into_iter().collect();
    for cluster in clusters {
        match cluster {
            Ok(cluster) => issuers.extend(cluster.oidc_issuer.and_then(|issuer| issuer.parse().ok())),
            Err(error) if error.is_not_found() => {}
            Err(error) => return Err(error),
        }
    }
    Ok(issuers)
}

/// Calls for each, a few at a time. The answers are in the order of the items.
async fn each<C, T, R, F>(cloud: &Arc<C>, items: Vec<T>, call: impl Fn(Arc<C>, T) -> F) -> Vec<R>
where
    C: Cloud,
    R: Send + 'static,
    F: Future<Output = R> + Send + 'static,
{
    let mut calls = JoinSet::new();
    let mut answers: Vec<(usize, R)> = Vec::new();
    for (position, item) in items.into_iter().enumerate() {
        if calls.len() >= AT_ONCE {
            answers.extend(calls.join_next().await.and_then(Result::ok));
        }
        let call = call(Arc::clone(cloud), item);
        calls.spawn(async move { (position, call.await) });
    }
    while let Some(answer) = calls.join_next().await {
        answers.extend(answer.ok());
    }
    answers.sort_by_key(|(position, _)| *position);
    answers.into_iter().map(|(_, answer)| answer).collect()
}

/// An answer, or a sentence about what is not known for want of a permission.
fn allowed<T>(
    outcome: Result<T, CloudError>,
    unknown: &str,
    not_read: &mut Vec<String>,
) -> Result<Option<T>, CloudError> {
    match outcome {
        Ok(found) => Ok(Some(found)),
        Err(error) if *error.problem() == Problem::AccessDenied => {
            not_read.push(sentence(&error, unknown));
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

fn sentence(error: &CloudError, unknown: &str) -> String {
    format!("`{}` is not allowed. It would tell {unknown}.", error.action())
}

fn fact<T>(found: Option<T>) -> Fact<T> {
    found.map_or(Fact::Denied, Fact::Known)
}

fn found_role(role: Role) -> FoundRole {
    FoundRole {
        arn: role.arn,
        name: role.name,
        trust_policy: role.trust_policy,
        tags: role.tags,
    }
}

//! Fetches the facts that the engine asks for.

use pod_identity_core::binding::{Caller, ClusterFacts, Fact, FactRequest, Facts, RoleRequest};
use tfmodel::{Diagnostics, Path};

use super::claim::Claim;
use super::observe::{self, SeenAssociation, SeenRole};
use crate::cloud::{Cloud, CloudError, ClusterRef, Problem};
use crate::session::Connected;

/// How old a fact may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Age {
    /// As old as the process: for plans, which ask for the same cluster many times.
    OfThisProcess,
    /// Of this moment: for applies, since what was planned may have been replaced.
    Fresh,
}

/// Asks AWS. What is missing or may not be read is a fact too; only a failed connection is an error. `claim` is that of the binding, or of
/// the one that it replaces.
pub(crate) async fn fetch<C: Cloud>(
    aws: &Connected<C>,
    request: &FactRequest,
    age: Age,
    claim: Option<&Claim>,
) -> Result<Facts, Diagnostics> {
    let cluster = async {
        let Some((region, name)) = &request.cluster else {
            return Ok(Fact::Unknown);
        };
        let at = ClusterRef {
            region: region.to_string(),
            name: name.to_string(),
        };
        let cluster = match age {
            Age::OfThisProcess => aws.cluster(&at).await,
            Age::Fresh => aws.fresh_cluster(&at).await,
        };
        let cluster = cluster.map(|cluster| ClusterFacts {
            // No role can trust an issuer that does not parse.
            issuer: cluster.oidc_issuer.and_then(|issuer| issuer.parse().ok()),
        });
        fact(cluster, "Cannot read the cluster", "cluster_name")
    };
    let role = async {
        let found = match &request.role {
            None => return Ok(Fact::Unknown),
            Some(RoleRequest::Given(wanted)) => match aws.cloud.role(wanted.name.as_str()).await {
                // One of that name in the caller's account, or on another path, is another role.
                Ok(found) if found.arn != wanted.to_string() => return Ok(Fact::Unknown),
                found => found.map(|found| Some(SeenRole::of(aws, found, claim))),
            },
            Some(RoleRequest::Wanted(name)) => observe::read_role(aws, name.as_str(), claim).await,
        };
        present(
            found.map(|found| found.map(SeenRole::found)),
            "Cannot read the role",
            "role_arn",
        )
    };
    let association = async {
        let Some(key) = &request.association else {
            return Ok(Fact::Unknown);
        };
        let found = observe::read_association(aws, key, claim).await;
        present(
            found.map(|found| found.map(SeenAssociation::found)),
            "Cannot read the Pod Identity association",
            "service_account",
        )
    };
    let preflight = async {
        // Whether to go on was decided when the plan was made.
        let Some((region, name)) = request.preflight.as_ref().filter(|_| age == Age::OfThisProcess) else {
            return Ok(Fact::Unknown);
        };
        let at = ClusterRef {
            region: region.to_string(),
            name: name.to_string(),
        };
        Ok(aws.preflight(&at).await.map_or(Fact::Unknown, Fact::Known))
    };
    let (cluster, role, association, preflight) = tokio::try_join!(cluster, role, association, preflight)?;
    Ok(Facts {
        caller: caller(aws),
        cluster,
        role,
        association,
        own_roles: claim.map(Claim::roles).unwrap_or_default(),
        left_roles: claim
            .map(|claim| claim.left_roles().iter().cloned().collect())
            .unwrap_or_default(),
        preflight,
    })
}

/// Who calls.
pub(crate) fn caller<C: Cloud>(aws: &Connected<C>) -> Fact<Caller> {
    let known = || {
        Some(Caller {
            account: aws.caller.account_id.parse().ok()?,
            partition: aws.partition().parse().ok()?,
        })
    };
    known().map_or(Fact::Unknown, Fact::Known)
}

fn present<T>(outcome: Result<Option<T>, CloudError>, summary: &str, attribute: &str) -> Result<Fact<T>, Diagnostics> {
    match outcome {
        Ok(None) => Ok(Fact::Absent),
        Ok(Some(found)) => Ok(Fact::Known(found)),
        Err(error) => fact(Err(error), summary, attribute),
    }
}

fn fact<T>(outcome: Result<T, CloudError>, summary: &str, attribute: &str) -> Result<Fact<T>, Diagnostics> {
    match outcome {
        Ok(found) => Ok(Fact::Known(found)),
        Err(error) => match error.problem() {
            Problem::NotFound => Ok(Fact::Absent),
            Problem::AccessDenied => Ok(Fact::Denied),
            Problem::NoSuchOperation => Ok(Fact::Unknown),
            Problem::Conflict
            | Problem::Throttled
            | Problem::Unreachable { .. }
            | Problem::NoCredentials
            | Problem::NotAssumed(_)
            | Problem::BadCredentials
            | Problem::QuotaReached
            | Problem::Other => Err(error.diagnostic(summary).at(Path::attribute(attribute)).into()),
        },
    }
}

#[cfg(test)]
mod tests {
    use tfplugin_testing::core::State;

    use crate::lab::{Lab, owned};

    #[tokio::test]
    async fn a_role_of_the_same_name_with_another_arn_says_nothing_about_the_one_that_is_meant() {
        let lab = Lab::new().await;
        lab.made(&owned("pod_identity")).await;
        for (role, warnings) in [
            ("111122223333:role/checkout", 1),
            ("111122223333:role/team/checkout", 0),
            ("444455556666:role/checkout", 0),
        ] {
            let arguments = format!(r#""role_arn": "arn:aws:iam::{role}", "mode": "irsa""#);
            let plan = lab.bindings.plan(&State::default(), &lab.binding(&arguments)).await;
            assert_eq!(plan.unwrap().warnings.iter().count(), warnings, "{role}");
        }
    }
}

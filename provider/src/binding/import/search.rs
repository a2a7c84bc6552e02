//! The role of a binding that has no association, which nothing but the role itself tells.

use pod_identity_core::ids::{BindingKey, ImportId, OidcIssuer};
use pod_identity_core::inventory::{Reach, admitted};
use pod_identity_core::policy::Document;
use tfmodel::{Diagnostic, Diagnostics};

use super::super::{claim, observe};
use super::nothing_there;
use crate::cloud::{Cloud, Problem, Role};
use crate::session::Connected;

/// The name of the one role that the binding can be for.
pub(super) async fn role<C: Cloud>(aws: &Connected<C>, key: &BindingKey) -> Result<String, Diagnostics> {
    let expected = key.default_role_name("");
    match aws.cloud.role(&expected).await {
        Ok(role) if claim::owner(key, &role.tags).is_some() => return Ok(expected),
        Ok(_) => {}
        Err(error) if error.is_not_found() => {}
        Err(error) => return Err(error.diagnostic("Cannot read the role").into()),
    }
    let roles = aws.roles().await.map_err(|error| {
        let mut problem = error.diagnostic("Cannot search for the binding's role");
        problem.detail = format!(
            "There is no Pod Identity association, so the role was searched among all roles. {} Or name the role: `{}/role-name`.",
            problem.detail,
            id(key, None)
        );
        problem
    })?;
    let issuer = issuer(aws, key).await?;
    let made: Vec<&Role> = roles.all.iter().filter(|role| is_made_for(key, role)).collect();
    if !made.is_empty() {
        return one_of(key, &made, "carry the tag or the statements of this binding");
    }
    let trusting: Vec<&Role> = roles
        .all
        .iter()
        .filter(|role| trusts(key, issuer.as_ref(), role))
        .collect();
    if trusting.is_empty() {
        let tags = if roles.without_tags.is_some() {
            " Tags of roles could not be searched: that needs `iam:GetAccountAuthorizationDetails`."
        } else {
            ""
        };
        let issuer = issuer.map_or_else(|| "any issuer".to_owned(), |issuer| format!("`{issuer}`"));
        return Err(nothing_there(
            key,
            &format!(
                "There is no Pod Identity association, no role that this provider made for it, and none that trusts tokens of this service \
                 account from {issuer}.{tags}"
            ),
        ));
    }
    one_of(key, &trusting, "trust tokens of this service account")
}

fn one_of(key: &BindingKey, roles: &[&Role], why: &str) -> Result<String, Diagnostics> {
    if let [role] = roles {
        return Ok(role.name.clone());
    }
    let ids: String = roles
        .iter()
        .map(|role| format!("\n  {}", id(key, Some(role))))
        .collect();
    Err(Diagnostic::error(
        "Several roles qualify",
        format!(
            "{} roles {why}, and IRSA leaves it to the service account's annotation which of them its pods use. Import the one that it names, by \
             one of these ids:{ids}",
            roles.len()
        ),
    )
    .into())
}

fn id(key: &BindingKey, role: Option<&Role>) -> ImportId {
    ImportId::ServiceAccount {
        cluster: key.cluster.clone(),
        namespace: key.namespace.clone(),
        service_account: key.service_account.clone(),
        role: role.and_then(|role| role.name.parse().ok()),
        region: Some(key.region.clone()),
    }
}

/// Whether a role was made for the binding, or holds its statements.
fn is_made_for(key: &BindingKey, role: &Role) -> bool {
    let is_own = |trust: &Document| {
        let mut sids = trust.statements.iter().filter_map(|one| one.sid.as_deref());
        sids.any(|sid| key.owns_sid(sid))
    };
    claim::owner(key, &role.tags).is_some() || Document::parse(&role.trust_policy).is_ok_and(|trust| is_own(&trust))
}

fn trusts(key: &BindingKey, issuer: Option<&OidcIssuer>, role: &Role) -> bool {
    Document::parse(&role.trust_policy).is_ok_and(|trust| {
        admitted(&trust).iter().any(|admitted| {
            admitted.reach != Reach::Wider
                && issuer.is_none_or(|issuer| admitted.provider.issuer == *issuer)
                && admitted.is_for(key)
        })
    })
}

/// The issuer of the cluster's tokens. Of a cluster that EKS does not have, or does not tell, any may be.
async fn issuer<C: Cloud>(aws: &Connected<C>, key: &BindingKey) -> Result<Option<OidcIssuer>, Diagnostics> {
    match aws.cluster(&observe::cluster_of(key)).await {
        Ok(cluster) => Ok(cluster.oidc_issuer.and_then(|issuer| issuer.parse().ok())),
        Err(error) if matches!(error.problem(), Problem::NotFound | Problem::AccessDenied) => Ok(None),
        Err(error) => Err(error.diagnostic("Cannot read the cluster").into()),
    }
}

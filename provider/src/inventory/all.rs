//! The data source `pod_identity_bindings`.

use std::marker::PhantomData;

use pod_identity_core::inventory::{Bound, Inventory, StaleRole, Used};
use tfmodel::{Diagnostics, Model, Value};
use tfplugin::{Cx, DataSource};

use super::survey::{self, At, Clusters};
use crate::cloud::Cloud;
use crate::session::Session;

pub(crate) struct BindingsSource<C>(PhantomData<fn() -> C>);

impl<C> BindingsSource<C> {
    pub(crate) const fn new() -> Self {
        Self(PhantomData)
    }
}

/// Everything that binds service accounts of a cluster to IAM roles, by EKS Pod Identity or IRSA, whoever made it.
#[derive(Clone, Debug, Model)]
pub(crate) struct BindingsModel {
    /// Name of the EKS cluster.
    #[tf(required)]
    cluster_name: String,
    /// Region of the cluster; else the provider's.
    #[tf(optional, computed)]
    region: Value<String>,
    /// Account of the cluster.
    #[tf(computed)]
    account_id: Value<String>,
    /// Issuer of the cluster's OIDC tokens, without scheme; null if it has none or may not be read.
    #[tf(computed)]
    oidc_issuer: Value<String>,
    /// Each service account, or pattern of them, with a role, by namespace, name and role.
    #[tf(computed)]
    bindings: Value<Vec<BoundModel>>,
    /// Service accounts that have an association and whose tokens a role trusts too, as `namespace/service_account`. New pods use the
    /// association.
    #[tf(computed)]
    double_bound: Value<Vec<String>>,
    /// Roles that trust an issuer of EKS in the region that none of its clusters has: most often the cluster was deleted. Clusters of other
    /// accounts are not seen.
    #[tf(computed)]
    stale_roles: Value<Vec<StaleRoleModel>>,
    /// What is used of quotas: the associations of the cluster, then the trust policy of each role, fullest first.
    #[tf(computed)]
    quotas: Value<Vec<UsedModel>>,
    /// `import` blocks for everything that a binding can be made of and that none has made. With `terraform plan -generate-config-out`
    /// they become configuration.
    #[tf(computed)]
    import_blocks: Value<String>,
    /// What could not be read for want of a permission, in sentences; empty if this is all there is.
    #[tf(computed)]
    not_read: Value<Vec<String>>,
}

/// A service account, or a pattern of them, with a role.
#[derive(Clone, Debug, Model)]
pub(crate) struct BoundModel {
    /// Namespace, with `*` and `?` where a trust policy names a pattern.
    #[tf(computed)]
    namespace: Value<String>,
    /// Name of the service account, with `*` and `?` where a trust policy names a pattern.
    #[tf(computed)]
    service_account: Value<String>,
    /// `pod_identity` for an association, `irsa` for trust in its tokens, `dual` for both with one role.
    #[tf(computed)]
    mode: Value<String>,
    /// ARN of the role; null if it may not be read.
    #[tf(computed)]
    role_arn: Value<String>,
    /// Id of the association.
    #[tf(computed)]
    association_id: Value<String>,
    /// ARN of the association.
    #[tf(computed)]
    association_arn: Value<String>,
    /// Role in another account that the association leads to.
    #[tf(computed)]
    target_role_arn: Value<String>,
    /// ARN of the add-on that owns the association.
    #[tf(computed)]
    owner_arn: Value<String>,
    /// Who made it: `binding` for this provider, `add_on`, or `other`.
    #[tf(computed)]
    made_by: Value<String>,
    /// Whether the service account has an association and a role trusts its tokens too, this role or another.
    #[tf(computed)]
    double_bound: Value<bool>,
    /// Whether the role's trust policy lets new pods in: `allow`, `deny`, `unknown` or `invalid`; null for patterns and where the role was not
    /// read.
    #[tf(computed)]
    verdict: Value<String>,
    /// Why, in sentences.
    #[tf(computed)]
    because: Value<Vec<String>>,
    /// Id to import it by; null if no binding can be made of it.
    #[tf(computed)]
    import_id: Value<String>,
}

/// A role that trusts tokens which no cluster of the region issues.
#[derive(Clone, Debug, Model)]
pub(crate) struct StaleRoleModel {
    /// ARN of the role.
    #[tf(computed)]
    role_arn: Value<String>,
    /// The issuers.
    #[tf(computed)]
    issuers: Value<Vec<String>>,
}

/// What is used of a quota.
#[derive(Clone, Debug, Model)]
pub(crate) struct UsedModel {
    /// Of which.
    #[tf(computed)]
    quota: Value<String>,
    /// How much.
    #[tf(computed)]
    used: Value<u64>,
    /// How much there is.
    #[tf(computed)]
    limit: Value<u64>,
}

impl<C: Cloud> DataSource for BindingsSource<C> {
    const TYPE: &'static str = "pod_identity_bindings";
    type Data = Session<C>;
    type Model = BindingsModel;

    async fn read(&self, cx: &Cx<Self::Data>, config: BindingsModel) -> Result<BindingsModel, Diagnostics> {
        let session = cx.data()?;
        let at = At::new(session.required()?, &config.cluster_name, config.region.known())?;
        let outcome = survey::read(session, at, Clusters::OfRegion, survey::associations).await?;
        let survey = outcome.survey;
        let found = Inventory::of(&survey);
        Ok(BindingsModel {
            cluster_name: config.cluster_name,
            region: Value::Known(survey.cluster.region.to_string()),
            account_id: Value::Known(survey.cluster.account.to_string()),
            oidc_issuer: survey.issuer.known().map(ToString::to_string).into(),
            bindings: Value::Known(found.bindings.into_iter().map(bound).collect()),
            double_bound: Value::Known(found.double_bound),
            stale_roles: Value::Known(found.stale_roles.into_iter().map(stale).collect()),
            quotas: Value::Known(found.quotas.into_iter().map(used).collect()),
            import_blocks: Value::Known(found.import_blocks),
            not_read: Value::Known(outcome.not_read),
        })
    }
}

pub(super) const fn mode(bound: &Bound) -> &'static str {
    match (bound.pod_identity, bound.irsa) {
        (true, true) => "dual",
        (true, false) => "pod_identity",
        (false, _) => "irsa",
    }
}

fn bound(bound: Bound) -> BoundModel {
    BoundModel {
        mode: Value::from(mode(&bound)),
        namespace: Value::Known(bound.namespace),
        service_account: Value::Known(bound.service_account),
        role_arn: bound.role_arn.into(),
        association_id: bound.association_id.into(),
        association_arn: bound.association_arn.into(),
        target_role_arn: bound.target_role_arn.into(),
        owner_arn: bound.owner_arn.into(),
        made_by: Value::from(bound.made_by.as_str()),
        double_bound: Value::Known(bound.double_bound),
        verdict: bound.verdict.map(|verdict| verdict.as_str().to_owned()).into(),
        because: Value::Known(bound.because),
        import_id: bound.import_id.into(),
    }
}

fn stale(role: StaleRole) -> StaleRoleModel {
    StaleRoleModel {
        role_arn: Value::Known(role.role_arn),
        issuers: Value::Known(role.issuers),
    }
}

fn used(used: Used) -> UsedModel {
    let number = |number: usize| Value::Known(u64::try_from(number).unwrap_or(u64::MAX));
    UsedModel {
        quota: Value::Known(used.quota),
        used: number(used.used),
        limit: number(used.limit),
    }
}

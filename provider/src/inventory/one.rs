//! The data source `pod_identity_binding`.

use std::marker::PhantomData;

use pod_identity_core::ids::{BindingKey, ClusterArn, IdError, RoleArn};
use pod_identity_core::inventory::{Bound, Inventory, admitted};
use pod_identity_core::policy::Document;
use tfmodel::{Diagnostic, Diagnostics, Model, Path, Value};
use tfplugin::{Cx, DataSource};

use super::all::mode;
use super::survey::{self, At, Clusters, Listed};
use crate::cloud::{Cloud, CloudError};
use crate::session::Session;

pub(crate) struct BindingSource<C>(PhantomData<fn() -> C>);

impl<C> BindingSource<C> {
    pub(crate) const fn new() -> Self {
        Self(PhantomData)
    }
}

/// What the pods of one service account get, by which mechanism and through whom, whoever made it.
#[derive(Clone, Debug, Model)]
pub(crate) struct BindingModel {
    /// Name of the EKS cluster.
    #[tf(required)]
    cluster_name: String,
    /// Kubernetes namespace of the service account.
    #[tf(required)]
    namespace: String,
    /// Name of the Kubernetes service account.
    #[tf(required)]
    service_account: String,
    /// Region of the cluster; else the provider's.
    #[tf(optional, computed)]
    region: Value<String>,
    /// Account of the cluster.
    #[tf(computed)]
    account_id: Value<String>,
    /// `pod_identity` if there is an association, `irsa` if a role trusts the service account's tokens, `dual` if both is so with one role;
    /// null if nothing is bound.
    #[tf(computed)]
    mode: Value<String>,
    /// How new pods get credentials: `pod_identity` as soon as there is an association, else `irsa`; null if nothing is bound.
    #[tf(computed)]
    mechanism: Value<String>,
    /// ARN of the role that new pods get; null if there is none, or if several trust the tokens and the annotation of the service account
    /// decides.
    #[tf(computed)]
    role_arn: Value<String>,
    /// Name of that role.
    #[tf(computed)]
    role_name: Value<String>,
    /// Trust policy of that role, as JSON.
    #[tf(computed)]
    trust_policy: Value<String>,
    /// Whether that trust policy lets new pods in: `allow`, `deny`, `unknown` or `invalid`.
    #[tf(computed)]
    verdict: Value<String>,
    /// Why, in sentences.
    #[tf(computed)]
    because: Value<Vec<String>>,
    /// ARNs of all roles that trust tokens of the service account.
    #[tf(computed)]
    irsa_role_arns: Value<Vec<String>>,
    /// Whether there is an association and a role trusts the tokens too.
    #[tf(computed)]
    double_bound: Value<bool>,
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
    /// Who made it: `binding` for this provider, `add_on`, or `other`; null if nothing is bound.
    #[tf(computed)]
    made_by: Value<String>,
    /// Id to import it by; null if no binding can be made of it.
    #[tf(computed)]
    import_id: Value<String>,
    /// What could not be read for want of a permission, in sentences.
    #[tf(computed)]
    not_read: Value<Vec<String>>,
}

impl<C: Cloud> DataSource for BindingSource<C> {
    const TYPE: &'static str = "pod_identity_binding";
    type Data = Session<C>;
    type Model = BindingModel;

    async fn read(&self, cx: &Cx<Self::Data>, config: BindingModel) -> Result<BindingModel, Diagnostics> {
        let session = cx.data()?;
        let at = At::new(session.required()?, &config.cluster_name, config.region.known())?;
        let key = key(&at.arn, &config)?;
        let (namespace, service_account) = (config.namespace.clone(), config.service_account.clone());
        let is_pattern = key.service_account.is_pattern();
        let outcome = survey::read(session, at, Clusters::Own, |cloud, at| async move {
            // EKS knows no patterns.
            if is_pattern {
                return Ok(Vec::new());
            }
            let found = cloud.find_association(&at, &namespace, &service_account).await?;
            Ok::<_, CloudError>(found.map(Listed::whole).into_iter().collect())
        })
        .await?;
        let survey = outcome.survey;
        let rows = Inventory::of(&survey).bindings;
        let associated = rows.iter().find(|row| row.pod_identity);
        let trusting: Vec<&str> = survey
            .roles
            .known()
            .into_iter()
            .flatten()
            .filter(|role| {
                Document::parse(&role.trust_policy).is_ok_and(|trust| {
                    admitted(&trust)
                        .iter()
                        .any(|one| Some(&one.provider.issuer) == survey.issuer.known() && one.is_for(&key))
                })
            })
            .map(|role| role.arn.as_str())
            .collect();
        let by_token = |arn: &str| {
            let mut rows = rows
                .iter()
                .filter(|row| row.irsa && row.role_arn.as_deref() == Some(arn));
            rows.clone()
                .find(|row| row.namespace == config.namespace && row.service_account == config.service_account)
                .or_else(|| rows.next())
        };
        let used: Option<&Bound> = match (associated, trusting.as_slice()) {
            (Some(row), _) => Some(row),
            (None, [arn]) => by_token(arn),
            (None, _) => None,
        };
        let mechanism = match (associated, trusting.is_empty()) {
            (Some(_), _) => Some("pod_identity"),
            (None, false) => Some("irsa"),
            (None, true) => None,
        };
        let role_arn = used.and_then(|row| row.role_arn.clone());
        let role = survey
            .roles
            .known()
            .into_iter()
            .flatten()
            .find(|role| Some(&role.arn) == role_arn.as_ref());
        let text = |of: fn(&Bound) -> Option<String>| Value::from(used.and_then(of));
        Ok(BindingModel {
            region: Value::Known(survey.cluster.region.to_string()),
            account_id: Value::Known(survey.cluster.account.to_string()),
            mode: used.map(mode).or(mechanism).map(str::to_owned).into(),
            mechanism: mechanism.map(str::to_owned).into(),
            role_name: role_arn
                .as_ref()
                .and_then(|arn| arn.parse::<RoleArn>().ok())
                .map(|arn| arn.name.to_string())
                .into(),
            role_arn: role_arn.into(),
            trust_policy: role.map(|role| role.trust_policy.clone()).into(),
            verdict: text(|row| row.verdict.map(|verdict| verdict.as_str().to_owned())),
            because: Value::Known(used.map(|row| row.because.clone()).unwrap_or_default()),
            double_bound: Value::Known(associated.is_some() && !trusting.is_empty()),
            irsa_role_arns: Value::Known(trusting.into_iter().map(str::to_owned).collect()),
            association_id: text(|row| row.association_id.clone()),
            association_arn: text(|row| row.association_arn.clone()),
            target_role_arn: text(|row| row.target_role_arn.clone()),
            owner_arn: text(|row| row.owner_arn.clone()),
            made_by: text(|row| Some(row.made_by.as_str().to_owned())),
            import_id: text(|row| row.import_id.clone()),
            not_read: Value::Known(outcome.not_read),
            ..config
        })
    }
}

fn key(cluster: &ClusterArn, config: &BindingModel) -> Result<BindingKey, Diagnostics> {
    let unusable = |attribute: &'static str| {
        move |error: IdError| {
            Diagnostic::error(
                format!("`{attribute}` is not what it has to be"),
                format!("It is refused: {error}."),
            )
            .at(Path::attribute(attribute))
        }
    };
    Ok(BindingKey {
        account: cluster.account.clone(),
        region: cluster.region.clone(),
        cluster: cluster.name.clone(),
        namespace: config.namespace.parse().map_err(unusable("namespace"))?,
        service_account: config.service_account.parse().map_err(unusable("service_account"))?,
    })
}

//! The list resource: bindings that exist in a cluster, whether a state knows of them or not.

use std::marker::PhantomData;

use pod_identity_core::binding::BindingIdentity;
use pod_identity_core::ids::{BindingKey, ImportId};
use pod_identity_core::inventory::Inventory;
use tfmodel::{Diagnostics, Model, Value};
use tfplugin::{Cx, Found, List, ListResource, Listing};

use super::BindingResource;
use super::import::{self, Wanted};
use crate::cloud::Cloud;
use crate::inventory::survey::{self, At, Clusters};
use crate::session::Session;

pub(crate) struct BindingList<C>(PhantomData<fn() -> C>);

impl<C> BindingList<C> {
    pub(crate) const fn new() -> Self {
        Self(PhantomData)
    }
}

/// Everything in a cluster that a binding can be made of: its associations, but for those of add-ons, and roles that trust tokens of its
/// service accounts.
#[derive(Clone, Debug, Model)]
pub(crate) struct ListConfig {
    /// Name of the EKS cluster.
    #[tf(required)]
    cluster_name: String,
    /// Region of the cluster; else the provider's.
    #[tf(optional)]
    region: Option<String>,
    /// Only service accounts of this namespace.
    #[tf(optional)]
    namespace: Option<String>,
}

impl<C: Cloud> ListResource for BindingList<C> {
    type Resource = BindingResource<C>;
    type Config = ListConfig;

    async fn list(
        &self,
        cx: &Cx<Session<C>>,
        request: List<ListConfig>,
        found: &mut Listing<BindingResource<C>>,
    ) -> Result<(), Diagnostics> {
        let session = cx.data()?;
        let aws = session.required()?;
        let config = &request.config;
        let at = At::new(aws, &config.cluster_name, config.region.as_ref())?;
        let outcome = survey::read(session, at, Clusters::Own, survey::summaries).await?;
        if !outcome.not_read.is_empty() {
            cx.warn("The list may be incomplete", outcome.not_read.join("\n"));
        }
        let cluster = outcome.survey.cluster.clone();
        for row in Inventory::of(&outcome.survey).bindings {
            let is_meant = config
                .namespace
                .as_ref()
                .is_none_or(|namespace| row.namespace == *namespace);
            let id = row.import_id.filter(|_| is_meant).and_then(|id| id.parse().ok());
            let Some(ImportId::ServiceAccount {
                namespace,
                service_account,
                role,
                ..
            }) = id
            else {
                continue;
            };
            let wanted = Wanted {
                key: BindingKey {
                    account: cluster.account.clone(),
                    region: cluster.region.clone(),
                    cluster: cluster.name.clone(),
                    namespace,
                    service_account,
                },
                role,
            };
            let mut one = Found::new(identity(&wanted), name(&wanted));
            if request.wants_objects {
                match import::find(session, aws, &wanted).await {
                    Ok((binding, _)) => one = one.object(binding),
                    Err(problems) => {
                        // One that cannot be read does not hide the others.
                        for problem in problems {
                            cx.warn(
                                problem.summary,
                                format!("`{}` is left out. {}", name(&wanted), problem.detail),
                            );
                        }
                        continue;
                    }
                }
            }
            found.push(one).await?;
        }
        Ok(())
    }
}

fn identity(wanted: &Wanted) -> BindingIdentity {
    let key = &wanted.key;
    BindingIdentity {
        account_id: Value::Known(key.account.to_string()),
        region: Value::Known(key.region.to_string()),
        cluster_name: Value::Known(key.cluster.to_string()),
        namespace: Value::Known(key.namespace.to_string()),
        service_account: Value::Known(key.service_account.to_string()),
        role_name: wanted.role.as_ref().map(ToString::to_string).into(),
    }
}

fn name(wanted: &Wanted) -> String {
    let key = &wanted.key;
    match &wanted.role {
        Some(role) => format!("{}/{} with role {role}", key.namespace, key.service_account),
        None => format!("{}/{}", key.namespace, key.service_account),
    }
}

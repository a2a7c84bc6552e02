//! Finding an agent that is installed.

use pod_identity_core::binding::OnExisting;
use pod_identity_core::ids::{ClusterName, Region};
use tfmodel::{Diagnostic, Diagnostics, Value};

use super::model::AgentModel;
use super::{AgentCx, installed};
use crate::cloud::{Cloud, ClusterRef};

/// By `cluster` or `cluster@region`.
pub(super) async fn by_id<C: Cloud>(cx: &AgentCx<C>, id: &str) -> Result<AgentModel, Diagnostics> {
    let aws = cx.data()?.required()?;
    let (name, region) = id.split_once('@').unwrap_or((id, &aws.region));
    if name.parse::<ClusterName>().is_err() || region.parse::<Region>().is_err() {
        return Err(unreadable(id).into());
    }
    let at = ClusterRef {
        region: region.to_owned(),
        name: name.to_owned(),
    };
    let cluster = aws.fresh_cluster(&at).await;
    let cluster = cluster.map_err(|error| error.diagnostic("Cannot read the cluster"))?;
    let mut state = AgentModel {
        cluster_name: Value::Known(at.name.clone()),
        region: Value::Known(at.region.clone()),
        on_existing: Value::Known(OnExisting::Fail),
        preserve: Value::Known(false),
        ..AgentModel::default()
    };
    match installed(aws, &at).await {
        Ok(found) => state.seen(&found),
        Err(error) if error.is_not_found() && cluster.auto_mode == Some(true) => {
            state.built_in = Value::Known(true);
            state.tags_all = Value::Known(std::collections::BTreeMap::new());
        }
        Err(error) => return Err(error.diagnostic("Cannot read the Pod Identity agent").into()),
    }
    Ok(state)
}

pub(super) fn unreadable(id: &str) -> Diagnostic {
    Diagnostic::error(
        "The import id cannot be read",
        format!(
            "Found `{id}`. Use the name of the cluster, with its region if it is not the provider's: `demo` or `demo@eu-west-1`."
        ),
    )
}

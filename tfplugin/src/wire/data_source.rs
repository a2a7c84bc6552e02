//! Data sources.

use std::sync::Arc;

use tfplugin_proto::tfplugin6 as proto;

use super::diagnostics::told;
use super::value::{dynamic, encoded};
use crate::provider::Provider;
use crate::server::Server;

pub(super) async fn validate<P: Provider>(
    server: Arc<Server<P>>,
    request: proto::validate_data_resource_config::Request,
) -> proto::validate_data_resource_config::Response {
    let config = encoded(request.config);
    proto::validate_data_resource_config::Response {
        diagnostics: told(server.validate_data_source(&request.type_name, &config)),
    }
}

pub(super) async fn read<P: Provider>(
    server: Arc<Server<P>>,
    request: proto::read_data_source::Request,
) -> proto::read_data_source::Response {
    let config = encoded(request.config);
    let (state, problems) = server.read_data_source(&request.type_name, &config).await;
    proto::read_data_source::Response {
        state: state.map(dynamic),
        diagnostics: told(problems),
        deferred: None,
    }
}

//! Data sources.

use std::sync::Arc;

use tfplugin_proto::tfplugin6 as proto;

use super::client::deferred;
use super::diagnostics::told;
use super::value::{dynamic, encoded, sent};
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
    let sent = sent(request.client_capabilities, request.provider_meta);
    let found = server.read_data_source(&request.type_name, &config, &sent).await;
    proto::read_data_source::Response {
        state: found.state.map(dynamic),
        diagnostics: told(found.diagnostics),
        deferred: deferred(found.deferral),
    }
}

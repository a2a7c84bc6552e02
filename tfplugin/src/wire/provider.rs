//! The provider as a whole: its settings, and the request to stop.

use std::sync::Arc;

use tfplugin_proto::tfplugin6 as proto;

use super::client::client;
use super::diagnostics::told;
use super::value::encoded;
use crate::provider::Provider;
use crate::server::Server;

pub(super) async fn validate<P: Provider>(
    server: Arc<Server<P>>,
    request: proto::validate_provider_config::Request,
) -> proto::validate_provider_config::Response {
    proto::validate_provider_config::Response {
        diagnostics: told(server.validate_provider(&encoded(request.config))),
    }
}

pub(super) async fn configure<P: Provider>(
    server: Arc<Server<P>>,
    request: proto::configure_provider::Request,
) -> proto::configure_provider::Response {
    let config = encoded(request.config);
    let client = client(request.client_capabilities);
    proto::configure_provider::Response {
        diagnostics: told(server.configure(&config, request.terraform_version, client).await),
    }
}

pub(super) async fn stop<P: Provider>(
    server: Arc<Server<P>>,
    _: proto::stop_provider::Request,
) -> proto::stop_provider::Response {
    server.stop();
    proto::stop_provider::Response::default()
}

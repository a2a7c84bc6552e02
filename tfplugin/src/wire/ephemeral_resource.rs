//! Ephemeral resources.

use std::sync::Arc;

use tfplugin_proto::tfplugin6 as proto;

use super::client::{client, deferred};
use super::diagnostics::told;
use super::value::{dynamic, encoded};
use crate::provider::Provider;
use crate::server::Server;

pub(super) async fn validate<P: Provider>(
    server: Arc<Server<P>>,
    request: proto::validate_ephemeral_resource_config::Request,
) -> proto::validate_ephemeral_resource_config::Response {
    let config = encoded(request.config);
    proto::validate_ephemeral_resource_config::Response {
        diagnostics: told(server.validate_ephemeral_resource(&request.type_name, &config)),
    }
}

pub(super) async fn open<P: Provider>(
    server: Arc<Server<P>>,
    request: proto::open_ephemeral_resource::Request,
) -> proto::open_ephemeral_resource::Response {
    let config = encoded(request.config);
    let client = client(request.client_capabilities);
    let opened = server.open(&request.type_name, &config, client).await;
    proto::open_ephemeral_resource::Response {
        diagnostics: told(opened.diagnostics),
        renew_at: opened.renew_at.map(Into::into),
        result: opened.result.map(dynamic),
        private: private(opened.private),
        deferred: deferred(opened.deferral),
    }
}

pub(super) async fn renew<P: Provider>(
    server: Arc<Server<P>>,
    request: proto::renew_ephemeral_resource::Request,
) -> proto::renew_ephemeral_resource::Response {
    let renewed = server
        .renew(&request.type_name, request.private.unwrap_or_default())
        .await;
    proto::renew_ephemeral_resource::Response {
        diagnostics: told(renewed.diagnostics),
        renew_at: renewed.renew_at.map(Into::into),
        private: private(renewed.private),
    }
}

pub(super) async fn close<P: Provider>(
    server: Arc<Server<P>>,
    request: proto::close_ephemeral_resource::Request,
) -> proto::close_ephemeral_resource::Response {
    let private = request.private.unwrap_or_default();
    proto::close_ephemeral_resource::Response {
        diagnostics: told(server.close(&request.type_name, &private).await),
    }
}

fn private(bytes: Vec<u8>) -> Option<Vec<u8>> {
    (!bytes.is_empty()).then_some(bytes)
}

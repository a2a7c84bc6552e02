//! List resources.

use std::sync::Arc;

use tfplugin_proto::tfplugin6 as proto;
use tokio::sync::mpsc;

use super::diagnostics::told;
use super::value::{dynamic, encoded, identity_data};
use crate::provider::Provider;
use crate::server::{List, Listed, Server};

/// How many objects wait for a host that reads slowly.
pub(super) const AHEAD: usize = 16;

pub(super) async fn validate<P: Provider>(
    server: Arc<Server<P>>,
    request: proto::validate_list_resource_config::Request,
) -> proto::validate_list_resource_config::Response {
    let found = server.validate_list_resource(
        &request.type_name,
        &encoded(request.config),
        &encoded(request.limit),
        &encoded(request.include_resource_object),
    );
    proto::validate_list_resource_config::Response {
        diagnostics: told(found),
    }
}

pub(super) async fn list<P: Provider>(
    server: Arc<Server<P>>,
    request: proto::list_resource::Request,
    events: mpsc::Sender<Listed>,
) {
    let request = List {
        type_name: request.type_name,
        config: encoded(request.config),
        wants_objects: request.include_resource_object,
        // Less than nothing is nothing.
        limit: u64::try_from(request.limit).unwrap_or(0),
    };
    server.list(request, events).await;
}

pub(super) fn event(listed: Listed) -> proto::list_resource::Event {
    proto::list_resource::Event {
        identity: listed.identity.map(identity_data),
        display_name: listed.display_name,
        resource_object: listed.object.map(dynamic),
        diagnostic: told(listed.diagnostics),
    }
}

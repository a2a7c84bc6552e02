//! Actions.

use std::sync::Arc;

use tfplugin_proto::tfplugin6 as proto;
use tfplugin_proto::tfplugin6::invoke_action::event::{Completed, Progress, Type};
use tokio::sync::mpsc;

use super::client::{client, deferred};
use super::diagnostics::told;
use super::value::encoded;
use crate::provider::Provider;
use crate::server::{Happened, Server};

/// How many lines of progress wait for a host that reads slowly.
pub(super) const AHEAD: usize = 1000;

pub(super) async fn validate<P: Provider>(
    server: Arc<Server<P>>,
    request: proto::validate_action_config::Request,
) -> proto::validate_action_config::Response {
    let config = encoded(request.config);
    proto::validate_action_config::Response {
        diagnostics: told(server.validate_action(&request.type_name, &config)),
    }
}

pub(super) async fn plan<P: Provider>(
    server: Arc<Server<P>>,
    request: proto::plan_action::Request,
) -> proto::plan_action::Response {
    let config = encoded(request.config);
    let client = client(request.client_capabilities);
    let (deferral, found) = server.plan_action(&request.action_type, &config, client).await;
    proto::plan_action::Response {
        diagnostics: told(found),
        deferred: deferred(deferral),
    }
}

pub(super) async fn invoke<P: Provider>(
    server: Arc<Server<P>>,
    request: proto::invoke_action::Request,
    events: mpsc::Sender<Happened>,
) {
    let config = encoded(request.config);
    server.invoke_action(&request.action_type, &config, events).await;
}

/// One event. A host does not survive one without a member.
pub(super) fn event(happened: Happened) -> proto::invoke_action::Event {
    let member = match happened {
        Happened::Progress(message) => Type::Progress(Progress { message }),
        Happened::Completed(diagnostics) => Type::Completed(Completed {
            diagnostics: told(diagnostics),
        }),
    };
    proto::invoke_action::Event { r#type: Some(member) }
}

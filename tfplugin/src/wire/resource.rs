//! Managed resources.

use std::sync::Arc;

use tfplugin_proto::tfplugin6 as proto;

use super::client::{client, deferred};
use super::diagnostics::{path, told};
use super::value::{dynamic, encoded, identity, identity_data, sent};
use crate::provider::Provider;
use crate::server::{Apply, Import, Move, Plan, Read, Server, Upgrade};

pub(super) async fn validate<P: Provider>(
    server: Arc<Server<P>>,
    request: proto::validate_resource_config::Request,
) -> proto::validate_resource_config::Response {
    let host = client(request.client_capabilities);
    let config = encoded(request.config);
    proto::validate_resource_config::Response {
        diagnostics: told(server.validate_resource(&request.type_name, &config, host)),
    }
}

pub(super) async fn upgrade_state<P: Provider>(
    server: Arc<Server<P>>,
    request: proto::upgrade_resource_state::Request,
) -> proto::upgrade_resource_state::Response {
    let stored = stored(request.type_name, request.version, request.raw_state);
    match server.upgrade_state(&stored) {
        Ok(state) => proto::upgrade_resource_state::Response {
            upgraded_state: Some(dynamic(state)),
            diagnostics: Vec::new(),
        },
        Err(problems) => proto::upgrade_resource_state::Response {
            upgraded_state: None,
            diagnostics: told(problems),
        },
    }
}

pub(super) async fn upgrade_identity<P: Provider>(
    server: Arc<Server<P>>,
    request: proto::upgrade_resource_identity::Request,
) -> proto::upgrade_resource_identity::Response {
    let stored = stored(request.type_name, request.version, request.raw_identity);
    match server.upgrade_identity(&stored) {
        Ok(identity) => proto::upgrade_resource_identity::Response {
            upgraded_identity: Some(identity_data(identity)),
            diagnostics: Vec::new(),
        },
        Err(problems) => proto::upgrade_resource_identity::Response {
            upgraded_identity: None,
            diagnostics: told(problems),
        },
    }
}

fn stored(type_name: String, version: i64, raw: Option<proto::RawState>) -> Upgrade {
    let raw = raw.unwrap_or_default();
    Upgrade {
        type_name,
        version,
        json: raw.json,
        is_flatmap: !raw.flatmap.is_empty(),
    }
}

pub(super) async fn move_state<P: Provider>(
    server: Arc<Server<P>>,
    request: proto::move_resource_state::Request,
) -> proto::move_resource_state::Response {
    let stored = request.source_state.unwrap_or_default();
    let answer = server.move_state(Move {
        provider: request.source_provider_address,
        type_name: request.source_type_name,
        version: request.source_schema_version,
        json: stored.json,
        is_flatmap: !stored.flatmap.is_empty(),
        identity: request.source_identity.unwrap_or_default().json,
        private: request.source_private,
        target_type: request.target_type_name,
    });
    proto::move_resource_state::Response {
        target_state: answer.state.map(dynamic),
        diagnostics: told(answer.diagnostics),
        target_private: answer.private,
        target_identity: answer.identity.map(identity_data),
    }
}

pub(super) async fn generate_config<P: Provider>(
    server: Arc<Server<P>>,
    request: proto::generate_resource_config::Request,
) -> proto::generate_resource_config::Response {
    match server.generate_config(&request.type_name, &encoded(request.state)) {
        Ok(config) => proto::generate_resource_config::Response {
            config: Some(dynamic(config)),
            diagnostics: Vec::new(),
        },
        Err(problems) => proto::generate_resource_config::Response {
            config: None,
            diagnostics: told(problems),
        },
    }
}

pub(super) async fn read<P: Provider>(
    server: Arc<Server<P>>,
    request: proto::read_resource::Request,
) -> proto::read_resource::Response {
    let answer = server
        .read(Read {
            type_name: request.type_name,
            state: encoded(request.current_state),
            private: request.private,
            identity: identity(request.current_identity),
            sent: sent(request.client_capabilities, request.provider_meta),
        })
        .await;
    proto::read_resource::Response {
        new_state: answer.state.map(dynamic),
        diagnostics: told(answer.diagnostics),
        private: answer.private,
        deferred: deferred(answer.deferral),
        new_identity: answer.identity.map(identity_data),
    }
}

pub(super) async fn plan<P: Provider>(
    server: Arc<Server<P>>,
    request: proto::plan_resource_change::Request,
) -> proto::plan_resource_change::Response {
    let answer = server
        .plan(Plan {
            type_name: request.type_name,
            prior: encoded(request.prior_state),
            proposed: encoded(request.proposed_new_state),
            config: encoded(request.config),
            prior_private: request.prior_private,
            planned_private: request.planned_private,
            identity: identity(request.prior_identity),
            sent: sent(request.client_capabilities, request.provider_meta),
        })
        .await;
    proto::plan_resource_change::Response {
        planned_state: answer.state.map(dynamic),
        requires_replace: answer.requires_replace.iter().map(path).collect(),
        planned_private: answer.private,
        diagnostics: told(answer.diagnostics),
        legacy_type_system: false,
        deferred: deferred(answer.deferral),
        planned_identity: answer.identity.map(identity_data),
    }
}

pub(super) async fn apply<P: Provider>(
    server: Arc<Server<P>>,
    request: proto::apply_resource_change::Request,
) -> proto::apply_resource_change::Response {
    let answer = server
        .apply(Apply {
            type_name: request.type_name,
            prior: encoded(request.prior_state),
            planned: encoded(request.planned_state),
            config: encoded(request.config),
            private: request.planned_private,
            identity: identity(request.planned_identity),
            sent: sent(None, request.provider_meta),
        })
        .await;
    proto::apply_resource_change::Response {
        new_state: answer.state.map(dynamic),
        private: answer.private,
        diagnostics: told(answer.diagnostics),
        legacy_type_system: false,
        new_identity: answer.identity.map(identity_data),
    }
}

pub(super) async fn import<P: Provider>(
    server: Arc<Server<P>>,
    request: proto::import_resource_state::Request,
) -> proto::import_resource_state::Response {
    let type_name = request.type_name;
    let answer = server
        .import(Import {
            type_name: type_name.clone(),
            id: request.id,
            identity: identity(request.identity),
            sent: sent(request.client_capabilities, None),
        })
        .await;
    let imported = answer
        .state
        .map(|state| proto::import_resource_state::ImportedResource {
            type_name,
            state: Some(dynamic(state)),
            private: answer.private,
            identity: answer.identity.map(identity_data),
        });
    proto::import_resource_state::Response {
        imported_resources: imported.into_iter().collect(),
        diagnostics: told(answer.diagnostics),
        deferred: deferred(answer.deferral),
    }
}

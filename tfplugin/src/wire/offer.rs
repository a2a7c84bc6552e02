//! What a provider offers: schemas, names and capabilities.

use std::collections::BTreeMap;
use std::sync::Arc;

use tfmodel::Diagnostics;
use tfmodel::host_checks::Subject;
use tfplugin_proto::tfplugin6 as proto;

use super::diagnostics::told;
use super::{function, schema};
use crate::bug;
use crate::provider::Provider;
use crate::server::Server;

fn capabilities<P: Provider>(server: &Server<P>) -> Result<proto::ServerCapabilities, Diagnostics> {
    Ok(proto::ServerCapabilities {
        plan_destroy: true,
        get_provider_schema_optional: true,
        move_resource_state: server.has_moves()?,
        generate_resource_config: true,
    })
}

pub(super) async fn functions<P: Provider>(
    server: Arc<Server<P>>,
    _: proto::get_functions::Request,
) -> proto::get_functions::Response {
    let (functions, problems) = all_functions(&server);
    proto::get_functions::Response {
        functions,
        diagnostics: told(problems),
    }
}

fn all_functions<P: Provider>(server: &Server<P>) -> (BTreeMap<String, proto::Function>, Diagnostics) {
    let mut problems = Diagnostics::new();
    let mut functions = BTreeMap::new();
    match server.registry() {
        Ok(registry) => {
            for (name, entry) in &registry.functions {
                let definition = entry.definition();
                match definition.and_then(|definition| function::definition(name, definition)) {
                    Ok(function) => drop(functions.insert((*name).to_owned(), function)),
                    Err(wrong) => problems.extend(wrong),
                }
            }
        }
        Err(crashed) => problems.extend(crashed),
    }
    (functions, problems)
}

pub(super) async fn provider_schema<P: Provider>(
    server: Arc<Server<P>>,
    _: proto::get_provider_schema::Request,
) -> proto::get_provider_schema::Response {
    let (functions, mut problems) = all_functions(&server);
    let mut answer = proto::get_provider_schema::Response {
        provider: Some(schema::schema(&server.config().schema)),
        functions,
        ..proto::get_provider_schema::Response::default()
    };
    match capabilities(&server) {
        Ok(capabilities) => answer.server_capabilities = Some(capabilities),
        Err(crashed) => problems.extend(crashed),
    }
    problems.extend(bug::schema(Subject::Provider, "provider", &server.config().schema));
    if let Ok(registry) = server.registry() {
        problems.extend(registry.problems());
        for (name, resource) in &registry.resources {
            problems.extend(bug::schema(Subject::Resource, name, &resource.prepared().schema));
            if let Some(identity) = resource.identity() {
                problems.extend(bug::schema(Subject::Identity, name, &identity.schema));
            }
        }
        if let Some(meta) = &registry.meta {
            problems.extend(bug::schema(
                Subject::ProviderMeta,
                "provider_meta",
                &meta.prepared.schema,
            ));
            answer.provider_meta = Some(schema::schema(&meta.prepared.schema));
        }
        for (name, source) in &registry.data_sources {
            problems.extend(bug::schema(Subject::DataSource, name, &source.prepared().schema));
        }
        for (name, list) in &registry.list_resources {
            problems.extend(bug::schema(Subject::ListResource, name, &list.prepared().schema));
        }
        for (name, action) in &registry.actions {
            problems.extend(bug::schema(Subject::Action, name, &action.prepared().schema));
        }
        answer.action_schemas = registry
            .actions
            .iter()
            .map(|(name, action)| ((*name).to_owned(), schema::action(&action.prepared().schema)))
            .collect();
        answer.list_resource_schemas = registry
            .list_resources
            .iter()
            .map(|(name, list)| ((*name).to_owned(), schema::schema(&list.prepared().schema)))
            .collect();
        for (name, ephemeral) in &registry.ephemeral_resources {
            problems.extend(bug::schema(
                Subject::EphemeralResource,
                name,
                &ephemeral.prepared().schema,
            ));
        }
        answer.ephemeral_resource_schemas = registry
            .ephemeral_resources
            .iter()
            .map(|(name, ephemeral)| ((*name).to_owned(), schema::schema(&ephemeral.prepared().schema)))
            .collect();
        answer.resource_schemas = registry
            .resources
            .iter()
            .map(|(name, resource)| ((*name).to_owned(), schema::schema(&resource.prepared().schema)))
            .collect();
        answer.data_source_schemas = registry
            .data_sources
            .iter()
            .map(|(name, source)| ((*name).to_owned(), schema::schema(&source.prepared().schema)))
            .collect();
    }
    answer.diagnostics = told(problems);
    answer
}

pub(super) async fn metadata<P: Provider>(
    server: Arc<Server<P>>,
    _: proto::get_metadata::Request,
) -> proto::get_metadata::Response {
    use proto::get_metadata::{
        ActionMetadata, DataSourceMetadata, EphemeralMetadata, FunctionMetadata, ListResourceMetadata, ResourceMetadata,
    };

    let mut answer = proto::get_metadata::Response::default();
    let offered = capabilities(&server).and_then(|capabilities| Ok((capabilities, server.registry()?)));
    let registry = match offered {
        Ok((capabilities, registry)) => {
            answer.server_capabilities = Some(capabilities);
            registry
        }
        Err(problems) => {
            answer.diagnostics = told(problems);
            return answer;
        }
    };
    let owned = |name: &&str| (*name).to_owned();
    answer.resources = registry
        .resources
        .keys()
        .map(|name| ResourceMetadata { type_name: owned(name) })
        .collect();
    answer.data_sources = registry
        .data_sources
        .keys()
        .map(|name| DataSourceMetadata { type_name: owned(name) })
        .collect();
    answer.ephemeral_resources = registry
        .ephemeral_resources
        .keys()
        .map(|name| EphemeralMetadata { type_name: owned(name) })
        .collect();
    answer.functions = registry
        .functions
        .keys()
        .map(|name| FunctionMetadata { name: owned(name) })
        .collect();
    answer.list_resources = registry
        .list_resources
        .keys()
        .map(|name| ListResourceMetadata { type_name: owned(name) })
        .collect();
    answer.actions = registry
        .actions
        .keys()
        .map(|name| ActionMetadata { type_name: owned(name) })
        .collect();
    answer.diagnostics = told(registry.problems());
    answer
}

pub(super) async fn identity_schemas<P: Provider>(
    server: Arc<Server<P>>,
    _: proto::get_resource_identity_schemas::Request,
) -> proto::get_resource_identity_schemas::Response {
    match server.registry() {
        Ok(registry) => proto::get_resource_identity_schemas::Response {
            identity_schemas: registry
                .resources
                .iter()
                .filter_map(|(name, resource)| {
                    Some(((*name).to_owned(), schema::identity(&resource.identity()?.schema)))
                })
                .collect(),
            diagnostics: Vec::new(),
        },
        Err(problems) => proto::get_resource_identity_schemas::Response {
            diagnostics: told(problems),
            ..proto::get_resource_identity_schemas::Response::default()
        },
    }
}

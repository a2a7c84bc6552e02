//! What a provider offers: schemas, names and capabilities.

use std::collections::BTreeMap;
use std::sync::Arc;

use tfmodel::Diagnostics;
use tfmodel::host_checks::Subject;
use tfplugin_proto::tfplugin6 as proto;

use super::diagnostics::told;
use super::{function, schema};
use crate::bug;
use crate::provider::{Offered, Provider, Registry};
use crate::server::{Prepared, Server};

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
        if let Some(meta) = &registry.meta {
            let schema = &meta.prepared.schema;
            problems.extend(bug::schema(Subject::ProviderMeta, "provider_meta", schema));
            answer.provider_meta = Some(schema::schema(schema));
        }
        let Registry {
            resources,
            data_sources,
            ephemeral_resources,
            list_resources,
            actions,
            ..
        } = registry;
        let told = &mut problems;
        answer.resource_schemas = schemas(Subject::Resource, resources, |one| one.prepared(), told);
        answer.data_source_schemas = schemas(Subject::DataSource, data_sources, |one| one.prepared(), told);
        answer.ephemeral_resource_schemas = schemas(
            Subject::EphemeralResource,
            ephemeral_resources,
            |one| one.prepared(),
            told,
        );
        answer.list_resource_schemas = schemas(Subject::ListResource, list_resources, |one| one.prepared(), told);
        answer.action_schemas = schemas(Subject::Action, actions, |one| one.prepared(), told)
            .into_iter()
            .map(|(name, schema)| (name, proto::ActionSchema { schema: Some(schema) }))
            .collect();
        for (name, resource) in resources {
            if let Some(identity) = resource.identity() {
                problems.extend(bug::schema(Subject::Identity, name, &identity.schema));
            }
        }
    }
    answer.diagnostics = told(problems);
    answer
}

/// The schemas of one kind. What is wrong with them goes to `problems`.
fn schemas<T: ?Sized>(
    subject: Subject,
    offered: &Offered<T>,
    prepared: fn(&T) -> &Prepared,
    problems: &mut Diagnostics,
) -> BTreeMap<String, proto::Schema> {
    let schemas = offered.iter().map(|(name, one)| {
        let schema = &prepared(one).schema;
        problems.extend(bug::schema(subject, name, schema));
        ((*name).to_owned(), schema::schema(schema))
    });
    schemas.collect()
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
    answer.resources = named(&registry.resources, |type_name| ResourceMetadata { type_name });
    answer.data_sources = named(&registry.data_sources, |type_name| DataSourceMetadata { type_name });
    answer.ephemeral_resources = named(&registry.ephemeral_resources, |type_name| EphemeralMetadata {
        type_name,
    });
    answer.functions = named(&registry.functions, |name| FunctionMetadata { name });
    answer.list_resources = named(&registry.list_resources, |type_name| ListResourceMetadata { type_name });
    answer.actions = named(&registry.actions, |type_name| ActionMetadata { type_name });
    answer.diagnostics = told(registry.problems());
    answer
}

fn named<T: ?Sized, M>(offered: &Offered<T>, message: fn(String) -> M) -> Vec<M> {
    offered.keys().map(|name| message((*name).to_owned())).collect()
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

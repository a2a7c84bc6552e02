//! One short method for each RPC: take the message apart, call, put the answer together.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use tfplugin_proto::tfplugin6 as proto;
use tonic::{Request, Response, Status};
use tracing::Instrument;

use super::diagnostics::{path, told};
use super::function;
use super::offer::{functions, identity_schemas, metadata, provider_schema};
use super::value::{dynamic, encoded, identity, identity_data, present};
use crate::provider::Provider;
use crate::server::{Answer, Apply, Import, Plan, Read, Server, Upgrade};
use crate::transport::Lifecycle;

/// A provider as a gRPC service.
pub struct Service<P: Provider> {
    server: Arc<Server<P>>,
    lifecycle: Lifecycle,
    calls: AtomicU64,
}

impl<P: Provider> Service<P> {
    /// The service of `provider`, whose calls run in `lifecycle`.
    pub fn new(provider: P, lifecycle: Lifecycle) -> Self {
        Self {
            server: Arc::new(Server::new(provider, lifecycle.stopping())),
            lifecycle,
            calls: AtomicU64::new(1),
        }
    }

    /// Runs one call in a task of its own: when a host gives up on it, a write that has begun goes on.
    async fn call<T, F>(
        &self,
        rpc: &'static str,
        type_name: &str,
        work: impl FnOnce(Arc<Server<P>>) -> F,
    ) -> Result<Response<T>, Status>
    where
        T: Send + 'static,
        F: Future<Output = T> + Send + 'static,
    {
        let number = self.calls.fetch_add(1, Ordering::Relaxed);
        // Whatever the level, the provider's own lines say which call they belong to. The names are those of providers written in Go.
        let span = tracing::error_span!("call", tf_req_id = number, tf_rpc = rpc, tf_resource_type = type_name);
        let work = work(Arc::clone(&self.server));
        let timed = async move {
            let begun = Instant::now();
            tracing::trace!("received");
            let answer = work.await;
            let taken = u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX);
            tracing::debug!(tf_req_duration_us = taken, "answered");
            answer
        };
        match self.lifecycle.spawn(timed.instrument(span)).await {
            Ok(answer) => Ok(Response::new(answer)),
            Err(_) => Err(Status::internal(format!(
                "The provider crashed in {rpc}. This is a bug in the provider: please report it."
            ))),
        }
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

fn imported(type_name: String, answer: Answer) -> proto::import_resource_state::Response {
    let object = answer
        .state
        .map(|state| proto::import_resource_state::ImportedResource {
            type_name,
            state: Some(dynamic(state)),
            private: answer.private,
            identity: answer.identity.map(identity_data),
        });
    proto::import_resource_state::Response {
        imported_resources: object.into_iter().collect(),
        diagnostics: told(answer.diagnostics),
        deferred: None,
    }
}

#[tonic::async_trait]
impl<P: Provider> proto::provider_server::Provider for Service<P> {
    async fn get_metadata(
        &self,
        _: Request<proto::get_metadata::Request>,
    ) -> Result<Response<proto::get_metadata::Response>, Status> {
        self.call("GetMetadata", "", |server| async move { metadata(&server) })
            .await
    }

    async fn get_provider_schema(
        &self,
        _: Request<proto::get_provider_schema::Request>,
    ) -> Result<Response<proto::get_provider_schema::Response>, Status> {
        self.call(
            "GetProviderSchema",
            "",
            |server| async move { provider_schema(&server) },
        )
        .await
    }

    async fn get_resource_identity_schemas(
        &self,
        _: Request<proto::get_resource_identity_schemas::Request>,
    ) -> Result<Response<proto::get_resource_identity_schemas::Response>, Status> {
        self.call("GetResourceIdentitySchemas", "", |server| async move {
            identity_schemas(&server)
        })
        .await
    }

    async fn get_functions(
        &self,
        _: Request<proto::get_functions::Request>,
    ) -> Result<Response<proto::get_functions::Response>, Status> {
        self.call("GetFunctions", "", |server| async move {
            let (functions, problems) = functions(&server);
            proto::get_functions::Response {
                functions,
                diagnostics: told(problems),
            }
        })
        .await
    }

    async fn validate_provider_config(
        &self,
        request: Request<proto::validate_provider_config::Request>,
    ) -> Result<Response<proto::validate_provider_config::Response>, Status> {
        let request = request.into_inner();
        self.call("ValidateProviderConfig", "", |server| async move {
            proto::validate_provider_config::Response {
                diagnostics: told(server.validate_provider(&encoded(request.config))),
            }
        })
        .await
    }

    async fn configure_provider(
        &self,
        request: Request<proto::configure_provider::Request>,
    ) -> Result<Response<proto::configure_provider::Response>, Status> {
        let request = request.into_inner();
        self.call("ConfigureProvider", "", |server| async move {
            let config = encoded(request.config);
            proto::configure_provider::Response {
                diagnostics: told(server.configure(&config, request.terraform_version).await),
            }
        })
        .await
    }

    async fn stop_provider(
        &self,
        _: Request<proto::stop_provider::Request>,
    ) -> Result<Response<proto::stop_provider::Response>, Status> {
        self.call("StopProvider", "", |server| async move {
            server.stop();
            proto::stop_provider::Response::default()
        })
        .await
    }

    async fn validate_resource_config(
        &self,
        request: Request<proto::validate_resource_config::Request>,
    ) -> Result<Response<proto::validate_resource_config::Response>, Status> {
        let request = request.into_inner();
        let type_name = request.type_name;
        self.call("ValidateResourceConfig", &type_name.clone(), |server| async move {
            let write_only = request
                .client_capabilities
                .is_some_and(|client| client.write_only_attributes_allowed);
            let config = encoded(request.config);
            proto::validate_resource_config::Response {
                diagnostics: told(server.validate_resource(&type_name, &config, write_only)),
            }
        })
        .await
    }

    async fn upgrade_resource_state(
        &self,
        request: Request<proto::upgrade_resource_state::Request>,
    ) -> Result<Response<proto::upgrade_resource_state::Response>, Status> {
        let request = request.into_inner();
        let stored = stored(request.type_name, request.version, request.raw_state);
        self.call("UpgradeResourceState", &stored.type_name.clone(), |server| async move {
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
        })
        .await
    }

    async fn upgrade_resource_identity(
        &self,
        request: Request<proto::upgrade_resource_identity::Request>,
    ) -> Result<Response<proto::upgrade_resource_identity::Response>, Status> {
        let request = request.into_inner();
        let stored = stored(request.type_name, request.version, request.raw_identity);
        self.call(
            "UpgradeResourceIdentity",
            &stored.type_name.clone(),
            |server| async move {
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
            },
        )
        .await
    }

    async fn read_resource(
        &self,
        request: Request<proto::read_resource::Request>,
    ) -> Result<Response<proto::read_resource::Response>, Status> {
        let request = request.into_inner();
        let read = Read {
            type_name: request.type_name,
            state: encoded(request.current_state),
            private: request.private,
            identity: identity(request.current_identity),
        };
        self.call("ReadResource", &read.type_name.clone(), |server| async move {
            let answer = server.read(read).await;
            proto::read_resource::Response {
                new_state: answer.state.map(dynamic),
                diagnostics: told(answer.diagnostics),
                private: answer.private,
                deferred: None,
                new_identity: answer.identity.map(identity_data),
            }
        })
        .await
    }

    async fn plan_resource_change(
        &self,
        request: Request<proto::plan_resource_change::Request>,
    ) -> Result<Response<proto::plan_resource_change::Response>, Status> {
        let request = request.into_inner();
        // Hosts from 1.16 on say at apply what the plan stored; older ones only what the state holds.
        let private = if request.planned_private.is_empty() {
            request.prior_private
        } else {
            request.planned_private
        };
        let plan = Plan {
            type_name: request.type_name,
            prior: encoded(request.prior_state),
            proposed: encoded(request.proposed_new_state),
            config: encoded(request.config),
            private,
            identity: identity(request.prior_identity),
        };
        self.call("PlanResourceChange", &plan.type_name.clone(), |server| async move {
            let answer = server.plan(plan).await;
            proto::plan_resource_change::Response {
                planned_state: answer.state.map(dynamic),
                requires_replace: answer.requires_replace.iter().map(path).collect(),
                planned_private: answer.private,
                diagnostics: told(answer.diagnostics),
                legacy_type_system: false,
                deferred: None,
                planned_identity: answer.identity.map(identity_data),
            }
        })
        .await
    }

    async fn apply_resource_change(
        &self,
        request: Request<proto::apply_resource_change::Request>,
    ) -> Result<Response<proto::apply_resource_change::Response>, Status> {
        let request = request.into_inner();
        let apply = Apply {
            type_name: request.type_name,
            prior: encoded(request.prior_state),
            planned: encoded(request.planned_state),
            config: encoded(request.config),
            private: request.planned_private,
            identity: identity(request.planned_identity),
        };
        self.call("ApplyResourceChange", &apply.type_name.clone(), |server| async move {
            let answer = server.apply(apply).await;
            proto::apply_resource_change::Response {
                new_state: answer.state.map(dynamic),
                private: answer.private,
                diagnostics: told(answer.diagnostics),
                legacy_type_system: false,
                new_identity: answer.identity.map(identity_data),
            }
        })
        .await
    }

    async fn import_resource_state(
        &self,
        request: Request<proto::import_resource_state::Request>,
    ) -> Result<Response<proto::import_resource_state::Response>, Status> {
        let request = request.into_inner();
        let type_name = request.type_name;
        let import = Import {
            type_name: type_name.clone(),
            id: request.id,
            identity: identity(request.identity),
        };
        self.call("ImportResourceState", &type_name.clone(), |server| async move {
            imported(type_name, server.import(import).await)
        })
        .await
    }

    async fn validate_data_resource_config(
        &self,
        request: Request<proto::validate_data_resource_config::Request>,
    ) -> Result<Response<proto::validate_data_resource_config::Response>, Status> {
        let request = request.into_inner();
        let type_name = request.type_name;
        self.call("ValidateDataResourceConfig", &type_name.clone(), |server| async move {
            let config = encoded(request.config);
            proto::validate_data_resource_config::Response {
                diagnostics: told(server.validate_data_source(&type_name, &config)),
            }
        })
        .await
    }

    async fn read_data_source(
        &self,
        request: Request<proto::read_data_source::Request>,
    ) -> Result<Response<proto::read_data_source::Response>, Status> {
        let request = request.into_inner();
        let type_name = request.type_name;
        self.call("ReadDataSource", &type_name.clone(), |server| async move {
            let (state, problems) = server.read_data_source(&type_name, &encoded(request.config)).await;
            proto::read_data_source::Response {
                state: state.map(dynamic),
                diagnostics: told(problems),
                deferred: None,
            }
        })
        .await
    }

    async fn call_function(
        &self,
        request: Request<proto::call_function::Request>,
    ) -> Result<Response<proto::call_function::Response>, Status> {
        let request = request.into_inner();
        let name = request.name;
        self.call("CallFunction", &name.clone(), |server| async move {
            let arguments: Vec<_> = request.arguments.into_iter().map(present).collect();
            match server.call_function(&name, &arguments) {
                Ok(result) => proto::call_function::Response {
                    result: Some(dynamic(result)),
                    error: None,
                },
                Err(error) => proto::call_function::Response {
                    result: None,
                    error: Some(function::error(&error)),
                },
            }
        })
        .await
    }
}

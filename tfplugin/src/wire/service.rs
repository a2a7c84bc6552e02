//! One short method for each RPC: which module answers it, and the task it runs in.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use tfplugin_proto::tfplugin6 as proto;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tonic::codegen::BoxStream;
use tonic::{Request, Response, Status};
use tracing::{Instrument, Span};

use super::crash::{Crashed, crashed};
use super::stream::Events;
use super::{action, data_source, ephemeral_resource, function, list_resource, offer, provider, resource};
use crate::provider::Provider;
use crate::server::Server;
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

    fn server(&self) -> Arc<Server<P>> {
        Arc::clone(&self.server)
    }

    /// Runs one call.
    async fn call<T, F>(&self, rpc: &'static str, type_name: &str, work: F) -> Result<Response<T>, Status>
    where
        T: Crashed + Send + 'static,
        F: Future<Output = T> + Send + 'static,
    {
        let (_, task) = self.start(rpc, type_name, work);
        let answer = task.await.or_else(|error| crashed(&error, rpc))?;
        Ok(Response::new(answer))
    }

    /// Runs one call that answers with events. At most `ahead` of them wait to be read.
    fn stream<E, T, F>(
        &self,
        (rpc, ahead): (&'static str, usize),
        type_name: &str,
        work: impl FnOnce(mpsc::Sender<E>) -> F,
        message: fn(E) -> T,
    ) -> Result<Response<BoxStream<T>>, Status>
    where
        E: Send + 'static,
        T: Crashed + Send + 'static,
        F: Future<Output = ()> + Send + 'static,
    {
        let (sender, events) = mpsc::channel(ahead);
        let (span, task) = self.start(rpc, type_name, work(sender));
        Ok(Response::new(Box::pin(Events {
            rpc,
            span,
            events,
            message,
            task: Some(task),
        })))
    }

    /// Starts one call in a task of its own: when a host gives up on it, a write that has begun goes on.
    fn start<T, F>(&self, rpc: &'static str, type_name: &str, work: F) -> (Span, JoinHandle<T>)
    where
        T: Send + 'static,
        F: Future<Output = T> + Send + 'static,
    {
        let number = self.calls.fetch_add(1, Ordering::Relaxed);
        // Whatever the level, the provider's own lines say which call they belong to. The names are those of providers written in Go.
        let span = tracing::error_span!("call", tf_req_id = number, tf_rpc = rpc, tf_resource_type = type_name);
        let timed = async move {
            let begun = Instant::now();
            tracing::trace!("received");
            let answer = work.await;
            let taken = u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX);
            tracing::debug!(tf_req_duration_us = taken, "answered");
            answer
        };
        let task = self.lifecycle.spawn(timed.instrument(span.clone()));
        (span, task)
    }
}

#[tonic::async_trait]
impl<P: Provider> proto::provider_server::Provider for Service<P> {
    async fn get_metadata(
        &self,
        request: Request<proto::get_metadata::Request>,
    ) -> Result<Response<proto::get_metadata::Response>, Status> {
        self.call("GetMetadata", "", offer::metadata(self.server(), request.into_inner()))
            .await
    }

    async fn get_provider_schema(
        &self,
        request: Request<proto::get_provider_schema::Request>,
    ) -> Result<Response<proto::get_provider_schema::Response>, Status> {
        self.call(
            "GetProviderSchema",
            "",
            offer::provider_schema(self.server(), request.into_inner()),
        )
        .await
    }

    async fn get_resource_identity_schemas(
        &self,
        request: Request<proto::get_resource_identity_schemas::Request>,
    ) -> Result<Response<proto::get_resource_identity_schemas::Response>, Status> {
        self.call(
            "GetResourceIdentitySchemas",
            "",
            offer::identity_schemas(self.server(), request.into_inner()),
        )
        .await
    }

    async fn get_functions(
        &self,
        request: Request<proto::get_functions::Request>,
    ) -> Result<Response<proto::get_functions::Response>, Status> {
        self.call(
            "GetFunctions",
            "",
            offer::functions(self.server(), request.into_inner()),
        )
        .await
    }

    async fn validate_provider_config(
        &self,
        request: Request<proto::validate_provider_config::Request>,
    ) -> Result<Response<proto::validate_provider_config::Response>, Status> {
        self.call(
            "ValidateProviderConfig",
            "",
            provider::validate(self.server(), request.into_inner()),
        )
        .await
    }

    async fn configure_provider(
        &self,
        request: Request<proto::configure_provider::Request>,
    ) -> Result<Response<proto::configure_provider::Response>, Status> {
        self.call(
            "ConfigureProvider",
            "",
            provider::configure(self.server(), request.into_inner()),
        )
        .await
    }

    async fn stop_provider(
        &self,
        request: Request<proto::stop_provider::Request>,
    ) -> Result<Response<proto::stop_provider::Response>, Status> {
        self.call("StopProvider", "", provider::stop(self.server(), request.into_inner()))
            .await
    }

    async fn validate_resource_config(
        &self,
        request: Request<proto::validate_resource_config::Request>,
    ) -> Result<Response<proto::validate_resource_config::Response>, Status> {
        let request = request.into_inner();
        let type_name = request.type_name.clone();
        self.call(
            "ValidateResourceConfig",
            &type_name,
            resource::validate(self.server(), request),
        )
        .await
    }

    async fn upgrade_resource_state(
        &self,
        request: Request<proto::upgrade_resource_state::Request>,
    ) -> Result<Response<proto::upgrade_resource_state::Response>, Status> {
        let request = request.into_inner();
        let type_name = request.type_name.clone();
        self.call(
            "UpgradeResourceState",
            &type_name,
            resource::upgrade_state(self.server(), request),
        )
        .await
    }

    async fn upgrade_resource_identity(
        &self,
        request: Request<proto::upgrade_resource_identity::Request>,
    ) -> Result<Response<proto::upgrade_resource_identity::Response>, Status> {
        let request = request.into_inner();
        let type_name = request.type_name.clone();
        self.call(
            "UpgradeResourceIdentity",
            &type_name,
            resource::upgrade_identity(self.server(), request),
        )
        .await
    }

    async fn read_resource(
        &self,
        request: Request<proto::read_resource::Request>,
    ) -> Result<Response<proto::read_resource::Response>, Status> {
        let request = request.into_inner();
        let type_name = request.type_name.clone();
        self.call("ReadResource", &type_name, resource::read(self.server(), request))
            .await
    }

    async fn plan_resource_change(
        &self,
        request: Request<proto::plan_resource_change::Request>,
    ) -> Result<Response<proto::plan_resource_change::Response>, Status> {
        let request = request.into_inner();
        let type_name = request.type_name.clone();
        self.call("PlanResourceChange", &type_name, resource::plan(self.server(), request))
            .await
    }

    async fn apply_resource_change(
        &self,
        request: Request<proto::apply_resource_change::Request>,
    ) -> Result<Response<proto::apply_resource_change::Response>, Status> {
        let request = request.into_inner();
        let type_name = request.type_name.clone();
        self.call(
            "ApplyResourceChange",
            &type_name,
            resource::apply(self.server(), request),
        )
        .await
    }

    async fn import_resource_state(
        &self,
        request: Request<proto::import_resource_state::Request>,
    ) -> Result<Response<proto::import_resource_state::Response>, Status> {
        let request = request.into_inner();
        let type_name = request.type_name.clone();
        self.call(
            "ImportResourceState",
            &type_name,
            resource::import(self.server(), request),
        )
        .await
    }

    async fn move_resource_state(
        &self,
        request: Request<proto::move_resource_state::Request>,
    ) -> Result<Response<proto::move_resource_state::Response>, Status> {
        let request = request.into_inner();
        let type_name = request.target_type_name.clone();
        self.call(
            "MoveResourceState",
            &type_name,
            resource::move_state(self.server(), request),
        )
        .await
    }

    async fn generate_resource_config(
        &self,
        request: Request<proto::generate_resource_config::Request>,
    ) -> Result<Response<proto::generate_resource_config::Response>, Status> {
        let request = request.into_inner();
        let type_name = request.type_name.clone();
        self.call(
            "GenerateResourceConfig",
            &type_name,
            resource::generate_config(self.server(), request),
        )
        .await
    }

    async fn validate_data_resource_config(
        &self,
        request: Request<proto::validate_data_resource_config::Request>,
    ) -> Result<Response<proto::validate_data_resource_config::Response>, Status> {
        let request = request.into_inner();
        let type_name = request.type_name.clone();
        self.call(
            "ValidateDataResourceConfig",
            &type_name,
            data_source::validate(self.server(), request),
        )
        .await
    }

    async fn read_data_source(
        &self,
        request: Request<proto::read_data_source::Request>,
    ) -> Result<Response<proto::read_data_source::Response>, Status> {
        let request = request.into_inner();
        let type_name = request.type_name.clone();
        self.call("ReadDataSource", &type_name, data_source::read(self.server(), request))
            .await
    }

    async fn validate_ephemeral_resource_config(
        &self,
        request: Request<proto::validate_ephemeral_resource_config::Request>,
    ) -> Result<Response<proto::validate_ephemeral_resource_config::Response>, Status> {
        let request = request.into_inner();
        let type_name = request.type_name.clone();
        self.call(
            "ValidateEphemeralResourceConfig",
            &type_name,
            ephemeral_resource::validate(self.server(), request),
        )
        .await
    }

    async fn open_ephemeral_resource(
        &self,
        request: Request<proto::open_ephemeral_resource::Request>,
    ) -> Result<Response<proto::open_ephemeral_resource::Response>, Status> {
        let request = request.into_inner();
        let type_name = request.type_name.clone();
        self.call(
            "OpenEphemeralResource",
            &type_name,
            ephemeral_resource::open(self.server(), request),
        )
        .await
    }

    async fn renew_ephemeral_resource(
        &self,
        request: Request<proto::renew_ephemeral_resource::Request>,
    ) -> Result<Response<proto::renew_ephemeral_resource::Response>, Status> {
        let request = request.into_inner();
        let type_name = request.type_name.clone();
        self.call(
            "RenewEphemeralResource",
            &type_name,
            ephemeral_resource::renew(self.server(), request),
        )
        .await
    }

    async fn close_ephemeral_resource(
        &self,
        request: Request<proto::close_ephemeral_resource::Request>,
    ) -> Result<Response<proto::close_ephemeral_resource::Response>, Status> {
        let request = request.into_inner();
        let type_name = request.type_name.clone();
        self.call(
            "CloseEphemeralResource",
            &type_name,
            ephemeral_resource::close(self.server(), request),
        )
        .await
    }

    async fn call_function(
        &self,
        request: Request<proto::call_function::Request>,
    ) -> Result<Response<proto::call_function::Response>, Status> {
        let request = request.into_inner();
        let name = request.name.clone();
        self.call("CallFunction", &name, function::call(self.server(), request))
            .await
    }

    async fn validate_list_resource_config(
        &self,
        request: Request<proto::validate_list_resource_config::Request>,
    ) -> Result<Response<proto::validate_list_resource_config::Response>, Status> {
        let request = request.into_inner();
        let type_name = request.type_name.clone();
        self.call(
            "ValidateListResourceConfig",
            &type_name,
            list_resource::validate(self.server(), request),
        )
        .await
    }

    async fn list_resource(
        &self,
        request: Request<proto::list_resource::Request>,
    ) -> Result<Response<BoxStream<proto::list_resource::Event>>, Status> {
        let request = request.into_inner();
        let type_name = request.type_name.clone();
        self.stream(
            ("ListResource", list_resource::AHEAD),
            &type_name,
            |events| list_resource::list(self.server(), request, events),
            list_resource::event,
        )
    }

    async fn validate_action_config(
        &self,
        request: Request<proto::validate_action_config::Request>,
    ) -> Result<Response<proto::validate_action_config::Response>, Status> {
        let request = request.into_inner();
        let type_name = request.type_name.clone();
        self.call(
            "ValidateActionConfig",
            &type_name,
            action::validate(self.server(), request),
        )
        .await
    }

    async fn plan_action(
        &self,
        request: Request<proto::plan_action::Request>,
    ) -> Result<Response<proto::plan_action::Response>, Status> {
        let request = request.into_inner();
        let type_name = request.action_type.clone();
        self.call("PlanAction", &type_name, action::plan(self.server(), request))
            .await
    }

    async fn invoke_action(
        &self,
        request: Request<proto::invoke_action::Request>,
    ) -> Result<Response<BoxStream<proto::invoke_action::Event>>, Status> {
        let request = request.into_inner();
        let type_name = request.action_type.clone();
        self.stream(
            ("InvokeAction", action::AHEAD),
            &type_name,
            |events| action::invoke(self.server(), request, events),
            action::event,
        )
    }
}

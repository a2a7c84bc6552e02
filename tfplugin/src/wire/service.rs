//! One short method for each RPC: which module answers it, and what keeps it running.

use std::future::Future;
use std::sync::Arc;
use std::time::Instant;

use tfplugin_proto::tfplugin6 as proto;
use tokio::sync::mpsc;
use tonic::codegen::BoxStream;
use tonic::{Request, Response, Status};
use tracing::{Instrument, Span};

use super::crash::{Crashed, crashed};
use super::dump::Folder;
use super::message::{Answer, Ask};
use super::stream::Events;
use super::{action, data_source, ephemeral_resource, function, list_resource, log, offer, provider, resource};
use crate::provider::Provider;
use crate::server::Server;
use crate::transport::Lifecycle;

/// A provider as a gRPC service.
pub struct Service<P: Provider> {
    server: Arc<Server<P>>,
    lifecycle: Lifecycle,
    dumps: Option<Folder>,
}

impl<P: Provider> Service<P> {
    /// The service of `provider`, whose calls run in `lifecycle`.
    pub fn new(provider: P, lifecycle: Lifecycle) -> Self {
        Self {
            server: Arc::new(Server::new(provider, lifecycle.stopping())),
            lifecycle,
            dumps: Folder::of_process(),
        }
    }

    /// Runs one call: when a host gives up on it, a write that has begun goes on.
    async fn call<A, T, F>(
        &self,
        request: Request<A>,
        work: impl FnOnce(Arc<Server<P>>, A) -> F + Send + 'static,
    ) -> Result<Response<T>, Status>
    where
        A: Ask + Send + 'static,
        T: Answer + Crashed + Send + 'static,
        F: Future<Output = T> + Send + 'static,
    {
        let (span, logged) = self.logged(request, work);
        let answer = match self.lifecycle.run(logged).await {
            Ok(answer) => answer,
            Err(lost) => {
                let answer = crashed(lost, A::RPC)?;
                span.in_scope(|| log::told(&answer));
                answer
            }
        };
        Ok(Response::new(answer))
    }

    /// Runs one call that answers with events. At most `ahead` of them wait to be read.
    fn stream<A, E, T, F>(
        &self,
        request: Request<A>,
        ahead: usize,
        work: impl FnOnce(Arc<Server<P>>, A, mpsc::Sender<E>) -> F + Send + 'static,
        message: fn(E) -> T,
    ) -> Result<Response<BoxStream<T>>, Status>
    where
        A: Ask + Send + 'static,
        E: Send + 'static,
        T: Answer + Crashed + Send + 'static,
        F: Future<Output = ()> + Send + 'static,
    {
        let (sender, events) = mpsc::channel(ahead);
        let (span, logged) = self.logged(request, |server, request| work(server, request, sender));
        Ok(Response::new(Box::pin(Events {
            rpc: A::RPC,
            span,
            events,
            message,
            task: Some(self.lifecycle.spawn(logged)),
        })))
    }

    /// The work of one call, and the span that it is logged in.
    fn logged<A, T, F>(
        &self,
        request: Request<A>,
        work: impl FnOnce(Arc<Server<P>>, A) -> F + Send + 'static,
    ) -> (Span, impl Future<Output = T> + Send + 'static)
    where
        A: Ask + Send + 'static,
        T: Answer + Send + 'static,
        F: Future<Output = T> + Send + 'static,
    {
        let (server, dumps, request) = (Arc::clone(&self.server), self.dumps.clone(), request.into_inner());
        let span = log::span(P::ADDRESS, &request);
        let logged = async move {
            tracing::trace!("Received request");
            if let Some(folder) = &dumps {
                folder.request(&request);
            }
            let begun = Instant::now();
            let answer = work(server, request).await;
            log::answered(&answer, begun.elapsed());
            if let Some(folder) = &dumps {
                folder.response(A::RPC, &answer);
            }
            tracing::trace!("Served request");
            answer
        };
        (span.clone(), logged.instrument(span))
    }
}

#[tonic::async_trait]
impl<P: Provider> proto::provider_server::Provider for Service<P> {
    async fn get_metadata(
        &self,
        request: Request<proto::get_metadata::Request>,
    ) -> Result<Response<proto::get_metadata::Response>, Status> {
        self.call(request, offer::metadata).await
    }

    async fn get_provider_schema(
        &self,
        request: Request<proto::get_provider_schema::Request>,
    ) -> Result<Response<proto::get_provider_schema::Response>, Status> {
        self.call(request, offer::provider_schema).await
    }

    async fn get_resource_identity_schemas(
        &self,
        request: Request<proto::get_resource_identity_schemas::Request>,
    ) -> Result<Response<proto::get_resource_identity_schemas::Response>, Status> {
        self.call(request, offer::identity_schemas).await
    }

    async fn get_functions(
        &self,
        request: Request<proto::get_functions::Request>,
    ) -> Result<Response<proto::get_functions::Response>, Status> {
        self.call(request, offer::functions).await
    }

    async fn validate_provider_config(
        &self,
        request: Request<proto::validate_provider_config::Request>,
    ) -> Result<Response<proto::validate_provider_config::Response>, Status> {
        self.call(request, provider::validate).await
    }

    async fn configure_provider(
        &self,
        request: Request<proto::configure_provider::Request>,
    ) -> Result<Response<proto::configure_provider::Response>, Status> {
        self.call(request, provider::configure).await
    }

    async fn stop_provider(
        &self,
        request: Request<proto::stop_provider::Request>,
    ) -> Result<Response<proto::stop_provider::Response>, Status> {
        self.call(request, provider::stop).await
    }

    async fn validate_resource_config(
        &self,
        request: Request<proto::validate_resource_config::Request>,
    ) -> Result<Response<proto::validate_resource_config::Response>, Status> {
        self.call(request, resource::validate).await
    }

    async fn upgrade_resource_state(
        &self,
        request: Request<proto::upgrade_resource_state::Request>,
    ) -> Result<Response<proto::upgrade_resource_state::Response>, Status> {
        self.call(request, resource::upgrade_state).await
    }

    async fn upgrade_resource_identity(
        &self,
        request: Request<proto::upgrade_resource_identity::Request>,
    ) -> Result<Response<proto::upgrade_resource_identity::Response>, Status> {
        self.call(request, resource::upgrade_identity).await
    }

    async fn read_resource(
        &self,
        request: Request<proto::read_resource::Request>,
    ) -> Result<Response<proto::read_resource::Response>, Status> {
        self.call(request, resource::read).await
    }

    async fn plan_resource_change(
        &self,
        request: Request<proto::plan_resource_change::Request>,
    ) -> Result<Response<proto::plan_resource_change::Response>, Status> {
        self.call(request, resource::plan).await
    }

    async fn apply_resource_change(
        &self,
        request: Request<proto::apply_resource_change::Request>,
    ) -> Result<Response<proto::apply_resource_change::Response>, Status> {
        self.call(request, resource::apply).await
    }

    async fn import_resource_state(
        &self,
        request: Request<proto::import_resource_state::Request>,
    ) -> Result<Response<proto::import_resource_state::Response>, Status> {
        self.call(request, resource::import).await
    }

    async fn move_resource_state(
        &self,
        request: Request<proto::move_resource_state::Request>,
    ) -> Result<Response<proto::move_resource_state::Response>, Status> {
        self.call(request, resource::move_state).await
    }

    async fn generate_resource_config(
        &self,
        request: Request<proto::generate_resource_config::Request>,
    ) -> Result<Response<proto::generate_resource_config::Response>, Status> {
        self.call(request, resource::generate_config).await
    }

    async fn validate_data_resource_config(
        &self,
        request: Request<proto::validate_data_resource_config::Request>,
    ) -> Result<Response<proto::validate_data_resource_config::Response>, Status> {
        self.call(request, data_source::validate).await
    }

    async fn read_data_source(
        &self,
        request: Request<proto::read_data_source::Request>,
    ) -> Result<Response<proto::read_data_source::Response>, Status> {
        self.call(request, data_source::read).await
    }

    async fn validate_ephemeral_resource_config(
        &self,
        request: Request<proto::validate_ephemeral_resource_config::Request>,
    ) -> Result<Response<proto::validate_ephemeral_resource_config::Response>, Status> {
        self.call(request, ephemeral_resource::validate).await
    }

    async fn open_ephemeral_resource(
        &self,
        request: Request<proto::open_ephemeral_resource::Request>,
    ) -> Result<Response<proto::open_ephemeral_resource::Response>, Status> {
        self.call(request, ephemeral_resource::open).await
    }

    async fn renew_ephemeral_resource(
        &self,
        request: Request<proto::renew_ephemeral_resource::Request>,
    ) -> Result<Response<proto::renew_ephemeral_resource::Response>, Status> {
        self.call(request, ephemeral_resource::renew).await
    }

    async fn close_ephemeral_resource(
        &self,
        request: Request<proto::close_ephemeral_resource::Request>,
    ) -> Result<Response<proto::close_ephemeral_resource::Response>, Status> {
        self.call(request, ephemeral_resource::close).await
    }

    async fn call_function(
        &self,
        request: Request<proto::call_function::Request>,
    ) -> Result<Response<proto::call_function::Response>, Status> {
        self.call(request, function::call).await
    }

    async fn validate_list_resource_config(
        &self,
        request: Request<proto::validate_list_resource_config::Request>,
    ) -> Result<Response<proto::validate_list_resource_config::Response>, Status> {
        self.call(request, list_resource::validate).await
    }

    async fn list_resource(
        &self,
        request: Request<proto::list_resource::Request>,
    ) -> Result<Response<BoxStream<proto::list_resource::Event>>, Status> {
        self.stream(request, list_resource::AHEAD, list_resource::list, list_resource::event)
    }

    async fn validate_action_config(
        &self,
        request: Request<proto::validate_action_config::Request>,
    ) -> Result<Response<proto::validate_action_config::Response>, Status> {
        self.call(request, action::validate).await
    }

    async fn plan_action(
        &self,
        request: Request<proto::plan_action::Request>,
    ) -> Result<Response<proto::plan_action::Response>, Status> {
        self.call(request, action::plan).await
    }

    async fn invoke_action(
        &self,
        request: Request<proto::invoke_action::Request>,
    ) -> Result<Response<BoxStream<proto::invoke_action::Event>>, Status> {
        self.stream(request, action::AHEAD, action::invoke, action::event)
    }
}

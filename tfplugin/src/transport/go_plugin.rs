//! The services that hosts expect beside the provider's own.

use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};

use tfplugin_proto::go_plugin::grpc_broker_server::GrpcBroker;
use tfplugin_proto::go_plugin::grpc_controller_server::GrpcController;
use tfplugin_proto::go_plugin::grpc_stdio_server::GrpcStdio;
use tfplugin_proto::go_plugin::{ConnInfo, Empty, StdioData};
use tokio_stream::Stream;
use tokio_util::sync::WaitForCancellationFutureOwned;
use tonic::codegen::BoxStream;
use tonic::{Request, Response, Status, Streaming};

use super::lifecycle::Lifecycle;
use super::server::Host;

/// Ends the process when its host says so.
#[derive(Debug)]
pub(super) struct Controller {
    pub(super) lifecycle: Lifecycle,
    pub(super) host: Host,
}

#[tonic::async_trait]
impl GrpcController for Controller {
    async fn shutdown(&self, _: Request<Empty>) -> Result<Response<Empty>, Status> {
        match self.host {
            Host::Owns => self.lifecycle.stop(),
            // Others may be attached, and whoever started the process ends it.
            Host::Visits => tracing::debug!("shutdown by an attached host ignored"),
        }
        Ok(Response::new(Empty {}))
    }
}

/// Forwards nothing: standard error reaches the host by itself, and nothing is written to
/// standard output. The host wants the stream to stay open all the same.
#[derive(Debug)]
pub(super) struct Stdio(pub(super) Lifecycle);

#[tonic::async_trait]
impl GrpcStdio for Stdio {
    async fn stream_stdio(&self, _: Request<()>) -> Result<Response<BoxStream<StdioData>>, Status> {
        Ok(Response::new(silent_until_stop(&self.0)))
    }
}

/// Offers no further connections.
#[derive(Debug)]
pub(super) struct Broker(pub(super) Lifecycle);

#[tonic::async_trait]
impl GrpcBroker for Broker {
    async fn start_stream(&self, _: Request<Streaming<ConnInfo>>) -> Result<Response<BoxStream<ConnInfo>>, Status> {
        Ok(Response::new(silent_until_stop(&self.0)))
    }
}

/// A stream without items that ends when the process is to end.
fn silent_until_stop<T: Send + 'static>(lifecycle: &Lifecycle) -> BoxStream<T> {
    Box::pin(Silent(Box::pin(lifecycle.stopping().cancelled_owned()), PhantomData))
}

struct Silent<T>(Pin<Box<WaitForCancellationFutureOwned>>, PhantomData<fn() -> T>);

impl<T> Stream for Silent<T> {
    type Item = Result<T, Status>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.as_mut().poll(cx).map(|()| None)
    }
}

//! A provider process for the tests of the transport: no framework, only a service whose RPCs
//! make the process do what a test wants to see.
#![expect(clippy::panic, reason = "what happens then is what a test wants to see")]

use std::process::ExitCode;
use std::time::Duration;

use tfplugin::transport::{About, Lifecycle, run};
use tfplugin_proto::tfplugin6::provider_server::Provider;
use tfplugin_proto::tfplugin6::*;
use tonic::{Request, Response, Status};

struct Stub(Lifecycle);

#[tonic::async_trait]
impl Provider for Stub {
    async fn get_provider_schema(
        &self,
        _: Request<get_provider_schema::Request>,
    ) -> Result<Response<get_provider_schema::Response>, Status> {
        let empty = Schema {
            version: 0,
            block: Some(schema::Block::default()),
        };
        Ok(Response::new(get_provider_schema::Response {
            provider: Some(empty),
            ..get_provider_schema::Response::default()
        }))
    }

    /// Says how much it got, with as much as was asked for.
    async fn validate_provider_config(
        &self,
        request: Request<validate_provider_config::Request>,
    ) -> Result<Response<validate_provider_config::Response>, Status> {
        let config = request.into_inner().config.unwrap_or_default();
        let answer = Diagnostic {
            summary: config.msgpack.len().to_string(),
            detail: "x".repeat(config.msgpack.len()),
            ..Diagnostic::default()
        };
        Ok(Response::new(validate_provider_config::Response {
            diagnostics: vec![answer],
        }))
    }

    /// Logs what it is told to.
    async fn configure_provider(
        &self,
        request: Request<configure_provider::Request>,
    ) -> Result<Response<configure_provider::Response>, Status> {
        let version = request.into_inner().terraform_version;
        let span = tracing::info_span!("request", tf_req_id = "r1");
        span.in_scope(|| tracing::info!(count = 2, "configured by {version}"));
        // As a library would.
        tracing::warn!(target: "some_sdk::signer", "signed with hunter2");
        tracing::error!(target: "some_sdk::client", "out of order");
        Ok(Response::new(configure_provider::Response::default()))
    }

    /// Starts work that outlives the call: `quick` heeds the end of the process, the rest goes on
    /// for ever or panics.
    async fn apply_resource_change(
        &self,
        request: Request<apply_resource_change::Request>,
    ) -> Result<Response<apply_resource_change::Response>, Status> {
        let work = request.into_inner().type_name;
        let stopping = self.0.stopping();
        let work = self.0.spawn(async move {
            tracing::warn!("work begins");
            match work.as_str() {
                "quick" => {
                    stopping.cancelled().await;
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    tracing::warn!("quick work is done");
                }
                "endless" => std::future::pending().await,
                other => panic!("no such work: {other}"),
            }
        });
        match work.await {
            Ok(()) => Ok(Response::new(apply_resource_change::Response::default())),
            Err(error) if error.is_panic() => Err(Status::internal("caught")),
            Err(_) => Err(Status::cancelled("the process ended")),
        }
    }

    /// Panics where nobody catches it.
    async fn stop_provider(
        &self,
        _: Request<stop_provider::Request>,
    ) -> Result<Response<stop_provider::Response>, Status> {
        panic!("stopped\nfor good")
    }
}

fn main() -> ExitCode {
    let about = About {
        type_name: "stub",
        address: "registry.terraform.io/example/stub",
        version: "1.2.3",
        crate_name: env!("CARGO_CRATE_NAME"),
    };
    run(&about, Stub)
}

//! Accepts connections and serves gRPC on them until the process is to end.

use std::convert::Infallible;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use tfplugin_proto::go_plugin::grpc_broker_server::GrpcBrokerServer;
use tfplugin_proto::go_plugin::grpc_controller_server::GrpcControllerServer;
use tfplugin_proto::go_plugin::grpc_stdio_server::GrpcStdioServer;
use tfplugin_proto::tfplugin6::provider_server::{Provider, ProviderServer};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::{mpsc, watch};
use tokio_rustls::TlsAcceptor;
use tokio_stream::StreamExt;
use tokio_stream::wrappers::ReceiverStream;
use tonic::transport::server::{Connected, Router, Server};

use super::error::StartError;
use super::go_plugin::{Broker, Controller, Stdio};
use super::lifecycle::Lifecycle;
use super::listen::{Listener, Socket};

/// The largest message in either direction, as in providers written in Go.
pub const MAX_MESSAGE_BYTES: usize = 256 << 20;

/// How long a peer may take to show who it is.
const TLS_LIMIT: Duration = Duration::from_secs(10);

/// How long an owning host may stay away, at the start or after a connection broke.
const ABSENCE_LIMIT: Duration = Duration::from_secs(60);

/// What the process is to whoever connects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Host {
    /// The host started this process and ends it.
    Owns,
    /// Hosts come and go.
    Visits,
}

/// Serves until `lifecycle` stops; afterwards the socket is gone.
pub(super) async fn serve<S, F>(
    listener: Listener,
    tls: Option<TlsAcceptor>,
    make: F,
    lifecycle: Lifecycle,
    host: Host,
) -> Result<(), StartError>
where
    S: Provider,
    F: FnOnce(Lifecycle) -> S,
{
    let (ready, connections) = mpsc::channel(16);
    let present = Arc::new(watch::Sender::new(0));
    let accepting = tokio::spawn(accept(listener, tls, ready, Arc::clone(&present)));
    if host == Host::Owns {
        tokio::spawn(stop_when_deserted(present.subscribe(), lifecycle.clone()));
    }
    let stopping = lifecycle.stopping();
    let mut serving = tokio::spawn(
        router(make(lifecycle.clone()), &lifecycle, host)
            .await
            .serve_with_incoming_shutdown(
                ReceiverStream::new(connections).map(Ok::<_, Infallible>),
                lifecycle.stopping().cancelled_owned(),
            ),
    );
    let ended = tokio::select! {
        () = stopping.cancelled() => None,
        ended = &mut serving => Some(ended),
    };
    // Dropping the listener removes the socket.
    accepting.abort();
    let _ = accepting.await;
    match ended {
        None => {
            lifecycle.wind_down(async { drop(serving.await) }).await;
            Ok(())
        }
        Some(Ok(Ok(()))) => Ok(()),
        Some(Ok(Err(error))) => Err(StartError::Server(error.to_string())),
        Some(Err(error)) => Err(StartError::Server(error.to_string())),
    }
}

async fn router<S: Provider>(provider: S, lifecycle: &Lifecycle, host: Host) -> Router {
    let (health, health_service) = tonic_health::server::health_reporter();
    // go-plugin asks under this name.
    health
        .set_service_status("plugin", tonic_health::ServingStatus::Serving)
        .await;
    let provider = ProviderServer::new(provider)
        .max_decoding_message_size(MAX_MESSAGE_BYTES)
        .max_encoding_message_size(MAX_MESSAGE_BYTES);
    Server::builder()
        .add_service(provider)
        .add_service(GrpcControllerServer::new(Controller {
            lifecycle: lifecycle.clone(),
            host,
        }))
        .add_service(GrpcStdioServer::new(Stdio(lifecycle.clone())))
        .add_service(GrpcBrokerServer::new(Broker(lifecycle.clone())))
        .add_service(health_service)
}

/// Accepts for ever. Each peer shows who it is in its own task: one that says nothing holds up
/// nobody else.
async fn accept(
    listener: Listener,
    tls: Option<TlsAcceptor>,
    ready: mpsc::Sender<Connection>,
    present: Arc<watch::Sender<usize>>,
) {
    loop {
        let socket = match listener.accept().await {
            Ok(socket) => socket,
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                // Out of file descriptors, most likely, and it would fail again at once.
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        let (tls, ready, present) = (tls.clone(), ready.clone(), Arc::clone(&present));
        tokio::spawn(async move {
            match admit(tls, socket).await {
                // The server takes no more connections once it stops.
                Ok(socket) => drop(ready.send(Connection::new(socket, present)).await),
                Err(error) => tracing::warn!(%error, "connection refused"),
            }
        });
    }
}

async fn admit(tls: Option<TlsAcceptor>, socket: Box<dyn Socket>) -> io::Result<Box<dyn Socket>> {
    let Some(tls) = tls else { return Ok(socket) };
    let stream = tokio::time::timeout(TLS_LIMIT, tls.accept(socket))
        .await
        .map_err(|_| io::Error::new(io::ErrorKind::TimedOut, "no TLS handshake within 10 s"))??;
    Ok(Box::new(stream))
}

/// A host that was killed says nothing; its connection just ends.
async fn stop_when_deserted(mut present: watch::Receiver<usize>, lifecycle: Lifecycle) {
    loop {
        let arrival = present.wait_for(|connections| *connections > 0);
        match tokio::time::timeout(ABSENCE_LIMIT, arrival).await {
            Ok(Ok(_)) => {}
            // The server has ended before us.
            Ok(Err(_)) => return,
            Err(_) => {
                tracing::warn!("no host is connected");
                return lifecycle.stop();
            }
        }
        if present.wait_for(|connections| *connections == 0).await.is_err() {
            return;
        }
    }
}

/// An admitted connection, counted as long as it is open.
struct Connection {
    socket: Box<dyn Socket>,
    present: Arc<watch::Sender<usize>>,
}

impl Connection {
    fn new(socket: Box<dyn Socket>, present: Arc<watch::Sender<usize>>) -> Self {
        present.send_modify(|connections| *connections += 1);
        Self { socket, present }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.present.send_modify(|connections| *connections -= 1);
    }
}

impl Connected for Connection {
    type ConnectInfo = ();

    fn connect_info(&self) {}
}

impl AsyncRead for Connection {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_read(cx, buf)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.socket).poll_write(cx, buf)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.socket).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.socket.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::time::Instant;

    /// How long after the start a process stops that sees this many connections at these seconds.
    async fn stops_after(changes: &[(u64, usize)]) -> u64 {
        let start = Instant::now();
        let (present, lifecycle) = (watch::Sender::new(0), Lifecycle::default());
        tokio::spawn(stop_when_deserted(present.subscribe(), lifecycle.clone()));
        for (second, connections) in changes {
            tokio::time::sleep_until(start + Duration::from_secs(*second)).await;
            present.send_replace(*connections);
        }
        lifecycle.stopping().cancelled().await;
        start.elapsed().as_secs()
    }

    #[tokio::test(start_paused = true)]
    async fn a_process_that_its_host_has_left_does_not_stay() {
        assert_eq!(stops_after(&[]).await, 60);
        assert_eq!(stops_after(&[(50, 1), (1000, 0)]).await, 1060);
        assert_eq!(stops_after(&[(1, 1), (2, 2), (10, 1), (100, 0)]).await, 160);
        // A host that comes back in time is no stranger.
        assert_eq!(stops_after(&[(1, 1), (10, 0), (60, 1), (300, 0)]).await, 360);
    }

    #[tokio::test(start_paused = true)]
    async fn the_end_of_the_server_is_no_absence() {
        let (present, lifecycle) = (watch::Sender::new(0), Lifecycle::default());
        let watching = tokio::spawn(stop_when_deserted(present.subscribe(), lifecycle.clone()));
        drop(present);
        watching.await.expect("no panic");
        assert!(!lifecycle.stopping().is_cancelled());
    }
}

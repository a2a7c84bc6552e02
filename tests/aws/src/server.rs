//! The HTTP server, on a thread of its own: tests need no runtime, and a test that stops its runtime's clock does not stop the server.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::answer::Answer;
use crate::backend::{Backend, Reaction};
use crate::request::Request;

/// A running server; it ends when the value is dropped.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// Why a connection ends without an answer.
#[derive(Debug)]
struct Cut;

impl std::fmt::Display for Cut {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the connection is cut")
    }
}

impl std::error::Error for Cut {}

impl Server {
    pub(crate) fn start(backend: Arc<Mutex<Backend>>) -> std::io::Result<Self> {
        let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (stop, stopped) = oneshot::channel::<()>();
        let thread = std::thread::spawn(move || {
            runtime.block_on(async {
                tokio::select! {
                    _ = stopped => {}
                    _ = accept(listener, backend) => {}
                }
            });
        });
        Ok(Self {
            address,
            stop: Some(stop),
            thread: Some(thread),
        })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ended = thread.join();
        }
    }
}

async fn accept(listener: std::net::TcpListener, backend: Arc<Mutex<Backend>>) -> std::io::Result<()> {
    let listener = TcpListener::from_std(listener)?;
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            continue;
        };
        let backend = Arc::clone(&backend);
        tokio::spawn(async move {
            let service = service_fn(|request| serve(request, Arc::clone(&backend)));
            // An error here is a connection that was cut, by us or by the client.
            let _ended = http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}

async fn serve(
    request: hyper::Request<Incoming>,
    backend: Arc<Mutex<Backend>>,
) -> Result<hyper::Response<Full<Bytes>>, Cut> {
    let method = request.method().as_str().to_owned();
    let target = request
        .uri()
        .path_and_query()
        .map_or("/", |target| target.as_str())
        .to_owned();
    let headers: BTreeMap<String, String> = request
        .headers()
        .iter()
        .map(|(name, value)| {
            (
                name.as_str().to_owned(),
                String::from_utf8_lossy(value.as_bytes()).into_owned(),
            )
        })
        .collect();
    let body = request.into_body().collect().await.map_err(|_| Cut)?.to_bytes();
    let request = Request::new(&method, &target, headers, String::from_utf8_lossy(&body).into_owned());
    let reaction = backend.lock().unwrap_or_else(PoisonError::into_inner).react(&request);
    match reaction {
        Reaction::Answer(answer) => response(answer),
        Reaction::AnswerAfter(answer, delay) => {
            tokio::time::sleep(delay).await;
            response(answer)
        }
        Reaction::Cut => Err(Cut),
    }
}

fn response(answer: Answer) -> Result<hyper::Response<Full<Bytes>>, Cut> {
    let mut response = hyper::Response::builder().status(answer.status);
    for (name, value) in answer.headers {
        response = response.header(name, value);
    }
    response.body(Full::new(Bytes::from(answer.body))).map_err(|_| Cut)
}

//! Providers that serve the commands of a CLI from this process.

use std::fmt;
use std::sync::mpsc;
use std::thread::{self, JoinHandle};

use serde_json::{Map, Value};
use tfplugin::{Provider, Service, transport};
use tokio::runtime;
use tokio::sync::oneshot;

use crate::cli::{Hosted, Running, Workspace};
use crate::failure::{During, Failure};

impl Workspace {
    /// Serves a provider from this process to every later command.
    ///
    /// Each command gets a provider of its own, as it would get a process of its own: what one command leaves in memory is gone for the
    /// next.
    pub fn serve<P: Provider>(&mut self, make: impl Fn() -> P + Send + Sync + 'static) {
        self.host(Box::new(InProcess { make }));
    }
}

struct InProcess<F> {
    make: F,
}

impl<F> fmt::Debug for InProcess<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InProcess")
    }
}

impl<P: Provider, F: Fn() -> P> Hosted for InProcess<F> {
    fn start(&self) -> Result<Running, Failure> {
        let provider = (self.make)();
        let (tell, told) = mpsc::channel();
        let (stop, stopped) = oneshot::channel();
        // A thread of its own, because the test may run in a runtime, and a runtime in which one waits for another does not go on.
        let thread = thread::spawn(move || serve(provider, &tell, stopped));
        let reattach = told.recv().during("the provider's thread")??;
        Ok(Running {
            reattach,
            _serving: Box::new(Serving {
                stop: Some(stop),
                thread: Some(thread),
            }),
        })
    }
}

type Told = mpsc::Sender<Result<Map<String, Value>, Failure>>;

fn serve<P: Provider>(provider: P, tell: &Told, stopped: oneshot::Receiver<()>) {
    let served = runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .during("a runtime")
        .and_then(|runtime| {
            runtime.block_on(async {
                let attached = transport::attach(|lifecycle| Service::new(provider, lifecycle))
                    .await
                    .during("cannot serve the provider")?;
                let _ = tell.send(Ok(reattach(P::ADDRESS, |address| attached.reattach(address))));
                let _ = stopped.await;
                attached.stop().await;
                Ok(())
            })
        });
    if let Err(failure) = served {
        let _ = tell.send(Err(failure));
    }
}

/// The full address, and the one to which each CLI adds the host of its own registry.
fn reattach(address: &str, entry: impl Fn(&str) -> String) -> Map<String, Value> {
    let short = address.split_once('/').map_or(address, |(_, short)| short);
    [address, short]
        .into_iter()
        .filter_map(|address| serde_json::from_str(&entry(address)).ok())
        .flat_map(|entries: Map<String, Value>| entries)
        .collect()
}

struct Serving {
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Serving {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic in it was printed, and the command has failed.
            let _ = thread.join();
        }
    }
}

//! A strict AWS for tests: IAM, EKS and STS over real HTTP on a free port of loopback.
//!
//! It says no where AWS says no, with AWS's codes and messages as its documentation and public reports have them, and does what local
//! servers leave out: it gives trust policies back in its own spelling, pages, refuses a role that does not trust pods, sees its own writes
//! late, keeps accounts and regions apart. Tests turn its clock, break calls at will and read what was called.
//!
//! ```no_run
//! use pod_fake_aws::{FakeAws, Fault};
//!
//! let aws = FakeAws::start()?;
//! let account = aws.account("111122223333");
//! let cluster = account.cluster("us-west-2", "demo");
//! aws.fail("iam:CreateRole").nth(2).with(Fault::Throttled);
//! // … an SDK with `aws.url()` as its endpoint and the account's number as its access key …
//! assert_eq!(aws.writes(), ["iam:CreateRole checkout", "eks:CreatePodIdentityAssociation checkout"]);
//! assert_eq!(cluster.associations().len(), 1);
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! Where AWS does not say what it does, this is lenient or says so at the place. The credentials are an account's number with any secret, a
//! key that a test made, or what `AssumeRole` gave; signatures must be whole and scoped to the right service, but are not computed. A user whose key was made with
//! policies may do what they allow; everybody else may do everything.
//!
//! It has no base: of the crates that answer AWS's operations in Rust, fakecloud is under the AGPL, and winterbaume, like moto, sets out to
//! cover operations, where refusals, delays, stale reads and faults would have had to be put into each handler.

#![deny(missing_docs)]

mod access;
mod account;
mod answer;
mod backend;
mod call;
mod calls;
mod clock;
mod cluster;
mod eks;
mod faults;
mod iam;
mod operations;
mod page;
mod policy;
mod request;
mod server;
mod settings;
mod signature;
mod sts;
mod tags;
mod world;
mod xml;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

pub use account::{Account, RoleState};
pub use calls::{Call, Outcome};
pub use cluster::{AssociationState, Cluster};
pub use faults::Fault;
pub use operations::Service;
pub use settings::{Delays, Quotas};

use backend::Backend;
use server::Server;

/// A running AWS; it ends when the value is dropped.
#[derive(Debug)]
pub struct FakeAws {
    backend: Arc<Mutex<Backend>>,
    server: Server,
}

impl FakeAws {
    /// Starts one, with nothing in it.
    ///
    /// # Errors
    /// There is no free port on loopback.
    pub fn start() -> std::io::Result<Self> {
        let backend = Arc::new(Mutex::new(Backend::default()));
        let server = Server::start(Arc::clone(&backend))?;
        Ok(Self { backend, server })
    }

    /// Where it listens: the endpoint of all three services.
    pub fn url(&self) -> String {
        format!("http://{}", self.server.address)
    }

    /// An account, by its number. All exist.
    pub fn account(&self, id: &str) -> Account<'_> {
        Account::new(self, id)
    }

    /// Plans what happens to calls of an operation, such as `iam:CreateRole`. The next call, if nothing else is said.
    ///
    /// # Panics
    /// Nothing serves the operation: a fault that no call meets tests nothing.
    pub fn fail(&self, operation: &str) -> Failing<'_> {
        assert!(
            operations::effect(operation).is_some(),
            "`{operation}` is not served here, so no call of it can fail"
        );
        Failing {
            aws: self,
            operation: operation.to_owned(),
            account: None,
            spared: 0,
            times: Some(1),
        }
    }

    /// Operations whose planned faults have not all been met.
    pub fn unmet_faults(&self) -> Vec<String> {
        self.backend().script.unmet()
    }

    /// Forgets all planned faults.
    pub fn heal(&self) {
        self.backend().script.clear();
    }

    /// Sets for how long writes are not seen everywhere.
    pub fn set_delays(&self, delays: Delays) {
        self.backend().timeline.delays = delays;
    }

    /// Changes what AWS takes at most.
    pub fn set_quotas(&self, change: impl FnOnce(&mut Quotas)) {
        change(&mut self.backend().timeline.quotas);
    }

    /// Stops the clock: from now on only [`Self::advance`] moves it.
    pub fn stop_clock(&self) {
        self.backend().timeline.clock.stop();
    }

    /// Turns the clock forward: delays pass, credentials expire.
    pub fn advance(&self, by: Duration) {
        self.backend().timeline.clock.advance(by);
    }

    /// All calls so far, in order.
    pub fn calls(&self) -> Vec<Call> {
        self.backend().calls.clone()
    }

    /// The calls that changed something, in order, as `iam:CreateRole checkout`.
    pub fn writes(&self) -> Vec<String> {
        let backend = self.backend();
        let writes = backend.calls.iter().filter(|call| call.took_effect());
        writes.map(ToString::to_string).collect()
    }

    /// How often an operation was called, such as `iam:GetRole`.
    pub fn count(&self, action: &str) -> usize {
        self.backend()
            .calls
            .iter()
            .filter(|call| call.action() == action)
            .count()
    }

    /// Forgets the calls so far.
    pub fn forget_calls(&self) {
        self.backend().calls.clear();
    }

    /// A token as the issuer of a cluster writes it, good for an hour.
    pub fn web_identity_token(&self, issuer: &str, subject: &str, audience: &str) -> String {
        let expires = self.backend().timeline.clock.date().after(3600);
        sts::token(issuer, subject, audience, expires)
    }

    /// The temporary credentials that roles were assumed for, in the order of their access keys.
    pub fn handed_out(&self) -> Vec<TemporaryKeys> {
        let backend = self.backend();
        let sessions = backend.sessions.iter();
        sessions
            .map(|(access_key, session)| TemporaryKeys {
                access_key: access_key.clone(),
                secret_key: session.secret.clone(),
                token: session.token.clone(),
            })
            .collect()
    }

    /// For a test's own change, which is seen as late as any other.
    fn changing(&self) -> MutexGuard<'_, Backend> {
        let mut backend = self.backend();
        backend.timeline.remember();
        backend
    }

    fn backend(&self) -> MutexGuard<'_, Backend> {
        self.backend.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Temporary credentials.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemporaryKeys {
    /// The access key id.
    pub access_key: String,
    /// The secret access key.
    pub secret_key: String,
    /// The session token.
    pub token: String,
}

/// Calls that are to go wrong.
#[derive(Debug)]
#[must_use = "nothing happens before `with` says what"]
pub struct Failing<'a> {
    aws: &'a FakeAws,
    operation: String,
    account: Option<String>,
    spared: u32,
    times: Option<u32>,
}

impl Failing<'_> {
    /// The n-th call from now, counted from one.
    pub fn nth(mut self, n: u32) -> Self {
        self.spared = n.saturating_sub(1);
        self
    }

    /// So many calls in a row.
    pub fn times(mut self, times: u32) -> Self {
        self.times = Some(times);
        self
    }

    /// Every call.
    pub fn always(mut self) -> Self {
        self.times = None;
        self
    }

    /// Calls of one account only.
    pub fn in_account(mut self, id: &str) -> Self {
        self.account = Some(id.to_owned());
        self
    }

    /// What happens to them.
    pub fn with(self, fault: Fault) {
        let when = (self.spared, self.times);
        self.aws
            .backend()
            .script
            .add(&self.operation, self.account, when, fault);
    }
}

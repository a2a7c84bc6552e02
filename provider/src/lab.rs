//! The provider on an account in memory, driven as a host drives it.

use std::sync::Arc;

use tfmodel::{Diagnostics, Value};
use tfplugin_testing::Core;
use tfplugin_testing::core::{ResourceType, State};

use crate::cloud::aws::Connection;
use crate::cloud::fake::Fake;
use crate::provider::Pod;
use crate::session::Connect;

/// A provider on an account with the cluster `demo` in it.
pub(crate) struct Lab {
    pub(crate) aws: Arc<Fake>,
    pub(crate) core: Core,
    pub(crate) bindings: ResourceType,
}

struct InMemory(Arc<Fake>);

impl Connect for InMemory {
    type Cloud = Fake;

    async fn connect(&self, connection: &Connection) -> Result<(Arc<Fake>, String), Diagnostics> {
        let region = connection.region.clone().unwrap_or_else(|| "us-west-2".to_owned());
        Ok((Arc::clone(&self.0), region))
    }
}

impl Lab {
    pub(crate) async fn new() -> Self {
        let lab = Self::with(r#"{"propagation_wait": "0s"}"#).await;
        lab.aws.account(|account| account.add_cluster("demo"));
        lab
    }

    /// Without a cluster, with settings of the test's own.
    pub(crate) async fn with(settings: &str) -> Self {
        let lab = Self::unconfigured().await;
        let config = lab.core.provider_config(settings).unwrap();
        lab.core.configure(&config).await.unwrap();
        lab
    }

    pub(crate) async fn unconfigured() -> Self {
        let aws = Arc::new(Fake::default());
        let core = Core::in_process(Pod(InMemory(Arc::clone(&aws)))).await.unwrap();
        let bindings = core.resource("pod_identity_binding").unwrap();
        Self { aws, core, bindings }
    }

    /// A binding of service account `shop/checkout` of cluster `demo`, with more arguments.
    pub(crate) fn binding(&self, more: &str) -> Value {
        let json = format!(r#"{{"cluster_name": "demo", "namespace": "shop", "service_account": "checkout", {more}}}"#);
        self.bindings.config(&json).unwrap()
    }

    pub(crate) async fn made(&self, more: &str) -> State {
        let made = self.bindings.converge(&State::default(), &self.binding(more)).await;
        let state = made.unwrap();
        self.aws.account(|account| account.writes.clear());
        state
    }

    /// Writes since the binding was made.
    pub(crate) fn writes(&self) -> Vec<String> {
        self.aws.account(|account| account.writes.clone())
    }

    pub(crate) fn roles(&self) -> Vec<String> {
        self.aws.account(|account| account.roles.keys().cloned().collect())
    }

    pub(crate) fn associations(&self) -> usize {
        self.aws.account(|account| account.associations.len())
    }

    /// The statements of a role's trust policy.
    pub(crate) fn trust(&self, role: &str) -> Vec<pod_identity_core::policy::Statement> {
        let text = self
            .aws
            .account(|account| account.roles[role].role.trust_policy.clone());
        pod_identity_core::policy::Document::parse(&text).unwrap().statements
    }
}

/// A role that the binding owns, with one policy of each kind.
pub(crate) const OWNED: &str = r#""role": {
    "name": "checkout",
    "managed_policy_arns": ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"],
    "inline_policies": {"orders": "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"sqs:SendMessage\",\"Resource\":\"*\"}]}"}
}"#;

pub(crate) fn owned(mode: &str) -> String {
    format!(r#"{OWNED}, "mode": "{mode}""#)
}

pub(crate) fn text(problems: &Diagnostics) -> String {
    problems
        .iter()
        .map(|one| format!("{}: {}\n", one.summary, one.detail))
        .collect()
}

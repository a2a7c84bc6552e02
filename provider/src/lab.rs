//! The provider on an account in memory, driven as a host drives it.

pub(crate) mod strict;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use pod_identity_core::binding::AssociationTerms;
use tfmodel::{Diagnostics, Value};
use tfplugin_testing::Core;
use tfplugin_testing::core::{ResourceType, State};

use crate::cloud::aws::Connection;
use crate::cloud::fake::{ACCOUNT, Fake};
use crate::cloud::{ClusterRef, Eks, Iam, NewAssociation, NewRole};
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
        Self::on(Arc::default()).await
    }

    /// The same account, in a later run of the host: nothing is remembered but what is in the state.
    pub(crate) async fn later(&self, settings: &str) -> Self {
        let lab = Self::on(Arc::clone(&self.aws)).await;
        let config = lab.core.provider_config(settings).unwrap();
        lab.core.configure(&config).await.unwrap();
        lab
    }

    async fn on(aws: Arc<Fake>) -> Self {
        let core = Core::in_process(Pod(InMemory(Arc::clone(&aws)))).await.unwrap();
        let bindings = core.resource("pod_identity_binding").unwrap();
        Self { aws, core, bindings }
    }

    /// A binding of service account `shop/checkout` of cluster `demo`, with more arguments.
    pub(crate) fn binding(&self, more: &str) -> Value {
        binding(&self.bindings, more)
    }

    pub(crate) async fn made(&self, more: &str) -> State {
        let made = self.bindings.converge(&State::default(), &self.binding(more)).await;
        let state = made.unwrap();
        self.aws.account(|account| account.writes.clear());
        state
    }

    /// What the host shows if the change is refused, by plan or apply.
    pub(crate) async fn refusal(&self, state: &State, more: &str) -> String {
        let applied = match self.bindings.plan(state, &self.binding(more)).await {
            Err(problems) => return text(&problems),
            Ok(plan) => self.bindings.apply(&plan).await,
        };
        let problems = match applied {
            Err(problems) => problems,
            Ok(applied) => applied.diagnostics,
        };
        assert!(problems.has_errors(), "not refused");
        text(&problems)
    }

    /// Lets hours go by, in which pods use the roles.
    pub(crate) fn age(&self) {
        let before = SystemTime::now() - Duration::from_secs(7200);
        self.aws.account(|account| {
            for found in account.roles.values_mut() {
                found.role.created = Some(before);
                found.role.last_used = Some(before);
            }
            for found in account.associations.values_mut() {
                found.created = Some(before);
            }
        });
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

    /// A role that somebody else made; its ARN comes back.
    pub(crate) async fn role(&self, name: &str, statements: &[&str]) -> String {
        let role = NewRole {
            name: name.to_owned(),
            path: "/".to_owned(),
            description: None,
            permissions_boundary: None,
            max_session_duration: 3600,
            trust_policy: format!(r#"{{"Version":"2012-10-17","Statement":[{}]}}"#, statements.join(",")),
            tags: BTreeMap::new(),
        };
        self.aws.create_role(&role).await.unwrap().arn
    }

    /// An association of a service account in namespace `shop` that somebody else made; its id comes back.
    pub(crate) async fn associate(&self, service_account: &str, role_arn: &str) -> String {
        let at = ClusterRef {
            region: "us-west-2".to_owned(),
            name: "demo".to_owned(),
        };
        let new = NewAssociation {
            token: service_account.to_owned(),
            namespace: "shop".to_owned(),
            service_account: service_account.to_owned(),
            terms: AssociationTerms {
                role_arn: role_arn.to_owned(),
                ..AssociationTerms::default()
            },
            tags: BTreeMap::new(),
        };
        self.aws.create_association(&at, &new).await.unwrap().id
    }

    /// The statements of a role's trust policy.
    pub(crate) fn trust(&self, role: &str) -> Vec<pod_identity_core::policy::Statement> {
        let text = self
            .aws
            .account(|account| account.roles[role].role.trust_policy.clone());
        pod_identity_core::policy::Document::parse(&text).unwrap().statements
    }
}

/// The issuer of cluster `demo`.
pub(crate) const ISSUER: &str = "oidc.eks.us-west-2.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF";

/// A statement that lets in everything that an association of the account hands a role to.
pub(crate) const PODS: &str = r#"{"Effect":"Allow","Principal":{"Service":"pods.eks.amazonaws.com"},"Action":["sts:AssumeRole","sts:TagSession"]}"#;

/// A statement that lets in tokens of an issuer; `subject` is `namespace:service_account`, with wildcards.
pub(crate) fn tokens(issuer: &str, subject: &str) -> String {
    format!(
        r#"{{"Effect":"Allow","Principal":{{"Federated":"arn:aws:iam::{ACCOUNT}:oidc-provider/{issuer}"}},"Action":"sts:AssumeRoleWithWebIdentity",
            "Condition":{{"StringEquals":{{"{issuer}:aud":"sts.amazonaws.com"}},"StringLike":{{"{issuer}:sub":"system:serviceaccount:{subject}"}}}}}}"#
    )
}

fn binding(bindings: &ResourceType, more: &str) -> Value {
    let json = format!(r#"{{"cluster_name": "demo", "namespace": "shop", "service_account": "checkout", {more}}}"#);
    bindings.config(&json).unwrap()
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

//! The resource as a host uses it, on an account in memory.

mod joining;
mod life;
mod plans;

use tfmodel::Value;
use tfplugin_testing::core::{ResourceType, State};

use crate::cloud::{OidcProvider, Tags};
use crate::lab::Lab;

/// The provider that cluster `demo` of the lab has.
const ARN: &str =
    "arn:aws:iam::111122223333:oidc-provider/oidc.eks.us-west-2.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF";
const URL: &str = "https://oidc.eks.us-west-2.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF";
const OF_CLUSTER: &str = r#"{"cluster_name": "demo"}"#;

struct Bench {
    lab: Lab,
    providers: ResourceType,
}

impl Bench {
    async fn new() -> Self {
        let lab = Lab::new().await;
        let providers = lab.core.resource("pod_oidc_provider").unwrap();
        Self { lab, providers }
    }

    fn config(&self, json: &str) -> Value {
        self.providers.config(json).unwrap()
    }

    async fn made(&self, json: &str) -> State {
        let state = self.providers.converge(&State::default(), &self.config(json)).await;
        let state = state.unwrap();
        self.lab.aws.account(|account| account.writes.clear());
        state
    }

    /// Something else makes the provider of the cluster.
    fn somebody_makes(&self, client_ids: &[&str]) {
        let provider = OidcProvider {
            client_ids: client_ids.iter().map(|&id| id.to_owned()).collect(),
            tags: Tags::from([("team".to_owned(), "platform".to_owned())]),
        };
        self.lab.aws.account(|account| {
            account.oidc_providers.insert(ARN.to_owned(), provider);
        });
    }

    fn client_ids(&self) -> Vec<String> {
        let client_ids = |found: &OidcProvider| found.client_ids.clone();
        let found = self
            .lab
            .aws
            .account(|account| account.oidc_providers.get(ARN).map(client_ids));
        found.unwrap_or_default()
    }

    fn tag_keys(&self) -> Vec<String> {
        let tags = |found: &OidcProvider| found.tags.keys().cloned().collect();
        let found = self
            .lab
            .aws
            .account(|account| account.oidc_providers.get(ARN).map(tags));
        found.unwrap_or_default()
    }

    fn is_there(&self) -> bool {
        self.lab.aws.account(|account| account.oidc_providers.contains_key(ARN))
    }
}

fn created(state: &State) -> bool {
    state.value.get("created") == Some(&Value::bool(true))
}

//! The resource as a host uses it, on an account in memory.

mod auto_mode;
mod life;
mod waiting;

use tfmodel::Value;
use tfplugin_testing::core::{ResourceType, State};

use super::ADD_ON;
use crate::cloud::{Addon, ClusterRef};
use crate::lab::Lab;

struct Bench {
    lab: Lab,
    agents: ResourceType,
}

fn demo() -> ClusterRef {
    ClusterRef {
        region: "us-west-2".to_owned(),
        name: "demo".to_owned(),
    }
}

impl Bench {
    /// An account whose cluster has no agent.
    async fn new() -> Self {
        let lab = Lab::new().await;
        lab.aws.account(|account| account.addons.clear());
        let agents = lab.core.resource("pod_identity_agent").unwrap();
        Self { lab, agents }
    }

    /// The agent of cluster `demo`, with more arguments.
    fn config(&self, more: &str) -> Value {
        let json = format!(r#"{{"cluster_name": "demo" {more}}}"#);
        self.agents.config(&json).unwrap()
    }

    async fn made(&self, more: &str) -> State {
        let state = self
            .agents
            .converge(&State::default(), &self.config(more))
            .await
            .unwrap();
        self.lab.aws.account(|account| account.writes.clear());
        state
    }

    fn addon(&self) -> Option<Addon> {
        let key = (demo(), ADD_ON.to_owned());
        self.lab
            .aws
            .account(|account| account.addons.get(&key).map(|found| found.addon.clone()))
    }

    fn writes(&self) -> Vec<String> {
        self.lab.writes()
    }
}

//! The cluster that a scenario takes as given, made by plain requests: local servers take the
//! account and the service from the signature's scope and do not check the signature.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::http::{self, Response};

/// An account and a region on a local server.
#[derive(Debug, Clone, Copy)]
pub struct Account<'a> {
    pub server: &'a str,
    pub id: &'a str,
    pub region: &'a str,
}

impl Account<'_> {
    /// Makes a cluster; its OIDC issuer comes back.
    pub fn create_cluster(&self, name: &str) -> Result<String> {
        let body = json!({
            "name": name,
            "roleArn": format!("arn:aws:iam::{}:role/cluster", self.id),
            "resourcesVpcConfig": { "subnetIds": ["subnet-1", "subnet-2"] },
        });
        let answer = self.send("eks", "/clusters", "application/json", &body.to_string())?;
        let cluster: Value = serde_json::from_str(&answer.body)?;
        cluster
            .pointer("/cluster/identity/oidc/issuer")
            .and_then(Value::as_str)
            .map(str::to_owned)
            .with_context(|| format!("a cluster without an issuer: {}", answer.body))
    }

    /// Installs the agent, without which pods get nothing from an association.
    pub fn install_agent(&self, cluster: &str) -> Result<()> {
        let body = json!({ "addonName": "eks-pod-identity-agent" });
        self.send(
            "eks",
            &format!("/clusters/{cluster}/addons"),
            "application/json",
            &body.to_string(),
        )?;
        Ok(())
    }

    /// Makes the IAM OIDC provider of an issuer, which IRSA needs.
    pub fn create_oidc_provider(&self, issuer: &str) -> Result<()> {
        let url = issuer.replace(':', "%3A").replace('/', "%2F");
        let body = format!(
            "Action=CreateOpenIDConnectProvider&Version=2010-05-08&Url={url}\
             &ClientIDList.member.1=sts.amazonaws.com"
        );
        self.send("iam", "/", "application/x-www-form-urlencoded", &body)?;
        Ok(())
    }

    fn send(&self, service: &str, path: &str, content: &str, body: &str) -> Result<Response> {
        let authorization = format!(
            "AWS4-HMAC-SHA256 Credential={}/20260101/{}/{service}/aws4_request, \
             SignedHeaders=host, Signature=00",
            self.id, self.region
        );
        let headers = [
            ("Authorization", authorization.as_str()),
            ("Content-Type", content),
            ("X-Amz-Date", "20260101T000000Z"),
        ];
        let answer = http::request("POST", self.server, path, &headers, body)?;
        ensure!(
            answer.status == 200,
            "{service} at {} answered {}: {}",
            self.server,
            answer.status,
            answer.body
        );
        Ok(answer)
    }
}

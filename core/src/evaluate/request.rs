use serde::Serialize;

use super::context::Context;

/// Somebody who asks for a role. It is let in only if every call is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Request {
    /// Who asks.
    pub caller: Caller,
    /// What STS authorises, each on its own.
    pub calls: Vec<Call>,
}

/// One action that STS authorises, and what the request for it carries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Call {
    /// For example `sts:AssumeRole`.
    pub action: String,
    /// What it carries.
    pub context: Context,
}

/// Who asks for a role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "type", content = "value")]
pub enum Caller {
    /// An AWS service, by its principal, such as `pods.eks.amazonaws.com`.
    Service(String),
    /// A user with a token of an identity provider, by the provider's ARN or name.
    Federated(String),
    /// An identity of AWS: the ARN of a role, of a role's session or of a user, or an account.
    Aws(String),
    /// Somebody.
    Unknown,
}

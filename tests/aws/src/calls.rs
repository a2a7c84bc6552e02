use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use crate::operations::Service;

/// A call that came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// The service.
    pub service: Service,
    /// When it was answered, by the clock of this AWS: only differences mean something.
    pub at: Duration,
    /// The operation, such as `CreateRole`.
    pub operation: String,
    /// The caller's account; empty where the call was not signed.
    pub account: String,
    /// The region of the signature.
    pub region: String,
    /// Parameters by name: of the form, or of path, query and body. What is not text is JSON.
    pub parameters: BTreeMap<String, String>,
    /// The header that signs it; empty where the call was not signed.
    pub authorization: String,
    /// The session token of temporary credentials; empty without one.
    pub security_token: String,
    /// The actions that the caller's policies have to allow for it; more than one where something is tagged, or a role handed on.
    pub permissions: Vec<String>,
    /// Whether the operation is one that changes things.
    pub is_write: bool,
    /// How it ended.
    pub outcome: Outcome,
}

/// How a call ended, as the caller saw it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It was done.
    Done,
    /// It was refused, with this error code.
    Refused(String),
    /// The connection was cut before anything was done.
    Cut,
    /// It was done, but the answer was lost.
    AnswerLost,
}

impl Call {
    /// The name of the action, such as `iam:CreateRole`.
    pub fn action(&self) -> String {
        format!("{}:{}", self.service, self.operation)
    }

    /// A parameter; empty if it was not sent.
    pub fn parameter(&self, name: &str) -> &str {
        self.parameters.get(name).map_or("", String::as_str)
    }

    /// Whether something was changed.
    pub fn took_effect(&self) -> bool {
        self.is_write && matches!(self.outcome, Outcome::Done | Outcome::AnswerLost)
    }
}

/// Action and what it is about, such as `iam:CreateRole checkout`.
impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.action())?;
        let subjects = [
            "RoleName",
            "OpenIDConnectProviderArn",
            "Url",
            "associationId",
            "serviceAccount",
            "addonName",
            "resourceArn",
            "name",
        ];
        match subjects.iter().find_map(|name| self.parameters.get(*name)) {
            Some(subject) => write!(f, " {subject}"),
            None => Ok(()),
        }
    }
}

use pod_identity_core::evaluate::{self, pod};
use pod_identity_core::functions;
use serde::Serialize;
use tsify::Tsify;

use crate::answer::Failure;
use crate::argument::Argument;

/// Whether somebody may assume a role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Tsify)]
pub struct Access {
    /// The answer.
    pub verdict: Verdict,
    /// Why, in sentences, the deciding ones first. Words in backticks are literals.
    pub because: Vec<String>,
    /// The answer to each request; a pod that may come both ways makes two.
    pub requests: Vec<AccessRequest>,
}

/// The answer to one request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Tsify)]
pub struct AccessRequest {
    /// Which one it is, if a pod makes it.
    pub hop: Option<Hop>,
    /// The answer.
    pub verdict: Verdict,
    /// Why, in sentences.
    pub because: Vec<String>,
    /// The answer to each action.
    pub calls: Vec<AccessCall>,
}

/// The answer to one action.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Tsify)]
pub struct AccessCall {
    /// The action.
    pub action: String,
    /// The answer.
    pub verdict: Verdict,
    /// The statement that decided, counted from 0; none where nothing allows it.
    pub decided_by: Option<usize>,
}

/// What a trust policy answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Tsify)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The document lets it in.
    Allow,
    /// The document keeps it out.
    Deny,
    /// It depends on what nobody can know offline.
    Unknown,
    /// IAM does not take the document.
    Invalid,
}

/// One of the requests for a role's credentials.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Tsify)]
#[serde(rename_all = "snake_case")]
pub enum Hop {
    /// The pod's SDK hands the service account's token to STS.
    WebIdentity,
    /// EKS assumes the role of the association.
    Association,
    /// EKS assumes the target role with the credentials of the association's role.
    Target,
}

impl Access {
    /// Whether a trust policy lets somebody assume its role; `request` is JSON, with the keys of function `can_assume`.
    pub fn ask(policy: &str, request: &str) -> Result<Self, Failure> {
        let request = Argument::read("request", request)?;
        functions::can_assume(policy, &request.value())
            .map(Self::from)
            .map_err(|problem| request.refused(&problem))
    }
}

impl From<functions::Admission> for Access {
    fn from(admission: functions::Admission) -> Self {
        Self {
            verdict: admission.verdict.into(),
            because: admission.because,
            requests: admission.requests.into_iter().map(AccessRequest::from).collect(),
        }
    }
}

impl From<functions::Asked> for AccessRequest {
    fn from(asked: functions::Asked) -> Self {
        Self {
            hop: asked.hop.map(|hop| match hop {
                pod::Hop::WebIdentity => Hop::WebIdentity,
                pod::Hop::Association => Hop::Association,
                pod::Hop::Target => Hop::Target,
            }),
            verdict: asked.evaluation.verdict.into(),
            because: asked.evaluation.because,
            calls: asked
                .evaluation
                .calls
                .into_iter()
                .map(|call| AccessCall {
                    action: call.action,
                    verdict: call.verdict.into(),
                    decided_by: call.decided_by,
                })
                .collect(),
        }
    }
}

impl From<evaluate::Verdict> for Verdict {
    fn from(verdict: evaluate::Verdict) -> Self {
        match verdict {
            evaluate::Verdict::Allow => Self::Allow,
            evaluate::Verdict::Deny => Self::Deny,
            evaluate::Verdict::Unknown => Self::Unknown,
            evaluate::Verdict::Invalid => Self::Invalid,
        }
    }
}

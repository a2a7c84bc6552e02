//! Calls that go wrong because a test says so.

use std::time::Duration;

use crate::answer::Refusal;
use crate::operations::Service;

/// What happens to a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// Too many calls; nothing is done.
    Throttled,
    /// The service fails with status 500; nothing is done.
    ServerError,
    /// The service is down, status 503; nothing is done.
    Unavailable,
    /// The caller may not do this; nothing is done.
    AccessDenied,
    /// The caller's credentials have expired; nothing is done.
    ExpiredCredentials,
    /// An error of AWS that is not listed here; nothing is done.
    Refused {
        /// The HTTP status.
        status: u16,
        /// The error code.
        code: String,
        /// The message.
        message: String,
    },
    /// The connection is cut; nothing is done.
    Cut,
    /// The call does its work, then the connection is cut.
    LostAnswer,
    /// The call does its work, and the answer comes after this time. Real time: the caller's patience is real too.
    Slow(Duration),
}

impl Fault {
    /// An error of AWS, by its status, code and message.
    pub fn refused(status: u16, code: &str, message: &str) -> Self {
        Self::Refused {
            status,
            code: code.to_owned(),
            message: message.to_owned(),
        }
    }

    /// The answer, if this fault is one.
    pub(crate) fn refusal(&self, service: Service, operation: &str, caller: &str) -> Option<Refusal> {
        let eks = service == Service::Eks;
        Some(match self {
            Self::Throttled if eks => Refusal::new(429, "ThrottlingException", "Rate exceeded"),
            Self::Throttled => Refusal::new(400, "Throttling", "Rate exceeded"),
            Self::ServerError if eks => Refusal::new(500, "ServerException", "Internal server error"),
            Self::ServerError => Refusal::new(500, "ServiceFailure", "Internal server error"),
            Self::Unavailable if eks => Refusal::new(503, "ServiceUnavailableException", "Service unavailable"),
            Self::Unavailable => Refusal::new(503, "ServiceUnavailable", "Service unavailable"),
            Self::AccessDenied => Refusal::new(
                403,
                if eks { "AccessDeniedException" } else { "AccessDenied" },
                format!("User: {caller} is not authorized to perform: {service}:{operation}"),
            ),
            Self::ExpiredCredentials => expired(service),
            Self::Refused { status, code, message } => Refusal::new(*status, code, message.clone()),
            Self::Cut | Self::LostAnswer | Self::Slow(_) => return None,
        })
    }
}

pub(crate) fn expired(service: Service) -> Refusal {
    let code = match service {
        Service::Eks => "ExpiredTokenException",
        Service::Iam | Service::Sts => "ExpiredToken",
    };
    Refusal::new(403, code, "The security token included in the request is expired")
}

/// Faults that are still to come.
#[derive(Debug, Default)]
pub(crate) struct Script(Vec<Entry>);

#[derive(Debug)]
struct Entry {
    operation: String,
    account: Option<String>,
    fault: Fault,
    /// Calls that go well before the first that does not.
    spared: u32,
    /// Calls that still meet it; `None` is all.
    left: Option<u32>,
}

impl Script {
    pub(crate) fn add(&mut self, operation: &str, account: Option<String>, when: (u32, Option<u32>), fault: Fault) {
        self.0.push(Entry {
            operation: operation.to_owned(),
            account,
            fault,
            spared: when.0,
            left: when.1,
        });
    }

    /// The fault that this call meets. Every call counts for those that are still to come, also one that meets another.
    pub(crate) fn meet(&mut self, operation: &str, account: &str) -> Option<Fault> {
        let mut met = None;
        for entry in &mut self.0 {
            if entry.operation != operation || entry.account.as_deref().is_some_and(|only| only != account) {
                continue;
            }
            if entry.spared > 0 {
                entry.spared -= 1;
            } else if met.is_none() && entry.left != Some(0) {
                entry.left = entry.left.map(|left| left - 1);
                met = Some(entry.fault.clone());
            }
        }
        met
    }

    /// Operations with a fault that no call has met as often as it should have.
    pub(crate) fn unmet(&self) -> Vec<String> {
        let unmet = self.0.iter().filter(|entry| entry.left.is_some_and(|left| left > 0));
        unmet.map(|entry| entry.operation.clone()).collect()
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }
}

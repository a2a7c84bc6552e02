//! What can go wrong with a call, and how a user is told.

use std::fmt;

use pod_identity_core::ids::AssociationId;
use tfmodel::Diagnostic;

/// One of the services that are called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Service {
    Eks,
    Iam,
    Sts,
}

impl Service {
    /// Its prefix in action names, and its attribute in the `endpoints` block.
    pub(crate) const fn prefix(self) -> &'static str {
        match self {
            Self::Eks => "eks",
            Self::Iam => "iam",
            Self::Sts => "sts",
        }
    }
}

impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Eks => "EKS",
            Self::Iam => "IAM",
            Self::Sts => "STS",
        })
    }
}

/// A call that failed.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{}:{operation}: {message}", service.prefix())]
pub(crate) struct CloudError {
    service: Service,
    operation: &'static str,
    problem: Problem,
    message: String,
    code: Option<String>,
    request_id: Option<String>,
}

/// Why a call failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Problem {
    /// The object is not there.
    NotFound,
    /// An object of that name is there, or the object is being changed by somebody else.
    Conflict,
    /// The credentials may not do this.
    AccessDenied,
    /// Too many calls.
    Throttled,
    /// Nobody answered.
    Unreachable {
        /// The address that was configured for the service, if one was.
        endpoint: Option<String>,
    },
    /// There is nothing to sign the call with.
    NoCredentials,
    /// A role that has to be assumed first was not.
    NotAssumed(Box<WantedRole>),
    /// Credentials are there, but the service does not accept them.
    BadCredentials,
    /// The server does not have the operation. AWS does; servers that stand in for it have some of them.
    NoSuchOperation,
    /// AWS takes no more of this.
    QuotaReached,
    /// Everything else.
    Other,
}

/// A role that the settings ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct WantedRole {
    /// The block of the provider's configuration that asks for it.
    pub(crate) block: String,
    pub(crate) role_arn: String,
}

impl CloudError {
    pub(crate) fn new(service: Service, operation: &'static str, problem: Problem, message: impl Into<String>) -> Self {
        Self {
            service,
            operation,
            problem,
            message: message.into(),
            code: None,
            request_id: None,
        }
    }

    /// The same error with what AWS said about itself.
    #[must_use]
    pub(crate) fn answered(mut self, code: Option<String>, request_id: Option<String>) -> Self {
        self.code = code;
        self.request_id = request_id;
        self
    }

    pub(crate) fn problem(&self) -> &Problem {
        &self.problem
    }

    /// What was to be allowed: `iam:GetRole`.
    pub(crate) fn action(&self) -> String {
        format!("{}:{}", self.service.prefix(), self.operation)
    }

    pub(crate) fn is_not_found(&self) -> bool {
        self.problem == Problem::NotFound
    }

    /// Whether the service says that this was expected to be there and will be in a moment, or is busy.
    pub(crate) fn says(&self, text: &str) -> bool {
        self.message.contains(text)
    }

    pub(crate) fn has_code(&self, code: &str) -> bool {
        self.code.as_deref() == Some(code)
    }

    /// The association that is in the way of a new one.
    pub(crate) fn association_in_the_way(&self) -> Option<AssociationId> {
        let mut words = self
            .message
            .split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '-');
        words
            .find_map(|word| word.parse().ok())
            .filter(|_| self.has_code("ResourceInUseException"))
    }

    /// What to do where credentials may not do something. One call can need several actions: AWS names the one that is missing.
    fn remedy(&self) -> String {
        let named = self.message.split_once("to perform: ").map(|(_, rest)| rest);
        let named = named.and_then(|rest| rest.split_whitespace().next());
        let missing = named.map_or_else(|| self.action(), str::to_owned);
        if self.message.contains("explicit deny") {
            format!("A policy denies `{missing}` to the credentials in use. Change that policy")
        } else {
            format!("The credentials in use may not do `{missing}`. Allow that action for them")
        }
    }

    /// What is wrong with credentials that were found, by the code of the error.
    ///
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/signature-v4-troubleshooting.html>
    fn mistake(&self) -> &'static str {
        let is_late = self.message.contains("Signature expired") || self.message.contains("not yet current");
        match self.code.as_deref() {
            Some("SignatureDoesNotMatch" | "InvalidSignatureException") if is_late => {
                "The clock of this machine is not that of AWS. Set it, and run the command again."
            }
            Some("SignatureDoesNotMatch" | "InvalidSignatureException") => {
                "Most likely the secret key does not belong to the access key, or was cut or changed when it was copied. Correct `secret_key`, or \
                 what the profile or `AWS_SECRET_ACCESS_KEY` says. Something between here and AWS that changes requests, such as a proxy, leads to the \
                 same."
            }
            Some("ExpiredToken" | "ExpiredTokenException") => {
                "The credentials have expired. Get new ones; with SSO, run `aws sso login`."
            }
            Some("InvalidClientTokenId" | "UnrecognizedClientException") => {
                "Most likely AWS does not know the access key: it was deleted or deactivated, is of another partition, or is temporary and goes with \
                 another session token. Check `access_key` and `token`, or what the profile or the variables `AWS_ACCESS_KEY_ID` and \
                 `AWS_SESSION_TOKEN` say, and `region`."
            }
            _ => {
                "The credentials were found but are expired, incomplete or of another partition. Renew them, and check `profile`, `access_key`, \
                 `secret_key`, `token` and `region`."
            }
        }
    }

    /// An error for the user. `summary` says what could not be done, in one line.
    pub(crate) fn diagnostic(&self, summary: impl Into<String>) -> Diagnostic {
        let action = format!("`{}`", self.action());
        let service = self.service;
        let setting = self.service.prefix();
        let variable = format!("AWS_ENDPOINT_URL_{}", setting.to_ascii_uppercase());
        let message = self.message.trim_end_matches('.');
        let mut detail = match &self.problem {
            Problem::NotFound => format!("{service} answered {action} with: {message}."),
            Problem::Conflict => format!(
                "{service} answered {action} with: {message}. Something else made or is changing the same object. Find out what manages it \
                 before you run this again."
            ),
            Problem::AccessDenied => format!(
                "{service} answered {action} with: {message}. {}, or use other credentials.",
                self.remedy()
            ),
            Problem::Throttled => format!(
                "{service} answered {action} with: {message}. It was asked again several times, each time later. Run the command again, \
                 with a lower `-parallelism` if that does not help."
            ),
            Problem::Unreachable {
                endpoint: Some(endpoint),
            } => format!(
                "{service} cannot be reached at `{endpoint}`: {message}. That address comes from `endpoints {{ {setting} }}` in the provider \
                 configuration, from `{variable}`, or from `AWS_ENDPOINT_URL`. Correct it, or start the server that should listen there."
            ),
            Problem::Unreachable { endpoint: None } => format!(
                "{service} cannot be reached for {action}: {message}. Check the provider's `region`, the network and its proxy; another address \
                 is set with `endpoints {{ {setting} }}`."
            ),
            // As the SDK calls what `aws sso login` caches.
            Problem::NoCredentials if message.contains("SSO token") => format!(
                "There are no AWS credentials to sign {action} with: {message}. Run `aws sso login` for the profile in use, and then this again."
            ),
            Problem::NoCredentials => format!(
                "There are no AWS credentials to sign {action} with: {message}. Set `profile`, or `access_key` and `secret_key`, in the \
                 provider configuration, or the variables `AWS_PROFILE` or `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`; with SSO, \
                 run `aws sso login`."
            ),
            Problem::NotAssumed(role) => format!(
                "{action} for the role `{}`, which {} in the provider configuration names, failed: {message}. Whoever asks for the role must be \
                 allowed {action} on it, and its trust policy must let them in, with what else it asks for, such as an external id, tags, a source \
                 identity or a subject. Correct the block, or the role.",
                role.role_arn, role.block
            ),
            Problem::BadCredentials => format!("{service} answered {action} with: {message}. {}", self.mistake()),
            Problem::NoSuchOperation => format!(
                "{service} answered {action} with: {message}. The server does not have this operation: it is not AWS, but another one that an \
                 endpoint in the provider configuration or the environment leads to."
            ),
            Problem::QuotaReached => format!(
                "{service} answered {action} with: {message}. A quota of the account is reached. Make room, or have the quota raised in the \
                 console of Service Quotas."
            ),
            Problem::Other => format!("{service} answered {action} with: {message}."),
        };
        if let Some(code) = &self.code {
            detail.push_str("\n\n");
            detail.push_str(code);
            if let Some(request_id) = &self.request_id {
                detail.push_str(&format!(" (request id {request_id})"));
            }
        }
        Diagnostic::error(summary, detail)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_denied_call_names_the_action_and_ends_with_code_and_request_id() {
        let diagnostic = CloudError::new(Service::Iam, "CreateRole", Problem::AccessDenied, "not authorized.")
            .answered(Some("AccessDenied".to_owned()), Some("4f1c".to_owned()))
            .diagnostic("Cannot create the role");
        assert_eq!(diagnostic.summary, "Cannot create the role");
        assert!(
            diagnostic
                .detail
                .starts_with("IAM answered `iam:CreateRole` with: not authorized. The credentials")
        );
        assert_eq!(diagnostic.detail.lines().last(), Some("AccessDenied (request id 4f1c)"));
    }

    #[test]
    fn who_has_to_log_in_again_is_told_nothing_else() {
        let told = |message: &str| {
            let error = CloudError::new(Service::Sts, "GetCallerIdentity", Problem::NoCredentials, message);
            error.diagnostic("Cannot use the AWS credentials").detail
        };
        let expired = told("the SSO token has expired and cannot be refreshed");
        assert!(
            expired.contains("`aws sso login`") && !expired.contains("access_key"),
            "{expired}"
        );
        assert!(told("profile `x` was not defined").contains("`profile`"));
    }

    #[test]
    fn what_is_wrong_with_credentials_is_said_by_its_kind() {
        for (code, message, said) in [
            (
                "SignatureDoesNotMatch",
                "The request signature we calculated does not match",
                "the secret key does not belong",
            ),
            (
                "InvalidSignatureException",
                "Signature expired: 20260101T000000Z is now earlier than 20260101T000500Z",
                "clock",
            ),
            (
                "ExpiredTokenException",
                "The security token included in the request is expired",
                "have expired",
            ),
            (
                "InvalidClientTokenId",
                "The security token included in the request is invalid",
                "does not know the access key",
            ),
            ("IncompleteSignature", "no", "Renew them"),
        ] {
            let error = CloudError::new(Service::Sts, "GetCallerIdentity", Problem::BadCredentials, message);
            let detail = error
                .answered(Some(code.to_owned()), None)
                .diagnostic("Cannot use the AWS credentials")
                .detail;
            assert!(detail.contains(said) && detail.ends_with(code), "{code}: {detail}");
        }
    }

    #[test]
    fn the_action_that_is_missing_is_named_also_where_it_is_not_the_one_that_was_called() {
        let told = |message: &str| {
            let error = CloudError::new(
                Service::Eks,
                "CreatePodIdentityAssociation",
                Problem::AccessDenied,
                message,
            );
            error.diagnostic("Cannot make the association").detail
        };
        let message = "User: arn:aws:iam::111122223333:user/ci is not authorized to perform: iam:PassRole on resource: \
                       arn:aws:iam::111122223333:role/x because no identity-based policy allows the iam:PassRole action";
        let detail = told(message);
        assert!(detail.ends_with("The credentials in use may not do `iam:PassRole`. Allow that action for them, or use other credentials."), "{detail}");
        let detail = told(
            "User: x is not authorized to perform: iam:PassRole on resource: y with an explicit deny in an identity-based policy",
        );
        assert!(detail.contains("A policy denies `iam:PassRole`"), "{detail}");
        assert!(told("no").contains("may not do `eks:CreatePodIdentityAssociation`"));
    }

    #[test]
    fn an_unreachable_endpoint_is_named_with_its_setting() {
        let diagnostic = CloudError::new(
            Service::Eks,
            "DescribeCluster",
            Problem::Unreachable {
                endpoint: Some("http://127.0.0.1:1".to_owned()),
            },
            "connection refused",
        )
        .diagnostic("Cannot read the cluster");
        assert!(diagnostic.detail.contains("`http://127.0.0.1:1`"));
        assert!(diagnostic.detail.contains("`endpoints { eks }`"));
        assert!(diagnostic.detail.contains("`AWS_ENDPOINT_URL_EKS`"));
    }
}

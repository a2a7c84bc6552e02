//! Roles that are assumed before anything else is called.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;
use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::future::ProvideCredentials as Provided;
use aws_credential_types::provider::{self, ProvideCredentials};
use aws_sdk_sts::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_sts::operation::RequestId;
use aws_sdk_sts::types::{Credentials as StsCredentials, PolicyDescriptorType, Tag};

use super::super::failure::Causes;
use super::transport::expanded;
use crate::cloud::error::WantedRole;

/// For sessions whose name the settings leave open; CloudTrail shows it.
const SESSION_NAME: &str = "terraform-provider-pod";

/// A role to assume, as the settings say.
#[derive(Clone)]
pub(crate) struct Assume {
    pub(crate) role: WantedRole,
    pub(crate) session_name: Option<String>,
    pub(crate) duration: Option<Duration>,
    pub(crate) policy: Option<String>,
    pub(crate) policy_arns: Vec<String>,
    pub(crate) with: With,
}

/// What STS lets somebody have the role for.
#[derive(Clone)]
pub(crate) enum With {
    /// The credentials so far.
    Credentials(Extras),
    /// A token of an identity provider.
    Token(Token),
}

/// What only goes with credentials.
#[derive(Clone, Default)]
pub(crate) struct Extras {
    pub(crate) external_id: Option<String>,
    pub(crate) tags: BTreeMap<String, String>,
    pub(crate) transitive_tag_keys: Vec<String>,
    pub(crate) source_identity: Option<String>,
}

/// A token of an identity provider.
#[derive(Clone)]
pub(crate) enum Token {
    Given(String),
    /// Read anew each time, since whoever writes the file renews it.
    File(String),
}

/// Why a role was not assumed.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{operation} for {}: {message}", role.role_arn)]
pub(crate) struct NotAssumed {
    pub(crate) role: WantedRole,
    pub(crate) operation: &'static str,
    pub(crate) message: String,
    pub(crate) code: Option<String>,
    pub(crate) request_id: Option<String>,
}

/// The credentials of a role.
pub(super) struct Assumed {
    assume: Assume,
    sts: aws_sdk_sts::Client,
}

impl Assumed {
    pub(super) fn new(assume: Assume, sts: aws_sdk_sts::Client) -> Self {
        Self { assume, sts }
    }

    async fn credentials(&self) -> provider::Result {
        let answer = match &self.assume.with {
            With::Credentials(extras) => self.by_credentials(extras).await,
            With::Token(token) => self.by_token(token).await,
        };
        answer.map_err(|failed| CredentialsError::provider_error(*failed))
    }

    async fn by_credentials(&self, extras: &Extras) -> Result<Credentials, Box<NotAssumed>> {
        const OPERATION: &str = "AssumeRole";
        let assume = &self.assume;
        let tags = extras.tags.iter();
        let tags: Result<Vec<Tag>, _> = tags
            .map(|(key, value)| Tag::builder().key(key).value(value).build())
            .collect();
        let tags = tags.map_err(|error| self.failure(OPERATION, error.to_string()))?;
        let answer = self
            .sts
            .assume_role()
            .role_arn(&assume.role.role_arn)
            .role_session_name(self.session_name())
            .set_external_id(extras.external_id.clone())
            .set_duration_seconds(self.seconds())
            .set_policy(assume.policy.clone())
            .set_policy_arns(self.policy_arns())
            .set_tags((!tags.is_empty()).then_some(tags))
            .set_transitive_tag_keys(some(&extras.transitive_tag_keys))
            .set_source_identity(extras.source_identity.clone())
            .send()
            .await
            .map_err(|error| self.refused(OPERATION, &error))?;
        self.read(OPERATION, answer.credentials())
    }

    async fn by_token(&self, token: &Token) -> Result<Credentials, Box<NotAssumed>> {
        const OPERATION: &str = "AssumeRoleWithWebIdentity";
        let assume = &self.assume;
        let token = match token {
            Token::Given(token) => token.clone(),
            Token::File(path) => std::fs::read_to_string(expanded(path))
                .map_err(|error| self.failure(OPERATION, format!("the token in `{path}` cannot be read: {error}")))?,
        };
        let answer = self
            .sts
            .assume_role_with_web_identity()
            .role_arn(&assume.role.role_arn)
            .role_session_name(self.session_name())
            .web_identity_token(token.trim())
            .set_duration_seconds(self.seconds())
            .set_policy(assume.policy.clone())
            .set_policy_arns(self.policy_arns())
            .send()
            .await
            .map_err(|error| self.refused(OPERATION, &error))?;
        self.read(OPERATION, answer.credentials())
    }

    fn session_name(&self) -> &str {
        self.assume.session_name.as_deref().unwrap_or(SESSION_NAME)
    }

    fn seconds(&self) -> Option<i32> {
        self.assume
            .duration
            .and_then(|length| i32::try_from(length.as_secs()).ok())
    }

    fn policy_arns(&self) -> Option<Vec<PolicyDescriptorType>> {
        let arns = some(&self.assume.policy_arns)?.into_iter();
        Some(
            arns.map(|arn| PolicyDescriptorType::builder().arn(arn).build())
                .collect(),
        )
    }

    fn read(&self, operation: &'static str, found: Option<&StsCredentials>) -> Result<Credentials, Box<NotAssumed>> {
        let found = found.ok_or_else(|| self.failure(operation, "an answer without credentials".to_owned()))?;
        Ok(Credentials::new(
            found.access_key_id(),
            found.secret_access_key(),
            Some(found.session_token().to_owned()),
            SystemTime::try_from(*found.expiration()).ok(),
            "assumed role",
        ))
    }

    fn failure(&self, operation: &'static str, message: String) -> Box<NotAssumed> {
        Box::new(NotAssumed {
            role: self.assume.role.clone(),
            operation,
            message,
            code: None,
            request_id: None,
        })
    }

    /// Of a chain, the link that broke says why.
    fn refused<E>(&self, operation: &'static str, error: &SdkError<E>) -> Box<NotAssumed>
    where
        E: ProvideErrorMetadata + Error + Send + Sync + 'static,
        SdkError<E>: RequestId,
    {
        let causes = Causes::of(error);
        if let Some(earlier) = causes.clone().find_map(|cause| cause.downcast_ref::<NotAssumed>()) {
            return Box::new(earlier.clone());
        }
        let answer = error.as_service_error();
        let said = answer.and_then(|answer| answer.message().or(answer.code()));
        let innermost = || causes.last().map_or_else(|| error.to_string(), ToString::to_string);
        let mut failed = self.failure(operation, said.map_or_else(innermost, str::to_owned));
        failed.code = answer.and_then(|answer| answer.code().map(str::to_owned));
        failed.request_id = error.request_id().map(str::to_owned);
        failed
    }
}

impl ProvideCredentials for Assumed {
    fn provide_credentials<'a>(&'a self) -> Provided<'a>
    where
        Self: 'a,
    {
        Provided::new(self.credentials())
    }
}

/// Without tokens and external ids.
impl fmt::Debug for Assumed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Assumed")
            .field("role_arn", &self.assume.role.role_arn)
            .finish_non_exhaustive()
    }
}

fn some(texts: &[String]) -> Option<Vec<String>> {
    (!texts.is_empty()).then(|| texts.to_vec())
}

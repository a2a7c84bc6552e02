//! The arguments of the `provider` block, in the words and shapes of hashicorp/aws.

use std::collections::BTreeMap;
use std::time::Duration;

use pod_identity_core::binding::is_reserved_tag;
use tfmodel::timeouts::parse_duration;
use tfmodel::validators::{between, each, keys, length, no_nulls, satisfies};
use tfmodel::{Diagnostic, Diagnostics, Model, Path, Set, Value};

use crate::cloud::aws::{Connection, Endpoints, StaticKeys};

/// AWS documents up to ten seconds until an association, or a change of one, is in effect everywhere.
const PROPAGATION_WAIT: Duration = Duration::from_secs(10);

/// Binds pods on EKS to IAM roles.
#[derive(Clone, Debug, Model)]
pub(crate) struct Configuration {
    /// Region of bindings that name none; else from `AWS_REGION` or the profile.
    #[tf(optional)]
    pub(crate) region: Value<String>,
    /// Profile of the shared files to take credentials and region from; else from `AWS_PROFILE`.
    #[tf(optional)]
    pub(crate) profile: Value<String>,
    /// Access key id, instead of one from variables or shared files.
    #[tf(optional, requires(secret_key))]
    pub(crate) access_key: Value<String>,
    /// Secret that belongs to `access_key`.
    #[tf(optional, sensitive, requires(access_key))]
    pub(crate) secret_key: Value<String>,
    /// Session token that belongs to `access_key`, where that is temporary.
    #[tf(optional, sensitive, requires(access_key))]
    pub(crate) token: Value<String>,
    /// Files to read instead of `~/.aws/config`.
    #[tf(optional)]
    pub(crate) shared_config_files: Value<Vec<Value<String>>>,
    /// Files to read instead of `~/.aws/credentials`.
    #[tf(optional)]
    pub(crate) shared_credentials_files: Value<Vec<Value<String>>>,
    /// Accounts that the credentials may belong to; in any other one nothing is done.
    #[tf(optional, conflicts_with(forbidden_account_ids))]
    pub(crate) allowed_account_ids: Value<Set<Value<String>>>,
    /// Accounts in which nothing is done.
    #[tf(optional)]
    pub(crate) forbidden_account_ids: Value<Set<Value<String>>>,
    /// How often a failed call is repeated; else from `AWS_MAX_ATTEMPTS`, or twice.
    #[tf(optional)]
    pub(crate) max_retries: Value<u32>,
    /// File with the certificates (PEM) to trust instead of the system's.
    #[tf(optional)]
    pub(crate) custom_ca_bundle: Value<String>,
    /// Whether to leave the instance metadata service alone when looking for credentials and region.
    #[tf(optional)]
    pub(crate) skip_metadata_api_check: Value<bool>,
    /// How long to wait after a change until pods see it, such as `10s`, which is the default; `0s` does not wait.
    #[tf(
        optional,
        validate(satisfies("It has to be a length of time, such as `10s` or `1m30s`.", is_duration))
    )]
    pub(crate) propagation_wait: Value<String>,
    /// How many characters the account lets a trust policy have; 2048 unless the quota of IAM was raised.
    #[tf(optional, validate(between(2048_i64..=8192)))]
    pub(crate) trust_policy_quota: Value<u32>,
    /// Addresses to use instead of those of AWS.
    #[tf(block)]
    pub(crate) endpoints: Value<EndpointSettings>,
    /// Tags for everything that is made.
    #[tf(block)]
    pub(crate) default_tags: Value<DefaultTags>,
}

/// Addresses to use instead of those of AWS.
#[derive(Clone, Debug, Model)]
pub(crate) struct EndpointSettings {
    /// Address of EKS, such as `http://localhost:4566`.
    #[tf(optional)]
    pub(crate) eks: Value<String>,
    /// Address of IAM.
    #[tf(optional)]
    pub(crate) iam: Value<String>,
    /// Address of STS.
    #[tf(optional)]
    pub(crate) sts: Value<String>,
}

/// Tags for everything that is made.
#[derive(Clone, Debug, Model)]
pub(crate) struct DefaultTags {
    /// Tags by key; a resource's own tag of the same key wins.
    #[tf(
        optional,
        validate(
            no_nulls(),
            keys(length(1..=128)),
            keys(satisfies("It is set by AWS or by the binding itself.", is_free)),
            each(length(..=256))
        )
    )]
    pub(crate) tags: Value<BTreeMap<String, Value<String>>>,
}

impl Configuration {
    /// Where and as whom to call. An empty string counts as absent, as in hashicorp/aws.
    pub(crate) fn connection(&self) -> Connection {
        let text = |value: &Value<String>| value.known().filter(|text| !text.is_empty()).cloned();
        let endpoint = |of: fn(&EndpointSettings) -> &Value<String>| {
            let settings = self.endpoints.known()?;
            text(of(settings))
        };
        Connection {
            region: text(&self.region),
            profile: text(&self.profile),
            keys: text(&self.access_key)
                .zip(text(&self.secret_key))
                .map(|(access_key, secret_key)| StaticKeys {
                    access_key,
                    secret_key,
                    token: text(&self.token),
                }),
            shared_config_files: texts(self.shared_config_files.known()),
            shared_credentials_files: texts(self.shared_credentials_files.known()),
            endpoints: Endpoints {
                eks: endpoint(|settings| &settings.eks),
                iam: endpoint(|settings| &settings.iam),
                sts: endpoint(|settings| &settings.sts),
            },
            max_retries: self.max_retries.known().copied(),
            custom_ca_bundle: text(&self.custom_ca_bundle),
            skip_metadata_api_check: self.skip_metadata_api_check.known().copied().unwrap_or(false),
        }
    }

    /// Null where there are none, unknown where the block or its map is.
    pub(crate) fn default_tags(&self) -> Value<BTreeMap<String, Value<String>>> {
        match &self.default_tags {
            Value::Null => Value::Null,
            Value::Unknown(_) => Value::unknown(),
            Value::Known(block) => block.tags.clone(),
        }
    }

    pub(crate) fn trust_policy_quota(&self) -> Option<usize> {
        usize::try_from(*self.trust_policy_quota.known()?).ok()
    }

    pub(crate) fn propagation_wait(&self) -> Duration {
        let configured = self.propagation_wait.known();
        configured
            .and_then(|text| parse_duration(text))
            .unwrap_or(PROPAGATION_WAIT)
    }

    /// Refuses an account that the configuration does not allow.
    pub(crate) fn admit(&self, account_id: &str) -> Result<(), Diagnostics> {
        let names = |ids: &Value<Set<Value<String>>>| texts(ids.known());
        let allowed = names(&self.allowed_account_ids);
        let refused = if !allowed.is_empty() && !allowed.iter().any(|id| id == account_id) {
            Some(("allowed_account_ids", "is not in"))
        } else if names(&self.forbidden_account_ids).iter().any(|id| id == account_id) {
            Some(("forbidden_account_ids", "is in"))
        } else {
            None
        };
        match refused {
            None => Ok(()),
            Some((attribute, relation)) => Err(Diagnostic::error(
                "The credentials belong to an account that is not allowed",
                format!(
                    "The credentials in use belong to account `{account_id}`, which {relation} `{attribute}`. Nothing was read or changed. \
                     Use credentials of another account, or correct `{attribute}`."
                ),
            )
            .at(Path::attribute(attribute))
            .into()),
        }
    }
}

#[expect(clippy::needless_pass_by_value, reason = "a validator is given the value")]
fn is_free(key: String) -> bool {
    !is_reserved_tag(&key)
}

#[expect(clippy::needless_pass_by_value, reason = "a validator is given the value")]
fn is_duration(text: String) -> bool {
    parse_duration(&text).is_some()
}

fn texts<'a, I: IntoIterator<Item = &'a Value<String>>>(values: Option<I>) -> Vec<String> {
    values.into_iter().flatten().filter_map(Value::known).cloned().collect()
}

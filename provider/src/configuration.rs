//! The arguments of the `provider` block, in the words and shapes of hashicorp/aws.

mod bindings;
mod findings;
mod roles;

use std::time::Duration;

use pod_identity_core::binding::Settings;
use pod_identity_core::ids::AccountId;
use tfmodel::timeouts::parse_duration;
use tfmodel::validators::{between, each, matches, no_nulls, parses, satisfies};
use tfmodel::{Diagnostic, Diagnostics, Model, Path, Set, Value};

use self::bindings::{DefaultTags, IgnoreTags, RoleDefaultSettings};
use self::findings::Findings;
use self::roles::{AssumeRole, AssumeRoleWithWebIdentity};
use crate::cloud::aws::{Connection, Endpoints, RetryMode as SdkRetryMode, StaticKeys, Transport};

/// AWS documents up to ten seconds until an association, or a change of one, is in effect everywhere.
const PROPAGATION_WAIT: Duration = Duration::from_secs(10);

/// Binds pods on EKS to IAM roles.
#[derive(Clone, Model)]
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
    #[tf(optional, conflicts_with(forbidden_account_ids), validate(no_nulls(), each(parses::<AccountId>())))]
    pub(crate) allowed_account_ids: Value<Set<Value<String>>>,
    /// Accounts in which nothing is done.
    #[tf(optional, validate(no_nulls(), each(parses::<AccountId>())))]
    pub(crate) forbidden_account_ids: Value<Set<Value<String>>>,
    /// How often a failed call is repeated; else from `AWS_MAX_ATTEMPTS`, or twice.
    #[tf(optional)]
    pub(crate) max_retries: Value<u32>,
    /// How failed calls are repeated: `standard`, or `adaptive`, which also slows down where AWS throttles; else from `AWS_RETRY_MODE`.
    #[tf(optional)]
    pub(crate) retry_mode: Value<RetryMode>,
    /// Whether to call the addresses that meet FIPS 140; else from `AWS_USE_FIPS_ENDPOINT` or the profile. Services that `endpoints` names are
    /// called there all the same.
    #[tf(optional)]
    pub(crate) use_fips_endpoint: Value<bool>,
    /// Whether to call the addresses that IPv6 reaches as well; else from `AWS_USE_DUALSTACK_ENDPOINT` or the profile. Services that `endpoints`
    /// names are called there all the same.
    #[tf(optional)]
    pub(crate) use_dualstack_endpoint: Value<bool>,
    /// File with the certificates (PEM) to trust instead of the system's; else from `AWS_CA_BUNDLE`.
    #[tf(optional)]
    pub(crate) custom_ca_bundle: Value<String>,
    /// Proxy for calls to `http://` addresses, and to `https://` ones where nothing names another; else from `HTTP_PROXY`. Empty: none.
    #[tf(optional, sensitive, validate(matches(PROXY, is_proxy)))]
    pub(crate) http_proxy: Value<String>,
    /// Proxy for calls to `https://` addresses, which all of AWS's are; else from `HTTPS_PROXY`. Empty: none.
    #[tf(optional, sensitive, validate(matches(PROXY, is_proxy)))]
    pub(crate) https_proxy: Value<String>,
    /// What is called without a proxy: domains with their subdomains, addresses and ranges (`10.0.0.0/8`), with commas between them, or `*`;
    /// else from `NO_PROXY`. This machine and its metadata service always are.
    #[tf(
        optional,
        validate(matches("Ports cannot be told apart: name the host alone.", has_no_ports))
    )]
    pub(crate) no_proxy: Value<String>,
    /// Whether not to ask STS who the credentials belong to before anything else; then a mistake in them shows only at the first call.
    #[tf(optional)]
    pub(crate) skip_credentials_validation: Value<bool>,
    /// Whether not to ask STS for the account, for servers without STS. Together with `skip_credentials_validation`, the account is the one that
    /// `allowed_account_ids` names, and the partition that of the region.
    #[tf(optional)]
    pub(crate) skip_requesting_account_id: Value<bool>,
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
    /// A role to assume with the credentials that the other settings lead to. Several blocks are a chain: each role is assumed with the one before.
    #[tf(block)]
    pub(crate) assume_role: Vec<AssumeRole>,
    /// A role to assume with the token of an identity provider, such as that of a CI system. The roles of `assume_role` come after it.
    #[tf(block)]
    pub(crate) assume_role_with_web_identity: Value<AssumeRoleWithWebIdentity>,
    /// Addresses to use instead of those of AWS.
    #[tf(block)]
    pub(crate) endpoints: Value<EndpointSettings>,
    /// Tags for everything that is made.
    #[tf(block)]
    pub(crate) default_tags: Value<DefaultTags>,
    /// Tags that others set, such as those of a cost report: they are not shown, and neither changed nor removed. A resource whose own tags name one
    /// is refused, since it would differ in every plan.
    #[tf(block)]
    pub(crate) ignore_tags: Value<IgnoreTags>,
    /// What the roles that bindings own are where their `role` says nothing.
    #[tf(block)]
    pub(crate) role_defaults: Value<RoleDefaultSettings>,
    /// What plans make of [findings](https://github.com/pod-identity/terraform-provider-pod/tree/main/docs/guides/findings.md), which are mistakes in trust
    /// policies and around them. A plan warns of those of bindings that it makes or changes, whether they write the trust policy or rely on it; what
    /// is wrong with the security of what a binding writes is repeated by every plan until it is put right or waived.
    #[tf(block)]
    pub(crate) findings: Value<Findings>,
}

/// How failed calls are repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Model)]
pub(crate) enum RetryMode {
    /// After a pause that grows.
    Standard,
    /// And more slowly where AWS throttles.
    Adaptive,
}

/// Addresses to use instead of those of AWS.
#[derive(Clone, Debug, Model)]
pub(crate) struct EndpointSettings {
    /// Address of EKS, such as `http://localhost:4566`.
    #[tf(optional, validate(matches(ADDRESS, is_address)))]
    pub(crate) eks: Value<String>,
    /// Address of IAM.
    #[tf(optional, validate(matches(ADDRESS, is_address)))]
    pub(crate) iam: Value<String>,
    /// Address of STS.
    #[tf(optional, validate(matches(ADDRESS, is_address)))]
    pub(crate) sts: Value<String>,
}

const ADDRESS: &str = "It has to start with `http://` or `https://`.";
const PROXY: &str = "It has to be an address such as `http://proxy.example:3128`.";

impl Configuration {
    /// What attributes say against each other, as far as they are known.
    pub(crate) fn check(&self) -> Diagnostics {
        let mut problems = Diagnostics::new();
        if self.assume_role_with_web_identity.is_known() && text(&self.access_key).is_some() {
            problems.push(
                Diagnostic::error(
                    "Two kinds of credentials are set",
                    "`access_key` and `assume_role_with_web_identity` both say with what to call AWS. Remove one of them; to assume a role with the \
                     keys, use `assume_role`.",
                )
                .at(Path::attribute("access_key")),
            );
        }
        let roles = Path::attribute("assume_role");
        let checked = self.assume_role.iter().enumerate();
        problems.extend(checked.filter_map(|(index, role)| role.check(&roles.with_index(index))));
        let ignored = IgnoreTags::ignored(&self.ignore_tags);
        problems.extend(bindings::contradictions(
            &ignored,
            &self.default_tags,
            &self.role_defaults,
        ));
        problems
    }

    /// Says which waivers are over: where the provider is configured, since a host validates a configuration more than once in a run.
    pub(crate) fn expired_waivers(&self) -> Diagnostics {
        Findings::expired(&self.findings).into_iter().collect()
    }

    /// Where and as whom to call. An empty string counts as absent, as in hashicorp/aws.
    ///
    /// # Errors
    /// Neither settings nor variables say enough about a role that is to be assumed.
    pub(crate) fn connection(&self) -> Result<Connection, Diagnostics> {
        let endpoint = |of: fn(&EndpointSettings) -> &Value<String>| {
            let settings = self.endpoints.known()?;
            text(of(settings))
        };
        let variable = |name: &str| std::env::var(name).ok();
        let identity = self.assume_role_with_web_identity.known();
        let first = identity.map(|identity| identity.assume(variable)).transpose()?;
        let chain = self.assume_role.iter().enumerate().map(|(index, role)| {
            role.assume(match self.assume_role.len() {
                1 => "`assume_role`".to_owned(),
                _ => format!("block {} of `assume_role`", index + 1),
            })
        });
        Ok(Connection {
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
            roles: first.into_iter().chain(chain).collect(),
            use_fips_endpoint: self.use_fips_endpoint.known().copied(),
            use_dualstack_endpoint: self.use_dualstack_endpoint.known().copied(),
            max_retries: self.max_retries.known().copied(),
            retry_mode: self.retry_mode.known().map(|mode| match mode {
                RetryMode::Standard => SdkRetryMode::Standard,
                RetryMode::Adaptive => SdkRetryMode::Adaptive,
            }),
            transport: Transport {
                custom_ca_bundle: text(&self.custom_ca_bundle),
                http_proxy: self.http_proxy.known().cloned(),
                https_proxy: self.https_proxy.known().cloned(),
                no_proxy: text(&self.no_proxy),
            },
            skip_metadata_api_check: is_set(&self.skip_metadata_api_check),
        })
    }

    /// The account that is taken for granted, where nobody is to be asked for it.
    ///
    /// # Errors
    /// The settings do not say which one.
    pub(crate) fn assumed_account(&self) -> Result<Option<String>, Diagnostics> {
        if !is_set(&self.skip_credentials_validation) || !is_set(&self.skip_requesting_account_id) {
            return Ok(None);
        }
        match texts(self.allowed_account_ids.known()).as_slice() {
            [account] => Ok(Some(account.clone())),
            _ => Err(Diagnostic::error(
                "Nothing says which account this is",
                "`skip_requesting_account_id` and `skip_credentials_validation` keep the provider from asking STS for the account, and no binding \
                 can do without it: it is in its role's ARN and in its trust policy. Set `allowed_account_ids` to the one account of the \
                 credentials, or remove one of the two settings.",
            )
            .at(Path::attribute("skip_requesting_account_id"))
            .into()),
        }
    }

    /// What the engine is told about every binding.
    pub(crate) fn settings(&self, region: Option<&String>) -> Settings {
        Settings {
            // A region that does not parse is none of AWS's; the clients would not have been made.
            region: region.and_then(|region| region.parse().ok()),
            default_tags: match &self.default_tags {
                Value::Null => Value::Null,
                Value::Unknown(_) => Value::unknown(),
                Value::Known(block) => block.tags.clone(),
            },
            role_defaults: RoleDefaultSettings::defaults(&self.role_defaults),
            ignored_tags: IgnoreTags::ignored(&self.ignore_tags),
            findings: Findings::settings(&self.findings),
            trust_policy_quota: self
                .trust_policy_quota
                .known()
                .and_then(|quota| usize::try_from(*quota).ok()),
        }
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
fn is_duration(text: String) -> bool {
    parse_duration(&text).is_some()
}

fn is_address(text: &str) -> bool {
    let host = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://"));
    text.is_empty() || host.is_some_and(|host| !host.is_empty() && !host.starts_with('/'))
}

/// As other tools take it, also without a scheme.
fn is_proxy(text: &str) -> bool {
    let is_host = |text: &str| !text.is_empty() && !text.starts_with('/') && !text.contains(char::is_whitespace);
    match text.split_once("://") {
        Some((scheme, host)) => matches!(scheme, "http" | "https") && is_host(host),
        None => text.is_empty() || is_host(text),
    }
}

fn has_no_ports(text: &str) -> bool {
    text.split(',').all(|entry| entry.matches(':').count() != 1)
}

fn is_set(value: &Value<bool>) -> bool {
    value.known().copied().unwrap_or(false)
}

/// An empty string counts as absent.
fn text(value: &Value<String>) -> Option<String> {
    value.known().filter(|text| !text.is_empty()).cloned()
}

fn texts<'a, I: IntoIterator<Item = &'a Value<String>>>(values: Option<I>) -> Vec<String> {
    values.into_iter().flatten().filter_map(Value::known).cloned().collect()
}

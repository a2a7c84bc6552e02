//! What follows from the configuration, the account, the partition, the region and the issuer, and from nothing else.

use std::collections::BTreeMap;

use tfmodel::order;
use tfmodel::{Diagnostic, Diagnostics, Path, Value};

use super::defaults::merged;
use super::facts::{Facts, Settings, mode_of, region_of, sends_tags};
use super::model::{Binding, PolicyJson, Role, Scope, parsed};
use super::target::{Tags, Visitor, permissions};
use super::trust::{self, TrustFacts, TrustTerms};
use crate::fact::Fact;
use crate::ids::{
    AccountId, BindingKey, ClusterArn, ClusterName, IdError, Namespace, OidcIssuer, OidcProviderArn, Partition, Region,
    RoleArn, RoleName, RolePath, ServiceAccount,
};
use crate::mode::Mode;
use crate::policy::Document;

/// The annotation with which a service account asks for a role through IRSA.
pub const ROLE_ANNOTATION: &str = "eks.amazonaws.com/role-arn";

/// What a configuration comes to. `None` stands for what is not known yet.
#[derive(Clone, Debug, Default)]
pub(crate) struct Derived {
    pub(super) region: Option<Region>,
    pub(super) account: Option<AccountId>,
    pub(super) partition: Option<Partition>,
    pub(super) mode: Option<Mode>,
    pub(super) sends_tags: Option<bool>,
    pub(super) key: Option<BindingKey>,
    pub(super) role_name: Option<RoleName>,
    pub(super) role_path: Option<RolePath>,
    pub(super) role_arn: Option<RoleArn>,
    pub(super) provider: Option<OidcProviderArn>,
    pub(super) terms: Option<TrustTerms>,
    pub(super) trust: Option<TrustFacts>,
}

/// What follows from there being a target role; null without one.
#[derive(Debug, Default)]
pub(super) struct TargetValues {
    pub(super) external_id: Value<String>,
    pub(super) trust_policy: Value<PolicyJson>,
    pub(super) permissions_policy: Value<PolicyJson>,
}

impl TargetValues {
    const fn unknown() -> Self {
        Self {
            external_id: Value::unknown(),
            trust_policy: Value::unknown(),
            permissions_policy: Value::unknown(),
        }
    }
}

impl Derived {
    pub(super) fn new(
        prior: Option<&Binding>,
        config: &Binding,
        facts: &Facts,
        settings: &Settings,
    ) -> Result<Self, Diagnostics> {
        let mut problems = Diagnostics::new();
        let region = region_of(prior, config, settings);
        // The account of an existing binding does not change because credentials are not known yet.
        let account = facts
            .caller
            .known()
            .map(|caller| caller.account.clone())
            .or_else(|| parsed(&prior?.account_id).ok().flatten());
        let partition = facts
            .caller
            .known()
            .map(|caller| caller.partition.clone())
            .or_else(|| region.as_ref().map(Partition::of_region));
        let cluster: Option<ClusterName> = read(&config.cluster_name, "cluster_name", &mut problems);
        let namespace: Option<Namespace> = read(&config.namespace, "namespace", &mut problems);
        let service_account: Option<ServiceAccount> = read(&config.service_account, "service_account", &mut problems);
        let key = || {
            Some(BindingKey {
                account: account.clone()?,
                region: region.clone()?,
                cluster: cluster?,
                namespace: namespace?,
                service_account: service_account?,
            })
        };
        let mut derived = Self {
            key: key(),
            mode: mode_of(config),
            sends_tags: sends_tags(config),
            region,
            account,
            partition,
            ..Self::default()
        };
        derived.resolve_role(prior, config, settings, &mut problems);
        derived.resolve_provider(prior, config, facts, &mut problems);
        derived.terms = derived
            .partition
            .as_ref()
            .and_then(|partition| TrustTerms::of(&config.trust, derived.sends_tags != Some(false), partition));
        derived.trust = derived.trust_facts();
        if problems.has_errors() {
            return Err(problems);
        }
        Ok(derived)
    }

    /// The binding's key.
    pub(crate) const fn key(&self) -> Option<&BindingKey> {
        self.key.as_ref()
    }

    /// The name of its role.
    pub(crate) const fn role_name(&self) -> Option<&RoleName> {
        self.role_name.as_ref()
    }

    /// Its role.
    pub(crate) const fn role_arn(&self) -> Option<&RoleArn> {
        self.role_arn.as_ref()
    }

    /// How far its trust reaches.
    pub(crate) fn scope(&self) -> Option<Scope> {
        self.terms.as_ref().map(|terms| terms.scope)
    }

    fn resolve_role(
        &mut self,
        prior: Option<&Binding>,
        config: &Binding,
        settings: &Settings,
        problems: &mut Diagnostics,
    ) {
        let given: Option<RoleArn> = read(&config.role_arn, "role_arn", problems);
        let role = match &config.role {
            Value::Unknown(_) => return,
            Value::Null => {
                self.role_name = given.as_ref().map(|arn| arn.name.clone());
                self.role_path = given.as_ref().map(|arn| arn.path.clone());
                self.role_arn = given;
                return;
            }
            Value::Known(role) => role,
        };
        let present = prior.and_then(|prior| prior.role.known());
        self.role_name = match &role.name {
            Value::Null => self.default_name(present, &settings.role_defaults.name_prefix),
            name => read(name, "role.name", problems),
        };
        self.role_path = match &role.path {
            Value::Null => self.default_path(present, &settings.role_defaults.path),
            path => read(path, "role.path", problems),
        };
        self.role_arn = self.own_role_arn();
        if let (Some(own), Some(given)) = (&self.role_arn, &given)
            && own != given
        {
            problems.push(
                Diagnostic::error(
                    "`role` and `role_arn` name different roles",
                    format!(
                        "`role` describes `{own}`, which this binding owns, and `role_arn` is `{given}`. Remove `role_arn` to have the role made, \
                         or `role` to use the one that exists."
                    ),
                )
                .at(Path::attribute("role_arn")),
            );
        }
    }

    fn resolve_provider(
        &mut self,
        prior: Option<&Binding>,
        config: &Binding,
        facts: &Facts,
        problems: &mut Diagnostics,
    ) {
        let given: Option<OidcProviderArn> = read(&config.oidc_provider_arn, "oidc_provider_arn", problems);
        let given_issuer: Option<OidcIssuer> = read(&config.oidc_issuer, "oidc_issuer", problems);
        if !self.mode.is_some_and(Mode::uses_irsa) {
            return;
        }
        if let Some(given) = given {
            if given_issuer.as_ref().is_some_and(|issuer| *issuer != given.issuer) {
                problems.push(
                    Diagnostic::error(
                        "`oidc_issuer` and `oidc_provider_arn` name different issuers",
                        format!(
                            "The provider `{given}` is not for the issuer `{}`. Tokens of one issuer are not admitted through the provider of \
                             another: correct one of the two, or remove it.",
                            given_issuer.as_ref().map_or("", OidcIssuer::as_str)
                        ),
                    )
                    .at(Path::attribute("oidc_provider_arn")),
                );
            }
            self.provider = Some(given);
            return;
        }
        if config.oidc_provider_arn.is_unknown() {
            return;
        }
        let issuer = match &config.oidc_issuer {
            Value::Known(_) => given_issuer,
            Value::Unknown(_) => None,
            Value::Null => match &facts.cluster {
                Fact::Known(cluster) => {
                    if cluster.issuer.is_none() {
                        problems.push(
                            Diagnostic::error(
                                "The cluster has no OIDC issuer",
                                "EKS names no OIDC issuer for this cluster, and IRSA needs one. Set `oidc_issuer` to the address that signs the \
                                 cluster's tokens, or use mode `pod_identity`.",
                            )
                            .at(Path::attribute("oidc_issuer")),
                        );
                    }
                    cluster.issuer.clone()
                }
                // A cluster that is about to be made, or made anew, gets an issuer that nobody knows yet.
                Fact::Absent => None,
                Fact::Unknown | Fact::Denied => prior.and_then(|prior| parsed(&prior.oidc_issuer).ok().flatten()),
            },
        };
        // The provider is in the account of the role, which is the cluster's unless the role says otherwise.
        let account = match &self.role_arn {
            Some(role) => Some(role.account.clone()),
            None if config.role.is_known() => self.account.clone(),
            None => None,
        };
        self.provider = self.provider_of(account, issuer);
    }

    /// A name that was made up once stays, since another name is another role.
    fn default_name(&self, present: Option<&Role>, prefix: &Value<String>) -> Option<RoleName> {
        let key = self.key.as_ref()?;
        let name = present.and_then(|role| role.name.known());
        if let Some(name) = name.filter(|name| key.has_default_role_name(name)) {
            return name.parse().ok();
        }
        let prefix = match prefix {
            Value::Unknown(_) => return None,
            Value::Null => "",
            Value::Known(prefix) => prefix,
        };
        key.default_role_name(prefix).parse().ok()
    }

    /// IAM cannot move a role, so one that stays keeps its path. While the name is unknown, nobody knows whether it stays.
    fn default_path(&self, present: Option<&Role>, path: &Value<String>) -> Option<RolePath> {
        let kept: Option<(&str, RolePath)> =
            present.and_then(|role| Some((role.name.known()?.as_str(), role.path.known()?.parse().ok()?)));
        let fresh = match path {
            Value::Unknown(_) => None,
            Value::Null => Some(RolePath::root()),
            Value::Known(path) => path.parse().ok(),
        };
        match (kept, &self.role_name) {
            (Some((name, path)), Some(wanted)) if name == wanted.as_str() => Some(path),
            (Some((_, path)), None) => fresh.filter(|fresh| *fresh == path),
            (Some(_) | None, _) => fresh,
        }
    }

    fn own_role_arn(&self) -> Option<RoleArn> {
        Some(RoleArn {
            partition: self.partition.clone()?,
            account: self.account.clone()?,
            path: self.role_path.clone()?,
            name: self.role_name.clone()?,
        })
    }

    fn provider_of(&self, account: Option<AccountId>, issuer: Option<OidcIssuer>) -> Option<OidcProviderArn> {
        Some(OidcProviderArn {
            partition: self.partition.clone()?,
            account: account?,
            issuer: issuer?,
        })
    }

    fn trust_facts(&self) -> Option<TrustFacts> {
        let mode = self.mode?;
        // Only EKS Pod Identity sends tags.
        if mode.uses_irsa() && self.provider.is_none() || mode.uses_pod_identity() && self.sends_tags.is_none() {
            return None;
        }
        Some(TrustFacts {
            key: self.key.clone()?,
            partition: self.partition.clone()?,
            mode,
            provider: self.provider.clone(),
            terms: self.terms.clone()?,
        })
    }

    pub(crate) fn trust_policy(&self) -> Value<PolicyJson> {
        match self.trust.as_ref().and_then(trust::document) {
            Some(document) => Value::Known(PolicyJson(document.to_json())),
            None => Value::unknown(),
        }
    }

    /// What follows from there being a target role.
    pub(super) fn target(&self, prior: Option<&Binding>, config: &Binding) -> TargetValues {
        let target = match (self.mode, &config.target_role_arn) {
            (_, Value::Null) | (Some(Mode::Irsa | Mode::Dual), _) => return TargetValues::default(),
            // One that is not known yet may turn out to be null.
            (None, _) | (_, Value::Unknown(_)) => return TargetValues::unknown(),
            (Some(Mode::PodIdentity), Value::Known(target)) => target,
        };
        let policy = |document: Document| PolicyJson(document.to_json());
        let external_id = self.key.as_ref().map(|key| external_id(prior, key));
        let trust = || {
            let visitor = Visitor {
                key: self.key.as_ref()?,
                source: self.role_arn.as_ref()?,
                scope: self.scope()?,
                external_id: external_id.as_ref()?,
            };
            Some(policy(visitor.trust(Tags::sent(self.sends_tags?))))
        };
        TargetValues {
            trust_policy: trust().map_or_else(Value::unknown, Value::Known),
            permissions_policy: Value::Known(policy(permissions(target))),
            external_id: match self.sends_tags {
                Some(true) => Value::Null,
                Some(false) => known_or_unknown(external_id),
                None => Value::unknown(),
            },
        }
    }

    pub(super) fn cluster_arn(&self) -> Value<String> {
        let arn = || {
            let key = self.key.as_ref()?;
            Some(ClusterArn {
                partition: self.partition.clone()?,
                region: key.region.clone(),
                account: key.account.clone(),
                name: key.cluster.clone(),
            })
        };
        known_or_unknown(arn())
    }

    pub(crate) fn annotations(&self) -> Value<BTreeMap<String, Value<String>>> {
        match self.mode {
            None => Value::unknown(),
            Some(mode) if mode.uses_irsa() => Value::Known(order::map([(
                ROLE_ANNOTATION.to_owned(),
                known_or_unknown(self.role_arn.as_ref()),
            )])),
            Some(_) => Value::Known(BTreeMap::new()),
        }
    }

    /// The issuer and its provider as attributes: null where IRSA is not in use and nothing was configured. What was configured is in `planned`,
    /// with the spelling of the prior state.
    pub(super) fn issuer(&self, config: &Binding, planned: &Binding) -> (Value<String>, Value<String>) {
        let attribute =
            |config: &Value<String>, planned: &Value<String>, derived: Option<String>| match (config, self.mode) {
                (Value::Null, Some(mode)) if !mode.uses_irsa() => Value::Null,
                (Value::Null, _) => known_or_unknown(derived),
                (Value::Known(_) | Value::Unknown(_), _) => planned.clone(),
            };
        let provider = self.provider.as_ref();
        (
            attribute(
                &config.oidc_issuer,
                &planned.oidc_issuer,
                provider.map(|provider| provider.issuer.to_string()),
            ),
            attribute(
                &config.oidc_provider_arn,
                &planned.oidc_provider_arn,
                provider.map(ToString::to_string),
            ),
        )
    }

    /// The role with what the configuration leaves to the binding. `planned` has the spellings of the prior state.
    pub(super) fn role(&self, config: &Binding, planned: &Value<Role>, settings: &Settings) -> Value<Role> {
        let (Value::Known(role), Value::Known(planned)) = (&config.role, planned) else {
            return config.role.clone();
        };
        let defaults = &settings.role_defaults;
        Value::Known(Role {
            name: match &role.name {
                Value::Null => known_or_unknown(self.role_name.as_ref()),
                name => name.clone(),
            },
            path: match &role.path {
                Value::Null => known_or_unknown(self.role_path.as_ref()),
                path => path.clone(),
            },
            permissions_boundary: role
                .permissions_boundary
                .clone()
                .or(defaults.permissions_boundary.clone()),
            max_session_duration: role.max_session_duration.clone().or(Value::Known(3600)),
            tags_all: merged([&settings.default_tags, &defaults.tags, &config.tags, &role.tags]),
            keep_previous: role.keep_previous.clone().or(Value::Known(true)),
            force_delete: role.force_delete.clone().or(Value::Known(false)),
            ..planned.clone()
        })
    }
}

/// What EKS says that it sends stays, where it has said so; until then it is what its documentation says.
fn external_id(prior: Option<&Binding>, key: &BindingKey) -> String {
    let said = prior.filter(|prior| prior.id == Value::Known(key.to_string()));
    let said = said.and_then(|prior| prior.external_id.known());
    said.filter(|id| BindingKey::is_external_id(id))
        .cloned()
        .unwrap_or_else(|| key.external_id())
}

/// Known text, or not known yet.
pub(super) fn known_or_unknown(value: Option<impl ToString>) -> Value<String> {
    value.map_or_else(Value::unknown, |value| Value::Known(value.to_string()))
}

/// A name of the configuration, or `None` if it is null or not known yet.
fn read<T>(value: &Value<String>, at: &str, problems: &mut Diagnostics) -> Option<T>
where
    T: std::str::FromStr<Err = IdError>,
{
    match parsed(value) {
        Ok(found) => found,
        Err(error) => {
            let path = at
                .split('.')
                .fold(Path::root(), |path, attribute| path.with_attribute(attribute));
            problems.push(
                Diagnostic::error(
                    format!("`{at}` is not what it has to be"),
                    format!("Found `{}`: {error}.", value.known().map_or("", String::as_str)),
                )
                .at(path),
            );
            None
        }
    }
}

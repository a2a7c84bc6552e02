//! From what is there to the state of a binding that nobody planned.
//!
//! Everything that a configuration says is found where AWS has it; what follows from that is computed as plans compute it, so that a
//! configuration which says the same plans nothing.

mod terms;

use std::collections::BTreeMap;

use tfmodel::{Diagnostic, Diagnostics, Value};

use super::desired::{is_reserved_tag, pods};
use super::facts::{Caller, Facts, Settings};
use super::model::{Binding, PolicyJson, Role};
use super::observed::{Observed, ObservedRole, texts};
use super::plan::{complete, existing};
use super::read::{Texts, inline_now, is_own, own_part, role_now, set};
use super::target::is_policy_name;
use crate::fact::Fact;
use crate::ids::{AssociationArn, BindingKey, Mechanism, OidcProviderArn, Partition};
use crate::inventory::{Reach, admitted};
use crate::mode::Mode;
use crate::policy::{Document, Statement};

/// A binding that exists and is in no state.
#[derive(Clone, Copy, Debug)]
pub struct Existing<'f> {
    /// The binding.
    pub key: &'f BindingKey,
    /// The partition of its cluster.
    pub partition: &'f Partition,
    /// What there is of it.
    pub observed: &'f Observed,
    /// Whether its role carries its tag: only then it owns the role.
    pub owned: bool,
    /// What the provider says about every binding.
    pub settings: &'f Settings,
}

/// The state of a binding that is imported.
///
/// # Errors
/// Nothing binds the service account to the role.
pub fn imported(found: Existing<'_>) -> Result<Binding, Diagnostics> {
    let Existing {
        key,
        partition,
        observed,
        owned,
        settings,
    } = found;
    let Some(role) = &observed.role else {
        return Err(nothing(key, "There is no role."));
    };
    let trust = role.trust();
    let own: Vec<&Statement> = trust.statements.iter().filter(|one| is_own(key, one)).collect();
    let manages = owned || !own.is_empty();
    let association = observed.association.as_ref();
    let provider = irsa_provider(key, &trust);
    let tagged = has(&own, &key.sid(Mechanism::PodIdentity));
    let untagged = has(&own, &key.untagged_sid());
    let is_associated = association.is_some() || tagged || untagged;
    let session_tags = association.map_or(tagged || !untagged, |one| !one.disable_session_tags);
    let has_target = association.is_some_and(|one| one.target_role_arn.is_some());
    let mode = match (is_associated, &provider) {
        // No binding reaches another role by tokens.
        (true, Some(_)) if has_target => Mode::PodIdentity,
        (true, Some(_)) => Mode::Dual,
        (true, None) => Mode::PodIdentity,
        (false, Some(_)) => Mode::Irsa,
        (false, None) => {
            let detail = format!(
                "No Pod Identity association is there, and the trust policy of role `{}` admits no token of the {}.",
                role.name,
                pods(key)
            );
            return Err(nothing(key, &detail));
        }
    };
    let others = trust
        .statements
        .iter()
        .filter(|one| owned && !is_own(key, one) && !one.sid.as_deref().is_some_and(BindingKey::is_sid));
    let tags_all = user_tags(association.map_or_else(|| owned.then_some(&role.tags), |one| Some(&one.tags)));
    let tags = without_defaults(&tags_all, settings);
    let used = provider.as_ref().filter(|_| mode.uses_irsa());
    let arguments = Binding {
        cluster_name: Value::Known(key.cluster.to_string()),
        namespace: Value::Known(key.namespace.to_string()),
        service_account: Value::Known(key.service_account.to_string()),
        region: Value::Known(key.region.to_string()),
        mode: Value::Known(mode),
        role: owned.then(|| own_role(role, &tags_all)).into(),
        role_arn: Value::Known(role.arn.clone()),
        manage_trust_policy: Value::Known(manages && !owned),
        trust: terms::of(&terms::Found {
            key,
            partition,
            mode,
            session_tags,
            provider: provider.as_ref(),
            own: &own,
            others: others.collect(),
        }),
        target_role_arn: association.and_then(|one| one.target_role_arn.clone()).into(),
        session_policy: association
            .and_then(|one| one.session_policy.clone())
            .map(PolicyJson)
            .into(),
        disable_session_tags: Value::Known(!session_tags),
        oidc_issuer: used.map(|provider| provider.issuer.to_string()).into(),
        oidc_provider_arn: used.map(ToString::to_string).into(),
        tags: (!tags.is_empty()).then_some(tags).into(),
        ..Binding::default()
    };
    let mut binding = whole(&arguments, key, partition, settings)?;
    if manages {
        binding.trust_policy = Value::Known(PolicyJson(own_part(key, &trust, owned).to_json()));
    }
    binding.tags_all = Value::Known(tags_all);
    Ok(complete(
        &binding,
        association.map(|one| (one.id.as_str(), one.arn.as_str())),
    ))
}

/// The state of a binding that takes over an association from another resource. `arguments` are what that one says; nothing is asked.
///
/// # Errors
/// A name in the arguments is not what it has to be.
pub fn moved(arguments: &Binding, association: &AssociationArn) -> Result<Binding, Diagnostics> {
    let key = BindingKey {
        account: association.account.clone(),
        region: association.region.clone(),
        cluster: association.cluster.clone(),
        namespace: parse(&arguments.namespace)?,
        service_account: parse(&arguments.service_account)?,
    };
    let mut binding = whole(arguments, &key, &association.partition, &Settings::default())?;
    if arguments.tags_all.is_known() {
        binding.tags_all = arguments.tags_all.clone();
    }
    Ok(complete(
        &binding,
        Some((association.id.as_str(), &association.to_string())),
    ))
}

/// A name of another resource's state.
fn parse<T>(value: &Value<String>) -> Result<T, Diagnostics>
where
    T: std::str::FromStr<Err = crate::ids::IdError>,
{
    let text = value.known().map_or("", String::as_str);
    text.parse().map_err(|error| {
        Diagnostic::error("The state cannot be taken over", format!("Found `{text}`: {error}.")).into()
    })
}

fn whole(
    arguments: &Binding,
    key: &BindingKey,
    partition: &Partition,
    settings: &Settings,
) -> Result<Binding, Diagnostics> {
    let facts = Facts {
        caller: Fact::Known(Caller {
            account: key.account.clone(),
            partition: partition.clone(),
        }),
        ..Facts::default()
    };
    Ok(Binding {
        steps: Value::Known(Vec::new()),
        ..existing(arguments, &facts, settings)?
    })
}

fn nothing(key: &BindingKey, detail: &str) -> Diagnostics {
    Diagnostic::error(
        "There is no such binding",
        format!(
            "Searched in account `{}`, region `{}`, cluster `{}` for service account `{}` in namespace `{}`. {detail}",
            key.account, key.region, key.cluster, key.service_account, key.namespace
        ),
    )
    .into()
}

fn has(own: &[&Statement], sid: &str) -> bool {
    own.iter().any(|one| one.sid.as_deref() == Some(sid))
}

/// The provider of the statement that admits this service account through IRSA: ours, or the one that names it most precisely.
fn irsa_provider(key: &BindingKey, trust: &Document) -> Option<OidcProviderArn> {
    let sid = key.sid(Mechanism::Irsa);
    let (own, others) = trust
        .statements
        .iter()
        .cloned()
        .partition(|one| one.sid.as_ref() == Some(&sid));
    if let Some(own) = admitted(&Document::new(own)).into_iter().next() {
        return Some(own.provider);
    }
    admitted(&Document::new(others))
        .into_iter()
        .filter(|admitted| admitted.is_for(key))
        .min_by_key(|admitted| admitted.reach)
        .filter(|admitted| admitted.reach != Reach::Wider)
        .map(|admitted| admitted.provider)
}

fn own_role(role: &ObservedRole, tags_all: &Texts) -> Role {
    let mut role = role.clone();
    role.inline_policies.retain(|name, _| !is_policy_name(name));
    let shown = role_now(
        &Role {
            force_delete: Value::Known(false),
            keep_previous: Value::Known(true),
            max_session_duration: Value::Known(3600),
            tags_all: Value::Known(Texts::new()),
            ..Role::default()
        },
        &role,
        &Value::Known(tags_all.clone()),
    );
    Role {
        // An empty set would say that nobody else may give the role policies. A role without any does not.
        managed_policy_arns: (!role.managed_policy_arns.is_empty())
            .then(|| set(&role.managed_policy_arns))
            .into(),
        inline_policies: (!role.inline_policies.is_empty())
            .then(|| inline_now(None, &role))
            .into(),
        ..shown
    }
}

fn user_tags(tags: Option<&BTreeMap<String, String>>) -> Texts {
    let users = tags.into_iter().flatten().filter(|(key, _)| !is_reserved_tag(key));
    users
        .map(|(key, value)| (key.clone(), Value::Known(value.clone())))
        .collect()
}

/// The tags that the provider's settings do not give to every binding anyway.
fn without_defaults(tags: &Texts, settings: &Settings) -> Texts {
    let defaults = texts(&settings.default_tags);
    let own = tags.iter().filter(|(key, value)| defaults.get(*key) != value.known());
    own.map(|(key, value)| (key.clone(), value.clone())).collect()
}

//! From what is there to the state: every kind of drift changes an attribute, and spelling alone changes none.

use std::collections::BTreeMap;

use tfmodel::Value;
use tfmodel::model::Set;

use super::desired::is_reserved_tag;
use super::model::{Binding, Mode, PolicyJson, Role, same_policy};
use super::observed::{Observed, ObservedAssociation, ObservedRole, texts};
use super::plan::ready_token;
use crate::ids::{BindingKey, ClusterArn, Mechanism, OidcProviderArn, Partition};
use crate::policy::{Document, PrincipalKind, Statement, decode};

type Texts = BTreeMap<String, Value<String>>;

/// The state of a binding, from its last state and what is there now; `None` if nothing of it is left.
pub fn read(state: &Binding, observed: &Observed) -> Option<Binding> {
    let key = state.id.known().and_then(|id| id.parse::<BindingKey>().ok());
    let owned = state.role.is_known();
    let manages = owned || state.manage_trust_policy == Value::Known(true);
    let trust = observed.role.as_ref().map(ObservedRole::trust);
    let ours = |trust: &Document| {
        key.as_ref()
            .is_some_and(|key| trust.statements.iter().any(|one| is_own(key, one)))
    };
    let left = observed.association.is_some()
        || if owned {
            observed.role.is_some()
        } else if manages {
            trust.as_ref().is_some_and(ours)
        } else {
            // With IRSA and a role of somebody else there is nothing in AWS that could be gone.
            state.mode == Value::Known(Mode::Irsa)
        };
    if !left {
        return None;
    }

    let mut now = state.clone();
    if let Some(association) = &observed.association {
        now.association_id = Value::Known(association.id.clone());
        now.association_arn = Value::Known(association.arn.clone());
        if !association.role_arn.is_empty() {
            now.role_arn = Value::Known(association.role_arn.clone());
        }
    } else {
        now.association_id = Value::Null;
        now.association_arn = Value::Null;
    }
    if owned {
        now.role = match (&observed.role, &state.role) {
            (Some(role), Value::Known(earlier)) => Value::Known(role_now(earlier, role, &state.tags_all)),
            (Some(_) | None, _) => Value::Null,
        };
        if observed.role.is_none() {
            now.role_name = Value::Null;
        }
    }
    if manages {
        let document = match (&key, trust) {
            (Some(key), Some(trust)) => own_part(key, &trust, owned),
            _ => Document::new(Vec::new()),
        };
        let same =
            |earlier: &&PolicyJson| Document::parse(&earlier.0).is_ok_and(|earlier| earlier.same_meaning(&document));
        if state.trust_policy.known().filter(same).is_none() {
            now.trust_policy = Value::Known(PolicyJson(document.to_json()));
        }
    }
    now.tags_all = Value::Known(tags_now(state, observed));
    if now.association_id != state.association_id || now.role_arn != state.role_arn {
        now.ready_token = ready_token(&now);
    }
    Some(now)
}

fn is_own(key: &BindingKey, statement: &Statement) -> bool {
    statement.sid.as_deref().is_some_and(|sid| key.owns_sid(sid))
}

/// What a trust policy says for one binding: its statements, and in a role that it owns everything that no other binding wrote.
fn own_part(key: &BindingKey, trust: &Document, owned: bool) -> Document {
    let statements = trust.statements.iter().filter(|statement| {
        is_own(key, statement) || owned && !statement.sid.as_deref().is_some_and(BindingKey::is_sid)
    });
    Document {
        statements: statements.cloned().collect(),
        // The version of a role that somebody else owns is theirs.
        ..if owned {
            trust.clone()
        } else {
            Document::new(Vec::new())
        }
    }
}

fn role_now(earlier: &Role, role: &ObservedRole, common: &Value<Texts>) -> Role {
    let mut now = earlier.clone();
    now.name = Value::Known(role.name.clone());
    now.path = Value::Known(role.path.clone());
    now.description = role.description.clone().into();
    now.permissions_boundary = role.permissions_boundary.clone().into();
    if let Some(seconds) = role.max_session_duration {
        now.max_session_duration = Value::Known(seconds);
    }
    if earlier.managed_policy_arns.is_known() {
        now.managed_policy_arns = Value::Known(set(&role.managed_policy_arns));
    }
    if let Some(earlier) = earlier.inline_policies.known() {
        now.inline_policies = Value::Known(inline_now(Some(earlier), role));
    }
    // A tag of the binding that the role overrides is the role's.
    let own = texts(&earlier.tags);
    let common = texts(common);
    let tags: Texts = role
        .tags
        .iter()
        .filter(|(key, value)| {
            own.contains_key(*key)
                || !is_reserved_tag(key) && common.get(*key) != Some(value) && !common.contains_key(*key)
        })
        .map(|(key, value)| (key.clone(), Value::Known(value.clone())))
        .collect();
    if !tags.is_empty() || earlier.tags.is_known() {
        now.tags = Value::Known(tags);
    }
    now
}

fn inline_now(
    earlier: Option<&BTreeMap<String, Value<PolicyJson>>>,
    role: &ObservedRole,
) -> BTreeMap<String, Value<PolicyJson>> {
    role.inline_policies
        .iter()
        .map(|(name, found)| {
            let found = decode(found);
            let kept = earlier
                .and_then(|earlier| earlier.get(name)?.known())
                .filter(|earlier| same_policy(&earlier.0, &found));
            let policy = kept.cloned().unwrap_or_else(|| PolicyJson(found.into_owned()));
            (name.clone(), Value::Known(policy))
        })
        .collect()
}

fn set(texts: &[String]) -> Set<Value<String>> {
    texts.iter().cloned().map(Value::Known).collect()
}

/// The tags that role and association have in common; where one of them drifted, those of that one.
fn tags_now(state: &Binding, observed: &Observed) -> Texts {
    let earlier = texts(&state.tags_all);
    let role_only = state.role.known().map(|role| texts(&role.tags)).unwrap_or_default();
    let users = |tags: &BTreeMap<String, String>| -> BTreeMap<String, String> {
        tags.iter()
            .filter(|(key, _)| !is_reserved_tag(key))
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect()
    };
    let association = observed.association.as_ref().map(|one| users(&one.tags));
    let role = observed.role.as_ref().filter(|_| state.role.is_known()).map(|role| {
        let mut tags = users(&role.tags);
        // What the role has beyond the common tags shows in `role.tags`, what it overrides is no drift.
        tags.retain(|key, _| earlier.contains_key(key) && !role_only.contains_key(key));
        tags.extend(
            earlier
                .iter()
                .filter(|(key, _)| role_only.contains_key(*key))
                .map(|(key, value)| (key.clone(), value.clone())),
        );
        tags
    });
    let drifted = [association, role].into_iter().flatten().find(|tags| *tags != earlier);
    drifted
        .unwrap_or(earlier)
        .into_iter()
        .map(|(key, value)| (key, Value::Known(value)))
        .collect()
}

/// The state of a binding that is imported. The role is this binding's own only where `owned` says that its tag is on it.
pub fn imported(key: &BindingKey, partition: &Partition, observed: &Observed, owned: bool) -> Option<Binding> {
    let role = observed.role.as_ref()?;
    let trust = role.trust();
    let provider = irsa_provider(key, &trust);
    let mode = match (&observed.association, &provider) {
        (Some(_), Some(_)) => Mode::Dual,
        (Some(_), None) => Mode::PodIdentity,
        (None, _) => Mode::Irsa,
    };
    let text = |text: &dyn ToString| Value::Known(text.to_string());
    let manages = trust.statements.iter().any(|one| is_own(key, one));
    let tagged = match &observed.association {
        Some(ObservedAssociation { tags, .. }) => Some(tags),
        None => owned.then_some(&role.tags),
    };
    let tags: Texts = tagged
        .into_iter()
        .flatten()
        .filter(|(key, _)| !is_reserved_tag(key))
        .map(|(key, value)| (key.clone(), Value::Known(value.clone())))
        .collect();
    let tags_all = Value::Known(tags.clone());
    let role_now = owned.then(|| Role {
        // An empty set would say that nobody else may give the role policies. A role without any does not.
        managed_policy_arns: (!role.managed_policy_arns.is_empty())
            .then(|| set(&role.managed_policy_arns))
            .into(),
        inline_policies: (!role.inline_policies.is_empty())
            .then(|| inline_now(None, role))
            .into(),
        ..role_now(
            &Role {
                force_delete: Value::Known(false),
                max_session_duration: Value::Known(3600),
                ..Role::default()
            },
            role,
            &tags_all,
        )
    });
    let own = own_part(key, &trust, owned);
    let association = observed.association.as_ref();
    let mut binding = Binding {
        cluster_name: text(&key.cluster),
        namespace: text(&key.namespace),
        service_account: text(&key.service_account),
        region: text(&key.region),
        mode: Value::Known(mode),
        allow_disruptive_switch: Value::Known(false),
        role: role_now.into(),
        role_arn: Value::Known(role.arn.clone()),
        manage_trust_policy: Value::Known(manages && !owned),
        oidc_issuer: provider.as_ref().map(|provider| provider.issuer.to_string()).into(),
        oidc_provider_arn: provider.as_ref().map(ToString::to_string).into(),
        tags: (!tags.is_empty()).then_some(tags).into(),
        tags_all,
        id: text(key),
        role_name: Value::Known(role.name.clone()),
        account_id: text(&key.account),
        cluster_arn: text(&ClusterArn {
            partition: partition.clone(),
            region: key.region.clone(),
            account: key.account.clone(),
            name: key.cluster.clone(),
        }),
        association_id: association.map(|one| one.id.clone()).into(),
        association_arn: association.map(|one| one.arn.clone()).into(),
        trust_policy: Value::Known(PolicyJson(own.to_json())),
        service_account_annotations: Value::Known(if mode.uses_irsa() {
            BTreeMap::from([(super::ROLE_ANNOTATION.to_owned(), Value::Known(role.arn.clone()))])
        } else {
            BTreeMap::new()
        }),
        disable_session_tags: Value::Known(association.is_some_and(|one| one.disable_session_tags)),
        target_role_arn: association.and_then(|one| one.target_role_arn.clone()).into(),
        session_policy: association
            .and_then(|one| one.session_policy.clone())
            .map(PolicyJson)
            .into(),
        owner_arn: association.and_then(|one| one.owner_arn.clone()).into(),
        wait_for_effect: Value::Known(true),
        steps: Value::Known(Vec::new()),
        ..Binding::default()
    };
    binding.ready_token = ready_token(&binding);
    Some(binding)
}

/// The provider of the statement that admits this service account through IRSA: ours, or one that names its subject.
fn irsa_provider(key: &BindingKey, trust: &Document) -> Option<OidcProviderArn> {
    let subject = format!("system:serviceaccount:{}:{}", key.namespace, key.service_account);
    let sid = key.sid(Mechanism::Irsa);
    trust.statements.iter().find_map(|statement| {
        let provider: OidcProviderArn = statement
            .principals
            .as_ref()?
            .of_kind(&PrincipalKind::Federated)
            .next()?
            .parse()
            .ok()?;
        let names_subject = statement
            .conditions
            .iter()
            .any(|condition| condition.key.ends_with(":sub") && condition.values.iter().any(|value| *value == subject));
        (names_subject || statement.sid.as_deref() == Some(&sid)).then_some(provider)
    })
}

use std::collections::BTreeMap;

use tfmodel::plan::TypedDraft;
use tfmodel::{Diagnostic, Diagnostics, Model, Path, Value};

use super::checks;
use super::derived::{Derived, known_or_unknown};
use super::desired::Desired;
use super::existing::{Occupants, Start, is_given};
use super::facts::{Facts, Settings};
use super::model::{Binding, OnExisting, PolicyJson, Role};
use super::observed::Observed;
use super::reconcile::reconcile;
use super::steps::Step;
use super::trust;
use crate::ids::{AssociationArn, AssociationId, BindingKey, OidcProviderArn, digest};
use crate::mode::Mode;
use crate::policy::Document;

/// Plans a binding that will exist.
///
/// Planned values follow from prior state, configuration, account, partition, region and issuer alone. Everything that can be known is; what
/// was observed besides leads to warnings.
///
/// # Errors
/// The configuration asks for something that cannot be, or that would interrupt pods without having been allowed to.
pub fn plan(
    mut draft: TypedDraft<Binding>,
    facts: &Facts,
    settings: &Settings,
) -> Result<TypedDraft<Binding>, Diagnostics> {
    let prior = draft.prior.as_ref();
    let mut messages = checks::configuration(&draft.config);
    let derived = match Derived::new(prior, &draft.config, facts, settings) {
        Ok(derived) => derived,
        Err(problems) => {
            messages.extend(problems);
            return Err(messages);
        }
    };
    let mut planned = fill(prior, &draft.config, draft.planned, &derived, settings);
    let desired = desired(&planned, &derived);
    messages.extend(checks::change(
        prior,
        &draft.config,
        &planned,
        &derived,
        facts,
        settings,
    ));
    if let Some(desired) = &desired {
        messages.extend(taken(prior, &planned, desired, facts).unwrap_or_else(|problems| problems));
    }
    if !messages.has_errors() {
        let changes = prior.is_none_or(|prior| !same_but_for_steps(prior, &planned));
        messages.extend(checks::preflight(prior, &draft.config, &derived, facts, settings));
        messages.extend(checks::trust(
            &draft.config,
            &planned,
            &derived,
            facts,
            settings,
            changes,
        ));
    }
    if messages.has_errors() {
        return Err(messages);
    }
    planned.steps = match prior {
        Some(prior) if same_but_for_steps(prior, &planned) => prior.steps.clone(),
        // A plan is made twice: what is there to adopt may have gone or come in between, and what is unknown may be anything.
        prior if may_adopt(prior, &planned) || !decides_steps(prior, &planned) => Value::unknown(),
        prior => steps(prior, desired.as_ref(), facts)?.map_or_else(Value::unknown, |steps| step_texts(&steps)),
    };
    draft.planned = planned;
    draft.warnings.extend(messages);
    Ok(draft)
}

/// Why the role of somebody else, as it is now, keeps the binding's pods out for certain; of what a plan only warns, an apply stops for.
pub fn refusals(prior: Option<&Binding>, config: &Binding, facts: &Facts, settings: &Settings) -> Diagnostics {
    match Derived::new(prior, config, facts, settings) {
        Ok(derived) => checks::refusals(config, &derived, facts).into_iter().collect(),
        Err(problems) => problems,
    }
}

/// Completes a plan when it is applied, with the facts of that moment.
///
/// What stays unknown is the association's id and what follows from it: see [`complete`].
///
/// # Errors
/// Something planned no longer holds, for instance because the cluster was replaced.
pub fn settle(
    prior: Option<&Binding>,
    config: &Binding,
    planned: &Binding,
    facts: &Facts,
    settings: &Settings,
) -> Result<Binding, Diagnostics> {
    let derived = Derived::new(prior, config, facts, settings)?;
    let mut settled = fill(prior, config, planned.clone(), &derived, settings);
    settled.steps = planned.steps.clone();
    if planned.ready_token.is_unknown() {
        settled.ready_token = Value::unknown();
    }
    if let (Value::Known(then), Value::Known(now)) = (&planned.oidc_issuer, &settled.oidc_issuer)
        && then != now
    {
        return Err(Diagnostic::error(
            "The cluster's OIDC issuer changed after planning",
            format!(
                "The plan was made for `{then}`, and the cluster now has `{now}`: it was probably replaced. Nothing was changed. Plan again."
            ),
        )
        .at(Path::attribute("oidc_issuer"))
        .into());
    }
    for (name, then) in attributes(planned) {
        let now = settled.to_value().get(&name).cloned().unwrap_or_default();
        if !agrees(&then, &now) {
            return Err(Diagnostic::error(
                "What was planned no longer holds",
                format!(
                    "`{name}` comes to something else now than when the plan was made, because the account, the region or the cluster is another \
                     one. Nothing was changed. Plan again."
                ),
            )
            .at(Path::attribute(name))
            .into());
        }
    }
    Ok(settled)
}

/// Tells the steps that are taken, where the plan could not.
pub fn tell(settled: &mut Binding, steps: &[Step]) {
    if settled.steps.is_unknown() {
        settled.steps = step_texts(steps);
    }
}

/// The binding as it is once its steps are done; `association` is its id and ARN.
#[must_use]
pub fn complete(settled: &Binding, association: Option<(&str, &str)>) -> Binding {
    let mut done = settled.clone();
    done.association_id = association.map(|(id, _)| id.to_owned()).into();
    done.association_arn = association.map(|(_, arn)| arn.to_owned()).into();
    done.ready_token = ready_token(&done);
    done
}

/// What follows from a binding alone.
///
/// # Errors
/// A name in the binding is not what it has to be.
pub(crate) fn derive(binding: &Binding, facts: &Facts, settings: &Settings) -> Result<Derived, Diagnostics> {
    Derived::new(None, binding, facts, settings)
}

/// A binding that exists, from its arguments: what follows from them, but what only AWS knows.
pub(super) fn existing(arguments: &Binding, facts: &Facts, settings: &Settings) -> Result<Binding, Diagnostics> {
    let derived = Derived::new(None, arguments, facts, settings)?;
    Ok(fill(None, arguments, arguments.clone(), &derived, settings))
}

/// Computed attributes, from everything that may decide about them.
fn fill(
    prior: Option<&Binding>,
    config: &Binding,
    mut planned: Binding,
    derived: &Derived,
    settings: &Settings,
) -> Binding {
    planned.region = match &config.region {
        Value::Null => known_or_unknown(derived.region.as_ref()),
        region => region.clone(),
    };
    planned.mode = config.mode.clone().or(Value::Known(Mode::PodIdentity));
    planned.allow_disruptive_switch = config.allow_disruptive_switch.clone().or(Value::Known(false));
    planned.on_existing = config.on_existing.clone().or(Value::Known(OnExisting::Fail));
    planned.manage_trust_policy = config.manage_trust_policy.clone().or(Value::Known(false));
    planned.role = derived.role(config, &planned.role, settings);
    planned.role_arn = match &config.role_arn {
        Value::Null => known_or_unknown(derived.role_arn.as_ref()),
        arn => arn.clone(),
    };
    (planned.oidc_issuer, planned.oidc_provider_arn) = derived.issuer(config, &planned);
    planned.tags_all = settings.tags_all(&config.tags);
    planned.id = known_or_unknown(derived.key.as_ref());
    planned.role_name = known_or_unknown(derived.role_name.as_ref());
    planned.account_id = known_or_unknown(derived.account.as_ref());
    planned.cluster_arn = derived.cluster_arn();
    let earlier = |of: fn(&Binding) -> &Value<PolicyJson>| prior.and_then(|prior| of(prior).known());
    planned.trust_policy = keep_spelling(earlier(|one| &one.trust_policy), derived.trust_policy());
    planned.disable_session_tags = match derived.sends_tags {
        Some(sends) => Value::Known(!sends),
        None => Value::unknown(),
    };
    planned.wait_for_effect = config.wait_for_effect.clone().or(Value::Known(true));
    let target = derived.target(prior, config);
    planned.external_id = target.external_id;
    planned.target_trust_policy = keep_spelling(earlier(|one| &one.target_trust_policy), target.trust_policy);
    planned.target_permissions_policy =
        keep_spelling(earlier(|one| &one.target_permissions_policy), target.permissions_policy);
    planned.service_account_annotations = derived.annotations();
    (planned.association_id, planned.association_arn) = association(prior, derived);
    planned.owner_arn = match prior.filter(|_| planned.association_id.is_known()) {
        Some(prior) => prior.owner_arn.clone(),
        // An add-on owns what it makes itself.
        None => Value::Null,
    };
    planned.ready_token = ready_token(&planned);
    planned
}

/// A policy that means what the prior one means is no change.
fn keep_spelling(earlier: Option<&PolicyJson>, policy: Value<PolicyJson>) -> Value<PolicyJson> {
    match (&policy, earlier) {
        (Value::Known(new), Some(old)) if super::model::same_policy(&new.0, &old.0) => Value::Known(old.clone()),
        _ => policy,
    }
}

/// Id and ARN of the association: those of the one that is there stay, a new one gets new ones.
fn association(prior: Option<&Binding>, derived: &Derived) -> (Value<String>, Value<String>) {
    match derived.mode {
        None => (Value::unknown(), Value::unknown()),
        Some(mode) if !mode.uses_pod_identity() => (Value::Null, Value::Null),
        Some(_) => {
            let same = |prior: &&Binding| {
                prior.association_id.is_known()
                    && derived.key.as_ref().map(BindingKey::to_string).as_ref() == prior.id.known()
            };
            let Some(prior) = prior.filter(same) else {
                return (Value::unknown(), Value::unknown());
            };
            (prior.association_id.clone(), association_arn(prior, derived))
        }
    }
}

fn association_arn(prior: &Binding, derived: &Derived) -> Value<String> {
    if prior.association_arn.is_known() {
        return prior.association_arn.clone();
    }
    let arn = || {
        let key = derived.key.as_ref()?;
        Some(AssociationArn {
            partition: derived.partition.clone()?,
            region: key.region.clone(),
            account: key.account.clone(),
            cluster: key.cluster.clone(),
            id: prior.association_id.known()?.parse::<AssociationId>().ok()?,
        })
    };
    known_or_unknown(arn())
}

/// Names what a new pod gets. `dual` counts as `pod_identity`: that is what new pods get in it.
pub(super) fn ready_token(binding: &Binding) -> Value<String> {
    let (Value::Known(mode), Value::Known(role)) = (&binding.mode, &binding.role_arn) else {
        return Value::unknown();
    };
    let association = match &binding.association_id {
        Value::Unknown(_) => return Value::unknown(),
        Value::Null => "",
        Value::Known(id) => id,
    };
    if !mode.uses_pod_identity() {
        return Value::Known(digest(&["ready", "irsa", role, association], 26));
    }
    let (target, policy, tags) = match (
        &binding.target_role_arn,
        &binding.session_policy,
        &binding.disable_session_tags,
    ) {
        (Value::Unknown(_), ..) | (_, Value::Unknown(_), _) | (.., Value::Unknown(_)) => return Value::unknown(),
        (target, policy, disabled) => (
            target.known().map_or("", String::as_str),
            policy.known().map(canonical).unwrap_or_default(),
            if disabled == &Value::Known(true) {
                "untagged"
            } else {
                "tagged"
            },
        ),
    };
    let parts = ["ready", "pod_identity", role, association, target, &policy, tags];
    Value::Known(digest(&parts, 26))
}

/// The same text for all policies that mean the same.
fn canonical(policy: &PolicyJson) -> String {
    Document::parse(&policy.0).map_or_else(|_| policy.0.clone(), |policy| policy.canonical().to_json())
}

fn same_but_for_steps(prior: &Binding, planned: &Binding) -> bool {
    let planned = Binding {
        steps: prior.steps.clone(),
        ..planned.clone()
    };
    // Values compare sets without order.
    prior.to_value() == planned.to_value()
}

/// `None` while account, region, cluster, role or mode are not known.
fn desired(planned: &Binding, derived: &Derived) -> Option<Desired> {
    let trust = match planned.trust_policy.known() {
        Some(policy) => Document::parse(&policy.0).ok(),
        None => with_any_issuer(derived),
    };
    Desired::with_trust(planned, trust?, &BTreeMap::new())
}

fn steps(prior: Option<&Binding>, desired: Option<&Desired>, facts: &Facts) -> Result<Option<Vec<Step>>, Diagnostics> {
    let Some(desired) = desired else { return Ok(None) };
    let observed = match prior {
        Some(prior) => Observed::last_seen(prior, desired, &facts.own_roles, &facts.left_roles),
        None => Observed::default(),
    };
    reconcile(&observed, desired).map(Some)
}

/// What is there already and becomes the binding's own with this change, or is in its way.
fn taken(
    prior: Option<&Binding>,
    planned: &Binding,
    desired: &Desired,
    facts: &Facts,
) -> Result<Diagnostics, Diagnostics> {
    // What this very resource made goes before it is made anew.
    let stays = |is_own: bool| prior.is_some() || !is_own;
    let existing = Occupants {
        role: facts.role.known().filter(|found| stays(found.is_own)).cloned(),
        association: facts.association.known().filter(|found| stays(found.is_own)).cloned(),
        is_given: prior.is_some_and(|prior| is_given(prior, desired)),
        former: Vec::new(),
    };
    let on_existing = planned.on_existing.known().copied().unwrap_or(OnExisting::Adopt);
    let start = Start::from(existing, desired, on_existing)?;
    let mut told = start.resumed();
    if start.takes_role || start.takes_association {
        let steps = reconcile(&start.observed, desired)?;
        told.extend(start.adopted(desired, &steps));
    }
    Ok(told)
}

/// Whether something that the state does not know may become the binding's own.
fn may_adopt(prior: Option<&Binding>, planned: &Binding) -> bool {
    let owned = prior.filter(|prior| prior.role.is_known());
    let is_new = !planned.role.is_null() && owned.is_none_or(|owned| owned.role_name != planned.role_name);
    planned.on_existing != Value::Known(OnExisting::Fail) && (is_new || planned.association_id.is_unknown())
}

/// Whether what is known decides which steps there are.
///
/// A binding that exists may turn out not to change at all. Of a new one, only what its steps name matters: they stay known while a tag or the
/// issuer is not.
fn decides_steps(prior: Option<&Binding>, planned: &Binding) -> bool {
    if prior.is_some() {
        let made = Binding {
            association_id: Value::Null,
            association_arn: Value::Null,
            ready_token: Value::Null,
            steps: Value::Null,
            ..planned.clone()
        };
        return made.to_value().is_wholly_known();
    }
    let names_policies = |role: &Role| {
        let managed = role.managed_policy_arns.known();
        !role.managed_policy_arns.is_unknown()
            && managed.is_none_or(|arns| !arns.iter().any(Value::is_unknown))
            && !role.inline_policies.is_unknown()
    };
    planned.role.known().is_none_or(names_policies)
        && !planned.target_role_arn.is_unknown()
        && !planned.disable_session_tags.is_unknown()
        && !planned.manage_trust_policy.is_unknown()
        && !planned.wait_for_effect.is_unknown()
}

/// The trust policy with an issuer in the place of one that is not known yet: which steps there are does not depend on its name.
fn with_any_issuer(derived: &Derived) -> Option<Document> {
    let provider = OidcProviderArn {
        partition: derived.partition.clone()?,
        account: derived.account.clone()?,
        issuer: "known.after.apply".parse().ok()?,
    };
    trust::document(&trust::TrustFacts {
        key: derived.key.clone()?,
        partition: derived.partition.clone()?,
        mode: derived.mode?,
        provider: Some(provider),
        terms: derived.terms.clone()?,
    })
}

fn step_texts(steps: &[Step]) -> Value<Vec<Value<String>>> {
    Value::Known(steps.iter().map(|step| Value::Known(step.to_string())).collect())
}

fn attributes(binding: &Binding) -> Vec<(String, Value)> {
    match binding.to_value() {
        Value::Known(tfmodel::Datum::Object(attributes)) => attributes.into_iter().collect(),
        Value::Null | Value::Unknown(_) | Value::Known(_) => Vec::new(),
    }
}

/// Whether a value is what was planned, as far as that was known.
fn agrees(planned: &Value, now: &Value) -> bool {
    use tfmodel::Datum;
    let entry = |planned: &Value, now: Option<&Value>| now.is_some_and(|now| agrees(planned, now));
    match (planned, now) {
        (Value::Unknown(_), _) | (_, Value::Unknown(_)) => true,
        (Value::Known(Datum::Object(planned)), Value::Known(Datum::Object(now))) => {
            planned.len() == now.len() && planned.iter().all(|(name, value)| entry(value, now.get(name)))
        }
        (Value::Known(Datum::Map(planned)), Value::Known(Datum::Map(now))) => {
            planned.len() == now.len() && planned.iter().all(|(key, value)| entry(value, now.get(key)))
        }
        (planned, now) if planned.is_wholly_known() => planned == now,
        // Lists and sets with unknown elements: the host compares them in full.
        (_, now) => now.is_known(),
    }
}

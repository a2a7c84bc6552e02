//! What can be said about a configuration and a change before anything is done.

use std::collections::{BTreeMap, BTreeSet};

use tfmodel::{Diagnostic, Diagnostics, Path, Value};

use super::derived::Derived;
use super::desired::{is_reserved_tag, pods};
use super::facts::{Fact, Facts, Settings, mode_of, taken_over};
use super::model::{Binding, Mode, Scope, Trust};
use super::trust::{self, list};
use crate::ids::{BindingKey, Mechanism, ServiceAccount};
use crate::policy::{Document, Statement, decode};

/// Checks of a configuration by itself.
pub fn configuration(config: &Binding) -> Diagnostics {
    let mut problems = Diagnostics::new();
    let mode = mode_of(config);
    let is_pattern = config
        .service_account
        .known()
        .and_then(|name| name.parse::<ServiceAccount>().ok())
        .is_some_and(|name| name.is_pattern());
    if is_pattern && mode.is_some_and(Mode::uses_pod_identity) {
        problems.push(
            Diagnostic::error(
                "EKS Pod Identity needs the name of one service account",
                "`service_account` has a wildcard. An association is for exactly one service account: name it, or use mode `irsa`, whose conditions \
                 know `*` and `?`.",
            )
            .at(Path::attribute("service_account")),
        );
    }
    trust_terms(config, mode, &mut problems);
    for (path, tags) in [
        (Path::attribute("tags"), &config.tags),
        (
            Path::attribute("role").with_attribute("tags"),
            config.role.known().map_or(&Value::Null, |role| &role.tags),
        ),
    ] {
        tag_keys(&path, tags, &mut problems);
    }
    problems
}

fn trust_terms(config: &Binding, mode: Option<Mode>, problems: &mut Diagnostics) {
    let Some(terms) = config.trust.known() else { return };
    let path = Path::attribute("trust");
    if terms.scope.known() == Some(&Scope::Account) && mode.is_some_and(Mode::uses_irsa) {
        problems.push(
            Diagnostic::error(
                "IRSA cannot trust a whole account",
                "`trust.scope` is `account`. An OIDC issuer belongs to one cluster, so with IRSA the trust reaches as far as `cluster` at most: use \
                 that, or mode `pod_identity`.",
            )
            .at(path.with_attribute("scope")),
        );
    }
    if config.role.is_null() && list(&terms.statements).is_some_and(|statements| !statements.is_empty()) {
        problems.push(
            Diagnostic::error(
                "Statements can only be given to a role that the binding owns",
                "`trust.statements` is set, and `role_arn` names a role that somebody else owns. Put the statements where that role is managed, or \
                 describe the role in `role`.",
            )
            .at(path.with_attribute("statements")),
        );
    }
    sids(terms, &path.with_attribute("statements"), problems);
    let conditions = terms.conditions.known().into_iter().flatten();
    let mut seen: Vec<(String, String)> = Vec::new();
    for (index, condition) in conditions.enumerate() {
        let Some(condition) = condition.known() else { continue };
        let (Some(test), Some(variable)) = (condition.test.known(), condition.variable.known()) else {
            continue;
        };
        let key = variable.to_ascii_lowercase();
        let is_own = trust::sets_condition(mode, terms, condition, test, &key);
        let repeated = seen.contains(&(test.clone(), key.clone()));
        seen.push((test.clone(), key));
        if !is_own && !repeated {
            continue;
        }
        let why = if is_own {
            "The binding sets this condition itself: use `trust.scope` and `trust.source_account` to change it."
        } else {
            "It stands twice, and a statement holds each only once: write all `values` in one."
        };
        problems.push(
            Diagnostic::error(
                "Condition cannot be added",
                format!("`{test}` on `{variable}` cannot be added to the trust policy. {why}"),
            )
            .at(path.with_attribute("conditions").with_index(index)),
        );
    }
}

/// A Sid says whose a statement is, and IAM takes each only once.
fn sids(terms: &Trust, path: &Path, problems: &mut Diagnostics) {
    let mut seen = BTreeSet::new();
    for (index, text) in terms.statements.known().into_iter().flatten().enumerate() {
        let statement = text.known().and_then(|text| text.parse::<Statement>().ok());
        let Some(sid) = statement
            .and_then(|statement| statement.sid)
            .filter(|sid| !sid.is_empty())
        else {
            continue;
        };
        let (summary, why) = if BindingKey::is_sid(&sid) {
            (
                "Sid is reserved",
                "has the form by which bindings know their own statements, so it would be taken for one of them",
            )
        } else if seen.contains(&sid) {
            (
                "Sid stands twice",
                "is the Sid of an earlier statement too, and IAM wants each to have its own",
            )
        } else {
            seen.insert(sid);
            continue;
        };
        problems.push(
            Diagnostic::error(summary, format!("`{sid}` {why}. Choose another, or leave it out."))
                .at(path.with_index(index)),
        );
    }
}

fn tag_keys(path: &Path, tags: &Value<BTreeMap<String, Value<String>>>, problems: &mut Diagnostics) {
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    for (key, value) in tags.known().into_iter().flatten() {
        let at = path.with_key(key);
        if is_reserved_tag(key) {
            problems.push(
                Diagnostic::error(
                    "Tag key is reserved",
                    format!("`{key}` is set by AWS or by the binding itself. Choose another key."),
                )
                .at(at.clone()),
            );
        }
        if let Some(other) = seen.insert(key.to_ascii_lowercase(), key) {
            problems.push(differ_in_case(other, key, at.clone()));
        }
        // https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html
        let length = value.known().map_or(0, |value| value.chars().count());
        if !(1..=128).contains(&key.chars().count()) || length > 256 {
            problems.push(
                Diagnostic::error(
                    "Tag is too long",
                    format!(
                        "The key `{key}` has {} characters and its value {length}. AWS allows 1 to 128 for a key and 256 for a value.",
                        key.chars().count()
                    ),
                )
                .at(at),
            );
        }
    }
}

fn differ_in_case(one: &str, other: &str, at: Path) -> Diagnostic {
    Diagnostic::error(
        "Tag keys differ only in case",
        format!("IAM takes `{one}` and `{other}` for the same key. Remove one of them."),
    )
    .at(at)
}

/// A role has the tags of the binding, of the provider and its own.
fn tags_together(planned: &Binding) -> Vec<Diagnostic> {
    let own = planned.tags.known();
    let role = planned.role.known().and_then(|role| role.tags.known());
    let common = planned.tags_all.known().into_iter().flat_map(BTreeMap::keys);
    let by_case: BTreeMap<String, &String> = common.map(|key| (key.to_ascii_lowercase(), key)).collect();
    let conflicts = |tags: Option<&BTreeMap<String, Value<String>>>, path: Path| -> Vec<Diagnostic> {
        let Some(tags) = tags else { return Vec::new() };
        tags.keys()
            .filter_map(|key| {
                let other = by_case.get(&key.to_ascii_lowercase())?;
                // Two keys of one map have been compared already.
                let is_elsewhere = *other != key && !tags.contains_key(*other);
                is_elsewhere.then(|| differ_in_case(other, key, path.with_key(key)))
            })
            .collect()
    };
    let mut found = conflicts(own, Path::attribute("tags"));
    found.extend(conflicts(role, Path::attribute("role").with_attribute("tags")));
    found
}

/// Checks of a change.
pub(super) fn change(
    prior: Option<&Binding>,
    config: &Binding,
    planned: &Binding,
    derived: &Derived,
    facts: &Facts,
    settings: &Settings,
) -> Diagnostics {
    let mut found = Diagnostics::new();
    if let Some(prior) = prior {
        if let Some(problem) = other_account(prior, derived) {
            return problem.into();
        }
        found.extend(switch(prior, config, derived));
        found.extend(role_change(prior, planned));
        found.extend(takeover(prior, planned, facts));
    }
    found.extend(foreign_role(planned, derived));
    found.extend(tags_together(planned));
    found.extend(size(planned, settings));
    found.extend(partition(derived));
    found.extend(reach(derived));
    found.extend(unmanaged(config, derived, facts));
    found
}

/// With the wrong credentials everything would look as if it were gone.
fn other_account(prior: &Binding, derived: &Derived) -> Option<Diagnostic> {
    let (before, now) = (prior.account_id.known()?, derived.account.as_ref()?);
    (before != now.as_str()).then(|| {
        Diagnostic::error(
            "The binding is in another account",
            format!(
                "It was made in account `{before}`, and the credentials are for account `{now}`. Use credentials of account `{before}`; a binding \
                 cannot move to another account: to have one there, destroy this one first, or give the new one a resource of its own."
            ),
        )
    })
}

/// Where the role is in another account than the cluster.
fn foreign_role(planned: &Binding, derived: &Derived) -> Option<Diagnostic> {
    let (mode, role, account) = (derived.mode?, derived.role_arn.as_ref()?, derived.account.as_ref()?);
    if role.account == *account {
        return None;
    }
    let (attribute, why) = if mode.uses_pod_identity() {
        (
            "role_arn",
            format!(
                "EKS Pod Identity only takes roles of the cluster's account; use mode `irsa`, or a role in account `{account}`."
            ),
        )
    } else if planned.manage_trust_policy == Value::Known(true) {
        (
            "manage_trust_policy",
            "A trust policy can only be written with credentials of the role's account. Set `manage_trust_policy = false`, and put what \
             function `trust_policy` returns where the role is managed."
                .to_owned(),
        )
    } else {
        return None;
    };
    let detail = format!(
        "`{role}` is in account `{}`, and the cluster is in `{account}`. {why}",
        role.account
    );
    Some(Diagnostic::error("Role in another account", detail).at(Path::attribute(attribute)))
}

fn switch(prior: &Binding, config: &Binding, derived: &Derived) -> Option<Diagnostic> {
    let (before, after) = (prior.mode.known()?, derived.mode?);
    let allowed = config.allow_disruptive_switch.known() == Some(&true) || config.allow_disruptive_switch.is_unknown();
    let path = Path::attribute("mode");
    match (before, after) {
        (Mode::Irsa, Mode::PodIdentity) if !allowed => Some(
            Diagnostic::error(
                "Switch would interrupt running pods",
                "`mode` goes from `irsa` to `pod_identity` at once. Pods that run now hold tokens for IRSA and would be refused as soon as their \
                 credentials expire. Set `mode = \"dual\"` and apply, restart the pods, and then set `mode = \"pod_identity\"`. To switch at once all the \
                 same, set `allow_disruptive_switch = true`.",
            )
            .at(path),
        ),
        (Mode::PodIdentity, Mode::Irsa) if !allowed => Some(
            Diagnostic::error(
                "Switch would interrupt running pods",
                "`mode` goes from `pod_identity` to `irsa` at once. Pods that run now get credentials through the association, and would be refused \
                 before the new trust and the annotation of the service account are in effect. Set `mode = \"dual\"` and apply, annotate the service \
                 account as `service_account_annotations` says, and then set `mode = \"irsa\"`. To switch at once all the same, set \
                 `allow_disruptive_switch = true`.",
            )
            .at(path),
        ),
        (Mode::Dual | Mode::PodIdentity, Mode::Irsa) => Some(
            Diagnostic::warning(
                "Going back to IRSA interrupts pods until they are restarted",
                "While the association exists, pods are started for EKS Pod Identity only, so they cannot be restarted into IRSA beforehand; once it is \
                 deleted, those that run lose access at their next refresh. Annotate the service account as `service_account_annotations` says, apply, \
                 and restart its pods at once. `steps` has the order.",
            )
            .at(path),
        ),
        (Mode::Irsa | Mode::Dual | Mode::PodIdentity, _) => None,
    }
}

fn role_change(prior: &Binding, planned: &Binding) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let (Some(before), Some(after)) = (prior.role_arn.known(), planned.role_arn.known()) else {
        return found;
    };
    let (was_owned, is_owned) = (prior.role.is_known(), planned.role.is_known());
    if before == after {
        if was_owned && planned.role.is_null() {
            found.push(
                Diagnostic::warning(
                    "Role is released",
                    format!(
                        "`role` is gone from the configuration and `role_arn` names the same role. `{before}` stays as it is, and deleting this binding \
                         will no longer delete it."
                    ),
                )
                .at(Path::attribute("role")),
            );
        } else if !is_owned
            && prior.manage_trust_policy == Value::Known(true)
            && planned.manage_trust_policy == Value::Known(false)
        {
            found.push(
                Diagnostic::warning(
                    "Statements stay in the role's trust policy",
                    format!(
                        "`manage_trust_policy` is turned off. What this binding wrote into the trust policy of `{before}` stays there, so that pods go on; \
                         remove it where the role is managed once nothing needs it."
                    ),
                )
                .at(Path::attribute("manage_trust_policy")),
            );
        }
    } else if was_owned {
        let name = |arn: &str| arn.rsplit('/').next().unwrap_or_default().to_owned();
        if is_owned && name(before) == name(after) {
            found.push(
                Diagnostic::error(
                    "Path of a role cannot change alone",
                    format!(
                        "IAM has no call that moves a role, and `{after}` cannot be made while `{before}` exists, because role names are unique \
                         whatever their path. Give the role another `name` as well."
                    ),
                )
                .at(Path::attribute("role").with_attribute("path")),
            );
        } else {
            found.push(Diagnostic::warning(
                "Earlier role stays",
                format!(
                    "`{before}` is no longer used for new pods. It stays, because running pods may still hold its credentials and deleting it would end \
                     them; it is deleted together with this binding."
                ),
            ));
        }
    }
    found
}

/// What it means that a role of somebody else becomes the binding's own.
fn takeover(prior: &Binding, planned: &Binding, facts: &Facts) -> Option<Diagnostic> {
    let role = planned.role.known()?;
    let arn = taken_over(prior).filter(|arn| **arn == planned.role_arn)?.known()?;
    let ours = planned
        .trust_policy
        .known()
        .and_then(|policy| Document::parse(&policy.0).ok());
    let trust = facts
        .role
        .known()
        .and_then(|role| Document::parse(&decode(&role.trust_policy)).ok());
    let trust = match ours.zip(trust) {
        None => "From its trust policy goes every statement that neither this binding nor another wrote.".to_owned(),
        Some((ours, trust)) => {
            let goes: Vec<String> = trust
                .statements
                .iter()
                .filter(|one| !one.sid.as_deref().is_some_and(BindingKey::is_sid))
                .filter(|one| !ours.statements.iter().any(|ours| ours.same_meaning(one)))
                .map(|one| {
                    format!(
                        "`{}`",
                        one.sid.as_deref().filter(|sid| !sid.is_empty()).unwrap_or("(no Sid)")
                    )
                })
                .collect();
            if goes.is_empty() {
                "Its trust policy holds nothing else.".to_owned()
            } else {
                format!(
                    "From its trust policy go these statements of others: {}.",
                    goes.join(", ")
                )
            }
        }
    };
    let lists = [
        (role.managed_policy_arns.is_null(), "managed_policy_arns"),
        (role.inline_policies.is_null(), "inline_policies"),
    ];
    let policies: String = lists
        .into_iter()
        .filter(|(is_null, _)| !is_null)
        .map(|(_, list)| format!(" It loses every policy that `role.{list}` does not name."))
        .collect();
    Some(
        Diagnostic::warning(
            "Role becomes this binding's own",
            format!(
                "`role` describes `{arn}`, which somebody else owned. From now on it is as `role` says, and deleting this binding deletes it. \
                 {trust}{policies}"
            ),
        )
        .at(Path::attribute("role")),
    )
}

fn size(planned: &Binding, settings: &Settings) -> Option<Diagnostic> {
    let size = crate::policy::size(&planned.trust_policy.known()?.0);
    let quota = settings
        .trust_policy_quota
        .unwrap_or(Settings::DEFAULT_TRUST_POLICY_QUOTA);
    (size > quota && (planned.role.is_known() || planned.manage_trust_policy == Value::Known(true))).then(|| {
        Diagnostic::error(
            "Trust policy is too large",
            format!(
                "The trust policy of this binding alone has {size} characters without white space, and the quota is {quota}. Shorten \
                 `trust.statements` or `trust.conditions`; if the account's quota was raised, set `trust_policy_quota` in the provider."
            ),
        )
        .at(Path::attribute("trust"))
    })
}

fn partition(derived: &Derived) -> Option<Diagnostic> {
    let partition = derived.partition.as_ref().filter(|partition| partition.is_assumed())?;
    Some(Diagnostic::warning(
        "Partition has not been verified",
        format!(
            "Nobody has confirmed how EKS and IAM behave in partition `{partition}`. The service principal, the audience and the conditions are \
             assumed to be those of partition `aws`."
        ),
    ))
}

/// A finding about security names its binding, because the host folds warnings of equal summary into one.
fn reach(derived: &Derived) -> Option<Diagnostic> {
    let (key, terms) = (derived.key.as_ref()?, derived.terms.as_ref()?);
    (terms.scope == Scope::Account).then(|| {
        Diagnostic::warning(
            format!("Every association of the account may use the role of `{key}`"),
            format!(
                "`trust.scope` is `account`, so the role's trust policy does not say which cluster, namespace or service account it is for. Whoever may \
                 create associations in account `{}` can hand the role to any pod.",
                key.account
            ),
        )
        .at(Path::attribute("trust").with_attribute("scope"))
    })
}

/// What can be told, without evaluating it, of a trust policy that somebody else writes.
fn unmanaged(config: &Binding, derived: &Derived, facts: &Facts) -> Vec<Diagnostic> {
    let (Value::Null, Fact::Known(role)) = (&config.role, &facts.role) else {
        return Vec::new();
    };
    if config.manage_trust_policy.known() == Some(&true) || config.manage_trust_policy.is_unknown() {
        return Vec::new();
    }
    let (Some(mode), Some(key), Some(arn)) = (derived.mode, &derived.key, &derived.role_arn) else {
        return Vec::new();
    };
    let Ok(document) = Document::parse(&decode(&role.trust_policy)) else {
        return Vec::new();
    };
    let missing = |mechanism: Mechanism, used: bool| used && !trust::mentions(&document, mechanism);
    [
        (Mechanism::Irsa, mode.uses_irsa()),
        (Mechanism::PodIdentity, mode.uses_pod_identity()),
    ]
    .into_iter()
    .filter(|(mechanism, used)| missing(*mechanism, *used))
    .map(|(mechanism, _)| {
        Diagnostic::warning(
            format!("Role does not trust {} as it is now", mechanism.name()),
            format!(
                "No statement in the trust policy of `{arn}` allows {}, so the {} would be refused. Add one where the role is managed (function \
                 `trust_policy` writes it), or set `manage_trust_policy = true`.",
                mechanism.name(),
                pods(key)
            ),
        )
        .at(Path::attribute("role_arn"))
    })
    .collect()
}

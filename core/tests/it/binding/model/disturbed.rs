//! Applies in a world where somebody else writes too, and reads may be old.

use std::collections::BTreeMap;

use pod_identity_core::binding::{Action, Binding, TrustEdit, delete};
use pod_identity_core::ids::BindingKey;
use pod_identity_core::policy::{Document, Statement};

use super::super::world::{World, as_iam_returns};
use super::Configuration;
use super::explore::{apply, holds, texts};
use super::situation::Situation;
use super::terraform::{Terraform, existing};

/// What somebody else does to a role's trust policy.
#[derive(Clone, Copy, Debug)]
pub(super) enum Edit {
    PutsFirst,
    PutsLast,
    TakesFirst,
}

/// What somebody else does to what is the binding's.
#[derive(Clone, Copy, Debug)]
pub(super) enum Theft {
    Statements,
    Association,
    Pointing,
}

const THEIRS: &str = r#"{"Sid":"Theirs","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::444455556666:role/new"},"Action":"sts:AssumeRole"}"#;

impl Edit {
    pub(super) const ALL: [Self; 3] = [Self::PutsFirst, Self::PutsLast, Self::TakesFirst];

    fn of(self, document: &Document, key: &BindingKey) -> Document {
        let mut edited = document.clone();
        match self {
            Self::PutsFirst => edited.statements.insert(0, THEIRS.parse().unwrap()),
            Self::PutsLast => edited.statements.push(THEIRS.parse().unwrap()),
            Self::TakesFirst => {
                let first = edited.statements.iter().position(|one| is_foreign(one, key));
                edited.statements.remove(first.unwrap());
            }
        }
        edited
    }
}

impl Theft {
    pub(super) const ALL: [Self; 3] = [Self::Statements, Self::Association, Self::Pointing];

    fn from(self, world: &mut World, key: &BindingKey) {
        match self {
            Self::Statements => {
                for role in world.roles.values_mut() {
                    let mut trust = role.trust();
                    trust.statements.retain(|one| is_foreign(one, key));
                    role.trust_policy = as_iam_returns(&trust);
                }
            }
            Self::Association => world.association = None,
            Self::Pointing => {
                let theirs = world.roles["theirs"].arn.clone();
                world
                    .association
                    .iter_mut()
                    .for_each(|one| one.role_arn.clone_from(&theirs));
            }
        }
    }
}

pub(super) fn key_of(configuration: &Configuration) -> BindingKey {
    super::super::planned(None, &configuration.binding)
        .id
        .known()
        .unwrap()
        .parse()
        .unwrap()
}

fn is_foreign(statement: &Statement, key: &BindingKey) -> bool {
    !statement
        .sid
        .as_deref()
        .is_some_and(|sid| key.owns_sid(sid) || sid == "PibNobody")
}

/// The statements of others in the roles of others, in their order.
fn foreign(world: &World, key: &BindingKey) -> BTreeMap<String, Vec<Statement>> {
    let roles = world
        .roles
        .iter()
        .filter(|(name, _)| ["app", "theirs"].contains(&name.as_str()));
    roles
        .map(|(name, role)| {
            let foreign = role.trust().statements.into_iter().filter(|one| is_foreign(one, key));
            (name.clone(), foreign.map(|one| one.canonical()).collect())
        })
        .collect()
}

/// Applies a change while somebody else edits `role` before one of its steps. Where reads are stale, each read of a trust policy is as old as it
/// can be: it has what others wrote, and nothing that this process wrote after that.
pub(super) fn applies_beside_an_editor(
    world: &World,
    steps: &[pod_identity_core::binding::Step],
    key: &BindingKey,
    (at, role, edit): (usize, &str, Edit),
    is_stale: bool,
) -> Result<(), String> {
    let mut world = world.clone();
    let mut old = world.clone();
    let mut acknowledged: BTreeMap<String, Vec<TrustEdit>> = BTreeMap::new();
    let mut expected = foreign(&world, key);
    for (position, step) in steps.iter().enumerate() {
        if position == at {
            let found = world.roles.get_mut(role).unwrap();
            found.trust_policy = as_iam_returns(&edit.of(&found.trust(), key));
            old.clone_from(&world);
            expected = foreign(&world, key);
        }
        match &step.action {
            Action::EditTrust { name, edit } if is_stale && old.roles.contains_key(name) => {
                let edits = acknowledged.entry(name.clone()).or_default();
                let read = old.roles[name].trust();
                let known = edits.iter().fold(read, |document, edit| edit.apply(&document));
                world.roles.get_mut(name).unwrap().trust_policy = as_iam_returns(&edit.apply(&known));
                edits.push(edit.clone());
            }
            action => world.try_execute(action)?,
        }
        if matches!(step.action, Action::EditTrust { .. }) && foreign(&world, key) != expected {
            return Err(format!(
                "{edit:?} in `{role}` before step {at} of{}\nis lost after: {step}",
                texts(steps)
            ));
        }
    }
    Ok(())
}

/// Somebody else takes what is the binding's before a step of an apply; the apply goes on as far as it can. Another one mends it.
pub(super) fn recovers(
    terraform: &mut Terraform,
    start: &Situation,
    configuration: &Configuration,
    (at, theft): (usize, Theft),
) -> Result<(), String> {
    let Some(change) = terraform.begin(start, configuration) else {
        return Ok(());
    };
    let mut now = start.clone();
    // Pods suffer from what others do.
    now.promised = false;
    now.running.clear();
    now.own_roles.clone_from(&change.own_roles);
    now.left_roles.clone_from(&change.left_roles.meanwhile);
    if at > 0 {
        now.world.clone_from(&change.worlds[at - 1]);
    }
    theft.from(&mut now.world, &key_of(configuration));
    for step in change.steps.iter().skip(at) {
        if now.world.try_execute(&step.action).is_err() {
            break;
        }
        now.world.made = 0;
    }
    now.unsettled = true;
    let Some(again) = terraform.begin(&now, configuration) else {
        return Ok(());
    };
    let mended = apply(terraform, &now, &again, &mut |_, _| {});
    mended
        .and_then(|done| holds(terraform, done, configuration))
        .map(|_| ())
        .map_err(|problem| format!("{theft:?} before step {at} of{}\n{problem}", texts(&change.steps)))
}

/// Deletes, after a deletion that failed before one of its steps. What is not the binding's own stays as it is.
pub(super) fn deletes(situation: &Situation, state: &Binding) -> Result<(), String> {
    let key: BindingKey = state.id.known().unwrap().parse().unwrap();
    let observed = existing(situation, state);
    let Ok(steps) = delete(&observed, state) else {
        // Another binding has a statement in a role that would go.
        let shared = |name: &String| {
            foreign(&situation.world, &key)
                .get(name)
                .is_some_and(|found| !found.is_empty())
        };
        return if situation.own_roles.iter().any(shared) {
            Ok(())
        } else {
            Err("It cannot be deleted.".to_owned())
        };
    };
    for interrupted in 0..=steps.len() {
        let mut now = situation.clone();
        for step in steps.iter().take(interrupted) {
            now.world.try_execute(&step.action)?;
        }
        let rest = delete(&existing(&now, state), state).map_err(|_| "It cannot be deleted.")?;
        for step in &rest {
            now.world.try_execute(&step.action)?;
        }
        let mut expected = situation.world.clone();
        expected.association = None;
        // A role that an apply failed to take over is still somebody else's.
        let given = state.role_name.known().filter(|_| state.role.is_null());
        expected
            .roles
            .retain(|name, _| Some(name) == given || !situation.own_roles.contains(name));
        let manages = state.role.is_null() && state.manage_trust_policy == tfmodel::Value::Known(true);
        let left = situation.left_roles.iter();
        let left = left.filter(|name| !situation.own_roles.contains(*name));
        for name in left.chain(state.role_name.known().filter(|_| manages)) {
            let Some(role) = expected.roles.get_mut(name) else {
                continue;
            };
            let mut trust = role.trust();
            trust.statements.retain(|one| is_foreign(one, &key));
            role.trust_policy = as_iam_returns(&trust);
        }
        if now.world != expected {
            return Err(format!(
                "Not what is the binding's own goes, after {interrupted} of{}\nand then{}",
                texts(&steps),
                texts(&rest)
            ));
        }
    }
    Ok(())
}

//! Every situation that can come about.

use std::collections::{BTreeSet, HashMap};
use std::fmt::Write as _;

use pod_identity_core::binding::{Action, Effect, ObservedRole, Step};
use pod_identity_core::ids::OWNER_TAG;

use super::Configuration;
use super::pods::{Pods, Visible};
use super::situation::Situation;
use super::terraform::{Change, Interrupts, Terraform};

/// Situations, and how each came about.
#[derive(Default)]
pub(super) struct Explored {
    pub(super) reached: Vec<Reached>,
    places: HashMap<u64, usize>,
}

pub(super) struct Reached {
    pub(super) situation: Situation,
    from: Option<usize>,
    event: String,
}

/// Applies every configuration to every situation, lets each apply fail before each of its steps, and goes on from there until nothing new
/// comes about.
///
/// # Errors
/// The events that lead to what must not be.
pub(super) fn explore(
    terraform: &mut Terraform,
    start: Situation,
    configurations: &[Configuration],
) -> Result<Explored, String> {
    let mut explored = Explored::default();
    explored.add(start, None, || "There is nothing of the binding".to_owned());
    let mut place = 0;
    while let Some(Reached { situation, .. }) = explored.reached.get(place) {
        let situation = situation.clone();
        for configuration in configurations {
            let Some(change) = terraform.begin(&situation, configuration) else {
                continue;
            };
            let name = &configuration.name;
            let mut failed = |step: &Step, situation| {
                explored.add(situation, Some(place), || {
                    format!("{name} is applied, up to before: {step}")
                });
            };
            let done = apply(terraform, &situation, &change, &mut failed)
                .and_then(|done| holds(terraform, done, configuration));
            match done {
                Ok(done) => explored.add(done, Some(place), || format!("{name} is applied")),
                Err(problem) => {
                    let story = explored.story(place);
                    return Err(format!(
                        "{story}   {name} is applied:{}\n{problem}",
                        texts(&change.steps)
                    ));
                }
            }
        }
        place += 1;
    }
    Ok(explored)
}

/// Carries out the steps of an apply; `failed` gets what is there if it ends before a step.
pub(super) fn apply(
    terraform: &mut Terraform,
    start: &Situation,
    change: &Change,
    failed: &mut impl FnMut(&Step, Situation),
) -> Result<Situation, String> {
    let mut now = start.clone();
    now.catch_up(&mut terraform.engine)
        .map_err(|problem| format!("Before it begins\n{problem}"))?;
    now.own_roles.clone_from(&change.own_roles);
    now.left_roles.clone_from(&change.left_roles.meanwhile);
    if change.restarted {
        now.restart();
    }
    for (position, step) in change.steps.iter().enumerate() {
        if position > 0 {
            failed(step, now.clone());
        }
        match change.interrupts {
            Interrupts::Tokens if step.action.effect() == Effect::Removes => {
                now.running.retain(|pod| !matches!(pod, Pods::Irsa { .. }));
            }
            Interrupts::All if matches!(step.action, Action::DeleteAssociation { .. }) => {
                now.promised = false;
                now.running.clear();
            }
            Interrupts::Nobody | Interrupts::Tokens | Interrupts::All => {}
        }
        let Some(world) = change.worlds.get(position) else {
            return Err(format!("AWS refuses with {:?}: {step}", change.refused));
        };
        now.change(world, step.action == Action::Wait, &mut terraform.engine)
            .map_err(|problem| format!("After: {step}\n{problem}"))?;
    }
    let is_wait = |step: &Step| step.action == Action::Wait;
    if Visible::settled(&now.world) == Visible::settled(&start.world) && change.steps.iter().any(is_wait) {
        return Err("It waits for what no pod sees.".to_owned());
    }
    let done = &change.done;
    // What is in effect by now is what the outputs say.
    let new = now.visible.starting(&BTreeSet::from([done.annotation.clone()]));
    if new != BTreeSet::from([done.pods.clone()]) {
        return Err(format!("It is done, and what starts is {new:?}."));
    }
    if !now.promised {
        now.annotations.clear();
    }
    now.annotations.insert(done.annotation.clone());
    now.promised = true;
    if let Some(role) = &change.releases {
        now.own_roles.remove(role);
    }
    now.left_roles.clone_from(&change.left_roles.then);
    now.state = Some(done.state);
    now.let_pods_ask(&mut terraform.engine)
        .map_err(|problem| format!("Once it is done\n{problem}"))?;
    now.rest(done.annotation.clone(), done.token.clone());
    Ok(now)
}

/// What has to be so once a configuration is applied: nothing is left to do.
pub(super) fn holds(
    terraform: &mut Terraform,
    done: Situation,
    configuration: &Configuration,
) -> Result<Situation, String> {
    // What goes from a role that was left goes with the next change, which gives pods the time until then.
    let is_later =
        |step: &Step| matches!(&step.action, Action::EditTrust { name, .. } if done.left_roles.contains(name));
    match terraform.begin(&done, configuration) {
        Some(again) if again.steps.iter().all(is_later) && Some(again.done.state) == done.state => {
            let is_left =
                |role: &&ObservedRole| !done.own_roles.contains(&role.name) && role.tags.contains_key(OWNER_TAG);
            match done.world.roles.values().find(is_left) {
                Some(role) => Err(format!("Role `{}` is marked as the binding's own.", role.name)),
                None => Ok(done),
            }
        }
        Some(again) => Err(format!("A second apply finds more to do:{}", texts(&again.steps))),
        None => Err("A second plan fails.".to_owned()),
    }
}

impl Explored {
    fn add(&mut self, situation: Situation, from: Option<usize>, event: impl FnOnce() -> String) {
        let place = self.reached.len();
        if *self.places.entry(situation.digest()).or_insert(place) == place {
            self.reached.push(Reached {
                situation,
                from,
                event: event(),
            });
        }
    }

    /// What led to a situation, for people.
    pub(super) fn story(&self, place: usize) -> String {
        let mut events: Vec<&str> = Vec::new();
        let mut next = Some(place);
        while let Some(reached) = next.and_then(|place| self.reached.get(place)) {
            events.push(&reached.event);
            next = reached.from;
        }
        let numbered = events.iter().rev().enumerate();
        numbered.fold(String::new(), |mut story, (number, event)| {
            writeln!(story, "{}. {event}", number + 1).unwrap();
            story
        })
    }
}

pub(super) fn texts(steps: &[Step]) -> String {
    steps.iter().fold(String::new(), |mut text, step| {
        write!(text, "\n   - {step}").unwrap();
        text
    })
}

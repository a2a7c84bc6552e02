//! What the host and the provider do for an apply, as far as nothing is written.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use pod_identity_core::binding::{
    Action, Binding, Desired, FormerRole, LeftRoles, Mode, Observed, ObservedRole, ROLE_ANNOTATION, Step, complete,
    read, reconcile,
};
use pod_identity_core::ids::{Mechanism, OWNER_TAG};
use tfmodel::Value;

use super::super::world::{World, check_order};
use super::super::{facts, settings, try_plan};
use super::Configuration;
use super::pods::{Engine, Pods};
use super::situation::{Situation, digest};

/// What an apply does: the same wherever the same is in AWS, in the state and in what the provider remembers.
pub(super) struct Change {
    pub(super) steps: Vec<Step>,
    /// What is in AWS after each step, as far as AWS takes them.
    pub(super) worlds: Vec<World>,
    /// The error with which AWS refuses the step after that.
    pub(super) refused: Option<&'static str>,
    pub(super) own_roles: BTreeSet<String>,
    pub(super) left_roles: LeftRoles,
    /// A role that is somebody else's once it is done; until then its tag says whose it is.
    pub(super) releases: Option<String>,
    pub(super) done: Done,
    /// What was allowed.
    pub(super) interrupts: Interrupts,
    /// In mode `dual` all pods are restarted before anything else is changed.
    pub(super) restarted: bool,
}

/// Whom a change may refuse because that was allowed, and from when on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Interrupts {
    Nobody,
    /// From IRSA to an association: pods that run with tokens, once something is removed.
    Tokens,
    /// Back: all, from when the association is deleted until the service account has its annotation.
    All,
}

/// What Terraform has once an apply is done.
pub(super) struct Done {
    pub(super) state: usize,
    pub(super) annotation: Option<String>,
    pub(super) token: Option<String>,
    /// What a new pod gets; that a later association of the same service account is meant, is left out.
    pub(super) pods: Pods,
}

/// What a plan says, and what it asks for.
struct Planned {
    binding: Binding,
    desired: Desired,
}

/// What is there, the state after a refresh, whether there was one before it, and what is applied.
type Question = (u64, Option<usize>, bool, usize);

/// Plans, states and the engine's answers, each made once.
#[derive(Default)]
pub(super) struct Terraform {
    pub(super) engine: Engine,
    bindings: Vec<Binding>,
    numbers: HashMap<String, usize>,
    refreshed: HashMap<(u64, usize), Option<usize>>,
    plans: HashMap<(Option<usize>, usize), Option<Rc<Planned>>>,
    changes: HashMap<Question, Option<Rc<Change>>>,
}

impl Terraform {
    pub(super) fn binding(&self, state: Option<usize>) -> Option<&Binding> {
        state.and_then(|state| self.bindings.get(state))
    }

    /// What the steps of the last change were decides nothing.
    fn remember(&mut self, mut binding: Binding) -> usize {
        binding.steps = Value::Known(Vec::new());
        let next = self.bindings.len();
        let number = *self.numbers.entry(format!("{binding:?}")).or_insert(next);
        if number == next {
            self.bindings.push(binding);
        }
        number
    }

    /// Refreshes, plans and looks. `None` where that ends in an error.
    pub(super) fn begin(&mut self, situation: &Situation, configuration: &Configuration) -> Option<Rc<Change>> {
        let there = digest(&(&situation.world, &situation.own_roles, &situation.left_roles));
        let prior = self.refresh(situation);
        let question = (there, prior, situation.state.is_some(), configuration.number);
        if let Some(known) = self.changes.get(&question) {
            return known.clone();
        }
        let change = self.change(situation, prior, configuration).map(Rc::new);
        self.changes.insert(question, change.clone());
        change
    }

    fn change(&mut self, situation: &Situation, prior: Option<usize>, configuration: &Configuration) -> Option<Change> {
        let seen = &situation.world;
        let plan = self.plan(prior, configuration)?;
        let Planned {
            binding: planned,
            desired,
        } = &*plan;
        let prior = self.binding(prior).cloned();
        let mut own_roles = situation.own_roles.clone();
        let mut left_roles = situation.left_roles.clone();
        if prior.is_none() && situation.state.is_some() {
            // What the provider remembers goes with the state.
            own_roles.clear();
            left_roles.clear();
        }
        let observed = observe(seen, prior.as_ref(), desired, &mut own_roles, &left_roles)?;
        let left_roles = LeftRoles::of(&left_roles, &observed, desired);
        if !desired.writes_trust && !self.admits(seen, desired) {
            return None;
        }
        let steps = reconcile(&observed, desired).ok()?;
        check_order(&steps);
        let mut worlds = Vec::new();
        let mut world = situation.world.clone();
        let mut refused = None;
        for step in &steps {
            if let Err(error) = world.try_execute(&step.action) {
                refused = Some(error);
                break;
            }
            if let Action::CreateRole { name, .. } = &step.action {
                own_roles.insert(name.clone());
            }
            // All associations have the same id, or there would be no end of situations.
            world.made = 0;
            worlds.push(world.clone());
        }
        let before = prior.as_ref().and_then(Binding::mode_in_effect);
        Some(Change {
            interrupts: match (before, desired.mode) {
                (Some(Mode::Irsa), Mode::PodIdentity) => Interrupts::Tokens,
                (Some(Mode::PodIdentity), Mode::Irsa) => Interrupts::All,
                _ => Interrupts::Nobody,
            },
            restarted: before == Some(Mode::Dual),
            done: self.done(planned, &world),
            releases: desired.owned.is_none().then(|| desired.role_name.clone()),
            steps,
            worlds,
            refused,
            own_roles,
            left_roles,
        })
    }

    fn refresh(&mut self, situation: &Situation) -> Option<usize> {
        let state = situation.state?;
        let question = (digest(&(&situation.world, &situation.own_roles)), state);
        if let Some(known) = self.refreshed.get(&question) {
            return *known;
        }
        let state = self.binding(Some(state))?;
        let now = read(state, &existing(situation, state)).map(|now| self.remember(now));
        self.refreshed.insert(question, now);
        now
    }

    fn plan(&mut self, state: Option<usize>, configuration: &Configuration) -> Option<Rc<Planned>> {
        let question = (state, configuration.number);
        if let Some(known) = self.plans.get(&question) {
            return known.clone();
        }
        let planned = try_plan(self.binding(state), &configuration.binding, &facts(), &settings());
        let planned = planned.ok().map(|(binding, _)| {
            let desired = Desired::of(&binding, &marks()).unwrap();
            Rc::new(Planned { binding, desired })
        });
        self.plans.insert(question, planned.clone());
        planned
    }

    fn done(&mut self, planned: &Binding, world: &World) -> Done {
        let association = world.association.as_ref();
        let done = complete(planned, association.map(|one| (one.id.as_str(), one.arn.as_str())));
        let role = done.role_arn.known().unwrap().clone();
        let annotations = done.service_account_annotations.known().unwrap();
        Done {
            annotation: annotations.get(ROLE_ANNOTATION).and_then(|role| role.known().cloned()),
            token: done.ready_token.known().cloned(),
            pods: if done.mode.known().unwrap().uses_pod_identity() {
                Pods::PodIdentity { since: 0 }
            } else {
                Pods::Irsa { role }
            },
            state: self.remember(done),
        }
    }

    /// A role that the binding writes nothing to has to let the pods in already.
    fn admits(&mut self, world: &World, desired: &Desired) -> bool {
        let Some(role) = world.roles.get(&desired.role_name) else {
            return false;
        };
        let mode = desired.mode;
        let session_tags = !desired.association.disable_session_tags;
        [
            (Mechanism::Irsa, mode.uses_irsa()),
            (Mechanism::PodIdentity, mode.uses_pod_identity()),
        ]
        .into_iter()
        .all(|(mechanism, used)| {
            !used
                || self
                    .engine
                    .lets_in(&role.trust_policy, &role.arn, mechanism, session_tags)
        })
    }
}

/// What the provider reads before an apply; `None` where it stops because of whose it is.
fn observe(
    world: &World,
    prior: Option<&Binding>,
    desired: &Desired,
    own_roles: &mut BTreeSet<String>,
    left_roles: &BTreeSet<String>,
) -> Option<Observed> {
    let name = &desired.role_name;
    let role = world.roles.get(name).filter(|_| desired.writes_trust).cloned();
    match (&desired.owned, &role) {
        (None, None) if desired.writes_trust => return None,
        (Some(_), Some(_)) if !own_roles.contains(name) => {
            // From `role_arn` to `role` of the same name.
            let is_given = |prior: &Binding| prior.role.is_null() && prior.role_name.known() == Some(name);
            prior.filter(|prior| is_given(prior))?;
            own_roles.insert(name.clone());
        }
        (None | Some(_), _) => {}
    }
    let mut former = own_former(world, own_roles, Some(name));
    let left = prior
        .filter(|prior| prior.role.is_null() && prior.manage_trust_policy == Value::Known(true))
        .and_then(|prior| prior.role_name.known())
        .filter(|left| *left != name)
        .and_then(|left| world.roles.get(left));
    former.extend(left.map(|role| FormerRole {
        role: role.clone(),
        owned: false,
        mode: prior.and_then(Binding::mode_in_effect),
    }));
    former.extend(former_left(world, left_roles).filter(|one| one.role.name != *name));
    former.dedup_by(|later, earlier| later.role.name == earlier.role.name);
    let present = world.roles.get(name);
    let is_marked = |role: &&ObservedRole| own_roles.contains(name) && role.tags.contains_key(OWNER_TAG);
    Some(Observed {
        role,
        association: world.association.clone(),
        former,
        released: present.filter(is_marked).filter(|_| desired.owned.is_none()).cloned(),
        ..Observed::default()
    })
}

/// What the provider reads of an existing binding, to refresh it and before it is deleted.
pub(super) fn existing(situation: &Situation, state: &Binding) -> Observed {
    let Situation {
        world,
        own_roles,
        left_roles,
        ..
    } = situation;
    let owns = state.role.is_known();
    let writes_trust = owns || state.manage_trust_policy == Value::Known(true);
    let name = state.role_name.known();
    let role = name.filter(|name| writes_trust && (!owns || own_roles.contains(*name)));
    let left = former_left(world, left_roles).filter(|one| !writes_trust || Some(&one.role.name) != name);
    Observed {
        role: role.and_then(|name| world.roles.get(name)).cloned(),
        association: world.association.clone(),
        former: own_former(world, own_roles, name).into_iter().chain(left).collect(),
        ..Observed::default()
    }
}

fn former_left(world: &World, left_roles: &BTreeSet<String>) -> impl Iterator<Item = FormerRole> {
    let there = left_roles.iter().filter_map(|name| world.roles.get(name));
    there.map(|role| FormerRole {
        role: role.clone(),
        owned: false,
        mode: None,
    })
}

/// The tag of what is the binding's own.
fn marks() -> BTreeMap<String, String> {
    BTreeMap::from([(OWNER_TAG.to_owned(), "made/once".to_owned())])
}

fn own_former(world: &World, own_roles: &BTreeSet<String>, present: Option<&String>) -> Vec<FormerRole> {
    own_roles
        .iter()
        .filter(|name| Some(*name) != present)
        .filter_map(|name| world.roles.get(name))
        .map(|role| FormerRole {
            role: role.clone(),
            owned: true,
            mode: None,
        })
        .collect()
}

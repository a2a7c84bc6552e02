//! A small AWS in memory that executes steps.

use std::collections::BTreeMap;

use pod_identity_core::binding::{
    Action, AssociationTerms, Binding, Desired, Effect, FormerRole, Inverse, Mode, Observed, ObservedAssociation,
    ObservedRole, PolicyJson, Role, Step, TrustEdit, complete, delete, read, reconcile,
};
use pod_identity_core::evaluate::Verdict;
use pod_identity_core::evaluate::pod::{AskedRole, Pod, may_assume};
use pod_identity_core::ids::{Mechanism, Partition};
use pod_identity_core::policy::Document;
use tfmodel::Value;
use tfmodel::model::Set;

use super::{ROLE, config, planned, with_role_arn};

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct World {
    pub(super) roles: BTreeMap<String, ObservedRole>,
    pub(super) association: Option<ObservedAssociation>,
    pub(super) made: u32,
}

impl World {
    pub(super) fn execute(&mut self, step: &Step) {
        if let Err(refusal) = self.try_execute(&step.action) {
            panic!("{refusal}: {step}");
        }
    }

    /// Does what AWS would do, or says with which error it would refuse.
    pub(super) fn try_execute(&mut self, action: &Action) -> Result<(), &'static str> {
        let retag = |tags: &mut BTreeMap<String, String>, change: &pod_identity_core::binding::TagChange| {
            tags.extend(change.set.clone());
            tags.retain(|key, _| !change.remove.contains(key));
        };
        match action {
            Action::Wait => {}
            Action::CreateRole {
                name,
                path,
                description,
                permissions_boundary,
                max_session_duration,
                trust_policy,
                tags,
            } => {
                let role = ObservedRole {
                    name: name.clone(),
                    arn: format!("arn:aws:iam::111122223333:role{path}{name}"),
                    path: path.clone(),
                    description: description.clone(),
                    permissions_boundary: permissions_boundary.clone(),
                    max_session_duration: Some(*max_session_duration),
                    trust_policy: as_iam_returns(trust_policy),
                    tags: tags.clone(),
                    ..ObservedRole::default()
                };
                if self.roles.contains_key(name) {
                    return Err("EntityAlreadyExists");
                }
                self.roles.insert(name.clone(), role);
            }
            Action::UpdateRole {
                name,
                description,
                max_session_duration,
            } => {
                let role = self.role(name)?;
                role.description.clone_from(description);
                role.max_session_duration = Some(*max_session_duration);
            }
            Action::WriteBoundary { name, boundary } => self.role(name)?.permissions_boundary.clone_from(boundary),
            Action::TagRole { name, change } => retag(&mut self.role(name)?.tags, change),
            Action::EditTrust { name, edit } => {
                let role = self.role(name)?;
                role.trust_policy = as_iam_returns(&edit.apply(&role.trust()));
            }
            Action::AttachPolicy { name, arn } => {
                let role = self.role(name)?;
                if !role.managed_policy_arns.contains(arn) {
                    role.managed_policy_arns.push(arn.clone());
                }
            }
            Action::DetachPolicy { name, arn } => {
                let role = self.role(name)?;
                if !role.managed_policy_arns.contains(arn) {
                    return Err("NoSuchEntity");
                }
                role.managed_policy_arns.retain(|present| present != arn);
            }
            Action::PutInlinePolicy { name, policy, document } => {
                let role = self.role(name)?;
                role.inline_policies.insert(policy.clone(), document.clone());
            }
            Action::DeleteInlinePolicy { name, policy } => {
                self.role(name)?.inline_policies.remove(policy).ok_or("NoSuchEntity")?;
            }
            Action::CreateAssociation { terms, tags } => {
                if self.association.is_some() {
                    return Err("ResourceInUseException");
                }
                self.has_role(&terms.role_arn)?;
                self.made += 1;
                let id = format!("a-{}", self.made);
                self.association = Some(ObservedAssociation {
                    arn: format!("arn:aws:eks:eu-west-1:111122223333:podidentityassociation/main/{id}"),
                    id,
                    tags: tags.clone(),
                    ..giving(terms)
                });
            }
            Action::UpdateAssociation { id, change } => {
                let found = self.association.as_ref().filter(|one| one.id == *id);
                let association = found.ok_or("ResourceNotFoundException")?.clone();
                let mut terms = association.terms();
                change.apply(&mut terms);
                self.has_role(&terms.role_arn)?;
                if terms.session_policy.is_some() && !terms.disable_session_tags {
                    return Err("InvalidParameterException");
                }
                self.association = Some(ObservedAssociation {
                    id: association.id,
                    arn: association.arn,
                    tags: association.tags,
                    ..giving(&terms)
                });
            }
            Action::TagAssociation { arn, change } => {
                let association = self.association.as_mut().filter(|one| one.arn == *arn);
                retag(&mut association.ok_or("ResourceNotFoundException")?.tags, change);
            }
            Action::DeleteAssociation { id } => {
                let found = self.association.take_if(|one| one.id == *id);
                found.ok_or("ResourceNotFoundException")?;
            }
            Action::DeleteRole { name } => {
                let role = self.role(name)?;
                if !role.managed_policy_arns.is_empty() || !role.inline_policies.is_empty() {
                    return Err("DeleteConflict");
                }
                self.roles.remove(name);
            }
        }
        Ok(())
    }

    fn role(&mut self, name: &str) -> Result<&mut ObservedRole, &'static str> {
        self.roles.get_mut(name).ok_or("NoSuchEntity")
    }

    fn has_role(&self, arn: &str) -> Result<(), &'static str> {
        let is_there = self.roles.values().any(|role| role.arn == arn);
        is_there.then_some(()).ok_or("no such role")
    }

    pub(super) fn observe(&self, binding: &Binding, former: Option<&Binding>) -> Observed {
        let name = |binding: &Binding| binding.role_name.known().cloned();
        let role_of = |name: Option<String>| name.and_then(|name| self.roles.get(&name).cloned());
        let former = former
            .filter(|former| name(former) != name(binding))
            .and_then(|former| {
                Some(FormerRole {
                    role: role_of(name(former))?,
                    owned: former.role.is_known(),
                    mode: former.mode_in_effect(),
                })
            });
        Observed {
            role: role_of(name(binding)),
            association: self.association.clone(),
            former: former.into_iter().collect(),
            ..Observed::default()
        }
    }

    /// Plans and applies, and holds the result against the plan.
    pub(super) fn apply(&mut self, prior: Option<&Binding>, config: &Binding) -> Binding {
        let planned = planned(prior, config);
        let steps = self.steps(prior, &planned);
        check_order(&steps);
        for step in &steps {
            self.execute(step);
        }
        let done = self.finish(&planned);
        assert_eq!(
            read(&done, &self.observe(&done, None)).as_ref(),
            Some(&done),
            "a refresh finds no drift"
        );
        assert_eq!(self::planned(Some(&done), config), done, "a second plan is empty");
        assert_eq!(self.steps(None, &done), [], "nothing is left to do");
        done
    }

    pub(super) fn steps(&self, prior: Option<&Binding>, planned: &Binding) -> Vec<Step> {
        let desired = Desired::of(planned, &BTreeMap::new()).unwrap();
        reconcile(&self.observe(planned, prior), &desired).unwrap()
    }

    fn finish(&self, planned: &Binding) -> Binding {
        let association = self.association.as_ref().map(|one| (one.id.as_str(), one.arn.as_str()));
        complete(planned, association)
    }
}

fn giving(terms: &AssociationTerms) -> ObservedAssociation {
    ObservedAssociation {
        role_arn: terms.role_arn.clone(),
        target_role_arn: terms.target_role_arn.clone(),
        session_policy: terms.session_policy.clone(),
        disable_session_tags: terms.disable_session_tags,
        ..ObservedAssociation::default()
    }
}

/// Reordered, respelt and URL-encoded.
pub(super) fn as_iam_returns(document: &Document) -> String {
    let mut text = document.clone();
    for statement in &mut text.statements {
        statement.conditions.sort_by(|a, b| b.key.cmp(&a.key));
    }
    text.to_json()
        .replace('%', "%25")
        .replace('"', "%22")
        .replace('{', "%7B")
}

/// Whatever gives comes before whatever takes, with a wait between.
#[track_caller]
pub(super) fn check_order(steps: &[Step]) {
    let effect = |position: usize| steps[position].action.effect();
    let last_add = (0..steps.len()).rfind(|position| effect(*position) == Effect::Adds);
    let first_removal = (0..steps.len()).find(|position| effect(*position) == Effect::Removes);
    if let (Some(add), Some(removal)) = (last_add, first_removal) {
        assert!(add < removal, "{steps:#?}");
        let between = &steps[add..removal];
        assert!(between.iter().any(|step| step.action == Action::Wait), "{steps:#?}");
    }
    assert!(
        steps
            .windows(2)
            .all(|pair| pair[0].action != Action::Wait || pair[1].action != Action::Wait)
    );
}

fn existing_role() -> World {
    let mut world = World::default();
    world.roles.insert(
        "api".to_owned(),
        ObservedRole {
            name: "api".to_owned(),
            arn: ROLE.to_owned(),
            path: "/".to_owned(),
            trust_policy: std::fs::read_to_string(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/../tests/corpus/policies/mixed.json"
            ))
            .unwrap(),
            ..ObservedRole::default()
        },
    );
    world
}

/// Configurations that differ in everything that steps are about.
fn configurations() -> Vec<(&'static str, Binding)> {
    let modes = [Mode::Irsa, Mode::Dual, Mode::PodIdentity];
    let mut all: Vec<(&'static str, Binding)> = Vec::new();
    for mode in modes {
        all.push(("owned role", config(mode)));
        let mut rich = config(mode);
        rich.tags = Value::Known(BTreeMap::from([("team".to_owned(), "web".into())]));
        rich.role = Value::Known(Role {
            name: "api".into(),
            description: "reads things".into(),
            max_session_duration: Value::Known(7200),
            managed_policy_arns: Value::Known(Set::from(vec!["arn:aws:iam::aws:policy/ReadOnlyAccess".into()])),
            inline_policies: Value::Known(BTreeMap::from([(
                "inline".to_owned(),
                Value::Known(PolicyJson(
                    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:GetObject"],"Resource":"*"}]}"#.to_owned(),
                )),
            )])),
            tags: Value::Known(BTreeMap::from([
                ("cost".to_owned(), "42".into()),
                ("team".to_owned(), "data".into()),
            ])),
            ..Role::default()
        });
        all.push(("owned role with policies", rich));
        let mut exclusive = config(mode);
        exclusive.role = Value::Known(Role {
            name: "api".into(),
            managed_policy_arns: Value::Known(Set::from(vec![])),
            inline_policies: Value::Known(BTreeMap::new()),
            ..Role::default()
        });
        all.push(("owned role without policies", exclusive));
        let mut renamed = config(mode);
        renamed.role = Value::Known(Role {
            name: "other".into(),
            ..Role::default()
        });
        all.push(("another owned role", renamed));
        if mode != Mode::Irsa {
            all.push(("no session tags", without_tags(mode)));
        }
    }
    all.extend(associations().into_iter().map(|config| ("another association", config)));
    for (_, binding) in &mut all {
        binding.allow_disruptive_switch = Value::Known(true);
    }
    all
}

fn without_tags(mode: Mode) -> Binding {
    Binding {
        disable_session_tags: Value::Known(true),
        ..config(mode)
    }
}

/// Bindings that differ in what their association gives.
fn associations() -> Vec<Binding> {
    let target = |account: &str| Value::Known(format!("arn:aws:iam::{account}:role/data"));
    let policy = |action: &str| {
        let text = format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":"{action}","Resource":"*"}}]}}"#
        );
        Value::Known(PolicyJson(text))
    };
    let plain = || config(Mode::PodIdentity);
    vec![
        plain(),
        without_tags(Mode::PodIdentity),
        Binding {
            target_role_arn: target("444455556666"),
            ..plain()
        },
        Binding {
            target_role_arn: target("777788889999"),
            ..without_tags(Mode::PodIdentity)
        },
        Binding {
            session_policy: policy("s3:GetObject"),
            ..plain()
        },
        Binding {
            session_policy: policy("sqs:SendMessage"),
            target_role_arn: target("444455556666"),
            ..plain()
        },
    ]
}

/// Between two waits both what was there and what is there now may be in effect.
#[test]
fn pods_are_let_in_at_every_moment_while_their_association_changes() {
    let pod = |tags: bool| Pod {
        partition: Some(Partition::Aws),
        account: super::ACCOUNT.parse().ok(),
        region: "eu-west-1".parse().ok(),
        cluster: "main".parse().ok(),
        namespace: "prod".parse().ok(),
        service_account: "api".parse().ok(),
        session_tags: Some(tags),
        ..Pod::new(Mechanism::PodIdentity)
    };
    let check = |in_effect: &[(ObservedRole, ObservedAssociation)], step: &str| {
        for (role, _) in in_effect {
            for (_, association) in in_effect {
                let answer = may_assume(
                    &role.trust(),
                    &pod(!association.disable_session_tags),
                    &AskedRole::default(),
                );
                assert_eq!(answer.verdict, Verdict::Allow, "{step}: {:?}", answer.because);
                let target = association.target_role_arn.as_deref().unwrap_or_default();
                let reaches = role.inline_policies.values().any(|policy| policy.contains(target));
                assert!(target.is_empty() || reaches, "{step}: {target}");
            }
        }
    };
    for before in associations() {
        for after in associations() {
            let mut world = World::default();
            let prior = world.apply(None, &before);
            let now = |world: &World| (world.roles["api"].clone(), world.association.clone().unwrap());
            let mut in_effect = vec![now(&world)];
            for step in world.steps(Some(&prior), &planned(Some(&prior), &after)) {
                world.execute(&step);
                if step.action == Action::Wait {
                    in_effect.clear();
                }
                in_effect.push(now(&world));
                check(&in_effect, &step.to_string());
            }
        }
    }
}

#[test]
fn without_waiting_for_the_effect_only_the_last_wait_falls_away() {
    for config in configurations().into_iter().map(|(_, config)| config) {
        let mut world = World::default();
        let prior = world.apply(None, &super::config(Mode::Irsa));
        let steps = |waits: bool| {
            let config = Binding {
                wait_for_effect: Value::Known(waits),
                ..config.clone()
            };
            world.steps(Some(&prior), &planned(Some(&prior), &config))
        };
        let (with, without) = (steps(true), steps(false));
        let (last, rest) = match with.split_last() {
            Some((last, rest)) if last.action == Action::Wait => (Some(last), rest),
            _ => (None, with.as_slice()),
        };
        assert_eq!(without, rest, "{last:?}");
    }
}

#[test]
fn every_change_of_configuration_converges_from_every_prefix_of_its_steps() {
    for (from, before) in &configurations() {
        for (to, after) in &configurations() {
            let mut world = World::default();
            let prior = world.apply(None, before);
            let planned = planned(Some(&prior), after);
            let steps = world.steps(Some(&prior), &planned);
            for interrupted in 0..=steps.len() {
                let mut world = world.clone();
                steps.iter().take(interrupted).for_each(|step| world.execute(step));
                let rest = world.steps(Some(&prior), &planned);
                check_order(&rest);
                rest.iter().for_each(|step| world.execute(step));
                let done = world.finish(&planned);
                assert_eq!(
                    world.steps(Some(&prior), &done),
                    [],
                    "{from} to {to}, interrupted after {interrupted}"
                );
                assert_eq!(read(&done, &world.observe(&done, None)), Some(done), "{from} to {to}");
            }
            // Without an interruption the whole round trip holds.
            world.apply(Some(&prior), after);
        }
    }
}

#[test]
fn a_role_of_somebody_else_keeps_every_statement_of_theirs_in_order() {
    let theirs = existing_role().roles["api"].trust();
    let mut world = existing_role();
    let mut prior = None;
    for mode in [Mode::Irsa, Mode::Dual, Mode::PodIdentity, Mode::Dual, Mode::Irsa] {
        let done = world.apply(prior.as_ref(), &with_role_arn(mode, true));
        let now = world.roles["api"].trust();
        for (theirs, now) in theirs.statements.iter().zip(&now.statements) {
            assert!(theirs.same_meaning(now), "{mode:?}");
        }
        assert_eq!(now.statements.len(), if mode == Mode::Dual { 5 } else { 4 });
        prior = Some(done);
    }
    let prior = prior.unwrap();
    for step in delete(&world.observe(&prior, None), &prior).unwrap() {
        world.execute(&step);
    }
    assert_eq!(world.association, None);
    assert!(world.roles["api"].trust().same_meaning(&theirs));
}

/// Takes back what the first steps of a change did, latest first, as a create does that fails.
fn take_back(world: &mut World, before: &World, steps: &[Step]) {
    let observed = Observed {
        role: before.roles.get("api").cloned(),
        association: before.association.clone(),
        ..Observed::default()
    };
    let mut undo = Vec::new();
    for step in steps {
        let trust = |world: &World, name: &str| world.roles[name].trust();
        let earlier = match &step.action {
            Action::EditTrust { name, .. } => Some((name.clone(), trust(world, name))),
            _ => None,
        };
        world.execute(step);
        match (step.action.inverse(&observed), earlier) {
            (_, Some((name, earlier))) => {
                let edit = TrustEdit::between(&trust(world, &name), &earlier);
                undo.push(Action::EditTrust { name, edit });
            }
            (Inverse::Nothing, None) => {}
            (Inverse::Action(action), None) => undo.push(*action),
            (Inverse::Unknown, None) => {
                assert!(matches!(step.action, Action::CreateAssociation { .. }), "{step}");
                let id = world.association.as_ref().unwrap().id.clone();
                undo.push(Action::DeleteAssociation { id });
            }
        }
    }
    for action in undo.iter().rev() {
        // A role goes with what hangs on it.
        world
            .try_execute(action)
            .unwrap_or_else(|refusal| panic!("{refusal}: {action}"));
    }
}

#[test]
fn a_create_that_fails_before_any_step_leaves_what_was_there_and_nothing_else() {
    let theirs = ObservedAssociation {
        id: "a-theirs".to_owned(),
        arn: "arn:aws:eks:eu-west-1:111122223333:podidentityassociation/main/a-theirs".to_owned(),
        role_arn: ROLE.to_owned(),
        tags: BTreeMap::from([("team".to_owned(), "theirs".to_owned())]),
        ..ObservedAssociation::default()
    };
    let mut with_role = existing_role();
    let role = with_role.roles.get_mut("api").unwrap();
    role.max_session_duration = Some(3600);
    role.managed_policy_arns = vec!["arn:aws:iam::aws:policy/AmazonS3FullAccess".to_owned()];
    role.inline_policies.insert(
        "inline".to_owned(),
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sqs:*","Resource":"*"}]}"#.to_owned(),
    );
    let mut with_both = with_role.clone();
    with_both.association = Some(theirs);
    let mut undone = 0;
    for start in [World::default(), with_role, with_both] {
        for (name, config) in configurations() {
            let planned = planned(None, &config);
            if !start.roles.is_empty() && planned.role_name.known().is_none_or(|name| name != "api") {
                continue;
            }
            let desired = Desired::of(&planned, &BTreeMap::new()).unwrap();
            // Where none is wanted, that of somebody else is in nobody's way.
            if start.association.is_some() && !desired.mode.uses_pod_identity() {
                continue;
            }
            let observed = start.observe(&planned, None);
            let steps = reconcile(&observed, &desired).unwrap();
            for failed in 0..=steps.len() {
                let mut world = start.clone();
                take_back(&mut world, &start, &steps[..failed]);
                let says = |world: &World| -> BTreeMap<String, ObservedRole> {
                    let roles = world.roles.iter().map(|(name, role)| {
                        let mut role = role.clone();
                        role.trust_policy = role.trust().canonical().to_json();
                        role.managed_policy_arns.sort();
                        (name.clone(), role)
                    });
                    roles.collect()
                };
                assert_eq!(says(&world), says(&start), "{name}, {failed} of {steps:#?}");
                assert_eq!(world.association, start.association, "{name}, {failed} of {steps:#?}");
                undone += 1;
            }
        }
    }
    assert!(undone > 100, "{undone}");
}

#[test]
fn deletion_leaves_nothing_of_ours() {
    for (name, config) in configurations() {
        let mut world = World::default();
        let prior = world.apply(None, &config);
        let steps = delete(&world.observe(&prior, None), &prior).unwrap();
        for interrupted in 0..=steps.len() {
            let mut world = world.clone();
            steps.iter().take(interrupted).for_each(|step| world.execute(step));
            for step in delete(&world.observe(&prior, None), &prior).unwrap() {
                world.execute(&step);
            }
            assert!(world.roles.is_empty() && world.association.is_none(), "{name}");
            assert_eq!(read(&prior, &world.observe(&prior, None)), None, "{name}");
        }
    }
}

#[test]
fn the_policies_of_a_role_that_went_out_of_use_do_not_keep_it_from_being_deleted() {
    let with = |name: &str, policies: &[&str]| Binding {
        role: Value::Known(Role {
            name: name.into(),
            managed_policy_arns: Value::Known(policies.iter().map(|arn| Value::from(*arn)).collect()),
            ..Role::default()
        }),
        ..config(Mode::PodIdentity)
    };
    let left_to_others = Binding {
        role: Value::Known(Role {
            name: "other".into(),
            ..Role::default()
        }),
        ..config(Mode::PodIdentity)
    };
    let another = Binding {
        role_arn: "arn:aws:iam::111122223333:role/theirs".into(),
        ..with_role_arn(Mode::PodIdentity, false)
    };
    let policy = "arn:aws:iam::aws:policy/ReadOnlyAccess";
    for (after, goes) in [(with("other", &[]), true), (another, true), (left_to_others, false)] {
        let mut world = existing_role();
        let theirs = world.roles.remove("api").map(|role| ObservedRole {
            name: "theirs".to_owned(),
            arn: "arn:aws:iam::111122223333:role/theirs".to_owned(),
            ..role
        });
        world.roles.extend(theirs.map(|role| (role.name.clone(), role)));
        let before = world.apply(None, &with("api", &[policy]));
        let after = world.apply(Some(&before), &after);
        match delete(&world.observe(&after, Some(&before)), &after) {
            Ok(steps) => {
                assert!(goes);
                steps.iter().for_each(|step| world.execute(step));
                assert_eq!(world.roles.keys().collect::<Vec<_>>(), ["theirs"]);
            }
            Err(problems) => {
                assert!(!goes, "{problems:?}");
                assert!(problems.iter().any(|one| one.detail.contains(policy)));
            }
        }
    }
}

#[test]
fn a_boundary_takes_away_only_after_everything_was_given() {
    let with = |boundary: Value<String>, policies: &[&str]| Binding {
        role: Value::Known(Role {
            name: "api".into(),
            permissions_boundary: boundary,
            managed_policy_arns: Value::Known(policies.iter().map(|arn| Value::from(*arn)).collect()),
            ..Role::default()
        }),
        ..config(Mode::PodIdentity)
    };
    let boundary = "arn:aws:iam::aws:policy/ReadOnlyAccess";
    let mut world = World::default();
    let free = world.apply(None, &with(Value::Null, &[]));
    let bounded = with(boundary.into(), &[boundary]);
    let is_boundary = |step: &Step| matches!(step.action, Action::WriteBoundary { .. });
    let steps = world.steps(Some(&free), &planned(Some(&free), &bounded));
    assert_eq!(steps.iter().position(is_boundary), Some(steps.len() - 1), "{steps:#?}");
    check_order(&steps);
    assert_eq!(steps.len(), 3);

    let bounded = world.apply(Some(&free), &bounded);
    let steps = world.steps(Some(&bounded), &planned(Some(&bounded), &with(Value::Null, &[])));
    assert_eq!(steps.iter().position(is_boundary), Some(0), "{steps:#?}");
    check_order(&steps);
    assert_eq!(steps.len(), 3);
}

#[test]
fn an_owned_role_gets_the_current_language_back() {
    let mut world = World::default();
    let done = world.apply(None, &config(Mode::Dual));
    let role = world.roles.get_mut("api").unwrap();
    let mut trust = role.trust();
    trust.version = None;
    role.trust_policy = trust.to_json();
    let drifted = read(&done, &world.observe(&done, None)).unwrap();
    assert_ne!(drifted.trust_policy, done.trust_policy);
    assert_eq!(
        world.apply(Some(&drifted), &config(Mode::Dual)).trust_policy,
        done.trust_policy
    );
}

#[test]
fn a_role_that_is_left_trusts_tokens_as_long_as_pods_may_show_one() {
    let trusts_tokens = |world: &World| {
        let trust = world.roles["api"].trust();
        trust
            .statements
            .iter()
            .any(|one| one.to_json().contains("Pib") && one.to_json().contains("WebIdentity"))
    };
    let left = |from, to| {
        let mut world = existing_role();
        let before = world.apply(None, &with_role_arn(from, true));
        let other = Binding {
            role: Value::Known(Role {
                name: "other".into(),
                ..Role::default()
            }),
            ..config(to)
        };
        world.apply(Some(&before), &other);
        world
    };
    for (from, to) in [
        (Mode::Irsa, Mode::Irsa),
        (Mode::Irsa, Mode::Dual),
        (Mode::Dual, Mode::Irsa),
    ] {
        assert!(trusts_tokens(&left(from, to)), "{from:?} to {to:?}");
    }
    // With the association there all the time, no pod has a token.
    for to in [Mode::Dual, Mode::PodIdentity] {
        assert!(!trusts_tokens(&left(Mode::Dual, to)), "{to:?}");
    }
    let left = left(Mode::Irsa, Mode::Dual).roles["api"].trust();
    assert_eq!(left.statements.len(), 4);
}

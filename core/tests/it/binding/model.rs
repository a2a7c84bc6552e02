//! A model check of reconciliation: every situation that can come about, and what must hold in each.
//!
//! AWS is a world in memory. A write is known everywhere only after a wait; until then each pod may meet what was written or what was there
//! before, of every role and of the association on its own. Pods start at any moment: with the association that EKS knows of, or else with the
//! annotation of their service account, which follows `service_account_annotations` at any time after an apply. Running pods may ask for
//! credentials at any time, which is also what an agent does whose cache has run out. The engine says whether a trust policy lets them in.
//!
//! An apply refreshes, plans, looks and carries out its steps; it may fail before each of them, and any configuration may be applied then. From
//! nothing, everything that can come about so is visited, once each. Where `ready_token` changes, pods are restarted after the apply; in mode
//! `dual`, before anything else is changed. An apply may follow another one, done or failed, at once: it begins with a wait where the one before
//! wrote something after its last.
//!
//! What must hold: a pod that starts, and one that was restarted where it was told to, is never refused, but for those whose association is
//! deleted on the way back to IRSA; where a switch was allowed to skip `dual`, towards associations pods that run with tokens, once something is
//! removed, and back all pods from when the association is deleted until the apply is done. With a target role, the own role may always go on to it. An apply that is done is in effect. Another one finds nothing to do.
//! Nothing is taken away before what was given is in effect, and nobody waits for what no pod sees. What others wrote stays as it is, in its
//! order, also where they write between two steps and where reads are stale. A deletion takes what is the binding's own and nothing else, also
//! from roles of others that it has left. What is no longer its own does not say that it is.
//!
//! Some 30 to 700 situations for each set of arrangements, 2700 in all. What is found wrong is told as the events that lead to it.

mod disturbed;
mod explore;
mod pods;
mod situation;
mod terraform;

use std::collections::BTreeSet;

use pod_identity_core::binding::{Binding, Mode, ObservedRole, PolicyJson, Role, Scope, Trust};
use tfmodel::Value;

use self::disturbed::{Edit, Theft, applies_beside_an_editor, deletes, key_of, recovers};
use self::explore::{Explored, apply, explore};
use self::situation::{Situation, digest};
use self::terraform::Terraform;
use super::world::World;
use super::{config, with_role_arn};

/// A configuration, and what to call it.
struct Configuration {
    number: usize,
    name: String,
    binding: Binding,
}

const MODES: [Mode; 3] = [Mode::Irsa, Mode::Dual, Mode::PodIdentity];

/// Two roles of others: `theirs`, which trusts the pods already, and `app`, which does not.
fn before() -> Situation {
    let mut world = World::default();
    let corpus = |name: &str| {
        std::fs::read_to_string(format!(
            "{}/../tests/corpus/policies/{name}.json",
            env!("CARGO_MANIFEST_DIR")
        ))
        .unwrap()
    };
    let app = r#"{"Version":"2012-10-17","Statement":[
        {"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::444455556666:role/deploy"},"Action":"sts:AssumeRole"},
        {"Sid":"Pib0123456789ab","Effect":"Allow","Principal":{"Service":"pods.eks.amazonaws.com"},
         "Action":["sts:AssumeRole","sts:TagSession"],"Condition":{"StringEquals":{"aws:RequestTag/kubernetes-namespace":"dev"}}}]}"#;
    for (name, trust_policy) in [("theirs", corpus("mixed")), ("app", app.to_owned())] {
        world.roles.insert(
            name.to_owned(),
            ObservedRole {
                name: name.to_owned(),
                arn: arn(name),
                path: "/".to_owned(),
                trust_policy,
                ..ObservedRole::default()
            },
        );
    }
    Situation::new(world)
}

fn arn(role: &str) -> String {
    format!("arn:aws:iam::111122223333:role/{role}")
}

fn owning(mode: Mode, name: &str) -> Binding {
    Binding {
        role: Value::Known(Role {
            name: name.into(),
            ..Role::default()
        }),
        ..config(mode)
    }
}

fn given(mode: Mode, name: &str, manages: bool) -> Binding {
    Binding {
        role_arn: arn(name).into(),
        ..with_role_arn(mode, manages)
    }
}

fn scoped(mode: Mode, scope: Scope) -> Binding {
    Binding {
        trust: Value::Known(Trust {
            scope: Value::Known(scope),
            ..Trust::default()
        }),
        ..owning(mode, "a")
    }
}

/// A way to arrange for a role, and what to call it.
type Arrangement = (&'static str, fn(Mode) -> Binding);

/// Configurations with a role that the binding owns or is given, in each mode.
fn in_each_mode(arrangements: &[Arrangement]) -> Vec<Configuration> {
    let all = arrangements
        .iter()
        .flat_map(|(name, of)| MODES.map(|mode| (format!("{mode:?} with {name}"), of(mode))));
    all.enumerate()
        .map(|(number, (name, binding))| Configuration { number, name, binding })
        .collect()
}

const OWN_A: Arrangement = ("its own role a", |mode| owning(mode, "a"));
const OWN_A_FOR_NAMESPACE: Arrangement = ("its own role a for the namespace", |mode| {
    scoped(mode, Scope::Namespace)
});
const OWN_A_WITHOUT_TAGS: Arrangement = ("its own role a, without session tags", |mode| Binding {
    disable_session_tags: Value::Known(true),
    ..owning(mode, "a")
});
const OWN_A_AT_ONCE: Arrangement = ("its own role a, at once", |mode| Binding {
    allow_disruptive_switch: Value::Known(true),
    ..owning(mode, "a")
});
const OWN_A_TO_TARGET: Arrangement = ("its own role a and a target", |mode| Binding {
    target_role_arn: "arn:aws:iam::444455556666:role/data".into(),
    ..owning(mode, "a")
});
const OWN_A_TO_OTHER_TARGET_WITHOUT_TAGS: Arrangement =
    ("its own role a and another target, without session tags", |mode| {
        Binding {
            target_role_arn: "arn:aws:iam::777788889999:role/data".into(),
            disable_session_tags: Value::Known(true),
            ..owning(mode, "a")
        }
    });
const OWN_A_WITH_SESSION_POLICY: Arrangement = ("its own role a and a session policy", |mode| Binding {
    session_policy: Value::Known(PolicyJson(
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}"#
            .to_owned(),
    )),
    ..owning(mode, "a")
});
const OWN_B: Arrangement = ("its own role b", |mode| owning(mode, "b"));
const OWN_APP: Arrangement = ("its own role app", |mode| owning(mode, "app"));
const GIVEN_A: Arrangement = ("role a", |mode| given(mode, "a", false));
const MANAGED_APP: Arrangement = ("role app, managed", |mode| given(mode, "app", true));
const MANAGED_THEIRS: Arrangement = ("role theirs, managed", |mode| given(mode, "theirs", true));
const GIVEN_THEIRS: Arrangement = ("role theirs", |mode| given(mode, "theirs", false));

/// Explores everything that can come about with these.
#[track_caller]
fn check(arrangements: &[Arrangement]) -> (Terraform, Explored) {
    check_each(&in_each_mode(arrangements))
}

#[track_caller]
fn check_each(configurations: &[Configuration]) -> (Terraform, Explored) {
    let mut terraform = Terraform::default();
    let explored = explore(&mut terraform, before(), configurations).unwrap_or_else(|problem| panic!("\n{problem}"));
    assert!(explored.reached.len() > 20);
    (terraform, explored)
}

/// Deletes the binding in every situation.
#[track_caller]
fn check_deletion((terraform, explored): (Terraform, Explored)) {
    let mut deleted = BTreeSet::new();
    for (place, reached) in explored.reached.iter().enumerate() {
        let situation = &reached.situation;
        let Some(state) = terraform.binding(situation.state) else {
            continue;
        };
        if deleted.insert(digest(&(&situation.world, &situation.own_roles, situation.state)))
            && let Err(problem) = deletes(situation, state)
        {
            panic!("\n{}{problem}", explored.story(place));
        }
    }
    assert!(deleted.len() > 20);
}

#[test]
fn modes_and_scopes_change_without_a_pod_being_refused() {
    check(&[OWN_A, OWN_A_FOR_NAMESPACE]);
}

#[test]
fn session_tags_are_switched_without_a_pod_being_refused() {
    check(&[OWN_A, OWN_A_WITHOUT_TAGS]);
}

#[test]
fn targets_and_session_policies_change_without_a_pod_being_refused() {
    let mut configurations = in_each_mode(&[
        OWN_A,
        OWN_A_TO_TARGET,
        OWN_A_TO_OTHER_TARGET_WITHOUT_TAGS,
        OWN_A_WITH_SESSION_POLICY,
    ]);
    configurations.retain(|one| one.binding.mode == Value::Known(Mode::PodIdentity));
    check_each(&configurations);
}

#[test]
fn a_switch_that_was_allowed_refuses_pods_only_when_it_says_so() {
    check(&[OWN_A_AT_ONCE]);
}

#[test]
fn own_roles_change_without_a_pod_being_refused() {
    check(&[OWN_A, OWN_B]);
}

#[test]
fn own_and_managed_roles_change_without_a_pod_being_refused() {
    check_deletion(check(&[OWN_A, MANAGED_APP]));
}

#[test]
fn managed_roles_change_without_a_pod_being_refused() {
    check(&[MANAGED_APP, MANAGED_THEIRS]);
}

#[test]
fn roles_are_taken_over_and_released_without_a_pod_being_refused() {
    check_deletion(check(&[OWN_APP, MANAGED_APP]));
    check(&[OWN_A, GIVEN_A]);
}

#[test]
fn roles_of_others_are_used_and_left_without_a_pod_being_refused() {
    check(&[OWN_A, GIVEN_THEIRS]);
    check(&[MANAGED_THEIRS, GIVEN_THEIRS]);
}

/// Each configuration applied to nothing, and what was there then.
fn applied(terraform: &mut Terraform, configurations: &[Configuration]) -> Vec<Situation> {
    let mut done = Vec::new();
    for configuration in configurations {
        let start = before();
        if let Some(change) = terraform.begin(&start, configuration) {
            done.push(apply(terraform, &start, &change, &mut |_, _| {}).unwrap());
        }
    }
    done
}

#[test]
fn what_others_write_to_their_roles_survives_between_any_two_steps_and_under_stale_reads() {
    let configurations = in_each_mode(&[MANAGED_APP, MANAGED_THEIRS]);
    let key = key_of(&configurations[0]);
    let mut terraform = Terraform::default();
    let mut edits = 0;
    for start in applied(&mut terraform, &configurations) {
        for configuration in &configurations {
            let Some(change) = terraform.begin(&start, configuration) else {
                continue;
            };
            for at in 0..change.steps.len() {
                for (role, edit) in Edit::ALL.into_iter().flat_map(|edit| [("app", edit), ("theirs", edit)]) {
                    for is_stale in [false, true] {
                        applies_beside_an_editor(&start.world, &change.steps, &key, (at, role, edit), is_stale)
                            .unwrap_or_else(|problem| panic!("{}: {problem}", configuration.name));
                        edits += 1;
                    }
                }
            }
        }
    }
    assert!(edits > 500);
}

#[test]
fn what_others_take_away_between_any_two_steps_is_put_back_by_the_next_apply() {
    let configurations = in_each_mode(&[OWN_A, MANAGED_APP]);
    let mut terraform = Terraform::default();
    let mut thefts = 0;
    for start in applied(&mut terraform, &configurations) {
        for configuration in &configurations {
            let steps = terraform
                .begin(&start, configuration)
                .map_or(0, |change| change.steps.len());
            for (at, theft) in (0..=steps).flat_map(|at| Theft::ALL.map(|theft| (at, theft))) {
                recovers(&mut terraform, &start, configuration, (at, theft))
                    .unwrap_or_else(|problem| panic!("{}: {problem}", configuration.name));
                thefts += 1;
            }
        }
    }
    assert!(thefts > 300);
}

//! What pods see of AWS, and whether they are let in.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use pod_identity_core::binding::ObservedRole;
use pod_identity_core::evaluate::Verdict;
use pod_identity_core::evaluate::pod::{self, AskedRole, may_assume};
use pod_identity_core::ids::{Mechanism, Partition};
use pod_identity_core::policy::{Document, decode};

use super::super::world::World;
use super::super::{ACCOUNT, ISSUER};

/// What AWS may answer, as long as not everything that was written is known everywhere.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Visible {
    /// By ARN of the role, what is seen of it; `None` where it may seem not to be there.
    roles: BTreeMap<String, BTreeSet<Option<Role>>>,
    /// One after the other; the last is the one that is stored. A pod that saw one sees none of before.
    associations: Vec<Option<Association>>,
}

/// What decides whether a role lets pods in, and whether they reach another one through it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Role {
    trust: String,
    inline_policies: BTreeMap<String, String>,
}

impl Role {
    fn of(role: &ObservedRole) -> Self {
        Self {
            trust: role.trust_policy.clone(),
            inline_policies: role.inline_policies.clone(),
        }
    }
}

/// What EKS knows about a service account.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Association {
    role: String,
    session_tags: bool,
    target: Option<String>,
    session_policy: Option<String>,
}

/// All pods that behave alike.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Pods {
    /// It shows its token, and asks for the role of the annotation that it was started with.
    Irsa { role: String },
    /// It asks the agent, which learned of the association when this was the newest.
    ///
    /// Once everything has settled, that is 0.
    PodIdentity { since: usize },
    /// It was started with neither.
    Without,
}

impl Visible {
    /// What everybody sees once everything has settled.
    pub(super) fn settled(world: &World) -> Self {
        let roles = world
            .roles
            .values()
            .map(|role| (role.arn.clone(), BTreeSet::from([Some(Role::of(role))])));
        Self {
            roles: roles.collect(),
            associations: vec![association(world)],
        }
    }

    /// Something was written: from now on some see it.
    pub(super) fn note(&mut self, world: &World) {
        for role in world.roles.values() {
            let seen = self
                .roles
                .entry(role.arn.clone())
                .or_insert_with(|| BTreeSet::from([None]));
            seen.insert(Some(Role::of(role)));
        }
        for (arn, seen) in &mut self.roles {
            if !world.roles.values().any(|role| role.arn == *arn) {
                seen.insert(None);
            }
        }
        let now = association(world);
        if self.associations.last() != Some(&now) {
            self.associations.push(now);
        }
    }

    /// The pods that may start now, if the service account has one of these annotations.
    pub(super) fn starting(&self, annotations: &BTreeSet<Option<String>>) -> BTreeSet<Pods> {
        let mut pods = BTreeSet::new();
        for (since, association) in self.associations.iter().enumerate() {
            for annotation in annotations {
                // With an association, EKS writes nothing for IRSA into a pod.
                pods.insert(match (association, annotation) {
                    (Some(_), _) => Pods::PodIdentity { since },
                    (None, Some(role)) => Pods::Irsa { role: role.clone() },
                    (None, None) => Pods::Without,
                });
            }
        }
        pods
    }

    /// Whether the association is on its way out: what that does to pods that use it, nobody can prevent.
    pub(super) fn loses_association(&self) -> bool {
        self.associations.last() == Some(&None)
    }

    /// Whether a pod may be refused when it asks for credentials, and how.
    pub(super) fn refusal(&self, pod: &Pods, engine: &mut Engine) -> Option<String> {
        match pod {
            Pods::Without => Some("it was started with neither association nor annotation".to_owned()),
            Pods::Irsa { role } => self.refusal_of(role, Mechanism::Irsa, (true, None), engine),
            Pods::PodIdentity { since } => self.associations.iter().skip(*since).find_map(|seen| match seen {
                Some(seen) => {
                    let asked = (seen.session_tags, seen.target.as_deref());
                    self.refusal_of(&seen.role, Mechanism::PodIdentity, asked, engine)
                }
                None if self.loses_association() => None,
                None => Some("the agent finds no association".to_owned()),
            }),
        }
    }

    fn refusal_of(
        &self,
        role: &str,
        mechanism: Mechanism,
        (session_tags, target): (bool, Option<&str>),
        engine: &mut Engine,
    ) -> Option<String> {
        let Some(seen) = self.roles.get(role) else {
            return Some(format!("there is no role `{role}`"));
        };
        let reaches = |seen: &Role| {
            let mut policies = seen.inline_policies.values();
            target.is_none_or(|target| policies.any(|policy| policy.contains(target)))
        };
        seen.iter().find_map(|seen| match seen {
            None => Some(format!("role `{role}` may not be there for it")),
            Some(seen) if !reaches(seen) => Some(format!("role `{role}` may not go on to its target")),
            Some(Role { trust, .. }) if engine.lets_in(trust, role, mechanism, session_tags) => None,
            Some(Role { trust, .. }) => Some(format!(
                "{} is refused by `{role}` with {}",
                mechanism.name(),
                decode(trust)
            )),
        })
    }
}

fn association(world: &World) -> Option<Association> {
    let found = world.association.as_ref()?;
    Some(Association {
        role: found.role_arn.clone(),
        session_tags: !found.disable_session_tags,
        target: found.target_role_arn.clone(),
        session_policy: found.session_policy.clone(),
    })
}

/// The engine's answers, each asked for once.
#[derive(Default)]
pub(super) struct Engine {
    answers: HashMap<(String, String, Mechanism, bool), bool>,
}

impl Engine {
    /// Whether a trust policy lets in a pod of the binding.
    pub(super) fn lets_in(&mut self, trust: &str, role: &str, mechanism: Mechanism, session_tags: bool) -> bool {
        let question = (trust.to_owned(), role.to_owned(), mechanism, session_tags);
        *self.answers.entry(question).or_insert_with(|| {
            let trust = Document::parse(&decode(trust)).unwrap();
            let pod = pod::Pod {
                partition: Some(Partition::Aws),
                region: Some("eu-west-1".parse().unwrap()),
                account: Some(ACCOUNT.parse().unwrap()),
                cluster: Some("main".parse().unwrap()),
                namespace: Some("prod".parse().unwrap()),
                service_account: Some("api".parse().unwrap()),
                issuer: Some(ISSUER.parse().unwrap()),
                provider_account: Some(ACCOUNT.parse().unwrap()),
                session_tags: Some(session_tags),
                ..pod::Pod::new(mechanism)
            };
            let asked = AskedRole {
                arn: Some(role.parse().unwrap()),
                ..AskedRole::default()
            };
            may_assume(&trust, &pod, &asked).verdict == Verdict::Allow
        })
    }
}

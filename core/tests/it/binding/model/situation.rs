use std::collections::BTreeSet;
use std::hash::{Hash, Hasher};

use super::super::world::World;
use super::pods::{Engine, Pods, Visible};

/// What is in AWS, which pods there are, and what Terraform and the provider remember.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Situation {
    pub(super) world: World,
    /// What is seen of it.
    pub(super) visible: Visible,
    /// The role of the service account's annotation; after an apply it is written at any time.
    pub(super) annotations: BTreeSet<Option<String>>,
    /// Pods that run, and may ask for credentials at any time.
    pub(super) running: BTreeSet<Pods>,
    /// The state, by its number.
    pub(super) state: Option<usize>,
    /// Names of the roles that the provider knows as the binding's own.
    pub(super) own_roles: BTreeSet<String>,
    /// Names of roles of others where it knows of statements of the binding that have to go.
    pub(super) left_roles: BTreeSet<String>,
    /// `ready_token` of the last apply that was done.
    pub(super) token: Option<String>,
    /// Pods may rely on the binding: an apply was done, and none that interrupts them was begun since.
    pub(super) promised: bool,
    /// What the provider remembers: something was written after the last wait.
    pub(super) unsettled: bool,
}

impl Situation {
    pub(super) fn new(world: World) -> Self {
        Self {
            visible: Visible::settled(&world),
            world,
            annotations: BTreeSet::from([None]),
            running: BTreeSet::new(),
            state: None,
            own_roles: BTreeSet::new(),
            left_roles: BTreeSet::new(),
            token: None,
            promised: false,
            unsettled: false,
        }
    }

    /// The world is another one from now on. Pods start, those that run ask again, and none may be refused.
    pub(super) fn change(&mut self, world: &World, is_wait: bool, engine: &mut Engine) -> Result<(), String> {
        self.unsettled = !is_wait;
        if is_wait {
            self.settle();
        } else {
            self.world.clone_from(world);
            self.visible.note(world);
        }
        self.let_pods_ask(engine)
    }

    /// An apply begins, however soon after another one: it waits for what was not waited for.
    pub(super) fn catch_up(&mut self, engine: &mut Engine) -> Result<(), String> {
        if std::mem::take(&mut self.unsettled) {
            self.settle();
        }
        self.let_pods_ask(engine)
    }

    /// Time passes.
    pub(super) fn settle(&mut self) {
        self.visible = Visible::settled(&self.world);
        self.give_up();
        let running = std::mem::take(&mut self.running).into_iter();
        let settled = running.map(|pod| match pod {
            Pods::PodIdentity { .. } => Pods::PodIdentity { since: 0 },
            pod @ (Pods::Irsa { .. } | Pods::Without) => pod,
        });
        self.running = settled.collect();
    }

    /// Pods start, and all ask for credentials.
    pub(super) fn let_pods_ask(&mut self, engine: &mut Engine) -> Result<(), String> {
        if !self.promised {
            return Ok(());
        }
        self.give_up();
        let starting = self.visible.starting(&self.annotations);
        for (what, pods) in [("starts", &starting), ("runs", &self.running)] {
            for pod in pods {
                if let Some(refusal) = self.visible.refusal(pod, engine) {
                    return Err(format!("a pod that {what} is refused: {pod:?}: {refusal}"));
                }
            }
        }
        self.running.extend(starting);
        Ok(())
    }

    /// Nobody can keep pods from being refused whose association goes away; the plan says so.
    fn give_up(&mut self) {
        if self.visible.loses_association() {
            self.running.retain(|pod| !matches!(pod, Pods::PodIdentity { .. }));
        }
    }

    /// An apply is followed: the service account is annotated as its outputs say, and where they say so by another token, pods are restarted.
    pub(super) fn rest(&mut self, annotation: Option<String>, token: Option<String>) {
        self.annotations = BTreeSet::from([annotation]);
        if self.token != token {
            self.restart();
            self.token = token;
        }
    }

    /// All pods are started anew.
    pub(super) fn restart(&mut self) {
        self.running = self.visible.starting(&self.annotations);
    }

    /// The same for all from which the same can come about: before anything else is done, [`Self::catch_up`] is.
    pub(super) fn digest(&self) -> u64 {
        if !self.unsettled {
            return digest(self);
        }
        let mut later = self.clone();
        later.unsettled = false;
        later.settle();
        digest(&later)
    }
}

pub(super) fn digest(value: &impl Hash) -> u64 {
    let mut hasher = Quick(0);
    value.hash(&mut hasher);
    hasher.finish()
}

/// Half of the time went to the hasher of the standard library, which resists attacks.
struct Quick(u64);

impl Hasher for Quick {
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            let product = u128::from(self.0 ^ u64::from_le_bytes(word)) * 0x9e37_79b9_7f4a_7c15;
            self.0 = (product ^ (product >> 64)) as u64;
        }
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

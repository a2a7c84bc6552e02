//! Carries out steps one after the other, and takes back what a failed create has made.

mod association;
mod trust;

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, SystemTime};

use pod_identity_core::binding::{Action, Effect, Inverse, Observed, Step};
use pod_identity_core::ids::BindingKey;
use pod_identity_core::policy::Document;
use tfmodel::{Diagnostic, Diagnostics, Model};
use tfplugin::Cx;
use tokio::time::{Instant, sleep};

use self::association::is_cleared;
use super::claim::{self, Claim};
use crate::cloud::settle::{JustWritten, settled};
use crate::cloud::{Association, Cloud, CloudError, ClusterRef, NewRole, Role};
use crate::session::{Connected, Session};

/// The steps of one change of one binding.
pub(crate) struct Execution<'a, C, M> {
    pub(crate) cx: &'a Cx<Session<C>, M>,
    pub(crate) aws: &'a Connected<C>,
    pub(crate) key: &'a BindingKey,
    pub(crate) cluster: &'a ClusterRef,
    pub(crate) claim: Claim,
    /// No step is begun after it.
    deadline: Instant,
    /// Makes repetitions of one call to create an association one creation.
    token: String,
    written: JustWritten,
    /// What was there before the first step.
    before: &'a Observed,
    /// Trust policies as they were read or written last, by role.
    seen: BTreeMap<String, Document>,
    /// Roles that these steps have made.
    made: BTreeSet<String>,
    /// What takes back the steps that were done, in their order.
    undo: Vec<Undo>,
    interrupted: bool,
    /// When something was written last, if that was not waited for since.
    unsettled: Option<SystemTime>,
    /// What EKS said last that it sends to the target role.
    pub(crate) external_id: Option<String>,
}

/// What a step has made, to be recorded before anything else can fail.
pub(crate) enum Made<'a> {
    Role(&'a Role),
    Association(&'a Association),
}

/// What takes a step back.
enum Undo {
    Take(Action),
    /// Something of before is lost; what it was about.
    Impossible(String),
}

impl Undo {
    fn of(action: &Action, before: &Observed) -> Option<Self> {
        match action.inverse(before) {
            Inverse::Nothing => None,
            Inverse::Action(inverse) => Some(Self::Take(*inverse)),
            // What these two became was noted when it happened.
            Inverse::Unknown if matches!(action, Action::EditTrust { .. } | Action::CreateAssociation { .. }) => None,
            Inverse::Unknown => Some(Self::Impossible(action.to_string())),
        }
    }
}

impl<'a, C: Cloud, M: Model> Execution<'a, C, M> {
    pub(crate) fn new(
        cx: &'a Cx<Session<C>, M>,
        aws: &'a Connected<C>,
        key: &'a BindingKey,
        cluster: &'a ClusterRef,
        claim: Claim,
        before: &'a Observed,
        limit: Duration,
    ) -> Result<Self, Diagnostics> {
        let roles = before
            .role
            .iter()
            .chain(before.former.iter().map(|former| &former.role));
        Ok(Self {
            seen: roles.map(|role| (role.name.clone(), role.trust())).collect(),
            deadline: Instant::now() + limit,
            token: claim::random()?,
            cx,
            aws,
            key,
            cluster,
            claim,
            before,
            made: BTreeSet::new(),
            written: JustWritten::default(),
            undo: Vec::new(),
            interrupted: false,
            unsettled: None,
            external_id: None,
        })
    }

    /// Carries out the steps; `record` hears of each object as soon as it exists.
    pub(crate) async fn run(&mut self, steps: &[Step], mut record: impl FnMut(Made<'_>)) -> Result<(), Diagnostics> {
        for step in steps {
            if self.interrupted && step.action.effect() == Effect::Removes {
                // What was added may not be in effect yet, and pods would be left with nothing.
                return Err(Diagnostic::error(
                    "Stopped before access was removed",
                    format!(
                        "The wait until the change is in effect was interrupted, so the next step was not taken: {}. Pods keep what they \
                         had. Apply again to go on.",
                        step.action
                    ),
                )
                .into());
            }
            if Instant::now() >= self.deadline {
                return Err(Diagnostic::error(
                    "The operation took too long",
                    format!(
                        "The limit in `timeouts` was reached before this step, which was not taken: {}. Raise the limit and apply again.",
                        step.action
                    ),
                )
                .into());
            }
            self.take(&step.action, &mut record)
                .await
                .map_err(|error| error.diagnostic(format!("Cannot {}", step.action)))?;
        }
        if self.interrupted {
            self.cx.warn(
                "The change may not be in effect yet",
                "The wait until AWS has made the change known everywhere was interrupted. Everything was written; pods that start within the \
                 next seconds may still be refused.",
            );
        }
        Ok(())
    }

    /// When something was written last, if that was not waited for since.
    pub(crate) const fn unsettled_since(&self) -> Option<SystemTime> {
        self.unsettled
    }

    async fn take(&mut self, action: &Action, record: &mut impl FnMut(Made<'_>)) -> Result<(), CloudError> {
        let outcome = self.attempt(action, record).await;
        // Also what failed may have been written. Of tags and descriptions pods see nothing.
        if action.effect() != Effect::Neutral {
            self.unsettled = Some(SystemTime::now());
        }
        outcome
    }

    async fn attempt(&mut self, action: &Action, record: &mut impl FnMut(Made<'_>)) -> Result<(), CloudError> {
        let cloud = &*self.aws.cloud;
        match action {
            Action::CreateRole {
                name,
                path,
                description,
                permissions_boundary,
                max_session_duration,
                trust_policy,
                tags,
            } => {
                let new = NewRole {
                    name: name.clone(),
                    path: path.clone(),
                    description: description.clone(),
                    permissions_boundary: permissions_boundary.clone(),
                    max_session_duration: *max_session_duration,
                    trust_policy: trust_policy.to_json(),
                    tags: tags.clone(),
                };
                let role = self.create_role(&new).await?;
                record(Made::Role(&role));
                self.made.insert(name.clone());
                self.written.role = true;
                self.aws.forget_trust_edits(name);
            }
            Action::UpdateRole {
                name,
                description,
                max_session_duration,
            } => {
                let call = || cloud.update_role(name, description.as_deref(), *max_session_duration);
                settled(self.written, call).await?;
            }
            Action::WriteBoundary { name, boundary } => {
                settled(self.written, || cloud.write_boundary(name, boundary.as_deref())).await?;
            }
            Action::TagRole { name, change } => {
                settled(self.written, || cloud.retag_role(name, change)).await?;
            }
            Action::EditTrust { name, edit } => {
                let mut written = None;
                let outcome = self.edit_trust(name, edit, &mut written).await;
                if let Some(edit) = written {
                    let name = name.clone();
                    self.undo.push(Undo::Take(Action::EditTrust { name, edit }));
                    self.written.role = true;
                }
                outcome?;
            }
            Action::AttachPolicy { name, arn } => {
                settled(self.written, || cloud.attach_policy(name, arn)).await?;
            }
            Action::PutInlinePolicy { name, policy, document } => {
                settled(self.written, || cloud.put_inline_policy(name, policy, document)).await?;
            }
            Action::Wait => self.wait().await,
            Action::CreateAssociation { terms, tags } => {
                let association = self.create_association(terms, tags).await?;
                self.external_id.clone_from(&association.external_id);
                record(Made::Association(&association));
                self.undo
                    .push(Undo::Take(Action::DeleteAssociation { id: association.id }));
            }
            Action::UpdateAssociation { id, change } => {
                let updated = self.update_association(id, change).await?;
                if let Err(error) = is_cleared(change, &updated) {
                    self.undo.extend(Undo::of(action, self.before));
                    return Err(error);
                }
                self.external_id = updated.external_id;
            }
            Action::TagAssociation { arn, change } => {
                settled(self.written, || cloud.retag(&self.cluster.region, arn, change)).await?;
            }
            Action::DeleteAssociation { id } => {
                gone(settled(JustWritten::default(), || cloud.delete_association(self.cluster, id)).await)?;
                self.aws.remember_deletion(id);
            }
            Action::DetachPolicy { name, arn } => {
                gone(settled(self.written_to(name), || cloud.detach_policy(name, arn)).await)?;
                self.written.policies_removed = true;
            }
            Action::DeleteInlinePolicy { name, policy } => {
                gone(settled(self.written_to(name), || cloud.delete_inline_policy(name, policy)).await)?;
                self.written.policies_removed = true;
            }
            Action::DeleteRole { name } => {
                gone(settled(self.written_to(name), || cloud.delete_role(name)).await)?;
                self.aws.forget_trust_edits(name);
                if let Some(id) = self.claim.unique_id(name) {
                    self.aws.remember_deletion(id);
                }
                self.written.role_deleted = true;
            }
        }
        self.undo.extend(Undo::of(action, self.before));
        Ok(())
    }

    /// A role that is missing is as it should be, whatever was written to another one.
    fn written_to(&self, role: &str) -> JustWritten {
        JustWritten {
            role: self.made.contains(role),
            ..self.written
        }
    }

    /// Takes back what was done, latest first. What remains is named; then the state must say so too.
    pub(crate) async fn roll_back(&mut self) -> Result<(), Diagnostics> {
        let mut problems = Diagnostics::new();
        self.written.policies_removed = true;
        for undo in std::mem::take(&mut self.undo).into_iter().rev() {
            let action = match undo {
                Undo::Take(action) => action,
                Undo::Impossible(what) => {
                    problems.push(Diagnostic::error(
                        "A step of the failed change stays in effect",
                        format!("This was done before the failure and cannot be taken back: {what}. The next plan shows what differs."),
                    ));
                    continue;
                }
            };
            if let Err(error) = self.take(&action, &mut |_| {}).await {
                let mut problem = error.diagnostic("What the failed change had made could not be removed");
                problem.detail = format!("{} {}", remains(&action), problem.detail);
                problems.push(problem);
            }
        }
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }

    async fn create_role(&self, new: &NewRole) -> Result<Role, CloudError> {
        let cloud = &*self.aws.cloud;
        let create = || async {
            let error = match cloud.create_role(new).await {
                Ok(role) => return Ok(role),
                Err(error) => error,
            };
            // The answer to an earlier attempt may have been lost.
            match cloud.role(&new.name).await {
                Ok(role) if self.claim.marks(&role.tags) => Ok(role),
                _ => Err(error),
            }
        };
        // Nobody had the name when the change began, but for a role that this process has deleted for another resource.
        let written = JustWritten {
            role_deleted: self.written.role_deleted || self.aws.has_deletions(),
            ..self.written
        };
        settled(written, create).await
    }

    async fn wait(&mut self) {
        if self.interrupted {
            return;
        }
        let wait = self.cx.unless_stopped(sleep(self.aws.propagation_wait));
        self.interrupted = wait.await.is_err();
        if !self.interrupted {
            self.unsettled = None;
        }
    }
}

/// What is left where an action that takes something back has failed.
fn remains(action: &Action) -> String {
    match action {
        Action::DeleteRole { name } => format!("Still there: role `{name}`."),
        Action::DetachPolicy { name, arn } => format!("Still there: policy `{arn}` on role `{name}`."),
        Action::DeleteInlinePolicy { name, policy } => {
            format!("Still there: inline policy `{policy}` of role `{name}`.")
        }
        Action::EditTrust { name, .. } => {
            format!("Still there: this binding's statements in the trust policy of role `{name}`.")
        }
        Action::DeleteAssociation { id } => format!("Still there: association `{id}`."),
        other => format!("Not put back as it was: {other}."),
    }
}

/// What is to be removed and is not there is removed.
fn gone(outcome: Result<(), CloudError>) -> Result<(), CloudError> {
    match outcome {
        Err(error) if error.is_not_found() => Ok(()),
        outcome => outcome,
    }
}

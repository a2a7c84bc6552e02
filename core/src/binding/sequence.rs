use super::steps::{Action, Effect, Step};

/// Steps in order, with a wait wherever the next one relies on those before it.
#[derive(Default)]
pub(super) struct Sequence {
    steps: Vec<Step>,
    never_waits: bool,
    /// Something was given since the last wait.
    unsettled: bool,
    /// Something since the last wait decides which credentials pods get.
    visible: bool,
}

impl Sequence {
    /// Steps of which none relies on another's effect.
    pub(super) fn without_waits() -> Self {
        Self {
            never_waits: true,
            ..Self::default()
        }
    }

    pub(super) fn push(&mut self, action: Action, reason: &str, restart: Option<String>) {
        let relies = action.effect() == Effect::Removes || is_association(&action);
        if relies && self.unsettled && !self.never_waits {
            self.wait();
        }
        // Taking an association away changes what new pods get as much as making one.
        let gives = action.effect() == Effect::Adds || matches!(action, Action::DeleteAssociation { .. });
        self.unsettled |= gives;
        let is_permission = matches!(
            action,
            Action::AttachPolicy { .. } | Action::PutInlinePolicy { .. } | Action::WriteBoundary { .. }
        );
        self.visible |= gives && !is_permission;
        self.steps.push(Step {
            undo: undo(&action),
            action,
            reason: reason.to_owned(),
            restart,
        });
    }

    fn wait(&mut self) {
        self.steps.push(Step {
            action: Action::Wait,
            reason: "because AWS spreads changes with a delay".to_owned(),
            undo: None,
            restart: None,
        });
        self.unsettled = false;
        self.visible = false;
    }

    /// Whoever asked for the change does not care when it is in effect.
    pub(super) fn without_last_wait(&mut self) {
        self.visible = false;
    }

    pub(super) fn finish(mut self) -> Vec<Step> {
        if self.visible && !self.never_waits {
            self.wait();
        }
        self.steps
    }
}

const fn is_association(action: &Action) -> bool {
    matches!(
        action,
        Action::CreateAssociation { .. } | Action::UpdateAssociation { .. } | Action::DeleteAssociation { .. }
    )
}

/// What takes an action back.
fn undo(action: &Action) -> Option<String> {
    Some(match action {
        Action::CreateRole { name, .. } => format!("delete role `{name}`"),
        Action::UpdateRole { name, .. } | Action::WriteBoundary { name, .. } | Action::TagRole { name, .. } => {
            format!("write the earlier settings of role `{name}` back")
        }
        Action::EditTrust { name, edit } => match (edit.put.is_empty(), edit.remove.is_empty()) {
            (true, false) => format!("write the statements back to the trust policy of role `{name}`"),
            (true | false, _) => format!("write the earlier trust policy of role `{name}` back"),
        },
        Action::AttachPolicy { name, arn } => format!("detach policy `{arn}` from role `{name}`"),
        Action::DetachPolicy { name, arn } => format!("attach policy `{arn}` to role `{name}`"),
        Action::PutInlinePolicy { name, policy, .. } | Action::DeleteInlinePolicy { name, policy } => {
            format!("write the earlier inline policy `{policy}` of role `{name}` back")
        }
        Action::CreateAssociation { .. } => "delete the association".to_owned(),
        Action::UpdateAssociation { .. } => "write the earlier settings of the association back".to_owned(),
        Action::TagAssociation { .. } => "write the earlier tags of the association back".to_owned(),
        Action::DeleteAssociation { .. } => "create the association again, which gives it a new id".to_owned(),
        Action::Wait | Action::DeleteRole { .. } => return None,
    })
}

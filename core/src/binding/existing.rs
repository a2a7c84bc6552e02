//! What is there already under the names that a binding wants, and what becomes of it.

use std::collections::BTreeMap;

use tfmodel::{Diagnostic, Diagnostics, Path};

use super::association::AssociationChange;
use super::desired::{Desired, OwnedRole, is_reserved_tag, owner};
use super::losses::losses;
use super::model::{Binding, OnExisting, same_policy};
use super::observed::{FormerRole, Observed, ObservedAssociation, ObservedRole};
use super::steps::Step;
use crate::ids::OWNER_TAG;
use crate::policy::decode;

/// Something that was read, and what tells whose it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found<T> {
    /// What was read.
    pub what: T,
    /// Whether the binding knows it as its own.
    pub is_own: bool,
    /// How many seconds ago it was made, if AWS says.
    pub age: Option<u64>,
    /// Whether it is known to have been used.
    pub is_used: bool,
}

/// What is there under the names that a binding wants.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Occupants {
    /// The role of the name.
    pub role: Option<Found<ObservedRole>>,
    /// The association of the service account.
    pub association: Option<Found<ObservedAssociation>>,
    /// Whether the role was this binding's before without being its own, so that it need not be adopted.
    pub is_given: bool,
    /// Roles that the binding was for before.
    pub former: Vec<FormerRole>,
}

/// What a change starts from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Start {
    /// What is there, as far as it is or becomes the binding's.
    pub observed: Observed,
    /// Whether the role becomes its own by this change.
    pub takes_role: bool,
    /// Whether the association becomes its own by this change.
    pub takes_association: bool,
    /// Whether the association was made by an earlier apply whose state was lost.
    pub resumes_association: bool,
}

/// An apply that was interrupted is repeated soon.
const LATEST_RESUMPTION: u64 = 60 * 60;

impl Start {
    /// Tells what is the binding's own from what is in its way.
    ///
    /// # Errors
    /// Something is in its way that may not be taken over.
    pub fn from(existing: Occupants, desired: &Desired, on_existing: OnExisting) -> Result<Self, Diagnostics> {
        let mut start = Self::default();
        start.observed.former = existing.former;
        let mut problems = Diagnostics::new();
        if let Some(found) = existing.role {
            let refused = start.with_role(found, desired, on_existing, existing.is_given);
            problems.extend(refused.err());
        }
        if let Some(found) = existing.association {
            problems.extend(start.with_association(found, desired, on_existing).err());
        }
        if problems.has_errors() {
            return Err(problems);
        }
        Ok(start)
    }

    fn with_role(
        &mut self,
        found: Found<ObservedRole>,
        desired: &Desired,
        on_existing: OnExisting,
        is_given: bool,
    ) -> Result<(), Diagnostic> {
        let Some(owned) = &desired.owned else {
            if desired.writes_trust {
                self.observed.role = Some(found.what);
            }
            return Ok(());
        };
        let may_be_taken = || never_adopted(&found.what, desired);
        if !found.is_own && !is_given {
            if is_left_over(&found, desired, owned) {
                self.observed.left_over = Some(found.what);
                return Ok(());
            }
            if on_existing == OnExisting::Fail {
                return Err(role_in_the_way(&found, desired, may_be_taken()));
            }
        }
        if !found.is_own {
            if let Some(why) = may_be_taken() {
                return Err(role_in_the_way(&found, desired, Some(why)));
            }
            self.takes_role = true;
        }
        self.observed.role = Some(found.what);
        Ok(())
    }

    fn with_association(
        &mut self,
        found: Found<ObservedAssociation>,
        desired: &Desired,
        on_existing: OnExisting,
    ) -> Result<(), Diagnostic> {
        if !found.is_own {
            // Where none is wanted, nothing is in the way.
            if !desired.mode.uses_pod_identity() {
                return Ok(());
            }
            if let Some(owner) = &found.what.owner_arn {
                return Err(of_add_on(owner, desired));
            }
            self.resumes_association = is_resumable(&found, desired);
            if !self.resumes_association && on_existing == OnExisting::Fail {
                return Err(association_in_the_way(&found, desired));
            }
            self.takes_association = true;
        }
        self.observed.association = Some(found.what);
        Ok(())
    }

    /// What is made anew or resumed, for the user to know when it happens.
    pub fn resumed(&self) -> Diagnostics {
        let mut told = Diagnostics::new();
        if let Some(role) = &self.observed.left_over {
            told.push(
                Diagnostic::warning(
                    format!("Role `{}` is made anew", role.name),
                    format!(
                        "`{}` was made for this binding less than an hour ago, by an apply whose state was lost or by another state. Nobody has used \
                         it, and it holds nothing that this binding would not write. It is deleted and made again, so that nobody has a session of \
                         it. If another state declares this binding as well, remove it from one of the two.",
                        role.arn
                    ),
                )
                .at(Path::attribute("role")),
            );
        }
        if let Some(association) = self.observed.association.as_ref().filter(|_| self.resumes_association) {
            told.push(Diagnostic::warning(
                format!("Association `{}` is taken up again", association.id),
                "It was made for this binding less than an hour ago, by an apply whose state was lost or by another state, and says what this \
                 binding would say. If another state declares this binding as well, remove it from one of the two.",
            ));
        }
        told
    }

    /// What is adopted, and what that takes away, for the user to know when it is planned. `steps` are those of the change.
    ///
    /// The host folds warnings of equal summary into one, so each names what it is about.
    pub fn adopted(&self, desired: &Desired, steps: &[Step]) -> Diagnostics {
        let mut told = Diagnostics::new();
        if let Some(role) = self.observed.role.as_ref().filter(|_| self.takes_role) {
            let whose = if role.tags.contains_key(OWNER_TAG) && owner(&desired.key, &role.tags).is_none() {
                "another binding owned"
            } else {
                "this binding did not make"
            };
            told.push(
                Diagnostic::warning(
                    format!("Role `{}` becomes this binding's own", role.name),
                    format!(
                        "`role` describes `{}`, which {whose}. From now on it is as `role` says, and deleting this binding deletes it. {}",
                        role.arn,
                        losses(role, desired, steps)
                    ),
                )
                .at(Path::attribute("role")),
            );
        }
        let taken = self.observed.association.as_ref();
        if let Some(association) = taken.filter(|_| self.takes_association && !self.resumes_association) {
            let role = if association.role_arn == desired.role_arn {
                format!("It stays with role `{}`.", association.role_arn)
            } else {
                format!(
                    "It gives pods role `{}` now, and will give them `{}`.",
                    association.role_arn, desired.role_arn
                )
            };
            told.push(Diagnostic::warning(
                format!("Association `{}` becomes this binding's own", association.id),
                format!(
                    "{role} Deleting this binding deletes it.{}",
                    tags_lost(&association.tags, &desired.tags)
                ),
            ));
        }
        told
    }
}

/// Whether the role that a binding is to own is the one that it was for before, when somebody else owned it.
pub fn is_given(prior: &Binding, desired: &Desired) -> bool {
    let is_of_name = prior.role.is_null() && prior.role_name.known() == Some(&desired.role_name);
    // After drift the state has the ARN of the role that the association names, which has another name.
    let of_same_name = |arn: &&String| arn.rsplit('/').next() == Some(&desired.role_name);
    let arn = prior.role_arn.known().filter(of_same_name);
    is_of_name && arn.is_none_or(|arn| *arn == desired.role_arn)
}

pub(super) fn tags_lost(present: &BTreeMap<String, String>, wanted: &BTreeMap<String, String>) -> String {
    let lost: Vec<String> = present
        .keys()
        .filter(|key| !wanted.contains_key(*key) && !is_reserved_tag(key))
        .map(|key| format!("`{key}`"))
        .collect();
    if lost.is_empty() {
        String::new()
    } else {
        format!(" It loses these tags: {}.", lost.join(", "))
    }
}

/// Whether a role was made by an apply of this binding that was interrupted: one that somebody else prepared under its name would hold more,
/// or be in use.
fn is_left_over(found: &Found<ObservedRole>, desired: &Desired, owned: &OwnedRole) -> bool {
    let role = &found.what;
    let is_written = |statement| {
        let mut all = desired.statements.iter().chain(&desired.other_statements);
        all.any(|wanted| wanted.same_meaning(statement))
    };
    let attached = owned.managed_policy_arns.as_deref().unwrap_or_default();
    let inline = |name: &String| owned.inline_policies.as_ref()?.get(name);
    owner(&desired.key, &role.tags).is_some()
        && found.age.is_some_and(|age| age < LATEST_RESUMPTION)
        && !found.is_used
        && role.arn == desired.role_arn
        && (role.permissions_boundary.is_none() || role.permissions_boundary == owned.permissions_boundary)
        && role.trust().statements.iter().all(is_written)
        && role.managed_policy_arns.iter().all(|arn| attached.contains(arn))
        && role
            .inline_policies
            .iter()
            .all(|(name, found)| inline(name).is_some_and(|wanted| same_policy(&decode(found), wanted)))
        && holds_only(&role.tags, &owned.tags)
}

fn is_resumable(found: &Found<ObservedAssociation>, desired: &Desired) -> bool {
    let association = &found.what;
    owner(&desired.key, &association.tags).is_some()
        && found.age.is_some_and(|age| age < LATEST_RESUMPTION)
        && AssociationChange::between(&association.terms(), &desired.association).is_empty()
        && holds_only(&association.tags, &desired.tags)
}

fn holds_only(present: &BTreeMap<String, String>, wanted: &BTreeMap<String, String>) -> bool {
    let mut users = present.iter().filter(|(key, _)| !is_reserved_tag(key));
    users.all(|(key, value)| wanted.get(key) == Some(value))
}

/// Why a role may not become a binding's own, whatever is configured.
fn never_adopted(role: &ObservedRole, desired: &Desired) -> Option<String> {
    const STACK: &str = "aws:cloudformation:stack-name";
    if ["/aws-service-role/", "/aws-reserved/"]
        .iter()
        .any(|reserved| role.path.starts_with(reserved))
    {
        return Some(format!("AWS itself owns it, as its path `{}` says", role.path));
    }
    if role.tags.keys().any(|key| key.starts_with("aws:cloudformation:")) {
        let stack = role
            .tags
            .get(STACK)
            .map(|name| format!(" `{name}`"))
            .unwrap_or_default();
        return Some(format!(
            "CloudFormation stack{stack} owns it, and would change it back or delete it"
        ));
    }
    (role.arn != desired.role_arn).then(|| {
        format!(
            "its path is `{}`, this binding wants `{}`, and IAM has no call that moves a role",
            role.path, desired.role_arn
        )
    })
}

/// Names of roles are unique whatever their path, so it is in the way even under another one.
fn role_in_the_way(found: &Found<ObservedRole>, desired: &Desired, never: Option<String>) -> Diagnostic {
    let role = &found.what;
    let key = &desired.key;
    let whose = if owner(key, &role.tags).is_some() {
        "Its tag says that it was made for this same binding: by another resource or state that declares it, by an apply whose state was lost, or by the \
         one that this resource replaces under `create_before_destroy`, which cannot work since there can only be one. If the resource was renamed, write \
         a `moved` block."
    } else if role.tags.contains_key(OWNER_TAG) {
        "Its tag says that it is another binding's."
    } else {
        "This binding did not make it."
    };
    let import = format!(
        "import it with the id `{}/{}/{}/{}`",
        key.cluster, key.namespace, key.service_account, role.name
    );
    let ways = match never {
        None => format!(
            "To take it over, set `on_existing = \"adopt\"`: the plan then says what it loses. Or {import}. Or give this binding's role another `name`."
        ),
        Some(why) => format!(
            "It cannot be adopted: {why}. Give this binding's role another `name`, or use the one that exists with `role_arn` in the place of `role`."
        ),
    };
    Diagnostic::error(
        "A role of this name exists",
        format!(
            "There is a role `{}` already{}. {whose} Nothing was changed. {ways}",
            role.arn,
            used(found)
        ),
    )
    .at(Path::attribute("role"))
}

fn used<T>(found: &Found<T>) -> &'static str {
    if found.is_used { ", and it has been used" } else { "" }
}

fn association_in_the_way(found: &Found<ObservedAssociation>, desired: &Desired) -> Diagnostic {
    let association = &found.what;
    let key = &desired.key;
    let whose = if owner(key, &association.tags).is_some() {
        "Its tag says that it was made for this same binding: by another resource or state that declares it, by an apply whose state was lost, or by the \
         one that this resource replaces under `create_before_destroy`, which cannot work since there can only be one. If the resource was renamed, write \
         a `moved` block."
    } else {
        "This binding did not make it."
    };
    Diagnostic::error(
        "The service account has an association already",
        format!(
            "Association `{}` gives service account `{}` in namespace `{}` the role `{}`, and a service account can have only one. {whose} Nothing was \
             changed. To take it over, set `on_existing = \"adopt\"`. Or import it with the id `{}/{}/{}`. Or bind another `service_account`.",
            association.id,
            key.service_account,
            key.namespace,
            association.role_arn,
            key.cluster,
            key.namespace,
            key.service_account,
        ),
    )
    .at(Path::attribute("service_account"))
}

/// EKS changes and deletes it together with the add-on.
pub(super) fn of_add_on(owner: &str, desired: &Desired) -> Diagnostic {
    Diagnostic::error(
        "The association belongs to an add-on",
        format!(
            "The Pod Identity association of the {} is owned by `{owner}`. EKS changes it together with the add-on: configure the role there, or remove \
             it from the add-on first.",
            desired.pods()
        ),
    )
}

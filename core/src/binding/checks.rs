//! What can be said about a configuration and a change before anything is done.

mod admission;
mod association;
mod findings;
mod preflight;
mod rewritten;
mod role;
mod size;
mod switch;
mod tags;
mod terms;

use std::collections::BTreeMap;

use tfmodel::{Diagnostic, Diagnostics, Path, Value};

pub(super) use self::admission::refusals;
use self::admission::{unmanaged, written};
use self::association::{association, target_role};
pub use self::findings::FindingSettings;
use self::findings::findings;
pub(super) use self::preflight::preflight;
use self::rewritten::rewritten;
use self::role::{foreign_role, other_account, previous_roles, role_change};
use self::size::{passage, size};
use self::switch::switch;
use self::tags::{ignored, tag_keys, tags_together};
use self::terms::trust_terms;
use super::derived::Derived;
use super::facts::{Facts, Settings, mode_of};
use super::model::Binding;
use crate::ids::ServiceAccount;
use crate::mode::Mode;

/// Checks of a configuration by itself.
pub fn configuration(config: &Binding) -> Diagnostics {
    let mut problems = Diagnostics::new();
    let mode = mode_of(config);
    let is_pattern = config
        .service_account
        .known()
        .and_then(|name| name.parse::<ServiceAccount>().ok())
        .is_some_and(|name| name.is_pattern());
    if is_pattern && mode.is_some_and(Mode::uses_pod_identity) {
        problems.push(
            Diagnostic::error(
                "EKS Pod Identity needs the name of one service account",
                "`service_account` has a wildcard. An association is for exactly one service account: name it, or use mode `irsa`, whose conditions \
                 know `*` and `?`.",
            )
            .at(Path::attribute("service_account")),
        );
    }
    association(config, mode, &mut problems);
    trust_terms(config, mode, &mut problems);
    for (path, tags) in [
        (Path::attribute("tags"), &config.tags),
        (
            Path::attribute("role").with_attribute("tags"),
            config.role.known().map_or(&Value::Null, |role| &role.tags),
        ),
    ] {
        tag_keys(&path, tags, config.role.is_known(), &mut problems);
    }
    problems
}

/// Checks of the argument `tags` of something else than a binding.
pub fn tags(tags: &Value<BTreeMap<String, Value<String>>>, case: KeyCase) -> Diagnostics {
    let mut problems = Diagnostics::new();
    tag_keys(&Path::attribute("tags"), tags, case == KeyCase::Ignored, &mut problems);
    problems
}

/// Whether tag keys that differ only in case are different keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyCase {
    /// They are, as in EKS.
    Kept,
    /// They are not, as in IAM.
    Ignored,
}

/// Checks of a change.
pub(super) fn change(
    prior: Option<&Binding>,
    config: &Binding,
    planned: &Binding,
    derived: &Derived,
    facts: &Facts,
    settings: &Settings,
) -> Diagnostics {
    let mut found = Diagnostics::new();
    if let Some(prior) = prior {
        if let Some(problem) = other_account(prior, derived) {
            return problem.into();
        }
        found.extend(switch(prior, config, derived));
        found.extend(role_change(prior, planned));
        found.extend(previous_roles(prior, planned, facts));
        found.extend(passage(prior, planned, facts, settings));
        found.extend(rewritten(prior, planned, derived, facts, settings));
    }
    found.extend(foreign_role(planned, derived));
    found.extend(target_role(prior, planned));
    found.extend(tags_together(planned));
    found.extend(ignored(config, settings));
    found.extend(size(planned, settings));
    found
}

/// Whether the role lets the binding's own pods in, and what else there is to say about its trust policy. What follows from a mistake that was
/// found already would only hide it.
pub(super) fn trust(
    config: &Binding,
    planned: &Binding,
    derived: &Derived,
    facts: &Facts,
    settings: &Settings,
    changes: bool,
) -> Vec<Diagnostic> {
    let mut told = unmanaged(config, derived, facts);
    told.extend(written(planned, derived, facts));
    findings(&mut told, planned, derived, facts, settings, changes);
    told
}

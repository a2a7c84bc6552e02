//! What to import rows by.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::Survey;
use super::rows::{Bound, Maker, key};
use crate::ids::{ImportId, RoleArn};

/// Gives each row that a binding can be made of its id.
pub(super) fn name(survey: &Survey, bindings: &mut [Bound]) {
    let associated: BTreeSet<(String, String)> = bindings
        .iter()
        .filter(|bound| bound.pod_identity)
        .map(|bound| (bound.namespace.clone(), bound.service_account.clone()))
        .collect();
    for bound in bindings {
        // Beside an association, what another role trusts is no binding of its own.
        let is_shadowed =
            !bound.pod_identity && associated.contains(&(bound.namespace.clone(), bound.service_account.clone()));
        let role = bound.role_arn.as_ref().and_then(|arn| arn.parse::<RoleArn>().ok());
        // A role of another account cannot be read.
        let is_near = role.as_ref().is_none_or(|role| role.account == survey.cluster.account);
        let key = key(survey, &bound.namespace, &bound.service_account);
        bound.import_id = match key {
            Some(key) if is_near && !is_shadowed && bound.made_by != Maker::AddOn => Some(
                ImportId::ServiceAccount {
                    cluster: key.cluster,
                    namespace: key.namespace,
                    service_account: key.service_account,
                    role: role.filter(|_| !bound.pod_identity).map(|role| role.name),
                    region: Some(key.region),
                }
                .to_string(),
            ),
            Some(_) | None => None,
        };
    }
}

/// Blocks for what no binding has made: those of bindings are in a state somewhere.
pub(super) fn blocks(bindings: &[Bound]) -> String {
    let mut text = String::new();
    let mut names = BTreeSet::new();
    for bound in bindings.iter().filter(|bound| bound.made_by == Maker::Other) {
        let Some(id) = &bound.import_id else { continue };
        let plain = label(&format!("{}_{}", bound.namespace, bound.service_account));
        let mut name = plain.clone();
        let mut count = 1;
        while !names.insert(name.clone()) {
            count += 1;
            name = format!("{plain}_{count}");
        }
        let separator = if text.is_empty() { "" } else { "\n" };
        // Writing to a string does not fail.
        let _ = write!(
            text,
            "{separator}import {{\n  to = pod_identity_binding.{name}\n  id = \"{id}\"\n}}\n"
        );
    }
    text
}

/// A name that HCL takes.
fn label(text: &str) -> String {
    let mut label: String = text
        .chars()
        .map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '_' })
        .collect();
    if label.starts_with(|first: char| first.is_ascii_digit()) {
        label.insert(0, '_');
    }
    label
}

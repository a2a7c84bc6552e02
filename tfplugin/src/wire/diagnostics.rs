//! Diagnostics and paths.

use tfmodel::path::Step;
use tfmodel::{Diagnostic, Diagnostics, Path, Severity};
use tfplugin_proto::tfplugin6 as proto;
use tfplugin_proto::tfplugin6::attribute_path::step::Selector;

/// Logs what the user is told, without its details, which may quote values.
pub(super) fn told(all: Diagnostics) -> Vec<proto::Diagnostic> {
    for one in &all {
        let at = one.path.as_ref().map(ToString::to_string).unwrap_or_default();
        match one.severity {
            Severity::Error => tracing::debug!(at, "error: {}", one.summary),
            Severity::Warning => tracing::debug!(at, "warning: {}", one.summary),
        }
    }
    all.into_iter().map(diagnostic).collect()
}

fn diagnostic(one: Diagnostic) -> proto::Diagnostic {
    let severity = match one.severity {
        Severity::Error => proto::diagnostic::Severity::Error,
        Severity::Warning => proto::diagnostic::Severity::Warning,
    };
    proto::Diagnostic {
        severity: severity.into(),
        summary: one.summary,
        detail: one.detail,
        attribute: one.path.as_ref().filter(|at| !at.is_root()).map(path),
    }
}

pub(super) fn path(path: &Path) -> proto::AttributePath {
    let selector = |step: &Step| match step {
        Step::Attribute(name) => Selector::AttributeName(name.clone()),
        Step::Key(key) => Selector::ElementKeyString(key.clone()),
        Step::Index(index) => Selector::ElementKeyInt(i64::try_from(*index).unwrap_or(i64::MAX)),
    };
    proto::AttributePath {
        steps: path
            .steps()
            .iter()
            .map(|step| proto::attribute_path::Step {
                selector: Some(selector(step)),
            })
            .collect(),
    }
}

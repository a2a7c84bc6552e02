//! Diagnostics and paths.

use tfmodel::path::Step;
use tfmodel::{Diagnostic, Diagnostics, Path, Severity};
use tfplugin_proto::tfplugin6 as proto;
use tfplugin_proto::tfplugin6::attribute_path::step::Selector;

/// What the user is told.
pub(super) fn told(all: Diagnostics) -> Vec<proto::Diagnostic> {
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

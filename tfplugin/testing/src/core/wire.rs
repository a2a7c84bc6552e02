//! Diagnostics and paths as a host reads them.

use tfmodel::path::Step;
use tfmodel::{Diagnostic, Diagnostics, Path, Severity};
use tfplugin_proto::tfplugin6 as proto;
use tfplugin_proto::tfplugin6::attribute_path::step::Selector;
use tfplugin_proto::tfplugin6::deferred::Reason;
use tonic::{Response, Status};

/// As Terraform 1.16 sends them, without what this host does not do.
pub(super) const fn capabilities() -> proto::ClientCapabilities {
    proto::ClientCapabilities {
        deferral_allowed: false,
        write_only_attributes_allowed: true,
        store_planned_private: false,
        computed_blocks_allowed: true,
    }
}

/// Why an answer waits for a later round, unless the host cannot do that.
pub(super) fn deferral(
    sent: Option<proto::Deferred>,
    client: proto::ClientCapabilities,
) -> Result<Option<Reason>, Diagnostics> {
    match sent {
        Some(_) if !client.deferral_allowed => Err(error("the answer was deferred, and the host cannot do that")),
        Some(deferred) => Ok(Some(deferred.reason())),
        None => Ok(None),
    }
}

/// An answer that waits is an error named `Deferred`, where nothing else is to be seen in it.
pub(super) fn not_deferred(
    sent: Option<proto::Deferred>,
    client: proto::ClientCapabilities,
) -> Result<(), Diagnostics> {
    match deferral(sent, client)? {
        Some(reason) => Err(Diagnostic::error("Deferred", reason.as_str_name()).into()),
        None => Ok(()),
    }
}

/// A call that failed below the protocol is one error more.
pub(super) fn answer<T>(result: Result<Response<T>, Status>) -> Result<T, Diagnostics> {
    result.map(Response::into_inner).map_err(failed)
}

/// The next part of an answer; `None` at its end.
pub(super) fn message<T>(result: Result<Option<T>, Status>) -> Result<Option<T>, Diagnostics> {
    result.map_err(failed)
}

fn failed(status: Status) -> Diagnostics {
    Diagnostic::error("RPC failed", format!("{:?}: {}", status.code(), status.message())).into()
}

pub(super) fn error(text: impl Into<String>) -> Diagnostics {
    Diagnostic::error("The host refuses this", text).into()
}

/// The warnings, if there are no errors.
pub(super) fn ok(sent: Vec<proto::Diagnostic>) -> Result<Diagnostics, Diagnostics> {
    let all = diagnostics(sent);
    if all.has_errors() { Err(all) } else { Ok(all) }
}

pub(super) fn diagnostics(sent: Vec<proto::Diagnostic>) -> Diagnostics {
    sent.into_iter()
        .map(|one| Diagnostic {
            severity: match one.severity() {
                proto::diagnostic::Severity::Warning => Severity::Warning,
                proto::diagnostic::Severity::Error | proto::diagnostic::Severity::Invalid => Severity::Error,
            },
            summary: one.summary,
            detail: one.detail,
            path: one.attribute.map(path),
        })
        .collect()
}

pub(super) fn path(sent: proto::AttributePath) -> Path {
    let steps = sent.steps.into_iter().filter_map(|step| {
        Some(match step.selector? {
            Selector::AttributeName(name) => Step::Attribute(name),
            Selector::ElementKeyString(key) => Step::Key(key),
            Selector::ElementKeyInt(index) => Step::Index(usize::try_from(index).ok()?),
        })
    });
    Path::from(steps.collect::<Vec<_>>())
}

pub(super) fn text(all: &Diagnostics) -> String {
    let lines: Vec<String> = all
        .iter()
        .map(|one| {
            let at = one
                .path
                .as_ref()
                .map(|path| format!(" at `{path}`"))
                .unwrap_or_default();
            format!("{}{at}: {}", one.summary, one.detail)
        })
        .collect();
    lines.join("\n")
}

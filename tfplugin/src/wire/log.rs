//! What is logged of each call: which one it is and what came of it, and never a value. Names and texts are those of providers written in
//! Go, so that what reads their logs reads these.

use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

use tfplugin_proto::tfplugin6 as proto;
use tfplugin_proto::tfplugin6::attribute_path::step::Selector;
use tfplugin_proto::tfplugin6::diagnostic::Severity;
use tracing::{Span, field};

use super::message::{Answer, Ask, Kind, Outcome};

/// The protocol, with the minor version that this framework knows.
const PROTOCOL_VERSION: &str = "6.11";

/// The span of one call. Whatever the level, the provider's own lines say which call they belong to.
pub(super) fn span<A: Ask>(address: &'static str, request: &A) -> Span {
    let span = tracing::error_span!(
        "call",
        tf_provider_addr = address,
        tf_proto_version = PROTOCOL_VERSION,
        tf_rpc = A::RPC,
        tf_req_id = request_id(),
        tf_resource_type = field::Empty,
        tf_data_source_type = field::Empty,
        tf_ephemeral_resource_type = field::Empty,
        tf_list_resource_type = field::Empty,
        tf_action_type = field::Empty,
        tf_function_name = field::Empty,
    );
    if let Some((kind, name)) = request.about() {
        span.record(key(kind), name);
    }
    span
}

fn key(kind: Kind) -> &'static str {
    match kind {
        Kind::Resource => "tf_resource_type",
        Kind::DataSource => "tf_data_source_type",
        Kind::EphemeralResource => "tf_ephemeral_resource_type",
        Kind::ListResource => "tf_list_resource_type",
        Kind::Action => "tf_action_type",
        Kind::Function => "tf_function_name",
    }
}

/// A random UUID: a command starts several processes of a provider, whose lines end up in one log.
fn request_id() -> String {
    // Each state has keys of its own.
    let random = || RandomState::new().hash_one(());
    let (high, low) = (random(), random());
    format!(
        "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
        high >> 32,
        (high >> 16) & 0xffff,
        high & 0x0fff,
        ((low >> 48) & 0x3fff) | 0x8000,
        low & 0xffff_ffff_ffff,
    )
}

/// Logs what came of a call, and how long it took.
pub(super) fn answered(answer: &impl Answer, taken: Duration) {
    let tf_req_duration_ms = u64::try_from(taken.as_millis()).unwrap_or(u64::MAX);
    match answer.outcome() {
        Outcome::Diagnostics(all) => {
            let count = |severity| all.iter().filter(|one| one.severity() == severity).count();
            tracing::debug!(
                tf_req_duration_ms,
                diagnostic_error_count = count(Severity::Error),
                diagnostic_warning_count = count(Severity::Warning),
                "Received downstream response"
            );
            diagnostics(all);
        }
        Outcome::Function(error) => tracing::debug!(
            tf_req_duration_ms,
            function_error_exists = error.is_some(),
            // Its text may quote an argument.
            function_error_argument = error.and_then(|error| error.function_argument),
            "Received downstream response"
        ),
        Outcome::Silent => tracing::debug!(tf_req_duration_ms, "Received downstream response"),
    }
}

/// Logs what an answer tells the user: one event of several, or what stands in for the answer of a call that crashed.
pub(super) fn told(answer: &impl Answer) {
    if let Outcome::Diagnostics(all) = answer.outcome() {
        diagnostics(all);
    }
}

/// Logs what the user is told, without its details, which may quote values.
fn diagnostics(all: &[proto::Diagnostic]) {
    for one in all {
        let (diagnostic_summary, diagnostic_attribute) = (&one.summary, one.attribute.as_ref().map(attribute));
        match one.severity() {
            Severity::Error => tracing::error!(
                diagnostic_severity = "ERROR",
                diagnostic_summary,
                diagnostic_attribute,
                "Response contains error diagnostic"
            ),
            Severity::Warning | Severity::Invalid => tracing::warn!(
                diagnostic_severity = "WARNING",
                diagnostic_summary,
                diagnostic_attribute,
                "Response contains warning diagnostic"
            ),
        }
    }
}

/// A place, without the keys of maps, which are values too.
fn attribute(path: &proto::AttributePath) -> String {
    let mut place = String::new();
    for step in &path.steps {
        match &step.selector {
            Some(Selector::AttributeName(name)) if place.is_empty() => place += name,
            Some(Selector::AttributeName(name)) => place += &format!(".{name}"),
            Some(Selector::ElementKeyInt(index)) => place += &format!("[{index}]"),
            Some(Selector::ElementKeyString(_)) | None => place += "[...]",
        }
    }
    place
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_request_has_an_id_in_the_form_of_a_random_uuid() {
        let (one, other) = (request_id(), request_id());
        assert_ne!(one, other);
        let lengths: Vec<usize> = one.split('-').map(str::len).collect();
        assert_eq!(lengths, [8, 4, 4, 4, 12], "{one}");
        assert_eq!(one.chars().nth(14), Some('4'), "{one}");
        assert!(
            one.chars().nth(19).is_some_and(|variant| "89ab".contains(variant)),
            "{one}"
        );
    }

    #[test]
    fn a_place_does_not_tell_the_key_of_a_map() {
        let name = |name: &str| Selector::AttributeName(name.to_owned());
        let steps = [
            name("hosts"),
            Selector::ElementKeyInt(2),
            name("tokens"),
            Selector::ElementKeyString("hunter2".to_owned()),
        ];
        let path = proto::AttributePath {
            steps: steps
                .map(|selector| proto::attribute_path::Step {
                    selector: Some(selector),
                })
                .into(),
        };
        assert_eq!(attribute(&path), "hosts[2].tokens[...]");
    }
}

//! What users read when provider and host cannot go on: mistakes of the provider's code say so, and say what to do.

use tfmodel::host_checks::Subject;
use tfmodel::{Diagnostic, Diagnostics, Path, Schema};

use crate::moves::{Foreign, Origin};

const REPORT: &str = "This is a bug in the provider: please report it.";

fn bug(summary: impl Into<String>, found: impl std::fmt::Display) -> Diagnostic {
    Diagnostic::error(summary, format!("{found} {REPORT}"))
}

pub(crate) fn not_configured() -> Diagnostics {
    Diagnostic::error(
        "The provider is not configured",
        "This operation needs the provider's settings, and the host has not passed them yet.",
    )
    .into()
}

pub(crate) fn panicked(method: &str) -> Diagnostics {
    bug(
        "The provider crashed",
        format!("Its code for `{method}` panicked; the log has the place (`TF_LOG_PROVIDER=ERROR`). Objects may be left behind that the state does not know of."),
    )
    .into()
}

/// A failure without an error is none to a host: it would take the answer that is missing for an object that is gone.
pub(crate) fn unexplained(method: &str) -> Diagnostics {
    bug(
        "The provider failed and did not say why",
        format!("Its code for `{method}` ended with a failure that holds no error."),
    )
    .into()
}

/// Outside of a method: in a validator, a default, an equality, or in the framework itself.
pub(crate) fn crashed(rpc: &str) -> Diagnostic {
    bug(
        "The provider crashed",
        format!("It panicked while it answered `{rpc}`; the log has the place (`TF_LOG_PROVIDER=ERROR`)."),
    )
}

pub(crate) fn no_update(type_name: &str) -> Diagnostics {
    bug(
        "This resource cannot be changed in place",
        format!("A change of `{type_name}` was planned as an update, and it has none."),
    )
    .into()
}

pub(crate) fn no_import(type_name: &str) -> Diagnostics {
    Diagnostic::error(
        "This resource cannot be imported",
        format!("`{type_name}` has no import. Remove the `import` block, and let an apply create the object."),
    )
    .into()
}

pub(crate) fn no_renew(type_name: &str) -> Diagnostics {
    bug(
        "This ephemeral resource cannot be renewed",
        format!("`{type_name}` asked to be renewed when it was opened, and it has no renewal."),
    )
    .into()
}

/// `what` is a state or an identity.
pub(crate) fn no_upgrade(what: &str, from: i64, current: i64) -> Diagnostics {
    if from > current {
        return Diagnostic::error(
            format!("The {what} is of a newer provider"),
            format!(
                "It was written in schema version {from}, and this version of the provider knows versions up to {current}. Use a provider at \
                 least as new as the one that wrote it."
            ),
        )
        .into();
    }
    bug(
        format!("The {what} cannot be upgraded"),
        format!("It was written in schema version {from}. The provider has no way from there to version {current}."),
    )
    .into()
}

pub(crate) fn cannot_be_moved<'a>(
    target_type: &str,
    foreign: &Foreign,
    origins: impl Iterator<Item = &'a Origin>,
    misfits: &Diagnostics,
) -> Diagnostics {
    let mut origins: Vec<String> = origins.map(ToString::to_string).collect();
    origins.dedup();
    let possible = if origins.is_empty() {
        "It takes over no other types".to_owned()
    } else {
        format!("It takes over {}", origins.join(", "))
    };
    let misfits: Vec<String> = misfits
        .iter()
        .map(|misfit| match &misfit.path {
            Some(path) => format!(" The state does not fit at `{path}`: {}.", misfit.summary),
            None => format!(" The state does not fit: {}.", misfit.summary),
        })
        .collect();
    Diagnostic::error(
        "This object cannot be moved here",
        format!(
            "A `{}` of `{}` (schema version {}) cannot become a `{target_type}`. {possible}.{} Take the `moved` block out; a `removed` block \
             forgets the old object without deleting it, and an `import` block brings it in here.",
            foreign.type_name,
            foreign.provider,
            foreign.version,
            misfits.concat(),
        ),
    )
    .into()
}

pub(crate) fn deferral_not_possible() -> Diagnostics {
    bug(
        "This cannot be deferred",
        "The operation was to be left for a later round of plan and apply. The host cannot do that here, and the provider did not ask whether \
         it can.",
    )
    .into()
}

/// Hosts take only one reason to defer an action.
pub(crate) fn action_deferred(type_name: &str) -> Diagnostics {
    bug(
        "This action cannot be deferred",
        format!(
            "`{type_name}` was to be left for a later round of plan and apply, and the only reason that a host accepts for an action is that \
             too little of the provider's configuration is known."
        ),
    )
    .into()
}

pub(crate) fn meta_not_registered() -> Diagnostics {
    bug(
        "No such provider metadata",
        "What modules say in a `provider_meta` block was asked for, in another form than the provider offers it, or it offers none.",
    )
    .into()
}

pub(crate) fn reserved_private_key(key: &str) -> Diagnostics {
    bug(
        "Reserved private key",
        format!("The key `{key}` was to be stored, and keys that begin with a dot belong to the framework."),
    )
    .into()
}

pub(crate) fn private_unreadable() -> Diagnostics {
    Diagnostic::error(
        "Private data cannot be read",
        "What the provider stored beside the state is not the JSON object that it wrote. The state may have been edited or belong to another \
         provider. Restore it from a backup, or remove the object from the state and import it again.",
    )
    .into()
}

pub(crate) fn lease_unreadable() -> Diagnostics {
    Diagnostic::error(
        "Private data cannot be read",
        "What the provider stored when it opened the ephemeral resource did not come back as the JSON object that it wrote. What was opened \
         may still be open. This is a bug in the host or in the provider: please report it.",
    )
    .into()
}

/// Part of a request is missing. An empty value instead would be taken for an object that is gone.
pub(crate) fn missing(what: &str) -> Diagnostics {
    Diagnostic::error(
        "Incomplete request",
        format!(
            "The host sent no {what}. This is a bug in the host, or the host speaks another version of the protocol."
        ),
    )
    .into()
}

pub(crate) fn undecodable(what: &str, path: Path, problem: &str) -> Diagnostics {
    let diagnostic = Diagnostic::error(
        "Request cannot be read",
        format!(
            "The {what} does not fit the provider's schema: {problem}. The state may be of another version of the provider, or the host may have cached an older schema."
        ),
    );
    if path.is_root() {
        diagnostic.into()
    } else {
        diagnostic.at(path).into()
    }
}

pub(crate) fn unencodable(what: &str, path: Path, problem: &str) -> Diagnostics {
    let diagnostic = bug(
        "Answer does not fit the schema",
        format!("The {what} that the provider made does not fit its own schema: {problem}."),
    );
    if path.is_root() {
        diagnostic.into()
    } else {
        diagnostic.at(path).into()
    }
}

pub(crate) fn unknown_type<'a>(kind: &str, name: &str, known: impl Iterator<Item = &'a &'static str>) -> Diagnostics {
    let known: Vec<String> = known.map(|name| format!("`{name}`")).collect();
    let known = if known.is_empty() {
        "none".to_owned()
    } else {
        known.join(", ")
    };
    Diagnostic::error(
        format!("Unknown {kind}"),
        format!("This version of the provider has no {kind} `{name}`. It has: {known}."),
    )
    .into()
}

/// What a host would refuse in a schema, or not survive.
pub(crate) fn schema(subject: Subject, name: &str, schema: &Schema) -> Diagnostics {
    let problems = schema.check_as(subject);
    problems
        .iter()
        .map(|problem| bug(format!("Schema of `{name}` is not allowed"), format!("{problem}.")))
        .collect()
}

pub(crate) fn function_arguments(name: &str, takes: usize, names: usize) -> Diagnostics {
    bug(
        "Function defined wrongly",
        format!("`{name}` takes {takes} arguments and names {names}."),
    )
    .into()
}

pub(crate) fn no_identity(type_name: &str) -> Diagnostics {
    Diagnostic::error(
        "Resource without identity",
        format!("`{type_name}` has no identity in this version of the provider."),
    )
    .into()
}

/// A managed resource is listed that is not there, or that a list cannot name the objects of.
pub(crate) fn list_of(type_name: &str, problem: &str) -> Diagnostics {
    bug(
        "List resource without a managed resource",
        format!("Objects of `{type_name}` can be listed, but {problem}."),
    )
    .into()
}

/// What was listed until then must not be taken for everything.
pub(crate) fn list_stopped() -> Diagnostics {
    Diagnostic::error(
        "Stopped on request",
        "The list was interrupted before it was complete. There may be more objects.",
    )
    .into()
}

pub(crate) fn flatmap() -> Diagnostics {
    Diagnostic::error(
        "State of Terraform 0.11 or older",
        "This state was written before Terraform 0.12, and no version of this provider did that. Remove the object from the state and import \
         it again.",
    )
    .into()
}

//! Identities: known, present and the same as long as the object lives.

use tfmodel::{Datum, Diagnostics, Value, host_checks};

use super::super::Encoded;
use super::super::erase::{AnyResource, Context};
use crate::bug;

/// Reads the identity that a host sent along, if it did.
pub(super) fn decode<D>(resource: &dyn AnyResource<D>, sent: Option<&Encoded>) -> Result<Option<Value>, Diagnostics> {
    match (sent, resource.identity()) {
        (Some(sent), Some(prepared)) => {
            let identity = sent.decode("identity", &prepared.ty)?;
            Ok(Some(identity).filter(|identity| !identity.is_null()))
        }
        (Some(_), None) | (None, _) => Ok(None),
    }
}

/// The identity of an object that exists; `before` is what it was, unless it may change.
pub(super) fn of_existing<D>(
    resource: &dyn AnyResource<D>,
    context: &Context<D>,
    type_name: &str,
    state: &Value,
    before: Option<&Value>,
) -> Result<Option<Value>, Diagnostics> {
    if resource.identity().is_none() {
        return Ok(None);
    }
    let identity = resource
        .identity_of(context, state)?
        .ok_or_else(|| bug::identity_missing(type_name))?;
    if let Some(name) = first_unknown(&identity) {
        return Err(bug::identity_unknown(name));
    }
    match before {
        // A plan knows parts of it only.
        Some(before) if before.is_wholly_known() && *before != identity => {
            Err(bug::identity_changed(before, &identity))
        }
        Some(_) | None => Ok(Some(identity)),
    }
}

/// The identity of an object of which parts may be missing yet, if enough is there. The read that follows needs all of it.
pub(super) fn if_complete<D>(resource: &dyn AnyResource<D>, context: &Context<D>, state: &Value) -> Option<Value> {
    let schema = &resource.identity()?.schema;
    let identity = resource.identity_of(context, state).ok().flatten()?;
    Some(identity).filter(|identity| host_checks::identity(schema, identity).is_empty())
}

fn first_unknown(identity: &Value) -> Option<&str> {
    match identity {
        Value::Known(Datum::Object(entries)) => entries
            .iter()
            .find(|(_, value)| !value.is_wholly_known())
            .map(|(name, _)| name.as_str()),
        _ => None,
    }
}

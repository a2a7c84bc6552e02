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

/// The identity of an object that exists; `before` is what it was, if that is known and about the same object.
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
        Some(before) if before.is_wholly_known() && *before != identity && !resource.identity_may_change() => {
            Err(bug::identity_changed(before, &identity))
        }
        Some(_) | None => Ok(Some(identity)),
    }
}

/// The identity that an object is planned to have. Of one that lives on it is known, whatever the plan cannot know of it.
pub(super) fn planned<D>(
    resource: &dyn AnyResource<D>,
    context: &Context<D>,
    planned: &Value,
    before: Option<Value>,
    lives_on: bool,
) -> Result<Option<Value>, Diagnostics> {
    if !lives_on {
        return resource.identity_of(context, planned);
    }
    if before.is_some() && !resource.identity_may_change() {
        return Ok(before);
    }
    let identity = resource.identity_of(context, planned)?;
    Ok(identity.filter(Value::is_wholly_known).or(before))
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

//! Identities: known, present and the same as long as the object lives.

use tfmodel::{Diagnostics, Value, host_checks};

use super::super::Encoded;
use super::super::erase::{AnyResource, Context, Prepared};

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
    state: &Value,
    before: Option<&Value>,
) -> Result<Option<Value>, Diagnostics> {
    let Some(Prepared { schema, .. }) = resource.identity().map(|prepared| &**prepared) else {
        return Ok(None);
    };
    let identity = resource.identity_of(context, state)?.unwrap_or(Value::Null);
    let mut problems = host_checks::identity(schema, &identity);
    if let Some(before) = before.filter(|_| problems.is_empty() && !resource.identity_may_change()) {
        problems = host_checks::identity_kept(schema, before, &identity);
    }
    let (identity, _) = problems.into_result(identity)?;
    Ok(Some(identity))
}

/// The identity that an object is planned to have, if all of it is known: OpenTofu 1.12 cannot store a plan with one that is not.
pub(super) fn planned<D>(
    resource: &dyn AnyResource<D>,
    context: &Context<D>,
    planned: &Value,
    before: Option<Value>,
    lives_on: bool,
) -> Result<Option<Value>, Diagnostics> {
    let before = before.filter(|_| lives_on);
    if before.is_some() && !resource.identity_may_change() {
        return Ok(before);
    }
    let identity = resource.identity_of(context, planned)?;
    Ok(identity.filter(Value::is_wholly_known).or(before))
}

/// The identity of an object of which parts may be missing yet, if enough is there. The read that follows needs all of it.
pub(super) fn if_complete<D>(resource: &dyn AnyResource<D>, context: &Context<D>, state: &Value) -> Option<Value> {
    let identity = resource.identity_of(context, state).ok().flatten()?;
    Some(identity).filter(|identity| is_complete(resource, identity))
}

/// Whether a host can store it with an object that exists.
pub(super) fn is_complete<D>(resource: &dyn AnyResource<D>, identity: &Value) -> bool {
    let prepared = resource.identity();
    prepared.is_some_and(|prepared| host_checks::identity(&prepared.schema, identity).is_empty())
}

//! Taking over the state of an object of another type.

use tfmodel::{Diagnostics, Value, host_checks};

use super::super::erase::{AnyResource, Context};
use super::super::settle::without_write_only;
use super::super::{Server, author};
use super::{Answer, identity};
use crate::bug;
use crate::moves::{Attempt, Foreign};
use crate::private::Private;
use crate::provider::Provider;

/// An object of another type, and what it is to become.
#[derive(Debug)]
pub(crate) struct Move {
    pub(crate) provider: String,
    pub(crate) type_name: String,
    pub(crate) version: i64,
    pub(crate) json: Vec<u8>,
    /// Whether it came in the form of hosts before 0.12 instead.
    pub(crate) is_flatmap: bool,
    pub(crate) identity: Vec<u8>,
    pub(crate) private: Vec<u8>,
    pub(crate) target_type: String,
}

/// What was taken over.
struct Taken {
    state: Value,
    private: Private,
    reported: Diagnostics,
}

impl<P: Provider> Server<P> {
    /// Whether any resource takes over objects of other types.
    pub(crate) fn has_moves(&self) -> Result<bool, Diagnostics> {
        let resources = &self.registry()?.resources;
        author::run_now("moves", || {
            resources.values().any(|resource| !resource.moves().is_empty())
        })
    }

    pub(crate) fn move_state(&self, request: Move) -> Answer {
        let moved = self.resource_type(&request.target_type).and_then(|resource| {
            let target_type = request.target_type.clone();
            let foreign = foreign(request)?;
            let taken = author::try_now("moves", || take(resource, &target_type, &foreign))?;
            let context = self.context(taken.private);
            context.call.report(taken.reported);
            finish(resource, &context, taken.state)
        });
        moved.unwrap_or_else(|problems| Answer::refused(problems, Vec::new()))
    }
}

fn foreign(request: Move) -> Result<Foreign, Diagnostics> {
    if request.is_flatmap {
        return Err(bug::flatmap());
    }
    if request.json.is_empty() {
        return Err(bug::missing("state of the moved object"));
    }
    let identity = if request.identity.is_empty() {
        None
    } else {
        let identity = Foreign::parse("identity of the moved object", &request.identity)?;
        Some(identity).filter(|identity| !identity.is_null())
    };
    Ok(Foreign {
        state: Foreign::parse("state of the moved object", &request.json)?,
        provider: request.provider,
        type_name: request.type_name,
        version: request.version,
        identity,
        private: request.private,
    })
}

fn take<D>(resource: &dyn AnyResource<D>, target_type: &str, foreign: &Foreign) -> Result<Taken, Diagnostics> {
    let mut misfits = Diagnostics::new();
    for way in resource.moves() {
        match way.attempt(foreign)? {
            Attempt::Taken {
                state,
                private,
                reported,
            } => {
                return Ok(Taken {
                    state,
                    private,
                    reported,
                });
            }
            Attempt::Misfit(problems) => misfits.extend(problems),
            Attempt::Declined => {}
        }
    }
    let origins = resource.moves().iter().map(|way| &way.origin);
    Err(bug::cannot_be_moved(target_type, foreign, origins, &misfits))
}

/// The object as it is stored. Its identity may become known only in the read that follows.
fn finish<D>(resource: &dyn AnyResource<D>, context: &Context<D>, state: Value) -> Result<Answer, Diagnostics> {
    let schema = &resource.prepared().schema;
    let state = without_write_only(schema, state);
    let (state, _) = host_checks::moved(schema, &state).into_result(state)?;
    let identity = identity::if_complete(resource, context, &state);
    Ok(Answer::of(
        resource,
        context,
        &state,
        identity.as_ref(),
        Diagnostics::new(),
    ))
}

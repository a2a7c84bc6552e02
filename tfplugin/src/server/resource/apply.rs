//! Creating, updating and deleting.

use tfmodel::{Diagnostics, Value, host_checks, plan};

use super::super::erase::{AnyResource, Context, Prepared};
use super::super::settle::{fitting, known, without_write_only};
use super::super::{Encoded, Sent, Server, author};
use super::{Answer, identity};
use crate::bug;
use crate::private::Private;
use crate::provider::Provider;

#[derive(Debug)]
pub(crate) struct Apply {
    pub(crate) type_name: String,
    pub(crate) prior: Encoded,
    pub(crate) planned: Encoded,
    pub(crate) config: Encoded,
    pub(crate) private: Vec<u8>,
    pub(crate) identity: Option<Encoded>,
    pub(crate) sent: Sent,
}

struct Change {
    prior: Value,
    planned: Value,
    config: Value,
    identity: Option<Value>,
}

impl Change {
    fn decode<D>(resource: &dyn AnyResource<D>, request: &Apply) -> Result<Self, Diagnostics> {
        let ty = &resource.prepared().ty;
        let change = Self {
            prior: request.prior.decode("prior state", ty)?,
            planned: request.planned.decode("planned state", ty)?,
            config: request.config.decode("configuration", ty)?,
            identity: identity::decode(resource, request.identity.as_ref())?,
        };
        if change.prior.is_null() && change.planned.is_null() {
            return Err(bug::missing("prior or planned state"));
        }
        Ok(change)
    }

    const fn operation(&self) -> Operation {
        match (self.prior.is_null(), self.planned.is_null()) {
            (true, _) => Operation::Create,
            (false, true) => Operation::Delete,
            (false, false) => Operation::Update,
        }
    }

    fn private(&self, request: &Apply) -> Result<Private, Diagnostics> {
        let private = Private::decode(&request.private)?;
        Ok(match self.operation() {
            Operation::Delete => private.of_old(),
            Operation::Create | Operation::Update => private.of_new(),
        })
    }

    /// The object afterwards, null if it is deleted.
    async fn run<D>(&self, resource: &dyn AnyResource<D>, context: &Context<D>) -> Result<Value, Diagnostics> {
        match self.operation() {
            Operation::Create => resource.create(context, &self.planned, &self.config).await,
            Operation::Update => resource.update(context, &self.prior, &self.planned, &self.config).await,
            Operation::Delete => {
                resource.delete(context, &self.prior).await?;
                Ok(Value::Null)
            }
        }
    }
}

#[derive(Clone, Copy)]
enum Operation {
    Create,
    Update,
    Delete,
}

impl<P: Provider> Server<P> {
    pub(crate) async fn apply(&self, request: Apply) -> Answer {
        let decoded = self
            .resource_type(&request.type_name)
            .and_then(|resource| Ok((resource, Change::decode(resource, &request)?)));
        let begun = decoded.and_then(|(resource, change)| {
            let given = self.given(change.private(&request)?, &request.sent)?;
            Ok((resource, change, self.context(given)))
        });
        let (resource, change, context) = match begun {
            Ok(begun) => begun,
            Err(problems) => return Answer::refused(problems, request.private),
        };
        match change.run(resource, &context).await {
            Ok(Value::Null) => Answer::of(resource, &context, &Value::Null, None, Diagnostics::new()),
            Ok(made) => {
                // The author's equalities run in there, and what was made must not be lost with them.
                let settle = || applied(resource, &context, &change, made.clone());
                author::run_now("equal", settle)
                    .unwrap_or_else(|problems| failed(resource, &context, change, Some(made), problems))
            }
            Err(problems) => {
                let checkpoint = context.call.take_checkpoint();
                failed(resource, &context, change, checkpoint, problems)
            }
        }
    }
}

/// What is stored after a success: what the author returned, as far as the host would take it.
fn applied<D>(resource: &dyn AnyResource<D>, context: &Context<D>, change: &Change, made: Value) -> Answer {
    let Prepared { schema, ty } = &**resource.prepared();
    let made = plan::keep_spelling(schema, &change.planned, without_write_only(schema, made));
    let mut problems = host_checks::applied(schema, &change.planned, &made);
    let made = fitting(known(made), ty);
    let same_as = change.identity.as_ref();
    let identity = identity::of_existing(resource, context, &made, same_as).unwrap_or_else(|changed| {
        problems.extend(changed);
        change
            .identity
            .clone()
            .filter(|planned| identity::is_complete(resource, planned))
    });
    Answer::of(resource, context, &made, identity.as_ref(), problems)
}

/// What is stored after a failure: what is known to exist, else what was there before. A failed create that left nothing has neither.
fn failed<D>(
    resource: &dyn AnyResource<D>,
    context: &Context<D>,
    change: Change,
    exists: Option<Value>,
    problems: Diagnostics,
) -> Answer {
    let Prepared { schema, ty } = &**resource.prepared();
    let state = exists.map_or(change.prior, |state| {
        fitting(known(without_write_only(schema, state)), ty)
    });
    let identity = if state.is_null() {
        None
    } else {
        // A partial object may have no identity yet; that is not what failed.
        identity::if_complete(resource, context, &state)
    };
    Answer::of(resource, context, &state, identity.as_ref(), problems)
}

//! Planning.

use tfmodel::{Diagnostics, Value, plan};

use super::super::erase::{AnyResource, Context};
use super::super::{Encoded, Server};
use super::{Answer, identity};
use crate::bug;
use crate::provider::Provider;

#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) type_name: String,
    pub(crate) prior: Encoded,
    pub(crate) proposed: Encoded,
    pub(crate) config: Encoded,
    /// What is stored beside the prior state, or what the first of two plans made of it.
    pub(crate) private: Vec<u8>,
    pub(crate) identity: Option<Encoded>,
}

struct Proposal {
    prior: Value,
    proposed: Value,
    config: Value,
    identity: Option<Value>,
}

impl Proposal {
    fn decode<D>(resource: &dyn AnyResource<D>, request: &Plan) -> Result<Self, Diagnostics> {
        let ty = &resource.prepared().ty;
        let proposal = Self {
            prior: request.prior.decode("prior state", ty)?,
            proposed: request.proposed.decode("proposed state", ty)?,
            config: request.config.decode("configuration", ty)?,
            identity: identity::decode(resource, request.identity.as_ref())?,
        };
        if proposal.config.is_null() && !proposal.proposed.is_null() {
            return Err(bug::missing("configuration"));
        }
        Ok(proposal)
    }
}

impl<P: Provider> Server<P> {
    pub(crate) async fn plan(&self, request: Plan) -> Answer {
        let (resource, context) = match self.begin(&request.type_name, &request.private) {
            Ok(begun) => begun,
            Err(refused) => return refused,
        };
        let proposal = match Proposal::decode(resource, &request) {
            Ok(proposal) => proposal,
            Err(problems) => return Answer::refused(problems, request.private),
        };
        let planned = if proposal.proposed.is_null() {
            plan_delete(resource, &context, proposal).await
        } else {
            plan_change(resource, &context, proposal).await
        };
        planned.unwrap_or_else(|problems| {
            let mut diagnostics = context.call.take_reported();
            diagnostics.extend(problems);
            Answer::refused(diagnostics, request.private)
        })
    }
}

async fn plan_delete<D>(
    resource: &dyn AnyResource<D>,
    context: &Context<D>,
    proposal: Proposal,
) -> Result<Answer, Diagnostics> {
    if !proposal.prior.is_null() {
        resource.plan_delete(context, &proposal.prior).await?;
    }
    let identity = proposal.identity.as_ref();
    Ok(Answer::of(
        resource,
        context,
        &Value::Null,
        identity,
        Diagnostics::new(),
    ))
}

async fn plan_change<D>(
    resource: &dyn AnyResource<D>,
    context: &Context<D>,
    proposal: Proposal,
) -> Result<Answer, Diagnostics> {
    let schema = &resource.prepared().schema;
    let Proposal {
        prior,
        proposed,
        config,
        identity: known_as,
    } = proposal;
    let draft = plan::begin(schema, prior, config, proposed)?;
    let plan = resource.plan(context, draft).await?.finish(schema)?;
    // An object that is kept keeps its identity, whatever the plan cannot know of it.
    let identity = match known_as {
        Some(identity) if plan.requires_replace.is_empty() => Some(identity),
        Some(_) | None => resource.identity_of(context, &plan.planned)?,
    };
    let answer = Answer::of(resource, context, &plan.planned, identity.as_ref(), plan.warnings);
    Ok(Answer {
        requires_replace: plan.requires_replace,
        ..answer
    })
}

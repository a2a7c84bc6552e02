//! Planning.

use tfmodel::{Diagnostics, Value, plan};

use super::super::erase::{AnyResource, Context};
use super::super::{Encoded, Sent, Server};
use super::{Answer, identity};
use crate::bug;
use crate::deferral::Outcome;
use crate::private::Private;
use crate::provider::Provider;

#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) type_name: String,
    pub(crate) prior: Encoded,
    pub(crate) proposed: Encoded,
    pub(crate) config: Encoded,
    pub(crate) prior_private: Vec<u8>,
    /// What the plan stored that is now made again to be carried out. Older hosts do not keep it.
    pub(crate) planned_private: Vec<u8>,
    pub(crate) identity: Option<Encoded>,
    pub(crate) sent: Sent,
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

    /// What is stored beside the object. One that takes the place of another starts with nothing of its own.
    fn private(&self, request: &Plan) -> Result<Private, Diagnostics> {
        if !request.planned_private.is_empty() {
            return Ok(Private::decode(&request.planned_private)?.of_new());
        }
        let prior = Private::decode(&request.prior_private)?;
        Ok(if self.prior.is_null() {
            prior.into_replaced()
        } else {
            prior
        })
    }
}

impl<P: Provider> Server<P> {
    pub(crate) async fn plan(&self, request: Plan) -> Answer {
        let decoded = self
            .resource_type(&request.type_name)
            .and_then(|resource| Ok((resource, Proposal::decode(resource, &request)?)));
        let begun = decoded.and_then(|(resource, proposal)| {
            let given = self.given(proposal.private(&request)?, &request.sent)?;
            Ok((resource, proposal, self.context(given)))
        });
        let (resource, proposal, context) = match begun {
            Ok(begun) => begun,
            Err(problems) => return Answer::refused(problems, request.prior_private),
        };
        let planned = if proposal.proposed.is_null() {
            plan_delete(resource, &context, proposal).await
        } else {
            plan_change(resource, &context, proposal).await
        };
        planned.unwrap_or_else(|problems| {
            let mut diagnostics = context.call.take_reported();
            diagnostics.extend(problems);
            Answer::refused(diagnostics, request.prior_private)
        })
    }
}

async fn plan_delete<D>(
    resource: &dyn AnyResource<D>,
    context: &Context<D>,
    proposal: Proposal,
) -> Result<Answer, Diagnostics> {
    let deferral = if proposal.prior.is_null() {
        None
    } else {
        let refused = resource.plan_delete(context, &proposal.prior);
        match context.call.unless_deferred(refused).await? {
            Outcome::Done(()) => None,
            Outcome::Deferred(reason, _) => Some(reason),
        }
    };
    let identity = proposal.identity.as_ref();
    let answer = Answer::of(resource, context, &Value::Null, identity, Diagnostics::new());
    Ok(Answer { deferral, ..answer })
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
    let is_new = prior.is_null();
    let mut draft = plan::begin(schema, prior, config, proposed)?;
    let deferral = match context.call.unless_deferred(resource.plan(context, &mut draft)).await? {
        Outcome::Done(()) => None,
        // The draft is a guess then, with or without what the author planned.
        Outcome::Deferred(reason, _) => Some(reason),
    };
    let plan = draft.finish(schema)?;
    let lives_on = !is_new && plan.requires_replace.is_empty();
    let identity = match deferral {
        None => identity::planned(resource, context, &plan.planned, known_as, lives_on)?,
        Some(_) => known_as.filter(|_| lives_on),
    };
    let answer = Answer::of(resource, context, &plan.planned, identity.as_ref(), plan.warnings);
    Ok(Answer {
        requires_replace: plan.requires_replace,
        deferral,
        ..answer
    })
}

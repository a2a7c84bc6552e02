//! Finding an existing object.

use tfmodel::{Diagnostics, Value, host_checks};

use super::super::encoded::encode;
use super::super::settle::{known, without_write_only};
use super::super::{Encoded, Sent, Server};
use super::{Answer, identity};
use crate::deferral::Outcome;
use crate::provider::Provider;
use crate::resource::ImportKey;

#[derive(Debug)]
pub(crate) struct Import {
    pub(crate) type_name: String,
    pub(crate) id: String,
    pub(crate) identity: Option<Encoded>,
    pub(crate) sent: Sent,
}

impl<P: Provider> Server<P> {
    pub(crate) async fn import(&self, request: Import) -> Answer {
        let (resource, context) = match self.begin(&request.type_name, &[], &request.sent) {
            Ok(begun) => begun,
            Err(problems) => return Answer::refused(problems, Vec::new()),
        };
        let given = match identity::decode(resource, request.identity.as_ref()) {
            Ok(given) => given,
            Err(problems) => return Answer::refused(problems, Vec::new()),
        };
        let key = match &given {
            Some(identity) => ImportKey::Identity(identity.clone()),
            None => ImportKey::Id(request.id),
        };
        match context.call.unless_deferred(resource.import(&context, key)).await {
            Ok(Outcome::Deferred(reason, _)) => {
                let unknown = encode("imported object", &Value::unknown(), &resource.prepared().ty);
                Answer {
                    state: unknown.ok(),
                    deferral: Some(reason),
                    diagnostics: context.call.take_reported(),
                    ..Answer::default()
                }
            }
            Ok(Outcome::Done(found)) => {
                context.call.mark_imported();
                let schema = &resource.prepared().schema;
                let found = without_write_only(schema, found);
                let problems = host_checks::imported(schema, &found);
                let found = known(found);
                // The read that follows completes it.
                let identity = identity::if_complete(resource, &context, &found).or(given);
                Answer::of(resource, &context, &found, identity.as_ref(), problems)
            }
            Err(problems) => {
                let mut diagnostics: Diagnostics = context.call.take_reported();
                diagnostics.extend(problems);
                Answer::refused(diagnostics, Vec::new())
            }
        }
    }
}

//! Reading an object as it is.

use tfmodel::{Diagnostics, Value, host_checks, plan};

use super::super::settle::without_write_only;
use super::super::{Encoded, Sent, Server};
use super::{Answer, identity};
use crate::deferral::Outcome;
use crate::provider::Provider;

#[derive(Debug)]
pub(crate) struct Read {
    pub(crate) type_name: String,
    pub(crate) state: Encoded,
    pub(crate) private: Vec<u8>,
    pub(crate) identity: Option<Encoded>,
    pub(crate) sent: Sent,
}

impl<P: Provider> Server<P> {
    pub(crate) async fn read(&self, request: Read) -> Answer {
        let (resource, context) = match self.begin(&request.type_name, &request.private, &request.sent) {
            Ok(begun) => begun,
            Err(problems) => return Answer::refused(problems, request.private),
        };
        let prepared = resource.prepared();
        let decoded = request
            .state
            .decode("current state", &prepared.ty)
            .and_then(|state| Ok((state, identity::decode(resource, request.identity.as_ref())?)));
        let (before, known_as) = match decoded {
            Ok(decoded) => decoded,
            Err(problems) => return Answer::refused(problems, request.private),
        };
        if before.is_null() {
            return Answer::of(resource, &context, &Value::Null, None, Diagnostics::new());
        }
        let imported = context.call.take_imported();
        match context
            .call
            .unless_deferred(resource.read(&context, &before, imported))
            .await
        {
            Ok(Outcome::Deferred(reason, _)) => {
                let answer = Answer::of(resource, &context, &before, known_as.as_ref(), Diagnostics::new());
                Answer {
                    // The next read is the first after an import, if this one was.
                    private: request.private,
                    deferral: Some(reason),
                    ..answer
                }
            }
            Ok(Outcome::Done(None)) => Answer::of(resource, &context, &Value::Null, None, Diagnostics::new()),
            Ok(Outcome::Done(Some(found))) => {
                let schema = &prepared.schema;
                let found = plan::keep_spelling(schema, &before, without_write_only(schema, found));
                let mut problems = host_checks::read(schema, &found);
                if problems.has_errors() {
                    // What the author said of it cannot be stored, and says less than what is.
                    return Answer::of(resource, &context, &before, known_as.as_ref(), problems);
                }
                let same_as = known_as.as_ref().filter(|_| !imported);
                let identity = identity::of_existing(resource, &context, &found, same_as).unwrap_or_else(|changed| {
                    problems.extend(changed);
                    known_as.clone()
                });
                Answer::of(resource, &context, &found, identity.as_ref(), problems)
            }
            // An object that could not be read is not gone.
            Err(problems) => Answer::of(resource, &context, &before, known_as.as_ref(), problems),
        }
    }
}

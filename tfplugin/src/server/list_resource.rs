//! List resources.

mod feed;

use tfmodel::model::Field;
use tfmodel::{Diagnostics, Path, Type, Value};
use tokio::sync::mpsc;

pub(crate) use self::feed::{Feed, Item, Listed};
use super::erase::Context;
use super::{Encoded, Server, checked};
use crate::bug;
use crate::list_resource::ListScope;
use crate::private::Private;
use crate::provider::Provider;

#[derive(Debug)]
pub(crate) struct List {
    pub(crate) type_name: String,
    pub(crate) config: Encoded,
    pub(crate) wants_objects: bool,
    pub(crate) limit: u64,
}

impl<P: Provider> Server<P> {
    pub(crate) fn validate_list_resource(
        &self,
        type_name: &str,
        config: &Encoded,
        limit: &Encoded,
        wants_objects: &Encoded,
    ) -> Diagnostics {
        let list = match self.list_resource_type(type_name) {
            Ok(list) => list,
            Err(problems) => return problems,
        };
        checked(config, list.prepared(), |config| {
            let scope = ListScope {
                limit: argument("limit", limit, &Type::Number)?,
                wants_objects: argument("request for objects", wants_objects, &Type::Bool)?,
            };
            list.validate(config, &scope)
        })
    }

    /// Sends what there is to `events`, and at the end, if there is anything left to tell, an event that holds only that.
    pub(crate) async fn list(&self, request: List, events: mpsc::Sender<Listed>) {
        // A host that takes nothing reads nothing either.
        if request.limit == 0 {
            return;
        }
        let context = self.context(Private::default());
        let listed = tokio::select! {
            biased;
            listed = self.list_all(&context, &request, &events) => listed,
            () = events.closed() => Ok(()),
            () = context.call.stopped() => Err(bug::list_stopped()),
        };
        let rest = context.concluded(listed);
        if !rest.is_empty() {
            // A host that has gone misses nothing that it wanted.
            let _ = events.send(Listed::only(rest)).await;
        }
    }

    async fn list_all(
        &self,
        context: &Context<P::Data>,
        request: &List,
        events: &mpsc::Sender<Listed>,
    ) -> Result<(), Diagnostics> {
        let list = self.list_resource_type(&request.type_name)?;
        let resource = self.resource_type(&request.type_name)?;
        let identity = resource
            .identity()
            .ok_or_else(|| bug::no_identity(&request.type_name))?;
        let config = request.config.decode("configuration", &list.prepared().ty)?;
        if config.is_null() {
            return Err(bug::missing("configuration"));
        }
        let feed = Feed::new(context, events.clone(), request, resource.prepared(), identity);
        list.list(context, &config, feed).await
    }
}

/// An argument of the block itself, which hosts may leave out.
fn argument<T>(what: &str, sent: &Encoded, ty: &Type) -> Result<Value<T>, Diagnostics>
where
    Value<T>: Field,
{
    if sent.is_missing() {
        return Ok(Value::Null);
    }
    Field::from_value(&sent.decode(what, ty)?, &Path::root())
}

//! The events of one list: each object is held against the host's rules, and made to wait for a slow reader.

use std::sync::Arc;

use tfmodel::host_checks::{self, Listed as Sent};
use tfmodel::{Diagnostic, Diagnostics, Value};
use tokio::sync::mpsc;

use super::super::encoded::encode;
use super::super::erase::{Context, Prepared};
use super::super::settle::without_write_only;
use super::List;
use crate::bug;
use crate::call::Call;
use crate::list_resource::Enough;

/// One event as the host gets it.
#[derive(Debug)]
pub(crate) struct Listed {
    /// Absent where there is no object and the event only tells something.
    pub(crate) identity: Option<Vec<u8>>,
    pub(crate) display_name: String,
    pub(crate) object: Option<Vec<u8>>,
    pub(crate) diagnostics: Diagnostics,
}

impl Listed {
    pub(super) fn only(diagnostics: Diagnostics) -> Self {
        Self {
            identity: None,
            display_name: String::new(),
            object: None,
            diagnostics,
        }
    }
}

/// One object as the author gave it.
pub(crate) struct Item {
    pub(crate) identity: Value,
    pub(crate) display_name: String,
    pub(crate) object: Option<Value>,
}

/// Where the objects of one list go.
pub(crate) struct Feed {
    events: mpsc::Sender<Listed>,
    call: Arc<Call>,
    resource: Arc<Prepared>,
    identity: Arc<Prepared>,
    wants_objects: bool,
    left: u64,
}

impl Feed {
    pub(super) fn new<D>(
        context: &Context<D>,
        events: mpsc::Sender<Listed>,
        request: &List,
        resource: &Arc<Prepared>,
        identity: &Arc<Prepared>,
    ) -> Self {
        Self {
            events,
            call: Arc::clone(&context.call),
            resource: Arc::clone(resource),
            identity: Arc::clone(identity),
            wants_objects: request.wants_objects,
            left: request.limit,
        }
    }

    pub(crate) const fn left(&self) -> u64 {
        self.left
    }

    pub(crate) const fn wants_objects(&self) -> bool {
        self.wants_objects
    }

    /// Sends an object with the warnings that came before it. An error becomes the list's last event once the author's code has ended.
    pub(crate) async fn push(&mut self, item: Item) -> Result<(), Enough> {
        if self.left == 0 {
            return Err(Enough);
        }
        self.left = match self.send(item).await {
            Ok(()) => self.left - 1,
            Err(problems) => {
                self.call.report(problems);
                0
            }
        };
        if self.left == 0 { Err(Enough) } else { Ok(()) }
    }

    /// Sends an object once the host has read enough. There is nothing to tell a host that has gone.
    async fn send(&self, item: Item) -> Result<(), Diagnostics> {
        let room = tokio::select! {
            biased;
            () = self.call.stopped() => return Err(bug::list_stopped()),
            room = self.events.reserve() => room.map_err(|_| Diagnostics::new())?,
        };
        room.send(self.event(item)?);
        Ok(())
    }

    fn event(&self, item: Item) -> Result<Listed, Diagnostics> {
        let diagnostics = self.call.take_reported();
        if diagnostics.has_errors() {
            return Err(diagnostics);
        }
        let Item {
            identity,
            display_name,
            object,
        } = item;
        let object = object
            .filter(|_| self.wants_objects)
            .map_or(Value::Null, |object| without_write_only(&self.resource.schema, object));
        let named =
            |problems: Diagnostics| -> Diagnostics { problems.into_iter().map(|one| of(&display_name, one)).collect() };
        let sent = Sent {
            identity: &identity,
            object: &object,
            with_objects: self.wants_objects,
            diagnostics: &diagnostics,
        };
        let problems = host_checks::listed(&self.resource.schema, &self.identity.schema, sent);
        if problems.has_errors() {
            return Err(named(problems));
        }
        Ok(Listed {
            identity: Some(encode("identity", &identity, &self.identity.ty).map_err(named)?),
            object: (!object.is_null())
                .then(|| encode("object", &object, &self.resource.ty))
                .transpose()
                .map_err(named)?,
            display_name,
            diagnostics,
        })
    }
}

/// The diagnostic with the object that it is about: in the user's configuration there is no place for it.
fn of(display_name: &str, mut problem: Diagnostic) -> Diagnostic {
    if !display_name.is_empty() {
        problem.detail = format!("Found `{display_name}`. {}", problem.detail);
    }
    problem
}

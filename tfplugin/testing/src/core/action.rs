//! Actions.

use tfmodel::{Diagnostics, Schema, Type, Value};
use tfplugin_proto::tfplugin6 as proto;
use tfplugin_proto::tfplugin6::invoke_action::event::Type as Member;
use tfplugin_proto::tfplugin6::provider_client::ProviderClient;
use tonic::Streaming;

use super::{Wire, encode, schema, wire};
use crate::failure::Failure;

/// An action of a provider.
#[derive(Clone, Debug)]
pub struct ActionType {
    pub(super) rpc: ProviderClient<Wire>,
    pub(super) type_name: String,
    pub(super) schema: Schema,
    pub(super) ty: Type,
}

/// What came of an action.
#[derive(Clone, Debug, PartialEq)]
pub struct Invoked {
    /// What the user saw while it ran.
    pub progress: Vec<String>,
    /// What the provider says at the end.
    pub diagnostics: Diagnostics,
}

impl Invoked {
    /// What the user saw, if nothing failed.
    ///
    /// # Errors
    ///
    /// What failed.
    pub fn success(self) -> Result<Vec<String>, Diagnostics> {
        self.diagnostics
            .into_result(self.progress)
            .map(|(progress, _)| progress)
    }
}

/// What happens while an action runs.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// It has come so far.
    Progress(String),
    /// It has ended, and how.
    Completed(Diagnostics),
}

impl ActionType {
    /// The schema of its configuration.
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// A configuration from JSON: what is not given is null.
    ///
    /// # Errors
    ///
    /// When the JSON does not fit the schema.
    pub fn config(&self, json: &str) -> Result<Value, Failure> {
        schema::config(&self.schema, json)
    }

    /// Everything that the provider says about a configuration. Places are those in its own schema, without the block `config` that is
    /// around it.
    pub async fn validate(&self, config: &Value) -> Diagnostics {
        let config = match encode(config, &self.ty) {
            Ok(config) => config,
            Err(problems) => return problems,
        };
        let request = proto::validate_action_config::Request {
            type_name: self.type_name.clone(),
            config: Some(config),
        };
        match wire::answer(self.rpc.clone().validate_action_config(request).await) {
            Ok(answer) => wire::diagnostics(answer.diagnostics),
            Err(problems) => problems,
        }
    }

    /// Plans it. Warnings are returned.
    ///
    /// # Errors
    ///
    /// When the provider says so.
    pub async fn plan(&self, config: &Value) -> Result<Diagnostics, Diagnostics> {
        let request = proto::plan_action::Request {
            action_type: self.type_name.clone(),
            config: Some(encode(config, &self.ty)?),
            client_capabilities: Some(wire::capabilities()),
        };
        let answer = wire::answer(self.rpc.clone().plan_action(request).await)?;
        wire::not_deferred(answer.deferred, wire::capabilities())?;
        wire::ok(answer.diagnostics)
    }

    /// Runs it to its end.
    pub async fn invoke(&self, config: &Value) -> Invoked {
        let mut progress = Vec::new();
        let refused = |progress, diagnostics| Invoked { progress, diagnostics };
        let mut running = match self.start(config).await {
            Ok(running) => running,
            Err(problems) => return refused(progress, problems),
        };
        loop {
            match running.next().await {
                Ok(Event::Progress(line)) => progress.push(line),
                Ok(Event::Completed(diagnostics)) | Err(diagnostics) => return refused(progress, diagnostics),
            }
        }
    }

    /// Starts it, and reads nothing yet. Dropping the answer is what a host does that is interrupted.
    ///
    /// # Errors
    ///
    /// When the provider does not begin to answer.
    pub async fn start(&self, config: &Value) -> Result<Running, Diagnostics> {
        let request = proto::invoke_action::Request {
            action_type: self.type_name.clone(),
            config: Some(encode(config, &self.ty)?),
            client_capabilities: Some(wire::capabilities()),
        };
        let events = wire::answer(self.rpc.clone().invoke_action(request).await)?;
        Ok(Running(events))
    }
}

/// An action that runs.
#[derive(Debug)]
pub struct Running(Streaming<proto::invoke_action::Event>);

impl Running {
    /// What happens next. Nothing does after the end.
    ///
    /// # Errors
    ///
    /// When the answer is none that a host accepts, or survives.
    pub async fn next(&mut self) -> Result<Event, Diagnostics> {
        let event = wire::message(self.0.message().await)?;
        let event = event.ok_or_else(|| wire::error("the action never completed"))?;
        match event.r#type {
            Some(Member::Progress(progress)) => Ok(Event::Progress(progress.message)),
            Some(Member::Completed(completed)) => match wire::message(self.0.message().await)? {
                None => Ok(Event::Completed(wire::diagnostics(completed.diagnostics))),
                Some(_) => Err(wire::error("the action goes on after it was completed")),
            },
            None => Err(wire::error("an event that says nothing")),
        }
    }
}

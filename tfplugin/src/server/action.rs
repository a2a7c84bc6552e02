//! Actions.

use tfmodel::{Diagnostics, Value};
use tokio::sync::mpsc;

use super::erase::AnyAction;
use super::{Encoded, Server, checked, checked_value};
use crate::action::Progress;
use crate::bug;
use crate::call::Client;
use crate::deferral::{Deferral, Outcome};
use crate::private::Private;
use crate::provider::Provider;

/// What a host learns about an action that runs.
#[derive(Debug)]
pub(crate) enum Happened {
    /// It has come so far.
    Progress(String),
    /// It has ended, and how.
    Completed(Diagnostics),
}

impl<P: Provider> Server<P> {
    pub(crate) fn validate_action(&self, type_name: &str, config: &Encoded) -> Diagnostics {
        match self.action_type(type_name) {
            Ok(action) => checked(config, action.prepared(), |config| action.validate(config)),
            Err(problems) => problems,
        }
    }

    /// What there is to say, and why the action waits for a later round, if it does.
    pub(crate) async fn plan_action(
        &self,
        type_name: &str,
        config: &Encoded,
        client: Client,
    ) -> (Option<Deferral>, Diagnostics) {
        let context = self.context(client);
        let planned = async {
            let (action, config) = self.begin_action(type_name, config)?;
            let planning = action.plan(&context, &config);
            match context.call.unless_deferred(planning).await? {
                Outcome::Done(()) => Ok(None),
                Outcome::Deferred(Deferral::ProviderConfigUnknown, _) => Ok(Some(Deferral::ProviderConfigUnknown)),
                Outcome::Deferred(Deferral::ResourceConfigUnknown | Deferral::AbsentPrerequisite, _) => {
                    Err(bug::action_deferred(type_name))
                }
            }
        };
        match planned.await {
            Ok(deferral) => (deferral, context.concluded(Ok(()))),
            Err(problems) => (None, context.concluded(Err(problems))),
        }
    }

    /// Sends what happens to `events`, and at the end that it has ended.
    pub(crate) async fn invoke_action(&self, type_name: &str, config: &Encoded, events: mpsc::Sender<Happened>) {
        let context = self.context(Private::default());
        let invoked = async {
            let (action, config) = self.begin_action(type_name, config)?;
            action.invoke(&context, &config, Progress::new(events.clone())).await
        };
        let end = Happened::Completed(context.concluded(invoked.await));
        // A host that has gone does not learn how it ended.
        let _ = events.send(end).await;
    }

    /// The action, and its configuration once that has passed all checks: hosts validate it when much of it is still unknown, and not
    /// again. Warnings were shown then.
    fn begin_action(&self, type_name: &str, config: &Encoded) -> Result<(&dyn AnyAction<P::Data>, Value), Diagnostics> {
        let action = self.action_type(type_name)?;
        let prepared = action.prepared();
        let config = config.decode("configuration", &prepared.ty)?;
        if config.is_null() {
            return Err(bug::missing("configuration"));
        }
        let checked = checked_value(&config, prepared, |config| action.validate(config));
        let (begun, _) = checked.into_result((action, config))?;
        Ok(begun)
    }
}

//! Answers that wait for another round of plan and apply.

use std::future::Future;

use tfmodel::Diagnostics;

use crate::call::Call;

/// Why something can be planned only in a later round, after more of the configuration has been applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deferral {
    /// Too little of its configuration is known.
    ResourceConfigUnknown,
    /// Too little of the provider's configuration is known.
    ProviderConfigUnknown,
    /// What it needs does not exist yet.
    AbsentPrerequisite,
}

/// How a method ended that may defer.
pub(crate) enum Outcome<T> {
    Done(T),
    /// What the method returned all the same is a guess.
    Deferred(Deferral, Option<T>),
}

impl Call {
    /// Runs an author's method, unless the provider's configuration deferred everything.
    pub(crate) async fn unless_deferred<T>(
        &self,
        work: impl Future<Output = Result<T, Diagnostics>>,
    ) -> Result<Outcome<T>, Diagnostics> {
        if let Some(reason) = self.deferral() {
            return Ok(Outcome::Deferred(reason, None));
        }
        let ended = work.await;
        match (ended, self.deferral()) {
            (Ok(done), None) => Ok(Outcome::Done(done)),
            (Ok(guess), Some(reason)) => Ok(Outcome::Deferred(reason, Some(guess))),
            (Err(problems), Some(reason)) if !problems.has_errors() => {
                self.report(problems);
                Ok(Outcome::Deferred(reason, None))
            }
            (Err(problems), _) => Err(problems),
        }
    }
}

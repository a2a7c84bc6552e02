//! Calls repeated while AWS catches up with itself.
//!
//! IAM and EKS are eventually consistent: for some seconds after a write, a call that relies on it fails as if it had never happened. The
//! SDK retries what is wrong with the connection or the load; what is retried here needs to know what was written before.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::{CloudError, Problem};

/// Longer than any delay that is documented or was reported.
pub(crate) const LIMIT: Duration = Duration::from_secs(60);
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// What this process wrote just before, so that an error which contradicts it is taken for a delay.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct JustWritten {
    /// The role was made, or got its trust policy.
    pub(crate) role: bool,
    /// A role of the same name was removed.
    pub(crate) role_deleted: bool,
    /// The role lost policies.
    pub(crate) policies_removed: bool,
}

impl JustWritten {
    fn explains(self, error: &CloudError) -> bool {
        // A missing policy or cluster is told in other words, and does not come by waiting.
        let role = (error.is_not_found() && error.says("The role with name"))
            || error.says("Role provided in the request does not exist")
            || error.says("Trust policy of the role provided is invalid");
        let policies = error.has_code("DeleteConflict") || error.has_code("DeleteConflictException");
        (self.role && role) || (self.policies_removed && policies) || (self.role_deleted && is_taken(error))
    }
}

/// Whether a name is in use, perhaps by what was just removed.
fn is_taken(error: &CloudError) -> bool {
    error.has_code("EntityAlreadyExists") || error.has_code("EntityAlreadyExistsException")
}

/// Makes a call until it succeeds, or fails in a way that time does not cure, or a minute has passed.
pub(crate) async fn settled<T, F>(written: JustWritten, mut call: impl FnMut() -> F) -> Result<T, CloudError>
where
    F: Future<Output = Result<T, CloudError>>,
{
    let deadline = Instant::now() + LIMIT;
    let mut pause = FIRST_PAUSE;
    loop {
        match call().await {
            Err(error) if (passes(&error) || written.explains(&error)) && Instant::now() + pause < deadline => {
                sleep(jittered(pause)).await;
                pause = (pause * 2).min(LONGEST_PAUSE);
            }
            outcome => return outcome,
        }
    }
}

/// Whether an error goes away by itself, whatever was written.
fn passes(error: &CloudError) -> bool {
    *error.problem() == Problem::Throttled
        || [
            "ConcurrentModification",
            "ConcurrentModificationException",
            "EntityTemporarilyUnmodifiable",
            "EntityTemporarilyUnmodifiableException",
            "ResourcePropagationDelayException",
            "ServiceUnavailableException",
        ]
        .iter()
        .any(|code| error.has_code(code))
        || error.says("Invalid principal in policy")
        || error.says("no OpenIDConnect provider found")
}

/// Between half of a pause and all of it, so that processes which failed together do not ask again together.
fn jittered(pause: Duration) -> Duration {
    let mut byte = [0_u8];
    // Without randomness the whole pause is as good.
    let share = getrandom::fill(&mut byte).map_or(1.0, |()| f64::from(byte[0]) / 255.0);
    pause.mul_f64(0.5 + share / 2.0)
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::cloud::Service;

    fn error(problem: Problem, code: &str, message: &str) -> CloudError {
        CloudError::new(Service::Eks, "Call", problem, message).answered(Some(code.to_owned()), None)
    }

    /// How often a call that always fails so is made, and for how long.
    async fn patience(written: JustWritten, failure: CloudError) -> (u32, Duration) {
        let calls = Cell::new(0);
        let start = Instant::now();
        let outcome: Result<(), _> = settled(written, || {
            calls.set(calls.get() + 1);
            std::future::ready(Err(failure.clone()))
        })
        .await;
        assert!(outcome.is_err());
        (calls.get(), start.elapsed())
    }

    #[tokio::test(start_paused = true)]
    async fn an_invalid_trust_policy_is_waited_for_only_after_our_own_write() {
        let invalid = error(
            Problem::Other,
            "InvalidParameterException",
            "Trust policy of the role provided is invalid",
        );
        assert_eq!(patience(JustWritten::default(), invalid.clone()).await.0, 1);
        let ours = JustWritten {
            role: true,
            ..JustWritten::default()
        };
        let (calls, time) = patience(ours, invalid).await;
        assert!(calls > 10, "{calls}");
        assert!(time <= LIMIT, "{time:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn only_the_role_itself_is_waited_for_after_it_was_made() {
        let ours = JustWritten {
            role: true,
            ..JustWritten::default()
        };
        for (message, waits) in [
            ("The role with name checkout cannot be found.", true),
            ("Role provided in the request does not exist.", true),
            (
                "Policy arn:aws:iam::111122223333:policy/service-role/x does not exist.",
                false,
            ),
            ("No cluster found for name: demo.", false),
        ] {
            let (calls, _) = patience(ours, error(Problem::NotFound, "NoSuchEntity", message)).await;
            assert_eq!(calls > 1, waits, "{message}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_name_that_was_just_given_up_is_waited_for() {
        let taken = error(
            Problem::Conflict,
            "EntityAlreadyExists",
            "Role with name checkout already exists.",
        );
        assert_eq!(patience(JustWritten::default(), taken.clone()).await.0, 1);
        let ours = JustWritten {
            role_deleted: true,
            ..JustWritten::default()
        };
        assert!(patience(ours, taken).await.0 > 10);
    }

    #[tokio::test(start_paused = true)]
    async fn a_call_that_succeeds_late_is_a_success() {
        let calls = Cell::new(0);
        let outcome = settled(JustWritten::default(), || {
            calls.set(calls.get() + 1);
            std::future::ready(match calls.get() {
                1..=3 => Err(error(Problem::Throttled, "Throttling", "Rate exceeded")),
                _ => Ok(calls.get()),
            })
        })
        .await;
        assert_eq!(outcome.ok(), Some(4));
    }

    #[tokio::test(start_paused = true)]
    async fn what_time_does_not_cure_fails_at_once() {
        for (problem, code) in [
            (Problem::Conflict, "UnmodifiableEntity"),
            (Problem::Conflict, "EntityAlreadyExists"),
            (Problem::AccessDenied, "AccessDenied"),
            (Problem::NotFound, "NoSuchEntity"),
        ] {
            let (calls, _) = patience(JustWritten::default(), error(problem, code, "no")).await;
            assert_eq!(calls, 1, "{code}");
        }
    }
}

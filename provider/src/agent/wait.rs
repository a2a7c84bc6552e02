//! Waiting until EKS has done what it began.

use std::time::Duration;

use tfmodel::{Diagnostic, Diagnostics};
use tokio::time::{Instant, sleep};

use super::{ADD_ON, AgentCx};
use crate::cloud::settle::{JustWritten, settled};
use crate::cloud::{Addon, AddonUpdate, Cloud, CloudError, ClusterRef, Problem};
use crate::session::Connected;

const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// A wait for the agent of a cluster.
pub(super) struct Wait<'a, C: Cloud> {
    pub(super) cx: &'a AgentCx<C>,
    pub(super) aws: &'a Connected<C>,
    pub(super) at: &'a ClusterRef,
    deadline: Instant,
    limit: Duration,
    pause: Duration,
}

impl<'a, C: Cloud> Wait<'a, C> {
    pub(super) fn new(cx: &'a AgentCx<C>, aws: &'a Connected<C>, at: &'a ClusterRef, limit: Duration) -> Self {
        Self {
            cx,
            aws,
            at,
            deadline: Instant::now() + limit,
            limit,
            pause: FIRST_PAUSE,
        }
    }

    /// Until the add-on is as it should be.
    pub(super) async fn active(&mut self) -> Result<Addon, Diagnostics> {
        loop {
            let found = self
                .look()
                .await
                .map_err(|error| error.diagnostic("Cannot read the agent"))?;
            match found.status.as_deref() {
                // A server that does not say has nothing to wait for.
                Some("ACTIVE") | None => return Ok(found),
                Some(status @ ("CREATE_FAILED" | "UPDATE_FAILED" | "DELETE_FAILED")) => {
                    return Err(self.failed(status, &found.issues).into());
                }
                Some(status) => self.go_on(|wait| wait.unfinished(status, &found.issues)).await?,
            }
        }
    }

    /// Until an update has ended.
    pub(super) async fn updated(&mut self, id: &str) -> Result<(), Diagnostics> {
        loop {
            let update = settled(JustWritten::default(), || {
                self.aws.cloud.addon_update(self.at, ADD_ON, id)
            })
            .await;
            match update {
                Ok(AddonUpdate::Successful) => return Ok(()),
                Ok(AddonUpdate::Failed(errors)) => return Err(self.failed("UPDATE_FAILED", &errors).into()),
                Ok(AddonUpdate::InProgress) => self.go_on(|wait| wait.unfinished("UPDATING", &[])).await?,
                // The state of the add-on tells it as well, with less reason.
                Err(error) if is_silent(&error) => return Ok(()),
                Err(error) => return Err(error.diagnostic("Cannot read the change of the agent").into()),
            }
        }
    }

    /// Until the add-on is gone.
    pub(super) async fn gone(&mut self) -> Result<(), Diagnostics> {
        loop {
            let found = match self.look().await {
                Ok(found) => found,
                Err(error) if error.is_not_found() => return Ok(()),
                Err(error) => return Err(error.diagnostic("Cannot read the agent").into()),
            };
            match found.status.as_deref() {
                Some("DELETE_FAILED") => return Err(self.failed("DELETE_FAILED", &found.issues).into()),
                status => {
                    let status = status.unwrap_or("DELETING");
                    self.go_on(|wait| wait.unfinished(status, &found.issues)).await?;
                }
            }
        }
    }

    async fn look(&self) -> Result<Addon, CloudError> {
        settled(JustWritten::default(), || self.aws.cloud.addon(self.at, ADD_ON)).await
    }

    /// Pauses, unless the time is over or the user asked to stop.
    async fn go_on(&mut self, too_late: impl FnOnce(&Self) -> Diagnostic) -> Result<(), Diagnostics> {
        if Instant::now() + self.pause > self.deadline {
            return Err(too_late(self).into());
        }
        self.cx.unless_stopped(sleep(self.pause)).await?;
        self.pause = (self.pause * 2).min(LONGEST_PAUSE);
        Ok(())
    }

    fn failed(&self, status: &str, why: &[String]) -> Diagnostic {
        Diagnostic::error(
            "Pod Identity agent cannot be as it should",
            format!(
                "EKS says `{status}` of `{ADD_ON}` on cluster `{}`: {}. Where fields conflict with what somebody else wrote, \
                 `resolve_conflicts_on_create` and `resolve_conflicts_on_update` say what to do.",
                self.at.name,
                issues(why)
            ),
        )
    }

    fn unfinished(&self, status: &str, why: &[String]) -> Diagnostic {
        Diagnostic::error(
            "Pod Identity agent took too long",
            format!(
                "After {} s EKS still says `{status}` of `{ADD_ON}` on cluster `{}`: {}. Look at the nodes and at the pods of the daemon set \
                 `{ADD_ON}` in namespace `kube-system`, or raise the limit in `timeouts`.",
                self.limit.as_secs(),
                self.at.name,
                issues(why)
            ),
        )
    }
}

/// What is wrong, in a sentence without its end.
pub(super) fn issues(issues: &[String]) -> String {
    match issues {
        [] => "no reason is given".to_owned(),
        issues => issues.join("; ").trim_end_matches('.').to_owned(),
    }
}

fn is_silent(error: &CloudError) -> bool {
    matches!(
        error.problem(),
        Problem::NotFound | Problem::AccessDenied | Problem::NoSuchOperation
    )
}

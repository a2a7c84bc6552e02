//! Edits of trust policies. IAM has no compare-and-set, and what it answers may be older than what it was told.

use std::time::Duration;

use pod_identity_core::binding::TrustEdit;
use pod_identity_core::policy::{Document, decode};
use tfmodel::Model;
use tokio::time::{Instant, sleep};

use super::Execution;
use crate::cloud::settle::settled;
use crate::cloud::{Cloud, CloudError, Problem, Service};

/// How often a trust policy is written anew when it does not read back as written.
const ATTEMPTS: u32 = 4;

/// Between reads, until one is not older than another.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// However long `propagation_wait` is.
const LONGEST_LOOK: Duration = Duration::from_secs(60);

impl<C: Cloud, M: Model> Execution<'_, C, M> {
    /// Edits the trust policy as it is now and reads it back. `written` is the edit that takes this one back, once something is written.
    pub(super) async fn edit_trust(
        &mut self,
        name: &str,
        edit: &TrustEdit,
        written: &mut Option<TrustEdit>,
    ) -> Result<(), CloudError> {
        let aws = self.aws;
        let _guard = aws.lock(format!("trust policy of {name}")).await;
        let mut found = self.latest_trust(name).await?;
        let mut pause = Duration::ZERO;
        for attempt in 0..=ATTEMPTS {
            // A read may be older than what this process has written before.
            let before = aws.with_trust_edits(name, found.clone());
            let wanted = edit.apply(&before);
            // One that lacks it may look as if there were nothing to take back.
            if before.same_meaning(&found) && wanted.same_meaning(&found) {
                if written.is_none() {
                    aws.remember_trust_edit(name, edit.clone());
                }
                return Ok(());
            }
            if attempt == ATTEMPTS {
                break;
            }
            let json = wanted.to_json();
            settled(self.written, || aws.cloud.write_trust(name, &json)).await?;
            if written.is_none() {
                aws.remember_trust_edit(name, edit.clone());
                *written = Some(TrustEdit::between(&wanted, &before));
            }
            // Whoever wrote between our read and our write is overwritten, and whoever writes after it overwrites us: look again.
            self.seen.insert(name.to_owned(), wanted);
            sleep(pause).await;
            pause = pause * 2 + Duration::from_secs(1);
            found = self.latest_trust(name).await?;
        }
        Err(CloudError::new(
            Service::Iam,
            "GetRole",
            Problem::Conflict,
            format!("the trust policy still lacks what was written to it {ATTEMPTS} times"),
        ))
    }

    /// The trust policy, read until it is the one that was read or written last: the edit was planned for that one, and to start from an older
    /// one would undo what others wrote in between. Where it stays another one, somebody else has changed it since.
    async fn latest_trust(&mut self, name: &str) -> Result<Document, CloudError> {
        let aws = self.aws;
        let deadline = Instant::now() + aws.propagation_wait.min(LONGEST_LOOK);
        let known = self.seen.get(name);
        let known = known.map(|seen| aws.with_trust_edits(name, seen.clone()));
        loop {
            let found = self.trust(name).await?;
            let now = aws.with_trust_edits(name, found.clone());
            if known.as_ref().is_none_or(|known| known.same_meaning(&now)) || Instant::now() >= deadline {
                self.seen.insert(name.to_owned(), found.clone());
                return Ok(found);
            }
            sleep(LOOK_AGAIN).await;
        }
    }

    async fn trust(&self, name: &str) -> Result<Document, CloudError> {
        let role = settled(self.written, || self.aws.cloud.role(name)).await?;
        Document::parse(&decode(&role.trust_policy)).map_err(|error| {
            CloudError::new(
                Service::Iam,
                "GetRole",
                Problem::Other,
                format!("a trust policy that cannot be read: {error}"),
            )
        })
    }
}

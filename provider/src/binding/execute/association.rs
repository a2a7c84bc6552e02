//! Making and changing the association.

use std::time::Duration;

use pod_identity_core::binding::{AssociationChange, AssociationTerms};
use tfmodel::Model;
use tokio::time::{Instant, sleep};

use super::Execution;
use crate::cloud::settle::{LIMIT, settled};
use crate::cloud::{Association, Cloud, CloudError, NewAssociation, Problem, Service, Tags};

/// Between attempts, while EKS still has an association that is deleted.
const TRY_AGAIN: Duration = Duration::from_secs(1);

/// What is in the place of an association that could not be made.
enum Place {
    /// What was there is deleted, and EKS is about to know it.
    Empty,
    Taken(Box<Association>),
    /// Nothing says that anything is.
    Unknown,
}

impl<C: Cloud, M: Model> Execution<'_, C, M> {
    pub(super) async fn create_association(
        &self,
        terms: &AssociationTerms,
        tags: &Tags,
    ) -> Result<Association, CloudError> {
        let cloud = &*self.aws.cloud;
        let new = NewAssociation {
            token: self.token.clone(),
            namespace: self.key.namespace.to_string(),
            service_account: self.key.service_account.to_string(),
            terms: terms.clone(),
            tags: tags.clone(),
        };
        let deadline = Instant::now() + LIMIT;
        loop {
            let error = match settled(self.written, || cloud.create_association(self.cluster, &new)).await {
                Ok(association) => return Ok(association),
                Err(error) => error,
            };
            match self.place(&error).await {
                Place::Empty if Instant::now() < deadline => sleep(TRY_AGAIN).await,
                // The answer to an earlier attempt was lost, in this apply or in one before it.
                Place::Taken(found) if self.claim.marks(&found.tags) => {
                    let change = AssociationChange::between(&found.terms, terms);
                    if change.is_empty() {
                        return Ok(*found);
                    }
                    return self.update_association(&found.id, &change).await;
                }
                Place::Empty | Place::Taken(_) | Place::Unknown => return Err(error),
            }
        }
    }

    /// Looks at what EKS says is in the way: to blame somebody else for what is gone would help nobody.
    async fn place(&self, error: &CloudError) -> Place {
        let cloud = &*self.aws.cloud;
        let taken = |found| Place::Taken(Box::new(found));
        let Some(id) = error.association_in_the_way() else {
            let key = self.key;
            let found = cloud.find_association(self.cluster, key.namespace.as_str(), key.service_account.as_str());
            return found.await.ok().flatten().map_or(Place::Unknown, taken);
        };
        if self.aws.has_deleted(id.as_str()) {
            return Place::Empty;
        }
        match cloud.association(self.cluster, id.as_str()).await {
            Ok(found) => taken(found),
            Err(error) if error.is_not_found() => Place::Empty,
            Err(_) => Place::Unknown,
        }
    }

    pub(super) async fn update_association(
        &self,
        id: &str,
        change: &AssociationChange,
    ) -> Result<Association, CloudError> {
        let cloud = &*self.aws.cloud;
        settled(self.written, || cloud.update_association(self.cluster, id, change)).await
    }
}

/// EKS does not document how a session policy is taken away, so that is not taken for granted.
pub(super) fn is_cleared(change: &AssociationChange, updated: &Association) -> Result<(), CloudError> {
    let is_left = change.session_policy.as_deref() == Some("") && updated.terms.session_policy.is_some();
    if !is_left {
        return Ok(());
    }
    Err(CloudError::new(
        Service::Eks,
        "UpdatePodIdentityAssociation",
        Problem::Other,
        "the association still has the session policy that was to be taken away; delete the association, and the next apply makes it anew",
    ))
}

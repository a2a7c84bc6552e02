//! How a resource knows the provider that it made, and the client ids that it added.

use pod_identity_core::ids::OWNER_TAG;
use pod_identity_core::ids::OidcProviderArn;
use tfmodel::Diagnostics;

use super::ProviderCx;
use crate::binding::random;
use crate::cloud::{Cloud, Tags};

const MARK: &str = "mark";
const ADDED: &str = "added_client_ids";

/// The tag of a provider that this resource made: which provider is meant, and a nonce that nobody else has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mark(String);

impl Mark {
    pub(super) fn new(arn: &OidcProviderArn) -> Result<Self, Diagnostics> {
        Ok(Self(format!("{}/{}", arn.tag_value(), random()?)))
    }

    /// The one on a provider, if a resource of this kind put it there.
    pub(super) fn of(arn: &OidcProviderArn, tags: &Tags) -> Option<Self> {
        let value = tags.get(OWNER_TAG)?;
        let (name, _) = value.split_once('/')?;
        (name == arn.tag_value()).then(|| Self(value.clone()))
    }

    pub(super) fn load<C: Cloud>(cx: &ProviderCx<C>) -> Option<Self> {
        cx.private(MARK).map(Self)
    }

    pub(super) fn store<C: Cloud>(&self, cx: &ProviderCx<C>) {
        cx.set_private(MARK, &self.0);
    }

    pub(super) fn is_on(&self, tags: &Tags) -> bool {
        tags.get(OWNER_TAG) == Some(&self.0)
    }

    pub(super) fn add_to(&self, mut tags: Tags) -> Tags {
        tags.insert(OWNER_TAG.to_owned(), self.0.clone());
        tags
    }
}

/// Client ids that this resource added. Only those may it remove.
pub(super) fn added<C: Cloud>(cx: &ProviderCx<C>) -> Vec<String> {
    let stored = cx.private(ADDED).unwrap_or_default();
    stored.lines().map(str::to_owned).collect()
}

pub(super) fn remember_added<C: Cloud>(cx: &ProviderCx<C>, ids: &[String]) {
    cx.set_private(ADDED, ids.join("\n"));
}

//! Data sources.

use std::future::Future;

use tfmodel::{Diagnostics, Model};

use crate::call::Cx;

/// Something that the provider looks up.
pub trait DataSource: Send + Sync + 'static {
    /// The type in HCL, with the provider's prefix: `pod_identity_cluster`.
    const TYPE: &'static str;

    /// What it gets from the provider's configuration: [`Provider::Data`](crate::Provider::Data).
    type Data: Send + Sync + 'static;

    /// Arguments and results.
    type Model: Model;

    /// Checks of the configuration that go across attributes. Attributes by themselves have been checked. Values may be unknown.
    fn validate(&self, config: &Self::Model) -> Diagnostics {
        let _ = config;
        Diagnostics::new()
    }

    /// Looks it up. The configuration is wholly known and has its defaults; so must the result be, and what was configured stays as it is.
    fn read(
        &self,
        cx: &Cx<Self::Data>,
        config: Self::Model,
    ) -> impl Future<Output = Result<Self::Model, Diagnostics>> + Send;
}

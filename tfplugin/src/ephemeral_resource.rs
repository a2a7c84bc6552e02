//! Ephemeral resources.

use std::fmt;
use std::future::Future;
use std::time::SystemTime;

use tfmodel::{Diagnostics, Model};

use crate::bug;
use crate::call::{Cx, Ephemeral};

/// Something that exists for one run of a host, and whose values are in no plan and no state: a token, a tunnel, a lease.
///
/// A host opens it when its values are first needed, renews it for as long as they are, and closes it then. Configuration and result are
/// at hand in [`open`](Self::open) only; what the later methods need to know, it stores with [`Cx::set_private`].
///
/// ```
/// use std::time::{Duration, SystemTime};
/// use tfplugin::model::{Diagnostics, Model, Value};
/// use tfplugin::{Cx, Ephemeral, EphemeralResource, Opened};
///
/// #[derive(Clone, Model)]
/// struct Token {
///     /// Who gets it.
///     #[tf(required)]
///     user: Value<String>,
///     /// The token.
///     #[tf(computed, sensitive)]
///     token: Value<String>,
/// }
///
/// struct Tokens;
///
/// impl EphemeralResource for Tokens {
///     const TYPE: &'static str = "example_token";
///     type Data = Api;
///     type Model = Token;
///
///     async fn open(&self, cx: &Cx<Api, Ephemeral>, config: Token) -> Result<Opened<Token>, Diagnostics> {
///         let issued = cx.data()?.issue(&config.user).await?;
///         cx.set_private("id", &issued.id);
///         let expires = SystemTime::now() + Duration::from_secs(900);
///         let token = Token { token: issued.text.into(), ..config };
///         Ok(Opened::new(token).renew_at(expires - Duration::from_secs(120)))
///     }
///
///     async fn close(&self, cx: &Cx<Api, Ephemeral>) -> Result<(), Diagnostics> {
///         match cx.private("id") {
///             Some(id) => cx.data()?.revoke(&id).await,
///             None => Ok(()),
///         }
///     }
/// }
/// # struct Api;
/// # struct Issued { id: String, text: String }
/// # impl Api {
/// #     async fn issue(&self, _: &Value<String>) -> Result<Issued, Diagnostics> { unimplemented!() }
/// #     async fn revoke(&self, _: &str) -> Result<(), Diagnostics> { unimplemented!() }
/// # }
/// ```
pub trait EphemeralResource: Send + Sync + 'static {
    /// The type in HCL, with the provider's prefix: `vault_lease`.
    const TYPE: &'static str;

    /// What it gets from the provider's configuration: [`Provider::Data`](crate::Provider::Data).
    type Data: Send + Sync + 'static;

    /// Arguments and results. All of it is ephemeral, so nothing in it has to be marked write-only.
    type Model: Model;

    /// Checks of the configuration that go across attributes. Attributes by themselves have been checked. Values may be unknown.
    fn validate(&self, config: &Self::Model) -> Diagnostics {
        let _ = config;
        Diagnostics::new()
    }

    /// Makes the values. The configuration is wholly known and has its defaults; so must the result be, and what was configured stays as it
    /// is.
    ///
    /// Hosts close only what opened without an error. So store what identifies it with [`Cx::set_private`] as soon as something exists
    /// remotely: if this method then fails, panics or is stopped, or returns what a host would refuse, the framework calls
    /// [`close`](Self::close) itself.
    fn open(
        &self,
        cx: &Cx<Self::Data, Ephemeral>,
        config: Self::Model,
    ) -> impl Future<Output = Result<Opened<Self::Model>, Diagnostics>> + Send;

    /// Keeps it usable, when the time has come that [`Opened::renew_at`] or the renewal before this one named, and names the next, if
    /// there is one. The values stay as they are. Nothing renews it again after an error.
    fn renew(
        &self,
        cx: &Cx<Self::Data, Ephemeral>,
    ) -> impl Future<Output = Result<Option<SystemTime>, Diagnostics>> + Send {
        let _ = cx;
        async { Err(bug::no_renew(Self::TYPE)) }
    }

    /// Ends it. What is over already is a success.
    ///
    /// Terraform passes the private data that [`open`](Self::open) stored, OpenTofu what [`renew`](Self::renew) made of it: what is needed
    /// here has to be in both.
    fn close(&self, cx: &Cx<Self::Data, Ephemeral>) -> impl Future<Output = Result<(), Diagnostics>> + Send {
        let _ = cx;
        async { Ok(()) }
    }
}

/// What opening returns: the values, and when they have to be renewed. Values that last need no more than `Ok(values.into())`.
#[derive(Clone)]
pub struct Opened<M> {
    pub(crate) result: M,
    pub(crate) renew_at: Option<SystemTime>,
}

impl<M> Opened<M> {
    /// Values that last until the end of the run.
    pub const fn new(result: M) -> Self {
        Self { result, renew_at: None }
    }

    /// Asks for a renewal at that time, some minutes before the values expire. A time that is over stands for the next moment.
    #[must_use]
    pub fn renew_at(mut self, at: SystemTime) -> Self {
        self.renew_at = Some(at);
        self
    }
}

impl<M> From<M> for Opened<M> {
    fn from(result: M) -> Self {
        Self::new(result)
    }
}

/// Without the values, which belong into no log.
impl<M> fmt::Debug for Opened<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Opened")
            .field("renew_at", &self.renew_at)
            .finish_non_exhaustive()
    }
}
